//! A question goes to a person: a ticket is opened, and the voter is told truly.

use chrono::Duration;

use super::asked::{Asked, Became};
use super::event::Event;
use super::state::Lately;
use super::ticket::{Ticket, TicketState};
use super::{Desk, Effect, VoterId};

/// After this, a voter is told that a question still waits.
const STILL_OPEN_AFTER: Duration = Duration::hours(24);

/// The name of the event that tells a voter that a ticket still waits.
pub fn still_open_name(number: u64) -> String {
    format!("still-open:{number}")
}

impl Desk<'_> {
    /// The voter's tickets that wait.
    pub(super) fn open_tickets(&self, voter: VoterId) -> Vec<Ticket> {
        let open = |t: &&Ticket| t.voter == voter && t.state == TicketState::Open;
        self.tickets.iter().filter(open).cloned().collect()
    }

    /// Opens a ticket for what was asked. `shown` is the entry that was given and did not help, `expired` the one that
    /// would have answered but is outside its dates.
    pub(super) fn forward(&mut self, asked: Asked, shown: Option<String>, expired: Option<String>) {
        let voter = asked.voter;
        if let Some((key, limit)) = self.may_not_forward(voter) {
            self.became(asked, Became::Refused);
            return self.tell(voter, key, &[("limit", &limit)]);
        }
        if self.joins_others(&asked) {
            return;
        }
        let number = self.open(asked, shown, expired, |_| ());
        self.state.pace.tickets.push(self.known.steady);
        self.state.joins = Some(Lately { ticket: number, at: self.known.steady });
        let key = if self.known.unreachable { "forward_waits" } else { "forwarded" };
        self.tell_forwarded(voter, key, number);
    }

    /// Why nothing more of the voter's can be forwarded now: the wording's key, and the limit that it names.
    pub(super) fn may_not_forward(&mut self, voter: VoterId) -> Option<(&'static str, String)> {
        let limit = self.knowledge.faq.settings.max_open_tickets.to_string();
        if self.state.blocked {
            return Some(("forward_refused", limit));
        }
        let open = self.open_tickets(voter).len();
        let key = if open == 0 { "too_many_lately" } else { "too_many_tickets" };
        (!self.may_open(open)).then_some((key, limit))
    }

    /// Opens a ticket, of a kind that `shape` makes it, and shows its card; gives its number.
    pub(super) fn open(
        &mut self,
        asked: Asked,
        shown: Option<String>,
        expired: Option<String>,
        shape: impl FnOnce(&mut Ticket),
    ) -> u64 {
        let number = self.known.next_ticket;
        let mut ticket = Ticket {
            texts: vec![(asked.message, asked.text.clone())],
            expired,
            shown,
            ..Ticket::new(number, self.known.key.clone(), asked.voter, self.now)
        };
        shape(&mut ticket);
        if !ticket.urgent && !ticket.objection {
            ticket.nearest = self.nearest(&ticket);
        }
        self.became(asked, Became::Forwarded { ticket: number });
        self.remind(&ticket);
        self.post(&ticket);
        number
    }

    /// Plans that the voter is told in a day that the question still waits.
    pub(super) fn remind(&mut self, ticket: &Ticket) {
        self.effects.push(Effect::Later {
            name: still_open_name(ticket.number),
            voter: Some(ticket.voter),
            at: self.now + STILL_OPEN_AFTER,
            event: Event::StillOpen { ticket: ticket.number },
        });
    }

    pub(super) fn still_open(&mut self, number: u64) {
        if let Some(ticket) = self.ticket(number).filter(|t| t.state == TicketState::Open) {
            for asker in ticket.unanswered() {
                self.tell(asker, "still_open", &[("number", &number.to_string())]);
            }
        }
    }

    /// Nothing of the voter's is open any more, as far as the rules for the next message go.
    pub(super) fn note_answered(&mut self, number: u64) {
        self.state.continues = Some(Lately { ticket: number, at: self.known.steady });
        if self.state.joins.is_some_and(|l| l.ticket == number) {
            self.state.joins = None;
        }
    }

    /// The voter can be reached again: what could not be delivered waits again, of what others asked too with that voter alone.
    pub(super) fn reopen_unreached(&mut self, voter: VoterId) {
        let unreached = |t: &&Ticket| t.voter == voter && t.state == TicketState::Unreached;
        for mut ticket in self.tickets.iter().filter(unreached).cloned().collect::<Vec<_>>() {
            ticket.state = TicketState::Open;
            ticket.taken = None;
            self.remind(&ticket);
            self.update(&ticket);
            self.tell_reached(ticket.number);
        }
        let both = self.tickets.iter().chain(&self.known.shared);
        for mut ticket in both.filter(|ticket| !ticket.others.is_empty()).cloned().collect::<Vec<_>>() {
            if ticket.lose_blocked(voter) && ticket.waits(voter) {
                let number = ticket.number;
                match self.ticket(number) {
                    Some(_) => self.update(&ticket),
                    None => self.update_askers(ticket),
                }
                self.tell_reached(number);
            }
        }
    }

    fn tell_reached(&mut self, ticket: u64) {
        let text = self.say("reached_again", &[("number", &ticket.to_string())]);
        self.effects.push(Effect::Line { ticket, key: self.known.key.clone(), text, actions: Vec::new() });
    }
}
