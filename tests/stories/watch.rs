//! What an operator watches: metrics at an address of their own, what they say before and after traffic and while the database
//! is gone; and the log as JSON, in which one question is followed from its coming in to its answer.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::bot::{Database, Stage, free_port};
use crate::gate::Gate;
use crate::telegram::GroupKind;

stories! {
    what_was_done_is_counted, what_telegram_refuses_is_counted, a_faq_that_changes_is_shown,
    a_question_is_followed_through_the_log,
}

/// What a scrape said: the value of each series.
#[derive(Debug, Default)]
struct Scrape(BTreeMap<String, f64>);

impl Scrape {
    /// Asks for the metrics; how long that takes is bounded.
    async fn of(base: &str) -> Self {
        let begun = Instant::now();
        let answer = reqwest::get(format!("{base}/metrics")).await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
        let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
        assert!(kind.starts_with("text/plain") && kind.contains("version=0.0.4"), "{kind}");
        let text = answer.text().await.expect("text");
        assert!(begun.elapsed() < Duration::from_millis(2500), "/metrics took {:?}", begun.elapsed());
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let series = |line: &str| {
            let (name, value) = line.rsplit_once(' ').expect("a series and its value");
            (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
        };
        Self(lines.map(series).collect())
    }

    /// The value of a series; none if there is none.
    fn get(&self, series: &str) -> Option<f64> {
        self.0.get(series).copied()
    }

    /// The value of a series that is there.
    fn value(&self, series: &str) -> f64 {
        self.get(series).unwrap_or_else(|| panic!("no {series} in {:#?}", self.0))
    }
}

/// Scrapes until `ready`.
async fn scraped(base: &str, patience: Duration, ready: impl Fn(&Scrape) -> bool) -> Scrape {
    let deadline = Instant::now() + patience;
    loop {
        let scrape = Scrape::of(base).await;
        if ready(&scrape) {
            return scrape;
        }
        assert!(Instant::now() < deadline, "the metrics never said so: {scrape:#?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Lets the program serve metrics at a free port from its next start on; gives the address.
fn watched(stage: &mut Stage) -> String {
    let port = free_port();
    stage.set("ADMIN_LISTEN", &format!("127.0.0.1:{port}"));
    format!("http://127.0.0.1:{port}")
}

async fn status(address: String) -> u16 {
    reqwest::get(address).await.expect("an answer").status().as_u16()
}

async fn what_was_done_is_counted(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let (public, admin) = (stage.listens(), watched(&mut stage));
    stage.start().await;
    let before = Scrape::of(&admin).await;
    for series in [
        r#"tanya_pemilu_updates_total{kind="message"}"#,
        r#"tanya_pemilu_verdicts_total{verdict="answer"}"#,
        r#"tanya_pemilu_verdicts_total{verdict="forward"}"#,
        r#"tanya_pemilu_ratings_total{helped="yes"}"#,
        r#"tanya_pemilu_telegram_calls_total{method="sendMessage",result="ok"}"#,
        r#"tanya_pemilu_outbox_calls_ended_total{end="sent"}"#,
        "tanya_pemilu_confidence_ratio_count",
        "tanya_pemilu_answer_seconds_count",
        "tanya_pemilu_tickets_open",
    ] {
        assert_eq!(before.value(series), 0.0, "{series}");
    }
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("tps buka jam brp").await;
    let answer = siti.hears().await;
    siti.presses(&answer, "Membantu").await.answer().await;
    siti.says("makasih ya").await;
    siti.hears().await;
    siti.says("/petugas siapa yang urus banjir di kampung saya, 0812-3456-7890").await;
    siti.hears().await;
    budi.hears().await;
    stage.recorded().await;
    let waits = |scrape: &Scrape| scrape.get("tanya_pemilu_tickets_open") == Some(1.0);
    let after = scraped(&admin, Duration::from_secs(10), waits).await;
    for (series, expected) in [
        (r#"tanya_pemilu_updates_total{kind="message"}"#, 3.0),
        (r#"tanya_pemilu_updates_total{kind="callback_query"}"#, 1.0),
        (r#"tanya_pemilu_verdicts_total{verdict="answer"}"#, 1.0),
        (r#"tanya_pemilu_verdicts_total{verdict="small_talk"}"#, 1.0),
        (r#"tanya_pemilu_verdicts_total{verdict="forward"}"#, 1.0),
        (r#"tanya_pemilu_ratings_total{helped="yes"}"#, 1.0),
        (r#"tanya_pemilu_ratings_total{helped="no"}"#, 0.0),
        // What is asked of a person is not judged.
        ("tanya_pemilu_confidence_ratio_count", 2.0),
        // To the voter: what goes to the moderators ends nobody's wait.
        ("tanya_pemilu_answer_seconds_count", 3.0),
        (r#"tanya_pemilu_telegram_calls_total{method="sendMessage",result="ok"}"#, 4.0),
        (r#"tanya_pemilu_outbox_calls_ended_total{end="failed"}"#, 0.0),
        ("tanya_pemilu_ready", 1.0),
        (r#"tanya_pemilu_part_ok{part="database"}"#, 1.0),
        ("tanya_pemilu_inbox_updates", 0.0),
        (r#"tanya_pemilu_outbox_calls{to="voters"}"#, 0.0),
        ("tanya_pemilu_faq_entries", 6.0),
        ("tanya_pemilu_faq_faults", 0.0),
        (r#"tanya_pemilu_faq_loads_total{result="good"}"#, 1.0),
    ] {
        assert_eq!(after.value(series), expected, "{series} in {after:#?}");
    }
    let (sum, longest) = (after.value("tanya_pemilu_answer_seconds_sum"), 60.0);
    assert!(sum > 0.0 && sum < longest, "{sum}");
    assert!(after.value(r#"tanya_pemilu_database_transaction_seconds_count{result="committed"}"#) > 5.0);
    assert!(after.value("process_resident_memory_bytes") > 1e6);
    // Nothing in it is anybody's.
    let names: String = after.0.keys().map(|series| format!("{series}\n")).collect();
    for own in [siti.chat().to_string(), stage.group.id().to_string(), stage.tg.bot_id().to_string()] {
        assert!(!names.contains(&own), "{own} in {names}");
    }
    for word in [stage.tg.token(), "banjir", "tps", "Siti", "Budi", "0812", "uji-jam"] {
        assert!(!names.contains(word), "{word} in {names}");
    }
    // Who reaches the public address reaches no metrics; who watches needs no other address.
    assert_eq!(status(format!("{public}/metrics")).await, 404);
    for path in ["healthz", "readyz"] {
        assert_eq!((status(format!("{public}/{path}")).await, status(format!("{admin}/{path}")).await), (200, 200));
    }
    stage.tg.assert_rules_kept();
}

async fn what_telegram_refuses_is_counted(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let admin = watched(&mut stage);
    stage.start().await;
    let (siti, rina, budi) = (stage.voter("Siti"), stage.voter("Rina"), stage.group.member("Budi"));
    stage.tg.flood(siti.chat(), 1);
    siti.says("tps buka jam brp").await;
    siti.hears().await;
    rina.says("/petugas siapa yang urus banjir di kampung saya").await;
    rina.hears().await;
    let card = budi.hears().await;
    rina.blocks_bot_silently();
    budi.replies(&card, "Pak lurah.").await;
    let blocked = r#"tanya_pemilu_outbox_calls_ended_total{end="blocked"}"#;
    let after = scraped(&admin, Duration::from_secs(20), |scrape| scrape.get(blocked) == Some(1.0)).await;
    let calls =
        |result: &str| format!(r#"tanya_pemilu_telegram_calls_total{{method="sendMessage",result="{result}"}}"#);
    assert!(after.value(&calls("too_many")) >= 1.0, "{after:#?}");
    assert_eq!(after.value(&calls("refused")), 1.0, "{after:#?}");
    let waited = after.value("tanya_pemilu_answer_seconds_sum");
    assert!(waited > 1.0, "the wait for Telegram counts: {waited}");
    assert_eq!(
        after.value("tanya_pemilu_answer_seconds_count"),
        2.0,
        "a moderator's reply is no answer to its own update"
    );
}

async fn a_faq_that_changes_is_shown(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let admin = watched(&mut stage);
    stage.start().await;
    let version = |scrape: &Scrape| -> Vec<String> {
        scrape.0.keys().filter(|series| series.starts_with("tanya_pemilu_faq_info")).cloned().collect()
    };
    let first = version(&Scrape::of(&admin).await);
    let file = stage.faq().join("uji.toml");
    let text = std::fs::read_to_string(&file).expect("entries");
    std::fs::write(&file, text.replace("reviewed =", "reviewd =")).expect("saved");
    let faulty = |scrape: &Scrape| scrape.get("tanya_pemilu_faq_faults").is_some_and(|faults| faults > 0.0);
    let scrape = scraped(&admin, Duration::from_secs(90), faulty).await;
    assert_eq!(scrape.value(r#"tanya_pemilu_part_ok{part="faq"}"#), 0.0);
    assert_eq!(scrape.value("tanya_pemilu_ready"), 1.0, "the old one serves");
    assert_eq!(version(&scrape), first);
    // What `/readyz` said last holds for half a second.
    tokio::time::sleep(Duration::from_millis(600)).await;
    let told = reqwest::get(format!("{admin}/readyz")).await.expect("an answer").text().await.expect("text");
    assert!(told.starts_with("ready\nfaq: the FAQ ("), "{told}");
    std::fs::write(&file, text.replace("07.00", "06.30")).expect("saved");
    let mended = |scrape: &Scrape| scrape.get("tanya_pemilu_faq_faults") == Some(0.0);
    let scrape = scraped(&admin, Duration::from_secs(90), mended).await;
    let now = version(&scrape);
    assert!(now.len() == 1 && first.len() == 1 && now != first, "{first:?} {now:?}");
    // A file may be seen half written, which is a fault, too.
    assert!(scrape.value(r#"tanya_pemilu_faq_loads_total{result="faulty"}"#) >= 1.0);
}

/// The lines of the log, each an object.
fn lines(stage: &Stage) -> Vec<Value> {
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("no JSON ({e}): {line}"));
    stage.log().lines().map(read).collect()
}

/// Those that are about an update.
fn of(stage: &Stage, update: &Value) -> Vec<Value> {
    lines(stage).into_iter().filter(|line| line["update"] == *update).collect()
}

async fn a_question_is_followed_through_the_log(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("LOG_FORMAT", "json");
    stage.start().await;
    let (siti, budi) = (stage.voter("Siti Aminah"), stage.group.member("Budi Santoso"));
    siti.says("tps buka jam brp").await;
    siti.hears().await;
    siti.says("siapa yang urus banjir di kampung saya, nik 3201234567890123").await;
    siti.hears().await;
    let card = budi.hears().await;
    budi.replies(&card, "Pak lurah Sukarasa.").await;
    siti.reads("Sukarasa").await;
    stage.recorded().await;
    // As an operator sees it: one line that says what a question came to, and one when Telegram took the answer.
    let questions: Vec<Value> = lines(&stage).into_iter().filter(|line| line["message"] == "question").collect();
    let verdicts: Vec<&str> = questions.iter().filter_map(|line| line["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["answer", "forward"], "{questions:?}");
    for question in &questions {
        assert!(question["confidence"].as_f64().is_some_and(|sure| (0.0..=1.0).contains(&sure)), "{question}");
        let own = of(&stage, &question["update"]);
        let told: Vec<&str> = own.iter().filter_map(|line| line["message"].as_str()).collect();
        assert_eq!(told, ["question", "answered"], "{own:?}");
        assert!(own[1]["call"].is_i64() && own[1]["seconds"].as_f64().is_some_and(|s| s < 60.0), "{own:?}");
    }
    // As one who debugs does: all that was done for it.
    stage.stop().await;
    stage.set("RUST_LOG", "debug");
    stage.start().await;
    siti.says("kpn nyoblos").await;
    siti.hears().await;
    stage.recorded().await;
    // A faulty FAQ is a report of many lines.
    let file = stage.faq().join("uji.toml");
    let text = std::fs::read_to_string(&file).expect("entries");
    std::fs::write(&file, text.replace("reviewed =", "reviewd =")).expect("saved");
    stage.logs("FAQ not loaded", 1).await;
    stage.stop().await;
    let last = lines(&stage).into_iter().rfind(|line| line["message"] == "question").expect("a line");
    let own = of(&stage, &last["update"]);
    let told: Vec<&str> = own.iter().filter_map(|line| line["message"].as_str()).collect();
    assert_eq!(told, ["an update came in", "decided", "question", "a call was made", "answered"], "{own:?}");
    assert!(own.iter().all(|line| line["level"].is_string() && line["timestamp"].is_string()), "{own:?}");
    let log = stage.log();
    let token = stage.tg.token();
    for word in ["tps buka", "banjir", "nyoblos", "3201234567890123", "Sukarasa", "Aminah", "Santoso", token] {
        assert!(!log.contains(word), "{word} in the log");
    }
    assert!(log.contains("reviewd") && !log.contains(&siti.chat().to_string()), "no voter's number");
    // The last words are a line like the others.
    stage.set("MODERATOR_CHAT", "7");
    let (code, told) = stage.ends().await;
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert!(code == Some(2) && told["message"].as_str().is_some_and(|m| m.contains("MODERATOR_CHAT")), "{told}");
    stage.extra.clear();
    stage.set("LOG_FORMAT", "xml");
    let (code, told) = stage.ends().await;
    assert_eq!((code, told.as_str()), (Some(2), "LOG_FORMAT harus text atau json."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_never_stand_at_the_public_address() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    let port = free_port();
    for (public, admin) in [
        (format!("127.0.0.1:{port}"), format!("127.0.0.1:{port}")),
        (format!("0.0.0.0:{port}"), format!("127.0.0.1:{port}")),
        (format!("127.0.0.1:{port}"), format!("[::]:{port}")),
    ] {
        stage.extra = vec![("LISTEN".to_owned(), public.clone()), ("ADMIN_LISTEN".to_owned(), admin.clone())];
        let (code, told) = stage.ends().await;
        assert_eq!(code, Some(2), "{told}");
        for part in ["ADMIN_LISTEN", "LISTEN", &public, &admin, "/metrics"] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
    stage.extra = vec![("ADMIN_LISTEN".to_owned(), "di sini".to_owned())];
    let (code, told) = stage.ends().await;
    assert!(code == Some(2) && told.contains("ADMIN_LISTEN harus alamat dan port"), "{told}");
    let held = std::net::TcpListener::bind(("127.0.0.1", port)).expect("a port");
    stage.extra = vec![("ADMIN_LISTEN".to_owned(), held.local_addr().expect("an address").to_string())];
    let (code, told) = stage.ends().await;
    assert!(code == Some(2) && told.contains("ADMIN_LISTEN: 127.0.0.1") && told.contains("dipakai"), "{told}");
    // Without it nothing but the public address is open, and that has none.
    stage.extra.clear();
    let public = stage.listens();
    stage.start().await;
    assert_eq!(status(format!("{public}/metrics")).await, 404);
}

/// A database that says nothing, and one that is gone: the metrics are told in time, without the figures that it alone knows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_survive_a_database_that_is_gone() {
    let Ok(address) = std::env::var("TEST_DATABASE_URL") else { return };
    let mut by_gate = reqwest::Url::parse(&address).expect("an address");
    let server = format!("{}:{}", by_gate.host_str().expect("a host"), by_gate.port().unwrap_or(5432));
    let gate = Gate::before(server).await;
    by_gate.set_port(Some(gate.port)).expect("a port");
    let mut stage = Stage::still(Database::Postgres, GroupKind::Supergroup).await;
    stage.set("DATABASE_URL", by_gate.as_str());
    let admin = watched(&mut stage);
    stage.start().await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    siti.hears().await;
    let database = r#"tanya_pemilu_part_ok{part="database"}"#;
    let failed = r#"tanya_pemilu_database_transaction_seconds_count{result="failed"}"#;
    for gone in [Gate::silence, Gate::shut] {
        let known = |scrape: &Scrape| scrape.get("tanya_pemilu_inbox_updates").is_some();
        scraped(&admin, Duration::from_secs(20), |scrape| known(scrape) && scrape.get(database) == Some(1.0)).await;
        gone(&gate);
        let told = |scrape: &Scrape| scrape.get(database) == Some(0.0) && scrape.get("tanya_pemilu_ready") == Some(0.0);
        let scrape = scraped(&admin, Duration::from_secs(30), |scrape| told(scrape) && !known(scrape)).await;
        assert!(scrape.get("tanya_pemilu_tickets_open").is_none(), "an old figure is no figure: {scrape:#?}");
        assert!(scrape.value("process_resident_memory_bytes") > 1e6);
        assert_eq!(scrape.value(r#"tanya_pemilu_verdicts_total{verdict="answer"}"#), 1.0);
        assert!(scrape.value(failed) > 0.0, "{scrape:#?}");
        assert_eq!(status(format!("{admin}/healthz")).await, 200);
        // Many who ask at once wait no longer than one.
        let begun = Instant::now();
        let many = (0..20).map(|_| tokio::spawn(status(format!("{admin}/metrics")))).collect::<Vec<_>>();
        for one in many {
            assert_eq!(one.await.expect("no panic"), 200);
        }
        assert!(begun.elapsed() < Duration::from_secs(4), "it took {:?}", begun.elapsed());
        gate.open();
    }
    let back = |scrape: &Scrape| scrape.get("tanya_pemilu_tickets_open").is_some();
    scraped(&admin, Duration::from_secs(30), back).await;
}
