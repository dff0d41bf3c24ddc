//! What was edited between two FAQs, and which edit made a verdict change.

use std::collections::BTreeSet;

use super::verdict::{Outcome, VerdictChange};
use crate::faq::Faq;
use crate::faq::entry::{Body, Entry, Phrasing};
use crate::matcher::Matcher;
use crate::matcher::feature::{Vector, dot};

/// From this cosine on a question and an edited line are of the same matter.
const ALIKE: f32 = 0.2;
/// That a question went to the edited entry, or left it, counts as much as this cosine.
const CONCERNED: f32 = 0.4;

/// Where something was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The entry of that id.
    Entry(String),
    /// `obrolan.toml`.
    SmallTalk,
    /// `di-luar.toml`.
    Outside,
    /// `leksikon.toml`.
    Lexicon,
    /// `bot.toml`.
    Settings,
    /// The files of elections.
    Elections,
}

/// What was edited in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where.
    pub place: Place,
    /// Lines that came.
    pub added: Vec<String>,
    /// Lines that went.
    pub removed: Vec<String>,
    /// Of an entry: whether it was there before, and is there now.
    pub existed: (bool, bool),
}

/// All edits between two FAQs that may bear on verdicts.
pub fn edits(old: &Faq, new: &Faq) -> Vec<Edit> {
    let mut found = Vec::new();
    let mut add = |place: Place, former: Vec<&str>, now: Vec<&str>, other: bool, existed: (bool, bool)| {
        let (was, is): (BTreeSet<&str>, BTreeSet<&str>) =
            (former.iter().copied().collect(), now.iter().copied().collect());
        let of = |list: Vec<&str>, without: &BTreeSet<&str>| -> Vec<String> {
            list.into_iter().filter(|line| !without.contains(line)).map(str::to_owned).collect()
        };
        let (added, removed) = (of(now, &was), of(former, &is));
        if other || !added.is_empty() || !removed.is_empty() {
            found.push(Edit { place, added, removed, existed });
        }
    };
    for entry in &new.entries {
        let former = old.entry(&entry.id);
        let lines = former.map_or_else(Vec::new, lines);
        let other = former.is_none_or(|former| !speaks_alike(former, entry));
        add(Place::Entry(entry.id.clone()), lines, self::lines(entry), other, (former.is_some(), true));
    }
    for entry in old.entries.iter().filter(|entry| new.entry(&entry.id).is_none()) {
        add(Place::Entry(entry.id.clone()), lines(entry), Vec::new(), true, (true, false));
    }
    let talk = |faq: &'_ Faq| -> Vec<Phrasing> { faq.small_talk.iter().flat_map(|s| s.questions.clone()).collect() };
    let texts = |list: &'_ [Phrasing]| -> Vec<String> { list.iter().map(|q| q.text.clone()).collect() };
    for (place, was, is) in [
        (Place::SmallTalk, texts(&talk(old)), texts(&talk(new))),
        (Place::Outside, texts(&old.outside), texts(&new.outside)),
    ] {
        let (was, is) = (was.iter().map(String::as_str).collect(), is.iter().map(String::as_str).collect());
        add(place, was, is, false, (true, true));
    }
    add(Place::Lexicon, Vec::new(), Vec::new(), old.words.lexicon != new.words.lexicon, (true, true));
    add(Place::Settings, Vec::new(), Vec::new(), old.settings != new.settings, (true, true));
    add(Place::Elections, Vec::new(), Vec::new(), !old.elections().eq(new.elections()), (true, true));
    found
}

/// The title and the phrasings.
fn lines(entry: &Entry) -> Vec<&str> {
    std::iter::once(entry.title.as_str()).chain(entry.questions.iter().map(|q| q.text.as_str())).collect()
}

/// Whether two versions of an entry are the same to the matcher, but for their title and phrasings.
fn speaks_alike(a: &Entry, b: &Entry) -> bool {
    let rest = |entry: &Entry| (entry.sensitive, entry.valid_from, entry.valid_until, entry.sources.clone());
    a.written() == b.written() && rest(a) == rest(b)
}

impl Edit {
    /// Undoes it in `faq`, a copy of the newer FAQ. False where it can't be undone alone.
    pub fn undo(&self, faq: &mut Faq, old: &Faq) -> bool {
        match &self.place {
            Place::Entry(id) => {
                let former = old.entry(id).cloned();
                let place = faq.entries.iter().position(|entry| entry.id == *id);
                match (former, place) {
                    (Some(former), Some(place)) => {
                        let newer = &faq.entries[place];
                        let (body, more) = (newer.body.clone(), newer.more.clone());
                        faq.entries[place] = Entry { body, more, ..former };
                    }
                    // Its templates may name what is there no longer.
                    (Some(former), None) => {
                        faq.entries.push(Entry { body: Body::Plain(String::new()), more: None, ..former });
                    }
                    (None, Some(place)) => {
                        faq.entries.remove(place);
                    }
                    (None, None) => return false,
                }
            }
            Place::SmallTalk => faq.small_talk.clone_from(&old.small_talk),
            Place::Outside => faq.outside.clone_from(&old.outside),
            Place::Lexicon => faq.words = old.words.clone(),
            Place::Settings => faq.settings = old.settings.clone(),
            Place::Elections => return false,
        }
        true
    }

    /// Whether an outcome is what this place is for.
    fn is_named(&self, outcome: &Outcome) -> bool {
        match (&self.place, outcome) {
            (Place::Entry(id), Outcome::Answer(of)) => id == of,
            (Place::Entry(id), Outcome::Suggest(of)) => of.contains(id),
            (Place::SmallTalk, Outcome::SmallTalk(_)) | (Place::Outside, Outcome::Forward(_)) => true,
            _ => false,
        }
    }

    /// It in words, by the line that speaks for it if there is one.
    fn told(&self, line: Option<Line<'_>>) -> String {
        let place = match &self.place {
            Place::Entry(id) if !self.existed.0 => return format!("entri baru `{id}`"),
            Place::Entry(id) if !self.existed.1 => return format!("entri `{id}` dihapus"),
            Place::Entry(id) => format!("`{id}`"),
            Place::SmallTalk => "obrolan.toml".to_owned(),
            Place::Outside => "di-luar.toml".to_owned(),
            Place::Lexicon => "leksikon.toml".to_owned(),
            Place::Settings => "bot.toml".to_owned(),
            Place::Elections => "data di pemilu/".to_owned(),
        };
        let only = match (&self.added[..], &self.removed[..]) {
            ([one], []) => Some(Line { text: one, came: true }),
            ([], [one]) => Some(Line { text: one, came: false }),
            _ => None,
        };
        match line.or(only) {
            Some(Line { text, came: true }) => format!("baris baru \"{text}\" di {place}"),
            Some(Line { text, came: false }) => format!("baris \"{text}\" yang dihapus dari {place}"),
            None => format!("perubahan di {place}"),
        }
    }
}

/// A line that was edited.
#[derive(Debug, Clone, Copy)]
struct Line<'e> {
    text: &'e str,
    came: bool,
}

/// All edits, with what their lines are about.
pub struct Ledger<'e> {
    edits: &'e [Edit],
    lines: Vec<Vec<(Line<'e>, Vector)>>,
    matcher: &'e Matcher,
}

impl<'e> Ledger<'e> {
    /// Reads the edited lines with `matcher`, the newer one.
    pub fn new(edits: &'e [Edit], matcher: &'e Matcher) -> Self {
        let read = |edit: &'e Edit| {
            let added = edit.added.iter().map(|text| Line { text, came: true });
            let removed = edit.removed.iter().map(|text| Line { text, came: false });
            added.chain(removed).map(|line| (line, matcher.vector(line.text))).collect()
        };
        Self { edits, lines: edits.iter().map(read).collect(), matcher }
    }

    /// Names the edit that made `change`: the only one there is, or the one that touches the question's words and its entry.
    /// None where nothing speaks for one.
    pub fn cause(&self, change: &VerdictChange) -> Option<String> {
        let (place, score, line) = self.likeliest(change)?;
        (self.edits.len() == 1 || score >= ALIKE + CONCERNED).then(|| self.edits[place].told(line))
    }

    /// The places of the edits, those first that may have made most of `changes`.
    pub fn by_likelihood(&self, changes: &[&mut VerdictChange]) -> Vec<usize> {
        let mut counts = vec![0_usize; self.edits.len()];
        for (place, _, _) in changes.iter().filter_map(|change| self.likeliest(change)) {
            counts[place] += 1;
        }
        let mut places: Vec<usize> = (0..counts.len()).collect();
        places.sort_by_key(|&place| std::cmp::Reverse(counts[place]));
        places
    }

    fn likeliest(&self, change: &VerdictChange) -> Option<(usize, f32, Option<Line<'e>>)> {
        let asked = self.matcher.vector(&change.text);
        let scored = (0..self.edits.len()).map(|place| {
            let (score, line) = self.bears_on(place, change, &asked);
            (place, score, line)
        });
        scored.max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Names the edit at `place`, which is known to have made `change`.
    pub fn named(&self, place: usize, change: &VerdictChange) -> String {
        let asked = self.matcher.vector(&change.text);
        self.edits[place].told(self.bears_on(place, change, &asked).1)
    }

    /// How likely an edit made `change`, and the edited line that speaks for it.
    fn bears_on(&self, place: usize, change: &VerdictChange, asked: &Vector) -> (f32, Option<Line<'e>>) {
        let edit = &self.edits[place];
        let (was, is) = (edit.is_named(&change.before), edit.is_named(&change.after));
        let (mut best, mut speaks) = (0.0, None);
        for (line, vector) in &self.lines[place] {
            let alike = dot(asked, vector);
            let concerned = if line.came { is } else { was };
            let score = alike + if concerned { CONCERNED } else { 0.0 };
            if alike >= ALIKE && score > best {
                (best, speaks) = (score, Some(*line));
            }
        }
        let plainly = match edit.existed {
            (false, true) => is,
            (true, false) => was,
            _ => matches!(edit.place, Place::Entry(_)) && was != is && self.lines[place].is_empty(),
        };
        if plainly { (best.max(ALIKE + CONCERNED), speaks) } else { (best, speaks) }
    }
}
