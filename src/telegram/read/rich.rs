//! The words of a rich message: headings, lists, tables and quotations as plain lines.

use serde_json::{Value, json};

use super::value::words;

/// What a rich message says, a line for each block; none if it has no words (a map, a picture). Blocks of a kind that
/// is not known are read for their words too.
pub fn text(rich: &Value) -> Option<String> {
    let mut lines = Vec::new();
    block(&rich["blocks"], &mut lines);
    Some(lines.join("\n").trim().to_owned()).filter(|text| !text.is_empty())
}

/// A rich message that says the same and holds nothing else.
pub fn slim(rich: &Value) -> Value {
    json!({"blocks": text(rich).into_iter().collect::<Vec<_>>()})
}

fn block(value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Array(blocks) => blocks.iter().for_each(|inner| block(inner, lines)),
        Value::Object(_) => {
            let start = lines.len();
            for name in ["summary", "text", "expression"] {
                line(&value[name], lines);
            }
            // A table: one line a row.
            for row in value["cells"].as_array().into_iter().flatten() {
                let cells: Vec<String> = row.as_array().into_iter().flatten().map(inline).collect();
                lines.push(cells.join(" ").trim().to_owned());
            }
            block(&value["items"], lines);
            block(&value["blocks"], lines);
            match &value["caption"] {
                held @ Value::Object(_) => block(held, lines),
                words => line(words, lines),
            }
            line(&value["credit"], lines);
            if let Some(label) = words(&value["label"]) {
                match lines.get_mut(start) {
                    Some(first) => *first = format!("{label} {first}"),
                    None => lines.push(label),
                }
            }
        }
        _ => line(value, lines),
    }
}

fn line(value: &Value, lines: &mut Vec<String>) {
    let text = inline(value);
    if !text.trim().is_empty() {
        lines.push(text);
    }
}

/// Text with its markup taken off.
fn inline(value: &Value) -> String {
    match value {
        Value::Array(parts) => parts.iter().map(inline).collect(),
        Value::Object(_) => {
            let named = ["text", "alternative_text", "expression"].into_iter().find(|name| !value[*name].is_null());
            named.map(|name| inline(&value[name])).unwrap_or_default()
        }
        _ => words(value).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_read_for_its_words() {
        let rich = json!({"blocks": [
            {"type": "heading", "size": 1, "text": "Cek fakta"},
            {"type": "paragraph", "text": ["Apakah ", {"type": "bold", "text": ["benar", {"type": "custom_emoji",
                "custom_emoji_id": "5", "alternative_text": "👍"}]}, " begitu?"]},
            {"type": "divider"},
            {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": "KTP"}]},
                {"label": "2.", "blocks": [{"type": "paragraph", "text": {"type": "date_time", "text": "besok",
                    "unix_time": 5, "date_time_format": "D"}}]}]},
            {"type": "table", "cells": [[{"text": "TPS", "align": "left"}, {"align": "left"}, {"text": "1"}]],
                "caption": "Daftar"},
            {"type": "details", "summary": "Lanjut", "blocks": [{"type": "blockquote", "credit": "KPU",
                "blocks": [{"type": "pre", "text": "x = 1"}]}]},
            {"type": "photo", "photo": [{"file_id": "a"}], "caption": {"text": "Surat suara", "credit": "Antara"}},
            {"type": "mathematical_expression", "expression": "a^2"},
            {"type": "map", "location": {"latitude": 1.5, "longitude": 2.5}},
            {"type": "brand_new", "text": {"type": "brand_new", "text": "baru"}},
        ]});
        let said = text(&rich).expect("words");
        assert_eq!(
            said,
            "Cek fakta\nApakah benar👍 begitu?\n1. KTP\n2. besok\nTPS  1\nDaftar\nLanjut\nx = 1\nKPU\nSurat suara\n\
             Antara\na^2\nbaru"
        );
        assert_eq!(text(&slim(&rich)).as_deref(), Some(said.as_str()));
    }

    #[test]
    fn without_words_there_is_no_text() {
        for rich in [
            json!({}),
            json!(5),
            json!({"blocks": [{"type": "divider"}]}),
            json!({"blocks": [null, 5.5, []]}),
            json!({"blocks": [[7]]}),
        ] {
            let said = text(&rich);
            assert_eq!(text(&slim(&rich)), said);
            assert_eq!(said.as_deref(), (rich["blocks"][0][0] == 7).then_some("7"));
        }
    }
}
