//! Voters who ask, and when each was answered.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::telegram::{Outcome, Person, Telegram};

/// How often it is looked what arrived.
const LOOK: Duration = Duration::from_millis(1);
/// Of so many questions one is for a person: nobody has asked it before, and the FAQ does not know it. It shares no factor with a
/// round number of voters: who writes several of them within seconds is told only once that they belong together.
const UNKNOWN: usize = 51;

/// Of so many unanswered questions it is said which they are.
const SHOWN: usize = 5;

/// Many voters, who ask in turn; nobody asks again before being answered.
pub struct Crowd {
    tg: Telegram,
    voters: Vec<Person>,
    questions: Vec<String>,
    next: usize,
    asked: usize,
    /// Who waits for an answer, since when, and to which question.
    open: HashMap<i64, (Instant, usize)>,
    /// How many calls were looked at.
    seen: usize,
    /// How long answers took, in milliseconds.
    times: Vec<f64>,
}

/// Labelled questions as people write them: those that the FAQ has an answer to.
fn questions() -> Vec<String> {
    let read = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        line["id"].as_str().and(line["text"].as_str()).map(str::to_owned)
    };
    include_str!("../../tests/questions.jsonl").lines().filter_map(read).collect()
}

impl Crowd {
    /// So many voters, who have never written.
    pub fn new(tg: &Telegram, count: usize) -> Self {
        let voters = (0..count).map(|n| tg.voter(&format!("Pemilih {n}"))).collect();
        let tg = tg.clone();
        Self { tg, voters, questions: questions(), next: 0, asked: 0, open: HashMap::new(), seen: 0, times: Vec::new() }
    }

    /// How many questions were asked.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// How many wait for an answer.
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// How many were answered since that was asked last, and how long each took, sorted, in milliseconds.
    pub fn take_times(&mut self) -> Vec<f64> {
        let mut times = std::mem::take(&mut self.times);
        times.sort_by(f64::total_cmp);
        times
    }

    /// The text of the question of that number.
    fn question(&self, number: usize) -> String {
        if number % UNKNOWN == UNKNOWN - 1 {
            return format!("siapa yang mengurus selokan mampet di gang nomor {number} kampung saya");
        }
        // A stride that shares no factor with their number, so that neighbours ask different things.
        self.questions[(number * 89) % self.questions.len()].clone()
    }

    /// The next voter who is not waiting asks; says whether there was one.
    pub async fn ask(&mut self) -> bool {
        for _ in 0..self.voters.len() {
            let voter = &self.voters[self.next % self.voters.len()];
            self.next += 1;
            if self.open.contains_key(&voter.chat()) {
                continue;
            }
            let number = self.asked;
            let text = self.question(number);
            self.open.insert(voter.chat(), (Instant::now(), number));
            voter.says(&text).await;
            self.asked += 1;
            return true;
        }
        false
    }

    /// Takes note of what arrived.
    pub async fn look(&mut self) {
        let (open, times) = (&mut self.open, &mut self.times);
        let from = self.seen;
        let look = |calls: &[crate::telegram::Call]| {
            let mut seen = from;
            for call in &calls[from..] {
                let message = call.method == "sendmessage" || call.method == "sendphoto";
                if message && call.outcome == Outcome::InFlight {
                    break;
                }
                seen += 1;
                if message
                    && call.took_effect()
                    && let Some((since, _)) = call.chat().and_then(|chat| open.remove(&chat))
                {
                    times.push(call.at.saturating_duration_since(since).as_secs_f64() * 1e3);
                }
            }
            Some(seen)
        };
        self.seen = self.tg.until_calls(Duration::ZERO, look).await.unwrap_or(from);
    }

    /// Asks `rate` times a second for `time`, whether answers come or not. Then waits up to `patience` for the rest.
    pub async fn at_rate(&mut self, rate: f64, time: Duration, patience: Duration) {
        let begun = Instant::now();
        let mut asked = 0.0;
        while begun.elapsed() < time {
            while asked < begun.elapsed().as_secs_f64() * rate && self.ask().await {
                asked += 1.0;
            }
            tokio::time::sleep(LOOK).await;
            self.look().await;
        }
        self.drain(patience).await;
    }

    /// Keeps `width` questions waiting until `count` were asked and `time` is over; then waits for the rest.
    pub async fn at_most(&mut self, width: usize, count: usize, time: Duration, patience: Duration) {
        let (begun, before) = (Instant::now(), self.asked);
        while self.asked - before < count || begun.elapsed() < time {
            while self.open.len() < width && self.ask().await {}
            tokio::time::sleep(LOOK).await;
            self.look().await;
        }
        self.drain(patience).await;
    }

    /// Waits until all were answered.
    pub async fn drain(&mut self, patience: Duration) {
        let until = Instant::now() + patience;
        while !self.open.is_empty() && Instant::now() < until {
            tokio::time::sleep(LOOK).await;
            self.look().await;
        }
        for (chat, (_, number)) in self.open.iter().take(SHOWN) {
            crate::say(&format!("  unanswered: question {number} of {chat}, {:?}", self.question(*number)));
        }
    }
}

/// The time within which that share was answered, of sorted times.
pub fn percentile(times: &[f64], share: f64) -> f64 {
    let last = times.len().saturating_sub(1);
    times.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

/// The usual shares, in words.
pub fn spread(times: &[f64]) -> String {
    let at = |share| percentile(times, share);
    format!("p50 {:.0} ms, p99 {:.0} ms, p99.9 {:.0} ms, max {:.0} ms", at(0.5), at(0.99), at(0.999), at(1.0))
}
