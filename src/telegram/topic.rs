//! Topics of a forum: if the moderator group is one and `bot.toml` names topics, cards go to the topic of their kind, and what
//! belongs to a card follows it. They are made here, once, and remembered; lists and notices stay in General.
//!
//! A topic that Telegram does not know any more, or that was closed, is made anew, once in an hour; meanwhile, and where the
//! bot may not make topics, cards go to General. Nothing waits for a topic.

use serde_json::json;

use super::api::{CALL_TIME, object};
use super::health::Part;
use super::shared::Shared;
use crate::faq::setting::Topic;

/// A topic that was lost is made anew once in this time, in milliseconds.
const ANEW: i64 = 3_600_000;
/// How long the making of a topic may take, in milliseconds.
const MAKING: i64 = 60_000;
/// What Telegram says of a topic that nothing can be written to, in small letters: those of the Bot API server and of
/// Telegram's servers, as in the list of refusals.
const LOST: [&str; 6] = [
    "message thread not found",
    "topic_deleted",
    "topic_id_invalid",
    "topic_closed",
    "topic closed",
    "topic is closed",
];

/// Whether a refusal says that nothing can be written to the topic of a call.
pub(super) fn is_lost(description: &str) -> bool {
    let words = description.to_lowercase();
    LOST.iter().any(|known| words.contains(known))
}

/// Makes the topics that are named and not there yet, and names those anew whose name was changed. `forum`: whether `chat`
/// has topics at all.
pub(super) async fn arrange(shared: &Shared, chat: i64, forum: bool) {
    let knowledge = shared.live.current();
    let named: Vec<(Topic, &str)> = knowledge.faq.settings.topics().collect();
    if named.is_empty() {
        return shared.health.good(Part::Topics);
    }
    if !forum {
        let what =
            format!("bot.toml names topics, but the moderator chat {chat} is no forum: all cards go there as before");
        return shared.health.bad(Part::Topics, what);
    }
    let mut good = true;
    for (topic, name) in named {
        match look_after(shared, chat, topic, name).await {
            Ok(None) => {}
            Ok(Some(refused)) => {
                good = false;
                let what =
                    format!("topics of the moderator chat {chat} can't be arranged, cards go to General: {refused}");
                shared.health.bad(Part::Topics, what);
            }
            Err(error) => {
                good = false;
                shared.store.report(&error, "the topics of the moderator chat could not be looked up; trying again");
            }
        }
    }
    if good {
        shared.health.good(Part::Topics);
    }
}

/// Looks after one topic; why Telegram refuses, if it does.
async fn look_after(shared: &Shared, chat: i64, topic: Topic, name: &str) -> sqlx::Result<Option<String>> {
    let (at, id) = (shared.clock.now().timestamp_millis(), topic.id());
    match shared.store.topic(chat, id).await? {
        Some(known) if known.thread == 0 => {
            let mut tx = shared.store.write().await?;
            let claimed = tx.claim_topic_anew(chat, id, at, at - ANEW).await?;
            tx.commit().await?;
            if claimed {
                return make(shared, chat, topic, name, true).await;
            }
            // Another instance may be making it just now.
            let waits = known.anew.is_some_and(|last| at - last > MAKING);
            Ok(waits.then(|| format!("\"{name}\" was lost again; it is made anew within the hour")))
        }
        Some(known) if known.name != name => {
            let body = object(json!({"chat_id": chat, "message_thread_id": known.thread, "name": name}));
            match shared.api.call_within("editForumTopic", &body, CALL_TIME).await {
                Err(error) if !error.to_string().to_lowercase().contains("not_modified") => Ok(Some(error.to_string())),
                _ => {
                    let mut tx = shared.store.write().await?;
                    tx.name_topic(chat, id, name).await?;
                    tx.commit().await?;
                    Ok(None)
                }
            }
        }
        Some(_) => Ok(None),
        None => {
            let mut tx = shared.store.write().await?;
            let claimed = tx.claim_topic(chat, id, name, at).await?;
            tx.commit().await?;
            if claimed { make(shared, chat, topic, name, false).await } else { Ok(None) }
        }
    }
}

/// Makes a topic that this instance claimed; why Telegram refuses, if it does. `anew`: whether there was one before.
async fn make(shared: &Shared, chat: i64, topic: Topic, name: &str, anew: bool) -> sqlx::Result<Option<String>> {
    let body = object(json!({"chat_id": chat, "name": name}));
    let made = shared.api.call_within("createForumTopic", &body, CALL_TIME).await;
    let thread = made.map(|made| made["message_thread_id"].as_i64().unwrap_or_default());
    let mut tx = shared.store.write().await?;
    let refused = match thread {
        Ok(thread) => {
            tx.keep_topic(chat, topic.id(), name, thread, anew).await?;
            tracing::info!(chat, name, "a topic was made");
            None
        }
        Err(error) => {
            // One that never was is tried again at the next look.
            if !anew {
                tx.drop_topic(chat, topic.id()).await?;
            }
            Some(error.to_string())
        }
    };
    tx.commit().await?;
    Ok(refused)
}

/// Nothing can be written to the topic `thread` of `chat`: it is made anew, unless that was done lately.
pub(super) async fn lost(shared: &Shared, chat: i64, thread: i64) -> sqlx::Result<()> {
    let at = shared.clock.now().timestamp_millis();
    let mut tx = shared.store.write().await?;
    let gone = tx.lose_topic(chat, thread, at, at - ANEW).await?;
    tx.commit().await?;
    let Some((id, anew)) = gone else { return Ok(()) };
    tracing::warn!(chat, thread, anew, "a topic of the moderator chat is gone or closed");
    let knowledge = shared.live.current();
    let named = knowledge.faq.settings.topics().find(|(topic, _)| topic.id() == id);
    if let Some((topic, name)) = named.filter(|_| anew)
        && let Some(refused) = make(shared, chat, topic, name, true).await?
    {
        let what = format!("topics of the moderator chat {chat} can't be arranged, cards go to General: {refused}");
        shared.health.bad(Part::Topics, what);
    }
    Ok(())
}

/// Where a card of that kind goes; none for General.
pub(super) async fn thread_of(shared: &Shared, chat: i64, id: &str) -> sqlx::Result<Option<i64>> {
    let knowledge = shared.live.current();
    if !knowledge.faq.settings.topics().any(|(topic, _)| topic.id() == id) {
        return Ok(None);
    }
    Ok(shared.store.topic(chat, id).await?.map(|known| known.thread).filter(|thread| *thread != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_told_from_other_refusals() {
        for words in
            ["Bad Request: message thread not found", "Bad Request: TOPIC_DELETED", "Bad Request: TOPIC_CLOSED"]
        {
            assert!(is_lost(words), "{words}");
        }
        for words in ["Bad Request: chat not found", "Bad Request: message to be replied not found", "Forbidden: x"] {
            assert!(!is_lost(words), "{words}");
        }
    }
}
