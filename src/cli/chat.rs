//! `chat`: the terminal, with a FAQ that follows the files.

use std::io::Write;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use super::{Failure, FaqArgs, colour, present, reload};
use crate::desk::Live;
use crate::terminal::chat;
use crate::terminal::render::Look;

pub(super) fn run(args: &FaqArgs, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let look = Look { colour: colour(&std::io::stdout()) };
    let named = args.named_time()?;
    let live = Arc::new(Live::new(args.source(), args.knowledge()?));
    let watching = Mutex::new(None);
    let watch = |print: Box<dyn FnMut(String) + Send>| match reload::on_saving(&live, look.colour, print) {
        Ok(watcher) => *watching.lock().expect("nobody else holds it") = watcher,
        Err(error) => tracing::warn!(%error, "the FAQ folder can't be watched; restart after a change"),
    };
    chat::run(look, || live.current(), || named.unwrap_or_else(present), watch, out)?;
    Ok(ExitCode::SUCCESS)
}
