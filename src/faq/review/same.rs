//! What may stand in a FAQ once only: ids, phrasings, titles.

use std::collections::HashMap;

use crate::faq::Faq;
use crate::faq::entry::Entry;
use crate::faq::fault::Fault;
use crate::text::normalize::words;

/// An id belongs to one entry.
pub(super) fn ids(faq: &Faq, faults: &mut Vec<Fault>) {
    let mut first: HashMap<&str, &Entry> = HashMap::new();
    for entry in &faq.entries {
        if let Some(other) = first.get(entry.id.as_str()) {
            faults.push(
                Fault::new(&entry.file, entry.span.clone(), format!("id `{}` dipakai dua kali", entry.id))
                    .also(&other.file, other.span.clone(), "pertama kali di sini")
                    .hint("setiap entri punya id sendiri"),
            );
        } else {
            first.insert(&entry.id, entry);
        }
    }
}

/// A phrasing stands in its entry once; [`crate::faq::twin`] tells of those that stand in two places.
pub(super) fn phrasings(faq: &Faq, faults: &mut Vec<Fault>) {
    // The same line twice in a file of one entry a line is that file's own affair.
    for entry in faq.entries.iter().filter(|entry| entry.reviewed.is_some()) {
        let mut first = HashMap::new();
        for phrasing in &entry.questions {
            let key = words(&phrasing.text).join(" ");
            let Some(span) = first.get(&key) else {
                first.insert(key, phrasing.span.clone());
                continue;
            };
            let message = format!("pertanyaan \"{}\" tertulis dua kali", phrasing.text);
            faults.push(
                Fault::new(&entry.file, phrasing.span.clone(), message)
                    .also(&entry.file, span.clone(), "pertama kali di sini")
                    .hint("satu kali cukup; hapus salah satu"),
            );
        }
    }
}

/// A title stands on a button: two that read the same leave a voter to guess.
pub(super) fn titles(faq: &Faq, faults: &mut Vec<Fault>) {
    let mut first: HashMap<Vec<String>, &Entry> = HashMap::new();
    // A file of one entry a line may have no titles; what stands there then is the id.
    for entry in faq.entries.iter().filter(|entry| entry.reviewed.is_some()) {
        let key = words(&entry.title);
        let Some(other) = first.get(&key) else {
            first.insert(key, entry);
            continue;
        };
        // One id twice is told by itself.
        if other.id != entry.id {
            let message = format!("judul \"{}\" sama dengan judul entri `{}`", entry.title, other.id);
            faults.push(
                Fault::new(&entry.file, entry.place("title"), message)
                    .also(&other.file, other.place("title"), "pertama kali di sini")
                    .hint("pemilih akan melihat dua tombol yang sama; tulis apa yang membedakan keduanya"),
            );
        }
    }
}
