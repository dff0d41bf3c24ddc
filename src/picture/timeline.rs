//! Stages along a line from top to bottom, with today between them. What is over has a tick, what runs a full dot and a frame,
//! what is to come an empty ring: each says so in words too.

use super::WIDTH;
use super::font::{Fonts, Weight};
use super::sheet::{ACCENT, FADED, GROUND, INK, MARGIN, RULE, Sheet, Type};
use crate::desk::picture::{Line, Part, State, dated};

const TITLE: Type = Type { weight: Weight::Bold, size: 60.0, colour: INK };
const NAME: Type = Type { weight: Weight::Bold, size: 40.0, colour: INK };
const DAYS: Type = Type { weight: Weight::Regular, size: 35.0, colour: INK };
const NOTE: Type = Type { weight: Weight::Regular, size: 38.0, colour: FADED };
const TODAY: Type = Type { weight: Weight::Bold, size: 42.0, colour: GROUND };

/// Where the line along which the stages stand runs.
const RAIL: f32 = MARGIN + 26.0;
/// Where words begin.
const WORDS: f32 = MARGIN + 80.0;
/// How wide they may be.
const MOST: f32 = WIDTH - WORDS - MARGIN - 12.0;
/// Half as wide as a mark on the line.
const MARK: f32 = 20.0;
/// Between two stages.
const GAP: f32 = 22.0;
/// Between a frame and what stands in it.
const PAD: f32 = 12.0;

/// The timeline as SVG.
pub fn svg(parts: &[Part], fonts: &Fonts) -> String {
    let mut sheet = Sheet::new(fonts);
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            sheet.y += 40.0;
        }
        sheet.words(&part.title, TITLE, MARGIN, WIDTH - 2.0 * MARGIN);
        sheet.y += 18.0;
        let (start, behind) = (sheet.y + GAP, sheet.mark());
        for line in &part.lines {
            sheet.y += GAP;
            match line {
                Line::Stage { name, days, when, state } => stage(&mut sheet, (name, days, when), *state),
                Line::Today(today) => self::today(&mut sheet, today),
                Line::Note(note) => sheet.words(note, NOTE, WORDS, MOST),
            }
        }
        let on_the_line = part.lines.iter().any(|line| matches!(line, Line::Stage { .. }));
        if on_the_line {
            let end = sheet.y;
            sheet.put_behind(
                behind,
                &format!(r#"<path d="M{RAIL} {start:.1}V{end:.1}" stroke="{RULE}" stroke-width="6"/>"#),
            );
        }
    }
    sheet.done()
}

fn stage(sheet: &mut Sheet<'_>, (name, days, when): (&str, &str, &str), state: State) {
    if state == State::Now {
        sheet.y += PAD;
    }
    let (top, behind) = (sheet.y, sheet.mark());
    let faded = |look: Type| if state == State::Past { Type { colour: FADED, ..look } } else { look };
    sheet.words(name, faded(NAME), WORDS, MOST);
    sheet.words(&dated(days, when), faded(DAYS), WORDS, MOST);
    if state == State::Now {
        sheet.y += PAD;
        let (x, y) = (WORDS - 22.0, top - PAD);
        let (width, height) = (WIDTH - MARGIN - x, sheet.y - y);
        sheet.put_behind(
            behind,
            &format!(
                r##"<rect x="{x}" y="{y:.1}" width="{width}" height="{height:.1}" rx="16" fill="#fff1f2" stroke="{ACCENT}" stroke-width="5"/>"##
            ),
        );
    }
    mark(sheet, top + NAME.leading() / 2.0, state);
}

fn mark(sheet: &mut Sheet<'_>, y: f32, state: State) {
    let (x, r) = (RAIL, MARK);
    match state {
        State::Past => {
            let tick = format!("M{:.1} {:.1}l7 8 13 -16", x - 10.0, y);
            sheet.put(&format!(
                r#"<circle cx="{x}" cy="{y:.1}" r="{r}" fill="{FADED}"/><path d="{tick}" fill="none" stroke="{GROUND}" stroke-width="5"/>"#
            ));
        }
        State::Now => sheet.put(&format!(
            r#"<circle cx="{x}" cy="{y:.1}" r="{}" fill="{GROUND}" stroke="{ACCENT}" stroke-width="6"/><circle cx="{x}" cy="{y:.1}" r="14" fill="{ACCENT}"/>"#,
            r + 4.0
        )),
        State::Coming => sheet.put(&format!(
            r#"<circle cx="{x}" cy="{y:.1}" r="{}" fill="{GROUND}" stroke="{INK}" stroke-width="6"/>"#,
            r - 2.0
        )),
    }
}

/// Today: a band across, with an arrow's point at the line.
fn today(sheet: &mut Sheet<'_>, today: &str) {
    let (top, behind) = (sheet.y, sheet.mark());
    sheet.y += 12.0;
    sheet.words(today, TODAY, WORDS, MOST);
    sheet.y += 14.0;
    let (left, right, middle) = (MARGIN, WIDTH - MARGIN, (top + sheet.y) / 2.0);
    let (tip, bottom) = (right - 28.0, sheet.y);
    sheet.put_behind(
        behind,
        &format!(r#"<path d="M{left} {top:.1}H{tip}L{right} {middle:.1}L{tip} {bottom:.1}H{left}Z" fill="{ACCENT}"/>"#),
    );
}
