//! The real program in front of the small Telegram.

#![allow(dead_code)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::small_faq;
use crate::telegram::{Group, GroupKind, Person, Telegram};

/// The moderator chat of the tests.
pub const MODERATORS: i64 = -1_001_234_567_890;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Makes two tests of each story: on SQLite, and on PostgreSQL where one asks for those.
#[macro_export]
macro_rules! stories {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::bot::Database::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
            async fn $name() {
                super::$name($crate::bot::Database::Postgres).await;
            })+
        }
    };
}

/// A small Telegram, the program, and a folder that both leave behind them.
pub struct Stage {
    pub tg: Telegram,
    pub group: Group,
    pub dir: tempfile::TempDir,
    pub extra: Vec<(String, String)>,
    pub args: Vec<String>,
    database: String,
    running: Option<Child>,
    starts: u32,
    /// Whether tickets are numbered from 1, as in a database that was emptied of them.
    pub small_numbers: bool,
}

/// A token of the real shape that no other test has: its number is the bot's, and all rows begin with that.
pub fn fresh_token() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_nanos() as u64;
    let id = 1_000_000_000
        + (nanos / 1000 + COUNT.fetch_add(1, Ordering::Relaxed) * 7 + u64::from(std::process::id())) % 8_000_000_000;
    format!("{id}:AAFakeFakeFakeFakeFakeFakeFakeFakeFk")
}

/// The PostgreSQL database that the tests may use.
pub fn postgres_address() -> String {
    std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a PostgreSQL database")
}

/// A port that nobody uses. One that the system gives could be given to a connection before it is listened at, so it is
/// taken from below those (32768 on Linux).
pub fn free_port() -> u16 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let begin = u64::from(std::process::id()) * 37;
    let ports = || 12_000 + ((begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 20_000) as u16;
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(ports).take(1000).find(free).expect("a free port")
}

impl Stage {
    /// A stage with the program running.
    pub async fn new(database: Database) -> Self {
        let mut stage = Self::still(database, GroupKind::Supergroup).await;
        stage.start().await;
        stage
    }

    /// A stage on which the program does not run yet.
    pub async fn still(database: Database, kind: GroupKind) -> Self {
        let tg = Telegram::start_on(0, &fresh_token()).await;
        let group = tg.group(MODERATORS, kind);
        let dir = tempfile::tempdir().expect("a folder");
        small_faq::write(&dir.path().join("faq"));
        let database = match database {
            Database::Sqlite => format!("sqlite://{}", dir.path().join("bot.db").display()),
            Database::Postgres => postgres_address(),
        };
        Self {
            tg,
            group,
            dir,
            extra: Vec::new(),
            args: Vec::new(),
            database,
            running: None,
            starts: 0,
            small_numbers: true,
        }
    }

    pub fn faq(&self) -> PathBuf {
        self.dir.path().join("faq")
    }

    pub fn database(&self) -> &str {
        &self.database
    }

    /// The program with its settings, not started.
    pub fn command(&self) -> Command {
        self.command_of("run")
    }

    /// A command that takes the settings of `run`, not started.
    pub fn command_of(&self, name: &str) -> Command {
        let mut command = bare_command();
        command
            .arg(name)
            .current_dir(self.dir.path())
            .env("TELOXIDE_TOKEN", self.tg.token())
            .env("TELEGRAM_API_URL", self.tg.url())
            .env("MODERATOR_CHAT", self.group.id().to_string())
            .env("DATABASE_URL", &self.database)
            .env("FAQ_DIR", self.faq());
        for (name, value) in &self.extra {
            command.env(name, value);
        }
        command.args(&self.args);
        command
    }

    /// Starts the program, which is to end by itself; gives its exit status and what it said on standard error.
    pub async fn ends(&self) -> (Option<i32>, String) {
        let mut command = self.command();
        let output = tokio::task::spawn_blocking(move || command.output().expect("it runs")).await.expect("no panic");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }

    /// A moderator has the FAQ loaded anew: by the command, and the press that it asks for.
    pub async fn reloads(&self, moderator: &crate::telegram::Person) {
        moderator.says("/muat_ulang").await;
        let mut asks = moderator.hears().await;
        while !asks.text().contains("Muat ulang FAQ") {
            asks = moderator.hears().await;
        }
        moderator.presses(&asks, "Muat ulang sekarang").await;
    }

    /// Waits until the log holds `text` so many times.
    pub async fn logs(&self, text: &str, count: usize) {
        for _ in 0..1200 {
            if self.log().matches(text).count() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("\"{text}\" was never logged {count} times");
    }

    /// Lets the program listen at a free port from its next start on; gives the address.
    pub fn listens(&mut self) -> String {
        let port = free_port();
        self.set("LISTEN", &format!("127.0.0.1:{port}"));
        format!("http://127.0.0.1:{port}")
    }

    /// Sets an environment variable for the next start.
    pub fn set(&mut self, name: &str, value: &str) {
        self.extra.push((name.to_owned(), value.to_owned()));
    }

    /// Starts the program and waits until it serves.
    pub async fn start(&mut self) {
        self.launch();
        let polls = |calls: &[crate::telegram::Call], from: usize| {
            calls.iter().skip(from).any(|c| c.method == "setmycommands").then_some(())
        };
        let before = self.tg.calls().len();
        // The whole FAQ takes a while, without optimisation and among other tests.
        let served = self.tg.until_calls(Duration::from_secs(90), |calls| polls(calls, before)).await;
        assert!(served.is_some(), "the program did not start:\n{}", self.log());
        if self.starts == 1 && self.small_numbers {
            // An empty database begins its numbers at the clock's; stories tell better of #1.
            self.change("INSERT INTO counter (bot_id, name, value) VALUES ($1, 'ticket', 0) ON CONFLICT DO NOTHING")
                .await;
        }
    }

    /// Starts the program without waiting.
    pub fn launch(&mut self) {
        self.starts += 1;
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log_path()).expect("a log");
        let child = self.command().stdout(Stdio::null()).stderr(log).spawn().expect("the program starts");
        self.running = Some(child);
    }

    fn log_path(&self) -> PathBuf {
        self.dir.path().join("log.txt")
    }

    /// What the program logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().expect("it runs");
            child.wait().expect("it ends");
        }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.running.as_ref().expect("it runs").id()
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").args([format!("-{name}"), self.id().to_string()]).status().expect("kill runs");
        assert!(done.success());
    }

    /// SIGTERM; gives the exit status and how long it took.
    pub async fn stop(&mut self) -> (ExitStatus, Duration) {
        self.signal("TERM");
        let begun = Instant::now();
        let mut child = self.running.take().expect("it runs");
        let status = tokio::task::spawn_blocking(move || child.wait().expect("it ends")).await.expect("no panic");
        (status, begun.elapsed())
    }

    /// Whether the program runs still.
    pub fn is_running(&mut self) -> bool {
        self.running.as_mut().is_some_and(|child| child.try_wait().expect("its state").is_none())
    }

    /// A voter who has never written.
    pub fn voter(&self, name: &str) -> Person {
        self.tg.voter(name)
    }

    /// Looks into the database: one row, one number.
    pub async fn number(&self, statement: &'static str) -> i64 {
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&self.database).await.expect("the database opens");
        let number = sqlx::query_scalar(statement).bind(self.tg.bot_id()).fetch_one(&pool).await;
        pool.close().await;
        number.unwrap_or_else(|e| panic!("{statement}: {e}"))
    }

    /// Waits until the bot has written down what Telegram said to each of its calls: the numbers of its messages among it, and
    /// that they need not be sent again.
    pub async fn recorded(&self) {
        for _ in 0..200 {
            if self.number("SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND state = 'wait'").await == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("calls still wait");
    }

    /// Changes the database, as time would.
    pub async fn change(&self, statement: &'static str) {
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&self.database).await.expect("the database opens");
        sqlx::query(statement)
            .bind(self.tg.bot_id())
            .execute(&pool)
            .await
            .unwrap_or_else(|e| panic!("{statement}: {e}"));
        pool.close().await;
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // The test fails anyway; where its log goes is told as well as can be.
            let _ = writeln!(std::io::stderr(), "--- the program's log:\n{}", self.log());
        }
        self.kill();
    }
}

/// The program without any setting from outside.
pub fn bare_command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tanya-pemilu"));
    for name in [
        "TELOXIDE_TOKEN",
        "TELEGRAM_API_URL",
        "MODERATOR_CHAT",
        "ESCALATION_CHAT",
        "PUBLIC_CHANNEL",
        "DATABASE_URL",
        "FAQ_DIR",
        "WEBHOOK_URL",
        "WEBHOOK_SECRET",
        "SEND_LIMITS",
        "LISTEN",
        "ADMIN_LISTEN",
        "LOG_FORMAT",
        "RUST_LOG",
        "NO_COLOR",
        "TELOXIDE_PROXY",
        "CREDENTIALS_DIRECTORY",
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ] {
        command.env_remove(name);
    }
    command
}
