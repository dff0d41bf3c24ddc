//! The rules of suggested answers, without any wire.

use chrono::{DateTime, Duration, FixedOffset};

use super::super::event::ReplyKey;
use super::super::tests::{KNOWLEDGE, said};
use super::super::{Addressee, Origin, VoterState, decide};
use super::*;

const QUESTION: &str = "genset TPS 12 Sukarame mati, gantinya dari siapa";
const SAME: &str = "gantinya dari siapa min, gnset tps 12 sukarame mati nih";
const ANSWER: &str = "Dari panitia, sore ini.";

fn start() -> DateTime<FixedOffset> {
    "2026-11-24T09:00:00+07:00".parse().expect("a time")
}

/// One ticket, and what became of it.
struct Desk {
    ticket: Ticket,
}

impl Desk {
    /// Answered with `text`, which arrived.
    fn answered(question: &str, text: &str) -> Self {
        let ticket = Ticket { texts: vec![(1, question.to_owned())], ..Ticket::new(12, "k12".to_owned(), 1, start()) };
        let mut desk = Self { ticket };
        desk.comes(&Event::Reply {
            to: Addressee::Ticket(12),
            message: 50,
            by: Some("Ani".to_owned()),
            content: Content::plain(text),
            album: None,
        });
        let key = ReplyKey::of(12, 50);
        desk.comes(&Event::Delivered { reply: key, outcome: Outcome::Sent(start().timestamp_millis()) });
        desk
    }

    fn comes(&mut self, event: &Event) -> Vec<Effect> {
        let known = Known { tickets: vec![self.ticket.clone()], key: "k".to_owned(), ..Known::default() };
        let effects = decide(&KNOWLEDGE, event, &known, start());
        for effect in &effects {
            if let Effect::KeepTicket(ticket) = effect {
                self.ticket = ticket.clone();
            }
        }
        effects
    }

    fn taps(&mut self, action: Action) -> Vec<Effect> {
        self.comes(&Event::Tap { key: "k12".to_owned(), by: None, user: None, action })
    }

    /// What another voter gets who asks `text` that many days later.
    fn asks(&self, text: &str, days: i64) -> Vec<Effect> {
        let event =
            Event::Message { voter: 9, message: 3, text: text.to_owned(), album: None, origin: Origin::default() };
        let known = Known {
            reusable: Some(self.ticket.clone()),
            next_ticket: 13,
            key: "k9".to_owned(),
            voter: VoterState::default(),
            ..Known::default()
        };
        decide(&KNOWLEDGE, &event, &known, start() + Duration::days(days))
    }
}

fn suggested(effects: &[Effect]) -> Option<String> {
    effects.iter().find_map(|effect| match effect {
        Effect::SuggestAnswer { before, content, after, .. } => Some(format!("{before}{}{after}", content.text)),
        _ => None,
    })
}

fn forwarded(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::ShowCard(_)))
}

#[test]
fn what_is_marked_is_suggested_with_date_and_code_and_without_anybodys_words() {
    let mut desk = Desk::answered(QUESTION, ANSWER);
    assert!(forwarded(&desk.asks(SAME, 1)), "not marked");
    desk.taps(Action::Reuse(50));
    let text = suggested(&desk.asks(SAME, 1)).expect("suggested");
    assert!(text.contains("24 November 2026") && text.contains(ANSWER) && text.ends_with("tiket-12"), "{text}");
    assert!(!text.contains("genset") && !text.contains("Ani"), "{text}");
    assert!(forwarded(&desk.asks(SAME, 14)), "too old");
    assert!(forwarded(&desk.asks("gantinya dari siapa min, gnset tps 13 sukarame mati nih", 1)), "another question");
    desk.taps(Action::StopReuse(50));
    assert!(forwarded(&desk.asks(SAME, 1)), "stopped");
}

#[test]
fn who_wants_a_person_gets_one() {
    let mut desk = Desk::answered(QUESTION, ANSWER);
    desk.taps(Action::Reuse(50));
    let offered = desk.asks(SAME, 1).into_iter().find_map(|effect| match effect {
        Effect::KeepAsked(asked) => Some(asked),
        _ => None,
    });
    let known = Known {
        asked: offered,
        reusable: Some(desk.ticket.clone()),
        next_ticket: 13,
        key: "k10".to_owned(),
        ..Known::default()
    };
    let effects = decide(&KNOWLEDGE, &Event::AskPerson { voter: 9 }, &known, start());
    let notes = effects.iter().find_map(|effect| match effect {
        Effect::ShowCard(card) => Some(card.notes.join("|")),
        _ => None,
    });
    assert!(notes.is_some_and(|notes| notes.contains("tiket-12")), "{effects:?}");
    assert!(said(&effects).contains("#13"));
    assert!(!may_be_suggested(&Event::AskPerson { voter: 9 }, &known));
}

#[test]
fn what_may_be_somebodys_own_is_marked_by_the_second_press_only() {
    for (question, answer) in [
        ("nomor [nomor disamarkan] tidak terdaftar, gensetnya dari siapa", ANSWER),
        (QUESTION, "Telepon 021 555 1234."),
        (QUESTION, "Hubungi Pak Karto."),
    ] {
        let mut desk = Desk::answered(question, answer);
        let asks = desk.taps(Action::Reuse(50));
        let yes = asks.iter().find_map(|effect| match effect {
            Effect::Line { actions, .. } => actions.first().map(|(_, _, action)| action.clone()),
            _ => None,
        });
        assert!(desk.ticket.suggested().is_none(), "{answer}");
        desk.taps(yes.expect("a button"));
        assert!(desk.ticket.suggested().is_some(), "{answer}");
        assert!(suggested(&desk.asks(&question.replace("[nomor disamarkan]", ""), 1)).is_some(), "{question}");
    }
}

#[test]
fn an_edit_and_a_withdrawal_end_it_and_say_who_does_not_know() {
    let edit = |text: &str| Event::ReplyEdited {
        to: Addressee::Ticket(12),
        message: 50,
        by: None,
        content: Content::plain(text),
    };
    let tap = |action| Event::Tap { key: "k12".to_owned(), by: None, user: None, action };
    for event in [edit("Dari panitia, besok."), edit("// salah"), edit("uji-jam"), tap(Action::TakeBack(50))] {
        let mut desk = Desk::answered(QUESTION, ANSWER);
        desk.taps(Action::Reuse(50));
        let effects = desk.comes(&event);
        assert!(desk.ticket.suggested().is_none() && forwarded(&desk.asks(SAME, 1)), "{event:?}");
        let told = |effect: &Effect| matches!(effect, Effect::Line { text, .. } if text.contains("/tarik tiket-12"));
        assert!(effects.iter().any(told), "{event:?}");
    }
    // One that was never marked says nothing of it.
    let mut desk = Desk::answered(QUESTION, ANSWER);
    let effects = desk.comes(&edit("Dari panitia, besok."));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Line { .. })));
    // An edited text may be marked anew.
    desk.taps(Action::Reuse(50));
    assert!(suggested(&desk.asks(SAME, 1)).is_some_and(|text| text.contains("besok")));
}

#[test]
fn some_tickets_have_nothing_to_suggest() {
    type Shape = fn(&mut Ticket);
    let shapes: [Shape; 5] = [
        |ticket| ticket.claim = true,
        |ticket| ticket.urgent = true,
        |ticket| ticket.objection = true,
        |ticket| ticket.state = TicketState::Spam,
        |ticket| ticket.answers[0].entry = Some("uji-jam".to_owned()),
    ];
    for (at, shape) in shapes.into_iter().enumerate() {
        let mut desk = Desk::answered(QUESTION, ANSWER);
        shape(&mut desk.ticket);
        if at == 4 {
            desk.ticket.answers[0].content = None;
        }
        desk.taps(Action::Reuse(50));
        assert!(desk.ticket.suggested().is_none() && forwarded(&desk.asks(SAME, 1)), "shape {at}");
    }
    // Not before it arrived.
    let mut desk = Desk::answered(QUESTION, ANSWER);
    desk.ticket.answers[0].outcome = None;
    desk.taps(Action::Reuse(50));
    assert!(desk.ticket.suggested().is_none());
}

#[test]
fn what_is_taken_back_can_be_retracted_with_those_whom_it_was_suggested() {
    let mut desk = Desk::answered(QUESTION, ANSWER);
    desk.taps(Action::Reuse(50));
    desk.taps(Action::TakeBack(50));
    let event = Event::Ask(super::super::command::ModeratorCommand::Retract("tiket-12 salah".to_owned()));
    let known = Known { coded: Some(desk.ticket.clone()), told: vec![("tiket-12".to_owned(), 2)], ..Known::default() };
    let effects = decide(&KNOWLEDGE, &event, &known, start());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::RecallLine { .. })), "{effects:?}");
}

#[test]
fn who_would_join_a_ticket_after_its_answer_is_a_later_asker() {
    let mut desk = Desk::answered(QUESTION, ANSWER);
    desk.taps(Action::Reuse(50));
    // Somebody joined after the card was seen, so that the ticket waits again.
    desk.ticket.others.push(5);
    desk.ticket.state = TicketState::Open;
    let event = Event::Message { voter: 9, message: 3, text: SAME.to_owned(), album: None, origin: Origin::default() };
    let known = |reusable| Known {
        same: Some(desk.ticket.clone()),
        reusable,
        next_ticket: 13,
        key: "k9".to_owned(),
        ..Known::default()
    };
    let effects = decide(&KNOWLEDGE, &event, &known(Some(desk.ticket.clone())), start());
    assert!(suggested(&effects).is_some() && !said(&effects).contains("#12"), "{effects:?}");
    // Who asked it already is not shown what is on its way.
    let own = Event::Message { voter: 5, message: 4, text: SAME.to_owned(), album: None, origin: Origin::default() };
    let effects = decide(&KNOWLEDGE, &own, &known(Some(desk.ticket.clone())), start());
    assert!(suggested(&effects).is_none() && said(&effects).contains("#12"), "{effects:?}");
}

#[test]
fn what_is_suggested_is_found_by_words_as_long_as_it_is() {
    let indexed = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::IndexTicket { .. }));
    let mut desk = Desk::answered(QUESTION, ANSWER);
    assert!(indexed(&desk.taps(Action::Reuse(50))));
    let found = same_question(&KNOWLEDGE.matcher, std::slice::from_ref(&desk.ticket), &KNOWLEDGE.matcher.gist(SAME));
    assert_eq!(found.map(|ticket| ticket.number), Some(12));
    desk.taps(Action::StopReuse(50));
    let found = same_question(&KNOWLEDGE.matcher, std::slice::from_ref(&desk.ticket), &KNOWLEDGE.matcher.gist(SAME));
    assert!(found.is_none());
}
