//! Faults of a database, injected where every statement passes.

use std::sync::atomic::{AtomicU64, Ordering};

use super::super::connection::Step;

/// Makes steps fail, at random and as often as it is set to.
#[derive(Debug, Default)]
pub(crate) struct Injector {
    /// Of a thousand steps, so many fail.
    rate: AtomicU64,
    state: AtomicU64,
    /// How many failed, by step; the last: done, but told as failed.
    pub(crate) struck: [AtomicU64; 4],
}

impl Injector {
    /// Of a thousand steps, so many fail from now on.
    pub(crate) fn set(&self, rate: u64) {
        self.rate.store(rate, Ordering::Relaxed);
    }

    /// A step that fails before it is done.
    pub(crate) fn before(&self, step: Step) -> sqlx::Result<()> {
        let at = match step {
            Step::Begin => 0,
            Step::Statement => 1,
            Step::Commit => 2,
        };
        self.strike(at)
    }

    /// A commit that is done but told as failed, as when the connection is cut or `fsync` fails.
    pub(crate) fn after(&self, step: Step) -> sqlx::Result<()> {
        if step == Step::Commit { self.strike(3) } else { Ok(()) }
    }

    fn strike(&self, at: usize) -> sqlx::Result<()> {
        let rate = self.rate.load(Ordering::Relaxed);
        // https://en.wikipedia.org/wiki/Linear_congruential_generator, with Knuth's numbers
        let step = |state: u64| state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let state = self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |s| Some(step(s))).unwrap_or(0);
        if rate == 0 || (state >> 33) % 1000 >= rate {
            return Ok(());
        }
        self.struck[at].fetch_add(1, Ordering::Relaxed);
        Err(sqlx::Error::Io(std::io::Error::from(std::io::ErrorKind::ConnectionReset)))
    }
}
