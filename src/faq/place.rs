//! Where the values of a file stand, by path: `stages.kampanye.start`, `candidates.2.share`, `figures.dpt`.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::reader::{Table, number_of};

/// The places of all values of one file, so that what is judged later can be shown where it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<String, Range<usize>>);

impl Places {
    /// The places of everything in `root`. The items of a list go by their `number`, or by their place from 1.
    pub fn of(root: &Table<'_, '_>) -> Self {
        let mut places = Self::default();
        for (key, span, value) in root.keys() {
            places.add(key.to_owned(), span, value);
        }
        places
    }

    /// Where the value at `path` stands; else that of what it belongs to.
    pub fn get(&self, path: &str) -> Option<Range<usize>> {
        let mut path = path;
        loop {
            if let Some(span) = self.0.get(path) {
                return Some(span.clone());
            }
            path = path.rsplit_once('.')?.0;
        }
    }

    fn add(&mut self, path: String, head: Range<usize>, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => {
                for (key, value) in table {
                    self.add(format!("{path}.{}", key.get_ref()), key.span(), value);
                }
                self.0.insert(path, head);
            }
            DeValue::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    let number = item.get_ref().as_table().and_then(|t| t.get("number")).map(Spanned::get_ref);
                    let name = number.and_then(number_of).map_or(i + 1, |n| n as usize);
                    self.add(format!("{path}.{name}"), item.span(), item);
                }
                self.0.insert(path, head);
            }
            _ => {
                self.0.insert(path, value.span());
            }
        }
    }
}
