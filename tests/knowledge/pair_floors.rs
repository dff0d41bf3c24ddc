//! How well the same questions are told from different ones: labelled pairs, of which some sets were worked with and others
//! looked at once (docs/matcher.md says which).

use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::matcher::Matcher;
use tanya_pemilu::matcher::measure_pairs::{PairTally, parse};

/// Different pairs that may be joined. One answer for two questions is worse than two cards.
const MOST_WRONG: usize = 3;
/// The fewest of the same that are joined, in percent.
const FEWEST_JOINED: f64 = 50.0;

#[test]
fn the_same_questions_share_a_ticket_and_hardly_any_others_do() {
    let faq = Faq::load(&Source::BuiltIn).0.expect("a sound FAQ");
    let matcher = Matcher::new(&faq);
    let pairs = parse(include_str!("../pairs.jsonl")).expect("labelled pairs");
    let mut tally = PairTally::default();
    let mut wrong = Vec::new();
    for pair in &pairs {
        let (a, b) = (matcher.gist(&pair.a), matcher.gist(&pair.b));
        let joined = a.compare(&b).is_ok();
        assert_eq!(joined, b.compare(&a).is_ok(), "either way round: {pair:?}");
        if joined && !pair.same {
            wrong.push(format!("{} | {}", pair.a, pair.b));
        }
        tally.add(pair, joined);
    }
    assert!(tally.same > 500 && tally.different > 700, "{tally:?}");
    assert!(tally.joined_wrongly <= MOST_WRONG, "{tally:?}\n{}", wrong.join("\n"));
    assert!(100.0 * tally.joined as f64 >= FEWEST_JOINED * tally.same as f64, "{tally:?}");
}

#[test]
fn a_question_is_the_same_as_itself() {
    let faq = Faq::load(&Source::BuiltIn).0.expect("a sound FAQ");
    let matcher = Matcher::new(&faq);
    let pairs = parse(include_str!("../pairs.jsonl")).expect("labelled pairs");
    let texts = pairs.iter().flat_map(|pair| [&pair.a, &pair.b]);
    let other: Vec<&String> = texts.filter(|text| matcher.gist(text).compare(&matcher.gist(text)).is_err()).collect();
    assert!(other.is_empty(), "{other:#?}");
}
