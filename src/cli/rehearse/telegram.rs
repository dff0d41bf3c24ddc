//! What stands in for Telegram: it takes every message, and notes what concerns those who take part.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};

use crate::desk::Action;
use crate::telegram::api::{StandIn, Upload};
use crate::telegram::button::{VoterButton, read_action};
use crate::telegram::clock::Source;

/// The clocks of the rehearsal, moved by hand.
#[derive(Debug, Clone)]
pub(super) struct Hands {
    /// When it begins, in milliseconds since 1970.
    begin: i64,
    passed: Arc<AtomicI64>,
}

impl Hands {
    pub(super) fn at(begin: i64) -> Self {
        Self { begin, passed: Arc::default() }
    }

    /// Milliseconds since it began.
    pub(super) fn passed(&self) -> i64 {
        self.passed.load(Ordering::Relaxed)
    }

    /// It is so long since it began, unless it is longer already.
    pub(super) fn pass_to(&self, passed: i64) {
        self.passed.fetch_max(passed, Ordering::Relaxed);
    }
}

impl Source for Hands {
    fn wall(&self) -> i64 {
        self.begin + self.passed()
    }

    fn steady(&self) -> i64 {
        self.passed()
    }
}

/// A ticket's message among moderators.
#[derive(Debug, Clone)]
pub(super) struct Posted {
    /// Its number there.
    pub(super) message: i64,
    /// What its buttons carry of the ticket.
    pub(super) key: String,
}

/// What is noted.
#[derive(Debug, Default)]
pub(super) struct Noted {
    last: i64,
    /// New cards.
    pub(super) cards: Vec<Posted>,
    /// What the bot asks moderators to press before it goes on, with its message.
    pub(super) presses: Vec<(i64, String)>,
    /// How many messages and changes of messages moderators were sent.
    pub(super) to_moderators: usize,
    /// Whose message came, and what it says: those since this was looked at.
    pub(super) heard: Vec<(i64, String)>,
    /// The buttons under the last message of each voter that had some.
    pub(super) offers: HashMap<i64, (i64, Vec<VoterButton>, Vec<String>)>,
    /// The messages of all cards, to see whether one is new.
    known: BTreeSet<i64>,
}

impl Noted {
    /// A number for a message.
    pub(super) fn next(&mut self) -> i64 {
        self.last += 1;
        self.last
    }

    fn note(&mut self, moderators: i64, method: &str, body: &Map<String, Value>) -> Value {
        let number = |field: &str| body.get(field).and_then(Value::as_i64);
        let Some(chat) = number("chat_id").filter(|_| method != "deleteMessage") else { return json!(true) };
        let edits = method.starts_with("edit");
        let message = number("message_id").filter(|_| edits).unwrap_or_else(|| self.next());
        let text = body.get("text").or_else(|| body.get("caption")).and_then(Value::as_str).unwrap_or_default();
        let buttons: Vec<String> = body
            .get("reply_markup")
            .and_then(|markup| markup["inline_keyboard"].as_array())
            .into_iter()
            .flatten()
            .flat_map(|row| row.as_array().cloned().unwrap_or_default())
            .filter_map(|button| button["callback_data"].as_str().map(str::to_owned))
            .collect();
        if chat == moderators {
            self.to_moderators += 1;
            self.note_card(message, &buttons);
        } else {
            self.heard.push((chat, text.to_owned()));
            let read: Vec<VoterButton> = buttons.iter().filter_map(|data| Some(VoterButton::read(data)?.0)).collect();
            if !read.is_empty() {
                self.offers.insert(chat, (message, read, buttons));
            }
        }
        json!({ "message_id": message })
    }

    fn note_card(&mut self, message: i64, buttons: &[String]) {
        for (data, (key, action)) in buttons.iter().filter_map(|data| Some((data, read_action(data)?))) {
            match action {
                Action::Take if self.known.insert(message) => self.cards.push(Posted { message, key }),
                Action::SendHeld(_) | Action::SendToLate(_) => self.presses.push((message, data.clone())),
                _ => {}
            }
        }
    }
}

/// What is noted, as the program and the rehearsal share it.
#[derive(Debug, Clone)]
pub(super) struct Notes {
    moderators: i64,
    noted: Arc<Mutex<Noted>>,
}

impl Notes {
    /// Nothing yet; `moderators` is their chat.
    pub(super) fn of(moderators: i64) -> Self {
        Self { moderators, noted: Arc::default() }
    }

    pub(super) fn look(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StandIn for Notes {
    fn answer(&self, method: &str, body: &Map<String, Value>, _: Option<&Upload>) -> Option<String> {
        let result = self.look().note(self.moderators, method, body);
        Some(json!({"ok": true, "result": result}).to_string())
    }
}
