//! What an edit of the FAQ did: two FAQs compared, as a maintainer wants to know it before handing the edit in.
//!
//! - [`answer`]: which answers changed, on three days. [`verdict`]: which questions changed their verdict.
//! - [`edit`]: by which edit. [`tell`]: all of it in Indonesian, ten lines of each part first.

use std::time::{Duration, Instant};

use chrono::NaiveDate;

pub mod answer;
pub mod edit;
pub mod tell;
pub mod verdict;

use answer::AnswerChange;
use edit::{Edit, Ledger};
use verdict::{Group, Outcome, VerdictChange};

use super::Matcher;
use super::collide::Edition;
use super::measure::Labelled;
use crate::faq::Faq;

/// No edit is tried by itself once a comparison has taken so long; a try takes about as long as loading a FAQ.
const PATIENCE: Duration = Duration::from_millis(1_000);
/// So many edits are tried by themselves at most.
const TRIES: usize = 3;

/// Two FAQs compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Answers that differ.
    pub answers: Vec<AnswerChange>,
    /// Verdicts that differ: of phrasings, of what no entry answers, of each set of labelled questions.
    pub groups: Vec<Group>,
}

/// Labelled questions, and what their file is called.
pub type Questions = (String, Vec<Labelled>);

/// Compares `new` with `old`, the FAQ before the edit, by what they say and by what they make of questions on `today`.
pub fn compare(old: Edition<'_>, new: Edition<'_>, sets: &[Questions], today: NaiveDate) -> Comparison {
    let started = Instant::now();
    let answers = answer::changes(old.faq, new.faq, today);
    let phrasings = verdict::phrasings(old.faq, new.faq);
    let mut groups = vec![
        verdict::compare("pertanyaan di FAQ", &phrasings, old, new, today),
        verdict::compare("contoh di luar dan obrolan", &verdict::negatives(old.faq), old, new, today),
    ];
    groups.extend(sets.iter().map(|(name, set)| verdict::compare(name, &verdict::labelled(set), old, new, today)));
    let edits = edit::edits(old.faq, new.faq);
    let ledger = Ledger::new(&edits, new.matcher);
    for change in groups.iter_mut().flat_map(|group| &mut group.changed) {
        change.cause = ledger.cause(change);
    }
    let mut unexplained: Vec<&mut VerdictChange> =
        groups.iter_mut().flat_map(|group| &mut group.changed).filter(|change| change.cause.is_none()).collect();
    for place in ledger.by_likelihood(&unexplained).into_iter().take(TRIES) {
        if unexplained.is_empty() || started.elapsed() > PATIENCE {
            break;
        }
        let Some(matched) = matched_without(&edits[place], old, new) else { continue };
        for change in &mut unexplained {
            if Outcome::of(&matched.0, &matched.1, &change.text, today) == change.before {
                change.cause = Some(ledger.named(place, change));
            }
        }
        unexplained.retain(|change| change.cause.is_none());
    }
    Comparison { answers, groups }
}

/// The newer FAQ, and its index, with one edit undone; none if that can't be undone alone.
fn matched_without(edit: &Edit, old: Edition<'_>, new: Edition<'_>) -> Option<(Faq, Matcher)> {
    let mut undone = false;
    let faq = new.faq.tried(|faq| undone = edit.undo(faq, old.faq));
    undone.then(|| {
        let matcher = Matcher::new(&faq);
        (faq, matcher)
    })
}
