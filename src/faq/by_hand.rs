//! Entries that name an election in words, "Pemilu 2024": what they say does not follow when the next one comes.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use super::election::{Election, Kind, VOTE};
use super::fault::Fault;
use super::template::naming::{by_hand as outside_of_names, names};
use super::{Faq, home_time};
use crate::text::indonesian;

/// The words by which an election of each kind is named, before its year.
const WORDS: [(Kind, &[&str]); 2] = [
    (Kind::National, &["pemilu", "pilpres", "pileg", "pemilihan umum", "pemilihan presiden", "pemilihan legislatif"]),
    (Kind::Regional, &["pilkada", "pilgub", "pilbup", "pilwalkot", "pemilihan kepala daerah"]),
];
/// What may stand between those words and the year.
const BETWEEN: [&str; 7] = ["serentak", "tahun", "nasional", "umum", "presiden", "legislatif", "(pilpres)"];
/// How many entries one warning names.
const NAMED: usize = 8;

/// One place at which an entry names an election in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The entry's id.
    pub entry: String,
    /// The file it stands in, relative to the FAQ folder.
    pub file: String,
    /// The words' place there.
    pub span: Range<usize>,
    /// The words as they stand there: "Pemilu 2024".
    pub words: String,
    /// The election that they name.
    pub election: String,
}

/// Every place at which the answer of an entry names an election in words that is over at `now`, by entry and place. What
/// stands in `{{ ... }}` as a name is not in words; what stands there in quotation marks is.
pub fn by_hand(faq: &Faq, now: DateTime<FixedOffset>) -> Vec<ByHand> {
    places(faq, home_time(now))
}

fn places(faq: &Faq, now: NaiveDateTime) -> Vec<ByHand> {
    let past: Vec<(&Election, String)> =
        faq.elections().filter(|e| e.is_over(now)).filter_map(|e| Some((e, year(e)?))).collect();
    let mut found = Vec::new();
    for entry in &faq.entries {
        for template in entry.templates() {
            let text = outside_of_names(&template.value).to_lowercase();
            // A letter that is longer in small letters would shift all places after it.
            if text.len() != template.value.len() {
                continue;
            }
            for (election, year) in &past {
                for range in namings(&text, election.kind, year) {
                    found.push(ByHand {
                        entry: entry.id.clone(),
                        file: entry.file.clone(),
                        span: template.at(range.clone()),
                        words: template.value[range].to_owned(),
                        election: election.key.clone(),
                    });
                }
            }
        }
    }
    found.sort_by_key(|place| place.span.start);
    let order: BTreeMap<&str, usize> = faq.entries.iter().enumerate().map(|(i, e)| (e.id.as_str(), i)).collect();
    found.sort_by_key(|place| order.get(place.entry.as_str()).copied());
    found
}

/// The year in an election's name: "2024" of "Pemilu 2024".
fn year(election: &Election) -> Option<String> {
    let is_year = |word: &&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    election.name.split_whitespace().find(is_year).map(str::to_owned)
}

/// Where `text`, in small letters, names the election of that kind and year: from the first word to the year.
fn namings(text: &str, kind: Kind, year: &str) -> Vec<Range<usize>> {
    let words = WORDS.iter().find(|(k, _)| *k == kind).map_or(&[][..], |(_, words)| words);
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices(year) {
        let end = at + year.len();
        let is_number = |c: char| c.is_alphanumeric();
        if text[end..].starts_with(is_number) || text[..at].ends_with(is_number) {
            continue;
        }
        let mut before = text[..at].trim_end();
        while let Some(rest) = BETWEEN.iter().find_map(|word| before.strip_suffix(word)) {
            if words.iter().any(|word| ends_with_word(before, word)) {
                break;
            }
            before = rest.trim_end();
        }
        let start =
            words.iter().filter(|word| ends_with_word(before, word)).map(|word| before.len() - word.len()).min();
        found.extend(start.map(|start| start..end));
    }
    found
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

/// A warning for each kind of election whose next vote is known on `today`: which entries still speak of a past one in
/// words, say nothing of the next, and were not looked at since its date is known.
pub fn warnings(faq: &Faq, today: NaiveDate) -> Vec<Fault> {
    let now = today.and_time(NaiveTime::MIN);
    let places = places(faq, now);
    [Kind::National, Kind::Regional].into_iter().filter_map(|kind| warning(faq, kind, &places, now)).collect()
}

fn warning(faq: &Faq, kind: Kind, places: &[ByHand], now: NaiveDateTime) -> Option<Fault> {
    let next = super::election::current::of_kind(&faq.elections, kind, now)?;
    let vote = next.stage_at(VOTE, now).filter(|_| !next.is_over(now))?;
    let is_of_kind = |key: &str| faq.elections().any(|e| e.key == key && e.kind == kind);
    let mut ids: Vec<&str> = Vec::new();
    for place in places.iter().filter(|place| is_of_kind(&place.election)) {
        let Some(entry) = faq.entry(&place.entry) else { continue };
        let speaks_of_next = entry
            .templates()
            .iter()
            .flat_map(|t| names(&t.value))
            .any(|name| name.head == next.key || Kind::of_alias(&name.head) == Some(kind));
        let looked_at = vote.known_from.is_some_and(|from| entry.reviewed.is_some_and(|day| day >= from));
        if !speaks_of_next && !looked_at && !ids.contains(&entry.id.as_str()) {
            ids.push(&entry.id);
        }
    }
    if ids.is_empty() {
        return None;
    }
    let named: Vec<String> = ids.iter().take(NAMED).map(|id| format!("`{id}`")).collect();
    let more = ids.len() - named.len();
    let named = if more > 0 { format!("{}, dan {more} lagi", named.join(", ")) } else { indonesian::list(&named) };
    let message = format!(
        "pemungutan suara {} sudah ditetapkan, tetapi {} entri hanya menyebut pemilu yang lalu: {named}",
        next.name,
        ids.len()
    );
    Some(Fault::new(&next.file(), vote.span.clone(), message).warning().hint(
        "periksa apakah tiap jawaban masih benar (\"daftar --by-hand\" memuat semuanya), lalu perbarui `reviewed`; entri \
         yang ditinjau sejak known_from tahapan ini tidak disebut lagi",
    ))
}
