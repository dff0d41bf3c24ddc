//! The public channel: what moderators publish in their own words, a voter's words only after a yes, and what corrections make
//! of a post.

use std::time::Duration;

use crate::bot::{Database, MODERATORS, Stage};
use crate::telegram::{Group, GroupKind, Message, Person};

stories! {
    a_rewording_is_shown_and_published_once, own_words_only_after_a_yes, what_names_somebody_is_refused,
    an_entry_that_changes_changes_its_post, what_is_retracted_is_struck, a_channel_that_refuses_is_told_and_tried_again,
    without_a_channel_nothing_is_offered,
}

const QUESTION: &str = "siapa yang urus banjir di kampung saya supaya bisa nyoblos";
const REWORDING: &str =
    "TPS kebanjiran, bagaimana?\n\nPemungutan suara di TPS itu ditunda.\nSumber: Pasal 432 UU 7/2017";

/// A stage with a public channel, not started.
async fn still(database: Database) -> (Stage, Group) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let channel = stage.tg.group(MODERATORS - 9, GroupKind::Channel);
    stage.set("SEND_LIMITS", "none");
    stage.set("PUBLIC_CHANNEL", &channel.id().to_string());
    (stage, channel)
}

/// A stage with a public channel, and somebody who reads it from now on.
async fn stage(database: Database) -> (Stage, Group, Person) {
    let (mut stage, channel) = still(database).await;
    let reader = channel.member("Pembaca");
    stage.start().await;
    assert!(reader.hears().await.text().contains("Penghargaan bulanan"), "the month's draw");
    (stage, channel, reader)
}

/// Somebody asks, and is answered; gives who, and the card.
async fn answered(stage: &Stage, budi: &Person, question: &str, answer: &str) -> (Person, Message) {
    let siti = stage.voter("Siti");
    siti.says(&format!("/petugas {question}")).await;
    siti.hears().await;
    let card = budi.hears_of("Pertanyaan baru").await;
    budi.replies(&card, answer).await;
    siti.hears().await;
    let card = budi.sees(&card, |m| m.button("Terbitkan").is_some()).await;
    (siti, card)
}

/// A moderator prepares a post; gives the message with the rewording, and the preview.
async fn prepared(budi: &Person, card: &Message, words: &str) -> (Message, Message) {
    budi.presses(card, "Terbitkan").await.answer().await;
    let ask = budi.hears_of("Balas pesan ini").await;
    let rewording = budi.replies(&ask, words).await;
    (rewording, budi.hears_of("akan terbit begini").await)
}

async fn a_rewording_is_shown_and_published_once(database: Database) {
    let (stage, channel, reader) = stage(database).await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let (siti, card) = answered(&stage, &budi, QUESTION, "KPPS menunda sampai surut.").await;
    assert!(card.button("Bintang").is_some());
    budi.presses(&card, "Terbitkan").await.answer().await;
    let ask = budi.hears_of("Balas pesan ini").await;
    // Each answer names its source.
    let rewording = budi.replies(&ask, "TPS kebanjiran, bagaimana?").await;
    budi.hears_of("sumbernya belum ada").await;
    // Without an answer that which went to the voter is taken.
    budi.edits(&rewording, "TPS kebanjiran, bagaimana?\nSumber: KPU").await;
    budi.replies(&ask, "TPS kebanjiran, bagaimana?\nSumber: KPU").await;
    let view = budi.hears_of("akan terbit begini").await;
    assert!(view.text().contains("KPPS menunda sampai surut.") && view.text().contains("Sumber: KPU"));
    assert!(view.text().contains("kode tiket-1"), "{}", view.text());
    // The last rewording counts, and an edit of it shows anew.
    let rewording = budi.replies(&ask, "TPS kebanjiran?\nSumber: KPU").await;
    let view = budi.hears_of("akan terbit begini").await;
    budi.edits(&rewording, REWORDING).await;
    let shown = budi.sees(&view, |m| m.text().contains("ditunda")).await;
    assert_eq!(shown.button_texts(), ["Terbitkan sekarang", "Minta izin penanya", "Batal"]);
    // The button of what was shown before does nothing.
    assert!(budi.presses_late(&view, "Terbitkan sekarang").await.answer().await.contains("sudah lama"));
    let (one, other) = (budi.presses(&shown, "Terbitkan").await, ani.presses(&shown, "Terbitkan").await);
    let answers = [one.answer().await, other.answer().await];
    assert_eq!(answers.iter().filter(|answer| answer.contains("sedang dikirim")).count(), 1, "{answers:?}");
    let post = reader.hears().await;
    assert!(post.text().starts_with("TPS kebanjiran, bagaimana?\n\nPemungutan suara di TPS itu ditunda."));
    assert!(post.text().contains("Sumber: Pasal 432 UU 7/2017") && post.text().ends_with("kode tiket-1"));
    assert!(post.button_texts().is_empty());
    budi.sees(&shown, |m| m.text().contains("#1 terbit di kanal") && m.button_texts().is_empty()).await;
    stage.recorded().await;
    assert_eq!(stage.tg.count(channel.id(), "ditunda"), 1, "once");
    assert!(budi.presses(&card, "Terbitkan").await.answer().await.contains("sudah ada di kanal"));
    // A moderator's edit changes the post after one more press.
    budi.edits(&rewording, &REWORDING.replace("ditunda", "ditunda KPU kabupaten")).await;
    let differs = budi.sees(&shown, |m| m.button("Perbarui pos").is_some()).await;
    reader.hears_nothing(Duration::from_millis(200)).await;
    assert!(!stage.tg.message(channel.id(), post.id).expect("the post").text().contains("kabupaten"));
    budi.presses(&differs, "Perbarui pos").await.answer().await;
    reader.sees(&post, |m| m.text().contains("ditunda KPU kabupaten")).await;
    // The answer is changed for the voter: the moderators hear that the post is not.
    budi.says("/riwayat 1").await;
    budi.hears_of("menerbitkan di kanal: TPS kebanjiran").await;
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("/hapus").await;
    siti.hears().await;
    stage.recorded().await;
    let left = stage.tg.message(channel.id(), post.id).expect("the post");
    assert!(left.text().contains("kabupaten"), "a moderator's words stay");
    budi.sees(&shown, |m| m.text().contains("dihapus oleh penanya")).await;
    stage.tg.assert_rules_kept();
}

async fn own_words_only_after_a_yes(database: Database) {
    let (stage, channel, reader) = stage(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = answered(&stage, &budi, QUESTION, "KPPS menunda.").await;
    budi.presses(&card, "Terbitkan").await.answer().await;
    let ask = budi.hears_of("Balas pesan ini").await;
    budi.replies(&ask, "Siapa yang urus banjir di kampung saya?\nSumber: KPU").await;
    budi.hears_of("enam kata berurutan").await;
    let (_, view) = (budi.replies(&ask, REWORDING).await, budi.hears_of("akan terbit begini").await);
    budi.presses(&view, "Minta izin").await.answer().await;
    let asked = siti.hears().await;
    assert!(asked.text().contains(QUESTION) && asked.text().contains("tanpa nama"), "{}", asked.text());
    let waits = budi.sees(&view, |m| m.text().contains("Izin penanya diminta")).await;
    assert_eq!(waits.button_texts(), ["Terbitkan sekarang", "Batal"], "only the rewording");
    siti.presses(&asked, "Jangan").await.answer().await;
    siti.reads("tidak dimuat di kanal").await;
    let refused = budi.sees(&view, |m| m.text().contains("tidak mengizinkan")).await;
    assert_eq!(refused.button_texts(), ["Terbitkan sekarang", "Batal"]);
    // What another voter, or an old button, says is nothing.
    let stranger = stage.voter("Tono");
    stranger.says("halo").await;
    let hello = stranger.hears().await;
    let key = asked.button("Boleh").and_then(|b| b.data.clone()).expect("a button");
    stranger.forges(&hello, &key).await.answer().await;
    stranger.reads("sudah tidak berlaku").await;
    siti.presses(&asked, "Boleh").await.answer().await;
    siti.reads("sudah tidak berlaku").await;
    budi.presses(&refused, "Batal").await.answer().await;
    // Once more, with a yes.
    let (_, view) = prepared(&budi, &card, REWORDING).await;
    budi.presses(&view, "Minta izin").await.answer().await;
    let asked = loop {
        let message = siti.hears().await;
        if message.button("Boleh").is_some() {
            break message;
        }
    };
    siti.presses(&asked, "Boleh").await.answer().await;
    siti.reads("boleh dimuat, tanpa nama").await;
    let allowed = budi.sees(&view, |m| m.button("kata penanya").is_some()).await;
    budi.presses(&allowed, "kata penanya").await.answer().await;
    let post = reader.hears().await;
    assert!(post.text().contains(QUESTION) && post.text().contains("ditunda"), "{}", post.text());
    assert!(!post.text().contains("TPS kebanjiran"));
    assert!(post.active().is_empty(), "nothing in a voter's words is live: {:?}", post.active());
    stage.recorded().await;
    siti.says("/data").await;
    siti.reads("Semua yang tersimpan").await;
    let data = stage.tg.uploads("data-saya.json").pop().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(data.as_ref().is_some_and(|data| data.contains("\"kata_kata_di_kanal\": [\n    1\n  ]")), "{data:?}");
    // They go with the voter's data, and the rewording takes their place.
    siti.says("/hapus").await;
    siti.says("/hapus").await;
    let left = reader.sees(&post, |m| m.text().contains("TPS kebanjiran")).await;
    assert!(!left.text().contains("kampung") && left.text().contains("ditunda"), "{}", left.text());
    stage.recorded().await;
    let kept = "SELECT COUNT(*) FROM post WHERE bot_id = $1 AND (voter IS NOT NULL OR body LIKE '%kampung%')";
    assert_eq!(stage.number(kept).await, 0, "nothing of the words is kept");
    assert_eq!(stage.tg.count(channel.id(), "kampung"), 0);
    stage.tg.assert_rules_kept();
}

async fn what_names_somebody_is_refused(database: Database) {
    let (stage, _, reader) = stage(database).await;
    let budi = stage.group.member("Budi");
    let (_, card) = answered(&stage, &budi, "nomor saya 081234567890 kok tidak terdaftar", "Lapor ke PPS.").await;
    budi.presses(&card, "Terbitkan").await.answer().await;
    let ask = budi.hears_of("Balas pesan ini").await;
    for words in [
        "Tidak terdaftar, ke mana?\n\nHubungi 081298765432.\nSumber: KPU",
        "Tidak terdaftar, ke mana?\n\nTanya @petugas_pps.\nSumber: KPU",
        "Tidak terdaftar, ke mana?\n\nTemui Pak Budiman.\nSumber: KPU",
        "Kenapa [nomor disamarkan] tidak terdaftar?\nSumber: KPU",
    ] {
        budi.replies(&ask, words).await;
        budi.hears_of("memuat nama, akun, nomor").await;
    }
    budi.replies(&ask, &format!("Ke mana?\n\n{}\nSumber: KPU", "panjang ".repeat(500))).await;
    budi.hears_of("terlalu panjang").await;
    budi.replies(&ask, "// catatan").await;
    // What was masked is published by a rewording only.
    budi.replies(&ask, "Tidak terdaftar, ke mana?\nSumber: KPU").await;
    let view = budi.hears_of("akan terbit begini").await;
    assert_eq!(view.button_texts(), ["Terbitkan sekarang", "Batal"]);
    // Somebody in need is never published.
    let tono = stage.voter("Tono");
    tono.says("saya mau bunuh diri").await;
    tono.hears().await;
    let urgent = budi.hears_of("MENDESAK").await;
    budi.replies(&urgent, "Kami di sini.").await;
    tono.reads("Kami di sini.").await;
    let urgent = budi.sees(&urgent, |m| m.text().contains("terkirim")).await;
    assert!(urgent.button("Terbitkan").is_none() && urgent.button("Bintang").is_none());
    reader.hears_nothing(Duration::from_millis(200)).await;
    stage.tg.assert_rules_kept();
}

async fn an_entry_that_changes_changes_its_post(database: Database) {
    let (stage, channel, reader) = stage(database).await;
    stage.tg.set_patience(Duration::from_secs(90));
    let budi = stage.group.member("Budi");
    let (_, card) = answered(&stage, &budi, "jam buka di desa kami gimana", "uji-jam").await;
    let (_, view) = prepared(&budi, &card, "Kapan TPS mulai melayani?").await;
    assert!(view.text().contains("07.00") && view.text().contains("Sumber: "), "the entry's: {}", view.text());
    budi.presses(&view, "Terbitkan sekarang").await.answer().await;
    let post = reader.hears().await;
    let code = post.text().rsplit_once("kode ").expect("a code").1.to_owned();
    assert!(code.starts_with("uji-jam-"), "{code}");
    budi.sees(&view, |m| m.text().contains("terbit di kanal")).await;
    let file = stage.faq().join("uji.toml");
    let text = std::fs::read_to_string(&file).expect("a file");
    std::fs::write(&file, text.replace("pukul 07.00", "pukul 08.00")).expect("written");
    stage.signal("HUP");
    let now = reader.sees(&post, |m| m.text().contains("08.00")).await;
    assert!(now.text().starts_with("Ralat ") && now.text().contains("Kapan TPS mulai melayani?"), "{}", now.text());
    assert!(!now.text().contains("07.00") && !now.text().contains(&code), "{}", now.text());
    budi.hears_of("#1: posnya di kanal disesuaikan").await;
    // Retracted by a moderator: struck, with the reason.
    budi.says("/tarik uji-jam Jamnya keliru.").await;
    let offer = budi.hears_of("Tarik entri uji-jam-").await;
    budi.presses(&offer, "Tarik, beri tahu").await.answer().await;
    let struck = reader.sees(&post, |m| m.text().contains("Jamnya keliru.")).await;
    assert!(struck.text().starts_with("Ditarik ") && struck.text().contains("08.00"), "{}", struck.text());
    // A preview of what is given no more is not posted.
    stage.recorded().await;
    assert_eq!(stage.tg.count(channel.id(), "Kapan TPS mulai"), 1);
    stage.tg.assert_rules_kept();
}

async fn what_is_retracted_is_struck(database: Database) {
    let (stage, _, reader) = stage(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = answered(&stage, &budi, QUESTION, "Kelurahan.").await;
    let (_, view) = prepared(&budi, &card, "Kebanjiran?\nSumber: KPU").await;
    budi.presses(&view, "Terbitkan sekarang").await.answer().await;
    let post = reader.hears().await;
    budi.sees(&view, |m| m.text().contains("terbit di kanal")).await;
    budi.says("/tarik tiket-1 Salah kantor.").await;
    let offer = budi.hears_of("Tarik jawaban tiket-1?").await;
    budi.presses(&offer, "Tarik, beri tahu").await.answer().await;
    reader.sees(&post, |m| m.text().contains("Salah kantor.") && m.text().contains("Ditarik")).await;
    siti.reads("Salah kantor.").await;
    // Another, whose answer is changed and then taken back.
    let (_, card) = answered(&stage, &budi, "gimana kalau surat suara robek di bilik", "Minta ganti.").await;
    let (rewording, view) = prepared(&budi, &card, "Surat suara robek?\nSumber: KPU").await;
    budi.presses(&view, "Terbitkan sekarang").await.answer().await;
    let post = reader.hears().await;
    budi.sees(&view, |m| m.text().contains("terbit di kanal")).await;
    budi.presses(&card, "Tarik jawaban").await.answer().await;
    reader.sees(&post, |m| m.text().contains("ditarik petugas") && m.text().contains("Minta ganti.")).await;
    // Answered again, it is published anew by the same message.
    budi.replies(&card, "Minta ganti satu kali.").await;
    budi.sees(&card, |m| m.text().contains("ditarik") && m.text().contains("terkirim")).await;
    budi.edits(&rewording, "Surat suara robek di bilik?\nSumber: KPU").await;
    let differs = budi.sees(&view, |m| m.button("Perbarui pos").is_some()).await;
    budi.presses(&differs, "Perbarui pos").await.answer().await;
    let anew = reader.sees(&post, |m| m.text().contains("satu kali")).await;
    assert!(!anew.text().contains("ditarik"), "{}", anew.text());
    stage.tg.assert_rules_kept();
}

async fn a_channel_that_refuses_is_told_and_tried_again(database: Database) {
    let (mut stage, channel, reader) = stage(database).await;
    let budi = stage.group.member("Budi");
    let (siti, card) = answered(&stage, &budi, QUESTION, "Kelurahan.").await;
    let (_, view) = prepared(&budi, &card, REWORDING).await;
    channel.removes_bot();
    budi.presses(&view, "Terbitkan sekarang").await.answer().await;
    let failed = budi.hears_of("kanal menolak posnya").await;
    assert!(failed.text().contains("kicked"), "{}", failed.text());
    budi.sees(&view, |m| m.button("Terbitkan sekarang").is_some()).await;
    // Voters do not wait for it.
    siti.says("tps buka jam brp").await;
    siti.reads("07.00").await;
    channel.adds_bot();
    // Killed with the post on its way: it comes all the same, once.
    stage.tg.set_offline(true);
    budi.presses(&view, "Terbitkan sekarang").await;
    stage.tg.set_offline(false);
    for _ in 0..200 {
        if stage.number("SELECT COUNT(*) FROM post WHERE bot_id = $1 AND public = 1").await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stage.kill();
    stage.start().await;
    let post = reader.hears().await;
    assert!(post.text().contains("ditunda"));
    budi.sees(&view, |m| m.text().contains("terbit di kanal")).await;
    stage.recorded().await;
    assert!(stage.tg.count(channel.id(), "ditunda") <= 2, "at most what was in flight is repeated");
    assert_eq!(stage.tg.count(MODERATORS, "kanal menolak posnya"), 1);
    stage.tg.assert_rules_kept();
}

async fn without_a_channel_nothing_is_offered(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(&format!("/petugas {QUESTION}")).await;
    siti.hears().await;
    let card = budi.hears().await;
    budi.replies(&card, "Kelurahan.").await;
    let card = budi.sees(&card, |m| m.text().contains("terkirim")).await;
    let buttons = card.button_texts();
    assert!(!buttons.iter().any(|own| own == "Terbitkan" || own == "Bintang"), "{buttons:?}");
    siti.says("/ikut").await;
    siti.reads("tidak punya penghargaan").await;
    budi.says("/pemenang 2026-10").await;
    budi.hears_of("PUBLIC_CHANNEL").await;
    stage.tg.assert_rules_kept();
    // A name that Telegram does not know keeps nobody from serving.
    let (mut stage, _) = still(database).await;
    stage.set("PUBLIC_CHANNEL", "@kanal_yang_tidak_ada");
    stage.start().await;
    stage.logs("PUBLIC_CHANNEL can't be found", 1).await;
}
