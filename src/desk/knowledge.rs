//! A FAQ with its index: one immutable value, built aside and swapped whole.

use crate::faq::Faq;
use crate::faq::fault::Report;
use crate::faq::source::Source;
use crate::matcher::Matcher;

/// A FAQ with its index.
#[derive(Debug)]
pub struct Knowledge {
    /// The FAQ.
    pub faq: Faq,
    /// Its index.
    pub matcher: Matcher,
}

impl Knowledge {
    /// Loads and indexes `source`; none if the report has a fault.
    pub fn load(source: &Source) -> (Option<Self>, Report) {
        let (faq, report) = Faq::load(source);
        let knowledge = faq.map(|faq| Self { matcher: Matcher::new(&faq), faq });
        (knowledge, report)
    }
}
