//! An election as data: its stages with dates, candidates, parties, debates, ballots, zones and figures.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use toml::Spanned;
use toml::de::DeValue;

use super::reader::{Reader, Table, nearest, number_of};
use super::syntax::number_in_words;

/// Whose clock a stage's hours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Each place its own ("waktu setempat").
    Local,
    /// UTC+7.
    Wib,
    /// UTC+8.
    Wita,
    /// UTC+9.
    Wit,
}

impl Zone {
    /// As it is written in the files.
    pub const NAMES: [&str; 4] = ["setempat", "WIB", "WITA", "WIT"];

    /// The zone of that name.
    pub fn parse(name: &str) -> Option<Self> {
        let zones = [Self::Local, Self::Wib, Self::Wita, Self::Wit];
        Self::NAMES.iter().position(|n| *n == name).map(|i| zones[i])
    }

    /// As it is said after an hour.
    pub fn label(self) -> &'static str {
        match self {
            Self::Local => "waktu setempat",
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    /// Hours ahead of UTC; local time counts as that of Jakarta.
    pub fn hours(self) -> i32 {
        match self {
            Self::Local | Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        }
    }
}

/// One stage of an election.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its name in templates.
    pub key: String,
    /// Its name for readers.
    pub name: String,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// First hour, as written: "07.00".
    pub open: Option<String>,
    /// Last hour.
    pub close: Option<String>,
    /// Whose clock the hours are.
    pub zone: Zone,
    /// Whether it belongs into a short list of stages.
    pub main: bool,
    /// Whether it was, or is going to be, held.
    pub held: bool,
}

/// Where a day lies with regard to a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Before the first day.
    Before,
    /// From the first to the last day.
    During,
    /// After the last day; on the day itself after the closing hour, where a stage of one day has one.
    After,
}

impl Stage {
    /// Where `now`, by the clock of Jakarta, lies.
    pub fn phase(&self, now: NaiveDateTime) -> Phase {
        if now.date() < self.start {
            Phase::Before
        } else if now.date() > self.end || self.start == self.end && self.is_closed(now) {
            Phase::After
        } else {
            Phase::During
        }
    }

    /// Whether the closing hour has passed everywhere that it counts. Local time ends last in the west, which keeps the
    /// clock of Jakarta.
    fn is_closed(&self, now: NaiveDateTime) -> bool {
        let Some((hour, minute)) = self.close.as_ref().and_then(|close| close.split_once('.')) else { return false };
        let (Ok(hour), Ok(minute)) = (hour.parse::<i64>(), minute.parse::<i64>()) else { return false };
        let zone = i64::from(self.zone.hours() - Zone::Wib.hours());
        let closing = self.end.and_time(NaiveTime::MIN) + TimeDelta::minutes((hour - zone) * 60 + minute);
        now >= closing
    }
}

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

/// One election.
#[derive(Debug, Clone, PartialEq)]
pub struct Election {
    /// Its name in templates: the file's name without ending.
    pub key: String,
    /// Its name for readers.
    pub name: String,
    /// By first day.
    pub stages: Vec<Arc<Stage>>,
    /// `candidates`, `parties`, `debates`, `ballots`, `zones`; missing ones are empty.
    pub lists: BTreeMap<String, Vec<Item>>,
    /// Single numbers and words.
    pub figures: Item,
}

impl Election {
    /// The stage of that key.
    pub fn stage(&self, key: &str) -> Option<&Arc<Stage>> {
        self.stages.iter().find(|stage| stage.key == key)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Decimal,
    Flag,
    Day,
    List,
}

/// Which keys the items of a list have: name, kind, whether it must be there.
type Schema = &'static [(&'static str, Kind, bool)];

const SCHEMAS: [(&str, Schema); 5] = [
    (
        "candidates",
        &[
            ("number", Kind::Integer, true),
            ("president", Kind::Text, true),
            ("vice_president", Kind::Text, true),
            ("president_posts", Kind::Text, true),
            ("vice_president_posts", Kind::Text, true),
            ("parties", Kind::List, true),
            ("registered", Kind::Day, true),
            ("vision", Kind::Text, true),
            ("programme", Kind::Text, true),
            ("votes", Kind::Integer, false),
            ("share", Kind::Decimal, false),
            ("provinces_won", Kind::Integer, false),
        ],
    ),
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
        ],
    ),
    (
        "debates",
        &[
            ("number", Kind::Integer, true),
            ("date", Kind::Day, true),
            ("speaker", Kind::Text, true),
            ("theme", Kind::Text, true),
            ("place", Kind::Text, true),
        ],
    ),
    ("ballots", &[("colour", Kind::Text, true), ("election", Kind::Text, true)]),
    ("zones", &[("code", Kind::Text, true), ("utc", Kind::Integer, true), ("area", Kind::Text, true)]),
];

const STAGE_KEYS: [&str; 9] = ["name", "start", "end", "same_day_as", "open", "close", "zone", "main", "held"];

/// Reads one file of `faq/pemilu/`; `key` is its name without ending.
pub fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>, key: &str) -> Option<Election> {
    let known: Vec<&str> =
        ["name", "stages", "figures"].into_iter().chain(SCHEMAS.iter().map(|(name, _)| *name)).collect();
    root.only(reader, &known);
    let name = root.text(reader, "name").map(|t| t.value);
    let mut stages = root.get("stages").map(|v| read_stages(reader, v)).unwrap_or_default();
    stages.sort_by_key(|stage| stage.start);
    let mut lists = BTreeMap::new();
    for (list, schema) in SCHEMAS {
        let items =
            root.list(reader, list, list).map(|tables| read_items(reader, list, schema, &tables)).unwrap_or_default();
        lists.insert(list.to_owned(), items);
    }
    let figures = root.get("figures").map(|v| read_figures(reader, v)).unwrap_or_default();
    Some(Election { key: key.to_owned(), name: name?, stages, lists, figures })
}

fn read_stages<'f>(reader: &mut Reader<'f>, value: &Spanned<DeValue<'f>>) -> Vec<Arc<Stage>> {
    let Some(table) = reader.table("daftar tahapan", value) else { return Vec::new() };
    let mut heads = Vec::new();
    for (key, span, value) in table.keys() {
        check_key(reader, key, span.clone());
        let Some(mut stage) = reader.table("tahapan", value) else { continue };
        stage.span = span;
        heads.push((key, stage));
    }
    // Stages with days of their own first: the others take theirs from them.
    let mut stages: Vec<Arc<Stage>> = Vec::new();
    for borrowing in [false, true] {
        for (key, stage) in &heads {
            if stage.get("same_day_as").is_some() == borrowing {
                let read = read_stage(reader, (key, stage), &heads, &stages);
                stages.extend(read.map(Arc::new));
            }
        }
    }
    stages
}

/// First and last day of a stage: its own, or those of the stage that `same_day_as` names.
fn read_days<'f>(
    reader: &mut Reader<'f>,
    table: &Table<'_, 'f>,
    heads: &[(&str, Table<'_, 'f>)],
    known: &[Arc<Stage>],
) -> Option<(NaiveDate, NaiveDate)> {
    if let Some(other) = table.optional_text(reader, "same_day_as") {
        let found = known.iter().find(|stage| stage.key == other.value).map(|stage| (stage.start, stage.end));
        let written = heads.iter().find(|(key, _)| *key == other.value);
        if written.is_some_and(|(_, stage)| stage.get("same_day_as").is_some()) {
            let message = format!("tahapan `{}` sendiri memakai same_day_as", other.value);
            reader.fault(other.span.clone(), message).hint = Some("tulis tahapan yang punya start dan end".to_owned());
        } else if written.is_none() && !reader.is_broken() {
            let near = nearest(&other.value, heads.iter().map(|(key, _)| *key));
            let fault = reader.fault(other.span.clone(), format!("tahapan `{}` tidak ada di berkas ini", other.value));
            fault.hint = Some(match near {
                Some(near) => format!("maksud Anda `{near}`?"),
                None => "hapus atau ganti dengan nama sesudah [stages. di berkas ini".to_owned(),
            });
        }
        // A stage that is written but has a fault of its own is told there.
        return found;
    }
    let start = table.require(reader, "start").and_then(|v| reader.date_of(v));
    let end = table.require(reader, "end").and_then(|v| reader.date_of(v));
    let ((start, _), (end, span)) = (start?, end?);
    if end < start {
        reader.fault(span, "tanggal selesai lebih dulu daripada tanggal mulai");
        return None;
    }
    Some((start, end))
}

fn read_stage<'f>(
    reader: &mut Reader<'f>,
    (key, table): (&str, &Table<'_, 'f>),
    heads: &[(&str, Table<'_, 'f>)],
    known: &[Arc<Stage>],
) -> Option<Stage> {
    table.only(reader, &STAGE_KEYS);
    let name = table.text(reader, "name").map(|t| t.value);
    let days = read_days(reader, table, heads, known);
    let open = read_hour(reader, table, "open");
    let close = read_hour(reader, table, "close");
    let zone = match table.optional_text(reader, "zone") {
        None if open.is_some() || close.is_some() => {
            reader.fault(table.span.clone(), "tahapan dengan jam harus menyebut zona waktu").hint =
                Some(format!("tambahkan zone = \"...\": {}", Zone::NAMES.join(", ")));
            Zone::Local
        }
        None => Zone::Local,
        Some(text) => Zone::parse(&text.value).unwrap_or_else(|| {
            reader.fault(text.span.clone(), format!("zona waktu \"{}\" tidak dikenal", text.value)).hint =
                Some(format!("yang dikenal: {}", Zone::NAMES.join(", ")));
            Zone::Local
        }),
    };
    let (start, end) = days?;
    Some(Stage {
        key: key.to_owned(),
        name: name?,
        start,
        end,
        open,
        close,
        zone,
        main: table.flag(reader, "main", false),
        held: table.flag(reader, "held", true),
    })
}

fn read_hour<'f>(reader: &mut Reader<'f>, table: &Table<'_, 'f>, key: &str) -> Option<String> {
    let text = table.optional_text(reader, key)?;
    let parts = text.value.split_once('.').map(|(h, m)| (h.parse::<u32>(), m.parse::<u32>(), m.len()));
    if let Some((Ok(0..=23), Ok(0..=59), 2)) = parts {
        return Some(text.value);
    }
    reader.fault(text.span.clone(), format!("jam \"{}\" tidak sah", text.value)).hint =
        Some("tulis jam dan menit dengan titik, misalnya \"07.00\"".to_owned());
    None
}

fn read_items<'f>(reader: &mut Reader<'f>, list: &'static str, schema: Schema, tables: &[Table<'_, 'f>]) -> Vec<Item> {
    let known: Vec<&str> = schema.iter().map(|(key, _, _)| *key).collect();
    let mut items: Vec<(Item, Range<usize>)> = Vec::new();
    for table in tables {
        table.only(reader, &known);
        let mut item = Item::new();
        for &(key, kind, required) in schema {
            let value = if required { table.require(reader, key) } else { table.get(key) };
            if let Some(datum) = value.and_then(|v| read_datum(reader, v, kind)) {
                item.insert(key.to_owned(), datum);
            }
        }
        items.push((item, table.span.clone()));
    }
    check_numbers(reader, &mut items);
    if list == "candidates" {
        check_peers(reader, schema, tables);
    }
    items.into_iter().map(|(item, _)| item).collect()
}

/// Whatever has numbers stands in their order, each once.
fn check_numbers(reader: &mut Reader<'_>, items: &mut [(Item, Range<usize>)]) {
    let number = |item: &Item| match item.get("number") {
        Some(Datum::Integer(n)) => Some(*n),
        _ => None,
    };
    items.sort_by_key(|(item, _)| number(item));
    for pair in items.windows(2) {
        if let (Some(a), Some(b)) = (number(&pair[0].0), number(&pair[1].0))
            && a == b
        {
            reader.fault(pair[1].1.clone(), format!("nomor {b} dipakai dua kali"));
        }
    }
}

/// Candidates are treated alike: what one has, all have. Of what must be there anyway that has been told.
fn check_peers(reader: &mut Reader<'_>, schema: Schema, tables: &[Table<'_, '_>]) {
    let mut optional: Vec<&str> = schema.iter().filter(|(_, _, required)| !required).map(|(key, _, _)| *key).collect();
    optional.retain(|key| tables.iter().any(|table| table.get(key).is_some()));
    if reader.is_broken() {
        // What seems missing may stand on a line that can't be read.
        return;
    }
    for table in tables {
        for key in optional.iter().filter(|key| table.get(key).is_none()) {
            let message = format!("pasangan calon ini tidak punya `{key}`, padahal pasangan lain punya");
            reader.fault(table.span.clone(), message).hint =
                Some("semua pasangan calon harus punya isian yang sama".to_owned());
        }
    }
}

fn read_figures<'f>(reader: &mut Reader<'f>, value: &Spanned<DeValue<'f>>) -> Item {
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
