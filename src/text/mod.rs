//! Floor 1: text. Words, chat spelling, stems, edit distance, masking, and numbers and dates in Indonesian.
//!
//! Knows nothing of a FAQ or of Telegram. Everything here is a pure function of its input.
//!
//! - [`normalize`]: any Unicode to plain lower-case words.
//! - [`lexicon`]: chat spelling and synonyms to one word per idea; which words carry no meaning.
//! - [`analyze`]: both, and stems, put together: a question as the matcher sees it.
//! - [`spell`]: unknown words to known ones, by edit distance.
//! - [`indonesian`]: numbers, lists and dates as Indonesians write them. [`english`]: the same in English, and words that tell
//!   nothing. [`language`]: either of both, and which one somebody wrote.
//! - [`cut`]: long text in parts. [`inert`]: names of people, in which nothing is active.
//! - [`year`]: the years that a text names.
//! - [`keyboard`]: runs of a keyboard.
//! - [`mask`]: identity numbers, phone numbers and e-mail out of what a voter wrote.

use rustc_hash::FxHashSet;

pub mod analyze;
pub mod cut;
pub mod english;
pub mod indonesian;
pub mod inert;
pub mod keyboard;
pub mod language;
pub mod lexicon;
pub mod mask;
pub mod normalize;
pub mod spell;
pub mod year;

/// The words of `list`, which has one blank between words: for long lists that each word of a question is looked for in.
pub(crate) fn word_set(list: &'static str) -> FxHashSet<&'static str> {
    list.split(' ').collect()
}

/// Whether `word` is one of `list`, which has one blank between words.
pub(crate) fn is_listed(list: &str, word: &str) -> bool {
    // Most words are on no list: whether one could be is seen many letters at a time.
    list.contains(word) && list.split(' ').any(|listed| listed == word)
}
