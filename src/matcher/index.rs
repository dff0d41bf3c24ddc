//! An index over examples: every signal that speaks for or against an entry, from one set of phrasings.

use rustc_hash::FxHashMap;

use super::feature::{Features, Vector, Vocabulary};
use super::linear::{Lesson, Linear};
use crate::text::analyze::Token;

/// A text in the index with what it stands for.
#[derive(Debug, Clone)]
pub struct Example {
    /// What chance hangs on; see [`super::chance`].
    pub key: u64,
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

/// How many signals a class has; see [`Row`].
pub const SIGNALS: usize = 3;

/// What each signal is called.
pub const SIGNAL_NAMES: [&str; SIGNALS] = ["linear", "nearest", "coverage"];

/// Where each signal stands in a [`Row`].
pub const LINEAR: usize = 0;
/// See [`LINEAR`].
pub const NEAREST: usize = 1;
/// See [`LINEAR`].
pub const COVERAGE: usize = 2;

/// What speaks for a class: the logarithm of the chance that the linear model gives, the cosine of the nearest phrasing,
/// and the share of the question's weight that the class's words cover.
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
    /// Whether one of them is no word that most classes use ("how", "must").
    pub telling: bool,
}

/// FAQs of up to so many entries are looked at whole.
const SHORTLIST_FROM: usize = 256;
/// Of a larger one, so many entries by each signal come into question.
const SHORTLIST: usize = 48;
/// So many weights the linear model may always have; beyond, features that stand in one text only are left out.
const ENOUGH_WEIGHTS: usize = 8_000_000;
/// The linear model is left out when it would have more weights than this (it grows with entries times features), or
/// take more steps a pass: a FAQ of some ten thousand phrasings.
const MOST_WEIGHTS: usize = 64_000_000;
const MOST_STEPS: usize = 12_000_000;

/// The index.
#[derive(Debug, Clone)]
pub struct Index {
    vocabulary: Vocabulary,
    /// None for a very large FAQ.
    linear: Option<Linear>,
    postings: Postings,
    owners: Vec<u32>,
    words: Words,
    classes: Classes,
}

/// For each feature the examples that have it, each with its value there.
#[derive(Debug, Clone)]
struct Postings {
    /// Feature by feature.
    all: Vec<(u32, f32)>,
    /// Where each feature's begin, and where the last one's end.
    starts: Vec<u32>,
    /// Those of examples that came later.
    later: FxHashMap<u32, Vec<(u32, f32)>>,
}

impl Postings {
    /// Of examples numbered in their order, over so many features.
    fn new(vectors: &[Vector], features: usize) -> Self {
        let mut starts = vec![0_u32; features + 1];
        for &(feature, _) in vectors.iter().flatten() {
            starts[feature as usize + 1] += 1;
        }
        for feature in 0..features {
            starts[feature + 1] += starts[feature];
        }
        let mut all = vec![(0, 0.0); starts[features] as usize];
        let mut next = starts.clone();
        for (number, vector) in (0_u32..).zip(vectors) {
            for &(feature, value) in vector {
                let place = &mut next[feature as usize];
                all[*place as usize] = (number, value);
                *place += 1;
            }
        }
        Self { all, starts, later: FxHashMap::default() }
    }

    fn add(&mut self, vector: &Vector, number: u32) {
        for &(feature, value) in vector {
            self.later.entry(feature).or_default().push((number, value));
        }
    }

    /// Those of the first examples, and those of the later ones.
    fn of(&self, feature: u32) -> [&[(u32, f32)]; 2] {
        let place = feature as usize;
        let own = match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(&start), Some(&end)) => &self.all[start as usize..end as usize],
            // A feature that came later.
            _ => &[],
        };
        [own, self.later.get(&feature).map_or(&[], Vec::as_slice)]
    }
}

/// Among so few classes, a word that half of them use may still tell.
const FEW_CLASSES: f32 = 8.0;

/// Which classes use which words.
#[derive(Debug, Clone, Default)]
struct Words {
    /// For each stem the classes that have it, in rising order.
    classes: FxHashMap<String, Vec<u32>>,
    /// How many classes have words at all.
    used: f32,
}

impl Words {
    fn new<'e>(examples: impl Iterator<Item = &'e Example>) -> Self {
        let mut words = Self::default();
        let mut used = Vec::new();
        for example in examples {
            used.push(example.class);
            words.add(example);
        }
        used.sort_unstable();
        used.dedup();
        words.used = used.len() as f32;
        words
    }

    fn add(&mut self, example: &Example) {
        let class = example.class as u32;
        for token in example.tokens.iter().filter(|t| !t.stop) {
            match self.classes.get_mut(&token.stem) {
                None => {
                    self.classes.insert(token.stem.clone(), vec![class]);
                }
                Some(list) => {
                    if let Err(place) = list.binary_search(&class) {
                        list.insert(place, class);
                    }
                }
            }
        }
    }

    /// Fills in the coverage; gives the share of the question's weight in words that no example has, how many words mean
    /// something, and whether one of them tells classes apart.
    fn coverage(&self, tokens: &[Token], by_class: &mut [Row]) -> (f32, usize, bool) {
        let mut stems: Vec<&str> = tokens.iter().filter(|t| !t.stop).map(|t| t.stem.as_str()).collect();
        let content = stems.len();
        stems.sort_unstable();
        stems.dedup();
        let (mut total, mut unknown, mut telling) = (0.0, 0.0, false);
        for stem in stems {
            let classes = self.classes.get(stem).map_or(&[][..], Vec::as_slice);
            let idf = self.idf(classes.len());
            total += idf;
            telling |= 2.0 * (classes.len() as f32) < self.used.max(FEW_CLASSES);
            if classes.is_empty() {
                unknown += idf;
            }
            for &class in classes {
                by_class[class as usize][COVERAGE] += idf;
            }
        }
        let scale = if total > 0.0 { 1.0 / total } else { 0.0 };
        by_class.iter_mut().for_each(|row| row[COVERAGE] *= scale);
        (unknown * scale, content, telling)
    }

    /// How rare a stem is that `classes` have (BM25's inverse document frequency, with classes as documents).
    fn idf(&self, classes: usize) -> f32 {
        let df = classes as f32;
        (1.0 + (self.used - df + 0.5).max(0.0) / (df + 0.5)).ln()
    }
}

/// Of `candidates`, which are asked elsewhere, those that may serve as negative examples: they share a word with an entry,
/// so that something can be learnt from them, but no entry explains half of one, so that none is likely to be meant.
pub fn near_misses(own: &[Example], classes: Classes, candidates: impl IntoIterator<Item = Example>) -> Vec<Example> {
    const MEANT: f32 = 0.5;
    let words = Words::new(own.iter());
    let mut near = Vec::new();
    for candidate in candidates {
        let mut by_class = vec![[0.0; SIGNALS]; classes.total()];
        words.coverage(&candidate.tokens, &mut by_class);
        let best = by_class.iter().map(|row| row[COVERAGE]).fold(0.0, f32::max);
        if best > 0.0 && best < MEANT {
            near.push(candidate);
        }
    }
    near
}

impl Index {
    /// Builds every signal from `examples`. `room` is memory to learn in, whatever it holds; see [`Linear::train`].
    pub fn new(examples: &[&Example], classes: Classes, room: &mut Vec<f32>) -> Self {
        let vocabulary = Vocabulary::new(examples.iter().map(|e| (&e.features, e.class)));
        let vectors: Vec<Vector> = examples.iter().map(|e| vocabulary.vector(&e.features)).collect();
        let lessons: Vec<Lesson<'_>> =
            vectors.iter().zip(examples).map(|(vector, e)| Lesson { vector, class: e.class, key: e.key }).collect();
        let steps = lessons.len() * classes.total();
        let learnt = vocabulary.worth_learning(ENOUGH_WEIGHTS / classes.total());
        let weights = learnt.len() * classes.total();
        let linear = (steps <= MOST_STEPS && weights <= MOST_WEIGHTS)
            .then(|| Linear::train(&lessons, learnt, classes.total(), room));
        let postings = Postings::new(&vectors, vocabulary.len());
        let owners = examples.iter().map(|e| e.class as u32).collect();
        Self { vocabulary, linear, postings, owners, words: Words::new(examples.iter().copied()), classes }
    }

    /// Takes in one more example at once, without training anew.
    pub fn add(&mut self, example: &Example) {
        self.vocabulary.extend(&example.features);
        let vector = self.vocabulary.vector(&example.features);
        self.postings.add(&vector, self.owners.len() as u32);
        self.owners.push(example.class as u32);
        self.words.add(example);
        if let Some(linear) = &mut self.linear {
            linear.nudge(&vector, example.class);
        }
    }

    /// The vector of a text.
    pub fn vector(&self, features: &Features) -> Vector {
        self.vocabulary.vector(features)
    }

    /// How many classes use a stem.
    pub fn classes_with(&self, stem: &str) -> usize {
        self.words.classes.get(stem).map_or(0, Vec::len)
    }

    /// Whether small talk uses a stem, and no entry and no negative example does.
    pub fn is_small_talk_only(&self, stem: &str) -> bool {
        let is_small_talk = |class: &u32| (self.classes.entries..self.classes.outside()).contains(&(*class as usize));
        self.words.classes.get(stem).is_some_and(|classes| classes.iter().all(is_small_talk))
    }

    /// The signals for a question.
    pub fn signals(&self, tokens: &[Token], features: &Features) -> Signals {
        let vector = self.vector(features);
        let mut by_class = vec![[0.0_f32; SIGNALS]; self.classes.total()];
        if let Some(linear) = &self.linear {
            for (row, chance) in by_class.iter_mut().zip(linear.log_chances(&vector)) {
                row[LINEAR] = chance;
            }
        }
        self.cosines(&vector, &mut by_class);
        let (unknown, content, telling) = self.words.coverage(tokens, &mut by_class);
        let outside = by_class[self.classes.outside()];
        let small_talk = by_class[self.classes.entries..self.classes.outside()].to_vec();
        by_class.truncate(self.classes.entries);
        let entries = shortlist(&by_class).into_iter().map(|entry| (entry, by_class[entry])).collect();
        Signals { entries, small_talk, outside, unknown, content, telling }
    }

    fn cosines(&self, vector: &Vector, by_class: &mut [Row]) {
        let mut cosines = vec![0.0_f32; self.owners.len()];
        for &(feature, value) in vector {
            for list in self.postings.of(feature) {
                list.iter().for_each(|&(example, weight)| cosines[example as usize] += value * weight);
            }
        }
        for (&cosine, &owner) in cosines.iter().zip(&self.owners) {
            let nearest = &mut by_class[owner as usize][NEAREST];
            *nearest = nearest.max(cosine);
        }
    }
}

/// The entries that come into question: all, or of very many the best by each signal.
fn shortlist(by_class: &[Row]) -> Vec<usize> {
    if by_class.len() <= SHORTLIST_FROM {
        return (0..by_class.len()).collect();
    }
    let mut chosen = Vec::with_capacity(SIGNALS * SHORTLIST);
    let mut order: Vec<usize> = (0..by_class.len()).collect();
    for signal in [LINEAR, NEAREST, COVERAGE] {
        let value = |entry: usize| by_class[entry][signal];
        let better = |a: &usize, b: &usize| value(*b).total_cmp(&value(*a)).then(a.cmp(b));
        order.select_nth_unstable_by(SHORTLIST, better);
        chosen.extend_from_slice(&order[..SHORTLIST]);
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
