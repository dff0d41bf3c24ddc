//! The filters: what may stand behind a name.

use std::fmt;

use chrono::NaiveDate;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use super::Lack;
use super::now::when;
use super::value::{DayView, StageView, show, span_of_days};
use crate::faq::election::Phase;
use crate::text::indonesian;

/// Every filter and how it is written, for hints.
pub(super) const FILTERS: &[(&str, &str)] = &[
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

/// Makes the filters known to `environment`.
pub(super) fn register(environment: &mut Environment<'_>) {
    environment.add_filter("kapan", kapan);
    environment.add_filter("tanggal", tanggal);
    environment.add_filter("hari_tanggal", hari_tanggal);
    environment.add_filter("jam", jam);
    environment.add_filter("lama", lama);
    environment.add_filter("pilih", pilih);
    environment.add_filter("angka", angka);
    environment.add_filter("juta", juta);
    environment.add_filter("baris", baris);
    environment.add_filter("ada", |list: &Value, key: &str| keep(list, key, true));
    environment.add_filter("kosong", |list: &Value, key: &str| keep(list, key, false));
    environment.add_filter("urut", urut);
    environment.add_filter("jumlah", jumlah);
}

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

fn kapan(value: &Value) -> Result<String, Error> {
    let view = stage_of(value)?;
    Ok(when(&view.stage, view.now))
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

/// What items of a list lack, behind the error that says so.
#[derive(Debug)]
struct Lacking(Vec<Lack>);

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} items lack a key", self.0.len())
    }
}

impl std::error::Error for Lacking {}

/// What items of a list lack, if that is why a template failed.
pub(super) fn lacks_of(error: &Error) -> Vec<Lack> {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Lacking>());
    source.map(|lacking| lacking.0.clone()).unwrap_or_default()
}

/// What `item` is: its number and its name.
fn lack(item: &Value, key: &str) -> Lack {
    let of = |key: &str| item.get_attr(key).ok().filter(|value| !value.is_undefined());
    let name = ["name", "president", "theme", "colour", "code"].into_iter().find_map(of);
    let number = of("number").and_then(|number| i64::try_from(number).ok());
    let name = match (name, number) {
        (Some(name), Some(number)) => Some(format!("{} (nomor {number})", show(&name))),
        (Some(name), None) => Some(show(&name)),
        (None, number) => number.map(|number| format!("nomor {number}")),
    };
    Lack { key: key.to_owned(), number, name }
}

/// One line per item; `{key}` in the pattern is the item's value.
fn baris(list: &Value, pattern: &str) -> Result<String, Error> {
    let mut lines = Vec::new();
    let mut lacking = Vec::new();
    for item in items_of(list)? {
        let mut line = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((key, tail)) = after.split_once('}') else {
                return Err(refuse("kurung { di dalam baris(...) tidak ditutup"));
            };
            let value = item.get_attr(key).unwrap_or_default();
            if value.is_undefined() {
                lacking.push(lack(&item, key));
            }
            line.push_str(before);
            line.push_str(&show(&value));
            rest = tail;
        }
        line.push_str(rest);
        lines.push(line);
    }
    if let Some(first) = lacking.first() {
        let what = first.name.as_deref().map_or_else(|| "salah satu butir daftar ini".to_owned(), str::to_owned);
        let message = format!("isian `{{{}}}` belum ada pada {what}", first.key);
        return Err(refuse(&message).with_source(Lacking(lacking)));
    }
    Ok(lines.join("\n"))
}
