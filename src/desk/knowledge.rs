//! A FAQ with its index: one immutable value, built aside and swapped whole.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::faq::Faq;
use crate::faq::fault::Report;
use crate::faq::source::Source;
use crate::matcher::Matcher;
use crate::text::language::Language;
use crate::text::mask::Offices;

/// A FAQ with its index.
#[derive(Debug)]
pub struct Knowledge {
    /// The FAQ.
    pub faq: Faq,
    /// Its index.
    pub matcher: Matcher,
    /// Telephone numbers of offices that stand in it: they are nobody's secret.
    pub offices: Offices,
}

impl Knowledge {
    /// Loads and indexes `source`; none if the report has a fault.
    pub fn load(source: &Source) -> (Option<Self>, Report) {
        let (faq, report) = Faq::load(source);
        let knowledge = faq.map(|faq| Self { matcher: Matcher::new(&faq), offices: Offices::of(faq.texts()), faq });
        (knowledge, report)
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

/// The knowledge that serves now, and where it comes from.
#[derive(Debug)]
pub struct Live {
    source: Source,
    current: ArcSwap<Knowledge>,
}

impl Live {
    /// Serves `knowledge`, which came from `source`.
    pub fn new(source: Source, knowledge: Arc<Knowledge>) -> Self {
        Self { source, current: ArcSwap::new(knowledge) }
    }

    /// What serves now.
    pub fn current(&self) -> Arc<Knowledge> {
        self.current.load_full()
    }

    /// Where it comes from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Loads aside and swaps, or keeps the old one. Gives the number of entries that serve now, none if the old ones were
    /// kept, and the report. Takes a while: not to be called where others wait.
    pub fn reload(&self) -> (Option<usize>, Report) {
        let (knowledge, report) = Knowledge::load(&self.source);
        let count = knowledge.map(|knowledge| {
            let count = knowledge.faq.entries.len();
            self.current.store(Arc::new(knowledge));
            count
        });
        (count, report)
    }
}
