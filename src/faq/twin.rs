//! The same question in two places: two entries, an entry and `di-luar.toml` or `obrolan.toml`.
//!
//! Two phrasings are the same if they have the same words once chat spelling and synonyms are written out, in any order:
//! the matcher can't tell them apart. Which of the two is blamed is told by the FAQ of before, if there is one, else by
//! which of the two places has other questions like it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use super::Faq;
use super::entry::Phrasing;
use super::fault::Fault;
use crate::text::analyze::{Analyzer, Language};
use crate::text::normalize::words;

/// So many of the nearest lines say how well a question fits in.
const NEAREST: usize = 5;

/// Of more lines that one place repeats from another only the first is told.
const MOST_TOLD: usize = 3;

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Entry(usize),
    SmallTalk(usize),
    Outside,
}

/// A question in its place.
struct Placed<'f> {
    owner: Owner,
    text: &'f str,
    file: &'f str,
    span: Range<usize>,
    /// Its words in standard spelling, sorted.
    key: Vec<String>,
    /// Whether it is a title. That two titles are equal is a matter of its own.
    is_title: bool,
}

/// Every question that stands in two places, as a fault of the one that fits worse.
pub fn review(faq: &Faq, before: Option<&Faq>) -> Vec<Fault> {
    let placed = all(faq);
    let known = before.map(known);
    let mut groups: BTreeMap<&[String], Vec<&Placed<'_>>> = BTreeMap::new();
    for question in placed.iter().filter(|q| !q.key.is_empty()) {
        groups.entry(&question.key).or_default().push(question);
    }
    let mut pairs: BTreeMap<(Owner, Owner), Vec<Fault>> = BTreeMap::new();
    let is_twice = |group: &Vec<&Placed<'_>>| {
        group.iter().any(|q| q.owner != group[0].owner) && group.iter().any(|question| !question.is_title)
    };
    for group in groups.into_values().filter(is_twice) {
        let rank = |question: &Placed<'_>| {
            let is_known = known.as_ref().is_some_and(|known| known.contains(&identity(faq, question)));
            (is_known, fit(question, &placed))
        };
        let better = |a: &&Placed<'_>, b: &&Placed<'_>| {
            let (a, b) = (rank(a), rank(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        };
        // Of equals the first stays.
        let Some(kept) = group.iter().copied().rev().max_by(better) else { continue };
        let mut told = BTreeSet::new();
        for blamed in group.iter().filter(|q| q.owner != kept.owner && told.insert(q.owner)) {
            pairs.entry((blamed.owner, kept.owner)).or_default().push(fault(faq, blamed, kept));
        }
    }
    pairs.into_values().flat_map(brief).collect()
}

/// Of many lines that one place repeats from another the first stands for all.
fn brief(mut faults: Vec<Fault>) -> Vec<Fault> {
    if faults.len() <= MOST_TOLD {
        return faults;
    }
    faults.sort_by_key(|fault| fault.span.as_ref().map(|span| span.start));
    let others = faults.len() - 1;
    faults.truncate(1);
    let hint = faults[0].hint.take().unwrap_or_default();
    faults[0].hint = Some(format!("{others} baris lain di tempat yang sama juga begitu; {hint}"));
    faults
}

/// Every question in its place. A file of one entry a line is not looked at: the same line twice is its own affair.
fn all(faq: &Faq) -> Vec<Placed<'_>> {
    let entries = faq.entries.iter().enumerate().filter(|(_, entry)| entry.reviewed.is_some());
    let mut raw: Vec<Raw<'_>> = Vec::new();
    for (number, entry) in entries {
        // A second entry of one id is told of as such.
        if faq.by_id.get(&entry.id) == Some(&number) {
            raw.extend(listed(Owner::Entry(number), &entry.file, &entry.questions));
            raw.push((Owner::Entry(number), &entry.title, &entry.file, entry.place("title"), true));
        }
    }
    if raw.is_empty() {
        return Vec::new();
    }
    for (kind, small_talk) in faq.small_talk.iter().enumerate() {
        raw.extend(listed(Owner::SmallTalk(kind), "obrolan.toml", &small_talk.questions));
    }
    raw.extend(listed(Owner::Outside, "di-luar.toml", &faq.outside));
    let language = Language::of(raw.iter().map(|(_, text, ..)| *text), &faq.words.lexicon);
    let analyzer = Analyzer::new(faq.words.lexicon.clone(), language);
    raw.into_iter()
        .map(|(owner, text, file, span, is_title)| {
            let mut key: Vec<String> = analyzer.tokens(text).into_iter().map(|token| token.surface).collect();
            key.sort_unstable();
            Placed { owner, text, file, span, key, is_title }
        })
        .collect()
}

/// A question in its place, before its words are read: owner, text, file, span, whether it is a title.
type Raw<'f> = (Owner, &'f str, &'f str, Range<usize>, bool);

fn listed<'f>(owner: Owner, file: &'f str, list: &'f [Phrasing]) -> impl Iterator<Item = Raw<'f>> {
    list.iter().map(move |phrasing| (owner, phrasing.text.as_str(), file, phrasing.span.clone(), false))
}

/// What a question is known by from one version of a FAQ to the next.
fn identity(faq: &Faq, question: &Placed<'_>) -> (String, String) {
    let owner = match question.owner {
        Owner::Entry(entry) => faq.entries[entry].id.clone(),
        Owner::SmallTalk(kind) => format!("obrolan {}", faq.small_talk[kind].id),
        Owner::Outside => "di luar".to_owned(),
    };
    (owner, words(question.text).join(" "))
}

fn known(faq: &Faq) -> HashSet<(String, String)> {
    all(faq).iter().map(|question| identity(faq, question)).collect()
}

/// How well a question fits among the others of its place: the mean share of words that it has in common with those nearest
/// to it.
fn fit(question: &Placed<'_>, all: &[Placed<'_>]) -> f64 {
    let others = all.iter().filter(|other| other.owner == question.owner && other.key != question.key);
    let mut shared: Vec<f64> = others.map(|other| common(&question.key, &other.key)).collect();
    shared.sort_by(|a, b| b.total_cmp(a));
    shared.truncate(NEAREST);
    shared.iter().sum::<f64>() / shared.len().max(1) as f64
}

/// The share of words that two sorted lists have in common (Jaccard).
fn common(a: &[String], b: &[String]) -> f64 {
    let (a, b): (BTreeSet<&String>, BTreeSet<&String>) = (a.iter().collect(), b.iter().collect());
    a.intersection(&b).count() as f64 / a.union(&b).count().max(1) as f64
}

fn fault(faq: &Faq, blamed: &Placed<'_>, kept: &Placed<'_>) -> Fault {
    let text = blamed.text;
    let as_written = words(text) == words(kept.text);
    let same = if as_written { "" } else { "ejaan, sinonim, dan urutan kata tidak membedakan keduanya; " };
    let twin = if as_written { String::new() } else { format!(", sebagai \"{}\"", kept.text) };
    let id = |entry: usize| faq.entries[entry].id.as_str();
    let (message, rule) = match (blamed.owner, kept.owner) {
        (Owner::Entry(a), Owner::Entry(b)) if as_written => (
            format!("pertanyaan \"{text}\" ada di dua entri: `{}` dan `{}`", id(b), id(a)),
            "satu pertanyaan hanya milik satu entri; hapus salah satu",
        ),
        (Owner::Entry(a), Owner::Entry(b)) => (
            format!("pertanyaan \"{text}\" di `{}` sama dengan \"{}\" di `{}`", id(a), kept.text, id(b)),
            "satu pertanyaan hanya milik satu entri; hapus salah satu",
        ),
        (Owner::Entry(a), other) | (other, Owner::Entry(a)) => {
            let list = match other {
                Owner::SmallTalk(kind) => format!("obrolan.toml (`{}`)", faq.small_talk[kind].id),
                _ => "di-luar.toml".to_owned(),
            };
            let place = if blamed.owner == other {
                format!("di {list} ada juga di entri `{}`", id(a))
            } else {
                format!("di `{}` ada juga di {list}", id(a))
            };
            (format!("pertanyaan \"{text}\" {place}{twin}"), "yang satu dijawab, yang lain tidak; hapus salah satu")
        }
        _ => (
            format!("kalimat \"{text}\" ada dua kali, di balasan yang berbeda atau di luar{twin}"),
            "satu kalimat hanya punya satu balasan; hapus salah satu",
        ),
    };
    Fault::new(blamed.file, blamed.span.clone(), message)
        .also(kept.file, kept.span.clone(), "yang sama di sini")
        .hint(format!("{same}{rule}"))
}
