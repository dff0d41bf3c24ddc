//! What a voter writes right after an answer may be whole only together with the question before: "kalau honorer?",
//! "terus gimana?". It is heard with it, and what is found so is offered, never asserted.
//!
//! What is remembered of the question before is its own row, with the time at which it was answered.

use super::asked::{Asked, Became};
use super::{Desk, Effect, Offer};
use crate::faq::day_of;
use crate::matcher::Verdict;

/// Within this after an answer, in milliseconds, what a voter writes may go on from it.
const GOES_ON_WITHIN: i64 = 120_000;
/// How many entries are offered.
const OFFERED: usize = 3;
/// A longer text before, in characters, is not heard again: it would drown what is asked.
const LONGEST_BEFORE: usize = 600;

impl Desk<'_> {
    /// A question that lacks what was said before. `verdict` is what it is by itself, which is no answer.
    pub(super) fn short_of_context(&mut self, asked: Asked, verdict: Verdict) {
        let before = self.just_answered();
        let talks = matches!(verdict, Verdict::SmallTalk(_));
        if !talks && self.is_about_ticket(before.as_ref()) && self.follows(&asked) {
            return;
        }
        if let Some((before, entry)) = before {
            let offers = self.offers_after(&before, &entry, &asked.text);
            if !offers.is_empty() {
                self.state.joins = None;
                // Whoever answers it must know what it goes on from.
                let text = format!("{}\n{}", before.text, asked.text);
                return self.suggest("suggest", offers, Asked { text, ..asked }, None);
            }
        }
        match verdict {
            Verdict::Forward { expired: None } if self.follows(&asked) => {}
            Verdict::Forward { expired: None } => self.ask_in_full(asked),
            _ => self.follow_verdict(verdict, asked),
        }
    }

    /// The question that was answered a moment ago, and the entry that was given.
    fn just_answered(&self) -> Option<(Asked, String)> {
        let asked = self.known.answered.clone()?;
        let within = asked.answered.is_some_and(|at| (0..=GOES_ON_WITHIN).contains(&(self.known.steady - at)));
        let entry = match &asked.became {
            Became::Answered { entry } | Became::Offered { shown: Some(entry) } => entry.clone(),
            _ => return None,
        };
        (within && asked.text.chars().count() <= LONGEST_BEFORE).then_some((asked, entry))
    }

    /// Whether the last thing that was said to the voter was said in a ticket.
    fn is_about_ticket(&self, before: Option<&(Asked, String)>) -> bool {
        let answered = before.and_then(|(asked, _)| asked.answered).unwrap_or(i64::MIN);
        let lately = [self.state.joins, self.state.continues];
        self.known.replied.is_some() || lately.iter().flatten().any(|lately| lately.at > answered)
    }

    /// What `text` may mean after `before`, for which `entry` was given: what they find together, what is related to the
    /// entry weighing more; where fewer than two are found, what is related to it too.
    fn offers_after(&self, before: &Asked, entry: &str, text: &str) -> Vec<Offer> {
        let faq = &self.knowledge.faq;
        let given = faq.entry(entry);
        let related: Vec<usize> = given
            .map(|given| self.answer_of(given).related)
            .unwrap_or_default()
            .iter()
            .filter_map(|(id, _)| faq.entries.iter().position(|e| e.id == *id))
            .collect();
        let found = self.knowledge.matcher.heard_after(&before.text, text, &related, day_of(self.now));
        let found = found.into_iter().map(|(e, _)| e).filter(|e| faq.entries[*e].id != entry);
        let mut entries: Vec<usize> = found.take(OFFERED).collect();
        // One offer is no choice.
        if entries.len() < 2 {
            let others = related.into_iter().filter(|e| !entries.contains(e)).collect::<Vec<_>>();
            entries.extend(others);
            entries.truncate(OFFERED);
        }
        self.offers_of(entries)
    }

    /// Asks for the whole question; a press passes it on as it is, so that none is lost.
    fn ask_in_full(&mut self, mut asked: Asked) {
        asked.became = Became::Offered { shown: None };
        let (voter, key) = (asked.voter, asked.key.clone());
        self.effects.push(Effect::KeepAsked(asked));
        let (text, person) = (self.say("context_wanted", &[]), self.say("button_person", &[]));
        self.effects.push(Effect::Suggest { voter, key, text, offers: Vec::new(), person });
    }

    /// An answer was looked at once more: what is written next may go on from it.
    pub(super) fn answered_again(&mut self, asked: Option<Asked>) {
        if let Some(mut asked) = asked.filter(|asked| asked.answered.is_some()) {
            asked.answered = Some(self.known.steady);
            self.effects.push(Effect::KeepAsked(asked));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Table, said};
    use super::*;

    const LIKES: &str = "bolehkah asn menyukai unggahan kampanye";

    fn offered(effects: &[Effect]) -> Option<(Vec<String>, String)> {
        effects.iter().find_map(|effect| match effect {
            Effect::Suggest { offers, text, .. } => {
                Some((offers.iter().map(|offer| offer.id.clone()).collect(), text.clone()))
            }
            _ => None,
        })
    }

    fn is_answered(effects: &[Effect]) -> bool {
        effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
    }

    #[test]
    fn after_an_answer_it_is_heard_with_the_question_before_and_offered() {
        let mut table = Table::default();
        assert!(is_answered(&table.says(1, LIKES, 0)));
        let (offers, _) = offered(&table.says(2, "kalau cuma foto?", 100)).expect("an offer");
        assert!(offers.contains(&"uji-foto".to_owned()) && !offers.contains(&"uji-asn".to_owned()), "{offers:?}");
        // A person reads both.
        let asked = table.asked.iter().find(|asked| asked.message == 2).expect("a row");
        assert_eq!(asked.text, format!("{LIKES}\nkalau cuma foto?"));
        // What tells nothing by itself gets what is related.
        let (offers, _) = offered(&table.says(3, "terus gimana?", 110)).expect("an offer");
        assert_eq!(offers, ["uji-foto", "uji-hari"]);
    }

    #[test]
    fn later_it_stands_alone_and_no_question_is_lost() {
        let mut table = Table::default();
        table.says(1, LIKES, 0);
        let effects = table.says(2, "kalau pensiunan?", 121);
        let (offers, text) = offered(&effects).expect("a line with a way to a person");
        assert!(offers.is_empty() && text.contains("lengkap") && text.contains("etugas"), "{text}");
        let asked = table.asked.iter().find(|asked| asked.message == 2).expect("a row").clone();
        assert_eq!(asked.text, "kalau pensiunan?");
        let pressed = table.comes_of(&super::super::Event::AskPerson { voter: 7 }, Some(&asked.key), table.at(130));
        assert!(said(&pressed).contains("#1"), "{pressed:?}");
        assert_eq!(table.tickets[0].question(), "kalau pensiunan?");
    }

    #[test]
    fn a_ticket_that_was_spoken_of_last_goes_before() {
        let mut table = Table::default();
        table.says(1, LIKES, 0);
        table.says(2, "siapa yang urus banjir di kampung saya", 10);
        table.says(3, "kalau kecamatan sebelah?", 20);
        assert_eq!(table.tickets[0].texts.len(), 2, "it joins: {:?}", table.tickets);
        table.replies(60, "Kelurahan.", 60);
        table.says(4, LIKES, 70);
        assert!(offered(&table.says(5, "kalau cuma foto?", 80)).is_some(), "the answer came later");
    }

    #[test]
    fn small_talk_stays_small_talk_without_an_answer_before() {
        let mut table = Table::default();
        let effects = table.says(1, "terus gimana?", 0);
        assert!(!is_answered(&effects) && table.tickets.is_empty(), "{effects:?}");
    }
}
