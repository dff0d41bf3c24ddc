//! What follows from an attempt: for all, for its chat, and for its call.

use super::attempt::Step;
use super::rest::Ruling;
use super::{Done, Sender};
use crate::store::outbox::{End, MODERATORS};

/// A 429 is obeyed a little longer than asked, in milliseconds: Telegram's clock is not ours.
const RETRY_MARGIN: i64 = 100;
/// How long all calls rest when one could not even be tried, in milliseconds.
const UNTRIED_REST: i64 = 200;
/// How long all calls rest when the token is refused, in milliseconds.
const TOKEN_REST: i64 = 15_000;

/// For how long a 429 is obeyed, in milliseconds.
pub(super) fn obeyed(wait: std::time::Duration) -> i64 {
    i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 2) + RETRY_MARGIN
}

impl Sender {
    /// What follows from an attempt for all, for its chat, and for its call.
    pub(super) fn rule(&mut self, done: &mut Done, now: i64) -> Ruling {
        let (key, step) = (done.chat, &done.attempt.step);
        let general = self.weigh(key, step, now);
        let taking = !self.weather.is_away();
        let chat = self.chat(key);
        chat.came_back(&mut done.taken);
        let (taken, was_in_trouble) = (&done.taken, chat.is_in_trouble());
        let ruling = match step {
            Step::Gone | Step::Moot => Ruling::default(),
            Step::Untried(_) | Step::Token(_) => chat.untried(taken, now),
            Step::Fault(_) => chat.fault(taken, now, taking),
            Step::Refused(_) => chat.refused(taken, now),
            Step::Unknown(_) => chat.unknown(taken, now),
            Step::TooMany(wait) => chat.too_many(taken, now.saturating_add(obeyed(*wait))),
            Step::Ended(End::Copied(messages, _)) => {
                // Each of them counts.
                messages.iter().skip(1).for_each(|_| chat.note(now));
                chat.ended(taken, true, now)
            }
            Step::Ended(end) => chat.ended(taken, matches!(end, End::Sent(_)), now),
            Step::Turned(..) | Step::Moved { .. } => chat.ended(taken, false, now),
        };
        if key == MODERATORS {
            match step {
                Step::Refused(reason) | Step::Unknown(reason) if ruling.trouble && !was_in_trouble => {
                    tracing::error!(reason, "Telegram does not let the bot write to the moderators; trying again");
                }
                _ if ruling.over => tracing::info!("Telegram lets the bot write to the moderators again"),
                _ => {}
            }
        }
        Ruling { storm: general.storm, token_is_good: general.token_is_good, ..ruling }
    }

    /// What follows from an attempt for all.
    fn weigh(&mut self, key: i64, step: &Step, now: i64) -> Ruling {
        let mut ruling = Ruling::default();
        match step {
            Step::Gone | Step::Moot => return ruling,
            Step::Untried(error) => {
                // Nor could any other be.
                self.weather.rest_until(now + UNTRIED_REST);
                if let Some(error) = error {
                    self.store_failed(error);
                }
                return ruling;
            }
            Step::Fault(reason) => {
                tracing::debug!(moderators = key == MODERATORS, reason, "a call failed; trying again");
                // That Telegram is out of reach is told where the call is made, and so is a token that it refuses.
                self.weather.fault(now);
                return ruling;
            }
            Step::Token(reason) => {
                self.weather.rest_until(now + TOKEN_REST);
                if self.weather.token(true) {
                    tracing::debug!(reason, "nothing is sent while Telegram refuses the token");
                }
            }
            Step::TooMany(wait) => {
                let until = now.saturating_add(obeyed(*wait));
                ruling.storm = self.weather.too_many(key, now, until).map(|until| until - now);
                if ruling.storm.is_some() {
                    tracing::warn!("Telegram wants silence in all chats");
                }
            }
            _ => {}
        }
        if self.weather.answered() {
            tracing::info!("Telegram takes calls again");
            let keys: Vec<i64> = self.chats.keys().copied().collect();
            for key in keys {
                self.chat(key).back(now, key);
                self.line_up(key);
            }
        }
        if !matches!(step, Step::Token(_)) && self.weather.token(false) {
            tracing::info!("Telegram takes the token again");
            ruling.token_is_good = true;
        }
        ruling
    }
}
