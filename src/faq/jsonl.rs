//! A FAQ as JSON Lines, as `export --json` prints it: only `id` and `questions` are needed.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::entry::{Body, Cited, Entry, Phrasing};
use super::fault::Fault;
use crate::text::normalize::words;

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    /// The entry's id; null for negative examples.
    pub id: Option<String>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its phrasings.
    pub questions: Vec<String>,
    /// Its rendered text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The rest, rendered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<String>,
    /// Its sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// Reads the lines of `text`: entries, and negative examples.
pub fn read(file: &str, text: &str) -> (Vec<Entry>, Vec<Phrasing>, Vec<Fault>) {
    let (mut entries, mut outside, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    let mut offset = 0;
    for row in text.split_inclusive('\n') {
        let span = offset..offset + row.trim_end().len();
        offset += row.len();
        if row.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Line>(row) {
            Ok(Line { id: None, questions, .. }) => outside.extend(phrasings(questions, &span)),
            Ok(line) if line.questions.is_empty() => {
                faults.push(Fault::new(file, span, "baris ini tidak punya pertanyaan"));
            }
            Ok(line) => entries.push(entry(file, span, line)),
            Err(error) => faults.push(
                Fault::new(file, span, format!("baris ini bukan JSON yang dikenal: {error}"))
                    .hint("tulis {\"id\": \"...\", \"questions\": [\"...\"]}"),
            ),
        }
    }
    entitle(&mut entries);
    (entries, outside, faults)
}

/// An entry without a title is called by its id if that says something: at least half of its words stand in
/// phrasings ("kartu-hilang"). Else ("q017") by its first phrasing.
fn entitle(entries: &mut [Entry]) {
    let used: HashSet<String> = entries.iter().flat_map(|e| &e.questions).flat_map(|q| words(&q.text)).collect();
    for entry in entries.iter_mut().filter(|e| e.title.is_empty()) {
        let named: Vec<String> =
            words(&entry.id).into_iter().filter(|w| w.chars().nth(1).is_some_and(char::is_alphabetic)).collect();
        let telling = named.iter().filter(|w| used.contains(*w)).count();
        let says_something = !named.is_empty() && 2 * telling >= named.len();
        entry.title = if says_something { entry.id.clone() } else { entry.questions[0].text.clone() };
    }
}

fn phrasings(texts: Vec<String>, line: &std::ops::Range<usize>) -> impl Iterator<Item = Phrasing> {
    texts.into_iter().map(|text| Phrasing { text, span: line.clone() })
}

fn entry(file: &str, span: std::ops::Range<usize>, line: Line) -> Entry {
    let id = line.id.unwrap_or_default();
    Entry {
        title: line.title.unwrap_or_default(),
        questions: phrasings(line.questions, &span).collect(),
        body: Body::Plain(line.answer.unwrap_or_default()),
        more: line.more.filter(|text| !text.trim().is_empty()).map(Body::Plain),
        english: None,
        sources: line.sources.into_iter().map(Cited::always).collect(),
        reviewed: None,
        related: Vec::new(),
        valid_from: None,
        valid_until: None,
        sensitive: false,
        long: false,
        category: None,
        claim: None,
        file: file.to_owned(),
        span,
        places: Vec::new(),
        id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_says_nothing_is_no_title() {
        let text = r#"
{"id": "kartu-hilang", "questions": ["kartu saya hilang", "blokir kartu"]}
{"id": "q017", "questions": ["jam buka bank"]}
{"id": "close_account", "questions": ["cara menutup rekening"]}
{"id": "q019", "title": "Biaya transfer", "questions": ["ongkos kirim uang"]}"#;
        let (entries, _, faults) = read("uji.jsonl", text);
        let titles: Vec<&str> = entries.iter().map(|e| e.title.as_str()).collect();
        assert_eq!(titles, ["kartu-hilang", "jam buka bank", "cara menutup rekening", "Biaya transfer"]);
        assert!(faults.is_empty());
    }
}
