//! Whether a text denies what it tells: a negation right before it, words of those who check and debunk, or those of news.
//!
//! These words stand in `leksikon.toml`: `debunk`, `news`, and `insists`, phrases in which such a word means the opposite
//! ("ini bukan hoaks, sebarkan").

use crate::faq::list::Words;
use crate::text::analyze::{Analyzer, Token};
use crate::text::is_listed;

/// Words that turn round what follows, in standard spelling.
const NEGATIONS: &str = "tidak bukan belum tanpa";
/// How many words that mean something a negation reaches.
const REACH: usize = 3;

/// Whether `word` turns round what follows.
pub(super) fn is_negation(word: &str) -> bool {
    is_listed(NEGATIONS, word)
}

/// Which of `tokens` a negation before them turns round.
pub(super) fn negated(tokens: &[Token]) -> Vec<bool> {
    let mut left = 0;
    let reach = |token: &Token| {
        if is_negation(&token.surface) {
            left = REACH;
            return false;
        }
        let denied = left > 0;
        left -= usize::from(denied && !token.stop);
        denied
    };
    tokens.iter().map(reach).collect()
}

/// How a text reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tone {
    /// Whether it has words of those who check and debunk.
    pub(super) debunks: bool,
    /// How often it has words of news, announcements and corrections.
    pub(super) news: usize,
}

/// Words that tell whether a text debunks.
#[derive(Debug, Clone, Default)]
pub(super) struct Denial {
    debunk: Vec<Vec<String>>,
    news: Vec<Vec<String>>,
    insists: Vec<Vec<String>>,
}

impl Denial {
    pub(super) fn new(words: &Words, analyzer: &Analyzer) -> Self {
        let read = |phrases: &[String]| {
            let read = phrases.iter().map(|phrase| surfaces(&analyzer.tokens(phrase)));
            read.filter(|words: &Vec<String>| !words.is_empty()).collect()
        };
        Self { debunk: read(&words.debunk), news: read(&words.news), insists: read(&words.insists) }
    }

    /// How the text reads: whether like a debunk, and how many words of news are in it.
    pub(super) fn tone(&self, tokens: &[Token]) -> Tone {
        let text = surfaces(tokens);
        let mut tone = Tone::default();
        let mut at = 0;
        while at < text.len() {
            let here = |phrases: &[Vec<String>]| {
                phrases.iter().filter(|phrase| text[at..].starts_with(phrase)).map(Vec::len).max()
            };
            let (insists, debunk, news) = (here(&self.insists), here(&self.debunk), here(&self.news));
            tone.debunks |= insists.is_none() && debunk.is_some();
            tone.news += usize::from(insists.is_none() && debunk.is_none() && news.is_some());
            at += insists.or(debunk).or(news).unwrap_or(1);
        }
        tone
    }
}

fn surfaces(tokens: &[Token]) -> Vec<String> {
    tokens.iter().map(|token| token.surface.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::analyze::Language;
    use crate::text::lexicon::Lexicon;

    fn analyzer() -> Analyzer {
        Analyzer::new(Lexicon::default(), Language::Indonesian)
    }

    #[test]
    fn what_insists_is_no_debunk() {
        let words = Words {
            debunk: vec!["hoaks".to_owned(), "tidak benar".to_owned()],
            news: vec!["ujar".to_owned()],
            insists: vec!["bukan hoaks".to_owned()],
            ..Words::default()
        };
        let denial = Denial::new(&words, &analyzer());
        let tone = |text: &str| denial.tone(&analyzer().tokens(text));
        assert_eq!(tone("ini bukan hoaks sebarkan"), Tone::default());
        assert!(tone("ini bukan hoaks katanya, padahal hoaks").debunks && tone("kabar itu tidak benar").debunks);
        assert_eq!(tone("begitu ujar ketua, ujar sekretaris"), Tone { debunks: false, news: 2 });
    }

    #[test]
    fn a_negation_reaches_a_few_words() {
        let denied = negated(&analyzer().tokens("tidak ada kotak yang pernah ditukar orang"));
        assert_eq!(denied, [false, true, true, true, false, false, false]);
    }
}
