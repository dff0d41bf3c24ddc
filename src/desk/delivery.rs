//! What became of an answer. Answered means delivered: what did not arrive is not answered.

use super::event::{Outcome, ReplyKey};
use super::ticket::{Reply, TicketState};
use super::{Desk, Effect};
use crate::text::cut::shortened;

/// How much of Telegram's words is told, in characters.
const REASON_SHOWN: usize = 200;

impl Desk<'_> {
    pub(super) fn delivered(&mut self, key: ReplyKey, outcome: &Outcome) {
        let Some(mut ticket) = self.ticket(key.ticket) else { return };
        let Some(own) = ticket.answers.iter_mut().find(|r| r.message == key.message) else { return };
        // A correction that is delivered later does not make the first delivery later.
        let by = own.by.clone();
        let of_asker = match key.asker {
            None => &mut own.outcome,
            Some(asker) => match own.others.iter_mut().find(|arrival| arrival.voter == asker) {
                Some(arrival) => &mut arrival.outcome,
                None => return,
            },
        };
        if of_asker.as_ref().is_some_and(|o| o.arrived().is_some()) && outcome.arrived().is_some() {
            return;
        }
        *of_asker = Some(outcome.clone());
        // Who was not joined to another ticket with the rest, since this answer was under way, waits here again.
        if ticket.state == TicketState::Merged && matches!(outcome, Outcome::Failed(_)) {
            let asker = key.asker.filter(|asker| !ticket.is_asked_by(*asker));
            ticket.others.extend(asker);
            (ticket.state, ticket.into) = (TicketState::Answered, None);
        }
        let lost = ticket.state == TicketState::Answered && !ticket.answers.iter().any(Reply::stands);
        let by = self.someone(by.as_deref());
        let number = ticket.number.to_string();
        let line = match outcome {
            Outcome::Failed(reason) if lost => {
                ticket.state = TicketState::Open;
                ticket.taken = None;
                self.subject = Some(ticket.voter);
                self.state.continues = None;
                self.remind(&ticket);
                let reason = shortened(reason, REASON_SHOWN);
                Some(self.say("answer_failed", &[("number", &number), ("by", &by), ("reason", &reason)]))
            }
            Outcome::Failed(reason) => {
                let reason = shortened(reason, REASON_SHOWN);
                Some(self.say("addition_failed", &[("number", &number), ("by", &by), ("reason", &reason)]))
            }
            Outcome::Partly { reason, .. } => {
                let reason = shortened(reason, REASON_SHOWN);
                Some(self.say("answer_partly", &[("number", &number), ("by", &by), ("reason", &reason)]))
            }
            Outcome::Blocked if lost => {
                ticket.state = TicketState::Unreached;
                None
            }
            Outcome::Blocked | Outcome::Sent(_) => None,
        };
        // Who did not get it waits for it, though others did.
        if ticket.state == TicketState::Answered && !ticket.unanswered().is_empty() {
            ticket.state = TicketState::Open;
        }
        let of = ticket.number;
        self.update(&ticket);
        if let Some(text) = line {
            self.effects.push(Effect::Line { ticket: of, key: self.known.key.clone(), text, actions: Vec::new() });
        }
    }
}
