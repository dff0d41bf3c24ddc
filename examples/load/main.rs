//! Measures the whole program against the small Telegram of the tests. See docs/performance.md.
//!
//! ```text
//! cargo build --release && cargo run --release --example load -- table
//! ```

#[path = "../../tests/support/instances.rs"]
mod instances;
#[path = "../../tests/support/postgres.rs"]
mod postgres;
#[path = "../../tests/support/telegram/mod.rs"]
mod telegram;

mod bed;
mod crash;
mod crowd;
mod figures;
mod gauge;
mod peer;
mod serve;

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use bed::{Database, Setup};

/// What it can do.
const USAGE: &str = "load WHAT [NAME=VALUE ...]

  table       answers a second, p50, p99, p99.9, memory, processors and database size: SQLite, PostgreSQL with one and with three
              instances, each with 1,000, 10,000 and 100,000 voters  [rate=200] [voters=1000,10000,100000]
  rate        how late answers are at a rate  [rate=200] [seconds=30] [voters=10000]
  most        how many can be answered  [seconds=20] [voters=10000]
  backlog     updates that waited while the program was away  [count=100000]
  peer        the program and a small bot without a store, in turn  [rounds=3] [seconds=10]; PEER_PYTHON names the Python
  instances   three instances on PostgreSQL, one killed every 5 s, PostgreSQL started anew once  [rate=300] [seconds=60]
  kills, faults, limits   crashes, faults of Telegram, Telegram's own limits
  serve       the small Telegram alone, for any other bot  [port=8081] [token=...] [rate=100] [seconds=30] [voters=10000]

rate, most, backlog and kills take database=sqlite|postgres, instances=N and webhook=yes. PostgreSQL is started by this program.";

/// Prints a line.
pub fn say(line: &str) {
    #![allow(clippy::print_stdout)]
    println!("{line}");
}

/// What was given as NAME=VALUE.
struct Given(Vec<(String, String)>);

impl Given {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str, otherwise: usize) -> usize {
        let read = |text: &str| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number"));
        self.text(name).map_or(otherwise, read)
    }

    fn seconds(&self, otherwise: usize) -> Duration {
        Duration::from_secs(self.number("seconds", otherwise) as u64)
    }

    fn setup(&self) -> Setup {
        let database = if self.text("database") == Some("postgres") { Database::Postgres } else { Database::Sqlite };
        let webhook = self.text("webhook") == Some("yes");
        Setup { database, instances: self.number("instances", 1), webhook, ..Setup::SQLITE }
    }
}

#[tokio::main]
async fn main() {
    let what = std::env::args().nth(1).unwrap_or_default();
    let given = |argument: String| argument.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    let given = Given(std::env::args().skip(2).filter_map(given).collect());
    let mut terminated = signal(SignalKind::terminate()).expect("signals can be heard");
    // Told to stop, it ends what it started.
    tokio::select! {
        () = run(&what, &given) => {}
        _ = tokio::signal::ctrl_c() => say("stopped"),
        _ = terminated.recv() => say("stopped"),
    }
}

async fn run(what: &str, given: &Given) {
    let voters = || given.number("voters", 10_000);
    let rate = given.number("rate", 200) as f64;
    match what {
        "table" => {
            let voters = given.text("voters").unwrap_or("1000,10000,100000");
            let voters: Vec<usize> =
                voters.split(',').map(|count| count.parse().expect("a number of voters")).collect();
            let all = [(Database::Sqlite, 1), (Database::Postgres, 1), (Database::Postgres, 3)];
            let only = given.text("database").map(|_| [(given.setup().database, given.setup().instances)]);
            figures::table(only.as_ref().map_or(&all[..], |only| &only[..]), &voters, rate).await;
        }
        "rate" => figures::rate(given.setup(), voters(), rate, given.seconds(30)).await,
        "most" => figures::most(given.setup(), voters(), given.seconds(20)).await,
        "backlog" => figures::backlog(given.setup(), given.number("count", 100_000)).await,
        "peer" => peer::compare(given.number("rounds", 3), given.seconds(10)).await,
        "instances" => serve::instances(given.number("rate", 300) as f64, given.seconds(60)).await,
        "kills" => crash::kills(given.setup(), given.number("count", 50)).await,
        "faults" => crash::faults().await,
        "limits" => crash::limits().await,
        "serve" => {
            let port = given.number("port", 8081) as u16;
            serve::alone(port, given.text("token"), voters(), given.number("rate", 100) as f64, given.seconds(30))
                .await;
        }
        _ => say(USAGE),
    }
}
