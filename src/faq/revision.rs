//! A FAQ folder as it was at a revision of its git repository, read by the `git` program. Nothing is checked out or written.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::source::File;

/// The files of `folder` as they were at `revision`; or why there are none, in a sentence for the maintainer.
pub fn files(folder: &Path, revision: &str) -> Result<Vec<File>, String> {
    if revision.is_empty() || revision.starts_with('-') {
        return Err(format!("`{revision}` bukan nama revisi git"));
    }
    let shown = folder.display();
    git(folder, &["rev-parse", "--is-inside-work-tree"], b"")
        .map_err(|trouble| trouble.told(&format!("folder {shown} tidak berada di dalam repositori git")))?;
    // A name that git knows, but of something else than a state of the files (a single file), is none either.
    git(folder, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{tree}}")], b"").map_err(|trouble| {
        trouble
            .told(&format!("`{revision}` bukan folder yang ada, dan bukan revisi git dari repositori folder {shown}"))
    })?;
    let untold = |trouble: Trouble| trouble.told(&format!("revisi `{revision}` tidak terbaca"));
    let listed = git(folder, &["ls-tree", "-r", "-z", revision], b"").map_err(untold)?;
    let found: Vec<(String, String)> = String::from_utf8_lossy(&listed).split('\0').filter_map(blob).collect();
    if found.is_empty() {
        return Err(format!("folder {shown} belum ada di revisi `{revision}`"));
    }
    let wanted: String = found.iter().map(|(object, _)| format!("{object}\n")).collect();
    let contents = git(folder, &["cat-file", "--batch"], wanted.as_bytes()).map_err(untold)?;
    let mut rest = contents.as_slice();
    found
        .into_iter()
        .map(|(_, name)| match next_object(&mut rest) {
            Some(bytes) => Ok(File { name, bytes }),
            None => Err(format!("{name} tidak terbaca dari revisi `{revision}`")),
        })
        .collect()
}

/// Why git gave nothing.
enum Trouble {
    /// There is no such program, or it can't be started.
    Unstarted(std::io::Error),
    /// It refused, and said why.
    Refused(String),
}

impl Trouble {
    /// `what` failed, in a sentence.
    fn told(&self, what: &str) -> String {
        match self {
            Self::Unstarted(error) if error.kind() == ErrorKind::NotFound => {
                "program git tidak ada di komputer ini; sebutkan folder FAQ yang lama".to_owned()
            }
            Self::Unstarted(error) => format!("program git tidak dapat dijalankan: {error}"),
            Self::Refused(said) if said.is_empty() => what.to_owned(),
            Self::Refused(said) => format!("{what} (git: {said})"),
        }
    }
}

/// What `git` in `folder` prints, given `input`.
fn git(folder: &Path, args: &[&str], input: &[u8]) -> Result<Vec<u8>, Trouble> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args);
    // Within a hook these name another place than the folder's own repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(Trouble::Unstarted)?;
    let stdin = child.stdin.take();
    // Written beside reading: neither end waits for the other when both have much to say.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    });
    let output = output.map_err(Trouble::Unstarted)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Trouble::Refused(said.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned()))
}

/// The object and the name of a line of `git ls-tree`, if it is a file that a FAQ may be made of.
fn blob(line: &str) -> Option<(String, String)> {
    let (head, name) = line.split_once('\t')?;
    let mut parts = head.split(' ');
    let (mode, kind, object) = (parts.next()?, parts.next()?, parts.next()?);
    let hidden = name.split('/').any(|part| part.starts_with('.') || part.starts_with("~$"));
    (kind == "blob" && mode.starts_with("100") && !hidden).then(|| (object.to_owned(), name.to_owned()))
}

/// The next object of what `git cat-file --batch` printed: a line with name, kind and size, the content, a line end.
fn next_object(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(&rest[..end]).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let content = rest.get(end + 1..end + 1 + size)?.to_vec();
    *rest = rest.get(end + 2 + size..)?;
    Some(content)
}
