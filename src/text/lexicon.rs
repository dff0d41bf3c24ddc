//! Chat spelling and synonyms: many ways to write an idea, one word for it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::normalize::words;

/// One line of a word list: the standard word and what stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The word that all variants become.
    pub standard: String,
    /// Words or short phrases that mean the same.
    pub variants: Vec<String>,
}

/// Sequences of words to be replaced, found by their first word; the longest wins.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Replacements(HashMap<String, Vec<Replacement>>);

/// The words to be replaced, and those to stand in their place.
type Replacement = (Vec<String>, Vec<String>);

impl Replacements {
    fn insert(&mut self, from: Vec<String>, to: Vec<String>) {
        let Some(first) = from.first().cloned() else { return };
        if from == to {
            return;
        }
        let known = self.0.entry(first).or_default();
        known.push((from, to));
        known.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
    }

    fn apply(&self, text: &[String]) -> Vec<String> {
        self.apply_to(text, |_, to| to.to_vec())
    }

    /// The same, where `instead` tells from what is replaced, and what would stand in its place, what does.
    fn apply_to(&self, text: &[String], instead: impl Fn(&[String], &[String]) -> Vec<String>) -> Vec<String> {
        let mut out = Vec::with_capacity(text.len());
        for (part, hit) in self.parts(text) {
            match hit {
                Some((from, to)) => out.extend(instead(from, to)),
                None => out.extend_from_slice(&text[part]),
            }
        }
        out
    }

    /// The same, where each word keeps the places that it stands for.
    fn apply_placed(&self, text: &[Placed], instead: impl Fn(&[String], &[String]) -> Vec<String>) -> Vec<Placed> {
        let words: Vec<String> = text.iter().map(|(word, _)| word.clone()).collect();
        let mut out = Vec::with_capacity(text.len());
        for (part, hit) in self.parts(&words) {
            match hit {
                Some((from, to)) => {
                    let place = text[part.start].1.start..text[part.end - 1].1.end;
                    out.extend(instead(from, to).into_iter().map(|word| (word, place.clone())));
                }
                None => out.extend_from_slice(&text[part]),
            }
        }
        out
    }

    /// The parts of `text`, each one word or what is replaced.
    fn parts<'a>(&'a self, text: &'a [String]) -> impl Iterator<Item = (Range<usize>, Option<&'a Replacement>)> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let first = text.get(at)?;
            let hit = self.0.get(first).and_then(|known| known.iter().find(|(from, _)| text[at..].starts_with(from)));
            let start = at;
            at += hit.map_or(1, |(from, _)| from.len());
            Some((start..at, hit))
        })
    }
}

/// A word, and the places in a text of those that it stands for.
pub type Placed = (String, Range<usize>);

/// The word for any party.
pub const PARTY: &str = "namapartai";
/// The word for any province, regency or city.
pub const PLACE: &str = "namadaerah";

/// The word lists of one FAQ, ready for use. An empty one changes nothing. A copy shares every list until it changes it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Lexicon {
    spelling: Arc<Replacements>,
    synonyms: Arc<Replacements>,
    /// What people call parties, candidates and places, each as its idea.
    names: Arc<Replacements>,
    standard: Arc<HashSet<String>>,
    protected: Arc<HashSet<String>>,
    stop: Arc<HashSet<String>>,
    vocabulary: Arc<HashSet<String>>,
    /// Words that mean something else when they are doubled ("undang-undang").
    doubled: Arc<HashSet<String>>,
}

impl Lexicon {
    /// Builds the lexicon from its lists. Later lines never override earlier ones.
    pub fn new(spelling: &[Group], synonyms: &[Group], protected: &[String], stop: &[String]) -> Self {
        let (mut spellings, mut ideas) = (Replacements::default(), Replacements::default());
        let (mut standard, mut vocabulary) = (HashSet::new(), HashSet::new());
        for group in spelling {
            let to = words(&group.standard);
            for variant in &group.variants {
                let from = words(variant);
                // A chat spelling may be mistyped itself: "instgram" for "instagram".
                vocabulary.extend(from.iter().cloned());
                spellings.insert(from, to.clone());
            }
            standard.extend(to);
        }
        vocabulary.extend(standard.iter().cloned());
        for group in synonyms {
            let to = spellings.apply(&words(&group.standard));
            for variant in &group.variants {
                let from = spellings.apply(&words(variant));
                vocabulary.extend(from.iter().cloned());
                ideas.insert(from, to.clone());
            }
            vocabulary.extend(to);
        }
        let protected: HashSet<String> = protected.iter().flat_map(|w| words(w)).collect();
        let stop: HashSet<String> = stop.iter().flat_map(|w| ideas.apply(&spellings.apply(&words(w)))).collect();
        let standards = spelling.iter().chain(synonyms).map(|group| group.standard.as_str());
        let mut doubled = HashSet::new();
        for pair in standards.map(words) {
            doubled.extend(pair.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()));
        }
        vocabulary.extend(protected.iter().chain(&stop).cloned());
        Self {
            spelling: Arc::new(spellings),
            synonyms: Arc::new(ideas),
            names: Arc::default(),
            standard: Arc::new(standard),
            protected: Arc::new(protected),
            stop: Arc::new(stop),
            vocabulary: Arc::new(vocabulary),
            doubled: Arc::new(doubled),
        }
    }

    /// The words with chat spelling written out.
    pub fn spelled(&self, text: &[String]) -> Vec<String> {
        self.spelling.apply(text)
    }

    /// The words with synonyms, then names replaced; to be used on what [`Lexicon::spelled`] gave.
    pub fn unified(&self, text: &[String]) -> Vec<String> {
        self.names.apply(&self.synonyms.apply(text))
    }

    /// Like [`Lexicon::unified`], but what a party or a place is called stays, as one word.
    pub fn literal(&self, text: &[String]) -> Vec<String> {
        self.with_names(&self.synonyms.apply(text))
    }

    /// Like [`Lexicon::literal`], where each word keeps its places.
    pub fn literal_placed(&self, text: &[Placed]) -> Vec<Placed> {
        let replaced = self.synonyms.apply_placed(text, |_, to| to.to_vec());
        self.names_placed(&replaced)
    }

    /// Like [`Lexicon::with_names`], where each word keeps its places.
    pub fn names_placed(&self, text: &[Placed]) -> Vec<Placed> {
        self.names.apply_placed(text, Self::kept)
    }

    /// The words with what candidates are called replaced; what a party or a place is called stays, as one word.
    pub fn with_names(&self, text: &[String]) -> Vec<String> {
        self.names.apply_to(text, Self::kept)
    }

    /// What stands in the place of a name: what a party or a place is called stays.
    fn kept(from: &[String], to: &[String]) -> Vec<String> {
        let is_any = matches!(to, [idea] if idea == PARTY || idea == PLACE);
        if is_any { vec![from.join(" ")] } else { to.to_vec() }
    }

    /// Whether `name` is what a party or a place is called.
    pub fn is_name(&self, name: &str) -> bool {
        let own: Vec<String> = name.split(' ').map(str::to_owned).collect();
        matches!(self.names.apply(&own).as_slice(), [idea] if idea == PARTY || idea == PLACE)
    }

    /// Leaves what `ideas` stand for as it is: words of one topic that are several things.
    pub fn part(&mut self, ideas: &[&str]) {
        for known in Arc::make_mut(&mut self.synonyms).0.values_mut() {
            known.retain(|(_, to)| !ideas.contains(&to.join(" ").as_str()));
        }
    }

    /// All steps.
    pub fn canonical(&self, text: &[String]) -> Vec<String> {
        self.unified(&self.spelled(text))
    }

    /// Makes `names` stand for `idea`.
    pub fn name<'n>(&mut self, idea: &str, names: impl IntoIterator<Item = &'n str>) {
        let to = self.canonical(&words(idea));
        if to.is_empty() {
            return;
        }
        for name in names {
            let spelled = self.spelled(&words(name));
            // A name must be a name: what the language itself is made of stays what it is.
            if spelled.is_empty() || spelled.iter().all(|word| self.is_stop(word) || self.is_standard(word)) {
                continue;
            }
            let name = self.synonyms.apply(&spelled);
            Arc::make_mut(&mut self.vocabulary).extend(spelled);
            Arc::make_mut(&mut self.names).insert(name, to.clone());
        }
        Arc::make_mut(&mut self.vocabulary).extend(to.iter().cloned());
        Arc::make_mut(&mut self.protected).extend(to);
    }

    /// Whether `word` is one that chat spellings stand for: nearly all of them are function words of the language.
    pub fn is_standard(&self, word: &str) -> bool {
        self.standard.contains(word)
    }

    /// Whether a stemmer must leave `word` alone.
    pub fn is_protected(&self, word: &str) -> bool {
        self.protected.contains(word)
    }

    /// Whether `word` says nothing about what is asked.
    pub fn is_stop(&self, word: &str) -> bool {
        self.stop.contains(word)
    }

    /// The words that say nothing about what is asked.
    pub fn stop_words(&self) -> impl Iterator<Item = &str> {
        self.stop.iter().map(String::as_str)
    }

    /// Whether `word` doubled is another word, one of the standard ones, and not its plural.
    pub fn is_doubled(&self, word: &str) -> bool {
        self.doubled.contains(word)
    }

    /// Every word that the lists name.
    pub fn vocabulary(&self) -> impl Iterator<Item = &str> {
        self.vocabulary.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(standard: &str, variants: &[&str]) -> Group {
        Group { standard: standard.to_owned(), variants: variants.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn spelling_then_synonyms_longest_first() {
        let lexicon = Lexicon::new(
            &[group("kapan", &["kpn"]), group("ktp", &["e-ktp"]), group("tidak", &["ga"])],
            &[group("asn", &["pns", "pegawai negeri", "pegawai negeri sipil"]), group("coblos", &["nyoblos"])],
            &[],
            &["min".to_owned()],
        );
        let canonical = |t: &str| lexicon.canonical(&words(t)).join(" ");
        assert_eq!(canonical("Kpn nyoblos, pegawai negeri sipil ga bawa e-KTP"), "kapan coblos asn tidak bawa ktp");
        assert!(lexicon.is_stop("min") && !lexicon.is_stop("kapan"));
    }
}
