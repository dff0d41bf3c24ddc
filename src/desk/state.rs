//! What is remembered of a voter between two messages.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::pace::Pace;
use crate::faq::election::Zone;
use crate::text::language::Language;

/// What is remembered of a voter between two messages. All words in it are masked. Times are milliseconds by the clock
/// that can't go back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VoterState {
    /// What the next message means.
    pub expects: Expects,
    /// The last answer from the FAQ.
    pub given: Option<Given>,
    /// The ticket that what follows at once belongs to.
    pub joins: Option<Lately>,
    /// The ticket that what follows a moderator's answer belongs to.
    pub continues: Option<Lately>,
    /// The ticket of which the voter was told that texts are added to it.
    pub told_joined: Option<u64>,
    /// The last album.
    pub album: Option<Album>,
    /// How much the voter has written lately.
    pub pace: Pace,
    /// Whether moderators want no more of this voter.
    pub blocked: bool,
    /// The last day on which an appeal was said.
    pub appealed: Option<NaiveDate>,
    /// Whose clock reminders keep; none until it was chosen.
    pub zone: Option<Zone>,
    /// The language chosen; none until it was.
    pub language: Option<Language>,
    /// The language of the voter's last words that told one.
    pub spoken: Language,
    /// Whether the voter takes part in the monthly recognition.
    pub takes_part: bool,
}

/// What a voter's next message means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expects {
    /// A question.
    #[default]
    Question,
    /// A question for a person, without matching.
    Person,
    /// Something to be checked, whoever wrote it.
    Claim,
    /// "/hapus" once more, or its button, which deletes everything.
    Erase,
}

/// A ticket, and when something was last said in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lately {
    /// The ticket.
    pub ticket: u64,
    /// When.
    pub at: i64,
}

/// An answer from the FAQ to a question in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The entry's id.
    pub entry: String,
    /// The question.
    pub question: Option<String>,
}

/// Several pictures sent at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Album {
    /// What they have in common.
    pub id: String,
    /// Whether there were words under one.
    pub worded: bool,
}
