//! What people do in their chats, and what they see there.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::chat::{Author, GroupKind, Media, Message};
use super::screen;
use super::text::Styled;
use super::world::{PressRecord, Shared, World};

/// A voter in a private chat, or someone in a group or channel.
#[derive(Debug, Clone)]
pub struct Person {
    shared: Arc<Shared>,
    author: Author,
    user: i64,
    chat: i64,
    /// The last of the bot's messages that was heard.
    heard: Arc<AtomicI64>,
}

/// A press that was made.
#[derive(Debug, Clone)]
pub struct Press {
    shared: Arc<Shared>,
    id: String,
    /// The index of its update in `Telegram::updates`.
    pub update: usize,
}

impl Press {
    /// What the bot answered to it (empty: nothing but that it was taken in); waits for it.
    pub async fn answer(&self) -> String {
        let patience = self.shared.look(|world| world.patience);
        let answer = |world: &World| world.presses.get(&self.id)?.answer.clone();
        let answer = self.shared.until(patience, answer).await;
        answer.unwrap_or_else(|| panic!("the press was never answered{}", recent(&self.shared))).0
    }

    /// Whether it was answered by now.
    pub fn is_answered(&self) -> bool {
        self.shared.look(|world| world.presses.get(&self.id).is_some_and(|p| p.answer.is_some()))
    }
}

impl Person {
    pub(super) fn new(shared: Arc<Shared>, author: Author, user: i64, chat: i64) -> Self {
        let last = shared.look(|w| w.chats.get(&chat).and_then(|c| c.messages.keys().next_back().copied()));
        Self { shared, author, user, chat, heard: Arc::new(AtomicI64::new(last.unwrap_or(0))) }
    }

    /// Telegram's id of the person.
    pub fn id(&self) -> i64 {
        self.user
    }

    /// The chat that they write in.
    pub fn chat(&self) -> i64 {
        self.chat
    }

    fn post(&self, shape: impl FnOnce(&mut World, Message) -> Message) -> Message {
        self.shared.change(|world| {
            let draft = world.draft(self.chat, self.author);
            let message = shape(world, draft);
            if let Some(chat) = world.chats.get_mut(&self.chat) {
                chat.started = true;
            }
            self.tell(world, message, "message", "channel_post")
        })
    }

    /// Keeps a message and tells the bot of it, unless it could not hear it.
    fn tell(&self, world: &mut World, mut message: Message, kind: &str, in_channel: &str) -> Message {
        world.keep(message.clone());
        let chat = &world.chats[&self.chat];
        if chat.shut || chat.migrated_to.is_some() {
            return message;
        }
        let kind = if chat.group == Some(GroupKind::Channel) { in_channel } else { kind };
        let json = world.message_json(message.chat, message.id);
        message.update = Some(world.queue.push(kind, &json));
        world.keep(message.clone());
        message
    }

    /// Writes a message.
    pub async fn says(&self, text: &str) -> Message {
        self.post(|_, draft| Message { content: Styled::plain(text), ..draft })
    }

    /// Writes a formatted message, given as HTML.
    pub async fn says_html(&self, html: &str) -> Message {
        self.post(|_, draft| Message { content: formatted(html), ..draft })
    }

    /// Writes a reply.
    pub async fn replies(&self, to: &Message, text: &str) -> Message {
        self.post(|_, draft| Message { content: Styled::plain(text), topic: to.topic, reply_to: Some(to.id), ..draft })
    }

    /// Writes a formatted reply, given as HTML.
    pub async fn replies_html(&self, to: &Message, html: &str) -> Message {
        self.post(|_, draft| Message { content: formatted(html), topic: to.topic, reply_to: Some(to.id), ..draft })
    }

    /// Sends media: `photo`, `document`, `voice`, `sticker`, `video`, ... with a caption, which may be empty.
    pub async fn sends(&self, kind: &str, caption: &str) -> Message {
        self.post(|world, draft| with_media(world, draft, kind, caption))
    }

    /// Replies with media and a caption.
    pub async fn replies_with(&self, to: &Message, kind: &str, caption: &str) -> Message {
        self.post(|world, draft| Message {
            topic: to.topic,
            reply_to: Some(to.id),
            ..with_media(world, draft, kind, caption)
        })
    }

    /// Sends several at once, with words under the one at that place.
    pub async fn sends_album(&self, kinds: &[&str], words: Option<(usize, &str)>) -> Vec<Message> {
        self.album(None, kinds, words)
    }

    /// Replies with several at once.
    pub async fn replies_with_album(&self, to: &Message, kinds: &[&str], words: Option<(usize, &str)>) -> Vec<Message> {
        self.album(Some(to.id), kinds, words)
    }

    fn album(&self, reply_to: Option<i64>, kinds: &[&str], words: Option<(usize, &str)>) -> Vec<Message> {
        let id = self.shared.look(|world| format!("1370{}", world.files.len()));
        let part = |(place, kind): (usize, &&str)| {
            let caption = words.filter(|(at, _)| *at == place).map_or("", |(_, words)| words);
            self.post(|world, draft| {
                let message = with_media(world, draft, kind, caption);
                Message { reply_to, album: Some(id.clone()), ..message }
            })
        };
        kinds.iter().enumerate().map(part).collect()
    }

    /// Sends a photo.
    pub async fn sends_photo(&self, caption: &str) -> Message {
        self.sends("photo", caption).await
    }

    /// Sends a document.
    pub async fn sends_document(&self, caption: &str) -> Message {
        self.sends("document", caption).await
    }

    /// Sends a voice message.
    pub async fn sends_voice(&self) -> Message {
        self.sends("voice", "").await
    }

    /// Sends a sticker.
    pub async fn sends_sticker(&self) -> Message {
        self.sends("sticker", "").await
    }

    /// Forwards what someone else wrote elsewhere.
    pub async fn forwards(&self, from: &str, text: &str) -> Message {
        self.post(|_, draft| Message { content: Styled::plain(text), forwarded: Some(from.to_owned()), ..draft })
    }

    /// Forwards a photo that someone else sent elsewhere.
    pub async fn forwards_photo(&self, from: &str, caption: &str) -> Message {
        self.post(|world, draft| Message {
            forwarded: Some(from.to_owned()),
            ..with_media(world, draft, "photo", caption)
        })
    }

    /// Edits a message of theirs.
    pub async fn edits(&self, message: &Message, text: &str) -> Message {
        self.edits_to(message, Styled::plain(text))
    }

    /// Edits a message of theirs, formatted as HTML.
    pub async fn edits_html(&self, message: &Message, html: &str) -> Message {
        self.edits_to(message, formatted(html))
    }

    fn edits_to(&self, message: &Message, content: Styled) -> Message {
        self.shared.change(|world| {
            let now = world.now();
            let old = world.message(self.chat, message.id).cloned().expect("a message that is edited exists");
            assert!(old.author == self.author, "people edit only their own messages");
            let new = Message { content, edited: Some(now), edits: old.edits + 1, ..old };
            self.tell(world, new, "edited_message", "edited_channel_post")
        })
    }

    /// Deletes a message; Telegram tells no bot of it.
    pub fn deletes(&self, message: &Message) {
        self.shared.change(|world| {
            if let Some(mut old) = world.message(self.chat, message.id).cloned() {
                old.deleted = true;
                world.keep(old);
            }
        });
    }

    /// Presses the button of `message`, as it stands now, whose text is `button` (or the only one that holds it).
    pub async fn presses(&self, message: &Message, button: &str) -> Press {
        let now = self.shared.look(|world| world.message(message.chat, message.id).cloned());
        let now = now.unwrap_or_else(|| panic!("there is no such message to press"));
        self.press_on(&now, button)
    }

    /// Presses a button as it stood when `message` was read, though it may be gone: a slow phone.
    pub async fn presses_late(&self, message: &Message, button: &str) -> Press {
        self.press_on(message, button)
    }

    fn press_on(&self, message: &Message, button: &str) -> Press {
        let found = message.button(button).and_then(|b| b.data.clone());
        let data =
            found.unwrap_or_else(|| panic!("no button \"{button}\" to press among {:?}", message.button_texts()));
        self.press(message, &data)
    }

    /// Sends callback data of their own making for `message`.
    pub async fn forges(&self, message: &Message, data: &str) -> Press {
        self.press(message, data)
    }

    fn press(&self, message: &Message, data: &str) -> Press {
        self.shared.change(|world| {
            let id = format!("{}", 4_300_000_000_000_000_000_u64 + world.presses.len() as u64);
            world.presses.insert(id.clone(), PressRecord { at: world.now(), answer: None });
            let from = world.users.get(&self.user).map(super::chat::User::to_json);
            let body = json!({"id": id, "from": from, "message": world.message_json(message.chat, message.id),
                "chat_instance": format!("{}", 7_000_000_000 + message.chat), "data": data});
            let update = world.queue.push("callback_query", &body);
            Press { shared: self.shared.clone(), id, update }
        })
    }

    /// Blocks the bot: it is told, and its calls to this chat are answered with 403.
    pub fn blocks_bot(&self) {
        self.shared.change(|world| {
            world.chats.entry(self.chat).and_modify(|c| c.shut = true);
            my_member(world, self.chat, self.user, "member", "kicked");
        });
    }

    /// Blocks the bot at a moment when it can't be told, so that it finds out by a 403.
    pub fn blocks_bot_silently(&self) {
        self.shared.change(|world| {
            world.chats.entry(self.chat).and_modify(|c| c.shut = true);
        });
    }

    /// Wrote to the bot at some time before, so that it may write in this chat.
    pub fn wrote_before(&self) {
        self.shared.change(|world| {
            world.chats.entry(self.chat).and_modify(|c| c.started = true);
        });
    }

    /// Takes the block back.
    pub fn unblocks_bot(&self) {
        self.shared.change(|world| {
            world.chats.entry(self.chat).and_modify(|c| c.shut = false);
            my_member(world, self.chat, self.user, "kicked", "member");
        });
    }

    /// The bot's next message in this chat that was not heard yet, as it stands now; waits for it.
    pub async fn hears(&self) -> Message {
        let patience = self.shared.look(|world| world.patience);
        let heard = self.hears_within(patience).await;
        heard.unwrap_or_else(|| {
            panic!("the bot said nothing more; the screen:\n{}{}", self.screen(), recent(&self.shared))
        })
    }

    /// The same, but `None` when `patience` is over.
    pub async fn hears_within(&self, patience: Duration) -> Option<Message> {
        let after = self.heard.load(Ordering::Relaxed);
        let next = |world: &World| {
            let messages = &world.chats.get(&self.chat)?.messages;
            messages.range(after + 1..).map(|(_, m)| m).find(|m| m.author == Author::Bot).cloned()
        };
        let message = self.shared.until(patience, next).await?;
        self.heard.store(message.id, Ordering::Relaxed);
        Some(message)
    }

    /// Fails if the bot says anything more within `time`.
    pub async fn hears_nothing(&self, time: Duration) {
        if let Some(message) = self.hears_within(time).await {
            panic!("nothing more was to be said, but: {}", message.text());
        }
    }

    /// The next message whose text holds `text`, whatever comes before it.
    pub async fn hears_of(&self, text: &str) -> Message {
        loop {
            let message = self.hears().await;
            if message.text().contains(text) {
                return message;
            }
        }
    }

    /// Waits until `message` is as `ready` wants it (edited, deleted, ...) and gives it as it then stands.
    pub async fn sees(&self, message: &Message, ready: impl Fn(&Message) -> bool) -> Message {
        let patience = self.shared.look(|world| world.patience);
        let look = |world: &World| world.message(message.chat, message.id).filter(|m| ready(m)).cloned();
        let seen = self.shared.until(patience, look).await;
        seen.unwrap_or_else(|| {
            panic!("the message never became so; the screen:\n{}{}", self.screen(), recent(&self.shared))
        })
    }

    /// Waits until the bot edits `message` after the state that is given.
    pub async fn sees_edit(&self, message: &Message) -> Message {
        let before = message.edits;
        self.sees(message, |m| m.edits > before).await
    }

    /// Waits until `text` stands on the screen.
    pub async fn reads(&self, text: &str) {
        let patience = self.shared.look(|world| world.patience);
        let read = |world: &World| screen::of(world, self.chat).contains(text).then_some(());
        let seen = self.shared.until(patience, read).await;
        assert!(seen.is_some(), "\"{text}\" never stood on the screen:\n{}{}", self.screen(), recent(&self.shared));
    }

    /// The chat as the person sees it now, in plain text.
    pub fn screen(&self) -> String {
        self.shared.look(|world| screen::of(world, self.chat))
    }

    /// The messages of the chat that still stand.
    pub fn messages(&self) -> Vec<Message> {
        let standing = |m: &&Message| !m.deleted;
        self.shared.look(|world| world.chats[&self.chat].messages.values().filter(standing).cloned().collect())
    }
}

fn formatted(html: &str) -> Styled {
    Styled::from_html(html).unwrap_or_else(|fault| panic!("the test's own HTML is faulty: {fault}"))
}

fn with_media(world: &mut World, draft: Message, kind: &str, caption: &str) -> Message {
    let file_id = format!("AgACAgUAAxkBAAIA{kind}{:04}", world.files.len());
    world.files.insert(file_id.clone(), kind.to_owned());
    Message { content: Styled::plain(caption), media: Some(Media { kind: kind.to_owned(), file_id }), ..draft }
}

/// Tells the bot that its own standing in a chat changed.
pub(super) fn my_member(world: &mut World, chat: i64, by: i64, old: &str, new: &str) {
    let Some(place) = world.chats.get(&chat) else { return };
    let bot = world.bot.to_json();
    let member = |status: &str| match status {
        "kicked" => json!({"status": status, "user": bot, "until_date": 0}),
        "administrator" => world.member_json(chat, world.bot.id).unwrap_or_default(),
        _ => json!({"status": status, "user": bot}),
    };
    let from = world.users.get(&by).or_else(|| world.users.values().next()).map(super::chat::User::to_json);
    let body = json!({"chat": place.to_json(), "from": from, "date": world.now(),
        "old_chat_member": member(old), "new_chat_member": member(new)});
    world.queue.push("my_chat_member", &body);
}

/// The last calls, for the message of a test that failed.
fn recent(shared: &Shared) -> String {
    shared.look(|world| {
        let calls = world.calls.iter().rev().filter(|c| c.method != "getupdates").take(5);
        let lines = calls.map(|c| format!("\n  {} to {:?}: {:?}", c.method, c.chat(), c.outcome)).collect::<String>();
        let waiting = world.queue.pending.len();
        format!("\nunconfirmed updates: {waiting}; broken rules: {:?}; last calls:{lines}", world.violations)
    })
}
