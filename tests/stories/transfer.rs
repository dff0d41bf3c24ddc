//! A bot's data moved from SQLite to PostgreSQL and back: what waited is answered there, old buttons work, and a transfer that
//! was cut off goes on.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::bot::{Database, Stage, bare_command};
use crate::faults::{OwnPostgres, Proxy};
use crate::telegram::{GroupKind, Message, Person};
use sqlx::{AnyConnection, Connection};

/// How a run of the command ended, and what it said.
struct Told {
    status: Option<i32>,
    out: String,
    err: String,
}

fn migrate(from: &str, to: &str) -> Command {
    let mut command = bare_command();
    command.args(["migrate", "--from", from, "--to", to]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

async fn migrates(from: &str, to: &str) -> Told {
    let mut command = migrate(from, to);
    let output = tokio::task::spawn_blocking(move || command.output().expect("it runs")).await.expect("no panic");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Told { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

async fn moves(from: &str, to: &str) -> Told {
    let told = migrates(from, to).await;
    assert_eq!(told.status, Some(0), "{}{}", told.out, told.err);
    told
}

async fn is_refused(from: &str, to: &str, status: i32, words: &str) {
    let told = migrates(from, to).await;
    assert!(told.status == Some(status) && told.err.contains(words), "{:?} {}{}", told.status, told.out, told.err);
    assert!(told.err.lines().count() == 1 && !told.err.contains("rahasia"), "one sentence: {}", told.err);
}

async fn number(database: &str, statement: &'static str, bot: i64) -> i64 {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(database).await.expect("the database opens");
    let number = sqlx::query_scalar(statement).bind(bot).fetch_one(&mut connection).await;
    connection.close().await.expect("it closes");
    number.unwrap_or_else(|e| panic!("{statement}: {e}"))
}

async fn change(database: &str, statement: &'static str, bot: i64) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(database).await.expect("the database opens");
    let done = sqlx::query(statement).bind(bot).execute(&mut connection).await;
    connection.close().await.expect("it closes");
    done.unwrap_or_else(|e| panic!("{statement}: {e}"));
}

/// A bot on that database.
async fn stage_on(database: &str) -> Stage {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    stage.small_numbers = false;
    stage.set("DATABASE_URL", database);
    stage
}

fn file(stage: &Stage, name: &str) -> String {
    format!("sqlite://{}", stage.dir.path().join(name).display())
}

/// What was begun before the move: who asked, who moderates, an answer with buttons, a card that waits.
struct Begun {
    siti: Person,
    budi: Person,
    answer: Message,
    card: Message,
}

async fn begins(stage: &Stage, database: &str) -> Begun {
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("tps buka jam brp").await;
    let answer = siti.hears().await;
    siti.says("siapa yang urus banjir di kampung saya").await;
    siti.hears().await;
    let card = budi.hears().await;
    for _ in 0..200 {
        if number(database, "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND state = 'wait'", stage.tg.bot_id()).await
            == 0
        {
            return Begun { siti, budi, answer, card };
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("calls still wait");
}

const LAST_TICKET: &str = "SELECT MAX(number) FROM ticket WHERE bot_id = $1";

/// On the other database all of that goes on.
async fn goes_on(stage: &mut Stage, database: &str, begun: &Begun) {
    let bot = stage.tg.bot_id();
    let last = number(database, LAST_TICKET, bot).await;
    stage.start().await;
    let Begun { siti, budi, answer, card } = begun;
    siti.presses(answer, "Kapan hari pemungutan suara?").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    budi.replies(card, "Pak lurah.").await;
    assert!(siti.hears().await.text().contains("Pak lurah."));
    budi.sees(card, |card| card.text().contains("terkirim")).await;
    // Numbers go on where they were.
    let andi = stage.voter("Andi");
    andi.says("kenapa lampu jalan di desa saya mati terus").await;
    andi.reads(&format!("#{}", last + 1)).await;
    budi.reads("lampu jalan").await;
    siti.says("/data").await;
    siti.reads("banjir").await;
    stage.tg.assert_rules_kept();
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn a_bot_goes_on_in_the_other_database_and_back() {
    let own = OwnPostgres::new().await;
    let server = own.address();
    let mut stage = stage_on("sqlite://bot.db").await;
    let (first, second) = (file(&stage, "bot.db"), file(&stage, "lagi.db"));
    let bot = stage.tg.bot_id();
    stage.start().await;
    let begun = begins(&stage, &first).await;
    is_refused(&first, &server, 1, "sedang dipakai proses lain").await;
    stage.stop().await;
    // SQLite keeps a character that PostgreSQL does not.
    change(&first, "INSERT INTO note (bot_id, name, value) VALUES ($1, 'uji', 'a' || char(0) || 'b')", bot).await;
    let told = moves(&first, &server).await;
    assert!(
        told.out.contains(&format!("nomor bot: {bot}")) && told.out.contains("1 teks memuat U+0000"),
        "{}",
        told.out
    );
    let mended = "SELECT COUNT(*) FROM note WHERE bot_id = $1 AND name = 'uji' AND value = 'a\u{fffd}b'";
    assert_eq!(number(&server, mended, bot).await, 1);
    let source = "SELECT COUNT(*) FROM ticket WHERE bot_id = $1 AND state = 'open'";
    assert_eq!(number(&first, source, bot).await, 1, "the source is as it was");
    is_refused(&first, &server, 2, "sudah berisi data").await;
    stage.set("DATABASE_URL", &server);
    goes_on(&mut stage, &server, &begun).await;

    // A second bot shares that database; both move back into one file.
    let mut other = stage_on(&server).await;
    other.start().await;
    let others = begins(&other, &server).await;
    is_refused(&server, &second, 1, "sedang dipakai bot").await;
    other.stop().await;
    let told = moves(&server, &second).await;
    assert!(told.out.contains(&bot.to_string()) && told.out.contains(&other.tg.bot_id().to_string()), "{}", told.out);
    other.set("DATABASE_URL", &second);
    goes_on(&mut other, &second, &others).await;
    stage.set("DATABASE_URL", &second);
    stage.start().await;
    begun.siti.says("kpn nyoblos").await;
    begun.siti.reads("Rabu").await;
    stage.stop().await;
    own.remove().await;
}

/// Killed half-way, nobody serves from what is half there, and the same command brings the rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn a_transfer_that_is_killed_goes_on() {
    const MANY: i64 = 40_000;
    let (own, proxy) = (OwnPostgres::new().await, Proxy::new().await);
    let server = own.address();
    let mut stage = stage_on("sqlite://bot.db").await;
    let bot = stage.tg.bot_id();
    let source = file(&stage, "bot.db");
    stage.start().await;
    let begun = begins(&stage, &source).await;
    stage.stop().await;
    change(
        &source,
        "INSERT INTO inbox (bot_id, update_id, chat_id, received, state, raw, arrival)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
         SELECT $1, i - 100000, 0, 1, 'done', '', 0 FROM n",
        bot,
    )
    .await;
    let all = number(&source, "SELECT COUNT(*) FROM inbox WHERE bot_id = $1", bot).await;
    assert!(all >= MANY);
    let mut child = migrate(&source, &own.address_by(&proxy)).stderr(Stdio::null()).spawn().expect("it runs");
    let there = "SELECT COUNT(*) FROM inbox WHERE bot_id = $1";
    let tables = "SELECT COUNT(*) + 0 * $1 FROM pg_tables WHERE tablename = 'inbox'";
    for round in 0.. {
        assert!(round < 3000, "it never begins");
        if number(&server, tables, bot).await == 1 && number(&server, there, bot).await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    proxy.silence();
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    proxy.down();
    let half = number(&server, there, bot).await;
    assert!((1..all).contains(&half), "{half} of {all}");
    // Nobody serves from it, and nothing else is moved into it or out of it.
    stage.set("DATABASE_URL", &server);
    let (status, told) = stage.ends().await;
    assert!(status == Some(2) && told.contains("belum lengkap") && told.contains("bot.db"), "{told}");
    let other = file(&stage, "lain.db");
    is_refused(&server, &other, 2, "belum lengkap").await;
    // What changed meanwhile is noticed at the end.
    change(&source, "UPDATE counter SET value = value + 1 WHERE bot_id = $1 AND name = 'outbox'", bot).await;
    let told = migrates(&source, &server).await;
    assert!(told.status == Some(2) && told.err.contains("tabel counter tidak sama"), "{}{}", told.out, told.err);
    assert!(told.err.contains("Melanjutkan pemindahan"), "{}", told.err);
    change(&source, "UPDATE counter SET value = value - 1 WHERE bot_id = $1 AND name = 'outbox'", bot).await;
    moves(&source, &server).await;
    assert_eq!(number(&server, there, bot).await, all);
    goes_on(&mut stage, &server, &begun).await;
    own.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn what_can_not_be_moved_is_told() {
    let own = OwnPostgres::new().await;
    let server = own.address();
    let mut stage = stage_on("sqlite://bot.db").await;
    let source = file(&stage, "bot.db");
    is_refused(&source, &server, 2, "tidak ada").await;
    is_refused(&source, &file(&stage, "b.db"), 2, "yang satu harus sqlite://").await;
    is_refused(&source, "mysql://bot:rahasia@x/y", 2, "harus diawali").await;
    is_refused(&server, &source, 2, "bukan basis data tanya-pemilu").await;
    is_refused("postgres://bot:rahasia@127.0.0.1:1/bot", &source, 1, "sambungan ditolak").await;
    assert!(!stage.dir.path().join("bot.db").exists(), "nothing was made of what can't be moved");
    stage.start().await;
    stage.stop().await;
    is_refused(&source, "postgres://bot:rahasia@127.0.0.1:1/bot", 1, "sambungan ditolak").await;
    change(&source, "DELETE FROM _sqlx_migrations WHERE version > 16 + 0 * $1", 0).await;
    is_refused(&source, &server, 2, "lebih lama").await;
    change(
        &source,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999 + 0 * $1, 'baru', 1, x'00', 0)",
        0,
    )
    .await;
    is_refused(&source, &server, 2, "lebih baru").await;
    own.remove().await;
}
