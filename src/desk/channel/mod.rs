//! The public channel of questions and answers. What is posted is a moderator's own rewording, shown first, with the answer's
//! source and code; a voter's own words only after that voter's yes. Nobody is named.
//!
//! `check`: what a moderator wrote, and why it can't be posted. `post`: what is prepared or stands. `consent`: the voter's yes
//! or no. `change`: what a correction makes of a post, and what `/hapus` takes out of it.

use super::event::{Action, Content, Outcome};
use super::grouping::person_in;
use super::ticket::{Reply, Ticket};
use super::{Desk, Effect, code};
use crate::faq::day_of;
use crate::faq::entry::Entry;
use crate::text::cut::shortened;
use crate::text::indonesian::date;
use crate::text::language::Language;

mod change;
mod check;
mod consent;
pub mod post;
#[cfg(test)]
mod tests;

use check::{LONGEST_POST, LONGEST_QUESTION, Rewording, is_masked, mentions, repeats};
pub use post::{Consent, Post, Words};

/// How much of Telegram's words on a failure is told, in characters.
const REASON_SHOWN: usize = 200;

/// What is known of the public channel for an event.
#[derive(Debug, Clone, Default)]
pub struct Channel {
    /// Whether there is one.
    pub set: bool,
    /// The post that the event is about.
    pub post: Option<Post>,
    /// Posts that the event may change: of answers that hold no more, or of a voter whose data are deleted.
    pub posts: Vec<Post>,
}

/// How the names of a post's messages in the moderator chat begin.
pub const POST_MESSAGES: &str = "post";

/// The name of one of a post's messages in the moderator chat.
pub fn message_name(post: &Post, part: &str) -> String {
    format!("{POST_MESSAGES}:{}:{}:{part}", post.ticket, post.key)
}

/// The key of the post that a message of that name in the moderator chat stands for.
pub fn post_of(name: &str) -> Option<&str> {
    let mut parts = name.split(':');
    parts.next().filter(|kind| *kind == POST_MESSAGES)?;
    parts.nth(1)
}

impl Ticket {
    /// Whether it may be posted: it was answered, and is no cry for help, no objection and no insult.
    pub(super) fn is_publishable(&self) -> bool {
        !self.urgent && !self.objection && self.blocked_for.is_none() && self.told().is_some()
    }

    /// The answer that stands with somebody, the last of them.
    pub(super) fn told(&self) -> Option<&Reply> {
        let arrived = |reply: &&Reply| reply.outcomes().flatten().any(|outcome| outcome.arrived().is_some());
        self.answers.iter().rev().filter(|reply| !reply.withdrawn).find(arrived)
    }
}

impl Desk<'_> {
    /// "Terbitkan": asks for a rewording.
    pub(super) fn publish(&mut self, ticket: &Ticket) {
        let number = ticket.number.to_string();
        if !self.known.channel.set || !ticket.is_publishable() {
            return self.toast("post_not", &[("number", &number)]);
        }
        let post = self.known.channel.post.clone();
        if post.as_ref().is_some_and(Post::is_out) {
            return self.toast("post_out", &[("number", &number)]);
        }
        let code = code::of_ticket(ticket.number);
        let post = post.unwrap_or_else(|| Post::new(self.known.key.clone(), ticket.number, code));
        let text = self.say("post_ask", &[("number", &number)]);
        // By the key in its button a reply is known even if nobody could note yet where the line stands.
        let drop = (post.key.clone(), self.say("button_drop_post", &[]), Action::DropPost);
        self.post_line(&post, "ask", text, None, vec![drop], false);
        self.effects.push(Effect::KeepPost(post));
    }

    /// A moderator wrote what a post is to say, or changed it.
    pub(super) fn reworded(&mut self, message: i64, content: &Content, edited: bool) {
        let Some(mut post) = self.known.channel.post.clone() else {
            return self.notice_writer(message, "post_gone", &[]);
        };
        // Of an earlier rewording nothing is taken any more.
        if edited && post.message != Some(message) {
            return;
        }
        let ticket = self.ticket(post.ticket);
        let rewording = Rewording::read(&content.text);
        let words = match self.compose(&rewording, ticket.as_ref(), &mut post) {
            Ok(words) => words,
            Err(why) => {
                return self.notice_writer(message, why, &[("number", &post.ticket.to_string())]);
            }
        };
        post.words = Some(words);
        post.message = Some(message);
        post.draft += 1;
        self.show_post(&post, edited);
        self.effects.push(Effect::KeepPost(post));
    }

    /// The entry whose answer a post gives, if it is an entry's and can be given.
    fn entry_of(&self, id: &str) -> Option<&Entry> {
        self.knowledge.faq.entry(id).filter(|entry| entry.is_valid(day_of(self.now)))
    }

    /// What a post says by a rewording; or the key of why it can't be posted.
    fn compose(&self, rewording: &Rewording, ticket: Option<&Ticket>, post: &mut Post) -> Result<Words, &'static str> {
        let told = ticket.and_then(Ticket::told);
        if ticket.is_some() && told.is_none() {
            return Err("post_not");
        }
        let entry = told.and_then(|reply| reply.entry.as_deref());
        if let Some(id) = entry.or_else(|| code::ticket(&post.code).is_none().then_some(post.code.as_str())) {
            let entry = self.entry_of(id).ok_or("post_no_entry")?;
            let answer =
                rewording.answer.clone().unwrap_or_else(|| self.knowledge.faq.answer(entry, self.now).body.plain());
            post.code = entry.id.clone();
            let source = rewording.source.clone().or_else(|| self.sources_of(entry));
            return self.checked(rewording, answer, source, self.knowledge.faq.code(entry), ticket, post);
        }
        let given = told.and_then(|reply| reply.content.as_ref()).map(|content| content.text.trim().to_owned());
        let answer = rewording.answer.clone().or(given).unwrap_or_default();
        post.code = code::of_ticket(post.ticket);
        self.checked(rewording, answer, rewording.source.clone(), post.code.clone(), ticket, post)
    }

    fn sources_of(&self, entry: &Entry) -> Option<String> {
        Some(entry.sources_on(day_of(self.now)).join("; ")).filter(|sources| !sources.is_empty())
    }

    fn checked(
        &self,
        rewording: &Rewording,
        answer: String,
        source: Option<String>,
        code: String,
        ticket: Option<&Ticket>,
        post: &mut Post,
    ) -> Result<Words, &'static str> {
        let question = rewording.question.clone();
        if question.is_empty() {
            return Err("post_no_question");
        }
        if answer.is_empty() {
            return Err("post_no_answer");
        }
        let source = source.ok_or("post_no_source")?;
        let words = Words { foot: self.post_foot(&source, &code), question, answer, code, ..Words::default() };
        let text = words.plain();
        if words.question.chars().count() > LONGEST_QUESTION || text.encode_utf16().count() > LONGEST_POST {
            return Err("post_long");
        }
        if is_masked(&text, &self.knowledge.offices)
            || mentions(&text)
            || person_in(&text, &self.knowledge.faq.likeness.people).is_some()
        {
            return Err("post_private");
        }
        let own = ticket.map(Ticket::question);
        let others = ticket.into_iter().flat_map(|ticket| &ticket.wordings);
        let own_words = |text: &str| own.as_deref().is_some_and(|own| repeats(text, own));
        let reworded = format!("{}\n{}", words.question, words.answer);
        post.verbatim = own_words(&reworded);
        let allowed = post.consent.words().is_some_and(|words| own.as_deref() == Some(words));
        let of_another = others
            .filter(|wording| {
                ticket.is_none_or(|ticket| wording.askers.iter().any(|asker| asker.voter != ticket.voter))
            })
            .any(|wording| repeats(&reworded, &wording.text));
        if post.verbatim && !allowed || of_another {
            return Err("post_verbatim");
        }
        Ok(words)
    }

    /// The lines under a post: where the answer comes from, of which day it is, and its code.
    fn post_foot(&self, source: &str, code: &str) -> String {
        let say =
            |key: &str, values: &[(&str, &str)]| self.knowledge.faq.wordings.say(Language::Indonesian, key, values);
        let sources = say("answer_sources", &[("sources", source)]);
        format!("{sources}\n{}", say("post_dated", &[("date", &date(day_of(self.now))), ("id", code)]))
    }

    /// Shows how a post will stand, or stands. `posted`: in the place of the last view.
    fn show_post(&mut self, post: &Post, posted: bool) {
        let number = post.ticket.to_string();
        let words = post.words.as_ref().or(post.stands.as_ref());
        let mut lines = vec![match (&post.sending, post.differs(), post.public) {
            (Some(_), _, _) => self.say("post_sending", &[("number", &number)]),
            (None, true, true) => self.say("post_differs", &[("number", &number)]),
            (None, true, false) => self.say("post_preview", &[("number", &number)]),
            (None, false, _) => self.say("post_stands", &[("number", &number)]),
        }];
        lines.extend(match post.consent {
            Consent::Unasked => None,
            Consent::Asked(_) => Some(self.say("post_asked", &[])),
            Consent::Given(_) => Some(self.say("post_allowed", &[])),
            Consent::Refused => Some(self.say("post_refused", &[])),
        });
        let quote = words.map(Words::plain);
        let actions = if post.sending.is_some() { Vec::new() } else { self.post_actions(post) };
        let actions = actions.into_iter().map(|(label, action)| (post.key.clone(), label, action)).collect();
        self.post_line(post, "view", lines.join("\n"), quote, actions, posted);
    }

    /// One of a post's messages in the moderator chat.
    fn post_line(
        &mut self,
        post: &Post,
        part: &str,
        text: String,
        quote: Option<String>,
        actions: Vec<(String, String, Action)>,
        posted: bool,
    ) {
        let (ticket, name) = (post.ticket, message_name(post, part));
        self.effects.push(Effect::PostLine { ticket, name, text, quote, actions, posted });
    }

    fn post_actions(&self, post: &Post) -> Vec<(String, Action)> {
        let mut actions = Vec::new();
        let draft = post.draft;
        if post.differs() {
            let key = if post.public { "button_post_again" } else { "button_post" };
            actions.push((self.say(key, &[]), Action::Post { draft, own: false }));
        }
        if post.consent.words().is_some() && post.own.is_none() && post.words.is_some() {
            actions.push((self.say("button_post_own", &[]), Action::Post { draft, own: true }));
        }
        let askable = self.ticket(post.ticket).is_some_and(|ticket| self.may_ask(&ticket));
        if post.consent == Consent::Unasked && askable && !post.public {
            actions.push((self.say("button_ask_voter", &[]), Action::AskVoter));
        }
        if !post.public {
            actions.push((self.say("button_drop_post", &[]), Action::DropPost));
        }
        actions
    }

    /// A moderator pressed a button of a post.
    pub(super) fn post_pressed(&mut self, action: &Action) {
        let Some(post) = self.known.channel.post.clone() else { return self.toast("post_gone", &[]) };
        match action {
            _ if post.sending.is_some() => self.toast("recall_pressed", &[]),
            Action::DropPost if !post.public => {
                let text = self.say("post_dropped", &[("number", &post.ticket.to_string())]);
                for part in ["ask", "view"] {
                    self.post_line(&post, part, text.clone(), None, Vec::new(), true);
                }
                self.effects.push(Effect::DropPost { key: post.key });
            }
            Action::AskVoter => self.ask_voter(post),
            Action::Post { draft, own } => self.post_to_channel(post, *draft, *own),
            _ => self.toast("recall_pressed", &[]),
        }
    }

    fn post_to_channel(&mut self, mut post: Post, draft: u32, own: bool) {
        let (true, Some(mut words)) = (self.known.channel.set, post.words.clone()) else {
            return self.toast("post_gone", &[]);
        };
        if draft != post.draft {
            return self.toast("post_older", &[]);
        }
        if !own && !post.differs() {
            return self.toast("recall_pressed", &[]);
        }
        // What was to be said may hold no more since it was shown.
        let ticket = self.ticket(post.ticket);
        let holds = match code::ticket(&post.code) {
            None => self.entry_of(&post.code).is_some_and(|entry| self.knowledge.faq.code(entry) == words.code),
            Some(_) => ticket.as_ref().is_none_or(|ticket| ticket.told().is_some()),
        };
        if !holds {
            return self.toast("post_outdated", &[("number", &post.ticket.to_string())]);
        }
        let asker = ticket.map(|ticket| ticket.voter);
        post.own = asker.filter(|_| own || post.verbatim);
        if own {
            let Some(question) = post.consent.words() else { return self.toast("post_gone", &[]) };
            (words.question, words.own) = (question.to_owned(), true);
        }
        self.send_post(&mut post, words);
        self.show_post(&post, true);
        self.toast("post_sending", &[("number", &post.ticket.to_string())]);
        self.effects.push(Effect::KeepPost(post));
    }

    /// Puts what a post says on its way to the channel: as a message, or in the place of the one that is there.
    fn send_post(&mut self, post: &mut Post, words: Words) {
        let posted = post.is_out();
        self.effects.push(Effect::ToChannel { key: post.key.clone(), words: words.clone(), posted });
        post.sending = Some(words);
    }

    /// What became of a message to the channel.
    pub(super) fn posted(&mut self, key: &str, outcome: &Outcome) {
        let Some(mut post) = self.known.channel.post.clone() else { return self.announced(key, outcome) };
        let sending = post.sending.take();
        match outcome {
            Outcome::Sent(_) | Outcome::Partly { .. } => {
                post.public = true;
                post.stands = sending.or(post.stands);
            }
            Outcome::Failed(reason) => {
                if sending.is_none() {
                    // What was brought up to date meanwhile did not get there.
                    post.stands = None;
                }
                if !post.public {
                    post.own = None;
                }
                let values = [("number", post.ticket.to_string()), ("reason", shortened(reason, REASON_SHOWN))];
                let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                self.notice("post_failed", &values);
            }
            Outcome::Blocked => {}
        }
        self.show_post(&post, true);
        self.effects.push(Effect::KeepPost(post));
    }
}
