//! What is not known yet is not said: every entry, as it is given on each day on which something becomes known or happens,
//! names no date, ruling, law, figure or person before its day, and speaks of nothing to come as if it had been.
//!
//! What is known from when stands in `faq/pemilu/` (`known_from`) and before the sources of the entries; the few things that
//! stand nowhere there are the tables below, each with its ground.

mod judge;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime};
use judge::{Judge, day_of};
use regex::Regex;
use tanya_pemilu::faq::cited::Cited;
use tanya_pemilu::faq::election::VOTE;
use tanya_pemilu::faq::election::known::FIGURES;
use tanya_pemilu::faq::entry::{Body, Entry, Template};
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::faq::{Faq, home_offset};
use tanya_pemilu::text::language::Language;

/// The first and the last day that are looked at: from the first stage of the oldest election of the FAQ on.
const SPAN: (&str, &str) = ("2022-06-13", "2031-12-31");

/// Days to come that an answer may name before them though no stage has them: the day, from when, and by what.
const FIXED: &[(&str, &str, &str)] = &[
    ("2029-10-20", "2022-06-09", "five years after the oath of 20 October 2024: UUD 1945 art. 7"),
    ("2030-02-20", "2025-02-11", "five years after the oath of 20 February 2025: UU 10/2016 art. 162"),
    ("2026-11-30", "2026-01-20", "when the DPR hoped on 20 January 2026 to be done"),
];

/// Years to come that an answer may name though no election is called after them, by what.
const YEARS: &[(i32, &str)] = &[(2027, "end of the terms of KPU and Bawaslu that began in 2022: UU 7/2017")];

/// Laws of which no entry's source says the day: the day, and by what.
const LAWS: &[(&str, &str)] = &[
    ("PKPU 3/2022", "2022-06-09"),
    ("UU 3/2022", "2022-02-15"),
    ("2/2022", "2022-09-22"),
    ("Putusan MK 85/PUU-XX/2022", "2022-09-29"),
];

/// Words that say that something has happened, and the stage that it is.
const HAPPENED: &[(&str, &str)] = &[
    (r"\bKomdigi\b", "pemilu2029.kominfo_menjadi_komdigi"),
    (r"\bKASN\b[^.]{0,40}\b(?:sudah|dibubarkan|dihapus|tidak ada|berakhir)", "pemilu2029.kasn_berakhir"),
    (r"\bKUHP baru\b|\bUU Penyesuaian Pidana\b", "pemilu2029.kuhp_baru"),
    (r"(?i)\bMK\b[^.]{0,60}\bmenghapus ambang batas", "pemilu2029.putusan_mk_ambang_batas_presiden"),
    (r"(?i)\b(?:pemungutan suara ulang|PSU)\b[^.]{0,30}\b24 daerah\b", "pilkada2024.pemungutan_suara_ulang"),
    (r"(?i)\b(?:pemungutan suara ulang|PSU)\b[^.]{0,30}\bKuala Lumpur\b", "pemilu2024.pemungutan_ulang_kuala_lumpur"),
];

static FAQ: LazyLock<Faq> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/faq");
    let (faq, report) = Faq::load(&Source::Folder(folder.into()));
    faq.unwrap_or_else(|| panic!("{}", report.render(false)))
});

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text} is no day"))
}

fn at(day: NaiveDate, hour: u32) -> DateTime<FixedOffset> {
    let time = day.and_hms_opt(hour, 0, 0).expect("an hour");
    time.and_local_timezone(home_offset()).single().expect("a time")
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"))
}

/// The moments at which every answer is looked at: around each day on which something begins, ends or becomes known; on the
/// days of the vote also in the evening.
fn moments(faq: &Faq) -> Vec<DateTime<FixedOffset>> {
    let mut turns = BTreeSet::new();
    let mut votes = BTreeSet::new();
    for election in faq.elections() {
        for stage in &election.stages {
            turns.extend([stage.start, stage.end]);
            turns.extend(stage.known_from);
            if stage.key == VOTE {
                votes.insert(stage.start);
            }
        }
        for (list, items) in &election.lists {
            turns.extend(election.known_from.of(list).map(|(_, day)| day));
            turns.extend(items.iter().flat_map(|item| ["known_from", "date"].map(|key| day_of(item, key))).flatten());
        }
        turns.extend(election.known_from.of(FIGURES).map(|(_, day)| day));
    }
    // Where a source becomes known the day itself tells all: what is said before is said since an earlier turn.
    let sources = faq.entries.iter().flat_map(|e| e.sources.iter().filter_map(|source| source.from));
    let (first, last) = (day(SPAN.0), day(SPAN.1));
    let around = turns.iter().flat_map(|&day| [day - Days::new(1), day, day + Days::new(1)]);
    let all: BTreeSet<NaiveDate> =
        around.chain(sources).chain(faq.entries.iter().filter_map(Entry::first_day)).chain([first]).collect();
    let days = all.into_iter().filter(|day| (first..=last).contains(day));
    days.flat_map(|day| [Some(at(day, 9)), votes.contains(&day).then(|| at(day, 20))].into_iter().flatten()).collect()
}

/// Something said too early.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Leak {
    entry: String,
    rule: &'static str,
    said: String,
}

/// Where a leak stands first, and on how many of the days.
struct Place {
    first: NaiveDateTime,
    days: usize,
    around: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (+{}): ...{}...", self.first.format("%Y-%m-%d %H"), self.days - 1, self.around)
    }
}

#[test]
fn what_is_not_known_yet_is_not_said() {
    let faq = &*FAQ;
    let judge = Judge::new(faq);
    let moments = moments(faq);
    assert!((200..=1000).contains(&moments.len()), "{} moments", moments.len());
    let mut leaks: BTreeMap<Leak, Place> = BTreeMap::new();
    for now in &moments {
        for entry in faq.entries.iter().filter(|entry| entry.is_valid(now.date_naive())) {
            let own = judge.leaks(faq, entry, Language::Indonesian, *now);
            let english = entry.english.iter().flat_map(|_| judge.leaks(faq, entry, Language::English, *now));
            for (rule, said, around) in own.into_iter().chain(english) {
                let leak = Leak { entry: entry.id.clone(), rule, said };
                let place = leaks.entry(leak).or_insert(Place { first: now.naive_local(), days: 0, around });
                place.days += 1;
            }
        }
    }
    let lines: Vec<String> =
        leaks.iter().map(|(leak, place)| format!("{} [{}] \"{}\" {place}", leak.entry, leak.rule, leak.said)).collect();
    assert!(lines.is_empty(), "{} leaks at {} moments:\n{}", lines.len(), moments.len(), lines.join("\n"));
}

/// What is looked for is found, on the last day on which it is wrong, and on the next no more.
#[test]
fn each_kind_of_leak_is_seen() {
    let judge = Judge::new(&FAQ);
    let rows = [
        ("tanggal", "2024-04-21", "Ditetapkan pada 24 April 2024."),
        ("bulan", "2031-10-31", "Dilantik pada November 2031."),
        ("aturan", "2025-06-25", "Menurut Putusan MK 135/PUU-XXII/2024."),
        ("aturan", "2023-10-30", "Menurut UU 20/2023."),
        ("tahun", "2032-12-31", "Berlaku sampai 2033."),
        ("angka", "2024-03-19", "Suaranya 96.214.691."),
        ("angka", "2023-07-01", "Ada 204,8 juta pemilih."),
        ("angka", "2024-08-24", "PDI Perjuangan mendapat 110 kursi."),
        ("orang", "2023-11-13", "Pasangan nomor 2 itu."),
        ("orang", "2023-10-24", "Calonnya Ganjar Pranowo."),
        ("orang", "2024-10-19", "Kata Presiden Prabowo begitu."),
        ("peristiwa", "2024-09-30", "Laporkan ke Komdigi."),
        ("sudah", "2024-02-10", "Kampanye sudah selesai pada 10 Februari 2024, sampai 13 Februari 2024."),
        ("sudah", "2024-02-13", "Pemilu 2024 sudah selesai."),
    ];
    let mut wrong = Vec::new();
    for (rule, last, text) in rows {
        let faq = FAQ.tried(|faq| {
            let entry = &mut faq.entries[0];
            entry.body = Body::Always(Template::new(text, 0..0, ""));
            entry.sources = vec![Cited::always("UU 7/2017".to_owned())];
            (entry.valid_from, entry.valid_until) = (None, None);
        });
        let seen = |day| {
            judge
                .leaks(&faq, &faq.entries[0], Language::Indonesian, at(day, 9))
                .iter()
                .any(|(seen, _, _)| *seen == rule)
        };
        let until = day(last) + Days::new(if text.contains("sampai 13") { 3 } else { 1 });
        if !seen(day(last)) || seen(until) {
            wrong.push(format!("{rule}, {last}: {text} {} {}", seen(day(last)), seen(until)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// On the day of a vote an answer says what can still be done on it, and calls a deadline that has passed by its name.
#[test]
fn the_day_itself_has_words_of_its_own() {
    let today = regex(r"(?i)\bhari ini\b|\bsekarang\b|\bsudah tidak bisa\b");
    let passed = regex(
        r"(?i)\blewat\b|\bsudah ditutup\b|\btidak bisa (?:lagi|dipindah lagi|diubah lagi)\b|\bsudah tidak bisa\b",
    );
    let both = ["2024-02-14", "2024-11-27"];
    // What is to be asked for, moved or told of, and whether it had a deadline before the day.
    let rows: &[(&str, bool, &[&str])] = &[
        ("daftar-baru-17", true, &both),
        ("daftar-pindah-domisili", true, &both),
        ("daftar-nama-salah", true, &both),
        ("pemilih-batas-daftar", true, &both),
        ("pemilih-belum-terdaftar", false, &both),
        ("pemilih-pindah-tps", true, &both),
        ("pilkada-pindah-memilih", true, &both[1..]),
        ("pemilih-undangan", false, &both),
        ("pemilih-sakit-lapas", false, &both),
        ("lapor-pelanggaran", false, &both),
        ("asn-lapor", false, &both),
    ];
    let mut wrong = Vec::new();
    for (id, has_deadline, days) in rows {
        let entry = FAQ.entry(id).unwrap_or_else(|| panic!("no entry {id}"));
        for now in days.iter().map(|written| at(day(written), 9)) {
            let text = FAQ.answer(entry, now).body.plain();
            if !today.is_match(&text) || *has_deadline && !passed.is_match(&text) {
                wrong.push(format!("{id} on {}:\n{text}\n", now.date_naive()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
