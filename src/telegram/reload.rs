//! A FAQ loaded anew, as the desk hears of it.

use std::sync::Arc;

use super::shared::{Shared, now};
use crate::desk::{Event, Live};

/// How many characters of a report go into a message; the log has all of it.
const SHOWN: usize = 3000;

/// Loads the FAQ anew and tells how that went; `asked` is whether a moderator wanted it.
fn load_anew(live: &Live, asked: bool) -> Event {
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

/// Loads the FAQ anew, and lets the desk tell what came of it.
pub(super) async fn reload(shared: &Arc<Shared>, asked: bool) {
    let live = Arc::clone(&shared.live);
    let Ok(event) = tokio::task::spawn_blocking(move || load_anew(&live, asked)).await else {
        tracing::error!("loading the FAQ failed; the old one serves on");
        return;
    };
    let written = async {
        let mut tx = shared.store.write().await?;
        tx.later("reloaded", None, now(), &event).await?;
        tx.commit().await
    };
    if let Err(error) = written.await {
        tracing::error!(%error, "what came of loading the FAQ could not be written");
    }
    shared.inbox.notify_one();
}
