//! A question in words: what the matcher makes of it, and what follows.

use super::asked::{Asked, Became};
use super::state::Given;
use super::{Desk, Effect, VoterId, code};
use crate::faq::entry::Entry;
use crate::faq::markup::Document;
use crate::faq::{Answer, day_of};
use crate::matcher::{Judgement, Verdict};
use crate::text::mask::{mask, mask_across};
use crate::text::normalize::words;

/// Within this, in milliseconds, what a voter writes belongs together: it may join a ticket, and a number may run on.
pub(super) const TOGETHER: i64 = 20_000;

impl<'a> Desk<'a> {
    /// `text` without what identifies a person.
    pub(super) fn masked(&self, text: &str) -> String {
        mask(text, &self.knowledge.offices)
    }

    /// The same, where a number may have begun in the voter's last message: it is hidden there too, wherever that stands.
    pub(super) fn masked_after_last(&mut self, text: &str) -> String {
        let last = self.known.last.clone().filter(|l| (0..=TOGETHER).contains(&(self.known.steady - l.at)));
        let Some(mut last) = last.map(|last| self.where_it_waits(last)) else { return self.masked(text) };
        let (earlier, later) = mask_across(&last.text, text, &self.knowledge.offices);
        if earlier != last.text {
            if let Became::Forwarded { ticket } = last.became
                && let Some(mut ticket) = self.ticket(ticket)
                && let Some(own) = ticket.texts.iter_mut().find(|(message, _)| *message == last.message)
            {
                own.1.clone_from(&earlier);
                self.update(&ticket);
            }
            last.text = earlier;
            self.effects.push(Effect::KeepAsked(last));
        }
        later
    }

    /// The entry of that code, with its version or without, if it can be given.
    pub(super) fn given_by(&self, code: &str) -> Option<&'a Entry> {
        let (entry, _) = self.knowledge.faq.coded(code)?;
        Some(entry).filter(|entry| entry.is_valid(day_of(self.now)))
    }

    /// Whether `text` is the id of an entry that can be given.
    pub(super) fn is_code(&self, text: &str) -> bool {
        self.knowledge.faq.entry(text).is_some_and(|e| e.is_valid(day_of(self.now)))
    }

    pub(super) fn question(&mut self, voter: VoterId, message: i64, text: &str) {
        if let Some(entry) = code::entry(&self.knowledge.faq, text).filter(|e| self.is_code(&e.id)) {
            let asked = self.asked(voter, message, entry.id.clone());
            self.state.joins = None;
            return self.give(&entry.id, asked, false);
        }
        let masked = self.masked_after_last(text);
        let mut asked = self.asked(voter, message, masked);
        if let Some(entry) = self.asks_for_more(text) {
            self.state.joins = None;
            self.became(asked, Became::Command);
            let before = self.known.answered.clone();
            return self.more(voter, &entry, before);
        }
        let judgement = self.knowledge.matcher.judge(text, day_of(self.now));
        asked.heard(&judgement);
        if judgement.short_of_context {
            return self.short_of_context(asked, judgement.verdict);
        }
        self.follow_judgement(judgement, asked);
    }

    /// What follows from what the matcher and the table of civil servants made of a question.
    pub(super) fn follow_judgement(&mut self, judgement: Judgement, asked: Asked) {
        match judgement.cell {
            Some(cell) => self.cell_found(cell, asked),
            None => self.follow_verdict(judgement.verdict, asked),
        }
    }

    /// What follows from what the matcher made of a question.
    pub(super) fn follow_verdict(&mut self, verdict: Verdict, asked: Asked) {
        let faq = &self.knowledge.faq;
        // What comes after an answer, an offer or small talk begins anew.
        let joins = if matches!(verdict, Verdict::Forward { .. }) { self.state.joins } else { None };
        self.state.joins = joins;
        match verdict {
            Verdict::Answer(entry) => {
                let id = &faq.entries[entry].id;
                let again = self.state.given.as_ref().is_some_and(|given| {
                    given.entry == *id && given.question.as_ref().is_some_and(|q| words(q) != words(&asked.text))
                });
                if again {
                    // Asked again in other words: the answer did not help.
                    self.offer_next(id, asked, true);
                } else {
                    self.give(id, asked, true);
                }
            }
            Verdict::SmallTalk(kind) => {
                let line = kind.map_or_else(
                    || self.say("nonsense", &[]),
                    |k| faq.small_talk[k].reply_in(self.language).to_owned(),
                );
                let voter = asked.voter;
                self.became(asked, Became::Talk);
                self.effects.push(Effect::Say { voter, text: Document::plain_text(line) });
                if kind.is_some_and(|k| faq.small_talk[k].appeal) {
                    self.appeal(voter);
                }
            }
            Verdict::Suggest(_) | Verdict::Forward { .. } if self.follows(&asked) => {}
            Verdict::Suggest(entries) => {
                let offers = self.offers_of(entries);
                self.suggest("suggest", offers, asked, None);
            }
            Verdict::Forward { expired } => {
                let expired = expired.map(|e| faq.entries[e].id.clone());
                if !self.suggests_answer(&asked, expired.as_deref()) {
                    self.forward(asked, None, expired);
                }
            }
        }
    }

    /// Gives an entry. `worded` is whether a question in words led to it.
    pub(super) fn give(&mut self, id: &str, asked: Asked, worded: bool) {
        let faq = &self.knowledge.faq;
        if let Some(entry) = faq.entry(id) {
            self.give_answer(self.answer_of(entry), asked, worded);
        }
    }

    /// Gives what an entry, or a cell of the table that names it, answers.
    pub(super) fn give_answer(&mut self, answer: Answer, mut asked: Asked, worded: bool) {
        let entry = answer.id.clone();
        self.state.given = Some(Given { entry: entry.clone(), question: worded.then(|| asked.text.clone()) });
        asked.answered = Some(self.known.steady);
        let (voter, key) = (asked.voter, asked.key.clone());
        self.became(asked, Became::Answered { entry });
        self.effects.push(Effect::Answer { voter, key, answer, head: String::new(), reply: None });
    }
}
