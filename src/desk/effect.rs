//! What the desk wants done.

use chrono::{DateTime, FixedOffset};

use super::VoterId;
use super::asked::Asked;
use super::card::Card;
use super::care::Level;
use super::channel::{Post, Words as PostWords};
use super::event::{Action, Content, Event, ReplyKey};
use super::learning::{Proposal, ProposalLine};
use super::menu::Choice;
use super::offer::Offer;
use super::pace::Pace;
use super::picture::Picture;
use super::queue::List;
use super::recall::{Recall, Retraction, Words};
use super::recognition::Draw;
use super::schedule::CalendarDay;
use super::state::VoterState;
use super::ticket::Ticket;
use crate::faq::Answer;
use crate::faq::lesson::Lesson;
use crate::faq::markup::Document;

/// Something the desk wants done. The surface carries effects out in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send an entry's answer.
    Answer {
        /// To whom.
        voter: VoterId,
        /// The key of the question, for the buttons under it.
        key: String,
        /// What.
        answer: Answer,
        /// The lines above it, if any.
        head: String,
        /// The moderator's reply that it carries out.
        reply: Option<ReplyKey>,
    },
    /// Send the rest of an entry's answer.
    More {
        /// To whom.
        voter: VoterId,
        /// Whose; it has a rest.
        answer: Answer,
    },
    /// Offer entries, and a person as the last choice.
    Suggest {
        /// To whom.
        voter: VoterId,
        /// The key of the question, for the buttons.
        key: String,
        /// The words above the choices.
        text: String,
        /// The choices.
        offers: Vec<Offer>,
        /// The last choice: a person.
        person: String,
    },
    /// Suggest what a moderator answered to others who asked the same.
    SuggestAnswer {
        /// To whom.
        voter: VoterId,
        /// The key of the question, for the buttons.
        key: String,
        /// The bot's words before it.
        before: String,
        /// The moderator's words.
        content: Content,
        /// The bot's words behind it.
        after: String,
        /// The words on the button that says that it helped.
        helped: String,
        /// The words on the button that wants a person.
        person: String,
        /// The code of its ticket.
        code: String,
    },
    /// Show choices that belong to no question.
    Menu {
        /// To whom.
        voter: VoterId,
        /// The words above the choices.
        text: Document,
        /// Rows of choices, each with its words.
        rows: Vec<Vec<(String, Choice)>>,
    },
    /// Ask whether a picture may be shown to the moderators.
    AskPicture {
        /// Whom.
        voter: VoterId,
        /// The key of the message that has it, for the button.
        key: String,
        /// The question.
        text: String,
        /// The words on the button that lets it.
        yes: String,
    },
    /// Copy a voter's picture to the card of its ticket.
    CopyPicture {
        /// The ticket.
        ticket: u64,
        /// Whose; never shown.
        voter: VoterId,
        /// The voter's message.
        message: i64,
        /// What stands under it.
        head: String,
    },
    /// Ask whether all that is kept of the voter is to be deleted.
    Confirm {
        /// Whom.
        voter: VoterId,
        /// The question.
        text: String,
        /// The words on the button that deletes.
        yes: String,
        /// The words on the button that does not.
        no: String,
    },
    /// Answer in a group, as a reply to the message that asked.
    ToGroup {
        /// The group.
        group: VoterId,
        /// The message.
        message: i64,
        /// The topic of a forum that it stands in.
        topic: Option<i64>,
        /// The answer; none where a talk in private is offered.
        answer: Option<Answer>,
        /// The words, where there is no answer.
        text: String,
    },
    /// Send a line.
    Say {
        /// To whom.
        voter: VoterId,
        /// What.
        text: Document,
    },
    /// Send a picture of what was told in words before.
    Picture {
        /// To whom.
        voter: VoterId,
        /// What.
        picture: Picture,
        /// The words under it.
        caption: String,
        /// The words in its place, if it can't be sent.
        instead: String,
    },
    /// Send what is kept about a voter as a file.
    Data {
        /// To whom.
        voter: VoterId,
        /// What, as JSON.
        text: String,
        /// The words under it.
        caption: String,
        /// The words in its place, if it can't be sent.
        instead: String,
    },
    /// Send days as a calendar file.
    Calendar {
        /// To whom.
        voter: VoterId,
        /// The days.
        days: Vec<CalendarDay>,
        /// When it was made.
        made: DateTime<FixedOffset>,
        /// The words under it.
        caption: String,
        /// The words in its place, if it can't be sent.
        instead: String,
    },
    /// Send a line with the voter's own words under it.
    Quote {
        /// To whom.
        voter: VoterId,
        /// The line.
        before: String,
        /// The masked words.
        quote: String,
    },
    /// Send a moderator's words.
    Deliver {
        /// To whom.
        voter: VoterId,
        /// Which answer it is.
        reply: ReplyKey,
        /// The bot's words before it.
        before: String,
        /// The moderator's words.
        content: Content,
        /// The messages of an album, to be copied as one; else empty.
        album: Vec<i64>,
    },
    /// Change a moderator's words that were sent.
    Correct {
        /// To whom.
        voter: VoterId,
        /// Which answer it is.
        reply: ReplyKey,
        /// The bot's words before it.
        before: String,
        /// The moderator's words.
        content: Content,
    },
    /// Take back a moderator's words: delete them, or say so in their place.
    TakeBack {
        /// From whom.
        voter: VoterId,
        /// Which answer it is.
        reply: ReplyKey,
        /// Whether it is too late to delete it.
        late: bool,
        /// What stands in its place then.
        text: String,
        /// Whether the place is under a picture.
        caption: bool,
        /// How many messages it stands in.
        messages: usize,
    },
    /// Keep a ticket, new or changed.
    KeepTicket(Ticket),
    /// Note by which words an open ticket is found when somebody else asks the same.
    IndexTicket {
        /// The ticket.
        ticket: u64,
        /// The stems.
        words: Vec<String>,
    },
    /// Note that a voter waits for a ticket that somebody else opened.
    KeepAsker {
        /// The ticket.
        ticket: u64,
        /// Who.
        voter: VoterId,
    },
    /// Note that a voter waits no more for a ticket that somebody else opened.
    DropAsker {
        /// The ticket.
        ticket: u64,
        /// Who.
        voter: VoterId,
    },
    /// Keep what a voter's message asked and what became of it.
    KeepAsked(Asked),
    /// Post a ticket's card in the moderator chat.
    ShowCard(Card),
    /// Change a ticket's card.
    UpdateCard(Card),
    /// Show a part of a question that does not fit on the card, as a reply to it.
    Part {
        /// The ticket.
        ticket: u64,
        /// Who wrote it; never shown.
        voter: VoterId,
        /// Which part, from 1.
        place: usize,
        /// The first line.
        head: String,
        /// The masked words, to be quoted; empty if nothing is left of it.
        text: String,
        /// Whether it was posted before and is changed.
        posted: bool,
    },
    /// Post what a voter wrote after an answer, as a reply to the card.
    FollowUp {
        /// The ticket.
        ticket: u64,
        /// Who wrote it; never shown.
        voter: VoterId,
        /// The voter's message.
        message: i64,
        /// The first line.
        head: String,
        /// The masked words, to be quoted.
        text: String,
    },
    /// Tell the moderators something about one ticket, as a reply to its card; a reply to it is an answer.
    Line {
        /// The ticket.
        ticket: u64,
        /// What tells it from the ticket's other lines.
        key: String,
        /// What.
        text: String,
        /// Buttons under it: the ticket's key, words and what they do.
        actions: Vec<(String, String, Action)>,
    },
    /// Empty all that was posted of a ticket in the moderator chat: the card becomes this, the rest that text.
    Empty {
        /// What is left of the card.
        card: Card,
        /// What is left of the other messages.
        text: String,
        /// Whether another card takes its place: this one is one of the others then.
        anew: bool,
    },
    /// Empty what stands of the first asker's words beside a ticket's card, and the lists that quote them: others ask it
    /// now.
    EmptyWords {
        /// The ticket.
        ticket: u64,
        /// What is left of the messages.
        text: String,
    },
    /// Tell the moderators something.
    Notice {
        /// What.
        text: String,
        /// A moderator's message that it is about.
        about: Option<i64>,
    },
    /// Show the moderators a picture of what was told in words before.
    Chart {
        /// What.
        picture: Picture,
        /// The words under it, and in its place, if it can't be sent.
        caption: String,
    },
    /// Show a list that quotes voters' words.
    List(List),
    /// Note that tickets which wait since before then were called to mind.
    CalledToMind {
        /// Whose.
        level: Level,
        /// Since when they wait.
        before: DateTime<FixedOffset>,
    },
    /// Show a recall in the moderator chat, or how far it came.
    RecallLine {
        /// The recall's key.
        key: String,
        /// What.
        text: String,
        /// Buttons under it: words and what they do.
        actions: Vec<(String, Action)>,
        /// Whether it was posted before and is changed.
        posted: bool,
    },
    /// Tell one who was told that it holds no more, behind all other messages.
    Recalled {
        /// Whom.
        voter: VoterId,
        /// The recall's key.
        key: String,
        /// What.
        words: Words,
    },
    /// Show a proposal to add something to the FAQ, or how it stands.
    ProposalLine(ProposalLine),
    /// Keep a proposal, new or changed.
    KeepProposal(Proposal),
    /// Try a lesson aside.
    Try {
        /// The proposal's number.
        proposal: u64,
        /// Which of its trials it is.
        tries: u32,
        /// What would be added.
        lesson: Lesson,
    },
    /// What moderators added to the FAQ has changed: serve with it.
    Teach,
    /// Show moderators an entry as a voter would get it, as a reply to a card.
    Preview {
        /// The ticket.
        ticket: u64,
        /// The entry.
        answer: Answer,
        /// The line above it.
        head: String,
        /// Buttons under it: the ticket's key, words and what they do.
        actions: Vec<(String, String, Action)>,
    },
    /// Keep a recall, new or changed.
    KeepRecall(Recall),
    /// Send no more of a recall's messages.
    StopRecall {
        /// The recall's key.
        key: String,
    },
    /// Give an entry no more as long as it has that version.
    Retract(Retraction),
    /// Keep the versions that entries have, by id.
    KeepVersions(Vec<(String, String)>),
    /// Show a post for the public channel in the moderator chat; a reply to it is what the post is to say.
    PostLine {
        /// The ticket that it came of.
        ticket: u64,
        /// The message's name.
        name: String,
        /// What.
        text: String,
        /// What the post says, to be quoted.
        quote: Option<String>,
        /// Buttons under it: the key that each carries, its words and what it does.
        actions: Vec<(String, String, Action)>,
        /// Whether it was posted before and is changed.
        posted: bool,
    },
    /// Post something in the public channel, or change what is there, behind all other messages.
    ToChannel {
        /// The key of the post, or the name of the announcement.
        key: String,
        /// What it says.
        words: PostWords,
        /// Whether it was posted before and is changed.
        posted: bool,
    },
    /// Ask a voter whether the own words may stand in the public channel.
    AskConsent {
        /// Whom.
        voter: VoterId,
        /// The key of the post.
        key: String,
        /// The question.
        text: String,
        /// The very words.
        quote: String,
        /// The words on the button that lets them be used.
        yes: String,
        /// The words on the button that does not.
        no: String,
    },
    /// Keep a post, new or changed.
    KeepPost(Post),
    /// Forget a post that is not in the channel.
    DropPost {
        /// Its key.
        key: String,
    },
    /// Keep no longer what was sent of a post: words in it are somebody's who takes them back.
    ForgetSent {
        /// The ticket that it came of.
        ticket: u64,
        /// Its key.
        key: String,
    },
    /// Note that a moderator starred a ticket, or took that back.
    Star {
        /// The ticket.
        ticket: u64,
        /// Who, by Telegram's number; never shown.
        moderator: i64,
        /// Whether it is starred now.
        given: bool,
    },
    /// Keep a month's draw, new or changed.
    KeepDraw(Draw),
    /// Answer a press with a line that fades.
    Toast(String),
    /// Keep this of a voter.
    Remember {
        /// Of whom.
        voter: VoterId,
        /// What.
        state: VoterState,
    },
    /// Keep this of a voter beyond the voter's own data, under a name that tells nothing of the person.
    Outlive {
        /// Of whom.
        voter: VoterId,
        /// Whether moderators want no more of this voter.
        blocked: bool,
        /// How much the voter has written lately.
        pace: Pace,
    },
    /// Delete all that is kept of a voter.
    Forget {
        /// Of whom.
        voter: VoterId,
    },
    /// Whether messages reach the voter.
    Reach {
        /// Who.
        voter: VoterId,
        /// Whether they do.
        reachable: bool,
    },
    /// Bring this event later. One of the same name is replaced.
    Later {
        /// Its name.
        name: String,
        /// Whom it is about, if a voter.
        voter: Option<VoterId>,
        /// When.
        at: DateTime<FixedOffset>,
        /// What.
        event: Event,
    },
    /// Do not bring the event of that name.
    Never {
        /// Its name.
        name: String,
    },
    /// Load the FAQ anew.
    Reload,
    /// Delete what is old.
    Sweep {
        /// Texts that were delivered before this are blanked.
        sent: DateTime<FixedOffset>,
        /// Updates that could not be read and came before this are blanked.
        unread: DateTime<FixedOffset>,
        /// Voters not seen and tickets not changed since are deleted.
        kept: DateTime<FixedOffset>,
        /// Which answers were given before this is forgotten.
        told: DateTime<FixedOffset>,
    },
}
