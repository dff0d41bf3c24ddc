//! A comparison in Indonesian.

use std::fmt::Write;

use super::Comparison;
use super::answer::{AnswerChange, Sentence, Shown};
use super::verdict::{Group, Outcome, VerdictChange, Wanted};
use crate::text::indonesian;

/// So many lines of each part are shown first.
pub const FIRST: usize = 10;
/// The longest sentence that is shown whole.
const LONGEST: usize = 200;

impl Comparison {
    /// All of it, or ten lines of each part. `old` is what the FAQ is compared with.
    pub fn report(&self, old: &str, all: bool) -> String {
        let mut out = format!("Dibandingkan dengan {old}:\n\n");
        let most = if all { usize::MAX } else { FIRST };
        let mut lines = Vec::new();
        let only_reviewed = |change: &&AnswerChange| matches!(change, AnswerChange::Changed { parts, days, .. } if days.is_empty() && parts == &["tanggal tinjau"]);
        let (reviewed, changed): (Vec<&AnswerChange>, Vec<&AnswerChange>) =
            self.answers.iter().partition(only_reviewed);
        for change in &changed {
            lines.extend(answer(change));
        }
        if !reviewed.is_empty() {
            lines.push(format!("hanya tanggal tinjau: {} entri", reviewed.len()));
        }
        let head = match changed.len() {
            0 => "Jawaban: tidak ada yang berubah".to_owned(),
            count => format!("Jawaban: {count} berubah"),
        };
        part(&mut out, &head, &lines, most);
        for group in &self.groups {
            let lines: Vec<String> = group.changed.iter().map(verdict).collect();
            part(&mut out, &head_of(group), &lines, most);
        }
        out
    }
}

fn part(out: &mut String, head: &str, lines: &[String], most: usize) {
    let _ = writeln!(out, "{head}");
    for line in lines.iter().take(most) {
        let _ = writeln!(out, "  {line}");
    }
    if lines.len() > most {
        let _ = writeln!(out, "  dan {} baris lagi (semuanya dengan --all)", lines.len() - most);
    }
    out.push('\n');
}

fn head_of(group: &Group) -> String {
    let count = |holds: fn(i8) -> bool| group.changed.iter().filter(|change| holds(change.gain())).count();
    let name = upper_first(&group.name);
    match group.changed.len() {
        0 => format!("{name}: tidak ada dari {} yang berubah hasilnya", group.asked),
        changed => format!(
            "{name}: {changed} dari {} berubah hasilnya ({} lebih buruk, {} lebih baik)",
            group.asked,
            count(|gain| gain < 0),
            count(|gain| gain > 0)
        ),
    }
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn answer(change: &AnswerChange) -> Vec<String> {
    match change {
        AnswerChange::Added { id, title } => vec![format!("`{id}` baru: {title}")],
        AnswerChange::Removed { id, title } => vec![format!("`{id}` dihapus: {title}")],
        AnswerChange::Changed { id, parts, days } => {
            let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
            let mut lines = vec![format!("`{id}`{parts}")];
            for shown in days {
                lines.extend(on(shown));
                lines.extend(shown.sentences.iter().map(sentence));
            }
            lines
        }
    }
}

fn on(shown: &Shown) -> Option<String> {
    let days: Vec<String> = shown
        .on
        .iter()
        .map(|(day, place)| {
            let day = indonesian::date(*day);
            if place.is_empty() { day } else { format!("{day} ({place})") }
        })
        .collect();
    (!days.is_empty()).then(|| format!("  {}:", days.join("; ")))
}

fn sentence(sentence: &Sentence) -> String {
    let (sign, text) = match sentence {
        Sentence::Gone(text) => ('-', text),
        Sentence::Come(text) => ('+', text),
    };
    let mut cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() {
        cut.push_str(" ...");
    }
    format!("    {sign} {cut}")
}

fn verdict(change: &VerdictChange) -> String {
    let sign = match change.gain() {
        gain if gain < 0 => '-',
        0 => '~',
        _ => '+',
    };
    let owner = match &change.wanted {
        Wanted::Entry(ids) => ids.first().map_or_else(String::new, |id| format!(" (`{id}`)")),
        Wanted::Nothing(_) => " (di luar)".to_owned(),
        Wanted::SmallTalk => " (obrolan)".to_owned(),
    };
    let cause = change
        .cause
        .as_ref()
        .map_or_else(|| "tidak oleh satu suntingan saja".to_owned(), |cause| format!("karena {cause}"));
    format!("{sign} \"{}\"{owner}: {}, kini {}; {cause}", change.text, outcome(&change.before), outcome(&change.after))
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answer(id) => format!("dijawab `{id}`"),
        Outcome::Suggest(ids) => {
            format!("ditawari {}", ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "))
        }
        Outcome::SmallTalk(Some(kind)) => format!("dibalas obrolan `{kind}`"),
        Outcome::SmallTalk(None) => "dianggap tanpa kata".to_owned(),
        Outcome::Forward(None) => "diteruskan ke petugas".to_owned(),
        Outcome::Forward(Some(id)) => format!("diteruskan ke petugas (`{id}` di luar masa berlaku)"),
    }
}
