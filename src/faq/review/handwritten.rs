//! Dates and candidates' names of the election files must come by template, never by hand, however they are spelt.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::day;
use super::fold::own_words;
use super::person::{Certainty, People};
use crate::faq::Faq;
use crate::faq::election::Datum;
use crate::faq::entry::{Entry, Template};
use crate::faq::fault::Fault;

/// What the election files hold, with how to write it in an answer.
struct Known {
    /// Every day.
    days: BTreeMap<NaiveDate, String>,
    /// Day and month of main stages that last one day, with their names.
    main: BTreeMap<(u32, u32), (String, String)>,
}

/// Faults and warnings on all answers and titles.
pub(super) fn check(faq: &Faq, people: &People, faults: &mut Vec<Fault>) {
    let known = known(faq);
    for entry in &faq.entries {
        for template in entry.templates() {
            let text = own_words(&template.value);
            dates(entry, template, &text, &known, faults);
            names(entry, template, &text, people, faults);
        }
        title(entry, people, faults);
    }
}

fn dates(entry: &Entry, template: &Template, text: &str, known: &Known, faults: &mut Vec<Fault>) {
    let mut told = BTreeSet::new();
    for written in day::find(text) {
        let shown = &text[written.range.clone()];
        let place = template.at(written.range.clone());
        if let Some(date) = written.date() {
            if let Some(instead) = known.days.get(&date)
                && told.insert(date)
            {
                faults.push(by_hand(entry, place, shown, instead));
            }
        } else if written.year.is_none()
            && let Some((name, instead)) = known.main.get(&(written.month, written.day))
        {
            let message = format!("\"{}\" ditulis tangan; di faq/pemilu/ itu hari {name}", shown.trim());
            faults.push(
                Fault::new(&entry.file, place, message)
                    .warning()
                    .hint(format!("kalau hari itu yang dimaksud, ganti dengan {instead}; kalau bukan, tulis tahunnya")),
            );
        }
    }
}

fn names(entry: &Entry, template: &Template, text: &str, people: &People, faults: &mut Vec<Fault>) {
    let mut told = BTreeSet::new();
    for mention in people.mentions(text) {
        let shown = &text[mention.range.clone()];
        if !told.insert(mention.person.name.as_str()) {
            continue;
        }
        let place = template.at(mention.range.clone());
        if mention.certainty == Certainty::Sure {
            faults.push(by_hand(entry, place, shown, &mention.person.instead));
        } else {
            let message = format!("\"{shown}\" mirip nama calon {}", mention.person.name);
            faults.push(Fault::new(&entry.file, place, message).warning().hint(format!(
                "kalau calon itu yang dimaksud, ganti dengan {}; kalau orang lain, tulis nama lengkapnya",
                mention.person.instead
            )));
        }
    }
}

/// A title stands on a button and holds no templates.
fn title(entry: &Entry, people: &People, faults: &mut Vec<Fault>) {
    for mention in people.mentions(&entry.title).into_iter().filter(|m| m.certainty == Certainty::Sure).take(1) {
        let message = format!("judul menyebut calon {}", mention.person.name);
        faults.push(
            Fault::new(&entry.file, entry.place("title"), message).warning().hint(
                "sebut nomor urutnya saja, sama untuk semua calon: judul tidak ikut berubah bila datanya berubah",
            ),
        );
    }
}

fn by_hand(entry: &Entry, place: std::ops::Range<usize>, shown: &str, instead: &str) -> Fault {
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    Fault::new(&entry.file, place, format!("\"{shown}\" ditulis tangan, padahal ada di faq/pemilu/"))
        .hint(format!("ganti dengan {instead}, supaya ikut berubah bila datanya berubah"))
}

/// Every date that stands in an election file. Of several places the most telling counts: single days before ends of
/// periods, main stages before others.
fn known(faq: &Faq) -> Known {
    let mut days: Vec<((bool, bool), NaiveDate, String)> = Vec::new();
    let mut main = BTreeMap::new();
    for election in &faq.elections {
        let key = &election.key;
        for stage in &election.stages {
            let several = stage.start != stage.end;
            for (day, end) in [(stage.start, ".start"), (stage.end, ".end")] {
                let end = if several { end } else { "" };
                let hint = format!("{{{{ {key}.{}{end} | tanggal }}}}", stage.key);
                if stage.main && !several {
                    let name = format!("{} {}", stage.name, election.name);
                    main.entry((day.month(), day.day())).or_insert_with(|| (name, hint.clone()));
                }
                days.push(((several, !stage.main), day, hint));
            }
        }
        for debate in election.lists.get("debates").into_iter().flatten() {
            if let Some(Datum::Day(day)) = debate.get("date") {
                let hint = format!("{{{{ {key}.debates | baris(\"{{number}}. {{date}}\") }}}}");
                days.push(((true, true), *day, hint));
            }
        }
        for candidate in election.lists.get("candidates").into_iter().flatten() {
            let Some(Datum::Integer(number)) = candidate.get("number") else { continue };
            for (field, value) in candidate {
                if let Datum::Day(day) = value {
                    days.push(((true, true), *day, format!("{{{{ {key}.nomor_{number}.{field} }}}}")));
                }
            }
        }
    }
    days.sort_by_key(|(rank, _, _)| *rank);
    let mut best = BTreeMap::new();
    for (_, day, hint) in days {
        best.entry(day).or_insert(hint);
    }
    Known { days: best, main }
}
