//! Answers that are too long to be read on a telephone.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use crate::faq::Faq;
use crate::faq::entry::{Body, Entry};
use crate::faq::fault::Fault;
use crate::faq::markup;
use crate::faq::turning::turning_days;
use crate::text::indonesian;
use crate::text::language::Language;

/// What is needed first is said within this, in characters; the lines under it don't count.
const LONGEST: usize = 700;

/// A warning for each answer that is too long on `today` or on a later day on which it may be given. The rest of it, and
/// those that are meant to be long, may be.
pub(super) fn warnings(faq: &Faq, today: NaiveDate) -> Vec<Fault> {
    faq.entries.iter().filter(|entry| !entry.long).filter_map(|entry| warning(faq, entry, today)).collect()
}

fn warning(faq: &Faq, entry: &Entry, today: NaiveDate) -> Option<Fault> {
    if matches!(entry.body, Body::Plain(_)) {
        return None;
    }
    let mut days: BTreeSet<NaiveDate> = turning_days(faq, entry);
    days.insert(today);
    days.extend(entry.valid_from);
    let shown = days.into_iter().filter(|day| *day >= today && entry.is_valid(*day));
    // The first of the days on which it is longest.
    let (day, length) = shown
        .map(|day| (day, length(faq, entry, day)))
        .fold(None, |longest, (day, length)| longest.filter(|&(_, most)| most >= length).or(Some((day, length))))?;
    let on = if day == today { String::new() } else { format!(" pada {}", indonesian::date(day)) };
    let key = if entry.places.iter().any(|(key, _)| key == "answer") { "answer" } else { "during" };
    let message = format!("jawaban `{}` {length} huruf{on}; paling banyak {LONGEST}", entry.id);
    let hint = "pindahkan yang tidak harus dibaca lebih dulu ke `more`, atau tulis long = true kalau memang harus utuh, \
                misalnya jadwal";
    (length > LONGEST).then(|| Fault::new(&entry.file, entry.place(key), message).warning().hint(hint))
}

fn length(faq: &Faq, entry: &Entry, day: NaiveDate) -> usize {
    let text = faq.render(entry, &entry.body, Language::Indonesian, day.and_time(NaiveTime::MIN));
    markup::parse(&text).map_or(text, |document| document.plain()).chars().count()
}
