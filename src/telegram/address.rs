//! The webhook as Telegram has it: set at the start, looked at from time to time, set again when it was taken away, and
//! never fought over.

use std::sync::Arc;

use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::api::{Api, CallError, object, origin};
use super::health::Part;
use super::intake::KINDS;
use super::service::{ServeError, Webhook};
use super::shared::Shared;
use super::start::{database_failed, patiently};

/// The webhook that Telegram has, if one is set.
async fn set_address(api: &Api) -> Result<Option<String>, ServeError> {
    let info = patiently(api, "getWebhookInfo", &Map::new()).await?;
    Ok(info["url"].as_str().filter(|url| !url.is_empty()).map(str::to_owned))
}

/// Tells Telegram to call this bot. An address that another program set is replaced, and that is said.
pub(super) async fn set(shared: &Shared, webhook: &Webhook) -> Result<(), ServeError> {
    let before = set_address(&shared.api).await?;
    if let Some(before) = before.filter(|before| *before != webhook.url) {
        tracing::warn!("the webhook at {} is replaced by this bot's", origin(&before));
    }
    patiently(&shared.api, "setWebhook", &wanted(webhook)).await?;
    remember(shared, Some(&webhook.url)).await
}

/// Sees to it that updates can be fetched: a webhook of our own from an earlier start is taken away, one of another
/// program only if that is wanted. What waits at Telegram comes by polling then.
pub(super) async fn take_away(shared: &Shared, take_over: bool) -> Result<(), ServeError> {
    let Some(before) = set_address(&shared.api).await? else { return Ok(()) };
    let ours = shared.store.last_webhook().await.map_err(|e| database_failed(&e))?.is_some_and(|last| last == before);
    let place = origin(&before);
    if !ours && !take_over {
        return Err(ServeError::Setting(format!(
            "Bot ini sedang dilayani lewat webhook di {place}. Hentikan program di sana, atau isi WEBHOOK_URL, atau \
             ambil alih dengan --take-over (webhook itu dihapus)."
        )));
    }
    tracing::warn!("the webhook at {place} is taken away; updates are fetched by polling");
    patiently(&shared.api, "deleteWebhook", &object(json!({"drop_pending_updates": false}))).await?;
    remember(shared, None).await
}

fn wanted(webhook: &Webhook) -> Map<String, Value> {
    object(json!({"url": webhook.url, "secret_token": webhook.secret.expose_secret(), "allowed_updates": KINDS,
        "drop_pending_updates": false}))
}

async fn remember(shared: &Shared, url: Option<&str>) -> Result<(), ServeError> {
    let written = async {
        let mut tx = shared.store.write().await?;
        tx.set_last_webhook(url).await?;
        tx.commit().await
    };
    written.await.map_err(|e| database_failed(&e))
}

/// Looks after the webhook.
#[derive(Debug)]
pub(super) struct Lookout {
    shared: Arc<Shared>,
    webhook: Webhook,
    /// The last fault that Telegram told of: when, and what.
    fault: Option<(i64, String)>,
}

impl Lookout {
    pub(super) fn new(shared: Arc<Shared>, webhook: Webhook) -> Self {
        Self { shared, webhook, fault: None }
    }

    /// One look: sets the webhook again if there is none, says so if it is another's, and tells what Telegram says of
    /// its calls. That Telegram can't be asked is noted elsewhere.
    pub(super) async fn look(&mut self) {
        let (api, health) = (&self.shared.api, &self.shared.health);
        let Ok(info) = api.call("getWebhookInfo", &Map::new()).await else { return };
        let url = info["url"].as_str().unwrap_or_default();
        if url.is_empty() {
            tracing::warn!("the webhook was taken away by another program; it is set again");
            match api.call("setWebhook", &wanted(&self.webhook)).await {
                Ok(_) => health.good(Part::Webhook),
                Err(CallError::Fault(_)) => {}
                Err(error) => health.bad(Part::Webhook, format!("the webhook can't be set: {error}")),
            }
            return;
        }
        if url != self.webhook.url {
            let place = origin(url);
            health.bad(Part::Webhook, format!("updates go to another program: its webhook at {place} is set"));
            return;
        }
        health.good(Part::Webhook);
        self.hear(&info);
    }

    /// Tells a fault that Telegram met when it called, unless it was told before.
    fn hear(&mut self, info: &Value) {
        let what = info["last_error_message"].as_str().map(str::to_owned);
        let fault = info["last_error_date"].as_i64().zip(what);
        let known = |(_, what): &(i64, String)| self.fault.as_ref().is_some_and(|(_, told)| told == what);
        if let Some((_, what)) = fault.as_ref().filter(|fault| !known(fault)) {
            let waiting = info["pending_update_count"].as_i64().unwrap_or(0);
            tracing::warn!(waiting, "Telegram could not deliver to the webhook: {what}");
        }
        self.fault = fault;
    }
}
