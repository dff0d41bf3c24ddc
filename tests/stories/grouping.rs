//! One ticket for all who ask the same: conversations over real HTTP, on both databases.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::telegram::{GroupKind, Person};

stories! {
    the_same_question_is_one_ticket, another_number_is_another_ticket, one_who_adds_something_goes_alone,
    a_wording_is_parted, two_tickets_are_joined, a_reply_that_names_somebody_waits, the_first_asker_leaves,
    many_askers_are_few_cards,
}

const QUESTION: &str = "genset TPS 12 Sukarame mati, gantinya dari siapa";
const SAME: &str = "gantinya dari siapa min, gnset tps 12 sukarame mati nih";

async fn stage(database: Database) -> Stage {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.start().await;
    stage
}

/// Two who ask the same, and the card of it.
async fn two(stage: &Stage) -> (Person, Person, Person, crate::telegram::Message) {
    let (siti, wati, budi) = (stage.voter("Siti"), stage.voter("Wati"), stage.group.member("Budi"));
    siti.says(QUESTION).await;
    assert!(siti.hears().await.text().contains("#1"));
    let card = budi.hears().await;
    wati.says(SAME).await;
    let told = wati.hears().await;
    assert!(told.text().contains("#1") && told.text().contains("ditanyakan 1 orang lain"), "{}", told.text());
    let card = budi.sees(&card, |m| m.text().contains("Ditanyakan 2 orang")).await;
    stage.recorded().await;
    (siti, wati, budi, card)
}

async fn the_same_question_is_one_ticket(database: Database) {
    let stage = stage(database).await;
    let (siti, wati, budi, card) = two(&stage).await;
    assert!(card.text().contains("gnset tps 12 sukarame"), "{}", card.text());
    budi.hears_nothing(Duration::from_millis(300)).await;
    // Once more by the same voter changes nothing.
    wati.says(QUESTION).await;
    assert!(wati.hears().await.text().contains("Sudah saya teruskan"));
    wati.says("/status").await;
    assert!(wati.hears().await.text().contains("#1"));
    budi.replies(&card, "Dari kelurahan, sore ini.").await;
    for voter in [&siti, &wati] {
        assert!(voter.hears().await.text().contains("sore ini"));
        voter.hears_nothing(Duration::from_millis(200)).await;
    }
    budi.sees(&card, |m| m.text().contains("terkirim ke 2 dari 2 penanya")).await;
    stage.tg.assert_rules_kept();
}

async fn another_number_is_another_ticket(database: Database) {
    let stage = stage(database).await;
    let (siti, wati, budi) = (stage.voter("Siti"), stage.voter("Wati"), stage.group.member("Budi"));
    siti.says(QUESTION).await;
    siti.hears().await;
    budi.hears().await;
    wati.says(&QUESTION.replace("12", "13")).await;
    assert!(wati.hears().await.text().contains("#2"));
    assert!(budi.hears().await.text().starts_with("#2"));
    stage.tg.assert_rules_kept();
}

async fn one_who_adds_something_goes_alone(database: Database) {
    let stage = stage(database).await;
    let (siti, wati, budi, card) = two(&stage).await;
    // What one of them adds is not the others'.
    wati.says("kabel gensetnya juga putus digigit tikus").await;
    assert!(wati.hears().await.text().contains("#2"));
    let own = budi.hears().await;
    assert!(
        own.text().starts_with("#2") && own.text().contains("gnset") && own.text().contains("tikus"),
        "{}",
        own.text()
    );
    assert!(own.text().contains("Lanjutan dari #1"), "{}", own.text());
    let card = budi.sees(&card, |m| !m.text().contains("Ditanyakan 2 orang")).await;
    stage.recorded().await;
    budi.replies(&card, "Dari kelurahan.").await;
    assert!(siti.hears().await.text().contains("kelurahan"));
    wati.hears_nothing(Duration::from_millis(300)).await;
    budi.replies(&own, "Teknisi datang jam tiga.").await;
    assert!(wati.hears().await.text().contains("Teknisi"));
    stage.tg.assert_rules_kept();
}

async fn a_wording_is_parted(database: Database) {
    let stage = stage(database).await;
    let (siti, wati, budi, card) = two(&stage).await;
    budi.presses(&card, "Pisahkan").await;
    let which = budi.hears().await;
    budi.presses(&which, "Pisahkan nomor 1").await;
    assert!(wati.hears().await.text().contains("sekarang bernomor #2"));
    let own = budi.hears().await;
    assert!(own.text().starts_with("#2") && own.text().contains("gnset"), "{}", own.text());
    let card = budi.sees(&card, |m| !m.text().contains("Ditanyakan 2 orang")).await;
    stage.recorded().await;
    budi.replies(&card, "Untuk Siti saja.").await;
    assert!(siti.hears().await.text().contains("Untuk Siti"));
    wati.hears_nothing(Duration::from_millis(300)).await;
    budi.replies(&own, "Untuk Wati saja.").await;
    assert!(wati.hears().await.text().contains("Untuk Wati"));
    stage.tg.assert_rules_kept();
}

async fn two_tickets_are_joined(database: Database) {
    let stage = stage(database).await;
    let (siti, wati, budi) = (stage.voter("Siti"), stage.voter("Wati"), stage.group.member("Budi"));
    siti.says(QUESTION).await;
    siti.hears().await;
    let first = budi.hears().await;
    wati.says("lampu di TPS 12 Sukarame padam, mesinnya rusak, minta ke siapa").await;
    wati.hears().await;
    let second = budi.hears().await;
    budi.says("/gabung 1 2").await;
    let confirm = budi.hears().await;
    assert!(confirm.text().contains("Gabungkan #2 ke #1"), "{}", confirm.text());
    budi.presses(&confirm, "Gabungkan").await;
    assert!(wati.hears().await.text().contains("sekarang bernomor #1"));
    budi.sees(&second, |m| m.text().contains("#2 digabung ke #1")).await;
    let first = budi.sees(&first, |m| m.text().contains("Ditanyakan 2 orang")).await;
    stage.recorded().await;
    budi.replies(&second, "ini ke siapa ya").await;
    assert!(budi.hears().await.text().contains("Balas kartu #1"));
    budi.replies(&first, "Petugas kelurahan datang.").await;
    for voter in [&siti, &wati] {
        assert!(voter.hears().await.text().contains("kelurahan datang"));
    }
    // What is closed is not joined.
    budi.says("/gabung 1 2").await;
    assert!(budi.hears().await.text().contains("tidak dapat digabung"));
    stage.tg.assert_rules_kept();
}

async fn a_reply_that_names_somebody_waits(database: Database) {
    let stage = stage(database).await;
    let (siti, wati, budi, card) = two(&stage).await;
    budi.replies(&card, "Hubungi Pak Karto, 0812 3456 7890.").await;
    let asks = budi.hears().await;
    assert!(asks.text().contains("Kirim ke 2 penanya?"), "{}", asks.text());
    siti.hears_nothing(Duration::from_millis(300)).await;
    budi.presses(&asks, "Kirim ke 2").await;
    for voter in [&siti, &wati] {
        assert!(voter.hears().await.text().contains("Pak Karto"));
    }
    stage.tg.assert_rules_kept();
}

async fn the_first_asker_leaves(database: Database) {
    let stage = stage(database).await;
    let (siti, wati, budi, _card) = two(&stage).await;
    siti.says("/hapus").await;
    let sure = siti.hears().await;
    siti.presses(&sure, "hapus semuanya").await;
    siti.hears().await;
    let anew = budi.hears().await;
    assert!(anew.text().contains("gnset") && !anew.text().contains(QUESTION), "{}", anew.text());
    stage.recorded().await;
    budi.replies(&anew, "Dari kelurahan.").await;
    assert!(wati.hears().await.text().contains("kelurahan"));
    siti.hears_nothing(Duration::from_millis(300)).await;
    // Somebody else who asks it now finds it still.
    let rini = stage.voter("Rini");
    rini.says(QUESTION).await;
    assert!(rini.hears().await.text().contains("#2"), "it was answered");
    stage.tg.assert_rules_kept();
}

/// How many ask within seconds.
const MANY: usize = 60;

async fn many_askers_are_few_cards(database: Database) {
    let stage = stage(database).await;
    let budi = stage.group.member("Budi");
    let heads = ["", "min ", "halo kak ", "permisi, ", "maaf, "];
    let bodies = [
        QUESTION,
        SAME,
        "genset tps 12 sukarame mati, gantinya dr siapa ya",
        "TPS 12 Sukarame gensetnya mati. Gantinya dari siapa?",
    ];
    let voters: Vec<Person> = (0..MANY).map(|n| stage.voter(&format!("Penanya {n}"))).collect();
    for (n, voter) in voters.iter().enumerate() {
        let text = format!("{}{}", heads[n % heads.len()], bodies[n / heads.len() % bodies.len()]);
        voter.says(&text).await;
    }
    let card = budi.hears().await;
    for voter in &voters {
        let told = voter.hears().await;
        assert!(told.text().contains("#1"), "{}", voter.screen());
    }
    let count = format!("Ditanyakan {MANY} orang");
    let card = budi.sees(&card, |m| m.text().contains(&count)).await;
    stage.recorded().await;
    budi.replies(&card, "Dari kelurahan, sore ini.").await;
    for voter in &voters {
        assert!(voter.hears().await.text().contains("sore ini"));
    }
    for voter in &voters {
        voter.hears_nothing(Duration::from_millis(5)).await;
    }
    stage.tg.assert_rules_kept();
}
