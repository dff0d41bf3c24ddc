//! When moderators are there. A voter who asks while they are away is told when they are back.

use super::{Desk, VoterId};

impl Desk<'_> {
    /// Tells a voter that something went to the moderators under that number and, while they are away, when they are back.
    pub(super) fn tell_forwarded(&mut self, voter: VoterId, key: &str, number: u64) {
        self.tell_forwarded_with(voter, key, number, 0);
    }

    /// The same, where `others` ask it too.
    pub(super) fn tell_forwarded_with(&mut self, voter: VoterId, key: &str, number: u64, others: usize) {
        let mut text = self.say(key, &[("number", &number.to_string())]);
        if others > 0 {
            text = format!("{text} {}", self.say("asked_by_others", &[("count", &others.to_string())]));
        }
        if let Some(back) = self.back().filter(|_| !self.known.unreachable) {
            text = format!("{text} {back}");
        }
        self.effects.push(super::Effect::Say { voter, text: crate::faq::markup::Document::plain_text(text) });
    }

    /// When moderators are back, in a sentence; none while they are there, and where no hours are set.
    fn back(&self) -> Option<String> {
        let hours = self.knowledge.faq.settings.moderator_hours.filter(|hours| !hours.contain(self.now))?;
        let key = if hours.begin_today(self.now) { "back_today" } else { "back_tomorrow" };
        Some(self.say(key, &[("time", &hours.begin())]))
    }
}
