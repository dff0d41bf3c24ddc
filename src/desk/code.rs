//! The code that stands under each answer, typed or pasted back.

use crate::faq::Faq;
use crate::faq::entry::Entry;

/// What stands before a code: the line under an answer ends with "· kode jadwal-libur-3f2a", in English "· code ...".
const BEFORE: [&str; 2] = ["kode", "code"];

/// The entry whose code is all of `text`: the id, with its version or without, perhaps with "kode" before it or as the whole
/// line under an answer, in letters of any size. An answer that is pasted back whole, perhaps with a question about it, is
/// not its code.
pub fn entry<'f>(faq: &'f Faq, text: &str) -> Option<&'f Entry> {
    faq.coded(&bare(text)?).map(|(entry, _)| entry)
}

/// The code that is all of `text`, by itself; none if more stands there.
pub fn bare(text: &str) -> Option<String> {
    let line = text.trim().to_lowercase();
    let (pasted, code) = match line.rsplit_once('·') {
        Some((before, _)) if before.contains('\n') => return None,
        Some((_, code)) => (true, code.trim()),
        None => (false, line.as_str()),
    };
    let named = BEFORE.iter().find_map(|before| code.strip_prefix(before));
    let code = match named.filter(|rest| rest.starts_with([' ', ':', '\u{a0}'])) {
        Some(rest) => rest.trim_start_matches([' ', ':', '\u{a0}']),
        None if pasted => return None,
        None => code,
    };
    Some(code.trim_end_matches('.').trim().to_owned())
}

/// An entry's id and its version in a code that has both.
pub fn parted(code: &str) -> (&str, &str) {
    code.rsplit_once('-').unwrap_or((code, ""))
}

/// What a ticket's code begins with: a moderator's answer goes by its ticket, `tiket-12`.
const TICKET: &str = "tiket";

/// The code of a ticket's answers.
pub fn of_ticket(number: u64) -> String {
    format!("{TICKET}-{number}")
}

/// The number of the ticket whose code is all of `text`: "tiket-12", or as the bot names it, "#12".
pub fn ticket(text: &str) -> Option<u64> {
    let code = bare(text)?;
    let number = match code.strip_prefix(TICKET) {
        Some(rest) => rest.trim_start_matches(['-', ' ', '#']),
        None => code.strip_prefix('#')?,
    };
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::source::Source;

    #[test]
    fn a_ticket_has_a_code_too() {
        for text in ["tiket-12", "Tiket 12", "kode tiket-12", "#12", "tiket #12."] {
            assert_eq!(ticket(text), Some(12), "{text}");
        }
        for text in ["12", "tiket", "tiket-", "tiket-x", "tiket--1x", "#", "golput-0012"] {
            assert_eq!(ticket(text), None, "{text}");
        }
        assert_eq!(ticket(&of_ticket(7)), Some(7));
    }

    #[test]
    fn a_code_is_all_that_is_written() {
        let faq = Faq::load(&Source::BuiltIn).0.expect("a sound FAQ");
        let id = |text: &str| entry(&faq, text).map(|e| e.id.as_str());
        for text in [
            "golput",
            " Golput ",
            "kode golput",
            "KODE: golput.",
            "kode\u{a0}golput",
            "\u{b7} kode golput",
            "Ditinjau 22 November 2026 \u{b7} kode golput",
            "Reviewed 22 November 2026 \u{b7} code golput-3f2a",
            "golput-3f2a",
            "Kode: Golput-3F2A.",
        ] {
            assert_eq!(id(text), Some("golput"), "{text}");
        }
        for text in
            ["", "kode", "kodegolput", "apa itu golput", "golput dong", "x \u{b7} golput", "\u{b7}", "golput-3f2g"]
        {
            assert_eq!(id(text), None, "{text}");
        }
        assert_eq!(id("Benarkah ini?\nBoleh.\nDitinjau 22 November 2026 \u{b7} kode golput"), None);
    }
}
