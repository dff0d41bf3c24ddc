//! The rules that depend on time and on what is known, without any wire. Stories are told in `tests/`.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, FixedOffset};

use super::event::ReplyKey;
use super::*;
use crate::faq::source::Source;

const FOREIGN: &str = "siapa yang urus banjir di kampung saya";
const KNOWN_QUESTION: &str = "tps buka jam brp";

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a folder");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in [
        "faq/teks.id.toml",
        "faq/leksikon.toml",
        "faq/obrolan.toml",
        "tests/support/faq/bot.toml",
        "tests/support/faq/uji.toml",
        "tests/support/faq/di-luar.toml",
    ] {
        let from = root.join(name);
        std::fs::copy(&from, dir.path().join(from.file_name().expect("a file"))).expect("copied");
    }
    let (knowledge, report) = Knowledge::load(&Source::Folder(dir.path().to_owned()));
    knowledge.unwrap_or_else(|| panic!("{}", report.render(false)))
});

/// One voter and one moderator, with what the store would know.
#[derive(Default)]
struct Table {
    voter: VoterState,
    tickets: Vec<Ticket>,
    replied: Option<u64>,
}

fn start() -> DateTime<FixedOffset> {
    "2026-11-24T09:00:00+07:00".parse().expect("a time")
}

impl Table {
    fn comes(&mut self, event: &Event, now: DateTime<FixedOffset>) -> Vec<Effect> {
        let known = Known {
            voter: self.voter.clone(),
            tickets: self.tickets.clone(),
            next_ticket: self.tickets.len() as u64 + 1,
            replied: self.replied,
            queue: Vec::new(),
        };
        let effects = decide(&KNOWLEDGE, event, &known, now);
        for effect in &effects {
            match effect {
                Effect::Remember { state, .. } => self.voter = state.clone(),
                Effect::KeepTicket(ticket) => {
                    self.tickets.retain(|t| t.number != ticket.number);
                    self.tickets.push(ticket.clone());
                }
                _ => {}
            }
        }
        effects
    }

    fn says(&mut self, message: i64, text: &str, seconds: i64) -> Vec<Effect> {
        let event = Event::Message { voter: 7, message, text: text.to_owned() };
        self.comes(&event, start() + Duration::seconds(seconds))
    }

    fn replies(&mut self, message: i64, text: &str, seconds: i64) -> Vec<Effect> {
        let content = Content::plain(text);
        let event = Event::Reply { ticket: 1, message, by: Some("Budi".to_owned()), content };
        self.comes(&event, start() + Duration::seconds(seconds))
    }
}

fn said(effects: &[Effect]) -> String {
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
    assert!(!is_new_ticket(&joined) && said(&joined).is_empty(), "{joined:?}");
    assert_eq!(table.tickets[0].texts.len(), 2);
    // Counted from the last part.
    assert!(!is_new_ticket(&table.says(3, "tetangga saya juga kemasukan air", 38)));
    assert!(is_new_ticket(&table.says(4, "apakah kucing boleh masuk pasar", 60)));
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
    assert!(is_new_ticket(&table.says(3, "apakah kucing boleh masuk pasar", 3600 + 31 * 60)));
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
        let reply = ReplyKey { ticket: 1, message: 50 };
        let sent = start() + Duration::seconds(11);
        table.comes(&Event::Delivered { reply, outcome: Outcome::Sent(sent.timestamp_millis()) }, sent);
        let tap = Event::Tap { ticket: 1, by: None, action: Action::TakeBack(50) };
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
    let reply = ReplyKey { ticket: 1, message: 50 };
    let event = |outcome| Event::Delivered { reply, outcome };
    let failed = table.comes(&event(Outcome::Failed("Bad Request".to_owned())), start());
    assert!(status(&failed).is_some_and(|s| s.contains("gagal dikirim (Bad Request)")));
    let blocked = table.comes(&event(Outcome::Blocked), start());
    assert!(status(&blocked).is_some_and(|s| s.contains("blokir") && !s.contains("terkirim")));
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
        Event::Delivered { reply: ReplyKey { ticket: 1, message: -2 }, outcome: Outcome::Failed("x".to_owned()) },
        Event::Reloaded { asked: true, entries: None, faults: "y".to_owned(), mended: false },
        Event::Sweep,
    ];
    for event in events {
        let text = serde_json::to_string(&event).expect("written");
        assert_eq!(serde_json::from_str::<Event>(&text).expect("read"), event);
    }
}
