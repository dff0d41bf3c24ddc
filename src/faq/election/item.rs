//! Lists and figures of an election: candidates, parties, debates, ballots, zones, and single numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::DeValue;

use super::{candidate, check_key};
use crate::faq::reader::{Reader, Table, number_of};
use crate::faq::syntax::number_in_words;

/// A value in a list of an election.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// Words.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// true or false.
    Flag(bool),
    /// A day.
    Day(NaiveDate),
    /// Several texts.
    List(Vec<String>),
}

/// One candidate pair, party, debate, ballot or zone: its keys and values.
pub type Item = BTreeMap<String, Datum>;

/// Whether `item` may be told on `day`: it has no day from which it is known, or that has come.
pub fn is_known(item: &Item, day: NaiveDate) -> bool {
    !matches!(item.get(KNOWN_FROM), Some(Datum::Day(from)) if *from > day)
}

/// Words by which an item is told from others in messages: "nomor 4", "Partai Aceh".
pub fn label(item: &Item) -> String {
    let text = |key: &str| match item.get(key) {
        Some(Datum::Text(text)) => Some(text.clone()),
        Some(Datum::Integer(number)) => Some(format!("nomor {number}")),
        _ => None,
    };
    let keys = ["number", "name", "president", "short", "colour", "code"];
    keys.into_iter().find_map(text).unwrap_or_else(|| "tanpa nomor".to_owned())
}

/// The key that says from which day an item is known.
const KNOWN_FROM: &str = "known_from";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Decimal,
    Flag,
    Day,
    List,
}

/// Which keys the items of a list have: name, kind, whether it must be there.
pub(super) type Schema = &'static [(&'static str, Kind, bool)];

/// The lists and their keys.
pub(super) const SCHEMAS: [(&str, Schema); 6] = [
    ("candidates", candidate::SCHEMA),
    (
        "parties",
        &[
            ("number", Kind::Integer, true),
            ("short", Kind::Text, true),
            ("name", Kind::Text, true),
            ("votes", Kind::Integer, false),
            ("share", Kind::Decimal, false),
            ("seats", Kind::Integer, false),
            ("local", Kind::Flag, false),
            ("called", Kind::List, false),
            (KNOWN_FROM, Kind::Day, false),
        ],
    ),
    (
        "debates",
        &[
            ("number", Kind::Integer, true),
            ("date", Kind::Day, true),
            ("speaker", Kind::Text, false),
            ("theme", Kind::Text, false),
            ("place", Kind::Text, false),
            (KNOWN_FROM, Kind::Day, false),
        ],
    ),
    (
        "ballots",
        &[
            ("colour", Kind::Text, true),
            ("colour_en", Kind::Text, false),
            ("election", Kind::Text, true),
            ("election_en", Kind::Text, false),
        ],
    ),
    (
        "appeals",
        &[
            ("from", Kind::Text, true),
            ("until", Kind::Text, false),
            ("text", Kind::Text, true),
            ("text_en", Kind::Text, false),
        ],
    ),
    ("zones", &[("code", Kind::Text, true), ("utc", Kind::Integer, true), ("area", Kind::Text, true)]),
];

/// Whether items of `list` may have `key`.
pub fn may_have(list: &str, key: &str) -> bool {
    SCHEMAS.iter().any(|(name, schema)| *name == list && schema.iter().any(|(k, _, _)| *k == key))
}

/// The keys that items of `list` may have.
pub fn keys_of(list: &str) -> impl Iterator<Item = &'static str> {
    let schema = SCHEMAS.iter().find(|(name, _)| *name == list).map(|(_, schema)| *schema);
    schema.into_iter().flatten().map(|(key, _, _)| *key)
}

/// Reads the tables of one list, in the order of their numbers.
pub(super) fn read_items<'f>(
    reader: &mut Reader<'f>,
    list: &'static str,
    schema: Schema,
    tables: &[Table<'_, 'f>],
) -> Vec<Item> {
    let known: Vec<&str> = schema.iter().map(|(key, _, _)| *key).collect();
    let mut items: Vec<Typed> = Vec::new();
    for table in tables {
        table.only(reader, &known);
        let mut item = Item::new();
        for &(key, kind, required) in schema {
            let value = if required { table.require(reader, key) } else { table.get(key) };
            if let Some(datum) = value.and_then(|v| read_datum(reader, v, kind)) {
                item.insert(key.to_owned(), datum);
            }
        }
        let keys = schema.iter().map(|(key, _, _)| *key).filter(|key| table.has(reader, key)).collect();
        items.push(Typed { item, keys, span: table.span.clone() });
    }
    items.sort_by_key(|typed| number(&typed.item));
    if list == "candidates" {
        candidate::check(reader, &items);
    } else {
        check_numbers(reader, &items.iter().collect::<Vec<_>>());
    }
    items.into_iter().map(|typed| typed.item).collect()
}

/// An item and how it is written.
#[derive(Debug)]
pub(super) struct Typed {
    pub item: Item,
    /// The keys that are there, whether or not their values are right.
    pub keys: BTreeSet<&'static str>,
    /// Where its head stands.
    pub span: Range<usize>,
}

/// The item's number.
pub fn number(item: &Item) -> Option<i64> {
    match item.get("number") {
        Some(Datum::Integer(number)) => Some(*number),
        _ => None,
    }
}

/// Whatever has numbers, each once; `items` stand in their order.
pub(super) fn check_numbers(reader: &mut Reader<'_>, items: &[&Typed]) {
    for pair in items.windows(2) {
        if let (Some(a), Some(b)) = (number(&pair[0].item), number(&pair[1].item))
            && a == b
        {
            reader.fault(pair[1].span.clone(), format!("nomor {b} dipakai dua kali"));
        }
    }
}

/// Reads the table under `[figures]`.
pub(super) fn read_figures<'f>(reader: &mut Reader<'f>, value: &Spanned<DeValue<'f>>) -> Item {
    let Some(table) = reader.table("daftar angka", value) else { return Item::new() };
    let mut figures = Item::new();
    for (key, span, value) in table.keys() {
        check_key(reader, key, span);
        let kind = match value.get_ref() {
            DeValue::Integer(_) => Kind::Integer,
            DeValue::Float(_) => Kind::Decimal,
            _ => Kind::Text,
        };
        if let Some(plain) = value.get_ref().as_str().and_then(number_in_words) {
            reader.fault(value.span(), "bilangan ini ditulis sebagai teks").hint =
                Some(format!("tulis {key} = {plain}: tanpa tanda kutip dan titik ribuan, pecahan dengan titik"));
        }
        if let Some(datum) = read_datum(reader, value, kind) {
            figures.insert(key.to_owned(), datum);
        }
    }
    figures
}

fn read_datum<'f>(reader: &mut Reader<'f>, value: &Spanned<DeValue<'f>>, kind: Kind) -> Option<Datum> {
    match kind {
        Kind::Text => reader.text_of(value).map(|t| Datum::Text(t.value)),
        Kind::Day => reader.date_of(value).map(|(day, _)| Datum::Day(day)),
        Kind::Flag => match value.get_ref().as_bool() {
            Some(flag) => Some(Datum::Flag(flag)),
            None => {
                reader.wrong_type(value, "true atau false, tanpa tanda kutip");
                None
            }
        },
        Kind::Integer | Kind::Decimal => match number_of(value.get_ref()) {
            Some(number) if kind == Kind::Integer && number.fract() == 0.0 => Some(Datum::Integer(number as i64)),
            Some(number) if kind == Kind::Decimal => Some(Datum::Decimal(number)),
            _ => {
                reader.wrong_number(value);
                None
            }
        },
        Kind::List => match value.get_ref().as_array() {
            Some(array) => Some(Datum::List(array.iter().filter_map(|v| reader.text_of(v)).map(|t| t.value).collect())),
            None => {
                reader.wrong_type(value, "daftar teks, misalnya [\"satu\", \"dua\"]");
                None
            }
        },
    }
}
