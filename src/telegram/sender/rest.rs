//! What rests: a chat after a fault, after a refusal, or because Telegram asked for silence; a call that fails alone.
//!
//! - After a **fault** (5xx, network) the chat rests, longer each time. A call that fails again and again is passed over; if
//!   another one of its chat passes then, it steps aside: it is tried now and then while the others go.
//! - A refusal that concerns the **chat** rests it until it takes calls again.
//! - A refusal that **nobody knows** rests it once. Then another call is tried. If that passes, it was the message: it steps
//!   aside, is tried again as words alone, and after three tries in all is set aside for good. If the other one is refused
//!   too, it is the chat; from then on each try is another call's, so that one that is at fault can't stand in the way.
//!
//! A change of a message that passes proves nothing about sending one: in a closed topic edits may go on.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::ready::{Found, Line};
use crate::store::outbox::Queued;
use crate::telegram::limit::Windows;

/// The first rest after a fault, in milliseconds; each further one is twice as long.
const FIRST_REST: i64 = 500;
/// The longest rest after a fault while Telegram takes other calls, in milliseconds.
const REST_TAKING: i64 = 10_000;
/// The longest rest after a fault while it takes none, in milliseconds.
const LONGEST_REST: i64 = 60_000;
/// When Telegram takes calls again, all that rests after faults is tried within this, in milliseconds.
const BACK_WITHIN: i64 = 2000;
/// So many faults in a row, and other calls of the chat are tried first.
const FAULTS_PASSED_OVER: u32 = 5;
/// After so many faults a call that stepped aside is tried as words alone.
const FAULTS_PLAIN: u32 = 8;
/// After so many faults a call that stepped aside is given up.
const FAULTS_GIVEN_UP: u32 = 20;
/// The first rest after a refusal of the chat, in milliseconds; each further one is twice as long.
const FIRST_REFUSED: i64 = 2000;
/// The longest rest after a refusal of the chat, in milliseconds.
const LONGEST_REFUSED: i64 = 60_000;
/// The rest after a refusal that nobody knows, in milliseconds.
const DOUBT_REST: i64 = 1000;
/// After so many refusals that nobody knows a call is given up.
const REFUSALS: u32 = 3;
/// After so many refusals of a voter's chat a call is given up. The moderator chat's never are.
const REFUSALS_OF_A_VOTER: u32 = 10;

/// Why a chat rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Fault,
    Refused,
    Asked,
}

/// How often a call failed.
#[derive(Debug, Clone, Copy, Default)]
struct Tries {
    faults: u32,
    refused: u32,
}

/// The chat can't be written to.
#[derive(Debug, Clone)]
struct Trouble {
    /// Whether the call that was refused would have sent a message.
    sends: bool,
}

/// A call that is under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    /// Which.
    pub(super) call: Queued,
    /// Whether it is tried aside of the others, or for want of another one.
    pub(super) aside: bool,
    /// Whether it is tried as words alone.
    pub(super) plain: bool,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ruling {
    /// The call is given up.
    pub(super) fails: bool,
    /// The chat can't be written to.
    pub(super) trouble: bool,
    /// It can again.
    pub(super) over: bool,
    /// It is shown that it can, after it was in doubt or in trouble.
    pub(super) proved: bool,
    /// Another message must show whether it can.
    pub(super) probe: bool,
    /// All chats rest for so long, in milliseconds.
    pub(super) storm: Option<i64>,
    /// The token is taken again.
    pub(super) token_is_good: bool,
}

impl Ruling {
    const WAITS: Self = Self {
        fails: false,
        trouble: false,
        over: false,
        proved: false,
        probe: false,
        storm: None,
        token_is_good: false,
    };
    const FAILS: Self = Self { fails: true, ..Self::WAITS };
    const TROUBLE: Self = Self { trouble: true, ..Self::WAITS };
}

/// What the sender knows of a chat. Times are in milliseconds by the steady clock.
#[derive(Debug)]
pub(super) struct Chat {
    moderators: bool,
    line: Line,
    /// The call that is under way.
    busy: Option<Queued>,
    /// The call that failed last; others are tried first.
    held: Option<Queued>,
    /// Calls that failed alone, by when they are tried again.
    aside: BTreeMap<(i64, i64), Queued>,
    tries: HashMap<i64, Tries>,
    trouble: Option<Trouble>,
    refusals: u32,
    faults: u32,
    rest: Option<(i64, Why)>,
    windows: Windows,
}

/// `first` doubled `times` times, at most `longest`, and less by up to a half, so that many chats do not come back at the
/// same instant: by another part for each `number`, of a call, and each time.
fn growing(first: i64, times: u32, longest: i64, number: i64) -> i64 {
    let rest = (first << times.min(10)).min(longest);
    rest / 2 + spread(rest / 2, number, times)
}

/// A number from 0 up to `below`, another one for each `number` and time. It hangs on nothing else, so that what happened can
/// be played again.
fn spread(below: i64, number: i64, times: u32) -> i64 {
    let mut hasher = DefaultHasher::new();
    (number, times).hash(&mut hasher);
    (hasher.finish() % below.max(1).unsigned_abs()) as i64
}

impl Chat {
    /// A chat of which nothing is known.
    pub(super) fn new(moderators: bool, windows: Windows) -> Self {
        Self {
            moderators,
            line: if moderators { Line::fair() } else { Line::ordered() },
            busy: None,
            held: None,
            aside: BTreeMap::new(),
            tries: HashMap::new(),
            trouble: None,
            refusals: 0,
            faults: 0,
            rest: None,
            windows,
        }
    }

    /// A call waits, or has another rank now.
    pub(super) fn put(&mut self, call: Queued) {
        let kept = [&mut self.busy, &mut self.held].into_iter().flatten().chain(self.aside.values_mut());
        match kept.into_iter().find(|kept| kept.id == call.id) {
            Some(kept) => *kept = call,
            None => self.line.put(call),
        }
    }

    /// The call that was under way came back; its rank may have changed meanwhile.
    pub(super) fn came_back(&mut self, taken: &mut Taken) {
        taken.call = self.busy.unwrap_or(taken.call);
    }

    /// What follows from the call that came back is written down: the next one may go.
    pub(super) fn free(&mut self) {
        self.busy = None;
    }

    /// When something of it may be sent; none if nothing waits or something is under way.
    pub(super) fn ready_at(&mut self, now: i64) -> Option<i64> {
        if self.busy.is_some() {
            return None;
        }
        let line = match self.line.find(now, &self.windows) {
            Found::Next => Some(now),
            Found::At(at) => Some(at),
            Found::Nothing => self.held.map(|_| now),
        };
        let aside = self.aside.first_key_value().map(|((at, _), _)| *at);
        let at = [line, aside].into_iter().flatten().min()?;
        Some(at.max(self.free_at(now)))
    }

    fn free_at(&self, now: i64) -> i64 {
        self.windows.free_at(now).max(self.rest.map_or(now, |(until, _)| until))
    }

    /// The number of its first call, for its turn among the voters.
    pub(super) fn first(&self) -> i64 {
        self.line.first().unwrap_or_default()
    }

    /// Whether nothing waits but what comes behind the calls of all other chats.
    pub(super) fn is_last(&self) -> bool {
        self.line.is_last() && self.held.is_none() && self.aside.is_empty()
    }

    /// Takes the next call out; it is under way then.
    pub(super) fn take(&mut self, now: i64) -> Option<Taken> {
        let due = self.aside.first_key_value().filter(|((at, _), _)| *at <= now).map(|(key, _)| *key);
        let (call, aside) = match due.and_then(|key| self.aside.remove(&key)) {
            Some(call) => (call, true),
            None => match self.line.take(now, &self.windows) {
                Some(call) => (call, false),
                None => (self.held.take()?, true),
            },
        };
        self.busy = Some(call);
        let tries = self.tries.get(&call.id).copied().unwrap_or_default();
        let plain = aside && (tries.refused > 0 || tries.faults >= FAULTS_PLAIN);
        Some(Taken { call, aside, plain })
    }

    /// Whether it is quiet, so that nothing is lost if it is forgotten.
    pub(super) fn is_quiet(&mut self, now: i64) -> bool {
        let idle = self.busy.is_none() && self.held.is_none() && self.aside.is_empty();
        idle && self.line.find(now, &self.windows) == Found::Nothing
            && self.rest.is_none_or(|(until, _)| until <= now)
            && self.windows.is_idle(now)
    }

    /// A call counts for the limits.
    pub(super) fn note(&mut self, at: i64) {
        self.windows.note(at);
    }

    /// A call is done with, whatever became of it.
    pub(super) fn done(&mut self, call: &Queued) {
        self.tries.remove(&call.id);
        self.line.done(call);
    }

    /// A call waits on as another one.
    pub(super) fn turned(&mut self, call: Queued, sends: bool) {
        self.tries.remove(&call.id);
        if call.sends != sends {
            self.line.done(&call);
        }
        self.line.put(Queued { sends, ..call });
    }

    /// Telegram judged a call by itself; `passed` says whether it took it.
    pub(super) fn ended(&mut self, taken: &Taken, passed: bool, now: i64) -> Ruling {
        self.faults = 0;
        self.windows.note(now);
        if !passed {
            return Ruling::WAITS;
        }
        let proves = |other_sends: bool| taken.call.sends || !other_sends;
        let held = self.held.take_if(|held| proves(held.sends));
        let doubted = held.is_some();
        if let Some(held) = held {
            if self.trouble.is_some() {
                self.line.put(held);
            } else {
                self.aside.insert((now + DOUBT_REST, held.id), held);
            }
        }
        let over = self.trouble.take_if(|trouble| proves(trouble.sends)).is_some();
        if over {
            self.refusals = 0;
        }
        Ruling { over, proved: over || doubted, ..Ruling::WAITS }
    }

    /// A call met a fault; `taking` says whether Telegram takes other calls.
    pub(super) fn fault(&mut self, taken: &Taken, now: i64, taking: bool) -> Ruling {
        let call = taken.call;
        let longest = if taking { REST_TAKING } else { LONGEST_REST };
        let tries = self.tries.entry(call.id).or_default();
        // While nothing passes, the call is not at fault.
        tries.faults += u32::from(taking || !taken.aside);
        let faults = tries.faults;
        if taken.aside {
            if faults >= FAULTS_GIVEN_UP {
                return Ruling::FAILS;
            }
            self.aside.insert((now + growing(FIRST_REST, faults, longest, call.id), call.id), call);
            return Ruling::WAITS;
        }
        self.rest = Some((now + growing(FIRST_REST, self.faults, longest, call.id), Why::Fault));
        self.faults += 1;
        if self.trouble.is_some() || self.is_in_doubt() {
            self.line.put(call);
            return Ruling::WAITS;
        }
        let others = self.line.find(now, &self.windows) != Found::Nothing;
        // Two that fail in turn: it is not the call.
        let other = self.held.take();
        if faults >= FAULTS_PASSED_OVER && other.is_none() && others {
            self.held = Some(call);
        } else {
            self.line.put(call);
        }
        if let Some(other) = other {
            self.line.put(other);
        }
        Ruling::WAITS
    }

    /// Whether a call is held that was refused in words that nobody knows.
    fn is_in_doubt(&self) -> bool {
        let refused = |held: &Queued| self.tries.get(&held.id).is_some_and(|tries| tries.refused > 0);
        self.held.as_ref().is_some_and(refused)
    }

    /// Telegram refuses the chat.
    pub(super) fn refused(&mut self, taken: &Taken, now: i64) -> Ruling {
        self.give_back();
        let ruling = self.in_trouble(&taken.call, now);
        if !ruling.fails {
            self.line.put(taken.call);
        }
        ruling
    }

    /// The call that was held is one of the others again.
    fn give_back(&mut self) {
        if let Some(other) = self.held.take() {
            self.tries.remove(&other.id);
            self.line.put(other);
        }
    }

    fn in_trouble(&mut self, call: &Queued, now: i64) -> Ruling {
        self.faults = 0;
        self.tries.remove(&call.id);
        if !self.moderators && self.refusals + 1 >= REFUSALS_OF_A_VOTER {
            self.retry();
            return Ruling::FAILS;
        }
        // What moderators wait for comes when it is said to come.
        let rest = match self.moderators {
            true => (FIRST_REFUSED << self.refusals.min(10)).min(LONGEST_REFUSED),
            false => growing(FIRST_REFUSED, self.refusals, LONGEST_REFUSED, call.id),
        };
        self.refusals += 1;
        self.rest = Some((now + rest, Why::Refused));
        self.trouble = Some(Trouble { sends: call.sends });
        Ruling::TROUBLE
    }

    /// Telegram refuses a call in words that nobody knows.
    pub(super) fn unknown(&mut self, taken: &Taken, now: i64) -> Ruling {
        let call = taken.call;
        self.faults = 0;
        if taken.aside {
            let tries = self.tries.entry(call.id).or_default();
            tries.refused += 1;
            if tries.refused >= REFUSALS {
                return Ruling::FAILS;
            }
            self.aside.insert((now + (DOUBT_REST << tries.refused), call.id), call);
            return Ruling::WAITS;
        }
        // Two that are refused: it is the chat. From now on the next try is always another call's.
        let ruling = if self.trouble.is_some() || self.is_in_doubt() {
            self.give_back();
            self.in_trouble(&call, now)
        } else {
            self.give_back();
            self.tries.entry(call.id).or_default().refused += 1;
            self.rest = Some((now + DOUBT_REST, Why::Refused));
            Ruling::WAITS
        };
        if ruling.fails {
            return ruling;
        }
        self.held = Some(call);
        Ruling { probe: self.moderators && !self.line.any_sends(), ..ruling }
    }

    /// Telegram wants silence in this chat until then.
    pub(super) fn too_many(&mut self, taken: &Taken, until: i64) -> Ruling {
        self.faults = 0;
        self.rest_until(until);
        self.put_back(taken, until);
        Ruling::WAITS
    }

    /// Nothing before then.
    pub(super) fn rest_until(&mut self, until: i64) {
        self.rest = Some((until, Why::Asked));
    }

    /// A call could not be tried: it says nothing about the call.
    pub(super) fn untried(&mut self, taken: &Taken, now: i64) -> Ruling {
        self.put_back(taken, now);
        Ruling::WAITS
    }

    fn put_back(&mut self, taken: &Taken, at: i64) {
        if taken.aside {
            self.aside.insert((at, taken.call.id), taken.call);
        } else {
            self.line.put(taken.call);
        }
    }

    /// Telegram takes calls again after a time in which it took none: what rests after faults comes back soon. `chat` is its
    /// number.
    pub(super) fn back(&mut self, now: i64, chat: i64) {
        if let Some((until, Why::Fault)) = &mut self.rest {
            *until = (*until).min(now + spread(BACK_WITHIN, chat, self.faults));
            self.faults = self.faults.min(2);
        }
    }

    /// Whether it is known that it can't be written to.
    pub(super) fn is_in_trouble(&self) -> bool {
        self.trouble.is_some()
    }

    /// It was in trouble before the start.
    pub(super) fn was_in_trouble(&mut self) {
        self.trouble = Some(Trouble { sends: true });
    }

    /// The trouble may be over: what waits is tried at once.
    pub(super) fn retry(&mut self) {
        self.trouble = None;
        self.refusals = 0;
        self.rest.take_if(|(_, why)| *why == Why::Refused);
    }

    /// Another chat stands in its place: what was learnt of the old one holds no more.
    pub(super) fn moved(&mut self, windows: Windows) {
        // That it was in trouble is known until a call passes.
        let trouble = self.trouble.take();
        self.retry();
        self.trouble = trouble;
        self.rest = None;
        self.faults = 0;
        self.tries.clear();
        self.windows = windows;
        self.give_back();
        std::mem::take(&mut self.aside).into_values().for_each(|call| self.line.put(call));
    }
}

#[cfg(test)]
mod tests;
