//! `/statistik` and the daily digest: what some days brought, in numbers, and what voters ask that the FAQ does not know.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, FixedOffset, NaiveDate};

use super::event::Event;
use super::picture::{Column, Picture};
use super::queue::List;
use super::tally::Tally;
use super::ticket::Ticket;
use super::{Desk, Effect};
use crate::faq::{day_of, home_offset};
use crate::text::cut::first_line;
use crate::text::indonesian::{integer, lasting, span};
use crate::text::normalize::words;

/// The name of the event that tells what a day brought.
pub const DIGEST: &str = "digest";
/// So many days, today among them, unless another number is asked for.
pub const DAYS: u16 = 7;
/// The most days that are asked for at once.
pub const MOST_DAYS: u16 = 366;
/// A picture has so many columns at most: of more days several share one.
const COLUMNS: u64 = 31;
/// So many of each list are named.
const NAMED: usize = 5;

/// What some days brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// The first of them.
    pub first: NaiveDate,
    /// The last of them.
    pub last: NaiveDate,
    /// How often what happened, on which day.
    pub counts: BTreeMap<NaiveDate, BTreeMap<Tally, u64>>,
    /// How long half of those questions waited that moderators answered, at most.
    pub median: Option<Duration>,
    /// How many wait now.
    pub waiting: usize,
    /// What went to the moderators.
    pub unmatched: Vec<Wording>,
}

/// What voters asked that the FAQ does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The first words of it, masked.
    pub text: String,
    /// How often.
    pub count: usize,
    /// The ticket whose words these are.
    pub ticket: u64,
}

impl Statistics {
    /// The days from so many ago to today, without what they brought.
    pub fn of_days(days: u16, now: DateTime<FixedOffset>) -> Self {
        let (today, days) = (day_of(now), days.clamp(1, MOST_DAYS));
        let first = today.checked_sub_days(Days::new(u64::from(days) - 1)).unwrap_or(today);
        Self { first, last: today, counts: BTreeMap::new(), median: None, waiting: 0, unmatched: Vec::new() }
    }

    /// The day before today, which is over, without what it brought.
    pub fn of_yesterday(now: DateTime<FixedOffset>) -> Self {
        let day = day_of(now).pred_opt().unwrap_or(day_of(now));
        Self { first: day, last: day, ..Self::of_days(1, now) }
    }

    /// When the first day begins and the last one ends, in milliseconds since 1970.
    pub fn span(&self) -> (i64, i64) {
        let midnight = |day: NaiveDate| {
            let time = day.and_time(chrono::NaiveTime::MIN).and_local_timezone(home_offset());
            time.single().map_or(0, |time| time.timestamp_millis())
        };
        (midnight(self.first), midnight(self.last.succ_opt().unwrap_or(self.last)))
    }

    /// How often that happened.
    fn total(&self, tally: &Tally) -> u64 {
        self.counts.values().filter_map(|day| day.get(tally)).sum()
    }

    /// What was asked and answered at once, in the columns of a picture.
    fn columns(&self) -> Vec<Column> {
        let days: Vec<NaiveDate> = self.first.iter_days().take_while(|day| *day <= self.last).collect();
        let each = (days.len() as u64).div_ceil(COLUMNS).max(1) as usize;
        let column = |days: &[NaiveDate]| {
            let total = |tally: Tally| days.iter().filter_map(|day| self.counts.get(day)?.get(&tally)).sum::<u64>();
            let (asked, answered) = (total(Tally::Asked), total(Tally::Answered));
            let number = integer(i64::try_from(asked).unwrap_or(i64::MAX));
            Column {
                day: days[0].format("%-d/%-m").to_string(),
                asked,
                answered,
                number,
                share: share(answered, asked),
            }
        };
        days.chunks(each).map(column).collect()
    }

    /// The entries that did not help, those that did so most often first.
    fn not_helped(&self) -> Vec<(&str, u64)> {
        let mut entries: BTreeMap<&str, u64> = BTreeMap::new();
        for (tally, count) in self.counts.values().flatten() {
            if let Tally::NotHelped(entry) = tally {
                *entries.entry(entry).or_default() += count;
            }
        }
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        entries
    }
}

/// What most of `tickets` ask: the same words, whatever their case, marks and order of writing in, are the same question.
pub fn most_asked(tickets: impl IntoIterator<Item = Ticket>) -> Vec<Wording> {
    let mut found: BTreeMap<String, Wording> = BTreeMap::new();
    // Somebody in need, and who objects to a block, asks nothing that the FAQ could know.
    for ticket in tickets.into_iter().filter(|ticket| !ticket.urgent && !ticket.objection) {
        let Some((_, text)) = ticket.texts.first() else { continue };
        let begin = || Wording { text: first_line(text), count: 0, ticket: ticket.number };
        let wording = found.entry(words(text).join(" ")).or_insert_with(begin);
        wording.count += ticket.askers().count();
    }
    let mut found: Vec<Wording> = found.into_values().collect();
    found.sort_by_key(|wording| std::cmp::Reverse(wording.count));
    found.truncate(NAMED);
    found
}

/// A part of a whole: "67%".
fn share(part: u64, whole: u64) -> String {
    format!("{:.0}%", part as f64 * 100.0 / whole.max(1) as f64)
}

impl Desk<'_> {
    /// Tells what the day before brought, and plans the next time. A day on which nothing happened is not told of.
    pub(super) fn digest(&mut self) {
        let Some(hour) = self.knowledge.faq.settings.digest_hour else { return };
        self.plan_digest(hour);
        self.show_statistics("digest", false);
    }

    /// Plans the next digest.
    pub(super) fn plan_digest(&mut self, hour: u32) {
        let today = day_of(self.now).and_hms_opt(hour, 0, 0);
        let today = today.and_then(|time| time.and_local_timezone(home_offset()).single()).unwrap_or(self.now);
        let next = if today > self.now { today } else { today + Duration::days(1) };
        self.plan_event(DIGEST, next, Event::Digest);
    }

    /// Shows what was brought of some days. `always`: also if it is nothing.
    pub(super) fn show_statistics(&mut self, title: &str, always: bool) {
        let Some(statistics) = self.known.statistics.clone() else { return };
        if statistics.counts.is_empty() && statistics.waiting == 0 && !always {
            return;
        }
        let lines = self.statistic_lines(&statistics);
        let (days, unmatched) = (span(statistics.first, statistics.last), &statistics.unmatched);
        let quote: Vec<String> =
            unmatched.iter().map(|wording| format!("{}× {}", wording.count, wording.text)).collect();
        let mut head = vec![self.say(title, &[("days", &days)])];
        head.extend(lines);
        head.extend((!quote.is_empty()).then(|| self.say("statistics_unmatched", &[])));
        self.effects.push(Effect::List(List {
            key: self.known.key.clone(),
            above: false,
            posted: false,
            head: head.join("\n"),
            quote: quote.join("\n"),
            tickets: unmatched.iter().map(|wording| wording.ticket).collect(),
            rows: Vec::new(),
        }));
        self.show_columns(&statistics);
    }

    /// Shows what was asked day by day as a picture, where there are days to compare; the figures under it.
    fn show_columns(&mut self, statistics: &Statistics) {
        let columns = statistics.columns();
        if columns.iter().filter(|column| column.asked > 0).count() < 2 {
            return;
        }
        let line = |column: &Column| {
            let values = [("day", column.day.as_str()), ("count", &column.number), ("share", &column.share)];
            self.say("statistics_column", &values)
        };
        let caption = columns.iter().map(line).collect::<Vec<_>>().join("\n");
        let days = span(statistics.first, statistics.last);
        let (asked, answered) = (self.say("statistics_whole", &[]), self.say("statistics_part", &[]));
        let picture =
            Picture::Columns { title: self.say("statistics_title", &[("days", &days)]), asked, answered, columns };
        self.effects.push(Effect::Chart { picture, caption });
    }

    /// The figures, a line each.
    fn statistic_lines(&self, statistics: &Statistics) -> Vec<String> {
        let total = |tally| statistics.total(&tally);
        let count = |number: u64| integer(i64::try_from(number).unwrap_or(i64::MAX));
        let asked = total(Tally::Asked);
        let mut lines = vec![self.say("statistics_asked", &[("count", &count(asked))])];
        if asked > 0 {
            for (key, tally) in [
                ("statistics_answered", Tally::Answered),
                ("statistics_suggested", Tally::Suggested),
                ("statistics_forwarded", Tally::Forwarded),
            ] {
                let (number, chosen) = (total(tally), count(total(Tally::Chosen)));
                let values = [("count", count(number)), ("share", share(number, asked)), ("chosen", chosen)];
                let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                lines.push(self.say(key, &values));
            }
        }
        let talk = total(Tally::Talk);
        if talk > 0 {
            lines.push(self.say("statistics_talk", &[("count", &count(talk))]));
        }
        lines.push(self.say("statistics_waiting", &[("count", &count(statistics.waiting as u64))]));
        if let Some(median) = statistics.median {
            lines.push(self.say("statistics_median", &[("time", &lasting(median))]));
        }
        let (helped, not_helped) = (total(Tally::Helped), statistics.not_helped());
        let rated = helped + not_helped.iter().map(|(_, count)| count).sum::<u64>();
        if rated > 0 {
            let values = [("share", share(helped, rated)), ("count", count(helped)), ("rated", count(rated))];
            lines.push(self.say("statistics_helped", &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
        }
        if !not_helped.is_empty() {
            let named: Vec<String> =
                not_helped.iter().take(NAMED).map(|(id, number)| format!("{id} ({})", count(*number))).collect();
            lines.push(self.say("statistics_not_helped", &[("entries", &named.join(", "))]));
        }
        let today = day_of(self.now);
        let due: Vec<&str> = self
            .knowledge
            .faq
            .by_due()
            .into_iter()
            .filter(|(day, _)| *day <= today)
            .map(|(_, e)| e.id.as_str())
            .collect();
        if !due.is_empty() {
            let named = due[..due.len().min(NAMED)].join(", ");
            let more = if due.len() > NAMED { format!(" (+{})", due.len() - NAMED) } else { String::new() };
            lines.push(self.say("statistics_due", &[("entries", &format!("{named}{more}"))]));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::command::ModeratorCommand;
    use super::super::tests::KNOWLEDGE;
    use super::super::{Known, decide};
    use super::*;

    fn now() -> DateTime<FixedOffset> {
        "2026-11-24T09:00:00+07:00".parse().expect("a time")
    }

    fn ticket(number: u64, text: &str, others: &[i64]) -> Ticket {
        let json = serde_json::json!({
            "number": number, "voter": 7, "texts": [[1, text]], "asked": now(), "expired": null, "shown": null,
            "state": "Open", "taken": null, "answers": [], "others": others,
        });
        serde_json::from_value(json).expect("a ticket")
    }

    #[test]
    fn the_same_words_are_one_question_and_its_askers_add_up() {
        let tickets = [(1, "Jam buka loket?", &[][..]), (2, "siapa lurah kami", &[8, 9]), (3, "jam buka LOKET", &[8])];
        let found = most_asked(tickets.map(|(number, text, others)| ticket(number, text, others)));
        let told: Vec<_> = found.iter().map(|w| (w.text.as_str(), w.count, w.ticket)).collect();
        assert_eq!(told, [("Jam buka loket?", 3, 1), ("siapa lurah kami", 3, 2)]);
        let many = most_asked((1..20).map(|number| ticket(number, &format!("tanya {number} itu"), &[])));
        assert_eq!(many.len(), NAMED);
    }

    #[test]
    fn days_are_those_of_jakarta() {
        let week = Statistics::of_days(7, now());
        assert_eq!((week.first.to_string(), week.last.to_string()), ("2026-11-18".into(), "2026-11-24".into()));
        let (from, to) = Statistics::of_yesterday("2026-11-24T00:30:00+07:00".parse().expect("a time")).span();
        let at = |text: &str| text.parse::<DateTime<FixedOffset>>().expect("a time").timestamp_millis();
        assert_eq!((from, to), (at("2026-11-23T00:00:00+07:00"), at("2026-11-24T00:00:00+07:00")));
        for (days, first) in [(0, "2026-11-24"), (u16::MAX, "2025-11-24")] {
            assert_eq!(Statistics::of_days(days, now()).first.to_string(), first);
        }
    }

    fn shown(event: &Event, statistics: Statistics) -> Vec<Effect> {
        let known = Known { key: "k1".to_owned(), statistics: Some(Box::new(statistics)), ..Known::default() };
        decide(&KNOWLEDGE, event, &known, now())
    }

    #[test]
    fn the_figures_are_told_with_what_is_not_known_quoted() {
        let mut statistics = Statistics::of_days(7, now());
        let not = |id: &str| Tally::NotHelped(id.to_owned());
        let first = [(Tally::Asked, 100), (Tally::Answered, 60), (Tally::Suggested, 20), (Tally::Chosen, 15)];
        let second = [(Tally::Asked, 1100), (Tally::Answered, 740), (Tally::Forwarded, 100), (Tally::Talk, 30)];
        let third = [(Tally::Helped, 30), (not("uji-jam"), 8), (not("uji-tanggal"), 2)];
        for (day, counts) in [(18, first.to_vec()), (20, second.to_vec()), (24, third.to_vec())] {
            let day = NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
            statistics.counts.insert(day, counts.into_iter().collect());
        }
        statistics.median = Some(Duration::minutes(95));
        statistics.waiting = 12;
        statistics.unmatched = most_asked([ticket(4, "siapa lurah kami", &[8, 9])]);
        let effects = shown(&Event::Ask(ModeratorCommand::Statistics(None)), statistics);
        let [Effect::List(list), Effect::Chart { picture, caption }] = effects.as_slice() else {
            panic!("{effects:?}")
        };
        // The figures of the picture stand under it.
        let Picture::Columns { columns, .. } = picture else { panic!("{picture:?}") };
        assert_eq!((columns.len(), caption.lines().count()), (7, 7));
        assert_eq!((columns[2].asked, columns[2].answered, columns[6].asked), (1100, 740, 0));
        assert_eq!(caption.lines().nth(2), Some("20/11: 1.100, dijawab 67%"));
        insta::assert_snapshot!(format!("{}\n---\n{}", list.head, list.quote), @"
        Statistik 18 sampai 24 November 2026
        Ditanyakan: 1.200
        Dijawab bot: 800 (67%)
        Ditawari pilihan: 20 (2%), dipilih 15
        Diteruskan ke petugas: 100 (8%)
        Obrolan: 30
        Menunggu sekarang: 12
        Separuh dijawab petugas dalam 1 jam
        Membantu: 75% (30 dari 40 penilaian)
        Tidak membantu: uji-jam (8), uji-tanggal (2)
        Paling sering diteruskan:
        ---
        3× siapa lurah kami
        ");
        assert_eq!((list.tickets.as_slice(), list.rows.len(), list.above), ([4].as_slice(), 0, false));
    }

    #[test]
    fn of_many_days_several_share_a_column_and_none_is_lost() {
        let mut statistics = Statistics::of_days(MOST_DAYS, now());
        for day in statistics.first.iter_days().take(usize::from(MOST_DAYS)) {
            statistics.counts.insert(day, [(Tally::Asked, 3), (Tally::Answered, 1)].into());
        }
        let columns = statistics.columns();
        assert!(columns.len() as u64 <= COLUMNS, "{}", columns.len());
        assert_eq!(columns.iter().map(|column| column.asked).sum::<u64>(), 3 * u64::from(MOST_DAYS));
        let effects = shown(&Event::Ask(ModeratorCommand::Statistics(None)), statistics);
        let longest = effects.iter().find_map(|effect| match effect {
            Effect::Chart { caption, .. } => Some(caption.encode_utf16().count()),
            _ => None,
        });
        assert!(longest.is_some_and(|length| length <= 1024), "{longest:?}");
    }

    #[test]
    fn nothing_is_told_when_asked_and_left_out_of_the_days() {
        let nothing = || Statistics::of_days(7, now());
        assert!(matches!(
            shown(&Event::Ask(ModeratorCommand::Statistics(None)), nothing()).as_slice(),
            [Effect::List(_)]
        ));
        // Without an hour there is no digest, and none is planned.
        assert_eq!(shown(&Event::Digest, nothing()), []);
    }
}
