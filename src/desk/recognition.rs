//! The monthly recognition. Voters opt in (`/ikut`), moderators star good questions, `/pemenang 2026-11` lists the month's ten.
//!
//! Ties are drawn by lot so that anyone can check it: at the month's beginning a random seed is drawn and its hash is announced
//! in the channel; the seed itself is announced with the results. Of questions with as many stars and askers the one comes
//! first whose SHA-256 of `seed:number` is smaller. Nobody, the bot included, can change the seed once its hash stands there,
//! and nobody but the database knows it before the results are final.

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::channel::Words as Post;
use super::event::{Action, Event, Outcome};
use super::queue::List;
use super::recall::Words;
use super::ticket::Ticket;
use super::{Desk, Effect, VoterId};
use crate::faq::{day_of, home_offset};
use crate::text::cut::shortened;
use crate::text::indonesian::{date, month_year};
use crate::text::language::Language;

/// So many questions are listed.
const WINNERS: usize = 10;
/// An announcement that did not get through is tried again after this.
const ANNOUNCED_AGAIN: Duration = Duration::hours(1);
/// How far apart the looks at what became of the winners' messages are.
const LOOK_EVERY: Duration = Duration::seconds(2);
/// How much of Telegram's words on a failure is told, in characters.
const REASON_SHOWN: usize = 200;

/// A month, by the calendar of Jakarta: its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a time.
    pub fn of(now: DateTime<FixedOffset>) -> Self {
        let day = day_of(now);
        Self(day.with_day(1).unwrap_or(day))
    }

    /// From "2026-11".
    pub fn read(written: &str) -> Option<Self> {
        let (year, month) = written.trim().split_once('-')?;
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        let right = digits(year, 4) && digits(month, 2);
        let day = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1);
        day.filter(|_| right).map(Self)
    }

    /// As "2026-11".
    pub fn id(self) -> String {
        self.0.format("%Y-%m").to_string()
    }

    /// When it begins, and when it is over: milliseconds since 1970.
    pub fn span(self) -> (i64, i64) {
        let begin = |day: NaiveDate| {
            day.and_time(NaiveTime::MIN).and_local_timezone(home_offset()).single().map_or(0, |t| t.timestamp_millis())
        };
        let next = self.0.checked_add_months(chrono::Months::new(1)).unwrap_or(self.0);
        (begin(self.0), begin(next))
    }

    fn in_words(self, language: Language) -> String {
        match language {
            Language::Indonesian => month_year(self.0),
            Language::English => self.0.format("%B %Y").to_string(),
        }
    }
}

/// A month's draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// Which month's.
    pub month: Month,
    /// What the buttons of its list carry.
    pub key: String,
    /// What ties are drawn by; secret until the results are announced.
    pub seed: String,
    /// When its hash was announced (milliseconds since 1970); none as long as Telegram did not take it.
    pub announced: Option<i64>,
    /// The tickets that were listed last, in order.
    pub listed: Vec<u64>,
    /// What the results say, once the winners were told.
    pub results: Option<String>,
    /// Who told them, and how many.
    pub told: Option<(String, usize)>,
    /// Whether moderators heard that an announcement fails.
    pub failing: bool,
}

/// A question that has stars and whose voter takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The ticket.
    pub number: u64,
    /// Who asked; never shown.
    pub voter: VoterId,
    /// The language that the voter speaks.
    pub language: Language,
    /// The first words of the masked question.
    pub question: String,
    /// How many moderators starred it.
    pub stars: u64,
    /// How many got its answer.
    pub helped: usize,
}

/// What is known of the recognition for an event.
#[derive(Debug, Clone, Default)]
pub struct Recognition {
    /// A new secret, for a draw that begins.
    pub seed: String,
    /// The draw that the event is about.
    pub draw: Option<Draw>,
    /// The month's questions with stars, of voters who take part.
    pub candidates: Vec<Candidate>,
    /// Whether the moderator who presses starred the ticket before.
    pub starred: bool,
    /// How many moderators starred it.
    pub stars: u64,
}

/// SHA-256 in hexadecimal digits, as `sha256sum` writes it.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The ten: by stars, then by askers helped, then by lot. Each voter is in it once, with the best question.
pub fn winners(mut candidates: Vec<Candidate>, seed: &str) -> Vec<Candidate> {
    let lot = |candidate: &Candidate| sha256(&format!("{seed}:{}", candidate.number));
    candidates.sort_by_cached_key(|own| (std::cmp::Reverse((own.stars, own.helped)), lot(own)));
    let mut voters = std::collections::HashSet::new();
    candidates.retain(|own| voters.insert(own.voter));
    candidates.truncate(WINNERS);
    candidates
}

impl Ticket {
    /// How many of its askers got an answer that stands.
    pub fn helped(&self) -> usize {
        let arrived = |voter: VoterId| {
            let recipients = self.answers.iter().filter(|reply| !reply.withdrawn).flat_map(|r| r.recipients(self));
            let own = |(who, _, outcome): (VoterId, _, Option<Outcome>)| {
                who == voter && outcome.is_some_and(|outcome| outcome.arrived().is_some())
            };
            recipients.into_iter().any(own)
        };
        self.askers().filter(|voter| arrived(*voter)).count()
    }
}

impl Desk<'_> {
    /// `/ikut`: takes part from now on, or no more.
    pub(super) fn join_recognition(&mut self, voter: VoterId) {
        if !self.known.channel.set {
            return self.tell(voter, "join_none", &[]);
        }
        self.state.takes_part = !self.state.takes_part;
        self.tell(voter, if self.state.takes_part { "joined_recognition" } else { "left_recognition" }, &[]);
    }

    /// A moderator calls a question a good one, or takes that back.
    pub(super) fn star(&mut self, ticket: &Ticket, user: Option<i64>) {
        let number = ticket.number.to_string();
        let Some(moderator) = user.filter(|_| self.known.channel.set && ticket.is_publishable()) else {
            return self.toast("post_not", &[("number", &number)]);
        };
        let known = &self.known.recognition;
        let given = !known.starred;
        let stars = if given { known.stars + 1 } else { known.stars.saturating_sub(1) };
        self.effects.push(Effect::Star { ticket: ticket.number, moderator, given });
        let key = if given { "starred" } else { "unstarred" };
        self.toast(key, &[("number", &number), ("count", &stars.to_string())]);
    }

    /// A month begins: draws its seed and announces the hash.
    pub(super) fn begin_month(&mut self) {
        let known = &self.known.recognition;
        if !self.known.channel.set || known.draw.is_some() || known.seed.is_empty() {
            return;
        }
        let draw = Draw {
            month: Month::of(self.now),
            key: self.known.key.clone(),
            seed: known.seed.clone(),
            announced: None,
            listed: Vec::new(),
            results: None,
            told: None,
            failing: false,
        };
        self.announce(&draw, false);
        self.effects.push(Effect::KeepDraw(draw));
    }

    fn say_publicly(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.knowledge.faq.wordings.say(Language::Indonesian, key, values)
    }

    /// Posts a draw's hash, or its results.
    fn announce(&mut self, draw: &Draw, results: bool) {
        let month = draw.month.in_words(Language::Indonesian);
        let (kind, head, text) = match (&draw.results, results) {
            (Some(text), true) => ("results", "results_head", text.clone()),
            _ => ("draw", "draw_head", self.say_publicly("draw_text", &[("hash", &sha256(&draw.seed))])),
        };
        let question = self.say_publicly(head, &[("month", &month)]);
        let words = Post { question, answer: text, ..Post::default() };
        let key = format!("{kind}-{}", draw.month.id());
        self.effects.push(Effect::ToChannel { key, words, posted: false });
    }

    /// What became of an announcement. One that failed is told once, and tried again.
    pub(super) fn announced(&mut self, key: &str, outcome: &Outcome) {
        let Some(mut draw) = self.known.recognition.draw.clone() else { return };
        let results = key.starts_with("results");
        match outcome {
            Outcome::Failed(reason) => {
                if !draw.failing {
                    self.notice("announce_failed", &[("reason", &shortened(reason, REASON_SHOWN))]);
                }
                draw.failing = true;
                let event = Event::Announce { month: draw.month, results };
                self.plan_event(&format!("announce:{key}"), self.now + ANNOUNCED_AGAIN, event);
            }
            _ => {
                draw.failing = false;
                if !results {
                    draw.announced = draw.announced.or(Some(self.now.timestamp_millis()));
                }
            }
        }
        self.effects.push(Effect::KeepDraw(draw));
    }

    /// Time to try an announcement again.
    pub(super) fn announce_again(&mut self, results: bool) {
        if let Some(draw) = self.known.recognition.draw.clone().filter(|_| self.known.channel.set) {
            self.announce(&draw, results);
        }
    }

    /// `/pemenang`: lists a month's ten.
    pub(super) fn show_winners(&mut self, month: Option<Month>) {
        let Some(month) = month else { return self.notice("winners_which", &[]) };
        let name = month.in_words(Language::Indonesian);
        if !self.known.channel.set {
            return self.notice("winners_no_channel", &[]);
        }
        let (_, end) = month.span();
        if self.now.timestamp_millis() < end {
            return self.notice("winners_not_over", &[("month", &name)]);
        }
        let draw = self.known.recognition.draw.clone();
        let Some(mut draw) = draw.filter(|draw| draw.announced.is_some_and(|at| at < end)) else {
            return self.notice("winners_no_seed", &[("month", &name)]);
        };
        if let Some((by, count)) = &draw.told {
            return self.notice("winners_told", &[("month", &name), ("by", by), ("count", &count.to_string())]);
        }
        let winners = winners(self.known.recognition.candidates.clone(), &draw.seed);
        if winners.is_empty() {
            return self.notice("winners_none", &[("month", &name)]);
        }
        let line = |(place, own): (usize, &Candidate)| format!("{} {}", self.winner_line(place, own), own.question);
        draw.listed = winners.iter().map(|own| own.number).collect();
        let button = |key: &str, action| (draw.key.clone(), self.say(key, &[]), action);
        let list = List {
            key: self.known.key.clone(),
            above: false,
            posted: false,
            head: self.say("winners", &[("month", &name)]),
            quote: winners.iter().enumerate().map(line).collect::<Vec<_>>().join("\n"),
            tickets: draw.listed.clone(),
            rows: vec![vec![
                button("button_tell_winners", Action::TellWinners),
                button("button_no_winners", Action::DropWinners),
            ]],
        };
        self.effects.push(Effect::List(list));
        self.effects.push(Effect::KeepDraw(draw));
    }

    fn winner_line(&self, place: usize, own: &Candidate) -> String {
        let values = [(place + 1).to_string(), own.number.to_string(), own.stars.to_string(), own.helped.to_string()];
        let names = ["place", "number", "stars", "askers"];
        let values: Vec<(&str, &str)> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
        self.say_publicly("winner_line", &values)
    }

    /// A moderator lets the winners be told, or not.
    pub(super) fn winners_pressed(&mut self, by: Option<&str>, action: &Action) {
        let Some(mut draw) = self.known.recognition.draw.clone() else { return self.toast("card_unknown_toast", &[]) };
        let month = draw.month.in_words(Language::Indonesian);
        if let Some((by, count)) = &draw.told {
            return self.toast("winners_told", &[("month", &month), ("by", by), ("count", &count.to_string())]);
        }
        if *action == Action::DropWinners {
            draw.listed.clear();
            self.toast("winners_dropped", &[("month", &month)]);
            return self.effects.push(Effect::KeepDraw(draw));
        }
        let winners = winners(self.known.recognition.candidates.clone(), &draw.seed);
        if winners.is_empty() || winners.iter().map(|own| own.number).ne(draw.listed.iter().copied()) {
            // What is told is what was shown.
            return self.toast("winners_changed", &[("month", &draw.month.id())]);
        }
        for own in &winners {
            let month = draw.month.in_words(own.language);
            let values = [("month", month.as_str()), ("number", &own.number.to_string())];
            let words = Words::Said(self.knowledge.faq.wordings.say(own.language, "recognition_winner", &values));
            self.effects.push(Effect::Recalled { voter: own.voter, key: draw.key.clone(), words });
        }
        let lines: Vec<String> = winners.iter().enumerate().map(|(place, own)| self.winner_line(place, own)).collect();
        let announced = draw.announced.and_then(DateTime::from_timestamp_millis).unwrap_or_default();
        let day = date(day_of(announced.with_timezone(&home_offset())));
        let values = [("seed", draw.seed.as_str()), ("hash", &sha256(&draw.seed)), ("date", &day)];
        draw.results = Some(format!("{}\n\n{}", lines.join("\n"), self.say_publicly("results_text", &values)));
        draw.told = Some((self.someone(by), winners.len()));
        self.announce(&draw, true);
        self.show_told(&draw, false);
        self.look_at_winners(&draw);
        self.toast("winners_begun", &[("month", &month)]);
        self.effects.push(Effect::KeepDraw(draw));
    }

    fn look_at_winners(&mut self, draw: &Draw) {
        let event = Event::WinnersTold { month: draw.month };
        self.plan_event(&format!("winners:{}", draw.month.id()), self.now + LOOK_EVERY, event);
    }

    /// The line that tells what became of the winners' messages.
    fn show_told(&mut self, draw: &Draw, posted: bool) {
        let Some((by, count)) = &draw.told else { return };
        let (tally, month) = (self.known.tally, draw.month.in_words(Language::Indonesian));
        let counts = [tally.sent, tally.blocked, tally.failed, *count].map(|count| count.to_string());
        let head = self.say("winners_told", &[("month", &month), ("by", by), ("count", &counts[3])]);
        let names = ["sent", "blocked", "failed", "count"];
        let values: Vec<(&str, &str)> = names.into_iter().zip(counts.iter().map(String::as_str)).collect();
        let text = format!("{head}\n{}", self.say("winners_counts", &values));
        self.effects.push(Effect::RecallLine { key: draw.key.clone(), text, actions: Vec::new(), posted });
    }

    /// Brings that line up to date, until all came to their end.
    pub(super) fn winners_told(&mut self) {
        let Some(draw) = self.known.recognition.draw.clone() else { return };
        self.show_told(&draw, true);
        if self.known.tally.waiting > 0 {
            self.look_at_winners(&draw);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(number: u64, voter: VoterId, stars: u64, helped: usize) -> Candidate {
        Candidate { number, voter, language: Language::Indonesian, question: String::new(), stars, helped }
    }

    fn numbers(winners: &[Candidate]) -> Vec<u64> {
        winners.iter().map(|own| own.number).collect()
    }

    #[test]
    fn stars_then_askers_then_the_lot() {
        let all = vec![candidate(1, 1, 1, 1), candidate(2, 2, 2, 1), candidate(3, 3, 1, 5)];
        assert_eq!(numbers(&winners(all, "s")), [2, 3, 1]);
        let ties: Vec<Candidate> = (1..=30).map(|number| candidate(number, number as i64, 1, 1)).collect();
        let drawn = winners(ties.clone(), "seed");
        let mut by_lot: Vec<u64> = (1..=30).collect();
        by_lot.sort_by_key(|number| sha256(&format!("seed:{number}")));
        assert_eq!(numbers(&drawn), by_lot[..10]);
        let turned = winners(ties.into_iter().rev().collect(), "seed");
        assert_eq!(turned, drawn, "in whatever order they come");
        assert_ne!(numbers(&drawn), (1..=10).collect::<Vec<_>>());
    }

    #[test]
    fn one_voter_wins_once_with_the_best_question() {
        let all = vec![candidate(1, 7, 1, 9), candidate(2, 7, 3, 1), candidate(3, 8, 2, 1)];
        assert_eq!(numbers(&winners(all, "s")), [2, 3]);
    }

    #[test]
    fn a_month_is_read_strictly_and_counted_in_jakarta() {
        let month = Month::read("2026-11").expect("a month");
        let at = |text: &str| DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis();
        assert_eq!(month.span(), (at("2026-11-01T00:00:00+07:00"), at("2026-12-01T00:00:00+07:00")));
        let late = DateTime::parse_from_rfc3339("2026-11-30T17:00:00+00:00").expect("a time");
        assert_eq!((Month::of(late).id(), month.id()), ("2026-12".to_owned(), "2026-11".to_owned()));
        for text in ["", "2026", "2026-13", "2026-1", "26-11", "-026-11", "+026-11", "2026-11-01", "november"] {
            assert_eq!(Month::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_hash_is_that_of_sha256sum() {
        // printf abc | sha256sum
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
