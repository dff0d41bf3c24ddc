//! Every kind of fault in a FAQ, and what a maintainer reads about it.

use std::fs;
use std::path::Path;

use crate::common::{KNOWLEDGE, faq_folder, last_review};
use tanya_pemilu::desk::Knowledge;
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::faq::{Faq, review};

/// A sound entry; tests spoil one thing in it.
const ENTRY: &str = r#"[[entry]]
id = "jadwal-uji"
title = "Kapan hari uji?"
questions = '''
kapan hari uji
tanggal uji
uji hari apa
jadwal uji
kpn uji kak
uji tgl brp
hari h uji
uji itu kapan sih
besok uji ga
when is the test
'''
answer = '''
Uji berlangsung **{{ uji2024.pemungutan_suara | kapan }}**.
'''
sources = ["PKPU 3/2022"]
reviewed = "2026-11-22"
related = []
"#;

const ELECTION: &str = r#"name = "Uji 2024"

[stages.pemungutan_suara]
name = "Pemungutan suara"
start = "2024-02-14"
end = "2024-02-14"
open = "07.00"
close = "13.00"
zone = "setempat"
main = true
"#;

const SMALL_TALK: &str = "[[small_talk]]\nid = \"sapaan\"\nquestions = 'halo'\nreply = 'Halo.'\n";

/// A FAQ folder with these files; the wording is the project's.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    };
    write("teks.id.toml", &fs::read(faq_folder().join("teks.id.toml")).expect("the wording"));
    write("leksikon.toml", b"stop = 'yang'\n");
    write("obrolan.toml", SMALL_TALK.as_bytes());
    write("di-luar.toml", b"[[topic]]\nname = \"Lain\"\nquestions = 'resep rendang'\n");
    write("bot.toml", b"retention_days = 90\n");
    write("pemilu/uji2024.toml", ELECTION.as_bytes());
    write("jadwal.toml", ENTRY.as_bytes());
    for (name, bytes) in files {
        write(name, bytes);
    }
    folder
}

/// The entry under another id, its title and each of its phrasings with another word at its end.
fn sibling(id: &str, word: &str) -> String {
    let (head, rest) = ENTRY.split_once("questions = '''\n").expect("questions");
    let (questions, tail) = rest.split_once("'''").expect("the end of the questions");
    let questions: String = questions.lines().map(|line| format!("{line} {word}\n")).collect();
    format!(
        "{}questions = '''\n{questions}'''{tail}",
        head.replace("jadwal-uji", id).replace("hari uji?", &format!("hari {word}?"))
    )
}

/// What is reported on a folder with these files.
fn report(files: &[(&str, &[u8])]) -> String {
    let folder = folder(files);
    let (faq, mut report) = Faq::load(&Source::Folder(folder.path().to_owned()));
    if let Some(faq) = faq {
        report.extend(review::as_of(&faq, chrono::NaiveDate::from_ymd_opt(2026, 11, 26).expect("a day")));
    }
    report.render(false).replace(&folder.path().display().to_string(), "faq")
}

/// What is reported on the entry with `from` replaced by `to`.
fn spoilt(from: &str, to: &str) -> String {
    assert!(ENTRY.contains(from), "{from:?} is not in the entry");
    report(&[("jadwal.toml", ENTRY.replace(from, to).as_bytes())])
}

fn spoilt_election(from: &str, to: &str) -> String {
    assert!(ELECTION.contains(from), "{from:?} is not in the election");
    report(&[("pemilu/uji2024.toml", ELECTION.replace(from, to).as_bytes())])
}

/// What is needed first is short; the rest, and what is meant to be long, may be.
#[test]
fn a_long_answer_is_told_unless_it_is_meant_to_be() {
    let line = "Uji berlangsung **{{ uji2024.pemungutan_suara | kapan }}**.\n";
    let long = format!("{line}{}\n", "Datang lebih pagi supaya tidak antre. ".repeat(18));
    let shown = spoilt(line, &long);
    assert!(shown.contains("perhatian: jawaban `jadwal-uji` 7") && shown.contains("paling banyak 700"), "{shown}");
    assert!(shown.contains("`more`") && shown.contains("jadwal.toml:16:"), "{shown}");
    let told = |entry: &str| report(&[("jadwal.toml", entry.as_bytes())]);
    assert_eq!(told(&ENTRY.replace(line, &long).replace("related = []", "related = []\nlong = true")), "");
    let rest = ENTRY.replace("sources =", &format!("more = '''\n{}\n'''\nsources =", long.replace(line, "")));
    assert_eq!(told(&rest), "");
}

#[test]
fn a_sound_faq_has_nothing_to_report() {
    assert_eq!(report(&[]), "");
    assert!(review::as_of(&KNOWLEDGE.faq, last_review()).is_empty(), "the shipped FAQ has something to look at");
}

#[test]
fn keys_and_types() {
    insta::assert_snapshot!("unknown key", spoilt("sources =", "sumber = 1\nsources ="));
    insta::assert_snapshot!("misspelt key", spoilt("answer =", "answr ="));
    insta::assert_snapshot!("missing key", spoilt("title = \"Kapan hari uji?\"\n", ""));
    insta::assert_snapshot!("wrong type", spoilt("title = \"Kapan hari uji?\"", "title = 12"));
    insta::assert_snapshot!("list wanted", spoilt("related = []", "related = \"jadwal-lain\""));
    insta::assert_snapshot!("bad id", spoilt("jadwal-uji", "Jadwal Uji"));
    insta::assert_snapshot!("long title", spoilt("Kapan hari uji?", "Kapan hari uji yang sangat panjang namanya itu?"));
    insta::assert_snapshot!("sensitive is no text", spoilt("related = []", "sensitive = \"ya\""));
}

#[test]
fn dates() {
    insta::assert_snapshot!("impossible date", spoilt("2026-11-22", "2026-02-30"));
    insta::assert_snapshot!("date in another form", spoilt("2026-11-22", "22-11-2026"));
    insta::assert_snapshot!("impossible bare date", spoilt("\"2026-11-22\"", "2026-02-30"));
    insta::assert_snapshot!(
        "valid until before valid from",
        spoilt("related = []", "valid_from = \"2026-01-02\"\nvalid_until = \"2026-01-01\"")
    );
    assert_eq!(spoilt("\"2026-11-22\"", "2026-11-22"), "", "a bare date is as good");
}

#[test]
fn phrasings_sources_and_references() {
    insta::assert_snapshot!("too few phrasings", spoilt("tanggal uji\nuji hari apa\n", ""));
    insta::assert_snapshot!("phrasing twice", spoilt("uji tgl brp", "Kapan hari uji??"));
    insta::assert_snapshot!("phrasing without a word", spoilt("uji tgl brp", "???"));
    insta::assert_snapshot!("no source", spoilt("[\"PKPU 3/2022\"]", "[]"));
    insta::assert_snapshot!("unknown related", spoilt("related = []", "related = [\"jadwal-ujin\", \"jadwal-uji\"]"));
    let twins = format!("{ENTRY}\n{}", sibling("jadwal-uji", "coba"));
    insta::assert_snapshot!("id twice", report(&[("jadwal.toml", twins.as_bytes())]));
    let other =
        ENTRY.replace("jadwal-uji", "aturan-uji").replace(" uji", " coba").replace("kapan hari coba", "kapan hari uji");
    insta::assert_snapshot!("phrasing in two entries", report(&[("aturan.toml", other.as_bytes())]));
}

#[test]
fn templates() {
    insta::assert_snapshot!("unknown name", spoilt("pemungutan_suara |", "pemungtan_suara |"));
    insta::assert_snapshot!("unknown election", spoilt("uji2024.", "uji2042."));
    insta::assert_snapshot!("unknown filter", spoilt("| kapan", "| kapn"));
    insta::assert_snapshot!("filter of another kind", spoilt("| kapan", "| angka"));
    insta::assert_snapshot!("missing arguments", spoilt("| kapan", "| pilih(\"akan\")"));
    insta::assert_snapshot!("not closed", spoilt("| kapan }}", "| kapan }"));
    insta::assert_snapshot!("statement", spoilt("Uji berlangsung", "{% if x %}Uji berlangsung"));
    insta::assert_snapshot!(
        "unknown stage",
        spoilt("answer =", "stage = \"uji2024.pemungutan\"\nbefore = 'a'\nduring = 'b'\nafter = 'c'\nanswer =")
    );
    insta::assert_snapshot!(
        "stage without texts",
        spoilt("answer =", "stage = \"uji2024.pemungutan_suara\"\nbefore = 'a'\nanswer =")
    );
    insta::assert_snapshot!("texts without stage", spoilt("answer =", "before = 'a'\nanswer ="));
    insta::assert_snapshot!(
        "markup in one phase only",
        spoilt("| kapan", "| pilih(\"akan\", \"<i>kini</i>\", \"dulu\")")
    );
    insta::assert_snapshot!("date by hand", spoilt("Uji berlangsung", "Pada 14 Februari 2024 uji berlangsung"));
}

#[test]
fn markup_and_length() {
    insta::assert_snapshot!("bold not closed", spoilt("Uji berlangsung **", "**Uji berlangsung **"));
    insta::assert_snapshot!("html", spoilt("Uji berlangsung", "<b>Uji</b> berlangsung"));
    insta::assert_snapshot!("bad link", spoilt("Uji berlangsung", "[Uji](kpu.go.id) berlangsung"));
    insta::assert_snapshot!("too long", spoilt("Uji berlangsung", &"panjang ".repeat(520)));
}

#[test]
fn syntax() {
    insta::assert_snapshot!("curly quotes", spoilt("\"Kapan hari uji?\"", "\u{201c}Kapan hari uji?\u{201d}"));
    insta::assert_snapshot!("missing comma", spoilt("[\"PKPU 3/2022\"]", "[\"PKPU 3/2022\" \"UU 7/2017\"]"));
    insta::assert_snapshot!("quote not closed", spoilt("\"Kapan hari uji?\"", "\"Kapan hari uji?"));
    insta::assert_snapshot!("block not closed", spoilt("kapan }}**.\n'''", "kapan }}**.\n"));
    insta::assert_snapshot!("colon", spoilt("title =", "title:"));
    insta::assert_snapshot!("no quotes", spoilt("\"Kapan hari uji?\"", "Kapan hari uji?"));
    insta::assert_snapshot!("key twice", spoilt("related = []", "title = \"Lagi\""));
    insta::assert_snapshot!("bracket missing", spoilt("[[entry]]", "[[entry]"));
    insta::assert_snapshot!("apostrophe", spoilt("\"Kapan hari uji?\"", "'Kapan Jum'at uji?'"));
    insta::assert_snapshot!("tab", spoilt("title = \"Kapan hari uji?\"", "\ttitle \"Kapan hari uji?\""));
}

#[test]
fn files() {
    insta::assert_snapshot!("word processor", report(&[("asn.toml", b"PK\x03\x04\x14\x00\x06")]));
    insta::assert_snapshot!("utf-16", report(&[("asn.toml", b"\xff\xfe[\x00[\x00")]));
    insta::assert_snapshot!("not utf-8", report(&[("asn.toml", b"# satu\n# caf\xe9\n")]));
    insta::assert_snapshot!("no entry in it", report(&[("asn.toml", b"# kosong\n")]));
    insta::assert_snapshot!("another kind of file", report(&[("asn.toml.txt", b"")]));
    let windows = format!("\u{feff}{}", ENTRY.replace('\n', "\r\n"));
    insta::assert_snapshot!("bom and crlf", report(&[("jadwal.toml", windows.as_bytes())]));
    let broken = windows.replace("\"2026-11-22\"", "\"2026-02-30\"");
    insta::assert_snapshot!("place in a file with crlf", report(&[("jadwal.toml", broken.as_bytes())]));
}

#[test]
fn causes() {
    insta::assert_snapshot!("one bracket", spoilt("[[entry]]", "[entry]"));
    insta::assert_snapshot!("head under another name", spoilt("[[entry]]", "[[entri]]"));
    insta::assert_snapshot!("head lost", spoilt("[[entry]]\n", ""));
    insta::assert_snapshot!(
        "copied file",
        report(&[("jadwal (salinan).toml", two_entries().as_bytes()), ("jadwal.toml", two_entries().as_bytes())])
    );
    insta::assert_snapshot!("list in a file of entries", report(&[("obrolan (1).toml", SMALL_TALK.as_bytes())]));
    insta::assert_snapshot!("two elections of one name", report(&[("pemilu/uji2025.toml", ELECTION.as_bytes())]));
    insta::assert_snapshot!("empty list", report(&[("di-luar.toml", b"# nanti\n")]));
    let names = ENTRY.replace("**{{", "{{ lain2031.a }} {{ lain2031.b }} {{ lain2031.c }} **{{");
    insta::assert_snapshot!("missing election", report(&[("jadwal.toml", names.as_bytes())]));
    let names = ENTRY.replace("**{{", "{{ pilkada.a }} {{ pilkada.b }} {{ pilkada.c }} **{{");
    insta::assert_snapshot!("no election of that kind", report(&[("jadwal.toml", names.as_bytes())]));
    // What this election may be asked for hangs on the other's stages, one of which can't be read.
    let other = ELECTION.replace("Uji 2024", "Uji 2029").replace("pemungutan_suara]", "hari_uji]");
    let asks = ENTRY.replace("**{{", "{{ uji2024.hari_uji | atau(\"-\") }} **{{");
    let both = |other: &str| report(&[("pemilu/uji2029.toml", other.as_bytes()), ("jadwal.toml", asks.as_bytes())]);
    assert_eq!(both(&other), "");
    insta::assert_snapshot!("stage of another election", both(&other.replacen("\"2024-02-14\"", "\"besok\"", 1)));
}

fn two_entries() -> String {
    format!("{ENTRY}\n{}", sibling("jadwal-dua", "dua"))
}

#[test]
fn signs_that_nobody_sees() {
    insta::assert_snapshot!("no-break blank in a key", spoilt("title =", "title\u{a0}="));
    insta::assert_snapshot!("no-break hyphens in a date", spoilt("2026-11-22", "2026\u{2011}11\u{2011}22"));
    insta::assert_snapshot!("en dashes in a date", spoilt("2026-11-22", "2026\u{2013}11\u{2013}22"));
    insta::assert_snapshot!("direction turned", spoilt("Uji berlangsung", "Uji \u{202e}berlangsung"));
    insta::assert_snapshot!("bullet of a word processor", spoilt("Uji berlangsung", "\u{f0b7} Uji berlangsung"));
    insta::assert_snapshot!("no-break blank in an answer", spoilt("Uji berlangsung", "Uji\u{a0}berlangsung"));
}

#[test]
fn numbers_and_yes() {
    insta::assert_snapshot!("yes in Indonesian", spoilt("related = []", "sensitive = ya"));
    let figures =
        |line: &str| report(&[("pemilu/uji2024.toml", format!("{ELECTION}\n[figures]\n{line}\n").as_bytes())]);
    insta::assert_snapshot!("decimal comma", figures("share = 58,59"));
    insta::assert_snapshot!("thousands in quotes", figures("dpt = \"204.807.222\""));
}

#[test]
fn elections() {
    insta::assert_snapshot!(
        "stage ends before it starts",
        spoilt_election("end = \"2024-02-14\"", "end = \"2024-02-13\"")
    );
    insta::assert_snapshot!(
        "same day as an unknown stage",
        spoilt_election("start = \"2024-02-14\"\nend = \"2024-02-14\"", "same_day_as = \"pemungutan\"")
    );
    insta::assert_snapshot!("unknown zone", spoilt_election("\"setempat\"", "\"WIBB\""));
    insta::assert_snapshot!("hours without zone", spoilt_election("zone = \"setempat\"\n", ""));
    insta::assert_snapshot!("bad hour", spoilt_election("\"07.00\"", "\"25:00\""));
    insta::assert_snapshot!("stage name", spoilt_election("stages.pemungutan_suara", "stages.Pemungutan-Suara"));
    insta::assert_snapshot!("unknown stage key", spoilt_election("main = true", "utama = true"));
    let pair = |number: u8, extra: &str| {
        format!(
            "\n[[candidates]]\nnumber = {number}\npresident = \"Capres {number}\"\nvice_president = \"Cawapres {number}\"\npresident_posts = \"a\"\nvice_president_posts = \"b\"\nparties = [\"c\"]\nregistered = \"2023-10-19\"\nvision = \"d\"\nprogramme = \"e\"\n{extra}"
        )
    };
    let unequal = format!("{ELECTION}{}{}", pair(1, "votes = 10\n"), pair(2, ""));
    insta::assert_snapshot!("candidates unalike", report(&[("pemilu/uji2024.toml", unequal.as_bytes())]));
    let same = format!("{ELECTION}{}{}", pair(1, ""), pair(1, ""));
    insta::assert_snapshot!("number twice", report(&[("pemilu/uji2024.toml", same.as_bytes())]));
}

#[test]
fn candidates_are_treated_alike() {
    let pair = |number: u8| {
        format!(
            "\n[[candidates]]\nnumber = {number}\npresident = \"Capres {number}\"\nvice_president = \"Cawapres {number}\"\npresident_posts = \"a\"\nvice_president_posts = \"b\"\nparties = [\"c\"]\nregistered = \"2023-10-19\"\nvision = \"d\"\nprogramme = \"e\"\n"
        )
    };
    let election = format!("{ELECTION}{}{}", pair(1), pair(2));
    let entry = |number: u8, extra: &str| {
        sibling(&format!("kandidat-nomor-{number}"), &format!("calon {number}"))
            .replace("Uji berlangsung", &format!("{{{{ uji2024.nomor_{number}.president }}}}{extra}, "))
            .replace("related = []", "sensitive = true")
    };
    let words = "persuasive = '''\nhebat, terbaik\n'''\n";
    let all = |second: &str| {
        let entries = format!("{}\n{}", entry(1, ""), entry(2, second));
        report(&[
            ("pemilu/uji2024.toml", election.as_bytes()),
            ("leksikon.toml", words.as_bytes()),
            ("kandidat.toml", entries.as_bytes()),
        ])
    };
    assert_eq!(all(""), "");
    insta::assert_snapshot!("other form than its peers", all(" yang lahir di desa"));
    insta::assert_snapshot!("persuasive word", all(" yang Terbaik"));
    insta::assert_snapshot!("name by hand", all(" dan Cawapres 2"));
}

#[test]
fn lists_wording_and_settings() {
    let words = "spelling = '''\nkapan: kpn, kpan\nbagaimana: kpn\ntanpa titik dua\nkosong:\n'''\n";
    insta::assert_snapshot!("lexicon", report(&[("leksikon.toml", words.as_bytes())]));
    let talk =
        format!("[[small_talk]]\nid = \"sapaan\"\nquestions = '''\nhalo\n'''\nreply = '''{}'''\n", "halo ".repeat(70));
    insta::assert_snapshot!("small talk", report(&[("obrolan.toml", talk.as_bytes())]));
    let bot = "retention_days = 0\nunknown_share = 2\nmax_open_tiket = 3\n";
    insta::assert_snapshot!("settings", report(&[("bot.toml", bot.as_bytes())]));
    let hours =
        "moderator_hours = \"22.00-08.00\"\nremind_after_hours = 1.5\nescalate_after_hours = 400\ndigest_hour = 24\n";
    insta::assert_snapshot!("hours of moderators", report(&[("bot.toml", hours.as_bytes())]));
    let text = fs::read_to_string(faq_folder().join("teks.id.toml")).expect("the wording");
    let text = text.replace("(nomor #{number})", "(nomor #{nomor})").replace("suggest =", "sugest =");
    insta::assert_snapshot!("wording", report(&[("teks.id.toml", text.as_bytes())]));
}

#[test]
fn all_faults_are_told_at_once() {
    let bad = ENTRY
        .replace("2026-11-22", "2026-13-01")
        .replace("Kapan hari uji?", "Kapan hari uji yang sangat panjang namanya itu?")
        .replace("[\"PKPU 3/2022\"]", "[]")
        .replace("related", "relatd");
    let text = report(&[("jadwal.toml", bad.as_bytes())]);
    assert_eq!(text.matches("salah:").count(), 4, "{text}");
}

#[test]
fn one_mistake_in_a_template_does_not_hide_the_next() {
    let text = spoilt("| kapan }}**", "| kapn }}** {{ uji2024.pemungtan_suara | jam }} {% if x %} <b>tebal</b>");
    assert_eq!(text.matches("salah:").count(), 5, "{text}");
    for part in ["kapn", "pemungtan_suara", "{%", "<b>", "</b>"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// A fault in an election file is told alone: what it should have named is no fault of the answers.
#[test]
fn a_lost_stage_is_no_fault_of_the_answers() {
    let text = spoilt_election("start = \"2024-02-14\"", "start = \"2024-02-30\"");
    assert_eq!(text.matches("salah:").count(), 1, "{text}");
}

#[test]
fn files_that_are_missing_or_unreadable() {
    let folder = folder(&[]);
    fs::remove_file(folder.path().join("teks.id.toml")).expect("the wording");
    fs::remove_file(folder.path().join("leksikon.toml")).expect("the lexicon");
    fs::write(folder.path().join("aturan.toml"), "[[entry]]\nid = 3\n").expect("a file");
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", folder.path().join("asn.toml")).expect("a link");
    let (faq, report) = Faq::load(&Source::Folder(folder.path().to_owned()));
    let text = report.render(false);
    assert!(faq.is_none());
    for part in
        ["berkas `teks.id.toml` tidak ada", "berkas `leksikon.toml` tidak ada", "aturan.toml:2:6", "asn.toml tidak ada"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn time_brings_warnings_only() {
    let old = ENTRY.replace("2026-11-22", "2024-01-01").replace("related = []", "valid_until = \"2026-01-01\"");
    insta::assert_snapshot!("old and expired", report(&[("jadwal.toml", old.as_bytes())]));
}

#[test]
fn an_entry_outside_its_dates_is_never_an_answer() {
    let folder = folder(&[("jadwal.toml", ENTRY.replace("related = []", "valid_until = \"2026-01-01\"").as_bytes())]);
    let (knowledge, report) = Knowledge::load(&Source::Folder(folder.path().to_owned()));
    let knowledge = knowledge.unwrap_or_else(|| panic!("{}", report.render(false)));
    let mut chat = tanya_pemilu::terminal::chat::Chat::new(tanya_pemilu::terminal::render::Look { colour: false });
    let before = chat.line(&knowledge, "kapan hari uji", crate::common::time("2025-12-31T12:00:00+07:00"));
    let after = chat.line(&knowledge, "kapan hari uji", crate::common::time("2026-01-02T12:00:00+07:00"));
    assert!(!before.contains("petugas |"), "{before}");
    assert!(after.contains("#1") && after.contains("jadwal-uji"), "{after}");
}

#[test]
fn the_same_words_in_another_spelling_are_the_same() {
    // After chat spelling is written out, the first phrasing is the same as one of the other entry.
    let twins = format!("{}\n{}", sibling("jadwal-satu", "satu"), sibling("jadwal-dua", "dua")).replacen(
        "kapan hari uji satu",
        "kpn hari uji dua",
        1,
    );
    let words = "spelling = '''\nkapan: kpn\nuji: ujian\n'''\n";
    let text = report(&[("jadwal.toml", twins.as_bytes()), ("leksikon.toml", words.as_bytes())]);
    assert_eq!(text.matches("salah:").count(), 1, "{text}");
    let told = "pertanyaan \"kpn hari uji dua\" di `jadwal-satu` sama dengan \"kapan hari uji dua\" di `jadwal-dua`";
    assert!(text.contains(told), "{text}");
}

#[test]
fn folders_that_are_not_there() {
    let none = Path::new("no-such-folder");
    let (faq, report) = Faq::load(&Source::Folder(none.to_owned()));
    assert!(faq.is_none() && report.render(false).contains("no-such-folder tidak ada"));
    let empty = tempfile::tempdir().expect("a folder");
    let (faq, report) = Faq::load(&Source::Folder(empty.path().to_owned()));
    let name = empty.path().display().to_string();
    assert!(faq.is_none() && report.render(false).contains(&name), "{}", report.render(false));
}
