//! How many calls there are, and of when: for limits, for readiness, and for the clock.

use sqlx::Row;

use super::MODERATORS;
use crate::store::Store;

/// The oldest calls that wait: their numbers, and when they were written (milliseconds since 1970).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Oldest {
    /// To voters, or anyone but the moderators.
    pub voters: Option<(i64, i64)>,
    /// To the moderators.
    pub moderators: Option<(i64, i64)>,
}

impl Store {
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

    /// The oldest calls that wait.
    pub async fn oldest_waiting(&self) -> sqlx::Result<Oldest> {
        let voters = "SELECT id, created FROM outbox WHERE bot_id = $1 AND state = 'wait' AND chat_id <> $2
             ORDER BY seq LIMIT 1";
        let moderators = "SELECT id, created FROM outbox WHERE bot_id = $1 AND state = 'wait' AND chat_id = $2
             ORDER BY seq LIMIT 1";
        Ok(Oldest { voters: self.oldest(voters).await?, moderators: self.oldest(moderators).await? })
    }

    async fn oldest(&self, sql: &'static str) -> sqlx::Result<Option<(i64, i64)>> {
        let row = sqlx::query(sql).bind(self.bot).bind(MODERATORS).fetch_optional(&self.read).await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }
}
