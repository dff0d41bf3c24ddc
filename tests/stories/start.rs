//! The start: what is told, what ends it, what serves on; the FAQ on disk and the one that is kept; secrets.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::bot::{Database, Stage, bare_command};
use crate::gate::Gate;
use crate::telegram::GroupKind;
use serde_json::json;

stories! {
    the_start_is_told_in_one_line, a_moderator_chat_that_refuses_ends_the_first_start,
    a_moderator_chat_that_worked_before_is_waited_for, a_group_that_became_another_is_followed,
    a_silent_telegram_does_not_end_the_start, a_faulty_faq_at_a_restart_is_no_end,
    a_faq_that_is_replaced_is_seen, no_secret_gets_into_the_log_at_any_level,
}

const PATIENCE: Duration = Duration::from_secs(10);

async fn readyz(base: &str) -> (u16, String) {
    let answer = reqwest::get(format!("{base}/readyz")).await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn the_start_is_told_in_one_line(database: Database) {
    let stage = Stage::new(database).await;
    let log = stage.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("serving")).collect();
    let [line] = lines.as_slice() else { panic!("one line: {log}") };
    let faq = stage.faq().display().to_string();
    let kind = if database == Database::Sqlite { "SQLite /" } else { "PostgreSQL 127.0.0.1:5432/" };
    let bot = format!("(bot {})", stage.tg.bot_id());
    for part in [
        &bot,
        concat!("version ", env!("CARGO_PKG_VERSION")),
        &faq,
        "6 entries, hash ",
        kind,
        "by polling",
        stage.tg.url(),
        "moderators: \"Petugas\" (-1001234567890)",
    ] {
        assert!(line.contains(part), "{part:?} is not told: {line}");
    }
    assert!(line.contains("serving as @"), "{line}");
    assert!(!log.contains("WARN") && !log.contains("ERROR"), "a good start gives no cause for worry: {log}");
}

async fn a_moderator_chat_that_refuses_ends_the_first_start(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let chat = |number: &str| vec![("MODERATOR_CHAT".to_owned(), number.to_owned())];
    for number in ["-5", "-1009999999999"] {
        stage.extra = chat(number);
        let (code, told) = stage.ends().await;
        assert_eq!(code, Some(2), "{number}: {told}");
        let last = told.lines().last().unwrap_or_default();
        for part in ["MODERATOR_CHAT", number, "tidak mengenal", "--no-chat-check"] {
            assert!(last.contains(part), "{number}: {told}");
        }
    }
    stage.extra.clear();
    let member = |fields: serde_json::Value| json!({"ok": true, "result": fields}).to_string();
    for (fields, words) in [
        (json!({"status": "left"}), "bukan anggota"),
        (json!({"status": "kicked"}), "bukan anggota"),
        (json!({"status": "restricted", "is_member": true, "can_send_messages": false}), "tidak boleh menulis"),
    ] {
        stage.tg.script("getChatMember", Some(&member(fields)));
        let (code, told) = stage.ends().await;
        assert!(code == Some(2) && told.contains(words), "{told}");
    }
    stage.tg.script("getChatMember", None);
    stage.group.removes_bot();
    let (code, told) = stage.ends().await;
    assert!(code == Some(2) && told.contains("bukan anggota") && told.contains("kicked"), "{told}");
    assert!(stage.tg.sent().is_empty() && stage.tg.calls_of("getUpdates").is_empty(), "nobody was told anything");
    // Whoever knows better starts it all the same.
    stage.args.push("--no-chat-check".to_owned());
    let base = stage.listens();
    stage.start().await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("07.00"));
    let (status, told) = readyz(&base).await;
    assert!(status == 200 && told.starts_with("ready\n") && told.contains("moderator chat"), "{told}");
}

async fn a_moderator_chat_that_worked_before_is_waited_for(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let base = stage.listens();
    stage.start().await;
    let budi = stage.group.member("Budi");
    budi.says("/antrean").await;
    budi.hears().await;
    stage.stop().await;
    stage.group.removes_bot();
    stage.start().await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("07.00"));
    let (status, told) = readyz(&base).await;
    assert!(status == 200 && told.contains("the moderator chat -1001234567890 can't be reached: 403"), "{told}");
    stage.logs("the moderator chat -1001234567890 can't be reached: 403", 1).await;
    stage.group.adds_bot();
    stage.logs("the moderator chat is back after", 1).await;
    assert_eq!(readyz(&base).await, (200, "ready\n".to_owned()));
}

async fn a_group_that_became_another_is_followed(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Group).await;
    let supergroup = stage.group.migrates_to(-1_009_876_543_210);
    stage.start().await;
    stage.logs("became a supergroup", 1).await;
    stage.logs("moderators: \"Petugas\" (-1009876543210)", 1).await;
    let (siti, budi) = (stage.voter("Siti"), supergroup.member("Budi"));
    siti.says("siapa yang urus banjir di kampung saya").await;
    assert!(budi.hears().await.text().contains("banjir"));
    // The next start knows without being told.
    stage.stop().await;
    stage.start().await;
    siti.says("siapa lagi yang urus banjir di kampung sebelah").await;
    budi.reads("sebelah").await;
}

async fn a_silent_telegram_does_not_end_the_start(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.tg.script("getChat", Some("<html>502</html>"));
    let base = stage.listens();
    stage.start().await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("07.00"));
    assert!(readyz(&base).await.1.contains("could not be asked for"), "{}", stage.log());
    stage.tg.script("getChat", None);
    stage.logs("the moderator chat is back after", 1).await;
}

fn spoil(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("entries");
    fs::write(file, text.replace("reviewed =", "reviewd =")).expect("saved");
    text
}

async fn a_faulty_faq_at_a_restart_is_no_end(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let file = stage.faq().join("uji.toml");
    let base = stage.listens();
    // Nothing is kept yet: a faulty one ends it, with all that is wrong and what to do.
    let text = spoil(&file);
    let (code, told) = stage.ends().await;
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("uji.toml:") && told.contains("reviewd") && told.contains("tanya-pemilu check"), "{told}");
    fs::write(&file, &text).expect("saved");
    stage.start().await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    stage.stop().await;
    spoil(&file);
    for _ in 0..2 {
        stage.start().await;
        siti.says("tps buka jam brp").await;
        assert!(siti.hears().await.text().contains("07.00"));
        let (status, ready) = readyz(&base).await;
        assert!(status == 200 && ready.contains("faults; the last good one serves"), "{ready}");
        stage.stop().await;
    }
    assert_eq!(stage.log().matches("FAQ not loaded").count(), 2, "the log says so at each start");
    let told = budi.hears().await;
    assert!(told.text().contains("yang lama tetap dipakai") && told.text().contains("uji.toml:"), "{}", told.text());
    // Gone altogether, it is the same.
    fs::rename(stage.faq(), stage.dir.path().join("away")).expect("renamed");
    stage.start().await;
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    assert!(budi.hears().await.text().contains("tidak ada"), "the moderators hear of another fault");
    // Mended while it runs: it serves, and they are told.
    fs::write(stage.dir.path().join("away/uji.toml"), text.replace("07.00", "06.30")).expect("saved");
    fs::rename(stage.dir.path().join("away"), stage.faq()).expect("renamed");
    stage.logs("FAQ loaded anew", 1).await;
    // Beside it they hear that Siti was told what has changed.
    budi.reads("dimuat ulang: 6 entri").await;
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("06.30"));
    assert_eq!(readyz(&base).await, (200, "ready\n".to_owned()));
    // That one is kept now.
    stage.stop().await;
    spoil(&file);
    stage.start().await;
    siti.says("tps buka jam brp").await;
    siti.reads("06.30").await;
    stage.tg.assert_rules_kept();
}

async fn a_faq_that_is_replaced_is_seen(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let at = |name: &str| stage.dir.path().join(name);
    let text = fs::read_to_string(stage.faq().join("uji.toml")).expect("entries");
    for version in ["v1", "v2", "v3"] {
        fs::create_dir(at(version)).expect("a folder");
        for item in fs::read_dir(stage.faq()).expect("the FAQ").flatten() {
            fs::copy(item.path(), at(version).join(item.file_name())).expect("copied");
        }
    }
    let write = |folder: &str, hour: &str| {
        fs::write(at(folder).join("uji.toml"), text.replace("07.00", hour)).expect("saved");
    };
    write("v2", "05.02");
    write("v3", "05.03");
    symlink("v1", at("link")).expect("a link");
    let (link, v1, v2, v3, new) = (at("link"), at("v1"), at("v2"), at("v3"), at("new"));
    stage.set("FAQ_DIR", &link.display().to_string());
    stage.start().await;
    let siti = stage.voter("Siti");
    let mut loads = 0;
    let mut answers = async |hour: &'static str| {
        loads += 1;
        stage.logs("FAQ loaded anew", loads).await;
        siti.says("tps buka jam brp").await;
        siti.reads(hour).await;
    };
    // The link is switched, then what it points to is edited.
    symlink("v2", &new).expect("a link");
    fs::rename(&new, &link).expect("switched");
    answers("05.02").await;
    fs::write(v2.join("uji.toml"), text.replace("07.00", "05.12")).expect("saved");
    answers("05.12").await;
    // The folder is renamed away and another takes its name.
    fs::rename(&v2, v1.with_file_name("old")).expect("renamed");
    fs::rename(&v3, &v2).expect("renamed");
    answers("05.03").await;
    fs::write(v2.join("uji.toml"), text.replace("07.00", "05.13")).expect("saved");
    answers("05.13").await;
    // SIGHUP loads, and what comes after it is seen too.
    stage.signal("HUP");
    answers("05.13").await;
    fs::write(v2.join("uji.toml"), text.replace("07.00", "05.14")).expect("saved");
    answers("05.14").await;
    assert!(!stage.log().contains("FAQ not loaded"), "no half of a FAQ was read: {}", stage.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_moderators_read_of_a_faulty_faq_is_short() {
    let stage = Stage::new(Database::Sqlite).await;
    let budi = stage.group.member("Budi");
    fs::copy(stage.faq().join("uji.toml"), stage.faq().join("uji (salinan).toml")).expect("copied");
    let many: String = (0..400).map(|i| format!("[[entry]]\nid = \"x{i}\"\n")).collect();
    fs::write(stage.faq().join("banyak.toml"), many).expect("saved");
    let told = budi.hears().await;
    let lines: Vec<&str> = told.text().lines().collect();
    assert!(lines.len() <= 14, "{}", told.text());
    assert!(lines.last().is_some_and(|line| line.starts_with("dan ") && line.ends_with(" lagi")), "{}", told.text());
    assert!(lines.iter().filter(|line| line.contains(".toml:")).count() == 10, "{}", told.text());
    assert!(stage.log().lines().count() < 60, "{} lines of log", stage.log().lines().count());
    // Nothing new is told of the same faults; mended, it is told once.
    fs::remove_file(stage.faq().join("uji (salinan).toml")).expect("removed");
    fs::remove_file(stage.faq().join("banyak.toml")).expect("removed");
    assert!(budi.hears().await.text().contains("dimuat ulang: 6 entri"));
    stage.signal("HUP");
    stage.logs("FAQ loaded anew", 2).await;
    budi.hears_nothing(Duration::from_secs(1)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn run_serves_no_faq_that_nobody_named() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    fs::rename(stage.faq(), stage.dir.path().join("lain")).expect("renamed");
    stage.set("FAQ_DIR", "");
    let (code, told) = stage.ends().await;
    let here = stage.dir.path().display().to_string();
    assert!(code == Some(2) && told.contains("--faq builtin") && told.contains(&here), "{told}");
    for (path, content) in [("tidak-ada", None), ("kosong", Some("")), ("berkas.jsonl", Some("{\"id\": 3}\n"))] {
        let path = stage.dir.path().join(path);
        match content {
            Some("") => fs::create_dir(&path).expect("a folder"),
            Some(text) => fs::write(&path, text).expect("a file"),
            None => {}
        }
        stage.set("FAQ_DIR", &path.display().to_string());
        let (code, told) = stage.ends().await;
        assert!(code == Some(2) && told.contains("tidak dapat dipakai"), "{}: {told}", path.display());
    }
    stage.set("FAQ_DIR", "");
    stage.args.extend(["--faq".to_owned(), "builtin".to_owned()]);
    stage.start().await;
    stage.logs("FAQ: built into the program, 179 entries", 1).await;
    // Elsewhere the built-in copy answers, and says that it does; once.
    for (args, lines) in [(vec!["ask", "kapan nyoblos"], 1), (vec!["ask", "--faq", "builtin", "kapan nyoblos"], 0)] {
        let output = bare_command().args(args).current_dir(stage.dir.path()).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && told.lines().count() == lines, "{told}");
        assert!(lines == 0 || told.contains("FAQ bawaan program"), "{told}");
    }
}

/// Whoever starts it again after status 1, and never after 2, starts it when it helps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_come_back_is_told_from_a_wrong_setting() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    let own = stage.database().to_owned();
    let folder = format!("sqlite://{}", stage.dir.path().display());
    for (address, code, words) in [
        ("postgres://bot@127.0.0.1:1/bot", 1, "sambungan ditolak"),
        ("postgres://bot@tidak-ada.invalid/bot", 1, "tidak dikenal"),
        ("mysql://bot@127.0.0.1/bot", 2, "harus diawali"),
        (&folder, 2, "folder, bukan berkas"),
    ] {
        stage.set("DATABASE_URL", address);
        let (status, told) = stage.ends().await;
        assert_eq!(status, Some(code), "{address}: {told}");
        assert!(told.contains("DATABASE_URL: ") && told.contains(words), "{address}: {told}");
    }
    stage.set("DATABASE_URL", &own);
    stage.start().await;
    let (status, told) = stage.ends().await;
    assert!(status == Some(1) && told.contains("sedang dipakai proses lain"), "{status:?}: {told}");
}

/// Waits until the process has a hand of its own for that signal.
async fn heeds(id: u32, signal: u32) {
    let mask = || -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
        u64::from_str_radix(caught.trim(), 16).ok()
    };
    for _ in 0..1000 {
        if mask().is_some_and(|mask| mask >> (signal - 1) & 1 == 1) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("signal {signal} is never heeded");
}

/// The whole FAQ takes seconds to learn; who ends it meanwhile is not kept waiting, and it ends well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ended_while_it_learns_it_ends_well() {
    const TERMINATE: u32 = 15;
    const INTERRUPT: u32 = 2;
    const HANG_UP: u32 = 1;
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    stage.set("FAQ_DIR", "builtin");
    for (name, signal) in [("TERM", TERMINATE), ("INT", INTERRUPT)] {
        stage.launch();
        heeds(stage.id(), signal).await;
        heeds(stage.id(), HANG_UP).await;
        stage.signal("HUP");
        stage.signal(name);
        let (status, took) = stage.stop().await;
        assert!(status.success() && took < PATIENCE, "{name}: {status} after {took:?}: {}", stage.log());
    }
    assert!(stage.tg.calls().is_empty(), "it was learning still");
}

/// The terminal follows a replaced folder too.
#[test]
fn chat_sees_a_faq_that_is_replaced() {
    let dir = tempfile::tempdir().expect("a folder");
    let line =
        |hour: &str| format!("{{\"id\": \"jam\", \"questions\": [\"tps buka jam berapa\"], \"answer\": \"{hour}\"}}\n");
    let (file, link) = (dir.path().join("a.jsonl"), dir.path().join("faq.jsonl"));
    fs::write(&file, line("07.00")).expect("a file");
    fs::write(dir.path().join("b.jsonl"), line("06.30")).expect("a file");
    symlink("a.jsonl", &link).expect("a link");
    let mut chat = bare_command()
        .args(["chat", "--faq"])
        .arg(&link)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let (tell, told) = std::sync::mpsc::channel();
    let mut lines = BufReader::new(chat.stderr.take().expect("a pipe")).lines();
    std::thread::spawn(move || {
        while let Some(Ok(line)) = lines.next() {
            if line.contains("FAQ dimuat") {
                let _ = tell.send(line);
            }
        }
    });
    std::thread::sleep(Duration::from_secs(4));
    symlink("b.jsonl", dir.path().join("new")).expect("a link");
    fs::rename(dir.path().join("new"), &link).expect("switched");
    assert!(told.recv_timeout(PATIENCE).is_ok_and(|line| line.contains("dimuat ulang: 1 entri")));
    fs::write(dir.path().join("b.jsonl"), line("06.45")).expect("a file");
    assert!(told.recv_timeout(PATIENCE).is_ok_and(|line| line.contains("dimuat ulang: 1 entri")));
    drop(chat.stdin.take());
    assert!(chat.wait().expect("it ends").success());
}

fn rights(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_file_is_taken_as_editors_write_it_and_kept_from_others() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    let file = stage.dir.path().join("token.txt");
    let token = stage.tg.token().to_owned();
    stage.args = vec!["--token-file".to_owned(), file.display().to_string()];
    // The file wins.
    stage.set("TELOXIDE_TOKEN", "123456:AAFakeFakeFakeFakeFakeFakeFakeFakeXX");
    for text in [
        format!("\u{feff}{token}\r\n"),
        format!("TELOXIDE_TOKEN={token}\n"),
        format!("# bot\r\nexport TELOXIDE_TOKEN=\"{token}\"\r\nLAIN=1\r\n"),
    ] {
        fs::write(&file, text).expect("a file");
        rights(&file, 0o600);
        stage.start().await;
        stage.stop().await;
    }
    assert!(!stage.log().contains("can be read by others"), "{}", stage.log());
    for mode in [0o644, 0o640, 0o604] {
        rights(&file, mode);
        stage.start().await;
        stage.logs(&format!("can be read by others ({mode:o}); jalankan: chmod 600"), 1).await;
        stage.stop().await;
    }
    for mode in [0o666, 0o620, 0o602] {
        rights(&file, mode);
        let (code, told) = stage.ends().await;
        assert!(code == Some(2) && told.contains("chmod 600") && told.contains("token.txt"), "{told}");
    }
    // Where the system gives secrets, everyone's right to read is no news.
    rights(&file, 0o444);
    stage.set("CREDENTIALS_DIRECTORY", &stage.dir.path().display().to_string());
    let before = stage.log().matches("can be read by others").count();
    stage.start().await;
    assert_eq!(stage.log().matches("can be read by others").count(), before);
    stage.stop().await;
    rights(&file, 0o600);
    let utf16: Vec<u8> = [0xfeff_u16].into_iter().chain(token.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (bytes, cause) in [
        (utf16, "UTF-16"),
        (b"# hanya komentar\n".to_vec(), "tidak ada isinya"),
        (format!("{token}\n{token}\n").into_bytes(), "2 baris"),
        (token.replace(':', " :").into_bytes(), "spasi"),
    ] {
        fs::write(&file, bytes).expect("a file");
        let (code, told) = stage.ends().await;
        let last = told.lines().last().unwrap_or_default();
        assert!(code == Some(2) && last.contains(cause) && last.contains("token.txt"), "{told}");
        assert!(!told.contains("AAFake"), "{told}");
    }
}

const LEVELS: [&str; 3] =
    ["trace", "trace,sqlx=trace,hyper=trace,hyper_util=trace,reqwest=trace,rustls=trace", "debug,sqlx=debug"];

/// Neither a password, as written or as meant, nor the webhook's secret, nor the token.
fn holds_no_secret(said: &str) {
    for secret in ["kunci%40rahasia", "kunci@rahasia", "kunci-telegram", "AAFake"] {
        let at = said.find(secret).map(|at| &said[at.saturating_sub(200)..at]);
        assert!(at.is_none(), "{secret} is told after: {at:?}");
    }
}

/// A wrong address of a database: nobody there, no such scheme, no address at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_a_wrong_address_gets_into_the_log() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    for address in [
        "postgres://bot:kunci%40rahasia@127.0.0.1:9/pemilu",
        "mysql://bot:kunci%40rahasia@x/y",
        "postgres//bot:kunci@rahasia@127.0.0.1",
        "postgres://bot:kunci@rahasia@127.0.0.1:port/y",
    ] {
        stage.extra =
            vec![("DATABASE_URL".to_owned(), address.to_owned()), ("RUST_LOG".to_owned(), LEVELS[1].to_owned())];
        let (status, said) = stage.ends().await;
        assert!(status != Some(0) && said.contains("DATABASE_URL"), "{address}: {said}");
        holds_no_secret(&said);
    }
}

async fn no_secret_gets_into_the_log_at_any_level(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.small_numbers = false;
    for level in LEVELS {
        stage.extra = vec![("RUST_LOG".to_owned(), level.to_owned())];
        if database == Database::Postgres {
            let mut right = reqwest::Url::parse(stage.database()).expect("an address");
            right.set_password(Some("kunci%40rahasia")).expect("a password");
            stage.set("DATABASE_URL", right.as_str());
        }
        let base = stage.listens();
        stage.set("WEBHOOK_URL", &format!("{base}/jalur"));
        stage.set("WEBHOOK_SECRET", "kunci-telegram");
        stage.start().await;
        let siti = stage.voter("Siti");
        siti.says("tps buka jam brp").await;
        siti.reads("07.00").await;
        stage.stop().await;
    }
    let said = stage.log();
    holds_no_secret(&said);
    assert!(!said.contains("tps buka"), "texts are never logged");
    // Our own modules tell what a person who debugs wants to know.
    let decided =
        said.lines().find(|line| line.contains("decided") && line.contains("event=\"Message\"")).expect("a line");
    assert!(decided.contains("verdict=\"answer\"") && decided.contains("took_us="), "{decided}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_filter_of_the_log_is_told() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    for wrong in ["xyz", "debugg", "tanya_pemilu=banyak"] {
        stage.extra = vec![("RUST_LOG".to_owned(), wrong.to_owned())];
        stage.start().await;
        stage.logs(&format!("RUST_LOG: \"{wrong}\""), 1).await;
        stage.stop().await;
    }
    stage.logs("serving as", 3).await;
    assert!(!stage.log().contains("DEBUG"), "the default is used");
    stage.extra = vec![("RUST_LOG".to_owned(), "debug".to_owned())];
    stage.start().await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    siti.hears().await;
    stage.logs("decided", 1).await;
    assert!(!stage.log().contains("sqlx::"), "others are silent unless named: {}", stage.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_is_used_and_told() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    for wrong in ["kata sandi", "ftp://x:1", "127.0.0.1:8080", "socks5://"] {
        stage.extra = vec![("TELOXIDE_PROXY".to_owned(), wrong.to_owned())];
        let (code, told) = stage.ends().await;
        assert!(code == Some(2) && told.contains("TELOXIDE_PROXY"), "{wrong}: {told}");
    }
    // Whoever is asked for `http://HOST/...` in full answers like one who is asked for `/...`.
    let gate = Gate::before(stage.tg.url().trim_start_matches("http://").to_owned()).await;
    stage.extra = vec![("TELOXIDE_PROXY".to_owned(), format!("http://aku:kunci-wakil@127.0.0.1:{}", gate.port))];
    stage.start().await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    siti.hears().await;
    assert!(gate.passed() > 0, "nothing went by way of the proxy");
    stage.logs(&format!("by way of the proxy http://127.0.0.1:{}", gate.port), 1).await;
    assert!(!stage.log().contains("kunci-wakil"));
}
