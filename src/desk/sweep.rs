//! What is old is deleted, if the clock can be believed.

use chrono::Duration;

use super::event::Event;
use super::{Desk, Effect};

/// Texts that were delivered are blanked after this.
const SENT_KEPT: Duration = Duration::hours(48);
/// Updates that could not be read are blanked after this.
const UNREAD_KEPT: Duration = Duration::days(7);
/// How often what is old is deleted.
const SWEEP_EVERY: Duration = Duration::hours(1);
/// The name of the event that deletes what is old.
pub const SWEEP: &str = "sweep";

impl Desk<'_> {
    /// Nothing is deleted on the word of one reading of the clock: while it is not trusted, deleting waits.
    pub(super) fn sweep(&mut self) {
        if self.known.clock_trusted {
            let settings = &self.knowledge.faq.settings;
            let (kept, told) = (Duration::days(settings.retention_days), Duration::days(settings.told_days));
            self.effects.push(Effect::Sweep {
                sent: self.now - SENT_KEPT,
                unread: self.now - UNREAD_KEPT,
                kept: self.now - kept,
                told: self.now - told,
            });
        }
        let at = self.now + SWEEP_EVERY;
        self.effects.push(Effect::Later { name: SWEEP.to_owned(), voter: None, at, event: Event::Sweep });
    }
}
