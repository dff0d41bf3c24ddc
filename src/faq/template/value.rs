//! What names in templates stand for, and how values are read aloud.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use minijinja::value::{Object, ObjectRepr, Value, ValueKind};

use crate::faq::election::{Datum, Election, Item, Stage};
use crate::text::indonesian;

#[derive(Debug)]
pub(super) struct ElectionView {
    pub(super) election: Arc<Election>,
    pub(super) now: NaiveDateTime,
}

impl Object for ElectionView {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let election = &self.election;
        let stage_view = |stage: &Arc<Stage>| Value::from_object(StageView { stage: Arc::clone(stage), now: self.now });
        if let Some(stage) = election.stage(key) {
            return Some(stage_view(stage));
        }
        if let Some(items) = election.lists.get(key) {
            return Some(items.iter().map(item_value).collect());
        }
        if let Some(number) = key.strip_prefix("nomor_").and_then(|n| n.parse::<i64>().ok()) {
            let has_number = |item: &&Item| item.get("number") == Some(&Datum::Integer(number));
            return election.lists.get("candidates")?.iter().find(has_number).map(item_value);
        }
        match key {
            "name" => Some(Value::from(election.name.clone())),
            "figures" => Some(item_value(&election.figures)),
            "stages" => Some(election.stages.iter().map(stage_view).collect()),
            _ => None,
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.election.name)
    }
}

#[derive(Debug)]
pub(super) struct StageView {
    pub(super) stage: Arc<Stage>,
    pub(super) now: NaiveDateTime,
}

impl Object for StageView {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let stage = &self.stage;
        match key.as_str()? {
            "name" => Some(Value::from(stage.name.clone())),
            "start" => Some(Value::from_object(DayView(stage.start))),
            "end" => Some(Value::from_object(DayView(stage.end))),
            "tanggal" => Some(Value::from(span_of_days(stage, indonesian::date))),
            "hari_tanggal" => Some(Value::from(span_of_days(stage, indonesian::weekday_date))),
            "main" => Some(Value::from(stage.main)),
            "held" => Some(Value::from(stage.held)),
            _ => None,
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&span_of_days(&self.stage, indonesian::weekday_date))
    }
}

#[derive(Debug)]
pub(super) struct DayView(pub(super) NaiveDate);

impl Object for DayView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&indonesian::weekday_date(self.0))
    }
}

#[derive(Debug)]
pub(super) struct Names(pub(super) BTreeMap<String, Value>);

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).cloned()
    }
}

fn item_value(item: &Item) -> Value {
    let mut names: BTreeMap<String, Value> =
        item.iter().map(|(key, datum)| (key.clone(), datum_value(datum))).collect();
    if let Some(Datum::Day(day)) = item.get("date") {
        names.insert("tanggal".to_owned(), Value::from(indonesian::date(*day)));
        names.insert("hari_tanggal".to_owned(), Value::from(indonesian::weekday_date(*day)));
    }
    Value::from_object(Names(names))
}

fn datum_value(datum: &Datum) -> Value {
    match datum {
        Datum::Text(text) => Value::from(text.clone()),
        Datum::Integer(number) => Value::from(*number),
        Datum::Decimal(number) => Value::from(*number),
        Datum::Flag(flag) => Value::from(*flag),
        Datum::Day(day) => Value::from_object(DayView(*day)),
        Datum::List(items) => items.iter().cloned().map(Value::from).collect(),
    }
}

/// A value as it is read aloud: "204.807.222", "58,59", "A, B, dan C".
pub(super) fn show(value: &Value) -> String {
    match value.kind() {
        ValueKind::Number if value.is_integer() => {
            i64::try_from(value.clone()).map_or_else(|_| value.to_string(), indonesian::integer)
        }
        ValueKind::Number => f64::try_from(value.clone()).map_or_else(|_| value.to_string(), indonesian::decimal),
        ValueKind::Seq | ValueKind::Iterable => match value.try_iter() {
            Ok(items) => indonesian::list(&items.map(|item| show(&item)).collect::<Vec<_>>()),
            Err(_) => value.to_string(),
        },
        _ => value.to_string(),
    }
}

/// The days of a stage: "14 Februari 2024", or the first and the last.
pub(super) fn span_of_days(stage: &Stage, format: fn(NaiveDate) -> String) -> String {
    if stage.start == stage.end {
        format(stage.start)
    } else {
        format!("{} sampai {}", format(stage.start), format(stage.end))
    }
}
