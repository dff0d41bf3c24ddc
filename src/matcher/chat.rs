//! Messages that ask nothing, told without a model: those that only knock ("saya mau tanya", "pak", "tolong"), those that
//! fingers or programs made, and those that are near to small talk and far from everything else ([`seemingly`]).
//!
//! The model of small talk must doubt such messages: they are made of words that stand in most questions. What is said
//! here holds because nothing else is in the message.

use super::index::{COVERAGE, Index, LINEAR, NEAREST, Row, Signals};
use crate::text::analyze::Token;
use crate::text::{is_listed, keyboard};

/// From this cosine on a message is a wording of small talk, word for word.
const SAME_WORDS: f32 = 0.95;
/// A message without a telling word is small talk from this cosine on.
const ALIKE: f32 = 0.5;

/// So many signs that programs use, among words of which at least [`MOSTLY`] are unknown, are a program's.
const SIGNS: usize = 2;
/// See [`SIGNS`].
const MOSTLY: f32 = 0.4;

/// Whether a message is plainly no question, and which kind of small talk it is; none if there is no word in it.
///
/// - Nothing but words that say nothing about what is asked ("tolong dong pak"): the nearest kind.
/// - A wording of small talk, word for word, and not as near to an entry.
/// - Words that most entries use, all known to one kind and nearer to it than to any entry ("boleh nanya ga").
/// - No known word, and a run of the keyboard.
/// - A number alone, or what a program wrote.
pub fn plainly(message: &str, tokens: &[Token], signals: &Signals) -> Option<Option<usize>> {
    let mut content = tokens.iter().filter(|t| !t.stop).peekable();
    if content.peek().is_some() && content.clone().all(|t| !t.known) {
        let surfaces = || content.clone().map(|t| t.surface.as_str());
        return (keyboard::is_run(surfaces()) || surfaces().all(keyboard::is_mashed)).then_some(None);
    }
    // A number alone, or what a program wrote: "1234567890", "#include <stdio.h>".
    let signs = message.chars().filter(|c| "{}[]<>;=#$".contains(*c)).count();
    if !message.chars().any(char::is_alphabetic) || signs >= SIGNS && signals.unknown >= MOSTLY {
        return Some(None);
    }
    let (kind, row) = nearest(&signals.small_talk)?;
    if content.peek().is_none() {
        return Some(Some(kind));
    }
    let entry = nearest_entry(signals);
    let same = row[NEAREST] >= SAME_WORDS;
    let vague = !signals.telling && row[COVERAGE] >= 0.99 && row[NEAREST] >= ALIKE;
    (row[NEAREST] > entry && (same || vague)).then_some(Some(kind))
}

/// The cosine of the phrasing that is nearest, of any entry.
fn nearest_entry(signals: &Signals) -> f32 {
    signals.entries.iter().map(|(_, row)| row[NEAREST]).fold(0.0, f32::max)
}

/// The kind whose wordings are nearest; between kinds equally near the linear model decides.
fn nearest(kinds: &[Row]) -> Option<(usize, Row)> {
    let best = kinds
        .iter()
        .enumerate()
        .max_by(|(_, a), (_, b)| a[NEAREST].total_cmp(&b[NEAREST]).then(a[LINEAR].total_cmp(&b[LINEAR])));
    best.map(|(kind, row)| (kind, *row))
}

/// A message for which no entry is worth an offer is small talk from this cosine on, if it is nearer to small talk than to
/// any entry by [`AHEAD`].
const LIKE_TALK: f32 = 0.38;
/// See [`LIKE_TALK`].
const AHEAD: f32 = 0.1;
/// One that asks something must be as near as this.
const LIKE_TALK_ASKING: f32 = 0.5;
/// The most that may be believed of an entry.
const HARDLY: f64 = 0.25;
/// The largest share of words, by weight, that nobody knows: a brand, a place, a name.
const UNKNOWN: f32 = 0.6;
/// Words that ask for something that a person may know, in standard spelling.
const ASKING: &str = "apa siapa kapan berapa bagaimana kenapa mana dimana kemana boleh bisa cara syarat arti maksud lapor \
    cek daftar hukum sanksi benar hoaks harus wajib";
/// At the end they ask whether it is so: "prabowo menang ga".
const ASKING_AT_THE_END: &str = "tidak bukan belum kan kah ya";
/// What holds no word that only small talk has must be so near, and so much nearer than to any entry, and say so much.
const PLAINLY_TALK: (f32, f32, usize) = (0.4, 0.15, 3);

/// Whether a message that would be forwarded is small talk all the same, and which kind. Nobody can answer "jual madu hutan
/// asli", and who reads such messages all night does not answer those who vote. Nothing that may be a question is taken for
/// it: it is far from all entries and from what is asked beside them, holds a word that only small talk has or is much like a
/// wording, and what asks must be both.
pub fn seemingly(tokens: &[Token], signals: &Signals, confidence: f64, index: &Index) -> Option<usize> {
    let (kind, row) = nearest(&signals.small_talk)?;
    let entry = nearest_entry(signals);
    let last = tokens.last().is_some_and(|t| is_listed(ASKING_AT_THE_END, &t.surface));
    let asks = last || tokens.iter().any(|t| is_listed(ASKING, &t.surface));
    let cosine = row[NEAREST];
    let content = tokens.iter().filter(|t| !t.stop);
    let own = content.clone().any(|t| index.is_small_talk_only(&t.stem));
    let (plain, ahead, words) = PLAINLY_TALK;
    let near = if asks {
        own && cosine >= LIKE_TALK_ASKING && cosine >= entry + AHEAD
    } else if own {
        cosine >= LIKE_TALK && cosine >= entry + AHEAD
    } else {
        content.count() >= words && cosine >= plain && cosine >= entry + ahead
    };
    let is_talk = near && cosine > signals.outside[NEAREST] && confidence < HARDLY && signals.unknown <= UNKNOWN;
    is_talk.then_some(kind)
}
