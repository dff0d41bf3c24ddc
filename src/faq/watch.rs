//! Tells when the files of a FAQ change.

use std::time::Duration;

use notify_debouncer_full::notify::{self, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::source::Source;

/// How long the files must be quiet before they are read: an editor saves in several steps.
const QUIET: Duration = Duration::from_millis(300);

/// Watches as long as it is kept.
pub type Watcher = Debouncer<RecommendedWatcher, RecommendedCache>;

/// Calls `changed` after a file of `source` changed; none if it has no files.
pub fn watch(source: &Source, mut changed: impl FnMut() + Send + 'static) -> Result<Option<Watcher>, notify::Error> {
    let (path, mode) = match source {
        Source::BuiltIn => return Ok(None),
        Source::Folder(path) => (path.clone(), RecursiveMode::Recursive),
        Source::JsonLines(path) => (path.clone(), RecursiveMode::NonRecursive),
    };
    let mut debouncer = new_debouncer(QUIET, None, move |result: DebounceEventResult| {
        // Reading the files is an event too, and must not trigger another reading.
        if result.is_ok_and(|events| events.iter().any(|e| !matches!(e.kind, EventKind::Access(_)))) {
            changed();
        }
    })?;
    debouncer.watch(path, mode)?;
    Ok(Some(debouncer))
}
