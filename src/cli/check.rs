//! `check`: is the FAQ in order?

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::{Failure, FaqArgs, against, colour, near};
use crate::faq::fault::{MOST_SHOWN, Report, Severity};
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
    /// Show every fault and warning, not only the first twenty; with --against all of what changed, not ten lines of each
    /// part
    #[arg(long)]
    all: bool,
    /// Show for each entry, or for that one, which phrasings are weak, which entries they find, and what to add
    #[arg(long, conflicts_with = "json", value_name = "ID", num_args = 0..=1)]
    explain: Option<Option<String>>,
    /// Compare with the FAQ before the edit: a folder, or a git revision such as HEAD or v1.0 [what is there as a path is
    /// taken as a path]
    #[arg(long, value_name = "OLD", conflicts_with = "json")]
    against: Option<String>,
    /// With --against: labelled questions to compare by, JSON Lines as `eval` takes them; may be repeated
    #[arg(long, value_name = "FILE", requires = "against")]
    questions: Vec<PathBuf>,
}

impl CheckArgs {
    /// The FAQ that is named, and the entry that is to be explained. A path behind `--explain` is no id: ids have no
    /// slash, and a folder of that name is likelier meant.
    fn asked(&self) -> (Option<&Path>, Option<&str>) {
        let id = self.explain.as_ref().and_then(Option::as_deref);
        match id.map(Path::new).filter(|p| self.path.is_none() && (p.exists() || p.components().count() > 1)) {
            Some(path) => (Some(path), None),
            None => (self.path.as_deref(), id),
        }
    }
}

/// "2 salah, 1 perhatian".
pub(super) fn summary(report: &Report) -> String {
    format!("{} salah, {} perhatian", report.count(Severity::Fault), report.count(Severity::Warning))
}

pub(super) fn run(faq: &FaqArgs, args: &CheckArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let today = day_of(faq.now()?);
    let (path, wanted) = args.asked();
    let source = faq.source_at(path);
    let sets = against::questions(&args.questions)?;
    let before = args.against.as_ref().map(|old| against::before(old, &source)).transpose()?;
    let before = before.as_ref().map(against::edition);
    let (loaded, mut report) = Faq::load_after(&source, before.map(|before| before.faq));
    let matcher = loaded.as_ref().map(Matcher::new);
    if let (Some(loaded), Some(matcher)) = (&loaded, &matcher) {
        report.extend(review::as_of(loaded, today));
        report.extend(matcher.collisions(loaded, before, today));
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
    if let (Some(before), Some(old)) = (before, &args.against) {
        let new = Edition { faq: loaded, matcher };
        let comparison = compare(before, new, &sets, today);
        write!(out, "{}", comparison.report(old, args.all))?;
    }
    let weaknesses = matcher.weaknesses(loaded);
    match wanted {
        Some(id) => writeln!(out, "{}", weaknesses.of(near::entry(loaded, id)?))?,
        None if args.explain.is_some() => writeln!(out, "{}", weaknesses.report())?,
        None => {}
    }
    let count = loaded.entries.len();
    writeln!(out, "{}: {count} entri, {}. Dapat dipakai.", source.name(), summary(&report))?;
    let more = if args.explain.is_some() || weaknesses.weak.is_empty() { "" } else { " (lihat \"check --explain\")" };
    writeln!(out, "{}{more}.", weaknesses.summary())?;
    Ok(ExitCode::SUCCESS)
}
