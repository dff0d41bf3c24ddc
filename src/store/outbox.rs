//! Calls to make. A row is the Bot API call itself; the sender takes those of a voter's chat in order of id, those of the
//! moderator chat by rank. `ending`: what became of them. `count`: how many there are, and of when.

use serde_json::{Map, Value, json};
use sqlx::Row;

use super::{Kind, Store, Tx};
use crate::desk::{ReplyKey, VoterId};

mod count;
mod ending;
pub use count::Oldest;
pub use ending::{End, Fate, is_plain};

/// The chat number that stands for the moderator chat, wherever that is when a call is made.
pub const MODERATORS: i64 = 0;

/// In the body of a call that shows a card: how many askers it shows. It is not sent.
pub const ASKERS: &str = "@askers";

/// In the body of a call that shows a card: the kind of topic that it belongs in. It is not sent.
pub const TOPIC: &str = "@topic";
/// In the body of a call: the topic that it goes to, once that is known. It is not sent.
pub const THREAD: &str = "@thread";

/// So many calls that wait are brought at once.
pub const LOADED: usize = 5000;

/// A call to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The chat it goes to; [`MODERATORS`] for theirs.
    pub chat: i64,
    /// Whose data it holds, if a voter's.
    pub voter: Option<VoterId>,
    /// The Bot API method.
    pub method: String,
    /// Its parameters without `chat_id`. `"@name"` stands for the number of the message of that name. What can't be copied
    /// goes as the text of `caption` and `caption_entities`, unless that ends in an empty line: a heading with nothing
    /// under it. With `copyMessages`, which takes no caption, they serve for that alone.
    pub body: Map<String, Value>,
    /// The name of the message that it sends or edits. While one of a name waits, a newer one changes it. The messages that
    /// `copyMessages` makes are named `name`, `name#1`, `name#2` and so on.
    pub name: Option<String>,
    /// Which moderator's answer it carries.
    pub reply: Option<ReplyKey>,
    /// The code of the entry that it tells, with its version.
    pub code: Option<String>,
    /// Its turn among the calls to the moderators.
    pub rank: Rank,
}

/// The turn of a call among those to the moderators, whose chat takes twenty a minute. Of those to voters only one is told from
/// the others: what comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Rank {
    /// What a moderator did, or waits for, shows at once.
    Moderator,
    /// A new card.
    #[default]
    Card,
    /// A voter's further messages, and changes that a voter causes: these take turns, and leave room for the others.
    Further,
    /// In a voter's chat: behind all other messages, those to other voters too.
    Last,
}

impl Rank {
    fn number(self) -> i64 {
        match self {
            Self::Moderator => 0,
            Self::Card => 1,
            Self::Further => 2,
            Self::Last => 3,
        }
    }

    fn of(number: i64) -> Self {
        match number {
            0 => Self::Moderator,
            1 => Self::Card,
            2 => Self::Further,
            _ => Self::Last,
        }
    }
}

/// What must be known of a call that waits to find its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    /// Its number.
    pub id: i64,
    /// Rises with each call and each change of its turn.
    pub seq: i64,
    /// The chat it goes to; [`MODERATORS`] for theirs.
    pub chat: i64,
    /// Its turn among the calls to the moderators.
    pub rank: Rank,
    /// The ticket that it is about, if it goes to the moderators.
    pub ticket: Option<i64>,
    /// Whose data it holds, if a voter's.
    pub voter: Option<VoterId>,
    /// Whether it sends or edits a card.
    pub card: bool,
    /// Whether a message comes of it, rather than a change of one.
    pub sends: bool,
}

/// A call that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Its number; the order within a chat.
    pub id: i64,
    /// Rises with each change.
    pub version: i64,
    /// The call.
    pub call: Call,
    /// Why only a part of it can be sent, if that is so.
    pub partly: Option<String>,
    /// Telegram's number of the update that it came of, if of one.
    pub update: Option<i64>,
    /// When that came in (milliseconds since 1970), if this is the first message that goes back to its chat.
    pub received: Option<i64>,
}

fn written(body: &Map<String, Value>) -> sqlx::Result<String> {
    serde_json::to_string(body).map_err(|e| sqlx::Error::Encode(e.into()))
}

fn parsed(body: &str) -> sqlx::Result<Map<String, Value>> {
    serde_json::from_str(body).map_err(|e| sqlx::Error::Decode(e.into()))
}

/// The name in `"@name"`.
pub fn reference(value: &Value) -> Option<&str> {
    value.as_str()?.strip_prefix('@')
}

/// Whether a message of that name is a card.
pub fn is_card(name: &str) -> bool {
    name.starts_with("card:")
}

/// How the names of messages in the public channel begin.
const PUBLIC: &str = "channel:";

/// The name of a message in the public channel: of a post by its key, or of an announcement.
pub fn public_name(key: &str) -> String {
    format!("{PUBLIC}{key}")
}

/// The key of the message in the public channel that `call` sends or changes, if it does.
pub fn public_key(call: &Call) -> Option<&str> {
    call.name.as_deref()?.strip_prefix(PUBLIC)
}

/// Whether a message comes of `method`, rather than a change of one.
pub fn sends(method: &str) -> bool {
    !method.starts_with("edit") && !method.starts_with("delete")
}

/// The call that gives a message, once sent with `method`, a newer state.
pub fn edit_method(method: &str) -> &'static str {
    match method {
        "copyMessage" | "editMessageCaption" => "editMessageCaption",
        _ => "editMessageText",
    }
}

/// The ticket in the names "card:N", "more:N:...", "follow:N:...", or in a reply to a message of such a name.
fn ticket_of(call: &Call) -> Option<i64> {
    let own = call.name.as_deref();
    let name = own.or_else(|| reference(&call.body.get("reply_parameters")?["message_id"]))?;
    name.split(':').nth(1)?.parse().ok()
}

/// Fields that go with a text and must not outlive it.
const OF_A_TEXT: [&str; 3] = ["parse_mode", "entities", "caption_entities"];

/// What the waiting call of `method` and `body` becomes by the newer `call` of its name; none if both must be made.
fn merged(method: &str, body: &Map<String, Value>, call: &Call) -> Option<(String, Map<String, Value>)> {
    let card = call.name.as_deref().is_some_and(is_card);
    if method == "deleteMessage" || call.method == "deleteMessage" {
        None
    } else if sends(method) && !sends(&call.method) {
        let mut body = body.clone();
        OF_A_TEXT.iter().for_each(|field| drop(body.remove(*field)));
        let fields = call.body.iter().filter(|(key, _)| *key != "message_id");
        body.extend(fields.map(|(key, value)| (key.clone(), value.clone())));
        (method != "copyMessages" && edit_method(method) == call.method).then(|| (method.to_owned(), body))
    } else if !sends(method) && call.method == method || card && sends(&call.method) {
        // A card that is posted anew shows what the waiting one would have shown.
        Some((call.method.clone(), call.body.clone()))
    } else {
        None
    }
}

impl Store {
    /// Calls that wait and are new, or of another rank, since `after`, in order of `seq`; at most [`LOADED`].
    pub async fn waiting(&self, after: i64) -> sqlx::Result<Vec<Queued>> {
        let rows = sqlx::query(
            "SELECT id, seq, chat_id, rank, ticket, voter, method, name FROM outbox
             WHERE bot_id = $1 AND state = 'wait' AND seq > $2 ORDER BY seq LIMIT $3",
        )
        .bind(self.bot)
        .bind(after)
        .bind(LOADED as i64)
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| {
                let (method, name): (String, Option<String>) = (row.try_get(6)?, row.try_get(7)?);
                Ok(Queued {
                    id: row.try_get(0)?,
                    seq: row.try_get(1)?,
                    chat: row.try_get(2)?,
                    rank: Rank::of(row.try_get(3)?),
                    ticket: row.try_get(4)?,
                    voter: row.try_get(5)?,
                    card: name.as_deref().is_some_and(is_card),
                    sends: sends(&method),
                })
            })
            .collect()
    }

    /// The call of that number, if it waits still.
    pub async fn call(&self, id: i64) -> sqlx::Result<Option<Waiting>> {
        let row = sqlx::query(
            "SELECT chat_id, voter, method, body, name, version, reply, rank, reason, code, update_id, received FROM outbox
             WHERE bot_id = $1 AND id = $2 AND state = 'wait'",
        )
        .bind(self.bot)
        .bind(id)
        .fetch_optional(&self.read)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let reply: Option<String> = row.try_get(6)?;
        let body: String = row.try_get(3)?;
        let call = Call {
            chat: row.try_get(0)?,
            voter: row.try_get(1)?,
            method: row.try_get(2)?,
            body: parsed(&body)?,
            name: row.try_get(4)?,
            reply: reply.and_then(|r| serde_json::from_str(&r).ok()),
            code: row.try_get(9)?,
            rank: Rank::of(row.try_get(7)?),
        };
        let (version, partly) = (row.try_get(5)?, row.try_get(8)?);
        Ok(Some(Waiting { id, version, call, partly, update: row.try_get(10)?, received: row.try_get(11)? }))
    }

    /// Where the message of that name stands: its chat and its number there.
    pub async fn link(&self, name: &str) -> sqlx::Result<Option<(i64, i64)>> {
        let row = sqlx::query("SELECT chat_id, message_id FROM link WHERE bot_id = $1 AND name = $2")
            .bind(self.bot)
            .bind(name)
            .fetch_optional(&self.read)
            .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    /// What a group is called now, if it became a supergroup.
    pub async fn moved(&self, chat: i64) -> sqlx::Result<i64> {
        let new: Option<i64> = sqlx::query_scalar("SELECT new_id FROM moved WHERE bot_id = $1 AND old_id = $2")
            .bind(self.bot)
            .bind(chat)
            .fetch_optional(&self.read)
            .await?;
        Ok(new.unwrap_or(chat))
    }
}

/// A call that waits, as it is looked up by its name.
#[derive(Debug)]
struct Named {
    id: i64,
    method: String,
    body: Map<String, Value>,
    rank: Rank,
}

/// A call that is to be written down.
#[derive(Debug)]
pub(super) struct Made {
    call: Call,
    /// When it was made (milliseconds since 1970).
    created: i64,
    /// The update that it comes of.
    update: Option<i64>,
    /// When that came in, if this is the first message that goes back to its chat.
    received: Option<i64>,
}

impl Tx {
    fn made(&mut self, call: &Call, now: i64) -> Made {
        let update = self.cause.map(|cause| cause.update);
        let received = self.cause.as_mut().and_then(|cause| cause.answered_by(call.chat, sends(&call.method)));
        Made { call: call.clone(), created: now, update, received }
    }

    /// Writes down a call. If one of its name waits, that one is brought up to date instead: only the newest state of a
    /// message waits, and in the better of the two ranks.
    pub async fn push(&mut self, call: &Call, now: i64) -> sqlx::Result<()> {
        let Some(name) = &call.name else {
            // Nothing is looked up by a name that it does not have: it can be written with the others, at the end.
            let made = self.made(call, now);
            self.late.calls.push(made);
            return Ok(());
        };
        self.lock_tickets().await?;
        self.settle_calls().await?;
        if let Some(waits) = self.waiting_named(name).await?
            && let Some((method, body)) = merged(&waits.method, &waits.body, call)
        {
            if call.rank < waits.rank || sends(&method) != sends(&waits.method) {
                self.show_anew(waits.id, call.rank.min(waits.rank)).await?;
            }
            // It is whose the newest is: what empties a message that stands must not go with its voter's data, nor what shows
            // a ticket that is another's by now. What was never sent may.
            if call.voter.is_some() || !sends(&method) {
                self.give_to(waits.id, call.voter).await?;
            }
            return self.replace(waits.id, &method, &body).await;
        }
        let made = self.made(call, now);
        self.insert(&[made]).await
    }

    /// On PostgreSQL: whoever numbers a call in the midst of a transaction may open a ticket later in it. The two counters are
    /// always locked in the same order, so that instances never wait for each other in a circle.
    async fn lock_tickets(&mut self) -> sqlx::Result<()> {
        if self.kind == Kind::Postgres {
            sqlx::query("SELECT value FROM counter WHERE bot_id = $1 AND name = 'ticket' FOR UPDATE")
                .bind(self.bot)
                .execute(&mut *self.inner)
                .await?;
        }
        Ok(())
    }

    /// Calls that are written at the end of a transaction are written now: before what concerns the outbox as a whole.
    pub(super) async fn settle_calls(&mut self) -> sqlx::Result<()> {
        let calls = std::mem::take(&mut self.late.calls);
        self.insert(&calls).await
    }

    /// Writes calls down, in their order.
    async fn insert(&mut self, calls: &[Made]) -> sqlx::Result<()> {
        if calls.is_empty() {
            return Ok(());
        }
        let last = self.next_of("outbox", calls.len() as i64).await?;
        let first = last - calls.len() as i64 + 1;
        let mut rows = Vec::with_capacity(calls.len());
        for (id, made) in (first..).zip(calls) {
            let Made { call, created, update, received } = made;
            let reply = call.reply.as_ref().map(serde_json::to_string).transpose();
            rows.push(json!([
                id,
                call.chat,
                call.voter,
                call.method,
                written(&call.body)?,
                call.name,
                created,
                reply.map_err(|e| sqlx::Error::Encode(e.into()))?,
                call.rank.number(),
                ticket_of(call).filter(|_| call.chat == MODERATORS),
                call.code,
                update,
                received,
            ]));
        }
        let statement = match self.kind {
            Kind::Sqlite => {
                "INSERT INTO outbox (bot_id, id, chat_id, voter, method, body, name, version, state, created, reply, rank,
                     ticket, seq, code, update_id, received)
                 SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, 0, 'wait',
                        value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 0, value ->> 10,
                        value ->> 11, value ->> 12
                 FROM json_each($2)"
            }
            Kind::Postgres => {
                "INSERT INTO outbox (bot_id, id, chat_id, voter, method, body, name, version, state, created, reply, rank,
                     ticket, seq, code, update_id, received)
                 SELECT CAST($1 AS BIGINT), CAST(own ->> 0 AS BIGINT), CAST(own ->> 1 AS BIGINT), CAST(own ->> 2 AS BIGINT),
                        own ->> 3, own ->> 4, own ->> 5, 0, 'wait', CAST(own ->> 6 AS BIGINT), own ->> 7,
                        CAST(own ->> 8 AS BIGINT), CAST(own ->> 9 AS BIGINT), CAST(own ->> 0 AS BIGINT), own ->> 10,
                        CAST(own ->> 11 AS BIGINT), CAST(own ->> 12 AS BIGINT)
                 FROM json_array_elements(CAST($2 AS json)) AS rows (own)"
            }
        };
        let rows = Value::Array(rows).to_string();
        sqlx::query(statement).bind(self.bot).bind(rows).execute(&mut *self.inner).await?;
        Ok(())
    }

    /// The newest call of that name that waits. On PostgreSQL its row is locked, and if another transaction is just writing
    /// what became of it, that is waited for: a newer state must never go into a row that has been sent.
    async fn waiting_named(&mut self, name: &str) -> sqlx::Result<Option<Named>> {
        let sql = match self.kind {
            Kind::Sqlite => {
                "SELECT id, method, body, rank FROM outbox WHERE bot_id = $1 AND name = $2 AND state = 'wait'
                 ORDER BY id DESC LIMIT 1"
            }
            Kind::Postgres => {
                "SELECT id, method, body, rank FROM outbox WHERE bot_id = $1 AND name = $2 AND state = 'wait'
                 ORDER BY id DESC LIMIT 1 FOR UPDATE"
            }
        };
        let row = sqlx::query(sql).bind(self.bot).bind(name).fetch_optional(&mut *self.inner).await?;
        let Some(row) = row else { return Ok(None) };
        let body: String = row.try_get(2)?;
        let rank = Rank::of(row.try_get(3)?);
        Ok(Some(Named { id: row.try_get(0)?, method: row.try_get(1)?, body: parsed(&body)?, rank }))
    }

    /// A call that waits has another turn now: whoever reads what is new sees it again.
    async fn show_anew(&mut self, id: i64, rank: Rank) -> sqlx::Result<()> {
        let seq = self.next("outbox").await?;
        sqlx::query("UPDATE outbox SET rank = $3, seq = $4 WHERE bot_id = $1 AND id = $2")
            .bind(self.bot)
            .bind(id)
            .bind(rank.number())
            .bind(seq)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// A call that waits holds this voter's data now, or nobody's.
    async fn give_to(&mut self, id: i64, voter: Option<VoterId>) -> sqlx::Result<()> {
        sqlx::query("UPDATE outbox SET voter = $3 WHERE bot_id = $1 AND id = $2")
            .bind(self.bot)
            .bind(id)
            .bind(voter)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    async fn replace(&mut self, id: i64, method: &str, body: &Map<String, Value>) -> sqlx::Result<()> {
        sqlx::query(
            "UPDATE outbox SET method = $3, body = $4, version = version + 1,
                 update_id = COALESCE(CAST($5 AS BIGINT), update_id)
             WHERE bot_id = $1 AND id = $2",
        )
        .bind(self.bot)
        .bind(id)
        .bind(method)
        .bind(written(body)?)
        .bind(self.cause.map(|cause| cause.update))
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// A message that is to be taken back is not sent any more if it waits.
    pub async fn cancel(&mut self, name: &str) -> sqlx::Result<()> {
        // Only what has a name: that is written at once.
        sqlx::query(
            "UPDATE outbox SET state = 'dropped', body = '{}', version = version + 1
             WHERE bot_id = $1 AND name = $2 AND state = 'wait'",
        )
        .bind(self.bot)
        .bind(name)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The name of the message with that number.
    pub async fn name_of(&mut self, chat: i64, message: i64) -> sqlx::Result<Option<String>> {
        sqlx::query_scalar("SELECT name FROM link WHERE bot_id = $1 AND chat_id = $2 AND message_id = $3")
            .bind(self.bot)
            .bind(chat)
            .bind(message)
            .fetch_optional(&mut *self.inner)
            .await
    }

    /// A group became a supergroup: its number is looked up from now on.
    pub async fn follow_move(&mut self, old: i64, new: i64) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO moved (bot_id, old_id, new_id) VALUES ($1, $2, $3)
             ON CONFLICT (bot_id, old_id) DO UPDATE SET new_id = excluded.new_id",
        )
        .bind(self.bot)
        .bind(old)
        .bind(new)
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
