//! Replies that are kept back until a moderator says that they are to be sent: one for several people that holds what may be
//! one person's own, and one to a question that another moderator has just answered.

use chrono::TimeDelta;

use crate::desk::event::{Action, Content, ReplyKey};
use crate::desk::reply::waiting;
use crate::desk::ticket::{Held, Reply, Ticket};
use crate::desk::{Desk, Effect};
use crate::faq::home_offset;

/// Within this after another's answer a moderator's own asks first: it may have been written without seeing that one.
const JUST_NOW: TimeDelta = TimeDelta::minutes(2);

/// A number of so many digits in a reply is likely somebody's own.
const PRIVATE_DIGITS: usize = 6;
/// What stands before somebody's name.
const HONORIFICS: [&str; 10] = ["pak", "bu", "bapak", "ibu", "mas", "mbak", "sdr", "sdri", "saudara", "saudari"];

/// A person's name in `text`: after a title ("Pak Wiryo"), or one of `people`.
pub(in crate::desk) fn person_in(text: &str, people: &[String]) -> Option<String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let words: Vec<&str> = text.split_whitespace().collect();
    let titled = words.windows(2).find(|pair| {
        HONORIFICS.contains(&bare(pair[0]).to_lowercase().as_str()) && pair[1].starts_with(char::is_uppercase)
    });
    let known = || words.iter().map(|word| bare(word)).find(|word| people.contains(&word.to_lowercase()));
    titled.map(|pair| bare(pair[1])).or_else(known)
}

impl Desk<'_> {
    /// Whether a reply must be looked at once more before it goes to several people: what is somebody's own in it.
    pub(in crate::desk) fn is_for_one(&self, content: &Content) -> bool {
        let text = content.text.as_str();
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
        let long = digits.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= PRIVATE_DIGITS);
        let gist = self.knowledge.matcher.gist(text);
        let named = person_in(text, &self.knowledge.faq.likeness.people).is_some();
        let masked = self.masked(text) != text;
        long || masked || named || gist.is_private() || gist.names_somewhere()
    }

    /// The same of a reply to that ticket, if several ask with it. What is said of a message that was sent on is for all.
    pub(in crate::desk) fn is_for_one_of_several(&self, ticket: &Ticket, content: &Content) -> bool {
        ticket.askers().count() > 1 && !ticket.claim && self.is_for_one(content)
    }

    /// Whether an answer came in just now.
    pub(in crate::desk) fn is_just_given(&self, reply: &Reply) -> bool {
        reply.at.is_some_and(|at| (TimeDelta::zero()..=JUST_NOW).contains(&(self.now - at)))
    }

    /// Whether an answer is another moderator's than `by`, as far as the surface tells.
    pub(in crate::desk) fn is_by_another(&self, reply: &Reply, by: Option<&str>) -> bool {
        by.is_none() || reply.by.as_deref() != by
    }

    /// Whether another moderator has answered just now: who answers next may not have seen it.
    pub(in crate::desk) fn is_just_answered(&self, ticket: &Ticket, by: Option<&str>) -> bool {
        self.other_just_now(ticket, by).is_some()
    }

    fn other_just_now<'t>(&self, ticket: &'t Ticket, by: Option<&str>) -> Option<&'t Reply> {
        let just = |reply: &&Reply| reply.stands() && self.is_by_another(reply, by) && self.is_just_given(reply);
        ticket.answers.iter().rev().find(just)
    }

    /// Keeps a reply back until a moderator says that it is for all, or that it is wanted besides another's.
    pub(in crate::desk) fn hold(&mut self, mut ticket: Ticket, mut held: Held) {
        held.entry = self.code_of(&held.content);
        let (number, message) = (ticket.number, held.message);
        // To whom it goes if it is sent now.
        let own = ticket.answers.iter().find(|own| own.message == message);
        let count = own.map_or(1 + waiting(&ticket, self.known.shown).len(), |own| own.recipients(&ticket).len());
        let count = count.to_string();
        let shown = number.to_string();
        let mut lines = Vec::new();
        let own = |reply: &&Reply| reply.message != message;
        if let Some(other) = self.other_just_now(&ticket, held.by.as_deref()).filter(own) {
            let by = self.someone(other.by.as_deref());
            let at = other.at.unwrap_or(self.now).with_timezone(&home_offset()).format("%H.%M").to_string();
            lines.push(self.say("held_just_answered", &[("number", &shown), ("by", &by), ("time", &at)]));
        }
        let private = held.entry.is_none() && self.is_for_one_of_several(&ticket, &held.content);
        if private || lines.is_empty() {
            lines.push(self.say("held", &[("number", &shown), ("count", &count)]));
        }
        ticket.held.retain(|own| own.message != message);
        ticket.held.push(held);
        let send =
            if private { self.say("button_send_all", &[("count", &count)]) } else { self.say("button_send_held", &[]) };
        let button = |label: String, action| (ticket.key.clone(), label, action);
        let actions = vec![
            button(send, Action::SendHeld(message)),
            button(self.say("button_drop_held", &[]), Action::DropHeld(message)),
        ];
        let text = lines.join("\n");
        self.keep(ticket);
        self.effects.push(Effect::Line { ticket: number, key: self.known.key.clone(), text, actions });
    }

    /// Sends a reply that was kept back, or lets it be.
    pub(in crate::desk) fn held_pressed(&mut self, mut ticket: Ticket, message: i64, send: bool) {
        let number = ticket.number.to_string();
        let Some(at) = ticket.held.iter().position(|held| held.message == message) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        // The FAQ may have changed since it was kept.
        if let Some(id) = ticket.held[at].entry.as_deref().filter(|id| send && !self.is_code(id)) {
            return self.toast_text(self.why_not_given(id));
        }
        let held = ticket.held.remove(at);
        if !send {
            self.keep(ticket);
            return self.toast("held_dropped", &[("number", &number)]);
        }
        let key = ReplyKey::of(ticket.number, message);
        match held.entry {
            Some(id) => self.deliver_entry(ticket, key, held.by.as_deref(), &id),
            None => self.deliver(ticket, key, held.by.as_deref(), &held.content, &held.album),
        }
        self.toast("sent_again", &[("number", &number)]);
    }
}
