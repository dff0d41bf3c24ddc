//! A call without all that Telegram could find fault with: the words alone.

use serde_json::{Map, Value, json};

use crate::telegram::attach;

/// Keeps what is between its neighbours from becoming a link, a mention or a command (U+2060, word joiner).
const JOINER: char = '\u{2060}';

/// The words of an HTML text as it is written for Telegram. Inside `<pre>` stands what people wrote: it stays text without
/// the tags too.
fn words(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some(end) = rest.find('>')
        {
            match &rest[1..end] {
                "pre" => quoted = true,
                "/pre" => quoted = false,
                _ => {}
            }
            rest = &rest[end + 1..];
            continue;
        }
        let named = [("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&amp;", '&')];
        let (taken, c) =
            named.iter().find(|(name, _)| rest.starts_with(name)).map_or((c.len_utf8(), c), |(n, c)| (n.len(), *c));
        rest = &rest[taken..];
        if quoted && matches!(c, '@' | '/' | '#' | '$') {
            out.push(c);
            out.push(JOINER);
        } else if quoted && matches!(c, '.' | ':') {
            out.push(JOINER);
            out.push(c);
        } else {
            out.push(c);
        }
    }
    out
}

/// The call as words alone: its method and parameters. None if it has none, so that it can only be tried as it is.
pub(super) fn plain(method: &str, body: &Map<String, Value>) -> Option<(&'static str, Map<String, Value>)> {
    if let Some(words) = attach::instead(body) {
        return Some(("sendMessage", words));
    }
    let (method, from, to) = match method {
        "sendMessage" => ("sendMessage", "text", "text"),
        "editMessageText" => ("editMessageText", "text", "text"),
        "editMessageCaption" => ("editMessageCaption", "caption", "caption"),
        _ => return None,
    };
    let text = body.get(from)?.as_str()?;
    let text = if body.contains_key("parse_mode") { words(text) } else { text.to_owned() };
    let mut plain = Map::new();
    plain.insert(to.to_owned(), json!(text));
    for kept in ["message_id", "link_preview_options"] {
        if let Some(value) = body.get(kept).filter(|_| kept == "message_id" || to == "text") {
            plain.insert(kept.to_owned(), value.clone());
        }
    }
    Some((method, plain))
}

/// The words that go instead of what can't be copied. None if there are none, or only a heading with nothing under it.
pub(super) fn instead(body: &Map<String, Value>) -> Option<Map<String, Value>> {
    let text = body.get("caption")?.as_str()?;
    if text.trim().is_empty() || text.ends_with("\n\n") {
        return None;
    }
    let mut instead = Map::new();
    instead.insert("text".to_owned(), json!(text));
    if let Some(entities) = body.get("caption_entities") {
        instead.insert("entities".to_owned(), entities.clone());
    }
    instead.insert("link_preview_options".to_owned(), json!({"is_disabled": true}));
    Some(instead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telegram::html;

    #[test]
    fn words_alone() {
        let body = json!({"text": "<b>#1 a &amp; b</b>\n<a href=\"https://kpu.go.id/?a=1&amp;b=2\">kpu</a> 2 &lt; 3 &amp;lt;",
            "parse_mode": "HTML", "reply_markup": {}, "reply_parameters": {"message_id": "@card:1"}});
        let (method, plain) = plain("sendMessage", body.as_object().expect("an object")).expect("words");
        assert_eq!(method, "sendMessage");
        assert_eq!(Value::Object(plain), json!({"text": "#1 a & b\nkpu 2 < 3 &lt;"}));
        assert_eq!(super::plain("copyMessage", &Map::new()), None);
        assert_eq!(super::plain("deleteMessage", &Map::new()), None);
    }

    #[test]
    fn what_people_wrote_stays_text() {
        let quote = html::quote("lihat https://contoh.id/a.b @orang /hapus #satu t.me/x <b>");
        let text = words(&format!("<b>#1</b>\n{quote}\nkpu.go.id"));
        for live in ["https:", "://", "contoh.id", "@orang", "/hapus", "#satu", "t.me"] {
            assert!(!text.contains(live), "{live} in {text}");
        }
        assert!(text.starts_with("#1\n") && text.ends_with("kpu.go.id") && text.contains("<b>"), "{text}");
        assert_eq!(text.replace(JOINER, ""), words(&format!("#1\n{}\nkpu.go.id", &quote[5..quote.len() - 6])));
    }

    #[test]
    fn words_instead_of_a_picture() {
        let of = |body: Value| instead(body.as_object().expect("an object"));
        let words = of(json!({"from_chat_id": -1, "message_id": 5, "caption": "Jawaban:\n\nBesok.",
            "caption_entities": [{"type": "bold", "offset": 10, "length": 5}]}));
        let words = words.expect("words");
        assert_eq!(
            (&words["text"], words["entities"].as_array().map(Vec::len)),
            (&json!("Jawaban:\n\nBesok."), Some(1))
        );
        assert_eq!(of(json!({"caption": "Jawaban:\n\n", "message_id": 5})), None, "a heading is no answer");
        assert_eq!(of(json!({"message_id": 5})), None);
        assert_eq!(of(json!({"caption": " "})), None);
    }
}
