//! Answers as templates: names and filters over the elections, rendered for one day.
//!
//! A template may hold names and filters, `{{ pemilu2024.pemungutan_suara | kapan }}`, and nothing else: no loops, no
//! conditions. A maintainer's whole vocabulary is listed in `faq/README.md`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use minijinja::value::{Object, ObjectRepr, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::election::{Datum, Election, Item, Phase, Stage};
use super::reader::nearest;
use super::wording::Wording;
use crate::text::indonesian;

/// How much work one answer may be; the longest of today needs a hundredth.
const FUEL: u64 = 200_000;

/// What is wrong in a template and at which bytes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The bytes.
    pub range: Range<usize>,
    /// What is wrong, in Indonesian.
    pub message: String,
    /// What to do, in Indonesian.
    pub hint: Option<String>,
    /// Whether a name stands for nothing.
    pub unknown_name: bool,
}

/// Renders templates over a set of elections.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    elections: Vec<Arc<Election>>,
    settings: BTreeMap<String, i64>,
    wording: Arc<Wording>,
}

impl Templates {
    /// For these elections, and the settings under the name `bot`.
    pub fn new(elections: Vec<Arc<Election>>, settings: BTreeMap<String, i64>, wording: Arc<Wording>) -> Self {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_fuel(Some(FUEL));
        environment.set_formatter(|out, _, value| out.write_str(&show(value)).map_err(Error::from));
        for (name, _) in FILTERS {
            match *name {
                "kapan" => environment.add_filter("kapan", kapan),
                "tanggal" => environment.add_filter("tanggal", tanggal),
                "hari_tanggal" => environment.add_filter("hari_tanggal", hari_tanggal),
                "jam" => environment.add_filter("jam", jam),
                "lama" => environment.add_filter("lama", lama),
                "pilih" => environment.add_filter("pilih", pilih),
                "angka" => environment.add_filter("angka", angka),
                "juta" => environment.add_filter("juta", juta),
                "baris" => environment.add_filter("baris", baris),
                "ada" => environment.add_filter("ada", |v: &Value, key: &str| keep(v, key, true)),
                "kosong" => environment.add_filter("kosong", |v: &Value, key: &str| keep(v, key, false)),
                "urut" => environment.add_filter("urut", urut),
                _ => environment.add_filter("jumlah", jumlah),
            }
        }
        Self { environment, elections, settings, wording }
    }

    /// The text of `template` as of `now`; with everything that is wrong in it, at once, where that is anything.
    pub fn render(&self, template: &str, now: NaiveDateTime) -> Result<String, (String, Vec<TemplateError>)> {
        let mut errors = Vec::new();
        for sign in ["{%", "{#"] {
            errors.extend(template.match_indices(sign).map(|(at, _)| TemplateError {
                range: at..at + 2,
                message: format!("{sign} tidak dipakai di dalam jawaban"),
                hint: Some("jawaban hanya memuat nama dan saringan: {{ nama | saringan }}".to_owned()),
                unknown_name: false,
            }));
        }
        let mut text = String::with_capacity(template.len());
        let mut at = 0;
        let mut context = None;
        // Each {{ ... }} by itself, so that one mistake does not hide the next.
        while let Some(open) = template[at..].find("{{").map(|i| at + i) {
            text.push_str(&template[at..open]);
            let Some(end) = template[open..].find("}}").map(|i| open + i + 2) else {
                errors.push(TemplateError {
                    range: open..open + 2,
                    message: "tanda {{ ini tidak ditutup".to_owned(),
                    hint: Some("tulis {{ nama | saringan }}".to_owned()),
                    unknown_name: false,
                });
                at = open + 2;
                continue;
            };
            let expression = &template[open..end];
            let context = context.get_or_insert_with(|| self.context(now));
            match self.environment.render_str(expression, &*context) {
                Ok(value) => text.push_str(&value),
                Err(error) => {
                    let mut error = self.explain(&error, expression, now);
                    error.range = open + error.range.start..open + error.range.end;
                    errors.push(error);
                    // Something stands there, so that the markup around it can be judged all the same.
                    text.push('?');
                }
            }
            at = end;
        }
        text.push_str(&template[at..]);
        if errors.is_empty() { Ok(text) } else { Err((text, errors)) }
    }

    fn context(&self, now: NaiveDateTime) -> BTreeMap<String, Value> {
        let mut names: BTreeMap<String, Value> = self
            .elections
            .iter()
            .map(|e| (e.key.clone(), Value::from_object(ElectionView { election: Arc::clone(e), now })))
            .collect();
        names.insert(
            "bot".to_owned(),
            Value::from_object(Names(self.settings.iter().map(|(k, v)| (k.clone(), Value::from(*v))).collect())),
        );
        let summary = now_in_words(&self.elections, &self.wording, now);
        let current = current_election(&self.elections, now);
        let mut present: BTreeMap<&str, Value> = BTreeMap::from([("ringkas", Value::from(summary))]);
        if let Some(election) = current {
            present.insert("pemilu", Value::from_object(ElectionView { election: Arc::clone(election), now }));
        }
        names.insert(
            "kini".to_owned(),
            Value::from_object(Names(present.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        );
        names
    }

    /// minijinja's error in a maintainer's words.
    fn explain(&self, error: &Error, template: &str, now: NaiveDateTime) -> TemplateError {
        let mut range = error.range().filter(|r| template.get(r.clone()).is_some()).unwrap_or(0..template.len());
        if error.kind() == ErrorKind::UndefinedError {
            range = name_before(template, range.start);
        }
        let written = template[range.clone()].to_owned();
        let detail = error.detail().unwrap_or_default();
        let (message, hint) = match error.kind() {
            ErrorKind::UndefinedError => (format!("nama `{written}` tidak dikenal"), Some(self.suggest(&written, now))),
            ErrorKind::UnknownFilter => {
                let name = detail.split_whitespace().nth(1).unwrap_or(&written);
                let names = FILTERS.iter().map(|(name, _)| *name);
                (
                    format!("saringan `{name}` tidak dikenal"),
                    Some(match nearest(name, names.clone()) {
                        Some(near) => format!("maksud Anda `{near}`?"),
                        None => format!("yang dikenal: {}", names.collect::<Vec<_>>().join(", ")),
                    }),
                )
            }
            ErrorKind::SyntaxError => {
                ("tanda {{ ... }} ini tidak terbaca".to_owned(), Some("tulis {{ nama | saringan }}".to_owned()))
            }
            ErrorKind::MissingArgument | ErrorKind::TooManyArguments => {
                let usage =
                    FILTERS.iter().find(|(name, _)| written.contains(name)).map(|(_, usage)| (*usage).to_owned());
                ("saringan ini diberi isian yang salah".to_owned(), usage)
            }
            ErrorKind::InvalidOperation if !detail.is_empty() => (detail.to_owned(), None),
            _ => (format!("templat ini tidak dapat dipakai: {error}"), None),
        };
        TemplateError { range, message, hint, unknown_name: error.kind() == ErrorKind::UndefinedError }
    }

    /// The nearest name to the last known part of `written`.
    fn suggest(&self, written: &str, now: NaiveDateTime) -> String {
        let names = self.all_names(now);
        let is_known = |part: &&str| names.iter().any(|n| n == part);
        let unknown = written.split('.').find(|part| !is_known(part)).unwrap_or_default();
        match nearest(unknown, names.iter().map(String::as_str)) {
            Some(near) => format!("maksud Anda `{near}`?"),
            None => {
                "nama yang dikenal: nama berkas di faq/pemilu/, lalu titik, lalu nama tahapan atau isian".to_owned()
            }
        }
    }

    fn all_names(&self, now: NaiveDateTime) -> Vec<String> {
        let mut names: Vec<String> = self.context(now).into_keys().collect();
        names.extend(["ringkas", "pemilu", "stages", "figures", "name", "start", "end"].map(str::to_owned));
        names.extend(self.settings.keys().cloned());
        for election in &self.elections {
            names.extend(election.stages.iter().map(|s| s.key.clone()));
            names.extend(election.lists.keys().cloned());
            names.extend(election.figures.keys().cloned());
            names.extend(election.lists.values().flatten().flat_map(|item| item.keys().cloned()));
        }
        names
    }
}

/// The name at the start of the `{{ ... }}` around `at`, up to its first filter.
fn name_before(template: &str, at: usize) -> std::ops::Range<usize> {
    let open = template[..at].rfind("{{").map_or(at, |i| i + 2);
    let inside = &template[open..];
    let end = inside.find(['|', '}']).unwrap_or(inside.len());
    let name = &inside[..end];
    let start = open + (name.len() - name.trim_start().len());
    start..start + name.trim().len()
}

/// Every filter and how it is written.
const FILTERS: &[(&str, &str)] = &[
    ("kapan", "{{ tahapan | kapan }}"),
    ("tanggal", "{{ tahapan | tanggal }}"),
    ("hari_tanggal", "{{ tahapan | hari_tanggal }}"),
    ("jam", "{{ tahapan | jam }}"),
    ("lama", "{{ tahapan | lama }}"),
    ("pilih", "{{ tahapan | pilih(\"sebelum\", \"selama\", \"sesudah\") }}"),
    ("angka", "{{ bilangan | angka }}"),
    ("juta", "{{ bilangan | juta }}"),
    ("baris", "{{ daftar | baris(\"{number}. {name}\") }}"),
    ("ada", "{{ daftar | ada(\"seats\") | baris(...) }}"),
    ("kosong", "{{ daftar | kosong(\"local\") | baris(...) }}"),
    ("urut", "{{ daftar | urut(\"seats\") | baris(...) }}"),
    ("jumlah", "{{ daftar | jumlah }}"),
];

// ------------------------------------------------------------------ what names stand for

#[derive(Debug)]
struct ElectionView {
    election: Arc<Election>,
    now: NaiveDateTime,
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
struct StageView {
    stage: Arc<Stage>,
    now: NaiveDateTime,
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
struct DayView(NaiveDate);

impl Object for DayView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&indonesian::weekday_date(self.0))
    }
}

#[derive(Debug)]
struct Names(BTreeMap<String, Value>);

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
fn show(value: &Value) -> String {
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

// ------------------------------------------------------------------ filters

fn refuse(message: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.to_owned())
}

/// A name that stands for nothing is told as such, not as a value of the wrong kind.
fn defined(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(value) }
}

fn stage_of(value: &Value) -> Result<&StageView, Error> {
    defined(value)?
        .downcast_object_ref::<StageView>()
        .ok_or_else(|| refuse("saringan ini hanya untuk tahapan, misalnya pemilu2024.kampanye"))
}

fn span_of_days(stage: &Stage, format: fn(NaiveDate) -> String) -> String {
    if stage.start == stage.end {
        format(stage.start)
    } else {
        format!("{} sampai {}", format(stage.start), format(stage.end))
    }
}

fn kapan(value: &Value) -> Result<String, Error> {
    let view = stage_of(value)?;
    Ok(when(&view.stage, view.now))
}

/// "dua hari lagi, Rabu, 14 Februari 2024", "hari ini, ...", "pada ..."; likewise for several days.
fn when(stage: &Stage, now: NaiveDateTime) -> String {
    let days = span_of_days(stage, indonesian::weekday_date);
    let single = stage.start == stage.end;
    match stage.phase(now) {
        Phase::Before if single => format!("{}, {days}", indonesian::days_ahead(now.date(), stage.start)),
        Phase::Before => format!("{}, dari {days}", indonesian::days_ahead(now.date(), stage.start)),
        Phase::During if single => format!("hari ini, {days}"),
        Phase::During => format!("sekarang, sampai {}", indonesian::weekday_date(stage.end)),
        Phase::After if single => format!("pada {days}"),
        Phase::After => format!("dari {days}"),
    }
}

fn tanggal(value: &Value) -> Result<String, Error> {
    days_of(value, indonesian::date)
}

fn hari_tanggal(value: &Value) -> Result<String, Error> {
    days_of(value, indonesian::weekday_date)
}

fn days_of(value: &Value, format: fn(NaiveDate) -> String) -> Result<String, Error> {
    if let Some(DayView(day)) = value.downcast_object_ref::<DayView>() {
        return Ok(format(*day));
    }
    Ok(span_of_days(&stage_of(value)?.stage, format))
}

fn jam(value: &Value) -> Result<String, Error> {
    let stage = &stage_of(value)?.stage;
    let hours = match (&stage.open, &stage.close) {
        (Some(open), Some(close)) => format!("{open}-{close}"),
        (Some(hour), None) | (None, Some(hour)) => hour.clone(),
        (None, None) => return Err(refuse("tahapan ini tidak punya jam (open, close)")),
    };
    Ok(format!("pukul {hours} {}", stage.zone.label()))
}

fn lama(value: &Value) -> Result<String, Error> {
    let stage = &stage_of(value)?.stage;
    Ok(format!("{} hari", indonesian::integer((stage.end - stage.start).num_days() + 1)))
}

fn pilih(value: &Value, before: String, during: String, after: String) -> Result<String, Error> {
    let view = stage_of(value)?;
    Ok(match view.stage.phase(view.now) {
        Phase::Before => before,
        Phase::During => during,
        Phase::After => after,
    })
}

fn angka(value: &Value) -> Result<String, Error> {
    if defined(value)?.kind() == ValueKind::Number {
        Ok(show(value))
    } else {
        Err(refuse("saringan `angka` hanya untuk bilangan"))
    }
}

fn juta(value: &Value) -> Result<String, Error> {
    i64::try_from(defined(value)?.clone())
        .map(indonesian::millions)
        .map_err(|_| refuse("saringan `juta` hanya untuk bilangan bulat"))
}

fn items_of(value: &Value) -> Result<Vec<Value>, Error> {
    match defined(value)?.kind() {
        ValueKind::Seq | ValueKind::Iterable => Ok(value.try_iter()?.collect()),
        _ => Err(refuse("saringan ini hanya untuk daftar, misalnya pemilu2024.parties")),
    }
}

fn keep(list: &Value, key: &str, wanted: bool) -> Result<Value, Error> {
    let filled = |item: &Value| {
        let value = item.get_attr(key).unwrap_or_default();
        !value.is_undefined() && value.is_true()
    };
    Ok(items_of(list)?.into_iter().filter(|item| filled(item) == wanted).collect())
}

fn urut(list: &Value, key: &str) -> Result<Value, Error> {
    let mut items = items_of(list)?;
    let rank = |item: &Value| item.get_attr(key).ok().and_then(|v| f64::try_from(v).ok()).unwrap_or(f64::MIN);
    items.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    Ok(items.into_iter().collect())
}

fn jumlah(list: &Value) -> Result<i64, Error> {
    Ok(items_of(list)?.len() as i64)
}

/// One line per item; `{key}` in the pattern is the item's value.
fn baris(list: &Value, pattern: &str) -> Result<String, Error> {
    let mut lines = Vec::new();
    for item in items_of(list)? {
        let mut line = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((key, tail)) = after.split_once('}') else {
                return Err(refuse("kurung { di dalam baris(...) tidak ditutup"));
            };
            let value = item.get_attr(key).unwrap_or_default();
            if value.is_undefined() {
                return Err(refuse(&format!("isian `{{{key}}}` tidak ada pada setiap butir daftar ini")));
            }
            line.push_str(before);
            line.push_str(&show(&value));
            rest = tail;
        }
        line.push_str(rest);
        lines.push(line);
    }
    Ok(lines.join("\n"))
}

// ------------------------------------------------------------------ now and next

/// The stages that count when one asks what happens now, each with its election, by first day.
fn calendar(elections: &[Arc<Election>]) -> Vec<(&Arc<Election>, &Arc<Stage>)> {
    let mut stages: Vec<_> = elections
        .iter()
        .flat_map(|e| e.stages.iter().map(move |s| (e, s)))
        .filter(|(_, stage)| stage.held && stage.main)
        .collect();
    stages.sort_by_key(|(_, stage)| stage.start);
    stages
}

/// Whether main stages of the election are known.
fn has_calendar(election: &Election) -> bool {
    election.stages.iter().any(|stage| stage.main)
}

/// The election whose stage runs or comes next, else the last one.
fn current_election(elections: &[Arc<Election>], now: NaiveDateTime) -> Option<&Arc<Election>> {
    let stages = calendar(elections);
    let open = stages.iter().find(|(_, stage)| stage.phase(now) != Phase::After);
    open.or_else(|| stages.iter().max_by_key(|(_, stage)| stage.end)).map(|(election, _)| *election)
}

/// What runs now and what comes next, in one to three sentences.
fn now_in_words(elections: &[Arc<Election>], wording: &Wording, now: NaiveDateTime) -> String {
    let stages = calendar(elections);
    let named =
        |(election, stage): &(&Arc<Election>, &Arc<Stage>)| format!("{} {}", lower_first(&stage.name), election.name);
    let running: Vec<String> = stages.iter().filter(|(_, s)| s.phase(now) == Phase::During).map(named).collect();
    let next = stages.iter().find(|(_, s)| s.phase(now) == Phase::Before);
    let mut sentences = Vec::new();
    if running.is_empty() && next.is_none() {
        let finished: Vec<String> = elections.iter().filter(|e| has_calendar(e)).map(|e| e.name.clone()).collect();
        sentences.push(wording.say("now_finished", &[("elections", &indonesian::list(&finished))]));
    } else if running.is_empty() {
        sentences.push(wording.say("now_none", &[]));
    } else {
        sentences.push(wording.say("now_running", &[("stages", &indonesian::list(&running))]));
    }
    match next {
        Some(stage) => {
            let when = when(stage.1, now);
            sentences.push(wording.say("now_next", &[("stage", &named(stage)), ("when", &when)]));
        }
        None => {
            for election in elections.iter().filter(|e| !has_calendar(e)) {
                sentences.push(wording.say("now_unknown", &[("election", &election.name)]));
            }
        }
    }
    sentences.join(" ")
}

/// "Masa kampanye" inside a sentence is "masa kampanye"; "DPR" stays.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => name.to_owned(),
    }
}
