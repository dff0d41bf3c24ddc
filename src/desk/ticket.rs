//! A question that waits for a moderator, and its card.

use chrono::{DateTime, FixedOffset};

use super::VoterId;
use super::effect::Offer;

/// A question that waits for a moderator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its number, from 1.
    pub number: u64,
    /// Who asked.
    pub voter: VoterId,
    /// The question, masked.
    pub question: String,
    /// When it was asked.
    pub asked: DateTime<FixedOffset>,
    /// The entry that would have answered but is outside its dates.
    pub expired: Option<String>,
    /// What has become of it.
    pub state: TicketState,
}

/// What has become of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketState {
    /// It waits.
    Open,
    /// A moderator answered.
    Answered,
    /// The voter took the question back.
    Withdrawn,
}

/// A ticket as moderators see it: read in three seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The ticket's number.
    pub number: u64,
    /// The first line.
    pub head: String,
    /// The masked question, to be shown as a quotation in which nothing is a link, a mention or a command.
    pub question: String,
    /// A line on an entry outside its dates.
    pub note: Option<String>,
    /// The line above the nearest entries.
    pub nearest_head: String,
    /// The three nearest entries.
    pub nearest: Vec<Offer>,
}
