//! What comes in over many connections at once is written in one transaction: a commit costs the same for one update as for a
//! hundred. Whoever has the turn writes what all of them brought, and each hears what became of its own.

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Turn, oneshot};

use super::Store;
use super::inbox::Received;

/// So many updates at most are written in one transaction.
const MOST: usize = 400;
/// So many updates that wait to be written are many: as many as a poll brings at most, so that more wait with Telegram.
const MANY: usize = 100;

/// The numbers of the updates that are new, or why nothing was written.
type Told = Result<Arc<HashSet<i64>>, String>;

/// Updates that somebody brought, each with when it came (milliseconds since 1970).
#[derive(Debug)]
struct Brought {
    updates: Vec<(Received, i64)>,
    told: oneshot::Sender<Told>,
}

/// What waits to be written.
#[derive(Debug, Default)]
pub(super) struct Gather {
    waiting: Mutex<Vec<Brought>>,
    turn: Turn<()>,
    /// How many updates were brought and are not written yet.
    unwritten: AtomicUsize,
}

/// So many updates are unwritten until this ends.
struct Unwritten<'g>(&'g AtomicUsize, usize);

impl Drop for Unwritten<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(self.1, Ordering::AcqRel);
    }
}

impl Gather {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Brought>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether many updates wait to be written.
    pub(super) fn is_full(&self) -> bool {
        self.unwritten.load(Ordering::Acquire) >= MANY
    }

    /// What waits, up to [`MOST`] updates, but of whoever is first in any case.
    fn take(&self) -> Vec<Brought> {
        let mut waiting = self.waiting();
        let mut count = 0;
        let fits = |brought: &&Brought| {
            count += brought.updates.len();
            count <= MOST
        };
        let fitting = waiting.iter().take_while(fits).count().max(1).min(waiting.len());
        waiting.drain(..fitting).collect()
    }

    /// Writes updates, with what others bring meanwhile; gives the numbers of those that are new.
    pub(super) async fn receive(&self, store: &Store, updates: &[Received], now: i64) -> sqlx::Result<Vec<i64>> {
        let (told, mut hears) = oneshot::channel();
        let updates: Vec<(Received, i64)> = updates.iter().map(|update| (update.clone(), now)).collect();
        let numbers: Vec<i64> = updates.iter().map(|(update, _)| update.update).collect();
        self.unwritten.fetch_add(updates.len(), Ordering::AcqRel);
        self.waiting().push(Brought { updates, told });
        let _turn = self.turn.lock().await;
        loop {
            match hears.try_recv() {
                Ok(Ok(fresh)) => {
                    // A number that was brought twice is new once.
                    let own: BTreeSet<i64> = numbers.into_iter().filter(|number| fresh.contains(number)).collect();
                    return Ok(own.into_iter().collect());
                }
                Ok(Err(why)) => return Err(sqlx::Error::InvalidArgument(why)),
                // Whoever wrote it was given up half way; it comes again.
                Err(oneshot::error::TryRecvError::Closed) => return Err(sqlx::Error::WorkerCrashed),
                Err(oneshot::error::TryRecvError::Empty) => {}
            }
            let all = self.take();
            let (updates, tells): (Vec<_>, Vec<_>) = all.into_iter().map(|own| (own.updates, own.told)).unzip();
            let updates: Vec<(Received, i64)> = updates.into_iter().flatten().collect();
            let _until_written = Unwritten(&self.unwritten, updates.len());
            let written = store.write_updates(&updates).await.map(Arc::new).map_err(|error| error.to_string());
            // Who does not listen any more has gone away meanwhile.
            tells.into_iter().for_each(|told| drop(told.send(written.clone())));
        }
    }
}
