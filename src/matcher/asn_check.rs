//! The table of `asn-cek.toml` answers a typed question that names exactly one of its rows and exactly one of its columns and
//! asks whether that may be done.
//!
//! A model weighs words; here each word of the question must be accounted for. What is not the row, the column, the asking
//! or a word that says nothing must be one that the column's entries speak of; else the question may be about another thing,
//! and is left to the verdict. A negation, a second row or column, a question for when, where, why, what or which sanction:
//! left to the verdict too.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::context::{ASKS, ASKS_HOW, OF_SOMETHING, is_open};
use super::plain::Plain;
use super::{Matcher, Verdict};
use crate::faq::Faq;
use crate::faq::asn_check::Heading;
use crate::text::analyze::{Analyzer, Token};
use crate::text::is_listed;

/// In a longer message not every word can be accounted for.
const MOST_WORDS: usize = 30;
/// Asks whether it may be done; other words for it are synonyms of these.
const MAY: &str = "boleh larangan";
/// Asks whether, too: before who or before "boleh" only.
const WHETHER: &str = "apa apakah";
/// Turns a question round, unless it only asks: "boleh tidak".
const NOT: &str = "tidak";
/// After this it only asks, too, as after a word that asks whether.
const OR: &str = "atau";
/// Turn it round wherever they stand.
const TURNS: &str = "bukan jangan tanpa belum selain kecuali non mantan eks bekas pensiunan";
/// Beside a row it is they who are asked about: "anak pns".
const RELATIVES: &str = "anak keluarga suami istri pasangan saudara kakak adik ayah orangtua orang mertua menantu ipar paman \
    sepupu keponakan pacar teman tetangga atasan bos";

/// A row or a column.
#[derive(Debug, Clone)]
struct Named {
    /// What it is called, in standard spelling. A synonym is another name: who asks for an ASN does not ask for a PNS.
    called: Vec<Vec<String>>,
    /// The stems in that which say something.
    stems: BTreeSet<String>,
}

impl Named {
    fn of(heading: &Heading, analyzer: &Analyzer) -> Self {
        let texts = || heading.called.iter().map(|phrasing| phrasing.text.as_str());
        let told = texts().flat_map(|text| analyzer.tokens(text)).filter(|token| !token.stop);
        Self {
            called: texts().map(|text| analyzer.spelled(text)).filter(|words| !words.is_empty()).collect(),
            stems: told.map(|token| token.stem).collect(),
        }
    }

    /// How many words at the beginning of `words` it is called by, at most.
    fn at(&self, words: &[String]) -> usize {
        self.called.iter().filter(|called| words.starts_with(called)).map(Vec::len).max().unwrap_or(0)
    }
}

/// The table as the matcher reads it.
#[derive(Debug, Clone, Default)]
pub(super) struct AsnTable {
    who: Vec<Named>,
    what: Vec<Named>,
    /// Row, column and entry of each cell; none for a cell that leads nowhere.
    cells: Vec<Option<(usize, usize, usize)>>,
    /// What the entries of each column speak of, by stems.
    about: Vec<BTreeSet<String>>,
}

/// What a word of a question stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Who,
    What,
    Beside,
}

impl AsnTable {
    pub(super) fn new(faq: &Faq, analyzer: &Analyzer) -> Self {
        let named = |headings: &[Heading]| headings.iter().map(|h| Named::of(h, analyzer)).collect();
        let table = &faq.asn_check;
        let place = |headings: &[Heading], id: &str| headings.iter().position(|h| h.id.value == id);
        let cells: Vec<_> = table
            .cells
            .iter()
            .map(|cell| {
                let entry = faq.entries.iter().position(|e| e.id == cell.entry.value)?;
                Some((place(&table.who, &cell.who.value)?, place(&table.what, &cell.what.value)?, entry))
            })
            .collect();
        let mut about = vec![BTreeSet::new(); table.what.len()];
        for &(_, what, entry) in cells.iter().flatten() {
            let entry = &faq.entries[entry];
            let texts = std::iter::once(&entry.title).chain(entry.questions.iter().map(|q| &q.text));
            about[what].extend(texts.flat_map(|text| analyzer.tokens(text)).map(|token| token.stem));
        }
        Self { who: named(&table.who), what: named(&table.what), cells, about }
    }

    /// The one row, or column, that `words` name, and which of them do; none if they name none or several.
    fn named(headings: &[Named], words: &[String]) -> Option<(usize, Vec<bool>)> {
        let mut found: Option<usize> = None;
        let mut naming = vec![false; words.len()];
        let mut at = 0;
        while at < words.len() {
            let lengths = headings.iter().enumerate().map(|(i, named)| (named.at(&words[at..]), i));
            let (length, heading) = lengths.max_by_key(|&(length, i)| (length, std::cmp::Reverse(i)))?;
            if length == 0 {
                at += 1;
                continue;
            }
            if found.replace(heading).is_some_and(|other| other != heading) {
                return None;
            }
            naming[at..at + length].fill(true);
            at += length;
        }
        found.map(|heading| (heading, naming))
    }

    /// The cell that a question asks for, and its entry.
    fn asked(&self, question: &str, tokens: &[Token], analyzer: &Analyzer) -> Option<(usize, usize)> {
        if tokens.len() > MOST_WORDS || !tokens.iter().any(may) {
            return None;
        }
        let words = analyzer.spelled(question);
        let (who, who_at) = Self::named(&self.who, &words)?;
        let (what, what_at) = Self::named(&self.what, &words)?;
        let cell = self.cells.iter().position(|cell| cell.is_some_and(|c| (c.0, c.1) == (who, what)))?;
        let (_, _, entry) = self.cells[cell]?;
        let both = who_at.iter().zip(&what_at);
        if both.clone().any(|(who, what)| *who && *what) {
            return None;
        }
        let part = |(who, what): (&bool, &bool)| match (who, what) {
            (true, _) => Part::Who,
            (_, true) => Part::What,
            _ => Part::Beside,
        };
        let parts: Vec<Part> = both.map(part).collect();
        let mut at = 0;
        for gap in parts.chunk_by(|a, b| a == b) {
            let (from, to) = (at, at + gap.len());
            at = to;
            if gap[0] == Part::Beside {
                let beside = analyzer.tokens(&words[from..to].join(" "));
                if !self.says_nothing_else(&beside, parts.get(to).copied(), who, what) {
                    return None;
                }
            }
        }
        Some((cell, entry))
    }

    /// Whether the words between row and column only ask whether it may be done. `next` is what follows them.
    fn says_nothing_else(&self, beside: &[Token], next: Option<Part>, who: usize, what: usize) -> bool {
        beside.iter().enumerate().all(|(at, token)| {
            let word = token.surface.as_str();
            let is_one = |list| is_listed(list, word) || is_listed(list, &token.stem);
            if may(token) {
                true
            } else if is_listed(WHETHER, word) {
                beside.get(at + 1).map_or(next == Some(Part::Who), may)
            } else if is_listed(NOT, word) {
                // At the end it only asks: "pns boleh like ga".
                let ends = next.is_none() && beside[at + 1..].iter().all(|token| token.stop);
                let before = at.checked_sub(1).map(|before| &beside[before]);
                ends || before.is_some_and(|before| may(before) || is_listed(OR, &before.surface))
            } else if is_one(TURNS) || is_one(ASKS) || is_one(ASKS_HOW) || is_one(OF_SOMETHING) {
                false
            } else {
                token.stop || self.speaks_of(token, who, what)
            }
        })
    }

    /// Whether a word beside row and column belongs to them: it is part of what they are called, or the column's entries
    /// speak of it, and it is nobody else.
    fn speaks_of(&self, token: &Token, who: usize, what: usize) -> bool {
        let stem = &token.stem;
        let somebody =
            || is_listed(RELATIVES, &token.surface) || self.who.iter().any(|named| named.stems.contains(stem));
        let own = self.who[who].stems.contains(stem) || self.what[what].stems.contains(stem);
        own || self.about[what].contains(stem) && !somebody()
    }
}

fn may(token: &Token) -> bool {
    is_listed(MAY, &token.surface) || is_listed(MAY, &token.stem)
}

impl Matcher {
    /// Lets the table answer where the verdict is no sure answer, or is the same; gives the cell that answers.
    pub(super) fn heed_table(
        &self,
        question: &str,
        tokens: &[Token],
        verdict: Verdict,
        today: NaiveDate,
    ) -> (Verdict, Option<usize>) {
        let open = matches!(verdict, Verdict::Answer(_) | Verdict::Suggest(_) | Verdict::Forward { expired: None });
        let Some((cell, entry)) = self.asn_table.asked(question, tokens, &self.analyzer).filter(|_| open) else {
            return (verdict, None);
        };
        let other = matches!(verdict, Verdict::Answer(answered) if answered != entry);
        if other || !self.rules[entry].is_valid(today) || is_open(tokens) {
            return (verdict, None);
        }
        // "Non PNS" is somebody's name here; what excludes or turns beside it has been refused.
        let plain =
            Plain { excluded: BTreeSet::new(), former: BTreeSet::new(), ..Plain::of(question, tokens, &self.analyzer) };
        match self.agreement.contradiction(&plain, entry, today) {
            None => (Verdict::Answer(entry), Some(cell)),
            Some(_) => (verdict, None),
        }
    }
}
