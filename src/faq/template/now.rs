//! Which stages run now and come next, over all elections.

use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::faq::election::{Election, Phase, Stage, VOTE};
use crate::faq::wording::Wording;
use crate::text::language::Language;

/// The stages that count when one asks what happens now, each with its election, by first day.
fn calendar(elections: &[Arc<Election>], now: NaiveDateTime) -> Vec<(&Arc<Election>, &Arc<Stage>)> {
    let mut stages: Vec<_> = elections.iter().flat_map(|e| e.calendar(now).map(move |stage| (e, stage))).collect();
    stages.sort_by_key(|(_, stage)| stage.start);
    stages
}

/// The election whose stage runs or comes next, else the last one.
pub(super) fn current_election(elections: &[Arc<Election>], now: NaiveDateTime) -> Option<&Arc<Election>> {
    let stages = calendar(elections, now);
    let open = stages.iter().find(|(_, stage)| stage.phase(now) != Phase::After);
    open.or_else(|| stages.iter().max_by_key(|(_, stage)| stage.end)).map(|(election, _)| *election)
}

/// What runs now and what comes next, in one to three sentences.
pub(super) fn now_in_words(elections: &[Arc<Election>], wording: &Wording, now: NaiveDateTime) -> String {
    let language = wording.language;
    let stages = calendar(elections, now);
    let mut running: Vec<_> = stages.iter().copied().filter(|(_, s)| s.phase(now) == Phase::During).collect();
    if running.is_empty() {
        running = minor(elections, now);
    }
    let next = stages.iter().find(|(_, s)| s.phase(now) == Phase::Before);
    let over: Vec<String> =
        elections.iter().filter(|e| e.is_over(now)).map(|e| e.name_in(language).to_owned()).collect();
    let mut sentences = Vec::new();
    if !running.is_empty() {
        sentences.push(wording.say("now_running", &[("stages", &language.list(&named(&running, language)))]));
    } else if next.is_none() && !over.is_empty() {
        sentences.push(wording.say("now_finished", &[("elections", &language.list(&over))]));
    } else if let Some(election) = elections.iter().find(|e| e.is_under_way(now)) {
        sentences.push(wording.say("now_between", &[("election", election.name_in(language))]));
    } else {
        sentences.push(wording.say("now_none", &[]));
    }
    match next {
        Some((election, stage)) => {
            // The election was named a moment ago.
            let same = running.last().is_some_and(|(last, _)| last.key == election.key);
            let name = if same {
                lower_first(stage.name_in(language))
            } else {
                named(&[(election, stage)], language).concat()
            };
            sentences.push(wording.say("now_next", &[("stage", &name), ("when", &when(stage, now, language))]));
        }
        None => {
            for election in elections.iter().filter(|e| e.is_known(now) && e.is_undated(now)) {
                sentences.push(wording.say("now_unknown", &[("election", election.name_in(language))]));
            }
        }
    }
    sentences.join(" ")
}

/// Stages with their elections, each election named once for all of its stages in a row.
fn named(stages: &[(&Arc<Election>, &Arc<Stage>)], language: Language) -> Vec<String> {
    let name = |(place, (election, stage)): (usize, &(&Arc<Election>, &Arc<Stage>))| {
        let goes_on = stages.get(place + 1).is_some_and(|(next, _)| next.key == election.key);
        let stage = lower_first(stage.name_in(language));
        let election = election.name_in(language);
        match language {
            _ if goes_on => stage,
            Language::Indonesian => format!("{stage} {election}"),
            Language::English => format!("{stage} of the {election}"),
        }
    };
    stages.iter().enumerate().map(name).collect()
}

/// What runs beside the main stages, for a day without any of these: the stages of an election whose vote is known, but for
/// those of a single day, which are dates of something else. The vote's day is told of, also when its hours are over.
fn minor(elections: &[Arc<Election>], now: NaiveDateTime) -> Vec<(&Arc<Election>, &Arc<Stage>)> {
    let mut found = Vec::new();
    for election in elections.iter().filter(|election| !election.is_over(now)) {
        let Some(vote) = election.stage_at(VOTE, now) else { continue };
        let is_part = |stage: &Stage| stage.start != stage.end || stage.start == vote.start;
        let runs = |stage: &Stage| stage.held && stage.is_known(now.date()) && stage.phase(now) == Phase::During;
        found.extend(election.stages.iter().filter(|s| runs(s) && is_part(s)).map(|stage| (election, stage)));
    }
    found
}

/// "Masa kampanye" inside a sentence is "masa kampanye"; "DPR" stays.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => name.to_owned(),
    }
}

/// "dua hari lagi, Rabu, 14 Februari 2024", "hari ini, ...", "pada ..."; likewise for several days, and in English.
pub(in crate::faq) fn when(stage: &Stage, now: NaiveDateTime, language: Language) -> String {
    let day = |day| language.weekday_date(day);
    let days = stage.span_of_days(day, language);
    let ahead = || language.days_ahead(now.date(), stage.start);
    let single = stage.start == stage.end;
    match (stage.phase(now), language) {
        (Phase::Before, Language::Indonesian) if single => format!("{}, {days}", ahead()),
        (Phase::Before, Language::Indonesian) => format!("{}, dari {days}", ahead()),
        (Phase::During, Language::Indonesian) if single => format!("hari ini, {days}"),
        (Phase::During, Language::Indonesian) => format!("sekarang, sampai {}", day(stage.end)),
        (Phase::After, Language::Indonesian) if single => format!("pada {days}"),
        (Phase::After, Language::Indonesian) => format!("dari {days}"),
        (Phase::Before, Language::English) if single => format!("{}, on {days}", ahead()),
        (Phase::Before, Language::English) => format!("{}, from {days}", ahead()),
        (Phase::During, Language::English) if single => format!("today, {days}"),
        (Phase::During, Language::English) => format!("now, until {}", day(stage.end)),
        (Phase::After, Language::English) if single => format!("on {days}"),
        (Phase::After, Language::English) => format!("from {days}"),
    }
}
