//! How well claims are found: labelled texts against what the matcher names in them.

use serde::Deserialize;

use super::claim::Claims;

/// A labelled text.
#[derive(Debug, Deserialize)]
pub struct LabelledText {
    /// The text.
    pub text: String,
    /// The entry of the claim in it; none if there is none. It may be one that the FAQ does not hold.
    pub claim: Option<String>,
    /// What sort of text it is: chain letter, debunk, news, ...
    #[serde(default)]
    pub kind: String,
}

/// What was named in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// Whether the FAQ holds the text's claim.
    pub held: bool,
    /// Whether a claim is named.
    pub any: bool,
    /// Whether the right one is among those named: of two claims in one text the label tells one.
    pub right: bool,
    /// Whether another one is named.
    pub other: bool,
}

impl LabelledText {
    /// What `claims` names in it; `ids` are those of all entries, `holds` tells which have a claim.
    pub fn judge(&self, claims: &Claims, ids: &[&str], holds: impl Fn(&str) -> bool) -> Named {
        let own = self.claim.as_deref().filter(|id| holds(id));
        let named: Vec<&str> = claims.asserted.iter().map(|&entry| ids[entry]).collect();
        Named {
            held: own.is_some(),
            any: !named.is_empty(),
            right: own.is_some_and(|own| named.contains(&own)),
            other: named.iter().any(|id| own != Some(id)),
        }
    }
}

/// Counts over a set of texts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct ClaimTally {
    /// Texts.
    pub texts: usize,
    /// Those with a claim that the FAQ holds.
    pub claims: usize,
    /// Of them, those whose claim is named.
    pub found: usize,
    /// Texts with a claim, held or not, in which others are named and not the right one.
    pub misnamed: usize,
    /// Texts in which another one is named beside the right one: it may well stand there too.
    pub beside: usize,
    /// Texts without a claim.
    pub clean: usize,
    /// Of them, those in which one is named.
    pub false_alarms: usize,
    /// Texts in which one is named.
    pub named: usize,
    /// Texts in which the right one is named, or none where none is to be named.
    pub right: usize,
}

impl ClaimTally {
    /// Counts one text.
    pub fn add(&mut self, text: &LabelledText, named: Named) {
        self.texts += 1;
        self.named += usize::from(named.any);
        self.claims += usize::from(named.held);
        self.found += usize::from(named.right);
        self.beside += usize::from(named.right && named.other);
        self.right += usize::from(if named.held { named.right } else { !named.any });
        if text.claim.is_some() {
            self.misnamed += usize::from(named.any && !named.right);
        } else {
            self.clean += 1;
            self.false_alarms += usize::from(named.any);
        }
    }
}

/// Reads labelled texts, one JSON object a line; or the number of the first line that is none, and why.
pub fn parse(text: &str) -> Result<Vec<LabelledText>, (usize, serde_json::Error)> {
    super::measure::lines(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_as_found_misnamed_and_false() {
        let ids = ["a", "b", "c"];
        let tally = |claim: Option<&str>, asserted: &[usize]| {
            let text = LabelledText { text: String::new(), claim: claim.map(str::to_owned), kind: String::new() };
            let claims = Claims { asserted: asserted.to_vec(), offered: vec![2] };
            let mut tally = ClaimTally::default();
            tally.add(&text, text.judge(&claims, &ids, |id| id == "a" || id == "b"));
            (tally.claims, tally.found, tally.misnamed, tally.clean, tally.false_alarms, tally.right)
        };
        assert_eq!(tally(Some("a"), &[0]), (1, 1, 0, 0, 0, 1));
        assert_eq!(tally(Some("a"), &[0, 1]), (1, 1, 0, 0, 0, 1));
        assert_eq!(tally(Some("a"), &[1]), (1, 0, 1, 0, 0, 0));
        assert_eq!(tally(Some("a"), &[]), (1, 0, 0, 0, 0, 0));
        // A claim that the FAQ does not hold: right is to name none.
        assert_eq!(tally(Some("z"), &[]), (0, 0, 0, 0, 0, 1));
        assert_eq!(tally(Some("z"), &[0]), (0, 0, 1, 0, 0, 0));
        assert_eq!(tally(None, &[]), (0, 0, 0, 1, 0, 1));
        assert_eq!(tally(None, &[0]), (0, 0, 0, 1, 1, 0));
    }
}
