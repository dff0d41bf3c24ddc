//! Voters and tickets.

use serde::de::DeserializeOwned;
use sqlx::Row;

use super::Tx;
use crate::desk::{Ticket, VoterId, VoterState};
use crate::faq::home_offset;

/// What is kept as JSON; a column that can't be read is a fault of the database, not of the voter.
fn read<T: DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(|e| sqlx::Error::Decode(e.into()))
}

fn written(value: &impl serde::Serialize) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|e| sqlx::Error::Encode(e.into()))
}

impl Tx {
    /// Notes that a voter wrote: there is a row from now on, and messages reach the voter again.
    pub async fn seen(&mut self, voter: VoterId, now: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO voter (bot_id, id, state, seen, unreachable) VALUES ($1, $2, '{}', $3, NULL)
             ON CONFLICT (bot_id, id) DO UPDATE SET seen = excluded.seen, unreachable = NULL",
        )
        .bind(self.bot)
        .bind(voter)
        .bind(now)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// What is remembered of a voter.
    pub async fn voter(&mut self, voter: VoterId) -> sqlx::Result<VoterState> {
        let state: Option<String> = sqlx::query_scalar("SELECT state FROM voter WHERE bot_id = $1 AND id = $2")
            .bind(self.bot)
            .bind(voter)
            .fetch_optional(&mut *self.inner)
            .await?;
        state.map_or_else(|| Ok(VoterState::default()), |state| read(&state))
    }

    /// Remembers this of a voter.
    pub async fn remember(&mut self, voter: VoterId, state: &VoterState) -> sqlx::Result<()> {
        sqlx::query("UPDATE voter SET state = $3 WHERE bot_id = $1 AND id = $2")
            .bind(self.bot)
            .bind(voter)
            .bind(written(state)?)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// Notes that messages do not reach a voter, since `since`, or do again.
    pub async fn reach(&mut self, voter: VoterId, since: Option<i64>) -> sqlx::Result<()> {
        sqlx::query("UPDATE voter SET unreachable = $3 WHERE bot_id = $1 AND id = $2")
            .bind(self.bot)
            .bind(voter)
            .bind(since)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// Deletes a voter and all that hangs on it, and what could not be read of that chat.
    pub async fn forget(&mut self, voter: VoterId) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM voter WHERE bot_id = $1 AND id = $2")
            .bind(self.bot)
            .bind(voter)
            .execute(&mut *self.inner)
            .await?;
        sqlx::query("UPDATE inbox SET raw = '' WHERE bot_id = $1 AND chat_id = $2 AND state <> 'new'")
            .bind(self.bot)
            .bind(voter)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// The number that the next ticket gets.
    pub async fn next_ticket(&mut self) -> sqlx::Result<u64> {
        let last: Option<i64> = sqlx::query_scalar("SELECT value FROM counter WHERE bot_id = $1 AND name = 'ticket'")
            .bind(self.bot)
            .fetch_optional(&mut *self.inner)
            .await?;
        Ok(last.unwrap_or(0).unsigned_abs() + 1)
    }

    /// Keeps other instances from giving the same ticket number until this transaction ends.
    pub async fn reserve_ticket(&mut self) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO counter (bot_id, name, value) VALUES ($1, 'ticket', 0)
             ON CONFLICT (bot_id, name) DO UPDATE SET value = counter.value",
        )
        .bind(self.bot)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Keeps a ticket, new or changed.
    pub async fn keep_ticket(&mut self, ticket: &Ticket, now: i64) -> sqlx::Result<()> {
        let number = ticket.number as i64;
        sqlx::query(
            "INSERT INTO ticket (bot_id, number, voter, state, asked, changed, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (bot_id, number)
             DO UPDATE SET state = excluded.state, changed = excluded.changed, body = excluded.body",
        )
        .bind(self.bot)
        .bind(number)
        .bind(ticket.voter)
        .bind(ticket.state.name())
        .bind(ticket.asked.timestamp_millis())
        .bind(now)
        .bind(written(ticket)?)
        .execute(&mut *self.inner)
        .await?;
        sqlx::query("UPDATE counter SET value = $2 WHERE bot_id = $1 AND name = 'ticket' AND value < $2")
            .bind(self.bot)
            .bind(number)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// The ticket of that number.
    pub async fn ticket(&mut self, number: u64) -> sqlx::Result<Option<Ticket>> {
        let body: Option<String> = sqlx::query_scalar("SELECT body FROM ticket WHERE bot_id = $1 AND number = $2")
            .bind(self.bot)
            .bind(number as i64)
            .fetch_optional(&mut *self.inner)
            .await?;
        body.map(|body| read(&body)).transpose()
    }

    /// A voter's open tickets, oldest first.
    pub async fn open_tickets(&mut self, voter: VoterId) -> sqlx::Result<Vec<Ticket>> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM ticket WHERE bot_id = $1 AND voter = $2 AND state = 'open' ORDER BY number",
        )
        .bind(self.bot)
        .bind(voter)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().map(|body| read(body)).collect()
    }

    /// All open tickets, oldest first, at most `limit`: number and when it was asked.
    pub async fn queue(&mut self, limit: i64) -> sqlx::Result<Vec<(u64, chrono::DateTime<chrono::FixedOffset>)>> {
        let rows = sqlx::query(
            "SELECT number, asked FROM ticket WHERE bot_id = $1 AND state = 'open' ORDER BY number LIMIT $2",
        )
        .bind(self.bot)
        .bind(limit)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter()
            .map(|row| {
                let (number, asked): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
                let asked = chrono::DateTime::from_timestamp_millis(asked).unwrap_or_default();
                Ok((number.unsigned_abs(), asked.with_timezone(&home_offset())))
            })
            .collect()
    }
}
