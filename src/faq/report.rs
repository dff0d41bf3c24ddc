//! `lapor.toml`: which breaches can be reported, and the entry that tells of each the office, the evidence and the time.

use super::entry::check_button;
use super::reader::{Reader, Table, Text};
use crate::text::language::Language;

/// The file they stand in.
pub const FILE: &str = "lapor.toml";

/// A breach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// What stands on its button.
    pub title: String,
    /// The same in English, if it was put into English.
    pub title_en: Option<String>,
    /// The entry that tells where to report it.
    pub entry: Text,
}

impl Breach {
    /// Its title in `language`; in Indonesian where it has none.
    pub fn title_in(&self, language: Language) -> &str {
        language.pick(&self.title, self.title_en.as_deref())
    }
}

/// Reads `lapor.toml`.
pub fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Vec<Breach> {
    root.only(reader, &["breach"]);
    let mut breaches = Vec::new();
    for table in root.list(reader, "pelanggaran", "breach").unwrap_or_default() {
        table.only(reader, &["title", "title_en", "entry"]);
        let (Some(title), Some(entry)) = (table.text(reader, "title"), table.text(reader, "entry")) else { continue };
        let title_en = table.optional_text(reader, "title_en");
        std::iter::once(&title).chain(&title_en).for_each(|title| check_button(reader, title));
        let title_en = title_en.map(|title| title.value.trim().to_owned());
        breaches.push(Breach { title: title.value.trim().to_owned(), title_en, entry });
    }
    breaches
}
