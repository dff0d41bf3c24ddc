//! `daftar`: all entries by the day on which they are to be reviewed, or by what they speak of.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use chrono::{DateTime, Days, FixedOffset, NaiveDate};
use clap::Args;

use super::{Failure, FaqArgs, near};
use crate::faq::by_hand::by_hand;
use crate::faq::entry::Entry;
use crate::faq::{Faq, day_of};
use crate::text::indonesian;

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only what is due now or within --days
    #[arg(long, conflicts_with_all = ["stage", "election", "source", "by_hand"])]
    due: bool,
    /// How many days are looked ahead
    #[arg(long, default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=36500))]
    days: u32,
    /// By stage: which entries speak of it; with TEXT only stages that it is part of
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "", group = "by")]
    stage: Option<String>,
    /// By election: which entries take something from its file; with TEXT only elections that it is part of
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "", group = "by")]
    election: Option<String>,
    /// By source; with TEXT only sources that it is part of, such as "UU 7/2017"
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "", group = "by")]
    source: Option<String>,
    /// By election that is over and is named in words ("Pemilu 2024"), so that the answer does not follow the next one
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "", group = "by")]
    by_hand: Option<String>,
}

/// Entries under one heading.
type Group<'f> = (String, Vec<&'f Entry>);

pub(super) fn run(args: &FaqArgs, list: &ListArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let now = args.now()?;
    let today = day_of(now);
    let (faq, _) = args.faq()?;
    let (groups, text) = match list {
        ListArgs { stage: Some(text), .. } => (by_stage(&faq, now), text),
        ListArgs { election: Some(text), .. } => (by_election(&faq), text),
        ListArgs { source: Some(text), .. } => (by_source(&faq), text),
        ListArgs { by_hand: Some(text), .. } => (named_by_hand(&faq, now), text),
        _ => return by_review(&faq, list, today, out),
    };
    let wanted = text.trim().to_lowercase();
    let found: Vec<&Group<'_>> = groups.iter().filter(|(head, _)| head.to_lowercase().contains(&wanted)).collect();
    if found.is_empty() {
        return Err(Failure::Usage(format!(
            "Tidak ada yang memuat \"{}\". Tanpa kata itu semuanya tampil.",
            text.trim()
        )));
    }
    for (head, entries) in found {
        writeln!(out, "{head}: {} entri\n{}\n", entries.len(), near::lines(entries.iter().copied()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// By the day on which each is to be reviewed: what is due, what will soon be, and the rest by month.
fn by_review(faq: &Faq, list: &ListArgs, today: NaiveDate, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let soon = today + Days::new(u64::from(list.days));
    let ahead = format!("Dalam {} hari, sampai {}", list.days, indonesian::date(soon));
    let all = faq.by_due();
    let head = |day: NaiveDate| match day {
        day if day <= today => "Sudah waktunya ditinjau".to_owned(),
        day if day <= soon => ahead.clone(),
        day => indonesian::month_year(day),
    };
    for group in all.chunk_by(|a, b| head(a.0) == head(b.0)).filter(|g| !list.due || g[0].0 <= soon) {
        writeln!(out, "{}: {} entri", head(group[0].0), group.len())?;
        for (due, entry) in group {
            let (due, last) = (indonesian::date(*due), near::day(entry.reviewed));
            writeln!(out, "  {due:<17}  {:<32}  {} (ditinjau {last})", entry.id, entry.title)?;
        }
        writeln!(out)?;
    }
    let due = all.iter().filter(|(day, _)| *day <= today).count();
    let next = all.iter().filter(|(day, _)| *day <= soon).count() - due;
    let undated = faq.entries.len() - all.len();
    let undated = if undated == 0 { String::new() } else { format!(", {undated} tanpa tanggal tinjauan") };
    writeln!(
        out,
        "{} entri: {due} sudah waktunya ditinjau, {next} lagi dalam {} hari{undated}.",
        faq.entries.len(),
        list.days
    )?;
    Ok(ExitCode::SUCCESS)
}

/// By stage, in the order of their first days; then what the files don't know as a stage.
fn by_stage(faq: &Faq, now: DateTime<FixedOffset>) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(NaiveDate, String), Vec<&Entry>> = BTreeMap::new();
    let mut without = Vec::new();
    for entry in &faq.entries {
        let mentions = entry.mentions();
        let stages: Vec<_> =
            mentions.iter().filter_map(|mention| Some((mention, faq.stage_of(mention, now)?))).collect();
        if stages.is_empty() {
            without.push(entry);
        }
        for (mention, (election, stage)) in stages {
            let days = match stage.start == stage.end {
                true => indonesian::date(stage.start),
                false => format!("{} sampai {}", indonesian::date(stage.start), indonesian::date(stage.end)),
            };
            let head = format!("{}.{} - {}, {} ({days})", mention.election, mention.key, stage.name, election.name);
            groups.entry((stage.start, head)).or_default().push(entry);
        }
    }
    let mut groups: Vec<Group<'_>> = groups.into_iter().map(|((_, head), entries)| (head, entries)).collect();
    groups.push(("Tanpa tahapan".to_owned(), without));
    groups
}

/// By election, as its name is written in templates.
fn by_election(faq: &Faq) -> Vec<Group<'_>> {
    let named = |key: &str| match faq.elections().find(|e| e.key == key) {
        Some(election) => format!("{key} - {}", election.name),
        None => key.to_owned(),
    };
    let mut groups: BTreeMap<String, Vec<&Entry>> = faq.elections().map(|e| (named(&e.key), Vec::new())).collect();
    let mut without = Vec::new();
    for entry in &faq.entries {
        let mut keys: Vec<String> = entry.mentions().into_iter().map(|mention| mention.election).collect();
        keys.sort();
        keys.dedup();
        if keys.is_empty() {
            without.push(entry);
        }
        for key in keys {
            groups.entry(named(&key)).or_default().push(entry);
        }
    }
    let mut groups: Vec<Group<'_>> = groups.into_iter().collect();
    groups.push(("Tanpa nama pemilu di dalam templat".to_owned(), without));
    groups
}

/// By the words in which an election that is over is named.
fn named_by_hand(faq: &Faq, now: DateTime<FixedOffset>) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for place in by_hand(faq, now) {
        let Some(entry) = faq.entry(&place.entry) else { continue };
        let group = groups.entry(format!("\"{}\" tertulis sendiri", place.words)).or_default();
        if !group.iter().any(|known| known.id == entry.id) {
            group.push(entry);
        }
    }
    groups.into_iter().collect()
}

/// By source, word for word as the entries have it.
fn by_source(faq: &Faq) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in &faq.entries {
        for source in &entry.sources {
            groups.entry(source.text.clone()).or_default().push(entry);
        }
    }
    groups.into_iter().collect()
}
