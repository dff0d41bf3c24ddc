//! Presses are answered at once and never retried: a line that fades, or nothing but that it was taken in.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::Semaphore;

use super::api::object;
use super::shared::Shared;

/// How many presses are answered at once.
const AT_ONCE: usize = 32;
/// The longest line, in characters (<https://core.telegram.org/bots/api#answercallbackquery>).
const LONGEST: usize = 200;

/// Answers presses, a bounded number at once.
#[derive(Debug, Clone)]
pub struct Presses {
    shared: Arc<Shared>,
    places: Arc<Semaphore>,
}

impl Presses {
    /// One for the whole worker.
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Answers a press. One that finds no place is not answered: a flood of presses must not hold up anything else, and the
    /// person's phone shows no more than a wheel that stops by itself.
    pub fn answer(&self, press: String, line: Option<String>) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return };
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            let mut body = object(json!({"callback_query_id": press}));
            if let Some(line) = line {
                body.insert("text".to_owned(), json!(line.chars().take(LONGEST).collect::<String>()));
            }
            if let Err(error) = shared.api.call("answerCallbackQuery", &body).await {
                tracing::debug!(%error, "a press was not answered");
            }
            drop(place);
        });
    }
}
