//! Pictures as what stands in them: words and their order. How they look is the drawer's.
//!
//! A picture is written down whole with the message that carries it, so that it can be drawn whenever that is sent; the
//! same words are always told as text too.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::faq::election::Phase;

/// What stands in a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// Stages of elections along time.
    Timeline(Vec<Part>),
    /// The ballots of an election.
    Ballots {
        /// What it shows.
        title: String,
        /// In the order of the file.
        ballots: Vec<Ballot>,
    },
    /// How much was asked on each day, and how much of it was answered at once.
    Columns {
        /// What it shows.
        title: String,
        /// What the whole of a column is.
        asked: String,
        /// What its full part is.
        answered: String,
        /// From early to late.
        columns: Vec<Column>,
    },
}

/// A day, or several, in a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The first day of it: "24/11".
    pub day: String,
    /// How much was asked.
    pub asked: u64,
    /// How much of it was answered at once.
    pub answered: u64,
    /// How much was asked, as it is written.
    pub number: String,
    /// The share that was answered, as it is written.
    pub share: String,
}

/// One election's part of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its heading.
    pub title: String,
    /// From early to late.
    pub lines: Vec<Line>,
}

/// A line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// A stage.
    Stage {
        /// Its name.
        name: String,
        /// Its days, and its hours if it has some; empty if they are not told.
        days: String,
        /// In words where it lies: "selesai", "tiga hari lagi".
        when: String,
        /// Where it lies.
        state: State,
    },
    /// Today.
    Today(String),
    /// Words of another kind: that something is not set, or was left out.
    Note(String),
}

/// A stage's days and where it lies: "11 sampai 13 Februari 2024 (selesai)".
pub fn dated(days: &str, when: &str) -> String {
    if days.is_empty() { when.to_owned() } else { format!("{days} ({when})") }
}

/// Where a stage lies with regard to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is over.
    Past,
    /// It runs.
    Now,
    /// It is to come.
    Coming,
}

impl From<Phase> for State {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Before => Self::Coming,
            Phase::During => Self::Now,
            Phase::After => Self::Past,
        }
    }
}

/// A ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// Its colour, in words.
    pub colour: String,
    /// Whom it elects.
    pub election: String,
}

/// Whoever draws pictures.
pub trait Draw: std::fmt::Debug + Send + Sync {
    /// A name for how `picture` looks: the same for the same look, another for any other.
    fn name(&self, picture: &Picture) -> String;

    /// The picture as PNG, or why there is none. Takes a while: not to be called where others wait.
    fn png(&self, picture: &Picture) -> Result<Arc<[u8]>, String>;
}

/// Draws nothing: what there is to tell goes as words.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPictures;

impl Draw for NoPictures {
    fn name(&self, _: &Picture) -> String {
        String::new()
    }

    fn png(&self, _: &Picture) -> Result<Arc<[u8]>, String> {
        Err("there is nobody to draw".to_owned())
    }
}
