//! What voters' messages asked and what became of them, by the key that buttons carry.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::Tx;
use super::ticket::{read, written};
use crate::desk::{Asked, VoterId};

/// A row with its time beside it.
fn whole(row: &AnyRow) -> sqlx::Result<Asked> {
    let asked: Asked = read(row.try_get(0)?)?;
    Ok(Asked { answered: row.try_get(1)?, ..asked })
}

impl Tx {
    /// Keeps what a message asked, new or changed; nothing if the voter's data are gone.
    pub async fn keep_asked(&mut self, asked: &Asked) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO asked (bot_id, asked_key, voter, message_id, at, body, answered)
             SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT),
                    CAST($6 AS TEXT), CAST($7 AS BIGINT)
             WHERE EXISTS (SELECT 1 FROM voter WHERE bot_id = $1 AND id = $3)
             ON CONFLICT (bot_id, asked_key) DO UPDATE SET body = excluded.body, answered = excluded.answered",
        )
        .bind(self.bot)
        .bind(&asked.key)
        .bind(asked.voter)
        .bind(asked.message)
        .bind(asked.at)
        .bind(written(asked)?)
        .bind(asked.answered)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// What the button with that key asks for, if it is this voter's.
    pub async fn asked(&mut self, voter: VoterId, key: &str) -> sqlx::Result<Option<Asked>> {
        let row = sqlx::query("SELECT body, answered FROM asked WHERE bot_id = $1 AND voter = $2 AND asked_key = $3")
            .bind(self.bot)
            .bind(voter)
            .bind(key)
            .fetch_optional(&mut *self.inner)
            .await?;
        row.map(|row| whole(&row)).transpose()
    }

    /// What that message of a voter asked.
    pub async fn asked_in(&mut self, voter: VoterId, message: i64) -> sqlx::Result<Option<Asked>> {
        let row = sqlx::query(
            "SELECT body, answered FROM asked WHERE bot_id = $1 AND voter = $2 AND message_id = $3 ORDER BY at DESC LIMIT 1",
        )
        .bind(self.bot)
        .bind(voter)
        .bind(message)
        .fetch_optional(&mut *self.inner)
        .await?;
        row.map(|row| whole(&row)).transpose()
    }

    /// All that is kept of what a voter's messages asked, oldest first.
    pub async fn all_asked(&mut self, voter: VoterId) -> sqlx::Result<Vec<Asked>> {
        let rows = sqlx::query("SELECT body, answered FROM asked WHERE bot_id = $1 AND voter = $2 ORDER BY at")
            .bind(self.bot)
            .bind(voter)
            .fetch_all(&mut *self.inner)
            .await?;
        rows.iter().map(whole).collect()
    }

    /// What a voter's last message asked, and what the voter asked of that for which an entry was given last.
    pub async fn last_asked(&mut self, voter: VoterId) -> sqlx::Result<(Option<Asked>, Option<Asked>)> {
        let rows = sqlx::query(
            "SELECT body, answered, which FROM (
                 SELECT body, answered, CAST(0 AS BIGINT) AS which FROM asked WHERE bot_id = $1 AND voter = $2 ORDER BY at DESC LIMIT 1
             ) AS last UNION ALL SELECT body, answered, which FROM (
                 SELECT body, answered, CAST(1 AS BIGINT) AS which FROM asked WHERE bot_id = $1 AND voter = $2 AND answered IS NOT NULL
                 ORDER BY answered DESC LIMIT 1
             ) AS given",
        )
        .bind(self.bot)
        .bind(voter)
        .fetch_all(&mut *self.inner)
        .await?;
        let (mut last, mut answered) = (None, None);
        for row in &rows {
            let which: i64 = row.try_get(2)?;
            *(if which == 0 { &mut last } else { &mut answered }) = Some(whole(row)?);
        }
        Ok((last, answered))
    }
}
