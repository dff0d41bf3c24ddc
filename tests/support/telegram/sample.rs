//! Updates of every kind that the Bot API knows, and of kinds that nobody knows, made from its description in
//! `kinds.json`. Words that tell who or where somebody is are all [`PERSONAL`], coordinates are [`PLACE`].
//!
//! Nothing here needs a test around it: any test file may include this file by `#[path]`.

#![allow(dead_code)]

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

/// What stands wherever a name, an address or a telephone number does.
pub const PERSONAL: &str = "rahasia";
/// Every coordinate.
pub const PLACE: f64 = 97.625;
/// What a voter asks.
pub const QUESTION: &str = "Kapan pemungutan suara Pemilu 2024?";
/// A voter: account and private chat.
pub const VOTER: i64 = 7_000_000_123;
/// The moderators' group.
pub const GROUP: i64 = -1_001_234_567_890;

static KINDS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("kinds.json")).expect("kinds.json is JSON"));

/// One field of a type.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether it is always there.
    pub required: bool,
    /// What it may hold: "Integer", "Chat", "[]PhotoSize", "=private".
    pub types: Vec<&'static str>,
}

/// The fields of a type; none of one that is one of several types.
pub fn fields(of: &str) -> Vec<Field> {
    let described = KINDS["types"][of].as_object().into_iter().flatten();
    described
        .map(|(name, types)| Field {
            name: name.trim_end_matches('!'),
            required: name.ends_with('!'),
            types: types.as_str().expect("types are a text").split('|').collect(),
        })
        .collect()
}

/// The fields of a message that the Bot API calls service messages.
pub fn service() -> Vec<&'static str> {
    KINDS["service"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Something of type `of`. Optional fields are there down to a depth of `rich`.
pub fn sample(of: &str, rich: usize) -> Value {
    if let Some(list) = of.strip_prefix("[]") {
        return json!([sample(list, rich)]);
    }
    if let Some(word) = of.strip_prefix('=') {
        return json!(word);
    }
    match of {
        "Integer" => json!(5),
        "Float" => json!(PLACE),
        "Boolean" => json!(true),
        "String" => json!("kata"),
        _ => match &KINDS["types"][of] {
            Value::Array(one_of) => sample(one_of[0].as_str().expect("a type"), rich),
            Value::Object(_) => {
                let kept = fields(of).into_iter().filter(|field| field.required || rich > 0);
                Value::Object(kept.map(|field| (field.name.to_owned(), held(&field, rich.saturating_sub(1)))).collect())
            }
            _ => panic!("no type {of}"),
        },
    }
}

fn held(field: &Field, rich: usize) -> Value {
    const TELLING: [&str; 16] = [
        "first_name",
        "last_name",
        "username",
        "title",
        "phone_number",
        "vcard",
        "address",
        "email",
        "bio",
        "name",
        "sender_user_name",
        "author_signature",
        "sender_tag",
        "invite_link",
        "connected_website",
        "new_chat_title",
    ];
    if TELLING.contains(&field.name) && field.types == ["String"] {
        return json!(PERSONAL);
    }
    sample(field.types[0], rich)
}

/// Something of type `of` in every form: each of its types, with everything, with what is required only, and with each
/// field missing in turn; the same within, down to `depth`.
pub fn variants(of: &str, depth: usize) -> Vec<Value> {
    if let Some(list) = of.strip_prefix("[]") {
        let mut found = vec![json!([])];
        found.extend(variants(list, depth).into_iter().map(|item| json!([item])));
        return found;
    }
    if let Value::Array(one_of) = &KINDS["types"][of] {
        let kinds = one_of.iter().filter_map(Value::as_str);
        return match depth {
            0 => kinds.map(|kind| sample(kind, 0)).collect(),
            _ => kinds.flat_map(|kind| variants(kind, depth - 1)).collect(),
        };
    }
    let mut found = vec![sample(of, 0)];
    let own = fields(of);
    if depth == 0 || own.is_empty() {
        return found;
    }
    // A message holds one of everything, messages too: there one level is enough.
    let whole = sample(of, if of == "Message" { 1 } else { 2 });
    let depth = if of == "Message" { 1 } else { depth };
    found.push(whole.clone());
    for field in &own {
        let mut without = whole.clone();
        without.as_object_mut().expect("an object").remove(field.name);
        found.push(without);
        let within = field.types.iter().flat_map(|kind| variants(kind, depth - 1));
        found.extend(within.map(|inner| {
            let mut with = whole.clone();
            with[field.name] = inner;
            with
        }));
    }
    found
}

/// Where a message comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// A voter writes in private.
    Voter,
    /// A voter changes a message.
    VoterEdits,
    /// A moderator replies to a card in the group.
    Moderator,
    /// A post in the moderators' channel replies to a card.
    Channel,
}

/// All of them.
pub const SCENES: [Scene; 4] = [Scene::Voter, Scene::VoterEdits, Scene::Moderator, Scene::Channel];

impl Scene {
    /// The kind of update.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Voter | Self::Moderator => "message",
            Self::VoterEdits => "edited_message",
            Self::Channel => "channel_post",
        }
    }

    /// A message without content.
    pub fn message(self) -> Value {
        let person = json!({"id": VOTER, "is_bot": false, "first_name": PERSONAL, "last_name": PERSONAL,
            "username": PERSONAL, "language_code": "id"});
        let mut message = json!({"message_id": 4_294_967_301_i64, "date": 1_707_872_400});
        match self {
            Self::Voter | Self::VoterEdits => {
                message["chat"] = json!({"id": VOTER, "type": "private", "first_name": PERSONAL, "username": PERSONAL});
                message["from"] = person;
            }
            Self::Moderator => {
                message["chat"] = json!({"id": GROUP, "type": "supergroup", "title": "Petugas", "is_forum": true});
                message["from"] = person;
                message["reply_to_message"] = card(&message["chat"]);
            }
            Self::Channel => {
                message["chat"] = json!({"id": GROUP, "type": "channel", "title": "Petugas"});
                message["sender_chat"] = message["chat"].clone();
                message["reply_to_message"] = card(&message["chat"]);
            }
        }
        message
    }

    /// An update that brings `message`.
    pub fn update(self, message: &Value) -> Value {
        json!({"update_id": 5_000_000_001_i64, self.kind(): message})
    }
}

fn card(chat: &Value) -> Value {
    json!({"message_id": 77, "date": 1_707_872_000, "chat": chat,
        "from": {"id": 700_000_001, "is_bot": true, "first_name": "Tanya Pemilu"}, "text": "#1\napakah hujan",
        "reply_markup": {"inline_keyboard": [[{"text": "Ambil", "callback_data": "1:take"}, {"text": "kpu.go.id",
            "url": "https://kpu.go.id"}], [{"text": "Spam", "callback_data": "1:spam"}]]}})
}

/// Values of every type, right or wrong.
pub fn oddities() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(4_294_967_296_i64),
        json!(u64::MAX),
        json!(0.5),
        json!(1e300),
        json!(""),
        json!("x"),
        json!("123"),
        json!("a\u{0}b"),
        json!([]),
        json!([[]]),
        json!([null, 5, "x"]),
        json!({}),
        json!({"id": {}}),
        json!({"text": {"text": [5]}}),
        json!({"baru": [{"text": "x"}]}),
    ]
}

/// One change at a random place.
#[derive(Debug, Clone)]
enum Change {
    /// Something else stands there.
    Replace(Value),
    /// It is gone.
    Remove,
    /// A field that nobody knows is added.
    Add(String, Value),
}

/// Random updates as text: valid ones, some with parts that are missing, not known or of the wrong type, some cut off
/// or with a few bytes changed.
pub fn updates() -> impl Strategy<Value = String> {
    let odd = prop_oneof![
        3 => prop::sample::select(oddities()),
        1 => any::<i64>().prop_map(|n| json!(n)),
        1 => "\\PC{0,12}".prop_map(|s| json!(s)),
        1 => prop::collection::vec(entity(), 0..6).prop_map(Value::Array),
    ];
    let change = prop_oneof![
        3 => odd.clone().prop_map(Change::Replace),
        1 => Just(Change::Remove),
        2 => ("[a-z_]{1,12}", odd).prop_map(|(name, value)| Change::Add(name, value)),
    ];
    let changes = prop::collection::vec((any::<Index>(), change), 0..5);
    let damage = prop_oneof![
        8 => Just(None),
        1 => (any::<Index>(), Just(None)).prop_map(Some),
        1 => (any::<Index>(), "[\\[\\]{}\",:0-9a-z\\\\]{1,3}".prop_map(Some)).prop_map(Some),
    ];
    (valid(), changes, damage).prop_map(|(mut update, changes, damage)| {
        for (at, change) in changes {
            let mut paths = Vec::new();
            places(&update, &mut Vec::new(), &mut paths);
            let path = &paths[at.index(paths.len())];
            apply(&mut update, path, change);
        }
        let text = update.to_string();
        let Some((at, patch)) = damage else { return text };
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        match patch {
            None => text[..at].to_owned(),
            Some(patch) => format!("{}{patch}{}", &text[..at], &text[at..]),
        }
    })
}

fn entity() -> impl Strategy<Value = Value> {
    let kinds = ["bold", "code", "text_link", "date_time", "text_mention", "blockquote", "mention", "baru"];
    (prop::sample::select(kinds.to_vec()), -2_i64..40, -2_i64..40).prop_map(|(kind, offset, length)| {
        json!({"type": kind, "offset": offset, "length": length, "url": "https://kpu.go.id",
            "user": {"id": 5, "is_bot": false, "first_name": PERSONAL}})
    })
}

/// An update as Telegram sends it.
fn valid() -> impl Strategy<Value = Value> {
    let any_kind: Vec<Field> = fields("Update").into_iter().filter(|field| field.name != "update_id").collect();
    let rich = 0_usize..3;
    let of_kind = (prop::sample::select(any_kind), rich)
        .prop_map(|(kind, rich)| json!({"update_id": 5, kind.name: sample(kind.types[0], rich)}));
    let parts = prop::collection::vec((prop::sample::select(fields("Message")), any::<Index>()), 0..4);
    let text = prop::option::of("[a-z😀é ]{0,30}");
    let entities = prop::collection::vec(entity(), 0..6);
    let message =
        (prop::sample::select(SCENES.to_vec()), parts, text, entities).prop_map(|(scene, parts, text, entities)| {
            let mut message = scene.message();
            for (field, at) in parts.into_iter().filter(|(field, _)| !field.required) {
                let all = variants(field.types[0], 1);
                message[field.name] = all[at.index(all.len())].clone();
            }
            if let Some(text) = text {
                message["text"] = json!(text);
                message["entities"] = Value::Array(entities);
            }
            scene.update(&message)
        });
    prop_oneof![1 => of_kind, 3 => message]
}

fn places(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    found.push(path.clone());
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, inner)| (name.clone(), inner)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, inner)| (i.to_string(), inner)).collect(),
        _ => Vec::new(),
    };
    for (name, inner) in inner {
        path.push(name);
        places(inner, path, found);
        path.pop();
    }
}

fn apply(update: &mut Value, path: &[String], change: Change) {
    let pointer = |path: &[String]| path.iter().map(|name| format!("/{name}")).collect::<String>();
    match change {
        Change::Replace(value) => {
            if let Some(place) = update.pointer_mut(&pointer(path)) {
                *place = value;
            }
        }
        Change::Remove => {
            if let Some((last, parent)) = path.split_last()
                && let Some(Value::Object(fields)) = update.pointer_mut(&pointer(parent))
            {
                fields.remove(last);
            }
        }
        Change::Add(name, value) => {
            if let Some(Value::Object(fields)) = update.pointer_mut(&pointer(path)) {
                fields.insert(name, value);
            }
        }
    }
}

/// Merges `more` into a message.
pub fn with(mut message: Value, more: &Map<String, Value>) -> Value {
    message.as_object_mut().expect("a message").extend(more.clone());
    message
}
