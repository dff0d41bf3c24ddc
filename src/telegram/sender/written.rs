//! What became of calls is written down: all that came back at once in one transaction. Then it is counted and told.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Map, json};

use super::attempt::Step;
use super::rest::Ruling;
use super::ruling::obeyed;
use super::{Done, Sender};
use crate::store::Tx;
use crate::store::outbox::{Call, End, Fate, MODERATORS, Rank, Waiting, is_plain};
use crate::store::trouble::{ALL_CHATS, MODERATOR_CHAT, TOKEN};
use crate::telegram::attach::Note;
use crate::telegram::moderator_chat::moved;
use crate::text::language::Language;

/// The name of the message that shows whether the moderator chat takes any.
const PROBE: &str = "probe";

/// What became of a call for good, if it waits no more.
fn end<'s>(step: &'s Step, ruling: &Ruling) -> Option<Cow<'s, End>> {
    match step {
        Step::Ended(end) => Some(Cow::Borrowed(end)),
        Step::Moot => Some(Cow::Owned(End::Dropped)),
        Step::Fault(reason) | Step::Refused(reason) | Step::Unknown(reason) if ruling.fails => {
            Some(Cow::Owned(End::Failed(reason.clone())))
        }
        _ => None,
    }
}

/// A call that arrived, of which nothing else follows.
fn arrived(done: &Done) -> Option<&Waiting> {
    let waiting = done.attempt.waiting.as_deref()?;
    matches!(&done.attempt.step, Step::Ended(end) if is_plain(waiting, end)).then_some(waiting)
}

impl Sender {
    /// Writes down what became of calls; says of each what is left of it.
    pub(super) async fn write(&self, finished: &[Done], rulings: &[Ruling]) -> sqlx::Result<Vec<Fate>> {
        let mut tx = self.shared.store.write().await?;
        let mut fates = Vec::new();
        // Most calls are answers that arrived: these are written together.
        let plain: Vec<&Waiting> = finished.iter().filter_map(arrived).collect();
        tx.finish_plain(&plain, self.shared.clock.now().timestamp_millis()).await?;
        for (done, ruling) in finished.iter().zip(rulings) {
            let millis = self.shared.clock.now().timestamp_millis();
            match &done.attempt.note {
                Some(Note::Has { name, file }) => tx.keep_upload(name, file, millis).await?,
                Some(Note::Lost { name }) => tx.forget_upload(name).await?,
                None => {}
            }
            fates.push(self.write_end(&mut tx, done, ruling, millis).await?);
            self.write_trouble(&mut tx, done, ruling, millis).await?;
        }
        tx.commit().await?;
        Ok(fates)
    }

    async fn write_end(&self, tx: &mut Tx, done: &Done, ruling: &Ruling, now: i64) -> sqlx::Result<Fate> {
        let waits = Fate::Waits { sends: done.taken.call.sends };
        let Some(waiting) = &done.attempt.waiting else { return Ok(waits) };
        if arrived(done).is_some() {
            return Ok(Fate::Done);
        }
        let to = done.attempt.to;
        match &done.attempt.step {
            Step::Turned(method, body, partly) => {
                return tx.turn_into(waiting, method, body, partly.as_deref()).await;
            }
            Step::Moved { old, new } => {
                moved(tx, &self.shared, *old, *new).await?;
                return Ok(waits);
            }
            Step::TooMany(wait) => {
                tx.hold(to, now, obeyed(*wait)).await?;
                return Ok(waits);
            }
            _ => {}
        }
        let Some(end) = end(&done.attempt.step, ruling) else { return Ok(waits) };
        if let End::Failed(reason) = &*end {
            let method = &waiting.call.method;
            done.span().in_scope(|| tracing::error!(method, reason, "a message can never be sent; it is set aside"));
        }
        let fate = tx.finish(waiting, &end, to, now).await?;
        if let (Fate::Vanished, End::Sent(Some(message))) = (fate, &*end) {
            let text = self.shared.live.current().faq.wordings.say(Language::Indonesian, "erased_message", &[]);
            tx.empty(waiting, to, *message, &text, now).await?;
        }
        Ok(fate)
    }

    async fn write_trouble(&self, tx: &mut Tx, done: &Done, ruling: &Ruling, now: i64) -> sqlx::Result<()> {
        if let Some(rest) = ruling.storm {
            tx.hold(ALL_CHATS, now, rest).await?;
        }
        match &done.attempt.step {
            Step::Token(reason) => tx.set_trouble(TOKEN, reason, now).await?,
            _ if ruling.token_is_good => tx.clear_trouble(TOKEN).await?,
            _ => {}
        }
        if done.chat != MODERATORS {
            return Ok(());
        }
        match &done.attempt.step {
            Step::Refused(reason) | Step::Unknown(reason) if ruling.trouble => {
                tx.set_trouble(MODERATOR_CHAT, reason, now).await?;
            }
            _ if ruling.over => tx.clear_trouble(MODERATOR_CHAT).await?,
            _ => {}
        }
        if ruling.proved {
            tx.cancel(PROBE).await?;
        }
        if ruling.probe {
            let text = self.shared.live.current().faq.wordings.say(Language::Indonesian, "chat_probe", &[]);
            let probe = Call {
                chat: MODERATORS,
                voter: None,
                method: "sendMessage".to_owned(),
                body: Map::from_iter([("text".to_owned(), json!(text))]),
                name: Some(PROBE.to_owned()),
                reply: None,
                code: None,
                rank: Rank::Moderator,
            };
            tx.cancel(PROBE).await?;
            tx.push(&probe, now).await?;
        }
        Ok(())
    }

    /// Counts and tells what became of a call, now that it is written down.
    pub(super) fn count(&self, done: &Done, ruling: &Ruling) {
        let Some((waiting, end)) = done.attempt.waiting.as_ref().zip(end(&done.attempt.step, ruling)) else {
            return;
        };
        let counts = &self.shared.health.counts;
        counts.ended(&end);
        if let (Some(received), End::Sent(_) | End::Copied(..)) = (waiting.received, &*end) {
            let waited = (self.shared.clock.now().timestamp_millis() - received).max(0).unsigned_abs();
            counts.answered(Duration::from_millis(waited));
            done.span().in_scope(|| tracing::info!(seconds = waited as f64 / 1000.0, "answered"));
        }
    }

    /// Brings a chat up to date with what was written down.
    pub(super) fn settle(&mut self, done: &Done, ruling: &Ruling, fate: Fate) {
        let call = done.taken.call;
        let chat = self.chat(done.chat);
        chat.free();
        let changed = matches!(done.attempt.step, Step::Ended(_) | Step::Moot | Step::Turned(..)) || ruling.fails;
        match (&done.attempt.step, fate) {
            (Step::Gone, _) => chat.done(&call),
            (Step::Moved { .. }, _) => chat.put(call),
            (_, Fate::Waits { sends }) if changed => chat.turned(call, sends),
            (_, Fate::Done | Fate::Vanished) => chat.done(&call),
            // It was put back by what was ruled.
            (_, Fate::Waits { .. }) => {}
        }
    }
}
