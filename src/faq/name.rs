//! Which elections and stages an entry speaks of, by the names in its templates.

use chrono::{DateTime, FixedOffset};

use super::Faq;
use super::election::{Election, Kind, Stage};
use super::entry::{Body, Entry};
use super::template::naming::{Name, names};

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
    /// What it names: the stage whose phases its texts follow first, then by name.
    pub fn mentions(&self) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        if let Body::Staged { election, stage, .. } = &self.body {
            found.push(Mention { election: election.clone(), key: stage.clone() });
        }
        let named = self.templates().into_iter().flat_map(|template| names(&template.value));
        for Name { head, member } in named.filter(|name| !NO_ELECTION.contains(&name.head.as_str())) {
            let mention = Mention { election: head, key: member };
            if !found.contains(&mention) {
                found.push(mention);
            }
        }
        found
    }
}

impl Faq {
    /// The stage that `mention` names at `now`, with its election; none if it names something else. `pemilu` and
    /// `pilkada` stand for the election that runs or comes next.
    pub fn stage_of(&self, mention: &Mention, now: DateTime<FixedOffset>) -> Option<(&Election, &Stage)> {
        let election = match Kind::of_alias(&mention.election) {
            Some(kind) => self.current(kind, now)?,
            None => self.elections().find(|e| e.key == mention.election)?,
        };
        election.stage(&mention.key).map(|stage| (election, stage.as_ref()))
    }
}
