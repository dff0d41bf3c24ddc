//! What moderators do, and where its rules stand: [`super::reply`], [`super::correction`], [`super::delivery`],
//! [`super::tap`], [`super::queue`], [`super::album`].

use super::event::{Addressee, NotTaken};
use super::ticket::{Ticket, TicketState};
use super::{Desk, Effect};

impl Desk<'_> {
    pub(super) fn someone(&self, by: Option<&str>) -> String {
        by.filter(|by| !by.is_empty()).map_or_else(|| self.say("someone", &[]), str::to_owned)
    }

    pub(super) fn no_such_ticket(&mut self, number: u64) {
        self.notice("no_such_ticket", &[("number", &number.to_string())]);
    }

    /// A ticket as it was, so that a reply after the voter's `/hapus` is told rather than lost.
    pub(super) fn ticket_of_moderators(&mut self, number: u64) -> Option<Ticket> {
        let ticket = self.ticket(number).filter(|t| t.state != TicketState::Withdrawn);
        if let Some(ticket) = &ticket {
            self.subject = Some(ticket.voter);
        }
        ticket
    }

    /// The ticket that a reply in message `message` is addressed to; where it is none, that is told.
    pub(super) fn addressed(&mut self, to: &Addressee, message: i64) -> Option<Ticket> {
        match *to {
            Addressee::Ticket(number) => {
                let ticket = self.ticket_of_moderators(number);
                if let Some(into) = ticket.as_ref().and_then(|ticket| ticket.into) {
                    let values = [("number", number.to_string()), ("into", into.to_string())];
                    let values: Vec<(&str, &str)> =
                        values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    self.notice_writer(message, "reply_merged", &values);
                    return None;
                }
                if ticket.is_none() {
                    self.notice_writer(message, "no_such_ticket", &[("number", &number.to_string())]);
                }
                ticket
            }
            // What is written for the FAQ or the channel is no answer.
            Addressee::Proposal(_) | Addressee::Post(_) => None,
            Addressee::UnknownCard => {
                self.notice_writer(message, "card_unknown", &[]);
                None
            }
            Addressee::NoCard { told } => {
                if !told {
                    self.notice_writer(message, "reply_nowhere", &[]);
                }
                None
            }
        }
    }

    pub(super) fn not_taken(&mut self, message: i64, why: NotTaken) {
        let key = match why {
            NotTaken::NotListed => "not_taken_listed",
            NotTaken::AsChannel => "not_taken_channel",
            NotTaken::Anonymous => "not_taken_anonymous",
            NotTaken::Command => "not_taken_command",
        };
        self.notice_writer(message, key, &[]);
    }

    /// Tells the writer of a message, as a reply to it.
    pub(super) fn notice_writer(&mut self, message: i64, key: &str, values: &[(&str, &str)]) {
        let text = self.say(key, values);
        self.notice_about(message, text);
    }

    pub(super) fn notice_about(&mut self, message: i64, text: String) {
        self.effects.push(Effect::Notice { text, about: Some(message).filter(|m| *m > 0) });
    }
}
