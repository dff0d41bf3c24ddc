//! A conversation in the terminal.

use std::io::Write;

use chrono::{DateTime, FixedOffset};

use super::memory::Memory;
use super::render::Look;
use crate::desk::{Content, Effect, Event, Knowledge, Offer, VoterId, decide};

/// The one voter at this terminal.
const VOTER: VoterId = 1;

/// A conversation: what was offered last, and what is kept.
#[derive(Debug)]
pub struct Chat {
    look: Look,
    memory: Memory,
    offered: Vec<Offer>,
    /// Whether a number after the offers asks for a person.
    person: bool,
    /// How many answers a moderator gave.
    replies: i64,
}

impl Chat {
    /// A new conversation.
    pub fn new(look: Look) -> Self {
        Self { look, memory: Memory::default(), offered: Vec::new(), person: false, replies: 0 }
    }

    /// The words at the start.
    pub fn opening(&mut self, knowledge: &Knowledge, now: DateTime<FixedOffset>) -> String {
        self.line(knowledge, "/mulai", now)
    }

    /// What is shown after the person at the terminal wrote `line`: a question, a number that was offered, a voter's
    /// command, or `/jawab NOMOR TEKS` as a moderator.
    pub fn line(&mut self, knowledge: &Knowledge, line: &str, now: DateTime<FixedOffset>) -> String {
        let event = match self.event(line.trim()) {
            Ok(event) => event,
            Err(usage) => return usage,
        };
        let known = self.memory.known(&event);
        let effects = decide(knowledge, &event, &known, now);
        if !matches!(event, Event::Reply { .. }) {
            self.offered.clear();
            self.person = false;
        }
        let mut shown = Vec::new();
        for effect in &effects {
            self.memory.apply(effect);
            shown.extend(self.show(knowledge, effect));
        }
        shown.join("\n\n")
    }

    fn event(&mut self, line: &str) -> Result<Event, String> {
        if let Some(rest) = line.strip_prefix("/jawab") {
            let (number, text) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
            return match number.trim_start_matches('#').parse() {
                Ok(ticket) => {
                    self.replies += 1;
                    Ok(Event::Reply { ticket, message: self.replies, by: None, content: Content::plain(text) })
                }
                Err(_) => Err("Tulis /jawab NOMOR JAWABAN, misalnya: /jawab 1 Kantor kami buka Senin.".to_owned()),
            };
        }
        let picked = line.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        Ok(match picked {
            Some(i) if i < self.offered.len() => Event::Pick { voter: VOTER, entry: self.offered[i].id.clone() },
            Some(i) if self.person && i == self.offered.len() => Event::AskPerson { voter: VOTER },
            _ => Event::Message { voter: VOTER, message: 0, text: line.to_owned() },
        })
    }

    fn show(&mut self, knowledge: &Knowledge, effect: &Effect) -> Option<String> {
        match effect {
            Effect::Answer { answer, .. } => {
                let mut text = self.look.answer(answer);
                self.offered =
                    answer.related.iter().map(|(id, title)| Offer { id: id.clone(), title: title.clone() }).collect();
                if !self.offered.is_empty() {
                    let head = knowledge.faq.wording.say("related", &[]);
                    text.push_str(&format!("\n\n{head}\n{}", self.look.offers(&self.offered)));
                }
                Some(text)
            }
            Effect::Suggest { text, offers, person, .. } => {
                self.offered.clone_from(offers);
                self.person = true;
                let list = self.look.offers(offers);
                Some(format!("{text}\n{list}\n  {}. {person}", offers.len() + 1))
            }
            Effect::Say { text, .. } => Some(self.look.document(text)),
            Effect::ShowCard(card) => Some(self.look.card(card)),
            Effect::Notice(text) => Some(self.look.notice(text)),
            Effect::Quote { before, quote, .. } => Some(format!("{before}\n{quote}")),
            Effect::Deliver { before, content, .. } => Some(format!("{before}{}", content.text.trim())),
            Effect::FollowUp { head, text, .. } => Some(self.look.notice(&format!("{head}: {text}"))),
            Effect::UpdateCard(card) => card.status.first().or(Some(&card.head)).map(|line| self.look.notice(line)),
            Effect::Toast(text) => Some(text.clone()),
            Effect::Reload => None,
            Effect::KeepTicket(_)
            | Effect::Remember { .. }
            | Effect::Forget { .. }
            | Effect::Correct { .. }
            | Effect::TakeBack { .. }
            | Effect::Reach { .. }
            | Effect::Later { .. }
            | Effect::Sweep { .. } => None,
        }
    }
}

/// Reads lines until the end of input and answers each; with a person at the keyboard with line editing and history.
///
/// `knowledge` is asked for anew before each line, so that a reloaded FAQ takes effect at once; `printer` is given a
/// way to print while a line is being edited.
pub fn run(
    look: Look,
    mut knowledge: impl FnMut() -> std::sync::Arc<Knowledge>,
    mut now: impl FnMut() -> DateTime<FixedOffset>,
    printer: impl FnOnce(Box<dyn FnMut(String) + Send>),
    out: &mut impl Write,
) -> std::io::Result<()> {
    use rustyline::error::ReadlineError;
    let mut editor = rustyline::DefaultEditor::new().map_err(std::io::Error::other)?;
    match rustyline::DefaultEditor::create_external_printer(&mut editor) {
        Ok(mut external) => printer(Box::new(move |text| {
            // The conversation goes on without the note if the terminal is gone.
            let _ = rustyline::ExternalPrinter::print(&mut external, text);
        })),
        Err(_) => printer(Box::new(|text| tracing::warn!("{text}"))),
    }
    let mut chat = Chat::new(look);
    writeln!(out, "{}\n", chat.opening(&knowledge(), now()))?;
    loop {
        match editor.readline("> ") {
            Ok(line) => {
                if !line.trim().is_empty() {
                    editor.add_history_entry(line.as_str()).map_err(std::io::Error::other)?;
                }
                writeln!(out, "{}\n", chat.line(&knowledge(), &line, now()))?;
            }
            // Ctrl-C clears the line that is being written; Ctrl-D leaves.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(()),
            Err(ReadlineError::Io(error)) if error.kind() == std::io::ErrorKind::InvalidData => {
                writeln!(out, "Baris ini bukan teks UTF-8, jadi tidak terbaca.\n")?;
            }
            Err(error) => return Err(std::io::Error::other(error)),
        }
    }
}
