//! What voters live through: conversations over real HTTP, on both databases.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::moderator::blocks;
use crate::telegram::Person;
use serde_json::{Value, json};

/// What the FAQ only suspects an answer to.
const DOUBTFUL: &str = "siapa pemenang";
/// What the FAQ does not know.
const FOREIGN: &str = "siapa yang urus banjir di kampung saya";

stories! {
    start_says_who_the_bot_is, a_question_is_answered, not_helpful_offers_more, reworded_questions_get_the_offer,
    in_doubt_titles_are_offered, unmatched_goes_to_a_person, petugas_skips_the_matching, a_follow_up_joins_the_ticket,
    small_talk_stays_here, media_get_an_honest_reply, an_edit_is_followed, text_in_two_parts_is_one_ticket,
    nobody_floods, odd_questions_arrive_unharmed, a_day_later_the_voter_is_told, old_buttons_do_what_they_say,
    an_edit_into_a_question_is_heard, a_long_story_is_read_to_its_end, petugas_takes_the_words, a_code_opens_its_entry,
    what_comes_after_small_talk_begins_anew, decoration_costs_nothing, every_kind_of_message_has_an_answer,
    a_number_over_two_messages_is_hidden, limits_hold_for_presses_and_outlive_hapus, commands_of_others_are_not_ours,
    an_edited_question_shows_as_changed, a_reminder_outlives_a_kill_and_follows_its_day,
    in_a_group_it_speaks_when_spoken_to, a_card_is_found_from_any_chat, queries_without_end_delay_no_voter,
    data_tells_all_that_is_kept, english_is_answered_in_english,
}

async fn start_says_who_the_bot_is(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    siti.says("/start").await;
    let welcome = siti.hears().await;
    for word in ["Tanya Pemilu", "/petugas", "/privasi", "simpan"] {
        assert!(welcome.text().contains(word), "{word} in {}", welcome.text());
    }
    siti.says("/start uji-jam").await;
    assert!(siti.hears().await.text().contains("07.00"));
    siti.says("/bantuan").await;
    assert!(siti.hears().await.text().contains("/status"));
    let menus = stage.tg.menus();
    let (private, own) = (&menus["all_private_chats"], &menus[&format!("chat {}", stage.group.id())]);
    assert!((1..=24).contains(&private.len()), "{private:?}");
    assert!(own.iter().any(|(name, _)| name == "muat_ulang"), "{own:?}");
    // Every command of the menu is understood.
    for (name, _) in private {
        siti.says(&format!("/{name}")).await;
        let heard = siti.hears().await;
        assert!(!heard.text().contains("tidak saya kenal"), "/{name}: {}", heard.text());
    }
    stage.tg.assert_rules_kept();
}

async fn a_question_is_answered(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    let answer = siti.hears().await;
    insta::assert_snapshot!("a_question_is_answered", crate::common::unversioned(&siti.screen()));
    assert!(answer.html().contains("<b>pukul 07.00</b>"), "{}", answer.html());
    assert!(!answer.preview);
    let press = siti.presses(&answer, "Membantu").await;
    assert_eq!(press.answer().await, "Terima kasih.");
    siti.presses(&answer, "Kapan hari pemungutan suara?").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    stage.tg.assert_rules_kept();
}

async fn not_helpful_offers_more(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("tps buka jam brp").await;
    let answer = siti.hears().await;
    siti.presses(&answer, "Tidak membantu").await.answer().await;
    let offer = siti.hears().await;
    assert_eq!(offer.button_texts().len(), 3, "{:?}", offer.button_texts());
    siti.presses(&offer, "tanya petugas").await;
    assert!(siti.hears().await.text().contains("#1"));
    let card = budi.hears().await;
    assert!(card.text().contains("tps buka jam brp") && card.text().contains("uji-jam"), "{}", card.text());
    stage.tg.assert_rules_kept();
}

async fn reworded_questions_get_the_offer(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("07.00"));
    siti.says("jam buka tps").await;
    let offer = siti.hears().await;
    assert!(!offer.text().contains("07.00"), "{}", offer.text());
    assert!(offer.button_texts().last().is_some_and(|b| b.contains("tanya petugas")));
    // Another question is answered as ever.
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    stage.tg.assert_rules_kept();
}

async fn in_doubt_titles_are_offered(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(DOUBTFUL).await;
    let offer = siti.hears().await;
    let buttons = offer.button_texts();
    assert!((2..=4).contains(&buttons.len()), "{buttons:?}");
    assert!(buttons.last().is_some_and(|b| b.contains("tanya petugas")));
    siti.presses(&offer, &buttons[0]).await;
    assert!(siti.hears().await.text().contains("kode uji-"));
    siti.says(DOUBTFUL).await;
    let offer = siti.hears().await;
    // Typing instead just asks.
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    // An old button does what it says: its own question goes to a person.
    siti.presses(&offer, "tanya petugas").await;
    assert!(siti.hears().await.text().contains("#1"));
    budi.reads(DOUBTFUL).await;
    stage.tg.assert_rules_kept();
}

async fn unmatched_goes_to_a_person(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("cara bikin paspor gimana").await;
    let told = siti.hears().await;
    assert!(told.text().contains("petugas") && told.text().contains("#1"), "{}", told.text());
    let card = budi.hears().await;
    insta::assert_snapshot!("unmatched_card", budi.screen());
    siti.says("/status").await;
    assert!(siti.hears().await.text().contains("#1 cara bikin paspor"));
    budi.replies(&card, "Datanglah ke kantor imigrasi.").await;
    let answer = siti.hears().await;
    assert!(answer.text().contains("kantor imigrasi") && !answer.text().contains("Budi"), "{}", answer.text());
    siti.says("/status").await;
    assert!(siti.hears().await.text().contains("Tidak ada"));
    stage.tg.assert_rules_kept();
}

async fn petugas_skips_the_matching(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("/petugas").await;
    siti.hears().await;
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("#1"));
    assert!(budi.hears().await.text().contains("kpn nyoblos"));
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    stage.tg.assert_rules_kept();
}

async fn a_follow_up_joins_the_ticket(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(FOREIGN).await;
    siti.hears().await;
    let card = budi.hears().await;
    budi.replies(&card, "Kelurahan.").await;
    let answer = siti.hears().await;
    siti.says("makasih ya").await;
    siti.hears().await;
    budi.hears_nothing(Duration::from_millis(300)).await;
    siti.says("apakah kelurahan buka hari sabtu dan minggu untuk warga").await;
    let follow = budi.hears().await;
    assert!(follow.text().contains("#1") && follow.reply_to == Some(card.id), "{}", budi.screen());
    assert!(siti.hears().await.text().contains("#1"));
    stage.recorded().await;
    budi.replies(&follow, "Tidak, hari kerja saja.").await;
    assert!(siti.hears().await.text().contains("hari kerja"));
    // As a reply to the answer it is a follow-up however late.
    stage.change("UPDATE voter SET state = '{}' WHERE bot_id = $1").await;
    siti.replies(&answer, "siapa nama lurahnya di tempat saya").await;
    assert!(budi.hears().await.text().contains("siapa nama lurahnya"));
    assert!(siti.hears().await.text().contains("#1"));
    // But what the FAQ answers, it answers.
    siti.replies(&answer, "kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    stage.tg.assert_rules_kept();
}

async fn small_talk_stays_here(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    for text in ["halo", "makasih ya", "???", "dasar bot bodoh", "😀😀"] {
        siti.says(text).await;
        let line = siti.hears().await;
        assert!(!line.text().contains('#'), "{text}: {}", line.text());
    }
    budi.hears_nothing(Duration::from_millis(300)).await;
    stage.tg.assert_rules_kept();
}

async fn media_get_an_honest_reply(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    for kind in ["photo", "voice", "sticker", "document"] {
        siti.sends(kind, "").await;
        assert!(siti.hears().await.text().contains("hanya dapat membaca tulisan"), "{kind}");
    }
    siti.sends_photo("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("07.00"));
    budi.hears_nothing(Duration::from_millis(300)).await;
    stage.tg.assert_rules_kept();
}

async fn an_edit_is_followed(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    let asked = siti.says(FOREIGN).await;
    siti.hears().await;
    let card = budi.hears().await;
    siti.edits(&asked, "siapa yang urus longsor di kampung saya").await;
    let edited = budi.sees_edit(&card).await;
    assert!(edited.text().contains("longsor") && !edited.text().contains("banjir"), "{}", edited.text());
    let asked = siti.says("tps buka jam brp").await;
    siti.hears().await;
    siti.edits(&asked, "tps buka jam berapa").await;
    siti.hears_nothing(Duration::from_millis(500)).await;
    siti.edits(&asked, "kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    stage.tg.assert_rules_kept();
}

async fn text_in_two_parts_is_one_ticket(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(FOREIGN).await;
    siti.hears().await;
    let card = budi.hears().await;
    siti.says("rumah saya kemasukan air sejak kemarin malam").await;
    let edited = budi.sees_edit(&card).await;
    assert!(edited.text().contains("banjir") && edited.text().contains("kemasukan air"), "{}", edited.text());
    assert!(siti.hears().await.text().contains("tambahkan ke pertanyaan #1"));
    siti.says("dan listriknya mati di seluruh kampung").await;
    budi.sees(&card, |m| m.text().contains("listriknya")).await;
    siti.hears_nothing(Duration::from_millis(300)).await;
    // Something that the FAQ answers is answered meanwhile.
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    stage.tg.assert_rules_kept();
}

async fn nobody_floods(database: Database) {
    let mut stage = Stage::still(database, crate::telegram::GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let siti = stage.voter("Siti");
    for number in 0..6 {
        siti.says("/petugas").await;
        siti.says(&format!("pertanyaan nomor {number} tentang kampung saya")).await;
    }
    siti.reads("Masih ada 5 pertanyaan").await;
    // The cards have a limit of their own and may come after the voter's messages.
    let cards = || stage.tg.count(stage.group.id(), "Pertanyaan baru");
    for _ in 0..50 {
        if cards() >= 5 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(cards(), 5);
    for _ in 0..25 {
        siti.says("halo").await;
    }
    siti.reads("terlalu cepat").await;
    stage.tg.settled().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(stage.tg.count(siti.chat(), "terlalu cepat"), 1, "told once");
    stage.tg.assert_rules_kept();
}

async fn odd_questions_arrive_unharmed(database: Database) {
    let mut stage = Stage::still(database, crate::telegram::GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let budi = stage.group.member("Budi");
    let long = "banjir kampung ".repeat(273) + "x";
    assert_eq!(long.chars().count(), 4096);
    let odd = [
        "<b>&\"'</b> banjir </pre> kampung",
        "zero\u{200b}width \u{200f}kanan \u{202e}balik\u{202c} \u{2067}isolat banjir kampung saya",
        "\u{2069}\u{2069}\u{202e}lolos dari kutipan banjir",
        "lihat https://contoh.example/banjir dan @kpu_ri /hapus #999 kampung banjir",
        "tg://user?id=1 [tautan](https://x.example) *tebal* _miring_ `kode` banjir",
        long.as_str(),
    ];
    for (i, text) in odd.iter().enumerate() {
        let siti = stage.voter("Siti");
        siti.says("/petugas").await;
        siti.hears().await;
        siti.says(text).await;
        let told = siti.hears().await;
        assert!(told.text().contains(&format!("#{}", i + 1)), "{}", told.text());
        let mut card = budi.hears().await;
        let mut quoted = String::new();
        loop {
            assert!(card.active().is_empty(), "something in it is active: {:?}", card.active());
            assert!(card.html().contains("<pre>"), "{}", card.html());
            let inside = card.text().split_once('\u{2068}').and_then(|(_, rest)| rest.rsplit_once('\u{2069}'));
            quoted.push_str(inside.expect("a quotation").0);
            match budi.hears_within(Duration::from_millis(300)).await {
                Some(next) => card = next,
                None => break,
            }
        }
        // Telegram itself takes direction overrides out of what is sent; isolates are balanced by the bot.
        let plain = |s: &str| s.replace(['\u{2069}', '\u{202c}', '\u{202e}', ' '], "");
        assert_eq!(plain(&quoted), plain(text.trim()));
    }
    stage.tg.assert_rules_kept();
}

async fn a_day_later_the_voter_is_told(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(FOREIGN).await;
    siti.hears().await;
    let card = budi.hears().await;
    let waits = "SELECT at - 86400000 FROM due WHERE bot_id = $1 AND name LIKE 'still-open%'";
    let asked = stage.number(waits).await;
    assert!((asked / 1000 - stage.tg.now()).abs() < 60, "a day after it was asked");
    stage.change("UPDATE due SET at = 1 WHERE bot_id = $1").await;
    assert!(siti.hears().await.text().contains("masih menunggu"));
    budi.presses(&card, "Spam").await.answer().await;
    assert!(siti.hears().await.text().contains("ditutup"));
    stage.tg.assert_rules_kept();
}

/// An update that a library's author did not think of.
fn injected(stage: &Stage, who: &Person, fields: &Value) {
    static NUMBER: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(5000);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let person = json!({"id": who.id(), "is_bot": false, "first_name": "Siti"});
    let mut message = json!({"message_id": number, "date": stage.tg.now(), "from": person,
        "chat": {"id": who.chat(), "type": "private", "first_name": "Siti"}});
    for (name, value) in fields.as_object().expect("fields") {
        message[name] = value.clone();
    }
    stage.tg.inject(json!({"message": message}));
}

async fn old_buttons_do_what_they_say(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(DOUBTFUL).await;
    let first = siti.hears().await;
    siti.says("siapa pemenang ya kak").await;
    let second = siti.hears().await;
    // A question that is answered in between takes nothing away.
    siti.says("kpn nyoblos").await;
    siti.hears().await;
    siti.presses(&first, "tanya petugas").await;
    assert!(siti.hears().await.text().contains("#1"));
    assert!(!budi.hears().await.text().contains("ya kak"), "the first question, not the last");
    // The other one asks the same, and that waits already.
    siti.presses(&second, "tanya petugas").await;
    assert!(siti.hears().await.text().contains("Sudah saya teruskan ke petugas (nomor #1)"));
    assert!(siti.presses(&first, "tanya petugas").await.answer().await.contains("#1"), "once is enough");
    budi.hears_nothing(Duration::from_millis(300)).await;
    stage.tg.assert_rules_kept();
}

async fn an_edit_into_a_question_is_heard(database: Database) {
    let mut stage = Stage::still(database, crate::telegram::GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    let long = "x".repeat(4097);
    for text in ["halo min", "...", "makasih", "/kapan", "/bantuan", long.as_str()] {
        let said = siti.says(text).await;
        siti.hears().await;
        siti.edits(&said, "tps buka jam brp").await;
        assert!(siti.hears().await.text().contains("07.00"), "{text}");
    }
    let photo = siti.sends_photo("").await;
    siti.hears().await;
    siti.edits(&photo, "kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    let said = siti.says("halo min").await;
    siti.hears().await;
    siti.edits(&said, FOREIGN).await;
    assert!(siti.hears().await.text().contains("#1"));
    assert!(budi.hears().await.text().contains("banjir"));
    // An edit after an offer changes what goes to a person.
    let doubtful = siti.says(DOUBTFUL).await;
    let offer = siti.hears().await;
    siti.edits(&doubtful, "siapa pemenang lomba panjat pinang").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    siti.presses(&offer, "tanya petugas").await;
    budi.reads("panjat pinang").await;
    stage.tg.assert_rules_kept();
}

async fn an_edited_question_shows_as_changed(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    let asked = siti.says(FOREIGN).await;
    siti.hears().await;
    let card = budi.hears().await;
    siti.edits(&asked, "siapa yang urus longsor di kampung saya").await;
    let changed = budi.sees(&card, |m| m.text().contains("longsor")).await;
    assert!(changed.text().contains("diubah") && !changed.text().contains("banjir"), "{}", changed.text());
    budi.replies(&card, "Kelurahan.").await;
    siti.hears().await;
    // After the answer another question is another question.
    siti.edits(&asked, "siapa yang urus gempa di kampung saya").await;
    let follow = budi.hears().await;
    assert!(follow.text().contains("#1") && follow.text().contains("gempa"), "{}", follow.text());
    assert!(siti.hears().await.text().contains("#1"));
    stage.tg.assert_rules_kept();
}

async fn a_long_story_is_read_to_its_end(database: Database) {
    let mut stage = Stage::still(database, crate::telegram::GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    let part = |number: usize| format!("{number} {} xyz{number}", "selokan kampung mampet ".repeat(62));
    siti.says(&format!("/petugas {}", part(1))).await;
    siti.hears().await;
    let card = budi.hears().await;
    let mut third = None;
    for number in 2..=3 {
        third = Some(siti.says(&part(number)).await);
    }
    assert!(siti.hears().await.text().contains("tambahkan"));
    for number in 1..=3 {
        budi.reads(&format!("xyz{number}")).await;
    }
    // So is the end of what it is changed into, and its old end is gone.
    siti.edits(&third.expect("sent"), &format!("{} ujung", "longsor gunung ".repeat(250))).await;
    budi.reads("ujung").await;
    assert!(!budi.screen().contains("xyz3"), "{}", budi.screen());
    siti.hears_nothing(Duration::from_millis(300)).await;
    // A reply to any of it is an answer.
    let rest = budi.messages().into_iter().find(|m| m.text().contains("Sambungan")).expect("posted");
    budi.replies(&rest, "Kelurahan.").await;
    assert!(siti.hears().await.text().contains("Kelurahan"));
    // A ticket has a bound, and that is said.
    siti.says(FOREIGN).await;
    siti.hears().await;
    for number in 0..4 {
        siti.says(&format!("{number} {}", "selokan kampung mampet ".repeat(165))).await;
    }
    siti.reads("terlalu panjang").await;
    assert!(card.id > 0);
    stage.tg.assert_rules_kept();
}

async fn petugas_takes_the_words(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("/petugas cara bikin paspor").await;
    assert!(siti.hears().await.text().contains("#1"));
    assert!(budi.hears().await.text().contains("\u{2068}cara bikin paspor\u{2069}"));
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"), "only what stood behind it went to a person");
    stage.tg.assert_rules_kept();
}

async fn a_code_opens_its_entry(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    for text in ["uji-jam", "kode uji-jam", " uji-jam "] {
        siti.says(text).await;
        assert!(siti.hears().await.text().contains("07.00"), "{text}");
    }
    stage.tg.assert_rules_kept();
}

async fn what_comes_after_small_talk_begins_anew(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(FOREIGN).await;
    siti.hears().await;
    budi.hears().await;
    siti.says("makasih ya").await;
    siti.hears().await;
    siti.says("pagar kebun kelapa di dusun roboh").await;
    assert!(siti.hears().await.text().contains("#2"), "not joined without a word");
    assert!(budi.hears().await.text().contains("pagar"));
    // Nor is a question joined that gets an offer.
    siti.says(DOUBTFUL).await;
    assert!(siti.hears().await.button_texts().len() > 1);
    stage.tg.assert_rules_kept();
}

async fn decoration_costs_nothing(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    siti.says("halo").await;
    siti.hears().await;
    let date = json!({"type": "date_time", "offset": 0, "length": 3, "unix_time": 1_707_872_400});
    for fields in [
        json!({"entities": [date]}),
        json!({"entities": [{"type": "hologram", "offset": 0, "length": 3}]}),
        json!({"entities": "bukan daftar"}),
        json!({"entities": [{"type": "text_link", "offset": 0, "length": 3, "url": "https://a:99999/"}]}),
        json!({"quote": {"text": "14 Februari", "entities": [date], "position": 0}}),
        json!({"external_reply": {"origin": {"type": "hologram"}}}),
        json!({"date": "bukan angka", "forward_origin": {"type": "baru"}}),
    ] {
        let mut message = json!({"text": "tps buka jam brp"});
        message.as_object_mut().expect("fields").extend(fields.as_object().expect("fields").clone());
        siti.says("/hapus").await;
        siti.hears().await;
        injected(&stage, &siti, &message);
        siti.hears().await;
        assert!(siti.hears().await.text().contains("07.00"), "{fields}");
    }
    stage.tg.assert_rules_kept();
}

async fn every_kind_of_message_has_an_answer(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("halo").await;
    siti.hears().await;
    for fields in [
        json!({"venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "TPS 1", "address": "Jl. Contoh"},
            "location": {"latitude": 1.0, "longitude": 2.0}}),
        json!({"checklist": {"title": "Bawa", "tasks": []}}),
        json!({"game": {"title": "x", "description": "y", "photo": []}}),
        json!({"paid_media": {"star_count": 1, "paid_media": []}}),
        json!({"invoice": {"title": "x"}}),
        json!({"giveaway": {"chats": []}}),
        json!({"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}}),
        json!({"hologram": {"depth": 3}}),
        json!({"contact": {"phone_number": "081234567890", "first_name": "Budi"}}),
    ] {
        injected(&stage, &siti, &fields);
        assert!(siti.hears().await.text().contains("hanya dapat membaca tulisan"), "{fields}");
    }
    // Several pictures at once get one line, or the answer to the words under one of them, first or last.
    siti.sends_album(&["photo", "photo", "photo"], None).await;
    assert!(siti.hears().await.text().contains("hanya dapat membaca tulisan"));
    for place in [0, 2] {
        siti.sends_album(&["photo", "photo", "photo"], Some((place, "tps buka jam brp"))).await;
        assert!(siti.hears().await.text().contains("07.00"));
        siti.says("/hapus").await;
        siti.hears().await;
        siti.says("kpn nyoblos").await;
        siti.hears().await;
        siti.hears().await;
    }
    siti.hears_nothing(Duration::from_millis(2500)).await;
    budi.hears_nothing(Duration::from_millis(1)).await;
    stage.tg.assert_rules_kept();
}

async fn a_number_over_two_messages_is_hidden(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("nik saya yang di kampung banjir 3273012504").await;
    siti.hears().await;
    let card = budi.hears().await;
    siti.says("890001 itu nomornya pak").await;
    let hidden = budi.sees(&card, |m| m.text().contains("itu nomornya")).await;
    assert!(!hidden.text().contains("3273012504") && !hidden.text().contains("890001"), "{}", hidden.text());
    let kept = "SELECT COUNT(*) FROM asked WHERE bot_id = $1 AND body LIKE '%3273012504%'";
    assert_eq!(stage.number(kept).await, 0);
    stage.tg.assert_rules_kept();
}

async fn limits_hold_for_presses_and_outlive_hapus(database: Database) {
    let mut stage = Stage::still(database, crate::telegram::GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("tps buka jam brp").await;
    let answer = siti.hears().await;
    let mut last = String::new();
    for _ in 0..31 {
        last = siti.presses(&answer, "Kapan hari pemungutan suara?").await.answer().await;
    }
    assert!(last.contains("terlalu cepat"), "{last}");
    let rina = stage.voter("Rina");
    for _ in 0..5 {
        rina.says("/petugas tolong lihat selokan kampung").await;
        rina.says("/hapus").await;
        rina.says("/hapus").await;
    }
    rina.reads("sudah dihapus").await;
    for _ in 0..20 {
        rina.says("/petugas tolong lihat selokan kampung").await;
    }
    rina.reads("terlalu cepat").await;
    let cards = stage.tg.count(budi.chat(), "Pertanyaan baru");
    assert!(cards <= 15, "{cards} cards");
    // A block outlives the data too.
    let eko = stage.voter("Eko");
    eko.says("/petugas beli obat kuat").await;
    budi.reads("obat kuat").await;
    let card = budi.messages().into_iter().find(|m| m.text().contains("obat kuat")).expect("posted");
    blocks(&budi, &card).await;
    eko.reads("ditutup").await;
    eko.says("/hapus").await;
    eko.says("/hapus").await;
    eko.reads("sudah dihapus").await;
    eko.says("/petugas beli obat kuat lagi").await;
    eko.reads("tidak dapat saya teruskan").await;
    stage.tg.assert_rules_kept();
}

async fn commands_of_others_are_not_ours(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("/status@bot_lain").await;
    assert!(siti.hears().await.text().contains("tidak saya kenal"));
    siti.says("/status@tanya_pemilu_bot").await;
    assert!(siti.hears().await.text().contains("Tidak ada"));
    siti.says(&format!("/{}", "a".repeat(4000))).await;
    assert!(siti.hears().await.text().chars().count() < 200, "not all of it is repeated");
    siti.says("/petugas tolong cek selokan").await;
    siti.hears().await;
    let card = budi.hears().await;
    budi.says("/antrean@bot_lain").await;
    budi.replies(&card, "/warn@bot_lain jangan begitu").await;
    budi.hears_nothing(Duration::from_millis(400)).await;
    budi.replies(&card, "/warn jangan begitu").await;
    assert!(budi.hears().await.text().contains("tidak saya kenal"));
    budi.says("/antrean@Tanya_Pemilu_Bot").await;
    assert!(budi.hears().await.text().contains("selokan"));
    siti.hears_nothing(Duration::from_millis(300)).await;
    // Other bots are not talked to.
    let robot = stage.voter("Robot");
    robot.says("halo").await;
    robot.hears().await;
    injected(
        &stage,
        &robot,
        &json!({"text": "kpn nyoblos", "from": {"id": robot.id(), "is_bot": true, "first_name": "R"}}),
    );
    robot.hears_nothing(Duration::from_millis(500)).await;
    stage.tg.assert_rules_kept();
}

/// An election with a vote on that day, and an entry that tells it.
fn write_election(stage: &Stage, day: &str) {
    let folder = stage.faq().join("pemilu");
    std::fs::create_dir_all(&folder).expect("a folder");
    let vote = format!("start = \"{day}\"\nend = \"{day}\"\nmain = true\n");
    let text = format!("name = \"Pemilu Uji\"\n[stages.pemungutan_suara]\nname = \"Pemungutan suara\"\n{vote}");
    std::fs::write(folder.join("uji2095.toml"), text).expect("written");
}

async fn a_reminder_outlives_a_kill_and_follows_its_day(database: Database) {
    let mut stage = Stage::still(database, crate::telegram::GroupKind::Supergroup).await;
    write_election(&stage, "2095-02-16");
    let file = stage.faq().join("uji.toml");
    let text = std::fs::read_to_string(&file).expect("entries");
    let told = "Hari pemungutan suara adalah **Rabu**.";
    let dated = format!("{told}\n\nPemilu Uji: {{{{ uji2095.pemungutan_suara | kapan }}}}.");
    assert!(text.contains(told));
    std::fs::write(&file, text.replace(told, &dated)).expect("saved");
    stage.start().await;
    let siti = stage.voter("Siti");
    siti.says("kpn nyoblos").await;
    let answer = siti.hears().await;
    siti.presses(&answer, "Ingatkan saya").await.answer().await;
    let planned = siti.hears().await;
    assert!(planned.text().contains("16 Februari 2095"), "{}", planned.text());
    let zones = siti.hears().await;
    siti.presses(&zones, "WITA").await.answer().await;
    assert!(siti.hears().await.text().contains("WITA"));
    // Two are planned; who waits for one is not deleted with age.
    let planned = "SELECT count(*) FROM due WHERE bot_id = $1 AND name LIKE 'remind:%'";
    assert_eq!(stage.number(planned).await, 2);
    // The time of the first comes while the program is down.
    stage.recorded().await;
    stage.kill();
    stage.change("UPDATE due SET at = 1 WHERE bot_id = $1 AND name LIKE 'remind:%:eve'").await;
    stage.start().await;
    let reminder = siti.hears().await;
    assert!(reminder.text().contains("Pengingat") && reminder.text().contains("16 Februari 2095"));
    assert!(
        reminder.button_texts().iter().any(|b| b.contains("Kapan hari pemungutan suara?")),
        "{:?}",
        reminder.button_texts()
    );
    // The day moves: who waits is told.
    write_election(&stage, "2095-03-09");
    let moved = siti.hears().await;
    assert!(moved.text().contains("16 Februari 2095") && moved.text().contains("9 Maret 2095"), "{}", moved.text());
    siti.says("/pengingat").await;
    let list = siti.hears().await;
    assert!(list.text().contains("9 Maret 2095"));
    siti.presses(&list, "Batalkan").await.answer().await;
    assert!(siti.hears().await.text().contains("dibatalkan"));
    assert_eq!(stage.number(planned).await, 0);
    siti.says("/pengingat").await;
    assert!(siti.hears().await.text().contains("tidak punya pengingat"));
    stage.tg.assert_rules_kept();
}

async fn in_a_group_it_speaks_when_spoken_to(database: Database) {
    let stage = Stage::new(database).await;
    let name = "tanya_pemilu_bot";
    let group = stage.tg.group(-1_001_777_777_777, crate::telegram::GroupKind::Supergroup);
    let rina = group.member("Rina");
    let heard = || stage.tg.calls_of("sendMessage").iter().filter(|c| c.params["chat_id"] == group.id()).count();
    // What is not said to it is none of its business, nor is another bot's command.
    for text in ["tps buka jam brp", "/start", "/status@bot_lain", "/tanya@bot_lain tps buka jam brp"] {
        rina.says(text).await;
    }
    stage.tg.settled().await;
    assert_eq!(heard(), 0);
    rina.says(&format!("@{name} tps buka jam brp")).await;
    let answer = rina.hears().await;
    assert!(answer.text().contains("07.00") && answer.text().contains("uji-jam"), "{}", answer.text());
    assert!(
        answer.button_texts().iter().all(|label| label.contains("Buka di Tanya Pemilu")),
        "{:?}",
        answer.button_texts()
    );
    rina.replies(&answer, "kpn nyoblos").await;
    assert!(rina.hears().await.text().contains("Rabu"));
    rina.says("/tanya jam tutup tps").await;
    assert!(rina.hears().await.text().contains("07.00"));
    // What it is not sure of is not forwarded from there.
    rina.says(&format!("/tanya@{name} {FOREIGN}")).await;
    assert!(rina.hears().await.text().contains("obrolan pribadi"));
    rina.says(&format!("/start@{name}")).await;
    assert!(rina.hears().await.text().contains("/tanya"));
    assert_eq!(stage.number("SELECT count(*) FROM ticket WHERE bot_id = $1").await, 0);
    assert_eq!(stage.number("SELECT count(*) FROM asked WHERE bot_id = $1").await, 0, "no words of a group are kept");
    stage.tg.assert_rules_kept();
}

async fn a_card_is_found_from_any_chat(database: Database) {
    let stage = Stage::new(database).await;
    stage.tg.script("answerInlineQuery", Some("{\"ok\":true,\"result\":true}"));
    let query = |id: &str, text: &str| json!({"inline_query": {"id": id, "from": {"id": 77, "is_bot": false, "first_name": "Rina"}, "query": text, "offset": ""}});
    stage.tg.inject(query("1", "tps buka jam brp"));
    stage.tg.inject(query("2", ""));
    let answers = stage
        .tg
        .until_calls(Duration::from_secs(10), |calls| {
            let found: Vec<_> =
                calls.iter().filter(|c| c.method == "answerinlinequery").map(|c| c.params.clone()).collect();
            (found.len() == 2).then_some(found)
        })
        .await
        .expect("both are answered");
    let of = |id: &str| answers.iter().find(|body| body["inline_query_id"] == id).expect("an answer");
    let card = &of("1")["results"][0];
    assert_eq!(card["id"], "uji-jam");
    let text = card["input_message_content"]["message_text"].as_str().unwrap_or_default();
    assert!(text.contains("07.00") && text.contains("Sumber") && text.contains("uji-jam"), "{text}");
    let link = card["reply_markup"]["inline_keyboard"][0][0]["url"].as_str().unwrap_or_default();
    assert!(link.starts_with("https://t.me/") && link.ends_with("?start=uji-jam"), "{link}");
    assert_eq!(of("2")["results"], json!([]));
    assert_eq!(of("2")["button"]["start_parameter"], "inline");
    // The address of a card opens its entry; that of the button the bot.
    let siti = stage.voter("Siti");
    siti.says("/start uji-jam").await;
    assert!(siti.hears().await.text().contains("07.00"));
    siti.says("/start inline").await;
    assert!(siti.hears().await.text().contains("Tanya Pemilu"));
    assert_eq!(stage.number("SELECT count(*) FROM inbox WHERE bot_id = $1 AND raw LIKE '%inline%'").await, 0);
    stage.tg.assert_rules_kept();
}

async fn queries_without_end_delay_no_voter(database: Database) {
    let stage = Stage::new(database).await;
    stage.tg.script("answerInlineQuery", Some("{\"ok\":true,\"result\":true}"));
    let siti = stage.voter("Siti");
    for id in 0..400 {
        let from = json!({"id": 78, "is_bot": false, "first_name": "Rina"});
        let query = json!({"id": id.to_string(), "from": from, "query": "tps buka jam brp", "offset": ""});
        stage.tg.inject(json!({ "inline_query": query }));
    }
    siti.says("tps buka jam brp").await;
    assert!(siti.hears().await.text().contains("07.00"));
    // Those that found no place are dropped, not kept.
    assert_eq!(stage.number("SELECT count(*) FROM inbox WHERE bot_id = $1 AND state <> 'done'").await, 0);
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    stage.tg.assert_rules_kept();
}

async fn data_tells_all_that_is_kept(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("tps buka jam brp").await;
    siti.reads("07.00").await;
    siti.says(&format!("{FOREIGN} nik 3174012345678901")).await;
    siti.reads("nomor #1").await;
    let card = budi.hears().await;
    budi.replies(&card, "Tanyakan ke kelurahan.").await;
    siti.reads("Tanyakan ke kelurahan.").await;
    siti.says("/data").await;
    siti.reads("Semua yang tersimpan").await;
    let file = siti.messages().pop().expect("the file");
    assert_eq!(file.media.as_ref().map(|media| media.kind.as_str()), Some("document"));
    let text = String::from_utf8(stage.tg.uploads("data-saya.json").remove(0)).expect("UTF-8");
    let told: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(told["nomor_akun"], siti.chat());
    let became = told["tulisan"][0]["menjadi"].as_str().unwrap_or_default();
    assert!(became.contains("uji-jam"), "{told}");
    assert_eq!(told["diteruskan_ke_petugas"][0]["jawaban_petugas"], 1);
    assert!(text.contains(FOREIGN) && !text.contains("3174012345678901") && !text.contains("Budi"), "{text}");
    // Nothing of another voter's.
    let rina = stage.voter("Rina");
    rina.says("/data").await;
    rina.reads("Semua yang tersimpan").await;
    let other = String::from_utf8(stage.tg.uploads("data-saya.json").remove(1)).expect("UTF-8");
    assert!(!other.contains(FOREIGN) && !other.contains(&siti.chat().to_string()), "{other}");
    stage.tg.assert_rules_kept();
}

async fn english_is_answered_in_english(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    let menu = &stage.tg.menus()["all_private_chats en"];
    assert!(menu.iter().any(|(name, line)| name == "jadwal" && line.contains("lection")), "{menu:?}");
    siti.says("what time does the polling station open").await;
    let answer = siti.hears().await;
    assert!(answer.html().contains("open at <b>07.00</b>"), "{}", answer.html());
    assert!(answer.text().contains("kode uji-jam") || answer.text().contains("code uji-jam"), "{}", answer.text());
    let buttons = answer.button_texts();
    assert!(
        buttons.contains(&"When is voting day?".to_owned()) && !buttons.contains(&"Bagikan".to_owned()),
        "{buttons:?}"
    );
    siti.presses(&answer, "When is voting day?").await;
    assert!(siti.hears().await.text().starts_with("Voting day is a Wednesday."));
    // Chosen, it holds for what is written in Indonesian, and for what has no English.
    siti.says("/bahasa").await;
    let which = siti.hears().await;
    assert_eq!(which.button_texts(), ["Bahasa Indonesia", "English"]);
    siti.presses(&which, "English").await;
    siti.hears().await;
    siti.says("apa yang harus dibawa ke tps").await;
    let own = siti.hears().await;
    assert!(
        own.html().starts_with("<i>") && own.text().contains("Indonesian") && own.text().contains("KTP"),
        "{}",
        own.text()
    );
    siti.says("/petugas who repairs the road in my village").await;
    assert!(siti.hears().await.text().contains("#1"));
    let card = budi.hears().await;
    assert!(card.text().contains("Pertanyaan baru"), "{}", card.text());
    budi.replies(&card, "Dinas pekerjaan umum.").await;
    let reply = siti.hears().await;
    assert!(
        reply.text().contains("Dinas pekerjaan umum.") && !reply.text().contains("Jawaban petugas"),
        "{}",
        reply.text()
    );
    stage.tg.assert_rules_kept();
}
