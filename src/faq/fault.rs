//! What is wrong in a FAQ, and where: collected, never thrown at the first one.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The FAQ can't be used.
    Fault,
    /// It can, but a maintainer should look.
    Warning,
}

/// How much else may hang on it: what others follow from is told first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A file as a whole: missing, copied, of another kind.
    Cause,
    /// What can't be read, or not as it was meant.
    Syntax,
    /// One value or text.
    Plain,
    /// A name that leads nowhere: what it should lead to may be what is wrong.
    Reference,
}

/// One thing that is wrong, at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// How bad it is.
    pub severity: Severity,
    /// How much else may hang on it.
    pub rank: Rank,
    /// The file, relative to the FAQ folder.
    pub file: String,
    /// Bytes of the file that are wrong; none if it is the file as a whole.
    pub span: Option<Range<usize>>,
    /// What is wrong, in Indonesian.
    pub message: String,
    /// What to do about it, in Indonesian.
    pub hint: Option<String>,
    /// Another place that belongs to it, such as the first of two equal ids.
    pub also: Option<(String, Range<usize>, String)>,
}

impl Fault {
    /// A fault of `file` at `span`.
    pub fn new(file: &str, span: impl Into<Option<Range<usize>>>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Fault,
            rank: Rank::Plain,
            file: file.to_owned(),
            span: span.into(),
            message: message.into(),
            hint: None,
            also: None,
        }
    }

    /// The same as a warning.
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// With another rank.
    pub fn rank(mut self, rank: Rank) -> Self {
        self.rank = rank;
        self
    }

    /// With a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With a second place and what it is.
    pub fn also(mut self, file: &str, span: Range<usize>, what: &str) -> Self {
        self.also = Some((file.to_owned(), span, what.to_owned()));
        self
    }
}

/// How many faults and warnings are shown at once: nobody mends more before the next look.
pub const MOST_SHOWN: usize = 20;

/// All that is wrong in one FAQ, with the texts that it points into.
#[derive(Debug, Clone, Default)]
pub struct Report {
    texts: BTreeMap<String, String>,
    faults: Vec<Fault>,
}

/// One fault as `check --json` prints it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    severity: Severity,
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    text: Option<&'a str>,
    message: &'a str,
    hint: Option<&'a str>,
}

impl Report {
    /// Keeps the text of `file`, so that faults in it can show the line.
    pub fn read(&mut self, file: &str, text: &str) {
        self.texts.insert(file.to_owned(), text.to_owned());
    }

    /// The line of `file`, from 1, on which the byte at `offset` stands; none if the file was not read.
    pub fn line(&self, file: &str, offset: usize) -> Option<usize> {
        self.texts.get(file).map(|text| position(text, offset).0)
    }

    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Adds many.
    pub fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.extend(faults);
    }

    /// Takes back what was said of `file`.
    pub fn forget(&mut self, file: &str) {
        self.faults.retain(|fault| fault.file != file);
    }

    /// Whether nothing forbids using the FAQ.
    pub fn is_clean(&self) -> bool {
        self.count(Severity::Fault) == 0
    }

    /// How many faults of that severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.faults.iter().filter(|f| f.severity == severity).count()
    }

    /// Faults before warnings, causes before what follows from them, then by file and place.
    pub fn sorted(&self) -> Vec<&Fault> {
        let mut faults: Vec<&Fault> = self.faults.iter().collect();
        faults.sort_by_key(|f| (f.severity, f.rank, &f.file, f.span.as_ref().map(|s| s.start)));
        faults
    }

    /// The report for a person: every fault with its line, the offending text underlined, and the hint.
    pub fn render(&self, colour: bool) -> String {
        self.render_some(colour, usize::MAX)
    }

    /// The same with `most` faults and warnings at most, then how many more there are and how to see them.
    pub fn render_some(&self, colour: bool, most: usize) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut out = String::new();
        for fault in self.sorted().into_iter().take(most) {
            out.push_str(&self.render_one(fault, &renderer));
            out.push_str("\n\n");
        }
        let more = self.faults.len().saturating_sub(most);
        if more > 0 {
            out.push_str(&format!("dan {more} lagi (lihat semuanya dengan \"check --all\")\n\n"));
        }
        out
    }

    fn render_one(&self, fault: &Fault, renderer: &Renderer) -> String {
        let level = match fault.severity {
            Severity::Fault => Level::ERROR.with_name("salah"),
            Severity::Warning => Level::WARNING.with_name("perhatian"),
        };
        let empty = String::new();
        let mut group = Group::with_title(level.primary_title(&fault.message));
        match &fault.span {
            Some(span) => {
                let text = self.texts.get(&fault.file).unwrap_or(&empty);
                let snippet = Snippet::source(text)
                    .path(&fault.file)
                    .annotation(AnnotationKind::Primary.span(clip(text, span)).label("di sini"));
                group = group.element(snippet);
            }
            None => group = group.element(Origin::path(&fault.file)),
        }
        if let Some((file, span, what)) = &fault.also {
            let text = self.texts.get(file).unwrap_or(&empty);
            let snippet = Snippet::source(text)
                .path(file)
                .annotation(AnnotationKind::Context.span(clip(text, span)).label(what.as_str()));
            group = group.element(snippet);
        }
        if let Some(hint) = &fault.hint {
            group = group.element(Level::HELP.with_name("saran").message(hint));
        }
        renderer.render(&[group])
    }

    /// The report for a phone: one line a fault, "file:line: what", `most` at most, then how many more there are.
    pub fn brief(&self, most: usize) -> String {
        const LONGEST: usize = 200;
        let faults: Vec<&Fault> = self.sorted().into_iter().filter(|f| f.severity == Severity::Fault).collect();
        let mut lines: Vec<String> = faults
            .iter()
            .take(most)
            .map(|fault| {
                let text = self.texts.get(&fault.file);
                let line = fault.span.as_ref().zip(text).map(|(span, text)| position(text, span.start).0);
                let place = line.map_or_else(|| fault.file.clone(), |line| format!("{}:{line}", fault.file));
                let what = fault.message.lines().next().unwrap_or_default();
                format!("{place}: {what}").chars().take(LONGEST).collect()
            })
            .collect();
        if faults.len() > most {
            lines.push(format!("dan {} lagi", faults.len() - most));
        }
        lines.join("\n")
    }

    /// The report for scripts: one JSON object a line.
    pub fn json_lines(&self) -> Vec<String> {
        self.sorted()
            .into_iter()
            .map(|fault| {
                let text = self.texts.get(&fault.file).map(String::as_str).unwrap_or_default();
                let place = fault.span.as_ref().map(|span| position(text, span.start));
                let row = Row {
                    severity: fault.severity,
                    file: &fault.file,
                    line: place.map(|p| p.0),
                    column: place.map(|p| p.1),
                    text: fault.span.as_ref().and_then(|span| text.get(clip(text, span))),
                    message: &fault.message,
                    hint: fault.hint.as_deref(),
                };
                serde_json::to_string(&row).unwrap_or_default()
            })
            .collect()
    }
}

/// Line and column (in characters), both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// `span` within `text`, on character boundaries, and only its first line when it runs over several.
fn clip(text: &str, span: &Range<usize>) -> Range<usize> {
    let floor = |mut i: usize| {
        i = i.min(text.len());
        while !text.is_char_boundary(i) {
            i -= 1;
        }
        i
    };
    let start = floor(span.start);
    let end = floor(span.end.max(start));
    let end = text[start..end].find('\n').map_or(end, |i| start + i);
    start..end
}
