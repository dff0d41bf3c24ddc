//! Digits of a text in groups, and groups in runs.
//!
//! Whatever stands between two digits, but letters, separates groups of one run.

use std::ops::Range;

use super::read::{Kind, Sign};

/// What stands between two groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// The one sign that is no blank; a space or a line feed if all are blanks; `*` if there are several.
    pub core: char,
    /// Whether there are blanks.
    pub blank: bool,
}

impl Gap {
    /// Before the first group of a run and after the last one.
    pub const NONE: Self = Self { core: '\0', blank: false };

    /// Whether numbers are listed so: on lines, or with a comma, a semicolon or a stroke and a blank.
    pub fn parts_a_list(self) -> bool {
        self.core == '\n' || self.blank && matches!(self.core, ',' | ';' | '/')
    }
}

/// Digits with nothing visible between them.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Where its digits stand in [`Run::digits`].
    pub digits: Range<usize>,
    /// What stands between the group before it and this one.
    pub gap: Gap,
    /// The nearest sign before it that is no blank; a space after a letter.
    pub mark: char,
    /// The sign that follows it at once; a space after the last.
    pub next: char,
    /// Whether all its signs are letters.
    pub faint: bool,
    /// How many groups of one digit follow each other from here on, all separated in the same way.
    pub spelt: usize,
    /// Its bytes in the text.
    pub bytes: Range<usize>,
}

/// Groups of digits without a letter between them, and the words around.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    /// The values of all digits, 0 to 9.
    pub digits: Vec<u8>,
    pub groups: Vec<Group>,
    /// Up to three words before the run, in lower case, the nearest first.
    pub before: Vec<String>,
    /// The word after it, if only blanks lie between.
    pub after: String,
}

impl Run {
    pub(super) fn value(&self, group: usize) -> u32 {
        self.of(group).iter().fold(0u32, |n, d| n.saturating_mul(10).saturating_add(u32::from(*d)))
    }

    /// The digits of one group.
    pub(super) fn of(&self, group: usize) -> &[u8] {
        &self.digits[self.groups[group].digits.clone()]
    }

    pub(super) fn len(&self, group: usize) -> usize {
        self.groups[group].digits.len()
    }

    /// What stands before `group`; nothing at the ends.
    pub(super) fn gap(&self, group: usize) -> Gap {
        self.groups.get(group).map_or(Gap::NONE, |g| g.gap)
    }

    /// Whether the gaps inside `from..to` are alike.
    pub(super) fn is_uniform(&self, from: usize, to: usize) -> bool {
        self.groups[from..to].iter().skip(2).all(|g| g.gap == self.groups[from + 1].gap)
    }

    /// Whether the sign inside `from..to` does not go on outside: `08.12` in `08.12-13.00`, not in `08.12.34`.
    pub(super) fn is_bounded(&self, from: usize, to: usize) -> bool {
        let inside = self.gap(from + 1);
        self.gap(from) != inside && self.gap(to) != inside
    }

    pub(super) fn lengths(&self, from: usize, to: usize) -> impl Iterator<Item = usize> + Clone + '_ {
        self.groups[from..to].iter().map(|g| g.digits.len())
    }

    /// Whether each digit stands alone, all separated in the same way.
    pub(super) fn is_spelt(&self, from: usize, to: usize) -> bool {
        self.groups[from].spelt >= to - from
    }

    pub(super) fn has_shape(&self, from: usize, to: usize, shape: &[usize]) -> bool {
        self.lengths(from, to).eq(shape.iter().copied())
    }

    /// Whether `group` is a year, 1900 to 2099.
    pub(super) fn is_year(&self, group: usize) -> bool {
        self.groups.get(group).is_some_and(|g| g.digits.len() == 4) && is_year(self.value(group))
    }

    /// Whether small numbers are listed: with commas or the like, or (`is_ascending`) five or more from small to great.
    pub(super) fn is_list(&self, from: usize, to: usize, is_ascending: bool) -> bool {
        let is_small = self.lengths(from, to).all(|n| n <= 3) && self.lengths(from, to).any(|n| n > 1);
        // Zeros before small numbers make all of one length, else they are parts of something.
        let is_alike = self.lengths(from, to).all(|n| n == self.len(from));
        let has_zeros = self.of(from)[0] == 0 || (from..to).any(|group| self.len(group) > 1 && self.of(group)[0] == 0);
        if has_zeros && !is_alike {
            return false;
        }
        let is_ordered = || (from + 1..to).all(|group| self.value(group) > self.value(group - 1));
        let is_parted = || (from + 1..to).all(|group| self.gap(group).parts_a_list());
        is_small && if is_ascending { to - from >= 5 && is_ordered() } else { is_parted() }
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &[u8] {
        &self.digits[self.groups[from].digits.start..self.groups[to - 1].digits.end]
    }
}

/// Whether `value` is a year that people write of.
pub(super) fn is_year(value: u32) -> bool {
    (1900..2100).contains(&value)
}

/// The runs of `signs`, those without a digit left out.
pub(super) fn runs(signs: &[Sign]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run::default();
    let mut first = 0;
    let mut last_end = 0;
    let mut at = 0;
    while at < signs.len() {
        match signs[at].kind {
            Kind::Letter => {
                finish(&mut run, signs, first, last_end, &mut runs);
                at += 1;
            }
            Kind::Blank | Kind::Mark => at += 1,
            Kind::Digit => {
                let to = at + signs[at..].iter().take_while(|s| s.kind == Kind::Digit).count();
                if run.groups.is_empty() {
                    first = at;
                }
                let gap = if run.groups.is_empty() { Gap::NONE } else { gap(&signs[last_end..at]) };
                let from = run.digits.len();
                run.digits.extend(signs[at..to].iter().filter_map(|s| s.plain.to_digit(10)).map(|d| d as u8));
                run.groups.push(Group {
                    digits: from..run.digits.len(),
                    gap,
                    mark: mark_before(&signs[..at]),
                    next: signs.get(to).filter(|s| s.kind == Kind::Mark).map_or(' ', |s| s.plain),
                    faint: signs[at..to].iter().all(|s| s.faint),
                    spelt: 0,
                    bytes: signs[at].start..signs[to - 1].end,
                });
                last_end = to;
                at = to;
            }
        }
    }
    finish(&mut run, signs, first, last_end, &mut runs);
    runs
}

fn finish(run: &mut Run, signs: &[Sign], first: usize, end: usize, runs: &mut Vec<Run>) {
    let mut run = std::mem::take(run);
    if run.groups.iter().any(|g| !g.faint) {
        for at in (0..run.groups.len()).rev() {
            let is_one = |group: &Group| group.digits.len() == 1;
            let goes_on = |next: &Group| run.groups.get(at + 2).is_some_and(|g| g.gap == next.gap);
            run.groups[at].spelt = match (is_one(&run.groups[at]), run.groups.get(at + 1)) {
                (false, _) => 0,
                (true, Some(next)) if next.spelt > 1 && goes_on(next) => next.spelt + 1,
                (true, Some(next)) if next.spelt > 0 => 2,
                (true, _) => 1,
            };
        }
        run.before = words_before(&signs[..first]);
        run.after = word_after(&signs[end..]);
        runs.push(run);
    }
}

fn gap(between: &[Sign]) -> Gap {
    let blank = between.iter().any(|s| s.kind == Kind::Blank);
    let mut marks = between.iter().filter(|s| s.kind != Kind::Blank);
    let core = match (marks.next(), marks.next()) {
        (None, _) if between.iter().any(|s| s.plain == '\n') => '\n',
        (None, _) => ' ',
        (Some(mark), None) => mark.plain,
        (Some(_), Some(_)) => '*',
    };
    Gap { core, blank }
}

/// How far words are looked for before a run, in signs. A bound, so that the time stays linear.
const REACH: usize = 40;

fn mark_before(signs: &[Sign]) -> char {
    let nearest = signs.iter().rev().take(REACH).find(|s| s.kind != Kind::Blank);
    nearest.filter(|s| s.kind == Kind::Mark).map_or(' ', |s| s.plain)
}

fn words_before(signs: &[Sign]) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for sign in signs.iter().rev().take(REACH) {
        match sign.kind {
            Kind::Letter => word.push(sign.plain.to_ascii_lowercase()),
            Kind::Digit => break,
            _ if word.is_empty() => {}
            _ => words.push(std::mem::take(&mut word)),
        }
        if words.len() == 3 {
            return words.iter().map(|w| w.chars().rev().collect()).collect();
        }
    }
    words.push(word);
    words.iter().filter(|w| !w.is_empty()).map(|w| w.chars().rev().collect()).collect()
}

fn word_after(signs: &[Sign]) -> String {
    let rest = signs.iter().take(REACH).skip_while(|s| s.kind == Kind::Blank);
    rest.take_while(|s| s.kind == Kind::Letter).map(|s| s.plain.to_ascii_lowercase()).collect()
}
