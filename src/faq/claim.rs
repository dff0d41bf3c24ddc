//! What a hoax says: its verdict, its wordings as they spread, and a short text to send back to whoever sent it on. Who
//! debunked it and when stands in the entry's sources.

use super::entry::{Body, Phrasing};
use super::reader::{Reader, Table, Text};
use crate::text::language::Language;
use crate::text::normalize::words;

/// The keys of a claim; they come together.
pub const KEYS: [&str; 3] = ["verdict", "claims", "share"];
/// The longest text to send on, in characters.
pub const LONGEST_SHARE: usize = 400;
/// Fewest wordings: one alone is found only where it was copied.
pub const FEWEST_WORDINGS: usize = 3;
/// Fewest words of a wording: fewer stand in too many texts.
const SHORTEST_WORDING: usize = 3;

/// What a reviewer found of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It is wrong.
    Wrong,
    /// There is something in it, but it misleads.
    Misleading,
    /// It is right.
    Right,
    /// Nobody could find out.
    Unverified,
}

impl Finding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Wrong, Self::Misleading, Self::Right, Self::Unverified];

    /// As it is written in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wrong => "Salah",
            Self::Misleading => "Menyesatkan",
            Self::Right => "Benar",
            Self::Unverified => "Belum terverifikasi",
        }
    }

    /// As it is told to voters who speak `language`.
    pub fn name_in(self, language: Language) -> &'static str {
        let english = match self {
            Self::Wrong => "False",
            Self::Misleading => "Misleading",
            Self::Right => "True",
            Self::Unverified => "Unverified",
        };
        language.pick(self.name(), Some(english))
    }
}

/// What a hoax says, and what was found of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What was found.
    pub verdict: Finding,
    /// Its wordings as they spread.
    pub wordings: Vec<Phrasing>,
    /// A short text to send on: a template like an answer.
    pub share: Body,
}

/// Reads the claim of an entry, if it has one.
pub(super) fn read<'f>(reader: &mut Reader<'f>, table: &Table<'_, 'f>) -> Option<Claim> {
    let there: Vec<&str> = KEYS.into_iter().filter(|key| table.has(reader, key)).collect();
    if there.is_empty() {
        return None;
    }
    if let Some(missing) = KEYS.iter().find(|key| !there.contains(key)).filter(|_| !reader.is_broken()) {
        let span = table.get(there[0]).map_or(table.span.clone(), toml::Spanned::span);
        reader.fault(span, format!("`{}` tidak berguna tanpa `{missing}`", there.join("` dan `"))).hint =
            Some("sebuah klaim punya verdict, claims, dan share; isi ketiganya, atau hapus ketiganya".to_owned());
    }
    let verdict = table.optional_text(reader, "verdict").and_then(|text| read_verdict(reader, &text));
    let wordings = table.optional_text(reader, "claims").map(|text| read_wordings(reader, &text));
    let share = table.optional_text(reader, "share");
    if let Some(share) = share.as_ref().filter(|share| share.value.trim().is_empty()) {
        reader.fault(share.span.clone(), "`share` masih kosong");
    }
    Some(Claim { verdict: verdict?, wordings: wordings?, share: Body::Always(share?) })
}

fn read_verdict(reader: &mut Reader<'_>, text: &Text) -> Option<Finding> {
    let written = text.value.trim();
    let found = Finding::ALL.into_iter().find(|finding| finding.name() == written);
    if found.is_none() {
        let meant = Finding::ALL.into_iter().find(|finding| words(finding.name()) == words(written));
        let hint = match meant {
            Some(meant) => format!("tulis \"{}\"", meant.name()),
            None => {
                let names: Vec<String> = Finding::ALL.iter().map(|finding| format!("\"{}\"", finding.name())).collect();
                format!("pilih salah satu: {}", names.join(", "))
            }
        };
        reader.fault(text.span.clone(), format!("verdict \"{written}\" tidak dikenal")).hint = Some(hint);
    }
    found
}

fn read_wordings(reader: &mut Reader<'_>, text: &Text) -> Vec<Phrasing> {
    let lines = text.lines();
    for line in &lines {
        if words(&line.value).len() < SHORTEST_WORDING {
            reader.fault(line.span.clone(), "klaim ini terlalu pendek untuk dikenali di dalam pesan").hint =
                Some(format!("tulis kalimatnya seperti yang beredar, paling sedikit {SHORTEST_WORDING} kata"));
        }
    }
    if lines.len() < FEWEST_WORDINGS {
        let message = format!("klaim ini baru punya {} bunyi; paling sedikit {FEWEST_WORDINGS}", lines.len());
        reader.fault(text.span.clone(), message).hint =
            Some("tambahkan bunyi lain seperti yang beredar, satu baris satu bunyi".to_owned());
    }
    lines.into_iter().map(|line| Phrasing { span: line.span, text: line.value }).collect()
}
