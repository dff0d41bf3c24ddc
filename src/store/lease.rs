//! The right to send: one instance has it, for a few seconds at a time. It is renewed as long as the instance lives;
//! one that is frozen or cut off loses it, knows so by its own clock before the others may take it, and sends no more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use sqlx::Row;
use tokio::task::JoinHandle;

use super::connection::Pool;
use super::{Kind, Store};

/// How long it lasts, in milliseconds by the database's clock.
const SPAN: i64 = 8000;
/// How long its holder believes in it after the last renewal: less than [`SPAN`], for the call that is made then.
const FRESH: Duration = Duration::from_secs(6);
/// How often it is renewed.
const BEAT: Duration = Duration::from_secs(2);

/// When it was renewed last, by two clocks: one stands still while the machine sleeps, the other can be set.
#[derive(Debug, Clone, Copy)]
struct Renewed {
    steady: Instant,
    wall: SystemTime,
}

impl Renewed {
    fn now() -> Self {
        Self { steady: Instant::now(), wall: SystemTime::now() }
    }

    fn is_fresh(self) -> bool {
        // A wall clock that was set back proves nothing.
        self.steady.elapsed() < FRESH && self.wall.elapsed().unwrap_or_default() < FRESH
    }
}

/// The right to send. It is given up when dropped.
#[derive(Debug)]
pub struct SenderLease(Option<Held>);

#[derive(Debug)]
struct Held {
    renewed: Arc<Mutex<Renewed>>,
    lost: Arc<AtomicBool>,
    beat: JoinHandle<()>,
    release: Option<(Pool, Term)>,
}

/// Who holds it, and the number that it was given with.
#[derive(Debug, Clone)]
struct Term {
    bot: i64,
    holder: String,
    epoch: i64,
}

impl SenderLease {
    /// Whether it surely is held now; answered at once, without a look at the database. To be asked before each call that
    /// is made with it. Always so on SQLite, where one process owns the file.
    pub fn is_fresh(&self) -> bool {
        self.0.as_ref().is_none_or(|held| {
            !held.lost.load(Ordering::Acquire) && held.renewed.lock().unwrap_or_else(PoisonError::into_inner).is_fresh()
        })
    }

    /// It is not renewed any more, as if the process were frozen.
    #[cfg(test)]
    pub(super) fn stop_beating(&self) {
        self.0.iter().for_each(|held| held.beat.abort());
    }
}

impl Drop for SenderLease {
    fn drop(&mut self) {
        let Some(held) = &mut self.0 else { return };
        held.beat.abort();
        if let Some((pool, term)) = held.release.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move { term.release(&pool).await });
        }
    }
}

impl Store {
    /// Takes the right to send, if nobody has it. One instance has it at a time; it passes on within ten seconds when
    /// that one dies, freezes or is cut off, and at once when it ends in order or its process is gone from this machine.
    pub async fn lock_sender(&self) -> sqlx::Result<Option<SenderLease>> {
        if self.kind == Kind::Sqlite {
            return Ok(Some(SenderLease(None)));
        }
        let before = Renewed::now();
        let Some(epoch) = self.take_lease().await? else { return Ok(None) };
        let term = Term { bot: self.bot, holder: self.keeper.holder.clone(), epoch };
        let (renewed, lost) = (Arc::new(Mutex::new(before)), Arc::new(AtomicBool::new(false)));
        let beat = tokio::spawn(term.clone().beat(self.read.clone(), Arc::clone(&renewed), Arc::clone(&lost)));
        Ok(Some(SenderLease(Some(Held { renewed, lost, beat, release: Some((self.read.clone(), term)) }))))
    }

    /// Takes the row; gives its epoch.
    async fn take_lease(&self) -> sqlx::Result<Option<i64>> {
        let holder = &self.keeper.holder;
        let found = sqlx::query(
            "SELECT epoch, holder,
                    CASE WHEN until <= CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) THEN 1 ELSE 0 END
             FROM lease WHERE bot_id = $1",
        )
        .bind(self.bot)
        .fetch_optional(&self.read)
        .await?;
        let seen = match found {
            None => 0,
            Some(row) => {
                let (epoch, other, over): (i64, String, i32) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
                if over == 0 && other != *holder && !holder::is_gone(&other) {
                    return Ok(None);
                }
                epoch
            }
        };
        // Only if nobody was quicker.
        sqlx::query_scalar(
            "INSERT INTO lease (bot_id, holder, until, epoch)
             VALUES ($1, $2, CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) + $3, 1)
             ON CONFLICT (bot_id) DO UPDATE
             SET holder = excluded.holder, until = excluded.until, epoch = lease.epoch + 1
             WHERE lease.epoch = $4 RETURNING epoch",
        )
        .bind(self.bot)
        .bind(holder.as_str())
        .bind(SPAN)
        .bind(seen)
        .fetch_optional(&self.read)
        .await
    }
}

impl Term {
    /// Renews it until somebody else has it.
    async fn beat(self, pool: Pool, renewed: Arc<Mutex<Renewed>>, lost: Arc<AtomicBool>) {
        loop {
            tokio::time::sleep(BEAT).await;
            // Before the call: it lasts from when the database did it, not from when that was heard.
            let before = Renewed::now();
            let done = sqlx::query(
                "UPDATE lease SET until = CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) + $4
                 WHERE bot_id = $1 AND holder = $2 AND epoch = $3",
            )
            .bind(self.bot)
            .bind(&self.holder)
            .bind(self.epoch)
            .bind(SPAN)
            .execute(&pool)
            .await;
            match done {
                Ok(done) if done.rows_affected() == 0 => {
                    lost.store(true, Ordering::Release);
                    return;
                }
                Ok(_) => *renewed.lock().unwrap_or_else(PoisonError::into_inner) = before,
                // It is said where it is noticed; until the right is over it is tried again.
                Err(_) => {}
            }
        }
    }

    async fn release(&self, pool: &Pool) {
        let done = sqlx::query("UPDATE lease SET until = 0 WHERE bot_id = $1 AND holder = $2 AND epoch = $3")
            .bind(self.bot)
            .bind(&self.holder)
            .bind(self.epoch)
            .execute(pool);
        // If not, it ends by itself.
        let _ = tokio::time::timeout(BEAT, done).await;
    }
}

impl Store {
    /// Gives up the right to send if this store has it, so that another need not wait for its end.
    pub(super) async fn release_lease(&self) {
        let done = sqlx::query("UPDATE lease SET until = 0 WHERE bot_id = $1 AND holder = $2")
            .bind(self.bot)
            .bind(self.keeper.holder.as_str())
            .execute(&self.read);
        let _ = tokio::time::timeout(Duration::from_secs(1), done).await;
    }
}

/// Who holds a lease: a process on a machine, so that it is seen at once there when the process is gone.
pub(super) mod holder {
    use std::fs::{metadata, read_link, read_to_string};
    use std::hash::{BuildHasher, Hasher};
    use std::os::unix::fs::MetadataExt;

    /// Fields are parted by this.
    const APART: char = ' ';

    /// This process, and this store in it.
    pub(crate) fn own() -> String {
        let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
        let place = place().unwrap_or_else(|| "-".to_owned());
        let id = std::process::id();
        let started = started(id).unwrap_or_default();
        [place, id.to_string(), started, format!("{random:x}")].join(&APART.to_string())
    }

    /// Whether a holder is a process of this machine that runs no more. In doubt it is not.
    pub(crate) fn is_gone(holder: &str) -> bool {
        let mut fields = holder.split(APART);
        let (Some(other), Some(id), Some(then)) = (fields.next(), fields.next(), fields.next()) else { return false };
        let Ok(id) = id.parse() else { return false };
        place().is_some_and(|own| own == other) && !then.is_empty() && started(id).is_none_or(|now| now != then)
    }

    /// Where a process can be seen from here: this start of this machine, its space of process numbers (a container has
    /// its own), and the user, as those of others may be hidden.
    fn place() -> Option<String> {
        let boot = read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let space = read_link("/proc/self/ns/pid").ok()?;
        let user = metadata("/proc/self").ok()?.uid();
        Some(format!("{}/{}/{user}", boot.trim(), space.display()))
    }

    /// When a process was started, in ticks since the machine was; none if it is gone. See proc_pid_stat(5).
    fn started(id: u32) -> Option<String> {
        let stat = read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name, in brackets, may hold anything.
        let rest = stat.rsplit_once(')')?.1;
        let mut fields = rest.split_whitespace();
        let state = fields.next()?;
        // Z and X: it has ended, and nobody has asked how yet.
        if matches!(state, "Z" | "X") { None } else { fields.nth(18).map(str::to_owned) }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_process_that_ended_is_gone_and_no_other_is() {
            assert!(!is_gone(&own()));
            let place = place().expect("Linux");
            let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("it starts");
            let other = format!("{place} {} {} ab", child.id(), started(child.id()).expect("it runs"));
            assert!(!is_gone(&other));
            child.kill().expect("it runs");
            std::thread::sleep(std::time::Duration::from_millis(200));
            assert!(is_gone(&other), "ended, though nobody has asked how");
            child.wait().expect("it ends");
            assert!(is_gone(&other));
            assert!(!is_gone(&other.replace(&place, "elsewhere")), "another machine's can't be seen");
            assert!(!is_gone("nonsense"));
        }
    }
}
