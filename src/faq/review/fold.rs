//! A text in plain form, with the way back: whatever is found there can be shown where it was typed.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::text::normalize::is_invisible;

/// A text in small letters, with one plain blank for any run of blanks and line ends, plain hyphens, without bold and italic
/// signs and without what can't be seen: "14\u{a0}FEBRUARI  **2024**" is "14 februari 2024".
#[derive(Debug)]
pub struct Folded {
    /// The plain form.
    pub text: String,
    /// For each byte of it where the character stands in the source.
    places: Vec<Range<usize>>,
}

impl Folded {
    /// The plain form of `source`.
    pub fn new(source: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(source.len()), places: Vec::with_capacity(source.len()) };
        for (start, c) in source.char_indices() {
            let place = start..start + c.len_utf8();
            if c.is_whitespace() {
                if folded.text.ends_with(' ') {
                    let last = folded.places.len() - 1;
                    folded.places[last].end = place.end;
                } else {
                    folded.push(' ', &place);
                }
            } else if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') {
                folded.push('-', &place);
            } else if !is_invisible(c) && c != '*' {
                for plain in std::iter::once(c).nfkc().flat_map(char::to_lowercase) {
                    folded.push(plain, &place);
                }
            }
        }
        folded
    }

    fn push(&mut self, c: char, place: &Range<usize>) {
        self.text.push(c);
        self.places.resize(self.text.len(), place.clone());
    }

    /// The bytes of the source that `range` of the plain form stands for.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        match (self.places.get(range.start), range.end.checked_sub(1).and_then(|end| self.places.get(end))) {
            (Some(first), Some(last)) => first.start..last.end.max(first.start),
            _ => 0..0,
        }
    }

    /// The words of the plain form, letters and digits, with their bytes in the source.
    pub fn words(&self) -> Vec<(&str, Range<usize>)> {
        let mut words = Vec::new();
        let mut start = None;
        for (at, c) in self.text.char_indices().chain(std::iter::once((self.text.len(), ' '))) {
            match (start, c.is_alphanumeric()) {
                (None, true) => start = Some(at),
                (Some(from), false) => {
                    words.push((&self.text[from..at], self.source(from..at)));
                    start = None;
                }
                _ => {}
            }
        }
        words
    }
}

/// `template` with the names and filters of `{{ ... }}` blanked out, byte for byte: what is left are the maintainer's words,
/// also those in quotation marks that a filter may choose.
pub fn own_words(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let (mut inside, mut quote) = (false, None);
    let mut previous = ' ';
    for c in template.chars() {
        let visible = match (inside, quote) {
            (false, _) => {
                inside = c == '{' && previous == '{';
                c != '{' && c != '}'
            }
            (true, None) => {
                if c == '"' || c == '\'' {
                    quote = Some(c);
                } else if c == '}' && previous == '}' {
                    inside = false;
                }
                false
            }
            (true, Some(open)) => {
                if c == open {
                    quote = None;
                }
                c != open
            }
        };
        previous = c;
        if visible {
            out.push(c);
        } else {
            out.extend(std::iter::repeat_n(' ', c.len_utf8()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_and_back() {
        let source = "Pada 14\u{a0}\u{a0}FEBRUARI **2024**, ４ \u{2013} x\u{200b}y";
        let folded = Folded::new(source);
        assert_eq!(folded.text, "pada 14 februari 2024, 4 - xy");
        let at = folded.text.find("14 februari 2024").expect("the date");
        assert_eq!(&source[folded.source(at..at + 16)], "14\u{a0}\u{a0}FEBRUARI **2024");
        assert_eq!(folded.words().last().map(|(word, at)| (*word, &source[at.clone()])), Some(("xy", "x\u{200b}y")));
    }

    #[test]
    fn only_the_maintainers_words_are_left() {
        let template = "Ada {{ a.nomor_1 | pilih(\"akan\", 'dulu') }} é {satu}";
        let words = own_words(template);
        assert_eq!(words.len(), template.len());
        assert_eq!(words.split_whitespace().collect::<Vec<_>>(), ["Ada", "akan", "dulu", "é", "satu"]);
    }

    proptest! {
        #[test]
        fn places_lie_on_characters(source in "[a1 *\u{a0}é\u{fb01}{}\"'-]{0,40}|\\PC{0,40}") {
            let folded = Folded::new(&source);
            for (_, place) in folded.words() {
                prop_assert!(source.get(place).is_some());
            }
            prop_assert_eq!(own_words(&source).len(), source.len());
        }
    }
}
