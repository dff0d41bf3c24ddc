//! `run`: Telegram. Reads and checks the settings, then serves.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use secrecy::SecretString;

use super::{Failure, FaqArgs, TokenArgs, log};
use crate::store::DEFAULT_DATABASE;
use crate::telegram::limit::Limits;
use crate::telegram::service::{Config, ServeError, Webhook, serve};

/// Telegram's own server.
const DEFAULT_API: &str = "https://api.telegram.org";

/// The settings of `run`. The environment holds addresses and secrets; what may be tuned stands in `faq/bot.toml`.
#[derive(Debug, Args)]
#[command(after_help = "The token stands in TELOXIDE_TOKEN or in the file of --token-file.

Examples:
  TELOXIDE_TOKEN=... MODERATOR_CHAT=-1001234567890 tanya-pemilu run
  tanya-pemilu run --token-file token.txt --moderator-chat -1001234567890 --database postgres://bot@localhost/bot
  tanya-pemilu run --token-file token.txt --moderator-chat -1001234567890 \\
      --webhook-url https://bot.example.org/telegram --listen 127.0.0.1:8080    (and WEBHOOK_SECRET)")]
pub(super) struct RunArgs {
    /// The address of the Bot API [default: https://api.telegram.org]
    #[arg(long, value_name = "URL", env = "TELEGRAM_API_URL")]
    api_url: Option<String>,
    /// The number of the moderators' group or channel, such as -1001234567890
    #[arg(long, value_name = "ID", env = "MODERATOR_CHAT", allow_hyphen_values = true)]
    moderator_chat: Option<String>,
    /// sqlite://PATH or postgres://... [default: sqlite://tanya-pemilu.db]
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
    /// The address that Telegram is to call; without it the bot polls
    #[arg(long, value_name = "URL", env = "WEBHOOK_URL")]
    webhook_url: Option<String>,
    /// What Telegram proves itself with: 1 to 256 of A-Z a-z 0-9 _ -
    #[arg(long, value_name = "SECRET", env = "WEBHOOK_SECRET", hide_env_values = true)]
    webhook_secret: Option<String>,
    /// Which limits are kept when sending: telegram, or none (own Bot API server, load tests) [default: telegram]
    #[arg(long, value_name = "LIMITS", env = "SEND_LIMITS")]
    send_limits: Option<String>,
    /// Where to listen for the webhook, /healthz and /readyz, such as 127.0.0.1:8080; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", env = "LISTEN")]
    listen: Option<String>,
}

/// An empty variable is one that is not set.
fn given(value: Option<&String>) -> Option<&str> {
    value.map(|v| v.trim()).filter(|v| !v.is_empty())
}

fn usage<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Usage(message.into()))
}

pub(super) fn run(args: &RunArgs, token: &TokenArgs, faq: &FaqArgs) -> Result<ExitCode, Failure> {
    let token = read_token(token.token_file.as_ref())?;
    log::hide(&token);
    if faq.now.is_some() {
        return usage("--now tidak berlaku untuk run: Telegram dilayani menurut jam sebenarnya.");
    }
    let config = Config {
        token,
        api_url: read_api(given(args.api_url.as_ref()))?,
        moderators: read_moderators(given(args.moderator_chat.as_ref()))?,
        database: given(args.database.as_ref()).unwrap_or(DEFAULT_DATABASE).to_owned(),
        limits: match given(args.send_limits.as_ref()) {
            None | Some("telegram") => Limits::Telegram,
            Some("none") => Limits::None,
            Some(_) => return usage("SEND_LIMITS harus telegram atau none."),
        },
        listen: read_listen(given(args.listen.as_ref()))?,
        webhook: read_webhook(args)?,
        source: faq.source(),
    };
    if config.webhook.is_some() && config.listen.is_none() {
        return usage("LISTEN belum diisi: WEBHOOK_URL memerlukan alamat untuk didengarkan, misalnya 127.0.0.1:8080.");
    }
    let knowledge = faq.knowledge()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(serve(config, knowledge));
    // A thread that still loads a FAQ is not waited for.
    runtime.shutdown_background();
    match served {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(ServeError::Setting(message)) => usage(message),
        Err(ServeError::Failed(message)) => Err(Failure::Io(std::io::Error::other(message))),
    }
}

fn read_token(file: Option<&PathBuf>) -> Result<SecretString, Failure> {
    let (name, text) = match file {
        Some(path) => match std::fs::read_to_string(path) {
            Ok(text) => ("--token-file", text),
            Err(error) => return usage(format!("--token-file: {} tidak terbaca: {error}.", path.display())),
        },
        None => ("TELOXIDE_TOKEN", std::env::var("TELOXIDE_TOKEN").unwrap_or_default()),
    };
    let token = text.trim();
    if token.is_empty() {
        return usage(match name {
            "TELOXIDE_TOKEN" => {
                "TELOXIDE_TOKEN belum diisi: isi dengan token bot dari @BotFather, atau sebutkan berkasnya dengan \
                 --token-file."
            }
            _ => "--token-file: berkas ini kosong; isinya harus token bot dari @BotFather.",
        });
    }
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let whole = token.split_once(':').is_some_and(|(number, secret)| {
        !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
            && !secret.is_empty()
            && secret.chars().all(letter)
    });
    if !whole {
        return usage(format!("{name}: ini bukan token bot; token dari @BotFather berbentuk angka:huruf."));
    }
    Ok(token.into())
}

fn read_api(url: Option<&str>) -> Result<String, Failure> {
    let url = url.unwrap_or(DEFAULT_API);
    match reqwest::Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") && parsed.query().is_none() => Ok(url.to_owned()),
        _ => usage("TELEGRAM_API_URL harus alamat yang diawali http:// atau https://."),
    }
}

fn read_moderators(chat: Option<&str>) -> Result<i64, Failure> {
    match chat.map(str::parse::<i64>) {
        Some(Ok(number)) if number < 0 => Ok(number),
        Some(_) => usage("MODERATOR_CHAT harus nomor grup atau kanal, misalnya -1001234567890."),
        None => usage("MODERATOR_CHAT belum diisi: isi dengan nomor grup atau kanal petugas, misalnya -1001234567890."),
    }
}

fn read_listen(address: Option<&str>) -> Result<Option<SocketAddr>, Failure> {
    match address.map(str::parse) {
        None => Ok(None),
        Some(Ok(address)) => Ok(Some(address)),
        Some(Err(_)) => usage("LISTEN harus alamat dan port, misalnya 127.0.0.1:8080."),
    }
}

fn read_webhook(args: &RunArgs) -> Result<Option<Webhook>, Failure> {
    let secret = given(args.webhook_secret.as_ref());
    let Some(url) = given(args.webhook_url.as_ref()) else { return Ok(None) };
    let parsed = reqwest::Url::parse(url).ok().filter(|u| matches!(u.scheme(), "http" | "https"));
    let Some(parsed) = parsed else {
        return usage("WEBHOOK_URL harus alamat yang diawali https:// (atau http:// di belakang proxy).");
    };
    let path = parsed.path().to_owned();
    if path == "/" || path == "/healthz" || path == "/readyz" || path.contains(['{', '}', '*']) {
        return usage("WEBHOOK_URL harus punya jalur sendiri, misalnya https://bot.example.org/telegram.");
    }
    let Some(secret) = secret else {
        return usage("WEBHOOK_SECRET belum diisi: tanpa rahasia siapa pun dapat berpura-pura menjadi Telegram.");
    };
    let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if secret.len() > 256 || !secret.bytes().all(letter) {
        return usage("WEBHOOK_SECRET harus 1 sampai 256 huruf, angka, garis bawah, atau tanda hubung.");
    }
    Ok(Some(Webhook { url: url.to_owned(), path, secret: secret.to_owned().into() }))
}
