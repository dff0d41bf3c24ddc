//! Words that tell things apart: an entry is given as the answer only if it does not contradict what the question says
//! plainly.
//!
//! The signals weigh all words alike, so that "hasil pileg 2029" lies next to "hasil pileg 2024" and "kalau bukan PNS" next
//! to "kalau PNS". This is the guard between the verdict and the answer. It never finds an entry; it only holds one back,
//! by these rules, of which [`Contradiction`] names each:
//!
//! 1. **Years.** A year that the question names must be spoken of by the entry: in its title, its phrasings or its text
//!    of the day, or as that of an election which its template names. Entries that name no election and are about no year
//!    hold for each election whose stages the FAQ knows. A term of office ("2024-2029") speaks of its first year's election only.
//! 2. **Exclusion.** Who says "bukan PNS", "selain caleg" or "non ASN" is not given the rule for them: an entry that is
//!    about what is excluded (its title has it, or one in five of its phrasings) contradicts, unless a phrasing or its text
//!    excludes the same, or deals with its lack ("nyoblos tanpa KTP").
//! 3. **Elections.** Pilkada, pilkades and the elections of a pemilu are told apart, by name, by their candidates, and,
//!    where a result is asked, by their offices. An entry contradicts if it speaks of others only. What speaks of a pemilu
//!    in general speaks of pilpres and pileg.
//! 4. **Matters.** A result is not a date. An entry whose title asks "kapan" or "hasil" is no answer to the other of these,
//!    or to who runs, how, or on which terms, unless one of its phrasings asks that.
//! 5. **Places.** A result of one province or town is none of the country's, unless the entry speaks of the place.
//! 6. **Addresses.** A web address alone asks nothing, unless it is a phrasing of the entry.
//! 7. **Kinds.** What something costs, and how an account is opened, is told only by an entry that speaks of money, of
//!    accounts.
//! 8. **Yes and no.** A question that names nothing but an election and a day ("hari ini pemilu ga") is not answered by what
//!    begins with yes or no: that is said to a question which says more ("hari pemilu libur ga").
//! 9. **Aspects.** Why, who, when, on which terms: what none of an entry's phrasings asks, or none about much the same, it
//!    hardly tells; see [`super::aspect`].
//! 10. **Siblings.** Entries whose ids differ in their last number only (`kandidat-nomor-1`, `-2`, `-3`) stand for one of
//!     several who are treated alike. One of them is given only if the question names none of the others, and they are
//!     offered only in this order, and only those named.
//!
//! Contradictions that leave nothing to hope for are hard: the entry is not even offered. The others are soft: an offer.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::aspect::{Asked, Aspect};
use super::plain::{Election, GROUPS, Matter, Plain, RESULTS, TIMES};
use crate::faq::Faq;
use crate::text::analyze::{Analyzer, Token};
use crate::text::is_listed;
use crate::text::normalize::words;
use crate::text::year::{Years, years};

/// An entry is about a word that one in so many of its phrasings has.
const ABOUT: usize = 5;
/// An agreeing entry is offered in place of one that contradicts if its chance is at least this share of that one's.
const HOPE: f64 = 0.01;

/// Words that name a day, and what is done on that of an election.
const DAYS: &str = "besok lusa kemarin sekarang ini minggu senin selasa rabu kamis jumat sabtu coblos ada";
/// Kinds of things: the words that ask for one, and others by which a text tells it.
const KINDS: [(&str, &str); 2] = [
    (
        "gaji honor bayaran upah biaya dana duit uang anggaran santunan tunjangan honorarium ongkos tarif mahar",
        "rp rupiah juta ribu miliar gratis bayar",
    ),
    ("akun login password sandi unduh download install", "aplikasi situs laman"),
];
/// What an answer begins with that says yes or no.
const YES_OR_NO: &str = "ya tidak boleh bisa belum bukan wajib harus benar";

/// Names of elections, and who runs in them.
const ELECTIONS: &str = "pemilu pilpres pileg pilkada pilkades presiden capres cawapres caleg paslon calon";
/// Words that ask.
const ASKING: &str = "siapa apa berapa mana bagaimana yang";

/// What an entry says that contradicts a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contradiction {
    /// It does not speak of that year.
    Year(u16),
    /// It is about what the question excludes.
    Excluded(String),
    /// It speaks of other elections; and whether it is about them, rather than about any election.
    Election(bool),
    /// It tells another matter; and whether it has nothing to do with the one asked for.
    Matter(Matter, bool),
    /// It does not speak of that place.
    Place(String),
    /// The question is an address that is none of its phrasings.
    Address(String),
    /// It speaks of nothing of the kind: the word that asks for it.
    Kind(String),
    /// It says yes or no to another question.
    YesOrNo,
    /// Nobody is expected to ask this of it.
    Aspect(Aspect),
    /// The question names one of its siblings.
    Sibling,
}

impl Contradiction {
    /// Whether the entry is not even worth an offer.
    pub fn is_hard(&self) -> bool {
        match self {
            Self::Year(_) => true,
            Self::Excluded(what) => is_listed(GROUPS, what),
            Self::Election(own) => *own,
            Self::Matter(_, strange) => *strange,
            Self::Place(_) | Self::Address(_) | Self::Kind(_) | Self::YesOrNo => false,
            Self::Aspect(_) | Self::Sibling => false,
        }
    }
}

/// What one entry speaks of.
#[derive(Debug, Clone, Default)]
struct Told {
    /// In its title, its phrasings and its sources.
    years: Years,
    /// How many phrasings name each year.
    phrasings_with: BTreeMap<u16, usize>,
    /// In its text, from that day on.
    over_time: Vec<(NaiveDate, Years)>,
    /// Its title.
    title: Plain,
    /// Phrasings that have each stem.
    stems: BTreeMap<String, usize>,
    phrasings: usize,
    /// Whether it begins with yes or no, from that day on.
    yes_or_no: Vec<(NaiveDate, bool)>,
    /// Anywhere.
    all: Plain,
    /// All words and stems, anywhere.
    words: BTreeSet<String>,
    /// Of title and phrasings, without its text.
    asked: BTreeSet<Matter>,
    /// Stems of its phrasings that ask for a result and for no time.
    with_result: BTreeSet<String>,
    /// Phrasings that are addresses.
    addresses: BTreeSet<String>,
    /// Title and phrasings, by what they ask for.
    by_aspect: Asked,
    /// Elections that its title or many of its phrasings are about.
    own: BTreeMap<Election, usize>,
    /// The other entries whose ids differ from its own in the number at their end only.
    siblings: Vec<usize>,
}

/// What the entries of a FAQ speak of.
#[derive(Debug, Clone)]
pub struct Agreement {
    entries: Vec<Told>,
}

impl Agreement {
    /// Reads the entries of `faq`.
    pub fn new(faq: &Faq, analyzer: &Analyzer) -> Self {
        let known: BTreeMap<&str, BTreeSet<u16>> = faq
            .elections()
            .filter(|election| election.stages.iter().any(|stage| stage.main))
            .map(|election| (election.key.as_str(), years(&election.name).named))
            .collect();
        let known_years: BTreeSet<u16> = known.values().flatten().copied().collect();
        let siblings = siblings(faq);
        let entries = faq.entries.iter().zip(siblings).map(|(entry, siblings)| {
            let mut told = Told { siblings, ..Told::default() };
            told.title = told.read(&entry.title, analyzer);
            told.add(&told.title.clone());
            // The title is on the button; it counts as much as all phrasings.
            told.phrasings = 0;
            for phrasing in &entry.questions {
                let plain = told.read(&phrasing.text, analyzer);
                told.add(&plain);
                told.phrasings += 1;
            }
            let mut sentences = BTreeSet::new();
            let mut said_over_time = faq.over_time(entry);
            // On most days it says what it said the day before.
            said_over_time.dedup_by(|next, one| next.text == one.text && next.elections == one.elections);
            for said in said_over_time {
                let mut spoken = years(&said.text);
                let named: Vec<_> = said.elections.iter().filter_map(|key| known.get(key.as_str())).collect();
                // What names no election and is about no year holds for all elections that are known.
                let general = named.is_empty() && !told.has_own_year();
                spoken.named.extend(named.into_iter().chain(general.then_some(&known_years)).flatten());
                told.over_time.push((said.from, spoken));
                told.yes_or_no.push((said.from, says_yes_or_no(&said.text)));
                sentences.extend(said.text.split_inclusive(['.', '\n', ':']).map(str::to_owned));
            }
            for sentence in sentences {
                let plain = told.read(&sentence, analyzer);
                told.all.absorb(plain);
            }
            for source in &entry.sources {
                let cited = years(&source.text);
                told.years.laws.extend(cited.laws.iter().chain(&cited.named));
            }
            told
        });
        Self { entries: entries.collect() }
    }

    /// Takes in a phrasing of `entry`.
    pub fn learn(&mut self, text: &str, tokens: &[Token], entry: usize, analyzer: &Analyzer) {
        if let Some(told) = self.entries.get_mut(entry) {
            told.heard(tokens);
            told.add(&Plain::of(text, tokens, analyzer));
            told.phrasings += 1;
        }
    }

    /// What `entry` says on `today` that contradicts the question; none if it may be given.
    pub fn contradiction(&self, question: &Plain, entry: usize, today: NaiveDate) -> Option<Contradiction> {
        let told = self.entries.get(entry)?;
        told.year(question, today)
            .or_else(|| told.excluded(question))
            .or_else(|| told.election(question))
            .or_else(|| told.matter(question))
            .or_else(|| told.place(question))
            .or_else(|| told.address(question))
            .or_else(|| told.kind(question))
            .or_else(|| told.yes_or_no(question, today))
            .or_else(|| told.by_aspect.lacks(&question.aspects, &question.stems).map(Contradiction::Aspect))
            .or_else(|| self.sibling(question, entry))
    }

    /// What is offered instead of the first of `ranked`, which contradicts the question: entries that agree, then those
    /// that do softly. Beside a hard contradiction there must be one that agrees and whose chance is worth a look; then the
    /// first itself comes last, since it shows what was understood.
    pub fn instead(
        &self,
        question: &Plain,
        why: &Contradiction,
        ranked: &[(usize, f64)],
        today: NaiveDate,
    ) -> Vec<usize> {
        let Some(&(first, most)) = ranked.first() else { return Vec::new() };
        let least = if why.is_hard() { HOPE * most } else { 0.0 };
        let (mut agreeing, mut softly) = (Vec::new(), Vec::new());
        for &(entry, _) in ranked.iter().filter(|(_, chance)| *chance >= least) {
            match self.contradiction(question, entry, today) {
                None => agreeing.push(entry),
                Some(why) if !why.is_hard() => softly.push(entry),
                Some(_) => {}
            }
        }
        if !why.is_hard() {
            agreeing.extend(softly);
        } else if !agreeing.is_empty() {
            agreeing.truncate(1);
            agreeing.push(first);
        }
        agreeing
    }

    /// `offers` without siblings that the question does not name, the others in their order; other entries keep their place.
    pub fn fair(&self, question: &Plain, offers: Vec<usize>) -> Vec<usize> {
        let mut kept: Vec<usize> = offers.into_iter().filter(|&entry| self.is_named(question, entry)).collect();
        let places: Vec<usize> = (0..kept.len()).filter(|&i| self.has_siblings(kept[i])).collect();
        let mut in_order: Vec<usize> = places.iter().map(|&i| kept[i]).collect();
        in_order.sort_unstable();
        for (place, entry) in places.into_iter().zip(in_order) {
            kept[place] = entry;
        }
        kept
    }

    fn has_siblings(&self, entry: usize) -> bool {
        self.entries.get(entry).is_some_and(|told| !told.siblings.is_empty())
    }

    /// Whether the question names `entry` by a word that it is about and that no phrasing of its siblings has, without
    /// excluding it; entries without siblings need no naming.
    fn is_named(&self, question: &Plain, entry: usize) -> bool {
        let Some(told) = self.entries.get(entry).filter(|told| !told.siblings.is_empty()) else { return true };
        let is_own = |stem: &String| {
            told.is_about(stem) && !told.siblings.iter().any(|&other| self.entries[other].stems.contains_key(stem))
        };
        question.stems.iter().any(is_own) && !question.excluded.iter().any(is_own)
    }

    fn sibling(&self, question: &Plain, entry: usize) -> Option<Contradiction> {
        let mut others = self.entries[entry].siblings.iter();
        others.any(|&other| self.is_named(question, other)).then_some(Contradiction::Sibling)
    }
}

impl Told {
    /// Reads a text of the entry, whose words are its.
    fn read(&mut self, text: &str, analyzer: &Analyzer) -> Plain {
        let tokens = analyzer.tokens(text);
        self.heard(&tokens);
        Plain::of(text, &tokens, analyzer)
    }

    fn heard(&mut self, tokens: &[Token]) {
        self.words.extend(tokens.iter().flat_map(|t| [&t.surface, &t.stem]).cloned());
    }

    fn add(&mut self, plain: &Plain) {
        self.years.absorb(&plain.years);
        for year in &plain.years.named {
            *self.phrasings_with.entry(*year).or_default() += 1;
        }
        self.by_aspect.add(&plain.aspects, &plain.stems);
        for stem in &plain.stems {
            *self.stems.entry(stem.clone()).or_default() += 1;
        }
        for election in plain.elections.named.union(&plain.elections.candidates) {
            *self.own.entry(*election).or_default() += 1;
        }
        let dated = plain.matters.contains(&Matter::Result) || plain.matters.contains(&Matter::Time);
        if plain.matters.contains(&Matter::Result) && !plain.matters.contains(&Matter::Time) {
            self.with_result.extend(plain.stems.iter().cloned());
        }
        self.asked.extend(plain.matters.iter().filter(|m| **m != Matter::Candidates || !dated));
        self.addresses.extend(plain.addresses.iter().filter(|_| plain.is_address).cloned());
        self.all.absorb(plain.clone());
    }

    /// Whether its phrasings are about one year.
    fn has_own_year(&self) -> bool {
        self.phrasings_with.values().any(|n| n * ABOUT >= self.phrasings.max(1))
    }

    /// Whether the entry is about what `stem` stands for.
    fn is_about(&self, stem: &String) -> bool {
        self.title.stems.contains(stem) || self.stems.get(stem).is_some_and(|n| n * ABOUT >= self.phrasings.max(1))
    }

    fn year(&self, question: &Plain, today: NaiveDate) -> Option<Contradiction> {
        let asked = &question.years;
        let of_day = self.over_time.iter().rfind(|(day, _)| *day <= today).or(self.over_time.first());
        let speaks = |of: &dyn Fn(&Years) -> bool| of(&self.years) || of_day.is_some_and(|(_, years)| of(years));
        // A FAQ of something else than elections may well say nothing of years.
        if !speaks(&|years| !years.named.is_empty()) {
            return None;
        }
        let named = |year: u16| speaks(&|years| years.named.contains(&year));
        let term = |span: &(u16, u16)| named(span.0) || speaks(&|years| years.terms.contains(span));
        let until = |year: u16| {
            named(year) || speaks(&|y| y.until.contains(&year) || y.terms.iter().any(|span| span.1 == year))
        };
        let law = |year: u16| named(year) || speaks(&|years| years.laws.contains(&year));
        let missing = asked.named.iter().copied().find(|&year| !named(year));
        missing
            .or_else(|| asked.terms.iter().find(|span| !term(span)).map(|span| span.0))
            .or_else(|| asked.until.iter().copied().find(|&year| !until(year)))
            .or_else(|| asked.laws.iter().copied().find(|&year| !law(year)))
            .map(Contradiction::Year)
    }

    fn excluded(&self, question: &Plain) -> Option<Contradiction> {
        let all = &self.all;
        let meant =
            |stem: &&String| self.is_about(stem) && !all.excluded.contains(*stem) && !all.missing.contains(*stem);
        let past = |stem: &&String| self.is_about(stem) && !all.former.contains(*stem);
        let found = question.excluded.iter().find(meant).or_else(|| question.former.iter().find(past));
        found.map(|stem| Contradiction::Excluded(stem.clone()))
    }

    fn election(&self, question: &Plain) -> Option<Contradiction> {
        let asked = question.elections_asked();
        let spoken = |election: Election| {
            let Plain { elections, .. } = &self.all;
            elections.named.contains(&election) || elections.candidates.contains(&election)
        };
        let parts = [Election::Pilpres, Election::Pileg];
        let answers = |election: Election| {
            spoken(election)
                || parts.contains(&election) && spoken(Election::Pemilu)
                || election == Election::Pemilu && parts.into_iter().any(spoken)
        };
        if asked.is_empty() || self.all.elections.named.is_empty() || asked.into_iter().any(answers) {
            return None;
        }
        let own = self.title.elections.named.union(&self.title.elections.candidates).next().is_some()
            || self.own.values().any(|n| n * ABOUT >= self.phrasings.max(1));
        // A rule for civil servants speaks of candidates of any election, though it names those of one.
        (own || !question.elections.named.is_empty()).then_some(Contradiction::Election(own))
    }

    fn matter(&self, question: &Plain) -> Option<Contradiction> {
        let asks = |matter: Matter| question.matters.contains(&matter);
        let titled = |matter: Matter| self.title.matters.contains(&matter);
        let lacks = |matter: Matter| asks(matter) && !self.asked.contains(&matter);
        if lacks(Matter::Result) && (titled(Matter::Time) || !self.all.matters.contains(&Matter::Result)) {
            return Some(Contradiction::Matter(Matter::Result, titled(Matter::Time) && !asks(Matter::Time)));
        }
        if asks(Matter::Result) && !asks(Matter::Time) && titled(Matter::Time) && !self.names_event(question) {
            return Some(Contradiction::Matter(Matter::Result, false));
        }
        let told = titled(Matter::Result) || titled(Matter::Time);
        let other = [Matter::Way, Matter::Terms, Matter::Candidates].into_iter().find(|&m| told && lacks(m));
        let candidates_only = !asks(Matter::Result) && !asks(Matter::Time);
        other.filter(|m| *m != Matter::Candidates || candidates_only).map(|m| Contradiction::Matter(m, false)).or_else(
            || (lacks(Matter::Time) && titled(Matter::Result)).then_some(Contradiction::Matter(Matter::Time, false)),
        )
    }

    /// Whether the question names what the entry tells about a result, beside the election: "pengumuman hasil", not "hasil
    /// pemilu" alone.
    fn names_event(&self, question: &Plain) -> bool {
        let says_nothing = |stem: &str| [RESULTS, TIMES, ELECTIONS, ASKING].iter().any(|list| is_listed(list, stem));
        let told = |stem: &String| self.title.stems.contains(stem) || self.with_result.contains(stem);
        question.stems.iter().any(|stem| !says_nothing(stem) && told(stem))
    }

    fn kind(&self, question: &Plain) -> Option<Contradiction> {
        let asked = |kind: &&(&str, &str)| question.words.iter().find(|word| is_listed(kind.0, word));
        let tells = |words: &str| words.split(' ').any(|word| self.words.contains(word));
        let strange = KINDS.iter().find(|kind| asked(kind).is_some() && !tells(kind.0) && !tells(kind.1))?;
        asked(&strange).map(|word| Contradiction::Kind(word.clone()))
    }

    fn yes_or_no(&self, question: &Plain, today: NaiveDate) -> Option<Contradiction> {
        let says = self.yes_or_no.iter().rfind(|(day, _)| *day <= today).or(self.yes_or_no.first());
        if !says.is_some_and(|(_, says)| *says) {
            return None;
        }
        let says_more = |stem: &String| ![ELECTIONS, TIMES, DAYS].iter().any(|list| is_listed(list, stem));
        (!question.stems.iter().any(says_more)).then_some(Contradiction::YesOrNo)
    }

    fn place(&self, question: &Plain) -> Option<Contradiction> {
        let asks = question.matters.contains(&Matter::Result);
        let strange = question.places.iter().find(|place| !self.all.places.contains(*place));
        strange.filter(|_| asks).map(|place| Contradiction::Place(place.clone()))
    }

    fn address(&self, question: &Plain) -> Option<Contradiction> {
        let strange = question.addresses.iter().find(|address| !self.addresses.contains(*address));
        strange.filter(|_| question.is_address).map(|address| Contradiction::Address(address.clone()))
    }
}

/// Whether a text begins with yes or no.
fn says_yes_or_no(text: &str) -> bool {
    // Nothing further on makes another word of the first one.
    let beginning: Vec<&str> = text.split_whitespace().take(8).collect();
    words(&beginning.join(" ")).first().is_some_and(|word| is_listed(YES_OR_NO, word))
}

/// For each entry the others whose ids differ from its own in the number at their end only.
fn siblings(faq: &Faq) -> Vec<Vec<usize>> {
    let family = |id: &str| {
        let name = id.trim_end_matches(|c: char| c.is_ascii_digit());
        (name.len() < id.len() && name.ends_with('-')).then(|| name.to_owned())
    };
    let families: Vec<Option<String>> = faq.entries.iter().map(|entry| family(&entry.id)).collect();
    let mut members: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
    for (entry, name) in families.iter().enumerate() {
        if let Some(name) = name {
            members.entry(name).or_default().push(entry);
        }
    }
    let others = |entry: usize, name: &String| members[name].iter().copied().filter(|&e| e != entry).collect();
    families.iter().enumerate().map(|(entry, name)| name.as_ref().map_or_else(Vec::new, |n| others(entry, n))).collect()
}
