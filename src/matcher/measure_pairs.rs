//! How well the same questions are told from different ones: labelled pairs against [`super::same`].

use serde::Deserialize;

/// Two questions, and whether they are the same.
#[derive(Debug, Deserialize)]
pub struct Pair {
    /// One.
    pub a: String,
    /// The other.
    pub b: String,
    /// Whether one answer is right for both.
    pub same: bool,
    /// What tells them apart, or in what the same differs.
    #[serde(default)]
    pub why: String,
}

/// Counts over a set of pairs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct PairTally {
    /// Pairs that are the same.
    pub same: usize,
    /// Of them, those joined.
    pub joined: usize,
    /// Pairs that are different.
    pub different: usize,
    /// Of them, those joined.
    pub joined_wrongly: usize,
}

impl PairTally {
    /// Counts one pair.
    pub fn add(&mut self, pair: &Pair, joined: bool) {
        let (all, taken) = if pair.same {
            (&mut self.same, &mut self.joined)
        } else {
            (&mut self.different, &mut self.joined_wrongly)
        };
        *all += 1;
        *taken += usize::from(joined);
    }

    /// Pairs.
    pub fn pairs(&self) -> usize {
        self.same + self.different
    }

    /// Those of them joined.
    pub fn all_joined(&self) -> usize {
        self.joined + self.joined_wrongly
    }
}

/// Reads labelled pairs, one JSON object a line; or the number of the first line that is none, and why.
pub fn parse(text: &str) -> Result<Vec<Pair>, (usize, serde_json::Error)> {
    super::measure::lines(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_label() {
        let pairs = parse(
            "{\"a\":\"x\",\"b\":\"y\",\"same\":true,\"why\":\"order\"}\n\n{\"a\":\"x\",\"b\":\"z\",\"same\":false}",
        );
        let pairs = pairs.expect("two pairs");
        let mut tally = PairTally::default();
        for (pair, joined) in pairs.iter().zip([true, true]) {
            tally.add(pair, joined);
        }
        assert_eq!(tally, PairTally { same: 1, joined: 1, different: 1, joined_wrongly: 1 });
        assert_eq!((tally.pairs(), tally.all_joined()), (2, 2));
        assert_eq!(parse("{\"a\":1}").expect_err("no pair").0, 1);
    }
}
