//! A question that waits for a moderator.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::VoterId;
use super::block::Reason;
use super::event::{Content, Outcome, ReplyKey};

/// The most that one ticket holds, in characters, and in texts: what it costs does not grow with what one person writes.
const MOST_CHARACTERS: usize = 12_000;
/// The most texts of one ticket.
const MOST_TEXTS: usize = 30;

/// A question that waits for a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number, as people say it.
    pub number: u64,
    /// What its buttons carry: unguessable, so that a card means a ticket of this database or none.
    #[serde(default)]
    pub key: String,
    /// Who asked.
    pub voter: VoterId,
    /// What the voter wrote, masked, by message; the first is the question.
    pub texts: Vec<(i64, String)>,
    /// Whether the voter changed a text after it was posted.
    #[serde(default)]
    pub changed: bool,
    /// Whether somebody in need wrote it: moderators see it before all others.
    #[serde(default)]
    pub urgent: bool,
    /// Whether it asks about something that was sent on.
    #[serde(default)]
    pub claim: bool,
    /// Whether a blocked voter objects to the block.
    #[serde(default)]
    pub objection: bool,
    /// Why its voter was blocked, if that was done with it.
    #[serde(default)]
    pub blocked_for: Option<Reason>,
    /// Who asked the same besides, in order.
    #[serde(default)]
    pub others: Vec<VoterId>,
    /// In which words they did, if not by sending the same message on.
    #[serde(default)]
    pub wordings: Vec<Wording>,
    /// The ticket that its voter asked with others before.
    #[serde(default)]
    pub continues: Option<u64>,
    /// The ticket that it was joined to.
    #[serde(default)]
    pub into: Option<u64>,
    /// Replies that wait until a moderator says that they are to be sent.
    #[serde(default)]
    pub held: Vec<Held>,
    /// The messages of the first asker whose pictures were shown to the moderators.
    #[serde(default)]
    pub pictures: Vec<i64>,
    /// When it was asked.
    pub asked: DateTime<FixedOffset>,
    /// The entry that would have answered but is outside its dates.
    pub expired: Option<String>,
    /// The entry that was given and did not help.
    pub shown: Option<String>,
    /// The nearest entries, by id, as of the last change of the texts.
    #[serde(default)]
    pub nearest: Vec<String>,
    /// What has become of it.
    pub state: TicketState,
    /// Who said "mine".
    pub taken: Option<String>,
    /// Moderators' answers, in order.
    pub answers: Vec<Reply>,
    /// Albums of which pictures may still come.
    #[serde(default)]
    pub albums: Vec<TicketAlbum>,
}

impl Ticket {
    /// A question without words yet.
    pub fn new(number: u64, key: String, voter: VoterId, asked: DateTime<FixedOffset>) -> Self {
        Self {
            number,
            key,
            voter,
            texts: Vec::new(),
            changed: false,
            urgent: false,
            claim: false,
            objection: false,
            blocked_for: None,
            others: Vec::new(),
            wordings: Vec::new(),
            continues: None,
            into: None,
            held: Vec::new(),
            pictures: Vec::new(),
            asked,
            expired: None,
            shown: None,
            nearest: Vec::new(),
            state: TicketState::Open,
            taken: None,
            answers: Vec::new(),
            albums: Vec::new(),
        }
    }

    /// Whether that voter is one of those who asked.
    pub fn is_asked_by(&self, voter: VoterId) -> bool {
        self.voter == voter || self.others.contains(&voter)
    }

    /// Whether anything in it tells of that voter: who asked with it once may have got an answer, and ask no more.
    pub fn names(&self, voter: VoterId) -> bool {
        let got = |reply: &Reply| reply.others.iter().any(|arrival| arrival.voter == voter);
        let wrote = |wording: &Wording| wording.askers.iter().any(|asker| asker.voter == voter);
        self.is_asked_by(voter) || self.answers.iter().any(got) || self.wordings.iter().any(wrote)
    }

    /// All who asked, the first one first.
    pub fn askers(&self) -> impl Iterator<Item = VoterId> {
        std::iter::once(self.voter).chain(self.others.iter().copied())
    }

    /// Without a voter who asked the same as the first: nothing of that person stays.
    pub fn without(mut self, voter: VoterId) -> Self {
        self.others.retain(|other| *other != voter);
        for wording in &mut self.wordings {
            wording.askers.retain(|asker| asker.voter != voter);
        }
        self.wordings.retain(|wording| !wording.askers.is_empty());
        for reply in &mut self.answers {
            reply.others.retain(|arrival| arrival.voter != voter);
        }
        self
    }

    /// The ticket of those who asked the same, when the first one's data are deleted; none if nobody else asked.
    pub fn handed_on(mut self) -> Option<Self> {
        let next = *self.others.first()?;
        self.others.remove(0);
        let gone = std::mem::replace(&mut self.voter, next);
        self.pictures.clear();
        self.held.clear();
        self.albums.clear();
        for reply in &mut self.answers {
            reply.first_gone = true;
            reply.draft = None;
            // Whoever was the first by now may have got it as one of the others.
            reply.others.retain(|arrival| arrival.voter != gone);
        }
        // What is asked is said in the next one's words, as far as that one wrote some.
        let own = self.wordings.iter().find_map(|wording| {
            let asker = wording.askers.iter().find(|asker| asker.voter == next)?;
            Some((asker.message, wording.text.clone()))
        });
        self.texts = match own {
            Some(own) => vec![own],
            // A message's number is the one's who goes.
            None => self.texts.into_iter().map(|(_, text)| (0, text)).collect(),
        };
        for wording in &mut self.wordings {
            wording.askers.retain(|asker| asker.voter != next);
        }
        self.wordings.retain(|wording| !wording.askers.is_empty());
        Some(self)
    }

    /// What is looked at first has more: somebody in need before all others, then what most ask.
    pub fn weight(&self) -> i64 {
        let askers = i64::try_from(self.askers().count()).unwrap_or(i64::from(u32::MAX)).min(i64::from(u32::MAX));
        askers + (i64::from(self.urgent) << 32)
    }

    /// The number of the next answer that is given by a button: one that no message has, and no other such answer.
    pub(super) fn next_given(&self) -> i64 {
        let used = self.answers.iter().map(|reply| reply.message).chain(self.held.iter().map(|held| held.message));
        used.min().unwrap_or_default().min(0) - 1
    }

    /// All that the voter wrote.
    pub fn question(&self) -> String {
        self.texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// How many more characters it holds.
    pub fn room(&self) -> usize {
        let full: usize = self.texts.iter().map(|(_, text)| text.chars().count()).sum();
        MOST_CHARACTERS.saturating_sub(full)
    }

    /// Whether it holds `text` besides.
    pub fn has_room(&self, text: &str) -> bool {
        self.texts.len() < MOST_TEXTS && text.chars().count() <= self.room()
    }
}

/// How others put what a ticket asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// What tells it from the ticket's other wordings.
    pub id: u32,
    /// The masked words.
    pub text: String,
    /// Who wrote it so.
    pub askers: Vec<Asker>,
}

/// One who asked the same as others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    /// Who.
    pub voter: VoterId,
    /// In which message.
    pub message: i64,
}

/// A moderator's reply that waits until somebody says that it is to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The moderator's message.
    pub message: i64,
    /// Who wrote it, where Telegram tells.
    pub by: Option<String>,
    /// What it says; of a button the code of its entry.
    pub content: Content,
    /// The entry whose code that was when it was kept back: it is never sent as words, whatever becomes of the entry.
    #[serde(default)]
    pub entry: Option<String>,
    /// The messages of an album, if it is one.
    #[serde(default)]
    pub album: Vec<i64>,
}

impl Held {
    /// These words, by nobody yet.
    pub fn of(content: Content) -> Self {
        Self { message: 0, by: None, content, entry: None, album: Vec::new() }
    }
}

/// A moderator's answer to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The moderator's message.
    pub message: i64,
    /// Who wrote it, where Telegram tells.
    pub by: Option<String>,
    /// When its writer said what it says; none of an earlier version's.
    #[serde(default)]
    pub at: Option<DateTime<FixedOffset>>,
    /// What became of it; none while it waits. With several askers that of the first.
    pub outcome: Option<Outcome>,
    /// What became of it with the others who asked the same.
    #[serde(default)]
    pub others: Vec<Arrival>,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// Whether it is suggested to those who ask the same later.
    #[serde(default)]
    pub reusable: bool,
    /// Whether it was, so that others may have been shown it who have not heard of a retraction.
    #[serde(default)]
    pub reused: bool,
    /// Whether it says something else than at first.
    #[serde(default)]
    pub corrected: bool,
    /// What was copied, if it was no text.
    pub media: Option<String>,
    /// Whether it stands in one message that can be edited.
    pub whole: bool,
    /// The messages of an album, if it was one.
    #[serde(default)]
    pub album: Vec<i64>,
    /// What it says, for those who ask the same later.
    #[serde(default)]
    pub content: Option<Content>,
    /// The entry that was given.
    #[serde(default)]
    pub entry: Option<String>,
    /// Whether the first to whom it went asks no more: the ticket is somebody else's by now.
    #[serde(default)]
    pub first_gone: bool,
    /// What the moderator's message says since it was taken back.
    #[serde(default)]
    pub draft: Option<Content>,
}

impl Reply {
    /// Whether it stands, or will stand, with one who asked.
    pub fn stands(&self) -> bool {
        let lost = |outcome: &Option<Outcome>| matches!(outcome, Some(Outcome::Blocked | Outcome::Failed(_)));
        !self.withdrawn && self.outcomes().any(|outcome| !lost(outcome))
    }

    /// What became of it with each asker.
    pub fn outcomes(&self) -> impl Iterator<Item = &Option<Outcome>> {
        let first = (!self.first_gone).then_some(&self.outcome);
        first.into_iter().chain(self.others.iter().map(|arrival| &arrival.outcome))
    }

    /// Those of the askers of `ticket` to whom it went, each with the key of the own delivery and what became of it.
    pub fn recipients(&self, ticket: &Ticket) -> Vec<(VoterId, ReplyKey, Option<Outcome>)> {
        let key = ReplyKey::of(ticket.number, self.message);
        let others = self
            .others
            .iter()
            .map(|arrival| (arrival.voter, ReplyKey { asker: Some(arrival.voter), ..key }, arrival.outcome.clone()));
        let first = (!self.first_gone).then(|| (ticket.voter, key, self.outcome.clone()));
        first.into_iter().chain(others).collect()
    }

    /// Whether it reached that asker of `ticket`, or may still.
    pub fn is_for(&self, ticket: &Ticket, voter: VoterId) -> bool {
        let failed = |outcome: &Option<Outcome>| matches!(outcome, Some(Outcome::Failed(_)));
        self.stands() && self.recipients(ticket).iter().any(|(own, _, outcome)| *own == voter && !failed(outcome))
    }
}

/// What became of an answer with one who asked the same as others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Who.
    pub voter: VoterId,
    /// What became of it; none while it waits.
    pub outcome: Option<Outcome>,
}

/// A moderator's album while its pictures come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketAlbum {
    /// What the pictures have in common.
    pub id: String,
    /// Who sends it.
    pub by: Option<String>,
    /// Its messages so far.
    pub messages: Vec<i64>,
    /// What stands under one of them, else what the first one is.
    pub content: Content,
}

/// What has become of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TicketState {
    /// It waits.
    Open,
    /// A moderator answered.
    Answered,
    /// A moderator answered, but the voter has blocked the bot. Opened again when the voter comes back.
    Unreached,
    /// The voter took the question back.
    Withdrawn,
    /// A moderator joined it to another ticket.
    Merged,
    /// A moderator closed it as spam.
    Spam,
    /// A moderator closed it and blocked the voter.
    Blocked,
}

impl TicketState {
    /// Its name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Unreached => "unreached",
            Self::Withdrawn => "withdrawn",
            Self::Merged => "merged",
            Self::Spam => "spam",
            Self::Blocked => "blocked",
        }
    }
}
