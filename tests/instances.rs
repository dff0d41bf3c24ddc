//! Three instances on a PostgreSQL of the test's own: 300 questions a second for a minute, one instance killed every five
//! seconds, PostgreSQL started anew in the midst. Nothing is lost, nobody is answered out of order, and nothing comes twice but
//! what was in flight.
//!
//! Without the usual frame of tests, which knows only when it is built what is to be left out: this is ignored where the
//! programs of PostgreSQL's server are missing.

#[path = "support/instances.rs"]
mod instances;
#[path = "support/postgres.rs"]
mod postgres;
#[path = "support/small_faq.rs"]
mod small_faq;
#[path = "support/telegram/mod.rs"]
mod telegram;

use std::io::{Write, stdout};
use std::process::ExitCode;
use std::time::Duration;

use instances::{Outcome, Play, play};

const NAME: &str = "three_instances_are_killed_in_turn_and_nothing_is_lost";

/// A port that nobody uses, below those that the system gives to connections.
fn free_port() -> u16 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let begin = std::process::id() * 37;
    let ports = || 12_000 + ((begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 20_000) as u16;
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(ports).take(1000).find(free).expect("a free port")
}

fn three_instances() -> Option<Outcome> {
    let faq = tempfile::tempdir().expect("a folder");
    small_faq::write(faq.path());
    let questions = [("kapan hari pemungutan suara", "uji-hari-"), ("jam berapa tps buka", "uji-jam-")];
    let told = Play {
        program: env!("CARGO_BIN_EXE_tanya-pemilu").into(),
        faq: faq.path().display().to_string(),
        questions: questions.iter().map(|(text, words)| ((*text).to_owned(), (*words).to_owned())).collect(),
        rate: 300.0,
        time: Duration::from_secs(60),
        kills_every: Duration::from_secs(5),
        patience: Duration::from_secs(300),
        // Built without optimisation and beside other tests, all takes its time.
        in_flight: Duration::from_secs(2),
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(play(&told, free_port))
}

fn check(outcome: &Outcome) {
    let log = outcome.log.lines().rev().take(40).collect::<Vec<_>>().join("\n");
    let Outcome { asked, lost, disordered, others, kills, ref violations, .. } = *outcome;
    assert!(asked > 15_000 && kills >= 11, "{outcome:?}");
    assert_eq!(lost, 0, "of {asked} questions\n{log}");
    assert_eq!(disordered, 0, "voters answered out of order\n{log}");
    assert_eq!(others, 0, "messages came twice that were not in flight: {:?}\n{log}", outcome.strange);
    assert!(violations.is_empty(), "{violations:?}");
}

fn main() -> ExitCode {
    let say = |line: &str| drop(writeln!(stdout(), "{line}"));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        say(&format!("{NAME}: test"));
        return ExitCode::SUCCESS;
    }
    let filters: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    if !filters.is_empty() && !filters.iter().any(|filter| NAME.contains(filter.as_str())) {
        say("running 0 tests");
        return ExitCode::SUCCESS;
    }
    say("running 1 test");
    if postgres::programs().is_none() {
        say(&format!("test {NAME} ... ignored, PostgreSQL's server programs (initdb, pg_ctl) are missing"));
        return ExitCode::SUCCESS;
    }
    let done = std::panic::catch_unwind(|| {
        let outcome = three_instances().expect("its programs are there");
        check(&outcome);
        outcome
    });
    match done {
        Ok(outcome) => {
            let Outcome { asked, kills, repeats, away, late, .. } = outcome;
            say(&format!(
                "{asked} questions, {kills} kills, {repeats} repeats, database away {away:?}, last {late:?} late"
            ));
            say(&format!("test {NAME} ... ok"));
            ExitCode::SUCCESS
        }
        Err(_) => {
            say(&format!("test {NAME} ... FAILED"));
            ExitCode::from(101)
        }
    }
}
