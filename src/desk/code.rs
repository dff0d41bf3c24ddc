//! The code that stands under each answer, typed or pasted back.

use crate::faq::Faq;
use crate::faq::entry::Entry;

/// What stands before a code: the line under an answer ends with "· kode jadwal-libur".
const BEFORE: &str = "kode";

/// The entry whose code is all of `text`: the id, perhaps with "kode" before it or as the whole line under an answer, in
/// letters of any size. An answer that is pasted back whole, perhaps with a question about it, is not its code.
pub fn entry<'f>(faq: &'f Faq, text: &str) -> Option<&'f Entry> {
    let line = text.trim().to_lowercase();
    let (pasted, code) = match line.rsplit_once('·') {
        Some((before, _)) if before.contains('\n') => return None,
        Some((_, code)) => (true, code.trim()),
        None => (false, line.as_str()),
    };
    let named = code.strip_prefix(BEFORE).filter(|rest| rest.starts_with([' ', ':', '\u{a0}']));
    let code = match named {
        Some(rest) => rest.trim_start_matches([' ', ':', '\u{a0}']),
        None if pasted => return None,
        None => code,
    };
    faq.entry(code.trim_end_matches('.').trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::source::Source;

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
        ] {
            assert_eq!(id(text), Some("golput"), "{text}");
        }
        for text in ["", "kode", "kodegolput", "apa itu golput", "golput dong", "x \u{b7} golput", "\u{b7}"] {
            assert_eq!(id(text), None, "{text}");
        }
        assert_eq!(id("Benarkah ini?\nBoleh.\nDitinjau 22 November 2026 \u{b7} kode golput"), None);
    }
}
