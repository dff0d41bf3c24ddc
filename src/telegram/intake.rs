//! Long polling: updates are in the inbox before the next call tells Telegram that they have come.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::watch;

use super::api::{CALL_TIME, CallError, object};
use super::health::Part;
use super::inline;
use super::read::envelope;
use super::shared::Shared;
use crate::store::inbox::Received;

/// How long Telegram holds a call when there is nothing.
const POLL: Duration = Duration::from_secs(25);
/// The first pause after a fault; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause after a fault.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// An empty answer that comes sooner than this did not wait for anything: the next call does instead.
const SOON: Duration = Duration::from_secs(1);
/// The longest pause between empty answers that come at once.
const LONGEST_EMPTY_PAUSE: Duration = Duration::from_secs(2);
/// The pause after another instance was found polling.
const CONFLICT_PAUSE: Duration = Duration::from_secs(5);

/// The pause after updates could not be written down.
const UNWRITTEN_PAUSE: Duration = Duration::from_secs(2);

/// The kinds of updates that the bot wants.
pub const KINDS: [&str; 7] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
    inline::KIND,
];

/// What a call brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Updates; the next call confirms them by this offset.
    New(i64),
    /// Nothing, after Telegram had waited.
    Nothing,
    /// Nothing, at once.
    NothingSoon,
    /// Updates that can't be confirmed, or were and come again; the offset that should confirm them, if there is one.
    Unconfirmed(Option<i64>),
    /// Updates that could not be written down: they are not confirmed, and come again.
    Unwritten,
}

/// Polls until told to stop. A call that is under way then is given up: what it would have brought comes again.
pub async fn poll(shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    // Only what the last call brought needs to be confirmed. Otherwise the offset is left out: Telegram's numbers may
    // start anew after a quiet week, and what lies below an offset is never given out.
    let mut offset = None;
    // The greatest offset so far: what it confirmed must not come again.
    let mut confirmed = None;
    // Once something went wrong Telegram is asked not to wait, so that it is seen at once when all is well again.
    let mut wait_for_updates = true;
    let mut pause = Pause::default();
    let health = Arc::clone(&shared.health);
    health.fetched();
    while !*stop.borrow() {
        let round = tokio::select! {
            round = receive(&shared, offset, confirmed, wait_for_updates) => round,
            _ = stop.changed() => return,
        };
        wait_for_updates = matches!(round, Ok(Round::New(_) | Round::Nothing | Round::NothingSoon));
        if wait_for_updates {
            health.fetched();
            health.good(Part::Updates);
        }
        let wait = match round {
            Ok(Round::New(next)) => {
                (offset, confirmed) = (Some(next), Some(next));
                Duration::ZERO
            }
            Ok(Round::Nothing) => {
                offset = None;
                Duration::ZERO
            }
            Ok(Round::NothingSoon) => {
                offset = None;
                pause.next().min(LONGEST_EMPTY_PAUSE)
            }
            Ok(Round::Unconfirmed(next)) => {
                offset = next;
                health.bad(Part::Updates, "Telegram brings updates that can't be confirmed; asking less often");
                pause.next()
            }
            Ok(Round::Unwritten) => UNWRITTEN_PAUSE,
            Err(CallError::TooMany(wait)) => wait.max(FIRST_PAUSE),
            Err(CallError::Refused { code: 409, description, .. }) => {
                let what = "another instance polls with this token, or a webhook is set; only one can";
                health.bad(Part::Updates, format!("409: {what} ({description}). Trying again"));
                CONFLICT_PAUSE
            }
            // The token is refused: that is noted where the call is made.
            Err(CallError::Refused { code: 401 | 404, .. }) => pause.next(),
            Err(CallError::Refused { code, description, .. }) => {
                health.bad(Part::Updates, format!("no updates: Telegram refuses with {code} {description}"));
                pause.next()
            }
            Err(CallError::Fault(reason)) => {
                // Whether Telegram is out of reach is noted where the call is made.
                tracing::debug!(reason, "no updates");
                pause.next()
            }
        };
        if wait.is_zero() {
            pause = Pause::default();
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => return,
        }
    }
}

/// Pauses, each twice as long as the one before.
#[derive(Debug)]
struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(FIRST_PAUSE)
    }
}

impl Pause {
    fn next(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 2).min(LONGEST_PAUSE);
        pause
    }
}

/// One call: what came is written, then its end is the next offset.
async fn receive(
    shared: &Arc<Shared>,
    offset: Option<i64>,
    confirmed: Option<i64>,
    wait: bool,
) -> Result<Round, CallError> {
    let timeout = if wait { POLL.as_secs() } else { 0 };
    let mut body = object(json!({"timeout": timeout, "limit": 100, "allowed_updates": KINDS}));
    if let Some(offset) = offset {
        body.insert("offset".to_owned(), json!(offset));
    }
    let asked = Instant::now();
    let updates = shared.api.updates(&body, POLL + CALL_TIME).await?;
    if updates.is_empty() {
        return Ok(if wait && asked.elapsed() < SOON { Round::NothingSoon } else { Round::Nothing });
    }
    let (mut numbers, mut kept) = (Vec::with_capacity(updates.len()), Vec::with_capacity(updates.len()));
    for raw in updates.iter().map(|update| update.get()) {
        let Some(received) = envelope(raw) else { continue };
        numbers.push(received.update);
        match inline::read(raw) {
            // What is answered from the FAQ alone is not written down.
            Some(query) => inline::answer(shared, query),
            None => kept.push(received),
        }
    }
    let unkept = updates.len() - numbers.len();
    if unkept > 0 {
        shared.health.counts.unkept.inc_by(unkept as u64);
        let what = format!("{unkept} updates without a number came; they can't be kept");
        if numbers.is_empty() {
            shared.health.bad(Part::Updates, what.as_str());
            return Err(CallError::Fault(what));
        }
        tracing::error!("{what}");
    }
    let Ok(fresh) = write(shared, &kept).await else { return Ok(Round::Unwritten) };
    // An offset of 0 or below would mean something else to Telegram.
    let next = numbers.iter().filter_map(|number| number.checked_add(1)).max().filter(|next| *next > 0);
    Ok(match next {
        Some(next) if fresh > 0 || confirmed.is_none_or(|confirmed| next > confirmed) => Round::New(next),
        next => Round::Unconfirmed(next),
    })
}

/// Writes updates to the inbox and wakes the worker; says how many are new.
pub(super) async fn write(shared: &Shared, received: &[Received]) -> sqlx::Result<u64> {
    match shared.store.receive(received, shared.clock.now().timestamp_millis()).await {
        Ok(fresh) => {
            shared.health.good(Part::Inbox);
            let is_fresh = |update: &&Received| fresh.contains(&update.update);
            for update in received.iter().filter(is_fresh) {
                let kind = shared.health.counts.came(&update.raw);
                tracing::debug!(update = update.update, kind, "an update came in");
            }
            if !fresh.is_empty() {
                shared.inbox.notify_one();
            }
            Ok(fresh.len() as u64)
        }
        Err(error) => {
            let what = format!("what comes in can't be written down, and will come again: {error}");
            shared.health.bad(Part::Inbox, what);
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound() {
        let mut pause = Pause::default();
        let waits: Vec<u64> = (0..8).map(|_| pause.next().as_millis() as u64).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
    }
}
