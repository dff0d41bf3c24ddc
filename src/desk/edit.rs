//! A voter changes a message. What it asks now counts, wherever the message led.

use super::asked::{Asked, Became};
use super::ticket::{Ticket, TicketState};
use super::{Desk, Origin, VoterId};
use crate::faq::day_of;
use crate::matcher::Verdict;
use crate::text::normalize::words;

impl Desk<'_> {
    pub(super) fn edited(&mut self, voter: VoterId, message: i64, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let asked = self.known.asked.clone();
        let masked = self.masked(text);
        if asked.as_ref().is_some_and(|a| a.text == masked) {
            return;
        }
        let asked = asked.map(|asked| self.where_it_waits(asked));
        // Buttons under what the message led to keep their key, and ask for what it says now.
        if let Some(asked) = &asked {
            self.key.clone_from(&asked.key);
        }
        if let Some(kind) = self.urgent_kind(text) {
            if let Some(asked) = &asked {
                self.take_out(asked);
            }
            return self.urgent(voter, message, text, kind);
        }
        if !self.admit(voter) {
            return;
        }
        match asked {
            Some(Asked { became: Became::Forwarded { ticket }, .. })
                if let Some(shared) = self.shared_question(ticket, voter) =>
            {
                if shared.texts_of(voter).iter().any(|(_, text)| words(text) == words(&masked)) {
                    return;
                }
                let asked = self.asked(voter, message, masked);
                self.go_alone(shared, asked, true);
            }
            Some(Asked { became: Became::Forwarded { ticket }, .. }) => match self.ticket(ticket) {
                Some(ticket) => self.question_changed(ticket, message, masked),
                None => self.heard(voter, message, text, &Origin::default()),
            },
            Some(mut asked) if matches!(asked.became, Became::Offered { .. } | Became::Answered { .. }) => {
                let same = words(&asked.text) == words(&masked);
                asked.text = masked;
                self.reconsider(asked, text, same);
            }
            Some(Asked { became: Became::Checked, .. }) => self.check(voter, message, text, false),
            // Small talk, a command, what was refused, or a picture that gets its words only now.
            _ => self.heard(voter, message, text, &Origin::default()),
        }
    }

    /// A message that was asked with others may have gone on into a ticket of its voter's own since: there it is changed.
    pub(super) fn where_it_waits(&self, mut asked: Asked) -> Asked {
        // One that was joined to another's keeps all that its voter wrote.
        let is_joined = |own: &Ticket| self.joined_to(own).is_some_and(|into| into.state == TicketState::Open);
        if let Became::Forwarded { ticket } = asked.became
            && self.ticket(ticket).is_some_and(|own| is_joined(&own))
        {
            return asked;
        }
        // Whatever its buttons led to since.
        if let Some(ticket) = self.waits_with(&asked) {
            asked.became = Became::Forwarded { ticket };
        }
        asked
    }

    /// The open ticket with which that message waits: the voter's own, or one of others that the voter asks too.
    pub(super) fn waits_with(&self, asked: &Asked) -> Option<u64> {
        let holds = |own: &&Ticket| own.texts_of(asked.voter).iter().any(|(message, _)| *message == asked.message);
        let mut open = self.tickets.iter().chain(&self.known.shared).filter(|t| t.state == TicketState::Open);
        open.find(holds).map(|own| own.number).filter(|_| asked.message > 0)
    }

    /// What a message asked waits no more: it says something else now, which goes another way.
    fn take_out(&mut self, asked: &Asked) {
        let Became::Forwarded { ticket } = asked.became else { return };
        let own = self.shared_question(ticket, asked.voter).or_else(|| self.ticket(ticket));
        let waits = |own: &Ticket| own.state == TicketState::Open && !own.urgent && own.is_asked_by(asked.voter);
        let Some(mut own) = own.filter(waits) else { return };
        if !own.others.is_empty() {
            return self.leave(own, asked.voter);
        }
        own.texts.retain(|(message, _)| *message != asked.message);
        if own.texts.is_empty() {
            own.texts = vec![(0, asked.text.clone())];
            own.state = TicketState::Withdrawn;
        }
        self.update(&own);
    }

    /// A question that was answered or offered entries says something else now.
    fn reconsider(&mut self, mut asked: Asked, text: &str, same: bool) {
        let judgement = self.knowledge.matcher.judge(text, day_of(self.now));
        asked.heard(&judgement);
        let verdict = &judgement.verdict;
        let given = match (verdict, &asked.became) {
            // One entry answers for many cells, each in its own words.
            _ if judgement.cell.is_some() => same,
            (Verdict::Answer(entry), Became::Answered { entry: id }) => self.knowledge.faq.entries[*entry].id == *id,
            _ => false,
        };
        if same && !matches!(verdict, Verdict::Answer(_)) || given || matches!(verdict, Verdict::SmallTalk(_)) {
            let became = asked.became.clone();
            return self.became(asked, became);
        }
        // An edit is no new wording of a question whose answer did not help.
        self.state.given = None;
        self.follow_judgement(judgement, asked);
    }

    /// A question that went to a person says something else now.
    fn question_changed(&mut self, mut ticket: Ticket, message: i64, text: String) {
        let Some(own) = ticket.texts.iter().position(|(m, _)| *m == message) else { return };
        let same = words(&ticket.texts[own].1) == words(&text);
        let mut asked = self.asked(ticket.voter, message, text.clone());
        asked.became = Became::Forwarded { ticket: ticket.number };
        if ticket.state != TicketState::Open && !same {
            // It was answered as it stood: what it says now is asked anew.
            return self.follow_up(ticket, asked);
        }
        let room = ticket.room() + ticket.texts[own].1.chars().count();
        if text.chars().count() > room {
            let number = ticket.number.to_string();
            return self.tell(ticket.voter, "ticket_full", &[("number", &number)]);
        }
        ticket.keep_what_is_shared();
        ticket.texts[own].1 = text;
        ticket.changed = true;
        let became = asked.became.clone();
        self.became(asked, became);
        ticket.nearest = self.nearest(&ticket);
        self.update(&ticket);
    }
}
