//! Floor 6: pictures. Draws what the desk describes: words and their order to PNG, with letters of its own.
//!
//! [`timeline`], [`ballots`] and [`columns`] lay out one kind of picture each on a [`sheet`], an SVG in the making; [`font`] measures
//! and breaks lines, since SVG does not; `encode` writes the file. [`Studio`] draws and keeps what was drawn lately.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use sha2::{Digest, Sha256};

pub mod ballots;
pub mod columns;
mod encode;
pub mod font;
pub mod sheet;
pub mod timeline;

use crate::desk::Picture;
use crate::desk::picture::Draw;
use font::Fonts;

/// The width of every picture: three points for each of a narrow phone's.
pub const WIDTH: f32 = 1080.0;
/// So many pictures are kept.
const KEPT: usize = 16;

/// Draws pictures, and keeps what was drawn lately.
#[derive(Debug)]
pub struct Studio {
    fonts: Fonts,
    options: Options<'static>,
    kept: Mutex<VecDeque<(String, Arc<[u8]>)>>,
}

impl Default for Studio {
    fn default() -> Self {
        let (fonts, options) = (Fonts::default(), Options { fontdb: font::database(), ..Options::default() });
        Self { fonts, options, kept: Mutex::default() }
    }
}

impl Studio {
    /// The picture as SVG.
    pub fn svg(&self, picture: &Picture) -> String {
        match picture {
            Picture::Timeline(parts) => timeline::svg(parts, &self.fonts),
            Picture::Ballots { title, ballots } => ballots::svg(title, ballots, &self.fonts),
            Picture::Columns { title, asked, answered, columns } => {
                columns::svg(title, (asked, answered), columns, &self.fonts)
            }
        }
    }

    /// Draws anew.
    fn draw(&self, svg: &str) -> Result<Arc<[u8]>, String> {
        let tree = Tree::from_str(svg, &self.options).map_err(|error| error.to_string())?;
        let (width, height) = (tree.size().width().ceil() as u32, tree.size().height().ceil() as u32);
        let mut pixels = Pixmap::new(width, height).ok_or("no room for it")?;
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        encode::png(&pixels).map_err(|error| error.to_string())
    }
}

impl Draw for Studio {
    fn name(&self, picture: &Picture) -> String {
        name(&self.svg(picture))
    }

    fn png(&self, picture: &Picture) -> Result<Arc<[u8]>, String> {
        let svg = self.svg(picture);
        let name = name(&svg);
        let found = |kept: &VecDeque<(String, Arc<[u8]>)>| {
            kept.iter().find(|(own, _)| *own == name).map(|(_, png)| Arc::clone(png))
        };
        if let Some(png) = found(&self.kept.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(png);
        }
        let png = self.draw(&svg)?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.push_front((name, Arc::clone(&png)));
        Ok(png)
    }
}

/// The look is what the SVG says: a hash of it names the picture, also after its drawing was changed.
fn name(svg: &str) -> String {
    Sha256::digest(svg.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
