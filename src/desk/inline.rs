//! Inline queries: entries as cards that somebody sends to any chat. It reads the FAQ; nothing is stored.

use chrono::{DateTime, FixedOffset};

use super::{Knowledge, code};
use crate::faq::{Answer, day_of};
use crate::text::language::Language;

/// The longest query, in characters (<https://core.telegram.org/bots/api#inlinequery>).
const LONGEST: usize = 256;

/// The entries that `query` may mean, best first.
pub fn cards(knowledge: &Knowledge, query: &str, now: DateTime<FixedOffset>) -> Vec<Answer> {
    let query: String = query.trim().chars().take(LONGEST).collect();
    if query.is_empty() {
        return Vec::new();
    }
    let (faq, today) = (&knowledge.faq, day_of(now));
    let language = Language::of(&query).unwrap_or_default();
    if let Some(entry) = code::entry(faq, &query).filter(|entry| entry.is_valid(today)) {
        return vec![faq.answer_in(entry, language, now)];
    }
    let found = knowledge.matcher.search(&query, today);
    found.into_iter().map(|entry| faq.answer_in(&faq.entries[entry], language, now)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::source::Source;

    #[test]
    fn a_query_finds_entries_and_candidates_stay_alike() {
        let knowledge = Knowledge::load(&Source::BuiltIn).0.expect("a sound FAQ");
        let now = "2026-11-26T10:00:00+07:00".parse().expect("a time");
        let ids = |query: &str| -> Vec<String> { cards(&knowledge, query, now).into_iter().map(|a| a.id).collect() };
        assert!(ids("asn like").contains(&"asn-like-komentar".to_owned()), "{:?}", ids("asn like"));
        assert_eq!(ids("kode golput"), ["golput"]);
        assert!(ids("").is_empty() && ids("  ").is_empty() && ids("resep rendang padang").is_empty());
        // One who is treated alike with others is shown only by name.
        let pairs = |query: &str| ids(query).into_iter().filter(|id| id.starts_with("kandidat-nomor")).count();
        assert_eq!((pairs("capres terbaik"), pairs("calon presiden")), (0, 0));
    }
}
