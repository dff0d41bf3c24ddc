//! How much waits, and how long: what whoever watches the bot looks at. Nothing of it is anybody's.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;
use super::outbox::MODERATORS;

/// How much of something waits, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Depth {
    /// How many.
    pub count: i64,
    /// When the oldest of them began to wait (milliseconds since 1970).
    pub oldest: Option<i64>,
}

/// How much waits, of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Depths {
    /// Updates that are not handled yet.
    pub inbox: Depth,
    /// Calls to voters, or anyone but the moderators.
    pub voters: Depth,
    /// Calls to the moderators.
    pub moderators: Depth,
    /// Events whose time has come.
    pub due: Depth,
    /// Events whose time has not.
    pub later: i64,
    /// Tickets that wait for a moderator.
    pub tickets: Depth,
}

impl Store {
    /// How much waits at `now` (milliseconds since 1970).
    pub async fn depths(&self, now: i64) -> sqlx::Result<Depths> {
        let row = sqlx::query(
            "SELECT
                 (SELECT COUNT(*) FROM inbox WHERE bot_id = $1 AND state = 'new'),
                 (SELECT MIN(received) FROM inbox WHERE bot_id = $1 AND state = 'new'),
                 (SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND state = 'wait' AND chat_id <> $2),
                 (SELECT MIN(created) FROM outbox WHERE bot_id = $1 AND state = 'wait' AND chat_id <> $2),
                 (SELECT COUNT(*) FROM outbox WHERE bot_id = $1 AND state = 'wait' AND chat_id = $2),
                 (SELECT MIN(created) FROM outbox WHERE bot_id = $1 AND state = 'wait' AND chat_id = $2),
                 (SELECT COUNT(*) FROM due WHERE bot_id = $1 AND at <= $3),
                 (SELECT MIN(at) FROM due WHERE bot_id = $1 AND at <= $3),
                 (SELECT COUNT(*) FROM ticket WHERE bot_id = $1 AND state = 'open'),
                 (SELECT MIN(opened) FROM ticket WHERE bot_id = $1 AND state = 'open'),
                 (SELECT COUNT(*) FROM due WHERE bot_id = $1 AND at > $3)",
        )
        .bind(self.bot)
        .bind(MODERATORS)
        .bind(now)
        .fetch_one(&self.read)
        .await?;
        Ok(Depths {
            inbox: depth(&row, 0)?,
            voters: depth(&row, 2)?,
            moderators: depth(&row, 4)?,
            due: depth(&row, 6)?,
            tickets: depth(&row, 8)?,
            later: row.try_get(10)?,
        })
    }
}

/// The depth whose number stands in that column, and its age in the next.
fn depth(row: &AnyRow, at: usize) -> sqlx::Result<Depth> {
    Ok(Depth { count: row.try_get(at)?, oldest: row.try_get(at + 1)? })
}
