//! Is it ready, and does it say so: readiness, outages, connections that cost nothing, odd answers, the end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::bot::{Database, Stage, postgres_address};
use crate::gate::Gate;
use crate::telegram::{Fault, GroupKind, When};

stories! {
    a_token_that_is_taken_back_is_not_ready, a_call_that_waits_too_long_is_not_ready,
    idle_connections_cost_nothing, what_cannot_be_read_is_kept, nothing_delays_the_end,
}

/// The status of `/readyz`, and what it says; how long that took is bounded.
async fn readyz(base: &str) -> (u16, String) {
    let begun = Instant::now();
    let answer = reqwest::get(format!("{base}/readyz")).await.expect("an answer");
    let (status, text) = (answer.status().as_u16(), answer.text().await.expect("text"));
    assert!(begun.elapsed() < Duration::from_millis(2500), "/readyz took {:?}", begun.elapsed());
    (status, text)
}

/// Waits until `/readyz` has this status and says this.
async fn is_told(base: &str, status: u16, words: &str, patience: Duration) {
    let deadline = Instant::now() + patience;
    let mut last = readyz(base).await;
    while last.0 != status || !last.1.contains(words) {
        assert!(Instant::now() < deadline, "/readyz never said {status} {words:?}, but {last:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
        last = readyz(base).await;
    }
}

async fn listening(database: Database) -> (Stage, String) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let base = stage.listens();
    stage.start().await;
    (stage, base)
}

async fn a_token_that_is_taken_back_is_not_ready(database: Database) {
    let (stage, base) = listening(database).await;
    let siti = stage.voter("Siti");
    is_told(&base, 200, "ready\n", Duration::from_secs(5)).await;
    stage.tg.set_revoked(true);
    siti.says("tps buka jam brp").await;
    is_told(&base, 503, "token: Telegram refuses the token", Duration::from_secs(10)).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    stage.tg.set_revoked(false);
    is_told(&base, 200, "ready\n", Duration::from_secs(20)).await;
    assert_eq!(stage.log().matches("refuses the token").count(), 1, "said once");
    assert_eq!(stage.log().matches("accepts the token again").count(), 1);
}

async fn a_call_that_waits_too_long_is_not_ready(database: Database) {
    let (stage, base) = listening(database).await;
    let siti = stage.voter("Siti");
    stage.tg.flood(siti.chat(), 60);
    siti.says("tps buka jam brp").await;
    stage.tg.settled().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(readyz(&base).await.0, 200);
    stage.change("UPDATE outbox SET created = created - 299000 WHERE bot_id = $1").await;
    assert_eq!(readyz(&base).await.0, 200, "five minutes may pass");
    stage.change("UPDATE outbox SET created = created - 10000 WHERE bot_id = $1").await;
    is_told(&base, 503, "outbox: the oldest call", Duration::from_secs(2)).await;
    stage.change("UPDATE outbox SET created = created + 309000 WHERE bot_id = $1").await;
    is_told(&base, 200, "ready", Duration::from_secs(2)).await;
}

/// More connections than the program may have files: silent ones, and ones that begin a request and never end it.
async fn idle_connections_cost_nothing(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let base = stage.listens();
    stage.set("WEBHOOK_URL", &format!("{base}/jalur"));
    stage.set("WEBHOOK_SECRET", "rahasia-sekali_1");
    stage.start().await;
    let siti = stage.voter("Siti");
    let limited = Command::new("prlimit").args(["--pid", &stage.id().to_string(), "--nofile=400:400"]).status();
    assert!(limited.expect("prlimit runs").success());
    let address = base.trim_start_matches("http://").to_owned();
    let heads = ["", "GET /readyz HTTP/1.1\r\nHost: x\r\n", "POST /jalur HTTP/1.1\r\nContent-Length: 99\r\n\r\n{"];
    let mut open = Vec::new();
    for number in 0..600_usize {
        let mut line = TcpStream::connect(&address).expect("a connection");
        // The other side may have cut it already: that is what it is for.
        let _ = line.write_all(heads[number % heads.len()].as_bytes());
        open.push(line);
        if number % 100 == 99 {
            // Telegram's own connection gets through, and answers go out.
            siti.says("tps buka jam brp").await;
            siti.hears().await;
            assert_eq!(readyz(&base).await.0, 200, "after {number}");
        }
    }
    assert!(!stage.log().contains("no connection can be taken"), "{}", stage.log());
    // None is kept for long.
    let line = open.last_mut().expect("a connection");
    line.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    let begun = Instant::now();
    let mut said = Vec::new();
    let _ = line.read_to_end(&mut said);
    assert!(begun.elapsed() < Duration::from_secs(15), "cut after {:?}", begun.elapsed());
    open.extend((0..50).map(|_| TcpStream::connect(&address).expect("a connection")));
    let (status, took) = stage.stop().await;
    assert!(status.success() && took < Duration::from_secs(4), "{status:?} after {took:?}");
    drop(open);
}

/// An update whose text is no text, and one that is nested too deeply to be read, stand beside a sound one.
async fn what_cannot_be_read_is_kept(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let odd = format!(
        r#"{{"ok":true,"result":[{{"update_id":7,"message":{{"text":"\ud83d"}}}},{{"update_id":8,"message":{deep}}},{{}}]}}"#
    );
    stage.tg.script("getUpdates", Some(&odd));
    siti.says("kpn nyoblos").await;
    let kept =
        "SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND state = 'unread' AND raw <> '' AND update_id IN (7, 8)";
    let deadline = Instant::now() + Duration::from_secs(20);
    while stage.number(kept).await < 2 {
        assert!(Instant::now() < deadline, "they are not kept:\n{}", stage.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stage.tg.script("getUpdates", None);
    siti.reads("Rabu").await;
    stage.tg.settled().await;
    assert!(stage.log().contains("1 updates without a number"), "{}", stage.log());
}

/// Calls that are never answered, connections that say nothing.
async fn nothing_delays_the_end(database: Database) {
    let (mut stage, base) = listening(database).await;
    let address = base.trim_start_matches("http://").to_owned();
    let idle: Vec<_> = (0..20).map(|_| TcpStream::connect(&address).expect("a connection")).collect();
    let siti = stage.voter("Siti");
    for _ in 0..6 {
        stage.tg.fault_next("sendMessage", Fault::Hang(Duration::from_secs(60)), When::Before);
    }
    siti.says("tps buka jam brp").await;
    stage.group.member("Budi").says("/antrean").await;
    stage.tg.settled().await;
    let (status, took) = stage.stop().await;
    assert!(status.success() && took < Duration::from_secs(10), "{status:?} after {took:?}");
    drop(idle);
}

/// A database that says nothing, and one that is gone: said once, recovered from, and no hindrance to the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn a_database_that_is_gone_is_told_and_survived() {
    let url = reqwest::Url::parse(&postgres_address()).expect("an address");
    let server = format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(5432));
    let gate = Gate::before(server).await;
    let mut stage = Stage::still(Database::Postgres, GroupKind::Supergroup).await;
    let mut by_gate = url.clone();
    by_gate.set_port(Some(gate.port)).expect("a port");
    stage.set("DATABASE_URL", by_gate.as_str());
    let base = stage.listens();
    stage.start().await;
    let siti = stage.voter("Siti");
    for (round, gone) in [Gate::silence, Gate::shut].into_iter().enumerate() {
        is_told(&base, 200, "ready", Duration::from_secs(20)).await;
        gone(&gate);
        let named = format!("database: the database (PostgreSQL 127.0.0.1:{}", gate.port);
        is_told(&base, 503, &named, Duration::from_secs(5)).await;
        tokio::time::sleep(Duration::from_secs(8)).await;
        assert_eq!(stage.log().matches("health: the database (").count(), round + 1, "said once: {}", stage.log());
        siti.says("tps buka jam brp").await;
        gate.open();
        stage.tg.set_patience(Duration::from_secs(60));
        siti.hears().await;
        stage.logs("the database is back after", round + 1).await;
    }
    is_told(&base, 200, "ready", Duration::from_secs(40)).await;
    gate.silence();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (_, took) = stage.stop().await;
    assert!(took < Duration::from_secs(10), "it took {took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_answers_make_no_loop() {
    let stage = Stage::new(Database::Sqlite).await;
    let siti = stage.voter("Siti");
    let huge = format!(r#"{{"ok":true,"result":[{{"update_id":{},"x":{{}}}}]}}"#, i64::MAX);
    for odd in [
        "{}",
        "null",
        "halo",
        r#"{"ok":true}"#,
        r#"{"ok":true,"result":{}}"#,
        r#"{"ok":true,"result":[{}]}"#,
        r#"{"ok":true,"result":["halo",null,7]}"#,
        r#"{"ok":true,"result":[]}"#,
        r#"{"ok":true,"result":[{"update_id":-5,"x":{}}]}"#,
        r#"{"ok":true,"result":[{"update_id":5,"x":{}}]}"#,
        &huge,
    ] {
        stage.tg.script("getUpdates", Some(odd));
        siti.says("tps buka jam brp").await;
        siti.hears_within(Duration::from_millis(500)).await;
        let before = stage.tg.calls_of("getUpdates").len();
        tokio::time::sleep(Duration::from_secs(3)).await;
        let calls = stage.tg.calls_of("getUpdates").len() - before;
        assert!(calls <= 6, "{calls} calls in three seconds after {odd}");
        stage.tg.script("getUpdates", None);
        stage.tg.settled().await;
    }
    assert!(stage.log().matches("without a number").count() <= 2, "said once each time:\n{}", stage.log());
}

/// Over a minute: what is gone is told once, with its address and cause, and that it is back; the minute is counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_told_once_and_that_it_is_over() {
    let (stage, base) = listening(Database::Sqlite).await;
    let siti = stage.voter("Siti");
    siti.says("kpn nyoblos").await;
    siti.hears().await;
    stage.tg.set_offline(true);
    siti.says("tps buka jam brp").await;
    let telegram = stage.tg.url().to_owned();
    is_told(&base, 200, "ready\ntelegram: Telegram can't be reached", Duration::from_secs(15)).await;
    is_told(&base, 503, "updates: no updates could be fetched for", Duration::from_secs(90)).await;
    assert_eq!(stage.log().matches(&format!("Telegram can't be reached at {telegram}: ")).count(), 1);
    assert!(!stage.log().contains("Telegram is back"));
    stage.tg.set_offline(false);
    is_told(&base, 200, "ready", Duration::from_secs(30)).await;
    stage.tg.set_patience(Duration::from_secs(70));
    siti.reads("07.00").await;
    assert_eq!(stage.log().matches("Telegram is back after").count(), 1);
    stage.logs("in a minute: updates=", 1).await;
    let log = stage.log();
    let line = log.lines().find(|line| line.contains("in a minute:")).expect("a line");
    for part in ["answered=", "offered=", "forwarded=", "sent=", "failed=", "waiting=", "oldest_s=", "too_many="] {
        assert!(line.contains(part), "{line}");
    }
}

/// Over two minutes: a webhook of another program is told and left alone; when it is gone, ours is set again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_looked_after() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    let base = stage.listens();
    stage.set("WEBHOOK_URL", &format!("{base}/jalur"));
    stage.set("WEBHOOK_SECRET", "rahasia-sekali_1");
    stage.start().await;
    is_told(&base, 200, "ready", Duration::from_secs(5)).await;
    stage.tg.set_webhook("http://127.0.0.1:9/lain?kunci=rahasia", None);
    is_told(
        &base,
        503,
        "webhook: updates go to another program: its webhook at http://127.0.0.1:9",
        Duration::from_secs(75),
    )
    .await;
    assert_eq!(stage.tg.calls_of("setWebhook").len(), 1, "it is not fought over");
    assert!(!stage.log().contains("lain?kunci"), "an address may hold a secret");
    stage.tg.clear_webhook();
    is_told(&base, 200, "ready", Duration::from_secs(75)).await;
    assert_eq!(stage.tg.webhook().map(|w| w.url), Some(format!("{base}/jalur")));
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("07.00"));
    assert_eq!(stage.log().matches("another program: its webhook").count(), 1, "said once");
    let own = stage.tg.webhook().and_then(|w| w.secret);
    assert_eq!(own.as_deref(), Some("rahasia-sekali_1"));
    // Polling after it needs no leave: the webhook is our own.
    stage.stop().await;
    stage.extra.retain(|(name, _)| !name.starts_with("WEBHOOK"));
    stage.start().await;
    assert!(stage.tg.webhook().is_none());
    assert_eq!(stage.tg.calls_of("deleteWebhook").len(), 1);
}
