//! The moderator chat as Telegram sees it: is it there, and may the bot write in it?

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use super::api::{Api, CallError, object};
use super::health::Part;
use super::service::ServeError;
use super::shared::Shared;
use super::start::database_failed;
use super::topic;
use crate::desk::{Event, REPOST};
use crate::store::Tx;
use crate::store::trouble::MODERATOR_CHAT;

/// How often Telegram is asked at the start before the bot goes on without an answer.
const TRIES: u32 = 3;
/// How long is waited in between.
const PAUSE: Duration = Duration::from_secs(1);
/// How long one question may take at the start.
const TIME: Duration = Duration::from_secs(5);
/// How often a group that became another is followed.
const MOST_MOVES: u32 = 3;

/// What Telegram says of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// The bot may write in it.
    Fine {
        /// Its title.
        title: String,
        /// Whether it has topics.
        forum: bool,
        /// Whether the bot is an administrator.
        admin: bool,
        /// Whether anybody can find and read it.
        public: bool,
    },
    /// It became a supergroup of this number.
    Moved(i64),
    /// The bot can't write in it, in Telegram's words or ours.
    Refused(Refusal),
    /// Nothing was learnt, for this reason.
    Silent(String),
    /// Telegram wants to be left alone first.
    Busy(String),
}

/// Why the bot can't write in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is none of that number, or the bot was never in it.
    Unknown(String),
    /// The bot is not in it.
    Outside(String),
    /// The bot is in it and may not write.
    Silenced(String),
}

impl Refusal {
    /// For the log.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Unknown(words) | Self::Outside(words) | Self::Silenced(words) => words,
        }
    }

    /// What is wrong, and what to do.
    pub(super) fn advice(&self, chat: i64) -> String {
        match self {
            Self::Unknown(_) => {
                format!("Telegram tidak mengenal chat {chat}. Periksa nomornya, dan masukkan bot ke grup itu")
            }
            Self::Outside(_) => format!("bot ini bukan anggota chat {chat}. Masukkan bot ke sana sebagai admin"),
            Self::Silenced(_) => {
                format!("bot ini tidak boleh menulis di chat {chat}. Jadikan bot admin yang boleh mengirim pesan")
            }
        }
    }

    /// For the person who starts the bot.
    fn ends_the_start(&self, chat: i64) -> String {
        let (what, words) = (self.advice(chat), self.words());
        format!("MODERATOR_CHAT: {what}, lalu mulai lagi ({words}; --no-chat-check melewati pemeriksaan ini).")
    }
}

/// Asks Telegram for a chat and the bot's place in it.
pub(super) async fn ask(api: &Api, chat: i64, bot: i64, time: Duration) -> Standing {
    let about = match api.call_within("getChat", &object(json!({"chat_id": chat})), time).await {
        Ok(about) => about,
        Err(error) => return unheard(error),
    };
    match api.call_within("getChatMember", &object(json!({"chat_id": chat, "user_id": bot})), time).await {
        Ok(member) => judge(&about, &member),
        Err(error) => unheard(error),
    }
}

fn unheard(error: CallError) -> Standing {
    let (code, description, moved_to) = match error {
        CallError::Refused { code, description, moved_to } => (code, description, moved_to),
        CallError::TooMany(_) => return Standing::Busy(error.to_string()),
        CallError::Fault(reason) => return Standing::Silent(reason),
    };
    if let Some(new) = moved_to {
        return Standing::Moved(new);
    }
    let words = description.to_lowercase();
    let said = format!("{code} {description}");
    if code == 401 {
        Standing::Silent(said)
    } else if code == 403 || words.contains("kicked") || words.contains("not a member") {
        Standing::Refused(Refusal::Outside(said))
    } else {
        Standing::Refused(Refusal::Unknown(said))
    }
}

/// What a chat and the bot's membership in it mean (<https://core.telegram.org/bots/api#chatmember>).
fn judge(about: &Value, member: &Value) -> Standing {
    let may = |object: &Value, right: &str| object[right].as_bool().unwrap_or(true);
    let channel = about["type"] == "channel";
    let status = member["status"].as_str().unwrap_or_default();
    let silenced = |why: &str| Standing::Refused(Refusal::Silenced(why.to_owned()));
    match status {
        "left" | "kicked" => Standing::Refused(Refusal::Outside(format!("the bot's status is {status}"))),
        "restricted" if !may(member, "is_member") => {
            Standing::Refused(Refusal::Outside("the bot is restricted and no member".to_owned()))
        }
        "restricted" if !may(member, "can_send_messages") => silenced("the bot is restricted: no right to write"),
        "administrator" if channel && member["can_post_messages"] != true => {
            silenced("an administrator without the right to post")
        }
        "member" if channel => silenced("a member of a channel can't post"),
        "member" if !may(&about["permissions"], "can_send_messages") => silenced("members of this group can't write"),
        _ => Standing::Fine {
            title: about["title"].as_str().unwrap_or_default().to_owned(),
            forum: about["is_forum"] == true,
            admin: matches!(status, "administrator" | "creator"),
            public: about["username"].is_string() || about["active_usernames"].is_array(),
        },
    }
}

/// Looks for the moderator chat at the start, and follows a group that became a supergroup. A chat that this database
/// never wrote to and that Telegram refuses is a wrong setting, unless `strict` is false; any other trouble is noted, and
/// the bot serves: most questions need no moderator. Gives the chat's title, if it was learnt.
pub(super) async fn find(shared: &Shared, configured: i64, strict: bool) -> Result<Option<String>, ServeError> {
    let (mut tries, mut moves) = (0, 0);
    // The chat by all its numbers: what was written to the group was written to the supergroup.
    let mut numbers = vec![configured];
    loop {
        let chat = shared.moderators();
        numbers.push(chat);
        let standing = ask(&shared.api, chat, shared.bot, TIME).await;
        match &standing {
            Standing::Moved(new) if moves < MOST_MOVES => {
                moves += 1;
                follow(shared, chat, *new).await.map_err(|e| database_failed(&e))?;
                continue;
            }
            Standing::Silent(_) if tries + 1 < TRIES => {
                tries += 1;
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            Standing::Refused(refusal) => {
                let mut known = !strict;
                for number in &numbers {
                    known = known || shared.store.has_written_to(*number).await.map_err(|e| database_failed(&e))?;
                }
                if !known {
                    return Err(ServeError::Setting(refusal.ends_the_start(chat)));
                }
            }
            _ => {}
        }
        arrange(shared, chat, &standing).await;
        return Ok(note(shared, chat, standing));
    }
}

/// Looks at the start for the chat above the moderators'. Nothing else hangs on it, so that it can't be written to is only
/// said.
pub(super) async fn look_above(shared: &Shared) {
    let Some(chat) = shared.above() else { return };
    match ask(&shared.api, chat, shared.bot, TIME).await {
        Standing::Fine { title, .. } => tracing::info!(chat, title, "what waits too long is told to another chat"),
        Standing::Moved(new) => {
            if let Err(error) = follow(shared, chat, new).await {
                tracing::error!(%error, "the move of the chat above the moderators' could not be written down");
            }
        }
        Standing::Refused(refusal) => {
            let why = refusal.words();
            tracing::warn!(chat, why, "ESCALATION_CHAT can't be reached: what waits too long is told to nobody there");
        }
        Standing::Silent(why) | Standing::Busy(why) => {
            tracing::info!(chat, why, "ESCALATION_CHAT could not be asked for");
        }
    }
}

/// What a look at another chat found.
pub(super) enum Look {
    /// The bot may write in it; its title.
    Fine(String),
    /// It may not, for this reason.
    Refused(String),
    /// Telegram did not say.
    Unknown(String),
}

/// Asks whether the bot may write in a chat that is not the moderators'.
pub(super) async fn look_at(shared: &Shared, chat: i64) -> Look {
    match ask(&shared.api, chat, shared.bot, TIME).await {
        Standing::Fine { title, .. } => Look::Fine(title),
        Standing::Moved(new) => Look::Refused(format!("the group became a supergroup, {new}")),
        Standing::Refused(refusal) => Look::Refused(refusal.words().to_owned()),
        Standing::Silent(why) | Standing::Busy(why) => Look::Unknown(why),
    }
}

/// Looks whether the moderator chat is still there, or is back.
pub(super) async fn look(shared: &Shared) {
    let chat = shared.moderators();
    match ask(&shared.api, chat, shared.bot, super::api::CALL_TIME).await {
        Standing::Moved(new) => {
            if let Err(error) = follow(shared, chat, new).await {
                tracing::error!(%error, "the move of the moderator group could not be written down; trying again");
            }
        }
        // That Telegram can't be reached is noted elsewhere, and says nothing of the chat.
        Standing::Silent(_) | Standing::Busy(_) => {}
        standing => {
            arrange(shared, chat, &standing).await;
            let _ = note(shared, chat, standing);
        }
    }
}

/// Looks after the topics of a chat that can be written to.
async fn arrange(shared: &Shared, chat: i64, standing: &Standing) {
    if let Standing::Fine { forum, .. } = standing {
        topic::arrange(shared, chat, *forum).await;
    }
}

fn note(shared: &Shared, chat: i64, standing: Standing) -> Option<String> {
    match standing {
        Standing::Fine { title, .. } => {
            if shared.health.trouble(Part::Moderators).is_some() {
                shared.health.good(Part::Moderators);
                // What waits for the chat can go now.
                shared.outbox.notify_one();
            }
            Some(title)
        }
        Standing::Refused(refusal) => {
            let why = refusal.words();
            shared.health.bad(Part::Moderators, format!("the moderator chat {chat} can't be reached: {why}"));
            None
        }
        Standing::Silent(reason) | Standing::Busy(reason) => {
            shared.health.bad(Part::Moderators, format!("the moderator chat {chat} could not be asked for: {reason}"));
            None
        }
        Standing::Moved(_) => None,
    }
}

/// A group became a supergroup. If it is the moderators', what waits goes there, and what is open is posted anew: numbers of
/// messages in the group mean nothing there. Told to all that share the work once the transaction stands.
pub(super) async fn moved(tx: &mut Tx, shared: &Shared, old: i64, new: i64) -> sqlx::Result<()> {
    tx.follow_move(old, new).await?;
    if shared.above() == Some(old) {
        shared.above.store(new, Ordering::Relaxed);
        tracing::warn!(
            new,
            "the group above the moderators' became a supergroup; set ESCALATION_CHAT to its new number"
        );
    }
    if shared.channel() == Some(old) {
        shared.channel.store(new, Ordering::Relaxed);
        tracing::warn!(new, "the public group became a supergroup; set PUBLIC_CHANNEL to its new number");
    }
    // Heard of more than once: by a message, by the refusal of a call, or again after a fault.
    if [old, new].contains(&shared.moderators()) && tx.set_last_chat(new).await? {
        shared.moderators.store(new, Ordering::Relaxed);
        tx.clear_trouble(MODERATOR_CHAT).await?;
        tx.later(REPOST, None, shared.clock.now(), &Event::Repost { after: 0 }).await?;
        tracing::warn!(new, "the moderator group became a supergroup; set MODERATOR_CHAT to its new number");
    }
    Ok(())
}

async fn follow(shared: &Shared, old: i64, new: i64) -> sqlx::Result<()> {
    let mut tx = shared.store.write().await?;
    moved(&mut tx, shared, old, new).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(about: &Value, member: &Value) -> &'static str {
        match judge(about, member) {
            Standing::Fine { .. } => "fine",
            Standing::Refused(Refusal::Outside(_)) => "outside",
            Standing::Refused(Refusal::Silenced(_)) => "silenced",
            _ => "other",
        }
    }

    #[test]
    fn a_place_in_a_chat_is_judged_by_the_right_to_write() {
        let group = || json!({"type": "supergroup", "title": "Petugas", "permissions": {"can_send_messages": true}});
        let shut = || json!({"type": "group", "permissions": {"can_send_messages": false}});
        let channel = || json!({"type": "channel"});
        for (about, member, expected) in [
            (group(), json!({"status": "member"}), "fine"),
            (group(), json!({"status": "administrator"}), "fine"),
            (group(), json!({"status": "creator"}), "fine"),
            (group(), json!({"status": "restricted", "is_member": true, "can_send_messages": true}), "fine"),
            (group(), json!({"status": "restricted", "is_member": true, "can_send_messages": false}), "silenced"),
            (group(), json!({"status": "restricted", "is_member": false, "can_send_messages": true}), "outside"),
            (group(), json!({"status": "left"}), "outside"),
            (group(), json!({"status": "kicked"}), "outside"),
            (shut(), json!({"status": "member"}), "silenced"),
            (shut(), json!({"status": "administrator"}), "fine"),
            (channel(), json!({"status": "administrator", "can_post_messages": true}), "fine"),
            (channel(), json!({"status": "administrator", "can_post_messages": false}), "silenced"),
            (channel(), json!({"status": "administrator"}), "silenced"),
            (channel(), json!({"status": "member"}), "silenced"),
            // A status of tomorrow is no refusal.
            (group(), json!({"status": "honoured"}), "fine"),
        ] {
            assert_eq!(outcome(&about, &member), expected, "{about} {member}");
        }
    }

    #[test]
    fn a_refusal_is_told_from_silence() {
        let refused = |code, description: &str| {
            unheard(CallError::Refused { code, description: description.to_owned(), moved_to: None })
        };
        assert!(matches!(refused(400, "Bad Request: chat not found"), Standing::Refused(Refusal::Unknown(_))));
        for words in ["Forbidden: bot was kicked from the supergroup chat", "Forbidden: bot is not a member"] {
            assert!(matches!(refused(403, words), Standing::Refused(Refusal::Outside(_))), "{words}");
        }
        assert!(matches!(refused(401, "Unauthorized"), Standing::Silent(_)));
        assert!(matches!(unheard(CallError::TooMany(PAUSE)), Standing::Busy(_)));
        assert!(matches!(unheard(CallError::Fault("refused".to_owned())), Standing::Silent(_)));
        let moved = CallError::Refused { code: 400, description: String::new(), moved_to: Some(-100) };
        assert_eq!(unheard(moved), Standing::Moved(-100));
    }
}
