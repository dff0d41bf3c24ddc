//! Updates are read leniently: every kind that the Bot API knows, and kinds that nobody knows, whole or with parts
//! missing, and nothing more of a person is written down than is read.

use std::collections::BTreeSet;

use crate::sample::{GROUP, PERSONAL, PLACE, QUESTION, SCENES, Scene, VOTER};
use proptest::prelude::*;
use serde_json::{Value, json};
use tanya_pemilu::telegram::read::field::{self, Field};
use tanya_pemilu::telegram::read::{Incoming, Message, envelope, read};

/// The message in an update; it must be read alike from what is written down of it.
fn message(update: &Value) -> Message {
    match whole_and_slim(&update.to_string()) {
        Incoming::Message(message) => *message,
        other => panic!("{other:?} from {update}"),
    }
}

fn whole_and_slim(raw: &str) -> Incoming {
    let whole = read(raw);
    let kept = envelope(raw).expect("an update with a number");
    assert_eq!(read(&kept.raw), whole, "written down as {}", kept.raw);
    // What is written down can't be made slimmer.
    assert_eq!(envelope(&kept.raw).map(|again| again.raw), Some(kept.raw));
    whole
}

/// Whether anything tells who or where somebody is.
fn tells(raw: &str) -> bool {
    raw.contains(PERSONAL) || raw.contains(&PLACE.to_string())
}

#[test]
fn every_field_of_a_message_is_known() {
    let described: BTreeSet<&str> = crate::sample::fields("Message").into_iter().map(|field| field.name).collect();
    let known: BTreeSet<&str> = field::MESSAGE.iter().map(|(name, _)| *name).collect();
    assert_eq!(known, described);
    for name in crate::sample::service() {
        // A person sends these; all else that the Bot API calls a service message is one.
        let sent = ["gift", "unique_gift"].contains(&name);
        assert_eq!(field::field(name) == Some(Field::Service), !sent, "{name}");
    }
    let described: BTreeSet<&str> = crate::sample::fields("Update").into_iter().map(|field| field.name).collect();
    let known: BTreeSet<&str> = field::OWN.into_iter().chain(field::OTHER).chain(["update_id"]).collect();
    assert_eq!(known, described);
}

#[test]
fn every_kind_of_update_is_read() {
    for kind in crate::sample::fields("Update").into_iter().filter(|field| field.name != "update_id") {
        for inner in crate::sample::variants(kind.types[0], 2) {
            let essential = inner["chat"]["id"].is_i64() && inner["message_id"].is_i64();
            let update = json!({"update_id": 5, kind.name: inner});
            let read = whole_and_slim(&update.to_string());
            match kind.types[0] {
                "Message" if field::OWN.contains(&kind.name) => {
                    assert_eq!(matches!(read, Incoming::Message(_)), essential, "{update}");
                }
                "CallbackQuery" => {
                    let essential = inner["id"].is_string() && inner["from"]["id"].is_i64();
                    assert_eq!(matches!(read, Incoming::Press(_)), essential, "{update}");
                }
                "ChatMemberUpdated" if kind.name == "my_chat_member" => {
                    let essential = inner["chat"]["id"].is_i64();
                    assert_eq!(matches!(read, Incoming::Standing(_)), essential, "{update}");
                }
                _ => {
                    assert_eq!(read, Incoming::Other(kind.name.to_owned()));
                    let kept = envelope(&update.to_string()).expect("an update");
                    assert_eq!(kept.raw, json!({"update_id": 5, kind.name: {}}).to_string());
                }
            }
        }
    }
}

#[test]
fn every_content_with_each_part_missing_is_text_media_or_service() {
    let mut tried = 0;
    for field in crate::sample::fields("Message").into_iter().filter(|field| !field.required) {
        let known = field::field(field.name).expect("a field");
        for scene in SCENES {
            for value in crate::sample::variants(field.types[0], 2) {
                tried += 1;
                let mut body = scene.message();
                body[field.name] = value;
                let update = scene.update(&body);
                let read = message(&update);
                assert_eq!((read.id, read.date), (4_294_967_301, 1_707_872_400));
                assert_eq!(read.edited, scene == Scene::VoterEdits);
                let outcomes = [read.text.is_some(), read.media.is_some(), read.service];
                assert_eq!(outcomes.iter().filter(|one| **one).count(), 1, "{read:?} from {update}");
                match known {
                    Field::Content { captioned } => {
                        let media = read.media.as_ref().expect("media");
                        assert_eq!((media.captioned, media.file.is_empty()), (captioned, false), "{}", field.name);
                        assert_eq!(read.unknown, None, "{update}");
                    }
                    Field::Service => assert!(read.service, "{update}"),
                    Field::Words => assert_eq!(read.text.as_deref(), Some("kata")),
                    Field::Rich if read.text.is_none() => assert_eq!(read.unknown.as_deref(), Some("rich_message")),
                    _ => {}
                }
            }
        }
    }
    assert!(tried > 5_000, "{tried}");
}

#[test]
fn no_part_costs_the_question_beside_it() {
    for field in crate::sample::fields("Message") {
        let essential = ["chat", "message_id", "text"].contains(&field.name);
        let values = crate::sample::variants(field.types[0], 1).into_iter().chain(crate::sample::oddities());
        for value in values.filter(|_| !essential) {
            for scene in SCENES {
                let mut body = scene.message();
                body["text"] = json!(QUESTION);
                body[field.name] = value.clone();
                let read = message(&scene.update(&body));
                assert_eq!((read.text.as_deref(), read.service), (Some(QUESTION), false), "{} {value}", field.name);
                if scene == Scene::Moderator && !["reply_to_message", "external_reply"].contains(&field.name) {
                    let reply = read.reply.expect("a reply");
                    assert_eq!((reply.chat, reply.message, reply.external), (GROUP, 77, false));
                    assert_eq!(reply.data, ["1:take", "1:spam"]);
                }
            }
        }
    }
}

#[test]
fn kinds_made_up_are_read_as_far_as_they_go() {
    for value in crate::sample::oddities().into_iter().filter(|value| !value.is_null() && *value != json!(false)) {
        let mut body = Scene::Voter.message();
        body["hologram"] = value.clone();
        let read = message(&Scene::Voter.update(&body));
        assert_eq!(read.unknown.as_deref(), Some("hologram"), "{value}");
        assert_eq!(read.media.map(|media| (media.captioned, media.file)), Some((false, "hologram".to_owned())));
        // Beside a text it is decoration.
        body["text"] = json!(QUESTION);
        let read = message(&Scene::Voter.update(&body));
        assert_eq!((read.text.as_deref(), read.media, read.unknown), (Some(QUESTION), None, None));

        let update = json!({"update_id": 5, "brand_new_kind": value});
        let why = "an update of the kind brand_new_kind".to_owned();
        assert_eq!(whole_and_slim(&update.to_string()), Incoming::Unreadable(why));
    }
    // An odd kind of entity, of chat and of update's name.
    let mut body = Scene::Voter.message();
    body["text"] = json!(QUESTION);
    body["entities"] = json!([{"type": "hologram", "offset": 0, "length": 5, "depth": {"z": [1]}}]);
    assert_eq!(message(&Scene::Voter.update(&body)).text.as_deref(), Some(QUESTION));
    body["chat"]["type"] = json!("metaverse");
    assert_eq!(message(&Scene::Voter.update(&body)).chat.id, VOTER);
    let said = read(r#"{"update_id": 5, "nomor saya 0812": {}}"#);
    assert_eq!(said, Incoming::Unreadable("an update of the kind unnamed".to_owned()));
}

#[test]
fn nobody_is_told_of_more_than_is_needed() {
    let mut tried = 0;
    for field in crate::sample::fields("Message") {
        for value in crate::sample::variants(field.types[0], 2) {
            // A chat, as a field of the sample, may be one that is not private.
            let chat = field.name == "chat";
            let mut body = Scene::Voter.message();
            if !chat {
                body[field.name] = value;
            }
            let raw = Scene::Voter.update(&body).to_string();
            assert!(tells(&raw), "the sample tells nothing");
            let kept = envelope(&raw).expect("an update").raw;
            assert!(!tells(&kept), "{} is kept as {kept}", field.name);
            // In a group the sender's own name stays, first and last, and nobody else's.
            if !["from", "sender_chat", "author_signature"].contains(&field.name) {
                let group = Scene::Moderator.message();
                let mut moderator = body;
                for own in ["chat", "from"] {
                    moderator[own] = group[own].clone();
                }
                let kept = envelope(&Scene::Moderator.update(&moderator).to_string()).expect("an update").raw;
                assert_eq!(kept.matches(PERSONAL).count(), 2, "{} is kept as {kept}", field.name);
            }
            tried += 1;
        }
    }
    assert!(tried > 1_000, "{tried}");
    // Presses and standings in private; in a group only the moderator's own name is kept.
    let person = json!({"id": VOTER, "is_bot": false, "first_name": PERSONAL, "username": PERSONAL});
    for scene in [Scene::Voter, Scene::Moderator] {
        let body = scene.message();
        let press =
            json!({"update_id": 5, "callback_query": {"id": "9", "from": person, "message": body, "data": "x"}});
        let member = json!({"status": "kicked", "user": person, "until_date": 5});
        let standing = json!({"update_id": 5, "my_chat_member": {"chat": body["chat"], "from": person, "date": 5,
            "old_chat_member": member, "new_chat_member": member, "invite_link": {"creator": person}}});
        for update in [press, standing] {
            let raw = update.to_string();
            let kept = envelope(&raw).expect("an update").raw;
            assert_eq!(kept.matches(PERSONAL).count(), usize::from(scene == Scene::Moderator), "{kept}");
            assert_eq!(read(&kept), read(&raw));
        }
    }
    // A kind that is not known stays to be looked into, without people and places.
    let strange = json!({"update_id": 5, "hologram": {"id": 9, "depth": 3, "by": person, "pieces": [{"latitude": PLACE,
        "phone_number": PERSONAL, "text": "x"}]}});
    let kept = envelope(&strange.to_string()).expect("an update").raw;
    assert!(!tells(&kept), "{kept}");
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    let by = json!({"id": VOTER, "is_bot": false});
    assert_eq!(kept["hologram"], json!({"id": 9, "depth": 3, "by": by, "pieces": [{"text": "x"}]}));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Never a panic; what can't be read has a reason that can be logged; what is written down reads as the whole does.
    #[test]
    fn whatever_comes_is_read_or_refused_with_a_reason(raw in crate::sample::updates()) {
        let whole = read(&raw);
        if let Incoming::Unreadable(why) = &whole {
            let plain = why.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ' ');
            prop_assert!(!why.is_empty() && plain, "{}", why);
        }
        // Nothing but a missing chat or number costs a message, and nothing costs its text.
        let update: Value = serde_json::from_str(&raw).unwrap_or_default();
        let kind = field::OWN.into_iter().find(|kind| !update[*kind].is_null() && update[*kind] != json!(false));
        let given = kind.map(|kind| &update[kind]).filter(|given| given["chat"]["id"].is_i64());
        if let Some(given) = given.filter(|given| given["message_id"].is_i64()) {
            let text = given["text"].as_str().filter(|text| !text.is_empty() && !text.contains('\0'));
            match &whole {
                Incoming::Message(message) if text.is_some() => prop_assert_eq!(message.text.as_deref(), text),
                Incoming::Message(_) | Incoming::Press(_) | Incoming::Standing(_) => {}
                other => prop_assert!(false, "{:?}", other),
            }
        }
        if let Incoming::Message(message) = &whole {
            let outcomes = [message.text.is_some(), message.media.is_some(), message.service];
            prop_assert!(outcomes.contains(&true), "{:?}", message);
        }
        if let Some(kept) = envelope(&raw) {
            prop_assert_eq!(read(&kept.raw), whole, "written down as {}", kept.raw);
            prop_assert_eq!(envelope(&kept.raw).map(|again| again.raw), Some(kept.raw));
        }
    }

    #[test]
    fn no_text_is_too_odd(raw in "\\PC{0,80}") {
        prop_assert!(matches!(read(&raw), Incoming::Unreadable(_)));
        prop_assert_eq!(envelope(&raw), None);
    }
}
