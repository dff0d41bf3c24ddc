//! The ballots of an election: each as a sheet of paper with a head in its colour, and the colour's name on it.

use super::WIDTH;
use super::font::{Fonts, Weight};
use super::sheet::{GROUND, INK, MARGIN, Sheet, Type};
use crate::desk::picture::Ballot;

const TITLE: Type = Type { weight: Weight::Bold, size: 60.0, colour: INK };
const ELECTION: Type = Type { weight: Weight::Bold, size: 46.0, colour: INK };
const COLOUR: Type = Type { weight: Weight::Bold, size: 42.0, colour: INK };

/// How wide the coloured part of a ballot is: on it stands the colour's name.
const PATCH: f32 = 300.0;
/// A ballot is at least this high.
const LEAST: f32 = 148.0;
/// Between two ballots.
const GAP: f32 = 28.0;

/// The colours by their names in Indonesian and English, each with that of the words on it.
const COLOURS: [(&str, &str, &str, &str); 12] = [
    ("abu-abu", "grey", "#9ca3af", INK),
    ("kuning", "yellow", "#facc15", INK),
    ("merah", "red", "#c81e1e", GROUND),
    ("biru", "blue", "#1d4ed8", GROUND),
    ("hijau", "green", "#15803d", GROUND),
    ("putih", "white", "#ffffff", INK),
    ("hitam", "black", "#111827", GROUND),
    ("cokelat", "brown", "#7c4a1e", GROUND),
    ("oranye", "orange", "#f97316", INK),
    ("jingga", "orange", "#f97316", INK),
    ("ungu", "purple", "#7e22ce", GROUND),
    ("merah muda", "pink", "#f9a8d4", INK),
];

/// The colour of that name and that of words on it; one that has no name here is left white.
fn colour(name: &str) -> (&'static str, &'static str) {
    let name = name.trim().to_lowercase();
    let found = COLOURS.iter().find(|(own, english, ..)| [*own, *english].contains(&name.as_str()));
    found.map_or((GROUND, INK), |&(.., paper, words)| (paper, words))
}

/// The ballots as SVG.
pub fn svg(title: &str, ballots: &[Ballot], fonts: &Fonts) -> String {
    let mut sheet = Sheet::new(fonts);
    sheet.words(title, TITLE, MARGIN, WIDTH - 2.0 * MARGIN);
    sheet.y += 12.0;
    for ballot in ballots {
        sheet.y += GAP;
        draw(&mut sheet, ballot, fonts);
    }
    sheet.done()
}

fn draw(sheet: &mut Sheet<'_>, ballot: &Ballot, fonts: &Fonts) {
    let (paper, ink) = colour(&ballot.colour);
    let (left, width) = (MARGIN, WIDTH - 2.0 * MARGIN);
    let (words, room) = (left + PATCH + 36.0, width - PATCH - 72.0);
    let lines = fonts.lines(&ballot.election, ELECTION.weight, ELECTION.size, room).len() as f32;
    let names = fonts.lines(&ballot.colour, COLOUR.weight, COLOUR.size, PATCH - 56.0).len() as f32;
    let needed = (lines * ELECTION.leading()).max(names * COLOUR.leading());
    let height = LEAST.max(needed + 48.0);
    let top = sheet.y;
    sheet.put(&format!(
        r#"<rect x="{left}" y="{top:.1}" width="{width}" height="{height:.1}" rx="14" fill="{GROUND}"/><path d="M{} {top:.1}h{}v{height:.1}h-{}a14 14 0 0 1 -14 -14v-{:.1}a14 14 0 0 1 14 -14Z" fill="{paper}"/><path d="M{} {top:.1}v{height:.1}" stroke="{INK}" stroke-width="4"/><rect x="{left}" y="{top:.1}" width="{width}" height="{height:.1}" rx="14" fill="none" stroke="{INK}" stroke-width="5"/>"#,
        left + 14.0,
        PATCH - 14.0,
        PATCH - 14.0,
        height - 28.0,
        left + PATCH,
    ));
    sheet.y = top + (height - names * COLOUR.leading()) / 2.0;
    sheet.words(&ballot.colour, Type { colour: ink, ..COLOUR }, left + 28.0, PATCH - 56.0);
    sheet.y = top + (height - lines * ELECTION.leading()) / 2.0;
    sheet.words(&ballot.election, ELECTION, words, room);
    sheet.y = top + height;
}
