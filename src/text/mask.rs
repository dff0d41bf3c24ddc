//! What identifies a person is taken out of a voter's text before a card, a ticket or a log sees it.
//!
//! Masked: 16 digits in a row, in groups of four, or as six, six and four (NIK and family-card numbers, UU 24/2013), mobile numbers
//! (`+62`, `62` or `0` before an 8, 9 to 13 digits), 13 to 19 digits that pass the Luhn check (ISO/IEC 7812, payment
//! cards), and e-mail addresses. Vote counts, rupiah, dates and short hotline numbers stay.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands in place of a number.
pub const HIDDEN_NUMBER: &str = "[nomor disamarkan]";
/// What stands in place of an e-mail address.
pub const HIDDEN_EMAIL: &str = "[email disamarkan]";

static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)[\p{L}\d._%+-]+@[\p{L}\d-]+(\.[\p{L}\d-]+)+").expect("a fixed pattern"));
/// A run of digits, spaces, dots, hyphens and brackets, perhaps after a plus sign. At least nine characters.
static DIGITS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\+?\d(?:[ .\-()/]{0,2}\d){8,}").expect("a fixed pattern"));
static THOUSANDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\d{1,3}(?:\.\d{3})+$").expect("a fixed pattern"));
static GROUPS_OF_FOUR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\D)\d{4}[ .-]?\d{4}[ .-]?\d{4}[ .-]?\d{4}(?:\D|$)").expect("a fixed pattern"));
static SIX_SIX_FOUR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\D)\d{6}[ .-]?\d{6}[ .-]?\d{4}(?:\D|$)").expect("a fixed pattern"));
static PHONE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:\+?62[ .\-()/]*|\(?0)8\d?(?:[ .\-()/]{0,2}\d){6,10}").expect("a fixed pattern"));

/// `text` with identity numbers, phone numbers, card numbers and e-mail addresses replaced.
pub fn mask(text: &str) -> String {
    let without_email = EMAIL.replace_all(text, HIDDEN_EMAIL);
    DIGITS.replace_all(&without_email, |found: &Captures<'_>| mask_run(&found[0])).into_owned()
}

fn mask_run(run: &str) -> String {
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    if THOUSANDS.is_match(run) {
        return run.to_owned();
    }
    let is_identity = GROUPS_OF_FOUR.is_match(run) || SIX_SIX_FOUR.is_match(run);
    let is_card = (13..=19).contains(&digits.len()) && luhn(&digits);
    let is_phone = PHONE.find(run).is_some_and(|m| {
        let count = m.as_str().chars().filter(char::is_ascii_digit).count();
        m.start() == 0 && (9..=14).contains(&count)
    });
    if is_identity || is_card || is_phone { HIDDEN_NUMBER.to_owned() } else { run.to_owned() }
}

/// The Luhn check of ISO/IEC 7812-1, annex B.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0');
            match (i % 2, d) {
                (0, d) => d,
                (_, d) if d > 4 => 2 * d - 9,
                (_, d) => 2 * d,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_what_identifies_a_person() {
        for text in [
            "3201234567890123",
            "nik saya 3201 2345 6789 0123 ya",
            "kk: 3201.2345.6789.0123",
            "3201-2345-6789-0123",
            "320123 456789 0123",
            "320123.456789.0123",
            "081234567890",
            "0812-3456-7890",
            "0812 3456 7890",
            "0812.3456.7890",
            "+6281234567890",
            "+62 812-3456-7890",
            "62812345678",
            "wa 0859 2160 0500 dong",
            "(0812) 3456 7890",
            "081234567",
            "kartu 4111111111111111",
            "kartu 4111 1111 1111 1111",
            "5500-0000-0000-0004",
            "378282246310005",
            "budi.santoso@contoh.co.id",
            "Email: BUDI+1@contoh.org.",
        ] {
            let masked = mask(text);
            assert!(masked.contains("disamarkan"), "{text:?} became {masked:?}");
            assert!(!masked.contains("3456") && !masked.contains('@'), "{text:?} became {masked:?}");
        }
    }

    #[test]
    fn leaves_everything_else() {
        for text in [
            "96.214.691 suara",
            "204.807.222 pemilih",
            "Rp1.000.000.000.000",
            "Rp12 juta",
            "Rp 2500000",
            "14-02-2024",
            "2024-02-14 09:00",
            "14/02/2024",
            "14 Februari 2024",
            "pukul 07.00-13.00",
            "110",
            "SMS 1708",
            "1500-046",
            "021-3193-7223",
            "PKPU 25/2023 pasal 59",
            "62/PUU-XXII/2024",
            "TPS 012 RT 03 RW 05",
            "kode pos 10310",
            "58,59 persen",
            "nomor 1, 2, 3",
            "pemilu 2019 2024 2029",
            "28 11 2023 sampai 10 02 2024",
            "@kpu_ri",
        ] {
            assert_eq!(mask(text), text);
        }
    }
}
