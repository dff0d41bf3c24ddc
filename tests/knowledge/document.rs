//! The documents hang together: links lead somewhere, and the moderators' guide has the commands that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern")
}

/// The documents, by path.
fn documents() -> Vec<PathBuf> {
    let items = |folder: &str| fs::read_dir(root().join(folder)).expect("a folder").flatten().map(|item| item.path());
    let found = items(".").chain(items("docs")).chain(items("faq"));
    found.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect()
}

/// The name by which GitHub links to a heading: small letters, blanks as hyphens, no other signs.
fn anchor(heading: &str) -> String {
    let small = heading.to_lowercase();
    let kept: String = small.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ')).collect();
    kept.replace(' ', "-")
}

#[test]
fn links_between_documents_lead_somewhere() {
    let (link, heading) = (regex(r"\]\(([^)\s]+)\)"), regex(r"(?m)^#+ (.+)$"));
    let (mut dead, mut seen) = (Vec::new(), 0);
    for document in documents() {
        let text = read(&document);
        for to in link.captures_iter(&text).map(|found| found[1].to_owned()).filter(|to| !to.contains(':')) {
            let (path, place) = to.split_once('#').unwrap_or((&to, ""));
            let target =
                if path.is_empty() { document.clone() } else { document.parent().expect("a folder").join(path) };
            let there = target.exists()
                && (place.is_empty() || heading.captures_iter(&read(&target)).any(|found| anchor(&found[1]) == place));
            seen += 1;
            if !there {
                dead.push(format!("{}: {to}", document.display()));
            }
        }
    }
    assert!(seen > 40, "only {seen} links were found");
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn the_moderators_guide_has_the_commands_that_there_are() {
    let command = regex(r"(?m)^(?:\| `)?(/[a-z_]+)");
    let commands = |text: &str| -> BTreeSet<String> { command.captures_iter(text).map(|c| c[1].to_owned()).collect() };
    let texts = read(&root().join("faq/teks.id.toml"));
    // Each help text: its key, and what stands in its quotation marks.
    let helps = regex(r#"(?ms)^moderator_help[a-z_]* = (?:'''\n?(.*?)'''|"([^"]*)")"#);
    let told = helps.captures_iter(&texts).filter_map(|found| found.get(1).or(found.get(2)).map(|text| text.as_str()));
    let told: BTreeSet<String> = told.flat_map(commands).collect();
    let guide = read(&root().join("docs/moderating.md"));
    let table = guide.split("## Semua perintah").nth(1).expect("the table of commands");
    assert!(told.len() >= 10, "{told:?}");
    assert_eq!(commands(table), told);
}
