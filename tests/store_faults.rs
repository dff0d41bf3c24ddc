//! The store when its database fails: nothing is lost, it is said once, and it goes on without a restart. Faults are made
//! for real; those that this machine does not allow are left out, which is printed.

#[path = "support/faults.rs"]
mod faults;

use std::future::Future;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use faults::{Frozen, HeldLock, OwnPostgres, Proxy, SmallDisk};
use sqlx::{AnyConnection, Connection};
use tanya_pemilu::store::Store;
use tanya_pemilu::store::inbox::Received;
use tanya_pemilu::store::outbox::{Call, Rank};
use tracing_subscriber::fmt::MakeWriter;

/// What is logged on this thread, from warnings on.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(log.clone())
            .with_ansi(false)
            .with_max_level(tracing::Level::WARN)
            .without_time()
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().expect("a log").clone()).expect("text");
        // The program lets nothing of a library's through; a slow machine is no fault.
        text.lines().filter(|line| !line.contains("slow statement")).map(str::to_owned).collect()
    }

    /// Says what went wrong once (in one of the ways that `words` names, parted by `|`), and what became of it; a few lines
    /// for a whole outage, none of a library's.
    fn is_short(&self, words: &str) {
        let lines = self.lines();
        let text = lines.join("\n");
        assert_eq!(
            lines.iter().filter(|l| words.split('|').any(|w| l.contains(w))).count(),
            1,
            "\"{words}\" once in\n{text}"
        );
        assert!(lines.iter().any(|l| l.contains("works again")), "that it is over:\n{text}");
        assert!(lines.len() <= 5, "a few lines:\n{text}");
        assert!(!text.contains("sqlx") && !text.contains("pool"), "{text}");
    }
}

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn address(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

async fn open(address: &str) -> Store {
    Store::open(address, 7).await.unwrap_or_else(|e| panic!("it opens: {e}"))
}

fn update(number: i64) -> Received {
    Received { update: number, chat: number % 5, raw: format!("{{\"update_id\":{number}}}") }
}

/// Takes one update after another in, twenty a second, each until it is taken, as Telegram does; handles what came in; all
/// that while `fault` goes on. Then all must have been handled, each once.
async fn loses_nothing(store: &Store, fault: impl Future<Output = ()>) {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    // The worker is the last to stop: what is being taken in meanwhile is handled too.
    let (end, ended) = tokio::sync::watch::channel(false);
    let sender = {
        let store = store.clone();
        tokio::spawn(async move {
            let begun = Instant::now();
            let mut number = 0;
            while !*stopped.borrow() {
                if store.receive(&[update(number)], 5).await.is_err() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
                number += 1;
                tokio::time::sleep_until((begun + Duration::from_millis(50) * number as u32).into()).await;
            }
            number
        })
    };
    let worker = {
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                match handle(&store).await {
                    Ok(0) if *ended.borrow() => return,
                    Ok(0) => tokio::time::sleep(Duration::from_millis(10)).await,
                    Ok(_) => {}
                    Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                }
            }
        })
    };
    // As the program is watched.
    let watcher = {
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                let asked = Instant::now();
                let _ = store.health().await;
                assert!(asked.elapsed() < Duration::from_secs(2), "an answer within two seconds");
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        })
    };
    tokio::time::sleep(Duration::from_secs(1)).await;
    fault.await;
    let over = Instant::now();
    while store.health().await.is_err() {
        assert!(over.elapsed() < Duration::from_secs(15), "it recovers: {:?}", store.outage());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!watcher.is_finished(), "health answers in time");
    watcher.abort();
    stop.send_replace(true);
    let taken = sender.await.expect("no panic");
    end.send_replace(true);
    tokio::time::timeout(Duration::from_secs(20), worker).await.expect("it comes to an end").expect("no panic");
    assert!(taken > 30, "{taken} updates");
    assert_eq!(store.outbox_count().await.expect("counted"), taken, "each was handled once");
    assert_eq!(store.inbox_counts().await.expect("counted"), (0, 0));
}

/// Handles what waits, and writes a call for each.
async fn handle(store: &Store) -> sqlx::Result<usize> {
    let mut tx = store.write().await?;
    let updates = tx.claim_updates(32).await?;
    for update in &updates {
        let body = serde_json::Map::from_iter([("text".to_owned(), update.raw.clone().into())]);
        let method = "sendMessage".to_owned();
        tx.push(
            &Call {
                chat: update.chat,
                voter: None,
                method,
                body,
                name: None,
                reply: None,
                code: None,
                rank: Rank::Card,
            },
            5,
        )
        .await?;
        tx.handled(update.update);
    }
    if !updates.is_empty() {
        tx.commit().await?;
    }
    Ok(updates.len())
}

/// Waits until the store says that something is wrong.
async fn noticed(store: &Store, words: &str, within: Duration) {
    let begun = Instant::now();
    while !store.health().await.is_err_and(|text| words.split('|').any(|w| text.contains(w))) {
        assert!(begun.elapsed() < within, "\"{words}\" is noticed; known: {:?}", store.outage());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_full_disk() {
    let Some(disk) = SmallDisk::new(16_384) else { return };
    let (log, _guard) = Log::start();
    let store = open(&address(&disk.path().join("bot.db"))).await;
    loses_nothing(&store, async {
        disk.fill();
        noticed(&store, "disk full", Duration::from_secs(5)).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        disk.free();
    })
    .await;
    log.is_short("bot.db can't be written: disk full");
    // Again and again, for short.
    loses_nothing_twice(&store, &disk).await;
}

/// Updates have new numbers, so a second round has its own store.
async fn loses_nothing_twice(store: &Store, disk: &SmallDisk) {
    let before = store.outbox_count().await.expect("counted");
    for number in 0..10 {
        disk.fill();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let refused = store.receive(&[update(100_000 + number)], 5).await.is_err();
        disk.free();
        let until = Instant::now() + Duration::from_secs(5);
        while store.receive(&[update(100_000 + number)], 5).await.is_err() {
            assert!(Instant::now() < until, "there is room again; before: {refused}");
        }
    }
    while handle(store).await.expect("handled") > 0 {}
    assert_eq!(store.outbox_count().await.expect("counted"), before + 10);
}

#[tokio::test]
async fn files_that_cannot_be_written() {
    let (log, _guard) = Log::start();
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("bot.db");
    let store = open(&address(&path)).await;
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", path.display()));
    let paths = [path.clone(), beside("-wal"), beside("-shm"), dir.path().to_owned()];
    let Some(frozen) = Frozen::new(&paths) else { return };
    drop(frozen);
    loses_nothing(&store, async {
        let frozen = Frozen::new(&paths);
        noticed(&store, "bot.db can't be", Duration::from_secs(5)).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        drop(frozen);
    })
    .await;
    log.is_short("permission denied");
}

/// What a lock that another holds looks like: SQLite says so, unless our own time for a beginning is over first.
const LOCKED: &str = "locked by another program|no answer in time";

#[tokio::test]
async fn a_lock_that_another_holds() {
    let (log, _guard) = Log::start();
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("bot.db");
    let store = open(&address(&path)).await;
    loses_nothing(&store, async {
        let lock = HeldLock::take(&path).await;
        noticed(&store, LOCKED, Duration::from_secs(12)).await;
        tokio::time::sleep(Duration::from_secs(6)).await;
        lock.release().await;
    })
    .await;
    log.is_short(LOCKED);
}

/// The database is deleted with what stands beside it, or without, or only what stands beside it, or it is moved.
#[tokio::test]
async fn a_file_that_vanishes() {
    for (number, endings) in
        [&["", "-wal", "-shm"][..], &[""], &["-wal", "-shm"], &["-wal"], &["-shm"]].iter().enumerate()
    {
        let (log, _guard) = Log::start();
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("bot.db");
        let store = open(&address(&path)).await;
        loses_nothing(&store, async {
            for ending in *endings {
                std::fs::remove_file(format!("{}{ending}", path.display())).expect("it is there");
            }
            noticed(&store, "deleted or moved away", Duration::from_secs(2)).await;
            let begun = Instant::now();
            while store.health().await.is_err() {
                assert!(begun.elapsed() < Duration::from_secs(10), "{number}: {:?}", store.outage());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
        log.is_short("was deleted or moved away");
        let handled = store.outbox_count().await.expect("counted");
        store.close().await;
        drop(store);
        let store = open(&address(&path)).await;
        assert_eq!(store.outbox_count().await.expect("counted"), handled, "{endings:?}: all of it is in the file");
        store.close().await;
        assert!(sound(&path), "{endings:?}");
    }
}

/// What SQLite itself says of a file.
fn sound(path: &Path) -> bool {
    let checked = Command::new("sqlite3").arg(path).arg("PRAGMA integrity_check").output();
    checked.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "ok")
}

#[tokio::test]
async fn a_folder_that_is_moved_away_and_back() {
    let (log, _guard) = Log::start();
    let dir = tempfile::tempdir().expect("a folder");
    let (here, there) = (dir.path().join("here"), dir.path().join("there"));
    std::fs::create_dir(&here).expect("a folder");
    let store = open(&address(&here.join("bot.db"))).await;
    loses_nothing(&store, async {
        std::fs::rename(&here, &there).expect("moved");
        noticed(&store, "bot.db can't be used", Duration::from_secs(2)).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        std::fs::rename(&there, &here).expect("moved back");
    })
    .await;
    log.is_short("can't be used");
}

/// Another file in its place is never touched; what was in the own one is kept, and nothing is taken in meanwhile.
#[tokio::test]
async fn a_file_that_is_replaced() {
    let (log, _guard) = Log::start();
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("bot.db");
    let store = open(&address(&path)).await;
    store.receive(&[update(1)], 5).await.expect("taken");
    let other = dir.path().join("other.db");
    let made = Command::new("sqlite3")
        .arg(&other)
        .arg("PRAGMA journal_mode = WAL; CREATE TABLE other (a); INSERT INTO other VALUES (1)")
        .output();
    assert!(made.expect("sqlite3 runs").status.success());
    std::fs::rename(&other, &path).expect("replaced");
    noticed(&store, "replaced by another", Duration::from_secs(2)).await;
    store.receive(&[update(2)], 5).await.expect_err("nothing is taken in");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let said = store.health().await.expect_err("replaced still");
    let kept = PathBuf::from(said.split_once("kept in ").expect("it is kept").1.trim_end_matches(')'));
    assert!(log.lines().len() <= 3, "{:?}", log.lines());

    // The other file gets a log of its own; the store leaves that alone when it ends.
    let another = AnyConnection::connect(&address(&path)).await;
    let mut another = another.expect("it opens");
    sqlx::query("INSERT INTO other VALUES (2)").execute(&mut another).await.expect("written");
    store.close().await;
    drop(store);
    assert!(path.with_file_name("bot.db-wal").exists(), "the other file's log is left alone");
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM other").fetch_one(&mut another).await.expect("read");
    assert_eq!(rows, 2);
    another.close().await.expect("closed");
    assert!(sound(&path));

    for end in ["-wal", "-shm"] {
        // What stood beside the other file is not ours; it may be gone already.
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    std::fs::rename(&kept, &path).expect("put back by hand");
    let store = open(&address(&path)).await;
    assert_eq!(store.inbox_counts().await.expect("counted"), (1, 0), "nothing is missing");
}

/// Each way in which a server can go away, behind a proxy.
#[tokio::test]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn a_server_that_goes_away() {
    for (number, words) in [(0, ""), (1, "connection refused"), (2, "in time"), (3, "")] {
        let (database, proxy) = (OwnPostgres::new().await, Proxy::new().await);
        let (log, guard) = Log::start();
        let store = open(&database.address_by(&proxy)).await;
        loses_nothing(&store, async {
            match number {
                0 => {
                    for _ in 0..5 {
                        proxy.cut().await;
                        tokio::time::sleep(Duration::from_millis(300)).await;
                    }
                }
                1 => proxy.down(),
                2 => proxy.silence(),
                _ => {
                    for _ in 0..5 {
                        database.end_sessions().await;
                        tokio::time::sleep(Duration::from_millis(300)).await;
                    }
                }
            }
            if !words.is_empty() {
                let name = format!("127.0.0.1:{} can't be reached", proxy.port);
                noticed(&store, &name, Duration::from_secs(8)).await;
                tokio::time::sleep(Duration::from_secs(4)).await;
                proxy.up();
            }
        })
        .await;
        if !words.is_empty() {
            log.is_short("can't be reached");
        }
        drop(guard);
        store.close().await;
        database.remove().await;
    }
}

/// What is wrong at the start is told within five seconds, with the file or host and the cause.
async fn is_told(address: String, words: [&str; 2]) {
    let begun = Instant::now();
    let (log, _guard) = Log::start();
    let error = Store::open(&address, 7).await.expect_err("it can't be opened").to_string();
    assert!(begun.elapsed() < Duration::from_secs(5), "{error}");
    assert!(words.iter().all(|word| error.contains(word)), "{error}");
    assert!(error.ends_with('.') && !error.contains("DATABASE_URL") && !error.contains("rahasia"), "{error}");
    assert!(log.lines().len() <= 1, "{:?}", log.lines());
}

#[tokio::test]
async fn a_start_that_fails() {
    let dir = tempfile::tempdir().expect("a folder");
    let no_database = dir.path().join("notes.db");
    std::fs::write(&no_database, "Not a database at all. ".repeat(100)).expect("a file");
    Command::new("chmod").arg("600").arg(&no_database).status().expect("chmod runs");
    is_told(address(&no_database), ["notes.db", "bukan basis data SQLite"]).await;
    is_told(address(dir.path()), [dir.path().to_str().expect("a path"), "folder, bukan berkas"]).await;
    is_told(address(&dir.path().join("none/bot.db")), ["none/bot.db", "foldernya tidak ada"]).await;
    is_told("sqlite:///dev/full".to_owned(), ["/dev/full", "bukan berkas biasa"]).await;
    is_told("sqlite:///proc/bot.db".to_owned(), ["/proc/bot.db", "foldernya tidak ada"]).await;

    let locked = dir.path().join("locked.db");
    open(&address(&locked)).await.close().await;
    let lock = HeldLock::take(&locked).await;
    is_told(address(&locked), ["locked.db", "dikunci program lain"]).await;
    lock.release().await;
    open(&address(&locked)).await.close().await;

    // Room for all tables, and for what is written while they are made.
    if let Some(disk) = SmallDisk::new(2048) {
        let path = disk.path().join("bot.db");
        disk.fill();
        is_told(address(&path), ["bot.db", "disk penuh"]).await;
        disk.free();
        open(&address(&path)).await.close().await;
        disk.fill();
        is_told(address(&path), ["bot.db", "disk penuh"]).await;
        disk.free();
        disk.read_only(true);
        is_told(address(&path), ["bot.db", "read-only"]).await;
        disk.read_only(false);
        open(&address(&path)).await.close().await;
    }

    is_told("postgres://bot:rahasia@127.0.0.1:1/bot".to_owned(), ["127.0.0.1:1", "sambungan ditolak"]).await;
    is_told("postgres://bot:rahasia@tidak-ada.invalid/bot".to_owned(), ["tidak-ada.invalid:5432", "tidak dikenal"])
        .await;
}

#[tokio::test]
#[ignore = "needs TEST_DATABASE_URL: cargo test -- --include-ignored"]
async fn a_start_on_a_server_that_fails() {
    let (database, proxy) = (OwnPostgres::new().await, Proxy::new().await);
    let name = format!("127.0.0.1:{}", proxy.port);
    proxy.silence();
    is_told(database.address_by(&proxy), [&name, "tidak ada jawaban"]).await;
    proxy.up();
    let by_proxy = database.address_by(&proxy);
    database.remove().await;
    is_told(by_proxy, [&name, "does not exist"]).await;
}

#[tokio::test]
async fn a_second_process_waits_for_the_first() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("bot.db");
    let first = open(&address(&path)).await;
    first.receive(&[update(1)], 5).await.expect("taken");
    let begun = Instant::now();
    let error = Store::open(&address(&path), 7).await.expect_err("one process owns the file");
    assert!(error.to_string().contains("bot.db sedang dipakai proses lain"), "{error}");
    assert!(error.may_pass() && begun.elapsed() < Duration::from_secs(20));
    let second = {
        let address = address(&path);
        tokio::spawn(async move { open(&address).await })
    };
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!second.is_finished());
    first.receive(&[update(2)], 5).await.expect("the first goes on");
    first.close().await;
    let second = second.await.expect("no panic");
    assert_eq!(second.inbox_counts().await.expect("counted"), (2, 0));
}

#[tokio::test]
async fn a_new_file_is_its_owners_whatever_its_address() {
    use std::os::unix::fs::MetadataExt;
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().display();
    for (address, name) in [
        (format!("sqlite://{root}/a.db"), "a.db"),
        (format!("sqlite:{root}/b.db"), "b.db"),
        (format!("sqlite://{root}/c%20d.db"), "c d.db"),
        (format!("sqlite://{root}/e.db?mode=rwc"), "e.db"),
        (
            format!("sqlite://{root}/../{}/f%3Fg.db?mode=rw", dir.path().file_name().expect("a name").display()),
            "f?g.db",
        ),
    ] {
        let store = open(&address).await;
        store.receive(&[update(1)], 5).await.expect("taken");
        for ending in ["", "-wal", "-shm", ".lock"] {
            let path = dir.path().join(format!("{name}{ending}"));
            let mode = std::fs::metadata(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
        store.close().await;
    }
    // Nothing else was made, such as a file named after the escaped address.
    let names =
        std::fs::read_dir(dir.path()).expect("a folder").map(|f| f.expect("a file").file_name()).collect::<Vec<_>>();
    assert_eq!(names.len(), 10, "{names:?}");
}

/// 200 writes a second, and readers all the time: what was erased is in none of the files within a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_erased_is_gone_from_the_log_under_load() {
    const WORDS: &str = "nomor saya 3174010101010001";
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("bot.db");
    let store = open(&address(&path)).await;
    let writer = {
        let store = store.clone();
        tokio::spawn(async move {
            let mut clock = tokio::time::interval(Duration::from_millis(5));
            for number in 1000.. {
                clock.tick().await;
                store.receive(&[update(number)], 5).await.expect("taken");
            }
        })
    };
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                loop {
                    store.waiting(0).await.expect("read");
                    store.inbox_counts().await.expect("counted");
                }
            })
        })
        .collect();
    store.receive(&[Received { update: 1, chat: 99, raw: WORDS.to_owned() }], 5).await.expect("taken");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(is_in_files(dir.path(), WORDS), "it is there before");
    let mut tx = store.write().await.expect("a transaction");
    tx.handled(1);
    tx.commit().await.expect("committed");
    let erased = Instant::now();
    while is_in_files(dir.path(), WORDS) {
        assert!(erased.elapsed() < Duration::from_secs(60), "the words are in the files still");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(!writer.is_finished(), "written all the while");
    writer.abort();
    readers.iter().for_each(tokio::task::JoinHandle::abort);
}

/// Looked for by another process: if this one closed the file, SQLite's locks on it would be gone.
fn is_in_files(folder: &Path, words: &str) -> bool {
    let found = Command::new("grep").args(["-rqa", "--", words]).arg(folder).status().expect("grep runs");
    found.success()
}
