//! A moderator presses a button of a card. Which ticket it means is told by its key, never by a number on it.

use super::event::{Action, ReplyKey};
use super::ticket::{Ticket, TicketState};
use super::{Desk, Effect};

impl Desk<'_> {
    pub(super) fn tap(&mut self, key: &str, by: Option<&str>, action: &Action) {
        if let Action::Page(_) = action {
            return self.show_queue(key, true);
        }
        let number = self.tickets.iter().find(|t| !key.is_empty() && t.key == key).map(|t| t.number);
        let Some(ticket) = number.and_then(|n| self.ticket_of_moderators(n)) else {
            return self.toast("card_unknown_toast", &[]);
        };
        let number = ticket.number.to_string();
        let open = ticket.state == TicketState::Open;
        match action {
            Action::Take if open => self.take(ticket, by),
            Action::Release if open => self.release(ticket),
            Action::Spam if open => {
                self.close(ticket, TicketState::Spam);
                self.toast("card_spam", &[("number", &number)]);
            }
            Action::Block if open => {
                self.block(ticket);
                self.toast("card_blocked", &[("number", &number)]);
            }
            Action::Unblock if ticket.state == TicketState::Blocked => self.unblock(ticket),
            Action::Give(id) if open && !self.is_code(id) => self.toast("no_such_entry", &[("id", id)]),
            Action::Give(id) if open => {
                // A button is no message: its answer goes by a number that no message has.
                let message = -1 - ticket.answers.len() as i64;
                let key = ReplyKey::of(ticket.number, message);
                self.deliver_entry(ticket, key, by, id);
            }
            Action::TakeBack(message) => self.take_back(ticket, *message),
            Action::SendAgain(message) => self.send_again(ticket, *message, by),
            Action::Take
            | Action::Release
            | Action::Page(_)
            | Action::Spam
            | Action::Block
            | Action::Unblock
            | Action::Give(_) => {
                self.toast("no_such_ticket", &[("number", &number)]);
            }
        }
    }

    fn take(&mut self, mut ticket: Ticket, by: Option<&str>) {
        if let Some(other) = ticket.taken.clone() {
            return self.toast("already_taken", &[("by", &other)]);
        }
        let number = ticket.number.to_string();
        ticket.taken = Some(self.someone(by));
        self.update(&ticket);
        self.toast("taken", &[("number", &number)]);
    }

    /// Anyone may leave a ticket to the others again: who took it may have gone home.
    fn release(&mut self, mut ticket: Ticket) {
        let number = ticket.number.to_string();
        if ticket.taken.take().is_some() {
            self.update(&ticket);
        }
        self.toast("released", &[("number", &number)]);
    }

    fn block(&mut self, ticket: Ticket) {
        let voter = ticket.voter;
        self.state.blocked = true;
        let others: Vec<Ticket> = self.open_tickets(voter).into_iter().filter(|t| t.number != ticket.number).collect();
        self.close(ticket, TicketState::Blocked);
        for other in others {
            self.close(other, TicketState::Blocked);
        }
        self.effects.push(Effect::Outlive { voter, blocked: true, pace: self.state.pace.clone() });
    }

    fn unblock(&mut self, mut ticket: Ticket) {
        let number = ticket.number.to_string();
        let voter = ticket.voter;
        self.state.blocked = false;
        ticket.state = TicketState::Spam;
        self.update(&ticket);
        self.effects.push(Effect::Outlive { voter, blocked: false, pace: self.state.pace.clone() });
        self.toast("unblocked", &[("number", &number)]);
    }

    fn close(&mut self, mut ticket: Ticket, state: TicketState) {
        let number = ticket.number.to_string();
        ticket.state = state;
        self.update(&ticket);
        for asker in ticket.askers() {
            self.tell(asker, "closed", &[("number", &number)]);
        }
    }
}
