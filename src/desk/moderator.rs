//! The rules for moderators.

use chrono::Duration;

use super::command::ModeratorCommand;
use super::event::{Action, Content, Outcome, ReplyKey};
use super::ticket::{Reply, Ticket, TicketState};
use super::{Desk, Effect};
use crate::faq::{day_of, home_offset};
use crate::text::indonesian::date;

/// A bot can delete its message within this (<https://core.telegram.org/bots/api#deletemessage>).
const DELETED_WITHIN: Duration = Duration::hours(48);
/// What a note among moderators starts with.
const NOTE: &str = "//";
/// The longest text of one message, in UTF-16 code units (<https://core.telegram.org/bots/api#sendmessage>).
pub const LONGEST_TEXT: usize = 4096;
/// The longest text under a picture, in UTF-16 code units (<https://core.telegram.org/bots/api#sendphoto>).
pub const LONGEST_CAPTION: usize = 1024;

/// Whether the bot's words and a moderator's stand in one message.
pub fn is_whole(before: &str, content: &Content) -> bool {
    let length = before.encode_utf16().count() + content.text.encode_utf16().count();
    match &content.media {
        None => length <= LONGEST_TEXT,
        Some(media) => media.captioned && length <= LONGEST_CAPTION,
    }
}

impl Desk<'_> {
    fn someone(&self, by: Option<&str>) -> String {
        by.map_or_else(|| self.say("someone", &[]), str::to_owned)
    }

    fn no_such_ticket(&mut self, number: u64) {
        self.notice("no_such_ticket", &[("number", &number.to_string())]);
    }

    /// A ticket as it was, so that a reply after the voter's `/hapus` is told rather than lost.
    fn known_ticket(&mut self, number: u64) -> Option<Ticket> {
        let ticket = self.ticket(number).filter(|t| t.state != TicketState::Withdrawn);
        if let Some(ticket) = &ticket {
            self.subject = Some(ticket.voter);
        }
        ticket
    }

    pub(super) fn reply(&mut self, key: ReplyKey, by: Option<&str>, content: &Content) {
        let text = content.text.trim();
        let Some(ticket) = self.known_ticket(key.ticket) else { return self.no_such_ticket(key.ticket) };
        let shown = key.ticket.to_string();
        if text.is_empty() && content.media.is_none() {
            return self.notice("reply_empty", &[("number", &shown)]);
        }
        if text.starts_with(NOTE) {
            // A note among moderators goes nowhere.
            return;
        }
        if content.media.is_none() {
            let faq = &self.knowledge.faq;
            if let Some(entry) = faq.entry(text) {
                if !entry.is_valid(day_of(self.now)) {
                    return self.notice("entry_expired", &[("id", text)]);
                }
                return self.deliver_entry(ticket, key, by, text);
            }
            let code = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            if text.contains('-') && text.bytes().all(code) {
                return self.notice("no_such_entry", &[("id", text)]);
            }
        }
        let before = self.heading(&ticket);
        let reply = ReplyKey { ticket: key.ticket, message: key.message };
        let voter = ticket.voter;
        let whole = is_whole(&before, content);
        self.answered(ticket, key, by, content.media.as_ref().map(|m| m.file.clone()), whole, |_| Effect::Deliver {
            voter,
            reply,
            before,
            content: content.clone(),
        });
    }

    /// The bot's words before a moderator's: a first answer, or an addition.
    fn heading(&self, ticket: &Ticket) -> String {
        let key = if ticket.answers.iter().any(|r| !r.withdrawn) { "ticket_addition" } else { "ticket_answer" };
        format!("{}\n\n", self.say(key, &[("number", &ticket.number.to_string())]))
    }

    fn deliver_entry(&mut self, ticket: Ticket, key: ReplyKey, by: Option<&str>, id: &str) {
        let head = self.heading(&ticket);
        let faq = &self.knowledge.faq;
        let Some(entry) = faq.entry(id) else { return };
        let answer = faq.answer(entry, self.now);
        let voter = ticket.voter;
        self.answered(ticket, key, by, None, true, |_| Effect::Answer { voter, answer, reply: Some((key, head)) });
    }

    /// Keeps that the ticket is answered, and tells who must know.
    fn answered(
        &mut self,
        mut ticket: Ticket,
        key: ReplyKey,
        by: Option<&str>,
        media: Option<String>,
        whole: bool,
        effect: impl FnOnce(&Ticket) -> Effect,
    ) {
        let earlier = ticket.answers.iter().rev().find(|r| !r.withdrawn).cloned();
        let by_name = by.map(str::to_owned);
        ticket.answers.push(Reply { message: key.message, by: by_name, outcome: None, withdrawn: false, media, whole });
        ticket.state = TicketState::Answered;
        Self::answered_now(&mut self.state, ticket.number, self.now);
        self.effects.push(effect(&ticket));
        if let Some(earlier) = earlier.filter(|e| e.by.as_deref() != by || by.is_none()) {
            let (first, second) = (self.someone(earlier.by.as_deref()), self.someone(by));
            self.notice(
                "answered_twice",
                &[("number", &ticket.number.to_string()), ("first", &first), ("second", &second)],
            );
        }
        self.keep(ticket);
    }

    fn keep(&mut self, ticket: Ticket) {
        let card = self.card(&ticket);
        self.effects.extend([Effect::KeepTicket(ticket), Effect::UpdateCard(card)]);
    }

    pub(super) fn reply_edited(&mut self, key: ReplyKey, by: Option<&str>, content: &Content) {
        let Some(mut ticket) = self.known_ticket(key.ticket) else { return };
        let Some(place) = ticket.answers.iter().position(|r| r.message == key.message) else {
            // A note that became an answer.
            return self.reply(key, by, content);
        };
        let earlier = ticket.answers[place].clone();
        if earlier.withdrawn || content.text.trim().starts_with(NOTE) {
            return;
        }
        let voter = ticket.voter;
        let number = ticket.number.to_string();
        let file = content.media.as_ref().map(|m| m.file.clone());
        let head_key = if place == 0 { "ticket_answer" } else { "ticket_addition" };
        let before = format!("{}\n\n", self.say(head_key, &[("number", &number)]));
        let lost = matches!(earlier.outcome, Some(Outcome::Blocked | Outcome::Failed(_)));
        if earlier.whole && !lost && earlier.media == file && is_whole(&before, content) {
            self.effects.push(Effect::Correct { voter, reply: key, before, content: content.clone() });
            return;
        }
        let before = format!("{}\n\n", self.say("ticket_correction", &[("number", &number)]));
        ticket.answers[place].outcome = None;
        ticket.answers[place].media = file;
        ticket.answers[place].whole = is_whole(&before, content);
        self.effects.push(Effect::Deliver { voter, reply: key, before, content: content.clone() });
        self.keep(ticket);
    }

    pub(super) fn tap(&mut self, number: u64, by: Option<&str>, action: &Action) {
        let shown = number.to_string();
        let Some(mut ticket) = self.known_ticket(number) else {
            return self.toast("no_such_ticket", &[("number", &shown)]);
        };
        let open = ticket.state == TicketState::Open;
        match action {
            Action::Take if open => {
                if let Some(other) = ticket.taken.clone() {
                    return self.toast("already_taken", &[("by", &other)]);
                }
                ticket.taken = Some(self.someone(by));
                self.keep(ticket);
                self.toast("taken", &[("number", &shown)]);
            }
            Action::Spam if open => self.close(ticket, TicketState::Spam),
            Action::Block if open => {
                let voter = ticket.voter;
                self.state.blocked = true;
                let others: Vec<Ticket> = self
                    .known
                    .tickets
                    .iter()
                    .filter(|t| t.voter == voter && t.state == TicketState::Open && t.number != number)
                    .cloned()
                    .collect();
                self.close(ticket, TicketState::Blocked);
                for mut other in others {
                    other.state = TicketState::Blocked;
                    self.keep(other);
                }
            }
            Action::Unblock if ticket.state == TicketState::Blocked => {
                self.state.blocked = false;
                ticket.state = TicketState::Spam;
                self.keep(ticket);
                self.toast("unblocked", &[("number", &shown)]);
            }
            Action::Give(id) if open => {
                let valid = self.knowledge.faq.entry(id).is_some_and(|e| e.is_valid(day_of(self.now)));
                if !valid {
                    return self.toast("no_such_entry", &[("id", id)]);
                }
                // A button is no message: its answer goes by a number that no message has.
                let message = -1 - ticket.answers.len() as i64;
                self.deliver_entry(ticket, ReplyKey { ticket: number, message }, by, id);
            }
            Action::TakeBack(message) => self.take_back(ticket, *message),
            Action::Take | Action::Spam | Action::Block | Action::Unblock | Action::Give(_) => {
                self.toast("no_such_ticket", &[("number", &shown)]);
            }
        }
    }

    fn close(&mut self, mut ticket: Ticket, state: TicketState) {
        let number = ticket.number.to_string();
        let voter = ticket.voter;
        ticket.state = state;
        self.keep(ticket);
        self.tell(voter, "closed", &[("number", &number)]);
    }

    fn take_back(&mut self, mut ticket: Ticket, message: i64) {
        let number = ticket.number.to_string();
        let voter = ticket.voter;
        let Some(reply) = ticket.answers.iter_mut().find(|r| r.message == message && !r.withdrawn) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        reply.withdrawn = true;
        let late = match reply.outcome {
            Some(Outcome::Sent(at) | Outcome::Partly { at, .. }) => {
                self.now.timestamp_millis() - at >= DELETED_WITHIN.num_milliseconds()
            }
            _ => false,
        };
        let caption = reply.media.is_some();
        if ticket.answers.iter().all(|r| r.withdrawn) {
            ticket.state = TicketState::Open;
            self.state.answered = None;
        }
        let text = self.say("taken_back", &[("number", &number)]);
        let reply = ReplyKey { ticket: ticket.number, message };
        self.effects.push(Effect::TakeBack { voter, reply, late, text, caption });
        self.keep(ticket);
        self.toast("taken_back_toast", &[("number", &number)]);
    }

    pub(super) fn delivered(&mut self, key: ReplyKey, outcome: &Outcome) {
        let Some(mut ticket) = self.ticket(key.ticket) else { return };
        let Some(reply) = ticket.answers.iter_mut().find(|r| r.message == key.message) else { return };
        // A correction that is delivered later does not make the first delivery later.
        let sent = |outcome: &Outcome| matches!(outcome, Outcome::Sent(_) | Outcome::Partly { .. });
        if reply.outcome.as_ref().is_some_and(sent) && sent(outcome) {
            return;
        }
        reply.outcome = Some(outcome.clone());
        self.keep(ticket);
    }

    pub(super) fn asked(&mut self, command: ModeratorCommand) {
        match command {
            ModeratorCommand::Help => self.notice("moderator_help", &[]),
            ModeratorCommand::Reload => self.effects.push(Effect::Reload),
            ModeratorCommand::Queue if self.known.queue.is_empty() => self.notice("queue_empty", &[]),
            ModeratorCommand::Queue => {
                let line = |(number, asked): &(u64, chrono::DateTime<chrono::FixedOffset>)| {
                    let asked = asked.with_timezone(&home_offset());
                    format!("#{number}, {} pukul {}", date(asked.date_naive()), asked.format("%H.%M WIB"))
                };
                let lines: Vec<String> = self.known.queue.iter().map(line).collect();
                self.notice("queue", &[("tickets", &lines.join("\n"))]);
            }
        }
    }
}
