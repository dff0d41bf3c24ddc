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
    assert!(tally.same > 600 && tally.different > 800, "{tally:?}");
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

/// What tells apart, and what does not, beside the sets: a pair for each rule.
#[test]
fn each_rule_has_its_pair() {
    let faq = Faq::load(&Source::BuiltIn).0.expect("a sound FAQ");
    let matcher = Matcher::new(&faq);
    let is_same = |a: &str, b: &str| matcher.gist(a).compare(&matcher.gist(b)).is_ok();
    let short = "Boleh pakai kaos warna partai ke TPS?";
    for (a, b) in [
        // A story around it, in which nothing is anybody's case.
        (
            short,
            "Permisi kak, cucian belum kering semua wkwk, suami sampai ketawa. Boleh ga ya ke TPS pakai kaos warna partai?",
        ),
        // Letters doubled, left out, or lacking at the end.
        ("kacamata saya ketinggalan, boleh pinjam", "kacamata saya ketingalan boleh pinjam"),
        ("tintanya luntur kena hujan, sah ga", "tintany luntur kena hujan, sah ga"),
        // Of whom it is asked stands behind the question.
        ("saksi baru datang jam 9, masih boleh masuk TPS?", "masih boleh masuk TPS gak saksi yang baru datang jam 9?"),
        // Where something is done stands before or behind it.
        ("stiker caleg ditempel di kaca angkot, boleh nggak", "boleh gak di kaca angkot ditempel stiker caleg"),
    ] {
        assert!(is_same(a, b), "{a} | {b}");
    }
    for (a, b) in [
        // The story tells a case, a number or a name.
        (short, "Saya PNS. Boleh pakai kaos warna partai ke TPS?"),
        (short, "Saya ketua KPPS, deg-degan. Boleh pakai kaos warna partai ke TPS?"),
        (short, "Saya di TPS 12. Boleh pakai kaos warna partai ke TPS?"),
        (short, "KTP saya hilang. Boleh pakai kaos warna partai ke TPS?"),
        (short, "Boleh pakai kaos warna partai ke TPS? Kapan dimulai?"),
        // What somebody becomes, who asks whom, what is denied of what, and who does what.
        ("boleh mundur dari KPPS terus jadi saksi partai", "sekarang saya saksi partai, boleh mundur terus jadi KPPS"),
        ("KPPS boleh minta relawan angkut kotak suara", "relawan boleh minta KPPS angkut kotak suara"),
        ("undangan ada tapi nama tidak ada di DPT", "undangan tidak ada tapi nama ada di DPT"),
        ("penggugat yang kalah bayar biaya sidang?", "tergugat yang kalah bayar biaya sidang?"),
        ("istri polisi boleh pakai baju partai", "polisi boleh pakai baju partai istri"),
        ("masuk TPS lewat pintu keluar boleh", "keluar TPS lewat pintu masuk boleh"),
    ] {
        assert!(!is_same(a, b), "{a} | {b}");
    }
}
