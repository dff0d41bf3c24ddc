//! Tells when the files of a FAQ change, by looking at them again and again.
//!
//! A look costs a fraction of a millisecond and sees every way in which files come to be others: saved in place or
//! renamed over, a folder that is moved away and another put in its place, a symbolic link that points elsewhere, a
//! network drive that tells nobody. Watches set by the operating system see the file that was there, not its successor.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::source::Source;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(1);
/// How long the files must be quiet before they are read: an editor saves in several steps.
const QUIET: Duration = Duration::from_millis(300);
/// How long a folder must be gone before that counts: another may be on its way to its place.
const GONE: Duration = Duration::from_secs(3);

/// How many folders deep is looked.
const DEEPEST: usize = 4;

/// What tells one state of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    /// Seconds and nanoseconds of the last change of the contents, and of the name, rights or contents.
    times: [(i64, i64); 2],
}

impl Stamp {
    fn of(file: &Metadata) -> Self {
        Self {
            device: file.dev(),
            inode: file.ino(),
            size: file.size(),
            times: [(file.mtime(), file.mtime_nsec()), (file.ctime(), file.ctime_nsec())],
        }
    }
}

/// The files of a source as they stood at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Where the source really is; none if it is gone.
    place: Option<PathBuf>,
    files: Vec<(PathBuf, Option<Stamp>)>,
}

/// Looks at the files of `source`.
pub fn look(source: &Source) -> Look {
    let (Source::Folder(path) | Source::JsonLines(path)) = source else {
        return Look { place: None, files: Vec::new() };
    };
    let mut files = Vec::new();
    note(path, DEEPEST, &mut files);
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Look { place: fs::canonicalize(path).ok(), files }
}

/// Notes a file, or all files of a folder but those whose names begin with a dot, and of the folders in it, `depth` deep:
/// a link may lead back.
fn note(path: &Path, depth: usize, files: &mut Vec<(PathBuf, Option<Stamp>)>) {
    let about = fs::metadata(path).ok();
    if !about.as_ref().is_some_and(Metadata::is_dir) {
        files.push((path.to_owned(), about.as_ref().map(Stamp::of)));
        return;
    }
    if depth == 0 {
        return;
    }
    match fs::read_dir(path) {
        Ok(items) => {
            let visible = |item: &fs::DirEntry| !item.file_name().to_string_lossy().starts_with('.');
            items.flatten().filter(visible).for_each(|item| note(&item.path(), depth - 1, files));
        }
        Err(_) => files.push((path.to_owned(), None)),
    }
}

/// Watches as long as it is kept.
#[derive(Debug)]
pub struct Watcher {
    _end: Sender<()>,
}

/// Calls `changed`, on a thread of its own, whenever the files of `source` are others than at `seen` and have been
/// quiet since; none if the source has no files.
pub fn watch(
    source: &Source,
    seen: Look,
    changed: impl FnMut() + Send + 'static,
) -> Result<Option<Watcher>, io::Error> {
    if !matches!(source, Source::Folder(_) | Source::JsonLines(_)) {
        return Ok(None);
    }
    let (end, ended) = channel();
    let source = source.clone();
    std::thread::Builder::new()
        .name("faq-watch".to_owned())
        .spawn(move || while_kept(&source, seen, changed, &ended))
        .map(|_| Some(Watcher { _end: end }))
}

fn while_kept(source: &Source, mut seen: Look, mut changed: impl FnMut(), ended: &Receiver<()>) {
    let rest = |time| matches!(ended.recv_timeout(time), Err(RecvTimeoutError::Timeout));
    while rest(EVERY) {
        let mut now = look(source);
        if now == seen {
            continue;
        }
        let mut since = Instant::now();
        while since.elapsed() < if now.place.is_some() { QUIET } else { GONE } {
            if !rest(QUIET) {
                return;
            }
            let again = look(source);
            if again != now {
                (now, since) = (again, Instant::now());
            }
        }
        if now != seen {
            // Noted before the files are read: what changes meanwhile is seen by the next look.
            seen = now;
            changed();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    fn watched(source: &Source) -> (Option<Watcher>, mpsc::Receiver<()>) {
        let (tell, told) = mpsc::channel();
        let watcher = watch(source, look(source), move || {
            let _ = tell.send(());
        });
        (watcher.expect("a thread"), told)
    }

    /// Every way in which a folder comes to hold other files, and an edit after each.
    #[test]
    fn every_change_of_a_folder_is_seen_and_the_next_one_too() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        for version in ["one", "two"] {
            fs::create_dir(at(version)).expect("a folder");
            fs::write(at(version).join("a.toml"), version).expect("a file");
        }
        std::os::unix::fs::symlink(at("one"), at("faq")).expect("a link");
        let (watcher, told) = watched(&Source::Folder(at("faq")));
        let seen = |what: &str| {
            assert!(told.recv_timeout(SOON).is_ok(), "{what} was not seen");
            fs::write(at("faq").join("a.toml"), format!("edited after {what}")).expect("a file");
            assert!(told.recv_timeout(SOON).is_ok(), "an edit after {what} was not seen");
        };
        let link = |to: &str| {
            std::os::unix::fs::symlink(at(to), at("new-link")).expect("a link");
            fs::rename(at("new-link"), at("faq")).expect("the link is switched");
        };
        link("two");
        seen("a switched link");
        fs::rename(at("one"), at("old")).expect("renamed");
        link("old");
        seen("a link to a renamed folder");
        fs::remove_file(at("faq")).expect("removed");
        fs::rename(at("two"), at("faq")).expect("renamed");
        seen("a folder in place of a link");
        fs::rename(at("faq"), at("two")).expect("renamed");
        fs::rename(at("old"), at("faq")).expect("renamed");
        seen("another folder of that name");
        fs::write(at("faq").join("b.tmp"), "x").expect("a file");
        fs::rename(at("faq").join("b.tmp"), at("faq").join("a.toml")).expect("renamed");
        seen("a file renamed over another");
        drop(watcher);
        assert!(told.recv_timeout(SOON).is_err(), "nobody watches any more, and nothing changed");
    }

    /// Saving in several steps is one change, seen when the last step is done.
    #[test]
    fn steps_of_one_saving_are_one_change() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("a.toml");
        let (_watcher, told) = watched(&Source::Folder(dir.path().to_owned()));
        for _ in 0..10 {
            let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
            for step in 0..20 {
                fs::write(&file, step.to_string()).expect("a file");
                longest = longest.max(last.elapsed());
                last = Instant::now();
                std::thread::sleep(Duration::from_millis(80));
            }
            let heard = told.recv_timeout(SOON).is_ok();
            if longest > QUIET / 2 {
                // The machine was too busy for steps in quick succession.
                while told.recv_timeout(Duration::from_secs(2)).is_ok() {}
                continue;
            }
            assert!(heard && last.elapsed() >= QUIET, "{:?} after the last step", last.elapsed());
            assert!(told.recv_timeout(Duration::from_secs(2)).is_err(), "told once");
            return;
        }
    }
}
