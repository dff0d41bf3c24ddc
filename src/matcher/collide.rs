//! Phrasings and entries that take questions away from another entry, and which of the two is blamed.
//!
//! A phrasing is foreign if the other phrasings of its entry are further from it than those of another entry, and that
//! other entry would answer it, or be offered, if it were not there. Who is blamed for a question that goes astray is the
//! newcomer: what the FAQ of before did not have, if there is one, else what is further from the rest of its own entry.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;

use super::feature::{Vector, dot, features};
use super::{Judgement, Matcher, Verdict, phrasings};
use crate::faq::Faq;
use crate::faq::entry::Entry;
use crate::faq::fault::Fault;

/// A phrasing whose mean cosine with another entry's phrasings is higher by so much than with its own entry's may be
/// foreign. Of the built-in FAQ one in two hundred is: it describes a thing in another entry's words.
const STRANGE: f32 = 0.11;
/// Where other entries are only offered, they must be with this confidence.
const SURE: f64 = 0.75;
/// A phrasing whose nearest in its own entry, of those above suspicion, has this share of the cosine of the nearest in the
/// other one is in its place.
const AT_HOME: f32 = 0.55;
/// A phrasing goes astray if its own entry's chance is below this share of that of the entry found: nearly even ones
/// change sides with every edit.
const ASTRAY: f64 = 0.5;
/// A word that at most one entry in so many uses tells what a phrasing is about.
const COMMON: usize = 20;
/// Foreign phrasings are looked for in FAQs of up to so many phrasings: it takes a second index.
const MOST_PHRASINGS: usize = 6_000;
/// An entry repeats another if that one is found for this share of its phrasings and for so many of them. In the built-in
/// FAQ it is at most 0.5, between two entries on voting abroad.
const REPEATED: f64 = 0.6;
const REPEATED_AT_LEAST: usize = 4;
/// The same where the FAQ of before tells how it answered the phrasings of a new entry.
const ANSWERED: f64 = 0.3;
const ANSWERED_AT_LEAST: usize = 3;
/// So many questions are named as examples.
const EXAMPLES: usize = 3;

/// A FAQ with its index.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The FAQ.
    pub faq: &'a Faq,
    /// Its index.
    pub matcher: &'a Matcher,
}

/// A title or phrasing.
struct Line<'f> {
    entry: usize,
    text: &'f str,
    /// Where it stands among the phrasings of its entry; none for the title.
    place: Option<usize>,
    vector: Vector,
    /// Its words that mean something.
    stems: BTreeSet<String>,
}

/// All phrasings, and how near each is to each entry.
struct Lines<'f> {
    faq: &'f Faq,
    all: Vec<Line<'f>>,
    /// For each feature the sum of its values by entry.
    sums: BTreeMap<u32, Vec<(u32, f32)>>,
    count: Vec<f32>,
    /// For each entry how many of its lines have each stem.
    stems: Vec<BTreeMap<String, usize>>,
}

impl<'f> Lines<'f> {
    fn new(faq: &'f Faq, matcher: &Matcher) -> Self {
        let mut all: Vec<Line<'f>> = Vec::new();
        for (text, entry) in phrasings(faq) {
            let place = all.last().filter(|last| last.entry == entry).map(|last| last.place.map_or(0, |p| p + 1));
            let tokens = matcher.analyzer.tokens(text);
            let vector = matcher.index.vector(&features(&tokens));
            let stems = tokens.into_iter().filter(|token| !token.stop).map(|token| token.stem).collect();
            all.push(Line { entry, text, place, vector, stems });
        }
        let mut sums: BTreeMap<u32, Vec<(u32, f32)>> = BTreeMap::new();
        let mut count = vec![0.0; faq.entries.len()];
        let mut stems = vec![BTreeMap::new(); faq.entries.len()];
        for line in &all {
            count[line.entry] += 1.0;
            for stem in &line.stems {
                *stems[line.entry].entry(stem.clone()).or_default() += 1;
            }
            for &(feature, value) in &line.vector {
                let of = sums.entry(feature).or_default();
                match of.last_mut() {
                    Some((entry, sum)) if *entry as usize == line.entry => *sum += value,
                    _ => of.push((line.entry as u32, value)),
                }
            }
        }
        Self { faq, all, sums, count, stems }
    }

    /// The mean cosine of a line with the phrasings of each entry, itself left out.
    fn means(&self, line: &Line<'_>) -> Vec<f32> {
        let mut means = vec![0.0_f32; self.count.len()];
        for &(feature, value) in &line.vector {
            for &(entry, sum) in self.sums.get(&feature).into_iter().flatten() {
                means[entry as usize] += value * sum;
            }
        }
        means[line.entry] -= dot(&line.vector, &line.vector);
        for (entry, mean) in means.iter_mut().enumerate() {
            let others = self.count[entry] - f32::from(u8::from(entry == line.entry));
            *mean /= others.max(1.0);
        }
        means
    }

    /// By how much a line is nearer to `other` than to the rest of its own entry.
    fn strangeness(&self, line: &Line<'_>, other: usize) -> f32 {
        let means = self.means(line);
        means[other] - means[line.entry]
    }

    /// The same for the entry that is nearest.
    fn strangest(&self, line: &Line<'_>) -> f32 {
        let means = self.means(line);
        let others = means.iter().enumerate().filter(|(entry, _)| *entry != line.entry);
        others.map(|(_, mean)| *mean).fold(0.0, f32::max) - means[line.entry]
    }

    /// Whether a line is in its place whatever else it says in the words of `other`: it shares a word with the rest of its
    /// own entry that `other` does not have, or brings a rare one that `other` does not have, or is like one of its own.
    fn is_at_home(&self, line: &Line<'_>, other: usize, suspect: &BTreeSet<usize>) -> bool {
        let nearest = |entry: usize| {
            let of = self.all.iter().enumerate().filter(|(n, of)| of.entry == entry && !suspect.contains(n));
            of.map(|(_, of)| dot(&of.vector, &line.vector)).fold(0.0, f32::max)
        };
        if nearest(line.entry) >= AT_HOME * nearest(other) {
            return true;
        }
        let shared = |stem: &String| self.stems[line.entry].get(stem).is_some_and(|lines| *lines > 1);
        let rare = |stem: &String| {
            let entries = self.stems.iter().filter(|of| of.contains_key(stem)).count();
            entries * COMMON <= self.stems.len().max(COMMON)
        };
        line.stems.iter().any(|stem| !self.stems[other].contains_key(stem) && (shared(stem) || rare(stem)))
    }

    /// The entry that a line belongs to, if it is another than its own; `judgement` is what is made of it where it does not
    /// stand.
    fn rightful(&self, line: &Line<'_>, judgement: &Judgement, suspect: &BTreeSet<usize>) -> Option<usize> {
        let offered = match &judgement.verdict {
            Verdict::Answer(entry) => std::slice::from_ref(entry),
            Verdict::Suggest(entries) if judgement.confidence >= SURE => &entries[..],
            Verdict::Suggest(_) | Verdict::SmallTalk(_) | Verdict::Forward { .. } => return None,
        };
        if offered.contains(&line.entry) {
            return None;
        }
        let strange = offered.iter().map(|&other| (other, self.strangeness(line, other)));
        let (other, most) = strange.max_by(|a, b| a.1.total_cmp(&b.1))?;
        (most >= STRANGE && !self.is_at_home(line, other, suspect)).then_some(other)
    }

    /// The line of `entry` that is nearest to `line`.
    fn nearest(&self, line: &Line<'_>, entry: usize) -> Option<&Line<'f>> {
        let own = self.all.iter().filter(|other| other.entry == entry && other.text != line.text);
        own.max_by(|a, b| dot(&a.vector, &line.vector).total_cmp(&dot(&b.vector, &line.vector)))
    }

    fn id(&self, entry: usize) -> &'f str {
        &self.faq.entries[entry].id
    }

    fn place(&self, line: &Line<'_>) -> (&'f str, Range<usize>) {
        let entry = &self.faq.entries[line.entry];
        let span = line.place.map_or_else(|| entry.place("title"), |place| entry.questions[place].span.clone());
        (&entry.file, span)
    }

    fn warning(&self, line: &Line<'_>, message: String) -> Fault {
        let (file, span) = self.place(line);
        Fault::new(file, span, message).warning()
    }
}

impl Matcher {
    /// The vector of a text.
    pub(super) fn vector(&self, text: &str) -> Vector {
        self.index.vector(&features(&self.analyzer.tokens(text)))
    }

    fn answers(&self, text: &str, today: NaiveDate) -> Option<usize> {
        match self.judge(text, today).verdict {
            Verdict::Answer(entry) => Some(entry),
            _ => None,
        }
    }

    /// Phrasings and entries that take questions away from another entry. `before` is what the FAQ was.
    pub fn collisions(&self, faq: &Faq, before: Option<Edition<'_>>, today: NaiveDate) -> Vec<Fault> {
        let lines = Lines::new(faq, self);
        let known = before.map(|before| Known::of(before.faq));
        let (repeated, mut found) = self.repeated(faq, before, today);
        let strange = lines.all.iter().enumerate().filter(|(_, line)| {
            line.place.is_some()
                && !repeated.contains(&line.entry)
                && known.as_ref().is_none_or(|known| !known.has(faq, line))
                && lines.strangest(line) >= STRANGE
        });
        let strange: BTreeSet<usize> = strange.map(|(number, _)| number).collect();
        let hand_written = faq.entries.iter().any(|entry| entry.reviewed.is_some());
        let mut foreign: Vec<(usize, usize)> = Vec::new();
        if !strange.is_empty() && hand_written && lines.all.len() <= MOST_PHRASINGS {
            // Without all of them at once: foreign phrasings come in groups, and each supports the others.
            let without = self.without(faq, &strange);
            for &number in &strange {
                let line = &lines.all[number];
                if let Some(other) = lines.rightful(line, &without.judge(line.text, today), &strange) {
                    foreign.push((number, other));
                }
            }
            for &(number, other) in &foreign {
                found.push(self.foreign(&lines, &lines.all[number], other, &without, today));
            }
        }
        let blamed: BTreeSet<usize> = foreign.iter().map(|(number, _)| *number).collect();
        found.extend(self.astray(&lines, known.as_ref(), &blamed));
        found
    }

    /// A phrasing that another entry would answer.
    fn foreign(&self, lines: &Lines<'_>, line: &Line<'_>, other: usize, without: &Self, today: NaiveDate) -> Fault {
        let (own, rightful) = (lines.id(line.entry), lines.id(other));
        let stolen = lines.all.iter().filter(|l| l.entry == other && without.answers(l.text, today) == Some(other));
        let stolen = stolen.filter(|l| self.answers(l.text, today).is_some_and(|now| now == line.entry));
        let mut stolen: Vec<&Line<'_>> = stolen.collect();
        stolen.sort_by(|a, b| dot(&b.vector, &line.vector).total_cmp(&dot(&a.vector, &line.vector)));
        let lost = match &stolen[..] {
            [] => {
                let found = if without.answers(line.text, today) == Some(other) { "dijawab" } else { "menemukan" };
                format!("\"{}\" kini dijawab `{own}`; tanpa baris ini {found} `{rightful}`", line.text)
            }
            stolen => {
                format!("{} kini dijawab `{own}`, padahal milik `{rightful}`", quoted(stolen))
            }
        };
        let message = format!("pertanyaan \"{}\" di `{own}` merebut pertanyaan `{rightful}`", line.text);
        let hint = format!("{lost}. Pindahkan ke `{rightful}`, hapus, atau tambahkan kata yang membedakan");
        let fault = lines.warning(line, message).hint(hint);
        match stolen.first().copied().or_else(|| lines.nearest(line, other)) {
            Some(victim) => {
                let (file, span) = lines.place(victim);
                fault.also(file, span, "yang mirip")
            }
            None => fault,
        }
    }

    /// Phrasings that go to another entry although the matcher was trained on them, and are not told of as a foreign
    /// phrasing's loss: either they are out of place, or a phrasing of that entry is.
    fn astray(&self, lines: &Lines<'_>, known: Option<&Known>, blamed: &BTreeSet<usize>) -> Vec<Fault> {
        let told: BTreeSet<&str> = blamed.iter().map(|&number| lines.all[number].text).collect();
        let mut found = Vec::new();
        let mut taken: BTreeMap<&str, (&Line<'_>, Vec<&Line<'_>>)> = BTreeMap::new();
        for line in lines.all.iter().filter(|line| line.place.is_some() && !told.contains(line.text)) {
            let tokens = self.analyzer.tokens(line.text);
            if tokens.is_empty() {
                continue;
            }
            let ranked = self.evidence(&tokens).0.ranked;
            let own = ranked.iter().find(|(entry, _)| *entry == line.entry).map_or(0.0, |(_, chance)| *chance);
            let first = ranked.first().filter(|(other, chance)| *other != line.entry && own < ASTRAY * chance);
            let Some(other) = first.map(|(other, _)| *other) else { continue };
            let taker = lines.nearest(line, other).filter(|taker| taker.place.is_some());
            let is_new = |line: &Line<'_>| known.is_some_and(|known| !known.has(lines.faq, line));
            let blames_taker = taker.is_some_and(|taker| match (is_new(taker), is_new(line)) {
                (true, false) => true,
                (false, true) => false,
                _ => lines.strangeness(taker, line.entry) > lines.strangeness(line, other),
            });
            let (own, finds) = (lines.id(line.entry), lines.id(other));
            match taker.filter(|_| blames_taker) {
                Some(taker) if told.contains(taker.text) => {}
                Some(taker) => taken.entry(taker.text).or_insert((taker, Vec::new())).1.push(line),
                None => {
                    let message = format!("pertanyaan \"{}\" milik `{own}` lebih cocok dengan `{finds}`", line.text);
                    let hint = "tambahkan kata yang membedakan kedua entri, atau pindahkan pertanyaan ini";
                    found.push(lines.warning(line, message).hint(hint));
                }
            }
        }
        for (taker, victims) in taken.into_values() {
            let (own, finds) = (lines.id(victims[0].entry), lines.id(taker.entry));
            let (file, span) = lines.place(victims[0]);
            let message = format!("pertanyaan \"{}\" di `{finds}` terlalu dekat dengan `{own}`", taker.text);
            let hint = format!(
                "{} milik `{own}` kini menemukan `{finds}`; tambahkan kata yang membedakan, atau pindahkan baris ini",
                quoted(&victims)
            );
            found.push(lines.warning(taker, message).hint(hint).also(file, span, "yang direbut"));
        }
        found
    }

    /// Entries that repeat another: a new one of whose phrasings the FAQ of before answered many with another entry; or
    /// without it, one of whose phrasings many find the same other entry when they are held out.
    fn repeated(&self, faq: &Faq, before: Option<Edition<'_>>, today: NaiveDate) -> (BTreeSet<usize>, Vec<Fault>) {
        let mut found: BTreeMap<usize, Vec<(&str, &str)>> = BTreeMap::new();
        let mut tried = vec![0_usize; faq.entries.len()];
        if let Some(before) = before {
            for (number, entry) in faq.entries.iter().enumerate().filter(|(_, e)| before.faq.entry(&e.id).is_none()) {
                for phrasing in &entry.questions {
                    tried[number] += 1;
                    let answered = before.matcher.answers(&phrasing.text, today).map(|e| &before.faq.entries[e].id);
                    if let Some(other) = answered.and_then(|id| faq.entry(id)) {
                        found.entry(number).or_default().push((&other.id, &phrasing.text));
                    }
                }
            }
        } else {
            let texts: Vec<(&str, usize)> = phrasings(faq).collect();
            for &(example, other) in &self.learnt.held_out {
                let (text, entry) = texts[example];
                tried[entry] += 1;
                if other != entry && !are_siblings(&faq.entries[entry], &faq.entries[other]) {
                    found.entry(entry).or_default().push((&faq.entries[other].id, text));
                }
            }
        }
        let (share, least) =
            if before.is_some() { (ANSWERED, ANSWERED_AT_LEAST) } else { (REPEATED, REPEATED_AT_LEAST) };
        let (mut repeated, mut faults) = (BTreeSet::new(), Vec::new());
        for (number, pairs) in found {
            let mut by_other: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for (other, text) in pairs {
                by_other.entry(other).or_default().push(text);
            }
            let most = by_other.into_iter().max_by_key(|(_, texts)| texts.len());
            let Some((other, texts)) = most
                .filter(|(_, texts)| texts.len() >= least && texts.len() as f64 >= share * tried[number].max(1) as f64)
            else {
                continue;
            };
            repeated.insert(number);
            let entry = &faq.entries[number];
            let (count, all, is_new) = (texts.len(), tried[number], before.is_some());
            let message = if is_new {
                format!("entri baru `{}`: {count} dari {all} pertanyaannya sudah dijawab oleh `{other}`", entry.id)
            } else {
                format!("entri `{}`: {count} dari {all} pertanyaannya juga dijawab oleh `{other}`", entry.id)
            };
            let examples: Vec<String> = texts.iter().take(EXAMPLES).map(|text| format!("\"{text}\"")).collect();
            let mut fault = Fault::new(&entry.file, entry.span.clone(), message).warning().hint(format!(
                "misalnya {}. Lengkapi `{other}` saja, atau pakai pertanyaan yang membedakan kedua entri",
                examples.join(", ")
            ));
            if let Some(other) = faq.entry(other) {
                fault = fault.also(&other.file, other.span.clone(), "bandingkan dengan ini");
            }
            faults.push(fault);
        }
        (repeated, faults)
    }
}

/// The first few lines, in quotation marks.
fn quoted(lines: &[&Line<'_>]) -> String {
    let texts: Vec<String> = lines.iter().take(EXAMPLES).map(|line| format!("\"{}\"", line.text)).collect();
    texts.join(", ")
}

/// Whether two entries are on two things of a row: their ids differ in the number at their end only.
fn are_siblings(a: &Entry, b: &Entry) -> bool {
    fn family(id: &str) -> &str {
        id.trim_end_matches(|c: char| c.is_ascii_digit())
    }
    a.id != b.id && family(&a.id).len() < a.id.len() && family(&a.id) == family(&b.id)
}

/// The phrasings that a FAQ has, by entry.
struct Known(BTreeSet<(String, String)>);

impl Known {
    fn of(faq: &Faq) -> Self {
        let all = faq.entries.iter().flat_map(|e| e.questions.iter().map(|q| (e.id.clone(), q.text.clone())));
        Self(all.collect())
    }

    fn has(&self, faq: &Faq, line: &Line<'_>) -> bool {
        line.place.is_none() || self.0.contains(&(faq.entries[line.entry].id.clone(), line.text.to_owned()))
    }
}
