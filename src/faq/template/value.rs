//! What names in templates stand for, and how values are read aloud.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use minijinja::value::{Object, ObjectRepr, Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::unset::Unset;
use crate::faq::election::known::FIGURES;
use crate::faq::election::{Datum, Election, Item, Stage, candidate, item};
use crate::text::language::Language;

/// Names that an election may have, since one of the files has them: what is not set there yet can be asked for.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    stages: BTreeSet<String>,
    figures: BTreeSet<String>,
}

impl Vocabulary {
    pub(super) fn new(elections: &[Arc<Election>]) -> Self {
        Self {
            stages: elections.iter().flat_map(|e| &e.stages).map(|stage| stage.key.clone()).collect(),
            figures: elections.iter().flat_map(|e| e.figures.keys().cloned()).collect(),
        }
    }

    /// The names of stages.
    pub(super) fn stages(&self) -> impl Iterator<Item = &String> {
        self.stages.iter()
    }

    /// The names of figures.
    pub(super) fn figures(&self) -> impl Iterator<Item = &String> {
        self.figures.iter()
    }

    /// Whether some election has a stage of that name.
    pub(super) fn has_stage(&self, key: &str) -> bool {
        self.stages.contains(key)
    }
}

/// An election as of a day, under the name by which it was asked for.
#[derive(Debug)]
pub(super) struct ElectionView {
    pub(super) election: Arc<Election>,
    pub(super) asked_as: String,
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) now: NaiveDateTime,
}

impl ElectionView {
    fn stage_view(&self, stage: &Arc<Stage>) -> Value {
        Value::from_object(StageView { stage: Arc::clone(stage), election: Arc::clone(&self.election), now: self.now })
    }

    fn unset(&self, key: &str) -> Value {
        Value::from_object(Unset::new(&self.asked_as, key, &self.election))
    }

    /// The items of a list that are known.
    fn list(&self, list: &str) -> Vec<Value> {
        let items = self.election.lists.get(list).into_iter().flatten();
        let known = items.filter(|item| item::is_known(item, self.now.date()));
        known.map(|item| self.item(list, item)).collect()
    }

    fn item(&self, list: &str, item: &Item) -> Value {
        Value::from_object(ItemView {
            item: self.election.known_values(list, item, self.now.date()),
            list: list.to_owned(),
            file: self.election.file(),
            unset: Unset::new(&self.asked_as, list, &self.election),
        })
    }

    /// The candidate of that number, where only one has it.
    fn candidate(&self, number: i64) -> Option<Value> {
        let all = self.election.lists.get("candidates")?;
        let mut known = all.iter().filter(|item| item::is_known(item, self.now.date())).peekable();
        if known.peek().is_none() {
            return Some(self.unset(&format!("nomor_{number}")));
        }
        let mut found = known.filter(|item| item.get("number") == Some(&Datum::Integer(number)));
        let first = found.next()?;
        if found.next().is_some() {
            let message = format!("ada beberapa calon nomor {number} di {}", self.election.file());
            return Some(Value::from(Error::new(ErrorKind::InvalidOperation, message)));
        }
        Some(self.item("candidates", first))
    }
}

impl Object for ElectionView {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let election = &self.election;
        if let Some(stage) = election.stage_at(key, self.now) {
            return Some(self.stage_view(stage));
        }
        if election.lists.contains_key(key) {
            let items = self.list(key);
            return Some(if items.is_empty() { self.unset(key) } else { items.into_iter().collect() });
        }
        if let Some(number) = key.strip_prefix("nomor_").and_then(|n| n.parse::<i64>().ok()) {
            return self.candidate(number);
        }
        match key {
            "name" => Some(Value::from_dyn_object(Arc::clone(self))),
            "figures" => Some(Value::from_object(FigureView {
                election: Arc::clone(election),
                asked_as: self.asked_as.clone(),
                vocabulary: Arc::clone(&self.vocabulary),
                today: self.now.date(),
            })),
            "stages" => {
                let known = election.stages.iter().filter(|stage| stage.is_known(self.now.date()));
                Some(known.map(|stage| self.stage_view(stage)).collect())
            }
            _ => self.vocabulary.has_stage(key).then(|| self.unset(key)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.election.name)
    }
}

#[derive(Debug)]
struct FigureView {
    election: Arc<Election>,
    asked_as: String,
    vocabulary: Arc<Vocabulary>,
    today: NaiveDate,
}

impl Object for FigureView {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let is_known = |_: &&Datum| self.election.known_from.is_known(FIGURES, key, self.today);
        let known = self.election.figures.get(key).filter(is_known).map(datum_value);
        let unset = || Value::from_object(Unset::new(&self.asked_as, &format!("figures.{key}"), &self.election));
        known.or_else(|| self.vocabulary.figures.contains(key).then(unset))
    }
}

#[derive(Debug)]
pub(super) struct StageView {
    pub(super) stage: Arc<Stage>,
    pub(super) election: Arc<Election>,
    pub(super) now: NaiveDateTime,
}

impl Object for StageView {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let stage = &self.stage;
        match key.as_str()? {
            "name" => Some(Value::from_object(NameView(Arc::clone(stage)))),
            "start" => Some(Value::from_object(DaysView::day(stage.start))),
            "end" => Some(Value::from_object(DaysView::day(stage.end))),
            "tanggal" => Some(Value::from_object(DaysView { weekday: false, ..DaysView::of(stage) })),
            "hari_tanggal" => Some(Value::from_object(DaysView::of(stage))),
            "main" => Some(Value::from(stage.main)),
            "held" => Some(Value::from(stage.held)),
            _ => None,
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&DaysView::of(&self.stage).say(Language::default()))
    }
}

/// What a stage is called.
#[derive(Debug)]
struct NameView(Arc<Stage>);

impl Object for NameView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.name)
    }
}

/// A day, or some days on end.
#[derive(Debug, Clone, Copy)]
pub(super) struct DaysView {
    pub(super) start: NaiveDate,
    pub(super) end: NaiveDate,
    /// Whether their weekdays are told.
    pub(super) weekday: bool,
}

impl DaysView {
    fn day(day: NaiveDate) -> Self {
        Self { start: day, end: day, weekday: true }
    }

    /// Those of `stage`, with their weekdays.
    pub(super) fn of(stage: &Stage) -> Self {
        Self { start: stage.start, end: stage.end, weekday: true }
    }

    pub(super) fn say(&self, language: Language) -> String {
        let day = |day| if self.weekday { language.weekday_date(day) } else { language.date(day) };
        if self.start == self.end { day(self.end) } else { language.from_to(&day(self.start), &day(self.end)) }
    }
}

impl Object for DaysView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::default()))
    }
}

#[derive(Debug)]
pub(super) struct Names(pub(super) BTreeMap<String, Value>);

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).cloned()
    }
}

/// One candidate, party, debate, ballot or zone.
#[derive(Debug)]
pub(super) struct ItemView {
    item: Item,
    list: String,
    file: String,
    unset: Unset,
}

impl ItemView {
    /// Its number, if it has one.
    pub(super) fn number(&self) -> Option<i64> {
        item::number(&self.item)
    }

    /// Who or what it is: "Partai Uji (nomor 4)", "Partai Aceh", "nomor 4".
    pub(super) fn called(&self) -> String {
        let text = |key: &str| match self.item.get(key) {
            Some(Datum::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let who = if self.list == "candidates" { candidate::who(&self.item) } else { None };
        let name = who.or_else(|| ["name", "theme", "colour", "code"].into_iter().find_map(text));
        match (name, self.number()) {
            (Some(name), Some(number)) => format!("{name} (nomor {number})"),
            (Some(name), None) => name,
            (None, _) => item::label(&self.item),
        }
    }

    /// How to find it: "nomor 4 di pemilu/pemilu2029.toml".
    pub(super) fn place(&self) -> String {
        format!("{} di {}", item::label(&self.item), self.file)
    }
}

impl Object for ItemView {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let is_candidate = self.list == "candidates";
        let found = if is_candidate { candidate::value(&self.item, key) } else { self.item.get(key) };
        if let Some(datum) = found {
            return Some(datum_value(datum));
        }
        let computed = match (key, self.item.get("date")) {
            ("tanggal", Some(Datum::Day(day))) => {
                Some(Value::from_object(DaysView { weekday: false, ..DaysView::day(*day) }))
            }
            ("hari_tanggal", Some(Datum::Day(day))) => Some(Value::from_object(DaysView::day(*day))),
            // Each language joins the names in its own way.
            ("pasangan", _) if is_candidate => {
                let names = candidate::names(&self.item).map(|names| names.into_iter().map(Value::from).collect());
                names.or_else(|| candidate::who(&self.item).map(Value::from))
            }
            ("name" | "president", _) if is_candidate => candidate::who(&self.item).map(Value::from),
            _ => None,
        };
        let may_be = || item::may_have(&self.list, key) || is_candidate && key == "pasangan";
        let unset = || Value::from_object(self.unset.of(&item::label(&self.item).replace(' ', "_"), key));
        computed.or_else(|| may_be().then(unset))
    }
}

fn datum_value(datum: &Datum) -> Value {
    match datum {
        Datum::Text(text) => Value::from(text.clone()),
        Datum::Integer(number) => Value::from(*number),
        Datum::Decimal(number) => Value::from(*number),
        Datum::Flag(flag) => Value::from(*flag),
        Datum::Day(day) => Value::from_object(DaysView::day(*day)),
        Datum::List(items) => items.iter().cloned().map(Value::from).collect(),
    }
}

/// A value as it is read aloud: "204.807.222", "58,59", "A, B, dan C"; or as English has it.
pub(super) fn show(value: &Value, language: Language) -> String {
    match value.kind() {
        ValueKind::Number if value.is_integer() => {
            i64::try_from(value.clone()).map_or_else(|_| value.to_string(), |number| language.integer(number))
        }
        ValueKind::Number => {
            f64::try_from(value.clone()).map_or_else(|_| value.to_string(), |number| language.decimal(number))
        }
        ValueKind::Seq | ValueKind::Iterable => match value.try_iter() {
            Ok(items) => language.list(&items.map(|item| show(&item, language)).collect::<Vec<_>>()),
            Err(_) => value.to_string(),
        },
        _ => named(value, language).unwrap_or_else(|| value.to_string()),
    }
}

/// What each language calls in its own way: an election, a stage, its days.
fn named(value: &Value, language: Language) -> Option<String> {
    let stage = || value.downcast_object_ref::<StageView>().map(|view| DaysView::of(&view.stage).say(language));
    let days = || value.downcast_object_ref::<DaysView>().map(|days| days.say(language));
    let name = || value.downcast_object_ref::<NameView>().map(|view| view.0.name_in(language).to_owned());
    let election = || value.downcast_object_ref::<ElectionView>().map(|v| v.election.name_in(language).to_owned());
    days().or_else(stage).or_else(name).or_else(election)
}
