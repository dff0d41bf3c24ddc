//! Categories: the entries by the `category` of their files, to be browsed by title.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Faq;
use super::entry::LONGEST_ID;
use super::reader::{Reader, Table};
use crate::text::normalize::words;

/// The longest title of a category, in characters.
const LONGEST_TITLE: usize = 40;
/// The id of what has no category.
const OTHER: &str = "lain";

/// Entries that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// What buttons carry: its title in plain letters.
    pub id: String,
    /// Its title; none of what has no category.
    pub title: Option<String>,
    /// Its entries, by their place in the FAQ, in the order of the files.
    pub entries: Vec<usize>,
}

/// The `category` at the head of a file of entries.
pub(super) fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Option<String> {
    let text = root.optional_text(reader, "category")?;
    let title = text.value.trim();
    if id_of(title).is_empty() {
        reader.fault(text.span.clone(), "`category` masih kosong").hint =
            Some("tulis nama topiknya, misalnya \"Cara memilih\", atau hapus baris ini".to_owned());
        return None;
    }
    let length = title.chars().count();
    if length > LONGEST_TITLE {
        let message = format!("nama topik ini {length} huruf; paling banyak {LONGEST_TITLE}");
        reader.fault(text.span.clone(), message).hint = Some("nama topik tampil di tombol; pendekkan".to_owned());
    }
    Some(title.to_owned())
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
            let id = title.as_deref().map_or_else(|| OTHER.to_owned(), id_of);
            let new = || Category { id: id.clone(), title: title.clone(), entries: Vec::new() };
            found.entry((title.is_none(), id.clone())).or_insert_with(new).entries.push(place);
        }
        found.into_values().collect()
    }
}
