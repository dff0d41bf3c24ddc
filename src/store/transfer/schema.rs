//! Which tables there are, and whether they are those of this program.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use super::NOBODY;

/// What a column holds: nothing else is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Number,
    Text,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Holds)>,
}

impl Table {
    /// Its columns, for a statement.
    pub(super) fn list(&self) -> String {
        self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }

    /// A statement that reads `what` of all rows that are a bot's.
    pub(super) fn all(&self, what: &str) -> sqlx::AssertSqlSafe<String> {
        // The names come from the schema.
        sqlx::AssertSqlSafe(format!("SELECT {what} FROM \"{}\" WHERE bot_id <> {NOBODY}", self.name))
    }

    /// How many rows it has.
    pub(super) async fn count(&self, connection: &mut AnyConnection) -> sqlx::Result<u64> {
        let rows: i64 = sqlx::query_scalar(self.all("COUNT(*)")).fetch_one(connection).await?;
        Ok(rows.unsigned_abs())
    }
}

/// All tables of an SQLite database, each behind those that it refers to.
pub(super) async fn tables(sqlite: &mut AnyConnection) -> sqlx::Result<Vec<Table>> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_sqlx_migrations' ORDER BY name",
    )
    .fetch_all(&mut *sqlite)
    .await?;
    let mut waiting = Vec::with_capacity(names.len());
    for name in names {
        let columns: Vec<(String, String)> =
            sqlx::query_as("SELECT name, type FROM pragma_table_info($1)").bind(&name).fetch_all(&mut *sqlite).await?;
        let columns = columns.into_iter().map(|(column, kind)| match kind.as_str() {
            "BIGINT" => Ok((column, Holds::Number)),
            "TEXT" => Ok((column, Holds::Text)),
            other => Err(sqlx::Error::Protocol(format!("the column {name}.{column} is {other}"))),
        });
        let columns = columns.collect::<sqlx::Result<Vec<_>>>()?;
        let parents: Vec<String> = sqlx::query_scalar("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list($1)")
            .bind(&name)
            .fetch_all(&mut *sqlite)
            .await?;
        waiting.push((Table { name, columns }, parents));
    }
    let mut sorted: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let there = |name: &String| sorted.iter().any(|table| table.name == *name);
        let (ready, rest): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(table, parents)| parents.iter().all(|p| there(p) || *p == table.name));
        if ready.is_empty() {
            return Err(sqlx::Error::Protocol("tables refer to each other in a circle".to_owned()));
        }
        sorted.extend(ready.into_iter().map(|(table, _)| table));
        waiting = rest;
    }
    Ok(sorted)
}

/// How the tables of a database stand to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They are its own.
    Current,
    /// There are none.
    Empty,
    /// The next start brings them up to date.
    Behind,
    /// A newer program made them.
    Ahead,
}

/// Looks at the tables, and changes nothing.
pub(in crate::store) async fn standing(connection: &mut AnyConnection, postgres: bool) -> sqlx::Result<Standing> {
    let there: i64 = if postgres {
        sqlx::query_scalar("SELECT COUNT(*) FROM pg_tables WHERE tablename = '_sqlx_migrations' AND schemaname = ANY(current_schemas(false))")
            .fetch_one(&mut *connection)
            .await?
    } else {
        sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut *connection)
            .await?
    };
    if there == 0 {
        return Ok(Standing::Empty);
    }
    let made: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(connection).await?;
    let made: BTreeSet<i64> = made.into_iter().collect();
    let own: BTreeSet<i64> = super::super::migrator().iter().map(|migration| migration.version).collect();
    Ok(match (made.is_subset(&own), own.is_subset(&made)) {
        (false, _) => Standing::Ahead,
        (true, true) => Standing::Current,
        (true, false) if made.is_empty() => Standing::Empty,
        (true, false) => Standing::Behind,
    })
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;

    use super::*;
    use crate::store::Store;

    /// A column of another kind could not be moved, and a table in front of its parent neither.
    #[tokio::test]
    async fn every_table_is_found_behind_those_that_it_refers_to() {
        let dir = tempfile::tempdir().expect("a folder");
        let address = format!("sqlite://{}", dir.path().join("bot.db").display());
        Store::open(&address, 7).await.expect("it opens").close().await;
        let mut connection = AnyConnection::connect(&address).await.expect("it opens");
        let tables = tables(&mut connection).await.expect("numbers and texts alone");
        let place = |name: &str| tables.iter().position(|table| table.name == name).expect(name);
        for (parent, child) in [("voter", "ticket"), ("ticket", "audit"), ("ticket", "ticket_asker"), ("voter", "due")]
        {
            assert!(place(parent) < place(child), "{parent} before {child}");
        }
        for table in &tables {
            assert_eq!(table.columns.first(), Some(&("bot_id".to_owned(), Holds::Number)), "{}", table.name);
        }
        let made: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
                .fetch_one(&mut connection)
                .await
                .expect("counted");
        assert_eq!(tables.len() as i64, made - 1, "all but the list of migrations, and SQLite's own");
        assert_eq!(standing(&mut connection, false).await.expect("read"), Standing::Current);
    }
}
