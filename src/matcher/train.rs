//! Learns confidence and thresholds from what the FAQ itself offers.
//!
//! Five folds. In each a fifth of all phrasings is held out, and a tenth of the entries as a whole. The held-out
//! phrasings of the other entries are questions with a known answer, and so are half-remembered ones: phrasings that
//! were not held out, some words short. Those of the held-out entries, the held-out negative examples and the held-out
//! small talk are questions without. One index a fold gives all signals.
//!
//! Which fold a phrasing or an entry falls into, which words are forgotten and what is tried hang on the text or the id
//! alone, so that an edit leaves all other trials as they were.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::chance::{happens, mix, one_of};
use super::evidence::{Evidence, weigh};
use super::feature::{Features, features};
use super::index::{Classes, Example, Index};
use super::logistic::Logistic;
use super::threshold::{Scored, lowest_with, suggest_from};
use crate::faq::setting::Settings;
use crate::text::analyze::Token;

/// How many folds.
const FOLDS: usize = 5;
/// One entry in so many is held out in a fold.
const ENTRY_FOLDS: usize = 10;
/// The share of known questions that are worded much like a phrasing of the FAQ. The phrasings of an entry are chosen to
/// differ, so each of them, held out, is further from the others than most voters' questions are.
const FAMILIAR: f64 = 0.3;
/// One content word in so many is missing from a half-remembered phrasing.
const FORGOTTEN: usize = 3;
/// The share of unknown questions that come as near to an entry as held-out entries do. The rest (other domains, other
/// tongues) have so little in common with any entry that no threshold is touched by them. Chosen on two development sets,
/// voters' questions and CLINC150.
const NEAR_MISSES: f64 = 0.3;
/// The same for a FAQ with negative examples: they are what is asked in vain, so more unknown questions are like them.
const NEAR_NEGATIVES: f64 = 0.6;
/// About so many held-out questions a fold are enough; of a large FAQ not all are tried.
const ENOUGH: usize = 1000;
/// No answer is given below this confidence, whatever a small FAQ seems to teach.
const LEAST_CONFIDENCE: f64 = 0.6;
/// The share of messages taken for small talk that may be something else.
const SMALL_TALK_WRONG: f64 = 0.02;

/// From which confidence on each verdict is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// An answer.
    pub answer: f64,
    /// An answer from a sensitive entry.
    pub answer_sensitive: f64,
    /// A choice of entries.
    pub suggest: f64,
    /// Small talk, by its own confidence.
    pub small_talk: f64,
}

/// What was learnt.
#[derive(Debug, Clone)]
pub struct Learnt {
    /// The chance that the first entry is right.
    pub confidence: Logistic,
    /// The chance that a message is small talk.
    pub small_talk: Logistic,
    /// From which confidence on each verdict is given.
    pub thresholds: Thresholds,
    /// What was found for each phrasing of an entry when it was held out: its example's number, and the entry found.
    /// Of a large FAQ not all were tried.
    pub held_out: Vec<(usize, usize)>,
}

/// How many of the entries found are looked at: as many as are offered.
const FIRST: usize = 3;

/// A held-out question.
struct Trial {
    /// The example's number.
    example: usize,
    /// What was found; of the entries only the [`FIRST`].
    evidence: Evidence,
    /// The right entry, if it has one.
    right: Option<usize>,
    /// Its class.
    class: usize,
    /// Whether it is a half-remembered phrasing.
    familiar: bool,
}

impl Trial {
    fn is_right(&self) -> bool {
        self.right.is_some() && self.evidence.ranked.first().map(|r| r.0) == self.right
    }
}

/// Learns from `examples`, and builds the index over all of them; `ids` are the keys of the entries' ids.
pub fn learn(examples: &[Example], classes: Classes, ids: &[u64], settings: &Settings) -> (Learnt, Index) {
    let entries = EntryFolds(ids.iter().map(|id| one_of(ENTRY_FOLDS, *id)).collect());
    let (index, trials) = index_and_trials(examples, classes, &entries);
    let right: Vec<bool> = trials.iter().map(Trial::is_right).collect();
    let importance = importance(&trials, classes, settings);
    let rows: Vec<&[f64]> = trials.iter().map(|t| t.evidence.row.as_slice()).collect();
    let confidence = Logistic::fit(&rows, &right, &importance);
    let (small_talk, small_talk_threshold) = learn_small_talk(&trials, classes, &importance);
    let scored: Vec<Scored> = trials
        .iter()
        .zip(right)
        .zip(&importance)
        .map(|((trial, right), weight)| {
            let among_first = trial.evidence.ranked.iter().any(|r| Some(r.0) == trial.right);
            Scored::new(confidence.chance(&trial.evidence.row), right, among_first, *weight)
        })
        .collect();
    let answer = lowest_with(&scored, settings.wrong_share).max(LEAST_CONFIDENCE);
    let thresholds = Thresholds {
        answer,
        answer_sensitive: lowest_with(&scored, settings.wrong_share_sensitive).max(answer),
        suggest: suggest_from(&scored, answer),
        small_talk: small_talk_threshold,
    };
    let held_out = trials
        .iter()
        .filter(|t| t.right.is_some() && !t.familiar)
        .filter_map(|t| Some((t.example, t.evidence.ranked.first()?.0)))
        .collect();
    (Learnt { confidence, small_talk, thresholds, held_out }, index)
}

/// For each entry the fold in which it is held out; there are more of these than folds.
struct EntryFolds(Vec<usize>);

impl EntryFolds {
    fn holds_out(&self, entry: usize, fold: usize) -> bool {
        self.0.get(entry) == Some(&fold)
    }
}

/// The index over all examples, and the trials of all folds, on as many processors as there are.
fn index_and_trials(examples: &[Example], classes: Classes, entries: &EntryFolds) -> (Index, Vec<Trial>) {
    let next = AtomicUsize::new(0);
    let some = || {
        // What one is learnt in, the next one on this thread is learnt in.
        let (mut whole, mut done, mut room) = (None, Vec::new(), Vec::new());
        loop {
            match next.fetch_add(1, Ordering::Relaxed) {
                0 => whole = Some(Index::new(&examples.iter().collect::<Vec<_>>(), classes, &mut room)),
                turn @ 1..=FOLDS => done.push((turn, trials(turn - 1, examples, classes, entries, &mut room))),
                _ => return (whole, done),
            }
        }
    };
    let (wholes, folds): (Vec<_>, Vec<_>) = std::thread::scope(|scope| {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..processors.min(1 + FOLDS)).map(|_| scope.spawn(some)).collect();
        threads.into_iter().map(|thread| thread.join().expect("training does not panic")).unzip()
    });
    let mut folds: Vec<(usize, Vec<Trial>)> = folds.into_iter().flatten().collect();
    folds.sort_by_key(|(turn, _)| *turn);
    let index = wholes.into_iter().flatten().next().expect("one thread had the first turn");
    (index, folds.into_iter().flat_map(|(_, trials)| trials).collect())
}

/// The trials of one fold.
fn trials(
    fold: usize,
    examples: &[Example],
    classes: Classes,
    entries: &EntryFolds,
    room: &mut Vec<f32>,
) -> Vec<Trial> {
    // Of a large FAQ a share is tried; it shrinks by little with each phrasing.
    let share = (FOLDS * ENOUGH) as f64 / examples.len().max(1) as f64;
    let held_out = |i: usize| {
        let class = examples[i].class;
        entries.holds_out(class, fold) || one_of(FOLDS, examples[i].key) == fold
    };
    let training: Vec<&Example> = (0..examples.len()).filter(|&i| !held_out(i)).map(|i| &examples[i]).collect();
    let index = Index::new(&training, classes, room);
    let found = |tokens: &[Token], features: &Features| {
        let mut evidence = weigh(&index.signals(tokens, features), |entry| !entries.holds_out(entry, fold));
        evidence.ranked.truncate(FIRST);
        evidence.ranked.shrink_to_fit();
        evidence
    };
    let tried = |i: &usize| happens(share, mix(examples[*i].key));
    let familiar = (0..examples.len())
        .filter(tried)
        .filter(|&i| examples[i].class < classes.entries && !held_out(i))
        .filter(|&i| one_of(FOLDS, examples[i].key) == (fold + 1) % FOLDS)
        .filter_map(|i| {
            let tokens = half_remembered(&examples[i].tokens, examples[i].key)?;
            let evidence = found(&tokens, &features(&tokens));
            let class = examples[i].class;
            Some(Trial { example: i, evidence, right: Some(class), class, familiar: true })
        });
    (0..examples.len())
        .filter(tried)
        .filter(|&i| held_out(i))
        .map(|i| {
            let example = &examples[i];
            let known = example.class < classes.entries && !entries.holds_out(example.class, fold);
            Trial {
                example: i,
                evidence: found(&example.tokens, &example.features),
                right: known.then_some(example.class),
                class: example.class,
                familiar: false,
            }
        })
        .chain(familiar)
        .collect()
}

/// A phrasing with some of its content words left out; none if it has too few.
fn half_remembered(tokens: &[Token], key: u64) -> Option<Vec<Token>> {
    let content: Vec<usize> = (0..tokens.len()).filter(|&t| !tokens[t].stop).collect();
    if content.len() < 2 {
        return None;
    }
    let mut kept = tokens.to_vec();
    let first = one_of(content.len(), mix(key));
    // From the back, so that the places stay right.
    for (n, &place) in content.iter().enumerate().rev() {
        if (n + first).is_multiple_of(FORGOTTEN) {
            kept.remove(place);
        }
    }
    Some(kept)
}

/// Each trial's weight. The known ones make up `1 - unknown_share`, the half-remembered ones [`FAMILIAR`] of that; if the
/// share of known questions whose entry is found first is known from practice, those found and those missed are weighed
/// to it (prior shift: Saerens, Latinne, Decaestecker 2002). Among the unknown ones a held-out entry counts as much as one
/// negative example, however many phrasings it has, and small talk, which is easily told, a quarter of that.
fn importance(trials: &[Trial], classes: Classes, settings: &Settings) -> Vec<f64> {
    const SMALL_TALK: f64 = 0.25;
    let mut phrasings = vec![0.0_f64; classes.entries];
    for trial in trials.iter().filter(|t| t.right.is_none() && t.class < classes.entries) {
        phrasings[trial.class] += 1.0;
    }
    let mut weights: Vec<f64> = trials
        .iter()
        .map(|t| match t.right {
            Some(_) if t.familiar => FAMILIAR,
            Some(_) => 1.0 - FAMILIAR,
            None if t.class < classes.entries => 1.0 / phrasings[t.class],
            None if t.class < classes.outside() => SMALL_TALK,
            None => 1.0,
        })
        .collect();
    let mut share_out = |share: f64, of: &dyn Fn(usize) -> bool| {
        let sum: f64 = (0..trials.len()).filter(|&i| of(i)).map(|i| weights[i]).sum();
        let factor = share * trials.len() as f64 / sum.max(1e-9);
        (0..trials.len()).filter(|&i| of(i)).for_each(|i| weights[i] *= factor);
    };
    let known = |i: usize| trials[i].right.is_some();
    let known_share = 1.0 - settings.unknown_share;
    match settings.found_share {
        Some(found) => {
            share_out(known_share * found, &|i| known(i) && trials[i].is_right());
            share_out(known_share * (1.0 - found), &|i| known(i) && !trials[i].is_right());
        }
        None => share_out(known_share, &known),
    }
    let near = if trials.iter().any(|t| t.class == classes.outside()) { NEAR_NEGATIVES } else { NEAR_MISSES };
    share_out(settings.unknown_share * near, &|i| !known(i));
    weights
}

fn learn_small_talk(trials: &[Trial], classes: Classes, importance: &[f64]) -> (Logistic, f64) {
    let is_small_talk = |t: &Trial| (classes.entries..classes.outside()).contains(&t.class);
    let mut rows = Vec::new();
    let mut right = Vec::new();
    let mut weight = Vec::new();
    for (trial, w) in trials.iter().zip(importance) {
        if let Some((_, row)) = &trial.evidence.small_talk {
            rows.push(row.as_slice());
            right.push(is_small_talk(trial));
            weight.push(*w);
        }
    }
    let model = Logistic::fit(&rows, &right, &weight);
    let scored: Vec<Scored> = rows
        .iter()
        .zip(right)
        .zip(weight)
        .map(|((row, right), weight)| Scored::new(model.chance(row), right, right, weight))
        .collect();
    let threshold = lowest_with(&scored, SMALL_TALK_WRONG);
    (model, threshold)
}
