//! Names that lead from an entry to something else: other entries, stages, elections. What they lead to may be what is
//! missing; then that is told once, and not each name.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::faq::Faq;
use crate::faq::election::{Datum, Kind, item};
use crate::faq::entry::{Body, Entry};
use crate::faq::fault::{Fault, Rank};
use crate::faq::near::nearest;
use crate::faq::outline::{Written, expressions, ids_in, paths};
use crate::faq::source::Source;

/// Uses of a name that no file has, from which on the file is said to be missing, not the name to be wrong.
const MANY: usize = 3;
/// Names in answers that are no election's.
const OTHER_NAMES: [&str; 4] = ["bot", "kini", "pemilu", "pilkada"];
/// The most related entries of one entry: more are never shown.
const MOST_RELATED: usize = 4;
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
pub(in crate::faq) fn missing_elections(faq: &Faq, written: &mut Written) -> Vec<Fault> {
    let mut uses: BTreeMap<String, Uses> = BTreeMap::new();
    let known = |root: &str| match Kind::of_alias(root) {
        // Of what kind a file is that could not be read, nobody knows.
        Some(kind) => faq.elections().any(|e| e.kind == kind) || written.outlines.len() > faq.elections.len(),
        None => OTHER_NAMES.contains(&root) || written.lost.contains(root) || written.outline(root).is_some(),
    };
    for entry in &faq.entries {
        for (root, span) in roots(entry) {
            if !known(root) {
                Uses::add(&mut uses, root.to_owned(), &entry.file, span);
            }
        }
    }
    let names: Vec<&str> = written.outlines.iter().map(|o| o.key.as_str()).chain(OTHER_NAMES).collect();
    let is_alias = |root: &str| Kind::of_alias(root).is_some();
    uses.retain(|root, uses| is_alias(root) || uses.count >= MANY && nearest(root, names.iter().copied()).is_none());
    // An alias stands for nothing since the files are missing that are told by their own names; else it is told itself.
    if !written.lost.is_empty() || uses.keys().any(|root| !is_alias(root)) {
        uses.retain(|root, _| !is_alias(root));
    } else {
        uses.retain(|_, uses| uses.count >= MANY);
    }
    let none_there = written.outlines.is_empty() && written.lost.is_empty();
    written.lost.extend(uses.keys().cloned());
    if none_there && (uses.len() > 1 || uses.keys().any(|root| is_alias(root))) {
        let count: usize = uses.values().map(|uses| uses.count).sum();
        let Some(first) = uses.into_values().next().map(|uses| uses.first) else { return Vec::new() };
        let message =
            format!("folder `pemilu/` tidak ada atau kosong, padahal dipakai di {count} tempat dalam jawaban");
        return vec![missing("pemilu/", message, &first, &GET_BACK.replace("berkas", "folder"))];
    }
    let told = |(root, uses): (String, Uses)| {
        if is_alias(&root) {
            let message = format!(
                "tidak ada berkas {root} di folder `pemilu/`, padahal dipakai di {} tempat dalam jawaban",
                uses.count
            );
            return missing("pemilu/", message, &uses.first, GET_BACK);
        }
        let file = format!("pemilu/{root}.toml");
        let message = format!("berkas `{file}` tidak ada, padahal dipakai di {} tempat dalam jawaban", uses.count);
        missing(&file, message, &uses.first, GET_BACK)
    };
    uses.into_iter().map(told).collect()
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
    for template in entry.templates() {
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
pub(super) fn unknown_related(faq: &Faq, written: &Written) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut lost: BTreeMap<String, Uses> = BTreeMap::new();
    let mut homes = None;
    for entry in &faq.entries {
        // Those that are wrong are told by themselves.
        let mut right = 0;
        for (i, related) in entry.related.iter().enumerate() {
            let id = &related.value;
            if *id == entry.id {
                let fault = Fault::new(&entry.file, related.span.clone(), "`related` menunjuk entri ini sendiri");
                faults.push(fault.hint("hapus dari `related`"));
                continue;
            }
            if entry.related[..i].iter().any(|earlier| earlier.value == *id) {
                let message = format!("`related` menyebut `{id}` dua kali");
                let fault = Fault::new(&entry.file, related.span.clone(), message).warning();
                faults.push(fault.hint("hapus salah satu, supaya pemilih tidak melihatnya dua kali"));
                continue;
            }
            if faq.entry(id).is_some() || written.has_entry(id) || written.opaque {
                right += 1;
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
        too_many(entry, right, &mut faults);
    }
    faults.extend(lost.into_iter().map(|(file, uses)| {
        let message = format!("berkas `{file}` tidak ada, padahal {} `related` menunjuk ke dalamnya", uses.count);
        missing(&file, message, &uses.first, &format!("{GET_BACK}{}", renamed(&file, written)))
    }));
    faults
}

fn too_many(entry: &Entry, count: usize, faults: &mut Vec<Fault>) {
    if count > MOST_RELATED {
        let message = format!("`related` menyebut {count} entri; paling banyak {MOST_RELATED}");
        let hint = "yang di belakang tidak pernah tampil; sisakan dua sampai empat yang paling berguna";
        faults.push(Fault::new(&entry.file, entry.place("related"), message).warning().hint(hint));
    }
}

/// Another file that may be the missing one under another ending.
fn renamed(file: &str, written: &Written) -> String {
    let stem = file.trim_end_matches("toml");
    let other = written.files.iter().find(|other| other.starts_with(stem) || other.eq_ignore_ascii_case(file));
    other.map_or_else(String::new, |other| format!("; atau ganti nama `{other}` menjadi `{file}`"))
}

/// In which file of the built-in FAQ each entry stands.
pub(in crate::faq) fn built_in_homes() -> BTreeMap<String, String> {
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
pub(super) fn unknown_stages(faq: &Faq, written: &Written) -> Vec<Fault> {
    let mut faults = Vec::new();
    for entry in &faq.entries {
        let Body::Staged { election, stage, .. } = &entry.body else { continue };
        let path = format!("{election}.{stage}");
        if faq.templates.has_stage(election, stage) || written.hides(&path) || written.may_name(&path) {
            continue;
        }
        let hint = stage_hint(faq, election, stage);
        let message = format!("entri `{}` memakai tahapan `{election}.{stage}` yang tidak ada", entry.id);
        faults.push(Fault::new(&entry.file, entry.place("stage"), message).hint(hint).rank(Rank::Reference));
    }
    faults
}

/// Pages of candidates and parties that no entry is.
pub(super) fn unknown_pages(faq: &Faq, written: &Written) -> Vec<Fault> {
    let mut faults = Vec::new();
    for election in &faq.elections {
        let of_parties = election.parties_page.iter().map(|page| (page.value.clone(), Some(page.span.clone())));
        let candidates = election.lists.get("candidates").into_iter().flatten();
        let of_candidates = candidates.filter_map(|item| match item.get("page") {
            Some(Datum::Text(page)) => {
                let place = item::number(item).map_or_else(String::new, |number| format!(".{number}.page"));
                Some((page.clone(), election.places.get(&format!("candidates{place}"))))
            }
            _ => None,
        });
        for (page, span) in of_parties.chain(of_candidates) {
            if faq.entry(&page).is_some() || written.has_entry(&page) || written.opaque {
                continue;
            }
            let hint = match nearest(&page, faq.entries.iter().map(|e| e.id.as_str())) {
                Some(near) => format!("maksud Anda `{near}`?"),
                None => "hapus, atau ganti dengan kode entri yang ada".to_owned(),
            };
            let message = format!("halaman `{page}` tidak ada di antara entri");
            faults.push(Fault::new(&election.file(), span, message).hint(hint).rank(Rank::Reference).warning());
        }
    }
    faults
}

/// What to do about a stage that no election has.
fn stage_hint(faq: &Faq, election: &str, stage: &str) -> String {
    let alias = Kind::of_alias(election);
    let of_name = |key: &str, kind: Kind| key == election || alias == Some(kind);
    let mut meant = faq.elections().filter(|e| of_name(&e.key, e.kind)).peekable();
    if meant.peek().is_some() {
        return match nearest(stage, meant.flat_map(|e| &e.stages).map(|s| s.key.as_str())) {
            Some(near) => format!("maksud Anda `{election}.{near}`?"),
            None if alias.is_some() => {
                "hapus atau ganti; nama tahapan ada di berkas-berkas folder pemilu/, sesudah [stages.".to_owned()
            }
            None => format!("hapus atau ganti; nama tahapan ada di pemilu/{election}.toml, sesudah [stages."),
        };
    }
    if alias.is_some() {
        return format!("`{election}` belum punya berkas di folder pemilu/; hapus, atau tambahkan berkasnya");
    }
    let near = nearest(election, faq.elections().map(|e| e.key.as_str()));
    match near.filter(|near| faq.elections().any(|e| e.key == *near && e.stage(stage).is_some())) {
        Some(near) => format!("maksud Anda `{near}.{stage}`?"),
        None => format!("berkas pemilu/{election}.toml tidak ada; hapus atau ganti namanya"),
    }
}

/// Whether `faults` tell the same thing twice, from several entries: the first is kept.
pub(super) fn once(faults: &mut Vec<Fault>) {
    let mut told = BTreeSet::new();
    faults.retain(|fault| {
        let span = fault.span.clone().unwrap_or(0..0);
        told.insert((fault.file.clone(), span.start, span.end, fault.message.clone()))
    });
}
