//! `/lapor`: which office for which breach. The breaches stand in `lapor.toml`; each leads to the entry that tells the office,
//! the evidence and the time, as of the day.

use super::menu::{Choice, rows};
use super::{Desk, VoterId};
use crate::faq::day_of;

impl Desk<'_> {
    pub(super) fn reports(&mut self, voter: VoterId) {
        let faq = &self.knowledge.faq;
        let today = day_of(self.now);
        let given = faq.breaches.iter().filter(|b| faq.entry(&b.entry.value).is_some_and(|e| e.is_valid(today)));
        let mut choices: Vec<(String, Choice)> = given
            .map(|breach| (breach.title_in(self.language).to_owned(), Choice::Entry(breach.entry.value.clone())))
            .collect();
        if choices.is_empty() {
            return self.tell(voter, "report_none", &[]);
        }
        choices.push((self.say("ask_person", &[]), Choice::Person));
        self.menu(voter, self.say("report_which", &[]), rows(choices));
    }
}
