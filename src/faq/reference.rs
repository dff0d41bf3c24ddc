//! Names that lead from an entry to something else: other entries, stages, elections. What they lead to may be what is
//! missing; then that is told once, and not each name.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Faq;
use super::entry::{Body, Entry};
use super::fault::{Fault, Rank};
use super::near::nearest;
use super::outline::{Written, expressions, ids_in, paths};
use super::source::Source;

/// Uses of a name that no file has, from which on the file is said to be missing, not the name to be wrong.
const MANY: usize = 3;
/// Names in answers that are no election's.
const OTHER_NAMES: [&str; 4] = ["bot", "kini", "pemilu", "pilkada"];
/// What to do about a file that is gone.
const GET_BACK: &str = "kembalikan berkas itu dari salinan Anda atau dari FAQ bawaan (perintah faq-bawaan)";

/// Places that name something, the first of them kept.
#[derive(Debug)]
struct Uses {
    first: (String, Range<usize>),
    count: usize,
}

impl Uses {
    fn add<K: Ord>(uses: &mut BTreeMap<K, Self>, key: K, file: &str, span: Range<usize>) {
        let one = uses.entry(key).or_insert_with(|| Self { first: (file.to_owned(), span), count: 0 });
        one.count += 1;
    }
}

/// Elections whose file is missing though answers name them: noted in `written`, so that nothing else is said of them.
pub fn missing_elections(faq: &Faq, written: &mut Written) -> Vec<Fault> {
    let mut uses: BTreeMap<String, Uses> = BTreeMap::new();
    let known =
        |root: &str| OTHER_NAMES.contains(&root) || written.lost.contains(root) || written.outline(root).is_some();
    for entry in &faq.entries {
        for (root, span) in roots(entry) {
            if !known(root) {
                Uses::add(&mut uses, root.to_owned(), &entry.file, span);
            }
        }
    }
    let names: Vec<&str> = written.outlines.iter().map(|o| o.key.as_str()).chain(OTHER_NAMES).collect();
    uses.retain(|root, uses| uses.count >= MANY && nearest(root, names.iter().copied()).is_none());
    let none_there = written.outlines.is_empty() && written.lost.is_empty();
    written.lost.extend(uses.keys().cloned());
    if none_there && uses.len() > 1 {
        let count: usize = uses.values().map(|uses| uses.count).sum();
        let Some(first) = uses.into_values().next().map(|uses| uses.first) else { return Vec::new() };
        let message =
            format!("folder `pemilu/` tidak ada atau kosong, padahal dipakai di {count} tempat dalam jawaban");
        return vec![missing("pemilu/", message, &first, &GET_BACK.replace("berkas", "folder"))];
    }
    uses.into_iter()
        .map(|(root, uses)| {
            let file = format!("pemilu/{root}.toml");
            let message = format!("berkas `{file}` tidak ada, padahal dipakai di {} tempat dalam jawaban", uses.count);
            missing(&file, message, &uses.first, GET_BACK)
        })
        .collect()
}

fn missing(file: &str, message: String, (place, span): &(String, Range<usize>), hint: &str) -> Fault {
    Fault::new(file, None, message).also(place, span.clone(), "misalnya di sini").hint(hint).rank(Rank::Cause)
}

/// The names before the first dot in all templates of an entry, and of its stage.
fn roots(entry: &Entry) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    if let Body::Staged { election, .. } = &entry.body {
        found.push((election.as_str(), entry.place("stage")));
    }
    for template in entry.body.templates() {
        for range in expressions(&template.value) {
            let expression = &template.value[range.clone()];
            let name = expression.split('|').next().unwrap_or_default();
            if let Some(root) = paths(name).first().filter(|path| path.len() > 1).and_then(|path| path.first().copied())
            {
                found.push((root, template.at(range)));
            }
        }
    }
    found
}

/// `related` that leads to no entry. Where they lead into one file of the built-in FAQ that is missing here, that file
/// is what is told.
pub fn unknown_related(faq: &Faq, written: &Written) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut lost: BTreeMap<String, Uses> = BTreeMap::new();
    let mut homes = None;
    for entry in &faq.entries {
        for related in &entry.related {
            let id = &related.value;
            if *id == entry.id {
                let fault = Fault::new(&entry.file, related.span.clone(), "`related` menunjuk entri ini sendiri");
                faults.push(fault.hint("hapus dari `related`"));
            }
            if faq.entry(id).is_some() || written.has_entry(id) || written.opaque {
                continue;
            }
            let home = homes.get_or_insert_with(built_in_homes).get(id);
            if home.is_some_and(|file| written.broken.contains(file)) {
                continue;
            }
            if let Some(file) = home.filter(|file| !written.files.contains(*file)) {
                Uses::add(&mut lost, file.clone(), &entry.file, related.span.clone());
                continue;
            }
            let near = nearest(id, faq.entries.iter().map(|e| e.id.as_str()));
            let hint = match near.filter(|near| *near != entry.id) {
                Some(near) => format!("maksud Anda `{near}`?"),
                None => "hapus dari `related`, atau ganti dengan kode entri yang ada".to_owned(),
            };
            let message = format!("`related` menunjuk entri `{id}` yang tidak ada");
            faults.push(Fault::new(&entry.file, related.span.clone(), message).hint(hint).rank(Rank::Reference));
        }
    }
    faults.extend(lost.into_iter().map(|(file, uses)| {
        let message = format!("berkas `{file}` tidak ada, padahal {} `related` menunjuk ke dalamnya", uses.count);
        missing(&file, message, &uses.first, &format!("{GET_BACK}{}", renamed(&file, written)))
    }));
    faults
}

/// Another file that may be the missing one under another ending.
fn renamed(file: &str, written: &Written) -> String {
    let stem = file.trim_end_matches("toml");
    let other = written.files.iter().find(|other| other.starts_with(stem) || other.eq_ignore_ascii_case(file));
    other.map_or_else(String::new, |other| format!("; atau ganti nama `{other}` menjadi `{file}`"))
}

/// In which file of the built-in FAQ each entry stands.
pub(super) fn built_in_homes() -> BTreeMap<String, String> {
    let mut homes = BTreeMap::new();
    for file in Source::BuiltIn.files().0 {
        if let Ok(text) = std::str::from_utf8(&file.bytes).map(str::to_owned)
            && file.name.ends_with(".toml")
        {
            homes.extend(ids_in(&text, false).into_iter().map(|id| (id.to_owned(), file.name.clone())));
        }
    }
    homes
}

/// Stages of entries that no election has.
pub fn unknown_stages(faq: &Faq, written: &Written) -> Vec<Fault> {
    let mut faults = Vec::new();
    for entry in &faq.entries {
        let Body::Staged { election, stage, .. } = &entry.body else { continue };
        let found = faq.elections().find(|e| e.key == *election);
        if found.is_some_and(|found| found.stage(stage).is_some()) || written.hides(&format!("{election}.{stage}")) {
            continue;
        }
        let hint = match found {
            Some(found) => match nearest(stage, found.stages.iter().map(|s| s.key.as_str())) {
                Some(near) => format!("maksud Anda `{election}.{near}`?"),
                None => format!("hapus atau ganti; nama tahapan ada di pemilu/{election}.toml, sesudah [stages."),
            },
            None => {
                let near = nearest(election, faq.elections().map(|e| e.key.as_str()));
                let near = near.filter(|near| faq.elections().any(|e| e.key == *near && e.stage(stage).is_some()));
                match near {
                    Some(near) => format!("maksud Anda `{near}.{stage}`?"),
                    None => format!("berkas pemilu/{election}.toml tidak ada; hapus atau ganti namanya"),
                }
            }
        };
        let message = format!("entri `{}` memakai tahapan `{election}.{stage}` yang tidak ada", entry.id);
        faults.push(Fault::new(&entry.file, entry.place("stage"), message).hint(hint).rank(Rank::Reference));
    }
    faults
}

/// Whether `faults` tell the same thing twice, from several entries: the first is kept.
pub fn once(faults: &mut Vec<Fault>) {
    let mut told = BTreeSet::new();
    faults.retain(|fault| {
        let span = fault.span.clone().unwrap_or(0..0);
        told.insert((fault.file.clone(), span.start, span.end, fault.message.clone()))
    });
}
