//! Takes updates and what is due, asks the desk, and writes its effects: one transaction for all of it.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tracing::Instrument;

use super::carry::{After, Back, carry_out};
use super::known;
use super::moderation::{Administrators, May, may_moderate};
use super::moderator_chat::moved;
use super::parse::{Author, AuthorKind, Deed, Meaning, Moderators, Scene, Voters, parse};
use super::press::Presses;
use super::reload::{reload, teach, try_lesson};
use super::shared::Shared;
use super::trace::of_update;
use crate::desk::{Action, Event, NotTaken};
use crate::faq::day_of;
use crate::store::inbox::Received;
use crate::store::trouble::MODERATOR_CHAT;
use crate::store::{Store, Tx};
use crate::text::language::Language;

/// How many updates are handled in one transaction: commits are grouped under load.
const BATCH: i64 = 64;
/// After this a transaction takes in no more: what others wait for, such as the next update's being written down, waits
/// no longer than that.
const ROUND: Duration = Duration::from_millis(20);
/// The same while many updates wait to be written down, as after an outage.
const SHORT_ROUND: Duration = Duration::from_millis(5);
/// So many updates are matched at once, on all processors, before they are handled.
const BESIDE: usize = 16;
/// How often the tables are looked at when nothing was heard of.
const LOOK: Duration = Duration::from_millis(500);
/// After so many failures in a row what fails is set aside, so that the rest goes on.
const TRIES: u32 = 5;
/// How long the worker rests after the database failed.
const REST: Duration = Duration::from_secs(1);
/// How long it lets an instance go first that was in its way.
const AGAIN: Duration = Duration::from_millis(10);
/// How often it is looked whether Telegram has told who administers the channel.
const ASK_EVERY: chrono::Duration = chrono::Duration::milliseconds(500);
/// How often at most.
const ASK_TIMES: u32 = 40;

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
    /// Something failed since a round went well: each item is written at once, so that it is known which one fails.
    careful: bool,
    /// The last round ended before it came to what is due.
    owes_due: bool,
}

impl Trouble {
    /// Notes a failure; says whether what failed should be set aside.
    fn note(&mut self) -> bool {
        self.careful = true;
        if self.at.is_none() {
            return false;
        }
        self.count = if self.at == self.last { self.count + 1 } else { 1 };
        self.last = self.at.take();
        self.count >= TRIES
    }
}

/// A press on a card in a channel that waits until it is known whether its author is an administrator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unsure {
    user: i64,
    name: Option<String>,
    press: String,
    key: String,
    action: Action,
    times: u32,
}

/// Works until told to stop; what was begun is finished.
#[derive(Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    administrators: Arc<Mutex<Administrators>>,
    presses: Presses,
    /// What would be begun beside, where nothing is: trials of lessons, by proposal and trial.
    left: Option<Mutex<Vec<(u64, u32)>>>,
}

impl Worker {
    /// A worker.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { presses: Presses::new(Arc::clone(&shared)), shared, administrators: Arc::default(), left: None }
    }

    /// The same, that begins nothing beside: no FAQ is loaded, and what was to be tried is found in [`Worker::left`].
    pub(super) fn alone(shared: Arc<Shared>) -> Self {
        Self { left: Some(Mutex::default()), ..Self::new(shared) }
    }

    /// The trials that were to be begun since this was asked last.
    pub(super) fn left(&self) -> Vec<(u64, u32)> {
        let take = |left: &Mutex<Vec<_>>| std::mem::take(&mut *left.lock().unwrap_or_else(PoisonError::into_inner));
        self.left.as_ref().map(take).unwrap_or_default()
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
                Err(error) if Store::is_conflict(&error) => {
                    tracing::debug!(%error, "another instance was in the way; trying again");
                    tokio::time::sleep(AGAIN).await;
                }
                Err(error) => {
                    self.shared.store.report(&error, "nothing could be handled; trying again");
                    tokio::time::sleep(REST).await;
                    // A database that is out of order is nobody's fault.
                    if !self.shared.store.is_outage(&error)
                        && trouble.note()
                        && let Err(error) = self.set_aside(&mut trouble).await
                    {
                        self.shared.store.report(&error, "what fails could not be set aside");
                    }
                }
            }
        }
    }

    /// Handles all that is there, and stops at the first failure.
    pub(super) async fn catch_up(&self) -> sqlx::Result<()> {
        let mut trouble = Trouble::default();
        while self.round(&mut trouble).await? {}
        Ok(())
    }

    /// Handles what is there; says whether there was anything.
    async fn round(&self, trouble: &mut Trouble) -> sqlx::Result<bool> {
        trouble.at = None;
        let now = self.shared.clock.now();
        let mut tx = self.shared.store.write().await?;
        let changes = tx.changes().await?;
        self.heed_retractions(&mut tx, changes.retractions).await?;
        self.heed_lessons(changes.lessons);
        let due_first = std::mem::take(&mut trouble.owes_due);
        let updates = if due_first { Vec::new() } else { tx.claim_updates(BATCH).await? };
        // What was claimed is worth handling however long the claim took.
        let begun = Instant::now();
        let mut after = After::default();
        let mut handled = 0;
        // Under load each round ends so: what is due comes first in the next one, lest it wait until nobody asks any more.
        let mut owes_due = false;
        'round: for some in updates.chunks(BESIDE) {
            self.match_beside(some, day_of(now)).await;
            for update in some {
                trouble.at = Some(Item::Update(update.update));
                tx.at(Some(update.update));
                self.update(&mut tx, update, now, &mut after).instrument(of_update(update.update)).await?;
                if trouble.careful {
                    tx.settle().await?;
                }
                handled += 1;
                owes_due = self.is_over(begun, &tx);
                if owes_due {
                    break 'round;
                }
            }
        }
        trouble.at = None;
        tx.at(None);
        if !owes_due {
            for (name, event) in tx.take_due(now.timestamp_millis(), BATCH).await? {
                trouble.at = Some(Item::Due(name.clone()));
                self.due(&mut tx, &event, now, &mut after).await?;
                if trouble.careful {
                    tx.settle().await?;
                }
                handled += 1;
            }
        }
        trouble.at = None;
        tx.settle().await?;
        // Last, and in one order: instances that count the same wait for each other, and never in a circle.
        for ((day, tally), times) in &after.tallies {
            tx.count(*day, tally, *times).await?;
        }
        tx.commit().await?;
        after.count(&self.shared.health.counts);
        if handled > 0 {
            self.shared.outbox.notify_one();
            self.follow(after);
            *trouble = Trouble { owes_due, ..Trouble::default() };
        }
        Ok(handled > 0 || due_first)
    }

    /// Whether a round has taken long enough: others want to write as well.
    fn is_over(&self, begun: Instant, tx: &Tx) -> bool {
        let taken = begun.elapsed();
        taken > ROUND || taken > SHORT_ROUND && self.shared.store.many_come_in() || tx.holds_numbers()
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            bot: self.shared.bot,
            name: self.shared.name(),
            moderators: self.shared.moderators(),
            above: self.shared.above(),
        }
    }

    /// Matches some questions of a round, on as many processors as there are: the desk, which goes through them one after
    /// another, finds them matched.
    async fn match_beside(&self, updates: &[Received], today: NaiveDate) {
        // It is parsed again where it is handled: what comes before it in the round may move the moderator chat.
        let question = |update: &Received| parse(&update.raw, self.scene()).question().map(str::to_owned);
        let texts: Vec<String> = updates.iter().filter_map(question).collect();
        let several = std::thread::available_parallelism().map_or(1, usize::from).min(texts.len());
        if several < 2 {
            return;
        }
        let knowledge = self.shared.live.current();
        let mut beside = tokio::task::JoinSet::new();
        for own in texts.chunks(texts.len().div_ceil(several)) {
            let (own, knowledge) = (own.to_vec(), Arc::clone(&knowledge));
            beside.spawn_blocking(move || own.iter().for_each(|text| knowledge.warm(text, today)));
        }
        // What can't be matched is met again, and told, where it is handled.
        while beside.join_next().await.is_some() {}
    }

    /// Before anything is handled: what was retracted since, by whatever instance, is given no more.
    async fn heed_retractions(&self, tx: &mut Tx, count: i64) -> sqlx::Result<()> {
        if count == self.shared.live.current().retractions() {
            return Ok(());
        }
        let (live, retractions) = (Arc::clone(&self.shared.live), tx.retractions().await?);
        if tokio::task::spawn_blocking(move || live.heed(&retractions, count)).await.is_err() {
            tracing::error!("what was retracted could not be taken out");
        }
        Ok(())
    }

    /// What moderators added to the FAQ since, by whatever instance, is loaded beside; what serves goes on until then.
    fn heed_lessons(&self, changes: i64) {
        if self.shared.learning.swap(changes, Ordering::Relaxed) != changes && self.left.is_none() {
            let shared = Arc::clone(&self.shared);
            tokio::spawn(async move { teach(&shared, changes).await });
        }
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

    /// Handles an update: it is done with then, or kept as one of which nothing could be made.
    async fn update(
        &self,
        tx: &mut Tx,
        update: &Received,
        now: DateTime<FixedOffset>,
        after: &mut After,
    ) -> sqlx::Result<()> {
        let done = match parse(&update.raw, self.scene()) {
            Meaning::Nothing => true,
            Meaning::Unreadable(why) => {
                tracing::warn!(why, "nothing could be made of an update; it is kept");
                false
            }
            Meaning::Refused { press, why } => {
                tracing::warn!(why, "refused");
                self.refuse(press, after);
                true
            }
            Meaning::Moved { old, new } => {
                moved(tx, &self.shared, old, new).await?;
                true
            }
            Meaning::Standing { can_write } => {
                tracing::info!(can_write, "the bot's standing in the moderator chat has changed");
                if can_write {
                    tx.clear_trouble(MODERATOR_CHAT).await?;
                }
                true
            }
            Meaning::Voter(voters) => self.of_voter(tx, voters, now, after).await?,
            Meaning::Moderator(deed) => self.of_moderator(tx, deed, now, after).await?,
        };
        if !done {
            return tx.unread(update.update).await;
        }
        tx.handled(update.update);
        Ok(())
    }

    async fn of_voter(
        &self,
        tx: &mut Tx,
        voters: Voters,
        now: DateTime<FixedOffset>,
        after: &mut After,
    ) -> sqlx::Result<bool> {
        self.shared.clock.note_telegram(voters.date);
        let state = tx.seen(voters.voter, now.timestamp_millis()).await?;
        let mut known = known::of_voter(tx, &self.shared, &voters, state, now).await?;
        carry_out(tx, &self.shared, &voters.event, &mut known, Back { press: voters.press, topic: None }, now, after)
            .await
    }

    async fn of_moderator(
        &self,
        tx: &mut Tx,
        deed: Moderators,
        now: DateTime<FixedOffset>,
        after: &mut After,
    ) -> sqlx::Result<bool> {
        self.shared.clock.note_telegram(deed.date);
        let may = may_moderate(&self.shared, &self.administrators, &deed.author);
        let by = deed.author.name.clone();
        let (event, press) = match (deed.what, may) {
            (Deed::Tap { press, .. }, May::No(why)) => {
                tracing::warn!(?why, "refused: not a moderator");
                self.refuse(Some(press), after);
                return Ok(true);
            }
            (Deed::Tap { press, key, action, message }, May::Yes) => {
                known::note_copy(tx, self.shared.moderators(), message, &key, now.timestamp_millis()).await?;
                (Event::Tap { key, by, user: deed.author.user, action }, Some(press))
            }
            (Deed::Tap { press, key, action, .. }, May::Unknown) => {
                // It waits apart, so that nobody else waits with it.
                let Some(user) = deed.author.user else { return Ok(true) };
                let unsure = Unsure { user, name: by, press, key, action, times: 0 };
                wait_for(tx, &unsure, now).await?;
                return Ok(true);
            }
            (Deed::Ask(_), May::No(why)) => {
                tracing::warn!(?why, "refused: not a moderator");
                return Ok(true);
            }
            (Deed::Ask(command), _) => (Event::Ask(command), None),
            (Deed::Reply { message, to, content, album, edited, command }, may) => {
                let (chat, millis) = (self.shared.moderators(), now.timestamp_millis());
                let Some(to) = known::addressee(tx, chat, &to, millis).await? else { return Ok(true) };
                let refused = match may {
                    May::No(why) => Some(why),
                    _ => command.then_some(NotTaken::Command),
                };
                let event = match refused {
                    // An edit of what was not taken is told no more.
                    Some(_) if edited => return Ok(true),
                    Some(why) => Event::NotTaken { message, why },
                    None if edited => Event::ReplyEdited { to, message, by, content },
                    None => Event::Reply { to, message, by, content, album },
                };
                (event, None)
            }
        };
        if let Event::NotTaken { why, .. } = &event {
            tracing::warn!(?why, "a reply in the moderator chat was not taken");
        }
        let mut known = known::of_event(tx, &self.shared, &event, now).await?;
        carry_out(tx, &self.shared, &event, &mut known, Back { press, topic: deed.topic }, now, after).await
    }

    /// Handles what is due.
    async fn due(&self, tx: &mut Tx, event: &str, now: DateTime<FixedOffset>, after: &mut After) -> sqlx::Result<()> {
        if let Ok(unsure) = serde_json::from_str::<Unsure>(event) {
            return self.unsure(tx, unsure, now, after).await;
        }
        let Ok(event) = serde_json::from_str::<Event>(event) else {
            tracing::error!("an event that was due can't be read");
            return Ok(());
        };
        let mut known = known::of_event(tx, &self.shared, &event, now).await?;
        carry_out(tx, &self.shared, &event, &mut known, Back::default(), now, after).await.map(|_| ())
    }

    /// A press that waited for Telegram's word on who its author is.
    async fn unsure(
        &self,
        tx: &mut Tx,
        mut unsure: Unsure,
        now: DateTime<FixedOffset>,
        after: &mut After,
    ) -> sqlx::Result<()> {
        let author = Author { user: Some(unsure.user), name: unsure.name.clone(), kind: AuthorKind::Subscriber };
        match may_moderate(&self.shared, &self.administrators, &author) {
            May::Yes => {
                let (key, by, user, action) = (unsure.key, unsure.name, Some(unsure.user), unsure.action);
                let event = Event::Tap { key, by, user, action };
                let mut known = known::of_event(tx, &self.shared, &event, now).await?;
                let back = Back { press: Some(unsure.press), topic: None };
                carry_out(tx, &self.shared, &event, &mut known, back, now, after).await?;
            }
            May::No(why) => {
                tracing::warn!(?why, "refused: not a moderator");
                self.refuse(Some(unsure.press), after);
            }
            May::Unknown if unsure.times < ASK_TIMES => {
                unsure.times += 1;
                wait_for(tx, &unsure, now).await?;
            }
            May::Unknown => {
                let line = self.shared.live.current().faq.wordings.say(Language::Indonesian, "not_checked", &[]);
                after.presses.push((unsure.press, Some(line)));
            }
        }
        Ok(())
    }

    fn refuse(&self, press: Option<String>, after: &mut After) {
        let line = self.shared.live.current().faq.wordings.say(Language::Indonesian, "not_allowed", &[]);
        after.presses.extend(press.map(|id| (id, Some(line))));
    }

    /// What follows outside the transaction.
    fn follow(&self, after: After) {
        for (press, line) in after.presses {
            self.presses.answer(press, line);
        }
        if let Some(left) = &self.left {
            let trials = after.trials.into_iter().map(|(proposal, tries, _)| (proposal, tries));
            return left.lock().unwrap_or_else(PoisonError::into_inner).extend(trials);
        }
        for (proposal, tries, lesson) in after.trials {
            let shared = Arc::clone(&self.shared);
            tokio::spawn(async move { try_lesson(&shared, proposal, tries, lesson).await });
        }
        if after.reload {
            let shared = Arc::clone(&self.shared);
            tokio::spawn(async move { reload(&shared, true).await });
        }
    }
}

/// Looks again at a press in a moment.
async fn wait_for(tx: &mut Tx, unsure: &Unsure, now: DateTime<FixedOffset>) -> sqlx::Result<()> {
    tx.later(&format!("press:{}", unsure.press), None, now + ASK_EVERY, unsure).await
}
