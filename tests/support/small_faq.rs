//! A small FAQ, for tests of what the bot does and not of what it knows: a few entries, and the project's own words, spellings
//! and small talk. Of the small talk only the beginning: with all of it the program takes nearly four times as long to be
//! ready, and it is started hundreds of times.

#![allow(dead_code, reason = "each test program uses some of it")]

use std::path::Path;

/// So many phrasings of each kind of small talk are kept; of a cry for help all.
const SMALL_TALK: usize = 16;

/// The text of a file of the project.
pub fn project(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of a file that only the small FAQ has.
pub fn own(name: &str) -> String {
    project(&format!("tests/support/faq/{name}"))
}

/// Its files, by name.
pub fn files() -> Vec<(&'static str, String)> {
    let mut files: Vec<_> =
        ["teks.id.toml", "leksikon.toml"].iter().map(|name| (*name, project(&format!("faq/{name}")))).collect();
    files.push(("obrolan.toml", shortened(&project("faq/obrolan.toml"))));
    let all = ["uji.toml", "di-luar.toml", "bot.toml", "asn-cek.toml", "lapor.toml"];
    files.extend(all.iter().map(|name| (*name, own(name))));
    files
}

/// Writes it into `folder`.
pub fn write(folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder");
    for (name, text) in files() {
        std::fs::write(folder.join(name), text).expect("a file of the small FAQ");
    }
}

/// Small talk without most of its phrasings.
fn shortened(small_talk: &str) -> String {
    const BEGIN: &str = "questions = '''\n";
    let mut text = String::new();
    for kind in small_talk.split_inclusive("\n[[") {
        let list = kind.find(BEGIN).map(|at| at + BEGIN.len());
        let list = list.and_then(|start| Some(start..start + kind[start..].find("'''")?));
        match list.filter(|_| !kind.contains("\nurgent = true\n")) {
            None => text.push_str(kind),
            Some(list) => {
                text.push_str(&kind[..list.start]);
                kind[list.clone()].lines().take(SMALL_TALK).for_each(|line| {
                    text.push_str(line);
                    text.push('\n');
                });
                text.push_str(&kind[list.end..]);
            }
        }
    }
    text
}
