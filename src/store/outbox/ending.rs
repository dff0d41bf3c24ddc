//! What became of calls, and what follows from it.

use serde_json::{Map, Value, json};

use super::{ASKERS, Call, MODERATORS, Rank, THREAD, Waiting, edit_method, public_key, sends};
use crate::desk::{Event, Outcome};
use crate::faq::home_offset;
use crate::store::recall::is_of_recall;
use crate::store::{Kind, Tx};

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Telegram took it; the number of the message that came of it, if one did.
    Sent(Option<i64>),
    /// Telegram copied several messages: the numbers of the copies, and what is to be said if some are missing.
    Copied(Vec<i64>, Option<String>),
    /// The voter has blocked the bot.
    Blocked(String),
    /// It can never be sent, for this reason.
    Failed(String),
    /// Nothing was left to be done, such as editing a message that was never sent.
    Dropped,
}

/// What is left of a call after its end was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is done with.
    Done,
    /// It was changed while it was being made, and waits on: whether as one that sends.
    Waits {
        /// Whether a message comes of it.
        sends: bool,
    },
    /// Its voter's data were deleted while it was being made, and the row with them.
    Vanished,
}

/// Fields that only sending takes.
const SENDING_ONLY: [&str; 4] = ["reply_parameters", "from_chat_id", "disable_notification", "protect_content"];

/// Whether nothing follows from this end of a call but that it is noted: a message to a voter that arrived whole, has no name
/// by which it is changed or found, and carries no moderator's answer.
pub fn is_plain(waiting: &Waiting, end: &End) -> bool {
    let call = &waiting.call;
    let plain = call.name.is_none() && call.reply.is_none() && waiting.partly.is_none();
    plain && call.voter == Some(call.chat) && matches!(end, End::Sent(_))
}

impl Tx {
    /// A call that can't be made as it is waits on as another one; `partly` says why, if a part of it is lost by that.
    pub async fn turn_into(
        &mut self,
        waiting: &Waiting,
        method: &str,
        body: &Map<String, Value>,
        partly: Option<&str>,
    ) -> sqlx::Result<Fate> {
        // A newer state that came in meanwhile is made as it is.
        let done = sqlx::query(
            "UPDATE outbox SET method = $4, body = $5, reason = $6, version = version + 1
             WHERE bot_id = $1 AND id = $2 AND version = $3 AND state = 'wait'",
        )
        .bind(self.bot)
        .bind(waiting.id)
        .bind(waiting.version)
        .bind(method)
        .bind(super::written(body)?)
        .bind(partly)
        .execute(&mut *self.inner)
        .await?;
        if done.rows_affected() > 0 {
            return Ok(Fate::Waits { sends: sends(method) });
        }
        Ok(self.method_of(waiting.id).await?.map_or(Fate::Done, |method| Fate::Waits { sends: sends(&method) }))
    }

    /// The method of a call that waits.
    async fn method_of(&mut self, id: i64) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar("SELECT method FROM outbox WHERE bot_id = $1 AND id = $2 AND state = 'wait'")
            .bind(self.bot)
            .bind(id)
            .fetch_optional(&mut *self.inner)
            .await
    }

    /// Writes down that Telegram took these, all in two statements: see [`is_plain`].
    pub async fn finish_plain(&mut self, sent: &[&Waiting], now: i64) -> sqlx::Result<()> {
        if sent.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = sent.iter().map(|waiting| waiting.id).collect();
        let list = match self.kind {
            Kind::Sqlite => {
                "UPDATE outbox SET state = 'sent', sent = $3, reason = NULL
                 WHERE bot_id = $1 AND state = 'wait' AND id IN (SELECT value FROM json_each($2))"
            }
            Kind::Postgres => {
                "UPDATE outbox SET state = 'sent', sent = $3, reason = NULL
                 WHERE bot_id = $1 AND state = 'wait' AND id IN (
                     SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)) AS own (value)
                 )"
            }
        };
        sqlx::query(list).bind(self.bot).bind(json!(ids).to_string()).bind(now).execute(&mut *self.inner).await?;
        let calls: Vec<&Call> = sent.iter().map(|waiting| &waiting.call).collect();
        self.note_all_heard(&calls, now).await
    }

    /// Writes down what became of a call that went to the chat `to`, and brings the desk the event that follows.
    pub async fn finish(&mut self, waiting: &Waiting, end: &End, to: i64, now: i64) -> sqlx::Result<Fate> {
        let (state, reason) = match end {
            End::Sent(_) => ("sent", waiting.partly.as_deref()),
            End::Copied(_, partly) => ("sent", partly.as_deref()),
            End::Blocked(reason) | End::Failed(reason) => ("failed", Some(reason.as_str())),
            End::Dropped => ("dropped", None),
        };
        let call = &waiting.call;
        let done = sqlx::query(
            "UPDATE outbox SET state = $4, sent = $5, reason = $6
             WHERE bot_id = $1 AND id = $2 AND version = $3 AND state = 'wait'",
        )
        .bind(self.bot)
        .bind(waiting.id)
        .bind(waiting.version)
        .bind(state)
        .bind(now)
        .bind(reason)
        .execute(&mut *self.inner)
        .await?;
        self.note_links(waiting, end, to, now).await?;
        self.note_askers(waiting, end).await?;
        if let End::Blocked(_) = end
            && let Some(voter) = call.voter
        {
            self.reach(voter, Some(now)).await?;
        }
        if matches!(end, End::Sent(_) | End::Copied(..)) {
            self.note_all_heard(&[call], now).await?;
        }
        self.end_recalled(call, end).await?;
        self.tell_desk(waiting, end, now).await?;
        if done.rows_affected() > 0 {
            if call.voter.is_none() && call.chat > 0 {
                self.leave_no_trace(waiting.id, call.chat).await?;
            }
            return Ok(Fate::Done);
        }
        self.go_on(waiting, end).await
    }

    /// The last words to a voter whose data were deleted: with them goes the number of the account.
    async fn leave_no_trace(&mut self, id: i64, chat: i64) -> sqlx::Result<()> {
        for (statement, key) in [
            ("DELETE FROM outbox WHERE bot_id = $1 AND id = $2", id),
            ("DELETE FROM hold WHERE bot_id = $1 AND chat_id = $2", chat),
        ] {
            sqlx::query(statement).bind(self.bot).bind(key).execute(&mut *self.inner).await?;
        }
        Ok(())
    }

    /// A call that was changed while it was being made waits on: as an edit, if a message has come of it already.
    async fn go_on(&mut self, waiting: &Waiting, end: &End) -> sqlx::Result<Fate> {
        let state: Option<String> = sqlx::query_scalar("SELECT state FROM outbox WHERE bot_id = $1 AND id = $2")
            .bind(self.bot)
            .bind(waiting.id)
            .fetch_optional(&mut *self.inner)
            .await?;
        let Some(state) = state else { return Ok(Fate::Vanished) };
        let (true, Some(name)) = (state == "wait", &waiting.call.name) else { return Ok(Fate::Done) };
        let Some(mut waits) = self.waiting_named(name).await?.filter(|waits| waits.id == waiting.id) else {
            return Ok(Fate::Done);
        };
        if matches!(end, End::Sent(_)) && sends(&waiting.call.method) && sends(&waits.method) {
            for field in SENDING_ONLY {
                waits.body.remove(field);
            }
            waits.body.insert("message_id".to_owned(), Value::String(format!("@{name}")));
            waits.method = edit_method(&waits.method).to_owned();
            self.replace(waits.id, &waits.method, &waits.body).await?;
        }
        Ok(Fate::Waits { sends: sends(&waits.method) })
    }

    /// What a call brought into the moderator chat while its voter's data were deleted is emptied: `message` in the chat `to`
    /// says `text` then. A card whose last state waits already is left to that.
    pub async fn empty(&mut self, waiting: &Waiting, to: i64, message: i64, text: &str, now: i64) -> sqlx::Result<()> {
        let call = &waiting.call;
        if call.chat != MODERATORS || call.voter.is_none() {
            return Ok(());
        }
        if let Some(name) = &call.name
            && self.waiting_named(name).await?.is_some()
        {
            return Ok(());
        }
        let no_buttons = json!({"inline_keyboard": []});
        let fields = [("message_id", json!(message)), ("text", json!(text)), ("reply_markup", no_buttons)];
        // A picture can't be emptied, only deleted.
        let picture = call.method == "copyMessage";
        let (method, fields) = if picture { ("deleteMessage", &fields[..1]) } else { ("editMessageText", &fields[..]) };
        let empty = Call {
            chat: to,
            voter: None,
            method: method.to_owned(),
            body: fields.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
            name: None,
            reply: None,
            code: None,
            rank: Rank::Moderator,
        };
        self.push(&empty, now).await
    }

    async fn note_links(&mut self, waiting: &Waiting, end: &End, to: i64, now: i64) -> sqlx::Result<()> {
        let Some(name) = waiting.call.name.as_deref().filter(|_| sends(&waiting.call.method)) else { return Ok(()) };
        let messages = match end {
            End::Sent(message) => message.as_slice(),
            End::Copied(messages, _) => messages,
            _ => return Ok(()),
        };
        for (place, message) in messages.iter().enumerate() {
            let name = if place == 0 { name.to_owned() } else { format!("{name}#{place}") };
            self.note_link(&name, waiting, to, *message, now).await?;
        }
        Ok(())
    }

    /// Notes how many askers a card shows, now that Telegram has it.
    async fn note_askers(&mut self, waiting: &Waiting, end: &End) -> sqlx::Result<()> {
        let (Some(name), Some(askers), End::Sent(_)) =
            (&waiting.call.name, waiting.call.body.get(ASKERS).and_then(Value::as_i64), end)
        else {
            return Ok(());
        };
        sqlx::query("UPDATE link SET askers = $3 WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .bind(askers)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    async fn note_link(&mut self, name: &str, waiting: &Waiting, to: i64, message: i64, now: i64) -> sqlx::Result<()> {
        // The voter's row may be gone by now (/hapus while the message was on its way): then nothing is kept.
        sqlx::query(
            "INSERT INTO link (bot_id, name, chat_id, message_id, voter, sent, topic)
             SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT),
                    CAST($6 AS BIGINT), CAST($7 AS BIGINT)
             WHERE CAST($5 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM voter WHERE bot_id = $1 AND id = $5)
             ON CONFLICT (bot_id, name) DO UPDATE SET chat_id = excluded.chat_id,
                 message_id = excluded.message_id, sent = excluded.sent, topic = excluded.topic",
        )
        .bind(self.bot)
        .bind(name)
        .bind(to)
        .bind(message)
        // Where the moderators see something is nobody's data, and is needed to empty it when the voter's are deleted.
        .bind(waiting.call.voter.filter(|_| waiting.call.chat != MODERATORS))
        .bind(now)
        .bind(waiting.call.body.get(THREAD).and_then(Value::as_i64))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    async fn tell_desk(&mut self, waiting: &Waiting, end: &End, now: i64) -> sqlx::Result<()> {
        let partly = match end {
            End::Copied(_, partly) => partly,
            _ => &waiting.partly,
        };
        let outcome = match (end, partly) {
            (End::Sent(_) | End::Copied(..), None) => Outcome::Sent(now),
            (End::Sent(_) | End::Copied(..), Some(reason)) => Outcome::Partly { at: now, reason: reason.clone() },
            (End::Blocked(_), _) => Outcome::Blocked,
            (End::Failed(reason), _) => Outcome::Failed(reason.clone()),
            (End::Dropped, _) => return Ok(()),
        };
        let call = &waiting.call;
        let event = match (call.reply, outcome) {
            (Some(reply), outcome) => Event::Delivered { reply, outcome },
            // In the moderator chat it is told of cards and what belongs to them; telling that such a line could not be
            // told would have no end.
            (None, outcome) if public_key(call).is_some() => {
                Event::Posted { key: public_key(call).unwrap_or_default().to_owned(), outcome }
            }
            (None, _) if is_of_recall(call) => return Ok(()),
            (None, Outcome::Failed(reason)) if call.chat != MODERATORS || super::ticket_of(call).is_some() => {
                Event::Undeliverable { reason }
            }
            (None, _) => return Ok(()),
        };
        // Due at once, whatever the clock says then.
        let at = chrono::DateTime::UNIX_EPOCH.with_timezone(&home_offset());
        self.later(&format!("outcome:{:020}:{:020}", waiting.id, waiting.version), None, at, &event).await
    }
}
