//! Numbers that identify a person, of any kind.

use super::card::{is_card, is_scheme, luhn};
use super::identity::{has_region_and_date, identity, is_identity};
use super::phone::{ends_in_phone, is_mobile, is_row_of_threes, may_be_phone, phone};
use super::run::Run;

/// A personal number's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Personal {
    /// NIK or number of a family card.
    Identity,
    /// A payment card.
    Card,
    /// A telephone, and how many digits (`0`, `62`, `0062`) stand before what is the same however it is written.
    Phone(usize),
}

/// The most digits in a number of the kinds looked for: a card's. `0062` and a mobile number are 16.
pub(super) const MOST_DIGITS: usize = 19;

/// The fewest digits in a personal number that begins at `group`: a telephone's, else a card's.
pub(super) fn fewest_digits(run: &Run, group: usize) -> usize {
    if may_be_phone(run, group) { 9 } else { 13 }
}

/// What groups `from..to` may be, if written as such numbers are, and at what cost (see [`super::divide`]).
pub(super) fn strong(run: &Run, from: usize, to: usize) -> Option<(Personal, u32)> {
    let (kind, cost) = if let Some(prefix) = phone(run, from, to, false).filter(|_| !is_row_of_threes(run, from, to)) {
        (Personal::Phone(prefix), 5)
    } else {
        match (identity(run, from, to), is_card(run, from, to)) {
            (Some(cost), false) => (Personal::Identity, cost),
            (Some(cost), true) => (Personal::Identity, cost.min(7)),
            (None, true) => (Personal::Card, 7),
            (None, false) if is_several(run, from, to) => (Personal::Identity, 7),
            (None, false) => return None,
        }
    };
    match (run.is_bound(from), run.is_bound(to - 1)) {
        (true, _) if run.is_list(from, to, false) => None,
        (false, false) => Some((kind, cost)),
        _ => Some((kind, cost + 4)),
    }
}

/// What groups `from..to` may be, whatever stands between the digits and wherever.
pub(super) fn weak(run: &Run, from: usize, to: usize) -> Option<Personal> {
    let digits = run.slice(from, to);
    if run.is_bound(from) && run.lengths(from, to).all(|n| n <= 3) {
        return None;
    }
    if let Some(prefix) = phone(run, from, to, true) {
        return (!run.is_list(from, to, false)).then_some(Personal::Phone(prefix));
    }
    let is_identity = is_identity(digits) && !run.is_list(from, to, true)
        || (13..=18).contains(&digits.len()) && run.is_about_identity();
    let is_card = || is_scheme(digits) && luhn(digits) && !run.is_list(from, to, true) && !ends_in_phone(run, from, to);
    let kind = match is_identity {
        true => Personal::Identity,
        false if is_card() => Personal::Card,
        false => return None,
    };
    (!run.is_list(from, to, false)).then_some(kind)
}

/// Twenty or so digits in a row that begin with a NIK or a mobile number: several, written without a blank.
fn is_several(run: &Run, from: usize, to: usize) -> bool {
    let digits = run.slice(from, to);
    to - from == 1
        && digits.len() > 17
        && (has_region_and_date(digits) || is_mobile(&digits[1..10]) && digits[0] == 0 || {
            digits.starts_with(&[6, 2]) && is_mobile(&digits[2..11])
        })
}
