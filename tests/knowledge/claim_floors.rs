//! How well known claims are found: labelled texts, half of them worked with, the other half (`end`) looked at once.

use chrono::NaiveDate;
use serde::Deserialize;
use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::matcher::Matcher;
use tanya_pemilu::matcher::measure_claims::{ClaimTally, parse};

#[derive(Deserialize)]
struct Half {
    half: String,
}

/// The most claims that may be named wrongly, in percent.
const MOST_MISNAMED: f64 = 2.0;

#[test]
fn claims_are_found_and_nothing_else_is_called_one() {
    let faq = Faq::load(&Source::BuiltIn).0.expect("a sound FAQ");
    let matcher = Matcher::new(&faq);
    let ids: Vec<&str> = faq.entries.iter().map(|e| e.id.as_str()).collect();
    let holds = |id: &str| faq.entry(id).is_some_and(|e| e.claim.is_some());
    let today = NaiveDate::from_ymd_opt(2026, 11, 26).expect("a day");
    let written = include_str!("../claims.jsonl");
    let texts = parse(written).expect("labelled texts");
    let halves: Vec<Half> = written.lines().map(|line| serde_json::from_str(line).expect("a half")).collect();
    // Of each half: the fewest claims that are found, the most texts without one in which one is named, in percent.
    for (name, fewest_found, most_false) in [("work", 88.0, 6.0), ("end", 74.0, 6.0)] {
        let mut tally = ClaimTally::default();
        for (text, _) in texts.iter().zip(&halves).filter(|(_, half)| half.half == name) {
            tally.add(text, text.judge(&matcher.claims(&text.text, today), &ids, holds));
        }
        let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
        assert!(tally.claims > 60 && tally.clean > 60, "{name}: {tally:?}");
        assert!(percent(tally.found, tally.claims) >= fewest_found, "{name}: {tally:?}");
        assert!(percent(tally.misnamed, tally.texts - tally.clean) <= MOST_MISNAMED, "{name}: {tally:?}");
        assert!(percent(tally.false_alarms, tally.clean) <= most_false, "{name}: {tally:?}");
    }
}

#[test]
fn two_claims_in_one_text_are_both_named() {
    let faq = Faq::load(&Source::BuiltIn).0.expect("a sound FAQ");
    let matcher = Matcher::new(&faq);
    let claim = |id: &str| &faq.entry(id).and_then(|e| e.claim.as_ref()).expect("a claim").wordings[0].text;
    let (first, second) = ("hoaks-surat-suara-tercoblos", "hoaks-ktp-tps-mana-saja");
    let text = format!("Info dari grup sebelah. {}. Satu lagi, {}. Sebarkan ya.", claim(first), claim(second));
    let named = matcher.claims(&text, NaiveDate::from_ymd_opt(2026, 11, 26).expect("a day")).asserted;
    let mut named: Vec<&str> = named.into_iter().map(|e| faq.entries[e].id.as_str()).collect();
    named.sort_unstable();
    assert_eq!(named, [second, first]);
}
