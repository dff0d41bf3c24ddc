//! Who asked the same after a moderator's reply, or whom it did not reach, gets it by a press.

use crate::desk::event::ReplyKey;
use crate::desk::ticket::{Arrival, Reply, Ticket, TicketState};
use crate::desk::{Desk, Effect, VoterId};
use crate::faq::day_of;

impl Desk<'_> {
    /// Sends the last answer to those who asked the same after it.
    pub(in crate::desk) fn send_to_late(&mut self, mut ticket: Ticket, message: i64) {
        let number = ticket.number.to_string();
        let late = ticket.unanswered();
        let Some(own) = ticket.answers.iter_mut().find(|reply| reply.message == message && reply.stands()) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        if late.is_empty() {
            return self.toast("no_such_ticket", &[("number", &number)]);
        }
        let first = ticket.voter;
        let is_first = |voter: VoterId, own: &Reply| voter == first && !own.first_gone;
        for &voter in &late {
            if is_first(voter, own) {
                own.outcome = None;
            } else if let Some(arrival) = own.others.iter_mut().find(|arrival| arrival.voter == voter) {
                arrival.outcome = None;
            } else {
                own.others.push(Arrival { voter, outcome: None });
            }
        }
        let own = own.clone();
        let before = format!("{}\n\n", self.say("ticket_answer", &[("number", &number)]));
        let valid = |id: &String| self.knowledge.faq.entry(id).filter(|entry| entry.is_valid(day_of(self.now)));
        let entry = own.entry.as_ref().and_then(valid);
        for &voter in &late {
            let asker = (!is_first(voter, &own)).then_some(voter);
            let key = ReplyKey { ticket: ticket.number, message, asker };
            let effect = match (entry, &own.content) {
                (Some(entry), _) => self.giving(entry, voter, key, "ticket_answer"),
                (None, Some(content)) => Effect::Deliver {
                    voter,
                    reply: key,
                    before: before.clone(),
                    content: content.clone(),
                    album: own.album.clone(),
                },
                (None, None) => {
                    let id = own.entry.clone().unwrap_or_default();
                    return self.toast_text(self.why_not_given(&id));
                }
            };
            self.effects.push(effect);
        }
        ticket.state = TicketState::Answered;
        self.update(&ticket);
        self.toast("sent_again", &[("number", &number)]);
    }
}
