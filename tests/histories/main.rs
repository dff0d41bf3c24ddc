//! Random histories: voters, moderators, Telegram's refusals, kills and time, through the real worker, store and sender; and
//! what must hold whatever happens (`promise.rs`).
//!
//! - `HISTORIES=100000 cargo test --test histories` plays so many events. Without it fewer are played, so that the ordinary
//!   tests stay short.
//! - A history comes from its number alone. `HISTORY=17` plays that one, as a failure tells; with `TELL=1` each update and
//!   each message that somebody sees is printed, of all that is played until the failure is shrunk.
//! - A failure names its history, shrinks it, and prints what is left of it: one step a line, with what followed each. The
//!   last line is where the promise broke. To look closer, put the steps into a test of the capability that broke it.
//!
//! `step.rs`: what can happen (a new capability is added there). `play.rs`: how it happens. `world.rs`: Telegram. `mark.rs`:
//! by which it is told whose words they are.

mod mark;
mod play;
mod promise;
#[path = "../support/small_faq.rs"]
mod small_faq;
mod step;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use play::{BOT, Play};
use promise::Witness;
use step::{Doing, Step, Then, histories};

/// How many events are played, unless more are asked for.
const EVENTS: usize = 2_000;
/// What is kept is looked at after so many steps.
const LOOKS: usize = 20;
/// So long a failing history is shrunk.
const PATIENCE: Duration = Duration::from_secs(180);
/// After so many broken histories no more are played.
const BROKEN: usize = 4;
/// So many steps are played twice, to see that nothing is left to chance.
const FEW: usize = 150;

/// What broke, and at which step.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Broken {
    step: usize,
    why: String,
}

impl Broken {
    /// What broke, without what differs from one history to another: who, and which number.
    fn kind(&self) -> String {
        self.why.chars().take_while(|c| !matches!(c, ':' | '\n')).filter(|c| !c.is_numeric()).collect()
    }
}

/// Plays a history to its end; gives what was seen, in short.
fn played(steps: &[Step]) -> Result<u64, Broken> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder");
    runtime.block_on(async {
        let begun = |why| Broken { step: 0, why };
        let mut play = Play::begin(folder.path()).await.map_err(begun)?;
        let mut witness = Witness::of(&play).await.map_err(begun)?;
        for (count, step) in steps.iter().enumerate() {
            let passes_days = matches!(step.doing, Doing::Waits { how_long } if how_long >= 5);
            let outcome = async {
                if passes_days {
                    play.work().await?;
                    witness.looks(&mut play).await?;
                }
                play.step(*step).await?;
                if play.voters.iter().any(|voter| voter.erasing) {
                    play.work().await?;
                    witness.looks(&mut play).await?;
                    if play.voters.iter().any(|voter| voter.erased.is_some()) {
                        play.drain().await?;
                        witness.looks_for_traces(&play).await?;
                    }
                } else if count % LOOKS == LOOKS - 1 {
                    play.work().await?;
                    witness.looks(&mut play).await?;
                }
                Ok(())
            };
            let outcome: Result<(), String> = outcome.await;
            outcome.map_err(|why| Broken { step: count, why })?;
        }
        let outcome = async {
            play.drain().await?;
            witness.looks(&mut play).await?;
            witness.looks_at_the_end(&mut play).await?;
            // A clock is believed after an hour; then all is over that is kept for a time.
            for days in [0, 1, 1, 40, 40, 40, 40, 40, 40, 40, 40] {
                play.pass(days * 86_400 + 3_700);
                play.drain().await?;
            }
            witness.looks_long_after().await
        };
        let outcome: Result<(), String> = outcome.await;
        let print = play.print;
        witness.goes().await;
        play.end().await;
        outcome.map_err(|why| Broken { step: steps.len(), why })?;
        Ok(print)
    })
}

/// What is left of a history that broke: whatever can be left out while the same breaks. Gives up when it takes too long.
fn shrunk(steps: &[Step], mut broken: Broken) -> (Vec<Step>, Broken) {
    let (kind, begun) = (broken.kind(), Instant::now());
    let breaks = |steps: &[Step]| match played(steps) {
        Err(again) if begun.elapsed() < PATIENCE && again.kind() == kind => Some(again),
        _ => None,
    };
    let cut = |steps: &[Step], broken: &Broken| steps[..steps.len().min(broken.step + 1)].to_vec();
    let mut left = cut(steps, &broken);
    let mut length = left.len() / 2;
    while length > 0 {
        let mut at = 0;
        while at < left.len() && begun.elapsed() < PATIENCE {
            let fewer: Vec<Step> = left
                .iter()
                .enumerate()
                .filter(|(n, _)| !(at..at + length).contains(n))
                .map(|(_, step)| *step)
                .collect();
            match breaks(&fewer) {
                Some(again) => (left, broken) = (cut(&fewer, &again), again),
                None => at += length,
            }
        }
        length /= 2;
    }
    // What follows each step is simple, where that is all the same.
    for at in 0..left.len() {
        let mut simpler = left.clone();
        simpler[at].then = Then::Settles;
        if simpler != left
            && let Some(again) = breaks(&simpler)
        {
            (left, broken) = (simpler, again);
        }
    }
    (left, broken)
}

/// A history as it is printed.
fn told(steps: &[Step]) -> String {
    let lines = steps.iter().enumerate().map(|(n, step)| format!("{n:4} {:?}, then {:?}", step.doing, step.then));
    lines.collect::<Vec<_>>().join("\n")
}

/// The history of that number.
fn history(number: u64) -> Vec<Step> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    histories().new_tree(&mut runner).expect("steps").current()
}

/// Plays the history of that number; says how many events it had, or what broke, with what is left of the history.
fn play(number: u64) -> Result<usize, String> {
    let steps = history(number);
    let events = steps.len();
    let Err(broken) = played(&steps) else { return Ok(events) };
    let (left, broken) = shrunk(&steps, broken);
    Err(format!("history {number} of {events} events, {} of them left:\n{}\n{}", left.len(), told(&left), broken.why))
}

fn number_in(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn promises_hold_in_random_histories() {
    if let Some(number) = number_in("HISTORY") {
        if let Err(why) = play(number) {
            panic!("{why}");
        }
        return;
    }
    let most = number_in("HISTORIES").and_then(|n| usize::try_from(n).ok()).unwrap_or(EVENTS);
    let (next, events) = (AtomicU64::new(0), AtomicUsize::new(0));
    let broken: Mutex<Vec<String>> = Mutex::default();
    let enough = || broken.lock().expect("no panic").len() >= BROKEN;
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while events.load(Ordering::Relaxed) < most && !enough() {
                    match play(next.fetch_add(1, Ordering::Relaxed)) {
                        Ok(count) => drop(events.fetch_add(count, Ordering::Relaxed)),
                        Err(why) => broken.lock().expect("no panic").push(why),
                    }
                }
            });
        }
    });
    let broken = broken.into_inner().expect("no panic");
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

#[test]
fn a_history_is_the_same_each_time() {
    let few = &history(0)[..FEW];
    assert_eq!(played(few), played(few));
}

/// Plays these steps as that bot over the database in `folder`; gives what was seen, in short.
fn played_as(bot: i64, folder: &std::path::Path, steps: &[Step]) -> Result<u64, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut play = Play::begin_as(bot, folder).await?;
        for step in steps {
            play.step(*step).await?;
        }
        play.drain().await?;
        let print = play.print;
        play.end().await;
        Ok(print)
    })
}

/// Two bots with the same voters and the same moderator chat share a database: the second sees what it would see alone, and
/// changes no row of the first.
#[test]
fn bots_that_share_a_database_leave_each_other_alone() {
    let (first, second) = (&history(1)[..FEW], &history(2)[..FEW]);
    let (apart, shared) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let alone = played_as(BOT + 1, apart.path(), second).expect("it is played");
    played_as(BOT, shared.path(), first).expect("it is played");
    let before = promise::rows_of(BOT, shared.path());
    assert!(before.len() > 100, "{} rows", before.len());
    let together = played_as(BOT + 1, shared.path(), second).expect("it is played");
    assert_eq!(together, alone, "the other bot's rows were seen");
    let after = promise::rows_of(BOT, shared.path());
    let changed: Vec<_> = before.symmetric_difference(&after).collect();
    assert!(changed.is_empty(), "rows of the other bot were changed: {changed:#?}");
}
