//! Updates as they came: written before they are acknowledged, blanked when handled.

use sqlx::Row;

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

impl Store {
    /// Keeps updates; says how many are new. Repeats fall to the key.
    pub async fn receive(&self, updates: &[Received], now: i64) -> sqlx::Result<u64> {
        let mut tx = self.write().await?;
        let mut fresh = 0;
        for update in updates {
            let done = sqlx::query(
                "INSERT INTO inbox (bot_id, update_id, chat_id, received, state, raw) VALUES ($1, $2, $3, $4, 'new', $5)
                 ON CONFLICT (bot_id, update_id) DO NOTHING",
            )
            .bind(tx.bot)
            .bind(update.update)
            .bind(update.chat)
            .bind(now)
            .bind(&update.raw)
            .execute(&mut *tx.inner)
            .await?;
            fresh += done.rows_affected();
        }
        tx.commit().await?;
        Ok(fresh)
    }

    /// How many updates wait, and how many could not be read.
    pub async fn inbox_counts(&self) -> sqlx::Result<(i64, i64)> {
        let row = sqlx::query(
            "SELECT CAST(COALESCE(SUM(CASE WHEN state = 'new' THEN 1 ELSE 0 END), 0) AS BIGINT),
                    CAST(COALESCE(SUM(CASE WHEN state = 'unread' THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM inbox WHERE bot_id = $1",
        )
        .bind(self.bot)
        .fetch_one(&self.read)
        .await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }
}

impl Tx {
    /// Up to `limit` updates that wait, oldest first. On PostgreSQL they are claimed until the transaction ends, and
    /// only the oldest of each chat is, so that no other instance can overtake it.
    pub async fn claim_updates(&mut self, limit: i64) -> sqlx::Result<Vec<Received>> {
        let statement = match self.kind {
            Kind::Sqlite => {
                "SELECT update_id, chat_id, raw FROM inbox WHERE bot_id = $1 AND state = 'new'
                 ORDER BY received, update_id LIMIT $2"
            }
            Kind::Postgres => {
                "SELECT update_id, chat_id, raw FROM inbox AS own WHERE bot_id = $1 AND state = 'new'
                 AND NOT EXISTS (SELECT 1 FROM inbox AS other WHERE other.bot_id = own.bot_id AND other.state = 'new'
                     AND other.chat_id = own.chat_id
                     AND (other.received, other.update_id) < (own.received, own.update_id))
                 ORDER BY received, update_id LIMIT $2 FOR UPDATE SKIP LOCKED"
            }
        };
        let rows = sqlx::query(statement).bind(self.bot).bind(limit).fetch_all(&mut *self.inner).await?;
        rows.iter()
            .map(|row| Ok(Received { update: row.try_get(0)?, chat: row.try_get(1)?, raw: row.try_get(2)? }))
            .collect()
    }

    /// An update is handled: its text goes in the same transaction.
    pub async fn handled(&mut self, update: i64) -> sqlx::Result<()> {
        self.set_update(update, "done", true).await
    }

    /// An update could not be read: it is kept for a while.
    pub async fn unread(&mut self, update: i64) -> sqlx::Result<()> {
        self.set_update(update, "unread", false).await
    }

    async fn set_update(&mut self, update: i64, state: &str, blank: bool) -> sqlx::Result<()> {
        sqlx::query(
            "UPDATE inbox SET state = $3, raw = CASE WHEN $4 = 1 THEN '' ELSE raw END
             WHERE bot_id = $1 AND update_id = $2",
        )
        .bind(self.bot)
        .bind(update)
        .bind(state)
        .bind(i64::from(blank))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
