//! Heads of tables, `[[entry]]` or `[stages.kampanye]`, that are written otherwise than the file's kind wants them.

use std::ops::Range;

use super::fault::{Fault, Rank};
use super::near::nearest;
use super::sign::in_lines;

/// The heads that a kind of file has.
#[derive(Debug, Clone, Copy)]
pub struct Heads {
    /// Those with two brackets.
    pub lists: &'static [&'static str],
    /// Those with one; what stands behind a dot is free.
    pub tables: &'static [&'static str],
}

/// Files of entries.
pub const ENTRIES: Heads = Heads { lists: &["entry"], tables: &[] };
/// `obrolan.toml`.
pub const SMALL_TALK: Heads = Heads { lists: &["small_talk"], tables: &[] };
/// `di-luar.toml`.
pub const OUTSIDE: Heads = Heads { lists: &["topic"], tables: &[] };
/// `pemilu/*.toml`.
pub const ELECTION: Heads = Heads {
    lists: &["candidates", "parties", "debates", "ballots", "zones", "appeals"],
    tables: &["stages", "figures", "known_from"],
};

/// `asn-cek.toml`.
pub const ASN_CHECK: Heads = Heads { lists: &["who", "what", "cell"], tables: &[] };
/// `lapor.toml`.
pub const BREACHES: Heads = Heads { lists: &["breach"], tables: &[] };

/// Files that have keys only.
pub const NONE: Heads = Heads { lists: &[], tables: &[] };

/// Other names that people give them.
const OTHERWISE: [(&str, &str); 23] = [
    ("entri", "entry"),
    ("entries", "entry"),
    ("obrolan", "small_talk"),
    ("smalltalk", "small_talk"),
    ("topik", "topic"),
    ("tahapan", "stages"),
    ("tahap", "stages"),
    ("stage", "stages"),
    ("calon", "candidates"),
    ("paslon", "candidates"),
    ("kandidat", "candidates"),
    ("partai", "parties"),
    ("party", "parties"),
    ("debat", "debates"),
    ("surat_suara", "ballots"),
    ("zona", "zones"),
    ("imbauan", "appeals"),
    ("angka", "figures"),
    ("siapa", "who"),
    ("pelaku", "who"),
    ("perbuatan", "what"),
    ("sel", "cell"),
    ("pelanggaran", "breach"),
];

/// Whether another kind of file has heads of that name: then they are no misspelt ones.
fn is_elsewhere(name: &str, heads: Heads) -> bool {
    let own = heads.lists.iter().chain(heads.tables).any(|known| *known == name);
    let all = [ENTRIES, SMALL_TALK, OUTSIDE, ELECTION, ASN_CHECK, BREACHES];
    !own && all.iter().any(|kind| kind.lists.iter().chain(kind.tables).any(|known| *known == name))
}

/// A head that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where it stands.
    pub span: Range<usize>,
    /// As it is written, brackets and all.
    pub written: String,
    /// Its name, up to the first dot.
    pub name: String,
    /// The name that it should have.
    pub meant: &'static str,
    /// How it should be written.
    pub right: String,
}

/// The lines of `text` that stand in no block of text, each with its place.
pub fn lines_outside_blocks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut open: Option<&str> = None;
    let mut offset = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let at = offset;
        offset += line.len();
        let outside = open.is_none();
        let mut rest = line;
        loop {
            let next = |quote: &'static str| rest.find(quote).map(|i| (i, quote));
            let found = match open {
                Some(quote) => rest.find(quote).map(|i| (i, None)),
                None if rest.trim_start().starts_with('#') => None,
                None => next("'''").into_iter().chain(next("\"\"\"")).min().map(|(i, quote)| (i, Some(quote))),
            };
            let Some((i, now)) = found else { break };
            open = now;
            rest = &rest[i + 3..];
        }
        outside.then_some((at, line))
    })
}

/// The heads of `text` that are not as `heads` wants them.
pub fn wrong(text: &str, heads: Heads) -> Vec<Wrong> {
    let only = match (heads.lists, heads.tables) {
        ([one], []) => Some(*one),
        _ => None,
    };
    let mut found = Vec::new();
    for (at, line) in lines_outside_blocks(text) {
        let Some((written, name, double)) = head(line) else { continue };
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        if is_elsewhere(first, heads) {
            continue;
        }
        let known = |name: &str| heads.lists.iter().chain(heads.tables).copied().find(|known| *known == name);
        let plain = first.to_lowercase().replace(['-', ' '], "_");
        let otherwise = OTHERWISE.iter().find(|(other, _)| *other == plain).and_then(|(_, meant)| known(meant));
        let meant = known(first)
            .or(otherwise)
            .or_else(|| nearest(first, heads.lists.iter().chain(heads.tables).copied()))
            .or(only);
        let Some(meant) = meant else { continue };
        let list = heads.lists.contains(&meant);
        if first == meant && double == list && !(list && rest.is_some()) {
            continue;
        }
        let right = match rest {
            _ if list => format!("[[{meant}]]"),
            Some(rest) => format!("[{meant}.{rest}]"),
            None => format!("[{meant}]"),
        };
        let start = at + line.find('[').unwrap_or_default();
        found.push(Wrong {
            span: start..start + written.len(),
            written: written.to_owned(),
            name: first.to_owned(),
            meant,
            right,
        });
    }
    found
}

/// The head on a line: as it is written, its name, whether it has two brackets.
fn head(line: &str) -> Option<(&str, &str, bool)> {
    let written = line.trim();
    let end = written.find(']')?;
    let after = written[end..].trim_start_matches(']');
    let written = written[..written.len() - after.len()].trim_end();
    let double = written.starts_with("[[") && written.ends_with("]]");
    let name = written.strip_prefix('[')?.trim_matches(['[', ']', ' ']);
    let bare = |c: char| c.is_alphanumeric() || "_-. ".contains(c);
    let whole = after.trim().is_empty() || after.trim_start().starts_with('#');
    let even = written.starts_with("[[") == written.ends_with("]]");
    (whole && even && !name.is_empty() && name.chars().all(bare)).then_some((written, name, double))
}

/// One fault for each way in which heads are wrong.
pub fn faults(file: &str, text: &str, wrong: &[Wrong]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for one in wrong {
        // Stages differ in what stands behind the dot; the mistake is the same.
        let mistake = one.written.split('.').next().unwrap_or_default();
        if told.contains(&mistake) {
            continue;
        }
        told.push(mistake);
        let again: Vec<usize> = wrong
            .iter()
            .filter(|other| other.span.start > one.span.start && other.written.split('.').next() == Some(mistake))
            .map(|other| text[..other.span.start].matches('\n').count() + 1)
            .collect();
        let what = if one.name != one.meant {
            "tidak dikenal di berkas ini"
        } else if one.right.starts_with("[[") {
            "kurang satu kurung siku di setiap sisi"
        } else {
            "kelebihan satu kurung siku di setiap sisi"
        };
        let mut message = format!("kepala `{}` {what}", one.written);
        if !again.is_empty() {
            message.push_str(&format!("; juga di {}", in_lines(&again)));
        }
        let fault = Fault::new(file, one.span.clone(), message);
        faults.push(fault.hint(format!("tulis {}", one.right)).rank(Rank::Cause));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_told_by_their_file() {
        let cases = [
            ("[entry]", ENTRIES, Some("[[entry]]")),
            ("[[entri]]", ENTRIES, Some("[[entry]]")),
            ("[Entry] # satu", ENTRIES, Some("[[entry]]")),
            ("[[pertanyaan]]", ENTRIES, Some("[[entry]]")),
            ("[[entry.satu]]", ENTRIES, Some("[[entry]]")),
            ("[[entry]]", ENTRIES, None),
            ("[[ entry ]]", ENTRIES, None),
            ("related = [\"a\"]", ENTRIES, None),
            // What is not closed is told by the parser.
            ("[[entry]", ENTRIES, None),
            ("[[stages.kampanye]]", ELECTION, Some("[stages.kampanye]")),
            ("[tahapan.kampanye]", ELECTION, Some("[stages.kampanye]")),
            ("[stages.kampanye]", ELECTION, None),
            ("[candidates]", ELECTION, Some("[[candidates]]")),
            ("[[figures]]", ELECTION, Some("[figures]")),
            ("[lain]", ELECTION, None),
            ("[topik]", OUTSIDE, Some("[[topic]]")),
        ];
        for (line, heads, wanted) in cases {
            let found = wrong(line, heads);
            assert_eq!(found.first().map(|w| w.right.as_str()), wanted, "{line}");
        }
    }

    #[test]
    fn blocks_of_text_have_no_heads() {
        let text = "a = '''\n[entry]\n'''\nb = '''[entry]'''\n# '''\n[entry]\n";
        let found = wrong(text, ENTRIES);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].span.start, text.rfind("[entry]").expect("a head"));
    }
}
