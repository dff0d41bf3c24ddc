//! A column a day: how high it is says how much was asked, how much of it is full how much was answered at once. The numbers
//! stand on it, where there is room.

use super::WIDTH;
use super::font::{Fonts, Weight};
use super::sheet::{ACCENT, FADED, INK, MARGIN, RULE, Sheet, Type};
use crate::desk::picture::Column;

const TITLE: Type = Type { weight: Weight::Bold, size: 54.0, colour: INK };
const KEY: Type = Type { weight: Weight::Regular, size: 36.0, colour: INK };
const NUMBER: Type = Type { weight: Weight::Bold, size: 32.0, colour: INK };
const SHARE: Type = Type { weight: Weight::Regular, size: 28.0, colour: FADED };
const DAY: Type = Type { weight: Weight::Regular, size: 30.0, colour: INK };

/// How high the highest column is.
const HIGH: f32 = 560.0;
/// The part of a column that was not answered at once.
const REST: &str = "#9ca3af";
/// So many columns have room for their numbers.
const ROOMY: usize = 10;
/// Of more columns so many have their days under them.
const DAYS: usize = 8;

/// The columns as SVG.
pub fn svg(title: &str, key: (&str, &str), columns: &[Column], fonts: &Fonts) -> String {
    let mut sheet = Sheet::new(fonts);
    sheet.words(title, TITLE, MARGIN, WIDTH - 2.0 * MARGIN);
    sheet.y += 24.0;
    for (words, colour) in [(key.0, REST), (key.1, ACCENT)] {
        let top = sheet.y + 8.0;
        let patch = format!(
            r#"<rect x="{MARGIN}" y="{top:.1}" width="34" height="34" fill="{colour}" stroke="{RULE}" stroke-width="2"/>"#
        );
        sheet.put(&patch);
        sheet.words(words, KEY, MARGIN + 54.0, WIDTH - 2.0 * MARGIN - 54.0);
        sheet.y += 6.0;
    }
    // Above the highest column stand its numbers.
    sheet.y += 50.0;
    let base = sheet.y + HIGH;
    let most = columns.iter().map(|column| column.asked).max().unwrap_or_default().max(1);
    let wide = (WIDTH - 2.0 * MARGIN) / columns.len().max(1) as f32;
    let roomy = columns.len() <= ROOMY;
    let every = if roomy { 1 } else { columns.len().div_ceil(DAYS) };
    for (place, column) in columns.iter().enumerate() {
        let (left, width) = (MARGIN + wide * place as f32 + wide * 0.12, wide * 0.76);
        let high = |count: u64| HIGH * count as f32 / most as f32;
        let bar = |top: f32, height: f32, colour: &str| {
            format!(r#"<rect x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" fill="{colour}"/>"#)
        };
        let (asked, answered) = (high(column.asked), high(column.answered.min(column.asked)));
        sheet.put(&bar(base - asked, asked, REST));
        sheet.put(&bar(base - answered, answered, ACCENT));
        let middle = |sheet: &Sheet<'_>, text: &str, look: Type| left + (width - sheet.width(text, look)) / 2.0;
        if roomy && column.asked > 0 {
            let x = middle(&sheet, &column.number, NUMBER);
            sheet.line(&column.number, NUMBER, x, base - asked - 14.0);
            let x = middle(&sheet, &column.share, SHARE);
            sheet.line(&column.share, SHARE, x, base + 82.0);
        }
        if place % every == 0 {
            let x = middle(&sheet, &column.day, DAY).clamp(MARGIN, WIDTH - MARGIN - sheet.width(&column.day, DAY));
            sheet.line(&column.day, DAY, x, base + 42.0);
        }
    }
    let right = WIDTH - MARGIN;
    sheet.put(&format!(r#"<path d="M{MARGIN} {base:.1}H{right}" stroke="{INK}" stroke-width="4"/>"#));
    if !roomy {
        // Without numbers on them, the highest one tells how much the others are.
        let (top, label) = (base - HIGH, columns.iter().max_by_key(|column| column.asked).map(|c| c.number.clone()));
        sheet.put(&format!(
            r#"<path d="M{MARGIN} {top:.1}H{right}" stroke="{RULE}" stroke-width="2" stroke-dasharray="10 10"/>"#
        ));
        sheet.line(&label.unwrap_or_default(), NUMBER, MARGIN, top - 12.0);
    }
    sheet.y = base + 90.0;
    sheet.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(day: usize, asked: u64, answered: u64) -> Column {
        Column { day: format!("{day}/11"), asked, answered, number: asked.to_string(), share: "50%".to_owned() }
    }

    /// The heights of what is drawn in that colour, the key left out.
    fn heights(svg: &str, colour: &str) -> Vec<f32> {
        let of_colour = |line: &&str| line.starts_with("<rect") && line.ends_with(&format!("fill=\"{colour}\"/>"));
        let height = |line: &str| line.split("height=\"").nth(1)?.split('"').next()?.parse().ok();
        svg.lines().filter(of_colour).filter_map(height).collect()
    }

    #[test]
    fn heights_are_in_proportion() {
        let columns = [column(1, 100, 50), column(2, 0, 0), column(3, 25, 25)];
        let svg = svg("Judul", ("ditanyakan", "dijawab"), &columns, &Fonts::default());
        assert_eq!(heights(&svg, REST), [HIGH, 0.0, HIGH / 4.0]);
        assert_eq!(heights(&svg, ACCENT), [HIGH / 2.0, 0.0, HIGH / 4.0]);
        assert!(svg.contains(">100<") && svg.contains(">3/11<") && !svg.contains(">0<"), "{svg}");
    }

    #[test]
    fn many_columns_are_drawn_without_crowding() {
        let columns: Vec<Column> = (1..=31).map(|day| column(day, 40 + day as u64, 20)).collect();
        let svg = svg("Judul", ("ditanyakan", "dijawab"), &columns, &Fonts::default());
        assert_eq!(heights(&svg, REST).len(), 31);
        assert_eq!(svg.matches("/11<").count(), DAYS);
        assert_eq!(svg.matches(">71<").count(), 1, "the highest alone has its number");
        assert_eq!(svg.matches('\n').count(), svg.lines().count());
        for empty in [&[][..], &[column(1, 0, 0)]] {
            assert!(super::svg("Judul", ("a", "b"), empty, &Fonts::default()).ends_with("</svg>\n"));
        }
    }
}
