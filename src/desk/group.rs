//! In a group: an answer where it is sure, and else the offer of a talk in private. Nobody's words are kept or forwarded from
//! there.

use super::{Desk, Effect, LONGEST_QUESTION, VoterId, code};
use crate::faq::day_of;
use crate::matcher::Verdict;

impl Desk<'_> {
    pub(super) fn in_group(&mut self, group: VoterId, message: i64, topic: Option<i64>, text: &str) {
        // That a group asks too much is told to nobody: whoever asks next did nothing.
        if !self.counted() {
            return;
        }
        let today = day_of(self.now);
        let faq = &self.knowledge.faq;
        let asks = !text.is_empty() && text.chars().count() <= LONGEST_QUESTION && self.urgent_kind(text).is_none();
        let judged = || match self.knowledge.matcher.judge(text, today).verdict {
            Verdict::Answer(entry) => Some(&faq.entries[entry]),
            _ => None,
        };
        let coded = code::entry(faq, text).filter(|entry| entry.is_valid(today));
        let sure = coded.or_else(|| asks.then(judged).flatten());
        let answer = sure.map(|entry| self.answer_of(entry));
        let wording = if text.is_empty() { "group_greeting" } else { "group_unsure" };
        let text = self.say(wording, &[]);
        self.effects.push(Effect::ToGroup { group, message, topic, answer, text });
    }
}
