//! What is known of the public channel for an event: its posts, and the monthly recognition.

use chrono::{DateTime, FixedOffset};

use super::shared::Shared;
use crate::desk::command::ModeratorCommand;
use crate::desk::recognition::Month;
use crate::desk::{Action, Addressee, Event, Known, VoterId, code, recall};
use crate::store::Tx;
use crate::store::remains::new_key;

/// The ticket of the post that an event is about, if it is about one.
pub(super) async fn ticket_of(tx: &mut Tx, event: &Event) -> sqlx::Result<Option<u64>> {
    match post_key(event) {
        Some(key) => tx.ticket_of_post(key).await,
        None => Ok(None),
    }
}

/// The key of the post that an event is about.
fn post_key(event: &Event) -> Option<&str> {
    match event {
        Event::Reply { to: Addressee::Post(key), .. } | Event::ReplyEdited { to: Addressee::Post(key), .. } => {
            Some(key)
        }
        Event::Tap { key, action, .. } if action.is_of_post() => Some(key),
        Event::Posted { key, .. } | Event::Consented { post: key, .. } => Some(key),
        _ => None,
    }
}

/// Brings what a moderator's event, or one of the bot's own, may concern; its ticket is known already.
pub(super) async fn of_event(
    tx: &mut Tx,
    shared: &Shared,
    event: &Event,
    known: &mut Known,
    now: DateTime<FixedOffset>,
) -> sqlx::Result<()> {
    if let Some(key) = post_key(event) {
        known.channel.post = tx.post(key).await?;
    }
    match event {
        Event::Tap { key, action: Action::Publish, .. } => {
            if let Some(ticket) = known.tickets.iter().find(|ticket| ticket.key == *key) {
                known.channel.post = tx.posts_of(ticket.number).await?.pop();
            }
        }
        Event::Tap { key, user, action: Action::Star, .. } => {
            if let Some(ticket) = known.tickets.iter().find(|ticket| ticket.key == *key) {
                let (stars, starred) = tx.stars(ticket.number, *user).await?;
                (known.recognition.stars, known.recognition.starred) = (stars, starred);
            }
        }
        Event::Tap { key, action, .. } if action.is_of_draw() => {
            if let Some(month) = tx.month_of_draw(key).await? {
                of_month(tx, month, known).await?;
            }
        }
        Event::Ask(ModeratorCommand::Winners(Some(month))) => of_month(tx, *month, known).await?,
        Event::Announce { month, .. } => known.recognition.draw = tx.draw(*month).await?,
        Event::WinnersTold { month } => {
            known.recognition.draw = tx.draw(*month).await?;
            if let Some(draw) = &known.recognition.draw {
                known.tally = tx.tally(&draw.key).await?;
            }
        }
        Event::Posted { key, .. } if known.channel.post.is_none() => {
            let month = ["draw-", "results-"].iter().find_map(|kind| Month::read(key.strip_prefix(kind)?));
            if let Some(month) = month {
                known.recognition.draw = tx.draw(month).await?;
            }
        }
        Event::Care if known.channel.set => {
            known.recognition.draw = tx.draw(Month::of(now)).await?;
            known.recognition.seed = format!("{}{}{}", new_key(), new_key(), new_key());
        }
        // What is retracted or changed may stand in the channel.
        Event::Tap { action: Action::SendRecall, .. } => {
            if let Some(recall) = known.recall.clone() {
                known.channel.posts = match code::ticket(&recall.code) {
                    Some(number) => tx.posts_of(number).await?,
                    None => tx.posts_coded(&recall.code).await?,
                };
            }
        }
        Event::ReplyEdited { to: Addressee::Ticket(number), .. } => {
            known.channel.posts = tx.posts_of(*number).await?;
        }
        Event::Tap { key, action, .. } if action.changes_answers() => {
            if let Some(ticket) = known.tickets.iter().find(|ticket| ticket.key == *key) {
                known.channel.posts = tx.posts_of(ticket.number).await?;
            }
        }
        Event::ReviewEntries => {
            let knowledge = shared.live.current();
            let seen = tx.seen_versions().await?;
            for (id, _) in recall::changed(&knowledge, &seen) {
                known.channel.posts.extend(tx.posts_coded(&id).await?);
            }
        }
        _ => {}
    }
    Ok(())
}

async fn of_month(tx: &mut Tx, month: Month, known: &mut Known) -> sqlx::Result<()> {
    known.recognition.draw = tx.draw(month).await?;
    known.recognition.candidates = tx.candidates(month).await?;
    Ok(())
}

/// Brings what a voter's event may concern; the voter is locked already.
pub(super) async fn of_voter(tx: &mut Tx, event: &Event, voter: VoterId, known: &mut Known) -> sqlx::Result<()> {
    if let Event::Consented { post, .. } = event {
        // Who asked has the only say.
        if let Some(number) = tx.ticket_of_post(post).await?
            && let Some(ticket) = tx.ticket(number).await?.filter(|ticket| ticket.voter == voter)
        {
            known.channel.post = tx.post(post).await?;
            if !known.tickets.iter().any(|own| own.number == number) {
                known.tickets.push(ticket);
            }
        }
    }
    if event.may_erase() || event.may_tell_data() {
        known.channel.posts = tx.posts_of_voter(voter).await?;
        let own = known.channel.posts.iter().filter(|post| post.own == Some(voter));
        known.records.public = own.map(|post| post.ticket).collect();
    }
    Ok(())
}
