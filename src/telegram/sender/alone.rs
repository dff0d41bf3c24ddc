//! One call after another, so that a rehearsal runs the same each time.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::Sender;
use crate::telegram::limit::Limits;
use crate::telegram::shared::Shared;

/// A sender that makes a call only when told to.
#[derive(Debug)]
pub(in crate::telegram) struct Alone {
    sender: Sender,
    go_on: watch::Receiver<bool>,
    _stop: watch::Sender<bool>,
}

/// What came of telling it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// A call was made.
    Call,
    /// None could be made before this time, in milliseconds by the clock that can't go back.
    NotBefore(i64),
}

impl Alone {
    /// A sender that has just been started.
    pub(in crate::telegram) async fn start(shared: Arc<Shared>, limits: Limits) -> Self {
        let (stop, go_on) = watch::channel(false);
        let mut sender = Sender::new(shared, limits);
        sender.at_once = 1;
        sender.recall().await;
        Self { sender, go_on, _stop: stop }
    }

    /// Makes the next call that may be made now. What became of it is written down only if `recorded`: a sender that was
    /// killed before is not to be used any more.
    pub(in crate::telegram) async fn make(&mut self, recorded: bool) -> Made {
        self.sender.load().await;
        self.sender.look_at_trouble().await;
        let (done_in, mut done_out) = mpsc::channel(1);
        let next = self.sender.serve(&done_in);
        if self.sender.under_way == 0 {
            return Made::NotBefore(next);
        }
        let done = done_out.recv().await;
        if recorded {
            self.sender.finish(done.into_iter().collect(), &self.go_on).await;
        }
        Made::Call
    }
}
