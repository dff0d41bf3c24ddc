//! The house: a file imports only from floors below its own.

use std::fs;
use std::path::{Path, PathBuf};

const FLOORS: [(&str, u8); 9] = [
    ("text", 1),
    ("faq", 2),
    ("matcher", 3),
    ("desk", 4),
    ("store", 5),
    ("telegram", 6),
    ("terminal", 6),
    ("picture", 6),
    ("cli", 7),
];

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for item in fs::read_dir(folder).expect("a folder of the project") {
        let path = item.expect("a folder of the project").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn imports_point_downwards() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files {
        let inside = file.strip_prefix(&root).expect("below src");
        let Some(own) = inside.components().next().and_then(|c| floor(&c.as_os_str().to_string_lossy())) else {
            continue;
        };
        let module = inside.components().next().expect("a module").as_os_str().to_string_lossy().into_owned();
        for line in fs::read_to_string(&file).expect("a source file").lines() {
            for (at, _) in line.match_indices("crate::") {
                let name: String = line[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(target) = floor(&name) else { continue };
                seen += 1;
                if target >= own && name != module {
                    wrong.push(format!("{}: {}", inside.display(), line.trim()));
                }
            }
        }
    }
    assert!(seen > 20, "the test found hardly any import");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
