//! Points to PNG. Most of the time of a picture goes into this, so that there is one byte a point: a few flat colours and the
//! shades between them fit into a table.

use std::sync::Arc;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};
use resvg::tiny_skia::Pixmap;

/// How many colours a table holds.
const MOST: usize = 256;
/// So many bits of each of red, green and blue tell colours apart; the rest is not seen.
const BITS: u32 = 5;

/// The points as PNG, without transparency: the ground is the picture's own.
pub(super) fn png(pixels: &Pixmap) -> Result<Arc<[u8]>, EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    encoder.set_filter(Filter::NoFilter);
    let points = match indexed(pixels) {
        Some((points, table)) => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(table);
            points
        }
        None => {
            encoder.set_color(ColorType::Rgb);
            pixels.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect()
        }
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&points)?;
    writer.finish()?;
    Ok(file.into())
}

/// Each point's place in a table of colours, and the table; none if there are too many.
fn indexed(pixels: &Pixmap) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut places: Vec<Option<u8>> = vec![None; 1 << (3 * BITS)];
    let mut table = Vec::with_capacity(3 * MOST);
    let mut points = Vec::with_capacity(pixels.pixels().len());
    for pixel in pixels.pixels() {
        let colour = [pixel.red(), pixel.green(), pixel.blue()];
        let key = colour.iter().fold(0, |key, part| key << BITS | usize::from(part >> (8 - BITS)));
        let place = match places[key] {
            Some(place) => place,
            None => {
                let place = u8::try_from(table.len() / 3).ok()?;
                table.extend(colour);
                places[key] = Some(place);
                place
            }
        };
        points.push(place);
    }
    Some((points, table))
}
