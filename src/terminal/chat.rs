//! A conversation in the terminal.

use std::io::Write;

use chrono::{DateTime, FixedOffset};

use super::memory::Memory;
use super::render::Look;
use crate::desk::{Addressee, Choice, Content, Effect, Event, Knowledge, Origin, VoterId, decide};

/// The one voter at this terminal.
const VOTER: VoterId = 1;

/// A conversation: what was offered last, and what is kept.
#[derive(Debug)]
pub struct Chat {
    look: Look,
    memory: Memory,
    /// What each number after the last choices means.
    choices: Vec<Event>,
    /// The key of the question that they are offered for.
    key: String,
    /// How many answers a moderator gave.
    replies: i64,
}

impl Chat {
    /// A new conversation.
    pub fn new(look: Look) -> Self {
        Self { look, memory: Memory::default(), choices: Vec::new(), key: String::new(), replies: 0 }
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
        let known = self.memory.known(&event, &self.key, now);
        let effects = decide(knowledge, &event, &known, now);
        if !matches!(event, Event::Reply { .. }) {
            self.choices.clear();
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
                    let (to, content) = (Addressee::Ticket(ticket), Content::plain(text));
                    Ok(Event::Reply { to, message: self.replies, by: None, content, album: None })
                }
                Err(_) => Err("Tulis /jawab NOMOR JAWABAN, misalnya: /jawab 1 Kantor kami buka Senin.".to_owned()),
            };
        }
        let picked = line.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).and_then(|i| self.choices.get(i));
        let written = || Event::Message {
            voter: VOTER,
            message: 0,
            text: line.to_owned(),
            album: None,
            origin: Origin::default(),
        };
        Ok(picked.cloned().unwrap_or_else(written))
    }

    /// The choices, and what each means from now on.
    fn choose(&mut self, choices: Vec<(String, Event)>, key: &str) -> String {
        let (labels, events): (Vec<String>, Vec<Event>) = choices.into_iter().unzip();
        (self.choices, self.key) = (events, key.to_owned());
        self.look.numbered(&labels)
    }

    fn show(&mut self, knowledge: &Knowledge, effect: &Effect) -> Option<String> {
        let pick = |id: &str, title: &str| (title.to_owned(), Event::Pick { voter: VOTER, entry: id.to_owned() });
        match effect {
            Effect::Answer { answer, key, head, .. } => {
                let mut text = format!("{head}{}", self.look.answer(answer));
                if let Some(share) = &answer.share {
                    let say = knowledge.faq.wordings.say(answer.language, "button_share", &[]);
                    text.push_str(&format!("\n\n{say}:\n{share}"));
                }
                let say = |key| knowledge.faq.wordings.say(answer.language, key, &[]);
                let more = || Event::More { voter: VOTER, entry: answer.id.clone() };
                let mut choices: Vec<_> = answer.more.iter().map(|_| (say("button_more"), more())).collect();
                choices.extend(answer.related.iter().map(|(id, title)| pick(id, title)));
                let remind = answer.coming.as_ref().map(|coming| {
                    let label = if coming.day.is_some() { "button_remind" } else { "button_when_set" };
                    (say(label), Choice::Remind(answer.id.clone()).pressed(VOTER))
                });
                let (first, count) = (usize::from(answer.more.is_some()), choices.len());
                choices.extend(remind);
                let list = self.choose(choices, key);
                let mut lines: Vec<String> = list.lines().map(str::to_owned).collect();
                if count > first {
                    lines.insert(first, say("related"));
                }
                if !lines.is_empty() {
                    text.push_str(&format!("\n\n{}", lines.join("\n")));
                }
                Some(text)
            }
            Effect::More { answer, .. } => self.look.more(answer),
            Effect::Suggest { text, offers, person, key, .. } => {
                let mut choices: Vec<_> = offers.iter().map(|o| pick(&o.id, &o.title)).collect();
                choices.push((person.clone(), Event::AskPerson { voter: VOTER }));
                Some(format!("{text}\n{}", self.choose(choices, key)))
            }
            Effect::SuggestAnswer { before, content, after, person, key, .. } => {
                let list = self.choose(vec![(person.clone(), Event::AskPerson { voter: VOTER })], key);
                Some(format!("{before}{}{after}\n{list}", content.text.trim()))
            }
            Effect::Menu { text, rows, .. } => {
                let choices = rows.iter().flatten().map(|(label, choice)| (label.clone(), choice.pressed(VOTER)));
                let list = self.choose(choices.collect(), "");
                let text = self.look.document(text);
                Some(if list.is_empty() { text } else { format!("{text}\n{list}") })
            }
            Effect::AskPicture { text, yes, key, .. } => {
                let list = self.choose(vec![(yes.clone(), Event::SendPicture { voter: VOTER })], key);
                Some(format!("{text}\n{list}"))
            }
            Effect::CopyPicture { head, .. } => Some(self.look.notice(head)),
            Effect::Confirm { text, yes, no, .. } => {
                let choice = |label: &String, sure| (label.clone(), Event::Erase { voter: VOTER, sure });
                let list = self.choose(vec![choice(yes, true), choice(no, false)], "");
                Some(format!("{text}\n{list}"))
            }
            Effect::Picture { caption, .. } => Some(self.look.attached("gambar", caption)),
            Effect::Data { text, caption, .. } => {
                Some(format!("{}\n{text}", self.look.attached("berkas data", caption)))
            }
            Effect::Calendar { instead, caption, .. } => {
                Some(format!("{}\n{instead}", self.look.attached("berkas kalender", caption)))
            }
            Effect::Say { text, .. } => Some(self.look.document(text)),
            Effect::ShowCard(card) => Some(self.look.card(card)),
            Effect::Notice { text, .. } | Effect::Line { text, .. } => Some(self.look.notice(text)),
            Effect::Quote { before, quote, .. } => Some(format!("{before}\n{quote}")),
            Effect::Deliver { before, content, .. } => Some(format!("{before}{}", content.text.trim())),
            Effect::FollowUp { head, text, .. } | Effect::Part { head, text, .. } => {
                Some(self.look.notice(&format!("{head}: {text}")))
            }
            Effect::Chart { caption, .. } => Some(self.look.attached("gambar", caption)),
            Effect::List(list) => Some(self.look.notice(&format!("{} {}", list.head, list.quote))),
            Effect::UpdateCard(card) | Effect::Empty { card, .. } => {
                card.status.first().or(Some(&card.head)).map(|line| self.look.notice(line))
            }
            Effect::Toast(text) => Some(text.clone()),
            Effect::RecallLine { text, .. } | Effect::PostLine { text, .. } => Some(self.look.notice(text)),
            Effect::Reload
            | Effect::Recalled { .. }
            | Effect::KeepRecall(_)
            | Effect::ProposalLine(_)
            | Effect::KeepProposal(_)
            | Effect::Try { .. }
            | Effect::Teach
            | Effect::Preview { .. }
            | Effect::EmptyWords { .. }
            | Effect::StopRecall { .. }
            | Effect::Retract(_)
            | Effect::KeepVersions(_)
            | Effect::ToChannel { .. }
            | Effect::AskConsent { .. }
            | Effect::KeepPost(_)
            | Effect::DropPost { .. }
            | Effect::ForgetSent { .. }
            | Effect::Star { .. }
            | Effect::KeepDraw(_)
            | Effect::ToGroup { .. }
            | Effect::KeepTicket(_)
            | Effect::KeepAsked(_)
            | Effect::IndexTicket { .. }
            | Effect::KeepAsker { .. }
            | Effect::DropAsker { .. }
            | Effect::Remember { .. }
            | Effect::Outlive { .. }
            | Effect::Forget { .. }
            | Effect::Correct { .. }
            | Effect::TakeBack { .. }
            | Effect::Reach { .. }
            | Effect::Later { .. }
            | Effect::Never { .. }
            | Effect::CalledToMind { .. }
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
