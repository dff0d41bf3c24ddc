//! What moderators ask for by a command, and posting anew what waits.

use chrono::{DateTime, FixedOffset};

use super::command::ModeratorCommand;
use super::event::Event;
use super::{Desk, Effect};
use crate::faq::home_offset;
use crate::text::indonesian::date;

/// A ticket in the list of those that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its number.
    pub number: u64,
    /// Whether somebody in need wrote it.
    pub urgent: bool,
    /// When it was asked.
    pub asked: DateTime<FixedOffset>,
    /// The first line of its masked question.
    pub question: String,
}

/// The name of the event that goes on posting open tickets anew.
pub const REPOST: &str = "repost";

impl Desk<'_> {
    pub(super) fn asked_by_moderator(&mut self, command: &ModeratorCommand) {
        match command {
            ModeratorCommand::Help => self.notice("moderator_help", &[]),
            ModeratorCommand::Reload => self.effects.push(Effect::Reload),
            ModeratorCommand::Queue if self.known.queue.is_empty() => self.notice("queue_empty", &[]),
            ModeratorCommand::Queue => {
                let urgent = self.say("card_urgent", &[]);
                let line = |waiting: &Queued| {
                    let asked = waiting.asked.with_timezone(&home_offset());
                    let (day, time) = (date(asked.date_naive()), asked.format("%H.%M WIB"));
                    let mark = if waiting.urgent { format!("{urgent} ") } else { String::new() };
                    format!("#{}, {day} pukul {time}: {mark}{}", waiting.number, waiting.question)
                };
                let (urgent, others): (Vec<&Queued>, _) = self.known.queue.iter().partition(|waiting| waiting.urgent);
                let quote = urgent.into_iter().chain(others).map(line).collect::<Vec<_>>().join("\n");
                let head = self.say("queue", &[]);
                self.effects.push(Effect::QuoteNotice { head, quote });
            }
            ModeratorCommand::Code(code) => {
                let text = self.validity(code);
                self.effects.push(Effect::Notice { text, about: None });
            }
            ModeratorCommand::Retract(written) => self.retract(written),
            ModeratorCommand::Card(None) => self.notice("card_which", &[]),
            ModeratorCommand::Card(Some(number)) => match self.ticket_of_moderators(*number) {
                Some(ticket) => self.post(&ticket),
                None => self.no_such_ticket(*number),
            },
        }
    }

    /// Posts open tickets anew, as many as were brought, and plans the rest.
    pub(super) fn repost(&mut self) {
        let tickets = self.known.tickets.clone();
        let last = tickets.iter().map(|t| t.number).max();
        for ticket in tickets {
            self.post(&ticket);
        }
        if let Some(after) = last {
            self.effects.push(Effect::Later {
                name: REPOST.to_owned(),
                voter: None,
                at: self.now,
                event: Event::Repost { after },
            });
        }
    }
}
