//! Unknown words to known ones: typing errors mended by edit distance.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use strsim::osa_distance;

/// Words shorter than this are never mended: too many of them lie one letter apart.
const SHORTEST: usize = 4;
/// From this length on two errors are allowed, else one.
const LONG: usize = 8;

/// What Indonesians append to any word ("-its", a question mark, an emphasis).
const CLITICS: [&str; 3] = ["nya", "kah", "lah"];

/// `word` with every run of one letter as a single letter.
fn undoubled(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// The known words, found again by length and first letter. A copy shares the words themselves.
#[derive(Debug, Default, Clone)]
pub struct Speller {
    known: FxHashMap<Arc<str>, u32>,
    by_shape: FxHashMap<Shape, Vec<Shaped>>,
}

/// A word's first letter and its length in letters.
type Shape = (char, usize);

/// A word with the letters it has; see [`letters`].
type Shaped = (Arc<str>, u32);

/// Which letters a word has, each as one of 32 bits. A word one error away has at most two other bits, so that most words
/// can be passed over without measuring their distance.
fn letters(word: &str) -> u32 {
    word.chars().fold(0, |bits, c| bits | 1 << (u32::from(c) % 32))
}

impl Speller {
    /// Takes each known word with how often it occurs.
    pub fn new(words: impl IntoIterator<Item = (String, u32)>) -> Self {
        let mut speller = Self::default();
        for (word, count) in words {
            speller.add(&word, count);
        }
        speller
    }

    /// Makes a word known, or known to be more frequent.
    pub fn add(&mut self, word: &str, count: u32) {
        if let Some(known) = self.known.get_mut(word) {
            *known += count;
            return;
        }
        let own: Arc<str> = word.into();
        self.known.insert(Arc::clone(&own), count);
        if let Some(first) = word.chars().next() {
            self.by_shape.entry((first, word.chars().count())).or_default().push((own, letters(word)));
        }
    }

    /// Whether `word` is known.
    pub fn knows(&self, word: &str) -> bool {
        self.known.contains_key(word)
    }

    /// The known word that `word` was meant to be: letters typed twice ("sahh"), a typing error, or a typing error before
    /// a clitic ("batsnya").
    pub fn mend(&self, word: &str) -> Option<&str> {
        let single = undoubled(word);
        if let Some((known, _)) = self.known.get_key_value(single.as_str()) {
            return Some(known);
        }
        self.nearest(word).or_else(|| {
            let base = CLITICS.iter().find_map(|c| word.strip_suffix(c)).filter(|base| base.len() >= SHORTEST)?;
            self.known.get_key_value(base).map(|(known, _)| known.as_ref()).or_else(|| self.nearest(base))
        })
    }

    /// The nearest known word by optimal string alignment (Damerau 1964: insert, delete, change, swap neighbours),
    /// within one error, or two in a long word; among equals the more frequent, then the alphabetically first.
    /// The first letter, which people seldom miss, must be right, unless it was swapped with the second.
    fn nearest(&self, word: &str) -> Option<&str> {
        let length = word.chars().count();
        if length < SHORTEST || word.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        let most = if length >= LONG { 2 } else { 1 };
        let own = letters(word);
        let firsts: Vec<char> = word.chars().take(2).collect();
        let mut best: Option<(usize, std::cmp::Reverse<u32>, &str)> = None;
        for &first in &firsts {
            for size in length - most..=length + most {
                for (candidate, theirs) in self.by_shape.get(&(first, size)).into_iter().flatten() {
                    if size < SHORTEST || (own ^ theirs).count_ones() as usize > 2 * most {
                        continue;
                    }
                    let distance = osa_distance(word, candidate);
                    if distance <= most {
                        let rank = (distance, std::cmp::Reverse(self.known[candidate]), candidate.as_ref());
                        if best.is_none_or(|b| rank < b) {
                            best = Some(rank);
                        }
                    }
                }
            }
        }
        best.map(|(_, _, word)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_typing_errors_and_leaves_the_rest() {
        let speller = Speller::new(
            ["kampanye", "nyoblos", "presiden", "tinta", "pengundian", "kapan"].map(|w| (w.to_owned(), 1)),
        );
        for (typed, meant) in [
            ("kamapnye", Some("kampanye")),
            ("nyoblso", Some("nyoblos")),
            ("prsiden", Some("presiden")),
            ("pengndian", Some("pengundian")),
            ("akpan", Some("kapan")),
            ("tnita", Some("tinta")),
            ("kapann", Some("kapan")),
            ("tnitanya", Some("tinta")),
            ("paspor", None),
            ("tin", None),
        ] {
            assert_eq!(speller.mend(typed), meant, "{typed}");
        }
    }
}
