//! The rules of recalls, without any wire.

use chrono::{DateTime, FixedOffset};

use super::*;
use crate::desk::command::ModeratorCommand;
use crate::desk::event::{Addressee, Content};
use crate::desk::tests::KNOWLEDGE;
use crate::desk::ticket::{Held, Ticket};
use crate::desk::{Known, decide};

fn now() -> DateTime<FixedOffset> {
    "2026-11-24T09:00:00+07:00".parse().expect("a time")
}

fn kept(effects: &[Effect]) -> Recall {
    let recall = effects.iter().rev().find_map(|effect| match effect {
        Effect::KeepRecall(recall) => Some(recall.clone()),
        _ => None,
    });
    recall.unwrap_or_else(|| panic!("nothing was kept: {effects:?}"))
}

fn line(effects: &[Effect]) -> (String, Vec<Action>) {
    let line = effects.iter().rev().find_map(|effect| match effect {
        Effect::RecallLine { text, actions, .. } => {
            Some((text.clone(), actions.iter().map(|(_, action)| action.clone()).collect()))
        }
        _ => None,
    });
    line.unwrap_or_else(|| panic!("nothing was shown: {effects:?}"))
}

fn known(told: &[(&str, u64)]) -> Known {
    let told = told.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
    Known { key: "k1".to_owned(), told, ..Known::default() }
}

fn press(recall: &Recall, action: Action, known: Known) -> Vec<Effect> {
    let event = Event::Tap { key: recall.key.clone(), by: Some("Budi".to_owned()), user: None, action };
    decide(&KNOWLEDGE, &event, &Known { recall: Some(recall.clone()), ..known }, now())
}

fn goes_on(recall: &Recall, known: Known, later: i64) -> Vec<Effect> {
    let event = Event::Recall { key: recall.key.clone() };
    let known = Known { recall: Some(recall.clone()), ..known };
    decide(&KNOWLEDGE, &event, &known, now() + Duration::seconds(later))
}

#[test]
fn only_what_changed_and_was_told_is_offered() {
    let faq = &KNOWLEDGE.faq;
    let version = |id: &str| faq.version(faq.entry(id).expect("an entry"));
    let seen = [("uji-jam", "0000"), ("gone", "0000"), ("uji-hari", &version("uji-hari"))]
        .map(|(id, version)| (id.to_owned(), version.to_owned()));
    let now_at = |id: &str, version: &str| (id.to_owned(), version.to_owned());
    assert_eq!(changed(&KNOWLEDGE, &seen), [now_at("uji-jam", &version("uji-jam")), now_at("gone", GONE)]);
    let effects = decide(&KNOWLEDGE, &Event::ReviewEntries, &known(&[("uji-jam", 0)]), now());
    let valid = faq.entries.iter().filter(|entry| entry.is_valid(day_of(now()))).count();
    assert!(matches!(effects.as_slice(), [Effect::KeepVersions(all)] if all.len() == valid));
    let effects = decide(&KNOWLEDGE, &Event::ReviewEntries, &known(&[("uji-jam", 3), ("uji-hari", 2)]), now());
    let keys: Vec<&str> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::KeepRecall(recall) => Some(recall.key.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(keys, ["k10", "k11"]);
    assert!(line(&effects).0.contains("2 pemilih pernah menerima versi lama"));
}

#[test]
fn what_is_gone_from_the_faq_is_retracted_from_those_who_were_told() {
    let effects = decide(&KNOWLEDGE, &Event::ReviewEntries, &known(&[("uji-lama", 2)]), now());
    let mut recall = kept(&effects);
    assert_eq!((recall.code.as_str(), recall.version.as_str(), recall.count), ("uji-lama", GONE, 2));
    // It is not offered once more.
    let is_seen = |effect: &Effect| matches!(effect, Effect::KeepVersions(all) if all.contains(&("uji-lama".to_owned(), GONE.to_owned())));
    assert!(effects.iter().any(is_seen));
    // Pressed, it goes on; who was told hears that it is no longer in the FAQ.
    let pressed = press(&recall, Action::SendRecall, known(&[("uji-lama", 2)]));
    assert!(pressed.iter().any(|effect| matches!(effect, Effect::Later { .. })));
    recall.state = RecallState::Running;
    let next = Known { recipients: vec![(7, Language::Indonesian)], ..Known::default() };
    let effects = goes_on(&recall, next, 0);
    assert!(effects.iter().any(|effect| {
        matches!(effect, Effect::Recalled { voter: 7, words: Words::Reason { quote, .. }, .. } if quote.contains("tidak ada lagi di FAQ"))
    }));
}

#[test]
fn what_was_still_on_its_way_is_waited_for_and_looked_for_once_more() {
    let reason = Some("keliru".to_owned());
    let recall = Recall {
        key: "k2".to_owned(),
        code: "uji-jam".to_owned(),
        version: "1234".to_owned(),
        reason,
        count: 1,
        state: RecallState::Running,
        by: None,
        until: 0,
        after: 9,
        shown: 0,
    };
    let came_to = |recall: &Recall, known: Known| {
        let recall = kept(&goes_on(recall, known, 0));
        (recall.state, recall.after)
    };
    let waits = Known { still_told: true, ..Known::default() };
    assert_eq!(came_to(&recall, waits), (RecallState::Running, 9));
    assert_eq!(came_to(&recall, Known::default()), (RecallState::Running, VoterId::MIN));
    let again = Recall { after: VoterId::MIN, ..recall };
    assert_eq!(came_to(&again, Known::default()), (RecallState::Done, VoterId::MIN));
}

#[test]
fn nothing_happens_before_a_press_and_each_press_counts_once() {
    let effects = decide(&KNOWLEDGE, &Event::ReviewEntries, &known(&[("uji-jam", 3)]), now());
    let offered = kept(&effects);
    assert_eq!(offered.state, RecallState::Offered);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Later { .. } | Effect::Retract(_))));
    let running = kept(&press(&offered, Action::SendRecall, known(&[("uji-jam", 4)])));
    assert_eq!((running.state, running.count), (RecallState::Running, 4), "as many as were told by then");
    for action in [Action::SendRecall, Action::DropRecall] {
        let effects = press(&running, action, known(&[]));
        assert!(matches!(effects.as_slice(), [Effect::Toast(_)]), "{effects:?}");
    }
    let declined = press(&offered, Action::DropRecall, known(&[]));
    assert_eq!(kept(&declined).state, RecallState::Declined);
    assert!(line(&declined).1.is_empty());
    // What changed again has an offer of its own.
    let outdated = Recall { version: "0000".to_owned(), ..offered };
    assert_eq!(kept(&press(&outdated, Action::SendRecall, known(&[]))).state, RecallState::Declined);
}

#[test]
fn a_batch_at_a_time_goes_on_after_the_last_voter() {
    let offered = kept(&decide(&KNOWLEDGE, &Event::ReviewEntries, &known(&[("uji-jam", 2)]), now()));
    let running = kept(&press(&offered, Action::SendRecall, known(&[("uji-jam", 2)])));
    let recipients = vec![(7, Language::Indonesian), (9, Language::English)];
    let effects = goes_on(&running, Known { recipients, ..known(&[]) }, 1);
    let told: Vec<(VoterId, String)> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Recalled { voter, words: Words::Answer { head, answer }, .. } => {
                Some((*voter, format!("{head}{}", answer.plain())))
            }
            _ => None,
        })
        .collect();
    assert_eq!(told.iter().map(|(voter, _)| *voter).collect::<Vec<_>>(), [7, 9]);
    assert!(told[0].1.contains("sudah berubah") && told[0].1.contains("07.00") && told[0].1.contains("Sumber"));
    assert!(told[1].1.contains("has changed") && told[1].1.contains("Polling stations"), "{}", told[1].1);
    let next = kept(&effects);
    assert_eq!((next.after, next.state), (9, RecallState::Running));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::RecallLine { .. })), "shown a moment ago");
    let waits = Known { tally: Tally { waiting: 2, ..Tally::default() }, ..known(&[]) };
    let effects = goes_on(&next, waits, 6);
    assert_eq!(line(&effects).1, [Action::StopRecall]);
    let tally = Tally { waiting: 0, sent: 1, blocked: 1, failed: 0 };
    let looks = kept(&goes_on(&kept(&effects), Known { tally, ..known(&[]) }, 7));
    assert_eq!((looks.after, looks.state), (VoterId::MIN, RecallState::Running), "they are looked through once more");
    let effects = goes_on(&looks, Known { tally, ..known(&[]) }, 8);
    assert_eq!(kept(&effects).state, RecallState::Done);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Later { .. })));
    assert!(line(&effects).0.ends_with("Terkirim 1, diblokir 1, gagal 0 dari 2 pemilih."), "{:?}", line(&effects));
}

#[test]
fn a_retraction_needs_code_and_reason_and_a_press() {
    let ask = |written: &str, known: Known| {
        let event = Event::Ask(ModeratorCommand::Retract(written.to_owned()));
        decide(&KNOWLEDGE, &event, &known, now())
    };
    for (written, told) in [("", "alasannya"), ("uji-jam", "alasannya"), ("tidak-ada keliru", "tidak-ada")] {
        let effects = ask(written, known(&[]));
        assert!(matches!(effects.as_slice(), [Effect::Notice { text, .. }] if text.contains(told)), "{effects:?}");
    }
    let code = KNOWLEDGE.faq.code(KNOWLEDGE.faq.entry("uji-jam").expect("an entry"));
    let effects = ask(&format!("{code} Jamnya keliru."), known(&[("uji-jam", 2)]));
    let offered = kept(&effects);
    assert_eq!((offered.code.as_str(), offered.count), ("uji-jam", 2));
    let effects = press(&offered, Action::SendRecall, known(&[("uji-jam", 2)]));
    let retraction = effects.iter().find_map(|effect| match effect {
        Effect::Retract(retraction) => Some(retraction.clone()),
        _ => None,
    });
    let retraction = retraction.expect("it is retracted");
    // It is given no more as long as it says the same.
    let heeding = KNOWLEDGE.heeding(std::slice::from_ref(&retraction), 1);
    let said = Event::Message {
        voter: 7,
        message: 1,
        text: "tps buka jam brp".to_owned(),
        album: None,
        origin: Default::default(),
    };
    let effects = decide(&heeding, &said, &known(&[]), now());
    let card = effects.iter().find_map(|effect| match effect {
        Effect::ShowCard(card) => Some(card),
        _ => None,
    });
    let notes = &card.unwrap_or_else(|| panic!("a person is asked: {effects:?}")).notes;
    assert!(notes[0].contains("ditarik") && notes[0].contains("Jamnya keliru."), "{notes:?}");
    assert!(card.is_some_and(|card| card.nearest.iter().all(|offer| offer.id != "uji-jam")));
    let older = Retraction { version: "0000".to_owned(), ..retraction };
    let effects = decide(&KNOWLEDGE.heeding(&[older], 1), &said, &known(&[]), now());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Answer { .. })), "it says something else now");
}

#[test]
fn the_code_of_what_was_retracted_is_no_answer() {
    let version = KNOWLEDGE.faq.version(KNOWLEDGE.faq.entry("uji-jam").expect("an entry"));
    let reason = "Jamnya keliru.".to_owned();
    let heeding = KNOWLEDGE.heeding(&[Retraction { entry: "uji-jam".to_owned(), version, reason }], 1);
    let asked = now();
    let open = Ticket { texts: vec![(1, "jam berapa?".to_owned())], ..Ticket::new(7, "k7".to_owned(), 1, asked) };
    let comes = |ticket: &Ticket, event: &Event| {
        let known = Known { tickets: vec![ticket.clone()], next_ticket: 8, ..Known::default() };
        decide(&heeding, event, &known, asked + Duration::hours(1))
    };
    let (to, code) = (Addressee::Ticket(7), Content::plain("uji-jam"));
    let is_told = |effects: &[Effect]| {
        let told = |text: &str| text.contains("ditarik") && text.contains("Jamnya keliru.");
        matches!(effects, [Effect::Notice { text, about: Some(50) }] if told(text))
    };
    let reply =
        |content: Content| Event::Reply { to: Addressee::Ticket(7), message: 50, by: None, content, album: None };
    let effects = comes(&open, &reply(code.clone()));
    assert!(is_told(&effects), "its writer is told, as a reply: {effects:?}");
    // Words that are changed into it stay as they were.
    let effects = comes(&open, &reply(Content::plain("Pukul 07.00.")));
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::KeepTicket(ticket) => Some(ticket.clone()),
        _ => None,
    });
    let answered = ticket.expect("it is kept");
    let edit = Event::ReplyEdited { to, message: 50, by: None, content: code.clone() };
    let effects = comes(&answered, &edit);
    assert!(is_told(&effects), "{effects:?}");
    // What was kept back for a look is not sent either, and stays.
    let keep = |message, id: &str| Held { message, entry: Some(id.to_owned()), ..Held::of(Content::plain(id)) };
    let ticket = Ticket { held: vec![keep(50, "uji-jam"), keep(51, "tak-ada-lagi")], ..open };
    let press = |action| Event::Tap { key: "k7".to_owned(), by: None, user: None, action };
    for action in [Action::SendHeld(50), Action::Give("uji-jam".to_owned()), Action::Preview("uji-jam".to_owned())] {
        let effects = comes(&ticket, &press(action));
        assert!(matches!(&effects[..], [Effect::Toast(text)] if text.contains("ditarik")), "{effects:?}");
    }
    // Nor is the bare code of an entry that has gone from the FAQ since.
    let effects = comes(&ticket, &press(Action::SendHeld(51)));
    assert!(matches!(&effects[..], [Effect::Toast(text)] if text.contains("tak-ada-lagi")), "{effects:?}");
}
