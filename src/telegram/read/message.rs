//! A message or a post.

use serde_json::Value;

use super::field::{Field, MESSAGE, field};
use super::value::{flag, name, present, whole, words};
use super::{Chat, ChatKind, User, buttons, chat, entity, rich, user};
use crate::desk::command::is_command;
use crate::desk::{Mark, Media};

/// What [`Message::unknown`] says of a message that holds nothing at all.
pub const NOTHING: &str = "nothing";

/// A message or a post, new or edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The chat that it stands in.
    pub chat: Chat,
    /// Its number in that chat.
    pub id: i64,
    /// When it was sent, in seconds since 1970; 0 if that is not told.
    pub date: i64,
    /// Whether it was there before and has changed.
    pub edited: bool,
    /// Who sent it, where Telegram tells. In a message sent in a chat's name it is a stand-in.
    pub from: Option<User>,
    /// The chat in whose name it was sent: the group itself (an anonymous administrator) or a channel.
    pub sender_chat: Option<i64>,
    /// That chat's title.
    pub sender_chat_title: Option<String>,
    /// Who signed a post, or an anonymous administrator's title.
    pub author_signature: Option<String>,
    /// Whether Telegram copied it here from the linked channel.
    pub automatic_forward: bool,
    /// Its text, else the words under its picture, else what its headings, lists and tables say.
    pub text: Option<String>,
    /// How parts of the text look: only what can be sent again and points to nobody.
    pub marks: Vec<Mark>,
    /// What a person sent besides words. A kind that is not known counts as well, unless it stands beside a text.
    pub media: Option<Media>,
    /// What several pictures sent at once have in common.
    pub album: Option<String>,
    /// The message that it replies to.
    pub reply: Option<Reply>,
    /// The words of that message which it quotes.
    pub quote: Option<String>,
    /// The number that a group which became a supergroup has from now on.
    pub moved_to: Option<i64>,
    /// Whether Telegram says it by itself (somebody joined, something was pinned): nobody's words.
    pub service: bool,
    /// What it holds that can't be read, where there is neither text nor media that is known: the field's name, or
    /// [`NOTHING`].
    pub unknown: Option<String>,
    /// The name of the file that was sent.
    pub file_name: Option<String>,
    /// Whether it is a location that moves on.
    pub live_location: bool,
    /// The topic of a forum that it stands in.
    pub topic: Option<i64>,
    /// Whether it was written elsewhere first, and forwarded.
    pub forwarded: bool,
}

/// A message that another one replies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its chat; 0 if that is not told.
    pub chat: i64,
    /// Its number; 0 if that is not told.
    pub message: i64,
    /// Who wrote it, where Telegram tells. Never told of another chat in private.
    pub from: Option<i64>,
    /// Whether it is a channel's post.
    pub post: bool,
    /// What its buttons carry, row by row.
    pub data: Vec<String>,
    /// Whether it stands in another chat or another topic.
    pub external: bool,
    /// What it says, where a command in a private chat replies to it.
    pub text: Option<String>,
}

/// Reads `message`; the error says in English what is missing.
pub fn read(message: &Value, edited: bool) -> Result<Message, &'static str> {
    if !message.is_object() {
        return Err("message that is none");
    }
    let chat = chat(&message["chat"]).ok_or("message without a chat")?;
    let id = whole(&message["message_id"]).ok_or("message without a number")?;
    let named = chat.tells_names();
    let told = |value: &Value| words(value).filter(|_| named);

    let (text, marks) = match words(&message["text"]) {
        Some(text) => (Some(text), "entities"),
        None => (words(&message["caption"]), "caption_entities"),
    };
    let marks = text.as_deref().map(|text| entity::marks(text, &message[marks])).unwrap_or_default();
    let captioned = text.is_some() && words(&message["text"]).is_none();
    let text = text.or_else(|| rich::text(&message["rich_message"]));

    let moved_to = whole(&message["migrate_to_chat_id"]);
    let content = content(message);
    let mut media = content
        .map(|(name, captioned)| Media { captioned, file: file(&message[name]).unwrap_or_else(|| name.to_owned()) });
    let empty = text.is_none() && media.is_none();
    let service = empty && (moved_to.is_some() || holds_service(message));
    let unknown = (empty && !service).then(|| unknown_field(message, true).unwrap_or(NOTHING).to_owned());
    if media.is_none() {
        // Words under something that is not known: it is there to be copied with them.
        let under = || unknown_field(message, false).filter(|_| captioned).map(str::to_owned);
        media = unknown.clone().or_else(under).map(|file| Media { captioned, file });
    }
    Ok(Message {
        chat,
        id,
        date: whole(&message["date"]).unwrap_or(0),
        edited,
        from: user(&message["from"], named),
        sender_chat: whole(&message["sender_chat"]["id"]),
        sender_chat_title: told(&message["sender_chat"]["title"]),
        author_signature: told(&message["author_signature"]),
        automatic_forward: flag(&message["is_automatic_forward"]),
        text,
        marks,
        media,
        album: words(&message["media_group_id"]),
        reply: reply(message, chat),
        quote: words(&message["quote"]["text"]),
        moved_to,
        service,
        unknown,
        file_name: content.and_then(|(name, _)| words(&message[name]["file_name"])),
        live_location: present(&message["location"]["live_period"]),
        topic: whole(&message["message_thread_id"]).filter(|_| flag(&message["is_topic_message"])),
        forwarded: present(&message["forward_origin"]),
    })
}

/// The field that holds what a person sent besides words, and whether words can stand under it.
fn content(message: &Value) -> Option<(&'static str, bool)> {
    MESSAGE.iter().find_map(|(name, field)| match field {
        Field::Content { captioned } if present(&message[*name]) => Some((*name, *captioned)),
        _ => None,
    })
}

fn holds_service(message: &Value) -> bool {
    MESSAGE.iter().any(|(name, field)| *field == Field::Service && present(&message[*name]))
}

/// What tells a file from another: of a photo that of its greatest size, which comes last.
pub(super) fn file(content: &Value) -> Option<String> {
    match content {
        Value::Array(sizes) => sizes.iter().rev().find_map(file),
        _ => words(&content["file_unique_id"]).or_else(|| words(&content["file_id"])),
    }
}

/// The first field that is not known, or, where `words` are missing, that should hold them and can't be read. Contents
/// are objects or lists: these come first.
fn unknown_field(message: &Value, words: bool) -> Option<&str> {
    let strange = |name: &str| match field(name) {
        None => true,
        Some(Field::Words | Field::Rich) => words,
        Some(_) => false,
    };
    let fields = || message.as_object().into_iter().flatten().filter(|(name, value)| present(value) && strange(name));
    let first = fields().find(|(_, value)| value.is_object() || value.is_array()).or_else(|| fields().next());
    first.map(|(of, _)| name(of))
}

fn reply(message: &Value, own: Chat) -> Option<Reply> {
    let to = &message["reply_to_message"];
    if let Some(number) = whole(&to["message_id"]).filter(|number| !opens_topic(message, to, *number)) {
        let place = chat(&to["chat"]).unwrap_or(own);
        return Some(Reply {
            chat: place.id,
            message: number,
            from: whole(&to["from"]["id"]),
            post: place.kind == ChatKind::Channel,
            data: buttons(&to["reply_markup"]),
            external: false,
            text: said(to).filter(|_| tells_replied(message)),
        });
    }
    let external = &message["external_reply"];
    external.is_object().then(|| Reply {
        chat: whole(&external["chat"]["id"]).unwrap_or(0),
        message: whole(&external["message_id"]).unwrap_or(0),
        from: whole(&external["origin"]["sender_user"]["id"]).filter(|_| own.tells_names()),
        post: external["origin"]["type"] == "channel",
        data: Vec::new(),
        external: true,
        text: None,
    })
}

/// What `message` says: its text, or the words under its picture.
pub(super) fn said(message: &Value) -> Option<String> {
    words(&message["text"]).or_else(|| words(&message["caption"]))
}

/// Whether the words of the message that `message` replies to are read: a voter's command may be about them.
pub(super) fn tells_replied(message: &Value) -> bool {
    let private = chat(&message["chat"]).is_some_and(|chat| !chat.tells_names());
    private && words(&message["text"]).is_some_and(|text| is_command(&text))
}

/// Whether `to` is the message that opened the topic: Telegram gives it as the one replied to with every message in a
/// topic that replies to none.
fn opens_topic(message: &Value, to: &Value, number: i64) -> bool {
    let first = flag(&message["is_topic_message"]) && whole(&message["message_thread_id"]) == Some(number);
    first || present(&to["forum_topic_created"])
}
