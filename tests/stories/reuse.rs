//! A moderator's answer is suggested to those who ask the same later, if a moderator lets it; and two moderators who answer in
//! the same instant: conversations over real HTTP, on both databases.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::telegram::{Message, Person};

stories! {
    a_marked_answer_is_suggested, without_a_mark_it_goes_to_a_person, what_may_be_somebodys_own_asks_first,
    what_the_first_adds_is_another_question, what_was_suggested_is_retracted, erased_data_take_it_along,
    two_answer_in_the_same_instant, a_button_asks_too,
}

const QUESTION: &str = "genset TPS 12 Sukarame mati, gantinya dari siapa";
const SAME: &str = "gantinya dari siapa min, gnset tps 12 sukarame mati nih";

/// A question of Siti's that Budi answered so, and its card.
async fn answered(stage: &Stage, question: &str, text: &str) -> (Person, Person, Message) {
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(question).await;
    assert!(siti.hears().await.text().contains("#1"));
    let card = budi.hears().await;
    budi.replies(&card, text).await;
    assert!(siti.hears().await.text().contains(text));
    let card = budi.sees(&card, |m| m.button("Boleh dipakai ulang").is_some()).await;
    (siti, budi, card)
}

async fn marked(budi: &Person, card: &Message) -> Message {
    budi.presses(card, "Boleh dipakai ulang").await;
    budi.sees(card, |m| m.button("Jangan dipakai ulang lagi").is_some()).await
}

async fn a_marked_answer_is_suggested(database: Database) {
    let stage = Stage::new(database).await;
    let (_, budi, card) = answered(&stage, QUESTION, "Dari panitia, sore ini.").await;
    let card = marked(&budi, &card).await;
    let wati = stage.voter("Wati");
    wati.says(SAME).await;
    let told = wati.hears().await;
    let text = told.text();
    assert!(text.starts_with("Pertanyaan serupa") && text.contains("Dari panitia, sore ini."), "{text}");
    assert!(text.contains("kode tiket-1") && !text.contains("genset") && !text.contains("Budi"), "{text}");
    budi.hears_nothing(Duration::from_millis(300)).await;
    wati.presses(&told, "Ya, terjawab").await;
    wati.says("/kode tiket-1").await;
    assert!(wati.hears().await.text().contains("masih berlaku"));
    // Who wants a person gets one, not the same again.
    wati.presses(&told, "Tanya petugas").await;
    assert!(wati.hears().await.text().contains("#2"));
    let own = budi.hears().await;
    assert!(own.text().starts_with("#2") && own.text().contains("tiket-1"), "{}", own.text());
    // What is not suggested any more goes to people.
    budi.presses(&card, "Jangan dipakai ulang lagi").await;
    budi.sees(&card, |m| m.button("Boleh dipakai ulang").is_some()).await;
    let rina = stage.voter("Rina");
    rina.says(QUESTION).await;
    assert!(rina.hears().await.text().contains("#2"), "with Wati");
    stage.tg.assert_rules_kept();
}

async fn without_a_mark_it_goes_to_a_person(database: Database) {
    let stage = Stage::new(database).await;
    let (_, budi, _) = answered(&stage, QUESTION, "Dari panitia, sore ini.").await;
    let wati = stage.voter("Wati");
    wati.says(SAME).await;
    assert!(wati.hears().await.text().contains("#2"));
    assert!(budi.hears().await.text().starts_with("#2"));
    wati.says("/kode tiket-1").await;
    assert!(wati.hears().await.text().contains("Tidak ada jawaban"));
    stage.tg.assert_rules_kept();
}

async fn what_may_be_somebodys_own_asks_first(database: Database) {
    let stage = Stage::new(database).await;
    let (_, budi, card) = answered(&stage, QUESTION, "Telepon 021 555 1234.").await;
    budi.presses(&card, "Boleh dipakai ulang").await;
    let asks = budi.hears_of("Tetap boleh dipakai ulang").await;
    let wati = stage.voter("Wati");
    wati.says(SAME).await;
    assert!(wati.hears().await.text().contains("#2"));
    budi.hears().await;
    budi.presses(&asks, "Ya, boleh dipakai ulang").await;
    budi.sees(&card, |m| m.button("Jangan dipakai ulang lagi").is_some()).await;
    let rina = stage.voter("Rina");
    rina.says(SAME).await;
    assert!(rina.hears().await.text().contains("021 555 1234"));
    stage.tg.assert_rules_kept();
}

async fn what_the_first_adds_is_another_question(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi, card) = answered(&stage, QUESTION, "Dari panitia, sore ini.").await;
    marked(&budi, &card).await;
    // Open again by what Siti asks besides, it is another question; hers alone.
    siti.says("panitianya tidak pernah datang kemari").await;
    siti.hears().await;
    let wati = stage.voter("Wati");
    wati.says(SAME).await;
    assert!(wati.hears().await.text().contains("#2"), "rather a person");
    stage.tg.assert_rules_kept();
}

async fn what_was_suggested_is_retracted(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi, card) = answered(&stage, QUESTION, "Dari panitia, sore ini.").await;
    marked(&budi, &card).await;
    let wati = stage.voter("Wati");
    wati.says(SAME).await;
    assert!(wati.hears().await.text().contains("panitia"));
    stage.recorded().await;
    // Taken back from the one who asked; the others are told by a recall.
    budi.presses(&card, "Tarik jawaban").await;
    assert!(siti.hears().await.text().contains("ditarik"));
    budi.reads("/tarik tiket-1").await;
    wati.hears_nothing(Duration::from_millis(300)).await;
    budi.says("/tarik tiket-1 gensetnya dari kelurahan").await;
    let line = budi.hears_of("Tarik jawaban tiket-1").await;
    budi.presses(&line, "Tarik, beri tahu 2").await;
    assert!(wati.hears().await.text().contains("gensetnya dari kelurahan"));
    let rina = stage.voter("Rina");
    rina.says(SAME).await;
    assert!(rina.hears().await.text().contains("nomor #"), "not suggested any more");
    stage.tg.assert_rules_kept();
}

async fn erased_data_take_it_along(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi, card) = answered(&stage, QUESTION, "Dari panitia, sore ini.").await;
    marked(&budi, &card).await;
    siti.says("/hapus").await;
    let sure = siti.hears().await;
    siti.presses(&sure, "Ya, hapus semuanya").await;
    siti.hears().await;
    let wati = stage.voter("Wati");
    wati.says(SAME).await;
    assert!(wati.hears().await.text().contains("#2"));
    stage.tg.assert_rules_kept();
}

async fn two_answer_in_the_same_instant(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi, ani) = (stage.voter("Siti"), stage.group.member("Budi"), stage.group.member("Ani"));
    siti.says(QUESTION).await;
    siti.hears().await;
    let card = budi.hears().await;
    tokio::join!(budi.replies(&card, "Dari panitia."), ani.replies(&card, "Dari kelurahan."));
    let first = siti.hears().await;
    let asks = budi.hears_of("baru saja dijawab").await;
    siti.hears_nothing(Duration::from_millis(300)).await;
    ani.presses(&asks, "Kirim juga").await;
    let second = siti.hears().await;
    assert!(second.text().starts_with("Tambahan"), "{}", second.text());
    assert!(first.text().contains("panitia") != second.text().contains("panitia"));
    assert!(asks.text().contains("Budi") == first.text().contains("panitia"), "{}", asks.text());
    stage.tg.assert_rules_kept();
}

async fn a_button_asks_too(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi, ani) = (stage.voter("Siti"), stage.group.member("Budi"), stage.group.member("Ani"));
    siti.says("/petugas jam berapa tps buka").await;
    siti.hears().await;
    let card = budi.hears().await;
    budi.replies(&card, "Jam tujuh.").await;
    assert!(siti.hears().await.text().contains("Jam tujuh"));
    // The card as Ani saw it, before it changed.
    ani.presses_late(&card, "Jam berapa TPS buka?").await;
    let asks = ani.hears_of("baru saja dijawab").await;
    siti.hears_nothing(Duration::from_millis(300)).await;
    ani.presses(&asks, "Kirim juga").await;
    assert!(siti.hears().await.text().contains("07.00"));
    budi.sees(&card, |m| m.text().contains("Ani: terkirim")).await;
    stage.tg.assert_rules_kept();
}
