//! A FAQ loaded anew, as the desk hears of it; and the last good one, kept for a start with a faulty one.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::health::Part;
use super::shared::Shared;
use crate::desk::learning::try_aside;
use crate::desk::{Event, Knowledge, Lessons, Proposal, REVIEW, REVIEW_ENTRIES};
use crate::faq::day_of;
use crate::faq::fault::{Report, Severity};
use crate::faq::lesson::{Fit, Lesson};
use crate::faq::source::digest;
use crate::faq::watch::look;
use crate::store::Store;

/// How many faults of a report go into a message.
const FAULTS_TOLD: usize = 10;
/// How many lines of a report go into the log.
const LINES_LOGGED: usize = 40;

/// Loads the FAQ anew, and lets the desk tell what came of it; `asked` is whether a moderator wanted it.
pub(super) async fn reload(shared: &Arc<Shared>, asked: bool) {
    let _one_at_a_time = shared.loading.lock().await;
    let live = Arc::clone(&shared.live);
    let Ok((seen, load)) = tokio::task::spawn_blocking(move || (look(live.source()), live.reload())).await else {
        tracing::error!("loading the FAQ failed; the old one serves on");
        return;
    };
    match load.entries {
        Some(entries) => {
            tracing::info!(entries, "FAQ loaded anew");
            shared.health.good(Part::Faq);
            shared.health.counts.loaded(true);
            // What changed while it was read is loaded again in a moment, and kept then.
            if look(shared.live.source()) == seen {
                keep(shared).await;
            }
            tell_fits(shared, load.fits).await;
            tell(shared, Ok(entries), asked).await;
        }
        None => {
            faulty(shared, &load.report);
            tell(shared, Err(&load.report), asked).await;
        }
    }
}

/// Serves with what moderators added to the FAQ, as it stands in the store.
pub(super) async fn teach(shared: &Arc<Shared>, changes: i64) {
    let _one_at_a_time = shared.loading.lock().await;
    let lessons = match lessons(&shared.store).await {
        Ok(lessons) => lessons,
        Err(error) => {
            tracing::error!(%error, "what moderators added to the FAQ could not be read; trying again");
            shared.learning.store(-1, Ordering::Relaxed);
            return;
        }
    };
    let count = lessons.all.len();
    let live = Arc::clone(&shared.live);
    let Ok(load) = tokio::task::spawn_blocking(move || live.teach(lessons)).await else {
        tracing::error!("loading the FAQ with what moderators added failed; the old one serves on");
        return;
    };
    tracing::info!(lessons = count, changes, "the FAQ serves with what moderators added");
    tell_fits(shared, load.fits).await;
}

/// What moderators added to the FAQ, as it is in force.
pub(super) async fn lessons(store: &Store) -> sqlx::Result<Lessons> {
    let mut tx = store.write().await?;
    let changes = tx.changes().await?.lessons;
    let proposals = tx.lessons().await?;
    tx.commit().await?;
    let lesson = |proposal: Proposal| Some((proposal.number, proposal.lesson?));
    Ok(Lessons { all: proposals.into_iter().filter_map(lesson).collect(), changes })
}

/// Lets the desk know which of the lessons the files have by now, and which they do not take.
pub(super) async fn tell_fits(shared: &Shared, fits: Vec<(u64, Fit)>) {
    let (mut filed, mut unfit) = (Vec::new(), Vec::new());
    for (number, fit) in fits {
        match fit {
            Fit::Added => {}
            Fit::There => filed.push(number),
            Fit::Unfit(why) => unfit.push((number, why)),
        }
    }
    if filed.is_empty() && unfit.is_empty() {
        return;
    }
    let event = Event::Taught { filed, unfit };
    if let Err(error) = write_event(shared, "taught", &event).await {
        tracing::error!(%error, "what became of what moderators added could not be written");
    }
    shared.inbox.notify_one();
}

/// Tries a lesson aside, and lets the desk know what came of it. If the program is killed meanwhile it is tried again.
pub(super) async fn try_lesson(shared: &Arc<Shared>, proposal: u64, tries: u32, lesson: Lesson) {
    let _one_at_a_time = shared.loading.lock().await;
    let (live, today) = (Arc::clone(&shared.live), day_of(shared.clock.now()));
    let Ok(refusal) = tokio::task::spawn_blocking(move || try_aside(&live, &lesson, today)).await else {
        tracing::error!(proposal, "a proposal could not be tried");
        return;
    };
    let event = Event::Tried { proposal, tries, refusal };
    if let Err(error) = write_event(shared, &format!("tried:{proposal}"), &event).await {
        tracing::error!(%error, "what came of trying a proposal could not be written");
    }
    shared.inbox.notify_one();
}

/// Brings `event` as soon as can be.
pub(super) async fn write_event(shared: &Shared, name: &str, event: &Event) -> sqlx::Result<()> {
    let mut tx = shared.store.write().await?;
    tx.later(name, None, shared.clock.now(), event).await?;
    tx.commit().await
}

/// Another FAQ serves from now on, as after a load that was in order.
pub(super) async fn serve(shared: &Shared, knowledge: Arc<Knowledge>) {
    let entries = knowledge.faq.entries.len();
    shared.live.serve(knowledge);
    tell(shared, Ok(entries), false).await;
}

/// Notes and logs that the FAQ on disk is faulty while another serves.
pub(super) fn faulty(shared: &Shared, report: &Report) {
    let faults = report.count(Severity::Fault);
    let what = format!("the FAQ ({}) has {faults} faults; the last good one serves", shared.live.source().name());
    shared.health.note(Part::Faq, &what);
    shared.health.counts.loaded(false);
    shared.health.faults.store(faults as u64, Ordering::Relaxed);
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
