//! Candidates of any election: a pair, one person, or the empty box that stands against the only pair.

use std::collections::{BTreeMap, BTreeSet};

use super::item::{Datum, Item, Kind, Schema, Typed, check_numbers};
use crate::faq::reader::Reader;
use crate::text::indonesian;

/// The keys of a candidate. What must be there is what an answer uses: who does not say for which office or place they run
/// runs for the same as all others of the file.
pub(super) const SCHEMA: Schema = &[
    ("number", Kind::Integer, false),
    ("office", Kind::Text, false),
    ("area", Kind::Text, false),
    ("name", Kind::Text, false),
    ("deputy", Kind::Text, false),
    ("posts", Kind::Text, false),
    ("deputy_posts", Kind::Text, false),
    ("president", Kind::Text, false),
    ("vice_president", Kind::Text, false),
    ("president_posts", Kind::Text, false),
    ("vice_president_posts", Kind::Text, false),
    ("called", Kind::List, false),
    ("deputy_called", Kind::List, false),
    ("empty", Kind::Flag, false),
    ("parties", Kind::List, false),
    ("registered", Kind::Day, false),
    ("vision", Kind::Text, false),
    ("programme", Kind::Text, false),
    ("votes", Kind::Integer, false),
    ("share", Kind::Decimal, false),
    ("provinces_won", Kind::Integer, false),
    // The entry that tells of it.
    ("page", Kind::Text, false),
    ("known_from", Kind::Day, false),
];

/// Keys that say the same: for any office, and for the presidency.
const SAME: [(&str, &str); 4] = [
    ("name", "president"),
    ("deputy", "vice_president"),
    ("posts", "president_posts"),
    ("deputy_posts", "vice_president_posts"),
];
/// What an empty box is called where a name stands.
const EMPTY_BOX: &str = "kolom kosong";
/// What an empty box can't have.
const OF_PEOPLE: [&str; 15] = [
    "name",
    "deputy",
    "posts",
    "deputy_posts",
    "president",
    "vice_president",
    "president_posts",
    "vice_president_posts",
    "called",
    "deputy_called",
    "parties",
    "registered",
    "vision",
    "programme",
    "page",
];

/// The other key under which the value of `key` may stand.
pub fn same_as(key: &str) -> Option<&'static str> {
    SAME.iter().find_map(|&(a, b)| if a == key { Some(b) } else { (b == key).then_some(a) })
}

/// The value of `key`, also where the file has it under its other name.
pub fn value<'i>(item: &'i Item, key: &str) -> Option<&'i Datum> {
    item.get(key).or_else(|| item.get(same_as(key)?))
}

/// Whether it is the empty box.
pub fn is_empty_box(item: &Item) -> bool {
    item.get("empty") == Some(&Datum::Flag(true))
}

/// Who it is, in one: "A dan B", "A", or "kolom kosong".
pub fn who(item: &Item) -> Option<String> {
    if is_empty_box(item) {
        return Some(EMPTY_BOX.to_owned());
    }
    names(item).map(|names| indonesian::list(&names))
}

/// The names of the one or the two who stand together; none of the empty box.
pub fn names(item: &Item) -> Option<Vec<String>> {
    let text = |key: &str| match value(item, key) {
        Some(Datum::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let name = text("name").filter(|_| !is_empty_box(item))?;
    Some(std::iter::once(name).chain(text("deputy")).collect())
}

/// What holds for the candidates of one file: each has a name or is the empty box, and those who run against each other are
/// treated alike.
pub(super) fn check(reader: &mut Reader<'_>, items: &[Typed]) {
    let mut contests: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for candidate in items {
        check_name(reader, candidate);
    }
    for candidate in items {
        let text = |key: &str| match candidate.item.get(key) {
            Some(Datum::Text(text)) => Some(text.to_lowercase()),
            _ => None,
        };
        contests.entry([text("office"), text("area")]).or_default().push(candidate);
    }
    for peers in contests.values() {
        check_numbers(reader, peers);
        check_peers(reader, peers);
    }
}

fn check_name(reader: &mut Reader<'_>, Typed { item, keys, span }: &Typed) {
    if is_empty_box(item) {
        let strange: Vec<String> =
            OF_PEOPLE.into_iter().filter(|key| keys.contains(key)).map(|key| format!("`{key}`")).collect();
        if !strange.is_empty() {
            reader.fault(span.clone(), format!("kolom kosong tidak punya {}", strange.join(", "))).hint =
                Some("hapus isian itu; kolom kosong hanya punya number, office, area, votes, dan share".to_owned());
        }
        return;
    }
    // That a name is no text, or its key misspelt, has been told.
    let named = keys.contains("name") || same_as("name").is_some_and(|other| keys.contains(other));
    if !named && !reader.is_broken() {
        reader.fault(span.clone(), "calon ini tidak punya nama (`name`)").hint =
            Some("tambahkan name = \"...\", atau empty = true kalau ini kolom kosong".to_owned());
    }
    for (general, own) in SAME {
        if keys.contains(general) && keys.contains(own) {
            reader.fault(span.clone(), format!("`{general}` dan `{own}` sama artinya")).hint =
                Some("pakai salah satu saja".to_owned());
        }
    }
}

/// Candidates are treated alike: what one has, all have.
fn check_peers(reader: &mut Reader<'_>, peers: &[&Typed]) {
    if reader.is_broken() {
        // What seems missing may stand on a line that can't be read.
        return;
    }
    let general = |key: &'static str| SAME.iter().find(|(_, own)| *own == key).map_or(key, |(general, _)| *general);
    let written = |typed: &Typed| -> BTreeSet<&'static str> { typed.keys.iter().copied().map(general).collect() };
    let all: BTreeSet<&str> = peers.iter().flat_map(|typed| written(typed)).collect();
    for typed in peers {
        let own = written(typed);
        let of_boxes = |key: &&str| !is_empty_box(&typed.item) || !OF_PEOPLE.contains(key);
        // A name that is missing has been told; the empty box is none by being so; a day of being known is no merit.
        let missing: Vec<String> = all
            .difference(&own)
            .filter(|key| !["name", "empty", "known_from"].contains(*key))
            .filter(|key| of_boxes(key))
            .map(|key| format!("`{key}`"))
            .collect();
        if !missing.is_empty() {
            let message = format!("calon ini tidak punya {}, padahal calon lain punya", missing.join(", "));
            reader.fault(typed.span.clone(), message).hint = Some("semua calon harus punya isian yang sama".to_owned());
        }
    }
}
