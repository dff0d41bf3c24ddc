//! What is prepared for the channel or stands there, and the words of it.

use serde::{Deserialize, Serialize};

use crate::desk::VoterId;

/// A question with its answer for the channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// What its buttons carry: unguessable.
    pub key: String,
    /// The ticket that it came of; its voter may have had it deleted since.
    pub ticket: u64,
    /// The code of the answer, without a version: the entry's id, or the ticket's code.
    pub code: String,
    /// The moderator's message that holds the rewording; none before it came.
    pub message: Option<i64>,
    /// Rises with each change of the draft: a button of an older preview does nothing.
    pub draft: u32,
    /// What it is to say: a moderator's rewording.
    pub words: Option<Words>,
    /// Whether these words repeat those that the voter let be used.
    pub verbatim: bool,
    /// What was put on its way to the channel and did not come back yet.
    pub sending: Option<Words>,
    /// What stands in the channel.
    pub stands: Option<Words>,
    /// Whether a message of it is in the channel.
    pub public: bool,
    /// Whether the voter was asked to let the own words be used, and said what.
    pub consent: Consent,
    /// Whose own words are in the channel.
    pub own: Option<VoterId>,
}

/// Whether the voter's own words may be used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Consent {
    /// Nobody asked.
    #[default]
    Unasked,
    /// The voter was shown these very words.
    Asked(String),
    /// The voter let them be used.
    Given(String),
    /// The voter did not.
    Refused,
}

impl Consent {
    /// The words that may be used.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Given(words) => Some(words),
            Self::Unasked | Self::Asked(_) | Self::Refused => None,
        }
    }
}

impl Post {
    /// Nothing yet, for this ticket.
    pub fn new(key: String, ticket: u64, code: String) -> Self {
        Self {
            key,
            ticket,
            code,
            message: None,
            draft: 0,
            words: None,
            verbatim: false,
            sending: None,
            stands: None,
            public: false,
            consent: Consent::Unasked,
            own: None,
        }
    }

    /// Whether it is in the channel, or on its way there.
    pub fn is_out(&self) -> bool {
        self.public || self.sending.is_some()
    }

    /// Whether what the moderators prepared differs from what stands in the channel.
    pub fn differs(&self) -> bool {
        // In the voter's own words only the question is another one.
        let prepared = |stands: &Words| match (&self.words, &self.own) {
            (Some(words), Some(_)) if stands.own => {
                *stands == Words { question: stands.question.clone(), own: true, ..words.clone() }
            }
            (Some(words), _) => stands == words,
            (None, _) => true,
        };
        match &self.stands {
            Some(stands) => !prepared(stands),
            None => self.words.is_some(),
        }
    }
}

/// What a post says. All of it is plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// A line above all else: that it was corrected, or taken back, and why.
    pub note: Option<String>,
    /// The question.
    pub question: String,
    /// Whether the question is in the voter's own words.
    pub own: bool,
    /// The answer.
    pub answer: String,
    /// Whether the answer holds no more.
    pub struck: bool,
    /// The lines under it: source, day and code.
    pub foot: String,
    /// The answer's code, with its version if it is an entry's.
    pub code: String,
}

impl Words {
    /// All of it as text.
    pub fn plain(&self) -> String {
        let parts = [self.note.as_deref().unwrap_or_default(), &self.question, &self.answer, &self.foot];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
    }
}
