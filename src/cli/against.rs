//! `check --against`: what the edit did.

use std::path::Path;

use super::Failure;
use super::check::summary;
use crate::desk::Knowledge;
use crate::faq::revision;
use crate::faq::source::{BUILT_IN_NAME, Source};
use crate::matcher::against::Questions;
use crate::matcher::collide::Edition;
use crate::matcher::measure;

/// The FAQ before the edit: a folder or file, the built-in copy, or a revision of the repository that `new` lies in.
pub(super) fn before(old: &str, new: &Source) -> Result<Knowledge, Failure> {
    let path = Path::new(old);
    let source = if path.exists() || old == BUILT_IN_NAME {
        Source::locate(Some(path))
    } else {
        let Source::Folder(folder) = new else {
            let message = format!("`{old}` tidak ada, dan hanya folder FAQ yang punya revisi git");
            return Err(Failure::Usage(message));
        };
        Source::Kept(revision::files(folder, old).map_err(Failure::Usage)?.into())
    };
    let (knowledge, report) = Knowledge::load(&source);
    knowledge.ok_or_else(|| {
        let first = report.brief(3);
        Failure::Failed(format!("FAQ lama ({old}) tidak dapat dibandingkan: {}\n{first}", summary(&report)))
    })
}

/// The files of labelled questions.
pub(super) fn questions(files: &[std::path::PathBuf]) -> Result<Vec<Questions>, Failure> {
    let read = |file: &std::path::PathBuf| {
        let name = file.display();
        let text = std::fs::read_to_string(file).map_err(|e| Failure::Usage(format!("{name} tidak terbaca: {e}")))?;
        let labelled =
            measure::parse(&text).map_err(|(line, error)| Failure::Usage(format!("{name} baris {line}: {error}")))?;
        Ok((format!("pertanyaan berlabel {name}"), labelled))
    };
    files.iter().map(read).collect()
}

/// The knowledge as the comparison wants it.
pub(super) fn edition(knowledge: &Knowledge) -> Edition<'_> {
    Edition { faq: &knowledge.faq, matcher: &knowledge.matcher }
}
