//! The file of an SQLite database: found or made before SQLite opens it, readable by its owner only, and looked after
//! while the store is open.
//!
//! After SQLite has opened it, the file is never opened here: closing any descriptor of a file drops all POSIX locks
//! that the process holds on it, SQLite's too (<https://www.sqlite.org/howtocorrupt.html>, 2.2).

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::fault::{Cause, StoreError};

/// What SQLite keeps beside the file: its write-ahead log, and the log's index.
const BESIDE: [&str; 2] = ["-wal", "-shm"];
/// Where the database is written anew, and where it lies whole until it stands at its path again.
const PART: &str = ".part";
const RESTORED: &str = ".restored";

/// What tells one file from another, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    fn of(path: &Path) -> io::Result<Option<Self>> {
        match fs::metadata(path) {
            Ok(meta) => Ok(Some(Self { device: meta.dev(), inode: meta.ino() })),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The files that belong to the open database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Own {
    file: Identity,
    beside: [Option<Identity>; 2],
}

/// The file of an open database.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    own: Mutex<Option<Own>>,
    /// Where the content was kept when another file took the path.
    kept: OnceLock<String>,
}

/// The path with something added to its name.
fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The absolute path at which the database stands or will stand, links followed.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, StoreError> {
    let unopened = |error: &io::Error| StoreError::unopened(&path.display().to_string(), &Cause::of_io(error));
    match path.canonicalize() {
        Ok(path) => return Ok(path),
        Err(error) if error.kind() == ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let text = format!("{}: tautan ini menunjuk ke berkas yang tidak ada.", path.display());
            return Err(StoreError::setting(text));
        }
        Err(error) => return Err(unopened(&error)),
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or_else(|| unopened(&ErrorKind::IsADirectory.into()))?;
    let folder = folder.canonicalize().map_err(|error| unopened(&error))?;
    // "folder/" names no file.
    if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
        return Err(unopened(&ErrorKind::IsADirectory.into()));
    }
    Ok(folder.join(name))
}

/// What to do about a database at `path` that others may read or write.
pub(super) fn open_to_others(path: &Path) -> Option<String> {
    let all = [path.to_owned(), with(path, BESIDE[0]), with(path, BESIDE[1])];
    let others = |path: &&PathBuf| fs::metadata(path).is_ok_and(|meta| meta.mode() & 0o077 != 0);
    let open: Vec<String> = all.iter().filter(others).map(|path| quoted(path)).collect();
    (!open.is_empty()).then(|| {
        format!(
            "{}: berkas ini dapat dibaca atau ditulis orang lain, padahal berisi data pribadi. Jalankan: chmod 600 {}",
            path.display(),
            open.join(" ")
        )
    })
}

impl DatabaseFile {
    /// Finds the file at this resolved path or makes it, with rights for its owner only; refuses one that others may
    /// read or write. SQLite gives the files beside it the same rights.
    pub(super) fn prepare(path: PathBuf) -> Result<Self, StoreError> {
        let name = path.display().to_string();
        let unopened = |error: &io::Error| StoreError::unopened(&name, &Cause::of_io(error));
        let file = Self { path, own: Mutex::default(), kept: OnceLock::new() };
        file.take_up().map_err(|error| unopened(&error))?;
        match fs::metadata(&file.path) {
            Ok(meta) if meta.is_dir() => return Err(StoreError::unopened(&name, &Cause::IsFolder)),
            Ok(meta) if !meta.is_file() => return Err(StoreError::unopened(&name, &Cause::NotAFile)),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let log = with(&file.path, BESIDE[0]);
                if fs::metadata(&log).is_ok_and(|meta| meta.len() > 0) {
                    tracing::warn!("{} is without its database; it can't be used any more", log.display());
                }
                tracing::info!("the database {name} is new");
            }
            Err(error) => return Err(unopened(&error)),
        }
        // Writes nothing: whether it may be written is told here with the right cause, which SQLite does not know.
        let mut options = OpenOptions::new();
        options.create(true).append(true).mode(0o600).open(&file.path).map_err(|error| unopened(&error))?;
        file.check_rights()?;
        Ok(file)
    }

    fn check_rights(&self) -> Result<(), StoreError> {
        open_to_others(&self.path).map_or(Ok(()), |text| Err(StoreError::setting(text)))
    }

    /// Its path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn own(&self) -> MutexGuard<'_, Option<Own>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of the files that SQLite has open now.
    pub(super) fn note(&self) -> io::Result<()> {
        let file = Identity::of(&self.path)?.ok_or(ErrorKind::NotFound)?;
        let mut beside = [None; 2];
        for (own, ending) in beside.iter_mut().zip(BESIDE) {
            *own = Identity::of(&with(&self.path, ending))?;
        }
        *self.own() = Some(Own { file, beside });
        Ok(())
    }

    /// What is wrong with the files at the path, if anything is: a few looks at the folder, no reading.
    pub(super) fn look(&self) -> Option<Cause> {
        let own = (*self.own())?;
        match Identity::of(&self.path) {
            Ok(Some(found)) if found == own.file => {}
            Ok(Some(_)) => return Some(Cause::Replaced(self.kept.get().cloned())),
            Ok(None) => return Some(Cause::Gone),
            Err(error) => return Some(Cause::of_io(&error)),
        }
        let kept = |(own, ending): (Option<Identity>, &str)| {
            own.is_none() || Identity::of(&with(&self.path, ending)).is_ok_and(|found| found == own)
        };
        if own.beside.into_iter().zip(BESIDE).all(kept) { None } else { Some(Cause::LogGone) }
    }

    /// Why SQLite can't open or write: it says only that it can't. Tried with a file of its own in the same folder.
    pub(super) fn diagnose(&self) -> Option<Cause> {
        if let Some(cause) = self.look() {
            return Some(cause);
        }
        let path = with(&self.path, ".try");
        let tried = private(&path).and_then(|mut file| file.write_all(&[0; 4096]).and_then(|()| file.sync_all()));
        // It need not be there.
        let _ = fs::remove_file(&path);
        tried.err().map(|error| Cause::of_io(&error))
    }

    /// An empty file to write the database into, and where it is. Only the owner may read it.
    pub(super) fn part(&self) -> io::Result<PathBuf> {
        let path = with(&self.path, PART);
        private(&path)?;
        Ok(path)
    }

    /// What was written is whole: it gets its name, on disk.
    pub(super) fn part_is_whole(&self, kept: &Path) -> io::Result<()> {
        let part = with(&self.path, PART);
        File::open(&part)?.sync_all()?;
        fs::rename(part, kept)?;
        self.sync_folder()
    }

    /// Where the whole database lies until it stands at its path.
    pub(super) fn restored(&self) -> PathBuf {
        with(&self.path, RESTORED)
    }

    /// Where the content is kept if another file has taken the path.
    pub(super) fn rescued(&self, seconds: u64) -> PathBuf {
        with(&self.path, &format!(".{seconds}"))
    }

    /// Another file has taken the path, and the content is kept there.
    pub(super) fn is_kept_at(&self, path: &Path) {
        // The first copy is the one that counts.
        let _ = self.kept.set(path.display().to_string());
    }

    /// Whether the content was kept, as another file had taken the path.
    pub(super) fn is_kept(&self) -> bool {
        self.kept.get().is_some()
    }

    /// Puts the whole database back to its path, if that is free. No connection may be open: the last one to close
    /// deletes the log by its name.
    pub(super) fn put_back(&self) -> io::Result<()> {
        let whole = self.restored();
        for ending in BESIDE {
            // They belong to the file that is gone.
            match fs::remove_file(with(&self.path, ending)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        match fs::hard_link(&whole, &self.path) {
            Ok(()) => fs::remove_file(&whole)?,
            // A second name fails if there is a file: nothing is ever overwritten.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            // A file system without second names.
            Err(_) if Identity::of(&self.path)?.is_none() => fs::rename(&whole, &self.path)?,
            Err(error) => return Err(error),
        }
        self.sync_folder()?;
        let file = Identity::of(&self.path)?.ok_or(ErrorKind::NotFound)?;
        *self.own() = Some(Own { file, beside: [None; 2] });
        Ok(())
    }

    /// Goes on with a restoring that a kill cut short.
    fn take_up(&self) -> io::Result<()> {
        let whole = Identity::of(&self.restored())?;
        if whole.is_none() {
            return Ok(());
        }
        match Identity::of(&self.path)? {
            None => {
                tracing::warn!("the database {} is put back from {}", self.path.display(), self.restored().display());
                self.put_back()
            }
            // The last step was missing.
            found if found == whole => fs::remove_file(self.restored()),
            Some(_) => Ok(()),
        }
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }
}

/// An empty file that only its owner may read.
fn private(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)
}

/// As a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b));
    if plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_that_others_may_read_is_refused_with_the_command_that_mends_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().canonicalize().expect("a path").join("basis data.db");
        DatabaseFile::prepare(path.clone()).expect("made");
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o600);
        for (ending, mode) in [("", 0o644), ("", 0o660), ("", 0o602), ("-wal", 0o640), ("-shm", 0o604)] {
            let open = with(&path, ending);
            OpenOptions::new().create(true).append(true).open(&open).expect("a file");
            fs::set_permissions(&open, fs::Permissions::from_mode(mode)).expect("rights");
            let error = DatabaseFile::prepare(path.clone()).expect_err("others may read it").to_string();
            let command = error.split_once("Jalankan: ").expect("a command").1;
            let done = std::process::Command::new("sh").args(["-c", command]).status().expect("a shell");
            assert!(done.success(), "{command}");
            DatabaseFile::prepare(path.clone()).unwrap_or_else(|e| panic!("{command}: {e}"));
        }
    }

    #[test]
    fn what_is_no_file_is_told() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = dir.path().canonicalize().expect("a path");
        std::os::unix::fs::symlink(root.join("none"), root.join("link")).expect("a link");
        fs::create_dir(root.join("folder")).expect("a folder");
        for (path, words) in [
            (root.join("folder"), "folder, bukan berkas"),
            (root.join("new/"), "folder, bukan berkas"),
            (root.join("none/bot.db"), "foldernya tidak ada"),
            (root.join("link"), "tautan"),
            ("/dev/full".into(), "bukan berkas biasa"),
            ("/".into(), "folder, bukan berkas"),
        ] {
            let error = resolve(&path).and_then(DatabaseFile::prepare).expect_err("no file").to_string();
            assert!(error.contains(words) && error.contains(path.to_str().expect("text")), "{error}");
        }
    }

    #[test]
    fn a_restoring_that_was_cut_short_goes_on() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().canonicalize().expect("a path").join("bot.db");
        fs::write(with(&path, RESTORED), "whole").expect("a file");
        fs::write(with(&path, "-wal"), "of the file that is gone").expect("a file");
        fs::set_permissions(with(&path, RESTORED), fs::Permissions::from_mode(0o600)).expect("rights");
        DatabaseFile::prepare(path.clone()).expect("put back");
        assert_eq!(fs::read_to_string(&path).expect("there"), "whole");
        assert!(!with(&path, RESTORED).exists() && !with(&path, "-wal").exists());
        // Another file at the path is left alone, and what was restored too.
        fs::write(with(&path, RESTORED), "older").expect("a file");
        DatabaseFile::prepare(path.clone()).expect("there");
        assert_eq!(fs::read_to_string(&path).expect("there"), "whole");
        assert!(with(&path, RESTORED).exists());
    }
}
