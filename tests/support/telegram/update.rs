//! The queue of updates: what waits, what was handed out, what the bot confirmed, and the webhook that pushes them.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use super::Refusal;
use super::world::{Shared, World};

/// What became of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Waits in the queue, never handed out.
    Waiting,
    /// Handed out or posted, not confirmed: Telegram will give it again.
    Handed,
    /// Confirmed: by a greater offset, or by the webhook's 2xx. Telegram has forgotten it.
    Confirmed,
    /// Thrown away by `drop_pending_updates`.
    Dropped,
    /// Never queued, since the bot did not ask for its kind (`allowed_updates`).
    Unwanted,
}

/// One update and its story.
#[derive(Debug, Clone)]
pub struct UpdateRecord {
    /// `update_id`.
    pub id: i64,
    /// The kind: `message`, `callback_query`, ...
    pub kind: String,
    /// The chat that it comes from, if it comes from one.
    pub chat: Option<i64>,
    /// The update as the bot gets it.
    pub json: Value,
    /// What became of it.
    pub fate: Fate,
    /// How often it was handed out or posted.
    pub handed: u32,
    /// When it came into being.
    pub born: Instant,
    /// When the bot confirmed it.
    pub confirmed: Option<Instant>,
}

/// A webhook that is set.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Where updates are posted.
    pub url: String,
    /// What `X-Telegram-Bot-Api-Secret-Token` carries.
    pub secret: Option<String>,
    /// The last failed delivery: Unix seconds and what went wrong.
    pub last_error: Option<(i64, String)>,
}

/// Updates, oldest first.
#[derive(Debug)]
pub struct Queue {
    /// Every update there ever was.
    pub records: Vec<UpdateRecord>,
    /// The unconfirmed ones, as indexes into `records`.
    pub pending: VecDeque<usize>,
    next_id: i64,
    /// The kinds that the bot asked for; empty means the default ones.
    pub allowed: Vec<String>,
    /// Counts `getUpdates` calls, so that a newer one ends an older one.
    pub poll: u64,
    /// The webhook, if one is set.
    pub webhook: Option<Webhook>,
    /// Counts changes of the webhook.
    pub webhook_generation: u64,
    /// How many updates are posted to it at once, of each chat one.
    pub connections: usize,
    /// Where they are posted in turn, in place of the webhook's own host: as by what stands before several instances.
    pub backends: Vec<String>,
    /// What is being posted, with its chat.
    posting: HashMap<usize, Option<i64>>,
    /// How many were posted.
    posted: usize,
    /// How many posts failed since one went well.
    failures: u32,
}

/// What is to be posted, and where.
struct Post {
    index: usize,
    json: Value,
    url: String,
    secret: Option<String>,
    generation: u64,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            pending: VecDeque::new(),
            next_id: 100_000_001,
            allowed: Vec::new(),
            poll: 0,
            webhook: None,
            webhook_generation: 0,
            connections: 1,
            backends: Vec::new(),
            posting: HashMap::new(),
            posted: 0,
            failures: 0,
        }
    }
}

impl Queue {
    /// Queues `{kind: body}`; returns its index.
    pub fn push(&mut self, kind: &str, body: &Value) -> usize {
        self.push_raw(json!({kind: body}))
    }

    /// Queues any object; an `update_id` is added if it has none.
    pub fn push_raw(&mut self, mut update: Value) -> usize {
        let object = update.as_object_mut();
        let id = match object.as_ref().and_then(|o| o.get("update_id")).and_then(Value::as_i64) {
            Some(id) => id,
            None => {
                self.next_id += 1;
                self.next_id - 1
            }
        };
        let mut kind = String::new();
        if let Some(object) = object {
            let body = std::mem::take(object);
            object.insert("update_id".into(), json!(id));
            kind = body.keys().find(|k| *k != "update_id").cloned().unwrap_or_default();
            object.extend(body);
        }
        let body = &update[kind.as_str()];
        let chat = [&body["chat"]["id"], &body["message"]["chat"]["id"]].into_iter().find_map(Value::as_i64);
        let rare = ["chat_member", "message_reaction", "message_reaction_count"].contains(&kind.as_str());
        let wanted = if self.allowed.is_empty() { !rare } else { self.allowed.contains(&kind) };
        let fate = if wanted { Fate::Waiting } else { Fate::Unwanted };
        let index = self.records.len();
        let born = Instant::now();
        self.records.push(UpdateRecord { id, kind, chat, json: update, fate, handed: 0, born, confirmed: None });
        if wanted {
            self.pending.push_back(index);
        }
        index
    }

    /// Goes on numbering at `id`, as Telegram does at random after a week without updates.
    pub fn restart_ids(&mut self, id: i64) {
        self.next_id = id;
    }

    /// Forgets every update below `offset`; a negative one keeps that many from the end.
    fn confirm_below(&mut self, offset: i64) {
        let below = if offset < 0 {
            let keep = usize::try_from(-offset).unwrap_or(usize::MAX);
            self.pending.iter().rev().nth(keep.saturating_sub(1)).map_or(i64::MIN, |i| self.records[*i].id)
        } else {
            offset
        };
        let now = Instant::now();
        let records = &mut self.records;
        self.pending.retain(|index| {
            let record = &mut records[*index];
            if record.id >= below {
                return true;
            }
            record.fate = Fate::Confirmed;
            record.confirmed = Some(now);
            false
        });
    }

    fn hand_out(&mut self, limit: usize) -> Vec<Value> {
        let records = &mut self.records;
        let hand = |index: &usize| {
            let record = &mut records[*index];
            record.fate = Fate::Handed;
            record.handed += 1;
            record.json.clone()
        };
        self.pending.iter().take(limit).map(hand).collect()
    }

    /// The next update to post: the first of a chat of which nothing is being posted.
    fn next_post(&mut self) -> Option<Post> {
        let hook = self.webhook.as_ref().filter(|_| self.posting.len() < self.connections)?;
        let free = |index: &usize| {
            let chat = self.records[*index].chat;
            !self.posting.contains_key(index) && (chat.is_none() || self.posting.values().all(|busy| *busy != chat))
        };
        let index = self.pending.iter().copied().find(free)?;
        let url = match self.backends.get(self.posted % self.backends.len().max(1)) {
            Some(backend) => format!("{backend}/{}", hook.url.splitn(4, '/').nth(3).unwrap_or_default()),
            None => hook.url.clone(),
        };
        let (secret, generation) = (hook.secret.clone(), self.webhook_generation);
        let record = &mut self.records[index];
        record.fate = Fate::Handed;
        record.handed += 1;
        self.posted += 1;
        self.posting.insert(index, record.chat);
        Some(Post { index, json: record.json.clone(), url, secret, generation })
    }

    /// Throws away what waits.
    pub fn drop_pending(&mut self) {
        for index in self.pending.drain(..) {
            self.records[index].fate = Fate::Dropped;
        }
    }

    fn conflict(&self) -> Result<(), Refusal> {
        const SET: &str = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
        if self.webhook.is_some() { Err(Refusal::new(409, SET)) } else { Ok(()) }
    }
}

fn kinds(params: &Map<String, Value>) -> Option<Vec<String>> {
    let list = params.get("allowed_updates")?.as_array()?;
    Some(list.iter().filter_map(|k| k.as_str().map(str::to_owned)).collect())
}

/// `getUpdates`, with its long poll. A newer call ends an older one with 409.
pub async fn get_updates(shared: &Shared, params: &Map<String, Value>) -> Result<Value, Refusal> {
    let number = |name: &str, default: i64| params.get(name).and_then(Value::as_i64).unwrap_or(default);
    let limit = usize::try_from(number("limit", 100).clamp(1, 100)).unwrap_or(100);
    let wait = Duration::from_secs(number("timeout", 0).clamp(0, 50).unsigned_abs());
    let deadline = tokio::time::Instant::now() + wait;
    let mine = shared.change(|world| {
        world.queue.conflict()?;
        if let Some(allowed) = kinds(params) {
            world.queue.allowed = allowed;
        }
        if let Some(offset) = params.get("offset").and_then(Value::as_i64) {
            world.queue.confirm_below(offset);
        }
        world.queue.poll += 1;
        Ok::<u64, Refusal>(world.queue.poll)
    })?;
    let mut changes = shared.watch();
    loop {
        let batch = shared.look_mut(|world| {
            if world.queue.webhook.is_some() {
                return Err(Refusal::new(409, "Conflict: terminated by setWebhook request"));
            }
            if world.queue.poll != mine {
                return Err(Refusal::new(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                ));
            }
            Ok(world.queue.hand_out(limit))
        })?;
        if !batch.is_empty() || tokio::time::Instant::now() >= deadline {
            return Ok(Value::Array(batch));
        }
        // Whichever comes first; both lead back to the look above.
        let _ = tokio::time::timeout_at(deadline, changes.changed()).await;
    }
}

/// `setWebhook` and, with an empty address, `deleteWebhook`.
pub fn set_webhook(world: &mut World, params: &Map<String, Value>) -> Result<Value, Refusal> {
    let text = |name: &str| params.get(name).and_then(Value::as_str).filter(|s| !s.is_empty()).map(str::to_owned);
    let secret = text("secret_token");
    if let Some(secret) = &secret {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if secret.len() > 256 || !secret.chars().all(allowed) {
            return Err(Refusal::fault("Bad Request: secret token contains unallowed characters"));
        }
    }
    let url = text("url");
    if url.as_ref().is_some_and(|u| !u.starts_with("http://") && !u.starts_with("https://")) {
        return Err(Refusal::fault("Bad Request: bad webhook: HTTPS url must be provided for webhook"));
    }
    if params.get("drop_pending_updates") == Some(&Value::Bool(true)) {
        world.queue.drop_pending();
    }
    if let Some(allowed) = kinds(params) {
        world.queue.allowed = allowed;
    }
    world.queue.webhook_generation += 1;
    world.queue.webhook = url.map(|url| Webhook { url, secret, last_error: None });
    Ok(Value::Bool(true))
}

/// `getWebhookInfo`.
pub fn webhook_info(world: &World) -> Value {
    let queue = &world.queue;
    let mut info = json!({"url": "", "has_custom_certificate": false, "pending_update_count": queue.pending.len()});
    if let Some(hook) = &queue.webhook {
        info["url"] = json!(hook.url);
        info["max_connections"] = json!(40);
        info["ip_address"] = json!("127.0.0.1");
        if let Some((date, message)) = &hook.last_error {
            info["last_error_date"] = json!(date);
            info["last_error_message"] = json!(message);
        }
    }
    if !queue.allowed.is_empty() {
        info["allowed_updates"] = json!(queue.allowed);
    }
    info
}

/// Posts updates to the webhook, those of a chat in order, each until it is answered with 2xx, with growing pauses between.
pub async fn push_to_webhook(shared: Arc<Shared>) {
    let client = reqwest::Client::new();
    let mut changes = shared.watch();
    let mut posts = JoinSet::new();
    loop {
        while let Some(post) = shared.look_mut(|world| world.queue.next_post()) {
            posts.spawn(deliver(shared.clone(), client.clone(), post));
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            Some(_) = posts.join_next() => {}
        }
    }
}

async fn deliver(shared: Arc<Shared>, client: reqwest::Client, post: Post) {
    let Post { index, json, url, secret, generation } = post;
    let mut request = client.post(url).header("content-type", "application/json").body(json.to_string());
    if let Some(secret) = &secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let outcome = match request.timeout(Duration::from_secs(10)).send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("Wrong response from the webhook: {}", answer.status())),
        Err(fault) if fault.is_timeout() => Err("Read timeout expired".to_owned()),
        Err(fault) if fault.is_connect() => Err("Connection refused".to_owned()),
        Err(_) => Err("Connection reset".to_owned()),
    };
    let failures = shared.look_mut(|world| {
        let now = world.now();
        let queue = &mut world.queue;
        queue.failures = if outcome.is_ok() { 0 } else { queue.failures + 1 };
        if let Err(message) = outcome {
            if let Some(hook) = queue.webhook.as_mut().filter(|_| queue.webhook_generation == generation) {
                hook.last_error = Some((now, message));
            }
        } else if let Some(place) = queue.pending.iter().position(|waits| *waits == index) {
            queue.pending.remove(place);
            let record = &mut queue.records[index];
            record.fate = Fate::Confirmed;
            record.confirmed = Some(Instant::now());
        }
        queue.failures
    });
    if failures > 0 {
        // Telegram waits longer; tests should not.
        tokio::time::sleep(Duration::from_millis(50) * failures.min(20)).await;
    }
    shared.change(|world| world.queue.posting.remove(&index));
}
