//! Telegram's limits (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>): about 30
//! messages a second in all, one a second in a private chat with a small burst, 20 a minute in a group. All by sliding
//! windows, so that no span of that length holds more. Pure: times are passed in, as milliseconds.

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
        match self.sent.len().checked_sub(self.count).and_then(|i| self.sent.get(i)) {
            Some(&first) => now.max(first + self.span),
            None => now,
        }
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
    pub fn of_chat(self, chat: i64) -> Vec<Window> {
        match (self, chat < 0) {
            (Self::None, _) => Vec::new(),
            // A burst of three, as a person reads them, then one a second.
            (Self::Telegram, false) => vec![Window::new(3, 3000 + MARGIN)],
            // Two a second, so that with the voters' 27 no second holds more than 30 in all.
            (Self::Telegram, true) => {
                vec![Window::new(2, 1000 + MARGIN), Window::new(20, 60_000 + 4 * MARGIN)]
            }
        }
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
}
