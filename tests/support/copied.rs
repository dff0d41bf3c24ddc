//! A copy of a FAQ, mostly the project's own, in which a test writes as a maintainer does or makes a mistake, and what is told about it.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::fault::Report;
use tanya_pemilu::faq::source::Source;

/// Where the project's FAQ stands.
pub const FAQ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/faq");

/// The file of the election that most answers speak of.
pub const ELECTION: &str = "pemilu/pemilu2024.toml";

/// A copy of a FAQ; it goes when this value does.
pub struct Copy(tempfile::TempDir);

impl Copy {
    /// The project's, as it stands there.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        copy(Path::new(FAQ), folder.path());
        Self(folder)
    }

    /// The small FAQ of the tests, where it does not matter which one it is.
    pub fn small() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        crate::small_faq::write(folder.path());
        Self(folder)
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Where a file of it is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What a file says.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// Writes a file.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), bytes).expect("a file");
        self
    }

    /// Takes a file away.
    pub fn remove(&self, name: &str) -> &Self {
        fs::remove_file(self.path(name)).expect("a file");
        self
    }

    /// Gives a file or folder another name.
    pub fn rename(&self, from: &str, to: &str) -> &Self {
        fs::rename(self.path(from), self.path(to)).expect("a file");
        self
    }

    /// The first `from` in a file becomes `to`.
    pub fn edit(&self, name: &str, from: &str, to: &str) -> &Self {
        let text = self.text(name);
        assert!(text.contains(from), "{from:?} is not in {name}");
        self.write(name, text.replacen(from, to, 1))
    }

    /// The file that has the entry `id`.
    pub fn file_of(&self, id: &str) -> String {
        let files = fs::read_dir(self.folder()).expect("a folder").flatten();
        let names = files.map(|item| item.file_name().to_string_lossy().into_owned());
        let mut found = names.filter(|name| name.ends_with(".toml"));
        found.find(|name| self.text(name).contains(&format!("\nid = \"{id}\"\n"))).expect("the file of an entry")
    }

    /// Writes phrasings at the head of the entry's list.
    pub fn add_phrasings(&self, id: &str, lines: &[&str]) {
        let file = self.file_of(id);
        let text = self.text(&file);
        let entry = text.find(&format!("\nid = \"{id}\"\n")).expect("the entry");
        let at = entry + text[entry..].find("questions = '''\n").expect("questions") + "questions = '''\n".len();
        let lines: String = lines.iter().map(|line| format!("{}\n", line.trim())).collect();
        self.write(&file, format!("{}{lines}{}", &text[..at], &text[at..]));
    }

    /// Writes a new entry at the end of `file`.
    pub fn add_entry(&self, file: &str, id: &str, lines: &[&str]) {
        let text = self.text(file);
        let entry = format!(
            "\n[[entry]]\nid = \"{id}\"\ntitle = \"Entri uji {id}?\"\nquestions = '''\n{}\n'''\nanswer = '''\nIni jawaban uji.\n'''\n\
             sources = [\"UU 7/2017\"]\nreviewed = \"2026-11-22\"\n",
            lines.join("\n")
        );
        self.write(file, text + &entry);
    }

    /// It, as it is loaded.
    pub fn source(&self) -> Source {
        Source::Folder(self.folder().to_owned())
    }

    /// All that is found wrong.
    pub fn report(&self) -> Report {
        Faq::load(&self.source()).1
    }

    /// What is told, one line a fault or warning: "salah file:line: message | hint".
    pub fn told(&self) -> Vec<String> {
        let row = |line: String| {
            let row: Value = serde_json::from_str(&line).expect("a JSON object a line");
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let severity = if row["severity"] == "fault" { "salah" } else { "perhatian" };
            let place = row["line"].as_u64().map_or_else(String::new, |line| format!(":{line}"));
            format!("{severity} {}{place}: {} | {}", text("file"), text("message"), text("hint"))
        };
        self.report().json_lines().into_iter().map(row).collect()
    }

    /// The one thing that is told must have all of `parts` in it.
    #[track_caller]
    pub fn tells_only(&self, parts: &[&str]) {
        let told = self.told();
        assert_eq!(
            told.len(),
            1,
            "{} things told, not {parts:?}:\n{}",
            told.len(),
            told[..told.len().min(8)].join("\n")
        );
        for part in parts {
            assert!(told[0].contains(part), "{part:?} is not in {}", told[0]);
        }
    }

    /// The line of the first `part` in a file, as a message names it: "file:12:".
    pub fn at(&self, name: &str, part: &str) -> String {
        let text = self.text(name);
        let at = text.find(part).unwrap_or_else(|| panic!("{part:?} is not in {name}"));
        format!("{name}:{}:", text[..at].matches('\n').count() + 1)
    }
}

fn copy(from: &Path, to: &Path) {
    for item in fs::read_dir(from).expect("a folder") {
        let path = item.expect("a file").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file");
        }
    }
}
