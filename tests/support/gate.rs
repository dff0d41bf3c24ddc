//! A gate on the way to a server: open, silent (nothing passes, nothing is said), or shut (connections are refused).

#![allow(dead_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const OPEN: u8 = 0;
const SILENT: u8 = 1;
const SHUT: u8 = 2;

/// A gate; it stands as long as the test's runtime.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Its own port on 127.0.0.1.
    pub port: u16,
    state: Arc<AtomicU8>,
    passed: Arc<AtomicUsize>,
}

impl Gate {
    /// A gate before `server` (host and port).
    pub async fn before(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (state, passed) = (Arc::new(AtomicU8::new(OPEN)), Arc::new(AtomicUsize::new(0)));
        let (at, count) = (Arc::clone(&state), Arc::clone(&passed));
        tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                if at.load(Ordering::Relaxed) == SHUT {
                    continue;
                }
                count.fetch_add(1, Ordering::Relaxed);
                let Ok(far) = TcpStream::connect(&server).await else { continue };
                let ((client_in, client_out), (far_in, far_out)) = (client.into_split(), far.into_split());
                tokio::spawn(pass(client_in, far_out, Arc::clone(&at)));
                tokio::spawn(pass(far_in, client_out, Arc::clone(&at)));
            }
        });
        Self { port, state, passed }
    }

    /// Lets everything pass.
    pub fn open(&self) {
        self.state.store(OPEN, Ordering::Relaxed);
    }

    /// Nothing passes any more, and nobody is told.
    pub fn silence(&self) {
        self.state.store(SILENT, Ordering::Relaxed);
    }

    /// Cuts all connections and lets no new one in.
    pub fn shut(&self) {
        self.state.store(SHUT, Ordering::Relaxed);
    }

    /// How many connections came so far.
    pub fn passed(&self) -> usize {
        self.passed.load(Ordering::Relaxed)
    }
}

async fn pass(mut from: tokio::net::tcp::OwnedReadHalf, mut to: tokio::net::tcp::OwnedWriteHalf, state: Arc<AtomicU8>) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut bytes) => read,
            () = until(&state, SHUT) => return,
        };
        let Some(count) = read.ok().filter(|count| *count > 0) else { return };
        while state.load(Ordering::Relaxed) == SILENT {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

async fn until(state: &AtomicU8, wanted: u8) {
    while state.load(Ordering::Relaxed) != wanted {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
