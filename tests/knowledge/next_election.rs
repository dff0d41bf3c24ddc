//! The next election is entered by following `faq/README.md` alone, and every answer speaks rightly before its dates are
//! known, before, on and after them.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use crate::common::{KNOWLEDGE, faq_folder, time, unversioned};
use chrono::{DateTime, FixedOffset};
use tanya_pemilu::faq::by_hand::by_hand;
use tanya_pemilu::faq::election::Kind;
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::faq::{Faq, day_of, review};
use tanya_pemilu::matcher::{Matcher, Verdict};
use tempfile::TempDir;

/// The part of `faq/README.md` that is followed.
const SECTION: &str = "## 9. Memasukkan pemilu berikutnya";

/// A copy of `faq/` with everything that the README says to enter.
struct Entered {
    folder: TempDir,
    faq: Faq,
    matcher: Matcher,
}

static ENTERED: LazyLock<Entered> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    copy(faq_folder(), folder.path());
    let mut paths = Vec::new();
    for (path, is_new, block) in blocks(&readme()) {
        let file = folder.path().join(&path);
        assert_eq!(is_new, !file.exists(), "{path}: new or not");
        let before = if is_new { String::new() } else { fs::read_to_string(&file).expect("a file") + "\n" };
        fs::write(&file, before + &block).expect("a file");
        paths.push(path);
    }
    for wanted in ["pemilu/pemilu2029.toml", "pemilu/pilkada2031.toml", "pemilu/psu_papua2032.toml", "kandidat.toml"] {
        assert!(paths.iter().any(|path| path == wanted), "{wanted}: {paths:?}");
    }
    let faq = load(folder.path());
    let matcher = Matcher::new(&faq);
    Entered { folder, faq, matcher }
});

fn readme() -> String {
    let text = fs::read_to_string(faq_folder().join("README.md")).expect("the README");
    let start = text.find(SECTION).expect("the section");
    let length = text[start + 3..].find("\n## ").expect("another section after it");
    text[start..start + 3 + length].to_owned()
}

/// Each block of TOML in `section`, with the file that the words before it name last, and whether they call it new.
fn blocks(section: &str) -> Vec<(String, bool, String)> {
    let mut found = Vec::new();
    let mut rest = section;
    while let Some((before, after)) = rest.split_once("```toml\n") {
        let (block, tail) = after.split_once("```").expect("a block that ends");
        let words = before.trim_end().rsplit("\n\n").next().expect("words before the block");
        let path = words.split('`').rfind(|part| part.ends_with(".toml")).expect("a file before the block");
        found.push((path.to_owned(), words.contains("Buat berkas baru"), block.to_owned()));
        rest = tail;
    }
    found
}

fn load(folder: &Path) -> Faq {
    let (faq, report) = Faq::load(&Source::Folder(folder.to_owned()));
    faq.unwrap_or_else(|| panic!("{}", report.render(false)))
}

fn copy(from: &Path, to: &Path) {
    for item in fs::read_dir(from).expect("a folder") {
        let path = item.expect("a file").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file");
        }
    }
}

fn on(day: &str) -> DateTime<FixedOffset> {
    time(&format!("{day}T09:00:00+07:00"))
}

fn said_by(faq: &Faq, id: &str, day: &str) -> String {
    faq.answer(faq.entry(id).unwrap_or_else(|| panic!("no entry {id}")), on(day)).plain()
}

fn said(id: &str, day: &str) -> String {
    said_by(&ENTERED.faq, id, day)
}

/// On each day the entry says all of the first words and none of the others.
fn says(id: &str, rows: &[(&str, &[&str], &[&str])]) {
    for (day, wanted, unwanted) in rows {
        let text = said(id, day);
        for words in *wanted {
            assert!(text.contains(words), "{id} on {day} does not say {words:?}:\n{text}");
        }
        for words in *unwanted {
            assert!(!text.contains(words), "{id} on {day} says {words:?}:\n{text}");
        }
    }
}

#[test]
fn what_the_readme_says_is_without_fault() {
    let mut command = assert_cmd::Command::cargo_bin("tanya-pemilu").expect("the binary of this package");
    let output = command.arg("check").arg("--faq").arg(ENTERED.folder.path()).output().expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains(", 0 salah,"), "{text}");
}

/// The day before its dates are known nobody can tell that they have been entered.
#[test]
fn before_they_are_known_nothing_is_said() {
    let shipped = &KNOWLEDGE.faq;
    for day in ["2026-11-28", "2027-06-13"] {
        for entry in &shipped.entries {
            // That the files changed can be told by its code, but not what they say.
            let (entered, before) = (said(&entry.id, day), said_by(shipped, &entry.id, day));
            assert_eq!(unversioned(&entered), unversioned(&before), "{} on {day}", entry.id);
        }
    }
    says(
        "jadwal-tahapan",
        &[("2027-06-13", &["Tanggal tahapan Pemilu nasional 2029 belum ditetapkan"], &["Februari 2029"])],
    );
}

#[test]
fn the_vote_before_on_and_after() {
    let unset = "belum ditetapkan";
    let day = "Rabu, 14 Februari 2029";
    for id in ["jadwal-pemungutan-suara", "jadwal-pemilu-berikutnya"] {
        says(
            id,
            &[
                ("2027-06-13", &["Tanggalnya belum ditetapkan"], &[]),
                ("2027-06-14", &[day, "hari lagi"], &["Tanggalnya belum ditetapkan"]),
                ("2029-02-12", &["dua hari lagi, Rabu, 14 Februari 2029"], &["Tanggalnya belum"]),
                ("2029-02-14", &["hari ini, Rabu, 14 Februari 2029"], &["Tanggalnya belum"]),
                (
                    "2029-02-15",
                    &["sudah berlangsung pada Rabu, 14 Februari 2029"],
                    &["Tanggalnya belum", "hari lagi, Rabu"],
                ),
            ],
        );
    }
    // What a voter wants to know comes first, and what was asked about 2024 can still be found.
    assert!(said("jadwal-pemungutan-suara", "2029-02-12").starts_with("Pemungutan suara Pemilu nasional 2029 akan"));
    assert!(said("jadwal-pemungutan-suara", "2029-02-12").contains("pada Rabu, 14 Februari 2024"));
    says(
        "jadwal-jam-tps",
        &[
            ("2027-06-13", &["Jam TPS untuk pemilu nasional berikutnya belum ditetapkan"], &["2029"]),
            ("2029-02-12", &["Pada Pemilu nasional 2029", "Datanglah lebih awal"], &[unset]),
            ("2029-02-14", &["hari ini, Rabu, 14 Februari 2029", "sebelum TPS tutup"], &[unset]),
            ("2029-02-15", &["pada Rabu, 14 Februari 2029"], &[unset, "Datanglah"]),
        ],
    );
    says(
        "jadwal-libur",
        &[
            ("2027-06-13", &["tanggal dan hari liburnya belum ditetapkan"], &["2029"]),
            ("2029-02-12", &[day, "dari sekarang"], &[unset]),
            ("2029-02-14", &["hari ini, Rabu, 14 Februari 2029"], &[unset, "dari sekarang"]),
            ("2029-02-15", &["berlangsung pada Rabu, 14 Februari 2029"], &[unset]),
        ],
    );
}

/// Each entry that waits for a stage: the day before it is known, before, during and after it.
#[test]
fn every_answer_that_waits_for_a_date() {
    let rows: [(&str, &str, &str, &str, [&str; 3]); 9] = [
        // Entry, what it says while the date is not set, first and last day, and what it says before, during and after.
        (
            "jadwal-kampanye",
            "Jadwal kampanye pemilu nasional berikutnya belum ditetapkan",
            "2028-11-28",
            "2029-02-10",
            [
                "Masa kampanye Pemilu nasional 2029 akan berlangsung besok, dari Selasa, 28 November 2028",
                "Masa kampanye Pemilu nasional 2029 berlangsung sekarang, sampai Sabtu, 10 Februari 2029",
                "Masa kampanye Pemilu nasional 2029 berlangsung dari Selasa, 28 November 2028",
            ],
        ),
        (
            "jadwal-masa-tenang",
            "Masa tenang pemilu nasional berikutnya belum ditetapkan",
            "2029-02-11",
            "2029-02-13",
            [
                "Masa tenang Pemilu nasional 2029 akan berlangsung besok",
                "Masa tenang Pemilu nasional 2029 berlangsung sekarang, sampai Selasa, 13 Februari 2029",
                "Masa tenang Pemilu nasional 2029 berlangsung dari Minggu, 11 Februari 2029",
            ],
        ),
        (
            "jadwal-pendaftaran-capres",
            "Jadwal pendaftaran untuk Pemilu 2029 belum ditetapkan",
            "2028-10-19",
            "2028-10-25",
            [
                "Pemilu nasional 2029 akan dibuka besok",
                "Pemilu nasional 2029 dibuka sekarang, sampai Rabu, 25 Oktober 2028",
                "Pemilu nasional 2029 sudah ditutup",
            ],
        ),
        (
            "jadwal-penetapan-capres",
            "Jadwal penetapan calon untuk Pemilu 2029 belum ditetapkan",
            "2028-11-13",
            "2028-11-13",
            [
                "KPU akan menetapkan pasangan calon Pemilu nasional 2029 besok",
                "KPU menetapkan pasangan calon Pemilu nasional 2029 hari ini",
                "KPU menetapkan pasangan calon Pemilu nasional 2029 pada Senin, 13 November 2028",
            ],
        ),
        (
            "jadwal-undian-nomor",
            "",
            "2028-11-14",
            "2028-11-14",
            [
                "Nomor urut pasangan calon Pemilu nasional 2029 akan diundi besok",
                "Nomor urut pasangan calon Pemilu nasional 2029 diundi hari ini",
                "Nomor urut pasangan calon Pemilu nasional 2029 diundi pada Selasa, 14 November 2028",
            ],
        ),
        (
            "jadwal-rekapitulasi",
            "",
            "2029-02-14",
            "2029-02-15",
            [
                "Suara Pemilu nasional 2029 akan dihitung di TPS besok",
                "Suara Pemilu nasional 2029 dihitung di TPS sekarang",
                "Suara Pemilu nasional 2029 dihitung di TPS dari Rabu, 14 Februari 2029",
            ],
        ),
        (
            "jadwal-pengumuman-hasil",
            "",
            "2029-03-20",
            "2029-03-20",
            [
                "akan mengumumkan hasil nasional Pemilu nasional 2029 paling lambat Selasa, 20 Maret 2029",
                "mengumumkan hasil nasional Pemilu nasional 2029 hari ini",
                "mengumumkan hasil nasional Pemilu nasional 2029 pada Selasa, 20 Maret 2029",
            ],
        ),
        (
            "jadwal-pelantikan",
            "",
            "2029-10-20",
            "2029-10-20",
            [
                "terpilih Pemilu nasional 2029 akan dilantik besok",
                "terpilih Pemilu nasional 2029 dilantik hari ini",
                "terpilih Pemilu nasional 2029 dilantik pada Sabtu, 20 Oktober 2029",
            ],
        ),
        (
            "jadwal-tahapan",
            "Tanggal tahapan Pemilu nasional 2029 belum ditetapkan",
            "2029-02-14",
            "2029-02-14",
            [
                "Berikutnya pemungutan suara, besok, Rabu, 14 Februari 2029",
                "Sekarang berlangsung pemungutan suara dan penghitungan suara di TPS Pemilu nasional 2029",
                "Sekarang berlangsung",
            ],
        ),
    ];
    for (id, unset, start, end, [before, during, after]) in rows {
        let day = |text: &str, days: i64| {
            let day = day_of(on(text)) + chrono::TimeDelta::days(days);
            day.format("%Y-%m-%d").to_string()
        };
        says(
            id,
            &[
                ("2027-06-13", &[unset], &[before, during, "nasional 2029 akan"]),
                (&day(start, -1), &[before], &["belum ditetapkan."]),
                (start, &[during], &["belum ditetapkan."]),
                (end, &[during], &["belum ditetapkan."]),
                (&day(end, 1), &[after], &["belum ditetapkan."]),
            ],
        );
    }
}

/// No answer of any entry says on one day that something of 2029 is not set which another tells.
#[test]
fn no_two_answers_contradict_each_other() {
    for day in ["2027-06-14", "2028-11-15", "2029-02-14", "2029-02-20", "2029-06-01"] {
        for entry in &ENTERED.faq.entries {
            let text = said(&entry.id, day);
            for words in [
                "Tanggalnya belum ditetapkan",
                "pemilu nasional berikutnya belum ditetapkan",
                "Pemilu 2029 belum ditetapkan",
                "Pemilu nasional 2029 belum ditetapkan",
            ] {
                // What the README's steps don't set is still not set: the list of voters and the vote abroad.
                let is_left = ["pemilih-batas-daftar", "jadwal-luar-negeri"].contains(&entry.id.as_str());
                assert!(is_left || !text.contains(words), "{} on {day}:\n{text}", entry.id);
            }
        }
    }
}

/// The questions of the trial that found the contradiction.
#[test]
fn the_questions_are_answered_on_the_day() {
    let ask = |question: &str, day: &str| {
        let judged = ENTERED.matcher.judge(question, day_of(on(day)));
        let Verdict::Answer(entry) = judged.verdict else { panic!("{question} on {day}: {:?}", judged.verdict) };
        ENTERED.faq.answer(&ENTERED.faq.entries[entry], on(day)).plain()
    };
    for question in ["sekarang tahapan apa", "kapan nyoblos", "pemilu 2029 kapan"] {
        let text = ask(question, "2029-02-14");
        assert!(!text.contains("Tanggalnya belum"), "{question}: {text}");
        assert!(
            text.contains("14 Februari 2029") || text.contains("berlangsung pemungutan suara"),
            "{question}: {text}"
        );
    }
    let text = ask("kapan pilkada", "2031-11-26");
    assert!(text.contains("hari ini, Rabu, 26 November 2031"), "{text}");
}

#[test]
fn the_pairs_and_their_source_from_their_day() {
    let heading = "Pasangan calon pada Pemilu nasional 2029";
    let [first, second] = ["Satu", "Dua"].map(|n| format!("Namacapres {n} dan Namacawapres {n}"));
    says(
        "paslon-2029",
        &[
            ("2028-11-13", &["belum ditetapkan", "Sumber: UU 7/2017\n"], &[heading, "Namacapres", "Keputusan KPU"]),
            (
                "2028-11-14",
                &[heading, &first, &second, "UU 7/2017; Keputusan KPU tentang nomor urut"],
                &["2028-11-14", "belum"],
            ),
        ],
    );
    says(
        "kandidat-daftar",
        &[
            ("2028-11-13", &["berikutnya belum ditetapkan"], &["Namacapres"]),
            ("2028-11-14", &[&first, &second], &["belum"]),
        ],
    );
    let text = said("kandidat-daftar", "2028-11-14");
    assert!(text.find(&first) < text.find(&second), "{text}");
}

#[test]
fn the_pilkada_with_an_empty_box() {
    let day = "Rabu, 26 November 2031";
    says(
        "jadwal-pilkada",
        &[
            ("2026-11-28", &["sekitar akhir 2031", "Pilkada 2024"], &["Pilkada 2031"]),
            (
                "2030-11-01",
                &["Pilkada 2031", day, "Masa kampanyenya 24 September 2031"],
                &["sekitar akhir", "belum ditetapkan"],
            ),
            ("2031-11-24", &["dua hari lagi, Rabu, 26 November 2031"], &[]),
            ("2031-11-26", &["hari ini, Rabu, 26 November 2031"], &[]),
            (
                "2031-11-27",
                &["sudah berlangsung pada Rabu, 26 November 2031", "belum ditetapkan tanggalnya"],
                &["sekitar akhir"],
            ),
        ],
    );
    says(
        "kandidat-gubernur-papua-2031",
        &[
            (
                "2030-10-31",
                &["Calonnya belum ditetapkan", "suaranya belum ditetapkan"],
                &["Namagubernur", "kolom kosong"],
            ),
            ("2031-09-22", &["Calonnya belum ditetapkan", "hari lagi, Rabu, 26 November 2031"], &["kolom kosong"]),
            (
                "2031-11-24",
                &["1. Namagubernur Contoh dan Namawakil Contoh\n2. kolom kosong", "dua hari lagi"],
                &["belum ditetapkan"],
            ),
        ],
    );
}

#[test]
fn the_by_election_stands_for_itself() {
    says(
        "jadwal-psu-papua",
        &[
            ("2032-01-14", &["belum ditetapkan"], &["2032"]),
            ("2032-01-15", &["akan berlangsung", "Rabu, 25 Februari 2032", "pukul 07.00-13.00 WIT"], &["belum"]),
            ("2032-02-25", &["hari ini, Rabu, 25 Februari 2032"], &["akan", "sudah"]),
            ("2032-02-26", &["sudah berlangsung pada Rabu, 25 Februari 2032"], &["belum"]),
        ],
    );
    says("jadwal-tahapan", &[("2032-02-25", &["pemungutan suara ulang PSU Pilgub Papua 2032"], &[])]);
    let current = |kind: Kind, day: &str| ENTERED.faq.current(kind, on(day)).map(|e| e.key.as_str());
    assert_eq!(current(Kind::Regional, "2032-02-25"), Some("pilkada2031"));
    assert_eq!(current(Kind::National, "2024-02-01"), Some("pemilu2024"));
    assert_eq!(current(Kind::National, "2024-10-21"), Some("pemilu2029"));
    assert_eq!(current(Kind::National, "2040-01-01"), Some("pemilu2029"));
    assert_eq!(current(Kind::Regional, "2024-11-27"), Some("pilkada2024"));
}

/// Entries that name a past election in words are listed, and once the next vote is known `check` says so in one warning,
/// which who looked at them can still.
#[test]
fn what_stands_by_hand_is_listed() {
    let shipped = &KNOWLEDGE.faq;
    let places = by_hand(shipped, on("2026-11-28"));
    assert!(places.len() > 50, "{}", places.len());
    for place in &places {
        let file = fs::read_to_string(faq_folder().join(&place.file)).expect("the file");
        assert_eq!(file[place.span.clone()], place.words, "{}", place.entry);
        assert!(["pemilu2024", "pilkada2024"].contains(&place.election.as_str()) && place.words.ends_with("2024"));
    }
    let before = by_hand(shipped, on("2024-01-01"));
    assert!(before.is_empty(), "nothing was past then: {before:?}");
    let of_elections = |faq: &Faq, day: &str| -> Vec<String> {
        let faults = review::as_of(faq, day_of(on(day)));
        faults.into_iter().map(|fault| fault.message).filter(|m| m.contains("pemilu yang lalu")).collect()
    };
    assert_eq!(of_elections(shipped, "2026-11-28"), [""; 0]);
    assert_eq!(of_elections(&ENTERED.faq, "2027-06-13"), [""; 0]);
    let warned = of_elections(&ENTERED.faq, "2027-06-14");
    assert!(warned.len() == 1 && warned[0].contains("Pemilu nasional 2029"), "{warned:?}");
    let counted = |message: &str| {
        let mut words = message.split(' ');
        words.find_map(|word| word.parse::<usize>().ok().filter(|n| *n < 1000)).expect("a number of entries")
    };
    let one = places.iter().find(|place| warned[0].contains(&format!("`{}`", place.entry))).expect("an entry named");
    let looked_at = tempfile::tempdir().expect("a folder");
    copy(ENTERED.folder.path(), looked_at.path());
    let path = looked_at.path().join(&one.file);
    let text = fs::read_to_string(&path).expect("the file");
    let at = text.find(&format!("id = \"{}\"", one.entry)).expect("the entry");
    let (before, after) = text.split_at(at);
    fs::write(&path, before.to_owned() + &after.replacen("reviewed = \"2026", "reviewed = \"2027", 1))
        .expect("the file");
    let again = of_elections(&load(looked_at.path()), "2027-12-01");
    assert_eq!(counted(&again[0]) + 1, counted(&warned[0]), "{again:?}");
}
