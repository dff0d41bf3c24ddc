//! `check`: is the FAQ in order?

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, FaqArgs, colour};
use crate::faq::fault::{Report, Severity};
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
}

/// "2 salah, 1 perhatian".
pub(super) fn summary(report: &Report) -> String {
    format!("{} salah, {} perhatian", report.count(Severity::Fault), report.count(Severity::Warning))
}

pub(super) fn run(faq: &FaqArgs, args: &CheckArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let source = args.path.as_deref().map_or_else(|| faq.source(), |path| Source::locate(Some(path)));
    let (loaded, mut report) = Faq::load(&source);
    if let Some(loaded) = &loaded {
        report.extend(review::as_of(loaded, day_of(faq.now())));
        report.extend(Matcher::new(loaded).collisions(loaded));
    }
    if args.json {
        for line in report.json_lines() {
            writeln!(out, "{line}")?;
        }
    } else {
        write!(out, "{}", report.render(colour(&std::io::stdout())))?;
        let count = loaded.as_ref().map_or(0, |f| f.entries.len());
        match loaded {
            Some(_) => writeln!(out, "{}: {count} entri, {}. Dapat dipakai.", source.name(), summary(&report))?,
            None => writeln!(out, "{}: {}. Belum dapat dipakai.", source.name(), summary(&report))?,
        }
    }
    Ok(ExitCode::from(u8::from(loaded.is_none())))
}
