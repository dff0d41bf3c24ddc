//! The two ends: a source that nobody writes to meanwhile, and a target that holds nothing else.

use std::time::Duration;

use sqlx::{AnyConnection, ConnectOptions, Executor};
use tokio::time::timeout;

use super::schema::{Standing, Table, standing};
use super::{Mark, failed, half, mark, marked};
use crate::store::address::{self, Address};
use crate::store::connection::{self, BUSY, Target, wait_for_locks};
use crate::store::fault::{Cause, StoreError};
use crate::store::file::{self, DatabaseFile};
use crate::store::health::Health;
use crate::store::owner::Owner;
use crate::store::{Kind, migrate};

/// How long a connection is waited for.
const CONNECT: Duration = Duration::from_secs(5);
/// Two transfers into one database would get in each other's way: the number of the lock that one has, on PostgreSQL.
const LOCK: i64 = 0x7461_6e79_6120_7072;
/// Whose lease of that time is not over: an instance that serves. Times are the database's.
const SERVES: &str = "SELECT COUNT(*) FROM lease
    WHERE until > CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

/// Where the data come from.
pub(super) struct Source {
    pub(super) kind: Kind,
    /// File, or host and database.
    pub(super) name: String,
    pub(super) connection: AnyConnection,
    /// On SQLite no bot starts on the file meanwhile.
    _owner: Option<Owner>,
}

impl Source {
    /// Opens the source to read. `to` is where it is to go, which must be the other kind.
    pub(super) async fn open(from: &str, to: &str) -> Result<Self, StoreError> {
        let address = read("sumber", from)?;
        let target = read("tujuan", to)?;
        if matches!(address, Address::Sqlite(_)) == matches!(target, Address::Sqlite(_)) {
            return Err(StoreError::setting(
                "sumber dan tujuan: yang satu harus sqlite://, yang lain postgres://. Dari SQLite ke SQLite atau dari PostgreSQL ke \
                 PostgreSQL pakai cadangan (backup) dan pemulihannya.",
            ));
        }
        let (kind, options, name, owner) = match address {
            Address::Sqlite(path) => {
                let path = file::resolve(&path)?;
                if !path.is_file() {
                    return Err(StoreError::setting(format!("{} tidak ada.", path.display())));
                }
                let owner = Owner::of(&path, Duration::ZERO).await?;
                (Kind::Sqlite, address::options_of(&path)?, path.display().to_string(), Some(owner))
            }
            Address::Postgres(options, name) => {
                // What stands before an @ may be the end of a password that was not escaped.
                let database = Some(options.database_url.path()).filter(|path| !path.contains('@')).unwrap_or_default();
                let name = format!("{name}{database}");
                (Kind::Postgres, *options, name, None)
            }
        };
        let opened = timeout(CONNECT, options.disable_statement_logging().connect()).await;
        let opened = opened.map_err(|_| StoreError::unopened(&name, &Cause::Silent))?;
        let connection = opened.map_err(|error| failed(kind, &name, &error))?;
        let mut source = Self { kind, name, connection, _owner: owner };
        source.prepare().await.map_err(|error| source.failed(&error))??;
        Ok(source)
    }

    async fn prepare(&mut self) -> sqlx::Result<Result<(), StoreError>> {
        let postgres = self.kind == Kind::Postgres;
        let name = &self.name;
        if postgres {
            self.connection.execute("SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 4000").await?;
        } else {
            wait_for_locks(&mut self.connection, BUSY).await?;
        }
        let wrong = match standing(&mut self.connection, postgres).await? {
            Standing::Current => None,
            Standing::Empty => Some(format!("{name} bukan basis data tanya-pemilu, atau belum pernah dipakai.")),
            Standing::Behind => Some(format!(
                "{name} dibuat oleh versi tanya-pemilu yang lebih lama. Jalankan bot versi ini di sana satu kali, \
                 hentikan, lalu pindahkan."
            )),
            Standing::Ahead => Some(format!(
                "{name} dibuat oleh versi tanya-pemilu yang lebih baru; pakai versi itu untuk memindahkan."
            )),
        };
        if let Some(wrong) = wrong {
            return Ok(Err(StoreError::setting(wrong)));
        }
        if let Some(mark) = marked(&mut self.connection).await? {
            return Ok(Err(half(&self.name, &mark)));
        }
        Ok(if postgres { unserved(&mut self.connection, &self.name).await? } else { Ok(()) })
    }

    /// From now on what is read is of one moment, and nobody writes.
    pub(super) async fn hold(&mut self, tables: &[Table]) -> Result<(), StoreError> {
        let held = match self.kind {
            Kind::Sqlite => self.connection.execute("BEGIN").await,
            Kind::Postgres => {
                let names: Vec<String> = tables.iter().map(|table| format!("\"{}\"", table.name)).collect();
                // The names come from the schema.
                let lock = format!("BEGIN; LOCK TABLE {} IN SHARE MODE", names.join(", "));
                self.connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(lock))).await
            }
        };
        held.map(drop).map_err(|error| self.failed(&error))
    }

    pub(super) fn failed(&self, error: &sqlx::Error) -> StoreError {
        failed(self.kind, &self.name, error)
    }

    /// Closes it; nothing was written.
    pub(super) async fn end(self) {
        connection::close(self.kind, self.connection).await;
    }
}

/// Reads an address; what is wrong with it is told of `which` one.
fn read(which: &str, address: &str) -> Result<Address, StoreError> {
    Address::read(address).map_err(|error| StoreError::setting(format!("{which}: {error}")))
}

/// Refuses a PostgreSQL database that an instance serves from.
async fn unserved(connection: &mut AnyConnection, name: &str) -> sqlx::Result<Result<(), StoreError>> {
    let serving: i64 = sqlx::query_scalar(SERVES).fetch_one(connection).await?;
    if serving == 0 {
        return Ok(Ok(()));
    }
    let text = format!(
        "{name} sedang dipakai bot. Hentikan dulu semua instansinya, lalu ulangi (setelah dimatikan paksa: sepuluh detik \
         kemudian)."
    );
    Ok(Err(StoreError { text, passes: true, cause: None }))
}

/// Where the data go.
pub(super) struct Sink {
    kind: Kind,
    /// File, or host and database.
    pub(super) name: String,
    pub(super) connection: AnyConnection,
    /// On SQLite: the file, and the right to use it.
    _target: Target,
}

impl Sink {
    /// Opens the target, and makes its tables.
    pub(super) async fn open(to: &str) -> Result<Self, StoreError> {
        let target = match Address::read(to)? {
            Address::Sqlite(path) => {
                let path = file::resolve(&path)?;
                let owner = Owner::of(&path, Duration::ZERO).await?;
                let name = path.display().to_string();
                let options = address::options_of(&path)?;
                Target::new(Kind::Sqlite, options, Health::new(name), Some((DatabaseFile::prepare(path)?, owner)))
            }
            Address::Postgres(options, name) => Target::new(Kind::Postgres, *options, Health::new(name), None),
        };
        migrate(&target).await?;
        let (kind, name) = (target.kind, target.health.name().to_owned());
        let connection = target.try_connect().await.map_err(|cause| StoreError::unopened(&name, &cause))?;
        let mut sink = Self { kind, name, connection, _target: target };
        if kind == Kind::Postgres {
            sink.alone().await.map_err(|error| sink.failed(&error))??;
        }
        Ok(sink)
    }

    /// On PostgreSQL: no other transfer is at it, and no bot serves from it.
    async fn alone(&mut self) -> sqlx::Result<Result<(), StoreError>> {
        let got: i32 = sqlx::query_scalar("SELECT CASE WHEN pg_try_advisory_lock($1) THEN 1 ELSE 0 END")
            .bind(LOCK)
            .fetch_one(&mut self.connection)
            .await?;
        if got == 0 {
            let text = format!("{}: perintah migrate yang lain sedang berjalan.", self.name);
            return Ok(Err(StoreError { text, passes: true, cause: None }));
        }
        unserved(&mut self.connection, &self.name).await
    }

    /// The mark of this transfer: a new one in a database that holds nothing, or that of one that was cut off; and whether it
    /// was.
    pub(super) async fn mark(&mut self, from: &str, tables: &[Table]) -> Result<(Mark, bool), StoreError> {
        let found = marked(&mut self.connection).await.map_err(|error| self.failed(&error))?;
        if let Some(mark) = found {
            if mark.from == from {
                return Ok((mark, true));
            }
            return Err(StoreError::setting(format!(
                "{} berisi pemindahan dari {} yang belum selesai. Ulangi dari sumber itu, atau pakai basis data kosong.",
                self.name, mark.from
            )));
        }
        for table in tables {
            let rows = table.count(&mut self.connection).await.map_err(|error| self.failed(&error))?;
            if rows > 0 {
                return Err(StoreError::setting(format!(
                    "{} sudah berisi data (tabel {}: {rows} baris). Pindahkan ke basis data kosong.",
                    self.name, table.name
                )));
            }
        }
        let mark = Mark { from: from.to_owned(), done: std::collections::BTreeSet::new() };
        self.note(&mark).await?;
        Ok((mark, false))
    }

    /// Writes down how far it has come.
    pub(super) async fn note(&mut self, new: &Mark) -> Result<(), StoreError> {
        mark(&mut self.connection, new).await.map_err(|error| self.failed(&error))
    }

    pub(super) fn failed(&self, error: &sqlx::Error) -> StoreError {
        failed(self.kind, &self.name, error)
    }

    /// Takes the mark away: the database can be served from now on.
    pub(super) async fn end(mut self) -> Result<(), StoreError> {
        let done = sqlx::query("DELETE FROM note WHERE bot_id = $1 AND name = $2")
            .bind(super::NOBODY)
            .bind(super::MARK)
            .execute(&mut self.connection)
            .await;
        done.map_err(|error| self.failed(&error))?;
        connection::close(self.kind, self.connection).await;
        Ok(())
    }
}
