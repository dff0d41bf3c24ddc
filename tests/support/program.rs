//! The real program, as a maintainer runs it.

#![allow(dead_code)]

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;

/// What a run showed.
pub struct Shown {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Shown {
    /// What went to standard output, of a run that went well.
    pub fn well(self) -> String {
        assert_eq!(self.status, Some(0), "{}{}", self.out, self.err);
        self.out
    }
}

/// Runs the program in `folder`; standard input is empty.
pub fn run_in(folder: &Path, args: &[&str]) -> Shown {
    run_with(folder, args, "")
}

/// The same with that on standard input.
pub fn run_with(folder: &Path, args: &[&str], input: &str) -> Shown {
    let mut command = Command::cargo_bin("tanya-pemilu").expect("the binary of this package");
    command.current_dir(folder).env_remove("TELOXIDE_TOKEN").env_remove("FAQ_DIR").env_remove("RUST_LOG");
    command.timeout(std::time::Duration::from_secs(120));
    let Output { status, stdout, stderr } = command.args(args).write_stdin(input).output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Shown { status: status.code(), out: text(stdout), err: text(stderr) }
}

/// The same in the project's folder.
pub fn run(args: &[&str]) -> Shown {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), args)
}

/// A folder with a copy of the project's FAQ in `faq`.
pub fn with_faq() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("faq"), &folder.path().join("faq"));
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a folder");
    for item in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(item.file_name());
        if item.path().is_dir() {
            copy(&item.path(), &target);
        } else {
            std::fs::copy(item.path(), target).expect("a file");
        }
    }
}
