//! Inline queries: answered at once from the FAQ, by whichever instance they come to; neither stored nor logged, but
//! counted.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::api::object;
use super::read::value::{parse, words};
use super::share::inline_card;
use super::shared::Shared;
use crate::desk::inline::cards;
use crate::text::language::Language;

/// The kind of update.
pub const KIND: &str = "inline_query";
/// How many queries are answered at once; what finds no place is not answered, and typing on asks again.
const AT_ONCE: usize = 32;
/// For how long Telegram may give the same answer to the same words, in seconds: an answer changes with its day.
const KEPT: u64 = 300;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// An inline query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    id: String,
    words: String,
}

/// The inline query that `raw` is, if it is an update of that kind.
pub fn read(raw: &str) -> Option<Query> {
    // Nearly all updates are something else, which is seen before they are parsed.
    let update = raw.contains(KIND).then(|| parse(raw)).flatten()?;
    let query = &update[KIND];
    Some(Query { id: words(&query["id"])?, words: words(&query["query"]).unwrap_or_default() })
}

/// Answers a query, aside.
pub fn answer(shared: &Arc<Shared>, query: Query) {
    shared.health.counts.queried();
    let Ok(place) = PLACES.try_acquire() else { return };
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let _place = place;
        let knowledge = shared.live.current();
        let wordings = &knowledge.faq.wordings;
        let language = Language::of(&query.words).unwrap_or_default();
        let found = cards(&knowledge, &query.words, shared.clock.now());
        let results: Vec<Value> = found.iter().map(|answer| inline_card(answer, shared.name(), wordings)).collect();
        let body = object(json!({
            "inline_query_id": query.id,
            "results": results,
            "cache_time": KEPT,
            "button": {"text": wordings.say(language, "inline_ask", &[]), "start_parameter": "inline"},
        }));
        if let Err(error) = shared.api.call("answerInlineQuery", &body).await {
            tracing::debug!(%error, "an inline query was not answered");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_told_from_other_updates() {
        let query = r#"{"update_id":1,"inline_query":{"id":"9","from":{"id":5},"query":"asn like","offset":""}}"#;
        assert_eq!(read(query), Some(Query { id: "9".to_owned(), words: "asn like".to_owned() }));
        assert_eq!(read(r#"{"update_id":1,"message":{"text":"inline_query"}}"#), None);
        assert_eq!(read("inline_query"), None);
    }
}
