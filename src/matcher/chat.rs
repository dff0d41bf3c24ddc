//! Messages that ask nothing, told without a model: those that only knock ("saya mau tanya", "pak", "tolong"), and those
//! that fingers made.
//!
//! The model of small talk must doubt such messages: they are made of words that stand in most questions. What is said
//! here holds because nothing else is in the message.

use super::index::{COVERAGE, LINEAR, NEAREST, Signals};
use crate::text::analyze::Token;
use crate::text::keyboard;

/// From this cosine on a message is a wording of small talk, word for word.
const SAME_WORDS: f32 = 0.95;
/// A message without a telling word is small talk from this cosine on.
const ALIKE: f32 = 0.5;

/// Whether a message is plainly no question, and which kind of small talk it is; none if there is no word in it.
///
/// - Nothing but words that say nothing about what is asked ("tolong dong pak"): the nearest kind.
/// - A wording of small talk, word for word, and not as near to an entry.
/// - Words that most entries use, all known to one kind and nearer to it than to any entry ("boleh nanya ga").
/// - No known word, and a run of the keyboard.
pub fn plainly(tokens: &[Token], signals: &Signals) -> Option<Option<usize>> {
    let mut content = tokens.iter().filter(|t| !t.stop).peekable();
    if content.peek().is_some() && content.clone().all(|t| !t.known) {
        return keyboard::is_run(content.map(|t| t.surface.as_str())).then_some(None);
    }
    // Between kinds equally near the linear model decides.
    let nearest = |kinds: &[[f32; 3]]| {
        let best = kinds
            .iter()
            .enumerate()
            .max_by(|(_, a), (_, b)| a[NEAREST].total_cmp(&b[NEAREST]).then(a[LINEAR].total_cmp(&b[LINEAR])));
        best.map(|(kind, row)| (kind, *row))
    };
    let (kind, row) = nearest(&signals.small_talk)?;
    if content.peek().is_none() {
        return Some(Some(kind));
    }
    let entry = signals.entries.iter().map(|(_, row)| row[NEAREST]).fold(0.0, f32::max);
    let same = row[NEAREST] >= SAME_WORDS;
    let vague = !signals.telling && row[COVERAGE] >= 0.99 && row[NEAREST] >= ALIKE;
    (row[NEAREST] > entry && (same || vague)).then_some(Some(kind))
}
