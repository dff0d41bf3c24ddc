//! What a voter's message or press came to, in one word, for who watches the bot: told from an event and what the desk made
//! of it. No words of anybody's are in it.

use super::asked::{Asked, Became};
use super::tally::{Tally, tallies};
use super::{Effect, Event, Known};

/// All words.
pub const VERDICTS: [&str; 9] = [ANSWER, CHOICE, SUGGEST, SMALL_TALK, FORWARD, ADDED, REFERRED, COMMAND, REFUSED];
/// An entry was given at once.
pub const ANSWER: &str = "answer";
/// An entry was given that was chosen among those offered.
pub const CHOICE: &str = "choice";
/// Entries, claims or a moderator's earlier answer were offered.
pub const SUGGEST: &str = "suggest";
/// It was small talk.
pub const SMALL_TALK: &str = "small_talk";
/// It went to the moderators.
pub const FORWARD: &str = "forward";
/// It was added to a question that moderators have.
pub const ADDED: &str = "added";
/// It was asked in a group, and led to a talk in private.
pub const REFERRED: &str = "referred";
/// It was a command.
pub const COMMAND: &str = "command";
/// It could not be taken.
pub const REFUSED: &str = "refused";

/// A verdict with what goes along with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// One of [`VERDICTS`].
    pub verdict: &'static str,
    /// How sure the matcher was of the entry that it found first, in thousandths; none if it was not asked.
    pub sure: Option<u16>,
}

/// What `event`, of which the desk made `effects`, came to; none if it asks nothing.
pub fn verdict(event: &Event, known: &Known, effects: &[Effect]) -> Option<Given> {
    let unsure = |verdict| Some(Given { verdict, sure: None });
    match event {
        Event::Message { .. } => kept(&known.key, effects).map(|asked| of_message(asked, known)),
        Event::Edited { .. } => {
            // An edit after which all stands as it was asks nothing.
            let says = |effect: &Effect| !matches!(effect, Effect::KeepAsked(_) | Effect::Remember { .. });
            let key = known.asked.as_ref().map_or(&known.key, |asked| &asked.key);
            let asked = kept(key, effects).filter(|_| effects.iter().any(says));
            asked.map(|asked| of_message(asked, known))
        }
        Event::InGroup { .. } => effects.iter().find_map(|effect| match effect {
            Effect::ToGroup { answer, .. } => unsure(if answer.is_some() { ANSWER } else { REFERRED }),
            _ => None,
        }),
        event if event.voter().is_some() => tallies(event, known, effects).into_iter().find_map(|tally| match tally {
            Tally::Chosen => unsure(CHOICE),
            Tally::Forwarded => unsure(FORWARD),
            _ => None,
        }),
        _ => None,
    }
}

/// What is kept last of the message with that key.
fn kept<'e>(key: &str, effects: &'e [Effect]) -> Option<&'e Asked> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::KeepAsked(asked) if asked.key == key => Some(asked),
        _ => None,
    })
}

fn of_message(asked: &Asked, known: &Known) -> Given {
    let verdict = match &asked.became {
        Became::Talk => SMALL_TALK,
        Became::Command => COMMAND,
        Became::Refused => REFUSED,
        Became::Answered { .. } => ANSWER,
        Became::Offered { .. } | Became::Checked => SUGGEST,
        Became::Forwarded { ticket } if known.tickets.iter().any(|own| own.number == *ticket) => ADDED,
        Became::Forwarded { .. } => FORWARD,
    };
    Given { verdict, sure: asked.sure }
}

#[cfg(test)]
mod tests {
    use super::super::tests::KNOWLEDGE;
    use super::super::{Origin, decide};
    use super::*;

    /// What a voter, of whom this is known, gets for that.
    fn given(event: &Event, known: &Known) -> Option<Given> {
        let now = "2026-11-24T09:00:00+07:00".parse().expect("a time");
        let known = Known { key: "k9".to_owned(), next_ticket: 1, steady: 1_000_000, ..known.clone() };
        verdict(event, &known, &decide(&KNOWLEDGE, event, &known, now))
    }

    fn says(text: &str) -> Event {
        Event::Message { voter: 7, message: 1, text: text.to_owned(), album: None, origin: Origin::default() }
    }

    #[test]
    fn each_message_has_one_word() {
        for (text, expected) in [
            ("tps buka jam brp", ANSWER),
            ("siapa yang urus banjir di kampung saya", FORWARD),
            ("makasih ya", SMALL_TALK),
            ("/status", COMMAND),
            ("", REFUSED),
        ] {
            let given = given(&says(text), &Known::default()).expect("a verdict");
            assert_eq!(given.verdict, expected, "{text}");
            assert!(VERDICTS.contains(&given.verdict));
            assert_eq!(given.sure.is_some(), !["/status", ""].contains(&text), "{text}");
        }
        assert_eq!(given(&Event::Sweep, &Known::default()), None);
    }

    #[test]
    fn how_sure_it_was_tells_answers_from_what_goes_to_people() {
        let sure =
            |text| given(&says(text), &Known::default()).and_then(|given| given.sure).expect("the matcher was asked");
        let (own, foreign) = (sure("tps buka jam brp"), sure("siapa yang urus banjir di kampung saya"));
        assert!(own > 800 && own <= 1000 && foreign < 500, "{own} {foreign}");
    }

    #[test]
    fn in_a_group_it_is_an_answer_or_leads_elsewhere() {
        let asks = |text: &str| Event::InGroup { voter: -5, message: 1, topic: None, text: text.to_owned() };
        let word = |text| given(&asks(text), &Known::default()).map(|given| given.verdict);
        assert_eq!(word("tps buka jam brp"), Some(ANSWER));
        assert_eq!(word("siapa yang urus banjir di kampung saya"), Some(REFERRED));
    }

    #[test]
    fn an_edit_that_changes_nothing_asks_nothing() {
        let asked = Asked {
            key: "k1".to_owned(),
            voter: 7,
            message: 1,
            text: "tps buka jam brp".to_owned(),
            at: 0,
            became: Became::Answered { entry: "uji-jam".to_owned() },
            helped: false,
            answered: None,
            sure: None,
        };
        let known = Known { asked: Some(asked), ..Known::default() };
        let edited = |text: &str| Event::Edited { voter: 7, message: 1, text: text.to_owned() };
        assert_eq!(given(&edited("tps buka jam brp?"), &known), None);
        let word = given(&edited("siapa yang urus banjir di kampung saya"), &known).map(|given| given.verdict);
        assert_eq!(word, Some(FORWARD));
    }
}
