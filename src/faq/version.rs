//! The version of an entry: a short hash of what it says. It is the same on every day as long as the files are the same,
//! and another one as soon as a voter may be told something else: another text in either language, another title or source,
//! or another value of an election that the text names. Phrasings, dates of review and of validity are no part of it.
//!
//! What is hashed, and how, stays as it is from one version of the program to the next: else all entries would seem to have
//! changed, and all who were ever told anything would be offered a correction.
//!
//! A code is an entry's id and its version, `jadwal-libur-3f2a`. Ids may end like that themselves, so an id always wins over a
//! code, and no version makes a code that is an id.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::Faq;
use super::election::{Datum, Election, Item, Kind, KnownFrom, Stage, known::FIGURES};
use super::entry::{Body, Entry};
use super::template::naming::paths;

/// How many hexadecimal digits a version has.
const DIGITS: usize = 4;
/// The list of an election whose items go by a number too: `nomor_2`.
const CANDIDATES: &str = "candidates";

impl Faq {
    /// The version of `entry`.
    pub fn version(&self, entry: &Entry) -> String {
        // Under each answer stands one, and what it is hashed from is long: all are made once.
        let is_own = |place: &usize| self.entries.get(*place).is_some_and(|own| std::ptr::eq(own, entry));
        let Some(place) = self.by_id.get(&entry.id).copied().filter(is_own) else { return self.version_of(entry) };
        let all = || self.entries.iter().map(|entry| self.version_of(entry)).collect();
        self.versions.get_or_init(all)[place].clone()
    }

    fn version_of(&self, entry: &Entry) -> String {
        let hash = self.hash(entry);
        let mut versions = hash.as_bytes().chunks_exact(DIGITS).map(|v| String::from_utf8_lossy(v).into_owned());
        let free = versions.find(|v| self.entry(&format!("{}-{v}", entry.id)).is_none());
        free.unwrap_or_default()
    }

    /// The code of `entry`: its id and its version.
    pub fn code(&self, entry: &Entry) -> String {
        format!("{}-{}", entry.id, self.version(entry))
    }

    /// The entry of `code`, which has a version or none, and that version.
    pub fn coded<'c>(&self, code: &'c str) -> Option<(&Entry, Option<&'c str>)> {
        if let Some(entry) = self.entry(code) {
            return Some((entry, None));
        }
        let (id, version) = code.rsplit_once('-')?;
        let is_version = version.len() == DIGITS && version.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        self.entry(id).filter(|_| is_version).map(|entry| (entry, Some(version)))
    }

    /// All that `entry` says, as a hash in hexadecimal digits.
    fn hash(&self, entry: &Entry) -> String {
        let mut said = Said::default();
        said.part("title", [entry.title.as_str()]);
        said.part("text", entry.written());
        if let Some(english) = &entry.english {
            said.part("title_en", [english.title.as_str()]);
            said.part("text_en", english.body.templates().into_iter().map(|t| t.value.as_str()));
        }
        said.part("sources", entry.sources.iter().map(|source| source.text.as_str()));
        // What the table of civil servants says in one sentence goes under the code of the entry where the rule stands.
        for cell in self.asn_check.cells.iter().filter(|cell| cell.entry.value == entry.id) {
            let english = cell.says_en.as_ref().map(|says| says.value.trim()).unwrap_or_default();
            let says = cell.says.value.trim();
            said.part("cell", [cell.who.value.as_str(), cell.what.value.as_str(), says, english]);
        }
        let mut names: BTreeSet<String> = entry.all_templates().flat_map(|template| paths(&template.value)).collect();
        if let Body::Staged { election, stage, .. } = &entry.body {
            names.insert(format!("{election}.{stage}"));
        }
        for name in names {
            said.part("name", [name.as_str()]);
            self.named(&name.split('.').collect::<Vec<_>>(), &mut said);
        }
        said.hash()
    }

    /// The values that a name in a template stands for, on whatever day: of `pemilu` those of all elections of its kind.
    fn named(&self, name: &[&str], said: &mut Said) {
        match *name {
            ["bot", setting, ..] => {
                let value = self.settings.in_templates().get(setting).map(i64::to_string).unwrap_or_default();
                said.part("setting", [value.as_str()]);
            }
            ["kini", "pemilu", ref member @ ..] => {
                self.elections().for_each(|election| of_election(election, member, said));
            }
            // Which stages run now is told of all elections.
            ["kini", ..] => self.elections().for_each(|election| of_election(election, &["stages"], said)),
            [head, ref member @ ..] => {
                let kind = Kind::of_alias(head);
                let is_meant = |election: &&Election| kind.map_or(election.key == head, |kind| election.kind == kind);
                self.elections().filter(is_meant).for_each(|election| of_election(election, member, said));
            }
            [] => {}
        }
    }
}

/// What an election has under a name.
fn of_election(election: &Election, member: &[&str], said: &mut Said) {
    let called = |said: &mut Said| {
        said.part("election", [election.name.as_str(), election.name_en.as_deref().unwrap_or_default()]);
    };
    let Some(&first) = member.first() else { return called(said) };
    if let Some(stage) = election.stage(first) {
        of_stage(stage, said);
    } else if let Some(items) = election.lists.get(first) {
        said.days(&election.known_from, first);
        items.iter().for_each(|item| said.item(item));
    } else if let Some(number) = first.strip_prefix("nomor_").and_then(|number| number.parse().ok()) {
        said.days(&election.known_from, CANDIDATES);
        let all = election.lists.get(CANDIDATES).into_iter().flatten();
        all.filter(|item| item.get("number") == Some(&Datum::Integer(number))).for_each(|item| said.item(item));
    } else if first == FIGURES {
        said.days(&election.known_from, FIGURES);
        let wanted = |key: &str| member.get(1).is_none_or(|name| *name == key);
        said.item(&election.figures.iter().filter(|(k, _)| wanted(k)).map(|(k, v)| (k.clone(), v.clone())).collect());
    } else if first == "stages" {
        called(said);
        election.stages.iter().for_each(|stage| of_stage(stage, said));
    } else if first == "name" {
        called(said);
    }
}

fn of_stage(stage: &Stage, said: &mut Said) {
    let texts = [&stage.name_en, &stage.open, &stage.close].map(|text| text.as_deref().unwrap_or_default());
    let days = [Some(stage.start), Some(stage.end), stage.known_from]
        .map(|day| day.map_or_else(String::new, |d| d.to_string()));
    let flags = [stage.main, stage.held, stage.days_told].map(|flag| flag.to_string());
    let own = [stage.key.as_str(), stage.name.as_str(), stage.zone.label()];
    said.part("stage", own.into_iter().chain(texts).chain(days.iter().chain(&flags).map(String::as_str)));
}

/// What was said so far. Each part is written with its length, so that nothing can slip from one into the next.
#[derive(Default)]
struct Said(Sha256);

impl Said {
    fn part<'t>(&mut self, kind: &str, texts: impl IntoIterator<Item = &'t str>) {
        self.text(kind);
        texts.into_iter().for_each(|text| self.text(text));
    }

    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    fn item(&mut self, item: &Item) {
        self.text("item");
        for (key, datum) in item {
            self.text(key);
            match datum {
                Datum::Text(text) => self.text(text),
                Datum::Integer(number) => self.text(&number.to_string()),
                Datum::Decimal(number) => self.text(&number.to_string()),
                Datum::Flag(flag) => self.text(&flag.to_string()),
                Datum::Day(day) => self.text(&day.to_string()),
                Datum::List(texts) => texts.iter().for_each(|text| self.text(text)),
            }
        }
    }

    /// From when single values of a list, or of the figures, may be told.
    fn days(&mut self, known_from: &KnownFrom, list: &str) {
        for (key, day) in known_from.of(list) {
            self.text(key);
            self.text(&day.to_string());
        }
    }

    fn hash(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use super::*;
    use crate::faq::election::Zone;
    use crate::faq::source::Source;
    use crate::text::language::Language;

    fn faq() -> Faq {
        Faq::load(&Source::BuiltIn).0.expect("a sound FAQ")
    }

    fn version(faq: &Faq, id: &str) -> String {
        faq.version(faq.entry(id).expect("an entry"))
    }

    /// An entry of one text in two languages that names no election.
    fn plain(faq: &Faq) -> &Entry {
        let names_none = |e: &&Entry| e.all_templates().all(|text| paths(&text.value).is_empty());
        let mut plain = faq.entries.iter().filter(|e| matches!(e.body, Body::Always(_)) && e.english.is_some());
        plain.find(names_none).expect("an entry")
    }

    #[test]
    fn a_version_changes_with_what_is_said_and_with_nothing_else() {
        let faq = faq();
        let id = plain(&faq).id.clone();
        let before = version(&faq, &id);
        assert!(before.len() == DIGITS && before.bytes().all(|b| b.is_ascii_hexdigit()), "{before}");
        let at = faq.entries.iter().position(|e| e.id == id).expect("an entry");
        let changed = |change: fn(&mut Entry)| version(&faq.tried(|faq| change(&mut faq.entries[at])), &id);
        let silent: [fn(&mut Entry); 3] =
            [|e| e.questions.truncate(3), |e| e.reviewed = None, |e| e.valid_until = Some(chrono::NaiveDate::MAX)];
        for change in silent {
            assert_eq!(changed(change), before);
        }
        let told: [fn(&mut Entry); 4] = [
            |e| e.title.push('!'),
            |e| e.sources.truncate(0),
            |e| match &mut e.body {
                Body::Always(text) => text.value.push('!'),
                _ => panic!("one text"),
            },
            |e| e.english = None,
        ];
        for change in told {
            assert_ne!(changed(change), before);
        }
        // An entry of another FAQ is not taken for this one's of the same id.
        let other = faq.tried(|faq| faq.entries[at].title.push('!'));
        assert_eq!(faq.version(&other.entries[at]), version(&other, &id));
    }

    #[test]
    fn a_value_that_a_text_names_is_a_part_of_what_it_says() {
        let faq = faq();
        let election = faq.elections.iter().position(|e| e.key == "pemilu2024").expect("an election");
        let moved = faq.tried(|faq| {
            let own = Arc::make_mut(&mut faq.elections[election]);
            let stage = own.stages.iter_mut().find(|stage| stage.key == "pemungutan_suara").expect("a stage");
            let stage = Arc::make_mut(stage);
            (stage.start, stage.end) = (stage.start + chrono::Days::new(7), stage.end + chrono::Days::new(7));
        });
        assert_ne!(version(&faq, "jadwal-pemungutan-suara"), version(&moved, "jadwal-pemungutan-suara"));
        let other = &plain(&faq).id;
        assert_eq!(version(&faq, other), version(&moved, other), "it names no day");
    }

    #[test]
    fn a_cell_counts_for_the_entry_where_its_rule_stands() {
        let faq = faq();
        let own = faq.asn_check.cells[0].entry.value.clone();
        let changed = faq.tried(|faq| faq.asn_check.cells[0].says.value.push('!'));
        let others = faq.entries.iter().filter(|e| e.id != own);
        assert_ne!(version(&faq, &own), version(&changed, &own));
        assert!(others.map(|e| &e.id).all(|id| version(&faq, id) == version(&changed, id)));
        let now = "2026-11-26T10:00:00+07:00".parse().expect("a time");
        let cell = faq.cell_answer(&faq.asn_check.cells[0], Language::Indonesian, now).expect("an answer");
        assert_eq!(cell.code, format!("{own}-{}", version(&faq, &own)));
        assert!(cell.footer.ends_with(&cell.code), "{}", cell.footer);
    }

    #[test]
    fn a_code_is_taken_with_or_without_its_version_and_an_id_wins() {
        let faq = faq();
        let now = version(&faq, "golput");
        let code = format!("golput-{now}");
        let read = |faq: &Faq, code: &'static str| faq.coded(code).map(|(e, v)| (e.id.clone(), v));
        assert_eq!(faq.coded(&code).map(|(e, v)| (e.id.as_str(), v)), Some(("golput", Some(now.as_str()))));
        assert_eq!(read(&faq, "golput"), Some(("golput".to_owned(), None)));
        assert_eq!(read(&faq, "golput-0000"), Some(("golput".to_owned(), Some("0000"))), "an older one");
        for none in ["golput-", "golput-000", "golput-00000", "golput-000g", "golput-00A0", "-0000", "tidak-ada-0000"] {
            assert_eq!(read(&faq, none), None, "{none}");
        }
        // An id that ends like a version is an id, and no code is the same.
        let taken = faq.tried(|faq| {
            let twin = Entry { id: code.clone(), ..faq.entry("golput").expect("an entry").clone() };
            faq.entries.push(twin);
        });
        assert_eq!(taken.coded(&code).map(|(e, v)| (e.id.clone(), v)), Some((code.clone(), None)));
        assert_ne!(taken.code(taken.entry("golput").expect("an entry")), code);
    }

    #[test]
    fn what_is_hashed_stays_as_it_is() {
        let mut said = Said::default();
        said.part("title", ["a"]);
        said.item(&Item::from([("k".to_owned(), Datum::Decimal(58.5)), ("l".to_owned(), Datum::Flag(true))]));
        assert_eq!(said.hash()[..8], *"180e6c8f");
        let day = |day: &str| day.parse().expect("a day");
        let stage = Stage {
            key: "vote".to_owned(),
            name: "Vote".to_owned(),
            name_en: None,
            start: day("2029-02-14"),
            end: day("2029-02-15"),
            open: Some("07.00".to_owned()),
            close: Some("13.00".to_owned()),
            zone: Zone::Local,
            main: true,
            held: true,
            days_told: false,
            known_from: None,
            span: 0..0,
        };
        let mut said = Said::default();
        of_stage(&stage, &mut said);
        assert_eq!(said.hash()[..8], *"80ab804c");
    }

    #[test]
    fn versions_of_all_entries_differ_from_one_another() {
        let faq = faq();
        let versions: HashSet<String> = faq.entries.iter().map(|entry| faq.hash(entry)).collect();
        assert_eq!(versions.len(), faq.entries.len());
    }
}
