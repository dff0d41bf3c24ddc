//! The code that stands under each answer, typed or pasted back.

use crate::faq::Faq;
use crate::faq::entry::Entry;

/// What stands before a code: the line under an answer ends with "· kode jadwal-libur".
const BEFORE: &str = "kode";

/// The entry whose code is all of `text`: the id, perhaps with "kode" before it or as the whole line under an answer, in
/// letters of any size.
pub fn entry<'f>(faq: &'f Faq, text: &str) -> Option<&'f Entry> {
    let line = text.trim().to_lowercase();
    let (pasted, code) = match line.rsplit_once('·') {
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
