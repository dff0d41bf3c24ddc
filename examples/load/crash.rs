//! Kills, faults and Telegram's own limits.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use crate::bed::{Bed, MODERATORS, Setup};
use crate::crowd::spread;
use crate::say;
use crate::telegram::{Call, Fault, Outcome, Patience, Person};

/// What the built-in FAQ answers.
const KNOWN: [&str; 3] = ["apa itu masa tenang", "tps buka jam berapa", "apa itu golput"];

/// One question of a new voter.
struct Asked {
    voter: Person,
    at: Instant,
    forwarded: bool,
}

/// Asks at `rate` a second for `time`; each question is a new voter's, every `unknown`th one for a person.
async fn ask(bed: &Bed, rate: u32, time: Duration, unknown: usize) -> Vec<Asked> {
    let begun = Instant::now();
    let mut asked = Vec::new();
    while begun.elapsed() < time {
        let number = asked.len();
        let due = begun + Duration::from_secs(1) * number as u32 / rate;
        tokio::time::sleep_until(due.into()).await;
        let voter = bed.tg.voter(&format!("Pemilih {number}"));
        let forwarded = unknown > 0 && number % unknown == unknown - 1;
        // Each of them asks something else, so that none joins another's.
        let own = format!("siapa yang mengurus selokan mampet di gang nomor {} kampung saya", voter.id());
        voter.says(if forwarded { &own } else { KNOWN[number % KNOWN.len()] }).await;
        asked.push(Asked { voter, at: Instant::now(), forwarded });
    }
    asked
}

/// Waits until all were told something and all cards are posted, or `patience` is over.
async fn answered(bed: &Bed, asked: &[Asked], patience: Duration) -> Vec<Call> {
    let until = Instant::now() + patience;
    loop {
        let calls = bed.tg.calls_of("sendMessage");
        let (lost, _, cards) = tally(asked, &calls);
        let all = lost == 0 && cards >= asked.iter().filter(|a| a.forwarded).count();
        if all || Instant::now() > until {
            return calls;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
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
    let told: HashSet<i64> = seen.keys().map(|(chat, _)| *chat).collect();
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

/// `count` SIGKILLs under 30 questions a second.
pub async fn kills(setup: Setup, count: usize) {
    let mut bed = Bed::new(setup).await;
    let mut at = Vec::new();
    let mut asked = Vec::new();
    for number in 0..count {
        // From 0.5 to 5 seconds: during the start as well as in full swing.
        let time = Duration::from_millis(500 + (number as u64 * 7919) % 4500);
        asked.extend(ask(&bed, 30, time, 5).await);
        bed.kill(0);
        at.push(Instant::now());
        bed.launch(0);
    }
    let calls = answered(&bed, &asked, Duration::from_secs(120)).await;
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
pub async fn faults() {
    let bed = Bed::new(Setup::SQLITE).await;
    let kinds = [Fault::Status(500), Fault::Status(502), Fault::Drop, Fault::Hang(Duration::from_secs(12))];
    bed.tg.random_faults(0.3, &kinds, &[], 5);
    bed.tg.storm(0.2, 7);
    let begun = Instant::now();
    let asked = ask(&bed, 20, Duration::from_secs(20), 20).await;
    let calls = answered(&bed, &asked, Duration::from_secs(300)).await;
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

/// Telegram's real limits: 80 cards wait, and voters do not notice; 40 voters a second, and cards do not notice.
pub async fn limits() {
    let bed = Bed::new(Setup { limits: "telegram", ..Setup::SQLITE }).await;
    bed.tg.limit();
    let crowd = ask(&bed, 40, Duration::from_secs(2), 1).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    let cards = bed.tg.calls_of("sendMessage").iter().filter(|c| c.chat() == Some(MODERATORS)).count();
    let asked = ask(&bed, 10, Duration::from_secs(20), 0).await;
    let calls = answered(&bed, &asked, Duration::from_secs(30)).await;
    say(&format!(
        "limits: {} cards queued, {cards} posted when 10 voters a second came: {} of them answered, {}",
        crowd.len(),
        latencies(&asked, &calls).len(),
        spread(&latencies(&asked, &calls))
    ));
    let broken = bed.tg.retries().len();
    say(&format!("limits: {broken} times 429"));
    drop(bed);

    let bed = Bed::new(Setup { limits: "telegram", ..Setup::SQLITE }).await;
    bed.tg.limit();
    // A card every 4 s: fewer than 20 a minute, so the group's own limit delays none.
    let asked = ask(&bed, 40, Duration::from_secs(30), 160).await;
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
