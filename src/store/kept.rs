//! The last FAQ that was in order, kept so that a start with a faulty one still serves, and what was told of faults.

use sqlx::Row;

use super::{Store, Tx};
use crate::faq::source::{File, digest};

/// Which FAQ is kept, by its digest.
const KEPT: &str = "faq_kept";
/// Which faults the moderators were told of.
const TOLD: &str = "faq_told";

impl Store {
    /// The files of the last FAQ that was in order; empty if there never was one.
    pub async fn kept_faq(&self) -> sqlx::Result<Vec<File>> {
        let rows = sqlx::query("SELECT name, text FROM kept_faq WHERE bot_id = $1 ORDER BY name")
            .bind(self.bot)
            .fetch_all(&self.read)
            .await?;
        rows.iter()
            .map(|row| {
                let text: String = row.try_get(1)?;
                Ok(File { name: row.try_get(0)?, bytes: text.into_bytes() })
            })
            .collect()
    }

    /// Keeps the files of a FAQ that is in order, in place of what was kept, unless they are the same. Files that are no
    /// text are left out: they hold nothing that a FAQ needs.
    pub async fn keep_faq(&self, files: &[File]) -> sqlx::Result<()> {
        let digest = digest(files);
        if self.note(KEPT).await?.is_some_and(|kept| kept == digest) {
            return Ok(());
        }
        let mut tx = self.write().await?;
        tx.change_note(KEPT, Some(&digest)).await?;
        sqlx::query("DELETE FROM kept_faq WHERE bot_id = $1").bind(tx.bot).execute(&mut *tx.inner).await?;
        for file in files {
            let Ok(text) = std::str::from_utf8(&file.bytes) else { continue };
            sqlx::query(
                "INSERT INTO kept_faq (bot_id, name, text) VALUES ($1, $2, $3)
                 ON CONFLICT (bot_id, name) DO UPDATE SET text = excluded.text",
            )
            .bind(tx.bot)
            .bind(&file.name)
            .bind(text)
            .execute(&mut *tx.inner)
            .await?;
        }
        tx.commit().await
    }
}

impl Tx {
    /// Notes which faults of a FAQ the moderators hear of now, none if it is in order; says whether that is news to them.
    pub async fn note_faults(&mut self, faults: Option<&str>) -> sqlx::Result<bool> {
        self.change_note(TOLD, faults).await
    }
}
