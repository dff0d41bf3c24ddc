//! What identifies a person is taken out of a voter's text before a card, a ticket or a log sees it.
//!
//! Masked: numbers of identity and family cards (NIK, KK; UU 24/2013), also with one digit too few or too many, and any
//! 16 digits in a row or in four groups of four; mobile numbers with or without `0`, `62`, `+62`, `0062`; landlines with
//! their area code; payment cards (ISO/IEC 7812); e-mail addresses. It does not matter how the digits are separated,
//! nor of which script they are. Numbers in words are not looked for.
//!
//! Dates, times, years, rupiah, votes, shares, hotlines (1500-xxx, 0800, 0804), numbers of laws, TPS, RT and RW, scores
//! and lists stay, and so do the telephones of [`Offices`].
//!
//! `read` has the text's signs in plain form, `run` its digits in groups and runs, `context` the words around; `email`
//! finds addresses; `ordinary` and `personal` (`identity`, `phone`, `card`) say what a stretch of groups may be, and
//! `divide` which of it a run is.

mod card;
mod context;
mod divide;
mod email;
mod identity;
mod ordinary;
mod personal;
mod phone;
mod read;
mod run;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::ops::Range;

use personal::Personal;
use read::Kind;

/// What stands in place of a number.
pub const HIDDEN_NUMBER: &str = "[nomor disamarkan]";
/// What stands in place of an e-mail address.
pub const HIDDEN_EMAIL: &str = "[email disamarkan]";

/// Telephones that stay readable, since the FAQ itself gives them.
#[derive(Clone, Debug, Default)]
pub struct Offices {
    /// Numbers without `0` and `62`, as digits 0 to 9.
    numbers: HashSet<Vec<u8>>,
}

impl Offices {
    /// All telephones in `texts`, however they are written there; in a voter's text they may be written otherwise.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut numbers = HashSet::new();
        for text in texts {
            for run in run::runs(&signs(text).0) {
                for part in divide::divide(&run, &Self::default()) {
                    if let Some(Personal::Phone(prefix)) = part.personal {
                        numbers.insert(run.slice(part.from, part.to)[prefix..].to_vec());
                    }
                }
            }
        }
        Self { numbers }
    }

    fn has(&self, number: &[u8]) -> bool {
        self.numbers.contains(number)
    }
}

/// `text` with personal numbers and e-mail addresses replaced by [`HIDDEN_NUMBER`] and [`HIDDEN_EMAIL`].
///
/// Never panics; masking what is masked changes nothing.
pub fn mask(text: &str, offices: &Offices) -> String {
    let mut masked = text.to_owned();
    // What is hidden parts a run in two, and what was doubtful in the whole may be clear in a part.
    loop {
        let found = find(&masked, offices);
        if found.is_empty() {
            return masked;
        }
        masked = replace(&masked, &found);
    }
}

/// Two messages, the later sent soon after the earlier, each masked; a number or address that begins in `earlier` and
/// ends in `later` is hidden in both.
///
/// `earlier` may be masked already, and may be several messages, each on a line of its own. Words such as "lanjutannya"
/// at the head of `later` don't part the two.
pub fn mask_across(earlier: &str, later: &str, offices: &Offices) -> (String, String) {
    let (earlier, later) = (mask(earlier, offices), mask(later, offices));
    let head = continuation(&later);
    let joined = format!("{earlier}\n{}", &later[head..]);
    let border = earlier.len();
    let crossing = find(&joined, offices).into_iter().find(|(at, _)| at.start < border && at.end > border + 1);
    let Some((at, hidden)) = crossing else { return (earlier, later) };
    let first = format!("{}{hidden}", &earlier[..at.start]);
    let second = format!("{}{hidden}{}", &later[..head], &joined[at.end..]);
    (mask(&first, offices), mask(&second, offices))
}

/// How many bytes at the head of `text` only say that it goes on.
fn continuation(text: &str) -> usize {
    const WORDS: &[&str] = &[
        "lanjutan",
        "lanjutannya",
        "lanjut",
        "lanjutin",
        "sambungan",
        "sambungannya",
        "terus",
        "trus",
        "lalu",
        "sisanya",
        "sisa",
        "belakangnya",
        "terakhir",
        "terakhirnya",
        "nya",
        "dan",
    ];
    let mut head = 0;
    loop {
        let rest = &text[head..];
        let start = rest.find(char::is_alphanumeric).unwrap_or(rest.len());
        let word: String = rest[start..].chars().take_while(|c| c.is_alphabetic()).collect();
        if !WORDS.contains(&word.to_lowercase().as_str()) {
            return if head == 0 { 0 } else { head + start };
        }
        head += start + word.len();
    }
}

/// The signs of `text`, addresses turned into letters so that their digits are nobody's number, and the addresses.
fn signs(text: &str) -> (Vec<read::Sign>, Vec<Range<usize>>) {
    let mut signs = read::signs(text);
    let addresses = email::addresses(&signs);
    for sign in addresses.iter().cloned().flatten() {
        signs[sign].kind = Kind::Letter;
        signs[sign].plain = 'x';
    }
    read::read_letters(&mut signs);
    let bytes = addresses.iter().map(|at| signs[at.start].start..signs[at.end - 1].end).collect();
    (signs, bytes)
}

/// What must be hidden in `text`, in order: its bytes and what is put in their place.
pub fn find(text: &str, offices: &Offices) -> Vec<(Range<usize>, &'static str)> {
    let (signs, addresses) = signs(text);
    let mut found: Vec<_> = addresses.into_iter().map(|at| (at, HIDDEN_EMAIL)).collect();
    for run in run::runs(&signs) {
        for part in divide::divide(&run, offices) {
            if part.personal.is_some() {
                let bytes = run.groups[part.from].bytes.start..run.groups[part.to - 1].bytes.end;
                found.push((with_prefix(text, bytes), HIDDEN_NUMBER));
            }
        }
    }
    found.sort_by_key(|(at, _)| at.start);
    found
}

/// With the plus sign and the brackets that belong to a number: `+62...`, `(0812) ...`, `(0812) 3456 (7890)`.
fn with_prefix(text: &str, mut bytes: Range<usize>) -> Range<usize> {
    const OPEN: [char; 2] = ['(', '（'];
    const CLOSED: [char; 2] = [')', '）'];
    let before = |bytes: &Range<usize>, wanted: &[char]| {
        text[..bytes.start].chars().next_back().filter(|c| wanted.contains(c)).map_or(0, char::len_utf8)
    };
    bytes.start -= before(&bytes, &['+', '＋', '﹢']);
    let inside = &text[bytes.clone()];
    let (open, closed) = (inside.matches(OPEN).count(), inside.matches(CLOSED).count());
    let end = text[bytes.end..].chars().next().filter(|c| CLOSED.contains(c)).map_or(0, char::len_utf8);
    if closed > open {
        bytes.start -= before(&bytes, &OPEN);
    } else if closed > 0 && end > 0 && before(&bytes, &OPEN) > 0 && inside.find(CLOSED) < inside.find(OPEN) {
        bytes.start -= before(&bytes, &OPEN);
        bytes.end += end;
    }
    bytes
}

fn replace(text: &str, found: &[(Range<usize>, &'static str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, hidden) in found {
        // Two numbers may share a sign that stands for several digits.
        if at.start >= from {
            out.push_str(&text[from..at.start]);
            out.push_str(hidden);
        }
        from = from.max(at.end);
    }
    out.push_str(&text[from..]);
    out
}
