//! A new entry, drafted from a question and its answer: id, title, source, ways of asking and file are asked for one after
//! the other.

use serde::{Deserialize, Serialize};

use super::{Proposal, ProposalState, worded};
use crate::desk::Desk;
use crate::desk::event::{Action, Content};
use crate::faq::day_of;
use crate::faq::entry::{LONGEST_ID, LONGEST_TITLE};
use crate::faq::lesson::{Lesson, NewEntry, as_phrasing, entry_file_names};
use crate::text::language::Language;

/// The longest source, in characters.
const LONGEST_SOURCE: usize = 200;
/// Shortest id.
const SHORTEST_ID: usize = 3;
/// How many buttons stand in a row.
const IN_A_ROW: usize = 2;
/// What a moderator writes who has nothing to add.
const NOTHING: &str = "-";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Its id.
    Id,
    /// Its title.
    Title,
    /// The law or publisher that says so.
    Source,
    /// More ways of asking it.
    Questions,
    /// The file that it goes into: by that its category.
    File,
}

impl Desk<'_> {
    pub(super) fn begin_entry(&mut self, proposal: Proposal) {
        let ticket = proposal.ticket.and_then(|number| self.ticket(number));
        let answer = ticket.as_ref().and_then(worded).and_then(|reply| reply.content.as_ref()).map(light_markup);
        let Some(answer) = answer else { return self.toast("learn_gone", &[]) };
        let draft = NewEntry {
            id: String::new(),
            title: String::new(),
            file: String::new(),
            source: String::new(),
            answer,
            questions: Vec::from_iter(self.unfit_phrasing(&proposal.text).is_none().then(|| proposal.text.clone())),
            reviewed: day_of(self.now),
        };
        self.ask(proposal, Step::Id, draft, None, true);
    }

    /// Takes what was asked for, or says what is wrong with it, and asks on.
    pub(super) fn draft_on(&mut self, proposal: Proposal, step: Step, mut draft: NewEntry, text: &str) {
        let one_line = as_line(text);
        let next = match step {
            Step::Id => {
                if let Some(why) = self.unfit_id(&one_line) {
                    return self.ask(proposal, step, draft, Some(why), false);
                }
                draft.id = one_line;
                Step::Title
            }
            Step::Title => {
                let length = one_line.chars().count();
                if one_line.is_empty() || length > LONGEST_TITLE {
                    let (length, longest) = (length.to_string(), LONGEST_TITLE.to_string());
                    let why = self.say("learn_why_title", &[("length", &length), ("longest", &longest)]);
                    return self.ask(proposal, step, draft, Some(why), false);
                }
                draft.title = one_line;
                Step::Source
            }
            Step::Source => {
                if one_line.chars().count() < SHORTEST_ID || one_line.chars().count() > LONGEST_SOURCE {
                    let why = self.say("learn_why_source", &[]);
                    return self.ask(proposal, step, draft, Some(why), false);
                }
                draft.source = one_line;
                Step::Questions
            }
            Step::Questions => {
                let lines = text.lines().map(as_phrasing).filter(|line| !line.is_empty() && line != NOTHING);
                let lines: Vec<String> = lines.collect();
                for line in &lines {
                    if let Some(why) = self.unfit_phrasing(line) {
                        let why = format!("\"{line}\": {why}");
                        return self.ask(proposal, step, draft, Some(why), false);
                    }
                }
                draft.questions.extend(lines);
                if draft.questions.is_empty() {
                    let why = self.say("learn_why_no_questions", &[]);
                    return self.ask(proposal, step, draft, Some(why), false);
                }
                Step::File
            }
            // That is told by a press.
            Step::File => Step::File,
        };
        self.ask(proposal, next, draft, None, false);
    }

    fn unfit_id(&self, id: &str) -> Option<String> {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (SHORTEST_ID..=LONGEST_ID).contains(&id.len()) && id.bytes().all(letter);
        if !fits {
            return Some(self.say("learn_why_id", &[("longest", &LONGEST_ID.to_string())]));
        }
        self.knowledge.faq.entry(id).map(|_| self.say("learn_why_id_taken", &[("id", id)]))
    }

    fn ask(&mut self, proposal: Proposal, step: Step, draft: NewEntry, why: Option<String>, posted: bool) {
        let key = match step {
            Step::Id => "learn_ask_id",
            Step::Title => "learn_ask_title",
            Step::Source => "learn_ask_source",
            Step::Questions => "learn_ask_questions",
            Step::File => "learn_ask_file",
        };
        let text = self.say(key, &[("number", &proposal.number.to_string())]);
        let text = why.map_or_else(|| text.clone(), |why| format!("{why}\n\n{text}"));
        let mut rows = Vec::new();
        if step == Step::File {
            let label = |file: &String| {
                let entry =
                    self.knowledge.faq.entries.iter().find(|entry| entry.file.strip_suffix(".toml") == Some(file));
                let category = entry.and_then(|entry| entry.category.as_ref());
                category.map_or_else(|| file.clone(), |category| category.in_language(Language::Indonesian).to_owned())
            };
            let files = entry_file_names(&self.knowledge.faq);
            let buttons: Vec<(String, Action)> =
                files.iter().map(|file| (label(file), Action::TeachInto(file.clone()))).collect();
            rows.extend(buttons.chunks(IN_A_ROW).map(<[_]>::to_vec));
        }
        rows.push(vec![(self.say("button_no_proposal", &[]), Action::DropProposal)]);
        let quote = match step {
            Step::Id => draft.answer.clone(),
            Step::Questions => draft.questions.join("\n"),
            _ => String::new(),
        };
        let proposal = Proposal { state: ProposalState::Asking(step, draft), ..proposal };
        self.show_proposal(proposal, text, &quote, rows, posted);
    }

    /// A drafted entry as moderators see it before they approve.
    pub(super) fn drafted(&self, entry: &NewEntry) -> String {
        let NewEntry { id, title, source, file, answer, questions, .. } = entry;
        let values = [("id", id.as_str()), ("title", title), ("source", source), ("file", file)];
        let head = self.say("learn_entry", &values);
        format!("{head}\n\n{}\n\n{answer}", questions.join("\n"))
    }

    /// The entry that a lesson is about.
    pub(super) fn taught_entry(lesson: &Lesson) -> &str {
        match lesson {
            Lesson::Phrasing { entry, .. } => entry,
            Lesson::Entry(entry) => &entry.id,
        }
    }
}

fn as_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A moderator's words with their look as light markup, as far as that has it: bold, italic and links within a line.
fn light_markup(content: &Content) -> String {
    let units: Vec<u16> = content.text.encode_utf16().collect();
    let mut insertions: Vec<(usize, String)> = Vec::new();
    for mark in &content.marks {
        let (from, to) = (mark.offset, mark.offset.saturating_add(mark.length).min(units.len()));
        let Some(inside) = units.get(from..to).map(String::from_utf16_lossy) else { continue };
        if inside.contains('\n') || inside.trim() != inside || inside.is_empty() {
            continue;
        }
        let (open, close) = match (mark.kind.as_str(), &mark.url) {
            ("bold", _) => ("**".to_owned(), "**".to_owned()),
            ("italic", _) => ("*".to_owned(), "*".to_owned()),
            ("text_link", Some(url)) => ("[".to_owned(), format!("]({url})")),
            _ => continue,
        };
        insertions.push((from, open));
        insertions.push((to, close));
    }
    insertions.sort_by_key(|(at, _)| *at);
    let (mut out, mut last) = (String::new(), 0);
    for (at, mark) in insertions {
        out.push_str(&String::from_utf16_lossy(&units[last..at]));
        out.push_str(&mark);
        last = at;
    }
    out.push_str(&String::from_utf16_lossy(&units[last..]));
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Mark;

    #[test]
    fn the_look_of_words_becomes_light_markup() {
        let mark = |offset, length, kind: &str, url: Option<&str>| Mark {
            offset,
            length,
            kind: kind.to_owned(),
            url: url.map(str::to_owned),
        };
        let content = Content {
            text: "😀 Boleh, lihat situs.\nSelesai ".to_owned(),
            marks: vec![
                mark(3, 5, "bold", None),
                mark(16, 5, "text_link", Some("https://kpu.go.id")),
                mark(16, 10, "italic", None),
                mark(100, 5, "bold", None),
            ],
            media: None,
        };
        assert_eq!(light_markup(&content), "😀 **Boleh**, lihat [situs](https://kpu.go.id).\nSelesai");
    }
}
