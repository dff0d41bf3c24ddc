//! Pictures: as they were when somebody last looked at them, and saying nothing that is not told in words too.
//!
//! What is drawn is held against `tests/pictures/`. After a change of the drawing or of the elections' files: look at what a
//! failing test leaves behind (it says where), and copy it over with PICTURES=write.

use std::path::{Path, PathBuf};

use crate::common::{KNOWLEDGE, time};
use chrono::{Datelike, Days, NaiveDate};
use tanya_pemilu::desk::picture::{Column, Draw, Line, dated};
use tanya_pemilu::desk::{Effect, Event, Known, Origin, Picture, decide};
use tanya_pemilu::faq::election::Phase;
use tanya_pemilu::faq::home_time;
use tanya_pemilu::picture::Studio;

/// At most this share of the points may differ.
const MOST_DIFFERENT: f64 = 0.001;
/// Before, during and after an election, on the day itself, and between two.
const DAYS: [(&str, &str); 5] = [
    ("before", "2023-03-01T09:00:00+07:00"),
    ("campaign", "2024-01-15T09:00:00+07:00"),
    ("vote", "2024-02-14T09:00:00+07:00"),
    ("after", "2024-03-05T09:00:00+07:00"),
    ("between", "2026-11-26T09:00:00+07:00"),
];

/// What follows from a voter's words.
fn effects(text: &str, now: &str) -> Vec<Effect> {
    let now = time(now);
    let event = Event::Message { voter: 1, message: 1, text: text.to_owned(), album: None, origin: Origin::default() };
    let known = Known { steady: now.timestamp_millis(), key: "k1".to_owned(), ..Known::default() };
    decide(&KNOWLEDGE, &event, &known, now)
}

/// The words that a command is answered with, and the picture.
fn told(command: &str, now: &str) -> (String, Option<Picture>) {
    let (mut words, mut picture) = (String::new(), None);
    for effect in effects(command, now) {
        match effect {
            Effect::Say { text, .. } | Effect::Menu { text, .. } => words.push_str(&text.plain()),
            Effect::Picture { picture: drawn, caption, .. } => {
                assert!(!words.is_empty(), "words come first");
                assert!(!caption.is_empty() && caption.encode_utf16().count() <= 1024, "{caption}");
                picture = Some(drawn);
            }
            _ => {}
        }
    }
    (words, picture)
}

fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    // A picture has a palette; what is compared is what is seen.
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("a PNG");
    let mut points = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut points).expect("a PNG");
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
    points.truncate(info.buffer_size());
    (info.width, info.height, points)
}

/// Holds a picture against that of the same name which somebody looked at.
fn compare(name: &str, picture: &Picture) {
    let drawn = Studio::default().png(picture).expect("it can be drawn");
    let reference: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/pictures/{name}.png"));
    if std::env::var_os("PICTURES").is_some_and(|value| value == "write") {
        std::fs::write(&reference, &drawn).expect("written");
        return;
    }
    let left = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
    std::fs::write(&left, &drawn).expect("written");
    let known = std::fs::read(&reference).unwrap_or_else(|e| panic!("{}: {e}", reference.display()));
    let ((width, height, now), (w, h, before)) = (decoded(&drawn), decoded(&known));
    assert_eq!((width, height), (w, h), "{} is of another size", left.display());
    // What is seen: a point whose colour is another by more than a shade.
    let differs = |(a, b): (&[u8], &[u8])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > 16);
    let different = now.chunks(3).zip(before.chunks(3)).filter(|pair| differs(*pair)).count();
    let share = different as f64 / f64::from(width * height);
    assert!(share <= MOST_DIFFERENT, "{:.2} % of {} is not as it was", share * 100.0, left.display());
    // A phone shows it whole: neither cut nor shrunk beyond reading.
    assert!(width == 1080 && height <= 2 * width, "{width} x {height}");
}

#[test]
fn timelines_look_as_they_did() {
    for (name, now) in DAYS {
        compare(&format!("timeline-{name}"), &told("/jadwal", now).1.expect("a picture"));
    }
}

#[test]
fn ballots_look_as_they_did() {
    compare("ballots", &told("/kandidat", DAYS[1].1).1.expect("a picture"));
}

#[test]
fn columns_look_as_they_did() {
    let week = [(120, 84), (95, 70), (210, 160), (0, 0), (1430, 1001), (640, 320), (75, 75)];
    let column = |(day, (asked, answered)): (NaiveDate, &(u64, u64))| Column {
        day: day.format("%-d/%-m").to_string(),
        asked: *asked,
        answered: *answered,
        number: asked.to_string(),
        share: format!("{}%", answered * 100 / asked.max(&1)),
    };
    let picture = |title: &str, columns: Vec<Column>| Picture::Columns {
        title: title.to_owned(),
        asked: "ditanyakan".to_owned(),
        answered: "langsung dijawab bot".to_owned(),
        columns,
    };
    let first = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day").iter_days();
    let columns = first(11, 18).zip(&week).map(column).collect();
    compare("columns-week", &picture("Pertanyaan 18 sampai 24 November 2026", columns));
    let month: Vec<(u64, u64)> = (0..31).map(|day| (40 + day * day * 3 % 170, 30 + day)).collect();
    let columns = first(10, 25).zip(&month).map(column).collect();
    compare("columns-month", &picture("Pertanyaan 25 Oktober sampai 24 November 2026", columns));
}

#[test]
fn what_is_drawn_is_told_in_words_and_nothing_before_its_day() {
    let elections: Vec<_> = KNOWLEDGE.faq.elections().collect();
    let mut day = NaiveDate::from_ymd_opt(2022, 6, 1).expect("a day");
    let mut states = std::collections::BTreeSet::new();
    while day.year() < 2027 {
        let now = format!("{day}T14:00:00+07:00");
        let local = home_time(time(&now));
        let (words, picture) = told("/jadwal", &now);
        let Some(Picture::Timeline(parts)) = picture else { panic!("no timeline on {day}") };
        for part in &parts {
            assert!(words.contains(&part.title), "{} on {day}", part.title);
            for line in &part.lines {
                match line {
                    Line::Stage { name, days, when, state } => {
                        assert!(words.contains(&format!("{name}: {}", dated(days, when))), "{name} on {day}: {words}");
                        let found = elections.iter().flat_map(|e| e.calendar(local)).find(|stage| stage.name == *name);
                        assert!(found.is_some(), "{name} is not known on {day}");
                        states.insert(format!("{state:?}"));
                    }
                    Line::Today(text) | Line::Note(text) => assert!(words.contains(text), "{text} on {day}"),
                }
            }
        }
        let todays = parts.iter().flat_map(|part| &part.lines).filter(|line| matches!(line, Line::Today(_))).count();
        assert!((1..=2).contains(&todays), "{todays} todays on {day}");
        let (words, picture) = told("/kandidat", &now);
        if let Some(Picture::Ballots { title, ballots }) = picture {
            assert!(words.contains(&title) && ballots.len() == 5);
            for ballot in &ballots {
                assert!(words.contains(&format!("{}: {}", ballot.colour, ballot.election)), "{words}");
            }
        }
        // What comes next is named with its days, where there is any.
        let next = elections.iter().flat_map(|e| e.calendar(local)).filter(|s| s.phase(local) == Phase::Before);
        if let Some(next) = next.min_by_key(|stage| stage.start) {
            let (words, _) = told("/jadwal", &now);
            assert!(words.contains("Berikutnya") && words.contains(&next.start.format("%Y").to_string()), "{words}");
        }
        day = day + Days::new(9);
    }
    assert_eq!(states.len(), 3, "{states:?}");
}

#[test]
fn a_picture_has_a_name_of_its_own_and_is_kept() {
    let studio = Studio::default();
    let on = |now: &str| told("/jadwal", now).1.expect("a picture");
    let (one, same, other) =
        (on("2024-01-15T09:00:00+07:00"), on("2024-01-15T21:00:00+07:00"), on("2024-01-16T09:00:00+07:00"));
    assert_eq!(studio.name(&one), studio.name(&same));
    assert_ne!(studio.name(&one), studio.name(&other), "another day");
    let (first, again) = (studio.png(&one).expect("drawn"), studio.png(&same).expect("drawn"));
    assert!(std::sync::Arc::ptr_eq(&first, &again), "it is not drawn twice");
}
