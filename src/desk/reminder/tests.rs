use std::collections::BTreeMap;

use super::*;
use crate::desk::{Knowledge, Known, VoterState, decide};
use crate::faq::source::Source;

const VOTER: VoterId = 7;
const ENTRY: &str = "kapan-nyoblos";

/// A FAQ of one entry, and an election whose vote is on that day; on none yet, or known from a day on.
fn knowledge(vote: Option<&str>, known_from: Option<&str>) -> Knowledge {
    let dir = tempfile::tempdir().expect("a folder");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["teks.id.toml", "leksikon.toml"] {
        std::fs::copy(root.join("faq").join(name), dir.path().join(name)).expect("copied");
    }
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).expect("written");
    write(
        "uji.toml",
        "[[entry]]\nid = \"kapan-nyoblos\"\ntitle = \"Kapan nyoblos?\"\nquestions = '''\nkapan nyoblos\nhari apa coblosan\ntanggal pemungutan suara\npemilu kapan\njadwal mencoblos\n\
         nyoblosnya tgl brp\nbulan apa pemilihan\nkpn pencoblosan\nhari pencoblosan\nwaktu memilih presiden\n'''\n\
         answer = '''\n{{ pemilu2030.pemungutan_suara | pilih(\"Nanti, {kapan}.\", \"Hari ini.\", \"Sudah.\", \"Belum ditetapkan.\") }}\n'''\n\
         sources = [\"KPU, 1 Januari 2020\"]\nreviewed = \"2026-11-26\"\n",
    );
    std::fs::create_dir(dir.path().join("pemilu")).expect("a folder");
    // A stage of an earlier election, by whose name what is not set is called.
    write(
        "pemilu/pemilu2020.toml",
        "name = \"Pemilu 2020\"\n[stages.pemungutan_suara]\nname = \"Pemungutan suara\"\nstart = \"2020-02-12\"\nend = \"2020-02-12\"\nmain = true\n",
    );
    let stage = vote.map(|day| {
        let known = known_from.map(|from| format!("known_from = \"{from}\"\n")).unwrap_or_default();
        format!("[stages.pemungutan_suara]\nname = \"Pemungutan suara\"\nstart = \"{day}\"\nend = \"{day}\"\nmain = true\n{known}")
    });
    write("pemilu/pemilu2030.toml", &format!("name = \"Pemilu 2030\"\n{}", stage.unwrap_or_default()));
    let (knowledge, report) = Knowledge::load(&Source::Folder(dir.path().to_owned()));
    knowledge.unwrap_or_else(|| panic!("{}", report.render(false)))
}

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).expect("a time")
}

/// What is due, and one voter.
#[derive(Default)]
struct Clock {
    due: BTreeMap<String, (DateTime<FixedOffset>, Event)>,
    voter: VoterState,
}

impl Clock {
    fn own(&self) -> Vec<Reminder> {
        let reminder = |event: &Event| match event {
            Event::Reminder(reminder) => Some(reminder.clone()),
            _ => None,
        };
        self.due.values().filter_map(|(_, event)| reminder(event)).collect()
    }

    /// What is said when `event` comes at `now`.
    fn comes(&mut self, knowledge: &Knowledge, event: &Event, now: DateTime<FixedOffset>) -> Vec<String> {
        let known = Known { voter: self.voter.clone(), reminders: self.own(), ..Known::default() };
        let mut said = Vec::new();
        for effect in decide(knowledge, event, &known, now) {
            match effect {
                Effect::Later { name, at, event, .. } => drop(self.due.insert(name, (at, event))),
                Effect::Never { name } => drop(self.due.remove(&name)),
                Effect::Remember { state, .. } => self.voter = state,
                Effect::Say { text, .. } => said.push(text.plain()),
                Effect::Menu { text, .. } => said.push(text.plain()),
                Effect::KeepAsked(_) => {}
                other => panic!("{other:?}"),
            }
        }
        said
    }

    fn pressed(&mut self, knowledge: &Knowledge, choice: &Choice, now: &str) -> Vec<String> {
        self.comes(knowledge, &choice.pressed(VOTER), at(now))
    }

    fn asks(&mut self, knowledge: &Knowledge, now: &str) -> Vec<String> {
        self.pressed(knowledge, &Choice::Remind(ENTRY.to_owned()), now)
    }

    fn reviewed(&mut self, knowledge: &Knowledge, now: &str) -> Vec<String> {
        self.comes(knowledge, &Event::ReviewReminders { after: None }, at(now))
    }

    /// Brings what is due until `now`; the clock jumps there.
    fn passes(&mut self, knowledge: &Knowledge, now: &str) -> Vec<String> {
        let now = at(now);
        let mut said = Vec::new();
        let due: Vec<String> =
            self.due.iter().filter(|(_, (at, _))| *at <= now).map(|(name, _)| name.clone()).collect();
        for name in due {
            let Some((_, event)) = self.due.remove(&name) else { continue };
            said.extend(self.comes(knowledge, &event, now));
        }
        said
    }
}

fn has(said: &[String], words: &[&str]) {
    assert!(said.len() == 1 && words.iter().all(|word| said[0].contains(word)), "{said:?} lacks {words:?}");
}

#[test]
fn one_is_reminded_the_day_before_and_in_the_morning() {
    let faq = knowledge(Some("2030-02-13"), None);
    let mut clock = Clock::default();
    let said = clock.asks(&faq, "2030-01-01T10:00:00+07:00");
    assert!(said.len() == 2 && said[0].contains("Rabu, 13 Februari 2030") && said[1].contains("WIB"), "{said:?}");
    has(&clock.asks(&faq, "2030-01-01T10:01:00+07:00"), &["sudah ada"]);
    assert!(clock.passes(&faq, "2030-02-12T08:59:00+07:00").is_empty());
    has(&clock.passes(&faq, "2030-02-12T09:00:00+07:00"), &["Pengingat", "besok", "13 Februari 2030"]);
    has(&clock.passes(&faq, "2030-02-13T05:00:00+07:00"), &["hari ini"]);
    assert!(clock.own().is_empty());
    has(&clock.asks(&faq, "2030-02-13T06:00:00+07:00"), &["sudah lewat"]);
}

#[test]
fn each_zone_keeps_its_own_clock() {
    let faq = knowledge(Some("2030-02-13"), None);
    let mut clock = Clock::default();
    clock.asks(&faq, "2030-01-01T10:00:00+07:00");
    has(&clock.pressed(&faq, &Choice::Zone(Zone::Wit), "2030-01-01T10:01:00+07:00"), &["WIT"]);
    // 09.00 in the east is 07.00 in the west.
    assert!(clock.passes(&faq, "2030-02-12T06:59:00+07:00").is_empty());
    has(&clock.passes(&faq, "2030-02-12T07:00:00+07:00"), &["besok"]);
    assert!(clock.passes(&faq, "2030-02-13T02:59:00+07:00").is_empty());
    has(&clock.passes(&faq, "2030-02-13T03:00:00+07:00"), &["hari ini"]);
    // The day has begun in the east while the west still has the evening before.
    let mut late = Clock { voter: VoterState { zone: Some(Zone::Wit), ..VoterState::default() }, ..Clock::default() };
    has(&late.asks(&faq, "2030-02-12T23:30:00+07:00"), &["sudah lewat"]);
    let mut west = Clock { voter: VoterState { zone: Some(Zone::Wib), ..VoterState::default() }, ..Clock::default() };
    has(&west.asks(&faq, "2030-02-12T23:30:00+07:00"), &["besok"]);
    assert_eq!(west.own().len(), 1, "the day before is over: only the morning is left");
}

#[test]
fn what_comes_late_is_true_or_not_said() {
    let faq = knowledge(Some("2030-02-13"), None);
    let asked = || {
        let mut clock = Clock::default();
        clock.asks(&faq, "2030-01-01T10:00:00+07:00");
        clock
    };
    // Over the morning: one word, and that is of today.
    has(&asked().passes(&faq, "2030-02-13T08:00:00+07:00"), &["hari ini"]);
    // Over the whole day: what is past is not spoken of.
    assert!(asked().passes(&faq, "2030-02-15T08:00:00+07:00").is_empty());
    // A clock that is set back repeats nothing.
    let mut clock = asked();
    has(&clock.passes(&faq, "2030-02-12T10:00:00+07:00"), &["besok"]);
    assert!(clock.passes(&faq, "2030-02-11T10:00:00+07:00").is_empty());
    assert!(clock.passes(&faq, "2030-02-12T11:00:00+07:00").is_empty());
}

#[test]
fn a_day_that_moves_is_told_and_followed() {
    let mut clock = Clock::default();
    clock.asks(&knowledge(Some("2030-02-13"), None), "2030-01-01T10:00:00+07:00");
    let moved = knowledge(Some("2030-03-20"), None);
    has(&clock.reviewed(&moved, "2030-01-05T10:00:00+07:00"), &["13 Februari 2030", "20 Maret 2030"]);
    assert!(clock.reviewed(&moved, "2030-01-05T11:00:00+07:00").is_empty(), "once");
    assert!(clock.passes(&moved, "2030-02-20T10:00:00+07:00").is_empty());
    has(&clock.passes(&moved, "2030-03-19T10:00:00+07:00"), &["besok"]);
    // Taken back, and set anew.
    let mut clock = Clock::default();
    clock.asks(&moved, "2030-01-01T10:00:00+07:00");
    let unset = knowledge(None, None);
    has(&clock.reviewed(&unset, "2030-01-05T10:00:00+07:00"), &["20 Maret 2030", "belum ditetapkan"]);
    has(&clock.reviewed(&moved, "2030-01-06T10:00:00+07:00"), &["20 Maret 2030"]);
    assert_eq!(clock.own().len(), 2);
}

#[test]
fn who_waits_for_a_day_is_told_once_it_is_known() {
    let unset = knowledge(None, None);
    let mut clock = Clock { voter: VoterState { zone: Some(Zone::Wib), ..VoterState::default() }, ..Clock::default() };
    has(&clock.asks(&unset, "2029-01-01T10:00:00+07:00"), &["Pemungutan suara, Pemilu 2030", "kabari"]);
    let list = clock.comes(
        &unset,
        &Event::Message {
            voter: VOTER,
            message: 1,
            text: "/pengingat".to_owned(),
            album: None,
            origin: crate::desk::Origin::default(),
        },
        at("2029-01-02T10:00:00+07:00"),
    );
    // What was written is noted beside the answer.
    has(&list, &["menunggu tanggalnya ditetapkan"]);
    // Set in the file, but not known before a day.
    let set = knowledge(Some("2030-02-13"), Some("2029-06-01"));
    assert!(clock.reviewed(&set, "2029-05-31T10:00:00+07:00").is_empty());
    has(&clock.passes(&set, "2029-06-01T00:05:00+07:00"), &["13 Februari 2030", "Kabar"]);
    has(&clock.passes(&set, "2030-02-12T09:00:00+07:00"), &["besok"]);
}

#[test]
fn a_reminder_is_dropped_by_its_button() {
    let faq = knowledge(Some("2030-02-13"), None);
    let mut clock = Clock::default();
    clock.asks(&faq, "2030-01-01T10:00:00+07:00");
    let key = clock.own()[0].stage_key();
    has(&clock.pressed(&faq, &Choice::DropReminder(key.clone()), "2030-01-02T10:00:00+07:00"), &["dibatalkan"]);
    assert!(clock.own().is_empty());
    has(&clock.pressed(&faq, &Choice::DropReminder(key), "2030-01-02T10:01:00+07:00"), &["tidak punya"]);
}

#[test]
fn reminders_of_an_older_version_are_read() {
    let event = r#"{"Reminder":{"voter":7,"entry":"a","election":"pemilu2030","stage":"x","day":"2030-02-13","zone":"Wita","part":"Eve"}}"#;
    let Ok(Event::Reminder(reminder)) = serde_json::from_str(event) else { panic!("unread") };
    assert_eq!((reminder.name().as_str(), reminder.zone), ("remind:7:pemilu2030:x:eve", Zone::Wita));
    assert_eq!(reminder.at(), Some(at("2030-02-12T09:00:00+08:00")));
}
