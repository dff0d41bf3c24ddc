//! What moderators see of a ticket.

use super::event::{Action, Outcome};
use super::ticket::{Card, Reply, Ticket, TicketState};
use super::{Desk, Offer};
use crate::faq::{day_of, home_offset};

/// How many entries a card offers.
const NEAREST: usize = 3;

impl Desk<'_> {
    /// The card of `ticket` as it stands.
    pub(super) fn card(&self, ticket: &Ticket) -> Card {
        let number = ticket.number.to_string();
        let waits = ticket.state == TicketState::Open;
        let mut notes = Vec::new();
        if let Some(id) = &ticket.expired {
            notes.push(self.say("card_expired", &[("id", id)]));
        }
        if let Some(id) = &ticket.shown {
            notes.push(self.say("card_shown", &[("id", id)]));
        }
        Card {
            number: ticket.number,
            voter: Some(ticket.voter),
            head: self.say("card_head", &[("number", &number)]),
            question: ticket.question(),
            notes,
            nearest_head: self.say("card_nearest", &[]),
            nearest: if waits { self.nearest(ticket) } else { Vec::new() },
            status: self.status_lines(ticket),
            actions: self.actions(ticket),
        }
    }

    /// What is left of a card when the voter's data are deleted.
    pub(super) fn withdrawn_card(&self, number: u64) -> Card {
        let shown = number.to_string();
        Card {
            number,
            voter: None,
            head: self.say("card_withdrawn", &[("number", &shown)]),
            question: String::new(),
            notes: Vec::new(),
            nearest_head: String::new(),
            nearest: Vec::new(),
            status: Vec::new(),
            actions: Vec::new(),
        }
    }

    fn nearest(&self, ticket: &Ticket) -> Vec<Offer> {
        let faq = &self.knowledge.faq;
        let today = day_of(self.now);
        let ranked = self.knowledge.matcher.judge(&ticket.question(), today).ranked;
        ranked
            .iter()
            .map(|&(e, _)| &faq.entries[e])
            .filter(|e| e.is_valid(today) && ticket.shown.as_ref() != Some(&e.id))
            .take(NEAREST)
            .map(|e| Offer { id: e.id.clone(), title: e.title.clone() })
            .collect()
    }

    fn status_lines(&self, ticket: &Ticket) -> Vec<String> {
        let number = ticket.number.to_string();
        let mut lines = Vec::new();
        match ticket.state {
            TicketState::Open => {
                lines.extend(ticket.taken.as_ref().map(|by| self.say("card_taken", &[("by", by)])));
            }
            TicketState::Answered => lines.push(self.say("card_answered", &[("number", &number)])),
            TicketState::Withdrawn => lines.push(self.say("card_withdrawn", &[("number", &number)])),
            TicketState::Spam => lines.push(self.say("card_spam", &[("number", &number)])),
            TicketState::Blocked => lines.push(self.say("card_blocked", &[("number", &number)])),
        }
        lines.extend(ticket.answers.iter().map(|reply| self.delivery_line(reply)));
        lines
    }

    fn delivery_line(&self, reply: &Reply) -> String {
        let someone = self.say("someone", &[]);
        let by = reply.by.as_deref().unwrap_or(&someone);
        if reply.withdrawn {
            return self.say("delivery_withdrawn", &[("by", by)]);
        }
        match &reply.outcome {
            None => self.say("delivery_waiting", &[("by", by)]),
            Some(Outcome::Sent(at) | Outcome::Partly { at, .. }) => {
                let time = chrono::DateTime::from_timestamp_millis(*at)
                    .map(|t| t.with_timezone(&home_offset()).format("%H.%M WIB").to_string())
                    .unwrap_or_default();
                self.say("delivery_sent", &[("by", by), ("time", &time)])
            }
            Some(Outcome::Blocked) => self.say("delivery_blocked", &[("by", by)]),
            Some(Outcome::Failed(reason)) => self.say("delivery_failed", &[("by", by), ("reason", reason)]),
        }
    }

    fn actions(&self, ticket: &Ticket) -> Vec<(String, Action)> {
        let mut actions = Vec::new();
        let mut add = |key: &str, action| actions.push((self.say(key, &[]), action));
        match ticket.state {
            TicketState::Open => {
                if ticket.taken.is_none() {
                    add("button_take", Action::Take);
                }
                add("button_spam", Action::Spam);
                add("button_block", Action::Block);
            }
            TicketState::Blocked => add("button_unblock", Action::Unblock),
            TicketState::Answered | TicketState::Withdrawn | TicketState::Spam => {}
        }
        let standing = |r: &&Reply| !r.withdrawn && !matches!(r.outcome, Some(Outcome::Blocked | Outcome::Failed(_)));
        for reply in ticket.answers.iter().filter(standing) {
            let someone = self.say("someone", &[]);
            let by = reply.by.as_deref().unwrap_or(&someone);
            actions.push((self.say("button_take_back", &[("by", by)]), Action::TakeBack(reply.message)));
        }
        actions
    }
}
