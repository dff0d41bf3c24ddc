//! Floor 6: Telegram. The wires on both sides of the desk; teloxide gives the types, the rest is small and our own.
//!
//! A question's way through, file by file:
//!
//! 1. [`intake`]: long polling; [`webhook`]: the route that Telegram calls. Both write raw updates to the inbox before
//!    they acknowledge them.
//! 2. [`read`]: a raw update as far as it can be read; [`parse`]: what it means.
//! 3. [`worker`]: takes updates and what is due, in one transaction: [`moderation`] tells who may moderate, [`known`]
//!    what is known (`public`: of the channel), [`carry`] asks the desk and writes its effects. [`press`]: presses are answered at once.
//! 4. [`render`]: effects to Bot API calls; [`html`]: words to Telegram's HTML;
//!    [`attach`]: what goes as a file, [`calendar`]: days as one.
//! 5. [`sender`]: makes the calls within Telegram's limits ([`limit`]) and writes down what became of each.
//!
//! [`service`]: all of it together, begun by `start` (with `moderator_chat`, `public_channel` and `address`, which Telegram is asked for),
//! looked after once a minute by `pulse`. [`listener`]: who may connect to the routes, and how long. [`health`]: what is
//! gone and what is back; [`ready`]: what `/readyz` says; [`count`]: what was done; `admin`: all of that for who
//! watches the bot; `trace`: what the log's lines of one update share. `reload`: a FAQ loaded anew.
//! `topic`: topics of the moderators' forum.
//! [`doctor`]: what an operator is told of the bot's place in Telegram.
//! [`rehearsal`]: the same parts, one step after another.
//! [`shared`] is what all of them share, [`clock`] tells spans from times of day, [`api`] is the client, [`button`] what
//! buttons carry.

mod address;
mod admin;
pub mod api;
pub mod attach;
pub mod button;
pub mod calendar;
pub mod carry;
pub mod clock;
pub mod count;
pub mod doctor;
pub mod health;
pub mod html;
mod inline;
pub mod intake;
pub mod known;
pub mod limit;
pub mod listener;
pub mod moderation;
mod moderator_chat;
pub mod parse;
pub mod press;
pub mod public;
mod public_channel;
mod pulse;
pub mod read;
pub mod ready;
pub mod rehearsal;
mod reload;
pub mod render;
pub mod sender;
pub mod service;
mod share;
pub mod shared;
mod start;
mod topic;
mod trace;
pub mod webhook;
pub mod worker;
