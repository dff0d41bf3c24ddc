//! The filters for lists.

use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::filter::{fill, refuse, set};
use super::unset::{Missing, is_missing, or_instead, unset};
use super::value::{ItemView, show};

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
    wanted.map_or_else(|| value.is_true(), |wanted| show(&value).eq_ignore_ascii_case(wanted))
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
    let line = |item: &Value| fill(pattern, |key| field(item, key));
    let lines = items.iter().map(line).collect::<Result<Vec<String>, Error>>()?.join("\n");
    Ok(heading.map_or_else(|| lines.clone(), |heading| format!("{}\n\n{lines}", heading.trim_end())))
}

fn field(item: &Value, key: &str) -> Result<String, Error> {
    let value = item.get_attr(key).unwrap_or_default();
    if !value.is_undefined() && unset(&value).is_none() {
        return Ok(show(&value));
    }
    let Some(view) = item.downcast_object_ref::<ItemView>().filter(|_| !value.is_undefined()) else {
        return Err(refuse(&format!("isian `{{{key}}}` tidak ada di daftar ini")));
    };
    Err(refuse(&format!("isian `{{{key}}}` belum ada pada {}", view.place())).with_source(Missing))
}
