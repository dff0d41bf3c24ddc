//! Looks for what an answer says too early.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime};
use regex::Regex;
use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::election::known::FIGURES;
use tanya_pemilu::faq::election::{Datum, Election, Item, VOTE, item};
use tanya_pemilu::faq::entry::Entry;
use tanya_pemilu::text::indonesian;
use tanya_pemilu::text::language::Language;

use super::{FIXED, HAPPENED, LAWS, YEARS, day, regex};

/// What is looked for, made once.
pub struct Judge {
    date: Regex,
    month: Regex,
    year: Regex,
    law: Regex,
    laws: BTreeMap<String, NaiveDate>,
    happened: Vec<(Regex, NaiveDate)>,
    /// Values of the elections that are known from a day on: how they are written, and the day.
    values: Vec<(Regex, NaiveDate)>,
    /// Names of those who stand, and of whom each election made somebody.
    people: Vec<(Regex, NaiveDate)>,
    /// What makes a stage one of the past.
    past: Regex,
    /// Words by which an election is spoken of as one of the past, with its vote.
    over: Vec<(Regex, NaiveDate)>,
}

impl Judge {
    /// For this FAQ.
    pub fn new(faq: &Faq) -> Self {
        let months = (1..=12).map(indonesian::month).collect::<Vec<_>>().join("|");
        let kinds = "Putusan (?:MK|MA|DKPP)|Keputusan (?:KPU|Menteri PANRB)|PKPU|Perbawaslu|Perpres|Keppres|Perppu|Permendagri|\
                     SE \\w+(?: \\w+)?|Surat \\w+|UU|PP|Peraturan \\w+";
        let mut judge = Self {
            date: regex(&format!(r"\b(\d{{1,2}}) ({months}) (\d{{4}})\b")),
            month: regex(&format!(r"\b({months}) (\d{{4}})\b")),
            year: regex(r"\b20\d\d\b"),
            law: regex(&format!(r"(?:\b({kinds}) )?(?:Nomor )?\b(\d[\d.]*(?:[ /][A-Z0-9][\w.-]*)*/(20\d\d))\b")),
            laws: LAWS.iter().map(|(law, from)| ((*law).to_owned(), day(from))).collect(),
            happened: Vec::new(),
            values: Vec::new(),
            people: Vec::new(),
            past: regex(
                r"(?i)\b(?:sudah|telah) (?:berlangsung|selesai|ditutup|dibuka|diundi|ditetapkan|dilantik|diumumkan|berakhir|lewat|dimulai|diucapkan)\b|\byang lalu\b|\bkemarin\b",
            ),
            over: Vec::new(),
        };
        for entry in &faq.entries {
            for source in &entry.sources {
                for (law, _) in judge.laws_in(&source.text) {
                    if let Some(from) = source.from {
                        judge.laws.entry(law).and_modify(|day| *day = from.min(*day)).or_insert(from);
                    }
                }
            }
        }
        for (words, name) in HAPPENED {
            let (election, stage) = name.split_once('.').expect("an election and its stage");
            let stage = faq.elections().find(|e| e.key == election).and_then(|e| e.stage(stage));
            let stage = stage.unwrap_or_else(|| panic!("no stage {name}"));
            judge.happened.push((regex(words), stage.known_from.unwrap_or(stage.start)));
        }
        for election in faq.elections() {
            judge.learn(election);
        }
        judge
    }

    fn learn(&mut self, election: &Election) {
        let number = |datum: &Datum| match datum {
            Datum::Integer(number) if *number >= 1000 => {
                let millions = (*number >= 100_000_000).then(|| indonesian::millions(*number));
                Some([Some(indonesian::integer(*number)), millions].into_iter().flatten().collect::<Vec<_>>())
            }
            Datum::Decimal(number) => Some(vec![indonesian::decimal(*number)]),
            Datum::Text(text) => Some(vec![text.clone()]),
            _ => None,
        };
        let written = |value: &str| regex(&format!(r"(?:^|[^\w.,]){}(?:[^\w.,]|[.,](?:\D|$)|$)", regex::escape(value)));
        let mut learn = |datum: &Datum, from: NaiveDate| {
            for value in number(datum).into_iter().flatten() {
                self.values.push((written(&value), from));
            }
        };
        for (key, from) in election.known_from.of(FIGURES) {
            learn(&election.figures[key], from);
        }
        for (list, items) in &election.lists {
            for item in items {
                for (key, from) in election.known_from.of(list) {
                    match item.get(key) {
                        Some(Datum::Integer(seats)) if key == "seats" => {
                            learn(&Datum::Text(format!("{seats} kursi")), from);
                        }
                        // Parties have their names before they take part.
                        Some(datum) if !matches!(datum, Datum::Text(_)) => learn(datum, from),
                        _ => {}
                    }
                }
            }
        }
        let stage = |key: &str| election.stage(key).map(|stage| stage.start);
        for candidate in &election.lists["candidates"] {
            for (key, office) in
                [("president", "Presiden"), ("vice_president", "Wakil Presiden"), ("name", ""), ("deputy", "")]
            {
                let Some(name) = text_of(candidate, key) else { continue };
                let from = day_of(candidate, "known_from").max(election.known_from.day("candidates", key));
                self.people.extend(from.map(|from| (regex(&regex::escape(name)), from)));
                let first = name.split(' ').next().unwrap_or(name);
                if let Some(day) = stage("pelantikan_presiden").filter(|_| !office.is_empty()) {
                    self.people.push((regex(&format!(r"(?:^|[^n] |[^l] ){office} {first}\b")), day));
                }
                if let Some(day) = stage("penetapan_hasil") {
                    let won = format!(
                        r"{first}[^.\n]{{0,80}}\b(?:menang|memenangkan|terpilih|unggul)\b|\bpemenang[^.\n]{{0,60}}{first}"
                    );
                    self.people.push((regex(&won), day));
                }
            }
        }
        if let Some(from) = election.known_from.day("candidates", "number") {
            let number = regex(r"(?i)\b(?:nomor(?: urut)?|pasangan|paslon) 0?[1-3]\b");
            self.people.push((number, from));
        }
        if let Some(vote) = election.stage(VOTE) {
            let name = regex::escape(&election.name);
            let words = format!(
                r"(?m)(?:^|[.] |, ){name},? (?:sudah|telah) (?:selesai|berlangsung|berakhir|lewat)|{name}[^.\n]{{0,80}}\b(?:waktu itu|saat itu|ketika itu|yang lalu)\b|\b(?:waktu itu|dulu)\b[^.\n]{{0,80}}{name}|\b(?:setelah|sesudah|sejak|usai) {name}\b[^.\n]{{0,40}}\b(?:sudah|telah)\b"
            );
            self.over.push((regex(&words), vote.start));
        }
    }

    /// The laws that `text` cites, each as "UU 7/2017", with its year.
    fn laws_in(&self, text: &str) -> Vec<(String, i32)> {
        let (mut kind, mut end) = (String::new(), 0);
        let mut laws = Vec::new();
        for found in self.law.captures_iter(text) {
            let (whole, named) = (found.get(0).expect("the whole"), found.get(1));
            // "Keputusan KPU 1050/2024 jo. 1060/2024": the kind is named once.
            if named.is_some() || whole.start() > end + 8 {
                named.map_or("", |named| named.as_str()).clone_into(&mut kind);
            }
            end = whole.end();
            laws.push((format!("{kind} {}", &found[2]).trim().to_owned(), found[3].parse().expect("a year")));
        }
        laws
    }

    /// What `entry` says in `language` too early at `now`, with where.
    pub fn leaks(
        &self,
        faq: &Faq,
        entry: &Entry,
        language: Language,
        now: DateTime<FixedOffset>,
    ) -> Vec<(&'static str, String, String)> {
        let answer = faq.answer_in(entry, language, now);
        let (now, today) = (now.naive_local(), now.date_naive());
        let body = match language {
            Language::Indonesian => answer.body.plain(),
            Language::English => in_indonesian(&answer.body.plain()),
        };
        let sources = entry.sources_on(today).join("; ");
        let whole = format!("{body}\n{sources}");
        let text = whole.as_str();
        let mut found: Vec<(&'static str, String, String)> = Vec::new();
        let mut tell = |rule: &'static str, said: &str, start: usize, end: usize| {
            found.push((rule, said.to_owned(), around(text, start, end)));
        };
        // Dates.
        let known = Known::at(faq, entry, now);
        let mut later = Vec::new();
        for date in self.date.captures_iter(text) {
            let whole = date.get(0).expect("the whole");
            let Some(named) = read_date(&date[1], &date[2], &date[3]) else { continue };
            if named > today {
                if known.days.contains(&named) {
                    later.push(whole.start());
                } else {
                    tell("tanggal", whole.as_str(), whole.start(), whole.end());
                }
            }
        }
        for month in self.month.captures_iter(text) {
            let whole = month.get(0).expect("the whole");
            let is_part = text[..whole.start()].ends_with(|c: char| c.is_ascii_digit())
                || text[..whole.start()].trim_end().ends_with(|c: char| c.is_ascii_digit());
            let Some(first) = read_date("1", &month[1], &month[2]) else { continue };
            let has_stage = known.days.iter().any(|day| (day.year(), day.month()) == (first.year(), first.month()));
            if first > today && !is_part && !has_stage {
                tell("bulan", whole.as_str(), whole.start(), whole.end());
            }
        }
        // Laws.
        for (law, year) in self.laws_in(text) {
            let start = text.find(law.split(' ').next_back().unwrap_or(&law)).unwrap_or_default();
            let from = self.laws.get(&law);
            // A later source may speak of an older law, so its day counts within the year of the law; a ruling's number has
            // the year of the case.
            let counts = year == today.year() || law.starts_with("Putusan");
            if year > today.year() || counts && from.is_some_and(|from| *from > today) {
                tell("aturan", &law, start, start);
            } else if year == today.year() && from.is_none() {
                tell("aturan tanpa tanggal", &law, start, start);
            }
        }
        // Years, but in dates and laws.
        for year in self.year.find_iter(text) {
            let number: i32 = year.as_str().parse().expect("a year");
            let is_law = text[..year.start()].ends_with('/') || text[..year.start()].ends_with("-XXII/");
            let is_date = self.month.find_iter(text).any(|month| month.end() == year.end());
            if number > today.year() && !is_law && !is_date && !known.years.contains(&number) {
                tell("tahun", year.as_str(), year.start(), year.end());
            }
        }
        // Figures and people.
        for (rule, list) in [("angka", &self.values), ("orang", &self.people)] {
            for (words, _) in list.iter().filter(|(_, from)| *from > today) {
                if let Some(said) = words.find(text) {
                    tell(rule, said.as_str().trim(), said.start(), said.end());
                }
            }
        }
        // What has happened.
        for (words, _) in self.happened.iter().filter(|(_, from)| *from > today) {
            if let Some(said) = words.find(text) {
                tell("peristiwa", said.as_str(), said.start(), said.end());
            }
        }
        for start in later {
            let sentence = sentence(text, start);
            if let Some(said) = self.past.find(sentence) {
                tell("sudah", said.as_str(), start, start);
            }
        }
        for (words, _) in self.over.iter().filter(|(_, vote)| *vote > today) {
            if let Some(said) = words.find(text) {
                tell("sudah", said.as_str(), said.start(), said.end());
            }
        }
        found
    }
}

/// The days and years to come that may be named at a time.
struct Known {
    days: BTreeSet<NaiveDate>,
    years: BTreeSet<i32>,
}

impl Known {
    fn at(faq: &Faq, entry: &Entry, now: NaiveDateTime) -> Self {
        let today = now.date();
        let mut days: BTreeSet<NaiveDate> = entry.valid_until.into_iter().collect();
        let mut years: BTreeSet<i32> = YEARS.iter().map(|(year, _)| *year).collect();
        for election in faq.elections() {
            for stage in election.stages.iter().filter(|stage| stage.is_known(today)) {
                days.extend([stage.start, stage.end]);
                // What a stage says of itself, such as "sekitar akhir 2031".
                years.extend(years_of(&stage.name));
            }
            for (list, items) in &election.lists {
                for known in items.iter().filter(|known| item::is_known(known, today)) {
                    for (key, datum) in known.iter().filter(|(key, _)| election.known_from.is_known(list, key, today)) {
                        match datum {
                            Datum::Day(day) if key != "known_from" => drop(days.insert(*day)),
                            Datum::Text(text) => years.extend(years_of(text)),
                            _ => {}
                        }
                    }
                }
            }
            for (key, datum) in &election.figures {
                if let Datum::Text(text) = datum
                    && election.known_from.is_known(FIGURES, key, today)
                {
                    years.extend(years_of(text));
                }
            }
            years.extend(years_of(&election.name));
        }
        days.extend(FIXED.iter().filter(|(_, from, _)| day(from) <= today).map(|(fixed, _, _)| day(fixed)));
        Self { days, years }
    }
}

fn years_of(text: &str) -> Vec<i32> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|part| part.len() == 4)
        .filter_map(|part| part.parse().ok())
        .collect()
}

fn read_date(day: &str, month: &str, year: &str) -> Option<NaiveDate> {
    let month = (1..=12).find(|&number| indonesian::month(number) == month)?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)
}

fn around(text: &str, start: usize, end: usize) -> String {
    let from = text.floor_char_boundary(start.saturating_sub(70));
    let to = text.ceil_char_boundary((end + 40).min(text.len()));
    text[from..to].replace('\n', " / ")
}

fn sentence(text: &str, at: usize) -> &str {
    let start = text[..at].rfind(['\n', '?']).into_iter().chain(text[..at].rfind(". ")).max().map_or(0, |i| i + 1);
    let end = text[at..].find(['\n']).into_iter().chain(text[at..].find(". ")).min().map_or(text.len(), |i| at + i);
    &text[start..end]
}

/// The day that stands under `key`.
pub fn day_of(item: &Item, key: &str) -> Option<NaiveDate> {
    match item.get(key) {
        Some(Datum::Day(day)) => Some(*day),
        _ => None,
    }
}

fn text_of<'i>(item: &'i Item, key: &str) -> Option<&'i str> {
    match item.get(key) {
        Some(Datum::Text(text)) => Some(text),
        _ => None,
    }
}

/// An English text with its months, numbers and kinds of laws as Indonesian has them.
fn in_indonesian(text: &str) -> String {
    static FIGURE: LazyLock<Regex> = LazyLock::new(|| regex(r"\d+(?:,\d{3})+|\d+\.\d+ million"));
    let months = (1..=12).fold(text.to_owned(), |text, month| {
        let day = NaiveDate::from_ymd_opt(2000, month, 1).expect("a day");
        text.replace(&day.format("%B").to_string(), &indonesian::month(month))
    });
    let swapped = FIGURE.replace_all(&months, |found: &regex::Captures<'_>| {
        if found[0].contains(" million") {
            found[0].replace('.', ",").replace("million", "juta")
        } else {
            found[0].replace(',', ".")
        }
    });
    let kinds = [("KPU Decision", "Keputusan KPU"), ("Law (UU)", "UU"), ("Law", "UU"), ("MK Ruling", "Putusan MK")];
    kinds.iter().fold(swapped.into_owned(), |text, (english, own)| text.replace(english, own))
}
