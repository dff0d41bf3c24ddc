//! Polls, webhooks, forms of bodies, faults.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Bot;
use crate::telegram::{Fate, Fault, Outcome, Telegram, When};

#[tokio::test]
async fn updates_are_kept_until_a_greater_offset_confirms_them() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let siti = tg.voter("Siti");
    let first = siti.says("satu").await.update.expect("told");
    let second = siti.says("dua").await.update.expect("told");
    assert_eq!(tg.fate(first), Fate::Waiting);

    let got = bot.updates(json!({"limit": 1})).await;
    assert_eq!(got.len(), 1);
    assert_eq!((tg.fate(first), tg.fate(second)), (Fate::Handed, Fate::Waiting));
    // Not confirmed: it comes again.
    assert_eq!(bot.updates(json!({})).await.len(), 2);
    assert_eq!(tg.updates()[first].handed, 2);
    let id = got[0]["update_id"].as_i64().expect("an id");
    assert_eq!(bot.updates(json!({"offset": id + 1})).await[0]["message"]["text"], "dua");
    assert_eq!((tg.fate(first), tg.fate(second)), (Fate::Confirmed, Fate::Handed));
    assert_eq!(tg.unconfirmed().len(), 1);
    bot.updates(json!({"offset": id + 2})).await;
    tg.settled().await;

    // A long poll is answered as soon as someone speaks.
    let begun = Instant::now();
    let speak = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        siti.says("tiga").await;
    };
    let (got, ()) = tokio::join!(bot.updates(json!({"offset": id + 2, "timeout": 20})), speak);
    assert_eq!(got[0]["message"]["text"], "tiga");
    assert!(begun.elapsed() < Duration::from_secs(10));
    // And with nothing to tell it ends after its time.
    assert!(bot.updates(json!({"offset": id + 3, "timeout": 1})).await.is_empty());
}

#[tokio::test]
async fn bodies_may_be_forms_or_multipart() {
    let tg = Telegram::start().await;
    let siti = tg.voter("Siti");
    siti.says("halo").await;
    let client = reqwest::Client::new();
    let base = format!("{}/bot{}", tg.url(), tg.token());
    let markup = "%7B%22inline_keyboard%22%3A%5B%5B%7B%22text%22%3A%22a%22%2C%22callback_data%22%3A%22b%22%7D%5D%5D%7D";
    let form = format!("chat_id={}&text=a+%26+b&disable_notification=true&reply_markup={markup}", siti.id());
    let request =
        client.post(format!("{base}/SendMessage")).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(request.body(form).send().await.expect("an answer").status(), 200);
    let heard = siti.hears().await;
    assert_eq!((heard.text(), heard.button_texts()), ("a & b", vec!["a".to_owned()]));

    let part = |head: &str, body: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let body = part("name=\"chat_id\"", &siti.id().to_string())
        + &part("name=\"photo\"", "attach://f1")
        + &part("name=\"f1\"; filename=\"kartu.png\"", "not really a picture")
        + "--x--\r\n";
    let request = client.post(format!("{base}/SendPhoto")).header("content-type", "multipart/form-data; boundary=x");
    assert_eq!(request.body(body).send().await.expect("an answer").status(), 200);
    assert_eq!(siti.hears().await.media.map(|m| m.kind), Some("photo".to_owned()));
    tg.assert_rules_kept();
}

#[tokio::test]
async fn two_pollers_and_a_webhook_conflict() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let second = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        bot.updates(json!({})).await
    };
    let (first, _) = tokio::join!(bot.refused("getUpdates", json!({"timeout": 20})), second);
    assert!(first.starts_with("409 Conflict: terminated by other getUpdates request"), "{first}");

    // A poller that was killed is no second one, and the log says that it went away.
    let client = reqwest::Client::builder().timeout(Duration::from_millis(100)).build().expect("a client");
    let killed = client.post(format!("{}/bot{}/GetUpdates?timeout=20", tg.url(), tg.token())).send().await;
    assert!(killed.is_err_and(|fault| fault.is_timeout()));
    let gone = |calls: &[crate::telegram::Call]| calls.iter().any(|c| c.outcome == Outcome::Abandoned).then_some(());
    assert!(tg.until_calls(Duration::from_secs(5), gone).await.is_some());

    tg.set_webhook("http://127.0.0.1:9/", None);
    assert!(bot.refused("getUpdates", json!({})).await.starts_with("409 Conflict: can't use getUpdates method"));
    let siti = tg.voter("Siti");
    siti.says("halo").await;
    let failed = |info: Value| info["last_error_message"].is_string();
    let deadline = Instant::now() + Duration::from_secs(10);
    while !failed(bot.ok("getWebhookInfo", json!({})).await) {
        assert!(Instant::now() < deadline, "the failed delivery was never noted");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bot.ok("deleteWebhook", json!({})).await;
    assert_eq!(bot.updates(json!({})).await.len(), 1);
    bot.ok("deleteWebhook", json!({"drop_pending_updates": true})).await;
    assert_eq!(tg.updates()[0].fate, Fate::Dropped);
    tg.assert_rules_kept();
}

#[tokio::test]
async fn a_webhook_gets_updates_in_order_until_it_takes_them() {
    use axum::http::{HeaderMap, StatusCode};
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let siti = tg.voter("Siti");
    let (send, mut receive) = tokio::sync::mpsc::unbounded_channel();
    let failures = std::sync::Arc::new(std::sync::atomic::AtomicI32::new(2));
    let app = axum::Router::new().fallback(move |headers: HeaderMap, body: String| {
        let refuse = failures.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) > 0;
        let secret = headers.get("x-telegram-bot-api-secret-token").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let _ = send.send((secret, body));
        async move { if refuse { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK } }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    bot.ok("setWebhook", json!({"url": url, "secret_token": "rahasia_1", "allowed_updates": ["message"]})).await;
    for text in ["satu", "dua", "tiga"] {
        siti.says(text).await;
    }
    siti.blocks_bot();
    assert_eq!(tg.updates()[3].fate, Fate::Unwanted);
    tg.settled().await;
    let mut texts = Vec::new();
    while let Ok((secret, body)) = receive.try_recv() {
        assert_eq!(secret.as_deref(), Some("rahasia_1"));
        let update: Value = serde_json::from_str(&body).expect("JSON");
        texts.push(update["message"]["text"].as_str().unwrap_or_default().to_owned());
    }
    assert_eq!(texts, ["satu", "satu", "satu", "dua", "tiga"]);
    assert_eq!(tg.updates()[0].handed, 3);
    server.abort();
}

#[tokio::test]
async fn faults_strike_before_or_after_a_call_took_effect() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let siti = tg.voter("Siti");
    siti.says("a").await;
    let message = |text: &str| json!({"chat_id": siti.id(), "text": text});
    tg.fault_next("sendMessage", Fault::Drop, When::Before);
    tg.fault_next("sendMessage", Fault::Drop, When::After);
    tg.fault_next("sendMessage", Fault::Status(500), When::Before);
    tg.fault_next("sendMessage", Fault::Status(502), When::After);
    tg.fault_next("sendMessage", Fault::Hang(Duration::from_millis(50)), When::After);
    assert_eq!(bot.ok("getMe", json!({})).await["is_bot"], true);
    assert!(bot.try_call("sendMessage", &message("satu")).await.is_err());
    assert_eq!(tg.count(siti.id(), "satu"), 0);
    assert!(bot.try_call("sendMessage", &message("dua")).await.is_err());
    assert_eq!(tg.count(siti.id(), "dua"), 1);
    assert_eq!(bot.refused("sendMessage", message("tiga")).await, "500 Internal Server Error");
    assert_eq!(tg.count(siti.id(), "tiga"), 0);
    assert!(bot.call("sendMessage", message("empat")).await.is_string());
    assert_eq!(tg.count(siti.id(), "empat"), 1);
    assert!(bot.try_call("sendMessage", &message("lima")).await.is_err());
    assert_eq!(tg.count(siti.id(), "lima"), 1);
    let took: Vec<bool> = tg.sent().iter().map(crate::telegram::Call::took_effect).collect();
    assert_eq!(took, [false, true, false, true, true]);

    tg.random_faults(0.5, &[Fault::Status(500)], &["getUpdates"], 7);
    let mut failed = 0;
    for _ in 0..40 {
        failed += i32::from(bot.call("sendMessage", message("enam")).await["ok"] == false);
        bot.updates(json!({})).await;
    }
    assert!((8..=32).contains(&failed), "{failed} of 40 failed");
    tg.random_faults(0.0, &[], &[], 0);
    tg.set_offline(true);
    assert!(bot.try_call("getMe", &json!({})).await.is_err());
    tg.set_offline(false);
    bot.ok("getMe", json!({})).await;
    tg.assert_rules_kept();
}

#[tokio::test]
async fn raw_updates_menus_and_numbering() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    tg.inject(json!({"brand_new_kind": {"a": 1}}));
    tg.inject(json!("not even an object"));
    tg.restart_update_ids(55);
    tg.voter("Siti").says("a").await;
    let got = bot.updates(json!({})).await;
    assert_eq!(got[0], json!({"update_id": 100_000_001, "brand_new_kind": {"a": 1}}));
    assert_eq!(got[1], "not even an object");
    assert_eq!(got[2]["update_id"], 55);
    bot.ok(
        "setMyCommands",
        json!({"commands": [{"command": "mulai", "description": "Mulai"}], "scope": {"type": "all_private_chats"}}),
    )
    .await;
    assert_eq!(tg.menus()["all_private_chats"], [("mulai".to_owned(), "Mulai".to_owned())]);
    tg.assert_rules_kept();
}
