//! The filters for lists.

use std::fmt;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, State};

use super::Lack;
use super::filter::{fill, language, refuse, set};
use super::unset::{is_missing, or_instead, unset};
use super::value::{ItemView, show};
use crate::text::language::Language;

fn items_of(value: &Value) -> Result<Vec<Value>, Error> {
    match set(value)?.kind() {
        ValueKind::Seq | ValueKind::Iterable => Ok(value.try_iter()?.collect()),
        _ => Err(refuse("saringan ini hanya untuk daftar, misalnya pemilu2024.parties")),
    }
}

/// A list made of `list` by `change`; one that is not set stays so, for the filter that follows to speak of.
fn changed(list: &Value, change: impl FnOnce(Vec<Value>) -> Vec<Value>) -> Result<Value, Error> {
    if unset(list).is_some() {
        return Ok(list.clone());
    }
    Ok(change(items_of(list)?).into_iter().collect())
}

/// Items that have `key`, or whose `key` is `wanted`.
pub(super) fn ada(list: &Value, key: &str, wanted: Option<&str>) -> Result<Value, Error> {
    changed(list, |items| items.into_iter().filter(|item| has(item, key, wanted)).collect())
}

/// The others.
pub(super) fn kosong(list: &Value, key: &str, wanted: Option<&str>) -> Result<Value, Error> {
    changed(list, |items| items.into_iter().filter(|item| !has(item, key, wanted)).collect())
}

fn has(item: &Value, key: &str, wanted: Option<&str>) -> bool {
    let value = item.get_attr(key).unwrap_or_default();
    if value.is_undefined() || unset(&value).is_some() {
        return false;
    }
    wanted.map_or_else(|| value.is_true(), |wanted| show(&value, Language::Indonesian).eq_ignore_ascii_case(wanted))
}

pub(super) fn urut(list: &Value, key: &str) -> Result<Value, Error> {
    let rank = |item: &Value| item.get_attr(key).ok().and_then(|v| f64::try_from(v).ok()).unwrap_or(f64::MIN);
    changed(list, |mut items| {
        items.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
        items
    })
}

pub(super) fn jumlah(list: &Value, instead: Option<String>) -> Result<Value, Error> {
    match (items_of(list), instead) {
        (Err(error), Some(instead)) if is_missing(&error) => Ok(Value::from(instead)),
        (items, _) => items.map(|items| Value::from(items.len())),
    }
}

/// One line per item; `{key}` in the pattern is the item's value. `heading` goes before, if there is any item; `instead` is
/// said if there is none.
pub(super) fn baris(
    state: &State<'_, '_>,
    list: &Value,
    pattern: &str,
    instead: Option<String>,
    heading: Option<String>,
) -> Result<String, Error> {
    let items = match items_of(list) {
        Ok(items) => items,
        Err(error) => return or_instead(Err(error), instead),
    };
    if items.is_empty() {
        return Ok(instead.unwrap_or_default());
    }
    let mut lacking = Vec::new();
    let mut lines = Vec::new();
    for item in &items {
        lines.push(fill(pattern, |key| field(item, key, language(state), &mut lacking))?);
    }
    if let Some((first, place)) = lacking.first() {
        let message = format!("isian `{{{}}}` belum ada pada {place}", first.key);
        return Err(refuse(&message).with_source(Lacking(lacking.into_iter().map(|(lack, _)| lack).collect())));
    }
    let lines = lines.join("\n");
    Ok(heading.map_or_else(|| lines.clone(), |heading| format!("{}\n\n{lines}", heading.trim_end())))
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

/// What to do about them.
pub(super) fn hint(error: &Error) -> Option<String> {
    let key = lacks_of(error).into_iter().next()?.key;
    Some(format!("isi `{key}` di berkas itu, atau hapus {{{key}}} dari jawaban ini"))
}

/// The value of `key`; what `item` lacks of what it may have is noted in `lacking`, with where it stands.
fn field(item: &Value, key: &str, language: Language, lacking: &mut Vec<(Lack, String)>) -> Result<String, Error> {
    let is_set = |value: &Value| !value.is_undefined() && unset(value).is_none();
    if language == Language::English
        && let Some(value) = item.get_attr(&format!("{key}_en")).ok().filter(is_set)
    {
        return Ok(show(&value, language));
    }
    let value = item.get_attr(key).unwrap_or_default();
    if is_set(&value) {
        return Ok(show(&value, language));
    }
    let Some(view) = item.downcast_object_ref::<ItemView>().filter(|_| !value.is_undefined()) else {
        return Err(refuse(&format!("isian `{{{key}}}` tidak ada di daftar ini")));
    };
    let lack = Lack { key: key.to_owned(), number: view.number(), name: Some(view.called()) };
    lacking.push((lack, view.place()));
    Ok(String::new())
}
