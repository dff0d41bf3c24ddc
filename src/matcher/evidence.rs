//! From signals to an order of entries, and to the evidence on which the confidence rests.

use super::index::{Classes, SIGNALS, Signals};
use super::logistic::{Blend, softmax};

/// The weights of the signals.
pub type Weights = Blend<SIGNALS>;

/// Entries by score, best first, and what speaks for the first being right.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Entries with their chance among entries, best first.
    pub ranked: Vec<(usize, f64)>,
    /// The row for the confidence model; see [`NAMES`].
    pub row: Vec<f64>,
    /// The best kind of small talk, and the row for its model.
    pub small_talk: Option<(usize, Vec<f64>)>,
}

/// What each column of [`Evidence::row`] is.
pub const NAMES: [&str; 18] = [
    "score",
    "score margin",
    "log chance",
    "linear margin",
    "linear gap",
    "nearest phrasing",
    "nearest gap",
    "three nearest",
    "bm25 share",
    "bm25 gap",
    "coverage",
    "coverage gap",
    "unknown share",
    "agreement",
    "content words",
    "outside linear",
    "outside nearest",
    "small talk nearest",
];

/// Orders the entries of which `open` is true (training holds some out).
pub fn weigh(signals: &Signals, weights: &Weights, classes: Classes, open: impl Fn(usize) -> bool) -> Evidence {
    let by_class = &signals.by_class;
    let mut ranked: Vec<(usize, f64)> =
        (0..classes.entries).filter(|&e| open(e)).map(|e| (e, weights.score(&by_class[e]))).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let scores: Vec<f64> = ranked.iter().map(|(_, s)| *s).collect();
    let chances = softmax(&scores);
    let small_talk = small_talk_row(signals, weights, classes, scores.first().copied().unwrap_or_default());
    let row = row(signals, classes, &ranked, &chances);
    for (entry, chance) in ranked.iter_mut().zip(chances) {
        entry.1 = chance;
    }
    Evidence { ranked, row, small_talk }
}

fn row(signals: &Signals, classes: Classes, ranked: &[(usize, f64)], chances: &[f64]) -> Vec<f64> {
    let by_class = &signals.by_class;
    let zero = [0.0_f32; SIGNALS];
    let first = ranked.first().map_or(&zero, |(e, _)| &by_class[*e]);
    let score = |i: usize| ranked.get(i).map_or(0.0, |(_, s)| *s);
    // How far the first entry is ahead of the best other one, signal by signal: below zero if another is ahead.
    let gap = |signal: usize| {
        let others = ranked.iter().skip(1).map(|(e, _)| by_class[*e][signal]).fold(f32::MIN, f32::max);
        f64::from(first[signal] - others.max(-9.0))
    };
    let gaps: [f64; SIGNALS] = std::array::from_fn(gap);
    let agreement = gaps.iter().filter(|g| **g > 0.0).count() as f64;
    let small_talk = (classes.entries..classes.outside()).map(|c| by_class[c][1]).fold(0.0, f32::max);
    let outside = &by_class[classes.outside()];
    vec![
        score(0),
        score(0) - score(1),
        chances.first().map_or(0.0, |c| c.max(1e-12).ln()),
        f64::from(first[0]),
        gaps[0],
        f64::from(first[1]),
        gaps[1],
        f64::from(first[2]),
        f64::from(first[3]),
        gaps[3],
        f64::from(first[4]),
        gaps[4],
        f64::from(signals.unknown),
        agreement,
        (1.0 + signals.content as f64).ln(),
        f64::from(outside[0]),
        f64::from(outside[1]),
        f64::from(small_talk),
    ]
}

fn small_talk_row(
    signals: &Signals,
    weights: &Weights,
    classes: Classes,
    best_entry: f64,
) -> Option<(usize, Vec<f64>)> {
    let score = |class: usize| weights.score(&signals.by_class[class]);
    let kinds = classes.entries..classes.outside();
    let best = kinds.max_by(|&a, &b| score(a).total_cmp(&score(b)))?;
    let own = &signals.by_class[best];
    let row = vec![
        score(best) - best_entry,
        score(best) - score(classes.outside()),
        f64::from(own[0]),
        f64::from(own[1]),
        f64::from(own[4]),
        (1.0 + signals.content as f64).ln(),
        f64::from(signals.unknown),
    ];
    Some((best - classes.entries, row))
}
