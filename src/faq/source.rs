//! Where a FAQ comes from: a folder, a JSON Lines file, or the copy built into the program.

use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::fault::Fault;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/faq");

/// The folder that is taken when none is named.
pub const DEFAULT_FOLDER: &str = "faq";

/// Where a FAQ comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A folder of TOML files.
    Folder(PathBuf),
    /// A file with one entry a line, as `export --json` prints it.
    JsonLines(PathBuf),
    /// The copy that was built into the program.
    BuiltIn,
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
    /// `path` if one is named, else `./faq` if it is a folder, else the built-in copy.
    pub fn locate(path: Option<&Path>) -> Self {
        match path {
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
        }
    }

    /// All files, by name, and what could not be read, with the system's reason.
    pub fn files(&self) -> (Vec<File>, Vec<Fault>) {
        let (mut files, mut faults) = (Vec::new(), Vec::new());
        match self {
            Self::BuiltIn => files = built_in(&BUILT_IN),
            Self::JsonLines(path) => read_file(path, path.display().to_string(), &mut files, &mut faults),
            Self::Folder(path) => collect(path, "", &mut files, &mut faults),
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        (files, faults)
    }
}

fn unreadable(path: &Path, error: &std::io::Error, hint: &str) -> Fault {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "tidak ada".to_owned(),
        std::io::ErrorKind::PermissionDenied => "tidak boleh dibaca oleh pengguna ini".to_owned(),
        std::io::ErrorKind::NotADirectory => "bukan folder".to_owned(),
        _ => format!("tidak terbaca: {error}"),
    };
    Fault::new(&path.display().to_string(), None, format!("{} {reason}", path.display())).hint(hint)
}

fn built_in(dir: &Dir<'_>) -> Vec<File> {
    let mut files: Vec<File> = dir
        .files()
        .map(|f| File { name: f.path().to_string_lossy().replace('\\', "/"), bytes: f.contents().to_vec() })
        .collect();
    files.extend(dir.dirs().flat_map(built_in));
    files
}

/// Reads `folder` and its sub-folders; names that start with a dot are left out.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>, faults: &mut Vec<Fault>) {
    let items = match fs::read_dir(folder) {
        Ok(items) => items,
        Err(error) => {
            faults.push(unreadable(folder, &error, "sebutkan folder FAQ dengan --faq, misalnya --faq ./faq"));
            return;
        }
    };
    for item in items.flatten() {
        let name = item.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = item.path();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files, faults);
        } else {
            read_file(&path, format!("{prefix}{name}"), files, faults);
        }
    }
}

fn read_file(path: &Path, name: String, files: &mut Vec<File>, faults: &mut Vec<Fault>) {
    match fs::read(path) {
        Ok(bytes) => files.push(File { name, bytes }),
        Err(error) => faults.push(unreadable(path, &error, "periksa izin berkas ini, atau hapus bila tidak dipakai")),
    }
}

/// A file's text with line ends as `\n`, and warnings on what had to be put up with.
pub fn decode(file: &File) -> Result<(String, Vec<Fault>), Box<Fault>> {
    const WORD_PROCESSOR: [&[u8]; 3] = [b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0"];
    let name = &file.name;
    let as_text = "simpan sebagai teks biasa (plain text) dengan pengodean UTF-8";
    if WORD_PROCESSOR.iter().any(|magic| file.bytes.starts_with(magic)) {
        return Err(Fault::new(name, None, "berkas ini disimpan oleh pengolah kata, bukan teks biasa")
            .hint(as_text)
            .into());
    }
    if file.bytes.starts_with(b"\xff\xfe") || file.bytes.starts_with(b"\xfe\xff") {
        return Err(Fault::new(name, None, "berkas ini tersimpan dalam UTF-16").hint(as_text).into());
    }
    let mut warnings = Vec::new();
    let bytes = match file.bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            warnings.push(
                Fault::new(name, None, "berkas ini diawali tanda BOM yang tak tampak")
                    .warning()
                    .hint("tetap dibaca; simpan sebagai \"UTF-8\" tanpa BOM"),
            );
            rest
        }
        None => &file.bytes,
    };
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Box::new(Fault::new(name, None, format!("berkas ini bukan UTF-8 (baris {line})")).hint(as_text))
    })?;
    if text.contains("\r\n") {
        warnings.push(
            Fault::new(name, None, "baris di berkas ini berakhir cara Windows (CRLF)")
                .warning()
                .hint("tetap dibaca; simpan dengan akhir baris LF bila bisa"),
        );
    }
    Ok((text.replace("\r\n", "\n"), warnings))
}
