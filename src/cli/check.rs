//! `check`: is the FAQ in order?

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, FaqArgs, against, colour};
use crate::faq::fault::{Report, Severity};
use crate::faq::source::Source;
use crate::faq::{Faq, day_of, review};
use crate::matcher::Matcher;
use crate::matcher::against::compare;
use crate::matcher::collide::Edition;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The FAQ to check; the same as --faq
    path: Option<PathBuf>,
    /// Print one JSON object a fault or warning
    #[arg(long)]
    json: bool,
    /// Show for each entry which phrasings are weak, with which entries they collide, and what to add
    #[arg(long, conflicts_with = "json")]
    explain: bool,
    /// Compare with the FAQ before the edit: a folder, or a git revision such as HEAD or v1.0 [what is there as a path is
    /// taken as a path]
    #[arg(long, value_name = "OLD", conflicts_with = "json")]
    against: Option<String>,
    /// With --against: labelled questions to compare by, JSON Lines as `eval` takes them; may be repeated
    #[arg(long, value_name = "FILE", requires = "against")]
    questions: Vec<PathBuf>,
    /// With --against: all of what changed, not ten lines of each part
    #[arg(long, requires = "against")]
    all: bool,
}

/// "2 salah, 1 perhatian".
pub(super) fn summary(report: &Report) -> String {
    format!("{} salah, {} perhatian", report.count(Severity::Fault), report.count(Severity::Warning))
}

pub(super) fn run(faq: &FaqArgs, args: &CheckArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let source = Source::locate(args.path.clone().or_else(|| faq.named()).as_deref());
    let sets = against::questions(&args.questions)?;
    let before = args.against.as_ref().map(|old| against::before(old, &source)).transpose()?;
    let before = before.as_ref().map(against::edition);
    let (loaded, mut report) = Faq::load_after(&source, before.map(|before| before.faq));
    let matcher = loaded.as_ref().map(Matcher::new);
    if let (Some(loaded), Some(matcher)) = (&loaded, &matcher) {
        report.extend(review::as_of(loaded, day_of(faq.now())));
        report.extend(matcher.collisions(loaded, before, day_of(faq.now())));
    }
    if args.json {
        for line in report.json_lines() {
            writeln!(out, "{line}")?;
        }
        return Ok(ExitCode::from(u8::from(loaded.is_none())));
    }
    write!(out, "{}", report.render(colour(&std::io::stdout())))?;
    let (Some(loaded), Some(matcher)) = (&loaded, &matcher) else {
        writeln!(out, "{}: {}. Belum dapat dipakai.", source.name(), summary(&report))?;
        return Ok(ExitCode::FAILURE);
    };
    if let (Some(before), Some(old)) = (before, &args.against) {
        let new = Edition { faq: loaded, matcher };
        let comparison = compare(before, new, &sets, day_of(faq.now()));
        write!(out, "{}", comparison.report(old, args.all))?;
    }
    let weaknesses = matcher.weaknesses(loaded);
    if args.explain {
        writeln!(out, "{}", weaknesses.report())?;
    }
    let count = loaded.entries.len();
    writeln!(out, "{}: {count} entri, {}. Dapat dipakai.", source.name(), summary(&report))?;
    let more = if args.explain || weaknesses.weak.is_empty() { "" } else { " (lihat \"check --explain\")" };
    writeln!(out, "{}{more}.", weaknesses.summary())?;
    Ok(ExitCode::SUCCESS)
}
