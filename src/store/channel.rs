//! Posts for the public channel: what is prepared, and what stands there.

use super::outbox::public_name;
use super::ticket::{read, written};
use super::{Kind, Tx};
use crate::desk::channel::POST_MESSAGES;
use crate::desk::{Post, VoterId};

impl Tx {
    /// Keeps a post, new or changed.
    pub async fn keep_post(&mut self, post: &Post, now: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO post (bot_id, post_key, ticket, code, voter, public, changed, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (bot_id, post_key) DO UPDATE SET code = excluded.code, voter = excluded.voter,
                 public = excluded.public, changed = excluded.changed, body = excluded.body",
        )
        .bind(self.bot)
        .bind(&post.key)
        .bind(post.ticket as i64)
        .bind(&post.code)
        .bind(post.own)
        .bind(i64::from(post.is_out()))
        .bind(now)
        .bind(written(post)?)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Forgets a post.
    pub async fn drop_post(&mut self, key: &str) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM post WHERE bot_id = $1 AND post_key = $2")
            .bind(self.bot)
            .bind(key)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// Keeps no longer what was sent of a post, here or there. What is on its way is changed by what comes next.
    pub async fn forget_sent(&mut self, ticket: u64, key: &str) -> sqlx::Result<()> {
        let begin = format!("{POST_MESSAGES}:{ticket}:{key}:");
        sqlx::query(
            "UPDATE outbox SET body = '{}' WHERE bot_id = $1 AND (name = $2 OR name LIKE $3) AND state <> 'wait'",
        )
        .bind(self.bot)
        .bind(public_name(key))
        .bind(format!("{begin}%"))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The ticket that a post came of.
    pub async fn ticket_of_post(&mut self, key: &str) -> sqlx::Result<Option<u64>> {
        let ticket: Option<i64> = sqlx::query_scalar("SELECT ticket FROM post WHERE bot_id = $1 AND post_key = $2")
            .bind(self.bot)
            .bind(key)
            .fetch_optional(&mut *self.inner)
            .await?;
        Ok(ticket.map(i64::unsigned_abs))
    }

    /// The post with that key. On PostgreSQL its row is locked until the transaction ends: of two presses one is first.
    pub async fn post(&mut self, key: &str) -> sqlx::Result<Option<Post>> {
        let statement = match self.kind {
            Kind::Sqlite => "SELECT body FROM post WHERE bot_id = $1 AND post_key = $2",
            Kind::Postgres => "SELECT body FROM post WHERE bot_id = $1 AND post_key = $2 FOR UPDATE",
        };
        let body: Option<String> =
            sqlx::query_scalar(statement).bind(self.bot).bind(key).fetch_optional(&mut *self.inner).await?;
        body.map(|body| read(&body)).transpose()
    }

    /// The posts of a ticket.
    pub async fn posts_of(&mut self, ticket: u64) -> sqlx::Result<Vec<Post>> {
        let keys: Vec<String> =
            sqlx::query_scalar("SELECT post_key FROM post WHERE bot_id = $1 AND ticket = $2 ORDER BY post_key")
                .bind(self.bot)
                .bind(ticket as i64)
                .fetch_all(&mut *self.inner)
                .await?;
        self.posts(&keys).await
    }

    /// Posts in the channel whose answer goes by that code.
    pub async fn posts_coded(&mut self, code: &str) -> sqlx::Result<Vec<Post>> {
        let keys: Vec<String> = sqlx::query_scalar(
            "SELECT post_key FROM post WHERE bot_id = $1 AND code = $2 AND public = 1 ORDER BY post_key",
        )
        .bind(self.bot)
        .bind(code)
        .fetch_all(&mut *self.inner)
        .await?;
        self.posts(&keys).await
    }

    /// Posts that came of a voter's tickets, or carry the voter's words.
    pub async fn posts_of_voter(&mut self, voter: VoterId) -> sqlx::Result<Vec<Post>> {
        let keys: Vec<String> = sqlx::query_scalar(
            "SELECT post_key FROM post WHERE bot_id = $1 AND (voter = $2 OR ticket IN
                 (SELECT number FROM ticket WHERE bot_id = $1 AND voter = $2)) ORDER BY post_key",
        )
        .bind(self.bot)
        .bind(voter)
        .fetch_all(&mut *self.inner)
        .await?;
        self.posts(&keys).await
    }

    async fn posts(&mut self, keys: &[String]) -> sqlx::Result<Vec<Post>> {
        let mut posts = Vec::new();
        for key in keys {
            posts.extend(self.post(key).await?);
        }
        Ok(posts)
    }

    /// Forgets posts that never came into the channel and were last changed before `before` (milliseconds since 1970).
    pub async fn sweep_posts(&mut self, before: i64) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM post WHERE bot_id = $1 AND public = 0 AND changed <= $2")
            .bind(self.bot)
            .bind(before)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }
}
