//! Where named messages stand in Telegram: by chat and number. What a message stands for is told by its name.

use sqlx::Row;

use super::Tx;

/// The name of a message that belongs to a ticket beside those of now: a second copy, or one of an earlier chat.
fn copy_name(ticket: u64, chat: i64, message: i64) -> String {
    format!("more:{ticket}:copy:{chat}:{message}")
}

impl Tx {
    /// The names of all messages to moderators that belong to a ticket, in whatever chat, by what their names begin with
    /// (`more`, `follow`).
    pub async fn names_of(&mut self, kinds: &[&str], ticket: u64) -> sqlx::Result<Vec<String>> {
        let mut names = Vec::new();
        for kind in kinds {
            let (from, to) = (format!("{kind}:{ticket}:"), format!("{kind}:{ticket};"));
            let found: Vec<String> = sqlx::query_scalar(
                "SELECT name FROM link WHERE bot_id = $1 AND name >= $2 AND name < $3 ORDER BY name",
            )
            .bind(self.bot)
            .bind(from)
            .bind(to)
            .fetch_all(&mut *self.inner)
            .await?;
            names.extend(found);
        }
        Ok(names)
    }

    /// Notes that a message of that chat belongs to a ticket too, as a second copy of its card.
    pub async fn note_copy(&mut self, ticket: u64, chat: i64, message: i64, now: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO link (bot_id, name, chat_id, message_id, voter, sent) VALUES ($1, $2, $3, $4, NULL, $5)
             ON CONFLICT (bot_id, name) DO NOTHING",
        )
        .bind(self.bot)
        .bind(copy_name(ticket, chat, message))
        .bind(chat)
        .bind(message)
        .bind(now)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// A ticket is posted anew: where its card and the parts of its question stood before is kept as second copies.
    pub async fn set_apart(&mut self, ticket: u64) -> sqlx::Result<()> {
        let (card, from, to) = (format!("card:{ticket}"), format!("more:{ticket}:"), format!("more:{ticket};"));
        let rows = sqlx::query(
            "SELECT name, chat_id, message_id FROM link
             WHERE bot_id = $1 AND (name = $2 OR name >= $3 AND name < $4 AND name NOT LIKE '%:copy:%')",
        )
        .bind(self.bot)
        .bind(card)
        .bind(from)
        .bind(to)
        .fetch_all(&mut *self.inner)
        .await?;
        for row in rows {
            let (name, chat, message): (String, i64, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            // It is nobody's data, and is needed to empty the message when the voter's data are deleted.
            sqlx::query("UPDATE link SET name = $3, voter = NULL WHERE bot_id = $1 AND name = $2")
                .bind(self.bot)
                .bind(name)
                .bind(copy_name(ticket, chat, message))
                .execute(&mut *self.inner)
                .await?;
        }
        Ok(())
    }
}
