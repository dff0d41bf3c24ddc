//! The program beside a small bot without a store, measured in turn by the same load.

use std::process::Command;
use std::time::Duration;

use crate::bed::{Bed, Setup, program};
use crate::crowd::Crowd;
use crate::figures::{Figures, complain, saturate};
use crate::gauge::load_average;
use crate::say;

/// How many voters ask.
const VOTERS: usize = 10_000;

/// Which Python has what the small bot needs.
fn python() -> String {
    std::env::var("PEER_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// The small bot on a bed of its own.
async fn small_bot() -> Bed {
    let mut bed = Bed::still(Setup::SQLITE).await;
    let phrasings = bed.dir.path().join("phrasings.jsonl");
    let exported = Command::new(program()).args(["export", "--json", "--faq", "builtin"]).output().expect("it runs");
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    std::fs::write(&phrasings, exported.stdout).expect("a file");
    let mut command = Command::new(python());
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peer/bot.py")).arg(&phrasings);
    bed.launch_other(command);
    bed.served(0).await;
    bed
}

/// Measures both in turn, so often, so long each.
pub async fn compare(rounds: usize, time: Duration) {
    let mut rates: Vec<(f64, f64)> = Vec::new();
    for _ in 0..rounds {
        let (bed, other) = (Bed::new(Setup::SQLITE).await, "aiogram and rapidfuzz, no store");
        let own = round("tanya-pemilu, SQLite", &bed, time).await;
        drop(bed);
        let bed = small_bot().await;
        let small = round(other, &bed, time).await;
        rates.push((own.rate(), small.rate()));
    }
    let mut ratios: Vec<f64> = rates.iter().map(|(own, small)| own / small).collect();
    ratios.sort_by(f64::total_cmp);
    say(&format!("answers a second, in ratio: {ratios:.1?}; load average {}", load_average()));
}

async fn round(name: &str, bed: &Bed, time: Duration) -> Figures {
    let mut crowd = Crowd::new(&bed.tg, VOTERS);
    let figures = saturate(bed, &mut crowd, 0, time).await;
    say(&format!("{name}: {}", figures.told()));
    complain(bed);
    figures
}
