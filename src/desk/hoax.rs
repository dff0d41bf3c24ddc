//! The claim check: what voters were sent and send on, `/cek`, and long texts are compared with the claims that the FAQ
//! knows. What nobody has checked yet goes to the moderators as a ticket of its own kind; the same message from many voters
//! is one ticket, and its answer goes to all of them.

use std::collections::HashSet;

use super::asked::{Asked, Became};
use super::command::Command;
use super::event::{Event, Origin};
use super::offer::Offer;
use super::state::{Expects, Given, Lately};
use super::ticket::Ticket;
use super::{Desk, Effect, Known, VoterId};
use crate::faq::day_of;
use crate::matcher::Verdict;
use crate::text::normalize::words;

/// A text of more characters is looked at as something that was sent on, not as a question.
pub(super) const LONG: usize = 300;
/// Two messages are the same if so much of their pairs of words is.
const SAME: f64 = 0.7;

/// What `event` wants checked, as far as it is one message that others may have sent too.
pub fn checked_text(event: &Event, known: &Known) -> Option<String> {
    match event {
        Event::Message { text, origin, .. } => match Command::parse(text.trim()).filter(|_| !origin.forwarded) {
            Some(Command::Check(words)) => words.or_else(|| origin.replied.clone()),
            Some(_) => None,
            None => (origin.forwarded || known.voter.expects == Expects::Claim).then(|| text.clone()),
        },
        Event::AskPerson { .. } => {
            known.asked.as_ref().filter(|asked| asked.became == Became::Checked).map(|asked| asked.text.clone())
        }
        _ => None,
    }
}

/// Whether what `ticket` asks is the message `text`, with no more than a few words changed.
pub fn is_same_message(ticket: &Ticket, text: &str) -> bool {
    let Some((_, own)) = ticket.texts.first().filter(|_| ticket.claim) else { return false };
    let (own, text) = (words(own), words(text));
    if own.len().min(text.len()) * 2 < own.len().max(text.len()) || text.is_empty() {
        return false;
    }
    let pairs = |words: &[String]| -> HashSet<(String, String)> {
        let next = words.iter().skip(1).chain(std::iter::once(&words[0]));
        words.iter().cloned().zip(next.cloned()).collect()
    };
    let (own, text) = (pairs(&own), pairs(&text));
    let both = own.intersection(&text).count() as f64;
    both >= SAME * (own.len() + text.len()) as f64 / (1.0 + SAME)
}

impl Desk<'_> {
    /// `/cek`: the words behind it, else the message that it replies to, else the next one is checked.
    pub(super) fn check_command(&mut self, asked: Asked, text: Option<String>, origin: &Origin) {
        let (voter, message) = (asked.voter, asked.message);
        match text.or_else(|| origin.replied.clone()).filter(|text| !text.trim().is_empty()) {
            Some(text) => self.check(voter, message, text.trim(), origin.picture),
            None => {
                self.became(asked, Became::Command);
                self.state.expects = Expects::Claim;
                self.tell(voter, "check_next", &[]);
            }
        }
    }

    /// Whether a text that nobody asked to be checked is looked at as one that was sent on; if a known claim stands in it,
    /// that is told.
    pub(super) fn holds_claim(&mut self, voter: VoterId, message: i64, text: &str, picture: bool) -> bool {
        if text.chars().count() <= LONG {
            return false;
        }
        let asked = self.asked(voter, message, self.masked(text));
        self.tell_claims(asked, text, picture)
    }

    /// Checks what a voter was sent.
    pub(super) fn check(&mut self, voter: VoterId, message: i64, text: &str, picture: bool) {
        self.state.expects = Expects::Question;
        self.state.joins = None;
        let asked = self.asked(voter, message, self.masked(text));
        if self.tell_claims(asked.clone(), text, picture) {
            return;
        }
        // A question that somebody else wrote first is a question still.
        if text.chars().count() <= LONG {
            let verdict = self.knowledge.matcher.judge(text, day_of(self.now)).verdict;
            if matches!(verdict, Verdict::Answer(_) | Verdict::SmallTalk(_)) {
                return self.follow_verdict(verdict, asked);
            }
        }
        self.unchecked(asked, picture);
    }

    /// Tells or offers the known claims in `text`; says whether there were any.
    fn tell_claims(&mut self, mut asked: Asked, text: &str, picture: bool) -> bool {
        let claims = self.knowledge.matcher.claims(text, day_of(self.now));
        let (voter, key) = (asked.voter, asked.key.clone());
        let Some(&first) = claims.asserted.first() else {
            let offers = self.offers_of(claims.offered);
            if offers.is_empty() {
                return false;
            }
            self.state.joins = None;
            self.became(asked, Became::Checked);
            self.offer_claims(voter, key, offers);
            return true;
        };
        let faq = &self.knowledge.faq;
        self.state.joins = None;
        self.state.given = Some(Given { entry: faq.entries[first].id.clone(), question: None });
        asked.answered = Some(self.known.steady);
        self.became(asked, Became::Answered { entry: faq.entries[first].id.clone() });
        for &entry in &claims.asserted {
            let entry = &faq.entries[entry];
            let verdict = entry.claim.as_ref().map(|claim| claim.verdict.name_in(self.language)).unwrap_or_default();
            let mut head = self.say("claim_named", &[("claim", entry.title_in(self.language)), ("verdict", verdict)]);
            if picture {
                head.push_str(&format!("\n{}", self.say("claim_words_only", &[])));
            }
            let answer = self.answer_of(entry);
            let head = format!("{head}\n\n");
            self.effects.push(Effect::Answer { voter, key: key.clone(), answer, head, reply: None });
        }
        true
    }

    fn offer_claims(&mut self, voter: VoterId, key: String, offers: Vec<Offer>) {
        let (text, person) = (self.say("claim_offered", &[]), self.say("claim_ask_person", &[]));
        self.effects.push(Effect::Suggest { voter, key, text, offers, person });
    }

    /// No one has checked it yet: it goes to the moderators, as one ticket however many voters send it.
    pub(super) fn unchecked(&mut self, asked: Asked, picture: bool) {
        let voter = asked.voter;
        if let Some(ticket) = self.known.same.clone() {
            return self.join_check(ticket, asked);
        }
        let refusal = self.may_not_forward(voter);
        if let Some((key, limit)) = refusal {
            self.became(asked, Became::Refused);
            self.tell(voter, "claim_unknown", &[]);
            return self.tell(voter, key, &[("limit", &limit)]);
        }
        let key = asked.key.clone();
        let number = self.open(asked, None, None, |ticket| ticket.claim = true);
        self.state.pace.tickets.push(self.known.steady);
        self.state.joins = Some(Lately { ticket: number, at: self.known.steady });
        self.tell_unchecked(voter, number);
        if picture {
            self.offer_picture(voter, key);
        }
    }

    fn tell_unchecked(&mut self, voter: VoterId, number: u64) {
        let key = if self.known.unreachable { "claim_waits" } else { "claim_unchecked" };
        self.tell_forwarded(voter, key, number);
    }

    /// One more voter sends a message that waits already.
    fn join_check(&mut self, mut ticket: Ticket, asked: Asked) {
        let (voter, number) = (asked.voter, ticket.number);
        if self.state.blocked {
            self.became(asked, Became::Refused);
            self.tell(voter, "claim_unknown", &[]);
            return self.tell(voter, "forward_refused", &[]);
        }
        let asked_text = asked.text.clone();
        self.became(asked, Became::Forwarded { ticket: number });
        if ticket.is_asked_by(voter) {
            return self.tell(voter, "already_forwarded", &[("number", &number.to_string())]);
        }
        ticket.sent_on_by(voter, &asked_text);
        self.effects.push(Effect::KeepAsker { ticket: number, voter });
        self.update_askers(ticket);
        self.tell_unchecked(voter, number);
    }

    /// Asks whether the picture is to be shown to the moderators: nothing of it is copied before the voter's yes.
    pub(super) fn offer_picture(&mut self, voter: VoterId, key: String) {
        let (text, yes) = (self.say("picture_ask", &[]), self.say("button_picture", &[]));
        self.effects.push(Effect::AskPicture { voter, key, text, yes });
    }

    /// A picture without words that somebody else sent first, or that was to be checked.
    pub(super) fn check_picture(&mut self, voter: VoterId, message: i64) {
        self.state.expects = Expects::Question;
        let asked = self.asked(voter, message, String::new());
        let key = asked.key.clone();
        self.became(asked, Became::Refused);
        self.offer_picture(voter, key);
    }

    /// The voter's yes: the picture goes to the ticket of its words, or opens one.
    pub(super) fn send_picture(&mut self, voter: VoterId) {
        if !self.admit_press() {
            return;
        }
        let Some(mut asked) = self.known.asked.clone().filter(|asked| asked.message > 0) else {
            return self.expect_person(voter);
        };
        let message = asked.message;
        let own = match &asked.became {
            Became::Forwarded { ticket } => Some(*ticket),
            _ => None,
        };
        let number = match own {
            Some(number) => number,
            None => {
                if let Some((key, limit)) = self.may_not_forward(voter) {
                    return self.tell(voter, key, &[("limit", &limit)]);
                }
                asked.text = self.say("picture_without_words", &[]);
                let number = self.open(asked, None, None, |ticket| ticket.claim = true);
                self.state.pace.tickets.push(self.known.steady);
                self.tell_unchecked(voter, number);
                number
            }
        };
        let Some(mut ticket) = self.ticket(number) else { return };
        if ticket.pictures.contains(&message) {
            return self.toast("already_forwarded", &[("number", &number.to_string())]);
        }
        ticket.pictures.push(message);
        self.keep(ticket);
        let head = self.say("card_picture", &[("number", &number.to_string())]);
        self.effects.push(Effect::CopyPicture { ticket: number, voter, message, head });
        self.toast("picture_sent", &[("number", &number.to_string())]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(text: &str, claim: bool) -> Ticket {
        Ticket {
            texts: vec![(1, text.to_owned())],
            claim,
            ..Ticket::new(1, String::new(), 7, chrono::DateTime::UNIX_EPOCH.fixed_offset())
        }
    }

    #[test]
    fn the_same_message_with_other_signs_and_a_word_changed() {
        const TEXT: &str =
            "Besok semua warung kopi di kota ini wajib tutup sampai penghitungan selesai, dendanya sapi dua";
        let own = ticket(TEXT, true);
        for same in [TEXT, &TEXT.to_uppercase(), &TEXT.replace(',', " !!! \u{1f64f}"), &TEXT.replace("dua", "tiga")] {
            assert!(is_same_message(&own, same), "{same}");
        }
        let other = "Besok semua warung kopi boleh buka sampai malam, sapi tidak didenda di kota ini";
        for other in [other, "", "warung kopi", &format!("{TEXT}. {other}. {other}. {other}")] {
            assert!(!is_same_message(&own, other), "{other}");
        }
        assert!(!is_same_message(&ticket(TEXT, false), TEXT), "a question is somebody's own");
        assert!(is_same_message(&ticket("hoaks", true), "Hoaks!"));
    }

    #[test]
    fn a_ticket_is_handed_on_with_what_reached_the_next() {
        use super::super::event::Outcome;
        use super::super::ticket::{Arrival, Reply};
        let mut own = ticket("a", true);
        own.others = vec![8, 9];
        let arrivals = vec![Arrival { voter: 8, outcome: Some(Outcome::Sent(5)) }, Arrival { voter: 9, outcome: None }];
        own.answers = vec![Reply {
            message: 2,
            by: None,
            at: None,
            outcome: Some(Outcome::Blocked),
            others: arrivals,
            withdrawn: false,
            reusable: false,
            reused: false,
            corrected: false,
            media: None,
            whole: true,
            album: Vec::new(),
            draft: None,
            content: None,
            entry: None,
            first_gone: false,
        }];
        let without = own.clone().without(8);
        assert_eq!((without.others.len(), without.answers[0].others.len()), (1, 1));
        let next = own.handed_on().expect("others asked");
        assert_eq!((next.voter, next.others.clone()), (8, vec![9]));
        // What went to the first is nobody's any more; the next one's own delivery keeps its key.
        let left: Vec<_> = next.answers[0].recipients(&next).into_iter().map(|(v, key, o)| (v, key.asker, o)).collect();
        assert_eq!(left, [(8, Some(8), Some(Outcome::Sent(5))), (9, Some(9), None)]);
        assert!(ticket("a", true).handed_on().is_none());
    }
}
