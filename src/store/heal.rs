//! When the database's file is not at its path any more: deleted, moved, its log deleted, or another file in its place.
//!
//! A file that was deleted lives on as long as a connection to it is open, so its content is copied and put back. All
//! connections are closed before: the last one to close deletes the log by its name, and that must be the old log.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::AnyConnection;
use tokio::time::timeout;

use super::Kind;
use super::checkpoint::empty_log;
use super::connection::close;
use super::fault::Cause;
use super::file::DatabaseFile;
use super::keeper::Keeper;

/// How long those who read and write are waited for.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long copying may take.
const COPY: Duration = Duration::from_secs(120);

impl Keeper {
    /// Mends what is wrong with the file, as far as it can be mended; if not, it is tried again at the next look.
    pub(super) async fn heal(&self, file: &DatabaseFile, cause: Cause) -> Result<(), Cause> {
        match cause {
            Cause::Gone => self.restore(file).await,
            Cause::LogGone => self.fold_log(file).await,
            Cause::Replaced(_) if !file.is_kept() => self.rescue(file).await,
            other => Err(other),
        }
    }

    /// Writes the whole database to its path again.
    async fn restore(&self, file: &DatabaseFile) -> Result<(), Cause> {
        let _nobody_writes = self.write.halt(PATIENCE).await.ok_or(Cause::Gone)?;
        let _nobody_reads = self.read.halt(PATIENCE).await.ok_or(Cause::Gone)?;
        let mut anchor = self.anchor.lock().await;
        if file.look() != Some(Cause::Gone) {
            return Ok(());
        }
        if let Some(mut connection) = anchor.take() {
            if let Err(cause) = self.copy(&mut connection, file, &file.restored()).await {
                *anchor = Some(connection);
                return Err(cause);
            }
            close(Kind::Sqlite, connection).await;
        }
        file.put_back().map_err(|error| Cause::of_io(&error))?;
        drop(anchor);
        self.set_anchor().await?;
        tracing::warn!("the database {} was written anew, with all that was in it", file.path().display());
        Ok(())
    }

    /// Brings what stands in the deleted log into the database, and begins a new log.
    async fn fold_log(&self, file: &DatabaseFile) -> Result<(), Cause> {
        let _nobody_writes = self.write.halt(PATIENCE).await.ok_or(Cause::LogGone)?;
        let _nobody_reads = self.read.halt(PATIENCE).await.ok_or(Cause::LogGone)?;
        let mut anchor = self.anchor.lock().await;
        if file.look() != Some(Cause::LogGone) {
            return Ok(());
        }
        if let Some(mut connection) = anchor.take() {
            let emptied = empty_log(&mut connection).await;
            if !matches!(emptied, Ok(true)) {
                *anchor = Some(connection);
                return Err(Cause::LogGone);
            }
            close(Kind::Sqlite, connection).await;
        }
        file.note().map_err(|error| Cause::of_io(&error))?;
        drop(anchor);
        self.set_anchor().await?;
        tracing::warn!("the write-ahead log of {} was made anew; nothing is missing", file.path().display());
        Ok(())
    }

    /// Keeps the content under another name, since another file has taken the path.
    async fn rescue(&self, file: &DatabaseFile) -> Result<(), Cause> {
        let mut anchor = self.anchor.lock().await;
        let kept = match anchor.as_mut() {
            Some(connection) => {
                let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                let kept = file.rescued(seconds);
                self.copy(connection, file, &kept).await?;
                kept
            }
            // It was copied before, and the path was taken meanwhile.
            None => file.restored(),
        };
        file.is_kept_at(&kept);
        Err(file.look().unwrap_or(Cause::Replaced(None)))
    }

    /// Writes all that this connection sees into a file of its own, on disk.
    async fn copy(&self, connection: &mut AnyConnection, file: &DatabaseFile, to: &Path) -> Result<(), Cause> {
        let part = file.part().map_err(|error| Cause::of_io(&error))?;
        let part = part.to_str().ok_or(Cause::NoFolder)?;
        let copied = timeout(COPY, sqlx::query("VACUUM INTO $1").bind(part).execute(connection)).await;
        match copied {
            Ok(Ok(_)) => file.part_is_whole(to).map_err(|error| Cause::of_io(&error)),
            // Not what the file system says of the missing file, but what it says of the new one.
            Ok(Err(error)) => Err(Cause::of(Kind::Sqlite, &error).unwrap_or(Cause::Damaged)),
            Err(_) => Err(Cause::Silent),
        }
    }
}
