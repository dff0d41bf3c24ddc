//! Pictures that Telegram has: the number by which it sends each again.

use super::{Store, Tx};

impl Store {
    /// The number under which Telegram has the picture of that name.
    pub async fn uploaded(&self, name: &str) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar("SELECT file_id FROM upload WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .fetch_optional(&self.read)
            .await
    }
}

impl Tx {
    /// Notes that Telegram has the picture of that name.
    pub async fn keep_upload(&mut self, name: &str, file: &str, now: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO upload (bot_id, name, file_id, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (bot_id, name) DO UPDATE SET file_id = excluded.file_id, at = excluded.at",
        )
        .bind(self.bot)
        .bind(name)
        .bind(file)
        .bind(now)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Telegram does not take that number any more.
    pub async fn forget_upload(&mut self, name: &str) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM upload WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
