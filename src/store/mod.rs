//! Floor 5: the store. What must survive a kill, over SQLite or PostgreSQL: the same statements on both.
//!
//! [`Store::write`] begins a transaction; everything that belongs together is written in one. On SQLite there is one
//! writer, and a transaction takes the write lock at its start (`BEGIN IMMEDIATE`): a transaction that reads first and
//! writes later would fail at once when another writes. On PostgreSQL rows are claimed with `FOR UPDATE SKIP LOCKED`,
//! so that several instances can share the work.
//!
//! [`inbox`]: updates as they came. [`outbox`]: calls to make. [`ticket`]: voters and tickets. [`due`]: what comes
//! later. [`sweep`]: what is deleted. [`history`] and [`kept`]: what the service remembers between two starts.

use std::path::Path;
use std::str::FromStr;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, Transaction};

pub mod due;
pub mod history;
pub mod inbox;
pub mod kept;
pub mod outbox;
pub mod sweep;
pub mod ticket;

/// Why the store can't be used, for the person who runs the bot. Addresses in it hold no password.
#[derive(Debug)]
pub struct StoreError(String);

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

/// Where the default database lies.
pub const DEFAULT_DATABASE: &str = "sqlite://tanya-pemilu.db";

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// The database of one bot.
#[derive(Debug, Clone)]
pub struct Store {
    bot: i64,
    kind: Kind,
    read: AnyPool,
    write: AnyPool,
}

/// A transaction that writes.
#[derive(Debug)]
pub struct Tx {
    bot: i64,
    kind: Kind,
    inner: Transaction<'static, Any>,
}

/// Connections that read, or, on PostgreSQL, read and write.
const CONNECTIONS: u32 = 4;

impl Store {
    /// Opens the database at `address` (`sqlite://path` or `postgres://...`) for the bot with this id; creates the
    /// file (readable by its owner only) and brings the tables up to date.
    pub async fn open(address: &str, bot: i64) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let failed = |what: &str, error: &sqlx::Error| StoreError(format!("{what}: {error}"));
        let kind = if address.starts_with("sqlite:") {
            Kind::Sqlite
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            Kind::Postgres
        } else {
            return Err(StoreError("DATABASE_URL harus diawali sqlite:// atau postgres://".to_owned()));
        };
        let options = AnyConnectOptions::from_str(address)
            .map_err(|_| StoreError("DATABASE_URL tidak terbaca sebagai alamat basis data".to_owned()))?;
        if kind == Kind::Sqlite {
            create_private(address)?;
        }
        let pool = |connections| {
            AnyPoolOptions::new().max_connections(connections).after_connect(move |connection, _| {
                Box::pin(async move {
                    if kind == Kind::Sqlite {
                        // FULL: a commit is on disk before it is acknowledged. secure_delete: what is deleted is
                        // overwritten. busy_timeout (ms): the readers' connections may meet a checkpoint.
                        for pragma in [
                            "PRAGMA journal_mode = WAL",
                            "PRAGMA synchronous = FULL",
                            "PRAGMA foreign_keys = ON",
                            "PRAGMA secure_delete = ON",
                            "PRAGMA busy_timeout = 10000",
                        ] {
                            sqlx::query(pragma).execute(&mut *connection).await?;
                        }
                    }
                    Ok(())
                })
            })
        };
        let unopened = "basis data tidak dapat dibuka";
        let write = pool(if kind == Kind::Sqlite { 1 } else { CONNECTIONS })
            .connect_with(options.clone())
            .await
            .map_err(|e| failed(unopened, &e))?;
        sqlx::migrate!().run(&write).await.map_err(|e| StoreError(format!("tabel tidak dapat disiapkan: {e}")))?;
        let read = pool(CONNECTIONS).connect_with(options).await.map_err(|e| failed(unopened, &e))?;
        Ok(Self { bot, kind, read, write })
    }

    /// Begins a transaction that writes.
    pub async fn write(&self) -> sqlx::Result<Tx> {
        let inner = match self.kind {
            Kind::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await?,
            Kind::Postgres => self.write.begin().await?,
        };
        Ok(Tx { bot: self.bot, kind: self.kind, inner })
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        sqlx::query("SELECT 1").execute(&self.read).await.is_ok()
    }

    /// Waits for the right to send: one instance holds it, and it passes on when that instance dies. On SQLite there is
    /// one instance. The right is lost when [`SenderLock::holds`] says so.
    pub async fn lock_sender(&self) -> sqlx::Result<Option<SenderLock>> {
        if self.kind == Kind::Sqlite {
            return Ok(Some(SenderLock { connection: None }));
        }
        let mut connection = self.write.acquire().await?.detach();
        let taken: bool =
            sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(self.bot).fetch_one(&mut connection).await?;
        Ok(taken.then_some(SenderLock { connection: Some(connection) }))
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// The right to send, held by a connection of its own.
#[derive(Debug)]
pub struct SenderLock {
    connection: Option<sqlx::AnyConnection>,
}

impl SenderLock {
    /// Whether it is still held: the connection that holds it answers.
    pub async fn holds(&mut self) -> bool {
        match &mut self.connection {
            None => true,
            Some(connection) => sqlx::query("SELECT 1").execute(connection).await.is_ok(),
        }
    }
}

impl Tx {
    /// Makes all of it last.
    pub async fn commit(self) -> sqlx::Result<()> {
        self.inner.commit().await
    }

    /// The next number of the counter `name`, from 1.
    pub(crate) async fn next(&mut self, name: &str) -> sqlx::Result<i64> {
        sqlx::query_scalar(
            "INSERT INTO counter (bot_id, name, value) VALUES ($1, $2, 1)
             ON CONFLICT (bot_id, name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        )
        .bind(self.bot)
        .bind(name)
        .fetch_one(&mut *self.inner)
        .await
    }
}

/// Makes the file before SQLite does, with rights for its owner only; the files beside it inherit them.
fn create_private(address: &str) -> Result<(), StoreError> {
    let path = address.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = Path::new(path.split('?').next().unwrap_or(path));
    if path.as_os_str().is_empty() || path.as_os_str() == ":memory:" {
        return Err(StoreError("DATABASE_URL harus menyebut berkas, misalnya sqlite://tanya-pemilu.db".to_owned()));
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(StoreError(format!("{} tidak dapat dibuka: {error}", path.display()))),
    }
}

#[cfg(test)]
mod tests;
