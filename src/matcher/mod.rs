//! Floor 3: the matcher. An index built from one FAQ; a question to ranked entries, a calibrated confidence, a verdict.
//!
//! [`Matcher::new`] reads the phrasings, small talk and negative examples of a FAQ; [`Matcher::judge`] is all that the
//! rest of the program needs. Inside, from the ground up:
//!
//! - [`feature`]: words, pairs and character n-grams as sparse vectors.
//! - [`linear`]: a logistic regression over all phrasings. [`index`]: it and every other signal over one set of phrasings.
//! - [`evidence`]: signals to an order of entries. [`logistic`]: small models that weigh them.
//! - [`train`]: how confidence and thresholds are learnt, from the FAQ alone.
//! - [`chance`]: what is drawn by chance hangs on content. [`threshold`]: thresholds that don't jump.
//! - [`chat`]: messages that ask nothing. [`urgent`]: messages of somebody in need.
//! - [`plain`]: what a text says plainly. [`aspect`]: what is asked about its subject. [`agree`]: whether an entry contradicts
//!   it, and so is no answer.
//! - `asn_check`: the table of what civil servants may do, for questions that name a row and a column of it.
//! - [`claim`]: known claims in a long text. `denial`: whether it denies them.
//! - [`context`]: questions that only what was said before makes whole.
//! - `memo`: what was found lately. `explain`: why a question found what it found. `weak`: phrasings that only they themselves find.
//! - [`same`]: whether two questions ask the same.
//! - [`collide`]: phrasings and entries that take questions away from another entry.
//! - [`against`]: what an edit did, two FAQs compared.
//! - [`measure`]: how good the verdicts are on labelled questions. [`measure_claims`]: how well claims are found.
//!   [`measure_pairs`]: how well the same questions are told from different ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

pub mod against;
pub mod agree;
mod asn_check;
pub mod aspect;
pub mod chance;
pub mod chat;
pub mod claim;
pub mod collide;
pub mod context;
mod denial;
pub mod evidence;
mod explain;
pub mod feature;
pub mod index;
pub mod linear;
pub mod logistic;
pub mod measure;
pub mod measure_claims;
pub mod measure_pairs;
mod memo;
pub mod plain;
pub mod same;
pub mod threshold;
pub mod train;
pub mod urgent;
mod weak;

use agree::{Agreement, Contradiction};
use asn_check::AsnTable;
use evidence::{Evidence, is_plainly_small_talk, weigh};
use feature::features;
use index::{Classes, Example, Index};
use memo::Memo;
use plain::Plain;
use train::{Learnt, Thresholds};

use crate::faq::Faq;
use crate::text::analyze::{Analyzer, Language, Token};

/// How many entries are ranked.
const RANKED: usize = 10;
/// How many entries are offered at most.
const OFFERED: usize = 3;
/// In a message of at least so many sentences, one of them may tell better than the whole which entry is meant.
const STORY: usize = 4;
/// Of a question that was written with care the entry's words must cover so much, by weight, or it is not asserted.
const LEAST_EXPLAINED: f64 = 0.65;
/// A confidence that no entry reaches.
const NEVER: f64 = 2.0;
/// Sentences beyond this many are not looked at one by one.
const MOST_SENTENCES: usize = 20;

/// What should be done with a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Give the answer of this entry.
    Answer(usize),
    /// Offer these entries: two or three, or one that must not be asserted.
    Suggest(Vec<usize>),
    /// Say the line of this kind of small talk; of none if there is no word in it.
    SmallTalk(Option<usize>),
    /// Ask a person. The entry named would have answered, but is outside its dates.
    Forward {
        /// The entry outside its dates.
        expired: Option<usize>,
    },
}

/// What the matcher makes of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What should be done.
    pub verdict: Verdict,
    /// The chance that the first entry is right, 0 to 1.
    pub confidence: f64,
    /// Entries (by their place in the FAQ) with their chance, best first, at most ten.
    pub ranked: Vec<(usize, f64)>,
    /// The cell of the FAQ's table of civil servants by which the verdict is an answer, if it is; it takes no part in the
    /// confidence.
    pub cell: Option<usize>,
    /// Whether only what was said before makes a question of it: few words that tell, after words that go on from something
    /// or with nothing that they are about, and no phrasing of an entry word for word. Never answered by itself.
    pub short_of_context: bool,
}

impl Judgement {
    /// That verdict, with no entry found.
    pub fn none(verdict: Verdict) -> Self {
        Self { verdict, confidence: 0.0, ranked: Vec::new(), cell: None, short_of_context: false }
    }
}

/// What is to be known of an entry to judge.
#[derive(Debug, Clone)]
struct Rules {
    sensitive: bool,
    first_day: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
}

impl Rules {
    fn is_valid(&self, today: NaiveDate) -> bool {
        self.first_day.is_none_or(|d| d <= today) && self.valid_until.is_none_or(|d| today <= d)
    }
}

/// An index of one FAQ.
#[derive(Debug, Clone)]
pub struct Matcher {
    analyzer: Analyzer,
    index: Index,
    learnt: Learnt,
    rules: Vec<Rules>,
    agreement: Agreement,
    urgent: Vec<urgent::UrgentPhrasing>,
    asn_table: AsnTable,
    claims: claim::ClaimIndex,
    likeness: same::Likeness,
    judged: Memo<Judgement, 4096>,
    gists: Memo<Arc<same::Gist>, 1024>,
    urgencies: Memo<Option<usize>, 4096>,
}

impl Matcher {
    /// Builds the index. The same FAQ gives the same index.
    pub fn new(faq: &Faq) -> Self {
        let classes = classes(faq);
        let language = Language::of(texts(faq).map(|(text, _)| text), &faq.words.lexicon);
        let analyzer = Analyzer::new(faq.words.lexicon.clone(), language)
            .knowing(texts(faq).map(|(text, _)| text).chain(called(faq)));
        let mut examples = examples(faq, &analyzer, |_| true);
        // They are Indonesian: of a FAQ in another tongue they would be told so easily that they taught nothing.
        if language == Language::Indonesian {
            let elsewhere = faq.elsewhere.iter().map(|q| example(q, classes.outside(), &analyzer));
            let near = index::near_misses(&examples, classes, elsewhere);
            examples.extend(near);
        }
        let ids: Vec<u64> = faq.entries.iter().map(|e| chance::key(&e.id)).collect();
        let (agreement, (learnt, index)) = std::thread::scope(|scope| {
            let agreement = scope.spawn(|| Agreement::new(faq, &analyzer));
            let learnt = train::learn(&examples, classes, &ids, &faq.settings);
            (agreement.join().expect("reading does not panic"), learnt)
        });
        let rules = faq
            .entries
            .iter()
            .map(|e| Rules { sensitive: e.sensitive, first_day: e.first_day(), valid_until: e.valid_until })
            .collect();
        let urgent = urgent::phrasings(faq, &analyzer);
        let asn_table = AsnTable::new(faq, &analyzer);
        let claims = claim::ClaimIndex::new(faq, &analyzer, examples.iter().map(|e| (e.tokens.as_slice(), e.class)));
        let likeness = same::Likeness::new(faq, &analyzer, examples.iter());
        Self {
            analyzer,
            index,
            learnt,
            rules,
            agreement,
            urgent,
            asn_table,
            claims,
            likeness,
            judged: Memo::default(),
            gists: Memo::default(),
            urgencies: Memo::default(),
        }
    }

    /// What it would be without the titles and phrasings whose numbers are `left_out`, by the thresholds that it
    /// has. What a JSON Lines file borrows is left out too.
    fn without(&self, faq: &Faq, left_out: &BTreeSet<usize>) -> Self {
        let examples = examples(faq, &self.analyzer, |number| !left_out.contains(&number));
        Self {
            analyzer: self.analyzer.clone(),
            index: Index::new(&examples.iter().collect::<Vec<_>>(), classes(faq), &mut Vec::new()),
            learnt: self.learnt.clone(),
            rules: self.rules.clone(),
            agreement: self.agreement.clone(),
            urgent: self.urgent.clone(),
            // What the table answers is no phrasing's doing.
            asn_table: AsnTable::default(),
            claims: self.claims.clone(),
            likeness: self.likeness.clone(),
            judged: Memo::default(),
            gists: Memo::default(),
            urgencies: Memo::default(),
        }
    }

    /// The same, where these entries end with that day at the latest.
    pub fn ending(&self, entries: &[usize], day: NaiveDate) -> Self {
        let mut own = self.clone();
        for &entry in entries {
            let until = &mut own.rules[entry].valid_until;
            *until = Some(until.map_or(day, |until| until.min(day)));
        }
        own
    }

    /// Whether the FAQ or its word lists have `word`.
    pub fn knows(&self, word: &str) -> bool {
        self.analyzer.tokens(word).iter().all(|token| token.known)
    }

    /// How many different words of `text` say what it is about.
    pub fn content_words(&self, text: &str) -> usize {
        let tokens = self.analyzer.tokens(text);
        tokens.iter().filter(|token| !token.stop).map(|token| token.stem.as_str()).collect::<BTreeSet<_>>().len()
    }

    /// Takes in a phrasing of an entry at once, without training anew: what it alone would do.
    pub fn learn(&mut self, question: &str, entry: usize) {
        self.analyzer.learn(question);
        let tokens = self.analyzer.tokens(question);
        if !tokens.is_empty() {
            self.judged.clear();
            self.agreement.learn(question, &tokens, entry, &self.analyzer);
            self.index.add(&Example { key: chance::key(question), features: features(&tokens), tokens, class: entry });
        }
    }

    /// What to do with `question` on `today`.
    pub fn judge(&self, question: &str, today: NaiveDate) -> Judgement {
        self.judged.find((question, today), || self.judge_anew(question, today))
    }

    fn judge_anew(&self, question: &str, today: NaiveDate) -> Judgement {
        let tokens = self.analyzer.tokens(question);
        if tokens.is_empty() {
            return Judgement::none(Verdict::SmallTalk(None));
        }
        let (mut evidence, signals) = self.evidence(&tokens);
        let short_of_context = context::is_short(&tokens, &evidence);
        let confidence = self.heed_sentences(question, &mut evidence);
        let top = evidence.ranked.first().map_or(1.0, |(_, chance)| chance.max(1e-12));
        let ranked: Vec<(usize, f64)> =
            evidence.ranked.iter().take(RANKED).map(|&(e, chance)| (e, confidence * chance / top)).collect();
        let chat = chat::plainly(question, &tokens, &signals).filter(|_| confidence < self.learnt.thresholds.answer);
        let verdict = match chat {
            Some(kind) => Verdict::SmallTalk(kind),
            None => self.verdict(question, &evidence, confidence, today),
        };
        let verdict = self.heed_plain_words(question, &tokens, verdict, &ranked, today);
        let verdict = match verdict {
            Verdict::Answer(_) if short_of_context => self.offer_only(question, &tokens, &ranked, today),
            verdict => verdict,
        };
        let verdict = match verdict {
            Verdict::Forward { expired: None } => {
                let kind = chat::seemingly(&tokens, &signals, confidence, &self.index);
                kind.map_or(Verdict::Forward { expired: None }, |kind| Verdict::SmallTalk(Some(kind)))
            }
            verdict => verdict,
        };
        let (verdict, cell) = self.heed_table(question, &tokens, verdict, today);
        Judgement { verdict, confidence, ranked, cell, short_of_context }
    }

    /// The entries that a query may mean, best first, for somebody who chooses among their titles: those of the verdict, and
    /// what else has a chance worth a look.
    pub fn search(&self, query: &str, today: NaiveDate) -> Vec<usize> {
        /// The least chance.
        const WORTH_A_LOOK: f64 = 0.05;
        let judgement = self.judge(query, today);
        let mut found = match judgement.verdict {
            Verdict::Answer(entry) => vec![entry],
            Verdict::Suggest(entries) => entries,
            Verdict::SmallTalk(_) => return Vec::new(),
            Verdict::Forward { .. } => Vec::new(),
        };
        let plain = Plain::of(query, &self.analyzer.tokens(query), &self.analyzer);
        let others = judgement.ranked.iter().filter(|(_, chance)| *chance >= WORTH_A_LOOK).map(|(entry, _)| *entry);
        for entry in self.fair_offers(&plain, others, today) {
            if !found.contains(&entry) {
                found.push(entry);
            }
        }
        found
    }

    /// What `entry` says on `today` that contradicts the question, and for which it is no answer; see [`agree`].
    pub fn contradiction(&self, question: &str, entry: usize, today: NaiveDate) -> Option<Contradiction> {
        let plain = Plain::of(question, &self.analyzer.tokens(question), &self.analyzer);
        self.agreement.contradiction(&plain, entry, today)
    }

    /// From which confidence on each verdict is given.
    pub fn thresholds(&self) -> Thresholds {
        self.learnt.thresholds
    }

    /// A story around the question drowns it, and a sentence without its story may mean something else. So what the whole
    /// message says of an entry and what the sentence that fits it best says are heard alike: the mean of their log odds
    /// counts if it is higher. In a long message this may put another of the first three entries in front. Gives the chance
    /// that the first entry is right.
    fn heed_sentences(&self, message: &str, whole: &mut Evidence) -> f64 {
        let confidence = self.chance(whole);
        let Some(&(_, top)) = whole.ranked.first() else { return confidence };
        let sentences = self.sentences(message);
        let rivals = if sentences.len() >= STORY { OFFERED } else { 1 };
        let mut best = (0, confidence);
        for (place, &(entry, chance)) in whole.ranked.iter().take(rivals).enumerate() {
            let alone = confidence * chance / top.max(1e-12);
            let told = sentences.iter().filter(|s| s.first == Some(entry)).map(|s| s.chance).fold(0.0, f64::max);
            let both = if told > alone { logistic::mean_of_odds(alone, told) } else { alone };
            if both > best.1 {
                best = (place, both);
            }
        }
        if best.0 > 0 {
            // The row tells of the entry that was first.
            whole.row.clear();
        }
        whole.ranked[..=best.0].rotate_right(1);
        whole.ranked[0].1 = top;
        best.1
    }

    /// The sentences of a message that has more than one, each with the entry it finds.
    fn sentences<'m>(&self, message: &'m str) -> Vec<Sentence<'m>> {
        sentences(message)
            .filter_map(|text| {
                let tokens = self.analyzer.tokens(text);
                let evidence = (!tokens.is_empty()).then(|| self.evidence(&tokens).0)?;
                let first = evidence.ranked.first().map(|r| r.0);
                Some(Sentence { text, first, chance: self.chance(&evidence) })
            })
            .collect()
    }

    /// The chance that the first entry is right.
    fn chance(&self, evidence: &Evidence) -> f64 {
        self.learnt.confidence.chance(&evidence.row).min(evidence.most)
    }

    fn evidence(&self, tokens: &[Token]) -> (Evidence, index::Signals) {
        let signals = self.index.signals(tokens, &features(tokens));
        (weigh(&signals, |_| true), signals)
    }

    /// An entry that contradicts what the question says plainly is not answered; see [`agree`].
    fn heed_plain_words(
        &self,
        question: &str,
        tokens: &[Token],
        verdict: Verdict,
        ranked: &[(usize, f64)],
        today: NaiveDate,
    ) -> Verdict {
        let plain = || Plain::of(question, tokens, &self.analyzer);
        let offer = |plain: &Plain, entries: Vec<usize>| {
            let fair = self.fair_offers(plain, entries, today);
            if fair.len() > 1 { Verdict::Suggest(fair) } else { Verdict::Forward { expired: None } }
        };
        match verdict {
            Verdict::Answer(entry) => {
                let plain = plain();
                match self.agreement.contradiction(&plain, entry, today) {
                    None => verdict,
                    Some(why) => offer(&plain, self.agreement.instead(&plain, &why, ranked, today)),
                }
            }
            Verdict::Suggest(_) => offer(&plain(), ranked.iter().map(|r| r.0).collect()),
            Verdict::SmallTalk(_) | Verdict::Forward { .. } => verdict,
        }
    }

    fn verdict(&self, question: &str, evidence: &Evidence, confidence: f64, today: NaiveDate) -> Verdict {
        let thresholds = &self.learnt.thresholds;
        let Some(&(first, _)) = evidence.ranked.first() else { return Verdict::Forward { expired: None } };
        let valid = |entry: usize| self.rules[entry].is_valid(today);
        let unexplained = || {
            plain::is_written_with_care(question) && evidence.coverage().is_some_and(|share| share < LEAST_EXPLAINED)
        };
        // What is one of its phrasings word for word, and of no other entry, is what the maintainer said that it answers.
        let needed = if evidence.is_word_for_word() {
            thresholds.suggest
        } else if unexplained() {
            NEVER
        } else if self.rules[first].sensitive {
            thresholds.answer_sensitive
        } else {
            thresholds.answer
        };
        let small_talk = evidence
            .small_talk
            .as_ref()
            .filter(|(_, row)| {
                self.learnt.small_talk.chance(row) >= thresholds.small_talk && is_plainly_small_talk(row)
            })
            .map(|(kind, _)| *kind);
        if let Some(kind) = small_talk.filter(|_| confidence < thresholds.answer) {
            Verdict::SmallTalk(Some(kind))
        } else if confidence >= thresholds.suggest && !valid(first) {
            Verdict::Forward { expired: Some(first) }
        } else if confidence >= needed {
            Verdict::Answer(first)
        } else if confidence >= thresholds.suggest {
            let offered: Vec<usize> = evidence.ranked.iter().map(|r| r.0).filter(|&e| valid(e)).take(OFFERED).collect();
            if offered.len() > 1 { Verdict::Suggest(offered) } else { Verdict::Forward { expired: None } }
        } else {
            Verdict::Forward { expired: None }
        }
    }
}

/// What one sentence of a message says by itself.
struct Sentence<'m> {
    text: &'m str,
    /// The entry it finds.
    first: Option<usize>,
    /// The chance that this entry is right.
    chance: f64,
}

/// The sentences of a message that has more than one. A stop inside an address of the web or a number ends none.
fn sentences(message: &str) -> impl Iterator<Item = &str> {
    let mut ends: Vec<usize> = message
        .match_indices(['.', '?', '!', '\n', ';'])
        .filter(|&(at, sign)| sign != "." || !plain::is_inside(message, at))
        .map(|(at, _)| at + 1)
        .collect();
    ends.push(message.len());
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let parts: Vec<&str> = starts
        .zip(ends.iter().copied())
        .map(|(start, end)| message[start..end].trim())
        .filter(|part| part.chars().any(char::is_alphabetic))
        .collect();
    let several = parts.len() > 1;
    parts.into_iter().take(MOST_SENTENCES).filter(move |_| several)
}

fn classes(faq: &Faq) -> Classes {
    Classes { entries: faq.entries.len(), small_talk: faq.small_talk.len() }
}

/// All that is indexed, in order, each with its class: titles and phrasings, small talk, what no entry answers.
fn texts(faq: &Faq) -> impl Iterator<Item = (&str, usize)> {
    let classes = classes(faq);
    let small_talk = faq.small_talk.iter().enumerate();
    let small_talk = small_talk
        .flat_map(move |(kind, talk)| talk.questions.iter().map(move |q| (q.text.as_str(), classes.entries + kind)));
    let outside = faq.outside.iter().map(move |q| (q.text.as_str(), classes.outside()));
    phrasings(faq).chain(small_talk).chain(outside)
}

/// What the rows and columns of the table of civil servants are called: words to know, though nothing is learnt of them.
fn called(faq: &Faq) -> impl Iterator<Item = &str> {
    let table = &faq.asn_check;
    table.who.iter().chain(&table.what).flat_map(|heading| &heading.called).map(|phrasing| phrasing.text.as_str())
}

/// Those of them whose number `keeps` takes.
fn examples(faq: &Faq, analyzer: &Analyzer, keeps: impl Fn(usize) -> bool) -> Vec<Example> {
    let kept = texts(faq).enumerate().filter(|(number, _)| keeps(*number));
    kept.map(|(_, (text, class))| example(text, class, analyzer)).collect()
}

fn example(text: &str, class: usize, analyzer: &Analyzer) -> Example {
    let tokens = analyzer.tokens(text);
    Example { key: chance::key(text), features: features(&tokens), tokens, class }
}

/// The titles and phrasings of all entries, each with its entry's number, in the order in which they are indexed.
fn phrasings(faq: &Faq) -> impl Iterator<Item = (&str, usize)> {
    faq.entries.iter().enumerate().flat_map(|(number, entry)| {
        // Of a FAQ without titles a phrasing stands for one.
        let title = Some(entry.title.as_str()).filter(|title| entry.questions.iter().all(|q| q.text != *title));
        title.into_iter().chain(entry.questions.iter().map(|q| q.text.as_str())).map(move |text| (text, number))
    })
}
