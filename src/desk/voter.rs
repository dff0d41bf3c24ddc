//! The rules for voters.

use chrono::{DateTime, Duration, FixedOffset};

use super::command::Command;
use super::event::Event;
use super::state::{Asked, Expects, Given, Pending};
use super::ticket::{Ticket, TicketState};
use super::{Desk, Effect, LONGEST_QUESTION, Offer, VoterId, VoterState, first_line};
use crate::faq::day_of;
use crate::faq::markup::Document;
use crate::matcher::Verdict;
use crate::text::mask::{Offices, mask};
use crate::text::normalize::words;

/// Within this, what a voter writes after a forwarded message joins its ticket.
const JOINED_WITHIN: Duration = Duration::seconds(20);
/// Within this, what a voter writes after a moderator's answer continues its ticket.
const CONTINUED_WITHIN: Duration = Duration::minutes(30);
/// After this, a voter is told that a question still waits.
const STILL_OPEN_AFTER: Duration = Duration::hours(24);
/// How many entries are offered after an answer that did not help.
const NEXT_OFFERED: usize = 2;

/// The name of the event that tells a voter that a ticket still waits.
pub fn still_open_name(number: u64) -> String {
    format!("still-open:{number}")
}

impl Desk<'_> {
    fn open_tickets(&self, voter: VoterId) -> Vec<Ticket> {
        let open = |t: &&Ticket| t.voter == voter && t.state == TicketState::Open;
        self.known.tickets.iter().filter(open).cloned().collect()
    }

    /// Whether the voter may write now: so many messages a minute. Told once that it was too many.
    fn admit(&mut self, voter: VoterId) -> bool {
        let now = self.now.timestamp_millis();
        let limit = self.knowledge.faq.settings.messages_per_minute;
        self.state.times.retain(|&t| t > now - 60_000);
        if (self.state.times.len() as i64) < limit {
            self.state.times.push(now);
            self.state.told_slow = false;
            return true;
        }
        if !std::mem::replace(&mut self.state.told_slow, true) {
            self.tell(voter, "too_fast", &[("limit", &limit.to_string())]);
        }
        false
    }

    pub(super) fn message(&mut self, voter: VoterId, message: i64, text: &str) {
        self.subject = Some(voter);
        if !self.admit(voter) {
            return;
        }
        let text = text.trim();
        if let Some(command) = Command::parse(text) {
            return self.command(voter, command);
        }
        let expected = std::mem::take(&mut self.state.expects);
        if expected == Expects::Erase {
            self.tell(voter, "erase_cancelled", &[]);
        }
        let length = text.chars().count();
        if text.is_empty() {
            self.state.expects = if expected == Expects::Person { expected } else { Expects::Question };
            self.tell(voter, "empty_question", &[]);
        } else if length > LONGEST_QUESTION {
            let (length, limit) = (length.to_string(), LONGEST_QUESTION.to_string());
            self.tell(voter, "too_long", &[("length", &length), ("limit", &limit)]);
        } else if expected == Expects::Person {
            let pending = Pending { question: mask(text, &Offices::default()), message, shown: None };
            self.forward(voter, pending, None);
        } else {
            self.question(voter, message, text);
        }
    }

    fn command(&mut self, voter: VoterId, command: Command) {
        let expected = std::mem::take(&mut self.state.expects);
        self.state.pending = None;
        match command {
            Command::Start(Some(entry)) if self.knowledge.faq.entry(&entry).is_some() => self.pick(voter, &entry),
            Command::Start(_) => {
                let days = self.knowledge.faq.settings.retention_days.to_string();
                self.tell(voter, "welcome", &[("days", &days)]);
            }
            Command::Help => self.tell(voter, "help", &[]),
            Command::Person => self.expect_person(voter),
            Command::Status => self.status(voter),
            Command::Privacy => {
                let days = self.knowledge.faq.settings.retention_days.to_string();
                self.tell(voter, "privacy", &[("days", &days)]);
            }
            Command::Erase if expected == Expects::Erase => self.erase(voter),
            Command::Erase => {
                self.state.expects = Expects::Erase;
                self.tell(voter, "erase_confirm", &[]);
            }
            Command::Unknown(name) => self.tell(voter, "unknown_command", &[("command", &name)]),
        }
    }

    fn expect_person(&mut self, voter: VoterId) {
        self.state.expects = Expects::Person;
        self.tell(voter, "person_next", &[]);
    }

    fn status(&mut self, voter: VoterId) {
        let open = self.open_tickets(voter);
        if open.is_empty() {
            return self.tell(voter, "status_none", &[]);
        }
        let lines: Vec<String> = open.iter().map(|t| format!("#{} {}", t.number, first_line(&t.question()))).collect();
        let before = self.say("status", &[]);
        self.effects.push(Effect::Quote { voter, before, quote: lines.join("\n") });
    }

    fn erase(&mut self, voter: VoterId) {
        let open = self.open_tickets(voter);
        self.forgotten = true;
        self.effects.push(Effect::Forget { voter });
        for ticket in open {
            let card = self.withdrawn_card(ticket.number);
            self.effects.push(Effect::UpdateCard(card));
        }
        self.tell(voter, "erased", &[]);
    }

    fn question(&mut self, voter: VoterId, message: i64, text: &str) {
        let judgement = self.knowledge.matcher.judge(text, day_of(self.now));
        let faq = &self.knowledge.faq;
        let masked = mask(text, &Offices::default());
        match judgement.verdict {
            Verdict::Answer(entry) => {
                let id = &faq.entries[entry].id;
                let again = self.state.given.as_ref().is_some_and(|given| {
                    given.entry == *id && given.question.as_ref().is_some_and(|q| words(q) != words(&masked))
                });
                if again {
                    // Asked again in other words: the answer did not help.
                    self.offer_next(voter, id, Some(&masked), message);
                } else {
                    self.give(voter, id, Some(masked), message);
                }
            }
            Verdict::SmallTalk(kind) => {
                let line = kind.map_or_else(|| self.say("nonsense", &[]), |k| faq.small_talk[k].reply.clone());
                self.effects.push(Effect::Say { voter, text: Document::plain_text(line) });
            }
            Verdict::Suggest(_) | Verdict::Forward { .. } if self.continues(voter, message, &masked) => {}
            Verdict::Suggest(entries) => {
                let offers = entries
                    .iter()
                    .map(|&e| Offer { id: faq.entries[e].id.clone(), title: faq.entries[e].title.clone() })
                    .collect();
                self.suggest(voter, "suggest", offers, Pending { question: masked, message, shown: None });
            }
            Verdict::Forward { expired } => {
                let expired = expired.map(|e| faq.entries[e].id.clone());
                self.forward(voter, Pending { question: masked, message, shown: None }, expired);
            }
        }
    }

    fn give(&mut self, voter: VoterId, id: &str, question: Option<String>, message: i64) {
        let faq = &self.knowledge.faq;
        let Some(entry) = faq.entry(id) else { return };
        let answer = faq.answer(entry, self.now);
        self.state.follow(Asked { message, entry: Some(id.to_owned()), ticket: None });
        self.state.given = Some(Given { entry: id.to_owned(), question, message });
        self.state.pending = None;
        self.effects.push(Effect::Answer { voter, answer, reply: None });
    }

    fn suggest(&mut self, voter: VoterId, key: &str, offers: Vec<Offer>, pending: Pending) {
        self.state.follow(Asked { message: pending.message, entry: None, ticket: None });
        self.state.pending = Some(pending);
        let (text, person) = (self.say(key, &[]), self.say("ask_person", &[]));
        self.effects.push(Effect::Suggest { voter, text, offers, person });
    }

    /// Offers what else could be meant, after entry `id` did not help.
    fn offer_next(&mut self, voter: VoterId, id: &str, question: Option<&str>, message: i64) {
        let faq = &self.knowledge.faq;
        let today = day_of(self.now);
        let given = self.state.given.clone().filter(|given| given.entry == id);
        let question = question.map(str::to_owned).or_else(|| given.as_ref().and_then(|g| g.question.clone()));
        let message = if message == 0 { given.map_or(0, |g| g.message) } else { message };
        let title = faq.entry(id).map(|e| e.title.clone()).unwrap_or_default();
        let next: Vec<Offer> = match &question {
            Some(question) => {
                let ranked = self.knowledge.matcher.judge(question, today).ranked;
                ranked
                    .iter()
                    .map(|&(e, _)| &faq.entries[e])
                    .filter(|e| e.id != id && e.is_valid(today))
                    .take(NEXT_OFFERED)
                    .map(|e| Offer { id: e.id.clone(), title: e.title.clone() })
                    .collect()
            }
            None => faq.entry(id).map_or_else(Vec::new, |entry| {
                let related = faq.answer(entry, self.now).related;
                related.into_iter().take(NEXT_OFFERED).map(|(id, title)| Offer { id, title }).collect()
            }),
        };
        let question = question.unwrap_or(title);
        self.suggest(voter, "not_helpful", next, Pending { question, message, shown: Some(id.to_owned()) });
    }

    pub(super) fn rated(&mut self, voter: VoterId, entry: &str, helped: bool) {
        self.subject = Some(voter);
        if helped {
            return self.toast("thanks", &[]);
        }
        // A second press on the same button offers the same again; one offer is enough.
        if self.state.pending.as_ref().is_some_and(|p| p.shown.as_deref() == Some(entry)) {
            return;
        }
        if self.knowledge.faq.entry(entry).is_none() && self.state.given.is_none() {
            return self.expect_person(voter);
        }
        self.offer_next(voter, entry, None, 0);
    }

    pub(super) fn pick(&mut self, voter: VoterId, id: &str) {
        self.subject = Some(voter);
        self.state.expects = Expects::Question;
        let pending = self.state.pending.clone();
        match self.knowledge.faq.entry(id).filter(|e| e.is_valid(day_of(self.now))) {
            Some(_) => {
                let (question, message) = pending.map_or((None, 0), |p| (Some(p.question), p.message));
                self.give(voter, id, question, message);
            }
            // The FAQ changed since the offer: a person then.
            None => self.ask_person(voter),
        }
    }

    pub(super) fn ask_person(&mut self, voter: VoterId) {
        self.subject = Some(voter);
        match self.state.pending.take() {
            Some(pending) => self.forward(voter, pending, None),
            // A second tap on the same button.
            None if self.state.forwarded.is_some_and(|(_, at)| self.now - at <= JOINED_WITHIN) => {
                self.toast("already_forwarded", &[]);
            }
            None => self.expect_person(voter),
        }
    }

    pub(super) fn media(&mut self, voter: VoterId, album: Option<&str>) {
        self.subject = Some(voter);
        if album.is_some() && self.state.album.as_deref() == album {
            return;
        }
        self.state.album = album.map(str::to_owned);
        if self.admit(voter) {
            self.tell(voter, "media_unread", &[]);
        }
    }

    /// What the FAQ does not answer may belong to a ticket that is there already.
    fn continues(&mut self, voter: VoterId, message: i64, masked: &str) -> bool {
        if let Some(ticket) = self.known.replied.and_then(|n| self.ticket(n)).filter(|t| t.voter == voter) {
            self.follow_up(voter, ticket, message, masked);
            return true;
        }
        let within = |last: Option<(u64, DateTime<FixedOffset>)>, span| last.filter(|(_, at)| self.now - *at <= span);
        let joined = within(self.state.forwarded, JOINED_WITHIN).and_then(|(n, _)| self.ticket(n));
        if let Some(mut ticket) = joined.filter(|t| t.voter == voter && t.state == TicketState::Open) {
            ticket.texts.push((message, masked.to_owned()));
            self.state.follow(Asked { message, entry: None, ticket: Some(ticket.number) });
            self.state.forwarded = Some((ticket.number, self.now));
            self.update(ticket);
            return true;
        }
        let continued = within(self.state.answered, CONTINUED_WITHIN).and_then(|(n, _)| self.ticket(n));
        if let Some(ticket) = continued.filter(|t| t.voter == voter) {
            self.follow_up(voter, ticket, message, masked);
            return true;
        }
        false
    }

    fn follow_up(&mut self, voter: VoterId, mut ticket: Ticket, message: i64, masked: &str) {
        if self.state.blocked {
            return self.tell(voter, "forward_refused", &[]);
        }
        let number = ticket.number.to_string();
        self.state.follow(Asked { message, entry: None, ticket: Some(ticket.number) });
        ticket.state = TicketState::Open;
        ticket.taken = None;
        ticket.texts.push((message, masked.to_owned()));
        let head = self.say("card_follow_up", &[("number", &number)]);
        self.effects.push(Effect::FollowUp { ticket: ticket.number, voter, head, text: masked.to_owned() });
        self.remind(&ticket);
        self.update(ticket);
        self.tell(voter, "follow_up", &[("number", &number)]);
    }

    fn update(&mut self, ticket: Ticket) {
        let card = self.card(&ticket);
        self.effects.extend([Effect::KeepTicket(ticket), Effect::UpdateCard(card)]);
    }

    fn remind(&mut self, ticket: &Ticket) {
        self.effects.push(Effect::Later {
            name: still_open_name(ticket.number),
            voter: Some(ticket.voter),
            at: self.now + STILL_OPEN_AFTER,
            event: Event::StillOpen { ticket: ticket.number },
        });
    }

    fn forward(&mut self, voter: VoterId, pending: Pending, expired: Option<String>) {
        self.state.pending = None;
        if self.state.blocked {
            return self.tell(voter, "forward_refused", &[]);
        }
        let limit = self.knowledge.faq.settings.max_open_tickets;
        if self.open_tickets(voter).len() as i64 >= limit {
            if !std::mem::replace(&mut self.state.told_full, true) {
                self.tell(voter, "too_many_tickets", &[("limit", &limit.to_string())]);
            }
            return;
        }
        let number = self.known.next_ticket;
        let ticket = Ticket {
            number,
            voter,
            texts: vec![(pending.message, pending.question)],
            asked: self.now,
            expired,
            shown: pending.shown,
            state: TicketState::Open,
            taken: None,
            answers: Vec::new(),
        };
        self.state.told_full = false;
        self.state.forwarded = Some((number, self.now));
        self.state.follow(Asked { message: pending.message, entry: None, ticket: Some(number) });
        let card = self.card(&ticket);
        self.remind(&ticket);
        self.effects.extend([Effect::KeepTicket(ticket), Effect::ShowCard(card)]);
        self.tell(voter, "forwarded", &[("number", &number.to_string())]);
    }

    /// An edit changes an open ticket's card; an answered question is answered anew only if its entry changes.
    pub(super) fn edited(&mut self, voter: VoterId, message: i64, text: &str) {
        self.subject = Some(voter);
        let text = text.trim();
        let Some(asked) = self.state.recent.iter().find(|a| a.message == message).cloned() else { return };
        if text.is_empty() || Command::parse(text).is_some() || !self.admit(voter) {
            return;
        }
        if let Some(mut ticket) = asked.ticket.and_then(|n| self.ticket(n)) {
            let Some(own) = ticket.texts.iter_mut().find(|(m, _)| *m == message) else { return };
            own.1 = mask(text, &Offices::default());
            if ticket.state == TicketState::Open {
                self.update(ticket);
            }
            return;
        }
        if let Verdict::Answer(entry) = self.knowledge.matcher.judge(text, day_of(self.now)).verdict {
            let id = &self.knowledge.faq.entries[entry].id;
            if asked.entry.as_ref() != Some(id) {
                self.give(voter, id, Some(mask(text, &Offices::default())), message);
            }
        }
    }

    pub(super) fn still_open(&mut self, number: u64) {
        if let Some(ticket) = self.ticket(number).filter(|t| t.state == TicketState::Open) {
            self.tell(ticket.voter, "still_open", &[("number", &number.to_string())]);
        }
    }

    /// Nothing of the voter's is open any more, as far as the rules for the next message go.
    pub(super) fn answered_now(state: &mut VoterState, number: u64, now: DateTime<FixedOffset>) {
        state.answered = Some((number, now));
        state.told_full = false;
        if state.forwarded.is_some_and(|(n, _)| n == number) {
            state.forwarded = None;
        }
    }
}
