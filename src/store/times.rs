//! How long transactions take, for who watches the bot.

use std::time::Instant;

use prometheus::{HistogramOpts, HistogramVec};

/// How long transactions took, by what came of them.
const SECONDS: &str = "tanya_pemilu_database_transaction_seconds";
/// The upper ends of what is told apart, in seconds.
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

const COMMITTED: &str = "committed";
const FAILED: &str = "failed";

/// How long transactions took: from the wish for one to its end, the wait for a connection and for locks included.
#[derive(Debug, Clone)]
pub(super) struct Times(HistogramVec);

impl Default for Times {
    fn default() -> Self {
        let help = "How long transactions that write took, from the wish for one to its end";
        let options = HistogramOpts::new(SECONDS, help).buckets(BOUNDS.to_vec());
        let times = HistogramVec::new(options, &["result"]).expect("a fixed name");
        for result in [COMMITTED, FAILED] {
            times.with_label_values(&[result]);
        }
        Self(times)
    }
}

impl Times {
    /// A transaction is wished for.
    pub(super) fn begin(&self) -> Timer {
        Timer { times: self.0.clone(), begun: Instant::now(), result: FAILED }
    }

    /// To be looked at from outside.
    pub(super) fn watched(&self) -> HistogramVec {
        self.0.clone()
    }
}

/// A transaction that is under way; whatever ends without a commit has failed.
#[derive(Debug)]
pub(super) struct Timer {
    times: HistogramVec,
    begun: Instant,
    result: &'static str,
}

impl Timer {
    /// All of it lasts.
    pub(super) fn committed(&mut self) {
        self.result = COMMITTED;
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.times.with_label_values(&[self.result]).observe(self.begun.elapsed().as_secs_f64());
    }
}
