//! What a moderator wrote for the channel: its parts, and why it can't be posted as it is. Nobody is named there.

use crate::text::mask::{HIDDEN_EMAIL, HIDDEN_NUMBER, Offices, mask};
use crate::text::normalize::words;

/// The longest question, in characters.
pub(super) const LONGEST_QUESTION: usize = 500;
/// The longest post, in UTF-16 code units: Telegram takes 4096, and a correction adds a line.
pub(super) const LONGEST_POST: usize = 3500;
/// Who sees so many of their own words in a row knows them again, or all of a shorter question.
const RECOGNISED: usize = 6;
/// The shortest question that somebody knows again, in words.
const OWN: usize = 3;
/// What the last line begins with.
const SOURCE: &str = "sumber:";

/// A rewording: the question, and as far as they were given the answer and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rewording {
    pub(super) question: String,
    pub(super) answer: Option<String>,
    pub(super) source: Option<String>,
}

impl Rewording {
    /// From what was written: the question, a line that is empty or of dashes, the answer, and last a line "Sumber: ...".
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim();
        let (before, last) = text.rsplit_once('\n').unwrap_or(("", text));
        let source = last.trim().get(..SOURCE.len()).filter(|head| head.eq_ignore_ascii_case(SOURCE));
        let source = source.map(|_| last.trim()[SOURCE.len()..].trim().to_owned()).filter(|named| !named.is_empty());
        let text = if source.is_some() { before.trim() } else { text };
        let parts = |line: &str| line.trim().chars().all(|c| matches!(c, '-' | '\u{2013}' | '\u{2014}'));
        let lines: Vec<&str> = text.lines().collect();
        let end = lines.iter().position(|line| parts(line)).unwrap_or(lines.len());
        let rest: Vec<&str> = lines[end..].iter().copied().skip_while(|line| parts(line)).collect();
        Self {
            question: lines[..end].join("\n").trim().to_owned(),
            answer: Some(rest.join("\n").trim().to_owned()).filter(|answer| !answer.is_empty()),
            source,
        }
    }
}

/// Whether `text` repeats so many words of `other` in a row that who wrote them is known again.
pub(super) fn repeats(text: &str, other: &str) -> bool {
    let (own, theirs) = (words(text), words(other));
    let run = RECOGNISED.min(theirs.len());
    run >= OWN && own.windows(run).any(|run| theirs.windows(run.len()).any(|other| other == run))
}

/// Whether `text` holds a number or an address that is somebody's own, or one that was masked.
pub(super) fn is_masked(text: &str, offices: &Offices) -> bool {
    [HIDDEN_NUMBER, HIDDEN_EMAIL].iter().any(|hidden| text.contains(hidden)) || mask(text, offices) != text
}

/// Whether `text` names an account.
pub(super) fn mentions(text: &str) -> bool {
    text.split('@').skip(1).any(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Option<String>, Option<String>) {
        let Rewording { question, answer, source } = Rewording::read(text);
        (question, answer, source)
    }

    #[test]
    fn a_rewording_has_up_to_three_parts() {
        let own = |text: &str| Some(text.to_owned());
        for text in [
            "Kapan?\n\nSenin.\nPagi.\nSumber: KPU",
            "Kapan?\n---\nSenin.\nPagi.\nsumber:  KPU",
            " Kapan?\n \n\u{2014}\n\nSenin.\nPagi.\n\nSUMBER: KPU\n",
        ] {
            assert_eq!(read(text), ("Kapan?".to_owned(), own("Senin.\nPagi."), own("KPU")), "{text}");
        }
        assert_eq!(read("Kapan?"), ("Kapan?".to_owned(), None, None));
        assert_eq!(read("Kapan?\nDi mana?\nSumber: KPU"), ("Kapan?\nDi mana?".to_owned(), None, own("KPU")));
        assert_eq!(read("Sumber: KPU"), (String::new(), None, own("KPU")));
        assert_eq!(read("Kapan?\n\nSumber:").2, None);
        // A letter of several bytes at the place where the word would end.
        assert_eq!(read("sumbe\u{e9}\u{e9}"), ("sumbe\u{e9}\u{e9}".to_owned(), None, None));
        assert_eq!(read(""), (String::new(), None, None));
    }

    #[test]
    fn six_words_in_a_row_are_known_again() {
        let voter = "bu, di RT 5 kampung saya banjir terus, boleh nyoblos di tempat lain gak";
        assert!(repeats("Di kampung saya banjir terus, boleh nyoblos di TPS lain?", voter));
        assert!(!repeats("Bolehkah mencoblos di TPS lain kalau kampung saya banjir?", voter));
        assert!(!repeats("banjir terus boleh nyoblos", voter), "too short");
        assert!(repeats("Bu guru bertanya: tinta halal gak? Ya.", "tinta halal gak"), "all that was asked");
        assert!(!repeats("Kapan pemilu?", "kapan pemilu"), "anybody's words");
    }

    #[test]
    fn what_is_somebodys_own_is_seen() {
        let none = Offices::default();
        for text in ["hubungi 081234567890", "lihat [nomor disamarkan]", "tulis ke a@b.id"] {
            assert!(is_masked(text, &none), "{text}");
        }
        assert!(!is_masked("27 November 2026, TPS 12", &none));
        assert!(mentions("tanya @budi_s") && mentions("(@x)") && !mentions("2 @ Rp5.000"));
    }
}
