//! Floor 4: the desk. The rules: (event, what is known, now) to effects. No I/O, no clock, no randomness.
//!
//! Every surface feeds the same desk: it turns what happened into an [`Event`], brings what is [`Known`], and carries
//! out the [`Effect`]s in order. The terminal does so in memory, Telegram in the store.
//!
//! [`voter`]: the rules for voters. [`moderator`]: those for moderators. [`card`]: what moderators see of a ticket.

use chrono::{DateTime, Duration, FixedOffset};

pub mod card;
pub mod command;
pub mod effect;
pub mod event;
pub mod knowledge;
pub mod moderator;
pub mod state;
pub mod ticket;
pub mod voter;

pub use effect::{Effect, Offer};
pub use event::{Action, Content, Event, Mark, Media, Outcome, ReplyKey};
pub use knowledge::{Knowledge, Live};
pub use state::{Expects, VoterState};
pub use ticket::{Card, Reply, Ticket, TicketState};

use crate::faq::markup::Document;

/// Who asks: a number that the surface gives, the same for all messages of one person.
pub type VoterId = i64;

/// The longest question, in characters: what one Telegram message holds.
pub const LONGEST_QUESTION: usize = 4096;

/// Texts that were delivered are blanked after this.
const SENT_KEPT: Duration = Duration::hours(48);
/// Updates that could not be read are blanked after this.
const UNREAD_KEPT: Duration = Duration::days(7);
/// How often what is old is deleted.
const SWEEP_EVERY: Duration = Duration::hours(1);
/// The name of the event that deletes what is old.
pub const SWEEP: &str = "sweep";

/// What is known when an event comes in. The surface looks it up; the desk changes it by effects only.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The voter of the event, or of the ticket that the event is about.
    pub voter: VoterState,
    /// The voter's open tickets, and the ticket that the event is about.
    pub tickets: Vec<Ticket>,
    /// The number that the next ticket gets.
    pub next_ticket: u64,
    /// The ticket whose answer the voter's message replies to.
    pub replied: Option<u64>,
    /// All tickets that wait, oldest first, for moderators who ask: number, and when it was asked.
    pub queue: Vec<(u64, DateTime<FixedOffset>)>,
}

/// What follows from `event`.
pub fn decide(knowledge: &Knowledge, event: &Event, known: &Known, now: DateTime<FixedOffset>) -> Vec<Effect> {
    let mut desk = Desk {
        knowledge,
        known,
        now,
        state: known.voter.clone(),
        subject: None,
        effects: Vec::new(),
        forgotten: false,
    };
    match event {
        Event::Message { voter, message, text } => desk.message(*voter, *message, text),
        Event::Edited { voter, message, text } => desk.edited(*voter, *message, text),
        Event::Media { voter, album } => desk.media(*voter, album.as_deref()),
        Event::Pick { voter, entry } => desk.pick(*voter, entry),
        Event::AskPerson { voter } => desk.ask_person(*voter),
        Event::Rated { voter, entry, helped } => desk.rated(*voter, entry, *helped),
        Event::Reachable { voter, reachable } => {
            desk.effects.push(Effect::Reach { voter: *voter, reachable: *reachable });
        }
        Event::Reply { ticket, message, by, content } => {
            desk.reply(ReplyKey { ticket: *ticket, message: *message }, by.as_deref(), content);
        }
        Event::ReplyEdited { ticket, message, by, content } => {
            desk.reply_edited(ReplyKey { ticket: *ticket, message: *message }, by.as_deref(), content);
        }
        Event::Tap { ticket, by, action } => desk.tap(*ticket, by.as_deref(), action),
        Event::Ask(command) => desk.asked(*command),
        Event::StillOpen { ticket } => desk.still_open(*ticket),
        Event::Delivered { reply, outcome } => desk.delivered(*reply, outcome),
        Event::Undeliverable { reason } => desk.notice("undeliverable", &[("reason", reason)]),
        Event::Sweep => desk.sweep(),
        Event::Reloaded { asked, entries, faults, mended } => desk.reloaded(*asked || *mended, *entries, faults),
    }
    desk.finish()
}

struct Desk<'a> {
    knowledge: &'a Knowledge,
    known: &'a Known,
    now: DateTime<FixedOffset>,
    /// What will be remembered of the voter.
    state: VoterState,
    /// Whose state that is.
    subject: Option<VoterId>,
    effects: Vec<Effect>,
    forgotten: bool,
}

impl Desk<'_> {
    fn finish(mut self) -> Vec<Effect> {
        if let Some(voter) = self.subject.filter(|_| !self.forgotten && self.state != self.known.voter) {
            self.effects.insert(0, Effect::Remember { voter, state: self.state });
        }
        self.effects
    }

    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.knowledge.faq.wording.say(key, values)
    }

    fn tell(&mut self, voter: VoterId, key: &str, values: &[(&str, &str)]) {
        let text = Document::plain_text(self.say(key, values));
        self.effects.push(Effect::Say { voter, text });
    }

    fn notice(&mut self, key: &str, values: &[(&str, &str)]) {
        let text = self.say(key, values);
        self.effects.push(Effect::Notice(text));
    }

    fn toast(&mut self, key: &str, values: &[(&str, &str)]) {
        let text = self.say(key, values);
        self.effects.push(Effect::Toast(text));
    }

    fn ticket(&self, number: u64) -> Option<Ticket> {
        self.known.tickets.iter().find(|t| t.number == number).cloned()
    }

    fn sweep(&mut self) {
        let kept = Duration::days(self.knowledge.faq.settings.retention_days);
        self.effects.push(Effect::Sweep {
            sent: self.now - SENT_KEPT,
            unread: self.now - UNREAD_KEPT,
            kept: self.now - kept,
        });
        let at = self.now + SWEEP_EVERY;
        self.effects.push(Effect::Later { name: SWEEP.to_owned(), voter: None, at, event: Event::Sweep });
    }

    fn reloaded(&mut self, told: bool, entries: Option<u64>, faults: &str) {
        match entries {
            Some(count) if told => self.notice("reloaded", &[("count", &count.to_string())]),
            Some(_) => {}
            None => self.notice("reload_failed", &[("faults", faults)]),
        }
    }
}

/// The first line of a question, shortened for a list.
pub fn first_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > LONGEST {
        format!("{}...", line.chars().take(LONGEST).collect::<String>())
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests;
