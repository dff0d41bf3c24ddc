//! What voters live through: conversations over real HTTP, on both databases.

#[path = "support/bot.rs"]
mod bot;
#[path = "support/telegram/mod.rs"]
mod telegram;

use std::time::Duration;

use bot::{Database, Stage};

/// What the FAQ only suspects an answer to.
const DOUBTFUL: &str = "siapa pemenang";
/// What the FAQ does not know.
const FOREIGN: &str = "siapa yang urus banjir di kampung saya";

stories! {
    start_says_who_the_bot_is, a_question_is_answered, not_helpful_offers_more, reworded_questions_get_the_offer,
    in_doubt_titles_are_offered, unmatched_goes_to_a_person, petugas_skips_the_matching, a_follow_up_joins_the_ticket,
    small_talk_stays_here, media_get_an_honest_reply, an_edit_is_followed, text_in_two_parts_is_one_ticket,
    nobody_floods, odd_questions_arrive_unharmed, a_day_later_the_voter_is_told,
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
    assert!((1..=8).contains(&private.len()), "{private:?}");
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
    insta::assert_snapshot!("a_question_is_answered", siti.screen());
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
    let siti = stage.voter("Siti");
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
    siti.presses(&offer, "tanya petugas").await;
    siti.hears().await;
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
    siti.hears_nothing(Duration::from_millis(300)).await;
    // Something that the FAQ answers is answered meanwhile.
    siti.says("kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    stage.tg.assert_rules_kept();
}

async fn nobody_floods(database: Database) {
    let mut stage = Stage::still(database, telegram::GroupKind::Supergroup).await;
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
    let mut stage = Stage::still(database, telegram::GroupKind::Supergroup).await;
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
