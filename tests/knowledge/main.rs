//! What maintainers write and what the program makes of it: files and their faults, answers over time, verdicts, commands.
//! One test program, so that what all of them need is built once.

#[path = "../common/mod.rs"]
mod common;
#[path = "../support/copied.rs"]
mod copied;
#[path = "../support/program.rs"]
mod program;
#[path = "../support/telegram/sample.rs"]
mod sample;
#[path = "../support/small_faq.rs"]
mod small_faq;

mod against;
mod agree;
mod asn_check;
mod cause;
mod chat;
mod claim_floors;
mod cli;
mod collision;
mod document;
mod faq;
mod fault;
mod floors;
mod fuzz;
mod known;
mod next_election;
mod pair_floors;
mod picture;
mod plausible;
mod reading;
mod slip;
mod steady;
mod threats;
mod tools;
mod tutorial;
