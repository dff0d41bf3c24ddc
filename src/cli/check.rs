//! `check`: is the FAQ in order?

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, FaqArgs, colour};
use crate::faq::fault::{MOST_SHOWN, Report, Severity};
use crate::faq::source::Source;
use crate::faq::{Faq, day_of, review};
use crate::matcher::Matcher;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The FAQ to check; the same as --faq
    path: Option<PathBuf>,
    /// Print one JSON object a fault or warning
    #[arg(long)]
    json: bool,
    /// Show every fault and warning, not only the first twenty
    #[arg(long)]
    all: bool,
    /// Show for each entry which phrasings are weak, with which entries they collide, and what to add
    #[arg(long, conflicts_with = "json")]
    explain: bool,
}

/// "2 salah, 1 perhatian".
pub(super) fn summary(report: &Report) -> String {
    format!("{} salah, {} perhatian", report.count(Severity::Fault), report.count(Severity::Warning))
}

pub(super) fn run(faq: &FaqArgs, args: &CheckArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let source = Source::locate(args.path.clone().or_else(|| faq.named()).as_deref());
    let (loaded, mut report) = Faq::load(&source);
    let matcher = loaded.as_ref().map(Matcher::new);
    if let (Some(loaded), Some(matcher)) = (&loaded, &matcher) {
        report.extend(review::as_of(loaded, day_of(faq.now())));
        report.extend(matcher.collisions(loaded));
    }
    if args.json {
        for line in report.json_lines() {
            writeln!(out, "{line}")?;
        }
        return Ok(ExitCode::from(u8::from(loaded.is_none())));
    }
    let most = if args.all { usize::MAX } else { MOST_SHOWN };
    write!(out, "{}", report.render_some(colour(&std::io::stdout()), most))?;
    let (Some(loaded), Some(matcher)) = (&loaded, &matcher) else {
        writeln!(out, "{}: {}. Belum dapat dipakai.", source.name(), summary(&report))?;
        return Ok(ExitCode::FAILURE);
    };
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
