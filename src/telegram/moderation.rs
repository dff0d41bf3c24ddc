//! Who may moderate: the members of the moderator chat, or those on the list; in a channel, by a press, its
//! administrators only.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use super::api::object;
use super::parse::{Author, AuthorKind};
use super::shared::Shared;
use crate::desk::NotTaken;

/// How long it is believed who administers the channel.
const KEPT: Duration = Duration::from_secs(300);

/// Whether someone may moderate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// They may.
    Yes,
    /// They may not, for this reason.
    No(NotTaken),
    /// Telegram is being asked.
    Unknown,
}

/// Who administers the channel, as far as Telegram was asked.
#[derive(Debug, Default)]
pub struct Administrators {
    known: HashMap<i64, (bool, Instant)>,
    asked: HashSet<i64>,
}

/// Whether `author` may moderate.
pub fn may_moderate(shared: &Arc<Shared>, administrators: &Arc<Mutex<Administrators>>, author: &Author) -> May {
    let listed = &shared.live.current().faq.settings.moderators;
    match author.kind {
        AuthorKind::Channel => return May::No(NotTaken::AsChannel),
        AuthorKind::Anonymous | AuthorKind::Post if !listed.is_empty() => return May::No(NotTaken::Anonymous),
        AuthorKind::Person | AuthorKind::Subscriber
            if !listed.is_empty() && !author.user.is_some_and(|user| listed.contains(&user)) =>
        {
            return May::No(NotTaken::NotListed);
        }
        AuthorKind::Subscriber => {}
        AuthorKind::Person | AuthorKind::Anonymous | AuthorKind::Post => return May::Yes,
    }
    let Some(user) = author.user else { return May::No(NotTaken::NotListed) };
    let mut known = administrators.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((is, at)) = known.known.get(&user)
        && at.elapsed() < KEPT
    {
        return if *is { May::Yes } else { May::No(NotTaken::NotListed) };
    }
    if known.asked.insert(user) {
        tokio::spawn(ask(Arc::clone(shared), Arc::clone(administrators), user));
    }
    May::Unknown
}

/// Asks Telegram whether `user` administers the channel. A fault is no "no": it is not kept.
async fn ask(shared: Arc<Shared>, administrators: Arc<Mutex<Administrators>>, user: i64) {
    let body = object(json!({"chat_id": shared.moderators(), "user_id": user}));
    let answer = shared.api.call("getChatMember", &body).await;
    {
        let mut known = administrators.lock().unwrap_or_else(PoisonError::into_inner);
        known.asked.remove(&user);
        match answer {
            Ok(member) => {
                let is = matches!(member["status"].as_str(), Some("creator" | "administrator"));
                known.known.retain(|_, (_, at)| at.elapsed() < KEPT);
                known.known.insert(user, (is, Instant::now()));
            }
            Err(error) => tracing::warn!(%error, "who administers the channel can't be learnt"),
        }
    }
    shared.inbox.notify_one();
}
