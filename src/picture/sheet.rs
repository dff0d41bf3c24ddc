//! A picture in the making: an SVG that grows downwards, on a ground of its own, so that it reads the same in light and in
//! dark surroundings.

use std::fmt::Write;

use super::WIDTH;
use super::font::{FAMILY, Fonts, Weight};

/// The ground.
pub const GROUND: &str = "#ffffff";
/// Words.
pub const INK: &str = "#14181f";
/// Words of less weight: seven to one against the ground, as small print needs.
pub const FADED: &str = "#4b5563";
/// Lines and frames.
pub const RULE: &str = "#6b7280";
/// What stands out, with white words on it.
pub const ACCENT: &str = "#9f1239";
/// How much room is left at the sides.
pub const MARGIN: f32 = 48.0;

/// How words look.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    /// How heavy.
    pub weight: Weight,
    /// How big.
    pub size: f32,
    /// In which colour.
    pub colour: &'static str,
}

impl Type {
    /// From one line to the next.
    pub fn leading(self) -> f32 {
        (self.size * 1.25).round()
    }
}

/// A picture in the making.
#[derive(Debug)]
pub struct Sheet<'f> {
    fonts: &'f Fonts,
    body: String,
    /// How far down it goes.
    pub y: f32,
}

impl<'f> Sheet<'f> {
    /// An empty one.
    pub fn new(fonts: &'f Fonts) -> Self {
        Self { fonts, body: String::new(), y: MARGIN }
    }

    /// How wide one line of words is.
    pub fn width(&self, text: &str, look: Type) -> f32 {
        self.fonts.width(text, look.weight, look.size)
    }

    /// Words in as many lines as they take, from `x` on, at most `most` wide; goes down below them.
    pub fn words(&mut self, text: &str, look: Type, x: f32, most: f32) {
        for line in self.fonts.lines(text, look.weight, look.size, most) {
            self.y += look.leading();
            self.line(&line, look, x, self.y - look.leading() * 0.26);
        }
    }

    /// One line of words on that base line.
    pub fn line(&mut self, text: &str, look: Type, x: f32, base: f32) {
        let (size, weight, colour) = (look.size, look.weight.number(), look.colour);
        self.put(&format!(
            r#"<text x="{x:.1}" y="{base:.1}" font-size="{size}" font-weight="{weight}" fill="{colour}">{}</text>"#,
            escaped(text)
        ));
    }

    /// A piece of SVG that is finished.
    pub fn put(&mut self, svg: &str) {
        self.body.push_str(svg);
        self.body.push('\n');
    }

    /// A piece of SVG behind all that was put since the mark.
    pub fn put_behind(&mut self, mark: usize, svg: &str) {
        self.body.insert_str(mark, svg);
    }

    /// A mark for what is to lie behind what follows.
    pub fn mark(&self) -> usize {
        self.body.len()
    }

    /// The whole of it.
    pub fn done(self) -> String {
        let height = (self.y + MARGIN).ceil();
        let mut svg = String::with_capacity(self.body.len() + 512);
        // Writing to a string can't fail.
        let _ = write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} \
             {height}\" font-family=\"{FAMILY}\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{GROUND}\"/>\n\
             <rect x=\"4\" y=\"4\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{RULE}\" stroke-width=\"4\"/>\n",
            WIDTH - 8.0,
            height - 8.0
        );
        svg.push_str(&self.body);
        svg.push_str("</svg>\n");
        svg
    }
}

/// `text` with what XML would read escaped, and without what it can't hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
