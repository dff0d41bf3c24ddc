//! A question that waits for a moderator, and its card.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::VoterId;
use super::effect::Offer;
use super::event::{Action, Outcome};

/// A question that waits for a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number, from 1.
    pub number: u64,
    /// Who asked.
    pub voter: VoterId,
    /// What the voter wrote, masked, by message; the first is the question.
    pub texts: Vec<(i64, String)>,
    /// When it was asked.
    pub asked: DateTime<FixedOffset>,
    /// The entry that would have answered but is outside its dates.
    pub expired: Option<String>,
    /// The entry that was given and did not help.
    pub shown: Option<String>,
    /// What has become of it.
    pub state: TicketState,
    /// Who said "mine".
    pub taken: Option<String>,
    /// Moderators' answers, in order.
    pub answers: Vec<Reply>,
}

impl Ticket {
    /// All that the voter wrote.
    pub fn question(&self) -> String {
        self.texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// A moderator's answer to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The moderator's message.
    pub message: i64,
    /// Who wrote it, where Telegram tells.
    pub by: Option<String>,
    /// What became of it; none while it waits.
    pub outcome: Option<Outcome>,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// What was copied, if it was no text.
    pub media: Option<String>,
    /// Whether it stands in one message that can be edited.
    pub whole: bool,
}

/// What has become of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TicketState {
    /// It waits.
    Open,
    /// A moderator answered.
    Answered,
    /// The voter took the question back.
    Withdrawn,
    /// A moderator closed it as spam.
    Spam,
    /// A moderator closed it and blocked the voter.
    Blocked,
}

impl TicketState {
    /// Its name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Withdrawn => "withdrawn",
            Self::Spam => "spam",
            Self::Blocked => "blocked",
        }
    }
}

/// A ticket as moderators see it: read in three seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The ticket's number.
    pub number: u64,
    /// Who asked; never shown. None once the voter's data are deleted.
    pub voter: Option<VoterId>,
    /// The first line.
    pub head: String,
    /// The masked question, to be shown as a quotation in which nothing is a link, a mention or a command.
    pub question: String,
    /// Lines under the question: an entry outside its dates, an answer that did not help.
    pub notes: Vec<String>,
    /// The line above the nearest entries.
    pub nearest_head: String,
    /// The three nearest entries.
    pub nearest: Vec<Offer>,
    /// What has become of it, line by line.
    pub status: Vec<String>,
    /// The other buttons: words and what they do.
    pub actions: Vec<(String, Action)>,
}
