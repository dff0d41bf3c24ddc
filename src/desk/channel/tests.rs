//! Posts by the rules alone: what may be pressed when.

use super::*;
use crate::desk::event::{Action, Addressee, Outcome};
use crate::desk::tests::{KNOWLEDGE, Table};
use crate::desk::{Event, Known, decide};

fn now() -> chrono::DateTime<chrono::FixedOffset> {
    "2026-11-24T09:00:00+07:00".parse().expect("a time")
}

/// An answered ticket.
fn ticket() -> Ticket {
    let mut table = Table::default();
    table.says(1, "siapa yang urus banjir di kampung saya sekarang", 0);
    table.replies(50, "Kelurahan.", 60);
    let mut ticket = table.tickets[0].clone();
    ticket.answers[0].outcome = Some(Outcome::Sent(1));
    ticket
}

/// What follows, and the post as it is then.
fn comes(event: &Event, post: &mut Option<Post>) -> Vec<Effect> {
    let channel = Channel { set: true, post: post.clone(), posts: post.iter().cloned().collect() };
    let known = Known { key: "k9".to_owned(), tickets: vec![ticket()], channel, ..Known::default() };
    let effects = decide(&KNOWLEDGE, event, &known, now());
    for effect in &effects {
        match effect {
            Effect::KeepPost(own) => *post = Some(own.clone()),
            Effect::DropPost { .. } => *post = None,
            _ => {}
        }
    }
    effects
}

fn press(action: Action) -> Event {
    Event::Tap { key: ticket().key, by: Some("Budi".to_owned()), user: Some(5), action }
}

fn writes(text: &str) -> Event {
    let (to, content) = (Addressee::Post("k9".to_owned()), Content::plain(text));
    Event::Reply { to, message: 70, by: None, content, album: None }
}

fn toasted(effects: &[Effect], text: &str) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Toast(toast) if toast.contains(text)))
}

fn to_channel(effects: &[Effect]) -> Vec<(String, bool)> {
    let own = |effect: &Effect| match effect {
        Effect::ToChannel { words, posted, .. } => Some((words.plain(), *posted)),
        _ => None,
    };
    effects.iter().filter_map(own).collect()
}

#[test]
fn a_post_goes_out_once_and_what_fails_can_be_tried_again() {
    let mut post = None;
    comes(&press(Action::Publish), &mut post);
    comes(&writes("Banjir, ke mana?\nSumber: KPU"), &mut post);
    let send = press(Action::Post { draft: 1, own: false });
    assert!(toasted(&comes(&press(Action::Post { draft: 0, own: false }), &mut post), "sudah lama"));
    let own = comes(&press(Action::Post { draft: 1, own: true }), &mut post);
    assert!(to_channel(&own).is_empty(), "the voter was not asked: {own:?}");
    assert_eq!(to_channel(&comes(&send, &mut post)).len(), 1);
    assert!(toasted(&comes(&send, &mut post), "sudah ditekan"));
    let failed = Event::Posted { key: "k9".to_owned(), outcome: Outcome::Failed("kicked".to_owned()) };
    comes(&failed, &mut post);
    let again = to_channel(&comes(&send, &mut post));
    assert!(again.len() == 1 && !again[0].1, "as a new message: {again:?}");
    comes(&Event::Posted { key: "k9".to_owned(), outcome: Outcome::Sent(1) }, &mut post);
    assert!(post.as_ref().is_some_and(|post| post.public && !post.differs()), "{post:?}");
    assert!(to_channel(&comes(&send, &mut post)).is_empty());
    comes(&writes("Banjir, ke kantor mana?\nSumber: KPU"), &mut post);
    let edit = to_channel(&comes(&press(Action::Post { draft: 2, own: false }), &mut post));
    assert!(edit.len() == 1 && edit[0].1, "in its place: {edit:?}");
}

#[test]
fn what_repeats_the_voter_goes_out_only_with_a_yes_and_leaves_nothing_behind() {
    let mut post = None;
    comes(&press(Action::Publish), &mut post);
    let verbatim = writes("Siapa yang urus banjir di kampung saya?\nSumber: KPU");
    comes(&verbatim, &mut post);
    assert!(post.as_ref().is_some_and(|post| post.words.is_none()), "{post:?}");
    comes(&press(Action::AskVoter), &mut post);
    let says = |yes| Event::Consented { voter: 7, post: "k9".to_owned(), yes };
    comes(&says(true), &mut post);
    comes(&verbatim, &mut post);
    let sent = to_channel(&comes(&press(Action::Post { draft: 1, own: false }), &mut post));
    assert!(sent[0].0.contains("urus banjir"), "{sent:?}");
    assert_eq!(post.as_ref().and_then(|post| post.own), Some(7));
    comes(&Event::Posted { key: "k9".to_owned(), outcome: Outcome::Sent(1) }, &mut post);
    // A no after a yes takes them out; a moderator's words that repeat them go too.
    let out = to_channel(&comes(&says(false), &mut post));
    assert!(out.len() == 1 && out[0].1 && !out[0].0.contains("banjir"), "{out:?}");
    let kept = serde_json::to_string(&post).expect("written");
    assert!(!kept.contains("banjir"), "{kept}");
}

#[test]
fn an_answer_that_did_not_arrive_is_not_published() {
    let mut post = None;
    let mut unsent = ticket();
    unsent.answers[0].outcome = None;
    assert!(!unsent.is_publishable());
    unsent.answers[0].outcome = Some(Outcome::Blocked);
    assert!(!unsent.is_publishable());
    for change in [|t: &mut Ticket| t.urgent = true, |t: &mut Ticket| t.objection = true] {
        let mut own = ticket();
        change(&mut own);
        assert!(!own.is_publishable());
    }
    let taken_back = Event::Tap { key: ticket().key, by: None, user: None, action: Action::TakeBack(50) };
    comes(&press(Action::Publish), &mut post);
    comes(&writes("Banjir, ke mana?\nSumber: KPU"), &mut post);
    comes(&press(Action::Post { draft: 1, own: false }), &mut post);
    let struck = to_channel(&comes(&taken_back, &mut post));
    assert!(struck.len() == 1 && struck[0].0.contains("ditarik petugas"), "{struck:?}");
}
