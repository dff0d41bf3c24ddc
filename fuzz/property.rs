//! What holds of any text, one function a target. The ordinary tests try it on the corpus (`tests/knowledge/fuzz.rs`).

#![allow(dead_code, reason = "each target uses one of them")]

use std::sync::{Arc, LazyLock};

use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::markup;
use tanya_pemilu::faq::source::{File, Source};
use tanya_pemilu::telegram::html;
use tanya_pemilu::telegram::parse::{Scene, parse};
use tanya_pemilu::telegram::read::{envelope, read};
use tanya_pemilu::text::mask::{Offices, find, mask, mask_across};
use tanya_pemilu::text::normalize;

/// An update, as Telegram or anybody who pretends to be it brings it: whatever it is, it is read the same each time, and never
/// for a panic.
pub fn update(text: &str) {
    let scene = |moderators: i64| Scene { bot: 7, name: "tanya_bot", moderators, above: Some(-1002) };
    assert_eq!(envelope(text), envelope(text));
    assert_eq!(read(text), read(text));
    // The same chat as that of voters, and as that of moderators.
    for moderators in [-1001, 1] {
        assert_eq!(parse(text, scene(moderators)), parse(text, scene(moderators)));
    }
}

/// Files of a FAQ that serves, of which one is taken for another.
static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../");
    // From the corpus' test the package is the program itself.
    let root = if std::path::Path::new(root).join("faq").is_dir() { root } else { env!("CARGO_MANIFEST_DIR") };
    let own = ["teks.id.toml", "leksikon.toml", "obrolan.toml"].map(|name| ("faq", name));
    let small = ["uji.toml", "di-luar.toml", "bot.toml", "asn-cek.toml", "lapor.toml"];
    let small = small.map(|name| ("tests/support/faq", name));
    let file = |(folder, name): &(&str, &str)| {
        let path = std::path::Path::new(root).join(folder).join(name);
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        File { name: (*name).to_owned(), bytes }
    };
    own.iter().chain(&small).map(file).collect()
});

/// A file of the FAQ, as a maintainer may leave it: it is taken, or what is wrong is said. The first line names the file.
pub fn faq(text: &str) {
    let (name, text) = text.split_once('\n').unwrap_or(("uji.toml", text));
    let known = FILES.iter().any(|file| file.name == name);
    let name = if known || name == "pemilu/uji.toml" { name } else { "uji.toml" };
    let mut files: Vec<File> = FILES.iter().filter(|file| file.name != name).cloned().collect();
    files.push(File { name: name.to_owned(), bytes: text.as_bytes().to_vec() });
    let (faq, report) = Faq::load(&Source::Kept(Arc::from(files)));
    let told = report.render(false);
    assert!(faq.is_some() || !told.is_empty(), "what can't be taken is explained");
}

/// An answer's markup, and a quotation of what a voter wrote: what goes out is HTML that Telegram takes, and says the same.
pub fn html(text: &str) {
    if let Ok(document) = markup::parse(text) {
        // An address stands in its tag.
        let said: String = document.0.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(plain(&html::document(&document)), said.replace('\0', "\u{fffd}"));
    }
    let quotation = html::quote(text);
    let inner = quotation.strip_prefix("<pre>\u{2068}").and_then(|rest| rest.strip_suffix("\u{2069}</pre>"));
    let inner = inner.expect("it is a quotation");
    assert!(!inner.contains(['<', '>', '\0']), "{inner:?}");
    let mut depth = 0_i64;
    for c in inner.chars() {
        depth += match c {
            '\u{2066}'..='\u{2068}' => 1,
            '\u{2069}' => -1,
            _ => 0,
        };
        assert!(depth >= 0, "the quotation is left: {inner:?}");
    }
    assert_eq!(depth, 0, "what it opens is closed: {inner:?}");
}

/// The text of a piece of HTML, whose tags must open and close in order.
fn plain(html: &str) -> String {
    let (mut text, mut open, mut rest) = (String::new(), Vec::new(), html);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "tags nest"),
            None => open.push(tag.split(' ').next().unwrap_or_default()),
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "tags are closed: {open:?}");
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// What a voter wrote, before a person sees it: nothing personal is left, and masking it again changes nothing.
pub fn mask_text(text: &str) {
    static OFFICES: LazyLock<Offices> = LazyLock::new(|| Offices::of(["Hubungi 021 3193 7223."].into_iter()));
    let found = find(text, &OFFICES);
    // Two may share a sign that stands for several digits, such as a fraction.
    assert!(found.windows(2).all(|pair| pair[0].0.start < pair[1].0.start), "{found:?}");
    let masked = mask(text, &OFFICES);
    assert_eq!(mask(&masked, &OFFICES), masked);
    assert!(find(&masked, &OFFICES).is_empty());
    let half = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let (earlier, later) = mask_across(&text[..half], &text[half..], &OFFICES);
    assert_eq!((mask(&earlier, &OFFICES), mask(&later, &OFFICES)), (earlier, later));
}

/// What a voter wrote, as words: made of them again, they are the same.
pub fn words(text: &str) {
    let words = normalize::words(text);
    assert!(words.iter().all(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric)), "{words:?}");
    assert_eq!(normalize::words(&words.join(" ")), words);
}
