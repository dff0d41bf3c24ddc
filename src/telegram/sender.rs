//! Makes the calls of the outbox, and writes down what became of each.
//!
//! One call at a time per chat, in order; chats side by side. The moderator chat has its own share of Telegram's limit,
//! so that it and the voters never wait for each other. A chat rests after a fault, longer each time, and its other
//! calls wait behind; nothing is given up but what Telegram refuses for good.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::limit::{Limits, Window};
use super::shared::{Shared, now};
use crate::store::outbox::{End, Waiting};

mod attempt;
use attempt::{Step, attempt};

/// How many calls are under way at once.
const AT_ONCE: usize = 256;
/// How often the outbox is looked at when nothing was heard of: another instance may have written to it.
const LOOK: Duration = Duration::from_millis(500);
/// The first rest after a fault, in milliseconds; each further one is twice as long.
const FIRST_REST: i64 = 500;
/// The longest rest after a fault, in milliseconds.
const LONGEST_REST: i64 = 60_000;
/// How long calls under way are waited for at the end.
const LAST_WAIT: Duration = Duration::from_secs(8);
/// So many chats with a 429 within [`STORM_SPAN`] mean that the bot as a whole is too fast.
const STORM: usize = 3;
/// In milliseconds.
const STORM_SPAN: i64 = 1000;
/// From so many chats on, those that have been quiet are forgotten.
const CHATS_KEPT: usize = 10_000;
/// A 429 is obeyed a little longer than asked, in milliseconds: Telegram's clock is not ours.
const RETRY_MARGIN: i64 = 100;

/// What the sender knows of a chat.
#[derive(Debug)]
struct Chat {
    queue: VecDeque<i64>,
    busy: bool,
    /// Nothing before this time.
    rest_until: i64,
    faults: u32,
    windows: Vec<Window>,
}

/// What became of an attempt.
#[derive(Debug)]
struct Done {
    chat: i64,
    step: Step,
}

/// The sender.
#[derive(Debug)]
pub struct Sender {
    shared: Arc<Shared>,
    limits: Limits,
    chats: HashMap<i64, Chat>,
    /// When which chat may be served next: (time, number of its first call, chat). The moderator chat stands apart.
    ready: BinaryHeap<Reverse<(i64, i64, i64)>>,
    voters: Option<Window>,
    /// Nothing at all before this time.
    all_until: i64,
    too_many: VecDeque<(i64, i64, i64)>,
    /// The last number that was loaded.
    loaded: i64,
    under_way: usize,
}

impl Sender {
    /// A sender that keeps these limits.
    pub fn new(shared: Arc<Shared>, limits: Limits) -> Self {
        Self {
            shared,
            limits,
            chats: HashMap::new(),
            ready: BinaryHeap::new(),
            voters: limits.of_voters(),
            all_until: 0,
            too_many: VecDeque::new(),
            loaded: 0,
            under_way: 0,
        }
    }

    /// Sends until told to stop; then waits for what is under way.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let (done_in, mut done_out) = mpsc::channel::<Done>(AT_ONCE);
        self.recall().await;
        let mut load = true;
        while !*stop.borrow() {
            if load {
                self.load().await;
            }
            let next = self.serve(&done_in);
            let wait = (next - now().timestamp_millis()).clamp(0, LOOK.as_millis() as i64);
            let mut finished = Vec::new();
            let shared = Arc::clone(&self.shared);
            load = tokio::select! {
                count = done_out.recv_many(&mut finished, AT_ONCE) => count == 0,
                () = shared.outbox.notified() => true,
                () = tokio::time::sleep(Duration::from_millis(wait as u64)) => true,
                _ = stop.changed() => false,
            };
            self.finish(finished).await;
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
            self.finish(finished).await;
        }
    }

    /// What Telegram wanted before this start.
    async fn recall(&mut self) {
        let now = now().timestamp_millis();
        for (chat, until) in self.shared.store.holds(now).await.unwrap_or_default() {
            if chat == 0 {
                self.all_until = until;
            } else {
                self.chat(chat).rest_until = until;
            }
        }
        let moderators = self.shared.moderators();
        let sent = self.shared.store.sent_since(moderators, now - 61_000).await.unwrap_or_default();
        let windows = &mut self.chat(moderators).windows;
        for window in windows {
            sent.iter().for_each(|&at| window.note(at));
        }
    }

    fn chat(&mut self, chat: i64) -> &mut Chat {
        let limits = self.limits;
        self.chats.entry(chat).or_insert_with(|| Chat {
            queue: VecDeque::new(),
            busy: false,
            rest_until: 0,
            faults: 0,
            windows: limits.of_chat(chat),
        })
    }

    async fn load(&mut self) {
        if self.chats.len() > CHATS_KEPT {
            let now = now().timestamp_millis();
            self.chats.retain(|_, chat| {
                let quiet = chat.rest_until <= now && chat.windows.iter().all(|w| w.is_idle(now));
                chat.busy || !chat.queue.is_empty() || !quiet
            });
        }
        loop {
            let rows = match self.shared.store.waiting(self.loaded).await {
                Ok(rows) => rows,
                Err(error) => {
                    tracing::error!(%error, "the outbox could not be read; trying again");
                    return;
                }
            };
            if rows.is_empty() {
                return;
            }
            for (id, chat) in rows {
                self.loaded = self.loaded.max(id);
                let entry = self.chat(chat);
                entry.queue.push_back(id);
                if entry.queue.len() == 1 && !entry.busy {
                    self.line_up(chat);
                }
            }
        }
    }

    /// When `chat` may be served.
    fn free_at(&self, chat: i64, now: i64) -> i64 {
        let Some(entry) = self.chats.get(&chat) else { return now };
        entry.windows.iter().map(|w| w.free_at(now)).max().unwrap_or(now).max(entry.rest_until)
    }

    /// Puts a chat that has something to send into the line.
    fn line_up(&mut self, chat: i64) {
        if chat == self.shared.moderators() {
            return;
        }
        let at = self.free_at(chat, now().timestamp_millis());
        if let Some(first) = self.chats.get(&chat).and_then(|c| c.queue.front()) {
            self.ready.push(Reverse((at, *first, chat)));
        }
    }

    /// Starts what may be sent now; says when there will be more.
    fn serve(&mut self, done: &mpsc::Sender<Done>) -> i64 {
        let now = now().timestamp_millis();
        if self.all_until > now {
            return self.all_until;
        }
        let mut next = i64::MAX;
        let moderators = self.shared.moderators();
        if self.chats.get(&moderators).is_some_and(|c| !c.busy && !c.queue.is_empty()) {
            let at = self.free_at(moderators, now);
            if at <= now {
                self.start(moderators, done);
            } else {
                next = at;
            }
        }
        while let Some(&Reverse((at, _, chat))) = self.ready.peek() {
            if at > now {
                return next.min(at);
            }
            let free = self.voters.as_ref().map_or(now, |w| w.free_at(now));
            if free > now {
                return next.min(free);
            }
            if self.under_way >= AT_ONCE {
                return next;
            }
            self.ready.pop();
            let waits = self.chats.get(&chat).is_some_and(|c| !c.busy && !c.queue.is_empty());
            if !waits || chat == moderators {
                continue;
            }
            if self.free_at(chat, now) > now {
                self.line_up(chat);
                continue;
            }
            if let Some(window) = &mut self.voters {
                window.note(now);
            }
            self.start(chat, done);
        }
        next
    }

    fn start(&mut self, chat: i64, done: &mpsc::Sender<Done>) {
        let entry = self.chat(chat);
        let Some(&id) = entry.queue.front() else { return };
        entry.busy = true;
        self.under_way += 1;
        let (shared, done) = (Arc::clone(&self.shared), done.clone());
        tokio::spawn(async move {
            let step = attempt(&shared, id, chat).await;
            // The sender is gone only at the end, and then nothing can be written any more.
            let _ = done.send(Done { chat, step }).await;
        });
    }

    /// Writes down what became of calls, all in one transaction, and lets their chats go on.
    async fn finish(&mut self, finished: Vec<Done>) {
        if finished.is_empty() {
            return;
        }
        let again = loop {
            match self.write(&finished).await {
                Ok(again) => break again,
                Err(error) => {
                    tracing::error!(%error, "what was sent could not be written down; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        };
        // An answer's fate goes to the desk.
        self.shared.inbox.notify_one();
        let now = now().timestamp_millis();
        let mut moved = false;
        for (done, again) in finished.into_iter().zip(again) {
            self.under_way -= 1;
            let all = self.settle(&done, again, now);
            moved |= matches!(done.step, Step::Moved { .. });
            if all {
                tracing::warn!("Telegram wants silence in all chats");
            }
        }
        if moved {
            // What waited for the group waits for the supergroup now.
            self.chats.retain(|_, chat| chat.busy);
            self.chats.values_mut().for_each(|chat| chat.queue.clear());
            self.ready.clear();
            self.loaded = 0;
            self.load().await;
        }
    }

    /// Brings a chat up to date after an attempt; says whether everything must rest.
    fn settle(&mut self, done: &Done, again: bool, now: i64) -> bool {
        let entry = self.chat(done.chat);
        entry.busy = false;
        let mut storm = false;
        match &done.step {
            Step::Gone | Step::Ended(..) | Step::Turned(..) | Step::Moved { .. } => {
                entry.faults = 0;
                entry.windows.iter_mut().for_each(|w| w.note(now));
                if !again {
                    entry.queue.pop_front();
                }
            }
            Step::Fault(reason) => {
                entry.faults = (entry.faults + 1).min(16);
                let longest = (FIRST_REST << (entry.faults - 1).min(7)).min(LONGEST_REST);
                entry.rest_until = now + longest / 2 + jitter(longest / 2);
                tracing::warn!(chat_is_group = done.chat < 0, reason, "a call failed; trying again");
            }
            Step::Rest(wait, reason) => {
                entry.rest_until = now + wait.as_millis() as i64;
                tracing::error!(reason, "Telegram does not let the bot write; trying again");
            }
            Step::TooMany(wait) => {
                let until = now + wait.as_millis() as i64 + RETRY_MARGIN;
                entry.rest_until = until;
                storm = self.note_too_many(done.chat, now, until);
            }
        }
        self.line_up(done.chat);
        storm
    }

    fn note_too_many(&mut self, chat: i64, now: i64, until: i64) -> bool {
        self.too_many.retain(|(at, other, _)| *at > now - STORM_SPAN && *other != chat);
        self.too_many.push_back((now, chat, until));
        let storm = self.too_many.len() >= STORM;
        if storm {
            let end = self.too_many.iter().map(|(_, _, until)| *until).max().unwrap_or(until);
            self.all_until = self.all_until.max(end);
        }
        storm
    }

    /// Writes down what became of calls; says of each whether it waits on.
    async fn write(&self, finished: &[Done]) -> sqlx::Result<Vec<bool>> {
        let mut tx = self.shared.store.write().await?;
        let millis = now().timestamp_millis();
        let moderators = self.shared.moderators();
        let mut again = Vec::new();
        let mut storm: Vec<i64> = self.too_many.iter().map(|(_, chat, _)| *chat).collect();
        for done in finished {
            again.push(match &done.step {
                Step::Ended(waiting, end) => self.ended(&mut tx, waiting, end, done.chat == moderators, millis).await?,
                Step::Turned(waiting, method, body) => {
                    tx.turn_into(waiting.id, method, body).await?;
                    true
                }
                Step::Moved { old, new } => {
                    tx.follow_move(*old, *new).await?;
                    if *old == moderators {
                        self.shared.moderators.store(*new, Ordering::Relaxed);
                        tracing::warn!(new, "the group became a supergroup; set MODERATOR_CHAT to its new number");
                    }
                    true
                }
                Step::TooMany(wait) => {
                    let until = millis + wait.as_millis() as i64 + RETRY_MARGIN;
                    tx.hold(done.chat, until).await?;
                    storm.push(done.chat);
                    storm.sort_unstable();
                    storm.dedup();
                    if storm.len() >= STORM {
                        tx.hold(0, until).await?;
                    }
                    true
                }
                Step::Fault(_) | Step::Rest(..) => true,
                Step::Gone => false,
            });
        }
        tx.commit().await?;
        Ok(again)
    }

    async fn ended(
        &self,
        tx: &mut crate::store::Tx,
        waiting: &Waiting,
        end: &End,
        moderators: bool,
        now: i64,
    ) -> sqlx::Result<bool> {
        if let End::Failed(reason) = end {
            tracing::error!(method = waiting.call.method, reason, "a message can never be sent; it is set aside");
        }
        tx.finish(waiting, end, moderators, now).await
    }
}

/// A number from 0 up to `below`, so that many chats do not come back at the same instant.
fn jitter(below: i64) -> i64 {
    use std::hash::{BuildHasher, Hasher};
    let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
    (random % below.max(1).unsigned_abs()) as i64
}
