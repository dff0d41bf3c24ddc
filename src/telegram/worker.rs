//! Takes updates and what is due, asks the desk, and writes its effects: one transaction for all of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset};
use serde_json::json;
use tokio::sync::{Mutex, watch};

use super::api::object;
use super::parse::{Parsed, Scene, parse};
use super::reload::reload;
use super::render::{Place, answer_name, answered_ticket, calls};
use super::shared::{Shared, now};
use crate::desk::{Effect, Event, Known, decide};
use crate::store::Tx;
use crate::store::inbox::Received;

/// How many updates are handled in one transaction: commits are grouped under load.
const BATCH: i64 = 32;
/// How often the tables are looked at when nothing was heard of.
const LOOK: Duration = Duration::from_millis(500);
/// How long it is believed who administers the channel.
const ADMINISTRATOR_KEPT: Duration = Duration::from_secs(300);
/// How many open tickets a list shows.
const QUEUE_SHOWN: i64 = 50;
/// After so many failures in a row what fails is set aside, so that the rest goes on.
const TRIES: u32 = 5;
/// How long the worker rests after the database failed.
const REST: Duration = Duration::from_secs(1);

/// What is to be done once the transaction stands.
#[derive(Debug, Default)]
struct After {
    /// Presses to answer, each with its line.
    presses: Vec<(String, Option<String>)>,
    reload: bool,
}

/// Who administers the channel, as far as it was asked.
#[derive(Debug, Default)]
struct Administrators {
    known: HashMap<i64, (bool, Instant)>,
    asked: HashSet<i64>,
}

/// Something that the worker handles.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Update(i64),
    Due(String),
}

/// What fails, and how often.
#[derive(Debug, Default)]
struct Trouble {
    /// What is being handled.
    at: Option<Item>,
    /// What failed last.
    last: Option<Item>,
    count: u32,
}

impl Trouble {
    /// Notes a failure; says whether what failed should be set aside. A database that is out of reach is nobody's fault.
    fn note(&mut self) -> bool {
        if self.at.is_none() {
            return false;
        }
        self.count = if self.at == self.last { self.count + 1 } else { 1 };
        self.last = self.at.take();
        self.count >= TRIES
    }
}

/// Works until told to stop; what was begun is finished.
#[derive(Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    administrators: Arc<Mutex<Administrators>>,
}

impl Worker {
    /// A worker.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, administrators: Arc::default() }
    }

    /// Works until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut trouble = Trouble::default();
        while !*stop.borrow() {
            let round = self.round(&mut trouble).await;
            match round {
                // There may be more.
                Ok(true) => {}
                Ok(false) => {
                    tokio::select! {
                        () = self.shared.inbox.notified() => {}
                        () = tokio::time::sleep(LOOK) => {}
                        _ = stop.changed() => {}
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the database failed; trying again");
                    tokio::time::sleep(REST).await;
                    if trouble.note()
                        && let Err(error) = self.set_aside(&mut trouble).await
                    {
                        tracing::error!(%error, "what fails could not be set aside");
                    }
                }
            }
        }
    }

    /// Handles what is there; says whether there was anything.
    async fn round(&self, trouble: &mut Trouble) -> sqlx::Result<bool> {
        trouble.at = None;
        let now = now();
        let mut tx = self.shared.store.write().await?;
        let updates = tx.claim_updates(BATCH).await?;
        let mut after = After::default();
        let mut handled = 0;
        for update in &updates {
            trouble.at = Some(Item::Update(update.update));
            handled += usize::from(self.update(&mut tx, update, now, &mut after).await?);
        }
        trouble.at = None;
        let due = tx.take_due(now.timestamp_millis(), BATCH).await?;
        for (name, event) in &due {
            trouble.at = Some(Item::Due(name.clone()));
            self.event(&mut tx, event, &Parsed::default(), now, &mut after).await?;
        }
        trouble.at = None;
        let any = handled + due.len() > 0;
        if any {
            tx.commit().await?;
            self.shared.outbox.notify_one();
            self.follow(after);
            *trouble = Trouble::default();
        }
        Ok(any)
    }

    /// Sets aside what failed again and again: an update is kept like one that can't be read.
    async fn set_aside(&self, trouble: &mut Trouble) -> sqlx::Result<()> {
        let mut tx = self.shared.store.write().await?;
        match &trouble.last {
            Some(Item::Update(update)) => tx.unread(*update).await?,
            Some(Item::Due(name)) => tx.drop_due(name).await?,
            None => {}
        }
        tx.commit().await?;
        tracing::error!(item = ?trouble.last, "set aside: it failed again and again");
        *trouble = Trouble::default();
        Ok(())
    }

    /// Handles an update; says whether it is done with.
    async fn update(
        &self,
        tx: &mut Tx,
        update: &Received,
        now: DateTime<FixedOffset>,
        after: &mut After,
    ) -> sqlx::Result<bool> {
        let scene = Scene { bot: self.shared.bot, moderators: self.shared.moderators() };
        let Some(parsed) = parse(&update.raw, scene) else {
            tracing::warn!(update = update.update, "an update could not be read; it is kept and skipped");
            tx.unread(update.update).await?;
            return Ok(true);
        };
        if let Some((old, new)) = parsed.moved {
            tx.follow_move(old, new).await?;
            if old == scene.moderators {
                self.shared.moderators.store(new, Ordering::Relaxed);
                tracing::warn!(new, "the moderator group became a supergroup; set MODERATOR_CHAT to its new number");
            }
        }
        let mut refused = parsed.refused;
        if parsed.of_moderators && parsed.event.is_some() && refused.is_none() {
            match self.may_moderate(&parsed).await {
                Some(true) => {}
                Some(false) => refused = Some("not a moderator"),
                // Telegram is being asked; the update waits.
                None => return Ok(false),
            }
        }
        if let Some(reason) = refused {
            tracing::warn!(update = update.update, reason, "refused");
            let line = self.shared.live.current().faq.wording.say("not_allowed", &[]);
            after.presses.extend(parsed.press.map(|id| (id, Some(line))));
        } else if let Some(event) = &parsed.event {
            if let Some(voter) = parsed.voter {
                tx.seen(voter, now.timestamp_millis()).await?;
            }
            if !self.event(tx, event, &parsed, now, after).await? {
                tx.unread(update.update).await?;
                return Ok(true);
            }
        }
        tx.handled(update.update).await?;
        Ok(true)
    }

    /// Whether this moderator may do this; none while it is not known yet.
    async fn may_moderate(&self, parsed: &Parsed) -> Option<bool> {
        let listed = &self.shared.live.current().faq.settings.moderators;
        if !listed.is_empty() && !parsed.moderator.is_some_and(|user| listed.contains(&user)) {
            return Some(false);
        }
        if !parsed.needs_administrator {
            return Some(true);
        }
        let user = parsed.moderator?;
        let mut administrators = self.administrators.lock().await;
        if let Some((is, at)) = administrators.known.get(&user)
            && at.elapsed() < ADMINISTRATOR_KEPT
        {
            return Some(*is);
        }
        if administrators.asked.insert(user) {
            let (shared, administrators) = (Arc::clone(&self.shared), Arc::clone(&self.administrators));
            tokio::spawn(async move {
                let body = object(json!({"chat_id": shared.moderators(), "user_id": user}));
                let answer = shared.api.call("getChatMember", &body).await;
                let is = answer
                    .inspect_err(|error| tracing::warn!(%error, "who administers the channel can't be learnt"))
                    .is_ok_and(|member| matches!(member["status"].as_str(), Some("creator" | "administrator")));
                let mut administrators = administrators.lock().await;
                administrators.asked.remove(&user);
                administrators.known.insert(user, (is, Instant::now()));
                shared.inbox.notify_one();
            });
        }
        None
    }

    /// Brings what is known, asks the desk, and writes what it wants; says whether the desk had an answer.
    async fn event(
        &self,
        tx: &mut Tx,
        event: &Event,
        parsed: &Parsed,
        now: DateTime<FixedOffset>,
        after: &mut After,
    ) -> sqlx::Result<bool> {
        let knowledge = self.shared.live.current();
        let known = known(tx, event, parsed).await?;
        // A fault in the rules must not stop the rest: what led to it is kept like an update that can't be read.
        let begun = Instant::now();
        let decided = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| decide(&knowledge, event, &known, now)));
        let Ok(effects) = decided else {
            tracing::error!("the desk failed on an event");
            return Ok(false);
        };
        self.shared.health.counts.decided(event, &effects, begun.elapsed());
        let mut place =
            Place { moderators: self.shared.moderators(), wording: &knowledge.faq.wording, forgotten: false };
        let mut toast = None;
        let millis = now.timestamp_millis();
        for effect in &effects {
            match effect {
                Effect::Remember { voter, state } => tx.remember(*voter, state).await?,
                Effect::KeepTicket(ticket) => tx.keep_ticket(ticket, millis).await?,
                Effect::Forget { voter } => {
                    tx.forget(*voter).await?;
                    place.forgotten = true;
                }
                Effect::Reach { voter, reachable } => tx.reach(*voter, (!reachable).then_some(millis)).await?,
                Effect::Later { name, voter, at, event } => tx.later(name, *voter, *at, event).await?,
                Effect::TakeBack { reply, late: false, .. } => tx.cancel(&answer_name(*reply)).await?,
                Effect::Sweep { sent, unread, kept } => {
                    let (sent, unread, kept) =
                        (sent.timestamp_millis(), unread.timestamp_millis(), kept.timestamp_millis());
                    let swept = tx.sweep(sent, unread, kept).await?;
                    tracing::debug!(?swept, "old data deleted");
                }
                Effect::Reload => after.reload = true,
                Effect::Toast(text) => toast = Some(text.clone()),
                _ => {}
            }
            for call in calls(effect, place) {
                tx.push(&call, millis).await?;
            }
        }
        after.presses.extend(parsed.press.clone().map(|id| (id, toast)));
        Ok(true)
    }

    /// What follows outside the transaction: presses are answered once and never again; a FAQ is loaded aside.
    fn follow(&self, after: After) {
        for (id, line) in after.presses {
            let shared = Arc::clone(&self.shared);
            tokio::spawn(async move {
                let mut body = object(json!({"callback_query_id": id}));
                // At most 200 characters (https://core.telegram.org/bots/api#answercallbackquery).
                if let Some(line) = line {
                    body.insert("text".to_owned(), json!(line.chars().take(200).collect::<String>()));
                }
                if let Err(error) = shared.api.call("answerCallbackQuery", &body).await {
                    tracing::debug!(%error, "a press was not answered");
                }
            });
        }
        if after.reload {
            let shared = Arc::clone(&self.shared);
            tokio::spawn(async move { reload(&shared, true).await });
        }
    }
}

/// What is known for `event`.
async fn known(tx: &mut Tx, event: &Event, parsed: &Parsed) -> sqlx::Result<Known> {
    let mut known = Known::default();
    if let Some(voter) = parsed.voter {
        tx.reserve_ticket().await?;
        known.next_ticket = tx.next_ticket().await?;
        known.voter = tx.voter(voter).await?;
        known.tickets = tx.open_tickets(voter).await?;
        let mut about: Vec<u64> = known.voter.answered.iter().map(|(number, _)| *number).collect();
        if let Some(message) = parsed.replies_to {
            let name = tx.name_of(voter, message).await?;
            known.replied = name.and_then(|name| answered_ticket(&name));
            about.extend(known.replied);
        }
        for number in about {
            if !known.tickets.iter().any(|t| t.number == number) {
                known.tickets.extend(tx.ticket(number).await?);
            }
        }
        return Ok(known);
    }
    let number = match event {
        Event::Reply { ticket, .. }
        | Event::ReplyEdited { ticket, .. }
        | Event::Tap { ticket, .. }
        | Event::StillOpen { ticket } => Some(*ticket),
        Event::Delivered { reply, .. } => Some(reply.ticket),
        _ => None,
    };
    if let Some(number) = number
        && let Some(ticket) = tx.ticket(number).await?
    {
        known.voter = tx.voter(ticket.voter).await?;
        known.tickets = tx.open_tickets(ticket.voter).await?;
        known.tickets.retain(|t| t.number != number);
        known.tickets.push(ticket);
    }
    if matches!(event, Event::Ask(_)) {
        known.queue = tx.queue(QUEUE_SHOWN).await?;
    }
    Ok(known)
}
