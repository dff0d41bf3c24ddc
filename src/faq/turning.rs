//! The days on which an answer may change.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::Faq;
use super::election::known::FIGURES;
use super::election::{Datum, Election, Kind, Stage, VOTE};
use super::entry::{Body, Entry};
use super::template::naming::{Name, names};

/// The days on which `entry` may change: before, at both ends of, and after each stage that its templates name, and from when
/// what they name is known; those of every stage if they speak of "now". One day at least.
pub(super) fn turning_days(faq: &Faq, entry: &Entry) -> BTreeSet<NaiveDate> {
    let mut named: BTreeSet<Name> = entry.all_templates().flat_map(|t| names(&t.value)).collect();
    if let Body::Staged { election, stage, .. } = &entry.body {
        named.insert(Name { head: election.clone(), member: stage.clone() });
    }
    let mut days = BTreeSet::new();
    for Name { head, member } in &named {
        let kind = Kind::of_alias(head);
        let now = head == "kini";
        // Without a member it may be any of them: `pemilu2024["kampanye"]`.
        let everything = now || member.is_empty();
        for election in &faq.elections {
            if now || election.key == *head || kind == Some(election.kind) {
                // Which election an alias stands for turns with the main stages of all of its kind, and their vote.
                let of_kind = kind.is_some();
                let turns = |stage: &Stage| of_kind && (stage.main || stage.key == VOTE);
                let is_named = |stage: &Stage| everything || member == "stages" || stage.key == *member;
                of_stages(election, |stage| is_named(stage) || turns(stage), &mut days);
                let list = if member.starts_with("nomor_") { "candidates" } else { member };
                of_lists(election, |key| everything || key == list, &mut days);
                if of_kind {
                    // It stands for none of which nothing is known.
                    from(election.stages.iter().filter_map(|stage| stage.known_from).min(), &mut days);
                }
            }
        }
    }
    // What it says is given neither before nor after.
    days.extend(entry.first_day());
    days.extend(entry.valid_until);
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

fn of_stages(election: &Election, hangs_on: impl Fn(&Stage) -> bool, days: &mut BTreeSet<NaiveDate>) {
    let one = Days::new(1);
    for stage in election.stages.iter().filter(|stage| hangs_on(stage)) {
        days.extend([stage.start - one, stage.start, stage.end, stage.end + one]);
        from(stage.known_from, days);
    }
}

/// The figures are taken for a list too.
fn of_lists(election: &Election, hangs_on: impl Fn(&str) -> bool, days: &mut BTreeSet<NaiveDate>) {
    for list in election.lists.keys().map(String::as_str).chain([FIGURES]).filter(|list| hangs_on(list)) {
        for item in election.lists.get(list).into_iter().flatten() {
            if let Some(Datum::Day(day)) = item.get("known_from") {
                from([*day], days);
            }
        }
        from(election.known_from.of(list).map(|(_, day)| day), days);
    }
}

/// The first days on which something is known, and the days before.
fn from(known: impl IntoIterator<Item = NaiveDate>, days: &mut BTreeSet<NaiveDate>) {
    days.extend(known.into_iter().flat_map(|day| [day - Days::new(1), day]));
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;
    use crate::faq::outline::expressions;
    use crate::faq::source::Source;
    use crate::text::language::Language;

    /// What `entry` says on `day`, by expression; without the words that count the days, which are others on any day.
    fn said(faq: &Faq, entry: &Entry, day: NaiveDate) -> Vec<String> {
        let now = day.and_time(NaiveTime::MIN);
        let own = entry.bodies().map(|body| (body, Language::Indonesian));
        let all = own.chain(entry.english.iter().map(|english| (&english.body, Language::English)));
        let parts = all.flat_map(|(body, language)| faq.parts(body, now).into_iter().map(move |part| (part, language)));
        let mut said = Vec::new();
        for (part, language) in parts {
            said.push(format!("{:?}", part.span));
            let all = expressions(&part.value).into_iter().map(|range| &part.value[range]);
            for expression in all.filter(|expression| !expression[2..].trim_start().starts_with("kini.")) {
                let uncounted = expression.replace("kapan", "tanggal");
                said.push(faq.templates.render(&uncounted, language, now).unwrap_or_else(|(text, _)| text));
            }
        }
        said
    }

    #[test]
    fn an_answer_changes_on_no_other_day() {
        let faq = Faq::load(&Source::BuiltIn).0.expect("a sound FAQ");
        let mut all = BTreeSet::new();
        for election in &faq.elections {
            of_stages(election, |_| true, &mut all);
            of_lists(election, |_| true, &mut all);
        }
        for entry in &faq.entries {
            let turning = turning_days(&faq, entry);
            let first = *turning.first().expect("one day at least");
            for &day in all.iter().filter(|day| entry.first_day().is_none_or(|first| first <= **day)) {
                let turned = turning.range(..=day).next_back().unwrap_or(&first);
                assert_eq!(said(&faq, entry, day), said(&faq, entry, *turned), "{}: {day} is not {turned}", entry.id);
            }
        }
    }
}
