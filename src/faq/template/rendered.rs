//! What expressions said while a FAQ is loaded. Every answer is rendered on each day on which it may change, to be reviewed
//! and then to be read for what it speaks of, and many answers have the same expressions in them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDateTime;
use rustc_hash::FxHashMap;

use crate::text::language::Language;

/// By moment and language, then by expression.
type ByMoment = HashMap<(NaiveDateTime, Language), FxHashMap<String, String>>;

/// What expressions said; none once it was let go of, for voters ask at each minute of the day.
#[derive(Debug)]
pub(super) struct Rendered(Mutex<Option<ByMoment>>);

impl Default for Rendered {
    fn default() -> Self {
        Self(Mutex::new(Some(ByMoment::default())))
    }
}

impl Rendered {
    /// What `expression` says, or said; what is wrong in one is not kept.
    pub(super) fn find<E>(
        &self,
        expression: &str,
        language: Language,
        now: NaiveDateTime,
        say: impl FnOnce() -> Result<String, E>,
    ) -> Result<String, E> {
        let moment = (now, language);
        let known = self.with(|said| said.get(&moment)?.get(expression).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let text = say()?;
        self.with(|said| said.entry(moment).or_default().insert(expression.to_owned(), text.clone()));
        Ok(text)
    }

    /// Keeps nothing from now on.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn with<T>(&self, look: impl FnOnce(&mut ByMoment) -> Option<T>) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut().and_then(look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_once_until_it_is_let_go_of() {
        let (said, now) = (Rendered::default(), NaiveDateTime::default());
        let mut times = 0;
        let mut ask = |language| {
            said.find("{{ a }}", language, now, || {
                times += 1;
                Ok::<_, ()>(times.to_string())
            })
        };
        assert_eq!(ask(Language::Indonesian), Ok("1".to_owned()));
        assert_eq!(ask(Language::Indonesian), Ok("1".to_owned()));
        assert_eq!(ask(Language::English), Ok("2".to_owned()));
        said.forget();
        let anew = said.find("{{ a }}", Language::Indonesian, now, || Ok::<_, ()>("3".to_owned()));
        assert_eq!(anew, Ok("3".to_owned()));
        assert_eq!(said.find("{{ a }}", Language::Indonesian, now, || Err(())), Err(()), "nothing is kept");
    }
}
