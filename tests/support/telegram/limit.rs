//! Telegram's limits, floods (429) and injected faults.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// What can go wrong with a call on its way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Answered with this status (500, 502, ...).
    Status(u16),
    /// Not answered for this long, then the connection is closed.
    Hang(Duration),
    /// The connection is closed without an answer.
    Drop,
}

/// Whether a fault strikes before the call is carried out, or afterwards, when only its answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The call never took effect.
    Before,
    /// The call took effect.
    After,
}

/// What the bot did about a `retry_after`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Patience {
    /// It has not called again for this chat.
    Waiting,
    /// It called again after the time was over.
    Obeyed,
    /// It called again too early, by this much.
    Ignored(Duration),
}

/// One 429 and what the bot did about it.
#[derive(Debug, Clone)]
pub struct RetryRecord {
    /// The chat whose call was refused.
    pub chat: i64,
    /// When.
    pub at: Instant,
    /// What was asked, in seconds.
    pub retry_after: u64,
    /// What the bot did.
    pub patience: Patience,
}

/// Calls of one chat that were already on their way when a 429 was answered do not count as ignoring it.
const ON_THE_WAY: Duration = Duration::from_millis(50);

#[derive(Debug, Default)]
struct Random(u64);

impl Random {
    /// Between 0 and 1 (xorshift: tests must be repeatable).
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let index = (self.next() * of.len() as f64) as usize;
        of.get(index.min(of.len().saturating_sub(1))).copied()
    }
}

/// How fast the bot may send, what was announced to it, and what is done to its calls.
#[derive(Debug, Default)]
pub struct Traffic {
    /// Whether Telegram's real limits hold.
    pub limited: bool,
    /// Every 429, and what became of it.
    pub retries: Vec<RetryRecord>,
    /// No call comes through (Telegram is out of reach).
    pub offline: bool,
    /// The token was taken back: every call is answered with 401.
    pub revoked: bool,
    /// Methods (in small letters) that are answered with this text, whatever was asked.
    pub scripted: BTreeMap<String, String>,
    holds: BTreeMap<Option<i64>, Instant>,
    floods: BTreeMap<i64, VecDeque<u64>>,
    storm: f64,
    sent: VecDeque<Instant>,
    chats: BTreeMap<i64, VecDeque<Instant>>,
    planned: Vec<(String, Fault, When)>,
    rate: f64,
    kinds: Vec<Fault>,
    spared: Vec<String>,
    random: Random,
}

impl Traffic {
    /// The next call of `method` (or of any, if empty) meets `fault`.
    pub fn plan(&mut self, method: &str, fault: Fault, when: When) {
        self.planned.push((method.to_lowercase(), fault, when));
    }

    /// A share of all calls meets one of `kinds`, half of them before and half after taking effect.
    pub fn random_faults(&mut self, share: f64, kinds: &[Fault], spared: &[&str], seed: u64) {
        self.rate = share;
        self.kinds = kinds.to_vec();
        self.spared = spared.iter().map(|m| m.to_lowercase()).collect();
        self.random = Random(seed | 1);
    }

    /// A share of all messages is answered with 429 and `retry_after` 1, which then holds for their chat.
    pub fn storm(&mut self, share: f64, seed: u64) {
        self.storm = share;
        self.random = Random(seed | 1);
    }

    /// The next message to `chat` is refused for `seconds`; called twice, so is the first one after that.
    pub fn flood(&mut self, chat: i64, seconds: u64) {
        self.floods.entry(chat).or_default().push_back(seconds);
    }

    /// From now on every message to anyone is refused for `seconds`.
    pub fn flood_all(&mut self, seconds: u64) {
        self.holds.insert(None, Instant::now() + Duration::from_secs(seconds));
    }

    /// What happens to this call.
    pub fn fault(&mut self, method: &str) -> Option<(Fault, When)> {
        if self.offline {
            return Some((Fault::Drop, When::Before));
        }
        if let Some(i) = self.planned.iter().position(|(m, ..)| m.is_empty() || m == method) {
            let (_, fault, when) = self.planned.remove(i);
            return Some((fault, when));
        }
        if self.rate <= 0.0 || self.spared.iter().any(|m| m == method) || self.random.next() >= self.rate {
            return None;
        }
        let when = if self.random.next() < 0.5 { When::Before } else { When::After };
        self.random.pick(&self.kinds).map(|fault| (fault, when))
    }

    /// Whether a message to `chat` may pass now; the error is `retry_after` in seconds.
    pub fn admit(&mut self, chat: i64, group: bool, now: Instant) -> Result<(), u64> {
        let verdict = self.weigh(chat, group, now);
        self.judge(chat, now, verdict.is_ok());
        match verdict {
            Ok(()) => {
                self.sent.push_back(now);
                self.chats.entry(chat).or_default().push_back(now);
                Ok(())
            }
            Err(until) => {
                let seconds = until.saturating_duration_since(now).as_secs_f64().ceil().max(1.0) as u64;
                self.retries.push(RetryRecord { chat, at: now, retry_after: seconds, patience: Patience::Waiting });
                Err(seconds)
            }
        }
    }

    /// Until when it must wait, if it must.
    fn weigh(&mut self, chat: i64, group: bool, now: Instant) -> Result<(), Instant> {
        for key in [None, Some(chat)] {
            if let Some(until) = self.holds.get(&key).copied().filter(|until| *until > now) {
                return Err(until);
            }
            self.holds.remove(&key);
        }
        let forced = self.floods.get_mut(&chat).and_then(VecDeque::pop_front);
        let stormed = || (self.storm > 0.0 && self.random.next() < self.storm).then_some(1);
        if let Some(seconds) = forced.or_else(stormed) {
            let until = now + Duration::from_secs(seconds);
            self.holds.insert(Some(chat), until);
            return Err(until);
        }
        if !self.limited {
            return Ok(());
        }
        let second = Duration::from_secs(1);
        if let Some(until) = full(&mut self.sent, 30, second, now) {
            return Err(until);
        }
        let own = self.chats.entry(chat).or_default();
        // A private chat: one a second, three at once; a group: twenty in any minute.
        let (most, window) = if group { (20, 60 * second) } else { (3, 3 * second) };
        if let Some(until) = full(own, most, window, now) {
            self.holds.insert(Some(chat), until);
            return Err(until);
        }
        Ok(())
    }

    /// Notes whether an earlier 429 for this chat was heeded.
    fn judge(&mut self, chat: i64, now: Instant, passed: bool) {
        let open = |r: &&mut RetryRecord| r.chat == chat && r.patience == Patience::Waiting;
        for record in self.retries.iter_mut().filter(open) {
            let due = record.at + Duration::from_secs(record.retry_after);
            if now >= due {
                record.patience = Patience::Obeyed;
            } else if passed || now > record.at + ON_THE_WAY {
                record.patience = Patience::Ignored(due - now);
            }
        }
    }
}

/// When the oldest of `most` events in the window leaves it, if there are that many.
fn full(times: &mut VecDeque<Instant>, most: usize, window: Duration, now: Instant) -> Option<Instant> {
    while times.front().is_some_and(|t| *t + window <= now) {
        times.pop_front();
    }
    if times.len() >= most { times.front().map(|t| *t + window) } else { None }
}
