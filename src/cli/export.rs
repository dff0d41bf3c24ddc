//! `export`: the FAQ as JSON Lines.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, FaqArgs};
use crate::faq::day_of;
use crate::faq::jsonl::Line;

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// One JSON object a line (the only form there is)
    #[arg(long, required = true)]
    json: bool,
    /// Also the negative examples, as lines whose id is null
    #[arg(long)]
    negatives: bool,
}

pub(super) fn run(args: &FaqArgs, export: &ExportArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let now = args.now()?;
    let (faq, _) = args.faq()?;
    for entry in &faq.entries {
        let answer = faq.answer(entry, now);
        let line = Line {
            id: Some(entry.id.clone()),
            title: Some(entry.title.clone()),
            questions: entry.questions.iter().map(|q| q.text.clone()).collect(),
            answer: Some(answer.body.plain()),
            more: answer.more.map(|more| more.plain()),
            sources: entry.sources_on(day_of(now)).into_iter().map(str::to_owned).collect(),
        };
        writeln!(out, "{}", serde_json::to_string(&line).map_err(std::io::Error::from)?)?;
    }
    if export.negatives {
        for question in &faq.outside {
            let line = Line {
                id: None,
                title: None,
                questions: vec![question.text.clone()],
                answer: None,
                more: None,
                sources: Vec::new(),
            };
            writeln!(out, "{}", serde_json::to_string(&line).map_err(std::io::Error::from)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
