//! Learns weights, confidence and thresholds from what the FAQ itself offers.
//!
//! Five folds. In each a fifth of all phrasings is held out, and a tenth of the entries as a whole. The held-out
//! phrasings of the other entries are questions with a known answer, and so are half-remembered ones: phrasings that
//! were not held out, some words short. Those of the held-out entries, the held-out negative examples and the held-out
//! small talk are questions without. One index a fold gives all signals.

use super::evidence::{Evidence, Weights, weigh};
use super::feature::features;
use super::index::{Classes, Example, Index, Row, SIGNALS, Signals};
use super::linear::shuffled;
use super::logistic::{Blend, Logistic};
use crate::faq::setting::Settings;
use crate::text::analyze::Token;

/// How many folds.
const FOLDS: usize = 5;
/// One entry in so many is held out in a fold.
const ENTRY_FOLDS: usize = 10;
/// Candidates that the blend learns to tell apart, per question.
const CANDIDATES: usize = 8;
/// Suggestions are offered down to the confidence at which the right entry is among the three in this share of cases.
const SUGGEST_RIGHT: f64 = 0.5;
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
/// How many neighbouring questions that share is measured over.
const SUGGEST_WINDOW: usize = 150;
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
    /// The weights of the signals.
    pub weights: Weights,
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

/// Learns from `examples`.
pub fn learn(examples: &[Example], classes: Classes, settings: &Settings) -> Learnt {
    let trials = trials(examples, classes);
    let weights = blend(&trials);
    let judged: Vec<(&Trial, Evidence)> =
        trials.iter().map(|t| (t, weigh(&t.signals, &weights, |e| !entry_held_out(e, t.fold)))).collect();
    let right: Vec<bool> =
        judged.iter().map(|(t, e)| t.right.is_some() && e.ranked.first().map(|r| r.0) == t.right).collect();
    let importance = importance(&judged, &right, classes, settings);
    let rows: Vec<Vec<f64>> = judged.iter().map(|(_, e)| e.row.clone()).collect();
    let confidence = Logistic::fit(&rows, &right, &importance);
    let (small_talk, small_talk_threshold) = learn_small_talk(&judged, classes, &importance);
    let mut scored: Vec<Scored> = judged
        .iter()
        .zip(right)
        .zip(&importance)
        .map(|(((trial, evidence), right), weight)| Scored {
            confidence: confidence.chance(&evidence.row),
            right,
            among_three: evidence.ranked.iter().take(3).any(|r| Some(r.0) == trial.right),
            weight: *weight,
        })
        .collect();
    scored.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
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
    Learnt { weights, confidence, small_talk, thresholds, held_out }
}

struct Scored {
    confidence: f64,
    right: bool,
    among_three: bool,
    weight: f64,
}

fn entry_held_out(entry: usize, fold: usize) -> bool {
    // A multiplicative hash, so that neighbouring entries, which are near twins, fall into different folds.
    entry.wrapping_mul(7) % ENTRY_FOLDS == fold
}

fn trials(examples: &[Example], classes: Classes) -> Vec<Trial> {
    let mut fold_of = vec![0; examples.len()];
    let mut count = vec![0; classes.total()];
    for i in shuffled(examples.len()) {
        let class = examples[i].class;
        fold_of[i] = (count[class] + class) % FOLDS;
        count[class] += 1;
    }
    let fold_of = &fold_of;
    let run = |fold: usize| -> Vec<Trial> {
        let held_out = |i: usize| {
            let class = examples[i].class;
            class < classes.entries && entry_held_out(class, fold) || fold_of[i] == fold
        };
        let training: Vec<&Example> = (0..examples.len()).filter(|&i| !held_out(i)).map(|i| &examples[i]).collect();
        let index = Index::new(&training, classes);
        let stride = examples.len().div_ceil(FOLDS * ENOUGH);
        let tried = |i: &usize| (i / FOLDS).is_multiple_of(stride);
        let familiar = (0..examples.len())
            .filter(tried)
            .filter(|&i| examples[i].class < classes.entries && !held_out(i) && fold_of[i] == (fold + 1) % FOLDS)
            .filter_map(|i| {
                let tokens = half_remembered(&examples[i].tokens, i)?;
                let signals = index.signals(&tokens, &features(&tokens));
                let class = examples[i].class;
                Some(Trial { example: i, signals, right: Some(class), class, familiar: true, fold })
            });
        (0..examples.len())
            .filter(tried)
            .filter(|&i| held_out(i))
            .map(|i| {
                let example = &examples[i];
                let known = example.class < classes.entries && !entry_held_out(example.class, fold);
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
fn half_remembered(tokens: &[Token], seed: usize) -> Option<Vec<Token>> {
    let content: Vec<usize> = (0..tokens.len()).filter(|&t| !tokens[t].stop).collect();
    if content.len() < 2 {
        return None;
    }
    let mut kept = tokens.to_vec();
    // From the back, so that the places stay right.
    for (n, &place) in content.iter().enumerate().rev() {
        if (n + seed % content.len()).is_multiple_of(FORGOTTEN) {
            kept.remove(place);
        }
    }
    Some(kept)
}

fn blend(trials: &[Trial]) -> Weights {
    let first_guess = Blend::<SIGNALS> { weights: [1.0; SIGNALS] };
    let questions: Vec<(Vec<Row>, usize)> = trials
        .iter()
        .filter_map(|trial| {
            let right = trial.right?;
            let signals = |entry: usize| trial.signals.entries.iter().find(|(e, _)| *e == entry).map(|(_, row)| *row);
            let evidence = weigh(&trial.signals, &first_guess, |e| !entry_held_out(e, trial.fold));
            let others = evidence.ranked.iter().map(|r| r.0).filter(|&e| e != right).take(CANDIDATES);
            Some((std::iter::once(signals(right)?).chain(others.filter_map(signals)).collect(), 0))
        })
        .collect();
    Blend::fit(&questions)
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

/// The lowest confidence from which on at most `share` of the weight is wrong.
fn lowest_with(scored: &[Scored], share: f64) -> f64 {
    let (mut wrong, mut all, mut best) = (0.0, 0.0, 1.0);
    for s in scored {
        all += s.weight;
        wrong += if s.right { 0.0 } else { s.weight };
        if wrong <= share * all {
            best = s.confidence;
        }
    }
    best
}

/// The lowest confidence around which the right entry is still among the three in most cases.
fn suggest_from(scored: &[Scored], answer: f64) -> f64 {
    let below: Vec<&Scored> = scored.iter().filter(|s| s.confidence < answer).collect();
    let mut best = answer;
    for window in below.windows(SUGGEST_WINDOW.min(below.len().max(1))) {
        let all: f64 = window.iter().map(|s| s.weight).sum();
        let right: f64 = window.iter().filter(|s| s.among_three).map(|s| s.weight).sum();
        if right < SUGGEST_RIGHT * all {
            break;
        }
        best = window[window.len() / 2].confidence;
    }
    best
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
    let mut scored: Vec<Scored> = rows
        .iter()
        .zip(right)
        .zip(weight)
        .map(|((row, right), weight)| Scored { confidence: model.chance(row), right, among_three: right, weight })
        .collect();
    scored.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let threshold = lowest_with(&scored, SMALL_TALK_WRONG);
    (model, threshold)
}
