//! Floor 6: Telegram. The wires on both sides of the desk; teloxide gives the types, the rest is small and our own.
//!
//! A question's way through, file by file:
//!
//! 1. [`intake`]: long polling; [`webhook`]: the route that Telegram calls. Both write raw updates to the inbox before
//!    they acknowledge them.
//! 2. [`parse`]: a raw update to an event of the desk.
//! 3. [`worker`]: takes updates and what is due, asks the desk, and writes its effects, all in one transaction.
//! 4. [`render`]: effects to Bot API calls; [`html`]: words to Telegram's HTML.
//! 5. [`sender`]: makes the calls within Telegram's limits ([`limit`]) and writes down what became of each.
//!
//! [`shared`] is what all of them share, [`clock`] tells spans from times of day, [`api`] is the client, [`button`] what buttons carry, `reload` how a FAQ is loaded anew, [`service`] all of it
//! together.

pub mod api;
pub mod button;
pub mod clock;
pub mod html;
pub mod intake;
pub mod limit;
pub mod parse;
mod reload;
pub mod render;
pub mod sender;
pub mod service;
pub mod shared;
pub mod webhook;
pub mod worker;
