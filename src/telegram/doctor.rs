//! What an operator is told of the bot's place in Telegram: asked for, never changed. Only calls that fetch are made.

use std::fmt::Write;
use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::api::{Api, CallError, object, origin};
use super::moderator_chat::{Standing, ask};
use super::service::{ChannelName, Webhook};

/// How long one question may take.
const TIME: Duration = Duration::from_secs(5);
/// So far a clock may be off from another, in seconds, before it is said; a message is on its way for a while.
const CLOCK_ODD: u64 = 10;
/// So far off, in seconds, reminders and hours are wrong.
const CLOCK_WRONG: u64 = 120;
/// So many updates that wait at Telegram are worth a word.
const MANY_WAIT: i64 = 100;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Fine,
    /// It works, but better otherwise.
    Warning,
    /// The bot, or what the setting is for, does not work so.
    Fault,
}

impl Level {
    /// Its word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "OK",
            Self::Warning => "peringatan",
            Self::Fault => "salah",
        }
    }

    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

/// What was looked at, how it came out, and what to do: one line, in Indonesian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: a setting by its name, or a word.
    pub check: &'static str,
    /// How it came out.
    pub level: Level,
    /// What was found, and what to do.
    pub text: String,
}

impl Finding {
    /// As it should be.
    pub fn fine(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, level: Level::Fine, text: text.into() }
    }

    /// Better otherwise.
    pub fn warning(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, level: Level::Warning, text: text.into() }
    }

    /// It does not work so.
    pub fn fault(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, level: Level::Fault, text: text.into() }
    }
}

/// The settings that Telegram is asked about; what is not set, or set wrongly, is none.
#[derive(Debug, Default)]
pub struct Asked {
    /// The number in front of the token.
    pub bot: i64,
    /// The moderator chat.
    pub moderators: Option<i64>,
    /// The chat above it.
    pub above: Option<i64>,
    /// The public channel.
    pub channel: Option<ChannelName>,
    /// The webhook, if the bot is not to poll.
    pub webhook: Option<Webhook>,
    /// The webhook that this bot set last, as its database remembers it.
    pub last_webhook: Option<String>,
}

/// Asks Telegram. `now` is this machine's time, in milliseconds since 1970.
pub async fn examine(api: &Api, asked: &Asked, now: impl Fn() -> i64) -> Vec<Finding> {
    const TOKEN: &str = "token";
    let me = match api.call_within("getMe", &Map::new(), TIME).await {
        Ok(me) => me,
        Err(CallError::Refused { code: 401 | 404, .. }) => {
            return vec![Finding::fault(
                TOKEN,
                "ditolak Telegram: dicabut, atau tersalin sebagian. Salin lagi dari @BotFather (/token).",
            )];
        }
        Err(error) => {
            return vec![Finding::fault(
                "Telegram",
                format!(
                    "{} tidak menjawab: {error}. Periksa jaringan, TELOXIDE_PROXY, dan TELEGRAM_API_URL.",
                    api.address()
                ),
            )];
        }
    };
    let mut found = vec![match me["id"].as_i64() {
        Some(id) if id == asked.bot => {
            let name = me["username"].as_str().unwrap_or("?");
            Finding::fine(TOKEN, format!("milik @{name} (nomor {id})"))
        }
        _ => Finding::fault(
            TOKEN,
            format!("nomor di depan token bukan nomor bot itu ({}). Salin lagi dari @BotFather (/token).", me["id"]),
        ),
    }];
    found.extend(api.time_given().map(|theirs| clock("jam", "Telegram", now(), theirs * 1000)));
    found.extend(of_bot_father(&me));
    if let Some(chat) = asked.moderators {
        found.push(moderators(api, chat, asked.bot).await);
    }
    found.push(match asked.above {
        Some(chat) => place(api, "ESCALATION_CHAT", chat, asked.bot).await,
        None => Finding::fine("ESCALATION_CHAT", "tidak diisi: tidak ada chat kedua yang diberi tahu"),
    });
    found.push(match &asked.channel {
        Some(channel) => public(api, channel, asked.bot).await,
        None => Finding::fine("PUBLIC_CHANNEL", "tidak diisi: tidak ada yang diterbitkan"),
    });
    found.push(webhook(api, asked).await);
    found
}

/// What can be changed by nobody but the bot's owner, at @BotFather.
fn of_bot_father(me: &Value) -> Vec<Finding> {
    let is = |name: &str| me[name] == true;
    let mut found = vec![
        if is("can_read_all_group_messages") {
            Finding::warning(
                "mode privasi",
                "mati: bot menerima semua pesan di grup tempat ia berada. Nyalakan; hanya bisa lewat @BotFather: /setprivacy, \
                 Enable, lalu keluarkan dan masukkan lagi bot di grup-grup itu.",
            )
        } else {
            Finding::fine("mode privasi", "menyala: di grup bot hanya membaca yang ditujukan kepadanya")
        },
        if is("supports_inline_queries") {
            Finding::fine("mode inline", "menyala: jawaban dapat dicari dari chat lain")
        } else {
            Finding::warning(
                "mode inline",
                "mati: jawaban tidak dapat dicari dari chat lain. Bila diinginkan, hanya bisa lewat @BotFather: /setinline.",
            )
        },
    ];
    if me["can_join_groups"] == false {
        found.push(Finding::warning(
            "masuk grup",
            "bot tidak boleh dimasukkan ke grup baru. Ubah; hanya bisa lewat @BotFather: /setjoingroups, Enable.",
        ));
    }
    found
}

/// The moderator chat: what keeps the bot from writing in it, and what lets others read it.
async fn moderators(api: &Api, chat: i64, bot: i64) -> Finding {
    const CHECK: &str = "MODERATOR_CHAT";
    let standing = ask(api, chat, bot, TIME).await;
    let Standing::Fine { title, admin, public, .. } = &standing else { return judged(CHECK, chat, &standing) };
    if *public {
        Finding::warning(
            CHECK,
            format!(
                "\"{title}\" ({chat}) terbuka untuk umum: siapa pun dapat membaca pertanyaan pemilih. Jadikan grup privat."
            ),
        )
    } else if !*admin {
        Finding::warning(
            CHECK,
            format!("\"{title}\" ({chat}): bot belum admin, sehingga tidak melihat semua balasan. Jadikan bot admin."),
        )
    } else {
        judged(CHECK, chat, &standing)
    }
}

async fn place(api: &Api, check: &'static str, chat: i64, bot: i64) -> Finding {
    judged(check, chat, &ask(api, chat, bot, TIME).await)
}

fn judged(check: &'static str, chat: i64, standing: &Standing) -> Finding {
    match standing {
        Standing::Fine { title, .. } => Finding::fine(check, format!("\"{title}\" ({chat}): bot boleh menulis")),
        Standing::Moved(new) => Finding::warning(
            check,
            format!("grup {chat} sudah menjadi supergrup. Isi {check} dengan nomor barunya: {new}."),
        ),
        Standing::Refused(refusal) => Finding::fault(check, format!("{} ({}).", refusal.advice(chat), refusal.words())),
        Standing::Silent(why) | Standing::Busy(why) => {
            Finding::warning(check, format!("{chat} tidak dapat diperiksa: {why}. Ulangi nanti."))
        }
    }
}

/// The public channel, by its number or its name.
async fn public(api: &Api, channel: &ChannelName, bot: i64) -> Finding {
    const CHECK: &str = "PUBLIC_CHANNEL";
    let name = match channel {
        ChannelName::Number(number) => return place(api, CHECK, *number, bot).await,
        ChannelName::Name(name) => name,
    };
    match api.call_within("getChat", &object(json!({"chat_id": name})), TIME).await {
        Ok(chat) => match chat["id"].as_i64().filter(|id| *id < 0) {
            Some(id) => place(api, CHECK, id, bot).await,
            None => Finding::fault(CHECK, format!("{name} bukan kanal atau grup. Isi dengan nama kanal.")),
        },
        Err(error @ CallError::Refused { .. }) => Finding::fault(
            CHECK,
            format!("Telegram tidak mengenal {name} ({error}). Periksa namanya, dan jadikan bot admin di sana."),
        ),
        Err(error) => Finding::warning(CHECK, format!("{name} tidak dapat diperiksa: {error}. Ulangi nanti.")),
    }
}

/// Whether updates come in the way that is set.
async fn webhook(api: &Api, asked: &Asked) -> Finding {
    const CHECK: &str = "webhook";
    let info = match api.call_within("getWebhookInfo", &Map::new(), TIME).await {
        Ok(info) => info,
        Err(error) => return Finding::warning(CHECK, format!("tidak dapat diperiksa: {error}. Ulangi nanti.")),
    };
    let there = info["url"].as_str().filter(|url| !url.is_empty());
    let waiting = info["pending_update_count"].as_i64().unwrap_or(0);
    let (mut finding, own) = match (&asked.webhook, there) {
        (None, None) => (Finding::fine(CHECK, "tidak ada: bot mengambil pesan sendiri (polling)"), true),
        (None, Some(url)) if asked.last_webhook.as_deref() == Some(url) => {
            let text = format!("{} dipasang bot ini sebelumnya; saat mulai dilepas, lalu polling", origin(url));
            (Finding::fine(CHECK, text), false)
        }
        (None, Some(url)) => {
            let text = format!(
                "pesan dikirim ke {}, padahal WEBHOOK_URL tidak diisi. Hentikan program di sana, atau isi WEBHOOK_URL, atau \
                 mulai dengan --take-over (webhook itu dihapus).",
                origin(url)
            );
            (Finding::fault(CHECK, text), false)
        }
        (Some(own), None) => {
            (Finding::fine(CHECK, format!("belum dipasang; dipasang saat mulai: {}", origin(&own.url))), false)
        }
        (Some(own), Some(url)) if own.url == url => {
            (Finding::fine(CHECK, format!("terpasang: {}{}", origin(url), own.path)), true)
        }
        (Some(own), Some(url)) => {
            let text = format!(
                "milik program lain ({}); saat mulai diganti dengan {}. Pastikan program itu sudah berhenti.",
                origin(url),
                origin(&own.url)
            );
            (Finding::warning(CHECK, text), false)
        }
    };
    let secret = asked.webhook.as_ref().map(|webhook| webhook.secret.expose_secret());
    if let Some(fault) = info["last_error_message"].as_str().filter(|_| own) {
        // Telegram's words may quote what it was told; nothing of the secret is shown.
        let fault = secret.map_or_else(|| fault.to_owned(), |secret| fault.replace(secret, "[rahasia]"));
        finding.level = Level::Warning;
        // Writing to a text does not fail.
        let _ = write!(
            finding.text,
            ". Terakhir Telegram gagal mengirim ke sana: {fault}. Periksa proxy dan sertifikatnya."
        );
    }
    if waiting > MANY_WAIT {
        finding.level = if finding.level == Level::Fine { Level::Warning } else { finding.level };
        let _ = write!(finding.text, ". {waiting} pesan menunggu di Telegram (disimpan 24 jam).");
    }
    finding
}

/// Compares this machine's time with that of `whose`, both in milliseconds since 1970.
pub fn clock(check: &'static str, whose: &str, ours: i64, theirs: i64) -> Finding {
    let off = ours.abs_diff(theirs) / 1000;
    let how = if ours > theirs { "lebih cepat" } else { "lebih lambat" };
    let text = format!("{off} detik {how} daripada {whose}. Betulkan dengan NTP (timedatectl set-ntp true).");
    if off <= CLOCK_ODD {
        Finding::fine(check, format!("sama dengan {whose}"))
    } else if off <= CLOCK_WRONG {
        Finding::warning(check, text)
    } else {
        Finding::fault(check, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_judged_by_how_far_it_is_off() {
        let judge = |ours, theirs| clock("jam", "Telegram", ours, theirs).level;
        for (ours, theirs, level) in [
            (1_000_000, 1_000_000, Level::Fine),
            (1_010_000, 1_000_000, Level::Fine),
            (1_000_000, 1_010_999, Level::Fine),
            (1_011_000, 1_000_000, Level::Warning),
            (1_000_000, 1_120_000, Level::Warning),
            (1_121_000, 1_000_000, Level::Fault),
            (0, 1_800_000_000_000, Level::Fault),
        ] {
            assert_eq!(judge(ours, theirs), level, "{ours} {theirs}");
        }
        let told = clock("jam", "Telegram", 1_300_000, 1_000_000).text;
        assert!(told.starts_with("300 detik lebih cepat"), "{told}");
    }
}
