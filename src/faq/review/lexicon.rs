//! Whether the word lists can be meant as they are: each line its own word, no chains, no question word turned into
//! another, nothing that tells things apart left out.

use std::collections::HashMap;
use std::ops::Range;

use crate::faq::fault::Fault;
use crate::faq::reader::{Reader, Table, Text};
use crate::text::normalize::words;

/// Words that say what kind of thing is asked.
const QUESTIONS: [&str; 12] = [
    "apa",
    "siapa",
    "kapan",
    "mana",
    "dimana",
    "kemana",
    "darimana",
    "berapa",
    "bagaimana",
    "kenapa",
    "mengapa",
    "apakah",
];
/// Words that turn a question round.
const NEGATIONS: [&str; 5] = ["tidak", "bukan", "belum", "jangan", "tanpa"];
/// Words that say what is asked of an act; "boleh" and "bisa" may be one.
const MODALS: [&str; 4] = ["boleh", "bisa", "harus", "sudah"];

/// A line of a list: the word, its place, and what stands for it.
struct Line {
    head: Vec<String>,
    written: String,
    place: Range<usize>,
    variants: Vec<(Vec<String>, String, Range<usize>)>,
}

/// Faults and warnings on `leksikon.toml`.
pub(in crate::faq) fn check<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) {
    let mut spellings = HashMap::new();
    for key in ["spelling", "synonyms"] {
        let text = root.get(key).and_then(|value| text_of(reader, value));
        let lines = text.map(|text| read(&text)).unwrap_or_default();
        punctuation(reader, &lines);
        heads(reader, &lines);
        chains(reader, &lines);
        // What a spelling turns into is its own line's say; a synonym is looked at as it is spelt.
        question_words(reader, &lines, &spellings);
        if key == "spelling" {
            for line in &lines {
                for (variant, _, _) in &line.variants {
                    spellings.entry(variant.clone()).or_insert_with(|| line.head.clone());
                }
            }
        }
    }
    stop(reader, root, &spellings);
}

/// The text of a value, if it is one; that it is not has been told.
fn text_of(reader: &mut Reader<'_>, value: &toml::Spanned<toml::de::DeValue<'_>>) -> Option<Text> {
    value.get_ref().as_str().map(|written| Text::new(written, value.span(), reader.text))
}

fn read(text: &Text) -> Vec<Line> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let Some((head, variants)) = line.value.split_once(':') else { continue };
        let mut at = head.len() + 1;
        let mut found = Vec::new();
        for variant in variants.split(',') {
            let written = variant.trim();
            let start = at + (variant.len() - variant.trim_start().len());
            if !written.is_empty() {
                found.push((words(written), written.to_owned(), line.at(start..start + written.len())));
            }
            at += variant.len() + 1;
        }
        let written = head.trim().to_owned();
        lines.push(Line { head: words(head), place: line.find(&written), written, variants: found });
    }
    lines
}

fn warn(reader: &mut Reader<'_>, place: Range<usize>, message: String, hint: &str) {
    let fault = Fault::new(reader.file, place, message).warning().hint(hint);
    reader.faults.push(fault);
}

/// A second colon, a semicolon: one long variant that nobody types.
fn punctuation(reader: &mut Reader<'_>, lines: &[Line]) {
    for (_, written, place) in lines.iter().flat_map(|line| &line.variants) {
        if let Some(sign) = written.chars().find(|c| matches!(c, ':' | ';' | '=' | '|')) {
            let message = format!("ragam \"{written}\" memuat tanda {sign}");
            reader.fault(place.clone(), message).hint =
                Some("satu baris satu kata baku dan satu titik dua; ragam dipisah koma".to_owned());
        }
    }
}

/// One line a word; no word stands for itself.
fn heads(reader: &mut Reader<'_>, lines: &[Line]) {
    let mut first: HashMap<&[String], &Line> = HashMap::new();
    for line in lines {
        if let Some(other) = first.get(line.head.as_slice()) {
            let fault =
                Fault::new(reader.file, line.place.clone(), format!("kata baku \"{}\" punya dua baris", line.written))
                    .warning()
                    .also(reader.file, other.place.clone(), "pertama kali di sini")
                    .hint("gabungkan ragamnya dalam satu baris, supaya mudah dicari");
            reader.faults.push(fault);
        } else {
            first.insert(&line.head, line);
        }
        let own = line.variants.iter().find(|(_, written, _)| written.to_lowercase() == line.written.to_lowercase());
        if let Some((_, written, place)) = own {
            warn(reader, place.clone(), format!("ragam \"{written}\" sama dengan kata bakunya"), "hapus ragam ini");
        }
    }
}

/// A variant that is itself the word of another line: words are replaced once, so the one never becomes the other.
fn chains(reader: &mut Reader<'_>, lines: &[Line]) {
    let heads: HashMap<&[String], &Line> = lines.iter().map(|line| (line.head.as_slice(), line)).collect();
    for line in lines {
        for (variant, written, place) in &line.variants {
            let Some(other) = heads.get(variant.as_slice()).filter(|other| other.head != line.head) else { continue };
            let circle = other.variants.iter().any(|(back, _, _)| *back == line.head);
            let what = if circle { "keduanya saling bertukar" } else { "ragam baris itu tidak ikut berubah" };
            let message = format!("ragam \"{written}\" untuk \"{}\" adalah kata baku baris lain; {what}", line.written);
            let mut fault = Fault::new(reader.file, place.clone(), message)
                .also(reader.file, other.place.clone(), "kata baku di sini")
                .hint("kalau artinya sama, gabungkan kedua baris; kalau tidak, hapus ragam ini");
            if !circle {
                fault = fault.warning();
            }
            reader.faults.push(fault);
        }
    }
}

/// "kapan" must never become "siapa", nor any other word.
fn question_words(reader: &mut Reader<'_>, lines: &[Line], spellings: &HashMap<Vec<String>, Vec<String>>) {
    let plain = |words: &Vec<String>| spellings.get(words).unwrap_or(words).join(" ");
    for line in lines {
        let head = plain(&line.head);
        for (variant, written, place) in &line.variants {
            // What a spelling turns into is decided by its own line.
            let meant =
                if QUESTIONS.contains(&variant.join(" ").as_str()) { variant.join(" ") } else { plain(variant) };
            let same =
                meant == head || [meant.as_str(), head.as_str()].iter().all(|w| ["kenapa", "mengapa"].contains(w));
            let same = same || [meant.as_str(), head.as_str()].iter().all(|w| ["apa", "apakah"].contains(w));
            let asks = QUESTIONS.contains(&meant.as_str());
            let turns = NEGATIONS.contains(&meant.as_str());
            let turns = turns || MODALS.contains(&meant.as_str()) && !MODALS.contains(&head.as_str());
            if same || !(asks || turns) {
                continue;
            }
            let message =
                format!("\"{written}\" akan dibaca sebagai \"{}\": dua pertanyaan yang berbeda", line.written);
            reader.fault(place.clone(), message).hint =
                Some("hapus ragam ini: bot akan menjawab hal lain daripada yang ditanyakan".to_owned());
        }
    }
}

/// A question word or a negation is no stop word.
fn stop(reader: &mut Reader<'_>, root: &Table<'_, '_>, spellings: &HashMap<Vec<String>, Vec<String>>) {
    let Some(text) = root.get("stop").and_then(|value| text_of(reader, value)) else { return };
    let mut at = 0;
    for part in text.value.split([',', '\n']) {
        let written = part.trim();
        let form = words(written);
        let meant = spellings.get(&form).unwrap_or(&form).join(" ");
        if QUESTIONS.contains(&meant.as_str())
            || NEGATIONS.contains(&meant.as_str())
            || MODALS.contains(&meant.as_str())
        {
            let start = at + (part.len() - part.trim_start().len());
            let message = format!("\"{written}\" tidak boleh diabaikan: kata ini membedakan pertanyaan");
            reader.fault(text.at(start..start + written.len()), message).hint = Some(
                "hapus dari `stop`: tanpa kata itu \"kapan\" dan \"di mana\", \"boleh\" dan \"tidak boleh\" jadi sama"
                    .to_owned(),
            );
        }
        at += part.len() + 1;
    }
}
