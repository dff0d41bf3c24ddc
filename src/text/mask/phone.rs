//! Telephones: mobile ones, landlines with their area code, other countries' with a plus sign.

use super::run::Run;

/// Whether a telephone can begin at `group`.
pub(super) fn may_be_phone(run: &Run, group: usize) -> bool {
    run.groups[group].mark == '+' || matches!(run.of(group)[0], 0 | 6 | 8)
}

/// Whether a number without its 0 is long enough for a mobile one and begins as such (08 and not 0).
pub(super) fn is_mobile(national: &[u8]) -> bool {
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
pub(super) fn phone(run: &Run, from: usize, to: usize, any_groups: bool) -> Option<usize> {
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
    if let Some(area) = area(national).filter(|_| prefix > 0) {
        let is_fitting = is_free()
            || first >= 3 && first == prefix + area
            || first > prefix + area && !is_in_list(run, from, to)
            || first == country && (run.len(from + 1) == area + trunk || trunk > 0 && run.len(from + 1) == 1);
        return (is_fitting
            && !(first == prefix + area && goes_on_ordinarily(run, from, to))
            && !(any_groups && run.is_list(from, to, true)))
        .then_some(prefix);
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
    to - from > 1 && run.gap(from + 1).blank && (from + 1..to).all(|g| run.is_year(g))
}

/// Whether a mobile number begins at an inner group and ends at `to`, so that what is before it is another number.
pub(super) fn ends_in_phone(run: &Run, from: usize, to: usize) -> bool {
    (from + 1..to).any(|group| {
        run.len(group) >= 3
            && run.slice(group, to).len() >= 10
            && (run.of(group).starts_with(&[0, 8]) || run.of(group).starts_with(&[6, 2, 8]))
            && phone(run, group, to, false).is_some()
    })
}

/// Whether groups of three digits are rather numbers of TPS than a telephone: "081; 082; 103".
pub(super) fn is_row_of_threes(run: &Run, from: usize, to: usize) -> bool {
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
