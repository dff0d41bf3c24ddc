//! In which language a voter is spoken to: the one chosen with `/bahasa`, or else that of the voter's last words.

use super::command::is_command;
use super::menu::Choice;
use super::state::VoterState;
use super::{Desk, Event, VoterId};
use crate::text::language::Language;

impl VoterState {
    /// The language to answer `event` in. What the voter says in it is remembered, for what follows without words.
    pub(super) fn speak(&mut self, event: &Event) -> Language {
        match event {
            // A group is many people.
            Event::InGroup { text, .. } => return Language::of(text).unwrap_or_default(),
            // What somebody else wrote tells nothing of the voter, and commands are the same in all languages.
            Event::Message { text, origin, .. } if !origin.forwarded && !is_command(text) => {
                self.spoken = Language::of(text).unwrap_or(self.spoken);
            }
            Event::Edited { text, .. } if !is_command(text) => self.spoken = Language::of(text).unwrap_or(self.spoken),
            _ => {}
        }
        self.speaks()
    }

    /// The language that the voter speaks, as far as it is known.
    pub fn speaks(&self) -> Language {
        self.language.unwrap_or(self.spoken)
    }
}

impl Desk<'_> {
    /// `/bahasa`, with or without a language behind it.
    pub(super) fn language(&mut self, voter: VoterId, name: &str) {
        match named(name) {
            Some(language) => self.set_language(voter, language),
            None => {
                let choice = |language: Language| (language.own_name().to_owned(), Choice::Language(language));
                self.menu(voter, self.say("language_which", &[]), vec![Language::ALL.map(choice).to_vec()]);
            }
        }
    }

    pub(super) fn set_language(&mut self, voter: VoterId, language: Language) {
        self.state.language = Some(language);
        self.language = language;
        self.tell(voter, "language_set", &[]);
    }
}

/// The language that somebody calls `name`.
fn named(name: &str) -> Option<Language> {
    match name.trim().to_lowercase().as_str() {
        "en" | "english" | "inggris" | "bahasa inggris" => Some(Language::English),
        "id" | "indonesia" | "indonesian" | "bahasa" | "bahasa indonesia" => Some(Language::Indonesian),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::tests::{Table, said};
    use crate::desk::{Effect, Event, Origin};

    /// The answer to `text`, in words.
    fn answer(table: &mut Table, text: &str, at: i64) -> String {
        let effects = table.says(at, text, at);
        effects
            .iter()
            .find_map(|effect| match effect {
                Effect::Answer { answer, .. } => Some(answer.plain()),
                _ => None,
            })
            .unwrap_or_else(|| panic!("no answer to {text}: {effects:?}"))
    }

    #[test]
    fn a_question_is_answered_in_its_language() {
        let mut table = Table::default();
        let english = answer(&mut table, "when is voting day", 0);
        assert!(english.starts_with("Voting day is a Wednesday.") && english.contains("Sources:"), "{english}");
        // What has no words of its own follows.
        assert!(said(&table.says(1, "/zona wita", 1)).contains("WITA"));
        assert!(!said(&table.says(2, "/status", 2)).contains("Anda"));
        let own = answer(&mut table, "tps buka jam brp", 10);
        assert!(own.starts_with("TPS buka pukul 07.00."), "{own}");
        assert!(said(&table.says(11, "/status", 11)).contains("Anda"));
    }

    #[test]
    fn what_has_no_english_is_said_in_indonesian_under_a_line_that_says_so() {
        let mut table = Table::default();
        table.says(1, "/bahasa english", 0);
        let text = answer(&mut table, "apa yang harus dibawa ke tps", 10);
        let (line, rest) = text.split_once("\n\n").expect("a line above");
        assert!(line.contains("Indonesian") && rest.contains("KTP"), "{text}");
    }

    #[test]
    fn what_was_chosen_holds() {
        let mut table = Table::default();
        assert!(said(&table.says(1, "/bahasa inggris", 0)).contains("English"));
        assert!(answer(&mut table, "kpn nyoblos", 10).starts_with("Voting day"));
        assert!(said(&table.says(3, "/bahasa id", 20)).contains("Indonesia"));
        assert!(answer(&mut table, "what time does the polling station open", 30).starts_with("TPS buka"));
    }

    #[test]
    fn moderators_are_spoken_to_in_indonesian() {
        let mut table = Table::default();
        table.says(1, "/bahasa en", 0);
        let effects = table.says(2, "who takes care of the flood in my village", 10);
        let card = effects.iter().find_map(|effect| match effect {
            Effect::ShowCard(card) => Some(card.clone()),
            _ => None,
        });
        let told = said(&effects);
        assert!(card.expect("a card").head.contains("Pertanyaan baru") && told.contains("#1"), "{told}");
        assert!(!told.contains("petugas"), "{told}");
    }

    #[test]
    fn what_others_wrote_and_groups_tell_nothing_of_a_voter() {
        let mut state = VoterState::default();
        let text = "when is the election".to_owned();
        let origin = Origin { forwarded: true, ..Origin::default() };
        let sent_on = Event::Message { voter: 7, message: 1, text: text.clone(), album: None, origin };
        assert_eq!(state.speak(&sent_on), Language::Indonesian);
        let group = Event::InGroup { voter: -7, message: 1, topic: None, text };
        assert_eq!((state.speak(&group), state.spoken), (Language::English, Language::Indonesian));
    }
}
