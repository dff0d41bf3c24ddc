//! The rules that depend on time and on what is known, without any wire. Stories are told in `tests/`.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, FixedOffset};

use super::event::ReplyKey;
use super::*;
use crate::faq::source::Source;

#[path = "../../tests/support/small_faq.rs"]
mod small_faq;

const FOREIGN: &str = "siapa yang urus banjir di kampung saya";
const KNOWN_QUESTION: &str = "tps buka jam brp";

pub(super) static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a folder");
    small_faq::write(dir.path());
    let (knowledge, report) = Knowledge::load(&Source::Folder(dir.path().to_owned()));
    knowledge.unwrap_or_else(|| panic!("{}", report.render(false)))
});

/// One voter and one moderator, with what the store would know.
#[derive(Default)]
pub(super) struct Table {
    voter: VoterState,
    pub(super) tickets: Vec<Ticket>,
    pub(super) asked: Vec<Asked>,
    replied: Option<u64>,
    unreachable: bool,
    events: u64,
}

fn start() -> DateTime<FixedOffset> {
    "2026-11-24T09:00:00+07:00".parse().expect("a time")
}

impl Table {
    fn comes(&mut self, event: &Event, now: DateTime<FixedOffset>) -> Vec<Effect> {
        self.comes_of(event, None, now)
    }

    /// `key` is what the pressed button carries.
    pub(super) fn comes_of(&mut self, event: &Event, key: Option<&str>, now: DateTime<FixedOffset>) -> Vec<Effect> {
        self.events += 1;
        let asked = match (key, event) {
            (Some(key), _) => self.asked.iter().find(|a| a.key == key),
            (None, Event::Edited { message, .. }) => self.asked.iter().find(|a| a.message == *message),
            _ => None,
        };
        let known = Known {
            steady: now.timestamp_millis(),
            key: format!("k{}", self.events),
            voter: self.voter.clone(),
            tickets: self.tickets.clone(),
            all_tickets: self.tickets.iter().map(|t| t.number).collect(),
            next_ticket: self.tickets.len() as u64 + 1,
            replied: self.replied,
            asked: asked.cloned(),
            answered: self.asked.iter().max_by_key(|a| a.answered).filter(|a| a.answered.is_some()).cloned(),
            last: self.asked.iter().max_by_key(|a| a.at).cloned(),
            unreachable: self.unreachable,
            coded: event.asks_of_ticket().and_then(|n| self.tickets.iter().find(|t| t.number == n)).cloned(),
            clock_trusted: true,
            ..Known::default()
        };
        let effects = decide(&KNOWLEDGE, event, &known, now);
        for effect in &effects {
            match effect {
                Effect::Remember { state, .. } => self.voter = state.clone(),
                Effect::KeepTicket(ticket) => {
                    self.tickets.retain(|t| t.number != ticket.number);
                    self.tickets.push(ticket.clone());
                }
                Effect::KeepAsked(asked) => {
                    self.asked.retain(|a| a.key != asked.key);
                    self.asked.push(asked.clone());
                }
                _ => {}
            }
        }
        effects
    }

    pub(super) fn says(&mut self, message: i64, text: &str, seconds: i64) -> Vec<Effect> {
        let event = Event::Message { voter: 7, message, text: text.to_owned(), album: None, origin: Origin::default() };
        self.comes(&event, start() + Duration::seconds(seconds))
    }

    pub(super) fn at(&self, seconds: i64) -> DateTime<FixedOffset> {
        start() + Duration::seconds(seconds)
    }

    fn edits(&mut self, message: i64, text: &str, seconds: i64) -> Vec<Effect> {
        let event = Event::Edited { voter: 7, message, text: text.to_owned() };
        self.comes(&event, start() + Duration::seconds(seconds))
    }

    pub(super) fn replies(&mut self, message: i64, text: &str, seconds: i64) -> Vec<Effect> {
        let content = Content::plain(text);
        let to = Addressee::Ticket(1);
        let event = Event::Reply { to, message, by: Some("Budi".to_owned()), content, album: None };
        self.comes(&event, start() + Duration::seconds(seconds))
    }
}

pub(super) fn said(effects: &[Effect]) -> String {
    let texts = effects.iter().filter_map(|e| match e {
        Effect::Say { text, .. } => Some(text.plain()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("|")
}

fn is_new_ticket(effects: &[Effect]) -> bool {
    effects.iter().any(|e| matches!(e, Effect::ShowCard(_)))
}

#[test]
fn what_follows_within_twenty_seconds_joins_and_later_does_not() {
    let mut table = Table::default();
    assert!(is_new_ticket(&table.says(1, FOREIGN, 0)));
    let joined = table.says(2, "rumah saya kemasukan air sejak kemarin", 19);
    assert!(!is_new_ticket(&joined) && said(&joined).contains("tambahkan"), "{joined:?}");
    assert_eq!(table.tickets[0].texts.len(), 2);
    // Counted from the last part.
    let again = table.says(3, "tetangga saya juga kemasukan air", 38);
    assert!(!is_new_ticket(&again) && said(&again).is_empty(), "told once: {again:?}");
    assert!(is_new_ticket(&table.says(4, "pagar kebun kelapa di dusun roboh", 60)));
}

#[test]
fn a_follow_up_counts_for_half_an_hour_or_as_a_reply_for_ever() {
    let mut table = Table::default();
    table.says(1, FOREIGN, 0);
    table.replies(50, "Kelurahan.", 60);
    let follow = table.says(2, "apakah kelurahan buka hari sabtu untuk warga", 60 + 29 * 60);
    assert!(follow.iter().any(|e| matches!(e, Effect::FollowUp { ticket: 1, .. })), "{follow:?}");
    assert_eq!(table.tickets[0].state, TicketState::Open);
    table.replies(51, "Tidak.", 3600);
    assert!(is_new_ticket(&table.says(3, "pagar kebun kelapa di dusun roboh", 3600 + 31 * 60)));
    table.replied = Some(1);
    let late = table.says(4, "siapa nama lurahnya di tempat saya", 90_000);
    assert!(late.iter().any(|e| matches!(e, Effect::FollowUp { ticket: 1, .. })), "{late:?}");
    // What the FAQ answers, and small talk, are no follow-ups.
    for text in [KNOWN_QUESTION, "makasih ya"] {
        let effects = table.says(5, text, 90_030);
        assert!(!effects.iter().any(|e| matches!(e, Effect::FollowUp { .. })), "{text}: {effects:?}");
    }
}

#[test]
fn thirty_messages_a_minute_and_told_once() {
    let mut table = Table::default();
    for number in 0..30 {
        assert!(!said(&table.says(number, "halo", number)).contains("terlalu cepat"));
    }
    assert!(said(&table.says(31, "halo", 31)).contains("terlalu cepat"));
    assert!(table.says(32, "halo", 32).iter().all(|e| matches!(e, Effect::Remember { .. })));
    // The first one is a minute old now.
    assert!(!said(&table.says(33, "halo", 61)).is_empty());
}

#[test]
fn nobody_elses_ticket_is_continued() {
    let mut table = Table::default();
    table.says(1, FOREIGN, 0);
    table.tickets[0].voter = 8;
    (table.voter, table.replied) = (VoterState::default(), Some(1));
    assert!(is_new_ticket(&table.says(2, "siapa nama lurahnya di tempat saya", 5)));
}

#[test]
fn an_answer_is_deleted_within_two_days_and_edited_after() {
    for (hours, expected) in [(47, false), (49, true)] {
        let mut table = Table::default();
        table.says(1, FOREIGN, 0);
        table.replies(50, "Senin.", 10);
        let reply = ReplyKey::of(1, 50);
        let sent = start() + Duration::seconds(11);
        table.comes(&Event::Delivered { reply, outcome: Outcome::Sent(sent.timestamp_millis()) }, sent);
        let tap = Event::Tap { key: table.tickets[0].key.clone(), by: None, user: None, action: Action::TakeBack(50) };
        let effects = table.comes(&tap, sent + Duration::hours(hours));
        let late = effects.iter().find_map(|e| match e {
            Effect::TakeBack { late, .. } => Some(*late),
            _ => None,
        });
        assert_eq!(late, Some(expected), "after {hours} hours");
        assert_eq!(table.tickets[0].state, TicketState::Open);
    }
}

#[test]
fn delivered_is_said_only_after_it_was() {
    let mut table = Table::default();
    table.says(1, FOREIGN, 0);
    let status = |effects: &[Effect]| {
        effects.iter().find_map(|e| match e {
            Effect::UpdateCard(card) => Some(card.status.join("|")),
            _ => None,
        })
    };
    let waiting = status(&table.replies(50, "Senin.", 10)).expect("a card");
    assert!(waiting.contains("sedang dikirim") && !waiting.contains("terkirim"), "{waiting}");
    let reply = ReplyKey::of(1, 50);
    let event = |outcome| Event::Delivered { reply, outcome };
    let failed = table.comes(&event(Outcome::Failed("Bad Request".to_owned())), start());
    assert!(status(&failed).is_some_and(|s| s.contains("gagal dikirim (Bad Request)")));
    assert_eq!(table.tickets[0].state, TicketState::Open, "what did not arrive is not answered");
    table.replies(51, "Selasa.", 20);
    let reply = ReplyKey::of(1, 51);
    let event = |outcome| Event::Delivered { reply, outcome };
    let blocked = table.comes(&event(Outcome::Blocked), start());
    assert!(status(&blocked).is_some_and(|s| s.contains("blokir") && !s.contains("terkirim")));
    assert_eq!(table.tickets[0].state, TicketState::Unreached);
    let sent = table.comes(&event(Outcome::Sent(start().timestamp_millis())), start());
    assert!(status(&sent).is_some_and(|s| s.contains("Budi: terkirim pukul 09.00 WIB")));
}

#[test]
fn a_day_later_it_is_told_unless_it_was_answered() {
    let mut table = Table::default();
    let effects = table.says(1, FOREIGN, 0);
    let at = effects.iter().find_map(|e| match e {
        Effect::Later { at, event: Event::StillOpen { ticket: 1 }, .. } => Some(*at),
        _ => None,
    });
    assert_eq!(at, Some(start() + Duration::hours(24)));
    let event = Event::StillOpen { ticket: 1 };
    assert!(said(&table.comes(&event, start() + Duration::hours(24))).contains("#1"));
    table.replies(50, "Senin.", 90_000);
    assert!(table.comes(&event, start() + Duration::hours(48)).is_empty());
}

#[test]
fn events_survive_the_store() {
    let events = [
        Event::StillOpen { ticket: 3 },
        Event::Delivered { reply: ReplyKey::of(1, -2), outcome: Outcome::Failed("x".to_owned()) },
        Event::Reloaded { asked: true, entries: None, faults: "y".to_owned(), mended: false },
        Event::Sweep,
    ];
    for event in events {
        let text = serde_json::to_string(&event).expect("written");
        assert_eq!(serde_json::from_str::<Event>(&text).expect("read"), event);
    }
}

#[test]
fn a_clock_set_back_silences_nobody() {
    let mut table = Table::default();
    for number in 0..30 {
        table.says(number, "halo", number);
    }
    // Times that have not come yet count for nothing, and spans do not reach back.
    assert!(!said(&table.says(31, "halo", -600)).contains("terlalu cepat"));
    let mut table = Table::default();
    table.says(1, FOREIGN, 0);
    assert!(is_new_ticket(&table.says(2, "pagar kebun kelapa di dusun roboh", -600)), "joined nothing of the future");
}

#[test]
fn nothing_is_called_forwarded_while_nobody_can_be_reached() {
    let mut table = Table { unreachable: true, ..Table::default() };
    let effects = table.says(1, FOREIGN, 0);
    assert!(is_new_ticket(&effects));
    let told = said(&effects);
    assert!(told.contains("belum dapat diteruskan") && told.contains("#1"), "{told}");
    table.replies(50, "Kelurahan.", 60);
    let told = said(&table.says(2, "apakah kelurahan buka hari sabtu untuk warga", 70));
    assert!(told.contains("belum dapat diteruskan"), "{told}");
}

#[test]
fn an_edit_of_spelling_is_no_new_question() {
    let mut table = Table::default();
    table.says(1, KNOWN_QUESTION, 0);
    let effects = table.edits(1, "tps buka jam berapa", 5);
    assert!(effects.iter().all(|e| matches!(e, Effect::KeepAsked(_) | Effect::Remember { .. })), "{effects:?}");
    assert!(said(&table.edits(1, "halo", 6)).is_empty());
    // The same text again, as Telegram tells of it when a preview was loaded.
    assert!(table.edits(1, "halo", 7).is_empty());
}

#[test]
fn what_the_clock_does_not_vouch_for_is_kept() {
    let known = Known { clock_trusted: false, ..Known::default() };
    let effects = decide(&KNOWLEDGE, &Event::Sweep, &known, start());
    assert!(matches!(effects.as_slice(), [Effect::Later { .. }]), "looked at again in an hour: {effects:?}");
    let known = Known { clock_trusted: true, ..Known::default() };
    let effects = decide(&KNOWLEDGE, &Event::Sweep, &known, start());
    let settings = &KNOWLEDGE.faq.settings;
    let (kept, told) = (Duration::days(settings.retention_days), Duration::days(settings.told_days));
    let (sent, unread) = (start() - Duration::hours(48), start() - Duration::days(7));
    assert_eq!(effects[0], Effect::Sweep { sent, unread, kept: start() - kept, told: start() - told });
}

#[test]
fn a_ticket_has_a_bound() {
    let mut table = Table::default();
    table.says(1, FOREIGN, 0);
    let long = "selokan kampung mampet air meluap ".repeat(170);
    let told: Vec<String> = (0..5).map(|i| said(&table.says(2 + i, &format!("{i} {long}"), i))).collect();
    assert!(told[4].contains("terlalu panjang"), "{told:?}");
    assert!(table.tickets.iter().all(|t| t.question().chars().count() < 13_000));
    let mut table = Table::default();
    table.says(1, FOREIGN, 0);
    for number in 0..28 {
        table.says(2 + number, &format!("selokan nomor {number} mampet"), number * 3);
    }
    assert!(table.tickets.iter().all(|t| t.texts.len() <= 30));
}

#[test]
fn only_a_card_addresses_a_voter() {
    for to in [Addressee::UnknownCard, Addressee::NoCard { told: false }, Addressee::NoCard { told: true }] {
        let mut table = Table::default();
        table.says(1, FOREIGN, 0);
        let content = Content::plain("Yang nomor 1 biar saya");
        let told = matches!(to, Addressee::NoCard { told: true });
        let event = Event::Reply { to: to.clone(), message: 60, by: None, content, album: None };
        let effects = table.comes(&event, start());
        assert!(!effects.iter().any(|e| matches!(e, Effect::Deliver { .. })), "{to:?}: {effects:?}");
        assert_eq!(effects.is_empty(), told, "{to:?}: {effects:?}");
    }
}

#[test]
fn somebody_in_need_is_heard_whatever_the_limits_say() {
    let mut table = Table::default();
    let limit = KNOWLEDGE.faq.settings.messages_per_minute;
    let mut effects = Vec::new();
    for message in 0..=limit {
        effects = table.says(message, KNOWN_QUESTION, 0);
    }
    assert!(said(&effects).contains(&limit.to_string()), "too fast by now: {effects:?}");
    let cry = table.says(90, "udah lah aku mau mati aja, capek sama semuanya", 1);
    assert!(is_new_ticket(&cry) && said(&cry).contains("percaya") && said(&cry).contains("petugas"), "{cry:?}");
    assert!(table.tickets[0].urgent && table.tickets[0].nearest.is_empty());
    let marked =
        |effect: &Effect| matches!(effect, Effect::ShowCard(card) if card.urgent && card.notes[0] == "MENDESAK");
    assert!(cry.iter().any(marked), "{cry:?}");
    // More of it joins the same ticket, and is answered again.
    let more = table.says(91, "serius gue mau bunuh diri malam ini", 30);
    assert!(!is_new_ticket(&more) && said(&more).contains("percaya"), "{more:?}");
    assert_eq!(table.tickets[0].texts.len(), 2);
    for message in 200..250 {
        assert!(said(&table.says(message, "aku mau mati aja", 60)).contains("percaya"));
    }
    assert_eq!(table.tickets.len(), 1, "one ticket, however much is written");
    // An edit into it counts as well, and a command around it hides nothing.
    table.says(92, "halo", 120);
    assert!(said(&table.edits(92, "halo, saya dalam bahaya", 121)).contains("percaya"));
    assert!(said(&table.says(93, "/petugas saya diancam mau dibunuh", 130)).contains("percaya"));
    assert_eq!(table.tickets.len(), 1);
}

#[test]
fn who_was_blocked_is_answered_in_need_and_moderators_can_be_out_of_reach() {
    let mut table = Table { voter: VoterState { blocked: true, ..VoterState::default() }, ..Table::default() };
    let cry = table.says(1, "aku mau bunuh diri", 0);
    assert!(!is_new_ticket(&cry) && said(&cry).contains("percaya") && !said(&cry).contains("sampaikan"), "{cry:?}");
    let mut table = Table { unreachable: true, ..Table::default() };
    let cry = table.says(1, "aku mau bunuh diri", 0);
    assert!(is_new_ticket(&cry) && !said(&cry).contains("sampaikan"), "nothing is said that is not so: {cry:?}");
}
