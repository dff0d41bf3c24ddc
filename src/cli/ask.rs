//! `ask`: one question, or one a line from standard input.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use chrono::{DateTime, FixedOffset};
use clap::Args;
use serde::Serialize;

use super::{Failure, FaqArgs, colour};
use crate::desk::{Knowledge, LONGEST_QUESTION, code};
use crate::faq::{Answer, day_of};
use crate::matcher::{Judgement, Verdict};
use crate::terminal::render::Look;
use crate::text::language::Language;

#[derive(Debug, Args)]
pub(super) struct AskArgs {
    /// Print one JSON object a question
    #[arg(long)]
    json: bool,
    /// Show the words and scores that decided
    #[arg(long)]
    explain: bool,
    /// Print the rest of the answer too, what the button "Selengkapnya" sends
    #[arg(long)]
    more: bool,
    /// The question, or the code of an entry; `-` reads one a line from standard input
    #[arg(required = true, value_name = "QUESTION")]
    question: Vec<String>,
}

/// One answer for scripts.
#[derive(Debug, Serialize)]
struct Row<'a> {
    question: &'a str,
    verdict: &'static str,
    entry: Option<&'a str>,
    confidence: f64,
    ranked: Vec<(&'a str, f64)>,
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<String>,
}

pub(super) fn run(faq: &FaqArgs, args: &AskArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let now = faq.now()?;
    let knowledge = faq.knowledge()?;
    let asker = Asker { knowledge: &knowledge, args, now, look: Look { colour: colour(&std::io::stdout()) } };
    if args.question != ["-"] {
        asker.answer(&args.question.join(" "), out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    let mut number = 0;
    while input.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let question = String::from_utf8_lossy(&line);
        if let std::borrow::Cow::Owned(_) = question {
            writeln!(std::io::stderr(), "baris {number}: bukan UTF-8; bagian yang tidak terbaca diganti \u{fffd}")?;
        }
        asker.answer(&question, out)?;
        out.flush()?;
        line.clear();
    }
    Ok(ExitCode::SUCCESS)
}

struct Asker<'a> {
    knowledge: &'a Knowledge,
    args: &'a AskArgs,
    now: DateTime<FixedOffset>,
    look: Look,
}

impl Asker<'_> {
    fn answer(&self, question: &str, out: &mut impl Write) -> Result<(), Failure> {
        let length = question.chars().count();
        let by_code = self.by_code(question);
        let judgement = if let Some(entry) = by_code {
            Judgement { confidence: 1.0, ranked: vec![(entry, 1.0)], ..Judgement::none(Verdict::Answer(entry)) }
        } else if length > LONGEST_QUESTION || self.knowledge.matcher.urgent(question).is_some() {
            // Somebody in need goes to a person.
            Judgement::none(Verdict::Forward { expired: None })
        } else {
            self.knowledge.matcher.judge(question, day_of(self.now))
        };
        if self.args.json {
            let row = serde_json::to_string(&self.row(question, &judgement)).map_err(std::io::Error::from)?;
            writeln!(out, "{row}")?;
        } else {
            writeln!(out, "{}", self.text(question, length, &judgement))?;
        }
        if self.args.explain && length <= LONGEST_QUESTION {
            let explanation = match by_code {
                Some(entry) => {
                    format!("Keputusan: kode entri {}, dibuka langsung", self.knowledge.faq.entries[entry].id)
                }
                None => self.knowledge.matcher.explain(question, &self.knowledge.faq, day_of(self.now)),
            };
            if self.args.json {
                // Standard output holds exactly one object a question.
                writeln!(std::io::stderr(), "{explanation}")?;
            } else {
                writeln!(out, "\n{explanation}")?;
            }
        }
        Ok(())
    }

    /// The entry whose code is all of the question, as the desk opens it.
    fn by_code(&self, question: &str) -> Option<usize> {
        let faq = &self.knowledge.faq;
        let entry = code::entry(faq, question).filter(|e| e.is_valid(day_of(self.now)))?;
        faq.entries.iter().position(|e| e.id == entry.id)
    }

    /// What is answered, if it is: what an entry says, or a cell of the table of civil servants.
    fn answer_of(&self, question: &str, judgement: &Judgement) -> Option<Answer> {
        let language = Language::of(question).unwrap_or_default();
        let faq = &self.knowledge.faq;
        let Verdict::Answer(entry) = judgement.verdict else { return None };
        let cell = judgement.cell.and_then(|cell| faq.cell_answer(&faq.asn_check.cells[cell], language, self.now));
        Some(cell.unwrap_or_else(|| faq.answer_in(&faq.entries[entry], language, self.now)))
    }

    fn row<'q>(&'q self, question: &'q str, judgement: &Judgement) -> Row<'q> {
        let faq = &self.knowledge.faq;
        let id = |entry: usize| faq.entries[entry].id.as_str();
        let answered = match judgement.verdict {
            Verdict::Answer(entry) => Some(entry),
            _ => None,
        };
        let answer = self.answer_of(question, judgement);
        let round = |chance: f64| (chance * 1e6).round() / 1e6;
        Row {
            question,
            verdict: judgement.verdict.name(),
            entry: answered.map(id),
            confidence: round(judgement.confidence),
            ranked: judgement.ranked.iter().map(|&(e, chance)| (id(e), round(chance))).collect(),
            answer: answer.as_ref().map(Answer::plain),
            more: answer.and_then(|answer| answer.more).map(|more| more.plain()),
        }
    }

    fn text(&self, question: &str, length: usize, judgement: &Judgement) -> String {
        let faq = &self.knowledge.faq;
        let language = Language::of(question).unwrap_or_default();
        let say = |key: &str, values: &[(&str, &str)]| faq.wordings.say(language, key, values);
        if length > LONGEST_QUESTION {
            return say("too_long", &[("length", &length.to_string()), ("limit", &LONGEST_QUESTION.to_string())]);
        }
        if let Some(kind) = self.knowledge.matcher.urgent(question) {
            return self.knowledge.urgent_answer(kind, language);
        }
        match &judgement.verdict {
            Verdict::Answer(entry) => {
                let answer = self
                    .answer_of(question, judgement)
                    .unwrap_or_else(|| faq.answer_in(&faq.entries[*entry], language, self.now));
                let rest = match self.look.more(&answer) {
                    Some(more) if self.args.more => format!("\n\n--- {} ---\n{more}", say("button_more", &[])),
                    Some(_) => format!("\n\n[{}: tambahkan --more]", say("button_more", &[])),
                    None => String::new(),
                };
                format!("{}{rest}", self.look.answer(&answer))
            }
            Verdict::Suggest(entries) => {
                let titles: Vec<String> = entries
                    .iter()
                    .map(|&e| format!("- {} ({})", faq.entries[e].title_in(language), faq.entries[e].id))
                    .collect();
                format!("{}\n{}", say("suggest", &[]), titles.join("\n"))
            }
            Verdict::SmallTalk(Some(kind)) => faq.small_talk[*kind].reply_in(language).to_owned(),
            Verdict::SmallTalk(None) if question.trim().is_empty() => say("empty_question", &[]),
            Verdict::SmallTalk(None) => say("nonsense", &[]),
            Verdict::Forward { expired: None } if judgement.short_of_context => say("context_wanted", &[]),
            Verdict::Forward { expired } => {
                let note = expired.map(|e| format!("\n{}", say("card_expired", &[("id", &faq.entries[e].id)])));
                format!("{}{}", say("ask_forward", &[]), note.unwrap_or_default())
            }
        }
    }
}
