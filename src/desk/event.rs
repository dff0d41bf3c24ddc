//! What happens: everything that enters the desk.

use serde::{Deserialize, Serialize};

use super::block::Reason;
use super::command::{Command, ModeratorCommand};
use super::learning::Refusal;
use super::menu::Choice;
use super::recognition::Month;
use super::reminder::Reminder;
use super::{VoterId, code};

/// Something that happened. `message` numbers are those of the surface, 0 where it has none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A voter wrote something.
    Message {
        /// Who.
        voter: VoterId,
        /// The message's number.
        message: i64,
        /// What.
        text: String,
        /// What several pictures sent at once have in common, if these are the words under one.
        album: Option<String>,
        /// Where the words come from.
        #[serde(default)]
        origin: Origin,
    },
    /// Somebody in a group spoke to the bot. The group is who asks: it is answered where it asked.
    InGroup {
        /// The group.
        voter: VoterId,
        /// The message's number.
        message: i64,
        /// The topic of a forum that it stands in.
        topic: Option<i64>,
        /// What, without the bot's name.
        text: String,
    },
    /// A voter changed a message.
    Edited {
        /// Who.
        voter: VoterId,
        /// Which message.
        message: i64,
        /// What it says now.
        text: String,
    },
    /// A voter sent a picture, a voice message or anything else without words.
    Media {
        /// Who.
        voter: VoterId,
        /// The message's number.
        #[serde(default)]
        message: i64,
        /// What several pictures sent at once have in common.
        album: Option<String>,
        /// Whether somebody else wrote it first.
        #[serde(default)]
        forwarded: bool,
    },
    /// No more pictures of a voter's album are to be expected.
    AlbumEnded {
        /// Who.
        voter: VoterId,
        /// Which album.
        album: String,
    },
    /// A voter chose an entry that was offered.
    Pick {
        /// Who.
        voter: VoterId,
        /// The entry's id.
        entry: String,
    },
    /// A voter wants the rest of an answer.
    More {
        /// Who.
        voter: VoterId,
        /// The entry that was given.
        entry: String,
    },
    /// A voter, offered entries, wants a person instead.
    AskPerson {
        /// Who.
        voter: VoterId,
    },
    /// A voter chose from a menu what leads on in it.
    Chosen {
        /// Who.
        voter: VoterId,
        /// What.
        choice: Choice,
    },
    /// A voter lets a picture be shown to the moderators.
    SendPicture {
        /// Who.
        voter: VoterId,
    },
    /// A voter says whether an answer helped.
    Rated {
        /// Who.
        voter: VoterId,
        /// The entry that was given.
        entry: String,
        /// Whether it helped.
        helped: bool,
    },
    /// A voter, asked whether all is to be deleted, says so or not.
    Erase {
        /// Who.
        voter: VoterId,
        /// Whether it is.
        sure: bool,
    },
    /// A voter blocked the bot, or let it in again.
    Reachable {
        /// Who.
        voter: VoterId,
        /// Whether messages reach the voter.
        reachable: bool,
    },
    /// A moderator replied to one of the bot's messages.
    Reply {
        /// To what.
        to: Addressee,
        /// The moderator's message.
        message: i64,
        /// The moderator's name, where the surface tells it.
        by: Option<String>,
        /// What the moderator wrote.
        content: Content,
        /// What several pictures sent at once have in common.
        album: Option<String>,
    },
    /// A moderator changed a reply.
    ReplyEdited {
        /// To what it replies.
        to: Addressee,
        /// The moderator's message.
        message: i64,
        /// The moderator's name.
        by: Option<String>,
        /// What it says now.
        content: Content,
    },
    /// No more pictures of a moderator's album are to be expected.
    ReplyAlbumEnded {
        /// The ticket that it answers.
        ticket: u64,
        /// Which album.
        album: String,
    },
    /// A reply in the moderator chat is not taken, and its writer must know.
    NotTaken {
        /// The message.
        message: i64,
        /// Why.
        why: NotTaken,
    },
    /// A moderator pressed a button of a card.
    Tap {
        /// The ticket's key.
        key: String,
        /// The moderator's name.
        by: Option<String>,
        /// Who pressed, by Telegram's number; never shown.
        #[serde(default)]
        user: Option<i64>,
        /// What for.
        action: Action,
    },
    /// A moderator gave a command.
    Ask(ModeratorCommand),
    /// The moderator chat is another one now: open tickets above this number are posted anew.
    Repost {
        /// The last ticket that was.
        after: u64,
    },
    /// Time to look for what waits too long.
    Care,
    /// Time to tell the moderators what a day brought.
    Digest,
    /// A day has passed since a question was forwarded.
    StillOpen {
        /// The ticket's number.
        ticket: u64,
    },
    /// A voter lets the own words be used in the public channel, or does not.
    Consented {
        /// Who.
        voter: VoterId,
        /// The key of the post.
        post: String,
        /// Whether they may be.
        yes: bool,
    },
    /// A message to the public channel came to its end.
    Posted {
        /// The key of the post, or the name of the announcement.
        key: String,
        /// What became of it.
        outcome: Outcome,
    },
    /// Time to try an announcement in the public channel again.
    Announce {
        /// The month that it is about.
        month: Month,
        /// Whether it tells the results.
        results: bool,
    },
    /// Time to look what became of the messages to a month's winners.
    WinnersTold {
        /// Which month's.
        month: Month,
    },
    /// A moderator's answer came to its end: delivered or not.
    Delivered {
        /// Which.
        reply: ReplyKey,
        /// What became of it.
        outcome: Outcome,
    },
    /// A message of the bot's own can never be sent.
    Undeliverable {
        /// Why, in Telegram's words.
        reason: String,
    },
    /// Time to remind a voter.
    Reminder(Reminder),
    /// Time to look whether the days that voters wait for were set, or moved.
    ReviewReminders {
        /// The name of the last reminder that was looked at.
        after: Option<String>,
    },
    /// Time to put the next of those who are to hear of a recall on its way.
    Recall {
        /// The recall's key.
        key: String,
    },
    /// The FAQ was loaded: time to look which entries say something else.
    ReviewEntries,
    /// Time to try what moderators propose to add to the FAQ.
    Try {
        /// The proposal's number.
        proposal: u64,
    },
    /// It was tried.
    Tried {
        /// The proposal's number.
        proposal: u64,
        /// Which of its trials it was.
        tries: u32,
        /// What speaks against it.
        refusal: Option<Refusal>,
    },
    /// The FAQ was loaded: what moderators added and the files have by now, or do not take.
    Taught {
        /// Proposals whose lessons the files have.
        filed: Vec<u64>,
        /// Proposals whose lessons they do not take, each with the reason.
        unfit: Vec<(u64, String)>,
    },
    /// Time to delete what is old.
    Sweep,
    /// The FAQ was loaded anew, or was not.
    Reloaded {
        /// Whether a moderator asked for it.
        asked: bool,
        /// How many entries serve now; none if the old ones stay.
        entries: Option<u64>,
        /// What is wrong, a line each.
        faults: String,
        /// Whether the moderators were told of faults before, and there are none now.
        #[serde(default)]
        mended: bool,
    },
}

/// Where a voter's words come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// Whether somebody else wrote them first.
    pub forwarded: bool,
    /// Whether they stand under a picture or the like.
    pub picture: bool,
    /// What the message that they reply to says.
    pub replied: Option<String>,
}

impl Event {
    /// Whose event it is, if a voter's own.
    pub fn voter(&self) -> Option<VoterId> {
        match self {
            Self::Message { voter, .. }
            | Self::InGroup { voter, .. }
            | Self::Edited { voter, .. }
            | Self::Media { voter, .. }
            | Self::AlbumEnded { voter, .. }
            | Self::Pick { voter, .. }
            | Self::More { voter, .. }
            | Self::AskPerson { voter }
            | Self::Chosen { voter, .. }
            | Self::SendPicture { voter }
            | Self::Rated { voter, .. }
            | Self::Erase { voter, .. }
            | Self::Consented { voter, .. }
            | Self::Reachable { voter, .. } => Some(*voter),
            _ => None,
        }
    }

    /// Whether the voter's reminders may matter to it.
    pub fn may_concern_reminders(&self) -> bool {
        match self {
            Self::Chosen { .. } => true,
            Self::Message { text, .. } | Self::Edited { text, .. } => {
                matches!(Command::parse(text.trim()), Some(Command::Reminders | Command::Zone(_) | Command::Data))
            }
            _ => false,
        }
    }

    /// Whether it may concern tickets of others that the voter asked too.
    pub fn concerns_shared(&self) -> bool {
        let is_status = |text: &str| Command::parse(text.trim()) == Some(Command::Status);
        match self {
            Self::Message { text, .. } if is_status(text) => true,
            Self::AskPerson { .. } | Self::Reachable { reachable: true, .. } => true,
            _ => self.may_erase(),
        }
    }

    /// The ticket whose code it asks about, if it does.
    pub fn asks_of_ticket(&self) -> Option<u64> {
        match self {
            Self::Message { text, .. } | Self::Edited { text, .. } => match Command::parse(text.trim())? {
                Command::Code(code) => code::ticket(&code),
                _ => None,
            },
            Self::Ask(ModeratorCommand::Code(code)) => code::ticket(code),
            Self::Ask(ModeratorCommand::Retract(written)) => code::ticket(written.split_whitespace().next()?),
            _ => None,
        }
    }

    /// Whether it may ask for all that is kept of the voter.
    pub fn may_tell_data(&self) -> bool {
        match self {
            Self::Message { text, .. } | Self::Edited { text, .. } => {
                Command::parse(text.trim()) == Some(Command::Data)
            }
            _ => false,
        }
    }

    /// Whether it may erase all that is kept of the voter.
    pub fn may_erase(&self) -> bool {
        match self {
            Self::Erase { sure, .. } => *sure,
            Self::Message { text, .. } | Self::Edited { text, .. } => {
                Command::parse(text.trim()) == Some(Command::Erase)
            }
            _ => false,
        }
    }
}

/// What a moderator's reply is addressed to, as the records tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Addressee {
    /// A ticket: its card, a message that belongs to it, or a line about its delivery.
    Ticket(u64),
    /// A proposal to add something to the FAQ.
    Proposal(u64),
    /// A post for the public channel, by its key.
    Post(String),
    /// A card that the records do not know, as of another database.
    UnknownCard,
    /// A message of the bot's that stands for no single ticket, such as a list.
    NoCard {
        /// Whether someone was told so already.
        told: bool,
    },
}

/// Why a reply in the moderator chat is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotTaken {
    /// Its writer is not on the list of moderators.
    NotListed,
    /// It was written as a channel or as another group.
    AsChannel,
    /// It was written anonymously while a list of moderators is set.
    Anonymous,
    /// It is a command that the bot does not know.
    Command,
}

/// What a moderator can do with a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Say "mine".
    Take,
    /// Leave it to the others again.
    Release,
    /// Turn to this page of a list; the key is the list's.
    Page(usize),
    /// Close it as spam.
    Spam,
    /// Ask why nothing more of this voter is to be forwarded.
    Block,
    /// Close it and forward nothing more of this voter, for that reason.
    BlockFor(Reason),
    /// Forward this voter's questions again.
    Unblock,
    /// The same, pressed in the list of the blocked.
    Admit,
    /// Answer with this entry.
    Give(String),
    /// Ask which of the wordings is another question.
    Split,
    /// Make a ticket of its own of the wording of this number.
    SplitOff(u32),
    /// Join this ticket to the one of the button.
    Merge(u64),
    /// Send a reply that was kept back to all who asked.
    SendHeld(i64),
    /// Do not send it.
    DropHeld(i64),
    /// Send the answer of this message also to those who asked later.
    SendToLate(i64),
    /// Take back the answer of this message.
    TakeBack(i64),
    /// Send the answer of this message, which was taken back and then changed.
    SendAgain(i64),
    /// Look at this entry as a voter would get it.
    Preview(String),
    /// Add something to the FAQ by it.
    Learn,
    /// Take the wording for a phrasing of this entry.
    TeachAs(String),
    /// Draft a new entry.
    TeachNew,
    /// Put the drafted entry into this file.
    TeachInto(String),
    /// Say that a proposal is right.
    Approve,
    /// Give a proposal up.
    DropProposal,
    /// Take back what was learnt.
    Forget,
    /// Suggest the answer of this message to those who ask the same later; where it may be one person's own, ask first.
    Reuse(i64),
    /// Do so, as was asked.
    ReuseSurely(i64),
    /// Suggest it no more.
    StopReuse(i64),
    /// Load the FAQ anew; the key is that of the line that asked.
    Reload,
    /// Tell those who were told what a recall is about.
    SendRecall,
    /// Do not.
    DropRecall,
    /// Tell no more of them.
    StopRecall,
    /// Ask for a rewording for the public channel.
    Publish,
    /// Post what was prepared.
    Post {
        /// The draft that was shown.
        draft: u32,
        /// Whether with the voter's own words.
        own: bool,
    },
    /// Do not post it.
    DropPost,
    /// Ask the voter to let the own words be used.
    AskVoter,
    /// Call the question a good one, or take that back.
    Star,
    /// Tell a month's winners.
    TellWinners,
    /// Do not.
    DropWinners,
}

impl Action {
    /// Whether it is a recall's, whose key the button carries, and no ticket's.
    pub fn is_of_recall(&self) -> bool {
        matches!(self, Self::SendRecall | Self::DropRecall | Self::StopRecall)
    }

    /// Whether it may change what those who ask a ticket were answered.
    pub fn changes_answers(&self) -> bool {
        matches!(self, Self::TakeBack(_) | Self::SendHeld(_) | Self::SendAgain(_))
    }

    /// Whether it is a proposal's, whose key the button carries.
    pub fn is_of_proposal(&self) -> bool {
        let drafting = matches!(self, Self::TeachAs(_) | Self::TeachNew | Self::TeachInto(_));
        drafting || matches!(self, Self::Approve | Self::DropProposal | Self::Forget)
    }

    /// Whether it is a post's, whose key the button carries.
    pub fn is_of_post(&self) -> bool {
        matches!(self, Self::Post { .. } | Self::DropPost | Self::AskVoter)
    }

    /// Whether it is a draw's, whose key the button carries.
    pub fn is_of_draw(&self) -> bool {
        matches!(self, Self::TellWinners | Self::DropWinners)
    }
}

/// Which answer of which ticket: the moderator's message that holds it. An answer given by a button has the button's
/// entry and no message; it goes by a negative number of the surface's choosing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyKey {
    /// The ticket's number.
    pub ticket: u64,
    /// The moderator's message.
    pub message: i64,
    /// To whom, of those who asked the same; none for the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asker: Option<VoterId>,
}

impl ReplyKey {
    /// The answer of that message, to the first who asked.
    pub fn of(ticket: u64, message: i64) -> Self {
        Self { ticket, message, asker: None }
    }
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Telegram took it, at this time (milliseconds since 1970).
    Sent(i64),
    /// Telegram took its words, but not the picture or file.
    Partly {
        /// When (milliseconds since 1970).
        at: i64,
        /// Why, in Telegram's words.
        reason: String,
    },
    /// The voter has blocked the bot.
    Blocked,
    /// Telegram refused it for good, in these words.
    Failed(String),
}

impl Outcome {
    /// When the voter got something of it, in milliseconds since 1970.
    pub fn arrived(&self) -> Option<i64> {
        match self {
            Self::Sent(at) | Self::Partly { at, .. } => Some(*at),
            Self::Blocked | Self::Failed(_) => None,
        }
    }
}

/// What a moderator wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// The text, or the words under a picture.
    pub text: String,
    /// How parts of the text look.
    pub marks: Vec<Mark>,
    /// A picture, document, voice message or the like, to be copied; none for a text.
    pub media: Option<Media>,
}

impl Content {
    /// Plain words.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// Something that is copied rather than written anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Whether words can stand under it.
    pub captioned: bool,
    /// What tells it from another, so that a changed picture is seen.
    pub file: String,
}

/// How a part of a text looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Where it starts, in UTF-16 code units.
    pub offset: usize,
    /// How long it is, in UTF-16 code units.
    pub length: usize,
    /// "bold", "italic", ... as Telegram names it.
    pub kind: String,
    /// The address, for a link.
    pub url: Option<String>,
}
