//! What may stand in a FAQ once only: phrasings, titles.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use crate::faq::Faq;
use crate::faq::entry::Entry;
use crate::faq::fault::Fault;
use crate::text::normalize::words;

/// Shared phrasings from which on an entry is a copy of the other.
const MANY: usize = 3;

/// Pairs of entries of which the second is a copy of the first, by id.
pub(super) type Copies<'f> = BTreeSet<(&'f str, &'f str)>;

/// A phrasing stands in its entry once; [`crate::faq::twin`] tells of those that stand in two places. Entries that are
/// copies of one another are returned.
pub(super) fn phrasings<'f>(faq: &'f Faq, faults: &mut Vec<Fault>) -> Copies<'f> {
    let mut first: HashMap<String, (&Entry, Range<usize>)> = HashMap::new();
    let mut shared: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    // The same line twice in a file of one entry a line is that file's own affair.
    for entry in faq.entries.iter().filter(|entry| entry.reviewed.is_some()) {
        for phrasing in &entry.questions {
            let key = words(&phrasing.text).join(" ");
            let Some((owner, span)) = first.get(&key) else {
                first.insert(key, (entry, phrasing.span.clone()));
                continue;
            };
            if owner.id != entry.id {
                *shared.entry((&owner.id, &entry.id)).or_default() += 1;
                continue;
            }
            let message = format!("pertanyaan \"{}\" tertulis dua kali", phrasing.text);
            faults.push(
                Fault::new(&entry.file, phrasing.span.clone(), message)
                    .also(&entry.file, span.clone(), "pertama kali di sini")
                    .hint("satu kali cukup; hapus salah satu"),
            );
        }
    }
    shared.into_iter().filter(|(_, count)| *count >= MANY).map(|(pair, _)| pair).collect()
}

/// A title stands on a button: two that read the same leave a voter to guess.
pub(super) fn titles(faq: &Faq, copies: &Copies<'_>, faults: &mut Vec<Fault>) {
    let mut first: HashMap<Vec<String>, &Entry> = HashMap::new();
    // A file of one entry a line may have no titles; what stands there then is the id.
    for entry in faq.entries.iter().filter(|entry| entry.reviewed.is_some()) {
        let key = words(&entry.title);
        let Some(other) = first.get(&key) else {
            first.insert(key, entry);
            continue;
        };
        // One id twice is told by itself, and so is a copy.
        if other.id != entry.id && !copies.contains(&(other.id.as_str(), entry.id.as_str())) {
            let message = format!("judul \"{}\" sama dengan judul entri `{}`", entry.title, other.id);
            faults.push(
                Fault::new(&entry.file, entry.place("title"), message)
                    .also(&other.file, other.place("title"), "pertama kali di sini")
                    .hint("pemilih akan melihat dua tombol yang sama; tulis apa yang membedakan keduanya"),
            );
        }
    }
}
