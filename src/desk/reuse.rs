//! A moderator's answer that is suggested to those who ask the same later: only one that a moderator marked so, for
//! `reuse_days`, shown as what it is, with its date and its ticket's code, and with the way to a person under it.
//!
//! Of the voter who asked first nothing is shown. Where the question held masked data, or the answer holds what may be one
//! person's own, a second press must say so. A text that is changed or taken back is suggested no more; those who were shown
//! it hear of that by a recall, as they were noted under the ticket's code.

use super::asked::{Asked, Became};
use super::command::Command;
use super::event::{Action, Content, Outcome};
use super::state::Expects;
use super::ticket::{Reply, Ticket, TicketState};
use super::{Desk, Effect, Event, Known, code};
use crate::faq::home_offset;
use crate::matcher::Matcher;
use crate::matcher::same::Gist;
use crate::text::mask::{HIDDEN_EMAIL, HIDDEN_NUMBER};

/// The longest answer that is suggested, in UTF-16 code units: it stands in one message with the bot's lines.
const LONGEST: usize = 3800;

/// Whether `event` is a question to which a moderator's answer may be suggested: whoever asks for a person gets one.
pub fn may_be_suggested(event: &Event, known: &Known) -> bool {
    let is_question = |text: &str| Command::parse(text.trim()).is_none();
    matches!(event, Event::Message { text, .. } if is_question(text)) && known.voter.expects != Expects::Person
}

/// Which of `tickets` has an answer to suggest to those who ask what `gist` is of.
pub fn same_question<'t>(matcher: &Matcher, tickets: &'t [Ticket], gist: &Gist) -> Option<&'t Ticket> {
    tickets
        .iter()
        .find(|ticket| ticket.suggested().is_some() && matcher.gist(&ticket.asked_by_all()).compare(gist).is_ok())
}

impl Ticket {
    /// The answer that is suggested to others, if one is.
    pub fn suggested(&self) -> Option<&Reply> {
        let shown = matches!(self.state, TicketState::Open | TicketState::Answered | TicketState::Unreached);
        let own = self.answers.iter().rev().find(|reply| reply.reusable && reply.stands() && reply.content.is_some());
        own.filter(|_| shown && self.is_general())
    }

    /// What it asks, without what stands in place of somebody's data.
    pub(super) fn asked_by_all(&self) -> String {
        self.question().replace(HIDDEN_NUMBER, " ").replace(HIDDEN_EMAIL, " ")
    }

    /// Whether others may ask the same at all.
    fn is_general(&self) -> bool {
        !self.claim && !self.urgent && !self.objection
    }

    /// Whether one who asked wrote something that was masked.
    fn holds_masked(&self) -> bool {
        let wordings = self.wordings.iter().map(|wording| &wording.text);
        let masked = |text: &String| text.contains(HIDDEN_NUMBER) || text.contains(HIDDEN_EMAIL);
        self.texts.iter().map(|(_, text)| text).chain(wordings).any(masked)
    }
}

impl Desk<'_> {
    /// The words of an answer that may be marked: text alone, as it stands with somebody who asked.
    fn reusable<'r>(&self, ticket: &Ticket, reply: &'r Reply) -> Option<&'r Content> {
        let arrived = reply.outcomes().any(|outcome| outcome.as_ref().and_then(Outcome::arrived).is_some());
        let led_to = [&ticket.expired, &ticket.shown].into_iter().flatten();
        let sensitive = led_to.into_iter().any(|id| self.is_sensitive(id));
        let fits = |content: &&Content| {
            content.media.is_none() && content.text.encode_utf16().count() <= LONGEST && reply.album.is_empty()
        };
        let given = reply.stands() && arrived && reply.at.is_some();
        let suggests = self.knowledge.faq.settings.reuse_days > 0;
        reply.content.as_ref().filter(fits).filter(|_| given && suggests && ticket.is_general() && !sensitive)
    }

    fn is_sensitive(&self, id: &str) -> bool {
        self.knowledge.faq.entry(id).is_some_and(|entry| entry.sensitive)
    }

    /// The buttons by which an answer is marked, or is so no more: the last one, and the one that is.
    pub(super) fn reuse_actions(&self, ticket: &Ticket) -> Vec<(String, Action)> {
        let button = |reply: &Reply| {
            let (key, action) = if reply.reusable {
                ("button_stop_reuse", Action::StopReuse(reply.message))
            } else {
                ("button_reuse", Action::Reuse(reply.message))
            };
            (self.say(key, &[]), action)
        };
        let may = |reply: &&Reply| self.reusable(ticket, reply).is_some();
        let last = ticket.answers.iter().rev().find(|reply| reply.stands()).filter(may);
        let marked =
            ticket.answers.iter().filter(|reply| reply.reusable && last.is_none_or(|l| l.message != reply.message));
        marked.filter(may).chain(last).map(button).collect()
    }

    /// A moderator lets an answer be suggested to others; `sure` is whether that was asked.
    pub(super) fn reuse(&mut self, mut ticket: Ticket, message: i64, sure: bool) {
        let number = ticket.number.to_string();
        if self.knowledge.faq.settings.reuse_days == 0 {
            return self.toast("reuse_off", &[]);
        }
        let own = ticket.answers.iter().find(|reply| reply.message == message);
        let Some(content) = own.and_then(|reply| self.reusable(&ticket, reply)) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        let nearest_sensitive = ticket.nearest.first().is_some_and(|id| self.is_sensitive(id));
        if !sure && (ticket.holds_masked() || nearest_sensitive || self.is_for_one(content)) {
            let text = self.say("reuse_confirm", &[("number", &number)]);
            let yes = (ticket.key.clone(), self.say("button_reuse_surely", &[]), Action::ReuseSurely(message));
            let (ticket, key) = (ticket.number, self.known.key.clone());
            self.effects.push(Effect::Line { ticket, key, text, actions: vec![yes] });
            return self.toast("reuse_asked", &[("number", &number)]);
        }
        for reply in &mut ticket.answers {
            reply.reusable = reply.message == message;
            reply.reused |= reply.reusable;
        }
        self.update(&ticket);
        self.index(&ticket);
        self.toast("reuse_marked", &[("number", &number)]);
    }

    /// It is suggested no more.
    pub(super) fn stop_reuse(&mut self, mut ticket: Ticket, message: i64) {
        let number = ticket.number.to_string();
        let Some(own) = ticket.answers.iter_mut().find(|reply| reply.message == message && reply.reusable) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        own.reusable = false;
        self.update(&ticket);
        self.toast("reuse_stopped", &[("number", &number)]);
    }

    /// An answer says something else, or is taken back: it is suggested no more, and moderators hear who does not know yet.
    pub(super) fn end_reuse(&mut self, ticket: &mut Ticket, message: i64) {
        let Some(own) = ticket.answers.iter_mut().find(|reply| reply.message == message) else { return };
        own.reusable = false;
        if own.reused {
            let text = self.say("reuse_ended", &[("number", &ticket.number.to_string())]);
            let (ticket, key) = (ticket.number, self.known.key.clone());
            self.effects.push(Effect::Line { ticket, key, text, actions: Vec::new() });
        }
    }

    /// Suggests a moderator's answer for what was asked, if there is one; says whether it did. `expired` is the entry that
    /// would have answered.
    pub(super) fn suggests_answer(&mut self, asked: &Asked, expired: Option<&str>) -> bool {
        let Some(ticket) = self.known.reusable.as_ref().filter(|_| !expired.is_some_and(|id| self.is_sensitive(id)))
        else {
            return false;
        };
        let days = chrono::TimeDelta::days(self.knowledge.faq.settings.reuse_days);
        let fresh = |reply: &&Reply| reply.at.is_some_and(|at| self.now - at < days);
        let Some((reply, at)) = ticket.suggested().filter(fresh).and_then(|reply| Some((reply, reply.at?))) else {
            return false;
        };
        let matcher = &self.knowledge.matcher;
        let same = || matcher.gist(&ticket.asked_by_all()).compare(&matcher.gist(&asked.text)).is_ok();
        let Some(content) = reply.content.clone().filter(|_| !ticket.is_asked_by(asked.voter) && same()) else {
            return false;
        };
        let code = code::of_ticket(ticket.number);
        let date = self.language.date(at.with_timezone(&home_offset()).date_naive());
        let effect = Effect::SuggestAnswer {
            voter: asked.voter,
            key: asked.key.clone(),
            before: format!("{}\n\n", self.say("reused", &[("date", &date)])),
            content,
            after: format!("\n\n{}", self.say("reused_code", &[("code", &code)])),
            helped: self.say("button_reused", &[]),
            person: self.say("button_reused_person", &[]),
            code: code.clone(),
        };
        self.state.joins = None;
        self.became(asked.clone(), Became::Offered { shown: Some(code) });
        self.effects.push(effect);
        true
    }
}

#[cfg(test)]
mod tests;
