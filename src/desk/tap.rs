//! A moderator presses a button of a card. Which ticket it means is told by its key, never by a number on it.

use super::event::{Action, Content, ReplyKey};
use super::learning::is_lesson;
use super::ticket::{Held, Ticket, TicketState};
use super::{Desk, Effect};

impl Desk<'_> {
    pub(super) fn tap(&mut self, key: &str, by: Option<&str>, user: Option<i64>, action: &Action) {
        if action.is_of_recall() {
            return self.recall_pressed(by, action);
        }
        if action.is_of_post() {
            return self.post_pressed(action);
        }
        if action.is_of_draw() {
            return self.winners_pressed(by, action);
        }
        if let Action::Page(_) = action {
            return self.show_queue(key, true);
        }
        if *action == Action::Reload {
            return self.reload_pressed(key);
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
            Action::Block if open => self.ask_reason(&ticket),
            Action::BlockFor(reason) if open && ticket.others.is_empty() => self.block(ticket, *reason),
            Action::Unblock | Action::Admit if ticket.state == TicketState::Blocked || open && ticket.objection => {
                self.unblock(&ticket);
            }
            Action::Give(id) if open && !self.is_code(id) => self.toast_text(self.why_not_given(id)),
            Action::Give(id) if open || self.is_just_answered(&ticket, by) => {
                // A button is no message: its answer goes by a number that no message has.
                let key = ReplyKey::of(ticket.number, ticket.next_given());
                if self.is_just_answered(&ticket, by) {
                    let held = Held { message: key.message, by: by.map(str::to_owned), ..Held::of(Content::plain(id)) };
                    self.hold(ticket, held);
                    return self.toast("held_toast", &[("number", &number)]);
                }
                self.deliver_entry(ticket, key, by, id);
            }
            Action::Split if open => self.ask_split(&ticket),
            Action::SplitOff(id) if open => self.split_off(ticket, *id),
            Action::Merge(from) => self.merge(ticket, *from),
            Action::SendHeld(message) if open || ticket.state == TicketState::Answered => {
                self.held_pressed(ticket, *message, true);
            }
            Action::DropHeld(message) => self.held_pressed(ticket, *message, false),
            Action::SendToLate(message) if open => self.send_to_late(ticket, *message),
            Action::TakeBack(message) => self.take_back(ticket, *message),
            Action::SendAgain(message) => self.send_again(ticket, *message, by),
            Action::Reuse(message) => self.reuse(ticket, *message, false),
            Action::ReuseSurely(message) => self.reuse(ticket, *message, true),
            Action::StopReuse(message) => self.stop_reuse(ticket, *message),
            Action::Preview(id) if open => self.preview(&ticket, id),
            Action::Learn if ticket.state == TicketState::Answered && is_lesson(&ticket) => self.learn(&ticket),
            Action::Reload
            | Action::SendRecall
            | Action::DropRecall
            | Action::StopRecall
            | Action::TeachAs(_)
            | Action::TeachNew
            | Action::TeachInto(_)
            | Action::Approve
            | Action::DropProposal
            | Action::Forget
            | Action::Post { .. }
            | Action::DropPost
            | Action::AskVoter
            | Action::TellWinners
            | Action::DropWinners => {}
            Action::Publish => self.publish(&ticket),
            Action::Star => self.star(&ticket, user),
            Action::Take
            | Action::Release
            | Action::Page(_)
            | Action::Spam
            | Action::Block
            | Action::BlockFor(_)
            | Action::Unblock
            | Action::Admit
            | Action::Split
            | Action::SplitOff(_)
            | Action::SendHeld(_)
            | Action::SendToLate(_)
            | Action::Preview(_)
            | Action::Learn
            | Action::Give(_) => {
                self.toast("no_such_ticket", &[("number", &number)]);
            }
        }
    }

    /// Shows an entry as the voter would get it, with the button that sends it.
    fn preview(&mut self, ticket: &Ticket, id: &str) {
        let Some(entry) = self.knowledge.faq.entry(id).filter(|_| self.is_code(id)) else {
            return self.toast_text(self.why_not_given(id));
        };
        let number = ticket.number.to_string();
        let actions = vec![(ticket.key.clone(), self.say("button_give", &[]), Action::Give(id.to_owned()))];
        let head = self.say("preview", &[("number", &number)]);
        self.effects.push(Effect::Preview { ticket: ticket.number, answer: self.answer_of(entry), head, actions });
        self.toast("previewed", &[("number", &number)]);
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

    pub(super) fn close(&mut self, mut ticket: Ticket, state: TicketState) {
        let number = ticket.number.to_string();
        ticket.state = state;
        self.update(&ticket);
        for asker in ticket.askers() {
            self.tell(asker, "closed", &[("number", &number)]);
        }
    }
}
