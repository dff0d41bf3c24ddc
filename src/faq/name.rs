//! Which elections and stages an entry speaks of, by the names in its templates.

use super::Faq;
use super::entry::{Body, Entry};

/// Names of templates that belong to no election.
const NO_ELECTION: [&str; 2] = ["bot", "kini"];

/// A name of an election in a template, `pemilu2024.pemungutan_suara`: its first two parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// The election's key.
    pub election: String,
    /// What of it is named; empty if it is named as a whole. See [`Faq::stage_of`] for whether that is a stage.
    pub key: String,
}

impl Entry {
    /// What it names, in the order in which that is written; the stage whose phases its texts follow comes first.
    pub fn mentions(&self) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        if let Body::Staged { election, stage, .. } = &self.body {
            found.push(Mention { election: election.clone(), key: stage.clone() });
        }
        for template in self.body.templates() {
            for (election, key) in names(&template.value).filter(|(election, _)| !NO_ELECTION.contains(election)) {
                let mention = Mention { election: election.to_owned(), key: key.to_owned() };
                if !found.contains(&mention) {
                    found.push(mention);
                }
            }
        }
        found
    }
}

impl Faq {
    /// The stage that `mention` names, with its election; none if it names something else.
    pub fn stage_of(&self, mention: &Mention) -> Option<(&super::election::Election, &super::election::Stage)> {
        let election = self.elections().find(|e| e.key == mention.election)?;
        election.stage(&mention.key).map(|stage| (election, stage.as_ref()))
    }
}

/// The first two parts of each name in a template.
fn names(template: &str) -> impl Iterator<Item = (&str, &str)> {
    template.split("{{").skip(1).map(|rest| {
        let expression = rest.split("}}").next().unwrap_or_default();
        let name = expression.split('|').next().unwrap_or_default();
        let mut parts = name.split('.').map(str::trim);
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_before_the_filters() {
        let found: Vec<_> =
            names("Pada {{ a.b | kapan(\"x.y\") }} dan {{c.figures.dpt}}; {{ kini.ringkas }} {{ d").collect();
        assert_eq!(found, [("a", "b"), ("c", "figures"), ("kini", "ringkas"), ("d", "")]);
    }
}
