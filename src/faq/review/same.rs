//! What may stand in a FAQ once only: phrasings, titles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::faq::Faq;
use crate::faq::entry::Entry;
use crate::faq::fault::Fault;
use crate::text::normalize::words;

/// Shared phrasings from which on an entry is a copy of the other.
const MANY: usize = 3;

/// Pairs of entries of which the second is a copy of the first, by id.
pub(super) type Copies<'f> = BTreeSet<(&'f str, &'f str)>;

/// A phrasing belongs to one entry. Of a copy that is told once; the copies are returned.
pub(super) fn phrasings<'f>(faq: &'f Faq, faults: &mut Vec<Fault>) -> Copies<'f> {
    let mut shared: BTreeMap<(&str, &str), Vec<Fault>> = BTreeMap::new();
    let mut first = HashMap::new();
    for entry in &faq.entries {
        for phrasing in &entry.questions {
            let key = words(&phrasing.text).join(" ");
            let Some((owner, span)) = first.get(&key) else {
                first.insert(key, (entry, phrasing.span.clone()));
                continue;
            };
            let owner: &&Entry = owner;
            // The same line twice in a file of one entry a line is that file's own affair.
            if entry.reviewed.is_none() {
                continue;
            }
            let message = if owner.id == entry.id {
                format!("pertanyaan \"{}\" tertulis dua kali", phrasing.text)
            } else {
                format!("pertanyaan \"{}\" ada di dua entri: `{}` dan `{}`", phrasing.text, owner.id, entry.id)
            };
            let fault = Fault::new(&entry.file, phrasing.span.clone(), message)
                .also(&owner.file, span.clone(), "pertama kali di sini")
                .hint("satu pertanyaan hanya milik satu entri; hapus salah satu");
            shared.entry((&owner.id, &entry.id)).or_default().push(fault);
        }
    }
    let mut copies = Copies::new();
    for ((owner, entry), mut same) in shared {
        let others = same.len() - 1;
        if same.len() >= MANY && owner != entry {
            same.truncate(1);
            same[0].message.push_str(&format!("; begitu pula {others} pertanyaan lain"));
            same[0].hint =
                Some("satu pertanyaan hanya milik satu entri; mungkin entri ini salinan: ganti semua".to_owned());
            copies.insert((owner, entry));
        }
        faults.extend(same);
    }
    copies
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
