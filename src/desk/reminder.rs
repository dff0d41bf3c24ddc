//! Reminders: of a day that an answer tells, a day before and on its morning; or that a day was set which voters wait for.
//!
//! What a voter is to be reminded of stands in what is due, and nowhere else. The days are those of the FAQ: what moved
//! since is told, and followed.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::menu::{self, Choice};
use super::{Desk, Effect, VoterId};
use crate::faq::coming::Coming;
use crate::faq::election::Zone;
use crate::faq::home_offset;
use crate::matcher::chance::key;

/// When one is reminded on the day before.
const EVE_HOUR: u32 = 9;
/// When on the day itself: before polling stations open at 07.00.
const MORNING_HOUR: u32 = 5;
/// The most stages that one voter is reminded of.
const MOST: usize = 20;
/// How many reminders are reviewed at once.
pub const REVIEWED: usize = 200;
/// The name of the event that reviews reminders.
pub const REVIEW: &str = "review-reminders";
/// How the names of reminders begin.
pub const NAMED: &str = "remind:";

/// What a voter is to be reminded of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// Who.
    pub voter: VoterId,
    /// The entry under which it was asked for.
    pub entry: String,
    /// The key of the election.
    pub election: String,
    /// The key of its stage.
    pub stage: String,
    /// The first day of the stage, as the voter was told; none while it is waited for.
    pub day: Option<NaiveDate>,
    /// Whose clock.
    pub zone: Zone,
    /// Which of them.
    pub part: Part,
}

/// Which reminder of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// On the day before.
    Eve,
    /// On the day itself.
    Morning,
    /// Once the day is set.
    Set,
}

impl Reminder {
    /// What tells it from all others.
    pub fn name(&self) -> String {
        let part = match self.part {
            Part::Eve => "eve",
            Part::Morning => "morning",
            Part::Set => "set",
        };
        format!("{}{part}", self.group())
    }

    /// What the reminders of one voter of one stage have in common in their names.
    fn group(&self) -> String {
        format!("{NAMED}{}:{}:{}:", self.voter, self.election, self.stage)
    }

    /// What the button carries that drops it.
    fn stage_key(&self) -> String {
        format!("{:016x}", key(&format!("{}:{}", self.election, self.stage)))
    }

    /// When it is due; none while its day is not set.
    fn at(&self) -> Option<DateTime<FixedOffset>> {
        let (day, hour) = match self.part {
            Part::Eve => (self.day?.checked_sub_days(Days::new(1))?, EVE_HOUR),
            Part::Morning => (self.day?, MORNING_HOUR),
            Part::Set => return None,
        };
        let time = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
        self.zone.offset().from_local_datetime(&time).single()
    }
}

impl Desk<'_> {
    fn local_time(&self, zone: Zone) -> NaiveDateTime {
        self.now.with_timezone(&zone.offset()).naive_local()
    }

    /// How a stage stands now by the clock of `zone`.
    fn coming(&self, election: &str, stage: &str, zone: Zone) -> Option<Coming> {
        self.knowledge.faq.stage_to_come(election, stage, self.language, self.local_time(zone))
    }

    fn when(&self, coming: &Coming, zone: Zone) -> String {
        self.knowledge.faq.when(coming, self.language, self.local_time(zone)).unwrap_or_default()
    }

    /// A voter wants to be reminded of the day that an entry tells.
    pub(super) fn remind_of(&mut self, voter: VoterId, id: &str) {
        let faq = &self.knowledge.faq;
        let zone = self.state.zone.unwrap_or(Zone::Wib);
        let told = faq.entry(id).and_then(|entry| faq.coming(entry, self.language, self.now));
        // By the voter's own clock it may have begun.
        let Some(coming) = told.and_then(|told| self.coming(&told.election, &told.stage, zone)) else {
            return self.tell(voter, "remind_over", &[]);
        };
        let stage = coming.name.clone();
        let own = &self.known.reminders;
        if own.iter().any(|r| r.election == coming.election && r.stage == coming.stage) {
            return self.tell(voter, "remind_already", &[("stage", &stage)]);
        }
        if groups(own).count() >= MOST {
            return self.tell(voter, "remind_too_many", &[("limit", &MOST.to_string())]);
        }
        self.plan(voter, id, &coming, zone);
        if coming.day.is_none() {
            self.tell(voter, "remind_when_set", &[("stage", &stage)]);
        } else {
            let when = self.when(&coming, zone);
            self.tell(voter, "remind_set", &[("stage", &stage), ("when", &when)]);
        }
        if self.state.zone.is_none() {
            self.ask_zone(voter);
        }
    }

    /// Plans what is still to come of a stage's reminders.
    fn plan(&mut self, voter: VoterId, entry: &str, coming: &Coming, zone: Zone) {
        let parts = if coming.day.is_some() { &[Part::Eve, Part::Morning][..] } else { &[Part::Set] };
        for &part in parts {
            let reminder = Reminder {
                voter,
                entry: entry.to_owned(),
                election: coming.election.clone(),
                stage: coming.stage.clone(),
                day: coming.day,
                zone,
                part,
            };
            let at = if part == Part::Set { Some(never()) } else { reminder.at().filter(|at| *at > self.now) };
            if let Some(at) = at {
                let name = reminder.name();
                self.effects.push(Effect::Later { name, voter: Some(voter), at, event: Event::Reminder(reminder) });
            }
        }
    }

    /// The time of a reminder has come.
    pub(super) fn due_reminder(&mut self, reminder: &Reminder) {
        let Reminder { voter, zone, .. } = *reminder;
        let coming = self.coming(&reminder.election, &reminder.stage, zone);
        let moved = coming.as_ref().is_some_and(|coming| coming.day != reminder.day);
        if moved {
            return self.follow_day(&[reminder]);
        }
        let today = self.local_time(zone).date();
        // What comes late, after an outage, must still be true, and not be said twice.
        let in_time = match reminder.part {
            Part::Eve => coming.is_some(),
            Part::Morning => reminder.day == Some(today),
            Part::Set => false,
        };
        // On the day itself the stage has begun, and is no longer to come.
        let begun = || {
            let yesterday = self.local_time(zone) - chrono::TimeDelta::days(1);
            self.knowledge.faq.stage_to_come(&reminder.election, &reminder.stage, self.language, yesterday)
        };
        if let Some(coming) = in_time.then(|| coming.or_else(begun)).flatten().filter(|c| c.day == reminder.day) {
            let when = self.when(&coming, zone);
            let text = self.say("reminder", &[("stage", &coming.name), ("when", &when)]);
            self.with_entry(voter, text, &reminder.entry);
        }
    }

    /// A line with the entry's button under it.
    fn with_entry(&mut self, voter: VoterId, text: String, id: &str) {
        let choices = self.entry_choice(id);
        self.menu(voter, text, menu::rows(choices));
    }

    /// Looks at the next reminders of all voters: a day that was set, moved or taken back is told, and followed.
    pub(super) fn review_reminders(&mut self, after: Option<&str>) {
        let known = self.known;
        let full = known.reminders.len() >= REVIEWED;
        let all: Vec<Vec<&Reminder>> = groups(&known.reminders).collect();
        // The last of a full page may go on in the next.
        let whole = if full && all.len() > 1 { all.len() - 1 } else { all.len() };
        for group in &all[..whole] {
            self.follow_day(group);
        }
        let last = all[..whole].last().and_then(|group| group.last()).map(|reminder| reminder.name());
        let (at, after) = if full { (self.now, last.or(after.map(str::to_owned))) } else { (self.next_day(), None) };
        let event = Event::ReviewReminders { after };
        self.effects.push(Effect::Later { name: REVIEW.to_owned(), voter: None, at, event });
    }

    /// When days that become known with a new day are looked for.
    fn next_day(&self) -> DateTime<FixedOffset> {
        let today = self.now.with_timezone(&home_offset()).date_naive();
        let tomorrow = (today + Days::new(1)).and_time(NaiveTime::MIN) + chrono::TimeDelta::minutes(5);
        home_offset().from_local_datetime(&tomorrow).single().unwrap_or(self.now)
    }

    /// Tells a voter of a stage's day if it is another one than the reminders of the stage know, and plans them anew.
    fn follow_day(&mut self, group: &[&Reminder]) {
        let Some(first) = group.first() else { return };
        let Reminder { voter, zone, .. } = **first;
        // A stage that has begun, or that a faulty edit took away, is left alone.
        let Some(coming) = self.coming(&first.election, &first.stage, zone) else { return };
        if group.iter().all(|reminder| reminder.day == coming.day) {
            return;
        }
        let before = group.iter().find_map(|reminder| reminder.day);
        for reminder in group {
            self.effects.push(Effect::Never { name: reminder.name() });
        }
        self.plan(voter, &first.entry, &coming, zone);
        let (stage, when) = (coming.name.as_str(), self.when(&coming, zone));
        let before = before.map(|day| self.language.weekday_date(day));
        let text = match (&before, coming.day) {
            (Some(before), Some(_)) => {
                self.say("reminder_moved", &[("stage", stage), ("before", before), ("when", &when)])
            }
            (Some(before), None) => self.say("reminder_unset", &[("stage", stage), ("before", before)]),
            (None, _) => self.say("reminder_now_set", &[("stage", stage), ("when", &when)]),
        };
        self.with_entry(voter, text, &first.entry);
    }

    /// `/pengingat`: what is planned, each with a button that drops it.
    pub(super) fn reminders(&mut self, voter: VoterId) {
        let known = self.known;
        let mut lines = vec![self.say("reminders", &[])];
        let mut choices = Vec::new();
        for reminder in groups(&known.reminders).filter_map(|group| group.first().copied()) {
            let Some(coming) = self.coming(&reminder.election, &reminder.stage, reminder.zone) else { continue };
            let stage = coming.name.as_str();
            lines.push(match coming.day {
                Some(_) => self.say("reminder_line", &[("stage", stage), ("when", &self.when(&coming, reminder.zone))]),
                None => self.say("reminder_waits", &[("stage", stage)]),
            });
            let label = self.say("button_drop", &[("stage", stage)]);
            choices.push((label, Choice::DropReminder(reminder.stage_key())));
        }
        if choices.is_empty() {
            return self.tell(voter, "reminders_none", &[]);
        }
        self.menu(voter, lines.join("\n"), menu::rows(choices));
    }

    pub(super) fn drop_reminder(&mut self, voter: VoterId, key: &str) {
        let known = self.known;
        let dropped: Vec<&Reminder> = known.reminders.iter().filter(|r| r.stage_key() == key).collect();
        let Some(first) = dropped.first() else { return self.reminders(voter) };
        let stage = self.coming(&first.election, &first.stage, first.zone).map(|coming| coming.name);
        for reminder in dropped {
            self.effects.push(Effect::Never { name: reminder.name() });
        }
        self.tell(voter, "reminder_dropped", &[("stage", &stage.unwrap_or_default())]);
    }

    /// `/zona`, with or without a zone behind it.
    pub(super) fn zone(&mut self, voter: VoterId, name: &str) {
        match Zone::clock(name) {
            Some(zone) => self.set_zone(voter, zone),
            None => self.ask_zone(voter),
        }
    }

    fn ask_zone(&mut self, voter: VoterId) {
        let zone = self.state.zone.unwrap_or(Zone::Wib);
        let text = self.say("zone_which", &[("zone", zone.label())]);
        let choices = Zone::CLOCKS.map(|zone| (zone.label().to_owned(), Choice::Zone(zone)));
        self.menu(voter, text, vec![choices.to_vec()]);
    }

    pub(super) fn set_zone(&mut self, voter: VoterId, zone: Zone) {
        self.state.zone = Some(zone);
        let known = self.known;
        for group in groups(&known.reminders) {
            let first = group[0];
            for reminder in &group {
                self.effects.push(Effect::Never { name: reminder.name() });
            }
            if let Some(coming) = self.coming(&first.election, &first.stage, zone) {
                self.plan(voter, &first.entry, &coming, zone);
            }
        }
        self.tell(voter, "zone_set", &[("zone", zone.label())]);
    }
}

/// Reminders of one voter of one stage together, in their order.
fn groups(reminders: &[Reminder]) -> impl Iterator<Item = Vec<&Reminder>> {
    reminders.chunk_by(|a, b| a.group() == b.group()).map(|group| group.iter().collect())
}

/// The time of what is not planned for any time.
fn never() -> DateTime<FixedOffset> {
    let last = NaiveDate::from_ymd_opt(9999, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN);
    home_offset().from_utc_datetime(&last)
}

#[cfg(test)]
mod tests;
