//! The settings of `run`, which `doctor` looks at too: addresses and secrets, from flags or the environment.

use std::net::SocketAddr;

use clap::Args;
use secrecy::SecretString;

use super::{Failure, log};
use crate::store::DEFAULT_DATABASE;
use crate::telegram::limit::Limits;
use crate::telegram::service::{ChannelName, Webhook};

/// Telegram's own server.
const DEFAULT_API: &str = "https://api.telegram.org";

/// Addresses, chats and secrets; an empty one is not set.
#[derive(Debug, Args)]
pub(super) struct SettingArgs {
    /// The address of the Bot API [default: https://api.telegram.org]
    #[arg(long, value_name = "URL", env = "TELEGRAM_API_URL", hide_env_values = true)]
    pub(super) api_url: Option<String>,
    /// The number of the moderators' group or channel, such as -1001234567890
    #[arg(long, value_name = "ID", env = "MODERATOR_CHAT", allow_hyphen_values = true)]
    pub(super) moderator_chat: Option<String>,
    /// The number of a second group or channel, which is told of questions that wait too long
    #[arg(long, value_name = "ID", env = "ESCALATION_CHAT", allow_hyphen_values = true)]
    pub(super) escalation_chat: Option<String>,
    /// The number or the @name of a public channel for questions and answers that moderators publish
    #[arg(long, value_name = "ID", env = "PUBLIC_CHANNEL", allow_hyphen_values = true)]
    pub(super) public_channel: Option<String>,
    /// sqlite://PATH or postgres://... [default: sqlite://tanya-pemilu.db]
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub(super) database: Option<String>,
    /// The address that Telegram is to call; without it the bot polls
    #[arg(long, value_name = "URL", env = "WEBHOOK_URL", hide_env_values = true)]
    pub(super) webhook_url: Option<String>,
    /// What Telegram proves itself with: 1 to 256 of A-Z a-z 0-9 _ -
    #[arg(long, value_name = "SECRET", env = "WEBHOOK_SECRET", hide_env_values = true)]
    pub(super) webhook_secret: Option<String>,
    /// Which limits are kept when sending: telegram, or none (own Bot API server, load tests) [default: telegram]
    #[arg(long, value_name = "LIMITS", env = "SEND_LIMITS")]
    pub(super) send_limits: Option<String>,
    /// Where to listen for the webhook, /healthz and /readyz, such as 127.0.0.1:8080; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", env = "LISTEN")]
    pub(super) listen: Option<String>,
    /// Where to listen for /metrics, /healthz and /readyz, such as 127.0.0.1:9464; another address than --listen [default:
    /// no metrics are served]
    #[arg(long, value_name = "ADDRESS", env = "ADMIN_LISTEN")]
    pub(super) admin_listen: Option<String>,
}

/// The settings, read one by one; what is wrong with one is told in a sentence.
impl SettingArgs {
    /// The log shows none of the secrets from now on; gives the proxy on the way to Telegram, as it is written.
    pub(super) fn hide_secrets(&self) -> String {
        let proxy = std::env::var_os("TELOXIDE_PROXY").unwrap_or_default().to_string_lossy().into_owned();
        for address in [self.database.as_ref(), self.api_url.as_ref(), self.webhook_url.as_ref(), Some(&proxy)] {
            address.into_iter().for_each(|address| log::hide_password(address));
        }
        self.webhook_secret.iter().for_each(|secret| log::hide(secret.trim()));
        proxy
    }

    pub(super) fn api(&self) -> Result<String, Failure> {
        read_api(given(self.api_url.as_ref()))
    }

    pub(super) fn moderators(&self) -> Result<i64, Failure> {
        read_moderators(given(self.moderator_chat.as_ref()))
    }

    pub(super) fn above(&self) -> Result<Option<i64>, Failure> {
        read_above(given(self.escalation_chat.as_ref()), given(self.moderator_chat.as_ref()))
    }

    pub(super) fn channel(&self) -> Result<Option<ChannelName>, Failure> {
        read_channel(given(self.public_channel.as_ref()), [&self.moderator_chat, &self.escalation_chat])
    }

    pub(super) fn database(&self) -> &str {
        given(self.database.as_ref()).unwrap_or(DEFAULT_DATABASE)
    }

    pub(super) fn limits(&self) -> Result<Limits, Failure> {
        match given(self.send_limits.as_ref()) {
            None | Some("telegram") => Ok(Limits::Telegram),
            Some("none") => Ok(Limits::None),
            Some(_) => usage("SEND_LIMITS harus telegram atau none."),
        }
    }

    pub(super) fn listen(&self) -> Result<Option<SocketAddr>, Failure> {
        let address = read_listen("LISTEN", "127.0.0.1:8080", given(self.listen.as_ref()))?;
        if address.is_none() && given(self.webhook_url.as_ref()).is_some() {
            return usage(
                "LISTEN belum diisi: WEBHOOK_URL memerlukan alamat untuk didengarkan, misalnya 127.0.0.1:8080.",
            );
        }
        Ok(address)
    }

    pub(super) fn admin_listen(&self) -> Result<Option<SocketAddr>, Failure> {
        let admin = read_listen("ADMIN_LISTEN", "127.0.0.1:9464", given(self.admin_listen.as_ref()))?;
        match (self.listen()?, admin) {
            (Some(public), Some(admin)) if meet(public, admin) => usage(format!(
                "ADMIN_LISTEN ({admin}) sama dengan LISTEN ({public}): /metrics tidak boleh terbuka di alamat yang dilalui \
                 Telegram; pakai port lain, misalnya 127.0.0.1:9464."
            )),
            _ => Ok(admin),
        }
    }

    pub(super) fn webhook(&self) -> Result<Option<Webhook>, Failure> {
        read_webhook(self)
    }
}

/// An empty variable is one that is not set.
pub(super) fn given(value: Option<&String>) -> Option<&str> {
    value.map(|v| v.trim()).filter(|v| !v.is_empty())
}

pub(super) fn usage<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Usage(message.into()))
}

/// The address of a proxy, as reqwest takes it.
pub(super) fn read_proxy(url: Option<&str>) -> Result<Option<SecretString>, Failure> {
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

fn read_listen(setting: &str, example: &str, address: Option<&str>) -> Result<Option<SocketAddr>, Failure> {
    match address.map(str::parse) {
        None => Ok(None),
        Some(Ok(address)) => Ok(Some(address)),
        Some(Err(_)) => usage(format!("{setting} harus alamat dan port, misalnya {example}.")),
    }
}

/// Whether who connects to one address may reach the other: the same port, at the same address or at all of them. Port 0 is
/// a free one, of each its own.
fn meet(one: SocketAddr, other: SocketAddr) -> bool {
    let (a, b) = (one.ip().to_canonical(), other.ip().to_canonical());
    one.port() != 0 && one.port() == other.port() && (a == b || a.is_unspecified() || b.is_unspecified())
}

fn read_webhook(args: &SettingArgs) -> Result<Option<Webhook>, Failure> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_meet_where_one_reaches_the_other() {
        for (one, other, expected) in [
            ("127.0.0.1:8080", "127.0.0.1:8080", true),
            ("0.0.0.0:8080", "127.0.0.1:8080", true),
            ("127.0.0.1:8080", "[::]:8080", true),
            ("127.0.0.1:8080", "[::ffff:127.0.0.1]:8080", true),
            ("127.0.0.1:8080", "127.0.0.1:9464", false),
            ("0.0.0.0:8080", "0.0.0.0:9464", false),
            ("127.0.0.1:8080", "127.0.0.2:8080", false),
            ("127.0.0.1:0", "127.0.0.1:0", false),
        ] {
            let address = |text: &str| text.parse().expect("an address");
            assert_eq!(meet(address(one), address(other)), expected, "{one} {other}");
            assert_eq!(meet(address(other), address(one)), expected, "{other} {one}");
        }
    }
}
