//! Erased means erased: what was deleted can still be read in SQLite's write-ahead log until the log is emptied. So it
//! is emptied every few seconds if anything was written, under load as well.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Row};

use super::connection::{BUSY, wait_for_locks};
use super::keeper::Keeper;

/// How often the log is emptied.
const EMPTIED: Duration = Duration::from_secs(20);
/// How soon it is tried again when somebody was reading.
const AGAIN: Duration = Duration::from_secs(1);
/// After so long without success it is said.
const LATE: Duration = Duration::from_secs(50);
/// How long readers are waited for, in milliseconds: nobody can write meanwhile.
const READERS: u64 = 300;

/// When the log was emptied, and when it will be.
#[derive(Debug)]
pub(super) struct Log {
    next: Instant,
    emptied: Instant,
    said: bool,
}

impl Log {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self { next: now + EMPTIED, emptied: now, said: false }
    }

    /// Empties the log if it is time.
    pub(super) async fn look(&mut self, keeper: &Keeper) {
        if Instant::now() < self.next {
            return;
        }
        let dirty = &keeper.target.dirty;
        if !dirty.swap(false, Ordering::AcqRel) || keeper.empty_log().await {
            (self.next, self.emptied, self.said) = (Instant::now() + EMPTIED, Instant::now(), false);
            return;
        }
        dirty.store(true, Ordering::Release);
        self.next = Instant::now() + AGAIN;
        if self.emptied.elapsed() > LATE && !self.said {
            self.said = true;
            tracing::warn!(
                "the write-ahead log of {} can't be emptied, as another program reads the database all the time; \
                 what was erased stands in it still",
                keeper.target.health.name()
            );
        }
    }
}

impl Keeper {
    /// Brings the log into the database and empties it; says whether that could be done.
    async fn empty_log(&self) -> bool {
        match self.write.take().await {
            Ok(mut connection) => connection.empty_log().await.unwrap_or(false),
            Err(_) => false,
        }
    }
}

/// Brings the log into the database and cuts it to nothing; says whether that could be done. Not within a transaction.
pub(super) async fn empty_log(connection: &mut AnyConnection) -> sqlx::Result<bool> {
    wait_for_locks(connection, READERS).await?;
    // TRUNCATE, as the other kinds leave what was written in the file (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
    let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?;
    let busy: i64 = row.try_get(0)?;
    wait_for_locks(connection, BUSY).await?;
    Ok(busy == 0)
}
