//! Tests of the small Telegram that the conversation tests stand on: it must be as strict as the real one.

#[path = "support/telegram/mod.rs"]
mod telegram;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use telegram::{Fate, GroupKind, Telegram};

/// A client that does nothing by itself.
struct Bot {
    client: reqwest::Client,
    base: String,
}

impl Bot {
    fn of(tg: &Telegram) -> Self {
        Self { client: reqwest::Client::new(), base: format!("{}/bot{}", tg.url(), tg.token()) }
    }

    async fn try_call(&self, method: &str, params: &Value) -> Result<Value, reqwest::Error> {
        let request = self.client.post(format!("{}/{method}", self.base)).header("content-type", "application/json");
        let body = request.body(params.to_string()).send().await?.text().await?;
        Ok(serde_json::from_str(&body).unwrap_or(Value::String(body)))
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        self.try_call(method, &params).await.expect("the small Telegram answers")
    }

    async fn ok(&self, method: &str, params: Value) -> Value {
        let mut answer = self.call(method, params).await;
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer["result"].take()
    }

    async fn updates(&self, params: Value) -> Vec<Value> {
        self.ok("GetUpdates", params).await.as_array().cloned().unwrap_or_default()
    }
}

#[tokio::test]
async fn a_voter_asks_and_is_answered() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let siti = tg.voter("Siti");
    let asked = siti.says("/start kpn nyoblos? cek kpu.go.id").await;

    let updates = bot.updates(json!({"timeout": 1})).await;
    let message = &updates[0]["message"];
    assert_eq!(message["text"], "/start kpn nyoblos? cek kpu.go.id");
    assert_eq!(message["chat"], json!({"id": siti.id(), "type": "private", "first_name": "Siti"}));
    assert_eq!(message["entities"][0], json!({"type": "bot_command", "offset": 0, "length": 6}));
    assert_eq!(message["entities"][1], json!({"type": "url", "offset": 24, "length": 9}));

    let keyboard = json!({"inline_keyboard": [[
        {"text": "Membantu", "callback_data": "+"}, {"text": "Situs", "url": "https://kpu.go.id"}]]});
    let sent = bot
        .ok(
            "SendMessage",
            json!({"chat_id": siti.id(), "text": "<b>Rabu</b> &lt;14&gt;", "parse_mode": "HTML",
            "reply_markup": keyboard, "reply_parameters": {"message_id": asked.id}}),
        )
        .await;
    assert_eq!(sent["text"], "Rabu <14>");
    assert_eq!(sent["entities"], json!([{"type": "bold", "offset": 0, "length": 4}]));
    assert_eq!(sent["reply_to_message"]["message_id"], asked.id);
    let answer = siti.hears().await;
    assert_eq!(answer.html(), "<b>Rabu</b> &lt;14&gt;");

    let press = siti.presses(&answer, "Membantu").await;
    let offset = updates[0]["update_id"].as_i64().expect("an id") + 1;
    let query = &bot.updates(json!({"offset": offset, "timeout": 1})).await[0]["callback_query"];
    assert_eq!((&query["data"], &query["message"]["message_id"]), (&json!("+"), &json!(answer.id)));
    assert!(!press.is_answered());
    bot.ok("AnswerCallbackQuery", json!({"callback_query_id": query["id"], "text": "Terima kasih"})).await;
    assert_eq!(press.answer().await, "Terima kasih");

    bot.ok("EditMessageText", json!({"chat_id": siti.id(), "message_id": answer.id, "text": "Kamis"})).await;
    let edited = siti.sees_edit(&answer).await;
    assert!(edited.buttons.is_empty());
    siti.hears_nothing(Duration::from_millis(20)).await;
    insta::assert_snapshot!(siti.screen(), @r#"
    Siti:
      /start kpn nyoblos? cek kpu.go.id

    Tanya Pemilu (to "/start kpn nyoblos? cek kpu.go.id") (edited):
      Kamis
    "#);
    tg.assert_rules_kept();
}

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
async fn moderators_reply_in_groups_and_channels() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let group = tg.group(-1_001_111_111_111, GroupKind::Supergroup);
    let budi = group.member("Budi");
    bot.ok(
        "sendMessage",
        json!({"chat_id": group.id(), "text": "#1", "entities": [{"type": "bold", "offset": 0, "length": 2}]}),
    )
    .await;
    let card = budi.hears().await;
    let reply = budi.replies_html(&card, "Tidak <b>boleh</b>.").await;
    budi.edits(&reply, "Boleh").await;
    budi.replies_with(&card, "photo", "lihat").await;
    group.anonymous("Ani").replies(&card, "setuju").await;
    let got = bot.updates(json!({})).await;
    let message = &got[0]["message"];
    assert_eq!(message["from"]["id"], budi.id());
    assert_eq!(message["reply_to_message"]["text"], "#1");
    assert_eq!(message["reply_to_message"]["from"]["id"], tg.bot_id());
    assert_eq!(message["entities"], json!([{"type": "bold", "offset": 6, "length": 5}]));
    assert_eq!(got[1]["edited_message"]["text"], "Boleh");
    assert!(got[1]["edited_message"]["edit_date"].is_i64());
    assert_eq!(got[2]["message"]["caption"], "lihat");
    assert_eq!(got[2]["message"]["photo"].as_array().map(Vec::len), Some(2));
    assert_eq!(got[3]["message"]["sender_chat"]["id"], group.id());

    let channel = tg.group(-1_002_222_222_222, GroupKind::Channel);
    let rina = channel.administrator("Rina");
    rina.says("halo").await;
    let post = bot.updates(json!({"offset": -1})).await;
    assert_eq!(post[0]["channel_post"]["text"], "halo");
    assert!(post[0]["channel_post"].get("from").is_none());
    assert_eq!(post[0]["channel_post"]["sender_chat"]["id"], channel.id());
    tg.assert_rules_kept();
}
