//! The monthly recognition: voters opt in, moderators star, ties are drawn so that anyone can check it, and winners are told.

use std::time::Duration;

use chrono::{Datelike, Months, NaiveDate, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::bot::{Database, MODERATORS, Stage};
use crate::telegram::{Group, GroupKind, Message, Person};

stories! {
    the_months_ten_are_drawn_so_that_anyone_can_check_it, winners_are_told_once_through_a_kill,
    nobody_takes_part_unasked, an_announcement_that_fails_is_tried_again,
}

const CHANNEL: i64 = MODERATORS - 9;

async fn still(database: Database) -> (Stage, Group) {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    let channel = stage.tg.group(CHANNEL, GroupKind::Channel);
    stage.set("SEND_LIMITS", "none");
    stage.set("PUBLIC_CHANNEL", &channel.id().to_string());
    (stage, channel)
}

/// Somebody asks and is answered; gives who, and the card.
async fn answered(stage: &Stage, budi: &Person, question: &str) -> (Person, Message) {
    let voter = stage.voter("Pemilih");
    voter.says(&format!("/petugas {question}")).await;
    voter.hears().await;
    let card = budi.hears_of("Pertanyaan baru").await;
    budi.replies(&card, "Jawaban petugas.").await;
    voter.hears().await;
    let card = budi.sees(&card, |m| m.button("Bintang").is_some()).await;
    (voter, card)
}

/// The same, by somebody who takes part and whose question gets a star.
async fn starred(stage: &Stage, budi: &Person, question: &str) -> (Person, Message) {
    let (voter, card) = answered(stage, budi, question).await;
    voter.says("/ikut").await;
    voter.reads("Anda ikut penghargaan bulanan").await;
    voter.hears().await;
    assert!(budi.presses(&card, "Bintang").await.answer().await.contains("(1)"));
    (voter, card)
}

/// The month before this one, by the clock of Jakarta: its first day.
fn last_month() -> NaiveDate {
    let today = (Utc::now() + chrono::Duration::hours(7)).date_naive();
    today.with_day(1).expect("a day").checked_sub_months(Months::new(1)).expect("a month")
}

/// What happened this month happened in the last one. Gives the seed and its month.
async fn a_month_passes(stage: &Stage) -> (String, String) {
    stage.recorded().await;
    let (day, millis) =
        (last_month(), |day: NaiveDate| day.and_hms_opt(12, 0, 0).expect("a time").and_utc().timestamp_millis());
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(stage.database()).await.expect("the database opens");
    let bot = stage.tg.bot_id();
    let body: String =
        sqlx::query_scalar("SELECT body FROM draw WHERE bot_id = $1").bind(bot).fetch_one(&pool).await.expect("a draw");
    let mut draw: Value = serde_json::from_str(&body).expect("a draw");
    assert!(draw["announced"].is_i64(), "{draw}");
    draw["month"] = json!(day.to_string());
    draw["announced"] = json!(millis(day));
    let month = day.format("%Y-%m").to_string();
    sqlx::query("UPDATE draw SET month = $2, body = $3 WHERE bot_id = $1")
        .bind(bot)
        .bind(&month)
        .bind(draw.to_string())
        .execute(&pool)
        .await
        .expect("written");
    sqlx::query("UPDATE ticket SET asked = $2 WHERE bot_id = $1")
        .bind(bot)
        .bind(millis(day))
        .execute(&pool)
        .await
        .expect("written");
    pool.close().await;
    (draw["seed"].as_str().expect("a seed").to_owned(), month)
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The numbers that a list names, in order.
fn numbers(list: &Message) -> Vec<u64> {
    let number = |line: &str| line.split_once('#')?.1.split(':').next()?.parse().ok();
    list.text().lines().filter_map(number).collect()
}

async fn the_months_ten_are_drawn_so_that_anyone_can_check_it(database: Database) {
    let (mut stage, channel) = still(database).await;
    let reader = channel.member("Pembaca");
    stage.start().await;
    let announced = reader.hears().await;
    let (budi, ani) = (stage.group.member("Budi"), stage.group.member("Ani"));
    let mut winners = Vec::new();
    for number in 1..=4 {
        winners.push(starred(&stage, &budi, &format!("kapan pendaftaran regu {number}")).await);
    }
    // One star a moderator: pressed again it is taken back.
    assert!(budi.presses(&winners[0].1, "Bintang").await.answer().await.contains("dicabut (0)"));
    assert!(budi.presses(&winners[0].1, "Bintang").await.answer().await.contains("(1)"));
    assert!(ani.presses(&winners[2].1, "Bintang").await.answer().await.contains("(2)"));
    // Who does not take part is not listed, whatever the stars; nor is what has none.
    let (_, other) = answered(&stage, &budi, "kapan pelantikan pengawas").await;
    budi.presses(&other, "Bintang").await.answer().await;
    ani.presses(&other, "Bintang").await.answer().await;
    let (plain, _) = answered(&stage, &budi, "kapan bimbingan teknis saksi").await;
    plain.says("/ikut").await;
    plain.hears().await;
    // The running month is not listed.
    let this = (Utc::now() + chrono::Duration::hours(7)).format("%Y-%m").to_string();
    budi.says(&format!("/pemenang {this}")).await;
    budi.hears_of("belum selesai").await;
    for text in ["/pemenang", "/pemenang 2026-13"] {
        budi.says(text).await;
        budi.hears_of("Sebutkan bulannya").await;
    }
    let (seed, month) = a_month_passes(&stage).await;
    assert!(announced.text().contains(&sha256(&seed)) && !announced.text().contains(&seed), "{}", announced.text());
    budi.says(&format!("/pemenang {month}")).await;
    let list = budi.hears_of("Pertanyaan pilihan").await;
    let mut ties = vec![1_u64, 2, 4];
    ties.sort_by_key(|number| sha256(&format!("{seed}:{number}")));
    assert_eq!(numbers(&list), [vec![3], ties.clone()].concat(), "{}", list.text());
    assert!(list.text().contains("#3: 2 bintang, 1 penanya terbantu kapan pendaftaran regu 3"), "{}", list.text());
    // Nobody is told before a press, and what is told is what was shown.
    let last = &winners[*ties.last().expect("three") as usize - 1].1;
    ani.presses(last, "Bintang").await.answer().await;
    assert!(budi.presses(&list, "Kabari").await.answer().await.contains("sudah berubah"));
    winners[2].0.hears_nothing(Duration::from_millis(200)).await;
    ani.presses(last, "Bintang").await.answer().await;
    let (one, two) = (budi.presses(&list, "Kabari").await, ani.presses(&list, "Kabari").await);
    let answers = [one.answer().await, two.answer().await];
    assert_eq!(answers.iter().filter(|answer| answer.contains("mulai dikabari")).count(), 1, "{answers:?}");
    for (voter, _) in &winners {
        let told = voter.hears().await;
        assert!(told.text().contains("pertanyaan pilihan petugas"), "{}", told.text());
        voter.hears_nothing(Duration::from_millis(50)).await;
    }
    budi.hears_of("4 penanya dikabari").await;
    let results = reader.hears().await;
    assert!(results.text().contains(&format!("Benih: {seed}")) && results.text().contains(&sha256(&seed)));
    assert_eq!(numbers(&results), numbers(&list));
    assert!(!results.text().contains("regu"), "numbers alone: {}", results.text());
    assert!(budi.presses(&list, "Kabari").await.answer().await.contains("dikabari"));
    budi.says(&format!("/pemenang {month}")).await;
    budi.hears_of("4 penanya dikabari").await;
    stage.tg.assert_rules_kept();
}

async fn winners_are_told_once_through_a_kill(database: Database) {
    let (mut stage, _) = still(database).await;
    stage.start().await;
    stage.tg.set_patience(Duration::from_secs(30));
    let budi = stage.group.member("Budi");
    let mut winners = Vec::new();
    for number in 1..=3 {
        winners.push(starred(&stage, &budi, &format!("kapan pendaftaran regu {number}")).await.0);
    }
    let (_, month) = a_month_passes(&stage).await;
    budi.says(&format!("/pemenang {month}")).await;
    let list = budi.hears_of("Pertanyaan pilihan").await;
    winners[1].blocks_bot_silently();
    stage.tg.flood(winners[2].chat(), 2);
    budi.presses(&list, "Kabari").await.answer().await;
    winners[0].reads("pertanyaan pilihan petugas").await;
    stage.kill();
    stage.start().await;
    winners[2].reads("pertanyaan pilihan petugas").await;
    budi.reads("3 penanya dikabari").await;
    // The line may have been in flight at the kill, and stand twice.
    budi.reads("Terkirim 2, diblokir 1, gagal 0 dari 3 penanya.").await;
    stage.recorded().await;
    assert!(stage.tg.count(winners[0].chat(), "pilihan petugas") <= 2, "no more than what was in flight");
    assert_eq!(stage.tg.count(winners[2].chat(), "pilihan petugas"), 1);
    // A silence that Telegram asked for in the call of the kill is known to nobody.
    assert!(stage.tg.violations().is_empty(), "{:?}", stage.tg.violations());
}

async fn nobody_takes_part_unasked(database: Database) {
    let (mut stage, _) = still(database).await;
    stage.start().await;
    let budi = stage.group.member("Budi");
    let (siti, card) = starred(&stage, &budi, "kapan pendaftaran regu 1").await;
    siti.says("/data").await;
    siti.reads("Semua yang tersimpan").await;
    siti.hears().await;
    let data = stage.tg.uploads("data-saya.json").pop().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(data.is_some_and(|data| data.contains("\"ikut_penghargaan\": true")));
    siti.says("/ikut").await;
    assert!(siti.hears().await.text().contains("tidak ikut lagi"));
    let (_, month) = a_month_passes(&stage).await;
    budi.says(&format!("/pemenang {month}")).await;
    budi.hears_of("tidak ada pertanyaan berbintang dari penanya yang ikut").await;
    budi.says("/pemenang 2025-01").await;
    budi.hears_of("tidak ada benih").await;
    budi.says("/riwayat 1").await;
    budi.hears_of("Budi: memberi bintang").await;
    // Whoever is deleted takes stars and place along; a list that quotes is emptied.
    siti.says("/ikut").await;
    assert!(siti.hears().await.text().contains("Anda ikut penghargaan"));
    budi.says(&format!("/pemenang {month}")).await;
    let list = budi.hears_of("Pertanyaan pilihan").await;
    siti.says("/hapus").await;
    siti.says("/hapus").await;
    budi.sees(&list, |m| m.text().contains("dikosongkan")).await;
    assert_eq!(stage.number("SELECT COUNT(*) FROM star WHERE bot_id = $1").await, 0);
    assert!(budi.presses_late(&list, "Kabari").await.answer().await.contains("sudah berubah"));
    budi.sees(&card, |m| m.button_texts().is_empty()).await;
    stage.tg.assert_rules_kept();
}

async fn an_announcement_that_fails_is_tried_again(database: Database) {
    let (mut stage, channel) = still(database).await;
    channel.removes_bot();
    stage.start().await;
    let reader = channel.member("Pembaca");
    stage.recorded().await;
    let due = "SELECT COUNT(*) FROM due WHERE bot_id = $1 AND name LIKE 'announce:%' AND at > 0";
    for _ in 0..2 {
        for _ in 0..200 {
            if stage.number(due).await == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        stage.change("UPDATE due SET at = 0 WHERE bot_id = $1 AND name LIKE 'announce:%'").await;
    }
    for _ in 0..200 {
        if stage.number(due).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(stage.tg.count(MODERATORS, "Pengumuman penghargaan bulanan ditolak"), 1, "told once");
    channel.adds_bot();
    stage.change("UPDATE due SET at = 0 WHERE bot_id = $1 AND name LIKE 'announce:%'").await;
    assert!(reader.hears().await.text().contains("Sidik benih"));
    assert_eq!(stage.tg.count(MODERATORS, "Pengumuman penghargaan bulanan ditolak"), 1, "and no more");
    stage.tg.assert_rules_kept();
}
