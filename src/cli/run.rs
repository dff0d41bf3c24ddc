//! `run`: Telegram. Reads and checks the settings, then serves.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use secrecy::SecretString;

use super::{Failure, FaqArgs, TokenArgs, log, token};
use crate::faq::source::DEFAULT_FOLDER;
use crate::faq::watch::look;
use crate::picture::Studio;
use crate::store::DEFAULT_DATABASE;
use crate::telegram::limit::Limits;
use crate::telegram::service::{ChannelName, Config, ServeError, Webhook, serve};

/// Telegram's own server.
const DEFAULT_API: &str = "https://api.telegram.org";

/// The settings of `run`. The environment holds addresses and secrets; what may be tuned stands in `faq/bot.toml`.
#[derive(Debug, Args)]
#[command(
    after_help = "The token stands in TELOXIDE_TOKEN or in the file of --token-file; the file wins. TELOXIDE_PROXY is the address of a proxy
on the way to Telegram, such as socks5://127.0.0.1:1080.

Examples:
  TELOXIDE_TOKEN=... MODERATOR_CHAT=-1001234567890 tanya-pemilu run
  tanya-pemilu run --token-file token.txt --moderator-chat -1001234567890 --database postgres://bot@localhost/bot
  tanya-pemilu run --token-file token.txt --moderator-chat -1001234567890 \\
      --webhook-url https://bot.example.org/telegram --listen 127.0.0.1:8080    (and WEBHOOK_SECRET)"
)]
pub(super) struct RunArgs {
    /// The address of the Bot API [default: https://api.telegram.org]
    #[arg(long, value_name = "URL", env = "TELEGRAM_API_URL", hide_env_values = true)]
    api_url: Option<String>,
    /// The number of the moderators' group or channel, such as -1001234567890
    #[arg(long, value_name = "ID", env = "MODERATOR_CHAT", allow_hyphen_values = true)]
    moderator_chat: Option<String>,
    /// The number of a second group or channel, which is told of questions that wait too long
    #[arg(long, value_name = "ID", env = "ESCALATION_CHAT", allow_hyphen_values = true)]
    escalation_chat: Option<String>,
    /// The number or the @name of a public channel for questions and answers that moderators publish
    #[arg(long, value_name = "ID", env = "PUBLIC_CHANNEL", allow_hyphen_values = true)]
    public_channel: Option<String>,
    /// sqlite://PATH or postgres://... [default: sqlite://tanya-pemilu.db]
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
    /// The address that Telegram is to call; without it the bot polls
    #[arg(long, value_name = "URL", env = "WEBHOOK_URL", hide_env_values = true)]
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
    /// Start even if Telegram refuses the moderator chat
    #[arg(long)]
    no_chat_check: bool,
    /// Poll although another program has set a webhook: it is taken away
    #[arg(long)]
    take_over: bool,
}

/// An empty variable is one that is not set.
fn given(value: Option<&String>) -> Option<&str> {
    value.map(|v| v.trim()).filter(|v| !v.is_empty())
}

fn usage<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Usage(message.into()))
}

pub(super) fn run(args: &RunArgs, token: &TokenArgs, faq: &FaqArgs) -> Result<ExitCode, Failure> {
    let proxy = std::env::var_os("TELOXIDE_PROXY").unwrap_or_default().to_string_lossy().into_owned();
    for address in [args.database.as_ref(), args.api_url.as_ref(), args.webhook_url.as_ref(), Some(&proxy)] {
        address.into_iter().for_each(|address| log::hide_password(address));
    }
    args.webhook_secret.iter().for_each(|secret| log::hide(secret.trim()));
    let token = token::read(token)?;
    token::secrets(&token).for_each(log::hide);
    if faq.now.is_some() {
        return usage("--now tidak berlaku untuk run: Telegram dilayani menurut jam sebenarnya.");
    }
    let source = faq.source_to_serve();
    let config = Config {
        token,
        api_url: read_api(given(args.api_url.as_ref()))?.into(),
        proxy: read_proxy(given(Some(&proxy)))?,
        moderators: read_moderators(given(args.moderator_chat.as_ref()))?,
        above: read_above(given(args.escalation_chat.as_ref()), given(args.moderator_chat.as_ref()))?,
        channel: read_channel(given(args.public_channel.as_ref()), [&args.moderator_chat, &args.escalation_chat])?,
        chat_check: !args.no_chat_check,
        database: given(args.database.as_ref()).unwrap_or(DEFAULT_DATABASE).to_owned().into(),
        limits: match given(args.send_limits.as_ref()) {
            None | Some("telegram") => Limits::Telegram,
            Some("none") => Limits::None,
            Some(_) => return usage("SEND_LIMITS harus telegram atau none."),
        },
        listen: read_listen(given(args.listen.as_ref()))?,
        webhook: read_webhook(args)?,
        take_over: args.take_over,
        draw: Arc::new(Studio::default()),
        seen: look(&source),
        source,
    };
    if config.webhook.is_some() && config.listen.is_none() {
        return usage("LISTEN belum diisi: WEBHOOK_URL memerlukan alamat untuk didengarkan, misalnya 127.0.0.1:8080.");
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(serve(config));
    // A thread that still loads a FAQ is not waited for.
    runtime.shutdown_background();
    match served {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(ServeError::Setting(message)) => usage(message),
        Err(ServeError::Faq(name, report)) => Err(Failure::Unserved(name, report, advice(faq))),
        Err(ServeError::Failed(message)) => Err(Failure::Failed(message)),
    }
}

/// What to do about a FAQ that can't be served while none is kept from before.
fn advice(faq: &FaqArgs) -> String {
    match faq.named() {
        Some(path) => format!(
            "Betulkan (periksa dengan \"tanya-pemilu check {}\") lalu mulai lagi; --faq builtin memakai FAQ bawaan \
             program.",
            path.display()
        ),
        None => {
            let here = std::env::current_dir().map(|dir| dir.display().to_string()).unwrap_or_default();
            format!(
                "Folder kerja sekarang {here}, dan FAQ dicari di ./{DEFAULT_FOLDER}. Sebutkan folder FAQ dengan --faq \
                 FOLDER atau FAQ_DIR; --faq builtin memakai FAQ bawaan program."
            )
        }
    }
}

/// The address of a proxy, as reqwest takes it.
fn read_proxy(url: Option<&str>) -> Result<Option<SecretString>, Failure> {
    const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
    let Some(url) = url else { return Ok(None) };
    let right = |u: &reqwest::Url| SCHEMES.contains(&u.scheme()) && u.has_host();
    match reqwest::Url::parse(url) {
        Ok(parsed) if right(&parsed) => Ok(Some(url.to_owned().into())),
        _ => usage("TELOXIDE_PROXY harus alamat proxy, misalnya http://127.0.0.1:3128 atau socks5://127.0.0.1:1080."),
    }
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

fn read_above(chat: Option<&str>, moderators: Option<&str>) -> Result<Option<i64>, Failure> {
    match (chat, chat.map(str::parse::<i64>)) {
        (None, _) => Ok(None),
        (chat, _) if chat == moderators => usage("ESCALATION_CHAT harus grup atau kanal lain daripada MODERATOR_CHAT."),
        (_, Some(Ok(number))) if number < 0 => Ok(Some(number)),
        _ => usage("ESCALATION_CHAT harus nomor grup atau kanal, misalnya -1001234567890."),
    }
}

fn read_channel(channel: Option<&str>, others: [&Option<String>; 2]) -> Result<Option<ChannelName>, Failure> {
    let Some(channel) = channel else { return Ok(None) };
    if others.into_iter().any(|other| given(other.as_ref()) == Some(channel)) {
        return usage("PUBLIC_CHANNEL harus kanal lain daripada MODERATOR_CHAT dan ESCALATION_CHAT.");
    }
    let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    match (channel.parse::<i64>(), channel.strip_prefix('@')) {
        (Ok(number), _) if number < 0 => Ok(Some(ChannelName::Number(number))),
        (_, Some(name)) if !name.is_empty() && name.bytes().all(letter) => {
            Ok(Some(ChannelName::Name(channel.to_owned())))
        }
        _ => usage("PUBLIC_CHANNEL harus nomor atau nama kanal, misalnya -1001234567890 atau @nama_kanal."),
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
