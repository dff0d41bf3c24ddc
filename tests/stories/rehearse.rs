//! `tanya-pemilu rehearse`: a day of voters and moderators in seconds.

use std::path::Path;

use serde_json::Value;

use crate::bot::bare_command;
use crate::small_faq;

/// Two questions that an entry answers, one in words that nobody knows, and a greeting.
const QUESTIONS: &str = r#"{"text": "tps buka jam berapa", "id": "uji-jam"}
{"text": "boleh foto surat suara ga", "id": "uji-foto"}
{"text": "genset TPS 12 Sukarame mati, gantinya dari siapa", "id": null}
{"text": "halo", "id": null}
"#;

fn rehearsed(folder: &Path, questions: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let file = folder.join("pertanyaan.jsonl");
    std::fs::write(&file, questions).expect("a file");
    let mut command = bare_command();
    command.arg("rehearse").arg("--faq").arg(folder.join("faq")).arg("--questions").arg(&file);
    command.args(["--now", "2024-02-14 06:00"]).args(more).env("TMPDIR", folder);
    let done = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

fn figures(folder: &Path, questions: &str, more: &[&str]) -> Value {
    let (status, out, err) = rehearsed(folder, questions, more);
    assert_eq!(status, Some(0), "{err}");
    let mut figures: Value = serde_json::from_str(&out).expect("one JSON object");
    figures.as_object_mut().expect("an object").remove("seconds");
    figures
}

#[test]
fn an_election_day_is_rehearsed() {
    let folder = tempfile::tempdir().expect("a folder");
    small_faq::write(&folder.path().join("faq"));
    let slow = ["--json", "--voters", "60", "--hours", "2", "--moderators", "1", "--minutes", "50"];
    let day = figures(folder.path(), QUESTIONS, &slow);
    let number = |field: &str| day[field].as_u64().unwrap_or_else(|| panic!("{field} of {day}"));
    assert_eq!(number("asked"), 60);
    // Each has one fate at first; what was offered may have gone to a person after it.
    let fates: u64 = ["answered", "offered", "small_talk", "refused"].map(number).iter().sum();
    assert!(fates <= 60 && fates + number("forwarded") >= 60, "{day}");
    assert!(number("answered") > 10 && number("small_talk") > 5 && number("forwarded") > 5, "{day}");
    assert_eq!((number("answered_wrong"), number("unanswered"), number("refused")), (0, 0, 0), "{day}");
    // The same question waits for fifty minutes: who asks it meanwhile joins it.
    assert!(number("cards") < number("forwarded") && number("most_askers") > 1, "{day}");
    assert!(day["wait_ms"]["max"].as_u64() >= Some(50 * 60_000), "{day}");
    // The same seed, the same day; another one, another.
    assert_eq!(day, figures(folder.path(), QUESTIONS, &slow));
    assert_ne!(day, figures(folder.path(), QUESTIONS, &[&slow[..], &["--seed", "2"]].concat()));
    // Nothing is left behind.
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|f| f.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_rehearsal_says_how_many_moderators_it_takes() {
    let folder = tempfile::tempdir().expect("a folder");
    small_faq::write(&folder.path().join("faq"));
    let (status, told, err) = rehearsed(folder.path(), QUESTIONS, &["--voters", "20", "--hours", "1"]);
    assert_eq!(status, Some(0), "{err}");
    for part in ["20 pertanyaan dalam 1 jam, 3 petugas, 5 menit per jawaban", "Dijawab bot", "Kartu", "1 petugas."] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let (status, _, err) = rehearsed(folder.path(), QUESTIONS, &["--voters", "0"]);
    assert_eq!(status, Some(2), "{err}");
}

/// Nothing limits how many tickets all accounts together open: what it costs is the moderators' time, and no voter's answer.
#[test]
fn a_flood_of_tickets_delays_no_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    small_faq::write(&folder.path().join("faq"));
    let known = "{\"text\": \"tps buka jam berapa\", \"id\": \"uji-jam\"}\n".repeat(100);
    let unknown =
        |n: u32| format!("{{\"text\": \"genset TPS {n} Sukarame mati, gantinya dari siapa\", \"id\": null}}\n");
    let questions: String = std::iter::once(known).chain((101..501).map(unknown)).collect();
    let day = figures(folder.path(), &questions, &["--json", "--voters", "300", "--hours", "1", "--moderators", "2"]);
    let number = |field: &str| day[field].as_u64().unwrap_or_else(|| panic!("{field} of {day}"));
    assert!(number("answered") > 20 && number("forwarded") > 200, "{day}");
    // No two ask the same, but for those who drew the same question.
    assert!(number("cards") > 150 && number("most_askers") < 6, "{day}");
    assert!(day["first_answer_ms"]["max"].as_u64() < Some(2_000), "{day}");
    assert!(number("longest_queue") > 50 && number("unanswered") == 0, "{day}");
}
