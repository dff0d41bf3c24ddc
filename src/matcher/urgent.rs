//! Messages of somebody in need, told without a model: a phrasing of an urgent kind stands in them, whole and in order.
//!
//! A model weighs words against each other and may find a cry for help near an insult; here one sentence is enough,
//! whatever else the message says. Nor do these phrasings take part in what is learnt of other questions.

use super::Matcher;
use crate::faq::Faq;
use crate::text::analyze::Analyzer;
use crate::text::normalize::words;

/// So many other words may stand between two words of a phrasing ("mau aja bunuh diri").
const BETWEEN: usize = 1;
/// From this length on, in letters, a word may hold one typing error.
const LONG: usize = 5;

/// A phrasing of an urgent kind.
#[derive(Debug, Clone)]
pub struct UrgentPhrasing {
    kind: usize,
    words: Vec<String>,
}

/// In standard spelling, nothing mended: these words need not occur elsewhere in the FAQ.
fn read(text: &str, analyzer: &Analyzer) -> Vec<String> {
    analyzer.lexicon().canonical(&words(text))
}

/// The phrasings of all urgent kinds.
pub(super) fn phrasings(faq: &Faq, analyzer: &Analyzer) -> Vec<UrgentPhrasing> {
    let urgent = faq.urgent.iter().enumerate().flat_map(|(kind, talk)| talk.questions.iter().map(move |q| (kind, q)));
    let read = urgent.map(|(kind, phrasing)| UrgentPhrasing { kind, words: read(&phrasing.text, analyzer) });
    read.filter(|phrasing| !phrasing.words.is_empty()).collect()
}

fn same(own: &str, word: &str) -> bool {
    // One typing error leaves a long word's first letter or its last one as it was: most words are told apart by that.
    let may_be = || own.chars().next() == word.chars().next() || own.chars().next_back() == word.chars().next_back();
    let (length, of_own) = (word.chars().count(), own.chars().count());
    own == word || length >= LONG && length.abs_diff(of_own) <= 1 && may_be() && strsim::osa_distance(own, word) == 1
}

/// Whether `words` stand in `text` in order, with at most [`BETWEEN`] others between two of them.
fn holds(text: &[String], words: &[String]) -> bool {
    let follows = |start: usize| {
        words.iter().try_fold((start, 0), |(from, slack), word| {
            let at = text.iter().skip(from).take(slack + 1).position(|own| same(own, word))?;
            Some((from + at + 1, BETWEEN))
        })
    };
    (0..text.len()).any(|start| follows(start).is_some())
}

impl Matcher {
    /// The urgent kind of the FAQ by which `question` is a message of somebody in need, if it is one.
    pub fn urgent(&self, question: &str) -> Option<usize> {
        self.urgencies.find(question, || {
            let text = read(question, &self.analyzer);
            self.urgent.iter().find(|own| holds(&text, &own.words)).map(|own| own.kind)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrasing_stands_in_order() {
        let split = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let holds = |text: &str| holds(&split(text), &split("mau bunuh diri"));
        assert!(holds("mau bunuh diri") && holds("aku mau bunuh diri saja") && holds("mau aja bunuh diri"));
        assert!(holds("mau bunuuh diri") && !holds("mau lihat film bunuh diri") && !holds("mau bunuh"));
        assert!(!holds("bunuh diri mau"));
        assert!(
            holds("mau bunug diri") && holds("mau vunuh diri") && holds("mau ubnuh diri") && !holds("mau vunug diri")
        );
    }
}
