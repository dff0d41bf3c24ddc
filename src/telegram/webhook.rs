//! The route that Telegram calls, and two for whoever watches over the program. An update is in the inbox before it is
//! acknowledged.

use std::sync::Arc;
use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::parse::envelope;
use super::shared::{Shared, now};

/// The largest update, in bytes; Telegram's are far smaller.
const LARGEST: usize = 1 << 20;
/// What is read of a larger one, in bytes, so that its sender hears the answer before the connection ends.
const READ: usize = 8 * LARGEST;
/// Where Telegram puts the secret (<https://core.telegram.org/bots/api#setwebhook>).
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// What the routes need. The parts that need Telegram or the database come later than the listener.
#[derive(Debug, Clone)]
pub struct Door {
    shared: Arc<OnceLock<Arc<Shared>>>,
    secret: Option<SecretString>,
}

impl Door {
    /// A door; with a secret if updates come through it.
    pub fn new(secret: Option<SecretString>) -> Self {
        Self { shared: Arc::default(), secret }
    }

    /// All is ready.
    pub fn open(&self, shared: Arc<Shared>) {
        // It is opened once.
        let _ = self.shared.set(shared);
    }

    /// The routes: `/healthz`, `/readyz`, and `path` for updates.
    pub fn router(self, path: Option<&str>) -> Router {
        let mut router = Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready));
        if let Some(path) = path {
            router = router.route(path, post(update));
        }
        router.with_state(self)
    }
}

/// Ready: Telegram was reached, and the database answers.
async fn ready(State(door): State<Door>) -> (StatusCode, &'static str) {
    match door.shared.get() {
        Some(shared) if shared.store.is_ready().await => (StatusCode::OK, "ready\n"),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
        None => (StatusCode::SERVICE_UNAVAILABLE, "starting\n"),
    }
}

async fn update(State(door): State<Door>, request: Request<Body>) -> StatusCode {
    let given = request.headers().get(SECRET_HEADER).map(|value| value.as_bytes().to_vec()).unwrap_or_default();
    let known = door.secret.as_ref().is_some_and(|secret| {
        // In constant time: how long it takes tells nothing of the secret.
        bool::from(secret.expose_secret().as_bytes().ct_eq(&given))
    });
    if !known {
        return StatusCode::UNAUTHORIZED;
    }
    let Some(shared) = door.shared.get() else { return StatusCode::SERVICE_UNAVAILABLE };
    let Some(body) = to_bytes(request.into_body(), READ).await.ok().filter(|body| body.len() <= LARGEST) else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let Some(received) = std::str::from_utf8(&body).ok().and_then(envelope) else {
        return StatusCode::BAD_REQUEST;
    };
    match shared.store.receive(&[received], now().timestamp_millis()).await {
        Ok(_) => {
            shared.inbox.notify_one();
            StatusCode::OK
        }
        Err(error) => {
            tracing::error!(%error, "the inbox could not be written; Telegram will send it again");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}
