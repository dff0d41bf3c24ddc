//! Edits of the FAQ as maintainers make them, drawn by a seed, and which labelled questions each of them moves.
//!
//! The bench `steady` draws many; `tests/knowledge/steady.rs` holds a few.

use std::fmt;

use chrono::NaiveDate;
use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::entry::{Body, Entry, Phrasing};
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::matcher::measure::Labelled;
use tanya_pemilu::matcher::{Matcher, Verdict};

/// Entries that somebody may add, with their phrasings.
const NEW_ENTRIES: [(&str, &[&str]); 3] = [
    (
        "uji-identitas-digital",
        &[
            "identitas kependudukan digital bisa dipakai di tps?",
            "boleh tunjukin ikd di hp waktu nyoblos?",
            "aplikasi identitas digital diterima petugas tps gak",
            "ikd sah buat memilih?",
            "ktp saya cuma ada di aplikasi hp, gimana di tps",
            "barcode ikd bisa buat daftar hadir tps?",
            "apakah KTP digital berlaku di TPS",
            "ikd dukcapil laku gak di pemilu",
            "pake identitas digital aja boleh nyoblos kak?",
            "hp mati padahal ikd di situ, masih bisa nyoblos?",
        ],
    ),
    (
        "uji-magang",
        &[
            "kpu buka magang mahasiswa ga?",
            "cara daftar magang di kpu kabupaten",
            "syarat magang kpu apa aja",
            "bisa pkl di kantor kpu?",
            "surat magang dikirim ke mana min",
            "anak smk boleh pkl di bawaslu?",
            "magang di kpu dibayar gak",
            "program magang merdeka di kpu ada?",
        ],
    ),
    (
        "uji-kunjungan",
        &[
            "bisa kunjungan sekolah ke rumah pintar pemilu?",
            "rumah pintar pemilu itu di mana",
            "jam buka rumah pintar pemilu",
            "mau bawa murid ke kpu buat belajar pemilu",
            "rpp kpu boleh dikunjungi umum?",
            "daftar kunjungan rumah pintar pemilu gimana",
            "ada museum pemilu gak",
            "tiket masuk rumah pintar pemilu berapa",
        ],
    ),
];

/// One edit.
#[derive(Debug, Clone)]
pub enum Edit {
    /// A phrasing added to an entry, and what sort of phrasing it is.
    Phrasing(String, String, &'static str),
    /// A phrasing taken out of an entry.
    Removed(String, String),
    /// One of [`NEW_ENTRIES`], standing at this place.
    NewEntry(usize, usize),
    /// An entry taken out.
    EntryRemoved(String),
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phrasing(id, text, sort) => write!(f, "{sort} phrasing to {id}: {text:?}"),
            Self::Removed(id, text) => write!(f, "phrasing out of {id}: {text:?}"),
            Self::NewEntry(which, place) => write!(f, "new entry {} at place {place}", NEW_ENTRIES[*which].0),
            Self::EntryRemoved(id) => write!(f, "entry out: {id}"),
        }
    }
}

impl Edit {
    /// Whether it is one phrasing more or less.
    pub fn is_of_a_phrasing(&self) -> bool {
        matches!(self, Self::Phrasing(..) | Self::Removed(..))
    }

    /// Whether a question is about what is edited.
    fn concerns(&self, question: &Labelled) -> bool {
        match self {
            Self::Phrasing(id, text, _) => question.accepts(id) || question.text == *text,
            Self::Removed(id, _) | Self::EntryRemoved(id) => question.accepts(id),
            Self::NewEntry(..) => false,
        }
    }

    /// The project's FAQ after it.
    pub fn applied(&self) -> Faq {
        let mut faq = project();
        let place = |faq: &Faq, id: &str| faq.entries.iter().position(|e| e.id == id).expect("an entry of the FAQ");
        match self {
            Self::Phrasing(id, text, _) => {
                let place = place(&faq, id);
                faq.entries[place].questions.push(Phrasing { text: text.clone(), span: 0..0 });
            }
            Self::Removed(id, text) => {
                let place = place(&faq, id);
                faq.entries[place].questions.retain(|q| q.text != *text);
            }
            Self::NewEntry(which, place) => faq.entries.insert(*place, new_entry(*which)),
            Self::EntryRemoved(id) => {
                let place = place(&faq, id);
                faq.entries.remove(place);
            }
        }
        faq
    }
}

fn new_entry(which: usize) -> Entry {
    let (id, texts) = NEW_ENTRIES[which];
    let questions: Vec<Phrasing> = texts.iter().map(|t| Phrasing { text: (*t).to_owned(), span: 0..0 }).collect();
    Entry {
        id: id.to_owned(),
        title: questions[0].text.clone(),
        questions,
        body: Body::Plain(String::new()),
        sources: Vec::new(),
        reviewed: None,
        related: Vec::new(),
        valid_from: None,
        valid_until: None,
        sensitive: false,
        category: None,
        long: false,
        claim: None,
        more: None,
        english: None,
        file: String::new(),
        span: 0..0,
        places: Vec::new(),
    }
}

/// The project's FAQ.
pub fn project() -> Faq {
    Faq::load(&Source::BuiltIn).0.expect("the built-in FAQ is sound")
}

/// Chance by a seed (SplitMix64: Steele, Lea, Flood 2014).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.roll(from.len())]
    }

    /// Five words of syllables that mean nothing.
    fn nonsense(&mut self) -> String {
        const SYLLABLES: [&str; 16] =
            ["ba", "ru", "ti", "lo", "mek", "sa", "pun", "go", "wi", "nar", "du", "keh", "jo", "fa", "zil", "cu"];
        let mut word = || -> String { (0..2 + self.roll(2)).map(|_| SYLLABLES[self.roll(SYLLABLES.len())]).collect() };
        let words: Vec<String> = (0..5).map(|_| word()).collect();
        words.join(" ")
    }
}

/// Edits: so many of each of `sorts`, and each new entry once. The sorts are a voter's question put to its entry, one put to
/// another entry, one that nothing answers, syllables; a phrasing less; an entry less.
pub fn draw(faq: &Faq, questions: &[Labelled], dice: &mut Dice, sorts: [usize; 6]) -> Vec<Edit> {
    let known: Vec<&Labelled> =
        questions.iter().filter(|q| q.id.as_ref().is_some_and(|id| faq.entry(id).is_some())).collect();
    let unknown: Vec<&Labelled> = questions.iter().filter(|q| q.id.is_none()).collect();
    let mut edits = Vec::new();
    for _ in 0..sorts[0] {
        let question = dice.pick(&known);
        edits.push(Edit::Phrasing(question.id.clone().unwrap_or_default(), question.text.clone(), "own"));
    }
    for _ in 0..sorts[1] {
        let (question, entry) = (dice.pick(&known), dice.pick(&faq.entries));
        edits.push(Edit::Phrasing(entry.id.clone(), question.text.clone(), "foreign"));
    }
    for _ in 0..sorts[2] {
        let (question, entry) = (dice.pick(&unknown), dice.pick(&faq.entries));
        edits.push(Edit::Phrasing(entry.id.clone(), question.text.clone(), "out-of-scope"));
    }
    for _ in 0..sorts[3] {
        let (text, entry) = (dice.nonsense(), dice.pick(&faq.entries));
        edits.push(Edit::Phrasing(entry.id.clone(), text, "nonsense"));
    }
    for _ in 0..sorts[4] {
        let entry = dice.pick(&faq.entries);
        edits.push(Edit::Removed(entry.id.clone(), dice.pick(&entry.questions).text.clone()));
    }
    for which in 0..NEW_ENTRIES.len() {
        edits.push(Edit::NewEntry(which, dice.roll(faq.entries.len())));
    }
    for _ in 0..sorts[5] {
        edits.push(Edit::EntryRemoved(dice.pick(&faq.entries).id.clone()));
    }
    edits
}

/// What became of a question: the kind of verdict, and the entry if one is answered.
pub type Outcome = (&'static str, Option<String>);

/// What becomes of each question.
pub fn outcomes(faq: &Faq, questions: &[Labelled]) -> Vec<Outcome> {
    let matcher = Matcher::new(faq);
    let today = NaiveDate::from_ymd_opt(2026, 11, 25).expect("a day");
    let outcome = |question: &Labelled| match matcher.judge(&question.text, today).verdict {
        Verdict::Answer(entry) => ("answer", Some(faq.entries[entry].id.clone())),
        other => (other.name(), None),
    };
    questions.iter().map(outcome).collect()
}

/// What an edit moved among the questions that it doesn't concern.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The questions' numbers.
    pub questions: Vec<usize>,
    /// How many it doesn't concern.
    pub of: usize,
}

impl Moved {
    /// What `edit` moved.
    pub fn by(edit: &Edit, questions: &[Labelled], before: &[Outcome], after: &[Outcome]) -> Self {
        let others: Vec<usize> = (0..questions.len()).filter(|&i| !edit.concerns(&questions[i])).collect();
        let of = others.len();
        Self { questions: others.into_iter().filter(|&i| before[i] != after[i]).collect(), of }
    }

    /// Their share.
    pub fn share(&self) -> f64 {
        self.questions.len() as f64 / self.of.max(1) as f64
    }
}
