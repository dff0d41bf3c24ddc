//! From signals to an order of entries, and to the evidence on which the confidence rests.

use super::index::{COVERAGE, LINEAR, NEAREST, Row, SIGNALS, Signals};
use super::logistic::softmax;

/// What each signal counts in the order of entries. They are the same for every FAQ, chosen on four with 3 to 25 phrasings
/// an entry, in two languages, where all weights near these do as well. Weights learnt from held-out phrasings did worse, by
/// one point in a hundred: an entry that lacks a phrasing is at a disadvantage that no voter's question finds, the more so
/// the fewer it has.
const WEIGHTS: [f64; SIGNALS] = {
    let mut weights = [0.0; SIGNALS];
    weights[LINEAR] = 0.7;
    weights[NEAREST] = 2.5;
    weights[COVERAGE] = 3.0;
    weights
};

/// How much speaks for a class.
pub fn score(signals: &Row) -> f64 {
    WEIGHTS.iter().zip(signals).map(|(weight, signal)| weight * f64::from(*signal)).sum()
}

/// Entries by score, best first, and what speaks for the first being right.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Entries with their chance among entries, best first.
    pub ranked: Vec<(usize, f64)>,
    /// The most that the chance of the first entry may be: none if it shares no word that means something with the question
    /// and hardly a letter; and a question made of words that most entries use may mean any of them, unless it is one of the
    /// entry's phrasings.
    pub most: f64,
    /// The row for the confidence model; see [`NAMES`].
    pub row: Vec<f64>,
    /// The best kind of small talk, and the row for its model.
    pub small_talk: Option<(usize, Vec<f64>)>,
}

/// Below this cosine the nearest phrasing has nothing in common with a question but some letters.
const NOTHING_IN_COMMON: f32 = 0.15;
/// From this cosine on two texts have the same words.
const WORD_FOR_WORD: f32 = 0.9;
/// The most that is believed of a question made of words that most entries use.
const VAGUE: f64 = 0.5;
/// From this cosine on two texts are nearly the same.
const NEARLY_THE_SAME: f64 = 0.7;

/// What each column of [`Evidence::row`] is.
pub const NAMES: [&str; 15] = [
    "score",
    "score margin",
    "log chance",
    "linear",
    "linear gap",
    "nearest phrasing",
    "nearest gap",
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
pub fn weigh(signals: &Signals, open: impl Fn(usize) -> bool) -> Evidence {
    let mut scored: Vec<(usize, f64, &Row)> = signals
        .entries
        .iter()
        .filter(|(entry, _)| open(*entry))
        .map(|(entry, row)| (*entry, score(row), row))
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let scores: Vec<f64> = scored.iter().map(|(_, score, _)| *score).collect();
    let chances = softmax(&scores);
    let rows: Vec<&Row> = scored.iter().map(|(_, _, row)| *row).collect();
    let zero = [0.0; SIGNALS];
    let first = rows.first().map_or(&zero, |row| *row);
    Evidence {
        most: if first[COVERAGE] == 0.0 && first[NEAREST] < NOTHING_IN_COMMON {
            0.0
        } else if !signals.telling && first[NEAREST] < WORD_FOR_WORD {
            VAGUE
        } else {
            1.0
        },
        row: row(signals, &rows, &scores, chances.first().copied().unwrap_or_default()),
        small_talk: small_talk_row(signals, scores.first().copied().unwrap_or_default()),
        ranked: scored.iter().zip(chances).map(|((entry, _, _), chance)| (*entry, chance)).collect(),
    }
}

fn row(signals: &Signals, rows: &[&Row], scores: &[f64], chance: f64) -> Vec<f64> {
    let zero = [0.0_f32; SIGNALS];
    let first = rows.first().map_or(&zero, |row| *row);
    let score = |i: usize| scores.get(i).copied().unwrap_or_default();
    // How far the first entry is ahead of the best other one, signal by signal: below zero if another is ahead.
    let gap = |signal: usize| {
        let others = rows.iter().skip(1).map(|row| row[signal]).fold(f32::MIN, f32::max);
        f64::from(first[signal] - others.max(-9.0))
    };
    let gaps: [f64; SIGNALS] = std::array::from_fn(gap);
    let agreement = gaps.iter().filter(|g| **g > 0.0).count() as f64;
    let small_talk = signals.small_talk.iter().map(|row| row[NEAREST]).fold(0.0, f32::max);
    vec![
        score(0),
        score(0) - score(1),
        chance.max(1e-12).ln(),
        f64::from(first[LINEAR]),
        gaps[LINEAR],
        f64::from(first[NEAREST]),
        gaps[NEAREST],
        f64::from(first[COVERAGE]),
        gaps[COVERAGE],
        f64::from(signals.unknown),
        agreement,
        (1.0 + signals.content as f64).ln(),
        f64::from(signals.outside[LINEAR]),
        f64::from(signals.outside[NEAREST]),
        f64::from(small_talk),
    ]
}

fn small_talk_row(signals: &Signals, best_entry: f64) -> Option<(usize, Vec<f64>)> {
    let scored = signals.small_talk.iter().enumerate().map(|(kind, row)| (kind, score(row), row));
    let (best, points, own) = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let row = vec![
        points - best_entry,
        points - score(&signals.outside),
        f64::from(own[LINEAR]),
        f64::from(own[NEAREST]),
        f64::from(own[COVERAGE]),
        (1.0 + signals.content as f64).ln(),
        f64::from(signals.unknown),
    ];
    Some((best, row))
}

impl Evidence {
    /// The cosine of the first entry's nearest phrasing; none once another entry was put first, of which the row tells nothing.
    pub fn nearest(&self) -> Option<f64> {
        self.row.get(5).copied()
    }

    /// The share of the question's weight that the words of the first entry cover; none as for [`Evidence::nearest`].
    pub fn coverage(&self) -> Option<f64> {
        self.row.get(7).copied()
    }

    /// Whether a question is one of the first entry's phrasings word for word, and far from those of any other entry and
    /// from what no entry answers.
    pub fn is_word_for_word(&self) -> bool {
        let (gap, outside) = (self.row.get(6), self.row.get(13));
        let is = |value: Option<&f64>, holds: fn(f64) -> bool| value.is_some_and(|v| holds(*v));
        self.nearest().is_some_and(|v| v >= 0.95) && is(gap, |v| v >= 0.2) && is(outside, |v| v < 0.8)
    }
}

/// Whether a message is near enough to known small talk that no question can hide in it: nearly the same as one of its
/// wordings, or at least two words that mean something, nearly all of which the kind explains.
pub fn is_plainly_small_talk(row: &[f64]) -> bool {
    let [_, _, _, nearest, coverage, content, unknown] = row[..] else { return false };
    let several = content >= 3.0_f64.ln();
    nearest >= NEARLY_THE_SAME || several && unknown == 0.0 && coverage >= 0.7 && nearest >= 0.4
}
