//! A raw update to an event of the desk. Pure.

use serde_json::Value;
use teloxide::types::{
    ChatMemberStatus, Message, MessageEntity, MessageEntityKind, Update, UpdateId, UpdateKind, User,
};

use super::button::{VoterButton, read_action};
use crate::desk::command::ModeratorCommand;
use crate::desk::{Content, Event, Mark, Media, VoterId};
use crate::store::inbox::Received;

/// What an update means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// What happened, if it concerns the bot.
    pub event: Option<Event>,
    /// Whose event it is, if a voter's.
    pub voter: Option<VoterId>,
    /// The message that a voter's message replies to.
    pub replies_to: Option<i64>,
    /// The press that wants an answer.
    pub press: Option<String>,
    /// The moderator, where Telegram tells.
    pub moderator: Option<i64>,
    /// Whether it is the moderators' event.
    pub of_moderators: bool,
    /// Whether the moderator must be an administrator of the channel.
    pub needs_administrator: bool,
    /// A group that became a supergroup: its old and its new number.
    pub moved: Option<(i64, i64)>,
    /// Why nothing follows, where someone tried what is not theirs.
    pub refused: Option<&'static str>,
}

/// Where the bot works.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// The bot's own number.
    pub bot: i64,
    /// The moderator chat.
    pub moderators: i64,
}

/// The update's number and chat, from its text; none if it is no update at all. The order within a chat is kept.
pub fn envelope(raw: &str) -> Option<Received> {
    let value: Value = serde_json::from_str(raw).ok()?;
    let update = value["update_id"].as_i64()?;
    let chat = value.as_object()?.values().find_map(|inner| {
        let message = if inner["message"].is_object() { &inner["message"] } else { inner };
        message["chat"]["id"].as_i64().or_else(|| inner["from"]["id"].as_i64())
    });
    Some(Received { update, chat: chat.unwrap_or(0), raw: raw.to_owned() })
}

/// What the update means; none if it can't be read, or is of a kind that is not known.
pub fn parse(raw: &str, scene: Scene) -> Option<Parsed> {
    let update: Update = serde_json::from_str(raw).ok()?;
    let UpdateId(_) = update.id;
    Some(match update.kind {
        UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => read_message(&message, scene, false),
        UpdateKind::EditedMessage(message) | UpdateKind::EditedChannelPost(message) => {
            read_message(&message, scene, true)
        }
        UpdateKind::CallbackQuery(query) => {
            let chat = query.message.as_ref().map(|m| m.chat().clone());
            let mut parsed = Parsed { press: Some(query.id.0.clone()), ..Parsed::default() };
            let (Some(chat), Some(data)) = (chat, query.data.as_deref()) else {
                parsed.refused = Some("a press without a message");
                return Some(parsed);
            };
            let user = user_id(&query.from);
            if chat.is_private() && chat.id.0 == user {
                read_voter_press(&mut parsed, user, data);
            } else if chat.id.0 == scene.moderators {
                parsed.of_moderators = true;
                parsed.moderator = Some(user);
                parsed.needs_administrator = chat.is_channel();
                match read_action(data) {
                    Some((ticket, action)) => {
                        parsed.event = Some(Event::Tap { ticket, by: Some(name(&query.from)), action });
                    }
                    None => parsed.refused = Some("a press with unknown data"),
                }
            } else {
                parsed.refused = Some("a press from elsewhere");
            }
            parsed
        }
        UpdateKind::MyChatMember(member) if member.chat.is_private() => {
            let reachable = member.new_chat_member.status() != ChatMemberStatus::Banned;
            let voter = member.chat.id.0;
            Parsed { event: Some(Event::Reachable { voter, reachable }), voter: Some(voter), ..Parsed::default() }
        }
        UpdateKind::Error(_) => return None,
        _ => Parsed::default(),
    })
}

fn user_id(user: &User) -> i64 {
    i64::try_from(user.id.0).unwrap_or(0)
}

fn name(user: &User) -> String {
    let last = user.last_name.as_ref().map(|last| format!(" {last}")).unwrap_or_default();
    format!("{}{last}", user.first_name)
}

fn read_voter_press(parsed: &mut Parsed, voter: VoterId, data: &str) {
    let event = match VoterButton::read(data) {
        Some(VoterButton::Entry(entry)) => Event::Pick { voter, entry },
        Some(VoterButton::Person) => Event::AskPerson { voter },
        Some(VoterButton::Rated(entry, helped)) => Event::Rated { voter, entry, helped },
        None => {
            parsed.refused = Some("a press with unknown data");
            return;
        }
    };
    (parsed.event, parsed.voter) = (Some(event), Some(voter));
}

fn read_message(message: &Message, scene: Scene, edited: bool) -> Parsed {
    let chat = message.chat.id.0;
    if let Some(new) = message.migrate_to_chat_id() {
        return Parsed { moved: Some((chat, new.0)), ..Parsed::default() };
    }
    if chat == scene.moderators {
        read_moderator(message, scene, edited)
    } else if message.chat.is_private() {
        read_voter(message, edited)
    } else {
        Parsed::default()
    }
}

fn read_voter(message: &Message, edited: bool) -> Parsed {
    let voter = message.chat.id.0;
    let number = i64::from(message.id.0);
    let text = message.text().or_else(|| message.caption()).map(str::to_owned);
    let event = match text {
        Some(text) if edited => Event::Edited { voter, message: number, text },
        Some(text) => Event::Message { voter, message: number, text },
        None if edited || file(message).is_none() => return Parsed::default(),
        None => Event::Media { voter, album: message.media_group_id().map(|id| id.0.clone()) },
    };
    Parsed {
        event: Some(event),
        voter: Some(voter),
        replies_to: message.reply_to_message().map(|m| i64::from(m.id.0)),
        ..Parsed::default()
    }
}

/// What a message carries besides words, and what tells it from another; none for words and for service messages.
fn file(message: &Message) -> Option<Media> {
    let captioned = [
        message.photo().and_then(|sizes| sizes.last()).map(|size| size.file.unique_id.0.clone()),
        message.document().map(|d| d.file.unique_id.0.clone()),
        message.voice().map(|v| v.file.unique_id.0.clone()),
        message.video().map(|v| v.file.unique_id.0.clone()),
        message.audio().map(|a| a.file.unique_id.0.clone()),
        message.animation().map(|a| a.file.unique_id.0.clone()),
    ];
    if let Some(file) = captioned.into_iter().flatten().next() {
        return Some(Media { captioned: true, file });
    }
    let bare = message
        .sticker()
        .map(|s| s.file.unique_id.0.clone())
        .or_else(|| message.video_note().map(|v| v.file.unique_id.0.clone()))
        .or_else(|| message.location().map(|l| format!("{} {}", l.latitude, l.longitude)))
        .or_else(|| message.contact().map(|c| c.phone_number.clone()))
        .or_else(|| message.poll().map(|p| p.question.clone()))
        .or_else(|| message.dice().map(|d| d.value.to_string()))
        .or_else(|| message.story().map(|_| "story".to_owned()));
    bare.map(|file| Media { captioned: false, file })
}

fn read_moderator(message: &Message, scene: Scene, edited: bool) -> Parsed {
    let of_the_chat = message.sender_chat.as_ref().is_some_and(|chat| chat.id.0 == scene.moderators);
    let another_bot = message.from.as_ref().is_some_and(|user| user.is_bot) && !of_the_chat;
    if another_bot || message.is_automatic_forward() {
        return Parsed::default();
    }
    let person = message.from.as_ref().filter(|_| !of_the_chat);
    let by = person.map(name).or_else(|| message.author_signature().map(str::to_owned));
    let moderator = person.map(user_id);
    let number = i64::from(message.id.0);
    let mut parsed = Parsed { of_moderators: true, moderator, ..Parsed::default() };
    let content = content(message);
    if let Some(command) = content.as_ref().and_then(|c| ModeratorCommand::parse(&c.text)).filter(|_| !edited) {
        parsed.event = Some(Event::Ask(command));
        return parsed;
    }
    let ticket = message.reply_to_message().and_then(|card| card_number(card, scene));
    // Moderators' talk among themselves is left alone.
    let (Some(ticket), Some(content)) = (ticket, content) else { return Parsed::default() };
    parsed.event = Some(if edited {
        Event::ReplyEdited { ticket, message: number, by, content }
    } else {
        Event::Reply { ticket, message: number, by, content }
    });
    parsed
}

/// The number after the first `#` of one of the bot's own messages. In a channel Telegram does not tell who wrote a
/// post: there it must stand at the very beginning.
fn card_number(card: &Message, scene: Scene) -> Option<u64> {
    let own = card.from.as_ref().is_some_and(|user| user_id(user) == scene.bot);
    let text = card.text().or_else(|| card.caption())?;
    let post = card.chat.is_channel() && text.starts_with('#');
    if !own && !post {
        return None;
    }
    let digits = text.split_once('#')?.1;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

fn content(message: &Message) -> Option<Content> {
    let media = file(message);
    let (text, entities) = match message.text() {
        Some(text) => (text, message.entities()),
        None => (message.caption().unwrap_or_default(), message.caption_entities()),
    };
    if text.is_empty() && media.is_none() {
        return None;
    }
    let marks = entities.unwrap_or_default().iter().filter_map(mark).collect();
    Some(Content { text: text.to_owned(), marks, media })
}

/// The looks that are kept. Mentions of people and custom emoji are not: they would tell who wrote.
fn mark(entity: &MessageEntity) -> Option<Mark> {
    let (kind, url) = match &entity.kind {
        MessageEntityKind::Bold => ("bold", None),
        MessageEntityKind::Italic => ("italic", None),
        MessageEntityKind::Underline => ("underline", None),
        MessageEntityKind::Strikethrough => ("strikethrough", None),
        MessageEntityKind::Spoiler => ("spoiler", None),
        MessageEntityKind::Blockquote => ("blockquote", None),
        MessageEntityKind::ExpandableBlockquote => ("expandable_blockquote", None),
        MessageEntityKind::Code => ("code", None),
        MessageEntityKind::Pre { .. } => ("pre", None),
        MessageEntityKind::TextLink { url } => ("text_link", Some(url.to_string())),
        _ => return None,
    };
    Some(Mark { offset: entity.offset, length: entity.length, kind: kind.to_owned(), url })
}
