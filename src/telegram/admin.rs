//! For who watches the bot: `/healthz`, `/readyz` and `/metrics`. What was done is counted where it is done ([`super::count`]);
//! what waits is read from the database when it is asked for, seldom, and within a bounded time: a database that is gone
//! takes its own figures away and nothing else.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::routing::get;
use prometheus::proto::MetricFamily;
use prometheus::{Gauge, GaugeVec, Opts, Registry, TEXT_FORMAT, TextEncoder};
use tokio::sync::Mutex;

use super::health::Part;
use super::ready::{Readiness, readiness};
use super::shared::Shared;
use crate::store::depth::{Depth, Depths};

/// How long what `/readyz` says holds: whoever asks it often must not keep the database busy.
const READY_KEPT: Duration = Duration::from_millis(500);
/// How long what was read of the database holds.
const DEPTHS_KEPT: Duration = Duration::from_secs(5);
/// How long the database may take to tell what waits.
const DEPTHS_TIME: Duration = Duration::from_millis(1800);

/// What was looked up last, and when.
type Last<T> = Arc<Mutex<Option<(Instant, T)>>>;

/// What the routes need.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    shared: Arc<Shared>,
    counted: Registry,
    /// When the program started, in seconds since 1970.
    started: f64,
    ready: Last<Readiness>,
    depths: Last<Option<Depths>>,
}

/// What was looked up within `kept`, else what `look` brings. Who asks meanwhile waits for the same.
async fn within<T: Clone>(last: &Last<T>, kept: Duration, look: impl Future<Output = T>) -> T {
    let mut last = last.lock().await;
    let told = match last.take().filter(|(at, _)| at.elapsed() < kept) {
        Some(fresh) => fresh,
        None => {
            let told = look.await;
            (Instant::now(), told)
        }
    };
    last.insert(told).1.clone()
}

impl Watch {
    /// Of a program that starts now.
    pub(super) fn new(shared: Arc<Shared>) -> prometheus::Result<Self> {
        let counted = Registry::new();
        shared.health.counts.show(&counted)?;
        counted.register(Box::new(shared.store.transaction_times()))?;
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        Ok(Self { shared, counted, started, ready: Last::default(), depths: Last::default() })
    }

    /// `/healthz`: the program runs; `/readyz`: a question asked now would be taken and answered.
    pub(super) fn health(&self) -> Router {
        let router = Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready));
        router.with_state(self.clone())
    }

    /// `/metrics`, in the text format of Prometheus
    /// (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
    pub(super) fn metrics(&self) -> Router {
        Router::new().route("/metrics", get(metrics)).with_state(self.clone())
    }

    async fn readiness(&self) -> Readiness {
        within(&self.ready, READY_KEPT, readiness(&self.shared)).await
    }

    /// What waits; none if the database does not tell.
    async fn waiting(&self) -> Option<Depths> {
        let look = async {
            if self.shared.store.outage().is_some() {
                return None;
            }
            let now = self.shared.clock.now().timestamp_millis();
            tokio::time::timeout(DEPTHS_TIME, self.shared.store.depths(now)).await.ok()?.ok()
        };
        within(&self.depths, DEPTHS_KEPT, look).await
    }

    /// All that is shown.
    async fn families(&self) -> prometheus::Result<Vec<MetricFamily>> {
        let (ready, waiting) = tokio::join!(self.readiness(), self.waiting());
        let mut seen = Seen(Registry::new());
        seen.one(
            "tanya_pemilu_ready",
            "Whether a question asked now would be taken and answered",
            flag(ready.is_ok()),
        )?;
        let health = &self.shared.health;
        let gone = self.shared.store.outage().is_some();
        let good = |part| health.trouble(part).is_none() && !(part == Part::Database && gone);
        let parts = Part::ALL.map(|part| (part.name(), flag(good(part))));
        seen.each("tanya_pemilu_part_ok", "Whether a part is in order", "part", &parts)?;
        let program = [(env!("CARGO_PKG_VERSION"), 1.0)];
        seen.each("tanya_pemilu_build_info", "The program's version", "version", &program)?;
        let (live, version) = (self.shared.live.current(), self.shared.live.version());
        let help = "The state of the files of the FAQ that serves";
        seen.each("tanya_pemilu_faq_info", help, "version", &[(version.as_str(), 1.0)])?;
        let entries = live.faq.entries.len() as f64;
        seen.one("tanya_pemilu_faq_entries", "Entries of the FAQ that serves", entries)?;
        let faulty = health.trouble(Part::Faq).is_some();
        let faults = if faulty { health.faults.load(Ordering::Relaxed) } else { 0 };
        let help = "Faults of the FAQ on disk, for which an older one serves";
        seen.one("tanya_pemilu_faq_faults", help, faults as f64)?;
        if let Some(depths) = waiting {
            seen.waiting(&depths, self.shared.clock.now().timestamp_millis())?;
        }
        seen.one("process_start_time_seconds", "When the program started, in seconds since 1970", self.started)?;
        if let Some(bytes) = memory() {
            seen.one("process_resident_memory_bytes", "Memory in use", bytes as f64)?;
        }
        if let Some(files) = open_files() {
            seen.one("process_open_fds", "Open files and connections", files as f64)?;
        }
        let mut families = seen.0.gather();
        families.extend(self.counted.gather());
        Ok(families)
    }
}

/// What is looked at when it is asked for. What is not known has no figure.
struct Seen(Registry);

impl Seen {
    fn one(&mut self, name: &str, help: &str, value: f64) -> prometheus::Result<()> {
        let gauge = Gauge::new(name, help)?;
        gauge.set(value);
        self.0.register(Box::new(gauge))
    }

    fn each(&mut self, name: &str, help: &str, label: &str, values: &[(&str, f64)]) -> prometheus::Result<()> {
        let gauge = GaugeVec::new(Opts::new(name, help), &[label])?;
        values.iter().for_each(|(of, value)| gauge.with_label_values(&[*of]).set(*value));
        self.0.register(Box::new(gauge))
    }

    fn waiting(&mut self, depths: &Depths, now: i64) -> prometheus::Result<()> {
        let age = |depth: &Depth| depth.oldest.map_or(0.0, |since| (now - since).max(0) as f64 / 1000.0);
        let Depths { inbox, voters, moderators, due, later, tickets } = depths;
        self.one("tanya_pemilu_inbox_updates", "Updates that are not handled yet", inbox.count as f64)?;
        self.one("tanya_pemilu_inbox_oldest_age_seconds", "How long the oldest of them waits", age(inbox))?;
        let outbox = [("voters", voters), ("moderators", moderators)];
        let counts = outbox.map(|(to, depth)| (to, depth.count as f64));
        self.each("tanya_pemilu_outbox_calls", "Calls that wait to be made", "to", &counts)?;
        let ages = outbox.map(|(to, depth)| (to, age(depth)));
        self.each("tanya_pemilu_outbox_oldest_age_seconds", "How long the oldest of them waits", "to", &ages)?;
        let events = [("now", due.count as f64), ("later", *later as f64)];
        self.each("tanya_pemilu_due_events", "Events that are due, and those that come later", "when", &events)?;
        let help = "How long the oldest event that is due is due";
        self.one("tanya_pemilu_due_oldest_age_seconds", help, age(due))?;
        self.one("tanya_pemilu_tickets_open", "Questions that wait for a moderator", tickets.count as f64)?;
        self.one("tanya_pemilu_tickets_oldest_age_seconds", "How long the oldest of them waits", age(tickets))
    }
}

fn flag(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// How much memory the program has, in bytes, where the system tells.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// How many files are open, where the system tells.
fn open_files() -> Option<usize> {
    // The look itself has one open.
    Some(std::fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1))
}

/// Whether a question asked now would be taken and answered; else why not, in one line.
async fn ready(State(watch): State<Watch>) -> (StatusCode, String) {
    match watch.readiness().await {
        Ok(notes) => (StatusCode::OK, format!("ready\n{notes}")),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
    }
}

async fn metrics(State(watch): State<Watch>) -> Result<([(HeaderName, &'static str); 1], String), StatusCode> {
    let text = watch.families().await.and_then(|families| TextEncoder::new().encode_to_string(&families));
    match text {
        Ok(text) => Ok(([(header::CONTENT_TYPE, TEXT_FORMAT)], text)),
        Err(error) => {
            tracing::error!(%error, "the metrics can't be told");
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_has_no_figure_and_what_never_waited_is_not_old() {
        let mut seen = Seen(Registry::new());
        let old = Depth { count: 2, oldest: Some(1_000) };
        let depths = Depths { inbox: old, moderators: Depth { oldest: Some(99_000), ..old }, ..Depths::default() };
        seen.waiting(&depths, 61_000).expect("shown");
        let text = TextEncoder::new().encode_to_string(&seen.0.gather()).expect("text");
        for line in [
            "tanya_pemilu_inbox_updates 2",
            "tanya_pemilu_inbox_oldest_age_seconds 60",
            // A clock that was set back makes nothing younger than it is.
            r#"tanya_pemilu_outbox_oldest_age_seconds{to="moderators"} 0"#,
            r#"tanya_pemilu_outbox_calls{to="voters"} 0"#,
            "tanya_pemilu_tickets_oldest_age_seconds 0",
        ] {
            assert!(text.lines().any(|own| own == line), "no {line} in\n{text}");
        }
        assert!(Seen(Registry::new()).0.gather().is_empty());
    }

    #[test]
    fn the_system_tells_of_memory_and_files() {
        assert!(memory().is_some_and(|bytes| bytes > 1 << 20), "{:?}", memory());
        assert!(open_files().is_some_and(|files| files > 2), "{:?}", open_files());
    }

    #[tokio::test]
    async fn what_was_looked_up_is_kept_for_a_while() {
        let last = Last::default();
        assert_eq!(within(&last, Duration::from_secs(60), async { 1 }).await, 1);
        assert_eq!(within(&last, Duration::from_secs(60), async { 2 }).await, 1);
        assert_eq!(within(&last, Duration::ZERO, async { 3 }).await, 3);
    }
}
