//! A question as the matcher sees it: words in standard spelling, their stems, and which of them carry meaning.

use snowball_stemmers_rs::{Algorithm, Stemmer};

use super::english;
use super::lexicon::{Lexicon, PLACE};
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

impl Token {
    /// Whether this word, coming after `first`, only doubles it: a plural ("caleg-caleg", "caleg-calegnya") names the same
    /// thing as the word alone.
    fn doubles(&self, first: &Self) -> bool {
        self.stem == first.stem
            && self.surface.starts_with(&first.surface)
            && first.surface.chars().all(char::is_alphabetic)
    }
}

/// The language of a FAQ, as far as words are treated by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// With the lexicon and the Indonesian stemmer.
    Indonesian,
    /// With the English stemmer. The lexicon, which is of another language, is left out.
    English,
    /// Words stay as they are.
    Other,
}

/// From this share of function words on a text is taken for the language they belong to. Indonesian phrasings have
/// about a quarter, English ones a third; in each other's texts it is below one in fifty.
const FUNCTION_WORDS: f64 = 0.08;
/// The commonest English function words that are no Indonesian words (of the first thirty by frequency).
const ENGLISH: [&str; 20] = [
    "the", "to", "of", "and", "a", "in", "is", "it", "you", "that", "was", "for", "on", "are", "with", "my", "what",
    "how", "can", "do",
];

impl Language {
    /// The language of most of `texts`: that of their commonest function words.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>, lexicon: &Lexicon) -> Self {
        let (mut all, mut indonesian, mut english) = (0.0_f64, 0.0_f64, 0.0_f64);
        for word in texts.flat_map(words) {
            all += 1.0;
            english += f64::from(u8::from(ENGLISH.contains(&word.as_str())));
            indonesian += f64::from(u8::from(lexicon.is_standard(&word)));
        }
        if indonesian >= FUNCTION_WORDS * all && indonesian >= english {
            Self::Indonesian
        } else if english >= FUNCTION_WORDS * all {
            Self::English
        } else {
            Self::Other
        }
    }
}

/// Turns text into [`Token`]s. Holds the lexicon and, once an index was built, the known words.
#[derive(Debug, Clone)]
pub struct Analyzer {
    lexicon: Lexicon,
    speller: Speller,
    language: Language,
}

impl Analyzer {
    /// Without a list of known words: nothing is mended, every word counts as unknown.
    pub fn new(lexicon: Lexicon, language: Language) -> Self {
        let lexicon = if language == Language::Indonesian { lexicon } else { Lexicon::default() };
        Self { lexicon, speller: Speller::default(), language }
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

    /// Makes the words of one more text known.
    pub fn learn(&mut self, text: &str) {
        for word in self.lexicon.spelled(&words(text)) {
            self.speller.add(&word, 1);
        }
    }

    /// Makes `names` the names of places.
    pub fn name_places<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        self.lexicon.name(PLACE, names);
    }

    /// Leaves what `ideas` stand for as it is; see [`Lexicon::part`].
    pub fn part(&mut self, ideas: &[&str]) {
        self.lexicon.part(ideas);
    }

    /// The lexicon in use.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The words of `text` in standard spelling, typing errors mended; synonyms stay the words that they are.
    pub fn spelled(&self, text: &str) -> Vec<String> {
        let (mended, _) = self.mended(text);
        self.lexicon.spelled(&mended)
    }

    /// The words in standard spelling, and those of them that are unknown and resemble no known one.
    fn mended(&self, text: &str) -> (Vec<String>, Vec<String>) {
        let mut unknown = Vec::new();
        let mended = self
            .lexicon
            .spelled(&words(text))
            .into_iter()
            .map(|word| {
                if self.knows(&word) {
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
        (mended, unknown)
    }

    /// The tokens of `text`, in order.
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        let (standard, unknown) = self.standard(text);
        let mut tokens = self.tokens_of(self.lexicon.unified(&standard), &unknown);
        // One place is where the asker is; of two, one is left for the other, and that is what is asked about.
        let is_place = |token: &Token| token.surface == PLACE;
        if tokens.iter().filter(|token| is_place(token)).count() == 1 {
            tokens.iter_mut().filter(|token| is_place(token)).for_each(|token| token.stop = true);
        }
        tokens.dedup_by(|second, first| second.doubles(first) && !self.lexicon.is_doubled(&first.surface));
        tokens
    }

    /// The words of `text` with chat spelling written out, each with what it is once a typing error is mended.
    pub fn each_mended(&self, text: &str) -> Vec<(String, String)> {
        let spelled = self.lexicon.spelled(&words(text));
        spelled.into_iter().zip(self.mended(text).0).collect()
    }

    /// The words of `text` in standard spelling, typing errors mended, and those of them that are unknown.
    pub fn standard(&self, text: &str) -> (Vec<String>, Vec<String>) {
        let (mended, unknown) = self.mended(text);
        // A mended word may be a chat spelling itself.
        (self.lexicon.spelled(&mended), unknown)
    }

    /// The tokens of words, of which `unknown` are unknown.
    pub fn tokens_of(&self, surfaces: Vec<String>, unknown: &[String]) -> Vec<Token> {
        let token = |surface: String| Token {
            stem: self.stem(&surface),
            stop: self.is_stop(&surface),
            known: !unknown.contains(&surface),
            surface,
        };
        surfaces.into_iter().map(token).collect()
    }

    /// Among Indonesian words those that bind an English sentence tell nothing either.
    fn is_stop(&self, word: &str) -> bool {
        self.lexicon.is_stop(word) || self.language == Language::Indonesian && english::is_function_word(word)
    }

    /// Whether the FAQ or the lexicon has `word`, or one of its stem.
    pub fn knows(&self, word: &str) -> bool {
        self.speller.knows(word) || self.speller.knows(&self.stem(word)) || word.bytes().all(|b| b.is_ascii_digit())
    }

    /// The stem of `word` by the Snowball stemmer of its language (for Indonesian that of Tala 2003, which damages
    /// short words and must not touch protected ones).
    fn stem(&self, word: &str) -> String {
        let algorithm = match self.language {
            Language::Indonesian if word.len() >= 5 && !self.lexicon.is_protected(word) => Algorithm::Indonesian,
            Language::English => Algorithm::English,
            Language::Indonesian | Language::Other => return word.to_owned(),
        };
        let stem = Stemmer::create(algorithm).stem(word);
        if stem.len() >= 3 { stem.into_owned() } else { word.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lexicon::Group;
    use proptest::prelude::*;

    fn analyzer() -> Analyzer {
        let protected = ["pemilu", "berapa"].map(str::to_owned);
        let law = Group { standard: "undang-undang".to_owned(), variants: vec!["uu".to_owned()] };
        Analyzer::new(Lexicon::new(&[law], &[], &protected, &[]), Language::Indonesian)
            .knowing(["kapan pemilih mendaftar pemilu", "berapa"])
    }

    #[test]
    fn stems_but_not_protected_words() {
        let stems: Vec<String> =
            analyzer().tokens("pemilihan pendaftaran pemilu berapa").into_iter().map(|t| t.stem).collect();
        assert_eq!(stems, ["pilih", "daftar", "pemilu", "berapa"]);
    }

    #[test]
    fn a_doubled_word_is_the_word() {
        let surfaces = |text: &str| -> Vec<String> { analyzer().tokens(text).into_iter().map(|t| t.surface).collect() };
        assert_eq!(surfaces("pemilih-pemilih berapa"), surfaces("pemilih berapa"));
        assert_eq!(surfaces("pemilih2 berapa"), surfaces("pemilih berapa"));
        assert_eq!(surfaces("pemilih2nya berapa"), surfaces("pemilih berapa"));
        assert_eq!(surfaces("undang2 pemilih"), ["undang", "undang", "pemilih"]);
        assert_eq!(surfaces("pemilih 2 2 berapa"), ["pemilih", "2", "2", "berapa"]);
        assert_eq!(surfaces("pemilih pendaftaran"), ["pemilih", "pendaftaran"]);
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
