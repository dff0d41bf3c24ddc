//! Floor 4: the desk. The rules: (event, what is known, now) to effects. No I/O, no clock, no randomness.
//!
//! Every surface feeds the same desk: it turns what happened into an [`Event`], brings what is [`Known`], and carries
//! out the [`Effect`]s in order. The terminal does so in memory, Telegram in the store.
//!
//! One file a capability. Of a voter: [`voter`] leads to `question` (what the matcher made of it), `context` (what
//! only the question before makes whole), [`offer`],
//! [`forward`], `follow` (what joins or continues a ticket), [`grouping`] (one ticket for all who ask the same), `edit`, `album`, `appeal` (one line of an election's days),
//! [`hoax`] (the claim check), `erase`, `more` (the rest of an answer), `urgent` (somebody in need), [`menu`] with `asn_check` (may a civil servant do
//! this), `report` (where a breach is reported) and `topic` (all entries by topic), [`schedule`] and `candidates` (what the
//! election's file tells, in words and as a [`picture`]), [`reminder`], [`data`] (what is kept about a voter), `official` (the names by which imitations can be told), `language` (in which a voter is spoken to), `group` (asked in a group), [`inline`] (cards to send
//! anywhere), and
//! [`pace`], how much one may write; [`code`] tells an entry by what stands under its answer, `validity` whether that still
//! holds. Of a moderator: [`moderator`] leads to [`reply`], `correction`, `delivery`, `tap`, [`queue`] and [`recall`] (what
//! was told holds no more), [`learning`] (what they add to the FAQ), [`reuse`] (answers suggested to others), [`channel`] (what
//! stands in public) and [`recognition`] (the month's good questions). [`card`]: what moderators see of a ticket. [`care`]:
//! what waits too long, and `hours`: when moderators are there. [`statistics`]: what a day brought, counted by [`tally`]. [`verdict`]: what a
//! message came to, in one word, for who watches the bot.
//! [`block`]: of whom they want no more. [`audit`]: what they did. [`sweep`]: what is deleted when.

use chrono::{DateTime, FixedOffset};

mod album;
mod appeal;
pub mod asked;
mod asn_check;
pub mod audit;
pub mod block;
mod candidates;
pub mod card;
pub mod care;
pub mod channel;
pub mod code;
pub mod command;
mod context;
mod correction;
pub mod data;
mod delivery;
mod edit;
pub mod effect;
mod erase;
pub mod event;
mod follow;
pub mod forward;
mod group;
pub mod grouping;
pub mod hoax;
mod hours;
pub mod inline;
pub mod knowledge;
mod language;
pub mod learning;
pub mod menu;
pub mod moderator;
mod more;
pub mod offer;
mod official;
pub mod pace;
pub mod picture;
mod question;
pub mod queue;
pub mod recall;
pub mod recognition;
pub mod reminder;
pub mod reply;
mod report;
pub mod reuse;
pub mod schedule;
pub mod state;
pub mod statistics;
pub mod sweep;
pub mod tally;
mod tap;
pub mod ticket;
mod topic;
mod urgent;
mod validity;
pub mod verdict;
pub mod voter;

pub use asked::{Asked, Became};
pub use audit::Record;
pub use block::Blocked;
pub use card::Card;
pub use care::{CARE, Late, Level};
pub use channel::{Channel, Post};
pub use data::{Records, Told};
pub use effect::Effect;
pub use event::{Action, Addressee, Content, Event, Mark, Media, NotTaken, Origin, Outcome, ReplyKey};
pub use knowledge::{Knowledge, Lessons, Live};
pub use learning::{Proposal, ProposalLine};
pub use menu::Choice;
pub use offer::Offer;
pub use pace::Pace;
pub use picture::Picture;
pub use queue::{List, Queue, Queued, REPOST};
pub use recall::{REVIEW_ENTRIES, Recall, Retraction};
pub use recognition::Recognition;
pub use reminder::{REVIEW, Reminder};
pub use state::{Expects, VoterState};
pub use statistics::{DIGEST, Statistics};
pub use sweep::SWEEP;
pub use ticket::{Reply, Ticket, TicketState};

use crate::faq::Answer;
use crate::faq::entry::Entry;
use crate::faq::markup::Document;
use crate::text::language::Language;

/// Who asks: a number that the surface gives, the same for all messages of one person.
pub type VoterId = i64;

/// The longest question, in characters: what one Telegram message holds.
pub const LONGEST_QUESTION: usize = 4096;

/// What is known when an event comes in. The surface looks it up; the desk changes it by effects only.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Milliseconds by a clock that can't go back: spans and limits are measured by it.
    pub steady: i64,
    /// A new unguessable key, for what the event may begin.
    pub key: String,
    /// The voter of the event, or of the ticket that the event is about.
    pub voter: VoterState,
    /// The voter's tickets that wait, and those that the event is about.
    pub tickets: Vec<Ticket>,
    /// The numbers of all of the voter's tickets, if the event may erase them.
    pub all_tickets: Vec<u64>,
    /// The number that the next ticket gets.
    pub next_ticket: u64,
    /// The ticket whose answer the voter's message replies to.
    pub replied: Option<u64>,
    /// What the pressed button, or the message that was edited, asked.
    pub asked: Option<Asked>,
    /// What the voter's last message asked.
    pub last: Option<Asked>,
    /// What the voter asked of that for which an entry was given last.
    pub answered: Option<Asked>,
    /// The open ticket that asks the same as the event, whoever opened it: about the same message, or in other words.
    pub same: Option<Ticket>,
    /// A ticket that asks the same as the event and has an answer to suggest, whoever opened it.
    pub reusable: Option<Ticket>,
    /// The languages of those who asked the event's ticket besides the first, as far as an answer may go to them.
    pub languages: Vec<(VoterId, Language)>,
    /// How many askers the card of the event's ticket showed when the moderators last got it; none if that is not known.
    pub shown: Option<usize>,
    /// The proposal that the event is about, or that moderators are at for its ticket.
    pub proposal: Option<Proposal>,
    /// The number that the next proposal gets.
    pub next_proposal: u64,
    /// Proposals: those in force, last ones first, for moderators who ask; those that the event names.
    pub lessons: Vec<Proposal>,
    /// The recall that the event is about.
    pub recall: Option<Recall>,
    /// What became of its messages so far.
    pub tally: recall::Tally,
    /// Whom it goes to next, each with the language that the voter speaks.
    pub recipients: Vec<(VoterId, Language)>,
    /// How many voters were told what holds no more, by code: entries that changed, or what is to be retracted.
    pub told: Vec<(String, u64)>,
    /// Whether what the event's recall is about is still on its way to somebody.
    pub still_told: bool,
    /// The ticket whose code the event asks about, if whoever asks may know of it.
    pub coded: Option<Ticket>,
    /// Tickets of others that the voter asked too, if the event may concern them.
    pub shared: Vec<Ticket>,
    /// A page of the tickets that wait, for moderators who ask.
    pub queue: Queue,
    /// What waits too long and was not called to the moderators' minds lately.
    pub late: Late,
    /// The same for the chat above them.
    pub late_above: Late,
    /// What happened lately, if the event asks for it.
    pub statistics: Option<Box<Statistics>>,
    /// What was done with the ticket that the event asks for.
    pub history: Vec<Record>,
    /// The blocked, last ones first, if the event asks for them.
    pub blocked: Vec<Blocked>,
    /// What is kept about the voter, if the event asks for it.
    pub records: Records,
    /// Reminders: the voter's own, for an event that may concern them; the next of all, for their review.
    pub reminders: Vec<Reminder>,
    /// The public channel, and the posts that the event may concern.
    pub channel: Channel,
    /// The monthly recognition, as far as the event may concern it.
    pub recognition: Recognition,
    /// Whether the moderators can't be reached at the moment.
    pub unreachable: bool,
    /// Whether the clock's reading may be believed when something is to be deleted.
    pub clock_trusted: bool,
}

/// What follows from `event`.
pub fn decide(knowledge: &Knowledge, event: &Event, known: &Known, now: DateTime<FixedOffset>) -> Vec<Effect> {
    let mut state = known.voter.clone();
    let language = state.speak(event);
    let mut desk = Desk {
        knowledge,
        language,
        known,
        now,
        key: known.key.clone(),
        state,
        tickets: known.tickets.clone(),
        subject: event.voter(),
        effects: Vec::new(),
        forgotten: false,
    };
    if let Some(voter) = desk.subject.filter(|_| !matches!(event, Event::Reachable { reachable: false, .. })) {
        desk.reopen_unreached(voter);
    }
    match event {
        Event::InGroup { voter, message, topic, text } => desk.in_group(*voter, *message, *topic, text),
        Event::Message { voter, message, text, album, origin } => {
            desk.message(*voter, *message, text, album.as_deref(), origin);
        }
        Event::Edited { voter, message, text } => desk.edited(*voter, *message, text),
        Event::Media { voter, message, album, forwarded } => {
            desk.media(*voter, *message, album.as_deref(), *forwarded);
        }
        Event::AlbumEnded { voter, album } => desk.album_ended(*voter, album),
        Event::Pick { voter, entry } => desk.pick(*voter, entry),
        Event::More { voter, entry } => desk.more_pressed(*voter, entry),
        Event::AskPerson { voter } => desk.ask_person(*voter),
        Event::Chosen { voter, choice } => desk.chosen(*voter, choice),
        Event::SendPicture { voter } => desk.send_picture(*voter),
        Event::Rated { voter, entry, helped } => desk.rated(*voter, entry, *helped),
        Event::Erase { voter, sure } => desk.erase_pressed(*voter, *sure),
        Event::Reachable { voter, reachable } => {
            desk.effects.push(Effect::Reach { voter: *voter, reachable: *reachable });
        }
        Event::Reply { to: Addressee::Proposal(_), message, content, .. } => {
            if !reply::is_note(content) {
                desk.proposal_replied(*message, &content.text);
            }
        }
        // What was asked for by a proposal is told by a reply anew.
        Event::ReplyEdited { to: Addressee::Proposal(_), .. } => {}
        Event::Reply { to, message, by, content, album } => {
            desk.reply(to, *message, by.as_deref(), content, album.as_deref());
        }
        Event::ReplyEdited { to, message, by, content } => desk.reply_edited(to, *message, by.as_deref(), content),
        Event::ReplyAlbumEnded { ticket, album } => desk.reply_album_ended(*ticket, album),
        Event::NotTaken { message, why } => desk.not_taken(*message, *why),
        Event::Tap { by, user, action, .. } if action.is_of_proposal() => {
            desk.proposal_pressed(by.as_deref(), *user, action);
        }
        Event::Tap { key, by, user, action } => desk.tap(key, by.as_deref(), *user, action),
        Event::Ask(command) => desk.asked_by_moderator(command),
        Event::Repost { .. } => desk.repost(),
        Event::StillOpen { ticket } => desk.still_open(*ticket),
        Event::Care => desk.care(),
        Event::Digest => desk.digest(),
        Event::Delivered { reply, outcome } => desk.delivered(*reply, outcome),
        Event::Undeliverable { reason } => desk.notice("undeliverable", &[("reason", reason)]),
        Event::Reminder(reminder) => desk.due_reminder(reminder),
        Event::ReviewReminders { after } => desk.review_reminders(after.as_deref()),
        Event::Recall { .. } => desk.go_on_recalling(),
        Event::ReviewEntries => desk.review_entries(),
        Event::Try { .. } => desk.begin_trial(),
        Event::Tried { tries, refusal, .. } => desk.tried(*tries, refusal.as_ref()),
        Event::Taught { unfit, .. } => desk.taught(unfit),
        Event::Consented { voter, yes, .. } => desk.consented(*voter, *yes),
        Event::Posted { key, outcome } => desk.posted(key, outcome),
        Event::Announce { results, .. } => desk.announce_again(*results),
        Event::WinnersTold { .. } => desk.winners_told(),
        Event::Sweep => desk.sweep(),
        Event::Reloaded { asked, entries, faults, mended } => desk.reloaded(*asked || *mended, *entries, faults),
    }
    desk.follow_answers(event);
    desk.finish()
}

struct Desk<'a> {
    knowledge: &'a Knowledge,
    /// The voter's; moderators are spoken to in Indonesian.
    language: Language,
    known: &'a Known,
    now: DateTime<FixedOffset>,
    /// The key of what is asked: a new one, or after an edit the one that buttons carry already.
    key: String,
    /// What will be remembered of the voter.
    state: VoterState,
    /// The tickets as they stand now.
    tickets: Vec<Ticket>,
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
        self.knowledge.faq.wordings.say(self.language, key, values)
    }

    /// What an entry says to the voter now.
    fn answer_of(&self, entry: &Entry) -> Answer {
        self.knowledge.faq.answer_in(entry, self.language, self.now)
    }

    fn tell(&mut self, voter: VoterId, key: &str, values: &[(&str, &str)]) {
        let text = Document::plain_text(self.say(key, values));
        self.effects.push(Effect::Say { voter, text });
    }

    fn notice(&mut self, key: &str, values: &[(&str, &str)]) {
        let text = self.say(key, values);
        self.notice_text(text);
    }

    fn notice_text(&mut self, text: String) {
        self.effects.push(Effect::Notice { text, about: None });
    }

    fn toast(&mut self, key: &str, values: &[(&str, &str)]) {
        let text = self.say(key, values);
        self.toast_text(text);
    }

    fn toast_text(&mut self, text: String) {
        self.effects.push(Effect::Toast(text));
    }

    fn ticket(&self, number: u64) -> Option<Ticket> {
        self.tickets.iter().find(|t| t.number == number).cloned()
    }

    /// Keeps a ticket, new or changed.
    fn keep(&mut self, ticket: Ticket) {
        self.tickets.retain(|t| t.number != ticket.number);
        self.tickets.push(ticket.clone());
        self.effects.push(Effect::KeepTicket(ticket));
    }

    fn reloaded(&mut self, told: bool, entries: Option<u64>, faults: &str) {
        match entries {
            Some(count) if told => self.notice("reloaded", &[("count", &count.to_string())]),
            Some(_) => {}
            None => self.notice("reload_failed", &[("faults", faults)]),
        }
    }
}

#[cfg(test)]
mod tests;
