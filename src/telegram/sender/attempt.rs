//! One attempt at one call, and what its answer means.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Shared;
use crate::store::outbox::{End, Waiting};
use crate::telegram::api::CallError;
use crate::telegram::render::answered_ticket;

/// How long is waited when the bot as a whole, or the moderator chat, is out of reach.
const OUT_OF_REACH: Duration = Duration::from_secs(60);

/// What an attempt came to.
#[derive(Debug)]
pub(super) enum Step {
    /// It waits no more.
    Gone,
    /// It came to its end.
    Ended(Box<Waiting>, End),
    /// It goes on as another call.
    Turned(Box<Waiting>, &'static str, Map<String, Value>),
    /// The group became a supergroup.
    Moved {
        /// The group.
        old: i64,
        /// The supergroup.
        new: i64,
    },
    /// Telegram wants silence for so long.
    TooMany(Duration),
    /// It may be tried again soon.
    Fault(String),
    /// It may be tried again after so long; someone must look.
    Rest(Duration, String),
}

/// Makes the call with that number.
pub(super) async fn attempt(shared: &Shared, id: i64, chat: i64) -> Step {
    let waiting = match shared.store.call(id).await {
        Ok(Some(waiting)) => Box::new(waiting),
        Ok(None) => return Step::Gone,
        Err(error) => return Step::Fault(error.to_string()),
    };
    let mut body = match resolved(shared, &waiting).await {
        Ok(Some(body)) => body,
        // The message that it is about was never sent, or is not known any more.
        Ok(None) => return Step::Ended(waiting, End::Dropped),
        Err(error) => return Step::Fault(error.to_string()),
    };
    body.insert("chat_id".to_owned(), json!(chat));
    match shared.api.call(&waiting.call.method, &body).await {
        Ok(result) => {
            let message = result["message_id"].as_i64();
            Step::Ended(waiting, End::Sent(message))
        }
        Err(CallError::TooMany(wait)) => Step::TooMany(wait),
        Err(CallError::Fault(reason)) => Step::Fault(reason),
        Err(CallError::Refused { moved_to: Some(new), .. }) => Step::Moved { old: chat, new },
        Err(CallError::Refused { code, description, .. }) => refused(shared, waiting, chat, code, description),
    }
}

/// The body with "@name" replaced by the number of the message of that name.
async fn resolved(shared: &Shared, waiting: &Waiting) -> sqlx::Result<Option<Map<String, Value>>> {
    let mut body = waiting.call.body.clone();
    if let Some(name) = body.get("message_id").and_then(reference) {
        let Some(message) = shared.store.link(&name).await? else { return Ok(None) };
        body.insert("message_id".to_owned(), json!(message));
    }
    if let Some(name) = body.get("reply_parameters").and_then(|r| reference(&r["message_id"])) {
        match shared.store.link(&name).await? {
            Some(message) => body["reply_parameters"]["message_id"] = json!(message),
            None => {
                body.remove("reply_parameters");
            }
        }
    }
    Ok(Some(body))
}

fn reference(value: &Value) -> Option<String> {
    value.as_str()?.strip_prefix('@').map(str::to_owned)
}

/// What a refusal means. Telegram's words are matched in small letters, as they have changed case over the years.
fn refused(shared: &Shared, waiting: Box<Waiting>, chat: i64, code: i64, description: String) -> Step {
    let words = description.to_lowercase();
    let call = &waiting.call;
    let edits = call.method.starts_with("edit");
    let moderators = chat == shared.moderators();
    if code == 401 || code == 404 {
        return Step::Rest(OUT_OF_REACH, format!("{code} {description}: is the token still valid?"));
    }
    if moderators && (code == 403 || words.contains("chat not found") || words.contains("not enough rights")) {
        return Step::Rest(OUT_OF_REACH, format!("the moderator chat: {code} {description}"));
    }
    if code == 403 {
        return Step::Ended(waiting, End::Blocked(description));
    }
    if edits && words.contains("not modified") {
        return Step::Ended(waiting, End::Sent(None));
    }
    let lost = words.contains("message to edit not found")
        || words.contains("message can't be edited")
        || words.contains("message_id_invalid");
    if edits && lost && call.name.as_ref().is_some_and(|name| name.starts_with("card:")) {
        // The card is gone, as after a move to a supergroup: a new one takes its place.
        let mut body = call.body.clone();
        body.remove("message_id");
        return Step::Turned(waiting, "sendMessage", body);
    }
    if call.method == "deleteMessage" {
        let ticket = call.body.get("message_id").and_then(reference).and_then(|name| answered_ticket(&name));
        if let (true, Some(ticket)) = (words.contains("can't be deleted"), ticket) {
            let wording = &shared.live.current().faq.wording;
            let text = wording.say("taken_back", &[("number", &ticket.to_string())]);
            let mut body = call.body.clone();
            body.insert("text".to_owned(), json!(text));
            return Step::Turned(waiting, "editMessageText", body);
        }
        return Step::Ended(waiting, End::Dropped);
    }
    Step::Ended(waiting, End::Failed(description))
}
