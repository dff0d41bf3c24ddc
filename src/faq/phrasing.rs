//! What one phrasing by itself must not be: personal, long, or empty of meaning.

use std::ops::Range;

use super::Faq;
use super::fault::Fault;
use crate::text::analyze::{Analyzer, Language, Token};
use crate::text::is_listed;
use crate::text::mask::{HIDDEN_EMAIL, Offices, mask};

/// The longest phrasing, in characters: voters' questions are shorter, and what is longer is a story of one of them.
pub const LONGEST_PHRASING: usize = 120;
/// Words that only ask, in standard spelling. With nothing beside them no entry is meant.
const ASKING: &str = "apa apakah bagaimana kapan kapankah berapa siapa siapakah mana dimana kemana darimana kenapa mengapa \
    boleh bolehkah bisa tidak ada adakah cara begini begitu how what when who why where which can yes no ok oke";

/// How the bot is addressed, in standard spelling.
const BOT: &str = "anda";

/// Phrasings that are personal (faults), or too long or without content (warnings).
pub fn review(faq: &Faq) -> Vec<Fault> {
    let reviewed = || faq.entries.iter().filter(|entry| entry.reviewed.is_some());
    // What stands in a file of one entry a line is that file's own affair.
    if reviewed().next().is_none() {
        return Vec::new();
    }
    let language = Language::of(reviewed().flat_map(|e| &e.questions).map(|q| q.text.as_str()), &faq.words.lexicon);
    let analyzer = Analyzer::new(faq.words.lexicon.clone(), language);
    let offices = Offices::of(faq.texts());
    let mut faults = Vec::new();
    for entry in reviewed() {
        for phrasing in &entry.questions {
            let warn = |message: String, hint: &str| {
                Fault::new(&entry.file, phrasing.span.clone(), message).warning().hint(hint)
            };
            faults.extend(personal(&entry.file, &phrasing.span, &phrasing.text, &offices));
            let length = phrasing.text.chars().count();
            if length > LONGEST_PHRASING {
                faults.push(warn(
                    format!("pertanyaan ini {length} huruf; paling banyak {LONGEST_PHRASING}"),
                    "tulis satu kalimat seperti orang mengetik; cerita panjang dikenali dari kalimat tanyanya",
                ));
            }
            let tokens = analyzer.tokens(&phrasing.text);
            // "Siapa kamu" asks for the bot itself.
            let is_empty = |t: &Token| t.surface != BOT && (t.stop || is_listed(ASKING, &t.surface));
            if !tokens.is_empty() && tokens.iter().all(is_empty) {
                faults.push(warn(
                    format!("pertanyaan \"{}\" tidak menyebut apa yang ditanyakan", phrasing.text),
                    "tambahkan kata yang menunjuk isi entri ini, atau hapus: semua entri bisa dimaksud",
                ));
            }
        }
    }
    let small_talk = faq.small_talk.iter().flat_map(|s| &s.questions).map(|q| ("obrolan.toml", q));
    let outside = faq.outside.iter().map(|q| ("di-luar.toml", q));
    for (file, phrasing) in small_talk.chain(outside) {
        faults.extend(personal(file, &phrasing.span, &phrasing.text, &offices));
    }
    faults
}

/// Numbers and addresses of a person: the same as are hidden from moderators.
fn personal(file: &str, span: &Range<usize>, text: &str, offices: &Offices) -> Option<Fault> {
    let masked = mask(text, offices);
    let what = if masked == text {
        return None;
    } else if masked.contains(HIDDEN_EMAIL) && !text.contains(HIDDEN_EMAIL) {
        "alamat email"
    } else {
        "nomor pribadi (NIK, KK, telepon, atau kartu)"
    };
    let message = format!("pertanyaan ini memuat {what}");
    Some(
        Fault::new(file, span.clone(), message)
            .hint("data pribadi siapa pun tidak disimpan di FAQ; hapus nomor atau alamatnya"),
    )
}
