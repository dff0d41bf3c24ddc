//! `eval --pairs`: which labelled pairs of questions would share one ticket?

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::eval::{labelled, percent, written};
use super::{Failure, FaqArgs};
use crate::matcher::measure_pairs::{Pair, PairTally, parse};
use crate::matcher::same::Apart;

pub(super) fn run(
    args: &FaqArgs,
    file: &Path,
    worst: usize,
    json: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let pairs = labelled(file, &written(file)?, parse)?;
    let knowledge = args.knowledge()?;
    let mut total = PairTally::default();
    let mut by: BTreeMap<&str, PairTally> = BTreeMap::new();
    let (mut wrong, mut missed) = (Vec::new(), Vec::new());
    for pair in &pairs {
        let compared = knowledge.matcher.gist(&pair.a).compare(&knowledge.matcher.gist(&pair.b));
        total.add(pair, compared.is_ok());
        by.entry(&pair.why).or_default().add(pair, compared.is_ok());
        match compared {
            Ok(()) if !pair.same => wrong.push(line(pair, "")),
            Err(why) if pair.same => missed.push(line(pair, &in_words(&why))),
            Ok(()) | Err(_) => {}
        }
    }
    if json {
        writeln!(out, "{}", figures(&total, &by))?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(
        out,
        "{} pasangan pertanyaan yang sama: digabung {}\n{} pasangan yang berbeda: keliru digabung {}\n",
        total.same,
        percent(total.joined, total.same),
        total.different,
        percent(total.joined_wrongly, total.different),
    )?;
    writeln!(out, "{:<16} {:>6} {:>8}", "jenis", "jumlah", "digabung")?;
    for (why, tally) in &by {
        writeln!(out, "{why:<16} {:>6} {:>8}", tally.pairs(), percent(tally.all_joined(), tally.pairs()))?;
    }
    for (head, lines) in [("Keliru digabung:", wrong), ("Sama, tetapi dipisah:", missed)] {
        if !lines.is_empty() {
            writeln!(out, "\n{head}")?;
        }
        for line in lines.iter().take(worst) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The counts, for scripts.
fn figures(total: &PairTally, by: &BTreeMap<&str, PairTally>) -> Value {
    let kind = |t: &PairTally| json!({ "n": t.pairs(), "joined": t.all_joined() });
    let by: BTreeMap<&str, Value> = by.iter().map(|(why, tally)| (*why, kind(tally))).collect();
    json!({
        "same": total.same,
        "joined": total.joined,
        "different": total.different,
        "joined_wrongly": total.joined_wrongly,
        "by": by,
    })
}

fn line(pair: &Pair, why: &str) -> String {
    let why = if why.is_empty() { String::new() } else { format!("\n       {why}") };
    format!("{}: \"{}\"\n       \"{}\"{why}", pair.why, pair.a.replace('\n', " "), pair.b.replace('\n', " "))
}

fn in_words(why: &Apart) -> String {
    match why {
        Apart::Private => "ada data pribadi di dalamnya".to_owned(),
        Apart::Asks => "yang ditanyakan lain".to_owned(),
        Apart::Negation(word) => format!("yang satu mengingkari, yang lain tidak: {word}"),
        Apart::Only(word) => format!("hanya di satu pertanyaan: {word}"),
        Apart::Turned(word) => format!("terbalik: {word}"),
        Apart::Left(words) => format!("tidak ada padanannya: {}", words.join(", ")),
        Apart::Little => "terlalu sedikit yang sama".to_owned(),
    }
}
