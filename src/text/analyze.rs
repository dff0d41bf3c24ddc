//! A question as the matcher sees it: words in standard spelling, their stems, and which of them carry meaning.

use snowball_stemmers_rs::{Algorithm, Stemmer};

use super::lexicon::Lexicon;
use super::normalize::words;
use super::spell::Speller;

/// One word of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As it was typed, in lower case, after chat spelling and typing errors were mended.
    pub surface: String,
    /// Without affixes; the surface itself for a protected word.
    pub stem: String,
    /// Whether the word says nothing about what is asked.
    pub stop: bool,
    /// Whether the word occurs in the FAQ or the lexicon (before mending).
    pub known: bool,
}

/// Turns text into [`Token`]s. Holds the lexicon and, once an index was built, the known words.
#[derive(Debug, Clone)]
pub struct Analyzer {
    lexicon: Lexicon,
    speller: Speller,
    stems: bool,
}

impl Analyzer {
    /// Without a list of known words: nothing is mended, every word counts as known. `stems` is whether words are
    /// brought to their Indonesian stem, which would damage another language.
    pub fn new(lexicon: Lexicon, stems: bool) -> Self {
        Self { lexicon, speller: Speller::default(), stems }
    }

    /// With the words that occur in `texts` (and in the lexicon) as the known ones.
    pub fn knowing<'t>(mut self, texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut known: Vec<(String, u32)> = self.lexicon.vocabulary().map(|w| (w.to_owned(), 1)).collect();
        for text in texts {
            known.extend(self.lexicon.spelled(&words(text)).into_iter().map(|w| (w, 1)));
        }
        self.speller = Speller::new(known);
        self
    }

    /// The lexicon in use.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The tokens of `text`, in order.
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        let spelled = self.lexicon.spelled(&words(text));
        let mut unknown = Vec::new();
        let mended: Vec<String> = spelled
            .into_iter()
            .map(|word| {
                if self.is_known(&word) {
                    return word;
                }
                match self.speller.mend(&word) {
                    Some(better) => better.to_owned(),
                    None => {
                        unknown.push(word.clone());
                        word
                    }
                }
            })
            .collect();
        // A mended word may be a chat spelling itself, so the lists are applied once more.
        self.lexicon
            .canonical(&mended)
            .into_iter()
            .map(|surface| Token {
                stem: self.stem(&surface),
                stop: self.lexicon.is_stop(&surface),
                known: !unknown.contains(&surface),
                surface,
            })
            .collect()
    }

    fn is_known(&self, word: &str) -> bool {
        self.speller.knows(word) || self.speller.knows(&self.stem(word)) || word.bytes().all(|b| b.is_ascii_digit())
    }

    /// The stem of `word`: Snowball's Indonesian stemmer (Tala 2003), which protected and short words escape.
    fn stem(&self, word: &str) -> String {
        if !self.stems || word.len() < 5 || self.lexicon.is_protected(word) {
            return word.to_owned();
        }
        let stem = Stemmer::create(Algorithm::Indonesian).stem(word).into_owned();
        // "kampanyenya" loses its clitic, and what is left may be protected.
        if stem.len() >= 3 { stem } else { word.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn analyzer() -> Analyzer {
        let protected = ["pemilu", "berapa"].map(str::to_owned);
        Analyzer::new(Lexicon::new(&[], &[], &protected, &[]), true)
            .knowing(["kapan pemilih mendaftar pemilu", "berapa"])
    }

    #[test]
    fn stems_but_not_protected_words() {
        let stems: Vec<String> =
            analyzer().tokens("pemilihan pendaftaran pemilu berapa").into_iter().map(|t| t.stem).collect();
        assert_eq!(stems, ["pilih", "daftar", "pemilu", "berapa"]);
    }

    #[test]
    fn marks_unknown_words() {
        let known: Vec<bool> = analyzer().tokens("kapan pmilih kulkas").into_iter().map(|t| t.known).collect();
        assert_eq!(known, [true, true, false]);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,120}|[\\s\\S]{0,60}") {
            analyzer().tokens(&text);
        }
    }
}
