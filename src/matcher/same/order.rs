//! In which order a text names what it is about: two things that change places, and who does what to whom.

use std::collections::{BTreeMap, BTreeSet};

/// Words between two of which it makes no odds which comes first.
pub(super) const JOINS: &str = "dan atau sama dengan serta antara apa";
/// Stands for one of [`JOINS`].
const JOIN: &str = "&";
/// Stands for the end of a clause.
const END: &str = "";
/// How many words on each side of an act may be who does it, and to whom it is done.
const BESIDE: usize = 2;

/// What a text names, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Order {
    words: Vec<String>,
    /// Where acts stand, each with whether it is done to what stands before it.
    acts: Vec<(usize, bool)>,
    /// Where people and bodies stand.
    actors: BTreeSet<usize>,
    /// Of what something is denied: what stands right before a negation.
    denied: BTreeSet<String>,
    /// Where it names places at which something is: nobody does anything there, and nothing is done to them.
    located: BTreeSet<usize>,
    /// Whether what comes is such a place.
    locates: bool,
}

/// On which side of a word another stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Before,
    Behind,
}

impl Order {
    pub(super) fn join(&mut self) {
        self.words.push(JOIN.to_owned());
    }

    /// Denies what follows.
    pub(super) fn deny(&mut self) {
        self.denied.extend(self.words.last().filter(|last| *last != END && *last != JOIN).cloned());
    }

    /// Takes in what another clause names.
    pub(super) fn absorb(&mut self, other: &Self) {
        let before = self.words.len();
        self.words.extend(other.words.iter().cloned());
        self.acts.extend(other.acts.iter().map(|(at, passive)| (before + at, *passive)));
        self.actors.extend(other.actors.iter().map(|at| before + at));
        self.denied.extend(other.denied.iter().cloned());
        self.located.extend(other.located.iter().map(|at| before + at));
    }

    pub(super) fn end_clause(&mut self) {
        self.words.push(END.to_owned());
        self.locates = false;
    }

    /// What follows, up to an act or the end of the clause, is where something is ("di kaca angkot").
    pub(super) fn locate(&mut self) {
        self.locates = true;
    }

    /// Adds a word; `act` tells of an act whether it is done to what stands before it, `actor` whether it is somebody.
    pub(super) fn push(&mut self, stem: &str, act: Option<bool>, actor: bool) {
        if self.words.last().is_some_and(|last| last == stem) {
            return;
        }
        if let Some(passive) = act {
            self.acts.push((self.words.len(), passive));
            self.locates = false;
        }
        if self.locates {
            self.located.insert(self.words.len());
        }
        if actor {
            self.actors.insert(self.words.len());
        }
        self.words.push(stem.to_owned());
    }

    /// What stands elsewhere in `other`, so that another question is asked.
    pub(super) fn turned(&self, other: &Self) -> Option<String> {
        self.exchanged(other)
            .or_else(|| self.done_to_another(other))
            .or_else(|| self.said_of_another(other))
            .or_else(|| self.denied_of_another(other))
    }

    /// Of what something is denied here, where both name it and `other` denies something of another that both name.
    fn denied_of_another(&self, other: &Self) -> Option<String> {
        let both = |word: &String| self.words.contains(word) && other.words.contains(word);
        let turned = self.denied.is_disjoint(&other.denied) && self.denied.union(&other.denied).all(both);
        let first = self.denied.first().filter(|_| turned && !other.denied.is_empty());
        first.cloned()
    }

    /// Two words are exchanged if each stands beside the neighbours that the other one has in `other`, more than beside its own.
    fn exchanged(&self, other: &Self) -> Option<String> {
        let (own, theirs) = (self.neighbours(), other.neighbours());
        let both: Vec<&str> = own.keys().filter(|word| theirs.contains_key(*word)).copied().collect();
        // An act and what it is done to change places as the verb does.
        let acts = |order: &Self, word: &str| order.acts.iter().any(|(at, _)| order.words[*at] == word);
        let is_act = |word: &str| acts(self, word) || acts(other, word);
        // Beside a verb that was turned round each stands where the other one stood.
        let voices = |order: &Self, word: &str| -> BTreeSet<bool> {
            let own = order.acts.iter().filter(|(at, _)| order.words[*at] == word);
            own.map(|(_, passive)| *passive).collect()
        };
        let is_turned = |word: &str| voices(self, word) != voices(other, word);
        for (at, a) in both.iter().enumerate() {
            for b in both[at + 1..].iter().filter(|b| is_act(a) == is_act(b)) {
                if self.joins(a, b) && other.joins(a, b) {
                    continue;
                }
                // Which of the two comes first is no evidence: "link lain", "another link".
                let alike = |word: &str, twin: &str| {
                    let own = own[word].iter().filter(|(_, beside)| beside != a && beside != b && !is_turned(beside));
                    own.filter(|near| theirs[twin].contains(*near)).count()
                };
                let (there, back) = (alike(a, b), alike(b, a));
                if there > 0 && back > 0 && there + back > alike(a, a) + alike(b, b) {
                    return Some(format!("{a}, {b}"));
                }
            }
        }
        None
    }

    /// Whether both stand beside one of [`JOINS`] between them.
    fn joins(&self, a: &str, b: &str) -> bool {
        self.words
            .windows(3)
            .any(|three| three[1] == JOIN && (three[0] == a && three[2] == b || three[0] == b && three[2] == a))
    }

    fn neighbours(&self) -> BTreeMap<&str, BTreeSet<(Side, &str)>> {
        let mut all: BTreeMap<&str, BTreeSet<(Side, &str)>> = BTreeMap::new();
        let means = |word: &str| word != JOIN && word != END;
        for word in self.words.iter().filter(|word| means(word)) {
            all.entry(word).or_default();
        }
        for two in self.words.windows(2).filter(|two| means(&two[0]) && means(&two[1])) {
            all.entry(&two[0]).or_default().insert((Side::Behind, &two[1]));
            all.entry(&two[1]).or_default().insert((Side::Before, &two[0]));
        }
        all
    }

    /// The act that in `other` is done by those to whom it is done here.
    fn done_to_another(&self, other: &Self) -> Option<String> {
        for (at, passive) in &self.acts {
            let (before, behind) = self.beside(*at);
            for (there, turned) in other.acts.iter().filter(|(there, _)| other.words[*there] == self.words[*at]) {
                let (left, right) = other.beside(*there);
                let meet = |own: &BTreeSet<&str>, theirs: &BTreeSet<&str>| !own.is_disjoint(theirs);
                let stays = meet(&before, &left) || meet(&behind, &right);
                let goes = meet(&before, &right) && meet(&behind, &left);
                let same_side = meet(&before, &left) && meet(&behind, &right);
                let crosses = meet(&before, &right) || meet(&behind, &left);
                if passive == turned && goes && !stays || passive != turned && same_side && !crosses {
                    return Some(self.words[*at].clone());
                }
            }
        }
        None
    }

    /// What is said of somebody else in `other`, where both are named in both: "kadesnya kena sanksi", "istrinya kena sanksi".
    fn said_of_another(&self, other: &Self) -> Option<String> {
        let names = |order: &Self, who: &str| order.actors.iter().any(|at| order.words[*at] == who);
        let (own, theirs) = (self.said(), other.said());
        let turned = own.iter().find(|(what, who)| {
            theirs.get(*what).is_some_and(|others| {
                who.is_disjoint(others)
                    && who.iter().all(|who| names(other, who))
                    && others.iter().all(|who| names(self, who))
            })
        });
        turned.map(|(what, _)| (*what).to_owned())
    }

    /// What stands right behind somebody, and is no act.
    fn said(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut said: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for who in &self.actors {
            let at = who + 1;
            let Some(word) = self.words.get(at).filter(|word| *word != JOIN && *word != END) else { continue };
            if !self.actors.contains(&at) && !self.acts.iter().any(|(act, _)| *act == at) {
                said.entry(word).or_default().insert(&self.words[*who]);
            }
        }
        said
    }

    /// The words of the clause that stand before, and behind, the one at `at`.
    fn beside(&self, at: usize) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let word = |place: usize| self.words[place].as_str();
        let means = |place: &usize| word(*place) != JOIN && !self.located.contains(place);
        let before = (0..at).rev().take_while(|place| word(*place) != END);
        let behind = (at + 1..self.words.len()).take_while(|place| word(*place) != END);
        (before.filter(means).take(BESIDE).map(word).collect(), behind.filter(means).take(BESIDE).map(word).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words as they are; "&" joins, "," ends a clause, "!" denies, "-x" is an act, "_x" one that is done to what stands before it.
    fn order(text: &str) -> Order {
        let mut order = Order::default();
        for word in text.split(' ') {
            match word {
                "&" => order.join(),
                "," => order.end_clause(),
                "!" => order.deny(),
                word => match (word.strip_prefix('-'), word.strip_prefix('_')) {
                    (Some(act), _) => order.push(act, Some(false), false),
                    (_, Some(act)) => order.push(act, Some(true), false),
                    _ => order.push(word, None, matches!(word, "istri" | "kades")),
                },
            }
        }
        order
    }

    #[test]
    fn two_that_change_places_ask_another_question() {
        for (a, b) in [
            ("ktp medan tinggal padang", "ktp padang tinggal medan"),
            ("masuk lewat pintu keluar", "keluar lewat pintu masuk"),
            ("kotak pps ppk kawal", "kotak ppk pps kawal"),
            ("sopir kampanye , bupati hukum", "bupati kampanye , sopir hukum"),
            ("ketua kpps _marah saksi", "saksi _marah ketua kpps"),
            ("saksi -marah ketua", "saksi _marah ketua"),
            ("istri kades kampanye , kades sanksi", "kades kampanye , istri sanksi"),
            ("undangan dpt , nama ! ada", "undangan ! ada , nama dpt"),
        ] {
            assert!(order(a).turned(&order(b)).is_some(), "{a} | {b}");
        }
    }

    #[test]
    fn clauses_may_stand_anywhere() {
        for (a, b) in [
            ("saksi masuk tps , datang lambat", "saksi datang lambat , masuk tps"),
            ("ktp & kk hilang", "kk & ktp hilang"),
            ("saksi -marah ketua", "ketua _marah saksi"),
            ("pakai daster coblos", "coblos pakai daster"),
        ] {
            assert!(order(a).turned(&order(b)).is_none(), "{a} | {b}");
        }
    }
}
