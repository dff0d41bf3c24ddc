//! Which election runs or comes next.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::{Election, Kind, Phase, Stage, VOTE};

impl Election {
    /// The main stages that are held and known at `now`, by first day.
    pub fn calendar(&self, now: NaiveDateTime) -> impl Iterator<Item = &Arc<Stage>> {
        self.stages.iter().filter(move |stage| stage.held && stage.main && stage.is_known(now.date()))
    }

    /// Whether it may be told of at `now`: it has no stage yet, or one of its stages is known.
    pub fn is_known(&self, now: NaiveDateTime) -> bool {
        self.stages.is_empty() || self.stages.iter().any(|stage| stage.is_known(now.date()))
    }

    /// Whether, as far as is known at `now`, its vote and all its main stages have passed.
    pub fn is_over(&self, now: NaiveDateTime) -> bool {
        let has_passed = |stage: &Arc<Stage>| stage.phase(now) == Phase::After;
        let voted = match self.stage_at(VOTE, now) {
            Some(vote) => has_passed(vote),
            // What is no election, or one of a few places, may come without a vote.
            None => self.kind == Kind::Special && self.calendar(now).next().is_some(),
        };
        voted && self.calendar(now).all(has_passed)
    }

    /// Whether it has begun, as far as is known at `now`, and is not over.
    pub fn is_under_way(&self, now: NaiveDateTime) -> bool {
        let has_begun = self.calendar(now).any(|stage| stage.phase(now) != Phase::Before);
        has_begun && self.stage_at(VOTE, now).is_some() && !self.is_over(now)
    }

    /// Whether nothing that comes of it is known at `now`, though it is not over.
    pub fn is_undated(&self, now: NaiveDateTime) -> bool {
        !self.is_over(now) && self.calendar(now).all(|stage| stage.phase(now) == Phase::After)
    }

    /// The stage of that key, if its days are known at `now`.
    pub fn stage_at(&self, key: &str, now: NaiveDateTime) -> Option<&Arc<Stage>> {
        self.stage(key).filter(|stage| stage.is_known(now.date()))
    }

    /// Where it stands among those of its kind: first those that run or come, by what of theirs comes next; then those of
    /// which nothing is known yet, by name; then the past, the last one first.
    fn rank(&self, now: NaiveDateTime) -> (u8, i64, &str) {
        let days = |day: chrono::NaiveDate| (day - now.date()).num_days();
        if self.is_over(now) {
            let last = self.calendar(now).map(|stage| stage.end).max();
            return (2, -last.map_or(i64::MIN / 2, days), &self.key);
        }
        let open = self.calendar(now).filter(|stage| stage.phase(now) != Phase::After).map(|stage| stage.start).min();
        match open {
            Some(start) => (0, days(start), &self.key),
            None => (1, 0, &self.key),
        }
    }
}

/// The election of that kind that runs or comes next, else the last.
pub fn of_kind(elections: &[Arc<Election>], kind: Kind, now: NaiveDateTime) -> Option<&Arc<Election>> {
    let known = elections.iter().filter(|election| election.kind == kind && election.is_known(now));
    // Where all are yet to be known, the name still stands for one of them, of which nothing is set.
    let all = elections.iter().filter(|election| election.kind == kind);
    known.min_by_key(|election| election.rank(now)).or_else(|| all.min_by_key(|election| election.rank(now)))
}

/// The election that a name in templates stands for at `now`: its own, or `pemilu` or `pilkada`.
pub fn named<'e>(elections: &'e [Arc<Election>], name: &str, now: NaiveDateTime) -> Option<&'e Arc<Election>> {
    match Kind::of_alias(name) {
        Some(kind) => of_kind(elections, kind, now),
        None => elections.iter().find(|election| election.key == name),
    }
}
