//! What is written down of an update: what [`read`](super::read) reads, and of a person no more than that. Fields and
//! kinds that are not known stay, without names, numbers and places, so that an update which can't be read can be
//! looked into.

use serde_json::{Map, Value, json};

use super::field::{self, Field};
use super::message::{self, file};
use super::value::{present, words};
use super::{Chat, buttons, chat, entity, rich};

/// Never kept in a part that is not known: who somebody is, how and where to find them, pictures.
const PERSONAL: [&str; 24] = [
    "first_name",
    "last_name",
    "username",
    "title",
    "name",
    "bio",
    "email",
    "phone",
    "phone_number",
    "vcard",
    "address",
    "location",
    "latitude",
    "longitude",
    "birthdate",
    "passport_data",
    "forward_origin",
    "origin",
    "via_bot",
    "photo",
    "thumbnail",
    "thumb",
    "invite_link",
    "language_code",
];

/// An update without what is not needed. Reads as the whole does.
pub fn slim(update: &Value) -> Value {
    let Value::Object(fields) = update else { return clean(update) };
    let known = |kinds: &[&str], kind: &String| kinds.contains(&kind.as_str());
    let slimmed = fields.iter().filter(|(_, inner)| present(inner)).map(|(kind, inner)| {
        let inner = match kind.as_str() {
            "update_id" => plain(inner),
            "callback_query" if inner.is_object() => press(inner),
            "my_chat_member" if inner.is_object() => standing(inner),
            _ if known(&field::OWN, kind) && inner.is_object() => of_message(inner),
            _ if known(&field::OTHER, kind) => json!({}),
            _ => unknown(kind, inner),
        };
        (kind.clone(), inner)
    });
    Value::Object(slimmed.collect())
}

fn of_message(message: &Value) -> Value {
    let named = chat(&message["chat"]).is_some_and(Chat::tells_names);
    let fields = message.as_object().into_iter().flatten().filter(|(_, value)| present(value));
    let slimmed = fields.filter_map(|(name, value)| {
        let value = match field::field(name) {
            None => unknown(name, value),
            Some(Field::Plain) => plain(value),
            Some(Field::Words) => words(value).map_or_else(|| blank(value), Value::String),
            Some(Field::Marks) => marks(value),
            Some(Field::Chat) => place(value, false),
            Some(Field::Sender) => person(value, named),
            Some(Field::SenderChat) => place(value, named),
            Some(Field::Signature) if named => plain(value),
            Some(Field::Reply) => replied(value, message::tells_replied(message)),
            Some(Field::Noted) => json!(true),
            Some(Field::ExternalReply) => external(value, named),
            Some(Field::Quote) => only(value, &["text"]),
            Some(Field::Rich) if value.is_object() => rich::slim(value),
            Some(Field::Rich) => blank(value),
            Some(Field::Content { .. }) => content(value),
            Some(Field::Service) => json!(true),
            Some(Field::Signature | Field::Idle) => return None,
        };
        (!value.is_null()).then(|| (name.clone(), value))
    });
    Value::Object(slimmed.collect())
}

fn press(query: &Value) -> Value {
    const KNOWN: [&str; 7] = ["id", "from", "message", "data", "inline_message_id", "chat_instance", "game_short_name"];
    let named = chat(&query["message"]["chat"]).is_some_and(Chat::tells_names);
    let mut slimmed = strange(query, &KNOWN);
    slimmed.extend(filled([
        ("id", plain(&query["id"])),
        ("from", person(&query["from"], named)),
        ("message", replied(&query["message"], false)),
        ("data", plain(&query["data"])),
    ]));
    Value::Object(slimmed)
}

fn standing(change: &Value) -> Value {
    const KNOWN: [&str; 8] = [
        "chat",
        "from",
        "date",
        "old_chat_member",
        "new_chat_member",
        "invite_link",
        "via_join_request",
        "via_chat_folder_invite_link",
    ];
    let named = chat(&change["chat"]).is_some_and(Chat::tells_names);
    let mut slimmed = strange(change, &KNOWN);
    let rights = ["status", "is_member", "can_send_messages", "can_post_messages"];
    slimmed.extend(filled([
        ("chat", place(&change["chat"], false)),
        ("from", person(&change["from"], named)),
        ("date", plain(&change["date"])),
        ("new_chat_member", only(&change["new_chat_member"], &rights)),
    ]));
    Value::Object(slimmed)
}

/// A message replied to or pressed under: where it stands, who wrote it, what its buttons carry, and its `words` if they
/// are asked about.
fn replied(message: &Value, worded: bool) -> Value {
    let data: Vec<Value> =
        buttons(&message["reply_markup"]).iter().map(|data| json!({"callback_data": data})).collect();
    let markup = if data.is_empty() { Value::Null } else { json!({"inline_keyboard": [data]}) };
    let topic = if present(&message["forum_topic_created"]) { json!(true) } else { Value::Null };
    Value::Object(filled([
        ("message_id", plain(&message["message_id"])),
        ("chat", place(&message["chat"], false)),
        ("from", person(&message["from"], false)),
        ("reply_markup", markup),
        ("forum_topic_created", topic),
        ("text", message::said(message).filter(|_| worded).map_or(Value::Null, Value::String)),
    ]))
}

fn external(reply: &Value, named: bool) -> Value {
    if !reply.is_object() {
        return json!(true);
    }
    let origin = &reply["origin"];
    let author = if named { person(&origin["sender_user"], false) } else { Value::Null };
    Value::Object(filled([
        ("chat", place(&reply["chat"], false)),
        ("message_id", plain(&reply["message_id"])),
        ("origin", Value::Object(filled([("type", plain(&origin["type"])), ("sender_user", author)]))),
    ]))
}

/// Entities without the people that they point to.
fn marks(entities: &Value) -> Value {
    let slimmed = entities.as_array().into_iter().flatten().map(|entity| {
        let mut slimmed = only(entity, &["type", "offset", "length"]);
        if let (Value::Object(fields), Some(url)) = (&mut slimmed, words(&entity["url"]))
            && entity::link(&url).is_some()
        {
            fields.insert("url".to_owned(), Value::String(url));
        }
        slimmed
    });
    Value::Array(slimmed.collect())
}

/// What was sent besides words: what tells it from another, a file's name, whether a location moves on.
fn content(content: &Value) -> Value {
    let period = if present(&content["live_period"]) { json!(true) } else { Value::Null };
    Value::Object(filled([
        ("file_unique_id", file(content).map_or(Value::Null, Value::String)),
        ("file_name", words(&content["file_name"]).map_or(Value::Null, Value::String)),
        ("live_period", period),
    ]))
}

fn person(user: &Value, named: bool) -> Value {
    only(user, if named { &["id", "is_bot", "first_name", "last_name"] } else { &["id", "is_bot"] })
}

fn place(chat: &Value, named: bool) -> Value {
    only(chat, if named { &["id", "type", "title"] } else { &["id", "type"] })
}

/// Of an object these fields, where they hold no more than a value; else null.
fn only(value: &Value, names: &[&'static str]) -> Value {
    if !value.is_object() {
        return Value::Null;
    }
    Value::Object(
        names.iter().map(|name| (*name, plain(&value[*name]))).filter(|(_, v)| !v.is_null()).map(own).collect(),
    )
}

/// A number, a text or a flag; an object or a list becomes null.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(_) | Value::Array(_) => Value::Null,
        Value::String(text) => Value::String(text.replace('\0', "\u{FFFD}")),
        _ => value.clone(),
    }
}

/// Those that hold something.
fn filled<const N: usize>(fields: [(&'static str, Value); N]) -> Map<String, Value> {
    fields.into_iter().filter(|(_, value)| !value.is_null()).map(own).collect()
}

fn own((name, value): (&'static str, Value)) -> (String, Value) {
    (name.to_owned(), value)
}

/// The fields that are not `known`.
fn strange(value: &Value, known: &[&str]) -> Map<String, Value> {
    let fields = value.as_object().into_iter().flatten().filter(|(name, _)| !known.contains(&name.as_str()));
    fields.map(|(name, value)| (name.clone(), unknown(name, value))).collect()
}

/// A part of a name that is not known.
fn unknown(name: &str, value: &Value) -> Value {
    if PERSONAL.contains(&name) { blank(value) } else { clean(value) }
}

/// An object, a list or a value, as it was, with nothing in it.
fn blank(value: &Value) -> Value {
    match value {
        Value::Object(_) => json!({}),
        Value::Array(_) => json!([]),
        _ => json!(true),
    }
}

/// Without whom and where it is about.
fn clean(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(clean).collect(),
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !PERSONAL.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), clean(value))).collect())
        }
        _ => value.clone(),
    }
}
