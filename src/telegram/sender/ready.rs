//! What is ready: which of a chat's calls is next.
//!
//! A voter's chat takes its calls in order, what comes last behind the others. The moderator chat takes twenty a minute, and no voter's doing may use them up:
//! first what a moderator did, then new cards, in order; then voters' further messages and edits, each voter in turn, and
//! only while there is room left for the others. An edit of a card that a voter caused comes at once, but while room is
//! short no more than once in a while. A call waits for the card of its ticket, and for nothing else.
//!
//! Nothing here looks at all that waits: each call costs the same, however many there are.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::store::outbox::{Queued, Rank};
use crate::telegram::limit::Windows;

/// So much of the moderator chat's minute is kept free of what voters cause after their first message.
const RESERVED: usize = 5;
/// With less than this left of the minute, edits of one card that a voter causes are spaced.
const PLENTY: usize = 10;
/// How far apart they are then, in milliseconds.
const SPACED: i64 = 10_000;
/// From so many cards on, those that were not edited lately are forgotten.
const CARDS_KEPT: usize = 1000;

/// What a look at the line found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// There is a next call.
    Next,
    /// There will be one at this time.
    At(i64),
    /// Nothing waits.
    Nothing,
}

/// The calls of one chat that wait.
#[derive(Debug)]
pub(super) enum Line {
    /// In order; what comes last is behind the others.
    Ordered(BTreeMap<(bool, i64), Queued>),
    /// The moderator chat's.
    Fair(Box<Fair>),
}

impl Line {
    pub(super) fn ordered() -> Self {
        Self::Ordered(BTreeMap::new())
    }

    pub(super) fn fair() -> Self {
        Self::Fair(Box::default())
    }

    /// Puts a call in, or in its new place if it is there already.
    pub(super) fn put(&mut self, call: Queued) {
        match self {
            Self::Ordered(calls) => drop(calls.insert((call.rank == Rank::Last, call.id), call)),
            Self::Fair(fair) => fair.put(call),
        }
    }

    /// Whether there is a next call now.
    pub(super) fn find(&mut self, now: i64, windows: &Windows) -> Found {
        match self {
            Self::Ordered(calls) if calls.is_empty() => Found::Nothing,
            Self::Ordered(_) => Found::Next,
            Self::Fair(fair) => fair.find(now, windows),
        }
    }

    /// Takes the next call out.
    pub(super) fn take(&mut self, now: i64, windows: &Windows) -> Option<Queued> {
        match self {
            Self::Ordered(calls) => calls.pop_first().map(|(_, call)| call),
            Self::Fair(fair) => fair.take(now, windows),
        }
    }

    /// A call is done with: what waited for it may go.
    pub(super) fn done(&mut self, call: &Queued) {
        if let Self::Fair(fair) = self {
            fair.done(call);
        }
    }

    /// Whether a call waits that sends a message, and could be next.
    pub(super) fn any_sends(&self) -> bool {
        match self {
            Self::Ordered(calls) => calls.values().next().is_some_and(|call| call.sends),
            Self::Fair(fair) => fair.sending > 0,
        }
    }

    /// The number of the first call, for a voter's turn among voters.
    pub(super) fn first(&self) -> Option<i64> {
        match self {
            Self::Ordered(calls) => calls.keys().next().map(|(_, id)| *id),
            Self::Fair(_) => None,
        }
    }

    /// Whether nothing waits but what comes last.
    pub(super) fn is_last(&self) -> bool {
        match self {
            Self::Ordered(calls) => calls.keys().next().is_some_and(|(last, _)| *last),
            Self::Fair(_) => false,
        }
    }
}

/// Who causes a further message: each has a turn.
type Whose = i64;

/// Where a call is kept.
#[derive(Debug, Clone, Copy)]
enum Place {
    First,
    Further(Whose),
    Later(i64),
    Behind(i64),
}

/// The moderator chat's line.
#[derive(Debug, Default)]
pub(super) struct Fair {
    calls: HashMap<i64, (Queued, Place)>,
    /// What a moderator did, and new cards.
    first: BTreeSet<(Rank, i64)>,
    further: HashMap<Whose, BTreeSet<i64>>,
    /// Whose turn it is; holds exactly those who have something in `further`.
    turns: VecDeque<Whose>,
    /// Edits that came too soon after another: until when they wait.
    later: BTreeSet<(i64, i64)>,
    /// Cards that are to be sent, by ticket.
    cards: HashMap<i64, i64>,
    /// What waits for a ticket's card.
    behind: HashMap<i64, BTreeSet<i64>>,
    /// When a card was last edited because of its voter, by ticket.
    edited: HashMap<i64, i64>,
    /// How many calls that send could be next.
    sending: usize,
}

impl Fair {
    fn put(&mut self, call: Queued) {
        self.remove(call.id);
        if call.card
            && call.sends
            && let Some(ticket) = call.ticket
        {
            self.cards.insert(ticket, call.id);
        }
        let card = call.ticket.and_then(|ticket| self.cards.get(&ticket)).filter(|card| !call.card && **card < call.id);
        let place = match (card, call.ticket, call.rank) {
            (Some(_), Some(ticket), _) => Place::Behind(ticket),
            (_, _, Rank::Moderator | Rank::Card) => Place::First,
            (_, ticket, Rank::Further | Rank::Last) => Place::Further(call.voter.or(ticket).unwrap_or_default()),
        };
        self.keep(call, place);
    }

    fn keep(&mut self, call: Queued, place: Place) {
        match place {
            Place::First => drop(self.first.insert((call.rank, call.id))),
            Place::Further(whose) => {
                let own = self.further.entry(whose).or_default();
                if own.is_empty() {
                    self.turns.push_back(whose);
                }
                own.insert(call.id);
            }
            Place::Later(due) => drop(self.later.insert((due, call.id))),
            Place::Behind(ticket) => drop(self.behind.entry(ticket).or_default().insert(call.id)),
        }
        self.sending += usize::from(call.sends && !matches!(place, Place::Behind(_)));
        self.calls.insert(call.id, (call, place));
    }

    fn remove(&mut self, id: i64) -> Option<Queued> {
        let (call, place) = self.calls.remove(&id)?;
        match place {
            Place::First => drop(self.first.remove(&(call.rank, id))),
            Place::Further(whose) => {
                let own = self.further.entry(whose).or_default();
                own.remove(&id);
                if own.is_empty() {
                    self.further.remove(&whose);
                    // Mostly the first; only a call whose rank changed is looked for.
                    if let Some(at) = self.turns.iter().position(|turn| *turn == whose) {
                        self.turns.remove(at);
                    }
                }
            }
            Place::Later(due) => drop(self.later.remove(&(due, id))),
            Place::Behind(ticket) => {
                if let Some(own) = self.behind.get_mut(&ticket) {
                    own.remove(&id);
                }
            }
        }
        self.sending -= usize::from(call.sends && !matches!(place, Place::Behind(_)));
        Some(call)
    }

    fn find(&mut self, now: i64, windows: &Windows) -> Found {
        if !self.first.is_empty() {
            return Found::Next;
        }
        while let Some(&(due, id)) = self.later.first().filter(|(due, _)| *due <= now) {
            self.later.remove(&(due, id));
            if let Some(call) = self.remove(id) {
                self.put(call);
            }
        }
        if self.further.is_empty() {
            return self.later.first().map_or(Found::Nothing, |(due, _)| Found::At(*due));
        }
        let left = windows.left(now);
        if left.is_some_and(|left| left <= RESERVED) {
            return Found::At(windows.room_at(RESERVED + 1, now));
        }
        while let Some(id) = self.foremost() {
            let Some(due) = self.spaced(id).filter(|due| *due > now && left.is_some_and(|left| left < PLENTY)) else {
                return Found::Next;
            };
            if let Some(call) = self.remove(id) {
                self.keep(call, Place::Later(due));
            }
        }
        self.later.first().map_or(Found::Nothing, |(due, _)| Found::At(*due))
    }

    /// The first of whoever's turn it is.
    fn foremost(&self) -> Option<i64> {
        self.turns.front().and_then(|whose| self.further.get(whose)?.first().copied())
    }

    /// When the edit of a card may follow the last one; none if it may at any time.
    fn spaced(&self, id: i64) -> Option<i64> {
        let (call, _) = self.calls.get(&id).filter(|(call, _)| call.card && !call.sends)?;
        Some(self.edited.get(&call.ticket?)? + SPACED)
    }

    fn take(&mut self, now: i64, windows: &Windows) -> Option<Queued> {
        if self.find(now, windows) != Found::Next {
            return None;
        }
        if let Some(&(_, id)) = self.first.first() {
            return self.remove(id);
        }
        let id = self.foremost()?;
        let whose = self.turns.front().copied();
        let call = self.remove(id)?;
        // Whoever has more to say is last in turn now.
        if whose == self.turns.front().copied() {
            self.turns.rotate_left(1);
        }
        if call.card
            && !call.sends
            && let Some(ticket) = call.ticket
        {
            if self.edited.len() >= CARDS_KEPT {
                self.edited.retain(|_, at| *at > now - SPACED);
            }
            self.edited.insert(ticket, now);
        }
        Some(call)
    }

    fn done(&mut self, call: &Queued) {
        let Some(ticket) = call.ticket.filter(|ticket| self.cards.get(ticket) == Some(&call.id)) else { return };
        self.cards.remove(&ticket);
        for id in self.behind.remove(&ticket).unwrap_or_default() {
            if let Some(call) = self.remove(id) {
                self.put(call);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::outbox::MODERATORS;
    use crate::telegram::limit::Limits;

    fn call(id: i64, rank: Rank, ticket: i64, card: bool, sends: bool) -> Queued {
        let voter = Some(1000 + ticket);
        Queued { id, seq: id, chat: MODERATORS, rank, ticket: Some(ticket), voter, card, sends }
    }

    fn card(id: i64, ticket: i64) -> Queued {
        call(id, Rank::Card, ticket, true, true)
    }

    fn follow(id: i64, ticket: i64) -> Queued {
        call(id, Rank::Further, ticket, false, true)
    }

    fn edit(id: i64, ticket: i64, rank: Rank) -> Queued {
        call(id, rank, ticket, true, false)
    }

    fn line(calls: &[Queued]) -> Line {
        let mut line = Line::fair();
        calls.iter().for_each(|call| line.put(*call));
        line
    }

    fn order(line: &mut Line) -> Vec<i64> {
        let windows = Windows::default();
        let mut ids = Vec::new();
        while let Some(call) = line.take(0, &windows) {
            line.done(&call);
            ids.push(call.id);
        }
        ids
    }

    #[test]
    fn moderators_then_cards_then_voters_in_turn() {
        let mut line = line(&[
            follow(1, 1),
            follow(2, 1),
            follow(3, 1),
            card(4, 2),
            edit(5, 3, Rank::Moderator),
            follow(6, 3),
            follow(7, 3),
            card(8, 4),
        ]);
        assert_eq!(order(&mut line), [5, 4, 8, 1, 6, 2, 7, 3]);
    }

    #[test]
    fn what_belongs_to_a_card_comes_after_it_and_waits_for_nothing_else() {
        let rest = call(2, Rank::Card, 1, false, true);
        let by_moderator = call(5, Rank::Moderator, 1, false, true);
        let mut line = line(&[card(1, 1), rest, card(3, 2), follow(4, 1), by_moderator, follow(6, 9)]);
        let windows = Windows::default();
        // While the card is on its way, or waits to be tried again, nothing of its ticket goes.
        let first = line.take(0, &windows).expect("a call");
        assert_eq!(first.id, 1);
        assert_eq!(line.take(0, &windows).map(|c| c.id), Some(3));
        assert_eq!(line.take(0, &windows).map(|c| c.id), Some(6));
        assert_eq!(line.find(0, &windows), Found::Nothing);
        line.done(&first);
        assert_eq!(order(&mut line), [5, 2, 4]);
    }

    #[test]
    fn voters_leave_room_for_the_others() {
        let mut windows = Limits::Telegram.of_chat(-1);
        let mut line = line(&(1..=100).map(|id| follow(id, id % 10)).collect::<Vec<_>>());
        let mut now = 0;
        let mut sent = 0;
        while now < 60_000 {
            match line.find(now, &windows) {
                Found::Next if windows.free_at(now) <= now => {
                    line.take(now, &windows);
                    windows.note(now);
                    sent += 1;
                }
                Found::Next => now = windows.free_at(now),
                Found::At(at) => now = at,
                Found::Nothing => break,
            }
        }
        assert_eq!(sent, 20 - RESERVED);
        // A card comes at once all the same.
        let now = 30_000;
        line.put(card(200, 77));
        assert_eq!((line.find(now, &windows), windows.free_at(now)), (Found::Next, now));
        assert_eq!(line.take(now, &windows).map(|c| c.id), Some(200));
    }

    #[test]
    fn what_comes_last_is_behind_all_else_of_a_voter() {
        let mut line = Line::ordered();
        let own = |id, rank| Queued { chat: 7, ..call(id, rank, 1, false, true) };
        line.put(own(1, Rank::Last));
        line.put(own(2, Rank::Last));
        assert!(line.is_last());
        line.put(own(3, Rank::Card));
        assert!(!line.is_last() && line.first() == Some(3));
        assert_eq!(order(&mut line), [3, 1, 2]);
        assert!(!line.is_last(), "nothing waits");
    }

    #[test]
    fn edits_of_one_card_are_spaced_while_room_is_short() {
        let mut windows = Limits::Telegram.of_chat(-1);
        let mut line = line(&[edit(1, 1, Rank::Further)]);
        let next = |line: &mut Line, now, windows: &Windows| line.take(now, windows).map(|c| c.id);
        assert_eq!(next(&mut line, 0, &windows), Some(1), "the first at once");
        line.put(edit(2, 1, Rank::Further));
        assert_eq!(next(&mut line, 100, &windows), Some(2), "there is plenty");
        (0..11).for_each(|_| windows.note(100));
        line.put(edit(3, 1, Rank::Further));
        line.put(edit(4, 2, Rank::Further));
        assert_eq!(next(&mut line, 200, &windows), Some(4), "another card's first");
        assert_eq!(line.find(200, &windows), Found::At(100 + SPACED));
        assert_eq!(next(&mut line, 100 + SPACED, &windows), Some(3));
        // What a moderator does to the same card is not held back, nor what it was merged with.
        line.put(edit(5, 1, Rank::Further));
        assert_eq!(line.find(200 + SPACED, &windows), Found::At(100 + 2 * SPACED));
        line.put(edit(5, 1, Rank::Moderator));
        assert_eq!(next(&mut line, 200 + SPACED, &windows), Some(5));
        // Without limits nothing waits.
        let none = Limits::None.of_chat(-1);
        for id in 10..40 {
            line.put(edit(id, 3, Rank::Further));
            assert_eq!(next(&mut line, 0, &none), Some(id));
        }
        assert_eq!(line.find(0, &none), Found::Nothing);
    }

    #[test]
    fn a_call_counts_once_wherever_it_is_kept() {
        let mut line = line(&[card(1, 1), follow(2, 1), follow(3, 2)]);
        line.put(follow(3, 2));
        line.put(follow(2, 1));
        let Line::Fair(fair) = &line else { panic!("the moderators' line is fair") };
        assert_eq!((fair.sending, fair.calls.len(), fair.turns.len()), (2, 3, 1));
        assert!(line.any_sends());
        assert_eq!(order(&mut line), [1, 3, 2]);
        let Line::Fair(fair) = &line else { panic!("the moderators' line is fair") };
        assert!(fair.sending == 0 && fair.turns.is_empty() && fair.further.is_empty() && fair.behind.is_empty());
        assert!(!line.any_sends());
    }
}
