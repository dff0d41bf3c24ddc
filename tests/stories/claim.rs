//! What is done with messages that were sent on: conversations over real HTTP, on both databases.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::small_faq;
use crate::telegram::GroupKind;

stories! {
    a_known_claim_is_named, a_debunk_is_offered, the_same_message_is_one_ticket, a_question_that_was_forwarded_is_answered,
    cek_takes_words_or_the_next_message, a_picture_goes_only_after_a_yes, a_ticket_of_many_outlives_one,
    nothing_is_lost_by_a_kill,
}

const LETTER: &str = "Assalamualaikum dulur sekalian, mohon disebarkan. Adik ipar saya yang kerja di kecamatan cerita \
    kalau jembatan kayu di kampung sudah dibongkar lalu dijual panitia ke pedagang besi tua, uangnya buat biaya pemilu. \
    Semoga kita semua dilindungi. Sebarkan ke grup keluarga sebelum dihapus.";
const UNKNOWN: &str = "INFO PENTING!!! Mulai besok semua warung kopi di kota ini wajib tutup sampai penghitungan selesai, \
    yang melanggar kena denda sapi dua ekor. Hubungi Pak Karto di 081234567890. Sebarkan ke semua grup warga.";
const UNKNOWN_TOO: &str = "INFO PENTING. Mulai besok semua warung kopi di kota ini wajib tutup sampai penghitungan \
    selesai, yang melanggar kena denda sapi tiga ekor. Hubungi Pak Karto di 081298765432. Sebarkan ke semua grup warga!";

async fn stage(database: Database) -> Stage {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    std::fs::write(stage.faq().join("uji-klaim.toml"), small_faq::own("uji-klaim.toml")).expect("written");
    stage.start().await;
    stage
}

async fn a_known_claim_is_named(database: Database) {
    let stage = stage(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.forwards("Tante", LETTER).await;
    let answer = siti.hears().await;
    let text = answer.text();
    assert!(text.starts_with("Pesan ini memuat klaim: Benarkah jembatan") && text.contains("Hasil pemeriksaan: Salah"));
    assert!(
        text.contains("Dewan desa") && text.contains("Sumber: Naskah uji coba") && text.contains("kode uji-jembatan")
    );
    let share = answer.button("Bagikan").and_then(|b| b.url.clone()).expect("a share button");
    assert!(share.starts_with("https://t.me/share/url?url=Kabar%20jembatan"), "{share}");
    // What is written by oneself and long is looked at too; asked in a sentence it is a question.
    siti.says(&format!("{LETTER} {LETTER}")).await;
    assert!(siti.hears().await.text().starts_with("Pesan ini memuat klaim"));
    siti.says("katanya jembatan kampung dijual, bener ga").await;
    let plain = siti.hears().await;
    assert!(!plain.text().contains("memuat klaim") && plain.button("Bagikan").is_some(), "{}", plain.text());
    budi.hears_nothing(Duration::from_millis(300)).await;
    stage.tg.assert_rules_kept();
}

async fn a_debunk_is_offered(database: Database) {
    let stage = stage(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.forwards(
        "Kelurahan",
        "Beredar kabar panitia pemilu menjual jembatan kayu di desa kepada pedagang besi tua. Itu tidak benar, dewan desa \
         sudah memeriksa.",
    )
    .await;
    let offer = siti.hears().await;
    assert!(!offer.text().contains("memuat klaim"), "{}", offer.text());
    assert_eq!(offer.button_texts()[0], "Benarkah jembatan dijual demi pemilu?");
    siti.presses(&offer, "Benarkah jembatan").await;
    assert!(siti.hears().await.text().contains("Dewan desa"));
    budi.hears_nothing(Duration::from_millis(300)).await;
    siti.presses(&offer, "periksa oleh petugas").await;
    assert!(siti.hears().await.text().contains("#1"));
    budi.hears().await;
    stage.tg.assert_rules_kept();
}

async fn the_same_message_is_one_ticket(database: Database) {
    let stage = stage(database).await;
    let (siti, wati, budi) = (stage.voter("Siti"), stage.voter("Wati"), stage.group.member("Budi"));
    siti.forwards("Tante", UNKNOWN).await;
    let told = siti.hears().await;
    assert!(told.text().contains("belum diperiksa") && told.text().contains("Jangan disebarkan dulu"));
    assert!(told.text().contains("#1"), "{}", told.text());
    let card = budi.hears().await;
    assert!(card.text().starts_with("#1 Cek klaim") && card.text().contains("warung kopi"), "{}", card.text());
    assert!(!card.text().contains("081234567890") && !card.text().contains("Tante"), "{}", card.text());
    wati.forwards("Om", UNKNOWN_TOO).await;
    assert!(wati.hears().await.text().contains("#1"));
    budi.sees(&card, |m| m.text().contains("Ditanyakan 2 orang")).await;
    // Once more by the same voter changes nothing; another message is another ticket.
    wati.forwards("Om", UNKNOWN).await;
    assert!(wati.hears().await.text().contains("#1"));
    wati.says("/status").await;
    // Only the number: the words on the ticket are those of who sent it first.
    let told = wati.hears().await;
    assert!(told.text().contains("#1") && !told.text().contains("INFO PENTING"), "{}", told.text());
    budi.replies(&card, "Salah, warung tetap buka.").await;
    for voter in [&siti, &wati] {
        assert!(voter.hears().await.text().contains("warung tetap buka"));
    }
    budi.sees(&card, |m| m.text().contains("terkirim ke 2 dari 2 penanya")).await;
    budi.presses(&card, "Tarik").await;
    for voter in [&siti, &wati] {
        assert!(voter.hears().await.text().contains("ditarik"));
        assert!(!voter.screen().contains("warung tetap buka"), "{}", voter.screen());
    }
    stage.tg.assert_rules_kept();
}

async fn a_question_that_was_forwarded_is_answered(database: Database) {
    let stage = stage(database).await;
    let siti = stage.voter("Siti");
    siti.forwards("Anak", "kpn nyoblos").await;
    assert!(siti.hears().await.text().contains("Rabu"));
    // What somebody else wrote is no command.
    siti.forwards("Anak", "/hapus").await;
    assert!(!siti.hears().await.text().contains("akan dihapus"));
    stage.tg.assert_rules_kept();
}

async fn cek_takes_words_or_the_next_message(database: Database) {
    let stage = stage(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(&format!("/cek {LETTER}")).await;
    assert!(siti.hears().await.text().starts_with("Pesan ini memuat klaim"));
    siti.says("/cek").await;
    assert!(siti.hears().await.text().contains("Silakan kirim"));
    siti.says(UNKNOWN).await;
    assert!(siti.hears().await.text().contains("belum diperiksa"));
    budi.hears().await;
    // As a reply to what stands there already.
    let old = siti.says("halo min").await;
    siti.hears().await;
    let letter = siti.says("Jembatan kayu di desa dijual panitia pemilu ke pedagang besi tua.").await;
    siti.hears().await;
    siti.replies(&letter, "/cek").await;
    let answer = siti.hears().await;
    assert!(answer.text().contains("Benarkah jembatan"), "{}", answer.text());
    siti.replies(&old, "/cek").await;
    siti.hears().await;
    stage.tg.assert_rules_kept();
}

async fn a_picture_goes_only_after_a_yes(database: Database) {
    let stage = stage(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.forwards_photo("Tante", UNKNOWN).await;
    assert!(siti.hears().await.text().contains("#1"));
    let offer = siti.hears().await;
    assert!(offer.text().contains("Kirim gambarnya ke petugas?"), "{}", offer.text());
    let card = budi.hears().await;
    assert!(card.media.is_none());
    budi.hears_nothing(Duration::from_millis(300)).await;
    siti.presses(&offer, "Ya, kirim").await;
    let picture = budi.hears().await;
    assert!(picture.media.is_some() && picture.reply_to == Some(card.id), "{}", picture.text());
    assert!(!picture.text().contains("081234567890"), "{}", picture.text());
    // What became of the copy must be written down before its number stands for the ticket.
    tokio::time::sleep(Duration::from_millis(700)).await;
    // A reply to it is an answer.
    budi.replies(&picture, "Gambarnya dari tahun lalu.").await;
    assert!(siti.hears().await.text().contains("tahun lalu"));
    // Without words it opens a ticket after the yes.
    siti.forwards_photo("Tante", "").await;
    let offer = siti.hears().await;
    budi.hears_nothing(Duration::from_millis(300)).await;
    siti.presses(&offer, "Ya, kirim").await;
    assert!(siti.hears().await.text().contains("#2"));
    assert!(budi.hears().await.text().starts_with("#2 Cek klaim"));
    assert!(budi.hears().await.media.is_some());
    // What was copied goes with the voter's data.
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("/hapus").await;
    budi.sees(&picture, |m| m.deleted).await;
    stage.tg.assert_rules_kept();
}

async fn a_ticket_of_many_outlives_one(database: Database) {
    let stage = stage(database).await;
    let (siti, wati, budi) = (stage.voter("Siti"), stage.voter("Wati"), stage.group.member("Budi"));
    let dewi = stage.voter("Dewi");
    for voter in [&siti, &wati, &dewi] {
        voter.forwards("Tante", UNKNOWN).await;
        voter.hears().await;
    }
    let card = budi.hears().await;
    budi.sees(&card, |m| m.text().contains("Ditanyakan 3 orang")).await;
    // One who joined leaves no trace.
    dewi.says("/hapus").await;
    dewi.hears().await;
    dewi.says("/hapus").await;
    assert!(dewi.hears().await.text().contains("dihapus"));
    budi.sees(&card, |m| m.text().contains("Ditanyakan 2 orang")).await;
    // The first one's words go; the other's question stays, on a card of its own.
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("/hapus").await;
    siti.hears().await;
    let again = budi.hears().await;
    assert!(again.text().starts_with("#1 Cek klaim") && !again.text().contains("Ditanyakan"), "{}", again.text());
    budi.sees(&card, |m| !m.text().contains("warung")).await;
    budi.replies(&again, "Warung tetap buka.").await;
    assert!(wati.hears().await.text().contains("Warung tetap buka"));
    siti.hears_nothing(Duration::from_millis(300)).await;
    let left = format!("SELECT COUNT(*) FROM ticket WHERE bot_id = $1 AND body LIKE '%{}%'", siti.id());
    assert_eq!(stage.number(left.leak()).await, 0);
    stage.tg.assert_rules_kept();
}

async fn nothing_is_lost_by_a_kill(database: Database) {
    let mut stage = stage(database).await;
    let (siti, wati, budi) = (stage.voter("Siti"), stage.voter("Wati"), stage.group.member("Budi"));
    siti.forwards("Tante", UNKNOWN).await;
    siti.hears().await;
    let card = budi.hears().await;
    stage.kill();
    wati.forwards("Om", UNKNOWN).await;
    stage.launch();
    assert!(wati.hears().await.text().contains("#1"));
    stage.kill();
    budi.replies(&card, "Warung tetap buka.").await;
    stage.launch();
    for voter in [&siti, &wati] {
        voter.reads("Warung tetap buka").await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    for voter in [&siti, &wati] {
        assert_eq!(voter.screen().matches("Warung tetap buka").count(), 1, "{}", voter.screen());
    }
}
