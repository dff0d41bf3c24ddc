//! "Selengkapnya": the answer says what is needed first, the rest comes on a press. Conversations over real HTTP, on both
//! databases, and what maintainers see of it.

use std::time::Duration;

use crate::bot::{Database, Stage};
use crate::common::last_review;
use crate::copied::{Copy, FAQ};
use crate::telegram::GroupKind;
use tanya_pemilu::desk::Knowledge;
use tanya_pemilu::faq::{Faq, day_of};
use tanya_pemilu::terminal::chat::Chat;
use tanya_pemilu::terminal::render::Look;

stories! { the_rest_is_one_press_away, what_is_gone_is_told, a_moderators_entry_has_its_rest }

const BRING: &str = "apa yang harus dibawa ke tps";
const REST: &str = "Surat pemberitahuan tertinggal di rumah? **Tetap boleh** memilih.";

/// Gives an entry of the small FAQ a rest, or takes it away.
fn set_rest(stage: &Stage, rest: Option<&str>) {
    let path = stage.faq().join("uji.toml");
    let text = std::fs::read_to_string(&path).expect("a file");
    let answer = "Bawa **KTP elektronik** dan surat pemberitahuan.\n'''\n";
    let plain = match text.split_once("more = '''\n") {
        Some((before, after)) => before.to_owned() + after.split_once("'''\n").expect("the end of a block").1,
        None => text,
    };
    let more = rest.map(|rest| format!("more = '''\n{rest}\n'''\n")).unwrap_or_default();
    std::fs::write(&path, plain.replace(answer, &format!("{answer}{more}"))).expect("a file");
}

async fn stage(database: Database) -> Stage {
    let mut stage = Stage::still(database, GroupKind::Supergroup).await;
    set_rest(&stage, Some(REST));
    stage.start().await;
    stage
}

async fn the_rest_is_one_press_away(database: Database) {
    let mut stage = stage(database).await;
    let siti = stage.voter("Siti");
    siti.says(BRING).await;
    let answer = siti.hears().await;
    assert!(answer.text().contains("KTP") && !answer.text().contains("tertinggal"), "{}", answer.text());
    assert_eq!(answer.button_texts()[0], "Selengkapnya");
    siti.presses(&answer, "Selengkapnya").await;
    let rest = siti.hears().await;
    assert!(rest.html().contains("<b>Tetap boleh</b>"), "{}", rest.html());
    // It may be sent on by itself, so that it names its source and its code too.
    assert!(rest.text().contains("Sumber: ") && rest.text().contains("kode uji-bawa"), "{}", rest.text());
    assert!(rest.button_texts().is_empty() && !rest.preview);
    // The word does what the button does.
    siti.says("selengkapnya").await;
    assert!(siti.hears().await.text().contains("tertinggal"));
    // An answer that tells all has no such button.
    siti.says("tps buka jam brp").await;
    let short = siti.hears().await;
    assert!(short.button("Selengkapnya").is_none(), "{:?}", short.button_texts());
    // The press survives a kill.
    stage.kill();
    siti.presses_late(&answer, "Selengkapnya").await;
    stage.start().await;
    // What was on its way at the kill may come twice.
    while !siti.hears().await.text().contains("tertinggal") {}
    // A code opens the answer, with its button.
    siti.says("uji-bawa").await;
    assert_eq!(siti.hears().await.button_texts()[0], "Selengkapnya");
    stage.tg.assert_rules_kept();
}

async fn what_is_gone_is_told(database: Database) {
    let stage = stage(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says(BRING).await;
    let answer = siti.hears().await;
    set_rest(&stage, None);
    stage.reloads(&budi).await;
    budi.reads("entri").await;
    siti.presses(&answer, "Selengkapnya").await;
    let told = siti.hears().await;
    assert!(told.text().contains("sudah tidak ada") && told.text().contains("/petugas"), "{}", told.text());
    siti.forges(&answer, "m:tidak-ada:k1").await;
    assert!(siti.hears().await.text().contains("sudah tidak ada"));
    // The word is a message like any other then.
    siti.says("selengkapnya").await;
    assert!(!siti.hears().await.text().contains("tertinggal"));
    stage.tg.assert_rules_kept();
}

async fn a_moderators_entry_has_its_rest(database: Database) {
    let stage = stage(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("siapa yang urus banjir di kampung saya").await;
    siti.hears().await;
    let card = budi.hears().await;
    budi.replies(&card, "uji-bawa").await;
    let answer = siti.hears().await;
    assert_eq!(answer.button_texts(), ["Selengkapnya", "Bagikan"]);
    siti.presses(&answer, "Selengkapnya").await;
    assert!(siti.hears().await.text().contains("tertinggal"));
    budi.hears_nothing(Duration::from_millis(300)).await;
    stage.tg.assert_rules_kept();
}

/// The shipped FAQ with a rest under one answer.
fn with_rest(rest: &str) -> Copy {
    let copy = Copy::new();
    let file = copy.file_of("tps-dokumen");
    let text = copy.text(&file);
    let at = text.find("\nid = \"tps-dokumen\"\n").expect("the entry");
    let at = at + text[at..].find("\nsources = ").expect("its sources") + 1;
    let text = format!("{}more = '''\n{rest}\n'''\n{}", &text[..at], &text[at..]);
    std::fs::write(copy.folder().join(file), text).expect("a file");
    copy
}

fn run(copy: &Copy, args: &[&str]) -> (bool, String) {
    let mut command = crate::bot::bare_command();
    let output = command
        .args(args)
        .arg("--faq")
        .arg(copy.folder())
        .args(["--now", &last_review().to_string()])
        .output()
        .expect("it runs");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), shown)
}

#[test]
fn maintainers_see_the_rest_wherever_they_see_the_answer() {
    let copy = with_rest("Simpan *fotokopinya* di rumah sejak {{ pemilu2024.pemungutan_suara | tanggal }}.");
    let rest = "Simpan fotokopinya di rumah sejak 14 Februari 2024.";
    let (sound, shown) = run(&copy, &["lihat", "tps-dokumen"]);
    assert!(sound && shown.contains(&format!("[Selengkapnya]\n{rest}\n\nSumber: ")), "{shown}");
    let (_, asked) = run(&copy, &["ask", "tps-dokumen"]);
    assert!(asked.ends_with("[Selengkapnya: tambahkan --more]\n") && !asked.contains(rest), "{asked}");
    let (_, asked) = run(&copy, &["ask", "--more", "tps-dokumen"]);
    assert!(asked.contains(&format!("--- Selengkapnya ---\n{rest}")), "{asked}");
    let (_, asked) = run(&copy, &["ask", "--json", "tps-dokumen"]);
    assert!(asked.contains(&format!("\"more\":\"{rest}\"")), "{asked}");
    let (_, exported) = run(&copy, &["export", "--json"]);
    assert_eq!(exported.matches(&format!("\"more\":\"{rest}\"")).count(), 1);
    let (sound, against) = run(&copy, &["check", "--against", FAQ]);
    assert!(sound && against.contains("+ Simpan fotokopinya"), "{against}");
    // What was exported can be asked.
    let file = copy.folder().with_extension("jsonl");
    std::fs::write(&file, exported).expect("a file");
    let mut command = crate::bot::bare_command();
    let output = command.args(["ask", "--more", "tps-dokumen", "--faq"]).arg(&file).output().expect("it runs");
    std::fs::remove_file(file).expect("a file");
    assert!(String::from_utf8_lossy(&output.stdout).contains(rest));
}

#[test]
fn the_rest_is_checked_like_the_answer() {
    for (rest, fault) in [
        ("Mulai {{ pemilu2024.pemungutan_suaraa | kapan }}.", "pemungutan_suaraa"),
        ("Ini **tebal", "tebal"),
        ("Kamu harus datang.", "menyapa pembaca dengan kata ini"),
        ("Pada 14 Februari 2024.", "ditulis tangan"),
        ("NIK 3273012504890001.", "tampak seperti NIK"),
        (&"Panjang sekali. ".repeat(300), "Telegram menerima 4096"),
    ] {
        let shown = Faq::load(&with_rest(rest).source()).1.render(false);
        assert!(shown.contains(fault), "{rest}: {shown}");
    }
}

#[test]
fn in_the_terminal_it_is_chosen_by_number_or_word() {
    let copy = with_rest("Simpan *fotokopinya* di rumah.");
    let (knowledge, report) = Knowledge::load(&copy.source());
    let knowledge = knowledge.unwrap_or_else(|| panic!("{}", report.render(false)));
    let now = "2026-11-28T09:00:00+07:00".parse().expect("a time");
    for chosen in ["1", "selengkapnya", "Selengkapnya"] {
        let mut chat = Chat::new(Look { colour: false });
        let answer = chat.line(&knowledge, "tps-dokumen", now);
        assert!(answer.contains("\n\n  1. Selengkapnya\nTerkait:\n  2. "), "{answer}");
        let rest = chat.line(&knowledge, chosen, now);
        assert!(rest.starts_with("Simpan fotokopinya di rumah.\n\nSumber: "), "{chosen}: {rest}");
    }
}

/// What only the rest speaks of is spoken of.
#[test]
fn a_year_in_the_rest_is_no_contradiction() {
    let now = "2026-11-28T09:00:00+07:00".parse().expect("a time");
    let contradicts = |rest: &str| {
        let (knowledge, report) = Knowledge::load(&with_rest(rest).source());
        let knowledge = knowledge.unwrap_or_else(|| panic!("{}", report.render(false)));
        let entry = knowledge.faq.entries.iter().position(|e| e.id == "tps-dokumen").expect("an entry");
        knowledge.matcher.contradiction("apa yang dibawa ke tps pemilu 1971", entry, day_of(now)).is_some()
    };
    assert!(contradicts("Simpan fotokopinya di rumah."));
    assert!(!contradicts("Begitu pula pada Pemilu 1971."));
}
