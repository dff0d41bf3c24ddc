//! The route that Telegram calls, and two for whoever watches over the program. An update is in the inbox before it is
//! acknowledged.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::post;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::inline;
use super::intake::write;
use super::read::envelope;
use super::shared::Shared;

/// The largest update, in bytes; Telegram's are far smaller.
const LARGEST: usize = 1 << 20;
/// What is read of a larger one, in bytes, so that its sender hears the answer before the connection ends.
const READ: usize = 8 * LARGEST;
/// How long an update may take to come in whole.
const BODY_TIME: Duration = Duration::from_secs(10);
/// Where Telegram puts the secret (<https://core.telegram.org/bots/api#setwebhook>).
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// What the routes need.
#[derive(Debug, Clone)]
pub struct Door {
    shared: Arc<Shared>,
    secret: Option<SecretString>,
}

impl Door {
    /// A door; with a secret if updates come through it.
    pub fn new(shared: Arc<Shared>, secret: Option<SecretString>) -> Self {
        Self { shared, secret }
    }

    /// The route for updates.
    pub fn router(self, path: &str) -> Router {
        Router::new().route(path, post(update)).with_state(self)
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
    let Ok(read) = tokio::time::timeout(BODY_TIME, to_bytes(request.into_body(), READ)).await else {
        return StatusCode::REQUEST_TIMEOUT;
    };
    let Some(body) = read.ok().filter(|body| body.len() <= LARGEST) else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    // What is no UTF-8 in it spoils no more than itself.
    let body = String::from_utf8_lossy(&body);
    if let Some(query) = inline::read(&body) {
        inline::answer(&door.shared, query);
        return StatusCode::OK;
    }
    let Some(received) = envelope(&body) else {
        door.shared.health.counts.unkept.inc();
        tracing::error!(bytes = body.len(), "something without an update's number came; it can't be kept");
        return StatusCode::BAD_REQUEST;
    };
    match write(&door.shared, &[received]).await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
