//! `eval`: how good are the answers to labelled questions?

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, FaqArgs};
use crate::faq::day_of;
use crate::matcher::measure::{self, Labelled, Tally};
use crate::matcher::{Judgement, Verdict};

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// JSON Lines: {"text", "id" or null, "also": [...], "register"}
    file: PathBuf,
    /// How many confusions to list
    #[arg(long, default_value_t = 20)]
    worst: usize,
}

pub(super) fn run(args: &FaqArgs, eval: &EvalArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let text = std::fs::read_to_string(&eval.file)
        .map_err(|e| Failure::Usage(format!("{} tidak terbaca: {e}", eval.file.display())))?;
    let questions = measure::parse(&text)
        .map_err(|(line, error)| Failure::Usage(format!("{} baris {line}: {error}", eval.file.display())))?;
    let knowledge = args.knowledge()?;
    let today = day_of(args.now());
    let ids: Vec<&str> = knowledge.faq.entries.iter().map(|e| e.id.as_str()).collect();
    let mut total = Tally::default();
    let mut registers: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut confusions: Vec<(f64, String)> = Vec::new();
    let mut calibration = Vec::new();
    for question in &questions {
        let judgement = knowledge.matcher.judge(&question.text, today);
        let right = judgement.ranked.first().is_some_and(|r| question.accepts(ids[r.0]));
        total.add(question, &judgement, &ids);
        registers.entry(&question.register).or_default().add(question, &judgement, &ids);
        calibration.push((judgement.confidence, right, question.id.is_some()));
        if let Some(line) = confusion(question, &judgement, &ids) {
            confusions.push((judgement.confidence, line));
        }
    }
    let unknown_share = knowledge.faq.settings.unknown_share;
    writeln!(out, "{}", summary(&total))?;
    writeln!(out, "\n{:<12} {:>5} {:>7} {:>7} {:>9} {:>7}", "register", "n", "top-1", "top-3", "answered", "wrong")?;
    for (register, tally) in &registers {
        writeln!(out, "{}", row(register, tally))?;
    }
    writeln!(out, "\n{}", reliability(&mut calibration, unknown_share))?;
    confusions.sort_by(|a, b| b.0.total_cmp(&a.0));
    writeln!(out, "worst confusions")?;
    for (_, line) in confusions.iter().take(eval.worst) {
        writeln!(out, "{line}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(tally: &Tally) -> String {
    format!(
        "in scope {}: top-1 {}, top-3 {}; answered {} (rightly {}), offered {} (right entry among them {})\n\
         out of scope {}: answered {}, offered {}, small talk {}\n\
         answers given {}: wrong {}",
        tally.known,
        percent(tally.first, tally.known),
        percent(tally.among_three, tally.known),
        percent(tally.answered - tally.unknown_answered, tally.known),
        percent(tally.answered_right, tally.known),
        percent(tally.offered, tally.known),
        percent(tally.offered_right, tally.offered),
        tally.unknown,
        percent(tally.unknown_answered, tally.unknown),
        percent(tally.unknown_offered, tally.unknown),
        percent(tally.small_talk, tally.unknown),
        tally.answered,
        percent(tally.answered_wrong, tally.answered),
    )
}

fn row(register: &str, tally: &Tally) -> String {
    format!(
        "{register:<12} {:>5} {:>7} {:>7} {:>9} {:>7}",
        tally.known + tally.unknown,
        percent(tally.first, tally.known),
        percent(tally.among_three, tally.known),
        percent(tally.answered, tally.known + tally.unknown),
        percent(tally.answered_wrong, tally.answered),
    )
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.1}%", 100.0 * part as f64 / whole as f64) }
}

fn confusion(question: &Labelled, judgement: &Judgement, ids: &[&str]) -> Option<String> {
    let first = judgement.ranked.first().map(|r| ids[r.0])?;
    let answered = matches!(judgement.verdict, Verdict::Answer(_));
    let wrong = match question.id {
        Some(_) => !question.accepts(first),
        None => answered && !question.excuses(first),
    };
    wrong.then(|| {
        let wanted = question.id.as_deref().unwrap_or("(out of scope)");
        let given = judgement.verdict.name();
        format!("{:.3} {given:<10} {:?}\n      wanted {wanted}, found {first}", judgement.confidence, question.text)
    })
}

/// Stated confidence against what was observed, in bins of equal count, weighted so that the unknown questions make
/// up `unknown_share`.
fn reliability(calibration: &mut [(f64, bool, bool)], unknown_share: f64) -> String {
    const BINS: usize = 10;
    let known = calibration.iter().filter(|c| c.2).count() as f64;
    let unknown = calibration.len() as f64 - known;
    if known == 0.0 {
        return "reliability: no question in scope".to_owned();
    }
    let weight_unknown = if unknown > 0.0 { unknown_share / (1.0 - unknown_share) * known / unknown } else { 0.0 };
    let weight = |in_scope: bool| if in_scope { 1.0 } else { weight_unknown };
    calibration.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lines = vec![format!("{:<12} {:>7} {:>7} {:>7}", "reliability", "stated", "seen", "n")];
    let mut error = 0.0;
    let mut total = 0.0;
    for bin in calibration.chunks(calibration.len().div_ceil(BINS).max(1)) {
        let all: f64 = bin.iter().map(|c| weight(c.2)).sum();
        let stated: f64 = bin.iter().map(|c| c.0 * weight(c.2)).sum::<f64>() / all;
        let seen: f64 = bin.iter().filter(|c| c.1).map(|c| weight(c.2)).sum::<f64>() / all;
        error += (stated - seen).abs() * all;
        total += all;
        lines.push(format!("{:<12} {:>6.1}% {:>6.1}% {:>7}", "", 100.0 * stated, 100.0 * seen, bin.len()));
    }
    lines.push(format!("mean distance {:.1} points at an unknown share of {unknown_share}\n", 100.0 * error / total));
    lines.join("\n")
}
