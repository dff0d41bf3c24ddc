//! The public channel as Telegram sees it. Nothing else hangs on it, so that it can't be written to is only said.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::api::object;
use super::moderator_chat::{Look, look_at};
use super::service::ChannelName;
use super::shared::Shared;

/// Looks at the start for the public channel; by its name the number is asked for, and remembered for a start at which Telegram
/// does not tell it.
pub(super) async fn find(shared: &Shared, named: &ChannelName) -> sqlx::Result<()> {
    let number = match named {
        ChannelName::Number(number) => shared.store.moved(*number).await?,
        ChannelName::Name(name) => {
            let asked = shared.api.call("getChat", &object(json!({"chat_id": name}))).await;
            match asked.map(|chat| chat["id"].as_i64().filter(|id| *id < 0)) {
                Ok(Some(id)) => {
                    let mut tx = shared.store.write().await?;
                    tx.remember_channel(name, id).await?;
                    tx.commit().await?;
                    id
                }
                Ok(None) => {
                    tracing::warn!(name, "PUBLIC_CHANNEL is no channel or group: nothing is published");
                    return Ok(());
                }
                Err(error) => match shared.store.channel_remembered(name).await? {
                    Some(id) => id,
                    None => {
                        tracing::warn!(name, %error, "PUBLIC_CHANNEL can't be found: nothing is published until the next start");
                        return Ok(());
                    }
                },
            }
        }
    };
    shared.channel.store(number, Ordering::Relaxed);
    match look_at(shared, number).await {
        Look::Fine(title) => tracing::info!(chat = number, title, "questions and answers are published in a channel"),
        Look::Refused(why) => {
            tracing::warn!(
                chat = number,
                why,
                "PUBLIC_CHANNEL can't be written to: what is published there is refused, and moderators are told"
            );
        }
        Look::Unknown(why) => tracing::info!(chat = number, why, "PUBLIC_CHANNEL could not be asked for"),
    }
    Ok(())
}
