//! What the desk wants done.

use super::VoterId;
use super::VoterState;
use super::ticket::{Card, Ticket, TicketState};
use crate::faq::Answer;
use crate::faq::markup::Document;

/// An entry that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// Something the desk wants done. The surface carries effects out in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send an entry's answer.
    Answer {
        /// To whom.
        voter: VoterId,
        /// What.
        answer: Answer,
    },
    /// Offer entries, and a person as the last choice.
    Suggest {
        /// To whom.
        voter: VoterId,
        /// The words above the choices.
        text: String,
        /// The choices.
        offers: Vec<Offer>,
        /// The last choice: a person.
        person: String,
    },
    /// Send a line.
    Say {
        /// To whom.
        voter: VoterId,
        /// What.
        text: Document,
    },
    /// Keep a new ticket.
    OpenTicket(Ticket),
    /// Post a ticket's card in the moderator chat.
    ShowCard(Card),
    /// A ticket is no longer open.
    CloseTicket {
        /// Its number.
        number: u64,
        /// What became of it.
        state: TicketState,
    },
    /// Tell the moderators something.
    Notice(String),
    /// Keep this of a voter.
    Remember {
        /// Of whom.
        voter: VoterId,
        /// What.
        state: VoterState,
    },
    /// Delete all that is kept of a voter.
    Forget {
        /// Of whom.
        voter: VoterId,
    },
}
