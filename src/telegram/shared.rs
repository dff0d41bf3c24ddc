//! What all parts of the wire share.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::{Mutex, Notify};

use super::api::Api;
use super::clock::Clock;
use super::health::Health;
use crate::desk::Live;
use crate::desk::picture::{Draw, NoPictures};
use crate::store::Store;

/// What all parts share.
#[derive(Debug)]
pub struct Shared {
    /// The store.
    pub store: Store,
    /// Where it keeps what it keeps, as it may be shown: file, or host and name; no password.
    pub place: String,
    /// The client.
    pub api: Api,
    /// The FAQ.
    pub live: Arc<Live>,
    /// The bot's own number.
    pub bot: i64,
    /// The moderator chat; changes when a group becomes a supergroup.
    pub moderators: AtomicI64,
    /// The chat above it that is told of what waits too long; 0 if there is none.
    pub above: AtomicI64,
    /// The public channel; 0 if there is none.
    pub channel: AtomicI64,
    /// Something waits in the inbox, or is due.
    pub inbox: Notify,
    /// Something waits in the outbox.
    pub outbox: Notify,
    /// The clocks.
    pub clock: Clock,
    /// The bot's own name, without the `@`, once Telegram has told it.
    pub name: OnceLock<String>,
    /// How all parts fare, and what was done.
    pub health: Arc<Health>,
    /// Who draws pictures.
    pub draw: Arc<dyn Draw>,
    /// How many changes there were of what moderators added to the FAQ, when that was loaded, or began to be.
    pub learning: AtomicI64,
    /// Held while the FAQ is loaded anew: one load at a time.
    pub loading: Mutex<()>,
}

impl Shared {
    /// All of it, at the start.
    pub fn new(
        store: Store,
        place: String,
        api: Api,
        live: Arc<Live>,
        clock: Clock,
        bot: i64,
        moderators: i64,
    ) -> Self {
        let health = Arc::clone(api.health());
        Self {
            store,
            place,
            api,
            live,
            bot,
            moderators: AtomicI64::new(moderators),
            above: AtomicI64::new(0),
            channel: AtomicI64::new(0),
            inbox: Notify::new(),
            outbox: Notify::new(),
            clock,
            name: OnceLock::new(),
            health,
            draw: Arc::new(NoPictures),
            learning: AtomicI64::new(0),
            loading: Mutex::new(()),
        }
    }

    /// The same, with somebody to draw pictures.
    pub fn drawing(self, draw: Arc<dyn Draw>) -> Self {
        Self { draw, ..self }
    }

    /// The same, with a chat above the moderators'.
    pub fn below(self, above: Option<i64>) -> Self {
        Self { above: AtomicI64::new(above.unwrap_or_default()), ..self }
    }

    /// The chat above the moderators', if there is one.
    pub fn above(&self) -> Option<i64> {
        Some(self.above.load(Ordering::Relaxed)).filter(|chat| *chat != 0)
    }

    /// The public channel, if there is one.
    pub fn channel(&self) -> Option<i64> {
        Some(self.channel.load(Ordering::Relaxed)).filter(|chat| *chat != 0)
    }

    /// The bot's own name, without the `@`; empty until Telegram has told it.
    pub fn name(&self) -> &str {
        self.name.get().map(String::as_str).unwrap_or_default()
    }

    /// The moderator chat.
    pub fn moderators(&self) -> i64 {
        self.moderators.load(Ordering::Relaxed)
    }
}
