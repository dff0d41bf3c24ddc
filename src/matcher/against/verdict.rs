//! Which questions changed their verdict, and whether for the better.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::faq::Faq;
use crate::matcher::collide::Edition;
use crate::matcher::measure::Labelled;
use crate::matcher::{Matcher, Verdict};

/// A verdict that outlives its FAQ: by ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Answered with this entry.
    Answer(String),
    /// These are offered.
    Suggest(Vec<String>),
    /// Taken for this kind of small talk.
    SmallTalk(Option<String>),
    /// Goes to a person; the entry named is outside its dates.
    Forward(Option<String>),
}

impl Outcome {
    /// What `matcher`, the index of `faq`, makes of `text`.
    pub fn of(faq: &Faq, matcher: &Matcher, text: &str, today: NaiveDate) -> Self {
        let id = |entry: usize| faq.entries[entry].id.clone();
        match matcher.judge(text, today).verdict {
            Verdict::Answer(entry) => Self::Answer(id(entry)),
            Verdict::Suggest(entries) => Self::Suggest(entries.into_iter().map(id).collect()),
            Verdict::SmallTalk(kind) => Self::SmallTalk(kind.map(|kind| faq.small_talk[kind].id.clone())),
            Verdict::Forward { expired } => Self::Forward(expired.map(id)),
        }
    }

    /// Whether a voter sees another thing: of two offers, whether the right entry came or went.
    fn differs(&self, other: &Self, wanted: &Wanted) -> bool {
        match (self, other) {
            (Self::Suggest(_), Self::Suggest(_)) => wanted.worth(self) != wanted.worth(other),
            _ => self != other,
        }
    }
}

/// What a question should find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// One of these entries, the first being its own.
    Entry(Vec<String>),
    /// No entry; an answer by these is excused.
    Nothing(Vec<String>),
    /// No entry, but small talk.
    SmallTalk,
}

impl Wanted {
    /// How good an outcome is: 3 right, 2 nearly, 1 a person has to see to it, 0 wrong.
    pub fn worth(&self, outcome: &Outcome) -> i8 {
        match (self, outcome) {
            (Self::Entry(ids), Outcome::Answer(id)) => {
                if ids.contains(id) {
                    3
                } else {
                    0
                }
            }
            (Self::Entry(ids), Outcome::Suggest(offers)) => {
                if offers.iter().any(|o| ids.contains(o)) {
                    2
                } else {
                    1
                }
            }
            (Self::Entry(_), Outcome::Forward(_)) => 1,
            (Self::Entry(_), Outcome::SmallTalk(_)) => 0,
            (Self::Nothing(_) | Self::SmallTalk, Outcome::Suggest(_)) => 2,
            (Self::Nothing(excused), Outcome::Answer(id)) => {
                if excused.contains(id) {
                    2
                } else {
                    0
                }
            }
            (Self::Nothing(_), Outcome::Forward(_) | Outcome::SmallTalk(_)) => 3,
            (Self::SmallTalk, Outcome::Answer(_)) => 0,
            (Self::SmallTalk, Outcome::Forward(_)) => 1,
            (Self::SmallTalk, Outcome::SmallTalk(_)) => 3,
        }
    }
}

/// A question whose verdict changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictChange {
    /// The question.
    pub text: String,
    /// What it should find.
    pub wanted: Wanted,
    /// What was made of it.
    pub before: Outcome,
    /// What is made of it now.
    pub after: Outcome,
    /// By which edit; none if none could be named.
    pub cause: Option<String>,
}

impl VerdictChange {
    /// By how much it is better now; below zero if worse.
    pub fn gain(&self) -> i8 {
        self.wanted.worth(&self.after) - self.wanted.worth(&self.before)
    }
}

/// The verdicts that changed among some questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What these questions are.
    pub name: String,
    /// How many there are.
    pub asked: usize,
    /// Those that changed, the worst first.
    pub changed: Vec<VerdictChange>,
}

/// Judges `questions` by both FAQs.
pub fn compare(
    name: &str,
    questions: &[(String, Wanted)],
    old: Edition<'_>,
    new: Edition<'_>,
    today: NaiveDate,
) -> Group {
    let mut changed: Vec<VerdictChange> = questions
        .iter()
        .map(|(text, wanted)| VerdictChange {
            before: Outcome::of(old.faq, old.matcher, text, today),
            after: Outcome::of(new.faq, new.matcher, text, today),
            text: text.clone(),
            wanted: wanted.clone(),
            cause: None,
        })
        .filter(|change| change.before.differs(&change.after, &change.wanted))
        .collect();
    changed.sort_by_key(VerdictChange::gain);
    Group { name: name.to_owned(), asked: questions.len(), changed }
}

/// The phrasings that the old FAQ had, each with the entry that has it now or had it. Those of an entry that is gone are
/// left out: that they find nothing is no news. So are new ones: what they find is judged with the collisions.
pub fn phrasings(old: &Faq, new: &Faq) -> Vec<(String, Wanted)> {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for faq in [old, new] {
        for entry in &faq.entries {
            owners.extend(entry.questions.iter().map(|q| (q.text.as_str(), entry.id.as_str())));
        }
    }
    let asked = old.entries.iter().flat_map(|entry| &entry.questions).map(|q| q.text.as_str());
    let owned = asked.map(|text| (text, owners[text])).filter(|(_, id)| new.entry(id).is_some());
    owned.map(|(text, id)| (text.to_owned(), Wanted::Entry(vec![id.to_owned()]))).collect()
}

/// The negative examples and the small talk of the old FAQ.
pub fn negatives(old: &Faq) -> Vec<(String, Wanted)> {
    let outside = old.outside.iter().map(|q| (q.text.clone(), Wanted::Nothing(Vec::new())));
    let small_talk = old.small_talk.iter().flat_map(|kind| &kind.questions);
    outside.chain(small_talk.map(|q| (q.text.clone(), Wanted::SmallTalk))).collect()
}

/// Labelled questions as they are here.
pub fn labelled(questions: &[Labelled]) -> Vec<(String, Wanted)> {
    let wanted = |question: &Labelled| match &question.id {
        Some(id) => Wanted::Entry(std::iter::once(id).chain(&question.also).cloned().collect()),
        None => Wanted::Nothing(question.also.clone()),
    };
    questions.iter().map(|question| (question.text.clone(), wanted(question))).collect()
}
