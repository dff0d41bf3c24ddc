//! Days as people write them: "14 Feb 2024", "14/02/2024", "11-13 Februari 2024", "February 14, 2024".

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::fold::Folded;

/// A day in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// Which bytes of the text.
    pub range: Range<usize>,
    /// Day of the month.
    pub day: u32,
    /// Month, from 1.
    pub month: u32,
    /// Year; none if it is left to the reader.
    pub year: Option<i32>,
}

impl Written {
    /// The date, where a year is named and the calendar has it.
    pub(super) fn date(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year?, self.month, self.day)
    }
}

/// Months in Indonesian and English, in full, short and misspelt.
const MONTH: &str = "(?:jan(?:uari|uary)?|[fp]eb(?:r|ruari|uari|ruary)?|mrt|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|\
                     ag(?:ustus|ust|us|u|t|s)?|aug(?:ust)?|sep(?:t|tember)?|o[kc]t(?:ober)?|no[vp](?:ember)?|de[sc](?:ember)?)";

struct Forms {
    /// Day, month in letters, perhaps a year; perhaps the first day of a span before it.
    named: Regex,
    /// Month in letters, day, year.
    english: Regex,
    /// Day, month, year in digits.
    digits: Regex,
    /// Year, month, day in digits.
    iso: Regex,
    /// Day and month in digits.
    short: Regex,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let new = |pattern: String| Regex::new(&pattern).expect("a pattern of our own");
    let year = r"(?P<year>\d{4}|\d{2})";
    let span = r"(?:(?P<first>\d{1,2}) ?(?:-|/|sampai(?: dengan)?|s/d|s\.? ?d\.?|hingga|dan|&) ?)?";
    Forms {
        named: new(format!(
            r"\b{span}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: ?[-/.] ?| )?(?P<month>{MONTH})\b\.?(?:(?: ?[-/.,] ?| )(?:tahun )?'?{year}\b)?"
        )),
        english: new(format!(r"\b(?P<month>{MONTH})\b\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {year}\b")),
        digits: new(format!(r"\b(?P<day>\d{{1,2}}) ?[-/.] ?(?P<month>\d{{1,2}}) ?[-/.] ?'?{year}\b")),
        iso: new(r"\b(?P<year>\d{4}) ?[-/.] ?(?P<month>\d{1,2}) ?[-/.] ?(?P<day>\d{1,2})\b".to_owned()),
        short: new(r"\b(?P<day>\d{1,2})/(?P<month>\d{2})\b".to_owned()),
    }
});

/// The days that `text` names, in order.
pub(super) fn find(text: &str) -> Vec<Written> {
    let folded = Folded::new(text);
    let mut found: Vec<Written> = Vec::new();
    let forms = &*FORMS;
    for form in [&forms.named, &forms.english, &forms.iso, &forms.digits, &forms.short] {
        for captures in form.captures_iter(&folded.text) {
            let Some(whole) = captures.get(0) else { continue };
            // A full stop after a short month may be that of the sentence.
            let ends =
                ["day", "month", "year"].into_iter().filter_map(|name| captures.name(name).map(|group| group.end()));
            let range = folded.source(whole.start()..ends.max().unwrap_or(whole.end()));
            let number = |name: &str| captures.name(name).and_then(|group| group.as_str().parse::<u32>().ok());
            let month = captures.name("month").and_then(|group| month(group.as_str()));
            let (Some(day), Some(month)) = (number("day"), month) else { continue };
            if found.iter().any(|other| other.range.start < range.end && range.start < other.range.end) {
                continue;
            }
            let year = captures.name("year").and_then(|group| year(group.as_str()));
            let days = number("first").into_iter().chain([day]);
            found.extend(days.map(|day| Written { range: range.clone(), day, month, year }));
        }
    }
    found.sort_by_key(|written| written.range.start);
    found
}

fn month(written: &str) -> Option<u32> {
    if let Ok(number) = written.parse() {
        return Some(number).filter(|n| (1..=12).contains(n));
    }
    let starts = |starts: &[&str]| starts.iter().any(|start| written.starts_with(start));
    let months: [&[&str]; 12] = [
        &["jan"],
        &["feb", "peb"],
        &["mar", "mrt"],
        &["apr"],
        &["mei", "may"],
        &["jun"],
        &["jul"],
        &["ag", "aug"],
        &["sep"],
        &["okt", "oct"],
        &["nov", "nop"],
        &["des", "dec"],
    ];
    months.iter().position(|month| starts(month)).and_then(|i| u32::try_from(i + 1).ok())
}

fn year(written: &str) -> Option<i32> {
    let year: i32 = written.parse().ok()?;
    Some(if written.len() == 2 { 2000 + year } else { year })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_in_any_spelling() {
        for text in [
            "14 Februari 2024",
            "14\u{a0}Februari\u{a0}2024",
            "14  Februari\n2024",
            "14 FEBRUARI 2024",
            "14 Feb 2024",
            "14 Feb. 2024",
            "14-Feb-2024",
            "14 Pebruari 2024",
            "14 February 2024",
            "14th February, 2024",
            "February 14, 2024",
            "14 Februari '24",
            "14 Feb 24",
            "14/02/2024",
            "14-02-2024",
            "14.02.2024",
            "14/2/24",
            "14 / 02 / 2024",
            "14\u{2013}02\u{2013}2024",
            "2024-02-14",
            "**14** Februari **2024**",
            "14 Februari tahun 2024",
            "１４ Februari ２０２４",
        ] {
            let padded = format!("Pada {text} di TPS");
            let found = find(&padded);
            assert_eq!(
                found.first().and_then(Written::date),
                NaiveDate::from_ymd_opt(2024, 2, 14),
                "{text}: {found:?}"
            );
            assert_eq!(padded[found[0].range.clone()].trim_matches('*'), text.trim_matches('*'));
        }
    }

    #[test]
    fn spans_and_days_without_a_year() {
        let days = |text: &str| find(text).iter().map(|w| (w.day, w.month, w.year)).collect::<Vec<_>>();
        assert_eq!(days("11-13 Februari 2024"), [(11, 2, Some(2024)), (13, 2, Some(2024))]);
        assert_eq!(days("11 s.d. 13 Feb 2024"), [(11, 2, Some(2024)), (13, 2, Some(2024))]);
        assert_eq!(days("pada 14 Februari TPS buka"), [(14, 2, None)]);
        assert_eq!(days("tanggal 14/02."), [(14, 2, None)]);
        assert_eq!(days("UU 7/2017, Perpres 91/2024, pukul 07.00-13.00, 204.807.222 orang, 12 marga, 2024-2029"), []);
    }

    proptest! {
        #[test]
        fn places_lie_inside_the_text(text in "[0-9/. febmarinoét\u{a0}-]{0,40}|\\PC{0,40}") {
            for written in find(&text) {
                prop_assert!(text.get(written.range.clone()).is_some());
            }
        }
    }
}
