//! Why a question found what it found, and which phrasings are weak.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::NaiveDate;

use super::evidence::NAMES;
use super::index::SIGNAL_NAMES;
use super::{Matcher, Verdict, phrasings};
use crate::faq::Faq;

/// How many entries [`Matcher::explain`] shows.
const SHOWN: usize = 5;
/// A word that more than one entry in so many uses tells no entry from another.
const COMMON: usize = 20;
/// How many pairs of colliding entries [`Weaknesses::report`] names.
const PAIRS: usize = 15;

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
    /// The words as they were understood, the signals of the best entries with the phrasing of each that is nearest, what
    /// each sentence of a longer message says by itself, and the evidence for the confidence.
    pub fn explain(&self, question: &str, faq: &Faq, today: NaiveDate) -> String {
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
        lines.push(format!("{:<42} {:>7} {}  nearest phrasing", "entry", "score", head.join(" ")));
        for &(entry, _) in evidence.ranked.iter().take(SHOWN) {
            let Some((_, own)) = signals.entries.iter().find(|(e, _)| *e == entry) else { continue };
            let values: Vec<String> = own.iter().map(|s| format!("{s:>9.3}")).collect();
            let score = self.learnt.weights.score(own);
            let nearest = self.nearest_phrasing(question, entry, faq).unwrap_or_default();
            let id = &faq.entries[entry].id;
            lines.push(format!("{id:<42} {score:>7.3} {}  {nearest}", values.join(" ")));
        }
        for sentence in self.sentences(question) {
            let found = sentence.first.map_or("-", |entry| faq.entries[entry].id.as_str());
            lines.push(format!("sentence  {:.3} {found:<38} {}", sentence.chance, sentence.text));
        }
        let row: Vec<String> = NAMES.iter().zip(&evidence.row).map(|(n, v)| format!("{n} {v:.2}")).collect();
        lines.push(format!("evidence  {}", row.join(", ")));
        let judgement = self.judge(question, today);
        for &(entry, _) in judgement.ranked.iter().take(SHOWN) {
            if let Some(why) = self.contradiction(question, entry, today) {
                lines.push(format!("against   {:<42} {why:?}", faq.entries[entry].id));
            }
        }
        let t = self.thresholds();
        lines.push(format!(
            "verdict   {} with confidence {:.3}; answer from {:.3} (sensitive {:.3}), suggest from {:.3}",
            judgement.verdict.name(),
            judgement.confidence,
            t.answer,
            t.answer_sensitive,
            t.suggest
        ));
        lines.join("\n")
    }

    fn nearest_phrasing<'f>(&self, question: &str, entry: usize, faq: &'f Faq) -> Option<&'f str> {
        let vector = |text: &str| self.index.vector(&super::features(&self.analyzer.tokens(text)));
        let asked = vector(question);
        let cosine = |text: &str| super::feature::dot(&asked, &vector(text));
        let own = phrasings(faq).filter(|(_, class)| *class == entry).map(|(text, _)| (text, cosine(text)));
        own.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(text, _)| text)
    }

    /// Phrasings that find another entry when they are held out. Each stands for the voters who word it in that way, so it
    /// shows where one more phrasing or synonym would help.
    pub fn weaknesses<'f>(&self, faq: &'f Faq) -> Weaknesses<'f> {
        let texts: Vec<(&str, usize)> = phrasings(faq).collect();
        let weak = self.learnt.held_out.iter().filter(|(example, found)| texts[*example].1 != *found);
        let mut weak: Vec<Weak<'f>> = weak
            .map(|&(example, found)| {
                let (text, entry) = texts[example];
                let others = texts.iter().enumerate().filter(|&(i, t)| t.1 == entry && i != example);
                let shared: BTreeSet<String> = others.flat_map(|(_, t)| self.content(t.0)).collect();
                let telling = |stem: &String| self.index.classes_with(stem) * COMMON <= faq.entries.len().max(COMMON);
                let alone = self.content(text).filter(|stem| !shared.contains(stem) && telling(stem)).collect();
                Weak { text, entry, found, alone }
            })
            .collect();
        weak.sort_by_key(|w| w.entry);
        Weaknesses { faq, tried: self.learnt.held_out.len(), weak }
    }

    /// The stems of a text that mean something.
    fn content(&self, text: &str) -> impl Iterator<Item = String> + use<> {
        self.analyzer.tokens(text).into_iter().filter(|t| !t.stop).map(|t| t.stem)
    }
}

/// A phrasing that finds another entry when it is held out.
#[derive(Debug)]
pub struct Weak<'f> {
    /// The phrasing.
    pub text: &'f str,
    /// The number of its entry.
    pub entry: usize,
    /// The number of the entry found.
    pub found: usize,
    /// Telling stems that no other phrasing of its entry has.
    pub alone: BTreeSet<String>,
}

/// All weak phrasings of a FAQ, by entry.
#[derive(Debug)]
pub struct Weaknesses<'f> {
    faq: &'f Faq,
    /// How many phrasings were held out; of a large FAQ not all are.
    pub tried: usize,
    /// The weak ones among them.
    pub weak: Vec<Weak<'f>>,
}

impl Weaknesses<'_> {
    /// One line for the maintainer.
    pub fn summary(&self) -> String {
        format!(
            "{} dari {} pertanyaan lemah: tanpa pertanyaan itu sendiri, entri lain yang ditemukan",
            self.weak.len(),
            self.tried
        )
    }

    /// For each entry its weak phrasings, what they find and what to add; then the entries that are most often taken for
    /// each other.
    pub fn report(&self) -> String {
        let id = |entry: usize| self.faq.entries[entry].id.as_str();
        let mut out = String::new();
        let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for group in self.weak.chunk_by(|a, b| a.entry == b.entry) {
            let _ = writeln!(out, "{}: {} pertanyaan lemah", id(group[0].entry), group.len());
            for weak in group {
                *pairs.entry((weak.entry.min(weak.found), weak.entry.max(weak.found))).or_default() += 1;
                let _ = writeln!(out, "  \"{}\" menemukan {}", weak.text, id(weak.found));
            }
            let alone: Vec<&str> = group.iter().flat_map(|w| &w.alone).map(String::as_str).collect();
            let hint = if alone.is_empty() {
                "tambahkan pertanyaan dengan kata yang tidak dimiliki entri yang ditemukan itu".to_owned()
            } else {
                format!(
                    "tambahkan pertanyaan lain dengan kata ini, atau sinonimnya di leksikon.toml: {}",
                    alone.join(", ")
                )
            };
            let _ = writeln!(out, "  -> {hint}\n");
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
        let _ = writeln!(out, "Entri yang paling sering tertukar (berapa pertanyaan):");
        for ((a, b), count) in pairs.into_iter().take(PAIRS) {
            let _ = writeln!(out, "  {count:>3}  {} dan {}", id(a), id(b));
        }
        out
    }
}
