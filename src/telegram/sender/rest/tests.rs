//! Chats that live through faults and refusals, by a clock of the tests.

use super::*;
use crate::store::outbox::{MODERATORS, Rank};
use crate::telegram::limit::Limits;

fn call(id: i64) -> Queued {
    let (chat, voter) = (MODERATORS, Some(id));
    Queued { id, seq: id, chat, rank: Rank::Card, ticket: Some(id), voter, card: true, sends: true }
}

fn chat(moderators: bool, ids: &[i64]) -> Chat {
    let mut chat = Chat::new(moderators, Limits::None.of_chat(-1));
    ids.iter().for_each(|id| chat.put(call(*id)));
    chat
}

/// What Telegram says to a call.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Answer {
    Takes,
    Refuses,
    Unknown,
    Fault,
}

/// A try that was made.
#[derive(Debug, Clone, Copy)]
struct Try {
    at: i64,
    id: i64,
    plain: bool,
    answer: Option<Answer>,
    fails: bool,
}

/// Lets `chat` run until `end`, with `tell` for Telegram; a probe is call 99. Gives the tries.
fn run(chat: &mut Chat, end: i64, tell: impl Fn(Try) -> Answer) -> Vec<Try> {
    let (mut now, mut story) = (0, Vec::new());
    while let Some(at) = chat.ready_at(now).filter(|at| *at <= end) {
        now = now.max(at);
        let Some(mut taken) = chat.take(now) else { continue };
        let tried = Try { at: now, id: taken.call.id, plain: taken.plain, answer: None, fails: false };
        let answer = tell(tried);
        chat.came_back(&mut taken);
        let ruling = match answer {
            Answer::Takes => chat.ended(&taken, true, now),
            Answer::Refuses => chat.refused(&taken, now),
            Answer::Unknown => chat.unknown(&taken, now),
            Answer::Fault => chat.fault(&taken, now, true),
        };
        chat.free();
        if answer == Answer::Takes || ruling.fails {
            chat.done(&taken.call);
        }
        if ruling.probe {
            chat.put(call(99));
        }
        story.push(Try { answer: Some(answer), fails: ruling.fails, ..tried });
    }
    story
}

fn passed(story: &[Try]) -> Vec<i64> {
    story.iter().filter(|tried| tried.answer == Some(Answer::Takes)).map(|tried| tried.id).collect()
}

fn longest_pause(story: &[Try]) -> i64 {
    story.windows(2).map(|two| two[1].at - two[0].at).max().unwrap_or_default()
}

#[test]
fn a_refused_chat_is_tried_again_sooner_at_first() {
    let mut chat = chat(true, &[1, 2]);
    let story = run(&mut chat, 1_000_000, |t| if t.at < 200_000 { Answer::Refuses } else { Answer::Takes });
    let times: Vec<i64> = story.iter().map(|t| t.at).collect();
    assert_eq!(times[..7], [0, 2000, 6000, 14_000, 30_000, 62_000, 122_000]);
    assert_eq!(passed(&story), [1, 2]);
    assert!(longest_pause(&story) <= LONGEST_REFUSED && !chat.is_in_trouble());
}

#[test]
fn what_nobody_knows_is_the_message_if_another_passes() {
    let bad = |t: Try| if t.id == 1 && !t.plain { Answer::Unknown } else { Answer::Takes };
    let story = run(&mut chat(true, &[1, 2, 3]), 60_000, bad);
    assert_eq!(passed(&story), [2, 3, 1], "{story:?}");
    assert!(story.iter().all(|t| t.at <= 2000), "{story:?}");
    // Alone in the moderator chat, a probe shows it; in a voter's chat the words are tried.
    assert_eq!(passed(&run(&mut chat(true, &[1]), 60_000, bad)), [99, 1]);
    assert_eq!(passed(&run(&mut chat(false, &[1]), 60_000, bad)), [1]);
    assert_eq!(passed(&run(&mut chat(false, &[1, 2]), 60_000, bad)), [2, 1]);
}

#[test]
fn a_message_that_is_refused_three_times_is_given_up() {
    for (moderators, ids) in [(true, vec![1, 2]), (true, vec![1]), (false, vec![1]), (false, vec![1, 2])] {
        let mut chat = chat(moderators, &ids);
        let story = run(&mut chat, 60_000, |t| if t.id == 1 { Answer::Unknown } else { Answer::Takes });
        let tries: Vec<(bool, bool)> = story.iter().filter(|t| t.id == 1).map(|t| (t.plain, t.fails)).collect();
        assert_eq!(tries, [(false, false), (true, false), (true, true)], "{story:?}");
        assert!(chat.is_quiet(60_000) && chat.tries.is_empty(), "{chat:?}");
    }
}

#[test]
fn what_nobody_knows_is_the_chat_if_another_is_refused_too() {
    for ids in [vec![1, 2, 3], vec![1, 2], vec![1]] {
        let story =
            run(&mut chat(true, &ids), 1_000_000, |t| if t.at < 100_000 { Answer::Unknown } else { Answer::Takes });
        assert!(story.iter().all(|t| !t.plain && !t.fails), "{story:?}");
        let mut passed = passed(&story);
        passed.retain(|id| *id != 99);
        passed.sort_unstable();
        assert_eq!(passed, ids);
        assert!(longest_pause(&story) <= LONGEST_REFUSED, "{story:?}");
    }
}

#[test]
fn a_message_at_fault_does_not_hide_that_the_chat_is_well_again() {
    let story = run(&mut chat(true, &[1, 2]), 1_000_000, |t| {
        if t.id == 1 || t.at < 20_000 { Answer::Unknown } else { Answer::Takes }
    });
    assert!(passed(&story).contains(&2), "{story:?}");
    assert!(story.last().is_some_and(|t| t.id == 1 && t.fails), "{story:?}");
}

#[test]
fn a_change_that_passes_proves_nothing_about_sending() {
    let mut chat = chat(true, &[1]);
    chat.put(Queued { sends: false, rank: Rank::Moderator, ..call(2) });
    let story = run(&mut chat, 7000, |t| if t.id == 2 { Answer::Takes } else { Answer::Refuses });
    assert_eq!(passed(&story), [2]);
    assert!(chat.is_in_trouble(), "{story:?}");
}

#[test]
fn what_fails_alone_steps_aside_and_the_others_go() {
    let story = run(&mut chat(true, &[1, 2, 3]), 3_600_000, |t| if t.id == 1 { Answer::Fault } else { Answer::Takes });
    assert_eq!(passed(&story), [2, 3]);
    assert!(story.iter().filter(|t| t.id != 1).all(|t| t.at <= 16_000), "{story:?}");
    assert!(story.last().is_some_and(|t| t.fails && (60_000..300_000).contains(&t.at)), "{story:?}");
    // Alone it is tried for ever: it may be Telegram.
    let story = run(&mut chat(false, &[1]), 3_600_000, |_| Answer::Fault);
    assert!(story.len() > 360 && story.iter().all(|t| !t.fails));
    assert!(longest_pause(&story) <= 15_000);
    // So are two that fail in turn.
    let story = run(&mut chat(true, &[1, 2]), 3_600_000, |_| Answer::Fault);
    assert!(story.iter().all(|t| !t.fails && !t.plain));
    assert!([1, 2].iter().all(|id| story.iter().rev().take(4).any(|t| t.id == *id)));
}

#[test]
fn a_fault_in_doubt_decides_nothing() {
    let faults = std::cell::Cell::new(3);
    let story = run(&mut chat(true, &[1, 2]), 600_000, |t| match t.id {
        1 => Answer::Unknown,
        _ if faults.get() > 0 => {
            faults.set(faults.get() - 1);
            Answer::Fault
        }
        _ => Answer::Takes,
    });
    assert_eq!(passed(&story), [2]);
    let own: Vec<(bool, bool)> = story.iter().filter(|t| t.id == 1).map(|t| (t.plain, t.fails)).collect();
    assert_eq!(own, [(false, false), (true, false), (true, true)], "{story:?}");
}

#[test]
fn all_that_fails_rests_longer_only_when_nothing_passes() {
    let mut chat = chat(false, &[1]);
    let mut now = 0;
    for _ in 0..10 {
        let taken = chat.take(now).expect("a call");
        chat.fault(&taken, now, false);
        chat.free();
        now = chat.ready_at(now).expect("it waits");
    }
    assert!(now > 60_000, "{now}");
    let taken = chat.take(now).expect("a call");
    chat.fault(&taken, now, false);
    chat.free();
    chat.back(now, 7);
    assert!(chat.ready_at(now).is_some_and(|at| at <= now + BACK_WITHIN));
}

#[test]
fn a_voters_chat_that_is_refused_is_given_up_in_the_end() {
    let story = run(&mut chat(false, &[1, 2]), 3_600_000, |_| Answer::Refuses);
    assert_eq!(story.iter().filter(|t| t.fails).count(), 2);
    assert_eq!(story.len(), 2 * REFUSALS_OF_A_VOTER as usize);
}

#[test]
fn another_chat_starts_anew_and_the_trouble_is_known_until_a_call_passes() {
    let mut chat = chat(true, &[1, 2]);
    run(&mut chat, 20_000, |_| Answer::Refuses);
    chat.moved(Limits::None.of_chat(-2));
    assert!(chat.is_in_trouble());
    assert_eq!(chat.ready_at(20_000), Some(20_000));
    let taken = chat.take(20_000).expect("a call");
    let ruling = chat.ended(&taken, true, 20_000);
    assert!(ruling.over && ruling.proved && !chat.is_in_trouble());
}

#[test]
fn a_rank_that_changes_meanwhile_is_kept() {
    let mut chat = chat(true, &[1]);
    let mut taken = chat.take(0).expect("a call");
    chat.put(Queued { rank: Rank::Moderator, ..call(1) });
    chat.came_back(&mut taken);
    assert_eq!(taken.call.rank, Rank::Moderator);
    chat.fault(&taken, 0, true);
    chat.free();
    assert_eq!(chat.take(10_000).map(|t| (t.call.id, t.call.rank)), Some((1, Rank::Moderator)));
    chat.free();
    assert_eq!(chat.ready_at(10_000), None, "it was there once");
}

#[test]
fn chats_do_not_come_back_at_the_same_instant() {
    let rests: std::collections::BTreeSet<i64> = (0..100).map(|call| growing(10_000, 0, 60_000, call)).collect();
    assert!(rests.len() > 95, "{} of 100 rests differ", rests.len());
    assert!(rests.iter().all(|rest| (5_000..10_000).contains(rest)), "{rests:?}");
    assert_eq!(growing(10_000, 3, 60_000, 7), growing(10_000, 3, 60_000, 7), "what happened can be played again");
    assert_ne!(growing(60_000, 3, 60_000, 7), growing(60_000, 4, 60_000, 7), "the next time it is another part");
}
