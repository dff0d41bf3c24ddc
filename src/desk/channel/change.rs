//! What a correction makes of a post: an entry that says something else, an answer that was taken back; and what is left of a
//! post when its voter's words are deleted.

use super::{Post, Words};
use crate::desk::event::Event;
use crate::desk::recall::Recall;
use crate::desk::ticket::Ticket;
use crate::desk::{Desk, Effect, VoterId, code};
use crate::faq::day_of;
use crate::text::indonesian::date;

impl Desk<'_> {
    /// The FAQ was loaded: posts of entries that say something else now say so.
    pub(in crate::desk) fn correct_posts(&mut self) {
        for mut post in self.out() {
            let Some(words) = post.sending.clone().or(post.stands.clone()).filter(|words| !words.struck) else {
                continue;
            };
            let Some(entry) = self.knowledge.faq.entry(&post.code) else { continue };
            let code = self.knowledge.faq.code(entry);
            if code == words.code {
                continue;
            }
            let words = match self.entry_of(&post.code) {
                Some(entry) => Words {
                    note: Some(self.dated("post_corrected", &[])),
                    answer: self.knowledge.faq.answer(entry, self.now).body.plain(),
                    foot: match self.sources_of(entry) {
                        Some(sources) => self.post_foot(&sources, &code),
                        // The one that a moderator named.
                        None => words.foot.replace(&words.code, &code),
                    },
                    code,
                    ..words
                },
                None => Words { note: Some(self.dated("post_over", &[])), struck: true, code, ..words },
            };
            self.replace_words(&mut post, words);
            self.notice("post_follows", &[("number", &post.ticket.to_string()), ("code", &post.code)]);
            self.effects.push(Effect::KeepPost(post));
        }
    }

    /// A moderator retracted what posts tell.
    pub(in crate::desk) fn strike_posts(&mut self, recall: &Recall) {
        let Some(reason) = &recall.reason else { return };
        let note = self.dated("post_retracted", &[("reason", reason)]);
        let number = code::ticket(&recall.code).filter(|_| recall.version.is_empty());
        let is_meant = |post: &Post| post.code == recall.code || number == Some(post.ticket);
        let posts: Vec<Post> = self.out().into_iter().filter(is_meant).collect();
        posts.into_iter().for_each(|post| self.strike(post, &note));
    }

    /// A moderator changed or took back an answer that may be in the channel too.
    pub(in crate::desk) fn follow_answers(&mut self, event: &Event) {
        let of_answers = match event {
            Event::ReplyEdited { .. } => true,
            Event::Tap { action, .. } => action.changes_answers(),
            _ => false,
        };
        for post in self.out().into_iter().filter(|_| of_answers) {
            let says = |ticket: &Ticket| ticket.told().map(|reply| (reply.entry.clone(), reply.content.clone()));
            let before = self.known.tickets.iter().find(|ticket| ticket.number == post.ticket).map(says);
            let after = self.ticket(post.ticket).map(|ticket| says(&ticket));
            match after {
                Some(None) if before != after => {
                    let note = self.dated("post_taken_back", &[]);
                    self.strike(post, &note);
                }
                Some(Some(_)) if before != after => {
                    self.notice("post_not_followed", &[("number", &post.ticket.to_string())]);
                }
                _ => {}
            }
        }
    }

    /// Before a voter's data are deleted: the voter's words go out of the channel, and what was prepared goes.
    pub(in crate::desk) fn erase_posts(&mut self, voter: VoterId) {
        for mut post in self.known.channel.posts.clone() {
            if !post.is_out() {
                self.effects.push(Effect::ForgetSent { ticket: post.ticket, key: post.key.clone() });
                self.effects.push(Effect::DropPost { key: post.key });
                continue;
            }
            if post.own == Some(voter) {
                self.take_words_out(&mut post);
            }
            post.consent = super::Consent::Unasked;
            self.effects.push(Effect::KeepPost(post));
        }
    }

    /// Takes the voter's words out of a post: a moderator's stand in their place, or nothing if these repeat them.
    pub(super) fn take_words_out(&mut self, post: &mut Post) {
        if post.own.take().is_none() || !post.is_out() {
            return;
        }
        self.effects.push(Effect::ForgetSent { ticket: post.ticket, key: post.key.clone() });
        let words = match post.words.clone().filter(|_| !post.verbatim) {
            Some(words) => {
                // What a correction brought stays.
                let stands = post.sending.clone().or(post.stands.clone());
                stands.map_or(words.clone(), |stands| Words { question: words.question, own: false, ..stands })
            }
            None => Words { note: Some(self.say("post_erased", &[])), ..Words::default() },
        };
        self.replace_words(post, words);
        // Nothing of them is kept, whatever Telegram says.
        post.stands = None;
    }

    fn out(&self) -> Vec<Post> {
        self.known.channel.posts.iter().filter(|post| post.is_out()).cloned().collect()
    }

    fn dated(&self, key: &str, values: &[(&str, &str)]) -> String {
        let day = date(day_of(self.now));
        let values: Vec<(&str, &str)> = values.iter().copied().chain([("date", day.as_str())]).collect();
        self.say(key, &values)
    }

    fn strike(&mut self, mut post: Post, note: &str) {
        let Some(words) = post.sending.clone().or(post.stands.clone()) else { return };
        self.replace_words(&mut post, Words { note: Some(note.to_owned()), struck: true, ..words });
        let key = if code::ticket(&post.code).is_some() { "post_struck" } else { "post_follows" };
        self.notice(key, &[("number", &post.ticket.to_string()), ("code", &post.code)]);
        self.effects.push(Effect::KeepPost(post));
    }

    /// Puts words in the place of those in the channel; the moderators' preview says the same from now on.
    fn replace_words(&mut self, post: &mut Post, words: Words) {
        let question = post.words.take().map(|words| words.question).filter(|_| words.own);
        let prepared = match question {
            Some(question) => Words { question, own: false, ..words.clone() },
            None => words.clone(),
        };
        post.words = Some(prepared);
        post.draft += 1;
        self.send_post(post, words);
    }
}
