//! What moderators see of a ticket: its card, read in three seconds, and what of the question does not fit on it.

use super::event::{Action, Outcome};
use super::learning::{given, is_lesson};
use super::ticket::{Reply, Ticket, TicketState};
use super::{Desk, Effect, Offer, VoterId, code};
use crate::faq::setting::Topic;
use crate::faq::{day_of, home_offset};
use crate::text::cut::{parts, shortened};

/// How many entries a card offers.
const NEAREST: usize = 3;
/// How much of a question tells which entries are nearest, in characters.
const JUDGED: usize = 1000;
/// How much of the question stands on the card, in UTF-16 code units: the card's own lines come first.
const ON_CARD: usize = 2600;
/// How much of it stands in each message under the card, in UTF-16 code units.
const ON_PART: usize = 3500;
/// How many answers a card shows.
const ANSWERS_SHOWN: usize = 8;
/// How much of Telegram's words on a failure a card shows, in characters.
const REASON_SHOWN: usize = 120;

/// A ticket as moderators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The ticket's number.
    pub number: u64,
    /// What its buttons carry.
    pub key: String,
    /// Who asked; never shown. None once the voter's data are deleted.
    pub voter: Option<VoterId>,
    /// Whether it goes before all others.
    pub urgent: bool,
    /// The topic of a forum in which it belongs.
    pub topic: Topic,
    /// The first line.
    pub head: String,
    /// The masked question as far as it fits, to be shown as a quotation in which nothing is a link, a mention or a
    /// command.
    pub question: String,
    /// Other wordings of those who ask the same, to be quoted like the question.
    pub wordings: Vec<String>,
    /// How many ask.
    pub askers: usize,
    /// Lines under the question: an entry outside its dates, an answer that did not help.
    pub notes: Vec<String>,
    /// The line above the nearest entries.
    pub nearest_head: String,
    /// The three nearest entries.
    pub nearest: Vec<Offer>,
    /// What has become of it, line by line.
    pub status: Vec<String>,
    /// The other buttons: words and what they do.
    pub actions: Vec<(String, Action)>,
}

/// The question in the parts in which it is shown: on the card, and under it.
fn shown_parts(ticket: &Ticket) -> Vec<String> {
    parts(&ticket.question(), ON_CARD, ON_PART)
}

/// The topic of a forum in which a ticket's card belongs.
fn topic_of(ticket: &Ticket) -> Topic {
    match (ticket.urgent, ticket.claim) {
        (true, _) => Topic::Urgent,
        (false, true) => Topic::Claims,
        (false, false) => Topic::Questions,
    }
}

/// The key of a card's first line.
fn card_head(ticket: &Ticket) -> &'static str {
    match (ticket.objection, ticket.claim) {
        (true, _) => "card_head_objection",
        (false, true) => "card_head_claim",
        (false, false) => "card_head",
    }
}

impl Desk<'_> {
    /// Keeps a ticket and shows it for the first time, or anew in another chat.
    pub(super) fn post(&mut self, ticket: &Ticket) {
        let card = self.card(ticket);
        self.keep(ticket.clone());
        self.index(ticket);
        self.effects.push(Effect::ShowCard(card));
        self.show_parts(ticket, &[]);
    }

    /// Notes by which words a ticket is found when somebody else asks the same.
    pub(super) fn index(&mut self, ticket: &Ticket) {
        if ticket.claim || ticket.urgent || ticket.objection {
            return;
        }
        // What a moderator lets be suggested is found though somebody's data were masked in it.
        let text = if ticket.suggested().is_some() { ticket.asked_by_all() } else { ticket.question() };
        let gist = self.knowledge.matcher.gist(&text);
        let words: Vec<String> = gist.keys().into_iter().map(str::to_owned).collect();
        if !gist.is_private() && !words.is_empty() {
            self.effects.push(Effect::IndexTicket { ticket: ticket.number, words });
        }
    }

    /// Keeps a ticket that changed and brings up to date what moderators see of it.
    pub(super) fn update(&mut self, ticket: &Ticket) {
        let before = self.ticket(ticket.number).map(|t| shown_parts(&t)).unwrap_or_default();
        let card = self.card(ticket);
        let was = self.ticket(ticket.number).filter(|was| was.state == TicketState::Open);
        self.keep(ticket.clone());
        if ticket.state == TicketState::Open && was.is_none_or(|was| was.question() != ticket.question()) {
            self.index(ticket);
        }
        self.effects.push(Effect::UpdateCard(card));
        self.show_parts(ticket, &before);
    }

    /// Keeps a ticket of others and shows who asks now; what is asked is the same.
    pub(super) fn update_askers(&mut self, ticket: Ticket) {
        let card = self.card(&ticket);
        self.effects.push(Effect::KeepTicket(ticket));
        self.effects.push(Effect::UpdateCard(card));
    }

    /// The parts of the question that stand under the card, where they differ from `before`.
    fn show_parts(&mut self, ticket: &Ticket, before: &[String]) {
        let now = shown_parts(ticket);
        let head = self.say("card_rest", &[("number", &ticket.number.to_string())]);
        for place in 1..now.len().max(before.len()) {
            if now.get(place) != before.get(place) {
                self.effects.push(Effect::Part {
                    ticket: ticket.number,
                    voter: ticket.voter,
                    place,
                    head: head.clone(),
                    text: now.get(place).cloned().unwrap_or_default(),
                    posted: before.len() > place,
                });
            }
        }
    }

    /// The card of `ticket` as it stands.
    pub(super) fn card(&self, ticket: &Ticket) -> Card {
        let number = ticket.number.to_string();
        let waits = ticket.state == TicketState::Open;
        let mut notes = Vec::new();
        if ticket.urgent {
            notes.push(self.say("card_urgent", &[]));
        }
        if !ticket.others.is_empty() {
            notes.push(self.say("card_askers", &[("count", &ticket.askers().count().to_string())]));
        }
        if let Some(before) = ticket.continues {
            notes.push(self.say("card_continues", &[("number", &before.to_string())]));
        }
        if ticket.changed {
            notes.push(self.say("card_changed", &[]));
        }
        if let Some(id) = &ticket.expired {
            notes.push(match self.knowledge.retraction(id) {
                Some(_) => self.why_not_given(id),
                None => self.say("card_expired", &[("id", id)]),
            });
        }
        if let Some(id) = &ticket.shown {
            let key = if code::ticket(id).is_some() { "card_shown_answer" } else { "card_shown" };
            notes.push(self.say(key, &[("id", id)]));
        }
        Card {
            number: ticket.number,
            key: ticket.key.clone(),
            voter: Some(ticket.voter),
            urgent: ticket.urgent,
            topic: topic_of(ticket),
            head: self.say(card_head(ticket), &[("number", &number)]),
            question: shown_parts(ticket).swap_remove(0).trim_end().to_owned(),
            wordings: self.wordings_shown(ticket),
            askers: ticket.askers().count(),
            notes,
            nearest_head: self.say("card_nearest", &[]),
            nearest: if waits { self.nearest_offers(ticket) } else { Vec::new() },
            status: self.status_lines(ticket),
            actions: self.actions(ticket),
        }
    }

    /// What is left of a card when the voter's data are deleted.
    pub(super) fn withdrawn_card(&self, number: u64) -> Card {
        Card {
            number,
            key: String::new(),
            voter: None,
            urgent: false,
            topic: Topic::Questions,
            head: self.say("card_withdrawn", &[("number", &number.to_string())]),
            question: String::new(),
            wordings: Vec::new(),
            askers: 0,
            notes: Vec::new(),
            nearest_head: String::new(),
            nearest: Vec::new(),
            status: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// The entries nearest to what a ticket asks, by id.
    pub(super) fn nearest(&self, ticket: &Ticket) -> Vec<String> {
        let faq = &self.knowledge.faq;
        let today = day_of(self.now);
        let question: String = ticket.question().chars().take(JUDGED).collect();
        let ranked = self.knowledge.matcher.judge(&question, today).ranked;
        let entries = ranked.iter().map(|&(e, _)| &faq.entries[e]);
        let near = entries.filter(|e| e.is_valid(today) && ticket.shown.as_ref() != Some(&e.id));
        near.take(NEAREST).map(|e| e.id.clone()).collect()
    }

    fn nearest_offers(&self, ticket: &Ticket) -> Vec<Offer> {
        let today = day_of(self.now);
        let entries = ticket.nearest.iter().filter_map(|id| self.knowledge.faq.entry(id));
        let valid = entries.filter(|e| e.is_valid(today));
        valid.map(|e| Offer { id: e.id.clone(), title: e.title.clone() }).collect()
    }

    fn status_lines(&self, ticket: &Ticket) -> Vec<String> {
        let number = ticket.number.to_string();
        let mut lines = Vec::new();
        match ticket.state {
            TicketState::Open => {
                lines.extend(ticket.taken.as_ref().map(|by| self.say("card_taken", &[("by", by)])));
            }
            TicketState::Answered => lines.push(self.say("card_answered", &[("number", &number)])),
            TicketState::Unreached => lines.push(self.say("card_unreached", &[("number", &number)])),
            TicketState::Withdrawn => lines.push(self.say("card_withdrawn", &[("number", &number)])),
            TicketState::Merged => {
                let into = ticket.into.map(|into| into.to_string()).unwrap_or_default();
                lines.push(self.say("card_merged", &[("number", &number), ("into", &into)]));
            }
            TicketState::Spam => lines.push(self.say("card_spam", &[("number", &number)])),
            TicketState::Blocked => lines.push(self.say("card_blocked", &[("number", &number)])),
        }
        let earlier = ticket.answers.len().saturating_sub(ANSWERS_SHOWN);
        if earlier > 0 {
            lines.push(self.say("card_earlier", &[("count", &earlier.to_string())]));
        }
        lines.extend(ticket.answers[earlier..].iter().map(|reply| self.delivery_line(reply)));
        let late = ticket.unanswered().len();
        if ticket.state == TicketState::Open && late > 0 && ticket.answers.iter().any(Reply::stands) {
            lines.push(self.say("delivery_late", &[("count", &late.to_string())]));
        }
        lines
    }

    fn delivery_line(&self, reply: &Reply) -> String {
        let by = self.someone(reply.by.as_deref());
        if reply.withdrawn {
            return self.say("delivery_withdrawn", &[("by", &by)]);
        }
        let time = |at: i64| {
            chrono::DateTime::from_timestamp_millis(at)
                .map(|t| t.with_timezone(&home_offset()).format("%H.%M WIB").to_string())
                .unwrap_or_default()
        };
        if !reply.others.is_empty() {
            let arrived = reply.outcomes().filter(|o| o.as_ref().and_then(Outcome::arrived).is_some()).count();
            let lost = reply.outcomes().flatten().count() - arrived;
            let (sent, count) = (arrived.to_string(), reply.outcomes().count().to_string());
            return self
                .say("delivery_many", &[("by", &by), ("sent", &sent), ("count", &count), ("lost", &lost.to_string())]);
        }
        match &reply.outcome {
            None => self.say("delivery_waiting", &[("by", &by)]),
            Some(Outcome::Sent(at)) => self.say("delivery_sent", &[("by", &by), ("time", &time(*at))]),
            Some(Outcome::Partly { at, reason }) => {
                let reason = shortened(reason, REASON_SHOWN);
                self.say("delivery_partly", &[("by", &by), ("time", &time(*at)), ("reason", &reason)])
            }
            Some(Outcome::Blocked) => self.say("delivery_blocked", &[("by", &by)]),
            Some(Outcome::Failed(reason)) => {
                self.say("delivery_failed", &[("by", &by), ("reason", &shortened(reason, REASON_SHOWN))])
            }
        }
    }

    fn actions(&self, ticket: &Ticket) -> Vec<(String, Action)> {
        let mut actions = Vec::new();
        let mut add = |key: &str, action| actions.push((self.say(key, &[]), action));
        match ticket.state {
            TicketState::Open => {
                match ticket.taken {
                    None => add("button_take", Action::Take),
                    Some(_) => add("button_release", Action::Release),
                }
                if ticket.objection {
                    add("button_unblock", Action::Unblock);
                } else {
                    add("button_spam", Action::Spam);
                    // Of several who ask nobody is blocked for the others' sake: a wording is parted first.
                    if ticket.others.is_empty() {
                        add("button_block", Action::Block);
                    }
                    if ticket.other_wordings().next().is_some() {
                        add("button_split", Action::Split);
                    }
                }
            }
            TicketState::Blocked => add("button_unblock", Action::Unblock),
            TicketState::Answered if is_lesson(ticket) => {
                let label = if given(ticket).is_some() { "button_learn_as" } else { "button_learn" };
                add(label, Action::Learn);
            }
            TicketState::Answered
            | TicketState::Unreached
            | TicketState::Withdrawn
            | TicketState::Merged
            | TicketState::Spam => {}
        }
        if self.known.channel.set && ticket.is_publishable() {
            add("button_publish", Action::Publish);
            add("button_star", Action::Star);
        }
        actions.extend(self.reuse_actions(ticket));
        let late = ticket.unanswered().len();
        let last = ticket.answers.iter().rev().find(|reply| reply.stands());
        if let Some(last) = last.filter(|_| ticket.state == TicketState::Open && late > 0) {
            let label = self.say("button_send_late", &[("count", &late.to_string())]);
            actions.push((label, Action::SendToLate(last.message)));
        }
        let standing: Vec<&Reply> = ticket.answers.iter().filter(|r| r.stands()).collect();
        for reply in &standing[standing.len().saturating_sub(ANSWERS_SHOWN)..] {
            let by = self.someone(reply.by.as_deref());
            actions.push((self.say("button_take_back", &[("by", &by)]), Action::TakeBack(reply.message)));
        }
        actions
    }
}
