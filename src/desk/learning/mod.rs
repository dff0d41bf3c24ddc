//! What moderators teach the bot: from a question and its answer a phrasing of an entry, or a new entry.
//!
//! "Tambah ke FAQ" on an answered card begins a **proposal**. A phrasing is looked at by itself (`unfit`), then tried aside
//! (`trial`): what takes a question away from another entry, or makes a negative example answered, is refused with the
//! reason. A new entry is drafted in a short dialogue (`dialogue`). Then moderators approve by presses (`approval`): one for
//! an ordinary phrasing, two different people for a new entry or a phrasing of a `sensitive` one. What is approved serves on
//! every instance at the next load, which begins at once; `/lupakan` takes it back. The files stay the truth: what
//! they have at a load is theirs from then on.

use serde::{Deserialize, Serialize};

use super::event::Action;
use super::ticket::{Reply, Ticket};
use super::{Desk, Effect, VoterId};
use crate::faq::lesson::{Lesson, NewEntry, as_phrasing};
use crate::text::cut::shortened;

mod approval;
mod dialogue;
mod trial;
mod unfit;

pub use approval::LISTED;
pub use dialogue::Step;
pub use trial::{Refusal, try_aside};

#[cfg(test)]
mod tests;

/// The longest text that is quoted, in characters.
const QUOTED: usize = 1500;

/// What moderators propose to add to the FAQ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its number, as people say it.
    pub number: u64,
    /// What its buttons carry: unguessable.
    pub key: String,
    /// The ticket that it comes from; none once that is deleted.
    pub ticket: Option<u64>,
    /// What has become of it.
    pub state: ProposalState,
    /// The wording that is to be learnt: the ticket's masked question, or how a moderator put it.
    pub text: String,
    /// What would be added; none as long as that is not chosen.
    pub lesson: Option<Lesson>,
    /// How often it was tried.
    pub tries: u32,
    /// Who approved.
    pub approvals: Vec<Approval>,
    /// Which of its messages is the last.
    pub line: u32,
}

/// One who approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The name shown.
    pub by: Option<String>,
    /// Telegram's number, by which two are told apart; none where the surface has none.
    pub user: Option<i64>,
}

/// What has become of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProposalState {
    /// Moderators are asked for which entry it is.
    Choosing,
    /// A new entry is drafted, and this is asked for.
    Asking(Step, NewEntry),
    /// It is tried aside.
    Trying,
    /// It waits for approval.
    Proposed,
    /// It is in force.
    Approved,
    /// The files have it: it is theirs.
    Filed,
    /// The files do not take it.
    Unfit,
    /// A moderator gave it up.
    Dropped,
    /// A moderator took it back.
    Forgotten,
}

impl ProposalState {
    /// Its name in the store.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Choosing => "choosing",
            Self::Asking(..) => "asking",
            Self::Trying => "trying",
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Filed => "filed",
            Self::Unfit => "unfit",
            Self::Dropped => "dropped",
            Self::Forgotten => "forgotten",
        }
    }

    /// Whether moderators are still at it.
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Choosing | Self::Asking(..) | Self::Trying | Self::Proposed)
    }
}

/// A proposal's message in the moderator chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalLine {
    /// The proposal's number.
    pub number: u64,
    /// The proposal's key, for the buttons.
    pub key: String,
    /// The ticket on whose card it hangs.
    pub ticket: u64,
    /// Whose words may be in it; never shown.
    pub voter: Option<VoterId>,
    /// Which of the proposal's messages it is.
    pub line: u32,
    /// What it says.
    pub text: String,
    /// What is quoted under it.
    pub quote: String,
    /// Rows of buttons: words and what they do.
    pub rows: Vec<Vec<(String, Action)>>,
    /// Whether it was posted before and is changed.
    pub posted: bool,
}

impl Desk<'_> {
    /// "Tambah ke FAQ" was pressed on a card.
    pub(super) fn learn(&mut self, ticket: &Ticket) {
        if let Some(pending) = self.known.proposal.as_ref().filter(|own| own.state.is_pending()) {
            return self.toast("learn_pending", &[("number", &pending.number.to_string())]);
        }
        let question = ticket.texts.first().map(|(_, text)| as_phrasing(text)).unwrap_or_default();
        let proposal = Proposal {
            number: self.known.next_proposal,
            key: self.known.key.clone(),
            ticket: Some(ticket.number),
            state: ProposalState::Choosing,
            text: question,
            lesson: None,
            tries: 0,
            approvals: Vec::new(),
            line: 0,
        };
        self.toast("learn_begun", &[("number", &proposal.number.to_string())]);
        match given(ticket) {
            // The button that answered with an entry said whose phrasing it is.
            Some(entry) => self.try_as(proposal, &entry, false),
            None => self.choose(proposal, None, false),
        }
    }

    /// Asks for which entry a wording is.
    fn choose(&mut self, proposal: Proposal, why: Option<String>, posted: bool) {
        let proposal = Proposal { state: ProposalState::Choosing, lesson: None, ..proposal };
        let number = proposal.number.to_string();
        let text = self.say("learn_choose", &[("number", &number)]);
        let text = why.map_or_else(|| text.clone(), |why| format!("{why}\n\n{text}"));
        let ticket = proposal.ticket.and_then(|number| self.ticket(number));
        let faq = &self.knowledge.faq;
        let nearest = ticket.iter().flat_map(|ticket| &ticket.nearest).filter_map(|id| faq.entry(id));
        let mut rows: Vec<Vec<(String, Action)>> =
            nearest.map(|entry| vec![(entry.title.clone(), Action::TeachAs(entry.id.clone()))]).collect();
        let mut last = vec![(self.say("button_no_proposal", &[]), Action::DropProposal)];
        if ticket.as_ref().is_some_and(|ticket| worded(ticket).is_some()) {
            last.insert(0, (self.say("button_new_entry", &[]), Action::TeachNew));
        }
        rows.push(last);
        let quote = proposal.text.clone();
        self.show_proposal(proposal, text, &quote, rows, posted);
    }

    /// Takes a wording for a phrasing of an entry, if it can be one, and tries it aside.
    fn try_as(&mut self, proposal: Proposal, entry: &str, posted: bool) {
        if let Some(why) = self.unfit_phrasing(&proposal.text) {
            return self.choose(proposal, Some(why), posted);
        }
        let lesson = Lesson::Phrasing { entry: entry.to_owned(), text: proposal.text.clone() };
        self.try_lesson(proposal, lesson, posted);
    }

    /// Keeps a proposal and shows it: in the place of its last message, or anew below all others.
    fn show_proposal(
        &mut self,
        mut proposal: Proposal,
        text: String,
        quote: &str,
        rows: Vec<Vec<(String, Action)>>,
        posted: bool,
    ) {
        if !posted {
            proposal.line += 1;
        }
        if let Some(ticket) = proposal.ticket {
            self.effects.push(Effect::ProposalLine(ProposalLine {
                number: proposal.number,
                key: proposal.key.clone(),
                ticket,
                voter: self.ticket(ticket).map(|ticket| ticket.voter),
                line: proposal.line,
                text,
                quote: shortened(quote, QUOTED),
                rows,
                posted,
            }));
        }
        self.effects.push(Effect::KeepProposal(proposal));
    }

    /// A press on a button of a proposal.
    pub(super) fn proposal_pressed(&mut self, by: Option<&str>, user: Option<i64>, action: &Action) {
        let Some(proposal) = self.known.proposal.clone() else { return self.toast("learn_gone", &[]) };
        match (action, &proposal.state) {
            (Action::TeachAs(entry), ProposalState::Choosing) if self.is_code(entry) => {
                self.try_as(proposal, entry, true);
            }
            (Action::TeachNew, ProposalState::Choosing) => self.begin_entry(proposal),
            (Action::TeachInto(file), ProposalState::Asking(Step::File, draft)) => {
                let draft = NewEntry { file: file.clone(), ..draft.clone() };
                self.try_lesson(proposal, Lesson::Entry(draft), true);
            }
            (Action::Approve, ProposalState::Proposed) => self.approve(proposal, by, user),
            (Action::DropProposal, state) if state.is_pending() => self.drop_proposal(proposal, by),
            (Action::Forget, ProposalState::Approved) => self.forget(proposal, by),
            _ => self.toast("learn_gone", &[]),
        }
    }

    /// A moderator replied to a proposal's message.
    pub(super) fn proposal_replied(&mut self, message: i64, text: &str) {
        let Some(proposal) = self.known.proposal.clone() else { return self.notice_writer(message, "learn_gone", &[]) };
        let text = text.trim();
        match &proposal.state {
            ProposalState::Asking(step, draft) => {
                let (step, draft) = (*step, draft.clone());
                self.draft_on(proposal, step, draft, text);
            }
            state if !state.is_pending() => {
                self.notice_writer(message, "learn_closed", &[("number", &proposal.number.to_string())]);
            }
            _ if matches!(proposal.lesson, Some(Lesson::Entry(_))) => {
                self.notice_writer(message, "learn_entry_fixed", &[("number", &proposal.number.to_string())]);
            }
            _ => match self.given_by(text).map(|entry| entry.id.clone()) {
                Some(entry) => self.try_as(proposal, &entry, false),
                None => {
                    let chosen = match &proposal.lesson {
                        Some(Lesson::Phrasing { entry, .. }) => Some(entry.clone()),
                        _ => None,
                    };
                    let proposal = Proposal { text: as_phrasing(text), approvals: Vec::new(), ..proposal };
                    match chosen {
                        Some(entry) => self.try_as(proposal, &entry, false),
                        None => self.choose(proposal, None, false),
                    }
                }
            },
        }
    }

    fn drop_proposal(&mut self, proposal: Proposal, by: Option<&str>) {
        let (number, by) = (proposal.number.to_string(), self.someone(by));
        let text = self.say("learn_dropped", &[("number", &number), ("by", &by)]);
        let proposal = Proposal { state: ProposalState::Dropped, ..proposal };
        self.show_proposal(proposal, text, "", Vec::new(), true);
        self.toast("learn_dropped", &[("number", &number), ("by", &by)]);
    }
}

/// The last answer that stands, if it was an entry.
pub(super) fn given(ticket: &Ticket) -> Option<String> {
    ticket.answers.iter().rev().find(|reply| reply.stands())?.entry.clone()
}

/// The last answer in words that stands.
fn worded(ticket: &Ticket) -> Option<&Reply> {
    let is_worded = |reply: &&Reply| {
        let content = reply.content.as_ref().filter(|content| content.media.is_none());
        reply.stands() && content.is_some_and(|content| !content.text.trim().is_empty())
    };
    ticket.answers.iter().rev().find(is_worded)
}

/// Whether something can be learnt from a ticket: it is answered, and what it asks is a question.
pub(super) fn is_lesson(ticket: &Ticket) -> bool {
    let plain = !ticket.claim && !ticket.urgent && !ticket.objection;
    plain && (given(ticket).is_some() || worded(ticket).is_some())
}
