//! What waits too long: the moderators are reminded, once a day at most, and a chat above them is told.

use chrono::{DateTime, Duration, FixedOffset};

use super::event::Event;
use super::queue::{List, Queued};
use super::{DIGEST, Desk, Effect};
use crate::faq::setting::Settings;
use crate::text::indonesian::lasting;

/// The name of the event that looks for what waits too long.
pub const CARE: &str = "care";
/// How often that is looked for.
const LOOK_EVERY: Duration = Duration::minutes(10);
/// Of so many at once each is told on its card; of more only the number.
pub const EACH: usize = 5;
/// How many a message to the chat above quotes.
pub const QUOTED: usize = 10;
/// A ticket is called to mind once in this time.
pub const AGAIN_AFTER: Duration = Duration::hours(24);

/// To whose mind something is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The moderators'.
    Moderators,
    /// That of the chat above them.
    Above,
}

/// Tickets that wait too long and were not called to mind lately.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Late {
    /// How many.
    pub count: usize,
    /// The first of them, in the order of the queue.
    pub first: Vec<Queued>,
}

/// What waits since before this waits too long.
pub fn too_long(settings: &Settings, level: Level, now: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
    let hours = match level {
        Level::Moderators => settings.remind_after_hours,
        Level::Above => settings.escalate_after_hours,
    };
    now - Duration::hours(hours)
}

impl Desk<'_> {
    /// Calls to mind what waits too long, and plans the next look. While moderators are away nobody is disturbed.
    pub(super) fn care(&mut self) {
        self.begin_month();
        let settings = &self.knowledge.faq.settings;
        let there = settings.moderator_hours.is_none_or(|hours| hours.contain(self.now));
        if there {
            self.remind_moderators();
            self.escalate();
        }
        self.plan_event(CARE, self.now + LOOK_EVERY, Event::Care);
        match self.knowledge.faq.settings.digest_hour {
            Some(hour) => self.plan_digest(hour),
            None => self.effects.push(Effect::Never { name: DIGEST.to_owned() }),
        }
    }

    pub(super) fn plan_event(&mut self, name: &str, at: DateTime<FixedOffset>, event: Event) {
        self.effects.push(Effect::Later { name: name.to_owned(), voter: None, at, event });
    }

    fn remind_moderators(&mut self) {
        let (late, settings) = (self.known.late.clone(), &self.knowledge.faq.settings);
        if late.count == 0 {
            return;
        }
        let (before, hours) = (too_long(settings, Level::Moderators, self.now), settings.remind_after_hours);
        if late.count > EACH {
            let (count, age) = (late.count.to_string(), lasting(Duration::hours(hours)));
            self.notice("late_many", &[("count", &count), ("age", &age)]);
        } else {
            for waits in late.first {
                let (number, age) = (waits.number.to_string(), lasting(self.now - waits.since));
                let text = match &waits.taken {
                    None => self.say("late", &[("number", &number), ("age", &age)]),
                    Some(by) => self.say("late_taken", &[("number", &number), ("age", &age), ("by", by)]),
                };
                let (ticket, key) = (waits.number, self.known.key.clone());
                self.effects.push(Effect::Line { ticket, key, text, actions: Vec::new() });
            }
        }
        self.effects.push(Effect::CalledToMind { level: Level::Moderators, before });
    }

    fn escalate(&mut self) {
        let (late, settings) = (&self.known.late_above, &self.knowledge.faq.settings);
        if late.count == 0 {
            return;
        }
        let before = too_long(settings, Level::Above, self.now);
        let age = lasting(Duration::hours(settings.escalate_after_hours));
        let list = List {
            key: self.known.key.clone(),
            above: true,
            posted: false,
            head: self.say("escalated", &[("count", &late.count.to_string()), ("age", &age)]),
            quote: self.queue_lines(&late.first),
            tickets: late.first.iter().map(|waits| waits.number).collect(),
            rows: Vec::new(),
        };
        self.effects.push(Effect::List(list));
        self.effects.push(Effect::CalledToMind { level: Level::Above, before });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::KNOWLEDGE;
    use super::super::{Known, decide};
    use super::*;

    fn waits(number: u64) -> Queued {
        let since = "2026-11-24T09:00:00+07:00".parse().expect("a time");
        let question = "kapan pendaftaran pengawas".to_owned();
        Queued { number, urgent: false, since, askers: 1, taken: (number == 2).then(|| "Budi".to_owned()), question }
    }

    fn late(count: usize) -> Late {
        Late { count, first: (1..=count.min(QUOTED) as u64).map(waits).collect() }
    }

    fn effects(known: Known) -> Vec<Effect> {
        let now = "2026-11-24T22:30:00+07:00".parse().expect("a time");
        decide(&KNOWLEDGE, &Event::Care, &Known { key: "k1".to_owned(), ..known }, now)
    }

    #[test]
    fn a_few_are_told_on_their_cards_and_many_by_their_number() {
        let few = effects(Known { late: late(EACH), ..Known::default() });
        let lines: Vec<&str> = few
            .iter()
            .filter_map(|effect| match effect {
                Effect::Line { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(lines.len(), EACH);
        assert_eq!(&lines[..2], ["#1 sudah menunggu 13 jam.", "#2 sudah menunggu 13 jam; diambil Budi."]);
        let many = effects(Known { late: late(200), ..Known::default() });
        let notices = many.iter().filter(|e| matches!(e, Effect::Notice { text, .. } if text.contains("200"))).count();
        assert_eq!((notices, many.iter().filter(|e| matches!(e, Effect::Line { .. })).count()), (1, 0));
        for effects in [few, many] {
            assert!(effects.iter().any(|e| matches!(e, Effect::CalledToMind { level: Level::Moderators, .. })));
        }
    }

    #[test]
    fn nothing_late_is_nothing_told_and_the_next_look_is_planned() {
        let nothing = effects(Known::default());
        let looks = |e: &Effect| matches!(e, Effect::Later { name, event: Event::Care, .. } if name == CARE);
        assert!(nothing.iter().any(looks), "{nothing:?}");
        assert!(nothing.iter().all(|e| looks(e) || matches!(e, Effect::Never { .. })), "{nothing:?}");
    }

    #[test]
    fn the_chat_above_gets_a_number_and_a_quotation_without_buttons() {
        let effects = effects(Known { late_above: late(12), ..Known::default() });
        let list = effects.iter().find_map(|e| match e {
            Effect::List(list) => Some(list.clone()),
            _ => None,
        });
        let list = list.expect("a list");
        assert!(list.above && list.rows.is_empty() && list.head.contains("12"), "{list:?}");
        assert_eq!(list.tickets.len(), QUOTED);
    }
}
