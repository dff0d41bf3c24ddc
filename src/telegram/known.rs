//! What is known for an event: looked up in the transaction that will hold its effects.

use chrono::{DateTime, FixedOffset};

use super::parse::{RepliedTo, Voters};
use super::public;
use super::render::{answered_ticket, proposal_of, ticket_of};
use super::shared::Shared;
use crate::desk::care::{EACH, QUOTED, too_long};
use crate::desk::channel::post_of;
use crate::desk::command::ModeratorCommand;
use crate::desk::grouping::{self, asked_text};
use crate::desk::hoax::{checked_text, is_same_message};
use crate::desk::learning::{LISTED, ProposalState};
use crate::desk::reminder::{NAMED, REVIEWED, Reminder};
use crate::desk::statistics::DAYS;
use crate::desk::{
    Action, Addressee, Became, Channel, Event, Known, Level, Records, Statistics, Ticket, TicketState, VoterId,
    VoterState, code, recall, reuse,
};
use crate::faq::day_of;
use crate::store::Tx;
use crate::store::remains::new_key;
use crate::store::trouble::MODERATOR_CHAT;
use crate::text::mask::mask;

/// How many open tickets are posted anew at once.
const REPOSTED: i64 = 25;
/// With how many open tickets about what was sent on a message is compared.
const CLAIMS_COMPARED: i64 = 200;
/// With how many open tickets a question is compared: those that have most of its words.
const QUESTIONS_COMPARED: i64 = 20;
/// By how many of its words they are looked for.
const WORDS_COMPARED: usize = 24;
/// Tickets of an empty database begin with the minutes since this (1 January 2026), so that numbers are not given twice
/// when a database is lost.
const NUMBERS_FROM: i64 = 1_767_225_600;

/// What every event needs.
pub async fn of_all(tx: &mut Tx, shared: &Shared) -> sqlx::Result<Known> {
    Ok(Known {
        steady: shared.clock.steady(),
        key: new_key(),
        unreachable: tx.is_troubled(MODERATOR_CHAT).await?,
        channel: Channel { set: shared.channel().is_some(), ..Channel::default() },
        ..Known::default()
    })
}

/// After which number an empty database begins its tickets.
pub fn first_number(now: DateTime<FixedOffset>) -> i64 {
    (now.timestamp() - NUMBERS_FROM).max(0) / 60
}

/// What is known for a voter's event; `state` is what is remembered of the voter.
pub async fn of_voter(
    tx: &mut Tx,
    shared: &Shared,
    voters: &Voters,
    state: VoterState,
    now: DateTime<FixedOffset>,
) -> sqlx::Result<Known> {
    let mut known = of_all(tx, shared).await?;
    let voter = voters.voter;
    known.next_ticket = tx.likely_ticket(first_number(now)).await?;
    known.voter = state;
    known.tickets = tx.open_tickets(voter).await?;
    (known.last, known.answered) = tx.last_asked(voter).await?;
    if voters.event.may_concern_reminders() {
        known.reminders = read_reminders(tx.due_of(voter, NAMED).await?);
    }
    known.answered.take_if(|_| !matches!(voters.event, Event::Message { .. }));
    known.asked = match (&voters.key, &voters.event) {
        (Some(key), _) => tx.asked(voter, key).await?,
        (None, Event::Edited { message, .. }) => tx.asked_in(voter, *message).await?,
        _ => None,
    };
    if let Some(message) = voters.replies_to {
        let name = tx.name_of(voter, message).await?;
        known.replied = name.and_then(|name| answered_ticket(&name));
    }
    if let Some(number) = voters.event.asks_of_ticket() {
        // Who asked it, or was suggested its answer; what stands in the public channel anybody.
        let may = tx.posts_of(number).await?.iter().any(|post| post.public)
            || tx.has_heard(voter, &code::of_ticket(number)).await?;
        known.coded = tx.ticket(number).await?.filter(|ticket| may || ticket.is_asked_by(voter));
    }
    if voters.event.may_tell_data() {
        let mut tickets = tx.tickets_of(voter).await?;
        tickets.extend(tx.shared_tickets(voter).await?.into_iter().filter(|ticket| ticket.is_asked_by(voter)));
        let (asked, told) = (tx.all_asked(voter).await?, tx.heard_by(voter).await?);
        known.records = Records { asked, tickets, told, public: Vec::new() };
    }
    if voters.event.may_erase() {
        known.all_tickets = tx.all_tickets(voter).await?;
        // Those that others asked too stay theirs.
        for number in &known.all_tickets {
            if !known.tickets.iter().any(|t| t.number == *number) {
                known.tickets.extend(tx.ticket(*number).await?.filter(|t| !t.others.is_empty()));
            }
        }
    }
    if voters.event.concerns_shared() {
        known.shared = tx.shared_tickets(voter).await?;
    }
    if let Event::Reachable { reachable: true, .. } = voters.event {
        // Others may have got an answer that did not reach this voter.
        let answered = |t: &Ticket| t.state == TicketState::Answered && !t.others.is_empty();
        known.tickets.extend(tx.tickets_of(voter).await?.into_iter().filter(answered));
    }
    public::of_voter(tx, &voters.event, voter, &mut known).await?;
    if let Some(text) = checked_text(&voters.event, &known) {
        known.same = same_message(tx, &text).await?;
    } else if let Some(text) = asked_text(&voters.event, &known, &shared.live.current(), day_of(now)) {
        same_questions(tx, shared, &text, &voters.event, &mut known, now).await?;
    }
    let led_to = |asked: &crate::desk::Asked| match asked.became {
        Became::Forwarded { ticket } => Some(ticket),
        _ => None,
    };
    let continued = known.voter.continues.map(|lately| lately.ticket);
    let asked = [known.asked.as_ref().and_then(led_to), known.last.as_ref().and_then(led_to)];
    for number in [continued, known.replied].into_iter().chain(asked).flatten() {
        if !known.tickets.iter().any(|t| t.number == number) {
            known.tickets.extend(tx.ticket(number).await?);
        }
    }
    // What a moderator joined to another ticket waits there.
    for at in 0..known.tickets.len() {
        if let Some(last) = last_into(tx, known.tickets[at].into).await? {
            known.tickets[at].into = Some(last.number);
            if !known.tickets.iter().any(|t| t.number == last.number) {
                known.tickets.push(last);
            }
        }
    }
    let (own, others): (Vec<Ticket>, Vec<Ticket>) = known.tickets.into_iter().partition(|t| t.voter == voter);
    known.tickets = own;
    for ticket in others {
        if !known.shared.iter().any(|own| own.number == ticket.number) {
            known.shared.push(ticket);
        }
    }
    for ticket in &mut known.shared {
        if let Some((own, _)) = locked_ticket(tx, ticket.number).await? {
            *ticket = own;
        }
    }
    // What a voter asks no more concerns the voter only where all is to be deleted.
    let erases = voters.event.may_erase();
    known.shared.retain(|ticket| ticket.is_asked_by(voter) || erases && ticket.names(voter));
    give_keys(&mut known.tickets);
    give_keys(&mut known.shared);
    Ok(known)
}

/// The ticket of that number, sure to stay as it is until the transaction ends, and what is remembered of its voter. The voter
/// whose ticket it is is locked first, and only then what the ticket says is read: it may be another's by then.
async fn locked_ticket(tx: &mut Tx, number: u64) -> sqlx::Result<Option<(Ticket, VoterState)>> {
    let mut locked: Option<(VoterId, VoterState)> = None;
    while let Some(ticket) = tx.ticket(number).await? {
        match locked {
            Some((voter, state)) if voter == ticket.voter => return Ok(Some((ticket, state))),
            _ => locked = Some((ticket.voter, tx.voter(ticket.voter).await?)),
        }
    }
    Ok(None)
}

/// The ticket in which one ends that was joined to `into`, which may have been joined to another since.
async fn last_into(tx: &mut Tx, into: Option<u64>) -> sqlx::Result<Option<Ticket>> {
    let (mut last, mut next) = (None, into);
    while let Some(found) = next {
        last = tx.ticket(found).await?;
        next = last.as_ref().and_then(|ticket| ticket.into);
    }
    Ok(last)
}

/// The open ticket that asks the same as `text`, and one that has an answer to suggest, whoever opened them.
async fn same_questions(
    tx: &mut Tx,
    shared: &Shared,
    text: &str,
    event: &Event,
    known: &mut Known,
    now: DateTime<FixedOffset>,
) -> sqlx::Result<()> {
    let knowledge = shared.live.current();
    let text = mask(text, &knowledge.offices);
    let gist = knowledge.matcher.gist(&text);
    if gist.is_private() {
        return Ok(());
    }
    let keys: Vec<&str> = gist.keys().into_iter().take(WORDS_COMPARED).collect();
    let open = tx.open_like(&keys, QUESTIONS_COMPARED).await?;
    let days = knowledge.faq.settings.reuse_days;
    if days > 0 && reuse::may_be_suggested(event, known) {
        let since = (now - chrono::TimeDelta::days(days)).timestamp_millis();
        let answered = tx.reusable_like(&keys, since, QUESTIONS_COMPARED).await?;
        known.reusable = reuse::same_question(&knowledge.matcher, &answered, &gist).cloned();
    }
    let Some(found) = grouping::same_question(&knowledge.matcher, &open, &text, &gist) else { return Ok(()) };
    let found = locked_ticket(tx, found.number).await?.map(|(ticket, _)| ticket);
    known.same = found.filter(|ticket| ticket.state == TicketState::Open);
    give_keys(known.same.as_mut_slice());
    Ok(())
}

/// The open ticket that asks about the message `text`, whoever opened it.
async fn same_message(tx: &mut Tx, text: &str) -> sqlx::Result<Option<Ticket>> {
    let open = tx.open_claims(CLAIMS_COMPARED).await?;
    let is_same = |ticket: &Ticket| is_same_message(ticket, text) && ticket.others.len() + 1 < grouping::MOST_ASKERS;
    let Some(found) = open.into_iter().find(is_same) else { return Ok(None) };
    let found = locked_ticket(tx, found.number).await?.map(|(ticket, _)| ticket);
    let mut same = found.filter(|ticket| ticket.state == TicketState::Open);
    give_keys(same.as_mut_slice());
    Ok(same)
}

/// What is known for an event about a ticket, with all that its voter has open.
async fn of_ticket(tx: &mut Tx, shared: &Shared, ticket: Option<u64>) -> sqlx::Result<Known> {
    let mut known = of_all(tx, shared).await?;
    let Some(number) = ticket else { return Ok(known) };
    let Some((found, state)) = locked_ticket(tx, number).await? else { return Ok(known) };
    known.voter = state;
    known.tickets = tx.open_tickets(found.voter).await?;
    if !known.tickets.iter().any(|t| t.number == number) {
        known.tickets.push(found);
    }
    give_keys(&mut known.tickets);
    Ok(known)
}

/// What is known for an event of the bot's own, or of the moderators, that names its ticket itself.
pub async fn of_event(tx: &mut Tx, shared: &Shared, event: &Event, now: DateTime<FixedOffset>) -> sqlx::Result<Known> {
    if let Some(voter) = event.voter() {
        let mut known = of_all(tx, shared).await?;
        known.voter = tx.voter(voter).await?;
        return Ok(known);
    }
    let of_post = public::ticket_of(tx, event).await?;
    let number = match event {
        _ if of_post.is_some() => of_post,
        Event::Reply { to: Addressee::Ticket(ticket), .. }
        | Event::ReplyEdited { to: Addressee::Ticket(ticket), .. }
        | Event::ReplyAlbumEnded { ticket, .. }
        | Event::StillOpen { ticket } => Some(*ticket),
        Event::Ask(ModeratorCommand::Card(ticket) | ModeratorCommand::History(ticket)) => *ticket,
        Event::Ask(ModeratorCommand::Merge(numbers)) => numbers.map(|(into, _)| into),
        Event::Delivered { reply, .. } => Some(reply.ticket),
        _ => None,
    };
    let ticket = match (number, event) {
        (Some(number), _) => Some(number),
        (None, Event::Tap { key, action, .. }) if action.is_of_recall() => {
            tx.recall(key).await?.and_then(|recall| code::ticket(&recall.code))
        }
        (None, Event::Tap { key, action, .. }) if !action.is_of_post() && !action.is_of_draw() => {
            tx.ticket_with(key).await?.map(|ticket| ticket.number)
        }
        _ => None,
    };
    let mut known = of_ticket(tx, shared, ticket).await?;
    if let Some(number) = known.tickets.iter().find(|ticket| is_about(event, ticket)).map(|ticket| ticket.number) {
        known.shown = tx.askers_shown(number).await?;
        let others = known.tickets.iter().filter(|ticket| ticket.number == number).flat_map(|own| &own.others);
        let others: Vec<VoterId> = others.copied().collect();
        known.languages = tx.languages(&others).await?;
    }
    if let Event::Tap { action: Action::Merge(other), .. } | Event::Ask(ModeratorCommand::Merge(Some((_, other)))) =
        event
    {
        bring(tx, *other, &mut known).await?;
    }
    if let Event::Tap { action: Action::SplitOff(_), .. } = event {
        known.next_ticket = tx.likely_ticket(first_number(now)).await?;
    }
    match event {
        Event::Ask(ModeratorCommand::Queue) => known.queue = tx.queue(0).await?,
        Event::Tap { action: Action::Page(page), .. } => known.queue = tx.queue(*page).await?,
        Event::Ask(ModeratorCommand::Statistics(days)) => {
            let days = Statistics::of_days(days.unwrap_or(DAYS), now);
            known.statistics = Some(Box::new(tx.statistics(days).await?));
        }
        Event::Tap { action: Action::Learn, .. } => {
            if let Some(ticket) = known.tickets.iter().find(|ticket| is_about(event, ticket)).map(|t| t.number) {
                known.proposal = tx.pending_proposal(ticket).await?;
                known.next_proposal = tx.next_proposal().await?;
            }
        }
        Event::Tap { key, action, .. } if action.is_of_proposal() => {
            known.proposal = tx.proposal_with(key).await?;
            of_proposal(tx, &mut known).await?;
        }
        Event::Reply { to: Addressee::Proposal(number), .. }
        | Event::Try { proposal: number }
        | Event::Tried { proposal: number, .. }
        | Event::Ask(ModeratorCommand::Forget(Some(number))) => {
            known.proposal = tx.proposal(*number).await?;
            of_proposal(tx, &mut known).await?;
        }
        Event::Ask(ModeratorCommand::Forget(None)) => {
            known.lessons = tx.lessons().await?;
            known.lessons.reverse();
            known.lessons.truncate(LISTED);
        }
        Event::Taught { filed, unfit } => {
            for number in filed.iter().copied().chain(unfit.iter().map(|(number, _)| *number)) {
                let proposal = tx.proposal(number).await?;
                known.lessons.extend(proposal.filter(|own| own.state == ProposalState::Approved));
            }
        }
        Event::Ask(ModeratorCommand::History(Some(number))) => known.history = tx.history(*number).await?,
        Event::Ask(ModeratorCommand::Blocked) => known.blocked = tx.blocked().await?,
        Event::Tap { action: Action::Unblock | Action::Admit, .. } => {
            // All that stands for the block goes with it.
            if let Some(voter) = known.tickets.first().map(|ticket| ticket.voter) {
                let shut = tx.tickets_of(voter).await?.into_iter().filter(|t| t.state == TicketState::Blocked);
                for ticket in shut {
                    if !known.tickets.iter().any(|own| own.number == ticket.number) {
                        known.tickets.push(ticket);
                    }
                }
                give_keys(&mut known.tickets);
            }
        }
        Event::Ask(_) => {
            if let Some(number) = event.asks_of_ticket() {
                known.coded = tx.ticket(number).await?;
            }
            if let Event::Ask(ModeratorCommand::Retract(written)) = event
                && let Some((code, _)) = recall::retracted(&shared.live.current(), written)
            {
                known.told.push((code.clone(), tx.count_told(&code, None).await?));
            }
        }
        Event::Digest => known.statistics = Some(Box::new(tx.statistics(Statistics::of_yesterday(now)).await?)),
        Event::Care => {
            let settings = &shared.live.current().faq.settings;
            let before = |level| too_long(settings, level, now);
            known.late = tx.late(Level::Moderators, before(Level::Moderators), now, EACH).await?;
            if shared.above().is_some() {
                known.late_above = tx.late(Level::Above, before(Level::Above), now, QUOTED).await?;
            }
        }
        Event::Repost { after } => {
            known.tickets = tx.open_after(*after, REPOSTED).await?;
            give_keys(&mut known.tickets);
        }
        Event::ReviewReminders { after } => {
            let after = after.as_deref().unwrap_or(NAMED);
            known.reminders = read_reminders(tx.due_after(NAMED, after, REVIEWED as i64).await?);
        }
        Event::Recall { key } => of_recall(tx, shared, key, &mut known).await?,
        Event::Tap { key, action, .. } if action.is_of_recall() => {
            of_recall(tx, shared, key, &mut known).await?;
            known.recipients.clear();
        }
        Event::ReviewEntries => {
            let knowledge = shared.live.current();
            let seen = tx.seen_versions().await?;
            for (id, version) in recall::changed(&knowledge, &seen) {
                let count = tx.count_told(&id, Some(&version)).await?;
                known.told.push((id, count));
            }
        }
        Event::Sweep => known.clock_trusted = is_trusted(tx, shared).await?,
        _ => {}
    }
    public::of_event(tx, shared, event, &mut known, now).await?;
    Ok(known)
}

/// Brings the ticket that a proposal comes from.
async fn of_proposal(tx: &mut Tx, known: &mut Known) -> sqlx::Result<()> {
    match known.proposal.as_ref().and_then(|proposal| proposal.ticket) {
        Some(ticket) => bring(tx, ticket, known).await,
        None => Ok(()),
    }
}

/// Whether a moderator's event is about that ticket.
fn is_about(event: &Event, ticket: &Ticket) -> bool {
    match event {
        Event::Reply { to: Addressee::Ticket(number), .. }
        | Event::ReplyEdited { to: Addressee::Ticket(number), .. } => ticket.number == *number,
        Event::ReplyAlbumEnded { ticket: number, .. } => ticket.number == *number,
        Event::Tap { key, .. } => ticket.key == *key,
        _ => false,
    }
}

/// Brings one more ticket, whose voter is locked first.
async fn bring(tx: &mut Tx, number: u64, known: &mut Known) -> sqlx::Result<()> {
    if known.tickets.iter().any(|ticket| ticket.number == number) {
        return Ok(());
    }
    known.tickets.extend(locked_ticket(tx, number).await?.map(|(ticket, _)| ticket));
    give_keys(&mut known.tickets);
    Ok(())
}

/// What is known of a recall: itself, how far it came, and to whom it goes next.
async fn of_recall(tx: &mut Tx, shared: &Shared, key: &str, known: &mut Known) -> sqlx::Result<()> {
    let Some(recall) = tx.recall(key).await? else { return Ok(()) };
    let knowledge = shared.live.current();
    // Of what changed those are told who have not heard what it says now.
    let entry = knowledge.faq.entry(&recall.code).filter(|_| recall.reason.is_none());
    let version = entry.map(|entry| knowledge.faq.version(entry));
    known.tally = tx.tally(key).await?;
    known.told.push((recall.code.clone(), tx.count_told(&recall.code, version.as_deref()).await?));
    if known.tally.waiting < recall::BATCH {
        known.recipients = tx.recipients(&recall, version.as_deref(), recall::BATCH as i64).await?;
    }
    known.still_told = tx.is_being_told(&recall, version.as_deref()).await?;
    known.recall = Some(recall);
    Ok(())
}

/// Reminders as they were written; what can't be read is left out.
fn read_reminders(events: Vec<String>) -> Vec<Reminder> {
    let read = |event: String| match serde_json::from_str(&event) {
        Ok(Event::Reminder(reminder)) => Some(reminder),
        _ => None,
    };
    events.into_iter().filter_map(read).collect()
}

/// Whether the clock may be believed when something is to be deleted; where not, why is said.
async fn is_trusted(tx: &mut Tx, shared: &Shared) -> sqlx::Result<bool> {
    let newest = tx.newest().await?;
    Ok(shared
        .clock
        .sweep_allowed(newest)
        .inspect_err(|why| tracing::info!(%why, "nothing old is deleted for now: the clock can't be trusted"))
        .is_ok())
}

/// Tickets of an earlier version have no key yet.
fn give_keys(tickets: &mut [Ticket]) {
    for ticket in tickets.iter_mut().filter(|t| t.key.is_empty()) {
        ticket.key = new_key();
    }
}

/// Notes where a card stands whose place a kill kept from being noted, so that it is emptied with the rest.
pub async fn note_copy(tx: &mut Tx, chat: i64, message: Option<i64>, key: &str, now: i64) -> sqlx::Result<()> {
    if let Some(message) = message
        && tx.name_of(chat, message).await?.is_none()
        && let Some(ticket) = tx.ticket_with(key).await?
    {
        tx.note_copy(ticket.number, chat, message, now).await?;
    }
    Ok(())
}

/// Whom a reply in the moderator chat is addressed to, as the records tell; none if it is moderators' talk.
pub async fn addressee(tx: &mut Tx, chat: i64, to: &RepliedTo, now: i64) -> sqlx::Result<Option<Addressee>> {
    if let Some(name) = tx.name_of(chat, to.message).await? {
        if let Some(key) = post_of(&name) {
            return Ok(Some(Addressee::Post(key.to_owned())));
        }
        if let Some(ticket) = ticket_of(&name) {
            return Ok(Some(Addressee::Ticket(ticket)));
        }
        if let Some(proposal) = proposal_of(&name) {
            return Ok(Some(Addressee::Proposal(proposal)));
        }
    } else if let Some(key) = &to.key {
        // Where a message stands may not be recorded yet.
        if tx.ticket_of_post(key).await?.is_some() {
            return Ok(Some(Addressee::Post(key.clone())));
        }
        let Some(ticket) = tx.ticket_with(key).await? else {
            let proposal = tx.proposal_with(key).await?.map(|proposal| Addressee::Proposal(proposal.number));
            return Ok(Some(proposal.unwrap_or(Addressee::UnknownCard)));
        };
        tx.note_copy(ticket.number, chat, to.message, now).await?;
        return Ok(Some(Addressee::Ticket(ticket.number)));
    }
    if !to.own {
        return Ok(None);
    }
    let told = !tx.tell_once(chat, to.message, now).await?;
    Ok(Some(Addressee::NoCard { told }))
}
