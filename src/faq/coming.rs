//! Days that answers tell and that are still to come, or still to be set: what a voter can be reminded of.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};

use super::election::{Election, Stage, VOTE, current};
use super::entry::Entry;
use super::template::naming::{Name, dated};
use super::template::now::when;
use super::{Faq, home_time};
use crate::text::language::Language;

/// A stage that is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// Its election's key.
    pub election: String,
    /// Its own key.
    pub stage: String,
    /// What it is called, with its election: "Pemungutan suara, Pemilu 2024".
    pub name: String,
    /// Its first day; none while it is not set, or not known.
    pub day: Option<NaiveDate>,
}

impl Faq {
    /// Of the stages whose days `entry` tells at `now` the one that comes first; if none has a day yet, the first that is
    /// to get one, the vote before others. None if all are past.
    pub fn coming(&self, entry: &Entry, language: Language, now: DateTime<FixedOffset>) -> Option<Coming> {
        let now = home_time(now);
        let bodies = std::iter::once(&entry.body).chain(&entry.more);
        let named = bodies.flat_map(|body| self.parts(body, now)).flat_map(|part| dated(&part.value));
        let found: Vec<Coming> =
            named.filter_map(|Name { head, member }| self.stage_to_come(&head, &member, language, now)).collect();
        let first = found.iter().filter(|coming| coming.day.is_some()).min_by_key(|coming| coming.day);
        let vote = || found.iter().find(|coming| coming.stage == VOTE);
        first.or_else(vote).or(found.first()).cloned()
    }

    /// The stage of these keys as it stands on the day of `now`, a local time: none if it has begun, is not going to be
    /// held, or can't be told of.
    pub fn stage_to_come(&self, election: &str, stage: &str, language: Language, now: NaiveDateTime) -> Option<Coming> {
        let election = current::named(&self.elections, election, now)?;
        let set = election.stage(stage);
        let known = set.filter(|stage| stage.is_known(now.date()));
        if known.is_some_and(|stage| !stage.held || stage.start <= now.date()) {
            return None;
        }
        // What is not set is called as the same stage of another election.
        let of_others = || self.elections.iter().filter_map(|other| other.stage(stage)).next_back();
        let named = set.or_else(of_others)?;
        // A stage that an election without a vote lacks will not come: only what is announced is waited for.
        let awaited = known.is_some() || !election.is_over(now);
        awaited.then(|| coming(election, named, known.map(|stage| stage.start), language))
    }

    /// When that stage is, told at `now`, a local time: "dua hari lagi, Rabu, 14 Februari 2024".
    pub fn when(&self, coming: &Coming, language: Language, now: NaiveDateTime) -> Option<String> {
        let election = self.elections.iter().find(|election| election.key == coming.election)?;
        election.stage(&coming.stage).filter(|_| coming.day.is_some()).map(|stage| when(stage, now, language))
    }
}

fn coming(election: &Election, stage: &Stage, day: Option<NaiveDate>, language: Language) -> Coming {
    Coming {
        election: election.key.clone(),
        stage: stage.key.clone(),
        name: format!("{}, {}", stage.name_in(language), election.name_in(language)),
        day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::source::Source;

    fn faq() -> Faq {
        Faq::load(&Source::BuiltIn).0.expect("a sound FAQ")
    }

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).expect("a time")
    }

    fn of(id: &str, now: &str) -> Option<(String, Option<String>)> {
        let faq = faq();
        let coming = faq.coming(faq.entry(id).expect("an entry"), Language::Indonesian, at(now))?;
        Some((format!("{}.{}", coming.election, coming.stage), coming.day.map(|day| day.to_string())))
    }

    #[test]
    fn what_comes_first_is_told() {
        let vote = |day: Option<&str>| Some(("pemilu2024.pemungutan_suara".to_owned(), day.map(str::to_owned)));
        assert_eq!(of("jadwal-pemungutan-suara", "2024-01-10T09:00:00+07:00"), vote(Some("2024-02-14")));
        // On the day itself it has begun; between two elections the next has no day yet.
        assert_ne!(of("jadwal-pemungutan-suara", "2024-02-14T06:00:00+07:00"), vote(Some("2024-02-14")));
        let next = Some(("pemilu2029.pemungutan_suara".to_owned(), None));
        assert_eq!(of("jadwal-pemungutan-suara", "2026-11-26T09:00:00+07:00"), next);
        // Of an answer that tells no day there is nothing to be reminded of.
        assert_eq!(of("golput", "2026-11-26T09:00:00+07:00"), None);
    }

    #[test]
    fn a_stage_that_is_set_is_no_longer_awaited() {
        let faq = faq();
        let now = home_time(at("2026-11-26T09:00:00+07:00"));
        let coming = faq.stage_to_come("pemilu2029", VOTE, Language::Indonesian, now).expect("it will come");
        assert!(coming.name.contains("2029") && faq.when(&coming, Language::Indonesian, now).is_none(), "{coming:?}");
        assert_eq!(faq.stage_to_come("pemilu2024", VOTE, Language::Indonesian, now), None);
        assert_eq!(faq.stage_to_come("pemilu2029", "pesta", Language::Indonesian, now), None);
        assert_eq!(faq.stage_to_come("pemilu1999", VOTE, Language::Indonesian, now), None);
    }
}
