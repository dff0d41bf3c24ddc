//! Sources, and the day from which each may be shown.

use std::sync::LazyLock;

use chrono::{Months, NaiveDate};
use regex::Regex;

use super::reader::{Reader, Table, Text, parse_date};
use crate::text::indonesian;

/// A law, or a publisher with its date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// As it is shown.
    pub text: String,
    /// The first day on which it may be shown; none if it may be at all times.
    pub from: Option<NaiveDate>,
}

impl Cited {
    /// One that may be shown at all times.
    pub fn always(text: String) -> Self {
        Self { text, from: None }
    }

    /// One that says by itself when it came out, if it does.
    fn dated(text: String) -> Self {
        Self { from: named_day(&text), text }
    }

    /// Whether it may be shown on `day`.
    pub fn is_known(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day)
    }
}

/// "4 Desember 2023", "6 Agustus dan 10 September 2025", or a month and its year.
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    let months: Vec<String> = (1..=12).map(indonesian::month).collect();
    Regex::new(&format!(r"(?:\b(\d{{1,2}}) )?\b({})\b (\d{{4}})\b", months.join("|"))).expect("a pattern of our own")
});

/// The last day that a source names: on it at the latest it was out. Of a month the last day.
fn named_day(text: &str) -> Option<NaiveDate> {
    let day = |found: regex::Captures<'_>| {
        let month = (1..=12).find(|&number| indonesian::month(number) == found[2])?;
        let year = found[3].parse().ok()?;
        match found.get(1) {
            Some(day) => NaiveDate::from_ymd_opt(year, month, day.as_str().parse().ok()?),
            None => NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt(),
        }
    };
    DAY.captures_iter(text).filter_map(day).max()
}

/// Reads `sources`.
pub(super) fn read_sources<'f>(reader: &mut Reader<'f>, table: &Table<'_, 'f>) -> Vec<Cited> {
    let texts = table.texts(reader, "sources");
    if !reader.is_broken() && texts.iter().all(|s| s.value.trim().is_empty()) {
        let span = table.get("sources").map_or(table.span.clone(), toml::Spanned::span);
        reader.fault(span, "entri ini tidak punya sumber").hint =
            Some("tambahkan sources = [\"nama aturan atau penerbit dengan tanggal\"]".to_owned());
        return Vec::new();
    }
    read_optional(reader, table)
}

/// Reads `sources` where there may be none.
pub(super) fn read_optional<'f>(reader: &mut Reader<'f>, table: &Table<'_, 'f>) -> Vec<Cited> {
    table.texts(reader, "sources").iter().map(|text| read_source(reader, text)).collect()
}

/// A source, perhaps with the day from which it may be shown before it: "2029-01-01: Keputusan KPU ...".
fn read_source(reader: &mut Reader<'_>, text: &Text) -> Cited {
    let is_day = |before: &str| before.len() >= 6 && before.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let Some((day, source)) = text.value.split_once(':').filter(|(before, _)| is_day(before.trim())) else {
        return Cited::dated(text.value.clone());
    };
    if source.trim().is_empty() {
        reader.fault(text.span.clone(), "sumber ini kosong sesudah tanggalnya").hint =
            Some("tulis sumbernya sesudah titik dua, atau hapus".to_owned());
        return Cited::always(text.value.clone());
    }
    match parse_date(day.trim()) {
        Ok(from) => Cited { text: source.trim().to_owned(), from: Some(from) },
        Err(problem) => {
            reader.fault(text.find(day), format!("tanggal \"{day}\" {problem}")).hint =
                Some("tulis TTTT-BB-HH, titik dua, lalu sumbernya: \"2029-01-01: Keputusan KPU 1/2029\"".to_owned());
            Cited::always(text.value.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_tells_its_day() {
        for (text, day) in [
            ("Tempo, 4 Desember 2023", Some("2023-12-04")),
            ("Tempo, 6 Agustus dan 10 September 2025", Some("2025-09-10")),
            ("Putusan MK 117/PUU-XX/2022 (31 Januari 2023) dan 4/PUU-XXI/2023 (28 Februari 2023)", Some("2023-02-28")),
            ("IDN Times, Februari 2024", Some("2024-02-29")),
            ("Kompas, 40 Februari 2024", None),
            ("Daftar calon tetap Pemilu 2024 (KPU)", None),
            ("UU 7/2017 Pasal 348", None),
        ] {
            assert_eq!(named_day(text).map(|day| day.to_string()).as_deref(), day, "{text}");
        }
    }
}
