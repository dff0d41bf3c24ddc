//! Updates as they came: written before they are acknowledged, blanked when handled.
//!
//! Chats take turns: of each only the update that came in first is looked at, then the others have theirs. So nobody
//! waits behind all that another wrote, however much it is. While more waits than can be claimed, half of what is claimed
//! are the chats that lined up last: whoever asks now is not behind all that piled up in an outage.

use std::collections::{HashMap, HashSet};

use serde_json::json;
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
    /// Updates, each with where it comes from and whether it is the only one of its chat.
    own: HashMap<i64, (Cause, bool)>,
    /// Chats of which nothing waits any more.
    done: Vec<i64>,
    /// Chats that had their turn and have more that waits.
    served: Vec<i64>,
}

impl Store {
    /// Keeps updates; gives the numbers of those that are new. Repeats fall to the key. What several bring at once is written in one transaction.
    pub async fn receive(&self, updates: &[Received], now: i64) -> sqlx::Result<Vec<i64>> {
        self.gather.receive(self, updates, now).await
    }

    /// Whether many updates have come in that wait to be written: whoever writes lets them in soon.
    pub fn many_come_in(&self) -> bool {
        self.gather.is_full()
    }

    /// Writes updates, all in one transaction; gives the numbers of those that are new.
    pub(super) async fn write_updates(&self, updates: &[(Received, i64)]) -> sqlx::Result<HashSet<i64>> {
        let mut tx = self.write().await?;
        let mut of_chats: HashMap<i64, i64> = HashMap::new();
        updates.iter().for_each(|(update, _)| *of_chats.entry(update.chat).or_default() += 1);
        let mut places = tx.line_up(&of_chats).await?;
        // Within a chat as they came.
        let rows = updates.iter().map(|(update, now)| {
            let place = places.entry(update.chat).or_default();
            *place += 1;
            json!([update.update, update.chat, now, update.raw, *place])
        });
        let rows = serde_json::Value::Array(rows.collect()).to_string();
        let statement = match self.kind {
            Kind::Sqlite => {
                "INSERT INTO inbox (bot_id, update_id, chat_id, received, state, raw, arrival)
                 SELECT $1, value ->> 0, value ->> 1, value ->> 2, 'new', value ->> 3, value ->> 4
                 FROM json_each($2) WHERE true
                 ON CONFLICT (bot_id, update_id) DO NOTHING RETURNING update_id"
            }
            Kind::Postgres => {
                "INSERT INTO inbox (bot_id, update_id, chat_id, received, state, raw, arrival)
                 SELECT CAST($1 AS BIGINT), CAST(own.value ->> 0 AS BIGINT), CAST(own.value ->> 1 AS BIGINT),
                        CAST(own.value ->> 2 AS BIGINT), 'new', own.value ->> 3, CAST(own.value ->> 4 AS BIGINT)
                 FROM json_array_elements(CAST($2 AS json)) WITH ORDINALITY AS own (value, key) ORDER BY own.key
                 ON CONFLICT (bot_id, update_id) DO NOTHING RETURNING update_id"
            }
        };
        let fresh: Vec<i64> = sqlx::query_scalar(statement).bind(self.bot).bind(rows).fetch_all(&mut *tx.inner).await?;
        tx.commit().await?;
        Ok(fresh.into_iter().collect())
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
    /// Sees to it that chats have a turn, each for so many updates; gives how many came in of each before. On PostgreSQL the
    /// chats are locked until the transaction ends, always in the same order, so that two instances never wait for each
    /// other.
    async fn line_up(&mut self, chats: &HashMap<i64, i64>) -> sqlx::Result<HashMap<i64, i64>> {
        let mut list: Vec<(i64, i64)> = chats.iter().map(|(chat, count)| (*chat, *count)).collect();
        list.sort_unstable();
        let statement = match self.kind {
            Kind::Sqlite => {
                "INSERT INTO turn (bot_id, chat_id, place, arrived, fresh)
                 SELECT $1, value ->> 0, (SELECT COALESCE(MAX(place), 0) + 1 FROM turn WHERE bot_id = $1), value ->> 1, 1
                 FROM json_each($2) WHERE true
                 ON CONFLICT (bot_id, chat_id) DO UPDATE SET arrived = turn.arrived + excluded.arrived
                 RETURNING chat_id, arrived"
            }
            Kind::Postgres => {
                "INSERT INTO turn (bot_id, chat_id, place, arrived, fresh)
                 SELECT CAST($1 AS BIGINT), CAST(own.value ->> 0 AS BIGINT),
                        (SELECT COALESCE(MAX(place), 0) + 1 FROM turn WHERE bot_id = $1), CAST(own.value ->> 1 AS BIGINT), 1
                 FROM json_array_elements(CAST($2 AS json)) WITH ORDINALITY AS own (value, key) ORDER BY own.key
                 ON CONFLICT (bot_id, chat_id) DO UPDATE SET arrived = turn.arrived + excluded.arrived
                 RETURNING chat_id, arrived"
            }
        };
        let list = json!(list).to_string();
        let rows = sqlx::query(statement).bind(self.bot).bind(list).fetch_all(&mut *self.inner).await?;
        rows.iter()
            .map(|row| {
                let (chat, arrived): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
                Ok((chat, arrived - chats.get(&chat).copied().unwrap_or_default()))
            })
            .collect()
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
            self.claims.own.extend(found.iter().map(|(cause, _, last)| (cause.update, (*cause, *last))));
            let received = |(cause, raw, _): (Cause, String, bool)| {
                let Cause { update, chat, .. } = cause;
                Received { update, chat, raw }
            };
            return Ok(found.into_iter().map(received).collect());
        }
    }

    /// From now on what is written comes of that update, which was claimed, or of none.
    pub fn at(&mut self, update: Option<i64>) {
        let claimed = |update: i64| self.claims.own.get(&update).map(|(cause, _)| *cause);
        self.cause = update.and_then(claimed);
    }

    /// The chats whose turn it is: those that waited longest, and while more wait than `limit` in turn with them those that
    /// lined up last. They are locked in a statement of their own: the next one sees what was committed before the lock was
    /// had.
    async fn next_chats(&mut self, limit: i64) -> sqlx::Result<Vec<i64>> {
        let statement = match self.kind {
            Kind::Sqlite => "SELECT chat_id FROM turn WHERE bot_id = $1 ORDER BY place, chat_id LIMIT $2",
            Kind::Postgres => {
                "SELECT chat_id FROM turn WHERE bot_id = $1 ORDER BY place, chat_id LIMIT $2 FOR UPDATE SKIP LOCKED"
            }
        };
        let oldest: Vec<i64> =
            sqlx::query_scalar(statement).bind(self.bot).bind(limit).fetch_all(&mut *self.inner).await?;
        if (oldest.len() as i64) < limit || limit < 2 {
            return Ok(oldest);
        }
        let statement = match self.kind {
            Kind::Sqlite => {
                "SELECT chat_id FROM turn WHERE bot_id = $1 AND fresh = 1 ORDER BY place DESC, chat_id DESC LIMIT $2"
            }
            Kind::Postgres => {
                "SELECT chat_id FROM turn WHERE bot_id = $1 AND fresh = 1 ORDER BY place DESC, chat_id DESC LIMIT $2
                 FOR UPDATE SKIP LOCKED"
            }
        };
        let newest: Vec<i64> =
            sqlx::query_scalar(statement).bind(self.bot).bind(limit / 2).fetch_all(&mut *self.inner).await?;
        let (mut newest, mut oldest) = (newest.into_iter(), oldest.into_iter());
        let (mut chats, mut known) = (Vec::new(), HashSet::new());
        while (chats.len() as i64) < limit {
            let pair = [oldest.next(), newest.next()];
            if pair == [None, None] {
                break;
            }
            chats.extend(pair.into_iter().flatten().filter(|chat| known.insert(*chat)));
        }
        chats.truncate(usize::try_from(limit).unwrap_or_default());
        Ok(chats)
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

    /// Chats that had their turn come last, and are new no more.
    async fn put_back(&mut self, chats: &[i64]) -> sqlx::Result<()> {
        if chats.is_empty() {
            return Ok(());
        }
        let statement = match self.kind {
            Kind::Sqlite => {
                "UPDATE turn SET fresh = 0, place = (SELECT MAX(place) + 1 FROM turn WHERE bot_id = $1)
                 WHERE bot_id = $1 AND chat_id IN (SELECT value FROM json_each($2))"
            }
            Kind::Postgres => {
                "UPDATE turn SET fresh = 0, place = (SELECT MAX(place) + 1 FROM turn WHERE bot_id = $1)
                 WHERE bot_id = $1 AND chat_id IN (
                     SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)) AS chat (value)
                 )"
            }
        };
        sqlx::query(statement).bind(self.bot).bind(json_list(chats)).execute(&mut *self.inner).await?;
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

    /// Before the end: chats whose last update was handled have no turn any more, the others that were served come last. Those
    /// that were claimed and not served keep their places.
    pub(super) async fn leave_turns(&mut self) -> sqlx::Result<()> {
        let (done, served) = (std::mem::take(&mut self.claims.done), std::mem::take(&mut self.claims.served));
        self.put_back(&served).await?;
        self.end_turns(&done).await
    }

    /// An update is handled: its text and whose it was go in the same transaction, at its end or with [`Tx::settle`].
    pub fn handled(&mut self, update: i64) {
        self.late.handled.push(update);
        self.note_end(update);
    }

    /// Updates that were handled are written down as such.
    pub(super) async fn settle_handled(&mut self) -> sqlx::Result<()> {
        let handled = std::mem::take(&mut self.late.handled);
        if handled.is_empty() {
            return Ok(());
        }
        let statement = match self.kind {
            Kind::Sqlite => {
                "UPDATE inbox SET state = 'done', raw = '', chat_id = 0
                 WHERE bot_id = $1 AND update_id IN (SELECT value FROM json_each($2))"
            }
            Kind::Postgres => {
                "UPDATE inbox SET state = 'done', raw = '', chat_id = 0 WHERE bot_id = $1 AND update_id IN (
                     SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)) AS own (value)
                 )"
            }
        };
        sqlx::query(statement).bind(self.bot).bind(json_list(&handled)).execute(&mut *self.inner).await?;
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
        if let Some((cause, last)) = self.claims.own.remove(&update) {
            let ended = if last { &mut self.claims.done } else { &mut self.claims.served };
            ended.push(cause.chat);
        }
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
