//! An index over examples: every signal that speaks for or against an entry, from one set of phrasings.

use std::collections::HashMap;

use super::feature::{Features, Vector, Vocabulary};
use super::linear::Linear;
use crate::text::analyze::Token;

/// A text in the index with what it stands for.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its words.
    pub tokens: Vec<Token>,
    /// Their features.
    pub features: Features,
    /// Its class: entries first, then the kinds of small talk, then everything outside.
    pub class: usize,
}

/// How many classes there are of each sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classes {
    /// Entries: classes `0..entries`.
    pub entries: usize,
    /// Kinds of small talk: the classes after them.
    pub small_talk: usize,
}

impl Classes {
    /// All classes, "outside" being the last.
    pub fn total(self) -> usize {
        self.entries + self.small_talk + 1
    }

    /// The class of what no entry answers.
    pub fn outside(self) -> usize {
        self.entries + self.small_talk
    }
}

/// How many signals a class has; see [`Signals`].
pub const SIGNALS: usize = 5;

/// What each signal is called.
pub const SIGNAL_NAMES: [&str; SIGNALS] = ["linear", "nearest", "three", "bm25", "coverage"];

/// What speaks for a class: the logarithm of the chance that the linear model gives, the cosine of the nearest phrasing,
/// the mean cosine of the three nearest, the share of the question's weight that BM25 finds in the class, and the share
/// that the class's words cover.
pub type Row = [f32; SIGNALS];

/// The signals of the classes that come into question.
#[derive(Debug, Clone)]
pub struct Signals {
    /// Entries: all of a small FAQ, the best by each signal of a large one.
    pub entries: Vec<(usize, Row)>,
    /// By kind of small talk.
    pub small_talk: Vec<Row>,
    /// Of the negative examples.
    pub outside: Row,
    /// The share of the question's weight in words that no example has.
    pub unknown: f32,
    /// How many words mean something.
    pub content: usize,
}

/// FAQs of up to so many entries are looked at whole.
const SHORTLIST_FROM: usize = 256;
/// Of a larger one, so many entries by each signal come into question.
const SHORTLIST: usize = 48;
/// The linear model is left out when it would have more weights than this (it grows with entries times features), or
/// take more steps a pass: a FAQ of some ten thousand phrasings.
const MOST_WEIGHTS: usize = 64_000_000;
const MOST_STEPS: usize = 12_000_000;

/// BM25's usual saturation and length weights (Robertson, Zaragoza 2009), with entries as documents.
const K1: f32 = 1.2;
const B: f32 = 0.5;

/// The index.
#[derive(Debug, Clone)]
pub struct Index {
    vocabulary: Vocabulary,
    /// None for a very large FAQ.
    linear: Option<Linear>,
    /// For each feature the examples that have it.
    postings: Vec<Vec<(u32, f32)>>,
    owners: Vec<u32>,
    words: Words,
    classes: Classes,
}

/// Word statistics by class.
#[derive(Debug, Clone, Default)]
struct Words {
    /// For each stem the classes that have it, with BM25's weight of it there (without IDF).
    postings: HashMap<String, Vec<(u32, f32)>>,
    class_count: f32,
}

impl Words {
    fn new(examples: &[&Example], classes: usize) -> Self {
        let mut counts: HashMap<&str, HashMap<u32, f32>> = HashMap::new();
        let mut lengths = vec![0.0_f32; classes];
        for example in examples {
            for token in example.tokens.iter().filter(|t| !t.stop) {
                *counts.entry(&token.stem).or_default().entry(example.class as u32).or_insert(0.0) += 1.0;
                lengths[example.class] += 1.0;
            }
        }
        let used = lengths.iter().filter(|l| **l > 0.0).count().max(1) as f32;
        let average = lengths.iter().sum::<f32>() / used;
        let postings = counts
            .into_iter()
            .map(|(stem, by_class)| {
                let mut list: Vec<(u32, f32)> = by_class
                    .into_iter()
                    .map(|(class, tf)| {
                        let norm = 1.0 - B + B * lengths[class as usize] / average.max(1.0);
                        (class, tf * (K1 + 1.0) / (tf + K1 * norm))
                    })
                    .collect();
                list.sort_unstable_by_key(|(class, _)| *class);
                (stem.to_owned(), list)
            })
            .collect();
        Self { postings, class_count: used }
    }

    /// Words that the class has already keep their weight; new ones weigh as if they stood in an entry of usual length.
    fn add(&mut self, example: &Example) {
        let class = example.class as u32;
        for token in example.tokens.iter().filter(|t| !t.stop) {
            let list = self.postings.entry(token.stem.clone()).or_default();
            if let Err(place) = list.binary_search_by_key(&class, |(c, _)| *c) {
                list.insert(place, (class, 1.0));
            }
        }
    }

    fn idf(&self, stem: &str) -> f32 {
        let df = self.postings.get(stem).map_or(0, Vec::len) as f32;
        (1.0 + (self.class_count - df + 0.5).max(0.0) / (df + 0.5)).ln()
    }
}

impl Index {
    /// Builds every signal from `examples`.
    pub fn new(examples: &[&Example], classes: Classes) -> Self {
        let vocabulary = Vocabulary::new(examples.iter().map(|e| &e.features));
        let vectors: Vec<Vector> = examples.iter().map(|e| vocabulary.vector(&e.features)).collect();
        let labelled: Vec<(&Vector, usize)> = vectors.iter().zip(examples).map(|(v, e)| (v, e.class)).collect();
        let steps = labelled.len() * classes.total();
        let weights = vocabulary.shared() * classes.total();
        let linear = (steps <= MOST_STEPS && weights <= MOST_WEIGHTS)
            .then(|| Linear::train(&labelled, vocabulary.shared(), classes.total()));
        let mut postings = vec![Vec::new(); vocabulary.len()];
        for (number, vector) in vectors.iter().enumerate() {
            for &(feature, value) in vector {
                postings[feature as usize].push((number as u32, value));
            }
        }
        let owners = examples.iter().map(|e| e.class as u32).collect();
        Self { vocabulary, linear, postings, owners, words: Words::new(examples, classes.total()), classes }
    }

    /// Takes in one more example at once, without training anew.
    pub fn add(&mut self, example: &Example) {
        self.vocabulary.extend(&example.features);
        self.postings.resize(self.vocabulary.len(), Vec::new());
        let vector = self.vocabulary.vector(&example.features);
        for &(feature, value) in &vector {
            self.postings[feature as usize].push((self.owners.len() as u32, value));
        }
        self.owners.push(example.class as u32);
        self.words.add(example);
        if let Some(linear) = &mut self.linear {
            linear.nudge(&vector, example.class);
        }
    }

    /// The signals for a question.
    pub fn signals(&self, tokens: &[Token], features: &Features) -> Signals {
        let vector = self.vocabulary.vector(features);
        let mut by_class = vec![[0.0_f32; SIGNALS]; self.classes.total()];
        if let Some(linear) = &self.linear {
            for (row, chance) in by_class.iter_mut().zip(linear.log_chances(&vector)) {
                row[0] = chance;
            }
        }
        self.cosines(&vector, &mut by_class);
        let (unknown, content) = self.word_shares(tokens, &mut by_class);
        let outside = by_class[self.classes.outside()];
        let small_talk = by_class[self.classes.entries..self.classes.outside()].to_vec();
        by_class.truncate(self.classes.entries);
        let entries = shortlist(&by_class).into_iter().map(|entry| (entry, by_class[entry])).collect();
        Signals { entries, small_talk, outside, unknown, content }
    }

    fn cosines(&self, vector: &Vector, by_class: &mut [Row]) {
        let mut cosines = vec![0.0_f32; self.owners.len()];
        for &(feature, value) in vector {
            for &(example, weight) in &self.postings[feature as usize] {
                cosines[example as usize] += value * weight;
            }
        }
        let mut best = vec![[0.0_f32; 3]; by_class.len()];
        for (&cosine, &owner) in cosines.iter().zip(&self.owners) {
            let top = &mut best[owner as usize];
            if cosine > top[0] {
                *top = [cosine, top[0], top[1]];
            } else if cosine > top[1] {
                *top = [top[0], cosine, top[1]];
            } else if cosine > top[2] {
                top[2] = cosine;
            }
        }
        for (signals, top) in by_class.iter_mut().zip(best) {
            signals[1] = top[0];
            signals[2] = top.iter().sum::<f32>() / 3.0;
        }
    }

    fn word_shares(&self, tokens: &[Token], by_class: &mut [Row]) -> (f32, usize) {
        let mut stems: Vec<&str> = tokens.iter().filter(|t| !t.stop).map(|t| t.stem.as_str()).collect();
        let content = stems.len();
        stems.sort_unstable();
        stems.dedup();
        let mut total = 0.0;
        let mut unknown = 0.0;
        for stem in stems {
            let idf = self.words.idf(stem);
            total += idf;
            match self.words.postings.get(stem) {
                None => unknown += idf,
                Some(list) => {
                    for &(class, weight) in list {
                        by_class[class as usize][3] += idf * weight / (K1 + 1.0);
                        by_class[class as usize][4] += idf;
                    }
                }
            }
        }
        let scale = if total > 0.0 { 1.0 / total } else { 0.0 };
        for signals in by_class.iter_mut() {
            signals[3] *= scale;
            signals[4] *= scale;
        }
        (unknown * scale, content)
    }
}

/// The entries that come into question: all, or of very many the best by each signal.
fn shortlist(by_class: &[Row]) -> Vec<usize> {
    if by_class.len() <= SHORTLIST_FROM {
        return (0..by_class.len()).collect();
    }
    let mut chosen = Vec::with_capacity(SIGNALS * SHORTLIST);
    let mut order: Vec<usize> = (0..by_class.len()).collect();
    for signal in [0, 1, 2, 3, 4] {
        let value = |entry: usize| by_class[entry][signal];
        let better = |a: &usize, b: &usize| value(*b).total_cmp(&value(*a)).then(a.cmp(b));
        order.select_nth_unstable_by(SHORTLIST, better);
        chosen.extend_from_slice(&order[..SHORTLIST]);
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
