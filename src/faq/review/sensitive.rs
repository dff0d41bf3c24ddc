//! Entries that ask for more confidence: who stands, who won, what is neutral, what is a hoax.

use crate::faq::Faq;
use crate::faq::entry::Entry;
use crate::faq::fault::Fault;
use crate::text::normalize::words;

/// Entries whose ids start so ask for more.
const STARTS: [&str; 3] = ["kandidat-", "hasil-", "netral-"];
/// So do these.
const IDS: [&str; 1] = ["asn-sanksi"];
/// Where hoaxes are told.
const HOAXES: &str = "hoaks";
/// A verdict on a hoax begins with one of these.
const VERDICTS: [&str; 14] = [
    "tidak benar",
    "benar",
    "salah",
    "keliru",
    "hoaks",
    "bohong",
    "palsu",
    "menyesatkan",
    "penipuan",
    "fitnah",
    "tidak",
    "ya",
    "sebagian benar",
    "belum terbukti",
];

/// `sensitive = true` stands where it must: without it the bot answers such a question as easily as any other.
pub(super) fn check(faq: &Faq, faults: &mut Vec<Fault>) {
    for entry in faq.entries.iter().filter(|entry| !entry.sensitive && entry.reviewed.is_some()) {
        let named = STARTS.iter().any(|start| entry.id.starts_with(start)) || IDS.contains(&entry.id.as_str());
        if named || is_verdict(entry) {
            let message = format!("entri `{}` belum diberi sensitive = true", entry.id);
            faults.push(Fault::new(&entry.file, entry.span.clone(), message).hint(
                "tambahkan baris sensitive = true, supaya bot lebih yakin dulu sebelum menjawab tentang calon, hasil, \
                 netralitas, dan hoaks",
            ));
        }
    }
}

/// Whether an entry says that something is a hoax or not: a title "Benarkah ...", or an answer that begins with a verdict.
fn is_verdict(entry: &Entry) -> bool {
    let about_hoaxes = entry.id.starts_with("hoaks-") || entry.file.trim_end_matches(".toml") == HOAXES;
    let asks = words(&entry.title).first().is_some_and(|word| ["benarkah", "apakah"].contains(&word.as_str()));
    let says = entry.body.templates().iter().any(|template| {
        let lead = template.value.split(['.', ',', ':', '\n']).find(|part| !part.trim().is_empty()).unwrap_or_default();
        let lead = words(lead).join(" ");
        VERDICTS.contains(&lead.as_str()) || lead.starts_with("kabar ini") || lead.starts_with("itu hoaks")
    });
    about_hoaxes && (asks || says)
}
