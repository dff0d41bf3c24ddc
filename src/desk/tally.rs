//! What is counted, a day at a time: told from an event and what the desk made of it. Numbers alone: nothing of it is
//! anybody's, and no words are in it.

use super::asked::{Asked, Became};
use super::{Effect, Event, Known};

/// Something that is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tally {
    /// A question was asked.
    Asked,
    /// It was answered at once.
    Answered,
    /// Entries were offered.
    Suggested,
    /// One that was offered was chosen.
    Chosen,
    /// It went to the moderators.
    Forwarded,
    /// It was small talk.
    Talk,
    /// An answer helped.
    Helped,
    /// The answer of this entry did not.
    NotHelped(String),
}

/// What the name of the last kind begins with; the entry's id follows.
const NOT_HELPED: &str = "not_helped:";

impl Tally {
    /// Its name in the store.
    pub fn name(&self) -> String {
        match self {
            Self::Asked => "asked".to_owned(),
            Self::Answered => "answered".to_owned(),
            Self::Suggested => "suggested".to_owned(),
            Self::Chosen => "chosen".to_owned(),
            Self::Forwarded => "forwarded".to_owned(),
            Self::Talk => "talk".to_owned(),
            Self::Helped => "helped".to_owned(),
            Self::NotHelped(entry) => format!("{NOT_HELPED}{entry}"),
        }
    }

    /// From its name; none for one of another version.
    pub fn of_name(name: &str) -> Option<Self> {
        if let Some(entry) = name.strip_prefix(NOT_HELPED) {
            return Some(Self::NotHelped(entry.to_owned()));
        }
        let plain =
            [Self::Asked, Self::Answered, Self::Suggested, Self::Chosen, Self::Forwarded, Self::Talk, Self::Helped];
        plain.into_iter().find(|tally| tally.name() == name)
    }
}

/// What is to be counted of `event`, of which the desk made `effects`.
pub fn tallies(event: &Event, known: &Known, effects: &[Effect]) -> Vec<Tally> {
    let became = |fits: &dyn Fn(&Asked) -> bool| {
        let kept = effects.iter().rev().filter_map(|effect| match effect {
            Effect::KeepAsked(asked) => Some(asked),
            _ => None,
        });
        kept.into_iter().find(|asked| fits(asked))
    };
    // What is added to a ticket of one's own is no other question.
    let anew = |asked: &Asked| match asked.became {
        Became::Forwarded { ticket } => !known.tickets.iter().any(|own| own.number == ticket),
        _ => false,
    };
    match event {
        Event::Message { .. } => match became(&|asked| asked.key == known.key) {
            Some(asked) if anew(asked) => vec![Tally::Asked, Tally::Forwarded],
            Some(asked) => match &asked.became {
                Became::Talk => vec![Tally::Talk],
                Became::Answered { .. } => vec![Tally::Asked, Tally::Answered],
                Became::Offered { .. } | Became::Checked => vec![Tally::Asked, Tally::Suggested],
                Became::Forwarded { .. } | Became::Command | Became::Refused => Vec::new(),
            },
            None => Vec::new(),
        },
        Event::InGroup { .. } => {
            let answered = effects.iter().find_map(|effect| match effect {
                Effect::ToGroup { answer, .. } => Some(answer.is_some()),
                _ => None,
            });
            match answered {
                Some(true) => vec![Tally::Asked, Tally::Answered],
                Some(false) => vec![Tally::Asked],
                None => Vec::new(),
            }
        }
        Event::Pick { .. } => {
            let offered = known.asked.as_ref().map(|asked| &asked.became);
            let chosen = matches!(offered, Some(Became::Offered { .. } | Became::Checked))
                && became(&|asked| matches!(asked.became, Became::Answered { .. })).is_some();
            Vec::from_iter(chosen.then_some(Tally::Chosen))
        }
        Event::Rated { entry, helped, .. } => {
            let rated = known.asked.as_ref().is_some_and(|asked| !asked.helped)
                && became(&|asked| asked.helped == *helped).is_some();
            let tally = if *helped { Tally::Helped } else { Tally::NotHelped(entry.clone()) };
            let mut tallies = Vec::from_iter(rated.then_some(tally));
            tallies.extend(became(&anew).map(|_| Tally::Forwarded));
            tallies
        }
        event if event.voter().is_some() => Vec::from_iter(became(&anew).map(|_| Tally::Forwarded)),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{KNOWLEDGE, said};
    use super::super::{Origin, decide};
    use super::*;

    /// What is counted when a voter, of whom this is known, does that.
    fn counted(event: &Event, known: &Known) -> (Vec<Tally>, Vec<Effect>) {
        let now = "2026-11-24T09:00:00+07:00".parse().expect("a time");
        let known = Known { key: "k9".to_owned(), next_ticket: 1, steady: 1_000_000, ..known.clone() };
        let effects = decide(&KNOWLEDGE, event, &known, now);
        (tallies(event, &known, &effects), effects)
    }

    fn says(text: &str) -> Event {
        Event::Message { voter: 7, message: 1, text: text.to_owned(), album: None, origin: Origin::default() }
    }

    fn asked(became: Became) -> Asked {
        let (key, text) = ("k1".to_owned(), "tps buka jam brp".to_owned());
        Asked { key, voter: 7, message: 1, text, at: 0, became, helped: false, answered: None, sure: None }
    }

    #[test]
    fn what_became_of_a_message_is_counted() {
        for (text, expected) in [
            ("tps buka jam brp", vec![Tally::Asked, Tally::Answered]),
            ("siapa yang urus banjir di kampung saya", vec![Tally::Asked, Tally::Forwarded]),
            ("makasih ya", vec![Tally::Talk]),
            ("/status", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(counted(&says(text), &Known::default()).0, expected, "{text}");
        }
    }

    #[test]
    fn what_is_added_to_ones_own_ticket_is_no_other_question() {
        let (_, effects) = counted(&says("siapa yang urus banjir di kampung saya"), &Known::default());
        let mut known = Known::default();
        for effect in effects {
            match effect {
                Effect::KeepTicket(ticket) => known.tickets.push(ticket),
                Effect::Remember { state, .. } => known.voter = state,
                _ => {}
            }
        }
        let (tallies, effects) = counted(&says("rumah saya kemasukan air sejak kemarin"), &known);
        assert!(said(&effects).contains("tambahkan"), "{effects:?}");
        assert_eq!(tallies, []);
    }

    #[test]
    fn an_opinion_counts_once() {
        let entry = "uji-jam".to_owned();
        let given = Known { asked: Some(asked(Became::Answered { entry: entry.clone() })), ..Known::default() };
        let rate = |helped| Event::Rated { voter: 7, entry: entry.clone(), helped };
        assert_eq!(counted(&rate(true), &given).0, [Tally::Helped]);
        let said = Asked { helped: true, ..given.asked.clone().expect("asked") };
        assert_eq!(counted(&rate(true), &Known { asked: Some(said), ..Known::default() }).0, []);
        let mut not = counted(&rate(false), &given).0;
        not.retain(|tally| *tally != Tally::Forwarded);
        assert_eq!(not, [Tally::NotHelped(entry.clone())]);
        let offered = asked(Became::Offered { shown: Some(entry.clone()) });
        assert_eq!(counted(&rate(false), &Known { asked: Some(offered), ..Known::default() }).0, []);
        // An old button: nobody knows whose question it was.
        assert_eq!(counted(&rate(true), &Known::default()).0, []);
    }

    #[test]
    fn a_choice_counts_where_something_was_offered() {
        let pick = Event::Pick { voter: 7, entry: "uji-jam".to_owned() };
        let offered = asked(Became::Offered { shown: None });
        assert_eq!(counted(&pick, &Known { asked: Some(offered), ..Known::default() }).0, [Tally::Chosen]);
        assert_eq!(counted(&pick, &Known::default()).0, []);
    }

    #[test]
    fn names_are_read_back() {
        for tally in [Tally::Asked, Tally::Chosen, Tally::Helped, Tally::NotHelped("uji-jam".to_owned())] {
            assert_eq!(Tally::of_name(&tally.name()), Some(tally));
        }
        assert_eq!(Tally::of_name("tomorrow"), None);
    }
}
