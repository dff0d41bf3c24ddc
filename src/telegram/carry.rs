//! Carries out the desk's effects: writes them in the transaction of their event, and gathers what follows after it.

use std::collections::BTreeMap;
use std::time::Instant;

use chrono::{DateTime, FixedOffset, NaiveDate};
use tracing::Span;

use super::count::Counts;
use super::known::first_number;
use super::render::{
    ASKER_MESSAGES, PROPOSAL, Place, TICKET_MESSAGES, answer_name, calls, emptied, emptied_list, emptied_messages,
};
use super::shared::Shared;
use crate::desk::audit::deeds;
use crate::desk::channel::POST_MESSAGES;
use crate::desk::recognition::Month;
use crate::desk::tally::{Tally, tallies};
use crate::desk::verdict::{Given, verdict};
use crate::desk::{Effect, Event, Known, decide};
use crate::faq::day_of;
use crate::faq::lesson::Lesson;
use crate::store::Tx;

/// What is to be done once the transaction stands.
#[derive(Debug, Default)]
pub struct After {
    /// Presses to answer, each with its line.
    pub presses: Vec<(String, Option<String>)>,
    /// The FAQ is to be loaded anew.
    pub reload: bool,
    /// Lessons to try aside: the proposal's number, which trial it is, and what would be added.
    pub trials: Vec<(u64, u32, Lesson)>,
    /// How often what happened on which day: to be written at the end of the transaction.
    pub tallies: BTreeMap<(NaiveDate, Tally), i64>,
    /// What voters' messages and presses came to, each with the span of its update.
    pub given: Vec<(Span, Given)>,
}

impl After {
    /// Counts and tells what was decided, now that it stands: a line a question.
    pub(super) fn count(&self, counts: &Counts) {
        for ((_, tally), times) in &self.tallies {
            counts.tallied(tally, *times);
        }
        for (span, given) in &self.given {
            counts.decided(*given);
            let confidence = given.sure.map(|sure| f64::from(sure) / 1000.0);
            span.in_scope(|| tracing::info!(verdict = given.verdict, confidence, "question"));
        }
    }
}

/// Where an event came from, as far as what is said about it must go there.
#[derive(Debug, Default)]
pub struct Back {
    /// The press that wants an answer.
    pub press: Option<String>,
    /// The topic of the moderators' forum that it was written in.
    pub topic: Option<i64>,
}

/// Asks the desk and writes what it wants, once it is sure which number a new ticket has; says whether the desk had an
/// answer. What is said in answer goes `back`.
pub async fn carry_out(
    tx: &mut Tx,
    shared: &Shared,
    event: &Event,
    known: &mut Known,
    back: Back,
    now: DateTime<FixedOffset>,
    after: &mut After,
) -> sqlx::Result<bool> {
    let knowledge = shared.live.current();
    let begun = Instant::now();
    // A fault in the rules must not stop the rest: what led to it is kept like an update that can't be read.
    let ask = |known: &Known| {
        let decided = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| decide(&knowledge, event, known, now)));
        decided.inspect_err(|_| tracing::error!("the desk failed on an event")).ok()
    };
    let Some(mut effects) = ask(known) else { return Ok(false) };
    // The number is claimed by those alone who open a ticket: it keeps others waiting until the transaction ends.
    let opens = |effect: &Effect| matches!(effect, Effect::KeepTicket(own) if own.number == known.next_ticket);
    if effects.iter().any(opens) {
        let number = tx.next_ticket(first_number(now)).await?;
        if number != known.next_ticket {
            known.next_ticket = number;
            let Some(anew) = ask(known) else { return Ok(false) };
            effects = anew;
        }
    }
    let given = verdict(event, known, &effects);
    let (word, took_us) = (given.map(|given| given.verdict), begun.elapsed().as_micros());
    tracing::debug!(event = kind(event), verdict = word, effects = effects.len(), took_us, "decided");
    after.given.extend(given.map(|given| (Span::current(), given)));
    let mut place = Place {
        moderators: shared.moderators(),
        wordings: &knowledge.faq.wordings,
        bot: shared.name(),
        above: shared.above(),
        channel: shared.channel(),
        forgotten: None,
        by_voter: event.voter().is_some(),
        topic: back.topic,
    };
    let mut toast = None;
    let millis = now.timestamp_millis();
    for effect in &effects {
        match effect {
            Effect::Remember { voter, state } => tx.remember(*voter, state).await?,
            Effect::KeepTicket(ticket) => tx.keep_ticket(ticket, millis).await?,
            Effect::IndexTicket { ticket, words } => tx.index_ticket(*ticket, words).await?,
            Effect::KeepAsker { ticket, voter } => tx.keep_asker(*ticket, *voter).await?,
            Effect::DropAsker { ticket, voter } => tx.drop_asker(*ticket, *voter).await?,
            Effect::KeepAsked(asked) => tx.keep_asked(asked).await?,
            Effect::Outlive { voter, blocked, pace } => tx.outlive(*voter, *blocked, pace, millis).await?,
            Effect::Forget { voter } => {
                tx.forget(*voter).await?;
                tx.forget_chat(*voter).await?;
                tx.part_proposals().await?;
                place.forgotten = Some(*voter);
            }
            Effect::Reach { voter, reachable } => tx.reach(*voter, (!reachable).then_some(millis)).await?,
            Effect::Never { name } => tx.drop_due(name).await?,
            Effect::Later { name, voter, at, event } => tx.later(name, *voter, *at, event).await?,
            Effect::TakeBack { reply, late: false, .. } => tx.cancel(&answer_name(*reply)).await?,
            Effect::ShowCard(card) => tx.set_apart(card.number).await?,
            Effect::Empty { card, text, anew } => {
                if *anew {
                    tx.set_apart(card.number).await?;
                }
                let mut names = tx.names_of(&TICKET_MESSAGES, card.number).await?;
                names.extend(tx.names_of(&[PROPOSAL, POST_MESSAGES], card.number).await?);
                let lists = tx.take_lists_of(card.number).await?;
                let lists = lists.iter().map(|list| emptied_list(list, place));
                for call in emptied(card, text, &names, place).into_iter().chain(lists) {
                    tx.push(&call, millis).await?;
                }
            }
            Effect::EmptyWords { ticket, text } => {
                let names = tx.names_of(&ASKER_MESSAGES, *ticket).await?;
                let lists = tx.take_lists_of(*ticket).await?;
                let lists = lists.iter().map(|list| emptied_list(list, place));
                for call in emptied_messages(*ticket, text, &names, place).into_iter().chain(lists) {
                    tx.push(&call, millis).await?;
                }
            }
            Effect::Sweep { sent, unread, kept, told } => {
                tx.sweep_winners(Month::of(*kept)).await?;
                let (sent, unread, kept) =
                    (sent.timestamp_millis(), unread.timestamp_millis(), kept.timestamp_millis());
                let swept = tx.sweep(sent, unread, kept).await?;
                tx.sweep_heard(told.timestamp_millis()).await?;
                tx.sweep_recalls(told.timestamp_millis()).await?;
                tx.part_proposals().await?;
                tx.sweep_posts(kept).await?;
                tracing::debug!(?swept, "old data deleted");
            }
            Effect::KeepProposal(proposal) => tx.keep_proposal(proposal, millis).await?,
            Effect::Try { proposal, tries, lesson } => after.trials.push((*proposal, *tries, lesson.clone())),
            Effect::Teach => tx.lessons_changed().await?,
            Effect::KeepPost(post) => tx.keep_post(post, millis).await?,
            Effect::DropPost { key } => tx.drop_post(key).await?,
            Effect::ForgetSent { ticket, key } => tx.forget_sent(*ticket, key).await?,
            Effect::Star { ticket, moderator, given } => tx.star(*ticket, *moderator, *given).await?,
            Effect::KeepDraw(draw) => tx.keep_draw(draw).await?,
            Effect::KeepRecall(recall) => tx.keep_recall(recall, millis).await?,
            Effect::Recalled { voter, key, .. } => tx.note_recalled(key, *voter).await?,
            Effect::StopRecall { key } => tx.stop_recall(key).await?,
            Effect::Retract(retraction) => tx.retract(retraction).await?,
            Effect::KeepVersions(versions) => tx.see_versions(versions).await?,
            Effect::List(list) => tx.note_list(&list.key, &list.tickets, millis).await?,
            Effect::CalledToMind { level, before } => tx.called_to_mind(*level, *before, now).await?,
            Effect::Reload => after.reload = true,
            Effect::Toast(text) => toast = Some(text.clone()),
            _ => {}
        }
        for call in calls(effect, place) {
            tx.push(&call, millis).await?;
        }
    }
    for deed in deeds(event, known, &effects) {
        tx.record(&deed, millis).await?;
    }
    for tally in tallies(event, known, &effects) {
        *after.tallies.entry((day_of(now), tally)).or_default() += 1;
    }
    after.presses.extend(back.press.map(|id| (id, toast)));
    Ok(true)
}

/// The event's name alone: the first word of how it is shown.
fn kind(event: &Event) -> String {
    let shown = format!("{event:?}");
    shown.chars().take_while(char::is_ascii_alphabetic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_a_name_and_no_text() {
        let event = Event::Message {
            voter: 1,
            message: 2,
            text: "rahasia".to_owned(),
            album: None,
            origin: crate::desk::Origin::default(),
        };
        assert_eq!(kind(&event), "Message");
        assert_eq!(kind(&Event::Sweep), "Sweep");
    }
}
