//! A FAQ loaded anew, as the desk hears of it; and the last good one, kept for a start with a faulty one.

use std::sync::Arc;

use super::health::Part;
use super::shared::Shared;
use crate::desk::{Event, Knowledge, REVIEW, REVIEW_ENTRIES};
use crate::faq::fault::{Report, Severity};
use crate::faq::source::digest;
use crate::faq::watch::look;

/// How many faults of a report go into a message.
const FAULTS_TOLD: usize = 10;
/// How many lines of a report go into the log.
const LINES_LOGGED: usize = 40;

/// Loads the FAQ anew, and lets the desk tell what came of it; `asked` is whether a moderator wanted it.
pub(super) async fn reload(shared: &Arc<Shared>, asked: bool) {
    let _one_at_a_time = shared.loading.lock().await;
    let live = Arc::clone(&shared.live);
    let Ok((seen, (count, report))) = tokio::task::spawn_blocking(move || (look(live.source()), live.reload())).await
    else {
        tracing::error!("loading the FAQ failed; the old one serves on");
        return;
    };
    match count {
        Some(entries) => {
            tracing::info!(entries, "FAQ loaded anew");
            shared.health.good(Part::Faq);
            // What changed while it was read is loaded again in a moment, and kept then.
            if look(shared.live.source()) == seen {
                keep(shared).await;
            }
            tell(shared, Ok(entries), asked).await;
        }
        None => {
            faulty(shared, &report);
            tell(shared, Err(&report), asked).await;
        }
    }
}

/// Another FAQ serves from now on, as after a load that was in order.
pub(super) async fn serve(shared: &Shared, knowledge: Arc<Knowledge>) {
    let entries = knowledge.faq.entries.len();
    shared.live.serve(knowledge);
    tell(shared, Ok(entries), false).await;
}

/// Notes and logs that the FAQ on disk is faulty while another serves.
pub(super) fn faulty(shared: &Shared, report: &Report) {
    let what = format!(
        "the FAQ ({}) has {} faults; the last good one serves",
        shared.live.source().name(),
        report.count(Severity::Fault)
    );
    shared.health.note(Part::Faq, &what);
    tracing::error!("FAQ not loaded: {what}\n{}", cut(&report.render(false)));
}

/// The first lines of a report, and how many there are more.
fn cut(report: &str) -> String {
    let lines: Vec<&str> = report.trim_end().lines().collect();
    let mut shown = lines[..lines.len().min(LINES_LOGGED)].join("\n");
    if lines.len() > LINES_LOGGED {
        shown.push_str(&format!(
            "\n... {} more lines; \"tanya-pemilu check --all\" shows all",
            lines.len() - LINES_LOGGED
        ));
    }
    shown
}

/// Keeps the files of the FAQ that serves; without them a later start with a faulty FAQ has none.
pub(super) async fn keep(shared: &Shared) {
    let source = shared.live.source().clone();
    let files = tokio::task::spawn_blocking(move || source.to_keep()).await.ok().flatten();
    let Some(files) = files.filter(|files| !files.is_empty()) else { return };
    let digest = digest(&files);
    match shared.store.keep_faq(&files).await {
        Ok(()) => tracing::debug!(digest, "the FAQ is kept"),
        Err(error) => tracing::warn!(%error, "the FAQ could not be kept for a later start"),
    }
}

/// Lets the moderators know what came of a load: always if one of them asked, else once of each set of faults, and once
/// when they are mended.
pub(super) async fn tell(shared: &Shared, loaded: Result<usize, &Report>, asked: bool) {
    let faults = loaded.err().map(|report| report.brief(FAULTS_TOLD)).unwrap_or_default();
    let entries = loaded.ok().map(|count| count as u64);
    if let Err(error) = write(shared, asked, entries, faults).await {
        tracing::error!(%error, "what came of loading the FAQ could not be written");
    }
    shared.inbox.notify_one();
}

async fn write(shared: &Shared, asked: bool, entries: Option<u64>, faults: String) -> sqlx::Result<()> {
    let now = shared.clock.now();
    let mut tx = shared.store.write().await?;
    let news = tx.note_faults(Some(faults.as_str()).filter(|_| entries.is_none())).await?;
    if entries.is_some() {
        tx.later(REVIEW, None, now, &Event::ReviewReminders { after: None }).await?;
        tx.later(REVIEW_ENTRIES, None, now, &Event::ReviewEntries).await?;
    }
    if asked || news {
        let event = Event::Reloaded { asked, entries, faults, mended: news && entries.is_some() };
        tx.later("reloaded", None, now, &event).await?;
    }
    tx.commit().await
}
