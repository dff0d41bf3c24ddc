//! The start, in order: FAQ, database, then Telegram. What is wrong for good ends it with one sentence; what may pass is
//! waited for.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::Url;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::api::{Api, CallError, object, origin};
use super::clock::Clock;
use super::service::{Config, Loaded, ServeError};
use super::shared::Shared;
use super::{address, moderator_chat, public_channel, reload};
use crate::desk::command::{MODERATOR_MENU, PUBLIC_MENU, PUBLIC_MODERATOR_MENU, VOTER_MENU};
use crate::desk::{CARE, Event, Knowledge, Live, REPOST, REVIEW, SWEEP};
use crate::faq::lesson::Fit;
use crate::faq::source::Source;
use crate::faq::wording::Wordings;
use crate::store::Store;
use crate::store::trouble::MODERATOR_CHAT;
use crate::text::language::Language;

/// How long is waited before Telegram is tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// Opens what Telegram is not needed for: the FAQ, or the last good one in its place, and the database.
pub(super) async fn open(config: &Config, api: Api, loaded: Loaded) -> Result<Arc<Shared>, ServeError> {
    let bot = config.bot()?;
    let place = place(config.database.expose_secret());
    let store = Store::open(config.database.expose_secret(), bot).await.map_err(|error| {
        let what = format!("DATABASE_URL: {error}");
        // What may pass by itself is worth another try.
        if error.may_pass() { ServeError::Failed(what) } else { ServeError::Setting(what) }
    })?;
    let lost = |error: sqlx::Error| database_failed(&error);
    let moderators = store.moved(config.moderators).await.map_err(lost)?;
    let above = match config.above {
        Some(chat) => Some(store.moved(chat).await.map_err(lost)?),
        None => None,
    };
    let (knowledge, report) = loaded;
    let faults = knowledge.is_none().then_some(report);
    let live = match knowledge {
        Some(knowledge) => Live::new(config.source.clone(), Arc::new(knowledge)),
        None => match kept(&store).await.map_err(lost)? {
            Some((source, knowledge)) => Live::new(config.source.clone(), Arc::new(knowledge)).standing_in(source),
            None => {
                return Err(ServeError::Faq(config.source.name(), Box::new(faults.unwrap_or_default())));
            }
        },
    };
    let (live, fits, changes) = learn(live, &store).await.map_err(lost)?;
    let clock = Clock::new(newest(&store).await.map_err(lost)?);
    let shared =
        Shared::new(store, place, api, live, clock, bot, moderators).drawing(Arc::clone(&config.draw)).below(above);
    let shared = Arc::new(shared);
    shared.learning.store(changes, Ordering::Relaxed);
    reload::tell_fits(&shared, fits).await;
    plan(&shared).await.map_err(lost)?;
    match &faults {
        None => {
            shared.health.counts.loaded(true);
            reload::keep(&shared).await;
            reload::tell(&shared, Ok(shared.live.current().faq.entries.len()), false).await;
        }
        Some(report) => {
            reload::faulty(&shared, report);
            reload::tell(&shared, Err(report), false).await;
        }
    }
    Ok(shared)
}

/// The last FAQ that was in order, if one is kept and is in order still.
async fn kept(store: &Store) -> sqlx::Result<Option<(Source, Knowledge)>> {
    let files = store.kept_faq().await?;
    if files.is_empty() {
        return Ok(None);
    }
    let source = Source::Kept(files.into());
    let load = move || Knowledge::load(&source).0.map(|knowledge| (source, knowledge));
    Ok(tokio::task::spawn_blocking(load).await.ok().flatten())
}

/// From the first question on the bot knows what moderators added. Gives what became of each of their lessons, too, and how
/// many changes of them there were.
async fn learn(live: Live, store: &Store) -> sqlx::Result<(Arc<Live>, Vec<(u64, Fit)>, i64)> {
    let lessons = reload::lessons(store).await?;
    let changes = lessons.changes;
    let live = Arc::new(live);
    if lessons.all.is_empty() {
        return Ok((live, Vec::new(), changes));
    }
    let own = Arc::clone(&live);
    let load = tokio::task::spawn_blocking(move || own.teach(lessons)).await;
    let fits = load.map(|load| load.fits).unwrap_or_default();
    Ok((live, fits, changes))
}

/// Everything that must hold before the first update: the token is good, the moderator chat is there, Telegram knows how
/// to bring updates. A network fault is no reason to give up.
pub(super) async fn greet(config: &Config, shared: &Arc<Shared>) -> Result<(), ServeError> {
    let api = &shared.api;
    let me = patiently(api, "getMe", &Map::new()).await?;
    if me["id"].as_i64() != Some(shared.bot) {
        return Err(ServeError::Setting(format!(
            "TELOXIDE_TOKEN: nomor di depan token bukan nomor bot itu ({}); salin lagi token dari @BotFather.",
            me["id"]
        )));
    }
    // It is set once.
    let _ = shared.name.set(me["username"].as_str().unwrap_or_default().to_owned());
    let title = moderator_chat::find(shared, config.moderators, config.chat_check).await?;
    moderator_chat::look_above(shared).await;
    if let Some(channel) = &config.channel {
        public_channel::find(shared, channel).await.map_err(|error| database_failed(&error))?;
    }
    if plan_repost(shared).await.map_err(|e| database_failed(&e))? {
        tracing::warn!("the moderator chat is another one than at the last start");
    }
    match &config.webhook {
        Some(webhook) => address::set(shared, webhook).await?,
        None => address::take_away(shared, config.take_over).await?,
    }
    tell(config, shared, &me, title.as_deref()).await;
    Ok(())
}

/// Notes which moderator chat is used. If it is another one than this database used last, what is open is posted anew;
/// says whether there was another one.
pub(super) async fn plan_repost(shared: &Shared) -> sqlx::Result<bool> {
    let (store, chat) = (&shared.store, shared.moderators());
    let last = store.last_chat().await?;
    if last == Some(chat) {
        return Ok(false);
    }
    let mut tx = store.write().await?;
    tx.set_last_chat(chat).await?;
    // What kept it from the chat before says nothing of this one.
    tx.clear_trouble(MODERATOR_CHAT).await?;
    tx.later(REPOST, None, shared.clock.now(), &Event::Repost { after: 0 }).await?;
    tx.commit().await?;
    Ok(last.is_some())
}

/// When the newest row of the store was written.
pub(super) async fn newest(store: &Store) -> sqlx::Result<Option<i64>> {
    let mut tx = store.write().await?;
    let newest = tx.newest().await?;
    tx.commit().await?;
    Ok(newest)
}

/// The one line that says what serves whom, from what.
async fn tell(config: &Config, shared: &Shared, me: &Value, title: Option<&str>) {
    let entries = shared.live.current().faq.entries.len();
    let faq = match (&config.source, shared.health.trouble(super::health::Part::Faq)) {
        (_, Some(_)) => "the last good one, since that on disk is faulty".to_owned(),
        (Source::BuiltIn, None) => "built into the program".to_owned(),
        (Source::Folder(path) | Source::JsonLines(path), None) => {
            std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string()
        }
        (Source::Kept(_), None) => config.source.name(),
    };
    let updates = match &config.webhook {
        Some(webhook) => format!("by webhook at {}{}", origin(&webhook.url), webhook.path),
        None => "by polling".to_owned(),
    };
    let proxy = config.proxy.as_ref().map(|proxy| format!(" by way of the proxy {}", origin(proxy.expose_secret())));
    tracing::info!(
        "serving as @{} (bot {}), version {}; FAQ: {faq}, {entries} entries, hash {}; database: {}; updates: {updates} \
         from {}{}; moderators: {:?} ({})",
        me["username"].as_str().unwrap_or("?"),
        shared.bot,
        env!("CARGO_PKG_VERSION"),
        shared.live.version(),
        shared.place,
        shared.api.address(),
        proxy.unwrap_or_default(),
        title.unwrap_or("not seen yet"),
        shared.moderators(),
    );
}

/// Makes a call until Telegram answers.
pub(super) async fn patiently(api: &Api, method: &str, body: &Map<String, Value>) -> Result<Value, ServeError> {
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
            Err(CallError::TooMany(wait)) => {
                tracing::warn!(method, "Telegram wants {} s of silence before the start goes on", wait.as_secs());
                wait
            }
            // That Telegram is out of reach is told where the call is made.
            Err(error) => {
                tracing::debug!(%error, method, "trying again");
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// The menus of commands; without them the bot works as well.
pub(super) async fn set_menus(api: &Api, moderators: i64, public: bool, wordings: &Wordings) {
    let list = |menu: &[(&str, &str)], besides: (&str, &str), language: Language| -> Value {
        let line = |key: &str| wordings.say(language, key, &[]);
        let besides = Some(&besides).filter(|_| public);
        menu.iter().chain(besides).map(|(command, key)| json!({"command": command, "description": line(key)})).collect()
    };
    let (own, english) = (Language::Indonesian, Language::English);
    let menus = [
        json!({"commands": list(&VOTER_MENU, PUBLIC_MENU, own), "scope": {"type": "all_private_chats"}}),
        // To whom Telegram itself speaks English.
        json!({
            "commands": list(&VOTER_MENU, PUBLIC_MENU, english), "scope": {"type": "all_private_chats"},
            "language_code": english.code(),
        }),
        json!({"commands": list(&MODERATOR_MENU, PUBLIC_MODERATOR_MENU, own), "scope": {"type": "chat", "chat_id": moderators}}),
    ];
    for menu in menus {
        if let Err(error) = api.call("setMyCommands", &object(menu)).await {
            tracing::info!(%error, "a menu of commands was not set");
        }
    }
}

/// Makes sure that what is old gets deleted from time to time, that what waits too long is called to mind, and that days which were set or moved meanwhile are told.
pub(super) async fn plan(shared: &Shared) -> sqlx::Result<()> {
    let now = shared.clock.now();
    let mut tx = shared.store.write().await?;
    if !tx.is_planned(SWEEP).await? {
        tx.later(SWEEP, None, now, &Event::Sweep).await?;
    }
    tx.later(CARE, None, now, &Event::Care).await?;
    tx.later(REVIEW, None, now, &Event::ReviewReminders { after: None }).await?;
    tx.commit().await
}

/// The database failed while starting.
pub(super) fn database_failed(error: &sqlx::Error) -> ServeError {
    ServeError::Failed(format!("basis data gagal: {error}"))
}

/// Where a database is, as it may be shown: file, or host and name; never who logs in, and with what.
fn place(address: &str) -> String {
    if let Some(path) = address.strip_prefix("sqlite:") {
        let path = path.trim_start_matches("//");
        return format!("SQLite {}", path.split('?').next().unwrap_or(path));
    }
    let Ok(url) = Url::parse(address) else { return "PostgreSQL".to_owned() };
    let query = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let host = url.host_str().filter(|host| !host.is_empty()).map(str::to_owned).or_else(|| query("host"));
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    // What stands before an @ may be the end of a password that was not escaped.
    let name = Some(url.path()).filter(|path| !path.contains('@')).unwrap_or_default();
    format!("PostgreSQL {}{port}{name}", host.as_deref().unwrap_or("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_shown_without_its_password() {
        for (address, shown) in [
            ("sqlite://tanya-pemilu.db", "SQLite tanya-pemilu.db"),
            ("sqlite:///var/lib/bot.db?mode=rwc", "SQLite /var/lib/bot.db"),
            ("sqlite:bot.db", "SQLite bot.db"),
            ("postgres://bot:rahasia@db.example:5433/pemilu?sslmode=require", "PostgreSQL db.example:5433/pemilu"),
            ("postgres:///pemilu?host=/run/postgresql&password=rahasia", "PostgreSQL /run/postgresql/pemilu"),
            ("postgres://bot:ra/hasia@db/pemilu", "PostgreSQL"),
            ("postgres://bot:ra@ha/sia@db/pemilu", "PostgreSQL ha"),
            ("postgres://bot:rahasia@", "PostgreSQL"),
        ] {
            assert_eq!(place(address), shown, "{address}");
        }
    }
}
