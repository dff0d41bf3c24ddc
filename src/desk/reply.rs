//! A moderator's reply to a ticket: an answer in words, in a picture or by an entry's code.

use super::event::{Addressee, Content, ReplyKey};
use super::ticket::{Arrival, Held, Reply, Ticket, TicketState};
use super::{Desk, Effect, VoterId};
use crate::faq::day_of;
use crate::faq::entry::Entry;

/// What a note among moderators starts with.
pub(super) const NOTE: &str = "//";
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

/// Whether what a moderator wrote is a note to the others.
pub(super) fn is_note(content: &Content) -> bool {
    content.text.trim_start().starts_with(NOTE)
}

/// An answer on its way to those who asked the same as the first: to those whom the card showed, `shown` with the first, if
/// that is known. What is said of a message that was sent on is for all who sent it.
pub(super) fn waiting(ticket: &Ticket, shown: Option<usize>) -> Vec<Arrival> {
    let shown = shown.filter(|_| !ticket.claim).map_or(usize::MAX, |all| all.saturating_sub(1));
    ticket.others.iter().take(shown).map(|&voter| Arrival { voter, outcome: None }).collect()
}

/// The key of the bot's words before a moderator's: a first answer, or an addition.
pub(super) fn heading_key(ticket: &Ticket, message: i64) -> &'static str {
    let others = ticket.answers.iter().any(|r| r.stands() && r.message != message);
    if others { "ticket_addition" } else { "ticket_answer" }
}

impl Desk<'_> {
    pub(super) fn reply(
        &mut self,
        to: &Addressee,
        message: i64,
        by: Option<&str>,
        content: &Content,
        album: Option<&str>,
    ) {
        if is_note(content) {
            // A note among moderators goes nowhere.
            return;
        }
        if let Addressee::Post(_) = to {
            return self.reworded(message, content, false);
        }
        let Some(ticket) = self.addressed(to, message) else { return };
        let shown = ticket.number.to_string();
        let text = content.text.trim();
        if text.is_empty() && content.media.is_none() {
            return self.notice_writer(message, "reply_empty", &[("number", &shown)]);
        }
        if let Some(album) = album {
            return self.gather(ticket, message, by, content, album);
        }
        let key = ReplyKey::of(ticket.number, message);
        if let Some(why) = self.why_not_sent(content) {
            return self.notice_about(message, why);
        }
        let code = self.code_of(content);
        let private = code.is_none() && self.is_for_one_of_several(&ticket, content);
        if private || self.is_just_answered(&ticket, by) {
            let held = Held { message, by: by.map(str::to_owned), ..Held::of(content.clone()) };
            return self.hold(ticket, held);
        }
        match code {
            Some(id) => self.deliver_entry(ticket, key, by, &id),
            None => self.deliver(ticket, key, by, content, &[]),
        }
    }

    /// Why what a moderator wrote is no answer: it is the code of an entry that is not given now.
    pub(super) fn why_not_sent(&self, content: &Content) -> Option<String> {
        self.code_of(content).filter(|id| !self.is_code(id)).map(|id| self.why_not_given(&id))
    }

    /// The entry whose code, with its version or without, is all that a moderator wrote. Only an entry that exists has a
    /// code: whatever else looks like one, a telephone number or a doubled word, is an answer.
    pub(super) fn code_of(&self, content: &Content) -> Option<String> {
        let coded = self.knowledge.faq.coded(content.text.trim()).filter(|_| content.media.is_none());
        coded.map(|(entry, _)| entry.id.clone())
    }

    /// The bot's words before a moderator's: a first answer, or an addition.
    pub(super) fn heading(&self, ticket: &Ticket, message: i64) -> String {
        let key = heading_key(ticket, message);
        format!("{}\n\n", self.say(key, &[("number", &ticket.number.to_string())]))
    }

    /// Sends a moderator's words, or an album, as an answer.
    pub(super) fn deliver(
        &mut self,
        ticket: Ticket,
        key: ReplyKey,
        by: Option<&str>,
        content: &Content,
        album: &[i64],
    ) {
        let before = self.heading(&ticket, key.message);
        let reply = Reply {
            message: key.message,
            by: by.map(str::to_owned),
            at: Some(self.now),
            outcome: None,
            others: waiting(&ticket, self.known.shown),
            withdrawn: false,
            reusable: false,
            reused: false,
            corrected: false,
            media: content.media.as_ref().map(|m| m.file.clone()),
            whole: album.is_empty() && is_whole(&before, content),
            album: album.to_vec(),
            draft: None,
            content: Some(content.clone()),
            entry: None,
            first_gone: false,
        };
        let deliver = |(voter, reply, _)| {
            let (before, content) = (before.clone(), content.clone());
            Effect::Deliver { voter, reply, before, content, album: album.to_vec() }
        };
        let effects = reply.recipients(&ticket).into_iter().map(deliver).collect();
        self.answered(ticket, reply, effects);
    }

    /// Sends an entry as an answer.
    pub(super) fn deliver_entry(&mut self, ticket: Ticket, key: ReplyKey, by: Option<&str>, id: &str) {
        let head = heading_key(&ticket, key.message);
        self.send_entry(ticket, key, by, id, head);
    }

    /// Sends an entry below the line of that key, each asker in the language that is spoken there.
    pub(super) fn send_entry(&mut self, ticket: Ticket, key: ReplyKey, by: Option<&str>, id: &str, head: &str) {
        let faq = &self.knowledge.faq;
        let Some(entry) = faq.entry(id).filter(|e| e.is_valid(day_of(self.now))) else { return };
        let reply = Reply {
            message: key.message,
            by: by.map(str::to_owned),
            at: Some(self.now),
            outcome: None,
            others: waiting(&ticket, self.known.shown),
            withdrawn: false,
            reusable: false,
            reused: false,
            corrected: false,
            media: None,
            whole: true,
            album: Vec::new(),
            draft: None,
            content: None,
            entry: Some(id.to_owned()),
            first_gone: false,
        };
        let give = |(voter, reply, _)| self.giving(entry, voter, reply, head);
        let effects = reply.recipients(&ticket).into_iter().map(give).collect();
        self.answered(ticket, reply, effects);
    }

    /// An entry on its way to one who asks a ticket, in the language of that one.
    pub(super) fn giving(&self, entry: &Entry, voter: VoterId, reply: ReplyKey, head: &str) -> Effect {
        let known = self.known.languages.iter().find(|(own, _)| *own == voter);
        let language = known.map_or(self.language, |(_, language)| *language);
        let number = reply.ticket.to_string();
        let head = self.knowledge.faq.wordings.say(language, head, &[("number", &number)]);
        let answer = self.knowledge.faq.answer_in(entry, language, self.now);
        Effect::Answer { voter, key: String::new(), answer, head: format!("{head}\n\n"), reply: Some(reply) }
    }

    /// Keeps that the ticket is answered, and tells who must know. The same message's earlier answer is replaced.
    fn answered(&mut self, mut ticket: Ticket, reply: Reply, effects: Vec<Effect>) {
        let others = |r: &&Reply| r.stands() && r.message != reply.message;
        let earlier = ticket.answers.iter().rev().find(others).cloned();
        self.note_answered(ticket.number);
        self.effects.extend(effects);
        // Who answers right after another was asked before.
        let unasked =
            |earlier: &Reply| self.is_by_another(earlier, reply.by.as_deref()) && !self.is_just_given(earlier);
        if let Some(earlier) = earlier.filter(unasked) {
            let (first, second) = (self.someone(earlier.by.as_deref()), self.someone(reply.by.as_deref()));
            let number = ticket.number.to_string();
            self.notice("answered_twice", &[("number", &number), ("first", &first), ("second", &second)]);
        }
        self.end_reuse(&mut ticket, reply.message);
        match ticket.answers.iter_mut().find(|r| r.message == reply.message) {
            Some(own) => *own = Reply { corrected: true, reused: own.reused, ..reply },
            None => ticket.answers.push(reply),
        }
        // Who joined after the card was seen waits on.
        ticket.state = if ticket.unanswered().is_empty() { TicketState::Answered } else { TicketState::Open };
        self.update(&ticket);
    }
}
