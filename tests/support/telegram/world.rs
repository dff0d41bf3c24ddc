//! All that this Telegram knows, behind one lock, and the log of what the bot asked of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::Refusal;
use super::chat::{Author, Chat, Message, Standing, User, message_json};
use super::limit::{Fault, Traffic};
use super::refusal::Rules;
use super::update::Queue;

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Not answered yet.
    InFlight,
    /// Done; the `result` that was sent back.
    Done(Value),
    /// Refused with this code and description.
    Refused(u16, String),
    /// Spoilt by an injected fault; `took_effect` says whether it was carried out all the same.
    Spoilt {
        /// What was done to it.
        fault: Fault,
        /// Whether the call was carried out before its answer was spoilt.
        took_effect: bool,
    },
    /// The bot went away before the answer (a long poll ended by a kill, or a client's time limit).
    Abandoned,
}

/// One call of the bot.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method as the Bot API writes it, but in lower case: `sendmessage`.
    pub method: String,
    /// Its parameters.
    pub params: Map<String, Value>,
    /// When it arrived.
    pub at: Instant,
    /// When it was answered.
    pub answered: Option<Instant>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Call {
    /// The chat that it is about.
    pub fn chat(&self) -> Option<i64> {
        self.params.get("chat_id").and_then(super::text::whole)
    }

    /// Whether the user's screen changed through it.
    pub fn took_effect(&self) -> bool {
        matches!(self.outcome, Outcome::Done(_) | Outcome::Spoilt { took_effect: true, .. })
    }
}

/// A press of a button.
#[derive(Debug, Clone)]
pub struct PressRecord {
    /// When, in Unix seconds.
    pub at: i64,
    /// The bot's answer: text and whether it was an alert.
    pub answer: Option<(String, bool)>,
}

/// All state.
#[derive(Debug)]
pub struct World {
    /// The bot itself.
    pub bot: User,
    /// People by id.
    pub users: BTreeMap<i64, User>,
    /// Chats by id.
    pub chats: BTreeMap<i64, Chat>,
    /// Files by id, with their kind.
    pub files: BTreeMap<String, String>,
    /// What was uploaded, by the files' names, in order.
    pub uploads: Vec<(String, Vec<u8>)>,
    /// Updates.
    pub queue: Queue,
    /// Presses by callback query id.
    pub presses: BTreeMap<String, PressRecord>,
    /// What the bot called, in order.
    pub calls: Vec<Call>,
    /// Rules of the Bot API that a call broke.
    pub violations: Vec<String>,
    /// Menus by scope and language.
    pub commands: BTreeMap<String, Vec<(String, String)>>,
    /// Limits, floods and faults.
    pub traffic: Traffic,
    /// What a test lets be refused.
    pub rules: Rules,
    /// How far this Telegram's clock is ahead of the real one.
    pub ahead: Duration,
    /// How long people wait for the bot before a test fails.
    pub patience: Duration,
}

impl World {
    /// A Telegram with nobody in it but the bot.
    pub fn new(bot: User) -> Self {
        Self {
            bot,
            users: BTreeMap::new(),
            chats: BTreeMap::new(),
            files: BTreeMap::new(),
            uploads: Vec::new(),
            queue: Queue::default(),
            presses: BTreeMap::new(),
            calls: Vec::new(),
            violations: Vec::new(),
            commands: BTreeMap::new(),
            traffic: Traffic::default(),
            rules: Rules::default(),
            ahead: Duration::ZERO,
            patience: Duration::from_secs(30),
        }
    }

    /// Unix seconds by this Telegram's clock.
    pub fn now(&self) -> i64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from((real + self.ahead).as_secs()).unwrap_or(i64::MAX)
    }

    /// An id for the next person.
    pub fn next_user(&self) -> i64 {
        self.users.keys().next_back().map_or(7_000_001, |id| id + 1)
    }

    /// A chat that exists, by the `chat_id` of a call.
    pub fn chat(&mut self, id: i64) -> Result<&mut Chat, Refusal> {
        self.chats.get_mut(&id).ok_or_else(|| Refusal::fault("Bad Request: chat not found"))
    }

    /// A chat that the bot may write to.
    pub fn open_chat(&mut self, id: i64) -> Result<&mut Chat, Refusal> {
        let chat = self.chat(id)?;
        if let Some(to) = chat.migrated_to {
            let mut refusal = Refusal::new(400, "Bad Request: group chat was upgraded to a supergroup chat");
            refusal.migrate_to = Some(to);
            return Err(refusal);
        }
        if chat.shut {
            return Err(match chat.group {
                None => Refusal::new(403, "Forbidden: bot was blocked by the user"),
                Some(_) => Refusal::new(403, &format!("Forbidden: bot was kicked from the {} chat", chat.kind())),
            });
        }
        if !chat.started {
            return Err(Refusal::fault("Forbidden: bot can't initiate conversation with a user").code(403));
        }
        Ok(chat)
    }

    /// A chat that the bot may put something new into.
    pub fn writable_chat(&mut self, id: i64) -> Result<&mut Chat, Refusal> {
        let chat = self.open_chat(id)?;
        if chat.closed { Err(Refusal::new(400, "Bad Request: TOPIC_CLOSED")) } else { Ok(chat) }
    }

    /// The topic that something new goes to, if it may be written to.
    pub fn writable_topic(&mut self, id: i64, params: &Map<String, Value>) -> Result<Option<i64>, Refusal> {
        let Some(thread) = params.get("message_thread_id").and_then(Value::as_i64) else {
            return self.writable_chat(id).map(|_| None);
        };
        let chat = self.open_chat(id)?;
        match chat.topics.get(&thread).filter(|topic| chat.forum && !topic.deleted) {
            None => Err(Refusal::new(400, "Bad Request: message thread not found")),
            Some(topic) if topic.closed => Err(Refusal::new(400, "Bad Request: TOPIC_CLOSED")),
            Some(_) => Ok(Some(thread)),
        }
    }

    /// A new message in a chat, numbered and dated.
    pub fn draft(&self, chat: i64, author: Author) -> Message {
        let last = self.chats.get(&chat).and_then(|c| c.messages.keys().next_back());
        Message {
            chat,
            id: last.map_or(1, |id| id + 1),
            date: self.now(),
            edits: 0,
            edited: None,
            author,
            content: super::text::Styled::default(),
            media: None,
            album: None,
            buttons: Vec::new(),
            topic: None,
            reply_to: None,
            preview: true,
            forwarded: None,
            deleted: false,
            update: None,
        }
    }

    /// Puts a message into its chat, new or in place of its older state.
    pub fn keep(&mut self, message: Message) {
        if let Some(chat) = self.chats.get_mut(&message.chat) {
            chat.messages.insert(message.id, message);
        }
    }

    /// A message as it stands, deleted or not.
    pub fn message(&self, chat: i64, id: i64) -> Option<&Message> {
        self.chats.get(&chat)?.messages.get(&id)
    }

    /// A message as the Bot API writes it.
    pub fn message_json(&self, chat: i64, id: i64) -> Value {
        let Some(place) = self.chats.get(&chat) else { return Value::Null };
        place.messages.get(&id).map_or(Value::Null, |m| message_json(m, place, &self.users, &self.bot, true))
    }

    /// A member of a chat as the Bot API writes one.
    pub fn member_json(&self, chat: i64, user: i64) -> Option<Value> {
        let place = self.chats.get(&chat)?;
        if user == self.bot.id {
            let standing = if place.shut { Standing::Kicked } else { Standing::Administrator };
            return Some(member(&self.bot, standing));
        }
        let standing = match place.group {
            None if place.id == user => Standing::Member,
            _ => place.members.get(&user).copied().unwrap_or(Standing::Left),
        };
        self.users.get(&user).map(|u| member(u, standing))
    }
}

fn member(user: &User, standing: Standing) -> Value {
    let user = user.to_json();
    match standing {
        Standing::Owner => json!({"status": "creator", "user": user, "is_anonymous": false}),
        Standing::Administrator => {
            const RIGHTS: [&str; 15] = [
                "can_be_edited",
                "can_manage_chat",
                "can_delete_messages",
                "can_manage_video_chats",
                "can_restrict_members",
                "can_promote_members",
                "can_change_info",
                "can_invite_users",
                "can_post_stories",
                "can_edit_stories",
                "can_delete_stories",
                "can_post_messages",
                "can_edit_messages",
                "can_pin_messages",
                "can_manage_topics",
            ];
            let mut out = json!({"status": "administrator", "user": user, "is_anonymous": false});
            for right in RIGHTS {
                out[right] = json!(true);
            }
            out
        }
        Standing::Member => json!({"status": "member", "user": user}),
        Standing::Left => json!({"status": "left", "user": user}),
        Standing::Kicked => json!({"status": "kicked", "user": user, "until_date": 0}),
    }
}

/// The world and the bell that rings when it changes.
#[derive(Debug)]
pub struct Shared {
    world: Mutex<World>,
    bell: watch::Sender<u64>,
    /// The bot's token.
    pub token: String,
}

impl Shared {
    /// Holds `world`.
    pub fn new(world: World, token: &str) -> Self {
        Self { world: Mutex::new(world), bell: watch::Sender::new(0), token: token.to_owned() }
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        // A test that failed while holding the lock must not hide its message behind a second panic.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something and rings the bell.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let out = change(&mut self.lock());
        self.bell.send_modify(|n| *n += 1);
        out
    }

    /// Changes something that nobody waits for.
    pub fn look_mut<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.lock())
    }

    /// Looks.
    pub fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock())
    }

    /// Wakes at each change from now on.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// Waits until `ready` gives something; `None` when `patience` is over.
    pub async fn until<T>(&self, patience: Duration, mut ready: impl FnMut(&World) -> Option<T>) -> Option<T> {
        let deadline = tokio::time::Instant::now() + patience;
        let mut changes = self.watch();
        loop {
            if let Some(found) = self.look(&mut ready) {
                return Some(found);
            }
            if tokio::time::timeout_at(deadline, changes.changed()).await.is_err() {
                return self.look(&mut ready);
            }
        }
    }
}
