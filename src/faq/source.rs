//! Where a FAQ comes from: a folder, a JSON Lines file, the copy built into the program, or files that were kept.

use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use rustc_hash::FxHasher;

use super::fault::{Fault, Rank};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/faq");

/// The folder that is taken when none is named.
pub const DEFAULT_FOLDER: &str = "faq";
/// The path that names the built-in copy; a folder of that name is `./builtin`.
pub const BUILT_IN_NAME: &str = "builtin";
/// The largest file of a FAQ folder, in bytes; the longest of today has a fiftieth.
const LARGEST: u64 = 8 << 20;
/// Files that a FAQ folder has at most: whoever names a whole disk is told so soon.
const MOST_FILES: usize = 2000;
/// What a kept JSON Lines file is called.
const KEPT_LINES: &str = "faq.jsonl";

/// Where a FAQ comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A folder of TOML files.
    Folder(PathBuf),
    /// A file with one entry a line, as `export --json` prints it.
    JsonLines(PathBuf),
    /// The copy that was built into the program.
    BuiltIn,
    /// Files that were kept from an earlier load, as [`Source::to_keep`] gives them.
    Kept(Arc<[File]>),
}

/// A file of a FAQ, its name relative to the folder, with `/` between parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The name.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Source {
    /// `path` if one is named (`builtin`: the built-in copy), else `./faq` if it is a folder, else the built-in copy.
    pub fn locate(path: Option<&Path>) -> Self {
        match path {
            Some(path) if path == Path::new(BUILT_IN_NAME) => Self::BuiltIn,
            Some(path) if path.is_file() => Self::JsonLines(path.to_owned()),
            Some(path) => Self::Folder(path.to_owned()),
            None if Path::new(DEFAULT_FOLDER).is_dir() => Self::Folder(DEFAULT_FOLDER.into()),
            None => Self::BuiltIn,
        }
    }

    /// What to call it in messages.
    pub fn name(&self) -> String {
        match self {
            Self::Folder(path) | Self::JsonLines(path) => path.display().to_string(),
            Self::BuiltIn => "FAQ bawaan program".to_owned(),
            Self::Kept(_) => "FAQ terakhir yang benar".to_owned(),
        }
    }

    /// Whether it holds one entry a line.
    pub fn is_json_lines(&self) -> bool {
        match self {
            Self::JsonLines(_) => true,
            Self::Kept(files) => files.iter().any(|file| file.name == KEPT_LINES),
            Self::Folder(_) | Self::BuiltIn => false,
        }
    }

    /// The files that make up the FAQ, to be kept: what lies beside them is left out. None if a file can't be read.
    pub fn to_keep(&self) -> Option<Vec<File>> {
        let (mut files, faults) = self.files();
        if !faults.is_empty() {
            return None;
        }
        if self.is_json_lines() {
            files.iter_mut().for_each(|file| KEPT_LINES.clone_into(&mut file.name));
        } else {
            files.retain(|file| file.name.ends_with(".toml"));
        }
        Some(files)
    }

    /// All files, by name, and what could not be read, with the system's reason.
    pub fn files(&self) -> (Vec<File>, Vec<Fault>) {
        let (mut files, mut faults) = (Vec::new(), Vec::new());
        match self {
            Self::BuiltIn => files = built_in(&BUILT_IN),
            Self::JsonLines(path) => read_file(path, path.display().to_string(), None, &mut files, &mut faults),
            Self::Folder(path) => {
                let mut walk = Walk::default();
                walk.folder(path, "");
                (files, faults) = (walk.files, walk.faults);
            }
            Self::Kept(kept) => files = kept.to_vec(),
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        (files, faults)
    }
}

/// Whether the built-in FAQ has a file of that name.
pub fn is_built_in(name: &str) -> bool {
    BUILT_IN.get_file(name).is_some()
}

/// What tells one state of a FAQ from another: 12 hexadecimal digits over names and contents, the same on every machine.
pub fn digest(files: &[File]) -> String {
    let mut hasher = FxHasher::default();
    for file in files {
        for part in [file.name.as_bytes(), &file.bytes] {
            hasher.write_u64(part.len() as u64);
            hasher.write(part);
        }
    }
    format!("{:012x}", hasher.finish() >> 16)
}

fn unreadable(path: &Path, error: &std::io::Error, hint: &str) -> Fault {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "tidak ada".to_owned(),
        std::io::ErrorKind::PermissionDenied => "tidak boleh dibaca oleh pengguna ini".to_owned(),
        std::io::ErrorKind::NotADirectory => "bukan folder".to_owned(),
        std::io::ErrorKind::Unsupported => "bukan berkas biasa".to_owned(),
        std::io::ErrorKind::FileTooLarge => format!("lebih besar daripada {} MB", LARGEST >> 20),
        _ => format!("tidak terbaca: {error}"),
    };
    Fault::new(&path.display().to_string(), None, format!("{} {reason}", path.display())).hint(hint).rank(Rank::Cause)
}

fn built_in(dir: &Dir<'_>) -> Vec<File> {
    let mut files: Vec<File> = dir
        .files()
        .map(|f| File { name: f.path().to_string_lossy().replace('\\', "/"), bytes: f.contents().to_vec() })
        .collect();
    files.extend(dir.dirs().flat_map(built_in));
    files
}

/// What is read of a folder so far.
#[derive(Default)]
struct Walk {
    files: Vec<File>,
    faults: Vec<Fault>,
    /// Where the folders really are: one that is met again is a link that leads back.
    met: Vec<PathBuf>,
}

impl Walk {
    /// Reads `folder` and its sub-folders; names that start with a dot are left out, and `~$...`, by which an office
    /// program marks a file as open. Of what is no `.toml` file only the name is of interest.
    fn folder(&mut self, folder: &Path, prefix: &str) {
        let hint = "sebutkan folder FAQ dengan --faq, misalnya --faq ./faq";
        let items = match fs::read_dir(folder) {
            Ok(items) => items,
            Err(error) => {
                self.faults.push(unreadable(folder, &error, hint));
                return;
            }
        };
        let place = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        if self.met.contains(&place) {
            let message = format!("folder {} menunjuk ke folder yang sudah dibaca", folder.display());
            let fault = Fault::new(&folder.display().to_string(), None, message).rank(Rank::Cause);
            self.faults.push(fault.hint("hapus tautan folder itu"));
            return;
        }
        self.met.push(place);
        let mut items: Vec<_> = items.flatten().collect();
        items.sort_by_key(fs::DirEntry::file_name);
        for item in items {
            let name = item.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            if self.files.len() >= MOST_FILES {
                let message = format!("{} memuat lebih dari {MOST_FILES} berkas", folder.display());
                if !self.faults.iter().any(|fault| fault.message.ends_with("berkas")) {
                    let fault = Fault::new(&folder.display().to_string(), None, message).rank(Rank::Cause);
                    self.faults.push(fault.hint(hint));
                }
                return;
            }
            let path = item.path();
            let name = format!("{prefix}{name}");
            if path.is_dir() {
                self.folder(&path, &format!("{name}/"));
            } else if name.ends_with(".toml") {
                read_file(&path, name, Some(LARGEST), &mut self.files, &mut self.faults);
            } else {
                self.files.push(File { name, bytes: Vec::new() });
            }
        }
    }
}

fn read_file(path: &Path, name: String, most: Option<u64>, files: &mut Vec<File>, faults: &mut Vec<Fault>) {
    // A pipe or a device would be waited for without end.
    let regular = |m: fs::Metadata| if m.is_file() { Ok(m.len()) } else { Err(std::io::ErrorKind::Unsupported.into()) };
    let read = fs::metadata(path).and_then(regular).and_then(|size| match most {
        Some(most) if size > most => Err(std::io::ErrorKind::FileTooLarge.into()),
        _ => fs::read(path),
    });
    match read {
        Ok(bytes) => files.push(File { name, bytes }),
        Err(error) => {
            let hint = match error.kind() {
                std::io::ErrorKind::Unsupported => "hapus atau pindahkan: di folder FAQ hanya ada berkas teks biasa",
                std::io::ErrorKind::FileTooLarge => "pindahkan bila ini bukan berkas FAQ; bila FAQ, bagi per topik",
                std::io::ErrorKind::NotFound => "tautan ini menunjuk ke berkas yang tidak ada; hapus atau betulkan",
                _ => "periksa izin berkas ini, atau hapus bila tidak dipakai",
            };
            faults.push(unreadable(path, &error, hint));
        }
    }
}
