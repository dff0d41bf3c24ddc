//! Answers as voters see them, on every day on which they may change: templates, markup, length.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{Intact, TELEGRAM_LIMIT, stray};
use crate::faq::Faq;
use crate::faq::entry::{Entry, Template};
use crate::faq::fault::{Fault, Severity};
use crate::faq::markup;
use crate::faq::turning::turning_days;
use crate::text::indonesian;

/// Renders every template at every day on which it may change; of the problems of one entry those of the first day.
pub(super) fn all(faq: &Faq, intact: Intact, faults: &mut Vec<Fault>) {
    for entry in &faq.entries {
        let before = count(faults);
        let mut strays = Strays { entry, told: BTreeSet::new() };
        for day in turning_days(faq, entry) {
            at(faq, entry, day.and_time(NaiveTime::MIN), intact, &mut strays, faults);
            if count(faults) > before {
                break;
            }
        }
    }
}

/// A warning on the first day must not hide a fault on the next.
fn count(faults: &[Fault]) -> usize {
    faults.iter().filter(|fault| fault.severity == Severity::Fault).count()
}

fn at(faq: &Faq, entry: &Entry, now: NaiveDateTime, intact: Intact, strays: &mut Strays<'_>, faults: &mut Vec<Fault>) {
    let mut length = faq.footer(entry, NaiveDate::MAX).encode_utf16().count();
    let mut span = entry.span.clone();
    for part in faq.parts(entry, now) {
        span = part.span.clone();
        let mut whole = true;
        let text = faq.templates.render(&part.value, now).unwrap_or_else(|(text, errors)| {
            whole = false;
            // What a faulty election file should have named is no fault of the answer.
            for error in errors.into_iter().filter(|e| intact.elections || !e.unknown_name) {
                let mut fault = Fault::new(&entry.file, part.at(error.range), error.message);
                fault.hint = error.hint;
                faults.push(fault);
            }
            text
        });
        match markup::parse(&text) {
            Ok(document) => {
                length += document.telegram_length() + 2;
                // Signs beside a broken template may well be its own.
                if whole {
                    strays.look(part, &text, faults);
                }
            }
            Err(errors) => {
                for error in errors {
                    // The place is of the rendered text; the same bytes are found again in the template if they are there.
                    let wrong = &text[error.range.clone()];
                    faults.push(Fault::new(&entry.file, part.find(wrong), error.message).hint(error.hint));
                }
            }
        }
    }
    if length > TELEGRAM_LIMIT {
        // The day is told only where the answer hangs on it.
        let day = if now.date() == NaiveDate::default() {
            String::new()
        } else {
            format!(" pada {}", indonesian::date(now.date()))
        };
        let message = format!("jawaban ini {length} huruf{day}; Telegram menerima {TELEGRAM_LIMIT}");
        faults.push(Fault::new(&entry.file, span, message).hint("pendekkan jawaban, atau bagi menjadi dua entri"));
    }
}

/// The stray signs of one entry, each kind told once.
struct Strays<'e> {
    entry: &'e Entry,
    told: BTreeSet<(String, String)>,
}

impl Strays<'_> {
    fn look(&mut self, part: &Template, text: &str, faults: &mut Vec<Fault>) {
        for stray in stray::find(text) {
            let written = &text[stray.range.clone()];
            if self.told.insert((stray.what.to_owned(), written.to_owned())) {
                let mut fault = Fault::new(&self.entry.file, part.find(written), stray.message(written));
                fault.severity = stray.severity;
                faults.push(fault.hint(stray.hint));
            }
        }
    }
}
