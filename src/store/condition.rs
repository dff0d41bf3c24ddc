//! How a database is, as an operator asks: nothing is made, nothing is written, and the bot may serve meanwhile.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{Access, access, statvfs};
use sqlx::{AnyConnection, ConnectOptions, Connection};
use tokio::time::timeout;

use super::address::{self, Address};
use super::fault::{Cause, StoreError};
use super::history::LAST_WEBHOOK;
use super::transfer::schema::standing;
use super::transfer::{failed, half_of};
use super::{Kind, file};

pub use super::transfer::schema::Standing;

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is known of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The file, or the host and its port.
    pub name: String,
    /// How its tables stand to this program.
    pub tables: Standing,
    /// What is in the way of using it, in Indonesian: rights, a server that takes no changes, a transfer that has not ended.
    pub faults: Vec<String>,
    /// Its clock, in milliseconds since 1970; none of a file.
    pub clock: Option<i64>,
    /// Free room where the file is, in bytes; of a server it is not known.
    pub free: Option<u64>,
    /// The webhook that the bot set last.
    pub webhook: Option<String>,
}

/// Looks at the database at `address`, and at what it remembers of that bot.
///
/// # Errors
///
/// Why it can't be used, in Indonesian.
pub async fn condition(address: &str, bot: Option<i64>) -> Result<Condition, StoreError> {
    sqlx::any::install_default_drivers();
    let (kind, options, mut found) = match Address::read(address)? {
        Address::Postgres(options, name) => (Kind::Postgres, *options, bare(name)),
        Address::Sqlite(path) => {
            let path = file::resolve(&path)?;
            let found = of_file(&path);
            if !path.exists() {
                return Ok(found);
            }
            if path.is_dir() {
                return Err(StoreError::unopened(&found.name, &Cause::IsFolder));
            }
            (Kind::Sqlite, address::options_of(&path)?, found)
        }
    };
    let name = found.name.clone();
    let asked = async {
        let mut connection = options.disable_statement_logging().connect().await?;
        let asked = ask(kind, &mut connection, bot, &mut found).await;
        connection.close().await?;
        asked
    };
    match timeout(PATIENCE, asked).await {
        Ok(Ok(())) => Ok(found),
        Ok(Err(error)) => Err(failed(kind, &name, &error)),
        Err(_) => Err(StoreError::unopened(&name, &Cause::Silent)),
    }
}

fn bare(name: String) -> Condition {
    Condition { name, tables: Standing::Empty, faults: Vec::new(), clock: None, free: None, webhook: None }
}

/// What is known of a file without opening it.
fn of_file(path: &Path) -> Condition {
    let mut found = bare(path.display().to_string());
    let folder = path.parent().unwrap_or(Path::new("/"));
    found.free = statvfs(folder).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    // What stands beside the file is made and removed in the folder.
    for place in [folder, path] {
        if fs::metadata(place).is_ok() && access(place, Access::READ_OK | Access::WRITE_OK).is_err() {
            found.faults.push(format!("{}: {}", place.display(), Cause::Forbidden.indonesian()));
        }
    }
    found.faults.extend(file::open_to_others(path));
    found
}

async fn ask(kind: Kind, connection: &mut AnyConnection, bot: Option<i64>, found: &mut Condition) -> sqlx::Result<()> {
    let postgres = kind == Kind::Postgres;
    found.tables = standing(connection, postgres).await?;
    if postgres {
        let (clock, takes, may): (i64, i32, i32) = sqlx::query_as(
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT),
                    CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 0 ELSE 1 END,
                    CASE WHEN COALESCE(has_schema_privilege(current_schema(), 'CREATE'), FALSE) THEN 1 ELSE 0 END",
        )
        .fetch_one(&mut *connection)
        .await?;
        found.clock = Some(clock);
        if takes == 0 {
            found.faults.push(Cause::ReadOnly.indonesian().into_owned());
        }
        if may == 0 {
            let text = "pengguna basis data tidak boleh membuat tabel; jadikan dia pemilik basis data itu";
            found.faults.push(text.to_owned());
        }
    }
    if matches!(found.tables, Standing::Current | Standing::Behind) {
        // A table of an older program may not have what is asked for.
        found.faults.extend(half_of(connection).await.unwrap_or_default());
        let webhook = sqlx::query_scalar("SELECT value FROM note WHERE bot_id = $1 AND name = $2");
        let webhook = webhook.bind(bot.unwrap_or_default()).bind(LAST_WEBHOOK);
        found.webhook = webhook.fetch_optional(connection).await.unwrap_or_default();
    }
    Ok(())
}
