//! Several instances on one PostgreSQL, killed one after another while voters ask; PostgreSQL is started anew once.

#![allow(dead_code)]

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::postgres::Postgres;
use crate::telegram::{Call, GroupKind, Person, Telegram};

/// The moderator chat.
const MODERATORS: i64 = -1_001_234_567_890;
/// How many instances there are.
const COUNT: usize = 3;
/// How long an instance may take to serve.
const START: Duration = Duration::from_secs(120);

/// What a killed instance had sent arrives so much later at most.
const ARRIVES: Duration = Duration::from_millis(500);

/// How long after its return the database may still be away for an instance: it is tried again in pauses.
const NOTICED: Duration = Duration::from_secs(5);

/// What is played.
pub struct Play {
    /// The program.
    pub program: PathBuf,
    /// `FAQ_DIR`.
    pub faq: String,
    /// Questions, each with words that stand in its answer and in no other's. A voter asks all of them, one after another,
    /// without waiting for an answer.
    pub questions: Vec<(String, String)>,
    /// Questions a second.
    pub rate: f64,
    /// For how long.
    pub time: Duration,
    /// How often one instance is killed.
    pub kills_every: Duration,
    /// How long is waited for the last answers.
    pub patience: Duration,
    /// A message that arrived so long before a kill, or so near to when the database was away, may have been in flight:
    /// Telegram had it, and that it had was not written down yet.
    pub in_flight: Duration,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// How many questions were asked.
    pub asked: usize,
    /// How many were never answered.
    pub lost: usize,
    /// How many answers came twice, of messages that were in flight when an instance was killed or the database was away.
    pub repeats: usize,
    /// How many came twice besides.
    pub others: usize,
    /// When those came first, from the begin.
    pub strange: Vec<Duration>,
    /// To how many voters answers came in another order than they had asked.
    pub disordered: usize,
    /// How many instances were killed.
    pub kills: usize,
    /// How long the database was away.
    pub away: Duration,
    /// How long after the last question the last answer came.
    pub late: Duration,
    /// What the instances said.
    pub log: String,
    /// Rules of the Bot API that were broken.
    pub violations: Vec<String>,
}

struct Instances {
    tg: Telegram,
    dir: tempfile::TempDir,
    database: String,
    ports: Vec<u16>,
    running: Vec<Option<Child>>,
}

impl Instances {
    fn launch(&mut self, number: usize, play: &Play) {
        let mut command = Command::new(&play.program);
        for (name, _) in std::env::vars_os() {
            let own =
                ["TELOXIDE_", "WEBHOOK_", "SEND_", "LISTEN", "DATABASE_", "FAQ_", "RUST_LOG", "ESCALATION_", "PUBLIC_"];
            if own.iter().any(|own| name.to_string_lossy().starts_with(own)) {
                command.env_remove(name);
            }
        }
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log_path()).expect("a log");
        command
            .arg("run")
            .current_dir(self.dir.path())
            .env("TELOXIDE_TOKEN", self.tg.token())
            .env("TELEGRAM_API_URL", self.tg.url())
            .env("MODERATOR_CHAT", MODERATORS.to_string())
            .env("DATABASE_URL", &self.database)
            .env("FAQ_DIR", &play.faq)
            .env("SEND_LIMITS", "none")
            .env("LISTEN", format!("127.0.0.1:{}", self.ports[number]))
            .env("WEBHOOK_URL", format!("http://127.0.0.1:{}/hook", self.ports[0]))
            .env("WEBHOOK_SECRET", "rahasia")
            .stdout(Stdio::null())
            .stderr(log);
        self.running[number] = Some(command.spawn().expect("the program starts"));
    }

    fn log_path(&self) -> PathBuf {
        self.dir.path().join("log")
    }

    async fn served(&self, number: usize) {
        let address = format!("http://127.0.0.1:{}/readyz", self.ports[number]);
        let until = Instant::now() + START;
        while !reqwest::get(&address).await.is_ok_and(|answer| answer.status().is_success()) {
            let log = std::fs::read_to_string(self.log_path()).unwrap_or_default();
            assert!(Instant::now() < until, "the program does not serve:\n{log}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn kill(&mut self, number: usize) {
        if let Some(mut child) = self.running[number].take() {
            child.kill().expect("it runs");
            child.wait().expect("it ends");
        }
    }
}

impl Drop for Instances {
    fn drop(&mut self) {
        (0..self.running.len()).for_each(|number| self.kill(number));
    }
}

/// Which question a message answers.
fn answers(play: &Play, call: &Call) -> Option<usize> {
    let text = call.params.get("text")?.as_str()?;
    play.questions.iter().position(|(_, words)| text.contains(words.as_str()))
}

/// Plays it. `free_port` gives ports that nobody uses: one for PostgreSQL and one for each instance. None where PostgreSQL's
/// server programs are missing.
pub async fn play(play: &Play, mut free_port: impl FnMut() -> u16) -> Option<Outcome> {
    let postgres = Arc::new(Postgres::start(free_port())?);
    let tg = Telegram::start().await;
    let _ = tg.group(MODERATORS, GroupKind::Supergroup);
    let ports: Vec<u16> = (0..COUNT).map(|_| free_port()).collect();
    tg.set_connections(40);
    tg.set_backends(&ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect::<Vec<_>>());
    let dir = tempfile::tempdir().expect("a folder");
    let running = (0..COUNT).map(|_| None).collect();
    let mut instances = Instances { tg: tg.clone(), dir, database: postgres.url(), ports, running };
    for number in 0..COUNT {
        instances.launch(number, play);
        instances.served(number).await;
    }

    let begun = Instant::now();
    let mut kills = Vec::new();
    let mut restart = None;
    let mut voters: Vec<(Person, usize)> = Vec::new();
    let mut asked = 0;
    while begun.elapsed() < play.time {
        while (asked as f64) < begun.elapsed().as_secs_f64() * play.rate {
            if voters.last().is_none_or(|(_, count)| *count == play.questions.len()) {
                voters.push((tg.voter(&format!("Pemilih {asked}")), 0));
            }
            if let Some((voter, count)) = voters.last_mut() {
                voter.says(&play.questions[*count].0).await;
                *count += 1;
            }
            asked += 1;
        }
        if begun.elapsed() > play.kills_every * (kills.len() as u32 + 1) {
            let number = kills.len() % COUNT;
            instances.kill(number);
            // It lives until then, and sends.
            kills.push(Instant::now());
            instances.launch(number, play);
        }
        if restart.is_none() && begun.elapsed() > play.time / 2 {
            let server = Arc::clone(&postgres);
            restart = Some(tokio::task::spawn_blocking(move || {
                let from = Instant::now();
                server.restart();
                (from, Instant::now())
            }));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let end = Instant::now();
    let away = restart.expect("the time is not over before its half").await.expect("PostgreSQL starts again");

    let until = Instant::now() + play.patience;
    let mut heard = listen(play, &tg, &voters).await;
    while heard.lost > 0 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(300)).await;
        heard = listen(play, &tg, &voters).await;
    }
    // What comes twice comes a little later.
    tokio::time::sleep(Duration::from_secs(2)).await;
    heard = listen(play, &tg, &voters).await;

    let in_flight = |at: &Instant| {
        let killed = kills.iter().any(|kill| *at < *kill + ARRIVES && *kill < *at + play.in_flight);
        killed || (*at + play.in_flight > away.0 && *at < away.1 + play.in_flight + NOTICED)
    };
    let strange: Vec<Duration> = heard.repeated.iter().filter(|at| !in_flight(at)).map(|at| *at - begun).collect();
    let others = strange.len();
    Some(Outcome {
        asked,
        lost: heard.lost,
        repeats: heard.repeated.len() - others,
        others,
        strange,
        disordered: heard.disordered,
        kills: kills.len(),
        away: away.1 - away.0,
        late: heard.last.map_or(Duration::ZERO, |last| last.saturating_duration_since(end)),
        log: std::fs::read_to_string(instances.log_path()).unwrap_or_default(),
        violations: tg.violations(),
    })
}

/// What voters heard.
struct Heard {
    lost: usize,
    /// When what came again came first.
    repeated: Vec<Instant>,
    disordered: usize,
    last: Option<Instant>,
}

async fn listen(play: &Play, tg: &Telegram, voters: &[(Person, usize)]) -> Heard {
    let gather = |calls: &[Call]| {
        let mut chats: HashMap<i64, Vec<(usize, Instant)>> = HashMap::new();
        for call in calls.iter().filter(|call| call.method == "sendmessage" && call.took_effect()) {
            if let (Some(chat), Some(question)) = (call.chat(), answers(play, call)) {
                chats.entry(chat).or_default().push((question, call.at));
            }
        }
        Some(chats)
    };
    let chats = tg.until_calls(Duration::ZERO, gather).await.unwrap_or_default();
    let mut heard = Heard { lost: 0, repeated: Vec::new(), disordered: 0, last: None };
    for (voter, asked) in voters {
        let all = chats.get(&voter.chat()).map(Vec::as_slice).unwrap_or_default();
        let mut first: Vec<(usize, Instant)> = Vec::new();
        for (question, at) in all {
            match first.iter().find(|(known, _)| known == question) {
                Some((_, before)) => heard.repeated.push(*before),
                None => first.push((*question, *at)),
            }
        }
        heard.lost += asked - first.len();
        heard.disordered += usize::from(!first.is_sorted_by_key(|(question, _)| *question));
        heard.last = heard.last.max(all.iter().map(|(_, at)| *at).max());
    }
    heard
}
