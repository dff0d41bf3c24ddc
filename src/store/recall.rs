//! Recalls: what voters were told and holds no more, who was put on the way of hearing so, and what became of that.

use sqlx::Row;

use super::outbox::{Call, End, MODERATORS};
use super::ticket::{read, written};
use super::{Kind, Tx};
use crate::desk::recall::{Recall, Retraction, Tally, recall_name};
use crate::desk::{VoterId, VoterState};
use crate::text::language::Language;

/// The counter that rises with each retraction.
pub(super) const RETRACTIONS: &str = "retraction";

/// The name of a recall's message to a voter.
pub fn message_name(key: &str, voter: VoterId) -> String {
    format!("{}:{voter}", recall_name(key))
}

/// The recall whose message to a voter `call` is.
fn recall_of(call: &Call) -> Option<&str> {
    let name = call.name.as_deref().filter(|_| call.chat != MODERATORS)?;
    name.strip_prefix("recall:")?.split(':').next()
}

/// Whether `call` is a recall's message to a voter: what becomes of it is counted, and told in one line.
pub(super) fn is_of_recall(call: &Call) -> bool {
    recall_of(call).is_some()
}

impl Tx {
    /// Keeps a recall, new or changed.
    pub async fn keep_recall(&mut self, recall: &Recall, now: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO recall (bot_id, recall_key, changed, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (bot_id, recall_key) DO UPDATE SET changed = excluded.changed, body = excluded.body",
        )
        .bind(self.bot)
        .bind(&recall.key)
        .bind(now)
        .bind(written(recall)?)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The recall with that key. On PostgreSQL its row is locked until the transaction ends: of two presses one is first.
    pub async fn recall(&mut self, key: &str) -> sqlx::Result<Option<Recall>> {
        let statement = match self.kind {
            Kind::Sqlite => "SELECT body FROM recall WHERE bot_id = $1 AND recall_key = $2",
            Kind::Postgres => "SELECT body FROM recall WHERE bot_id = $1 AND recall_key = $2 FOR UPDATE",
        };
        let body: Option<String> =
            sqlx::query_scalar(statement).bind(self.bot).bind(key).fetch_optional(&mut *self.inner).await?;
        body.map(|body| read(&body)).transpose()
    }

    /// How many voters were told what goes by `code`: in any version but `but`, and not in that one since.
    pub async fn count_told(&mut self, code: &str, but: Option<&str>) -> sqlx::Result<u64> {
        let count: i64 = sqlx::query_scalar(
            "SELECT COUNT(DISTINCT voter) FROM heard WHERE bot_id = $1 AND code = $2 AND version <> $3 AND NOT EXISTS (
                 SELECT 1 FROM heard AS own WHERE own.bot_id = heard.bot_id AND own.code = heard.code
                 AND own.version = $3 AND own.voter = heard.voter)",
        )
        .bind(self.bot)
        .bind(code)
        .bind(but.unwrap_or(NO_VERSION))
        .fetch_one(&mut *self.inner)
        .await?;
        Ok(count.unsigned_abs())
    }

    /// The next voters of a recall, by number, with the language that each speaks; `but` as in [`Tx::count_told`].
    pub async fn recipients(
        &mut self,
        recall: &Recall,
        but: Option<&str>,
        limit: i64,
    ) -> sqlx::Result<Vec<(VoterId, Language)>> {
        let rows = sqlx::query(
            "SELECT heard.voter, MIN(voter.state) FROM heard
             JOIN voter ON voter.bot_id = heard.bot_id AND voter.id = heard.voter
             WHERE heard.bot_id = $1 AND heard.code = $2 AND heard.version <> $3 AND heard.voter > $4
             AND (heard.at <= $5 OR heard.version <> '' AND ($8 = 1 OR heard.version = $9)) AND NOT EXISTS (
                 SELECT 1 FROM heard AS own WHERE own.bot_id = heard.bot_id AND own.code = heard.code
                 AND own.version = $3 AND own.voter = heard.voter)
             AND NOT EXISTS (
                 SELECT 1 FROM recalled WHERE recalled.bot_id = heard.bot_id AND recalled.recall_key = $6
                 AND recalled.voter = heard.voter)
             GROUP BY heard.voter ORDER BY heard.voter LIMIT $7",
        )
        .bind(self.bot)
        .bind(&recall.code)
        .bind(but.unwrap_or(NO_VERSION))
        .bind(recall.after)
        .bind(recall.until)
        .bind(&recall.key)
        .bind(limit)
        // What was on its way when it began arrived since: no other answer holds that version.
        .bind(i64::from(recall.is_of_any_version()))
        .bind(&recall.version)
        .fetch_all(&mut *self.inner)
        .await?;
        rows.iter()
            .map(|row| {
                let state: String = row.try_get(1)?;
                Ok((row.try_get(0)?, read::<VoterState>(&state)?.speaks()))
            })
            .collect()
    }

    /// Whether what a recall is about is still on its way to somebody: of an entry that changed any version but `but`, of one
    /// that was retracted that version. A ticket's answers were taken back themselves.
    pub async fn is_being_told(&mut self, recall: &Recall, but: Option<&str>) -> sqlx::Result<bool> {
        if recall.version.is_empty() {
            return Ok(false);
        }
        let own = |version: &str| format!("{}-{version}", recall.code);
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT id FROM outbox WHERE bot_id = $1 AND state = 'wait' AND code LIKE $2 AND length(code) = length($2)
             AND code <> $3 LIMIT 1",
        )
        .bind(self.bot)
        .bind(if recall.is_of_any_version() { own("____") } else { own(&recall.version) })
        .bind(own(but.unwrap_or(NO_VERSION)))
        .fetch_optional(&mut *self.inner)
        .await?;
        Ok(found.is_some())
    }

    /// Notes that a voter's message of a recall was put on its way.
    pub async fn note_recalled(&mut self, key: &str, voter: VoterId) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO recalled (bot_id, recall_key, voter, state) VALUES ($1, $2, $3, 'wait')
             ON CONFLICT (bot_id, recall_key, voter) DO NOTHING",
        )
        .bind(self.bot)
        .bind(key)
        .bind(voter)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Notes what became of a recall's message.
    pub(super) async fn end_recalled(&mut self, call: &Call, end: &End) -> sqlx::Result<()> {
        let Some(key) = recall_of(call) else { return Ok(()) };
        let state = match end {
            End::Sent(_) | End::Copied(..) => "sent",
            End::Blocked(_) => "blocked",
            End::Failed(_) => "failed",
            End::Dropped => "dropped",
        };
        sqlx::query("UPDATE recalled SET state = $4 WHERE bot_id = $1 AND recall_key = $2 AND voter = $3")
            .bind(self.bot)
            .bind(key)
            .bind(call.chat)
            .bind(state)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// What became of a recall's messages.
    pub async fn tally(&mut self, key: &str) -> sqlx::Result<Tally> {
        let rows =
            sqlx::query("SELECT state, COUNT(*) FROM recalled WHERE bot_id = $1 AND recall_key = $2 GROUP BY state")
                .bind(self.bot)
                .bind(key)
                .fetch_all(&mut *self.inner)
                .await?;
        let mut tally = Tally::default();
        for row in rows {
            let (state, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            let own = match state.as_str() {
                "wait" => &mut tally.waiting,
                "sent" => &mut tally.sent,
                "blocked" => &mut tally.blocked,
                "failed" => &mut tally.failed,
                _ => continue,
            };
            *own = count as usize;
        }
        Ok(tally)
    }

    /// What waits of a recall is not sent any more. What is under way is counted when it comes back.
    pub async fn stop_recall(&mut self, key: &str) -> sqlx::Result<()> {
        let (from, to) = (format!("{}:", recall_name(key)), format!("{};", recall_name(key)));
        sqlx::query(
            "UPDATE outbox SET state = 'dropped', body = '{}', version = version + 1
             WHERE bot_id = $1 AND name >= $2 AND name < $3 AND state = 'wait'",
        )
        .bind(self.bot)
        .bind(from)
        .bind(to)
        .execute(&mut *self.inner)
        .await?;
        sqlx::query("UPDATE recalled SET state = 'dropped' WHERE bot_id = $1 AND recall_key = $2 AND state = 'wait'")
            .bind(self.bot)
            .bind(key)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// The versions that entries had when the FAQ was loaded last, by id.
    pub async fn seen_versions(&mut self) -> sqlx::Result<Vec<(String, String)>> {
        let rows = sqlx::query("SELECT entry, version FROM seen_version WHERE bot_id = $1 ORDER BY entry")
            .bind(self.bot)
            .fetch_all(&mut *self.inner)
            .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Notes the versions that entries have now, where they had others. One that is gone keeps its last.
    pub async fn see_versions(&mut self, versions: &[(String, String)]) -> sqlx::Result<()> {
        let seen: std::collections::HashMap<String, String> = self.seen_versions().await?.into_iter().collect();
        for (entry, version) in versions.iter().filter(|(entry, version)| seen.get(entry) != Some(version)) {
            sqlx::query(
                "INSERT INTO seen_version (bot_id, entry, version) VALUES ($1, $2, $3)
                 ON CONFLICT (bot_id, entry) DO UPDATE SET version = excluded.version",
            )
            .bind(self.bot)
            .bind(entry)
            .bind(version)
            .execute(&mut *self.inner)
            .await?;
        }
        Ok(())
    }

    /// An entry is not given any more as long as it has that version.
    pub async fn retract(&mut self, retraction: &Retraction) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO retraction (bot_id, entry, version, reason) VALUES ($1, $2, $3, $4)
             ON CONFLICT (bot_id, entry, version) DO UPDATE SET reason = excluded.reason",
        )
        .bind(self.bot)
        .bind(&retraction.entry)
        .bind(&retraction.version)
        .bind(&retraction.reason)
        .execute(&mut *self.inner)
        .await?;
        self.next(RETRACTIONS).await.map(drop)
    }

    /// All entries that were retracted, in the version in which they were.
    pub async fn retractions(&mut self) -> sqlx::Result<Vec<Retraction>> {
        let rows =
            sqlx::query("SELECT entry, version, reason FROM retraction WHERE bot_id = $1 ORDER BY entry, version")
                .bind(self.bot)
                .fetch_all(&mut *self.inner)
                .await?;
        rows.iter()
            .map(|row| Ok(Retraction { entry: row.try_get(0)?, version: row.try_get(1)?, reason: row.try_get(2)? }))
            .collect()
    }

    /// Forgets recalls that were last changed before `before` (milliseconds since 1970): nobody is remembered any more who
    /// was told what they are about.
    pub async fn sweep_recalls(&mut self, before: i64) -> sqlx::Result<()> {
        for statement in [
            "DELETE FROM recalled WHERE bot_id = $1 AND EXISTS (
                 SELECT 1 FROM recall WHERE recall.bot_id = recalled.bot_id AND recall.recall_key = recalled.recall_key
                 AND recall.changed <= $2)",
            "DELETE FROM recall WHERE bot_id = $1 AND changed <= $2",
        ] {
            sqlx::query(statement).bind(self.bot).bind(before).execute(&mut *self.inner).await?;
        }
        Ok(())
    }
}

/// A version that nothing has: of a retraction all count who were told.
const NO_VERSION: &str = "-";
