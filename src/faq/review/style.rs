//! How answers speak, and what must never stand in one: personal numbers, addresses that hide where they lead.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::fold::own_words;
use crate::faq::Faq;
use crate::faq::entry::{Entry, Template};
use crate::faq::fault::Fault;
use crate::text::mask::{self, Offices};
use crate::text::normalize::words;

/// A personal number of this many digits or more is that of an identity card, a family card or a payment card.
const CARD_DIGITS: usize = 14;
/// Sources that name nobody.
const NOBODY: [&str; 35] = [
    "internet",
    "google",
    "web",
    "website",
    "situs",
    "situs web",
    "online",
    "medsos",
    "media sosial",
    "sosmed",
    "whatsapp",
    "wa",
    "grup wa",
    "facebook",
    "instagram",
    "tiktok",
    "twitter",
    "x",
    "youtube",
    "telegram",
    "chatgpt",
    "ai",
    "berita",
    "media",
    "media massa",
    "teman",
    "katanya",
    "sumber terpercaya",
    "berbagai",
    "berbagai sumber",
    "dari berbagai sumber",
    "tidak ada",
    "pengetahuan umum",
    "umum",
    "kpu go id",
];
/// Words of a source that say nothing by themselves.
const FILLERS: [&str; 8] = ["dari", "di", "hasil", "pencarian", "cari", "sumber", "dan", "kata"];

struct Manner {
    pattern: Regex,
    message: &'static str,
    hint: &'static str,
}

static MANNERS: LazyLock<Vec<Manner>> = LazyLock::new(|| {
    let manner = |pattern: &str, message, hint| Manner {
        pattern: Regex::new(pattern).expect("a pattern of our own"),
        message,
        hint,
    };
    vec![
        manner(
            r"(?i)\b(kamu|kalian|lu|lo|elo|gue|gw|aku)\b",
            "menyapa pembaca dengan kata ini, bukan dengan \"Anda\"",
            "sapa pembaca dengan \"Anda\"; bot menyebut dirinya \"saya\"",
        ),
        manner(r"(!+)", "tanda seru di dalam jawaban", "akhiri dengan titik: jawaban tidak berseru"),
        manner(
            r"(?i)\b((?:bit\.ly|s\.id|tinyurl\.com|t\.co|goo\.gl|cutt\.ly|shorturl\.at|is\.gd|ow\.ly|rb\.gy|rebrand\.ly|lnkd\.in|linktr\.ee|lynk\.id|intip\.in|t\.ly|v\.gd|bl\.ink|tiny\.cc|n9\.cl|heylink\.me|forms\.gle)(?:/[^\s)]*)?)(?:[^a-z0-9.-]|$)",
            "alamat pendek menyembunyikan tujuannya",
            "tulis alamat lengkap milik lembaganya; tautan pendek sering dipakai penipu",
        ),
    ]
});

/// Faults and warnings on all entries.
pub(super) fn check(faq: &Faq, faults: &mut Vec<Fault>) {
    for entry in &faq.entries {
        for template in entry.templates() {
            let text = own_words(&template.value);
            let mut tell = |range: Range<usize>, warning: bool, message: String, hint: &str| {
                let fault = Fault::new(&entry.file, template.at(range), message).hint(hint);
                faults.push(if warning { fault.warning() } else { fault });
            };
            for (range, message, hint) in manners(&text) {
                tell(range, true, message, hint);
            }
            for (range, is_fault, message) in personal(&text) {
                let hint = "nomor orang tidak boleh ada di jawaban; sebut kantor atau layanannya";
                tell(range, !is_fault, message, hint);
            }
            when_twice(entry, template, faults);
            lists_in_sentences(entry, template, faults);
        }
        sources(entry, faults);
    }
}

/// What does not read as the bot speaks: where, what, what to do. Each kind once; addresses are left alone.
pub(super) fn manners(text: &str) -> Vec<(Range<usize>, String, &'static str)> {
    let told = |manner: &'static Manner| {
        let found = manner.pattern.captures_iter(text).find_map(|captures| {
            captures.get(1).filter(|group| !inside_address(text, group.start()) || manner.message.starts_with("alamat"))
        })?;
        Some((found.range(), format!("\"{}\": {}", found.as_str(), manner.message), manner.hint))
    };
    MANNERS.iter().filter_map(told).collect()
}

fn inside_address(text: &str, at: usize) -> bool {
    let token = text[..at].rsplit(char::is_whitespace).next().unwrap_or_default();
    token.contains("://") || token.contains("www.") || token.split_once('/').is_some_and(|(host, _)| host.contains('.'))
}

/// Numbers and addresses that belong to a person: where, whether it is a fault, what. A mobile number may be that of an
/// office, if its sentence names one.
pub(super) fn personal(text: &str) -> Vec<(Range<usize>, bool, String)> {
    let found = mask::find(text, &Offices::default()).into_iter().map(|(range, hidden)| {
        let written = &text[range.clone()];
        let digits = written.chars().filter(char::is_ascii_digit).count();
        if hidden == mask::HIDDEN_EMAIL {
            (range.clone(), false, format!("\"{written}\" alamat email"))
        } else if digits >= CARD_DIGITS {
            (range.clone(), true, format!("\"{written}\" tampak seperti NIK, nomor KK, atau nomor kartu"))
        } else {
            (range.clone(), false, format!("\"{written}\" tampak seperti nomor telepon orang"))
        }
    });
    found.filter(|(range, is_fault, _)| *is_fault || !of_office(text, range)).collect()
}

/// Whether the sentence around `range` names an office: three capitals or more in a row that are none of the usual words.
fn of_office(text: &str, range: &Range<usize>) -> bool {
    const NO_OFFICE: [&str; 14] =
        ["NIK", "KTP", "TPS", "ASN", "PNS", "SMS", "WIB", "WITA", "WIT", "DPT", "NO", "TELP", "HP", "CALL"];
    let start = text[..range.start].rfind(['\n', '?']).map_or(0, |i| i + 1);
    let start = text[start..range.start].rfind(". ").map_or(start, |i| start + i + 2);
    let end = text[range.end..].find(['\n', ';']).map_or(text.len(), |i| range.end + i);
    text[start..end]
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word.len() >= 3 && word.chars().all(|c| c.is_ascii_uppercase()) && !NO_OFFICE.contains(&word))
}

/// `kapan` brings its own "pada": "pada pada Rabu", "pada dua hari lagi".
fn when_twice(entry: &Entry, template: &Template, faults: &mut Vec<Fault>) {
    static TWICE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b((pada|dari|di|sejak|mulai|sampai|tanggal|hari)(?:\s+(?:hari|tanggal))?\s+\**\{\{[^{}]*\|\s*kapan\b[^{}]*\}\})")
            .expect("a pattern of our own")
    });
    for captures in TWICE.captures_iter(&template.value) {
        let (Some(whole), Some(word)) = (captures.get(1), captures.get(2)) else { continue };
        let word = word.as_str().to_lowercase();
        let message =
            format!("\"{word}\" sebelum saringan kapan: pemilih membaca \"{word} pada ...\" atau \"{word} besok\"");
        faults.push(
            Fault::new(&entry.file, template.at(whole.range()), message)
                .warning()
                .hint(format!("hapus \"{word}\", atau pakai saringan tanggal atau hari_tanggal")),
        );
    }
}

/// `baris` writes one line for each item, so it needs a line of its own.
fn lists_in_sentences(entry: &Entry, template: &Template, faults: &mut Vec<Fault>) {
    static LINES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?m)^(.*?)(\{\{[^{}]*\|\s*baris\([^\n]*?\)\s*\}\})(.*)$").expect("a pattern of our own")
    });
    for captures in LINES.captures_iter(&template.value) {
        let text = |i: usize| captures.get(i).map_or("", |group| group.as_str().trim());
        let Some(list) = captures.get(2).filter(|_| !text(1).is_empty() || !text(3).is_empty()) else { continue };
        let message = "saringan baris di tengah kalimat: pemilih melihat daftar yang menempel pada kalimat";
        faults.push(
            Fault::new(&entry.file, template.at(list.range()), message)
                .warning()
                .hint("tulis {{ ... | baris(...) }} di baris sendiri, dengan baris kosong sebelum dan sesudahnya"),
        );
    }
}

/// A source is a law or a publisher, never "internet".
fn sources(entry: &Entry, faults: &mut Vec<Fault>) {
    for source in entry.sources.iter().filter(|_| entry.reviewed.is_some()) {
        let said = words(&source.text);
        let telling: Vec<&str> = said.iter().map(String::as_str).filter(|word| !FILLERS.contains(word)).collect();
        let telling = telling.join(" ");
        if !said.is_empty() && (telling.is_empty() || NOBODY.contains(&telling.as_str())) {
            let message = format!("sumber \"{}\" tidak menyebut siapa pun", source.text);
            faults.push(
                Fault::new(&entry.file, entry.place("sources"), message)
                    .warning()
                    .hint("sebut aturan dengan nomornya, atau penerbit dengan tanggalnya"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manners_and_short_links() {
        for (text, wanted) in [
            ("Kamu harus datang.", Some("Kamu")),
            ("Cek punyamu, kalian bisa", Some("kalian")),
            ("Ayo memilih!!!", Some("!!!")),
            ("Buka bit.ly/abc sekarang", Some("bit.ly/abc")),
            ("Buka https://s.id/KPU.", Some("s.id/KPU.")),
            ("Isi forms.gle/xyz", Some("forms.gle/xyz")),
            ("Buka https://kpu.go.id/kamu?x=!a", None),
            ("Buka kpus.id.go.id atau twitter.com", None),
            ("Anda harus datang.", None),
            // Blanks of more than one byte.
            ("Untuk\u{a0}kamu dan\u{2001}kalian", Some("kamu")),
        ] {
            let found = manners(text);
            assert_eq!(found.first().map(|(range, _, _)| &text[range.clone()]), wanted, "{text}: {found:?}");
        }
    }

    #[test]
    fn personal_numbers() {
        for (text, wanted) in [
            ("NIK 3273012504890001", Some(true)),
            ("Hubungi Pak Budi 0812-3456-7890", Some(false)),
            ("WA 0812 3456 7890", Some(false)),
            ("Tulis ke budi.santoso@contoh.id", Some(false)),
            ("Hubungi MAFINDO (Masyarakat), 0859-2160-0500.", None),
            ("Ada {{ x }} 204.807.222 pemilih, 1500-046", None),
        ] {
            assert_eq!(personal(text).first().map(|found| found.1), wanted, "{text}");
        }
    }
}
