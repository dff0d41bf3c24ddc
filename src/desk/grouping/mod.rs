//! One ticket for all who ask the same: a question that waits already is joined, its card shows how many ask and in which
//! words, and one reply goes to all whom the card showed. Whoever wrote more, or something else, gets a ticket of their own.
//!
//! `hold`: replies that are looked at once more. `late`: who asked after the reply. `regroup`: what moderators part and join.

use chrono::NaiveDate;

use super::asked::{Asked, Became};
use super::command::Command;
use super::event::{Event, Outcome};
use super::state::{Expects, Lately};
use super::ticket::{Asker, Ticket, TicketState, Wording};
use super::{Desk, Effect, Knowledge, Known, VoterId};
use crate::faq::day_of;
use crate::matcher::same::Gist;
use crate::matcher::{Matcher, Verdict};
use crate::text::cut::shortened;
use crate::text::normalize::words;

mod hold;
mod late;
mod regroup;

pub(super) use hold::person_in;
#[cfg(test)]
mod tests;

/// The longest question that joins another, in characters: whoever writes more tells a case of their own.
const LONGEST: usize = 600;
/// The most that ask with one ticket; who comes later opens the next.
pub const MOST_ASKERS: usize = 1000;
/// How many other wordings a card shows.
const SHOWN: usize = 5;
/// How much of a wording a card shows, in characters.
const ON_CARD: usize = 200;

/// What `event` asks that may wait already, as it was written; none if the FAQ answers it on `today`.
pub fn asked_text(event: &Event, known: &Known, knowledge: &Knowledge, today: NaiveDate) -> Option<String> {
    let text = match event {
        // What stands under a picture asks about that picture.
        Event::Message { text, origin, .. }
            if !origin.forwarded && !origin.picture && known.voter.expects != Expects::Claim =>
        {
            match Command::parse(text.trim()) {
                Some(Command::Person(words)) => words?,
                Some(_) => return None,
                None if is_answered(text.trim(), known, knowledge, today) => return None,
                None => text.clone(),
            }
        }
        Event::AskPerson { .. } => match &known.asked {
            Some(asked) if matches!(asked.became, Became::Offered { .. } | Became::Answered { .. }) => {
                asked.text.clone()
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(text).filter(|text| !text.trim().is_empty())
}

/// Whether the FAQ answers `text`, so that it waits for nobody. What was answered so a moment ago, or hangs on what was said
/// before, may be offered and wait all the same.
fn is_answered(text: &str, known: &Known, knowledge: &Knowledge, today: NaiveDate) -> bool {
    if known.voter.expects == Expects::Person || text.chars().count() > LONGEST {
        return false;
    }
    let judgement = knowledge.matcher.judge(text, today);
    let again = |entry: usize| known.voter.given.as_ref().is_some_and(|g| g.entry == knowledge.faq.entries[entry].id);
    !judgement.short_of_context && matches!(judgement.verdict, Verdict::Answer(entry) if !again(entry))
}

/// Which of `tickets` that wait asks the same as `text`, whose gist is `gist`: one in the same words before one in others. A text
/// that is long, or that compares with nothing, asks the same only in the same words.
pub fn same_question<'t>(matcher: &Matcher, tickets: &'t [Ticket], text: &str, gist: &Gist) -> Option<&'t Ticket> {
    let own = words(text);
    let said = |ticket: &&Ticket| ticket.is_in_words(&own);
    let joinable = || tickets.iter().filter(|ticket| ticket.joinable());
    let alike =
        |ticket: &&Ticket| text.chars().count() <= LONGEST && matcher.gist(&ticket.question()).compare(gist).is_ok();
    joinable().find(said).or_else(|| joinable().find(alike))
}

impl Ticket {
    /// Whether it was asked in these words.
    fn is_in_words(&self, own: &[String]) -> bool {
        words(&self.question()) == own || self.wordings.iter().any(|wording| words(&wording.text) == own)
    }

    /// Whether others may join it.
    fn joinable(&self) -> bool {
        let plain = !self.claim && !self.urgent && !self.objection && self.pictures.is_empty();
        plain && self.state == TicketState::Open && self.others.len() + 1 < MOST_ASKERS
    }

    /// Takes in one more asker, with the words of that one.
    fn join(&mut self, asker: Asker, text: &str) {
        self.others.push(asker.voter);
        let own = words(text);
        match self.wordings.iter_mut().find(|wording| words(&wording.text) == own) {
            Some(wording) => wording.askers.push(asker),
            None => {
                let id = self.wordings.iter().map(|wording| wording.id).max().unwrap_or_default() + 1;
                self.wordings.push(Wording { id, text: text.to_owned(), askers: vec![asker] });
            }
        }
    }

    /// Takes in one more who sends on the same message: in the first one's words, as long as that one wrote no more.
    pub(super) fn sent_on_by(&mut self, voter: VoterId, text: &str) {
        self.others.push(voter);
        if self.changed || self.texts.len() > 1 || !self.wordings.is_empty() {
            self.share_words(vec![Asker { voter, message: 0 }], text);
        }
    }

    /// Before the first one adds to what several sent on, or changes it: what they sent stays theirs, and what the first one
    /// writes from now on is nobody else's.
    pub(super) fn keep_what_is_shared(&mut self) {
        let has_words = |voter: VoterId| self.wordings.iter().any(|w| w.askers.iter().any(|own| own.voter == voter));
        let lacking = self.others.iter().filter(|voter| !has_words(**voter));
        let lacking: Vec<Asker> = lacking.map(|&voter| Asker { voter, message: 0 }).collect();
        if !lacking.is_empty() {
            let text = self.question();
            self.share_words(lacking, &text);
        }
    }

    /// What was sent on is one message, however it was put: all but the first share one wording of it.
    fn share_words(&mut self, askers: Vec<Asker>, text: &str) {
        match self.wordings.first_mut() {
            Some(wording) => wording.askers.extend(askers),
            None => self.wordings.push(Wording { id: 1, text: text.to_owned(), askers }),
        }
    }

    /// The wordings that its card shows: those that differ from the question.
    pub(super) fn other_wordings(&self) -> impl Iterator<Item = &Wording> {
        let own = words(&self.question());
        self.wordings.iter().filter(move |wording| words(&wording.text) != own).take(SHOWN)
    }

    /// What a voter asked with it: the messages and their words.
    pub(super) fn texts_of(&self, voter: VoterId) -> Vec<(i64, String)> {
        if self.voter == voter {
            return self.texts.clone();
        }
        let own = self.wordings.iter().find_map(|wording| {
            let asker = wording.askers.iter().find(|asker| asker.voter == voter)?;
            Some((asker.message, wording.text.clone()))
        });
        own.into_iter().collect()
    }

    /// That message of a voter asks something else now: what it asked here stays, as words without a message.
    fn unnumber(&mut self, voter: VoterId, message: i64) {
        if self.voter == voter {
            self.texts.iter_mut().filter(|(own, _)| *own == message).for_each(|(own, _)| *own = 0);
        }
        let askers = self.wordings.iter_mut().flat_map(|wording| &mut wording.askers);
        askers.filter(|asker| asker.voter == voter && asker.message == message).for_each(|asker| asker.message = 0);
    }

    /// Those who wait for it and to whom no answer that stands went.
    pub fn unanswered(&self) -> Vec<VoterId> {
        self.askers().filter(|voter| !self.answers.iter().any(|reply| reply.is_for(self, *voter))).collect()
    }

    /// Whether it waits, and that voter with it.
    pub(super) fn waits(&self, voter: VoterId) -> bool {
        self.state == TicketState::Open && self.unanswered().contains(&voter)
    }

    /// What did not reach a voter who had blocked the bot counts as lost now; says whether there was any.
    pub(super) fn lose_blocked(&mut self, voter: VoterId) -> bool {
        let first = self.voter == voter;
        let mut lost = false;
        for reply in self.answers.iter_mut().filter(|reply| !reply.withdrawn) {
            let own = reply.others.iter_mut().filter(|own| own.voter == voter).map(|own| &mut own.outcome);
            let outcome = (first && !reply.first_gone).then_some(&mut reply.outcome);
            for outcome in own.chain(outcome).filter(|own| **own == Some(Outcome::Blocked)) {
                *outcome = Some(Outcome::Failed(String::new()));
                lost = true;
            }
        }
        if lost && self.state == TicketState::Answered && !self.unanswered().is_empty() {
            self.state = TicketState::Open;
        }
        lost
    }

    /// Is answered if nobody waits any more.
    fn settle(&mut self) {
        if self.state == TicketState::Open && self.unanswered().is_empty() {
            self.state = TicketState::Answered;
        }
    }
}

impl Desk<'_> {
    /// Joins the ticket that asks the same, if one waits; says whether it did.
    pub(super) fn joins_others(&mut self, asked: &Asked) -> bool {
        // What lacks what was said before ("kalau pensiunan?") means something else with everybody.
        let whole = || !self.knowledge.matcher.judge(&asked.text, day_of(self.now)).short_of_context;
        let joins = |ticket: &Ticket| ticket.joinable() && self.asks_again(ticket, asked) && whole();
        let Some(ticket) = self.known.same.clone().filter(joins) else { return false };
        self.join_others(ticket, asked);
        true
    }

    /// Whether it is the ticket's question once more.
    pub(super) fn asks_again(&self, ticket: &Ticket, asked: &Asked) -> bool {
        let matcher = &self.knowledge.matcher;
        let gist = matcher.gist(&asked.text);
        let same = || matcher.gist(&ticket.question()).compare(&gist).is_ok();
        !gist.is_private() && (ticket.is_in_words(&words(&asked.text)) || same())
    }

    pub(super) fn join_others(&mut self, mut ticket: Ticket, asked: &Asked) {
        let (voter, number) = (asked.voter, ticket.number);
        let shown = number.to_string();
        self.became(asked.clone(), Became::Forwarded { ticket: number });
        if ticket.is_asked_by(voter) {
            return self.tell(voter, "already_forwarded", &[("number", &shown)]);
        }
        let others = ticket.askers().count();
        ticket.join(Asker { voter, message: asked.message }, &asked.text);
        self.effects.push(Effect::KeepAsker { ticket: number, voter });
        self.state.pace.tickets.push(self.known.steady);
        self.state.joins = Some(Lately { ticket: number, at: self.known.steady });
        self.update_askers(ticket);
        let key = if self.known.unreachable { "forward_waits" } else { "forwarded" };
        self.tell_forwarded_with(voter, key, number, others);
    }

    /// A ticket that `asked` belongs to is one of several people: the voter goes on alone, with what was asked with the
    /// others and what comes now.
    pub(super) fn go_alone(&mut self, mut ticket: Ticket, asked: Asked, instead: bool) {
        let voter = asked.voter;
        let own = self.open_tickets(voter);
        let answered = !ticket.waits(voter);
        if answered && instead {
            // What was answered was asked in words that count no more.
            ticket.unnumber(voter, asked.message);
            self.effects.push(Effect::KeepTicket(ticket.clone()));
        }
        // Whoever went on alone before goes on there.
        let before = own.iter().find(|own| own.continues == Some(ticket.number) && own.others.is_empty());
        if let Some(before) = before.filter(|_| !instead || answered).cloned() {
            return self.join(before, asked);
        }
        if let Some((key, limit)) = self.may_not_forward(voter) {
            self.became(asked, Became::Refused);
            return self.tell(voter, key, &[("limit", &limit)]);
        }
        self.state.pace.tickets.push(self.known.steady);
        let mut earlier = if instead { Vec::new() } else { ticket.texts_of(voter) };
        if answered {
            // Should the answer be taken back, these messages wait where it was: here they only tell what went before.
            let waits = |message: i64| own.iter().any(|own| own.texts.iter().any(|(text, _)| *text == message));
            earlier.retain(|(message, _)| !waits(*message));
            earlier.iter_mut().for_each(|(message, _)| *message = 0);
        }
        let before = ticket.number;
        self.leave(ticket, voter);
        let continues = (!instead).then_some(before);
        let number = self.open(asked, None, None, |own| {
            own.texts.splice(0..0, earlier);
            own.continues = continues;
        });
        self.state.joins = Some(Lately { ticket: number, at: self.known.steady });
        let key = if self.known.unreachable { "forward_waits" } else { "forwarded" };
        self.tell_forwarded(voter, key, number);
    }

    /// The ticket to which a moderator joined that one, if its voter is still one of those who ask it.
    pub(super) fn joined_to(&self, ticket: &Ticket) -> Option<Ticket> {
        let into = |own: &&Ticket| Some(own.number) == ticket.into && own.is_asked_by(ticket.voter);
        self.known.shared.iter().find(into).cloned()
    }

    /// A ticket that was joined to another waits by itself again: its voter waits no more with those.
    pub(super) fn unjoin(&mut self, ticket: &Ticket) {
        let Some(mut into) = self.joined_to(ticket) else { return };
        if into.waits(ticket.voter) {
            return self.leave(into, ticket.voter);
        }
        // Should its answer be taken back, these messages do not wait there.
        ticket.texts.iter().for_each(|(message, _)| into.unnumber(ticket.voter, *message));
        self.effects.push(Effect::KeepTicket(into));
    }

    /// Takes a voter out of a ticket that others ask too, unless that voter was answered: then it stays what it is, so that a
    /// correction of the answer finds its way.
    pub(super) fn leave(&mut self, ticket: Ticket, voter: VoterId) {
        if !ticket.waits(voter) {
            return;
        }
        if ticket.voter != voter {
            self.effects.push(Effect::DropAsker { ticket: ticket.number, voter });
            let mut ticket = ticket.without(voter);
            ticket.settle();
            return self.update_askers(ticket);
        }
        let before = ticket.clone();
        if let Some(mut next) = ticket.handed_on() {
            // What moderators wrote meanwhile is for those who stay.
            next.held.clone_from(&before.held);
            next.albums.clone_from(&before.albums);
            next.settle();
            self.effects.push(Effect::DropAsker { ticket: next.number, voter: next.voter });
            // What the one who goes wrote stays nowhere with those who stay: it would outlive `/hapus`.
            let text = self.say("left_message", &[]);
            self.effects.push(Effect::EmptyWords { ticket: next.number, text });
            self.tickets.retain(|own| own.number != next.number);
            self.tickets.push(before);
            self.update(&next);
            self.tickets.retain(|own| own.number != next.number);
        }
    }

    /// The other wordings on a card, by the numbers that buttons name.
    pub(super) fn wordings_shown(&self, ticket: &Ticket) -> Vec<String> {
        let line = |wording: &Wording| format!("{}. {}", wording.id, shortened(&wording.text, ON_CARD));
        ticket.other_wordings().map(line).collect()
    }

    /// Notes who asks besides the first.
    pub(super) fn keep_askers(&mut self, ticket: &Ticket) {
        let number = ticket.number;
        self.effects.extend(ticket.others.iter().map(|&voter| Effect::KeepAsker { ticket: number, voter }));
    }
}
