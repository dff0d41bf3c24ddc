//! Small talk: each block and line once, and a reply that takes no side.

use std::collections::{BTreeSet, HashMap};

use super::candidate::{banned, praised};
use super::person::{Certainty, People};
use super::{stray, style};
use crate::faq::Faq;
use crate::faq::fault::{Fault, Severity};
use crate::faq::list::SmallTalk;
use crate::faq::markup;
use crate::text::normalize::words;

/// What small talk says.
const FILE: &str = "obrolan.toml";

/// Faults and warnings on `obrolan.toml`.
pub(super) fn check(faq: &Faq, people: &People, faults: &mut Vec<Fault>) {
    let kinds: Vec<&SmallTalk> = faq.small_talk.iter().chain(&faq.urgent).collect();
    ids(&kinds, faults);
    lines(&kinds, faults);
    questions(faq, faults);
    for kind in kinds {
        reply(faq, kind, people, faults);
    }
}

fn ids(kinds: &[&SmallTalk], faults: &mut Vec<Fault>) {
    let mut first: HashMap<&str, &SmallTalk> = HashMap::new();
    for kind in kinds {
        if let Some(other) = first.get(kind.id.as_str()) {
            let message = format!("obrolan `{}` ada dua", kind.id);
            faults.push(
                Fault::new(FILE, kind.places.id.clone(), message)
                    .also(FILE, other.places.id.clone(), "pertama kali di sini")
                    .hint("setiap blok [[small_talk]] punya id sendiri; gabungkan keduanya, atau ganti id-nya"),
            );
        } else {
            first.insert(&kind.id, kind);
        }
    }
}

/// A line stands in its block once; [`crate::faq::twin`] tells of those that stand in two places.
fn lines(kinds: &[&SmallTalk], faults: &mut Vec<Fault>) {
    for kind in kinds {
        let mut first = HashMap::new();
        for line in &kind.questions {
            // "haiii" beside "hai" does no harm.
            let Some(span) = first.get(&line.text.to_lowercase()) else {
                first.insert(line.text.to_lowercase(), line.span.clone());
                continue;
            };
            let message = format!("kalimat \"{}\" tertulis dua kali di obrolan `{}`", line.text, kind.id);
            let fault = Fault::new(FILE, line.span.clone(), message).warning();
            faults.push(fault.also(FILE, span.clone(), "pertama kali di sini").hint("hapus salah satu"));
        }
    }
}

/// A line that asks what an entry answers, but for words that say nothing: whoever types it would get a greeting instead of
/// the answer. One telling word alone asks nothing. [`crate::faq::twin`] tells of those with the same words.
fn questions(faq: &Faq, faults: &mut Vec<Fault>) {
    let mut phrasings = HashMap::new();
    for entry in &faq.entries {
        for phrasing in &entry.questions {
            phrasings.entry(meaning(faq, &phrasing.text)).or_insert((entry, phrasing));
        }
    }
    for line in faq.small_talk.iter().chain(&faq.urgent).flat_map(|kind| &kind.questions) {
        let asks = meaning(faq, &line.text);
        let Some((entry, phrasing)) = phrasings.get(&asks).filter(|_| asks.len() > 1) else { continue };
        if spelled(faq, &line.text) == spelled(faq, &phrasing.text) {
            continue;
        }
        let message = format!("kalimat obrolan \"{}\" adalah pertanyaan entri `{}`", line.text, entry.id);
        faults.push(
            Fault::new(FILE, line.span.clone(), message)
                .also(&entry.file, phrasing.span.clone(), "pertanyaan yang sama artinya")
                .hint("hapus dari obrolan: yang bertanya begitu akan mendapat basa-basi, bukan jawaban"),
        );
    }
}

/// The words of `text` in standard spelling, in any order.
fn spelled(faq: &Faq, text: &str) -> BTreeSet<String> {
    faq.words.lexicon.canonical(&words(text)).into_iter().collect()
}

/// Those of them that say what is asked.
fn meaning(faq: &Faq, text: &str) -> BTreeSet<String> {
    spelled(faq, text).into_iter().filter(|word| !faq.words.lexicon.is_stop(word)).collect()
}

/// A reply is shown as it is, and takes no side.
fn reply(faq: &Faq, kind: &SmallTalk, people: &People, faults: &mut Vec<Fault>) {
    let text = &kind.reply;
    let fault = |range: std::ops::Range<usize>, message: String, hint: &str| {
        Fault::new(FILE, kind.places.reply.find(&text[range]), message).hint(hint)
    };
    for mention in people.mentions(text) {
        let message = format!("balasan obrolan menyebut calon {}", mention.person.name);
        let fault = fault(mention.range, message, "balasan tidak menyebut calon: bot tidak memihak");
        faults.push(if mention.certainty == Certainty::Sure { fault } else { fault.warning() });
    }
    for (range, written) in numbers(text) {
        let message = format!("balasan obrolan menyebut nomor calon: \"{written}\"");
        faults.push(fault(range, message, "balasan tidak menyebut nomor urut: bot tidak memihak"));
    }
    for (written, range) in praised(text, &banned(faq)) {
        let message = format!("kata \"{written}\" memihak di balasan obrolan");
        faults.push(fault(range, message, "pakai kata yang netral"));
    }
    let mut strays = stray::find(text);
    // A reply is plain: what an answer may have is raw here.
    let plain = markup::parse(text).map(|document| document.plain()).unwrap_or_default();
    if strays.is_empty() && plain != *text {
        faults.push(
            Fault::new(
                FILE,
                kind.places.reply.span.clone(),
                "balasan obrolan memuat tanda tebal, tautan, daftar, atau HTML",
            )
            .hint("tulis kalimat biasa: balasan dikirim apa adanya, tanpa gaya"),
        );
    }
    for stray in strays.drain(..) {
        let message = stray.message(&text[stray.range.clone()]);
        let mut fault = fault(stray.range, message, stray.hint);
        fault.severity = Severity::Fault;
        faults.push(fault);
    }
    for (range, message, hint) in style::manners(text) {
        faults.push(fault(range, message, hint).warning());
    }
    for (range, is_fault, message) in style::personal(text) {
        let fault = fault(range, message, "nomor orang tidak boleh ada di balasan; sebut kantor atau layanannya");
        faults.push(if is_fault { fault } else { fault.warning() });
    }
}

/// Numbers that read as a candidate's: "nomor 2", "paslon 02", "01".
fn numbers(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    static NUMBER: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        regex::Regex::new(r"(?i)\b(?:(?:nomor|no|nmr|paslon|pasangan|calon|capres|urut|coblos|pilih)\.?\s+(?:urut\s+)?0?[1-9]|0[1-9]|(?:nomor|paslon|calon|urut)\s+(?:satu|dua|tiga|empat|lima))\b")
            .expect("a pattern of our own")
    });
    // "07.00" is an hour, "02/2024" a date.
    let in_number = |end: usize| {
        let mut after = text[end..].chars();
        after.next().is_some_and(|c| ".:/-".contains(c)) && after.next().is_some_and(|c| c.is_ascii_digit())
    };
    let found = NUMBER.find_iter(text).filter(|found| !in_number(found.end()));
    found.map(|found| (found.range(), found.as_str().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_candidates() {
        for text in ["Pilih nomor 2.", "paslon 02 saja", "coblos 3", "nomor urut dua", "Salam 01"] {
            assert_eq!(numbers(text).len(), 1, "{text}");
        }
        for text in ["Ada 10 pertanyaan.", "nomor telepon", "pukul 07.00", "Pemilu 2024"] {
            assert_eq!(numbers(text), [], "{text}");
        }
    }
}
