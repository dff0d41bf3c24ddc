//! A text as masking reads it: signs in one plain form.
//!
//! Every sign knows the bytes that it stands for, so that what is found here is replaced there. Digits of any script,
//! style or enclosure are digits, and so are the letters O, l and I among digits; invisible signs and marks do not
//! exist.

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
    pub faint: bool,
    /// Where it begins and ends in the text, in bytes; with invisible signs that follow.
    pub start: usize,
    pub end: usize,
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
        // Decimal digits of any other script stand in a row from 0 to 9, two rows perhaps without a gap (Unicode 4.6), but
        // for the mathematical ones, which have compatibility forms. Those that are common begin at ...0 or at ...6.
        _ if is_decimal(c) && !matches!(c, '\u{1d7ce}'..='\u{1d7ff}') => {
            let code = u32::from(c);
            let is_digit = |code: u32| char::from_u32(code).is_some_and(is_decimal);
            let first = match code {
                ..0x1_0000 if is_digit(code - code % 16) => code - code % 16,
                ..0x1_0000 => code - code % 16 + 6,
                _ => (0..code).rev().find(|before| !is_digit(*before)).map_or(0, |before| before + 1),
            };
            code.checked_sub(first).map(|place| place % 10)
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
