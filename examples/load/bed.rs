//! What is measured, and the small Telegram before it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::Connection as _;

use crate::gauge::{Taken, family, process};
use crate::postgres::Postgres;
use crate::telegram::{Call, GroupKind, Telegram};

/// The moderator chat.
pub const MODERATORS: i64 = -1_001_234_567_890;
/// How long the program may take to start.
const START: Duration = Duration::from_secs(90);
/// Over how many connections Telegram calls a webhook, unless told otherwise (`max_connections` of `setWebhook`).
const CONNECTIONS: usize = 40;

/// Which database the program has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file in the folder of the run.
    Sqlite,
    /// A server of the run's own.
    Postgres,
}

impl Database {
    /// As it is written in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// How the program is run.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// Its database.
    pub database: Database,
    /// How many of it. From two on updates come by the webhook, to each in turn.
    pub instances: usize,
    /// `SEND_LIMITS`.
    pub limits: &'static str,
    /// Whether updates come by the webhook with a single instance as well.
    pub webhook: bool,
}

impl Setup {
    /// One instance on SQLite that polls, without limits.
    pub const SQLITE: Self = Self { database: Database::Sqlite, instances: 1, limits: "none", webhook: false };
}

/// A small Telegram and what is measured before it.
pub struct Bed {
    /// The small Telegram.
    pub tg: Telegram,
    /// A folder for the run.
    pub dir: tempfile::TempDir,
    setup: Setup,
    postgres: Option<Postgres>,
    ports: Vec<u16>,
    running: Vec<Option<Child>>,
}

/// The program, built for release beside this one; another build of it by `LOAD_PROGRAM`.
pub fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("LOAD_PROGRAM") {
        return path.into();
    }
    let here = std::env::current_exe().expect("a path");
    here.parent().and_then(|dir| dir.parent()).expect("target/release").join("tanya-pemilu")
}

/// A port that nobody uses, below those that the system gives to connections.
pub fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let begin = std::process::id() * 37;
    let ports = || 12_000 + ((begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 20_000) as u16;
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(ports).take(1000).find(free).expect("a free port")
}

impl Bed {
    /// A Telegram and no program yet.
    pub async fn still(setup: Setup) -> Self {
        let tg = Telegram::start().await;
        let _ = tg.group(MODERATORS, GroupKind::Supergroup);
        let postgres = (setup.database == Database::Postgres)
            .then(|| Postgres::start(free_port()).expect("PostgreSQL's server programs (initdb, pg_ctl)"));
        let mut ports: Vec<u16> = Vec::new();
        if setup.webhook || setup.instances > 1 {
            ports.extend((0..setup.instances).map(|_| free_port()));
            tg.set_connections(CONNECTIONS);
            tg.set_backends(&ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect::<Vec<_>>());
        }
        let dir = tempfile::tempdir().expect("a folder");
        let running = (0..setup.instances).map(|_| None).collect();
        Self { tg, dir, setup, postgres, ports, running }
    }

    /// The same with the program running.
    pub async fn new(setup: Setup) -> Self {
        let mut bed = Self::still(setup).await;
        bed.start().await;
        bed
    }

    /// Starts all instances and waits until they serve.
    pub async fn start(&mut self) {
        for number in 0..self.setup.instances {
            self.launch(number);
            self.served(number).await;
        }
    }

    /// Waits until an instance serves.
    pub async fn served(&self, number: usize) {
        let Some(port) = self.ports.get(number) else {
            let ready = |calls: &[Call]| calls.iter().any(|call| call.method == "getupdates").then_some(());
            self.tg.until_calls(START, ready).await.expect("the program starts");
            return;
        };
        let until = Instant::now() + START;
        while !reqwest::get(format!("http://127.0.0.1:{port}/readyz")).await.is_ok_and(|r| r.status().is_success()) {
            assert!(Instant::now() < until, "the program does not serve:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the program said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    fn database(&self) -> String {
        match &self.postgres {
            Some(server) => server.url(),
            None => std::env::var("LOAD_DATABASE_URL")
                .unwrap_or_else(|_| format!("sqlite://{}", self.dir.path().join("load.db").display())),
        }
    }

    /// The command with its output going to the log.
    fn logged(&self, mut command: Command) -> Child {
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.dir.path().join("log")).expect("a log");
        command.stdout(Stdio::null()).stderr(log).current_dir(self.dir.path());
        command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error} (cargo build --release comes first)"))
    }

    /// Starts an instance without waiting.
    pub fn launch(&mut self, number: usize) {
        let mut command = Command::new(program());
        command.arg("run");
        for name in ["WEBHOOK_URL", "WEBHOOK_SECRET", "LISTEN", "ESCALATION_CHAT", "PUBLIC_CHANNEL"] {
            command.env_remove(name);
        }
        command
            .env("TELOXIDE_TOKEN", self.tg.token())
            .env("TELEGRAM_API_URL", self.tg.url())
            .env("MODERATOR_CHAT", MODERATORS.to_string())
            .env("DATABASE_URL", self.database())
            .env("FAQ_DIR", "builtin")
            .env("RUST_LOG", std::env::var("LOAD_LOG").unwrap_or_else(|_| "error".to_owned()))
            .env("SEND_LIMITS", self.setup.limits);
        if let Some(port) = self.ports.get(number) {
            command
                .env("LISTEN", format!("127.0.0.1:{port}"))
                .env("WEBHOOK_URL", format!("http://127.0.0.1:{}/hook", self.ports[0]))
                .env("WEBHOOK_SECRET", "rahasia");
        }
        self.running[number] = Some(self.logged(command));
    }

    /// Starts another bot in place of the program.
    pub fn launch_other(&mut self, mut command: Command) {
        command.env("BOT_TOKEN", self.tg.token()).env("TELEGRAM_API_URL", self.tg.url());
        self.running[0] = Some(self.logged(command));
    }

    /// SIGKILL.
    pub fn kill(&mut self, number: usize) {
        if let Some(mut child) = self.running[number].take() {
            child.kill().expect("it runs");
            child.wait().expect("it ends");
        }
    }

    /// What all instances took up to now.
    pub fn taken(&self) -> Taken {
        self.running.iter().flatten().map(|child| process(child.id())).fold(Taken::default(), std::ops::Add::add)
    }

    /// What the database server took up to now.
    pub fn taken_by_server(&self) -> Taken {
        self.postgres.as_ref().and_then(Postgres::id).map(family).unwrap_or_default()
    }

    /// The size of the database in MB, SQLite's log included.
    pub async fn size(&self) -> f64 {
        let bytes = match &self.postgres {
            None => ["load.db", "load.db-wal"]
                .iter()
                .filter_map(|name| std::fs::metadata(self.dir.path().join(name)).ok())
                .map(|file| file.len() as f64)
                .sum(),
            Some(server) => {
                sqlx::any::install_default_drivers();
                let mut connection = sqlx::AnyConnection::connect(&server.url()).await.expect("the server answers");
                let size: i64 = sqlx::query_scalar("SELECT pg_database_size(current_database())")
                    .fetch_one(&mut connection)
                    .await
                    .expect("a size");
                size as f64
            }
        };
        bytes / 1e6
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        for number in 0..self.running.len() {
            self.kill(number);
        }
    }
}
