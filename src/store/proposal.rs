//! What moderators propose to add to the FAQ, and what of it is in force.

use super::recall::RETRACTIONS;
use super::ticket::{read, written};
use super::{Kind, Tx};
use crate::desk::Proposal;
use crate::desk::learning::ProposalState;

/// The counter that gives proposals their numbers.
const NUMBERS: &str = "proposal";
/// The counter that rises with each change of what is in force.
const CHANGES: &str = "lesson";

/// How often moderators changed the FAQ by commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    /// Retractions.
    pub retractions: i64,
    /// Changes of what they added and is in force.
    pub lessons: i64,
}

impl Tx {
    /// Keeps a proposal, new or changed.
    pub async fn keep_proposal(&mut self, proposal: &Proposal, now: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO proposal (bot_id, number, proposal_key, ticket, state, changed, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (bot_id, number) DO UPDATE SET proposal_key = excluded.proposal_key, ticket = excluded.ticket,
                 state = excluded.state, changed = excluded.changed, body = excluded.body",
        )
        .bind(self.bot)
        .bind(proposal.number as i64)
        .bind(&proposal.key)
        .bind(proposal.ticket.map(|ticket| ticket as i64))
        .bind(proposal.state.name())
        .bind(now)
        .bind(written(proposal)?)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The number that the next proposal gets.
    pub async fn next_proposal(&mut self) -> sqlx::Result<u64> {
        Ok(self.next(NUMBERS).await?.unsigned_abs())
    }

    /// The proposal of that number. On PostgreSQL its row is locked until the transaction ends: of two presses one is first.
    pub async fn proposal(&mut self, number: u64) -> sqlx::Result<Option<Proposal>> {
        let statement = match self.kind {
            Kind::Sqlite => "SELECT body FROM proposal WHERE bot_id = $1 AND number = $2",
            Kind::Postgres => "SELECT body FROM proposal WHERE bot_id = $1 AND number = $2 FOR UPDATE",
        };
        let body: Option<String> =
            sqlx::query_scalar(statement).bind(self.bot).bind(number as i64).fetch_optional(&mut *self.inner).await?;
        body.map(|body| read(&body)).transpose()
    }

    /// The proposal with that key.
    pub async fn proposal_with(&mut self, key: &str) -> sqlx::Result<Option<Proposal>> {
        let number: Option<i64> =
            sqlx::query_scalar("SELECT number FROM proposal WHERE bot_id = $1 AND proposal_key = $2")
                .bind(self.bot)
                .bind(key)
                .fetch_optional(&mut *self.inner)
                .await?;
        match number {
            Some(number) => self.proposal(number.unsigned_abs()).await,
            None => Ok(None),
        }
    }

    /// The proposal that moderators are at for that ticket.
    pub async fn pending_proposal(&mut self, ticket: u64) -> sqlx::Result<Option<Proposal>> {
        let bodies: Vec<String> =
            sqlx::query_scalar("SELECT body FROM proposal WHERE bot_id = $1 AND ticket = $2 ORDER BY number DESC")
                .bind(self.bot)
                .bind(ticket as i64)
                .fetch_all(&mut *self.inner)
                .await?;
        let all: Vec<Proposal> = bodies.iter().map(|body| read(body)).collect::<sqlx::Result<_>>()?;
        Ok(all.into_iter().find(|proposal| proposal.state.is_pending()))
    }

    /// What is in force, by number.
    pub async fn lessons(&mut self) -> sqlx::Result<Vec<Proposal>> {
        let bodies: Vec<String> =
            sqlx::query_scalar("SELECT body FROM proposal WHERE bot_id = $1 AND state = $2 ORDER BY number")
                .bind(self.bot)
                .bind(ProposalState::Approved.name())
                .fetch_all(&mut *self.inner)
                .await?;
        bodies.iter().map(|body| read(body)).collect()
    }

    /// What moderators changed of the FAQ by commands: how many retractions there were, and how many changes of what they added.
    pub async fn changes(&mut self) -> sqlx::Result<Changes> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT name, value FROM counter WHERE bot_id = $1 AND name IN ($2, $3)")
                .bind(self.bot)
                .bind(RETRACTIONS)
                .bind(CHANGES)
                .fetch_all(&mut *self.inner)
                .await?;
        let value = |name: &str| rows.iter().find(|(own, _)| own == name).map_or(0, |(_, value)| *value);
        Ok(Changes { retractions: value(RETRACTIONS), lessons: value(CHANGES) })
    }

    /// What is in force has changed: every instance loads it anew.
    pub async fn lessons_changed(&mut self) -> sqlx::Result<()> {
        self.next(CHANGES).await.map(|_| ())
    }

    /// Proposals whose ticket is deleted go with it; what is in force, or was taken back, is kept without it.
    pub async fn part_proposals(&mut self) -> sqlx::Result<()> {
        let bodies: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM proposal WHERE bot_id = $1 AND ticket IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM ticket WHERE ticket.bot_id = proposal.bot_id AND ticket.number = proposal.ticket)",
        )
        .bind(self.bot)
        .fetch_all(&mut *self.inner)
        .await?;
        for body in bodies {
            let proposal: Proposal = read(&body)?;
            if matches!(proposal.state, ProposalState::Approved | ProposalState::Filed) {
                self.keep_parted(&proposal).await?;
            } else {
                sqlx::query("DELETE FROM proposal WHERE bot_id = $1 AND number = $2")
                    .bind(self.bot)
                    .bind(proposal.number as i64)
                    .execute(&mut *self.inner)
                    .await?;
            }
        }
        Ok(())
    }

    async fn keep_parted(&mut self, proposal: &Proposal) -> sqlx::Result<()> {
        let parted = Proposal { ticket: None, ..proposal.clone() };
        sqlx::query("UPDATE proposal SET ticket = NULL, body = $3 WHERE bot_id = $1 AND number = $2")
            .bind(self.bot)
            .bind(proposal.number as i64)
            .bind(written(&parted)?)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
