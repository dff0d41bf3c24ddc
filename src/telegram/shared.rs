//! What all parts of the wire share, and the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, Utc};
use tokio::sync::Notify;

use super::api::Api;
use super::clock::Clock;
use crate::desk::Live;
use crate::faq::home_offset;
use crate::store::Store;

/// What all parts share.
#[derive(Debug)]
pub struct Shared {
    /// The store.
    pub store: Store,
    /// The client.
    pub api: Api,
    /// The FAQ.
    pub live: Arc<Live>,
    /// The bot's own number.
    pub bot: i64,
    /// The moderator chat; changes when a group becomes a supergroup.
    pub moderators: AtomicI64,
    /// Something waits in the inbox, or is due.
    pub inbox: Notify,
    /// Something waits in the outbox.
    pub outbox: Notify,
    /// The clocks.
    pub clock: Clock,
}

impl Shared {
    /// The moderator chat.
    pub fn moderators(&self) -> i64 {
        self.moderators.load(Ordering::Relaxed)
    }
}

/// The time, on the clock of Jakarta.
pub fn now() -> DateTime<FixedOffset> {
    Utc::now().with_timezone(&home_offset())
}
