//! Why a question found what it found, and which phrasings find the wrong entry.

use super::evidence::NAMES;
use super::index::SIGNAL_NAMES;
use super::{Matcher, Verdict};
use crate::faq::Faq;
use crate::faq::fault::Fault;

impl Verdict {
    /// Its name in JSON and in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answer(_) => "answer",
            Self::Suggest(_) => "suggest",
            Self::SmallTalk(_) => "small_talk",
            Self::Forward { .. } => "forward",
        }
    }
}

impl Matcher {
    /// The words as they were understood, the signals of the best entries, and the evidence for the confidence.
    pub fn explain(&self, question: &str, faq: &Faq) -> String {
        let tokens = self.analyzer.tokens(question);
        let words: Vec<String> = tokens
            .iter()
            .map(|t| match (t.stop, t.known) {
                (true, _) => format!("({})", t.surface),
                (false, true) if t.surface == t.stem => t.surface.clone(),
                (false, true) => format!("{}={}", t.surface, t.stem),
                (false, false) => format!("{}?", t.surface),
            })
            .collect();
        let mut lines = vec![format!("words     {}", words.join(" "))];
        lines.push("          (left out)  surface=stem  unknown?".to_owned());
        if tokens.is_empty() {
            return lines.join("\n");
        }
        let (evidence, signals) = self.evidence(&tokens);
        let head: Vec<String> = SIGNAL_NAMES.iter().map(|n| format!("{n:>9}")).collect();
        lines.push(format!("{:<42} {:>7} {}", "entry", "score", head.join(" ")));
        for &(entry, _) in evidence.ranked.iter().take(5) {
            let Some((_, own)) = signals.entries.iter().find(|(e, _)| *e == entry) else { continue };
            let values: Vec<String> = own.iter().map(|s| format!("{s:>9.3}")).collect();
            let score = self.learnt.weights.score(own);
            lines.push(format!("{:<42} {score:>7.3} {}", faq.entries[entry].id, values.join(" ")));
        }
        let row: Vec<String> = NAMES.iter().zip(&evidence.row).map(|(n, v)| format!("{n} {v:.2}")).collect();
        lines.push(format!("evidence  {}", row.join(", ")));
        let t = self.thresholds();
        lines.push(format!(
            "confidence {:.3}; answer from {:.3} (sensitive {:.3}), suggest from {:.3}",
            self.chance(&evidence),
            t.answer,
            t.answer_sensitive,
            t.suggest
        ));
        lines.join("\n")
    }

    /// Phrasings that the matcher would give to another entry than their own.
    pub fn collisions(&self, faq: &Faq) -> Vec<Fault> {
        let mut found = Vec::new();
        for (number, entry) in faq.entries.iter().enumerate() {
            for phrasing in &entry.questions {
                let tokens = self.analyzer.tokens(&phrasing.text);
                if tokens.is_empty() {
                    continue;
                }
                let first = self.evidence(&tokens).0.ranked.first().map(|r| r.0);
                if let Some(other) = first.filter(|&o| o != number) {
                    let message = format!(
                        "pertanyaan \"{}\" milik `{}` lebih cocok dengan `{}`",
                        phrasing.text, entry.id, faq.entries[other].id
                    );
                    let hint = "tambahkan kata yang membedakan kedua entri, atau pindahkan pertanyaan ini";
                    found.push(Fault::new(&entry.file, phrasing.span.clone(), message).warning().hint(hint));
                }
            }
        }
        found
    }
}
