//! Privacy, hot reload, stopping, webhook and settings: the real program from outside, on both databases.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::bot::{Database, Stage, bare_command};
use crate::telegram::{Fault, GroupKind, When};
use serde_json::json;
use tanya_pemilu::store::Store;

const FOREIGN: &str = "siapa yang urus banjir di kampung saya, nik 3201234567890123, telepon 0812-3456-7890";

stories! {
    personal_data_are_masked_everywhere, texts_are_blanked_in_time, hapus_deletes_everything, retention_is_enforced,
    a_saved_faq_serves_at_once, sigterm_loses_nothing, updates_come_by_webhook, what_cannot_be_read_is_skipped,
    faults_on_the_wire_lose_nothing, the_order_is_kept_over_faults, a_429_holds_its_chat_and_three_hold_all,
    a_conflict_is_told_and_waited_out, a_webhook_that_is_set_is_removed, a_refused_message_is_shown,
    imitations_can_be_told,
}

async fn personal_data_are_masked_everywhere(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("RUST_LOG", "trace");
    stage.start().await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(FOREIGN).await;
    siti.hears().await;
    let card = budi.hears().await;
    assert!(card.text().contains("banjir") && card.text().contains("[nomor disamarkan]"), "{}", card.text());
    siti.says("/privasi").await;
    let told = siti.hears().await;
    assert!(told.text().contains("90 hari") && told.text().contains("/hapus"), "{}", told.text());
    stage.tg.settled().await;
    stage.stop().await;
    for digits in ["3201234567890123", "3456-7890"] {
        assert!(!stage.log().contains(digits), "in the log");
        assert!(!budi.screen().contains(digits), "in the moderator chat");
    }
    assert!(!stage.log().contains("banjir"), "texts are never logged");
    assert!(!stage.log().contains(stage.tg.token()), "the token is never logged");
    let kept = "SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND raw <> ''";
    assert_eq!(stage.number(kept).await, 0, "a raw update is blanked once handled");
    let ticket = "SELECT COUNT(*) FROM ticket WHERE bot_id = $1 AND body LIKE '%3201234567890123%'";
    assert_eq!(stage.number(ticket).await, 0);
    if database == Database::Sqlite {
        for name in ["bot.db", "bot.db-wal", "bot.db-shm"] {
            let Ok(file) = std::fs::metadata(stage.dir.path().join(name)) else { continue };
            assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name} is its owner's");
        }
    }
}

async fn texts_are_blanked_in_time(database: Database) {
    let mut stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    siti.hears().await;
    stage.tg.inject(json!({"message": {"text": "rahasia"}}));
    stage.tg.settled().await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let texts = "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND body <> '{}'";
    let unread = "SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND raw <> ''";
    assert_eq!((stage.number(texts).await, stage.number(unread).await), (1, 1));
    // The program runs for no hour yet: its clock is not believed, and nothing is deleted.
    stage.change("UPDATE outbox SET sent = sent - 490 * 3600000 WHERE bot_id = $1").await;
    stage.change("UPDATE due SET at = 1 WHERE bot_id = $1 AND name = 'sweep'").await;
    let put_off = "SELECT COUNT(*) FROM due WHERE bot_id = $1 AND name = 'sweep' AND at > 1";
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if stage.number(put_off).await == 1 {
            break;
        }
    }
    assert_eq!((stage.number(put_off).await, stage.number(texts).await), (1, 1), "looked at again in an hour");
    assert!(stage.log().contains("nothing old is deleted for now"), "and said");
    stage.stop().await;
    // 47 hours, 6 days: kept. 49 hours, 8 days: blanked.
    stage.change("UPDATE outbox SET sent = sent + 443 * CAST(3600000 AS BIGINT) WHERE bot_id = $1").await;
    stage.change("UPDATE inbox SET received = received - 6 * 86400000 WHERE bot_id = $1 AND state = 'unread'").await;
    sweep(&stage).await;
    assert_eq!((stage.number(texts).await, stage.number(unread).await), (1, 1));
    stage.change("UPDATE outbox SET sent = sent - 2 * 3600000 WHERE bot_id = $1").await;
    stage.change("UPDATE inbox SET received = received - 2 * 86400000 WHERE bot_id = $1 AND state = 'unread'").await;
    sweep(&stage).await;
    assert_eq!((stage.number(texts).await, stage.number(unread).await), (0, 0));
}

/// Deletes what is old, as the desk would have it once the clock can be believed.
async fn sweep(stage: &Stage) {
    let store = Store::open(stage.database(), stage.tg.bot_id()).await.expect("the database opens");
    let mut tx = store.write().await.expect("a transaction");
    let (now, hour) = (stage.tg.now() * 1000, 3_600_000);
    tx.sweep(now - 48 * hour, now - 7 * 24 * hour, now - 90 * 24 * hour).await.expect("deleted");
    tx.commit().await.expect("committed");
    store.close().await;
}

async fn hapus_deletes_everything(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(FOREIGN).await;
    siti.hears().await;
    let card = budi.hears().await;
    siti.says("/hapus").await;
    let question = siti.hears().await;
    assert!(question.text().contains("sekali lagi") && question.button("Batal").is_some(), "{}", question.text());
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("dibatalkan"));
    siti.hears().await;
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("/hapus").await;
    assert!(siti.hears().await.text().contains("sudah dihapus"));
    let closed = budi.sees_edit(&card).await;
    assert!(closed.text().contains("ditutup") && !closed.text().contains("banjir"), "{}", closed.text());
    for count in [
        "SELECT COUNT(*) FROM voter WHERE bot_id = $1",
        "SELECT COUNT(*) FROM ticket WHERE bot_id = $1",
        "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND voter IS NOT NULL",
        "SELECT COUNT(*) FROM link WHERE bot_id = $1 AND voter IS NOT NULL",
        "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND body LIKE '%banjir%'",
        "SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND raw <> ''",
    ] {
        assert_eq!(stage.number(count).await, 0, "{count}");
    }
    budi.replies(&card, "Terlambat.").await;
    assert!(budi.hears().await.text().contains("Tidak ada pertanyaan #1"));
    stage.tg.assert_rules_kept();
}

async fn retention_is_enforced(database: Database) {
    let mut stage = Stage::new(database).await;
    let (siti, rina) = (stage.voter("Siti"), stage.voter("Rina"));
    for voter in [&siti, &rina] {
        voter.says(FOREIGN).await;
        voter.hears().await;
    }
    stage.change("UPDATE voter SET seen = seen - 91 * CAST(86400000 AS BIGINT) WHERE bot_id = $1 AND id = (SELECT MIN(id) FROM voter WHERE bot_id = $1)").await;
    stage.stop().await;
    sweep(&stage).await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM voter WHERE bot_id = $1").await, 1);
    assert_eq!(stage.number("SELECT COUNT(*) FROM ticket WHERE bot_id = $1").await, 1);
}

async fn a_saved_faq_serves_at_once(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    let file = stage.faq().join("uji.toml");
    let text = std::fs::read_to_string(&file).expect("entries");
    std::fs::write(&file, text.replace("07.00", "06.30")).expect("saved");
    wait_for_log(&stage, "FAQ loaded anew", 1).await;
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("06.30"));
    // A faulty edit leaves the old one serving, and is told.
    std::fs::write(&file, text.replace("reviewed =", "reviewd =")).expect("saved");
    let told = budi.hears().await;
    assert!(told.text().contains("belum dimuat ulang") && told.text().contains("uji.toml"), "{}", told.text());
    assert!(stage.log().contains("reviewd"));
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    // A moderator asks, and SIGHUP does.
    std::fs::write(&file, text.replace("07.00", "05.45")).expect("saved");
    stage.reloads(&budi).await;
    // The saved file may have been noticed before, and what changed by it told of.
    budi.reads("6 entri").await;
    let before = stage.log().matches("FAQ loaded anew").count();
    stage.signal("HUP");
    wait_for_log(&stage, "FAQ loaded anew", before + 1).await;
    siti.says("jam tutup tps").await;
    assert!(siti.hears().await.text().contains("05.45"));
    // A voter can't.
    siti.says("/muat_ulang").await;
    assert!(siti.hears().await.text().contains("tidak saya kenal"));
    stage.tg.assert_rules_kept();
}

async fn wait_for_log(stage: &Stage, text: &str, count: usize) {
    for _ in 0..200 {
        if stage.log().matches(text).count() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("\"{text}\" was never logged {count} times:\n{}", stage.log());
}

async fn sigterm_loses_nothing(database: Database) {
    let mut stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    stage.tg.fault_next("sendMessage", Fault::Hang(Duration::from_secs(2)), When::Before);
    siti.says("tps buka jam brp").await;
    stage.tg.settled().await;
    let (status, took) = stage.stop().await;
    assert!(status.success() && took < Duration::from_secs(10), "{status:?} after {took:?}");
    siti.says("kpn nyoblos").await;
    stage.start().await;
    siti.reads("07.00").await;
    siti.reads("Rabu").await;
    budi.hears_nothing(Duration::from_millis(200)).await;
    assert_eq!(stage.tg.count(siti.chat(), "07.00"), 1);
    stage.tg.assert_rules_kept();
}

async fn updates_come_by_webhook(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let port = crate::bot::free_port();
    let base = format!("http://127.0.0.1:{port}");
    stage.set("WEBHOOK_URL", &format!("{base}/jalur/telegram"));
    stage.set("WEBHOOK_SECRET", "rahasia-sekali_1");
    stage.set("LISTEN", &format!("127.0.0.1:{port}"));
    stage.start().await;
    assert_eq!(stage.tg.webhook().and_then(|w| w.secret), Some("rahasia-sekali_1".to_owned()));
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("07.00"));
    let client = reqwest::Client::new();
    let post = |secret: Option<&str>, body: String| {
        let request = client.post(format!("{base}/jalur/telegram")).body(body);
        let request = match secret {
            Some(secret) => request.header("X-Telegram-Bot-Api-Secret-Token", secret),
            None => request,
        };
        async move { request.send().await.expect("an answer").status().as_u16() }
    };
    assert_eq!(post(None, "{}".to_owned()).await, 401);
    assert_eq!(post(Some("salah"), "{\"update_id\":1}".to_owned()).await, 401);
    assert_eq!(post(Some("rahasia-sekali_1"), "x".repeat(3 << 20)).await, 413);
    assert_eq!(post(Some("rahasia-sekali_1"), "bukan json".to_owned()).await, 400);
    for path in ["healthz", "readyz"] {
        let answer = client.get(format!("{base}/{path}")).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{path}");
    }
    assert!(stage.tg.calls_of("getUpdates").is_empty(), "no polling beside a webhook");
    stage.tg.assert_rules_kept();
}

async fn what_cannot_be_read_is_skipped(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    stage.tg.inject(json!({"callback_query": {"a": [1, 2, {"b": null}]}}));
    stage.tg.inject(json!({"message": {"message_id": "bukan angka"}}));
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    stage.tg.settled().await;
    let kept = "SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND state = 'unread' AND raw <> ''";
    for _ in 0..100 {
        if stage.number(kept).await == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(stage.number(kept).await, 2);
    stage.tg.assert_rules_kept();
}

async fn faults_on_the_wire_lose_nothing(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    stage.tg.set_patience(Duration::from_secs(40));
    let kinds = [Fault::Status(500), Fault::Status(502), Fault::Drop, Fault::Hang(Duration::from_millis(300))];
    stage.tg.random_faults(0.3, &kinds, &[], 11);
    let voters: Vec<_> = (0..12).map(|i| stage.voter(&format!("Pemilih {i}"))).collect();
    for voter in &voters {
        voter.says("tps buka jam brp").await;
    }
    stage.tg.flood(voters[0].chat(), 2);
    for voter in &voters {
        voter.reads("07.00").await;
    }
    stage.tg.random_faults(0.0, &[], &[], 1);
    stage.tg.settled().await;
    stage.tg.assert_rules_kept();
    assert!(!stage.tg.retries().is_empty());
}

async fn the_order_is_kept_over_faults(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, rina) = (stage.voter("Siti"), stage.voter("Rina"));
    stage.tg.fault_next("sendMessage", Fault::Status(500), When::Before);
    stage.tg.fault_next("sendMessage", Fault::Drop, When::Before);
    siti.says("tps buka jam brp").await;
    siti.says("kpn nyoblos").await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    rina.says("kpn nyoblos").await;
    rina.reads("Rabu").await;
    siti.reads("Rabu").await;
    let screen = siti.screen();
    assert!(screen.find("07.00") < screen.find("Rabu"), "{screen}");
    stage.tg.assert_rules_kept();
}

async fn a_429_holds_its_chat_and_three_hold_all(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let voters: Vec<_> = (0..3).map(|i| stage.voter(&format!("Pemilih {i}"))).collect();
    let rina = stage.voter("Rina");
    stage.tg.flood(voters[0].chat(), 3);
    voters[0].says("tps buka jam brp").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begun = Instant::now();
    rina.says("tps buka jam brp").await;
    rina.reads("07.00").await;
    assert!(begun.elapsed() < Duration::from_secs(2), "one chat's 429 holds nobody else");
    voters[0].reads("07.00").await;
    // On a loaded machine the three may meet their 429 too far apart to be told together: then they ask again.
    let mut held = false;
    for _ in 0..5 {
        for voter in &voters {
            stage.tg.flood(voter.chat(), 5);
            voter.says("kpn nyoblos").await;
        }
        held = holds_all(&stage).await;
        if held {
            break;
        }
        for voter in &voters {
            voter.reads("Rabu").await;
        }
    }
    assert!(held, "three within a second hold everything");
    let begun = Instant::now();
    rina.says("kpn nyoblos").await;
    stage.kill();
    stage.start().await;
    rina.reads("Rabu").await;
    assert!(begun.elapsed() > Duration::from_secs(2), "a kill does not make it forget");
    for voter in &voters {
        voter.reads("Rabu").await;
    }
    stage.tg.assert_rules_kept();
}

/// Whether all chats are held within two seconds, as it is written down.
async fn holds_all(stage: &Stage) -> bool {
    // All chats are the number below every chat's.
    let statement = "SELECT count(*) FROM hold WHERE bot_id = $1 AND chat_id < -9000000000000000000";
    for _ in 0..40 {
        if stage.number(statement).await > 0 {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

async fn a_conflict_is_told_and_waited_out(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    // Another program takes the updates.
    stage.tg.set_webhook("http://127.0.0.1:9/lain", None);
    siti.says("tps buka jam brp").await;
    // The bot's number may hold these digits as well, so it is the words that are waited for.
    wait_for_log(&stage, "another instance", 1).await;
}

async fn a_webhook_that_is_set_is_removed(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let siti = stage.voter("Siti");
    stage.tg.set_webhook("http://127.0.0.1:9/lama", None);
    siti.says("tps buka jam brp").await;
    let (code, told) = stage.ends().await;
    assert!(code == Some(2) && told.contains("http://127.0.0.1:9") && told.contains("--take-over"), "{told}");
    assert!(!told.contains("lama") && stage.tg.webhook().is_some(), "it stays as it is: {told}");
    stage.args.push("--take-over".to_owned());
    stage.start().await;
    assert!(siti.hears().await.text().contains("07.00"), "what waited is not dropped");
    assert!(stage.tg.webhook().is_none());
    stage.tg.assert_rules_kept();
}

async fn a_refused_message_is_shown(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(FOREIGN).await;
    siti.hears().await;
    let card = budi.hears().await;
    let photo = budi.replies_with(&card, "photo", "gambar").await;
    siti.hears().await;
    budi.deletes(&photo);
    // What is to be copied is gone before the bot gets to it: the words arrive at least, and that is told.
    stage.tg.set_offline(true);
    let gone = budi.replies_with(&card, "photo", "gambar kedua").await;
    budi.deletes(&gone);
    stage.tg.set_offline(false);
    let shown = budi.sees(&card, |m| m.text().contains("tanpa gambar")).await;
    assert!(shown.text().contains("not found"), "{}", shown.text());
    assert!(siti.hears().await.text().contains("gambar kedua"));
}

#[test]
fn wrong_settings_are_told_in_one_sentence() {
    let dir = tempfile::tempdir().expect("a folder");
    let token = "123456:AAFakeFakeFakeFakeFakeFakeFakeFakeFk";
    let webhook = ("WEBHOOK_URL", "https://a.example/x");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[], "TELOXIDE_TOKEN"),
        (&[("TELOXIDE_TOKEN", "kata sandi")], "TELOXIDE_TOKEN"),
        (&[("TELOXIDE_TOKEN", token)], "MODERATOR_CHAT"),
        (&[("TELOXIDE_TOKEN", token), ("MODERATOR_CHAT", "@grup")], "MODERATOR_CHAT"),
        (&[("MODERATOR_CHAT", "-1"), ("TELEGRAM_API_URL", "ftp://x")], "TELEGRAM_API_URL"),
        (&[("MODERATOR_CHAT", "-1"), ("SEND_LIMITS", "sedikit")], "SEND_LIMITS"),
        (&[("MODERATOR_CHAT", "-1"), ("LISTEN", "di sini")], "LISTEN"),
        (&[("MODERATOR_CHAT", "-1"), webhook], "WEBHOOK_SECRET"),
        (&[("MODERATOR_CHAT", "-1"), webhook, ("WEBHOOK_SECRET", "a b")], "WEBHOOK_SECRET"),
        (&[("MODERATOR_CHAT", "-1"), webhook, ("WEBHOOK_SECRET", "ab")], "LISTEN"),
        (&[("MODERATOR_CHAT", "-1"), ("WEBHOOK_URL", "bukan alamat")], "WEBHOOK_URL"),
    ];
    for (settings, name) in cases {
        let mut command = bare_command();
        command.arg("run").current_dir(dir.path());
        if settings.first().is_some_and(|(first, _)| *first == "MODERATOR_CHAT") {
            command.env("TELOXIDE_TOKEN", token);
        }
        command.envs(settings.iter().copied());
        let (code, error) = outcome(command);
        assert_eq!((code, error.lines().count()), (Some(2), 1), "{settings:?}: {error}");
        assert!(error.contains(name) && !error.contains("AAFake"), "{settings:?}: {error}");
    }
}

fn outcome(mut command: Command) -> (Option<i32>, String) {
    let output = command.output().expect("it runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_token_ends_it_and_a_network_fault_does_not() {
    let mut stage = Stage::still(Database::Sqlite, GroupKind::Supergroup).await;
    let mut command = stage.command();
    command.env("TELOXIDE_TOKEN", "123456:AAFakeFakeFakeFakeFakeFakeFakeFakeXX");
    let (code, error) = tokio::task::spawn_blocking(move || outcome(command)).await.expect("no panic");
    assert_eq!(code, Some(2), "{error}");
    assert!(error.contains("ditolak Telegram") && !error.contains("AAFake"), "{error}");
    let mut command = stage.command();
    command.env("DATABASE_URL", "mysql://x");
    let (code, error) = tokio::task::spawn_blocking(move || outcome(command)).await.expect("no panic");
    assert!(code == Some(2) && error.matches("DATABASE_URL").count() == 1, "{error}");
    stage.tg.set_offline(true);
    stage.set("RUST_LOG", "trace");
    stage.set("LISTEN", "127.0.0.1:0");
    stage.launch();
    wait_for_log(&stage, "can't be reached", 1).await;
    assert!(stage.is_running());
    let log = stage.log();
    let base = log.split("listening on ").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("an address");
    let client = reqwest::Client::new();
    let status =
        async |path: &str| client.get(format!("{base}/{path}")).send().await.expect("an answer").status().as_u16();
    assert_eq!((status("healthz").await, status("readyz").await), (200, 503));
    stage.tg.set_offline(false);
    let siti = stage.voter("Siti");
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    assert_eq!((status("healthz").await, status("readyz").await), (200, 200));
    assert!(!stage.log().contains("AAFake"), "the token is never logged");
}

async fn imitations_can_be_told(database: Database) {
    for named in [false, true] {
        let mut stage = Stage::still(database, GroupKind::Supergroup).await;
        if named {
            let file = stage.faq().join("bot.toml");
            let text = std::fs::read_to_string(&file).expect("settings");
            let names = "handle = \"@uji_resmi_bot\"\nchannel = \"@uji_resmi\"\n";
            std::fs::write(&file, format!("{text}\n{names}")).expect("saved");
        }
        stage.start().await;
        let siti = stage.voter("Siti");
        siti.says("/resmi").await;
        let told = siti.hears().await;
        let expected: &[&str] =
            if named { &["@uji_resmi_bot", "@uji_resmi."] } else { &["belum mencantumkan nama resminya"] };
        for part in expected.iter().chain(&["tidak pernah meminta kata sandi"]) {
            assert!(told.text().contains(part), "{part}: {}", told.text());
        }
        siti.says("/start").await;
        assert_eq!(siti.hears().await.text().contains("@uji_resmi_bot"), named);
    }
}
