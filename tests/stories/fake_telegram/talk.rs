//! What people and the bot see of each other.

use std::time::Duration;

use serde_json::{Value, json};

use super::Bot;
use crate::telegram::{GroupKind, Telegram};

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

#[tokio::test]
async fn presses_of_strangers_late_presses_and_forged_data_arrive() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let group = tg.group(-1_001_444_444_444, GroupKind::Channel);
    let (budi, eve) = (group.member("Budi"), group.stranger("Eve"));
    let keyboard = json!({"inline_keyboard": [[{"text": "Ambil", "callback_data": "take:1"}]]});
    bot.ok("sendMessage", json!({"chat_id": group.id(), "text": "#1", "reply_markup": keyboard})).await;
    let card = budi.hears().await;
    bot.ok("editMessageReplyMarkup", json!({"chat_id": group.id(), "message_id": card.id})).await;
    assert!(budi.sees_edit(&card).await.buttons.is_empty());
    budi.presses_late(&card, "Ambil").await;
    eve.forges(&card, "block:7000001").await;
    let got = bot.updates(json!({})).await;
    assert_eq!(got[0]["callback_query"]["data"], "take:1");
    assert_eq!(got[0]["callback_query"]["from"]["id"], budi.id());
    assert_eq!(got[1]["callback_query"]["data"], "block:7000001");
    let standing = bot.ok("getChatMember", json!({"chat_id": group.id(), "user_id": eve.id()})).await;
    assert_eq!(standing["status"], "left");
    let id = &got[0]["callback_query"]["id"];
    bot.ok("answerCallbackQuery", json!({"callback_query_id": id})).await;
    assert!(bot.refused("answerCallbackQuery", json!({"callback_query_id": id})).await.contains("query is too old"));
    tg.assert_rules_kept();
}

#[tokio::test]
async fn media_is_sent_again_by_its_id_and_copied() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let (siti, budi) = (tg.voter("Siti"), tg.voter("Budi"));
    siti.says("halo").await;
    let photo = budi.sends_photo("<lihat> *ini*").await;
    let document = budi.sends_document("").await;
    budi.sends_voice().await;
    budi.sends_sticker().await;
    let got = bot.updates(json!({})).await;
    let id = |i: usize, path: &str| got[i].pointer(path).and_then(Value::as_str).expect("a file id").to_owned();
    let to = siti.id();
    bot.ok("sendPhoto", json!({"chat_id": to, "photo": id(1, "/message/photo/0/file_id"), "caption": "a"})).await;
    bot.ok("sendDocument", json!({"chat_id": to, "document": id(2, "/message/document/file_id")})).await;
    bot.ok("sendVoice", json!({"chat_id": to, "voice": id(3, "/message/voice/file_id")})).await;
    bot.ok("copyMessage", json!({"chat_id": to, "from_chat_id": budi.id(), "message_id": photo.id})).await;
    let with = json!({"chat_id": to, "from_chat_id": budi.id(), "message_id": document.id, "caption": "<b>b</b>", "parse_mode": "HTML"});
    bot.ok("copyMessage", with).await;
    assert!(got[4].pointer("/message/sticker/file_id").is_some());
    tg.assert_rules_kept();
    let wrong = json!({"chat_id": to, "voice": id(2, "/message/document/file_id")});
    assert_eq!(bot.refused("sendVoice", wrong).await, "400 Bad Request: can't use file of type document as voice");
    insta::assert_snapshot!(siti.screen(), @"
    Siti:
      halo

    Tanya Pemilu:
      <photo>
      a

    Tanya Pemilu:
      <document>

    Tanya Pemilu:
      <voice>

    Tanya Pemilu:
      <photo>
      <lihat> *ini*

    Tanya Pemilu:
      <document>
      b
    ");
}

#[tokio::test]
async fn what_a_message_would_open_is_known() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let siti = tg.voter("Siti");
    siti.says("a").await;
    let to = |text: &str| json!({"chat_id": siti.id(), "text": text, "parse_mode": "HTML"});
    bot.ok("sendMessage", to("buka https://a.id/x, @siapa_ya /hapus #123 #pemilu a@b.id")).await;
    let active = siti.hears().await.active();
    let expected =
        ["url: https://a.id/x", "mention: @siapa_ya", "bot_command: /hapus", "hashtag: #pemilu", "email: a@b.id"];
    assert_eq!(active, expected);
    bot.ok("sendMessage", to("<pre>\u{2068}buka https://a.id/x @siapa_ya /hapus\u{2069}</pre>")).await;
    let inert = siti.hears().await;
    assert!(inert.active().is_empty());
    assert!(inert.text().starts_with('\u{2068}'));
    tg.assert_rules_kept();
}
