//! The program without its tasks: the same parts in the same order, one step at a time, over something that stands in for
//! Telegram and clocks that are set by hand. What happens depends on nothing but the steps, so that a history of events can be
//! run again. Letting go of it is a kill: all that was in memory is lost, and the next one opens what was written.

use std::sync::Arc;

use super::api::{Api, StandIn};
use super::clock::{Clock, Source as Time};
use super::intake;
use super::limit::Limits;
use super::read::envelope;
use super::reload;
use super::sender::Alone;
use super::shared::Shared;
use super::start::{newest, plan, plan_repost};
use super::worker::Worker;
use crate::desk::{Became, Event, Knowledge, Live, VoterId};
use crate::faq::source::Source;
use crate::store::{Store, StoreError};

pub use super::sender::Made;

/// Who takes part.
#[derive(Debug, Clone, Copy)]
pub struct Cast {
    /// The bot's own number.
    pub bot: i64,
    /// The bot's own name, without the `@`.
    pub name: &'static str,
    /// The moderator chat.
    pub moderators: i64,
    /// The chat above it.
    pub above: Option<i64>,
}

/// Why it could not be opened.
#[derive(Debug)]
pub enum NotOpened {
    /// The database could not be.
    Store(StoreError),
    /// Something could not be written.
    Write(sqlx::Error),
}

impl std::fmt::Display for NotOpened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Write(error) => error.fmt(f),
        }
    }
}

impl From<sqlx::Error> for NotOpened {
    fn from(error: sqlx::Error) -> Self {
        Self::Write(error)
    }
}

/// The parts of the program.
#[derive(Debug)]
pub struct Rehearsal {
    shared: Arc<Shared>,
    worker: Worker,
    sender: Alone,
}

impl Rehearsal {
    /// Opens the database at `address` and starts, as the program does once Telegram has answered.
    pub async fn open(
        address: &str,
        cast: Cast,
        knowledge: Arc<Knowledge>,
        stand_in: Arc<dyn StandIn>,
        time: Box<dyn Time>,
        limits: Limits,
    ) -> Result<Self, NotOpened> {
        let store = Store::open(address, cast.bot).await.map_err(NotOpened::Store)?;
        let moderators = store.moved(cast.moderators).await?;
        let clock = Clock::of(time, newest(&store).await?);
        let live = Live::new(Source::BuiltIn, knowledge);
        let shared =
            Shared::new(store, address.to_owned(), Api::of(stand_in), Arc::new(live), clock, cast.bot, moderators);
        let shared = Arc::new(shared.below(cast.above));
        plan(&shared).await?;
        reload::tell(&shared, Ok(shared.live.current().faq.entries.len()), false).await;
        // It is set once.
        let _ = shared.name.set(cast.name.to_owned());
        plan_repost(&shared).await?;
        let sender = Alone::start(Arc::clone(&shared), limits).await;
        Ok(Self { worker: Worker::alone(Arc::clone(&shared)), sender, shared })
    }

    /// Writes down updates as they come from Telegram; says how many are new.
    pub async fn take_in(&self, updates: &[String]) -> sqlx::Result<u64> {
        let received: Vec<_> = updates.iter().filter_map(|raw| envelope(raw)).collect();
        intake::write(&self.shared, &received).await
    }

    /// Handles all that came in and all that is due. No FAQ is loaded: nothing speaks against a lesson that is tried.
    pub async fn work(&self) -> sqlx::Result<()> {
        // The clocks are looked at as often as anything happens. Telegram's answers would give its time: here it is the bot's.
        self.shared.clock.look();
        self.shared.clock.note_answer(self.shared.clock.now().timestamp());
        self.worker.catch_up().await?;
        for (proposal, tries) in self.worker.left() {
            let event = Event::Tried { proposal, tries, refusal: None };
            reload::write_event(&self.shared, &format!("tried:{proposal}"), &event).await?;
            self.worker.catch_up().await?;
        }
        Ok(())
    }

    /// Makes the next call that may be made now.
    pub async fn send(&mut self) -> Made {
        self.sender.make(true).await
    }

    /// Makes the next call that may be made now, and is killed before what became of it is written down.
    pub async fn send_and_die(mut self) {
        self.sender.make(false).await;
        self.close().await;
    }

    /// What became of that message of a voter; none if nothing did.
    pub async fn became(&self, voter: VoterId, message: i64) -> sqlx::Result<Option<Became>> {
        let mut tx = self.shared.store.write().await?;
        let asked = tx.asked_in(voter, message).await?;
        tx.commit().await?;
        Ok(asked.map(|asked| asked.became))
    }

    /// The number of the ticket whose buttons carry that key.
    pub async fn ticket(&self, key: &str) -> sqlx::Result<Option<u64>> {
        let mut tx = self.shared.store.write().await?;
        let ticket = tx.ticket_with(key).await?;
        tx.commit().await?;
        Ok(ticket.map(|ticket| ticket.number))
    }

    /// Another FAQ serves from now on, as after an edit of its files.
    pub async fn serve(&self, knowledge: Arc<Knowledge>) {
        reload::serve(&self.shared, knowledge).await;
    }

    /// Gives up the database, so that the next one can open it.
    pub async fn close(self) {
        self.shared.store.close().await;
    }
}
