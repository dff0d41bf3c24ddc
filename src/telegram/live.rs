//! The FAQ that serves now: swapped whole, or left as it is.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::desk::{Event, Knowledge};
use crate::faq::source::Source;

/// How many characters of a report go into a message; the log has all of it.
const SHOWN: usize = 3000;

/// The FAQ that serves now, and where it comes from.
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

    /// Loads aside and swaps, or keeps the old one. Takes a while: not to be called where others wait.
    pub fn reload(&self, asked: bool) -> Event {
        let (knowledge, report) = Knowledge::load(&self.source);
        match knowledge {
            Some(knowledge) => {
                let count = knowledge.faq.entries.len();
                self.current.store(Arc::new(knowledge));
                tracing::info!(entries = count, "FAQ loaded anew");
                Event::Reloaded { asked, entries: Some(count as u64), faults: String::new() }
            }
            None => {
                let faults = report.render(false);
                tracing::error!("FAQ not loaded, the old one serves on:\n{faults}");
                let faults = faults.trim().chars().take(SHOWN).collect();
                Event::Reloaded { asked, entries: None, faults }
            }
        }
    }
}
