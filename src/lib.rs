//! Tanya Pemilu answers voters' questions from a reviewed FAQ and passes on what it does not know to a person.
//!
//! A question comes in from a surface. The desk looks at it with the matcher and the FAQ and decides: answer, suggest,
//! small talk, or forward to the moderators. A moderator's reply takes the same road back.
//!
//! The house, from the ground up; a file imports only from floors below its own:
//!
//! 1. [`text`]: words, chat spelling, stems, typing errors, masking.
//! 2. [`faq`]: the files in `faq/`, checked as a whole; answers as templates over dates.
//! 3. [`matcher`]: an index of one FAQ; a question to ranked entries, a confidence, a verdict.
//! 4. [`desk`]: the rules, pure: (event, what is known, now) to effects.
//! 5. [`store`]: updates, calls to make, voters and tickets, on disk.
//! 6. [`telegram`]: the wire to Telegram. [`terminal`]: a conversation in the terminal. [`picture`]: what is drawn.
//! 7. [`cli`]: the commands.

pub mod text;

pub mod faq;

pub mod matcher;

pub mod desk;

pub mod store;

pub mod telegram;

pub mod terminal;

pub mod picture;

pub mod cli;
