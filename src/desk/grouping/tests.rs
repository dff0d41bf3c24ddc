//! The rules of shared tickets, without any wire.

use super::super::event::{Action, Addressee, Content, ReplyKey};
use super::super::tests::KNOWLEDGE;
use super::super::{Card, VoterState, decide};
use super::*;

const QUESTION: &str = "genset TPS 12 Sukarame mati, gantinya dari siapa";

/// What the voter 2 asked with message 5.
fn asked(text: String, became: Became) -> Asked {
    let (key, answered, sure) = ("a7".to_owned(), None, None);
    Asked { key, voter: 2, message: 5, text, at: 0, became, helped: false, answered, sure }
}

/// A question of three: the first, and two in other words.
fn shared() -> Ticket {
    let asked = chrono::DateTime::UNIX_EPOCH.fixed_offset();
    let mut ticket = Ticket { texts: vec![(1, QUESTION.to_owned())], ..Ticket::new(7, "k7".to_owned(), 1, asked) };
    ticket.join(Asker { voter: 2, message: 5 }, "gantinya dari siapa, genset TPS 12 Sukarame mati");
    ticket.join(Asker { voter: 3, message: 6 }, "gantinya dari siapa, genset TPS 12 Sukarame mati");
    ticket
}

fn comes(ticket: &Ticket, shown: Option<usize>, event: &Event) -> Vec<Effect> {
    let known = Known { tickets: vec![ticket.clone()], shown, next_ticket: 8, ..Known::default() };
    decide(&KNOWLEDGE, event, &known, ticket.asked)
}

fn kept(effects: &[Effect]) -> Ticket {
    let kept = effects.iter().rev().find_map(|effect| match effect {
        Effect::KeepTicket(ticket) => Some(ticket.clone()),
        _ => None,
    });
    kept.expect("a ticket was kept")
}

fn told(effects: &[Effect]) -> Vec<VoterId> {
    let told = effects.iter().filter_map(|effect| match effect {
        Effect::Deliver { voter, .. } => Some(*voter),
        _ => None,
    });
    told.collect()
}

fn card(effects: &[Effect]) -> Card {
    let shown = effects.iter().find_map(|effect| match effect {
        Effect::UpdateCard(card) => Some(card.clone()),
        _ => None,
    });
    shown.expect("its card")
}

fn reply(text: &str) -> Event {
    Event::Reply { to: Addressee::Ticket(7), message: 50, by: None, content: Content::plain(text), album: None }
}

#[test]
fn who_joined_after_the_card_was_seen_waits_for_a_press() {
    let effects = comes(&shared(), Some(2), &reply("Dari kelurahan."));
    assert_eq!(told(&effects), [1, 2]);
    let ticket = kept(&effects);
    assert_eq!((ticket.state, ticket.unanswered()), (TicketState::Open, vec![3]));
    assert!(card(&effects).actions.iter().any(|(_, action)| *action == Action::SendToLate(50)));
    let press = Event::Tap { key: "k7".to_owned(), by: None, user: None, action: Action::SendToLate(50) };
    let effects = comes(&ticket, Some(3), &press);
    assert_eq!(told(&effects), [3]);
    let ticket = kept(&effects);
    assert_eq!((ticket.state, ticket.unanswered()), (TicketState::Answered, vec![]));
    // Pressed twice, it goes once.
    assert!(told(&comes(&ticket, Some(3), &press)).is_empty());
}

#[test]
fn what_was_corrected_goes_to_the_late_corrected() {
    let ticket = kept(&comes(&shared(), Some(2), &reply("Dari kelurahan.")));
    let edit = Event::ReplyEdited {
        to: Addressee::Ticket(7),
        message: 50,
        by: None,
        content: Content::plain("Dari kecamatan."),
    };
    let ticket = kept(&comes(&ticket, Some(2), &edit));
    let press = Event::Tap { key: "k7".to_owned(), by: None, user: None, action: Action::SendToLate(50) };
    let effects = comes(&ticket, Some(3), &press);
    let sent = effects.iter().find_map(|effect| match effect {
        Effect::Deliver { voter: 3, content, .. } => Some(content.text.clone()),
        _ => None,
    });
    assert_eq!(sent.as_deref(), Some("Dari kecamatan."));
}

#[test]
fn what_was_kept_back_and_changed_does_not_go_out_as_it_was() {
    let ticket = kept(&comes(&shared(), Some(3), &reply("Hubungi Pak Karto.")));
    let edit = Event::ReplyEdited {
        to: Addressee::Ticket(7),
        message: 50,
        by: None,
        content: Content::plain("Hubungi kelurahan."),
    };
    let effects = comes(&ticket, Some(3), &edit);
    assert_eq!(told(&effects), [1, 2, 3]);
    let press = Event::Tap { key: "k7".to_owned(), by: None, user: None, action: Action::SendHeld(50) };
    assert!(told(&comes(&kept(&effects), Some(3), &press)).is_empty());
}

#[test]
fn one_whom_it_did_not_reach_waits_though_others_got_it() {
    use super::super::event::Outcome;
    let ticket = kept(&comes(&shared(), None, &reply("Dari kelurahan.")));
    let failed = Event::Delivered {
        reply: ReplyKey { ticket: 7, message: 50, asker: Some(3) },
        outcome: Outcome::Failed("Bad Request".to_owned()),
    };
    let ticket = kept(&comes(&ticket, None, &failed));
    assert_eq!((ticket.state, ticket.unanswered()), (TicketState::Open, vec![3]));
    let press = Event::Tap { key: "k7".to_owned(), by: None, user: None, action: Action::SendToLate(50) };
    let effects = comes(&ticket, None, &press);
    assert_eq!((told(&effects), kept(&effects).answers[0].others.len()), (vec![3], 2));
}

#[test]
fn where_it_is_not_known_what_the_card_shows_all_are_told() {
    assert_eq!(told(&comes(&shared(), None, &reply("Dari kelurahan."))), [1, 2, 3]);
}

#[test]
fn what_is_somebodys_own_is_asked_about_before_it_goes_to_many() {
    for text in ["Hubungi Pak Karto.", "Nomornya 021 555 1234.", "Posko ada di Jatim."] {
        let effects = comes(&shared(), Some(3), &reply(text));
        assert!(told(&effects).is_empty(), "{text}");
        let ticket = kept(&effects);
        let press = |action| Event::Tap { key: "k7".to_owned(), by: None, user: None, action };
        assert_eq!(told(&comes(&ticket, Some(3), &press(Action::SendHeld(50)))), [1, 2, 3], "{text}");
        let dropped = comes(&ticket, Some(3), &press(Action::DropHeld(50)));
        assert!(told(&dropped).is_empty() && kept(&dropped).held.is_empty(), "{text}");
    }
    assert_eq!(told(&comes(&shared(), Some(3), &reply("Tunggu di TPS, petugas datang."))), [1, 2, 3]);
}

#[test]
fn a_wording_takes_its_askers_along() {
    let press = Event::Tap { key: "k7".to_owned(), by: None, user: None, action: Action::SplitOff(1) };
    let effects = comes(&shared(), Some(3), &press);
    let own = kept(&effects);
    assert_eq!((own.number, own.voter, own.others.clone()), (8, 2, vec![3]));
    let left = effects.iter().find_map(|effect| match effect {
        Effect::KeepTicket(ticket) if ticket.number == 7 => Some(ticket.clone()),
        _ => None,
    });
    assert!(left.is_some_and(|left| left.others.is_empty() && left.wordings.is_empty()));
}

#[test]
fn the_next_asker_speaks_in_own_words_when_the_first_is_gone() {
    let next = shared().handed_on().expect("others ask");
    assert_eq!((next.voter, next.others.clone()), (2, vec![3]));
    assert!(!next.question().starts_with("genset") && next.texts[0].0 == 5);
    assert_eq!(next.without(3).wordings.len(), 0);
}

#[test]
fn an_answer_right_after_anothers_asks_first() {
    let by = |who: &str, message: i64, text: &str| Event::Reply {
        to: Addressee::Ticket(7),
        message,
        by: Some(who.to_owned()),
        content: Content::plain(text),
        album: None,
    };
    let ticket = kept(&comes(&shared(), Some(3), &by("Ani", 50, "Dari kelurahan.")));
    // What the same one adds goes out; of another it is asked about, and so is an entry by its code and by its button.
    assert_eq!(told(&comes(&ticket, Some(3), &by("Ani", 51, "Sore ini."))), [1, 2, 3]);
    let give = Event::Tap {
        key: "k7".to_owned(),
        by: Some("Budi".to_owned()),
        user: None,
        action: Action::Give("uji-jam".to_owned()),
    };
    for event in [by("Budi", 51, "Dari panitia."), by("Budi", 51, "uji-jam"), give] {
        let effects = comes(&ticket, Some(3), &event);
        assert!(told(&effects).is_empty() && !effects.iter().any(|e| matches!(e, Effect::Answer { .. })), "{event:?}");
        let line = effects.iter().find_map(|effect| match effect {
            Effect::Line { text, actions, .. } => Some((text.clone(), actions.clone())),
            _ => None,
        });
        let (text, actions) = line.expect("a question");
        assert!(text.contains("baru saja dijawab Ani"), "{text}");
        let held = kept(&effects);
        assert!(
            super::super::audit::deeds(&event, &Known { tickets: vec![ticket.clone()], ..Known::default() }, &effects)
                .is_empty()
        );
        let press = Event::Tap { key: "k7".to_owned(), by: None, user: None, action: actions[0].2.clone() };
        let sent = comes(&held, Some(3), &press);
        let out = sent.iter().filter(|e| matches!(e, Effect::Deliver { .. } | Effect::Answer { .. })).count();
        assert_eq!(out, 3, "{event:?}");
        // They know: nothing more is said of it.
        assert!(!sent.iter().any(|effect| matches!(effect, Effect::Notice { .. })));
        let drop = Event::Tap { key: "k7".to_owned(), by: None, user: None, action: actions[1].2.clone() };
        assert!(kept(&comes(&held, Some(3), &drop)).held.is_empty());
    }
    // Later it goes out as an addition, and both are told.
    let known = Known { tickets: vec![ticket.clone()], shown: Some(3), ..Known::default() };
    let later =
        decide(&KNOWLEDGE, &by("Budi", 51, "Dari panitia."), &known, ticket.asked + chrono::Duration::minutes(3));
    assert_eq!(told(&later), [1, 2, 3]);
    assert!(later.iter().any(|effect| matches!(effect, Effect::Notice { .. })));
}

#[test]
fn an_album_right_after_anothers_answer_waits_whole() {
    use super::super::event::Media;
    let picture = |message: i64, text: &str| {
        let media = Some(Media { captioned: true, file: "f".to_owned() });
        let content = Content { text: text.to_owned(), media, ..Content::default() };
        let album = Some("a".to_owned());
        Event::Reply { to: Addressee::Ticket(7), message, by: Some("Budi".to_owned()), content, album }
    };
    let mut ticket = kept(&comes(&shared(), Some(3), &reply("Dari kelurahan.")));
    for event in [picture(60, "Petanya."), picture(61, "")] {
        ticket = kept(&comes(&ticket, Some(3), &event));
    }
    let ended = Event::ReplyAlbumEnded { ticket: 7, album: "a".to_owned() };
    let effects = comes(&ticket, Some(3), &ended);
    assert!(told(&effects).is_empty());
    let held = kept(&effects);
    let press = Event::Tap { key: "k7".to_owned(), by: None, user: None, action: Action::SendHeld(60) };
    let whole = |effect: &Effect| matches!(effect, Effect::Deliver { album, .. } if album == &[60, 61]);
    assert_eq!(comes(&held, Some(3), &press).iter().filter(|effect| whole(effect)).count(), 3);
}

fn says(voter: VoterId, text: &str, known: &Known) -> Vec<Effect> {
    let (text, origin) = (text.to_owned(), Default::default());
    let event = Event::Message { voter, message: 90, text, album: None, origin };
    decide(&KNOWLEDGE, &event, known, chrono::DateTime::UNIX_EPOCH.fixed_offset())
}

#[test]
fn status_says_it_in_ones_own_words() {
    let effects = says(2, "/status", &Known { shared: vec![shared()], ..Known::default() });
    let quote = effects.iter().find_map(|effect| match effect {
        Effect::Quote { quote, .. } => Some(quote.clone()),
        _ => None,
    });
    assert_eq!(quote.as_deref(), Some("#7 gantinya dari siapa, genset TPS 12 Sukarame mati"));
}

/// An answered question of several, and the ticket into which its second asker went on alone, with the words asked then.
fn went_on_alone() -> (Ticket, Ticket) {
    let answered = Ticket { state: TicketState::Answered, ..shared() };
    let known = Known { shared: vec![answered.clone()], replied: Some(7), next_ticket: 8, ..Known::default() };
    let own = kept(&says(2, "lampu TPS 12 juga padam, minta ke siapa", &known));
    assert_eq!((own.number, own.continues), (8, Some(7)));
    (answered, own)
}

#[test]
fn what_went_before_waits_in_one_ticket_only() {
    let (answered, own) = went_on_alone();
    let messages: Vec<i64> = own.texts.iter().map(|(message, _)| *message).collect();
    // Should the answer be taken back, message 5 waits there again.
    assert_eq!(messages, [0, 90]);
    assert_eq!(answered.texts_of(2)[0].0, 5);
}

#[test]
fn nothing_of_two_who_were_the_first_is_left() {
    let ticket = kept(&comes(&shared(), Some(3), &reply("Dari kelurahan.")));
    assert!(ticket.names(1) && ticket.names(2));
    let last = ticket.handed_on().and_then(Ticket::handed_on).expect("the third asks still");
    assert_eq!(last.voter, 3);
    assert!(!last.names(1) && !last.names(2), "{last:?}");
}

#[test]
fn who_went_on_alone_goes_on_there() {
    let (answered, own) = went_on_alone();
    let known = Known {
        tickets: vec![own],
        shared: vec![answered],
        replied: Some(7),
        next_ticket: 9,
        key: "k9".to_owned(),
        ..Known::default()
    };
    let ticket = kept(&says(2, "kabel gensetnya juga putus digigit tikus", &known));
    assert_eq!((ticket.number, ticket.texts.len()), (8, 3));
}

#[test]
fn what_went_on_alone_is_changed_there() {
    let (answered, own) = went_on_alone();
    let asked = asked(answered.texts_of(2)[0].1.clone(), Became::Forwarded { ticket: 7 });
    let known = Known {
        tickets: vec![own],
        shared: vec![answered],
        asked: Some(asked),
        next_ticket: 9,
        key: "k9".to_owned(),
        ..Known::default()
    };
    let event = Event::Edited { voter: 2, message: 5, text: "lampu TPS 12 Sukarame padam, minta ke siapa".to_owned() };
    let effects = decide(&KNOWLEDGE, &event, &known, chrono::DateTime::UNIX_EPOCH.fixed_offset());
    let of = |number: u64| {
        let kept = effects.iter().rev().find_map(|effect| match effect {
            Effect::KeepTicket(ticket) if ticket.number == number => Some(ticket.clone()),
            _ => None,
        });
        kept.expect("it was kept")
    };
    // It asks there now, and no more where it was answered.
    assert_eq!(of(8).texts.last().map(|(message, _)| *message), Some(5));
    assert_eq!(of(7).texts_of(2)[0].0, 0);
}

#[test]
fn a_question_that_becomes_a_cry_for_help_is_one_ticket_with_one_fate() {
    let own = Ticket { texts: vec![(5, QUESTION.to_owned())], ..Ticket::new(7, "k7".to_owned(), 2, shared().asked) };
    let asked = asked(QUESTION.to_owned(), Became::Forwarded { ticket: 7 });
    let known =
        Known { tickets: vec![own], asked: Some(asked), next_ticket: 8, key: "k8".to_owned(), ..Known::default() };
    let event = Event::Edited { voter: 2, message: 5, text: "saya mau bunuh diri".to_owned() };
    let effects = decide(&KNOWLEDGE, &event, &known, chrono::DateTime::UNIX_EPOCH.fixed_offset());
    let tickets: Vec<(u64, TicketState)> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::KeepTicket(ticket) => Some((ticket.number, ticket.state)),
            _ => None,
        })
        .collect();
    assert_eq!(tickets, [(7, TicketState::Withdrawn), (8, TicketState::Open)]);
    let keys: Vec<&str> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::KeepAsked(asked) => Some(asked.key.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(keys, ["a7"]);
}

#[test]
fn what_was_joined_still_names_whom_its_answer_went_to() {
    let mut ticket = kept(&comes(&shared(), None, &reply("Dari kelurahan.")));
    ticket.others.clear();
    ticket.wordings.clear();
    assert!(ticket.names(3) && !ticket.is_asked_by(3));
    assert!(!ticket.without(3).names(3));
}

#[test]
fn what_the_faq_answers_is_compared_with_no_ticket() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
    let asks = |text: &str, voter: VoterState| {
        let (text, origin) = (text.to_owned(), crate::desk::Origin::default());
        let event = Event::Message { voter: 2, message: 5, text, album: None, origin };
        asked_text(&event, &Known { voter, ..Known::default() }, &KNOWLEDGE, today)
    };
    let answered = "tps buka jam brp";
    let Verdict::Answer(entry) = KNOWLEDGE.matcher.judge(answered, today).verdict else { panic!("it is answered") };
    assert_eq!(asks(answered, VoterState::default()), None);
    assert_eq!(asks(QUESTION, VoterState::default()).as_deref(), Some(QUESTION));
    // Who asks it again, or asks for a person, may come to wait beside others all the same.
    let given = crate::desk::state::Given { entry: KNOWLEDGE.faq.entries[entry].id.clone(), question: None };
    let again = VoterState { given: Some(given), ..VoterState::default() };
    assert_eq!(asks(answered, again).as_deref(), Some(answered));
    let person = VoterState { expects: Expects::Person, ..VoterState::default() };
    assert_eq!(asks(answered, person).as_deref(), Some(answered));
    assert_eq!(asks(&format!("/petugas {answered}"), VoterState::default()).as_deref(), Some(answered));
}

#[test]
fn what_waits_again_with_its_ticket_opens_no_second_one() {
    // It was answered, its asker looked at an entry instead, and what came after opened the ticket again.
    let texts = vec![(5, QUESTION.to_owned()), (9, "kabel gensetnya juga putus".to_owned())];
    let own = Ticket { texts, ..Ticket::new(7, "k7".to_owned(), 2, shared().asked) };
    let asked = asked(QUESTION.to_owned(), Became::Answered { entry: "uji-jam".to_owned() });
    let presses = |tickets: Vec<Ticket>| {
        let known = Known { tickets, asked: Some(asked.clone()), next_ticket: 8, ..Known::default() };
        decide(&KNOWLEDGE, &Event::AskPerson { voter: 2 }, &known, own.asked)
    };
    let opened = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::KeepTicket(_)));
    let effects = presses(vec![own.clone()]);
    assert!(!opened(&effects), "{effects:?}");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Toast(text) if text.contains("#7"))), "{effects:?}");
    assert!(opened(&presses(Vec::new())));
}

#[test]
fn a_reply_that_is_held_stays_when_the_first_asker_goes_on_alone() {
    let held =
        crate::desk::ticket::Held { message: 50, ..crate::desk::ticket::Held::of(Content::plain("021 555 1234")) };
    let ticket = Ticket { held: vec![held], ..shared() };
    let known = Known { tickets: vec![ticket], replied: Some(7), next_ticket: 8, ..Known::default() };
    let effects = says(1, "lampu TPS 12 juga padam, minta ke siapa", &known);
    let left = effects.iter().find_map(|effect| match effect {
        Effect::KeepTicket(ticket) if ticket.number == 7 => Some(ticket.clone()),
        _ => None,
    });
    let left = left.expect("it stays with the others");
    assert_eq!((left.voter, left.held.len()), (2, 1));
    // What the first wrote stands nowhere beside its card any more.
    assert!(effects.iter().any(|effect| matches!(effect, Effect::EmptyWords { ticket: 7, .. })), "{effects:?}");
    // Who asks that all be deleted takes along what may tell of it.
    assert!(shared().handed_on().expect("others ask").held.is_empty());
}

#[test]
fn what_the_first_adds_to_a_message_that_many_sent_on_is_not_theirs() {
    const CLAIM: &str = "warung kopi wajib tutup sampai penghitungan selesai";
    let first = Ticket { claim: true, wordings: Vec::new(), others: Vec::new(), ..shared() };
    let mut claim = Ticket { texts: vec![(1, CLAIM.to_owned())], ..first };
    claim.sent_on_by(2, CLAIM);
    let handed_on = |ticket: Ticket| ticket.handed_on().expect("another sent it on");
    // Nothing was added: all say the same, and only the number of the first one's message goes.
    assert_eq!(handed_on(claim.clone()).texts, [(0, CLAIM.to_owned())]);
    let says = |voter: VoterId, text: &str, message: i64, ticket: &Ticket| {
        let known = Known { tickets: vec![ticket.clone()], replied: Some(7), next_ticket: 8, ..Known::default() };
        let event = Event::Message { voter, message, text: text.to_owned(), album: None, origin: Default::default() };
        decide(&KNOWLEDGE, &event, &known, ticket.asked)
    };
    let mut added = kept(&says(1, "saya tinggal di gang Melati, pak RT yang menyebarkan", 9, &claim));
    assert_eq!((added.number, added.texts.len()), (7, 2), "{added:?}");
    added.sent_on_by(3, "warung kopi wajib tutup sampai penghitungan suara selesai");
    let second = handed_on(added);
    assert_eq!((second.voter, second.question().as_str()), (2, CLAIM));
    let third = handed_on(second);
    assert_eq!((third.voter, third.question().as_str()), (3, CLAIM));
    assert!(third.handed_on().is_none());
    // The same if the first one changes what was sent on.
    let known = Known {
        tickets: vec![claim.clone()],
        asked: Some(Asked { voter: 1, message: 1, ..asked(CLAIM.to_owned(), Became::Forwarded { ticket: 7 }) }),
        next_ticket: 8,
        ..Known::default()
    };
    let edit = Event::Edited { voter: 1, message: 1, text: "genset TPS 12 Sukarame mati, gantinya dari siapa".into() };
    let changed = kept(&decide(&KNOWLEDGE, &edit, &known, claim.asked));
    assert_ne!(changed.question(), CLAIM);
    assert_eq!(handed_on(changed).question(), CLAIM);
}

#[test]
fn what_was_joined_to_anothers_and_is_changed_waits_in_one_ticket() {
    let into = shared();
    let second = "kabel gensetnya juga putus digigit tikus";
    let joined = Ticket {
        voter: 2,
        texts: vec![(5, into.texts_of(2)[0].1.clone()), (6, second.to_owned())],
        state: TicketState::Merged,
        into: Some(7),
        ..Ticket::new(4, "k4".to_owned(), 2, into.asked)
    };
    let first = Asked { message: 6, ..asked(second.to_owned(), Became::Forwarded { ticket: 4 }) };
    for (message, asked) in [(6, first.clone()), (5, Asked { message: 5, text: "x".to_owned(), ..first })] {
        let known = Known {
            tickets: vec![joined.clone()],
            shared: vec![into.clone()],
            asked: Some(asked),
            next_ticket: 9,
            ..Known::default()
        };
        let event = Event::Edited { voter: 2, message, text: "lampu TPS 12 juga padam, minta ke siapa".to_owned() };
        let effects = decide(&KNOWLEDGE, &event, &known, into.asked);
        let kept = |number: u64| {
            let kept = effects.iter().rev().find_map(|effect| match effect {
                Effect::KeepTicket(ticket) if ticket.number == number => Some(ticket.clone()),
                _ => None,
            });
            kept.unwrap_or_else(|| panic!("{number} is kept: {effects:?}"))
        };
        let (own, others) = (kept(4), kept(7));
        assert_eq!((own.state, own.into, own.texts.len()), (TicketState::Open, None, 2));
        assert!(!others.is_asked_by(2) && others.is_asked_by(3));
    }
}

#[test]
fn what_waits_and_was_answered_since_is_changed_where_it_waits() {
    let (text, now) = ("pns boleh like ga", chrono::DateTime::UNIX_EPOCH.fixed_offset());
    let waits = Ticket { texts: vec![(5, text.to_owned())], ..Ticket::new(4, "k4".to_owned(), 2, now) };
    let known = Known {
        tickets: vec![waits],
        asked: Some(asked(text.to_owned(), Became::Answered { entry: "uji-asn".to_owned() })),
        next_ticket: 9,
        ..Known::default()
    };
    let event = Event::Edited { voter: 2, message: 5, text: "lampu TPS 12 juga padam, minta ke siapa".to_owned() };
    let ticket = kept(&decide(&KNOWLEDGE, &event, &known, now));
    assert_eq!((ticket.number, ticket.texts.len(), ticket.changed), (4, 1, true));
}

fn press(action: Action) -> Event {
    Event::Tap { key: "k7".to_owned(), by: Some("Ani".to_owned()), user: None, action }
}

fn edit(text: &str) -> Event {
    let to = Addressee::Ticket(7);
    Event::ReplyEdited { to, message: 50, by: None, content: Content::plain(text) }
}

/// A question of three of whom two were answered; the third asked since.
fn two_answered() -> Ticket {
    let ticket = kept(&comes(&shared(), Some(2), &reply("Dari kelurahan.")));
    assert_eq!(ticket.unanswered(), [3]);
    ticket
}

#[test]
fn who_was_answered_and_goes_on_alone_still_hears_of_a_correction() {
    let known = Known { shared: vec![two_answered()], replied: Some(7), next_ticket: 8, ..Known::default() };
    let effects = says(2, "lampu TPS 12 juga padam, minta ke siapa", &known);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::DropAsker { .. })), "{effects:?}");
    let kept: Vec<u64> =
        effects.iter().filter_map(|e| if let Effect::KeepTicket(t) = e { Some(t.number) } else { None }).collect();
    assert_eq!(kept, [8], "the answered one stays as it is");
}

#[test]
fn a_wording_is_parted_without_those_who_were_answered() {
    let effects = comes(&two_answered(), Some(3), &press(Action::SplitOff(1)));
    let own: Vec<Ticket> =
        effects.iter().filter_map(|e| if let Effect::KeepTicket(t) = e { Some(t.clone()) } else { None }).collect();
    let parted = own.iter().find(|ticket| ticket.number == 8).expect("a ticket of its own");
    assert_eq!((parted.voter, parted.others.len()), (3, 0));
    let stays = own.iter().find(|ticket| ticket.number == 7).expect("what stays");
    assert_eq!((stays.others.clone(), stays.state), (vec![2], TicketState::Answered));
    assert!(stays.answers[0].is_for(stays, 2), "a correction finds its way");
}

#[test]
fn what_was_taken_back_is_not_brought_out_by_a_change_that_was_kept_back() {
    let ticket = kept(&comes(&shared(), Some(3), &reply("Dari kelurahan.")));
    let held = kept(&comes(&ticket, Some(3), &edit("Hubungi Pak Karto.")));
    assert_eq!(held.held.len(), 1);
    let ticket = kept(&comes(&held, Some(3), &press(Action::TakeBack(50))));
    assert!(told(&comes(&ticket, Some(3), &press(Action::SendHeld(50)))).is_empty());
}

#[test]
fn what_is_kept_back_is_no_deed() {
    use crate::desk::audit::deeds;
    let record = |ticket: &Ticket, event: &Event| {
        let known = Known { tickets: vec![ticket.clone()], shown: Some(3), ..Known::default() };
        let kinds =
            deeds(event, &known, &decide(&KNOWLEDGE, event, &known, ticket.asked + chrono::Duration::seconds(1)));
        kinds.into_iter().map(|deed| (deed.kind, deed.text)).collect::<Vec<_>>()
    };
    let said = |kind: &'static str, text: &str| vec![(kind, Some(text.to_owned()))];
    assert!(record(&shared(), &reply("Hubungi Pak Karto.")).is_empty());
    let held = kept(&comes(&shared(), Some(3), &reply("Hubungi Pak Karto.")));
    assert!(record(&held, &edit("Hubungi Pak Darmo.")).is_empty(), "kept back as well");
    assert!(record(&held, &edit("// nanti saja")).is_empty(), "nothing was sent");
    assert_eq!(record(&held, &press(Action::SendHeld(50))), said("answer", "Hubungi Pak Karto."));
    assert_eq!(record(&held, &press(Action::DropHeld(50))), said("drop_held", "Hubungi Pak Karto."));
    let answered = kept(&comes(&shared(), Some(3), &reply("Dari kelurahan.")));
    assert!(record(&answered, &edit("Hubungi Pak Karto.")).is_empty());
    assert_eq!(record(&answered, &edit("Dari kecamatan.")), said("edit", "Dari kecamatan."));
    let kept_back = kept(&comes(&answered, Some(3), &edit("Hubungi Pak Karto.")));
    assert_eq!(record(&kept_back, &press(Action::SendHeld(50))), said("edit", "Hubungi Pak Karto."));
}

#[test]
fn one_of_several_who_had_blocked_the_bot_waits_when_back() {
    let ticket = kept(&comes(&shared(), None, &reply("Dari kelurahan.")));
    let blocked =
        |asker| Event::Delivered { reply: ReplyKey { ticket: 7, message: 50, asker }, outcome: Outcome::Blocked };
    for (voter, asker) in [(3, Some(3)), (1, None)] {
        let ticket = kept(&comes(&ticket, None, &blocked(asker)));
        assert_eq!(ticket.state, TicketState::Answered, "the others got it");
        let own = ticket.voter == voter;
        let (tickets, others) = if own { (vec![ticket], Vec::new()) } else { (Vec::new(), vec![ticket]) };
        let known = Known { tickets, shared: others, ..Known::default() };
        let back = Event::Reachable { voter, reachable: true };
        let effects = decide(&KNOWLEDGE, &back, &known, chrono::DateTime::UNIX_EPOCH.fixed_offset());
        let ticket = kept(&effects);
        assert_eq!((ticket.state, ticket.unanswered()), (TicketState::Open, vec![voter]));
        let effects = comes(&ticket, None, &press(Action::SendToLate(50)));
        assert_eq!(told(&effects), [voter]);
    }
}

#[test]
fn an_answer_that_fails_after_its_ticket_was_joined_makes_it_wait_again() {
    let answered =
        kept(&comes(&Ticket { others: Vec::new(), wordings: Vec::new(), ..shared() }, None, &reply("Dari kelurahan.")));
    let joined = Ticket { state: TicketState::Merged, into: Some(9), ..answered };
    let failed = Event::Delivered {
        reply: ReplyKey { ticket: 7, message: 50, asker: None },
        outcome: Outcome::Failed("Bad Request".to_owned()),
    };
    let ticket = kept(&comes(&joined, None, &failed));
    assert_eq!((ticket.state, ticket.into), (TicketState::Open, None));
}

#[test]
fn what_lacks_what_was_said_before_or_stands_under_a_picture_joins_nobody() {
    let short = "kalau pensiunan?";
    let waits = Ticket { texts: vec![(1, short.to_owned())], ..Ticket::new(7, "k7".to_owned(), 1, shared().asked) };
    let known = Known { same: Some(waits), next_ticket: 8, ..Known::default() };
    let effects = says(2, &format!("/petugas {short}"), &known);
    assert_eq!(kept(&effects).number, 8, "{effects:?}");
    let whole = Known { same: Some(shared()), next_ticket: 8, ..Known::default() };
    assert_eq!(kept(&says(4, QUESTION, &whole)).number, 7);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
    let origin = crate::desk::Origin { picture: true, ..Default::default() };
    let event = Event::Message { voter: 2, message: 5, text: QUESTION.to_owned(), album: None, origin };
    assert_eq!(asked_text(&event, &Known::default(), &KNOWLEDGE, today), None);
}

#[test]
fn the_same_words_are_the_same_question_however_long_they_are() {
    let long = format!("{QUESTION}. {}", "Sudah kami tunggu dari pagi, warga mulai pulang. ".repeat(20));
    assert!(long.chars().count() > LONGEST);
    // A word that stands there once denied and once not.
    let both = "undangan ada tapi nama tidak ada di DPT, undangan itu berlaku";
    for text in [long.as_str(), both] {
        let waits = Ticket { texts: vec![(1, text.to_owned())], ..Ticket::new(7, "k7".to_owned(), 1, shared().asked) };
        let gist = KNOWLEDGE.matcher.gist(text);
        assert!(same_question(&KNOWLEDGE.matcher, std::slice::from_ref(&waits), text, &gist).is_some(), "{text}");
        let other = format!("{text} juga ya");
        let gist = KNOWLEDGE.matcher.gist(&other);
        let found = same_question(&KNOWLEDGE.matcher, std::slice::from_ref(&waits), &other, &gist);
        assert!(found.is_none() || other.chars().count() <= LONGEST, "{other}");
    }
}

#[test]
fn each_gets_an_entry_in_the_language_spoken_there() {
    let known = Known {
        tickets: vec![shared()],
        languages: vec![(2, crate::text::language::Language::English)],
        ..Known::default()
    };
    let give = Event::Reply {
        to: Addressee::Ticket(7),
        message: 50,
        by: None,
        content: Content::plain("uji-jam"),
        album: None,
    };
    let effects = decide(&KNOWLEDGE, &give, &known, shared().asked);
    let texts: Vec<(VoterId, String)> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Answer { voter, head, answer, .. } => Some((*voter, format!("{head}{}", answer.plain()))),
            _ => None,
        })
        .collect();
    assert_eq!(texts.iter().map(|(voter, _)| *voter).collect::<Vec<_>>(), [1, 2, 3]);
    let is_english = |text: &str| text.contains("Polling stations");
    assert_eq!(texts.iter().map(|(_, text)| is_english(text)).collect::<Vec<_>>(), [false, true, false], "{texts:?}");
}
