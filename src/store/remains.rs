//! What outlives a voter's data, under a name that tells nothing of the person: a keyed hash (HMAC-SHA-256, RFC 2104) of
//! the account's number, whose key is made once in each database.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::Row;

use super::Tx;
use super::ticket::{read, written};
use crate::desk::{Pace, VoterId};

/// A new unguessable key of ten letters and digits, 50 bits.
pub fn new_key() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 10];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect()
}

impl Tx {
    /// The name under which something outlives a voter's data.
    async fn pseudonym(&mut self, voter: VoterId) -> sqlx::Result<String> {
        let secret = match &self.late.secret {
            Some(secret) => secret.clone(),
            None => self.secret().await?,
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|e| sqlx::Error::Encode(e.into()))?;
        mac.update(&voter.to_le_bytes());
        Ok(mac.finalize().into_bytes().iter().take(16).map(|b| format!("{b:02x}")).collect())
    }

    /// The key of those names, made if there is none.
    async fn secret(&mut self) -> sqlx::Result<String> {
        sqlx::query(
            "INSERT INTO secret (bot_id, name, value) VALUES ($1, 'pseudonym', $2) ON CONFLICT (bot_id, name) DO NOTHING",
        )
        .bind(self.bot)
        .bind(format!("{}{}{}", new_key(), new_key(), new_key()))
        .execute(&mut *self.inner)
        .await?;
        let secret: String = sqlx::query_scalar("SELECT value FROM secret WHERE bot_id = $1 AND name = 'pseudonym'")
            .bind(self.bot)
            .fetch_one(&mut *self.inner)
            .await?;
        self.late.secret = Some(secret.clone());
        Ok(secret)
    }

    /// Keeps this of a voter beyond the voter's own data.
    pub async fn outlive(&mut self, voter: VoterId, blocked: bool, pace: &Pace, now: i64) -> sqlx::Result<()> {
        let who = self.pseudonym(voter).await?;
        sqlx::query(
            "INSERT INTO remains (bot_id, who, blocked, pace, changed) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (bot_id, who)
             DO UPDATE SET blocked = excluded.blocked, pace = excluded.pace, changed = excluded.changed",
        )
        .bind(self.bot)
        .bind(who)
        .bind(i64::from(blocked))
        .bind(written(pace)?)
        .bind(now)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// What outlived a voter's data: whether moderators want no more, and how much was written lately.
    pub async fn remains(&mut self, voter: VoterId) -> sqlx::Result<Option<(bool, Pace)>> {
        let who = self.pseudonym(voter).await?;
        let row = sqlx::query("SELECT blocked, pace FROM remains WHERE bot_id = $1 AND who = $2")
            .bind(self.bot)
            .bind(who)
            .fetch_optional(&mut *self.inner)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (blocked, pace): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Some((blocked == 1, read(&pace)?)))
    }

    /// Notes that someone who replied to a message of the bot's was told that it stands for no ticket; says whether that is
    /// new.
    pub async fn tell_once(&mut self, chat: i64, message: i64, now: i64) -> sqlx::Result<bool> {
        let done = sqlx::query(
            "INSERT INTO told (bot_id, chat_id, message_id, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (bot_id, chat_id, message_id) DO NOTHING",
        )
        .bind(self.bot)
        .bind(chat)
        .bind(message)
        .bind(now)
        .execute(&mut *self.inner)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::new_key;

    #[test]
    fn keys_differ_and_fit_into_buttons() {
        let keys: std::collections::HashSet<String> = (0..1000).map(|_| new_key()).collect();
        assert_eq!(keys.len(), 1000);
        assert!(keys.iter().all(|k| k.len() == 10 && k.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())));
    }
}
