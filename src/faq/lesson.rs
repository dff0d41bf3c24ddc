//! What moderators add to a FAQ: a phrasing of an entry, or an entry. It is written into the files as a maintainer would
//! write it, in place, and nothing else in them moves: what serves with it is what serves once the files are exported.

use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use toml::de::DeTable;

use super::fault::Report;
use super::kind::Kind;
use super::source::{File, Source};
use super::{Faq, phrasing};
use crate::text::normalize::words;

/// What opens and closes a block of text.
const BLOCK: &str = "'''";
/// Why a FAQ of another form takes nothing in.
const NO_FOLDER: &str = "hanya folder FAQ berisi berkas .toml yang bisa ditambahi";

/// What moderators add to a FAQ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lesson {
    /// One more way of asking an entry.
    Phrasing {
        /// The entry's id.
        entry: String,
        /// As people type it.
        text: String,
    },
    /// A new entry.
    Entry(NewEntry),
}

/// An entry as moderators drafted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEntry {
    /// Its id.
    pub id: String,
    /// A short question in plain words.
    pub title: String,
    /// The file that it goes into, without `.toml`.
    pub file: String,
    /// The law or publisher that says so.
    pub source: String,
    /// What it says, in light markup.
    pub answer: String,
    /// The ways of asking it.
    pub questions: Vec<String>,
    /// The day on which moderators agreed on it.
    pub reviewed: NaiveDate,
}

/// What became of a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// It stands in the files now.
    Added,
    /// The files had it already.
    There,
    /// The files can't take it, for this reason, in Indonesian.
    Unfit(String),
}

impl Lesson {
    /// Why it can't stand in a file whatever that says, in Indonesian.
    fn unwritable(&self) -> Option<String> {
        let texts: Vec<&str> = match self {
            Self::Phrasing { text, .. } => vec![text],
            Self::Entry(entry) => {
                let own = [&entry.id, &entry.title, &entry.file, &entry.source, &entry.answer].map(String::as_str);
                own.into_iter().chain(entry.questions.iter().map(String::as_str)).collect()
            }
        };
        let odd = |text: &str| text.contains(BLOCK) || text.chars().any(|c| c.is_control() && c != '\n');
        texts.into_iter().any(odd).then(|| "teksnya memuat tanda yang tidak bisa ditulis di berkas FAQ".to_owned())
    }
}

/// Writes `lessons` into `files`, the FAQ's TOML files; says what became of each.
pub fn teach(files: &mut [File], lessons: &[Lesson]) -> Vec<Fit> {
    let add = |lesson: &Lesson| match (lesson.unwritable(), lesson) {
        (Some(why), _) => Fit::Unfit(why),
        (None, Lesson::Phrasing { entry, text }) => add_phrasing(files, entry, text),
        (None, Lesson::Entry(entry)) => add_entry(files, entry),
    };
    lessons.iter().map(add).collect()
}

/// Loads `source` with what `lessons` add. Gives the FAQ and its report as [`Faq::load`] does, and what became of each lesson:
/// what makes a FAQ faulty that is in order without it is left out.
pub fn load(source: &Source, lessons: &[Lesson]) -> (Option<Faq>, Report, Vec<Fit>) {
    if lessons.is_empty() {
        let (faq, report) = Faq::load(source);
        return (faq, report, Vec::new());
    }
    let Some(files) = source.to_keep().filter(|_| !source.is_json_lines()) else {
        let (faq, report) = Faq::load(source);
        return (faq, report, vec![Fit::Unfit(NO_FOLDER.to_owned()); lessons.len()]);
    };
    let (faq, report, fits) = taught(&files, lessons);
    if faq.is_some() {
        return (faq, report, fits);
    }
    // Which of them is at fault is told by trying; that the files are in order without any comes first.
    let (faq, report) = Faq::load(source);
    if faq.is_none() {
        return (None, report, Vec::new());
    }
    let mut good: (Option<Faq>, Report) = (faq, report);
    let (mut chosen, mut fits): (Vec<Lesson>, Vec<Fit>) = Default::default();
    for lesson in lessons {
        chosen.push(lesson.clone());
        let (faq, report, mut tried) = taught(&files, &chosen);
        if faq.is_some() {
            good = (faq, report);
            fits.push(tried.pop().unwrap_or(Fit::There));
        } else {
            chosen.pop();
            fits.push(Fit::Unfit(report.brief(1)));
        }
    }
    (good.0, good.1, fits)
}

/// Loads `source` with what `lessons` add, and says what became of the last of them.
pub fn attempt(source: &Source, lessons: &[Lesson]) -> (Option<Faq>, Report, Fit) {
    let Some(files) = source.to_keep().filter(|_| !source.is_json_lines()) else {
        return (None, Report::default(), Fit::Unfit(NO_FOLDER.to_owned()));
    };
    let (faq, report, mut fits) = taught(&files, lessons);
    (faq, report, fits.pop().unwrap_or(Fit::There))
}

fn taught(files: &[File], lessons: &[Lesson]) -> (Option<Faq>, Report, Vec<Fit>) {
    let mut files = files.to_vec();
    let fits = teach(&mut files, lessons);
    let (faq, report) = Faq::load(&Source::Kept(files.into()));
    (faq, report, fits)
}

/// The files that hold entries.
fn entry_files(files: &mut [File]) -> impl Iterator<Item = &mut File> {
    let holds =
        |file: &&mut File| file.name.strip_suffix(".toml").is_some_and(|stem| Kind::of_name(stem) == Kind::Entries);
    files.iter_mut().filter(holds)
}

/// The files that hold entries, without `.toml`: those that a new entry can go into.
pub fn entry_file_names(faq: &Faq) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in &faq.entries {
        let name = entry.file.strip_suffix(".toml").unwrap_or(&entry.file);
        if !names.iter().any(|own| own == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn add_phrasing(files: &mut [File], entry: &str, text: &str) -> Fit {
    let own = words(text);
    for file in entry_files(files) {
        let Some(written) = Written::of(file) else { continue };
        let Ok(table) = DeTable::parse(&written.text) else { continue };
        let entries = table.get_ref().get("entry").and_then(|value| value.get_ref().as_array());
        let tables = entries.into_iter().flatten().filter_map(|value| value.get_ref().as_table());
        let Some(table) =
            tables.into_iter().find(|table| table.get("id").and_then(|id| id.get_ref().as_str()) == Some(entry))
        else {
            continue;
        };
        let Some(questions) = table.get("questions") else { break };
        if questions.get_ref().as_str().unwrap_or_default().lines().any(|line| words(line) == own) {
            return Fit::There;
        }
        let Some((at, line)) = written.room(&questions.span(), text) else { break };
        let text = format!("{}{line}{}", &written.text[..at], &written.text[at..]);
        file.bytes = written.bytes(&text);
        return Fit::Added;
    }
    Fit::Unfit(format!("entri `{entry}` tidak ada di berkas FAQ, atau pertanyaannya tidak tertulis satu baris satu"))
}

fn add_entry(files: &mut [File], entry: &NewEntry) -> Fit {
    let has = |file: &File| {
        let written = Written::of(file)?;
        let table = DeTable::parse(&written.text).ok()?;
        let entries = table.get_ref().get("entry")?.get_ref().as_array()?.iter();
        let ids: Vec<&str> =
            entries.filter_map(|value| value.get_ref().as_table()?.get("id")?.get_ref().as_str()).collect();
        Some(ids.contains(&entry.id.as_str()))
    };
    if entry_files(files).any(|file| has(file) == Some(true)) {
        return Fit::There;
    }
    let name = format!("{}.toml", entry.file);
    let Some(file) = entry_files(files).find(|file| file.name == name) else {
        return Fit::Unfit(format!("berkas `{name}` tidak ada"));
    };
    let Some(written) = Written::of(file) else {
        return Fit::Unfit(format!("berkas `{name}` tidak terbaca"));
    };
    let text = format!("{}\n\n{}", written.text.trim_end(), entry.written());
    file.bytes = written.bytes(&text);
    Fit::Added
}

impl NewEntry {
    /// As it stands in a file.
    fn written(&self) -> String {
        let Self { id, title, source, answer, questions, reviewed, .. } = self;
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "));
        let (title, source) = (quoted(title), quoted(source));
        let (questions, answer) = (questions.join("\n"), answer.trim());
        format!(
            "[[entry]]\nid = \"{id}\"\ntitle = {title}\nquestions = {BLOCK}\n{questions}\n{BLOCK}\nanswer = {BLOCK}\n\
             {answer}\n{BLOCK}\nsources = [{source}]\nreviewed = \"{reviewed}\"\nlearned = true\n"
        )
    }
}

/// A file's text, and how its bytes go.
struct Written {
    text: String,
    marked: bool,
    windows: bool,
}

const MARK: &[u8] = b"\xef\xbb\xbf";

impl Written {
    /// None if it is no text, or if its lines end in more than one way: then it could not be written back as it was.
    fn of(file: &File) -> Option<Self> {
        let (marked, bytes) = match file.bytes.strip_prefix(MARK) {
            Some(rest) => (true, rest),
            None => (false, file.bytes.as_slice()),
        };
        let text = std::str::from_utf8(bytes).ok()?;
        let windows = text.contains("\r\n");
        let text = if windows { text.replace("\r\n", "\n") } else { text.to_owned() };
        let own = Self { text, marked, windows };
        (own.bytes(&own.text) == file.bytes).then_some(own)
    }

    fn bytes(&self, text: &str) -> Vec<u8> {
        let text = if self.windows { text.replace('\n', "\r\n") } else { text.to_owned() };
        let mark = if self.marked { MARK } else { &[] };
        [mark, text.as_bytes()].concat()
    }

    /// Where a line more goes into the block of text at `span`, and that line with its end; none if it is no block of lines.
    fn room(&self, span: &Range<usize>, line: &str) -> Option<(usize, String)> {
        let block = self.text.get(span.clone())?;
        let delimiter = [BLOCK, "\"\"\""].into_iter().find(|mark| block.starts_with(mark) && block.ends_with(mark))?;
        let inside = block.get(delimiter.len()..block.len().checked_sub(delimiter.len())?)?;
        // What stands before the closing mark on its line is its indentation.
        let closing = inside.rfind('\n').map(|at| at + 1).filter(|&at| inside[at..].trim().is_empty());
        let last = inside.lines().rfind(|own| !own.trim().is_empty())?;
        let indentation = &last[..last.len() - last.trim_start().len()];
        let line = if delimiter == BLOCK { line.to_owned() } else { line.replace('\\', "\\\\").replace('"', "\\\"") };
        let start = span.start + delimiter.len();
        Some(match closing {
            Some(at) => (start + at, format!("{indentation}{line}\n")),
            None => (start + inside.trim_end().len(), format!("\n{indentation}{line}")),
        })
    }
}

/// A voter's question as a phrasing: one line, without what only frames it.
pub fn as_phrasing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(phrasing::LONGEST_PHRASING + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Vec<File> {
        vec![File { name: "memilih.toml".to_owned(), bytes: text.as_bytes().to_vec() }]
    }

    fn phrasing(entry: &str, text: &str) -> Lesson {
        Lesson::Phrasing { entry: entry.to_owned(), text: text.to_owned() }
    }

    const OWN: &str = "# Judul berkas\n\n[[entry]]\nid = \"satu\" # yang pertama\nquestions = '''\n  kapan pemilu\n  tanggal berapa\n'''\nanswer = '''\nkapan\n'''\n\n# di antara\n[[entry]]\nid = \"dua\"\nquestions = \"\"\"\nsiapa \\\"dia\\\"\"\"\"\n";

    #[test]
    fn a_phrasing_is_one_line_more_and_nothing_else_moves() {
        let mut own = files(OWN);
        let lessons = [phrasing("satu", "nyoblos kapan \"sih\""), phrasing("dua", "siapa \"itu\"")];
        assert_eq!(teach(&mut own, &lessons), [Fit::Added, Fit::Added]);
        let text = String::from_utf8(own[0].bytes.clone()).expect("text");
        assert_eq!(
            text,
            OWN.replace("  tanggal berapa\n", "  tanggal berapa\n  nyoblos kapan \"sih\"\n")
                .replace("siapa \\\"dia\\\"", "siapa \\\"dia\\\"\nsiapa \\\"itu\\\"")
        );
        assert_eq!(teach(&mut own, &lessons), [Fit::There, Fit::There], "once is enough");
    }

    #[test]
    fn files_of_another_editor_stay_as_they_are() {
        let windows = format!("\u{feff}{}", OWN.replace('\n', "\r\n"));
        let mut own = files(&windows);
        assert_eq!(teach(&mut own, &[phrasing("satu", "nyoblos kapan")]), [Fit::Added]);
        let text = String::from_utf8(own[0].bytes.clone()).expect("text");
        assert_eq!(text, windows.replace("  tanggal berapa\r\n", "  tanggal berapa\r\n  nyoblos kapan\r\n"));
        let mixed = OWN.replacen('\n', "\r\n", 1);
        let mut own = files(&mixed);
        assert!(matches!(teach(&mut own, &[phrasing("satu", "nyoblos kapan")])[..], [Fit::Unfit(_)]));
        assert_eq!(own[0].bytes, mixed.as_bytes());
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let mut own = files(OWN);
        for lesson in [phrasing("tiga", "apa"), phrasing("satu", "a'''b"), phrasing("satu", "a\u{7}b")] {
            assert!(matches!(teach(&mut own, &[lesson])[..], [Fit::Unfit(_)]));
        }
        assert_eq!(own, files(OWN));
    }

    #[test]
    fn an_entry_is_written_below_all_others() {
        let mut own = files(OWN);
        let entry = NewEntry {
            id: "pilih-ulang".to_owned(),
            title: "Apa \"pemilu ulang\" itu?".to_owned(),
            file: "memilih".to_owned(),
            source: "UU 7/2017".to_owned(),
            answer: "Pemungutan suara yang **diulang**.\n".to_owned(),
            questions: vec!["pemilu ulang itu apa".to_owned(), "psu apa".to_owned()],
            reviewed: NaiveDate::from_ymd_opt(2026, 11, 27).expect("a day"),
        };
        let lesson = Lesson::Entry(entry.clone());
        assert_eq!(
            teach(&mut own, &[lesson.clone(), phrasing("pilih-ulang", "coblos ulang")]),
            [Fit::Added, Fit::Added]
        );
        let text = String::from_utf8(own[0].bytes.clone()).expect("text");
        assert!(text.starts_with(OWN.trim_end()), "{text}");
        insta::assert_snapshot!(text.trim_start_matches(OWN.trim_end()).trim(), @r#"
        [[entry]]
        id = "pilih-ulang"
        title = "Apa \"pemilu ulang\" itu?"
        questions = '''
        pemilu ulang itu apa
        psu apa
        coblos ulang
        '''
        answer = '''
        Pemungutan suara yang **diulang**.
        '''
        sources = ["UU 7/2017"]
        reviewed = "2026-11-27"
        learned = true
        "#);
        assert_eq!(teach(&mut own, &[lesson]), [Fit::There]);
        let elsewhere = Lesson::Entry(NewEntry { id: "lain".to_owned(), file: "tidak-ada".to_owned(), ..entry });
        assert!(matches!(teach(&mut own, &[elsewhere])[..], [Fit::Unfit(_)]));
    }
}
