//! From when single values of an election may be told: votes that its candidates have only since the count, a number of voters
//! that was fixed one day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::DeValue;

use super::item::{self, Item};
use crate::faq::near::nearest;
use crate::faq::reader::Reader;

/// The table's name in the file.
pub const TABLE: &str = "known_from";
/// What stands in it beside the lists.
pub const FIGURES: &str = "figures";

/// The first day of each value that has one, by list (or `figures`) and key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownFrom(BTreeMap<String, BTreeMap<String, NaiveDate>>);

impl KnownFrom {
    /// The first day on which `key` of the items of `list`, or of the figures, may be told; none if it may be at all times.
    pub fn day(&self, list: &str, key: &str) -> Option<NaiveDate> {
        self.0.get(list)?.get(key).copied()
    }

    /// Whether it may be told on `day`.
    pub fn is_known(&self, list: &str, key: &str, day: NaiveDate) -> bool {
        self.day(list, key).is_none_or(|from| from <= day)
    }

    /// All keys of `list`, or of the figures, with their days.
    pub fn of(&self, list: &str) -> impl Iterator<Item = (&str, NaiveDate)> {
        self.0.get(list).into_iter().flatten().map(|(key, day)| (key.as_str(), *day))
    }
}

/// Reads `[known_from.candidates]`, `[known_from.figures]` and so on.
pub(super) fn read<'f>(reader: &mut Reader<'f>, value: &Spanned<DeValue<'f>>, figures: &Item) -> KnownFrom {
    let mut known = KnownFrom::default();
    let Some(table) = reader.table("daftar hari", value) else { return known };
    for (list, span, value) in table.keys() {
        let lists = item::SCHEMAS.iter().map(|(name, _)| *name).chain([FIGURES]);
        if !lists.clone().any(|name| name == list) {
            let near = nearest(list, lists.clone());
            reader.fault(span, format!("`{list}` tidak dikenal di known_from")).hint = Some(match near {
                Some(near) => format!("maksud Anda `{near}`?"),
                None => format!("yang dikenal: {}", lists.collect::<Vec<_>>().join(", ")),
            });
            continue;
        }
        let Some(table) = reader.table("daftar hari", value) else { continue };
        for (key, span, value) in table.keys() {
            let keys: Vec<&str> = if list == FIGURES {
                figures.keys().map(String::as_str).collect()
            } else {
                item::keys_of(list).collect()
            };
            if !keys.contains(&key) && !reader.is_broken() {
                let near = nearest(key, keys.iter().copied());
                reader.fault(span, format!("`{list}` tidak punya isian `{key}`")).hint =
                    near.map(|near| format!("maksud Anda `{near}`?"));
            }
            if let Some((day, _)) = reader.date_of(value) {
                known.0.entry(list.to_owned()).or_default().insert(key.to_owned(), day);
            }
        }
    }
    known
}
