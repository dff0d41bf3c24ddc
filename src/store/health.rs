//! Whether the database does its work. A fault is said once, and once that it is over; not at each try.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::fault::{Cause, StoreError};

/// A fault is over when something worked and nothing failed for so long: a disk that is nearly full lets a small write
/// pass and fails the next.
const SETTLED: Duration = Duration::from_secs(2);
/// While a fault lasts, another cause is said no sooner than this.
const SAID_AGAIN: Duration = Duration::from_secs(30);

/// What is known of a database's state.
#[derive(Debug)]
pub(super) struct Health {
    /// The database's name in sentences: its file, or its host and port.
    name: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    fault: Option<Fault>,
    /// When something was written last.
    worked: Option<Instant>,
}

#[derive(Debug)]
struct Fault {
    cause: Cause,
    since: Instant,
    /// When it was met last.
    last: Instant,
    said: Instant,
}

impl Health {
    pub(super) fn new(name: String) -> Self {
        Self { name, state: Mutex::default() }
    }

    /// The database's name in sentences.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The database failed.
    pub(super) fn failed(&self, cause: Cause) {
        let now = Instant::now();
        let mut state = self.state();
        let said = match &mut state.fault {
            None => {
                state.fault = Some(Fault { cause, since: now, last: now, said: now });
                true
            }
            Some(fault) => {
                fault.last = now;
                // That all connections are in use is what a fault leads to.
                let other = fault.cause != cause && cause != Cause::Busy;
                // Where the content was kept is said at once: it is said once.
                let again = other && (now - fault.said > SAID_AGAIN || matches!(cause, Cause::Replaced(_)));
                if other {
                    fault.cause = cause;
                }
                if again {
                    fault.said = now;
                }
                again
            }
        };
        let text = state.fault.as_ref().map(|fault| self.sentence(&fault.cause)).filter(|_| said);
        drop(state);
        if let Some(text) = text {
            tracing::error!("{text}");
        }
    }

    /// Something was written.
    pub(super) fn worked(&self) {
        let now = Instant::now();
        let mut state = self.state();
        state.worked = Some(now);
        let over = state.fault.take_if(|fault| now - fault.last >= SETTLED);
        drop(state);
        if let Some(fault) = over {
            tracing::warn!("the database {} works again, after {} s", self.name, (now - fault.since).as_secs());
        }
    }

    /// What is wrong, in one sentence, if anything is.
    pub(super) fn trouble(&self) -> Option<String> {
        self.state().fault.as_ref().map(|fault| self.sentence(&fault.cause))
    }

    /// Whether something was written within `span`.
    pub(super) fn worked_within(&self, span: Duration) -> bool {
        self.state().worked.is_some_and(|at| at.elapsed() < span)
    }

    /// An error that says this cause.
    pub(super) fn error(&self, cause: &Cause) -> StoreError {
        StoreError { text: self.sentence(cause), passes: true, cause: Some(Box::new(cause.clone())) }
    }

    /// "the database /srv/tanya.db can't be written: disk full"
    fn sentence(&self, cause: &Cause) -> String {
        let what = match cause {
            Cause::Full | Cause::ReadOnly | Cause::Forbidden | Cause::Locked => "written",
            Cause::Refused | Cause::Unreachable | Cause::Unresolved | Cause::Silent | Cause::Cut => "reached",
            _ => "used",
        };
        format!("the database {} can't be {what}: {}", self.name, cause.english())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_the_database_and_the_cause_and_ends_when_it_works() {
        let health = Health::new("/srv/tanya.db".to_owned());
        assert_eq!(health.trouble(), None);
        health.failed(Cause::Full);
        health.failed(Cause::Busy);
        assert_eq!(health.trouble().as_deref(), Some("the database /srv/tanya.db can't be written: disk full"));
        health.worked();
        assert!(health.trouble().is_some(), "one small write is no sign that there is room again");
        std::thread::sleep(SETTLED);
        health.worked();
        assert_eq!(health.trouble(), None);
    }
}
