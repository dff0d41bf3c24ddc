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
    // Nearly all that is written is ASCII, for which nothing but the case changes.
    if text.is_ascii() {
        return text.chars().filter(|&c| !is_invisible(c)).map(|c| c.to_ascii_lowercase()).collect();
    }
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
/// An apostrophe inside a word is dropped ("jum'at" is "jumat"); a 2 written on a word doubles it ("paslon2nya" is "paslon
/// paslonnya"), unless the word counts ("nomor2"); other letters and digits that were written together are taken apart
/// where two or more letters touch a number ("no2", "14feb"); three or more of one letter are one ("gaaaak" is "gak"), but
/// for an abbreviation's first ("pppk"). Never panics; `words(join(words(t))) == words(t)`.
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

/// What may follow the 2 of a doubled word: suffixes and particles.
const AFTER_DOUBLED: [&str; 12] = ["", "nya", "an", "annya", "in", "kan", "i", "ku", "mu", "kah", "lah", "pun"];
/// Words that are counted: a number written on them is a number. Shorter ones ("no2", "rt2") are never doubled so.
const COUNTED: [&str; 30] = [
    "nomor",
    "nomer",
    "nomr",
    "nomorr",
    "nmr",
    "nmer",
    "number",
    "urut",
    "urutan",
    "putaran",
    "ronde",
    "babak",
    "periode",
    "tahap",
    "gelombang",
    "jam",
    "pukul",
    "pkl",
    "tgl",
    "tanggal",
    "kelas",
    "semester",
    "golongan",
    "pasal",
    "ayat",
    "jilid",
    "lantai",
    "dua",
    "covid",
    "level",
];
/// The fewest letters of a word that is doubled.
const SHORTEST_DOUBLED: usize = 3;

/// The doubled word that `word` stands for by a 2 on its end, as Indonesians write it in short: "paslon2", "tebak2an",
/// "caleg2nya". The 2 may be such a number too ("paslon2" for pair number two); read as one, it would pick a candidate whom
/// nobody asked about.
fn doubled(word: &str) -> Option<(&str, String)> {
    let (base, rest) = word.split_at(word.find(|c: char| !c.is_alphabetic())?);
    let suffix = rest.strip_prefix('2')?;
    let is_word = base.chars().count() >= SHORTEST_DOUBLED;
    (is_word && !COUNTED.contains(&base) && AFTER_DOUBLED.contains(&suffix))
        .then(|| (base, squeeze(&format!("{base}{suffix}"))))
}

/// "paslon 2nya" and "paslon-2nya" are meant as "paslon2nya": the 2 belongs to the word before it.
fn doubles_the_last(word: &str, found: &[String]) -> Option<String> {
    let suffix = word.strip_prefix('2').filter(|suffix| !suffix.is_empty())?;
    doubled(&format!("{}2{suffix}", found.last()?)).map(|(_, second)| second)
}

fn push_parts(word: &str, found: &mut Vec<String>) {
    // Nearly all words are nothing but letters, none of them drawn out: they are one part.
    let drawn_out = |three: &[u8]| three[0] == three[1] && three[1] == three[2];
    if word.bytes().all(|b| b.is_ascii_lowercase()) && !word.as_bytes().windows(3).any(drawn_out) {
        found.push(word.to_owned());
        return;
    }
    let squeezed = squeeze(word);
    let mut rest = squeezed.as_str();
    // Each part is read as if it stood alone, so that words made of the parts are the same words.
    loop {
        if let Some((base, second)) = doubled(rest) {
            found.extend([base.to_owned(), second]);
            return;
        }
        if let Some(second) = doubles_the_last(rest, found) {
            found.push(second);
            return;
        }
        let (part, left) = rest.split_at(first_part(rest));
        found.push(part.to_owned());
        if left.is_empty() {
            return;
        }
        rest = left;
    }
}

/// Where the first part of `word` ends, in bytes: before two letters or more after a number, and before a number after two
/// letters or more.
fn first_part(word: &str) -> usize {
    let begins_with_letter = word.chars().next().is_some_and(|c| !c.is_ascii_digit());
    let mut all_digits = true;
    let mut last: Option<char> = None;
    for (count, (at, c)) in word.char_indices().enumerate() {
        if last.is_some_and(|last| last.is_ascii_digit() != c.is_ascii_digit()) {
            let letters = || word[at..].chars().take_while(|c| !c.is_ascii_digit()).take(2).count();
            if all_digits && letters() >= 2 || begins_with_letter && count >= 2 && c.is_ascii_digit() {
                return at;
            }
        }
        all_digits &= c.is_ascii_digit();
        last = Some(c);
    }
    word.len()
}

/// Three or more of one letter in a row become one: "kapaaaan" is "kapan". Three consonants that begin a word stay: nobody
/// draws those out, but abbreviations have them ("ppp", "pppk", "www").
fn squeeze(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let chars: Vec<char> = word.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        let mut run = 1;
        while i + run < chars.len() && chars[i + run] == chars[i] {
            run += 1;
        }
        let begins_abbreviation = i == 0 && run == 3 && chars[i].is_ascii_lowercase() && !"aeiou".contains(chars[i]);
        let keep = if run >= 3 && !chars[i].is_ascii_digit() && !begins_abbreviation { 1 } else { run };
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
            ("paslon2nya, paslon2", "paslon paslonnya paslon paslon"),
            ("tebak2an hati2lah capres² orang2ku", "tebak tebakan hati hatilah capres capres orang orangku"),
            ("paslon 2nya paslon-2nya", "paslon paslonnya paslon paslonnya"),
            ("paslon 2 calon 2 no2 nomor2nya paslon02 rt2", "paslon 2 calon 2 no 2 nomor 2 nya paslon 02 rt 2"),
            ("capres3 nyoblos2x jam2 ke2 pemilu2024", "capres 3 nyoblos 2x jam 2 ke 2 pemilu 2024"),
            ("12febo2i 14feb2nya", "12 febo feboi 14 feb febnya"),
            ("pppk ppp wkwkwk mantappp", "pppk ppp wkwkwk mantap"),
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
