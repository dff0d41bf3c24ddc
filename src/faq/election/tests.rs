//! Elections as maintainers write them: what is not set, not known, not alike.

use std::fs;

use chrono::{DateTime, FixedOffset};

use crate::faq::source::Source;
use crate::faq::{Faq, day_of};

/// The last election of its kind, whose names later ones may be asked for.
const LAST: &str = r#"name = "Uji 2024"
kind = "nasional"

[stages.kampanye]
name = "Masa kampanye"
start = "2023-11-28"
end = "2024-02-10"
main = true

[stages.pemungutan_suara]
name = "Pemungutan suara"
start = "2024-02-14"
end = "2024-02-14"
open = "07.00"
close = "13.00"
zone = "setempat"
main = true

[[candidates]]
number = 1
president = "Siti"
vice_president = "Tono"

[figures]
dpt = 204807222
"#;

/// An entry whose answer is `answer` and whose sources are `sources`.
fn entry(answer: &str, sources: &str) -> String {
    let questions: String = (0..10).map(|n| format!("pertanyaan uji kata{n}\n")).collect();
    format!(
        "[[entry]]\nid = \"uji\"\ntitle = \"Uji\"\nquestions = '''\n{questions}'''\n{answer}\nsources = {sources}\nreviewed = \"2026-11-22\"\n"
    )
}

/// A FAQ with the last election, the next as `next`, and one entry; or what is wrong with it.
fn load(next: &str, entry: &str) -> Result<Faq, String> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("pemilu")).expect("a folder");
    for (name, text) in [
        ("teks.id.toml", include_str!("../../../faq/teks.id.toml")),
        ("leksikon.toml", "# kosong\n"),
        ("pemilu/uji2024.toml", LAST),
        ("pemilu/uji2029.toml", next),
        ("uji.toml", entry),
    ] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let (faq, report) = Faq::load(&Source::Folder(folder.path().to_owned()));
    faq.ok_or_else(|| report.render(false))
}

fn on(day: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("{day}T09:00:00+07:00")).expect("a day")
}

/// What `{{ expression }}` says on that day.
fn said(next: &str, expression: &str, day: &str) -> String {
    let answer = format!("answer = '''\n{{{{ {expression} }}}}.\n'''");
    let faq = load(next, &entry(&answer, "[\"UU 7/2017\"]")).unwrap_or_else(|faults| panic!("{faults}"));
    faq.answer(&faq.entries[0], on(day)).body.plain()
}

fn refused(next: &str, expression: &str) -> String {
    let answer = format!("answer = '''\n{{{{ {expression} }}}}.\n'''");
    load(next, &entry(&answer, "[\"UU 7/2017\"]")).map(|_| ()).expect_err("a fault")
}

/// The next election: nothing but its name, or with a vote known from a day on.
const EMPTY: &str = "name = \"Uji 2029\"\nkind = \"nasional\"\n";

fn with_vote(more: &str) -> String {
    format!(
        "{EMPTY}\n[stages.pemungutan_suara]\nname = \"Pemungutan suara\"\nstart = \"2029-02-14\"\nend = \"2029-02-14\"\n\
         main = true\n{more}"
    )
}

#[test]
fn what_is_not_set_says_what_it_is_told_to_say() {
    let day = "2026-11-26";
    for (expression, wanted) in [
        ("uji2029.pemungutan_suara | kapan(\"belum\")", "belum."),
        ("uji2029.pemungutan_suara | jam(\"belum\")", "belum."),
        ("uji2029.pemungutan_suara | lama(\"belum\")", "belum."),
        ("uji2029.pemungutan_suara.start | tanggal(\"belum\")", "belum."),
        ("uji2029.kampanye | pilih(\"a\", \"b\", \"c\", \"belum\")", "belum."),
        ("uji2029.kampanye | kalimat(\"Mulai {tanggal}\", \"belum\")", "belum."),
        ("uji2029.figures.dpt | angka(\"belum\")", "belum."),
        ("uji2029.figures.dpt | juta(\"belum\")", "belum."),
        ("uji2029.nomor_1.president | atau(\"belum\")", "belum."),
        ("uji2024.nomor_1.votes | atau(\"belum\")", "belum."),
        ("uji2029.candidates | jumlah(\"belum\")", "belum."),
        ("uji2029.parties | ada(\"seats\") | urut(\"votes\") | baris(\"{name}\", \"belum\")", "belum."),
        ("uji2029.stages | ada(\"main\") | baris(\"{name}\", \"belum\")", "belum."),
        ("pemilu.pemungutan_suara | hari_tanggal(\"belum\")", "belum."),
        ("pemilu.name", "Uji 2029."),
        (
            "uji2024.kampanye | kalimat(\"{name} {pemilu} {tanggal}, {lama}\")",
            "Masa kampanye Uji 2024 28 November 2023 sampai 10 Februari 2024, 75 hari.",
        ),
        ("uji2024.kampanye | kalimat(\"Buka {jam}\", \"belum\")", "belum."),
    ] {
        assert_eq!(said(EMPTY, expression, day), wanted, "{expression}");
    }
}

#[test]
fn without_words_to_say_instead_it_is_refused() {
    let fault = refused(EMPTY, "uji2029.pemungutan_suara | kapan");
    assert!(fault.contains("`uji2029.pemungutan_suara` belum ditetapkan di pemilu/uji2029.toml"), "{fault}");
    assert!(fault.contains("kapan(\"belum ditetapkan\")"), "{fault}");
    let fault = refused(EMPTY, "uji2029.candidates");
    assert!(fault.contains("`uji2029.candidates` belum ditetapkan") && fault.contains("atau("), "{fault}");
    // What no election has is a slip of the pen, whatever is to be said instead.
    let fault = refused(EMPTY, "uji2029.pemungutan_sura | kapan(\"belum\")");
    assert!(fault.contains("tidak dikenal") && fault.contains("maksud Anda `uji2029.pemungutan_suara`?"), "{fault}");
    let fault = refused(EMPTY, "uji2024.nomor_2.president");
    assert!(fault.contains("tidak dikenal"), "{fault}");
    let fault = refused(EMPTY, "uji2024.kampanye | kalimat(\"{kapn}\", \"belum\")");
    assert!(fault.contains("`{kapn}` tidak ada"), "{fault}");
}

#[test]
fn a_day_is_told_from_the_day_it_is_known() {
    let next = with_vote(
        "known_from = \"2027-06-14\"\n\n[stages.hitung_cepat]\nname = \"Hitung cepat\"\nsame_day_as = \"pemungutan_suara\"\n",
    );
    for name in ["pemungutan_suara", "hitung_cepat"] {
        let expression = format!("uji2029.{name} | hari_tanggal(\"belum\")");
        assert_eq!(said(&next, &expression, "2027-06-13"), "belum.");
        assert_eq!(said(&next, &expression, "2027-06-14"), "Rabu, 14 Februari 2029.");
    }
    let stages = "uji2029.stages | baris(\"{name}\", \"belum\")";
    assert_eq!(said(&next, stages, "2027-06-13"), "belum.");
    assert!(said(&next, stages, "2027-06-14").contains("Hitung cepat"));
    // What is known later has not happened: no words of its own are needed, unless those before the stage speak of its day.
    let chosen = |before: &str| format!("uji2029.pemungutan_suara | pilih(\"{before}\", \"kini\", \"lalu\")");
    assert_eq!(said(&next, &chosen("nanti"), "2027-06-13"), "nanti.");
    assert!(refused(&next, &chosen("nanti {kapan}")).contains("belum ditetapkan"));
    // A FAQ that is right on every other day but not before it is known is refused.
    let fault = refused(&next, "uji2029.pemungutan_suara | kapan");
    assert!(fault.contains("belum ditetapkan"), "{fault}");
    // An election of which nothing is known yet is not spoken of.
    let now = "kini.ringkas";
    assert!(!said(&next, now, "2027-06-13").contains("Uji 2029"));
    assert!(said(&next, now, "2027-06-14").contains("pemungutan suara Uji 2029"));
    assert!(said(EMPTY, now, "2027-06-13").contains("Tanggal tahapan Uji 2029 belum ditetapkan"));
}

#[test]
fn an_election_is_not_over_before_its_vote_is_known() {
    let next = format!(
        "{EMPTY}\n[stages.kampanye]\nname = \"Masa kampanye\"\nstart = \"2028-11-28\"\nend = \"2029-02-10\"\nmain = true\n"
    );
    let text = said(&next, "kini.ringkas", "2029-03-01");
    assert!(!text.contains("Semua tahapan Uji 2024 dan Uji 2029"), "{text}");
    assert!(text.contains("Tanggal tahapan Uji 2029 belum ditetapkan"), "{text}");
    assert_eq!(said(&next, "pemilu.name", "2029-03-01"), "Uji 2029.");
    assert_eq!(said(&next, "pemilu.name", "2024-01-01"), "Uji 2024.");
}

#[test]
fn an_entry_may_hang_on_a_stage_that_is_not_set() {
    let staged = |unset: &str| {
        format!(
            "stage = \"uji2029.pemungutan_suara\"\n{unset}before = '''\nNanti.\n'''\nduring = '''\nKini.\n'''\nafter = '''\nLalu.\n'''"
        )
    };
    let text = |next: &str, unset: &str, day: &str| {
        let faq = load(next, &entry(&staged(unset), "[\"UU 7/2017\"]")).unwrap_or_else(|faults| panic!("{faults}"));
        faq.answer(&faq.entries[0], on(day)).body.plain()
    };
    let unset = "unset = '''\nBelum.\n'''\n";
    assert_eq!(text(EMPTY, unset, "2026-11-26"), "Belum.");
    assert_eq!(text(EMPTY, "", "2026-11-26"), "Nanti.");
    let next = with_vote("known_from = \"2027-06-14\"\n");
    for (day, wanted) in
        [("2027-06-13", "Belum."), ("2027-06-14", "Nanti."), ("2029-02-14", "Kini."), ("2029-02-15", "Lalu.")]
    {
        assert_eq!(text(&next, unset, day), wanted, "{day}");
    }
    let strange = staged(unset).replace("pemungutan_suara", "pemungutan_sura");
    let fault = load(EMPTY, &entry(&strange, "[\"UU 7/2017\"]")).map(|_| ()).expect_err("no such stage");
    assert!(fault.contains("memakai tahapan `uji2029.pemungutan_sura` yang tidak ada"), "{fault}");
}

#[test]
fn a_source_is_shown_from_its_day() {
    let answer = "answer = '''\nYa.\n'''";
    let sources = "[\"UU 7/2017\", \"2029-01-01: Keputusan KPU 1/2029: lampiran\", \"12:30, siaran RRI\"]";
    let faq = load(EMPTY, &entry(answer, sources)).unwrap_or_else(|faults| panic!("{faults}"));
    let footer = |day: &str| faq.answer(&faq.entries[0], on(day)).footer;
    assert!(footer("2028-12-31").starts_with("Sumber: UU 7/2017; 12:30, siaran RRI\n"), "{}", footer("2028-12-31"));
    let known = footer("2029-01-01");
    assert!(known.starts_with("Sumber: UU 7/2017; Keputusan KPU 1/2029: lampiran; 12:30, siaran RRI\n"), "{known}");
    let refused = |sources: &str| load(EMPTY, &entry(answer, sources)).map(|_| ()).expect_err("a fault");
    let fault = refused("[\"UU 7/2017\", \"2029-02-30: Keputusan KPU\"]");
    assert!(fault.contains("tanggal \"2029-02-30\" tidak ada di kalender"), "{fault}");
    let fault = refused("[\"UU 7/2017\", \"01-01-2029: Keputusan KPU\"]");
    assert!(fault.contains("tanggal \"01-01-2029\" tidak berbentuk tanggal"), "{fault}");
    // Before its first source the entry could name none, so it is not given.
    let faq = load(EMPTY, &entry(answer, "[\"2029-01-01: Keputusan KPU\", \"Kompas, 4 Mei 2029\"]"));
    let entry = faq.unwrap_or_else(|faults| panic!("{faults}")).entries.remove(0);
    assert_eq!(["2028-12-31", "2029-01-01"].map(|day| entry.is_valid(day_of(on(day)))), [false, true]);
    assert_eq!(entry.sources_on(day_of(on("2029-05-03"))), ["Keputusan KPU"]);
}

#[test]
fn candidates_of_any_office() {
    let candidates = |text: &str| format!("{EMPTY}{text}");
    let pair =
        "[[candidates]]\nnumber = 1\noffice = \"Gubernur\"\narea = \"Papua\"\nname = \"Ani\"\ndeputy = \"Budi\"\n";
    let rival = "[[candidates]]\nnumber = 2\noffice = \"Gubernur\"\narea = \"Papua\"\nempty = true\n";
    let alone = "[[candidates]]\nnumber = 1\noffice = \"DPD\"\narea = \"Papua\"\nname = \"Cici\"\n";
    let all = candidates(&format!("{rival}{alone}{pair}"));
    let who = "uji2029.candidates | ada(\"office\", \"gubernur\") | baris(\"{number}. {pasangan}\")";
    assert_eq!(said(&all, who, "2026-11-26"), "1. Ani dan Budi\n2. kolom kosong.");
    let who = "uji2029.candidates | kosong(\"deputy\") | kosong(\"empty\") | baris(\"{pasangan}\")";
    assert_eq!(said(&all, who, "2026-11-26"), "Cici.");
    // One who may be asked for by number, where the number is one person's.
    assert_eq!(said(&candidates(alone), "uji2029.nomor_1.president", "2026-11-26"), "Cici.");
    assert!(refused(&all, "uji2029.nomor_1.name").contains("ada beberapa calon nomor 1"));
    assert_eq!(said(EMPTY, "uji2024.candidates | baris(\"{name}, {deputy}\")", "2026-11-26"), "Siti, Tono.");
}

#[test]
fn what_is_wrong_with_a_candidate_is_told_once() {
    let wrong = |text: &str| {
        let answer = "answer = '''\n{{ uji2029.candidates | baris(\"{name}: {vision}\", \"belum\") }}\n'''";
        load(&format!("{EMPTY}{text}"), &entry(answer, "[\"UU 7/2017\"]")).map(|_| ()).expect_err("a fault")
    };
    let faults = |text: &str| text.matches("salah:").count();
    let one = "[[candidates]]\nnumber = 1\nname = \"Ani\"\nvision = \"Maju\"\nprogramme = \"Kerja\"\n";
    let text = wrong(&format!("{one}[[candidates]]\nnumber = 2\nname = \"Budi\"\n"));
    assert!(faults(&text) == 1 && text.contains("tidak punya `programme`, `vision`"), "{text}");
    // What all lack is told since an answer wants it.
    let text = wrong("[[candidates]]\nnumber = 4\nname = \"Ani\"\n");
    assert!(
        faults(&text) == 1
            && text.contains("`vision` belum ada pada Ani (nomor 4)\n  --> pemilu/uji2029.toml:3:1")
            && text.contains("diperlukan di sini"),
        "{text}"
    );
    let text = wrong("[[candidates]]\nnumber = 1\nvision = \"Maju\"\n");
    assert!(faults(&text) == 1 && text.contains("tidak punya nama"), "{text}");
    let text = wrong(&format!("{one}president = \"Ani\"\n"));
    assert!(faults(&text) == 1 && text.contains("`name` dan `president` sama artinya"), "{text}");
    let text = wrong(&format!("{one}[[candidates]]\nnumber = 2\nempty = true\nname = \"Kotak\"\n"));
    assert!(faults(&text) == 1 && text.contains("kolom kosong tidak punya `name`"), "{text}");
    let text = wrong(&format!("{one}{one}"));
    assert!(faults(&text) == 1 && text.contains("nomor 1 dipakai dua kali"), "{text}");
    let text = wrong(&format!("{one}governor = \"Ani\"\n"));
    assert!(faults(&text) == 1 && text.contains("kunci `governor` tidak dikenal"), "{text}");
}

#[test]
fn what_is_wrong_with_a_stage_or_a_kind_is_told_once() {
    let wrong = |next: &str| {
        let answer = "answer = '''\n{{ uji2029.pemungutan_suara | kapan(\"belum\") }}\n'''";
        load(next, &entry(answer, "[\"UU 7/2017\"]")).map(|_| ()).expect_err("a fault")
    };
    let faults = |text: &str| text.matches("salah:").count();
    let text = wrong(&with_vote("known_from = \"2029-02-15\"\n"));
    assert!(faults(&text) == 1 && text.contains("`known_from` sesudah tahapan ini dimulai"), "{text}");
    let text = wrong(&EMPTY.replace("nasional", "nasional "));
    assert!(faults(&text) == 1 && text.contains("jenis pemilu \"nasional \" tidak dikenal"), "{text}");
    // A stage whose date is wrong is there all the same for those that take their day from it.
    let borrowed = "\n[stages.hitung_cepat]\nname = \"Hitung cepat\"\nsame_day_as = \"pemungutan_suara\"\n";
    let text = wrong(&with_vote(borrowed).replace("start = \"2029-02-14\"", "start = \"14-02-2029\""));
    assert!(faults(&text) == 1 && text.contains("tidak berbentuk tanggal"), "{text}");
    let text =
        wrong(&with_vote(borrowed).replace("same_day_as = \"pemungutan_suara\"", "same_day_as = \"pemungutan_sura\""));
    assert!(faults(&text) == 1 && text.contains("maksud Anda `pemungutan_suara`?"), "{text}");
}

#[test]
fn a_value_is_told_from_the_day_it_is_known() {
    let votes = "[[candidates]]\nnumber = 1\nname = \"Ani\"\nvotes = 10\n\n[figures]\ndpt = 5\n\n";
    let next = format!(
        "{EMPTY}{votes}[known_from.candidates]\nvotes = \"2029-03-20\"\n\n[known_from]\nfigures.dpt = \"2028-07-02\"\n"
    );
    for (expression, before, after) in [
        ("uji2029.nomor_1.votes | atau(\"belum\")", "belum.", "10."),
        ("uji2029.candidates | ada(\"votes\") | baris(\"{name}: {votes}\", \"belum\")", "belum.", "Ani: 10."),
        ("uji2029.figures.dpt | angka(\"belum\")", "belum.", "5."),
        ("uji2029.figures.dpt | kalimat(\"Ada {angka} pemilih\", \"belum\")", "belum.", "Ada 5 pemilih."),
    ] {
        assert_eq!(said(&next, expression, "2028-07-01"), before, "{expression}");
        assert_eq!(said(&next, expression, "2029-03-20"), after, "{expression}");
    }
    // Who is known is told of all the same.
    assert_eq!(said(&next, "uji2029.nomor_1.name", "2028-07-01"), "Ani.");
    // A FAQ that is right on every other day but not before it is known is refused, unless it is not given then.
    let fault = refused(&next, "uji2029.figures.dpt");
    assert!(fault.contains("belum ditetapkan"), "{fault}");
    let text = entry("answer = '''\n{{ uji2029.figures.dpt }}\n'''", "[\"2028-07-02: Keputusan KPU\"]");
    assert!(load(&next, &text).is_ok());
    for (from, to, wanted) in [
        ("figures.dpt", "figures.dtp", "`figures` tidak punya isian `dtp`"),
        ("[known_from.candidates]", "[known_from.calon]", "`calon` tidak dikenal di known_from"),
        ("\"2029-03-20\"", "\"20-03-2029\"", "tidak berbentuk tanggal"),
    ] {
        let fault = load(&next.replace(from, to), &text).map(|_| ()).expect_err("a fault");
        assert!(fault.contains(wanted), "{fault}");
    }
}
