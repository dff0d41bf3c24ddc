//! `rehearse`: an election day in minutes, through the bot's own inbox, worker, store and sender, over a stand-in for Telegram
//! and clocks that are moved by hand. How many questions would moderators get, and how many moderators would it take?

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use serde_json::{Value, json};

use super::eval::{labelled, percent, written};
use super::{Failure, FaqArgs};
use crate::matcher::measure;
use day::{Outcome, Plan, moderators_needed};

mod day;
mod telegram;

/// An hour, in milliseconds.
const HOUR: i64 = 3_600_000;

#[derive(Debug, Args)]
pub(super) struct RehearseArgs {
    /// What is asked, drawn by chance, in JSON Lines: {"text", "id" or null, "also": [...]}
    #[arg(long, value_name = "FILE")]
    questions: PathBuf,
    /// How many voters ask, each once
    #[arg(long, default_value_t = 2000, value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000_000))]
    voters: usize,
    /// How many moderators answer
    #[arg(long, default_value_t = 3, value_parser = RangedU64ValueParser::<usize>::new().range(1..=1000))]
    moderators: usize,
    /// How many minutes a moderator works on one answer
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(i64).range(1..=1440))]
    minutes: i64,
    /// For how many hours questions come, most of them when a quarter of the time has passed
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(i64).range(1..=240))]
    hours: i64,
    /// What chance hangs on: the same number draws the same day
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print all figures as one JSON object
    #[arg(long)]
    json: bool,
}

/// A folder for the database of the rehearsal, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        let folder = std::env::temp_dir().join(format!("tanya-pemilu-{:016x}", u64::from_le_bytes(random)));
        std::fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed is left to the system, which empties that place.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn run(args: &FaqArgs, rehearse: &RehearseArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let file = &rehearse.questions;
    let questions = labelled(file, &written(file)?, measure::parse)?;
    if questions.is_empty() {
        return Err(Failure::Usage(format!("{} tidak berisi pertanyaan.", file.display())));
    }
    let plan = Plan {
        begin: args.now()?.timestamp_millis(),
        span: rehearse.hours * HOUR,
        voters: rehearse.voters,
        moderators: rehearse.moderators,
        each: rehearse.minutes * 60_000,
        seed: rehearse.seed,
        questions: &questions,
    };
    let knowledge = args.knowledge()?;
    let folder = Folder::new()?;
    let address = format!("sqlite://{}", folder.0.join("latihan.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (begun, shows) = (Instant::now(), std::io::stderr().is_terminal());
    let tell = |asked: usize| {
        if shows {
            // Nothing is left to be done if standard error is gone.
            let _ = write!(std::io::stderr(), "\r{asked} dari {} pertanyaan", plan.voters);
        }
    };
    let outcome = runtime
        .block_on(day::play(&plan, &address, knowledge, tell))
        .map_err(|error| Failure::Failed(format!("Latihan terhenti: {error}")))?;
    if shows {
        writeln!(std::io::stderr())?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    if rehearse.json {
        writeln!(out, "{}", figures(&plan, &outcome, seconds))?;
    } else {
        tell_all(&plan, &outcome, seconds, out)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The value that `share` of all are at or below; none if there is none.
fn quantile(values: &[i64], share: f64) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied()
}

/// A span in words that people use: seconds up to two minutes, minutes up to two hours, hours.
fn span(millis: Option<i64>) -> String {
    let Some(millis) = millis else { return "-".to_owned() };
    let seconds = millis as f64 / 1000.0;
    let (number, unit) = match seconds {
        s if s < 120.0 => (s, "detik"),
        s if s < 7200.0 => (s / 60.0, "menit"),
        s => (s / 3600.0, "jam"),
    };
    format!("{} {unit}", format!("{number:.1}").replace('.', ","))
}

fn figures(plan: &Plan<'_>, outcome: &Outcome, seconds: f64) -> Value {
    let quantiles = |values: &[i64]| {
        json!({
            "p50": quantile(values, 0.5), "p90": quantile(values, 0.9), "p99": quantile(values, 0.99),
            "max": values.iter().max(),
        })
    };
    json!({
        "asked": plan.voters,
        "answered": outcome.answered,
        "answered_wrong": outcome.wrong,
        "offered": outcome.offered,
        "offered_right": outcome.chosen,
        "small_talk": outcome.talk,
        "refused": outcome.refused,
        "forwarded": outcome.forwarded,
        "unanswered": outcome.unanswered,
        "cards": outcome.cards.len(),
        "most_askers": outcome.tickets.values().map(|(askers, _)| askers).max(),
        "messages_to_moderators": outcome.to_moderators,
        "longest_queue": outcome.queue,
        "first_answer_ms": quantiles(&outcome.heard),
        "wait_ms": quantiles(&outcome.waits),
        "within_hour": outcome.waits.iter().filter(|wait| **wait <= HOUR).count(),
        "moderators": plan.moderators,
        "moderators_needed": moderators_needed(&outcome.cards, plan.each, HOUR),
        "seconds": seconds,
    })
}

fn tell_all(plan: &Plan<'_>, outcome: &Outcome, seconds: f64, out: &mut impl Write) -> std::io::Result<()> {
    let of_all = |part: usize| format!("{part} ({})", percent(part, plan.voters));
    let most = outcome.tickets.values().map(|(askers, _)| *askers).max().unwrap_or_default();
    let longest = outcome.waits.iter().max().copied();
    let within = outcome.waits.iter().filter(|wait| **wait <= HOUR).count();
    writeln!(
        out,
        "{} pertanyaan dalam {} jam, {} petugas, {} menit per jawaban\n",
        plan.voters,
        plan.span / HOUR,
        plan.moderators,
        plan.each / 60_000
    )?;
    writeln!(out, "Dijawab bot            {} (keliru menurut label: {})", of_all(outcome.answered), outcome.wrong)?;
    writeln!(out, "Ditawari pilihan       {} (yang benar ada: {})", of_all(outcome.offered), outcome.chosen)?;
    writeln!(out, "Basa-basi              {}", of_all(outcome.talk))?;
    writeln!(out, "Ditolak                {}", of_all(outcome.refused))?;
    writeln!(out, "Ke petugas             {} (langsung, atau setelah ditawari)", of_all(outcome.forwarded))?;
    writeln!(out, "Balasan pertama        paling lama {}", span(outcome.heard.iter().max().copied()))?;
    writeln!(out)?;
    writeln!(out, "Kartu                  {} (penanya terbanyak dalam satu kartu: {most})", outcome.cards.len())?;
    writeln!(out, "Pesan di grup petugas  {}", outcome.to_moderators)?;
    writeln!(out, "Antrean terpanjang     {} kartu", outcome.queue)?;
    writeln!(
        out,
        "Menunggu petugas       separuh paling lama {}, sembilan dari sepuluh {}, terlama {}",
        span(quantile(&outcome.waits, 0.5)),
        span(quantile(&outcome.waits, 0.9)),
        span(longest)
    )?;
    writeln!(out, "Dijawab dalam satu jam {}", percent(within, outcome.forwarded))?;
    if outcome.unanswered > 0 {
        writeln!(out, "Belum dijawab          {}", outcome.unanswered)?;
    }
    let needed = match moderators_needed(&outcome.cards, plan.each, HOUR) {
        Some(moderators) => {
            format!("Agar tidak ada yang menunggu lebih dari satu jam untuk kartu-kartu ini: {moderators} petugas.")
        }
        None => "Dengan waktu jawab itu, berapa pun petugasnya, ada yang menunggu lebih dari satu jam.".to_owned(),
    };
    writeln!(out, "\n{needed}")?;
    writeln!(out, "Latihan berlangsung {} detik.", format!("{seconds:.1}").replace('.', ","))
}
