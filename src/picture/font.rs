//! The letters: Inter, regular and bold, held by the program; how wide words are, and where lines break.

use std::sync::Arc;

use resvg::usvg::fontdb::{Database, Source};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider, charmap::Charmap};

/// The family's name in SVG.
pub const FAMILY: &str = "Inter";

static REGULAR: &[u8] = include_bytes!("font/Inter-Regular.otf");
static BOLD: &[u8] = include_bytes!("font/Inter-Bold.otf");

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// As in running text.
    Regular,
    /// Heavy.
    Bold,
}

impl Weight {
    /// As SVG has it.
    pub fn number(self) -> u32 {
        match self {
            Self::Regular => 400,
            Self::Bold => 700,
        }
    }
}

/// The letters for the drawer; nothing of the machine's own is looked for.
pub fn database() -> Arc<Database> {
    let mut database = Database::new();
    for bytes in [REGULAR, BOLD] {
        database.load_font_source(Source::Binary(Arc::new(bytes)));
    }
    Arc::new(database)
}

/// The letters' widths.
pub struct Fonts {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(FAMILY)
    }
}

impl Default for Fonts {
    fn default() -> Self {
        let read = |bytes| FontRef::new(bytes).expect("a font of our own");
        Self { regular: read(REGULAR), bold: read(BOLD) }
    }
}

impl Fonts {
    fn measure(&self, weight: Weight, size: f32) -> (Charmap<'static>, GlyphMetrics<'static>) {
        let font = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        (font.charmap(), font.glyph_metrics(Size::new(size), LocationRef::default()))
    }

    /// How wide `text` is, letter by letter.
    pub fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        let (letters, metrics) = self.measure(weight, size);
        let wide = |c| metrics.advance_width(letters.map(c).unwrap_or_default()).unwrap_or_default();
        text.chars().map(wide).sum()
    }

    /// `text` in lines that are at most so wide. It breaks between words; a word that is longer than a line by itself breaks
    /// within.
    pub fn lines(&self, text: &str, weight: Weight, size: f32, most: f32) -> Vec<String> {
        let fits = |line: &str| self.width(line, weight, size) <= most;
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if fits(&longer) {
                line = longer;
                continue;
            }
            lines.extend(Some(std::mem::take(&mut line)).filter(|line| !line.is_empty()));
            for c in word.chars() {
                line.push(c);
                if line.chars().count() > 1 && !fits(&line) {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, c.to_string()));
                }
            }
        }
        lines.extend(Some(line).filter(|line| !line.is_empty()));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_lose_none() {
        let fonts = Fonts::default();
        let text = "Pemungutan suara di luar negeri (TPS dan kotak keliling)";
        let lines = fonts.lines(text, Weight::Bold, 44.0, 500.0);
        assert!(
            lines.len() > 2 && lines.iter().all(|line| fonts.width(line, Weight::Bold, 44.0) <= 500.0),
            "{lines:?}"
        );
        assert_eq!(lines.join(" "), text);
        let long = fonts.lines(&"m".repeat(60), Weight::Regular, 44.0, 500.0);
        assert!(long.len() > 2 && long.concat() == "m".repeat(60), "{long:?}");
        assert!(fonts.lines(" ", Weight::Regular, 44.0, 500.0).is_empty());
    }

    #[test]
    fn every_letter_of_the_files_is_there() {
        let fonts = Fonts::default();
        let (regular, _) = fonts.measure(Weight::Regular, 16.0);
        let (bold, _) = fonts.measure(Weight::Bold, 16.0);
        for c in "ABCxyz 0123456789 .,:;()/-–—'\"“”’•éèêçâ&%+".chars() {
            assert!(regular.map(c).is_some() && bold.map(c).is_some(), "{c:?}");
        }
    }
}
