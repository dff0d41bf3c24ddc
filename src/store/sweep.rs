//! What is deleted: texts after delivery, updates that could not be read, voters long gone.

use std::time::Duration;

use super::Tx;
use crate::desk::reminder::NAMED;

/// How long deleting may take: much may have gathered while it was postponed.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much longer than anything else numbers are kept, in milliseconds: a year, so that one can look back at an election.
const TALLIES_KEPT: i64 = 366 * 24 * 3_600_000;

/// What was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Voters, with all that hung on them.
    pub voters: u64,
    /// Tickets.
    pub tickets: u64,
    /// Texts.
    pub texts: u64,
}

impl Tx {
    /// The newest time in any row, in milliseconds since 1970; none if there are no rows. A clock that is before it was set
    /// back, or was ahead before.
    pub async fn newest(&mut self) -> sqlx::Result<Option<i64>> {
        sqlx::query_scalar(
            "SELECT MAX(at) FROM (
                 SELECT MAX(received) AS at FROM inbox WHERE bot_id = $1
                 UNION ALL SELECT MAX(created) FROM outbox WHERE bot_id = $1
                 UNION ALL SELECT MAX(sent) FROM outbox WHERE bot_id = $1
                 UNION ALL SELECT MAX(sent) FROM link WHERE bot_id = $1
                 UNION ALL SELECT MAX(seen) FROM voter WHERE bot_id = $1
                 UNION ALL SELECT MAX(changed) FROM ticket WHERE bot_id = $1
             ) AS times",
        )
        .bind(self.bot)
        .fetch_one(&mut *self.inner)
        .await
    }

    /// Blanks texts sent before `sent` and updates that could not be read and came before `unread`; deletes voters not
    /// seen, tickets not changed and rows of no further use since `kept`. All in milliseconds since 1970.
    pub async fn sweep(&mut self, sent: i64, unread: i64, kept: i64) -> sqlx::Result<Swept> {
        self.settle_calls().await?;
        self.inner.patient(PATIENCE);
        let texts = self
            .run(
                "UPDATE outbox SET body = '{}' WHERE bot_id = $1 AND state <> 'wait' AND body <> '{}'
                 AND COALESCE(sent, created) <= $2",
                sent,
            )
            .await?;
        self.run("UPDATE inbox SET raw = '' WHERE bot_id = $1 AND state = 'unread' AND received <= $2", unread).await?;
        // Telegram repeats an update for a day at most; the key that catches repeats is not needed longer than that,
        // and must not meet another update when Telegram's numbers start anew.
        self.run("DELETE FROM inbox WHERE bot_id = $1 AND state = 'done' AND received <= $2", sent).await?;
        self.run("DELETE FROM inbox WHERE bot_id = $1 AND state <> 'new' AND received <= $2", kept).await?;
        self.run("DELETE FROM outbox WHERE bot_id = $1 AND state <> 'wait' AND created <= $2", kept).await?;
        let tickets = self.run("DELETE FROM ticket WHERE bot_id = $1 AND changed <= $2", kept).await?;
        // What stands in the public channel can be corrected for as long as it stands there.
        self.run("DELETE FROM link WHERE bot_id = $1 AND sent <= $2 AND name NOT LIKE 'channel:%'", kept).await?;
        // Whose words are in the public channel is kept, so that `/hapus` takes them out.
        // Who waits for a reminder is kept until it came, and who waits with others for an answer as long as these wait.
        let voters = sqlx::query(
            "DELETE FROM voter WHERE bot_id = $1 AND seen <= $2 AND NOT EXISTS (
                 SELECT 1 FROM due WHERE due.bot_id = voter.bot_id AND due.voter = voter.id AND due.name LIKE $3)
             AND NOT EXISTS (SELECT 1 FROM ticket_asker a WHERE a.bot_id = voter.bot_id AND a.voter = voter.id)
             AND NOT EXISTS (SELECT 1 FROM post p WHERE p.bot_id = voter.bot_id AND p.voter = voter.id)
             AND NOT EXISTS (SELECT 1 FROM ticket t JOIN ticket_asker a ON a.bot_id = t.bot_id AND a.ticket = t.number
                 WHERE t.bot_id = voter.bot_id AND t.voter = voter.id)",
        )
        .bind(self.bot)
        .bind(kept)
        .bind(format!("{NAMED}%"))
        .execute(&mut *self.inner)
        .await?
        .rows_affected();
        self.run("DELETE FROM asked WHERE bot_id = $1 AND at <= $2", kept).await?;
        // How much somebody wrote lately matters for an hour; a block for as long as anything is kept.
        self.run("DELETE FROM remains WHERE bot_id = $1 AND blocked = 0 AND changed <= $2", sent).await?;
        self.run("DELETE FROM remains WHERE bot_id = $1 AND changed <= $2", kept).await?;
        self.run("DELETE FROM listed WHERE bot_id = $1 AND at <= $2", kept).await?;
        self.drop_tallies(sent.min(kept) - TALLIES_KEPT).await?;
        self.run("DELETE FROM upload WHERE bot_id = $1 AND at <= $2", kept).await?;
        self.run("DELETE FROM told WHERE bot_id = $1 AND at <= $2", kept).await?;
        self.run("DELETE FROM hold WHERE bot_id = $1 AND until <= $2", sent).await?;
        Ok(Swept { voters, tickets, texts })
    }

    async fn run(&mut self, statement: &'static str, before: i64) -> sqlx::Result<u64> {
        let done = sqlx::query(statement).bind(self.bot).bind(before).execute(&mut *self.inner).await?;
        Ok(done.rows_affected())
    }
}
