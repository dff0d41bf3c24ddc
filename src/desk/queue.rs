//! What moderators ask for by a command: the tickets that wait, page by page, and a card anew; and posting anew what waits.

use chrono::{DateTime, FixedOffset};

use super::command::ModeratorCommand;
use super::event::{Action, Event};
use super::{Desk, Effect};
use crate::text::indonesian::lasting;

/// How many tickets a page of the list has.
pub const PAGE: usize = 10;
/// The name of the event that goes on posting open tickets anew.
pub const REPOST: &str = "repost";

/// A ticket in the list of those that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its number.
    pub number: u64,
    /// Whether somebody in need wrote it.
    pub urgent: bool,
    /// Since when it waits.
    pub since: DateTime<FixedOffset>,
    /// How many asked it.
    pub askers: usize,
    /// Who said "mine".
    pub taken: Option<String>,
    /// The first words of its masked question.
    pub question: String,
}

/// A page of the tickets that wait: somebody in need first, then what most ask, then what waits longest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// How many wait in all.
    pub count: usize,
    /// Which page, from 0.
    pub page: usize,
    /// Those on it.
    pub shown: Vec<Queued>,
}

impl Queue {
    /// How many pages there are.
    pub fn pages(&self) -> usize {
        self.count.div_ceil(PAGE)
    }

    /// The page that is shown when `page` is asked for and `count` tickets wait: the last one, if there are fewer by now.
    pub fn page_of(count: usize, page: usize) -> usize {
        page.min(count.div_ceil(PAGE).saturating_sub(1))
    }
}

/// A list that quotes voters' words in the moderator chat, or in the one above. It stands for no ticket: a reply to it is no
/// answer. When the data of a voter whose words are in it are deleted, it is emptied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What tells it from other lists.
    pub key: String,
    /// Whether it goes to the chat above the moderators'.
    pub above: bool,
    /// Whether it was posted before and is changed.
    pub posted: bool,
    /// The lines above; the first stands out.
    pub head: String,
    /// The masked words, to be quoted; empty if there are none.
    pub quote: String,
    /// The tickets whose words they are.
    pub tickets: Vec<u64>,
    /// Rows of buttons: the key that each carries, its words and what it does.
    pub rows: Vec<Vec<(String, String, Action)>>,
}

/// A line that asks something, as a list without anybody's words.
fn line(key: String, head: String, rows: Vec<Vec<(String, String, Action)>>, posted: bool) -> List {
    List { key, above: false, posted, head, quote: String::new(), tickets: Vec::new(), rows }
}

impl Desk<'_> {
    pub(super) fn asked_by_moderator(&mut self, command: &ModeratorCommand) {
        match command {
            ModeratorCommand::Help if self.known.channel.set => {
                let text =
                    format!("{}\n\n{}", self.say("moderator_help", &[]), self.say("moderator_help_channel", &[]));
                self.notice_text(text);
            }
            ModeratorCommand::Help => self.notice("moderator_help", &[]),
            ModeratorCommand::Winners(month) => self.show_winners(*month),
            ModeratorCommand::Reload => self.ask_reload(),
            ModeratorCommand::Queue if self.known.queue.count == 0 => self.notice("queue_empty", &[]),
            ModeratorCommand::Queue => {
                let key = self.known.key.clone();
                self.show_queue(&key, false);
            }
            ModeratorCommand::Code(code) => {
                let text = self.validity(code);
                self.notice_text(text);
            }
            ModeratorCommand::Retract(written) => self.retract(written),
            ModeratorCommand::Statistics(_) => self.show_statistics("statistics", true),
            ModeratorCommand::History(None) => self.notice("history_which", &[]),
            ModeratorCommand::History(Some(number)) => self.show_history(*number),
            ModeratorCommand::Blocked => self.show_blocked(),
            ModeratorCommand::Merge(numbers) => self.ask_merge(*numbers),
            ModeratorCommand::Forget(number) => self.ask_to_forget(*number),
            ModeratorCommand::Card(None) => self.notice("card_which", &[]),
            ModeratorCommand::Card(Some(number)) => match self.ticket_of_moderators(*number) {
                Some(ticket) => self.post(&ticket),
                None => self.no_such_ticket(*number),
            },
        }
    }

    /// `/muat_ulang`: asks whether the FAQ is to be loaded anew.
    fn ask_reload(&mut self) {
        let key = self.known.key.clone();
        let button = (key.clone(), self.say("button_reload", &[]), Action::Reload);
        let head = self.say("reload_confirm", &[]);
        self.effects.push(Effect::List(line(key, head, vec![vec![button]], false)));
    }

    /// Loads it, as a moderator confirmed; the line that asked says so from then on.
    pub(super) fn reload_pressed(&mut self, key: &str) {
        let head = self.say("reloading", &[]);
        self.effects.push(Effect::List(line(key.to_owned(), head, Vec::new(), true)));
        self.effects.push(Effect::Reload);
        self.toast("reloading", &[]);
    }

    /// Shows the page of the list that was brought. `posted`: in the place of another one.
    pub(super) fn show_queue(&mut self, key: &str, posted: bool) {
        let queue = &self.known.queue;
        let (count, page, pages) = (queue.count.to_string(), (queue.page + 1).to_string(), queue.pages().to_string());
        let head = match queue.pages() {
            0 => self.say("queue_empty", &[]),
            1 => self.say("queue", &[("count", &count)]),
            _ => self.say("queue_page", &[("count", &count), ("page", &page), ("pages", &pages)]),
        };
        let turn = |words: &str, page| (key.to_owned(), self.say(words, &[]), Action::Page(page));
        let mut turns = Vec::new();
        if queue.page > 0 {
            turns.push(turn("button_previous", queue.page - 1));
        }
        if queue.page + 1 < queue.pages() {
            turns.push(turn("button_next", queue.page + 1));
        }
        self.effects.push(Effect::List(List {
            key: key.to_owned(),
            above: false,
            posted,
            head,
            quote: self.queue_lines(&queue.shown),
            tickets: queue.shown.iter().map(|waits| waits.number).collect(),
            rows: Vec::from_iter((!turns.is_empty()).then_some(turns)),
        }));
    }

    /// Tickets that wait, a line each.
    pub(super) fn queue_lines(&self, shown: &[Queued]) -> String {
        let line = |waits: &Queued| {
            let mut about = vec![lasting(self.now - waits.since)];
            if waits.askers > 1 {
                about.push(self.say("queue_askers", &[("count", &waits.askers.to_string())]));
            }
            about.extend(waits.taken.as_ref().map(|by| self.say("queue_taken", &[("by", by)])));
            let urgent = if waits.urgent { format!("{} ", self.say("card_urgent", &[])) } else { String::new() };
            format!("#{} ({}): {urgent}{}", waits.number, about.join(", "), waits.question)
        };
        shown.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Posts open tickets anew, as many as were brought, and plans the rest.
    pub(super) fn repost(&mut self) {
        let tickets = self.known.tickets.clone();
        let last = tickets.iter().map(|t| t.number).max();
        for ticket in tickets {
            self.post(&ticket);
        }
        if let Some(after) = last {
            self.effects.push(Effect::Later {
                name: REPOST.to_owned(),
                voter: None,
                at: self.now,
                event: Event::Repost { after },
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::KNOWLEDGE;
    use super::super::{Known, decide};
    use super::*;

    fn now() -> DateTime<FixedOffset> {
        "2026-11-24T09:00:00+07:00".parse().expect("a time")
    }

    fn waits(number: u64, hours: i64) -> Queued {
        Queued {
            number,
            urgent: false,
            since: now() - chrono::Duration::hours(hours),
            askers: 1,
            taken: None,
            question: "kapan pendaftaran pengawas".to_owned(),
        }
    }

    fn list(event: &Event, queue: Queue) -> List {
        let known = Known { key: "k1".to_owned(), queue, ..Known::default() };
        match decide(&KNOWLEDGE, event, &known, now()).as_slice() {
            [Effect::List(list)] => list.clone(),
            effects => panic!("{effects:?}"),
        }
    }

    #[test]
    fn a_page_says_what_waits_and_leads_on() {
        let page = |at: usize| {
            let (first, urgent) = (Queued { urgent: true, ..waits(9, 0) }, waits(2, 3));
            let shown = vec![first, Queued { askers: 4, taken: Some("Budi".to_owned()), ..urgent }, waits(3, 50)];
            Queue { count: 23, page: at, shown }
        };
        let first = list(&Event::Ask(ModeratorCommand::Queue), page(0));
        assert_eq!(
            first.quote,
            "#9 (kurang dari semenit): MENDESAK kapan pendaftaran pengawas\n\
             #2 (3 jam, 4 penanya, diambil Budi): kapan pendaftaran pengawas\n\
             #3 (2 hari): kapan pendaftaran pengawas"
        );
        assert!(first.head.contains("23") && first.head.contains("1 dari 3"), "{}", first.head);
        assert_eq!((first.key.as_str(), first.posted, first.tickets), ("k1", false, vec![9, 2, 3]));
        let turns = |list: List| list.rows.concat().into_iter().map(|(_, _, action)| action).collect::<Vec<_>>();
        assert_eq!(turns(list(&Event::Ask(ModeratorCommand::Queue), page(0))), [Action::Page(1)]);
        let turn = |at| Event::Tap { key: "k0".to_owned(), by: None, user: None, action: Action::Page(at) };
        let middle = list(&turn(1), page(1));
        assert_eq!((middle.key.as_str(), middle.posted), ("k0", true), "in the place of the first");
        assert_eq!(turns(middle), [Action::Page(0), Action::Page(2)]);
        assert_eq!(turns(list(&turn(2), page(2))), [Action::Page(1)]);
    }

    #[test]
    fn a_page_that_is_no_more_is_the_last_and_an_empty_list_says_so() {
        assert_eq!([(23, 7), (20, 2), (1, 0), (0, 3)].map(|(count, page)| Queue::page_of(count, page)), [2, 1, 0, 0]);
        let turn = Event::Tap { key: "k0".to_owned(), by: None, user: None, action: Action::Page(1) };
        let empty = list(&turn, Queue::default());
        assert!(empty.quote.is_empty() && empty.rows.is_empty() && empty.head.contains("Tidak ada"), "{empty:?}");
    }
}
