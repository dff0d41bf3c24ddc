//! Telegram, as far as a history needs it: who saw which message with which buttons, and what it answers to calls.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};
use tanya_pemilu::telegram::api::{StandIn, Upload};
use tanya_pemilu::telegram::clock::Source;

use crate::play::{GROUP, plain};

/// Both clocks of the machine, set by hand.
#[derive(Debug, Clone)]
pub struct Hands(Arc<AtomicI64>);

/// When histories begin: 24 November 2026, 09.00 WIB.
const BEGIN: i64 = 1_795_485_600_000;

impl Default for Hands {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(BEGIN)))
    }
}

impl Hands {
    /// Time passes.
    pub fn pass(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }

    /// The time of day, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Source for Hands {
    fn wall(&self) -> i64 {
        self.now()
    }

    fn steady(&self) -> i64 {
        self.now() - BEGIN
    }
}

/// A message, as it stands in its chat.
#[derive(Debug, Clone, Default)]
pub struct Message {
    pub chat: i64,
    pub id: i64,
    /// Whether the bot wrote it.
    pub own: bool,
    pub text: String,
    /// What it said before: emptied, it stands for the same ticket still, which others may ask too.
    pub before: String,
    /// What its buttons carry.
    pub buttons: Vec<String>,
    /// The message that it replies to.
    pub about: Option<i64>,
    /// What everybody in the chat may read was taken away.
    pub gone: bool,
}

/// Something that the bot put before people: a new message, or a change of one.
#[derive(Debug, Clone)]
pub struct Seen {
    pub chat: i64,
    pub text: String,
    /// Whether it is a message of its own, and no change of one.
    pub new: bool,
    /// The call as it came, with what its buttons carry.
    pub call: String,
}

/// What a message meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meets {
    /// The network fails before Telegram hears of it.
    Fault,
    /// Telegram takes it, and its answer is lost.
    Lost,
    /// It is too soon.
    TooMany,
    /// It is refused for its own sake.
    Refusal,
}

/// All of it.
#[derive(Debug, Default)]
pub struct World {
    last: i64,
    pub messages: BTreeMap<i64, Message>,
    /// Every button that was ever shown: chat, message, what it carries.
    pub shown: Vec<(i64, i64, String)>,
    /// What was put before people since this was looked at.
    pub seen: Vec<Seen>,
    /// Who blocked the bot.
    pub blocked: BTreeSet<i64>,
    /// Nobody may write in the moderator chat.
    pub shut: bool,
    /// What the next messages meet.
    pub meets: VecDeque<Meets>,
    /// Marks that stood in a message of which the bot does not know that it arrived: it may come again.
    pub in_flight: Vec<(i64, String)>,
    /// What voters would have been told, had they not blocked the bot or had Telegram taken it.
    pub unseen: Vec<(i64, String)>,
    /// Messages that were refused for their own sake.
    pub refused: Vec<(i64, String)>,
}

impl World {
    /// A number for a message.
    pub fn next(&mut self) -> i64 {
        self.last += 1;
        self.last
    }

    /// Somebody writes.
    pub fn write(&mut self, chat: i64, text: &str, about: Option<i64>) -> i64 {
        let id = self.next();
        let text = text.to_owned();
        self.messages.insert(id, Message { chat, id, text, about, ..Message::default() });
        id
    }

    /// The bot's messages in a chat.
    pub fn of_bot(&self, chat: i64) -> Vec<i64> {
        self.messages.values().filter(|m| m.chat == chat && m.own && !m.gone).map(|m| m.id).collect()
    }

    fn show(&mut self, chat: i64, message: i64, buttons: &[String]) {
        self.shown.extend(buttons.iter().map(|data| (chat, message, data.clone())));
    }

    fn put(&mut self, chat: i64, text: String, buttons: Vec<String>, about: Option<i64>) -> i64 {
        let id = self.next();
        self.show(chat, id, &buttons);
        self.messages.insert(id, Message { chat, id, own: true, text, buttons, about, ..Message::default() });
        id
    }

    /// What Telegram says to a call: the result, or code and words.
    fn take(&mut self, method: &str, body: &Map<String, Value>, file: Option<&Upload>) -> Result<Value, (i64, String)> {
        let number = |field: &str| body.get(field).and_then(Value::as_i64);
        let words = |field: &str| body.get(field).and_then(Value::as_str).map(str::to_owned);
        let Some(chat) = number("chat_id") else { return Ok(json!(true)) };
        let refuse = |words: &str| Err((400, format!("Bad Request: {words}")));
        if self.blocked.contains(&chat) {
            self.unseen.extend(words("text").map(|text| (chat, plain(&text))));
            return Err((403, "Forbidden: bot was blocked by the user".to_owned()));
        }
        if self.shut && chat == GROUP {
            return refuse("not enough rights to send text messages to the chat");
        }
        if let Some(voter) = number("from_chat_id").filter(|from| self.blocked.contains(from)) {
            return Err((400, format!("Bad Request: message to copy not found ({})", voter % 10)));
        }
        let buttons: Vec<String> = body
            .get("reply_markup")
            .and_then(|markup| markup["inline_keyboard"].as_array())
            .into_iter()
            .flatten()
            .flat_map(|row| row.as_array().cloned().unwrap_or_default())
            .filter_map(|button| button["callback_data"].as_str().map(str::to_owned))
            .collect();
        let about = body.get("reply_parameters").and_then(|reply| reply["message_id"].as_i64());
        let text = words("text").or_else(|| words("caption"));
        let call = || json!(body).to_string();
        match method {
            "editMessageText" | "editMessageCaption" => {
                let found = number("message_id").and_then(|id| self.messages.get_mut(&id));
                let Some(message) = found.filter(|m| m.chat == chat && m.own && !m.gone) else {
                    return refuse("message to edit not found");
                };
                let text = text.unwrap_or_default();
                if message.text == text && message.buttons == buttons {
                    return refuse("message is not modified");
                }
                let before = std::mem::replace(&mut message.text, text.clone());
                message.before.push_str(&before);
                message.buttons.clone_from(&buttons);
                let id = message.id;
                self.show(chat, id, &buttons);
                self.seen.push(Seen { chat, text, new: false, call: call() });
                Ok(json!({"message_id": id}))
            }
            "deleteMessage" => {
                let found = number("message_id").and_then(|id| self.messages.get_mut(&id));
                let Some(message) = found.filter(|m| m.chat == chat && !m.gone) else {
                    return refuse("message to delete not found");
                };
                message.gone = true;
                Ok(json!(true))
            }
            "copyMessages" => {
                let ids = body.get("message_ids").and_then(Value::as_array).cloned().unwrap_or_default();
                let mut made = Vec::new();
                for id in ids.iter().filter_map(Value::as_i64) {
                    let text = self.messages.get(&id).map(|m| m.text.clone()).unwrap_or_default();
                    self.seen.push(Seen { chat, text: text.clone(), new: true, call: call() });
                    made.push(json!({"message_id": self.put(chat, text, Vec::new(), None)}));
                }
                Ok(Value::Array(made))
            }
            _ => {
                let copied = number("message_id").and_then(|id| self.messages.get(&id)).map(|m| m.text.clone());
                let mut text = text.or(copied).unwrap_or_default();
                if let Some(file) = file {
                    text.push_str(&String::from_utf8_lossy(&file.bytes));
                }
                self.seen.push(Seen { chat, text: text.clone(), new: true, call: call() });
                Ok(json!({"message_id": self.put(chat, text, buttons, about)}))
            }
        }
    }

    fn answer(&mut self, method: &str, body: &Map<String, Value>, file: Option<&Upload>) -> Option<String> {
        let refused = |code: i64, words: &str, more: Value| {
            json!({"ok": false, "error_code": code, "description": words, "parameters": more}).to_string()
        };
        let sends = method.starts_with("send") || method.starts_with("copy");
        let met = if sends { self.meets.pop_front() } else { None };
        let chat = body.get("chat_id").and_then(Value::as_i64).unwrap_or_default();
        match met {
            Some(Meets::Fault) => return None,
            Some(Meets::TooMany) => return Some(refused(429, "Too Many Requests", json!({"retry_after": 3}))),
            Some(Meets::Refusal) => {
                self.refused.push((chat, json!(body).to_string()));
                self.unseen.extend(body.get("text").and_then(Value::as_str).map(|text| (chat, plain(text))));
                return Some(refused(400, "Bad Request: can't parse entities", json!({})));
            }
            Some(Meets::Lost) | None => {}
        }
        let taken = self.take(method, body, file);
        if met == Some(Meets::Lost) {
            self.in_flight.push((chat, json!(body).to_string()));
            return None;
        }
        Some(match taken {
            Ok(result) => json!({"ok": true, "result": result}).to_string(),
            Err((code, words)) => refused(code, &words, json!({})),
        })
    }
}

/// The world, as the program and the history share it.
#[derive(Debug, Clone, Default)]
pub struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub fn look(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StandIn for Shared {
    fn answer(&self, method: &str, body: &Map<String, Value>, file: Option<&Upload>) -> Option<String> {
        self.look().answer(method, body, file)
    }
}
