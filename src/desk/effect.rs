//! What the desk wants done.

use chrono::{DateTime, FixedOffset};

use super::VoterId;
use super::event::{Content, Event, ReplyKey};
use super::state::VoterState;
use super::ticket::{Card, Ticket};
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
        /// The moderator's reply that it carries out, and the line above the answer.
        reply: Option<(ReplyKey, String)>,
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
    /// Send a line with the voter's own words under it.
    Quote {
        /// To whom.
        voter: VoterId,
        /// The line.
        before: String,
        /// The masked words.
        quote: String,
    },
    /// Send a moderator's words.
    Deliver {
        /// To whom.
        voter: VoterId,
        /// Which answer it is.
        reply: ReplyKey,
        /// The bot's words before it.
        before: String,
        /// The moderator's words.
        content: Content,
    },
    /// Change a moderator's words that were sent.
    Correct {
        /// To whom.
        voter: VoterId,
        /// Which answer it is.
        reply: ReplyKey,
        /// The bot's words before it.
        before: String,
        /// The moderator's words.
        content: Content,
    },
    /// Take back a moderator's words: delete them, or say so in their place.
    TakeBack {
        /// From whom.
        voter: VoterId,
        /// Which answer it is.
        reply: ReplyKey,
        /// Whether it is too late to delete it.
        late: bool,
        /// What stands in its place then.
        text: String,
        /// Whether the place is under a picture.
        caption: bool,
    },
    /// Keep a ticket, new or changed.
    KeepTicket(Ticket),
    /// Post a ticket's card in the moderator chat.
    ShowCard(Card),
    /// Change a ticket's card.
    UpdateCard(Card),
    /// Post what a voter wrote after an answer, as a reply to the card.
    FollowUp {
        /// The ticket.
        ticket: u64,
        /// Who wrote it; never shown.
        voter: VoterId,
        /// The first line.
        head: String,
        /// The masked words, to be quoted.
        text: String,
    },
    /// Tell the moderators something.
    Notice(String),
    /// Answer a press with a line that fades.
    Toast(String),
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
    /// Whether messages reach the voter.
    Reach {
        /// Who.
        voter: VoterId,
        /// Whether they do.
        reachable: bool,
    },
    /// Bring this event later. One of the same name is replaced.
    Later {
        /// Its name.
        name: String,
        /// Whom it is about, if a voter.
        voter: Option<VoterId>,
        /// When.
        at: DateTime<FixedOffset>,
        /// What.
        event: Event,
    },
    /// Load the FAQ anew.
    Reload,
    /// Delete what is old.
    Sweep {
        /// Texts that were delivered before this are blanked.
        sent: DateTime<FixedOffset>,
        /// Updates that could not be read and came before this are blanked.
        unread: DateTime<FixedOffset>,
        /// Voters not seen and tickets not changed since are deleted.
        kept: DateTime<FixedOffset>,
    },
}
