//! What a voter does, and where its rules stand: [`super::question`], [`super::offer`], [`super::forward`],
//! [`super::follow`], [`super::edit`], [`super::album`], [`super::erase`], [`super::asn_check`], [`super::report`], [`super::topic`],
//! [`super::reminder`], [`super::hoax`], [`super::language`].

use super::asked::Became;
use super::command::Command;
use super::state::{Album, Expects};
use super::ticket::{Ticket, TicketState};
use super::{Desk, Effect, LONGEST_QUESTION, Origin, VoterId};
use crate::faq::markup::Document;
use crate::text::cut::{first_line, shortened};

/// How much of a command that is not known is repeated, in characters.
const COMMAND_SHOWN: usize = 32;

impl Desk<'_> {
    pub(super) fn message(&mut self, voter: VoterId, message: i64, text: &str, album: Option<&str>, origin: &Origin) {
        if let Some(id) = album {
            self.state.album = Some(Album { id: id.to_owned(), worded: true });
        }
        // Somebody in need is heard however much was written.
        if self.urgent_kind(text).is_some() || self.admit(voter) {
            self.heard(voter, message, text, origin);
        }
    }

    /// What a voter wrote, or what a message became by an edit.
    pub(super) fn heard(&mut self, voter: VoterId, message: i64, text: &str, origin: &Origin) {
        let text = text.trim();
        if let Some(kind) = self.urgent_kind(text) {
            return self.urgent(voter, message, text, kind);
        }
        // What somebody else wrote is no command.
        if let Some(command) = Command::parse(text).filter(|_| !origin.forwarded) {
            self.state.joins = None;
            let asked = self.asked(voter, message, self.masked(text));
            if let Command::Person(Some(question)) = &command {
                self.state.expects = Expects::Question;
                return self.for_a_person(voter, message, question);
            }
            if let Command::Object(why) = &command {
                return self.object(asked, why.as_deref());
            }
            if let Command::Check(words) = command {
                return self.check_command(asked, words, origin);
            }
            self.became(asked, Became::Command);
            return self.command(voter, command);
        }
        let expected = std::mem::take(&mut self.state.expects);
        if expected == Expects::Erase {
            self.tell(voter, "erase_cancelled", &[]);
        }
        let refusal = self.refusal(text);
        if let Some((key, values)) = refusal {
            let goes_on = matches!(expected, Expects::Person | Expects::Claim);
            self.state.expects = if goes_on { expected } else { Expects::Question };
            let asked = self.asked(voter, message, String::new());
            self.became(asked, Became::Refused);
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            return self.tell(voter, key, &values);
        }
        if expected == Expects::Person {
            return self.for_a_person(voter, message, text);
        }
        if expected == Expects::Claim || origin.forwarded {
            return self.check(voter, message, text, origin.picture);
        }
        if !self.holds_claim(voter, message, text, origin.picture) {
            self.question(voter, message, text);
        }
    }

    /// Why `text` can't be taken as a question.
    fn refusal(&self, text: &str) -> Option<(&'static str, Vec<(&'static str, String)>)> {
        let length = text.chars().count();
        if text.is_empty() {
            Some(("empty_question", Vec::new()))
        } else if length > LONGEST_QUESTION {
            let values = vec![("length", length.to_string()), ("limit", LONGEST_QUESTION.to_string())];
            Some(("too_long", values))
        } else {
            None
        }
    }

    fn for_a_person(&mut self, voter: VoterId, message: i64, text: &str) {
        let masked = self.masked_after_last(text);
        let asked = self.asked(voter, message, masked);
        self.forward(asked, None, None);
    }

    fn command(&mut self, voter: VoterId, command: Command) {
        let expected = std::mem::take(&mut self.state.expects);
        let days = self.knowledge.faq.settings.retention_days.to_string();
        match command {
            Command::Start(code) => match code.and_then(|code| self.given_by(&code)) {
                Some(entry) => {
                    let asked = self.asked(voter, 0, entry.title.clone());
                    self.give(&entry.id, asked, false);
                }
                None => {
                    self.welcome(voter, &days);
                    self.appeal(voter);
                }
            },
            Command::Help if self.known.channel.set => {
                let text = format!("{}\n\n{}", self.say("help", &[]), self.say("help_join", &[]));
                self.effects.push(Effect::Say { voter, text: Document::plain_text(text) });
            }
            Command::Help => self.tell(voter, "help", &[]),
            Command::Join => self.join_recognition(voter),
            Command::Schedule { file: false } => self.schedule(voter),
            Command::Schedule { file: true } => self.calendar(voter),
            Command::Candidates => self.candidates(voter),
            Command::Person(_) | Command::Check(_) => self.expect_person(voter),
            // It is led to before, with the message that it is.
            Command::Object(_) => {}
            Command::Asn => self.asn_who(voter),
            Command::Report => self.reports(voter),
            Command::Topics => self.topics(voter),
            Command::Reminders => self.reminders(voter),
            Command::Zone(zone) => self.zone(voter, &zone),
            Command::Language(name) => self.language(voter, &name),
            Command::Official => self.official(voter),
            Command::Status => self.status(voter),
            Command::Code(code) => self.tell_validity(voter, &code),
            Command::Data => self.data(voter),
            Command::Privacy => self.tell(voter, "privacy", &[("days", &days)]),
            Command::Erase if expected == Expects::Erase => self.erase(voter),
            Command::Erase => self.confirm_erasing(voter),
            Command::Unknown(name) => {
                let name = shortened(&name, COMMAND_SHOWN);
                self.tell(voter, "unknown_command", &[("command", &name)]);
            }
        }
    }

    pub(super) fn expect_person(&mut self, voter: VoterId) {
        self.state.expects = Expects::Person;
        self.tell(voter, "person_next", &[]);
    }

    fn status(&mut self, voter: VoterId) {
        let mut open = self.open_tickets(voter);
        open.extend(self.known.shared.iter().filter(|t| t.state == TicketState::Open).cloned());
        if open.is_empty() {
            return self.tell(voter, "status_none", &[]);
        }
        // In the voter's own words, as far as there are some: the ticket's may be another's who asked the same first.
        let own = |t: &Ticket| t.texts_of(voter).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n");
        let line = |t: &Ticket| format!("#{} {}", t.number, first_line(&own(t))).trim_end().to_owned();
        let lines: Vec<String> = open.iter().map(line).collect();
        let before = self.say("status", &[]);
        self.effects.push(Effect::Quote { voter, before, quote: lines.join("\n") });
    }
}
