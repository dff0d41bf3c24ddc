//! Nothing ends silently: a sentence that says "belum ditetapkan" is wrong one day, so it must hang on something that
//! changes it: a stage, in words to say instead or in a text before it, or the last day of the entry.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::fold::Folded;
use crate::faq::Faq;
use crate::faq::entry::{Body, Template};
use crate::faq::fault::Fault;
use crate::faq::outline::expressions;

static PENDING: LazyLock<Regex> = LazyLock::new(|| {
    let words = "ada (?:kepastian|kabar|keputusan|ketentuan|aturan|putusan|jadwal|tanggal)|ditetapkan|ditentukan|dipastikan|\
                 dapat dipastikan|bisa dipastikan|diketahui|diatur|diumumkan|diputuskan|dibentuk|disahkan|dijadwalkan|\
                 dibahas|selesai dibahas|jelas";
    Regex::new(&format!(r"\bbelum (?:juga |pernah )?(?:{words})\b")).expect("a pattern of our own")
});

/// What makes a sentence a condition, or one of what was: it says nothing of today.
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:jika|kalau|bila|apabila|selama|sebelum|saat|ketika|waktu itu|mungkin)\b|\byang $")
        .expect("a pattern of our own")
});

/// Warnings on all entries.
pub(super) fn check(faq: &Faq, faults: &mut Vec<Fault>) {
    for entry in faq.entries.iter().filter(|entry| entry.valid_until.is_none()) {
        for template in std::iter::once(&entry.body).chain(&entry.more).flat_map(lasting) {
            for range in pending(&template.value) {
                let message =
                    format!("\"{}\" ditulis tanpa batas waktu", template.value[range.clone()].replace('\n', " "));
                faults.push(Fault::new(&entry.file, template.at(range), message).warning().hint(
                    "suatu hari itu tidak benar lagi: tulis di dalam {{ tahapan | kalimat(\"...\", \"belum ...\") }}, di \
                     `before` atau `unset`, atau beri valid_until",
                ));
            }
        }
    }
}

/// The templates that no stage brings to an end.
fn lasting(body: &Body) -> Vec<&Template> {
    match body {
        Body::Always(template) => vec![template],
        Body::Staged { phases, then, .. } => phases.last().into_iter().chain(then).collect(),
        Body::Plain(_) => Vec::new(),
    }
}

/// Where `template` says outside of `{{ ... }}` that something is pending.
fn pending(template: &str) -> Vec<Range<usize>> {
    let folded = Folded::new(template);
    let inside = expressions(template);
    let found = PENDING.find_iter(&folded.text).filter(|found| {
        let start = folded.text[..found.start()].rfind(['.', ':', ';', '}', '?', '!']).map_or(0, |at| at + 1);
        !CONDITION.is_match(&folded.text[start..found.start()])
    });
    let places = found.map(|found| folded.source(found.range()));
    places.filter(|place| !inside.iter().any(|e| e.start < place.start && place.start < e.end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pending() {
        let count = |text: &str| pending(text).len();
        assert_eq!(count("Tanggalnya **belum\nditetapkan**. Aturannya belum dapat dipastikan."), 2);
        assert_eq!(count("{{ a.b | kalimat(\"Jadi.\", \"Tanggalnya belum ditetapkan.\") }} Begitu."), 0);
        assert_eq!(count("Jika calon belum ditetapkan, tunggu. Tanyakan nama yang belum diketahui."), 0);
        assert_eq!(count("Jika mau, datang. Tanggalnya belum ditetapkan."), 1);
    }
}
