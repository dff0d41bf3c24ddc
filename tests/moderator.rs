//! What moderators live through: conversations over real HTTP, on both databases.

#[path = "support/bot.rs"]
mod bot;
#[path = "support/telegram/mod.rs"]
mod telegram;

use std::time::Duration;

use bot::{Database, MODERATORS, Stage};
use telegram::{GroupKind, Message, Person, Standing};

stories! {
    a_card_holds_all_that_is_needed, one_tap_answers, a_reply_keeps_its_formatting, media_are_copied,
    delivery_is_told_as_it_is, notes_go_nowhere_and_codes_send_entries, an_edited_reply_corrects,
    an_answer_is_taken_back, a_second_reply_is_an_addition, spam_and_block_close, a_reply_finds_its_ticket_by_number,
    only_moderators_count, in_a_channel_only_administrators, talk_is_left_alone, a_list_narrows_who_moderates,
    a_group_that_moves_is_followed,
}

/// A voter asks; the voter, the moderator and the card.
async fn asked(stage: &Stage, budi: &Person, text: &str) -> (Person, Message) {
    let siti = stage.voter("Siti");
    siti.says("/petugas").await;
    siti.hears().await;
    siti.says(text).await;
    siti.hears().await;
    (siti, budi.hears().await)
}

async fn a_card_holds_all_that_is_needed(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "nomor saya 081234567890 kapan pendaftaran pengawas").await;
    insta::assert_snapshot!("a_card", budi.screen());
    assert!(!card.text().contains("Siti") && !card.text().contains(&siti.id().to_string()));
    assert!(card.forwarded.is_none());
    let press = budi.presses(&card, "Ambil").await;
    assert!(press.answer().await.contains("#1"));
    let taken = budi.sees(&card, |m| m.text().contains("Diambil Budi")).await;
    assert!(!taken.button_texts().contains(&"Ambil".to_owned()));
    stage.tg.assert_rules_kept();
}

async fn one_tap_answers(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan ya coblosan itu").await;
    let entry = card.button_texts().into_iter().find(|b| b.contains("hari pemungutan")).expect("the nearest entry");
    budi.presses(&card, &entry).await.answer().await;
    assert!(siti.hears().await.text().contains("Rabu"));
    let done = budi.sees(&card, |m| m.text().contains("terkirim")).await;
    assert!(done.text().contains("Budi"), "{}", done.text());
    // A second tap by someone who has not seen it yet does nothing.
    let ani = stage.group.member("Ani");
    assert!(ani.presses_late(&card, &entry).await.answer().await.contains("#1"));
    siti.hears_nothing(Duration::from_millis(300)).await;
    stage.tg.assert_rules_kept();
}

async fn a_reply_keeps_its_formatting(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    budi.replies_html(
        &card,
        "Buka <b>Senin</b>, lihat <a href=\"https://bawaslu.go.id/\">laman ini</a> & <i>tanya</i>.",
    )
    .await;
    let answer = siti.hears().await;
    assert!(answer.html().contains("<b>Senin</b>") && answer.html().contains("<i>tanya</i>"), "{}", answer.html());
    assert!(answer.html().contains("href=\"https://bawaslu.go.id/\""), "{}", answer.html());
    assert!(answer.text().contains("#1") && !answer.text().contains("Budi"));
    budi.sees(&card, |m| m.text().contains("Budi: terkirim")).await;
    stage.tg.assert_rules_kept();
}

async fn media_are_copied(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    budi.replies_with(&card, "photo", "lihat jadwal ini").await;
    let photo = siti.hears().await;
    assert_eq!(photo.media.as_ref().map(|m| m.kind.as_str()), Some("photo"));
    assert!(photo.text().contains("lihat jadwal ini") && photo.text().contains("#1"), "{}", photo.text());
    assert!(photo.forwarded.is_none());
    budi.replies_with(&card, "document", "").await;
    assert_eq!(siti.hears().await.media.map(|m| m.kind), Some("document".to_owned()));
    budi.replies_with(&card, "voice", "").await;
    assert_eq!(siti.hears().await.media.map(|m| m.kind), Some("voice".to_owned()));
    budi.replies_with(&card, "sticker", "").await;
    assert!(siti.hears().await.text().contains("#1"));
    assert_eq!(siti.hears().await.media.map(|m| m.kind), Some("sticker".to_owned()));
    stage.tg.assert_rules_kept();
}

async fn delivery_is_told_as_it_is(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    siti.blocks_bot_silently();
    budi.replies(&card, "Senin.").await;
    let shown = budi.sees(&card, |m| m.text().contains("blokir")).await;
    assert!(!shown.text().contains("terkirim"), "{}", shown.text());
    assert_eq!(
        stage.number("SELECT COUNT(*) FROM voter WHERE bot_id = $1 AND unreachable IS NOT NULL").await,
        1,
        "marked unreachable"
    );
    siti.unblocks_bot();
    siti.says("halo").await;
    siti.hears().await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM voter WHERE bot_id = $1 AND unreachable IS NOT NULL").await, 0);
    stage.tg.assert_rules_kept();
}

async fn notes_go_nowhere_and_codes_send_entries(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    budi.replies(&card, "// siapa yang tahu?").await;
    siti.hears_nothing(Duration::from_millis(400)).await;
    budi.replies(&card, "uji-tidak-ada").await;
    assert!(budi.hears().await.text().contains("uji-tidak-ada"));
    budi.replies(&card, "uji-jam").await;
    let answer = siti.hears().await;
    assert!(answer.html().contains("<b>pukul 07.00</b>"), "{}", answer.html());
    stage.tg.assert_rules_kept();
}

async fn an_edited_reply_corrects(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    let reply = budi.replies(&card, "Hari Senin.").await;
    let answer = siti.hears().await;
    budi.edits_html(&reply, "Hari <b>Selasa</b>.").await;
    let corrected = siti.sees_edit(&answer).await;
    assert!(corrected.html().contains("<b>Selasa</b>") && !corrected.text().contains("Senin"), "{}", corrected.html());
    // What does not fit into one message with the bot's words comes anew, as a correction.
    budi.edits(&reply, &"panjang ".repeat(511)).await;
    assert!(siti.hears().await.text().contains("Ralat"));
    assert!(siti.hears().await.text().starts_with("panjang"));
    stage.tg.assert_rules_kept();
}

async fn an_answer_is_taken_back(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    budi.replies(&card, "Hari Senin.").await;
    let answer = siti.hears().await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    budi.presses(&card, "Tarik").await.answer().await;
    siti.sees(&answer, |m| m.deleted).await;
    assert!(siti.hears().await.text().contains("ditarik"));
    budi.sees(&card, |m| m.text().contains("Budi: ditarik") && m.button("Ambil").is_some()).await;
    // After Telegram's 48 hours it can't be deleted any more.
    budi.replies(&card, "Hari Rabu.").await;
    let answer = siti.hears().await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    stage.tg.advance(Duration::from_secs(49 * 3600));
    budi.presses(&card, "Tarik").await.answer().await;
    let said = siti.sees(&answer, |m| m.text().contains("ditarik")).await;
    assert!(!said.deleted && !said.text().contains("Rabu"));
    stage.tg.assert_rules_kept();
}

async fn a_second_reply_is_an_addition(database: Database) {
    let stage = Stage::new(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    budi.replies(&card, "Hari Senin.").await;
    siti.hears().await;
    ani.replies(&card, "Bawa KTP juga.").await;
    let addition = siti.hears().await;
    assert!(addition.text().contains("Tambahan") && !addition.text().contains("Ani"), "{}", addition.text());
    let told = budi.hears().await;
    assert!(told.text().contains("Budi") && told.text().contains("Ani"), "{}", told.text());
    stage.tg.assert_rules_kept();
}

async fn spam_and_block_close(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "beli obat kuat di kampung saya").await;
    budi.presses(&card, "Spam").await.answer().await;
    assert!(siti.hears().await.text().contains("ditutup"));
    let closed = budi.sees_edit(&card).await;
    assert!(closed.text().contains("spam") && closed.button("Spam").is_none(), "{}", closed.text());
    siti.says("/petugas").await;
    siti.hears().await;
    siti.says("beli obat kuat lagi").await;
    siti.hears().await;
    let card = budi.hears().await;
    budi.presses(&card, "Blokir").await.answer().await;
    siti.hears().await;
    siti.says("siapa yang urus banjir di kampung saya").await;
    assert!(siti.hears().await.text().contains("tidak dapat saya teruskan"));
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    budi.hears_nothing(Duration::from_millis(300)).await;
    budi.presses(&card, "Buka blokir").await.answer().await;
    siti.says("siapa yang urus longsor di kampung saya").await;
    assert!(siti.hears().await.text().contains("#3"));
    stage.tg.assert_rules_kept();
}

async fn a_reply_finds_its_ticket_by_number(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "tolong lihat #77 di kampung").await;
    // As after a kill before the card's place was noted.
    stage.change("DELETE FROM link WHERE bot_id = $1").await;
    budi.replies(&card, "Sudah kami lihat.").await;
    assert!(siti.hears().await.text().contains("Sudah kami lihat"));
    stage.tg.assert_rules_kept();
}

async fn only_moderators_count(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    let elsewhere = stage.tg.group(-1_009_999_999_999, GroupKind::Supergroup).member("Eko");
    elsewhere.says("#1 ini jawabannya").await;
    // A voter forges a moderator's button, and someone else's ticket.
    let rina = stage.voter("Rina");
    rina.says("halo").await;
    let line = rina.hears().await;
    for data in ["t:1", "a:1:uji-jam", "w:1:1", "s:1", "e:../../etc", "", "n:tidak-ada-entri-ini", "e:bukan-entri"] {
        rina.forges(&line, data).await.answer().await;
    }
    rina.replies(&line, "#1 jawaban palsu yang tidak boleh sampai ke mana mana").await;
    budi.forges(&card, "a:1:tidak-ada").await.answer().await;
    budi.forges(&card, "a:99:uji-jam").await.answer().await;
    siti.hears_nothing(Duration::from_millis(400)).await;
    stage.tg.settled().await;
    assert!(budi.sees(&card, |m| !m.text().contains("dijawab")).await.button("Ambil").is_some());
    assert!(!rina.screen().contains("pengawas"), "nothing leaks");
    assert!(stage.log().contains("refused"), "logged");
    stage.tg.assert_rules_kept();
}

async fn in_a_channel_only_administrators(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Channel).await;
    stage.start().await;
    let (rina, tono) = (stage.group.administrator("Rina"), stage.group.member("Tono"));
    let (siti, card) = asked(&stage, &rina, "kapan ya coblosan itu").await;
    let entry = card.button_texts().into_iter().find(|b| b.contains("hari pemungutan")).expect("the nearest entry");
    assert!(tono.presses(&card, &entry).await.answer().await.contains("hanya untuk petugas"));
    siti.hears_nothing(Duration::from_millis(300)).await;
    rina.presses(&card, "Ambil").await.answer().await;
    rina.sees(&card, |m| m.text().contains("Diambil Rina")).await;
    let asked_before = stage.tg.calls_of("getChatMember").len();
    rina.presses(&card, &entry).await.answer().await;
    assert!(siti.hears().await.text().contains("Rabu"));
    assert_eq!(stage.tg.calls_of("getChatMember").len(), asked_before, "kept for five minutes");
    let (sari, card) = asked(&stage, &rina, "kapan pendaftaran pengawas").await;
    rina.replies(&card, "Hari Senin.").await;
    assert!(sari.hears().await.text().contains("Hari Senin."));
    stage.group.sets(&rina, Standing::Left);
    stage.tg.assert_rules_kept();
}

async fn talk_is_left_alone(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, _) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    let ani = stage.group.member("Ani");
    let word = budi.says("ada yang tahu soal #1?").await;
    ani.replies(&word, "kpn nyoblos").await;
    ani.says("/start@bot_lain").await;
    siti.hears_nothing(Duration::from_millis(400)).await;
    ani.hears_nothing(Duration::from_millis(1)).await;
    budi.says("/antrean").await;
    assert!(budi.hears().await.text().contains("#1"));
    stage.tg.assert_rules_kept();
}

async fn a_list_narrows_who_moderates(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let settings = stage.faq().join("bot.toml");
    let text = std::fs::read_to_string(&settings).expect("settings");
    std::fs::write(&settings, format!("{text}\nmoderators = \"{}\"\n", budi.id())).expect("written");
    stage.start().await;
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    ani.replies(&card, "jawaban Ani").await;
    assert!(ani.presses(&card, "Spam").await.answer().await.contains("hanya untuk petugas"));
    budi.replies(&card, "jawaban Budi").await;
    assert!(siti.hears().await.text().contains("jawaban Budi"));
    siti.hears_nothing(Duration::from_millis(300)).await;
    stage.tg.assert_rules_kept();
}

async fn a_group_that_moves_is_followed(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Group).await;
    stage.start().await;
    let budi = stage.group.member("Budi");
    asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    let moved = stage.group.migrates_to(MODERATORS - 1);
    let ani = moved.member("Ani");
    let (siti, card) = asked(&stage, &ani, "kapan pendaftaran saksi").await;
    ani.replies(&card, "Hari Senin.").await;
    assert!(siti.hears().await.text().contains("Hari Senin."));
    // After a restart with the old number, too.
    stage.stop().await;
    stage.start().await;
    let (_, card) = asked(&stage, &ani, "kapan pendaftaran relawan").await;
    assert!(card.text().contains("#3"));
    stage.tg.assert_rules_kept();
}
