//! One entry: a reviewed answer with its phrasings, sources and dates.

use std::ops::Range;

use chrono::NaiveDate;

use super::category::{self, Title as Category};
pub use super::cited::Cited;
use super::cited::read_sources;
use super::claim::{self, Claim};
use super::election::is_template_name;
use super::fault::Severity;
use super::reader::{Reader, Table, Text};
use crate::text::language::Language;
use crate::text::normalize::words;

/// The longest id: it goes into buttons and links.
pub const LONGEST_ID: usize = 40;
/// The longest title, in characters: it goes onto buttons.
pub const LONGEST_TITLE: usize = 40;
/// Fewest phrasings of an entry.
pub const FEWEST_QUESTIONS: usize = 10;
/// Most phrasings that help; more is worth a look.
pub const MOST_QUESTIONS: usize = 30;

/// One way of asking an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrasing {
    /// As people type it.
    pub text: String,
    /// Where it stands in the entry's file.
    pub span: Range<usize>,
}

/// A template and where it stands.
pub type Template = Text;

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// One template for all times.
    Always(Template),
    /// One template for each phase of a stage, and perhaps one that follows it.
    Staged {
        /// The election's key.
        election: String,
        /// The stage's key.
        stage: String,
        /// Before, during and after the stage.
        phases: Box<[Template; 3]>,
        /// As long as the stage is not set; none if that before it is right then too.
        unset: Option<Template>,
        /// Follows in each phase.
        then: Option<Template>,
    },
    /// Plain text without templates or markup, from a JSON Lines file; perhaps empty.
    Plain(String),
}

impl Body {
    /// All templates in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            Self::Always(template) => vec![template],
            Self::Staged { phases, unset, then, .. } => phases.iter().chain(unset).chain(then).collect(),
            Self::Plain(_) => Vec::new(),
        }
    }

    /// What is written of it, by part.
    fn written(&self) -> Vec<&str> {
        match self {
            Self::Plain(text) => vec![text],
            _ => self.templates().into_iter().map(|template| template.value.as_str()).collect(),
        }
    }
}

/// What an entry is in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct English {
    /// A short question in plain words.
    pub title: String,
    /// One template for all times: the whole answer.
    pub body: Body,
}

/// One reviewed answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its code.
    pub id: String,
    /// A short question in plain words.
    pub title: String,
    /// The ways of asking it.
    pub questions: Vec<Phrasing>,
    /// What it says: what an asker needs first.
    pub body: Body,
    /// The rest, for whoever wants it; the same at all times.
    pub more: Option<Body>,
    /// The same in English, if it was put into English.
    pub english: Option<English>,
    /// Laws or publishers with dates.
    pub sources: Vec<Cited>,
    /// When a person last checked it; none in a JSON Lines file.
    pub reviewed: Option<NaiveDate>,
    /// Ids that a reader may want next.
    pub related: Vec<Text>,
    /// First day on which it may be given.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it may be given.
    pub valid_until: Option<NaiveDate>,
    /// Whether it needs more confidence than others.
    pub sensitive: bool,
    /// Whether its answer is meant to be long, as a whole schedule is.
    pub long: bool,
    /// What it, or else its file, is about, as voters browse it.
    pub category: Option<Category>,
    /// The claim that it answers, if it answers one.
    pub claim: Option<Claim>,
    /// The file it stands in, relative to the FAQ folder.
    pub file: String,
    /// Where its id stands there.
    pub span: Range<usize>,
    /// Where its other keys have their values.
    pub places: Vec<(String, Range<usize>)>,
}

impl Entry {
    /// Its title in `language`; in Indonesian where it has none.
    pub fn title_in(&self, language: Language) -> &str {
        language.pick(&self.title, self.english.as_ref().map(|english| english.title.as_str()))
    }

    /// Where the value of `key` stands; the id's place if it has none.
    pub fn place(&self, key: &str) -> Range<usize> {
        self.places.iter().find(|(k, _)| k == key).map_or(self.span.clone(), |(_, span)| span.clone())
    }

    /// What it has to say: its answer, the rest, and what is to be sent on.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        std::iter::once(&self.body).chain(&self.more).chain(self.claim.iter().map(|claim| &claim.share))
    }

    /// All its templates: those of its answer, then that of the rest, then that of what is to be sent on.
    pub fn templates(&self) -> Vec<&Template> {
        self.bodies().flat_map(Body::templates).collect()
    }

    /// The same, and that of its English answer.
    pub fn all_templates(&self) -> impl Iterator<Item = &Template> {
        let english = self.english.iter().flat_map(|english| english.body.templates());
        self.templates().into_iter().chain(english)
    }

    /// What is written of it, by part: its templates, or its plain texts.
    pub fn written(&self) -> Vec<&str> {
        let rest = self.more.iter().flat_map(|more| std::iter::once("").chain(more.written()));
        let share = self.claim.iter().flat_map(|claim| std::iter::once("").chain(claim.share.written()));
        self.body.written().into_iter().chain(rest).chain(share).collect()
    }

    /// The sources that may be shown on `day`.
    pub fn sources_on(&self, day: NaiveDate) -> Vec<&str> {
        self.sources.iter().filter(|source| source.is_known(day)).map(|source| source.text.as_str()).collect()
    }

    /// The first day on which it may be given: none if it may be from the beginning. Before its first source is known it
    /// could name none, so it is not given.
    pub fn first_day(&self) -> Option<NaiveDate> {
        // `None` is less than any day.
        self.valid_from.max(self.sources.iter().map(|source| source.from).min().flatten())
    }

    /// Whether it may be given on `today`.
    pub fn is_valid(&self, today: NaiveDate) -> bool {
        self.first_day().is_none_or(|from| from <= today) && self.valid_until.is_none_or(|until| today <= until)
    }
}

const KEYS: [&str; 25] = [
    "learned",
    "category",
    "category_en",
    "id",
    "title",
    "title_en",
    "answer_en",
    "questions",
    "answer",
    "stage",
    "before",
    "during",
    "after",
    "unset",
    "more",
    "verdict",
    "claims",
    "share",
    "long",
    "sources",
    "reviewed",
    "related",
    "valid_from",
    "valid_until",
    "sensitive",
];

/// Reads a file of entries.
pub fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Vec<Entry> {
    root.only(reader, &["category", "category_en", "entry"]);
    let category = category::read(reader, root);
    let tables = root.list(reader, "entri", "entry");
    if tables.is_none() && reader.faults.is_empty() {
        reader.fault(0..0, "berkas ini tidak memuat satu entri pun").hint =
            Some("entri diawali baris [[entry]]; lihat faq/README.md".to_owned());
    }
    let entries = tables.unwrap_or_default().into_iter().filter_map(|table| read_entry(reader, &table));
    entries.map(|entry| Entry { category: entry.category.clone().or_else(|| category.clone()), ..entry }).collect()
}

fn read_entry<'f>(reader: &mut Reader<'f>, table: &Table<'_, 'f>) -> Option<Entry> {
    table.only(reader, &KEYS);
    let id = table.text(reader, "id");
    if let Some(id) = &id {
        check_id(reader, id, LONGEST_ID);
    }
    let title = table.text(reader, "title");
    title.iter().for_each(|title| check_title(reader, title));
    let learned = table.flag(reader, "learned", false);
    let questions = read_questions(reader, table, id.as_ref(), learned);
    let body = read_body(reader, table);
    let more = table.optional_text(reader, "more").map(Body::Always);
    let english = read_english(reader, table);
    let claim = claim::read(reader, table);
    let long = table.flag(reader, "long", false);
    let sources = read_sources(reader, table);
    let reviewed = table.require(reader, "reviewed").and_then(|v| reader.date_of(v));
    let valid_from = table.date(reader, "valid_from");
    let valid_until = table.date(reader, "valid_until");
    if let (Some((from, _)), Some((until, span))) = (&valid_from, &valid_until)
        && until < from
    {
        reader.fault(span.clone(), "`valid_until` lebih dulu daripada `valid_from`");
    }
    let related = table.texts(reader, "related");
    // One that can't be read was meant to be there.
    let sensitive = table.flag(reader, "sensitive", table.has(reader, "sensitive") || reader.is_broken());
    let id = id?;
    Some(Entry {
        span: id.span.clone(),
        id: id.value,
        title: title?.value,
        questions,
        body: body?,
        more,
        english,
        claim,
        long,
        sources,
        reviewed: reviewed.map(|(day, _)| day),
        related,
        valid_from: valid_from.map(|(day, _)| day),
        valid_until: valid_until.map(|(day, _)| day),
        sensitive,
        category: category::read(reader, table),
        file: reader.file.to_owned(),
        places: table.keys().into_iter().map(|(key, _, value)| (key.to_owned(), value.span())).collect(),
    })
}

fn check_title(reader: &mut Reader<'_>, title: &Text) {
    let length = title.value.chars().count();
    if length > LONGEST_TITLE {
        reader.fault(title.span.clone(), format!("judul ini {length} huruf; paling banyak {LONGEST_TITLE}"));
    }
}

/// That `title` is short enough for the button that it is the words of.
pub(super) fn check_button(reader: &mut Reader<'_>, title: &Text) {
    let length = title.value.trim().chars().count();
    if length > LONGEST_TITLE {
        let message = format!("judul ini {length} huruf; paling banyak {LONGEST_TITLE}");
        reader.fault(title.span.clone(), message).hint = Some("judul tampil di tombol; pendekkan".to_owned());
    }
}

/// A title and an answer in English: both, or neither.
fn read_english<'f>(reader: &mut Reader<'f>, table: &Table<'_, 'f>) -> Option<English> {
    let title = table.optional_text(reader, "title_en");
    let answer = table.optional_text(reader, "answer_en");
    title.iter().for_each(|title| check_title(reader, title));
    match (title, answer) {
        (Some(title), Some(answer)) => Some(English { title: title.value, body: Body::Always(answer) }),
        (None, None) => None,
        (Some(alone), None) => {
            reader.fault(alone.span, "`title_en` perlu `answer_en`").hint =
                Some("tulis jawabannya dalam bahasa Inggris di answer_en, atau hapus title_en".to_owned());
            None
        }
        (None, Some(alone)) => {
            reader.fault(alone.span, "`answer_en` perlu `title_en`").hint =
                Some("tulis judulnya dalam bahasa Inggris di title_en, atau hapus answer_en".to_owned());
            None
        }
    }
}

/// That `id` can stand in a button: its letters, and at most `longest` of them.
pub(super) fn check_id(reader: &mut Reader<'_>, id: &Text, longest: usize) {
    let well_formed = id.value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !well_formed {
        let odd = id.value.chars().find(|c| !c.is_ascii());
        let odd = odd.map_or_else(String::new, |c| format!(": \"{c}\" (U+{:04X})", c as u32));
        reader.fault(id.span.clone(), format!("id \"{}\" memuat tanda yang tidak boleh{odd}", id.value)).hint =
            Some("pakai huruf kecil, angka, dan tanda hubung: jadwal-jam-tps".to_owned());
    } else if id.value.len() > longest {
        reader.fault(id.span.clone(), format!("id ini {} huruf; paling banyak {longest}", id.value.len()));
    }
}

fn read_questions<'f>(
    reader: &mut Reader<'f>,
    table: &Table<'_, 'f>,
    id: Option<&Text>,
    learned: bool,
) -> Vec<Phrasing> {
    let Some(text) = table.text(reader, "questions") else { return Vec::new() };
    let lines = text.lines();
    for line in &lines {
        if words(&line.value).is_empty() {
            reader.fault(line.span.clone(), "pertanyaan ini tidak memuat satu kata pun");
        }
    }
    if lines.len() < FEWEST_QUESTIONS {
        let span = id.map_or(table.span.clone(), |id| id.span.clone());
        let message = format!("entri ini baru punya {} pertanyaan; paling sedikit {FEWEST_QUESTIONS}", lines.len());
        let fault = reader.fault(span, message);
        fault.hint = Some("tambahkan cara bertanya yang lain, satu baris satu pertanyaan".to_owned());
        // What moderators drafted serves as it is; a maintainer completes it.
        if learned {
            fault.severity = Severity::Warning;
        }
    }
    lines.into_iter().map(|line| Phrasing { span: line.span, text: line.value }).collect()
}

fn read_body<'f>(reader: &mut Reader<'f>, table: &Table<'_, 'f>) -> Option<Body> {
    let Some(stage) = table.optional_text(reader, "stage") else {
        for key in ["before", "during", "after", "unset"] {
            if let Some(value) = table.get(key) {
                reader.fault(value.span(), format!("`{key}` hanya berguna bersama `stage`")).hint =
                    Some("tambahkan stage = \"pemilu2024.kampanye\" atau pindahkan teks ini ke answer".to_owned());
            }
        }
        return table.text(reader, "answer").map(Body::Always);
    };
    let phases = ["before", "during", "after"].map(|key| table.text(reader, key));
    let unset = table.optional_text(reader, "unset");
    let then = table.optional_text(reader, "answer");
    let Some((election, name)) =
        stage.value.split_once('.').filter(|(e, s)| is_template_name(e) && is_template_name(s))
    else {
        reader.fault(stage.span.clone(), format!("tahapan \"{}\" tidak terbaca", stage.value)).hint =
            Some("tulis nama berkas, titik, nama tahapan: \"pemilu2024.kampanye\"".to_owned());
        return None;
    };
    let [Some(before), Some(during), Some(after)] = phases else { return None };
    Some(Body::Staged {
        election: election.to_owned(),
        stage: name.to_owned(),
        phases: Box::new([before, during, after]),
        unset,
        then,
    })
}
