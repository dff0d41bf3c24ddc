//! Voters and tickets.

use serde::de::DeserializeOwned;

use super::{Kind, Tx};
use crate::desk::{Ticket, TicketState, VoterId, VoterState};
use crate::text::language::Language;

/// What is kept as JSON; a column that can't be read is a fault of the database, not of the voter.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(|e| sqlx::Error::Decode(e.into()))
}

pub(super) fn written(value: &impl serde::Serialize) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|e| sqlx::Error::Encode(e.into()))
}

impl Tx {
    /// Notes that a voter wrote: there is a row from now on, and messages reach the voter again. Gives what is remembered of the
    /// voter, as [`Tx::voter`] does; on PostgreSQL the row is locked by this too.
    pub async fn seen(&mut self, voter: VoterId, now: i64) -> sqlx::Result<VoterState> {
        let state: String = sqlx::query_scalar(
            "INSERT INTO voter (bot_id, id, state, seen, unreachable) VALUES ($1, $2, '{}', $3, NULL)
             ON CONFLICT (bot_id, id) DO UPDATE SET seen = excluded.seen, unreachable = NULL RETURNING state",
        )
        .bind(self.bot)
        .bind(voter)
        .bind(now)
        .fetch_one(&mut *self.inner)
        .await?;
        self.remembered(voter, &state).await
    }

    /// What is remembered of a voter. On PostgreSQL the row is locked until the transaction ends: all that is read of a
    /// voter to be changed is changed by one instance at a time. Rows that only refer to it may be written meanwhile.
    pub async fn voter(&mut self, voter: VoterId) -> sqlx::Result<VoterState> {
        let statement = match self.kind {
            Kind::Sqlite => "SELECT state FROM voter WHERE bot_id = $1 AND id = $2",
            Kind::Postgres => "SELECT state FROM voter WHERE bot_id = $1 AND id = $2 FOR NO KEY UPDATE",
        };
        let state: Option<String> =
            sqlx::query_scalar(statement).bind(self.bot).bind(voter).fetch_optional(&mut *self.inner).await?;
        match state {
            Some(state) => self.remembered(voter, &state).await,
            None => Ok(VoterState::default()),
        }
    }

    /// The languages that voters speak, of those who are known.
    pub async fn languages(&mut self, voters: &[VoterId]) -> sqlx::Result<Vec<(VoterId, Language)>> {
        if voters.is_empty() {
            return Ok(Vec::new());
        }
        let list = match self.kind {
            Kind::Sqlite => "SELECT value FROM json_each($2)",
            Kind::Postgres => {
                "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)) AS own (value)"
            }
        };
        let statement = format!("SELECT id, state FROM voter WHERE bot_id = $1 AND id IN ({list})");
        let rows: Vec<(VoterId, String)> = sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(self.bot)
            .bind(written(&voters)?)
            .fetch_all(&mut *self.inner)
            .await?;
        rows.into_iter().map(|(id, state)| Ok((id, read::<VoterState>(&state)?.speaks()))).collect()
    }

    async fn remembered(&mut self, voter: VoterId, state: &str) -> sqlx::Result<VoterState> {
        if state != "{}" {
            return read(state);
        }
        // Someone new, or someone whose data were deleted.
        let (blocked, pace) = self.remains(voter).await?.unwrap_or_default();
        Ok(VoterState { blocked, pace, ..VoterState::default() })
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

    /// Deletes a voter and all that hangs on it, and what was said of anybody where moderators read, as far as it went out: a
    /// card or a list of others may hold the voter's words too.
    pub async fn forget(&mut self, voter: VoterId) -> sqlx::Result<()> {
        // What goes to the voter goes with the voter.
        self.settle_calls().await?;
        sqlx::query(
            "UPDATE outbox SET body = '{}' WHERE bot_id = $1 AND state <> 'wait' AND chat_id <= 0 AND body <> '{}'",
        )
        .bind(self.bot)
        .execute(&mut *self.inner)
        .await?;
        sqlx::query("DELETE FROM voter WHERE bot_id = $1 AND id = $2")
            .bind(self.bot)
            .bind(voter)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// The number that the next ticket gets, as it looks now: whoever opens one makes sure of it by [`Tx::next_ticket`].
    pub async fn likely_ticket(&mut self, last: i64) -> sqlx::Result<u64> {
        let known: Option<i64> = sqlx::query_scalar("SELECT value FROM counter WHERE bot_id = $1 AND name = 'ticket'")
            .bind(self.bot)
            .fetch_optional(&mut *self.inner)
            .await?;
        Ok(known.unwrap_or(last).unsigned_abs() + 1)
    }

    /// The number that the next ticket gets; no other instance gives the same one until this transaction ends. An empty
    /// database begins after `last`.
    pub async fn next_ticket(&mut self, last: i64) -> sqlx::Result<u64> {
        self.late.numbered = true;
        let last: i64 = sqlx::query_scalar(
            "INSERT INTO counter (bot_id, name, value) VALUES ($1, 'ticket', $2)
             ON CONFLICT (bot_id, name) DO UPDATE SET value = counter.value RETURNING value",
        )
        .bind(self.bot)
        .bind(last)
        .fetch_one(&mut *self.inner)
        .await?;
        Ok(last.unsigned_abs() + 1)
    }

    /// Keeps a ticket, new or changed.
    pub async fn keep_ticket(&mut self, ticket: &Ticket, now: i64) -> sqlx::Result<()> {
        let number = ticket.number as i64;
        let reusable = ticket.suggested().and_then(|reply| reply.at).map(|at| at.timestamp_millis());
        sqlx::query(
            "INSERT INTO ticket (bot_id, number, voter, state, asked, changed, body, card_key, claim, weight, opened,
                 reusable)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $6, $11)
             ON CONFLICT (bot_id, number)
             DO UPDATE SET state = excluded.state, changed = excluded.changed, body = excluded.body,
                 card_key = excluded.card_key, voter = excluded.voter, weight = excluded.weight,
                 reusable = excluded.reusable,
                 opened = CASE WHEN excluded.state = 'open' AND ticket.state <> 'open' THEN excluded.changed
                               ELSE ticket.opened END,
                 reminded = CASE WHEN excluded.state = ticket.state THEN ticket.reminded END,
                 escalated = CASE WHEN excluded.state = ticket.state THEN ticket.escalated END,
                 answered = CASE WHEN excluded.state = 'answered' THEN COALESCE(ticket.answered, excluded.changed)
                                 WHEN excluded.state <> 'open' THEN ticket.answered END",
        )
        .bind(self.bot)
        .bind(number)
        .bind(ticket.voter)
        .bind(ticket.state.name())
        .bind(ticket.asked.timestamp_millis())
        .bind(now)
        .bind(written(ticket)?)
        .bind(&ticket.key)
        .bind(i64::from(ticket.claim))
        .bind(ticket.weight())
        .bind(reusable)
        .execute(&mut *self.inner)
        .await?;
        if ticket.state != TicketState::Open && reusable.is_none() {
            self.index_ticket(ticket.number, &[]).await?;
        }
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

    /// The ticket whose buttons carry that key.
    pub async fn ticket_with(&mut self, key: &str) -> sqlx::Result<Option<Ticket>> {
        let body: Option<String> = sqlx::query_scalar("SELECT body FROM ticket WHERE bot_id = $1 AND card_key = $2")
            .bind(self.bot)
            .bind(key)
            .fetch_optional(&mut *self.inner)
            .await?;
        body.map(|body| read(&body)).transpose()
    }

    /// A voter's tickets that wait, for a moderator or for the voter to be reached, oldest first.
    pub async fn open_tickets(&mut self, voter: VoterId) -> sqlx::Result<Vec<Ticket>> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM ticket WHERE bot_id = $1 AND voter = $2 AND state IN ('open', 'unreached')
             ORDER BY number",
        )
        .bind(self.bot)
        .bind(voter)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().map(|body| read(body)).collect()
    }

    /// Open tickets about what was sent on, whoever opened them, oldest first, at most `limit`.
    pub async fn open_claims(&mut self, limit: i64) -> sqlx::Result<Vec<Ticket>> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM ticket WHERE bot_id = $1 AND claim = 1 AND state = 'open' ORDER BY number DESC LIMIT $2",
        )
        .bind(self.bot)
        .bind(limit)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().rev().map(|body| read(body)).collect()
    }

    /// Tickets that others opened and that a voter asked too, or asked once, oldest first.
    pub async fn shared_tickets(&mut self, voter: VoterId) -> sqlx::Result<Vec<Ticket>> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM ticket WHERE bot_id = $1 AND voter <> $2 AND (claim = 1 AND body LIKE $3 OR number IN
                 (SELECT ticket FROM ticket_asker WHERE bot_id = $1 AND voter = $2)) ORDER BY number",
        )
        .bind(self.bot)
        .bind(voter)
        .bind(format!("%{voter}%"))
        .fetch_all(&mut *self.inner)
        .await?;
        let tickets: Vec<Ticket> = rows.iter().map(|body| read(body)).collect::<sqlx::Result<_>>()?;
        Ok(tickets.into_iter().filter(|ticket| ticket.names(voter)).collect())
    }

    /// All of a voter's tickets, oldest first.
    pub async fn tickets_of(&mut self, voter: VoterId) -> sqlx::Result<Vec<Ticket>> {
        let rows: Vec<String> =
            sqlx::query_scalar("SELECT body FROM ticket WHERE bot_id = $1 AND voter = $2 ORDER BY number")
                .bind(self.bot)
                .bind(voter)
                .fetch_all(&mut *self.inner)
                .await?;
        rows.iter().map(|body| read(body)).collect()
    }

    /// The numbers of all of a voter's tickets.
    pub async fn all_tickets(&mut self, voter: VoterId) -> sqlx::Result<Vec<u64>> {
        let rows: Vec<i64> =
            sqlx::query_scalar("SELECT number FROM ticket WHERE bot_id = $1 AND voter = $2 ORDER BY number")
                .bind(self.bot)
                .bind(voter)
                .fetch_all(&mut *self.inner)
                .await?;
        Ok(rows.into_iter().map(i64::unsigned_abs).collect())
    }

    /// Open tickets with a number above `after`, oldest first, at most `limit`.
    pub async fn open_after(&mut self, after: u64, limit: i64) -> sqlx::Result<Vec<Ticket>> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM ticket WHERE bot_id = $1 AND state = 'open' AND number > $2 ORDER BY number LIMIT $3",
        )
        .bind(self.bot)
        .bind(after as i64)
        .bind(limit)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().map(|body| read(body)).collect()
    }
}
