//! Whether the stages of an election can be as they are dated: their order, their distance, their hours.

use chrono::{Datelike, NaiveDate};

use crate::faq::Faq;
use crate::faq::election::{Election, Stage};
use crate::faq::fault::{Fault, Severity};
use crate::text::indonesian;

/// Which day of the earlier and the later stage must be in order.
#[derive(Clone, Copy)]
enum Order {
    /// The earlier one is over before the later one begins.
    Over,
    /// The earlier one has begun when the later one begins.
    Begun,
}

/// What comes before what, by the keys that the stages of every election have.
///
/// A fault where the later stage's own words would be untrue: a quiet period is what comes right before the vote. A warning
/// where a moved day has left another behind: that must not keep the moved one from voters.
const RULES: [(&str, &str, Order, Severity); 16] = [
    ("pendaftaran_capres", "penetapan_capres", Order::Begun, Severity::Warning),
    ("penetapan_capres", "undian_nomor", Order::Begun, Severity::Warning),
    ("undian_nomor", "kampanye", Order::Over, Severity::Warning),
    ("penetapan_capres", "kampanye", Order::Over, Severity::Warning),
    ("kampanye", "masa_tenang", Order::Over, Severity::Fault),
    ("masa_tenang", "pemungutan_suara", Order::Over, Severity::Fault),
    ("kampanye", "pemungutan_suara", Order::Over, Severity::Fault),
    ("putaran_kedua_kampanye", "putaran_kedua_tenang", Order::Over, Severity::Fault),
    ("putaran_kedua_tenang", "putaran_kedua", Order::Over, Severity::Fault),
    ("pemungutan_suara", "putaran_kedua", Order::Over, Severity::Fault),
    ("pemungutan_suara", "penghitungan_suara", Order::Begun, Severity::Warning),
    ("pemungutan_suara", "rekapitulasi", Order::Begun, Severity::Warning),
    ("pemungutan_suara", "penetapan_hasil", Order::Over, Severity::Warning),
    ("pemungutan_suara", "penetapan_terpilih", Order::Over, Severity::Warning),
    ("penghitungan_suara", "rekapitulasi", Order::Begun, Severity::Warning),
    ("rekapitulasi", "penetapan_hasil", Order::Begun, Severity::Warning),
];
/// Inaugurations follow the vote.
const INAUGURATION: &str = "pelantikan";
/// Main stages of one election lie within this many years, as do others after them.
const MOST_YEARS: i32 = 3;
/// A stage that only prepares, or an event told with an election, may be this many years before it.
const MOST_YEARS_BEFORE: i32 = 8;

/// Faults and warnings on every election.
pub(super) fn check(faq: &Faq, faults: &mut Vec<Fault>) {
    for election in &faq.elections {
        order(election, faults);
        distance(election, faults);
        hours(election, faults);
    }
}

fn at(election: &Election, stage: &Stage, key: &str, severity: Severity, message: String) -> Fault {
    let place = election.places.get(&format!("stages.{}.{key}", stage.key));
    let mut fault = Fault::new(&election.file(), place, message);
    fault.severity = severity;
    fault
}

fn order(election: &Election, faults: &mut Vec<Fault>) {
    for (earlier, later, order, severity) in RULES {
        if let (Some(earlier), Some(later)) = (election.stage(earlier), election.stage(later)) {
            compare(election, earlier, later, order, severity, faults);
        }
    }
    let inaugurations = election.stages.iter().filter(|stage| stage.key.starts_with(INAUGURATION));
    for later in inaugurations {
        if let Some(vote) = election.stage("pemungutan_suara") {
            compare(election, vote, later, Order::Over, Severity::Warning, faults);
        }
    }
}

fn compare(
    election: &Election,
    earlier: &Stage,
    later: &Stage,
    order: Order,
    severity: Severity,
    faults: &mut Vec<Fault>,
) {
    let (day, fits, verb) = match order {
        Order::Over => (earlier.end, earlier.end < later.start, "selesai"),
        Order::Begun => (earlier.start, earlier.start <= later.start, "mulai"),
    };
    if fits {
        return;
    }
    let message = format!(
        "{} mulai {}, padahal {} baru {verb} {}",
        later.name,
        indonesian::date(later.start),
        earlier.name,
        indonesian::date(day)
    );
    let mut fault = at(election, later, "start", severity, message);
    let place = election.places.get(&format!("stages.{}", earlier.key));
    fault.also = place.map(|place| (election.file(), place, "tahapan sebelumnya".to_owned()));
    let hint = "periksa tanggal keduanya; kalau tahapan ini digeser, geser juga yang ikut bergeser";
    faults.push(fault.hint(hint));
}

/// A stage years off its siblings is a slip of the year, most often.
fn distance(election: &Election, faults: &mut Vec<Fault>) {
    let mut main: Vec<NaiveDate> = election.stages.iter().filter(|stage| stage.main).map(|stage| stage.start).collect();
    main.sort_unstable();
    let Some(&middle) = main.get(main.len() / 2) else { return };
    for stage in &election.stages {
        let before = if stage.main { MOST_YEARS } else { MOST_YEARS_BEFORE };
        for (day, key) in [(stage.start, "start"), (stage.end, "end")] {
            let years = f64::from(i32::try_from((day - middle).num_days()).unwrap_or(i32::MAX)) / 365.25;
            if years <= f64::from(MOST_YEARS) && years >= -f64::from(before) {
                continue;
            }
            // Two main stages have no middle to be judged by: which of them is off is the maintainer's to say.
            let severity = if main.len() > 2 { Severity::Fault } else { Severity::Warning };
            let message = format!(
                "{} bertahun {}, padahal tahapan lain {} sekitar tahun {}",
                stage.name,
                day.year(),
                election.name,
                middle.year()
            );
            faults.push(at(election, stage, key, severity, message).hint("periksa tahunnya"));
            break;
        }
    }
}

/// Doors open before they close.
fn hours(election: &Election, faults: &mut Vec<Fault>) {
    for stage in &election.stages {
        if let (Some(open), Some(close)) = (&stage.open, &stage.close)
            && clock(open) >= clock(close)
        {
            let message = format!("{} buka pukul {open}, padahal tutup pukul {close}", stage.name);
            let hint = "periksa keduanya; jam ditulis 00.00 sampai 23.59, satu siang 13.00";
            faults.push(at(election, stage, "open", Severity::Fault, message).hint(hint));
        }
    }
}

/// An hour as minutes from midnight; what can't be read is told where it is read.
fn clock(hour: &str) -> Option<u32> {
    let (hour, minute) = hour.split_once('.')?;
    Some(hour.parse::<u32>().ok()? * 60 + minute.parse::<u32>().ok()?)
}
