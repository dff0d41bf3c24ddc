//! The small Telegram alone, and the play of several instances.

use std::time::{Duration, Instant};

use crate::bed::{free_port, program};
use crate::crowd::{Crowd, spread};
use crate::gauge::load_average;
use crate::instances::{Play, play};
use crate::say;
use crate::telegram::{Call, TOKEN, Telegram};

/// How long another bot may take to come.
const PATIENCE: Duration = Duration::from_secs(600);

/// Serves any bot, asks it, and says how late it answered.
pub async fn alone(port: u16, token: Option<&str>, voters: usize, rate: f64, time: Duration) {
    let tg = Telegram::start_on(port, token.unwrap_or(TOKEN)).await;
    say(&format!("Bot API at {}, token {}; waiting for a bot that polls or sets a webhook", tg.url(), tg.token()));
    let come = |calls: &[Call]| {
        let asks = |call: &Call| call.method == "getupdates" || call.method == "setwebhook";
        calls.iter().any(asks).then_some(())
    };
    if tg.until_calls(PATIENCE, come).await.is_none() {
        return say("no bot came");
    }
    let mut crowd = Crowd::new(&tg, voters);
    let begun = Instant::now();
    crowd.at_rate(rate, time, Duration::from_secs(30)).await;
    let times = crowd.take_times();
    say(&format!(
        "{} asked at {rate:.0} a second, {} answered within {:.0} s: {}; load average {}",
        crowd.asked(),
        times.len(),
        begun.elapsed().as_secs_f64(),
        spread(&times),
        load_average()
    ));
}

/// Questions that the built-in FAQ answers, with the entry that it answers with.
const QUESTIONS: [(&str, &str); 3] = [
    ("apa itu masa tenang", "jadwal-masa-tenang-"),
    ("tps buka jam berapa", "jadwal-jam-tps-"),
    ("apa itu golput", "golput-"),
];

/// Three instances, one of them killed every five seconds.
pub async fn instances(rate: f64, time: Duration) {
    let told = play(
        &Play {
            program: program(),
            faq: "builtin".to_owned(),
            questions: QUESTIONS.iter().map(|(text, words)| ((*text).to_owned(), (*words).to_owned())).collect(),
            rate,
            time,
            kills_every: Duration::from_secs(5),
            patience: Duration::from_secs(120),
            in_flight: Duration::from_millis(500),
        },
        free_port,
    )
    .await;
    let Some(outcome) = told else { return say("PostgreSQL's server programs (initdb, pg_ctl) are missing") };
    say(&format!(
        "instances: {} questions at {rate:.0} a second, {} kills, PostgreSQL away for {:.1} s: {} lost, {} voters answered \
         out of order, {} repeats of messages in flight, {} others; the last answer came {:.1} s after the last question; \
         {} broken rules; load average {}",
        outcome.asked,
        outcome.kills,
        outcome.away.as_secs_f64(),
        outcome.lost,
        outcome.disordered,
        outcome.repeats,
        outcome.others,
        outcome.late.as_secs_f64(),
        outcome.violations.len(),
        load_average()
    ));
}
