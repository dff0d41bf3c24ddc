//! What a text asks for: when, where, who, how many, why, how, on what terms.

use std::collections::BTreeSet;

use crate::text::analyze::Token;
use crate::text::is_listed;

/// What a text asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asks {
    When,
    Where,
    Who,
    HowMany,
    Why,
    Way,
    Terms,
    /// At what time of the day.
    Hour,
}

/// Nouns that ask for what they name, where nothing else does: "alamat KPU" and "KPU di mana". "Kok" asks why, or wonders.
const NOUNS: [(&str, Asks); 18] = [
    ("jadwal", Asks::When),
    ("tanggal", Asks::When),
    ("waktu", Asks::When),
    ("jam", Asks::Hour),
    ("lokasi", Asks::Where),
    ("letak", Asks::Where),
    ("alamat", Asks::Where),
    ("besar", Asks::HowMany),
    ("besaran", Asks::HowMany),
    ("jumlah", Asks::HowMany),
    ("nominal", Asks::HowMany),
    ("alasan", Asks::Why),
    ("sebab", Asks::Why),
    ("kok", Asks::Why),
    ("cara", Asks::Way),
    ("prosedur", Asks::Way),
    ("langkah", Asks::Way),
    ("bagaimana", Asks::Way),
];

/// What `noun` asks for, where nothing else does.
pub(super) fn asked_by(noun: &str) -> Option<Asks> {
    NOUNS.iter().find(|(own, _)| *own == noun).map(|(_, asks)| *asks)
}

/// What a clause asks for, which was `told` in words that are `unified` as well.
pub(super) fn asks(told: &[String], unified: &[Token]) -> BTreeSet<Asks> {
    let has = |list: &str| unified.iter().any(|t| is_listed(list, &t.surface) || is_listed(list, &t.stem));
    // To whom one turns and where one goes is one question.
    let turns_to =
        has("lapor adu protes urus minta mohon permohonan aju ajuin ngajuin tanya kontak hub hubung hubungi");
    // "Jam berapa", "jam mulainya berapa"; "berapa jam" asks how many.
    let at = |word: &str| told.iter().position(|own| own == word);
    let hour = at("jam").is_some_and(|hour| at("berapa").is_some_and(|asked| hour < asked))
        || told.windows(2).any(|two| two == ["what", "time"]);
    let kind = |token: &Token| match token.surface.as_str() {
        "kapan" => Some(Asks::When),
        "siapa" if turns_to => Some(Asks::Where),
        "dimana" | "kemana" | "darimana" => Some(Asks::Where),
        "siapa" => Some(Asks::Who),
        "berapa" => (!hour).then_some(Asks::HowMany),
        "kenapa" => Some(Asks::Why),
        "syarat" | "persyaratan" | "kriteria" => Some(Asks::Terms),
        _ => None,
    };
    let mut asked: BTreeSet<Asks> = unified.iter().filter_map(kind).collect();
    asked.extend(hour.then_some(Asks::Hour));
    asked.extend(at("cara").map(|_| Asks::Way));
    asked
}

/// What the nouns of a clause may ask for.
pub(super) fn may_ask<'w>(words: impl Iterator<Item = &'w str>) -> impl Iterator<Item = Asks> {
    words.filter_map(asked_by)
}

/// Whether two texts ask for the same, each with what its nouns may ask for.
pub(super) fn agree(own: (&BTreeSet<Asks>, &BTreeSet<Asks>), theirs: (&BTreeSet<Asks>, &BTreeSet<Asks>)) -> bool {
    let within = |asks: &BTreeSet<Asks>, (firm, may): (&BTreeSet<Asks>, &BTreeSet<Asks>)| {
        asks.iter().all(|asked| firm.contains(asked) || may.contains(asked))
    };
    within(own.0, theirs) && within(theirs.0, own)
}
