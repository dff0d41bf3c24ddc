//! `lihat`: one entry as voters read it over time, with what hangs on it.

use std::io::Write;
use std::process::ExitCode;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime};
use clap::Args;

use super::{Failure, FaqArgs, colour, near};
use crate::faq::election::{Election, Phase, Stage};
use crate::faq::entry::Entry;
use crate::faq::{Faq, day_of, home_offset};
use crate::terminal::render::Look;
use crate::text::indonesian;
use crate::text::language::Language;

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The entry's id, or the code under its answer
    #[arg(required = true)]
    id: Vec<String>,
    /// Show it around both ends of every stage that it names, wherever it says something else
    #[arg(long)]
    all: bool,
    /// As it is said in English
    #[arg(long)]
    english: bool,
}

/// How long before a stage it is looked ahead to.
const AHEAD: Days = Days::new(7);
/// How many phrasings are named.
const PHRASINGS: usize = 3;

/// A moment to look at, and why.
type Moment = (String, DateTime<FixedOffset>);

pub(super) fn run(args: &FaqArgs, show: &ShowArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let named = args.named_time()?;
    let (faq, report) = args.faq()?;
    let entry = near::entry(&faq, &show.id.join(" "))?;
    let line = report.line(&entry.file, entry.span.start);
    let place = line.map_or_else(|| entry.file.clone(), |line| format!("{} baris {line}", entry.file));
    writeln!(out, "{} ({place})\n{}", entry.id, entry.title)?;
    let look = Look { colour: colour(&std::io::stdout()) };
    let now = args.now()?;
    let moments = match named {
        Some(time) => vec![("Pada".to_owned(), time)],
        None if show.all => turning(&faq, entry),
        None => around(&faq, entry, now),
    };
    let shown = |time| {
        let language = if show.english { Language::English } else { Language::Indonesian };
        let answer = faq.answer_in(entry, language, time);
        let more =
            look.more(&answer).map(|more| format!("\n\n[{}]\n{more}", faq.wordings.say(language, "button_more", &[])));
        format!("{}{}", look.answer(&answer), more.unwrap_or_default())
    };
    let texts: Vec<String> = moments.iter().map(|(_, time)| shown(*time)).collect();
    if named.is_none() && texts.windows(2).all(|pair| pair[0] == pair[1]) && is_steady(&faq, entry) {
        writeln!(out, "\n--- Kapan saja ---\n{}", shown(now))?;
    } else {
        for ((when, time), text) in moments.iter().zip(&texts) {
            let day = indonesian::weekday_date(time.date_naive());
            let barred =
                if entry.is_valid(day_of(*time)) { "" } else { " (di luar masa berlakunya: tidak dijawabkan)" };
            writeln!(out, "\n--- {when}: {day}, pukul {}{barred} ---\n{text}", time.format("%H.%M"))?;
        }
    }
    writeln!(out, "\n{}", about(&faq, entry, day_of(now)))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether it says the same on every day.
fn is_steady(faq: &Faq, entry: &Entry) -> bool {
    faq.over_time(entry).windows(2).all(|pair| pair[0].text == pair[1].text)
}

/// A week before, during, and the day after the stage that the entry follows, else the first that it names, else the
/// main stage that runs or comes next, else the last.
fn around(faq: &Faq, entry: &Entry, now: DateTime<FixedOffset>) -> Vec<Moment> {
    let named = entry.mentions().iter().find_map(|mention| faq.stage_of(mention, now));
    let Some((election, stage)) = named.or_else(|| present(faq, now)) else {
        return vec![("Hari ini".to_owned(), now)];
    };
    let name = if stage.name.contains(&election.name) {
        stage.name.clone()
    } else {
        format!("{} ({})", stage.name, election.name)
    };
    // Half of a longer stage is as good a day as any; nine is an hour at which most stages of one day run.
    let middle = stage.start + Days::new((stage.end - stage.start).num_days().unsigned_abs() / 2);
    let hours = [9, 0, 12].map(|hour| at(middle, hour));
    let runs = |time: &DateTime<FixedOffset>| stage.phase(time.naive_local()) == Phase::During;
    let during = hours.into_iter().find(runs).unwrap_or(hours[0]);
    [
        ("Sebelum", stage.start.checked_sub_days(AHEAD).map(|day| at(day, 9))),
        ("Selama", Some(during)),
        ("Sesudah", stage.end.succ_opt().map(|day| at(day, 9))),
    ]
    .into_iter()
    .filter_map(|(when, time)| time.map(|time| (format!("{when} {name}"), time)))
    .collect()
}

/// The main stage that runs or comes next, else the last.
fn present(faq: &Faq, now: DateTime<FixedOffset>) -> Option<(&Election, &Stage)> {
    let all = || faq.elections().flat_map(|e| e.stages.iter().map(move |s| (e, s.as_ref()))).filter(|(_, s)| s.main);
    let open = all().filter(|(_, s)| s.phase(now.naive_local()) != Phase::After).min_by_key(|(_, s)| s.start);
    open.or_else(|| all().max_by_key(|(_, s)| s.end))
}

/// The days around both ends of every stage that it names on which it says something else than at the last.
fn turning(faq: &Faq, entry: &Entry) -> Vec<Moment> {
    let mut last = None;
    let mut moments = Vec::new();
    for said in faq.over_time(entry) {
        if last.as_ref() != Some(&said.text) {
            moments.push(("Pada".to_owned(), at(said.from.max(NaiveDate::default()), 0)));
            last = Some(said.text);
        }
    }
    moments
}

fn at(day: NaiveDate, hour: u32) -> DateTime<FixedOffset> {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    day.and_time(time).and_local_timezone(home_offset()).single().unwrap_or_default()
}

/// What hangs on the entry, a line each.
fn about(faq: &Faq, entry: &Entry, today: NaiveDate) -> String {
    let mut lines = Vec::new();
    let related: Vec<&Entry> = entry.related.iter().filter_map(|id| faq.entry(&id.value)).collect();
    if !related.is_empty() {
        lines.push(format!("Terkait:\n{}", near::lines(related)));
    }
    let pointing = faq.entries.iter().filter(|e| e.related.iter().any(|id| id.value == entry.id));
    let pointing: Vec<&str> = pointing.map(|e| e.id.as_str()).collect();
    if !pointing.is_empty() {
        lines.push(format!("Disebut sebagai terkait oleh: {}", pointing.join(", ")));
    }
    let count = entry.questions.len();
    let first: Vec<String> = entry.questions.iter().take(PHRASINGS).map(|q| format!("\"{}\"", q.text)).collect();
    lines.push(format!(
        "Ditanyakan dengan {count} cara: {}{}",
        first.join(", "),
        if count > PHRASINGS { ", ..." } else { "" }
    ));
    for (key, day) in [("Berlaku mulai", entry.valid_from), ("Berlaku sampai", entry.valid_until)] {
        if day.is_some() {
            lines.push(format!("{key} {}", near::day(day)));
        }
    }
    if entry.sensitive {
        lines.push("Sensitif: bot harus lebih yakin sebelum menjawab".to_owned());
    }
    if let Some(due) = faq.due(entry) {
        let already = if due <= today { " (sudah waktunya)" } else { "" };
        let due = indonesian::date(due);
        lines.push(format!("Ditinjau {}, perlu ditinjau lagi {due}{already}", near::day(entry.reviewed)));
    }
    lines.join("\n")
}
