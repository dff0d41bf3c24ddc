//! Counters of what was done, for the line of each minute.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::desk::{Effect, Event};

/// A number that only rises.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub fn add(&self) {
        self.add_many(1);
    }

    /// So many more.
    pub fn add_many(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// How many so far.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What was done since the start.
#[derive(Debug, Default)]
pub struct Counts {
    /// Updates that came in, repeats left out.
    pub updates: Count,
    /// Updates of which nothing could be kept: they have no number.
    pub unkept: Count,
    /// Questions answered from the FAQ.
    pub answered: Count,
    /// Questions to which entries were offered.
    pub offered: Count,
    /// Questions forwarded to the moderators.
    pub forwarded: Count,
    /// Messages that Telegram took.
    pub sent: Count,
    /// Messages that Telegram refused.
    pub failed: Count,
    /// How often Telegram wanted silence (429).
    pub too_many: Count,
}

impl Counts {
    /// Counts what the desk decided, and tells it to who debugs; no words of anybody's.
    pub fn decided(&self, event: &Event, effects: &[Effect], took: Duration) {
        let mut verdict = "other";
        for effect in effects {
            match effect {
                Effect::Answer { reply: None, .. } => {
                    self.answered.add();
                    verdict = "answer";
                }
                Effect::Suggest { .. } | Effect::SuggestAnswer { .. } => {
                    self.offered.add();
                    verdict = "suggest";
                }
                Effect::ShowCard(_) => {
                    self.forwarded.add();
                    verdict = "forward";
                }
                _ => {}
            }
        }
        tracing::debug!(event = kind(event), verdict, effects = effects.len(), took_us = took.as_micros(), "decided");
    }

    /// The counters by name, in the order of the log's line.
    pub fn all(&self) -> [(&'static str, u64); 8] {
        [
            ("updates", self.updates.get()),
            ("unkept", self.unkept.get()),
            ("answered", self.answered.get()),
            ("offered", self.offered.get()),
            ("forwarded", self.forwarded.get()),
            ("sent", self.sent.get()),
            ("failed", self.failed.get()),
            ("too_many", self.too_many.get()),
        ]
    }
}

/// The event's name alone: the first word of how it is shown.
fn kind(event: &Event) -> String {
    let shown = format!("{event:?}");
    shown.chars().take_while(char::is_ascii_alphabetic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_a_name_and_no_text() {
        let event = Event::Message {
            voter: 1,
            message: 2,
            text: "rahasia".to_owned(),
            album: None,
            origin: crate::desk::Origin::default(),
        };
        assert_eq!(kind(&event), "Message");
        assert_eq!(kind(&Event::Sweep), "Sweep");
    }
}
