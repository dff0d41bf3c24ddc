//! `asn-cek.toml`: who x what, may they? Each cell names the entry where the rule stands, and says it in one sentence.
//!
//! Nothing follows from anything here: a cell that nobody wrote is one that a person must answer.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, FixedOffset};

use super::entry::{Phrasing, check_button, check_id};
use super::fault::Fault;
use super::markup::{self, Document};
use super::reader::{Reader, Table, Text, nearest};
use super::{Answer, Faq, day_of};
use crate::text::language::Language;
use crate::text::normalize::words;

/// The file it stands in.
pub const FILE: &str = "asn-cek.toml";
/// The longest id of a who or a what, in bytes: both go into one button.
pub const LONGEST_ID: usize = 24;
/// The longest sentence of a cell, in characters.
const LONGEST_SAYS: usize = 300;

/// Whether somebody may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// They may.
    Yes,
    /// They must not.
    No,
    /// It depends.
    Depends,
}

impl May {
    const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Depends];

    /// As `may` is written in a cell.
    pub fn written(self) -> &'static str {
        match self {
            Self::Yes => "boleh",
            Self::No => "tidak",
            Self::Depends => "tergantung",
        }
    }

    /// What a cell's sentence begins with.
    pub fn head(self) -> &'static str {
        match self {
            Self::Yes => "**Boleh.**",
            Self::No => "**Tidak boleh.**",
            Self::Depends => "**Tergantung.**",
        }
    }

    /// The same in English.
    pub fn head_en(self) -> &'static str {
        match self {
            Self::Yes => "**Allowed.**",
            Self::No => "**Not allowed.**",
            Self::Depends => "**It depends.**",
        }
    }

    /// What a text says first, if its first words, in bold, are yes or no. "ASN boleh ..." begins with neither.
    pub fn said_first(text: &str) -> Option<Self> {
        let said = words(after_expressions(text).strip_prefix("**")?.split("**").next()?);
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        match said.as_slice() {
            ["tergantung", ..] => Some(Self::Depends),
            ["tidak" | "dilarang" | "jangan", ..] | ["ya", "dilarang", ..] => Some(Self::No),
            ["boleh", ..] | ["ya", "boleh", ..] => Some(Self::Yes),
            _ => None,
        }
    }

    /// Whether the one says no where the other says yes.
    pub fn contradicts(self, other: Self) -> bool {
        self != other && self != Self::Depends && other != Self::Depends
    }
}

/// `text` without the `{{ ... }}` that it begins with: what these say holds on some days only.
fn after_expressions(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some((_, after)) = rest.strip_prefix("{{").and_then(|inside| inside.split_once("}}")) {
        rest = after.trim_start();
    }
    rest
}

/// A row or a column: those who ask, or what they would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its name in cells and buttons.
    pub id: Text,
    /// What stands on its button.
    pub title: String,
    /// The same in English, if it was put into English.
    pub title_en: Option<String>,
    /// What people call it.
    pub called: Vec<Phrasing>,
}

impl Heading {
    /// Its title in `language`; in Indonesian where it has none.
    pub fn title_in(&self, language: Language) -> &str {
        language.pick(&self.title, self.title_en.as_deref())
    }
}

/// Whether somebody may do something, and where that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Who, by id.
    pub who: Text,
    /// What, by id.
    pub what: Text,
    /// Whether they may.
    pub may: May,
    /// The entry where the rule stands.
    pub entry: Text,
    /// One sentence with light markup, the verdict first.
    pub says: Text,
    /// The same in English, if it was put into English.
    pub says_en: Option<Text>,
    /// The entry that tells the sanctions.
    pub sanction: Option<Text>,
    /// The entry that tells where to report, or how to be heard.
    pub report: Option<Text>,
}

impl Cell {
    /// The entries it names, each with its key.
    pub fn entries(&self) -> impl Iterator<Item = (&'static str, &Text)> {
        let others = [("sanction", &self.sanction), ("report", &self.report)];
        std::iter::once(("entry", &self.entry))
            .chain(others.into_iter().filter_map(|(key, id)| id.as_ref().map(|id| (key, id))))
    }
}

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AsnCheck {
    /// Those who ask, in the order of the file.
    pub who: Vec<Heading>,
    /// What they would do, in the order of the file.
    pub what: Vec<Heading>,
    /// The cells that were written, in the order of the file.
    pub cells: Vec<Cell>,
}

impl AsnCheck {
    /// The row of that id.
    pub fn who(&self, id: &str) -> Option<&Heading> {
        self.who.iter().find(|heading| heading.id.value == id)
    }

    /// The column of that id.
    pub fn what(&self, id: &str) -> Option<&Heading> {
        self.what.iter().find(|heading| heading.id.value == id)
    }

    /// The number of the cell, if it was written.
    pub fn cell(&self, who: &str, what: &str) -> Option<usize> {
        self.cells.iter().position(|cell| cell.who.value == who && cell.what.value == what)
    }
}

impl Faq {
    /// The answer of a cell on the day of `now`: its sentence, with the sources and the code of the entry where the rule stands.
    /// None if that entry is not given then.
    pub fn cell_answer(&self, cell: &Cell, language: Language, now: DateTime<FixedOffset>) -> Option<Answer> {
        let today = day_of(now);
        let given = |id: &str| self.entry(id).filter(|entry| entry.is_valid(today));
        let entry = given(&cell.entry.value)?;
        let mut related = vec![(entry.id.clone(), self.wordings.say(language, "button_whole", &[]))];
        for (_, id) in cell.entries().skip(1) {
            let other = given(&id.value).filter(|other| related.iter().all(|(id, _)| *id != other.id));
            related.extend(other.map(|other| (other.id.clone(), other.title_in(language).to_owned())));
        }
        let english = cell.says_en.as_ref().filter(|_| language == Language::English);
        let says = english.unwrap_or(&cell.says).value.trim();
        let body = markup::parse(says).unwrap_or_else(|_| Document::plain_text(says.to_owned()));
        Some(Answer {
            id: entry.id.clone(),
            code: self.code(entry),
            title: entry.title_in(language).to_owned(),
            language,
            body: if english.is_some() { body } else { self.in_indonesian(language, body) },
            more: None,
            footer: self.footer(entry, language, today),
            related,
            coming: None,
            share: None,
        })
    }

    /// What a press on a row and a column asks, in words.
    pub fn cell_question(&self, who: &Heading, what: &Heading) -> String {
        let titles = [("who", &*within(&who.title)), ("what", &*within(&what.title))];
        self.wordings.say(Language::Indonesian, "asn_question", &titles)
    }
}

/// `title` as it stands within a sentence: its first letter small, unless it is an abbreviation ("KPPS").
fn within(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}

/// Reads `asn-cek.toml`.
pub fn read<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> AsnCheck {
    root.only(reader, &["who", "what", "cell"]);
    let mut table = AsnCheck {
        who: read_headings(reader, root, "pelaku", "who"),
        what: read_headings(reader, root, "perbuatan", "what"),
        cells: Vec::new(),
    };
    let mut first: HashMap<(String, String), Range<usize>> = HashMap::new();
    for cell in root.list(reader, "sel", "cell").unwrap_or_default() {
        let place = cell.span.clone();
        let Some(cell) = read_cell(reader, &cell, &table) else { continue };
        let key = (cell.who.value.clone(), cell.what.value.clone());
        if let Some(earlier) = first.get(&key) {
            let message = format!("sel `{}` x `{}` ada dua", key.0, key.1);
            let fault =
                Fault::new(reader.file, place, message).also(reader.file, earlier.clone(), "pertama kali di sini");
            reader.faults.push(fault.hint("hapus salah satu: satu pelaku dan satu perbuatan punya satu jawaban"));
            continue;
        }
        first.insert(key, place);
        table.cells.push(cell);
    }
    table
}

fn read_headings<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>, what: &'static str, key: &str) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut called: HashMap<Vec<String>, (String, Range<usize>)> = HashMap::new();
    for table in root.list(reader, what, key).unwrap_or_default() {
        table.only(reader, &["id", "title", "title_en", "called"]);
        let (id, title) = (table.text(reader, "id"), table.text(reader, "title"));
        let lines = table.text(reader, "called");
        let (Some(id), Some(title), Some(lines)) = (id, title, lines) else { continue };
        check_id(reader, &id, LONGEST_ID);
        let title_en = table.optional_text(reader, "title_en");
        std::iter::once(&title).chain(&title_en).for_each(|title| check_button(reader, title));
        if let Some(other) = headings.iter().find(|other| other.id.value == id.value) {
            let fault = Fault::new(reader.file, id.span.clone(), format!("{what} `{}` ada dua", id.value));
            let fault = fault.also(reader.file, other.id.span.clone(), "pertama kali di sini");
            reader.faults.push(fault.hint("gabungkan keduanya, atau ganti id-nya"));
            continue;
        }
        for line in lines.lines() {
            let form = words(&line.value);
            match called.get(&form) {
                _ if form.is_empty() => {
                    reader.fault(line.span.clone(), "sebutan ini tidak memuat satu kata pun");
                }
                Some((owner, place)) if *owner != id.value => {
                    let message = format!("sebutan \"{}\" sudah milik {what} `{owner}`", line.value);
                    let fault = Fault::new(reader.file, line.span.clone(), message);
                    let fault = fault.also(reader.file, place.clone(), "pertama kali di sini");
                    reader.faults.push(fault.hint("satu sebutan hanya berarti satu; hapus salah satu"));
                }
                _ => drop(called.insert(form, (id.value.clone(), line.span))),
            }
        }
        let called = lines.lines().into_iter().map(|line| Phrasing { text: line.value, span: line.span }).collect();
        let title_en = title_en.map(|title| title.value.trim().to_owned());
        headings.push(Heading { id, title: title.value.trim().to_owned(), title_en, called });
    }
    headings
}

fn read_cell<'f>(reader: &mut Reader<'f>, cell: &Table<'_, 'f>, table: &AsnCheck) -> Option<Cell> {
    cell.only(reader, &["who", "what", "may", "entry", "says", "says_en", "sanction", "report"]);
    let (who, what) = (cell.text(reader, "who"), cell.text(reader, "what"));
    let may = cell.text(reader, "may").and_then(|may| read_may(reader, &may));
    let (entry, says) = (cell.text(reader, "entry"), cell.text(reader, "says"));
    let says_en = cell.optional_text(reader, "says_en");
    let (sanction, report) = (cell.optional_text(reader, "sanction"), cell.optional_text(reader, "report"));
    if let Some(who) = &who {
        known(reader, who, "pelaku", "who", &table.who);
    }
    if let Some(what) = &what {
        known(reader, what, "perbuatan", "what", &table.what);
    }
    if let Some(says) = &says {
        check_says(reader, "says", says, may, May::head);
    }
    if let Some(says) = &says_en {
        check_says(reader, "says_en", says, may, May::head_en);
    }
    Some(Cell { who: who?, what: what?, may: may?, entry: entry?, says: says?, says_en, sanction, report })
}

fn read_may(reader: &mut Reader<'_>, written: &Text) -> Option<May> {
    let may = May::ALL.into_iter().find(|may| may.written() == written.value.trim());
    if may.is_none() {
        let message = format!("`may` berisi \"{}\", yang tidak dikenal", written.value);
        reader.fault(written.span.clone(), message).hint =
            Some("tulis \"boleh\", \"tidak\", atau \"tergantung\"".to_owned());
    }
    may
}

/// That a cell's row or column exists.
fn known(reader: &mut Reader<'_>, id: &Text, what: &str, key: &str, headings: &[Heading]) {
    if reader.is_broken() || headings.iter().any(|heading| heading.id.value == id.value) {
        return;
    }
    let near = nearest(&id.value, headings.iter().map(|heading| heading.id.value.as_str())).map(str::to_owned);
    reader.fault(id.span.clone(), format!("{what} `{}` tidak ada", id.value)).hint = Some(match near {
        Some(near) => format!("maksud Anda `{near}`?"),
        None => format!("tambahkan blok [[{key}]] dengan id itu, atau ganti"),
    });
}

/// The sentence begins with the verdict of its cell, and is one that can be shown.
fn check_says(reader: &mut Reader<'_>, key: &str, says: &Text, may: Option<May>, head: fn(May) -> &'static str) {
    let text = says.value.trim();
    if let Some(may) = may.filter(|may| !text.starts_with(head(*may))) {
        let first = May::ALL.into_iter().find(|other| text.starts_with(head(*other)));
        let message = match first {
            Some(other) => {
                format!("kalimat ini mulai dengan {}, padahal `may` berisi \"{}\"", head(other), may.written())
            }
            None => format!("kalimat ini tidak mulai dengan {}", head(may)),
        };
        reader.fault(says.span.clone(), message).hint =
            Some(format!("\"{}\" ditulis {}; ubah `{key}` atau `may`", may.written(), head(may)));
    }
    let length = text.chars().count();
    if length > LONGEST_SAYS {
        let message = format!("kalimat ini {length} huruf; paling banyak {LONGEST_SAYS}");
        reader.fault(says.span.clone(), message).hint = Some("rinciannya sudah ada di entrinya".to_owned());
    }
    if text.contains("{{") || text.contains("{%") {
        reader.fault(says.find("{"), format!("templat tidak dibaca di `{key}`")).hint =
            Some("tanggal dan angka ada di entrinya; di sini cukup aturannya".to_owned());
    }
    for error in markup::parse(&says.value).err().unwrap_or_default() {
        reader.fault(says.at(error.range), error.message).hint = Some(error.hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_says_first() {
        for (text, wanted) in [
            ("**Tidak boleh.** ASN dilarang ...", Some(May::No)),
            ("**Tidak boleh** jika itu grup", Some(May::No)),
            ("\n{{ a.b | pilih(\"\", \"**Boleh.**\") }}{{ c.d }}\n\n**Boleh, tetapi** harus cuti.", Some(May::Yes)),
            ("**Ya, ASN boleh memilih.**", None),
            ("**Ya, boleh.**", Some(May::Yes)),
            ("**Tergantung grupnya.**", Some(May::Depends)),
            ("Boleh saja", None),
            ("**Fasilitas negara tidak boleh dipakai**", None),
        ] {
            assert_eq!(May::said_first(text), wanted, "{text}");
        }
        assert!(May::Yes.contradicts(May::No) && !May::Yes.contradicts(May::Depends) && !May::No.contradicts(May::No));
    }
}
