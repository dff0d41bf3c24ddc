//! An entry by its id or code, as a maintainer types it; of an id that is not there, those that may be meant.

use super::Failure;
use crate::desk::code;
use crate::faq::Faq;
use crate::faq::entry::Entry;
use crate::text::indonesian;
use crate::text::normalize::words;

/// How many ids are named that may be meant.
const SHOWN: usize = 3;
/// From this likeness on an id may be meant.
const LIKE: f64 = 0.55;
/// From this likeness on two words are the same but for a slip.
const SAME_WORD: f64 = 0.88;

/// The entry of that id or code.
pub(super) fn entry<'f>(faq: &'f Faq, written: &str) -> Result<&'f Entry, Failure> {
    code::entry(faq, written).ok_or_else(|| {
        let near: Vec<String> = near(faq, written).iter().map(|id| format!("`{id}`")).collect();
        let advice = match &near[..] {
            [] => "Semua id: \"tanya-pemilu daftar\".".to_owned(),
            [one] => format!("Maksud Anda {one}?"),
            [head @ .., last] => format!("Maksud Anda {} atau {last}?", head.join(", ")),
        };
        Failure::Usage(format!("Tidak ada entri `{}`. {advice}", written.trim()))
    })
}

/// Ids that are like `written`, the likest first: by their letters, or by the words of which id and title are made.
fn near<'f>(faq: &'f Faq, written: &str) -> Vec<&'f str> {
    let wanted = words(written);
    let written = wanted.join("-");
    let mut found: Vec<(f64, &str)> = faq
        .entries
        .iter()
        .map(|entry| {
            let own = words(&format!("{} {}", entry.id, entry.title));
            let has = |word: &&String| own.iter().any(|o| strsim::jaro_winkler(word, o) >= SAME_WORD);
            let shared = wanted.iter().filter(has).count() as f64 / wanted.len().max(1) as f64;
            let letters = strsim::normalized_damerau_levenshtein(&written, &entry.id);
            (f64::max(shared * 0.9, letters) + letters / 10.0, entry.id.as_str())
        })
        .filter(|(likeness, _)| *likeness >= LIKE)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    found.into_iter().take(SHOWN).map(|(_, id)| id).collect()
}

/// Entries as `id   title`, one a line.
pub(super) fn lines<'f>(entries: impl IntoIterator<Item = &'f Entry>) -> String {
    let lines: Vec<String> = entries.into_iter().map(|e| format!("  {:<32}  {}", e.id, e.title)).collect();
    lines.join("\n")
}

/// "22 November 2026", or a dash.
pub(super) fn day(day: Option<chrono::NaiveDate>) -> String {
    day.map_or_else(|| "-".to_owned(), indonesian::date)
}
