//! What moderators live through when much waits: lists, reminders, numbers. Conversations over real HTTP, on both databases.

use std::time::Duration;

use chrono::{Timelike, Utc};

use crate::bot::{Database, MODERATORS, Stage};
use crate::telegram::{GroupKind, Message, Person};

stories! {
    the_queue_is_paged_in_its_order, two_take_in_the_same_instant, two_answer_in_the_same_instant, what_waits_too_long_is_called_to_mind,
    a_chat_above_is_told, away_from_the_desk_a_voter_is_told_when, numbers_are_told_and_a_digest_comes,
    lists_are_emptied_with_a_voters_data, history_tells_who_did_what, who_is_blocked_objects_and_is_let_in_again,
}

/// A stage without limits, with these lines in its settings.
async fn stage(database: Database, settings: &str) -> Stage {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    set(&stage, settings);
    stage.start().await;
    stage
}

fn set(stage: &Stage, settings: &str) {
    let file = stage.faq().join("bot.toml");
    let text = std::fs::read_to_string(&file).expect("settings");
    std::fs::write(&file, format!("{text}\n{settings}\n")).expect("written");
}

/// Somebody new asks a person; gives who, and the card.
async fn asks(stage: &Stage, budi: &Person, text: &str) -> (Person, Message) {
    let siti = stage.voter("Siti");
    siti.says(&format!("/petugas {text}")).await;
    siti.hears().await;
    (siti, budi.hears().await)
}

/// Time to look for what waits too long.
async fn looks(stage: &Stage) {
    stage.change("UPDATE due SET at = 0 WHERE bot_id = $1 AND name = 'care'").await;
    for _ in 0..200 {
        let waits = "SELECT COUNT(*) FROM due WHERE bot_id = $1 AND name = 'care' AND at > 0";
        if stage.number(waits).await == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("nobody looked");
}

async fn the_queue_is_paged_in_its_order(database: Database) {
    let stage = stage(database, "").await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    budi.says("/antrean").await;
    assert!(budi.hears().await.text().contains("Tidak ada pertanyaan yang menunggu"));
    for number in 1..=11 {
        asks(&stage, &budi, &format!("kapan pendaftaran regu {number}")).await;
    }
    // What two ask comes before what waits longer; somebody in need before all.
    let (siti, rina) = (stage.voter("Siti"), stage.voter("Rina"));
    for who in [&siti, &rina] {
        who.forwards("Tante", "Jembatan bambu di desa kami akan dibongkar panitia pemilu minggu depan kata pak karto")
            .await;
        who.hears().await;
    }
    let tono = stage.voter("Tono");
    tono.says("saya ingin bunuh diri").await;
    tono.hears().await;
    budi.reads("MENDESAK").await;
    let card = budi.messages().into_iter().find(|m| m.text().contains("regu 1\u{2069}")).expect("a card");
    budi.presses(&card, "Ambil").await.answer().await;
    budi.says("/antrean").await;
    budi.reads("halaman 1 dari 2").await;
    let list = budi.messages().into_iter().rev().find(|m| m.text().contains("halaman 1 dari 2")).expect("the list");
    let lines: Vec<&str> = list.text().lines().collect();
    assert!(lines[0].contains("13") && lines[0].contains("mendesak"), "{lines:?}");
    assert!(lines[1].contains("#13 ") && lines[1].contains("MENDESAK"), "{lines:?}");
    assert!(lines[2].contains("#12 ") && lines[2].contains("2 penanya"), "{lines:?}");
    assert!(lines[3].contains("#1 ") && lines[3].contains("diambil Budi"), "{lines:?}");
    assert_eq!((lines.len(), list.active().len()), (11, 0), "{lines:?}");
    assert_eq!(list.button_texts(), ["Berikutnya"]);
    // Two turn the same page.
    let (one, other) = tokio::join!(budi.presses(&list, "Berikutnya"), ani.presses_late(&list, "Berikutnya"));
    one.answer().await;
    other.answer().await;
    let second = ani.sees(&list, |m| m.text().contains("halaman 2 dari 2")).await;
    assert!(second.text().contains("#11 ") && !second.text().contains("#8 "), "{}", second.text());
    ani.presses(&second, "Sebelumnya").await.answer().await;
    let first = ani.sees(&list, |m| m.text().contains("halaman 1 dari 2")).await;
    assert!(first.text().contains("#13 "), "{}", first.text());
    ani.replies(&first, "yang ini saya").await;
    ani.reads("tidak dikirim ke siapa pun").await;
    stage.tg.assert_rules_kept();
}

async fn two_take_in_the_same_instant(database: Database) {
    let stage = stage(database, "").await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let (_, card) = asks(&stage, &budi, "kapan pendaftaran pengawas").await;
    let (one, other) = tokio::join!(budi.presses(&card, "Ambil"), ani.presses(&card, "Ambil"));
    let told = [one.answer().await, other.answer().await];
    let got = |words: &str| told.iter().filter(|line| line.contains(words)).count();
    assert_eq!((got("Anda ambil"), got("Sudah diambil")), (1, 1), "{told:?}");
    let taken = budi.sees(&card, |m| m.text().contains("Diambil")).await;
    assert_eq!(taken.text().matches("Diambil").count(), 1);
    // Whoever it is: who took it may have gone home.
    assert!(ani.presses(&taken, "Lepas").await.answer().await.contains("dilepas"));
    let free = ani.sees(&card, |m| !m.text().contains("Diambil")).await;
    assert!(free.button("Ambil").is_some() && free.button("Lepas").is_none());
    ani.presses(&free, "Ambil").await.answer().await;
    ani.sees(&card, |m| m.text().contains("Diambil Ani")).await;
    stage.tg.assert_rules_kept();
}

async fn two_answer_in_the_same_instant(database: Database) {
    let stage = stage(database, "").await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let (siti, card) = asks(&stage, &budi, "kapan ya coblosan itu").await;
    let entry = card.button_texts().into_iter().find(|b| b.contains("hari pemungutan")).expect("the nearest entry");
    let (one, other) = tokio::join!(budi.presses(&card, &entry), ani.presses(&card, &entry));
    let told = [one.answer().await, other.answer().await];
    assert_eq!(told.iter().filter(|line| line.contains("#1 baru saja dijawab")).count(), 1, "{told:?}");
    let asks_first = budi.hears().await;
    assert!(asks_first.text().contains("baru saja dijawab"), "{}", asks_first.text());
    siti.reads("Rabu").await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    assert_eq!(siti.messages().iter().filter(|m| m.text().contains("Rabu")).count(), 1, "once");
    assert_eq!(stage.number("SELECT COUNT(*) FROM audit WHERE bot_id = $1 AND deed = 'give'").await, 1);
    // One who answers while another takes: both are done, and both are told of.
    let (rina, card) = asks(&stage, &budi, "kapan pendaftaran saksi").await;
    let (press, _) = tokio::join!(ani.presses(&card, "Ambil"), budi.replies(&card, "Hari Senin."));
    press.answer().await;
    rina.reads("Hari Senin.").await;
    budi.sees(&card, |m| m.text().contains("Budi: terkirim")).await;
    assert_eq!(rina.messages().iter().filter(|m| m.text().contains("Senin")).count(), 1);
    stage.tg.assert_rules_kept();
}

async fn what_waits_too_long_is_called_to_mind(database: Database) {
    let stage = stage(database, "remind_after_hours = 6").await;
    let budi = stage.group.member("Budi");
    let (siti, card) = asks(&stage, &budi, "kapan pendaftaran pengawas").await;
    looks(&stage).await;
    stage.change("UPDATE ticket SET opened = opened - 7 * 3600000 WHERE bot_id = $1").await;
    looks(&stage).await;
    let line = budi.hears().await;
    assert!(line.text().contains("#1 sudah menunggu 7 jam"), "{}", line.text());
    assert_eq!(line.reply_to, Some(card.id));
    // Once a day.
    looks(&stage).await;
    budi.hears_nothing(Duration::from_millis(300)).await;
    stage.change("UPDATE ticket SET reminded = reminded - 24 * 3600000 WHERE bot_id = $1").await;
    looks(&stage).await;
    assert!(budi.hears().await.text().contains("#1 sudah menunggu"));
    // A reply to the line is an answer.
    budi.replies(&line, "Hari Senin.").await;
    assert!(siti.hears().await.text().contains("Hari Senin."));
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    stage.change("UPDATE ticket SET reminded = NULL WHERE bot_id = $1").await;
    looks(&stage).await;
    budi.hears_nothing(Duration::from_millis(300)).await;
    // What a voter adds waits anew, not since the first day.
    siti.says("apakah pendaftarannya buka hari sabtu untuk warga").await;
    siti.hears().await;
    budi.reads("Lanjutan").await;
    looks(&stage).await;
    assert!(!budi.screen().contains("sudah menunggu 0"), "{}", budi.screen());
    assert_eq!(stage.tg.count(MODERATORS, "sudah menunggu"), 2);
    // Many at once are one line.
    for number in 1..=6 {
        let voter = stage.voter("Rina");
        voter.says(&format!("/petugas kapan pendaftaran regu {number}")).await;
        voter.hears().await;
    }
    stage.change("UPDATE ticket SET opened = opened - 7 * 3600000 WHERE bot_id = $1").await;
    looks(&stage).await;
    budi.reads("7 pertanyaan sudah menunggu lebih dari 6 jam").await;
    looks(&stage).await;
    stage.recorded().await;
    assert_eq!(stage.tg.count(MODERATORS, "sudah menunggu"), 3);
    stage.tg.assert_rules_kept();
}

async fn a_chat_above_is_told(database: Database) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let above = stage.tg.group(MODERATORS - 7, GroupKind::Supergroup);
    stage.set("SEND_LIMITS", "none");
    stage.set("ESCALATION_CHAT", &above.id().to_string());
    set(&stage, "escalate_after_hours = 20");
    stage.start().await;
    let (budi, boss) = (stage.group.member("Budi"), above.member("Kepala"));
    let (siti, _) = asks(&stage, &budi, "kapan pendaftaran pengawas di rt 5 <b>@mod</b>").await;
    looks(&stage).await;
    stage.change("UPDATE ticket SET opened = opened - 21 * 3600000 WHERE bot_id = $1").await;
    looks(&stage).await;
    let told = boss.hears().await;
    assert!(told.text().contains("1 pertanyaan") && told.text().contains("#1 (21 jam)"), "{}", told.text());
    assert!(told.active().is_empty() && told.button_texts().is_empty(), "{:?}", told.active());
    looks(&stage).await;
    // Nothing is answered there, whatever is said.
    boss.replies(&told, "Jawab saja hari Senin.").await;
    boss.replies(&told, "kpn nyoblos").await;
    boss.says("/antrean").await;
    boss.says("/tanya kpn nyoblos").await;
    stage.tg.settled().await;
    boss.hears_nothing(Duration::from_millis(300)).await;
    siti.hears_nothing(Duration::from_millis(1)).await;
    assert_eq!(stage.tg.count(MODERATORS, "sudah menunggu"), 1, "the moderators are reminded as always");
    siti.says("/hapus").await;
    siti.says("/hapus").await;
    boss.sees(&told, |m| m.text().contains("dikosongkan") && !m.text().contains("pengawas")).await;
    stage.tg.assert_rules_kept();
}

async fn away_from_the_desk_a_voter_is_told_when(database: Database) {
    // By the clock of Jakarta: hours that begin in two hours at least, or tomorrow.
    let hour = (Utc::now().hour() + 7) % 24;
    let (hours, when) = match hour {
        0..=20 => (format!("{:02}.30-24.00", hour + 2), format!("hari ini pukul {:02}.30 WIB", hour + 2)),
        _ => ("06.00-07.00".to_owned(), "besok pukul 06.00 WIB".to_owned()),
    };
    let stage = stage(database, &format!("moderator_hours = \"{hours}\"\nremind_after_hours = 1")).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("/petugas kapan pendaftaran pengawas").await;
    let told = siti.hears().await;
    assert!(
        told.text().contains("#1") && told.text().ends_with(&format!("Petugas kembali {when}.")),
        "{}",
        told.text()
    );
    siti.says("/language english").await;
    siti.hears().await;
    siti.says("/petugas when does the registration of the guards begin").await;
    let told = siti.hears().await;
    assert!(told.text().contains("#2") && told.text().contains("Our team is back to"), "{}", told.text());
    // Nobody is reminded while away.
    budi.reads("#2").await;
    stage.change("UPDATE ticket SET opened = opened - 7 * 3600000 WHERE bot_id = $1").await;
    looks(&stage).await;
    stage.recorded().await;
    assert_eq!(stage.tg.count(MODERATORS, "sudah menunggu"), 0);
    set(&stage, "");
    let file = stage.faq().join("bot.toml");
    let text = std::fs::read_to_string(&file).expect("settings");
    std::fs::write(&file, text.replace("moderator_hours", "# moderator_hours")).expect("written");
    stage.reloads(&budi).await;
    budi.reads("FAQ dimuat ulang").await;
    siti.says("/petugas where is the registration of the guards").await;
    assert!(!siti.hears().await.text().contains("Our team is back"));
    looks(&stage).await;
    budi.reads("sudah menunggu").await;
    stage.tg.assert_rules_kept();
}

async fn numbers_are_told_and_a_digest_comes(database: Database) {
    let stage = stage(database, "digest_hour = 8").await;
    let (siti, rina, budi) = (stage.voter("Siti"), stage.voter("Rina"), stage.group.member("Budi"));
    siti.says("kpn nyoblos").await;
    let answer = siti.hears().await;
    for _ in 0..3 {
        siti.presses(&answer, "Membantu").await.answer().await;
    }
    rina.says("tps buka jam brp").await;
    let answer = rina.hears().await;
    rina.presses(&answer, "Tidak membantu").await.answer().await;
    rina.hears().await;
    rina.says("makasih ya").await;
    rina.hears().await;
    for who in [&siti, &rina] {
        who.says("siapa yang urus banjir di kampung saya").await;
        who.hears().await;
    }
    let card = budi.hears().await;
    let card = budi.sees(&card, |m| m.text().contains("Ditanyakan 2 orang")).await;
    stage.recorded().await;
    budi.replies(&card, "Kelurahan.").await;
    siti.reads("Kelurahan").await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    budi.says("/statistik 3").await;
    budi.reads("Statistik").await;
    let told = budi.messages().into_iter().rev().find(|m| m.text().starts_with("Statistik")).expect("the numbers");
    for line in [
        "Ditanyakan: 4",
        "Dijawab bot: 2 (50%)",
        "Diteruskan ke petugas: 2 (50%)",
        "Obrolan: 1",
        "Separuh dijawab petugas dalam kurang dari semenit",
        "Membantu: 50% (1 dari 2 penilaian)",
        "Tidak membantu: uji-jam (1)",
        "siapa yang urus banjir di kampung saya",
    ] {
        assert!(told.text().contains(line), "{line}: {}", told.text());
    }
    assert!(told.active().is_empty() && !told.text().contains("Siti"), "{:?}", told.active());
    // With another day there is something to compare: a picture, with its figures under it.
    stage.change("INSERT INTO tally (bot_id, day, name, value) SELECT bot_id, day - 1, name, value FROM tally WHERE bot_id = $1").await;
    budi.says("/statistik").await;
    budi.reads("dijawab 50%").await;
    let picture = budi.messages().into_iter().rev().find(|m| m.media.is_some()).expect("a picture");
    assert_eq!(picture.text().matches(": 4, dijawab 50%").count(), 2, "{}", picture.text());
    stage.change("DELETE FROM tally WHERE bot_id = $1 AND day < (SELECT MAX(day) FROM tally)").await;
    budi.replies(&told, "wah banyak").await;
    budi.reads("tidak dikirim ke siapa pun").await;
    // The digest is of the day before.
    let planned = "SELECT COUNT(*) FROM due WHERE bot_id = $1 AND name = 'digest'";
    assert_eq!(stage.number(planned).await, 1);
    stage.change("UPDATE tally SET day = day - 1 WHERE bot_id = $1").await;
    stage.change("UPDATE due SET at = 0 WHERE bot_id = $1 AND name = 'digest'").await;
    budi.reads("Ringkasan").await;
    let digest = budi.messages().into_iter().rev().find(|m| m.text().starts_with("Ringkasan")).expect("the digest");
    assert!(digest.text().contains("Ditanyakan: 4") && !digest.text().contains("banjir"), "{}", digest.text());
    assert_eq!(stage.number(planned).await, 1, "and again tomorrow");
    stage.tg.assert_rules_kept();
}

async fn lists_are_emptied_with_a_voters_data(database: Database) {
    let stage = stage(database, "").await;
    let budi = stage.group.member("Budi");
    let (siti, _) = asks(&stage, &budi, "pagar kebun rahasia1 roboh").await;
    let (_, other) = asks(&stage, &budi, "kapan pendaftaran pengawas").await;
    for command in ["/antrean", "/statistik"] {
        budi.says(command).await;
        assert!(budi.hears().await.text().contains("rahasia1"), "{command}");
    }
    stage.recorded().await;
    siti.says("/hapus").await;
    siti.says("/hapus").await;
    siti.reads("sudah dihapus").await;
    for _ in 0..200 {
        if !budi.screen().contains("rahasia1") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(!budi.screen().contains("rahasia1"), "{}", budi.screen());
    assert_eq!(stage.tg.count(MODERATORS, "dikosongkan karena"), 2);
    assert_eq!(stage.number("SELECT COUNT(*) FROM listed WHERE bot_id = $1").await, 0);
    budi.says("/antrean").await;
    let list = budi.hears().await;
    assert!(list.text().contains("#2") && !list.text().contains("#1"), "{}", list.text());
    budi.replies(&other, "Senin.").await;
    stage.tg.assert_rules_kept();
}

async fn history_tells_who_did_what(database: Database) {
    let stage = stage(database, "").await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let (siti, card) = asks(&stage, &budi, "kapan pendaftaran pengawas").await;
    budi.says("/riwayat 1").await;
    assert!(budi.hears().await.text().contains("Belum ada tindakan"));
    budi.presses(&card, "Ambil").await.answer().await;
    ani.presses_late(&card, "Ambil").await.answer().await;
    let reply = ani.replies(&card, "Hari Senin, kata <b>@mod</b>.").await;
    siti.reads("Hari Senin").await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    ani.edits(&reply, "Hari Selasa.").await;
    siti.reads("Hari Selasa").await;
    let answered = budi.sees(&card, |m| m.button("Tarik").is_some()).await;
    budi.presses(&answered, "Tarik").await.answer().await;
    siti.reads("ditarik").await;
    stage.recorded().await;
    budi.says("/riwayat #1").await;
    budi.reads("Riwayat #1").await;
    let history = budi.messages().into_iter().rev().find(|m| m.text().starts_with("Riwayat")).expect("the history");
    let lines: Vec<&str> = history.text().lines().skip(1).collect();
    let expected = [
        "Budi: mengambil",
        "Ani: menjawab: Hari Senin, kata <b>@mod</b>.",
        "Ani: mengubah jawaban: Hari Senin, kata <b>@mod</b>. → Hari Selasa.",
        "Budi: menarik jawaban: Hari Selasa.",
    ];
    assert_eq!(lines.len(), expected.len(), "{lines:?}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.trim_end_matches('\u{2069}').ends_with(expected), "{line}");
    }
    assert!(history.active().is_empty() && !history.text().contains("Siti"), "{:?}", history.active());
    for text in ["/riwayat", "/riwayat 99"] {
        budi.says(text).await;
        budi.hears_within(Duration::from_secs(5)).await.expect("told");
    }
    // It goes with the voter's data.
    assert_eq!(stage.number("SELECT COUNT(*) FROM audit WHERE bot_id = $1").await, 4);
    siti.says("/hapus").await;
    siti.says("/hapus").await;
    budi.sees(&history, |m| m.text().contains("dikosongkan")).await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM audit WHERE bot_id = $1").await, 0);
    stage.tg.assert_rules_kept();
}

async fn who_is_blocked_objects_and_is_let_in_again(database: Database) {
    let stage = stage(database, "").await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    budi.says("/blokir").await;
    assert!(budi.hears().await.text().contains("Tidak ada yang diblokir"));
    let siti = stage.voter("Siti");
    for text in ["beli obat kuat", "beli obat tidur"] {
        siti.says(&format!("/petugas {text}")).await;
        siti.hears().await;
    }
    budi.reads("obat tidur").await;
    let card = budi.messages().into_iter().find(|m| m.text().contains("obat kuat")).expect("a card");
    crate::moderator::blocks(&budi, &card).await;
    siti.reads("#2 ditutup").await;
    siti.says("/petugas beli lagi").await;
    siti.reads("/banding ALASAN").await;
    siti.says("/banding saya hanya bertanya, nomor saya 081234567890").await;
    siti.reads("Keberatan Anda saya teruskan ke petugas (nomor #3)").await;
    siti.says("/banding sekali lagi").await;
    siti.reads("satu kali dalam 30 hari, dan").await;
    budi.reads("#3 Keberatan atas blokir").await;
    budi.says("/blokir").await;
    budi.reads("Yang diblokir").await;
    let list = budi.messages().into_iter().rev().find(|m| m.text().starts_with("Yang diblokir")).expect("the list");
    assert!(list.text().contains("#1: ") && list.text().contains("Iklan"), "{}", list.text());
    assert!(!list.text().contains("obat") && !list.text().contains("Siti"), "never who: {}", list.text());
    assert_eq!(list.button_texts(), ["Buka blokir #1"], "one button for each of them");
    // Two let in again, one by the list, one by the objection.
    let objection = budi.messages().into_iter().find(|m| m.text().starts_with("#3")).expect("the objection");
    assert!(!objection.text().contains("081234567890"), "{}", objection.text());
    let (one, other) = tokio::join!(ani.presses(&list, "Buka blokir #1"), budi.presses(&objection, "Buka blokir"));
    one.answer().await;
    other.answer().await;
    siti.reads("Silakan bertanya").await;
    budi.sees(&objection, |m| m.text().contains("sudah dijawab")).await;
    stage.recorded().await;
    assert_eq!(stage.tg.count(siti.chat(), "Silakan bertanya"), 1, "told once");
    siti.says("/petugas kapan pendaftaran pengawas").await;
    siti.reads("(nomor #4)").await;
    budi.says("/blokir").await;
    stage.tg.settled().await;
    budi.reads("kapan pendaftaran pengawas").await;
    for _ in 0..200 {
        if stage.tg.count(MODERATORS, "Tidak ada yang diblokir") == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(stage.tg.count(MODERATORS, "Tidak ada yang diblokir"), 2);
    stage.tg.assert_rules_kept();
}
