//! A stage: its days, its hours, and the day from which it is known.

use std::ops::Range;
use std::sync::Arc;

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::DeValue;

use super::check_key;
use crate::faq::near::nearest;
use crate::faq::reader::{Reader, Table};
use crate::text::language::Language;

/// Whose clock hours are: a stage's, or a voter's. Time zones of Indonesia (Keppres 41/1987).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

    /// The clocks that somebody can live by, from west to east.
    pub const CLOCKS: [Self; 3] = [Self::Wib, Self::Wita, Self::Wit];

    /// The clock of that name, in letters of any size.
    pub fn clock(name: &str) -> Option<Self> {
        Self::CLOCKS.into_iter().find(|zone| zone.label().eq_ignore_ascii_case(name.trim()))
    }

    /// Its distance from UTC.
    pub fn offset(self) -> FixedOffset {
        FixedOffset::east_opt(self.hours() * 3600).expect("a few hours are a valid offset")
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
    /// The same in English, if it has an English name.
    pub name_en: Option<String>,
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
    /// Whether its days are told: of some it is only said that they run.
    pub days_told: bool,
    /// The day from which its days may be told; none if they may be told at all times.
    pub known_from: Option<NaiveDate>,
    /// Where its name stands in its file.
    pub span: Range<usize>,
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
    /// Whether its days are known on `day`. Before, it reads as one that is not set.
    pub fn is_known(&self, day: NaiveDate) -> bool {
        self.known_from.is_none_or(|from| from <= day)
    }

    /// Its day or days, each as `format` writes it: "Rabu, 14 Februari 2024", "11 Februari 2024 sampai 13 Februari 2024".
    pub fn span_of_days(&self, format: impl Fn(NaiveDate) -> String, language: Language) -> String {
        if self.start == self.end {
            format(self.start)
        } else {
            language.from_to(&format(self.start), &format(self.end))
        }
    }

    /// What it is called in `language`; in Indonesian where that has no name for it.
    pub fn name_in(&self, language: Language) -> &str {
        language.pick(&self.name, self.name_en.as_deref())
    }

    /// Its hours, if it has some: "pukul 07.00-13.00 waktu setempat".
    pub fn hours(&self, language: Language) -> Option<String> {
        let hours = match (&self.open, &self.close) {
            (Some(open), Some(close)) if language == Language::English => language.from_to(open, close),
            (Some(open), Some(close)) => format!("{open}-{close}"),
            (Some(hour), None) | (None, Some(hour)) => hour.clone(),
            (None, None) => return None,
        };
        Some(match language {
            Language::Indonesian => format!("pukul {hours} {}", self.zone.label()),
            Language::English if self.zone == Zone::Local => format!("{hours} local time"),
            Language::English => format!("{hours} {}", self.zone.label()),
        })
    }

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

const STAGE_KEYS: [&str; 12] = [
    "name",
    "name_en",
    "start",
    "end",
    "same_day_as",
    "open",
    "close",
    "zone",
    "main",
    "held",
    "days_told",
    "known_from",
];

/// First and last day of a stage, and from when they are known.
struct Days {
    start: NaiveDate,
    end: NaiveDate,
    known_from: Option<NaiveDate>,
}

/// Reads the tables under `[stages]`, by first day.
pub(super) fn read_stages<'f>(reader: &mut Reader<'f>, value: &Spanned<DeValue<'f>>) -> Vec<Arc<Stage>> {
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
    stages.sort_by_key(|stage| stage.start);
    stages
}

/// The days of a stage: its own, or those of the stage that `same_day_as` names. `heads` are all stages of the file: one of
/// them that is at fault is told of at its own place.
fn read_days<'f>(
    reader: &mut Reader<'f>,
    table: &Table<'_, 'f>,
    heads: &[(&str, Table<'_, 'f>)],
    known: &[Arc<Stage>],
) -> Option<Days> {
    let known_from = table.date(reader, "known_from");
    if let Some(other) = table.optional_text(reader, "same_day_as") {
        let found = known.iter().find(|stage| stage.key == other.value);
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
        // Whoever knows this day knows the other's.
        let later = |own: Option<NaiveDate>, others: Option<NaiveDate>| own.max(others);
        return found.map(|stage| Days {
            start: stage.start,
            end: stage.end,
            known_from: later(known_from.map(|(day, _)| day), stage.known_from),
        });
    }
    let start = table.require(reader, "start").and_then(|v| reader.date_of(v));
    let end = table.require(reader, "end").and_then(|v| reader.date_of(v));
    let ((start, _), (end, span)) = (start?, end?);
    if end < start {
        reader.fault(span, "tanggal selesai lebih dulu daripada tanggal mulai");
        return None;
    }
    if let Some((from, span)) = &known_from
        && *from > start
    {
        reader.fault(span.clone(), "`known_from` sesudah tahapan ini dimulai").hint =
            Some("known_from adalah hari tanggalnya diumumkan; hapus saja kalau tanggalnya sudah diumumkan".to_owned());
    }
    Some(Days { start, end, known_from: known_from.map(|(day, _)| day) })
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
    let Days { start, end, known_from } = days?;
    Some(Stage {
        key: key.to_owned(),
        name: name?,
        name_en: table.optional_text(reader, "name_en").map(|text| text.value),
        start,
        end,
        open,
        close,
        zone,
        main: table.flag(reader, "main", false),
        held: table.flag(reader, "held", true),
        days_told: table.flag(reader, "days_told", true),
        known_from,
        span: table.span.clone(),
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
