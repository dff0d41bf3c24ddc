//! What happens from time to time besides the work: looks at the database, the webhook and the moderator chat, and the
//! log's line of each minute.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::address::Lookout;
use super::health::Part;
use super::moderator_chat;
use super::ready::waiting;
use super::service::Webhook;
use super::shared::Shared;

/// How often the database is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// How long it may take to count what waits.
const COUNT_TIME: Duration = Duration::from_secs(2);
/// How often the webhook and the moderator chat are looked at, and what was done is told.
const MINUTE: Duration = Duration::from_secs(60);
/// How often the moderator chat is looked at while the bot can't write in it.
const SOONER: Duration = Duration::from_secs(15);

/// Beats until told to stop.
pub(super) async fn beat(shared: Arc<Shared>, webhook: Option<Webhook>, mut stop: watch::Receiver<bool>) {
    let mut lookout = webhook.map(|webhook| Lookout::new(Arc::clone(&shared), webhook));
    let mut told = shared.health.counts.all();
    let (mut minute, mut chat) = (Instant::now(), Instant::now());
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => return,
        }
        let looks = async {
            let waiting = look_at_database(&shared).await;
            let whole = minute.elapsed() >= MINUTE;
            if whole {
                minute = Instant::now();
                tell(&shared, &mut told, waiting).await;
                if let Some(lookout) = &mut lookout {
                    lookout.look().await;
                }
            }
            let away = shared.health.trouble(Part::Moderators).is_some();
            if chat.elapsed() >= if away { SOONER } else { MINUTE } {
                chat = Instant::now();
                moderator_chat::look(&shared).await;
            }
        };
        tokio::select! {
            () = looks => {}
            _ = stop.changed() => return,
        }
    }
}

/// Notes whether the database answers; gives the age of the oldest call that waits.
async fn look_at_database(shared: &Shared) -> Option<Duration> {
    match waiting(shared).await {
        Ok(waiting) => {
            shared.health.good(Part::Database);
            waiting.oldest
        }
        Err(what) => {
            shared.health.bad(Part::Database, format!("{what}; trying again"));
            None
        }
    }
}

/// The line of each minute: what was done in it, and what waits. Nothing is told of a minute in which nothing was.
async fn tell(shared: &Shared, told: &mut [(&'static str, u64); 8], oldest: Option<Duration>) {
    let now = shared.health.counts.all();
    let done: Vec<String> =
        now.iter().zip(told.iter()).map(|((name, now), (_, before))| format!("{name}={}", now - before)).collect();
    let idle = now == *told;
    *told = now;
    if idle && oldest.is_none() {
        return;
    }
    let waiting = tokio::time::timeout(COUNT_TIME, shared.store.outbox_count()).await;
    let waiting = waiting.ok().and_then(Result::ok).map_or_else(|| "unknown".to_owned(), |count| count.to_string());
    let oldest = oldest.map_or(0, |age| age.as_secs());
    tracing::info!("in a minute: {} waiting={waiting} oldest_s={oldest}", done.join(" "));
}
