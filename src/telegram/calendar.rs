//! Days as a calendar file (RFC 5545).

use chrono::{DateTime, Days, FixedOffset, Utc};
use icalendar::{Calendar, Component, Event, EventLike};

use super::attach::File;
use crate::desk::schedule::CalendarDay;

/// What each day's name ends with: it is to be unlike that of any other program's.
const ORIGIN: &str = "@tanya-pemilu";

/// The file of `days`, made at that time.
pub fn file(days: &[CalendarDay], made: DateTime<FixedOffset>) -> File {
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//tanya-pemilu//jadwal//ID"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    for day in days {
        let mut event = Event::new();
        event.uid(&format!("{}{ORIGIN}", day.name)).timestamp(made.with_timezone(&Utc)).summary(&day.title);
        // The day on which it ends is the first on which it is over (section 3.6.1).
        event.starts(day.start).ends(day.end + Days::new(1));
        if let Some(hours) = &day.hours {
            event.description(hours);
        }
        calendar.push(event);
    }
    File { name: "jadwal.ics".to_owned(), kind: "text/calendar".to_owned(), text: calendar.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_whole_day_and_keeps_its_name() {
        let day = |text: &str| text.parse().expect("a day");
        let days = [
            CalendarDay {
                name: "pemilu2024.masa_tenang".to_owned(),
                title: "Pemilu 2024: Masa tenang, tanpa kampanye; semua wilayah".to_owned(),
                start: day("2024-02-11"),
                end: day("2024-02-13"),
                hours: None,
            },
            CalendarDay {
                name: "pemilu2024.pemungutan_suara".to_owned(),
                title: "Pemilu 2024: Pemungutan suara".to_owned(),
                start: day("2024-02-14"),
                end: day("2024-02-14"),
                hours: Some("pukul 07.00-13.00 waktu setempat".to_owned()),
            },
        ];
        let made = "2024-01-21T09:00:00+07:00".parse().expect("a time");
        let file = file(&days, made);
        let text = &file.text;
        assert!(text.split("\r\n").all(|line| !line.contains('\n') && line.len() <= 75), "{text}");
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "UID:pemilu2024.masa_tenang@tanya-pemilu",
            "DTSTART;VALUE=DATE:20240211",
            "DTEND;VALUE=DATE:20240214",
            "DTEND;VALUE=DATE:20240215",
            "DESCRIPTION:pukul 07.00-13.00 waktu setempat",
            "END:VCALENDAR",
        ] {
            assert_eq!(text.split("\r\n").filter(|own| *own == line).count(), 1, "{line} in {text}");
        }
        for line in ["BEGIN:VEVENT", "DTSTAMP:20240121T020000Z"] {
            assert_eq!(text.matches(line).count(), 2, "{line} in {text}");
        }
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains("SUMMARY:Pemilu 2024: Masa tenang\\, tanpa kampanye\\; semua wilayah"), "{unfolded}");
    }
}
