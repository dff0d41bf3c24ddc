//! Whether two questions ask the same, so that one answer is right for both, word for word.
//!
//! Rather two cards than one wrong answer for all: two texts are the same only if nothing that an answer may hang on tells
//! them apart. What is read out of each text is its [`Gist`]:
//!
//! 1. Every number, name, place and day stands in both, and so does every word that the FAQ does not know. A typing error of a
//!    word in the other text is that word: letters left out, doubled or swapped, never one letter for another ("Rini" and
//!    "Rina" are two).
//! 2. Both ask for the same: when, where, who, how many, why; how it is done is not whether one may, and that is not
//!    whether one must.
//! 3. Both deny the same. "Boleh ga" only asks whether.
//! 4. What goes from one to another goes the same way, and who does something to whom, and who is what, is the same: what
//!    stands behind "dari", "ke", "sebelum" stays there, and so does who stands before "lapor" or "PNS".
//! 5. What is left over in either text are words that come and go without changing what is asked: those that the FAQ's own
//!    phrasings use in many entries and hardly ever in most phrasings of one, and those of `padanan.toml`.
//!
//! `read` reads it, `ask` what is asked for, `order` in which order things are named, `story` leaves out what only tells how
//! somebody came to ask, and `word` tells when two words are one.
//! Words are compared one by one, each as it is spelt or as part of what the lists put in its place. The rules, and which words
//! they name, are the project's own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod ask;
mod order;
mod read;
mod story;
mod word;

use super::Matcher;
use ask::{Asks, asked_by};
use order::Order;
pub(super) use read::Likeness;
use word::{Word, is_mistyped, number};

/// How much of the shorter text's weight must stand in the other.
const SHARED: f64 = 0.6;
/// How many words that mean something must be shared, where there are so many.
const FEWEST: usize = 2;
/// What a question asks, to be compared with others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gist {
    /// All of it.
    whole: Part,
    /// What each of its clauses says, where there are several.
    clauses: Vec<Part>,
    /// It holds what identifies a person: it is nobody else's question.
    private: bool,
}

/// What a question says, or one clause of it.
#[derive(Debug, Clone, PartialEq, Default)]
struct Part {
    /// Words as they are spelt, and with synonyms.
    levels: [Vec<Word>; 2],
    /// Numbers, names and times, each with the words that stand before it.
    facts: BTreeMap<String, BTreeSet<String>>,
    /// Facts under another name: with synonyms.
    renamed: BTreeMap<String, BTreeSet<String>>,
    /// What stands behind each of [`MARKS`].
    marked: BTreeMap<String, BTreeSet<String>>,
    /// Who is named right before a word for somebody: who is what ("suami PNS").
    bonds: BTreeMap<String, String>,
    /// What of [`ACTS`] is done, by whoever is named before it, and whether it is done to that one.
    acts: BTreeMap<String, (String, bool)>,
    asks: BTreeSet<Asks>,
    /// What its nouns may ask for.
    may_ask: BTreeSet<Asks>,
    /// In which order it names things: as they are spelt, and with synonyms, of which one may stand for several words.
    orders: [Order; 2],
    /// Whether it says that one may, and that one must.
    modal: (bool, bool),
    /// How much it denies, all in all.
    negations: usize,
    /// How much of that it says in so many words.
    said_negations: usize,
    /// Whether it names a place or a party.
    names: bool,
}

/// Why two questions are not taken for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Apart {
    /// One of them holds what identifies a person.
    Private,
    /// They ask for different things.
    Asks,
    /// One denies what the other does not.
    Negation(String),
    /// A number, a name, a time or an unknown word stands in one of them only.
    Only(String),
    /// It goes the other way, or is done by the other one.
    Turned(String),
    /// Words are left over.
    Left(Vec<String>),
    /// They share too little.
    Little,
}

impl Matcher {
    /// What `question` asks, to be compared with others.
    pub fn gist(&self, question: &str) -> Arc<Gist> {
        self.gists.find(question, || Arc::new(self.likeness.gist(question)))
    }
}

impl Gist {
    /// Whether it holds what identifies a person.
    pub fn is_private(&self) -> bool {
        self.private
    }

    /// Whether it names a place or a party.
    pub fn names_somewhere(&self) -> bool {
        self.whole.names
    }

    /// The stems by which texts that may ask the same are found.
    pub fn keys(&self) -> BTreeSet<&str> {
        let own = self.whole.levels[1].iter().filter(|word| !word.light).map(|word| word.stem.as_str());
        own.chain(self.whole.facts.keys().map(String::as_str)).collect()
    }

    /// Whether `other` asks the same; if not, why.
    ///
    /// # Errors
    ///
    /// What tells the two apart.
    pub fn compare(&self, other: &Self) -> Result<(), Apart> {
        if self.private || other.private {
            return Err(Apart::Private);
        }
        self.whole.compare(&other.whole).or_else(|apart| {
            let told = |short: &Self, long: &Self| {
                story::without(&long.clauses, &short.whole).is_some_and(|asked| short.whole.compare(&asked).is_ok())
            };
            if told(self, other) || told(other, self) { Ok(()) } else { Err(apart) }
        })
    }
}

impl Part {
    /// Whether `other` asks the same; if not, why.
    fn compare(&self, other: &Self) -> Result<(), Apart> {
        self.compare_facts(other)?;
        let agree = ask::agree((&self.asks, &self.may_ask), (&other.asks, &other.may_ask));
        if !agree || self.is_may_and_must(other) {
            return Err(Apart::Asks);
        }
        let denies = |all: fn(&Self) -> usize| (all(self) == 0) != (all(other) == 0);
        if denies(|gist| gist.negations) && denies(|gist| gist.said_negations) {
            return Err(Apart::Negation(String::new()));
        }
        if let Some(turned) = self.turned(other) {
            return Err(Apart::Turned(turned));
        }
        compare_words(self, other)
    }

    fn compare_facts(&self, other: &Self) -> Result<(), Apart> {
        for (own, theirs) in [(self, other), (other, self)] {
            let renamed =
                |fact: &String| own.renamed.get(fact).is_some_and(|names| names.iter().all(|name| theirs.states(name)));
            if let Some(fact) = own.facts.keys().find(|fact| !theirs.states(fact) && !renamed(fact)) {
                return Err(Apart::Only(fact.clone()));
            }
        }
        // "TPS 3 dapil 2" is not "TPS 2 dapil 3".
        let stands = |gist: &Self, stem: &String| {
            gist.facts.contains_key(stem) || gist.levels.iter().flatten().any(|word| word.stem == *stem)
        };
        for (fact, before) in self.facts.iter().filter(|(fact, _)| number(fact).is_some()) {
            let Some(theirs) = other.facts.get(fact) else { continue };
            let elsewhere = |gist: &Self, before: &BTreeSet<String>| {
                !before.is_empty() && before.iter().all(|stem| stands(gist, stem))
            };
            if before.is_disjoint(theirs) && elsewhere(other, before) && elsewhere(self, theirs) {
                return Err(Apart::Turned(fact.clone()));
            }
        }
        Ok(())
    }

    /// Whether `word` is one of its facts, mistyped.
    fn names_fact(&self, word: &str) -> bool {
        self.facts.keys().any(|fact| number(fact).is_none() && is_mistyped(word, fact))
            || word == "satu" && self.facts.contains_key("1")
    }

    /// Whether it states the fact, if mistyped.
    fn states(&self, fact: &str) -> bool {
        let words = || self.levels[0].iter().map(|word| word.surface.as_str());
        let means = |word: &Word| word.others.iter().any(|other| other == fact);
        self.facts.contains_key(fact)
            || self.renamed.values().any(|names| names.contains(fact))
            || self.levels[0].iter().any(means)
            || self.levels[1].iter().any(|word| word.stem == fact)
            || fact == "1" && words().any(|word| word == "satu")
            || number(fact).is_none()
                && words().chain(self.facts.keys().map(String::as_str)).any(|word| is_mistyped(word, fact))
    }

    fn is_may_and_must(&self, other: &Self) -> bool {
        let only = |gist: &Self| (gist.modal.0 && !gist.modal.1, gist.modal.1 && !gist.modal.0);
        let (own, theirs) = (only(self), only(other));
        own.0 && theirs.1 || own.1 && theirs.0
    }

    /// What goes the other way, or is done by the other one.
    fn turned(&self, other: &Self) -> Option<String> {
        for (mark, own) in &self.marked {
            // "Dari A ke B" is turned round where the other goes to A or comes from B.
            // What stands at both ends tells nothing: "dari Lapas Porong ke Lapas Madiun".
            let at_end = |part: &Self, mark: &str, opposite: &str, word: &String| {
                let among = |mark: &str| part.marked.get(mark).is_some_and(|all| all.contains(word));
                among(mark) && !among(opposite)
            };
            let goes = |here: &str, there: &str| {
                let meets = own.iter().any(|word| at_end(self, here, there, word) && at_end(other, there, here, word));
                other.marked.get(there).filter(|_| meets)
            };
            let theirs = match mark.as_str() {
                "dari" => goes("dari", "ke"),
                "ke" => goes("ke", "dari"),
                _ => other.marked.get(mark).filter(|theirs| {
                    let stands = |own: &String, all: &BTreeSet<String>, mine: &Self, others: &Self| {
                        all.iter().any(|word| word == own || mine.says(own, others, word))
                    };
                    !theirs.iter().all(|word| stands(word, own, other, self))
                        && !own.iter().all(|word| stands(word, theirs, self, other))
                }),
            };
            if let Some(theirs) = theirs {
                return theirs.first().cloned();
            }
        }
        // "Dikirim pengawas ke saksi" and "dikirim saksi ke pengawas" name both, each at the other's end.
        let ends = |part: &Self| -> BTreeSet<String> {
            let end = part.marked.get("ke").into_iter().flatten().filter(|word| read::is_somebody(word));
            end.cloned().collect()
        };
        let (own, theirs) = (ends(self), ends(other));
        let both = |who: &String| self.names_somebody(who) && other.names_somebody(who);
        if !own.is_empty() && !theirs.is_empty() && own.is_disjoint(&theirs) && own.union(&theirs).all(both) {
            return own.first().cloned();
        }
        if let Some(turned) = self.orders.iter().zip(&other.orders).find_map(|(own, theirs)| own.turned(theirs)) {
            return Some(turned);
        }
        for (act, (who, passive)) in &self.acts {
            let Some((theirs, turned)) = other.acts.get(act) else { continue };
            let both = !who.is_empty() && !theirs.is_empty();
            // The verb is turned round and those who do it too, or neither.
            if both && (who == theirs) == (passive != turned) {
                return Some(act.clone());
            }
        }
        // "Istri polisi" is not spoken of where the wife stands elsewhere ("polisi pakai baju istri").
        let of_kin = |own: &Self, theirs: &Self| {
            let kin =
                own.bonds.iter().filter(|(what, who)| read::is_kin(who) && !read::is_kin(what) && *what != "saya");
            let elsewhere = kin.filter(|(what, who)| {
                theirs.names_somebody(who) && theirs.names_somebody(what) && {
                    let bound = |a: &str, b: &str| theirs.bonds.get(a).is_some_and(|own| own == b);
                    !bound(what, who) && !bound(who, what)
                }
            });
            elsewhere.map(|(what, _)| what.clone()).next()
        };
        if let Some(turned) = of_kin(self, other).or_else(|| of_kin(other, self)) {
            return Some(turned);
        }
        let bond = self.bonds.iter().find(|(what, who)| {
            let theirs = other.bonds.get(*what).filter(|theirs| theirs != who);
            // Both are named in both.
            theirs.is_some_and(|theirs| other.names_somebody(who) && self.names_somebody(theirs))
        });
        bond.map(|(what, _)| what.clone())
    }

    /// Whether what it calls `own` is what `other` calls `theirs`.
    fn says(&self, own: &str, other: &Self, theirs: &str) -> bool {
        let called = |part: &Self, name: &str| -> Vec<Word> {
            let words = part.levels.iter().flatten();
            words.filter(|word| word.stem == name || word.surface == name).cloned().collect()
        };
        let twins = called(other, theirs);
        called(self, own).iter().any(|word| twins.iter().any(|twin| word.is(twin)))
    }

    fn names_somebody(&self, who: &str) -> bool {
        self.bonds.iter().any(|(what, owner)| what == who || owner == who)
            || self.acts.values().any(|(actor, _)| actor == who)
            || self.levels.iter().flatten().any(|word| word.stem == who)
    }
}

/// How the words of one text stand in another.
#[derive(Default)]
struct Found<'g> {
    left: Vec<&'g Word>,
    shared: f64,
    count: BTreeSet<&'g str>,
}

/// Finds the words of one text in another: each as it is spelt, or what it is part of with synonyms.
fn find<'g>(own: &'g Part, theirs: &Part) -> Result<Found<'g>, Apart> {
    let mut found = Found::default();
    // A noun that asks is no word left over where the other text asks the same.
    let asks = |word: &Word| word.forms().any(|form| asked_by(form).is_some_and(|asked| theirs.asks.contains(&asked)));
    let mut take = |level: usize, word: &'g Word| -> Meets {
        let mut twins = theirs.levels[level].iter().filter(|other| word.is(other)).peekable();
        if twins.peek().is_none() {
            return Meets::Nothing;
        }
        // Of two that stand there one may be denied.
        if twins.all(|twin| matches!((twin.denied, word.denied), (None, Some(1)) | (Some(1), None))) {
            return Meets::Denial;
        }
        if found.count.insert(word.stem.as_str()) {
            found.shared += word.weight;
        }
        Meets::Twin
    };
    let [spelt, unified] = &own.levels;
    for word in spelt {
        let met = take(0, word);
        if met == Meets::Twin || word.light && met == Meets::Nothing {
            continue;
        }
        let mut missing = None;
        let mut whole = unified.iter().filter(|over| over.place.contains(&word.place.start)).peekable();
        if met == Meets::Denial && whole.peek().is_none() {
            return Err(Apart::Negation(word.surface.clone()));
        }
        for over in whole {
            match take(1, over) {
                Meets::Twin => {}
                Meets::Denial => return Err(Apart::Negation(over.surface.clone())),
                Meets::Nothing if met == Meets::Denial => return Err(Apart::Negation(word.surface.clone())),
                Meets::Nothing if over.light => {}
                Meets::Nothing => missing = missing.or(Some(over)),
            }
        }
        found.left.extend(missing);
    }
    // What only synonyms give: "is it ok".
    for over in unified.iter().filter(|over| !spelt.iter().any(|word| over.place.contains(&word.place.start))) {
        match take(1, over) {
            Meets::Denial => return Err(Apart::Negation(over.surface.clone())),
            Meets::Nothing if !over.light => found.left.push(over),
            Meets::Nothing | Meets::Twin => {}
        }
    }
    found.left.retain(|word| !asks(word));
    Ok(found)
}

/// What a word meets in another text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meets {
    Twin,
    /// The same word, which one of them denies.
    Denial,
    Nothing,
}

/// Whether the words of two texts say the same; if not, why.
fn compare_words(own: &Part, theirs: &Part) -> Result<(), Apart> {
    let (there, back) = (find(own, theirs)?, find(theirs, own)?);
    let mut left: Vec<&Word> = there.left.iter().chain(&back.left).copied().collect();
    left.retain(|word| !word.forms().any(|form| own.names_fact(form) || theirs.names_fact(form)));
    if let Some(word) = left.iter().find(|word| !word.known) {
        return Err(Apart::Only(word.surface.clone()));
    }
    left.retain(|word| !word.light);
    if !left.is_empty() {
        return Err(Apart::Left(left.iter().map(|word| word.surface.clone()).collect()));
    }
    let enough = |gist: &Part, found: &Found<'_>| {
        // As shared ones, a word that stands there twice counts once.
        let each: BTreeMap<&str, f64> = gist.levels[0].iter().map(|word| (word.stem.as_str(), word.weight)).collect();
        let whole: f64 = each.values().sum();
        let fewest = FEWEST.min(own.levels[0].len()).min(theirs.levels[0].len()).max(1);
        found.count.len() >= fewest && found.shared >= SHARED * whole
    };
    if enough(own, &there) || enough(theirs, &back) { Ok(()) } else { Err(Apart::Little) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::Faq;
    use crate::faq::source::Source;

    fn same(pairs: &[(&str, &str)]) -> Vec<bool> {
        let (faq, _) = Faq::load(&Source::BuiltIn);
        let matcher = Matcher::new(&faq.expect("a sound FAQ"));
        pairs.iter().map(|(a, b)| matcher.gist(a).compare(&matcher.gist(b)).is_ok()).collect()
    }

    #[test]
    fn other_spelling_and_order_is_the_same_question() {
        let pairs = [
            (
                "TPS 12 Sukarame kebanjiran, nyoblosnya pindah ke mana?",
                "tps 12 sukarame kbanjiran nyblosnya pindah kmn ya min",
            ),
            ("boleh ga celup jari kiri aja", "celup jari kiri aja boleh ga ya kak, makasih"),
            (
                "warung saya dipasangi baliho caleg, boleh dicopot?",
                "baliho caleg dipasang di warung saya, boleh dicopot ga",
            ),
            ("kapan honor KPPS cair", "honor kpps cairnya kpn sih"),
        ];
        assert_eq!(same(&pairs), [true; 4]);
    }

    #[test]
    fn what_an_answer_may_hang_on_tells_apart() {
        let pairs = [
            ("TPS 12 Sukarame pindah ke mana", "TPS 13 Sukarame pindah ke mana"),
            ("TPS di Bogor pindah ke mana", "TPS di Depok pindah ke mana"),
            ("ijazah pak Hendri asli ga", "ijazah pak Hendra asli ga"),
            ("RS Harapan Kita ada TPS?", "RS Harapan Bunda ada TPS?"),
            ("KTP saya hilang di pasar", "KK saya hilang di pasar"),
            ("besok boleh konvoi?", "lusa boleh konvoi?"),
            ("boleh konvoi di masa tenang", "ga boleh konvoi di masa tenang"),
            ("pindah dari Gowa ke Makassar", "pindah dari Makassar ke Gowa"),
            ("caleg melaporkan saksi ke Bawaslu", "saksi melaporkan caleg ke Bawaslu"),
            ("suami saya PNS, saya jualan", "saya PNS, suami saya jualan"),
            ("saksi menegur KPPS, boleh?", "KPPS menegur saksi, boleh?"),
            ("caleg nipu relawan lapor kemana", "relawan nipu caleg lapor kemana"),
            ("syarat daftar pantarlih", "cara daftar pantarlih"),
            ("pantarlih kerjanya kapan", "pantarlih kerjanya di mana"),
            ("celup tinta dulu baru nyoblos", "nyoblos dulu baru celup tinta"),
            ("NIK saya [nomor disamarkan] ganda", "NIK saya [nomor disamarkan] ganda"),
        ];
        assert_eq!(same(&pairs), [false; 16]);
    }
}
