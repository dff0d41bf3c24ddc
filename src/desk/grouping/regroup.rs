//! What moderators part or join: a wording that is another question, two tickets that are one.

use crate::desk::event::Action;
use crate::desk::ticket::{Asker, Ticket, TicketState, Wording};
use crate::desk::{Desk, Effect, VoterId};

impl Desk<'_> {
    /// Asks which wording is another question.
    pub(in crate::desk) fn ask_split(&mut self, ticket: &Ticket) {
        let number = ticket.number;
        // No words on them: a button outlives what is deleted.
        let button = |wording: &Wording| {
            let label = self.say("button_split_off", &[("number", &wording.id.to_string())]);
            (ticket.key.clone(), label, Action::SplitOff(wording.id))
        };
        let actions = ticket.other_wordings().map(button).collect();
        let text = self.say("split_which", &[("number", &number.to_string())]);
        self.effects.push(Effect::Line { ticket: number, key: self.known.key.clone(), text, actions });
    }

    /// Makes those who asked in one wording a ticket of their own.
    pub(in crate::desk) fn split_off(&mut self, mut ticket: Ticket, id: u32) {
        let number = ticket.number.to_string();
        let Some(at) = ticket.wordings.iter().position(|wording| wording.id == id) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        // Who got an answer stays with it, so that a correction finds its way.
        let waiting = ticket.unanswered();
        let own = &mut ticket.wordings[at];
        let (parted, answered) = own.askers.drain(..).partition(|asker| waiting.contains(&asker.voter));
        let wording = Wording { askers: parted, ..own.clone() };
        own.askers = answered;
        if wording.askers.is_empty() {
            return self.toast("no_such_ticket", &[("number", &number)]);
        }
        ticket.wordings.retain(|own| !own.askers.is_empty());
        let gone = |voter: &VoterId| wording.askers.iter().any(|asker| asker.voter == *voter);
        ticket.others.retain(|voter| !gone(voter));
        for reply in &mut ticket.answers {
            reply.others.retain(|arrival| !gone(&arrival.voter));
        }
        ticket.settle();
        self.update(&ticket);
        let Some((first, rest)) = wording.askers.split_first() else { return };
        let new = self.known.next_ticket;
        let mut own = Ticket {
            texts: vec![(first.message, wording.text.clone())],
            claim: ticket.claim,
            asked: ticket.asked,
            ..Ticket::new(new, self.known.key.clone(), first.voter, self.now)
        };
        rest.iter().for_each(|asker| own.join(*asker, &wording.text));
        own.nearest = self.nearest(&own);
        for asker in &wording.askers {
            self.effects.push(Effect::DropAsker { ticket: ticket.number, voter: asker.voter });
        }
        self.remind(&own);
        self.post(&own);
        self.keep_askers(&own);
        for asker in &wording.askers {
            self.tell(asker.voter, "renumbered", &[("number", &number), ("new", &new.to_string())]);
        }
        self.toast("split", &[("number", &new.to_string())]);
    }

    /// `/gabung`: asks whether a ticket is to be joined to another.
    pub(in crate::desk) fn ask_merge(&mut self, numbers: Option<(u64, u64)>) {
        let Some((into, from)) = numbers.filter(|(into, from)| into != from) else {
            return self.notice("merge_which", &[]);
        };
        for number in [into, from] {
            match self.ticket(number) {
                None => return self.no_such_ticket(number),
                Some(ticket)
                    if ticket.state != TicketState::Open
                        || ticket.objection
                        || ticket.claim != self.ticket(into).is_some_and(|t| t.claim) =>
                {
                    return self.notice("merge_closed", &[("number", &number.to_string())]);
                }
                Some(_) => {}
            }
        }
        let Some(ticket) = self.ticket(into) else { return };
        let values = [("number", from.to_string()), ("into", into.to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = self.say("merge_confirm", &values);
        let actions = vec![(ticket.key.clone(), self.say("button_merge", &values), Action::Merge(from))];
        self.effects.push(Effect::Line { ticket: into, key: self.known.key.clone(), text, actions });
    }

    /// Joins the ticket `from` to `ticket`, as a moderator confirmed.
    pub(in crate::desk) fn merge(&mut self, mut ticket: Ticket, from: u64) {
        let number = ticket.number.to_string();
        let Some(mut other) = self.ticket(from).filter(|other| other.state == TicketState::Open) else {
            return self.toast("merge_closed", &[("number", &from.to_string())]);
        };
        if ticket.state != TicketState::Open {
            return self.toast("merge_closed", &[("number", &number)]);
        }
        let first = Asker { voter: other.voter, message: other.texts.first().map_or(0, |(message, _)| *message) };
        let mut askers = vec![(first, other.question())];
        for wording in &other.wordings {
            askers.extend(wording.askers.iter().map(|asker| (*asker, wording.text.clone())));
        }
        let worded: Vec<VoterId> = askers.iter().map(|(asker, _)| asker.voter).collect();
        let silent = other.others.iter().filter(|voter| !worded.contains(voter));
        askers.extend(silent.map(|&voter| (Asker { voter, message: 0 }, other.question())));
        let waiting = other.unanswered();
        for (asker, text) in askers {
            if !ticket.is_asked_by(asker.voter) && waiting.contains(&asker.voter) {
                ticket.join(asker, &text);
                self.effects.push(Effect::KeepAsker { ticket: ticket.number, voter: asker.voter });
                self.tell(asker.voter, "renumbered", &[("number", &from.to_string()), ("new", &number)]);
            }
        }
        ticket.urgent |= other.urgent;
        other.state = TicketState::Merged;
        other.into = Some(ticket.number);
        other.others.clear();
        other.wordings.clear();
        self.update(&ticket);
        self.update(&other);
        self.toast("merged", &[("number", &from.to_string()), ("into", &number)]);
    }
}
