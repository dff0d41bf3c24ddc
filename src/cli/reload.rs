//! Hot reload: a change in the FAQ swaps the whole of it; faults leave the old one serving.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::check::summary;
use crate::desk::Knowledge;
use crate::faq::source::Source;

/// How long the files must be quiet before they are read: an editor saves in several steps.
const QUIET: Duration = Duration::from_millis(300);

/// The FAQ that serves now, and where it comes from.
#[derive(Debug)]
pub(super) struct Live {
    source: Source,
    current: RwLock<Arc<Knowledge>>,
}

/// Watches as long as it is kept.
pub(super) type Watcher = Debouncer<RecommendedWatcher, RecommendedCache>;

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
    ) -> Result<Option<Watcher>, notify_debouncer_full::notify::Error> {
        let (path, mode) = match &self.source {
            Source::BuiltIn => return Ok(None),
            Source::Folder(path) => (path.clone(), RecursiveMode::Recursive),
            Source::JsonLines(path) => (path.clone(), RecursiveMode::NonRecursive),
        };
        let live = Arc::clone(self);
        let mut debouncer = new_debouncer(QUIET, None, move |result: DebounceEventResult| {
            // Reading the files is an event too, and must not trigger another reading.
            let changed = result.is_ok_and(|events| events.iter().any(|e| !matches!(e.kind, EventKind::Access(_))));
            if changed {
                print(live.reload(colour));
            }
        })?;
        debouncer.watch(path, mode)?;
        Ok(Some(debouncer))
    }
}
