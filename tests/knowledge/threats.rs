//! Every line of the threat model names tests that exist.

use std::fs;
use std::path::Path;

use regex::Regex;

/// Whether `text`, a source file, has a test of that name: marked as one, or among the stories that run on both databases.
fn has_test(text: &str, name: &str) -> bool {
    let marked = format!(r"#\[(?:tokio::)?test\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:async )?fn {name}\(");
    let defined = text.contains(&format!("fn {name}("));
    let lists = Regex::new(r"(?:stories|on_both)! \{").expect("a pattern");
    let mut stories = lists.split(text).skip(1).filter_map(|rest| rest.split('}').next());
    let told = stories.any(|list| list.split(',').any(|story| story.trim() == name));
    Regex::new(&marked).expect("a pattern").is_match(text) || (defined && told)
}

#[test]
fn every_line_of_the_threat_model_has_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/security.md")).expect("the threat model");
    let named = Regex::new(r"`((?:src|tests)/[\w/]+\.rs)::(\w+)`").expect("a pattern");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for line in document.lines().filter(|line| line.starts_with("| ")) {
        if line.starts_with("| ---") || line.starts_with("| what could be done |") {
            continue;
        }
        seen += 1;
        if !named.is_match(line) {
            wrong.push(format!("no test: {line}"));
        }
        for test in named.captures_iter(line) {
            let there = fs::read_to_string(root.join(&test[1])).is_ok_and(|text| has_test(&text, &test[2]));
            if !there {
                wrong.push(format!("no such test: {}::{}", &test[1], &test[2]));
            }
        }
    }
    assert!(seen > 40, "only {seen} lines were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_test_is_told_from_what_only_looks_like_one() {
    let file = "stories! { one, two }\nasync fn one(database: Database) {}\nfn two_helper() {}\n#[test]\nfn three() {}\nfn four() {}\n\
                #[tokio::test(flavor = \"multi_thread\")]\nasync fn five() {}\n";
    let is = |name: &str| has_test(file, name);
    assert!(is("one") && is("three") && is("five"));
    assert!(has_test("on_both! {\n    six,\n}\nasync fn six(store: Opened) {}\n", "six"));
    assert!(!is("two") && !is("two_helper") && !is("four") && !is("six"));
}
