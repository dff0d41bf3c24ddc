//! Words to Telegram's HTML (<https://core.telegram.org/bots/api#html-style>).

use crate::faq::markup::{Document, Style};

/// First strong isolate and pop directional isolate: a quotation between them can't turn the text around it.
const OPEN: char = '\u{2068}';
const CLOSE: char = '\u{2069}';

/// `text` with what HTML would read escaped.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Telegram takes a NUL for the end of the text.
            '\0' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A text with its markup.
pub fn document(document: &Document) -> String {
    document
        .0
        .iter()
        .map(|piece| {
            let text = escape(&piece.text);
            match &piece.style {
                Style::Plain => text,
                Style::Bold => format!("<b>{text}</b>"),
                Style::Italic => format!("<i>{text}</i>"),
                Style::Link(address) => {
                    format!("<a href=\"{}\">{text}</a>", escape(address).replace('"', "&quot;"))
                }
            }
        })
        .collect()
}

/// What a voter wrote, as a quotation in which nothing is a link, a mention or a command.
pub fn quote(text: &str) -> String {
    format!("<pre>{OPEN}{}{CLOSE}</pre>", escape(&balanced(text)))
}

/// `text` with each isolate closed inside it and none closed that it did not open, so that it can't leave the
/// quotation's own (Unicode Standard Annex 9, BD9).
fn balanced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '\u{2066}'..='\u{2068}' => depth += 1,
            CLOSE if depth == 0 => continue,
            CLOSE => depth -= 1,
            _ => {}
        }
        out.push(c);
    }
    out.extend(std::iter::repeat_n(CLOSE, depth));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_inert() {
        assert_eq!(quote("<b>&\"'</b>"), "<pre>\u{2068}&lt;b&gt;&amp;\"'&lt;/b&gt;\u{2069}</pre>");
        assert_eq!(quote("a\u{2069}b\u{2067}c"), "<pre>\u{2068}ab\u{2067}c\u{2069}\u{2069}</pre>");
        assert_eq!(quote("a\u{200b}\u{200f}b"), "<pre>\u{2068}a\u{200b}\u{200f}b\u{2069}</pre>");
    }
}
