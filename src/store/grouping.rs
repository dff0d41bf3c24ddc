//! Who asks with a ticket, and by which words it is found when somebody else asks the same.

use serde_json::json;

use super::ticket::read;
use super::{Kind, Tx};
use crate::desk::{Ticket, VoterId};

impl Tx {
    /// Notes by which words a ticket is found when somebody else asks the same.
    pub async fn index_ticket(&mut self, ticket: u64, words: &[String]) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM ticket_word WHERE bot_id = $1 AND ticket = $2")
            .bind(self.bot)
            .bind(ticket as i64)
            .execute(&mut *self.inner)
            .await?;
        for word in words {
            sqlx::query("INSERT INTO ticket_word (bot_id, word, ticket) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(self.bot)
                .bind(word)
                .bind(ticket as i64)
                .execute(&mut *self.inner)
                .await?;
        }
        Ok(())
    }

    /// Open tickets that have most of these words, those with most first, at most `limit`.
    pub async fn open_like(&mut self, words: &[&str], limit: i64) -> sqlx::Result<Vec<Ticket>> {
        self.like(words, "t.state = 'open' AND $4 = 0", 0, limit).await
    }

    /// The same of tickets that have an answer to suggest, given after `since` (milliseconds since 1970).
    pub async fn reusable_like(&mut self, words: &[&str], since: i64, limit: i64) -> sqlx::Result<Vec<Ticket>> {
        self.like(words, "t.reusable > $4", since, limit).await
    }

    /// Tickets of which `condition` holds, as above; `value` is what it names.
    async fn like(
        &mut self,
        words: &[&str],
        condition: &'static str,
        value: i64,
        limit: i64,
    ) -> sqlx::Result<Vec<Ticket>> {
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let list = match self.kind {
            Kind::Sqlite => "SELECT value FROM json_each($3)",
            Kind::Postgres => "SELECT value FROM json_array_elements_text(CAST($3 AS json)) AS own (value)",
        };
        let statement = format!(
            "SELECT t.body FROM ticket t JOIN (
                 SELECT w.ticket AS number, COUNT(*) AS shared FROM ticket_word w
                 WHERE w.bot_id = $1 AND w.word IN ({list}) GROUP BY w.ticket
             ) found ON found.number = t.number
             WHERE t.bot_id = $1 AND {condition} AND t.claim = 0
             ORDER BY found.shared DESC, t.number LIMIT $2"
        );
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .bind(self.bot)
            .bind(limit)
            .bind(json!(words).to_string())
            .bind(value)
            .fetch_all(&mut *self.inner)
            .await?;
        rows.iter().map(|body| read(body)).collect()
    }

    /// Notes that a voter waits for a ticket that somebody else opened.
    pub async fn keep_asker(&mut self, ticket: u64, voter: VoterId) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO ticket_asker (bot_id, voter, ticket)
             SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT)
             WHERE EXISTS (SELECT 1 FROM voter WHERE bot_id = $1 AND id = $2) ON CONFLICT DO NOTHING",
        )
        .bind(self.bot)
        .bind(voter)
        .bind(ticket as i64)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Notes that a voter waits for it no more. Until its card was changed it counts one fewer: nobody is taken for one whom
    /// moderators saw who joined since.
    pub async fn drop_asker(&mut self, ticket: u64, voter: VoterId) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM ticket_asker WHERE bot_id = $1 AND voter = $2 AND ticket = $3")
            .bind(self.bot)
            .bind(voter)
            .bind(ticket as i64)
            .execute(&mut *self.inner)
            .await?;
        sqlx::query("UPDATE link SET askers = askers - 1 WHERE bot_id = $1 AND name = $2 AND askers > 1")
            .bind(self.bot)
            .bind(card_name(ticket))
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// How many askers a ticket's card shows, as Telegram took it last.
    pub async fn askers_shown(&mut self, ticket: u64) -> sqlx::Result<Option<usize>> {
        let shown: Option<Option<i64>> = sqlx::query_scalar("SELECT askers FROM link WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(card_name(ticket))
            .fetch_optional(&mut *self.inner)
            .await?;
        Ok(shown.flatten().and_then(|askers| usize::try_from(askers).ok()))
    }
}

/// The name of a ticket's card in the outbox.
fn card_name(ticket: u64) -> String {
    format!("card:{ticket}")
}
