//! All data of a database into one of the other kind, SQLite or PostgreSQL, so that the bots go on there.
//!
//! Both have the same tables, made of whole numbers and texts alone, and no numbers that the database gives out: a row is
//! the same row there. The tables are read from the schema itself (`schema`), so that a new one is moved without a word.
//!
//! The source is only read, and nobody may write to it meanwhile (`end`). In the target a mark stands until all is there: a
//! store with that mark is not opened ([`super::Store::open`]), and a transfer that was cut off goes on where it was. Rows are
//! written by their keys (`row`), so that one that came already is passed over. At the end each table is read on both sides,
//! and compared by number and content.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use self::end::{Sink, Source};
use self::row::{Sum, copy, sum};
use self::schema::Table;
use super::Kind;
use super::fault::{Cause, StoreError};
use super::ticket::{read, written};

mod end;
mod row;
pub(super) mod schema;

/// The mark stands under the number of no bot.
const NOBODY: i64 = 0;
/// The name of the mark.
const MARK: &str = "transfer";
/// Who may send is a matter of those who run now, and moves with nobody.
const STAYS: &str = "lease";

/// How far a transfer has come, as the target remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    /// Where the data come from, without names and passwords.
    from: String,
    /// The tables that are there whole.
    done: BTreeSet<String>,
}

/// What a transfer tells while it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'p> {
    /// So many rows in all are to be moved; whether an earlier transfer goes on.
    Begins {
        /// Rows of all tables.
        rows: u64,
        /// Whether it was cut off before.
        again: bool,
    },
    /// So many rows of a table are there by now.
    Copied {
        /// The table's name.
        table: &'p str,
        /// Rows that are there.
        rows: u64,
        /// Rows that there are.
        of: u64,
    },
    /// A table is the same on both sides.
    Compared {
        /// The table's name.
        table: &'p str,
        /// Its rows.
        rows: u64,
    },
}

/// What was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The numbers of the bots whose data were moved.
    pub bots: Vec<i64>,
    /// How many rows each table has.
    pub tables: Vec<(String, u64)>,
    /// How many texts held a character that PostgreSQL can't keep (U+0000); U+FFFD stands in its place.
    pub mended: u64,
}

impl Moved {
    /// Rows in all.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }
}

/// Moves all data from the database at `from` to the one at `to`: one is SQLite's, the other PostgreSQL's. What it does is
/// told by `tell`.
///
/// # Errors
///
/// In Indonesian, for the operator: a wrong address, a database that does not do its work or is in use, a target that holds
/// other data, a source whose tables are not those of this program, or rows that differ at the end.
pub async fn transfer(from: &str, to: &str, tell: &mut (dyn FnMut(Progress<'_>) + Send)) -> Result<Moved, StoreError> {
    sqlx::any::install_default_drivers();
    let mut source = Source::open(from, to).await?;
    let mut sink = Sink::open(to).await?;
    let tables = match source.kind {
        Kind::Sqlite => schema::tables(&mut source.connection).await,
        Kind::Postgres => schema::tables(&mut sink.connection).await,
    };
    let tables: Vec<Table> = tables.map_err(|error| source.failed(&error))?;
    let tables: Vec<Table> = tables.into_iter().filter(|table| table.name != STAYS).collect();
    source.hold(&tables).await?;
    let (mut mark, again) = sink.mark(&source.name, &tables).await?;
    let mut sizes = Vec::with_capacity(tables.len());
    for table in &tables {
        sizes.push(table.count(&mut source.connection).await.map_err(|error| source.failed(&error))?);
    }
    tell(Progress::Begins { rows: sizes.iter().sum(), again });
    for (table, of) in tables.iter().zip(&sizes) {
        if mark.done.contains(&table.name) {
            tell(Progress::Copied { table: &table.name, rows: *of, of: *of });
            continue;
        }
        copy(table, &mut source, &mut sink, &mut |rows| tell(Progress::Copied { table: &table.name, rows, of: *of }))
            .await?;
        mark.done.insert(table.name.clone());
        sink.note(&mark).await?;
    }
    let mut moved = Moved { bots: Vec::new(), tables: Vec::new(), mended: 0 };
    let mut bots = BTreeSet::new();
    for table in &tables {
        let ours = sum(table, &mut source.connection).await.map_err(|error| source.failed(&error))?;
        let theirs = sum(table, &mut sink.connection).await.map_err(|error| sink.failed(&error))?;
        same(table, &ours, &theirs, &sink.name)?;
        tell(Progress::Compared { table: &table.name, rows: ours.rows });
        moved.tables.push((table.name.clone(), ours.rows));
        moved.mended += ours.mended;
        bots.extend(ours.bots);
    }
    moved.bots = bots.into_iter().collect();
    sink.end().await?;
    source.end().await;
    Ok(moved)
}

/// Refuses tables that differ.
fn same(table: &Table, ours: &Sum, theirs: &Sum, target: &str) -> Result<(), StoreError> {
    if ours.rows == theirs.rows && ours.content == theirs.content {
        return Ok(());
    }
    let how = if ours.rows == theirs.rows {
        "isinya berbeda".to_owned()
    } else {
        format!("{} baris di sumber, {} di tujuan", ours.rows, theirs.rows)
    };
    Err(StoreError::setting(format!(
        "tabel {} tidak sama: {how}. Sumbernya berubah sejak pemindahan dimulai. Kosongkan {target} (basis data baru, atau \
         berkas yang dihapus), lalu pindahkan lagi dari awal.",
        table.name
    )))
}

/// The mark in a database, if a transfer into it has not come to its end.
async fn marked<'c>(connection: impl sqlx::Executor<'c, Database = sqlx::Any>) -> sqlx::Result<Option<Mark>> {
    let text: Option<String> = sqlx::query_scalar("SELECT value FROM note WHERE bot_id = $1 AND name = $2")
        .bind(NOBODY)
        .bind(MARK)
        .fetch_optional(connection)
        .await?;
    text.as_deref().map(read).transpose()
}

/// Writes the mark.
async fn mark(connection: &mut AnyConnection, mark: &Mark) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO note (bot_id, name, value) VALUES ($1, $2, $3)
         ON CONFLICT (bot_id, name) DO UPDATE SET value = excluded.value",
    )
    .bind(NOBODY)
    .bind(MARK)
    .bind(written(mark)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Refuses a database of that name into which a transfer has not come to its end.
pub(super) async fn refuse_half<'c>(
    connection: impl sqlx::Executor<'c, Database = sqlx::Any>,
    name: &str,
) -> sqlx::Result<Result<(), StoreError>> {
    Ok(match marked(connection).await? {
        None => Ok(()),
        Some(mark) => Err(half(name, &mark)),
    })
}

fn half(name: &str, mark: &Mark) -> StoreError {
    StoreError::setting(format!("{name} {}.", half_way(mark)))
}

fn half_way(mark: &Mark) -> String {
    format!("belum lengkap: pemindahan data dari {} belum selesai. Ulangi perintah migrate sampai selesai", mark.from)
}

/// What is said of a database into which a transfer has not come to its end.
pub(super) async fn half_of(connection: &mut AnyConnection) -> sqlx::Result<Option<String>> {
    Ok(marked(connection).await?.as_ref().map(half_way))
}

/// An error of a statement, in the operator's words.
pub(super) fn failed(kind: Kind, name: &str, error: &sqlx::Error) -> StoreError {
    let other =
        || Cause::Other(error.as_database_error().map_or_else(|| error.to_string(), |e| e.message().to_owned()));
    StoreError::unopened(name, &Cause::of(kind, error).unwrap_or_else(other))
}
