//! Answers as templates: names and filters over the elections, rendered for one day.
//!
//! A template may hold names and filters, `{{ pemilu2024.pemungutan_suara | kapan }}`, and nothing else: no loops, no
//! conditions. A maintainer's whole vocabulary is listed in `faq/README.md`. `value` holds what names stand for,
//! `filter` the filters, `now` which stages run now.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDateTime;
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::election::Election;
use super::reader::nearest;
use super::wording::Wording;

mod filter;
mod now;
mod value;

use filter::{FILTERS, lacks_of};
use now::{current_election, now_in_words};
use value::{ElectionView, Names, show};

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
    /// Items of a list that lack what is asked of each.
    pub lacks: Vec<Lack>,
}

/// An item of a list that lacks a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The key.
    pub key: String,
    /// The item's number, if it has one.
    pub number: Option<i64>,
    /// What the item is called, if it has a name.
    pub name: Option<String>,
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
        filter::register(&mut environment);
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
                lacks: Vec::new(),
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
                    lacks: Vec::new(),
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
        TemplateError {
            range,
            message,
            hint,
            unknown_name: error.kind() == ErrorKind::UndefinedError,
            lacks: lacks_of(error),
        }
    }

    /// What to do about `written`, which stands for nothing: the nearest name that does stand for something at that place,
    /// or where such names are found.
    fn suggest(&self, written: &str, now: NaiveDateTime) -> String {
        let parts: Vec<&str> = written.split('.').collect();
        let mut known: Vec<&str> = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let names = self.names_after(&known, now);
            if names.iter().any(|name| name == part) {
                known.push(part);
                continue;
            }
            if let Some(near) = nearest(part, names.iter().map(String::as_str)) {
                let mut meant = known.clone();
                meant.push(near);
                meant.extend(&parts[at + 1..]);
                let exists = (1..meant.len()).all(|i| self.names_after(&meant[..i], now).iter().any(|n| n == meant[i]));
                if exists {
                    return format!("maksud Anda `{}`?", meant.join("."));
                }
            }
            return match known[..] {
                [] if parts.len() > 1 => format!("berkas pemilu/{part}.toml tidak ada; hapus atau ganti namanya"),
                [root, ..] if self.elections.iter().any(|e| e.key == root) => {
                    format!("hapus atau ganti; nama yang ada tertulis di pemilu/{root}.toml")
                }
                _ => "hapus atau ganti; nama yang dikenal: nama berkas di faq/pemilu/, lalu titik, lalu nama tahapan atau isian"
                    .to_owned(),
            };
        }
        "hapus atau ganti".to_owned()
    }

    /// The names that may stand behind `known`, as far as they can be listed.
    fn names_after(&self, known: &[&str], now: NaiveDateTime) -> Vec<String> {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let election = |key: &str| {
            let current = || current_election(&self.elections, now);
            self.elections.iter().find(|e| e.key == key).or_else(|| (key == "pemilu").then(current).flatten())
        };
        let stage = ["name", "start", "end", "tanggal", "hari_tanggal", "main", "held"];
        match known {
            [] => self.context(now).into_keys().collect(),
            ["bot"] => self.settings.keys().cloned().collect(),
            ["kini"] => own(&["ringkas", "pemilu"]),
            ["kini", rest @ ..] => self.names_after(rest, now),
            [key] => election(key).map_or_else(Vec::new, |election| {
                let candidates = election.lists.get("candidates").map_or(0, Vec::len);
                let mut names = own(&["name", "figures", "stages"]);
                names.extend(election.stages.iter().map(|stage| stage.key.clone()));
                names.extend(election.lists.keys().cloned());
                names.extend((1..=candidates).map(|number| format!("nomor_{number}")));
                names
            }),
            [key, "figures"] => election(key).map_or_else(Vec::new, |e| e.figures.keys().cloned().collect()),
            [key, part] => election(key).map_or_else(Vec::new, |election| {
                let candidates = election.lists.get("candidates").into_iter().flatten();
                match election.stage(part) {
                    Some(_) => own(&stage),
                    None if part.starts_with("nomor_") => candidates.flat_map(|item| item.keys().cloned()).collect(),
                    None => Vec::new(),
                }
            }),
            _ => Vec::new(),
        }
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
