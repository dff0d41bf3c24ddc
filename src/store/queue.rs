//! What waits for moderators, in the order in which they look at it; and the lists in which it is quoted.

use chrono::{DateTime, FixedOffset};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Tx;
use super::ticket::read;
use crate::desk::block::LISTED as BLOCKED_LISTED;
use crate::desk::care::AGAIN_AFTER;
use crate::desk::queue::{PAGE, Queue};
use crate::desk::{Blocked, Late, Level, Queued, Ticket};
use crate::faq::home_offset;
use crate::text::cut::first_line;

/// The statements about what waits too long, by the column that tells when it was called to mind.
struct Statements {
    count: &'static str,
    first: &'static str,
    note: &'static str,
}

macro_rules! statements {
    ($called:literal) => {
        Statements {
            count: concat!("SELECT COUNT(*) ", late!($called)),
            first: concat!("SELECT body, opened ", late!($called), " ORDER BY weight DESC, opened, number LIMIT $4"),
            note: concat!("UPDATE ticket SET ", $called, " = $4 ", which!($called)),
        }
    };
}
macro_rules! late {
    ($called:literal) => {
        concat!("FROM ticket ", which!($called))
    };
}
macro_rules! which {
    ($called:literal) => {
        concat!(
            "WHERE bot_id = $1 AND state = 'open' AND opened <= $2 AND (",
            $called,
            " IS NULL OR ",
            $called,
            " <= $3)"
        )
    };
}

fn statements(level: Level) -> Statements {
    match level {
        Level::Moderators => statements!("reminded"),
        Level::Above => statements!("escalated"),
    }
}

fn queued(row: &AnyRow) -> sqlx::Result<Queued> {
    let ticket: Ticket = read(row.try_get(0)?)?;
    let since = DateTime::from_timestamp_millis(row.try_get(1)?);
    Ok(Queued {
        number: ticket.number,
        urgent: ticket.urgent,
        since: since.map_or(ticket.asked, |since| since.with_timezone(&home_offset())),
        askers: ticket.askers().count(),
        taken: ticket.taken.clone(),
        question: first_line(&ticket.question()),
    })
}

impl Tx {
    /// How many tickets wait for moderators.
    pub async fn waiting_tickets(&mut self) -> sqlx::Result<usize> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM ticket WHERE bot_id = $1 AND state = 'open'")
            .bind(self.bot)
            .fetch_one(&mut *self.inner)
            .await?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// A page of the tickets that wait.
    pub async fn queue(&mut self, page: usize) -> sqlx::Result<Queue> {
        let count = self.waiting_tickets().await?;
        let page = Queue::page_of(count, page);
        let rows = sqlx::query(
            "SELECT body, opened FROM ticket WHERE bot_id = $1 AND state = 'open'
             ORDER BY weight DESC, opened, number LIMIT $2 OFFSET $3",
        )
        .bind(self.bot)
        .bind(PAGE as i64)
        .bind((page * PAGE) as i64)
        .fetch_all(&mut *self.inner)
        .await?;
        Ok(Queue { count, page, shown: rows.iter().map(queued).collect::<sqlx::Result<_>>()? })
    }

    /// What waits since `before` and was not called to mind lately: how many, and the first `limit` of them.
    pub async fn late(
        &mut self,
        level: Level,
        before: DateTime<FixedOffset>,
        now: DateTime<FixedOffset>,
        limit: usize,
    ) -> sqlx::Result<Late> {
        let statements = statements(level);
        let again = (now - AGAIN_AFTER).timestamp_millis();
        let count: i64 = sqlx::query_scalar(statements.count)
            .bind(self.bot)
            .bind(before.timestamp_millis())
            .bind(again)
            .fetch_one(&mut *self.inner)
            .await?;
        let rows = sqlx::query(statements.first)
            .bind(self.bot)
            .bind(before.timestamp_millis())
            .bind(again)
            .bind(limit as i64)
            .fetch_all(&mut *self.inner)
            .await?;
        let first = rows.iter().map(queued).collect::<sqlx::Result<_>>()?;
        Ok(Late { count: usize::try_from(count).unwrap_or_default(), first })
    }

    /// Notes that what waits since `before`, and was not called to mind lately, was so now.
    pub async fn called_to_mind(
        &mut self,
        level: Level,
        before: DateTime<FixedOffset>,
        now: DateTime<FixedOffset>,
    ) -> sqlx::Result<()> {
        sqlx::query(statements(level).note)
            .bind(self.bot)
            .bind(before.timestamp_millis())
            .bind((now - AGAIN_AFTER).timestamp_millis())
            .bind(now.timestamp_millis())
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// The blocked, by the first ticket that stands for each, last ones first.
    pub async fn blocked(&mut self) -> sqlx::Result<Vec<Blocked>> {
        let rows = sqlx::query(
            "SELECT body, changed FROM ticket WHERE bot_id = $1 AND state = 'blocked' AND number IN (
                 SELECT MIN(number) FROM ticket WHERE bot_id = $1 AND state = 'blocked' GROUP BY voter)
             ORDER BY changed DESC, number DESC LIMIT $2",
        )
        .bind(self.bot)
        .bind(BLOCKED_LISTED as i64)
        .fetch_all(&mut *self.inner)
        .await?;
        let blocked = |row: &AnyRow| {
            let ticket: Ticket = read(row.try_get(0)?)?;
            let at = DateTime::from_timestamp_millis(row.try_get(1)?).unwrap_or_default();
            let (number, reason) = (ticket.number, ticket.blocked_for);
            Ok(Blocked { number, key: ticket.key, reason, at: at.with_timezone(&home_offset()) })
        };
        rows.iter().map(blocked).collect()
    }

    /// Notes which tickets a list quotes.
    pub async fn note_list(&mut self, list: &str, tickets: &[u64], now: i64) -> sqlx::Result<()> {
        self.drop_list(list).await?;
        for ticket in tickets {
            sqlx::query("INSERT INTO listed (bot_id, list, ticket, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
                .bind(self.bot)
                .bind(list)
                .bind(*ticket as i64)
                .bind(now)
                .execute(&mut *self.inner)
                .await?;
        }
        Ok(())
    }

    /// Takes out the lists that quote a ticket: their keys.
    pub async fn take_lists_of(&mut self, ticket: u64) -> sqlx::Result<Vec<String>> {
        let lists: Vec<String> =
            sqlx::query_scalar("SELECT list FROM listed WHERE bot_id = $1 AND ticket = $2 ORDER BY list")
                .bind(self.bot)
                .bind(ticket as i64)
                .fetch_all(&mut *self.inner)
                .await?;
        for list in &lists {
            self.drop_list(list).await?;
        }
        Ok(lists)
    }

    async fn drop_list(&mut self, list: &str) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM listed WHERE bot_id = $1 AND list = $2")
            .bind(self.bot)
            .bind(list)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
