//! The commands as scripts use them: exit status, streams, JSON.

use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

use crate::common::last_review;

fn program() -> Command {
    let mut command = Command::cargo_bin("tanya-pemilu").expect("the binary of this package");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("TELOXIDE_TOKEN").env_remove("FAQ_DIR");
    command.timeout(std::time::Duration::from_secs(120));
    command
}

fn run(args: &[&str]) -> Output {
    program().args(args).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn rows(input: impl Into<Vec<u8>>, args: &[&str]) -> (Vec<Value>, String) {
    let output = program().args(args).write_stdin(input).output().expect("the program runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let rows = text(&output.stdout).lines().map(|l| serde_json::from_str(l).expect("a JSON object a line")).collect();
    (rows, text(&output.stderr))
}

#[test]
fn the_five_questions_of_a_newcomer() {
    let questions = "kpn pemilu 2024?\nasn boleh like postingan capres gak\nsiapa aja capresnya\ntps buka jam brp\ncara bikin paspor gimana\n";
    let (rows, _) = rows(questions, &["ask", "--json", "-"]);
    let found: Vec<(&str, Option<&str>)> =
        rows.iter().map(|r| (r["verdict"].as_str().unwrap_or_default(), r["entry"].as_str())).collect();
    assert_eq!(
        found,
        [
            ("answer", Some("jadwal-pemungutan-suara")),
            ("answer", Some("asn-like-komentar")),
            ("answer", Some("kandidat-daftar")),
            ("answer", Some("jadwal-jam-tps")),
            ("forward", None),
        ]
    );
}

#[test]
fn one_object_a_line_whatever_comes() {
    let mut input = b"tps buka jam brp\n\n\xf0\x9f\x98\x80\n\xff\xfe\xfd kapan\n\x07\x00\x08\n".to_vec();
    input.extend("\u{202e}kapan\u{200f} nyoblos\n".bytes());
    input.extend("x".repeat(100_000).bytes());
    let (rows, errors) = rows(input, &["ask", "--json", "--now", "2024-02-12T09:00+07:00", "-"]);
    assert_eq!(rows.len(), 7);
    for row in &rows {
        let verdict = row["verdict"].as_str().expect("a verdict");
        assert!(["answer", "suggest", "small_talk", "forward"].contains(&verdict));
        assert!(row["ranked"].as_array().is_some_and(|r| r.len() <= 10));
        assert!(row["confidence"].as_f64().is_some_and(|c| (0.0..=1.0).contains(&c)));
        assert_eq!(row["entry"].is_null(), verdict != "answer");
        assert_eq!(row["answer"].is_null(), verdict != "answer");
    }
    assert_eq!(rows[1]["question"], "");
    assert_eq!(rows[2]["verdict"], "small_talk");
    assert!(
        rows[5]["answer"].as_str().is_some_and(|a| a.contains("dua hari lagi, Rabu, 14 Februari 2024")),
        "{}",
        rows[5]
    );
    assert_eq!(rows[6]["verdict"], "forward");
    assert!(errors.contains("baris 4: bukan UTF-8"), "{errors}");
}

#[test]
fn bad_input_gets_a_clear_message() {
    for (question, wanted) in
        [("", "kosong"), ("😀🙏", "belum menemukan kata"), (&*"x".repeat(100_000), "terlalu panjang")]
    {
        let output = run(&["ask", question]);
        assert!(output.status.success());
        assert!(text(&output.stdout).contains(wanted), "{}", text(&output.stdout));
    }
}

#[test]
fn wrong_usage_is_exit_2_and_a_bad_faq_exit_1() {
    for args in
        [&["ask"][..], &["nonsense"], &["ask", "--now", "kemarin", "kapan"], &["eval", "no-such-file"], &["run"]]
    {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
    assert!(text(&run(&["run"]).stderr).contains("TELOXIDE_TOKEN"));
    for args in [&["ask", "--faq", "no-such-folder", "kapan"][..], &["check", "no-such-folder"]] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let all = text(&output.stdout) + &text(&output.stderr);
        assert!(all.contains("no-such-folder") && !all.contains('\u{1b}'), "{all}");
    }
}

#[test]
fn check_is_silent_on_faults_and_speaks_json() {
    let output = run(&["check", "--now", &last_review().to_string()]);
    assert!(output.status.success());
    let shown = text(&output.stdout);
    assert!(shown.contains("faq: 179 entri, 0 salah, 0 perhatian. Dapat dipakai.\n"), "{shown}");
    assert!(shown.contains(" pertanyaan lemah") && shown.contains("check --explain"), "{shown}");
    // Years later everything is due for a look, and still nothing is a fault: few are named, all are counted.
    let output = run(&["check", "--json", "--now", "2040-01-01"]);
    assert!(output.status.success());
    let lines = text(&output.stdout);
    let reviews = lines.lines().filter(|line| line.contains("perlu ditinjau")).count();
    assert!(reviews < 8 && lines.contains("179 entri perlu ditinjau"), "{lines}");
    for line in lines.lines() {
        let row: Value = serde_json::from_str(line).expect("a JSON object a line");
        assert_eq!(row["severity"], "warning");
        assert!(row["line"].as_u64().is_some_and(|l| l > 0) && row["column"].as_u64().is_some_and(|c| c > 0));
    }
}

#[test]
fn what_export_prints_can_be_dropped_in() {
    let exported = run(&["export", "--json", "--negatives", "--now", &last_review().to_string()]);
    let lines = text(&exported.stdout);
    let entries: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).expect("a JSON object a line")).collect();
    assert_eq!(entries.iter().filter(|e| !e["id"].is_null()).count(), 179);
    assert!(entries.iter().filter(|e| e["id"].is_null()).count() >= 300);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kb.jsonl");
    std::fs::write(&path, lines).expect("a file");
    let (rows, _) = rows("tps buka jam brp\n", &["ask", "--json", "--faq", path.to_str().expect("a path"), "-"]);
    assert_eq!(rows[0]["ranked"][0][0], "jadwal-jam-tps");
    assert!(rows[0]["answer"].as_str().is_some_and(|a| a.contains("07.00-13.00 waktu setempat")));
}

#[test]
fn any_faq_in_any_language_can_be_dropped_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.jsonl");
    let kb = r#"{"id": "hours", "questions": ["when do you open", "what are your opening hours", "are you open on sunday", "how late is the library open"]}
{"id": "card", "questions": ["how do i get a library card", "what does a card cost", "i lost my card", "can my child have a card"]}
{"id": "fines", "questions": ["how much is the fine for a late book", "i have to pay a fine", "my book is overdue", "what happens if i return a book late"]}
"#;
    std::fs::write(&path, kb).expect("a file");
    let path = path.to_str().expect("a path");
    let (rows, _) = rows(
        "opening hours on saturday?\nlost library card\nmy books are overdue\n",
        &["ask", "--json", "--faq", path, "-"],
    );
    let found: Vec<&Value> = rows.iter().map(|r| &r["ranked"][0][0]).collect();
    assert_eq!(found, ["hours", "card", "fines"]);
    std::fs::write(path, "{\"id\": 3}\n").expect("a file");
    let output = run(&["ask", "--faq", path, "kapan"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("library.jsonl:1"), "{}", text(&output.stderr));
}

#[test]
fn outside_a_checkout_the_built_in_copy_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = program()
        .current_dir(folder.path())
        .args(["ask", "--now", "2024-02-12", "kapan nyoblos"])
        .output()
        .expect("runs");
    assert!(text(&output.stdout).contains("dua hari lagi"), "{}", text(&output.stdout));
}

#[test]
fn chat_reads_piped_input_to_its_end() {
    let output = program()
        .args(["--now", "2026-11-28"])
        .write_stdin("tps buka jam brp\ncara bikin paspor gimana\n")
        .output()
        .expect("runs");
    assert!(output.status.success());
    let shown = text(&output.stdout);
    assert!(shown.contains("kode jadwal-jam-tps") && shown.contains("nomor #1"), "{shown}");
}

#[test]
fn eval_counts_and_lists() {
    let output = run(&["eval", "tests/questions.jsonl", "--worst", "3"]);
    let shown = text(&output.stdout);
    for part in [
        "238 pertanyaan yang ada jawabannya:",
        "60 pertanyaan di luar FAQ:",
        "jawaban diberikan: keliru",
        "ragam",
        "ternyata",
        "Kekeliruan dengan keyakinan tertinggi:",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("-0,0") && !shown.contains("-0.0"), "{shown}");
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

/// A label that is no entry is named, with its line, and the run goes on; `--json` gives the counts.
#[test]
fn eval_names_labels_that_are_no_entry() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("labelled.jsonl");
    let lines = "{\"text\": \"tps buka jam brp\", \"id\": \"jadwal-jam-tps\"}\n\n{\"text\": \"kpn nyoblos\", \"id\": \"jadwal-tps\"}\n";
    std::fs::write(&path, lines).expect("a file");
    let output = run(&["eval", "--json", path.to_str().expect("a path")]);
    assert!(output.status.success());
    let errors = text(&output.stderr);
    assert!(errors.contains("baris 3: tidak ada entri `jadwal-tps`") && errors.lines().count() == 1, "{errors}");
    let figures: Value = serde_json::from_str(&text(&output.stdout)).expect("one JSON object");
    assert_eq!((&figures["all"]["known"], &figures["all"]["first"]), (&Value::from(2), &Value::from(1)), "{figures}");
}

#[test]
fn explain_shows_what_decided() {
    let shown = text(&run(&["ask", "--explain", "kpn nyoblso stalaktit"]).stdout);
    for part in ["Dipahami sebagai: kapan coblos", "stalaktit?", "Entri terdekat", "Keputusan: ", "linear", "coverage"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

/// A maintainer sees which phrasings only their own entry's other phrasings fail to find, and what to do about it.
#[test]
fn check_explains_weak_phrasings() {
    let shown = text(&run(&["check", "faq", "--explain"]).stdout);
    for part in ["pertanyaan lemah", "menemukan", "-> tambahkan pertanyaan", "Entri yang paling sering tertukar"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn explain_shows_each_sentence_and_the_nearest_phrasing() {
    let shown = text(&run(&["ask", "--explain", "Halo min. Besok saya kerja. tps buka jam berapa?"]).stdout);
    let sentences = shown.lines().skip_while(|line| !line.starts_with("Kalimat demi kalimat")).skip(1);
    assert_eq!(sentences.take_while(|line| line.starts_with("  ")).count(), 3, "{shown}");
    assert!(
        shown.contains("pertanyaan terdekat") && shown.contains("Keputusan: dijawab dengan jadwal-jam-tps"),
        "{shown}"
    );
}
