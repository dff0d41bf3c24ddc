//! Which answers voters were given, by code: an entry's id and version, or a ticket for a moderator's words. It is noted when
//! Telegram has taken the message, in the transaction that writes down so: what did not arrive was not told.

use serde_json::json;
use sqlx::Row;

use super::outbox::Call;
use super::{Kind, Tx};
use crate::desk::code::{of_ticket, parted, ticket};
use crate::desk::{Told, VoterId};

/// What a call tells a voter: code, version and the voter.
fn told(call: &Call) -> Vec<(String, String, VoterId)> {
    let Some(voter) = call.voter.filter(|voter| *voter == call.chat) else { return Vec::new() };
    // A suggested answer of a moderator goes by its ticket too.
    let whole = |code| if ticket(code).is_some() { (code, "") } else { parted(code) };
    let entry = call.code.as_deref().map(whole).map(|(id, version)| (id.to_owned(), version.to_owned(), voter));
    let answer = call.reply.map(|reply| (of_ticket(reply.ticket), String::new(), voter));
    entry.into_iter().chain(answer).collect()
}

impl Tx {
    /// Notes what calls that arrived told, each to another voter; nothing of voters whose data are gone.
    pub(super) async fn note_all_heard(&mut self, calls: &[&Call], now: i64) -> sqlx::Result<()> {
        let rows: Vec<_> = calls.iter().flat_map(|call| told(call)).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let statement = match self.kind {
            Kind::Sqlite => {
                "INSERT INTO heard (bot_id, code, version, voter, at)
                 SELECT $1, own.value ->> 0, own.value ->> 1, own.value ->> 2, $3 FROM json_each($2) AS own
                 WHERE EXISTS (SELECT 1 FROM voter WHERE bot_id = $1 AND id = own.value ->> 2)
                 ON CONFLICT (bot_id, code, voter, version) DO UPDATE SET at = excluded.at"
            }
            Kind::Postgres => {
                "INSERT INTO heard (bot_id, code, version, voter, at)
                 SELECT CAST($1 AS BIGINT), own ->> 0, own ->> 1, CAST(own ->> 2 AS BIGINT), CAST($3 AS BIGINT)
                 FROM json_array_elements(CAST($2 AS json)) AS rows (own)
                 WHERE EXISTS (SELECT 1 FROM voter WHERE bot_id = $1 AND id = CAST(own ->> 2 AS BIGINT))
                 ON CONFLICT (bot_id, code, voter, version) DO UPDATE SET at = excluded.at"
            }
        };
        let rows = json!(rows).to_string();
        sqlx::query(statement).bind(self.bot).bind(rows).bind(now).execute(&mut *self.inner).await?;
        Ok(())
    }

    /// Whether a voter was told what goes by that code.
    pub async fn has_heard(&mut self, voter: VoterId, code: &str) -> sqlx::Result<bool> {
        let heard: Option<i64> =
            sqlx::query_scalar("SELECT at FROM heard WHERE bot_id = $1 AND code = $2 AND voter = $3 LIMIT 1")
                .bind(self.bot)
                .bind(code)
                .bind(voter)
                .fetch_optional(&mut *self.inner)
                .await?;
        Ok(heard.is_some())
    }

    /// All that a voter was told, oldest first.
    pub async fn heard_by(&mut self, voter: VoterId) -> sqlx::Result<Vec<Told>> {
        let rows = sqlx::query(
            "SELECT code, version, at FROM heard WHERE bot_id = $1 AND voter = $2 ORDER BY at, code, version",
        )
        .bind(self.bot)
        .bind(voter)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter()
            .map(|row| Ok(Told { code: row.try_get(0)?, version: row.try_get(1)?, at: row.try_get(2)? }))
            .collect()
    }

    /// Forgets what was told before `before` (milliseconds since 1970).
    pub async fn sweep_heard(&mut self, before: i64) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM heard WHERE bot_id = $1 AND at <= $2")
            .bind(self.bot)
            .bind(before)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
