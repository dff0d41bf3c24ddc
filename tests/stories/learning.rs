//! What moderators teach the bot: conversations over real HTTP, on both databases.

use std::process::Command;
use std::time::Duration;

use crate::bot::{Database, Stage, bare_command};
use crate::telegram::{GroupKind, Message, Person};

stories! {
    what_one_taught_is_answered_in_other_words, a_sensitive_entry_needs_two, a_new_entry_serves_and_is_exported,
    what_would_harm_is_refused, an_entry_is_looked_at_before_it_goes_out, a_killed_trial_is_tried_again,
    of_two_who_approve_in_the_same_instant_one_does, data_that_are_deleted_leave_the_proposal,
}

async fn stage(database: Database) -> Stage {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    stage
}

/// Somebody new asks a person; gives who, and the card.
async fn asks(stage: &Stage, budi: &Person, text: &str) -> (Person, Message) {
    let siti = stage.voter("Siti");
    siti.says(&format!("/petugas {text}")).await;
    siti.hears().await;
    (siti, budi.hears().await)
}

/// The last message of the bot that says so, once it is there.
async fn shown(budi: &Person, words: &str) -> Message {
    let said = |m: &Message| m.text().contains(words) && (!m.button_texts().is_empty() || m.text().contains("Usulan"));
    for _ in 0..1200 {
        if let Some(message) = budi.messages().into_iter().rev().find(said) {
            return message;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    budi.reads(words).await;
    panic!("only somebody else said \"{words}\"");
}

/// Somebody else asks until the bot answers with `words` by itself: it learns within seconds.
async fn is_answered(stage: &Stage, question: &str, words: &str) {
    for _ in 0..100 {
        let rina = stage.voter("Rina");
        rina.says(question).await;
        if rina.hears().await.text().contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("\"{question}\" is not answered:\n{}", stage.log());
}

/// `export --learned` into the stage's FAQ; what it says.
async fn exported(stage: &Stage) -> String {
    let mut command: Command = bare_command();
    command.args(["export", "--learned"]).env("FAQ_DIR", stage.faq()).env("DATABASE_URL", stage.database());
    command.env("TELOXIDE_TOKEN", stage.tg.token());
    let output = tokio::task::spawn_blocking(move || command.output().expect("it runs")).await.expect("no panic");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

const QUESTION: &str = "kunci lemari arsip dititipkan di rumah siapa";
const OTHER_WORDS: &str = "kak kunci lemari arsip itu dititipkan di rumah siapa sih";

/// A voter's question is answered with the entry of the opening hours.
async fn given(stage: &Stage, budi: &Person, question: &str, code: &str) -> Message {
    let (siti, card) = asks(stage, budi, question).await;
    budi.replies(&card, code).await;
    siti.hears().await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await
}

async fn what_one_taught_is_answered_in_other_words(database: Database) {
    let mut stage = stage(database).await;
    let budi = stage.group.member("Budi");
    let rina = stage.voter("Rina");
    rina.says(QUESTION).await;
    assert!(!rina.hears().await.text().contains("07.00"), "it is not known yet");
    let card = budi.hears().await;
    budi.replies(&card, "uji-jam").await;
    rina.hears().await;
    let card = budi.sees(&card, |m| m.text().contains("terkirim")).await;
    budi.presses(&card, "Jadikan cara bertanya").await.answer().await;
    let proposal = shown(&budi, "Sudah dicoba").await;
    assert!(proposal.text().contains(QUESTION) && proposal.text().contains("uji-jam"), "{}", proposal.text());
    budi.presses(&proposal, "Setujui").await.answer().await;
    is_answered(&stage, OTHER_WORDS, "07.00").await;
    // A start knows it from the first question on.
    stage.kill();
    stage.start().await;
    let tono = stage.voter("Tono");
    tono.says(OTHER_WORDS).await;
    assert!(tono.hears().await.text().contains("07.00"));
    // The files take it over; only that line is new.
    let file = stage.faq().join("uji.toml");
    let before = std::fs::read_to_string(&file).expect("a file");
    let told = exported(&stage).await;
    assert!(told.contains("ditambahkan") && told.contains("uji.toml"), "{told}");
    let after = std::fs::read_to_string(&file).expect("a file");
    assert_eq!(after.replacen(&format!("{QUESTION}\n"), "", 1), before);
    assert!(exported(&stage).await.contains("sudah ada"));
    // From then on it is the files'.
    let filed = "SELECT COUNT(*) FROM proposal WHERE bot_id = $1 AND state = 'filed'";
    for _ in 0..200 {
        if stage.number(filed).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(stage.number(filed).await, 1);
    // What is taken back of the files is no longer known.
    std::fs::write(&file, before).expect("written");
    stage.logs("FAQ loaded anew", 2).await;
    tono.says(OTHER_WORDS).await;
    assert!(!tono.hears().await.text().contains("07.00"));
    stage.tg.assert_rules_kept();
}

async fn a_sensitive_entry_needs_two(database: Database) {
    let stage = stage(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let card = given(&stage, &budi, "papan skor desa ditempel pukul berapa", "uji-hasil").await;
    budi.presses(&card, "Jadikan cara bertanya").await.answer().await;
    let proposal = shown(&budi, "Sudah dicoba").await;
    assert!(proposal.text().contains("dua petugas"), "{}", proposal.text());
    assert!(budi.presses(&proposal, "Setujui").await.answer().await.contains("satu petugas lagi"));
    let half = budi.sees(&proposal, |m| m.text().contains("Disetujui Budi")).await;
    assert!(budi.presses(&half, "Setujui").await.answer().await.contains("petugas lain"));
    ani.presses(&half, "Setujui").await.answer().await;
    ani.sees(&proposal, |m| m.text().contains("oleh Budi, Ani")).await;
    stage.logs("serves with what moderators added", 1).await;
    // Taken back at once.
    ani.says("/lupakan 1").await;
    let list = shown(&ani, "Lupakan usulan").await;
    assert!(list.text().contains("papan skor desa"), "{}", list.text());
    ani.presses(&list, "Lupakan sekarang").await.answer().await;
    stage.logs("serves with what moderators added", 2).await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM proposal WHERE bot_id = $1 AND state = 'forgotten'").await, 1);
    ani.says("/riwayat 1").await;
    ani.reads("melupakan tambahan FAQ").await;
    let history = ani.messages().into_iter().rev().find(|m| m.text().contains("melupakan")).expect("it was read");
    assert_eq!(history.text().matches("menyetujui tambahan FAQ").count(), 2, "{}", history.text());
    stage.tg.assert_rules_kept();
}

async fn a_new_entry_serves_and_is_exported(database: Database) {
    let mut stage = stage(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let (siti, card) = asks(&stage, &budi, "parkir sepeda onthel di lapangan bayar tidak").await;
    budi.replies_html(&card, "Parkir sepeda <b>gratis</b>.").await;
    siti.hears().await;
    let card = budi.sees(&card, |m| m.text().contains("terkirim")).await;
    budi.presses(&card, "Tambah ke FAQ").await.answer().await;
    let line = shown(&budi, "entri mana").await;
    budi.presses(&line, "Entri baru").await.answer().await;
    let line = shown(&budi, "kode entrinya").await;
    assert!(line.text().contains("**gratis**"), "{}", line.text());
    budi.replies(&line, "uji-parkir").await;
    budi.replies(&shown(&budi, "judul").await, "Apakah parkir sepeda gratis?").await;
    budi.replies(&shown(&budi, "sumber").await, "Panitia desa, 2026").await;
    ani.replies(&shown(&ani, "cara bertanya").await, "parkir sepeda bayar apa gratis\nongkos parkir sepeda berapa")
        .await;
    let line = shown(&ani, "Pilih topiknya").await;
    ani.presses(&line, "Uji coba").await.answer().await;
    let proposal = shown(&ani, "Entri baru. Sudah dicoba").await;
    ani.presses(&proposal, "Setujui").await.answer().await;
    budi.sees(&proposal, |m| m.text().contains("Disetujui Ani")).await;
    budi.presses(&proposal, "Setujui").await.answer().await;
    is_answered(&stage, "parkir sepeda onthel bayar apa gratis kak", "Parkir sepeda gratis").await;
    let told = exported(&stage).await;
    assert!(told.contains("entri baru"), "{told}");
    let text = std::fs::read_to_string(stage.faq().join("uji.toml")).expect("a file");
    assert!(text.contains("id = \"uji-parkir\"") && text.contains("learned = true"), "{text}");
    // Another bot with these files, of whose database it knows nothing.
    stage.kill();
    let (fresh, faq) = (Stage::still(database, GroupKind::Supergroup).await, stage.faq());
    let mut fresh = fresh;
    std::fs::copy(faq.join("uji.toml"), fresh.faq().join("uji.toml")).expect("copied");
    fresh.start().await;
    let tono = fresh.voter("Tono");
    tono.says("parkir sepeda onthel bayar apa gratis kak").await;
    assert!(tono.hears().await.text().contains("Parkir sepeda gratis"));
    stage.tg.assert_rules_kept();
}

async fn what_would_harm_is_refused(database: Database) {
    let stage = stage(database).await;
    let budi = stage.group.member("Budi");
    let card = given(&stage, &budi, "nomor saya 081234567890 gembok gerbang kapan", "uji-jam").await;
    budi.presses(&card, "Jadikan cara bertanya").await.answer().await;
    let line = shown(&budi, "data pribadi").await;
    // Word for word what another entry answers.
    budi.replies(&line, "hari apa kita mencoblos di tps").await;
    let line = shown(&budi, "hari apa kita mencoblos").await;
    budi.replies(&line, "uji-jam").await;
    let line = shown(&budi, "uji-hari").await;
    assert!(line.text().contains("dijawab dengan entri uji-hari"), "{}", line.text());
    assert!(line.button("Setujui").is_none());
    budi.presses(&line, "Batal").await.answer().await;
    budi.sees(&line, |m| m.text().contains("dibatalkan Budi")).await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM counter WHERE bot_id = $1 AND name = 'lesson'").await, 0);
    stage.tg.assert_rules_kept();
}

async fn an_entry_is_looked_at_before_it_goes_out(database: Database) {
    let stage = stage(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asks(&stage, &budi, "kapan ya coblosan itu").await;
    budi.presses(&card, "Lihat 1").await.answer().await;
    let preview = shown(&budi, "yang akan diterima penanya").await;
    assert!(preview.text().contains("Rabu") && preview.reply_to == Some(card.id), "{}", preview.text());
    siti.hears_nothing(Duration::from_millis(300)).await;
    budi.presses(&preview, "Kirim ini ke penanya").await.answer().await;
    assert!(siti.hears().await.text().contains("Rabu"));
    let done = budi.sees(&card, |m| m.text().contains("terkirim")).await;
    assert!(done.button("Jadikan cara bertanya").is_some() && done.button("Lihat 1").is_none());
    stage.tg.assert_rules_kept();
}

async fn a_killed_trial_is_tried_again(database: Database) {
    let mut stage = stage(database).await;
    let budi = stage.group.member("Budi");
    let card = given(&stage, &budi, QUESTION, "uji-jam").await;
    budi.presses(&card, "Jadikan cara bertanya").await.answer().await;
    stage.kill();
    // As if the trial had been under way: its second beginning is due now.
    stage.change("UPDATE due SET at = 0 WHERE bot_id = $1 AND name LIKE 'try:%'").await;
    stage.start().await;
    let proposal = shown(&budi, "Sudah dicoba").await;
    budi.presses(&proposal, "Setujui").await.answer().await;
    is_answered(&stage, OTHER_WORDS, "07.00").await;
    stage.tg.assert_rules_kept();
}

async fn of_two_who_approve_in_the_same_instant_one_does(database: Database) {
    let stage = stage(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let card = given(&stage, &budi, QUESTION, "uji-jam").await;
    let (one, other) =
        tokio::join!(budi.presses(&card, "Jadikan cara bertanya"), ani.presses_late(&card, "Jadikan cara bertanya"));
    one.answer().await;
    other.answer().await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM proposal WHERE bot_id = $1").await, 1);
    let proposal = shown(&budi, "Sudah dicoba").await;
    let (one, other) = tokio::join!(budi.presses(&proposal, "Setujui"), ani.presses_late(&proposal, "Setujui"));
    let told = [one.answer().await, other.answer().await];
    assert_eq!(told.iter().filter(|line| line.contains("disetujui.")).count(), 1, "{told:?}");
    assert_eq!(stage.number("SELECT value FROM counter WHERE bot_id = $1 AND name = 'lesson'").await, 1);
    stage.tg.assert_rules_kept();
}

async fn data_that_are_deleted_leave_the_proposal(database: Database) {
    let stage = stage(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asks(&stage, &budi, QUESTION).await;
    budi.replies(&card, "uji-jam").await;
    siti.hears().await;
    let card = budi.sees(&card, |m| m.text().contains("terkirim")).await;
    budi.presses(&card, "Jadikan cara bertanya").await.answer().await;
    let proposal = shown(&budi, "Sudah dicoba").await;
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("/hapus").await;
    siti.hears().await;
    budi.sees(&proposal, |m| !m.text().contains("lemari")).await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM proposal WHERE bot_id = $1").await, 0);
    assert!(budi.presses_late(&proposal, "Setujui").await.answer().await.contains("sudah selesai"));
    stage.tg.assert_rules_kept();
}
