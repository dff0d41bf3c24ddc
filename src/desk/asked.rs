//! What a voter's message asked and what became of it, under a key that buttons carry and that an edit finds by the
//! message's number.

use serde::{Deserialize, Serialize};

use super::{Desk, VoterId};
use crate::matcher::Judgement;

/// What a voter's message asked, and what became of it. One row each; goes with the voter's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What buttons carry: unguessable, new for each message.
    pub key: String,
    /// Who.
    pub voter: VoterId,
    /// The message, 0 where the surface has no numbers.
    pub message: i64,
    /// The masked words.
    pub text: String,
    /// When, by the clock that can't go back (milliseconds).
    pub at: i64,
    /// What became of it.
    pub became: Became,
    /// Whether the voter said that what was given for it helped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub helped: bool,
    /// When an entry was last given for it, by the same clock; none if none was. Kept beside the rest.
    #[serde(skip)]
    pub answered: Option<i64>,
    /// How sure the matcher was of the entry that it found first, in thousandths; none if it was not asked. For who watches
    /// the bot; not kept.
    #[serde(skip)]
    pub sure: Option<u16>,
}

/// What became of a voter's message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Became {
    /// Small talk.
    Talk,
    /// A command.
    Command,
    /// It could not be taken: empty, too long, or no more could be forwarded.
    Refused,
    /// An entry was given.
    Answered {
        /// Its id.
        entry: String,
    },
    /// Entries were offered.
    Offered {
        /// The entry that was given before and did not help.
        shown: Option<String>,
    },
    /// Claims were offered that it may be about.
    Checked,
    /// It went to a person.
    Forwarded {
        /// The ticket.
        ticket: u64,
    },
}

impl Asked {
    /// Notes how sure the matcher was. The table of civil servants' cells is sure or says nothing.
    pub(super) fn heard(&mut self, judgement: &Judgement) {
        self.sure = judgement.cell.is_none().then(|| (judgement.confidence.clamp(0.0, 1.0) * 1000.0).round() as u16);
    }
}

impl Desk<'_> {
    /// A row for a message of which nothing became yet.
    pub(super) fn asked(&self, voter: VoterId, message: i64, text: String) -> Asked {
        Asked {
            key: self.key.clone(),
            voter,
            message,
            text,
            at: self.known.steady,
            became: Became::Refused,
            helped: false,
            answered: None,
            sure: None,
        }
    }

    /// Keeps what became of a message.
    pub(super) fn became(&mut self, mut asked: Asked, became: Became) {
        asked.became = became;
        self.effects.push(super::Effect::KeepAsked(asked));
    }
}
