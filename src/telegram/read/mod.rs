//! An update as it came, read leniently: what can't be read is left out, and never costs the rest.
//!
//! The Bot API is newer than any library, and typed reading gives up a whole message for one part that it does not
//! know. Here the raw JSON is asked for what the bot needs. Only what is essential makes an update unreadable: the chat
//! and the number of a message, the id and the user of a press. This knows JSON and the Bot API, and no rules.
//!
//! [`field`]: what each field is. [`value`]: numbers, texts and flags in JSON. [`message`], [`entity`], [`rich`]: a
//! message, its looks, and words with headings and tables. [`slim`]: what of an update is written down at all.

use serde_json::Value;

pub mod entity;
pub mod field;
pub mod message;
pub mod rich;
pub mod slim;
pub mod value;

pub use message::{Message, Reply};

use crate::store::inbox::Received;
use value::{flag, name, present, whole, words};

/// What an update is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A message or a post, new or edited.
    Message(Box<Message>),
    /// A tap on a button.
    Press(Press),
    /// What the bot may do in a chat has changed.
    Standing(Standing),
    /// A kind of update that is not the bot's business: its name.
    Other(String),
    /// Nothing could be made of it: why, in a few English words without any of its text.
    Unreadable(String),
}

/// What kind of chat it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// With one person.
    Private,
    /// A basic group.
    Group,
    /// A supergroup.
    Supergroup,
    /// A channel.
    Channel,
    /// One that the Bot API names otherwise, or not at all.
    Unknown,
}

/// A chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chat {
    /// Its number.
    pub id: i64,
    /// What it is.
    pub kind: ChatKind,
}

/// A person or a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The account's number.
    pub id: i64,
    /// Whether it is a bot.
    pub is_bot: bool,
    /// First and last name. Empty in private chats: nobody needs a voter's name.
    pub name: String,
}

/// A tap on a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// What the answer must name.
    pub id: String,
    /// Who pressed.
    pub from: User,
    /// The chat of the message that has the button; none if Telegram does not tell.
    pub chat: Option<Chat>,
    /// The number of that message.
    pub message: Option<i64>,
    /// What the button carries.
    pub data: Option<String>,
    /// What all buttons under that message carry, row by row.
    pub buttons: Vec<String>,
}

/// What the bot may do in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The chat. A private one: the voter blocked the bot or let it in again.
    pub chat: Chat,
    /// Who changed it.
    pub by: Option<User>,
    /// Whether the bot can write there, as far as it is told: a status that is not known does not forbid it.
    pub can_write: bool,
    /// "member", "kicked", ... as Telegram names it; "unnamed" if it can't be read.
    pub status: String,
    /// When, in seconds since 1970; 0 if it is not told.
    pub date: i64,
}

/// What `raw`, one update as JSON, is. Takes any text.
pub fn read(raw: &str) -> Incoming {
    value::parse(raw).map_or_else(|| Incoming::Unreadable("no JSON".to_owned()), |update| read_value(&update))
}

/// The update's number, its chat (0 if it belongs to none), and what is to be written down of it; none if it has no
/// number. The order within a chat is kept.
pub fn envelope(raw: &str) -> Option<Received> {
    let update = value::parse(raw)?;
    let number = whole(&update["update_id"])?;
    let chat = update.as_object()?.values().find_map(|inner| {
        let places = [&inner["message"]["chat"], &inner["chat"], &inner["from"], &inner["user"]];
        places.into_iter().find_map(|place| whole(&place["id"]))
    });
    Some(Received { update: number, chat: chat.unwrap_or(0), raw: slim::slim(&update).to_string() })
}

fn read_value(update: &Value) -> Incoming {
    let Value::Object(fields) = update else { return Incoming::Unreadable("no update".to_owned()) };
    let found = |kinds: &[&'static str]| kinds.iter().copied().find(|kind| present(&update[*kind]));
    if let Some(kind) = found(&field::OWN) {
        let inner = &update[kind];
        let read = match kind {
            "callback_query" => press(inner).map(Incoming::Press),
            "my_chat_member" => standing(inner).map(Incoming::Standing),
            _ => message::read(inner, kind.starts_with("edited")).map(|message| Incoming::Message(Box::new(message))),
        };
        return read.unwrap_or_else(|why| Incoming::Unreadable(why.to_owned()));
    }
    if let Some(kind) = found(&field::OTHER) {
        return Incoming::Other(kind.to_owned());
    }
    let unknown = fields.iter().find(|(kind, inner)| *kind != "update_id" && present(inner));
    Incoming::Unreadable(unknown.map_or_else(
        || "an update without content".to_owned(),
        |(kind, _)| format!("an update of the kind {}", name(kind)),
    ))
}

fn press(query: &Value) -> Result<Press, &'static str> {
    let message = &query["message"];
    let chat = chat(&message["chat"]);
    Ok(Press {
        id: words(&query["id"]).ok_or("press without an id")?,
        from: user(&query["from"], chat.is_some_and(Chat::tells_names)).ok_or("press without a user")?,
        chat,
        message: whole(&message["message_id"]),
        data: words(&query["data"]),
        buttons: buttons(&message["reply_markup"]),
    })
}

fn standing(change: &Value) -> Result<Standing, &'static str> {
    let chat = chat(&change["chat"]).ok_or("standing without a chat")?;
    let member = &change["new_chat_member"];
    let status = member["status"].as_str().map_or("unnamed", name).to_owned();
    let may = |right: &str| member[right] != Value::Bool(false);
    let can_write = match status.as_str() {
        "left" | "kicked" => false,
        "member" => chat.kind != ChatKind::Channel,
        _ => {
            let post = chat.kind != ChatKind::Channel || may("can_post_messages");
            post && may("is_member") && may("can_send_messages")
        }
    };
    let by = user(&change["from"], chat.tells_names());
    Ok(Standing { chat, by, can_write, status, date: whole(&change["date"]).unwrap_or(0) })
}

impl Chat {
    /// Whether names of people are read and kept: moderators' are, voters' are not.
    fn tells_names(self) -> bool {
        self.kind != ChatKind::Private
    }
}

fn chat(value: &Value) -> Option<Chat> {
    let id = whole(&value["id"])?;
    let kind = match value["type"].as_str() {
        Some("private") => ChatKind::Private,
        Some("group") => ChatKind::Group,
        Some("supergroup") => ChatKind::Supergroup,
        Some("channel") => ChatKind::Channel,
        Some(_) => ChatKind::Unknown,
        // Only people have numbers above zero.
        None if id > 0 => ChatKind::Private,
        None => ChatKind::Unknown,
    };
    Some(Chat { id, kind })
}

fn user(value: &Value, named: bool) -> Option<User> {
    let id = whole(&value["id"])?;
    let parts = [words(&value["first_name"]), words(&value["last_name"])];
    let name = if named { parts.into_iter().flatten().collect::<Vec<_>>().join(" ") } else { String::new() };
    Some(User { id, is_bot: flag(&value["is_bot"]), name })
}

/// What the buttons of an inline keyboard carry.
fn buttons(markup: &Value) -> Vec<String> {
    let rows = markup["inline_keyboard"].as_array().into_iter().flatten();
    rows.filter_map(Value::as_array).flatten().filter_map(|button| words(&button["callback_data"])).collect()
}

#[cfg(test)]
mod tests;
