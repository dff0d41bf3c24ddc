//! A lesson tried aside before anybody approves it: what would it do to the questions that are answered today?

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Proposal, ProposalState};
use crate::desk::event::Event;
use crate::desk::{Desk, Effect, Live};
use crate::faq::lesson::{Fit, Lesson};
use crate::matcher::against::verdict;
use crate::matcher::collide::Edition;
use crate::matcher::{Matcher, Verdict};

/// How many questions are named that would fare worse.
const NAMED: usize = 3;
/// When a trial of which nothing was heard is begun again: the program may have been killed meanwhile.
const AGAIN: chrono::Duration = chrono::Duration::seconds(60);

/// Why a lesson is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The files would not take it, for this reason.
    Unfit(String),
    /// The FAQ has it already.
    There,
    /// The wording is answered with that entry as things are.
    Answered(String),
    /// These questions would fare worse, of so many.
    Worse(Vec<String>, usize),
}

/// Tries `lesson` aside: none if nothing speaks against it. A phrasing is added to the index that serves, so that what
/// changes is its doing alone; an entry to the files. Takes a while.
pub fn try_aside(live: &Live, lesson: &Lesson, today: NaiveDate) -> Option<Refusal> {
    let (faq, report, fit) = live.aside(lesson);
    match (faq, fit) {
        (_, Fit::Unfit(why)) => Some(Refusal::Unfit(why)),
        (_, Fit::There) => Some(Refusal::There),
        (None, Fit::Added) => Some(Refusal::Unfit(report.brief(NAMED))),
        (Some(faq), Fit::Added) => {
            let current = live.current();
            let matcher = match lesson {
                Lesson::Phrasing { entry, text } => {
                    if let Verdict::Answer(found) = current.matcher.judge(text, today).verdict {
                        let found = &current.faq.entries[found].id;
                        if found != entry {
                            return Some(Refusal::Answered(found.clone()));
                        }
                    }
                    let place = current.faq.entries.iter().position(|own| own.id == *entry);
                    let mut matcher = current.matcher.clone();
                    place.into_iter().for_each(|place| matcher.learn(text, place));
                    matcher
                }
                Lesson::Entry(_) => Matcher::new(&faq),
            };
            let old = Edition { faq: &current.faq, matcher: &current.matcher };
            let new = match lesson {
                Lesson::Phrasing { .. } => Edition { faq: &current.faq, matcher: &matcher },
                Lesson::Entry(_) => Edition { faq: &faq, matcher: &matcher },
            };
            worse(old, new, today)
        }
    }
}

/// The phrasings and negative examples that fare worse by `new` than by `old`.
fn worse(old: Edition<'_>, new: Edition<'_>, today: NaiveDate) -> Option<Refusal> {
    let asked = verdict::phrasings(old.faq, new.faq).into_iter().chain(verdict::negatives(old.faq));
    let asked: Vec<_> = asked.collect();
    let group = verdict::compare("", &asked, old, new, today);
    let lost: Vec<&str> =
        group.changed.iter().filter(|change| change.gain() < 0).map(|change| change.text.as_str()).collect();
    let named = lost.iter().take(NAMED).map(|&text| text.to_owned()).collect();
    (!lost.is_empty()).then_some(Refusal::Worse(named, lost.len()))
}

/// The name of the event by which a proposal is tried.
fn trial(number: u64) -> String {
    format!("try:{number}")
}

impl Desk<'_> {
    /// Has a lesson tried aside. Written first: a kill only delays it.
    pub(super) fn try_lesson(&mut self, proposal: Proposal, lesson: Lesson, posted: bool) {
        let (number, tries) = (proposal.number, proposal.tries + 1);
        let proposal =
            Proposal { state: ProposalState::Trying, lesson: Some(lesson), tries, approvals: Vec::new(), ..proposal };
        let text = self.say("learn_trying", &[("number", &number.to_string())]);
        self.later_trial(number, self.now);
        let quote = proposal.text.clone();
        self.show_proposal(proposal, text, &quote, Vec::new(), posted);
    }

    fn later_trial(&mut self, number: u64, at: chrono::DateTime<chrono::FixedOffset>) {
        let event = Event::Try { proposal: number };
        self.effects.push(Effect::Later { name: trial(number), voter: None, at, event });
    }

    /// Time to try a proposal.
    pub(in crate::desk) fn begin_trial(&mut self) {
        let Some(proposal) = self.known.proposal.clone() else { return };
        if let (ProposalState::Trying, Some(lesson)) = (&proposal.state, proposal.lesson) {
            let (number, tries) = (proposal.number, proposal.tries);
            self.later_trial(number, self.now + AGAIN);
            self.effects.push(Effect::Try { proposal: number, tries, lesson });
        }
    }

    /// A trial came to its end.
    pub(in crate::desk) fn tried(&mut self, tries: u32, refusal: Option<&Refusal>) {
        let Some(proposal) = self.known.proposal.clone() else { return };
        if proposal.state != ProposalState::Trying || proposal.tries != tries {
            return;
        }
        self.effects.push(Effect::Never { name: trial(proposal.number) });
        match (refusal, &proposal.lesson) {
            (None, _) => self.propose(proposal),
            (Some(refusal), Some(Lesson::Entry(draft))) => {
                // What is wrong may be the answer itself, which is not asked for again.
                let (why, draft) = (self.reason(refusal), draft.clone());
                self.refuse_entry(proposal, &why, &draft);
            }
            (Some(refusal), _) => {
                let why = self.reason(refusal);
                self.choose(proposal, Some(why), true);
            }
        }
    }

    fn reason(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Unfit(why) => self.say("learn_why_unfit", &[("why", why)]),
            Refusal::There => self.say("learn_why_there", &[]),
            Refusal::Answered(entry) => self.say("learn_why_answered", &[("id", entry)]),
            Refusal::Worse(named, count) => {
                let named = named.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", ");
                self.say("learn_why_worse", &[("questions", &named), ("count", &count.to_string())])
            }
        }
    }
}
