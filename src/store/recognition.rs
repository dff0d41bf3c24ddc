//! The monthly recognition: stars, and each month's draw.

use sqlx::Row;

use super::ticket::{read, written};
use super::{Kind, Tx};
use crate::desk::recognition::{Candidate, Draw, Month};
use crate::desk::{Ticket, VoterState};
use crate::text::cut::first_line;

impl Tx {
    /// Notes that a moderator starred a ticket, or took that back.
    pub async fn star(&mut self, ticket: u64, moderator: i64, given: bool) -> sqlx::Result<()> {
        let statement = if given {
            "INSERT INTO star (bot_id, ticket, moderator) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM star WHERE bot_id = $1 AND ticket = $2 AND moderator = $3"
        };
        sqlx::query(statement).bind(self.bot).bind(ticket as i64).bind(moderator).execute(&mut *self.inner).await?;
        Ok(())
    }

    /// How many starred a ticket, and whether `moderator` did.
    pub async fn stars(&mut self, ticket: u64, moderator: Option<i64>) -> sqlx::Result<(u64, bool)> {
        let moderators: Vec<i64> = sqlx::query_scalar("SELECT moderator FROM star WHERE bot_id = $1 AND ticket = $2")
            .bind(self.bot)
            .bind(ticket as i64)
            .fetch_all(&mut *self.inner)
            .await?;
        let own = moderator.is_some_and(|own| moderators.contains(&own));
        Ok((moderators.len() as u64, own))
    }

    /// Keeps a month's draw, new or changed.
    pub async fn keep_draw(&mut self, draw: &Draw) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO draw (bot_id, month, draw_key, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (bot_id, month) DO UPDATE SET body = excluded.body",
        )
        .bind(self.bot)
        .bind(draw.month.id())
        .bind(&draw.key)
        .bind(written(draw)?)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// A month's draw. On PostgreSQL its row is locked until the transaction ends: of two presses one is first.
    pub async fn draw(&mut self, month: Month) -> sqlx::Result<Option<Draw>> {
        let statement = match self.kind {
            Kind::Sqlite => "SELECT body FROM draw WHERE bot_id = $1 AND month = $2",
            Kind::Postgres => "SELECT body FROM draw WHERE bot_id = $1 AND month = $2 FOR UPDATE",
        };
        let body: Option<String> =
            sqlx::query_scalar(statement).bind(self.bot).bind(month.id()).fetch_optional(&mut *self.inner).await?;
        body.map(|body| read(&body)).transpose()
    }

    /// The month of the draw whose buttons carry that key.
    pub async fn month_of_draw(&mut self, key: &str) -> sqlx::Result<Option<Month>> {
        let month: Option<String> = sqlx::query_scalar("SELECT month FROM draw WHERE bot_id = $1 AND draw_key = $2")
            .bind(self.bot)
            .bind(key)
            .fetch_optional(&mut *self.inner)
            .await?;
        Ok(month.and_then(|month| Month::read(&month)))
    }

    /// The questions asked in a month that have stars and whose voter takes part.
    pub async fn candidates(&mut self, month: Month) -> sqlx::Result<Vec<Candidate>> {
        let (begin, end) = month.span();
        let rows = sqlx::query(
            "SELECT t.body, v.state, (SELECT COUNT(*) FROM star s WHERE s.bot_id = t.bot_id AND s.ticket = t.number)
             FROM ticket t JOIN voter v ON v.bot_id = t.bot_id AND v.id = t.voter
             WHERE t.bot_id = $1 AND t.asked >= $2 AND t.asked < $3 AND EXISTS (
                 SELECT 1 FROM star s WHERE s.bot_id = t.bot_id AND s.ticket = t.number)
             ORDER BY t.number",
        )
        .bind(self.bot)
        .bind(begin)
        .bind(end)
        .fetch_all(&mut *self.inner)
        .await?;
        let mut candidates = Vec::new();
        for row in rows {
            let (ticket, state, stars): (String, String, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let (ticket, state): (Ticket, VoterState) = (read(&ticket)?, read(&state)?);
            if state.takes_part && !state.blocked {
                candidates.push(Candidate {
                    number: ticket.number,
                    voter: ticket.voter,
                    language: state.speaks(),
                    question: first_line(&ticket.question()),
                    stars: stars.unsigned_abs(),
                    helped: ticket.helped(),
                });
            }
        }
        Ok(candidates)
    }

    /// Forgets what became of messages to winners who were told before `before` (milliseconds since 1970).
    pub async fn sweep_winners(&mut self, before: Month) -> sqlx::Result<()> {
        sqlx::query(
            "DELETE FROM recalled WHERE bot_id = $1 AND recall_key IN
                 (SELECT draw_key FROM draw WHERE bot_id = $1 AND month < $2)",
        )
        .bind(self.bot)
        .bind(before.id())
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
