//! A transaction: what belongs together is written in one, or not at all.

use super::Kind;
use super::connection::Connection;
use super::outbox::Made;
use super::times::Timer;

/// A transaction that writes. Dropped without [`Tx::commit`], nothing of it stays; if a statement in it failed, it can't
/// be committed, and its connection is thrown away.
#[derive(Debug)]
pub struct Tx {
    pub(super) bot: i64,
    pub(super) kind: Kind,
    pub(super) inner: Box<Connection>,
    pub(super) claims: super::inbox::Claims,
    pub(super) cause: Option<super::inbox::Cause>,
    pub(super) late: Late,
    timer: Timer,
}

/// What a transaction writes at its end, all of a kind in one statement; and what it has read and need not read again.
#[derive(Debug, Default)]
pub(super) struct Late {
    /// Calls without a name.
    pub(super) calls: Vec<Made>,
    /// Updates that were handled.
    pub(super) handled: Vec<i64>,
    /// The key of the names under which something outlives voters' data.
    pub(super) secret: Option<String>,
    /// Whether there is a trouble of that name.
    pub(super) troubled: Option<(String, bool)>,
    /// Whether numbers were taken.
    pub(super) numbered: bool,
}

impl Tx {
    /// Over a connection on which one was begun.
    pub(super) fn new(bot: i64, kind: Kind, connection: Connection, timer: Timer) -> Self {
        let (claims, late) = (super::inbox::Claims::default(), Late::default());
        Self { bot, kind, inner: Box::new(connection), claims, cause: None, late, timer }
    }

    /// Writes what is written at the end: what fails here is known to be of what was done since this was called last.
    pub async fn settle(&mut self) -> sqlx::Result<()> {
        self.settle_calls().await?;
        self.settle_handled().await
    }

    /// Makes all of it last.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        self.settle().await?;
        self.leave_turns().await?;
        self.inner.commit().await?;
        self.timer.committed();
        Ok(())
    }

    /// Whether other instances can take no numbers until this transaction ends. It had better end then, and wait for nobody's
    /// row: another instance may hold that and wait for a number.
    pub fn holds_numbers(&self) -> bool {
        self.kind == Kind::Postgres && self.late.numbered
    }

    /// The next number of the counter `name`, from 1.
    pub(crate) async fn next(&mut self, name: &str) -> sqlx::Result<i64> {
        self.next_of(name, 1).await
    }

    /// Takes the next `count` numbers of the counter `name`; gives the last of them.
    pub(super) async fn next_of(&mut self, name: &str, count: i64) -> sqlx::Result<i64> {
        self.late.numbered = true;
        sqlx::query_scalar(
            "INSERT INTO counter (bot_id, name, value) VALUES ($1, $2, $3)
             ON CONFLICT (bot_id, name) DO UPDATE SET value = counter.value + excluded.value RETURNING value",
        )
        .bind(self.bot)
        .bind(name)
        .bind(count)
        .fetch_one(&mut *self.inner)
        .await
    }
}
