//! Floor 6: the terminal. A conversation in which one person is voter and moderator at once.
//!
//! [`render`] turns effects into lines; [`memory`] carries them out in memory; [`chat`] reads lines and feeds the desk.

pub mod chat;
pub mod memory;
pub mod render;
