//! What keeps calls from being made: silence that Telegram asked for (429), and troubles that people must be told of.

use sqlx::Row;

use super::{Store, Tx};

/// The trouble that the moderator chat can't be written to.
pub const MODERATOR_CHAT: &str = "moderators";
/// The trouble that Telegram refuses the token.
pub const TOKEN: &str = "token";
/// The chat number that stands for all chats in a hold.
pub const ALL_CHATS: i64 = i64::MIN;

impl Store {
    /// For how long from `now` on Telegram wants silence still, in milliseconds, by chat ([`ALL_CHATS`]: all of them).
    /// Never for longer than it asked: the clock may have been set back since.
    pub async fn holds(&self, now: i64) -> sqlx::Result<Vec<(i64, i64)>> {
        let rows = sqlx::query("SELECT chat_id, until, span FROM hold WHERE bot_id = $1 AND until > $2")
            .bind(self.bot)
            .bind(now)
            .fetch_all(&self.read)
            .await?;
        rows.iter()
            .map(|row| {
                let (until, span): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
                Ok((row.try_get(0)?, (until - now).min(span)))
            })
            .collect()
    }

    /// The trouble of that name, if there is one: since when (milliseconds since 1970), and why, in Telegram's words.
    pub async fn trouble(&self, name: &str) -> sqlx::Result<Option<(i64, String)>> {
        let row = sqlx::query("SELECT since, reason FROM trouble WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .fetch_optional(&self.read)
            .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }
}

impl Tx {
    /// Whether there is the trouble of that name.
    pub async fn is_troubled(&mut self, name: &str) -> sqlx::Result<bool> {
        if let Some((known, troubled)) = &self.late.troubled
            && known == name
        {
            return Ok(*troubled);
        }
        let since: Option<i64> = sqlx::query_scalar("SELECT since FROM trouble WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .fetch_optional(&mut *self.inner)
            .await?;
        self.late.troubled = Some((name.to_owned(), since.is_some()));
        Ok(since.is_some())
    }

    /// Telegram wants silence in a chat ([`ALL_CHATS`]: in all of them) for `span` milliseconds from `now` on.
    pub async fn hold(&mut self, chat: i64, now: i64, span: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO hold (bot_id, chat_id, until, span) VALUES ($1, $2, $3, $4)
             ON CONFLICT (bot_id, chat_id) DO UPDATE SET until = excluded.until, span = excluded.span",
        )
        .bind(self.bot)
        .bind(chat)
        .bind(now.saturating_add(span))
        .bind(span)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Notes a trouble. One that is known keeps the time since when it is.
    pub async fn set_trouble(&mut self, name: &str, reason: &str, now: i64) -> sqlx::Result<()> {
        self.late.troubled = None;
        sqlx::query(
            "INSERT INTO trouble (bot_id, name, since, reason) VALUES ($1, $2, $3, $4)
             ON CONFLICT (bot_id, name) DO UPDATE SET reason = excluded.reason",
        )
        .bind(self.bot)
        .bind(name)
        .bind(now)
        .bind(reason)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The trouble is over, or may be: the sender then tries at once what waits because of it.
    pub async fn clear_trouble(&mut self, name: &str) -> sqlx::Result<()> {
        self.late.troubled = None;
        sqlx::query("DELETE FROM trouble WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
