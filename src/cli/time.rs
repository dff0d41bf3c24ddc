//! `--now`: a moment as a maintainer writes it.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};

use crate::faq::home_offset;
use crate::text::indonesian::month;

/// What is said of anything else.
const USAGE: &str = "tulis misalnya \"12 Februari 2024\", 2024-02-12, \"2024-02-12 09:00\", atau \
                     2024-02-12T09:00+07:00";

/// "12 Februari 2024", "2024-02-12", each perhaps with an hour behind it ("09:00", "pukul 9.00 WITA"), or RFC 3339. A day
/// alone is its noon; a time without a zone is Jakarta's.
pub(super) fn parse(text: &str) -> Result<DateTime<FixedOffset>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text.trim()) {
        return Ok(time);
    }
    let wrong = || format!("--now \"{text}\" tidak terbaca: {USAGE}.");
    let missing = || format!("--now \"{text}\": hari itu tidak ada di kalender.");
    let words = split(text);
    let mut words = words.iter().map(String::as_str).peekable();
    // The name of the day is no help, and no harm.
    words.next_if(|word| WEEKDAYS.contains(word));
    let first = words.next().ok_or_else(wrong)?;
    let (year, month, day) = match first.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] if year.len() == 4 => (number(year), number(month), number(day)),
        [day] => {
            let name = words.next().and_then(month_number);
            (words.next().filter(|y| y.len() == 4).and_then(number), name, number(day))
        }
        _ => (None, None, None),
    };
    let (Some(year), Some(month), Some(day)) = (year, month, day) else { return Err(wrong()) };
    let date = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    let date = date.ok_or_else(missing)?;
    words.next_if(|word| ["pukul", "jam", "pkl"].contains(word));
    let clock = match words.next() {
        None => NaiveTime::from_hms_opt(12, 0, 0),
        Some(clock) => time_of_day(clock),
    };
    let clock = clock.ok_or_else(wrong)?;
    let offset = match words.next() {
        None => Some(home_offset()),
        Some(zone) => offset(zone),
    };
    let offset = offset.filter(|_| words.next().is_none()).ok_or_else(wrong)?;
    date.and_time(clock).and_local_timezone(offset).single().ok_or_else(wrong)
}

const WEEKDAYS: [&str; 8] = ["senin", "selasa", "rabu", "kamis", "jumat", "jum'at", "sabtu", "minggu"];

/// The words in lower case; what is written together in "2024-02-12T09:00+07:00" is taken apart.
fn split(text: &str) -> Vec<String> {
    let mut apart = String::with_capacity(text.len() + 4);
    let lower = text.trim().to_lowercase();
    for (at, c) in lower.char_indices() {
        let after_clock = || lower[..at].contains([':', '.']) && lower[..at].ends_with(|c: char| c.is_ascii_digit());
        let after_day = || at == 10 && lower[..at].bytes().all(|b| b.is_ascii_digit() || b == b'-');
        match c {
            't' if after_day() => apart.push(' '),
            ',' => apart.push(' '),
            'z' | '+' | '-' if after_clock() => apart.extend([' ', c]),
            c => apart.push(c),
        }
    }
    apart.split_whitespace().map(str::to_owned).collect()
}

fn number(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()) && digits.len() <= 4)
}

/// The number of a month by its name or the beginning of it, three letters at least ("feb", "agu", "sept").
fn month_number(name: &str) -> Option<u32> {
    let name = name.trim_end_matches('.');
    // Two short forms that are no beginnings.
    let name = match name {
        "agt" | "ags" => "agustus",
        "nop" => "november",
        _ => name,
    };
    (1..=12).find(|&n| name.len() >= 3 && month(n).to_lowercase().starts_with(name))
}

/// "09:00", "9.00", "09:00:30".
fn time_of_day(clock: &str) -> Option<NaiveTime> {
    let parts: Vec<u32> = clock.split([':', '.']).map(number).collect::<Option<_>>()?;
    match parts[..] {
        [hour, minute] => NaiveTime::from_hms_opt(hour, minute, 0),
        [hour, minute, second] => NaiveTime::from_hms_opt(hour, minute, second),
        _ => None,
    }
}

/// "WIB", "WITA", "WIT", "Z", "+07:00".
fn offset(zone: &str) -> Option<FixedOffset> {
    let hours = match zone {
        "z" | "utc" => 0,
        "wib" => 7,
        "wita" => 8,
        "wit" => 9,
        _ => return zone.parse().ok(),
    };
    FixedOffset::east_opt(hours * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        parse(text).map_or_else(|e| e, |time| time.to_rfc3339())
    }

    #[test]
    fn as_people_write_it() {
        let noon = "2024-02-12T12:00:00+07:00";
        for text in
            ["12 Februari 2024", " 12 februari 2024 ", "Senin, 12 Feb 2024", "12 FEB. 2024", "2024-02-12", "2024-2-12"]
        {
            assert_eq!(read(text), noon, "{text}");
        }
        let nine = "2024-02-12T09:00:00+07:00";
        for text in [
            "2024-02-12 09:00",
            "2024-02-12T09:00",
            "2024-02-12t09:00:00",
            "2024-02-12 9.00",
            "12 Februari 2024 09:00",
            "12 Februari 2024, pukul 09.00 WIB",
            "2024-02-12T09:00+07:00",
            "2024-02-12 09:00 +07:00",
            "2024-02-12T09:00:00+07:00",
        ] {
            assert_eq!(read(text), nine, "{text}");
        }
        assert_eq!(read("2024-02-12T09:00Z"), "2024-02-12T09:00:00+00:00");
        assert_eq!(read("12 agustus 2024 pukul 9.30 WITA"), "2024-08-12T09:30:00+08:00");
        for (short, month) in
            [("jan", "01"), ("mei", "05"), ("agt", "08"), ("sept", "09"), ("nop", "11"), ("des", "12")]
        {
            assert!(read(&format!("1 {short} 2026")).starts_with(&format!("2026-{month}-01")), "{short}");
        }
    }

    #[test]
    fn anything_else_is_refused_in_indonesian() {
        for text in [
            "",
            "kemarin",
            "12",
            "12 Februari",
            "12 Feb 24",
            "Februari 2024",
            "12 Fe 2024",
            "2024-02-12 25:00",
            "2024-02-12 9",
            "2024-02-12 09:00 besok",
            "2024-02-12 09:00 WIB lagi",
            "12-02-2024",
            "14/02/2024",
            "2024-02-12 09:00 +99:00",
            "99999-01-01",
            "١٢ Februari 2024",
            "1 é 2024",
            "2024-02-12é",
            "é",
            "2024-02-1ét",
        ] {
            assert!(read(text).contains("tidak terbaca: tulis misalnya"), "{text}: {}", read(text));
        }
        for text in ["2024-02-31", "31 Februari 2024", "0 Mei 2024", "2024-13-01"] {
            assert!(read(text).contains("tidak ada di kalender"), "{text}: {}", read(text));
        }
    }
}
