//! Somebody writes of ending their life, or of being in danger: one warm line at once, and a ticket that moderators see
//! before all others.
//!
//! No limit of what one may write or open holds here, nothing is offered, and it is never taken for an insult. Which words
//! mean it stands in `obrolan.toml` (`urgent = true`).

use super::asked::Became;
use super::state::Expects;
use super::{Desk, Effect, VoterId};
use crate::faq::markup::Document;

impl Desk<'_> {
    /// The urgent kind by which `text` is such a message: one of its wordings stands in it.
    pub(super) fn urgent_kind(&self, text: &str) -> Option<usize> {
        self.knowledge.matcher.urgent(text)
    }

    /// Answers such a message, and puts it before the moderators.
    pub(super) fn urgent(&mut self, voter: VoterId, message: i64, text: &str, kind: usize) {
        let masked = self.masked_after_last(text);
        let asked = self.asked(voter, message, masked);
        self.state.expects = Expects::Question;
        self.state.joins = None;
        let mut lines = vec![self.knowledge.urgent_answer(kind, self.language)];
        if self.state.blocked {
            // Whoever was blocked is answered like anybody else; moderators have decided not to read on.
            self.became(asked, Became::Refused);
        } else {
            if !self.known.unreachable {
                lines.push(self.say("urgent_told", &[]));
            }
            // One such ticket at a time, however much is written: moderators know by the first.
            match self.open_tickets(voter).into_iter().rfind(|t| t.urgent) {
                Some(mut ticket) => {
                    ticket.texts.retain(|(own, _)| *own == 0 || *own != message);
                    if ticket.has_room(&asked.text) {
                        ticket.texts.push((asked.message, asked.text.clone()));
                    }
                    self.became(asked, Became::Forwarded { ticket: ticket.number });
                    self.update(&ticket);
                }
                None => drop(self.open(asked, None, None, |ticket| ticket.urgent = true)),
            }
        }
        self.effects.push(Effect::Say { voter, text: Document::plain_text(lines.join("\n\n")) });
    }
}
