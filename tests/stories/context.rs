//! What only the question before makes whole: "kalau honorer?", "terus gimana?". Conversations over real HTTP, on both
//! databases, and in the terminal with the project's FAQ.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::common::{KNOWLEDGE, time};
use tanya_pemilu::faq::day_of;
use tanya_pemilu::matcher::{Verdict, measure};
use tanya_pemilu::terminal::chat::Chat;
use tanya_pemilu::terminal::render::Look;

stories! { it_is_heard_with_the_question_before, alone_it_is_asked_for_in_full, what_is_pressed_is_gone_on_from }

const LIKES: &str = "bolehkah asn menyukai unggahan kampanye";

async fn it_is_heard_with_the_question_before(database: Database) {
    let mut stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(LIKES).await;
    assert!(siti.hears().await.text().contains("menyukai"));
    // It outlasts a restart.
    stage.stop().await;
    stage.start().await;
    siti.says("kalau cuma foto?").await;
    let offer = siti.hears().await;
    assert!(offer.text().starts_with("Maksud Anda"), "{}", offer.text());
    assert!(offer.button("Bolehkah memotret di bilik suara?").is_some(), "{:?}", offer.button_texts());
    assert!(offer.button("Bolehkah ASN menyukai unggahan?").is_none(), "it was just read");
    // A moderator reads what it goes on from.
    siti.presses(&offer, "tanya petugas").await;
    assert!(siti.hears().await.text().contains("#1"));
    let card = budi.hears().await;
    assert!(card.text().contains(LIKES) && card.text().contains("kalau cuma foto?"), "{}", card.text());
    stage.tg.assert_rules_kept();
}

async fn alone_it_is_asked_for_in_full(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(LIKES).await;
    siti.hears().await;
    stage.change("UPDATE asked SET answered = answered - 121000 WHERE bot_id = $1").await;
    siti.says("kalau pensiunan?").await;
    let line = siti.hears().await;
    assert!(line.text().contains("lengkap dalam satu pesan"), "{}", line.text());
    assert_eq!(line.button_texts(), ["Teruskan ke petugas"]);
    budi.hears_nothing(Duration::from_millis(300)).await;
    // The whole question is heard as ever, and the press passes the short one on.
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    siti.presses(&line, "Teruskan ke petugas").await;
    assert!(siti.hears().await.text().contains("#1"));
    budi.reads("kalau pensiunan?").await;
    stage.tg.assert_rules_kept();
}

async fn what_is_pressed_is_gone_on_from(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    let answer = siti.hears().await;
    stage.change("UPDATE asked SET answered = answered - 121000 WHERE bot_id = $1").await;
    siti.presses(&answer, "Apa yang dibawa ke TPS?").await;
    assert!(siti.hears().await.text().contains("KTP"));
    siti.says("terus gimana?").await;
    let offer = siti.hears().await;
    assert!(offer.text().starts_with("Maksud Anda"), "{}", offer.text());
    // With the voter's data it goes.
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("terus gimana?").await;
    assert!(!siti.hears().await.text().starts_with("Maksud Anda"));
    assert_eq!(stage.number("SELECT COUNT(*) FROM asked WHERE bot_id = $1 AND answered IS NOT NULL").await, 0);
    stage.tg.assert_rules_kept();
}

const NOW: &str = "2026-11-26T09:00:00+07:00";

fn ids(shown: &str) -> Vec<&str> {
    let title = |line: &str| line.trim().split_once(". ").map(|(_, title)| title.to_owned());
    let titles: Vec<String> = shown.lines().filter_map(title).collect();
    let of = |title: &String| KNOWLEDGE.faq.entries.iter().find(|e| e.title == *title).map(|e| e.id.as_str());
    titles.iter().filter_map(of).collect()
}

#[test]
fn honorary_staff_after_a_like() {
    let mut chat = Chat::new(Look { colour: false });
    let answer = chat.line(&KNOWLEDGE, "asn-like-komentar", time(NOW));
    assert!(answer.contains("kode asn-like-komentar"), "{answer}");
    let offer = chat.line(&KNOWLEDGE, "kalau honorer?", time("2026-11-26T09:01:00+07:00"));
    assert!(offer.starts_with("Maksud Anda") && ids(&offer)[0] == "asn-pppk-honorer", "{offer}");
    let picked = chat.line(&KNOWLEDGE, "1", time("2026-11-26T09:01:30+07:00"));
    assert!(picked.contains("kode asn-pppk-honorer"), "{picked}");
}

/// By itself none of them is answered, however much of the confidence is there.
#[test]
fn by_itself_it_is_never_asserted() {
    let today = day_of(time(NOW));
    for text in [
        "kalau sudah mengisi formulir?",
        "dimana sih dilaksanain?",
        "terus gimana?",
        "kalau honorer?",
        "itu berlaku buat pppk juga?",
        "tapi kalo telat dateng?",
        "sanksinya apa",
        "kalau di luar negeri?",
        "wajib ga?",
    ] {
        assert!(KNOWLEDGE.matcher.judge(text, today).short_of_context, "{text}");
        let verdict = KNOWLEDGE.matcher.judge(text, today).verdict;
        assert!(!matches!(verdict, Verdict::Answer(_)), "{text}: {verdict:?}");
    }
    for text in ["masa tenang", "golput", "kalau ga punya ktp boleh nyoblos ga"] {
        assert!(!KNOWLEDGE.matcher.judge(text, today).short_of_context, "{text}");
        let verdict = KNOWLEDGE.matcher.judge(text, today).verdict;
        assert!(matches!(verdict, Verdict::Answer(_)), "{text}: {verdict:?}");
    }
}

/// Whole questions stay whole: none of the labelled ones, none of the FAQ's own phrasings.
#[test]
fn whole_questions_are_not_taken_for_short_ones() {
    let today = day_of(time(NOW));
    let labelled = [include_str!("../questions.jsonl"), include_str!("../questions-apart.jsonl")];
    let labelled = labelled.iter().flat_map(|file| measure::parse(file).expect("labelled questions"));
    let known = labelled.filter(|question| question.id.is_some()).map(|question| question.text);
    let phrasings = KNOWLEDGE.faq.entries.iter().flat_map(|e| e.questions.iter().map(|q| q.text.clone()));
    let short: Vec<String> =
        known.chain(phrasings).filter(|text| KNOWLEDGE.matcher.judge(text, today).short_of_context).collect();
    assert!(short.is_empty(), "{short:?}");
}
