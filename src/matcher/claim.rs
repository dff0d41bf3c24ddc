//! Which known claims stand in a long text: a chain letter around them, their names, numbers, spelling and order changed.
//!
//! A claim is known by its wordings. Each idea in them weighs by how rare it is in the FAQ and by how many of the wordings
//! have it: what all wordings of a claim share is what the claim says, the rest is how somebody put it. A window about as
//! long as the claim slides over the text; what counts is how much of one wording it covers, and how much of what the
//! claim says in all. Numbers and names of places and parties, which a chain letter changes first, weigh little.
//!
//! A claim is *asserted* where the text says it, and *offered* where it is near, or where the text debunks it. That is told
//! by words, see [`super::denial`], and by what the text says besides: whoever debunks a claim, or reports on it, tells
//! facts that stand in the entry's answer and in none of the wordings.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::Matcher;
use super::denial::{Denial, is_negation, negated};
use crate::faq::Faq;
use crate::text::analyze::{Analyzer, Token};
use crate::text::lexicon::{PARTY, PLACE};

/// What of a text is claims that the FAQ knows, as places in the FAQ, the plainest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// Those that it says.
    pub asserted: Vec<usize>,
    /// Those that it may be about.
    pub offered: Vec<usize>,
}

impl Claims {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.asserted.is_empty() && self.offered.is_empty()
    }
}

/// From this score on a claim is asserted, if nothing speaks against it. On the labelled texts to tune on, seven of eight
/// right claims lie above it; what lies above it and is no claim is mostly a debunk, and is told by that.
const ASSERTED: f64 = 0.68;
/// From this score on it is offered.
const OFFERED: f64 = 0.58;
/// A second claim is named beside the first only from this much more on: it is often the first one's neighbour.
const SECOND: f64 = 0.05;
/// How much of the score is one wording's; the rest is what the claim says in all. What is told in somebody's own words
/// covers little of any one wording.
const WORDING: f64 = 0.3;
/// So much of a text may be words of the entry's answer by chance; what is more speaks against the claim, so much.
const FACTS: (f64, f64) = (0.03, 3.5);
/// A word of the answer tells something from this rarity on.
const FACT: f64 = 1.2;
/// What each word of news speaks against it, and how many of them at most.
const NEWS: (f64, usize) = (0.1, 2);
/// What a denial at the place itself speaks against it.
const DENIED: f64 = 0.1;
/// How much of what is covered must be turned round for a denial.
const TURNED: f64 = 0.5;
/// How often at most a word counts that is asked elsewhere.
const ELSEWHERE: f64 = 3.0;
/// The most claims that are named, and offered.
const MOST: usize = 3;
/// A window is so many times as long as the claim's wordings are: what is padded is longer than what it pads.
const STRETCH: f64 = 1.7;
/// The shortest and the longest window, in words that mean something.
const WINDOW: (usize, usize) = (10, 34);
/// How much a number or a name of a place or a party weighs: a chain letter changes these first.
const CHANGED: f64 = 0.3;
/// How much a phrasing of the entry tells of what the claim says, beside a wording.
const PHRASING: f64 = 0.4;
/// Below this share of what a claim says no wording is looked at.
const WORTH: f64 = 0.35;

/// One wording: the claim's ideas in it, and which of them it denies.
#[derive(Debug, Clone)]
struct Wording {
    ideas: Vec<usize>,
    negated: BTreeSet<usize>,
    weight: f64,
}

/// A claim: what it says, and its wordings.
#[derive(Debug, Clone)]
struct Known {
    entry: usize,
    /// How much each idea weighs.
    weights: Vec<f64>,
    wordings: Vec<Wording>,
    /// What a wording weighs in the middle.
    usual: f64,
    window: usize,
    /// The stems that its answer has and no wording, each with how rare it is.
    facts: HashMap<String, f64>,
}

/// The known claims of one FAQ, found by the ideas in them.
#[derive(Debug, Clone)]
pub(super) struct ClaimIndex {
    analyzer: Analyzer,
    claims: Vec<Known>,
    /// The claims in which a word's stem is an idea, and which.
    ideas: HashMap<String, Vec<(usize, usize)>>,
    rarity: Rarity,
    denial: Denial,
}

/// How rare words are in a FAQ: in how few of its entries and kinds of small talk they stand.
#[derive(Debug, Clone, Default)]
struct Rarity {
    seen: HashMap<String, f64>,
    classes: f64,
}

impl Rarity {
    fn of(&self, stem: &str) -> f64 {
        let seen = self.seen.get(stem).copied().unwrap_or(0.0).max(1.0);
        (self.classes / seen).ln().max(0.1)
    }
}

/// Where an idea of a claim stands in a text.
#[derive(Debug, Clone, Copy)]
struct Hit {
    at: usize,
    idea: usize,
    negated: bool,
}

/// How well a claim is found in a text.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    score: f64,
    /// Whether what is found is denied there.
    denied: bool,
}

fn means_something(token: &Token) -> bool {
    !token.stop && !is_negation(&token.surface)
}

/// What a word is worth besides how rare it is.
fn steady(stem: &str) -> f64 {
    let changes = stem.bytes().any(|b| b.is_ascii_digit()) || stem == PLACE || stem == PARTY;
    if changes { CHANGED } else { 1.0 }
}

impl ClaimIndex {
    /// Over the claims of `faq`. `examples` are its phrasings with their classes.
    pub(super) fn new<'s>(
        faq: &Faq,
        analyzer: &Analyzer,
        examples: impl Iterator<Item = (&'s [Token], usize)>,
    ) -> Self {
        let mut analyzer = analyzer.clone();
        for wording in faq.entries.iter().flat_map(|e| &e.claim).flat_map(|claim| &claim.wordings) {
            analyzer.learn(&wording.text);
        }
        // Words that nothing else has would be mended to others.
        let words = &faq.words;
        words.debunk.iter().chain(&words.news).chain(&words.insists).for_each(|phrase| analyzer.learn(phrase));
        let denial = Denial::new(&faq.words, &analyzer);
        let (claims, ideas, rarity) = (Vec::new(), HashMap::new(), Rarity::default());
        let mut index = Self { analyzer, claims, ideas, rarity, denial };
        if faq.entries.iter().all(|e| e.claim.is_none()) {
            return index;
        }
        let outside = faq.entries.len() + faq.small_talk.len();
        let mut classes: BTreeMap<usize, Vec<BTreeSet<&str>>> = BTreeMap::new();
        for (tokens, class) in examples {
            let stems = tokens.iter().filter(|t| means_something(t)).map(|t| t.stem.as_str()).collect();
            classes.entry(class).or_default().push(stems);
        }
        let mut elsewhere: HashMap<&str, f64> = HashMap::new();
        for stem in classes.remove(&outside).iter().flatten().flatten() {
            *elsewhere.entry(stem).or_default() += 1.0;
        }
        let seen = &mut index.rarity.seen;
        for (stem, times) in elsewhere {
            *seen.entry(stem.to_owned()).or_default() += times.min(ELSEWHERE);
        }
        for sentences in classes.values() {
            for stem in sentences.iter().flatten().collect::<BTreeSet<_>>() {
                *seen.entry((*stem).to_owned()).or_default() += 1.0;
            }
        }
        index.rarity.classes = classes.len() as f64;
        for (number, entry) in faq.entries.iter().enumerate() {
            let Some(claim) = &entry.claim else { continue };
            let tokens = |text: &str| index.analyzer.tokens(text);
            let wordings = claim.wordings.iter().map(|wording| tokens(&wording.text)).collect::<Vec<_>>();
            let answer = entry.written().into_iter().flat_map(tokens).collect::<Vec<_>>();
            let phrasings = classes.get(&number).map(Vec::as_slice).unwrap_or_default();
            index.add(number, &wordings, phrasings, &answer);
        }
        index
    }

    fn add(&mut self, entry: usize, texts: &[Vec<Token>], phrasings: &[BTreeSet<&str>], answer: &[Token]) {
        let number = self.claims.len();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for token in texts.iter().flatten().filter(|t| means_something(t)) {
            let next = places.len();
            places.entry(&token.stem).or_insert(next);
        }
        let mut weights = vec![0.0; places.len()];
        let all = texts.len() as f64 + PHRASING * phrasings.len() as f64;
        for (stem, &place) in &places {
            let said = texts.iter().filter(|text| text.iter().any(|t| t.stem == *stem && means_something(t))).count();
            let asked = phrasings.iter().filter(|stems| stems.contains(stem)).count();
            let share = (said as f64 + PHRASING * asked as f64) / all;
            weights[place] = self.rarity.of(stem) * steady(stem) * share.sqrt();
        }
        let wordings: Vec<Wording> = texts
            .iter()
            .map(|text| {
                let mut ideas: Vec<usize> =
                    text.iter().filter(|t| means_something(t)).map(|t| places[t.stem.as_str()]).collect();
                ideas.sort_unstable();
                ideas.dedup();
                let denied = negated(text);
                let negated = text.iter().zip(denied).filter(|(t, denied)| *denied && means_something(t));
                Wording {
                    weight: ideas.iter().map(|&idea| weights[idea]).sum(),
                    negated: negated.map(|(t, _)| places[t.stem.as_str()]).collect(),
                    ideas,
                }
            })
            .filter(|wording| !wording.ideas.is_empty())
            .collect();
        if wordings.is_empty() {
            return;
        }
        let middle = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let length = middle(wordings.iter().map(|w| w.ideas.len() as f64).collect());
        let is_fact =
            |t: &&Token| means_something(t) && steady(&t.stem) == 1.0 && !places.contains_key(t.stem.as_str());
        let facts = answer.iter().filter(is_fact);
        let facts = facts.map(|t| (t.stem.clone(), self.rarity.of(&t.stem))).filter(|(_, rarity)| *rarity >= FACT);
        let facts = facts.collect();
        for (stem, place) in &places {
            self.ideas.entry((*stem).to_owned()).or_default().push((number, *place));
        }
        self.claims.push(Known {
            entry,
            usual: middle(wordings.iter().map(|w| w.weight).collect()),
            weights,
            wordings,
            facts,
            window: ((length * STRETCH) as usize).clamp(WINDOW.0, WINDOW.1),
        });
    }

    /// The claims in `text`, each with how well it is found.
    fn found(&self, tokens: &[Token]) -> Vec<(usize, Found)> {
        let denied = negated(tokens);
        let mut hits: Vec<Vec<Hit>> = vec![Vec::new(); self.claims.len()];
        let meant = tokens.iter().zip(&denied).filter(|(token, _)| means_something(token));
        for (at, (token, &negated)) in meant.enumerate() {
            for &(claim, idea) in self.ideas.get(&token.stem).into_iter().flatten() {
                hits[claim].push(Hit { at, idea, negated });
            }
        }
        let each = self.claims.iter().zip(&hits).map(|(claim, hits)| claim.find(hits)).enumerate();
        each.filter(|(_, found)| found.score > 0.0).collect()
    }

    /// What of `text` is claims, given which entries may be spoken of.
    fn check(&self, text: &str, may: impl Fn(usize) -> bool) -> Claims {
        let mut claims = Claims::default();
        if self.claims.is_empty() {
            return claims;
        }
        let tokens = self.analyzer.tokens(text);
        let mut found = self.found(&tokens);
        found.retain(|(claim, found)| found.score >= OFFERED && may(self.claims[*claim].entry));
        found.sort_by(|a, b| b.1.score.total_cmp(&a.1.score));
        if found.is_empty() {
            return claims;
        }
        let tone = self.denial.tone(&tokens);
        let stems: BTreeSet<&str> =
            tokens.iter().filter(|t| means_something(t)).map(|token| token.stem.as_str()).collect();
        let said: f64 = stems.iter().map(|stem| self.rarity.of(stem)).sum();
        let mut debunks = tone.debunks;
        for (claim, found) in found {
            let known = &self.claims[claim];
            let facts: f64 = stems.iter().filter_map(|stem| known.facts.get(*stem)).sum();
            let against = FACTS.1 * (facts / said - FACTS.0).max(0.0)
                + NEWS.0 * tone.news.min(NEWS.1) as f64
                + if found.denied { DENIED } else { 0.0 }
                + if claims.asserted.is_empty() { 0.0 } else { SECOND };
            if found.score - against >= ASSERTED && !debunks && claims.asserted.len() < MOST {
                claims.asserted.push(known.entry);
                continue;
            }
            // Where the plainest claim is debunked, so may be the others.
            debunks |= claims.asserted.is_empty();
            if claims.offered.len() < MOST {
                claims.offered.push(known.entry);
            }
        }
        claims
    }
}

impl Known {
    /// The best place of the claim among the `hits` of its ideas.
    fn find(&self, hits: &[Hit]) -> Found {
        let mut best = Found::default();
        let mut negated: Vec<Option<bool>> = vec![None; self.weights.len()];
        for (start, first) in hits.iter().enumerate() {
            let inside = hits[start..].iter().take_while(|hit| hit.at < first.at + self.window);
            negated.fill(None);
            let mut whole = 0.0;
            for hit in inside {
                match &mut negated[hit.idea] {
                    // Said once plainly, it is said.
                    Some(denied) => *denied &= hit.negated,
                    none => {
                        *none = Some(hit.negated);
                        whole += self.weights[hit.idea];
                    }
                }
            }
            let whole = (whole / self.usual).min(1.0);
            if whole < WORTH {
                continue;
            }
            for wording in &self.wordings {
                let (mut covered, mut turned) = (0.0, 0.0);
                for &idea in &wording.ideas {
                    if let Some(denied) = negated[idea] {
                        covered += self.weights[idea];
                        if denied != wording.negated.contains(&idea) {
                            turned += self.weights[idea];
                        }
                    }
                }
                let score = WORDING * covered / wording.weight + (1.0 - WORDING) * whole;
                let found = Found { score, denied: turned > TURNED * covered };
                if (found.score, !found.denied) > (best.score, !best.denied) {
                    best = found;
                }
            }
        }
        best
    }
}

impl Matcher {
    /// Which claims that may be spoken of on `today` stand in `text`.
    pub fn claims(&self, text: &str, today: NaiveDate) -> Claims {
        self.claims.check(text, |entry| self.rules[entry].is_valid(today))
    }
}
