//! Connections: opened when needed, kept while they are sound, thrown away as soon as anything failed on them.
//!
//! The pool of the library keeps a connection whose commit failed, tries for its whole time limit without telling why,
//! and hides what statements come to. Here every statement passes one place, which knows the time limits, notes what
//! fails, and gives it its cause in plain words.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use futures_util::{Stream, TryStreamExt, stream};
use sqlx::any::{AnyConnectOptions, AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::{Any, AnyConnection, ConnectOptions as _, Connection as _, Either, Execute, Executor, SqlStr};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::Kind;
use super::checkpoint::empty_log;
use super::fault::{Cause, StoreError};
use super::file::DatabaseFile;
use super::health::Health;
use super::owner::Owner;
#[cfg(test)]
use super::tests::injected::Injector;

/// How long a connection is waited for, whether one is free or must be opened.
const ACQUIRE: Duration = Duration::from_secs(3);
/// How long a statement may take.
const STATEMENT: Duration = Duration::from_secs(5);
/// How long SQLite waits for another program's lock, in milliseconds. Less than [`ACQUIRE`], so that it tells the cause.
pub(super) const BUSY: u64 = 2500;
/// How long emptying SQLite's log may take.
const CHECKPOINT: Duration = Duration::from_secs(30);
/// How long closing may take on PostgreSQL, where the other end may be gone.
const CLOSE: Duration = Duration::from_secs(2);
/// On PostgreSQL a connection that was idle for longer is tried before it is used to read.
const TRUSTED: Duration = Duration::from_millis(500);

/// What a pool is about.
pub(super) struct Target {
    pub(super) kind: Kind,
    pub(super) options: AnyConnectOptions,
    pub(super) health: Health,
    /// On SQLite: the file, and the right to use it.
    pub(super) file: Option<DatabaseFile>,
    pub(super) owner: Option<Owner>,
    /// Something was written since the log was emptied.
    pub(super) dirty: AtomicBool,
    #[cfg(test)]
    pub(super) injector: Injector,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the address: it may hold a password.
        f.debug_tuple("Target").field(&self.health.name()).finish()
    }
}

impl Target {
    /// A database that nobody has used yet.
    pub(super) fn new(
        kind: Kind,
        options: AnyConnectOptions,
        health: Health,
        owned: Option<(DatabaseFile, Owner)>,
    ) -> Self {
        let (file, owner) = owned.unzip();
        Self {
            kind,
            // The library's own lines, such as of a statement that waits for a lock: what matters is said in our words.
            options: options.disable_statement_logging(),
            health,
            file,
            owner,
            dirty: AtomicBool::new(false),
            #[cfg(test)]
            injector: Injector::default(),
        }
    }

    /// A new connection, as the store wants it.
    pub(super) async fn connect(&self) -> sqlx::Result<AnyConnection> {
        self.try_connect().await.map_err(|cause| self.failed(cause))
    }

    /// A new connection, or why there is none.
    pub(super) async fn try_connect(&self) -> Result<AnyConnection, Cause> {
        // A file that is not the one that was opened at the start is another's.
        if let Some(cause) = self.file.as_ref().and_then(DatabaseFile::look) {
            return Err(cause);
        }
        let opened = timeout(ACQUIRE, async {
            let mut connection = AnyConnection::connect_with(&self.options).await?;
            prepare(self.kind, &mut connection).await?;
            Ok(connection)
        });
        match opened.await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(self.cause(&error).unwrap_or_else(|| Cause::Other(error.to_string()))),
            Err(_) => Err(Cause::Silent),
        }
    }

    /// Notes that the database failed for this cause, and makes an error of it.
    pub(super) fn failed(&self, cause: Cause) -> sqlx::Error {
        let error = self.health.error(&cause).into_sqlx();
        self.health.failed(cause);
        error
    }

    /// Notes what is the database's fault; what is a statement's stays as it is.
    pub(super) fn judged(&self, error: sqlx::Error) -> sqlx::Error {
        if StoreError::is_in(&error) {
            return error;
        }
        self.cause(&error).map_or(error, |cause| self.failed(cause))
    }

    /// The cause of an error that is the database's.
    pub(super) fn cause(&self, error: &sqlx::Error) -> Option<Cause> {
        let cause = Cause::of(self.kind, error)?;
        match (&cause, &self.file) {
            (Cause::File(_), Some(file)) => Some(file.diagnose().unwrap_or(cause)),
            _ => Some(cause),
        }
    }
}

/// What each connection is told at its start.
async fn prepare(kind: Kind, connection: &mut AnyConnection) -> sqlx::Result<()> {
    match kind {
        Kind::Sqlite => {
            wait_for_locks(connection, BUSY).await?;
            let mode: String = sqlx::query_scalar("PRAGMA journal_mode = WAL").fetch_one(&mut *connection).await?;
            if mode != "wal" {
                let text = format!("its file system allows no write-ahead log (journal mode {mode})");
                return Err(sqlx::Error::InvalidArgument(text));
            }
            // FULL: a commit is on disk before it is acknowledged. secure_delete: what is deleted is overwritten.
            for pragma in ["PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", "PRAGMA secure_delete = ON"] {
                connection.execute(pragma).await?;
            }
        }
        // A process that was frozen in the midst of a transaction must not hold its rows for ever: the server ends it.
        Kind::Postgres => {
            connection.execute("SET idle_in_transaction_session_timeout = 8000; SET lock_timeout = 4000").await?;
        }
    }
    Ok(())
}

/// How long SQLite waits for a lock, in milliseconds.
pub(super) async fn wait_for_locks(connection: &mut AnyConnection, millis: u64) -> sqlx::Result<()> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA busy_timeout = {millis}"))).execute(connection).await?;
    Ok(())
}

/// Some connections to one database.
#[derive(Clone)]
pub(super) struct Pool(Arc<Inner>);

struct Inner {
    target: Arc<Target>,
    idle: Mutex<Vec<Idle>>,
    permits: Arc<Semaphore>,
    size: u32,
    /// Connections of an older one are not used any more.
    generation: AtomicU64,
}

struct Idle {
    raw: AnyConnection,
    generation: u64,
    since: Instant,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pool").field(&self.0.target).finish()
    }
}

impl Pool {
    /// At most `size` connections.
    pub(super) fn new(target: Arc<Target>, size: u32) -> Self {
        let permits = Arc::new(Semaphore::new(size as usize));
        Self(Arc::new(Inner { target, idle: Mutex::default(), permits, size, generation: AtomicU64::new(0) }))
    }

    fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection, one that was used before if there is one.
    pub(super) async fn take(&self) -> sqlx::Result<Connection> {
        let permit = match timeout(ACQUIRE, Arc::clone(&self.0.permits).acquire_owned()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(self.0.target.health.error(&Cause::Closed).into_sqlx()),
            Err(_) => return Err(self.0.target.failed(Cause::Busy)),
        };
        let idle = self.idle().pop();
        match idle {
            Some(Idle { raw, generation, .. }) if generation == self.generation() => {
                return Ok(Connection::new(self.clone(), raw, generation, permit, false));
            }
            Some(Idle { raw, .. }) => close(self.0.target.kind, raw).await,
            None => {}
        }
        self.open(permit).await
    }

    /// A connection that is surely open: one that was idle is tried first.
    async fn take_sound(&self) -> sqlx::Result<Connection> {
        loop {
            let idle_since = self.idle().last().map(|idle| idle.since);
            let mut connection = self.take().await?;
            let trusted = connection.fresh
                || self.0.target.kind == Kind::Sqlite
                || idle_since.is_some_and(|since| since.elapsed() < TRUSTED);
            if trusted || connection.answers().await {
                return Ok(connection);
            }
            // The others will be dead too.
            self.forget_idle();
        }
    }

    /// Opens a connection. If whoever waits for it gives up, it is opened to its end all the same and kept.
    async fn open(&self, permit: OwnedSemaphorePermit) -> sqlx::Result<Connection> {
        let pool = self.clone();
        let opened = tokio::spawn(async move {
            let generation = pool.generation();
            let raw = pool.0.target.connect().await?;
            Ok(Connection::new(pool, raw, generation, permit, true))
        });
        opened.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
    }

    /// Idle connections are closed when their turn comes.
    pub(super) fn forget_idle(&self) {
        self.0.generation.fetch_add(1, Ordering::AcqRel);
        let idle = std::mem::take(&mut *self.idle());
        for Idle { raw, .. } in idle {
            let kind = self.0.target.kind;
            tokio::spawn(close(kind, raw));
        }
    }

    /// Waits until no connection is in use, and closes them all; none can be taken while the result is kept.
    pub(super) async fn halt(&self, patience: Duration) -> Option<OwnedSemaphorePermit> {
        let all = timeout(patience, Arc::clone(&self.0.permits).acquire_many_owned(self.0.size)).await.ok()?.ok()?;
        self.0.generation.fetch_add(1, Ordering::AcqRel);
        let idle = std::mem::take(&mut *self.idle());
        join_all(idle.into_iter().map(|idle| close(self.0.target.kind, idle.raw))).await;
        Some(all)
    }

    /// Ends the pool; says whether all connections are closed.
    pub(super) async fn end(&self, patience: Duration) -> bool {
        let halted = self.halt(patience).await;
        self.0.permits.close();
        halted.is_some()
    }
}

/// Closes a connection. On SQLite to the very end: as long as one to a file is open, the file's log must not change hands.
pub(super) async fn close(kind: Kind, raw: AnyConnection) {
    match kind {
        Kind::Sqlite => drop(raw.close().await),
        Kind::Postgres => drop(timeout(CLOSE, raw.close()).await),
    }
}

/// What a statement does; faults are injected by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Begin,
    Statement,
    Commit,
}

/// A connection in use. It goes back when dropped, if nothing failed on it; an open transaction is rolled back first.
pub(super) struct Connection {
    pool: Pool,
    raw: Option<AnyConnection>,
    generation: u64,
    permit: Option<OwnedSemaphorePermit>,
    /// Just opened: what fails on it is no consequence of something old.
    pub(super) fresh: bool,
    /// Something failed, or was given up half way.
    broken: bool,
    /// Within a transaction.
    begun: bool,
    limit: Duration,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("broken", &self.broken).field("begun", &self.begun).finish_non_exhaustive()
    }
}

impl Connection {
    fn new(pool: Pool, raw: AnyConnection, generation: u64, permit: OwnedSemaphorePermit, fresh: bool) -> Self {
        let raw = Some(raw);
        Self { pool, raw, generation, permit: Some(permit), fresh, broken: false, begun: false, limit: STATEMENT }
    }

    /// Lets statements take longer from now on.
    pub(super) fn patient(&mut self, limit: Duration) {
        self.limit = limit;
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&mut self) -> sqlx::Result<()> {
        let statement = match self.pool.0.target.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN",
        };
        self.begun = true;
        let limit = ACQUIRE;
        let begun = self.within(limit, Step::Begin, |raw| Box::pin(raw.execute(statement))).await;
        // What fails on a connection that was idle may only mean that this one is dead.
        let fresh = self.fresh;
        begun.map(drop).map_err(|error| if fresh { self.pool.0.target.judged(error) } else { error })
    }

    /// Makes the transaction last.
    pub(super) async fn commit(&mut self) -> sqlx::Result<()> {
        if self.broken {
            let text = "a statement of this transaction failed; nothing of it is kept".to_owned();
            return Err(sqlx::Error::InvalidArgument(text));
        }
        let done = self.within(STATEMENT, Step::Commit, |raw| Box::pin(raw.execute("COMMIT"))).await;
        let target = &self.pool.0.target;
        done.map_err(|error| target.judged(error))?;
        self.begun = false;
        target.dirty.store(true, Ordering::Release);
        target.health.worked();
        Ok(())
    }

    /// Empties SQLite's log; says whether that could be done.
    pub(super) async fn empty_log(&mut self) -> sqlx::Result<bool> {
        let done = self.within(CHECKPOINT, Step::Statement, |raw| Box::pin(empty_log(raw))).await;
        done.map_err(|error| self.pool.0.target.judged(error))
    }

    /// Whether the other end is there.
    async fn answers(&mut self) -> bool {
        self.within(CLOSE, Step::Statement, |raw| Box::pin(raw.ping())).await.is_ok()
    }

    async fn within<T>(
        &mut self,
        limit: Duration,
        step: Step,
        run: impl for<'r> FnOnce(&'r mut AnyConnection) -> Pin<Box<dyn Future<Output = sqlx::Result<T>> + Send + 'r>> + Send,
    ) -> sqlx::Result<T> {
        let Some(raw) = &mut self.raw else { return Err(sqlx::Error::WorkerCrashed) };
        // Given up half way it stays so.
        let before = std::mem::replace(&mut self.broken, true);
        #[cfg(test)]
        self.pool.0.target.injector.before(step)?;
        let done = timeout(limit, run(raw)).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        #[cfg(test)]
        self.pool.0.target.injector.after(step)?;
        let _ = step;
        self.broken = before;
        Ok(done)
    }

    async fn rows<'q, E: Execute<'q, Any> + 'q>(
        &mut self,
        query: E,
    ) -> sqlx::Result<Vec<Either<AnyQueryResult, AnyRow>>> {
        let Some(raw) = &mut self.raw else { return Err(sqlx::Error::WorkerCrashed) };
        let before = std::mem::replace(&mut self.broken, true);
        let run = async {
            #[cfg(test)]
            self.pool.0.target.injector.before(Step::Statement)?;
            timeout(self.limit, raw.fetch_many(query).try_collect()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
        };
        let rows = run.await.map_err(|error| self.pool.0.target.judged(error))?;
        self.broken = before;
        Ok(rows)
    }

    async fn row<'q, E: Execute<'q, Any> + 'q>(&mut self, query: E) -> sqlx::Result<Option<AnyRow>> {
        let Some(raw) = &mut self.raw else { return Err(sqlx::Error::WorkerCrashed) };
        let before = std::mem::replace(&mut self.broken, true);
        let run = async {
            #[cfg(test)]
            self.pool.0.target.injector.before(Step::Statement)?;
            timeout(self.limit, raw.fetch_optional(query)).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
        };
        let row = run.await.map_err(|error| self.pool.0.target.judged(error))?;
        self.broken = before;
        Ok(row)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let (Some(mut raw), Some(permit)) = (self.raw.take(), self.permit.take()) else { return };
        let pool = self.pool.clone();
        let generation = self.generation;
        let current = move |pool: &Pool| generation == pool.generation() && !pool.0.permits.is_closed();
        let keep = move |pool: &Pool, raw| pool.idle().push(Idle { raw, generation, since: Instant::now() });
        let sound = !self.broken && current(&pool);
        if sound && !self.begun {
            keep(&pool, raw);
            return;
        }
        let begun = self.begun;
        let kind = pool.0.target.kind;
        // Without a runtime it is closed here and now, which rolls back as well.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            // Nobody gets a connection in its place until it is clean or closed.
            let rolled_back = sound && begun && timeout(CLOSE, raw.execute("ROLLBACK")).await.is_ok_and(|r| r.is_ok());
            if rolled_back && current(&pool) {
                keep(&pool, raw);
            } else {
                close(kind, raw).await;
            }
            drop(permit);
        });
    }
}

type Rows<'e> = Pin<Box<dyn Stream<Item = sqlx::Result<Either<AnyQueryResult, AnyRow>>> + Send + 'e>>;
type Answer<'e, T> = Pin<Box<dyn Future<Output = sqlx::Result<T>> + Send + 'e>>;

/// What was collected, as the library wants it.
fn flowing<'e>(rows: impl Future<Output = sqlx::Result<Vec<Either<AnyQueryResult, AnyRow>>>> + Send + 'e) -> Rows<'e> {
    Box::pin(stream::once(rows).map_ok(|rows| stream::iter(rows.into_iter().map(Ok))).try_flatten())
}

impl<'c> Executor<'c> for &'c mut Connection {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> Rows<'e>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        flowing(self.rows(query))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> Answer<'e, Option<AnyRow>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(self.row(query))
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> Answer<'e, AnyStatement>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let Some(raw) = &mut self.raw else { return Err(sqlx::Error::WorkerCrashed) };
            raw.prepare_with(sql, parameters).await
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> Answer<'e, sqlx::Describe<Any>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let Some(raw) = &mut self.raw else { return Err(sqlx::Error::WorkerCrashed) };
            raw.describe(sql).await
        })
    }
}

/// Reads on any connection.
impl<'p> Executor<'p> for &'p Pool {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> Rows<'e>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        flowing(async move { self.take_sound().await?.rows(query).await })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> Answer<'e, Option<AnyRow>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(async move { self.take_sound().await?.row(query).await })
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> Answer<'e, AnyStatement>
    where
        'p: 'e,
    {
        Box::pin(async move { self.take_sound().await?.prepare_with(sql, parameters).await })
    }

    fn describe<'e>(self, sql: SqlStr) -> Answer<'e, sqlx::Describe<Any>>
    where
        'p: 'e,
    {
        Box::pin(async move { self.take_sound().await?.describe(sql).await })
    }
}
