//! What the service remembers between two starts, and what it asks of the past: where it wrote.

use super::outbox::MODERATORS;
use super::{Store, Tx};

/// The moderator chat that was used last.
const LAST_CHAT: &str = "last_chat";
/// The webhook that was set last.
pub(super) const LAST_WEBHOOK: &str = "last_webhook";

impl Store {
    /// Whether the moderators were ever written to in that chat: a message that stands there is known, or any was sent while
    /// it was the chat used last.
    pub async fn has_written_to(&self, chat: i64) -> sqlx::Result<bool> {
        let link: Option<i64> =
            sqlx::query_scalar("SELECT chat_id FROM link WHERE bot_id = $1 AND chat_id = $2 LIMIT 1")
                .bind(self.bot)
                .bind(chat)
                .fetch_optional(&self.read)
                .await?;
        if link.is_some() || self.last_chat().await? != Some(chat) {
            return Ok(link.is_some());
        }
        let sent: Option<i64> =
            sqlx::query_scalar("SELECT id FROM outbox WHERE bot_id = $1 AND chat_id = $2 AND state = 'sent' LIMIT 1")
                .bind(self.bot)
                .bind(MODERATORS)
                .fetch_optional(&self.read)
                .await?;
        Ok(sent.is_some())
    }

    /// The moderator chat that was used last.
    pub async fn last_chat(&self) -> sqlx::Result<Option<i64>> {
        Ok(self.note(LAST_CHAT).await?.and_then(|chat| chat.parse().ok()))
    }

    /// The address of the webhook that was set last.
    pub async fn last_webhook(&self) -> sqlx::Result<Option<String>> {
        self.note(LAST_WEBHOOK).await
    }

    /// The number that the public channel of that name had when Telegram told it last.
    pub async fn channel_remembered(&self, name: &str) -> sqlx::Result<Option<i64>> {
        Ok(self.note(&channel_note(name)).await?.and_then(|number| number.parse().ok()))
    }

    /// What was noted under that name.
    pub(super) async fn note(&self, name: &str) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar("SELECT value FROM note WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .fetch_optional(&self.read)
            .await
    }
}

/// The name under which the number of a public channel is noted.
fn channel_note(name: &str) -> String {
    format!("channel:{}", name.to_lowercase())
}

impl Tx {
    /// Notes the number of the public channel of that name.
    pub async fn remember_channel(&mut self, name: &str, number: i64) -> sqlx::Result<()> {
        self.set_note(&channel_note(name), Some(&number.to_string())).await
    }

    /// Notes which moderator chat is used; says whether that is another one than before.
    pub async fn set_last_chat(&mut self, chat: i64) -> sqlx::Result<bool> {
        self.change_note(LAST_CHAT, Some(&chat.to_string())).await
    }

    /// Notes which webhook was set; none if it was taken away.
    pub async fn set_last_webhook(&mut self, url: Option<&str>) -> sqlx::Result<()> {
        self.set_note(LAST_WEBHOOK, url).await
    }

    /// Notes something under that name, or forgets it; says whether that changed anything.
    pub(super) async fn change_note(&mut self, name: &str, value: Option<&str>) -> sqlx::Result<bool> {
        let before: Option<String> = sqlx::query_scalar("SELECT value FROM note WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .fetch_optional(&mut *self.inner)
            .await?;
        if before.as_deref() == value {
            return Ok(false);
        }
        self.set_note(name, value).await?;
        Ok(true)
    }

    async fn set_note(&mut self, name: &str, value: Option<&str>) -> sqlx::Result<()> {
        let Some(value) = value else {
            sqlx::query("DELETE FROM note WHERE bot_id = $1 AND name = $2")
                .bind(self.bot)
                .bind(name)
                .execute(&mut *self.inner)
                .await?;
            return Ok(());
        };
        sqlx::query(
            "INSERT INTO note (bot_id, name, value) VALUES ($1, $2, $3)
             ON CONFLICT (bot_id, name) DO UPDATE SET value = excluded.value",
        )
        .bind(self.bot)
        .bind(name)
        .bind(value)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
