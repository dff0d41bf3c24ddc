//! `eval`: how good are the answers to labelled questions? With `--claims`: see
//! [`super::eval_claims`], with `--pairs`: [`super::eval_pairs`].

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, FaqArgs, eval_claims, eval_pairs};
use crate::faq::day_of;
use crate::matcher::measure::{self, Labelled, Tally};
use crate::matcher::{Judgement, Verdict};

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// JSON Lines: {"text", "id" or null, "also": [...], "register"}
    #[arg(required_unless_present_any = ["claims", "pairs"])]
    file: Option<PathBuf>,
    /// Texts instead, in which known claims are to be found: {"text", "claim" or null, "kind"}
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    claims: Option<PathBuf>,
    /// Pairs of questions instead, of which those that ask the same are to share a ticket: {"a", "b", "same", "why"}
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "claims"])]
    pairs: Option<PathBuf>,
    /// How many confusions to list
    #[arg(long, default_value_t = 20)]
    worst: usize,
    /// Print all figures as one JSON object, without the confusions
    #[arg(long)]
    json: bool,
}

/// The lines of a labelled file, as `parse` reads them.
pub(super) fn labelled<T>(
    file: &Path,
    text: &str,
    parse: impl Fn(&str) -> Result<Vec<T>, (usize, serde_json::Error)>,
) -> Result<Vec<T>, Failure> {
    parse(text).map_err(|(line, error)| Failure::Usage(format!("{} baris {line}: {error}", file.display())))
}

/// The text of a labelled file.
pub(super) fn written(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|e| Failure::Usage(format!("{} tidak terbaca: {e}", file.display())))
}

/// How many ids are named that the FAQ does not have.
const STRANGERS: usize = 10;

pub(super) fn run(args: &FaqArgs, eval: &EvalArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    if let Some(file) = &eval.claims {
        return eval_claims::run(args, file, eval.worst, eval.json, out);
    }
    if let Some(file) = &eval.pairs {
        return eval_pairs::run(args, file, eval.worst, eval.json, out);
    }
    let today = day_of(args.now()?);
    let file = eval.file.clone().unwrap_or_default();
    let text = written(&file)?;
    let questions = labelled(&file, &text, measure::parse)?;
    let knowledge = args.knowledge()?;
    let ids: Vec<&str> = knowledge.faq.entries.iter().map(|e| e.id.as_str()).collect();
    for line in strangers(&text, &questions, &ids) {
        writeln!(std::io::stderr(), "{}: {line}", file.display())?;
    }
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
    let reliability = Reliability::of(calibration, unknown_share);
    if eval.json {
        let registers: BTreeMap<&str, Value> = registers.iter().map(|(name, tally)| (*name, figures(tally))).collect();
        let all = json!({ "all": figures(&total), "registers": registers, "reliability": reliability.figures() });
        writeln!(out, "{all}")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "{}", summary(&total))?;
    writeln!(
        out,
        "\n{:<12} {:>6} {:>8} {:>8} {:>8} {:>8}",
        "ragam", "jumlah", "pertama", "bertiga", "dijawab", "keliru"
    )?;
    for (register, tally) in &registers {
        writeln!(out, "{}", row(register, tally))?;
    }
    writeln!(out, "\n{}", reliability.table(unknown_share))?;
    confusions.sort_by(|a, b| b.0.total_cmp(&a.0));
    writeln!(out, "Kekeliruan dengan keyakinan tertinggi:")?;
    for (_, line) in confusions.iter().take(eval.worst) {
        writeln!(out, "{line}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Labels that are no entry of this FAQ, each with the line where it stands first: their questions can't be answered
/// rightly, which is the label's fault or means that the FAQ is another.
fn strangers(text: &str, questions: &[Labelled], ids: &[&str]) -> Vec<String> {
    let numbers = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(number, _)| number + 1);
    let mut found: Vec<(&str, usize, usize)> = Vec::new();
    for (question, number) in questions.iter().zip(numbers) {
        for id in question.id.iter().chain(&question.also).filter(|id| !ids.contains(&id.as_str())) {
            match found.iter_mut().find(|(known, ..)| known == id) {
                Some((_, _, times)) => *times += 1,
                None => found.push((id, number, 1)),
            }
        }
    }
    let said = found.iter().take(STRANGERS).map(|(id, number, times)| {
        let more = if *times > 1 { format!(" dan {} kali lagi", times - 1) } else { String::new() };
        format!("baris {number}{more}: tidak ada entri `{id}` di FAQ ini, jadi tidak mungkin dijawab benar")
    });
    let mut lines: Vec<String> = said.collect();
    if found.len() > STRANGERS {
        lines.push(format!("dan {} id lain yang tidak ada di FAQ ini", found.len() - STRANGERS));
    }
    lines
}

fn summary(tally: &Tally) -> String {
    format!(
        "{} pertanyaan yang ada jawabannya: entri yang benar di urutan pertama (top-1) {}, di tiga teratas (top-3) {}\n  \
         dijawab {} (dengan benar {}), ditawarkan {} (entri yang benar ada di antaranya {})\n\
         {} pertanyaan di luar FAQ: dijawab {}, ditawarkan {}, dibalas sebagai obrolan {}\n\
         {} jawaban diberikan: keliru {}",
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
        "{register:<12} {:>6} {:>8} {:>8} {:>8} {:>8}",
        tally.known + tally.unknown,
        percent(tally.first, tally.known),
        percent(tally.among_three, tally.known),
        percent(tally.answered, tally.known + tally.unknown),
        percent(tally.answered_wrong, tally.answered),
    )
}

/// The counts, for scripts.
fn figures(tally: &Tally) -> Value {
    json!({
        "known": tally.known,
        "first": tally.first,
        "among_three": tally.among_three,
        "answered": tally.answered,
        "answered_right": tally.answered_right,
        "answered_wrong": tally.answered_wrong,
        "offered": tally.offered,
        "offered_right": tally.offered_right,
        "unknown": tally.unknown,
        "unknown_answered": tally.unknown_answered,
        "unknown_offered": tally.unknown_offered,
        "small_talk": tally.small_talk,
    })
}

pub(super) fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "-".to_owned() } else { share(part as f64 / whole as f64) }
}

/// "95,4%"; never "-0,0%".
fn share(share: f64) -> String {
    let tenths = (share * 1000.0).round() / 10.0 + 0.0;
    format!("{tenths:.1}%").replace('.', ",")
}

fn confusion(question: &Labelled, judgement: &Judgement, ids: &[&str]) -> Option<String> {
    let first = judgement.ranked.first().map(|r| ids[r.0])?;
    let answered = matches!(judgement.verdict, Verdict::Answer(_));
    let wrong = match question.id {
        Some(_) => !question.accepts(first),
        None => answered && !question.excuses(first),
    };
    wrong.then(|| {
        let wanted = question.id.as_deref().unwrap_or("(di luar FAQ)");
        let given = match judgement.verdict {
            Verdict::Answer(_) => "dijawab",
            Verdict::Suggest(_) => "ditawarkan",
            Verdict::SmallTalk(_) => "obrolan",
            Verdict::Forward { .. } => "diteruskan",
        };
        let sure = share(judgement.confidence);
        format!("{sure:>6} {given:<10} \"{}\"\n       seharusnya {wanted}, ditemukan {first}", question.text)
    })
}

/// Stated confidence against what was observed, in bins of equal count, weighted so that the unknown questions make
/// up the share of them that is reckoned with.
struct Reliability {
    /// Stated, observed, how many questions.
    bins: Vec<(f64, f64, usize)>,
    /// The mean distance between the two.
    distance: f64,
}

impl Reliability {
    fn of(mut calibration: Vec<(f64, bool, bool)>, unknown_share: f64) -> Self {
        const BINS: usize = 10;
        let known = calibration.iter().filter(|c| c.2).count() as f64;
        let unknown = calibration.len() as f64 - known;
        if known == 0.0 {
            return Self { bins: Vec::new(), distance: 0.0 };
        }
        let weight_unknown = if unknown > 0.0 { unknown_share / (1.0 - unknown_share) * known / unknown } else { 0.0 };
        let weight = |in_scope: bool| if in_scope { 1.0 } else { weight_unknown };
        calibration.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut bins, mut error, mut total) = (Vec::new(), 0.0, 0.0);
        for bin in calibration.chunks(calibration.len().div_ceil(BINS).max(1)) {
            let all: f64 = bin.iter().map(|c| weight(c.2)).sum();
            let stated: f64 = bin.iter().map(|c| c.0 * weight(c.2)).sum::<f64>() / all;
            let seen: f64 = bin.iter().filter(|c| c.1).map(|c| weight(c.2)).sum::<f64>() / all;
            error += (stated - seen).abs() * all;
            total += all;
            bins.push((stated, seen, bin.len()));
        }
        Self { bins, distance: error / total }
    }

    fn table(&self, unknown_share: f64) -> String {
        if self.bins.is_empty() {
            return "Keyakinan tidak dapat diukur: tidak ada pertanyaan yang ada jawabannya.".to_owned();
        }
        let mut lines = vec![format!("{:<12} {:>10} {:>8} {:>6}", "keyakinan", "dinyatakan", "ternyata", "jumlah")];
        for (stated, seen, count) in &self.bins {
            lines.push(format!("{:<12} {:>10} {:>8} {count:>6}", "", share(*stated), share(*seen)));
        }
        let distance = share(self.distance).replace('%', " poin");
        lines.push(format!("Jarak rata-rata {distance}, dengan {} pertanyaan di luar FAQ.\n", share(unknown_share)));
        lines.join("\n")
    }

    fn figures(&self) -> Value {
        let bins = self.bins.iter().map(|(stated, seen, count)| json!({ "stated": stated, "seen": seen, "n": count }));
        json!({ "distance": self.distance, "bins": bins.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_less_than_nothing() {
        assert_eq!(share(-0.0), "0,0%");
        assert_eq!(share(-0.000_1), "0,0%");
        assert_eq!((share(0.954), percent(0, 0), percent(1, 3)), ("95,4%".into(), "-".into(), "33,3%".into()));
    }

    #[test]
    fn labels_that_are_no_entry_are_named_with_their_line() {
        let text = "{\"text\":\"a\",\"id\":\"x\"}\n\n{\"text\":\"b\",\"id\":\"y\",\"also\":[\"z\"]}\n{\"text\":\"c\",\"id\":\"y\"}\n";
        let questions = measure::parse(text).expect("labelled questions");
        let lines = strangers(text, &questions, &["x"]);
        assert!(lines[0].starts_with("baris 3 dan 1 kali lagi: tidak ada entri `y`"), "{lines:?}");
        assert!(lines[1].starts_with("baris 3: tidak ada entri `z`") && lines.len() == 2, "{lines:?}");
        assert!(strangers(text, &questions, &["x", "y", "z"]).is_empty());
    }
}
