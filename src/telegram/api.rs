//! The client: one call, one answer. The token lives here and appears nowhere else.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

/// How long a call may take; getting updates may take its own waiting time more.
pub const CALL_TIME: Duration = Duration::from_secs(10);

/// The Bot API of one bot.
#[derive(Clone)]
pub struct Api {
    client: reqwest::Client,
    base: String,
    token: SecretString,
    /// When the last answer came by Telegram's clock, in seconds since 1970; 0 once that was asked for.
    time: Arc<AtomicI64>,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("base", &self.base).finish_non_exhaustive()
    }
}

/// Why a call did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// Telegram said no, with this code and these words.
    Refused {
        /// The error code, as in HTTP.
        code: i64,
        /// Telegram's words.
        description: String,
        /// The number of the supergroup that the group became.
        moved_to: Option<i64>,
    },
    /// 429: not before this time has passed.
    TooMany(Duration),
    /// The network, a time-out, a server's fault (5xx), or an answer that is none: it may be tried again.
    Fault(String),
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused { code, description, .. } => write!(f, "{code} {description}"),
            Self::TooMany(wait) => write!(f, "429, try again in {} s", wait.as_secs()),
            Self::Fault(what) => f.write_str(what),
        }
    }
}

impl Api {
    /// A client of the Bot API at `base`, such as `https://api.telegram.org`.
    pub fn new(base: &str, token: SecretString) -> Result<Self, reqwest::Error> {
        // teloxide's settings: TCP without delay, time limits, proxy from TELOXIDE_PROXY.
        let client = teloxide::net::default_reqwest_settings().pool_max_idle_per_host(64).build()?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned(), token, time: Arc::default() })
    }

    /// Makes a call.
    pub async fn call(&self, method: &str, body: &Map<String, Value>) -> Result<Value, CallError> {
        self.call_within(method, body, CALL_TIME).await
    }

    /// Makes a call that may take so long.
    pub async fn call_within(
        &self,
        method: &str,
        body: &Map<String, Value>,
        limit: Duration,
    ) -> Result<Value, CallError> {
        let text = self.raw(method, body, limit).await?;
        let answer: Value = serde_json::from_str(&text).map_err(|_| CallError::Fault("not an answer".to_owned()))?;
        read_answer(answer)
    }

    /// The text of an answer, whatever its status.
    async fn raw(&self, method: &str, body: &Map<String, Value>, limit: Duration) -> Result<String, CallError> {
        let url = format!("{}/bot{}/{method}", self.base, self.token.expose_secret());
        // The error of reqwest holds the address, and so the token.
        let fault = |error: reqwest::Error| CallError::Fault(error.without_url().to_string());
        let json = serde_json::to_vec(body).map_err(|e| CallError::Fault(e.to_string()))?;
        let request = self.client.post(url).header("content-type", "application/json").body(json).timeout(limit);
        let response = request.send().await.map_err(fault)?;
        let date = response.headers().get("date").and_then(|date| date.to_str().ok());
        if let Some(time) = date.and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok()) {
            self.time.store(time.timestamp(), Ordering::Relaxed);
        }
        let status = response.status();
        if status.is_server_error() {
            return Err(CallError::Fault(format!("the server answered {}", status.as_u16())));
        }
        response.text().await.map_err(fault)
    }

    /// The time that Telegram's last answer gave (`Date` header), in seconds since 1970; none if there was no answer since
    /// this was asked.
    pub fn time_given(&self) -> Option<i64> {
        Some(self.time.swap(0, Ordering::Relaxed)).filter(|time| *time > 0)
    }

    /// The address of the Bot API, without the token.
    pub fn base(&self) -> &str {
        &self.base
    }
}

/// <https://core.telegram.org/bots/api#making-requests>
fn read_answer(mut answer: Value) -> Result<Value, CallError> {
    if answer["ok"] == Value::Bool(true) {
        return Ok(answer["result"].take());
    }
    let Some(code) = answer["error_code"].as_i64() else {
        return Err(CallError::Fault("not an answer of the Bot API".to_owned()));
    };
    let parameters = &answer["parameters"];
    if code == 429 {
        let seconds = parameters["retry_after"].as_u64().unwrap_or(1);
        return Err(CallError::TooMany(Duration::from_secs(seconds)));
    }
    let description = answer["description"].as_str().unwrap_or("no reason given").to_owned();
    if code >= 500 {
        return Err(CallError::Fault(format!("{code} {description}")));
    }
    Err(CallError::Refused { code, description, moved_to: parameters["migrate_to_chat_id"].as_i64() })
}

/// A JSON object from a literal that is one.
pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_telegram_answers() {
        assert_eq!(read_answer(json!({"ok": true, "result": 7})), Ok(json!(7)));
        let too_many = json!({"ok": false, "error_code": 429, "parameters": {"retry_after": 3}});
        assert_eq!(read_answer(too_many), Err(CallError::TooMany(Duration::from_secs(3))));
        let moved = json!({"ok": false, "error_code": 400, "description": "Bad Request: group chat was upgraded",
            "parameters": {"migrate_to_chat_id": -100}});
        assert!(matches!(read_answer(moved), Err(CallError::Refused { moved_to: Some(-100), .. })));
        assert!(matches!(read_answer(json!({"ok": false, "error_code": 502})), Err(CallError::Fault(_))));
        assert!(matches!(read_answer(json!([])), Err(CallError::Fault(_))));
    }

    #[tokio::test]
    async fn no_error_holds_the_token() {
        let token = format!("123456:{}", "SECRET-".repeat(5));
        let api = Api::new("http://127.0.0.1:9/pre", token.clone().into()).expect("a client");
        let error = api.call("getMe", &Map::new()).await.expect_err("nothing listens there");
        assert!(matches!(error, CallError::Fault(_)));
        for text in [format!("{error}"), format!("{error:?}"), format!("{api:?}")] {
            assert!(!text.contains("SECRET"), "{text}");
        }
    }
}
