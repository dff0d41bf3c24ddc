//! `/topik`: all entries by topic and title, in pages.

use super::menu::{Choice, rows};
use super::{Desk, VoterId};
use crate::faq::category::Category;
use crate::faq::day_of;

/// How many titles one page has.
const PAGE: usize = 8;

impl Desk<'_> {
    /// Shows all topics.
    pub(super) fn topics(&mut self, voter: VoterId) {
        let topics = self.knowledge.faq.categories(day_of(self.now));
        let choice = |topic: &Category| (self.topic_title(topic), Choice::Topic { topic: topic.id.clone(), page: 0 });
        let rows = rows(topics.iter().map(choice));
        self.menu(voter, self.say("topics", &[]), rows);
    }

    /// Shows a page of a topic's titles; beyond the last page, as after an edit, the last.
    pub(super) fn topic(&mut self, voter: VoterId, topic: &str, page: usize) {
        let faq = &self.knowledge.faq;
        let Some(topic) = faq.categories(day_of(self.now)).into_iter().find(|own| own.id == topic) else {
            self.tell(voter, "menu_changed", &[]);
            return self.topics(voter);
        };
        let pages = topic.entries.len().div_ceil(PAGE);
        let page = page.min(pages - 1);
        let shown = topic.entries.iter().skip(page * PAGE).take(PAGE).map(|&entry| &faq.entries[entry]);
        let mut rows: Vec<Vec<(String, Choice)>> = shown
            .map(|entry| vec![(entry.title_in(self.language).to_owned(), Choice::Entry(entry.id.clone()))])
            .collect();
        let turn = |key: &str, page| (self.say(key, &[]), Choice::Topic { topic: topic.id.clone(), page });
        let mut turns = Vec::new();
        if page > 0 {
            turns.push(turn("button_previous", page - 1));
        }
        if page + 1 < pages {
            turns.push(turn("button_next", page + 1));
        }
        let whole = turns.is_empty();
        if !whole {
            rows.push(turns);
        }
        rows.push(vec![(self.say("button_topics", &[]), Choice::Topics)]);
        let (title, number, pages) = (self.topic_title(&topic), (page + 1).to_string(), pages.to_string());
        let text = if whole {
            title
        } else {
            self.say("topic_page", &[("topic", &title), ("page", &number), ("pages", &pages)])
        };
        self.menu(voter, text, rows);
    }

    fn topic_title(&self, topic: &Category) -> String {
        let own = topic.title.as_ref().map(|title| title.in_language(self.language).to_owned());
        own.unwrap_or_else(|| self.say("topics_other", &[]))
    }
}
