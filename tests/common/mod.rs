//! What several tests need.

use std::path::Path;
use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate};
use tanya_pemilu::desk::Knowledge;
use tanya_pemilu::faq::source::Source;

/// The project's own FAQ, loaded and indexed once.
pub static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let (knowledge, report) = Knowledge::load(&Source::Folder(faq_folder().into()));
    knowledge.unwrap_or_else(|| panic!("the FAQ is at fault:\n{}", report.render(false)))
});

/// Where it stands.
pub fn faq_folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/faq"))
}

/// The day on which the last entry of the project's own FAQ was reviewed: `check` of any day before warns of a review in the
/// future.
#[allow(dead_code)]
pub fn last_review() -> NaiveDate {
    KNOWLEDGE.faq.entries.iter().filter_map(|entry| entry.reviewed).max().expect("a review")
}

/// A text without the versions of the codes in it, so that what is compared with a file stays the same when an answer is edited.
#[allow(dead_code)]
pub fn unversioned(text: &str) -> String {
    static CODE: LazyLock<regex::Regex> =
        LazyLock::new(|| regex::Regex::new(r"\b(kode|code) ([a-z0-9-]+)-[0-9a-f]{4}\b").expect("a pattern"));
    CODE.replace_all(text, "$1 $2-????").into_owned()
}

/// "2024-02-12T09:00:00+07:00" as a time.
pub fn time(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).expect("a time in RFC 3339")
}
