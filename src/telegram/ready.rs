//! What `/readyz` says: ready is who would take a question asked now, and answer it.

use std::time::Duration;

use super::health::Part;
use super::shared::{Shared, now};

/// How long the database may take to answer.
const DATABASE_TIME: Duration = Duration::from_millis(1800);
/// How long Telegram may be out of reach, or bring no updates.
const SILENCE: Duration = Duration::from_secs(60);
/// How old the oldest call that waits may be.
const OLDEST: Duration = Duration::from_secs(5 * 60);

/// What is to be known of one that is ready, a line each; or why it is not, in one line. Answers within two seconds.
pub async fn readiness(shared: &Shared) -> Result<String, String> {
    let health = &shared.health;
    let mut reasons = Vec::new();
    for part in [Part::Token, Part::Webhook, Part::Inbox] {
        reasons.extend(health.trouble(part).map(|trouble| trouble.what));
    }
    let updates = health.trouble(Part::Updates);
    if let Some(unfetched) = health.unfetched().filter(|unfetched| *unfetched > SILENCE) {
        let why = updates.as_ref().map(|t| format!(": {}", t.what)).unwrap_or_default();
        reasons.push(format!("no updates could be fetched for {} s{why}", unfetched.as_secs()));
    }
    let telegram = health.trouble(Part::Telegram);
    let gone = telegram.as_ref().is_some_and(|trouble| trouble.since.elapsed() > SILENCE);
    if !health.serves() {
        reasons.insert(0, "starting".to_owned());
    }
    if let Some(telegram) = telegram.as_ref().filter(|_| gone || !health.serves()) {
        reasons.push(telegram.what.clone());
    }
    match oldest(shared).await {
        Ok(Some(age)) if age > OLDEST => {
            reasons.push(format!("the oldest call that waits is {} s old", age.as_secs()));
        }
        Ok(_) => {}
        Err(reason) => reasons.push(reason),
    }
    if !reasons.is_empty() {
        return Err(reasons.join("; "));
    }
    let notes = [telegram, updates, health.trouble(Part::Moderators), health.trouble(Part::Cards)];
    let notes = notes.into_iter().chain([health.trouble(Part::Faq)]).flatten();
    Ok(notes.map(|trouble| format!("{}\n", trouble.what)).collect())
}

/// How long the oldest call waits, if one does; else what is wrong with the database, which is asked.
pub(super) async fn oldest(shared: &Shared) -> Result<Option<Duration>, String> {
    let asked = async {
        let ready = shared.store.is_ready().await;
        (ready, shared.store.oldest_waiting().await)
    };
    let place = &shared.place;
    match tokio::time::timeout(DATABASE_TIME, asked).await {
        Ok((true, Ok(created))) => {
            let age = |created: i64| (now().timestamp_millis() - created).max(0).unsigned_abs();
            Ok(created.map(|created| Duration::from_millis(age(created))))
        }
        Ok((_, Err(error))) => Err(format!("the database ({place}) fails: {error}")),
        Ok((false, Ok(_))) => Err(format!("the database ({place}) fails")),
        Err(_) => Err(format!("the database ({place}) does not answer")),
    }
}
