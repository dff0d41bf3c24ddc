//! Telegram's limits (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>): about 30
//! messages a second in all, one a second in a private chat with a small burst, 20 a minute in a group. All by sliding
//! windows, so that no span of that length holds more. Pure: times are passed in, as milliseconds of a clock that can't go
//! back ([`Clock::steady`](super::clock::Clock::steady)): set back by ten minutes, another one would keep every window full
//! for ten minutes.

use std::collections::VecDeque;

/// At most `count` sends in any `span` milliseconds.
#[derive(Debug, Clone)]
pub struct Window {
    count: usize,
    span: i64,
    sent: VecDeque<i64>,
}

impl Window {
    /// At most `count` in any `span` milliseconds.
    pub fn new(count: usize, span: i64) -> Self {
        Self { count, span, sent: VecDeque::new() }
    }

    /// The earliest time, from `now` on, at which one more may be sent.
    pub fn free_at(&self, now: i64) -> i64 {
        self.room_at(1, now)
    }

    /// The earliest time, from `now` on, at which `room` more may be sent at once.
    pub fn room_at(&self, room: usize, now: i64) -> i64 {
        let last = (self.sent.len() + room).checked_sub(self.count + 1).and_then(|i| self.sent.get(i));
        last.map_or(now, |&at| now.max(at + self.span))
    }

    /// How many more may be sent at `now`.
    pub fn left(&self, now: i64) -> usize {
        let gone = self.sent.partition_point(|&at| at + self.span <= now);
        self.count.saturating_sub(self.sent.len() - gone)
    }

    /// One was sent.
    pub fn note(&mut self, at: i64) {
        self.sent.push_back(at);
        while self.sent.len() > self.count {
            self.sent.pop_front();
        }
    }

    /// Whether nothing was sent within the span.
    pub fn is_idle(&self, now: i64) -> bool {
        self.sent.back().is_none_or(|&last| last + self.span <= now)
    }
}

/// The limits of one chat, the one of the longest span last.
#[derive(Debug, Clone, Default)]
pub struct Windows(Vec<Window>);

impl Windows {
    /// The earliest time, from `now` on, at which one more may be sent.
    pub fn free_at(&self, now: i64) -> i64 {
        self.0.iter().map(|window| window.free_at(now)).max().unwrap_or(now)
    }

    /// How many more may be sent at `now` within the longest span; none if there is no limit.
    pub fn left(&self, now: i64) -> Option<usize> {
        self.0.last().map(|window| window.left(now))
    }

    /// The earliest time, from `now` on, at which the longest span has room for `room` more.
    pub fn room_at(&self, room: usize, now: i64) -> i64 {
        self.0.last().map_or(now, |window| window.room_at(room, now))
    }

    /// One was sent.
    pub fn note(&mut self, at: i64) {
        self.0.iter_mut().for_each(|window| window.note(at));
    }

    /// Whether nothing was sent within the spans.
    pub fn is_idle(&self, now: i64) -> bool {
        self.0.iter().all(|window| window.is_idle(now))
    }
}

/// Which limits are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// Telegram's.
    Telegram,
    /// None: an own Bot API server, or a load test. What a 429 asks for is kept all the same.
    None,
}

/// A safe distance to the edge of a window: Telegram's clock sees a call later than ours.
const MARGIN: i64 = 50;

impl Limits {
    /// The limits of one chat: groups and channels have negative numbers.
    pub fn of_chat(self, chat: i64) -> Windows {
        Windows(match (self, chat < 0) {
            (Self::None, _) => Vec::new(),
            // A burst of three, as a person reads them, then one a second.
            (Self::Telegram, false) => vec![Window::new(3, 3000 + MARGIN)],
            // Two a second, so that with the voters' 27 no second holds more than 30 in all.
            (Self::Telegram, true) => {
                vec![Window::new(2, 1000 + MARGIN), Window::new(20, 60_000 + 4 * MARGIN)]
            }
        })
    }

    /// The limit of all voters together: 30 a second less what is set aside for the moderator chat, and one for calls
    /// that were slow on their way.
    pub fn of_voters(self) -> Option<Window> {
        (self == Self::Telegram).then(|| Window::new(27, 1000 + MARGIN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_span_holds_more(steps in prop::collection::vec(0_i64..4000, 1..200)) {
            let mut window = Window::new(20, 60_000);
            let (mut now, mut sent) = (0, Vec::new());
            for step in steps {
                now = window.free_at(now + step);
                window.note(now);
                sent.push(now);
            }
            for (i, &at) in sent.iter().enumerate() {
                prop_assert!(sent[i..].iter().take_while(|&&t| t < at + 60_000).count() <= 20);
            }
        }
    }

    #[test]
    fn an_empty_window_lets_a_burst_through() {
        let mut window = Window::new(3, 3000);
        for _ in 0..3 {
            assert_eq!(window.free_at(10), 10);
            window.note(10);
        }
        assert_eq!(window.free_at(11), 3010);
        assert!(!window.is_idle(11) && window.is_idle(3010));
    }

    #[test]
    fn room_is_what_is_left() {
        let mut window = Window::new(5, 1000);
        assert_eq!((window.left(0), window.room_at(5, 0)), (5, 0));
        for at in [10, 20, 30] {
            window.note(at);
        }
        assert_eq!(window.left(40), 2);
        assert_eq!((window.room_at(2, 40), window.room_at(3, 40), window.room_at(5, 40)), (40, 1010, 1030));
        assert_eq!((window.left(1010), window.left(1030)), (3, 5));
        assert_eq!(Limits::None.of_chat(-1).left(0), None);
        assert_eq!(Limits::Telegram.of_chat(-1).left(0), Some(20));
    }
}
