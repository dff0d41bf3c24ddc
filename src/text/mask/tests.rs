use std::fs;
use std::path::Path;
use std::time::Instant;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use unicode_normalization::UnicodeNormalization;

use super::*;

fn offices() -> Offices {
    Offices::of(["Tanya chatbot 0859-2160-0500, ya.", "Kantor KPU: (021) 3193-7223"].into_iter())
}

/// Reads `\n` and the like.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (sign, length) = match rest.as_bytes()[0] {
            b'n' => ('\n', 1),
            b'r' => ('\r', 1),
            b't' => ('\t', 1),
            b'\\' => ('\\', 1),
            _ => {
                let end = rest.find('}').expect("a closed escape");
                let code = u32::from_str_radix(&rest[2..end], 16).expect("a code point");
                (char::from_u32(code).expect("a code point"), end + 1)
            }
        };
        out.push(sign);
        rest = &rest[length..];
    }
    out + rest
}

#[test]
fn the_table_of_what_is_hidden_and_what_stays() {
    let offices = offices();
    let (mut hidden, mut kept) = (0, 0);
    let mut wrong = Vec::new();
    for line in include_str!("../../../tests/masking.txt").lines() {
        let (text, want) = if let Some(text) = line.strip_prefix("keep ") {
            kept += 1;
            (unescaped(text), unescaped(text))
        } else if let Some(case) = line.strip_prefix("hide ") {
            hidden += 1;
            let (text, want) = case.split_once(" => ").expect("what is left");
            (unescaped(text), unescaped(want).replace("[#]", HIDDEN_NUMBER).replace("[@]", HIDDEN_EMAIL))
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "{line}");
            continue;
        };
        let got = mask(&text, &offices);
        if got != want {
            wrong.push(format!("{line}\n    became {got:?}"));
        }
        assert_eq!(mask(&got, &offices), got, "masked twice: {line}");
    }
    assert!(hidden >= 200 && kept >= 200, "{hidden} and {kept} cases");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_the_project_itself_says_stays_but_the_numbers_of_people() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["faq", "faq/pemilu", "tests"] {
        for item in fs::read_dir(root.join(folder)).expect("a folder of the project") {
            let path = item.expect("a file of the project").path();
            if path.extension().is_some_and(|e| e == "toml" || e == "jsonl" || e == "md") {
                texts.push(fs::read_to_string(path).expect("a text of the project"));
            }
        }
    }
    assert!(texts.len() > 10);
    let offices = Offices::of(texts.iter().map(String::as_str));
    let mut lines = 0;
    for line in texts.iter().flat_map(|text| text.lines()) {
        assert_eq!(mask(line, &offices), line);
        lines += 1;
    }
    assert!(lines > 5000, "{lines} lines");
}

#[test]
fn an_office_stays_however_it_is_written() {
    let offices =
        Offices::of(["WhatsApp 0859-2160-0500", "telepon (021) 31937223", "NIK 3273012504890001"].into_iter());
    for text in [
        "+62 859 2160 0500",
        "085921600500",
        "859-2160-0500",
        "021-3193-7223",
        "+62213193 7223",
        "RT 03 0859 2160 0500",
    ] {
        assert_eq!(mask(text, &offices), text);
        assert_ne!(mask(text, &Offices::default()), text);
    }
    for text in ["0859-2160-0501", "3273012504890001", "0859-2160-0500 0812-3456-7890"] {
        assert_ne!(mask(text, &offices), text);
    }
}

#[test]
fn a_number_over_two_messages_is_hidden_in_both() {
    let hidden = |text: &str| text.replace("[#]", HIDDEN_NUMBER).replace("[@]", HIDDEN_EMAIL);
    for (earlier, later, first, second) in [
        ("NIK saya 32730125", "04890001 ya min", "NIK saya [#]", "[#] ya min"),
        ("3273 0125 0489", "0001", "[#]", "[#]"),
        ("32", "73012504890001", "[#]", "[#]"),
        ("hp 0812", "3456-7890", "hp [#]", "[#]"),
        ("hp 0812-3456-", "7890, terima kasih", "hp [#]", "[#], terima kasih"),
        ("hp 0812-3456 ...", "... 7890", "hp [#]", "[#]"),
        ("nik 32730125", "lanjutannya 04890001", "nik [#]", "lanjutannya [#]"),
        ("kartu 4111 1111", "1111 1111", "kartu [#]", "[#]"),
        ("telp 0274", "567890", "telp [#]", "[#]"),
        ("email budi@", "contoh.com", "email [@]", "[@]"),
        ("halo\nhp saya\n0812", "3456 7890", "halo\nhp saya\n[#]", "[#]"),
        ("0812\n3456", "7890", "[#]", "[#]"),
        // Each for itself:
        ("hp 081234567890", "TPS 5", "hp [#]", "TPS 5"),
        ("[nomor disamarkan]", "081234567890", "[#]", "[#]"),
        ("di TPS 5", "081234567890", "di TPS 5", "[#]"),
        ("pemilu 2014 2019", "2024 2029", "pemilu 2014 2019", "2024 2029"),
        ("14/02", "2024 jam 07.00-13.00", "14/02", "2024 jam 07.00-13.00"),
        ("08/11/2023", "10/02/2024", "08/11/2023", "10/02/2024"),
        ("96.214.691", "40.971.906", "96.214.691", "40.971.906"),
        ("TPS 012", "RT 03", "TPS 012", "RT 03"),
        ("jam berapa TPS tutup", "di RT 03?", "jam berapa TPS tutup", "di RT 03?"),
        ("hp 0812", "TPS 3456 7890", "hp 0812", "TPS 3456 7890"),
        ("", "", "", ""),
        ("lanjutan", "lanjutan", "lanjutan", "lanjutan"),
    ] {
        let got = mask_across(earlier, later, &Offices::default());
        assert_eq!(got, (hidden(first), hidden(second)), "{earlier:?} and {later:?}");
        assert_eq!(mask_across(&got.0, &got.1, &Offices::default()), got, "masked twice: {earlier:?} and {later:?}");
    }
}

#[test]
fn digits_of_every_script_have_their_value() {
    use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
    let is_decimal = |c: char| c.general_category() == GeneralCategory::DecimalNumber;
    let mut seen = 0;
    let mut row = 0;
    for c in '\u{0}'..=char::MAX {
        // Rows of ten, without a break: the place in the row is the value.
        if !is_decimal(c) {
            row = 0;
            continue;
        }
        let signs = read::signs(&c.to_string());
        assert_eq!(signs.len(), 1, "{c:?}");
        assert_eq!(signs[0].plain.to_digit(10), Some(row % 10), "{c:?}");
        row += 1;
        seen += 1;
    }
    assert!(seen >= 650, "{seen} digits");
}

#[test]
fn a_long_text_takes_little_time() {
    // Far over what a release build takes (about a millisecond), far below what anything quadratic would.
    for piece in [
        "1 2 ",
        "0 8 1 2 3 4 5 6 7 8 9 0 ",
        "1.",
        "111.",
        "4111 ",
        "a@",
        "at dot ",
        "٣ ",
        "32 73 012504 890001 ",
        "( 1",
        "o ",
        "+62 ",
    ] {
        let text: String = piece.chars().cycle().take(4096).collect();
        let start = Instant::now();
        mask(&text, &Offices::default());
        assert!(start.elapsed().as_millis() < 500, "{piece:?} took {:?}", start.elapsed());
    }
}

/// A number, and where people divide such a number.
type Number = (String, Vec<Vec<usize>>);

/// A plausible NIK.
fn nik() -> impl Strategy<Value = Number> {
    let province = prop::sample::select(vec![11, 16, 21, 31, 32, 33, 35, 51, 61, 73, 82, 91]);
    (province, 1..80, 1..40, (1..29, prop::bool::ANY), 1..13, 0..100, 1..40).prop_map(
        |(province, regency, district, (day, is_woman), month, year, serial)| {
            let day = if is_woman { day + 40 } else { day };
            let digits = format!("{province:02}{regency:02}{district:02}{day:02}{month:02}{year:02}{serial:04}");
            let cuts: [&[usize]; 10] = [
                &[],
                &[4, 8, 12],
                &[4, 6, 12],
                &[6, 12],
                &[2, 4, 6, 12],
                &[2, 4, 6, 8, 10, 12],
                &[6],
                &[10],
                &[8],
                &[4, 12],
            ];
            divided(digits, &cuts)
        },
    )
}

/// `cuts`, and each digit apart.
fn divided(digits: String, cuts: &[&[usize]]) -> Number {
    let apart = (1..digits.len()).collect();
    (digits, cuts.iter().map(|c| c.to_vec()).chain([apart]).collect())
}

fn mobile() -> impl Strategy<Value = Number> {
    (prop::sample::select(vec!["0", "62", "0062"]), "8[12357-9][1-9][0-9]{6,9}").prop_map(|(prefix, rest)| {
        let digits = prefix.to_owned() + &rest;
        let country = prefix.len();
        // `62.812.345.678` is left out: so divided it is an amount.
        let cuts: [&[usize]; 4] = match prefix {
            "0" => [&[], &[4, 8], &[4, 7], &[3, 6, 9]],
            _ => [&[], &[country], &[country, country + 3, country + 7], &[country, country + 4, country + 8]],
        };
        divided(digits, &cuts)
    })
}

fn landline() -> impl Strategy<Value = Number> {
    // Nine digits in rows of three are rather the numbers of three TPS.
    prop_oneof![("021|022|031|061", "[2-9][0-9]{6}"), ("0274|0361|0411|0751", "[2-9][0-9]{5,6}")].prop_map(
        |(area, rest)| {
            let end = area.len();
            divided(area + &rest, &[&[], &[end], &[end, end + 3]])
        },
    )
}

fn card() -> impl Strategy<Value = Number> {
    let start = prop::sample::select(vec![
        ("4", 16),
        ("51", 16),
        ("2221", 16),
        ("35", 16),
        ("34", 15),
        ("37", 15),
        ("36", 14),
        ("4", 19),
        ("4", 13),
    ]);
    (start, "[0-9]{18}").prop_map(|((start, length), filling)| {
        let body = format!("{start}{filling}")[..length - 1].to_owned();
        let sum: u32 = (body.bytes().rev().map(|b| u32::from(b - b'0')).enumerate())
            .map(|(i, d)| if i % 2 == 1 { d } else { d * 2 / 10 + d * 2 % 10 })
            .sum();
        let digits = format!("{body}{}", (10 - sum % 10) % 10);
        let by_scheme: &[usize] = if length == 14 || length == 15 { &[4, 10] } else { &[4, 8, 12, 16] };
        let by_scheme: Vec<usize> = by_scheme.iter().copied().filter(|cut| *cut < length).collect();
        divided(digits, &[&[], &by_scheme])
    })
}

const SEPARATORS: [&str; 24] = [
    " ", "  ", "\u{a0}", "\u{2009}", "\u{3000}", "-", " - ", "–", "\u{2010}", "\u{2011}", "−", ".", "_", "/", "|", "~",
    "*", "•", "\n", "\r\n", "\t", " . ", "--", "...",
];
const INVISIBLE: [&str; 8] =
    ["\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}", "\u{202e}", "\u{336}"];
/// Zeros of scripts and styles.
const ZEROS: [char; 9] = ['0', '０', '٠', '۰', '०', '০', '๐', '𝟎', '𝟢'];

/// How a number is written: with what between its groups, in which digits, with what that can't be seen.
#[derive(Clone, Debug)]
struct Dress {
    separators: Vec<&'static str>,
    zero: char,
    invisible: Vec<Option<&'static str>>,
}

fn dress() -> impl Strategy<Value = Dress> {
    let invisible = prop::collection::vec(prop::option::weighted(0.2, prop::sample::select(&INVISIBLE[..])), 20);
    let one = prop::sample::select(&SEPARATORS[..]).prop_map(|s| vec![s; 20]);
    let many = prop::collection::vec(prop::sample::select(&SEPARATORS[..]), 20);
    (prop_oneof![one, many], prop::sample::select(&ZEROS[..]), invisible)
        .prop_map(|(separators, zero, invisible)| Dress { separators, zero, invisible })
}

fn dressed(digits: &str, cuts: &[usize], dress: &Dress) -> String {
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if cuts.contains(&i) {
            out.push_str(dress.separators[i]);
        }
        if i > 0 {
            out.extend(dress.invisible[i]);
        }
        let value = digit.to_digit(10).expect("a digit");
        out.push(char::from_u32(u32::from(dress.zero) + value).expect("digits stand in rows"));
    }
    out
}

fn has_digits(text: &str) -> bool {
    text.nfkd().any(char::is_numeric)
}

fn personal() -> impl Strategy<Value = Number> {
    prop_oneof![nik(), mobile(), landline(), card()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn numbers_in_groups_are_hidden_whatever_separates_them(
        (digits, cuts) in personal(), pick in any::<prop::sample::Index>(), dress in dress(),
        (before, after) in prop::sample::select(vec![("", ""), ("nomor saya ", " ya min"), ("min,\n", "."), ("(", ")")]),
    ) {
        let cuts = pick.get(&cuts);
        // One way of separating digits that stand apart each; else it is odd, and the next test's.
        let dress = if cuts.len() + 1 == digits.len() { Dress { separators: vec![dress.separators[0]; 20], ..dress } } else { dress };
        let text = format!("{before}{}{after}", dressed(&digits, cuts, &dress));
        let masked = mask(&text, &Offices::default());
        prop_assert!(masked.contains(HIDDEN_NUMBER) && !has_digits(&masked), "{text:?} became {masked:?}");
        prop_assert!(masked.starts_with(before.trim_end_matches('(')) && masked.ends_with(after.trim_start_matches(')')), "{text:?} became {masked:?}");
        prop_assert_eq!(mask(&masked, &Offices::default()), masked);
    }

    #[test]
    fn never_panics_and_masking_twice_changes_nothing(
        text in "\\PC{0,60}|[\\s\\S]{0,60}|[0-9OolI .,/()+\\-@\n]{0,80}|([0-9]{1,5}[ .\\-/,]{1,2}){0,20}",
        later in "\\PC{0,20}|[0-9OolI .,/()+\\-@\n]{0,40}|([0-9]{1,5}[ .\\-/,]{1,2}){0,10}",
    ) {
        let masked = mask(&text, &Offices::default());
        prop_assert_eq!(mask(&masked, &Offices::default()), masked, "{:?}", text);
        mask_across(&text, &later, &Offices::default());
    }

    #[test]
    fn a_text_without_digits_and_addresses_is_unchanged(text in "[^@0-9\\p{N}]{0,80}") {
        prop_assume!(!has_digits(&text) && !text.nfkd().any(|c| c == '@') && !text.to_lowercase().contains("at"));
        prop_assert_eq!(mask(&text, &Offices::default()), text);
    }

    #[test]
    fn one_ordinary_number_between_words_stays(
        text in "(0?[1-9]|[12][0-9])[/.-](0?[1-9]|1[0-2])[/.-]20[0-2][0-9]|20[0-2][0-9]-(0[1-9]|1[0-2])-[0-2][1-9]|(0[6-9]|1[0-9])[.:][0-5]0( ?- ?1[0-9][.:][0-5]0)?|[1-9][0-9]{0,2}([.][0-9]{3}){1,4}|Rp ?[1-9][0-9]{3,13}|[0-9]{1,2},[0-9]{2}%|[1-9][0-9]?/20[0-2][0-9]|20[0-2][0-9]-20[0-2][0-9]|1500-[0-9]{3}|#[1-9][0-9]{5}|[1-9][0-9]{0,7}",
    ) {
        let text = format!("kata {text} lagi");
        prop_assert_eq!(mask(&text, &Offices::default()), text);
    }
}

/// Separators at any place are beyond what can always be told from several numbers ("0812345 / 14.02.2024"), so this is
/// a measure over fixed random cases: hardly any number shows more than a few of its digits.
#[test]
fn numbers_with_separators_at_random_places_are_hidden_but_for_a_few() {
    let mut runner = TestRunner::deterministic();
    let strategy = (personal(), dress(), prop::collection::vec(prop::bool::weighted(0.35), 20));
    let cases = 4000;
    let mut shown = Vec::new();
    for _ in 0..cases {
        let ((digits, _), dress, cut) = strategy.new_tree(&mut runner).expect("a case").current();
        let cuts: Vec<usize> = (1..digits.len()).filter(|i| cut[*i]).collect();
        let text = format!("nomor saya {} ya", dressed(&digits, &cuts, &dress));
        let masked = mask(&text, &Offices::default());
        if has_digits(&masked) {
            shown.push(format!("{text:?} became {masked:?}"));
        }
    }
    assert!(shown.len() * 100 <= cases, "{} of {cases}:\n{}", shown.len(), shown.join("\n"));
}
