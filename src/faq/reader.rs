//! Reads one TOML file leniently: every fault is noted with its exact place, and reading goes on.

use std::collections::HashSet;
use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use unicode_normalization::UnicodeNormalization;

use super::fault::{Fault, Rank};
use super::head::{self, Heads, Wrong};
pub use super::near::nearest;
use super::near::nearest_key;
use super::syntax::{number_in_words, syntax_fault, unclosed_block};

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text itself.
    pub value: String,
    /// Its bytes in the file, quotes included.
    pub span: Range<usize>,
    /// Where its first character stands, if the text stands in the file as it is (no escapes).
    start: Option<usize>,
}

impl Text {
    /// `value` as it is read from the bytes `span` of `file`.
    pub fn new(value: &str, span: Range<usize>, file: &str) -> Self {
        let raw = file.get(span.clone()).unwrap_or_default();
        let quote = if raw.starts_with("'''") || raw.starts_with("\"\"\"") { 3 } else { 1 };
        let newline = usize::from(quote == 3 && raw[quote..].starts_with('\n'));
        let start = span.start + quote + newline;
        let verbatim = file.get(start..).is_some_and(|rest| rest.starts_with(value));
        Self { value: value.to_owned(), start: verbatim.then_some(start), span }
    }

    /// The file's bytes that hold `range` of the text; the whole text where escapes hide the place.
    pub fn at(&self, range: Range<usize>) -> Range<usize> {
        self.start.map_or(self.span.clone(), |start| start + range.start..start + range.end)
    }

    /// The first place of `part` in the text; the whole text if it is not there.
    pub fn find(&self, part: &str) -> Range<usize> {
        self.value.find(part).map_or(self.span.clone(), |at| self.at(at..at + part.len()))
    }

    /// The lines that are not empty, trimmed, each with its place in the file.
    pub fn lines(&self) -> Vec<Text> {
        let mut lines = Vec::new();
        let mut offset = 0;
        for line in self.value.split_inclusive('\n') {
            let trimmed = line.trim();
            if !trimmed.is_empty() {
                let from = offset + (line.len() - line.trim_start().len());
                let span = self.at(from..from + trimmed.len());
                lines.push(Text { value: trimmed.to_owned(), start: self.start.map(|s| s + from), span });
            }
            offset += line.len();
        }
        lines
    }
}

/// The file being read and what was found wrong in it.
#[derive(Debug)]
pub struct Reader<'f> {
    /// The file's name, relative to the FAQ folder.
    pub file: &'f str,
    /// The file's text, with line ends as `\n`.
    pub text: &'f str,
    /// What was found wrong.
    pub faults: Vec<Fault>,
    /// Whether the syntax was at fault: then that something is missing or out of place is no news.
    broken: bool,
    /// Heads that are written otherwise than the file's kind wants them.
    heads: Vec<Wrong>,
    /// Whether a block of text was not closed: then all that follows it was read wrongly.
    unclosed: bool,
    /// Keys that are there under a misspelt name, each with the start of its table.
    misspelt: HashSet<(usize, String)>,
}

impl<'f> Reader<'f> {
    /// Parses `text`; what could be read is returned, what could not stands in `faults`.
    pub fn parse(file: &'f str, text: &'f str, heads: Heads) -> (Self, Spanned<DeTable<'f>>) {
        let (table, mut errors) = DeTable::parse_recoverable(text);
        let heads = head::wrong(text, heads);
        if !heads.is_empty() {
            // A head with one bracket that stands twice is no second mistake, nor what it makes of the keys below.
            errors.retain(|error| !error.message().starts_with("duplicate key"));
        }
        let broken = !errors.is_empty() || !heads.is_empty();
        let faults = head::faults(file, text, &heads);
        let mut reader = Self { file, text, faults, broken, heads, misspelt: HashSet::new(), unclosed: false };
        if let Some((block, what, hint)) = unclosed_block(text).filter(|_| !errors.is_empty()) {
            // All that follows an open block is read wrongly; only the block itself is worth telling.
            reader.unclosed = true;
            let fault = Fault::new(file, block, what).hint(hint);
            reader.faults.push(fault.rank(Rank::Syntax));
            return (reader, table);
        }
        let mut last_line = None;
        let mut doubled: Option<usize> = None;
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            // One mistake often breaks what follows on the line; the first message is the one that helps.
            let line = text.get(..span.start).map(|t| t.matches('\n').count());
            if error.message().starts_with("duplicate key") {
                // Below a head that is gone every key is there already; once is enough.
                let since = doubled.replace(span.start).and_then(|start| text.get(start..span.start));
                if since.is_some_and(|since| !since.contains("\n[")) {
                    continue;
                }
            }
            if line != last_line {
                reader.faults.push(syntax_fault(file, text, span, error.message()));
                last_line = line;
            }
        }
        (reader, table)
    }

    /// Whether the syntax was at fault, so that what seems missing may only be unread.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// What was found wrong. A line that can't be read is told as such, and nothing else of it.
    pub fn finish(self) -> Vec<Fault> {
        let line = |fault: &Fault| {
            let start = fault.span.as_ref().map(|span| span.start);
            start.map(|start| self.text.get(..start).unwrap_or_default().matches('\n').count())
        };
        let mut unread: HashSet<Option<usize>> =
            self.faults.iter().filter(|fault| fault.rank == Rank::Syntax).map(line).collect();
        let heads = self.heads.iter().map(|head| self.text[..head.span.start].matches('\n').count());
        unread.extend(heads.map(Some));
        let kept = |fault: &Fault| fault.rank <= Rank::Syntax || !self.unclosed && !unread.contains(&line(fault));
        self.faults.iter().filter(|fault| kept(fault)).cloned().collect()
    }

    /// Notes a fault at `span`.
    pub fn fault(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Fault {
        self.faults.push(Fault::new(self.file, span, message));
        self.faults.last_mut().expect("just pushed")
    }

    /// A table to take keys from. `what` names it in messages: "entri", "tahapan".
    pub fn table<'t>(&mut self, what: &'static str, value: &'t Spanned<DeValue<'f>>) -> Option<Table<'t, 'f>> {
        match value.get_ref().as_table() {
            Some(table) => Some(Table { what, table, span: value.span() }),
            None => {
                self.wrong_type(value, "sebuah tabel, ditulis [nama] di baris sendiri");
                None
            }
        }
    }

    /// The tables of an array such as `[[entry]]`.
    pub fn tables<'t>(&mut self, what: &'static str, value: &'t Spanned<DeValue<'f>>) -> Vec<Table<'t, 'f>> {
        match value.get_ref().as_array() {
            Some(array) => array.iter().filter_map(|item| self.table(what, item)).collect(),
            None => {
                self.wrong_type(value, "daftar tabel, ditulis [[nama]] dengan dua kurung siku");
                Vec::new()
            }
        }
    }

    /// `value` as text.
    pub fn text_of(&mut self, value: &Spanned<DeValue<'f>>) -> Option<Text> {
        match value.get_ref() {
            DeValue::String(text) => Some(Text::new(text, value.span(), self.text)),
            _ => {
                self.wrong_type(value, "teks di antara tanda kutip");
                None
            }
        }
    }

    /// `value` as a date, written "TTTT-BB-HH" with or without quotes.
    pub fn date_of(&mut self, value: &Spanned<DeValue<'f>>) -> Option<(NaiveDate, Range<usize>)> {
        let written = match value.get_ref() {
            DeValue::String(text) => text.trim().to_owned(),
            DeValue::Datetime(date) => date.to_string(),
            _ => {
                self.wrong_type(value, "tanggal seperti \"2024-02-14\"");
                return None;
            }
        };
        if written.is_empty() && self.broken {
            return None;
        }
        match parse_date(&written) {
            Ok(date) => Some((date, value.span())),
            Err(problem) => {
                let (message, hint) = match lookalike(&written) {
                    Some((sign, plain)) => {
                        let code = sign as u32;
                        let message =
                            format!("tanggal ini memuat \"{sign}\" (U+{code:04X}), yang hanya mirip tanda biasa");
                        (message, format!("ketik ulang: \"{plain}\""))
                    }
                    None => (
                        format!("tanggal \"{written}\" {problem}"),
                        "tulis TTTT-BB-HH di antara tanda kutip, misalnya \"2024-02-14\"".to_owned(),
                    ),
                };
                self.fault(value.span(), message).hint = Some(hint);
                None
            }
        }
    }

    /// Notes that `value` is no number, or none that fits, with how to write it if it is meant as one.
    pub fn wrong_number(&mut self, value: &Spanned<DeValue<'f>>) {
        let text = value.get_ref().as_str().map(str::trim);
        let grouped = match value.get_ref() {
            DeValue::Float(number) => thousands(number.as_str()),
            _ => None,
        };
        let plain =
            text.and_then(|text| number_in_words(text).or_else(|| text.parse::<f64>().ok().map(|_| text.to_owned())));
        match plain.or_else(|| grouped.clone()) {
            Some(plain) => {
                let what = if grouped.is_some() {
                    "bilangan ini memuat titik ribuan"
                } else {
                    "bilangan ini ditulis sebagai teks"
                };
                self.fault(value.span(), what).hint =
                    Some(format!("tulis {plain}: tanpa tanda kutip dan titik ribuan, pecahan dengan titik"));
            }
            None => self.wrong_type(value, "sebuah bilangan, tanpa tanda kutip dan tanpa titik ribuan"),
        }
    }

    /// Notes that `value` is of another type than wanted.
    pub fn wrong_type(&mut self, value: &Spanned<DeValue<'f>>, wanted: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "teks",
            DeValue::Integer(_) => "bilangan bulat",
            DeValue::Float(_) => "bilangan pecahan",
            DeValue::Boolean(_) => "ya/tidak (true/false)",
            DeValue::Datetime(_) => "tanggal",
            DeValue::Array(_) => "daftar",
            DeValue::Table(_) => "tabel",
        };
        self.fault(value.span(), format!("isi ini {found}; seharusnya {wanted}"));
    }
}

/// One table of a file, from which keys are taken one by one.
#[derive(Debug, Clone)]
pub struct Table<'t, 'f> {
    what: &'static str,
    table: &'t DeTable<'f>,
    /// Where the table's head stands.
    pub span: Range<usize>,
}

impl<'t, 'f> Table<'t, 'f> {
    /// The file as one table.
    pub fn root(what: &'static str, table: &'t Spanned<DeTable<'f>>) -> Self {
        Self { what, table: table.get_ref(), span: 0..0 }
    }

    /// All keys with their places, in the order of the file.
    pub fn keys(&self) -> Vec<(&str, Range<usize>, &'t Spanned<DeValue<'f>>)> {
        let mut keys: Vec<_> =
            self.table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
        keys.sort_by_key(|(_, span, _)| span.start);
        keys
    }

    /// Notes every key that is not in `known`, with the nearest one that is.
    pub fn only(&self, reader: &mut Reader<'f>, known: &[&str]) {
        /// A list that is longer helps nobody.
        const MOST: usize = 16;
        /// Strange keys from which on they are told together.
        const MANY: usize = 3;
        if self.span.is_empty() && reader.broken && reader.heads.is_empty() {
            // An entry whose head can't be read leaves its keys to the file as a whole.
            return;
        }
        let told = |key: &str| self.span.is_empty() && reader.heads.iter().any(|head| head.name == key);
        let unknown: Vec<_> =
            self.keys().into_iter().filter(|(key, _, _)| !known.contains(key) && !told(key)).collect();
        let far: Vec<_> = unknown.iter().filter(|(key, _, _)| nearest_key(key, known).is_none()).collect();
        if far.len() >= MANY {
            // So many strange keys in a row are those of another table, whose head is gone.
            let (key, span, _) = far[0];
            let others = far.len() - 1;
            let message = format!("kunci `{key}` dan {others} kunci lain sesudahnya tidak dikenal di {}", self.what);
            let hint = if self.span.is_empty() {
                "mungkin baris kepala hilang: entri diawali [[entry]] di baris sendiri"
            } else {
                "mungkin baris kepala hilang di atasnya, misalnya [[entry]] atau [figures]"
            };
            reader.faults.push(Fault::new(reader.file, span.clone(), message).hint(hint).rank(Rank::Syntax));
            reader.broken = true;
            return;
        }
        for (key, span, _) in unknown {
            let near = nearest_key(key, known);
            if let Some(near) = near {
                reader.misspelt.insert((self.span.start, near.to_owned()));
            }
            let fault = reader.fault(span, format!("kunci `{key}` tidak dikenal di {}", self.what));
            fault.hint = Some(match near {
                Some(near) if self.get(near).is_some() => format!("`{near}` sudah ada; hapus baris ini"),
                Some(near) => format!("maksud Anda `{near}`?"),
                None if known.len() <= MOST => format!("hapus atau ganti; yang dikenal: {}", known.join(", ")),
                None => "hapus atau ganti dengan kunci yang dikenal".to_owned(),
            });
        }
    }

    /// The tables of a list such as `[[entry]]`, those included whose head is not as it should be.
    pub fn list(&self, reader: &mut Reader<'f>, what: &'static str, key: &str) -> Option<Vec<Table<'t, 'f>>> {
        let meant: Vec<String> =
            reader.heads.iter().filter(|head| head.meant == key).map(|head| head.name.clone()).collect();
        let mut found = None;
        for (name, _, value) in self.keys() {
            if name == key || meant.iter().any(|other| other == name) {
                let tables = found.get_or_insert_with(Vec::new);
                match value.get_ref() {
                    // The head with one bracket has been told.
                    DeValue::Table(table) if !meant.is_empty() => {
                        tables.push(Table { what, table, span: value.span() });
                    }
                    _ => tables.extend(reader.tables(what, value)),
                }
            }
        }
        found
    }

    /// The value of `key`, if it is there.
    pub fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'f>>> {
        self.table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value)
    }

    /// Whether `key` is there, or misspelt, which has been told.
    pub fn has(&self, reader: &Reader<'f>, key: &str) -> bool {
        self.get(key).is_some() || reader.misspelt.contains(&(self.span.start, key.to_owned()))
    }

    /// The value of `key`; that it is missing is a fault.
    pub fn require(&self, reader: &mut Reader<'f>, key: &str) -> Option<&'t Spanned<DeValue<'f>>> {
        let found = self.get(key);
        if !reader.broken && !self.has(reader, key) {
            reader.fault(self.span.clone(), format!("kunci `{key}` belum ada di {}", self.what)).hint =
                Some(format!("tambahkan baris {key} = ..."));
        }
        found
    }

    /// A text that must be there and not be empty.
    pub fn text(&self, reader: &mut Reader<'f>, key: &str) -> Option<Text> {
        let text = self.require(reader, key).and_then(|value| reader.text_of(value))?;
        if text.value.trim().is_empty() {
            reader.fault(text.span.clone(), format!("`{key}` masih kosong"));
            return None;
        }
        Some(text)
    }

    /// A text that may be missing.
    pub fn optional_text(&self, reader: &mut Reader<'f>, key: &str) -> Option<Text> {
        self.get(key).and_then(|value| reader.text_of(value))
    }

    /// A list of texts; empty if it is missing.
    pub fn texts(&self, reader: &mut Reader<'f>, key: &str) -> Vec<Text> {
        let Some(value) = self.get(key) else { return Vec::new() };
        match value.get_ref().as_array() {
            Some(array) => array.iter().filter_map(|item| reader.text_of(item)).collect(),
            None => {
                reader.wrong_type(value, "daftar teks, misalnya [\"satu\", \"dua\"]");
                Vec::new()
            }
        }
    }

    /// A date that may be missing.
    pub fn date(&self, reader: &mut Reader<'f>, key: &str) -> Option<(NaiveDate, Range<usize>)> {
        self.get(key).and_then(|value| reader.date_of(value))
    }

    /// true or false; `default` if it is missing.
    pub fn flag(&self, reader: &mut Reader<'f>, key: &str, default: bool) -> bool {
        let Some(value) = self.get(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            reader.wrong_type(value, "true (ya) atau false (tidak), tanpa tanda kutip");
            default
        })
    }

    /// A whole or decimal number that may be missing.
    pub fn number(&self, reader: &mut Reader<'f>, key: &str) -> Option<(f64, Range<usize>)> {
        let value = self.get(key)?;
        match number_of(value.get_ref()) {
            Some(number) => Some((number, value.span())),
            None => {
                reader.wrong_number(value);
                None
            }
        }
    }
}

/// `value` as a number, if it is one.
pub fn number_of(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(n) => n.as_str().replace('_', "").parse().ok(),
        DeValue::Float(n) => n.as_str().replace('_', "").parse().ok(),
        _ => None,
    }
}

/// `27.040`, which a program reads as a fraction, without its dot.
fn thousands(number: &str) -> Option<String> {
    let (whole, rest) = number.split_once('.')?;
    (whole.len() <= 3 && rest.len() == 3).then(|| format!("{whole}{rest}"))
}

/// "TTTT-BB-HH" to a date, or what is wrong with it.
pub(super) fn parse_date(written: &str) -> Result<NaiveDate, &'static str> {
    let parts: Vec<&str> = written.split('-').collect();
    let [year, month, day] = parts[..] else { return Err("tidak berbentuk tanggal") };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return Err("tidak berbentuk tanggal");
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else {
        return Err("tidak berbentuk tanggal");
    };
    NaiveDate::from_ymd_opt(year, month, day).ok_or("tidak ada di kalender")
}

/// The first sign of a date that only looks like a hyphen or a digit, and the date with plain ones.
fn lookalike(written: &str) -> Option<(char, String)> {
    const DASHES: &str = "\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{fe63}\u{ff0d}\u{ad}";
    let odd = written.chars().find(|c| !c.is_ascii())?;
    let plain: String = written.nfkc().map(|c| if DASHES.contains(c) { '-' } else { c }).collect();
    parse_date(&plain).is_ok().then_some((odd, plain))
}
