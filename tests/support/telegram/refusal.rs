//! How Telegram says no.

use serde_json::{Value, json};

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
