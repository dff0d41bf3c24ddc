//! Faults of a database, made for real: a full disk, files that can't be written, a lock held by another, connections that
//! are cut or stay silent. For tests of the store and of the program.

#![allow(dead_code)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::{AnyConnection, Connection, Executor};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

fn run(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// Says why a test is left out.
fn left_out(what: &str) {
    let _ = writeln!(std::io::stderr(), "left out: this machine allows no {what}");
}

/// A file system of its own, so small that it can be filled.
pub struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// So many KiB; none where mounting is not allowed.
    pub fn new(kib: u32) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().to_str().expect("a path").to_owned();
        if run("mount", &["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs", &path]) {
            return Some(Self(dir));
        }
        left_out("mounting");
        None
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills it to the last byte.
    pub fn fill(&self) {
        let mut file =
            std::fs::OpenOptions::new().create(true).append(true).open(self.path().join("ballast")).expect("a file");
        for size in [65_536, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// There is room again.
    pub fn free(&self) {
        // It may not have been filled.
        let _ = std::fs::remove_file(self.path().join("ballast"));
    }

    /// Nothing may be written to it from now on, or again. Only while no file on it is open to write.
    pub fn read_only(&self, on: bool) {
        let option = if on { "remount,ro" } else { "remount,rw" };
        assert!(run("mount", &["-o", option, self.path().to_str().expect("a path")]), "{option}");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a file on it may be open still.
        run("umount", &["-l", self.path().to_str().expect("a path")]);
    }
}

/// Files that can't be written any more, whoever has them open, as on a file system that the kernel made read-only.
pub struct Frozen(Vec<PathBuf>);

impl Frozen {
    /// These files and folders; none where that is not allowed.
    pub fn new(paths: &[PathBuf]) -> Option<Self> {
        let frozen = Self(paths.to_vec());
        if paths.iter().all(|path| run("chattr", &["+i", path.to_str().expect("a path")])) {
            return Some(frozen);
        }
        left_out("chattr");
        None
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        for path in &self.0 {
            run("chattr", &["-i", path.to_str().expect("a path")]);
        }
    }
}

/// The lock of an SQLite file, held by another.
pub struct HeldLock(AnyConnection);

impl HeldLock {
    /// Takes it; nobody can write until it is released.
    pub async fn take(path: &Path) -> Self {
        sqlx::any::install_default_drivers();
        let address = format!("sqlite://{}", path.display());
        let mut connection = AnyConnection::connect(&address).await.expect("it opens");
        connection.execute("BEGIN IMMEDIATE").await.expect("the lock is free");
        Self(connection)
    }

    pub async fn release(self) {
        self.0.close().await.expect("it closes");
    }
}

/// The PostgreSQL server that the tests may use.
fn server() -> String {
    std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a PostgreSQL database")
}

/// A PostgreSQL database of its own, so that faults trouble nobody else.
pub struct OwnPostgres {
    server: String,
    name: String,
}

impl OwnPostgres {
    /// On the server of TEST_DATABASE_URL.
    pub async fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let server = server();
        sqlx::any::install_default_drivers();
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_nanos();
        let name = format!("tanya_test_{nanos}_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let own = Self { server, name };
        own.command(format!("CREATE DATABASE {}", own.name)).await;
        own
    }

    async fn command(&self, statement: String) {
        let mut connection = AnyConnection::connect(&self.server).await.expect("the server answers");
        connection.execute(sqlx::AssertSqlSafe(statement)).await.expect("it may do that");
        connection.close().await.expect("it closes");
    }

    /// Its address.
    pub fn address(&self) -> String {
        let mut address = reqwest::Url::parse(&self.server).expect("an address");
        address.set_path(&self.name);
        address.to_string()
    }

    /// Its address by way of a proxy.
    pub fn address_by(&self, proxy: &Proxy) -> String {
        let mut address = reqwest::Url::parse(&self.address()).expect("an address");
        address.set_host(Some("127.0.0.1")).expect("a host");
        address.set_port(Some(proxy.port)).expect("a port");
        address.to_string()
    }

    /// Ends all its sessions, as a server does that is stopped.
    pub async fn end_sessions(&self) {
        self.command(format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()",
            self.name
        ))
        .await;
    }

    /// Removes it.
    pub async fn remove(self) {
        self.command(format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

/// What a proxy does with connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Open,
    /// What is sent stays on the way.
    Silent,
    /// Cut, and no new ones.
    Down,
}

/// A way to a server on this machine that can be cut or fall silent.
pub struct Proxy {
    pub port: u16,
    line: watch::Sender<Line>,
}

impl Proxy {
    /// A way to the server of TEST_DATABASE_URL.
    pub async fn new() -> Self {
        let server = reqwest::Url::parse(&server()).expect("an address");
        let server = format!("{}:{}", server.host_str().unwrap_or("127.0.0.1"), server.port().unwrap_or(5432));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (line, state) = watch::channel(Line::Open);
        tokio::spawn(serve(listener, port, server, state));
        Self { port, line }
    }

    /// All connections are cut; new ones pass.
    pub async fn cut(&self) {
        self.down();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        self.up();
    }

    /// All connections are cut, and new ones are refused.
    pub fn down(&self) {
        self.line.send_replace(Line::Down);
    }

    /// Nothing passes, and nobody is told.
    pub fn silence(&self) {
        self.line.send_replace(Line::Silent);
    }

    /// All passes again.
    pub fn up(&self) {
        self.line.send_replace(Line::Open);
    }
}

async fn serve(listener: TcpListener, port: u16, server: String, mut state: watch::Receiver<Line>) {
    let mut listener = Some(listener);
    loop {
        if *state.borrow_and_update() == Line::Down {
            listener = None;
            if state.changed().await.is_err() {
                return;
            }
            continue;
        }
        if listener.is_none() {
            listener = TcpListener::bind(("127.0.0.1", port)).await.ok();
        }
        let Some(open) = &listener else {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            continue;
        };
        tokio::select! {
            accepted = open.accept() => {
                let Ok((client, _)) = accepted else { continue };
                let (server, state) = (server.clone(), state.clone());
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(server).await else { return };
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    // The first direction that ends takes the other with it.
                    tokio::select! {
                        () = pass(from_client, to_server, state.clone()) => {}
                        () = pass(from_server, to_client, state) => {}
                    }
                });
            }
            changed = state.changed() => if changed.is_err() { return },
        }
    }
}

/// Passes on what comes, as long as the line is open.
async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut state: watch::Receiver<Line>,
) {
    let mut buffer = vec![0; 16_384];
    loop {
        let line = *state.borrow_and_update();
        match line {
            Line::Down => return,
            Line::Silent => {
                if state.changed().await.is_err() {
                    return;
                }
                continue;
            }
            Line::Open => {}
        }
        tokio::select! {
            read = from.read(&mut buffer) => match read {
                Ok(0) | Err(_) => return,
                Ok(count) => {
                    let open = state.wait_for(|line| *line != Line::Silent).await.is_ok_and(|line| *line == Line::Open);
                    if !open || to.write_all(&buffer[..count]).await.is_err() {
                        return;
                    }
                }
            },
            changed = state.changed() => if changed.is_err() { return },
        }
    }
}
