//! Questions that only what was said before makes whole: "kalau honorer?", "terus gimana?", "sanksinya apa".
//!
//! Told by their build, without a model: what they lack is not in them. They find entries, often with much confidence,
//! and are still never answered by themselves: "kalau honorer?" finds the entry on honorary staff whatever it was about.

use chrono::NaiveDate;

use super::evidence::Evidence;
use super::plain::Plain;
use super::{Matcher, OFFERED, Verdict};
use crate::text::analyze::Token;
use crate::text::is_listed;

/// A case of what was said before: "kalau honorer?".
const CASE: &str = "kalau";
/// What goes on from what was said before.
const GOES_ON: &str = "terus trus trs lalu kemudian nah dan berarti itu ini kok tetapi jadi atau";
/// Of these, what points at nothing and so needs more words to be a question of its own.
const GOES_ON_FREELY: &str = "terus trus trs lalu kemudian nah dan berarti";
/// "Setelah itu", "habis itu" go on too.
const AFTER: &str = "habis setelah sesudah";
/// "Bagaimana dengan honorer?" is a case too.
const WITH: &str = "dengan untuk kalau";
/// What takes one more in: "pppk juga?", "termasuk honorer?".
const TOO: &str = "juga termasuk berlaku";
/// Asks for one thing: with its topic it is a question.
pub(super) const ASKS: &str = "apa siapa kapan dimana kemana mana berapa kenapa";
/// Asks what is to be done about something, which may be anything.
pub(super) const ASKS_HOW: &str = "bagaimana ngapain";
/// Whether something may or must be.
const MAY: &str = "boleh bisa harus wajib perlu dapat larangan usah";
/// What is always that of something: "sanksinya", "syaratnya".
pub(super) const OF_SOMETHING: &str = "cara syarat sanksi hukuman denda batas waktu tanggal hari jam bulan tempat lokasi biaya contoh \
    alasan bukti dasar prosedur langkah akibat risiko";
/// What says nothing of the topic.
const EMPTY: &str = "sudah belum tidak bukan ada pernah laksana dilaksanakan adakan selenggara lakukan mulai selesai sama \
    termasuk berlaku habis setelah sesudah berarti kok begitu benar lama kali orang";
/// Of a message that knocks or thanks, nothing is missing; nor of one about the bot itself.
const NO_QUESTION: &str = "tanya bertanya nanya makasih trims thanks kasih terima halo hai salam anda";
/// A message of more words is no short one.
const MOST_WORDS: usize = 12;
/// From this cosine on the nearest phrasing is the same word for word, the words that tell nothing too.
const SAME: f64 = 0.999;
/// The chance that an entry which the answered one names as related is wanted next, beside what is found.
const RELATED: f64 = 0.5;
/// An entry that is found with less than this is not worth an offer.
const WORTH: f64 = 0.05;

/// What a message consists of.
struct Build {
    /// How many words tell a topic.
    telling: usize,
    /// Whether one of them is known.
    known: bool,
    asks: bool,
    asks_how: bool,
    may: bool,
    /// Whether a word that tells comes after "boleh", "harus", ...
    may_what: bool,
    of_something: bool,
}

fn is_one(list: &str, token: &Token) -> bool {
    is_listed(list, &token.surface) || is_listed(list, &token.stem)
}

fn tells(token: &Token) -> bool {
    let known = [ASKS, ASKS_HOW, MAY, OF_SOMETHING, EMPTY];
    !token.stop && !known.iter().any(|list| is_one(list, token))
}

impl Build {
    fn of(tokens: &[Token]) -> Self {
        let any = |list| tokens.iter().any(|token| is_one(list, token));
        let may = tokens.iter().position(|token| is_one(MAY, token));
        Self {
            telling: tokens.iter().filter(|token| tells(token)).count(),
            known: tokens.iter().any(|token| tells(token) && token.known),
            asks: any(ASKS),
            asks_how: any(ASKS_HOW),
            may: may.is_some(),
            may_what: may.is_some_and(|at| tokens[at..].iter().any(tells)),
            of_something: any(OF_SOMETHING),
        }
    }
}

/// Whether `tokens` are built so that they lack what was said before.
pub(super) fn is_open(tokens: &[Token]) -> bool {
    if tokens.is_empty() || tokens.len() > MOST_WORDS {
        return false;
    }
    let build = Build::of(tokens);
    let any = |list| tokens.iter().any(|token| is_one(list, token));
    // What comes before the first word that means something.
    let head: Vec<&Token> =
        tokens.iter().take_while(|t| t.stop || is_one(GOES_ON, t) || is_one(AFTER, t) || is_one(ASKS_HOW, t)).collect();
    let follows = |first: &str, second: &str| head.windows(2).any(|w| is_one(first, w[0]) && is_one(second, w[1]));
    let begins = |list| head.iter().any(|token| is_listed(list, &token.surface));
    let is_case = begins(CASE) || follows(ASKS_HOW, WITH);
    let goes_on = begins(GOES_ON) || follows(AFTER, "itu ini begitu");
    match build.telling {
        0 if any(NO_QUESTION) => false,
        0 => build.asks || build.asks_how || build.may || build.of_something || begins("kok terus trus lalu"),
        1 if is_case => !(build.asks && build.of_something),
        1 => (goes_on || any(TOO) && build.known) && !build.asks,
        2 if is_case => !build.asks && !build.asks_how && !build.may_what,
        2 => begins(GOES_ON_FREELY) && !build.asks && !build.asks_how && !build.may,
        _ => false,
    }
}

/// Whether a question is short of context; see [`super::Judgement::short_of_context`].
pub(super) fn is_short(tokens: &[Token], evidence: &Evidence) -> bool {
    is_open(tokens) && evidence.nearest().is_none_or(|nearest| nearest < SAME)
}

impl Matcher {
    /// What is short of context is offered, never answered by itself.
    pub(super) fn offer_only(
        &self,
        question: &str,
        tokens: &[Token],
        ranked: &[(usize, f64)],
        today: NaiveDate,
    ) -> Verdict {
        let plain = Plain::of(question, tokens, &self.analyzer);
        let offers = self.fair_offers(&plain, ranked.iter().map(|r| r.0), today);
        if offers.is_empty() { Verdict::Forward { expired: None } } else { Verdict::Suggest(offers) }
    }

    /// Entries for `question`, which goes on from `before`, the best first, each with its chance: what both find together,
    /// and what it finds alone if a word in it tells a topic; what is `related` to the entry given weighs more.
    pub fn heard_after(&self, before: &str, question: &str, related: &[usize], today: NaiveDate) -> Vec<(usize, f64)> {
        let together = format!("{before}\n{question}");
        let mut found = self.judge(&together, today).ranked;
        let tells = self.analyzer.tokens(question).iter().any(tells);
        let alone = if tells { self.judge(question, today).ranked } else { Vec::new() };
        for (entry, chance) in alone {
            match found.iter_mut().find(|(own, _)| *own == entry) {
                Some((_, own)) => *own = 1.0 - (1.0 - *own) * (1.0 - chance),
                None => found.push((entry, chance)),
            }
        }
        for (entry, chance) in &mut found {
            if related.contains(entry) {
                *chance = 1.0 - (1.0 - *chance) * (1.0 - RELATED);
            }
        }
        found.retain(|(entry, chance)| *chance >= WORTH && self.rules[*entry].is_valid(today));
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let plain = Plain::of(&together, &self.analyzer.tokens(&together), &self.analyzer);
        let fair = self.agreement.fair(&plain, found.iter().map(|f| f.0).collect());
        fair.into_iter().filter_map(|entry| found.iter().find(|f| f.0 == entry).copied()).collect()
    }

    /// Those of `entries` that may be offered on `today`, without favour to one of several candidates.
    pub(super) fn fair_offers(
        &self,
        plain: &Plain,
        entries: impl IntoIterator<Item = usize>,
        today: NaiveDate,
    ) -> Vec<usize> {
        let valid = entries.into_iter().filter(|&e| self.rules[e].is_valid(today)).collect();
        self.agreement.fair(plain, valid).into_iter().take(OFFERED).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::Faq;
    use crate::faq::source::Source;
    use crate::text::analyze::{Analyzer, Language};

    #[test]
    fn what_lacks_its_context_is_told_by_its_build() {
        let words = Faq::load(&Source::BuiltIn).0.expect("a sound FAQ").words;
        let known = "honorer pppk formulir isi ktp coblos pilkada masa tenang golput suami komentar tps dilaksanakan";
        let analyzer = Analyzer::new(words.lexicon, Language::Indonesian).knowing([known]);
        for text in [
            "kalau sudah mengisi formulir?",
            "dimana sih dilaksanain?",
            "terus gimana?",
            "kalau honorer?",
            "klo honorer gmn kak",
            "gimana dengan honorer",
            "itu berlaku buat pppk juga?",
            "pppk juga?",
            "nah kalau suami saya pppk?",
            "lalu kapan",
            "berarti boleh dong?",
            "dan sanksinya?",
            "sanksinya apa",
            "syaratnya apa aja",
            "batas waktunya kpn",
            "abis itu ngapain",
            "berapa lama?",
            "kapan?",
            "wajib ga?",
            "tapi kalo golput?",
        ] {
            assert!(is_open(&analyzer.tokens(text)), "{text}");
        }
        for text in [
            "",
            "masa tenang",
            "golput",
            "kalau ga punya ktp boleh nyoblos ga",
            "kalau ktp hilang gimana",
            "terus kapan pilkada",
            "kalau honorer sanksinya apa",
            "boleh nanya ga",
            "makasih kak",
            "halo",
            "oke",
            "saya mau tanya",
            "wkwkwk iya juga sih",
            "ke tps bawa apa aja",
            "oke makasih, terus?",
            "kapan pilkada",
        ] {
            assert!(!is_open(&analyzer.tokens(text)), "{text}");
        }
    }
}
