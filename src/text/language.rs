//! The languages that the bot speaks, how each writes days and numbers, and which of them somebody wrote.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::normalize::words;
use super::{english, indonesian};

/// A language that the bot speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Indonesian: what nearly all voters write.
    #[default]
    #[serde(rename = "id")]
    Indonesian,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Indonesian, Self::English];

    /// As ISO 639-1 has it: "id", "en".
    pub fn code(self) -> &'static str {
        match self {
            Self::Indonesian => "id",
            Self::English => "en",
        }
    }

    /// The language of that code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// What it is called by its own speakers.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Indonesian => "Bahasa Indonesia",
            Self::English => "English",
        }
    }

    /// The language of `text`, where its words tell it: none of a name, a number or a single loan word. Indonesians mix
    /// English in, so English is what has hardly anything else.
    pub fn of(text: &str) -> Option<Self> {
        let words = words(text);
        let is_english = |word: &&String| english::is_function_word(word) || english::is_common(word);
        let english = words.iter().filter(is_english).count();
        let indonesian = words.iter().filter(|word| indonesian::is_function_word(word)).count();
        if indonesian > 0 && indonesian * 3 >= english {
            return Some(Self::Indonesian);
        }
        // A sentence in English has English words that bind it; "kpn nyoblos" has none.
        if english == 0 && words.iter().filter(|word| word.chars().all(char::is_alphabetic)).count() >= 2 {
            return Some(Self::Indonesian);
        }
        (english >= 2 && english * 2 >= words.len()).then_some(Self::English)
    }

    /// Of two wordings the one in this language: the Indonesian one where there is no English one.
    pub fn pick<'a>(self, indonesian: &'a str, english: Option<&'a str>) -> &'a str {
        english.filter(|_| self == Self::English).unwrap_or(indonesian)
    }

    /// "14 Februari 2024", "14 February 2024".
    pub fn date(self, day: NaiveDate) -> String {
        match self {
            Self::Indonesian => indonesian::date(day),
            Self::English => english::date(day),
        }
    }

    /// "Rabu, 14 Februari 2024", "Wednesday, 14 February 2024".
    pub fn weekday_date(self, day: NaiveDate) -> String {
        match self {
            Self::Indonesian => indonesian::weekday_date(day),
            Self::English => english::weekday_date(day),
        }
    }

    /// From the first day to the last, without saying twice what both have in common.
    pub fn span(self, first: NaiveDate, last: NaiveDate) -> String {
        match self {
            Self::Indonesian => indonesian::span(first, last),
            Self::English => english::span(first, last),
        }
    }

    /// Between the first and the last of something: "A sampai B", "A to B".
    pub fn from_to(self, first: &str, last: &str) -> String {
        match self {
            Self::Indonesian => format!("{first} sampai {last}"),
            Self::English => format!("{first} to {last}"),
        }
    }

    /// A whole number: "204.807.222", "204,807,222".
    pub fn integer(self, number: i64) -> String {
        match self {
            Self::Indonesian => indonesian::integer(number),
            Self::English => english::integer(number),
        }
    }

    /// A number with at most two decimals: "58,59", "58.59".
    pub fn decimal(self, number: f64) -> String {
        match self {
            Self::Indonesian => indonesian::decimal(number),
            Self::English => english::decimal(number),
        }
    }

    /// Millions with one decimal: "204,8 juta", "204.8 million".
    pub fn millions(self, number: i64) -> String {
        match self {
            Self::Indonesian => indonesian::millions(number),
            Self::English => english::millions(number),
        }
    }

    /// "A, B, dan C", "A, B and C".
    pub fn list(self, items: &[String]) -> String {
        match self {
            Self::Indonesian => indonesian::list(items),
            Self::English => english::list(items),
        }
    }

    /// A count in words up to ten: "dua", "two", "12".
    pub fn count(self, number: i64) -> String {
        match self {
            Self::Indonesian => indonesian::count(number),
            Self::English => english::count(number),
        }
    }

    /// A number of days: "75 hari", "75 days".
    pub fn days(self, number: i64) -> String {
        match self {
            Self::Indonesian => format!("{} hari", indonesian::integer(number)),
            Self::English if number == 1 => "1 day".to_owned(),
            Self::English => format!("{} days", english::integer(number)),
        }
    }

    /// How far `day` lies ahead of `today`: "dua hari lagi", "in two days".
    pub fn days_ahead(self, today: NaiveDate, day: NaiveDate) -> String {
        match self {
            Self::Indonesian => indonesian::days_ahead(today, day),
            Self::English => english::days_ahead(today, day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_tells_the_language() {
        for text in [
            "when is the election",
            "can i vote without an id card?",
            "Who may vote",
            "is it allowed for ASN to like a post",
            "how to check DPT",
            "my name is not on the list, can I still vote at the TPS",
            "voting day?",
        ] {
            assert_eq!(Language::of(text), Some(Language::English), "{text}");
        }
        for text in [
            "kapan nyoblos",
            "kpn nyoblos",
            "asn boleh like dan share postingan capres ga",
            "gimana cara cek dpt online",
            "so basically ASN boleh gak sih follow IG capres",
            "link cek dpt mana ya",
            "no hp kpu berapa",
            "voting di luar negeri gmn",
        ] {
            assert_eq!(Language::of(text), Some(Language::Indonesian), "{text}");
        }
        for text in ["pilkada 2029", "ppp", "like postingan capres", "", "081234", "bawaslu", "hoax"] {
            assert_eq!(Language::of(text), None, "{text}");
        }
    }

    #[test]
    fn each_has_its_own_way() {
        let day = |d| NaiveDate::from_ymd_opt(2024, 2, d).expect("a real day");
        let of = |language: Language| {
            [
                language.weekday_date(day(14)),
                language.span(day(11), day(13)),
                language.integer(204_807_222),
                language.millions(204_807_222),
                language.decimal(58.59),
                language.list(&["A".into(), "B".into(), "C".into()]),
                language.days_ahead(day(12), day(14)),
                language.days_ahead(day(13), day(14)),
                language.days(1),
                language.days(75),
            ]
            .join("; ")
        };
        assert_eq!(
            of(Language::Indonesian),
            "Rabu, 14 Februari 2024; 11 sampai 13 Februari 2024; 204.807.222; 204,8 juta; 58,59; A, B, dan C; \
             dua hari lagi; besok; 1 hari; 75 hari"
        );
        assert_eq!(
            of(Language::English),
            "Wednesday, 14 February 2024; 11 to 13 February 2024; 204,807,222; 204.8 million; 58.59; A, B and C; \
             in two days; tomorrow; 1 day; 75 days"
        );
    }
}
