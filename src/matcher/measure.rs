//! How good the verdicts are: labelled questions against what the matcher makes of them.

use serde::Deserialize;

use super::{Judgement, Verdict};

/// A labelled question.
#[derive(Debug, Deserialize)]
pub struct Labelled {
    /// The question.
    pub text: String,
    /// The right entry; none if no entry answers it.
    pub id: Option<String>,
    /// Entries that are right too; without a right entry, those whose answer is neither right nor wrong.
    #[serde(default)]
    pub also: Vec<String>,
    /// How it is put: casual, formal, ...
    #[serde(default)]
    pub register: String,
}

impl Labelled {
    /// Whether `id` is a right answer.
    pub fn accepts(&self, id: &str) -> bool {
        self.id.as_deref() == Some(id) || self.id.is_some() && self.also.iter().any(|a| a == id)
    }

    /// Whether an answer by `id` is neither right nor wrong: out of scope, but excused.
    pub fn excuses(&self, id: &str) -> bool {
        self.id.is_none() && self.also.iter().any(|a| a == id)
    }
}

/// Counts over a set of questions.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Questions with a right entry.
    pub known: usize,
    /// Of them, those whose first entry is right.
    pub first: usize,
    /// Of them, those with the right entry among the first three.
    pub among_three: usize,
    /// Answers given, to any question.
    pub answered: usize,
    /// Of them, the right ones.
    pub answered_right: usize,
    /// Of them, the wrong ones.
    pub answered_wrong: usize,
    /// Questions with a right entry to which entries were offered.
    pub offered: usize,
    /// Of them, those with the right entry among the offers.
    pub offered_right: usize,
    /// Questions without a right entry.
    pub unknown: usize,
    /// Of them, those answered all the same.
    pub unknown_answered: usize,
    /// Of them, those to which entries were offered.
    pub unknown_offered: usize,
    /// Of them, those taken for small talk.
    pub small_talk: usize,
}

impl Tally {
    /// Counts one question.
    pub fn add(&mut self, question: &Labelled, judgement: &Judgement, ids: &[&str]) {
        let accepted = |entry: usize| question.accepts(ids[entry]);
        let answered = match judgement.verdict {
            Verdict::Answer(entry) => Some(entry),
            _ => None,
        };
        if let Some(entry) = answered.filter(|&e| !question.excuses(ids[e])) {
            self.answered += 1;
            self.answered_wrong += usize::from(!accepted(entry));
        }
        if question.id.is_none() {
            self.unknown += 1;
            self.unknown_answered += usize::from(answered.is_some_and(|e| !question.excuses(ids[e])));
            self.unknown_offered += usize::from(matches!(judgement.verdict, Verdict::Suggest(_)));
            self.small_talk += usize::from(matches!(judgement.verdict, Verdict::SmallTalk(_)));
            return;
        }
        self.known += 1;
        self.first += usize::from(judgement.ranked.first().is_some_and(|r| accepted(r.0)));
        self.among_three += usize::from(judgement.ranked.iter().take(3).any(|r| accepted(r.0)));
        self.answered_right += usize::from(answered.is_some_and(accepted));
        if let Verdict::Suggest(offers) = &judgement.verdict {
            self.offered += 1;
            self.offered_right += usize::from(offers.iter().any(|&e| accepted(e)));
        }
    }
}

/// Reads labelled questions, one JSON object a line; or the number of the first line that is none, and why.
pub fn parse(text: &str) -> Result<Vec<Labelled>, (usize, serde_json::Error)> {
    lines(text)
}

/// One value a line, or the number of the first line that is none, and why.
pub(super) fn lines<T: serde::de::DeserializeOwned>(text: &str) -> Result<Vec<T>, (usize, serde_json::Error)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| serde_json::from_str(line).map_err(|error| (number + 1, error)))
        .collect()
}
