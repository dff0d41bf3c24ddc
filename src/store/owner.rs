//! One process owns an SQLite file: a lock on a file beside it, held as long as the store is open. The database itself
//! is not locked so: closing that descriptor would drop SQLite's own locks.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::fault::{Cause, StoreError};

/// How long a start waits for the process that owns the file: it may be about to stop.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is tried.
const LOOK: Duration = Duration::from_millis(100);

/// The right to use the file.
#[derive(Debug)]
pub(super) struct Owner {
    path: PathBuf,
    lock: Mutex<Option<File>>,
}

impl Owner {
    /// Takes the right to use the database at this path; waits for whoever has it, but no longer than `patience`.
    pub(super) async fn of(database: &Path, patience: Duration) -> Result<Self, StoreError> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let path = PathBuf::from(path);
        let until = Instant::now() + patience;
        let mut said = false;
        loop {
            match lock(&path) {
                Ok(Some(file)) => return Ok(Self { path, lock: Mutex::new(Some(file)) }),
                Ok(None) => {}
                Err(error) => {
                    return Err(StoreError::unopened(&path.display().to_string(), &Cause::of_io(&error)));
                }
            }
            if Instant::now() >= until {
                let holder = holder(&path).map(|id| format!(" (nomor proses {id})")).unwrap_or_default();
                let text =
                    format!("{} sedang dipakai proses lain{holder}; hentikan dulu proses itu.", database.display());
                return Err(StoreError { text, passes: true, cause: None });
            }
            if !said {
                said = true;
                tracing::warn!("the database {} is in use by another process; waiting", database.display());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whether the file is still owned. If somebody deleted the lock, it is made anew.
    pub(super) fn holds(&self) -> bool {
        let mut held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if held.as_ref().is_some_and(|file| stands_at(file, &self.path)) {
            return true;
        }
        match lock(&self.path) {
            Ok(Some(file)) => {
                *held = Some(file);
                true
            }
            Ok(None) => false,
            // The folder is out of reach: to others too, and what that means is said elsewhere.
            Err(_) => held.is_some(),
        }
    }

    /// Gives the right up.
    pub(super) fn release(&self) {
        *self.lock.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Locks the file at `path`; none if another process has it.
fn lock(path: &Path) -> io::Result<Option<File>> {
    let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(path)?;
    match file.try_lock() {
        // Whoever had it may have deleted it meanwhile.
        Ok(()) if stands_at(&file, path) => {
            // Only told to people; a full disk is no reason to go without it.
            let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
            Ok(Some(file))
        }
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn stands_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), path.metadata()) {
        (Ok(own), Ok(found)) => (own.dev(), own.ino()) == (found.dev(), found.ino()),
        _ => false,
    }
}

/// The number of the process that has it, as it wrote it down.
fn holder(path: &Path) -> Option<u32> {
    let mut file = File::open(path).ok()?;
    file.rewind().ok()?;
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(300);

    #[tokio::test]
    async fn a_second_owner_waits_and_ends_with_a_sentence() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("bot.db");
        let first = Owner::of(&path, SHORT).await.expect("free");
        let error = Owner::of(&path, SHORT).await.expect_err("owned").to_string();
        let number = format!("nomor proses {}", std::process::id());
        assert!(error.contains("bot.db sedang dipakai proses lain") && error.contains(&number), "{error}");
        let waiting = Owner::of(&path, PATIENCE);
        tokio::pin!(waiting);
        assert!(tokio::time::timeout(SHORT, &mut waiting).await.is_err(), "it waits");
        drop(first);
        waiting.await.expect("free again");
    }

    #[tokio::test]
    async fn a_deleted_lock_is_made_anew_or_lost() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("bot.db");
        let first = Owner::of(&path, SHORT).await.expect("free");
        std::fs::remove_file(&first.path).expect("there");
        assert!(first.holds());
        Owner::of(&path, SHORT).await.expect_err("owned still");
        std::fs::remove_file(&first.path).expect("there");
        let second = Owner::of(&path, SHORT).await.expect("nobody could know");
        assert!(!first.holds() && second.holds());
    }
}
