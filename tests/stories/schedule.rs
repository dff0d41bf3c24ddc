//! `/jadwal` and `/kandidat`: conversations over real HTTP, on both databases, and what is said on other days than today.

use std::path::Path;
use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::common::{KNOWLEDGE, time};
use crate::telegram::{Call, Fault, GroupKind, Message, Person, Rule, When};
use chrono::{Days, NaiveDate, Utc};
use tanya_pemilu::faq::home_offset;
use tanya_pemilu::terminal::chat::Chat;
use tanya_pemilu::terminal::render::Look;

stories! {
    the_schedule_comes_as_words_and_as_a_picture,
    a_picture_is_uploaded_once,
    a_kill_loses_no_picture,
    what_can_not_be_sent_goes_as_words,
    days_to_come_come_as_a_calendar_file,
    candidates_have_their_pages_parties_and_ballots,
}

const PICTURE_LOST: &str = "Gambarnya tidak dapat dikirim. Isinya sama dengan tulisan di atas.";

fn today() -> NaiveDate {
    Utc::now().with_timezone(&home_offset()).date_naive()
}

fn ahead(days: u64) -> NaiveDate {
    today() + Days::new(days)
}

/// A stage with the election of 2024, which is over, and pages of its candidates and parties.
fn past(stage: &Stage) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("faq");
    std::fs::create_dir_all(stage.faq().join("pemilu")).expect("a folder");
    std::fs::copy(root.join("pemilu/pemilu2024.toml"), stage.faq().join("pemilu/pemilu2024.toml")).expect("copied");
    let page = |id: &str, title: &str, subject: &str| {
        let shapes = [
            "{}",
            "{} dong",
            "siapa {}",
            "tolong {}",
            "mau tahu {}",
            "{} itu apa",
            "kak {}",
            "min {}",
            "soal {}",
            "info {}",
        ];
        let questions: Vec<String> = shapes.iter().map(|shape| shape.replace("{}", subject)).collect();
        format!(
            "[[entry]]\nid = \"{id}\"\ntitle = \"{title}\"\nquestions = '''\n{}\n'''\nanswer = '''\nHalaman ini.\n'''\n\
             sources = [\"Aturan uji\"]\nreviewed = \"{}\"\nsensitive = true\n\n",
            questions.join("\n"),
            today()
        )
    };
    let pairs = [("satu", 1), ("dua", 2), ("tiga", 3)].map(|(word, number)| {
        let title = format!("Siapa pasangan nomor urut {number}?");
        page(&format!("kandidat-nomor-{number}"), &title, &format!("paslon {word}"))
    });
    let parties = page("partai-daftar", "Partai apa saja dan nomornya?", "daftar partai peserta");
    let text: String = pairs.into_iter().chain([parties]).collect();
    std::fs::write(stage.faq().join("kandidat.toml"), text).expect("written");
}

/// And one whose campaign runs, by the clock that the program has.
fn coming(stage: &Stage) {
    std::fs::create_dir_all(stage.faq().join("pemilu")).expect("a folder");
    let one = |key: &str, name: &str, from: NaiveDate, to: NaiveDate, more: &str| {
        format!("[stages.{key}]\nname = \"{name}\"\nstart = \"{from}\"\nend = \"{to}\"\nmain = true\n{more}\n")
    };
    let text = [
        "name = \"Pemilu Uji\"\nkind = \"nasional\"\nsources = [\"Aturan uji\"]\n".to_owned(),
        one("pendaftaran", "Pendaftaran", today() - Days::new(40), today() - Days::new(30), ""),
        one("kampanye", "Masa kampanye", today() - Days::new(10), ahead(9), ""),
        one("masa_tenang", "Masa tenang", ahead(10), ahead(12), ""),
        one(
            "pemungutan_suara",
            "Pemungutan suara",
            ahead(13),
            ahead(13),
            "open = \"07.00\"\nclose = \"13.00\"\nzone = \"setempat\"\n",
        ),
        one("rekapitulasi", "Rekapitulasi", ahead(14), ahead(30), ""),
    ];
    std::fs::write(stage.faq().join("pemilu/pemilu9999.toml"), text.join("\n")).expect("written");
}

async fn stage(database: Database, files: fn(&Stage)) -> Stage {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    files(&stage);
    stage.start().await;
    stage
}

/// The words and the picture that a command is answered with.
async fn answered(person: &Person, command: &str) -> (Message, Message) {
    person.says(command).await;
    (person.hears().await, person.hears().await)
}

/// What stood for the photo in each call.
fn photos(calls: &[Call]) -> Vec<String> {
    let photo = |call: &Call| call.params.get("photo").and_then(|photo| photo.as_str()).map(str::to_owned);
    calls.iter().filter_map(photo).collect()
}

async fn the_schedule_comes_as_words_and_as_a_picture(database: Database) {
    let stage = stage(database, coming).await;
    let siti = stage.voter("Siti");
    let (words, picture) = answered(&siti, "/jadwal").await;
    let text = words.text();
    assert!(words.html().contains("Sekarang berlangsung <b>masa kampanye Pemilu Uji</b>"), "{}", words.html());
    assert!(text.contains("Berikutnya masa tenang, sepuluh hari lagi"), "{text}");
    assert!(text.contains("(selesai)") && text.contains("(sedang berlangsung)") && text.contains("(13 hari lagi)"));
    assert!(text.contains("Hari ini: ") && text.contains("Sumber: Aturan uji") && text.contains("/jadwal ics"));
    assert!(!words.preview);
    assert_eq!(picture.media.as_ref().map(|media| media.kind.as_str()), Some("photo"));
    assert!(picture.text().contains("Pemilu Uji dalam gambar"), "{}", picture.text());
    let png = stage.tg.uploads("gambar.png").remove(0);
    let info = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a PNG").info().clone();
    assert!(info.width == 1080 && info.height > 600, "{} x {}", info.width, info.height);
    stage.tg.assert_rules_kept();
}

async fn a_picture_is_uploaded_once(database: Database) {
    let mut stage = stage(database, coming).await;
    let (siti, budi) = (stage.voter("Siti"), stage.voter("Budi"));
    answered(&siti, "/jadwal").await;
    let (_, picture) = answered(&budi, "/jadwal").await;
    assert_eq!(picture.media.map(|media| media.kind), Some("photo".to_owned()));
    stage.stop().await;
    stage.start().await;
    answered(&siti, "/jadwal").await;
    let sent = photos(&stage.tg.calls_of("sendPhoto"));
    assert_eq!(sent[0], "upload:gambar.png");
    assert!(sent[1..].iter().all(|photo| !photo.starts_with("upload:")) && sent.len() == 3, "{sent:?}");
    // Telegram may forget what it has.
    stage.tg.loses_files();
    answered(&budi, "/jadwal").await;
    answered(&siti, "/jadwal").await;
    let sent = photos(&stage.tg.calls_of("sendPhoto"));
    let uploaded: Vec<bool> = sent.iter().map(|photo| photo.starts_with("upload:")).collect();
    assert_eq!(uploaded, [true, false, false, false, true, false], "{sent:?}");
    assert_eq!(stage.number("SELECT COUNT(*) FROM upload WHERE bot_id = $1").await, 1);
    stage.tg.assert_rules_kept();
}

async fn a_kill_loses_no_picture(database: Database) {
    let mut stage = stage(database, coming).await;
    let siti = stage.voter("Siti");
    stage.tg.fault_next("sendPhoto", Fault::Hang(Duration::from_secs(600)), When::Before);
    siti.says("/jadwal").await;
    assert!(siti.hears().await.text().contains("Berikutnya"));
    let tried = |calls: &[Call]| calls.iter().any(|call| call.method == "sendphoto").then_some(());
    assert!(stage.tg.until_calls(Duration::from_secs(20), tried).await.is_some(), "it is on its way");
    stage.kill();
    // What it shows was written down, so that the files may say something else by now.
    std::fs::remove_file(stage.faq().join("pemilu/pemilu9999.toml")).expect("deleted");
    stage.start().await;
    let picture = siti.hears().await;
    assert_eq!(picture.media.as_ref().map(|media| media.kind.as_str()), Some("photo"));
    assert!(picture.text().contains("Pemilu Uji dalam gambar"), "{}", picture.text());
    siti.hears_nothing(Duration::from_millis(300)).await;
}

async fn what_can_not_be_sent_goes_as_words(database: Database) {
    let stage = stage(database, coming).await;
    let siti = stage.voter("Siti");
    stage.tg.refuses(Rule::new(400, "Bad Request: PHOTO_INVALID_DIMENSIONS").of("sendPhoto"));
    stage.tg.refuses(Rule::new(400, "Bad Request: DOCUMENT_INVALID").of("sendDocument"));
    let (words, instead) = answered(&siti, "/jadwal").await;
    assert!(words.text().contains("Pemungutan suara: "), "{}", words.text());
    assert_eq!((instead.text(), instead.media.is_none()), (PICTURE_LOST, true));
    siti.says("/jadwal ics").await;
    let instead = siti.hears().await;
    assert!(instead.text().contains("tidak dapat dikirim") && instead.text().contains("Pemilu Uji: Masa tenang: "));
    // Nobody has to be told of it.
    assert_eq!(stage.tg.count(stage.group.id(), "tidak dapat dikirim"), 0);
    stage.tg.assert_rules_kept();
}

async fn days_to_come_come_as_a_calendar_file(database: Database) {
    let stage = stage(database, coming).await;
    let siti = stage.voter("Siti");
    siti.says("/jadwal ics").await;
    let sent = siti.hears().await;
    assert_eq!(sent.media.as_ref().map(|media| media.kind.as_str()), Some("document"));
    assert!(sent.text().contains("Tanggal yang akan datang: 3."), "{}", sent.text());
    let text = String::from_utf8(stage.tg.uploads("jadwal.ics").remove(0)).expect("UTF-8");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 3, "{text}");
    let day = ahead(13).format("%Y%m%d").to_string();
    assert!(text.contains(&format!("DTSTART;VALUE=DATE:{day}")), "{text}");
    assert!(text.contains("UID:pemilu9999.pemungutan_suara@tanya-pemilu") && !text.contains("kampanye@"), "{text}");
    let stamp = text.lines().find(|line| line.starts_with("DTSTAMP:")).expect("a stamp");
    assert!(stamp.contains(&Utc::now().format("%Y").to_string()), "{stamp}");
    stage.tg.assert_rules_kept();
}

async fn candidates_have_their_pages_parties_and_ballots(database: Database) {
    let stage = stage(database, past).await;
    let siti = stage.voter("Siti");
    let (words, picture) = answered(&siti, "/kandidat").await;
    let text = words.text();
    assert!(text.contains("belum diketahui") && text.contains("Pemilu 2024, yang sudah selesai"), "{text}");
    assert!(text.contains("abu-abu: Presiden dan Wakil Presiden") && text.contains("24 Ummat"), "{text}");
    assert_eq!(picture.media.as_ref().map(|media| media.kind.as_str()), Some("photo"));
    let buttons = words.button_texts();
    assert_eq!(buttons.len(), 4, "{buttons:?}");
    siti.presses(&words, "Siapa pasangan nomor urut 2?").await;
    assert!(siti.hears().await.text().contains("kode kandidat-nomor-2"));
    siti.presses(&words, &buttons[3]).await;
    assert!(siti.hears().await.text().contains("kode partai-daftar"));
    // Nothing is set: that is said, and no empty file is sent.
    siti.says("/jadwal ics").await;
    let none = siti.hears().await;
    assert!(none.media.is_none() && none.text().contains("belum ada tanggal"), "{}", none.text());
    let (words, picture) = answered(&siti, "/jadwal").await;
    assert!(words.text().contains("Tanggal tahapannya belum ditetapkan.") && picture.media.is_some());
    stage.tg.assert_rules_kept();
}

/// What the terminal shows for a command on that day.
fn shown(command: &str, day: &str) -> String {
    Chat::new(Look { colour: false }).line(&KNOWLEDGE, command, time(&format!("{day}T09:00:00+07:00")))
}

#[test]
fn each_candidate_has_the_same_room_in_ballot_order() {
    for day in ["2024-01-15", "2024-02-14", "2026-11-28"] {
        let text = shown("/kandidat", day);
        let places: Vec<usize> =
            ["1. Anies", "2. Prabowo", "3. Ganjar"].iter().filter_map(|name| text.find(name)).collect();
        assert!(places.len() == 3 && places.is_sorted(), "{day}: {text}");
        let blocks: Vec<&str> = text.split("\n\n").filter(|part| part.contains("Visi: ")).collect();
        let labels = |block: &&str| -> Vec<String> {
            block.lines().skip(1).map(|line| line.split([' ', ':']).next().unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(blocks.len(), 3, "{text}");
        assert!(
            blocks.iter().all(|block| labels(block) == ["Jabatan", "Jabatan", "Partai", "Visi", "Program"]),
            "{text}"
        );
        assert!(!text.contains("suara sah"), "{text}");
    }
}

#[test]
fn candidates_are_told_of_from_the_day_they_are_known() {
    // Before anybody registered; before the numbers were drawn; after.
    let early = shown("/kandidat", "2023-06-01");
    assert!(early.contains("Calon Pemilu 2024 belum diketahui.") && early.contains("1 PKB"), "{early}");
    assert!(!early.contains("Anies") && early.contains("kuning: DPR"), "{early}");
    let drawn = shown("/kandidat", "2023-11-01");
    assert!(drawn.contains("Nomor urut belum diundi") && !drawn.contains("1. Anies"), "{drawn}");
    let places: Vec<usize> = ["Anies", "Ganjar", "Prabowo"].iter().filter_map(|name| drawn.find(name)).collect();
    assert!(places.len() == 3 && places.is_sorted(), "by the alphabet: {drawn}");
    assert!(!drawn.contains("pasangan nomor urut"), "their pages come with the numbers: {drawn}");
    assert!(shown("/kandidat", "2022-07-01").contains("Calon Pemilu 2024 belum diketahui."));
    assert!(!shown("/kandidat", "2022-07-01").contains("PKB"), "the parties are not known yet");
    assert!(shown("/kandidat", "2026-11-28").contains("Calon Pemilu nasional 2029 belum diketahui."));
}

#[test]
fn the_schedule_speaks_of_the_election_that_runs() {
    let during = shown("/jadwal", "2024-10-05");
    assert!(during.contains("Pilkada 2024") && during.contains("Pemilu 2024\n"), "both run: {during}");
    assert!(!shown("/jadwal", "2024-03-01").contains("Sengketa di Mahkamah"), "that is not known yet");
    assert!(shown("/jadwal", "2024-03-22").contains("Sengketa di Mahkamah"));
    let between = shown("/jadwal", "2026-11-28");
    let (over, next) = (between.find("Pemilu 2024 (sudah selesai)"), between.find("Pemilu nasional 2029\n"));
    assert!(over.is_some() && over < next, "{between}");
    assert!(between.contains("[gambar: ") && !between.contains("/jadwal ics"), "{between}");
    assert!(shown("/jadwal ics", "2023-12-01").contains("Pemilu 2024: Pemungutan suara: 14 Februari 2024"));
}
