//! Phrasings that find another entry when they are held out, and what a maintainer may do about them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Matcher, phrasings};
use crate::faq::Faq;
use crate::faq::entry::Entry;
use crate::text::english;
use crate::text::normalize::words;

/// A word that more than one entry in so many uses tells no entry from another.
const COMMON: usize = 20;
/// How many pairs of entries [`Weaknesses::report`] names.
const PAIRS: usize = 15;

/// A phrasing that finds another entry when it is held out.
#[derive(Debug)]
pub struct Weak<'f> {
    /// The phrasing.
    pub text: &'f str,
    /// The number of its entry.
    pub entry: usize,
    /// The number of the entry found.
    pub found: usize,
    /// Telling words, as they are typed in it, that no other phrasing of its entry has in any form.
    pub alone: Vec<String>,
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

impl Matcher {
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
                Weak { text, entry, found, alone: self.typed(text, &alone) }
            })
            .collect();
        weak.sort_by_key(|w| w.entry);
        Weaknesses { faq, tried: self.learnt.held_out.len(), weak }
    }

    /// The words of `text`, as they are typed there, that stand behind these stems. A stem is cut and may be of another
    /// word ("nyoblos" is looked up as "coblos"): nobody types it.
    fn typed(&self, text: &str, stems: &BTreeSet<String>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        // The parts of an address and bare numbers are no words that another phrasing could have.
        let is_word = |word: &String| word.chars().any(char::is_alphabetic);
        for word in words(text).into_iter().filter(is_word).filter(|_| text.contains(' ')) {
            let stands_behind = self.content(&word).any(|stem| stems.contains(&stem));
            if stands_behind && !english::is_function_word(&word) && !found.contains(&word) {
                found.push(word);
            }
        }
        found
    }

    /// The stems of a text that mean something.
    fn content(&self, text: &str) -> impl Iterator<Item = String> + use<> {
        self.analyzer.tokens(text).into_iter().filter(|t| !t.stop).map(|t| t.stem)
    }
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
        let mut out = String::new();
        let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for group in self.weak.chunk_by(|a, b| a.entry == b.entry) {
            for weak in group {
                *pairs.entry((weak.entry.min(weak.found), weak.entry.max(weak.found))).or_default() += 1;
            }
            let _ = writeln!(out, "{}", self.group(&group.iter().collect::<Vec<_>>()));
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
        let _ = writeln!(out, "Entri yang paling sering tertukar (berapa pertanyaan):");
        for ((a, b), count) in pairs.into_iter().take(PAIRS) {
            let _ = writeln!(out, "  {count:>3}  {} dan {}", self.id(a), self.id(b));
        }
        out
    }

    /// The same for one entry, with the phrasings of others that find it.
    pub fn of(&self, entry: &Entry) -> String {
        let is = |number: usize| self.id(number) == entry.id;
        let own: Vec<&Weak<'_>> = self.weak.iter().filter(|w| is(w.entry)).collect();
        let mut out =
            if own.is_empty() { format!("{}: tidak ada pertanyaan lemah\n", entry.id) } else { self.group(&own) };
        let strange: Vec<&Weak<'_>> = self.weak.iter().filter(|w| is(w.found)).collect();
        if !strange.is_empty() {
            let _ = writeln!(out, "\nPertanyaan entri lain yang menemukan {}:", entry.id);
            for weak in strange {
                let _ = writeln!(out, "  \"{}\" milik {}", weak.text, self.id(weak.entry));
            }
        }
        out
    }

    fn id(&self, entry: usize) -> &str {
        self.faq.entries[entry].id.as_str()
    }

    /// The weak phrasings of one entry.
    fn group(&self, weak: &[&Weak<'_>]) -> String {
        let mut out = format!("{}: {} pertanyaan lemah\n", self.id(weak[0].entry), weak.len());
        let mut alone: Vec<&str> = Vec::new();
        for weak in weak {
            let _ = writeln!(out, "  \"{}\" menemukan {}", weak.text, self.id(weak.found));
            let new: Vec<&str> = weak.alone.iter().map(String::as_str).filter(|word| !alone.contains(word)).collect();
            alone.extend(new);
        }
        let hint = if alone.is_empty() {
            "tambahkan pertanyaan dengan kata yang tidak dimiliki entri yang ditemukan itu".to_owned()
        } else {
            format!("tambahkan pertanyaan lain dengan kata ini, atau sinonimnya di leksikon.toml: {}", alone.join(", "))
        };
        let _ = writeln!(out, "  -> {hint}");
        out
    }
}
