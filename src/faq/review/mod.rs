//! What must hold between the files of a FAQ, what can't be meant as it is, and what deserves a look as time passes.
//!
//! A **fault** where the bot would say something untrue or partial, or nothing at all; a **warning** where it deserves a look.
//!
//! - [`same`]: what may stand once only. [`reference`]: what entries point to. [`render`]: answers as voters see them.
//! - [`calendar`] and [`figure`]: dates and numbers of an election. [`handwritten`]: those that were typed by hand.
//! - [`candidate`] and [`sensitive`]: neutrality. [`style`] and [`stray`]: how an answer reads and looks.
//! - [`talk`], [`wording`], [`lexicon`]: small talk, the bot's own wording, the word lists. [`age`]: time.
//! - [`fold`], [`day`], [`person`]: texts in plain form; the dates and the persons in them.

mod age;
mod calendar;
mod candidate;
mod day;
mod figure;
mod fold;
mod handwritten;
pub(super) mod lexicon;
mod person;
mod reference;
mod render;
mod same;
mod sensitive;
mod stray;
mod style;
mod talk;
mod wording;

pub use age::as_of;

use super::Faq;
use super::fault::Fault;

/// The longest message that Telegram takes, in UTF-16 code units (<https://core.telegram.org/bots/api#sendmessage>).
pub const TELEGRAM_LIMIT: usize = 4096;

/// What of a FAQ could be read whole. What could not is no ground for saying that something is missing.
#[derive(Debug, Clone, Copy)]
pub struct Intact {
    /// Every entry of every file.
    pub entries: bool,
    /// Every stage, candidate and figure.
    pub elections: bool,
}

/// Faults and warnings between entries, elections and lists.
pub fn across(faq: &Faq, intact: Intact) -> Vec<Fault> {
    let mut faults = Vec::new();
    same::ids(faq, &mut faults);
    same::phrasings(faq, &mut faults);
    same::titles(faq, &mut faults);
    reference::related(faq, intact, &mut faults);
    if intact.elections {
        reference::stages(faq, &mut faults);
    }
    render::all(faq, intact, &mut faults);
    let people = person::People::of(faq);
    handwritten::check(faq, &people, &mut faults);
    candidate::alike(faq, &mut faults);
    candidate::missing(faq, intact, &mut faults);
    candidate::ballot_order(faq, &mut faults);
    candidate::praise(faq, &people, &mut faults);
    sensitive::check(faq, &mut faults);
    calendar::check(faq, &mut faults);
    figure::check(faq, &mut faults);
    style::check(faq, &mut faults);
    talk::check(faq, &people, &mut faults);
    wording::check(faq, &people, &mut faults);
    faults
}
