//! What entries point to: related entries and stages.

use super::Intact;
use crate::faq::Faq;
use crate::faq::entry::{Body, Entry};
use crate::faq::fault::Fault;
use crate::faq::reader::nearest;

/// The most related entries of one entry: more are never shown.
const MOST_RELATED: usize = 4;

/// Every related entry is there, another one, and named once; there are not too many.
pub(super) fn related(faq: &Faq, intact: Intact, faults: &mut Vec<Fault>) {
    for entry in &faq.entries {
        for (i, related) in entry.related.iter().enumerate() {
            let fault = |message: String| Fault::new(&entry.file, related.span.clone(), message);
            if related.value == entry.id {
                faults.push(fault("`related` menunjuk entri ini sendiri".to_owned()));
            } else if entry.related[..i].iter().any(|earlier| earlier.value == related.value) {
                let message = format!("`related` menyebut `{}` dua kali", related.value);
                faults
                    .push(fault(message).warning().hint("hapus salah satu, supaya pemilih tidak melihatnya dua kali"));
            } else if intact.entries && faq.entry(&related.value).is_none() {
                let near = nearest(&related.value, faq.entries.iter().map(|e| e.id.as_str()));
                let mut fault = fault(format!("`related` menunjuk entri `{}` yang tidak ada", related.value));
                fault.hint = near.map(|n| format!("maksud Anda `{n}`?"));
                faults.push(fault);
            }
        }
        too_many(entry, faults);
    }
}

fn too_many(entry: &Entry, faults: &mut Vec<Fault>) {
    let count = entry.related.len();
    if count > MOST_RELATED {
        let message = format!("`related` menyebut {count} entri; paling banyak {MOST_RELATED}");
        let hint = "yang di belakang tidak pernah tampil; sisakan dua sampai empat yang paling berguna";
        faults.push(Fault::new(&entry.file, entry.place("related"), message).warning().hint(hint));
    }
}

/// Every stage that an entry follows is there.
pub(super) fn stages(faq: &Faq, faults: &mut Vec<Fault>) {
    for entry in &faq.entries {
        let Body::Staged { election, stage, .. } = &entry.body else { continue };
        let found = faq.elections.iter().find(|e| e.key == *election);
        if faq.templates.has_stage(election, stage) {
            continue;
        }
        let near = match found {
            Some(found) => {
                nearest(stage, found.stages.iter().map(|s| s.key.as_str())).map(|n| format!("{election}.{n}"))
            }
            None => nearest(election, faq.elections.iter().map(|e| e.key.as_str())).map(|n| format!("{n}.{stage}")),
        };
        let mut fault = Fault::new(
            &entry.file,
            entry.place("stage"),
            format!("entri `{}` memakai tahapan `{election}.{stage}` yang tidak ada", entry.id),
        );
        fault.hint = near.map(|n| format!("maksud Anda `{n}`?"));
        faults.push(fault);
    }
}
