//! Recalls: what voters were told holds no more, and exactly those who were told hear so.
//!
//! Two things lead to one: an entry says something else since the FAQ was loaded, or a moderator retracts an entry or a
//! ticket's answer (`/tarik`). Moderators see how many were told, and nothing is done without a press. A retracted entry is
//! not given any more until the FAQ says something else under its id; the question goes to a person.
//!
//! The messages go behind all others, a batch at a time: each batch and how far it came are written in one transaction, so
//! that a kill repeats no more than the messages in flight.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::event::{Action, Event};
use super::ticket::TicketState;
use super::{Desk, Effect, Knowledge, VoterId, code};
use crate::faq::entry::Entry;
use crate::faq::{Answer, day_of};
use crate::text::cut::shortened;
use crate::text::language::Language;

/// How many voters' messages are put on their way at once; no more are while as many wait.
pub const BATCH: usize = 100;
/// How long until the next batch.
const NEXT_BATCH: Duration = Duration::seconds(1);
/// How far apart the changes of the progress line are, in milliseconds.
const SHOWN_EVERY: i64 = 5000;
/// When the line of a stopped recall is brought up to date: what was in flight has arrived by then.
const LAST_LOOK: Duration = Duration::seconds(5);
/// The longest reason, in characters.
const REASON_SHOWN: usize = 500;
/// The name of the event that compares what entries say with what they said at the last load.
pub const REVIEW_ENTRIES: &str = "review-entries";

/// What voters were told and what became of telling them that it holds no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// What its buttons carry: unguessable.
    pub key: String,
    /// The entry's id, or the ticket's code.
    pub code: String,
    /// Of an entry the version that holds now, or that was retracted; empty for a ticket.
    pub version: String,
    /// Why a moderator retracts it; none if the entry changed.
    pub reason: Option<String>,
    /// How many voters were told.
    pub count: u64,
    /// What became of it.
    pub state: RecallState,
    /// Who pressed last.
    pub by: Option<String>,
    /// Only what was told up to then counts (milliseconds since 1970).
    pub until: i64,
    /// The last voter whose message was put on its way.
    pub after: VoterId,
    /// When moderators were shown last how far it came (milliseconds since 1970).
    pub shown: i64,
}

impl Recall {
    /// Whether all count who were told any version but one that holds now.
    pub fn is_of_any_version(&self) -> bool {
        self.reason.is_none() || self.version == GONE
    }

    /// Nobody hears of it any more: whose message was the last is not kept.
    fn end(&mut self, state: RecallState) {
        (self.state, self.after) = (state, VoterId::MIN);
    }
}

/// What became of a recall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecallState {
    /// Moderators were asked.
    Offered,
    /// Messages are on their way.
    Running,
    /// All were.
    Done,
    /// A moderator stopped it.
    Stopped,
    /// A moderator said that there is no need.
    Declined,
}

/// What became of a recall's messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// On their way.
    pub waiting: usize,
    /// Telegram took them.
    pub sent: usize,
    /// The voters have blocked the bot.
    pub blocked: usize,
    /// Telegram refused them for good.
    pub failed: usize,
}

/// An entry that a moderator retracted: it is not given as long as it has that version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retraction {
    /// The entry's id.
    pub entry: String,
    /// The version that was retracted.
    pub version: String,
    /// Why.
    pub reason: String,
}

/// The version of an entry that is not in the FAQ any more.
pub const GONE: &str = "gone";

/// Which entries say something else than when they were `seen` last, each with the version that it has now: of one that is
/// gone [`GONE`].
pub fn changed(knowledge: &Knowledge, seen: &[(String, String)]) -> Vec<(String, String)> {
    let now = |id: &str| knowledge.faq.entry(id).map_or(GONE.to_owned(), |entry| knowledge.faq.version(entry));
    let versions = seen.iter().map(|(id, version)| (id.clone(), now(id), version));
    versions.filter(|(_, now, version)| now != *version).map(|(id, now, _)| (id, now)).collect()
}

/// What `/tarik` behind which `written` stands would retract: an entry's id or a ticket's code; and the reason.
pub fn retracted<'w>(knowledge: &Knowledge, written: &'w str) -> Option<(String, &'w str)> {
    let (named, reason) = written.trim().split_once(char::is_whitespace).unwrap_or((written.trim(), ""));
    let entry = code::entry(&knowledge.faq, named).map(|entry| entry.id.clone());
    Some((entry.or_else(|| code::ticket(named).map(code::of_ticket))?, reason.trim()))
}

impl Desk<'_> {
    /// The FAQ was loaded: what says something else now is told to moderators, if voters were told what it said before.
    pub(super) fn review_entries(&mut self) {
        self.correct_posts();
        let faq = &self.knowledge.faq;
        let today = day_of(self.now);
        let valid = |entry: &Entry| entry.is_valid(today);
        // What an entry says that is not given yet, or no more, is told once it is.
        let seen = faq.entries.iter().filter(|entry| valid(entry));
        let mut versions: Vec<_> = seen.map(|entry| (entry.id.clone(), faq.version(entry))).collect();
        let told: Vec<_> = self.known.told.iter().filter(|(_, count)| *count > 0).cloned().collect();
        for (place, (id, count)) in told.into_iter().enumerate() {
            let key = format!("{}{place}", self.known.key);
            let (version, reason) = match faq.entry(&id) {
                Some(entry) if !valid(entry) => continue,
                Some(entry) => (faq.version(entry), None),
                None => (GONE.to_owned(), Some(self.say("recall_gone", &[]))),
            };
            self.offer_recall(Recall { key, count, ..self.recall(id, version, reason) });
        }
        let gone = self.known.told.iter().filter(|(id, _)| faq.entry(id).is_none());
        versions.extend(gone.map(|(id, _)| (id.clone(), GONE.to_owned())));
        self.effects.push(Effect::KeepVersions(versions));
    }

    /// `/tarik`.
    pub(super) fn retract(&mut self, written: &str) {
        let Some((code, reason)) = retracted(self.knowledge, written) else {
            let named = written.split_whitespace().next().unwrap_or_default();
            return match named {
                "" => self.notice("recall_which", &[]),
                named => self.notice("no_such_entry", &[("id", &shortened(named, REASON_SHOWN))]),
            };
        };
        if reason.is_empty() {
            return self.notice("recall_which", &[]);
        }
        let version = match self.knowledge.faq.entry(&code) {
            Some(_) if self.knowledge.retraction(&code).is_some() => {
                let why = self.why_not_given(&code);
                return self.notice_text(why);
            }
            Some(entry) => self.knowledge.faq.version(entry),
            None => match self.known.coded.clone() {
                // One that was taken back may stand with others whom it was suggested.
                Some(ticket) if ticket.answers.iter().any(|own| own.stands() || own.reused) => String::new(),
                Some(ticket) => {
                    let text = self.validity(&code::of_ticket(ticket.number));
                    return self.notice_text(text);
                }
                None => return self.notice("no_such_entry", &[("id", &code)]),
            },
        };
        let recall = self.recall(code, version, Some(shortened(reason, REASON_SHOWN)));
        self.offer_recall(Recall { count: self.told_of(&recall.code), ..recall });
    }

    fn recall(&self, code: String, version: String, reason: Option<String>) -> Recall {
        Recall {
            key: self.known.key.clone(),
            code,
            version,
            reason,
            count: 0,
            state: RecallState::Offered,
            by: None,
            until: 0,
            after: VoterId::MIN,
            shown: 0,
        }
    }

    /// How many voters were told.
    fn told_of(&self, code: &str) -> u64 {
        self.known.told.iter().find(|(told, _)| told == code).map_or(0, |(_, count)| *count)
    }

    fn offer_recall(&mut self, recall: Recall) {
        let count = recall.count.to_string();
        // Which version it is about is said, where that was not written.
        let entry = self.knowledge.faq.entry(&recall.code).filter(|_| recall.reason.is_some());
        let whole = entry.map_or(recall.code.clone(), |entry| self.knowledge.faq.code(entry));
        let code = whole.as_str();
        let text = match &recall.reason {
            None => self.say("recall_changed", &[("id", code), ("count", &count)]),
            Some(reason) if recall.version.is_empty() => {
                self.say("recall_ticket", &[("code", code), ("count", &count), ("reason", reason)])
            }
            Some(reason) => self.say("recall_entry", &[("code", code), ("count", &count), ("reason", reason)]),
        };
        let send = if recall.reason.is_none() { "button_recall" } else { "button_retract" };
        let actions = vec![
            (self.say(send, &[("count", &count)]), Action::SendRecall),
            (self.say("button_no_recall", &[]), Action::DropRecall),
        ];
        self.effects.push(Effect::RecallLine { key: recall.key.clone(), text, actions, posted: false });
        self.effects.push(Effect::KeepRecall(recall));
    }

    /// A moderator pressed a button of a recall.
    pub(super) fn recall_pressed(&mut self, by: Option<&str>, action: &Action) {
        let Some(mut recall) = self.known.recall.clone() else { return self.toast("card_unknown_toast", &[]) };
        match (action, recall.state) {
            (Action::SendRecall, RecallState::Offered) if self.is_outdated(&recall) => {
                recall.state = RecallState::Declined;
                self.toast("recall_outdated", &[("code", &recall.code)]);
            }
            (Action::SendRecall, RecallState::Offered) => {
                recall.state = RecallState::Running;
                recall.until = self.now.timestamp_millis();
                recall.count = self.told_of(&recall.code);
                self.take_effect(&recall);
                self.go_on_with(&recall, Duration::zero());
                self.toast("recall_begun", &[("code", &recall.code)]);
            }
            (Action::DropRecall, RecallState::Offered) => {
                recall.state = RecallState::Declined;
                self.toast("recall_none", &[("code", &recall.code)]);
            }
            (Action::StopRecall, RecallState::Running) => {
                recall.end(RecallState::Stopped);
                self.effects.push(Effect::StopRecall { key: recall.key.clone() });
                self.go_on_with(&recall, LAST_LOOK);
                self.toast("recall_stopped_toast", &[("code", &recall.code)]);
            }
            _ => return self.toast("recall_pressed", &[]),
        }
        recall.by = Some(self.someone(by));
        self.show_recall(&mut recall);
        self.effects.push(Effect::KeepRecall(recall));
    }

    /// Whether an entry says something else again since the recall was offered.
    fn is_outdated(&self, recall: &Recall) -> bool {
        let entry = self.knowledge.faq.entry(&recall.code);
        let version = entry.map_or(GONE.to_owned(), |entry| self.knowledge.faq.version(entry));
        !recall.version.is_empty() && version != recall.version
    }

    /// What a moderator retracts is not given from now on, or does not stand any more.
    fn take_effect(&mut self, recall: &Recall) {
        let Some(reason) = &recall.reason else { return };
        self.strike_posts(recall);
        if !recall.version.is_empty() {
            let (entry, version, reason) = (recall.code.clone(), recall.version.clone(), reason.clone());
            return self.effects.push(Effect::Retract(Retraction { entry, version, reason }));
        }
        let Some(mut ticket) = code::ticket(&recall.code).and_then(|number| self.ticket_of_moderators(number)) else {
            return;
        };
        // What is still on its way is not to arrive; who got it hears by the recall.
        let text = self.say("taken_back", &[("number", &ticket.number.to_string())]);
        for own in ticket.answers.iter().filter(|own| own.stands()) {
            let (caption, messages) = (own.media.is_some(), own.album.len().max(1));
            let waiting = own.recipients(&ticket).into_iter().filter(|(_, _, outcome)| outcome.is_none());
            let taken_back = waiting.map(|(voter, reply, _)| Effect::TakeBack {
                voter,
                reply,
                late: false,
                text: text.clone(),
                caption,
                messages,
            });
            self.effects.extend(taken_back);
        }
        ticket.answers.iter_mut().for_each(|own| (own.withdrawn, own.reusable, own.reused) = (true, false, false));
        // A change of one that was kept back is not to bring it out again.
        let answers = &ticket.answers;
        ticket.held.retain(|held| answers.iter().all(|own| own.message != held.message));
        // Who waits with another ticket, to which it was joined, waits there.
        if ticket.into.is_none() {
            ticket.state = TicketState::Open;
            ticket.taken = None;
            self.state.continues = None;
            self.remind(&ticket);
        }
        self.update(&ticket);
    }

    fn go_on_with(&mut self, recall: &Recall, after: Duration) {
        self.effects.push(Effect::Later {
            name: recall_name(&recall.key),
            voter: None,
            at: self.now + after,
            event: Event::Recall { key: recall.key.clone() },
        });
    }

    /// Puts the next batch on its way.
    pub(super) fn go_on_recalling(&mut self) {
        let Some(mut recall) = self.known.recall.clone() else { return };
        if recall.state != RecallState::Running {
            if recall.state == RecallState::Stopped {
                self.show_recall(&mut recall);
            }
            return;
        }
        let recipients = self.known.recipients.clone();
        let words = Language::ALL.map(|language| self.recalling(&recall, language));
        let mut unsaid = false;
        for &(voter, language) in &recipients {
            recall.after = voter;
            let words = Language::ALL.iter().position(|own| *own == language).and_then(|own| words[own].clone());
            match words {
                Some(words) => self.effects.push(Effect::Recalled { voter, key: recall.key.clone(), words }),
                None => unsaid = true,
            }
        }
        if unsaid {
            // The entry is gone, or outside its dates by now: nothing could be said in its place.
            recall.end(RecallState::Stopped);
        } else if recipients.is_empty() && self.known.tally.waiting == 0 && !self.known.still_told {
            // What was on its way when it began went to somebody before the last one, maybe: they are looked through once more.
            if std::mem::replace(&mut recall.after, VoterId::MIN) == VoterId::MIN {
                recall.end(RecallState::Done);
            }
        }
        if recall.state == RecallState::Running {
            self.go_on_with(&recall, NEXT_BATCH);
        }
        if recall.state != RecallState::Running || self.now.timestamp_millis() - recall.shown >= SHOWN_EVERY {
            self.show_recall(&mut recall);
        }
        self.effects.push(Effect::KeepRecall(recall));
    }

    /// What voters who speak `language` are told; nothing if the entry can't be given.
    fn recalling(&self, recall: &Recall, language: Language) -> Option<Words> {
        let say = |key: &str, values: &[(&str, &str)]| self.knowledge.faq.wordings.say(language, key, values);
        let code = recall.code.as_str();
        let entry = self.knowledge.faq.entry(code);
        let (before, quote) = match &recall.reason {
            None => {
                let entry = entry.filter(|entry| entry.is_valid(day_of(self.now)))?;
                let head = format!("{}\n\n", say("recalled_changed", &[]));
                let answer = Box::new(self.knowledge.faq.answer_in(entry, language, self.now));
                return Some(Words::Answer { head, answer });
            }
            Some(reason) => match code::ticket(code).filter(|_| recall.version.is_empty()) {
                Some(number) => (say("recalled_ticket", &[("number", &number.to_string())]), reason),
                None => {
                    let title = entry.map_or(code, |entry| entry.title_in(language));
                    (say("recalled_entry", &[("title", title), ("code", code)]), reason)
                }
            },
        };
        Some(Words::Reason { before, quote: quote.clone() })
    }

    /// Brings the line in the moderator chat up to date.
    fn show_recall(&mut self, recall: &mut Recall) {
        recall.shown = self.now.timestamp_millis();
        let by = self.someone(recall.by.as_deref());
        let (code, tally) = (recall.code.as_str(), self.known.tally);
        let head = match recall.state {
            RecallState::Declined => self.say("recall_declined", &[("code", code), ("by", &by)]),
            RecallState::Done => self.say("recall_done", &[("code", code), ("by", &by)]),
            RecallState::Stopped => self.say("recall_stopped", &[("code", code), ("by", &by)]),
            RecallState::Offered | RecallState::Running => self.say("recall_running", &[("code", code), ("by", &by)]),
        };
        let [sent, blocked, failed] = [tally.sent, tally.blocked, tally.failed].map(|count| count.to_string());
        let counts = self.say(
            "recall_counts",
            &[("sent", &sent), ("blocked", &blocked), ("failed", &failed), ("count", &recall.count.to_string())],
        );
        let text = if recall.state == RecallState::Declined { head } else { format!("{head}\n{counts}") };
        let stop = || (self.say("button_stop_recall", &[]), Action::StopRecall);
        let actions = (recall.state == RecallState::Running).then(stop).into_iter().collect();
        self.effects.push(Effect::RecallLine { key: recall.key.clone(), text, actions, posted: true });
    }

    /// Why an entry is not given: a moderator retracted it, it is outside its dates, or it is not in the FAQ.
    pub(super) fn why_not_given(&self, id: &str) -> String {
        match self.knowledge.retraction(id) {
            Some(retraction) => self.say("entry_retracted", &[("id", id), ("reason", &retraction.reason)]),
            None if self.knowledge.faq.entry(id).is_some() => self.say("entry_expired", &[("id", id)]),
            None => self.say("no_such_entry", &[("id", id)]),
        }
    }
}

/// The name of the event that goes on with a recall, and of its line in the moderator chat.
pub fn recall_name(key: &str) -> String {
    format!("recall:{key}")
}

/// What one who was told is told now.
#[derive(Debug, Clone, PartialEq)]
pub enum Words {
    /// What the entry says now.
    Answer {
        /// The line above it.
        head: String,
        /// What it says.
        answer: Box<Answer>,
    },
    /// That it is taken back.
    Reason {
        /// What is.
        before: String,
        /// A moderator's words.
        quote: String,
    },
    /// Something else that several are told.
    Said(String),
}

#[cfg(test)]
mod tests;
