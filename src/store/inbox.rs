//! Updates as they came: written before they are acknowledged, blanked when handled.
//!
//! Chats take turns: of each only the update that came in first is looked at, then the others have theirs. So nobody
//! waits behind all that another wrote, however much it is.

use sqlx::Row;

use super::keeper::Keeper;
use super::{Kind, Store, Tx};

/// An update that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Telegram's number of the update.
    pub update: i64,
    /// The chat that it belongs to: the order within a chat is kept. 0 if it belongs to none.
    pub chat: i64,
    /// The update as it came, JSON.
    pub raw: String,
}

/// The update that a transaction is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cause {
    /// Telegram's number of it.
    pub(super) update: i64,
    /// The chat that it came from.
    chat: i64,
    /// When it came in (milliseconds since 1970); none once it is answered.
    received: Option<i64>,
}

impl Cause {
    /// When it came in, if this is the first message that goes back to its chat.
    pub(super) fn answered_by(&mut self, chat: i64, sends: bool) -> Option<i64> {
        if sends && chat == self.chat { self.received.take() } else { None }
    }
}

/// What a transaction has claimed.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// All updates.
    all: Vec<Cause>,
    /// Updates that are the only ones of their chat.
    last: Vec<(i64, i64)>,
    /// Chats of which nothing waits any more.
    done: Vec<i64>,
}

impl Store {
    /// Keeps updates; gives the numbers of those that are new. Repeats fall to the key.
    pub async fn receive(&self, updates: &[Received], now: i64) -> sqlx::Result<Vec<i64>> {
        // Always in the same order of chats, so that two instances never wait for each other; within a chat as they came.
        let mut updates: Vec<&Received> = updates.iter().collect();
        updates.sort_by_key(|update| update.chat);
        let mut tx = self.write().await?;
        let mut fresh = Vec::new();
        for update in updates {
            let arrival = tx.line_up(update.chat).await?;
            let done = sqlx::query(
                "INSERT INTO inbox (bot_id, update_id, chat_id, received, state, raw, arrival)
                 VALUES ($1, $2, $3, $4, 'new', $5, $6) ON CONFLICT (bot_id, update_id) DO NOTHING",
            )
            .bind(tx.bot)
            .bind(update.update)
            .bind(update.chat)
            .bind(now)
            .bind(&update.raw)
            .bind(arrival)
            .execute(&mut *tx.inner)
            .await?;
            fresh.extend((done.rows_affected() > 0).then_some(update.update));
        }
        tx.commit().await?;
        Ok(fresh)
    }

    /// How many updates wait, and how many could not be read.
    pub async fn inbox_counts(&self) -> sqlx::Result<(i64, i64)> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND state = 'new'),
                    (SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND state = 'unread')",
        )
        .bind(self.bot)
        .fetch_one(&self.read)
        .await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }
}

impl Tx {
    /// Sees to it that a chat has a turn; gives the next update's place in the chat. On PostgreSQL the chat is locked
    /// until the transaction ends.
    async fn line_up(&mut self, chat: i64) -> sqlx::Result<i64> {
        sqlx::query_scalar(
            "INSERT INTO turn (bot_id, chat_id, place, arrived)
             VALUES ($1, $2, (SELECT COALESCE(MAX(place), 0) + 1 FROM turn WHERE bot_id = $1), 1)
             ON CONFLICT (bot_id, chat_id) DO UPDATE SET arrived = turn.arrived + 1 RETURNING arrived",
        )
        .bind(self.bot)
        .bind(chat)
        .fetch_one(&mut *self.inner)
        .await
    }

    /// Of up to `limit` chats whose turn it is, the update that came in first. On PostgreSQL the chats are claimed until the
    /// transaction ends, so that no other instance can overtake it.
    pub async fn claim_updates(&mut self, limit: i64) -> sqlx::Result<Vec<Received>> {
        loop {
            let chats = self.next_chats(limit).await?;
            let full = chats.len() as i64 == limit;
            let list = json_list(&chats);
            let found = self.first_of(&list).await?;
            let empty: Vec<i64> =
                chats.into_iter().filter(|chat| !found.iter().any(|(cause, ..)| cause.chat == *chat)).collect();
            // A repeated update has lined its chat up for nothing.
            self.end_turns(&empty).await?;
            if found.is_empty() {
                if full {
                    continue;
                }
                return Ok(Vec::new());
            }
            self.put_back(&list).await?;
            self.claims.last.extend(found.iter().filter(|(.., last)| *last).map(|(c, ..)| (c.update, c.chat)));
            self.claims.all.extend(found.iter().map(|(cause, ..)| *cause));
            let received = |(cause, raw, _): (Cause, String, bool)| {
                let Cause { update, chat, .. } = cause;
                Received { update, chat, raw }
            };
            return Ok(found.into_iter().map(received).collect());
        }
    }

    /// From now on what is written comes of that update, which was claimed, or of none.
    pub fn at(&mut self, update: Option<i64>) {
        let claimed = |update: i64| self.claims.all.iter().find(|cause| cause.update == update).copied();
        self.cause = update.and_then(claimed);
    }

    /// The chats whose turn it is. They are locked in a statement of their own: the next one sees what was committed
    /// before the lock was had.
    async fn next_chats(&mut self, limit: i64) -> sqlx::Result<Vec<i64>> {
        let statement = match self.kind {
            Kind::Sqlite => "SELECT chat_id FROM turn WHERE bot_id = $1 ORDER BY place, chat_id LIMIT $2",
            Kind::Postgres => {
                "SELECT chat_id FROM turn WHERE bot_id = $1 ORDER BY place, chat_id LIMIT $2 FOR UPDATE SKIP LOCKED"
            }
        };
        sqlx::query_scalar(statement).bind(self.bot).bind(limit).fetch_all(&mut *self.inner).await
    }

    /// The first update of each chat of a JSON list, in its order, its content, and whether it is the chat's only one.
    async fn first_of(&mut self, chats: &str) -> sqlx::Result<Vec<(Cause, String, bool)>> {
        if chats == "[]" {
            return Ok(Vec::new());
        }
        let statement = match self.kind {
            Kind::Sqlite => {
                "SELECT own.update_id, own.chat_id, own.raw, CASE WHEN EXISTS (
                     SELECT 1 FROM inbox AS next WHERE next.bot_id = own.bot_id AND next.chat_id = own.chat_id
                     AND next.state = 'new' AND (next.arrival, next.update_id) > (own.arrival, own.update_id)
                 ) THEN 1 ELSE 0 END, own.received
                 FROM json_each($2) AS chat JOIN inbox AS own ON own.bot_id = $1 AND own.update_id = (
                     SELECT first.update_id FROM inbox AS first WHERE first.bot_id = $1
                     AND first.chat_id = chat.value AND first.state = 'new'
                     ORDER BY first.arrival, first.update_id LIMIT 1
                 ) ORDER BY chat.key"
            }
            Kind::Postgres => {
                "SELECT own.update_id, own.chat_id, own.raw, CAST(CASE WHEN EXISTS (
                     SELECT 1 FROM inbox AS next WHERE next.bot_id = own.bot_id AND next.chat_id = own.chat_id
                     AND next.state = 'new' AND (next.arrival, next.update_id) > (own.arrival, own.update_id)
                 ) THEN 1 ELSE 0 END AS BIGINT), own.received
                 FROM json_array_elements_text(CAST($2 AS json)) WITH ORDINALITY AS chat (value, key)
                 CROSS JOIN LATERAL (
                     SELECT * FROM inbox AS first WHERE first.bot_id = $1
                     AND first.chat_id = CAST(chat.value AS BIGINT) AND first.state = 'new'
                     ORDER BY first.arrival, first.update_id LIMIT 1
                 ) AS own ORDER BY chat.key"
            }
        };
        let rows = sqlx::query(statement).bind(self.bot).bind(chats).fetch_all(&mut *self.inner).await?;
        rows.iter()
            .map(|row| {
                let more: i64 = row.try_get(3)?;
                let received = row.try_get(4)?;
                let cause = Cause { update: row.try_get(0)?, chat: row.try_get(1)?, received: Some(received) };
                Ok((cause, row.try_get(2)?, more == 0))
            })
            .collect()
    }

    /// Chats that have their turn now come last.
    async fn put_back(&mut self, chats: &str) -> sqlx::Result<()> {
        let statement = match self.kind {
            Kind::Sqlite => {
                "UPDATE turn SET place = (SELECT MAX(place) + 1 FROM turn WHERE bot_id = $1)
                 WHERE bot_id = $1 AND chat_id IN (SELECT value FROM json_each($2))"
            }
            Kind::Postgres => {
                "UPDATE turn SET place = (SELECT MAX(place) + 1 FROM turn WHERE bot_id = $1)
                 WHERE bot_id = $1 AND chat_id IN (
                     SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)) AS chat (value)
                 )"
            }
        };
        sqlx::query(statement).bind(self.bot).bind(chats).execute(&mut *self.inner).await?;
        Ok(())
    }

    /// Chats of which nothing waits have no turn. They must be locked by this transaction.
    async fn end_turns(&mut self, chats: &[i64]) -> sqlx::Result<()> {
        if chats.is_empty() {
            return Ok(());
        }
        let statement = match self.kind {
            Kind::Sqlite => "DELETE FROM turn WHERE bot_id = $1 AND chat_id IN (SELECT value FROM json_each($2))",
            Kind::Postgres => {
                "DELETE FROM turn WHERE bot_id = $1 AND chat_id IN (
                     SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)) AS chat (value)
                 )"
            }
        };
        sqlx::query(statement).bind(self.bot).bind(json_list(chats)).execute(&mut *self.inner).await?;
        Ok(())
    }

    /// Before the end: chats whose last update was handled have no turn any more.
    pub(super) async fn leave_turns(&mut self) -> sqlx::Result<()> {
        let done = std::mem::take(&mut self.claims.done);
        self.end_turns(&done).await
    }

    /// An update is handled: its text and whose it was go in the same transaction.
    pub async fn handled(&mut self, update: i64) -> sqlx::Result<()> {
        sqlx::query("UPDATE inbox SET state = 'done', raw = '', chat_id = 0 WHERE bot_id = $1 AND update_id = $2")
            .bind(self.bot)
            .bind(update)
            .execute(&mut *self.inner)
            .await?;
        self.note_end(update);
        Ok(())
    }

    /// An update could not be read: it is kept for a while.
    pub async fn unread(&mut self, update: i64) -> sqlx::Result<()> {
        sqlx::query("UPDATE inbox SET state = 'unread' WHERE bot_id = $1 AND update_id = $2")
            .bind(self.bot)
            .bind(update)
            .execute(&mut *self.inner)
            .await?;
        self.note_end(update);
        Ok(())
    }

    fn note_end(&mut self, update: i64) {
        let last = self.claims.last.iter().find(|(own, _)| *own == update);
        self.claims.done.extend(last.map(|(_, chat)| *chat));
    }

    /// Takes a chat's number, and what could not be read of it, out of the inbox: of such updates only the key is kept.
    /// What waits still is not touched; of the update that is being handled nothing is left once it is.
    pub async fn forget_chat(&mut self, chat: i64) -> sqlx::Result<()> {
        sqlx::query("UPDATE inbox SET raw = '', chat_id = 0 WHERE bot_id = $1 AND chat_id = $2 AND state <> 'new'")
            .bind(self.bot)
            .bind(chat)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}

impl Keeper {
    /// Gives a turn to chats that wait without one: an instance of an older version wrote their updates.
    pub(super) async fn mend_turns(&self) -> sqlx::Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO turn (bot_id, chat_id, place, arrived)
             SELECT bot_id, chat_id, (SELECT COALESCE(MAX(place), 0) + 1 FROM turn WHERE bot_id = $1), MAX(arrival)
             FROM inbox WHERE bot_id = $1 AND state = 'new' AND NOT EXISTS (
                 SELECT 1 FROM turn WHERE turn.bot_id = inbox.bot_id AND turn.chat_id = inbox.chat_id
             ) GROUP BY bot_id, chat_id ORDER BY chat_id ON CONFLICT (bot_id, chat_id) DO NOTHING",
        )
        .bind(tx.bot)
        .execute(&mut *tx.inner)
        .await?;
        tx.commit().await
    }
}

/// `[1,2,3]`
fn json_list(numbers: &[i64]) -> String {
    format!("[{}]", numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(","))
}
