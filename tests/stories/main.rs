//! What voters, moderators and operators live through: the real program, real HTTP against a small Telegram, on both
//! databases. One test program, as all of them need the same stage: it is built once.

#[macro_use]
#[path = "../support/bot.rs"]
mod bot;
#[path = "../common/mod.rs"]
mod common;
#[path = "../support/copied.rs"]
mod copied;
#[path = "../support/faults.rs"]
mod faults;
#[path = "../support/gate.rs"]
mod gate;
#[path = "../support/small_faq.rs"]
mod small_faq;
#[path = "../support/telegram/mod.rs"]
mod telegram;

mod channel;
mod claim;
mod context;
mod crowd;
mod doctor;
mod fake_telegram;
mod grouping;
mod kill;
mod learning;
mod menu;
mod moderator;
mod more;
mod ops;
mod outage;
mod queue;
mod race;
mod ready;
mod recall;
mod recognition;
mod refusal;
mod rehearse;
mod reuse;
mod schedule;
mod sender;
mod service;
mod start;
mod topic;
mod transfer;
mod voter;
mod watch;
