//! What a maintainer may tune: `bot.toml`, each number with its unit and range.

use std::collections::BTreeMap;

use super::reader::{Reader, Table};

/// The settings of `bot.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Days after its review from which an entry should be looked at again.
    pub review_after_days: i64,
    /// Open tickets that one voter may have.
    pub max_open_tickets: i64,
    /// Messages that one voter may send within a minute.
    pub messages_per_minute: i64,
    /// Telegram's numbers of those who may press buttons and answer; all of the moderator chat if empty.
    pub moderators: Vec<i64>,
    /// Days after which what a voter wrote is deleted.
    pub retention_days: i64,
    /// The share of questions that the FAQ does not know, as the confidence assumes it (0 to 1).
    pub unknown_share: f64,
    /// The share of known questions whose entry is found first, as `eval` measures it on voters' questions (0 to 1). None:
    /// what phrasings show that are held out. As the phrasings of an entry are chosen to differ, they show less.
    pub found_share: Option<f64>,
    /// The share of all answers given that may be wrong (0 to 1).
    pub wrong_share: f64,
    /// The same for entries with `sensitive = true`.
    pub wrong_share_sensitive: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            review_after_days: 365,
            max_open_tickets: 5,
            messages_per_minute: 30,
            moderators: Vec::new(),
            retention_days: 90,
            unknown_share: 0.25,
            found_share: None,
            wrong_share: 0.02,
            wrong_share_sensitive: 0.01,
        }
    }
}

impl Settings {
    /// The whole numbers under the names that answers use: `bot.retention_days`.
    pub fn in_templates(&self) -> BTreeMap<String, i64> {
        [
            ("review_after_days", self.review_after_days),
            ("max_open_tickets", self.max_open_tickets),
            ("messages_per_minute", self.messages_per_minute),
            ("retention_days", self.retention_days),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// The keys of `bot.toml`.
pub(super) const KEYS: [&str; 9] = [
    "review_after_days",
    "max_open_tickets",
    "messages_per_minute",
    "moderators",
    "retention_days",
    "unknown_share",
    "found_share",
    "wrong_share",
    "wrong_share_sensitive",
];

/// Reads `bot.toml`; a key that is missing keeps its default.
pub fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Settings {
    let mut settings = Settings::default();
    root.only(reader, &KEYS);
    let mut whole = |key: &str, target: &mut i64, low: i64, high: i64| {
        if let Some((number, span)) = root.number(reader, key) {
            if number.fract() == 0.0 && (low as f64..=high as f64).contains(&number) {
                *target = number as i64;
            } else {
                reader.fault(span, format!("`{key}` harus bilangan bulat dari {low} sampai {high}"));
            }
        }
    };
    whole("review_after_days", &mut settings.review_after_days, 1, 3650);
    whole("max_open_tickets", &mut settings.max_open_tickets, 1, 1000);
    whole("messages_per_minute", &mut settings.messages_per_minute, 1, 1000);
    whole("retention_days", &mut settings.retention_days, 1, 3650);
    let mut share = |key: &str, most: f64, target: &mut f64| {
        if let Some((number, span)) = root.number(reader, key) {
            if (0.0001..=most).contains(&number) {
                *target = number;
            } else {
                reader.fault(span, format!("`{key}` harus bagian antara 0.0001 dan {most}")).hint =
                    Some("dua persen ditulis 0.02, dengan titik".to_owned());
            }
        }
    };
    let mut found = f64::NAN;
    share("found_share", 0.999, &mut found);
    settings.found_share = Some(found).filter(|f| !f.is_nan());
    share("unknown_share", 0.9, &mut settings.unknown_share);
    share("wrong_share", 0.9, &mut settings.wrong_share);
    share("wrong_share_sensitive", 0.9, &mut settings.wrong_share_sensitive);
    if let Some(text) = root.optional_text(reader, "moderators") {
        for part in text.value.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
            match part.parse() {
                Ok(id) => settings.moderators.push(id),
                Err(_) => {
                    let message = format!("`{part}` bukan nomor pengguna Telegram");
                    reader.fault(text.span.clone(), message).hint =
                        Some("tulis nomor saja, dipisah koma: \"123456789, 987654321\"".to_owned());
                }
            }
        }
    }
    settings
}
