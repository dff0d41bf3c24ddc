//! A voter's own words go to the channel only after that voter's yes, which can be taken back.

use super::check::{LONGEST_QUESTION, is_masked, mentions};
use super::{Consent, Post};
use crate::desk::grouping::person_in;
use crate::desk::ticket::Ticket;
use crate::desk::{Desk, Effect, VoterId};

impl Desk<'_> {
    /// Whether a ticket's question may be asked for: nothing in it was masked, and it names nobody.
    pub(super) fn may_ask(&self, ticket: &Ticket) -> bool {
        let question = ticket.question();
        let private = is_masked(&question, &self.knowledge.offices)
            || mentions(&question)
            || person_in(&question, &self.knowledge.faq.likeness.people).is_some();
        ticket.is_publishable() && !ticket.claim && !private && question.chars().count() <= LONGEST_QUESTION
    }

    /// Asks the voter.
    pub(super) fn ask_voter(&mut self, mut post: Post) {
        let ticket = self.ticket(post.ticket).filter(|ticket| self.may_ask(ticket));
        let (Some(ticket), Consent::Unasked) = (ticket, &post.consent) else {
            return self.toast("post_not_askable", &[]);
        };
        let quote = ticket.question();
        let text = self.say("consent_ask", &[("number", &ticket.number.to_string())]);
        let (yes, no) = (self.say("button_consent", &[]), self.say("button_no_consent", &[]));
        let (voter, key) = (ticket.voter, post.key.clone());
        self.effects.push(Effect::AskConsent { voter, key, text, quote: quote.clone(), yes, no });
        post.consent = Consent::Asked(quote);
        self.show_post(&post, true);
        self.toast("post_asked", &[]);
        self.effects.push(Effect::KeepPost(post));
    }

    /// The voter said yes or no, perhaps after having said otherwise.
    pub(in crate::desk) fn consented(&mut self, voter: VoterId, yes: bool) {
        if !self.admit_press() {
            return;
        }
        let Some(mut post) = self.known.channel.post.clone() else { return self.tell(voter, "consent_gone", &[]) };
        let words = match &post.consent {
            Consent::Asked(words) | Consent::Given(words) => words.clone(),
            Consent::Unasked | Consent::Refused => return self.tell(voter, "consent_gone", &[]),
        };
        if yes {
            post.consent = Consent::Given(words);
            self.tell(voter, "consent_given", &[]);
        } else {
            post.consent = Consent::Refused;
            self.take_words_out(&mut post);
            self.tell(voter, "consent_refused", &[]);
        }
        if post.message.is_some() {
            self.show_post(&post, true);
        }
        self.effects.push(Effect::KeepPost(post));
    }
}
