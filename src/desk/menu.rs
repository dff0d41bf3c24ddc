//! Menus: choices that belong to no question. A press leads on, by a message of its own, so that an old menu still does what
//! it says; what is gone since is told as such.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::{Desk, Effect, Expects, VoterId};
use crate::faq::day_of;
use crate::faq::election::Zone;
use crate::faq::markup::Document;
use crate::text::language::Language;

/// Two labels of at most so many characters stand side by side on a phone.
const SHORT: usize = 18;

/// What a button of a menu does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// Give this entry.
    Entry(String),
    /// Ask a person.
    Person,
    /// Show whom the table of civil servants knows.
    AsnWho,
    /// Show what they may ask about.
    AsnWhat {
        /// Who.
        who: String,
    },
    /// May they?
    AsnCell {
        /// Who.
        who: String,
        /// What.
        what: String,
    },
    /// Show all topics.
    Topics,
    /// Show the entries of a topic.
    Topic {
        /// Which.
        topic: String,
        /// Which page, from 0.
        page: usize,
    },
    /// Remind of the coming day that this entry tells.
    Remind(String),
    /// Remind no more of the stage with this key.
    DropReminder(String),
    /// Keep this zone's clock.
    Zone(Zone),
    /// Speak this language.
    Language(Language),
}

impl Choice {
    /// The event of its press.
    pub fn pressed(&self, voter: VoterId) -> Event {
        match self {
            Self::Entry(entry) => Event::Pick { voter, entry: entry.clone() },
            Self::Person => Event::AskPerson { voter },
            _ => Event::Chosen { voter, choice: self.clone() },
        }
    }
}

/// One choice a row, or two where both are short.
pub(super) fn rows(choices: impl IntoIterator<Item = (String, Choice)>) -> Vec<Vec<(String, Choice)>> {
    let short = |label: &str| label.chars().count() <= SHORT;
    let mut rows: Vec<Vec<(String, Choice)>> = Vec::new();
    for choice in choices {
        match rows.last_mut() {
            Some(row) if row.len() == 1 && short(&row[0].0) && short(&choice.0) => row.push(choice),
            _ => rows.push(vec![choice]),
        }
    }
    rows
}

impl Desk<'_> {
    /// The choice of an entry by its title; none if it is not given today.
    pub(super) fn entry_choice(&self, id: &str) -> Option<(String, Choice)> {
        let entry = self.knowledge.faq.entry(id).filter(|entry| entry.is_valid(day_of(self.now)))?;
        Some((entry.title_in(self.language).to_owned(), Choice::Entry(entry.id.clone())))
    }

    pub(super) fn menu(&mut self, voter: VoterId, text: String, rows: Vec<Vec<(String, Choice)>>) {
        self.effects.push(Effect::Menu { voter, text: Document::plain_text(text), rows });
    }

    pub(super) fn chosen(&mut self, voter: VoterId, choice: &Choice) {
        if !self.admit_press() {
            return;
        }
        self.state.expects = Expects::Question;
        match choice {
            Choice::AsnWho => self.asn_who(voter),
            Choice::AsnWhat { who } => self.asn_what(voter, who),
            Choice::AsnCell { who, what } => self.asn_cell(voter, who, what),
            Choice::Topics => self.topics(voter),
            Choice::Topic { topic, page } => self.topic(voter, topic, *page),
            Choice::Remind(entry) => self.remind_of(voter, entry),
            Choice::DropReminder(key) => self.drop_reminder(voter, key),
            Choice::Zone(zone) => self.set_zone(voter, *zone),
            Choice::Language(language) => self.set_language(voter, *language),
            // They have events of their own.
            Choice::Entry(_) | Choice::Person => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_labels_stand_side_by_side() {
        let labels = ["PNS", "PPPK", "Honorer", "Suami atau istri ASN", "TNI", "Polri"];
        let rows = rows(labels.map(|label| (label.to_owned(), Choice::Person)));
        let lengths: Vec<usize> = rows.iter().map(Vec::len).collect();
        assert_eq!(lengths, [2, 1, 1, 2]);
    }
}
