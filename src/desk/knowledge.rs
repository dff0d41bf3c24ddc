//! A FAQ with its index: one immutable value, built aside and swapped whole.

use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::NaiveDate;

use super::hoax::LONG;
use super::recall::Retraction;
use crate::faq::Faq;
use crate::faq::fault::Report;
use crate::faq::lesson::{self, Fit, Lesson};
use crate::faq::source::{Source, digest};
use crate::matcher::{Matcher, Verdict};
use crate::text::language::Language;
use crate::text::mask::{Offices, mask};

/// A FAQ with its index.
#[derive(Debug)]
pub struct Knowledge {
    /// The FAQ.
    pub faq: Faq,
    /// Its index.
    pub matcher: Matcher,
    /// Telephone numbers of offices that stand in it: they are nobody's secret.
    pub offices: Offices,
    /// Entries that moderators retracted in the version that they have: outside their dates for as long.
    retracted: Vec<Retraction>,
    /// How many retractions there were when these were looked up.
    retractions: i64,
}

impl Knowledge {
    /// Loads and indexes `source`; none if the report has a fault.
    pub fn load(source: &Source) -> (Option<Self>, Report) {
        let (faq, report) = Faq::load(source);
        (faq.map(Self::of), report)
    }

    /// Indexes `faq`.
    pub fn of(faq: Faq) -> Self {
        let (matcher, offices) = (Matcher::new(&faq), Offices::of(faq.texts()));
        faq.forget_rendered();
        Self { matcher, offices, faq, retracted: Vec::new(), retractions: 0 }
    }

    /// Warms what the matcher remembers with what the desk will want to know of a question.
    pub fn warm(&self, question: &str, today: NaiveDate) {
        if question.chars().count() <= LONG {
            self.matcher.urgent(question);
            if !matches!(self.matcher.judge(question, today).verdict, Verdict::Answer(_)) {
                self.matcher.gist(&mask(question, &self.offices));
            }
        }
    }

    /// Why a moderator retracted that entry, if one did.
    pub fn retraction(&self, id: &str) -> Option<&Retraction> {
        self.retracted.iter().find(|retraction| retraction.entry == id)
    }

    /// How many retractions there were when those that hold here were looked up.
    pub fn retractions(&self) -> i64 {
        self.retractions
    }

    /// The same without the entries that were retracted in the version that they have; `count` is how many retractions there
    /// were in all.
    pub fn heeding(&self, retractions: &[Retraction], count: i64) -> Self {
        let has_version =
            |own: &&Retraction| self.faq.entry(&own.entry).is_some_and(|entry| self.faq.version(entry) == own.version);
        let retracted: Vec<Retraction> = retractions.iter().filter(has_version).cloned().collect();
        let is_retracted = |id: &str| retracted.iter().any(|own| own.entry == id);
        let places = self.faq.entries.iter().enumerate().filter(|(_, entry)| is_retracted(&entry.id));
        let places: Vec<usize> = places.map(|(place, _)| place).collect();
        let faq = self
            .faq
            .tried(|faq| places.iter().for_each(|&place| faq.entries[place].valid_until = Some(NaiveDate::MIN)));
        let matcher = self.matcher.ending(&places, NaiveDate::MIN);
        Self { faq, matcher, offices: self.offices.clone(), retracted, retractions: count }
    }

    /// What somebody in need is told: the line of that urgent kind, and where help is found.
    pub fn urgent_answer(&self, kind: usize, language: Language) -> String {
        let reply = self.faq.urgent[kind].reply_in(language);
        match &self.faq.settings.emergency {
            Some(place) => {
                format!("{reply}\n\n{}", self.faq.wordings.say(language, "urgent_help", &[("place", place)]))
            }
            None => reply.to_owned(),
        }
    }
}

/// What moderators added to the FAQ: lessons by their number, and how many changes of them there were.
#[derive(Debug, Clone, Default)]
pub struct Lessons {
    /// Those in force, by number.
    pub all: Vec<(u64, Lesson)>,
    /// How many changes there were.
    pub changes: i64,
}

/// What came of loading a FAQ.
#[derive(Debug)]
pub struct Load {
    /// How many entries serve now; none if the old ones were kept.
    pub entries: Option<usize>,
    /// What is wrong with the files.
    pub report: Report,
    /// What became of what moderators added, by number.
    pub fits: Vec<(u64, Fit)>,
}

/// The knowledge that serves now, and where it comes from.
#[derive(Debug)]
pub struct Live {
    source: Source,
    current: ArcSwap<Knowledge>,
    /// The files of the last load that was in order.
    good: ArcSwap<Source>,
    /// What tells their state from another.
    version: ArcSwap<String>,
    lessons: ArcSwap<Lessons>,
}

/// What tells one state of the files of `source` from another; "unknown" if they can't be read.
fn version(source: &Source) -> Arc<String> {
    Arc::new(source.to_keep().map_or_else(|| "unknown".to_owned(), |files| digest(&files)))
}

impl Live {
    /// Serves `knowledge`, which came from `source`.
    pub fn new(source: Source, knowledge: Arc<Knowledge>) -> Self {
        let (good, version) = (ArcSwap::from_pointee(source.clone()), ArcSwap::new(version(&source)));
        Self { source, current: ArcSwap::new(knowledge), good, version, lessons: ArcSwap::default() }
    }

    /// The same, where what serves came from `good`, since `source` is faulty.
    pub fn standing_in(self, good: Source) -> Self {
        Self { version: ArcSwap::new(version(&good)), good: ArcSwap::from_pointee(good), ..self }
    }

    /// What serves now.
    pub fn current(&self) -> Arc<Knowledge> {
        self.current.load_full()
    }

    /// Gives entries no more that were retracted in the version that they have; `count` is how many retractions there were in
    /// all. Takes a moment.
    pub fn heed(&self, retractions: &[Retraction], count: i64) {
        // Done again if a load comes in between: what that brought must not be lost.
        self.current.rcu(|current| Arc::new(current.heeding(retractions, count)));
    }

    /// What tells the files that it comes from from any others: 12 hexadecimal digits. What moderators added is not in it.
    pub fn version(&self) -> Arc<String> {
        self.version.load_full()
    }

    /// Where it comes from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Serves `knowledge` from now on.
    pub fn serve(&self, knowledge: Arc<Knowledge>) {
        // What is retracted stays so from the first moment, unless it says something else now.
        let retracted = &self.current().retracted;
        let knowledge = if retracted.is_empty() { knowledge } else { Arc::new(knowledge.heeding(retracted, 0)) };
        self.current.store(knowledge);
    }

    /// Serves with what moderators added, from the files as they are, or else as they were when they were last in order.
    /// Takes a while.
    pub fn teach(&self, lessons: Lessons) -> Load {
        self.lessons.store(Arc::new(lessons));
        let load = self.reload();
        if load.entries.is_some() {
            return load;
        }
        let good = self.good.load_full();
        let again = self.load(&good);
        Load { report: load.report, ..again }
    }

    /// Tries `lesson` aside.
    pub fn aside(&self, lesson: &Lesson) -> (Option<Faq>, Report, Fit) {
        let mut all: Vec<Lesson> = self.lessons.load().all.iter().map(|(_, own)| own.clone()).collect();
        all.push(lesson.clone());
        lesson::attempt(&self.good.load(), &all)
    }

    /// Loads aside and swaps, or keeps the old one. Takes a while: not to be called where others wait.
    pub fn reload(&self) -> Load {
        let load = self.load(&self.source);
        // What is read once more may have changed meanwhile; then it is loaded again soon.
        if let Some(files) = load.entries.and_then(|_| self.source.to_keep()) {
            self.version.store(Arc::new(digest(&files)));
            self.good.store(Arc::new(Source::Kept(files.into())));
        }
        load
    }

    fn load(&self, source: &Source) -> Load {
        let lessons = self.lessons.load_full();
        let all: Vec<Lesson> = lessons.all.iter().map(|(_, lesson)| lesson.clone()).collect();
        let (faq, report, fits) = lesson::load(source, &all);
        let entries = faq.map(|faq| {
            let count = faq.entries.len();
            self.serve(Arc::new(Knowledge::of(faq)));
            count
        });
        if entries.is_some() {
            // What the files have is theirs: once they drop it, it is gone.
            let added = lessons.all.iter().zip(&fits).filter(|(_, fit)| **fit == Fit::Added);
            let all = added.map(|(lesson, _)| lesson.clone()).collect();
            self.lessons.store(Arc::new(Lessons { all, changes: lessons.changes }));
        }
        let fits = lessons.all.iter().map(|(number, _)| *number).zip(fits).collect();
        Load { entries, report, fits }
    }
}
