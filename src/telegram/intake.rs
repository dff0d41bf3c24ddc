//! Long polling: updates are in the inbox before the next call tells Telegram that they have come.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::watch;

use super::api::{CALL_TIME, CallError, object};
use super::parse::envelope;
use super::shared::{Shared, now};

/// How long Telegram holds a call when there is nothing.
const POLL: Duration = Duration::from_secs(25);
/// After this long without updates the offset is left out: Telegram's numbers may start anew after a quiet week.
const OFFSET_KEPT: Duration = Duration::from_secs(24 * 3600);
/// The first pause after a fault; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause after a fault.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The pause after another instance was found polling.
const CONFLICT_PAUSE: Duration = Duration::from_secs(5);

/// The kinds of updates that the bot wants.
pub const KINDS: [&str; 6] =
    ["message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member"];

/// Polls until told to stop. A call that is under way then is given up: what it would have brought comes again.
pub async fn poll(shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut offset = None;
    let mut heard = Instant::now();
    let mut pause = FIRST_PAUSE;
    while !*stop.borrow() {
        if heard.elapsed() > OFFSET_KEPT {
            offset = None;
        }
        let round = tokio::select! {
            round = receive(&shared, offset) => round,
            _ = stop.changed() => return,
        };
        let wait = match round {
            Ok(None) => {
                pause = FIRST_PAUSE;
                continue;
            }
            Ok(Some(next)) => {
                (offset, heard, pause) = (Some(next), Instant::now(), FIRST_PAUSE);
                continue;
            }
            Err(CallError::TooMany(wait)) => wait,
            Err(CallError::Refused { code: 409, .. }) => {
                tracing::error!(
                    "409: another instance polls with this token, or a webhook is set; only one can. Trying again"
                );
                CONFLICT_PAUSE
            }
            Err(error) => {
                tracing::warn!(%error, "no updates");
                pause = (pause * 2).min(LONGEST_PAUSE);
                pause
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => return,
        }
    }
}

/// One call: what came is written, then its end is the next offset. None if nothing came.
async fn receive(shared: &Shared, offset: Option<i64>) -> Result<Option<i64>, CallError> {
    let mut body = object(json!({"timeout": POLL.as_secs(), "limit": 100, "allowed_updates": KINDS}));
    if let Some(offset) = offset {
        body.insert("offset".to_owned(), json!(offset));
    }
    let result = shared.api.call_within("getUpdates", &body, POLL + CALL_TIME).await?;
    let Some(updates) = result.as_array().filter(|updates| !updates.is_empty()) else { return Ok(None) };
    let received: Vec<_> = updates.iter().filter_map(|update| envelope(&update.to_string())).collect();
    let Some(last) = received.iter().map(|r| r.update).max() else { return Ok(None) };
    match shared.store.receive(&received, now().timestamp_millis()).await {
        Ok(fresh) => {
            if fresh > 0 {
                shared.inbox.notify_one();
            }
            Ok(Some(last + 1))
        }
        // Not acknowledged: they come again.
        Err(error) => Err(CallError::Fault(format!("the inbox could not be written: {error}"))),
    }
}
