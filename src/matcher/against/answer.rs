//! Which answers changed, on which days, and how.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveTime};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::faq::entry::{Body, Entry};
use crate::faq::{Faq, home_offset};

/// On so many days an answer is shown.
const DAYS: usize = 3;

/// What became of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerChange {
    /// The entry is new.
    Added {
        /// Its id.
        id: String,
        /// Its title.
        title: String,
    },
    /// The entry is gone.
    Removed {
        /// Its id.
        id: String,
        /// Its title.
        title: String,
    },
    /// It says something else.
    Changed {
        /// Its id, or that of a kind of small talk.
        id: String,
        /// What changed beside the text.
        parts: Vec<&'static str>,
        /// The text on the days on which it differs.
        days: Vec<Shown>,
    },
}

/// A change of a text on some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The days, each with where it lies with regard to the stage that the entry speaks of; none if it is the same on all.
    pub on: Vec<(NaiveDate, &'static str)>,
    /// The sentences that went and came.
    pub sentences: Vec<Sentence>,
}

/// A sentence that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sentence {
    /// It is gone.
    Gone(String),
    /// It has come.
    Come(String),
}

/// Every answer that differs between two FAQs, by the order of the newer one.
pub fn changes(old: &Faq, new: &Faq, today: NaiveDate) -> Vec<AnswerChange> {
    let mut changes = Vec::new();
    let same_data = same_data(old, new);
    for entry in &new.entries {
        let Some(former) = old.entry(&entry.id) else {
            changes.push(AnswerChange::Added { id: entry.id.clone(), title: entry.title.clone() });
            continue;
        };
        let days = if same_data && same_templates(former, entry) {
            Vec::new()
        } else {
            differing_days(old, former, new, entry, today)
        };
        let parts = parts(former, entry);
        if !days.is_empty() || !parts.is_empty() {
            changes.push(AnswerChange::Changed { id: entry.id.clone(), parts, days });
        }
    }
    let gone = old.entries.iter().filter(|entry| new.entry(&entry.id).is_none());
    changes.extend(gone.map(|e| AnswerChange::Removed { id: e.id.clone(), title: e.title.clone() }));
    for kind in &new.small_talk {
        let former = old.small_talk.iter().find(|former| former.id == kind.id);
        if let Some(former) = former.filter(|former| former.reply != kind.reply) {
            let days = vec![Shown { on: Vec::new(), sentences: difference(&former.reply, &kind.reply) }];
            changes.push(AnswerChange::Changed { id: format!("obrolan/{}", kind.id), parts: Vec::new(), days });
        }
    }
    changes
}

/// Whether all that templates speak of is the same in both.
fn same_data(old: &Faq, new: &Faq) -> bool {
    old.elections().eq(new.elections()) && old.settings == new.settings
}

fn same_templates(a: &Entry, b: &Entry) -> bool {
    let stage = |entry: &Entry| match &entry.body {
        Body::Staged { election, stage, .. } => Some(format!("{election}.{stage}")),
        Body::Always(_) | Body::Plain(_) => None,
    };
    stage(a) == stage(b) && a.written() == b.written()
}

/// What changed beside the text, in the maintainer's words.
fn parts(old: &Entry, new: &Entry) -> Vec<&'static str> {
    let related = |entry: &Entry| entry.related.iter().map(|r| r.value.clone()).collect::<Vec<_>>();
    let changed = [
        ("judul", old.title != new.title),
        ("sumber", old.sources != new.sources),
        ("tanggal tinjau", old.reviewed != new.reviewed),
        ("terkait", related(old) != related(new)),
        ("masa berlaku", (old.valid_from, old.valid_until) != (new.valid_from, new.valid_until)),
        ("sensitive", old.sensitive != new.sensitive),
    ];
    changed.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// The days on which an entry's text differs, at most three: before, on and after the stage that it speaks of, today, then
/// any day on which either of them turns. Days with the same change stand together.
fn differing_days(old: &Faq, former: &Entry, new: &Faq, entry: &Entry, today: NaiveDate) -> Vec<Shown> {
    let mut days: Vec<(NaiveDate, &'static str)> = stage_days(new, entry);
    days.extend(stage_days(old, former));
    days.push((today, "hari ini"));
    let turning = old.over_time(former).into_iter().chain(new.over_time(entry)).map(|said| said.from);
    let turning: BTreeSet<NaiveDate> = turning.filter(|day| *day > NaiveDate::MIN).collect();
    days.extend(turning.into_iter().map(|day| (day, "")));
    let mut seen = BTreeSet::new();
    let (mut shown, mut all_differ, mut count): (Vec<Shown>, bool, usize) = (Vec::new(), true, 0);
    for (day, place) in days.into_iter().filter(|(day, _)| seen.insert(*day)) {
        let (before, after) = (said(old, former, day), said(new, entry, day));
        if before == after {
            all_differ = false;
            continue;
        }
        let sentences = difference(&before, &after);
        let known = shown.iter_mut().find(|shown| shown.sentences == sentences);
        match known {
            Some(known) if count < DAYS => {
                known.on.push((day, place));
                count += 1;
            }
            Some(_) => {}
            None => {
                all_differ &= shown.is_empty();
                if count < DAYS {
                    shown.push(Shown { on: vec![(day, place)], sentences });
                    count += 1;
                }
            }
        }
    }
    if all_differ && shown.len() == 1 {
        shown[0].on.clear();
    }
    shown.iter_mut().for_each(|shown| shown.on.sort_unstable());
    shown.sort_by_key(|shown| shown.on.first().copied());
    shown
}

/// The day before, the first day and the day after the stage that an entry is about: the one that it follows, else the first
/// main one that its templates name, else the first that they name.
fn stage_days(faq: &Faq, entry: &Entry) -> Vec<(NaiveDate, &'static str)> {
    let templates = entry.templates();
    let named = |election: &str, stage: &str| {
        let follows = matches!(&entry.body, Body::Staged { election: e, stage: s, .. } if e == election && s == stage);
        let name = format!("{election}.{stage}");
        (follows, templates.iter().any(|template| template.value.contains(&name)))
    };
    let stages = faq.elections().flat_map(|election| election.stages.iter().map(move |stage| (election, stage)));
    let best = stages
        .filter_map(|(election, stage)| {
            let (follows, is_named) = named(&election.key, &stage.key);
            (follows || is_named).then_some((!follows, !stage.main, stage.start, stage.end))
        })
        .min();
    let Some((_, _, start, end)) = best else { return Vec::new() };
    let one = Days::new(1);
    let during = if start == end { "pada harinya" } else { "hari pertama" };
    let before = start.checked_sub_days(one).map(|day| (day, "sebelum"));
    let after = end.checked_add_days(one).map(|day| (day, "sesudah"));
    before.into_iter().chain([(start, during)]).chain(after).collect()
}

/// What a voter reads at noon of `day`.
fn said(faq: &Faq, entry: &Entry, day: NaiveDate) -> String {
    let noon = day.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default());
    noon.and_local_timezone(home_offset()).single().map_or_else(String::new, |now| faq.answer(entry, now).text())
}

/// The sentences that differ, in order.
fn difference(old: &str, new: &str) -> Vec<Sentence> {
    let (old, new) = (sentences(old), sentences(new));
    let mut found = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        found.extend(old[op.old_range()].iter().map(|s| Sentence::Gone((*s).to_owned())));
        found.extend(new[op.new_range()].iter().map(|s| Sentence::Come((*s).to_owned())));
    }
    found
}

fn sentences(text: &str) -> Vec<&str> {
    let parts = text.lines().flat_map(|line| line.split_inclusive(". "));
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sentences_that_differ_are_shown() {
        let old = "Satu pukul 07.00. Dua.\n\n- tiga\n- empat";
        let new = "Satu pukul 08.00. Dua.\n\n- tiga\n- lima\n- enam";
        let of = |s: &Sentence| match s {
            Sentence::Gone(text) => format!("-{text}"),
            Sentence::Come(text) => format!("+{text}"),
        };
        let shown: Vec<String> = difference(old, new).iter().map(of).collect();
        assert_eq!(shown, ["-Satu pukul 07.00.", "+Satu pukul 08.00.", "-- empat", "+- lima", "+- enam"]);
    }
}
