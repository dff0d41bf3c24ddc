//! The log: to standard error, with a last net that no token gets through.

use std::io::{self, Write};
use std::sync::{LazyLock, OnceLock};

use regex::bytes::{NoExpand, Regex};
use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// What stands in place of a token.
const HIDDEN: &[u8] = b"[token]";

/// A bot's number and what @BotFather gave with it.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d{3,}:[A-Za-z0-9_-]{30,}").expect("a fixed pattern"));
/// The token in use, whatever its shape.
static OWN: OnceLock<SecretString> = OnceLock::new();

/// Hides this token from now on.
pub(super) fn hide(token: &SecretString) {
    // There is one token in a process; a second one would still be caught by its shape.
    let _ = OWN.set(token.clone());
}

/// `line` without tokens.
fn cleaned(line: &[u8]) -> Vec<u8> {
    let clean = TOKEN.replace_all(line, NoExpand(HIDDEN)).into_owned();
    let Some(own) = OWN.get().map(|own| own.expose_secret().as_bytes()).filter(|own| !own.is_empty()) else {
        return clean;
    };
    let mut out = Vec::with_capacity(clean.len());
    let mut rest = clean.as_slice();
    while let Some(at) = rest.windows(own.len()).position(|part| part == own) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(HIDDEN);
        rest = &rest[at + own.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// Standard error, cleaned. An event comes in one piece.
#[derive(Debug, Clone, Copy)]
struct Clean;

impl Write for Clean {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(&cleaned(line))?;
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

/// Starts the log. RUST_LOG says what is in it; else `default` does.
pub(super) fn start(default: &str) {
    tracing_subscriber::fmt()
        .with_writer(Clean)
        .with_ansi(super::colour(&io::stderr()))
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default)))
        .init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_gets_through() {
        let token = format!("123456:{}", "Ab-_".repeat(9));
        let line = format!("POST http://x/bot{token}/getMe {{\"token\":\"{token}\"}}\n");
        let clean = String::from_utf8(cleaned(line.as_bytes())).expect("still text");
        assert_eq!(clean, "POST http://x/bot[token]/getMe {\"token\":\"[token]\"}\n");
        let harmless = "update 123456: read, 12:30:45, http://127.0.0.1:8081/healthz\n";
        assert_eq!(cleaned(harmless.as_bytes()), harmless.as_bytes());
    }
}
