//! The filters for stages and days.

use chrono::NaiveDate;
use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::filter::{fill, refuse, set};
use super::now::when;
use super::unset::{Missing, or_instead, unset};
use super::value::{DayView, StageView, show};
use crate::faq::election::Phase;
use crate::text::indonesian;

/// What may stand in braces in `kalimat` and `pilih`.
const FIELDS: &str = "{kapan}, {tanggal}, {hari_tanggal}, {jam}, {lama}, {name}, {pemilu}";

fn stage_of(value: &Value) -> Result<&StageView, Error> {
    set(value)?
        .downcast_object_ref::<StageView>()
        .ok_or_else(|| refuse("saringan ini hanya untuk tahapan, misalnya pemilu2024.kampanye"))
}

pub(super) fn kapan(value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(stage_of(value).map(|view| when(&view.stage, view.now)), instead)
}

pub(super) fn tanggal(value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(days_of(value, indonesian::date), instead)
}

pub(super) fn hari_tanggal(value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(days_of(value, indonesian::weekday_date), instead)
}

fn days_of(value: &Value, format: fn(NaiveDate) -> String) -> Result<String, Error> {
    if let Some(DayView(day)) = value.downcast_object_ref::<DayView>() {
        return Ok(format(*day));
    }
    Ok(stage_of(value)?.stage.span_of_days(format))
}

pub(super) fn jam(value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(stage_of(value).and_then(hours), instead)
}

pub(super) fn lama(value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(stage_of(value).map(length), instead)
}

pub(super) fn pilih(
    value: &Value,
    before: String,
    during: String,
    after: String,
    instead: Option<String>,
) -> Result<String, Error> {
    // What is known from a later day has not happened: then that is said, where it tells nothing of the stage.
    let comes = unset(value).is_some_and(|unset| unset.comes) && !before.contains('{');
    let instead = instead.or_else(|| comes.then(|| before.clone()));
    let said = stage_of(value).and_then(|view| {
        let said = match view.stage.phase(view.now) {
            Phase::Before => before,
            Phase::During => during,
            Phase::After => after,
        };
        fill(&said, |key| field(view, key))
    });
    or_instead(said, instead)
}

/// A sentence about the stage; the words to say instead where the stage or what the sentence says of it is not set. Of
/// anything else it may say the value: `{angka}`.
pub(super) fn kalimat(value: &Value, pattern: &str, instead: Option<String>) -> Result<String, Error> {
    let said = set(value).and_then(|value| match value.downcast_object_ref::<StageView>() {
        Some(view) => fill(pattern, |key| field(view, key)),
        None => fill(pattern, |key| match key {
            "angka" if value.kind() == ValueKind::Number => Ok(show(value)),
            _ => Err(refuse(&format!("isian `{{{key}}}` tidak ada di sini; untuk bilangan ada {{angka}}"))),
        }),
    });
    or_instead(said, instead)
}

fn field(view: &StageView, key: &str) -> Result<String, Error> {
    let stage = &view.stage;
    match key {
        "kapan" => Ok(when(stage, view.now)),
        "tanggal" => Ok(stage.span_of_days(indonesian::date)),
        "hari_tanggal" => Ok(stage.span_of_days(indonesian::weekday_date)),
        "jam" => hours(view),
        "lama" => Ok(length(view)),
        "name" => Ok(stage.name.clone()),
        "pemilu" => Ok(view.election.clone()),
        _ => Err(refuse(&format!("isian `{{{key}}}` tidak ada untuk tahapan; yang ada: {FIELDS}"))),
    }
}

fn hours(view: &StageView) -> Result<String, Error> {
    let none = || refuse("tahapan ini tidak punya jam (open, close)").with_source(Missing);
    view.stage.hours().ok_or_else(none)
}

fn length(view: &StageView) -> String {
    let days = (view.stage.end - view.stage.start).num_days() + 1;
    format!("{} hari", indonesian::integer(days))
}
