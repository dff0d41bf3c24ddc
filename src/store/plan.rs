//! What SQLite is told of its tables, so that it finds rows by the right index.
//!
//! Every table begins with the bot's number, which is the same in nearly all rows. SQLite can't know: it takes any first
//! column for one that leaves about ten rows, and then goes through all of a bot's tickets or calls to spare itself the
//! sorting of three. So it is told once, in the table that `ANALYZE` would fill, how large tables become and how few rows each
//! column leaves (<https://www.sqlite.org/fileformat2.html#stat1tab>). These figures are assumed, not counted: plans are the
//! same with one voter as with a million.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, Connection, Executor, Row};

/// How many rows a table is assumed to have.
const ROWS: u64 = 1_000_000;
/// How many rows a column leaves of a bot's, unless it is one of [`COARSE`].
const LEFT: u64 = 10;
/// Columns with few different values, which leave a quarter.
const COARSE: [&str; 9] = ["state", "claim", "fresh", "public", "day", "weight", "kind", "month", "entry"];

/// An index: its table, whether it is unique, and its columns in order.
#[derive(Debug, Default)]
struct Index {
    table: String,
    unique: bool,
    columns: Vec<String>,
}

impl Index {
    /// The row of `sqlite_stat1`: how many rows there are, and how many each column leaves.
    fn figures(&self) -> String {
        let (mut left, last) = (ROWS, self.columns.len().saturating_sub(1));
        let mut figures = ROWS.to_string();
        for (place, column) in self.columns.iter().enumerate() {
            left = match column.as_str() {
                "bot_id" if place == 0 => left,
                _ if self.unique && place == last => 1,
                column if COARSE.contains(&column) => (left / 4).max(1),
                _ => left.min(LEFT),
            };
            figures.push_str(&format!(" {left}"));
        }
        figures
    }
}

/// Tells SQLite, over a connection of its own; the connections that are opened later heed it.
pub(super) async fn tell(connection: &mut AnyConnection) -> sqlx::Result<()> {
    let rows = sqlx::query(
        "SELECT m.name, i.name, i.\"unique\", c.name FROM sqlite_schema AS m
         JOIN pragma_index_list(m.name) AS i JOIN pragma_index_info(i.name) AS c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY i.name, c.seqno",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut indexes: BTreeMap<String, Index> = BTreeMap::new();
    for row in &rows {
        let unique: i64 = row.try_get(2)?;
        let index = indexes.entry(row.try_get(1)?).or_default();
        index.table = row.try_get(0)?;
        index.unique = unique == 1;
        index.columns.push(row.try_get(3)?);
    }
    let told: Vec<_> = indexes.iter().map(|(name, index)| (&index.table, name, index.figures())).collect();
    let told = serde_json::to_string(&told).map_err(|error| sqlx::Error::Encode(error.into()))?;
    // Of tables that are full this would take its time: it is only to make the table.
    let exists: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'")
        .fetch_one(&mut *connection)
        .await?;
    if exists == 0 {
        connection.execute("ANALYZE counter").await?;
    }
    let mut transaction = connection.begin().await?;
    transaction.execute("DELETE FROM sqlite_stat1").await?;
    sqlx::query(
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1)",
    )
    .bind(told)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}
