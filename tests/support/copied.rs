//! A copy of the project's own FAQ in which a test makes a mistake, and what a maintainer reads about it.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::fault::Report;
use tanya_pemilu::faq::source::Source;

/// The file of the election that most answers speak of.
pub const ELECTION: &str = "pemilu/pemilu2024.toml";

/// A copy of the project's FAQ, to be spoilt.
pub struct Copy(pub tempfile::TempDir);

impl Copy {
    /// As it stands in the project.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/faq")), folder.path());
        Self(folder)
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

    /// All that is found wrong.
    pub fn report(&self) -> Report {
        Faq::load(&Source::Folder(self.0.path().to_owned())).1
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
