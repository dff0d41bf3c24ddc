//! Topics of the moderator chat that the bot made, and in which topic its messages stand.

use sqlx::Row;

use super::{Store, Tx};

/// A topic that the bot made, or is about to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its name.
    pub name: String,
    /// Its number; 0 while there is none.
    pub thread: i64,
    /// When it was last made anew, or is about to be made (milliseconds since 1970).
    pub anew: Option<i64>,
}

impl Store {
    /// The topic of that kind in a chat.
    pub async fn topic(&self, chat: i64, kind: &str) -> sqlx::Result<Option<Made>> {
        let row = sqlx::query("SELECT name, thread, anew FROM topic WHERE bot_id = $1 AND chat_id = $2 AND kind = $3")
            .bind(self.bot)
            .bind(chat)
            .bind(kind)
            .fetch_optional(&self.read)
            .await?;
        row.map(|row| Ok(Made { name: row.try_get(0)?, thread: row.try_get(1)?, anew: row.try_get(2)? })).transpose()
    }

    /// In which topic the message of that name stands; none for General.
    pub async fn topic_of(&self, name: &str) -> sqlx::Result<Option<i64>> {
        let topic: Option<Option<i64>> = sqlx::query_scalar("SELECT topic FROM link WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .fetch_optional(&self.read)
            .await?;
        Ok(topic.flatten())
    }
}

impl Tx {
    /// Claims the making of a topic that never was; says whether no other instance did.
    pub async fn claim_topic(&mut self, chat: i64, kind: &str, name: &str, now: i64) -> sqlx::Result<bool> {
        let done = sqlx::query(
            "INSERT INTO topic (bot_id, chat_id, kind, name, thread, anew) VALUES ($1, $2, $3, $4, 0, $5)
             ON CONFLICT (bot_id, chat_id, kind) DO NOTHING",
        )
        .bind(self.bot)
        .bind(chat)
        .bind(kind)
        .bind(name)
        .bind(now)
        .execute(&mut *self.inner)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The same of one that is gone, unless it was made anew since `before`.
    pub async fn claim_topic_anew(&mut self, chat: i64, kind: &str, now: i64, before: i64) -> sqlx::Result<bool> {
        let done = sqlx::query(
            "UPDATE topic SET anew = $4 WHERE bot_id = $1 AND chat_id = $2 AND kind = $3 AND thread = 0
             AND (anew IS NULL OR anew <= $5)",
        )
        .bind(self.bot)
        .bind(chat)
        .bind(kind)
        .bind(now)
        .bind(before)
        .execute(&mut *self.inner)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Keeps a topic that was made. That it was made `anew` stays known for a while.
    pub async fn keep_topic(&mut self, chat: i64, kind: &str, name: &str, thread: i64, anew: bool) -> sqlx::Result<()> {
        sqlx::query(
            "UPDATE topic SET name = $4, thread = $5, anew = CASE WHEN CAST($6 AS BIGINT) = 1 THEN anew END
             WHERE bot_id = $1 AND chat_id = $2 AND kind = $3",
        )
        .bind(self.bot)
        .bind(chat)
        .bind(kind)
        .bind(name)
        .bind(thread)
        .bind(i64::from(anew))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// A topic has another name now.
    pub async fn name_topic(&mut self, chat: i64, kind: &str, name: &str) -> sqlx::Result<()> {
        sqlx::query("UPDATE topic SET name = $4 WHERE bot_id = $1 AND chat_id = $2 AND kind = $3")
            .bind(self.bot)
            .bind(chat)
            .bind(kind)
            .bind(name)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// Forgets a topic that could not be made.
    pub async fn drop_topic(&mut self, chat: i64, kind: &str) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM topic WHERE bot_id = $1 AND chat_id = $2 AND kind = $3")
            .bind(self.bot)
            .bind(chat)
            .bind(kind)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// Nothing can be written to a topic any more, nor in reply to what stands in it there. Gives its kind, and whether it is
    /// to be made anew: not if it was since `before`.
    pub async fn lose_topic(
        &mut self,
        chat: i64,
        thread: i64,
        now: i64,
        before: i64,
    ) -> sqlx::Result<Option<(String, bool)>> {
        sqlx::query("UPDATE link SET topic = NULL WHERE bot_id = $1 AND chat_id = $2 AND topic = $3")
            .bind(self.bot)
            .bind(chat)
            .bind(thread)
            .execute(&mut *self.inner)
            .await?;
        let row = sqlx::query("SELECT kind, anew FROM topic WHERE bot_id = $1 AND chat_id = $2 AND thread = $3")
            .bind(self.bot)
            .bind(chat)
            .bind(thread)
            .fetch_optional(&mut *self.inner)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (kind, last): (String, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        let anew = last.is_none_or(|last| last <= before);
        sqlx::query("UPDATE topic SET thread = 0, anew = $4 WHERE bot_id = $1 AND chat_id = $2 AND kind = $3")
            .bind(self.bot)
            .bind(chat)
            .bind(&kind)
            .bind(if anew { Some(now) } else { last })
            .execute(&mut *self.inner)
            .await?;
        Ok(Some((kind, anew)))
    }
}
