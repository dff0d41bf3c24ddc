//! What is refused, what is noted, and how fast a bot may be.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Bot, long};
use crate::telegram::{GroupKind, Patience, Rule, Standing, Telegram};

#[tokio::test]
async fn every_broken_rule_is_refused_as_telegram_does_and_noted() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let siti = tg.voter("Siti");
    let to = siti.id();
    assert_eq!(
        bot.refused("sendMessage", json!({"chat_id": to, "text": "halo"})).await,
        "403 Forbidden: bot can't initiate conversation with a user"
    );
    siti.says("halo").await;
    let html = |text: &str| json!({"chat_id": to, "text": text, "parse_mode": "HTML"});
    let button = |b: Value| json!({"chat_id": to, "text": "a", "reply_markup": {"inline_keyboard": [[b]]}});
    let entity = |o: u32, l: u32| json!({"chat_id": to, "text": "a\u{1f600}b", "entities": [{"type": "bold", "offset": o, "length": l}]});
    let cases = [
        ("sendMessage", json!({"text": "a"}), "chat_id is empty"),
        ("sendMessage", json!({"chat_id": to}), "message text is empty"),
        ("sendMessage", json!({"chat_id": to, "text": " \u{200b} "}), "message text is empty"),
        ("sendMessage", json!({"chat_id": to, "text": long(4097)}), "message is too long"),
        ("sendMessage", json!({"chat_id": to, "text": "\u{1f600}".repeat(2049)}), "message is too long"),
        ("sendMessage", json!({"chat_id": to + 1, "text": "a"}), "chat not found"),
        ("sendMessage", json!({"chat_id": "@siti", "text": "a"}), "chat not found"),
        ("sendMessage", json!({"chat_id": true, "text": "a"}), "can't parse chat_id: expected Integer or String"),
        ("sendMessage", html("<b>a"), "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("sendMessage", html("a <3 b"), "can't parse entities: Unclosed start tag at byte offset 2"),
        ("sendMessage", html("<p>a</p>"), "can't parse entities: Unsupported start tag \"p\" at byte offset 0"),
        ("sendMessage", html("a</i>"), "can't parse entities: Unexpected end tag at byte offset 1"),
        (
            "sendMessage",
            html("<b><i>a</b></i>"),
            "can't parse entities: Unmatched end tag at byte offset 7, expected \"</i>\", found \"</b>\"",
        ),
        ("sendMessage", entity(3, 2), "can't parse entities: entity bold at 3+2 lies outside a text of 4 UTF-16 units"),
        (
            "sendMessage",
            entity(0, 2),
            "can't parse entities: entity bold at 0+2 begins or ends in the middle of a character",
        ),
        ("sendMessage", button(json!({"text": "a", "callback_data": long(65)})), "BUTTON_DATA_INVALID"),
        ("sendMessage", button(json!({"text": "a", "callback_data": ""})), "BUTTON_DATA_INVALID"),
        (
            "sendMessage",
            button(json!({"text": "a"})),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            json!({"chat_id": to, "text": "a", "reply_markup": {"remove_keyboard": true}}),
            "can't parse reply keyboard markup JSON object: only inline keyboards are used here",
        ),
        (
            "sendMessage",
            json!({"chat_id": to, "text": "a", "reply_parameters": {"message_id": 99}}),
            "message to be replied not found",
        ),
        ("editMessageText", json!({"chat_id": to, "message_id": 99, "text": "a"}), "message to edit not found"),
        ("editMessageText", json!({"chat_id": to, "message_id": 1, "text": "a"}), "message can't be edited"),
        ("editMessageText", json!({"chat_id": to, "message_id": 1, "text": long(4097)}), "MESSAGE_TOO_LONG"),
        ("deleteMessage", json!({"chat_id": to, "message_id": 99}), "message to delete not found"),
        ("copyMessage", json!({"chat_id": to, "from_chat_id": to, "message_id": 99}), "message to copy not found"),
        ("sendPhoto", json!({"chat_id": to, "photo": "nope"}), "wrong file identifier/HTTP URL specified"),
        (
            "answerCallbackQuery",
            json!({"callback_query_id": "1"}),
            "query is too old and response timeout expired or query ID is invalid",
        ),
        ("setMyCommands", json!({"commands": [{"command": "Mulai", "description": "a"}]}), "BOT_COMMAND_INVALID"),
        (
            "setWebhook",
            json!({"url": "https://a.id", "secret_token": "a b"}),
            "secret token contains unallowed characters",
        ),
    ];
    for (method, params, said) in cases {
        let before = tg.violations().len();
        assert_eq!(bot.refused(method, params.clone()).await, format!("400 Bad Request: {said}"), "{method} {params}");
        let noted = tg.violations().split_off(before);
        assert!(noted.iter().any(|n| n.ends_with(said)), "{method} {params}: {noted:?}");
    }
    assert_eq!(bot.refused("forwardMessage", json!({})).await, "404 Not Found: method not found");
    // What Telegram lets pass but a correct client avoids is noted too.
    for params in [
        json!({"chat_id": to, "text": "a", "colour": "red"}),
        json!({"chat_id": to, "text": "<pre><b>a</b></pre>", "parse_mode": "HTML"}),
        json!({"chat_id": to, "text": "a", "link_preview_options": {"disabled": true}}),
    ] {
        let before = tg.violations().len();
        bot.ok("sendMessage", params.clone()).await;
        assert_eq!(tg.violations().len(), before + 1, "{params}");
    }
    // The limits themselves are within the rules.
    let before = tg.violations().len();
    bot.ok("sendMessage", json!({"chat_id": to, "text": long(4096)})).await;
    bot.ok("sendMessage", button(json!({"text": "a", "callback_data": long(64)}))).await;
    bot.ok("sendMessage", html(&format!("<b>{}</b>", "&lt;".repeat(4096)))).await;
    assert_eq!(tg.violations().len(), before);

    let client = reqwest::Client::new();
    let wrong = client.post(format!("{}/bot1:wrong/GetMe", tg.url())).send().await.expect("an answer");
    assert_eq!(wrong.status(), 401);
    assert_eq!(wrong.text().await.expect("a body"), r#"{"description":"Unauthorized","error_code":401,"ok":false}"#);
}

#[tokio::test]
async fn refusals_that_honest_bots_meet_break_no_rule() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let siti = tg.voter("Siti");
    let asked = siti.says("halo").await;
    let to = siti.id();
    bot.ok("sendMessage", json!({"chat_id": to, "text": "a"})).await;
    let sent = siti.hears().await;
    let same = json!({"chat_id": to, "message_id": sent.id, "text": "a"});
    assert!(bot.refused("editMessageText", same).await.starts_with("400 Bad Request: message is not modified"));
    siti.deletes(&asked);
    let reply = |extra: Value| json!({"chat_id": to, "text": "b", "reply_parameters": extra});
    assert_eq!(
        bot.refused("sendMessage", reply(json!({"message_id": asked.id}))).await,
        "400 Bad Request: message to be replied not found"
    );
    bot.ok("sendMessage", reply(json!({"message_id": asked.id, "allow_sending_without_reply": true}))).await;
    tg.advance(Duration::from_secs(48 * 3600 - 60));
    bot.ok("deleteMessage", json!({"chat_id": to, "message_id": sent.id})).await;
    let late = siti.hears().await;
    tg.advance(Duration::from_secs(120));
    assert_eq!(
        bot.refused("deleteMessage", json!({"chat_id": to, "message_id": late.id})).await,
        "400 Bad Request: message can't be deleted for everyone"
    );

    siti.blocks_bot();
    let told = bot.updates(json!({"offset": -1})).await;
    assert_eq!(told[0]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    assert_eq!(
        bot.refused("sendMessage", json!({"chat_id": to, "text": "a"})).await,
        "403 Forbidden: bot was blocked by the user"
    );
    siti.unblocks_bot();
    bot.ok("sendMessage", json!({"chat_id": to, "text": "a"})).await;

    let group = tg.group(-123, GroupKind::Group);
    let budi = group.member("Budi");
    let new = group.migrates_to(-1_001_333_333_333);
    let answer = bot.call("sendMessage", json!({"chat_id": -123, "text": "a"})).await;
    assert_eq!(answer["parameters"], json!({"migrate_to_chat_id": new.id()}));
    assert_eq!(answer["error_code"], 400);
    bot.ok("sendMessage", json!({"chat_id": new.id(), "text": "a"})).await;
    let member = bot.ok("getChatMember", json!({"chat_id": new.id(), "user_id": budi.id()})).await;
    assert_eq!(member["status"], "member");
    new.sets(&budi, Standing::Kicked);
    let member = bot.ok("getChatMember", json!({"chat_id": new.id(), "user_id": budi.id()})).await;
    assert_eq!(member["status"], "kicked");
    let all = bot.ok("getChatAdministrators", json!({"chat_id": new.id()})).await;
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    assert_eq!(bot.ok("getChat", json!({"chat_id": new.id()})).await["type"], "supergroup");
    new.removes_bot();
    let told = bot.updates(json!({"offset": -1})).await;
    assert_eq!(told[0]["my_chat_member"]["old_chat_member"]["can_delete_messages"], true);
    assert_eq!(told[0]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    assert_eq!(
        bot.refused("sendMessage", json!({"chat_id": new.id(), "text": "a"})).await,
        "403 Forbidden: bot was kicked from the supergroup chat"
    );
    tg.assert_rules_kept();
}

#[tokio::test]
async fn floods_hold_their_chat_and_impatience_is_noted() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let (siti, budi) = (tg.voter("Siti"), tg.voter("Budi"));
    siti.says("a").await;
    budi.says("a").await;
    let to = |id: i64| json!({"chat_id": id, "text": "a"});
    tg.flood(siti.id(), 1);
    let answer = bot.call("sendMessage", to(siti.id())).await;
    assert_eq!(answer["parameters"], json!({"retry_after": 1}));
    assert_eq!(
        (&answer["error_code"], &answer["description"]),
        (&json!(429), &json!("Too Many Requests: retry after 1"))
    );
    bot.ok("sendMessage", to(budi.id())).await;
    tokio::time::sleep(Duration::from_millis(1050)).await;
    bot.ok("sendMessage", to(siti.id())).await;
    assert_eq!(tg.retries()[0].patience, Patience::Obeyed);
    tg.assert_rules_kept();

    tg.flood_all(2);
    assert!(bot.refused("sendMessage", to(siti.id())).await.starts_with("429"));
    assert!(bot.refused("sendMessage", to(budi.id())).await.starts_with("429"));
    assert_eq!(tg.retries()[2].patience, Patience::Waiting);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(bot.refused("sendMessage", to(siti.id())).await.starts_with("429"));
    assert!(matches!(tg.retries()[1].patience, Patience::Ignored(early) if early > Duration::from_secs(1)));
    assert_eq!(tg.count(siti.id(), "a"), 1);
}

#[tokio::test]
async fn the_real_limits_hold_when_switched_on() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    tg.limit();
    let group = tg.group(-1_001_555_555_555, GroupKind::Supergroup);
    let mut passed = Vec::new();
    for chat in [group.id(), tg.voter("Siti").says("a").await.chat] {
        let mut n = 0;
        while bot.call("sendMessage", json!({"chat_id": chat, "text": "a"})).await["ok"] == true {
            n += 1;
            // Slower than 30 a second, so that only the chat's own limit is met.
            tokio::time::sleep(Duration::from_millis(34)).await;
        }
        passed.push(n);
    }
    assert_eq!(passed, [20, 3]);
    let retries = tg.retries();
    assert!((50..=60).contains(&retries[0].retry_after), "{retries:?}");

    // Over all chats: 30 in any second.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut voters = Vec::new();
    for i in 0..40 {
        voters.push(tg.voter(&format!("Warga {i}")).says("a").await.chat);
    }
    let begun = Instant::now();
    let mut refused = 0;
    for chat in voters {
        refused += i32::from(bot.call("sendMessage", json!({"chat_id": chat, "text": "a"})).await["ok"] == false);
    }
    if begun.elapsed() < Duration::from_millis(900) {
        assert_eq!(refused, 10);
    }
}

#[tokio::test]
async fn a_test_may_let_calls_be_refused() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let group = tg.group(-1_001_234, GroupKind::Supergroup);
    let text = |text: &str| json!({"chat_id": group.id(), "text": text});
    tg.refuses(Rule::new(400, "Bad Request: X").to(group.id()).of("sendMessage").with("buruk").rich().times(1));
    tg.refuses(Rule::new(500, "Internal Server Error").with("rusak"));
    bot.ok("sendMessage", text("buruk")).await;
    let rich = json!({"chat_id": group.id(), "text": "<b>buruk</b>", "parse_mode": "HTML"});
    assert_eq!(bot.refused("sendMessage", rich.clone()).await, "400 Bad Request: X");
    bot.ok("sendMessage", rich).await;
    assert_eq!(bot.refused("sendMessage", text("rusak")).await, "500 Internal Server Error");
    tg.relents();
    let sent = bot.ok("sendMessage", text("rusak")).await;
    // A closed topic takes nothing new, but what is there may be edited.
    group.closes_topic(true);
    assert_eq!(bot.refused("sendMessage", text("a")).await, "400 Bad Request: TOPIC_CLOSED");
    let edit = json!({"chat_id": group.id(), "message_id": sent["message_id"], "text": "b"});
    bot.ok("editMessageText", edit).await;
    group.closes_topic(false);
    bot.ok("sendMessage", text("a")).await;
    group.removes_bot();
    assert!(bot.refused("sendMessage", text("a")).await.starts_with("403"));
    group.adds_bot();
    bot.ok("sendMessage", text("a")).await;
    tg.assert_rules_kept();
}

#[tokio::test]
async fn several_messages_are_copied_and_what_is_protected_is_not() {
    let tg = Telegram::start().await;
    let bot = Bot::of(&tg);
    let group = tg.group(-1_001_234, GroupKind::Supergroup);
    let (siti, budi) = (tg.voter("Siti"), group.member("Budi"));
    siti.says("halo").await;
    let (one, two) = (budi.sends_photo("satu").await, budi.sends_photo("dua").await);
    let copy = json!({"chat_id": siti.id(), "from_chat_id": group.id(), "message_ids": [one.id, two.id, two.id + 1]});
    let copies = bot.ok("copyMessages", copy.clone()).await;
    assert_eq!(copies.as_array().map(Vec::len), Some(2));
    assert!(siti.hears().await.text() == "satu" && siti.hears().await.text() == "dua");
    let wrong = json!({"chat_id": siti.id(), "from_chat_id": group.id(), "message_ids": [two.id, one.id]});
    assert!(bot.refused("copyMessages", wrong).await.contains("increasing"));
    group.protects(true);
    assert_eq!(bot.ok("copyMessages", copy).await, json!([]));
    let single = json!({"chat_id": siti.id(), "from_chat_id": group.id(), "message_id": one.id});
    assert_eq!(bot.refused("copyMessage", single).await, "400 Bad Request: the message can't be copied");
}
