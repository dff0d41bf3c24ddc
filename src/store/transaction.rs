//! A transaction: what belongs together is written in one, or not at all.

use super::Kind;
use super::connection::Connection;
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
    timer: Timer,
}

impl Tx {
    /// Over a connection on which one was begun.
    pub(super) fn new(bot: i64, kind: Kind, connection: Connection, timer: Timer) -> Self {
        let claims = super::inbox::Claims::default();
        Self { bot, kind, inner: Box::new(connection), claims, cause: None, timer }
    }

    /// Makes all of it last.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        self.leave_turns().await?;
        self.inner.commit().await?;
        self.timer.committed();
        Ok(())
    }

    /// The next number of the counter `name`, from 1.
    pub(crate) async fn next(&mut self, name: &str) -> sqlx::Result<i64> {
        sqlx::query_scalar(
            "INSERT INTO counter (bot_id, name, value) VALUES ($1, $2, 1)
             ON CONFLICT (bot_id, name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        )
        .bind(self.bot)
        .bind(name)
        .fetch_one(&mut *self.inner)
        .await
    }
}
