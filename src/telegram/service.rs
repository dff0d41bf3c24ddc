//! All of it together: start, serve, stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::api::{Api, CallError, object};
use super::clock::{self, Clock};
use super::intake::{KINDS, poll};
use super::limit::Limits;
use super::reload::reload;
use super::sender::Sender;
use super::shared::{Shared, now};
use super::webhook::Door;
use super::worker::Worker;
use crate::desk::command::{MODERATOR_MENU, VOTER_MENU};
use crate::desk::{Event, Knowledge, Live, SWEEP};
use crate::faq::source::Source;
use crate::faq::watch::watch as watch_files;
use crate::faq::wording::Wording;
use crate::store::Store;

/// How long everything may take to stop.
const STOP: Duration = Duration::from_secs(10);
/// How long is waited before Telegram is tried again at the start.
const START_PAUSE: Duration = Duration::from_secs(2);
/// How often the right to send is asked for, and looked after.
const LOCK_LOOK: Duration = Duration::from_secs(2);

/// Where updates come in.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The address that Telegram calls.
    pub url: String,
    /// Its path.
    pub path: String,
    /// What Telegram proves itself with.
    pub secret: SecretString,
}

/// All settings, checked.
#[derive(Debug)]
pub struct Config {
    /// The bot's token.
    pub token: SecretString,
    /// The Bot API.
    pub api_url: String,
    /// The moderator chat.
    pub moderators: i64,
    /// The database.
    pub database: String,
    /// The limits.
    pub limits: Limits,
    /// The address to listen at.
    pub listen: Option<SocketAddr>,
    /// Where updates come in, if not by polling.
    pub webhook: Option<Webhook>,
    /// Where the FAQ comes from.
    pub source: Source,
}

/// Why the service ended early.
#[derive(Debug)]
pub enum ServeError {
    /// A setting is wrong: one sentence for the operator, in Indonesian.
    Setting(String),
    /// Something failed: one sentence for the operator.
    Failed(String),
}

/// Serves until SIGTERM or SIGINT.
pub async fn serve(config: Config, knowledge: Arc<Knowledge>) -> Result<(), ServeError> {
    let failed = |what: &str, error: &dyn std::fmt::Display| ServeError::Failed(format!("{what}: {error}"));
    let (stop, stopped) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate()).map_err(|e| failed("SIGTERM", &e))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|e| failed("SIGINT", &e))?;
    let asked_to_stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    tokio::pin!(asked_to_stop);

    // From now on, so that no change is missed while Telegram is awaited. Watched as long as it is kept.
    let changed = Arc::new(Notify::new());
    let notify = Arc::clone(&changed);
    let watcher = watch_files(&config.source, move || notify.notify_one());
    if let Err(error) = &watcher {
        tracing::warn!(%error, "the FAQ folder can't be watched; use SIGHUP or /muat_ulang after a change");
    }
    let mut hangup = signal(SignalKind::hangup()).map_err(|e| failed("SIGHUP", &e))?;

    let api = Api::new(&config.api_url, config.token.clone()).map_err(|e| failed("HTTP", &e.without_url()))?;
    let door = Door::new(config.webhook.as_ref().map(|w| w.secret.clone()));
    let mut tasks = JoinSet::new();
    if let Some(address) = config.listen {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|e| ServeError::Setting(format!("LISTEN: {address} tidak dapat dipakai: {e}")))?;
        let address = listener.local_addr().map_err(|e| failed("LISTEN", &e))?;
        tracing::info!("listening on http://{address}");
        let router = door.clone().router(config.webhook.as_ref().map(|w| w.path.as_str()));
        let mut stopped = stopped.clone();
        tasks.spawn(async move {
            let until = async move {
                // The other end lives as long as the service.
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(until).await {
                tracing::error!(%error, "the listener failed");
            }
        });
    }

    let shared = tokio::select! {
        shared = start(&config, api, knowledge) => shared?,
        () = &mut asked_to_stop => return Ok(()),
    };
    door.open(Arc::clone(&shared));
    if config.webhook.is_none() {
        tasks.spawn(poll(Arc::clone(&shared), stopped.clone()));
    }
    tasks.spawn(Worker::new(Arc::clone(&shared)).run(stopped.clone()));
    tasks.spawn(clock::watch(Arc::clone(&shared), stopped.clone()));
    tasks.spawn(send(Arc::clone(&shared), config.limits, stopped.clone()));
    let (reloading, mut stopping) = (Arc::clone(&shared), stopped.clone());
    tasks.spawn(async move {
        loop {
            tokio::select! {
                () = changed.notified() => {}
                _ = hangup.recv() => {}
                _ = stopping.changed() => return,
            }
            reload(&reloading, false).await;
        }
    });
    tracing::info!(bot = shared.bot, "serving");

    let broken = tokio::select! {
        () = &mut asked_to_stop => false,
        _ = tasks.join_next() => true,
    };
    // Nobody listens only if all have ended.
    let _ = stop.send(true);
    let all = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(STOP, all).await.is_err() {
        tracing::warn!("not everything stopped in time; what was under way is done again at the start");
    }
    shared.store.close().await;
    drop(watcher);
    if broken {
        Err(ServeError::Failed("a part of the program ended unexpectedly; see the log".to_owned()))
    } else {
        Ok(())
    }
}

/// Everything that must hold before the first update: the token is good, the tables are there, Telegram knows how to
/// bring updates. A network fault is no reason to give up.
async fn start(config: &Config, api: Api, knowledge: Arc<Knowledge>) -> Result<Arc<Shared>, ServeError> {
    let me = patiently(&api, "getMe", &Map::new()).await?;
    let bot = me["id"].as_i64().ok_or_else(|| ServeError::Failed("getMe: no id".to_owned()))?;
    let store =
        Store::open(&config.database, bot).await.map_err(|e| ServeError::Setting(format!("DATABASE_URL: {e}")))?;
    let lost = |error: sqlx::Error| ServeError::Failed(format!("the database failed: {error}"));
    plan_sweep(&store).await.map_err(lost)?;
    let moderators = store.moved(config.moderators).await.map_err(lost)?;
    let clock = Clock::new(store.newest_row().await.map_err(lost)?);
    match &config.webhook {
        Some(webhook) => {
            let body = json!({"url": webhook.url, "secret_token": webhook.secret.expose_secret(),
                "allowed_updates": KINDS, "drop_pending_updates": false});
            patiently(&api, "setWebhook", &object(body)).await?;
        }
        // What waits at Telegram comes by polling then.
        None => {
            patiently(&api, "deleteWebhook", &object(json!({"drop_pending_updates": false}))).await?;
        }
    }
    set_menus(&api, moderators, &knowledge.faq.wording).await;
    Ok(Arc::new(Shared {
        store,
        api,
        live: Arc::new(Live::new(config.source.clone(), knowledge)),
        bot,
        moderators: AtomicI64::new(moderators),
        inbox: Notify::new(),
        outbox: Notify::new(),
        clock,
    }))
}

/// Makes a call until Telegram answers.
async fn patiently(api: &Api, method: &str, body: &Map<String, Value>) -> Result<Value, ServeError> {
    loop {
        let pause = match api.call(method, body).await {
            Ok(result) => return Ok(result),
            Err(CallError::Refused { code: 401 | 404, .. }) => {
                return Err(ServeError::Setting(
                    "TELOXIDE_TOKEN ditolak Telegram: periksa lagi token dari @BotFather.".to_owned(),
                ));
            }
            Err(CallError::Refused { code, description, .. }) if method == "setWebhook" => {
                return Err(ServeError::Setting(format!("WEBHOOK_URL ditolak Telegram: {code} {description}")));
            }
            Err(CallError::TooMany(wait)) => wait,
            Err(error) => {
                tracing::warn!(%error, method, "Telegram can't be reached; trying again");
                START_PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// The menus of commands; without them the bot works as well.
async fn set_menus(api: &Api, moderators: i64, wording: &Wording) {
    let list = |menu: &[(&str, &str)]| -> Value {
        menu.iter().map(|(command, key)| json!({"command": command, "description": wording.say(key, &[])})).collect()
    };
    let menus = [
        json!({"commands": list(&VOTER_MENU), "scope": {"type": "all_private_chats"}}),
        json!({"commands": list(&MODERATOR_MENU), "scope": {"type": "chat", "chat_id": moderators}}),
    ];
    for menu in menus {
        if let Err(error) = api.call("setMyCommands", &object(menu)).await {
            tracing::info!(%error, "a menu of commands was not set");
        }
    }
}

/// Sends as long as this instance has the right to.
async fn send(shared: Arc<Shared>, limits: Limits, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let lock = match shared.store.lock_sender().await {
            Ok(lock) => lock,
            Err(error) => {
                tracing::error!(%error, "the right to send can't be asked for");
                None
            }
        };
        let Some(mut lock) = lock else {
            tokio::select! {
                () = tokio::time::sleep(LOCK_LOOK) => continue,
                _ = stop.changed() => return,
            }
        };
        let (end, ended) = watch::channel(false);
        let sender = Sender::new(Arc::clone(&shared), limits).run(ended);
        tokio::pin!(sender);
        loop {
            tokio::select! {
                () = &mut sender => break,
                _ = stop.changed() => { let _ = end.send(true); }
                () = tokio::time::sleep(LOCK_LOOK) => {
                    if !lock.holds().await {
                        tracing::error!("the right to send was lost");
                        let _ = end.send(true);
                    }
                }
            }
        }
    }
}

/// Makes sure that what is old gets deleted from time to time.
async fn plan_sweep(store: &Store) -> sqlx::Result<()> {
    let mut tx = store.write().await?;
    if !tx.is_planned(SWEEP).await? {
        tx.later(SWEEP, None, now(), &Event::Sweep).await?;
    }
    tx.commit().await
}
