//! Reads one TOML file leniently: every fault is noted with its exact place, and reading goes on.

use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::Fault;

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
}

impl<'f> Reader<'f> {
    /// Parses `text`; what could be read is returned, what could not stands in `faults`.
    pub fn parse(file: &'f str, text: &'f str) -> (Self, Spanned<DeTable<'f>>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut reader = Self { file, text, faults: Vec::new(), broken: !errors.is_empty() };
        if let Some(block) = unclosed_block(text).filter(|_| !errors.is_empty()) {
            // All that follows an open block is read wrongly; only the block itself is worth telling.
            let fault = Fault::new(file, block, "blok teks ini tidak ditutup");
            reader.faults.push(fault.hint("tutup dengan tiga tanda kutip ''' di baris sendiri"));
            return (reader, table);
        }
        let mut last_line = None;
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            // One mistake often breaks what follows on the line; the first message is the one that helps.
            let line = text.get(..span.start).map(|t| t.matches('\n').count());
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
                let message = format!("tanggal \"{written}\" {problem}");
                self.fault(value.span(), message).hint =
                    Some("tulis TTTT-BB-HH di antara tanda kutip, misalnya \"2024-02-14\"".to_owned());
                None
            }
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
        if self.span.is_empty() && reader.broken {
            // An entry whose head can't be read leaves its keys to the file as a whole.
            return;
        }
        for (key, span, _) in self.keys() {
            if !known.contains(&key) {
                let fault = reader.fault(span, format!("kunci `{key}` tidak dikenal di {}", self.what));
                fault.hint = Some(match nearest(key, known.iter().copied()) {
                    Some(near) => format!("maksud Anda `{near}`?"),
                    None => format!("yang dikenal: {}", known.join(", ")),
                });
            }
        }
    }

    /// The value of `key`, if it is there.
    pub fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'f>>> {
        self.table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value)
    }

    /// The value of `key`; that it is missing is a fault.
    pub fn require(&self, reader: &mut Reader<'f>, key: &str) -> Option<&'t Spanned<DeValue<'f>>> {
        let found = self.get(key);
        if found.is_none() && !reader.broken {
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
            reader.wrong_type(value, "true atau false, tanpa tanda kutip");
            default
        })
    }

    /// A whole or decimal number that may be missing.
    pub fn number(&self, reader: &mut Reader<'f>, key: &str) -> Option<(f64, Range<usize>)> {
        let value = self.get(key)?;
        match number_of(value.get_ref()) {
            Some(number) => Some((number, value.span())),
            None => {
                reader.wrong_type(value, "sebuah bilangan, tanpa tanda kutip");
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

/// The known word nearest to `word`, if one is near enough to be meant.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|k| (strsim::jaro_winkler(word, k), k))
        .filter(|(similarity, _)| *similarity >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}

/// The opening quotes of the first ''' block that runs into the next key or entry, or to the end of the file.
fn unclosed_block(text: &str) -> Option<Range<usize>> {
    let looks_like_toml = |line: &str| {
        let key = line.split_once('=').map_or("", |(key, _)| key.trim_end());
        line.starts_with("[[")
            || !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && line.contains(" = ")
    };
    let mut open: Option<Range<usize>> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if open.is_some() && looks_like_toml(line) {
            return open;
        }
        for (at, _) in line.match_indices("'''") {
            open = if open.is_some() { None } else { Some(offset + at..offset + at + 3) };
        }
        offset += line.len();
    }
    open
}

/// The parser's English message in the words of a maintainer, with the usual cause as the hint.
fn syntax_fault(file: &str, text: &str, span: Range<usize>, message: &str) -> Fault {
    let line_start = text[..span.start.min(text.len())].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[line_start..].find('\n').map_or(text.len(), |i| line_start + i);
    let line = &text[line_start..line_end];
    let curly = line.contains(['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}']);
    let (what, hint) = if curly {
        (
            "tanda kutip ini melengkung",
            "pakai tanda kutip lurus \" atau '; pengolah kata sering menggantinya menjadi kutip melengkung",
        )
    } else if message.starts_with("missing comma") || message.starts_with("unclosed array,") {
        ("daftar ini tidak utuh", "beri koma di antara isi daftar dan tutup dengan ]: [\"satu\", \"dua\"]")
    } else if message.starts_with("string values must be quoted") {
        ("teks ini tidak diapit tanda kutip", "tulis di antara tanda kutip: kunci = \"teks\"")
    } else if message.starts_with("invalid basic string") || message.starts_with("invalid literal string") {
        ("tanda kutip penutup tidak ada", "tutup teks dengan tanda kutip yang sama di baris yang sama")
    } else if message.starts_with("key with no value") && line.contains(':') {
        ("kunci dan isi dipisah titik dua", "pakai tanda sama dengan: kunci = \"isi\"")
    } else if message.starts_with("key with no value") {
        ("kunci ini tidak punya isi", "tulis kunci = \"isi\"")
    } else if message.starts_with("unexpected key or value") {
        (
            "ada yang berlebih di baris ini",
            "satu baris satu kunci; teks yang memuat tanda kutip ' ditulis di antara \" atau dalam blok '''",
        )
    } else if message.starts_with("duplicate key") {
        ("kunci ini sudah ada sebelumnya", "hapus salah satu, atau mulai entri baru dengan [[entry]]")
    } else if message.starts_with("unclosed") {
        ("kurung siku ini tidak ditutup", "kepala entri ditulis [[entry]] dengan dua kurung di kedua sisi")
    } else if message.contains("date") || message.contains("time") || message.contains("day between") {
        ("tanggal ini tidak ada di kalender", "tulis TTTT-BB-HH di antara tanda kutip, misalnya \"2024-02-14\"")
    } else if message.contains("escape") {
        (
            "garis miring terbalik tidak dikenal di sini",
            "pakai blok ''' ... ''': di dalamnya semua tanda ditulis apa adanya",
        )
    } else if line.starts_with('\t') {
        ("baris ini tidak terbaca", "baris ini diawali tab; hapus atau ganti dengan spasi")
    } else {
        ("baris ini tidak terbaca", "periksa tanda kutip, koma, dan tanda sama dengan di baris ini")
    };
    let span =
        if span.is_empty() { span.start.saturating_sub(1).max(line_start)..span.start.max(line_start) } else { span };
    Fault::new(file, span, what).hint(hint)
}
