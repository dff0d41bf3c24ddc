//! Categories: the entries by the `category` of their files, to be browsed by title.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Faq;
use super::entry::LONGEST_ID;
use super::reader::{Reader, Table, Text};
use crate::text::language::Language;
use crate::text::normalize::words;

/// The longest title of a category, in characters.
const LONGEST_TITLE: usize = 40;
/// The id of what has no category.
const OTHER: &str = "lain";

/// What a category is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Title {
    indonesian: String,
    english: Option<String>,
}

impl Title {
    /// In `language`; in Indonesian where it has no name there.
    pub fn in_language(&self, language: Language) -> &str {
        language.pick(&self.indonesian, self.english.as_deref())
    }
}

/// Entries that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// What buttons carry: its title in plain letters.
    pub id: String,
    /// Its title; none of what has no category.
    pub title: Option<Title>,
    /// Its entries, by their place in the FAQ, in the order of the files.
    pub entries: Vec<usize>,
}

/// The `category` at the head of a file of entries.
pub(super) fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Option<Title> {
    let english = root.optional_text(reader, "category_en");
    english.iter().for_each(|english| check_length(reader, english));
    let text = root.optional_text(reader, "category")?;
    let title = text.value.trim();
    if id_of(title).is_empty() {
        reader.fault(text.span.clone(), "`category` masih kosong").hint =
            Some("tulis nama topiknya, misalnya \"Cara memilih\", atau hapus baris ini".to_owned());
        return None;
    }
    check_length(reader, &text);
    let english = english.map(|english| english.value.trim().to_owned()).filter(|english| !english.is_empty());
    Some(Title { indonesian: title.to_owned(), english })
}

fn check_length(reader: &mut Reader<'_>, title: &Text) {
    let length = title.value.trim().chars().count();
    if length > LONGEST_TITLE {
        let message = format!("nama topik ini {length} huruf; paling banyak {LONGEST_TITLE}");
        reader.fault(title.span.clone(), message).hint = Some("nama topik tampil di tombol; pendekkan".to_owned());
    }
}

/// A title as it stands in a button's data.
fn id_of(title: &str) -> String {
    let ascii = |word: String| -> String { word.chars().filter(char::is_ascii_alphanumeric).collect() };
    let parts: Vec<String> = words(title).into_iter().map(ascii).filter(|word| !word.is_empty()).collect();
    parts.join("-").chars().take(LONGEST_ID).collect()
}

impl Faq {
    /// The categories that have an entry which may be given on `today`, by title; what has none comes last.
    pub fn categories(&self, today: NaiveDate) -> Vec<Category> {
        let mut found: BTreeMap<(bool, String), Category> = BTreeMap::new();
        for (place, entry) in self.entries.iter().enumerate().filter(|(_, entry)| entry.is_valid(today)) {
            let title = entry.category.clone();
            let id = title.as_ref().map_or_else(|| OTHER.to_owned(), |title| id_of(&title.indonesian));
            let new = || Category { id: id.clone(), title: title.clone(), entries: Vec::new() };
            found.entry((title.is_none(), id.clone())).or_insert_with(new).entries.push(place);
        }
        found.into_values().collect()
    }
}
