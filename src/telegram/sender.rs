//! Makes the calls of the outbox, and writes down what became of each.
//!
//! One call at a time per chat; chats side by side. The moderator chat has its own share of Telegram's limit, so that it
//! and the voters never wait for each other; what goes there is addressed when it is sent. Nothing is given up but what
//! Telegram refuses for the message's own sake.
//!
//! - `alone`: one call after another, for rehearsals.
//! - `ready`: which of a chat's calls is next.
//! - `rest`: what rests, after a fault, a refusal, or because Telegram asked for silence.
//! - `storm`: what concerns all chats: too many 429s at once, an outage.
//! - `attempt`: one attempt at one call, and what its answer means; `refusal`: what a refusal concerns; `plain`: a call as
//!   words alone.
//! - `ruling`: what follows from it; `written`: that is written down.
//!
//! Times are in milliseconds by the clock that can't go back.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tracing::Span;

use super::limit::{Limits, Window};
use super::shared::Shared;
use super::trace::of_call;
use crate::store::outbox::{Fate, LOADED, MODERATORS};
use crate::store::trouble::{ALL_CHATS, MODERATOR_CHAT, TOKEN};

mod alone;
mod attempt;
mod plain;
mod ready;
mod refusal;
mod rest;
mod ruling;
mod storm;
mod written;

pub(super) use alone::Alone;
pub use alone::Made;
use attempt::{Attempt, attempt};
use rest::{Chat, Ruling, Taken};
use storm::Weather;

/// How many calls are under way at once.
const AT_ONCE: usize = 256;
/// How often the outbox is looked at when nothing was heard of: another instance may have written to it.
const LOOK: Duration = Duration::from_millis(500);
/// So many calls a second are spared by those that come last: whoever asks meanwhile is answered at once.
const SPARED: usize = 7;
/// How long is waited before what became of calls is tried to be written down again.
const WRITE_REST: Duration = Duration::from_secs(1);
/// How long calls under way are waited for at the end.
const LAST_WAIT: Duration = Duration::from_secs(8);
/// From so many chats on, those that have been quiet are forgotten.
const CHATS_KEPT: usize = 10_000;
/// How far back what was sent to the moderators counts for their limit, in milliseconds.
const COUNTED: i64 = 61_000;

/// An attempt that came back.
#[derive(Debug)]
struct Done {
    chat: i64,
    taken: Taken,
    attempt: Attempt,
}

impl Done {
    /// What the log's lines of it share.
    fn span(&self) -> Span {
        self.attempt.waiting.as_ref().map_or_else(Span::none, |waiting| of_call(waiting.id, waiting.update))
    }
}

/// Whether this instance may send, asked right before each call.
type MaySend = Arc<dyn Fn() -> bool + Send + Sync>;

/// The sender.
pub struct Sender {
    shared: Arc<Shared>,
    limits: Limits,
    may_send: MaySend,
    /// By number; the moderator chat's is [`MODERATORS`].
    chats: HashMap<i64, Chat>,
    /// Where the moderators are, as far as the sender has heard.
    moderators: i64,
    /// When which voter's chat may be served next: (time, number of its first call, chat).
    ready: BinaryHeap<Reverse<(i64, i64, i64)>>,
    /// The same of chats where nothing waits but what comes behind the calls of all others.
    last: BinaryHeap<Reverse<(i64, i64, i64)>>,
    voters: Option<Window>,
    weather: Weather,
    /// How many calls may be under way at once.
    at_once: usize,
    /// The last row that was loaded, by `seq`.
    loaded: i64,
    under_way: usize,
    /// Whether the store does not answer, so that it is said once.
    store_is_away: bool,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender").field("chats", &self.chats.len()).finish_non_exhaustive()
    }
}

impl Sender {
    /// A sender that keeps these limits.
    pub fn new(shared: Arc<Shared>, limits: Limits) -> Self {
        Self {
            moderators: shared.moderators(),
            shared,
            limits,
            may_send: Arc::new(|| true),
            chats: HashMap::new(),
            ready: BinaryHeap::new(),
            last: BinaryHeap::new(),
            voters: limits.of_voters(),
            weather: Weather::default(),
            at_once: AT_ONCE,
            loaded: 0,
            under_way: 0,
            store_is_away: false,
        }
    }

    /// Asks `may_send` right before each call; a call that it forbids waits.
    pub fn guarded(mut self, may_send: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.may_send = Arc::new(may_send);
        self
    }

    /// Sends until told to stop; then waits for what is under way.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let (done_in, mut done_out) = mpsc::channel::<Done>(AT_ONCE);
        self.recall().await;
        let mut load = true;
        while !*stop.borrow() {
            if load {
                self.load().await;
                self.look_at_trouble().await;
            }
            let next = self.serve(&done_in);
            let wait = (next - self.shared.clock.steady()).clamp(0, LOOK.as_millis() as i64);
            let mut finished = Vec::new();
            let shared = Arc::clone(&self.shared);
            load = tokio::select! {
                count = done_out.recv_many(&mut finished, AT_ONCE) => count == 0,
                () = shared.outbox.notified() => true,
                () = tokio::time::sleep(Duration::from_millis(wait as u64)) => true,
                _ = stop.changed() => false,
            };
            self.finish(finished, &stop).await;
        }
        let last = tokio::time::Instant::now() + LAST_WAIT;
        while self.under_way > 0 {
            let mut finished = Vec::new();
            if tokio::time::timeout_at(last, done_out.recv_many(&mut finished, AT_ONCE)).await.is_err() {
                tracing::warn!(
                    calls = self.under_way,
                    "calls under way were given up; they are made again at the start"
                );
                return;
            }
            self.finish(finished, &stop).await;
        }
    }

    /// What is known from before this start: what Telegram wanted, what was sent, what was in trouble.
    async fn recall(&mut self) {
        let (steady, now) = (self.shared.clock.steady(), self.shared.clock.now().timestamp_millis());
        let shared = Arc::clone(&self.shared);
        for (chat, rest) in shared.store.holds(now).await.unwrap_or_default() {
            if chat == ALL_CHATS {
                self.weather.rest_until(steady + rest);
            } else {
                let key = self.key(chat);
                self.chat(key).rest_until(steady + rest);
            }
        }
        let sent = shared.store.sent_since(MODERATORS, now - COUNTED).await.unwrap_or_default();
        if let Some(channel) = shared.channel() {
            let posted = shared.store.sent_since(channel, now - COUNTED).await.unwrap_or_default();
            let chat = self.chat(channel);
            posted.iter().for_each(|at| chat.note(steady - (now - at).max(0)));
        }
        let in_trouble = shared.store.trouble(MODERATOR_CHAT).await.unwrap_or_default().is_some();
        let chat = self.chat(MODERATORS);
        // A clock that was set back makes it look as if something was sent later than now.
        sent.iter().for_each(|at| chat.note(steady - (now - at).max(0)));
        if in_trouble {
            chat.was_in_trouble();
        }
        self.weather.token(shared.store.trouble(TOKEN).await.unwrap_or_default().is_some());
    }

    /// The key of a chat: the moderators' has one of its own, wherever it is.
    fn key(&self, chat: i64) -> i64 {
        if chat == self.moderators { MODERATORS } else { chat }
    }

    fn chat(&mut self, key: i64) -> &mut Chat {
        let (limits, moderators) = (self.limits, self.moderators);
        self.chats.entry(key).or_insert_with(|| match key {
            MODERATORS => Chat::new(true, limits.of_chat(moderators)),
            voter => Chat::new(false, limits.of_chat(voter)),
        })
    }

    async fn load(&mut self) {
        if self.chats.len() > CHATS_KEPT {
            let now = self.shared.clock.steady();
            self.chats.retain(|key, chat| *key == MODERATORS || !chat.is_quiet(now));
        }
        loop {
            let rows = match self.shared.store.waiting(self.loaded).await {
                Ok(rows) => rows,
                Err(error) => return self.store_failed(&error),
            };
            if std::mem::take(&mut self.store_is_away) {
                tracing::debug!("the outbox can be read again");
            }
            let all = rows.len() < LOADED;
            for row in rows {
                self.loaded = self.loaded.max(row.seq);
                let key = self.key(row.chat);
                let chat = self.chat(key);
                let (waited, was_last) = (chat.first() != 0, chat.is_last());
                chat.put(row);
                if !waited || was_last && !chat.is_last() {
                    self.line_up(key);
                }
            }
            if all {
                return;
            }
        }
    }

    /// Said once; if the database is out of order, its keeper has said so already, with the cause.
    fn store_failed(&mut self, error: &dyn std::fmt::Display) {
        if std::mem::replace(&mut self.store_is_away, true) {
            return;
        }
        if self.shared.store.outage().is_some() {
            tracing::debug!(%error, "the outbox can't be read or written; trying again");
        } else {
            tracing::error!(%error, "the outbox can't be read or written; trying again");
        }
    }

    /// While the moderator chat can't be written to: whoever has heard that it may be again takes the trouble away, and then
    /// what waits is tried at once.
    async fn look_at_trouble(&mut self) {
        let in_trouble = self.chats.get(&MODERATORS).is_some_and(Chat::is_in_trouble);
        if in_trouble && let Ok(None) = self.shared.store.trouble(MODERATOR_CHAT).await {
            tracing::info!("the moderator chat may have changed; trying again");
            self.chat(MODERATORS).retry();
        }
    }

    /// Puts a voter's chat that has something to send into the line.
    fn line_up(&mut self, key: i64) {
        let now = self.shared.clock.steady();
        if key != MODERATORS
            && let Some(chat) = self.chats.get_mut(&key)
            && let Some(at) = chat.ready_at(now)
        {
            let lane = if chat.is_last() { &mut self.last } else { &mut self.ready };
            lane.push(Reverse((at, chat.first(), key)));
        }
    }

    /// Starts what may be sent now; says when there will be more.
    fn serve(&mut self, done: &mpsc::Sender<Done>) -> i64 {
        let now = self.shared.clock.steady();
        self.follow_moderators();
        if let Some(until) = self.weather.rests(now) {
            return until;
        }
        let mut next = i64::MAX;
        if let Some(at) = self.chats.get_mut(&MODERATORS).and_then(|chat| chat.ready_at(now)) {
            if at <= now {
                self.start(MODERATORS, now, done);
            } else {
                next = at;
            }
        }
        let others = self.serve_lane(false, now, done);
        next = next.min(others);
        if others > now {
            next = next.min(self.serve_lane(true, now, done));
        }
        next
    }

    /// Starts what may be sent now to voters, or of what comes `last`; says when there will be more.
    fn serve_lane(&mut self, last: bool, now: i64, done: &mpsc::Sender<Done>) -> i64 {
        let (room, at_once) = if last { (SPARED + 1, self.at_once.div_ceil(2)) } else { (1, self.at_once) };
        loop {
            let lane = if last { &mut self.last } else { &mut self.ready };
            let Some(&Reverse((at, _, key))) = lane.peek() else { return i64::MAX };
            if at > now {
                return at;
            }
            let free = self.voters.as_ref().map_or(now, |w| w.room_at(room, now));
            if free > now {
                return free;
            }
            if self.under_way >= at_once {
                return i64::MAX;
            }
            lane.pop();
            match self.chats.get_mut(&key).and_then(|chat| Some((chat.ready_at(now)?, chat.is_last()))) {
                None => {}
                Some((at, is_last)) if at > now || is_last != last => self.line_up(key),
                Some(_) => {
                    if let Some(window) = &mut self.voters {
                        window.note(now);
                    }
                    self.start(key, now, done);
                }
            }
        }
    }

    /// The moderators may be elsewhere now: what was learnt of the old chat holds no more.
    fn follow_moderators(&mut self) {
        let moderators = self.shared.moderators();
        if self.moderators != moderators {
            self.moderators = moderators;
            let windows = self.limits.of_chat(moderators);
            self.chat(MODERATORS).moved(windows);
        }
    }

    fn start(&mut self, key: i64, now: i64, done: &mpsc::Sender<Done>) {
        let Some(taken) = self.chat(key).take(now) else { return };
        self.under_way += 1;
        let (shared, may_send, done) = (Arc::clone(&self.shared), Arc::clone(&self.may_send), done.clone());
        tokio::spawn(async move {
            let attempt = attempt(&shared, taken, &*may_send).await;
            // The sender is gone only at the end, and then nothing can be written any more.
            let _ = done.send(Done { chat: key, taken, attempt }).await;
        });
    }

    /// Decides what follows from calls that came back, writes it down in one transaction, and lets their chats go on.
    async fn finish(&mut self, mut finished: Vec<Done>, stop: &watch::Receiver<bool>) {
        if finished.is_empty() {
            return;
        }
        let now = self.shared.clock.steady();
        let rule = |done: &mut Done| done.span().in_scope(|| self.rule(done, now));
        let rulings: Vec<Ruling> = finished.iter_mut().map(rule).collect();
        let fates = loop {
            match self.write(&finished, &rulings).await {
                Ok(fates) => break fates,
                Err(error) => {
                    self.store_failed(&error);
                    if *stop.borrow() {
                        tracing::warn!(calls = finished.len(), "what became of calls could not be written down");
                        self.under_way -= finished.len();
                        return;
                    }
                    tokio::time::sleep(WRITE_REST).await;
                }
            }
        };
        // An answer's fate goes to the desk.
        self.shared.inbox.notify_one();
        if rulings.iter().any(|ruling| ruling.probe) || fates.contains(&Fate::Vanished) {
            // Another call came of it.
            self.shared.outbox.notify_one();
        }
        for ((done, ruling), fate) in finished.iter().zip(&rulings).zip(fates) {
            self.under_way -= 1;
            self.count(done, ruling);
            self.settle(done, ruling, fate);
            self.line_up(done.chat);
        }
    }
}
