//! The client: one call, one answer. The token lives here and appears nowhere else.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use reqwest::multipart::Form;
use reqwest::{Proxy, Url, multipart};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::health::{Health, Part};

/// How long a call may take; getting updates may take its own waiting time more.
pub const CALL_TIME: Duration = Duration::from_secs(10);

/// The Bot API of one bot.
#[derive(Clone)]
pub struct Api {
    road: Road,
    /// When the last answer came by Telegram's clock, in seconds since 1970; 0 once that was asked for.
    time: Arc<AtomicI64>,
    health: Arc<Health>,
}

/// The way to Telegram.
#[derive(Clone)]
enum Road {
    /// Over the network.
    Network { client: reqwest::Client, base: String, token: SecretString },
    /// There is none: something answers in Telegram's place.
    StandIn(Arc<dyn StandIn>),
}

/// What answers in Telegram's place, at once and without a network: for tests that run the same each time.
pub trait StandIn: Send + Sync {
    /// The text of the answer to a call, which may bring a file along; none as if the network had failed.
    fn answer(&self, method: &str, body: &Map<String, Value>, file: Option<&Upload>) -> Option<String>;
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("base", &self.address()).finish_non_exhaustive()
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

/// A file that goes along with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The parameter that it is for.
    pub field: &'static str,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub kind: String,
    /// What stands in it.
    pub bytes: Arc<[u8]>,
}

impl Upload {
    /// The name of its part of the form: the parameter says `attach://` and this
    /// (<https://core.telegram.org/bots/api#inputfile>).
    pub const PART: &'static str = "file";
}

/// What a request holds.
enum Body {
    Json(Vec<u8>),
    Form(Form),
}

/// What something in Telegram's place answered.
fn played(answer: Option<String>) -> Result<String, CallError> {
    answer.ok_or_else(|| CallError::Fault("nobody answered".to_owned()))
}

fn json(body: &Map<String, Value>) -> Result<Body, CallError> {
    serde_json::to_vec(body).map(Body::Json).map_err(|error| CallError::Fault(error.to_string()))
}

impl Api {
    /// A client of the Bot API at `base`, such as `https://api.telegram.org`.
    pub fn new(base: &str, token: SecretString) -> Result<Self, reqwest::Error> {
        Self::by_way_of(base, token, None)
    }

    /// The same, by way of a proxy.
    pub fn by_way_of(base: &str, token: SecretString, proxy: Option<Proxy>) -> Result<Self, reqwest::Error> {
        // teloxide's settings: TCP without delay, time limits.
        let mut client = teloxide::net::default_reqwest_settings().pool_max_idle_per_host(64);
        if let Some(proxy) = proxy {
            client = client.proxy(proxy);
        }
        let base = base.trim_end_matches('/').to_owned();
        let road = Road::Network { client: client.build()?, base, token };
        Ok(Self { road, time: Arc::default(), health: Arc::default() })
    }

    /// A client of something that answers in Telegram's place.
    pub fn of(stand_in: Arc<dyn StandIn>) -> Self {
        Self { road: Road::StandIn(stand_in), time: Arc::default(), health: Arc::default() }
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
        if let Road::StandIn(stand_in) = &self.road {
            return self.result(&played(stand_in.answer(method, body, None))?);
        }
        let begun = Instant::now();
        let made = async { self.result(&self.text(method, json(body)?, limit).await?) };
        self.counted(method, begun, made.await)
    }

    /// Makes a call that brings a file along.
    pub async fn upload(&self, method: &str, body: &Map<String, Value>, file: &Upload) -> Result<Value, CallError> {
        if let Road::StandIn(stand_in) = &self.road {
            return self.result(&played(stand_in.answer(method, body, Some(file)))?);
        }
        let mut form = Form::new();
        for (name, value) in body {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            form = form.text(name.clone(), text);
        }
        let part = multipart::Part::bytes(file.bytes.to_vec()).file_name(file.name.clone()).mime_str(&file.kind);
        let part = part.map_err(|error| CallError::Fault(error.to_string()))?;
        let begun = Instant::now();
        let form = Body::Form(form.part(Upload::PART, part));
        let made = async { self.result(&self.text(method, form, CALL_TIME).await?) };
        self.counted(method, begun, made.await)
    }

    fn counted<T>(&self, method: &str, begun: Instant, made: Result<T, CallError>) -> Result<T, CallError> {
        self.health.counts.called(method, &made, begun.elapsed());
        made
    }

    fn result(&self, text: &str) -> Result<Value, CallError> {
        let result = self.heed(read_answer(text))?;
        serde_json::from_str(result.get()).map_err(|_| CallError::Fault("a result that can't be read".to_owned()))
    }

    /// Fetches updates, each as it came: one that can't be read spoils none of the others.
    pub async fn updates(&self, body: &Map<String, Value>, limit: Duration) -> Result<Vec<Box<RawValue>>, CallError> {
        const METHOD: &str = "getUpdates";
        let begun = Instant::now();
        let made = async {
            let text = self.text(METHOD, json(body)?, limit).await?;
            let result = self.heed(read_answer(&text))?;
            let none = |_| CallError::Fault("the result is no list of updates".to_owned());
            serde_json::from_str(result.get()).map_err(none)
        };
        self.counted(METHOD, begun, made.await)
    }

    /// The text of an answer, whatever its status.
    async fn text(&self, method: &str, body: Body, limit: Duration) -> Result<String, CallError> {
        // Who stands in brings no updates.
        let Road::Network { client, base, token } = &self.road else { return played(None) };
        let url = format!("{base}/bot{}/{method}", token.expose_secret());
        let request = client.post(url).timeout(limit);
        let request = match body {
            Body::Json(json) => request.header("content-type", "application/json").body(json),
            Body::Form(form) => request.multipart(form),
        };
        let answer = async {
            let response = request.send().await?;
            let date = response.headers().get("date").and_then(|date| date.to_str().ok());
            if let Some(time) = date.and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok()) {
                self.time.store(time.timestamp(), Ordering::Relaxed);
            }
            let status = response.status();
            if status.is_server_error() {
                return Ok(Err(format!("the server answered {}", status.as_u16())));
            }
            response.text().await.map(Ok)
        };
        let reason = match answer.await {
            Ok(Ok(text)) => return Ok(text),
            Ok(Err(status)) => status,
            Err(error) => cause(error).replace(token.expose_secret(), "[token]"),
        };
        self.health.silent(&self.address(), &reason);
        Err(CallError::Fault(reason))
    }

    /// Notes what an answer says of Telegram and the token.
    fn heed<T>(&self, answer: Result<T, CallError>) -> Result<T, CallError> {
        match &answer {
            Err(CallError::Fault(reason)) => self.health.silent(&self.address(), reason),
            Err(CallError::Refused { code: code @ (401 | 404), description, .. }) => {
                self.health.answered();
                let what = format!("Telegram refuses the token: {code} {description}; is it still valid?");
                self.health.bad(Part::Token, what);
            }
            _ => {
                self.health.answered();
                self.health.good(Part::Token);
            }
        }
        answer
    }

    /// The time that Telegram's last answer gave (`Date` header), in seconds since 1970; none if there was no answer since
    /// this was asked.
    pub fn time_given(&self) -> Option<i64> {
        Some(self.time.swap(0, Ordering::Relaxed)).filter(|time| *time > 0)
    }

    /// The address of the Bot API, without names, passwords and path.
    pub fn address(&self) -> String {
        match &self.road {
            Road::Network { base, .. } => origin(base),
            Road::StandIn(_) => "a stand-in".to_owned(),
        }
    }

    /// How Telegram and the other parts fare.
    pub fn health(&self) -> &Arc<Health> {
        &self.health
    }
}

/// Scheme, host and port of an address: what may be shown of it.
pub fn origin(address: &str) -> String {
    Url::parse(address).map_or_else(|_| "an address".to_owned(), |url| url.origin().ascii_serialization())
}

/// Why a request failed: the error and what it came from, without the address, which holds the token.
fn cause(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return if error.is_connect() { "connecting took too long" } else { "no answer in time" }.to_owned();
    }
    let error = error.without_url();
    let mut parts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(inner) = source {
        let part = inner.to_string();
        if !parts.iter().any(|known| known.contains(&part)) {
            parts.push(part);
        }
        source = inner.source();
    }
    parts.join(": ")
}

/// An answer, read as far as it must be.
#[derive(Debug, Deserialize)]
struct Answer<'t> {
    ok: Option<Value>,
    #[serde(borrow)]
    result: Option<&'t RawValue>,
    error_code: Option<Value>,
    description: Option<Value>,
    parameters: Option<Value>,
}

/// <https://core.telegram.org/bots/api#making-requests>
fn read_answer(text: &str) -> Result<&RawValue, CallError> {
    let none = || CallError::Fault("not an answer of the Bot API".to_owned());
    // A list would do for the fields of an object.
    let object = Some(text).filter(|text| text.trim_start().starts_with('{')).ok_or_else(none)?;
    let answer: Answer<'_> = serde_json::from_str(object).map_err(|_| none())?;
    if answer.ok == Some(Value::Bool(true)) {
        return answer.result.ok_or_else(none);
    }
    let code = answer.error_code.and_then(|code| code.as_i64()).ok_or_else(none)?;
    let parameters = answer.parameters.unwrap_or_default();
    if code == 429 {
        let seconds = parameters["retry_after"].as_u64().unwrap_or(1);
        return Err(CallError::TooMany(Duration::from_secs(seconds)));
    }
    let description = answer.description.as_ref().and_then(Value::as_str).unwrap_or("no reason given").to_owned();
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

    fn read(answer: &Value) -> Result<Value, CallError> {
        read_answer(&answer.to_string()).map(|raw| serde_json::from_str(raw.get()).expect("JSON"))
    }

    #[test]
    fn reads_what_telegram_answers() {
        assert_eq!(read(&json!({"ok": true, "result": 7})), Ok(json!(7)));
        let too_many = json!({"ok": false, "error_code": 429, "parameters": {"retry_after": 3}});
        assert_eq!(read(&too_many), Err(CallError::TooMany(Duration::from_secs(3))));
        let moved = json!({"ok": false, "error_code": 400, "description": "Bad Request: group chat was upgraded",
            "parameters": {"migrate_to_chat_id": -100}});
        assert!(matches!(read(&moved), Err(CallError::Refused { moved_to: Some(-100), .. })));
        let odd = [
            json!([]),
            json!([true, 7, null, null, null]),
            json!({}),
            json!(null),
            json!("text"),
            json!({"ok": "yes"}),
            json!({"ok": true}),
            json!({"ok": false, "error_code": 502}),
            json!({"ok": false, "error_code": "400", "description": 7}),
        ];
        for odd in odd {
            assert!(matches!(read(&odd), Err(CallError::Fault(_))), "{odd}");
        }
    }

    #[test]
    fn what_is_shown_of_an_address_holds_no_secret() {
        assert_eq!(origin("https://bot:rahasia@api.example:8443/123:ABC?x=1"), "https://api.example:8443");
        assert_eq!(origin("kata sandi"), "an address");
    }

    #[tokio::test]
    async fn no_error_holds_the_token() {
        let token = format!("123456:{}", "SECRET-".repeat(5));
        let api = Api::new("http://127.0.0.1:9/pre", token.clone().into()).expect("a client");
        let error = api.call("getMe", &Map::new()).await.expect_err("nothing listens there");
        assert!(matches!(&error, CallError::Fault(why) if why.contains("refused")), "the cause is told: {error}");
        for text in [format!("{error}"), format!("{error:?}"), format!("{api:?}")] {
            assert!(!text.contains("SECRET"), "{text}");
        }
    }
}
