//! A copy of the shipped FAQ, to be edited as a maintainer does.

#![allow(dead_code)]

use std::fs;
use std::path::Path;

/// Where the shipped FAQ stands.
pub const FAQ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/faq");

/// The copy; it goes when this value does.
pub struct Copy(tempfile::TempDir);

impl Copy {
    /// A fresh one.
    pub fn of_faq() -> Self {
        let copy = Self(tempfile::tempdir().expect("a folder"));
        copy_folder(Path::new(FAQ), copy.path());
        copy
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// What a file of it holds.
    pub fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).expect("a file of the FAQ")
    }

    /// Replaces the first `from` in `file`, which must be there.
    pub fn replace(&self, file: &str, from: &str, to: &str) {
        let text = self.text(file);
        assert!(text.contains(from), "{from:?} is not in {file}");
        fs::write(self.path().join(file), text.replacen(from, to, 1)).expect("a file");
    }

    /// The file that has the entry `id`.
    pub fn file_of(&self, id: &str) -> String {
        let files = fs::read_dir(self.path()).expect("a folder").flatten();
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
        fs::write(self.path().join(file), format!("{}{lines}{}", &text[..at], &text[at..])).expect("a file");
    }

    /// Writes a new entry at the end of `file`.
    pub fn add_entry(&self, file: &str, id: &str, lines: &[&str]) {
        let text = self.text(file);
        let entry = format!(
            "\n[[entry]]\nid = \"{id}\"\ntitle = \"Entri uji {id}?\"\nquestions = '''\n{}\n'''\nanswer = '''\nIni jawaban uji.\n'''\n\
             sources = [\"UU 7/2017\"]\nreviewed = \"2026-11-22\"\n",
            lines.join("\n")
        );
        fs::write(self.path().join(file), text + &entry).expect("a file");
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for item in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(item.file_name());
        if item.path().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy_folder(&item.path(), &target);
        } else {
            fs::copy(item.path(), &target).expect("a file");
        }
    }
}
