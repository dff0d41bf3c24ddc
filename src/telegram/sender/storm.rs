//! What concerns all chats: too many 429s at once, an outage, a token that is refused.

use std::collections::VecDeque;

/// So many chats with a 429 within [`STORM_SPAN`] mean that the bot as a whole is too fast.
const STORM: usize = 3;
/// In milliseconds.
const STORM_SPAN: i64 = 1000;
/// When nothing but faults came for so long, Telegram takes no calls. In milliseconds.
const AWAY_AFTER: i64 = 15_000;

/// How Telegram is at the moment. Times are in milliseconds by the steady clock.
#[derive(Debug, Default)]
pub(super) struct Weather {
    rest_until: i64,
    /// Chats with a 429, when it came and until when it holds.
    too_many: VecDeque<(i64, i64, i64)>,
    /// The first fault since Telegram answered last.
    failing_since: Option<i64>,
    away: bool,
    token_refused: bool,
}

impl Weather {
    /// Until when nothing at all may be sent, if that is later than `now`.
    pub(super) fn rests(&self, now: i64) -> Option<i64> {
        Some(self.rest_until).filter(|until| *until > now)
    }

    /// Nothing at all before then.
    pub(super) fn rest_until(&mut self, until: i64) {
        self.rest_until = self.rest_until.max(until);
    }

    /// A chat must be silent until then. Says until when all must, if others were told so at the same time: for the
    /// shortest of what was asked, as each chat keeps its own.
    pub(super) fn too_many(&mut self, chat: i64, now: i64, until: i64) -> Option<i64> {
        self.too_many.retain(|(other, at, _)| *at > now - STORM_SPAN && *other != chat);
        self.too_many.push_back((chat, now, until));
        let all = self.too_many.iter().map(|(_, _, until)| *until).min();
        let all = all.filter(|_| self.too_many.len() >= STORM)?;
        self.rest_until(all);
        Some(all)
    }

    /// A call met a fault. Says whether it is time to say that Telegram takes no calls.
    pub(super) fn fault(&mut self, now: i64) -> bool {
        let since = *self.failing_since.get_or_insert(now);
        now - since > AWAY_AFTER && !std::mem::replace(&mut self.away, true)
    }

    /// Telegram answered a call, whatever it said. Says whether it had taken none before.
    pub(super) fn answered(&mut self) -> bool {
        self.failing_since = None;
        std::mem::take(&mut self.away)
    }

    /// Whether Telegram takes no calls.
    pub(super) fn is_away(&self) -> bool {
        self.away
    }

    /// Whether the token is refused now; says whether that is new.
    pub(super) fn token(&mut self, refused: bool) -> bool {
        std::mem::replace(&mut self.token_refused, refused) != refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_rests_all_for_the_shortest() {
        let mut weather = Weather::default();
        assert_eq!(weather.too_many(1, 0, 300_000), None);
        assert_eq!(weather.too_many(1, 100, 300_000), None, "one chat is one chat");
        assert_eq!(weather.too_many(2, 200, 1200), None);
        assert_eq!(weather.too_many(3, 300, 2300), Some(1200));
        assert_eq!((weather.rests(300), weather.rests(1200)), (Some(1200), None));
        // Spread over time they are no storm.
        let mut weather = Weather::default();
        for (chat, at) in [(1, 0), (2, 600), (3, 1200), (4, 1800)] {
            assert_eq!(weather.too_many(chat, at, at + 5000), None);
        }
        // A longer rest is not shortened.
        weather.rest_until(90_000);
        weather.rest_until(10);
        assert_eq!(weather.rests(0), Some(90_000));
    }

    #[test]
    fn an_outage_is_said_once_and_over_once() {
        let mut weather = Weather::default();
        assert!(!weather.fault(0) && !weather.fault(AWAY_AFTER) && !weather.is_away());
        assert!(weather.fault(AWAY_AFTER + 1) && weather.is_away());
        assert!(!weather.fault(AWAY_AFTER + 2));
        assert!(weather.answered() && !weather.answered() && !weather.is_away());
        assert!(!weather.fault(100_000) && !weather.is_away(), "one fault after a quiet hour is no outage");
        assert!(weather.token(true) && !weather.token(true) && weather.token(false) && !weather.token(false));
    }
}
