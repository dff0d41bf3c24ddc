//! Calls to make. A row is the Bot API call itself; the sender takes them in order of id within a chat.

use serde_json::{Map, Value};
use sqlx::Row;

use super::{Kind, Store, Tx};
use crate::desk::{Event, Outcome, ReplyKey, VoterId};
use crate::faq::home_offset;

/// A call to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The chat it goes to.
    pub chat: i64,
    /// Whose data it holds, if a voter's.
    pub voter: Option<VoterId>,
    /// The Bot API method.
    pub method: String,
    /// Its parameters without `chat_id`. `"@name"` stands for the number of the message of that name.
    pub body: Map<String, Value>,
    /// The name of the message that it sends or edits. While one of a name waits, a newer one changes it.
    pub name: Option<String>,
    /// Which moderator's answer it carries.
    pub reply: Option<ReplyKey>,
}

/// A call that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Its number; the order within a chat.
    pub id: i64,
    /// Rises with each change.
    pub version: i64,
    /// The call.
    pub call: Call,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Telegram took it; the number of the message that came of it, if one did.
    Sent(Option<i64>),
    /// The voter has blocked the bot.
    Blocked(String),
    /// It can never be sent, for this reason.
    Failed(String),
    /// Nothing was left to be done, such as editing a message that was never sent.
    Dropped,
}

fn written(body: &Map<String, Value>) -> sqlx::Result<String> {
    serde_json::to_string(body).map_err(|e| sqlx::Error::Encode(e.into()))
}

fn parsed(body: &str) -> sqlx::Result<Map<String, Value>> {
    serde_json::from_str(body).map_err(|e| sqlx::Error::Decode(e.into()))
}

/// The call that gives a message, once sent with `method`, a newer state.
pub fn edit_method(method: &str) -> &'static str {
    match method {
        "copyMessage" | "editMessageCaption" => "editMessageCaption",
        _ => "editMessageText",
    }
}

/// Fields that only sending takes.
const SENDING_ONLY: [&str; 4] = ["reply_parameters", "from_chat_id", "disable_notification", "protect_content"];

impl Store {
    /// Calls that wait with a number above `after`: number and chat, in order.
    pub async fn waiting(&self, after: i64) -> sqlx::Result<Vec<(i64, i64)>> {
        let rows = sqlx::query(
            "SELECT id, chat_id FROM outbox WHERE bot_id = $1 AND state = 'wait' AND id > $2 ORDER BY id LIMIT 5000",
        )
        .bind(self.bot)
        .bind(after)
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// The call of that number, if it waits still.
    pub async fn call(&self, id: i64) -> sqlx::Result<Option<Waiting>> {
        let row = sqlx::query(
            "SELECT chat_id, voter, method, body, name, version, reply FROM outbox
             WHERE bot_id = $1 AND id = $2 AND state = 'wait'",
        )
        .bind(self.bot)
        .bind(id)
        .fetch_optional(&self.read)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let reply: Option<String> = row.try_get(6)?;
        let body: String = row.try_get(3)?;
        let call = Call {
            chat: row.try_get(0)?,
            voter: row.try_get(1)?,
            method: row.try_get(2)?,
            body: parsed(&body)?,
            name: row.try_get(4)?,
            reply: reply.and_then(|r| serde_json::from_str(&r).ok()),
        };
        Ok(Some(Waiting { id, version: row.try_get(5)?, call }))
    }

    /// Where the message of that name stands: its number.
    pub async fn link(&self, name: &str) -> sqlx::Result<Option<i64>> {
        sqlx::query_scalar("SELECT message_id FROM link WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .fetch_optional(&self.read)
            .await
    }

    /// When messages went to a chat since `since`, oldest first.
    pub async fn sent_since(&self, chat: i64, since: i64) -> sqlx::Result<Vec<i64>> {
        sqlx::query_scalar("SELECT sent FROM outbox WHERE bot_id = $1 AND chat_id = $2 AND sent > $3 ORDER BY sent")
            .bind(self.bot)
            .bind(chat)
            .bind(since)
            .fetch_all(&self.read)
            .await
    }

    /// How many calls wait.
    pub async fn outbox_count(&self) -> sqlx::Result<i64> {
        sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND state = 'wait'")
            .bind(self.bot)
            .fetch_one(&self.read)
            .await
    }

    /// Until when Telegram wants silence, by chat (0: all of them).
    pub async fn holds(&self, now: i64) -> sqlx::Result<Vec<(i64, i64)>> {
        let rows = sqlx::query("SELECT chat_id, until FROM hold WHERE bot_id = $1 AND until > $2")
            .bind(self.bot)
            .bind(now)
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// What a group is called now, if it became a supergroup.
    pub async fn moved(&self, chat: i64) -> sqlx::Result<i64> {
        let new: Option<i64> = sqlx::query_scalar("SELECT new_id FROM moved WHERE bot_id = $1 AND old_id = $2")
            .bind(self.bot)
            .bind(chat)
            .fetch_optional(&self.read)
            .await?;
        Ok(new.unwrap_or(chat))
    }
}

impl Tx {
    /// Writes down a call. If one of its name waits, that one is brought up to date instead: only the newest state of a
    /// message waits.
    pub async fn push(&mut self, call: &Call, now: i64) -> sqlx::Result<()> {
        if let Some(name) = &call.name
            && let Some((id, method, mut body)) = self.waiting_named(name).await?
            && method != "deleteMessage"
            && call.method != "deleteMessage"
        {
            let sends = !method.starts_with("edit");
            if sends && call.method.starts_with("edit") {
                let fields = call.body.iter().filter(|(key, _)| *key != "message_id");
                body.extend(fields.map(|(key, value)| (key.clone(), value.clone())));
                if !call.body.contains_key("parse_mode") {
                    body.remove("parse_mode");
                }
                return self.replace(id, &method, &body).await;
            }
            if !sends && call.method == method {
                return self.replace(id, &method, &call.body).await;
            }
        }
        let id = self.next("outbox").await?;
        let reply = call.reply.as_ref().map(serde_json::to_string).transpose();
        sqlx::query(
            "INSERT INTO outbox (bot_id, id, chat_id, voter, method, body, name, version, state, created, reply)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 'wait', $8, $9)",
        )
        .bind(self.bot)
        .bind(id)
        .bind(call.chat)
        .bind(call.voter)
        .bind(&call.method)
        .bind(written(&call.body)?)
        .bind(call.name.as_deref())
        .bind(now)
        .bind(reply.map_err(|e| sqlx::Error::Encode(e.into()))?)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The newest call of that name that waits. On PostgreSQL its row is locked, and if another transaction is just writing
    /// what became of it, that is waited for: a newer state must never go into a row that has been sent.
    async fn waiting_named(&mut self, name: &str) -> sqlx::Result<Option<(i64, String, Map<String, Value>)>> {
        let sql = match self.kind {
            Kind::Sqlite => {
                "SELECT id, method, body FROM outbox WHERE bot_id = $1 AND name = $2 AND state = 'wait'
                 ORDER BY id DESC LIMIT 1"
            }
            Kind::Postgres => {
                "SELECT id, method, body FROM outbox WHERE bot_id = $1 AND name = $2 AND state = 'wait'
                 ORDER BY id DESC LIMIT 1 FOR UPDATE"
            }
        };
        let row = sqlx::query(sql).bind(self.bot).bind(name).fetch_optional(&mut *self.inner).await?;
        let Some(row) = row else { return Ok(None) };
        let body: String = row.try_get(2)?;
        Ok(Some((row.try_get(0)?, row.try_get(1)?, parsed(&body)?)))
    }

    async fn replace(&mut self, id: i64, method: &str, body: &Map<String, Value>) -> sqlx::Result<()> {
        sqlx::query("UPDATE outbox SET method = $3, body = $4, version = version + 1 WHERE bot_id = $1 AND id = $2")
            .bind(self.bot)
            .bind(id)
            .bind(method)
            .bind(written(body)?)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// A call that can't be made as it is waits on as another one.
    pub async fn turn_into(&mut self, id: i64, method: &str, body: &Map<String, Value>) -> sqlx::Result<()> {
        self.replace(id, method, body).await
    }

    /// A message that is to be taken back is not sent any more if it waits.
    pub async fn cancel(&mut self, name: &str) -> sqlx::Result<()> {
        sqlx::query(
            "UPDATE outbox SET state = 'dropped', body = '{}', version = version + 1
             WHERE bot_id = $1 AND name = $2 AND state = 'wait'",
        )
        .bind(self.bot)
        .bind(name)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Writes down what became of a call, and brings the desk the event that follows. Says whether the call waits on:
    /// it was changed while it was being made, and makes an edit now.
    pub async fn finish(
        &mut self,
        waiting: &Waiting,
        end: &End,
        in_moderator_chat: bool,
        now: i64,
    ) -> sqlx::Result<bool> {
        let (state, reason) = match end {
            End::Sent(_) => ("sent", None),
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
        if let (End::Sent(Some(message)), Some(name)) = (end, &call.name)
            && !call.method.starts_with("edit")
        {
            self.note_link(name, call, *message, now).await?;
        }
        if let End::Blocked(_) = end
            && let Some(voter) = call.voter
        {
            self.reach(voter, Some(now)).await?;
        }
        self.tell_desk(waiting, end, in_moderator_chat, now).await?;
        if done.rows_affected() > 0 {
            return Ok(false);
        }
        self.go_on(waiting, end).await
    }

    /// A call that was changed while it was being made waits on as an edit.
    async fn go_on(&mut self, waiting: &Waiting, end: &End) -> sqlx::Result<bool> {
        let Some(name) = &waiting.call.name else { return Ok(false) };
        let Some((id, method, mut body)) = self.waiting_named(name).await? else { return Ok(false) };
        if id != waiting.id {
            return Ok(false);
        }
        if let (End::Sent(_), false) = (end, method.starts_with("edit")) {
            for field in SENDING_ONLY {
                body.remove(field);
            }
            body.insert("message_id".to_owned(), Value::String(format!("@{name}")));
            self.replace(id, edit_method(&method), &body).await?;
        }
        Ok(true)
    }

    async fn note_link(&mut self, name: &str, call: &Call, message: i64, now: i64) -> sqlx::Result<()> {
        // The voter's row may be gone by now (/hapus while the message was on its way): then nothing is kept.
        sqlx::query(
            "INSERT INTO link (bot_id, name, chat_id, message_id, voter, sent)
             SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT),
                    CAST($6 AS BIGINT)
             WHERE CAST($5 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM voter WHERE bot_id = $1 AND id = $5)
             ON CONFLICT (bot_id, name) DO UPDATE SET chat_id = excluded.chat_id,
                 message_id = excluded.message_id, sent = excluded.sent",
        )
        .bind(self.bot)
        .bind(name)
        .bind(call.chat)
        .bind(message)
        // A card's place is nobody's data, and is needed to close it when the voter's data are deleted.
        .bind(if name.starts_with("card:") { None } else { call.voter })
        .bind(now)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    async fn tell_desk(&mut self, waiting: &Waiting, end: &End, in_moderator_chat: bool, now: i64) -> sqlx::Result<()> {
        let outcome = match end {
            End::Sent(_) => Outcome::Sent(now),
            End::Blocked(_) => Outcome::Blocked,
            End::Failed(reason) => Outcome::Failed(reason.clone()),
            End::Dropped => return Ok(()),
        };
        let event = match (waiting.call.reply, outcome) {
            (Some(reply), outcome) => Event::Delivered { reply, outcome },
            // About a message in the moderator chat itself nothing can be said there.
            (None, Outcome::Failed(reason)) if !in_moderator_chat => Event::Undeliverable { reason },
            (None, Outcome::Failed(reason)) => {
                tracing::error!(method = waiting.call.method, reason, "a message in the moderator chat was refused");
                return Ok(());
            }
            (None, _) => return Ok(()),
        };
        let at = chrono::DateTime::from_timestamp_millis(now).unwrap_or_default().with_timezone(&home_offset());
        self.later(&format!("outcome:{}:{}", waiting.id, waiting.version), None, at, &event).await
    }

    /// The name of the message with that number.
    pub async fn name_of(&mut self, chat: i64, message: i64) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar("SELECT name FROM link WHERE bot_id = $1 AND chat_id = $2 AND message_id = $3")
            .bind(self.bot)
            .bind(chat)
            .bind(message)
            .fetch_optional(&mut *self.inner)
            .await
    }

    /// Telegram wants silence in a chat (0: in all of them) until then.
    pub async fn hold(&mut self, chat: i64, until: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO hold (bot_id, chat_id, until) VALUES ($1, $2, $3)
             ON CONFLICT (bot_id, chat_id) DO UPDATE SET until = excluded.until",
        )
        .bind(self.bot)
        .bind(chat)
        .bind(until)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// A group became a supergroup: what waits goes there.
    pub async fn follow_move(&mut self, old: i64, new: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO moved (bot_id, old_id, new_id) VALUES ($1, $2, $3)
             ON CONFLICT (bot_id, old_id) DO UPDATE SET new_id = excluded.new_id",
        )
        .bind(self.bot)
        .bind(old)
        .bind(new)
        .execute(&mut *self.inner)
        .await?;
        sqlx::query("UPDATE outbox SET chat_id = $3 WHERE bot_id = $1 AND chat_id = $2 AND state = 'wait'")
            .bind(self.bot)
            .bind(old)
            .bind(new)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
