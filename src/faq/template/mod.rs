//! Answers as templates: names and filters over the elections, rendered for one day.
//!
//! A template may hold names and filters, `{{ pemilu2024.pemungutan_suara | kapan }}`, and nothing else: no loops, no
//! conditions. A maintainer's whole vocabulary is listed in `faq/README.md`. `value` holds what names stand for, `unset`
//! what stands for a name that is not set yet, `filter` the filters (`period` those for stages, `rows` those for lists),
//! `now` which stages run now, `naming` which names a template has, `rendered` what expressions said while a FAQ is loaded,
//! `suggest` what is meant by one that stands for nothing.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDateTime;
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::election::{Election, Kind, current};
use super::near::nearest;
use super::wording::Wordings;
use crate::text::language::Language;

mod filter;
pub(super) mod naming;
pub(super) mod now;
mod period;
mod rendered;
mod rows;
mod suggest;
mod unset;
mod value;

use filter::FILTERS;
use now::{current_election, now_in_words};
use rendered::Rendered;
use value::{ElectionView, Names, Vocabulary, show};

/// The name of what runs now.
const NOW: &str = "kini";

/// How much work one answer may be; the longest of today needs a hundredth.
const FUEL: u64 = 200_000;

/// The longest expression, in bytes: whoever reads one is to see it whole, and none is nested or chained without end. The
/// longest of today has a fifth.
const LONGEST: usize = 4_000;

/// What is wrong in a template and at which bytes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The bytes.
    pub range: Range<usize>,
    /// What is wrong, in Indonesian.
    pub message: String,
    /// What to do, in Indonesian.
    pub hint: Option<String>,
    /// Whether a name stands for nothing, or for something that no file sets: perhaps only since a file could not be read.
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
#[derive(Debug, Clone)]
pub struct Templates {
    environment: Environment<'static>,
    elections: Vec<Arc<Election>>,
    vocabulary: Arc<Vocabulary>,
    settings: BTreeMap<String, i64>,
    wordings: Arc<Wordings>,
    rendered: Arc<Rendered>,
}

impl Templates {
    /// For these elections, and the settings under the name `bot`.
    pub fn new(elections: Vec<Arc<Election>>, settings: BTreeMap<String, i64>, wordings: Arc<Wordings>) -> Self {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_fuel(Some(FUEL));
        environment.set_formatter(|out, state, value| match unset::unset(value) {
            Some(unset) => Err(unset.refuse()),
            None => out.write_str(&show(value, filter::language(state))).map_err(Error::from),
        });
        filter::register(&mut environment);
        let vocabulary = Arc::new(Vocabulary::new(&elections));
        Self { environment, elections, vocabulary, settings, wordings, rendered: Arc::default() }
    }

    /// Lets go of what was said while the FAQ was loaded.
    pub fn forget_rendered(&self) {
        self.rendered.forget();
    }

    /// Whether an election of that name, or `pemilu` or `pilkada`, has or may have a stage of that name.
    pub fn has_stage(&self, election: &str, stage: &str) -> bool {
        let is_known = |e: &Arc<Election>| match Kind::of_alias(election) {
            Some(kind) => e.kind == kind,
            None => e.key == election,
        };
        self.elections.iter().any(is_known) && self.vocabulary.has_stage(stage)
    }

    /// The text of `template` in `language` as of `now`; with everything that is wrong in it, at once, where that is anything.
    pub fn render(
        &self,
        template: &str,
        language: Language,
        now: NaiveDateTime,
    ) -> Result<String, (String, Vec<TemplateError>)> {
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
            let Some(mut end) = template[open..].find("}}").map(|i| open + i + 2) else {
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
            if expression.len() > LONGEST {
                errors.push(TemplateError {
                    range: open..open + 2,
                    message: format!("yang di antara {{{{ dan }}}} ini lebih panjang dari {LONGEST} huruf"),
                    hint: Some("pecah menjadi beberapa bagian, masing-masing {{ nama | saringan }}".to_owned()),
                    unknown_name: false,
                    lacks: Vec::new(),
                });
                at = end;
                continue;
            }
            let said = self.rendered.find(expression, language, now, || {
                let context = context.get_or_insert_with(|| self.context(language, now, template.contains(NOW)));
                self.environment.render_named_str(language.code(), expression, &*context)
            });
            match said {
                Ok(value) if value.is_empty() => end += left_by_nothing(&text, &template[end..]),
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

    /// Which stages run at `now` and what comes next, over all elections, with its markup.
    pub fn now_in_words(&self, language: Language, now: NaiveDateTime) -> String {
        now_in_words(&self.elections, self.wordings.of(language), now)
    }

    /// What names stand for, [`NOW`] too where that is asked for: summing up the calendar takes longer than all the rest.
    fn context(&self, language: Language, now: NaiveDateTime, with_now: bool) -> BTreeMap<String, Value> {
        let view = |election: &Arc<Election>, asked_as: &str| {
            Value::from_object(ElectionView {
                election: Arc::clone(election),
                asked_as: asked_as.to_owned(),
                vocabulary: Arc::clone(&self.vocabulary),
                now,
            })
        };
        let mut names: BTreeMap<String, Value> =
            self.elections.iter().map(|e| (e.key.clone(), view(e, &e.key))).collect();
        for alias in Kind::ALIASES {
            if let Some(election) = current::named(&self.elections, alias, now) {
                names.insert(alias.to_owned(), view(election, alias));
            }
        }
        names.insert(
            "bot".to_owned(),
            Value::from_object(Names(self.settings.iter().map(|(k, v)| (k.clone(), Value::from(*v))).collect())),
        );
        if with_now {
            let summary = self.now_in_words(language, now);
            let mut present = BTreeMap::from([("ringkas".to_owned(), Value::from(summary))]);
            if let Some(election) = current_election(&self.elections, now) {
                present.insert("pemilu".to_owned(), view(election, "kini.pemilu"));
            }
            names.insert(NOW.to_owned(), Value::from_object(Names(present)));
        }
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
            ErrorKind::InvalidOperation if !detail.is_empty() => {
                (detail.to_owned(), rows::hint(error).or_else(|| instead(error, template)))
            }
            _ => (format!("templat ini tidak dapat dipakai: {error}"), None),
        };
        let unknown_name = error.kind() == ErrorKind::UndefinedError || unset::is_missing(error);
        TemplateError { range, message, hint, unknown_name, lacks: rows::lacks_of(error) }
    }
}

/// How much of `rest`, which follows what is said after `text` by a name that says nothing, would stand there for nothing: the
/// blank before the next sentence of the line, or the empty line after one that has become empty.
pub(super) fn left_by_nothing(text: &str, rest: &str) -> usize {
    if !(text.is_empty() || text.ends_with('\n')) {
        return 0;
    }
    let after = rest.trim_start_matches(' ');
    let is_paragraph = text.is_empty() || text.ends_with("\n\n");
    let after = if is_paragraph { after.trim_start_matches('\n') } else { after };
    rest.len() - after.len()
}

/// Where something is not set: how the filter in `expression` is told what to say instead.
fn instead(error: &Error, expression: &str) -> Option<String> {
    if !unset::is_missing(error) {
        return None;
    }
    let used =
        expression.split('|').skip(1).map(|part| part.trim_start().split(['(', ' ', '}']).next().unwrap_or_default());
    let last = used.last().unwrap_or("atau");
    let usage = FILTERS.iter().find(|(name, _)| *name == last).map_or("{{ nama | atau(\"...\") }}", |(_, usage)| usage);
    Some(format!("isi di berkas itu, atau tulis apa yang dikatakan sebelum itu: {usage}"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_without_end_is_a_fault_and_no_more() {
        let templates = Templates::new(Vec::new(), BTreeMap::new(), Arc::default());
        let wrong = |template: &str| {
            let rendered = templates.render(template, Language::Indonesian, NaiveDateTime::default());
            rendered.expect_err("it is a fault").1
        };
        let chained = ["1"; 200_000].join("+");
        let errors = wrong(&format!("{{{{ {chained} }}}} dan {{{{ tak_dikenal }}}}"));
        assert!(errors[0].message.contains("lebih panjang dari 4000 huruf"), "{errors:?}");
        assert_eq!(errors.len(), 2, "what follows is looked at all the same: {errors:?}");
        // As deep and as long as it may be, it is worked through or refused.
        for text in [
            format!("{{{{ {}1{} }}}}", "(".repeat(1_900), ")".repeat(1_900)),
            format!("{{{{ {}1 }}}}", "not ".repeat(900)),
            format!("{{{{ {} }}}}", ["1"; 1_900].join("+")),
            format!("{{{{ 1{} }}}}", " | kapan".repeat(400)),
            format!("{{{{ {}1{} }}}}", "[".repeat(1_900), "]".repeat(1_900)),
            format!("{{{{ a{} }}}}", ".a".repeat(1_900)),
        ] {
            let _ = templates.render(&text, Language::Indonesian, NaiveDateTime::default());
        }
    }
}
