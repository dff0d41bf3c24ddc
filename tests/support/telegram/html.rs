//! The HTML that Telegram reads (`parse_mode=HTML`), with its own error messages, and back again.

use serde_json::{Map, Value, json};

use super::text::{Entity, Styled};

struct Open {
    tag: String,
    kind: &'static str,
    extra: Map<String, Value>,
    begin: usize,
}

/// Reads HTML; the error is what stands after `Bad Request: can't parse entities: `.
pub fn read(html: &str) -> Result<Styled, String> {
    let (mut text, mut at, mut i) = (String::new(), 0, 0);
    let mut open: Vec<Open> = Vec::new();
    let mut done: Vec<Entity> = Vec::new();
    while let Some(c) = html[i..].chars().next() {
        match c {
            '&' => {
                let (c, length) = character(&html[i..]).unwrap_or(('&', 1));
                text.push(c);
                at += c.len_utf16();
                i += length;
            }
            '<' => {
                let end = tag_end(&html[i..]).ok_or(format!("Unclosed start tag at byte offset {i}"))?;
                let inside = &html[i + 1..i + end];
                if let Some(name) = inside.strip_prefix('/') {
                    let name = name.trim().to_lowercase();
                    let last = open.pop().ok_or(format!("Unexpected end tag at byte offset {i}"))?;
                    if !name.is_empty() && name != last.tag {
                        return Err(format!(
                            "Unmatched end tag at byte offset {i}, expected \"</{}>\", found \"</{name}>\"",
                            last.tag
                        ));
                    }
                    close(last, at, &text, &mut done);
                } else {
                    open.push(start(inside, i, at)?);
                }
                i += end + 1;
            }
            c => {
                text.push(c);
                at += c.len_utf16();
                i += c.len_utf8();
            }
        }
    }
    if let Some(last) = open.last() {
        return Err(format!("Can't find end tag corresponding to start tag \"{}\"", last.tag));
    }
    done.sort_by_key(|e| (e.offset, usize::MAX - e.length));
    Ok(Styled { text, entities: done })
}

/// Where the tag that starts here ends: `>` inside a quoted attribute does not count.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    rest.char_indices().find_map(|(i, c)| match (quote, c) {
        (None, '>') => Some(i),
        (None, '"' | '\'') => {
            quote = Some(c);
            None
        }
        (Some(q), c) if q == c => {
            quote = None;
            None
        }
        _ => None,
    })
}

fn start(inside: &str, offset: usize, at: usize) -> Result<Open, String> {
    let (tag, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let tag = tag.to_lowercase();
    let attributes = attributes_of(attributes);
    let attribute = |name: &str| attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let mut extra = Map::new();
    let kind = match tag.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "tg-spoiler" => "spoiler",
        "span" if attribute("class").as_deref() == Some("tg-spoiler") => "spoiler",
        "span" => {
            return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {offset}"));
        }
        "a" => {
            extra.insert("url".into(), json!(attribute("href").unwrap_or_default()));
            "text_link"
        }
        "tg-emoji" => {
            let id = attribute("emoji-id").ok_or("Invalid custom emoji identifier specified")?;
            extra.insert("custom_emoji_id".into(), json!(id));
            "custom_emoji"
        }
        "pre" => "pre",
        "code" => {
            if let Some(language) = attribute("class").as_deref().and_then(|c| c.strip_prefix("language-")) {
                extra.insert("language".into(), json!(language));
            }
            "code"
        }
        "blockquote" if attributes.iter().any(|(n, _)| n == "expandable") => "expandable_blockquote",
        "blockquote" => "blockquote",
        _ => return Err(format!("Unsupported start tag \"{tag}\" at byte offset {offset}")),
    };
    Ok(Open { tag, kind, extra, begin: at })
}

fn close(tag: Open, at: usize, text: &str, done: &mut Vec<Entity>) {
    let Open { kind, mut extra, begin, .. } = tag;
    if at == begin {
        return;
    }
    if kind == "text_link" && extra.get("url") == Some(&json!("")) {
        extra.insert("url".into(), json!(super::text::slice(text, begin, at)));
    }
    let mut entity = Entity { kind: kind.to_owned(), offset: begin, length: at - begin, extra };
    if kind == "pre" {
        // `<pre><code class="language-x">` is one block of code, not code in code.
        if let Some(i) = done.iter().position(|e| e.kind == "code" && e.offset == begin && e.length == at - begin) {
            entity.extra = done.remove(i).extra;
        }
    }
    done.push(entity);
}

fn attributes_of(mut rest: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return out;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_lowercase();
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            out.push((name, String::new()));
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next() {
            Some(q @ ('"' | '\'')) => value[1..].split_once(q).unwrap_or((&value[1..], "")),
            _ => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        out.push((name, plain(value)));
        rest = after;
    }
}

fn plain(text: &str) -> String {
    let (mut out, mut i) = (String::new(), 0);
    while let Some(c) = text[i..].chars().next() {
        let (c, length) = if c == '&' { character(&text[i..]).unwrap_or(('&', 1)) } else { (c, c.len_utf8()) };
        out.push(c);
        i += length;
    }
    out
}

/// The character that a reference such as `&lt;` or `&#8294;` names, and the reference's length in bytes.
fn character(rest: &str) -> Option<(char, usize)> {
    let end = rest.char_indices().take(12).find(|(_, c)| *c == ';')?.0;
    let c = match &rest[1..end] {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        name => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']).map(|n| u32::from_str_radix(n, 16));
            char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)?
        }
    };
    Some((c, end + 1))
}

/// Writes text with formatting as HTML; links that Telegram found by itself stay bare.
pub fn write(styled: &Styled) -> String {
    let mut out = String::new();
    let mut stack: Vec<(usize, &'static str)> = Vec::new();
    let mut at = 0;
    let mut next = styled.entities.iter().peekable();
    let mut step = |at: usize, out: &mut String| {
        while stack.last().is_some_and(|(end, _)| *end <= at) {
            out.push_str(stack.pop().map_or("", |(_, tag)| tag));
        }
        while let Some(e) = next.next_if(|e| e.offset <= at) {
            let (start, end) = tags(e);
            out.push_str(&start);
            stack.push((e.offset + e.length, end));
        }
    };
    for c in styled.text.chars() {
        step(at, &mut out);
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
        at += c.len_utf16();
    }
    step(at, &mut out);
    out
}

fn tags(e: &Entity) -> (String, &'static str) {
    let of = |key: &str| e.extra.get(key).and_then(Value::as_str).unwrap_or_default().replace('"', "&quot;");
    let (start, end) = match e.kind.as_str() {
        "bold" => ("<b>", "</b>"),
        "italic" => ("<i>", "</i>"),
        "underline" => ("<u>", "</u>"),
        "strikethrough" => ("<s>", "</s>"),
        "spoiler" => ("<tg-spoiler>", "</tg-spoiler>"),
        "code" => ("<code>", "</code>"),
        "pre" => ("<pre>", "</pre>"),
        "blockquote" => ("<blockquote>", "</blockquote>"),
        "expandable_blockquote" => ("<blockquote expandable>", "</blockquote>"),
        "text_link" => return (format!("<a href=\"{}\">", of("url")), "</a>"),
        _ => ("", ""),
    };
    (start.to_owned(), end)
}
