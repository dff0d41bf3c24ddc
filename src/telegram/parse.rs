//! What an update means: whose it is, and what it is about. Pure. Who is addressed is not decided here: a reply names the
//! message that it replies to, and the records tell whose that is.

use super::button::{VoterButton, action_key, read_action};
use super::read::message::NOTHING;
use super::read::{Chat, ChatKind, Incoming, Message, Press, Reply, Standing, read};
use crate::desk::command::{ModeratorCommand, is_command};
use crate::desk::{Action, Content, Event, Origin, VoterId};
use crate::text::inert;

/// Where the bot works.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The bot's own number.
    pub bot: i64,
    /// The bot's own name, without the `@`.
    pub name: &'a str,
    /// The moderator chat.
    pub moderators: i64,
    /// The chat above it, in which the bot only tells.
    pub above: Option<i64>,
}

/// What an update means.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// Nothing that concerns the bot.
    Nothing,
    /// Nothing could be made of it, for this reason, which holds none of its words.
    Unreadable(String),
    /// Someone tried what is not theirs, with this press if it was one.
    Refused {
        /// The press.
        press: Option<String>,
        /// Why, for the log.
        why: &'static str,
    },
    /// A voter's event.
    Voter(Voters),
    /// Something in the moderator chat.
    Moderator(Moderators),
    /// A group became a supergroup.
    Moved {
        /// Its old number.
        old: i64,
        /// Its new number.
        new: i64,
    },
    /// Whether the bot can write in the moderator chat has changed.
    Standing {
        /// Whether it can.
        can_write: bool,
    },
}

/// A voter's event, and what is to be looked up for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Voters {
    /// Who.
    pub voter: VoterId,
    /// What.
    pub event: Event,
    /// The message that the voter's message replies to.
    pub replies_to: Option<i64>,
    /// The key that the pressed button carries.
    pub key: Option<String>,
    /// The press that wants an answer.
    pub press: Option<String>,
    /// When the message was written, by Telegram's clock: seconds since 1970, 0 if that is not told.
    pub date: i64,
}

/// Something in the moderator chat.
#[derive(Debug, Clone, PartialEq)]
pub struct Moderators {
    /// Who.
    pub author: Author,
    /// What.
    pub what: Deed,
    /// The topic of the forum that it was done in, where Telegram tells; none for General.
    pub topic: Option<i64>,
    /// When it was written, by Telegram's clock: seconds since 1970, 0 if that is not told.
    pub date: i64,
}

/// What was done in the moderator chat.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// A command.
    Ask(ModeratorCommand),
    /// A reply.
    Reply {
        /// The message.
        message: i64,
        /// What it replies to.
        to: RepliedTo,
        /// What it says.
        content: Content,
        /// What several pictures sent at once have in common.
        album: Option<String>,
        /// Whether it was there before and has changed.
        edited: bool,
        /// Whether it is a command that the bot does not know.
        command: bool,
    },
    /// A press on a card.
    Tap {
        /// The press that wants an answer.
        press: String,
        /// The card's number in the chat, where Telegram tells.
        message: Option<i64>,
        /// The ticket's key.
        key: String,
        /// What for.
        action: Action,
    },
}

/// Who did something in the moderator chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Telegram's number of the person, where it tells.
    pub user: Option<i64>,
    /// The name, fit to be shown.
    pub name: Option<String>,
    /// As what.
    pub kind: AuthorKind,
}

/// As what someone did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorKind {
    /// As a member of the group.
    Person,
    /// As an anonymous administrator of the group.
    Anonymous,
    /// In the name of a channel or another group.
    Channel,
    /// As the channel, which only its administrators can.
    Post,
    /// By a press in a channel, which any subscriber can.
    Subscriber,
}

/// The message that a reply in the moderator chat is to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepliedTo {
    /// Its number.
    pub message: i64,
    /// Whether it is one of the bot's own.
    pub own: bool,
    /// The key that its buttons carry.
    pub key: Option<String>,
}

impl Meaning {
    /// What a voter asks with it, if it looks like a question in words.
    pub fn question(&self) -> Option<&str> {
        let Self::Voter(Voters { event: Event::Message { text, .. }, .. }) = self else { return None };
        Some(text.trim()).filter(|text| !text.is_empty() && !is_command(text))
    }
}

/// What the update means.
pub fn parse(raw: &str, scene: Scene<'_>) -> Meaning {
    match read(raw) {
        Incoming::Message(message) => read_message(*message, scene),
        Incoming::Press(press) => read_press(press, scene),
        Incoming::Standing(standing) => read_standing(&standing, scene),
        Incoming::Other(_) => Meaning::Nothing,
        Incoming::Unreadable(why) => Meaning::Unreadable(why),
    }
}

fn read_message(message: Message, scene: Scene<'_>) -> Meaning {
    let chat = message.chat.id;
    if let Some(new) = message.moved_to {
        return Meaning::Moved { old: chat, new };
    }
    if message.service {
        return Meaning::Nothing;
    }
    if scene.above == Some(chat) {
        Meaning::Nothing
    } else if chat == scene.moderators {
        read_moderator(message, scene)
    } else if message.chat.kind == ChatKind::Private {
        read_voter(message, scene)
    } else if matches!(message.chat.kind, ChatKind::Group | ChatKind::Supergroup) {
        read_group(&message, scene)
    } else {
        Meaning::Nothing
    }
}

/// What is said to the bot in a group: by its name, in reply to one of its messages, or by `/tanya`. All else there is none
/// of its business.
fn read_group(message: &Message, scene: Scene<'_>) -> Meaning {
    let another_bot = message.from.as_ref().is_some_and(|user| user.is_bot) && message.sender_chat.is_none();
    let Some(text) = message.text.as_deref().filter(|_| !another_bot && !message.edited && !message.automatic_forward)
    else {
        return Meaning::Nothing;
    };
    let own = without_own_name(text, scene);
    let to_it = message.reply.as_ref().is_some_and(|reply| !reply.external && reply.from == Some(scene.bot));
    let words = match own.split_once(char::is_whitespace).unwrap_or((&own, "")) {
        ("/tanya", words) => words.to_owned(),
        // Of a command that does not name it another bot may be meant.
        ("/start" | "/mulai", _) if own != text => String::new(),
        _ if is_command(&own) => return Meaning::Nothing,
        _ => match without_mention(text, scene.name) {
            Some(words) => words,
            None if to_it => text.to_owned(),
            None => return Meaning::Nothing,
        },
    };
    let (voter, text) = (message.chat.id, words.trim().to_owned());
    let event = Event::InGroup { voter, message: message.id, topic: message.topic, text };
    Meaning::Voter(Voters { voter, event, replies_to: None, key: None, press: None, date: message.date })
}

/// `text` without the bot's name; none if it is not in it.
fn without_mention(text: &str, name: &str) -> Option<String> {
    let is_own = |word: &str| {
        let rest = word.strip_prefix('@').filter(|_| !name.is_empty()).unwrap_or_default();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        rest[..end].eq_ignore_ascii_case(name) && !name.is_empty()
    };
    let words: Vec<&str> = text.split_whitespace().filter(|word| !is_own(word)).collect();
    (words.len() < text.split_whitespace().count()).then(|| words.join(" "))
}

/// `text` with the bot's own name taken off a command: in groups Telegram appends it (/status@tanya_bot).
fn without_own_name(text: &str, scene: Scene<'_>) -> String {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    match word.strip_prefix('/').and_then(|w| w.split_once('@')) {
        Some((command, name)) if name.eq_ignore_ascii_case(scene.name) => format!("/{command}{rest}"),
        _ => text.to_owned(),
    }
}

fn read_voter(message: Message, scene: Scene<'_>) -> Meaning {
    let voter = message.chat.id;
    // Other bots are not talked to.
    if message.from.as_ref().is_some_and(|user| user.is_bot) {
        return Meaning::Nothing;
    }
    let (number, edited) = (message.id, message.edited);
    let event = match message.text {
        Some(text) if edited => Event::Edited { voter, message: number, text: without_own_name(&text, scene) },
        Some(text) => {
            let text = without_own_name(&text, scene);
            let replied = message.reply.as_ref().and_then(|reply| reply.text.clone());
            let origin = Origin { forwarded: message.forwarded, picture: message.media.is_some(), replied };
            Event::Message { voter, message: number, text, album: message.album, origin }
        }
        None if edited => return Meaning::Nothing,
        None if message.unknown.as_deref() == Some(NOTHING) => {
            return Meaning::Unreadable("a message that holds nothing".to_owned());
        }
        None => Event::Media { voter, message: number, album: message.album, forwarded: message.forwarded },
    };
    let replies_to = message.reply.filter(|r| !r.external).map(|r| r.message);
    Meaning::Voter(Voters { voter, event, replies_to, key: None, press: None, date: message.date })
}

fn read_moderator(message: Message, scene: Scene<'_>) -> Meaning {
    let author = author(&message);
    let another_bot = message.from.as_ref().is_some_and(|user| user.is_bot) && author.kind == AuthorKind::Person;
    if another_bot || message.automatic_forward {
        return Meaning::Nothing;
    }
    let text = without_own_name(message.text.as_deref().unwrap_or_default(), scene);
    let (topic, date) = (message.topic, message.date);
    if let Some(command) = ModeratorCommand::parse(&text).filter(|_| !message.edited) {
        return Meaning::Moderator(Moderators { author, what: Deed::Ask(command), topic, date });
    }
    // Moderators' talk among themselves is left alone, and so is what is meant for another bot.
    let Some(to) = message.reply.as_ref().and_then(|reply| replied_to(reply, &message.chat, scene)) else {
        return Meaning::Nothing;
    };
    let command = is_command(&text);
    if command && text.split_whitespace().next().is_some_and(|word| word.contains('@')) {
        return Meaning::Nothing;
    }
    // A location that moves on is sent again and again: what was copied once moves by itself.
    if message.edited && message.live_location || text.is_empty() && message.media.is_none() {
        return Meaning::Nothing;
    }
    let marks = if message.text.as_deref() == Some(&text) { message.marks } else { Vec::new() };
    let content = Content { text, marks, media: message.media };
    let (number, edited) = (message.id, message.edited);
    let what = Deed::Reply { message: number, to, content, album: message.album, edited, command };
    Meaning::Moderator(Moderators { author, what, topic, date })
}

fn author(message: &Message) -> Author {
    let kind = match message.sender_chat {
        Some(chat) if chat == message.chat.id && message.chat.kind == ChatKind::Channel => AuthorKind::Post,
        Some(chat) if chat == message.chat.id => AuthorKind::Anonymous,
        Some(_) => AuthorKind::Channel,
        None if message.chat.kind == ChatKind::Channel => AuthorKind::Post,
        None => AuthorKind::Person,
    };
    let person = message.from.as_ref().filter(|_| kind == AuthorKind::Person);
    let name = person.map(|user| user.name.clone()).or_else(|| message.author_signature.clone());
    Author { user: person.map(|user| user.id), name: shown(name.as_deref()), kind }
}

fn shown(name: Option<&str>) -> Option<String> {
    name.map(inert::name).filter(|name| !name.is_empty())
}

/// What a reply is to, if it may be one of the bot's messages: in another topic of the same group too. In a channel
/// Telegram does not tell who wrote a post.
fn replied_to(reply: &Reply, chat: &Chat, scene: Scene<'_>) -> Option<RepliedTo> {
    if reply.external && reply.chat != chat.id {
        return None;
    }
    let own = reply.from == Some(scene.bot);
    let key = reply.data.iter().find_map(|data| action_key(data)).map(str::to_owned);
    let known = own || reply.post || reply.external || key.is_some();
    known.then_some(RepliedTo { message: reply.message, own, key })
}

fn read_press(press: Press, scene: Scene<'_>) -> Meaning {
    let refused = |id: String, why| Meaning::Refused { press: Some(id), why };
    let (Some(chat), Some(data)) = (press.chat, press.data.as_deref()) else {
        return refused(press.id, "a press without a message");
    };
    let user = press.from.id;
    if chat.kind == ChatKind::Private && chat.id == user {
        return read_voter_press(press.id, user, data);
    }
    if chat.id != scene.moderators {
        return refused(press.id, "a press from elsewhere");
    }
    let Some((key, action)) = read_action(data) else { return refused(press.id, "a press with unknown data") };
    let kind = if chat.kind == ChatKind::Channel { AuthorKind::Subscriber } else { AuthorKind::Person };
    let author = Author { user: Some(user), name: shown(Some(&press.from.name)), kind };
    Meaning::Moderator(Moderators {
        author,
        what: Deed::Tap { press: press.id, message: press.message, key, action },
        topic: None,
        date: 0,
    })
}

fn read_voter_press(press: String, voter: VoterId, data: &str) -> Meaning {
    let Some((button, key)) = VoterButton::read(data) else {
        return Meaning::Refused { press: Some(press), why: "a press with unknown data" };
    };
    let event = match button {
        VoterButton::Entry(entry) => Event::Pick { voter, entry },
        VoterButton::More(entry) => Event::More { voter, entry },
        VoterButton::Person => Event::AskPerson { voter },
        VoterButton::Picture => Event::SendPicture { voter },
        VoterButton::Rated(entry, helped) => Event::Rated { voter, entry, helped },
        VoterButton::Erase(sure) => Event::Erase { voter, sure },
        VoterButton::Consent(yes) => Event::Consented { voter, post: key.clone().unwrap_or_default(), yes },
        VoterButton::Menu(choice) => choice.pressed(voter),
    };
    Meaning::Voter(Voters { voter, event, replies_to: None, key, press: Some(press), date: 0 })
}

fn read_standing(standing: &Standing, scene: Scene<'_>) -> Meaning {
    let chat = standing.chat;
    if chat.id == scene.moderators {
        return Meaning::Standing { can_write: standing.can_write };
    }
    if chat.kind != ChatKind::Private {
        return Meaning::Nothing;
    }
    let voter = chat.id;
    let event = Event::Reachable { voter, reachable: standing.status != "kicked" };
    Meaning::Voter(Voters { voter, event, replies_to: None, key: None, press: None, date: standing.date })
}
