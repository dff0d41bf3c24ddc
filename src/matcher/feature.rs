//! A question as a sparse vector: words, word pairs and character n-grams, weighted by how rare they are.

use rustc_hash::FxHashMap;

use crate::text::analyze::Token;

/// Shortest and longest character n-gram, boundaries included.
const NGRAMS: std::ops::RangeInclusive<usize> = 3..=4;
/// Weight of words and word pairs against character n-grams, each group of length one (their squares add up to one).
const WORD_WEIGHT: f32 = 0.8;
const CHAR_WEIGHT: f32 = 0.6;
/// Weight of a stop word beside a word that means something.
const STOP_WEIGHT: f32 = 0.5;
/// Weight of a word as it is written, beside its stem.
const SURFACE_WEIGHT: f32 = 0.7;
/// Weight of two words in a row.
const PAIR_WEIGHT: f32 = 0.7;

/// The kinds of feature; a kind's features never collide with another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    Stem = 1,
    Surface = 2,
    Pair = 3,
    Gram = 4,
}

/// One feature of a text: its key, whether it is of the word group, and its weight before IDF.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature {
    key: u64,
    word: bool,
    weight: f32,
}

/// The features of a text, each once, by key.
pub type Features = Vec<Feature>;

/// A vector of unit length: feature numbers in rising order with their values.
pub type Vector = Vec<(u32, f32)>;

/// The product of two vectors: for unit vectors the cosine between them.
pub fn dot(a: &Vector, b: &Vector) -> f32 {
    let of = |feature: u32| b.binary_search_by_key(&feature, |(f, _)| *f).map_or(0.0, |place| b[place].1);
    a.iter().map(|&(feature, value)| value * of(feature)).sum()
}

/// FNV-1a (Fowler, Noll, Vo): the same on every machine, so that the same FAQ gives the same index.
fn hash(kind: Kind, parts: &[&str]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |b: u8| h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    eat(kind as u8);
    for part in parts {
        part.bytes().for_each(&mut eat);
        eat(0xff);
    }
    h
}

/// The features of `tokens`. Stop words count little, but alone they are all there is.
pub fn features(tokens: &[Token]) -> Features {
    let mut features = Features::new();
    let mut add = |key: u64, word: bool, weight: f32| features.push(Feature { key, word, weight });
    for token in tokens {
        let weight = if token.stop { STOP_WEIGHT } else { 1.0 };
        add(hash(Kind::Stem, &[&token.stem]), true, weight);
        if token.surface != token.stem {
            add(hash(Kind::Surface, &[&token.surface]), true, SURFACE_WEIGHT * weight);
        }
        for_each_gram(&token.surface, |gram| add(hash(Kind::Gram, &[gram]), false, weight));
    }
    let content: Vec<&Token> = tokens.iter().filter(|t| !t.stop).collect();
    for pair in content.windows(2) {
        add(hash(Kind::Pair, &[&pair[0].stem, &pair[1].stem]), true, PAIR_WEIGHT);
    }
    // Of a feature that occurs several times the heaviest is kept.
    features.sort_unstable_by(|a, b| a.key.cmp(&b.key).then(b.weight.total_cmp(&a.weight)));
    features.dedup_by_key(|f| f.key);
    features
}

fn for_each_gram(word: &str, mut each: impl FnMut(&str)) {
    let padded = format!("\u{2}{word}\u{3}");
    let starts: Vec<usize> = padded.char_indices().map(|(i, _)| i).chain([padded.len()]).collect();
    for n in NGRAMS {
        for window in starts.windows(n + 1) {
            each(&padded[window[0]..window[n]]);
        }
    }
}

/// How many texts have something, and how many classes.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    texts: u32,
    classes: u32,
    /// One more than the last class counted; 0 for none.
    last: usize,
}

impl Count {
    fn add(&mut self, class: usize) {
        self.texts += 1;
        self.classes += u32::from(self.last != class + 1);
        self.last = class + 1;
    }

    /// The weight of what was counted so, among `all`: rare in texts, and rare in classes, so that a word that all phrasings
    /// of an entry share, and no other entry has, counts for more than its number of texts says. Each smoothed as if one more
    /// text held every feature (as in scikit-learn's `TfidfTransformer`).
    fn idf(self, all: Self) -> f32 {
        let rarity = |count: u32, all: u32| ((1.0 + all as f32) / (1.0 + count as f32)).ln() + 1.0;
        f32::midpoint(rarity(self.texts, all.texts), rarity(self.classes, all.classes))
    }
}

/// Which features exist and how much each weighs.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    numbers: FxHashMap<u64, u32>,
    idf: Vec<f32>,
    /// The keys of features, by number.
    keys: Vec<u64>,
    /// How many of them stand in more than one text; they have the lowest numbers.
    shared: usize,
    /// The weight of a feature that occurs nowhere.
    unknown_idf: f32,
}

impl Vocabulary {
    /// From the features of all texts, each with its class; the texts of a class come in a row. A text counts once for each
    /// of its features, and so does a class. The commonest feature has number 0.
    pub fn new<'f>(texts: impl IntoIterator<Item = (&'f Features, usize)>) -> Self {
        let mut counts: FxHashMap<u64, Count> = FxHashMap::default();
        let mut all = Count::default();
        for (features, class) in texts {
            all.add(class);
            for feature in features {
                counts.entry(feature.key).or_default().add(class);
            }
        }
        let mut by_count: Vec<(u64, Count)> = counts.into_iter().collect();
        by_count.sort_unstable_by_key(|&(key, count)| (std::cmp::Reverse(count.texts), key));
        Self {
            idf: by_count.iter().map(|(_, count)| count.idf(all)).collect(),
            keys: by_count.iter().map(|(key, _)| *key).collect(),
            shared: by_count.iter().take_while(|(_, count)| count.texts > 1).count(),
            numbers: by_count.iter().zip(0..).map(|(&(key, _), number)| (key, number)).collect(),
            unknown_idf: Count::default().idf(all),
        }
    }

    /// Takes in the features of one more text. Known ones keep their weight; new ones weigh as what stands in one text.
    pub fn extend(&mut self, features: &Features) {
        let rare = self.idf.last().copied().unwrap_or(self.unknown_idf);
        for feature in features {
            let next = self.idf.len() as u32;
            if *self.numbers.entry(feature.key).or_insert(next) == next {
                self.idf.push(rare);
            }
        }
    }

    /// The keys, by number, of the features that are worth learning: those that stand in more than one text, and of the
    /// others, which tell more the fewer phrasings there are, as many as there is room for.
    pub fn worth_learning(&self, room: usize) -> &[u64] {
        &self.keys[..self.keys.len().min(room).max(self.shared)]
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.idf.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.idf.is_empty()
    }

    /// The vector of a text. Features that occur nowhere lengthen it, so that a text with much unknown in it is near
    /// to nothing.
    pub fn vector(&self, features: &Features) -> Vector {
        let mut squares = [0.0_f32; 2];
        let mut values = Vec::with_capacity(features.len());
        for feature in features {
            let number = self.numbers.get(&feature.key).copied();
            let idf = number.map_or(self.unknown_idf, |n| self.idf[n as usize]);
            let value = feature.weight * idf;
            squares[usize::from(feature.word)] += value * value;
            if let Some(number) = number {
                values.push((number, value, feature.word));
            }
        }
        let scale = [CHAR_WEIGHT, WORD_WEIGHT];
        let norm = [scale[0] / squares[0].sqrt().max(1e-6), scale[1] / squares[1].sqrt().max(1e-6)];
        let mut vector: Vector =
            values.into_iter().map(|(number, value, word)| (number, value * norm[usize::from(word)])).collect();
        vector.sort_unstable_by_key(|(number, _)| *number);
        vector
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(key: u64) -> Feature {
        Feature { key, word: true, weight: 1.0 }
    }

    /// Two entries of two texts: 1 stands in all texts, 2 in both of the first entry, 3 in one of each, 4 in one alone.
    fn vocabulary() -> Vocabulary {
        let texts: [(Features, usize); 4] = [
            (vec![word(1), word(2), word(3)], 0),
            (vec![word(1), word(2), word(4)], 0),
            (vec![word(1), word(3)], 1),
            (vec![word(1)], 1),
        ];
        Vocabulary::new(texts.iter().map(|(features, class)| (features, *class)))
    }

    #[test]
    fn what_one_class_has_weighs_more_than_what_two_have() {
        let vocabulary = vocabulary();
        let weight = |key: u64| vocabulary.idf[vocabulary.numbers[&key] as usize];
        assert!(weight(1) < weight(3) && weight(3) < weight(2) && weight(2) < weight(4));
        assert!(weight(4) < vocabulary.unknown_idf);
    }

    #[test]
    fn what_stands_in_one_text_is_learnt_where_there_is_room() {
        let vocabulary = vocabulary();
        assert_eq!(vocabulary.worth_learning(100), [1, 2, 3, 4]);
        assert_eq!(vocabulary.worth_learning(0), [1, 2, 3]);
    }
}
