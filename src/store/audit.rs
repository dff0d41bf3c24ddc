//! What moderators did with tickets. A row goes with its ticket.

use chrono::DateTime;
use sqlx::Row;

use super::Tx;
use crate::desk::audit::{Deed, LISTED, Record};
use crate::faq::home_offset;

impl Tx {
    /// Records what a moderator did; nothing if the ticket is gone. What the same message said before stands beside it.
    pub async fn record(&mut self, deed: &Deed, now: i64) -> sqlx::Result<()> {
        let id = self.next("audit").await?;
        sqlx::query(
            "INSERT INTO audit (bot_id, id, ticket, at, who, deed, message, old, new)
             SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS TEXT),
                    CAST($6 AS TEXT), CAST($7 AS BIGINT),
                    (SELECT new FROM audit WHERE bot_id = $1 AND ticket = $3 AND message = $7 AND new IS NOT NULL
                     ORDER BY id DESC LIMIT 1),
                    CAST($8 AS TEXT)
             WHERE EXISTS (SELECT 1 FROM ticket WHERE bot_id = $1 AND number = $3)",
        )
        .bind(self.bot)
        .bind(id)
        .bind(deed.ticket as i64)
        .bind(now)
        .bind(&deed.by)
        .bind(deed.kind)
        .bind(deed.message)
        .bind(deed.text.as_deref())
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The last deeds of a ticket, from early to late.
    pub async fn history(&mut self, ticket: u64) -> sqlx::Result<Vec<Record>> {
        let rows = sqlx::query(
            "SELECT at, who, deed, old, new FROM audit WHERE bot_id = $1 AND ticket = $2 ORDER BY id DESC LIMIT $3",
        )
        .bind(self.bot)
        .bind(ticket as i64)
        .bind(LISTED as i64)
        .fetch_all(&mut *self.inner)
        .await?;
        let record = |row: &sqlx::any::AnyRow| {
            let at = DateTime::from_timestamp_millis(row.try_get(0)?).unwrap_or_default();
            Ok(Record {
                at: at.with_timezone(&home_offset()),
                by: row.try_get(1)?,
                kind: row.try_get(2)?,
                old: row.try_get(3)?,
                new: row.try_get(4)?,
            })
        };
        rows.iter().rev().map(record).collect()
    }
}
