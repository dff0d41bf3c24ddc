//! What `asn-cek.toml` and `lapor.toml` lead to: entries that are there and don't say the opposite first.

use super::candidate::{banned, praised};
use super::person::{Certainty, People};
use super::reference::built_in_homes;
use crate::faq::Faq;
use crate::faq::asn_check::{Cell, FILE, May};
use crate::faq::entry::{Body, Entry, Template};
use crate::faq::fault::{Fault, Rank};
use crate::faq::near::nearest;
use crate::faq::outline::Written;
use crate::faq::reader::Text;
use crate::faq::report;

/// Faults on both files.
pub(super) fn check(faq: &Faq, written: &Written, people: &People, faults: &mut Vec<Fault>) {
    for cell in &faq.asn_check.cells {
        let unknown = cell.entries().filter_map(|(key, id)| unknown(faq, written, FILE, key, id));
        faults.extend(unknown);
        faults.extend(opposite(faq, cell));
        sided(faq, cell, people, faults);
    }
    faults.extend(faq.breaches.iter().filter_map(|b| unknown(faq, written, report::FILE, "entry", &b.entry)));
}

/// An entry that is not there. One that could not be read may be.
fn unknown(faq: &Faq, written: &Written, file: &str, key: &str, id: &Text) -> Option<Fault> {
    if faq.entry(&id.value).is_some() || written.has_entry(&id.value) || written.opaque || !written.broken.is_empty() {
        return None;
    }
    // Where a file of the built-in FAQ is missing, that is told where `related` leads into it.
    if built_in_homes().get(&id.value).is_some_and(|home| !written.files.contains(home)) {
        return None;
    }
    let hint = match nearest(&id.value, faq.entries.iter().map(|e| e.id.as_str())) {
        Some(near) => format!("maksud Anda `{near}`?"),
        None => "ganti dengan kode entri yang ada".to_owned(),
    };
    let message = format!("`{key}` menunjuk entri `{}` yang tidak ada", id.value);
    Some(Fault::new(file, id.span.clone(), message).hint(hint).rank(Rank::Reference))
}

/// A cell whose entry begins with no where the cell says yes, or the other way round: a voter who presses on would read both.
fn opposite(faq: &Faq, cell: &Cell) -> Option<Fault> {
    let entry = faq.entry(&cell.entry.value)?;
    let against = |text: &&Template| May::said_first(&text.value).is_some_and(|said| said.contradicts(cell.may));
    let text = beginnings(entry).into_iter().find(against)?;
    let message = format!(
        "sel `{}` x `{}` berkata \"{}\", padahal jawaban `{}` mulai dengan sebaliknya",
        cell.who.value,
        cell.what.value,
        cell.may.written(),
        entry.id
    );
    let fault = Fault::new(FILE, cell.entry.span.clone(), message);
    let fault = fault.also(&entry.file, text.span.clone(), "jawabannya di sini");
    Some(fault.hint("periksa mana yang benar; kalau keduanya, pakai entri lain atau \"tergantung\""))
}

/// The texts with which an entry's answer may begin.
fn beginnings(entry: &Entry) -> Vec<&Template> {
    match &entry.body {
        Body::Always(text) => vec![text],
        Body::Staged { phases, unset, .. } => phases.iter().chain(unset).collect(),
        Body::Plain(_) => Vec::new(),
    }
}

/// A sentence that names a candidate or takes sides.
fn sided(faq: &Faq, cell: &Cell, people: &People, faults: &mut Vec<Fault>) {
    let text = &cell.says.value;
    for mention in people.mentions(text).into_iter().filter(|m| m.certainty == Certainty::Sure) {
        let message = format!("kalimat ini menyebut calon {}", mention.person.name);
        let place = cell.says.at(mention.range);
        faults.push(Fault::new(FILE, place, message).hint("aturannya sama untuk semua calon: bot tidak memihak"));
    }
    for (written, range) in praised(text, &banned(faq)) {
        let message = format!("kata \"{written}\" memihak di kalimat ini");
        faults.push(Fault::new(FILE, cell.says.at(range), message).hint("pakai kata yang netral"));
    }
}
