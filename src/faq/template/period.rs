//! The filters for stages and days.

use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::filter::{fill, language, refuse, set};
use super::now::when;
use super::unset::{Missing, or_instead, unset};
use super::value::{DaysView, StageView, show};
use crate::faq::election::Phase;
use crate::text::language::Language;

/// What may stand in braces in `kalimat` and `pilih`.
const FIELDS: &str = "{kapan}, {tanggal}, {hari_tanggal}, {jam}, {lama}, {name}, {pemilu}";

fn stage_of(value: &Value) -> Result<&StageView, Error> {
    set(value)?
        .downcast_object_ref::<StageView>()
        .ok_or_else(|| refuse("saringan ini hanya untuk tahapan, misalnya pemilu2024.kampanye"))
}

pub(super) fn kapan(state: &State<'_, '_>, value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(stage_of(value).map(|view| when(&view.stage, view.now, language(state))), instead)
}

pub(super) fn tanggal(state: &State<'_, '_>, value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(days_of(value, false, language(state)), instead)
}

pub(super) fn hari_tanggal(state: &State<'_, '_>, value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(days_of(value, true, language(state)), instead)
}

fn days_of(value: &Value, weekday: bool, language: Language) -> Result<String, Error> {
    let days = match value.downcast_object_ref::<DaysView>() {
        Some(days) => DaysView { weekday, ..*days },
        None => DaysView { weekday, ..DaysView::of(&stage_of(value)?.stage) },
    };
    Ok(days.say(language))
}

pub(super) fn jam(state: &State<'_, '_>, value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(stage_of(value).and_then(|view| hours(view, language(state))), instead)
}

pub(super) fn lama(state: &State<'_, '_>, value: &Value, instead: Option<String>) -> Result<String, Error> {
    or_instead(stage_of(value).map(|view| length(view, language(state))), instead)
}

/// Words for before, during and after a stage, and perhaps for as long as it is not set.
pub(super) fn pilih(state: &State<'_, '_>, value: &Value, words: Rest<String>) -> Result<String, Error> {
    let mut words = words.0.into_iter();
    let mut next = || words.next().ok_or_else(|| Error::from(ErrorKind::MissingArgument));
    let (before, during, after) = (next()?, next()?, next()?);
    let instead = words.next();
    if words.next().is_some() {
        return Err(Error::from(ErrorKind::TooManyArguments));
    }
    // What is known from a later day has not happened: then that is said, where it tells nothing of the stage.
    let comes = unset(value).is_some_and(|unset| unset.comes) && !before.contains('{');
    let instead = instead.or_else(|| comes.then(|| before.clone()));
    let said = stage_of(value).and_then(|view| {
        let said = match view.stage.phase(view.now) {
            Phase::Before => before,
            Phase::During => during,
            Phase::After => after,
        };
        fill(&said, |key| field(view, key, language(state)))
    });
    or_instead(said, instead)
}

/// A sentence about the stage; the words to say instead where the stage or what the sentence says of it is not set. Of
/// anything else it may say the value: `{angka}`.
pub(super) fn kalimat(
    state: &State<'_, '_>,
    value: &Value,
    pattern: &str,
    instead: Option<String>,
) -> Result<String, Error> {
    let language = language(state);
    let said = set(value).and_then(|value| match value.downcast_object_ref::<StageView>() {
        Some(view) => fill(pattern, |key| field(view, key, language)),
        None => fill(pattern, |key| match key {
            "angka" if value.kind() == ValueKind::Number => Ok(show(value, language)),
            _ => Err(refuse(&format!("isian `{{{key}}}` tidak ada di sini; untuk bilangan ada {{angka}}"))),
        }),
    });
    or_instead(said, instead)
}

fn field(view: &StageView, key: &str, language: Language) -> Result<String, Error> {
    let stage = &view.stage;
    match key {
        "kapan" => Ok(when(stage, view.now, language)),
        "tanggal" => Ok(stage.span_of_days(|day| language.date(day), language)),
        "hari_tanggal" => Ok(stage.span_of_days(|day| language.weekday_date(day), language)),
        "jam" => hours(view, language),
        "lama" => Ok(length(view, language)),
        "name" => Ok(stage.name_in(language).to_owned()),
        "pemilu" => Ok(view.election.name_in(language).to_owned()),
        _ => Err(refuse(&format!("isian `{{{key}}}` tidak ada untuk tahapan; yang ada: {FIELDS}"))),
    }
}

fn hours(view: &StageView, language: Language) -> Result<String, Error> {
    let none = || refuse("tahapan ini tidak punya jam (open, close)").with_source(Missing);
    view.stage.hours(language).ok_or_else(none)
}

fn length(view: &StageView, language: Language) -> String {
    language.days((view.stage.end - view.stage.start).num_days() + 1)
}
