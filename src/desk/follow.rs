//! What a voter writes after a question that went to a person may belong to the same ticket: at once it joins it, after
//! a moderator's answer, or as a reply to one, it continues it.

use super::asked::{Asked, Became};
use super::question::TOGETHER;
use super::state::Lately;
use super::ticket::{Ticket, TicketState};
use super::{Desk, Effect, VoterId};

/// Within this, in milliseconds, what a voter writes after a moderator's answer continues its ticket.
const CONTINUED_WITHIN: i64 = 30 * 60_000;

impl Desk<'_> {
    /// What the FAQ does not answer may belong to a ticket that is there already; says whether it does.
    pub(super) fn follows(&mut self, asked: &Asked) -> bool {
        let own = |t: &Ticket| t.voter == asked.voter;
        let now = self.known.steady;
        let within = |last: Option<Lately>, span| last.filter(|l| (0..=span).contains(&(now - l.at))).map(|l| l.ticket);
        let replied = self.known.replied;
        let joins = within(self.state.joins, TOGETHER);
        if let Some(ticket) = [replied, joins].into_iter().flatten().find_map(|n| self.shared_question(n, asked.voter))
        {
            if ticket.state == TicketState::Open && self.asks_again(&ticket, asked) {
                self.join_others(ticket, asked);
            } else {
                self.go_alone(ticket, asked.clone(), false);
            }
            return true;
        }
        if let Some(ticket) = replied.and_then(|n| self.ticket(n)).filter(own) {
            self.follow_up(ticket, asked.clone());
            return true;
        }
        let joined = joins.and_then(|n| self.ticket(n));
        if let Some(ticket) = joined.filter(|t| own(t) && t.state == TicketState::Open) {
            self.join(ticket, asked.clone());
            return true;
        }
        let continued = within(self.state.continues, CONTINUED_WITHIN);
        if let Some(ticket) = continued.and_then(|n| self.shared_question(n, asked.voter)) {
            self.go_alone(ticket, asked.clone(), false);
            return true;
        }
        if let Some(ticket) = continued.and_then(|n| self.ticket(n)).filter(own) {
            self.follow_up(ticket, asked.clone());
            return true;
        }
        false
    }

    /// The question of that number, if the voter asked it and others did too: what one of them adds is not the others'.
    pub(super) fn shared_question(&self, number: u64, voter: VoterId) -> Option<Ticket> {
        let shared = self.known.shared.iter().find(|ticket| ticket.number == number).cloned();
        let ticket = self.ticket(number).or(shared)?;
        (!ticket.claim && !ticket.others.is_empty() && ticket.is_asked_by(voter)).then_some(ticket)
    }

    /// Adds what a voter wrote to a ticket of the voter's own that waits.
    pub(super) fn join(&mut self, mut ticket: Ticket, asked: Asked) {
        let voter = asked.voter;
        let number = ticket.number.to_string();
        if !ticket.has_room(&asked.text) {
            self.became(asked, Became::Refused);
            return self.tell(voter, "ticket_full", &[("number", &number)]);
        }
        ticket.keep_what_is_shared();
        ticket.texts.push((asked.message, asked.text.clone()));
        self.state.joins = Some(Lately { ticket: ticket.number, at: self.known.steady });
        self.became(asked, Became::Forwarded { ticket: ticket.number });
        if self.state.told_joined.replace(ticket.number) != Some(ticket.number) {
            self.tell(voter, "joined", &[("number", &number)]);
        }
        self.update(&ticket);
    }

    /// Puts what a voter wrote after an answer before the moderators, and opens the ticket again.
    pub(super) fn follow_up(&mut self, mut ticket: Ticket, asked: Asked) {
        let voter = asked.voter;
        let number = ticket.number.to_string();
        if self.state.blocked || !ticket.has_room(&asked.text) {
            let key = if self.state.blocked { "forward_refused" } else { "ticket_full" };
            self.became(asked, Became::Refused);
            return self.tell(voter, key, &[("number", &number)]);
        }
        self.unjoin(&ticket);
        ticket.state = TicketState::Open;
        ticket.into = None;
        ticket.taken = None;
        ticket.keep_what_is_shared();
        // An edit after the answer takes the place of what it says now.
        ticket.texts.retain(|(message, _)| *message == 0 || *message != asked.message);
        ticket.texts.push((asked.message, asked.text.clone()));
        let head = self.say("card_follow_up", &[("number", &number)]);
        let (number_of, message, text) = (ticket.number, asked.message, asked.text.clone());
        self.effects.push(Effect::FollowUp { ticket: number_of, voter, message, head, text });
        self.became(asked, Became::Forwarded { ticket: number_of });
        self.remind(&ticket);
        self.update(&ticket);
        let key = if self.known.unreachable { "follow_up_waits" } else { "follow_up" };
        self.tell_forwarded(voter, key, number_of);
    }
}
