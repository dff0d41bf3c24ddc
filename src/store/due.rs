//! What comes later: rows of (time, event). There is no other timer.

use chrono::{DateTime, FixedOffset};
use sqlx::Row;

use super::{Kind, Store, Tx};
use crate::desk::VoterId;

impl Store {
    /// When the next event is due (milliseconds since 1970).
    pub async fn next_due(&self) -> sqlx::Result<Option<i64>> {
        sqlx::query_scalar("SELECT MIN(at) FROM due WHERE bot_id = $1").bind(self.bot).fetch_one(&self.read).await
    }
}

impl Tx {
    /// Brings `event` at `at`. One of the same name is replaced.
    pub async fn later(
        &mut self,
        name: &str,
        voter: Option<VoterId>,
        at: DateTime<FixedOffset>,
        event: &impl serde::Serialize,
    ) -> sqlx::Result<()> {
        let event = serde_json::to_string(event).map_err(|e| sqlx::Error::Encode(e.into()))?;
        sqlx::query(
            "INSERT INTO due (bot_id, name, at, voter, event) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (bot_id, name) DO UPDATE SET at = excluded.at, voter = excluded.voter, event = excluded.event",
        )
        .bind(self.bot)
        .bind(name)
        .bind(at.timestamp_millis())
        .bind(voter)
        .bind(event)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Whether an event of this name waits.
    pub async fn is_planned(&mut self, name: &str) -> sqlx::Result<bool> {
        let found: Option<i64> = sqlx::query_scalar("SELECT at FROM due WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .fetch_optional(&mut *self.inner)
            .await?;
        Ok(found.is_some())
    }

    /// The events of a voter whose names begin so, by name.
    pub async fn due_of(&mut self, voter: VoterId, begin: &str) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar("SELECT event FROM due WHERE bot_id = $1 AND voter = $2 AND name LIKE $3 ORDER BY name")
            .bind(self.bot)
            .bind(voter)
            .bind(format!("{begin}%"))
            .fetch_all(&mut *self.inner)
            .await
    }

    /// The next `limit` events of all voters whose names begin so, by name, after that name.
    pub async fn due_after(&mut self, begin: &str, after: &str, limit: i64) -> sqlx::Result<Vec<String>> {
        sqlx::query_scalar(
            "SELECT event FROM due WHERE bot_id = $1 AND name > $2 AND name LIKE $3 ORDER BY name LIMIT $4",
        )
        .bind(self.bot)
        .bind(after)
        .bind(format!("{begin}%"))
        .bind(limit)
        .fetch_all(&mut *self.inner)
        .await
    }

    /// Takes out the event of that name.
    pub async fn drop_due(&mut self, name: &str) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM due WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// Takes out up to `limit` events whose time has come: name and event as it was written.
    pub async fn take_due(&mut self, now: i64, limit: i64) -> sqlx::Result<Vec<(String, String)>> {
        let statement = match self.kind {
            Kind::Sqlite => "SELECT name, event FROM due WHERE bot_id = $1 AND at <= $2 ORDER BY at, name LIMIT $3",
            Kind::Postgres => {
                "SELECT name, event FROM due WHERE bot_id = $1 AND at <= $2 ORDER BY at, name LIMIT $3
                 FOR UPDATE SKIP LOCKED"
            }
        };
        let rows = sqlx::query(statement).bind(self.bot).bind(now).bind(limit).fetch_all(&mut *self.inner).await?;
        let mut events = Vec::new();
        for row in rows {
            let (name, event): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            self.drop_due(&name).await?;
            events.push((name, event));
        }
        Ok(events)
    }
}
