//! One attempt at one call, and what its answer means.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::plain::{instead, plain};
use super::refusal::{Concern, concern};
use super::rest::Taken;
use crate::store::outbox::{ASKERS, End, MODERATORS, THREAD, TOPIC, Waiting, is_card, public_key, reference, sends};
use crate::telegram::api::CallError;
use crate::telegram::attach::{self, Note};
use crate::telegram::render::answered_ticket;
use crate::telegram::shared::Shared;
use crate::telegram::topic;
use crate::telegram::trace::of_call;
use crate::text::language::Language;

/// What an attempt came to.
#[derive(Debug)]
pub(super) enum Step {
    /// It waits no more.
    Gone,
    /// Nothing is left to be done: the message that it is about was never sent, or stands elsewhere.
    Moot,
    /// It could not be tried: the store did not answer, or the right to send is in doubt.
    Untried(Option<String>),
    /// It came to its end.
    Ended(End),
    /// It goes on as another call; why, if a part of it is lost by that.
    Turned(&'static str, Map<String, Value>, Option<String>),
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
    /// The chat can't be written to now.
    Refused(String),
    /// It was refused, and nobody knows what for.
    Unknown(String),
    /// The token is refused, so every call is.
    Token(String),
}

/// An attempt that was made.
#[derive(Debug)]
pub(super) struct Attempt {
    /// The call as it was made, if it was.
    pub(super) waiting: Option<Box<Waiting>>,
    /// The chat that it went to.
    pub(super) to: i64,
    /// What it came to.
    pub(super) step: Step,
    /// What it tells of a picture.
    pub(super) note: Option<Note>,
}

/// Makes a call, if `may_send` still says so right before.
pub(super) async fn attempt(shared: &Shared, taken: Taken, may_send: &(dyn Fn() -> bool + Send + Sync)) -> Attempt {
    let moderators = shared.moderators();
    let without = |step| Attempt { waiting: None, to: moderators, step, note: None };
    let mut waiting = match shared.store.call(taken.call.id).await {
        Ok(Some(waiting)) => Box::new(waiting),
        Ok(None) => return without(Step::Gone),
        Err(error) => return without(Step::Untried(Some(error.to_string()))),
    };
    let mut to = if waiting.call.chat == MODERATORS { moderators } else { waiting.call.chat };
    let resolved = match resolve(shared, &mut waiting, &mut to).await {
        Ok(Some(body)) => body,
        Ok(None) => return Attempt { waiting: Some(waiting), to, step: Step::Moot, note: None },
        Err(error) => return without(Step::Untried(Some(error.to_string()))),
    };
    let words = plain(&waiting.call.method, &resolved).filter(|_| taken.plain);
    let (method, mut body) = words.unwrap_or((waiting.call.method.as_str(), resolved));
    if method == "copyMessages" {
        // They serve what can't be copied; the method knows no caption.
        ["caption", "caption_entities"].iter().for_each(|field| drop(body.remove(*field)));
    }
    body.insert("chat_id".to_owned(), json!(to));
    let parcel = match attach::prepare(shared, &mut body).await {
        Ok(Ok(parcel)) => parcel,
        Ok(Err(reason)) => {
            let _of_call = of_call(waiting.id, waiting.update).entered();
            tracing::error!(reason, "a picture can't be drawn; its words go alone");
            let step = without_file(&waiting, reason);
            return Attempt { waiting: Some(waiting), to, step, note: None };
        }
        Err(error) => return without(Step::Untried(Some(error.to_string()))),
    };
    if !may_send() {
        return without(Step::Untried(None));
    }
    let answer = match &parcel.upload {
        Some(file) => shared.api.upload(method, &body, file).await,
        None => shared.api.call(method, &body).await,
    };
    let error = answer.as_ref().err().map(ToString::to_string);
    of_call(waiting.id, waiting.update).in_scope(|| tracing::debug!(method, error, "a call was made"));
    let mut note = None;
    let step = match answer {
        Ok(result) => {
            note = parcel.note(&result);
            taken_by_telegram(shared, &waiting, &result)
        }
        Err(CallError::TooMany(wait)) => Step::TooMany(wait),
        Err(CallError::Fault(reason)) => Step::Fault(reason),
        // The group that something is copied from may be what moved, and is no place for a private message.
        Err(CallError::Refused { moved_to: Some(new), .. }) if to == moderators => Step::Moved { old: to, new },
        Err(CallError::Refused { description, .. })
            if waiting.call.body.contains_key(THREAD) && topic::is_lost(&description) =>
        {
            let thread = waiting.call.body.remove(THREAD).and_then(|thread| thread.as_i64()).unwrap_or_default();
            // Once more: to the topic that takes its place, or to General.
            match topic::lost(shared, to, thread).await {
                Ok(()) => {
                    let mut body = waiting.call.body.clone();
                    body.remove("message_id");
                    Step::Turned(sending(&waiting.call.method), body, None)
                }
                Err(error) => Step::Untried(Some(error.to_string())),
            }
        }
        Err(CallError::Refused { code, description, .. }) => {
            let elsewhere = to < 0 && to != moderators;
            match refused(shared, &waiting, (to, elsewhere), code, &description) {
                // The number that Telegram gave it may be worth nothing any more: once more, with the picture itself.
                Step::Ended(End::Failed(_)) if parcel.refused().is_some() => {
                    note = parcel.refused();
                    Step::Turned("sendPhoto", waiting.call.body.clone(), None)
                }
                Step::Ended(End::Failed(reason)) if parcel.upload.is_some() => without_file(&waiting, reason),
                step => step,
            }
        }
    };
    Attempt { waiting: Some(waiting), to, step, note }
}

/// The body with "@name" replaced by the number of the message of that name, in the chat that the call goes to. A message of
/// another chat is never touched: its number belongs to something else here. None if nothing is left to be done.
async fn resolve(shared: &Shared, waiting: &mut Waiting, to: &mut i64) -> sqlx::Result<Option<Map<String, Value>>> {
    let call = &mut waiting.call;
    let mut body = call.body.clone();
    [ASKERS, TOPIC, THREAD].iter().for_each(|field| drop(body.remove(*field)));
    // What is said about a message of a topic names it from the beginning.
    let mut thread = call.body.remove(THREAD).and_then(|thread| thread.as_i64());
    if let Some(name) = body.get("message_id").and_then(reference).map(str::to_owned) {
        let edits = call.method.starts_with("edit");
        let card = is_card(&name) && edits;
        match shared.store.link(&name).await? {
            Some((chat, message)) if chat == *to => drop(body.insert("message_id".to_owned(), json!(message))),
            // What holds nobody's words any more empties the message where it stands.
            Some((chat, message)) if edits && call.voter.is_none() => {
                *to = chat;
                body.insert("message_id".to_owned(), json!(message));
            }
            _ if card && call.voter.is_some() => {
                // The card stands in another chat, or nowhere: a new one takes its place.
                "sendMessage".clone_into(&mut call.method);
                body.remove("message_id");
            }
            _ => return Ok(None),
        }
    }
    if let Some(name) = body.get("reply_parameters").and_then(|r| reference(&r["message_id"])).map(str::to_owned) {
        match shared.store.link(&name).await? {
            Some((chat, message)) if chat == *to => {
                body["reply_parameters"]["message_id"] = json!(message);
                // What belongs to a message stands in its topic.
                thread = shared.store.topic_of(&name).await?;
            }
            _ => drop(body.remove("reply_parameters")),
        }
    }
    if let Some(kind) = call.body.get(TOPIC).and_then(Value::as_str).filter(|_| sends(&call.method)) {
        thread = topic::thread_of(shared, *to, kind).await?;
    }
    if let Some(thread) = thread.filter(|_| call.chat == MODERATORS && sends(&call.method)) {
        body.insert("message_thread_id".to_owned(), json!(thread));
        call.body.insert(THREAD.to_owned(), json!(thread));
    }
    Ok(Some(body))
}

/// The method of a call that posts something among the moderators, as it is written down again.
fn sending(method: &str) -> &'static str {
    match method {
        "copyMessage" => "copyMessage",
        "sendPhoto" => "sendPhoto",
        _ => "sendMessage",
    }
}

/// Telegram took the call.
fn taken_by_telegram(shared: &Shared, waiting: &Waiting, result: &Value) -> Step {
    if waiting.call.method != "copyMessages" {
        return Step::Ended(End::Sent(result["message_id"].as_i64()));
    }
    let made: Vec<i64> =
        result.as_array().into_iter().flatten().filter_map(|copy| copy["message_id"].as_i64()).collect();
    let asked = waiting.call.body.get("message_ids").and_then(Value::as_array).map_or(0, Vec::len);
    let wordings = &shared.live.current().faq.wordings;
    let short = (made.len() < asked).then(|| {
        wordings.say(
            Language::Indonesian,
            "partly_copied",
            &[("sent", &made.len().to_string()), ("count", &asked.to_string())],
        )
    });
    match short {
        // What can't be copied is passed over without a word: nothing was.
        Some(reason) if made.is_empty() => not_copied(waiting, reason),
        short => Step::Ended(End::Copied(made, short)),
    }
}

/// What can't be sent as a file goes as the words that stand for it.
fn without_file(waiting: &Waiting, reason: String) -> Step {
    match attach::instead(&waiting.call.body) {
        Some(body) => Step::Turned("sendMessage", body, None),
        None => Step::Ended(End::Failed(reason)),
    }
}

/// What can't be copied goes as words, if there are some.
fn not_copied(waiting: &Waiting, reason: String) -> Step {
    match instead(&waiting.call.body) {
        Some(body) => Step::Turned("sendMessage", body, Some(reason)),
        None => Step::Ended(End::Failed(reason)),
    }
}

/// What a refusal means. `to`: the chat that the call went to, and whether that is one where the moderators are no more, so
/// that something was only to be emptied there.
fn refused(shared: &Shared, waiting: &Waiting, to: (i64, bool), code: i64, description: &str) -> Step {
    let call = &waiting.call;
    let copies = call.method.starts_with("copy");
    let (to, elsewhere) = to;
    let concern = concern(code, description, to > 0 && call.chat != MODERATORS, copies);
    if public_key(call).is_some() && concern != Concern::Token {
        // Moderators are told at once, and may try again: nothing else waits for the channel.
        let unchanged = ["not modified", "not_modified"].iter().any(|known| description.to_lowercase().contains(known));
        return Step::Ended(if unchanged { End::Sent(None) } else { End::Failed(description.to_owned()) });
    }
    if elsewhere && concern != Concern::Token {
        return Step::Ended(End::Dropped);
    }
    match concern {
        Concern::Token => Step::Token(format!("{code} {description}")),
        Concern::Chat => Step::Refused(description.to_owned()),
        Concern::Person => Step::Ended(End::Blocked(description.to_owned())),
        Concern::Unknown => Step::Unknown(description.to_owned()),
        Concern::Message if copies => not_copied(waiting, description.to_owned()),
        Concern::Message if sends(&call.method) => refused_message(waiting, description),
        Concern::Message => refused_change(shared, waiting, description),
    }
}

/// A message that Telegram refuses.
fn refused_message(waiting: &Waiting, description: &str) -> Step {
    let words = description.to_lowercase();
    let reply = ["to be replied not found", "reply_message_id_invalid", "reply_to_invalid"];
    let mut body = waiting.call.body.clone();
    if reply.iter().any(|known| words.contains(known)) && body.remove("reply_parameters").is_some() {
        return Step::Turned("sendMessage", body, None);
    }
    Step::Ended(End::Failed(description.to_owned()))
}

/// A change of a message that Telegram refuses.
fn refused_change(shared: &Shared, waiting: &Waiting, description: &str) -> Step {
    let call = &waiting.call;
    let words = description.to_lowercase();
    let any = |list: &[&str]| list.iter().any(|known| words.contains(known));
    if call.method == "deleteMessage" {
        let named = call.body.get("message_id").and_then(reference);
        let ticket = call.name.as_deref().or(named).and_then(answered_ticket);
        if let (true, Some(ticket)) = (any(&["can't be deleted", "delete_forbidden"]), ticket) {
            let wordings = &shared.live.current().faq.wordings;
            let text = wordings.say(Language::Indonesian, "taken_back", &[("number", &ticket.to_string())]);
            let mut body = call.body.clone();
            body.insert("text".to_owned(), json!(text));
            return Step::Turned("editMessageText", body, None);
        }
        return Step::Ended(End::Dropped);
    }
    if any(&["not modified", "not_modified"]) {
        return Step::Ended(End::Sent(None));
    }
    let lost = any(&["to edit not found", "can't be edited", "message_id_invalid", "message not found"]);
    if lost && waiting.call.voter.is_some() && call.name.as_deref().is_some_and(is_card) {
        // The card is gone, as after someone deleted it: a new one takes its place.
        let mut body = call.body.clone();
        body.remove("message_id");
        return Step::Turned("sendMessage", body, None);
    }
    let other = |method, from: &str, to: &str| {
        let mut body = call.body.clone();
        for (from, to) in [(from, to), (entities(from), entities(to))] {
            if let Some(value) = body.remove(from) {
                body.insert(to.to_owned(), value);
            }
        }
        // A caption has no preview.
        body.remove("link_preview_options");
        Step::Turned(method, body, None)
    };
    match call.method.as_str() {
        // What could not be copied went as words, or the other way round.
        "editMessageCaption" if any(&["no caption in the message"]) => other("editMessageText", "caption", "text"),
        "editMessageText" if any(&["no text in the message"]) => other("editMessageCaption", "text", "caption"),
        _ if call.voter.is_none() && lost => Step::Ended(End::Dropped),
        _ => Step::Ended(End::Failed(description.to_owned())),
    }
}

fn entities(field: &str) -> &'static str {
    if field == "text" { "entities" } else { "caption_entities" }
}
