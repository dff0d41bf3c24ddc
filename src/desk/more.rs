//! An answer says what an asker needs first; the rest comes when it is asked for, by the button under the answer or by
//! its word.

use super::{Asked, Desk, Effect, Expects, VoterId};
use crate::faq::{Answer, day_of};
use crate::text::normalize::words;

impl Desk<'_> {
    /// A voter pressed the button under an answer that has more to tell.
    pub(super) fn more_pressed(&mut self, voter: VoterId, id: &str) {
        if self.admit_press() {
            self.state.expects = Expects::Question;
            self.more(voter, id, self.known.asked.clone());
        }
    }

    /// The entry whose rest `text` asks for: the word on the button, written after an answer that has one.
    pub(super) fn asks_for_more(&self, text: &str) -> Option<String> {
        let given = self.state.given.as_ref()?;
        let faq = &self.knowledge.faq;
        let entry = faq.entry(&given.entry).filter(|entry| entry.more.is_some())?;
        (words(text) == words(&self.say("button_more", &[]))).then(|| entry.id.clone())
    }

    /// Tells the rest of an entry, given for `asked` before; what is no longer there is told as such.
    pub(super) fn more(&mut self, voter: VoterId, id: &str, asked: Option<Asked>) {
        let faq = &self.knowledge.faq;
        let entry = faq.entry(id).filter(|entry| entry.is_valid(day_of(self.now)));
        let rest = |answer: Answer| Some(answer).filter(|answer| answer.more.is_some());
        // The button may be older than the voter's language: an English answer is whole.
        let own = || entry.and_then(|entry| rest(faq.answer(entry, self.now)));
        match entry.and_then(|entry| rest(self.answer_of(entry))).or_else(own) {
            Some(answer) => {
                self.answered_again(asked);
                self.effects.push(Effect::More { voter, answer });
            }
            None => self.tell(voter, "more_gone", &[]),
        }
    }
}
