//! Who stands for election, and where a text speaks of them: by name, by template, by number.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::fold::{Folded, own_words};
use crate::faq::Faq;
use crate::faq::election::{Datum, Election, Item};
use crate::text::normalize::words;

/// The keys of a candidate that hold a person's name.
const NAMES: [&str; 4] = ["president", "vice_president", "name", "deputy"];
/// A part of a name that says who is meant has this many letters at least: "Moh." and "MD" don't.
const SHORTEST: usize = 4;
/// What stands before a name and shows that it is one.
const TITLES: [&str; 26] = [
    "pak", "bu", "bapak", "ibu", "mas", "mbak", "cak", "gus", "prof", "dr", "jenderal", "capres", "cawapres", "calon",
    "paslon", "pasangan", "presiden", "wapres", "gubernur", "bupati", "walikota", "kandidat", "nomor", "pilih",
    "dukung", "kubu",
];

/// One person who stands for election.
#[derive(Debug)]
pub(super) struct Person {
    /// The name as the election file has it.
    pub name: String,
    /// How to write it in an answer.
    pub instead: String,
    /// Its parts in small letters.
    parts: Vec<String>,
}

/// How surely a text names a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// Two parts of the name or more, or one that is written as a name.
    Sure,
    /// A word that may be another's name, or none.
    Likely,
}

/// A place that names a person.
#[derive(Debug)]
pub(super) struct Mention<'p> {
    /// Who.
    pub person: &'p Person,
    /// Which bytes of the text.
    pub range: Range<usize>,
    /// How surely.
    pub certainty: Certainty,
}

/// Everyone who stands for election, found by any part of a name.
#[derive(Debug)]
pub(super) struct People {
    persons: Vec<Person>,
    by_part: HashMap<String, Vec<usize>>,
    /// Words that are no one's name by themselves.
    ordinary: HashSet<String>,
}

impl People {
    /// Those in the elections of `faq`.
    pub(super) fn of(faq: &Faq) -> Self {
        let persons = faq.elections.iter().flat_map(|e| candidates(e).flat_map(|(n, item)| persons(e, n, item)));
        Self::new(persons.collect(), ordinary(faq))
    }

    fn new(persons: Vec<Person>, ordinary: HashSet<String>) -> Self {
        let mut by_part: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, person) in persons.iter().enumerate() {
            for part in &person.parts {
                by_part.entry(part.clone()).or_default().push(i);
            }
        }
        Self { persons, by_part, ordinary }
    }

    /// The places at which `text` names one of them, however it is written.
    pub(super) fn mentions(&self, text: &str) -> Vec<Mention<'_>> {
        let folded = Folded::new(text);
        let found = folded.words();
        let mut mentions = Vec::new();
        let mut i = 0;
        while i < found.len() {
            let named = self.by_part.get(found[i].0).into_iter().flatten().map(|&p| &self.persons[p]);
            // Of two who share a part the one with more of the name; of equals the first.
            let best = named.map(|person| (run(&found[i..], &person.parts), person)).rev().max_by_key(|(n, _)| *n);
            let Some((length, person)) = best.filter(|(n, _)| *n > 0) else {
                i += 1;
                continue;
            };
            let range = found[i].1.start..found[i + length - 1].1.end;
            let long = found[i..i + length].iter().any(|(word, _)| word.chars().count() >= SHORTEST);
            if long && (length > 1 || !self.ordinary.contains(found[i].0)) {
                let certainty = if length > 1 { Certainty::Sure } else { self.alone(text, &found, i) };
                mentions.push(Mention { person, range, certainty });
            }
            i += length;
        }
        mentions
    }

    /// One part of a name: written as a name, and not followed by another's, it is one.
    fn alone(&self, text: &str, found: &[(&str, Range<usize>)], i: usize) -> Certainty {
        let is_part = |word: &str| self.by_part.contains_key(word);
        let begins_high = |range: &Range<usize>| text[range.clone()].starts_with(char::is_uppercase);
        let follows = found
            .get(i + 1)
            .filter(|(_, next)| text[found[i].1.end..next.start].chars().all(char::is_whitespace) && begins_high(next));
        let shouted = text[found[i].1.clone()].chars().all(|c| !c.is_lowercase());
        let another = follows.is_some_and(|(word, _)| !is_part(word)) && !shouted;
        let titled = i > 0 && (TITLES.contains(&found[i - 1].0) || is_part(found[i - 1].0));
        if titled || begins_high(&found[i].1) && !another { Certainty::Sure } else { Certainty::Likely }
    }
}

/// The candidates of an election with their numbers.
pub(super) fn candidates(election: &Election) -> impl Iterator<Item = (i64, &Item)> {
    election.lists.get("candidates").into_iter().flatten().filter_map(|item| match item.get("number") {
        Some(Datum::Integer(number)) => Some((*number, item)),
        _ => None,
    })
}

fn persons(election: &Election, number: i64, item: &Item) -> Vec<Person> {
    let named = item.iter().filter(|(key, _)| NAMES.contains(&key.as_str()));
    named
        .filter_map(|(key, value)| match value {
            Datum::Text(name) => Some(Person {
                name: name.clone(),
                instead: format!("{{{{ {}.nomor_{number}.{key} }}}}", election.key),
                parts: words(name),
            }),
            _ => None,
        })
        .collect()
}

/// Words of the answers in small letters, each of two entries or more: these are no one's name by themselves.
fn ordinary(faq: &Faq) -> HashSet<String> {
    let (mut once, mut twice) = (HashSet::new(), HashSet::new());
    for entry in &faq.entries {
        let mut own: HashSet<String> = HashSet::new();
        for template in entry.templates() {
            let text = own_words(&template.value);
            let small = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && **w == w.to_lowercase());
            own.extend(small.map(str::to_owned));
        }
        for word in own {
            if !once.insert(word.clone()) {
                twice.insert(word);
            }
        }
    }
    twice
}

/// How many words at the head of `found` are parts of a name, in its order.
fn run(found: &[(&str, Range<usize>)], parts: &[String]) -> usize {
    let mut from = 0;
    let mut length = 0;
    for (word, _) in found {
        let Some(at) = parts[from..].iter().position(|part| part == word) else { break };
        from += at + 1;
        length += 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> Person {
        Person { name: name.to_owned(), instead: String::new(), parts: words(name) }
    }

    #[test]
    fn names_in_any_spelling() {
        let persons = [person("Anies Rasyid Baswedan"), person("Moh. Mahfud MD"), person("Adil Cahaya")];
        let people = People::new(persons.into(), HashSet::from(["adil".to_owned()]));
        for (text, wanted) in [
            ("PROF MAHFUD MD hadir", Some(("MAHFUD MD", Certainty::Sure))),
            ("Anies\u{a0}Baswedan", Some(("Anies\u{a0}Baswedan", Certainty::Sure))),
            ("anies  rasyid baswedan", Some(("anies  rasyid baswedan", Certainty::Sure))),
            ("Pak Anies unggul", Some(("Anies", Certainty::Sure))),
            ("pak anies unggul", Some(("anies", Certainty::Sure))),
            ("menurut anies", Some(("anies", Certainty::Likely))),
            ("Desainer Anies Hutagalung", Some(("Anies", Certainty::Likely))),
            ("ANIES MENANG", Some(("ANIES", Certainty::Sure))),
            ("Cahaya", Some(("Cahaya", Certainty::Sure))),
            ("Adil dan jujur", None),
            ("Gelar MD dan Moh.", None),
            ("Aniesa", None),
        ] {
            let found = people.mentions(text);
            let first = found.first().map(|m| (&text[m.range.clone()], m.certainty));
            assert_eq!(first, wanted, "{text}");
        }
    }
}
