//! What kind of file it is: by its name, and by what stands in it. Where the two differ, the name is what is wrong.

use super::fault::{Fault, Rank};
use super::head::{self, Heads};
use super::reader::Table;
use super::{setting, wording};
use crate::text::language::Language;

/// The kinds of files of a FAQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Entries on a topic.
    Entries,
    /// `leksikon.toml`.
    Words,
    /// `obrolan.toml`.
    SmallTalk,
    /// `di-luar.toml`.
    Outside,
    /// `bot.toml`.
    Settings,
    /// `teks.id.toml` or `teks.en.toml`.
    Wording(Language),
    /// `pemilu/*.toml`.
    Election,
    /// `daerah.toml`.
    Places,
    /// `padanan.toml`.
    Likeness,
    /// `asn-cek.toml`.
    AsnCheck,
    /// `lapor.toml`.
    Breaches,
}

/// The kinds that have one file, with its name and what is lost without it.
pub const SINGLE: [(Kind, &str, &str); 5] = [
    (Kind::Words, "leksikon.toml", "tanpa berkas itu ejaan chat dan sinonim tidak dikenali"),
    (
        Kind::SmallTalk,
        "obrolan.toml",
        "tanpa berkas itu salam, terima kasih, dan makian tidak dibalas tetapi diteruskan ke petugas",
    ),
    (
        Kind::Outside,
        "di-luar.toml",
        "tanpa berkas itu pertanyaan yang bukan urusan bot ini lebih sering dijawab, dan salah",
    ),
    (
        Kind::Settings,
        "bot.toml",
        "tanpa berkas itu semua pengaturan memakai angka bawaan, bukan yang pernah Anda tetapkan",
    ),
    (Kind::Wording(Language::Indonesian), "teks.id.toml", "kata-kata bot sendiri ada di dalamnya"),
];

impl Kind {
    /// By the file's name without its ending.
    pub fn of_name(stem: &str) -> Self {
        let single = SINGLE.iter().find(|(_, name, _)| name.strip_suffix(".toml") == Some(stem));
        match single {
            Some((kind, _, _)) => *kind,
            None if stem.starts_with("pemilu/") => Self::Election,
            None if stem == "teks.en" => Self::Wording(Language::English),
            None if stem == "daerah" => Self::Places,
            None if stem == "padanan" => Self::Likeness,
            None if stem == "asn-cek" => Self::AsnCheck,
            None if stem == "lapor" => Self::Breaches,
            None => Self::Entries,
        }
    }

    /// By its keys, if these are of one kind only.
    fn of_contents(root: &Table<'_, '_>) -> Option<Self> {
        const ELECTION: [&str; 10] = [
            "kind",
            "stages",
            "candidates",
            "parties",
            "debates",
            "ballots",
            "zones",
            "appeals",
            "figures",
            "known_from",
        ];
        const WORDS: [&str; 8] =
            ["spelling", "synonyms", "protected", "stop", "persuasive", "debunk", "news", "insists"];
        let kind_of = |key: &str| match key {
            "entry" => Some(Self::Entries),
            "small_talk" => Some(Self::SmallTalk),
            "topic" => Some(Self::Outside),
            "regions" => Some(Self::Places),
            "alike" | "asides" | "chatter" | "abroad" | "people" => Some(Self::Likeness),
            "who" | "what" | "cell" => Some(Self::AsnCheck),
            "breach" => Some(Self::Breaches),
            _ if ELECTION.contains(&key) => Some(Self::Election),
            _ if WORDS.contains(&key) => Some(Self::Words),
            _ if setting::KEYS.contains(&key) => Some(Self::Settings),
            _ if wording::is_key(key) => Some(Self::Wording(Language::Indonesian)),
            _ => None,
        };
        let kinds: Vec<Self> = root.keys().into_iter().filter_map(|(key, _, _)| kind_of(key)).collect();
        let first = *kinds.first()?;
        // A key or two of these kinds may stand in any file, such as `related` above the first head.
        let fewest = if matches!(first, Self::Settings | Self::Wording(_)) { 3 } else { 1 };
        (kinds.len() >= fewest && kinds.iter().all(|kind| *kind == first)).then_some(first)
    }

    /// The heads of such files.
    pub fn heads(self) -> Heads {
        match self {
            Self::Entries => head::ENTRIES,
            Self::SmallTalk => head::SMALL_TALK,
            Self::Outside => head::OUTSIDE,
            Self::Election => head::ELECTION,
            Self::AsnCheck => head::ASN_CHECK,
            Self::Breaches => head::BREACHES,
            Self::Words | Self::Settings | Self::Wording(_) | Self::Places | Self::Likeness => head::NONE,
        }
    }

    /// What such a file holds, and where that belongs.
    fn in_words(self) -> (&'static str, &'static str) {
        match self {
            Self::Entries => ("entri", "berkas topik, misalnya jadwal.toml"),
            Self::Words => ("kamus", "leksikon.toml"),
            Self::SmallTalk => ("obrolan", "obrolan.toml"),
            Self::Outside => ("pertanyaan di luar topik", "di-luar.toml"),
            Self::Settings => ("pengaturan bot", "bot.toml"),
            Self::Wording(language) => ("kata-kata bot", wording::file(language)),
            Self::Election => ("data pemilu", "folder pemilu/"),
            Self::Places => ("nama daerah", "daerah.toml"),
            Self::Likeness => ("padanan kata", "padanan.toml"),
            Self::AsnCheck => ("tabel pemeriksaan ASN", "asn-cek.toml"),
            Self::Breaches => ("daftar pelanggaran", "lapor.toml"),
        }
    }
}

/// What a file is by what stands in it, and what is wrong with that, if it should be of another `kind` by its name.
/// `is_there` tells whether a file of that name is in the folder.
pub fn mismatch(
    file: &str,
    kind: Kind,
    root: &Table<'_, '_>,
    is_there: impl Fn(&str) -> bool,
) -> Option<(Kind, Fault)> {
    // The keys do not tell the language.
    let is_kind = |found: Kind| found == kind || matches!((found, kind), (Kind::Wording(_), Kind::Wording(_)));
    let found = Kind::of_contents(root).filter(|found| !is_kind(*found))?;
    let ((what, place), (wanted, own)) = (found.in_words(), kind.in_words());
    let message = if kind == Kind::Entries {
        format!("berkas ini memuat {what}, bukan entri")
    } else {
        format!("berkas ini memuat {what}, padahal namanya untuk {wanted}")
    };
    let single = SINGLE.iter().any(|(kind, _, _)| *kind == found);
    let hint = match found {
        Kind::Entries => format!("pindahkan ke {place}; yang dibaca di sini hanya isi {own}"),
        _ if single && kind == Kind::Entries && !is_there(place) => format!("ganti namanya menjadi {place}"),
        _ if single => format!("{what} hanya dibaca dari {place}; hapus bila salinan, atau pindahkan isinya ke sana"),
        _ => format!("pindahkan ke {place}, atau ganti nama foldernya menjadi pemilu"),
    };
    Some((found, Fault::new(file, None, message).hint(hint).rank(Rank::Cause)))
}
