//! What the log's lines of one update share: a span that names it. An error's span, so that no filter hides it from a line that
//! is shown.

use tracing::Span;

/// The span of what is done for an update, by Telegram's number of it.
pub(super) fn of_update(update: i64) -> Span {
    tracing::error_span!("update", update)
}

/// The span of a call of the outbox, by its number there, and of the update that it came of, if of one.
pub(super) fn of_call(call: i64, update: Option<i64>) -> Span {
    tracing::error_span!("call", call, update)
}
