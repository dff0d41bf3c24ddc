//! Hours of a day, by the clock of Jakarta: "08.00-22.00".

use chrono::{DateTime, FixedOffset, Timelike};

use super::home_time;

/// How many minutes a day has.
const DAY: u32 = 24 * 60;

/// From when to when, the same every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Minutes since midnight.
    from: u32,
    /// Minutes since midnight, at most those of a whole day; not in it.
    to: u32,
}

/// "08.00" in minutes since midnight; "24.00" is the end of the day.
fn minutes(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(['.', ':'])?;
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()));
    let minutes = number(hour)? * 60 + number(minute).filter(|minutes| *minutes < 60 && minute.len() == 2)?;
    (minutes <= DAY).then_some(minutes)
}

impl Hours {
    /// The hours that `text` names, if the first comes before the second.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(['-', '–'])?;
        let (from, to) = (minutes(from)?, minutes(to)?);
        (from < to).then_some(Self { from, to })
    }

    /// Whether it is in them.
    pub fn contain(self, now: DateTime<FixedOffset>) -> bool {
        (self.from..self.to).contains(&minute_of(now))
    }

    /// Whether they are still to begin today.
    pub fn begin_today(self, now: DateTime<FixedOffset>) -> bool {
        minute_of(now) < self.from
    }

    /// When they begin: "08.00".
    pub fn begin(self) -> String {
        format!("{:02}.{:02}", self.from / 60, self.from % 60)
    }
}

fn minute_of(now: DateTime<FixedOffset>) -> u32 {
    let time = home_time(now);
    time.hour() * 60 + time.minute()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_strictly() {
        assert_eq!(Hours::parse("08.00-22.00"), Some(Hours { from: 480, to: 1320 }));
        assert_eq!(Hours::parse(" 8:30 - 24.00 "), Some(Hours { from: 510, to: 1440 }));
        for text in ["", "8-22", "22.00-08.00", "08.00-08.00", "08.60-22.00", "08.00-24.01", "+8.00-22.00", "08.00"] {
            assert_eq!(Hours::parse(text), None, "{text}");
        }
    }

    #[test]
    fn they_are_those_of_jakarta() {
        let hours = Hours::parse("08.00-22.00").expect("hours");
        let at = |text: &str| text.parse::<DateTime<FixedOffset>>().expect("a time");
        for (time, there, today) in [
            ("2026-11-24T07:59:59+07:00", false, true),
            ("2026-11-24T08:00:00+07:00", true, false),
            ("2026-11-24T14:59:59+00:00", true, false),
            ("2026-11-24T15:00:00+00:00", false, false),
            ("2026-11-24T17:30:00+00:00", false, true),
        ] {
            assert_eq!((hours.contain(at(time)), hours.begin_today(at(time))), (there, today), "{time}");
        }
        assert_eq!(hours.begin(), "08.00");
    }
}
