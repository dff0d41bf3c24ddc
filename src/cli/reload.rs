//! Hot reload in the terminal: what a maintainer reads after saving.

use std::io;
use std::sync::Arc;

use super::check::summary;
use crate::desk::Live;
use crate::faq::fault::MOST_SHOWN;
use crate::faq::watch::{Watcher, look, watch};

/// Reloads whenever a file of the source changes, and prints how that went; none if the source has no files.
pub(super) fn on_saving(
    live: &Arc<Live>,
    colour: bool,
    mut print: Box<dyn FnMut(String) + Send>,
) -> Result<Option<Watcher>, io::Error> {
    let watched = Arc::clone(live);
    watch(live.source(), look(live.source()), move || {
        let load = watched.reload();
        let report = load.report;
        print(match load.entries {
            Some(count) => format!("[FAQ dimuat ulang: {count} entri, {}]\n", summary(&report)),
            None => {
                format!("{}[FAQ lama tetap dipakai: {}]\n", report.render_some(colour, MOST_SHOWN), summary(&report))
            }
        });
    })
}
