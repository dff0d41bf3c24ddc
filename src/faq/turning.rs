//! The days on which an answer may change.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::Faq;
use super::election::{Datum, Election, Kind, Stage, VOTE};
use super::entry::{Body, Entry};
use super::template::naming::{Name, names};

/// The days on which `entry` may change: before, at both ends of, and after each stage that its templates name, or of
/// every stage if they speak of "now"; and from when what they name is known. One day at least.
pub(super) fn turning_days(faq: &Faq, entry: &Entry) -> BTreeSet<NaiveDate> {
    let mut named: BTreeSet<Name> = entry.all_templates().flat_map(|t| names(&t.value)).collect();
    if let Body::Staged { election, stage, .. } = &entry.body {
        named.insert(Name { head: election.clone(), member: stage.clone() });
    }
    let mut days = BTreeSet::new();
    for Name { head, member } in &named {
        let kind = Kind::of_alias(head);
        for election in &faq.elections {
            let everything = head == "kini";
            if everything || election.key == *head || kind == Some(election.kind) {
                // Which election an alias stands for turns with the main stages of all of its kind, and their vote.
                let of_kind = kind.is_some();
                let turns = |stage: &Stage| of_kind && (stage.main || stage.key == VOTE);
                of_election(election, |stage| everything || stage.key == *member || turns(stage), &mut days);
                of_items(election, member, &mut days);
            }
        }
    }
    // What it says is never given before.
    days.extend(entry.first_day());
    if days.is_empty() {
        days.insert(NaiveDate::default());
    }
    days
}

/// Those of them on which it is given; all if it never is. What is not given need not be sayable: not before its figures
/// are known, say.
pub(super) fn given_days(faq: &Faq, entry: &Entry) -> BTreeSet<NaiveDate> {
    let days = turning_days(faq, entry);
    let given: BTreeSet<NaiveDate> = days.iter().copied().filter(|day| entry.is_valid(*day)).collect();
    if given.is_empty() { days } else { given }
}

fn of_election(election: &Election, hangs_on: impl Fn(&Stage) -> bool, days: &mut BTreeSet<NaiveDate>) {
    let one = Days::new(1);
    for stage in election.stages.iter().filter(|stage| hangs_on(stage)) {
        days.extend([stage.start - one, stage.start, stage.end, stage.end + one]);
    }
    for from in election.stages.iter().filter_map(|stage| stage.known_from) {
        days.extend([from - one, from]);
    }
}

fn of_items(election: &Election, member: &str, days: &mut BTreeSet<NaiveDate>) {
    let list = if member.starts_with("nomor_") { "candidates" } else { member };
    for item in election.lists.get(list).into_iter().flatten() {
        if let Some(Datum::Day(from)) = item.get("known_from") {
            days.extend([*from - Days::new(1), *from]);
        }
    }
    for (_, from) in election.known_from.of(list) {
        days.extend([from - Days::new(1), from]);
    }
}
