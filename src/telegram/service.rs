//! All of it together: start, serve, stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Proxy;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::admin::Watch;
use super::api::Api;
use super::clock;
use super::health::Part;
use super::intake::poll;
use super::limit::Limits;
use super::reload::reload;
use super::sender::Sender;
use super::shared::Shared;
use super::start::{greet, open, set_menus};
use super::webhook::Door;
use super::worker::Worker;
use super::{listener, pulse};
use crate::desk::Knowledge;
use crate::desk::picture::Draw;
use crate::faq::fault::Report;
use crate::faq::source::Source;
use crate::faq::watch::{Look, watch as watch_files};

/// How long everything may take to stop ...
const STOP: Duration = Duration::from_millis(8500);
/// ... and after that the database to close: ten seconds in all.
const CLOSE: Duration = Duration::from_secs(1);
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

/// How the public channel is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelName {
    /// By its number.
    Number(i64),
    /// By its name, with the `@`.
    Name(String),
}

/// All settings, checked.
#[derive(Debug)]
pub struct Config {
    /// The bot's token.
    pub token: SecretString,
    /// The Bot API.
    pub api_url: SecretString,
    /// The proxy on the way there.
    pub proxy: Option<SecretString>,
    /// The moderator chat.
    pub moderators: i64,
    /// The chat above it that is told of what waits too long, if there is one.
    pub above: Option<i64>,
    /// The public channel, if there is one.
    pub channel: Option<ChannelName>,
    /// Whether a moderator chat that Telegram refuses and that was never written to ends the start.
    pub chat_check: bool,
    /// The database.
    pub database: SecretString,
    /// The limits.
    pub limits: Limits,
    /// The address to listen at.
    pub listen: Option<SocketAddr>,
    /// The address to listen at for who watches the bot.
    pub admin_listen: Option<SocketAddr>,
    /// Where updates come in, if not by polling.
    pub webhook: Option<Webhook>,
    /// Whether polling may take away another program's webhook.
    pub take_over: bool,
    /// Who draws pictures.
    pub draw: Arc<dyn Draw>,
    /// Where the FAQ comes from.
    pub source: Source,
    /// Its files before they were read.
    pub seen: Look,
}

impl Config {
    /// The bot's number: the part of its token before the colon.
    pub fn bot(&self) -> Result<i64, ServeError> {
        number(&self.token)
    }

    fn client(&self) -> Result<Api, ServeError> {
        client(self.api_url.expose_secret(), &self.token, self.proxy.as_ref())
    }
}

/// The bot's number: the part of its token before the colon.
pub fn number(token: &SecretString) -> Result<i64, ServeError> {
    let number = token.expose_secret().split(':').next().and_then(|number| number.parse().ok());
    number.ok_or_else(|| ServeError::Setting("TELOXIDE_TOKEN: di depan titik dua harus ada nomor bot.".to_owned()))
}

/// A client of the Bot API at `url`, by way of a proxy if there is one.
pub fn client(url: &str, token: &SecretString, proxy: Option<&SecretString>) -> Result<Api, ServeError> {
    let wrong = |error: reqwest::Error| {
        let error = error.without_url();
        ServeError::Setting(format!("TELOXIDE_PROXY tidak dapat dipakai: {error}"))
    };
    let proxy = proxy.map(|proxy| Proxy::all(proxy.expose_secret())).transpose().map_err(wrong)?;
    Api::by_way_of(url, token.clone(), proxy).map_err(wrong)
}

/// The FAQ as it was loaded: none if it is faulty, and the report.
pub type Loaded = (Option<Knowledge>, Report);

/// Why the service ended early.
#[derive(Debug)]
pub enum ServeError {
    /// A setting is wrong: one sentence for the operator, in Indonesian.
    Setting(String),
    /// The FAQ of that name is faulty, and none was kept.
    Faq(String, Box<Report>),
    /// Something failed: one sentence for the operator.
    Failed(String),
}

/// Learns the FAQ and serves until SIGTERM or SIGINT, which end it well at any time.
pub async fn serve(config: Config) -> Result<(), ServeError> {
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

    // From what was read on, so that no change is missed while Telegram is awaited. Watched as long as it is kept.
    let changed = Arc::new(Notify::new());
    let notify = Arc::clone(&changed);
    let watcher = watch_files(&config.source, config.seen.clone(), move || notify.notify_one());
    if let Err(error) = &watcher {
        tracing::warn!(%error, "the FAQ folder can't be watched; use SIGHUP or /muat_ulang after a change");
    }
    let mut hangup = signal(SignalKind::hangup()).map_err(|e| failed("SIGHUP", &e))?;

    let api = config.client()?;
    // It takes seconds, in which signals are heard.
    let source = config.source.clone();
    let learning = tokio::task::spawn_blocking(move || Knowledge::load(&source));
    let loaded = tokio::select! {
        loaded = learning => loaded.map_err(|e| failed("FAQ", &e))?,
        () = &mut asked_to_stop => return Ok(()),
    };
    let shared = tokio::select! {
        shared = open(&config, api, loaded) => shared?,
        () = &mut asked_to_stop => return Ok(()),
    };
    let mut tasks = JoinSet::new();
    let watch = Watch::new(Arc::clone(&shared)).map_err(|e| failed("/metrics", &e))?;
    if let Some(address) = config.listen {
        let (listener, address) = bind("LISTEN", address).await?;
        tracing::info!("listening on http://{address}");
        let mut router = watch.health();
        if let Some(webhook) = &config.webhook {
            let door = Door::new(Arc::clone(&shared), Some(webhook.secret.clone()));
            router = router.merge(door.router(&webhook.path));
        }
        tasks.spawn(listener::serve(listener, router, stopped.clone()));
    }
    if let Some(address) = config.admin_listen {
        let (listener, address) = bind("ADMIN_LISTEN", address).await?;
        tracing::info!("metrics at http://{address}/metrics");
        tasks.spawn(listener::serve(listener, watch.health().merge(watch.metrics()), stopped.clone()));
    }
    tokio::select! {
        greeted = greet(&config, &shared) => greeted?,
        () = &mut asked_to_stop => return Ok(()),
    }
    shared.health.serve();
    if config.webhook.is_none() {
        tasks.spawn(poll(Arc::clone(&shared), stopped.clone()));
    }
    tasks.spawn(clock::watch(Arc::clone(&shared), stopped.clone()));
    tasks.spawn(Worker::new(Arc::clone(&shared)).run(stopped.clone()));
    tasks.spawn(send(Arc::clone(&shared), config.limits, stopped.clone()));
    tasks.spawn(pulse::beat(Arc::clone(&shared), config.webhook.clone(), stopped.clone()));
    let (reloading, mut stopping) = (Arc::clone(&shared), stopped.clone());
    tasks.spawn(async move {
        loop {
            tokio::select! {
                () = changed.notified() => {}
                _ = hangup.recv() => {}
                _ = stopping.changed() => return,
            }
            tokio::select! {
                () = reload(&reloading, false) => {}
                _ = stopping.changed() => return,
            }
        }
    });
    let menus = Arc::clone(&shared);
    tokio::spawn(async move {
        let wordings = Arc::clone(&menus.live.current().faq.wordings);
        set_menus(&menus.api, menus.moderators(), menus.channel().is_some(), &wordings).await;
    });

    let broken = tokio::select! {
        () = &mut asked_to_stop => false,
        _ = tasks.join_next() => true,
    };
    // Nobody listens only if all have ended.
    let _ = stop.send(true);
    let all = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(STOP, all).await.is_err() {
        tracing::warn!("not everything stopped in time; what was under way is done again at the start");
        tasks.abort_all();
    }
    if tokio::time::timeout(CLOSE, shared.store.close()).await.is_err() {
        tracing::warn!("the database did not close in time; nothing is lost by that");
    }
    drop(watcher);
    if broken {
        Err(ServeError::Failed("a part of the program ended unexpectedly; see the log".to_owned()))
    } else {
        Ok(())
    }
}

/// Listens at `address`, which stands in the setting of that name; gives the address with its port.
async fn bind(setting: &str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let unusable = |e: std::io::Error| ServeError::Setting(format!("{setting}: {address} tidak dapat dipakai: {e}"));
    let listener = TcpListener::bind(address).await.map_err(unusable)?;
    let address = listener.local_addr().map_err(unusable)?;
    Ok((listener, address))
}

/// Sends as long as this instance has the right to.
async fn send(shared: Arc<Shared>, limits: Limits, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let asked = tokio::select! {
            asked = shared.store.lock_sender() => asked,
            _ = stop.changed() => return,
        };
        let lease = asked.unwrap_or_else(|error| {
            let what = format!("the database ({}) fails: the right to send can't be asked for: {error}", shared.place);
            shared.health.bad(Part::Database, what);
            None
        });
        let Some(lease) = lease else {
            tokio::select! {
                () = tokio::time::sleep(LOCK_LOOK) => continue,
                _ = stop.changed() => return,
            }
        };
        let (end, ended) = watch::channel(false);
        // Held as long as the sender, which asks it before each call.
        let lease = Arc::new(lease);
        let held = Arc::clone(&lease);
        let sender = Sender::new(Arc::clone(&shared), limits).guarded(move || held.is_fresh()).run(ended);
        tokio::pin!(sender);
        loop {
            tokio::select! {
                () = &mut sender => break,
                _ = stop.changed() => { let _ = end.send(true); }
                () = tokio::time::sleep(LOCK_LOOK) => {
                    if !lease.is_fresh() {
                        tracing::error!("the right to send was lost");
                        let _ = end.send(true);
                    }
                }
            }
        }
    }
}
