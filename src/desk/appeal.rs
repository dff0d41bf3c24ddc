//! The appeal of an election's days: one line that follows a welcome, the schedule or thanks, never in place of an answer,
//! and not twice a day to one person.

use super::{Desk, Effect, VoterId};
use crate::faq::day_of;
use crate::faq::markup::Document;

impl Desk<'_> {
    pub(super) fn appeal(&mut self, voter: VoterId) {
        let today = Some(day_of(self.now));
        if self.state.appealed == today {
            return;
        }
        if let Some(text) = self.knowledge.faq.appeal(self.language, self.now) {
            self.state.appealed = today;
            self.effects.push(Effect::Say { voter, text: Document::plain_text(text.to_owned()) });
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, FixedOffset};

    use crate::desk::{Effect, Event, Knowledge, Known, VoterState, decide};
    use crate::faq::source::Source;

    #[test]
    fn an_appeal_is_of_its_days_and_is_said_once_a_day() {
        let knowledge = Knowledge::load(&Source::BuiltIn).0.expect("a sound FAQ");
        let at = |day: &str| -> DateTime<FixedOffset> { format!("{day}T10:00:00+07:00").parse().expect("a time") };
        let mut state = VoterState::default();
        let mut said = |text: &str, day: &str| {
            let event = Event::Message {
                voter: 7,
                message: 1,
                text: text.to_owned(),
                album: None,
                origin: crate::desk::Origin::default(),
            };
            let known = Known { voter: state.clone(), ..Known::default() };
            let mut lines = Vec::new();
            for effect in decide(&knowledge, &event, &known, at(day)) {
                match effect {
                    Effect::Remember { state: kept, .. } => state = kept,
                    Effect::Say { text, .. } => lines.push(text.plain()),
                    _ => {}
                }
            }
            lines
        };
        let before = said("/start", "2024-01-10");
        assert!(before.len() == 2 && before[1].contains("hak pilih"), "{before:?}");
        assert_eq!(said("makasih ya", "2024-01-10").len(), 1, "once a day");
        assert!(said("makasih ya", "2024-01-11")[1].contains("hak pilih"));
        // Calm from the quiet period until the winners are named, of which nobody knew the day before.
        for day in ["2024-02-11", "2024-02-14", "2024-04-21"] {
            assert!(said("/start", day)[1].contains("tenang"), "{day}");
        }
        assert!(said("/start", "2024-05-01")[1].contains("bersaudara"));
        // An answer is no place for it, and between two elections there is none.
        assert!(said("golput", "2024-01-13").is_empty());
        assert_eq!(said("/start", "2026-11-26").len(), 1);
    }
}
