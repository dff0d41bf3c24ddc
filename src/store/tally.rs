//! How often what happened, a day at a time; and how long questions waited for their answers.

use chrono::{DateTime, Datelike, NaiveDate};
use sqlx::Row;

use super::Tx;
use super::ticket::read;
use crate::desk::Ticket;
use crate::desk::statistics::{Statistics, most_asked};
use crate::desk::tally::Tally;
use crate::faq::home_offset;

/// Of so many tickets, the newest, it is looked what they ask.
const TICKETS_READ: i64 = 5000;

/// The day as it stands in the table.
fn number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce())
}

fn day(number: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?)
}

impl Tx {
    /// Counts what happened `more` times more on `day`.
    pub async fn count(&mut self, day: NaiveDate, tally: &Tally, more: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO tally (bot_id, day, name, value) VALUES ($1, $2, $3, $4)
             ON CONFLICT (bot_id, day, name) DO UPDATE SET value = tally.value + excluded.value",
        )
        .bind(self.bot)
        .bind(number(day))
        .bind(tally.name())
        .bind(more)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// What the days of `statistics` brought.
    pub async fn statistics(&mut self, mut statistics: Statistics) -> sqlx::Result<Statistics> {
        let rows = sqlx::query("SELECT day, name, value FROM tally WHERE bot_id = $1 AND day >= $2 AND day <= $3")
            .bind(self.bot)
            .bind(number(statistics.first))
            .bind(number(statistics.last))
            .fetch_all(&mut *self.inner)
            .await?;
        for row in rows {
            let (on, name, value): (i64, String, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            if let (Some(on), Some(tally)) = (day(on), Tally::of_name(&name)) {
                statistics.counts.entry(on).or_default().insert(tally, value.unsigned_abs());
            }
        }
        let (from, to) = statistics.span();
        statistics.median = self.median_wait(from, to).await?.map(chrono::Duration::milliseconds);
        statistics.waiting = self.waiting_tickets().await?;
        statistics.unmatched = most_asked(self.asked_within(from, to).await?);
        Ok(statistics)
    }

    /// How long half of the questions waited at most that were answered within that time, in milliseconds.
    async fn median_wait(&mut self, from: i64, to: i64) -> sqlx::Result<Option<i64>> {
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM ticket WHERE bot_id = $1 AND answered >= $2 AND answered < $3")
                .bind(self.bot)
                .bind(from)
                .bind(to)
                .fetch_one(&mut *self.inner)
                .await?;
        sqlx::query_scalar(
            "SELECT answered - opened FROM ticket WHERE bot_id = $1 AND answered >= $2 AND answered < $3
             ORDER BY answered - opened LIMIT 1 OFFSET $4",
        )
        .bind(self.bot)
        .bind(from)
        .bind(to)
        .bind((count - 1).max(0) / 2)
        .fetch_optional(&mut *self.inner)
        .await
    }

    /// What was asked of moderators within that time, but for claims, which are their own matter.
    async fn asked_within(&mut self, from: i64, to: i64) -> sqlx::Result<Vec<Ticket>> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM ticket WHERE bot_id = $1 AND asked >= $2 AND asked < $3 AND claim = 0
             ORDER BY number DESC LIMIT $4",
        )
        .bind(self.bot)
        .bind(from)
        .bind(to)
        .bind(TICKETS_READ)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter().map(|body| read(body)).collect()
    }

    /// Deletes what was counted on days that ended before that (milliseconds since 1970).
    pub(super) async fn drop_tallies(&mut self, before: i64) -> sqlx::Result<()> {
        let Some(last) = DateTime::from_timestamp_millis(before) else { return Ok(()) };
        sqlx::query("DELETE FROM tally WHERE bot_id = $1 AND day < $2")
            .bind(self.bot)
            .bind(number(last.with_timezone(&home_offset()).date_naive()))
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
