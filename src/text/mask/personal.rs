//! Numbers that identify a person: NIK and family card (KK), telephone, payment card.

use super::ordinary::is_year;
use super::read::Run;

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

fn may_be_phone(run: &Run, group: usize) -> bool {
    run.groups[group].mark == '+' || matches!(run.of(group)[0], 0 | 6 | 8)
}

impl Run {
    fn is_about(&self, words: &[&str]) -> bool {
        self.before.iter().any(|w| words.contains(&w.as_str()))
    }

    /// Whether the words before the run announce a telephone number.
    pub(super) fn is_about_phones(&self) -> bool {
        self.is_about(&[
            "hp",
            "nohp",
            "hape",
            "handphone",
            "ponsel",
            "wa",
            "whatsapp",
            "telp",
            "tlp",
            "telepon",
            "telpon",
            "tel",
            "phone",
            "call",
            "sms",
            "hubungi",
            "kontak",
            "cp",
            "dana",
            "ovo",
            "gopay",
            "me",
        ])
    }

    fn is_about_identity(&self) -> bool {
        self.is_about(&["nik", "ktp", "ektp", "kk", "nokk", "nonik", "kependudukan", "keluarga", "identitas"])
    }

    fn lengths(&self, from: usize, to: usize) -> impl Iterator<Item = usize> + Clone + '_ {
        self.groups[from..to].iter().map(|g| g.digits.len())
    }

    /// Whether each digit stands alone, all separated in the same way.
    fn is_spelt(&self, from: usize, to: usize) -> bool {
        self.groups[from].spelt >= to - from
    }

    fn has_shape(&self, from: usize, to: usize, shape: &[usize]) -> bool {
        self.lengths(from, to).eq(shape.iter().copied())
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &[u8] {
        &self.digits[self.groups[from].digits.start..self.groups[to - 1].digits.end]
    }
}

/// What groups `from..to` may be, if written as such numbers are, and at what cost (see [`super::divide`]).
pub(super) fn strong(run: &Run, from: usize, to: usize) -> Option<(Personal, u32)> {
    if run.is_bound(from) && is_list(run, from, to, false) {
        return None;
    }
    let (kind, cost) = if let Some(prefix) = phone(run, from, to, false).filter(|_| !is_row_of_threes(run, from, to)) {
        (Personal::Phone(prefix), 5)
    } else {
        match (strong_identity(run, from, to), is_strong_card(run, from, to)) {
            (Some(cost), false) => (Personal::Identity, cost),
            (Some(cost), true) => (Personal::Identity, cost.min(7)),
            (None, true) => (Personal::Card, 7),
            (None, false) if is_several(run, from, to) => (Personal::Identity, 7),
            (None, false) => return None,
        }
    };
    let is_bound = run.is_bound(from) || run.is_bound(to - 1);
    Some((kind, if is_bound { cost + 4 } else { cost }))
}

/// Whether groups of three digits are rather numbers of TPS than a telephone: "081; 082; 103".
fn is_row_of_threes(run: &Run, from: usize, to: usize) -> bool {
    let goes_on = |outside: usize, group: usize| {
        run.groups.get(outside).is_some_and(|g| g.digits.len() == 3) && run.gap(group) == run.gap(from + 1)
    };
    to - from > 1
        && run.groups[from].mark != '+'
        && run.lengths(from, to).all(|n| n == 3)
        && (to - from == 3 && run.gap(from + 1).parts_a_list()
            || from > 0 && goes_on(from - 1, from)
            || goes_on(to, to))
}

/// What groups `from..to` may be, whatever stands between the digits and wherever.
pub(super) fn weak(run: &Run, from: usize, to: usize) -> Option<Personal> {
    let digits = run.slice(from, to);
    if run.is_bound(from) && run.lengths(from, to).all(|n| n <= 3) {
        return None;
    }
    if let Some(prefix) = phone(run, from, to, true) {
        return (!is_list(run, from, to, false)).then_some(Personal::Phone(prefix));
    }
    let kind = if (15..=17).contains(&digits.len()) && run.is_about_identity() {
        Personal::Identity
    } else if is_identity(digits) && !is_list(run, from, to, true) {
        Personal::Identity
    } else if is_scheme(digits) && luhn(digits) && !is_list(run, from, to, true) && !ends_in_phone(run, from, to) {
        Personal::Card
    } else {
        return None;
    };
    (!is_list(run, from, to, false)).then_some(kind)
}

/// Whether small numbers are listed: with commas or the like, or (`is_ascending`) five or more from small to great.
fn is_list(run: &Run, from: usize, to: usize, is_ascending: bool) -> bool {
    let is_small = run.lengths(from, to).all(|n| n <= 3) && run.lengths(from, to).any(|n| n > 1);
    // Zeros before small numbers make all of one length, else they are parts of something.
    let is_alike = run.lengths(from, to).all(|n| n == run.len(from));
    let has_zeros = run.of(from)[0] == 0 || (from..to).any(|group| run.len(group) > 1 && run.of(group)[0] == 0);
    if has_zeros && !is_alike {
        return false;
    }
    let is_ordered = || (from + 1..to).all(|group| run.value(group) > run.value(group - 1));
    let is_parted = || (from + 1..to).all(|group| run.gap(group).parts_a_list());
    is_small && if is_ascending { to - from >= 5 && is_ordered() } else { is_parted() }
}

// --- NIK and KK ---

/// Codes of the 38 provinces (Permendagri 72/2019, and UU 14 to 16 and 29/2022 for the new ones in Papua).
fn is_province(code: u8) -> bool {
    matches!(code, 11..=19 | 21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=97)
}

/// Whether `value` can be the pair of digits that stands at `pair` in a NIK or KK: province, regency, district, then the
/// date of birth or issue as day, month and year, 40 added to a woman's day (PP 40/2019, article 37).
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
fn has_region_and_date(digits: &[u8]) -> bool {
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

fn strong_identity(run: &Run, from: usize, to: usize) -> Option<u32> {
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

/// Whether a mobile number begins at an inner group and ends at `to`, so that what is before it is another number.
fn ends_in_phone(run: &Run, from: usize, to: usize) -> bool {
    (from + 1..to).any(|group| {
        run.len(group) >= 3
            && run.slice(group, to).len() >= 10
            && (run.of(group).starts_with(&[0, 8]) || run.of(group).starts_with(&[6, 2, 8]))
            && phone(run, group, to, false).is_some()
    })
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

// --- telephones ---

fn is_mobile(national: &[u8]) -> bool {
    national.len() >= 8 && national[0] == 8 && national[1] != 0
}

/// Whether a number without its 0 begins with an area code (of two digits in the five greatest cities, else three) and
/// goes on as a subscriber's number does.
fn area(national: &[u8]) -> Option<usize> {
    let area = match national {
        [2, 1 | 2 | 4, ..] | [3 | 6, 1, ..] => 2,
        [2, 3 | 5..=9, _, ..] | [3, 2..=8, _, ..] | [4, 0..=8, _, ..] => 3,
        [5, 1..=6, _, ..] | [6, 2..=5, _, ..] | [7, 0..=7, _, ..] | [9, 0..=8, _, ..] => 3,
        _ => return None,
    };
    let subscriber = national.get(area..)?;
    let is_hotline =
        subscriber.starts_with(&[1, 5, 0, 0]) || subscriber.len() == 5 && subscriber.starts_with(&[1, 4, 0]);
    ((5..=8).contains(&subscriber.len()) && (8..=10).contains(&national.len()) && subscriber[0] != 0 && !is_hotline)
        .then_some(area)
}

/// How long the prefix (`0`, `62`) is, if groups `from..to` are a telephone's. `any_groups`: wherever they are divided.
fn phone(run: &Run, from: usize, to: usize, any_groups: bool) -> Option<usize> {
    let digits = run.slice(from, to);
    let has_plus = run.groups[from].mark == '+';
    if !may_be_phone(run, from) {
        return None;
    }
    let country = match digits {
        [0, 0, 6, 2, ..] => 4,
        [6, 2, ..] => 2,
        _ => 0,
    };
    let trunk = usize::from(digits.get(country) == Some(&0));
    let prefix = country + trunk;
    let national = &digits[prefix..];
    let is_joined = to - from == 1;
    let is_free = || any_groups || is_joined || has_plus || run.is_spelt(from, to);
    let first = run.len(from);
    if is_mobile(national) {
        let longest = if is_joined { 13 } else { 12 };
        let is_fitting = match (country, trunk) {
            (0, 0) => is_bare_mobile(run, from, to, any_groups),
            (0, _) => is_free() || first >= 3,
            _ if is_free() => true,
            _ if first == country => run.len(from + 1) + trunk >= 2,
            _ => (3..=6).contains(&first) && !run.gap(from + 1).parts_a_list() && !is_in_list(run, from, to),
        };
        return (national.len() <= longest && is_fitting).then_some(prefix);
    }
    if prefix > 0 {
        if let Some(area) = area(national) {
            let is_fitting = is_free()
                || first >= 3 && first == prefix + area
                || first > prefix + area && !is_in_list(run, from, to)
                || first == country && (run.len(from + 1) == area + trunk || trunk > 0 && run.len(from + 1) == 1);
            return (is_fitting
                && !(first == prefix + area && goes_on_ordinarily(run, from, to))
                && !(any_groups && is_list(run, from, to, true)))
            .then_some(prefix);
        }
    }
    // Another country's, E.164: at most 15 digits.
    let is_foreign = has_plus && (9..=15).contains(&digits.len()) && digits[0] != 0
        || digits.starts_with(&[0, 0]) && is_joined && (11..=17).contains(&digits.len());
    (is_foreign && (is_joined || any_groups)).then_some(0)
}

/// Whether the run goes on before or after `from..to` as it does inside.
fn is_in_list(run: &Run, from: usize, to: usize) -> bool {
    to - from > 1 && (run.gap(from) == run.gap(from + 1) || run.gap(to) == run.gap(to - 1))
}

/// `812-3456-7890`, the 0 left out.
fn is_bare_mobile(run: &Run, from: usize, to: usize, any_groups: bool) -> bool {
    let digits = run.slice(from, to);
    let is_named = run.is_about_phones();
    let shortest = if is_named { 9 } else { 10 };
    if !(shortest..=12).contains(&digits.len()) || run.groups[from].mark == '#' {
        return false;
    }
    if to - from == 1 {
        return is_named || !digits.ends_with(&[0, 0, 0]);
    }
    let is_grouped = matches!(run.len(from), 3 | 4)
        && run.lengths(from + 1, to).all(|n| (3..=5).contains(&n) || n > 6 && to - from == 2)
        && run.is_uniform(from, to);
    let inside = run.gap(from + 1);
    let is_listed = inside.parts_a_list()
        || inside.core == ','
        || is_in_list(run, from, to)
        || (from..to).all(|group| run.of(group).ends_with(&[0]));
    if is_named {
        return any_groups || is_grouped || run.is_spelt(from, to);
    }
    is_grouped && !is_listed
}

/// Whether an area code is followed by years only: "TPS 021 2019 2024".
fn goes_on_ordinarily(run: &Run, from: usize, to: usize) -> bool {
    to - from > 1 && run.gap(from + 1).blank && (from + 1..to).all(|g| run.len(g) == 4 && is_year(run.value(g)))
}

// --- payment cards ---

/// Whether the length is right for the scheme of the first digits (ISO/IEC 7812-1 issuers: Visa, Mastercard, American
/// Express, Diners, JCB, Discover, Maestro, UnionPay).
fn is_scheme(digits: &[u8]) -> bool {
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

fn is_strong_card(run: &Run, from: usize, to: usize) -> bool {
    let digits = run.slice(from, to);
    let length = digits.len();
    if !(13..=19).contains(&length) || digits[0] == 0 {
        return false;
    }
    if to - from == 1 {
        return luhn(digits) && (is_scheme(digits) || !digits.ends_with(&[0, 0, 0]));
    }
    let is_by_fours = run.lengths(from, to - 1).all(|n| n == 4) && run.len(to - 1) <= 4 && to - from >= 4;
    ((3..=6).contains(&digits[0]) || is_scheme(digits))
        && (is_by_fours
            || run.has_shape(from, to, &[4, 6, 5])
            || run.has_shape(from, to, &[4, 6, 4])
            || run.is_spelt(from, to) && is_scheme(digits))
        && luhn(digits)
        && !(is_by_fours && length > 16 && luhn(&digits[..16]))
        && !ends_in_phone(run, from, to)
}

/// The Luhn check of ISO/IEC 7812-1, annex B, for 13 to 19 digits that are not all alike.
fn luhn(digits: &[u8]) -> bool {
    let doubled = |d: u8| if d > 4 { 2 * d - 9 } else { 2 * d };
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(i, d)| u32::from(if i % 2 == 0 { *d } else { doubled(*d) })).sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10) && digits.iter().any(|d| *d != digits[0])
}
