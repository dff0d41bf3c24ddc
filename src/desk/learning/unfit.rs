//! What a phrasing must not be, told from the words alone.

use crate::desk::Desk;
use crate::desk::grouping::person_in;
use crate::faq::phrasing::LONGEST_PHRASING;
use crate::text::normalize::words;

/// Fewest words that carry meaning.
const FEWEST_WORDS: usize = 2;
/// What stands in an address.
const LINKS: [&str; 4] = ["://", "www.", "t.me/", "wa.me/"];

impl Desk<'_> {
    /// Why `text` is no phrasing that may be learnt, in the words for moderators.
    pub(super) fn unfit_phrasing(&self, text: &str) -> Option<String> {
        let matcher = &self.knowledge.matcher;
        let lower = text.to_lowercase();
        let (length, longest) = (text.chars().count().to_string(), LONGEST_PHRASING.to_string());
        if self.masked(text) != text || matcher.gist(text).is_private() {
            Some(self.say("learn_why_private", &[]))
        } else if LINKS.iter().any(|link| lower.contains(link)) || is_address(text) {
            Some(self.say("learn_why_link", &[]))
        } else if let Some(name) = self.name_in(text) {
            Some(self.say("learn_why_name", &[("name", &name)]))
        } else if text.chars().count() > LONGEST_PHRASING {
            Some(self.say("learn_why_long", &[("length", &length), ("longest", &longest)]))
        } else if matcher.content_words(text) < FEWEST_WORDS {
            Some(self.say("learn_why_short", &[]))
        } else {
            None
        }
    }

    /// What is likely a person's name: after a title, a common one, or two words side by side in capitals that stand nowhere in
    /// the FAQ. Others can't be told from words; whoever approves is shown what is unknown.
    fn name_in(&self, text: &str) -> Option<String> {
        if let Some(name) = person_in(text, &self.knowledge.faq.likeness.people) {
            return Some(name);
        }
        let unknown = self.unknown_words(text);
        let words: Vec<&str> = text.split_whitespace().collect();
        let named = |word: &&str| {
            word.starts_with(char::is_uppercase)
                && unknown.contains(&bare(word))
                && !word.chars().all(char::is_uppercase)
        };
        let side_by_side = words.windows(2).find(|pair| pair.iter().all(named));
        side_by_side.map(|pair| pair.join(" "))
    }

    /// The words of `text` that stand nowhere in the FAQ and its word lists, as they were written.
    pub(super) fn unknown_words(&self, text: &str) -> Vec<String> {
        words(text).into_iter().filter(|word| !self.knowledge.matcher.knows(word)).collect()
    }
}

fn bare(word: &str) -> String {
    words(word).join("")
}

/// Whether `text` names an account or a site: `@nama`, `situs.example`.
fn is_address(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
        let site = word.split_once('.').is_some_and(|(name, end)| {
            let letters =
                |part: &str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'.' || b == b'/');
            letters(name) && letters(end)
        });
        word.starts_with('@') && word.len() > 1 || site
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_sites_are_addresses() {
        for text in ["tanya @petugas_kpu dong", "lihat kpu.go.id", "buka situs.example/x"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["kapan nyoblos?", "jam 7.00 buka", "no. 5 siapa", "tps buka jam 7.nanti tutup 13.00"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
