//! `faq/README.md` is true: its steps, done by the letter on a copy of the FAQ with the real program, lead to what it says.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::last_review;
use crate::program::{run_in, with_faq};

const TUTORIAL: &str = include_str!("../../faq/README.md");

/// The section whose heading has these words in it.
fn section(words: &str) -> &'static str {
    let found = TUTORIAL.split("\n## ").find(|s| s.lines().next().is_some_and(|head| head.contains(words)));
    found.unwrap_or_else(|| panic!("no section on {words:?}"))
}

/// The fenced blocks of that language in a text, without what they are indented by.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start() != format!("```{language}") {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let inside = lines.by_ref().take_while(|l| l.trim() != "```").map(|l| l.get(indent..).unwrap_or_default());
        found.push(inside.collect::<Vec<_>>().join("\n") + "\n");
    }
    found
}

/// The words between backquotes.
fn spans(text: &str) -> Vec<&str> {
    text.lines().filter(|l| !l.trim_start().starts_with("```")).flat_map(|l| l.split('`').skip(1).step_by(2)).collect()
}

/// The arguments of a command as a shell splits them: quotes hold blanks together.
fn arguments(command: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, part) in command.split('"').enumerate() {
        if number % 2 == 1 {
            found.push(part.to_owned());
        } else {
            found.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    found
}

fn run(folder: &Path, command: &str) -> String {
    let arguments = arguments(command);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let shown = run_in(folder, &arguments);
    assert_eq!(shown.status, Some(0), "{command}: {}{}", shown.out, shown.err);
    shown.out
}

/// Adds `text` at the end of a file of the FAQ.
fn append(folder: &Path, file: &str, text: &str) {
    let path = folder.join("faq").join(file);
    fs::write(&path, fs::read_to_string(&path).expect("a file") + "\n" + text).expect("a file");
}

/// Every number as N.
fn without_numbers(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c.is_ascii_digit() {
            false => out.push(c),
            true if out.ends_with('N') => {}
            true => out.push('N'),
        }
    }
    out
}

/// Every command that is written out in full can be typed as it stands.
#[test]
fn every_command_can_be_typed() {
    let folder = with_faq();
    // What is compared with an earlier state stands in git.
    for arguments in ["init -q", "add .", "-c user.name=uji -c user.email=uji@localhost commit -qm awal"] {
        let git = Command::new("git").args(arguments.split(' ')).current_dir(folder.path()).status();
        assert!(git.expect("git is there").success(), "git {arguments}");
    }
    let mut count = 0;
    for span in spans(TUTORIAL) {
        let Some(command) = span.strip_prefix("cargo run -- ").or_else(|| span.strip_prefix("tanya-pemilu ")) else {
            continue;
        };
        assert!(!command.contains("..."), "{command}");
        // A file is got back where it is lost.
        if let ["faq-bawaan", target, file] = arguments(command).iter().map(String::as_str).collect::<Vec<_>>()[..] {
            fs::remove_file(folder.path().join(target).join(file)).expect("the file that is lost");
        }
        let shown = run(folder.path(), command);
        assert!(!shown.is_empty(), "{command}");
        count += 1;
    }
    assert!(count >= 15, "{count}");
    assert!(run(folder.path(), "check").contains("0 salah"));
}

#[test]
fn another_day_gives_the_answer_that_is_promised() {
    let folder = with_faq();
    let step = section("Mencoba").lines().find(|l| l.contains("ask --now")).expect("the step");
    let command = spans(step)[0].strip_prefix("cargo run -- ").expect("a command");
    let promised = step.split("Jawabannya: \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a promise");
    let shown = run(folder.path(), command);
    assert!(shown.contains(promised), "{promised}: {shown}");
}

/// "Mengubah tanggal": the stage as the block has it, and the answer follows.
#[test]
fn moving_a_date_moves_the_answer() {
    let folder = with_faq();
    let step = section("Mengubah tanggal");
    let block = blocks(step, "toml").into_iter().find(|b| b.contains("start = ")).expect("a stage");
    let head = block.lines().next().expect("a heading").to_owned();
    let file = spans(step).into_iter().find(|s| s.ends_with(".toml")).expect("the file");
    let path = folder.path().join("faq").join(file);
    let text = fs::read_to_string(&path).expect("the election");
    let at = text.find(&head).unwrap_or_else(|| panic!("{head} is not in {file}"));
    let end = text[at..].find("\n\n").map_or(text.len(), |i| at + i + 1);
    assert_ne!(&text[at..end], block);
    fs::write(&path, format!("{}{block}{}", &text[..at], &text[end..])).expect("the election");
    let day = block.split("start = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a day");
    let day: chrono::NaiveDate = day.parse().expect("a day");
    let written = tanya_pemilu::text::indonesian::date(day);
    assert!(run(folder.path(), "check").contains("0 salah"));
    let before = run(folder.path(), &format!("ask --now {} \"kapan nyoblos\"", day.pred_opt().expect("a day")));
    assert!(before.contains("besok") && before.contains(&written), "{before}");
    // The entries that the text names as following along.
    let followers = step.lines().find(|l| l.contains("antara lain")).expect("those that follow");
    for id in spans(followers).into_iter().filter(|s| s.contains('-')) {
        let shown = run(folder.path(), &format!("lihat {id} --now {day}"));
        assert!(shown.contains(&written), "{id}: {shown}");
    }
}

/// "Menambah entri": the block pasted where it is told to, and the entry answers.
#[test]
fn the_entry_to_paste_answers() {
    let folder = with_faq();
    let block = blocks(section("Menambah entri"), "toml").remove(0);
    append(folder.path(), "memilih.toml", &block);
    let shown = run(folder.path(), "check");
    assert!(shown.contains("0 salah, 0 perhatian"), "{shown}");
    let id = block.split("id = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
    for question in ["jumlah tps di indonesia berapa sih", "ada berapa tps di seluruh indonesia ya"] {
        let shown = run(folder.path(), &format!("ask --json \"{question}\""));
        assert!(shown.contains(&format!("\"entry\":\"{id}\"")), "{question}: {shown}");
    }
    assert!(run(folder.path(), &format!("lihat {id}")).contains("(memilih.toml baris "));
    assert!(run(folder.path(), "daftar").contains(id));
    // The fault that the text shows as an example is shown so, but for the line's number.
    let example =
        blocks(section("Memeriksa"), "text").into_iter().find(|b| b.starts_with("salah: ")).expect("an example");
    let line = example.lines().find(|l| l.contains("related = ")).and_then(|l| l.split_once("| ")).expect("a line").1;
    let right = block.lines().find(|l| l.starts_with("related = ")).expect("a line");
    let path = folder.path().join("faq/memilih.toml");
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(&path, text.replace(right, line)).expect("a file");
    let shown = run_in(folder.path(), &["check"]);
    let clean = |text: &str| without_numbers(text).replace(' ', "");
    assert!(clean(&shown.out).contains(&clean(&example)), "{}\n{example}", shown.out);
    assert_eq!(shown.status, Some(1));
}

#[test]
fn check_says_what_it_is_shown_to_say() {
    let folder = with_faq();
    let wanted = blocks(section("Memeriksa"), "text").into_iter().find(|b| b.starts_with("faq: ")).expect("the lines");
    let shown = run(folder.path(), &format!("check --now {}", last_review()));
    assert_eq!(without_numbers(&shown), without_numbers(&wanted));
}

/// "Jawaban yang mengikuti waktu": the four keys make an entry that speaks by the stage.
#[test]
fn the_keys_of_a_stage_make_three_texts() {
    let folder = with_faq();
    let block = blocks(section("mengikuti waktu"), "toml").remove(0);
    append(folder.path(), "memilih.toml", &entry("uji-tahapan", &block));
    let shown = run(folder.path(), "lihat uji-tahapan");
    let parts: Vec<&str> = shown.split("\n--- ").skip(1).collect();
    assert_eq!(parts.len(), 3, "{shown}");
    let texts: Vec<&str> = parts.iter().filter_map(|p| p.split("---\n").nth(1)?.lines().next()).collect();
    assert!(texts[0] != texts[1] && texts[1] != texts[2] && texts[0] != texts[2], "{texts:?}");
}

/// The table of templates: each row, written into an answer, shows what its last column says.
#[test]
fn the_table_of_templates_is_true() {
    let folder = with_faq();
    let part = section("Tanggal, nama, dan angka");
    let mut rows = Vec::new();
    for line in part.lines().filter(|l| l.starts_with("| `")) {
        // A blank before a stroke inside code is no border of the table.
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, filter, shown] = cells[..] else { continue };
        let (names, filters) = (spans(name), spans(filter));
        let [name] = names[..] else { continue };
        let template = match filters.first() {
            Some(filter) => format!("{{{{ {name} | {filter} }}}}"),
            None => format!("{{{{ {name} }}}}"),
        };
        // What is not said in quotes or plainly is a description.
        let quoted: Vec<&str> = shown.split('"').skip(1).step_by(2).collect();
        let plain = shown.split([';', '(']).next().unwrap_or_default().trim();
        let described = ["nama lengkap", "salah satunya", "tahapan yang"].iter().any(|d| plain.starts_with(d));
        let wanted = if described {
            Vec::new()
        } else if quoted.is_empty() {
            vec![plain]
        } else {
            quoted
        };
        rows.push((template, wanted));
    }
    assert!(rows.len() >= 15, "{rows:?}");
    let lines: Vec<String> = rows.iter().enumerate().map(|(n, (template, _))| format!("N{n}: {template}")).collect();
    let lists = blocks(part, "text").into_iter().find(|b| b.contains("baris(")).expect("the lists");
    let answer = format!("answer = '''\n{}\n\n{lists}'''\n", lines.join("\n\n"));
    append(folder.path(), "memilih.toml", &entry("uji-templat", &answer));
    let mut seen = vec![Vec::new(); rows.len()];
    for day in ["2023-11-16", "2023-12-01", "2024-02-12", "2024-02-14 09:00", "2024-02-15", "2024-08-26"] {
        let shown = run(folder.path(), &format!("lihat uji-templat --now \"{day}\""));
        for (number, seen) in seen.iter_mut().enumerate() {
            let start = format!("N{number}: ");
            seen.extend(shown.lines().find_map(|l| l.strip_prefix(&start)).map(str::to_owned));
        }
        // The seats are known from the day on which they were allotted.
        let seats = if day == "2024-08-26" { "PDI Perjuangan: 110 kursi" } else { "" };
        for line in ["abu-abu: Presiden dan Wakil Presiden", seats] {
            assert!(shown.contains(line) && part.contains(line), "{line}: {shown}");
        }
    }
    for ((template, wanted), seen) in rows.iter().zip(seen) {
        for text in wanted {
            assert!(seen.iter().any(|s| s == text), "{template} shows {seen:?}, never {text:?}");
        }
    }
}

/// An entry with these keys.
fn entry(id: &str, keys: &str) -> String {
    let questions: String = (0..10).map(|n| format!("balai desa kami ukuran kursi tamu {n}\n")).collect();
    format!(
        "[[entry]]\nid = \"{id}\"\ntitle = \"Ukuran kursi balai desa?\"\nquestions = '''\n{questions}'''\n{keys}\
         sources = [\"Surat Edaran Balai Desa, 1 Mei 2026\"]\nreviewed = \"2026-11-24\"\nrelated = [\"golput\"]\n"
    )
}
