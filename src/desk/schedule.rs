//! `/jadwal`: which stage of which election it is, what comes next, and in how many days; as words, as a timeline, and as a
//! calendar file. All of it comes from the elections' files; what is not known yet on the day is not told.

use chrono::{NaiveDate, NaiveDateTime};

use super::picture::{Line, Part, Picture, State, dated};
use super::{Desk, Effect, VoterId};
use crate::faq::election::{Election, Kind, Phase, Stage};
use crate::faq::home_time;
use crate::faq::markup::{Document, Piece, Style};

/// So many lines a timeline has at most, of stages that are over: those longest ago are only counted.
const MOST_LINES: usize = 9;
/// The most elections that are told of at once.
const MOST_ELECTIONS: usize = 2;

/// A day, or several, for a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// What tells it from all others, the same in each file: a calendar that has it already changes it.
    pub name: String,
    /// What happens.
    pub title: String,
    /// The first day.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
    /// The hours, where there are some.
    pub hours: Option<String>,
}

impl<'a> Desk<'a> {
    pub(super) fn schedule(&mut self, voter: VoterId) {
        let (parts, elections) = self.parts();
        let mut text = Words::of(self.knowledge.faq.now_in_words(self.language, self.now));
        for part in &parts {
            text.gap();
            text.bold(&part.title);
            for line in &part.lines {
                text.plain("\n");
                match line {
                    Line::Stage { name, days, when, .. } => text.plain(&format!("• {name}: {}", dated(days, when))),
                    Line::Today(today) => text.bold(today),
                    Line::Note(note) => text.plain(note),
                }
            }
        }
        if !self.calendar_days().is_empty() {
            text.gap();
            text.plain(&self.say("schedule_file", &[]));
        }
        self.cite(&mut text, &elections);
        self.effects.push(Effect::Say { voter, text: text.done() });
        if parts.is_empty() {
            return self.appeal(voter);
        }
        let names: Vec<String> = elections.iter().map(|election| election.name_in(self.language).to_owned()).collect();
        let caption = self.say("schedule_caption", &[("elections", &self.language.list(&names))]);
        self.picture(voter, Picture::Timeline(parts), caption);
        self.appeal(voter);
    }

    /// Sends a picture of what was just told.
    pub(super) fn picture(&mut self, voter: VoterId, picture: Picture, caption: String) {
        let instead = self.say("picture_lost", &[]);
        self.effects.push(Effect::Picture { voter, picture, caption, instead });
    }

    /// Puts the sources of `elections` under a text.
    pub(super) fn cite(&self, text: &mut Words, elections: &[&Election]) {
        let mut sources: Vec<&str> = Vec::new();
        for source in elections.iter().flat_map(|election| election.sources_on(home_time(self.now).date())) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        if !sources.is_empty() {
            text.gap();
            text.italic(&self.say("answer_sources", &[("sources", &sources.join("; "))]));
        }
    }

    /// What is told, election by election, and of which.
    fn parts(&self) -> (Vec<Part>, Vec<&'a Election>) {
        let (faq, now) = (&self.knowledge.faq, home_time(self.now));
        let mut told: Vec<&Election> = faq.elections().filter(|election| election.is_under_way(now)).collect();
        if told.is_empty() {
            let next = |election: &&Election| open(election, now).map(|stage| stage.start).min();
            told.extend(faq.elections().filter(|e| next(e).is_some()).min_by_key(next));
        }
        told.truncate(MOST_ELECTIONS);
        if !told.is_empty() {
            return (told.iter().map(|election| self.part(election, MOST_LINES / told.len())).collect(), told);
        }
        // Between two elections: the last of the whole country, then the next.
        let of_the_country = || faq.elections().filter(|election| election.kind == Kind::National);
        let last = of_the_country()
            .filter(|election| election.is_over(now))
            .max_by_key(|election| election.calendar(now).map(|stage| stage.end).max());
        let mut parts: Vec<Part> = last.iter().map(|election| self.part(election, MOST_LINES)).collect();
        let next = faq.current(Kind::National, self.now).filter(|election| !election.is_over(now));
        if last.is_some() || next.is_some() {
            let title = next
                .map_or_else(|| self.say("election_next", &[]), |election| election.name_in(self.language).to_owned());
            parts.push(Part { title, lines: vec![Line::Note(self.say("schedule_unset", &[]))] });
        }
        (parts, last.into_iter().chain(next).collect())
    }

    /// The main stages of `election` with today between them: at most `most` lines, where it is those that are over that make
    /// it more.
    fn part(&self, election: &Election, most: usize) -> Part {
        let now = home_time(self.now);
        let stages: Vec<&Stage> = election.calendar(now).map(AsRef::as_ref).collect();
        let is_over = |stage: &&&Stage| stage.phase(now) == Phase::After;
        // Where one is left out, its line would not be longer than the one that says so.
        let mut left_out = stages.len().saturating_sub(most).min(stages.iter().filter(is_over).count());
        left_out = if left_out == 1 { 0 } else { left_out };
        let today = Line::Today(self.say("schedule_today", &[("date", &self.language.weekday_date(now.date()))]));
        let mut lines = Vec::new();
        if left_out > 0 {
            lines.push(Line::Note(self.say("schedule_earlier", &[("count", &self.language.count(left_out as i64))])));
        }
        let begun = stages.iter().take_while(|stage| stage.start <= now.date()).count();
        for (place, stage) in stages.iter().enumerate() {
            if place == begun {
                lines.push(today.clone());
            }
            if left_out > 0 && is_over(&stage) {
                left_out -= 1;
                continue;
            }
            lines.push(self.line(stage, now));
        }
        if begun == stages.len() {
            lines.push(today);
        }
        let title = match election.is_over(now) {
            true => self.say("election_over", &[("election", election.name_in(self.language))]),
            false => election.name_in(self.language).to_owned(),
        };
        Part { title, lines }
    }

    fn line(&self, stage: &Stage, now: NaiveDateTime) -> Line {
        let state = State::from(stage.phase(now));
        let when = match state {
            State::Past => self.say("schedule_past", &[]),
            State::Now if stage.start == stage.end => self.language.days_ahead(now.date(), stage.start),
            State::Now => self.say("schedule_running", &[]),
            State::Coming => self.language.days_ahead(now.date(), stage.start),
        };
        let days = match stage.start == stage.end {
            _ if !stage.days_told => String::new(),
            true => self.language.weekday_date(stage.start),
            false => self.language.span(stage.start, stage.end),
        };
        let days = Some(days).filter(|days| !days.is_empty());
        let days = days.into_iter().chain(stage.hours(self.language)).collect::<Vec<_>>().join(", ");
        Line::Stage { name: stage.name_in(self.language).to_owned(), days, when, state }
    }

    pub(super) fn calendar(&mut self, voter: VoterId) {
        let days = self.calendar_days();
        if days.is_empty() {
            return self.tell(voter, "calendar_none", &[]);
        }
        let list = |day: &CalendarDay| format!("• {}: {}", day.title, self.language.span(day.start, day.end));
        let listed = days.iter().map(list).collect::<Vec<_>>().join("\n");
        let caption = self.say("calendar_caption", &[("count", &days.len().to_string())]);
        let instead = self.say("calendar_lost", &[("days", &listed)]);
        self.effects.push(Effect::Calendar { voter, days, made: self.now, caption, instead });
    }

    /// The main stages that are still to come, of all elections, by day.
    fn calendar_days(&self) -> Vec<CalendarDay> {
        let now = home_time(self.now);
        let day = |election: &Election, stage: &Stage| CalendarDay {
            name: format!("{}.{}", election.key, stage.key),
            title: self.say(
                "calendar_title",
                &[("election", election.name_in(self.language)), ("stage", stage.name_in(self.language))],
            ),
            start: stage.start,
            end: stage.end,
            hours: stage.hours(self.language),
        };
        let coming =
            |election| open(election, now).filter(|stage| stage.phase(now) == Phase::Before && stage.days_told);
        let elections = self.knowledge.faq.elections();
        let mut days: Vec<CalendarDay> = elections.flat_map(|e| coming(e).map(move |stage| day(e, stage))).collect();
        days.sort_by_key(|day| day.start);
        days
    }
}

/// The main stages of `election` that are not over.
fn open(election: &Election, now: NaiveDateTime) -> impl Iterator<Item = &Stage> {
    election.calendar(now).map(AsRef::as_ref).filter(move |stage: &&Stage| stage.phase(now) != Phase::After)
}

/// A text in the making.
#[derive(Debug, Default)]
pub(super) struct Words(Vec<Piece>);

impl Words {
    fn of(document: Document) -> Self {
        Self(document.0)
    }

    fn put(&mut self, style: Style, text: &str) {
        self.0.push(Piece { style, text: text.to_owned() });
    }

    pub(super) fn plain(&mut self, text: &str) {
        self.put(Style::Plain, text);
    }

    pub(super) fn bold(&mut self, text: &str) {
        self.put(Style::Bold, text);
    }

    pub(super) fn italic(&mut self, text: &str) {
        self.put(Style::Italic, text);
    }

    /// An empty line, unless it is the beginning.
    pub(super) fn gap(&mut self) {
        if !self.0.is_empty() {
            self.plain("\n\n");
        }
    }

    pub(super) fn done(self) -> Document {
        Document(self.0)
    }
}
