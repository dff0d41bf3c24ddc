//! The log: to standard error, as text or as one JSON object a line, with a last net that no secret gets through.

use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};

use regex::bytes::{NoExpand, Regex};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

/// What stands in place of a token.
const HIDDEN_TOKEN: &[u8] = b"[token]";
/// What stands in place of another secret.
const HIDDEN: &[u8] = b"[rahasia]";
/// Our own modules, in the log.
const OWN: &str = "tanya_pemilu";
/// Shorter secrets are hidden where they stand in an address only: any word might hold them.
const SHORTEST: usize = 5;

/// A bot's number and what @BotFather gave with it.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d{3,}:[A-Za-z0-9_-]{30,}").expect("a fixed pattern"));
/// The password in an address.
static PASSWORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@]*):[^\s/@]+@").expect("a fixed pattern"));
/// The secrets in use, whatever their shape.
static SECRETS: RwLock<Vec<SecretString>> = RwLock::new(Vec::new());

/// Hides this from now on.
pub(super) fn hide(secret: &str) {
    if secret.len() >= SHORTEST {
        SECRETS.write().unwrap_or_else(PoisonError::into_inner).push(secret.to_owned().into());
    }
}

/// Hides what is secret in an address, right or wrong: the password as it is written and as it is meant.
pub(super) fn hide_password(address: &str) {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    if let Some((_, password)) = rest.rsplit_once('@').and_then(|(login, _)| login.split_once(':')) {
        hide(password);
    }
    let Ok(url) = reqwest::Url::parse(address) else { return };
    let decoded = |text: &str| -> String {
        // As the value of a form, in which + is no blank here.
        let form = format!("http://x/?p={}", text.replace('+', "%2B"));
        reqwest::Url::parse(&form)
            .ok()
            .and_then(|url| url.query_pairs().next().map(|(_, value)| value.into_owned()))
            .unwrap_or_default()
    };
    if let Some(password) = url.password() {
        hide(password);
        hide(&decoded(password));
    }
    for (_, value) in url.query_pairs().filter(|(name, _)| name.contains("password")) {
        hide(&value);
    }
}

/// `line` without secrets.
pub(super) fn cleaned(line: &[u8]) -> Vec<u8> {
    let mut clean = TOKEN.replace_all(line, NoExpand(HIDDEN_TOKEN)).into_owned();
    clean = PASSWORD.replace_all(&clean, b"$1:[rahasia]@".as_slice()).into_owned();
    for secret in SECRETS.read().unwrap_or_else(PoisonError::into_inner).iter() {
        clean = without(&clean, secret.expose_secret().as_bytes());
    }
    clean
}

fn without(line: &[u8], secret: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.windows(secret.len()).position(|part| part == secret) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(HIDDEN);
        rest = &rest[at + secret.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// For who reads it.
    Text,
    /// For a program that does: one object a line.
    Json,
}

/// Whether the log is written as JSON.
static JSON: AtomicBool = AtomicBool::new(false);

/// `line`, a JSON object as it was written, without secrets: each text by itself, so that it stays JSON and nothing hides
/// behind a backslash. What the spans tell, such as the update that a line is about, stands beside the rest.
fn cleaned_json(line: &[u8]) -> Vec<u8> {
    let Ok(mut fields) = serde_json::from_slice::<Map<String, Value>>(line) else { return cleaned(line) };
    if let Some(Value::Object(span)) = fields.remove("span") {
        for (name, value) in span.into_iter().filter(|(name, _)| name != "name") {
            fields.entry(name).or_insert(value);
        }
    }
    for value in fields.values_mut() {
        if let Value::String(text) = value {
            *text = String::from_utf8_lossy(&cleaned(text.as_bytes())).into_owned();
        }
    }
    let mut clean = Value::Object(fields).to_string().into_bytes();
    clean.push(b'\n');
    clean
}

/// Standard error, cleaned. An event comes in one piece.
#[derive(Debug, Clone, Copy)]
struct Clean(Format);

impl Write for Clean {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let clean = match self.0 {
            Format::Text => cleaned(line),
            Format::Json => cleaned_json(line),
        };
        io::stderr().lock().write_all(&clean)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl<'w> MakeWriter<'w> for Clean {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        *self
    }
}

/// What is in the log when `asked` is the value of RUST_LOG: `LEVEL` for our own modules, `TARGET=LEVEL` for those
/// named, and for the rest `own`; else what is wrong. Unless named, other crates tell errors only, and sqlx, whose errors
/// are all told by us, nothing. None is ever heard below debug: what they tell of requests and connections holds secrets.
fn filter(asked: &str, own: LevelFilter) -> Result<Targets, String> {
    let silent = [("sqlx", LevelFilter::OFF), (OWN, own)];
    let mut targets = Targets::new().with_default(LevelFilter::ERROR.min(own)).with_targets(silent);
    for part in asked.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (target, level) = match part.split_once('=') {
            Some((target, level)) => (target.trim(), level.trim()),
            None if part == OWN || part.starts_with("tanya_pemilu::") => (part, "trace"),
            None => ("", part),
        };
        let level: LevelFilter = level.parse().map_err(|_| part.to_owned())?;
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '-');
        if !target.chars().all(named) || (part.contains('=') && target.is_empty()) {
            return Err(part.to_owned());
        }
        targets = if target.is_empty() {
            targets.with_default(level.min(LevelFilter::ERROR)).with_target(OWN, level)
        } else if target == OWN || target.starts_with("tanya_pemilu::") {
            targets.with_target(target, level)
        } else {
            targets.with_target(target, level.min(LevelFilter::DEBUG))
        };
    }
    Ok(targets)
}

/// What a panic leaves in the log: where it was, and its words only if they were written beforehand. Others may quote a text.
fn tell_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string);
    let why = info.payload().downcast_ref::<&'static str>();
    tracing::error!(place, why, "a part of the program failed");
}

/// From now on what a panic says goes through the log.
pub(super) fn heed_panics() {
    panic::set_hook(Box::new(tell_panic));
}

/// The last thing that is said, as the log is written.
pub(super) fn last_words(text: &str) {
    let line = if JSON.load(Ordering::Relaxed) {
        let timestamp = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let fields = serde_json::json!({"timestamp": timestamp, "level": "ERROR", "target": OWN, "message": text});
        cleaned_json(fields.to_string().as_bytes())
    } else {
        cleaned(format!("{text}\n").as_bytes())
    };
    // Nothing is left to be done if standard error is gone.
    let _ = io::stderr().write_all(&line);
}

/// Starts the log. RUST_LOG says what is in it; else our own modules at `own`, and errors of others.
pub(super) fn start(own: LevelFilter, format: Format) {
    let asked = std::env::var_os("RUST_LOG").unwrap_or_default();
    let (targets, wrong) = match filter(&asked.to_string_lossy(), own) {
        Ok(targets) => (targets, None),
        Err(wrong) => (filter("", own).unwrap_or_default(), Some(wrong)),
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(Clean(format));
    let log = tracing_subscriber::registry();
    match format {
        Format::Text => log.with(lines.with_ansi(super::colour(&io::stderr())).with_filter(targets)).init(),
        Format::Json => {
            let lines = lines.json().flatten_event(true).with_span_list(false);
            log.with(lines.with_filter(targets)).init();
            JSON.store(true, Ordering::Relaxed);
        }
    }
    if let Some(wrong) = wrong {
        tracing::warn!(
            "RUST_LOG: {wrong:?} is neither a level (error, warn, info, debug, trace, off) nor TARGET=LEVEL; the \
             default is used"
        );
    }
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn no_token_gets_through() {
        let token = format!("123456:{}", "Ab-_".repeat(9));
        let line = format!("POST http://x/bot{token}/getMe {{\"token\":\"{token}\"}}\n");
        let clean = String::from_utf8(cleaned(line.as_bytes())).expect("still text");
        assert_eq!(clean, "POST http://x/bot[token]/getMe {\"token\":\"[token]\"}\n");
        let harmless = "update 123456: read, 12:30:45, http://127.0.0.1:8081/healthz, a@b.id\n";
        assert_eq!(cleaned(harmless.as_bytes()), harmless.as_bytes());
    }

    #[test]
    fn no_password_gets_through() {
        for (address, secrets) in [
            ("postgres://bot:kunci-satu@db/pemilu", &["kunci-satu"][..]),
            ("postgres://bot:kunci%40dua+x@db/pemilu", &["kunci%40dua+x", "kunci@dua+x"]),
            ("postgres://bot:kunci/tiga@db/pemilu", &["kunci/tiga"]),
            ("postgres//bot:kunci-empat@db", &["kunci-empat"]),
            ("postgres:///pemilu?host=/run&password=kunci-lima", &["kunci-lima"]),
            ("socks5://x:kunci-enam@127.0.0.1:1080", &["kunci-enam"]),
        ] {
            hide_password(address);
            for secret in secrets {
                for line in [format!("open {address} now"), format!("with {secret}.")] {
                    let clean = String::from_utf8(cleaned(line.as_bytes())).expect("still text");
                    assert!(!clean.contains(secret), "{clean}");
                }
            }
        }
        // A short one is hidden in any address.
        assert_eq!(cleaned(b"postgres://bot:ab@db/x"), b"postgres://bot:[rahasia]@db/x");
    }

    #[test]
    fn a_line_of_json_stays_one_and_no_secret_hides_in_it() {
        let token = format!("123456:{}", "Ab-_".repeat(9));
        hide("kunci\"tujuh\\");
        let fields = serde_json::json!({
            "level": "INFO", "message": format!("POST http://x/bot{token}/getMe"), "seconds": 0.5,
            "why": "with kunci\"tujuh\\ and http://x", "mail": "a:b@c", "span": {"name": "update", "update": 7},
        });
        let clean = cleaned_json(fields.to_string().as_bytes());
        assert_eq!(clean.iter().filter(|byte| **byte == b'\n').count(), 1);
        let read: Value = serde_json::from_slice(&clean).expect("JSON");
        assert_eq!(
            read,
            serde_json::json!({
                "level": "INFO", "message": "POST http://x/bot[token]/getMe", "seconds": 0.5,
                "why": "with [rahasia] and http://x", "mail": "a:b@c", "update": 7,
            })
        );
    }

    #[test]
    fn others_are_silent_unless_named_and_a_wrong_filter_is_told() {
        let shown = |asked: &str, target: &str, level: &Level| {
            filter(asked, LevelFilter::INFO).expect("a right filter").would_enable(target, level)
        };
        for asked in ["", " ", "info"] {
            assert!(shown(asked, "tanya_pemilu::telegram", &Level::INFO), "{asked}");
            assert!(!shown(asked, "tanya_pemilu::telegram", &Level::DEBUG), "{asked}");
            assert!(shown(asked, "hyper::proto", &Level::ERROR), "{asked}");
            assert!(!shown(asked, "hyper::proto", &Level::WARN), "{asked}");
            for target in ["sqlx::query", "sqlx_core::pool::inner"] {
                assert!(!shown(asked, target, &Level::ERROR), "{asked}");
            }
        }
        for asked in ["trace", "TRACE", "tanya_pemilu=trace", "tanya_pemilu", "sqlx=debug,trace"] {
            assert!(shown(asked, "tanya_pemilu::telegram", &Level::TRACE), "{asked}");
            assert!(!shown(asked, "hyper::proto", &Level::INFO), "{asked}");
        }
        assert!(
            shown("sqlx=trace", "sqlx::query", &Level::DEBUG) && !shown("sqlx=trace", "sqlx::query", &Level::TRACE)
        );
        assert!(shown("sqlx=debug", "tanya_pemilu", &Level::INFO), "what is not named stays as it is");
        assert!(!shown("off", "tanya_pemilu", &Level::ERROR));
        for wrong in ["xyz", "debugg", "tanya_pemilu=laut", "=debug", "a b=info", "[span]=trace", "info,xyz"] {
            assert!(filter(wrong, LevelFilter::INFO).is_err(), "{wrong}");
        }
    }
}
