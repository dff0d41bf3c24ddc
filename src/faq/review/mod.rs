//! What must hold between the files of a FAQ, what can't be meant as it is, and what deserves a look as time passes.
//!
//! A **fault** where the bot would say something untrue or partial, or nothing at all; a **warning** where it deserves a look.
//!
//! - [`same`]: what may stand once only. [`reference`]: what entries point to. [`render`]: answers as voters see them.
//! - [`calendar`] and [`figure`]: dates and numbers of an election. [`handwritten`]: those that were typed by hand.
//! - [`candidate`] and [`sensitive`]: neutrality. [`style`] and [`stray`]: how an answer reads and looks.
//! - [`pending`]: what is said to be open, with nothing that ends it.
//! - [`asn_check`]: what the table of civil servants, and that of breaches, lead to.
//! - [`claim`]: what hoaxes say. [`talk`], [`wording`], [`lexicon`]: small talk, the bot's own wording, the word lists. [`age`]: time. [`length`]: what
//!   is too long to be read on a telephone.
//! - [`fold`], [`day`], [`person`]: texts in plain form; the dates and the persons in them.

mod age;
mod asn_check;
mod calendar;
mod candidate;
mod claim;
mod day;
mod figure;
mod fold;
mod handwritten;
mod length;
pub(super) mod lexicon;
mod pending;
mod person;
pub(super) mod reference;
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
use super::outline::Written;

/// The longest message that Telegram takes, in UTF-16 code units (<https://core.telegram.org/bots/api#sendmessage>).
pub const TELEGRAM_LIMIT: usize = 4096;

/// Faults and warnings between entries, elections and lists. What is `written` but could not be read is no ground for saying
/// that something is missing.
pub fn across(faq: &Faq, written: &Written) -> Vec<Fault> {
    let mut faults = Vec::new();
    let copies = same::phrasings(faq, &mut faults);
    same::titles(faq, &copies, &mut faults);
    claim::check(faq, &mut faults);
    faults.extend(reference::unknown_related(faq, written));
    faults.extend(reference::unknown_stages(faq, written));
    faults.extend(reference::unknown_pages(faq, written));
    render::all(faq, written, &mut faults);
    let people = person::People::of(faq);
    handwritten::check(faq, &people, &mut faults);
    candidate::alike(faq, &mut faults);
    candidate::missing(faq, written, &mut faults);
    candidate::ballot_order(faq, &mut faults);
    candidate::praise(faq, &people, &mut faults);
    sensitive::check(faq, &mut faults);
    calendar::check(faq, &mut faults);
    figure::check(faq, written, &mut faults);
    style::check(faq, &mut faults);
    pending::check(faq, &mut faults);
    talk::check(faq, &people, &mut faults);
    wording::check(faq, &people, &mut faults);
    asn_check::check(faq, written, &people, &mut faults);
    faults
}
