//! An election as data: its kind, its stages with dates, candidates, parties, debates, ballots, zones and figures.
//!
//! [`stage`] holds stages, [`item`] the lists and figures, [`candidate`] what holds for candidates, [`known`] from when single
//! values may be told, [`current`] which election runs or comes next.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use super::cited::{Cited, read_optional};
use super::place::Places;
use super::reader::{Reader, Table, Text};
use crate::text::language::Language;

pub mod appeal;
pub mod candidate;
pub mod current;
pub mod item;
pub mod known;
pub mod stage;
#[cfg(test)]
mod tests;

pub use item::{Datum, Item};
pub use known::KnownFrom;
pub use stage::{Phase, Stage, Zone};

/// The stage on which an election turns: until it is over, the election is.
pub const VOTE: &str = "pemungutan_suara";

/// Whom an election elects, as far as names in templates hang on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The whole country's: `pemilu` in templates.
    National,
    /// That of the regions: `pilkada` in templates.
    Regional,
    /// One that only its own name stands for: a by-election, a repeated vote.
    Special,
}

impl Kind {
    /// As it is written in the files.
    pub const NAMES: [&str; 3] = ["nasional", "daerah", "khusus"];

    /// The names in templates that stand for the election of a kind which runs or comes next.
    pub const ALIASES: [&str; 2] = ["pemilu", "pilkada"];

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        let kinds = [Self::National, Self::Regional, Self::Special];
        Self::NAMES.iter().position(|n| *n == name).map(|i| kinds[i])
    }

    /// That of a file which does not say: its name tells.
    fn of_file(key: &str) -> Self {
        if key.starts_with("pemilu") {
            Self::National
        } else if key.starts_with("pilkada") {
            Self::Regional
        } else {
            Self::Special
        }
    }

    /// The kind that a name in templates stands for, if it stands for the one that runs or comes next.
    pub fn of_alias(name: &str) -> Option<Self> {
        match name {
            "pemilu" => Some(Self::National),
            "pilkada" => Some(Self::Regional),
            _ => None,
        }
    }
}

/// Names in templates that no file of an election may have.
const TAKEN: [&str; 4] = ["pemilu", "pilkada", "kini", "bot"];

/// One election.
#[derive(Debug, Clone, PartialEq)]
pub struct Election {
    /// Its name in templates: the file's name without ending.
    pub key: String,
    /// Its name for readers.
    pub name: String,
    /// The same in English, if it has an English name.
    pub name_en: Option<String>,
    /// Whom it elects.
    pub kind: Kind,
    /// By first day.
    pub stages: Vec<Arc<Stage>>,
    /// `candidates`, `parties`, `debates`, `ballots`, `zones`; missing ones are empty.
    pub lists: BTreeMap<String, Vec<Item>>,
    /// Single numbers and words.
    pub figures: Item,
    /// From when single values of lists, and figures, may be told.
    pub known_from: KnownFrom,
    /// Where its dates and names come from.
    pub sources: Vec<Cited>,
    /// The entry that tells of its parties.
    pub parties_page: Option<Text>,
    /// Where everything stands in its file.
    pub places: Places,
}

impl Election {
    /// What it is called in `language`; in Indonesian where that has no name for it.
    pub fn name_in(&self, language: Language) -> &str {
        language.pick(&self.name, self.name_en.as_deref())
    }

    /// The stage of that key, whether or not it may be told yet.
    pub fn stage(&self, key: &str) -> Option<&Arc<Stage>> {
        self.stages.iter().find(|stage| stage.key == key)
    }

    /// The items of `list` that may be told on `day`, without those of their values that may not yet.
    pub fn known_items(&self, list: &str, day: NaiveDate) -> Vec<Item> {
        let items = self.lists.get(list).into_iter().flatten();
        items.filter(|item| item::is_known(item, day)).map(|item| self.known_values(list, item, day)).collect()
    }

    /// `item`, of `list`, without those of its values that may not be told on `day`.
    pub fn known_values(&self, list: &str, item: &Item, day: NaiveDate) -> Item {
        let known = item.iter().filter(|(key, _)| self.known_from.is_known(list, key, day));
        known.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// The sources that may be shown on `day`.
    pub fn sources_on(&self, day: NaiveDate) -> Vec<&str> {
        self.sources.iter().filter(|source| source.is_known(day)).map(|source| source.text.as_str()).collect()
    }

    /// The file that it stands in, relative to the FAQ folder.
    pub fn file(&self) -> String {
        format!("pemilu/{}.toml", self.key)
    }
}

/// Reads one file of `faq/pemilu/`; `key` is its name without ending.
pub fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>, key: &str) -> Option<Election> {
    let known: Vec<&str> = ["name", "name_en", "kind", "sources", "parties_page", "stages", "figures", known::TABLE]
        .into_iter()
        .chain(item::SCHEMAS.iter().map(|(name, _)| *name))
        .collect();
    if TAKEN.contains(&key) {
        reader.fault(0..0, format!("nama `{key}` sudah punya arti lain di dalam jawaban")).hint =
            Some("beri nama berkas dengan tahunnya, misalnya pemilu2034.toml atau pilkada2031.toml".to_owned());
    }
    root.only(reader, &known);
    let name = root.text(reader, "name").map(|t| t.value);
    let name_en = root.optional_text(reader, "name_en").map(|text| text.value);
    let kind = read_kind(reader, root, key);
    let stages = root.get("stages").map(|v| stage::read_stages(reader, v)).unwrap_or_default();
    let mut lists = BTreeMap::new();
    for (list, schema) in item::SCHEMAS {
        let tables = root.list(reader, list, list).unwrap_or_default();
        let items = item::read_items(reader, list, schema, &tables);
        lists.insert(list.to_owned(), items);
    }
    let figures = root.get("figures").map(|v| item::read_figures(reader, v)).unwrap_or_default();
    let known_from = root.get(known::TABLE).map(|v| known::read(reader, v, &figures)).unwrap_or_default();
    let sources = read_optional(reader, root);
    let parties_page = root.optional_text(reader, "parties_page");
    let (key, places) = (key.to_owned(), Places::of(root));
    let election =
        Election { key, name: name?, name_en, kind, stages, lists, figures, known_from, sources, parties_page, places };
    let appeals = root.list(reader, appeal::LIST, appeal::LIST).unwrap_or_default();
    appeal::check(reader, &appeals, &election);
    Some(election)
}

fn read_kind<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>, key: &str) -> Kind {
    let Some(text) = root.optional_text(reader, "kind") else { return Kind::of_file(key) };
    Kind::parse(&text.value).unwrap_or_else(|| {
        reader.fault(text.span, format!("jenis pemilu \"{}\" tidak dikenal", text.value)).hint =
            Some(format!("yang dikenal: {}", Kind::NAMES.join(", ")));
        Kind::of_file(key)
    })
}

/// A name in templates: small letters, digits and `_`.
fn check_key(reader: &mut Reader<'_>, key: &str, span: Range<usize>) {
    if !is_template_name(key) {
        reader.fault(span, format!("nama `{key}` tidak dapat dipakai di dalam jawaban")).hint =
            Some("pakai huruf kecil, angka, dan garis bawah, diawali huruf: masa_tenang".to_owned());
    }
}

/// Whether `name` can be written in a template.
pub fn is_template_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
