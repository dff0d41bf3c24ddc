//! What is remembered of a voter between two messages.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// How many of a voter's messages can still be followed when they are edited.
const FOLLOWED: usize = 20;

/// What is remembered of a voter between two messages. All words in it are masked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VoterState {
    /// What the next message means.
    pub expects: Expects,
    /// The last question that was neither answered nor forwarded.
    pub pending: Option<Pending>,
    /// The last answer from the FAQ.
    pub given: Option<Given>,
    /// What became of the last messages, so that an edit can be followed.
    pub recent: Vec<Asked>,
    /// The last ticket, and when its text last grew.
    pub forwarded: Option<(u64, DateTime<FixedOffset>)>,
    /// The last ticket that a moderator answered, and when.
    pub answered: Option<(u64, DateTime<FixedOffset>)>,
    /// When the messages of the last minute came (milliseconds since 1970).
    pub times: Vec<i64>,
    /// Whether the voter was told to slow down.
    pub told_slow: bool,
    /// Whether the voter was told that too many questions wait.
    pub told_full: bool,
    /// The last album that was answered.
    pub album: Option<String>,
    /// Whether moderators want no more of this voter.
    pub blocked: bool,
}

/// What a voter's next message means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expects {
    /// A question.
    #[default]
    Question,
    /// A question for a person, without matching.
    Person,
    /// "/hapus" once more, which deletes everything.
    Erase,
}

/// A question that was neither answered nor forwarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The question.
    pub question: String,
    /// The message it stood in.
    pub message: i64,
    /// The entry that was given and did not help.
    pub shown: Option<String>,
}

/// An answer from the FAQ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The entry's id.
    pub entry: String,
    /// The question, if it was asked in words.
    pub question: Option<String>,
    /// The message it stood in.
    pub message: i64,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The message.
    pub message: i64,
    /// The entry that answered it.
    pub entry: Option<String>,
    /// The ticket that it went to.
    pub ticket: Option<u64>,
}

impl VoterState {
    /// Keeps what became of a message.
    pub fn follow(&mut self, asked: Asked) {
        if asked.message == 0 {
            return;
        }
        self.recent.retain(|a| a.message != asked.message);
        if self.recent.len() >= FOLLOWED {
            self.recent.remove(0);
        }
        self.recent.push(asked);
    }
}
