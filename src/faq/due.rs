//! When entries are to be looked at again.
//!
//! A review is due `review_after_days` after the last one, less up to a third: how much less hangs on the entry's id, so
//! that what was reviewed on one day is not due on one day, and an entry keeps its place among the others.

use chrono::{Days, NaiveDate};
use sha2::{Digest, Sha256};

use super::Faq;
use super::entry::Entry;
use super::fault::Fault;
use crate::text::indonesian;

/// How many entries that are due are warned of one by one.
const NAMED: usize = 5;
/// The part of `review_after_days` over which reviews are spread: one in so many.
const SPREAD: u64 = 3;

impl Faq {
    /// The day on which `entry` is to be looked at again; none for an entry that names no review.
    pub fn due(&self, entry: &Entry) -> Option<NaiveDate> {
        let period = u64::try_from(self.settings.review_after_days).unwrap_or_default();
        let earlier = place(&entry.id) % (period / SPREAD + 1);
        entry.reviewed?.checked_add_days(Days::new(period - earlier))
    }

    /// The entries with the day on which each is due, soonest first; those that name no review are left out.
    pub fn by_due(&self) -> Vec<(NaiveDate, &Entry)> {
        let mut all: Vec<_> = self.entries.iter().filter_map(|e| self.due(e).map(|day| (day, e))).collect();
        all.sort_by(|(a, one), (b, other)| (a, &one.id).cmp(&(b, &other.id)));
        all
    }
}

/// A number that hangs on the id alone.
fn place(id: &str) -> u64 {
    let hash = Sha256::digest(id.as_bytes());
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Warnings of what is due on `today`: the longest waiting by name, the others by their number; and of reviews that lie
/// in the future.
pub(super) fn warnings(faq: &Faq, today: NaiveDate) -> Vec<Fault> {
    let warn = |entry: &Entry, message: String, hint: &str| {
        Fault::new(&entry.file, entry.place("reviewed"), message).warning().hint(hint)
    };
    let due: Vec<_> = faq.by_due().into_iter().filter(|(day, _)| *day <= today).collect();
    let mut faults = Vec::new();
    for (day, entry) in due.iter().take(NAMED) {
        let reviewed = entry.reviewed.map(indonesian::date).unwrap_or_default();
        let message = format!(
            "entri `{}` perlu ditinjau sejak {}; terakhir ditinjau {reviewed}",
            entry.id,
            indonesian::date(*day)
        );
        faults.push(warn(entry, message, "periksa jawaban dan sumbernya, lalu perbarui `reviewed`"));
    }
    if let Some((_, next)) = due.get(NAMED) {
        let message =
            format!("{} entri perlu ditinjau; di sini hanya {NAMED} yang paling lama menunggu disebut", due.len());
        faults.push(warn(next, message, "lihat semuanya menurut tanggal dengan \"tanya-pemilu daftar\""));
    }
    for entry in faq.entries.iter().filter(|e| e.reviewed.is_some_and(|day| day > today)) {
        faults.push(warn(entry, format!("entri `{}` ditinjau di masa depan", entry.id), "periksa tanggalnya"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::faq::source::Source;

    fn built_in() -> Faq {
        Faq::load(&Source::BuiltIn).0.expect("a sound FAQ")
    }

    #[test]
    fn reviews_of_one_day_are_due_on_many() {
        let faq = built_in();
        let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for (day, entry) in faq.by_due() {
            let after = (day - entry.reviewed.expect("a review")).num_days();
            assert!((244..=365).contains(&after), "{}: {after}", entry.id);
            *days.entry(day).or_default() += 1;
        }
        let most = days.values().max().copied().unwrap_or_default();
        assert!(days.len() > 60 && most <= 6, "{} days, at most {most} on one", days.len());
    }

    /// The day hangs on the id and the review alone: an edit elsewhere moves nobody's.
    #[test]
    fn an_entry_keeps_its_place() {
        let mut faq = built_in();
        let reviewed = |day: &str| day.parse().ok();
        faq.entries.iter_mut().filter(|e| e.id == "jadwal-libur").for_each(|e| e.reviewed = reviewed("2026-11-26"));
        let before: BTreeMap<String, NaiveDate> = faq.by_due().into_iter().map(|(d, e)| (e.id.clone(), d)).collect();
        faq.entries.remove(0);
        faq.entries.reverse();
        for (day, entry) in faq.by_due() {
            assert_eq!(before[&entry.id], day, "{}", entry.id);
        }
        assert_eq!(before["jadwal-libur"], NaiveDate::from_ymd_opt(2027, 9, 17).expect("a day"));
    }

    #[test]
    fn few_are_named_and_all_are_counted() {
        let faq = built_in();
        let at = |day: &str| warnings(&faq, day.parse().expect("a day"));
        let last = faq.entries.iter().filter_map(|entry| entry.reviewed).max().expect("a review");
        assert!(warnings(&faq, last).is_empty(), "none is due on the day of the last review");
        let many = at("2030-01-01");
        assert_eq!(many.len(), NAMED + 1);
        assert!(many[NAMED].message.starts_with("179 entri perlu ditinjau"), "{}", many[NAMED].message);
        assert!(many[NAMED].hint.as_deref().is_some_and(|h| h.contains("tanya-pemilu daftar")));
        let (first, entry) = faq.by_due()[0];
        let one = warnings(&faq, first);
        let together = faq.by_due().iter().filter(|(day, _)| *day == first).count();
        assert!(one[0].message.contains(&entry.id) && one.len() == together, "{one:?}");
        assert!(warnings(&faq, first.pred_opt().expect("a day")).is_empty());
    }
}
