//! Learns confidence and thresholds from what the FAQ itself offers.
//!
//! Five folds. In each a fifth of all phrasings is held out, and a tenth of the entries as a whole. The held-out
//! phrasings of the other entries are questions with a known answer, and so are half-remembered ones: phrasings that
//! were not held out, some words short. Those of the held-out entries, the held-out negative examples and the held-out
//! small talk are questions without. One index a fold gives all signals.
//!
//! Which fold a phrasing or an entry falls into, which words are forgotten and what is tried hang on the text or the id
//! alone, so that an edit leaves all other trials as they were.

use super::chance::{happens, mix, one_of};
use super::evidence::{Evidence, weigh};
use super::feature::features;
use super::index::{Classes, Example, Index, Signals};
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

/// A held-out question.
struct Trial {
    /// The example's number.
    example: usize,
    signals: Signals,
    /// The right entry, if it has one.
    right: Option<usize>,
    /// Its class.
    class: usize,
    /// Whether it is a half-remembered phrasing.
    familiar: bool,
    /// The fold it was held out in.
    fold: usize,
}

/// Learns from `examples`; `ids` are the keys of the entries' ids.
pub fn learn(examples: &[Example], classes: Classes, ids: &[u64], settings: &Settings) -> Learnt {
    let entries = EntryFolds(ids.iter().map(|id| one_of(ENTRY_FOLDS, *id)).collect());
    let trials = trials(examples, classes, &entries);
    let judged: Vec<(&Trial, Evidence)> =
        trials.iter().map(|t| (t, weigh(&t.signals, |e| !entries.holds_out(e, t.fold)))).collect();
    let right: Vec<bool> =
        judged.iter().map(|(t, e)| t.right.is_some() && e.ranked.first().map(|r| r.0) == t.right).collect();
    let importance = importance(&judged, &right, classes, settings);
    let rows: Vec<Vec<f64>> = judged.iter().map(|(_, e)| e.row.clone()).collect();
    let confidence = Logistic::fit(&rows, &right, &importance);
    let (small_talk, small_talk_threshold) = learn_small_talk(&judged, classes, &importance);
    let scored: Vec<Scored> = judged
        .iter()
        .zip(right)
        .zip(&importance)
        .map(|(((trial, evidence), right), weight)| {
            let among_three = evidence.ranked.iter().take(3).any(|r| Some(r.0) == trial.right);
            Scored::new(confidence.chance(&evidence.row), right, among_three, *weight)
        })
        .collect();
    let answer = lowest_with(&scored, settings.wrong_share).max(LEAST_CONFIDENCE);
    let thresholds = Thresholds {
        answer,
        answer_sensitive: lowest_with(&scored, settings.wrong_share_sensitive).max(answer),
        suggest: suggest_from(&scored, answer),
        small_talk: small_talk_threshold,
    };
    let held_out = judged
        .iter()
        .filter(|(t, _)| t.right.is_some() && !t.familiar)
        .filter_map(|(t, e)| Some((t.example, e.ranked.first()?.0)))
        .collect();
    Learnt { confidence, small_talk, thresholds, held_out }
}

/// For each entry the fold in which it is held out; there are more of these than folds.
struct EntryFolds(Vec<usize>);

impl EntryFolds {
    fn holds_out(&self, entry: usize, fold: usize) -> bool {
        self.0.get(entry) == Some(&fold)
    }
}

fn trials(examples: &[Example], classes: Classes, entries: &EntryFolds) -> Vec<Trial> {
    // Of a large FAQ a share is tried; it shrinks by little with each phrasing.
    let share = (FOLDS * ENOUGH) as f64 / examples.len().max(1) as f64;
    let run = |fold: usize| -> Vec<Trial> {
        let held_out = |i: usize| {
            let class = examples[i].class;
            entries.holds_out(class, fold) || one_of(FOLDS, examples[i].key) == fold
        };
        let training: Vec<&Example> = (0..examples.len()).filter(|&i| !held_out(i)).map(|i| &examples[i]).collect();
        let index = Index::new(&training, classes);
        let tried = |i: &usize| happens(share, mix(examples[*i].key));
        let familiar = (0..examples.len())
            .filter(tried)
            .filter(|&i| examples[i].class < classes.entries && !held_out(i))
            .filter(|&i| one_of(FOLDS, examples[i].key) == (fold + 1) % FOLDS)
            .filter_map(|i| {
                let tokens = half_remembered(&examples[i].tokens, examples[i].key)?;
                let signals = index.signals(&tokens, &features(&tokens));
                let class = examples[i].class;
                Some(Trial { example: i, signals, right: Some(class), class, familiar: true, fold })
            });
        (0..examples.len())
            .filter(tried)
            .filter(|&i| held_out(i))
            .map(|i| {
                let example = &examples[i];
                let known = example.class < classes.entries && !entries.holds_out(example.class, fold);
                Trial {
                    example: i,
                    signals: index.signals(&example.tokens, &example.features),
                    right: known.then_some(example.class),
                    class: example.class,
                    familiar: false,
                    fold,
                }
            })
            .chain(familiar)
            .collect()
    };
    std::thread::scope(|scope| {
        let folds: Vec<_> = (0..FOLDS).map(|fold| scope.spawn(move || run(fold))).collect();
        folds.into_iter().flat_map(|f| f.join().expect("training does not panic")).collect()
    })
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
fn importance(judged: &[(&Trial, Evidence)], right: &[bool], classes: Classes, settings: &Settings) -> Vec<f64> {
    const SMALL_TALK: f64 = 0.25;
    let mut phrasings = vec![0.0_f64; classes.entries];
    for (trial, _) in judged.iter().filter(|(t, _)| t.right.is_none() && t.class < classes.entries) {
        phrasings[trial.class] += 1.0;
    }
    let mut weights: Vec<f64> = judged
        .iter()
        .map(|(t, _)| match t.right {
            Some(_) if t.familiar => FAMILIAR,
            Some(_) => 1.0 - FAMILIAR,
            None if t.class < classes.entries => 1.0 / phrasings[t.class],
            None if t.class < classes.outside() => SMALL_TALK,
            None => 1.0,
        })
        .collect();
    let mut share_out = |share: f64, of: &dyn Fn(usize) -> bool| {
        let sum: f64 = (0..judged.len()).filter(|&i| of(i)).map(|i| weights[i]).sum();
        let factor = share * judged.len() as f64 / sum.max(1e-9);
        (0..judged.len()).filter(|&i| of(i)).for_each(|i| weights[i] *= factor);
    };
    let known = |i: usize| judged[i].0.right.is_some();
    let known_share = 1.0 - settings.unknown_share;
    match settings.found_share {
        Some(found) => {
            share_out(known_share * found, &|i| known(i) && right[i]);
            share_out(known_share * (1.0 - found), &|i| known(i) && !right[i]);
        }
        None => share_out(known_share, &known),
    }
    let near = if judged.iter().any(|(t, _)| t.class == classes.outside()) { NEAR_NEGATIVES } else { NEAR_MISSES };
    share_out(settings.unknown_share * near, &|i| !known(i));
    weights
}

fn learn_small_talk(judged: &[(&Trial, Evidence)], classes: Classes, importance: &[f64]) -> (Logistic, f64) {
    let is_small_talk = |t: &Trial| (classes.entries..classes.outside()).contains(&t.class);
    let mut rows = Vec::new();
    let mut right = Vec::new();
    let mut weight = Vec::new();
    for ((trial, evidence), w) in judged.iter().zip(importance) {
        if let Some((_, row)) = &evidence.small_talk {
            rows.push(row.clone());
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
