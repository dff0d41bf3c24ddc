//! The names by which imitations of the bot can be told: `/resmi`, and in the welcome.

use super::{Desk, Effect, VoterId};
use crate::faq::markup::Document;

impl Desk<'_> {
    /// `/start`: who the bot is, with its official name if it has one. `days` is how long what is written is kept.
    pub(super) fn welcome(&mut self, voter: VoterId, days: &str) {
        let mut welcome = self.say("welcome", &[("days", days)]).trim_end().to_owned();
        if let Some(name) = &self.knowledge.faq.settings.handle {
            welcome.push_str(&format!("\n\n{}", self.say("official_bot", &[("name", name)])));
        }
        self.effects.push(Effect::Say { voter, text: Document::plain_text(welcome) });
    }

    /// `/resmi`.
    pub(super) fn official(&mut self, voter: VoterId) {
        let settings = &self.knowledge.faq.settings;
        let named = [("official_bot", &settings.handle), ("official_channel", &settings.channel)];
        let mut lines: Vec<String> =
            named.into_iter().filter_map(|(key, name)| Some(self.say(key, &[("name", name.as_deref()?)]))).collect();
        if lines.is_empty() {
            lines.push(self.say("official_unset", &[]));
        }
        lines.push(self.say("official_warning", &[]));
        self.effects.push(Effect::Say { voter, text: Document::plain_text(lines.join("\n")) });
    }
}
