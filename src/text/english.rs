//! English: numbers, lists and dates as voters read them, and the words by which it is told.
//!
//! Function words bind a sentence and tell nothing of what it is about.

use std::sync::LazyLock;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;

use super::{indonesian, word_set};

/// "14 February 2024": day before month, as in Indonesia.
pub fn date(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// "Wednesday, 14 February 2024".
pub fn weekday_date(day: NaiveDate) -> String {
    day.format("%A, %-d %B %Y").to_string()
}

/// From the first day to the last, without saying twice what both have in common: "11 to 13 February 2024".
pub fn span(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        return date(last);
    }
    format!("{} to {}", first.format(indonesian::first_of(first, last)), date(last))
}

/// A whole number with commas between thousands: "204,807,222".
pub fn integer(number: i64) -> String {
    indonesian::integer(number).replace('.', ",")
}

/// A number with a decimal point, at most two decimals, no trailing zeros: "58.59".
pub fn decimal(number: f64) -> String {
    swapped(&indonesian::decimal(number))
}

/// Millions with one decimal: "204.8 million".
pub fn millions(number: i64) -> String {
    swapped(&indonesian::millions(number).replace("juta", "million"))
}

/// Points for commas and commas for points.
fn swapped(number: &str) -> String {
    let other = |sign| match sign {
        '.' => ',',
        ',' => '.',
        _ => sign,
    };
    number.chars().map(other).collect()
}

/// "A", "A and B", "A, B and C".
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// A count in words up to ten, in digits above: "two", "12".
pub fn count(number: i64) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    usize::try_from(number).ok().and_then(|n| WORDS.get(n)).map_or_else(|| integer(number), ToString::to_string)
}

/// How far `day` lies ahead of `today`: "today", "tomorrow", "in two days".
pub fn days_ahead(today: NaiveDate, day: NaiveDate) -> String {
    match (day - today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        n => format!("in {} days", count(n)),
    }
}

/// Articles, pronouns, question words, prepositions, conjunctions, auxiliaries, and verbs and adverbs that are as empty.
const FUNCTION_WORDS: &[&str] = &[
    "a",
    "about",
    "after",
    "again",
    "all",
    "also",
    "am",
    "an",
    "and",
    "another",
    "any",
    "anyone",
    "anything",
    "are",
    "as",
    "at",
    "away",
    "be",
    "because",
    "been",
    "before",
    "being",
    "between",
    "both",
    "but",
    "by",
    "came",
    "can",
    "cannot",
    "cant",
    "come",
    "comes",
    "could",
    "did",
    "didnt",
    "do",
    "does",
    "doesnt",
    "doing",
    "done",
    "dont",
    "each",
    "either",
    "else",
    "even",
    "ever",
    "every",
    "everyone",
    "few",
    "for",
    "from",
    "get",
    "gets",
    "getting",
    "give",
    "given",
    "go",
    "goes",
    "going",
    "gone",
    "got",
    "had",
    "has",
    "have",
    "having",
    "he",
    "her",
    "here",
    "hers",
    "him",
    "his",
    "how",
    "i",
    "if",
    "im",
    "in",
    "into",
    "is",
    "isnt",
    "it",
    "its",
    "ive",
    "just",
    "know",
    "let",
    "like",
    "long",
    "made",
    "make",
    "makes",
    "many",
    "may",
    "me",
    "might",
    "mine",
    "more",
    "most",
    "much",
    "must",
    "my",
    "need",
    "needs",
    "neither",
    "never",
    "no",
    "nor",
    "not",
    "now",
    "of",
    "off",
    "on",
    "one",
    "only",
    "or",
    "other",
    "others",
    "our",
    "ours",
    "out",
    "over",
    "own",
    "put",
    "really",
    "said",
    "same",
    "saw",
    "say",
    "says",
    "see",
    "seen",
    "shall",
    "she",
    "should",
    "since",
    "so",
    "some",
    "someone",
    "something",
    "still",
    "such",
    "take",
    "taken",
    "takes",
    "tell",
    "than",
    "that",
    "thats",
    "the",
    "their",
    "theirs",
    "them",
    "then",
    "there",
    "these",
    "they",
    "thing",
    "things",
    "this",
    "those",
    "through",
    "till",
    "to",
    "too",
    "under",
    "until",
    "up",
    "us",
    "use",
    "used",
    "very",
    "want",
    "wants",
    "was",
    "wasnt",
    "we",
    "went",
    "were",
    "what",
    "whats",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "whose",
    "why",
    "will",
    "with",
    "within",
    "without",
    "wont",
    "would",
    "yes",
    "yet",
    "you",
    "your",
    "yours",
];

/// Whether `word`, in lower case and without its apostrophe, is one.
pub fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word).is_ok()
}

/// Words by which English is told though they tell something: those of elections, and a few that such questions have.
/// Loan words that Indonesians use in Indonesian sentences ("online", "link", "share", "hoax") are none of them.
static COMMON: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    word_set(
        "allowed ballot ballots becomes broken campaign candidate candidates card changed check children choose citizen \
    citizens civil close closes count counted country date day days different document documents election elections \
    employee employees evening fake family father find first follow foreigner good government governor happen happened happens help \
    husband illegal indonesian invitation invitations invited job law leave legal letter list live lose lost mayor member \
    money morning mother moved name names next office old open opens overseas paid party parties people person place places police \
    president presidential question register registered registration report result results rule rules run running salary \
    schedule sick spouse start station stations stolen support teacher teachers thank time true valid village voice vote voted voter \
    voters votes voting when wife win winner winners won work working wrong year years young",
    )
});

/// Whether `word`, in lower case, is one of the commoner words of English questions about elections.
pub fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(FUNCTION_WORDS.is_sorted());
        assert!(["have", "see", "go", "the"].iter().all(|w| is_function_word(w)) && !is_function_word("polling"));
    }
}
