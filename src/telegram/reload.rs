//! A FAQ loaded anew, as the desk hears of it.

use crate::desk::{Event, Live};

/// How many characters of a report go into a message; the log has all of it.
const SHOWN: usize = 3000;

/// Loads the FAQ anew and tells how that went; `asked` is whether a moderator wanted it.
pub(super) fn load_anew(live: &Live, asked: bool) -> Event {
    match live.reload() {
        (Some(count), _) => {
            tracing::info!(entries = count, "FAQ loaded anew");
            Event::Reloaded { asked, entries: Some(count as u64), faults: String::new() }
        }
        (None, report) => {
            let faults = report.render(false);
            tracing::error!("FAQ not loaded, the old one serves on:\n{faults}");
            let faults = faults.trim().chars().take(SHOWN).collect();
            Event::Reloaded { asked, entries: None, faults }
        }
    }
}
