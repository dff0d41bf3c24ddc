//! Files that are there twice: a copy that an editor or a person left in the folder.

use std::collections::BTreeMap;

use super::fault::{Fault, Rank};
use super::outline::{Outline, Written};
use super::source::is_built_in;

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
}

/// Whether a file's name is one that copies are given.
pub fn looks_like_copy(name: &str) -> bool {
    let plain = name.to_lowercase();
    MARKS.iter().any(|mark| plain.contains(mark))
}

/// Files of entries of which half or more stand in another file too.
pub fn copied_files(written: &Written) -> Vec<Copied> {
    let mut by_file: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, file) in &written.ids {
        by_file.entry(file).or_default().push(id);
    }
    let mut files: Vec<(&str, Vec<&str>)> = by_file.into_iter().collect();
    let rank = |name: &str| (!is_built_in(name), looks_like_copy(name) || name.contains('/'), name.len());
    files.sort_by_key(|(name, _)| rank(name));
    let mut found: Vec<Copied> = Vec::new();
    for (at, (copy, ids)) in files.iter().enumerate() {
        let others = files[..at].iter().filter(|(name, _)| !found.iter().any(|copied| copied.copy == **name));
        let shared = |others: &[&str]| ids.iter().filter(|id| others.contains(id)).count();
        let most = others.map(|(name, others)| (shared(others), *name)).max_by_key(|(shared, _)| *shared);
        if let Some((shared, original)) = most
            && shared >= FEWEST
            && shared * 2 >= ids.len()
        {
            found.push(Copied { copy: (*copy).to_owned(), original: original.to_owned(), shared });
        }
    }
    found
}

impl Copied {
    /// What a maintainer is told.
    pub fn fault(&self) -> Fault {
        let Self { copy, original, shared } = self;
        let message = format!("berkas ini mengulang {shared} entri dari `{original}`");
        let hint = format!("hapus berkas ini bila hanya salinan; bila ini yang baru, pakai sebagai ganti `{original}`");
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
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    for (at, (copy, (name, span))) in named.iter().enumerate() {
        let Some((first, (_, place))) = named[..at].iter().find(|(_, (other, _))| plain(other) == plain(name)) else {
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
