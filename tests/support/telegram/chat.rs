//! Chats, their members and messages, and the JSON that Telegram writes for them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::text::Styled;

/// What kind of chat the moderators use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    /// A supergroup (ids below -1000000000000).
    Supergroup,
    /// A basic group, which may be upgraded to a supergroup.
    Group,
    /// A channel: posts carry no author.
    Channel,
}

/// A person's standing in a group or channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// `creator`.
    Owner,
    /// `administrator`.
    Administrator,
    /// `member`.
    Member,
    /// `left`, or never there.
    Left,
    /// `kicked`.
    Kicked,
}

/// A person or the bot.
#[derive(Debug, Clone)]
pub struct User {
    /// Telegram's id.
    pub id: i64,
    /// First name.
    pub name: String,
    /// Whether it is a bot.
    pub bot: bool,
}

impl User {
    /// As the Bot API writes it.
    pub fn to_json(&self) -> Value {
        if self.bot {
            json!({"id": self.id, "is_bot": true, "first_name": self.name, "username": "tanya_pemilu_bot"})
        } else {
            json!({"id": self.id, "is_bot": false, "first_name": self.name, "language_code": "id",
                "username": format!("{}_{}", self.name.to_lowercase().replace(' ', "_"), self.id)})
        }
    }
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The bot under test.
    Bot,
    /// A person.
    User(i64),
    /// Nobody that Telegram would name: a channel's post, or a group's anonymous administrator.
    Chat,
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Button {
    /// What stands on it.
    pub text: String,
    /// What a press sends; `None` for a button that opens an address.
    pub data: Option<String>,
    /// The address that it opens.
    pub url: Option<String>,
}

/// A photo, document, voice message, sticker, ... in a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Media {
    /// The field of a Bot API message: `photo`, `document`, `voice`, `sticker`, ...
    pub kind: String,
    /// What the bot sends to send it again.
    pub file_id: String,
}

/// A message as it stands now.
#[derive(Debug, Clone)]
pub struct Message {
    /// The chat that it stands in.
    pub chat: i64,
    /// Its number in that chat.
    pub id: i64,
    /// When it was sent, in Unix seconds.
    pub date: i64,
    /// How often it was edited (a change of buttons counts too).
    pub edits: u32,
    /// When its text was last edited, in Unix seconds.
    pub edited: Option<i64>,
    /// Who wrote it.
    pub author: Author,
    /// Its text or caption, with formatting.
    pub content: Styled,
    /// What it carries besides text.
    pub media: Option<Media>,
    /// What it has in common with the other pictures of its album.
    pub album: Option<String>,
    /// Its buttons, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// The topic of a forum that it stands in; none for General.
    pub topic: Option<i64>,
    /// The message that it answers.
    pub reply_to: Option<i64>,
    /// Whether a preview of the first link would be shown.
    pub preview: bool,
    /// The name that it was forwarded from.
    pub forwarded: Option<String>,
    /// Whether it was deleted, by the bot or by a person.
    pub deleted: bool,
    /// The last update that told the bot of it (an index into `Telegram::updates`).
    pub update: Option<usize>,
}

impl Message {
    /// Its text or caption.
    pub fn text(&self) -> &str {
        &self.content.text
    }

    /// Its text or caption as HTML, so that formatting can be compared.
    pub fn html(&self) -> String {
        self.content.to_html()
    }

    /// What in it a tap would open or start: links, mentions, commands.
    pub fn active(&self) -> Vec<String> {
        self.content.active()
    }

    /// The texts of its buttons, in reading order.
    pub fn button_texts(&self) -> Vec<String> {
        self.buttons.iter().flatten().map(|b| b.text.clone()).collect()
    }

    /// The button whose text is `text`, or else the only one that holds `text`.
    pub fn button(&self, text: &str) -> Option<&Button> {
        let all = || self.buttons.iter().flatten();
        let mut holding = all().filter(|b| b.text.contains(text));
        all().find(|b| b.text == text).or_else(|| holding.next().filter(|_| holding.next().is_none()))
    }
}

/// A topic of a forum.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// Whether nothing new may be written.
    pub closed: bool,
    /// Whether it is gone, with all that stood in it.
    pub deleted: bool,
}

/// A private chat, group or channel.
#[derive(Debug, Clone)]
pub struct Chat {
    /// Telegram's id.
    pub id: i64,
    /// `None` for a private chat.
    pub group: Option<GroupKind>,
    /// Title, or the person's name.
    pub title: String,
    /// Whether a person has written to the bot here; else it may not write first.
    pub started: bool,
    /// Whether the person blocked the bot, or it was thrown out of the group.
    pub shut: bool,
    /// Whether what is in it can't be copied or forwarded elsewhere.
    pub protected: bool,
    /// Whether nothing new may be written: the General topic of a forum is closed.
    pub closed: bool,
    /// Whether it is a forum.
    pub forum: bool,
    /// Whether the bot may make topics in it.
    pub arranges: bool,
    /// Its topics by number.
    pub topics: BTreeMap<i64, Topic>,
    /// Where a basic group moved to.
    pub migrated_to: Option<i64>,
    /// The standing of people in a group.
    pub members: BTreeMap<i64, Standing>,
    /// Its messages by number, deleted ones too.
    pub messages: BTreeMap<i64, Message>,
}

impl Chat {
    /// An empty chat.
    pub fn new(id: i64, group: Option<GroupKind>, title: &str) -> Self {
        Self {
            id,
            group,
            title: title.to_owned(),
            started: group.is_some(),
            shut: false,
            protected: false,
            closed: false,
            forum: false,
            arranges: true,
            topics: BTreeMap::new(),
            migrated_to: None,
            members: BTreeMap::new(),
            messages: BTreeMap::new(),
        }
    }

    /// `private`, `group`, `supergroup` or `channel`.
    pub fn kind(&self) -> &'static str {
        match self.group {
            None => "private",
            Some(GroupKind::Group) => "group",
            Some(GroupKind::Supergroup) => "supergroup",
            Some(GroupKind::Channel) => "channel",
        }
    }

    /// As the Bot API writes it.
    pub fn to_json(&self) -> Value {
        match self.group {
            None => json!({"id": self.id, "type": "private", "first_name": self.title}),
            Some(_) => json!({"id": self.id, "type": self.kind(), "title": self.title}),
        }
    }
}

/// Writes a message as the Bot API does.
pub fn message_json(
    message: &Message,
    chat: &Chat,
    users: &BTreeMap<i64, User>,
    bot: &User,
    with_reply: bool,
) -> Value {
    let mut out = Map::new();
    out.insert("message_id".into(), json!(message.id));
    out.insert("date".into(), json!(message.date));
    out.insert("chat".into(), chat.to_json());
    match message.author {
        // In a channel Telegram names no author, not even the bot.
        Author::Bot if chat.group == Some(GroupKind::Channel) => out.insert("sender_chat".into(), chat.to_json()),
        Author::Bot => out.insert("from".into(), bot.to_json()),
        Author::User(id) => out.insert("from".into(), users.get(&id).map_or(Value::Null, User::to_json)),
        Author::Chat => {
            if chat.group != Some(GroupKind::Channel) {
                let anonymous = json!({"id": 1_087_968_824, "is_bot": true, "first_name": "Group",
                    "username": "GroupAnonymousBot"});
                out.insert("from".into(), anonymous);
            }
            out.insert("sender_chat".into(), chat.to_json())
        }
    };
    if let Some(topic) = message.topic {
        out.insert("message_thread_id".into(), json!(topic));
        out.insert("is_topic_message".into(), json!(true));
    }
    if let Some(edited) = message.edited {
        out.insert("edit_date".into(), json!(edited));
    }
    if let Some(name) = &message.forwarded {
        let origin = json!({"type": "hidden_user", "sender_user_name": name, "date": message.date - 60});
        out.insert("forward_origin".into(), origin);
    }
    let (text, entities) = match &message.media {
        None => ("text", "entities"),
        Some(media) => {
            out.insert(media.kind.clone(), media_json(media));
            ("caption", "caption_entities")
        }
    };
    if let Some(album) = &message.album {
        out.insert("media_group_id".into(), json!(album));
    }
    if message.media.is_none() || !message.content.text.is_empty() {
        out.insert(text.into(), json!(message.content.text));
    }
    if !message.content.entities.is_empty() {
        out.insert(entities.into(), message.content.entities.iter().map(super::text::Entity::to_json).collect());
    }
    if let Some(to) = message.reply_to.and_then(|id| chat.messages.get(&id)).filter(|m| with_reply && !m.deleted) {
        out.insert("reply_to_message".into(), message_json(to, chat, users, bot, false));
    }
    if !message.buttons.is_empty() {
        out.insert("reply_markup".into(), keyboard_json(&message.buttons));
    }
    Value::Object(out)
}

fn keyboard_json(buttons: &[Vec<Button>]) -> Value {
    let button = |b: &Button| match (&b.data, &b.url) {
        (Some(data), _) => json!({"text": b.text, "callback_data": data}),
        (None, url) => json!({"text": b.text, "url": url}),
    };
    let rows: Vec<Vec<Value>> = buttons.iter().map(|row| row.iter().map(button).collect()).collect();
    json!({"inline_keyboard": rows})
}

fn media_json(media: &Media) -> Value {
    let (id, unique) = (&media.file_id, format!("AQAD{}", super::text::units(&media.file_id)));
    let file = json!({"file_id": id, "file_unique_id": unique, "file_size": 2048});
    let with = |more: Value| {
        let mut file = file.as_object().cloned().unwrap_or_default();
        file.extend(more.as_object().cloned().unwrap_or_default());
        Value::Object(file)
    };
    match media.kind.as_str() {
        // Telegram gives a photo in several sizes; any of their ids may be sent again.
        "photo" => json!([
            {"file_id": format!("{id}-s"), "file_unique_id": format!("{unique}s"), "width": 90, "height": 60, "file_size": 900},
            with(json!({"width": 800, "height": 533})),
        ]),
        "document" => with(json!({"file_name": "berkas.pdf", "mime_type": "application/pdf"})),
        "voice" => with(json!({"duration": 3, "mime_type": "audio/ogg"})),
        "audio" => with(json!({"duration": 60, "mime_type": "audio/mpeg"})),
        "sticker" => with(json!({"type": "regular", "width": 512, "height": 512, "is_animated": false,
            "is_video": false, "emoji": "\u{1f44d}"})),
        "video_note" => with(json!({"length": 240, "duration": 3})),
        _ => with(json!({"width": 640, "height": 360, "duration": 3, "mime_type": "video/mp4"})),
    }
}
