//! Which stages run now and come next, over all elections.

use std::sync::Arc;

use chrono::NaiveDateTime;

use crate::faq::election::{Election, Phase, Stage, VOTE};
use crate::faq::wording::Wording;
use crate::text::indonesian;

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
    let stages = calendar(elections, now);
    let mut running: Vec<_> = stages.iter().copied().filter(|(_, s)| s.phase(now) == Phase::During).collect();
    if running.is_empty() {
        running = minor(elections, now);
    }
    let next = stages.iter().find(|(_, s)| s.phase(now) == Phase::Before);
    let over: Vec<String> = elections.iter().filter(|e| e.is_over(now)).map(|e| e.name.clone()).collect();
    let mut sentences = Vec::new();
    if !running.is_empty() {
        sentences.push(wording.say("now_running", &[("stages", &indonesian::list(&named(&running)))]));
    } else if next.is_none() && !over.is_empty() {
        sentences.push(wording.say("now_finished", &[("elections", &indonesian::list(&over))]));
    } else if let Some(election) = elections.iter().find(|e| e.is_under_way(now)) {
        sentences.push(wording.say("now_between", &[("election", &election.name)]));
    } else {
        sentences.push(wording.say("now_none", &[]));
    }
    match next {
        Some((election, stage)) => {
            // The election was named a moment ago.
            let same = running.last().is_some_and(|(last, _)| last.key == election.key);
            let name = if same { lower_first(&stage.name) } else { named(&[(election, stage)]).concat() };
            sentences.push(wording.say("now_next", &[("stage", &name), ("when", &when(stage, now))]));
        }
        None => {
            for election in elections.iter().filter(|e| e.is_known(now) && e.is_undated(now)) {
                sentences.push(wording.say("now_unknown", &[("election", &election.name)]));
            }
        }
    }
    sentences.join(" ")
}

/// Stages with their elections, each election named once for all of its stages in a row.
fn named(stages: &[(&Arc<Election>, &Arc<Stage>)]) -> Vec<String> {
    let name = |(place, (election, stage)): (usize, &(&Arc<Election>, &Arc<Stage>))| {
        let goes_on = stages.get(place + 1).is_some_and(|(next, _)| next.key == election.key);
        let stage = lower_first(&stage.name);
        if goes_on { stage } else { format!("{stage} {}", election.name) }
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

/// "dua hari lagi, Rabu, 14 Februari 2024", "hari ini, ...", "pada ..."; likewise for several days.
pub(in crate::faq) fn when(stage: &Stage, now: NaiveDateTime) -> String {
    let days = stage.span_of_days(indonesian::weekday_date);
    let single = stage.start == stage.end;
    match stage.phase(now) {
        Phase::Before if single => format!("{}, {days}", indonesian::days_ahead(now.date(), stage.start)),
        Phase::Before => format!("{}, dari {days}", indonesian::days_ahead(now.date(), stage.start)),
        Phase::During if single => format!("hari ini, {days}"),
        Phase::During => format!("sekarang, sampai {}", indonesian::weekday_date(stage.end)),
        Phase::After if single => format!("pada {days}"),
        Phase::After => format!("dari {days}"),
    }
}
