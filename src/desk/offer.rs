//! Offers: entries shown for choice, with the question that they are offered for. A button carries the key of its own
//! question, so that it does what it says however old it is.

use super::asked::{Asked, Became};
use super::{Desk, Effect, VoterId};
use crate::faq::day_of;

/// How many entries are offered after an answer that did not help.
const NEXT_OFFERED: usize = 2;

/// An entry that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

impl Desk<'_> {
    /// The offer of each of these entries, by their place in the FAQ.
    pub(super) fn offers_of(&self, entries: impl IntoIterator<Item = usize>) -> Vec<Offer> {
        let faq = &self.knowledge.faq;
        let offer = |e: usize| Offer {
            id: faq.entries[e].id.clone(),
            title: faq.entries[e].title_in(self.language).to_owned(),
        };
        entries.into_iter().map(offer).collect()
    }

    /// Offers entries for what was asked, and a person.
    pub(super) fn suggest(&mut self, wording: &str, offers: Vec<Offer>, mut asked: Asked, shown: Option<String>) {
        asked.became = Became::Offered { shown };
        let (voter, key) = (asked.voter, asked.key.clone());
        self.effects.push(Effect::KeepAsked(asked));
        let (text, person) = (self.say(wording, &[]), self.say("ask_person", &[]));
        self.effects.push(Effect::Suggest { voter, key, text, offers, person });
    }

    /// Offers what else could be meant, after entry `id` did not help. `worded` is whether a question in words led to it.
    pub(super) fn offer_next(&mut self, id: &str, asked: Asked, worded: bool) {
        let faq = &self.knowledge.faq;
        let today = day_of(self.now);
        let next: Vec<Offer> = if worded {
            let ranked = self.knowledge.matcher.judge(&asked.text, today).ranked;
            let others = ranked.iter().map(|&(e, _)| e).filter(|&e| faq.entries[e].id != id);
            self.offers_of(others.filter(|&e| faq.entries[e].is_valid(today)).take(NEXT_OFFERED))
        } else {
            let related = faq.entry(id).map_or_else(Vec::new, |entry| self.answer_of(entry).related);
            related.into_iter().take(NEXT_OFFERED).map(|(id, title)| Offer { id, title }).collect()
        };
        self.suggest("not_helpful", next, asked, Some(id.to_owned()));
    }

    pub(super) fn rated(&mut self, voter: VoterId, id: &str, helped: bool) {
        if helped {
            // Said once, however often it is pressed.
            let first = self.known.asked.clone().filter(|asked| !asked.helped);
            self.effects.extend(first.map(|asked| Effect::KeepAsked(Asked { helped: true, ..asked })));
            return self.toast("thanks", &[]);
        }
        if !self.admit_press() {
            return;
        }
        let asked = self.known.asked.clone();
        // A second press on the same button would offer the same again; one offer is enough.
        let offered = Became::Offered { shown: Some(id.to_owned()) };
        if asked.as_ref().is_some_and(|a| a.became == offered) {
            return;
        }
        let title = self.knowledge.faq.entry(id).map(|e| e.title.clone());
        match (asked, title) {
            (Some(asked), _) => self.offer_next(id, asked, true),
            (None, Some(title)) => {
                let asked = self.asked(voter, 0, title);
                self.offer_next(id, asked, false);
            }
            (None, None) => self.expect_person(voter),
        }
    }

    pub(super) fn pick(&mut self, voter: VoterId, id: &str) {
        if !self.admit_press() {
            return;
        }
        let valid = self.knowledge.faq.entry(id).filter(|e| e.is_valid(day_of(self.now))).map(|e| e.title.clone());
        let Some(title) = valid else {
            // The FAQ changed since the offer: a person then.
            return self.person_for(voter);
        };
        self.state.expects = super::Expects::Question;
        match self.known.asked.clone() {
            Some(asked) => self.give(id, asked, true),
            None => {
                let asked = self.asked(voter, 0, title);
                self.give(id, asked, false);
            }
        }
    }

    pub(super) fn ask_person(&mut self, voter: VoterId) {
        if self.admit_press() {
            self.person_for(voter);
        }
    }

    /// Forwards the question that the pressed button belongs to.
    fn person_for(&mut self, voter: VoterId) {
        match self.known.asked.clone() {
            Some(Asked { became: Became::Forwarded { ticket }, .. }) => {
                self.toast("already_forwarded", &[("number", &ticket.to_string())]);
            }
            Some(asked) if asked.became == Became::Checked => self.unchecked(asked, false),
            Some(asked) => {
                // Its ticket was answered, an entry was looked at instead, and then what came after opened the ticket again.
                if let Some(number) = self.waits_with(&asked) {
                    self.became(asked, Became::Forwarded { ticket: number });
                    return self.toast("already_forwarded", &[("number", &number.to_string())]);
                }
                let shown = match &asked.became {
                    Became::Offered { shown } => shown.clone(),
                    Became::Answered { entry } => Some(entry.clone()),
                    _ => None,
                };
                self.forward(asked, shown, None);
            }
            // The button is older than what is kept.
            None => self.expect_person(voter),
        }
    }
}
