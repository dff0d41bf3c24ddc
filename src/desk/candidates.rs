//! `/kandidat`: the candidates in ballot order, each with the same lines; the parties with their numbers; the ballots.
//! Between two elections it says whose they were.

use super::picture::{Ballot, Picture};
use super::schedule::Words;
use super::{Desk, Effect, VoterId};
use crate::faq::day_of;
use crate::faq::election::{Datum, Election, Item, Kind, VOTE, candidate, item};
use crate::faq::home_time;

/// What is told of each candidate, if it is known of all: the key in the election's file and that of the line.
const FIELDS: [(&str, &str); 5] = [
    ("posts", "candidate_posts"),
    ("deputy_posts", "candidate_deputy_posts"),
    ("parties", "candidate_parties"),
    ("vision", "candidate_vision"),
    ("programme", "candidate_programme"),
];

impl<'a> Desk<'a> {
    pub(super) fn candidates(&mut self, voter: VoterId) {
        let (next, Some(election)) = self.whose_candidates() else {
            return self.tell(voter, "candidates_none", &[]);
        };
        let today = day_of(self.now);
        let mut text = Words::default();
        if let Some(next) = next {
            text.bold(&self.say("candidates_unknown", &[("election", &next)]));
            text.plain(" ");
            text.plain(&self.say("candidates_past", &[("election", election.name_in(self.language))]));
        }
        let candidates = election.known_items("candidates", today);
        text.gap();
        if candidates.is_empty() {
            text.bold(&self.say("candidates_unknown", &[("election", election.name_in(self.language))]));
        } else {
            self.tell_candidates(&mut text, election, &candidates);
        }
        let parties = election.known_items("parties", today);
        self.tell_parties(&mut text, election, &parties);
        let ballots = election.known_items("ballots", today);
        let ballots: Vec<Ballot> = ballots.iter().filter_map(|item| self.ballot(item)).collect();
        let title = self.say("ballots_title", &[("election", election.name_in(self.language))]);
        if !ballots.is_empty() {
            text.gap();
            text.bold(&title);
            for ballot in &ballots {
                text.plain(&format!("\n• {}: {}", ballot.colour, ballot.election));
            }
        }
        self.cite(&mut text, &[election]);
        let pages = candidates.iter().filter_map(|item| written(item, "page"));
        let of_parties = election.parties_page.iter().map(|page| page.value.clone()).filter(|_| !parties.is_empty());
        let rows =
            pages.chain(of_parties).filter_map(|page| self.entry_choice(&page)).map(|choice| vec![choice]).collect();
        self.effects.push(Effect::Menu { voter, text: text.done(), rows });
        if !ballots.is_empty() {
            let caption = self.say("ballots_caption", &[("election", election.name_in(self.language))]);
            self.picture(voter, Picture::Ballots { title, ballots }, caption);
        }
    }

    /// Whose candidates are told of, and which election's are not known yet if that is another.
    fn whose_candidates(&self) -> (Option<String>, Option<&'a Election>) {
        let (faq, now) = (&self.knowledge.faq, home_time(self.now));
        let Some(current) = faq.current(Kind::National, self.now) else { return (None, None) };
        if current.is_over(now) {
            return (Some(self.say("election_next", &[])), Some(current));
        }
        let told = !current.known_items("candidates", now.date()).is_empty();
        let last = faq
            .elections()
            .filter(|election| election.kind == Kind::National && election.is_over(now))
            .max_by_key(|election| election.calendar(now).map(|stage| stage.end).max());
        match last {
            Some(last) if !told && current.stage_at(VOTE, now).is_none() => {
                (Some(current.name_in(self.language).to_owned()), Some(last))
            }
            _ => (None, Some(current)),
        }
    }

    fn tell_candidates(&self, text: &mut Words, election: &Election, candidates: &[Item]) {
        text.bold(&self.say("candidates_title", &[("election", election.name_in(self.language))]));
        let numbered = candidates.iter().all(|candidate| item::number(candidate).is_some());
        let mut ordered: Vec<&Item> = candidates.iter().collect();
        if !numbered {
            // The file has them in ballot order, which is not known yet.
            ordered.sort_by_key(|candidate| candidate::who(candidate));
            text.plain("\n");
            text.plain(&self.say("candidates_unnumbered", &[]));
        }
        let known = |key: &&(&str, &str)| {
            let people = candidates.iter().filter(|candidate| !candidate::is_empty_box(candidate));
            people.into_iter().all(|candidate| self.words(candidate, key.0).is_some())
        };
        let fields: Vec<&(&str, &str)> = FIELDS.iter().filter(known).collect();
        for candidate in ordered {
            let names = candidate::names(candidate).map(|names| self.language.list(&names));
            let who = names.or_else(|| candidate::who(candidate)).unwrap_or_default();
            let number = item::number(candidate).filter(|_| numbered).map(|number| format!("{number}. "));
            text.gap();
            text.bold(&format!("{}{who}", number.unwrap_or_default()));
            for (key, line) in &fields {
                let Some(value) = self.words(candidate, key) else { continue };
                let name =
                    self.words(candidate, if *key == "deputy_posts" { "deputy" } else { "name" }).unwrap_or_default();
                let values: &[(&str, &str)] = match *key {
                    "posts" | "deputy_posts" => &[("name", &name), ("value", &value)],
                    _ => &[("value", &value)],
                };
                text.plain("\n");
                text.plain(&self.say(line, values));
            }
        }
    }

    fn tell_parties(&self, text: &mut Words, election: &Election, parties: &[Item]) {
        let listed = |local: bool| {
            let own = parties.iter().filter(|party| (party.get("local") == Some(&Datum::Flag(true))) == local);
            let named =
                own.filter_map(|party| Some(format!("{} {}", item::number(party)?, self.words(party, "short")?)));
            named.collect::<Vec<_>>().join(", ")
        };
        let (all, local) = (listed(false), listed(true));
        if !all.is_empty() {
            text.gap();
            text.bold(&self.say("parties_title", &[("election", election.name_in(self.language))]));
            text.plain(&format!("\n{all}"));
        }
        if !local.is_empty() {
            text.plain("\n");
            text.plain(&self.say("parties_local", &[("parties", &local)]));
        }
    }

    fn ballot(&self, item: &Item) -> Option<Ballot> {
        let said = |key: &str, english: &str| {
            let english = written(item, english);
            written(item, key).map(|own| self.language.pick(&own, english.as_deref()).to_owned())
        };
        Some(Ballot { colour: said("colour", "colour_en")?, election: said("election", "election_en")? })
    }

    /// What an item has under `key`, in words.
    fn words(&self, item: &Item, key: &str) -> Option<String> {
        match candidate::value(item, key)? {
            Datum::Text(text) => Some(text.clone()),
            Datum::List(list) => Some(self.language.list(list)),
            Datum::Integer(number) => Some(self.language.integer(*number)),
            Datum::Decimal(number) => Some(self.language.decimal(*number)),
            Datum::Day(day) => Some(self.language.date(*day)),
            Datum::Flag(_) => None,
        }
    }
}

/// The text that an item has under `key`.
fn written(item: &Item, key: &str) -> Option<String> {
    match item.get(key)? {
        Datum::Text(text) => Some(text.clone()),
        _ => None,
    }
}
