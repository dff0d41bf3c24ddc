//! Any Unicode to plain words: NFKD without marks, lower case, letters and digits only.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Whether `c` is invisible: controls, zero-width, direction and variation marks (Unicode category Cf and
/// the variation selectors). They are dropped, so that "ka\u{200b}pan" stays one word.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}')
        || (c.is_control() && !c.is_whitespace())
}

/// `text` in compatibility form, lower case, without accents and invisible characters.
fn fold(text: &str) -> String {
    let mut folded = text.to_owned();
    // Lower-casing can make new compositions and the reverse; twice is enough for all but a few letters.
    for _ in 0..4 {
        let next: String =
            folded.nfkd().filter(|&c| !is_combining_mark(c) && !is_invisible(c)).flat_map(char::to_lowercase).collect();
        if next == folded {
            break;
        }
        folded = next;
    }
    folded
}

/// The words of `text`: runs of letters and digits, in order.
///
/// An apostrophe inside a word is dropped ("jum'at" is "jumat"); letters and digits that were written together are
/// taken apart where two or more letters touch a number ("nomor2", "14feb"); three or more of one letter are one
/// ("gaaaak" is "gak"). Never panics; `words(join(words(t))) == words(t)`.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut found = Vec::new();
    let mut word = String::new();
    for c in folded.chars().chain(std::iter::once(' ')) {
        if c.is_alphanumeric() {
            word.push(c);
        } else if matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`') {
            // inside a word: dropped
        } else if !word.is_empty() {
            push_parts(&std::mem::take(&mut word), &mut found);
        }
    }
    found
}

fn push_parts(word: &str, found: &mut Vec<String>) {
    let squeezed = squeeze(word);
    let chars: Vec<char> = squeezed.chars().collect();
    let mut start = 0;
    for i in 1..chars.len() {
        let boundary = chars[i - 1].is_ascii_digit() != chars[i].is_ascii_digit();
        if boundary && letters_from(&chars, i) >= 2 && digits_before(&chars, i, start)
            || boundary && chars[i].is_ascii_digit() && i - start >= 2 && !chars[start].is_ascii_digit()
        {
            found.push(chars[start..i].iter().collect());
            start = i;
        }
    }
    found.push(chars[start..].iter().collect());
}

fn letters_from(chars: &[char], i: usize) -> usize {
    chars[i..].iter().take_while(|c| !c.is_ascii_digit()).count()
}

fn digits_before(chars: &[char], i: usize, start: usize) -> bool {
    chars[start..i].iter().all(char::is_ascii_digit)
}

/// Three or more of one letter in a row become one: "kapaaaan" is "kapan".
fn squeeze(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let chars: Vec<char> = word.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        let mut run = 1;
        while i + run < chars.len() && chars[i + run] == chars[i] {
            run += 1;
        }
        let keep = if run >= 3 && !chars[i].is_ascii_digit() { 1 } else { run };
        out.extend(std::iter::repeat_n(chars[i], keep));
        i += run;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_as_people_type_them() {
        for (text, want) in [
            ("Kapan PEMILU 2024??", "kapan pemilu 2024"),
            ("ＫＡＰＡＮ nyoblos", "kapan nyoblos"),
            ("jum'at / Jum’at", "jumat jumat"),
            ("gaaaak tauuuu", "gak tau"),
            ("paslon 02, nomor2, 14feb", "paslon 02 nomor 2 14 feb"),
            ("e-KTP c6 2x", "e ktp c6 2x"),
            ("ka\u{200b}pan\u{202e} pemilu", "kapan pemilu"),
            ("😀 🙏🏽 \u{7}", ""),
            ("000 007", "000 007"),
            ("café Ḿ", "cafe m"),
        ] {
            assert_eq!(words(text).join(" "), want, "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn never_panics_and_is_idempotent(text in "\\PC{0,200}|[\\s\\S]{0,60}") {
            let once = words(&text);
            prop_assert_eq!(&words(&once.join(" ")), &once);
            prop_assert!(once.iter().all(|w| !w.is_empty() && w.chars().all(char::is_alphanumeric)));
        }
    }
}
