//! What an operator copies out of the project: settings, units, images and commands are held against the real program. The
//! commands of `docs/operating.md` are run as they stand there.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use sqlx::{AnyConnection, Connection, Executor};

use crate::bot::{Database, Stage, bare_command};
use crate::faults::OwnPostgres;
use crate::telegram::{GroupKind, Message, Person};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn file(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// All that `pattern` finds, its first group.
fn found(pattern: &str, text: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).expect("a pattern");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// What `run --help` says.
fn help() -> String {
    let output = bare_command().args(["run", "--help"]).output().expect("it runs");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The environment variables that `run` reads.
fn variables() -> BTreeSet<String> {
    let help = help();
    let mut variables = found(r"\b([A-Z]+(?:_[A-Z]+)+)\b", &help);
    variables.extend(found(r"\[env: ([A-Z_]+)", &help));
    assert!(variables.contains("TELOXIDE_TOKEN") && variables.contains("LISTEN"), "{variables:?}");
    variables
}

/// Those that Docker Compose puts into the file itself.
fn of_compose() -> BTreeSet<String> {
    found(r"\$\{([A-Z_]+)", &file("compose.yaml"))
}

#[test]
fn the_example_of_settings_has_what_run_reads_and_nothing_else() {
    let example = file(".env.example");
    let named = found(r"(?m)^#?([A-Z_]+)=", &example);
    let read: BTreeSet<String> = variables().union(&of_compose()).cloned().collect();
    assert_eq!(named, read);
    let lines: Vec<&str> = example.lines().collect();
    for (place, line) in lines.iter().enumerate() {
        let Some((name, value)) =
            line.trim_start_matches('#').split_once('=').filter(|(name, _)| named.contains(*name))
        else {
            continue;
        };
        assert!(place > 0 && lines[place - 1].starts_with("# "), "{name} is not explained");
        let secret = ["TOKEN", "SECRET", "PASSWORD"].iter().any(|word| name.contains(word));
        assert!(!secret || value.is_empty(), "{name} has a value");
    }
}

#[test]
fn what_is_packaged_names_only_what_exists() {
    let (help, variables) = (help(), variables());
    let unit = file("ops/tanya-pemilu.service");
    let image = file("Dockerfile");
    let start: String = unit.lines().filter(|line| line.starts_with("ExecStart=")).collect();
    let entry: String =
        image.lines().filter(|line| line.starts_with("ENTRYPOINT") || line.starts_with("CMD")).collect();
    assert!(start.contains("tanya-pemilu run ") && entry.contains("\"run\""), "{start} {entry}");
    for flag in found(r"(--[a-z-]+)", &format!("{start} {entry}")) {
        assert!(help.contains(&format!("{flag} ")), "run has no {flag}");
    }
    let compose = file("compose.yaml");
    let bot = compose.split("\n  bot:\n").nth(1).and_then(|bot| bot.split("\nvolumes:").next()).expect("the bot");
    let mut set = found(r"(?m)^Environment=([A-Z_]+)=", &unit);
    set.extend(found(r"(?m)^(?:ENV|   ) ([A-Z_]+)=", &image));
    set.extend(found(r"(?m)^      ([A-Z_]+):", bot));
    assert!(set.len() >= 3, "{set:?}");
    // This one is read by the allocator, at start (https://microsoft.github.io/mimalloc/environment.html).
    let allocator = file("src/main.rs").contains("mimalloc::MiMalloc");
    for name in &set {
        let of_allocator = allocator && name == "MIMALLOC_PURGE_DELAY";
        assert!(variables.contains(name) || of_compose().contains(name) || of_allocator, "nobody reads {name}");
    }
    // What builds it is new enough, and the port that is asked is the one listened at.
    let needed = found(r#"(?m)^rust-version = "([0-9.]+)""#, &file("Cargo.toml"));
    let built_with = found(r"(?m)^FROM rust:([0-9.]+)-", &image);
    let number = |version: &BTreeSet<String>| -> Vec<u32> {
        version.first().expect("a version").split('.').map(|part| part.parse().expect("a number")).collect()
    };
    assert!(number(&built_with) >= number(&needed), "{built_with:?} {needed:?}");
    let port = found(r"LISTEN=0\.0\.0\.0:([0-9]+)", &image);
    assert_eq!(port, found(r"/dev/tcp/127\.0\.0\.1/([0-9]+)", &image));
    assert_eq!(port, found(r"(?m)^EXPOSE ([0-9]+)", &image));
}

/// Names of metrics in `text`; those of a histogram's parts as the histogram's.
fn metrics_in(text: &str) -> BTreeSet<String> {
    let parts = Regex::new(r"_(bucket|sum|count)$").expect("a pattern");
    let named = found(r"\b((?:tanya_pemilu|process)_[a-z0-9_]+)\b", text);
    named.iter().map(|name| parts.replace(name, "").into_owned()).collect()
}

/// What is told of metrics, what alerts and panels look at, and what the program shows are the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_that_is_named_is_shown_and_told_of() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    let port = crate::bot::free_port();
    stage.set("ADMIN_LISTEN", &format!("127.0.0.1:{port}"));
    stage.start().await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    siti.hears().await;
    stage.recorded().await;
    let scrape = reqwest::get(format!("http://127.0.0.1:{port}/metrics")).await.expect("an answer");
    let text = scrape.text().await.expect("text");
    let shown: BTreeSet<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| metrics_in(line.split(['{', ' ']).next().unwrap_or_default()))
        .collect();
    assert!(shown.len() > 20, "{shown:?}");
    // The table tells of each, with its kind.
    let document = file("docs/operating.md");
    let kinds: BTreeSet<(String, String)> = Regex::new(r"(?m)^# TYPE (\S+) (\S+)$")
        .expect("a pattern")
        .captures_iter(&text)
        .map(|line| (line[1].to_owned(), line[2].to_owned()))
        .collect();
    let told: BTreeSet<(String, String)> = Regex::new(r"(?m)^\| `((?:tanya_pemilu|process)_[a-z_]+)`[^|]*\| (\w+) \|")
        .expect("a pattern")
        .captures_iter(&document)
        .map(|line| (line[1].to_owned(), line[2].to_owned()))
        .collect();
    assert_eq!(told, kinds);
    // Each label that the table names is there, and no other.
    for row in document.lines().filter(|line| line.starts_with("| `tanya_pemilu_")) {
        let name = found(r"^\| `([a-z_]+)`", row).pop_first().expect("a name");
        let labels = found(r"`([a-z]+)=", row.split('|').nth(1).expect("a cell"));
        let of_it =
            text.lines().filter(|line| metrics_in(line.split(['{', ' ']).next().unwrap_or_default()).contains(&name));
        let mut own: BTreeSet<String> = of_it.flat_map(|line| found(r#"[{,]([a-z]+)=""#, line)).collect();
        own.remove("le");
        assert_eq!(labels, own, "{name}");
    }
    for name in ["ops/alerts.yaml", "ops/grafana-dashboard.json"] {
        let named = metrics_in(&file(name));
        assert!(named.len() > 10, "{name} names {named:?}");
        let unknown: Vec<&String> = named.difference(&shown).collect();
        assert!(unknown.is_empty(), "{name} names {unknown:?}, which the program does not show");
    }
    // Whatever else the document names is there as well, and each label's value in alerts is one that exists.
    assert_eq!(metrics_in(&document).difference(&shown).count(), 0, "{:?}", metrics_in(&document));
    let selector = Regex::new(r#"(tanya_pemilu_[a-z_]+)\{([a-z]+)="([a-z_]+)"\}"#).expect("a pattern");
    let alerts = file("ops/alerts.yaml");
    for own in selector.captures_iter(&alerts).filter(|own| &own[3] != "fault") {
        let pair = format!("{}=\"{}\"", &own[2], &own[3]);
        assert!(text.lines().any(|line| line.starts_with(&own[1]) && line.contains(&pair)), "{pair} of {}", &own[1]);
    }
    let dashboard: serde_json::Value = serde_json::from_str(&file("ops/grafana-dashboard.json")).expect("JSON");
    let source = &dashboard["templating"]["list"][0];
    assert!(source["type"] == "datasource" && source["name"] == "datasource", "{source}");
    for panel in dashboard["panels"].as_array().expect("panels").iter().filter(|panel| panel["type"] != "row") {
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{}", panel["title"]);
        assert!(panel["targets"].as_array().is_some_and(|targets| !targets.is_empty()), "{}", panel["title"]);
    }
}

/// What a run printed, which went well.
fn printed(args: &[&str]) -> String {
    let output = bare_command().args(args).output().expect("it runs");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The commands that `--help` names.
fn commands() -> BTreeSet<String> {
    let help = printed(&["--help"]);
    let list = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("commands");
    let commands = found(r"(?m)^  ([a-z-]+)", list);
    assert!(commands.contains("run") && commands.contains("doctor") && commands.contains("migrate"), "{commands:?}");
    commands
}

#[test]
fn every_command_is_in_the_manual_and_in_the_readme() {
    let page = printed(&["man"]).replace("\\-", "-");
    assert!(page.contains(".TH tanya-pemilu 1"), "{page}");
    let folder = tempfile::tempdir().expect("a folder");
    let man = folder.path().join("man1");
    printed(&["man", man.to_str().expect("a path")]);
    let readme = file("README.md");
    for command in commands() {
        assert!(page.contains(&format!("tanya-pemilu-{command}(1)")), "{command} is not in the manual page");
        let own = std::fs::read_to_string(man.join(format!("tanya-pemilu-{command}.1")));
        if command == "help" {
            continue;
        }
        let own = own.unwrap_or_else(|e| panic!("{command}: {e}")).replace("\\-", "-");
        let flags = found(r"(--[a-z][a-z-]+)", &printed(&[&command, "--help"]));
        let missing: Vec<_> = flags.iter().filter(|flag| !own.contains(flag.as_str())).collect();
        assert!(missing.is_empty() && own.contains("SYNOPSIS"), "{command}: {missing:?}");
        assert!(command == "chat" || readme.contains(&format!("`tanya-pemilu {command}")), "README: {command}");
    }
    if there_is("mandoc") {
        let page = man.join("tanya-pemilu-run.1");
        let lint = Command::new("mandoc").args(["-T", "lint", "-W", "error"]).arg(page).output().expect("it runs");
        assert!(lint.status.success(), "{}", String::from_utf8_lossy(&lint.stdout));
    }
}

#[test]
fn completions_can_be_read_by_their_shell() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&["completions", shell]);
        for command in commands() {
            assert!(script.contains(&command), "{shell}: {command}");
        }
        let path = folder.path().join(shell);
        std::fs::write(&path, script).expect("written");
        let reads = match shell {
            "bash" | "zsh" | "fish" if shell == "bash" || there_is(shell) => {
                Command::new(shell).arg("-n").arg(&path).output()
            }
            _ => continue,
        };
        let reads = reads.expect("it runs");
        assert!(reads.status.success(), "{shell}: {}", String::from_utf8_lossy(&reads.stderr));
    }
    // And bash offers what it should.
    let asks = format!(
        "source {}; COMP_WORDS=(tanya-pemilu doctor --js); COMP_CWORD=2; _tanya__pemilu tanya-pemilu --js doctor; echo \"${{COMPREPLY[@]}}\"",
        folder.path().join("bash").display()
    );
    let offers = Command::new("bash").args(["-c", &asks]).output().expect("bash runs");
    assert_eq!(String::from_utf8_lossy(&offers.stdout).trim(), "--json", "{}", String::from_utf8_lossy(&offers.stderr));
}

/// All source files, as one text in which a string that goes on in the next line is whole.
fn sources() -> String {
    fn read(folder: &Path, text: &mut String) {
        for item in std::fs::read_dir(folder).expect("a folder").flatten() {
            if item.path().is_dir() {
                read(&item.path(), text);
            } else if item.path().extension().is_some_and(|ending| ending == "rs") {
                text.push_str(&std::fs::read_to_string(item.path()).expect("a source file"));
            }
        }
    }
    let mut text = String::new();
    read(&root().join("src"), &mut text);
    Regex::new(r"\\\n\s*").expect("a pattern").replace_all(&text, "").into_owned()
}

#[test]
fn what_troubleshooting_quotes_is_what_the_program_says() {
    let document = file("docs/operating.md");
    let tables = document.split("## Troubleshooting").nth(1).expect("troubleshooting");
    let tables = tables.split("**What people say.**").next().expect("tables");
    let sources = sources();
    let quoted = Regex::new("`([^`]+)`").expect("a pattern");
    // What the program puts in, and the name of a variable, is not looked for.
    let parted = Regex::new(r"\.\.\.|: | N |^[A-Z_]{6,} ").expect("a pattern");
    let mut seen = 0;
    for line in tables.lines().filter(|line| line.starts_with("| ")) {
        let said = line.split('|').nth(1).expect("a first cell");
        for quote in quoted.captures_iter(said) {
            for part in parted.split(&quote[1]).map(|part| part.trim_matches([' ', ';', '(', ')'])) {
                if part.len() > 4 && !part.starts_with("--") {
                    assert!(sources.contains(part), "the program never says \"{part}\"");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

/// The commands of the block of that name in `docs/operating.md`.
fn block(language: &str, name: &str) -> String {
    let document = file("docs/operating.md");
    let after = document.split(&format!("```{language} {name}\n")).nth(1).unwrap_or_else(|| panic!("no block {name}"));
    after.split("```").next().expect("an end").to_owned()
}

/// Runs commands as an operator does: a shell in `folder`, with the database's address.
async fn types(folder: &Path, commands: &str, database: &str) {
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", commands]).current_dir(folder).env("DATABASE_URL", database);
    let output = tokio::task::spawn_blocking(move || shell.output().expect("a shell")).await.expect("no panic");
    assert!(output.status.success(), "{commands}\n{}", String::from_utf8_lossy(&output.stderr));
}

fn there_is(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        let _ = writeln!(std::io::stderr(), "left out: this machine has no {program}");
    }
    there
}

/// A bot on that database.
async fn stage_on(database: &str) -> Stage {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    stage.small_numbers = false;
    stage.set("DATABASE_URL", database);
    stage
}

/// One question that waits for moderators: who asked, who moderates, the card.
async fn with_an_open_question(stage: &Stage, database: &str) -> (Person, Person, Message) {
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("siapa yang urus banjir di kampung saya").await;
    siti.hears().await;
    let card = budi.hears().await;
    // What Telegram said to each call is written down.
    for _ in 0..200 {
        if rows(stage, database, "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND state = 'wait'").await == 0 {
            return (siti, budi, card);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("calls still wait");
}

async fn rows(stage: &Stage, database: &str, statement: &'static str) -> i64 {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(database).await.expect("the database opens");
    let count = sqlx::query_scalar(statement).bind(stage.tg.bot_id()).fetch_one(&mut connection).await;
    connection.close().await.expect("it closes");
    count.unwrap_or_else(|e| panic!("{statement}: {e}"))
}

/// Starts on the restored database; the question that waited when the backup was made is there, and is answered.
async fn goes_on(stage: &mut Stage, database: &str, (siti, budi, card): &(Person, Person, Message)) {
    let open = "SELECT COUNT(*) FROM ticket WHERE bot_id = $1 AND state = 'open'";
    assert_eq!(rows(stage, database, open).await, 1, "the question is in the copy");
    stage.start().await;
    budi.replies(card, "Pak lurah.").await;
    assert!(siti.hears().await.text().contains("Pak lurah."));
    budi.sees(card, |card| card.text().contains("terkirim")).await;
    stage.tg.assert_rules_kept();
    stage.stop().await;
}

async fn restores_sqlite(by_statement: bool) {
    let mut stage = stage_on("sqlite://tanya-pemilu.db").await;
    let folder: PathBuf = stage.dir.path().to_owned();
    let path = folder.join("tanya-pemilu.db");
    let database = format!("sqlite://{}", path.display());
    stage.start().await;
    let question = with_an_open_question(&stage, &database).await;
    if by_statement {
        let copy = folder.join("tanya-pemilu-backup.db").display().to_string();
        let statement = block("sql", "sqlite-backup").replace("tanya-pemilu-backup.db", &copy);
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&database).await.expect("the database opens");
        connection.execute(sqlx::AssertSqlSafe(statement)).await.expect("copied");
        connection.close().await.expect("it closes");
    } else {
        types(&folder, &block("sh", "sqlite-backup"), &database).await;
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(folder.join("tanya-pemilu-backup.db")).expect("a backup").permissions(),
        );
        assert_eq!(mode & 0o077, 0, "nobody else reads the backup");
    }
    // The disk dies: what is left of the file is no database.
    stage.kill();
    std::fs::write(&path, "rusak ".repeat(2000)).expect("written");
    let _ = std::fs::remove_file(folder.join("tanya-pemilu.db-wal"));
    let (status, said) = stage.ends().await;
    assert_eq!(status, Some(2), "{said}");
    types(&folder, &block("sh", "sqlite-restore"), &database).await;
    goes_on(&mut stage, &database, &question).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_sqlite_is_restored_as_the_document_says() {
    if there_is("sqlite3") {
        restores_sqlite(false).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_sqlite_by_a_statement_is_restored() {
    restores_sqlite(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn a_backup_of_postgresql_is_restored_as_the_document_says() {
    if !there_is("pg_dump") || !there_is("pg_restore") {
        return;
    }
    let own = OwnPostgres::new().await;
    let database = own.address();
    let mut stage = stage_on(&database).await;
    let folder: PathBuf = stage.dir.path().to_owned();
    stage.start().await;
    let question = with_an_open_question(&stage, &database).await;
    types(&folder, &block("sh", "postgres-backup"), &database).await;
    stage.kill();
    // Somebody empties the wrong database.
    let mut connection = AnyConnection::connect(&database).await.expect("the database opens");
    connection.execute("DELETE FROM voter").await.expect("emptied");
    connection.execute("DROP TABLE outbox").await.expect("dropped");
    connection.close().await.expect("it closes");
    own.end_sessions().await;
    types(&folder, &block("sh", "postgres-restore"), &database).await;
    goes_on(&mut stage, &database, &question).await;
    drop(stage);
    own.remove().await;
}

/// `cargo deny check licenses bans sources`, as far as it can be told from `cargo metadata`: the tool itself takes longer to
/// build than all of this project.
#[test]
fn dependencies_are_what_deny_toml_allows() {
    let rules = file("deny.toml");
    let words = |key: &str| {
        let list = found(&format!(r"(?ms)^{key} = \[(.*?)\]$"), &rules);
        found(r#""([^"]+)""#, list.first().unwrap_or_else(|| panic!("{key} is not set")))
    };
    let (licences, banned, sources) = (words("allow"), words("deny"), words("allow-registry"));
    let mut seen = 0;
    for target in words("targets") {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", &target]);
        let output = cargo.current_dir(root()).output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        for package in metadata["packages"].as_array().expect("packages") {
            let text = |key: &str| package[key].as_str().unwrap_or_default();
            let name = text("name");
            assert!(!banned.contains(name), "{name} is banned");
            if text("source").is_empty() {
                assert_eq!(name, env!("CARGO_PKG_NAME"), "{name} comes from a folder");
                continue;
            }
            let registry = text("source").strip_prefix("registry+").unwrap_or(text("source"));
            assert!(sources.contains(registry), "{name} comes from {registry}");
            let licence = spdx::Expression::parse_mode(text("license"), spdx::ParseMode::LAX)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let allowed = licence.evaluate(|one| licences.contains(&one.to_string()));
            assert!(allowed, "{name} is under {licence}");
            seen += 1;
        }
    }
    assert!(seen > 400, "only {seen} packages were looked at");
}
