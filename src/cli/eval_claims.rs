//! `eval --claims`: how well are known claims found in labelled texts?

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::eval::{labelled, percent, written};
use super::{Failure, FaqArgs};
use crate::faq::day_of;
use crate::matcher::measure_claims::{ClaimTally, LabelledText, parse};
use crate::text::cut::shortened;

/// How much of a text is shown, in characters.
const SHOWN: usize = 100;

pub(super) fn run(
    args: &FaqArgs,
    file: &Path,
    worst: usize,
    json: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let today = day_of(args.now()?);
    let texts = labelled(file, &written(file)?, parse)?;
    let knowledge = args.knowledge()?;
    let ids: Vec<&str> = knowledge.faq.entries.iter().map(|e| e.id.as_str()).collect();
    let holds = |id: &str| knowledge.faq.entry(id).is_some_and(|e| e.claim.is_some());
    let mut total = ClaimTally::default();
    let mut kinds: BTreeMap<&str, ClaimTally> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for labelled in &texts {
        let claims = knowledge.matcher.claims(&labelled.text, today);
        let named = labelled.judge(&claims, &ids, holds);
        total.add(labelled, named);
        kinds.entry(&labelled.kind).or_default().add(labelled, named);
        if named.other || named.right != named.held {
            let of = |entries: &[usize]| entries.iter().map(|&e| ids[e]).collect::<Vec<_>>().join(", ");
            mistakes.push(mistake(labelled, &of(&claims.asserted), &of(&claims.offered)));
        }
    }
    if json {
        writeln!(out, "{}", figures(&total, &kinds))?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(
        out,
        "{} pesan dengan klaim yang dikenal: ditemukan {}\n{} pesan dengan klaim: salah sebut {}, klaim lain ikut disebut {}\n\
         {} pesan tanpa klaim: disebut memuat klaim {}\n",
        total.claims,
        percent(total.found, total.claims),
        total.texts - total.clean,
        percent(total.misnamed, total.texts - total.clean),
        percent(total.beside, total.texts - total.clean),
        total.clean,
        percent(total.false_alarms, total.clean),
    )?;
    writeln!(out, "{:<16} {:>6} {:>8} {:>8}", "jenis", "jumlah", "disebut", "benar")?;
    for (kind, tally) in &kinds {
        let (named, right) = (percent(tally.named, tally.texts), percent(tally.right, tally.texts));
        writeln!(out, "{kind:<16} {:>6} {named:>8} {right:>8}", tally.texts)?;
    }
    if !mistakes.is_empty() {
        writeln!(out, "\nKekeliruan:")?;
    }
    for line in mistakes.iter().take(worst) {
        writeln!(out, "{line}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The counts, for scripts.
fn figures(total: &ClaimTally, kinds: &BTreeMap<&str, ClaimTally>) -> Value {
    let kind = |t: &ClaimTally| json!({ "n": t.texts, "named": t.named, "right": t.right });
    let kinds: BTreeMap<&str, Value> = kinds.iter().map(|(name, tally)| (*name, kind(tally))).collect();
    json!({
        "claims": total.claims,
        "found": total.found,
        "misnamed": total.misnamed,
        "clean": total.clean,
        "false": total.false_alarms,
        "by_kind": kinds,
    })
}

fn mistake(text: &LabelledText, asserted: &str, offered: &str) -> String {
    let or = |ids: &str| if ids.is_empty() { "-".to_owned() } else { ids.to_owned() };
    let wanted = text.claim.as_deref().unwrap_or("(tanpa klaim)");
    let shown = shortened(&text.text.replace('\n', " "), SHOWN);
    format!(
        "{}: seharusnya {wanted}, disebut {}, ditawarkan {}\n       \"{shown}\"",
        text.kind,
        or(asserted),
        or(offered)
    )
}
