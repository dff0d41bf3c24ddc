//! One ticket for all who ask the same: a question that waits already is joined, its card shows how many ask and in which
//! words, and one reply goes to all whom the card showed. Whoever wrote more, or something else, gets a ticket of their own.

use super::asked::{Asked, Became};
use super::command::Command;
use super::event::{Action, Content, Event, ReplyKey};
use super::state::{Expects, Lately};
use super::ticket::{Arrival, Asker, Held, Reply, Ticket, TicketState, Wording};
use super::{Desk, Effect, Known, VoterId};
use crate::faq::day_of;
use crate::matcher::Matcher;
use crate::matcher::same::Gist;
use crate::text::cut::shortened;
use crate::text::normalize::words;

/// The longest question that joins another, in characters: whoever writes more tells a case of their own.
const LONGEST: usize = 600;
/// The most that ask with one ticket; who comes later opens the next.
const MOST_ASKERS: usize = 1000;
/// How many other wordings a card shows.
const SHOWN: usize = 5;
/// How many wordings can be parted by buttons at once.
const PARTED: usize = 8;
/// How much of a wording a card shows, in characters.
const ON_CARD: usize = 200;
/// A number of so many digits in a reply is likely somebody's own.
const PRIVATE_DIGITS: usize = 6;
/// What stands before somebody's name.
const HONORIFICS: [&str; 10] = ["pak", "bu", "bapak", "ibu", "mas", "mbak", "sdr", "sdri", "saudara", "saudari"];

/// What `event` asks that may wait already, as it was written.
pub fn asked_text(event: &Event, known: &Known) -> Option<String> {
    let text = match event {
        Event::Message { text, origin, .. } if !origin.forwarded && known.voter.expects != Expects::Claim => {
            match Command::parse(text.trim()) {
                Some(Command::Person(words)) => words?,
                Some(_) => return None,
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
    Some(text).filter(|text| !text.trim().is_empty() && text.chars().count() <= LONGEST)
}

/// Which of `tickets` that wait asks the same as `text`, whose gist is `gist`: one in the same words before one in others.
pub fn same_question<'t>(matcher: &Matcher, tickets: &'t [Ticket], text: &str, gist: &Gist) -> Option<&'t Ticket> {
    let own = words(text);
    let said = |ticket: &&Ticket| {
        words(&ticket.question()) == own || ticket.wordings.iter().any(|wording| words(&wording.text) == own)
    };
    let mut same =
        tickets.iter().filter(|ticket| ticket.joinable() && matcher.gist(&ticket.question()).compare(gist).is_ok());
    let all: Vec<&Ticket> = same.by_ref().collect();
    all.iter().copied().find(said).or_else(|| all.first().copied())
}

impl Ticket {
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

    /// Those who wait for it and to whom no answer that stands went.
    pub fn unanswered(&self) -> Vec<VoterId> {
        self.askers().filter(|voter| !self.answers.iter().any(|reply| reply.is_for(self, *voter))).collect()
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
        let matcher = &self.knowledge.matcher;
        let Some(ticket) = self.known.same.as_ref().filter(|ticket| !ticket.claim) else { return false };
        let tickets = std::slice::from_ref(ticket);
        let Some(ticket) = same_question(matcher, tickets, &asked.text, &matcher.gist(&asked.text)).cloned() else {
            return false;
        };
        self.join_others(ticket, asked);
        true
    }

    /// Whether it is the ticket's question once more.
    pub(super) fn asks_again(&self, ticket: &Ticket, asked: &Asked) -> bool {
        let matcher = &self.knowledge.matcher;
        matcher.gist(&ticket.question()).compare(&matcher.gist(&asked.text)).is_ok()
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
    pub(super) fn go_alone(&mut self, ticket: Ticket, asked: Asked, instead: bool) {
        let voter = asked.voter;
        if let Some((key, limit)) = self.may_not_forward(voter) {
            self.became(asked, Became::Refused);
            return self.tell(voter, key, &[("limit", &limit)]);
        }
        self.state.pace.tickets.push(self.known.steady);
        let earlier = if instead { Vec::new() } else { ticket.texts_of(voter) };
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

    /// Takes a voter out of a ticket that others ask too, unless it was answered: then it stays what it is.
    pub(super) fn leave(&mut self, ticket: Ticket, voter: VoterId) {
        if ticket.state != TicketState::Open {
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
            next.settle();
            self.effects.push(Effect::DropAsker { ticket: next.number, voter: next.voter });
            self.tickets.retain(|own| own.number != next.number);
            self.tickets.push(before);
            self.update(&next);
            self.tickets.retain(|own| own.number != next.number);
        }
    }

    /// The other wordings on a card.
    pub(super) fn wordings_shown(&self, ticket: &Ticket) -> Vec<String> {
        let own = words(&ticket.question());
        let others = ticket.wordings.iter().filter(|wording| words(&wording.text) != own);
        let line = |wording: &Wording| format!("{}. {}", wording.id, shortened(&wording.text, ON_CARD));
        others.take(SHOWN).map(line).collect()
    }

    /// Whether a reply must be looked at once more before it goes to several people: what is somebody's own in it.
    pub(super) fn is_for_one(&self, content: &Content) -> bool {
        let text = content.text.as_str();
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
        let long = digits.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= PRIVATE_DIGITS);
        let named = text.split_whitespace().collect::<Vec<_>>().windows(2).any(|pair| {
            let honorific = pair[0].trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            HONORIFICS.contains(&honorific.as_str()) && pair[1].starts_with(char::is_uppercase)
        });
        let gist = self.knowledge.matcher.gist(text);
        long || named || gist.is_private() || gist.names_somewhere()
    }

    /// Keeps a reply back until a moderator says that it is for all.
    pub(super) fn hold(&mut self, mut ticket: Ticket, message: i64, by: Option<&str>, content: &Content) {
        ticket.held.retain(|held| held.message != message);
        ticket.held.push(Held { message, by: by.map(str::to_owned), content: content.clone() });
        let (number, count) = (ticket.number, ticket.askers().count().to_string());
        let text = self.say("held", &[("number", &number.to_string()), ("count", &count)]);
        let button = |label: String, action| (ticket.key.clone(), label, action);
        let actions = vec![
            button(self.say("button_send_all", &[("count", &count)]), Action::SendHeld(message)),
            button(self.say("button_drop_held", &[]), Action::DropHeld(message)),
        ];
        self.keep(ticket);
        self.effects.push(Effect::Line { ticket: number, key: self.known.key.clone(), text, actions });
    }

    /// Sends a reply that was kept back, or lets it be.
    pub(super) fn held_pressed(&mut self, mut ticket: Ticket, message: i64, send: bool) {
        let number = ticket.number.to_string();
        let Some(at) = ticket.held.iter().position(|held| held.message == message) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        let held = ticket.held.remove(at);
        if !send {
            self.keep(ticket);
            return self.toast("held_dropped", &[("number", &number)]);
        }
        let key = ReplyKey::of(ticket.number, message);
        self.deliver(ticket, key, held.by.as_deref(), &held.content, &[]);
        self.toast("sent_again", &[("number", &number)]);
    }

    /// Sends the last answer to those who asked the same after it.
    pub(super) fn send_to_late(&mut self, mut ticket: Ticket, message: i64) {
        let number = ticket.number.to_string();
        let late = ticket.unanswered();
        let Some(own) = ticket.answers.iter_mut().find(|reply| reply.message == message && reply.stands()) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        if late.is_empty() {
            return self.toast("no_such_ticket", &[("number", &number)]);
        }
        let first = ticket.voter;
        let is_first = |voter: VoterId, own: &Reply| voter == first && !own.first_gone;
        for &voter in &late {
            if is_first(voter, own) {
                own.outcome = None;
            } else if let Some(arrival) = own.others.iter_mut().find(|arrival| arrival.voter == voter) {
                arrival.outcome = None;
            } else {
                own.others.push(Arrival { voter, outcome: None });
            }
        }
        let own = own.clone();
        let before = format!("{}\n\n", self.say("ticket_answer", &[("number", &number)]));
        let valid = |id: &String| self.knowledge.faq.entry(id).filter(|entry| entry.is_valid(day_of(self.now)));
        let entry = own.entry.as_ref().and_then(valid).map(|entry| self.answer_of(entry));
        for &voter in &late {
            let asker = (!is_first(voter, &own)).then_some(voter);
            let key = ReplyKey { ticket: ticket.number, message, asker };
            let effect = match (&entry, &own.content) {
                (Some(answer), _) => {
                    let (answer, head) = (answer.clone(), before.clone());
                    Effect::Answer { voter, key: String::new(), answer, head, reply: Some(key) }
                }
                (None, Some(content)) => Effect::Deliver {
                    voter,
                    reply: key,
                    before: before.clone(),
                    content: content.clone(),
                    album: own.album.clone(),
                },
                (None, None) => {
                    let id = own.entry.clone().unwrap_or_default();
                    return self.toast("no_such_entry", &[("id", &id)]);
                }
            };
            self.effects.push(effect);
        }
        ticket.state = TicketState::Answered;
        self.update(&ticket);
        self.toast("sent_again", &[("number", &number)]);
    }

    /// Asks which wording is another question.
    pub(super) fn ask_split(&mut self, ticket: &Ticket) {
        let number = ticket.number;
        // No words on them: a button outlives what is deleted.
        let button = |wording: &Wording| {
            let label = self.say("button_split_off", &[("number", &wording.id.to_string())]);
            (ticket.key.clone(), label, Action::SplitOff(wording.id))
        };
        let actions = ticket.wordings.iter().take(PARTED).map(button).collect();
        let text = self.say("split_which", &[("number", &number.to_string())]);
        self.effects.push(Effect::Line { ticket: number, key: self.known.key.clone(), text, actions });
    }

    /// Makes those who asked in one wording a ticket of their own.
    pub(super) fn split_off(&mut self, mut ticket: Ticket, id: u32) {
        let number = ticket.number.to_string();
        let Some(at) = ticket.wordings.iter().position(|wording| wording.id == id) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        let wording = ticket.wordings.remove(at);
        let gone = |voter: &VoterId| wording.askers.iter().any(|asker| asker.voter == *voter);
        let answered = wording.askers.iter().all(|asker| ticket.answers.iter().any(|r| r.is_for(&ticket, asker.voter)));
        if answered {
            return self.toast("no_such_ticket", &[("number", &number)]);
        }
        ticket.others.retain(|voter| !gone(voter));
        for reply in &mut ticket.answers {
            reply.others.retain(|arrival| !gone(&arrival.voter));
        }
        ticket.settle();
        self.update(&ticket);
        let Some((first, rest)) = wording.askers.split_first() else { return };
        let new = self.known.next_ticket;
        let mut own = Ticket {
            texts: vec![(first.message, wording.text.clone())],
            asked: ticket.asked,
            ..Ticket::new(new, self.known.key.clone(), first.voter, self.now)
        };
        rest.iter().for_each(|asker| own.join(*asker, &wording.text));
        own.nearest = self.nearest(&own);
        for asker in &wording.askers {
            self.effects.push(Effect::DropAsker { ticket: ticket.number, voter: asker.voter });
        }
        self.remind(&own);
        self.post(&own);
        self.keep_askers(&own);
        for asker in &wording.askers {
            self.tell(asker.voter, "renumbered", &[("number", &number), ("new", &new.to_string())]);
        }
        self.toast("split", &[("number", &new.to_string())]);
    }

    /// Notes who asks besides the first.
    pub(super) fn keep_askers(&mut self, ticket: &Ticket) {
        let number = ticket.number;
        self.effects.extend(ticket.others.iter().map(|&voter| Effect::KeepAsker { ticket: number, voter }));
    }

    /// `/gabung`: asks whether a ticket is to be joined to another.
    pub(super) fn ask_merge(&mut self, numbers: Option<(u64, u64)>) {
        let Some((into, from)) = numbers.filter(|(into, from)| into != from) else {
            return self.notice("merge_which", &[]);
        };
        for number in [into, from] {
            match self.ticket(number) {
                None => return self.no_such_ticket(number),
                Some(ticket)
                    if ticket.state != TicketState::Open
                        || ticket.claim != self.ticket(into).is_some_and(|t| t.claim) =>
                {
                    return self.notice("merge_closed", &[("number", &number.to_string())]);
                }
                Some(_) => {}
            }
        }
        let Some(ticket) = self.ticket(into) else { return };
        let values = [("number", from.to_string()), ("into", into.to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = self.say("merge_confirm", &values);
        let actions = vec![(ticket.key.clone(), self.say("button_merge", &values), Action::Merge(from))];
        self.effects.push(Effect::Line { ticket: into, key: self.known.key.clone(), text, actions });
    }

    /// Joins the ticket `from` to `ticket`, as a moderator confirmed.
    pub(super) fn merge(&mut self, mut ticket: Ticket, from: u64) {
        let number = ticket.number.to_string();
        let Some(mut other) = self.ticket(from).filter(|other| other.state == TicketState::Open) else {
            return self.toast("merge_closed", &[("number", &from.to_string())]);
        };
        if ticket.state != TicketState::Open {
            return self.toast("merge_closed", &[("number", &number)]);
        }
        let first = Asker { voter: other.voter, message: other.texts.first().map_or(0, |(message, _)| *message) };
        let mut askers = vec![(first, other.question())];
        for wording in &other.wordings {
            askers.extend(wording.askers.iter().map(|asker| (*asker, wording.text.clone())));
        }
        let worded: Vec<VoterId> = askers.iter().map(|(asker, _)| asker.voter).collect();
        let silent = other.others.iter().filter(|voter| !worded.contains(voter));
        askers.extend(silent.map(|&voter| (Asker { voter, message: 0 }, other.question())));
        let waiting = other.unanswered();
        for (asker, text) in askers {
            if !ticket.is_asked_by(asker.voter) && waiting.contains(&asker.voter) {
                ticket.join(asker, &text);
                self.effects.push(Effect::KeepAsker { ticket: ticket.number, voter: asker.voter });
                self.tell(asker.voter, "renumbered", &[("number", &from.to_string()), ("new", &number)]);
            }
        }
        other.state = TicketState::Merged;
        other.into = Some(ticket.number);
        other.others.clear();
        other.wordings.clear();
        self.update(&ticket);
        self.update(&other);
        self.toast("merged", &[("number", &from.to_string()), ("into", &number)]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::Addressee;
    use super::super::tests::KNOWLEDGE;
    use super::super::{Card, decide};
    use super::*;

    const QUESTION: &str = "genset TPS 12 Sukarame mati, gantinya dari siapa";

    /// A question of three: the first, and two in other words.
    fn shared() -> Ticket {
        let asked = chrono::DateTime::UNIX_EPOCH.fixed_offset();
        let mut ticket = Ticket { texts: vec![(1, QUESTION.to_owned())], ..Ticket::new(7, "k7".to_owned(), 1, asked) };
        ticket.join(Asker { voter: 2, message: 5 }, "gantinya dari siapa, genset TPS 12 Sukarame mati");
        ticket.join(Asker { voter: 3, message: 6 }, "gantinya dari siapa, genset TPS 12 Sukarame mati");
        ticket
    }

    fn comes(ticket: &Ticket, shown: Option<usize>, event: &Event) -> Vec<Effect> {
        let known = Known { tickets: vec![ticket.clone()], shown, next_ticket: 8, ..Known::default() };
        decide(&KNOWLEDGE, event, &known, ticket.asked)
    }

    fn kept(effects: &[Effect]) -> Ticket {
        let kept = effects.iter().rev().find_map(|effect| match effect {
            Effect::KeepTicket(ticket) => Some(ticket.clone()),
            _ => None,
        });
        kept.expect("a ticket was kept")
    }

    fn told(effects: &[Effect]) -> Vec<VoterId> {
        let told = effects.iter().filter_map(|effect| match effect {
            Effect::Deliver { voter, .. } => Some(*voter),
            _ => None,
        });
        told.collect()
    }

    fn card(effects: &[Effect]) -> Card {
        let shown = effects.iter().find_map(|effect| match effect {
            Effect::UpdateCard(card) => Some(card.clone()),
            _ => None,
        });
        shown.expect("its card")
    }

    fn reply(text: &str) -> Event {
        Event::Reply { to: Addressee::Ticket(7), message: 50, by: None, content: Content::plain(text), album: None }
    }

    #[test]
    fn who_joined_after_the_card_was_seen_waits_for_a_press() {
        let effects = comes(&shared(), Some(2), &reply("Dari kelurahan."));
        assert_eq!(told(&effects), [1, 2]);
        let ticket = kept(&effects);
        assert_eq!((ticket.state, ticket.unanswered()), (TicketState::Open, vec![3]));
        assert!(card(&effects).actions.iter().any(|(_, action)| *action == Action::SendToLate(50)));
        let press = Event::Tap { key: "k7".to_owned(), by: None, action: Action::SendToLate(50) };
        let effects = comes(&ticket, Some(3), &press);
        assert_eq!(told(&effects), [3]);
        let ticket = kept(&effects);
        assert_eq!((ticket.state, ticket.unanswered()), (TicketState::Answered, vec![]));
        // Pressed twice, it goes once.
        assert!(told(&comes(&ticket, Some(3), &press)).is_empty());
    }

    #[test]
    fn what_was_corrected_goes_to_the_late_corrected() {
        let ticket = kept(&comes(&shared(), Some(2), &reply("Dari kelurahan.")));
        let edit = Event::ReplyEdited {
            to: Addressee::Ticket(7),
            message: 50,
            by: None,
            content: Content::plain("Dari kecamatan."),
        };
        let ticket = kept(&comes(&ticket, Some(2), &edit));
        let press = Event::Tap { key: "k7".to_owned(), by: None, action: Action::SendToLate(50) };
        let effects = comes(&ticket, Some(3), &press);
        let sent = effects.iter().find_map(|effect| match effect {
            Effect::Deliver { voter: 3, content, .. } => Some(content.text.clone()),
            _ => None,
        });
        assert_eq!(sent.as_deref(), Some("Dari kecamatan."));
    }

    #[test]
    fn what_was_kept_back_and_changed_does_not_go_out_as_it_was() {
        let ticket = kept(&comes(&shared(), Some(3), &reply("Hubungi Pak Karto.")));
        let edit = Event::ReplyEdited {
            to: Addressee::Ticket(7),
            message: 50,
            by: None,
            content: Content::plain("Hubungi kelurahan."),
        };
        let effects = comes(&ticket, Some(3), &edit);
        assert_eq!(told(&effects), [1, 2, 3]);
        let press = Event::Tap { key: "k7".to_owned(), by: None, action: Action::SendHeld(50) };
        assert!(told(&comes(&kept(&effects), Some(3), &press)).is_empty());
    }

    #[test]
    fn one_whom_it_did_not_reach_waits_though_others_got_it() {
        use super::super::event::Outcome;
        let ticket = kept(&comes(&shared(), None, &reply("Dari kelurahan.")));
        let failed = Event::Delivered {
            reply: ReplyKey { ticket: 7, message: 50, asker: Some(3) },
            outcome: Outcome::Failed("Bad Request".to_owned()),
        };
        let ticket = kept(&comes(&ticket, None, &failed));
        assert_eq!((ticket.state, ticket.unanswered()), (TicketState::Open, vec![3]));
        let press = Event::Tap { key: "k7".to_owned(), by: None, action: Action::SendToLate(50) };
        let effects = comes(&ticket, None, &press);
        assert_eq!((told(&effects), kept(&effects).answers[0].others.len()), (vec![3], 2));
    }

    #[test]
    fn where_it_is_not_known_what_the_card_shows_all_are_told() {
        assert_eq!(told(&comes(&shared(), None, &reply("Dari kelurahan."))), [1, 2, 3]);
    }

    #[test]
    fn what_is_somebodys_own_is_asked_about_before_it_goes_to_many() {
        for text in ["Hubungi Pak Karto.", "Nomornya 021 555 1234.", "Posko ada di Jatim."] {
            let effects = comes(&shared(), Some(3), &reply(text));
            assert!(told(&effects).is_empty(), "{text}");
            let ticket = kept(&effects);
            let press = |action| Event::Tap { key: "k7".to_owned(), by: None, action };
            assert_eq!(told(&comes(&ticket, Some(3), &press(Action::SendHeld(50)))), [1, 2, 3], "{text}");
            let dropped = comes(&ticket, Some(3), &press(Action::DropHeld(50)));
            assert!(told(&dropped).is_empty() && kept(&dropped).held.is_empty(), "{text}");
        }
        assert_eq!(told(&comes(&shared(), Some(3), &reply("Tunggu di TPS, petugas datang."))), [1, 2, 3]);
    }

    #[test]
    fn a_wording_takes_its_askers_along() {
        let press = Event::Tap { key: "k7".to_owned(), by: None, action: Action::SplitOff(1) };
        let effects = comes(&shared(), Some(3), &press);
        let own = kept(&effects);
        assert_eq!((own.number, own.voter, own.others.clone()), (8, 2, vec![3]));
        let left = effects.iter().find_map(|effect| match effect {
            Effect::KeepTicket(ticket) if ticket.number == 7 => Some(ticket.clone()),
            _ => None,
        });
        assert!(left.is_some_and(|left| left.others.is_empty() && left.wordings.is_empty()));
    }

    #[test]
    fn the_next_asker_speaks_in_own_words_when_the_first_is_gone() {
        let next = shared().handed_on().expect("others ask");
        assert_eq!((next.voter, next.others.clone()), (2, vec![3]));
        assert!(!next.question().starts_with("genset") && next.texts[0].0 == 5);
        assert_eq!(next.without(3).wordings.len(), 0);
    }
}
