//! What is not set yet: a name that an election may have, but has not, or not yet.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, Value};
use minijinja::{Error, ErrorKind};

use crate::faq::election::Election;

/// Stands where a stage, a candidate, a list or a figure is not set. Filters that are given words to say instead say
/// these; anything else is refused.
#[derive(Debug, Clone)]
pub(super) struct Unset {
    /// As it was asked for: "pemilu.kampanye".
    name: String,
    /// The file in which it would stand.
    file: String,
    /// Whether it stands there, and is known from a later day: then it has not happened either.
    pub(super) comes: bool,
}

impl Unset {
    pub(super) fn new(asked_as: &str, key: &str, election: &Election) -> Self {
        Self { name: format!("{asked_as}.{key}"), file: election.file(), comes: election.stage(key).is_some() }
    }

    /// A part of it.
    pub(super) fn of(&self, item: &str, key: &str) -> Self {
        Self { name: format!("{}.{item}.{key}", self.name), file: self.file.clone(), comes: false }
    }

    /// That it stands in an answer without words to say instead.
    pub(super) fn refuse(&self) -> Error {
        Error::new(ErrorKind::InvalidOperation, format!("`{}` belum ditetapkan di {}", self.name, self.file))
            .with_source(Missing)
    }
}

impl Object for Unset {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        Some(Value::from_object(Self { name: format!("{}.{key}", self.name), file: self.file.clone(), comes: false }))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("belum ditetapkan")
    }
}

/// The cause of an error: something that an election's file would have to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Missing;

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not set")
    }
}

impl std::error::Error for Missing {}

/// What `value` stands for, if it is not set.
pub(super) fn unset(value: &Value) -> Option<&Unset> {
    value.downcast_object_ref::<Unset>()
}

/// `said`, which is what a filter says; where that hangs on something not set, the words to say instead.
pub(super) fn or_instead(said: Result<String, Error>, instead: Option<String>) -> Result<String, Error> {
    match (said, instead) {
        (Err(error), Some(instead)) if is_missing(&error) => Ok(instead),
        (said, _) => said,
    }
}

/// Whether an error says that something is not set.
pub(super) fn is_missing(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<Missing>)
}
