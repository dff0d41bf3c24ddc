//! Files that are there twice: a copy that an editor or a person left in the folder.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entry::Entry;
use super::fault::{Fault, Rank};
use super::outline::{Outline, Written};
use super::review::reference::built_in_homes;
use super::source::is_built_in;
use crate::text::normalize::words;

/// Entries that two files must share before one is a copy of the other; one entry that is there twice is just that.
const FEWEST: usize = 2;
/// What the names of copies have in them.
const MARKS: [&str; 12] =
    ["salinan", "copy", "kopi", "copi", "backup", "cadangan", "lama", "old", "bak", "(", " - ", "~"];

/// A file whose entries are those of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The copy.
    pub copy: String,
    /// What it was copied from.
    pub original: String,
    /// How many entries they share.
    pub shared: usize,
    /// Whether the copy has no entry besides.
    pub whole: bool,
}

/// Whether a file's name is one that copies are given.
pub fn looks_like_copy(name: &str) -> bool {
    let plain = name.to_lowercase();
    MARKS.iter().any(|mark| plain.contains(mark))
}

/// Files of entries that hold what another file holds: half of the one's entries or more stand in the other too.
pub fn copied_files(written: &Written) -> Vec<Copied> {
    let mut by_file: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (id, file) in &written.ids {
        by_file.entry(file).or_default().insert(id);
    }
    let mut found: Vec<Copied> = Vec::new();
    let files: Vec<(&str, BTreeSet<&str>)> = by_file.into_iter().collect();
    for (at, (one, ids)) in files.iter().enumerate() {
        for (other, others) in &files[at + 1..] {
            let both: Vec<&str> = ids.intersection(others).copied().collect();
            if both.len() < FEWEST || both.len() * 2 < ids.len().min(others.len()) {
                continue;
            }
            let homes = built_in_homes();
            let away = |name: &str| both.iter().filter(|id| homes.get(**id).is_none_or(|home| home != name)).count();
            let rank = |name: &str| {
                (
                    away(name),
                    !is_built_in(name),
                    looks_like_copy(name) || name.contains('/'),
                    name.len(),
                    name.to_owned(),
                )
            };
            let whole = |copy: &str| both.len() == if copy == *one { ids.len() } else { others.len() };
            let (original, copy) = if rank(one) <= rank(other) { (*one, *other) } else { (*other, *one) };
            if !found.iter().any(|copied| copied.copy == copy || copied.copy == original) {
                let (copy, original) = (copy.to_owned(), original.to_owned());
                found.push(Copied { whole: whole(&copy), copy, original, shared: both.len() });
            }
        }
    }
    found
}

impl Copied {
    /// What a maintainer is told.
    pub fn fault(&self) -> Fault {
        let Self { copy, original, shared, whole } = self;
        let message = format!("berkas ini mengulang {shared} entri dari `{original}`");
        let hint = if *whole {
            format!("hapus berkas ini bila hanya salinan; bila ini yang baru, pakai sebagai ganti `{original}`")
        } else {
            format!(
                "hapus berkas ini bila hanya salinan; bila tidak, hapus darinya entri yang sudah ada di `{original}`"
            )
        };
        Fault::new(copy, None, message).hint(hint).rank(Rank::Cause)
    }
}

/// Two elections of one name: a file was copied, and the name left.
pub fn same_names(outlines: &[Outline]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut named: Vec<_> =
        outlines.iter().filter_map(|outline| outline.name.as_ref().map(|name| (outline, name))).collect();
    // The file whose name has the year of the election's name is the original.
    let year = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    named.sort_by_key(|(outline, (name, _))| {
        (year(&outline.key) != year(name), !is_built_in(&outline.file), outline.key.clone())
    });
    for (at, (copy, (name, span))) in named.iter().enumerate() {
        let Some((first, (_, place))) = named[..at].iter().find(|(_, (other, _))| words(other) == words(name)) else {
            continue;
        };
        let message = format!("dua pemilu bernama \"{name}\"");
        let hint = format!(
            "bila `{}` salinan dari `{}` untuk pemilu lain, ganti `name` dan isinya; bila tidak dipakai, hapus berkasnya",
            copy.file, first.file
        );
        let fault =
            Fault::new(&copy.file, span.clone(), message).also(&first.file, place.clone(), "pertama kali di sini");
        faults.push(fault.hint(hint).rank(Rank::Cause));
    }
    faults
}

/// Takes out entries whose id another has already, and tells which: one by one, or together where a part of a file was
/// pasted twice.
pub fn take_doubles(entries: &mut Vec<Entry>) -> Vec<Fault> {
    let mut first: HashMap<String, (String, std::ops::Range<usize>)> = HashMap::new();
    let mut doubles: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in std::mem::take(entries) {
        if first.contains_key(&entry.id) {
            doubles.entry(entry.file.clone()).or_default().push(entry);
        } else {
            first.insert(entry.id.clone(), (entry.file.clone(), entry.span.clone()));
            entries.push(entry);
        }
    }
    let mut faults = Vec::new();
    for (file, mut doubles) in doubles {
        let count = doubles.len();
        let together = count > FEWEST;
        doubles.truncate(if together { 1 } else { count });
        for entry in doubles {
            let Some((other, place)) = first.get(&entry.id) else { continue };
            let (message, hint) = if together {
                let message = format!("{count} entri di berkas ini tertulis dua kali, mulai dari `{}`", entry.id);
                (message, "hapus yang kedua; mungkin sebagian berkas tertempel dua kali".to_owned())
            } else {
                let hint = "setiap entri punya id sendiri; ganti id ini, atau hapus entri yang kedua";
                (format!("id `{}` dipakai dua kali", entry.id), hint.to_owned())
            };
            let fault =
                Fault::new(&file, entry.span.clone(), message).also(other, place.clone(), "pertama kali di sini");
            faults.push(fault.hint(hint).rank(if together { Rank::Cause } else { Rank::Plain }));
        }
    }
    faults
}
