//! What deserves a look as time passes.

use chrono::NaiveDate;

use std::collections::BTreeSet;

use super::length;
use crate::faq::Faq;
use crate::faq::entry::MOST_QUESTIONS;
use crate::faq::fault::Fault;
use crate::faq::{by_hand, due};
use crate::text::indonesian;

/// Warnings that depend on the day: they never make a FAQ unusable.
pub fn as_of(faq: &Faq, today: NaiveDate) -> Vec<Fault> {
    let mut faults = by_hand::warnings(faq, today);
    faults.extend(due::warnings(faq, today));
    faults.extend(length::warnings(faq, today));
    for entry in &faq.entries {
        let warn = |key: &str, message: String, hint: &str| {
            Fault::new(&entry.file, entry.place(key), message).warning().hint(hint)
        };
        if let Some(until) = entry.valid_until
            && until < today
        {
            let until = indonesian::date(until);
            faults.push(warn(
                "valid_until",
                format!("entri `{}` hanya berlaku sampai {until}", entry.id),
                "pertanyaannya kini diteruskan ke petugas; perbarui jawaban dan valid_until",
            ));
        }
        if entry.valid_from.is_none_or(|from| from <= today)
            && let Some(from) = entry.first_day().filter(|from| *from > today)
        {
            faults.push(warn(
                "sources",
                format!("semua sumber entri `{}` baru boleh tampil mulai {}", entry.id, indonesian::date(from)),
                "sebelum itu pertanyaannya diteruskan ke petugas; periksa tanggal sumbernya, atau beri valid_from",
            ));
        }
        // A line with names may stand for several.
        let count = entry.questions.iter().map(|q| q.span.start).collect::<BTreeSet<_>>().len();
        if count > MOST_QUESTIONS && entry.reviewed.is_some() {
            faults.push(warn(
                "questions",
                format!("entri `{}` punya {count} pertanyaan", entry.id),
                "sepuluh yang berbeda kata lebih berguna daripada lima puluh yang berbeda ejaan",
            ));
        }
    }
    faults
}
