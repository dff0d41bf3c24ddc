//! The word lists, small talk and negative examples: `leksikon.toml`, `padanan.toml`, `obrolan.toml`, `di-luar.toml`.

use std::collections::HashMap;
use std::ops::Range;

use super::entry::Phrasing;
use super::fault::Fault;
use super::reader::{Reader, Table, Text};
use super::review;
use crate::text::language::Language;
use crate::text::lexicon::{Group, Lexicon};
use crate::text::normalize::words;

/// What `leksikon.toml` holds.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// Spelling, synonyms, protected and stop words.
    pub lexicon: Lexicon,
    /// Words that would praise or blame a candidate.
    pub persuasive: Vec<String>,
    /// Words of those who check and debunk: a text that has one does not assert what it tells.
    pub debunk: Vec<String>,
    /// Words of news, announcements and corrections.
    pub news: Vec<String>,
    /// Phrases in which such a word insists on what is told.
    pub insists: Vec<String>,
}

/// What `padanan.toml` holds: words by which the questions of two voters are told to be the same. They take no part in
/// finding entries.
#[derive(Debug, Clone, Default)]
pub struct Likeness {
    /// Words that can be exchanged without changing what is asked.
    pub alike: Vec<Group>,
    /// Words and phrases that may stand there or not.
    pub asides: Vec<String>,
    /// Words of chat about how somebody came to ask: a part of a sentence made of nothing else says nothing.
    pub chatter: Vec<String>,
    /// Countries and cities abroad.
    pub abroad: Vec<String>,
    /// Common names of people that are no ordinary words.
    pub people: Vec<String>,
}

/// Reads `padanan.toml`.
pub fn read_likeness<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Likeness {
    root.only(reader, &["alike", "asides", "chatter", "abroad", "people"]);
    Likeness {
        alike: read_groups(reader, root, "alike"),
        asides: read_list(reader, root, "asides"),
        chatter: read_list(reader, root, "chatter"),
        abroad: read_list(reader, root, "abroad"),
        people: read_list(reader, root, "people"),
    }
}

/// One kind of small talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmallTalk {
    /// Its name.
    pub id: String,
    /// How people put it.
    pub questions: Vec<Phrasing>,
    /// The one polite line.
    pub reply: String,
    /// The same in English, if it was put into English.
    pub reply_en: Option<String>,
    /// Whether it tells of somebody in need: a person must see it at once.
    pub urgent: bool,
    /// Whether an election's appeal may follow the line.
    pub appeal: bool,
    /// Where all that stands.
    pub places: TalkPlaces,
}

impl SmallTalk {
    /// Its reply in `language`; in Indonesian where it has none.
    pub fn reply_in(&self, language: Language) -> &str {
        language.pick(&self.reply, self.reply_en.as_deref())
    }
}

/// Where a kind of small talk stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkPlaces {
    /// Its name.
    pub id: Range<usize>,
    /// Its reply.
    pub reply: Text,
}

/// The longest reply to small talk, in characters.
const LONGEST_REPLY: usize = 300;

/// Reads `leksikon.toml`.
pub fn read_words<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Words {
    root.only(reader, &["spelling", "synonyms", "protected", "stop", "persuasive", "debunk", "news", "insists"]);
    let spelling = read_groups(reader, root, "spelling");
    let synonyms = read_groups(reader, root, "synonyms");
    let protected = read_list(reader, root, "protected");
    let stop = read_list(reader, root, "stop");
    let persuasive = read_list(reader, root, "persuasive");
    let debunk = read_list(reader, root, "debunk");
    let news = read_list(reader, root, "news");
    let insists = read_list(reader, root, "insists");
    review::lexicon::check(reader, root);
    Words { lexicon: Lexicon::new(&spelling, &synonyms, &protected, &stop), persuasive, debunk, news, insists }
}

/// Lines of "standard: variant, variant".
fn read_groups<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>, key: &str) -> Vec<Group> {
    let Some(text) = root.optional_text(reader, key) else { return Vec::new() };
    let mut groups = Vec::new();
    let mut seen: HashMap<Vec<String>, (String, Range<usize>)> = HashMap::new();
    for line in text.lines() {
        let Some((standard, variants)) = line.value.split_once(':') else {
            reader.fault(line.span.clone(), "baris ini tidak punya titik dua").hint =
                Some("tulis \"kata baku: ragam, ragam\"".to_owned());
            continue;
        };
        let variants: Vec<String> =
            variants.split(',').map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect();
        if words(standard).is_empty() || variants.is_empty() || standard.contains(',') {
            reader.fault(line.span.clone(), "baris ini belum lengkap").hint =
                Some("tulis \"kata baku: ragam, ragam\"".to_owned());
            continue;
        }
        for variant in &variants {
            let form = words(variant);
            let place = line.find(variant);
            match seen.get(&form) {
                None => {
                    seen.insert(form, (standard.trim().to_owned(), place));
                }
                // "cooling-off" and "cooling off" in one line are one variant; no harm done.
                Some((owner, _)) if owner == standard.trim() => {}
                Some((owner, first)) => reader.faults.push(
                    Fault::new(reader.file, place, format!("ragam \"{variant}\" sudah berarti `{owner}`"))
                        .also(reader.file, first.clone(), "pertama kali di sini")
                        .hint("satu ragam hanya berarti satu kata"),
                ),
            }
        }
        groups.push(Group { standard: standard.trim().to_owned(), variants });
    }
    groups
}

/// Words or phrases, separated by commas or line ends.
fn read_list<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>, key: &str) -> Vec<String> {
    let Some(text) = root.optional_text(reader, key) else { return Vec::new() };
    text.value.split([',', '\n']).map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect()
}

/// Reads `obrolan.toml`.
pub fn read_small_talk<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Vec<SmallTalk> {
    root.only(reader, &["small_talk"]);
    let mut kinds = Vec::new();
    for table in root.list(reader, "obrolan", "small_talk").unwrap_or_default() {
        table.only(reader, &["id", "questions", "reply", "reply_en", "urgent", "appeal"]);
        let id = table.text(reader, "id");
        let questions = table.text(reader, "questions");
        let reply = table.text(reader, "reply");
        let reply_en = table.optional_text(reader, "reply_en");
        let urgent = table.flag(reader, "urgent", false);
        let appeal = table.flag(reader, "appeal", false);
        let (Some(id), Some(questions), Some(reply)) = (id, questions, reply) else { continue };
        for reply in std::iter::once(&reply).chain(&reply_en) {
            if reply.value.trim().chars().count() > LONGEST_REPLY {
                reader.fault(reply.span.clone(), format!("balasan ini lebih dari {LONGEST_REPLY} huruf"));
            }
        }
        kinds.push(SmallTalk {
            id: id.value,
            reply: reply.value.trim().to_owned(),
            reply_en: reply_en.map(|reply| reply.value.trim().to_owned()),
            urgent,
            appeal,
            places: TalkPlaces { id: id.span, reply },
            questions: phrasings(&questions),
        });
    }
    kinds
}

/// Reads `di-luar.toml`: the questions that no entry answers.
pub fn read_outside<'f>(reader: &mut Reader<'f>, root: &Table<'_, 'f>) -> Vec<Phrasing> {
    root.only(reader, &["topic"]);
    let mut questions = Vec::new();
    for table in root.list(reader, "topik", "topic").unwrap_or_default() {
        table.only(reader, &["name", "questions"]);
        table.text(reader, "name");
        if let Some(text) = table.text(reader, "questions") {
            questions.extend(phrasings(&text));
        }
    }
    questions
}

/// One a line.
fn phrasings(block: &Text) -> Vec<Phrasing> {
    block.lines().into_iter().map(|line| Phrasing { text: line.value, span: line.span }).collect()
}
