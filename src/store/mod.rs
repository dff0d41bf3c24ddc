//! Floor 5: the store. What must survive a kill, over SQLite or PostgreSQL: the same statements on both.
//!
//! [`Store::write`] begins a transaction; everything that belongs together is written in one. On SQLite there is one
//! writer, and a transaction takes the write lock at its start (`BEGIN IMMEDIATE`): a transaction that reads first and
//! writes later would fail at once when another writes. On PostgreSQL rows are claimed with `FOR UPDATE SKIP LOCKED`,
//! so that several instances can share the work.
//!
//! [`inbox`]: updates as they came. [`outbox`]: calls to make. [`ticket`]: voters and tickets. [`grouping`]: who asks the
//! same. [`asked`]: what their messages asked. [`queue`]: what waits, and where it is listed. [`heard`]: which answers voters
//! were given. [`recall`]: who of them hears that one holds no more. [`channel`]: what stands in public. [`recognition`]:
//! stars, and each month's draw. [`proposal`]: what moderators add to the FAQ; [`peek`]: a look at it from outside. [`condition`]: how a
//! database is, for the operator. `tally`:
//! how often what happened. `audit`: what moderators did. [`remains`]: what outlives voters' data. [`link`]: where named
//! messages stand. [`topic`]: topics of a forum. [`due`]: what comes later. [`depth`]: how much waits. [`trouble`]: what keeps calls from being made.
//! [`sweep`]: what is deleted. [`transfer`]: all of it into another database. [`lease`]: who may send. [`history`] and
//! [`kept`]: what the service remembers between two starts. `times`: how long transactions take.
//!
//! `gather`: what comes in at once is written at once; `plan`: how SQLite finds rows; `transaction`: what a transaction writes at its end, in few statements.
//!
//! It heals itself: `connection` throws away what failed, `keeper` looks after file, log and faults, `heal` puts back a
//! file that was deleted, `health` says what is wrong, once.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::timeout;

mod address;
pub mod asked;
mod audit;
pub mod channel;
mod checkpoint;
pub mod condition;
mod connection;
pub mod depth;
pub mod due;
mod fault;
mod file;
mod gather;
pub mod grouping;
mod heal;
mod health;
pub mod heard;
pub mod history;
pub mod inbox;
mod keeper;
pub mod kept;
pub mod lease;
pub mod link;
pub mod outbox;
mod owner;
pub mod peek;
mod plan;
pub mod proposal;
pub mod queue;
pub mod recall;
pub mod recognition;
pub mod remains;
pub mod sweep;
mod tally;
pub mod ticket;
mod times;
pub mod topic;
mod transaction;
pub mod transfer;
pub mod trouble;
pub mod upload;

use address::Address;
use connection::{Pool, Target};
use fault::Cause;
use file::DatabaseFile;
use gather::Gather;
use health::Health;
use keeper::Keeper;
use owner::Owner;

pub use fault::StoreError;
pub use transaction::Tx;

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
    read: Pool,
    keeper: Arc<Keeper>,
    gather: Arc<Gather>,
}

/// Connections that read, or, on PostgreSQL, that write.
const CONNECTIONS: u32 = 4;
/// How long the tables may take to be brought up to date.
const MIGRATE: Duration = Duration::from_secs(300);
/// [`Store::health`] answers within this.
const ANSWER: Duration = Duration::from_millis(1800);
/// So soon after something was written it need not be tried.
const WORKED: Duration = Duration::from_secs(2);
/// How long connections in use are waited for at the end.
const END: Duration = Duration::from_secs(2);

impl Store {
    /// Opens the database at `address` (`sqlite://path` or `postgres://...`) for the bot with this id; creates the
    /// file (readable by its owner only) and brings the tables up to date.
    ///
    /// What is wrong is told within five seconds, in Indonesian: the file or host, and the cause. Only for another
    /// process that owns the file is waited longer, up to 15 seconds, as that one may be about to stop.
    pub async fn open(address: &str, bot: i64) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let target = Arc::new(match Address::read(address)? {
            Address::Sqlite(path) => {
                let path = file::resolve(&path)?;
                let owner = Owner::of(&path, owner::PATIENCE).await?;
                let name = path.display().to_string();
                let options = address::options_of(&path)?;
                let file = DatabaseFile::prepare(path)?;
                Target::new(Kind::Sqlite, options, Health::new(name), Some((file, owner)))
            }
            Address::Postgres(options, name) => Target::new(Kind::Postgres, *options, Health::new(name), None),
        });
        let kind = target.kind;
        migrate(&target).await?;
        let keeper = Arc::new(Keeper {
            bot,
            read: Pool::new(Arc::clone(&target), CONNECTIONS),
            write: Pool::new(Arc::clone(&target), if kind == Kind::Sqlite { 1 } else { CONNECTIONS }),
            anchor: Mutex::default(),
            wake: Arc::default(),
            ended: AtomicBool::new(false),
            taken: AtomicBool::new(false),
            holder: lease::holder::own(),
            times: times::Times::default(),
            target,
        });
        let name = keeper.target.health.name();
        keeper.set_anchor().await.map_err(|cause| StoreError::unopened(name, &cause))?;
        transfer::refuse_half(&keeper.read, name).await.map_err(|error| unopened(&keeper.target, &error))??;
        keeper.mend_turns().await.map_err(|error| unopened(&keeper.target, &error))?;
        tokio::spawn(keeper::run(Arc::downgrade(&keeper)));
        Ok(Self { bot, kind, read: keeper.read.clone(), keeper, gather: Arc::default() })
    }

    /// Begins a transaction that writes.
    pub async fn write(&self) -> sqlx::Result<Tx> {
        self.keeper.write().await
    }

    /// Whether the database does its work: it takes what is written. If not, what is wrong, in one sentence. Answers within
    /// two seconds; writes something itself if nothing was written lately.
    pub async fn health(&self) -> Result<(), String> {
        if let Some(trouble) = self.outage() {
            return Err(trouble);
        }
        if self.keeper.target.health.worked_within(WORKED) && !self.keeper.is_refusing() {
            return Ok(());
        }
        match timeout(ANSWER, self.keeper.probe()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.outage().unwrap_or_else(|| error.to_string())),
            Err(_) => Err(self.keeper.target.health.error(&Cause::Silent).to_string()),
        }
    }

    /// What is wrong with the database, in one sentence, as far as it was noticed.
    pub fn outage(&self) -> Option<String> {
        self.keeper.target.health.trouble()
    }

    /// Whether an error means that the database is out of order, not that one statement is wrong. It is nobody's fault
    /// then: whatever was being done is to be tried again.
    pub fn is_outage(&self, error: &sqlx::Error) -> bool {
        StoreError::is_in(error) || Cause::of(self.kind, error).is_some()
    }

    /// Whether an error means that this transaction and another instance's were in each other's way, so that the database ended
    /// this one: it is done again at once.
    pub fn is_conflict(error: &sqlx::Error) -> bool {
        // deadlock_detected, serialization_failure, lock_not_available
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        code.is_some_and(|code| ["40P01", "40001", "55P03"].contains(&code.as_ref()))
    }

    /// Logs that something could not be done. If the database is out of order, that was said once already: then only for
    /// those who look for details.
    pub fn report(&self, error: &sqlx::Error, what: &str) {
        if self.is_outage(error) {
            tracing::debug!(%error, "{what}");
        } else {
            tracing::error!(%error, "{what}");
        }
    }

    /// How long transactions took, as it is counted on.
    pub fn transaction_times(&self) -> prometheus::HistogramVec {
        self.keeper.times.watched()
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        self.health().await.is_ok()
    }

    /// Ends all connections and gives up what is held. Takes a few seconds at most.
    pub async fn close(&self) {
        if self.kind == Kind::Postgres {
            self.release_lease().await;
        }
        self.keeper.end(END).await;
    }
}

/// The tables, step by step.
fn migrator() -> sqlx::migrate::Migrator {
    sqlx::migrate!()
}

/// Brings the tables up to date, over a connection of its own.
async fn migrate(target: &Target) -> Result<(), StoreError> {
    let name = target.health.name();
    let mut connection = target.try_connect().await.map_err(|cause| StoreError::unopened(name, &cause))?;
    if target.kind == Kind::Postgres {
        // Another instance may be at it.
        let patient = sqlx::raw_sql("SET lock_timeout = 0").execute(&mut connection).await;
        patient.map_err(|error| unopened(target, &error))?;
    }
    let done = timeout(MIGRATE, migrator().run_direct(None, &mut connection, false)).await;
    if target.kind == Kind::Sqlite && matches!(done, Ok(Ok(()))) {
        plan::tell(&mut connection).await.map_err(|error| unopened(target, &error))?;
    }
    connection::close(target.kind, connection).await;
    match done {
        Ok(Ok(())) => Ok(()),
        Ok(Err(sqlx::migrate::MigrateError::VersionMissing(_))) => Err(StoreError::setting(format!(
            "{name} dibuat oleh versi tanya-pemilu yang lebih baru; pakai versi itu, atau basis data lain."
        ))),
        Ok(Err(
            sqlx::migrate::MigrateError::Execute(error) | sqlx::migrate::MigrateError::ExecuteMigration(error, _),
        )) => Err(unopened(target, &error)),
        Ok(Err(error)) => Err(StoreError::unopened(name, &Cause::Other(error.to_string()))),
        Err(_) => Err(StoreError::unopened(name, &Cause::Silent)),
    }
}

/// An error of the start, with its cause.
fn unopened(target: &Target, error: &sqlx::Error) -> StoreError {
    let other =
        || Cause::Other(error.as_database_error().map_or_else(|| error.to_string(), |e| e.message().to_owned()));
    let cause = StoreError::cause_in(error).or_else(|| target.cause(error)).unwrap_or_else(other);
    StoreError::unopened(target.health.name(), &cause)
}

#[cfg(test)]
mod tests;
