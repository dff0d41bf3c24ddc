//! A look at what a bot has learnt, while it serves or not: nothing is written, nothing is made.

use std::time::Duration;

use sqlx::{AnyConnection, ConnectOptions, Connection};
use tokio::time::timeout;

use super::address::{self, Address};
use super::fault::StoreError;
use super::ticket::read;
use crate::desk::Proposal;
use crate::desk::learning::ProposalState;

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What moderators added to the FAQ and is in force, in the database at `address`, by the number of the bot; of all bots
/// that share it if none is named.
///
/// # Errors
///
/// What is wrong with the address or the database, in Indonesian.
pub async fn lessons_at(address: &str, bot: Option<i64>) -> Result<Vec<(i64, Proposal)>, StoreError> {
    sqlx::any::install_default_drivers();
    let (options, name) = match Address::read(address)? {
        Address::Sqlite(path) => {
            let path = std::path::absolute(&path).unwrap_or(path);
            if !path.is_file() {
                return Err(StoreError::setting(format!("{} tidak ada.", path.display())));
            }
            (address::options_of(&path)?, path.display().to_string())
        }
        Address::Postgres(options, name) => (*options, name),
    };
    let failed = |why: String| StoreError::setting(format!("{name} tidak terbaca: {why}."));
    let look = async {
        let mut connection: AnyConnection = options.connect().await?;
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT bot_id, body FROM proposal WHERE state = $1 AND (bot_id = $2 OR $2 = 0) ORDER BY bot_id, number",
        )
        .bind(ProposalState::Approved.name())
        .bind(bot.unwrap_or_default())
        .fetch_all(&mut connection)
        .await?;
        connection.close().await?;
        rows.into_iter().map(|(bot, body)| Ok((bot, read(&body)?))).collect::<sqlx::Result<Vec<(i64, Proposal)>>>()
    };
    match timeout(PATIENCE, look).await {
        Ok(done) => done.map_err(|error| failed(error.to_string())),
        Err(_) => Err(failed("tidak menjawab".to_owned())),
    }
}
