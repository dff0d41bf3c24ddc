//! Where a FAQ comes from: a folder, a JSON Lines file, the copy built into the program, or files that were kept.

use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use rustc_hash::FxHasher;

use super::fault::Fault;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/faq");

/// The folder that is taken when none is named.
pub const DEFAULT_FOLDER: &str = "faq";
/// The path that names the built-in copy; a folder of that name is `./builtin`.
pub const BUILT_IN_NAME: &str = "builtin";
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
            Self::JsonLines(path) => read_file(path, path.display().to_string(), &mut files, &mut faults),
            Self::Folder(path) => collect(path, "", &mut files, &mut faults),
            Self::Kept(kept) => files = kept.to_vec(),
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        (files, faults)
    }
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

/// Reads `folder` and its sub-folders; names that start with a dot are left out, and `~$...`, by which an office program
/// marks a file as open.
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
        if name.starts_with('.') || name.starts_with("~$") {
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
    // A pipe or a device would be waited for without end.
    let regular = |m: fs::Metadata| if m.is_file() { Ok(()) } else { Err(std::io::ErrorKind::Unsupported.into()) };
    match fs::metadata(path).and_then(regular).and_then(|()| fs::read(path)) {
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
