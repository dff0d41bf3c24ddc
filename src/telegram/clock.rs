//! Two clocks. Spans and limits are measured by one that can't go back; the time of day comes from the other, which can
//! jump, so that nothing is deleted on the word of one reading of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, FixedOffset};
use tokio::sync::watch;

use super::shared::Shared;
use crate::faq::home_offset;

/// How often the two clocks are looked at side by side.
const LOOK: Duration = Duration::from_secs(1);
/// A larger change of the difference between the two clocks, from one look to the next, is a jump. In milliseconds; an NTP
/// server corrects half a millisecond a second.
const JUMP: i64 = 5000;
/// For so long the two clocks must have run alike before something is deleted, in milliseconds.
const ALIKE: i64 = 3_600_000;
/// So far the clock may be from Telegram's when something is deleted, in milliseconds.
const TELEGRAM: i64 = 3_600_000;

/// Where the time comes from.
pub trait Source: std::fmt::Debug + Send + Sync {
    /// The time of day, in milliseconds since 1970 (UTC); it may jump.
    fn wall(&self) -> i64;
    /// Milliseconds since some time; it never goes back.
    fn steady(&self) -> i64;
}

/// The machine's clocks.
#[derive(Debug)]
pub struct Machine(Instant);

impl Default for Machine {
    fn default() -> Self {
        Self(Instant::now())
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

impl Source for Machine {
    fn wall(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => millis(since),
            Err(before) => -millis(before.duration()),
        }
    }

    fn steady(&self) -> i64 {
        millis(self.0.elapsed())
    }
}

/// What was seen of the clocks. Times are those of [`Source::steady`].
#[derive(Debug)]
struct Seen {
    /// How far the time of day was ahead of the steady clock at the last look.
    ahead: i64,
    /// Since when they run alike.
    alike_since: i64,
    /// How far Telegram's time was ahead of the steady clock when it was last given.
    telegram: Option<i64>,
}

/// The clocks of the program.
#[derive(Debug)]
pub struct Clock {
    source: Box<dyn Source>,
    start: i64,
    seen: Mutex<Seen>,
}

impl Clock {
    /// The machine's clocks; `newest` is when the newest row of the store was written (milliseconds since 1970).
    pub fn new(newest: Option<i64>) -> Self {
        Self::of(Box::new(Machine::default()), newest)
    }

    /// Clocks of another source.
    pub fn of(source: Box<dyn Source>, newest: Option<i64>) -> Self {
        let (wall, steady) = (source.wall(), source.steady());
        let seen = Seen { ahead: wall - steady, alike_since: steady, telegram: None };
        Self { start: wall.max(newest.unwrap_or(wall)) - steady, source, seen: Mutex::new(seen) }
    }

    /// The time of day, on the clock of Jakarta; it may jump.
    pub fn now(&self) -> DateTime<FixedOffset> {
        DateTime::from_timestamp_millis(self.source.wall()).unwrap_or_default().with_timezone(&home_offset())
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        // Whoever panicked while holding it left plain numbers behind.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds by a clock that can't go back, for spans and limits. At the start it was the time of day, or that of
    /// the newest row if the clock had been set back since.
    pub fn steady(&self) -> i64 {
        self.start + self.source.steady()
    }

    /// Looks at both clocks; to be called at least each second.
    pub fn look(&self) {
        let (wall, steady) = (self.source.wall(), self.source.steady());
        let mut seen = self.seen();
        let ahead = wall - steady;
        let jump = ahead - seen.ahead;
        if jump.abs() > JUMP {
            seen.alike_since = steady;
            tracing::warn!(seconds = jump / 1000, "the clock jumped; nothing is deleted for an hour");
        }
        seen.ahead = ahead;
    }

    /// Telegram gave a time (`date` of a message, in seconds since 1970). Messages may come late: only a later time than
    /// the one that is known counts.
    pub fn note_telegram(&self, unix_s: i64) {
        let ahead = unix_s.saturating_mul(1000) - self.source.steady();
        let mut seen = self.seen();
        seen.telegram = Some(seen.telegram.map_or(ahead, |known| known.max(ahead)));
    }

    /// Telegram gave its time of now (`Date` header of an answer, in seconds since 1970): that counts from now on.
    pub fn note_answer(&self, unix_s: i64) {
        let ahead = unix_s.saturating_mul(1000) - self.source.steady();
        self.seen().telegram = Some(ahead);
    }

    /// Whether what is old may be deleted now; `newest` is when the newest row was written (milliseconds since 1970). The
    /// error says why not, for the log.
    pub fn sweep_allowed(&self, newest: Option<i64>) -> Result<(), String> {
        self.look();
        let (wall, steady) = (self.source.wall(), self.source.steady());
        let seen = self.seen();
        let alike = steady - seen.alike_since;
        if alike < ALIKE {
            let minutes = alike / 60_000;
            return Err(format!("the clock has run evenly for {minutes} minutes only, since the start or a jump"));
        }
        if let Some(newest) = newest.filter(|newest| *newest > wall + JUMP) {
            return Err(format!("the clock is {} s before the newest row", (newest - wall) / 1000));
        }
        let Some(telegram) = seen.telegram else { return Err("Telegram has not told the time yet".to_owned()) };
        let off = wall - (telegram + steady);
        if off.abs() > TELEGRAM {
            return Err(format!("the clock is {} s off the time that Telegram gave last", off / 1000));
        }
        Ok(())
    }
}

/// Looks at the clocks each second, and at the time that Telegram's answers gave, until told to stop.
pub async fn watch(shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        shared.clock.look();
        if let Some(time) = shared.api.time_given() {
            shared.clock.note_answer(time);
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[derive(Debug, Clone, Default)]
    struct Hands(Arc<(AtomicI64, AtomicI64)>);

    impl Hands {
        /// Time passes, on both clocks.
        fn pass(&self, millis: i64) {
            self.0.0.fetch_add(millis, Ordering::Relaxed);
            self.0.1.fetch_add(millis, Ordering::Relaxed);
        }

        /// Somebody sets the clock.
        fn set(&self, millis: i64) {
            self.0.0.fetch_add(millis, Ordering::Relaxed);
        }
    }

    impl Source for Hands {
        fn wall(&self) -> i64 {
            self.0.0.load(Ordering::Relaxed)
        }

        fn steady(&self) -> i64 {
            self.0.1.load(Ordering::Relaxed)
        }
    }

    const HOUR: i64 = 3_600_000;
    const NOON: i64 = 1_800_000_000_000;

    fn clock(newest: Option<i64>) -> (Hands, Clock) {
        let hands = Hands::default();
        hands.set(NOON);
        (hands.clone(), Clock::of(Box::new(hands), newest))
    }

    fn runs(hands: &Hands, clock: &Clock, millis: i64) {
        for _ in 0..millis / 1000 {
            hands.pass(1000);
            clock.look();
        }
    }

    #[test]
    fn the_steady_clock_never_goes_back() {
        let (hands, clock) = clock(None);
        assert_eq!(clock.steady(), NOON);
        hands.pass(5000);
        hands.set(-600_000);
        assert_eq!(clock.steady(), NOON + 5000);
        hands.set(30 * 86_400_000);
        hands.pass(1);
        assert_eq!(clock.steady(), NOON + 5001);
        let (_, late) = self::clock(Some(NOON + 77));
        assert_eq!(late.steady(), NOON + 77, "not before the newest row");
        let (_, early) = self::clock(Some(NOON - 77));
        assert_eq!(early.steady(), NOON);
    }

    #[test]
    fn what_is_old_is_deleted_after_an_even_hour_only() {
        let (hands, clock) = clock(None);
        clock.note_telegram(NOON / 1000);
        assert!(clock.sweep_allowed(None).is_err_and(|why| why.contains("0 minutes")));
        runs(&hands, &clock, HOUR - 1000);
        assert!(clock.sweep_allowed(None).is_err());
        runs(&hands, &clock, 1000);
        assert_eq!(clock.sweep_allowed(Some(NOON)), Ok(()));
        // NTP's slow correction is no jump, half an hour at once is.
        for _ in 0..3600 {
            hands.pass(1000);
            hands.set(1);
            clock.look();
        }
        assert_eq!(clock.sweep_allowed(None), Ok(()));
        for jump in [1_800_000, -1_800_000, 6000] {
            hands.set(jump);
            assert!(clock.sweep_allowed(None).is_err_and(|why| why.contains("evenly")), "{jump}");
            runs(&hands, &clock, HOUR);
            assert_eq!(clock.sweep_allowed(None), Ok(()), "{jump}");
        }
    }

    #[test]
    fn nothing_is_deleted_before_the_newest_row_or_far_from_telegrams_time() {
        let (hands, clock) = clock(None);
        runs(&hands, &clock, HOUR);
        assert!(clock.sweep_allowed(None).is_err_and(|why| why.contains("not told")));
        clock.note_answer(NOON / 1000 + 3600);
        assert_eq!(clock.sweep_allowed(Some(NOON + HOUR)), Ok(()));
        assert!(clock.sweep_allowed(Some(NOON + 2 * HOUR)).is_err_and(|why| why.contains("newest row")));
        // A year ahead since before the start: even, but not Telegram's time.
        hands.set(365 * 24 * HOUR);
        clock.look();
        runs(&hands, &clock, HOUR);
        assert!(clock.sweep_allowed(None).is_err_and(|why| why.contains("Telegram")));
        hands.set(-365 * 24 * HOUR);
        clock.look();
        runs(&hands, &clock, HOUR);
        assert_eq!(clock.sweep_allowed(None), Ok(()));
        // A message that comes late says nothing about now; an answer does.
        clock.note_telegram(NOON / 1000 - 40_000);
        assert_eq!(clock.sweep_allowed(None), Ok(()));
        clock.note_answer(NOON / 1000 - 40_000);
        assert!(clock.sweep_allowed(None).is_err());
    }

    #[test]
    fn the_machine_has_both() {
        let machine = Machine::default();
        assert!(machine.wall() > NOON / 2);
        let before = machine.steady();
        std::thread::sleep(Duration::from_millis(3));
        assert!(machine.steady() > before);
    }
}
