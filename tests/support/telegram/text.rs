//! Text as Telegram keeps it: HTML and `entities` read by its rules, invisible characters cleaned, links found.
//!
//! Offsets and lengths are UTF-16 units, as everywhere in the Bot API.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value, json};

/// A formatted stretch of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// `bold`, `pre`, `text_link`, ... as in the Bot API's `MessageEntity`.
    pub kind: String,
    /// Where it begins, in UTF-16 units.
    pub offset: usize,
    /// How long it is, in UTF-16 units.
    pub length: usize,
    /// `url`, `language`, `user`, `custom_emoji_id`: what some kinds carry besides.
    pub extra: Map<String, Value>,
}

impl Entity {
    fn new(kind: &str, offset: usize, end: usize) -> Self {
        Self { kind: kind.to_owned(), offset, length: end - offset, extra: Map::new() }
    }

    fn end(&self) -> usize {
        self.offset + self.length
    }

    /// As the Bot API writes it.
    pub fn to_json(&self) -> Value {
        let mut out = self.extra.clone();
        out.insert("type".into(), json!(self.kind));
        out.insert("offset".into(), json!(self.offset));
        out.insert("length".into(), json!(self.length));
        Value::Object(out)
    }
}

/// Text with its formatting.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Styled {
    /// The text without markup.
    pub text: String,
    /// Its formatted stretches, by offset, outer before inner.
    pub entities: Vec<Entity>,
}

/// Length in UTF-16 units.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

impl Styled {
    /// Text without formatting; links in it are found as Telegram finds them.
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), entities: Vec::new() }.kept()
    }

    /// Reads `parse_mode=HTML`. The error is what Telegram says after `can't parse entities: `.
    pub fn from_html(html: &str) -> Result<Self, String> {
        super::html::read(html).map(Self::kept)
    }

    /// Reads an `entities` array, refusing what lies outside the text, splits a character or crosses another.
    pub fn from_entities(text: &str, entities: &[Value]) -> Result<Self, String> {
        let total = units(text);
        let mut kept = Vec::new();
        for value in entities {
            let mut extra = value.as_object().cloned().ok_or("expected an Object as MessageEntity")?;
            let kind = extra.remove("type").and_then(|k| k.as_str().map(str::to_owned)).unwrap_or_default();
            let number = |v: Option<Value>| v.as_ref().and_then(whole).and_then(|n| usize::try_from(n).ok());
            let offset = number(extra.remove("offset")).ok_or("entity offset must be a non-negative Integer")?;
            let length = number(extra.remove("length")).filter(|n| *n > 0);
            let length = length.ok_or("entity length must be a positive Integer")?;
            if offset + length > total {
                return Err(format!("entity {kind} at {offset}+{length} lies outside a text of {total} UTF-16 units"));
            }
            if !boundary(text, offset) || !boundary(text, offset + length) {
                return Err(format!("entity {kind} at {offset}+{length} begins or ends in the middle of a character"));
            }
            kept.push(Entity { kind, offset, length, extra });
        }
        kept.sort_by_key(|e| (e.offset, usize::MAX - e.length));
        for (i, outer) in kept.iter().enumerate() {
            if let Some(inner) = kept[i + 1..].iter().find(|e| e.offset < outer.end() && e.end() > outer.end()) {
                return Err(format!("entities {} and {} overlap without nesting", outer.kind, inner.kind));
            }
        }
        Ok(Self { text: text.to_owned(), entities: kept }.kept())
    }

    /// What Telegram would silently drop: formatting inside `code` and `pre`.
    pub fn nested_in_code(&self) -> Option<&Entity> {
        let code = |e: &&Entity| e.kind == "code" || e.kind == "pre";
        self.entities.iter().filter(code).find_map(|outer| {
            let inside = |e: &&Entity| *e != outer && e.offset >= outer.offset && e.end() <= outer.end();
            self.entities.iter().find(inside)
        })
    }

    /// Everything in it that a tap would open or start: links, mentions, commands, hashtags, addresses.
    pub fn active(&self) -> Vec<String> {
        const ACTIVE: [&str; 8] =
            ["url", "text_link", "mention", "text_mention", "bot_command", "hashtag", "email", "phone_number"];
        let active = self.entities.iter().filter(|e| ACTIVE.contains(&e.kind.as_str()));
        active.map(|e| format!("{}: {}", e.kind, slice(&self.text, e.offset, e.end()))).collect()
    }

    /// The text as HTML, so that a test can see the formatting.
    pub fn to_html(&self) -> String {
        super::html::write(self)
    }

    /// Cleaned and trimmed as Telegram keeps it, with the links that it finds by itself.
    fn kept(mut self) -> Self {
        let mut text = String::new();
        let (mut at, mut moved) = (0, vec![0]);
        let mut written = 0;
        for c in self.text.chars() {
            let c = match c {
                '\n' => Some('\n'),
                '\r' | '\u{2028}'..='\u{202e}' | '\u{0}' => None,
                c if c.is_control() => Some(' '),
                c => Some(c),
            };
            // Trimmed at the start; the end is trimmed below.
            let c = c.filter(|c| !(text.is_empty() && c.is_whitespace()));
            if let Some(c) = c {
                text.push(c);
                written += c.len_utf16();
            }
            at += 1;
            moved.push(written);
        }
        debug_assert_eq!(at + 1, moved.len());
        let mut index = Vec::with_capacity(moved.len());
        for (i, c) in self.text.chars().enumerate() {
            for _ in 0..c.len_utf16() {
                index.push(moved[i]);
            }
        }
        index.push(written);
        text.truncate(text.trim_end().len());
        let total = units(&text);
        for e in &mut self.entities {
            let end = index[e.end()].min(total);
            e.offset = index[e.offset].min(total);
            e.length = end - e.offset;
        }
        self.entities.retain(|e| e.length > 0);
        self.text = text;
        self.find_links();
        self
    }

    fn find_links(&mut self) {
        for (kind, pattern) in FOUND.iter() {
            for found in pattern.captures_iter(&self.text).filter_map(|c| c.get(1)) {
                let offset = units(&self.text[..found.start()]);
                let end = offset + units(found.as_str());
                let shut = |e: &Entity| {
                    !matches!(
                        e.kind.as_str(),
                        "bold"
                            | "italic"
                            | "underline"
                            | "strikethrough"
                            | "spoiler"
                            | "blockquote"
                            | "expandable_blockquote"
                    )
                };
                if !self.entities.iter().any(|e| shut(e) && e.offset < end && offset < e.end()) {
                    self.entities.push(Entity::new(kind, offset, end));
                }
            }
        }
        self.entities.sort_by_key(|e| (e.offset, usize::MAX - e.length));
    }
}

/// What Telegram turns into links by itself, in the order in which one excludes the next.
static FOUND: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    let compile = |p: &str| Regex::new(p).expect("a pattern written here");
    vec![
        ("email", compile(r"(?i)(?:^|[^\w.+-])([\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)")),
        (
            "url",
            compile(r"(?i)(?:^|[^\w@./])((?:https?://|tg://)[^\s<>\x{2068}\x{2069}]*[^\s<>\x{2068}\x{2069}.,:;!?)])"),
        ),
        (
            "url",
            compile(
                r"(?i)(?:^|[^\w@./])((?:[a-z0-9-]+\.)+(?:com|org|net|id|me|info|io)(?:/[^\s<>\x{2068}\x{2069}]*)?)\b",
            ),
        ),
        ("mention", compile(r"(?:^|[^\w@/])(@[A-Za-z0-9_]{4,32})\b")),
        ("bot_command", compile(r"(?:^|[^\w/<])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)\b")),
        ("hashtag", compile(r"(?:^|[^\w#/])(#[\w]*[\p{L}_][\w]*)")),
    ]
});

/// A whole number, given as a number or as digits.
pub fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str().and_then(|s| s.trim().parse().ok()))
}

fn boundary(text: &str, offset: usize) -> bool {
    let mut at = 0;
    text.chars().any(|c| {
        let hit = at == offset;
        at += c.len_utf16();
        hit
    }) || at == offset
}

/// The part of `text` between two UTF-16 offsets.
pub fn slice(text: &str, from: usize, to: usize) -> String {
    let all: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16_lossy(&all[from.min(all.len())..to.min(all.len())])
}
