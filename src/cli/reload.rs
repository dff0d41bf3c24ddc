//! Hot reload: a change in the FAQ swaps the whole of it; faults leave the old one serving.

use notify_debouncer_full::notify;
use std::sync::{Arc, RwLock};

use super::check::summary;
use crate::desk::Knowledge;
use crate::faq::source::Source;
use crate::faq::watch::{Watcher, watch};

/// The FAQ that serves now, and where it comes from.
#[derive(Debug)]
pub(super) struct Live {
    source: Source,
    current: RwLock<Arc<Knowledge>>,
}

impl Live {
    pub(super) fn new(source: Source, knowledge: Arc<Knowledge>) -> Self {
        Self { source, current: RwLock::new(knowledge) }
    }

    /// What serves now.
    pub(super) fn current(&self) -> Arc<Knowledge> {
        // A poisoned lock still holds a whole value: it is only ever replaced by one assignment.
        Arc::clone(&self.current.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Loads aside and swaps, or keeps the old one; says which, with all faults.
    fn reload(&self, colour: bool) -> String {
        let (knowledge, report) = Knowledge::load(&self.source);
        match knowledge {
            Some(knowledge) => {
                let count = knowledge.faq.entries.len();
                *self.current.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(knowledge);
                format!("[FAQ dimuat ulang: {count} entri, {}]\n", summary(&report))
            }
            None => format!("{}[FAQ lama tetap dipakai: {}]\n", report.render(colour), summary(&report)),
        }
    }

    /// Reloads whenever a file of the source changes; none if the source has no files.
    pub(super) fn watch(
        self: &Arc<Self>,
        colour: bool,
        mut print: Box<dyn FnMut(String) + Send>,
    ) -> Result<Option<Watcher>, notify::Error> {
        let live = Arc::clone(self);
        watch(&self.source, move || print(live.reload(colour)))
    }
}
