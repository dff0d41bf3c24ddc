//! A text as masking reads it: signs in one plain form, the digits among them in groups, the groups in runs.
//!
//! Every sign knows the bytes that it stands for, so that what is found here is replaced there. Digits of any script,
//! style or enclosure are digits, and so are the letters O, l and I among digits; invisible signs and marks do not
//! exist; whatever else stands between two digits, but letters, separates groups of one run.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::text::normalize::is_invisible;

/// What a sign is to masking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A digit, or a letter that stands for one.
    Digit,
    /// A letter. It ends a run.
    Letter,
    /// White space, line breaks too.
    Blank,
    /// Anything else: punctuation and symbols.
    Mark,
}

/// One sign in plain form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    /// The plain form: digits are ASCII, all dashes `-`, all blanks a space or a line feed, and so on.
    pub plain: char,
    pub kind: Kind,
    /// Whether a group of letters alone was read as digits ("O" between digits that stand apart).
    faint: bool,
    /// Where it begins and ends in the text, in bytes; with invisible signs that follow.
    pub start: usize,
    pub end: usize,
}

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

/// `text` in plain form, without what can't be seen.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::with_capacity(text.len());
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        let mut push = |found: Option<(char, Kind)>| match found {
            Some((plain, kind)) => signs.push(Sign { plain, kind, faint: false, start, end }),
            None => {
                if let Some(last) = signs.last_mut() {
                    last.end = end;
                }
            }
        };
        match value(c) {
            Some(value) => push(Some((digit(value), Kind::Digit))),
            None if c.is_ascii() => push(plain(c)),
            None => std::iter::once(c).nfkd().for_each(|c| push(plain(c))),
        }
    }
    signs
}

/// The plain form of a sign of a compatibility decomposition; nothing if it can't be seen.
fn plain(c: char) -> Option<(char, Kind)> {
    if let Some(value) = c.to_digit(10) {
        return Some((digit(value), Kind::Digit));
    }
    if c.is_ascii_alphabetic() {
        return Some((c, Kind::Letter));
    }
    if matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
        return Some(('\n', Kind::Blank));
    }
    // Fillers of Hangul and the blank pattern of Braille are letters and symbols by name only.
    if c.is_whitespace() || matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}') {
        return Some((' ', Kind::Blank));
    }
    if is_invisible(c) {
        return None;
    }
    if c.is_ascii() {
        return Some((c, Kind::Mark));
    }
    let plain = match c {
        '\u{41e}' | '\u{43e}' | '\u{39f}' | '\u{3bf}' | 'Ø' | 'ø' => return Some(('O', Kind::Letter)),
        '\u{406}' | '\u{399}' | '\u{4c0}' => return Some(('I', Kind::Letter)),
        '−' | '┄' | '─' | '━' | 'ー' | '⁃' | '➖' => '-',
        '·' | '•' | '∙' | '⋅' | '・' | '。' | '٫' | '●' => '.',
        '⁄' | '∕' | '╱' | '⧸' => '/',
        '،' | '、' | '٬' => ',',
        '’' | '‘' | '′' => '\'',
        '∶' | '։' => ':',
        '➕' => '+',
        _ => match c.general_category() {
            GeneralCategory::DashPunctuation => '-',
            GeneralCategory::Format | GeneralCategory::Control => return None,
            GeneralCategory::ModifierLetter => '~',
            _ => match c.general_category_group() {
                GeneralCategoryGroup::Mark => return None,
                GeneralCategoryGroup::Letter => return Some((c, Kind::Letter)),
                _ => c,
            },
        },
    };
    Some((plain, Kind::Mark))
}

/// The value of a decimal digit of any script, and of those enclosed digits that have no compatibility form.
fn value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let from = |first: u32, value: u32| Some((u32::from(c) - first + value) % 10);
    match c {
        '\u{3007}' | '\u{24ff}' | '\u{1f10b}' | '\u{1f10c}' => Some(0),
        '\u{2776}'..='\u{277e}' => from(0x2776, 1),
        '\u{2780}'..='\u{2788}' => from(0x2780, 1),
        '\u{278a}'..='\u{2792}' => from(0x278a, 1),
        '\u{24f5}'..='\u{24fd}' => from(0x24f5, 1),
        // Decimal digits of a script stand in a row from 0 to 9 that begins at ...0 or at ...6; the mathematical ones,
        // which don't, have compatibility forms.
        _ if is_decimal(c) && !matches!(c, '\u{1d7ce}'..='\u{1d7ff}') => {
            let place = u32::from(c) % 16;
            let is_row = char::from_u32(u32::from(c) - place).is_some_and(is_decimal);
            Some(if is_row { place } else { place.saturating_sub(6) }).filter(|v| *v < 10)
        }
        _ => None,
    }
}

fn digit(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}

fn is_decimal(c: char) -> bool {
    c.general_category() == GeneralCategory::DecimalNumber
}

/// Letters that are typed or scanned for a digit, and what for. Only O, l and I stand for one at a number's edge too.
fn lookalike(c: char) -> Option<char> {
    match c {
        'O' | 'o' => Some('0'),
        'l' | 'I' | 'i' | 'L' => Some('1'),
        _ => None,
    }
}

/// Reads letters among digits as digits: `O812`, `08l2`, `0 8 1 2 O`, but not the last letters of "nomor no0812".
pub(super) fn read_letters(signs: &mut [Sign]) {
    let is_part = |s: &Sign| s.kind == Kind::Digit || s.kind == Kind::Letter && lookalike(s.plain).is_some();
    let is_letter = |s: Option<&Sign>| s.is_some_and(|s| s.kind == Kind::Letter);
    let mut at = 0;
    while at < signs.len() {
        let to = at + signs[at..].iter().take_while(|s| is_part(s)).count();
        if to == at {
            at += 1;
            continue;
        }
        let part = &signs[at..to];
        let head = part.iter().take_while(|s| s.kind == Kind::Letter).count();
        let is_touched = (at > 0 && is_letter(signs.get(at - 1)), is_letter(signs.get(to)));
        let (from, end) = if head == part.len() {
            let is_apart = !is_touched.0 && !is_touched.1 && stands_at_edge(part);
            if is_apart { (at, to) } else { (to, to) }
        } else {
            let tail = part.iter().rev().take_while(|s| s.kind == Kind::Letter).count();
            let from = if is_touched.0 || !stands_at_edge(&part[..head]) { at + head } else { at };
            let end = if is_touched.1 || !stands_at_edge(&part[part.len() - tail..]) { to - tail } else { to };
            (from, end)
        };
        for sign in &mut signs[from..end] {
            if let (Kind::Letter, Some(digit)) = (sign.kind, lookalike(sign.plain)) {
                *sign = Sign { plain: digit, kind: Kind::Digit, faint: head == to - at, ..*sign };
            }
        }
        at = to;
    }
}

/// Whether letters may begin or end a number, or be one: zeros, one l or I, or three and more that are mostly zeros. "lo"
/// and "il" are rather a word.
fn stands_at_edge(letters: &[Sign]) -> bool {
    let zeros = letters.iter().filter(|s| s.plain.eq_ignore_ascii_case(&'o')).count();
    let ones = letters.iter().filter(|s| matches!(s.plain, 'l' | 'I')).count();
    ones + zeros == letters.len() && (ones == 0 || letters.len() == 1 || zeros >= 2)
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
