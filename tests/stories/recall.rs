//! What voters were told and holds no more: exactly those who were told hear so, once, behind all others; and `/kode`.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::telegram::{GroupKind, Message, Person, Rule};

stories! {
    a_code_tells_whether_its_answer_holds, a_changed_entry_is_corrected_for_those_who_were_told,
    a_retracted_entry_is_given_no_more, a_tickets_answer_is_retracted, a_thousand_are_told_through_a_kill,
    a_recall_is_stopped, who_blocked_the_bot_is_counted,
}

const ASKS: &str = "tps buka jam brp";
const OTHER: &str = "kpn nyoblos";

/// Changes the entry's answer, and has the program load it.
fn change(stage: &Stage, from: &str, to: &str) {
    let file = stage.faq().join("uji.toml");
    let text = std::fs::read_to_string(&file).expect("a file");
    assert!(text.contains(from), "{from}");
    std::fs::write(&file, text.replace(from, to)).expect("written");
    stage.signal("HUP");
}

async fn asked(stage: &Stage, name: &str, text: &str) -> Person {
    let voter = stage.voter(name);
    voter.says(text).await;
    voter.hears().await;
    voter
}

fn code_in(message: &Message) -> String {
    message.text().rsplit_once("kode ").expect("a code").1.to_owned()
}

async fn a_code_tells_whether_its_answer_holds(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, ani, budi) = (stage.voter("Siti"), stage.voter("Ani"), stage.group.member("Budi"));
    siti.says(ASKS).await;
    let answer = siti.hears().await;
    let code = code_in(&answer);
    // Typed, quoted and in a link, with its version or without.
    for text in [code.clone(), format!("kode {code}"), format!("/start {code}"), "/start uji-jam".to_owned()] {
        siti.says(&text).await;
        assert!(siti.hears().await.text().contains("07.00"), "{text}");
    }
    ani.says(&format!("/kode {code}")).await;
    let holds = ani.hears().await;
    assert!(holds.text().contains("Masih berlaku.") && holds.text().contains("Sumber: "), "{}", holds.text());
    budi.says(&format!("/kode {code}")).await;
    assert!(budi.hears().await.text().contains("Masih berlaku."));
    change(&stage, "pukul 07.00", "pukul 08.00");
    budi.hears_of("1 pemilih pernah menerima versi lama").await;
    siti.says(&format!("/kode {code}")).await;
    let changed = siti.hears().await;
    assert!(changed.text().contains("tidak berlaku lagi"), "{}", changed.text());
    assert_ne!(code_in(&changed), code);
    // What a voter was told is in the voter's data.
    let count = stage.number("SELECT COUNT(*) FROM heard WHERE bot_id = $1 AND code = 'uji-jam'").await;
    assert_eq!(count, 1, "one version, told five times");
    siti.says("/hapus").await;
    siti.hears().await;
    siti.says("/hapus").await;
    siti.hears().await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM heard WHERE bot_id = $1").await, 0);
    // A moderator's answer has its ticket's code, for who asked and for moderators.
    siti.says("siapa yang urus banjir di kampung saya").await;
    siti.hears().await;
    let card = budi.hears_of("Pertanyaan baru").await;
    budi.replies(&card, "Kelurahan.").await;
    siti.reads("Kelurahan.").await;
    siti.hears().await;
    for (who, text) in [(&siti, "masih berlaku"), (&budi, "masih berlaku"), (&ani, "Tidak ada jawaban dengan kode")] {
        who.says("/kode tiket-1").await;
        let heard = who.hears().await;
        assert!(heard.text().contains(text), "{}", heard.text());
    }
    stage.tg.assert_rules_kept();
}

async fn a_changed_entry_is_corrected_for_those_who_were_told(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let (siti, other) = (asked(&stage, "Siti", ASKS).await, asked(&stage, "Ani", OTHER).await);
    let john = asked(&stage, "John", "what time does the polling station open").await;
    // One by a moderator's code, one by a button, one who is told what holds before the press.
    let late = asked(&stage, "Tono", ASKS).await;
    stage.recorded().await;
    change(&stage, "pukul 07.00", "pukul 08.00");
    let offer = budi.hears_of("Entri uji-jam berubah; 3 pemilih").await;
    assert_eq!(offer.button_texts(), ["Kirim koreksi ke 3 pemilih", "Tidak perlu"]);
    late.says(ASKS).await;
    assert!(late.hears().await.text().contains("08.00"));
    stage.recorded().await;
    budi.presses(&offer, "Kirim koreksi").await.answer().await;
    siti.reads("Ralat. Jawaban yang pernah Anda terima sudah berubah.").await;
    assert!(siti.hears().await.text().contains("pukul 08.00"));
    john.reads("A correction.").await;
    let done = budi.sees(&offer, |m| m.text().contains("selesai")).await;
    assert!(done.text().contains("Terkirim 2, diblokir 0, gagal 0 dari 2 pemilih."), "{}", done.text());
    assert!(done.button_texts().is_empty());
    for person in [&other, &late] {
        person.hears_nothing(Duration::from_millis(200)).await;
    }
    assert!(budi.presses_late(&offer, "Kirim koreksi").await.answer().await.contains("sudah ditekan"));
    // The same FAQ again says nothing new.
    stage.signal("HUP");
    budi.hears_nothing(Duration::from_millis(1500)).await;
    stage.tg.assert_rules_kept();
}

async fn a_retracted_entry_is_given_no_more(database: Database) {
    let mut stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let siti = asked(&stage, "Siti", ASKS).await;
    stage.recorded().await;
    budi.says("/tarik uji-jam Jamnya keliru.").await;
    let offer = budi.hears_of("Tarik entri uji-jam-").await;
    let ani = asked(&stage, "Ani", ASKS).await;
    assert!(ani.screen().contains("07.00"), "nothing is done before the press");
    stage.recorded().await;
    budi.presses(&offer, "Tarik, beri tahu").await.answer().await;
    for person in [&siti, &ani] {
        person.reads("ditarik petugas. Mohon jangan dipakai.").await;
        person.reads("Jamnya keliru.").await;
    }
    budi.sees(&offer, |m| m.text().contains("Terkirim 2, diblokir 0, gagal 0 dari 2 pemilih.")).await;
    // It goes to a person now, also after a start, and by its code.
    for restarts in [false, true] {
        if restarts {
            stage.stop().await;
            stage.start().await;
        }
        let tono = stage.voter("Tono");
        tono.says(ASKS).await;
        tono.reads("saya teruskan ke petugas").await;
        let card = budi.hears_of("Pertanyaan baru").await;
        assert!(card.text().contains("Entri uji-jam ditarik petugas") && card.text().contains("Jamnya keliru."));
        budi.replies(&card, "uji-jam").await;
        budi.hears_of("ditarik petugas dan tidak dijawabkan").await;
        tono.says("/kode uji-jam").await;
        tono.reads("Tidak berlaku: jawaban ini ditarik petugas.").await;
        assert!(!tono.screen().contains("07.00"), "{}", tono.screen());
        // Answered in words, it waits no more.
        budi.replies(&card, "Lihat pengumuman di kelurahan.").await;
        tono.reads("pengumuman di kelurahan").await;
    }
    // Until the FAQ says something else.
    change(&stage, "pukul 07.00", "pukul 08.00");
    let offer = budi.hears_of("Entri uji-jam berubah; 2 pemilih").await;
    let wati = asked(&stage, "Wati", ASKS).await;
    assert!(wati.screen().contains("08.00"), "{}", wati.screen());
    budi.presses(&offer, "Tidak perlu").await.answer().await;
    budi.sees(&offer, |m| m.text().contains("tidak ada koreksi yang dikirim (Budi)")).await;
    stage.tg.assert_rules_kept();
}

async fn a_tickets_answer_is_retracted(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("siapa yang urus banjir di kampung saya").await;
    siti.hears().await;
    let card = budi.hears().await;
    budi.says("/tarik tiket-1 Salah kantor.").await;
    budi.hears_of("belum dijawab").await;
    budi.replies(&card, "Kelurahan.").await;
    siti.reads("Kelurahan.").await;
    budi.sees(&card, |m| m.text().contains("terkirim")).await;
    budi.says("/tarik tiket-1 Salah kantor.").await;
    let offer = budi.hears_of("Tarik jawaban tiket-1? 1 pemilih").await;
    budi.presses(&offer, "Tarik, beri tahu").await.answer().await;
    siti.reads("Ralat. Jawaban petugas untuk pertanyaan #1").await;
    siti.reads("Salah kantor.").await;
    siti.says("/kode tiket-1").await;
    siti.reads("sudah ditarik. Mohon jangan dipakai.").await;
    // It waits for another answer.
    let open = budi.sees(&card, |m| m.button("Ambil").is_some()).await;
    assert!(open.text().contains("ditarik"), "{}", open.text());
    budi.replies(&card, "Kecamatan.").await;
    siti.reads("Kecamatan.").await;
    siti.says("/kode tiket-1").await;
    siti.reads("sudah diralat").await;
    stage.tg.assert_rules_kept();
}

/// So many voters who were told an older version of an entry.
async fn told_before(stage: &Stage, count: usize) -> Vec<Person> {
    let voters: Vec<Person> = (0..count).map(|number| stage.voter(&format!("Pemilih {number}"))).collect();
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(stage.database()).await.expect("the database opens");
    let mut tx = pool.begin().await.expect("a transaction");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_millis() as i64;
    for voter in &voters {
        voter.wrote_before();
        for statement in [
            "INSERT INTO voter (bot_id, id, state, seen) VALUES ($1, $2, '{}', $3)",
            "INSERT INTO heard (bot_id, code, version, voter, at) VALUES ($1, 'uji-jam', '0000', $2, $3)",
        ] {
            let row = sqlx::query(statement).bind(stage.tg.bot_id()).bind(voter.id()).bind(now);
            row.execute(&mut *tx).await.expect("written");
        }
    }
    tx.commit().await.expect("written");
    pool.close().await;
    voters
}

fn count(stage: &Stage, voters: &[Person]) -> usize {
    voters.iter().map(|voter| stage.tg.count(voter.chat(), "Ralat.")).sum()
}

/// Waits until so many corrections arrived.
async fn arrived(stage: &Stage, voters: &[Person], wanted: usize) {
    let enough = async {
        while count(stage, voters) < wanted {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(60), enough).await;
    assert!(told.is_ok(), "{} of {wanted} arrived", count(stage, voters));
}

async fn a_thousand_are_told_through_a_kill(database: Database) {
    const MANY: usize = 1000;
    /// Calls that may be under way at once.
    const IN_FLIGHT: usize = 128;
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    stage.set("SEND_LIMITS", "none");
    stage.start().await;
    stage.tg.set_patience(Duration::from_secs(60));
    let budi = stage.group.member("Budi");
    let voters = told_before(&stage, MANY).await;
    change(&stage, "pukul 07.00", "pukul 08.00");
    let offer = budi.hears_of(&format!("Entri uji-jam berubah; {MANY} pemilih")).await;
    budi.presses(&offer, "Kirim koreksi").await.answer().await;
    arrived(&stage, &voters, MANY * 2 / 5).await;
    stage.kill();
    let before = count(&stage, &voters);
    assert!(before < MANY, "killed in the midst of it");
    stage.start().await;
    let all = async {
        while voters.iter().any(|voter| stage.tg.count(voter.chat(), "Ralat.") == 0) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let told_all = tokio::time::timeout(Duration::from_secs(60), all).await;
    assert!(told_all.is_ok(), "{} of {MANY} after the kill, {before} before", count(&stage, &voters));
    let done = budi.sees(&offer, |m| m.text().contains("selesai")).await;
    let wanted = format!("Terkirim {MANY}, diblokir 0, gagal 0 dari {MANY} pemilih.");
    assert!(done.text().contains(&wanted), "{}", done.text());
    let repeats = count(&stage, &voters) - MANY;
    assert!(repeats <= IN_FLIGHT, "{repeats} repeats");
    assert!(voters.iter().all(|voter| stage.tg.count(voter.chat(), "Ralat.") <= 2));
    stage.tg.assert_rules_kept();
}

async fn a_recall_is_stopped(database: Database) {
    // Within Telegram's limits: twenty a second, so there is time.
    let stage = Stage::new(database).await;
    stage.tg.set_patience(Duration::from_secs(30));
    let budi = stage.group.member("Budi");
    let voters = told_before(&stage, 300).await;
    change(&stage, "pukul 07.00", "pukul 08.00");
    let offer = budi.hears_of("Entri uji-jam berubah; 300 pemilih").await;
    budi.presses(&offer, "Kirim koreksi").await.answer().await;
    arrived(&stage, &voters, 20).await;
    // Whoever asks meanwhile does not wait for them, not even one who is yet to hear.
    let last = voters.last().expect("voters");
    last.says(OTHER).await;
    let answer = last.hears_within(Duration::from_secs(3)).await.expect("an answer at once");
    assert!(answer.text().contains("Rabu"), "{}", answer.text());
    let running = budi.sees(&offer, |m| m.button("Hentikan").is_some()).await;
    budi.presses(&running, "Hentikan").await.answer().await;
    let stopped = budi.sees(&offer, |m| m.text().contains("dihentikan (Budi)")).await;
    assert!(stopped.button_texts().is_empty());
    // What was in flight is counted a moment later.
    tokio::time::sleep(Duration::from_secs(7)).await;
    let sent = count(&stage, &voters);
    assert!((20..200).contains(&sent), "{sent} were sent");
    let text = format!("Terkirim {sent}, diblokir 0, gagal 0 dari 300 pemilih.");
    budi.sees(&offer, |m| m.text().contains(&text)).await;
    stage.recorded().await;
    assert_eq!(count(&stage, &voters), sent, "and no more");
    stage.tg.assert_rules_kept();
}

async fn who_blocked_the_bot_is_counted(database: Database) {
    let stage = Stage::new(database).await;
    let budi = stage.group.member("Budi");
    let voters = told_before(&stage, 3).await;
    voters[1].blocks_bot_silently();
    stage.tg.refuses(Rule::new(400, "Bad Request: message is too long").to(voters[2].chat()));
    change(&stage, "pukul 07.00", "pukul 08.00");
    let offer = budi.hears_of("Entri uji-jam berubah; 3 pemilih").await;
    budi.presses(&offer, "Kirim koreksi").await.answer().await;
    let done = budi.sees(&offer, |m| m.text().contains("selesai")).await;
    assert!(done.text().contains("Terkirim 1, diblokir 1, gagal 1 dari 3 pemilih."), "{}", done.text());
    assert_eq!(stage.tg.count(stage.group.id(), "tidak dapat dikirim"), 0, "told in one line");
    stage.tg.assert_rules_kept();
}
