//! What a maintainer may tune: `bot.toml`, each number with its unit and range.

use std::collections::BTreeMap;

use super::fault::Fault;
use super::hours::Hours;
use super::reader::{Reader, Table};

/// What a topic of the moderators' forum is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Questions.
    Questions,
    /// What was sent on and is to be checked.
    Claims,
    /// Somebody in need.
    Urgent,
}

impl Topic {
    /// All of them, in the order of [`Settings::topic_names`].
    pub const ALL: [Self; 3] = [Self::Questions, Self::Claims, Self::Urgent];

    /// Its name in the store.
    pub fn id(self) -> &'static str {
        match self {
            Self::Questions => "questions",
            Self::Claims => "claims",
            Self::Urgent => "urgent",
        }
    }
}

/// The settings of `bot.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Days after its review in which an entry is to be looked at again; see [`super::due`].
    pub review_after_days: i64,
    /// Open tickets that one voter may have.
    pub max_open_tickets: i64,
    /// Messages that one voter may send within a minute.
    pub messages_per_minute: i64,
    /// Telegram's numbers of those who may press buttons and answer; all of the moderator chat if empty.
    pub moderators: Vec<i64>,
    /// Days after which what a voter wrote is deleted.
    pub retention_days: i64,
    /// Days for which it is remembered which answers a voter was given, so that a correction can be sent to them.
    pub told_days: i64,
    /// Days for which a moderator's answer that was marked so is suggested to others; 0 if none is.
    pub reuse_days: i64,
    /// Hours after which moderators are reminded of a question that waits.
    pub remind_after_hours: i64,
    /// Hours after which the chat above the moderators', if there is one, is told of it.
    pub escalate_after_hours: i64,
    /// When moderators are there; none if nobody promises that.
    pub moderator_hours: Option<Hours>,
    /// The hour at which moderators are told what the day before brought; none if they are not.
    pub digest_hour: Option<u32>,
    /// The names of the topics in the moderators' forum; what is not named goes to General.
    pub topic_names: [Option<String>; 3],
    /// Where somebody in need finds help, as an urgent message's answer names it.
    pub emergency: Option<String>,
    /// The bot's official name on Telegram, with its `@`, by which imitations can be told.
    pub handle: Option<String>,
    /// Its official channel, likewise.
    pub channel: Option<String>,
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
            told_days: 90,
            reuse_days: 14,
            remind_after_hours: 12,
            escalate_after_hours: 24,
            moderator_hours: None,
            digest_hour: None,
            topic_names: [const { None }; 3],
            emergency: None,
            handle: None,
            channel: None,
            unknown_share: 0.25,
            found_share: None,
            wrong_share: 0.02,
            wrong_share_sensitive: 0.01,
        }
    }
}

impl Settings {
    /// The topics that are named, with their names.
    pub fn topics(&self) -> impl Iterator<Item = (Topic, &str)> {
        let named = Topic::ALL.into_iter().zip(&self.topic_names);
        named.filter_map(|(topic, name)| Some((topic, name.as_deref()?)))
    }

    /// The whole numbers under the names that answers use: `bot.retention_days`.
    pub fn in_templates(&self) -> BTreeMap<String, i64> {
        [
            ("review_after_days", self.review_after_days),
            ("max_open_tickets", self.max_open_tickets),
            ("messages_per_minute", self.messages_per_minute),
            ("retention_days", self.retention_days),
            ("told_days", self.told_days),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// What one number may be.
struct Bounds {
    key: &'static str,
    /// What it counts, for messages.
    unit: &'static str,
    /// Outside of this it is refused.
    allowed: (f64, f64),
    /// Outside of this it deserves a look.
    sane: (f64, f64),
    /// What happens below and above what is sane.
    effect: (&'static str, &'static str),
}

const DAYS: &str = "hari";
const SHARE: &str = "bagian dari satu: 0.02 berarti dua persen";

const WHOLE: [Bounds; 5] = [
    Bounds {
        key: "review_after_days",
        unit: DAYS,
        allowed: (1.0, 3650.0),
        sane: (30.0, 730.0),
        effect: ("hampir semua entri akan terus diperingatkan", "entri yang basi tidak akan diperingatkan"),
    },
    Bounds {
        key: "max_open_tickets",
        unit: "pertanyaan yang menunggu, per orang",
        allowed: (1.0, 1000.0),
        sane: (2.0, 20.0),
        effect: ("pertanyaan kedua seseorang akan ditolak", "satu orang dapat memenuhi antrean petugas"),
    },
    Bounds {
        key: "messages_per_minute",
        unit: "pesan per menit, per orang",
        allowed: (1.0, 1000.0),
        sane: (5.0, 60.0),
        effect: ("pemilih yang menulis biasa akan ditolak", "satu orang dapat membanjiri bot"),
    },
    Bounds {
        key: "retention_days",
        unit: DAYS,
        allowed: (1.0, 3650.0),
        sane: (7.0, 365.0),
        effect: ("pertanyaan terhapus sebelum petugas menjawab", "tulisan pemilih disimpan lebih lama daripada perlu"),
    },
    Bounds {
        key: "told_days",
        unit: DAYS,
        allowed: (1.0, 3650.0),
        sane: (7.0, 365.0),
        effect: (
            "koreksi tidak sampai kepada yang lebih dulu diberi jawaban",
            "lebih lama diingat siapa diberi jawaban apa",
        ),
    },
];

const REUSE_DAYS: Bounds = Bounds {
    key: "reuse_days",
    unit: DAYS,
    allowed: (0.0, 365.0),
    sane: (0.0, 60.0),
    effect: ("", "jawaban petugas yang sudah basi masih ditunjukkan"),
};

const HOURS: &str = "jam";

const LATE: [Bounds; 2] = [
    Bounds {
        key: "remind_after_hours",
        unit: HOURS,
        allowed: (1.0, 720.0),
        sane: (2.0, 72.0),
        effect: ("petugas akan terus diingatkan", "pertanyaan yang terlupa lama tidak diingatkan"),
    },
    Bounds {
        key: "escalate_after_hours",
        unit: HOURS,
        allowed: (1.0, 720.0),
        sane: (4.0, 168.0),
        effect: ("grup kedua akan terus diberi tahu", "pertanyaan yang terlupa lama tidak sampai ke grup kedua"),
    },
];
const DIGEST_HOUR: Bounds =
    Bounds { key: "digest_hour", unit: "pukul berapa, WIB", allowed: (0.0, 23.0), sane: (0.0, 23.0), effect: ("", "") };

const UNKNOWN_SHARE: Bounds = Bounds {
    key: "unknown_share",
    unit: SHARE,
    allowed: (0.0001, 0.9),
    sane: (0.05, 0.6),
    effect: ("bot akan terlalu yakin menjawab", "bot akan hampir selalu meneruskan ke petugas"),
};
const FOUND_SHARE: Bounds = Bounds {
    key: "found_share",
    unit: SHARE,
    allowed: (0.0001, 0.999),
    sane: (0.5, 0.97),
    effect: ("bot akan hampir selalu meneruskan ke petugas", "bot akan terlalu yakin menjawab"),
};
const WRONG_SHARE: Bounds = Bounds {
    key: "wrong_share",
    unit: SHARE,
    allowed: (0.0001, 0.1),
    sane: (0.005, 0.05),
    effect: ("bot akan hampir selalu meneruskan ke petugas", "bot akan sering menjawab keliru"),
};
const WRONG_SHARE_SENSITIVE: Bounds = Bounds {
    key: "wrong_share_sensitive",
    unit: SHARE,
    allowed: (0.0001, 0.1),
    sane: (0.001, 0.02),
    effect: (
        "bot akan hampir selalu meneruskan pertanyaan tentang calon dan hasil",
        "bot akan sering keliru tentang calon, hasil, dan hoaks",
    ),
};

impl Bounds {
    /// The number of this setting, where it is there and allowed.
    fn read<'f>(&self, reader: &mut Reader<'f>, root: &Table<'_, 'f>, whole: bool) -> Option<f64> {
        let (number, span) = root.number(reader, self.key)?;
        let (low, high) = self.allowed;
        let kind = if whole { "bilangan bulat" } else { "bilangan" };
        if whole && number.fract() != 0.0 || !(low..=high).contains(&number) {
            let message = format!("`{}` harus {kind} dari {low} sampai {high} ({})", self.key, self.unit);
            reader.fault(span, message).hint = Some(if whole {
                "tulis angkanya saja".to_owned()
            } else {
                "dua persen ditulis 0.02, dengan titik".to_owned()
            });
            return None;
        }
        let (low, high) = self.sane;
        if !(low..=high).contains(&number) {
            let effect = if number < low { self.effect.0 } else { self.effect.1 };
            let message = format!("`{}` bernilai {number}: {effect}", self.key);
            let fault = Fault::new(reader.file, span, message).warning();
            reader.faults.push(fault.hint(format!("yang wajar {low} sampai {high} ({})", self.unit)));
        }
        Some(number)
    }
}

/// The keys of `bot.toml`.
pub(super) const KEYS: [&str; 21] = [
    "review_after_days",
    "max_open_tickets",
    "messages_per_minute",
    "moderators",
    "retention_days",
    "told_days",
    "reuse_days",
    "remind_after_hours",
    "escalate_after_hours",
    "moderator_hours",
    "digest_hour",
    "topic_questions",
    "topic_claims",
    "topic_urgent",
    "emergency",
    "handle",
    "channel",
    "unknown_share",
    "found_share",
    "wrong_share",
    "wrong_share_sensitive",
];

/// Reads `bot.toml`; a key that is missing keeps its default.
pub fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Settings {
    let mut settings = Settings::default();
    root.only(reader, &KEYS);
    let targets = [
        &mut settings.review_after_days,
        &mut settings.max_open_tickets,
        &mut settings.messages_per_minute,
        &mut settings.retention_days,
        &mut settings.told_days,
    ];
    for (bounds, target) in WHOLE.iter().zip(targets) {
        if let Some(number) = bounds.read(reader, root, true) {
            *target = number as i64;
        }
    }
    for (bounds, target) in LATE.iter().zip([&mut settings.remind_after_hours, &mut settings.escalate_after_hours]) {
        if let Some(number) = bounds.read(reader, root, true) {
            *target = number as i64;
        }
    }
    if let Some(days) = REUSE_DAYS.read(reader, root, true) {
        settings.reuse_days = days as i64;
    }
    settings.digest_hour = DIGEST_HOUR.read(reader, root, true).map(|hour| hour as u32);
    settings.moderator_hours = read_hours(reader, root);
    settings.found_share = FOUND_SHARE.read(reader, root, false);
    let targets = [&mut settings.unknown_share, &mut settings.wrong_share, &mut settings.wrong_share_sensitive];
    for (bounds, target) in [&UNKNOWN_SHARE, &WRONG_SHARE, &WRONG_SHARE_SENSITIVE].into_iter().zip(targets) {
        if let Some(number) = bounds.read(reader, root, false) {
            *target = number;
        }
    }
    if settings.wrong_share_sensitive > settings.wrong_share {
        let place = ["wrong_share_sensitive", "wrong_share"].into_iter().find_map(|key| root.get(key));
        let message = "`wrong_share_sensitive` lebih longgar daripada `wrong_share`";
        let fault = Fault::new(reader.file, place.map_or(0..0, toml::Spanned::span), message).warning();
        reader
            .faults
            .push(fault.hint("untuk calon, hasil, dan hoaks bot harus lebih hati-hati: pakai angka yang lebih kecil"));
    }
    for (key, name) in ["topic_questions", "topic_claims", "topic_urgent"].into_iter().zip(&mut settings.topic_names) {
        *name = read_topic(reader, root, key);
    }
    settings.handle = read_handle(reader, root, "handle");
    settings.channel = read_handle(reader, root, "channel");
    settings.emergency = root.optional_text(reader, "emergency").map(|text| text.value.trim().to_owned());
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

/// The longest name of a topic, in characters (<https://core.telegram.org/bots/api#createforumtopic>).
const LONGEST_TOPIC: usize = 128;

/// The name of a topic.
fn read_topic<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>, key: &str) -> Option<String> {
    let text = root.optional_text(reader, key)?;
    let name = text.value.trim();
    if name.is_empty() || name.chars().count() > LONGEST_TOPIC {
        reader.fault(text.span.clone(), format!("`{key}` bukan nama topik")).hint =
            Some(format!("tulis satu sampai {LONGEST_TOPIC} huruf, misalnya \"Pertanyaan\""));
        return None;
    }
    Some(name.to_owned())
}

/// When moderators are there.
fn read_hours<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Option<Hours> {
    let text = root.optional_text(reader, "moderator_hours")?;
    let hours = Hours::parse(&text.value);
    if hours.is_none() {
        reader.fault(text.span.clone(), "`moderator_hours` bukan jam dari dan sampai".to_owned()).hint =
            Some("tulis jam mulai dan jam selesai pada hari yang sama, menurut WIB: \"08.00-22.00\"".to_owned());
    }
    hours
}

/// A name on Telegram, "@tanya_pemilu_bot": a letter, then letters, digits and `_`, 5 to 32 of them
/// (<https://core.telegram.org/method/account.checkUsername>).
fn read_handle<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>, key: &str) -> Option<String> {
    let text = root.optional_text(reader, key)?;
    let name = text.value.trim();
    let letters = name.strip_prefix('@').filter(|rest| (5..=32).contains(&rest.len()));
    let fits = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    if !letters.is_some_and(fits) {
        reader.fault(text.span.clone(), format!("`{key}` bukan nama di Telegram")).hint =
            Some("tulis dengan @ di depan, misalnya \"@tanya_pemilu_bot\"".to_owned());
        return None;
    }
    Some(name.to_owned())
}
