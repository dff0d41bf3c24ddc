//! Light markup: `**bold**`, `*italic*`, `[text](https://...)` and lists, so little that nothing in it can be refused.

use std::ops::Range;

/// How a piece of text looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// Heavy.
    Bold,
    /// Slanted.
    Italic,
    /// A link to this address.
    Link(String),
}

/// A piece of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How it looks.
    pub style: Style,
    /// What it says.
    pub text: String,
}

/// A text with light markup.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document(pub Vec<Piece>);

/// What is wrong with the markup, and at which bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkupError {
    /// The bytes.
    pub range: Range<usize>,
    /// What is wrong, in Indonesian.
    pub message: String,
    /// What to do, in Indonesian.
    pub hint: String,
}

impl Document {
    /// `text` as it is, nothing in it read as markup.
    pub fn plain_text(text: String) -> Self {
        Self(vec![Piece { style: Style::Plain, text }])
    }

    /// Without any look: links show their address behind the text.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            out.push_str(&piece.text);
            if let Style::Link(address) = &piece.style {
                out.push_str(" (");
                out.push_str(address);
                out.push(')');
            }
        }
        out
    }

    /// Its length as Telegram counts a message: UTF-16 code units after the markup is read
    /// (<https://core.telegram.org/bots/api#sendmessage>, at most 4,096).
    pub fn telegram_length(&self) -> usize {
        self.0.iter().map(|piece| piece.text.encode_utf16().count()).sum()
    }
}

/// Reads the markup of `text`; all that is wrong in it is told at once.
pub fn parse(text: &str) -> Result<Document, Vec<MarkupError>> {
    let mut parser = Parser { text, pieces: Vec::new(), plain: String::new(), errors: Vec::new() };
    parser.lines();
    parser.flush();
    if parser.errors.is_empty() { Ok(Document(parser.pieces)) } else { Err(parser.errors) }
}

struct Parser<'t> {
    text: &'t str,
    pieces: Vec<Piece>,
    plain: String,
    errors: Vec<MarkupError>,
}

impl Parser<'_> {
    fn error(&mut self, range: Range<usize>, message: &str, hint: &str) {
        self.errors.push(MarkupError { range, message: message.to_owned(), hint: hint.to_owned() });
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.pieces.push(Piece { style: Style::Plain, text: std::mem::take(&mut self.plain) });
        }
    }

    fn styled(&mut self, style: Style, text: &str) {
        self.flush();
        self.pieces.push(Piece { style, text: text.to_owned() });
    }

    /// Markup never runs over a line end, so that a forgotten sign spoils one line only.
    fn lines(&mut self) {
        let text = self.text.trim_end();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let body = line.trim_end();
            let indent = body.len() - body.trim_start().len();
            let content = body.trim_start();
            self.tags(body, offset);
            if content.starts_with('#') {
                self.error(offset..offset + body.len(), "judul (#) tidak dikenal", "pakai **huruf tebal** saja");
            } else if content.starts_with('|') {
                self.error(
                    offset..offset + body.len(),
                    "tabel tidak dikenal",
                    "tulis sebagai daftar: baris diawali \"- \"",
                );
            } else if indent > 0 && (content.starts_with("- ") || content.starts_with("* ")) {
                self.error(
                    offset..offset + body.len(),
                    "daftar di dalam daftar",
                    "tulis semua butir tanpa spasi di depan",
                );
            } else if let Some(item) = content.strip_prefix("- ").or_else(|| content.strip_prefix("* ")) {
                self.plain.push_str("• ");
                self.inline(item, offset + body.len() - item.len());
            } else {
                self.inline(content, offset + indent);
            }
            if line.ends_with('\n') {
                self.plain.push('\n');
            }
            offset += line.len();
        }
    }

    /// HTML is refused wherever it stands: what reads like a tag would confuse readers, escaped or not.
    fn tags(&mut self, line: &str, offset: usize) {
        for (start, _) in line.match_indices('<') {
            let rest = &line[start..];
            if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
                let end = rest.find('>').map_or(rest.len(), |i| i + 1);
                let place = offset + start..offset + start + end;
                let hint = "pakai **tebal**, *miring*, atau [teks](https://...)";
                self.error(place, "tanda HTML tidak dipakai di sini", hint);
            }
        }
    }

    fn inline(&mut self, line: &str, offset: usize) {
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let at = offset + line.len() - rest.len();
            if c == '*' && is_in_address(line, line.len() - rest.len()) {
                self.plain.push(c);
                rest = &rest[1..];
            } else if let Some(inner) = rest.strip_prefix("**") {
                rest = self.emphasis(inner, "**", Style::Bold, at);
            } else if c == '*' && rest.len() > 1 && !rest[1..].starts_with(' ') {
                rest = self.emphasis(&rest[1..], "*", Style::Italic, at);
            } else if c == '[' {
                rest = self.link(rest, at);
            } else {
                self.plain.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }

    fn emphasis<'r>(&mut self, inner: &'r str, sign: &str, style: Style, at: usize) -> &'r str {
        let Some((end, _)) = inner.match_indices(sign).find(|(i, _)| !is_in_address(inner, *i)) else {
            self.error(
                at..at + sign.len(),
                &format!("tanda {sign} tidak ditutup"),
                &format!("tutup dengan {sign} di baris yang sama"),
            );
            return inner;
        };
        let text = &inner[..end];
        if text.trim().is_empty() {
            self.error(at..at + end + 2 * sign.len(), "tidak ada teks di antara tanda ini", "isi atau hapus tandanya");
        } else if text.match_indices(['[', '*']).any(|(i, _)| !is_in_address(text, i)) {
            self.error(at..at + end + 2 * sign.len(), "tanda di dalam tanda", "satu potong teks cukup satu gaya");
        } else {
            self.styled(style, text);
        }
        &inner[end + sign.len()..]
    }

    fn link<'r>(&mut self, rest: &'r str, at: usize) -> &'r str {
        let Some((label, after)) = rest[1..].split_once("](") else {
            self.plain.push('[');
            return &rest[1..];
        };
        let Some((address, tail)) = after.split_once(')') else {
            self.error(at..at + rest.len(), "tautan tidak ditutup", "tulis [teks](https://alamat)");
            return "";
        };
        let whole = rest.len() - tail.len();
        let well_formed = (address.starts_with("https://") || address.starts_with("http://"))
            && address.len() > "https://a".len()
            && !address.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c));
        if label.trim().is_empty() || label.contains(['[', ']', '*', '\n']) {
            self.error(at..at + whole, "teks tautan kosong atau bertanda", "tulis [teks](https://alamat)");
        } else if !well_formed {
            self.error(at..at + whole, "alamat tautan tidak sah", "alamat diawali https:// dan tanpa spasi");
        } else {
            self.styled(Style::Link(address.to_owned()), label);
        }
        tail
    }
}

/// Whether the sign at `at` is a part of a bare web address, with something of it behind the sign: there a `*` is no markup.
fn is_in_address(line: &str, at: usize) -> bool {
    let before = line[..at].rsplit(|c: char| c.is_whitespace() || "([".contains(c)).next().unwrap_or_default();
    let before = before.trim_start_matches('*');
    let is_host = |host: &str| {
        host.rsplit_once('.').is_some_and(|(_, end)| end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    let address = before.contains("://") || before.split_once('/').is_some_and(|(host, _)| is_host(host));
    let goes_on = |c: char| c.is_ascii_alphanumeric() || "/?&=%_-#".contains(c);
    address && line[at..].trim_start_matches('*').starts_with(goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_it_knows() {
        let document = parse("**Tidak boleh.** Lihat [KPU](https://kpu.go.id) atau *tanya*.\n\n- satu\n1. dua 2 * 3\n")
            .expect("good markup");
        assert_eq!(document.plain(), "Tidak boleh. Lihat KPU (https://kpu.go.id) atau tanya.\n\n• satu\n1. dua 2 * 3");
        assert_eq!(document.0[0], Piece { style: Style::Bold, text: "Tidak boleh.".to_owned() });
    }

    #[test]
    fn an_address_may_hold_any_sign() {
        for (text, plain) in [
            ("Buka https://kpu.go.id/a*b_c*d?x=* lalu", "Buka https://kpu.go.id/a*b_c*d?x=* lalu"),
            ("jdih.kpu.go.id/data/*/x, *miring*", "jdih.kpu.go.id/data/*/x, miring"),
            ("**https://kpu.go.id/a*b**, ya", "https://kpu.go.id/a*b, ya"),
            ("*lihat https://kpu.go.id*", "lihat https://kpu.go.id"),
            ("lihat\u{a0}*kpu.go.id*\u{2001}**ya**", "lihat\u{a0}kpu.go.id\u{2001}ya"),
            ("**https://kpu.go.id** dan **dpr.go.id/x**", "https://kpu.go.id dan dpr.go.id/x"),
        ] {
            assert_eq!(parse(text).map(|document| document.plain()), Ok(plain.to_owned()), "{text}");
        }
        assert!(parse("satu/dua*tiga").is_err() && parse("https://kpu.go.id *x").is_err());
    }

    #[test]
    fn refuses_what_telegram_or_the_voice_would_not_take() {
        for bad in [
            "**tebal",
            "a *b",
            "****",
            "<b>x</b>",
            "[x](ftp://y)",
            "[x](https://a b)",
            "[](https://a.b)",
            "[x](https://a.b",
            "# judul",
            "| a | b |",
            "  - anak",
            "**a [b](https://c.d)**",
        ] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
        assert!(parse("5 < 6 dan 7 > 2, [lihat] a*").is_ok());
    }

    proptest! {
        #[test]
        fn places_lie_inside_the_text(text in "[a*\\[\\]()<#| \\n:/-]{0,60}") {
            for error in parse(&text).err().into_iter().flatten() {
                prop_assert!(text.get(error.range.clone()).is_some(), "{:?} of {:?}", error.range, text);
            }
        }
    }
}
