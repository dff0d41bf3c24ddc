//! What must hold between the files of a FAQ, and what deserves a look as time passes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Days, NaiveDate, NaiveTime};

use super::Faq;
use super::election::Datum;
use super::entry::{Body, Entry, MOST_QUESTIONS};
use super::fault::Fault;
use super::outline::Written;
use super::reference;
use super::render::render_at;
use crate::text::indonesian;
use crate::text::normalize::words;

pub use super::render::TELEGRAM_LIMIT;

/// Entries whose answers must be the same but for the candidate they speak of start so.
const CANDIDATE_ENTRIES: &str = "kandidat-nomor-";

/// Faults between entries, elections and lists.
pub fn across(faq: &Faq, written: &Written) -> Vec<Fault> {
    let mut faults = Vec::new();
    same_phrasings(faq, &mut faults);
    faults.extend(reference::unknown_related(faq, written));
    faults.extend(reference::unknown_stages(faq, written));
    renderings(faq, written, &mut faults);
    handwritten(faq, &mut faults);
    candidates_alike(faq, &mut faults);
    persuasive(faq, &mut faults);
    faults
}

/// Warnings that depend on the day: they never make a FAQ unusable.
pub fn as_of(faq: &Faq, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    let limit = Days::new(u64::try_from(faq.settings.review_after_days).unwrap_or_default());
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
        if let Some(reviewed) = entry.reviewed {
            if reviewed + limit < today {
                let day = indonesian::date(reviewed);
                faults.push(warn(
                    "reviewed",
                    format!("entri `{}` terakhir ditinjau {day}, sudah terlalu lama", entry.id),
                    "periksa jawaban dan sumbernya, lalu perbarui `reviewed`",
                ));
            } else if reviewed > today {
                faults.push(warn(
                    "reviewed",
                    format!("entri `{}` ditinjau di masa depan", entry.id),
                    "periksa tanggalnya",
                ));
            }
        }
        if entry.questions.len() > MOST_QUESTIONS && entry.reviewed.is_some() {
            let count = entry.questions.len();
            faults.push(warn(
                "questions",
                format!("entri `{}` punya {count} pertanyaan", entry.id),
                "sepuluh yang berbeda kata lebih berguna daripada lima puluh yang berbeda ejaan",
            ));
        }
    }
    faults
}

fn same_phrasings(faq: &Faq, faults: &mut Vec<Fault>) {
    /// Shared phrasings from which on an entry is a copy of the other.
    const MANY: usize = 3;
    let mut first = HashMap::new();
    let mut shared: BTreeMap<(&str, &str), Vec<Fault>> = BTreeMap::new();
    for entry in &faq.entries {
        for phrasing in &entry.questions {
            let key = words(&phrasing.text).join(" ");
            let Some((owner, span)) = first.get(&key) else {
                first.insert(key, (entry, phrasing.span.clone()));
                continue;
            };
            let owner: &&Entry = owner;
            // The same line twice in a file of one entry a line is that file's own affair.
            if entry.reviewed.is_none() {
                continue;
            }
            let message = if owner.id == entry.id {
                format!("pertanyaan \"{}\" tertulis dua kali", phrasing.text)
            } else {
                format!("pertanyaan \"{}\" ada di dua entri: `{}` dan `{}`", phrasing.text, owner.id, entry.id)
            };
            let fault = Fault::new(&entry.file, phrasing.span.clone(), message)
                .also(&owner.file, span.clone(), "pertama kali di sini")
                .hint("satu pertanyaan hanya milik satu entri; hapus salah satu");
            shared.entry((&owner.id, &entry.id)).or_default().push(fault);
        }
    }
    for ((owner, entry), mut same) in shared {
        let others = same.len() - 1;
        if same.len() >= MANY && owner != entry {
            same.truncate(1);
            same[0].message.push_str(&format!("; begitu pula {others} pertanyaan lain"));
            same[0].hint =
                Some("satu pertanyaan hanya milik satu entri; mungkin entri ini salinan: ganti semua".to_owned());
        }
        faults.extend(same);
    }
}

/// The days on which `entry` may change: before, at both ends of, and after each stage that its templates name, or of
/// every stage if they speak of "now". One day at least.
pub(super) fn turning_days(faq: &Faq, entry: &Entry) -> BTreeSet<NaiveDate> {
    let one = Days::new(1);
    let templates = entry.body.templates();
    let named = |text: &str| templates.iter().any(|t| t.value.contains(text));
    let borrowed = |key: &str| matches!(&entry.body, Body::Staged { stage, .. } if stage == key);
    let now = named("kini");
    let mut days: BTreeSet<NaiveDate> = faq
        .elections
        .iter()
        .flat_map(|e| &e.stages)
        .filter(|s| now || borrowed(&s.key) || named(&s.key))
        .flat_map(|s| [s.start - one, s.start, s.end, s.end + one])
        .collect();
    if days.is_empty() {
        days.insert(NaiveDate::default());
    }
    days
}

/// Renders every template at every day on which it may change; of the problems of one entry those of the first day.
fn renderings(faq: &Faq, written: &Written, faults: &mut Vec<Fault>) {
    for entry in &faq.entries {
        let before = faults.len();
        for day in turning_days(faq, entry) {
            render_at(faq, entry, day.and_time(NaiveTime::MIN), written, faults);
            if faults.len() > before {
                break;
            }
        }
    }
    reference::once(faults);
}

/// Dates and candidates' names of the election files must come by template, never by hand.
fn handwritten(faq: &Faq, faults: &mut Vec<Fault>) {
    let known = in_election_files(faq);
    for entry in &faq.entries {
        for template in entry.body.templates() {
            let mut told = BTreeSet::new();
            for (written, instead) in &known {
                let Some(at) = find_whole(&template.value, written) else { continue };
                if told.insert(written) {
                    faults.push(
                        Fault::new(
                            &entry.file,
                            template.at(at..at + written.len()),
                            format!("\"{written}\" ditulis tangan, padahal ada di faq/pemilu/"),
                        )
                        .hint(format!("ganti dengan {instead}, supaya ikut berubah bila datanya berubah")),
                    );
                }
            }
        }
    }
}

/// Every date and name that stands in an election file, with how to write it in an answer. Of several places the most
/// telling comes first: single days before ends of periods, main stages before others.
fn in_election_files(faq: &Faq) -> Vec<(String, String)> {
    let mut known: Vec<((bool, bool), String, String)> = Vec::new();
    for election in &faq.elections {
        let key = &election.key;
        for stage in &election.stages {
            let several = stage.start != stage.end;
            for (day, end) in [(stage.start, ".start"), (stage.end, ".end")] {
                let end = if several { end } else { "" };
                let hint = format!("{{{{ {key}.{}{end} | tanggal }}}}", stage.key);
                known.push(((several, !stage.main), indonesian::date(day), hint));
            }
        }
        for debate in election.lists.get("debates").into_iter().flatten() {
            if let Some(Datum::Day(day)) = debate.get("date") {
                let hint = format!("{{{{ {key}.debates | baris(\"{{number}}. {{date}}\") }}}}");
                known.push(((true, true), indonesian::date(*day), hint));
            }
        }
        for candidate in election.lists.get("candidates").into_iter().flatten() {
            let Some(Datum::Integer(number)) = candidate.get("number") else { continue };
            for (field, value) in candidate {
                let written = match value {
                    Datum::Text(name) if ["president", "vice_president"].contains(&field.as_str()) => name.clone(),
                    Datum::Day(day) => indonesian::date(*day),
                    _ => continue,
                };
                known.push(((true, true), written, format!("{{{{ {key}.nomor_{number}.{field} }}}}")));
            }
        }
    }
    known.sort_by_key(|(rank, _, _)| *rank);
    known.into_iter().map(|(_, written, hint)| (written, hint)).collect()
}

/// `needle` in `text`, not as a part of a longer number ("4 Februari" in "14 Februari").
fn find_whole(text: &str, needle: &str) -> Option<usize> {
    text.match_indices(needle).map(|(at, _)| at).find(|at| !text[..*at].ends_with(|c: char| c.is_ascii_digit()))
}

/// The entries on single candidates must be the same but for the number.
fn candidates_alike(faq: &Faq, faults: &mut Vec<Fault>) {
    let form = |entry: &Entry| {
        let number = entry.id.trim_start_matches(CANDIDATE_ENTRIES);
        let own = format!("nomor_{number}");
        let texts: Vec<String> = entry.body.templates().iter().map(|t| t.value.replace(&own, "nomor_N")).collect();
        (texts, entry.sources.clone(), entry.sensitive)
    };
    let mut peers = faq.entries.iter().filter(|e| e.id.starts_with(CANDIDATE_ENTRIES));
    let Some(first) = peers.next() else { return };
    let wanted = form(first);
    for entry in peers {
        if form(entry) != wanted {
            faults.push(
                Fault::new(
                    &entry.file,
                    entry.span.clone(),
                    format!("entri `{}` tidak sama bentuknya dengan `{}`", entry.id, first.id),
                )
                .also(&first.file, first.span.clone(), "bandingkan dengan ini")
                .hint(
                    "jawaban semua pasangan calon harus sama kata demi kata, hanya nomor_1, nomor_2, ... yang berbeda",
                ),
            );
        }
    }
}

/// No word that praises or blames in an entry on candidates.
fn persuasive(faq: &Faq, faults: &mut Vec<Fault>) {
    let banned: Vec<Vec<String>> = faq.words.persuasive.iter().map(|w| words(w)).collect();
    for entry in faq.entries.iter().filter(|e| e.id.starts_with("kandidat-")) {
        for template in entry.body.templates() {
            let text = words(&template.value);
            for (list, written) in banned.iter().zip(&faq.words.persuasive) {
                if !list.is_empty() && text.windows(list.len()).any(|w| w == &list[..]) {
                    let lower = template.value.to_lowercase();
                    let at = lower
                        .find(&written.to_lowercase())
                        .map_or(template.span.clone(), |i| template.at(i..i + written.len()));
                    faults.push(
                        Fault::new(&entry.file, at, format!("kata \"{written}\" memihak di entri tentang calon"))
                            .hint("semua calon diperlakukan sama; pakai kata yang netral"),
                    );
                }
            }
        }
    }
}
