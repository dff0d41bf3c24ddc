//! The rules of what moderators teach, without any wire.

use chrono::{DateTime, FixedOffset};

use super::*;
use crate::desk::command::ModeratorCommand;
use crate::desk::event::{Addressee, Content, ReplyKey};
use crate::desk::tests::{KNOWLEDGE, Table};
use crate::desk::{Event, Known, Outcome, TicketState, decide};

fn now() -> DateTime<FixedOffset> {
    "2026-11-24T09:00:00+07:00".parse().expect("a time")
}

/// One proposal, as it stands.
struct Bench {
    ticket: Ticket,
    proposal: Option<Proposal>,
    last: Vec<Effect>,
}

impl Bench {
    /// One question that was answered: in words, or with an entry.
    fn answered(question: &str, entry: Option<&str>) -> Self {
        let mut table = Table::default();
        table.says(1, question, 0);
        let mut ticket = table.tickets[0].clone();
        assert_eq!(ticket.state, TicketState::Open, "{question}");
        let event = match entry {
            Some(entry) => Event::Tap {
                key: ticket.key.clone(),
                by: Some("Budi".to_owned()),
                user: Some(7),
                action: Action::Give(entry.to_owned()),
            },
            None => Event::Reply {
                to: Addressee::Ticket(ticket.number),
                message: 50,
                by: Some("Budi".to_owned()),
                content: Content::plain("Badan penanggulangan bencana."),
                album: None,
            },
        };
        let known = Known { tickets: vec![ticket.clone()], ..Known::default() };
        for effect in decide(&KNOWLEDGE, &event, &known, now()) {
            if let Effect::KeepTicket(kept) = effect {
                ticket = kept;
            }
        }
        let reply = ReplyKey::of(ticket.number, ticket.answers[0].message);
        let arrived = Event::Delivered { reply, outcome: Outcome::Sent(1) };
        let known = Known { tickets: vec![ticket.clone()], ..Known::default() };
        for effect in decide(&KNOWLEDGE, &arrived, &known, now()) {
            if let Effect::KeepTicket(kept) = effect {
                ticket = kept;
            }
        }
        Self { ticket, proposal: None, last: Vec::new() }
    }

    fn comes(&mut self, event: &Event) -> &mut Self {
        let known = Known {
            tickets: vec![self.ticket.clone()],
            proposal: self.proposal.clone(),
            next_proposal: 3,
            key: "p1".to_owned(),
            ..Known::default()
        };
        self.last = decide(&KNOWLEDGE, event, &known, now());
        for effect in &self.last {
            if let Effect::KeepProposal(proposal) = effect {
                self.proposal = Some(proposal.clone());
            }
        }
        self
    }

    fn press(&mut self, by: &str, user: i64, action: Action) -> &mut Self {
        let key = if action.is_of_proposal() { "p1".to_owned() } else { self.ticket.key.clone() };
        self.comes(&Event::Tap { key, by: Some(by.to_owned()), user: Some(user), action })
    }

    fn says(&mut self, text: &str) -> &mut Self {
        let content = Content::plain(text);
        self.comes(&Event::Reply { to: Addressee::Proposal(3), message: 60, by: None, content, album: None })
    }

    fn tried(&mut self, refusal: Option<Refusal>) -> &mut Self {
        self.comes(&Event::Try { proposal: 3 });
        let tries = self.last.iter().find_map(|effect| match effect {
            Effect::Try { tries, .. } => Some(*tries),
            _ => None,
        });
        let tries = tries.unwrap_or_else(|| panic!("nothing is tried: {:?}", self.last));
        self.comes(&Event::Tried { proposal: 3, tries, refusal })
    }

    fn state(&self) -> &'static str {
        self.proposal.as_ref().map_or("none", |proposal| proposal.state.name())
    }

    fn shown(&self) -> (String, Vec<Action>) {
        let line = self.last.iter().find_map(|effect| match effect {
            Effect::ProposalLine(line) => Some(line),
            _ => None,
        });
        let line = line.unwrap_or_else(|| panic!("nothing was shown: {:?}", self.last));
        (line.text.clone(), line.rows.iter().flatten().map(|(_, action)| action.clone()).collect())
    }

    fn teaches(&self) -> bool {
        self.last.contains(&Effect::Teach)
    }
}

const FOREIGN: &str = "siapa yang urus banjir di kampung saya";

#[test]
fn one_press_is_enough_for_an_ordinary_phrasing() {
    let mut bench = Bench::answered(FOREIGN, Some("uji-jam"));
    bench.press("Budi", 7, Action::Learn);
    assert_eq!(bench.state(), "trying", "the entry that was given is whose phrasing it is");
    bench.tried(None);
    let (text, actions) = bench.shown();
    assert!(text.contains("uji-jam") && actions == [Action::Approve, Action::DropProposal], "{text}");
    assert!(!bench.teaches());
    bench.press("Budi", 7, Action::Approve);
    assert_eq!((bench.state(), bench.teaches()), ("approved", true));
    bench.press("Ani", 8, Action::Approve);
    assert!(!bench.teaches(), "once is enough");
    bench.press("Ani", 8, Action::Forget);
    assert_eq!((bench.state(), bench.teaches()), ("forgotten", true));
}

#[test]
fn a_sensitive_entry_needs_two_people() {
    let sensitive = KNOWLEDGE.faq.entries.iter().find(|entry| entry.sensitive).expect("one").id.clone();
    let mut bench = Bench::answered(FOREIGN, Some(&sensitive));
    bench.press("Budi", 7, Action::Learn).tried(None).press("Budi", 7, Action::Approve);
    assert_eq!((bench.state(), bench.teaches()), ("proposed", false));
    bench.press("Budi dari rumah", 7, Action::Approve);
    assert_eq!((bench.state(), bench.teaches()), ("proposed", false), "the same person under another name");
    bench.press("Budi", 8, Action::Approve);
    assert_eq!((bench.state(), bench.teaches()), ("approved", true), "another person of the same name");
}

#[test]
fn what_is_refused_may_be_put_otherwise() {
    let mut bench = Bench::answered(FOREIGN, None);
    bench.press("Budi", 7, Action::Learn);
    let (_, actions) = bench.shown();
    assert!(actions.contains(&Action::TeachNew) && actions.contains(&Action::DropProposal), "{actions:?}");
    bench.press("Budi", 7, Action::TeachAs("uji-jam".to_owned()));
    bench.tried(Some(Refusal::Worse(vec!["tps buka jam brp".to_owned()], 4)));
    assert_eq!(bench.state(), "choosing");
    let (text, _) = bench.shown();
    assert!(text.contains("tps buka jam brp") && text.contains('4'), "{text}");
    bench.says("  loket   banjir di kampung siapa ");
    assert_eq!(bench.proposal.as_ref().expect("one").text, "loket banjir di kampung siapa");
    bench.says("uji-hari");
    assert_eq!(bench.state(), "trying", "a code chooses the entry");
    let stale = Event::Tried { proposal: 3, tries: 1, refusal: None };
    bench.comes(&stale);
    assert_eq!(bench.state(), "trying", "another trial's end says nothing of this one");
    bench.tried(None);
    assert_eq!(bench.state(), "proposed");
    bench.press("Ani", 8, Action::DropProposal);
    assert_eq!(bench.state(), "dropped");
    bench.says("kalimat lain lagi");
    assert_eq!(bench.state(), "dropped");
}

#[test]
fn a_phrasing_with_something_personal_is_refused_before_it_is_tried() {
    for (text, why) in [
        ("banjir", "dua kata"),
        ("nik 3174012345678901 terdaftar di tps mana", "data pribadi"),
        ("lihat jadwal tps di situs.example", "tautan"),
        ("jadwal tps tanya @petugas", "tautan"),
        ("kapan Pak Wiryo buka tps", "Wiryo"),
        ("kapan Sukirman Wagiyem buka tps", "Sukirman Wagiyem"),
        (&"tps buka jam berapa ".repeat(9), "huruf"),
    ] {
        let mut bench = Bench::answered(FOREIGN, None);
        bench.press("Budi", 7, Action::Learn).says(text).press("Budi", 7, Action::TeachAs("uji-jam".to_owned()));
        assert_eq!(bench.state(), "choosing", "{text}");
        let (shown, _) = bench.shown();
        assert!(shown.contains(why), "{text}: {shown}");
    }
}

#[test]
fn a_new_entry_is_drafted_step_by_step_and_needs_two_people() {
    let mut bench = Bench::answered(FOREIGN, None);
    bench.press("Budi", 7, Action::Learn).press("Budi", 7, Action::TeachNew);
    bench.says("Uji Banjir");
    assert!(bench.shown().0.contains("huruf kecil"), "an id has no blanks");
    bench.says("uji-jam");
    assert!(bench.shown().0.contains("sudah dipakai"));
    bench.says("uji-banjir").says(&"judul ".repeat(10));
    assert!(bench.shown().0.contains("40"));
    bench
        .says("Siapa yang mengurus banjir?")
        .says("BNPB, 1 Januari 2026")
        .says("banjir lapor ke mana\nsiapa urus banjir");
    let (_, actions) = bench.shown();
    let file = actions.iter().find(|action| matches!(action, Action::TeachInto(_))).cloned();
    bench.press("Budi", 7, file.expect("a file"));
    assert_eq!(bench.state(), "trying");
    let Some(Lesson::Entry(entry)) = bench.proposal.as_ref().and_then(|own| own.lesson.clone()) else {
        panic!("no entry")
    };
    assert_eq!((entry.id.as_str(), entry.questions.len()), ("uji-banjir", 3));
    assert_eq!(entry.answer, "Badan penanggulangan bencana.");
    bench.tried(None).press("Budi", 7, Action::Approve);
    assert!(!bench.teaches());
    bench.press("Ani", 8, Action::Approve);
    assert_eq!((bench.state(), bench.teaches()), ("approved", true));
}

#[test]
fn what_the_files_have_is_theirs() {
    let mut bench = Bench::answered(FOREIGN, Some("uji-jam"));
    bench.press("Budi", 7, Action::Learn).tried(None).press("Budi", 7, Action::Approve);
    let lessons = vec![bench.proposal.clone().expect("one")];
    let states = |event: Event| -> Vec<&'static str> {
        let known = Known { lessons: lessons.clone(), ..Known::default() };
        let effects = decide(&KNOWLEDGE, &event, &known, now());
        let kept = effects.iter().filter_map(|effect| match effect {
            Effect::KeepProposal(proposal) => Some(proposal.state.name()),
            _ => None,
        });
        kept.collect()
    };
    assert_eq!(states(Event::Taught { filed: vec![3], unfit: Vec::new() }), ["filed"]);
    assert_eq!(states(Event::Taught { filed: Vec::new(), unfit: vec![(3, "hilang".to_owned())] }), ["unfit"]);
}

#[test]
fn to_forget_takes_a_press() {
    let mut bench = Bench::answered(FOREIGN, Some("uji-jam"));
    bench.press("Budi", 7, Action::Learn).tried(None);
    bench.comes(&Event::Ask(ModeratorCommand::Forget(Some(3))));
    assert!(matches!(bench.last[..], [Effect::Notice { .. }]), "it is not in force");
    bench.press("Budi", 7, Action::Approve).comes(&Event::Ask(ModeratorCommand::Forget(Some(3))));
    let [Effect::List(list)] = &bench.last[..] else { panic!("{:?}", bench.last) };
    assert_eq!(list.rows[0][0].2, Action::Forget);
    assert_eq!(bench.state(), "approved");
}

#[test]
fn of_two_proposals_for_one_question_the_second_is_told() {
    let mut bench = Bench::answered(FOREIGN, None);
    bench.press("Budi", 7, Action::Learn);
    let first = bench.proposal.clone();
    bench.press("Ani", 8, Action::Learn);
    assert_eq!(bench.proposal, first);
    assert!(matches!(&bench.last[..], [Effect::Toast(text)] if text.contains("#3")), "{:?}", bench.last);
}
