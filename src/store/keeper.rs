//! Looks after an open database: its file, its log, its faults. All of it in one task, so that no two of its works meet.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use sqlx::AnyConnection;
use tokio::sync::{Mutex, Notify};
use tokio::time::timeout;

use super::connection::{Connection, Pool, Target, close};
use super::fault::Cause;
use super::file::DatabaseFile;
use super::times::Times;
use super::transaction::Tx;
use super::{Kind, checkpoint};

/// How often the file is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often the turns of chats are compared with what waits.
const MEND: Duration = Duration::from_secs(60);
/// How long beginning a transaction may take in all.
const BEGIN: Duration = Duration::from_secs(5);

/// An open database.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) bot: i64,
    pub(super) target: Arc<Target>,
    pub(super) read: Pool,
    pub(super) write: Pool,
    /// On SQLite: a connection that is always open, so that the content is never lost with the file's name.
    pub(super) anchor: Mutex<Option<AnyConnection>>,
    /// Look at once.
    pub(super) wake: Arc<Notify>,
    pub(super) ended: AtomicBool,
    /// Another process has taken the lock.
    pub(super) taken: AtomicBool,
    /// Who this is, for a lease.
    pub(super) holder: String,
    /// How long transactions took.
    pub(super) times: Times,
}

impl Keeper {
    /// Why nothing may be written: the file is not at its path, or not ours any more.
    fn refusal(&self) -> Option<Cause> {
        if self.taken.load(Ordering::Acquire) {
            return Some(Cause::Taken);
        }
        let cause = self.target.file.as_ref()?.look();
        if cause.is_some() {
            self.wake.notify_one();
        }
        cause
    }

    /// Whether nothing may be written.
    pub(super) fn is_refusing(&self) -> bool {
        self.refusal().is_some()
    }

    /// Ends all connections and gives up the file.
    pub(super) async fn end(&self, patience: Duration) {
        self.ended.store(true, Ordering::Release);
        self.wake.notify_one();
        let file = self.target.file.as_ref();
        if let Some(file) = file
            && file.look() == Some(Cause::Gone)
            && let Err(cause) = self.heal(file, Cause::Gone).await
        {
            tracing::error!("{}; what was in it is lost now", self.target.health.error(&cause));
        }
        let (read, write) = tokio::join!(self.read.end(patience), self.write.end(patience));
        let replaced = matches!(file.and_then(DatabaseFile::look), Some(Cause::Replaced(_)));
        let mut anchor = self.anchor.lock().await;
        if !replaced && let Some(connection) = anchor.take() {
            close(self.target.kind, connection).await;
        }
        // What is in use still keeps the file; it is given up when that ends.
        if read
            && write
            && let Some(owner) = &self.target.owner
        {
            owner.release();
        }
    }

    /// Begins a transaction that writes.
    pub(super) async fn write(&self) -> sqlx::Result<Tx> {
        let timer = self.times.begin();
        if let Some(cause) = self.refusal() {
            return Err(self.target.failed(cause));
        }
        let connection =
            timeout(BEGIN, self.begun()).await.unwrap_or_else(|_| Err(self.target.failed(Cause::Silent)))?;
        Ok(Tx::new(self.bot, self.target.kind, connection, timer))
    }

    async fn begun(&self) -> sqlx::Result<Connection> {
        loop {
            let mut connection = self.write.take().await?;
            match connection.begin().await {
                Ok(()) => return Ok(connection),
                Err(error) if connection.fresh => return Err(error),
                // It was idle, and is dead; so the others may be, as after the server was started anew.
                Err(_) => self.write.forget_idle(),
            }
        }
    }

    /// Writes something of no importance, to see whether it can be done.
    pub(super) async fn probe(&self) -> sqlx::Result<()> {
        let mut tx = self.write().await?;
        tx.next("pulse").await?;
        tx.commit().await
    }
}

/// Looks after the database until it is closed or nobody has it any more.
pub(super) async fn run(keeper: Weak<Keeper>) {
    let mut mended = Instant::now();
    let mut log = checkpoint::Log::new();
    loop {
        let wake = {
            // Only for the work: a store that is dropped ends with it.
            let Some(keeper) = keeper.upgrade() else { return };
            if keeper.ended.load(Ordering::Acquire) {
                return;
            }
            keeper.look_after_file().await;
            if keeper.target.health.trouble().is_some() {
                // What comes of it is noted where it is done.
                let _ = keeper.probe().await;
            }
            if keeper.target.kind == Kind::Sqlite {
                log.look(&keeper).await;
            }
            if mended.elapsed() > MEND && keeper.target.health.trouble().is_none() {
                mended = Instant::now();
                let _ = keeper.mend_turns().await;
            }
            Arc::clone(&keeper.wake)
        };
        // A woken round is followed by a pause as well: what can't be healed must not be tried without end.
        if timeout(LOOK, wake.notified()).await.is_ok() {
            tokio::time::sleep(LOOK / 10).await;
        }
    }
}

impl Keeper {
    async fn look_after_file(&self) {
        if let Some(owner) = &self.target.owner {
            let taken = !owner.holds();
            self.taken.store(taken, Ordering::Release);
            if taken {
                self.target.health.failed(Cause::Taken);
                return;
            }
        }
        let Some(file) = &self.target.file else { return };
        if let Some(cause) = file.look() {
            self.target.health.failed(cause.clone());
            if let Err(cause) = self.heal(file, cause).await {
                self.target.health.failed(cause);
            }
        } else if let Err(cause) = self.set_anchor().await {
            self.target.health.failed(cause);
        }
    }

    /// Opens the anchor if it is not, and takes note of the files that stand with it.
    pub(super) async fn set_anchor(&self) -> Result<(), Cause> {
        let mut anchor = self.anchor.lock().await;
        if anchor.is_none()
            && let Some(file) = &self.target.file
        {
            let mut connection = self.target.try_connect().await?;
            // Only what reads opens the log.
            let read = sqlx::query("SELECT COUNT(*) FROM sqlite_master").execute(&mut connection).await;
            if let Err(error) = read {
                close(Kind::Sqlite, connection).await;
                return Err(self.target.cause(&error).unwrap_or_else(|| Cause::Other(error.to_string())));
            }
            file.note().map_err(|error| Cause::of_io(&error))?;
            *anchor = Some(connection);
        }
        Ok(())
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let replaced = matches!(self.target.file.as_ref().and_then(DatabaseFile::look), Some(Cause::Replaced(_)));
        if let Some(anchor) = self.anchor.get_mut().take()
            && replaced
        {
            // The last connection to close deletes the log by its name, which may be the other file's log by now. So
            // this one is never closed.
            std::mem::forget(anchor);
        }
    }
}
