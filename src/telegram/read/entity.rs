//! Entities to the looks that are kept: those that Telegram takes back, and that point to nobody.

use reqwest::Url;
use serde_json::Value;

use super::value::{whole, words};
use crate::desk::Mark;

/// The marks of `text`, outer before inner. Dropped is what points to a person (mentions, a link to an account), what
/// could not be sent again (outside the text, through the middle of a character, across another, inside `code` or
/// `pre`), and every kind that is mere decoration or not known. The words stay.
pub fn marks(text: &str, entities: &Value) -> Vec<Mark> {
    let Value::Array(entities) = entities else { return Vec::new() };
    let starts = Boundaries::of(text);
    let mut found: Vec<Mark> = entities.iter().filter_map(|entity| mark(entity, &starts)).collect();
    found.sort_by_key(|mark| (mark.offset, std::cmp::Reverse(mark.length), rank(&mark.kind)));
    let mut kept: Vec<Mark> = Vec::new();
    // The kept ones around the place that is looked at, by their index, outer first.
    let mut open: Vec<usize> = Vec::new();
    for mark in found {
        open.retain(|at| end(&kept[*at]) > mark.offset);
        if open.iter().all(|at| may_hold(&kept[*at], &mark)) {
            open.push(kept.len());
            kept.push(mark);
        }
    }
    kept
}

/// An address that a text may link to, as a browser reads it: http and https with a host that Telegram takes (a dot in
/// it, or IPv6; a port other than 0), and `tel` (RFC 3966, a global number or digits).
pub fn link(address: &str) -> Option<Url> {
    let url = Url::parse(address.trim()).ok()?;
    let taken = match url.scheme() {
        "http" | "https" => {
            let host = url.host_str()?;
            (host.starts_with('[') || host.trim_matches('.').contains('.')) && url.port() != Some(0)
        }
        "tel" => {
            let number = url.path();
            let separator = |c: char| matches!(c, '-' | '.' | '(' | ')');
            let digits = number.strip_prefix('+').unwrap_or(number);
            digits.chars().any(|c| c.is_ascii_digit())
                && digits.chars().all(|c| c.is_ascii_digit() || separator(c))
                && url.query().is_none()
                && url.fragment().is_none()
        }
        _ => false,
    };
    taken.then_some(url)
}

fn mark(entity: &Value, starts: &Boundaries) -> Option<Mark> {
    let kind = entity["type"].as_str()?;
    let url = match kind {
        "bold"
        | "italic"
        | "underline"
        | "strikethrough"
        | "spoiler"
        | "blockquote"
        | "expandable_blockquote"
        | "code"
        | "pre" => None,
        "text_link" => Some(link(&words(&entity["url"])?)?.to_string()),
        _ => return None,
    };
    let offset = usize::try_from(whole(&entity["offset"])?).ok()?;
    let length = usize::try_from(whole(&entity["length"])?).ok().filter(|length| *length > 0)?;
    let usable = starts.has(offset) && starts.has(offset.checked_add(length)?);
    usable.then(|| Mark { offset, length, kind: kind.to_owned(), url })
}

fn end(mark: &Mark) -> usize {
    mark.offset + mark.length
}

/// Of those that cover the same words, which is the outer one.
fn rank(kind: &str) -> u8 {
    match kind {
        "blockquote" | "expandable_blockquote" => 0,
        "text_link" => 1,
        "code" | "pre" => 2,
        _ => 3,
    }
}

/// Whether Telegram takes `inner` inside `outer` (Bot API, "Formatting options"): a quotation holds no quotation,
/// `code` and `pre` hold nothing and stand in a quotation only, a link holds no link, and the rest may hold each other.
fn may_hold(outer: &Mark, inner: &Mark) -> bool {
    let group = |mark: &Mark| rank(&mark.kind);
    let allowed = match (group(outer), group(inner)) {
        (0, 0) | (2, _) | (1, 0..=2) | (3, 2) => false,
        (0 | 1, _) => true,
        _ => outer.kind != inner.kind,
    };
    allowed && end(inner) <= end(outer)
}

/// Where characters begin in a text, in UTF-16 units, and where it ends.
struct Boundaries(Vec<bool>);

impl Boundaries {
    fn of(text: &str) -> Self {
        let mut starts = Vec::with_capacity(text.len() + 1);
        for c in text.chars() {
            starts.push(true);
            starts.extend((c.len_utf16() > 1).then_some(false));
        }
        starts.push(true);
        Self(starts)
    }

    fn has(&self, at: usize) -> bool {
        self.0.get(at).copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn kinds(text: &str, entities: &Value) -> Vec<(usize, usize, String)> {
        marks(text, entities).into_iter().map(|mark| (mark.offset, mark.length, mark.kind)).collect()
    }

    fn one(kind: &str, offset: i64, length: i64) -> Value {
        json!({"type": kind, "offset": offset, "length": length})
    }

    #[test]
    fn looks_are_kept_and_decoration_is_dropped() {
        let text = "Besok di balai desa";
        for kind in [
            "bold",
            "italic",
            "underline",
            "strikethrough",
            "spoiler",
            "blockquote",
            "expandable_blockquote",
            "code",
            "pre",
        ] {
            assert_eq!(kinds(text, &json!([one(kind, 0, 5)])), [(0, 5, kind.to_owned())]);
        }
        for kind in [
            "mention",
            "hashtag",
            "cashtag",
            "bot_command",
            "url",
            "email",
            "phone_number",
            "text_mention",
            "custom_emoji",
            "date_time",
            "brand_new",
            "",
            "Bold",
        ] {
            let entity = json!({"type": kind, "offset": 0, "length": 5, "user": {"id": 5, "is_bot": false,
                "first_name": "Budi"}, "custom_emoji_id": "5", "unix_time": 1707872400, "url": "https://kpu.go.id"});
            assert_eq!(kinds(text, &json!([entity, one("bold", 6, 2)])), [(6, 2, "bold".to_owned())], "{kind}");
        }
    }

    #[test]
    fn what_telegram_would_refuse_is_dropped() {
        // The flag is two characters of two units each.
        let text = "kpu 🇮🇩 ya ";
        assert_eq!(text.encode_utf16().count(), 12);
        for (offset, length) in
            [(-1, 3), (0, 0), (0, -2), (0, 13), (12, 1), (5, 1), (4, 1), (3, 2), (i64::MAX, i64::MAX), (i64::MIN, 1)]
        {
            assert_eq!(kinds(text, &json!([one("bold", offset, length)])), [], "{offset} {length}");
        }
        assert_eq!(kinds(text, &json!([one("bold", 4, 4)])).len(), 1);
        assert_eq!(kinds(text, &json!([one("bold", 0, 12)])).len(), 1);
        assert_eq!(kinds("", &json!([one("bold", 0, 1)])), []);
        for odd in [
            json!(null),
            json!({}),
            json!("x"),
            json!([1, "x", null, [], {}]),
            json!([{"type": 5}]),
            json!([{"type": "bold"}]),
        ] {
            assert_eq!(kinds(text, &odd), []);
        }
    }

    #[test]
    fn across_another_the_later_one_is_dropped() {
        let text = "0123456789";
        assert_eq!(kinds(text, &json!([one("italic", 3, 5), one("bold", 0, 5)])), [(0, 5, "bold".to_owned())]);
        // Side by side and inside is fine, in whatever order they come.
        let nested = json!([one("italic", 1, 2), one("bold", 0, 5), one("underline", 5, 2)]);
        assert_eq!(kinds(text, &nested).iter().map(|(at, ..)| *at).collect::<Vec<_>>(), [0, 1, 5]);
    }

    #[test]
    fn code_holds_nothing() {
        let text = "0123456789";
        for code in ["code", "pre"] {
            for kind in ["bold", "italic", "blockquote", "code", "pre"] {
                let found = kinds(text, &json!([one(kind, 2, 3), one(code, 0, 8)]));
                assert_eq!(found, [(0, 8, code.to_owned())], "{kind} in {code}");
            }
            assert_eq!(kinds(text, &json!([one("bold", 0, 8), one(code, 0, 8)])), [(0, 8, code.to_owned())]);
            assert_eq!(kinds(text, &json!([one("bold", 0, 8), one(code, 2, 3)])), [(0, 8, "bold".to_owned())]);
            assert_eq!(kinds(text, &json!([one("blockquote", 0, 8), one(code, 2, 3)])).len(), 2);
        }
        assert_eq!(kinds(text, &json!([one("blockquote", 0, 8), one("expandable_blockquote", 2, 3)])).len(), 1);
    }

    #[test]
    fn only_three_kinds_of_link_are_kept() {
        for (address, kept) in [
            ("https://kpu.go.id", Some("https://kpu.go.id/")),
            ("HTTP://infopemilu.kpu.go.id/a?b=c#d", Some("http://infopemilu.kpu.go.id/a?b=c#d")),
            ("http://[2001:db8::1]/", Some("http://[2001:db8::1]/")),
            ("https://kpu.go.id:8443/", Some("https://kpu.go.id:8443/")),
            ("tel:+622131937223", Some("tel:+622131937223")),
            ("tel:021-3193-7223", Some("tel:021-3193-7223")),
            ("https://kpu.go.id:99999", None),
            ("https://kpu.go.id:0/", None),
            ("https://", None),
            ("http://localhost/", None),
            ("https://.", None),
            ("x", None),
            ("", None),
            ("kpu.go.id", None),
            ("//kpu.go.id", None),
            ("tel:", None),
            ("tel:nomor", None),
            ("tel:1;phone-context=x", None),
            ("tg://user?id=5", None),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("file:///etc/passwd", None),
            ("ftp://kpu.go.id", None),
            ("mailto:a@kpu.go.id", None),
            ("java\nscript:alert(1)", None),
        ] {
            assert_eq!(link(address).map(String::from).as_deref(), kept, "{address}");
            let entity = json!([{"type": "text_link", "offset": 0, "length": 3, "url": address}]);
            assert_eq!(marks("di sini", &entity).first().and_then(|mark| mark.url.as_deref()), kept, "{address}");
        }
        assert_eq!(kinds("di sini", &json!([one("text_link", 0, 3)])), []);
    }

    proptest! {
        /// Whatever comes, what is kept lies inside the text, on whole characters, nested and not inside code.
        #[test]
        fn what_is_kept_can_be_sent(
            text in "[a-c 😀é]{0,12}",
            entities in prop::collection::vec((0usize..9, -2i64..16, -2i64..16), 0..12),
        ) {
            const KINDS: [&str; 9] = ["bold", "italic", "code", "pre", "blockquote", "text_link", "spoiler", "mention",
                "expandable_blockquote"];
            let given: Vec<Value> = entities.iter().map(|(kind, offset, length)| {
                json!({"type": KINDS[*kind], "offset": offset, "length": length, "url": "https://kpu.go.id"})
            }).collect();
            let kept = marks(&text, &Value::Array(given));
            let units: Vec<u16> = text.encode_utf16().collect();
            for (i, mark) in kept.iter().enumerate() {
                prop_assert!(mark.length > 0 && mark.offset + mark.length <= units.len());
                let inside = String::from_utf16(&units[mark.offset..mark.offset + mark.length]);
                prop_assert!(inside.is_ok(), "{mark:?} in {text}");
                prop_assert_ne!(mark.kind.as_str(), "mention");
                for later in &kept[i + 1..] {
                    let apart = later.offset >= end(mark);
                    let within = later.offset >= mark.offset && end(later) <= end(mark);
                    prop_assert!(apart || within, "{mark:?} {later:?}");
                    prop_assert!(apart || !["code", "pre"].contains(&mark.kind.as_str()), "{mark:?} {later:?}");
                }
            }
        }
    }
}
