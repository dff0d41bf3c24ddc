//! What is asked about a thing: why, who, when, on which terms, ...
//!
//! An entry tells some of this about its subject, and the words of the subject alone don't say which. Its phrasings do: what
//! nobody is expected to ask of it, it hardly answers. So a question that asks why needs a phrasing which asks why too, and
//! about much the same; else the entry is offered, not asserted. How much the same was chosen for each aspect on questions of
//! help desks and strangers: of the answers held back there every second one is wrong, of the others one in ten. How one joins
//! came later, from a tester's questions; on those sets it holds nothing back.

use std::collections::{BTreeMap, BTreeSet};

use crate::text::analyze::Token;

/// What a question may ask about its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Why it is so.
    Reason,
    /// Who it is or does it.
    Person,
    /// When.
    Time,
    /// For how long.
    Span,
    /// Where, or to whom.
    Place,
    /// On which terms.
    Terms,
    /// Whether it may be.
    Leave,
    /// The last time.
    Last,
    /// How many in all, or for each.
    Number,
    /// What it is called.
    Name,
    /// All there are of it.
    List,
    /// How one becomes one of them.
    Joining,
}

/// For each aspect the words and phrases that ask for it, in standard spelling, and the least share of the question's words
/// that a phrasing which asks for it must have; zero if any such phrasing will do. Words that are said beside many questions
/// ("bisa", "dulu", "lama", "mana") ask for none.
const SIGNS: [(Aspect, &[&str], f64); 12] = [
    (Aspect::Reason, &["kenapa", "alasan", "sebab", "why"], 0.4),
    (Aspect::Person, &["siapa"], 0.0),
    (Aspect::Time, &["kapan", "tanggal berapa", "tahun berapa", "hari apa", "jam berapa", "berapa jam", "when"], 0.2),
    (Aspect::Span, &["berapa lama", "berapa hari", "berapa bulan", "berapa tahun", "hari berapa"], 0.0),
    (Aspect::Place, &["dimana", "kemana", "darimana"], 0.0),
    (Aspect::Terms, &["syarat", "kriteria"], 0.2),
    (Aspect::Leave, &["boleh"], 0.1),
    (Aspect::Last, &["terakhir", "akhir"], 0.2),
    (Aspect::Number, &["jumlah", "per"], 0.4),
    (Aspect::Name, &["nama"], 0.3),
    (Aspect::List, &["apa saja", "daftar nama", "sebut"], 0.0),
    (Aspect::Joining, &["cara jadi", "daftar jadi"], 0.1),
];

/// Of a longer question so many words are enough to count: the rest is its story.
const MOST_WORDS: usize = 6;

/// What a text with these words asks for.
pub fn aspects(tokens: &[Token]) -> BTreeSet<Aspect> {
    let text = tokens.iter().fold(" ".to_owned(), |text, token| text + &token.surface + " ");
    let asks = |signs: &[&str]| signs.iter().any(|sign| text.contains(&format!(" {sign} ")));
    SIGNS.iter().filter(|(_, signs, _)| asks(signs)).map(|(aspect, ..)| *aspect).collect()
}

/// The phrasings of one entry by what they ask for, each by the stems of its words that mean something.
#[derive(Debug, Clone, Default)]
pub struct Asked(BTreeMap<Aspect, Vec<BTreeSet<String>>>);

impl Asked {
    /// Takes in a phrasing that asks for `aspects`.
    pub fn add(&mut self, aspects: &BTreeSet<Aspect>, stems: &BTreeSet<String>) {
        for aspect in aspects {
            self.0.entry(*aspect).or_default().push(stems.clone());
        }
    }

    /// What of `aspects` is asked of the entry nowhere, or only about something else than `stems`.
    pub fn lacks(&self, aspects: &BTreeSet<Aspect>, stems: &BTreeSet<String>) -> Option<Aspect> {
        let shared = |phrasing: &BTreeSet<String>| stems.intersection(phrasing).count() as f64;
        let words = stems.len().min(MOST_WORDS) as f64;
        let told = |(aspect, _, least): &(Aspect, &[&str], f64)| {
            self.0.get(aspect).into_iter().flatten().map(shared).any(|n| n >= least * words)
        };
        SIGNS.iter().find(|sign| aspects.contains(&sign.0) && !told(sign)).map(|sign| sign.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::analyze::{Analyzer, Language};
    use crate::text::lexicon::Lexicon;

    fn read(text: &str) -> (BTreeSet<Aspect>, BTreeSet<String>) {
        let tokens = Analyzer::new(Lexicon::default(), Language::Indonesian).tokens(text);
        (aspects(&tokens), tokens.into_iter().map(|token| token.stem).collect())
    }

    fn lacks(phrasings: &[&str], question: &str) -> Option<Aspect> {
        let mut asked = Asked::default();
        for phrasing in phrasings {
            let (aspects, stems) = read(phrasing);
            asked.add(&aspects, &stems);
        }
        let (aspects, stems) = read(question);
        asked.lacks(&aspects, &stems)
    }

    #[test]
    fn what_nobody_asks_of_an_entry_is_not_told_by_it() {
        let ink = ["tinta di jari untuk apa", "siapa yang mencelupkan jari", "kenapa jari dicelup tinta"];
        assert_eq!(lacks(&ink, "tinta untuk apa"), None);
        assert_eq!(lacks(&ink, "siapa yang membuat tinta"), None);
        assert_eq!(lacks(&ink, "berapa hari tinta hilang"), Some(Aspect::Span));
        assert_eq!(lacks(&ink, "kapan tinta dipakai"), Some(Aspect::Time));
        let body = ["dkpp itu apa", "cara lapor ke dkpp"];
        assert_eq!(lacks(&body, "cara jadi anggota dkpp"), Some(Aspect::Joining));
    }

    #[test]
    fn a_reason_must_be_that_of_the_same() {
        let ink = ["tinta di jari untuk apa", "kenapa jari dicelup tinta"];
        assert_eq!(lacks(&ink, "kenapa jari harus dicelup tinta"), None);
        assert_eq!(lacks(&ink, "kenapa warna tinta pemilu ungu tua"), Some(Aspect::Reason));
    }

    #[test]
    fn words_ask_and_parts_of_words_don_t() {
        assert!(read("perlengkapan selamanya alasannya").0.is_empty());
        assert_eq!(read("tahun berapa pemilu terakhir").0, BTreeSet::from([Aspect::Time, Aspect::Last]));
    }
}
