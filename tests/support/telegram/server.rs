//! The HTTP side: `POST /bot<token>/<Method>` in JSON, form or multipart, with faults and limits on the way.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, FromRequest, Multipart, Query, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::Refusal;
use super::limit::{Fault, When};
use super::world::{Call, Outcome, Shared};
use super::{method, schema, update};

/// Serves until the task is ended.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let app = Router::new().fallback(move |ConnectInfo(cut): ConnectInfo<Cut>, request: Request| {
        let shared = shared.clone();
        async move { answer(&shared, &cut, request).await }
    });
    let service = app.into_make_service_with_connect_info::<Cut>();
    if let Err(fault) = axum::serve(Cuttable(listener), service).await {
        panic!("the small Telegram stopped serving: {fault}");
    }
}

/// Cuts the connection that a call came on, so that its answer is never seen.
#[derive(Debug, Clone, Default)]
struct Cut(Arc<AtomicBool>);

impl Cut {
    fn now(&self) -> Response {
        self.0.store(true, Ordering::Relaxed);
        Response::new(Body::empty())
    }
}

struct Cuttable(TcpListener);

impl Listener for Cuttable {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, from)) => {
                    // Many small answers: waiting to fill a packet would only add noise to what is measured.
                    let _ = stream.set_nodelay(true);
                    return (Line { stream, cut: Cut::default() }, from);
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Cuttable>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Cuttable>) -> Self {
        stream.io().cut.clone()
    }
}

struct Line {
    stream: TcpStream,
    cut: Cut,
}

impl Line {
    fn whole(&self) -> io::Result<()> {
        if self.cut.0.load(Ordering::Relaxed) { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_write(cx, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Keeps the log true when the bot goes away while its call is open.
struct Open<'a> {
    shared: &'a Shared,
    index: usize,
}

impl Open<'_> {
    fn end(&self, outcome: Outcome) {
        self.shared.change(|world| {
            let call = &mut world.calls[self.index];
            call.outcome = outcome;
            call.answered = Some(Instant::now());
        });
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let open = self.shared.look(|world| world.calls[self.index].outcome == Outcome::InFlight);
        if open {
            self.end(Outcome::Abandoned);
        }
    }
}

async fn answer(shared: &Shared, cut: &Cut, request: Request) -> Response {
    let path = request.uri().path().trim_matches('/').to_owned();
    let (place, name) = path.rsplit_once('/').unwrap_or((&path, ""));
    let token = place.rsplit('/').next().and_then(|p| p.strip_prefix("bot"));
    let Some(token) = token else { return said(404, &Refusal::new(404, "Not Found").to_json()) };
    if token != shared.token || shared.look(|world| world.traffic.revoked) {
        return said(401, &Refusal::new(401, "Unauthorized").to_json());
    }
    let method = name.to_lowercase();
    let mut uploads = Vec::new();
    let (params, unread) = match params(request, &mut uploads).await {
        Ok(params) => (params, None),
        Err(why) => (Map::new(), Some(why)),
    };
    shared.look_mut(|world| world.uploads.extend(uploads));
    let index = shared.change(|world| {
        let (at, params) = (Instant::now(), params.clone());
        world.calls.push(Call { method: method.clone(), params, at, answered: None, outcome: Outcome::InFlight });
        world.calls.len() - 1
    });
    let open = Open { shared, index };
    let fault = shared.look_mut(|world| world.traffic.fault(&method));
    if let Some(time) = shared.look_mut(|world| world.rules.wait(&method, &params)) {
        tokio::time::sleep(time).await;
    }
    if let Some((fault, When::Before)) = fault {
        return spoil(&open, cut, fault, false).await;
    }
    if let Some(text) = shared.look(|world| world.traffic.scripted.get(&method).cloned()) {
        open.end(Outcome::Done(Value::Null));
        return Response::new(Body::from(text));
    }
    let result = match unread {
        Some(why) => Err(Refusal::fault(&format!("Bad Request: {why}"))),
        None => checked(shared, &method, &params).await,
    };
    // A 429 always gets through: one that the bot never heard of is none that it could heed.
    let too_many = matches!(&result, Err(refusal) if refusal.code == 429);
    if let Some((fault, When::After)) = fault.filter(|_| !too_many) {
        let took_effect = result.is_ok();
        return spoil(&open, cut, fault, took_effect).await;
    }
    match result {
        Ok(result) => {
            open.end(Outcome::Done(result.clone()));
            said(200, &json!({"ok": true, "result": result}))
        }
        Err(refusal) => {
            open.end(Outcome::Refused(refusal.code, refusal.description.clone()));
            said(refusal.code, &refusal.to_json())
        }
    }
}

/// Holds a call against the rules and the limits, and carries it out.
async fn checked(shared: &Shared, method: &str, params: &Map<String, Value>) -> Result<Value, Refusal> {
    if !schema::knows(method) {
        let refusal = Refusal::fault("Not Found: method not found").code(404);
        shared.change(|world| world.violations.push(format!("{method}: no such method in this Telegram")));
        return Err(refusal);
    }
    let checked = schema::check(method, params);
    if method == "getupdates" && checked.refused.is_none() {
        shared.change(|world| world.violations.extend(checked.faults.iter().map(|f| format!("{method}: {f}"))));
        return update::get_updates(shared, &checked.params).await;
    }
    shared.change(|world| {
        let mut faults = checked.faults;
        let result = match checked.refused {
            Some(why) => Err(Refusal::fault(&format!("Bad Request: {why}"))),
            None => admitted(world, method, &checked.params, &mut faults),
        };
        if let Err(refusal) = &result
            && refusal.fault
        {
            faults.push(refusal.description.clone());
        }
        let chat = params.get("chat_id").map(|c| format!(" to {c}")).unwrap_or_default();
        world.violations.extend(faults.into_iter().map(|f| format!("{method}{chat}: {f}")));
        result
    })
}

fn admitted(
    world: &mut super::world::World,
    method: &str,
    params: &Map<String, Value>,
    faults: &mut Vec<String>,
) -> Result<Value, Refusal> {
    if method::is_limited(method) {
        world.rules.refuse(method, params)?;
        let chat = super::rules::chat_id(params, "chat_id")?;
        let group = world.chats.get(&chat).is_some_and(|c| c.group.is_some());
        world.traffic.admit(chat, group, Instant::now()).map_err(Refusal::too_many)?;
    }
    method::carry_out(world, method, params, faults)
}

async fn spoil(open: &Open<'_>, cut: &Cut, fault: Fault, took_effect: bool) -> Response {
    open.end(Outcome::Spoilt { fault, took_effect });
    match fault {
        Fault::Drop => cut.now(),
        Fault::Hang(time) => {
            tokio::time::sleep(time).await;
            cut.now()
        }
        // What stands before the Bot API's server when it is down.
        Fault::Status(502) => {
            let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
            let mut response = Response::new(Body::from(page));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }
        Fault::Status(code) => said(code, &Refusal::new(code, "Internal Server Error").to_json()),
    }
}

fn said(code: u16, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}

/// The parameters of a call, from the query and from a body in any of the forms that the Bot API takes.
async fn params(request: Request, uploads: &mut Vec<(String, Vec<u8>)>) -> Result<Map<String, Value>, String> {
    let mut out = Map::new();
    if let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()) {
        out.extend(pairs.into_iter().map(|(name, value)| (name, Value::String(value))));
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    if kind.starts_with("multipart/form-data") {
        out.extend(multipart(request, uploads).await?);
        return Ok(out);
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        let pairs = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await.map_err(|e| e.to_string())?;
        out.extend(pairs.0.into_iter().map(|(name, value)| (name, Value::String(value))));
        return Ok(out);
    }
    let body = Bytes::from_request(request, &()).await.map_err(|e| e.to_string())?;
    if !body.is_empty() {
        match serde_json::from_slice(&body) {
            Ok(Value::Object(object)) => out.extend(object),
            _ => return Err("can't parse JSON object".to_owned()),
        }
    }
    Ok(out)
}

/// A file becomes `upload:<name>` in the parameter that it is for; what stands in it goes to `uploads`.
async fn multipart(request: Request, uploads: &mut Vec<(String, Vec<u8>)>) -> Result<Map<String, Value>, String> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|e| e.to_string())?;
    let (mut out, mut files) = (Map::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|e| e.to_string())? {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(file) = field.file_name().map(str::to_owned) {
            let bytes = field.bytes().await.map_err(|e| e.to_string())?;
            uploads.push((file.clone(), bytes.to_vec()));
            files.push((name, file));
        } else {
            out.insert(name, Value::String(field.text().await.map_err(|e| e.to_string())?));
        }
    }
    for (part, file) in files {
        let reference = Value::String(format!("attach://{part}"));
        let for_it = out.iter().find(|(_, v)| **v == reference).map(|(name, _)| name.clone());
        out.insert(for_it.unwrap_or(part), Value::String(format!("upload:{file}")));
    }
    Ok(out)
}
