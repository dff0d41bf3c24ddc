//! Candidates are treated alike: the same answer for each, an entry for each, in ballot order, without praise or blame.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::fold::{Folded, own_words};
use super::person::{People, candidates};
use crate::faq::Faq;
use crate::faq::entry::{Entry, Template};
use crate::faq::fault::Fault;
use crate::faq::outline::Written;
use crate::text::normalize::words;

/// Entries whose answers must be the same but for the candidate they speak of start so.
const ONE_EACH: &str = "kandidat-nomor-";
/// Entries in which no word praises or blames, whomever it is about.
const ABOUT: [&str; 4] = ["kandidat-", "hasil-", "netral-", "partai-"];
/// Names that stand for the election that runs or comes next: of which elections they may be.
const STANDING: [&str; 2] = ["pemilu", "pilkada"];

/// The entries on single candidates must be the same but for the number.
pub(super) fn alike(faq: &Faq, faults: &mut Vec<Fault>) {
    let form = |entry: &Entry| {
        let number = entry.id.trim_start_matches(ONE_EACH);
        let own = format!("nomor_{number}");
        let texts: Vec<String> = entry.templates().iter().map(|t| t.value.replace(&own, "nomor_N")).collect();
        (texts, entry.sources.clone(), entry.sensitive)
    };
    let mut peers = faq.entries.iter().filter(|e| e.id.starts_with(ONE_EACH));
    let Some(first) = peers.next() else { return };
    let wanted = form(first);
    for entry in peers {
        if form(entry) != wanted {
            faults.push(
                Fault::new(
                    &entry.file,
                    entry.span.clone(),
                    format!("entri `{}` tidak sama bentuknya dengan `{}`", entry.id, first.id),
                )
                .also(&first.file, first.span.clone(), "bandingkan dengan ini")
                .hint(
                    "jawaban semua pasangan calon harus sama kata demi kata, hanya nomor_1, nomor_2, ... yang berbeda",
                ),
            );
        }
    }
}

/// Where an election's candidates have entries of their own, each has one: else who asks for the fourth is shown another.
pub(super) fn missing(faq: &Faq, written: &Written, faults: &mut Vec<Fault>) {
    if written.opaque || !written.broken.is_empty() {
        return;
    }
    let single: Vec<&Entry> = faq.entries.iter().filter(|e| e.id.starts_with(ONE_EACH)).collect();
    for election in faq.elections.iter().filter(|e| !written.hides(&format!("{}.candidates", e.key))) {
        let own =
            [election.key.as_str()].into_iter().chain(STANDING.into_iter().filter(|s| election.key.starts_with(s)));
        let names: Vec<String> = own.map(|key| format!("{key}.nomor_")).collect();
        let speaks =
            |entry: &&Entry| entry.templates().iter().any(|t| names.iter().any(|name| names_whole(&t.value, name)));
        let Some(model) = single.iter().copied().find(speaks) else { continue };
        for (number, _) in candidates(election) {
            let id = format!("{ONE_EACH}{number}");
            if faq.entry(&id).is_none() && !written.has_entry(&id) {
                let place = election.places.get(&format!("candidates.{number}"));
                let message = format!("pasangan nomor {number} {} belum punya entri `{id}`", election.name);
                faults.push(Fault::new(&election.file(), place, message).hint(format!(
                    "yang bertanya tentang nomor {number} akan diberi pasangan lain; salin entri `{}` dan ganti nomornya",
                    model.id
                )));
            }
        }
    }
}

/// Whether `name` stands in `text`, not as the end of a longer name.
fn names_whole(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

/// Candidates appear in ballot order, and none alone where others could stand.
pub(super) fn ballot_order(faq: &Faq, faults: &mut Vec<Fault>) {
    static SORTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\.candidates\b[^}]*\|\s*(urut\b[^}|]*)").expect("a pattern of our own"));
    for entry in &faq.entries {
        for template in entry.templates() {
            if let Some(found) = SORTED.captures(&template.value).and_then(|c| c.get(1)) {
                let message = "calon diurutkan menurut hasil, bukan menurut nomor urut";
                faults.push(
                    Fault::new(&entry.file, template.at(found.range()), message)
                        .hint("hapus saringan urut(...): calon selalu disebut menurut nomor urut"),
                );
            }
            for (election, before, number, range) in out_of_order(&template.value, entry.sensitive) {
                let message = format!("calon nomor {number} disebut sesudah nomor {before}");
                let hint = format!("sebut calon {election} menurut nomor urut, dari nomor terkecil");
                faults.push(Fault::new(&entry.file, template.at(range), message).hint(hint));
            }
        }
        some_only(faq, entry, faults);
    }
}

/// In each paragraph the first candidate of each election that comes after one of a higher number: election, the higher
/// number, its own, where. Numbers by hand count where candidates are what is spoken of.
fn out_of_order(text: &str, by_hand: bool) -> Vec<(String, i64, i64, Range<usize>)> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b([a-z0-9_]+)\.nomor_(\d+)|(?i)\b(?:paslon|pasangan calon|pasangan|nomor urut|nomor)\s+(?:nomor\s+)?(?:urut\s+)?0?([1-9])\b")
            .expect("a pattern of our own")
    });
    let mut wrong = Vec::new();
    let mut offset = 0;
    for paragraph in text.split("\n\n") {
        let mut highest: BTreeMap<&str, (i64, BTreeSet<i64>)> = BTreeMap::new();
        for captures in NAMED.captures_iter(paragraph) {
            let (Some(whole), Some(number)) = (captures.get(0), captures.get(2).or_else(|| captures.get(3))) else {
                continue;
            };
            let key = captures.get(1).map_or("ini", |key| key.as_str());
            let Ok(number) = number.as_str().parse::<i64>() else { continue };
            if captures.get(1).is_none() && !by_hand {
                continue;
            }
            let (most, seen) = highest.entry(key).or_default();
            if seen.insert(number) && number < *most {
                let range = offset + whole.start()..offset + whole.end();
                wrong.push((key.to_owned(), *most, number, range));
                break;
            }
            *most = number.max(*most);
        }
        offset += paragraph.len() + 2;
    }
    wrong
}

/// An entry on candidates that names some of them and not the others.
fn some_only(faq: &Faq, entry: &Entry, faults: &mut Vec<Fault>) {
    if !entry.id.starts_with("kandidat-") || entry.id.starts_with(ONE_EACH) {
        return;
    }
    let templates = entry.templates();
    for election in &faq.elections {
        let all: BTreeSet<i64> = candidates(election).map(|(number, _)| number).collect();
        let is_named = |number: &i64| {
            let name = format!("{}.nomor_{number}.", election.key);
            templates.iter().any(|t| names_whole(&t.value, &name))
        };
        let whole = format!("{}.candidates", election.key);
        let named: Vec<i64> = all.iter().copied().filter(is_named).collect();
        if named.is_empty() || named.len() == all.len() || templates.iter().any(|t| names_whole(&t.value, &whole)) {
            continue;
        }
        let some = named.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("entri `{}` menyebut calon nomor {some} saja, dari {} calon", entry.id, all.len());
        faults.push(
            Fault::new(&entry.file, entry.span.clone(), message)
                .warning()
                .hint("sebut semua calon dengan isian yang sama, atau tidak satu pun"),
        );
    }
}

/// No word that praises or blames: anywhere in an entry on candidates, results and parties, elsewhere in a sentence that
/// names a candidate.
pub(super) fn praise(faq: &Faq, people: &People, faults: &mut Vec<Fault>) {
    let banned = banned(faq);
    for entry in &faq.entries {
        let about = ABOUT.iter().any(|start| entry.id.starts_with(start));
        for template in entry.templates() {
            let text = own_words(&template.value);
            let whole = 0..text.len();
            let sentences = if about { vec![whole] } else { naming_sentences(template, &text, people) };
            for sentence in sentences {
                for (written, range) in praised(&text[sentence.clone()], &banned) {
                    let place = template.at(sentence.start + range.start..sentence.start + range.end);
                    faults.push(
                        Fault::new(&entry.file, place, format!("kata \"{written}\" memihak di entri tentang calon"))
                            .hint("semua calon diperlakukan sama; pakai kata yang netral"),
                    );
                }
            }
        }
    }
}

/// The words that praise or blame, each with how it is written in the lexicon.
pub(super) fn banned(faq: &Faq) -> Vec<(&str, Vec<String>)> {
    let list = faq.words.persuasive.iter().map(|written| (written.as_str(), words(written)));
    let mut banned: Vec<_> = list.filter(|(_, words)| !words.is_empty()).collect();
    // Of "paling hebat" and "hebat" the longer is told.
    banned.sort_by_key(|(_, words)| std::cmp::Reverse(words.len()));
    banned
}

/// Which of `banned` stand in `text`, each once.
pub(super) fn praised<'b>(text: &str, banned: &[(&'b str, Vec<String>)]) -> Vec<(&'b str, Range<usize>)> {
    let folded = Folded::new(text);
    let found = folded.words();
    let mut praised: Vec<(&str, Range<usize>)> = Vec::new();
    for (written, list) in banned {
        let hit =
            found.windows(list.len()).find(|window| window.iter().zip(list).all(|((word, _), want)| word == want));
        let Some(range) = hit.map(|window| window[0].1.start..window[window.len() - 1].1.end) else { continue };
        // "paling hebat" and "hebat" are one finding.
        if !praised.iter().any(|(_, other)| other.start < range.end && range.start < other.end) {
            praised.push((written, range));
        }
    }
    praised
}

/// The sentences of `text` that name a candidate, by template or by hand.
fn naming_sentences(template: &Template, text: &str, people: &People) -> Vec<Range<usize>> {
    let mut places: Vec<usize> = template.value.match_indices(".nomor_").map(|(at, _)| at).collect();
    places.extend(people.mentions(text).into_iter().map(|mention| mention.range.start));
    let mut sentences: Vec<Range<usize>> = places.into_iter().map(|at| sentence(text, at)).collect();
    sentences.sort_by_key(|sentence| sentence.start);
    sentences.dedup();
    sentences
}

/// The sentence around `at`: between full stops, question marks and line ends.
fn sentence(text: &str, at: usize) -> Range<usize> {
    let ends = [". ", "? ", "! ", "\n", ".\n"];
    let start = ends.iter().filter_map(|end| text[..at].rfind(end).map(|i| i + end.len())).max().unwrap_or(0);
    let end = ends.iter().filter_map(|end| text[at..].find(end).map(|i| at + i)).min().unwrap_or(text.len());
    start..end
}
