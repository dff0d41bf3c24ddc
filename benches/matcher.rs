//! How long each stage of the matcher takes, and how much memory an index needs, at 100 to 100,000 phrasings.
//!
//! `cargo bench --bench matcher`; `cargo bench --bench matcher -- judge` for one stage. The phrasings are those of the
//! project's FAQ and perturbed copies of them, ten an entry. One thread: prefix the command with `taskset -c 0`.

use std::hint::black_box;
use std::io::Write;

use chrono::NaiveDate;
use criterion::{BenchmarkId, Criterion};
use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::matcher::Matcher;
use tanya_pemilu::matcher::feature::{Vocabulary, features};
use tanya_pemilu::text::analyze::{Analyzer, Language};

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// Sizes at which building is timed; larger ones take minutes.
const BUILT: [usize; 3] = [100, 1_000, 10_000];

/// A FAQ of `size` phrasings, ten an entry.
fn faq(size: usize) -> Faq {
    let (own, _) = Faq::load(&Source::BuiltIn);
    let base: Vec<String> =
        own.expect("the built-in FAQ is sound").entries.into_iter().flat_map(|e| e.questions).map(|q| q.text).collect();
    let mut lines = String::new();
    for entry in 0..size / 10 {
        let questions: Vec<String> = (entry * 10..entry * 10 + 10).map(|n| phrasing(&base, n)).collect();
        lines.push_str(&serde_json::json!({"id": format!("e{entry}"), "questions": questions}).to_string());
        lines.push('\n');
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("faq.jsonl");
    std::fs::write(&path, lines).expect("a file");
    Faq::load(&Source::JsonLines(path)).0.expect("sound lines")
}

/// The `n`th phrasing: real ones first, then copies with a word left out and a new one put in.
fn phrasing(base: &[String], n: usize) -> String {
    let text = &base[n % base.len()];
    let round = n / base.len();
    if round == 0 {
        return text.clone();
    }
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let place = (n.wrapping_mul(2_654_435_761) >> 8) % words.len();
    words[place] = format!("kata{}", (n * 31 + round) % 3000);
    words.join(" ")
}

/// Memory that the process holds, in bytes (Linux; elsewhere zero).
fn resident() -> usize {
    let pages =
        std::fs::read_to_string("/proc/self/statm").ok().and_then(|s| s.split(' ').nth(1)?.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}

const QUESTIONS: [&str; 4] = [
    "kpn nyoblos",
    "asn boleh like postingan capres gak",
    "min mau tanya aku lg di malang ktp surabaya bs nyoblos ga ya",
    "cara bikin paspor gimana",
];

/// What a chain letter says around its claim.
const PADDING: &str = "Assalamualaikum bapak ibu warga perumahan yang dirahmati Tuhan. Mohon maaf mengganggu waktunya, ini \
    titipan dari keponakan yang kerja di pelabuhan dan minta diteruskan ke semua grup keluarga. Kmrn dia lihat sndri waktu \
    jaga malam, tp ga brani cerita krn takut dipecat. Semoga negeri kita selalu dilindungi dan dijauhkan dari fitnah. ";
/// How long a chain letter is, in characters.
const CHAIN_LETTER: usize = 2_000;

/// A chain letter around one wording of a known claim.
fn chain_letter(faq: &Faq) -> String {
    let claim = faq.entries.iter().find_map(|e| e.claim.as_ref()).expect("the built-in FAQ has claims");
    let wording = &claim.wordings[0].text;
    let padding = PADDING.chars().cycle();
    let (before, after) = (CHAIN_LETTER / 2, CHAIN_LETTER.div_ceil(2) - wording.chars().count() - 2);
    let text: String = padding.clone().take(before).chain(" ".chars()).chain(wording.chars()).collect();
    format!("{text} {}", padding.take(after).collect::<String>())
}

fn main() {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let day = NaiveDate::default();
    let mut group = criterion.benchmark_group("build");
    group.sample_size(10);
    for size in BUILT {
        let faq = faq(size);
        group.bench_function(BenchmarkId::from_parameter(size), |b| b.iter(|| black_box(Matcher::new(&faq))));
    }
    group.finish();
    let (own, _) = Faq::load(&Source::BuiltIn);
    let own = own.expect("the built-in FAQ is sound");
    let (matcher, letter) = (Matcher::new(&own), chain_letter(&own));
    assert!(!matcher.claims(&letter, NaiveDate::MAX).is_empty(), "its claim is found");
    criterion.bench_function("claims/2000 characters", |b| b.iter(|| black_box(matcher.claims(&letter, day))));
    // What somebody types behind the bot's name, from cards to questions compared with those that wait.
    criterion.bench_function("inline/asn like", |b| b.iter(|| black_box(matcher.search("asn like", day))));
    criterion.bench_function("same/gist", |b| b.iter(|| black_box(matcher.gist(QUESTIONS[1]))));
    let (own, other) = (matcher.gist(QUESTIONS[0]), matcher.gist(QUESTIONS[1]));
    criterion.bench_function("same/compare", |b| b.iter(|| black_box(own.compare(&other))));
    for size in SIZES {
        let faq = faq(size);
        let before = resident();
        let matcher = Matcher::new(&faq);
        let held = resident().saturating_sub(before) / size;
        writeln!(std::io::stderr(), "{size} phrasings: {held} bytes of memory a phrasing").expect("standard error");
        let entries = faq.entries.iter().enumerate();
        let texts: Vec<(&str, usize)> =
            entries.flat_map(|(i, e)| e.questions.iter().map(move |q| (q.text.as_str(), i))).collect();
        let analyzer =
            Analyzer::new(faq.words.lexicon.clone(), Language::Indonesian).knowing(texts.iter().map(|t| t.0));
        let sample: Vec<_> = texts.iter().take(5_000).map(|(t, i)| (features(&analyzer.tokens(t)), *i)).collect();
        let vocabulary = Vocabulary::new(sample.iter().map(|(features, entry)| (features, *entry)));
        let question = QUESTIONS[1];
        let tokens = analyzer.tokens(question);
        let own = features(&tokens);
        let mut group = criterion.benchmark_group(size.to_string());
        group.bench_function("tokens", |b| b.iter(|| black_box(analyzer.tokens(question))));
        group.bench_function("features", |b| b.iter(|| black_box(features(&tokens))));
        group.bench_function("vector", |b| b.iter(|| black_box(vocabulary.vector(&own))));
        group.bench_function("judge", |b| {
            let mut next = QUESTIONS.iter().cycle();
            b.iter(|| black_box(matcher.judge(next.next().expect("a cycle"), day)));
        });
        group.finish();
    }
    criterion.final_summary();
}
