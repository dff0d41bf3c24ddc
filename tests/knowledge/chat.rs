//! Conversations in the terminal: what a voter reads, and what a moderator does.

use crate::common::{KNOWLEDGE, time, unversioned};
use tanya_pemilu::terminal::chat::Chat;
use tanya_pemilu::terminal::render::Look;

/// The conversation as a transcript: each line that was typed, and what followed. Which entries a card names as nearest
/// is left out: it changes with any edit of the FAQ.
fn transcript(now: &str, lines: &[&str]) -> String {
    let mut chat = Chat::new(Look { colour: false });
    let mut out = String::new();
    for line in lines {
        let shown = chat.line(&KNOWLEDGE, line, time(now));
        let stable: Vec<&str> = shown.lines().filter(|line| !line.starts_with("petugas | - ")).collect();
        out.push_str(&format!("> {line}\n{}\n\n", stable.join("\n")));
    }
    unversioned(&out)
}

const BEFORE: &str = "2024-02-12T09:00:00+07:00";
const TODAY: &str = "2026-11-24T09:00:00+07:00";

#[test]
fn a_question_is_answered_with_source_date_and_code() {
    insta::assert_snapshot!(transcript(BEFORE, &["kpn nyoblos", "tps buka jam brp"]));
}

#[test]
fn the_same_question_today() {
    insta::assert_snapshot!(transcript(
        TODAY,
        &["kapan nyoblos", "siapa aja capresnya", "asn boleh like postingan capres gak"]
    ));
}

#[test]
fn an_unknown_question_goes_to_a_moderator_and_back() {
    insta::assert_snapshot!(transcript(
        TODAY,
        &[
            "cara bikin paspor gimana",
            "/status",
            "/jawab 1",
            "/jawab 1 // ini bukan urusan pemilu, ya?",
            "/jawab 1 Datanglah ke kantor imigrasi terdekat.",
            "/jawab 1 sekali lagi",
            "/status",
        ]
    ));
}

#[test]
fn a_moderator_answers_with_an_entry() {
    insta::assert_snapshot!(transcript(
        BEFORE,
        &[
            "/petugas",
            "nik saya 3201234567890123, jam berapa saya harus datang",
            "/jawab 1 jadwal-jam-tp",
            "/jawab #1 jadwal-jam-tps"
        ]
    ));
}

#[test]
fn in_doubt_entries_are_offered_and_a_person_last() {
    let mut chat = Chat::new(Look { colour: false });
    let offer = chat.line(&KNOWLEDGE, "kapan ya", time(TODAY));
    assert!(offer.starts_with("Maksud Anda"), "{offer}");
    let last = offer.lines().last().expect("a list");
    assert!(last.contains("tanya petugas"), "{offer}");
    let number = last.trim().split('.').next().expect("a number").to_owned();
    let forwarded = chat.line(&KNOWLEDGE, &number, time(TODAY));
    assert!(forwarded.contains("> kapan ya") && forwarded.contains("nomor #1"), "{forwarded}");
    let mut chat = Chat::new(Look { colour: false });
    chat.line(&KNOWLEDGE, "kapan ya", time(TODAY));
    let picked = chat.line(&KNOWLEDGE, "1", time(TODAY));
    assert!(picked.contains("Sumber:") && picked.contains("kode jadwal-"), "{picked}");
}

#[test]
fn commands_and_small_talk() {
    insta::assert_snapshot!(transcript(
        TODAY,
        &[
            "halo min",
            "makasih ya",
            "dasar bot goblok",
            "",
            "😀😀",
            "/bantuan",
            "/privasi",
            "/apaini",
            "/hapus",
            "halo",
            "/hapus",
            "/hapus"
        ]
    ));
}

#[test]
fn one_voter_has_at_most_five_open_tickets() {
    let mut chat = Chat::new(Look { colour: false });
    for n in 1..=5 {
        chat.line(&KNOWLEDGE, "/petugas", time(TODAY));
        let text = chat.line(&KNOWLEDGE, "tolong cek masalah saya", time(TODAY));
        assert!(text.contains(&format!("nomor #{n}")), "{text}");
    }
    chat.line(&KNOWLEDGE, "/petugas", time(TODAY));
    let refused = chat.line(&KNOWLEDGE, "satu lagi", time(TODAY));
    assert!(refused.contains("5 pertanyaan") && !refused.contains("#6"), "{refused}");
}

#[test]
fn hostile_text_stays_text() {
    let mut chat = Chat::new(Look { colour: false });
    chat.line(&KNOWLEDGE, "/petugas", time(TODAY));
    let shown = chat.line(&KNOWLEDGE, "<b>&\"'</b> \u{202e}balik\u{1b}[31m merah @kpu_ri budi@contoh.id", time(TODAY));
    assert!(shown.contains("<b>&\"'</b>") && !shown.contains('\u{202e}') && !shown.contains('\u{1b}'), "{shown}");
    assert!(shown.contains("[email disamarkan]") && !shown.contains("budi@"), "{shown}");
    for text in ["x".repeat(100_000), "\u{7}\u{8}\u{0}".to_owned(), "\u{200f}\u{200e}".to_owned()] {
        assert!(!chat.line(&KNOWLEDGE, &text, time(TODAY)).is_empty());
    }
}
