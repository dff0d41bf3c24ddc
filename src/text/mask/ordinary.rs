//! Numbers that are nobody's: dates, times, years, amounts, votes, hotlines, numbers of laws, scores, lists.

use super::identity::is_identity;
use super::run::{Gap, Run, is_year};

/// Groups `from..to` of a run that read as one ordinary number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ordinary {
    pub from: usize,
    pub to: usize,
    /// How unlikely it is to be what it looks like; see [`super::divide`].
    pub cost: u32,
    /// Whether its form is so marked that a personal number written in an odd form does not contain it.
    pub is_firm: bool,
}

/// All ordinary numbers in `run`, by where they begin.
pub(super) fn ordinary(run: &Run) -> Vec<Ordinary> {
    let mut found = Vec::new();
    for from in 0..run.groups.len() {
        let mut push = |groups: usize, cost: u32, is_firm: bool| {
            found.push(Ordinary { from, to: from + groups, cost, is_firm });
        };
        if run.is_year(from) {
            push(1, 1, false);
        }
        if run.is_year(from)
            && run.is_year(from + 1)
            && matches!(run.gap(from + 1).core, '-' | '/')
            && run.is_bounded(from, from + 2)
        {
            push(2, 1, false);
        }
        if run.is_bound(from) {
            push(1, 2, false);
        }
        if is_amount(run, from) || is_ticket(run, from) {
            push(1, 1, false);
        }
        if is_compact_date(run.of(from)) {
            push(1, 2, false);
        }
        date(run, from, &mut push);
        time(run, from, &mut push);
        pair(run, from, &mut push);
        decimal(run, from, &mut push);
        hotline(run, from, &mut push);
        if let Some((groups, is_firm)) = thousands(run, from) {
            push(groups, 2, is_firm);
        }
        let shortest = if run.len(from) == 3 { 3 } else { 4 };
        for list in shortest..=consecutive(run, from) {
            push(list, 2, false);
        }
    }
    found
}

fn is_day_and_month(day: u32, month: u32) -> bool {
    (1..=31).contains(&day) && (1..=12).contains(&month)
}

/// `14022024`, `20240214`, `20240214070000`.
fn is_compact_date(digits: &[u8]) -> bool {
    let n = |from: usize, to: usize| digits[from..to].iter().fold(0, |n, d| n * 10 + u32::from(*d));
    let is_ymd = || is_year(n(0, 4)) && is_day_and_month(n(6, 8), n(4, 6));
    match digits.len() {
        8 => is_ymd() || is_year(n(4, 8)) && is_day_and_month(n(0, 2), n(2, 4)),
        12 => is_ymd() && n(8, 10) < 24 && n(10, 12) < 60,
        14 => is_ymd() && n(8, 10) < 24 && n(10, 12) < 60 && n(12, 14) < 60,
        _ => false,
    }
}

/// Money and votes written without separators: "Rp 76656312294000", "96214691 suara".
fn is_amount(run: &Run, group: usize) -> bool {
    let digits = run.of(group);
    let is_last = group + 1 == run.groups.len();
    let is_money = group == 0 && run.is_money() || is_last && run.ends_in_money();
    // Nobody counts more than there are people.
    let is_count = is_last && run.is_counted() && digits.len() <= 9;
    digits[0] != 0 && (is_count || is_money && (digits.len() <= 15 || digits.ends_with(&[0, 0, 0])))
}

/// `#475323`, the number of a ticket.
fn is_ticket(run: &Run, group: usize) -> bool {
    run.groups[group].mark == '#' && run.len(group) <= 10 && run.of(group)[0] != 0
}

/// Day, month and year in figures, and `7/2017`.
fn date(run: &Run, at: usize, push: &mut impl FnMut(usize, u32, bool)) {
    let is_short = |group: usize| run.len(group) <= 2;
    let left = run.groups.len() - at;
    let core = run.gap(at + 1).core;
    if left >= 2 && core == '/' {
        if run.len(at) <= 3 && run.is_year(at + 1) {
            push(2, 2, false);
        }
        let (day, month) = (run.value(at), run.value(at + 1));
        // 12/27 is when a card ends.
        let is_expiry = (1..=12).contains(&day) && (20..50).contains(&month);
        if is_short(at) && is_short(at + 1) && (is_day_and_month(day, month) || is_expiry) && run.is_bounded(at, at + 2)
        {
            push(2, 2, false);
        }
    }
    if left < 3 || !matches!(core, '-' | '/' | '.' | ' ') || run.gap(at + 2).core != core {
        return;
    }
    let (first, second, third) = (run.value(at), run.value(at + 1), run.value(at + 2));
    if is_short(at) && is_short(at + 1) && is_day_and_month(first, second) {
        if run.is_year(at + 2) {
            push(3, 2, core != ' ');
        } else if is_short(at + 2) && run.len(at + 2) == 2 && core != ' ' && run.is_bounded(at, at + 3) {
            push(3, 2, false);
        }
    } else if run.is_year(at) && is_short(at + 1) && is_short(at + 2) && is_day_and_month(third, second) {
        push(3, 2, core != ' ');
    }
}

/// `08.00`, `8:00:15`, `0700-1300`.
fn time(run: &Run, at: usize, push: &mut impl FnMut(usize, u32, bool)) {
    let left = run.groups.len() - at;
    if left < 2 {
        return;
    }
    let Gap { core, blank } = run.gap(at + 1);
    let is_sixty = |group: usize| run.len(group) == 2 && run.value(group) < 60;
    let is_time = |at: usize| run.len(at) <= 2 && run.value(at) <= 24 && is_sixty(at + 1);
    let is_range = || {
        run.gap(at + 2).core == '-'
            && run.gap(at + 3) == run.gap(at + 1)
            && is_time(at + 2)
            && run.gap(at + 4) != run.gap(at + 2)
    };
    if left >= 4 && matches!(core, '.' | ':') && !blank && is_time(at) && is_range() {
        push(4, 3, true);
    }
    if matches!(core, '.' | ':') && !blank && is_time(at) {
        if run.is_bounded(at, at + 2) {
            push(2, 2, false);
        } else if left >= 3 && run.gap(at + 2) == run.gap(at + 1) && is_sixty(at + 2) && run.is_bounded(at, at + 3) {
            push(3, 2, false);
        }
    }
    let is_hour = |group: usize| run.len(group) == 4 && run.value(group) <= 2400 && run.value(group).is_multiple_of(5);
    let is_clock = |group: usize| is_hour(group) && run.value(group) % 100 < 60;
    if core == '-'
        && is_clock(at)
        && is_clock(at + 1)
        && run.value(at) < run.value(at + 1)
        && run.is_bounded(at, at + 2)
    {
        push(2, 2, false);
    }
}

/// Two small numbers with a hyphen: hours, days, goals.
fn pair(run: &Run, at: usize, push: &mut impl FnMut(usize, u32, bool)) {
    if run.groups.len() - at < 2 {
        return;
    }
    let is_score = run.is_about_scores();
    let (limit, length) = if is_score { (199, 3) } else { (31, 2) };
    let is_joined = run.gap(at + 1).core == '-' || is_score && run.gap(at + 1).core == ':';
    let is_small = |group: usize| run.len(group) <= length && run.value(group) <= limit;
    if is_joined && is_small(at) && is_small(at + 1) && run.is_bounded(at, at + 2) {
        push(2, 2, false);
    }
}

/// `58,59%` and `-6.2088, 106.8456`.
fn decimal(run: &Run, at: usize, push: &mut impl FnMut(usize, u32, bool)) {
    let left = run.groups.len() - at;
    let is_share = |group: usize| matches!(run.groups[group].next, '%' | '‰');
    if run.len(at) <= 3 && is_share(at) {
        push(1, 2, false);
    }
    let is_point = |group: usize| matches!(run.gap(group).core, '.' | ',') && !run.gap(group).blank;
    if left < 2 || !is_point(at + 1) || run.len(at) > 3 {
        return;
    }
    if is_share(at + 1) {
        push(2, 2, true);
    }
    // Latitude and longitude of a place in Indonesia.
    if left >= 4
        && is_point(at + 3)
        && run.value(at) <= 11
        && (94..=142).contains(&run.value(at + 2))
        && run.len(at + 1) >= 3
        && run.len(at + 3) >= 3
        && (run.gap(at + 2).core != run.gap(at + 1).core || run.gap(at + 2).blank)
    {
        push(4, 2, true);
    }
}

/// `1500-046`, `0800-1-500-046`, `0804 1 500 500`: numbers that anyone may call.
fn hotline(run: &Run, at: usize, push: &mut impl FnMut(usize, u32, bool)) {
    let left = run.groups.len() - at;
    if run.of(at) == [1, 5, 0, 0] && left >= 2 && run.len(at + 1) == 3 {
        push(2, 2, true);
    }
    if matches!(run.len(at), 4 | 10..=12) && matches!(run.of(at)[..4], [0, 8, 0, 0 | 1 | 4 | 7 | 9]) {
        let most = if left > 1 && matches!(run.len(at + 1), 4 | 5) { 1 } else { left.min(5) };
        let mut total = 0;
        for groups in 1..=most {
            total += run.len(at + groups - 1);
            if (9..=12).contains(&total) {
                push(groups, 2, groups > 1);
            }
        }
    }
}

/// How many groups from `at` on make a number with thousand separators, perhaps with decimals, and whether the form is
/// marked: two points or commas.
fn thousands(run: &Run, at: usize) -> Option<(usize, bool)> {
    if run.len(at) > 3 || run.of(at)[0] == 0 {
        return None;
    }
    let mut to = at + 1;
    while to < run.groups.len().min(at + 8) && run.len(to) == 3 && run.gap(to) == run.gap(at + 1) {
        to += 1;
    }
    let Gap { core, blank } = run.gap(at + 1);
    let is_separator = match core {
        '.' | ',' | '\'' => !blank,
        ' ' => true,
        _ => false,
    };
    if to - at < 2 || !is_separator || run.gap(to) == run.gap(at + 1) || run.gap(at) == run.gap(at + 1) {
        return None;
    }
    let digits = &run.digits[run.groups[at].digits.start..run.groups[to - 1].digits.end];
    let is_named = at == 0 && run.is_money() || to == run.groups.len() && run.is_counted();
    let is_phone_like = digits.len() >= 9 && (digits[0] == 8 || digits.starts_with(&[6, 2]));
    let is_doubtful = core == ' ' && (digits.len() > 9 || to - at < 3 || is_phone_like)
        || is_phone_like && (run.is_about_phones() || run.groups[at].mark == '+')
        || digits.len() == 16 && !digits.ends_with(&[0, 0, 0]) && is_identity(digits);
    if is_doubtful && !is_named {
        return None;
    }
    let has_cents =
        to < run.groups.len() && run.len(to) <= 2 && matches!(run.gap(to), Gap { core: ',' | '.', blank: false });
    Some((to - at + usize::from(has_cents), to - at > 2 && core != ' '))
}

/// How many groups from `at` on count up by one, at most 20: "8 9 10 11 12".
fn consecutive(run: &Run, at: usize) -> usize {
    let is_next = |group: &usize| {
        let (before, own) = (*group - 1, *group);
        run.len(before) <= 3 && run.value(own) == run.value(before) + 1 && run.gap(own) == run.gap(at + 1)
    };
    1 + (at + 1..run.groups.len()).take(19).take_while(is_next).count()
}
