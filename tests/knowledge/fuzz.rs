//! What the fuzz targets hold of any text holds of their corpus: what fuzzing found once is not found again.

#[path = "../../fuzz/property.rs"]
mod property;

use std::path::Path;

fn each(target: &str, holds: fn(&str)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder).expect("a corpus").flatten().map(|file| file.path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} has no texts", folder.display());
    for file in files {
        let bytes = std::fs::read(&file).expect("a file");
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        let outcome = std::panic::catch_unwind(|| holds(text));
        assert!(outcome.is_ok(), "{}", file.display());
    }
}

#[test]
fn any_update_is_read() {
    each("update", property::update);
}

#[test]
fn any_file_of_a_faq_is_taken_or_explained() {
    each("faq", property::faq);
}

#[test]
fn any_text_becomes_html_that_says_the_same() {
    each("html", property::html);
}

#[test]
fn any_text_is_masked_whole() {
    each("mask", property::mask_text);
}

#[test]
fn any_text_becomes_words() {
    each("words", property::words);
}
