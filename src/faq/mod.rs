//! Floor 2: the FAQ. Reads `faq/`, checks it as a whole, and gives answers as of a day.
//!
//! One FAQ is one immutable value: loaded aside, validated whole, swapped in one step. Faults are collected, each with
//! its exact place; see [`fault`].
//!
//! - [`source`]: where the files come from. [`revision`]: as they were in git. [`decode`] and [`sign`]: bytes to plain text.
//!   `kind` and [`head`]: what sort of file it is. [`reader`]: lenient TOML with places. [`fault`]: what is wrong.
//!   [`place`]: where. `draft` puts all files together.
//! - [`entry`] with [`cited`], [`election`], [`list`], [`wording`], [`setting`]: what each kind of file holds. [`claim`]: what a
//!   hoax says. [`called`]: what
//!   people call parties, candidates and places.
//! - [`asn_check`]: who may do what, of civil servants. [`report`]: what can be reported.
//! - [`template`] and [`markup`]: answers from text. `turning`: when they may change. `version`: what tells that they did. [`review`]: what holds between files.
//! - [`phrasing`]: what one phrasing must not be. [`twin`]: the same question in two places.
//! - [`category`]: entries by what their files are about.
//! - [`outline`]: what is written, right or wrong. `duplicate`: files that are there twice. [`near`]: what somebody may
//!   have meant.
//! - [`due`]: when entries are to be reviewed again. [`name`]: which stages and elections an entry speaks of; [`by_hand`]:
//!   which of them name a past one in words.
//! - [`lesson`]: what moderators add to the files. [`watch`]: tells when files change. [`jsonl`]: a FAQ as JSON Lines, so that any can be dropped in.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

pub mod asn_check;
pub mod by_hand;
pub mod called;
pub mod category;
pub mod cited;
pub mod claim;
pub mod coming;
pub mod decode;
mod draft;
pub mod due;
mod duplicate;
pub mod election;
pub mod entry;
pub mod fault;
pub mod head;
pub mod hours;
pub mod jsonl;
mod kind;
pub mod lesson;
pub mod list;
pub mod markup;
pub mod name;
pub mod near;
pub mod outline;
pub mod phrasing;
pub mod place;
pub mod reader;
pub mod report;
pub mod review;
pub mod revision;
pub mod setting;
pub mod sign;
pub mod source;
mod syntax;
pub mod template;
mod turning;
pub mod twin;
mod version;
pub mod watch;
pub mod wording;

use asn_check::AsnCheck;
use coming::Coming;
use election::{Election, Kind, Zone, current};
use entry::{Body, Entry, Phrasing};
use fault::Report;
use list::{Likeness, SmallTalk, Words};
use markup::{Document, Piece, Style};
use report::Breach;
use setting::Settings;
use source::Source;
use template::Templates;
use template::naming::names;
use wording::Wordings;

use crate::text::language::Language;

/// A FAQ, whole and checked.
#[derive(Debug, Clone)]
pub struct Faq {
    /// All entries, by file and place.
    pub entries: Vec<Entry>,
    /// The word lists.
    pub words: Words,
    /// By which words two questions are told to be the same.
    pub likeness: Likeness,
    /// Small talk, in the order of its file.
    pub small_talk: Vec<SmallTalk>,
    /// Kinds of messages of somebody in need, each with its one line.
    pub urgent: Vec<SmallTalk>,
    /// Questions that no entry answers, of `di-luar.toml`.
    pub outside: Vec<Phrasing>,
    /// What people ask elsewhere: negative examples of the built-in FAQ, for a JSON Lines file that has none. This FAQ may
    /// well answer some of them.
    pub elsewhere: Vec<String>,
    /// The bot's own wording.
    pub wordings: Arc<Wordings>,
    /// What may be tuned.
    pub settings: Settings,
    /// Who may do what, of civil servants and the like.
    pub asn_check: AsnCheck,
    /// What can be reported, and where that stands.
    pub breaches: Vec<Breach>,
    elections: Vec<Arc<Election>>,
    templates: Templates,
    by_id: HashMap<String, usize>,
    /// The version of each entry, once one was asked for: from then on what it hangs on changes by [`Faq::tried`] alone.
    versions: OnceLock<Vec<String>>,
}

/// An answer as of a day, ready to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The entry's id.
    pub id: String,
    /// Its code: the id with the entry's version.
    pub code: String,
    /// The entry's title.
    pub title: String,
    /// The language of the title, of the lines under it and of its buttons: the one asked for. The text itself is in it
    /// too, or else has a line above it that says so.
    pub language: Language,
    /// The text itself.
    pub body: Document,
    /// The rest, if there is more to tell.
    pub more: Option<Document>,
    /// The lines under it: sources, review date and code.
    pub footer: String,
    /// Entries that may be wanted next: id and title.
    pub related: Vec<(String, String)>,
    /// What of it a voter can be reminded of.
    pub coming: Option<Coming>,
    /// A short text to send on, if it answers a claim.
    pub share: Option<String>,
}

impl Answer {
    /// The answer as it is sent, as plain text.
    pub fn plain(&self) -> String {
        let body = self.body.plain();
        if body.is_empty() { self.footer.clone() } else { format!("{body}\n\n{}", self.footer) }
    }

    /// All that it tells, the rest too, without the lines under it.
    pub fn text(&self) -> String {
        let more = self.more.as_ref().map(Document::plain);
        std::iter::once(self.body.plain()).chain(more).collect::<Vec<_>>().join("\n\n")
    }
}

/// What an entry says from one day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The first day.
    pub from: NaiveDate,
    /// The text, with its markup.
    pub text: String,
    /// The keys of the elections that its template names by their own names.
    pub elections: Vec<String>,
}

/// How many related entries are named under an answer at most.
const MOST_RELATED: usize = 3;

/// The clock on which days are counted: that of Jakarta, where the official calendar is kept.
pub fn home_offset() -> FixedOffset {
    Zone::Wib.offset()
}

/// The date and time it is in Jakarta.
pub fn home_time(now: DateTime<FixedOffset>) -> NaiveDateTime {
    now.with_timezone(&home_offset()).naive_local()
}

/// The day it is in Jakarta.
pub fn day_of(now: DateTime<FixedOffset>) -> NaiveDate {
    now.with_timezone(&home_offset()).date_naive()
}

impl Faq {
    /// Reads and checks all of `source`. The FAQ is there unless the report has a fault; warnings don't hinder.
    pub fn load(source: &Source) -> (Option<Self>, Report) {
        Self::load_after(source, None)
    }

    /// The same, where `before` is what the FAQ was: of two that can't both stay, the newcomer is at fault.
    pub fn load_after(source: &Source, before: Option<&Self>) -> (Option<Self>, Report) {
        draft::load(source, before)
    }

    /// Lets go of what its expressions said, which only helped to load it and to learn from it.
    pub fn forget_rendered(&self) {
        self.templates.forget_rendered();
    }

    /// The entry of that id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.by_id.get(id).map(|&i| &self.entries[i])
    }

    /// The texts that may reach a voter, as they are written: answers with their templates, sources, small talk.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let answers = self.entries.iter().flat_map(|e| {
            let own = e.templates().into_iter().map(|t| t.value.as_str());
            own.chain(e.sources.iter().map(|source| source.text.as_str()))
        });
        let says = self.asn_check.cells.iter().map(|cell| cell.says.value.as_str());
        answers.chain(says).chain(self.small_talk.iter().chain(&self.urgent).map(|s| s.reply.as_str()))
    }

    /// What `entry` says in Indonesian on the day of `now`, without regard to its validity.
    pub fn answer(&self, entry: &Entry, now: DateTime<FixedOffset>) -> Answer {
        self.answer_in(entry, Language::Indonesian, now)
    }

    /// What `entry` says in `language` on the day of `now`, without regard to its validity; in Indonesian, under a line
    /// that says so, where it says nothing in that language.
    pub fn answer_in(&self, entry: &Entry, language: Language, now: DateTime<FixedOffset>) -> Answer {
        let english = entry.english.as_ref().filter(|_| language == Language::English);
        let document = |said: &Body, spoken: Language| {
            let text = self.render(entry, said, spoken, home_time(now));
            match said {
                Body::Plain(_) => Document::plain_text(text),
                _ => markup::parse(&text).unwrap_or_else(|_| Document::plain_text(text)),
            }
        };
        let related = entry
            .related
            .iter()
            .filter_map(|id| self.entry(&id.value))
            .filter(|e| e.is_valid(day_of(now)))
            .take(MOST_RELATED)
            .map(|e| (e.id.clone(), e.title_in(language).to_owned()))
            .collect();
        Answer {
            id: entry.id.clone(),
            code: self.code(entry),
            title: entry.title_in(language).to_owned(),
            language,
            body: match english {
                Some(english) => document(&english.body, language),
                None => self.in_indonesian(language, document(&entry.body, Language::Indonesian)),
            },
            more: entry
                .more
                .as_ref()
                .filter(|_| english.is_none())
                .map(|more| document(more, Language::Indonesian))
                .filter(|m| !m.plain().trim().is_empty()),
            footer: self.footer(entry, language, day_of(now)),
            related,
            coming: self.coming(entry, language, now),
            // It goes to others, in the language of the claim.
            share: entry.claim.as_ref().map(|claim| document(&claim.share, Language::Indonesian).plain()),
        }
    }

    /// An Indonesian text for somebody who speaks `language`: under a line that says so, where that is another.
    fn in_indonesian(&self, language: Language, text: Document) -> Document {
        if language == Language::Indonesian || text.plain().trim().is_empty() {
            return text;
        }
        let line = self.wordings.say(language, "only_indonesian", &[]);
        let head = [(Style::Italic, line.as_str()), (Style::Plain, "\n\n")];
        let head = head.map(|(style, text)| Piece { style, text: text.to_owned() });
        Document(head.into_iter().chain(text.0).collect())
    }

    /// A copy in which `change` was made, for trying out what it would do.
    pub fn tried(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut copy = self.clone();
        change(&mut copy);
        copy.by_id = by_id(&copy.entries);
        copy.versions = OnceLock::new();
        copy
    }

    /// What `entry` says over time, the rest too, by day, as long as it is given.
    pub fn over_time(&self, entry: &Entry) -> Vec<Said> {
        let bodies = || std::iter::once(&entry.body).chain(&entry.more);
        let said = |from: NaiveDate| {
            let now = from.and_time(NaiveTime::MIN);
            let parts = bodies().flat_map(|body| self.parts(body, now));
            let heads: BTreeSet<String> = parts.flat_map(|part| names(&part.value)).map(|name| name.head).collect();
            // What `pemilu` and `pilkada` stand for is spoken of by what the text says of it, its name or its days.
            let elections = self.elections.iter().map(|e| e.key.clone()).filter(|key| heads.contains(key)).collect();
            let texts: Vec<String> = bodies().map(|body| self.render(entry, body, Language::Indonesian, now)).collect();
            Said { from, text: texts.join("\n\n"), elections }
        };
        if matches!(entry.body, Body::Plain(_)) {
            return vec![said(NaiveDate::MIN)];
        }
        turning::given_days(self, entry).into_iter().map(said).collect()
    }

    /// The elections that it knows, by file.
    pub fn elections(&self) -> impl Iterator<Item = &Election> {
        self.elections.iter().map(AsRef::as_ref)
    }

    /// The appeal of the day of `now`, of the first election that has one.
    pub fn appeal(&self, language: Language, now: DateTime<FixedOffset>) -> Option<&str> {
        self.elections.iter().find_map(|election| election.appeal(language, home_time(now)))
    }

    /// The election of that kind that runs or comes next at `now`, else the last: what `pemilu` and `pilkada` stand for.
    pub fn current(&self, kind: Kind, now: DateTime<FixedOffset>) -> Option<&Election> {
        current::of_kind(&self.elections, kind, home_time(now)).map(AsRef::as_ref)
    }

    /// Which stages run at `now` and what comes next, over all elections.
    pub fn now_in_words(&self, language: Language, now: DateTime<FixedOffset>) -> Document {
        let text = self.templates.now_in_words(language, home_time(now));
        markup::parse(&text).unwrap_or_else(|_| Document::plain_text(text))
    }

    /// The two lines under an answer.
    fn footer(&self, entry: &Entry, language: Language, today: NaiveDate) -> String {
        let say = |key: &str, values: &[(&str, &str)]| self.wordings.say(language, key, values);
        let code = self.code(entry);
        let code = match entry.reviewed {
            Some(day) => say("answer_reviewed", &[("date", &language.date(day)), ("id", &code)]),
            None => say("answer_code", &[("id", &code)]),
        };
        let sources = entry.sources_on(today);
        if sources.is_empty() {
            return code;
        }
        let sources = say("answer_sources", &[("sources", &sources.join("; "))]);
        format!("{sources}\n{code}")
    }

    /// The text of `body`, of `entry`, for `now`; every template was rendered while loading, so none can fail here but by a
    /// fault of our own, which is logged and leaves the part out.
    fn render(&self, entry: &Entry, body: &Body, language: Language, now: NaiveDateTime) -> String {
        if let Body::Plain(text) = body {
            return text.clone();
        }
        let parts = self.parts(body, now);
        let texts: Vec<String> = parts
            .iter()
            .filter_map(|part| match self.templates.render(&part.value, language, now) {
                Ok(text) => Some(text.trim().to_owned()),
                // One that is not given on that day need not be sayable then; a maintainer sees where it is not.
                Err((text, _)) if !entry.is_valid(now.date()) => Some(text.trim().to_owned()),
                Err((_, errors)) => {
                    for error in errors {
                        tracing::error!(entry = entry.id, problem = error.message, "a checked template failed");
                    }
                    None
                }
            })
            .collect();
        texts.join("\n\n")
    }

    /// The templates that make up `body` at `now`.
    fn parts<'e>(&self, body: &'e Body, now: NaiveDateTime) -> Vec<&'e entry::Template> {
        match body {
            Body::Plain(_) => Vec::new(),
            Body::Always(template) => vec![template],
            Body::Staged { election, stage, phases, unset, then } => {
                let election = current::named(&self.elections, election, now);
                let said = match election.and_then(|e| e.stage_at(stage, now)) {
                    Some(stage) => &phases[stage.phase(now) as usize],
                    None => unset.as_ref().unwrap_or(&phases[0]),
                };
                std::iter::once(said).chain(then).collect()
            }
        }
    }
}

/// Where each entry stands; of two with one id the first.
fn by_id(entries: &[Entry]) -> HashMap<String, usize> {
    entries.iter().enumerate().rev().map(|(place, entry)| (entry.id.clone(), place)).collect()
}
