//! Measures the whole program against the small Telegram of the tests. See docs/load.md.
//!
//! ```text
//! cargo build --release && cargo run --release --example load -- all
//! ```

#[path = "../tests/support/telegram/mod.rs"]
mod telegram;

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use telegram::{Call, Fault, GroupKind, Outcome, Patience, Person, Telegram};

/// What the built-in FAQ answers.
const KNOWN: [&str; 3] = ["apa itu masa tenang", "tps buka jam berapa", "apa itu golput"];
/// What nobody but a person knows.
const UNKNOWN: &str = "siapa yang mengurus selokan mampet di gang rumah saya";
const MODERATORS: i64 = -1_001_234_567_890;

struct Bed {
    tg: Telegram,
    dir: tempfile::TempDir,
    limits: &'static str,
    child: Option<Child>,
}

impl Bed {
    async fn new(limits: &'static str) -> Self {
        let tg = Telegram::start().await;
        let _ = tg.group(MODERATORS, GroupKind::Supergroup);
        let mut bed = Self { tg, dir: tempfile::tempdir().expect("a folder"), limits, child: None };
        bed.launch();
        let ready = |calls: &[Call]| calls.iter().any(|c| c.method == "getupdates").then_some(());
        bed.tg.until_calls(Duration::from_secs(60), ready).await.expect("the program starts");
        bed
    }

    fn launch(&mut self) {
        let here = std::env::current_exe().expect("a path");
        let program: PathBuf = here.parent().and_then(|d| d.parent()).expect("target/release").join("tanya-pemilu");
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.dir.path().join("log")).expect("a log");
        let mut command = Command::new(program);
        command.arg("run").stdout(Stdio::null()).stderr(log).current_dir(self.dir.path());
        for name in ["WEBHOOK_URL", "LISTEN"] {
            command.env_remove(name);
        }
        let database = std::env::var("LOAD_DATABASE_URL").unwrap_or_else(|_| "sqlite://load.db".to_owned());
        command
            .env("TELOXIDE_TOKEN", self.tg.token())
            .env("TELEGRAM_API_URL", self.tg.url())
            .env("MODERATOR_CHAT", MODERATORS.to_string())
            .env("DATABASE_URL", database)
            .env("FAQ_DIR", "builtin")
            .env("RUST_LOG", "error")
            .env("SEND_LIMITS", self.limits);
        self.child = Some(command.spawn().expect("cargo build --release comes first"));
    }

    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it runs");
            child.wait().expect("it ends");
        }
    }

    /// Asks at `rate` a second for `time`; each question is a new voter's, every `unknown`th one for a person.
    async fn ask(&self, rate: u32, time: Duration, unknown: usize) -> Vec<Asked> {
        let begun = Instant::now();
        let mut asked = Vec::new();
        while begun.elapsed() < time {
            let number = asked.len();
            let due = begun + Duration::from_secs(1) * number as u32 / rate;
            tokio::time::sleep_until(due.into()).await;
            let voter = self.tg.voter(&format!("Pemilih {number}"));
            let forwarded = unknown > 0 && number % unknown == unknown - 1;
            voter.says(if forwarded { UNKNOWN } else { KNOWN[number % KNOWN.len()] }).await;
            asked.push(Asked { voter, at: Instant::now(), forwarded });
        }
        asked
    }

    /// Waits until all were told something and all cards are posted, or `patience` is over.
    async fn answered(&self, asked: &[Asked], patience: Duration) -> Vec<Call> {
        let until = Instant::now() + patience;
        loop {
            let calls = self.tg.calls_of("sendMessage");
            let (lost, _, cards) = tally(asked, &calls);
            let all = lost == 0 && cards >= asked.iter().filter(|a| a.forwarded).count();
            if all || Instant::now() > until {
                return calls;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        self.kill();
    }
}

struct Asked {
    voter: Person,
    at: Instant,
    forwarded: bool,
}

/// What arrived: lost questions, repeated messages, cards.
fn tally(asked: &[Asked], calls: &[Call]) -> (usize, Vec<Instant>, usize) {
    let mut seen: HashMap<(i64, String), Vec<Instant>> = HashMap::new();
    for call in calls.iter().filter(|c| c.took_effect()) {
        let text = call.params.get("text").and_then(|t| t.as_str()).unwrap_or_default().to_owned();
        if let Some(chat) = call.chat() {
            seen.entry((chat, text)).or_default().push(call.at);
        }
    }
    let told: std::collections::HashSet<i64> = seen.keys().map(|(chat, _)| *chat).collect();
    let lost = asked.iter().filter(|a| !told.contains(&a.voter.chat())).count();
    let repeats = seen.values().flat_map(|at| at[..at.len() - 1].iter().copied()).collect();
    let cards = seen.keys().filter(|(chat, _)| *chat == MODERATORS).count();
    (lost, repeats, cards)
}

/// Times from asking to the first call for that voter, sorted, in milliseconds.
fn latencies(asked: &[Asked], calls: &[Call]) -> Vec<f64> {
    let mut first: HashMap<i64, Instant> = HashMap::new();
    for call in calls.iter().filter(|c| c.took_effect()) {
        if let Some(chat) = call.chat() {
            first.entry(chat).or_insert(call.at);
        }
    }
    let mut times: Vec<f64> = asked
        .iter()
        .filter_map(|a| first.get(&a.voter.chat()).map(|at| at.saturating_duration_since(a.at).as_secs_f64() * 1e3))
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn percentile(times: &[f64], share: f64) -> f64 {
    let last = times.len().saturating_sub(1);
    times.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

fn say(line: &str) {
    #![allow(clippy::print_stdout)]
    println!("{line}");
}

fn spread(times: &[f64]) -> String {
    let (p50, p99) = (percentile(times, 0.5), percentile(times, 0.99));
    format!("p50 {p50:.0} ms, p99 {p99:.0} ms, max {:.0} ms", percentile(times, 1.0))
}

/// `count` SIGKILLs under 30 questions a second.
async fn kills(count: usize) {
    let mut bed = Bed::new("none").await;
    let mut at = Vec::new();
    let mut asked = Vec::new();
    for number in 0..count {
        // From 0.5 to 5 seconds: during the start as well as in full swing.
        let time = Duration::from_millis(500 + (number as u64 * 7919) % 4500);
        asked.extend(bed.ask(30, time, 5).await);
        bed.kill();
        at.push(Instant::now());
        bed.launch();
    }
    let calls = bed.answered(&asked, Duration::from_secs(120)).await;
    let (lost, repeats, cards) = tally(&asked, &calls);
    let in_flight = |call: &Instant| at.iter().any(|k| *k >= *call && *k - *call < Duration::from_millis(500));
    let others = repeats.iter().filter(|call| !in_flight(call)).count();
    let wanted = asked.iter().filter(|a| a.forwarded).count();
    say(&format!(
        "kills: {count} SIGKILLs, {} questions at 30 a second: {lost} lost, {cards} of {wanted} cards, {} repeats, \
         {others} of them not of messages in flight",
        asked.len(),
        repeats.len()
    ));
}

/// 30 % of calls fail, and a fifth of what is left meets a 429.
async fn faults() {
    let bed = Bed::new("none").await;
    let kinds = [Fault::Status(500), Fault::Status(502), Fault::Drop, Fault::Hang(Duration::from_secs(12))];
    bed.tg.random_faults(0.3, &kinds, &[], 5);
    bed.tg.storm(0.2, 7);
    let begun = Instant::now();
    let asked = bed.ask(20, Duration::from_secs(20), 20).await;
    let calls = bed.answered(&asked, Duration::from_secs(300)).await;
    let took = begun.elapsed();
    let (lost, repeats, cards) = tally(&asked, &calls);
    let retries = bed.tg.retries();
    let ignored = retries.iter().filter(|r| matches!(r.patience, Patience::Ignored(_))).count();
    let spoilt = calls.iter().filter(|c| matches!(c.outcome, Outcome::Spoilt { .. } | Outcome::Abandoned)).count();
    say(&format!(
        "faults: {} questions, {spoilt} calls spoilt, {} times 429: {lost} lost, {} of {} cards, {ignored} retry_after \
         ignored, {} repeats (their answer was lost on the wire), all done after {:.0} s",
        asked.len(),
        retries.len(),
        cards,
        asked.iter().filter(|a| a.forwarded).count(),
        repeats.len(),
        took.as_secs_f64()
    ));
}

/// 200 questions a second for 30 s.
async fn rate(per_second: u32) {
    let bed = Bed::new("none").await;
    let asked = bed.ask(per_second, Duration::from_secs(30), 50).await;
    let calls = bed.answered(&asked, Duration::from_secs(60)).await;
    let (lost, repeats, _) = tally(&asked, &calls);
    let times = latencies(&asked, &calls);
    say(&format!(
        "rate: {} questions at {per_second} a second: {lost} lost, {} repeats; from update to answer {}",
        asked.len(),
        repeats.len(),
        spread(&times)
    ));
}

/// Telegram's real limits: 80 cards wait, and voters do not notice; 40 voters a second, and cards do not notice.
async fn limits() {
    let bed = Bed::new("telegram").await;
    bed.tg.limit();
    let crowd = bed.ask(40, Duration::from_secs(2), 1).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    let cards = bed.tg.calls_of("sendMessage").iter().filter(|c| c.chat() == Some(MODERATORS)).count();
    let asked = bed.ask(10, Duration::from_secs(20), 0).await;
    let calls = bed.answered(&asked, Duration::from_secs(30)).await;
    say(&format!(
        "limits: {} cards queued, {cards} posted when 10 voters a second came: {} of them answered, {}",
        crowd.len(),
        latencies(&asked, &calls).len(),
        spread(&latencies(&asked, &calls))
    ));
    let broken = bed.tg.retries().len();
    say(&format!("limits: {broken} times 429"));
    drop(bed);

    let bed = Bed::new("telegram").await;
    bed.tg.limit();
    // A card every 4 s: fewer than 20 a minute, so the group's own limit delays none.
    let asked = bed.ask(40, Duration::from_secs(30), 160).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let calls = bed.tg.calls_of("sendMessage");
    let posted: Vec<Instant> =
        calls.iter().filter(|c| c.chat() == Some(MODERATORS) && c.took_effect()).map(|c| c.at).collect();
    let forwarded: Vec<&Asked> = asked.iter().filter(|a| a.forwarded).collect();
    let mut delays: Vec<f64> =
        forwarded.iter().zip(&posted).map(|(a, at)| at.saturating_duration_since(a.at).as_secs_f64() * 1e3).collect();
    delays.sort_by(f64::total_cmp);
    say(&format!(
        "limits: 40 voters a second, {} of {} cards posted, {}; {} times 429",
        posted.len(),
        forwarded.len(),
        spread(&delays),
        bed.tg.retries().len()
    ));
}

#[tokio::main]
async fn main() {
    let what = std::env::args().nth(1).unwrap_or_default();
    match what.as_str() {
        "kills" => kills(50).await,
        "faults" => faults().await,
        "rate" => rate(200).await,
        "limits" => limits().await,
        "all" => {
            kills(50).await;
            faults().await;
            rate(200).await;
            limits().await;
        }
        _ => say("load kills | faults | rate | limits | all"),
    }
}
