//! Appeals: one line to all voters for a span of an election, such as "vote", "stay calm" and "we are one people again".

use chrono::NaiveDateTime;

use super::{Datum, Election, Item};
use crate::faq::reader::{Reader, Table};
use crate::text::language::Language;

/// The list's name in files.
pub const LIST: &str = "appeals";

fn text<'i>(item: &'i Item, key: &str) -> Option<&'i str> {
    match item.get(key) {
        Some(Datum::Text(text)) => Some(text),
        _ => None,
    }
}

impl Election {
    /// The appeal of the day of `now`: from the first day of its stage `from` on, and before the first day of its stage
    /// `until`, or else as long as the election is not over. None while these days are not known.
    pub fn appeal(&self, language: Language, now: NaiveDateTime) -> Option<&str> {
        let begun = |key: &str| self.stage_at(key, now).map(|stage| stage.start <= now.date());
        let holds = |item: &&Item| {
            let begins = text(item, "from").and_then(begun) == Some(true);
            let ends = match text(item, "until") {
                // What is not known yet has not come.
                Some(key) => begun(key) == Some(true),
                None => self.is_over(now),
            };
            begins && !ends
        };
        self.lists
            .get(LIST)
            .into_iter()
            .flatten()
            .find(holds)
            .and_then(|item| text(item, "text").map(|own| language.pick(own, text(item, "text_en"))))
    }
}

/// Finds appeals that name no stage of their election.
pub(super) fn check<'f>(reader: &mut Reader<'f>, tables: &[Table<'_, 'f>], election: &Election) {
    // Of stages that could not be read it is those that are told.
    if !reader.faults.is_empty() || election.stages.is_empty() {
        return;
    }
    for table in tables {
        for key in ["from", "until"] {
            let Some(named) = table.optional_text(reader, key) else { continue };
            if election.stage(&named.value).is_none() {
                let near = crate::faq::near::nearest(&named.value, election.stages.iter().map(|s| s.key.as_str()));
                let fault = reader.fault(named.span, format!("tahapan `{}` tidak ada di berkas ini", named.value));
                fault.hint = near.map(|near| format!("maksud Anda `{near}`?"));
            }
        }
    }
}
