//! How Telegram says no, and rules by which a test lets it, or lets it take its time.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::text::whole;

/// An answer with `ok: false`.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// `error_code`, also the HTTP status.
    pub code: u16,
    /// `description`.
    pub description: String,
    /// `parameters.retry_after`, in seconds.
    pub retry_after: Option<u64>,
    /// `parameters.migrate_to_chat_id`.
    pub migrate_to: Option<i64>,
    /// Whether a correct client would never have been told so: the call broke a rule of the Bot API.
    pub fault: bool,
}

impl Refusal {
    /// A refusal that may happen to any client.
    pub fn new(code: u16, description: &str) -> Self {
        Self { code, description: description.to_owned(), retry_after: None, migrate_to: None, fault: false }
    }

    /// A refusal (400) that only a faulty client gets.
    pub fn fault(description: &str) -> Self {
        Self { fault: true, ..Self::new(400, description) }
    }

    /// A 429.
    pub fn too_many(seconds: u64) -> Self {
        let description = format!("Too Many Requests: retry after {seconds}");
        Self { retry_after: Some(seconds), ..Self::new(429, &description) }
    }

    /// The same with another code.
    pub fn code(self, code: u16) -> Self {
        Self { code, ..self }
    }

    /// As the Bot API writes it.
    pub fn to_json(&self) -> Value {
        let mut out = json!({"ok": false, "error_code": self.code, "description": self.description});
        if let Some(seconds) = self.retry_after {
            out["parameters"] = json!({"retry_after": seconds});
        }
        if let Some(chat) = self.migrate_to {
            out["parameters"] = json!({"migrate_to_chat_id": chat});
        }
        out
    }
}

/// What a test lets be refused, or answered late: calls that put something into a chat or change it.
#[derive(Debug, Clone)]
pub struct Rule {
    code: u16,
    description: String,
    chat: Option<i64>,
    method: Option<String>,
    text: Option<String>,
    rich: bool,
    left: Option<u32>,
    late: Option<Duration>,
}

impl Rule {
    /// Every call is refused with this code and description, until [`Telegram::relents`](super::Telegram::relents). 500 and
    /// above is a fault of the server.
    pub fn new(code: u16, description: &str) -> Self {
        let description = description.to_owned();
        Self { code, description, chat: None, method: None, text: None, rich: false, left: None, late: None }
    }

    /// Every call is carried out only after this time.
    pub fn late(time: Duration) -> Self {
        Self { late: Some(time), ..Self::new(0, "") }
    }

    /// Only calls to this chat.
    pub fn to(self, chat: i64) -> Self {
        Self { chat: Some(chat), ..self }
    }

    /// Only calls of this method.
    pub fn of(self, method: &str) -> Self {
        Self { method: Some(method.to_lowercase()), ..self }
    }

    /// Only calls whose text or caption holds this.
    pub fn with(self, text: &str) -> Self {
        Self { text: Some(text.to_owned()), ..self }
    }

    /// Only calls with formatting or buttons.
    pub fn rich(self) -> Self {
        Self { rich: true, ..self }
    }

    /// Only so many calls.
    pub fn times(self, count: u32) -> Self {
        Self { left: Some(count), ..self }
    }

    fn meets(&self, method: &str, params: &Map<String, Value>) -> bool {
        let holds = |text: &String| {
            ["text", "caption"]
                .iter()
                .any(|field| params.get(*field).and_then(Value::as_str).is_some_and(|t| t.contains(text)))
        };
        self.left != Some(0)
            && self.chat.is_none_or(|chat| params.get("chat_id").and_then(whole) == Some(chat))
            && self.method.as_ref().is_none_or(|own| own == method)
            && self.text.as_ref().is_none_or(holds)
            && (!self.rich
                || ["parse_mode", "entities", "caption_entities", "reply_markup"]
                    .iter()
                    .any(|f| params.contains_key(*f)))
    }
}

/// The rules that hold.
#[derive(Debug, Default)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// One more.
    pub fn add(&mut self, rule: Rule) {
        self.0.push(rule);
    }

    /// No more.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What the first rule that a call meets says.
    pub fn refuse(&mut self, method: &str, params: &Map<String, Value>) -> Result<(), Refusal> {
        let rule = self.first(method, params, |rule| rule.late.is_none());
        rule.map_or(Ok(()), |rule| Err(Refusal::new(rule.code, &rule.description)))
    }

    /// How long a call takes.
    pub fn wait(&mut self, method: &str, params: &Map<String, Value>) -> Option<Duration> {
        self.first(method, params, |rule| rule.late.is_some())?.late
    }

    fn first(&mut self, method: &str, params: &Map<String, Value>, of: impl Fn(&Rule) -> bool) -> Option<&Rule> {
        let rule = self.0.iter_mut().find(|rule| of(rule) && rule.meets(method, params))?;
        if let Some(left) = &mut rule.left {
            *left -= 1;
        }
        Some(rule)
    }
}
