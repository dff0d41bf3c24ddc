//! A PostgreSQL of one's own: made in a folder of its own, on a free port, gone with the handle. The server refuses to run
//! for root, so root starts it for the user `postgres`.

#![allow(dead_code)]

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Whom root starts it for.
const USER: &str = "postgres";

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    dir: tempfile::TempDir,
    port: u16,
}

/// Where the server's programs are: on the path, or where Debian puts them.
pub fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    let known = debian.into_iter().rev().chain(std::env::split_paths(&path));
    known.into_iter().find(|dir| ["initdb", "pg_ctl", "postgres"].iter().all(|name| dir.join(name).exists()))
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn done(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

impl Postgres {
    /// Starts one on `port`; none where its programs are missing.
    pub fn start(port: u16) -> Option<Self> {
        let programs = programs()?;
        let dir = tempfile::tempdir().expect("a folder");
        if is_root() {
            done(Command::new("chown").arg(USER).arg(dir.path()));
        }
        let server = Self { programs, dir, port };
        let arguments = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"];
        done(server.program("initdb").args(arguments).arg(server.data()));
        server.launch();
        Some(server)
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", USER, "--"]).arg(path);
                command
            }
            false => Command::new(path),
        };
        command.current_dir(self.dir.path());
        command
    }

    fn launch(&self) {
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", self.port);
        let log = self.dir.path().join("log");
        // What it starts must not hold our output open.
        let mut command = self.program("pg_ctl");
        command.args(["-w", "-o", &options, "-D"]).arg(self.data()).arg("-l").arg(log).arg("start");
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        assert!(command.status().is_ok_and(|status| status.success()), "PostgreSQL does not start: {}", self.log());
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The number of its first process, the parent of all others.
    pub fn id(&self) -> Option<u32> {
        let text = std::fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok()
    }

    /// Where its data lie.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Ends it, connections and all, and starts it again.
    pub fn restart(&self) {
        self.stop("fast");
        self.launch();
    }

    fn stop(&self, mode: &str) {
        let mut command = self.program("pg_ctl");
        // Whether it ran at all is its own matter.
        let _ = command.args(["-w", "-m", mode, "-D"]).arg(self.data()).arg("stop").output();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop("immediate");
    }
}
