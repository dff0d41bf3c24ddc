//! Payment cards: 13 to 19 digits with a check digit (ISO/IEC 7812).

use super::run::Run;

/// Whether the length is right for the scheme of the first digits (ISO/IEC 7812-1 issuers: Visa, Mastercard, American
/// Express, Diners, JCB, Discover, Maestro, UnionPay).
pub(super) fn is_scheme(digits: &[u8]) -> bool {
    let length = digits.len();
    match digits {
        [4, ..] => matches!(length, 13 | 16 | 19),
        [5, 1..=5, ..] => length == 16,
        [2, 2..=7, ..] => length == 16,
        [3, 4 | 7, ..] => length == 15,
        [3, 0 | 6 | 8 | 9, ..] => matches!(length, 14 | 16),
        [3, 5, ..] => length == 16,
        [6, 0 | 4 | 5, ..] => matches!(length, 16 | 19),
        [6, 2, ..] => (16..=19).contains(&length),
        [5, 0 | 6..=8, ..] | [6, 1 | 3 | 7, ..] => matches!(length, 16 | 18 | 19),
        _ => false,
    }
}

/// Whether groups `from..to` are a card's, grouped as on cards.
pub(super) fn is_card(run: &Run, from: usize, to: usize) -> bool {
    let digits = run.slice(from, to);
    if !(13..=19).contains(&digits.len()) || digits[0] == 0 {
        return false;
    }
    if to - from == 1 {
        return luhn(digits) && (is_scheme(digits) || !digits.ends_with(&[0, 0, 0]));
    }
    let is_by_fours = run.lengths(from, to - 1).all(|n| n == 4) && run.len(to - 1) <= 4 && to - from >= 4;
    let is_shaped = is_by_fours
        || run.has_shape(from, to, &[4, 6, 5])
        || run.has_shape(from, to, &[4, 6, 4])
        || run.is_spelt(from, to);
    is_shaped && is_scheme(digits) && luhn(digits)
}

/// The Luhn check of ISO/IEC 7812-1, annex B, for 13 to 19 digits that are not all alike.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let doubled = |d: u8| if d > 4 { 2 * d - 9 } else { 2 * d };
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(i, d)| u32::from(if i % 2 == 0 { *d } else { doubled(*d) })).sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10) && digits.iter().any(|d| *d != digits[0])
}
