//! JSON read leniently: what can't be read costs itself only.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// How deep [`salvage`] takes objects apart. What is read of an update stands at most eight deep.
const DEEPEST: usize = 16;
/// The greatest whole number up to which every one has its own floating-point number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// `raw` as JSON; none if it is none. A part that can be delimited but not read (nested beyond serde_json's bound, a
/// number out of range) becomes an empty object; half a surrogate pair becomes U+FFFD.
pub fn parse(raw: &str) -> Option<Value> {
    serde_json::from_str(raw).ok().or_else(|| serde_json::from_str::<&RawValue>(raw).ok().map(|raw| salvage(raw, 0)))
}

fn salvage(raw: &RawValue, depth: usize) -> Value {
    let text = raw.get();
    if let Ok(value) = serde_json::from_str(text) {
        return value;
    }
    let within = depth < DEEPEST;
    match text.as_bytes().first() {
        Some(b'{') if within => serde_json::from_str::<BTreeMap<Lossy, &RawValue>>(text)
            .ok()
            .map(|fields| fields.into_iter().map(|(name, raw)| (name.0, salvage(raw, depth + 1))).collect()),
        Some(b'[') if within => serde_json::from_str::<Vec<&RawValue>>(text)
            .ok()
            .map(|items| items.into_iter().map(|raw| salvage(raw, depth + 1)).collect()),
        Some(b'"') => serde_json::from_str::<Lossy>(text).ok().map(|text| Value::String(text.0)),
        _ => None,
    }
    .unwrap_or_else(|| Value::Object(Map::new()))
}

/// A text whose half surrogate pairs are replaced.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Lossy(String);

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Lossy;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Lossy, E> {
                Ok(Lossy(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        from.deserialize_bytes(Bytes)
    }
}

/// Whether something is there: null and false say that nothing is.
pub fn present(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// A whole number of 64 bits, also one written as text or with a fraction of zero.
pub fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < EXACT)?;
            Some(float as i64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A text that is not empty; a whole number is one too. NUL, which PostgreSQL can't keep, becomes U+FFFD: as long in UTF-16.
pub fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.replace('\0', "\u{FFFD}")),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a flag is set.
pub fn flag(value: &Value) -> bool {
    matches!(value, Value::Bool(true))
}

/// A name of the Bot API's, safe to log: a name that looks otherwise is "unnamed".
pub fn name(of: &str) -> &str {
    const LONGEST: usize = 64;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !of.is_empty() && of.len() <= LONGEST && of.chars().all(plain) { of } else { "unnamed" }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_that_is_too_deep_costs_itself() {
        let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
        let raw = format!(r#"{{"a": {{"text": "hai", "deep": {deep}}}, "b": [1, 1e999, "x"], "\ud800k": "y"}}"#);
        let value = parse(&raw).expect("JSON");
        assert_eq!(value["a"]["text"], "hai");
        // What is out of reach is there, as something that can be read as nothing.
        assert!(present(&value["a"]["deep"]));
        assert_eq!(value["b"], json!([1, {}, "x"]));
        assert_eq!(value["\u{FFFD}\u{FFFD}\u{FFFD}k"], "y");
    }

    #[test]
    fn depth_without_end_takes_no_time_and_no_stack() {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
            let value = parse(&format!(r#"{{"text": "hai", "deep": {deep}}}"#)).expect("JSON");
            assert_eq!(value["text"], "hai");
            assert_eq!(parse(&value.to_string()), Some(value));
        }
    }

    #[test]
    fn half_a_surrogate_pair_costs_itself() {
        let value = parse(r#"{"text": "jam \ud83d berapa", "whole": "\ud83d\ude00"}"#).expect("JSON");
        let text = words(&value["text"]).expect("a text");
        assert!(text.starts_with("jam ") && text.ends_with(" berapa"), "{text}");
        assert_eq!(value["whole"], "😀");
    }

    #[test]
    fn what_is_cut_off_is_no_json() {
        assert_eq!(parse(r#"{"text": "jam"#), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn numbers_are_read_in_every_spelling() {
        for (value, number) in [
            (json!(5), Some(5)),
            (json!("-1001234567890"), Some(-1_001_234_567_890)),
            (json!(5.0), Some(5)),
            (json!(i64::MAX), Some(i64::MAX)),
            (json!(u64::MAX), None),
            (json!(5.5), None),
            (json!(1e300), None),
            (json!("lima"), None),
            (json!(true), None),
            (json!([5]), None),
            (json!(null), None),
        ] {
            assert_eq!(whole(&value), number, "{value}");
        }
    }

    #[test]
    fn a_name_with_somebodys_words_is_not_shown() {
        assert_eq!(name("brand_new_kind"), "brand_new_kind");
        assert_eq!(name("nomor saya 0812"), "unnamed");
        assert_eq!(name(""), "unnamed");
        assert_eq!(name(&"a".repeat(65)), "unnamed");
    }
}
