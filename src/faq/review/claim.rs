//! What must hold of claims: each wording in one claim only, and a text to send on that is short on every day.

use std::collections::HashMap;

use chrono::NaiveTime;

use crate::faq::claim::LONGEST_SHARE;
use crate::faq::entry::{Entry, Phrasing};
use crate::faq::fault::Fault;
use crate::faq::turning::given_days;
use crate::faq::{Faq, markup};
use crate::text::language::Language;
use crate::text::normalize::words;

pub(super) fn check(faq: &Faq, faults: &mut Vec<Fault>) {
    twice(&faq.entries, faults);
    faults.extend(faq.entries.iter().filter_map(|entry| long(faq, entry)));
}

/// One wording in two claims would name both of them for one message.
fn twice(entries: &[Entry], faults: &mut Vec<Fault>) {
    let mut first: HashMap<String, (&Entry, &Phrasing)> = HashMap::new();
    for entry in entries {
        for wording in entry.claim.iter().flat_map(|claim| &claim.wordings) {
            let key = words(&wording.text).join(" ");
            let Some((owner, other)) = first.get(&key) else {
                first.insert(key, (entry, wording));
                continue;
            };
            let message = format!("bunyi klaim \"{}\" tertulis dua kali", wording.text);
            let fault = Fault::new(&entry.file, wording.span.clone(), message);
            let fault = fault.also(&owner.file, other.span.clone(), "pertama kali di sini");
            faults.push(fault.hint("satu bunyi hanya milik satu klaim; hapus salah satu"));
        }
    }
}

/// The first day on which the text to send on is too long.
fn long(faq: &Faq, entry: &Entry) -> Option<Fault> {
    let share = &entry.claim.as_ref()?.share;
    let length = given_days(faq, entry).into_iter().map(|day| {
        let text = faq.render(entry, share, Language::Indonesian, day.and_time(NaiveTime::MIN));
        markup::parse(&text).map_or(text, |document| document.plain()).trim().chars().count()
    });
    let most = length.max().filter(|length| *length > LONGEST_SHARE)?;
    let message = format!("teks untuk dibagikan ini {most} huruf; paling banyak {LONGEST_SHARE}");
    Some(Fault::new(&entry.file, entry.place("share"), message).hint("sisakan hasil pemeriksaan dan apa yang benar"))
}
