//! Floor 4: the desk. The rules: (event, what is known, now) to effects. No I/O, no clock, no randomness.
//!
//! Every surface feeds the same desk: it turns what happened into an [`Event`], brings what is [`Known`], and carries
//! out the [`Effect`]s in order. The terminal does so in memory.

use chrono::{DateTime, FixedOffset};

pub mod command;
pub mod effect;
pub mod knowledge;
pub mod ticket;

use command::Command;
pub use effect::{Effect, Offer};
pub use knowledge::Knowledge;
pub use ticket::{Card, Ticket, TicketState};

use crate::faq::day_of;
use crate::faq::markup::Document;
use crate::matcher::Verdict;
use crate::text::mask::mask;

/// Who asks: a number that the surface gives, the same for all messages of one person.
pub type VoterId = i64;

/// The longest question, in characters: what one Telegram message holds.
pub const LONGEST_QUESTION: usize = 4096;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A voter wrote something.
    Message {
        /// Who.
        voter: VoterId,
        /// What.
        text: String,
    },
    /// A voter chose an entry that was offered.
    Pick {
        /// Who.
        voter: VoterId,
        /// The entry's id.
        entry: String,
    },
    /// A voter, offered entries, wants a person instead.
    AskPerson {
        /// Who.
        voter: VoterId,
    },
    /// A moderator answered a ticket.
    Reply {
        /// The ticket's number.
        ticket: u64,
        /// What the moderator wrote.
        text: String,
    },
}

/// What is known when an event comes in. The surface looks it up; the desk changes it by effects only.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The voter of the event.
    pub voter: VoterState,
    /// The voter's open tickets, or the ticket that a moderator answers.
    pub tickets: Vec<Ticket>,
    /// The number that the next ticket gets.
    pub next_ticket: u64,
}

/// What is remembered of a voter between two messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoterState {
    /// What the next message means.
    pub expects: Expects,
    /// The last question that was neither answered nor forwarded, masked.
    pub pending: Option<String>,
}

/// What a voter's next message means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expects {
    /// A question.
    #[default]
    Question,
    /// A question for a person, without matching.
    Person,
    /// "/hapus" once more, which deletes everything.
    Erase,
}

/// What follows from `event`.
pub fn decide(knowledge: &Knowledge, event: &Event, known: &Known, now: DateTime<FixedOffset>) -> Vec<Effect> {
    let desk = Desk { knowledge, known, now };
    match event {
        Event::Message { voter, text } => desk.message(*voter, text),
        Event::Pick { voter, entry } => desk.pick(*voter, entry),
        Event::AskPerson { voter } => desk.ask_person(*voter),
        Event::Reply { ticket, text } => desk.reply(*ticket, text),
    }
}

struct Desk<'a> {
    knowledge: &'a Knowledge,
    known: &'a Known,
    now: DateTime<FixedOffset>,
}

impl Desk<'_> {
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.knowledge.faq.wording.say(key, values)
    }

    fn tell(&self, voter: VoterId, key: &str, values: &[(&str, &str)]) -> Effect {
        Effect::Say { voter, text: Document::plain_text(self.say(key, values)) }
    }

    fn message(&self, voter: VoterId, text: &str) -> Vec<Effect> {
        let text = text.trim();
        if let Some(command) = Command::parse(text) {
            return self.command(voter, command);
        }
        let mut effects = Vec::new();
        if self.known.voter.expects == Expects::Erase {
            effects.push(self.tell(voter, "erase_cancelled", &[]));
        }
        let length = text.chars().count();
        if text.is_empty() {
            effects.push(self.tell(voter, "empty_question", &[]));
        } else if length > LONGEST_QUESTION {
            let values = [("length", length.to_string()), ("limit", LONGEST_QUESTION.to_string())];
            effects.push(self.tell(voter, "too_long", &[("length", &values[0].1), ("limit", &values[1].1)]));
        } else if self.known.voter.expects == Expects::Person {
            effects.extend(self.forward(voter, &mask(text), None));
        } else {
            effects.extend(self.question(voter, text));
        }
        effects
    }

    fn command(&self, voter: VoterId, command: Command) -> Vec<Effect> {
        let remember = |expects| Effect::Remember { voter, state: VoterState { expects, pending: None } };
        let nothing = remember(Expects::Question);
        match command {
            Command::Start => vec![nothing, self.tell(voter, "welcome", &[])],
            Command::Help => vec![nothing, self.tell(voter, "help", &[])],
            Command::Person => vec![remember(Expects::Person), self.tell(voter, "person_next", &[])],
            Command::Status => vec![nothing, self.status(voter)],
            Command::Privacy => {
                let days = self.knowledge.faq.settings.retention_days.to_string();
                vec![nothing, self.tell(voter, "privacy", &[("days", &days)])]
            }
            Command::Erase if self.known.voter.expects == Expects::Erase => self.erase(voter),
            Command::Erase => vec![remember(Expects::Erase), self.tell(voter, "erase_confirm", &[])],
            Command::Unknown(name) => vec![nothing, self.tell(voter, "unknown_command", &[("command", &name)])],
        }
    }

    fn status(&self, voter: VoterId) -> Effect {
        if self.known.tickets.is_empty() {
            return self.tell(voter, "status_none", &[]);
        }
        let lines: Vec<String> =
            self.known.tickets.iter().map(|t| format!("#{} {}", t.number, first_line(&t.question))).collect();
        self.tell(voter, "status", &[("tickets", &lines.join("\n"))])
    }

    fn erase(&self, voter: VoterId) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self
            .known
            .tickets
            .iter()
            .map(|t| Effect::CloseTicket { number: t.number, state: TicketState::Withdrawn })
            .collect();
        effects.extend([Effect::Forget { voter }, self.tell(voter, "erased", &[])]);
        effects
    }

    fn question(&self, voter: VoterId, text: &str) -> Vec<Effect> {
        let judgement = self.knowledge.matcher.judge(text, day_of(self.now));
        let faq = &self.knowledge.faq;
        let settled = Effect::Remember { voter, state: VoterState::default() };
        match judgement.verdict {
            Verdict::Answer(entry) => {
                vec![settled, Effect::Answer { voter, answer: faq.answer(&faq.entries[entry], self.now) }]
            }
            Verdict::Suggest(entries) => {
                let state = VoterState { expects: Expects::Question, pending: Some(mask(text)) };
                let offers = entries
                    .iter()
                    .map(|&e| Offer { id: faq.entries[e].id.clone(), title: faq.entries[e].title.clone() });
                vec![
                    Effect::Remember { voter, state },
                    Effect::Suggest {
                        voter,
                        text: self.say("suggest", &[]),
                        offers: offers.collect(),
                        person: self.say("ask_person", &[]),
                    },
                ]
            }
            Verdict::SmallTalk(kind) => {
                let line = kind.map_or_else(|| self.say("nonsense", &[]), |k| faq.small_talk[k].reply.clone());
                vec![settled, Effect::Say { voter, text: Document::plain_text(line) }]
            }
            Verdict::Forward { expired } => {
                let expired = expired.map(|e| faq.entries[e].id.clone());
                self.forward(voter, &mask(text), expired)
            }
        }
    }

    fn pick(&self, voter: VoterId, id: &str) -> Vec<Effect> {
        let faq = &self.knowledge.faq;
        match faq.entry(id).filter(|e| e.is_valid(day_of(self.now))) {
            Some(entry) => vec![
                Effect::Remember { voter, state: VoterState::default() },
                Effect::Answer { voter, answer: faq.answer(entry, self.now) },
            ],
            // The FAQ changed since the offer: a person then.
            None => self.ask_person(voter),
        }
    }

    fn ask_person(&self, voter: VoterId) -> Vec<Effect> {
        match &self.known.voter.pending {
            Some(question) => self.forward(voter, question, None),
            None => self.command(voter, Command::Person),
        }
    }

    fn forward(&self, voter: VoterId, masked: &str, expired: Option<String>) -> Vec<Effect> {
        let settled = Effect::Remember { voter, state: VoterState::default() };
        let limit = self.knowledge.faq.settings.max_open_tickets;
        if self.known.tickets.len() as i64 >= limit {
            return vec![settled, self.tell(voter, "too_many_tickets", &[("limit", &limit.to_string())])];
        }
        let number = self.known.next_ticket;
        let ticket =
            Ticket { number, voter, question: masked.to_owned(), asked: self.now, expired, state: TicketState::Open };
        vec![
            settled,
            Effect::OpenTicket(ticket.clone()),
            Effect::ShowCard(self.card(&ticket)),
            self.tell(voter, "forwarded", &[("number", &number.to_string())]),
        ]
    }

    fn card(&self, ticket: &Ticket) -> Card {
        let faq = &self.knowledge.faq;
        let ranked = self.knowledge.matcher.judge(&ticket.question, day_of(self.now)).ranked;
        let nearest = ranked
            .iter()
            .map(|&(e, _)| &faq.entries[e])
            .filter(|e| e.is_valid(day_of(self.now)))
            .take(3)
            .map(|e| Offer { id: e.id.clone(), title: e.title.clone() })
            .collect();
        Card {
            number: ticket.number,
            head: self.say("card_head", &[("number", &ticket.number.to_string())]),
            question: ticket.question.clone(),
            note: ticket.expired.as_ref().map(|id| self.say("card_expired", &[("id", id)])),
            nearest_head: self.say("card_nearest", &[]),
            nearest,
        }
    }

    fn reply(&self, number: u64, text: &str) -> Vec<Effect> {
        let text = text.trim();
        let shown = number.to_string();
        let notice = |key: &str, values: &[(&str, &str)]| vec![Effect::Notice(self.say(key, values))];
        let Some(ticket) = self.known.tickets.iter().find(|t| t.number == number && t.state == TicketState::Open)
        else {
            return notice("no_such_ticket", &[("number", &shown)]);
        };
        if text.is_empty() {
            return notice("reply_empty", &[("number", &shown)]);
        }
        if text.starts_with("//") {
            // A note among moderators goes nowhere.
            return Vec::new();
        }
        let faq = &self.knowledge.faq;
        let is_code = !text.contains(char::is_whitespace) && text.contains('-');
        let delivery = match faq.entry(text) {
            Some(entry) => Effect::Answer { voter: ticket.voter, answer: faq.answer(entry, self.now) },
            None if is_code && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') => {
                return notice("no_such_entry", &[("id", text)]);
            }
            // A moderator's words stay as they are: nothing in them is read as markup.
            None => Effect::Say {
                voter: ticket.voter,
                text: Document::plain_text(self.say("ticket_answer", &[("number", &shown), ("answer", text)])),
            },
        };
        vec![
            delivery,
            Effect::CloseTicket { number, state: TicketState::Answered },
            Effect::Notice(self.say("card_answered", &[("number", &shown)])),
        ]
    }
}

/// The first line of a question, shortened for a list.
fn first_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > LONGEST {
        format!("{}...", line.chars().take(LONGEST).collect::<String>())
    } else {
        line.to_owned()
    }
}
