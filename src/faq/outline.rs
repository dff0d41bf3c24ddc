//! What stands in an election file, whether or not it could be used: so that a name whose stage or figure has a fault is
//! not said to be missing, and a fault that shows in an answer is told where it was typed.

use std::collections::BTreeSet;
use std::ops::Range;

use super::election::Election;
use super::fault::{Fault, Severity};
use super::head::lines_outside_blocks;
use super::reader::{Reader, Table, number_of};

/// Names in answers that stand for whichever election runs or comes next.
const CURRENT: [&str; 3] = ["kini", "pemilu", "pilkada"];

/// One item of a list, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemPlace {
    /// The list: `parties`.
    pub list: String,
    /// Its number, if it has one.
    pub number: Option<i64>,
    /// Where its head stands.
    pub span: Range<usize>,
}

/// One figure, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigurePlace {
    /// Its key.
    pub key: String,
    /// Its value, if that is a text.
    pub text: Option<String>,
    /// Where the value stands.
    pub span: Range<usize>,
}

/// What is written in one election file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The election's name in templates.
    pub key: String,
    /// The file.
    pub file: String,
    /// The election's name for readers, and where it stands.
    pub name: Option<(String, Range<usize>)>,
    /// The items of its lists.
    pub items: Vec<ItemPlace>,
    /// Its figures.
    pub figures: Vec<FigurePlace>,
    /// Stages, lists and figures that have a fault.
    spoilt: BTreeSet<String>,
    /// Whether anything may stand in it: it could not be read as it was meant.
    opaque: bool,
}

impl Outline {
    /// Of a file of which nothing is known but that it is there.
    pub fn unread(key: &str, file: &str) -> Self {
        Self {
            key: key.to_owned(),
            file: file.to_owned(),
            name: None,
            items: Vec::new(),
            figures: Vec::new(),
            spoilt: BTreeSet::new(),
            opaque: true,
        }
    }

    /// Of a file that was read as `election`, with the faults that were found in it.
    pub fn new<'f>(reader: &Reader<'f>, root: &Table<'_, 'f>, key: &str, election: Option<&Election>) -> Self {
        let mut outline = Self::unread(key, reader.file);
        outline.opaque = reader.is_broken() || election.is_none();
        outline.name =
            root.get("name").and_then(|value| value.get_ref().as_str().map(|name| (name.to_owned(), value.span())));
        for (list, _, value) in root.keys() {
            for item in value.get_ref().as_array().into_iter().flatten() {
                let number = item.get_ref().as_table().and_then(|table| table.get("number"));
                let number = number.and_then(|value| number_of(value.get_ref())).map(|number| number as i64);
                outline.items.push(ItemPlace { list: list.to_owned(), number, span: item.span() });
            }
        }
        let inside = |key: &str| root.get(key).and_then(|value| value.get_ref().as_table()).into_iter().flatten();
        for (key, value) in inside("figures") {
            let text = value.get_ref().as_str().map(str::to_owned);
            outline.figures.push(FigurePlace { key: key.get_ref().to_string(), text, span: value.span() });
        }
        // A stage that takes its days from a faulty one has no fault of its own.
        let unread = |key: &str| election.is_none_or(|election| election.stage(key).is_none());
        let stages = inside("stages").map(|(key, _)| key.get_ref().to_string());
        outline.spoilt.extend(stages.filter(|key| unread(key)));
        for fault in reader.faults.iter().filter(|fault| fault.severity == Severity::Fault) {
            outline.spoil(fault, reader.text);
        }
        outline
    }

    /// Notes to which part of the file a fault belongs: the last head before it.
    fn spoil(&mut self, fault: &Fault, text: &str) {
        let Some(span) = &fault.span else { return };
        let end = text[span.start.min(text.len())..].find('\n').map_or(text.len(), |i| span.start + i);
        let mut lines = text[..end].lines().rev();
        let own = lines.next().unwrap_or_default();
        let head = std::iter::once(own).chain(lines).find(|line| line.starts_with('['));
        let name = head.unwrap_or_default().trim_matches(['[', ']', ' ']);
        match name.split_once('.') {
            Some((_, stage)) => {
                // What answers say is the name as it should be.
                self.spoilt.insert(stage.to_lowercase().replace(['-', ' '], "_"));
                self.spoilt.insert(stage.to_owned())
            }
            None if name == "figures" => {
                self.spoilt.insert(own.split('=').next().unwrap_or_default().trim().to_owned())
            }
            None => self.spoilt.insert(name.to_owned()),
        };
    }

    /// Whether something in `path`, the parts of a name behind the election's, has a fault.
    fn hides(&self, path: &[&str]) -> bool {
        let spoilt = |name: &str| self.spoilt.contains(name);
        let candidate = path.first().is_some_and(|part| part.starts_with("nomor_"));
        self.opaque || path.iter().any(|part| spoilt(part)) || candidate && spoilt("candidates")
    }
}

/// What is written in all files, whether or not it could be used.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// The names of the files.
    pub files: BTreeSet<String>,
    /// The ids of entries, each with its file.
    pub ids: BTreeSet<(String, String)>,
    /// The election files.
    pub outlines: Vec<Outline>,
    /// Elections whose file is missing, or has another name: that has been told.
    pub lost: BTreeSet<String>,
    /// Files of entries in which more ids may stand than could be read.
    pub broken: BTreeSet<String>,
    /// Whether a file that may hold entries could not be read.
    pub opaque: bool,
}

impl Written {
    /// Whether an entry of that id is written somewhere.
    pub fn has_entry(&self, id: &str) -> bool {
        self.ids.iter().any(|(written, _)| written == id)
    }

    /// Whether what an answer says in `expression`, `pemilu2024.kampanye | tanggal`, may fail because of a fault that is
    /// told elsewhere.
    pub fn hides(&self, expression: &str) -> bool {
        paths(expression).iter().any(|path| {
            let Some((root, rest)) = path.split_first() else { return false };
            self.lost.contains(*root)
                || self.outlines.iter().any(|outline| outline.key == *root && outline.hides(rest))
                || CURRENT.contains(root) && (!self.lost.is_empty() || self.outlines.iter().any(|o| o.hides(rest)))
        })
    }

    /// Whether what an answer says in `expression` may be a name only in a file that could not be read whole: a name that one
    /// election has, others may have too.
    pub fn may_name(&self, expression: &str) -> bool {
        paths(expression).iter().any(|path| {
            let Some((root, rest)) = path.split_first() else { return false };
            let is_election = CURRENT.contains(root) || self.outline(root).is_some();
            is_election && !rest.is_empty() && (!self.lost.is_empty() || self.outlines.iter().any(|o| o.hides(rest)))
        })
    }

    /// The election file of that name in templates.
    pub fn outline(&self, key: &str) -> Option<&Outline> {
        self.outlines.iter().find(|outline| outline.key == key)
    }
}

/// Every `{{ ... }}` of a template: its bytes, braces included.
pub fn expressions(template: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = template[at..].find("{{").map(|i| at + i) {
        let Some(end) = template[open..].find("}}").map(|i| open + i + 2) else { break };
        found.push(open..end);
        at = end;
    }
    found
}

/// The names in an expression, each in its parts; what stands between quotes is no name.
pub fn paths(expression: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    for (i, outside) in expression.split(['"', '\'']).enumerate() {
        if i % 2 == 1 {
            continue;
        }
        let names = outside.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
        let named = |name: &&str| name.starts_with(|c: char| c.is_alphabetic());
        found.extend(names.filter(named).map(|name| name.split('.').collect::<Vec<_>>()));
    }
    found
}

/// The ids that stand in a text, one a line: `id = "..."`. Where a block was not closed, so that nobody knows what stands
/// in one, all such lines count.
pub fn ids_in(text: &str, everywhere: bool) -> Vec<&str> {
    let lines: Vec<&str> =
        if everywhere { text.lines().collect() } else { lines_outside_blocks(text).map(|(_, line)| line).collect() };
    lines.into_iter().filter_map(id_of).collect()
}

/// The id on a line.
fn id_of(line: &str) -> Option<&str> {
    let value = line.trim_start().strip_prefix("id")?.trim_start().strip_prefix('=')?;
    let id = value.split('#').next().unwrap_or_default().trim();
    let id = id.trim_matches(['"', '\'', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', ' ']);
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_expressions() {
        let template = "a {{ pemilu2024.kampanye | pilih(\"akan b.c\", 'x') }} {{ kini.ringkas }} {{ rusak";
        let found: Vec<&str> = expressions(template).into_iter().map(|range| &template[range]).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(paths(found[0]), [vec!["pemilu2024", "kampanye"], vec!["pilih"]]);
        assert_eq!(paths(found[1]), [vec!["kini", "ringkas"]]);
    }

    #[test]
    fn ids_are_found_in_broken_text() {
        let text =
            "[entry]\nid = \"satu\"\n id=\u{201c}dua\u{201d} # x\nidx = \"tidak\"\na = '''\nid = \"bukan\"\n'''\n";
        assert_eq!(ids_in(text, false), ["satu", "dua"]);
        assert_eq!(ids_in(text, true), ["satu", "dua", "bukan"]);
    }
}
