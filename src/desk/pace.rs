//! How much one person may write and press. What is counted outlives `/hapus` for its span.

use serde::{Deserialize, Serialize};

use super::{Desk, VoterId};

/// Messages and presses are counted over this, in milliseconds.
const MINUTE: i64 = 60_000;
/// Tickets are counted over this, in milliseconds.
const HOUR: i64 = 3_600_000;
/// Within an hour so many times as many tickets may be opened as may be open at once.
const TURNS: usize = 3;

/// What one person did lately. Times are milliseconds by the clock that can't go back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// Messages and presses of the last minute.
    pub times: Vec<i64>,
    /// Tickets opened within the last hour.
    pub tickets: Vec<i64>,
    /// Whether the voter was told to slow down.
    pub told: bool,
    /// When the voter objected to being blocked.
    pub objected: Option<i64>,
}

impl Pace {
    /// Leaves out what lies outside the spans. A time that has not come yet was written by a clock that was wrong.
    fn keep(&mut self, now: i64) {
        self.times.retain(|&t| t > now - MINUTE && t <= now);
        self.tickets.retain(|&t| t > now - HOUR && t <= now);
    }

    /// Whether nothing in it matters any more.
    pub fn is_idle(&self, now: i64) -> bool {
        let mut kept = self.clone();
        kept.keep(now);
        kept.times.is_empty() && kept.tickets.is_empty()
    }
}

impl Desk<'_> {
    /// Whether one more message or press fits into the minute; it is counted then. Nobody is told.
    pub(super) fn counted(&mut self) -> bool {
        let now = self.known.steady;
        let limit = self.knowledge.faq.settings.messages_per_minute;
        self.state.pace.keep(now);
        if (self.state.pace.times.len() as i64) < limit {
            self.state.pace.times.push(now);
            self.state.pace.told = false;
            return true;
        }
        false
    }

    /// Whether the voter may write now: so many messages a minute. Told once that it was too many.
    pub(super) fn admit(&mut self, voter: VoterId) -> bool {
        if self.counted() {
            return true;
        }
        if !std::mem::replace(&mut self.state.pace.told, true) {
            let limit = self.knowledge.faq.settings.messages_per_minute.to_string();
            self.tell(voter, "too_fast", &[("limit", &limit)]);
        }
        false
    }

    /// Whether the voter may press a button now: a press counts like a message, and its answer says so.
    pub(super) fn admit_press(&mut self) -> bool {
        if self.counted() {
            return true;
        }
        let limit = self.knowledge.faq.settings.messages_per_minute.to_string();
        self.toast("too_fast", &[("limit", &limit)]);
        false
    }

    /// Whether the voter may open another ticket: so many at once, and so many within an hour, closed and erased ones
    /// counted too.
    pub(super) fn may_open(&mut self, open: usize) -> bool {
        let limit = usize::try_from(self.knowledge.faq.settings.max_open_tickets).unwrap_or(1);
        self.state.pace.keep(self.known.steady);
        open < limit && self.state.pace.tickets.len() < limit * TURNS
    }
}
