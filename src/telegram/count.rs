//! What was done, counted: for the log's line of each minute, and for `/metrics`. No label holds anybody's number, name or
//! words; each has a handful of values.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, Opts, Registry};

use super::api::CallError;
use super::inline;
use super::intake::KINDS;
use crate::desk::tally::Tally;
use crate::desk::verdict::{ANSWER, CHOICE, FORWARD, Given, SUGGEST, VERDICTS};
use crate::store::outbox::End;

/// What stands for what has no name of its own.
const OTHER: &str = "other";
/// The methods of the Bot API that the bot calls.
const METHODS: [&str; 20] = [
    "answerCallbackQuery",
    "answerInlineQuery",
    "copyMessage",
    "copyMessages",
    "createForumTopic",
    "deleteMessage",
    "deleteWebhook",
    "editForumTopic",
    "editMessageCaption",
    "editMessageText",
    "getChat",
    "getChatMember",
    "getMe",
    FETCH,
    "getWebhookInfo",
    "sendDocument",
    "sendMessage",
    "sendPhoto",
    "setMyCommands",
    "setWebhook",
];
/// The method that waits for updates: how long it takes says nothing.
const FETCH: &str = "getUpdates";

/// What came of a call: Telegram took it, ...
const OK: &str = "ok";
/// ... wants silence (429), ...
const TOO_MANY: &str = "too_many";
/// ... refuses it, ...
const REFUSED: &str = "refused";
/// ... or there was no answer, or none of the Bot API.
const FAULT: &str = "fault";
const RESULTS: [&str; 4] = [OK, TOO_MANY, REFUSED, FAULT];

/// What became of a call of the outbox: see [`End`].
const ENDS: [&str; 4] = ["sent", "blocked", "failed", "dropped"];

/// The upper ends of what is told apart of waits, in seconds.
const WAITS: [f64; 13] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0];
/// The same of calls, in seconds: a call may take ten.
const CALLS: [f64; 9] = [0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// The same of confidence.
const SHARES: [f64; 12] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/// What was done since the start.
#[derive(Debug)]
pub struct Counts {
    updates: IntCounterVec,
    /// Updates of which nothing could be kept: they have no number.
    pub unkept: IntCounter,
    verdicts: IntCounterVec,
    confidence: Histogram,
    answer: Histogram,
    ratings: IntCounterVec,
    calls: IntCounterVec,
    call: Histogram,
    ended: IntCounterVec,
    loads: IntCounterVec,
}

/// A counter of that name, by `label`, of which these values are there from the start.
fn counter(name: &str, help: &str, label: &str, values: &[&str]) -> IntCounterVec {
    let counter = IntCounterVec::new(Opts::new(name, help), &[label]).expect("a fixed name");
    values.iter().for_each(|value| drop(counter.with_label_values(&[*value])));
    counter
}

fn histogram(name: &str, help: &str, bounds: &[f64]) -> Histogram {
    Histogram::with_opts(HistogramOpts::new(name, help).buckets(bounds.to_vec())).expect("a fixed name")
}

impl Default for Counts {
    fn default() -> Self {
        let kinds: Vec<&str> = KINDS.into_iter().chain([OTHER]).collect();
        let calls = Opts::new("tanya_pemilu_telegram_calls_total", "Calls of the Bot API, and what came of them");
        let calls = IntCounterVec::new(calls, &["method", "result"]).expect("a fixed name");
        RESULTS.iter().for_each(|result| drop(calls.with_label_values(&["sendMessage", *result])));
        Self {
            updates: counter("tanya_pemilu_updates_total", "Updates that came in, repeats left out", "kind", &kinds),
            unkept: IntCounter::new(
                "tanya_pemilu_updates_unkept_total",
                "Updates without a number, of which nothing could be kept",
            )
            .expect("a fixed name"),
            verdicts: counter(
                "tanya_pemilu_verdicts_total",
                "What voters' messages and presses came to",
                "verdict",
                &VERDICTS,
            ),
            confidence: histogram(
                "tanya_pemilu_confidence_ratio",
                "How sure the matcher was of the entry that it found first",
                &SHARES,
            ),
            answer: histogram(
                "tanya_pemilu_answer_seconds",
                "From an update's coming in to Telegram's taking the first message that goes back",
                &WAITS,
            ),
            ratings: counter(
                "tanya_pemilu_ratings_total",
                "Presses that say whether an answer helped",
                "helped",
                &["yes", "no"],
            ),
            calls,
            call: histogram(
                "tanya_pemilu_telegram_call_seconds",
                "How long calls of the Bot API took, but for those that wait for updates",
                &CALLS,
            ),
            ended: counter("tanya_pemilu_outbox_calls_ended_total", "What became of calls of the outbox", "end", &ENDS),
            loads: counter(
                "tanya_pemilu_faq_loads_total",
                "Loads of the FAQ since the start",
                "result",
                &["good", "faulty"],
            ),
        }
    }
}

/// The kind of an update, one of [`KINDS`] or [`OTHER`], by the first field that is one.
fn kind(raw: &str) -> &'static str {
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(raw).unwrap_or_default();
    KINDS.into_iter().find(|kind| fields.get(*kind).is_some_and(|field| !field.is_null())).unwrap_or(OTHER)
}

/// The sum of those of a counter whose `label` is one of these.
fn sum(counter: &IntCounterVec, label: &str, wanted: impl Fn(&str) -> bool) -> u64 {
    let families = counter.collect();
    let all = families.iter().flat_map(prometheus::proto::MetricFamily::get_metric);
    let fits = |metric: &&prometheus::proto::Metric| {
        metric.get_label().iter().any(|pair| pair.name() == label && wanted(pair.value()))
    };
    all.filter(fits).map(|metric| metric.get_counter().get_value() as u64).sum()
}

impl Counts {
    /// Lets `registry` show them.
    pub fn show(&self, registry: &Registry) -> prometheus::Result<()> {
        for counter in [&self.updates, &self.verdicts, &self.ratings, &self.calls, &self.ended, &self.loads] {
            registry.register(Box::new(counter.clone()))?;
        }
        for histogram in [&self.confidence, &self.answer, &self.call] {
            registry.register(Box::new(histogram.clone()))?;
        }
        registry.register(Box::new(self.unkept.clone()))
    }

    /// An update came in that had not come before; gives its kind.
    pub fn came(&self, raw: &str) -> &'static str {
        let kind = kind(raw);
        self.updates.with_label_values(&[kind]).inc();
        kind
    }

    /// An inline query came in.
    pub fn queried(&self) {
        self.updates.with_label_values(&[inline::KIND]).inc();
    }

    /// A voter's message or press came to that.
    pub fn decided(&self, given: Given) {
        self.verdicts.with_label_values(&[given.verdict]).inc();
        given.sure.iter().for_each(|sure| self.confidence.observe(f64::from(*sure) / 1000.0));
    }

    /// That happened so many times.
    pub fn tallied(&self, tally: &Tally, times: i64) {
        let helped = match tally {
            Tally::Helped => "yes",
            Tally::NotHelped(_) => "no",
            _ => return,
        };
        self.ratings.with_label_values(&[helped]).inc_by(times.unsigned_abs());
    }

    /// Telegram took the first message that goes back, so long after the update came in.
    pub fn answered(&self, after: Duration) {
        self.answer.observe(after.as_secs_f64());
    }

    /// A call was made, and took so long.
    pub(super) fn called<T>(&self, method: &str, answer: &Result<T, CallError>, took: Duration) {
        let method = METHODS.into_iter().find(|own| *own == method).unwrap_or(OTHER);
        let result = match answer {
            Ok(_) => OK,
            Err(CallError::TooMany(_)) => TOO_MANY,
            Err(CallError::Refused { .. }) => REFUSED,
            Err(CallError::Fault(_)) => FAULT,
        };
        self.calls.with_label_values(&[method, result]).inc();
        if method != FETCH {
            self.call.observe(took.as_secs_f64());
        }
    }

    /// A call of the outbox came to that end.
    pub fn ended(&self, end: &End) {
        let end = match end {
            End::Sent(_) | End::Copied(..) => ENDS[0],
            End::Blocked(_) => ENDS[1],
            End::Failed(_) => ENDS[2],
            End::Dropped => ENDS[3],
        };
        self.ended.with_label_values(&[end]).inc();
    }

    /// The FAQ was loaded.
    pub fn loaded(&self, good: bool) {
        self.loads.with_label_values(&[if good { "good" } else { "faulty" }]).inc();
    }

    /// The counters by name, in the order of the log's line.
    pub fn all(&self) -> [(&'static str, u64); 8] {
        let verdicts = |own: &[&str]| sum(&self.verdicts, "verdict", |verdict| own.contains(&verdict));
        let ends = |own: &str| sum(&self.ended, "end", |end| end == own);
        [
            ("updates", sum(&self.updates, "kind", |kind| kind != inline::KIND)),
            ("unkept", self.unkept.get()),
            ("answered", verdicts(&[ANSWER, CHOICE])),
            ("offered", verdicts(&[SUGGEST])),
            ("forwarded", verdicts(&[FORWARD])),
            ("sent", ends(ENDS[0])),
            ("failed", ends(ENDS[1]) + ends(ENDS[2])),
            ("too_many", sum(&self.calls, "result", |result| result == TOO_MANY)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_counts_by_its_kind_and_no_other_label_comes_in() {
        let counts = Counts::default();
        assert_eq!(counts.came(r#"{"update_id":1,"message":{"text":"rahasia"}}"#), "message");
        assert_eq!(counts.came(r#"{"update_id":2,"callback_query":{},"message":null}"#), "callback_query");
        for odd in [r#"{"update_id":3,"rahasia":{}}"#, "rahasia", "[]"] {
            assert_eq!(counts.came(odd), OTHER);
        }
        counts.called("rahasia", &Ok(()), Duration::ZERO);
        counts.called("sendMessage", &Err::<(), _>(CallError::TooMany(Duration::ZERO)), Duration::ZERO);
        let registry = Registry::new();
        counts.show(&registry).expect("no name twice");
        let text = prometheus::TextEncoder::new().encode_to_string(&registry.gather()).expect("text");
        assert!(!text.contains("rahasia"), "{text}");
        let all = counts.all();
        assert_eq!((all[0], all[7]), (("updates", 5), ("too_many", 1)));
    }

    #[test]
    fn the_helpful_share_can_be_told() {
        let counts = Counts::default();
        counts.tallied(&Tally::Helped, 3);
        counts.tallied(&Tally::NotHelped("uji-jam".to_owned()), 1);
        counts.tallied(&Tally::Asked, 9);
        assert_eq!((sum(&counts.ratings, "helped", |h| h == "yes"), sum(&counts.ratings, "helped", |_| true)), (3, 4));
    }
}
