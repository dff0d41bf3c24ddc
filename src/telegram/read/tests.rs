use serde_json::json;

use super::*;

fn message(update: &Value) -> Message {
    match read(&update.to_string()) {
        Incoming::Message(message) => *message,
        other => panic!("{other:?}"),
    }
}

fn voter(content: &Value) -> Value {
    let mut message = json!({"message_id": 12, "date": 1_707_872_400, "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "is_bot": false, "first_name": "Siti"}});
    message.as_object_mut().expect("an object").extend(content.as_object().expect("an object").clone());
    json!({"update_id": 1, "message": message})
}

fn moderator(content: &Value) -> Value {
    let mut update = voter(content);
    update["message"]["chat"] = json!({"id": -1001, "type": "supergroup", "title": "Petugas"});
    update
}

#[test]
fn a_date_or_a_made_up_entity_is_decoration() {
    let question = "Kapan pemungutan suara Pemilu 2024?";
    for kind in ["date_time", "hologram"] {
        let date = json!({"type": kind, "offset": 0, "length": 5, "unix_time": 1707872400, "date_time_format": "D"});
        let read =
            message(&voter(&json!({"text": question, "entities": [date, {"type": "bold", "offset": 6, "length": 3}],
            "quote": {"text": "besok", "position": 0, "entities": [date]}})));
        assert_eq!(read.text.as_deref(), Some(question));
        assert_eq!(read.quote.as_deref(), Some("besok"));
        assert_eq!(read.marks.iter().map(|mark| mark.kind.as_str()).collect::<Vec<_>>(), ["bold"]);
        // Under a picture as well.
        let read = message(&voter(&json!({"caption": question, "caption_entities": [date],
            "photo": [{"file_unique_id": "a"}, {"file_unique_id": "b"}]})));
        assert_eq!((read.text.as_deref(), read.marks.len()), (Some(question), 0));
        assert_eq!(read.media.map(|media| (media.captioned, media.file)), Some((true, "b".to_owned())));
    }
}

#[test]
fn a_moderators_link_that_leads_nowhere_stays_text() {
    let read = message(&moderator(&json!({"text": "Besok di balai desa",
        "entities": [{"type": "text_link", "offset": 0, "length": 5, "url": "https://kpu.go.id:99999"},
            {"type": "text_mention", "offset": 6, "length": 2, "user": {"id": 9, "is_bot": false, "first_name": "B"}}]})));
    assert_eq!((read.text.as_deref(), read.marks.len()), (Some("Besok di balai desa"), 0));
}

#[test]
fn files_are_told_apart_without_what_is_optional() {
    for (content, captioned, file) in [
        (json!({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}}), true, "u"),
        (json!({"voice": {"file_id": "f"}}), true, "f"),
        (json!({"voice": {}}), true, "voice"),
        (json!({"document": {"file_unique_id": "u"}, "animation": {"file_unique_id": "v"}}), true, "v"),
        (json!({"sticker": {"file_unique_id": "u"}}), false, "u"),
        (json!({"photo": []}), true, "photo"),
        (
            json!({"venue": {"location": {"latitude": 1.5, "longitude": 2.5}, "title": "TPS 1"},
            "location": {"latitude": 1.5, "longitude": 2.5}}),
            false,
            "venue",
        ),
        (json!({"contact": {"phone_number": "0812", "first_name": "Siti"}}), false, "contact"),
        (json!({"dice": {"emoji": "🎲", "value": 3}}), false, "dice"),
        (json!({"poll": {"id": "1", "question": "Siapa?", "options": []}}), false, "poll"),
        (json!({"checklist": {"title": "Bawa", "tasks": []}}), false, "checklist"),
        (json!({"rich_message": {"blocks": [{"type": "divider"}]}}), false, "rich_message"),
        (json!({"hologram": {"file_unique_id": "u"}}), false, "hologram"),
        (json!({}), false, "nothing"),
    ] {
        for update in [voter(&content), moderator(&content)] {
            let read = message(&update);
            let media = read.media.expect("media");
            assert_eq!((media.captioned, media.file.as_str(), read.text), (captioned, file, None), "{content}");
        }
    }
    let read = message(&voter(&json!({"location": {"latitude": 1.5, "longitude": 2.5, "live_period": 900}})));
    assert!(read.live_location);
    let read = message(&voter(&json!({"document": {"file_id": "f", "file_name": "surat.pdf"}})));
    assert_eq!(read.file_name.as_deref(), Some("surat.pdf"));
}

#[test]
fn words_under_something_unknown_are_read_and_it_is_there() {
    let read = message(&moderator(&json!({"caption": "Denah TPS", "hologram": {"depth": 3}, "colour": "red"})));
    assert_eq!((read.text.as_deref(), read.unknown), (Some("Denah TPS"), None));
    assert_eq!(read.media.map(|media| (media.captioned, media.file)), Some((true, "hologram".to_owned())));
}

#[test]
fn a_rich_message_is_read_for_its_text() {
    let rich = json!({"rich_message": {"blocks": [{"type": "paragraph", "text": ["Kapan ", {"type": "bold", "text": "pemilu"}]}]}});
    let read = message(&voter(&rich));
    assert_eq!((read.text.as_deref(), read.media, read.unknown), (Some("Kapan pemilu"), None, None));
}

#[test]
fn what_telegram_says_by_itself_is_service() {
    for content in [
        json!({"new_chat_members": [{"id": 6, "is_bot": false, "first_name": "Budi"}]}),
        json!({"pinned_message": {"message_id": 3}}),
        json!({"new_chat_title": "Petugas baru"}),
        json!({"migrate_to_chat_id": -1009}),
    ] {
        let read = message(&moderator(&content));
        assert_eq!((read.service, read.text, read.media, read.unknown), (true, None, None, None), "{content}");
    }
    assert_eq!(
        message(&moderator(&json!({"migrate_to_chat_id": "-1001234567890"}))).moved_to,
        Some(-1_001_234_567_890)
    );
    // A group's members are not told of with a person's words beside them.
    let read = message(&moderator(&json!({"text": "halo", "boost_added": {"boost_count": 1}})));
    assert!(!read.service);
}

#[test]
fn numbers_beyond_32_bits_and_in_quotes_are_read() {
    let raw = r#"{"update_id": "5000000001", "message": {"message_id": "4294967301", "date": 1707872400,
        "chat": {"id": "-1001234567890123", "type": "supergroup"}, "from": {"id": 9007199254740993, "is_bot": false,
        "first_name": "Budi", "last_name": "Santoso"}, "text": "halo"}}"#;
    let Incoming::Message(read) = read(raw) else { panic!("no message") };
    assert_eq!((read.id, read.chat.id), (4_294_967_301, -1_001_234_567_890_123));
    let from = User { id: 9_007_199_254_740_993, is_bot: false, name: "Budi Santoso".to_owned() };
    assert_eq!(read.from, Some(from));
    let kept = envelope(raw).expect("an update");
    assert_eq!((kept.update, kept.chat), (5_000_000_001, -1_001_234_567_890_123));
}

#[test]
fn a_reply_is_known_by_chat_and_number() {
    let card = json!({"message_id": 77, "chat": {"id": -1001, "type": "supergroup"},
        "from": {"id": 700, "is_bot": true, "first_name": "Tanya Pemilu"},
        "reply_markup": {"inline_keyboard": [[{"text": "Ambil", "callback_data": "k:take"}], [], null, [{"text": "x"}]]}});
    let told = |content: Value| message(&moderator(&content)).reply;
    let own = Reply {
        chat: -1001,
        message: 77,
        from: Some(700),
        post: false,
        data: vec!["k:take".to_owned()],
        text: None,
        external: false,
    };
    assert_eq!(told(json!({"text": "ya", "reply_to_message": card})), Some(own));
    // From another topic, of another chat, of one that is not told.
    let other = json!({"origin": {"type": "user", "date": 5, "sender_user": {"id": 700, "is_bot": true}},
        "chat": {"id": -1001, "type": "supergroup"}, "message_id": 77});
    let external =
        Reply { chat: -1001, message: 77, from: Some(700), post: false, data: Vec::new(), text: None, external: true };
    assert_eq!(told(json!({"text": "ya", "external_reply": other})), Some(external.clone()));
    let hidden = json!({"origin": {"type": "hidden_user", "date": 5, "sender_user_name": "Siti"}, "giveaway": {}});
    let nowhere = Reply { chat: 0, message: 0, from: None, ..external.clone() };
    assert_eq!(told(json!({"text": "ya", "external_reply": hidden})), Some(nowhere.clone()));
    // In private nobody is told whom a voter quotes.
    let read = message(&voter(&json!({"text": "ya", "external_reply": other})));
    assert_eq!(read.reply, Some(Reply { from: None, ..external }));
    // A message in a topic that replies to none.
    let opening =
        json!({"message_id": 70, "chat": {"id": -1001, "type": "supergroup"}, "forum_topic_created": {"name": "A"}});
    let mut within =
        json!({"text": "ya", "message_thread_id": 70, "is_topic_message": true, "reply_to_message": opening});
    assert_eq!(told(within.clone()), None);
    within["reply_to_message"]["forum_topic_created"] = Value::Null;
    assert_eq!(told(within.clone()), None);
    within["message_thread_id"] = json!(71);
    assert!(told(within).is_some());
    assert_eq!(told(json!({"text": "ya"})), None);
}

#[test]
fn a_press_needs_an_id_and_a_user() {
    let query = json!({"id": "9", "from": {"id": 6, "is_bot": false, "first_name": "Budi"}, "chat_instance": "5",
        "message": {"message_id": 77, "date": 0, "chat": {"id": -1001, "type": "supergroup"},
            "reply_markup": {"inline_keyboard": [[{"text": "Ambil", "callback_data": "k:take"}]]}}, "data": "k:take"});
    let Incoming::Press(press) = read(&json!({"update_id": 1, "callback_query": query}).to_string()) else {
        panic!("no press")
    };
    let chat = Chat { id: -1001, kind: ChatKind::Supergroup };
    assert_eq!(
        (press.id.as_str(), press.from.name.as_str(), press.chat, press.message),
        ("9", "Budi", Some(chat), Some(77))
    );
    assert_eq!((press.data.as_deref(), press.buttons), (Some("k:take"), vec!["k:take".to_owned()]));
    let bare = json!({"update_id": 1, "callback_query": {"id": "9", "from": {"id": 6}, "message": "x", "data": {}}});
    let Incoming::Press(press) = read(&bare.to_string()) else { panic!("no press") };
    assert_eq!((press.chat, press.message, press.data, press.buttons.len()), (None, None, None, 0));
    let without = json!({"update_id": 1, "callback_query": {"id": "9", "from": {}}});
    assert_eq!(read(&without.to_string()), Incoming::Unreadable("press without a user".to_owned()));
}

#[test]
fn a_standing_says_whether_the_bot_can_write() {
    for (kind, member, can_write) in [
        ("private", json!({"status": "member"}), true),
        ("private", json!({"status": "kicked", "until_date": 0}), false),
        ("supergroup", json!({"status": "administrator"}), true),
        ("supergroup", json!({"status": "left"}), false),
        ("supergroup", json!({"status": "restricted", "is_member": true, "can_send_messages": true}), true),
        ("supergroup", json!({"status": "restricted", "is_member": true, "can_send_messages": false}), false),
        ("supergroup", json!({"status": "restricted", "is_member": false, "can_send_messages": true}), false),
        ("channel", json!({"status": "administrator", "can_post_messages": true}), true),
        ("channel", json!({"status": "administrator", "can_post_messages": false}), false),
        ("channel", json!({"status": "member"}), false),
        ("supergroup", json!({"status": "guardian"}), true),
        ("supergroup", json!(5), true),
    ] {
        let update = json!({"update_id": 1, "my_chat_member": {"chat": {"id": -1001, "type": kind}, "date": 5,
            "from": {"id": 6, "is_bot": false, "first_name": "Budi"}, "new_chat_member": member}});
        let Incoming::Standing(standing) = read(&update.to_string()) else { panic!("no standing") };
        assert_eq!((standing.can_write, standing.date), (can_write, 5), "{kind} {member}");
        assert_eq!(standing.status, member["status"].as_str().unwrap_or("unnamed"));
    }
}

#[test]
fn only_what_is_essential_makes_an_update_unreadable() {
    for (raw, why) in [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[]", "no update"),
        (r#"{"update_id": 1}"#, "an update without content"),
        (r#"{"update_id": 1, "message": null}"#, "an update without content"),
        (r#"{"update_id": 1, "message": []}"#, "message that is none"),
        (r#"{"update_id": 1, "message": {"message_id": 2, "chat": {}}}"#, "message without a chat"),
        (r#"{"update_id": 1, "message": {"chat": {"id": 5}}}"#, "message without a number"),
        (r#"{"update_id": 1, "my_chat_member": {}}"#, "standing without a chat"),
    ] {
        assert_eq!(read(raw), Incoming::Unreadable(why.to_owned()), "{raw}");
    }
    let bare = read(r#"{"message": {"message_id": 2, "chat": {"id": 5}}}"#);
    let Incoming::Message(message) = bare else { panic!("no message") };
    assert_eq!((message.chat.kind, message.date, message.from), (ChatKind::Private, 0, None));
}

#[test]
fn the_chat_is_found_wherever_it_stands() {
    for (inner, chat) in [
        (json!({"message": {"chat": {"id": 5}}}), 5),
        (
            json!({"callback_query": {"from": {"id": 6}, "message": {"chat": {"id": "-1001234567890"}}}}),
            -1_001_234_567_890,
        ),
        (json!({"callback_query": {"from": {"id": 6}}}), 6),
        (json!({"poll_answer": {"user": {"id": 7}}}), 7),
        (json!({"brand_new": {"chat": {"id": 4_294_967_296_i64}}}), 4_294_967_296),
        (json!({"poll": {"id": "5"}}), 0),
        (json!({"message": "x"}), 0),
    ] {
        let mut update = inner;
        update["update_id"] = json!(8_000_000_000_i64);
        let kept = envelope(&update.to_string()).expect("an update");
        assert_eq!((kept.update, kept.chat), (8_000_000_000, chat), "{update}");
    }
    for raw in ["", "[]", "{}", r#"{"update_id": {}}"#, r#"{"update_id": 1e400}"#] {
        assert_eq!(envelope(raw), None, "{raw}");
    }
}
