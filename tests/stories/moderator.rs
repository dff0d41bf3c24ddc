//! What moderators live through: conversations over real HTTP, on both databases.

use std::time::Duration;

use crate::bot::{Database, MODERATORS, Stage};
use crate::telegram::{GroupKind, Message, Person, Standing};
use serde_json::{Value, json};

stories! {
    a_card_holds_all_that_is_needed, one_tap_answers, a_reply_keeps_its_formatting, media_are_copied,
    delivery_is_told_as_it_is, notes_go_nowhere_and_codes_send_entries, an_edited_reply_corrects,
    an_answer_is_taken_back, a_second_reply_is_an_addition, spam_and_block_close, a_reply_finds_its_ticket_by_the_key_of_its_buttons,
    only_moderators_count, in_a_channel_only_administrators, talk_is_left_alone, a_list_narrows_who_moderates,
    a_group_that_moves_is_followed, a_list_or_a_report_is_no_card, a_card_of_another_database_reaches_nobody,
    from_another_topic_is_taken, what_is_not_taken_is_told, an_answer_that_fails_leaves_the_question_open,
    a_reply_with_odd_parts_arrives, an_album_is_one_answer, after_a_take_back_an_edit_asks_first,
    an_edit_into_a_note_or_a_code, a_card_can_be_posted_again, a_card_shows_change_after_many_answers,
    names_are_inert, blocking_closes_and_tells_all, a_voter_who_returns_waits_again, hapus_empties_the_group,
    numbers_begin_at_the_clock,
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

/// Blocks the voter of a card, for a reason.
pub async fn blocks(budi: &Person, card: &Message) {
    budi.presses(card, "Blokir").await.answer().await;
    budi.reads("karena apa").await;
    let why = budi.messages().into_iter().rev().find(|m| m.text().contains("karena apa")).expect("the question");
    assert_eq!(why.reply_to, Some(card.id));
    budi.presses(&why, "Iklan").await.answer().await;
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
    // What only looks like a code is the answer.
    for answer in ["uji-tidak-ada", "0812-3456-7890", "14-02-2029", "hati-hati", "1500-046", "ke-2"] {
        budi.replies(&card, answer).await;
        assert!(siti.hears().await.text().ends_with(answer));
    }
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
    // The same moderator adds something at once; another is asked first.
    budi.replies(&card, "Jam sembilan.").await;
    assert!(siti.hears().await.text().contains("Tambahan"));
    ani.replies(&card, "Bawa KTP juga.").await;
    let asks = budi.hears().await;
    assert!(asks.text().contains("baru saja dijawab Budi"), "{}", asks.text());
    siti.hears_nothing(Duration::from_millis(300)).await;
    ani.presses(&asks, "Kirim juga").await;
    let addition = siti.hears().await;
    assert!(addition.text().contains("Tambahan") && !addition.text().contains("Ani"), "{}", addition.text());
    budi.hears_nothing(Duration::from_millis(300)).await;
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
    blocks(&budi, &card).await;
    assert!(siti.hears().await.text().contains("ditutup"));
    siti.says("siapa yang urus banjir di kampung saya").await;
    assert!(siti.hears().await.text().contains("tidak dapat saya teruskan"));
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    assert!(budi.hears().await.text().contains("karena apa"));
    budi.hears_nothing(Duration::from_millis(300)).await;
    budi.presses(&card, "Buka blokir").await.answer().await;
    assert!(siti.hears().await.text().contains("Silakan bertanya"));
    siti.says("siapa yang urus longsor di kampung saya").await;
    assert!(siti.hears().await.text().contains("#3"));
    stage.tg.assert_rules_kept();
}

async fn a_reply_finds_its_ticket_by_the_key_of_its_buttons(database: Database) {
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
    for data in [
        "t:1",
        "a:1:uji-jam",
        "w:1:1",
        "s:1",
        "p:k2",
        "e:uji-jam:k9",
        "x:3",
        "e:../../etc",
        "",
        "n:tidak-ada-entri-ini",
        "e:bukan-entri",
    ] {
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
    // What was open is posted anew, and nothing of another ticket is ever edited.
    ani.reads("kapan pendaftaran pengawas").await;
    let again = ani.hears().await;
    assert!(again.text().starts_with("#1"), "{}", again.text());
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

/// A reply as Telegram tells of it, with fields that are given.
async fn injected(stage: &Stage, who: &Person, to: &Message, fields: &Value) {
    static NUMBER: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(5000);
    // It carries none of the buttons of what it replies to: where that stands must be known.
    stage.recorded().await;
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let chat = json!({"id": stage.group.id(), "type": "supergroup", "title": "Petugas"});
    let bot = json!({"id": stage.tg.bot_id(), "is_bot": true, "first_name": "Tanya Pemilu"});
    let mut message = json!({"message_id": number, "date": stage.tg.now(), "chat": chat,
        "from": {"id": who.id(), "is_bot": false, "first_name": "Budi"},
        "reply_to_message": {"message_id": to.id, "date": 1, "chat": chat, "from": bot, "text": to.text()}});
    for (name, value) in fields.as_object().expect("fields") {
        message[name] = value.clone();
    }
    stage.tg.inject(json!({"message": message}));
}

async fn a_list_or_a_report_is_no_card(database: Database) {
    let stage = Stage::new(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let mut voters = Vec::new();
    let mut cards = Vec::new();
    for text in ["kapan pendaftaran pengawas", "kapan pendaftaran saksi", "kapan pendaftaran relawan"] {
        let (siti, card) = asked(&stage, &budi, text).await;
        voters.push(siti);
        cards.push(card);
    }
    budi.says("/antrean").await;
    let list = budi.hears().await;
    assert!(list.text().contains("kapan pendaftaran saksi") && list.active().is_empty(), "{}", list.text());
    ani.replies(&list, "Yang nomor 3 biar saya yang urus ya, Bu Tini cuti").await;
    assert!(budi.hears().await.text().contains("tidak dikirim ke siapa pun"));
    budi.replies(&list, "oke siap").await;
    budi.hears_nothing(Duration::from_millis(300)).await;
    // A report is none either.
    stage.reloads(&budi).await;
    let report = budi.hears().await;
    assert!(report.text().contains("dimuat ulang"), "{}", report.text());
    budi.replies(&report, "waduh maaf, kita dobel").await;
    let told = budi.hears().await;
    assert!(told.text().contains("tidak dikirim ke siapa pun"), "{}", told.text());
    budi.replies(&told, "oh begitu").await;
    for siti in &voters {
        siti.hears_nothing(Duration::from_millis(150)).await;
    }
    stage.tg.assert_rules_kept();
}

async fn a_card_of_another_database_reaches_nobody(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (_, old) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    // What became of the card must be written down before its ticket goes, or it is taken for an erased one.
    tokio::time::sleep(Duration::from_millis(700)).await;
    // As after a start on an empty database: the number is given again.
    for statement in [
        "DELETE FROM voter WHERE bot_id = $1",
        "DELETE FROM link WHERE bot_id = $1",
        "UPDATE counter SET value = 0 WHERE bot_id = $1 AND name = 'ticket'",
    ] {
        stage.change(statement).await;
    }
    let (siti, new) = asked(&stage, &budi, "kapan pendaftaran saksi").await;
    assert!(old.text().starts_with("#1") && new.text().starts_with("#1"));
    budi.replies(&old, "Jawaban untuk penanya yang lama.").await;
    assert!(budi.hears().await.text().contains("tidak ada dalam catatan"));
    assert!(budi.presses(&old, "Spam").await.answer().await.contains("tidak ada dalam catatan"));
    siti.hears_nothing(Duration::from_millis(300)).await;
    budi.replies(&new, "Hari Rabu.").await;
    assert!(siti.hears().await.text().contains("Hari Rabu."));
    stage.tg.assert_rules_kept();
}

async fn from_another_topic_is_taken(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    // It is known by its number alone: the message that it quotes comes without the card's buttons.
    stage.recorded().await;
    let chat = json!({"id": stage.group.id(), "type": "supergroup", "title": "Petugas"});
    let fields = json!({"text": "Hari Kamis.", "message_thread_id": 7, "reply_to_message": {},
        "external_reply": {"origin": {"type": "user"}, "chat": chat, "message_id": card.id}});
    injected(&stage, &budi, &card, &fields).await;
    assert!(siti.hears().await.text().contains("Hari Kamis."));
    // Of another chat it is talk.
    let fields = json!({"text": "Hari Jumat.", "reply_to_message": {},
        "external_reply": {"origin": {"type": "user"}, "chat": {"id": -100_555, "type": "supergroup"}, "message_id": card.id}});
    injected(&stage, &budi, &card, &fields).await;
    siti.hears_nothing(Duration::from_millis(400)).await;
    stage.tg.assert_rules_kept();
}

async fn what_is_not_taken_is_told(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let boss = stage.group.anonymous("Kepala");
    stage.start().await;
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    // Without a list an anonymous administrator counts as a moderator; a channel never does.
    boss.replies(&card, "Hari Senin.").await;
    assert!(siti.hears().await.text().contains("Hari Senin."));
    let channel = json!({"id": -100_777, "type": "channel", "title": "Kanal Budi"});
    injected(&stage, &budi, &card, &json!({"text": "Hari Selasa.", "sender_chat": channel})).await;
    assert!(budi.hears().await.text().contains("tidak dikirim"));
    let settings = stage.faq().join("bot.toml");
    let text = std::fs::read_to_string(&settings).expect("settings");
    std::fs::write(&settings, format!("{text}\nmoderators = \"{}\"\n", budi.id())).expect("written");
    stage.reloads(&budi).await;
    assert!(budi.hears().await.text().contains("entri"));
    ani.replies(&card, "jawaban Ani").await;
    assert!(budi.hears().await.text().contains("daftar petugas"));
    boss.replies(&card, "jawaban Kepala").await;
    assert!(budi.hears().await.text().contains("anonim"));
    siti.hears_nothing(Duration::from_millis(300)).await;
    // Right after another's it asks first.
    budi.replies(&card, "jawaban Budi").await;
    let asks = budi.hears().await;
    budi.presses(&asks, "Kirim juga").await;
    assert!(siti.hears().await.text().contains("jawaban Budi"));
    stage.tg.assert_rules_kept();
}

async fn an_answer_that_fails_leaves_the_question_open(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    // What is to be copied is gone before the bot gets to it.
    stage.tg.set_offline(true);
    let gone = budi.replies_with(&card, "sticker", "").await;
    budi.deletes(&gone);
    stage.tg.set_offline(false);
    let told = budi.hears().await;
    assert!(told.text().contains("belum terjawab") && told.reply_to == Some(card.id), "{}", told.text());
    let open = budi.sees(&card, |m| m.text().contains("gagal dikirim")).await;
    assert!(!open.text().contains("sudah dijawab") && open.button("Ambil").is_some(), "{}", open.text());
    budi.says("/antrean").await;
    assert!(budi.hears().await.text().contains("#1"));
    siti.hears().await;
    siti.says("/status").await;
    assert!(siti.hears().await.text().contains("#1"));
    // The line about it is as good as the card.
    budi.replies(&told, "Hari Senin.").await;
    assert!(siti.hears().await.text().contains("Hari Senin."));
    budi.sees(&card, |m| m.text().contains("sudah dijawab")).await;
}

async fn a_reply_with_odd_parts_arrives(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    let date = json!({"type": "date_time", "offset": 0, "length": 5, "unix_time": 1_707_872_400});
    for (i, fields) in [
        json!({"entities": [date]}),
        json!({"entities": [{"type": "text_link", "offset": 0, "length": 5, "url": "https://a.example:99999/"}]}),
        json!({"entities": [{"type": "text_link", "offset": 0, "length": 5, "url": "javascript:alert(1)"}]}),
        json!({"entities": [{"type": "bold", "offset": -1, "length": 5}, {"type": "italic", "offset": 3, "length": 900}]}),
        json!({"entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": {"id": budi.id()}}]}),
        json!({"quote": {"text": "kapan", "entities": [date], "position": 0}}),
    ]
    .iter()
    .enumerate()
    {
        let text = format!("Besok di balai desa {i}");
        let mut message = json!({"text": text});
        message.as_object_mut().expect("fields").extend(fields.as_object().expect("fields").clone());
        injected(&stage, &budi, &card, &message).await;
        let answer = siti.hears().await;
        assert!(answer.text().contains(&text), "{fields}: {}", answer.text());
        assert!(answer.active().is_empty(), "{:?}", answer.active());
        assert!(!answer.html().contains(&budi.id().to_string()));
    }
    // A location that moves on is sent once.
    let place = json!({"location": {"latitude": 1.0, "longitude": 2.0, "live_period": 900}});
    let live = budi.replies_with(&card, "location", "").await;
    siti.hears().await;
    siti.hears().await;
    for step in 0..5 {
        let mut moved = place.clone();
        moved["location"]["latitude"] = json!(1.0 + f64::from(step));
        let chat = json!({"id": stage.group.id(), "type": "supergroup"});
        let mut message = json!({"message_id": live.id, "date": 1, "edit_date": 2, "chat": chat,
            "from": {"id": budi.id(), "is_bot": false, "first_name": "Budi"},
            "reply_to_message": {"message_id": card.id, "chat": chat, "from": {"id": stage.tg.bot_id(), "is_bot": true}}});
        message["location"] = moved["location"].clone();
        stage.tg.inject(json!({"edited_message": message}));
    }
    siti.hears_nothing(Duration::from_millis(500)).await;
}

async fn an_album_is_one_answer(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    budi.replies_with_album(&card, &["photo", "photo", "photo"], Some((1, "lihat jadwal ini"))).await;
    let head = siti.hears().await;
    assert!(head.text().contains("#1") && head.media.is_none(), "{}", head.text());
    let pictures = [siti.hears().await, siti.hears().await, siti.hears().await];
    assert!(pictures.iter().all(|m| m.media.is_some()));
    assert!(pictures[1].text().contains("lihat jadwal ini"));
    let answered = budi.sees(&card, |m| m.text().contains("terkirim")).await;
    assert_eq!(answered.text().matches("terkirim").count(), 1, "{}", answered.text());
    siti.hears_nothing(Duration::from_millis(300)).await;
    // All of it is taken back.
    budi.presses(&card, "Tarik").await.answer().await;
    for picture in &pictures {
        siti.sees(picture, |m| m.deleted).await;
    }
    stage.tg.assert_rules_kept();
}

async fn after_a_take_back_an_edit_asks_first(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    let reply = budi.replies(&card, "Hari Senin.").await;
    siti.hears().await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    budi.presses(&card, "Tarik").await.answer().await;
    assert!(siti.hears().await.text().contains("ditarik"));
    budi.edits(&reply, "Hari Rabu.").await;
    let question = budi.hears().await;
    assert!(question.text().contains("Kirim sebagai jawaban baru"), "{}", question.text());
    siti.hears_nothing(Duration::from_millis(300)).await;
    budi.presses(&question, "Kirim").await.answer().await;
    assert!(siti.hears().await.text().contains("Hari Rabu."));
    budi.sees(&card, |m| m.text().contains("sudah dijawab")).await;
    stage.tg.assert_rules_kept();
}

async fn an_edit_into_a_note_or_a_code(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    let reply = budi.replies(&card, "Hari Senin.").await;
    let answer = siti.hears().await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    budi.edits(&reply, "// ini salah, tolong yang lain").await;
    siti.sees(&answer, |m| m.deleted).await;
    assert!(siti.hears().await.text().contains("ditarik"));
    assert!(budi.hears().await.text().contains("ditarik"));
    let reply = budi.replies(&card, "sebentar ya").await;
    siti.hears().await;
    budi.edits(&reply, "uji-jam").await;
    let entry = siti.hears().await;
    assert!(entry.html().contains("<b>pukul 07.00</b>"), "the entry, not its code: {}", entry.html());
    stage.tg.assert_rules_kept();
}

async fn a_card_can_be_posted_again(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    // While the card is on its way, another one of it is the same message.
    stage.recorded().await;
    budi.says("/kartu 1").await;
    let again = budi.hears().await;
    assert!(again.text().starts_with("#1") && again.text().contains("pengawas"), "{}", again.text());
    budi.replies(&again, "Hari Senin.").await;
    assert!(siti.hears().await.text().contains("Hari Senin."));
    budi.replies(&card, "Bawa KTP.").await;
    assert!(siti.hears().await.text().contains("Bawa KTP."), "the first card still is one");
    for text in ["/kartu", "/kartu 99"] {
        budi.says(text).await;
        budi.hears().await;
    }
    stage.tg.assert_rules_kept();
}

async fn a_card_shows_change_after_many_answers(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, &"selokan mampet ".repeat(270)).await;
    for number in 0..20 {
        budi.replies(&card, &format!("jawaban {number}")).await;
        siti.reads(&format!("jawaban {number}")).await;
    }
    let shown = budi.sees(&card, |m| m.text().contains("Sebelumnya 12 jawaban")).await;
    assert!(shown.text().contains("terkirim") && shown.text().encode_utf16().count() <= 4096);
    stage.tg.assert_rules_kept();
}

async fn names_are_inert(database: Database) {
    let stage = Stage::new(database).await;
    for name in ["@mod_satu", "/cmd", "https://jahat.example/x", "a\u{202e}b\u{2067}", "#99 Palsu"] {
        let budi = stage.group.member(name);
        let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
        budi.presses(&card, "Ambil").await.answer().await;
        let taken = budi.sees(&card, |m| m.text().contains("Diambil")).await;
        assert!(taken.active().is_empty(), "{name}: {:?}", taken.active());
        assert!(!taken.text().contains(['\u{202e}', '\u{2067}']), "{name}");
        budi.replies(&card, "Senin.").await;
        siti.hears().await;
        let done = budi.sees(&card, |m| m.text().contains("terkirim")).await;
        assert!(done.active().is_empty(), "{name}: {:?}", done.active());
    }
    stage.tg.assert_rules_kept();
}

async fn blocking_closes_and_tells_all(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    for text in ["beli obat kuat", "beli obat pelangsing", "beli obat tidur"] {
        siti.says(&format!("/petugas {text}")).await;
        siti.hears().await;
    }
    let card = budi.hears().await;
    blocks(&budi, &card).await;
    for number in 1..=3 {
        siti.reads(&format!("Pertanyaan Anda #{number} ditutup")).await;
    }
    for _ in 0..2 {
        siti.says("/petugas beli lagi").await;
        siti.reads("tidak dapat saya teruskan").await;
    }
    stage.tg.assert_rules_kept();
}

async fn a_voter_who_returns_waits_again(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    siti.blocks_bot_silently();
    budi.replies(&card, "Senin.").await;
    let shown = budi.sees(&card, |m| m.text().contains("belum sampai")).await;
    assert!(!shown.text().contains("sudah dijawab"), "{}", shown.text());
    siti.unblocks_bot();
    assert!(budi.hears().await.text().contains("menunggu lagi"));
    let open = budi.sees(&card, |m| m.button("Ambil").is_some()).await;
    budi.replies(&open, "Senin.").await;
    assert!(siti.hears().await.text().contains("Senin."));
    stage.tg.assert_rules_kept();
}

async fn hapus_empties_the_group(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, &format!("{} rahasia1", "selokan mampet ".repeat(270))).await;
    budi.replies(&card, "Kelurahan.").await;
    siti.reads("Kelurahan").await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    siti.says("siapa nama lurahnya rahasia2").await;
    budi.reads("rahasia2").await;
    siti.says("/petugas beli pulsa rahasia3").await;
    budi.reads("rahasia3").await;
    siti.says("/hapus").await;
    siti.reads("akan dihapus").await;
    let question = siti.messages().into_iter().rev().find(|m| m.button("Batal").is_some()).expect("a question");
    siti.presses(&question, "Batal").await;
    siti.reads("dibatalkan").await;
    siti.presses(&question, "Ya, hapus semuanya").await;
    siti.reads("sudah dihapus").await;
    for _ in 0..100 {
        if !["rahasia1", "rahasia2", "rahasia3", "selokan"].iter().any(|word| budi.screen().contains(word)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let screen = budi.screen();
    assert!(!screen.contains("rahasia") && !screen.contains("selokan"), "{screen}");
    stage.tg.settled().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    for kept in [
        "SELECT COUNT(*) FROM voter WHERE bot_id = $1",
        "SELECT COUNT(*) FROM asked WHERE bot_id = $1",
        "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND chat_id > 0",
        "SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND chat_id > 0",
        "SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND body LIKE '%rahasia%'",
    ] {
        assert_eq!(stage.number(kept).await, 0, "{kept}");
    }
    stage.tg.assert_rules_kept();
}

async fn numbers_begin_at_the_clock(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.small_numbers = false;
    stage.start().await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asked(&stage, &budi, "kapan pendaftaran pengawas").await;
    let number: u64 = card.text()[1..].split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    assert!(number > 400_000, "{number}: minutes since 2026");
    budi.replies(&card, "Senin.").await;
    assert!(siti.hears().await.text().contains(&format!("#{number}")));
    stage.tg.assert_rules_kept();
}
