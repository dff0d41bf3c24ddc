//! `check --against`: a maintainer sees what an edit did, before handing it in.

use std::path::Path;
use std::process::{Command, Output};

use crate::common::last_review;
use crate::copied::{Copy, FAQ};

fn check(copy: &Copy, old: &str, more: &[&str]) -> Output {
    let mut command = assert_cmd::Command::cargo_bin("tanya-pemilu").expect("the binary of this package");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("FAQ_DIR");
    command.arg("check").arg(copy.folder()).args(["--now", &last_review().to_string(), "--against", old]).args(more);
    command.output().expect("the program runs")
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn against_shipped(copy: &Copy, more: &[&str]) -> String {
    let output = check(copy, FAQ, more);
    assert!(output.status.success(), "{}", shown(&output));
    shown(&output)
}

/// The lines of one part, by how its head begins.
fn part<'t>(shown: &'t str, head: &str) -> Vec<&'t str> {
    let lines = shown.lines().skip_while(|line| !line.starts_with(head));
    lines.take_while(|line| !line.is_empty()).collect()
}

#[test]
fn nothing_changed_is_said() {
    let copy = Copy::new();
    let text =
        against_shipped(&copy, &["--questions", "tests/questions.jsonl", "--questions", "tests/questions-apart.jsonl"]);
    assert!(text.contains("Jawaban: tidak ada yang berubah"), "{text}");
    assert_eq!(text.matches("berubah hasilnya").count(), 4, "{text}");
    assert_eq!(text.matches(": tidak ada dari ").count(), 4, "{text}");
    assert!(text.contains("0 salah, 0 perhatian. Dapat dipakai."), "{text}");
}

/// A moved date is shown before, on and after the day, only where the answer differs, and only the sentences that do.
#[test]
fn answers_are_shown_on_the_days_on_which_they_differ() {
    let copy = Copy::new();
    let day = |day: &str| {
        format!("name = \"Pemungutan suara\"\nname_en = \"Voting day\"\nstart = \"{day}\"\nend = \"{day}\"")
    };
    copy.edit("pemilu/pemilu2024.toml", &day("2024-02-14"), &day("2024-02-21"));
    let text = against_shipped(&copy, &["--all"]);
    let answers = part(&text, "Jawaban: ");
    assert!(answers.len() > 20, "{text}");
    let entry: Vec<&str> =
        answers.iter().skip_while(|line| !line.contains("`jadwal-pemungutan-suara`")).take(10).copied().collect();
    let entry = entry.join("\n");
    for part in ["20 Februari 2024 (sebelum)", "- ", "+ ", "besok, Rabu, 21 Februari 2024"] {
        assert!(entry.contains(part), "{part}: {entry}");
    }
    // Ten lines first, and how many more there are.
    let first = against_shipped(&copy, &[]);
    let short = part(&first, "Jawaban: ");
    assert_eq!(short.len(), 12, "{first}");
    assert!(short[11].ends_with(&format!("dan {} baris lagi (semuanya dengan --all)", answers.len() - 11)), "{first}");
}

/// Takes the entry `id` out of its file, and out of what others name as related.
fn remove_entry(copy: &Copy, id: &str) {
    let file = copy.file_of(id);
    let text = copy.text(&file);
    let own = format!("id = \"{id}\"\n");
    let kept: Vec<&str> = text.split("[[entry]]\n").filter(|part| !part.starts_with(&own)).collect();
    std::fs::write(copy.folder().join(&file), kept.join("[[entry]]\n")).expect("a file");
    for item in std::fs::read_dir(copy.folder()).expect("a folder").flatten().filter(|item| item.path().is_file()) {
        let text = std::fs::read_to_string(item.path()).expect("a file");
        let without = text.replace(&format!("\"{id}\", "), "").replace(&format!(", \"{id}\""), "");
        std::fs::write(item.path(), without).expect("a file");
    }
}

#[test]
fn a_new_text_a_new_title_and_a_lost_entry_are_told() {
    let copy = Copy::new();
    copy.edit("memilih.toml", "title = \"", "title = \"X ");
    copy.edit("obrolan.toml", "reply = '''", "reply = '''Salam sejahtera. ");
    remove_entry(&copy, "damai-pemilu");
    copy.add_entry("memilih.toml", "pemilih-uji", &KITES);
    let text = against_shipped(&copy, &["--all"]);
    let answers = part(&text, "Jawaban: 6 berubah").join("\n");
    for part in [
        "(judul)",
        "`pemilih-uji` baru: Entri uji",
        "`damai-pemilu` dihapus: ",
        "(terkait)",
        "`obrolan/sapaan`",
        "+ Salam sejahtera.",
    ] {
        assert!(answers.contains(part), "{part}: {text}");
    }
}

/// A foreign phrasing: the question that it takes away, from what to what, and by which line.
#[test]
fn verdicts_are_told_with_the_edit_that_changed_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("uji.jsonl");
    std::fs::write(&file, "{\"text\": \"waktunya nyoblos kapan sih kak\", \"id\": \"jadwal-pemungutan-suara\"}\n")
        .expect("a file");
    let copy = Copy::new();
    copy.add_phrasings("pemilih-syarat", &["kapan sih waktunya nyoblos"]);
    let file = file.display().to_string();
    let text = against_shipped(&copy, &["--questions", &file]);
    let lines =
        part(&text, &format!("Pertanyaan berlabel {file}: 1 dari 1 berubah hasilnya (1 lebih buruk, 0 lebih baik)"));
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[1].starts_with("  - \"waktunya nyoblos kapan sih kak\" (`jadwal-pemungutan-suara`): "), "{text}");
    let wanted = "kini dijawab `pemilih-syarat`; karena baris baru \"kapan sih waktunya nyoblos\" di `pemilih-syarat`";
    assert!(lines[1].ends_with(wanted), "{text}");
}

/// Of several edits at once each changed verdict names its own.
#[test]
fn each_verdict_names_its_own_edit() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("uji.jsonl");
    let lines = r#"{"text": "kitap punya hak pilih ga", "id": "hoaks-wna-dpt"}
{"text": "parade lampion belibis oren kapan digelar", "id": null}
{"text": "lomba layangan naga hadiahnya apa", "id": "pemilih-uji"}
"#;
    std::fs::write(&file, lines).expect("a file");
    let copy = Copy::new();
    copy.edit("hoaks.toml", "\nkitap punya hak pilih ga\n", "\n");
    copy.add_phrasings("tps-lokasi", &["parade lampion belibis oren kapan digelar"]);
    copy.add_entry("memilih.toml", "pemilih-uji", &KITES);
    let file = file.display().to_string();
    let text = against_shipped(&copy, &["--all", "--questions", &file]);
    let lines =
        part(&text, &format!("Pertanyaan berlabel {file}: 3 dari 3 berubah hasilnya (2 lebih buruk, 1 lebih baik)"));
    for (question, cause) in [
        ("kitap punya hak pilih ga", "karena baris \"kitap punya hak pilih ga\" yang dihapus dari `hoaks-wna-dpt`"),
        ("parade lampion", "karena baris baru \"parade lampion belibis oren kapan digelar\" di `tps-lokasi`"),
        ("lomba layangan", "karena entri baru `pemilih-uji`"),
    ] {
        let line = lines.iter().find(|line| line.contains(question)).unwrap_or_else(|| panic!("{text}"));
        assert!(line.ends_with(cause), "{cause}: {line}");
    }
}

const KITES: [&str; 10] = [
    "layangan naga ikut festival",
    "festival layangan naga kapan digelar",
    "layangan naga dijual di mana",
    "harga layangan bentuk naga",
    "panitia festival layangan siapa ya",
    "rute arak-arakan layangan naga",
    "lomba layangan naga hadiahnya apa sih",
    "daftar festival layangan lewat mana",
    "layangan naga boleh dibawa anak kecil ga",
    "layangan kertas atau plastik",
];

/// A labelled question counts as better or worse by its label.
#[test]
fn labelled_questions_count_by_their_label() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("uji.jsonl");
    let lines = r#"{"text": "kapan nyoblos", "id": "jadwal-pemungutan-suara"}
{"text": "parade lampion belibis oren kapan digelar", "id": null}
{"text": "tps buka jam brp", "id": "jadwal-jam-tps"}
"#;
    std::fs::write(&file, lines).expect("a file");
    let copy = Copy::new();
    copy.add_phrasings("pemilih-syarat", &["parade lampion belibis oren kapan digelar", "belibis oren parade lampion"]);
    let file = file.display().to_string();
    let text = against_shipped(&copy, &["--questions", &file]);
    let lines =
        part(&text, &format!("Pertanyaan berlabel {file}: 1 dari 3 berubah hasilnya (1 lebih buruk, 0 lebih baik)"));
    assert!(lines.len() == 2, "{text}");
    assert!(lines[1].contains("(di luar): diteruskan ke petugas, kini dijawab `pemilih-syarat`"), "{text}");
    assert!(
        lines[1].contains("karena baris baru \"parade lampion belibis oren kapan digelar\" di `pemilih-syarat`"),
        "{text}"
    );
}

fn git(folder: &Path, args: &[&str]) {
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Uji", "-c", "user.email=uji@example.org", "-c", "commit.gpgsign=false"])
        .args(args)
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .expect("git runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A revision of the repository that the folder lies in, also where the FAQ is not its root.
#[test]
fn a_git_revision_is_read_as_it_was() {
    let copy = Copy::small();
    let root = copy.folder();
    // An answer that hangs on a file in a folder.
    std::fs::create_dir(copy.path("pemilu")).expect("a folder");
    let stage = "name = \"Pemungutan suara\"\nstart = \"2024-02-14\"\nend = \"2024-02-14\"\n";
    copy.write("pemilu/uji2024.toml", format!("name = \"Uji 2024\"\n\n[stages.pemungutan_suara]\n{stage}"));
    copy.edit("uji.toml", "**Rabu**", "**{{ uji2024.pemungutan_suara | hari_tanggal }}**");
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "pertama"]);
    git(root, &["tag", "v1"]);
    copy.add_phrasings("uji-hari", &["parade lampion belibis oren kapan digelar"]);
    copy.edit("uji.toml", "title = \"", "title = \"X ");
    for old in ["HEAD", "v1", "main"] {
        let output = check(&copy, old, &[]);
        let text = shown(&output);
        assert!(output.status.success() && text.contains(&format!("Dibandingkan dengan {old}:")), "{text}");
        assert!(text.contains("Jawaban: 1 berubah") && text.contains("(judul)"), "{text}");
    }
    // Committed, there is no difference any more.
    git(root, &["commit", "-q", "-a", "-m", "kedua"]);
    assert!(shown(&check(&copy, "HEAD", &[])).contains("Jawaban: tidak ada yang berubah"));
    assert!(shown(&check(&copy, "HEAD~1", &[])).contains("Jawaban: 1 berubah"));
}

/// What can't be compared is said in a sentence, and nothing else is claimed.
#[test]
fn what_can_not_be_compared_is_said() {
    let copy = Copy::new();
    let fails = |old: &str, part: &str, status: i32| {
        let output = check(&copy, old, &[]);
        assert_eq!(output.status.code(), Some(status), "{}", shown(&output));
        assert!(shown(&output).contains(part), "{part}: {}", shown(&output));
        assert!(!shown(&output).contains("Dibandingkan"), "{}", shown(&output));
    };
    fails("HEAD", "tidak berada di dalam repositori git", 2);
    git(copy.folder(), &["init", "-q"]);
    fails("HEAD", "`HEAD` bukan folder yang ada, dan bukan revisi git", 2);
    fails("tidak-ada", "`tidak-ada` bukan folder yang ada, dan bukan revisi git", 2);
    let empty = tempfile::tempdir().expect("a folder");
    fails(&empty.path().display().to_string(), "tidak dapat dibandingkan", 1);
    // The exit status is that of `check`.
    copy.edit("memilih.toml", "reviewed = \"", "reviewed = \"x");
    let output = check(&copy, FAQ, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(shown(&output).contains("Belum dapat dipakai"), "{}", shown(&output));
}

/// Without the program git a revision can't be read, and that is what is said.
#[test]
fn without_git_that_is_said() {
    let copy = Copy::new();
    let mut command = assert_cmd::Command::cargo_bin("tanya-pemilu").expect("the binary of this package");
    let output = command
        .env("PATH", copy.folder())
        .env_remove("FAQ_DIR")
        .arg("check")
        .arg(copy.folder())
        .args(["--against", "HEAD"])
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(shown(&output).contains("program git tidak ada di komputer ini"), "{}", shown(&output));
}
