//! Rows: read from one side, written to the other, and compared.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use tokio::time::timeout;

use super::end::{Sink, Source};
use super::schema::{Holds, Table};
use crate::store::fault::StoreError;

/// How long one row, or one statement, is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// So many values go with one statement at most; SQLite takes 32766.
const MOST_VALUES: usize = 12_000;
/// So many rows go with one statement at most.
const MOST_ROWS: usize = 1000;

/// What stands in a column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Number(Option<i64>),
    Text(Option<String>),
}

/// A row as both databases can keep it, and how many of its texts were mended for that.
fn values(table: &Table, row: &AnyRow) -> sqlx::Result<(Vec<Value>, u64)> {
    let mut mended = 0;
    let value = |(place, (_, holds)): (usize, &(String, Holds))| {
        Ok(match holds {
            Holds::Number => Value::Number(row.try_get(place)?),
            Holds::Text => {
                let text: Option<String> = row.try_get(place)?;
                // PostgreSQL keeps all characters but this one.
                let odd = text.as_ref().is_some_and(|text| text.contains('\0'));
                mended += u64::from(odd);
                Value::Text(text.map(|text| if odd { text.replace('\0', "\u{fffd}") } else { text }))
            }
        })
    };
    let values = table.columns.iter().enumerate().map(value).collect::<sqlx::Result<Vec<_>>>()?;
    Ok((values, mended))
}

/// Copies all rows of a table; those that are there already stay as they are. Tells how many have been passed on.
pub(super) async fn copy(
    table: &Table,
    source: &mut Source,
    sink: &mut Sink,
    tell: &mut (dyn FnMut(u64) + Send),
) -> Result<(), StoreError> {
    let width = table.columns.len();
    let most = (MOST_VALUES / width.max(1)).clamp(1, MOST_ROWS);
    let mut batch: Vec<Value> = Vec::with_capacity(most * width);
    let mut passed = 0;
    let Source { kind, name, connection, .. } = source;
    let lost = |error: &sqlx::Error| super::failed(*kind, name, error);
    let mut rows = sqlx::query(table.all(&table.list())).fetch(connection);
    loop {
        let row = timeout(PATIENCE, rows.try_next()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        let row = row.map_err(|error| lost(&error))?;
        let ended = row.is_none();
        if let Some(row) = row {
            batch.extend(values(table, &row).map_err(|error| lost(&error))?.0);
        }
        if batch.len() >= most * width || (ended && !batch.is_empty()) {
            passed += (batch.len() / width) as u64;
            let written = timeout(PATIENCE, write(table, std::mem::take(&mut batch), &mut sink.connection));
            let written = written.await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
            written.map_err(|error| sink.failed(&error))?;
            tell(passed);
        }
        if ended {
            return Ok(());
        }
    }
}

/// Writes whole rows in one statement, which is kept whole or not at all.
async fn write(table: &Table, batch: Vec<Value>, connection: &mut AnyConnection) -> sqlx::Result<()> {
    let width = table.columns.len();
    let row = |first: usize| {
        let places = (first..first + width).map(|place| format!("${}", place + 1));
        format!("({})", places.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = (0..batch.len()).step_by(width).map(row).collect();
    let statement =
        format!("INSERT INTO \"{}\" ({}) VALUES {} ON CONFLICT DO NOTHING", table.name, table.list(), rows.join(", "));
    // The names come from the schema; what stands in the rows is bound.
    let mut query = sqlx::query(sqlx::AssertSqlSafe(statement));
    for value in batch {
        query = match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
        };
    }
    query.execute(connection).await?;
    Ok(())
}

/// What all rows of a table come to, in whatever order they are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) rows: u64,
    /// The sum of all rows' hashes, part by part.
    pub(super) content: [u64; 4],
    pub(super) bots: BTreeSet<i64>,
    /// Texts that are not kept as they are.
    pub(super) mended: u64,
}

impl Sum {
    fn add(&mut self, row: &[Value]) {
        let mut hash = Sha256::new();
        for value in row {
            match value {
                Value::Number(None) | Value::Text(None) => hash.update([0]),
                Value::Number(Some(number)) => {
                    hash.update([1]);
                    hash.update(number.to_le_bytes());
                }
                Value::Text(Some(text)) => {
                    hash.update([2]);
                    hash.update((text.len() as u64).to_le_bytes());
                    hash.update(text);
                }
            }
        }
        for (sum, part) in self.content.iter_mut().zip(hash.finalize().chunks_exact(8)) {
            let part = part.iter().fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
            *sum = sum.wrapping_add(part);
        }
        self.rows += 1;
    }
}

/// Reads a whole table.
pub(super) async fn sum(table: &Table, connection: &mut AnyConnection) -> sqlx::Result<Sum> {
    let mut sum = Sum::default();
    let bot = table.columns.iter().position(|(name, _)| name == "bot_id");
    let mut rows = sqlx::query(table.all(&table.list())).fetch(connection);
    while let Some(row) = timeout(PATIENCE, rows.try_next()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))? {
        let (values, mended) = values(table, &row)?;
        if let Some(Value::Number(Some(bot))) = bot.map(|place| &values[place]) {
            sum.bots.insert(*bot);
        }
        sum.mended += mended;
        sum.add(&values);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum_of(rows: &[&[Value]]) -> Sum {
        let mut sum = Sum::default();
        rows.iter().for_each(|row| sum.add(row));
        sum
    }

    #[test]
    fn rows_in_any_order_are_the_same_and_changed_ones_are_not() {
        let text = |text: &str| Value::Text(Some(text.to_owned()));
        let (one, two) = ([Value::Number(Some(1)), text("a")], [Value::Number(Some(2)), text("b")]);
        let both = sum_of(&[&one, &two]);
        assert_eq!(both, sum_of(&[&two, &one]));
        assert_eq!(both.rows, 2);
        for other in [
            sum_of(&[&one]),
            sum_of(&[&one, &one]),
            sum_of(&[&one, &[Value::Number(Some(2)), text("c")]]),
            sum_of(&[&one, &[Value::Number(Some(2)), Value::Text(None)]]),
            sum_of(&[&[Value::Number(Some(1)), text("b")], &[Value::Number(Some(2)), text("a")]]),
        ] {
            assert_ne!(both.content, other.content);
        }
        // Neither is a text another's beginning, nor nothing an empty text.
        assert_ne!(sum_of(&[&[text("ab"), text("c")]]).content, sum_of(&[&[text("a"), text("bc")]]).content);
        assert_ne!(sum_of(&[&[text("")]]).content, sum_of(&[&[Value::Text(None)]]).content);
    }
}
