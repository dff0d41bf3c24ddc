//! Who says that a proposal is right, and what follows.

use super::{Approval, Proposal, ProposalState};
use crate::desk::event::Action;
use crate::desk::queue::List;
use crate::desk::{Desk, Effect};
use crate::faq::lesson::{Lesson, NewEntry};
use crate::text::cut::shortened;

/// How many presses, by different people, a new entry or a phrasing of a sensitive one needs.
const BOTH: usize = 2;
/// How many lessons in force `/lupakan` lists.
pub const LISTED: usize = 20;
/// How much of each it shows, in characters.
const SHOWN: usize = 120;

impl Desk<'_> {
    /// How many must approve.
    fn needed(&self, lesson: &Lesson) -> usize {
        match lesson {
            Lesson::Entry(_) => BOTH,
            Lesson::Phrasing { entry, .. } => {
                let sensitive = self.knowledge.faq.entry(entry).is_none_or(|entry| entry.sensitive);
                if sensitive { BOTH } else { 1 }
            }
        }
    }

    /// Shows a proposal that may be approved.
    pub(super) fn propose(&mut self, proposal: Proposal) {
        let Some(lesson) = proposal.lesson.clone() else { return };
        let number = proposal.number.to_string();
        let (mut text, quote) = match &lesson {
            Lesson::Phrasing { entry, text } => {
                let title = self.knowledge.faq.entry(entry).map(|own| own.title.clone()).unwrap_or_default();
                let head = self.say("learn_proposed", &[("number", &number), ("id", entry), ("title", &title)]);
                (head, text.clone())
            }
            Lesson::Entry(entry) => (self.say("learn_proposed_entry", &[("number", &number)]), self.drafted(entry)),
        };
        let wording = match &lesson {
            Lesson::Phrasing { text, .. } => text.clone(),
            Lesson::Entry(entry) => entry.questions.join(" "),
        };
        let unknown = self.unknown_words(&wording);
        if !unknown.is_empty() {
            let unknown = shortened(&unknown.join(", "), SHOWN);
            text = format!("{text}\n{}", self.say("learn_unknown", &[("words", &unknown)]));
        }
        let needed = self.needed(&lesson);
        if needed > 1 {
            let approved = proposal.approvals.iter().map(|own| self.someone(own.by.as_deref()));
            let approved = approved.collect::<Vec<_>>().join(", ");
            let line = if approved.is_empty() {
                self.say("learn_needs_two", &[])
            } else {
                self.say("learn_needs_one_more", &[("by", &approved)])
            };
            text = format!("{text}\n{line}");
        }
        let rows = vec![vec![
            (self.say("button_approve", &[]), Action::Approve),
            (self.say("button_no_proposal", &[]), Action::DropProposal),
        ]];
        self.show_proposal(Proposal { state: ProposalState::Proposed, ..proposal }, text, &quote, rows, true);
    }

    pub(super) fn approve(&mut self, mut proposal: Proposal, by: Option<&str>, user: Option<i64>) {
        let Some(lesson) = proposal.lesson.clone() else { return self.toast("learn_gone", &[]) };
        let needed = self.needed(&lesson);
        let own = Approval { by: by.map(str::to_owned), user };
        let is_own = |other: &Approval| match (other.user, own.user) {
            (Some(other), Some(own)) => other == own,
            // Two who can't be told apart are one.
            _ => true,
        };
        if proposal.approvals.iter().any(is_own) {
            return self.toast("learn_second", &[]);
        }
        proposal.approvals.push(own);
        let number = proposal.number.to_string();
        if proposal.approvals.len() < needed {
            self.toast("learn_first", &[]);
            return self.propose(proposal);
        }
        let by: Vec<String> = proposal.approvals.iter().map(|own| self.someone(own.by.as_deref())).collect();
        let id = Self::taught_entry(&lesson).to_owned();
        let text = self.say("learn_approved", &[("number", &number), ("by", &by.join(", ")), ("id", &id)]);
        let quote = match &lesson {
            Lesson::Phrasing { text, .. } => text.clone(),
            Lesson::Entry(entry) => self.drafted(entry),
        };
        self.show_proposal(Proposal { state: ProposalState::Approved, ..proposal }, text, &quote, Vec::new(), true);
        self.effects.push(Effect::Teach);
        self.toast("learn_in_force", &[("number", &number)]);
    }

    /// A drafted entry that the FAQ does not take: the reason is told, and it is given up; a better answer is another
    /// proposal.
    pub(super) fn refuse_entry(&mut self, proposal: Proposal, why: &str, draft: &NewEntry) {
        let text = self.say("learn_entry_refused", &[("number", &proposal.number.to_string()), ("why", why)]);
        let quote = self.drafted(draft);
        let proposal = Proposal { state: ProposalState::Dropped, ..proposal };
        self.show_proposal(proposal, text, &quote, Vec::new(), true);
    }

    /// `/lupakan` with a number: shows what would be taken back; without one: what is in force.
    pub(in crate::desk) fn ask_to_forget(&mut self, number: Option<u64>) {
        let Some(number) = number else { return self.list_lessons() };
        let shown = number.to_string();
        let key = match self.known.proposal.as_ref().map(|own| &own.state) {
            Some(ProposalState::Approved) => "learn_forget",
            Some(ProposalState::Filed) => "learn_filed",
            _ => return self.notice("learn_none", &[("number", &shown)]),
        };
        let Some(proposal) = self.known.proposal.clone() else { return };
        let Some(lesson) = &proposal.lesson else { return };
        let id = Self::taught_entry(lesson).to_owned();
        let mut rows = Vec::new();
        if proposal.state == ProposalState::Approved {
            rows.push(vec![(proposal.key.clone(), self.say("button_forget", &[]), Action::Forget)]);
        }
        self.effects.push(Effect::List(List {
            key: self.known.key.clone(),
            above: false,
            posted: false,
            head: self.say(key, &[("number", &shown), ("id", &id)]),
            quote: proposal.text.clone(),
            tickets: Vec::new(),
            rows,
        }));
    }

    fn list_lessons(&mut self) {
        if self.known.lessons.is_empty() {
            return self.notice("learn_list_none", &[]);
        }
        let line = |own: &Proposal| {
            let id = own.lesson.as_ref().map(Self::taught_entry).unwrap_or_default();
            format!("#{} {id}: {}", own.number, shortened(&own.text, SHOWN))
        };
        let quote = self.known.lessons.iter().map(line).collect::<Vec<_>>().join("\n");
        self.effects.push(Effect::List(List {
            key: self.known.key.clone(),
            above: false,
            posted: false,
            head: self.say("learn_list", &[]),
            quote,
            tickets: Vec::new(),
            rows: Vec::new(),
        }));
    }

    pub(super) fn forget(&mut self, proposal: Proposal, by: Option<&str>) {
        let (number, by) = (proposal.number.to_string(), self.someone(by));
        self.notice("learn_forgotten", &[("number", &number), ("by", &by)]);
        self.toast("learn_forgotten", &[("number", &number), ("by", &by)]);
        self.effects.push(Effect::KeepProposal(Proposal { state: ProposalState::Forgotten, ..proposal }));
        self.effects.push(Effect::Teach);
    }

    /// A load told which lessons the files have by now, and which they do not take.
    pub(in crate::desk) fn taught(&mut self, unfit: &[(u64, String)]) {
        for proposal in self.known.lessons.clone() {
            let why = unfit.iter().find(|(number, _)| *number == proposal.number);
            let state = if why.is_some() { ProposalState::Unfit } else { ProposalState::Filed };
            if let Some((number, why)) = why {
                self.notice("learn_unfit", &[("number", &number.to_string()), ("why", why)]);
            }
            self.effects.push(Effect::KeepProposal(Proposal { state, ..proposal }));
        }
    }
}
