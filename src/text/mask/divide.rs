//! A run of digits divided into the numbers in it.
//!
//! Every stretch of groups that reads as some number has a cost: the less likely that reading, the dearer. A group that
//! reads as nothing costs most. The division of least cost tells where each number begins and ends: in "5 0812 3456
//! 7890" a telephone after a 5, in "12-05-1990 0812 3456 7890" one after a date, in "2014 2019 2024 2029" four years.

use super::Offices;
use super::ordinary::{Ordinary, ordinary};
use super::personal::{MOST_DIGITS, Personal, fewest_digits, strong, weak};
use super::run::{Gap, Run};

/// Cost of a group that reads as no number. Everything that was written as such numbers are costs 1 to 14.
const PLAIN: u32 = 20;
/// Cost of a personal number that is grouped as nobody groups it. It must explain its run alone: see [`divide`].
const ODD: u32 = 15;
/// A cost that is too much for a division with a number that is grouped oddly. A short group beside it costs half.
const MANY: u32 = 400;
/// The longest group that may stand beside a number that is grouped oddly.
const SHORT: usize = 3;

/// A number in a run, or a group that is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// The groups.
    pub from: usize,
    pub to: usize,
    /// What it is, if it is personal and no office's.
    pub personal: Option<Personal>,
    cost: u32,
    /// See [`Ordinary`].
    is_firm: bool,
}

/// `run` in parts, in order.
///
/// First only numbers are looked for that are written as such numbers are, among all others. If more than one short
/// group is left over, the run may be one number with separators at odd places; this is taken if it leaves no more than
/// one short group, so that a long list of small numbers isn't searched for digits that happen to fit.
pub(super) fn divide(run: &Run, offices: &Offices) -> Vec<Part> {
    let ordinary = ordinary(run);
    let personal = |from, to, personal, cost| match personal {
        Personal::Phone(prefix) if offices.has(&run.slice(from, to)[prefix..]) => {
            Part { from, to, personal: None, cost: 1, is_firm: true }
        }
        personal => Part { from, to, personal: Some(personal), cost, is_firm: false },
    };
    let tiled = tiled(&ordinary, run.groups.len());
    let is_tiled = |from: usize, to: usize| to - from > 1 && to - from < 32 && tiled[from] & 1 << (to - from) != 0;
    let firm: Vec<&Ordinary> = ordinary.iter().filter(|o| o.is_firm).collect();
    let is_split = |from: usize, to: usize| {
        // A firm number is at most nine groups long.
        let start = firm.partition_point(|o| o.from + 9 < from);
        firm[start..].iter().take_while(|o| o.from < to).any(|o| o.to > from)
    };
    let written = |from: usize, parts: &mut Vec<Part>| {
        let start = ordinary.partition_point(|o| o.from < from);
        let here = ordinary[start..].iter().take_while(|o| o.from == from);
        parts.extend(here.map(|o| Part { from, to: o.to, personal: None, cost: o.cost, is_firm: o.is_firm }));
        parts.extend(ends(run, from).filter_map(|to| {
            // A marked form inside makes it doubtful, unless there is nothing else.
            let is_doubtful = |cost: u32| {
                (cost > 7 || !run.is_uniform(from, to)) && to - from < run.groups.len() && is_split(from, to)
            };
            let (kind, cost) = strong(run, from, to).filter(|(_, cost)| !is_tiled(from, to) && !is_doubtful(*cost))?;
            Some(personal(from, to, kind, cost))
        }));
    };
    let plain = |group: usize| if run.groups[group].faint { 0 } else { PLAIN };
    let first = cheapest(run, u32::MAX, plain, written).unwrap_or_default();
    let left_over: Vec<usize> = first.iter().filter(|p| p.cost == PLAIN).map(|p| run.len(p.from)).collect();
    // Beside what is explained, one short number may stand; instead of it none, beside an oddly grouped one.
    let limit = match left_over[..] {
        [] => return first,
        [length] if length <= SHORT => MANY / 2,
        _ => MANY,
    };
    let one_short = |group: usize| match run.len(group) {
        _ if run.groups[group].faint => 0,
        length if length <= SHORT => MANY / 2,
        _ => MANY,
    };
    let any = |from: usize, parts: &mut Vec<Part>| {
        written(from, parts);
        let odd = ends(run, from).filter_map(|to| {
            let kind = weak(run, from, to).filter(|kind| explains_more(run, &first, from, to, *kind))?;
            Some(personal(from, to, kind, ODD))
        });
        parts.extend(odd);
    };
    cheapest(run, limit, one_short, any).unwrap_or(first)
}

/// Whether one personal number in groups `from..to` explains more than `first` does.
///
/// Of that it may take one ordinary number, or half as many as there are groups left over; as many if it is a telephone
/// and all of the run; any, if it is a NIK or a card and all of the run. It may take no part of one, and none of a marked
/// form. What looks like an ordinary number but is separated in another way before than behind does not count: in a list
/// it is not.
fn explains_more(run: &Run, first: &[Part], from: usize, to: usize, kind: Personal) -> bool {
    let start = first.partition_point(|p| p.to <= from);
    let (mut ordinary, mut others) = (0, 0);
    for part in first[start..].iter().take_while(|p| p.from < to) {
        let (before, behind) = (run.gap(part.from), run.gap(part.to));
        match (part.personal, part.cost) {
            (None, 0) => {}
            (None, PLAIN) | (Some(_), _) => others += 1,
            (None, _) if part.is_firm || part.from < from || part.to > to => return false,
            (None, _) if before == behind || before == Gap::NONE || behind == Gap::NONE => ordinary += 1,
            (None, _) => {}
        }
    }
    let is_beside = |group: usize| run.groups[group].faint || run.is_bound(group);
    let is_all = from <= 1 && to + 1 >= run.groups.len() && (0..from).chain(to..run.groups.len()).all(is_beside);
    let enough = match kind {
        Personal::Phone(_) if is_all => ordinary,
        _ if is_all => 1,
        _ => 2 * ordinary,
    };
    others > 0 && others >= enough || ordinary == 1 && others >= 2
}

/// For each group, as bits, after how many groups a row of ordinary numbers ends that begins there.
fn tiled(ordinary: &[Ordinary], groups: usize) -> Vec<u32> {
    let mut tiled = vec![1u32; groups + 1];
    for number in ordinary.iter().rev() {
        let length = u32::try_from(number.to - number.from).unwrap_or(u32::MAX);
        tiled[number.from] |= tiled[number.to].checked_shl(length).unwrap_or(0);
    }
    tiled
}

/// Where a personal number that begins at group `from` may end.
fn ends(run: &Run, from: usize) -> impl Iterator<Item = usize> + '_ {
    let start = run.groups[from].digits.start;
    let fewest = fewest_digits(run, from);
    let digits = move |to: usize| run.groups[to - 1].digits.end - start;
    (from + 1..=run.groups.len())
        .take_while(move |to| *to == from + 1 || digits(*to) <= MOST_DIGITS)
        .filter(move |to| digits(*to) >= fewest)
}

/// The division that costs least, if it costs less than `limit`. `readings` gives what may begin at a group; a group
/// alone costs `plain`.
fn cheapest(
    run: &Run,
    limit: u32,
    plain: impl Fn(usize) -> u32,
    readings: impl Fn(usize, &mut Vec<Part>),
) -> Option<Vec<Part>> {
    let count = run.groups.len();
    // The least cost up to each group, and the part that ends there.
    let mut best: Vec<(u32, Option<Part>)> = vec![(limit, None); count + 1];
    best[0].0 = 0;
    let mut parts = Vec::new();
    for from in 0..count {
        let so_far = best[from].0;
        if so_far >= limit {
            continue;
        }
        parts.clear();
        parts.push(Part { from, to: from + 1, personal: None, cost: plain(from), is_firm: false });
        readings(from, &mut parts);
        for part in parts.drain(..) {
            let cost = so_far.saturating_add(part.cost);
            if cost < best[part.to].0 {
                best[part.to] = (cost, Some(part));
            }
        }
    }
    let mut chosen = Vec::new();
    let mut to = count;
    while to > 0 {
        let part = best[to].1?;
        to = part.from;
        chosen.push(part);
    }
    chosen.reverse();
    Some(chosen)
}
