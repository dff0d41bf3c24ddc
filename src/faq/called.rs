//! What people call parties, candidates and places.
//!
//! A name says nothing about what is asked: whoever knows "golkar nomor berapa" must know it of any party, and a town's name
//! must not make a known question unknown. So all parties are one idea of the lexicon, all places another, and each
//! candidate goes by one name, whatever they are called. The names come from the elections' files and from `daerah.toml`: a new
//! file brings its names with it.
//!
//! A phrasing may name an election's data as an answer does: "warna surat suara {{ pemilu2024.ballots.election }}" stands
//! for one phrasing a ballot.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::election::{Datum, Election, Item, Kind};
use super::entry::{Entry, Phrasing};
use super::fault::Fault;
use super::reader::{Reader, Table};
use super::template::naming::names;
use crate::text::lexicon::{Lexicon, PARTY, PLACE};
use crate::text::normalize::words;

/// An entry is about a name that one in so many of its phrasings has.
const ABOUT: usize = 5;
/// The most phrasings that one line with names may stand for.
const MOST_FILLED: usize = 60;

/// Reads `daerah.toml`: the names of provinces and of what lies in them.
pub fn read_places<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Vec<String> {
    root.only(reader, &["regions"]);
    let Some(text) = root.optional_text(reader, "regions") else { return Vec::new() };
    let mut places = Vec::new();
    for line in text.lines() {
        let Some((provinces, regencies)) = line.value.split_once(':') else {
            reader.fault(line.span.clone(), "baris ini tidak punya titik dua").hint =
                Some("tulis \"provinsi/sebutan: kabupaten, kota\"".to_owned());
            continue;
        };
        let names = provinces.split('/').chain(regencies.split(','));
        places.extend(names.map(|name| name.trim().to_owned()).filter(|name| !words(name).is_empty()));
    }
    places
}

/// Teaches `lexicon` the names: parties and candidates of `elections`, and `places`. A place that one of `entries` is about,
/// by its title or one in five of its phrasings, stays a word of its own.
pub fn teach(lexicon: &mut Lexicon, elections: &[Arc<Election>], places: &[String], entries: &[Entry]) {
    for election in elections {
        // A local party is asked for as what it is, one of Aceh's.
        let parties = election.lists.get("parties").into_iter().flatten();
        for party in parties.filter(|party| party.get("local") != Some(&Datum::Flag(true))) {
            lexicon.name(PARTY, party_names(party).iter().map(String::as_str));
        }
        for candidate in election.lists.get("candidates").into_iter().flatten() {
            for (key, name) in [("called", "name"), ("deputy_called", "deputy")] {
                let called = texts(candidate.get(key));
                let full = super::election::candidate::value(candidate, name);
                let Some(own) = called.first() else { continue };
                lexicon.name(own, called[1..].iter().copied().chain(texts(full)));
            }
        }
    }
    let telling = topics(entries);
    let names = places.iter().map(String::as_str).filter(|name| !telling(&words(name)));
    lexicon.name(PLACE, names);
}

/// Whether an entry is about a name.
fn topics(entries: &[Entry]) -> impl Fn(&[String]) -> bool {
    let read: Vec<(Vec<String>, Vec<Vec<String>>)> = entries
        .iter()
        .map(|entry| (words(&entry.title), entry.questions.iter().map(|q| words(&q.text)).collect()))
        .collect();
    let used: HashSet<String> =
        read.iter().flat_map(|(title, phrasings)| phrasings.iter().flatten().chain(title)).cloned().collect();
    move |name| {
        if !name.iter().all(|word| used.contains(word)) {
            return false;
        }
        let has = |text: &Vec<String>| text.windows(name.len()).any(|window| window == name);
        read.iter().any(|(title, phrasings)| {
            has(title) || phrasings.iter().filter(|p| has(p)).count() * ABOUT >= phrasings.len().max(1)
        })
    }
}

/// A party's names: in short and in full, with and without "Partai", and what else people call it.
fn party_names(party: &Item) -> Vec<String> {
    let short = texts(party.get("short"));
    let full = texts(party.get("name"));
    let bare = full.iter().filter_map(|name| name.strip_prefix("Partai ")).filter(|name| name.contains(' '));
    let own = short.iter().chain(&full).copied().chain(bare).map(str::to_owned);
    let with = short.iter().filter(|name| !name.starts_with("Partai")).map(|name| format!("partai {name}"));
    own.chain(with).chain(texts(party.get("called")).into_iter().map(str::to_owned)).collect()
}

fn texts(datum: Option<&Datum>) -> Vec<&str> {
    match datum {
        Some(Datum::Text(text)) => vec![text],
        Some(Datum::List(texts)) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Puts the names of `elections` into the phrasings of `entries` that name data; a line may become several, or none as long
/// as the data is not there. Gives what is wrong with such lines.
///
/// An election that answers name too and that is not there is told of once, with them.
pub fn fill(entries: &mut [Entry], elections: &[Arc<Election>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let templates = entries.iter().flat_map(Entry::templates);
    let told: BTreeSet<String> = templates.flat_map(|template| names(&template.value)).map(|name| name.head).collect();
    for entry in entries {
        if !entry.questions.iter().any(|q| q.text.contains("{{")) {
            continue;
        }
        let mut filled: Vec<Phrasing> = Vec::new();
        for phrasing in std::mem::take(&mut entry.questions) {
            match filled_in(&phrasing.text, elections) {
                Ok(texts) => {
                    for text in texts {
                        if !filled.iter().any(|known| known.text == text) {
                            filled.push(Phrasing { text, span: phrasing.span.clone() });
                        }
                    }
                }
                Err(Unread::Missing(election)) if told.contains(&election) => {}
                Err(problem) => {
                    let message = match problem {
                        Unread::Missing(election) => format!("pemilu `{election}` tidak ada di folder pemilu/"),
                        Unread::Other(message) => message,
                    };
                    faults.push(Fault::new(&entry.file, phrasing.span, message).hint(
                        "tulis pemilu, daftar, dan isinya: {{ pemilu2024.ballots.colour }} atau \
                         {{ pemilu2024.nomor_1.called }}",
                    ));
                }
            }
        }
        entry.questions = filled;
    }
    faults
}

/// Why the names in a phrasing can't be read.
enum Unread {
    /// There is no election of that name.
    Missing(String),
    /// Anything else, in words.
    Other(String),
}

/// The phrasings that `text` stands for.
fn filled_in(text: &str, elections: &[Arc<Election>]) -> Result<Vec<String>, Unread> {
    let mut pieces = text.split("{{");
    let head = pieces.next().unwrap_or_default();
    let mut named: Vec<(&str, &str)> = Vec::new();
    for piece in pieces {
        let (name, after) =
            piece.split_once("}}").ok_or_else(|| Unread::Other("kurung `{{` ini tidak ditutup".to_owned()))?;
        named.push((name.trim(), after));
    }
    let Some(&(first, _)) = named.first() else { return Ok(vec![text.to_owned()]) };
    let items = items_of(first, elections)?;
    for (name, _) in &named {
        items_of(name, elections)?;
    }
    let list = |name: &str| name.rsplit_once('.').map(|(list, _)| list.to_owned());
    if named.iter().any(|(name, _)| list(name) != list(first)) {
        return Err(Unread::Other("nama-nama di dalam satu pertanyaan harus dari daftar yang sama".to_owned()));
    }
    let mut found = Vec::new();
    for item in items.iter().take(MOST_FILLED) {
        let filled = named.iter().try_fold(head.to_owned(), |mut filled, (name, after)| {
            let key = name.rsplit('.').next().unwrap_or_default();
            filled.push_str(&value(item, key)?);
            filled.push_str(after);
            Some(filled)
        });
        found.extend(filled.map(|text| text.to_lowercase()));
    }
    Ok(found)
}

/// The items that a name such as `pemilu2024.ballots.colour` or `pemilu.nomor_1.called` goes through. `pemilu` and `pilkada`
/// stand for all elections of their kind: a phrasing knows no day.
fn items_of<'e>(name: &str, elections: &'e [Arc<Election>]) -> Result<Vec<&'e Item>, Unread> {
    let parts: Vec<&str> = name.split('.').collect();
    let [election, list, key] = parts[..] else {
        return Err(Unread::Other(format!("nama `{name}` di dalam pertanyaan tidak terbaca")));
    };
    let kind = Kind::of_alias(election);
    let named: Vec<&Arc<Election>> =
        elections.iter().filter(|e| e.key == election || kind.is_some_and(|kind| kind == e.kind)).collect();
    if named.is_empty() {
        return Err(Unread::Missing(election.to_owned()));
    }
    let number = list.strip_prefix("nomor_").and_then(|number| number.parse::<i64>().ok());
    let of = if number.is_some() { "candidates" } else { list };
    if !super::election::item::may_have(of, key) {
        return Err(Unread::Other(format!("`{of}` tidak punya isian `{key}`")));
    }
    let items = named.into_iter().filter_map(|election| election.lists.get(of)).flatten();
    let meant = |item: &&Item| number.is_none_or(|number| item.get("number") == Some(&Datum::Integer(number)));
    Ok(items.filter(meant).collect())
}

/// What `key` of an item is called in a phrasing; of several names the first, for which the others stand.
fn value(item: &BTreeMap<String, Datum>, key: &str) -> Option<String> {
    match super::election::candidate::value(item, key)? {
        Datum::Text(text) => Some(text.clone()),
        Datum::Integer(number) => Some(number.to_string()),
        Datum::List(texts) => texts.first().cloned(),
        Datum::Decimal(_) | Datum::Flag(_) | Datum::Day(_) => None,
    }
}
