//! How the parts of the program fare. What is gone is said once in the log, and once that it is back; `/readyz` reads the
//! same notes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::count::Counts;

/// Telegram is said to be out of reach after so many faults in a row ...
const FAULTS: u32 = 2;
/// ... that began so long ago: a single fault says nothing.
const FAULTS_SPAN: Duration = Duration::from_secs(2);

/// A part that can be in trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Telegram takes no token but a valid one.
    Token,
    /// Telegram answers.
    Telegram,
    /// Updates can be fetched.
    Updates,
    /// The webhook is set, and is ours.
    Webhook,
    /// What came can be written down.
    Inbox,
    /// The database answers.
    Database,
    /// The moderator chat is there and the bot may write in it.
    Moderators,
    /// The topics that `bot.toml` names are there.
    Topics,
    /// The FAQ on disk is in order.
    Faq,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Token,
        Self::Telegram,
        Self::Updates,
        Self::Webhook,
        Self::Inbox,
        Self::Database,
        Self::Moderators,
        Self::Topics,
        Self::Faq,
    ];

    /// Its name, for who watches.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Telegram => "telegram",
            Self::Updates => "updates",
            Self::Webhook => "webhook",
            Self::Inbox => "inbox",
            Self::Database => "database",
            Self::Moderators => "moderators",
            Self::Topics => "topics",
            Self::Faq => "faq",
        }
    }

    /// What the log says when it is in order again.
    fn good_again(self) -> &'static str {
        match self {
            Self::Token => "Telegram accepts the token again",
            Self::Telegram => "Telegram is back",
            Self::Updates => "updates come in again",
            Self::Webhook => "the webhook is this bot's again",
            Self::Inbox => "what comes in is written down again",
            Self::Database => "the database is back",
            Self::Moderators => "the moderator chat is back",
            Self::Topics => "the topics of the moderator chat are in order again",
            Self::Faq => "the FAQ is in order again",
        }
    }
}

/// What is wrong with a part, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Since when.
    pub since: Instant,
    /// What, in one line; no secrets.
    pub what: String,
}

/// Faults of calls since Telegram last answered.
#[derive(Debug, Default)]
struct Silence {
    since: Option<Instant>,
    faults: u32,
}

/// How all parts fare.
#[derive(Debug)]
pub struct Health {
    troubles: Mutex<BTreeMap<Part, Trouble>>,
    silence: Mutex<Silence>,
    /// When updates could last be fetched; none with a webhook.
    fetched: Mutex<Option<Instant>>,
    serving: AtomicBool,
    /// How many faults the FAQ on disk had when it was found faulty last.
    pub faults: AtomicU64,
    /// What was done so far.
    pub counts: Counts,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            troubles: Mutex::default(),
            silence: Mutex::default(),
            fetched: Mutex::default(),
            serving: AtomicBool::new(false),
            faults: AtomicU64::new(0),
            counts: Counts::default(),
        }
    }
}

/// A lock whose holder panicked still holds what it held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Health {
    /// A part is in trouble. The log says so once, until it is good again.
    pub fn bad(&self, part: Part, what: impl Into<String>) {
        let what = what.into();
        if self.note(part, &what) {
            tracing::error!("{what}");
        } else {
            tracing::debug!(?part, "still: {what}");
        }
    }

    /// The same without a word in the log; says whether it is news.
    pub fn note(&self, part: Part, what: &str) -> bool {
        let mut troubles = lock(&self.troubles);
        let new = !troubles.contains_key(&part);
        let since = troubles.get(&part).map_or_else(Instant::now, |trouble| trouble.since);
        troubles.insert(part, Trouble { since, what: what.to_owned() });
        new
    }

    /// A part is in order. If it was not, the log says so.
    pub fn good(&self, part: Part) {
        let trouble = lock(&self.troubles).remove(&part);
        if let Some(trouble) = trouble {
            tracing::info!("{} after {} s", part.good_again(), trouble.since.elapsed().as_secs());
        }
    }

    /// What is wrong with a part, if anything is.
    pub fn trouble(&self, part: Part) -> Option<Trouble> {
        lock(&self.troubles).get(&part).cloned()
    }

    /// Telegram answered a call, whatever it said.
    pub fn answered(&self) {
        *lock(&self.silence) = Silence::default();
        self.good(Part::Telegram);
    }

    /// A call to `address` brought no answer, for this reason.
    pub fn silent(&self, address: &str, reason: &str) {
        let long = {
            let mut silence = lock(&self.silence);
            silence.faults += 1;
            let since = *silence.since.get_or_insert_with(Instant::now);
            silence.faults >= FAULTS && since.elapsed() >= FAULTS_SPAN
        };
        if long {
            self.bad(Part::Telegram, format!("Telegram can't be reached at {address}: {reason}; trying again"));
        }
    }

    /// Updates could be fetched now, if there were any.
    pub fn fetched(&self) {
        *lock(&self.fetched) = Some(Instant::now());
    }

    /// How long no updates could be fetched; none with a webhook.
    pub fn unfetched(&self) -> Option<Duration> {
        lock(&self.fetched).map(|at| at.elapsed())
    }

    /// All is set up.
    pub fn serve(&self) {
        self.serving.store(true, Ordering::Relaxed);
    }

    /// Whether all is set up.
    pub fn serves(&self) -> bool {
        self.serving.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_news_once() {
        let health = Health::default();
        assert!(health.note(Part::Database, "gone"));
        let since = health.trouble(Part::Database).map(|t| t.since);
        assert!(!health.note(Part::Database, "gone otherwise"));
        let trouble = health.trouble(Part::Database);
        assert_eq!(trouble.as_ref().map(|t| t.since), since, "since when does not change");
        assert_eq!(trouble.map(|t| t.what).as_deref(), Some("gone otherwise"));
        health.good(Part::Database);
        assert!(health.trouble(Part::Database).is_none() && health.note(Part::Database, "gone"));
    }

    #[test]
    fn a_single_fault_is_no_outage() {
        let health = Health::default();
        health.silent("http://x", "refused");
        assert!(health.trouble(Part::Telegram).is_none());
        std::thread::sleep(FAULTS_SPAN);
        health.silent("http://x", "refused");
        assert!(health.trouble(Part::Telegram).is_some_and(|t| t.what.contains("http://x: refused")));
        health.answered();
        health.silent("http://x", "refused");
        assert!(health.trouble(Part::Telegram).is_none(), "counted anew");
    }
}
