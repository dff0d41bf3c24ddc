//! Who may connect to the routes, and how long. Connections cost files, and files are what the database and Telegram's
//! calls need: there are few, none is kept for who says nothing, and who comes newly never waits for who idles.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use hyper::server::conn::http1::Builder;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, Id, JoinSet};

/// How many connections there are at once. A process has 1,024 files as a rule, of which the calls to Telegram may take
/// as many.
pub const MOST: usize = 256;
/// How long the head of a request may take, from the first look for it: so long may a connection idle.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How large the head of a request may be, in bytes.
const HEAD_SIZE: usize = 16 * 1024;
/// How long a request may take, its body and what is done for it included.
const REQUEST_TIME: Duration = Duration::from_secs(20);
/// How long a connection may be without a request, whatever keeps it: one who reads no answer, say.
const IDLE_TIME: Duration = Duration::from_secs(30);
/// How often idle connections are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long requests under way are waited for at the end.
const LAST_WAIT: Duration = Duration::from_secs(5);
/// The pause after no connection could be taken: as a rule the files are exhausted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Since when a connection has no request under way: milliseconds since the listener began, or [`BUSY`].
type IdleSince = Arc<AtomicU64>;
const BUSY: u64 = u64::MAX;

/// An open connection, from outside.
struct Open {
    idle: IdleSince,
    handle: AbortHandle,
}

/// Serves `router` at `listener` until told to stop; requests under way are finished then, all else is cut.
pub async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    let mut open: HashMap<Id, Open> = HashMap::new();
    let mut failing = false;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    failing = false;
                    make_room(&mut open, &mut tasks).await;
                    let idle = Arc::new(AtomicU64::new(millis(begun)));
                    let task = connection(stream, router.clone(), Arc::clone(&idle), begun, stop.clone());
                    let handle = tasks.spawn(task);
                    open.insert(handle.id(), Open { idle, handle });
                }
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        tracing::error!(%error, "no connection can be taken; trying again");
                    }
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(ended) = tasks.join_next_with_id() => forget(&mut open, ended),
            () = tokio::time::sleep(LOOK) => cut_idle(&open, begun),
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    // Who has no request under way is not waited for: hyper would wait for a first one.
    open.values().filter(|open| open.idle.load(Ordering::Relaxed) != BUSY).for_each(|open| open.handle.abort());
    let all = async { while tasks.join_next().await.is_some() {} };
    // What has not ended by then is cut when the set is dropped.
    let _ = tokio::time::timeout(LAST_WAIT, all).await;
}

fn millis(begun: Instant) -> u64 {
    begun.elapsed().as_millis() as u64
}

fn forget<T>(open: &mut HashMap<Id, Open>, ended: Result<(Id, T), tokio::task::JoinError>) {
    open.remove(&ended.map_or_else(|error| error.id(), |(id, _)| id));
}

/// Makes room for one more connection: the one that has been idle longest goes. While all have requests under way the
/// new one waits.
async fn make_room(open: &mut HashMap<Id, Open>, tasks: &mut JoinSet<()>) {
    while let Some(ended) = tasks.try_join_next_with_id() {
        forget(open, ended);
    }
    while open.len() >= MOST {
        let since = |open: &Open| open.idle.load(Ordering::Relaxed);
        if let Some(longest) = open.values().min_by_key(|open| since(open)).filter(|open| since(open) != BUSY) {
            longest.handle.abort();
        }
        // A connection that becomes idle does not end by itself: look again soon.
        if let Ok(Some(ended)) = tokio::time::timeout(LOOK / 10, tasks.join_next_with_id()).await {
            forget(open, ended);
        }
    }
}

fn cut_idle(open: &HashMap<Id, Open>, begun: Instant) {
    let before = millis(begun).saturating_sub(IDLE_TIME.as_millis() as u64);
    open.values().filter(|open| open.idle.load(Ordering::Relaxed) < before).for_each(|open| open.handle.abort());
}

/// Marks a connection as idle again, however its request ended.
struct UnderWay {
    idle: IdleSince,
    begun: Instant,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.idle.store(millis(self.begun), Ordering::Relaxed);
    }
}

async fn connection(
    stream: TcpStream,
    router: Router,
    idle: IdleSince,
    begun: Instant,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are small; one must not wait for a packet to fill.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        idle.store(BUSY, Ordering::Relaxed);
        let under_way = UnderWay { idle: Arc::clone(&idle), begun };
        let answer = router.call(request);
        async move {
            let answered = tokio::time::timeout(REQUEST_TIME, answer).await;
            drop(under_way);
            Ok::<_, Infallible>(match answered {
                Ok(Ok(response)) => response,
                Err(_) => {
                    let mut response = Response::new(Body::empty());
                    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                    response
                }
            })
        }
    });
    let served = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_header_size(HEAD_SIZE)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(served);
    // How a connection ends is its other side's affair.
    tokio::select! {
        _ = served.as_mut() => {}
        _ = stop.changed() => {
            served.as_mut().graceful_shutdown();
            let _ = served.await;
        }
    }
}
