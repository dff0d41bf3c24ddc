//! A moderator changes a reply, or takes an answer back.

use chrono::Duration;

use super::event::{Action, Addressee, Content, Outcome, ReplyKey};
use super::reply::{is_note, is_whole};
use super::ticket::{Held, Ticket, TicketState};
use super::{Desk, Effect};

/// A bot can delete its message within this (<https://core.telegram.org/bots/api#deletemessage>).
const DELETED_WITHIN: Duration = Duration::hours(48);

impl Desk<'_> {
    pub(super) fn reply_edited(&mut self, to: &Addressee, message: i64, by: Option<&str>, content: &Content) {
        if let Addressee::Post(_) = to {
            if !is_note(content) {
                self.reworded(message, content, true);
            }
            return;
        }
        // Only an edit of an answer, or of a note that may become one, concerns the bot.
        let Addressee::Ticket(number) = *to else { return };
        let Some(mut ticket) = self.ticket_of_moderators(number) else { return };
        // Of an album that was kept back only the words change.
        let album = |held: &&mut Held| held.album.contains(&message);
        if let Some(held) = ticket.held.iter_mut().find(album) {
            if !content.text.is_empty() {
                held.content = content.clone();
                self.keep(ticket);
            }
            return;
        }
        // What was kept back says something else now, or nothing.
        if ticket.held.iter().any(|held| held.message == message) {
            ticket.held.retain(|held| held.message != message);
            self.keep(ticket.clone());
        }
        let answer = ticket.answers.iter().position(|r| r.message == message || r.album.contains(&message));
        let Some(place) = answer else {
            if ticket.albums.iter().any(|a| a.messages.contains(&message)) {
                return;
            }
            return self.reply(to, message, by, content, None);
        };
        let earlier = &ticket.answers[place];
        let key = ReplyKey::of(number, earlier.message);
        if earlier.withdrawn {
            return self.draft(ticket, place, content);
        }
        if is_note(content) {
            return self.take_back_by_note(ticket, key.message);
        }
        if let Some(why) = self.why_not_sent(content) {
            return self.notice_about(message, why);
        }
        if let Some(id) = self.code_of(content) {
            return self.send_entry(ticket, key, by, &id, "ticket_correction");
        }
        self.correct(ticket, place, content);
    }

    fn correct(&mut self, mut ticket: Ticket, place: usize, content: &Content) {
        let earlier = ticket.answers[place].clone();
        // Those to whom it went may ask with another ticket by now.
        let several = earlier.recipients(&ticket).len() > 1 && !ticket.claim && self.is_for_one(content);
        if several || self.is_for_one_of_several(&ticket, content) {
            // What it said is suggested no more, whatever comes of that.
            ticket.answers[place].reusable = false;
            let held = Held { message: earlier.message, by: earlier.by, ..Held::of(content.clone()) };
            return self.hold(ticket, held);
        }
        self.end_reuse(&mut ticket, earlier.message);
        let file = content.media.as_ref().map(|m| m.file.clone());
        let before = self.heading(&ticket, earlier.message);
        let alone = !matches!(earlier.outcome, Some(Outcome::Partly { .. }));
        if earlier.whole && earlier.stands() && alone && earlier.media == file && is_whole(&before, content) {
            let correct = |(voter, reply, _)| {
                let (before, content) = (before.clone(), content.clone());
                Effect::Correct { voter, reply, before, content }
            };
            self.effects.extend(earlier.recipients(&ticket).into_iter().map(correct));
            let own = &mut ticket.answers[place];
            (own.corrected, own.content, own.entry) = (true, Some(content.clone()), None);
            own.at = Some(self.now);
            return self.keep(ticket);
        }
        let number = ticket.number.to_string();
        let before = format!("{}\n\n", self.say("ticket_correction", &[("number", &number)]));
        // Of an album only its words can be corrected.
        let content =
            if earlier.album.is_empty() { content.clone() } else { Content { media: None, ..content.clone() } };
        let own = &mut ticket.answers[place];
        own.corrected = true;
        own.at = Some(self.now);
        own.outcome = None;
        own.others.iter_mut().for_each(|arrival| arrival.outcome = None);
        own.whole = is_whole(&before, &content);
        own.media = content.media.as_ref().map(|m| m.file.clone());
        own.album.clear();
        (ticket.answers[place].content, ticket.answers[place].entry) = (Some(content.clone()), None);
        ticket.state = if ticket.unanswered().is_empty() { TicketState::Answered } else { TicketState::Open };
        let deliver = |(voter, reply, _)| {
            let (before, content) = (before.clone(), content.clone());
            Effect::Deliver { voter, reply, before, content, album: Vec::new() }
        };
        self.effects.extend(earlier.recipients(&ticket).into_iter().map(deliver));
        self.update(&ticket);
    }

    /// What was taken back says something else now: it is sent again only if a moderator says so.
    fn draft(&mut self, mut ticket: Ticket, place: usize, content: &Content) {
        if is_note(content) || ticket.answers[place].draft.as_ref() == Some(content) {
            return;
        }
        let own = &mut ticket.answers[place];
        own.draft = Some(content.clone());
        let message = own.message;
        let number = ticket.number;
        let text = self.say("draft", &[("number", &number.to_string())]);
        let button = (ticket.key.clone(), self.say("button_send_again", &[]), Action::SendAgain(message));
        self.keep(ticket);
        self.effects.push(Effect::Line { ticket: number, key: self.known.key.clone(), text, actions: vec![button] });
    }

    pub(super) fn send_again(&mut self, mut ticket: Ticket, message: i64, by: Option<&str>) {
        let number = ticket.number.to_string();
        let own = ticket.answers.iter_mut().find(|r| r.message == message && r.withdrawn);
        let Some((own, content)) = own.and_then(|own| own.draft.clone().map(|content| (own, content))) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        if let Some(why) = self.why_not_sent(&content) {
            return self.toast_text(why);
        }
        own.draft = None;
        let key = ReplyKey::of(ticket.number, message);
        match self.code_of(&content) {
            Some(id) => self.deliver_entry(ticket, key, by, &id),
            None => self.deliver(ticket, key, by, &content, &[]),
        }
        self.toast("sent_again", &[("number", &number)]);
    }

    /// A reply that was changed into a note among moderators does not stand with the voter any more.
    fn take_back_by_note(&mut self, ticket: Ticket, message: i64) {
        let number = ticket.number.to_string();
        let stood = ticket.answers.iter().any(|r| r.message == message && r.stands());
        if stood {
            self.withdraw(ticket, message);
            self.notice("taken_back_toast", &[("number", &number)]);
        }
    }

    pub(super) fn take_back(&mut self, ticket: Ticket, message: i64) {
        let number = ticket.number.to_string();
        if !ticket.answers.iter().any(|r| r.message == message && !r.withdrawn) {
            return self.toast("no_such_ticket", &[("number", &number)]);
        }
        self.withdraw(ticket, message);
        self.toast("taken_back_toast", &[("number", &number)]);
    }

    fn withdraw(&mut self, mut ticket: Ticket, message: i64) {
        let now = self.now.timestamp_millis();
        let Some(own) = ticket.answers.iter_mut().find(|r| r.message == message && !r.withdrawn) else { return };
        own.withdrawn = true;
        let own = own.clone();
        // A change of it that was kept back is not to bring it out again.
        ticket.held.retain(|held| held.message != message);
        self.end_reuse(&mut ticket, message);
        let messages = own.album.len().max(1);
        if ticket.answers.iter().all(|r| !r.stands()) && ticket.into.is_none() {
            ticket.state = TicketState::Open;
            self.state.continues = None;
            self.remind(&ticket);
        }
        let number = ticket.number.to_string();
        let text = self.say("taken_back", &[("number", &number)]);
        for (voter, reply, outcome) in own.recipients(&ticket) {
            let arrived = outcome.as_ref().and_then(Outcome::arrived);
            let late = arrived.is_some_and(|at| now - at >= DELETED_WITHIN.num_milliseconds());
            let caption = own.media.is_some() && !matches!(outcome, Some(Outcome::Partly { .. }));
            let text = text.clone();
            self.effects.push(Effect::TakeBack { voter, reply, late, text, caption, messages });
        }
        self.update(&ticket);
    }
}
