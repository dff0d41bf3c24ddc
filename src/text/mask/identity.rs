//! Numbers of identity and family cards (NIK, KK): 16 digits of a region, a date and a serial number.

use super::phone::ends_in_phone;
use super::run::Run;

/// Codes of the 38 provinces (Kepmendagri 100.1.1-6117/2022); 97 is used by the statistics office only.
fn is_province(code: u8) -> bool {
    matches!(code, 11..=19 | 21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=97)
}

/// Whether `value` can be the pair of digits that stands at `pair` in a NIK or KK: province, regency, district, then the
/// date of birth or issue as day, month and year, 40 added to a woman's day (PP 37/2007, article 37).
fn is_pair(pair: usize, value: u8) -> bool {
    match pair {
        0 => is_province(value),
        1 | 2 => value > 0,
        3 => matches!(value, 1..=31 | 41..=71),
        4 => matches!(value, 1..=12),
        _ => true,
    }
}

fn pair_at(digits: &[u8], at: usize) -> u8 {
    digits[at] * 10 + digits[at + 1]
}

/// Whether the first twelve digits can be those of a NIK or KK.
pub(super) fn has_region_and_date(digits: &[u8]) -> bool {
    (0..5).all(|pair| is_pair(pair, pair_at(digits, 2 * pair)))
}

/// Whether `digits` are a plausible NIK or KK.
pub(super) fn is_identity(digits: &[u8]) -> bool {
    digits.len() == 16 && has_region_and_date(digits)
}

/// Whether they are one with a digit left out or put in somewhere.
fn is_nearly_identity(digits: &[u8]) -> bool {
    match digits.len() {
        ..15 | 16 | 18.. => false,
        // The digit is missing, or too many, in the last four, or anywhere before.
        15 | 17 if has_region_and_date(digits) => true,
        // An amount rather.
        15 if digits.ends_with(&[0, 0, 0]) => false,
        length => (0..12).any(|at| {
            // Pairs before the place are as they stand, those after it are shifted.
            let (own, after) = (at / 2, if length == 15 { 2 * (at / 2) + 1 } else { 2 * (at / 2) + 3 });
            let is_rest = |pair: usize| is_pair(pair, pair_at(digits, after + 2 * (pair - own - 1)));
            (0..own).all(|pair| is_pair(pair, pair_at(digits, 2 * pair)))
                && (own + 1..5).all(is_rest)
                && match (length, at % 2) {
                    (15, 0) => (0..10).any(|missing| is_pair(own, missing * 10 + digits[at])),
                    (15, _) => (0..10).any(|missing| is_pair(own, digits[at - 1] * 10 + missing)),
                    (_, 0) => is_pair(own, pair_at(digits, at + 1)),
                    _ => is_pair(own, digits[at - 1] * 10 + digits[at + 1]),
                }
        }),
    }
}

/// How the 16 digits of a NIK are grouped besides four by four, be they plausible or mistyped.
const SHAPES: [&[usize]; 4] = [&[6, 6, 4], &[4, 2, 6, 4], &[2, 2, 2, 6, 4], &[2, 2, 2, 2, 2, 2, 4]];

/// The same with a digit too few or too many.
const NEAR_SHAPES: [&[usize]; 14] = [
    &[4, 4, 4, 3],
    &[4, 4, 3, 4],
    &[4, 3, 4, 4],
    &[3, 4, 4, 4],
    &[6, 6, 3],
    &[6, 5, 4],
    &[5, 6, 4],
    &[4, 4, 4, 5],
    &[4, 4, 5, 4],
    &[4, 5, 4, 4],
    &[5, 4, 4, 4],
    &[6, 6, 5],
    &[6, 7, 4],
    &[7, 6, 4],
];

/// The cost of reading groups `from..to` as a NIK or KK that is grouped as such numbers are, if they can be one.
pub(super) fn identity(run: &Run, from: usize, to: usize) -> Option<u32> {
    let digits = run.slice(from, to);
    let is_joined = to - from == 1;
    match digits.len() {
        16 => {
            let is_spelt = run.is_spelt(from, to);
            let is_by_fours = run.has_shape(from, to, &[4, 4, 4, 4]);
            if is_joined || is_by_fours {
                return Some(if is_identity(digits) { 5 } else { 9 });
            }
            if SHAPES.iter().any(|shape| run.has_shape(from, to, shape)) && !ends_in_phone(run, from, to) {
                return Some(if is_identity(digits) { 8 } else { 9 });
            }
            if is_identity(digits) && (is_spelt || has_natural_cuts(run, from, to)) {
                return Some(8);
            }
            (is_spelt && to - from == run.groups.len()).then_some(9)
        }
        15 | 17 => {
            let is_shaped = NEAR_SHAPES.iter().any(|shape| run.has_shape(from, to, shape));
            let is_grouped = to - from == 1
                || is_shaped && run.is_uniform(from, to)
                || to - from == run.groups.len() && run.is_spelt(from, to)
                || has_natural_cuts(run, from, to) && run.len(to - 1) + 12 == digits.len() && run.is_uniform(from, to);
            (is_grouped
                && is_nearly_identity(digits)
                && !is_number_and_more(run, from, to)
                && !ends_in_phone(run, from, to))
            .then_some(14)
        }
        _ => None,
    }
}

/// Whether 17 digits are a NIK and a group of one digit.
fn is_number_and_more(run: &Run, from: usize, to: usize) -> bool {
    let digits = run.slice(from, to);
    digits.len() == 17
        && (run.len(to - 1) == 1 && is_identity(&digits[..16]) || run.len(from) == 1 && is_identity(&digits[1..]))
}

/// Whether the groups end where parts of a NIK do, and not all are pairs.
fn has_natural_cuts(run: &Run, from: usize, to: usize) -> bool {
    let start = run.groups[from].digits.start;
    run.groups[from + 1..to].iter().all(|g| matches!(g.digits.start - start, 2 | 4 | 6 | 8 | 10 | 12))
        && run.lengths(from, to).any(|n| n > 2)
}
