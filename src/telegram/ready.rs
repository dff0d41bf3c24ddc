//! What `/readyz` says: ready is who would take a question asked now, and answer it. What is wrong begins with the name of the
//! part that it is wrong with.

use std::time::Duration;

use super::health::Part;
use super::shared::Shared;
use crate::store::trouble::MODERATOR_CHAT;

/// How long the database may take to answer.
const DATABASE_TIME: Duration = Duration::from_millis(1800);
/// How long Telegram may be out of reach, or bring no updates.
const SILENCE: Duration = Duration::from_secs(60);
/// How old the oldest call that waits may be.
const OLDEST: Duration = Duration::from_secs(5 * 60);

/// Ready, with what else is to be known, a line each; or why not, in one line.
pub type Readiness = Result<String, String>;

fn named(part: Part, what: &str) -> String {
    format!("{}: {what}", part.name())
}

/// Whether a question asked now would be taken and answered. Answers within two seconds.
pub async fn readiness(shared: &Shared) -> Readiness {
    let health = &shared.health;
    let note = |part: Part| health.trouble(part).map(|trouble| named(part, &trouble.what));
    let mut reasons: Vec<String> = [Part::Token, Part::Webhook, Part::Inbox].into_iter().filter_map(note).collect();
    let updates = health.trouble(Part::Updates);
    if let Some(unfetched) = health.unfetched().filter(|unfetched| *unfetched > SILENCE) {
        let why = updates.as_ref().map(|t| format!(": {}", t.what)).unwrap_or_default();
        let what = format!("no updates could be fetched for {} s{why}", unfetched.as_secs());
        reasons.push(named(Part::Updates, &what));
    }
    let telegram = health.trouble(Part::Telegram);
    let gone = telegram.as_ref().is_some_and(|trouble| trouble.since.elapsed() > SILENCE);
    if !health.serves() {
        reasons.insert(0, "starting".to_owned());
    }
    if let Some(telegram) = telegram.as_ref().filter(|_| gone || !health.serves()) {
        reasons.push(named(Part::Telegram, &telegram.what));
    }
    let mut cards = None;
    match waiting(shared).await {
        Ok(waiting) => {
            if let Some(age) = waiting.oldest.filter(|age| *age > OLDEST) {
                reasons.push(format!("outbox: the oldest call that waits is {} s old", age.as_secs()));
            }
            let refused = |why| named(Part::Moderators, &format!("the moderator chat takes no messages: {why}"));
            cards = waiting.refused.map(refused);
        }
        Err(reason) => reasons.push(named(Part::Database, &reason)),
    }
    if !reasons.is_empty() {
        return Err(reasons.join("; "));
    }
    let parts = [Part::Telegram, Part::Updates, Part::Moderators, Part::Topics, Part::Faq];
    Ok(parts.into_iter().filter_map(note).chain(cards).map(|what| format!("{what}\n")).collect())
}

/// What waits to be sent.
#[derive(Debug, Default)]
pub(super) struct Waits {
    /// How long the oldest call waits. What waits while the moderator chat can't be written to does not count.
    pub oldest: Option<Duration>,
    /// Why the moderator chat can't be written to, in Telegram's words.
    pub refused: Option<String>,
}

/// What waits to be sent; else what is wrong with the database, which is asked.
pub(super) async fn waiting(shared: &Shared) -> Result<Waits, String> {
    let asked = async {
        shared.store.health().await?;
        let read = async { Ok((shared.store.oldest_waiting().await?, shared.store.trouble(MODERATOR_CHAT).await?)) };
        read.await.map_err(|error: sqlx::Error| error.to_string())
    };
    let place = &shared.place;
    match tokio::time::timeout(DATABASE_TIME, asked).await {
        Ok(Ok((oldest, trouble))) => {
            let cards = oldest.moderators.filter(|_| trouble.is_none());
            let created = [oldest.voters, cards].into_iter().flatten().map(|(_, created)| created).min();
            let age = |created: i64| (shared.clock.now().timestamp_millis() - created).max(0).unsigned_abs();
            let oldest = created.map(|created| Duration::from_millis(age(created)));
            Ok(Waits { oldest, refused: trouble.map(|(_, why)| why) })
        }
        Ok(Err(what)) => Err(format!("the database ({place}) fails: {what}")),
        Err(_) => Err(format!("the database ({place}) does not answer")),
    }
}
