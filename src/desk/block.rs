//! Whom moderators want no more of: blocked for a reason, listed by the ticket alone, let in again; and the one objection that
//! a blocked voter has.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::asked::{Asked, Became};
use super::event::Action;
use super::queue::List;
use super::ticket::{Ticket, TicketState};
use super::{Desk, Effect};
use crate::faq::home_offset;
use crate::text::indonesian::date;

/// A blocked voter may object once in this time, in milliseconds.
const OBJECTS_AGAIN: i64 = 30 * 24 * 3_600_000;
/// So many blocked voters are listed, the last ones.
pub const LISTED: usize = 20;

/// Why somebody is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The same again and again, or nothing that is a question.
    Spam,
    /// Insults and threats.
    Abuse,
    /// Something is for sale.
    Advertising,
    /// Something else.
    Other,
}

impl Reason {
    /// All of them, in the order of the buttons.
    pub const ALL: [Self; 4] = [Self::Spam, Self::Abuse, Self::Advertising, Self::Other];

    /// Its name in buttons and records.
    pub fn id(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Abuse => "kasar",
            Self::Advertising => "iklan",
            Self::Other => "lain",
        }
    }

    /// From its name.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.id() == id)
    }

    /// The key of its words.
    fn key(self) -> &'static str {
        match self {
            Self::Spam => "block_spam",
            Self::Abuse => "block_abuse",
            Self::Advertising => "block_advertising",
            Self::Other => "block_other",
        }
    }
}

/// Somebody blocked, as the list shows it: never who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The ticket for which.
    pub number: u64,
    /// Its key.
    pub key: String,
    /// Why, where that was recorded.
    pub reason: Option<Reason>,
    /// When.
    pub at: DateTime<FixedOffset>,
}

impl Desk<'_> {
    /// Asks a moderator why somebody is to be blocked; the press on a reason does it.
    pub(super) fn ask_reason(&mut self, ticket: &Ticket) {
        let text = self.say("block_why", &[("number", &ticket.number.to_string())]);
        let button = |reason: Reason| (ticket.key.clone(), self.say(reason.key(), &[]), Action::BlockFor(reason));
        let actions = Reason::ALL.map(button).to_vec();
        self.effects.push(Effect::Line { ticket: ticket.number, key: self.known.key.clone(), text, actions });
    }

    pub(super) fn block(&mut self, mut ticket: Ticket, reason: Reason) {
        let (voter, number) = (ticket.voter, ticket.number.to_string());
        self.state.blocked = true;
        let others: Vec<Ticket> = self.open_tickets(voter).into_iter().filter(|t| t.number != ticket.number).collect();
        ticket.blocked_for = Some(reason);
        self.close(ticket, TicketState::Blocked);
        for mut other in others {
            if !other.others.is_empty() {
                self.leave(other, voter);
                continue;
            }
            other.blocked_for = Some(reason);
            self.close(other, TicketState::Blocked);
        }
        self.effects.push(Effect::Outlive { voter, blocked: true, pace: self.state.pace.clone() });
        self.toast("card_blocked", &[("number", &number)]);
    }

    /// Lets a voter in again, by the ticket of the block or by that of the objection, which is answered by it.
    pub(super) fn unblock(&mut self, ticket: &Ticket) {
        let (voter, number) = (ticket.voter, ticket.number.to_string());
        let was_blocked = std::mem::take(&mut self.state.blocked);
        let shut: Vec<Ticket> = self.tickets.iter().filter(|t| t.voter == voter && is_shut(t)).cloned().collect();
        for mut ticket in shut {
            let objection = ticket.state == TicketState::Open;
            ticket.state = if objection { TicketState::Answered } else { TicketState::Spam };
            self.update(&ticket);
        }
        self.effects.push(Effect::Outlive { voter, blocked: false, pace: self.state.pace.clone() });
        if was_blocked {
            self.tell(voter, "unblocked_voter", &[]);
        }
        self.toast("unblocked", &[("number", &number)]);
    }

    /// Lists the blocked.
    pub(super) fn show_blocked(&mut self) {
        if self.known.blocked.is_empty() {
            return self.notice("blocked_none", &[]);
        }
        let reason =
            |blocked: &Blocked| blocked.reason.map_or_else(String::new, |r| format!(", {}", self.say(r.key(), &[])));
        let line = |blocked: &Blocked| {
            let day = date(blocked.at.with_timezone(&home_offset()).date_naive());
            format!("#{}: {day}{}", blocked.number, reason(blocked))
        };
        let button = |blocked: &Blocked| {
            let label = self.say("button_unblock_one", &[("number", &blocked.number.to_string())]);
            vec![(blocked.key.clone(), label, Action::Admit)]
        };
        self.effects.push(Effect::List(List {
            key: self.known.key.clone(),
            above: false,
            posted: false,
            head: self.say("blocked", &[]),
            quote: self.known.blocked.iter().map(line).collect::<Vec<_>>().join("\n"),
            tickets: self.known.blocked.iter().map(|blocked| blocked.number).collect(),
            rows: self.known.blocked.iter().map(button).collect(),
        }));
    }

    /// A blocked voter objects, by the command `asked`: one ticket of its own, once in a while.
    pub(super) fn object(&mut self, asked: Asked, why: Option<&str>) {
        let (voter, message, now) = (asked.voter, asked.message, self.known.steady);
        let lately = self.state.pace.objected.is_some_and(|at| (0..OBJECTS_AGAIN).contains(&(now - at)));
        let why = match why {
            _ if !self.state.blocked => Err("objection_needless"),
            _ if lately => Err("objection_again"),
            why => why.ok_or("objection_how"),
        };
        let why = match why {
            Ok(why) => why,
            Err(key) => {
                self.became(asked, Became::Command);
                return self.tell(voter, key, &[]);
            }
        };
        let masked = self.masked_after_last(why);
        let asked = self.asked(voter, message, masked);
        self.state.pace.objected = Some(now);
        let number = self.open(asked, None, None, |ticket| ticket.objection = true);
        let key = if self.known.unreachable { "follow_up_waits" } else { "objection" };
        self.tell_forwarded(voter, key, number);
    }
}

/// Whether a ticket stands for a block, or for the objection to one.
fn is_shut(ticket: &Ticket) -> bool {
    ticket.state == TicketState::Blocked || ticket.objection && ticket.state == TicketState::Open
}

#[cfg(test)]
mod tests {
    use super::super::tests::{KNOWLEDGE, said};
    use super::super::{Event, Known, Origin, VoterState, decide};
    use super::*;

    const DAY: i64 = 24 * 3_600_000;

    fn objects(state: &mut VoterState, at: i64, text: &str) -> Vec<Effect> {
        let now = "2026-11-24T09:00:00+07:00".parse().expect("a time");
        let known =
            Known { voter: state.clone(), steady: at, next_ticket: 9, key: "k9".to_owned(), ..Known::default() };
        let (text, origin) = (text.to_owned(), Origin::default());
        let effects =
            decide(&KNOWLEDGE, &Event::Message { voter: 7, message: 1, text, album: None, origin }, &known, now);
        for effect in &effects {
            if let Effect::Remember { state: now, .. } = effect {
                state.clone_from(now);
            }
        }
        effects
    }

    #[test]
    fn one_objection_in_thirty_days_and_a_ticket_of_its_own() {
        let mut state = VoterState { blocked: true, ..VoterState::default() };
        assert!(said(&objects(&mut state, DAY, "/banding")).contains("/banding saya"));
        let first = objects(&mut state, DAY, "/banding saya bukan 081234567890 pedagang");
        let card = first.iter().find_map(|e| match e {
            Effect::ShowCard(card) => Some(card),
            _ => None,
        });
        let card = card.expect("a card");
        assert!(card.head.contains("Keberatan") && card.nearest.is_empty(), "{card:?}");
        assert!(!card.question.contains("081234567890"), "masked: {}", card.question);
        let actions: Vec<&Action> = card.actions.iter().map(|(_, action)| action).collect();
        assert_eq!(actions, [&Action::Take, &Action::Unblock]);
        assert!(said(&first).contains("#9"));
        assert!(said(&objects(&mut state, 30 * DAY, "/banding tolong")).contains("30 hari"));
        assert!(said(&objects(&mut state, 31 * DAY, "/banding tolong")).contains("#9"));
        let mut free = VoterState::default();
        let needless = objects(&mut free, DAY, "/banding tolong");
        assert!(said(&needless).contains("tidak ditutup"));
        let is_command = |e: &Effect| matches!(e, Effect::KeepAsked(asked) if asked.became == Became::Command);
        assert!(needless.iter().any(is_command), "it is kept what became of it: {needless:?}");
    }

    #[test]
    fn reasons_are_read_back() {
        assert!(Reason::ALL.iter().all(|reason| Reason::of_id(reason.id()) == Some(*reason)));
        assert_eq!(Reason::of_id("x"), None);
    }
}
