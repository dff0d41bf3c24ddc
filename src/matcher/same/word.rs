//! The words of a question that mean something, and when two of them are one: by any of their forms, or by a typing error.

use std::ops::Range;

use strsim::osa_distance;

/// Numbers in words; "satu" is said of anything.
const NUMBERS: [(&str, &str); 13] = [
    ("dua", "2"),
    ("tiga", "3"),
    ("empat", "4"),
    ("lima", "5"),
    ("enam", "6"),
    ("tujuh", "7"),
    ("delapan", "8"),
    ("sembilan", "9"),
    ("sepuluh", "10"),
    ("sebelas", "11"),
    ("ii", "2"),
    ("iii", "3"),
    ("iv", "4"),
];
/// The shortest word of which a typing error is looked for.
const MENDED: usize = 4;

/// A word that means something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    /// As it was written, but for chat spelling.
    pub(super) surface: String,
    pub(super) stem: String,
    /// The stems of what else it may be: mended, or a word like it.
    pub(super) others: Vec<String>,
    /// Whether the FAQ, the lexicon or `padanan.toml` has it.
    pub(super) known: bool,
    /// Whether it may be left out.
    pub(super) light: bool,
    /// How many words that mean something stand between it and the negation that reaches it, and itself.
    pub(super) denied: Option<usize>,
    pub(super) weight: f64,
    /// The places of the words that it stands for.
    pub(super) place: Range<usize>,
}

/// The number that a word is, in digits.
pub(super) fn number(word: &str) -> Option<String> {
    let spelt = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, digits)| (*digits).to_owned());
    spelt.or_else(|| {
        let digits = word.bytes().any(|b| b.is_ascii_digit());
        digits.then(|| word.trim_start_matches('0').to_owned())
    })
}

/// A word without its vowels and doubled letters: people leave vowels out ("mhsswa").
pub(super) fn skeleton(word: &str) -> String {
    let mut bones = String::new();
    for (at, c) in word.chars().enumerate() {
        // What many say alike they write alike.
        let c = match c {
            'f' | 'v' => 'p',
            'z' => 'j',
            c => c,
        };
        if (at == 0 || !"aiueo".contains(c)) && !bones.ends_with(c) {
            bones.push(c);
        }
    }
    bones
}

/// A word without what is set before and behind words, more roughly than a stemmer does it. "Pe-" alone makes of an act
/// somebody who does it, and stays.
pub(super) fn bare(word: &str) -> String {
    let whole = |part: &&str| part.chars().count() >= MENDED;
    let cut = |word: &str| -> Option<String> {
        let end = ["nya", "ny", "nye", "nyo", "kan", "in", "an", "ne", "na", "e"]
            .iter()
            .find_map(|suffix| word.strip_suffix(suffix));
        end.filter(|end| whole(end)).map(str::to_owned)
    };
    let around = |prefixes: &[&str]| prefixes.iter().find_map(|prefix| word.strip_prefix(prefix)).filter(whole);
    if let Some(end) = around(&["peng", "pem", "pen", "ke"]).and_then(cut) {
        return end;
    }
    let start = around(&["di", "nge", "ng", "meng", "mem", "men", "me", "ber", "ter", "se"]).unwrap_or(word);
    cut(start).unwrap_or_else(|| start.to_owned())
}

/// Whether a word has no vowels.
pub(super) fn is_abbreviated(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_lowercase() && !"aiueo".contains(c))
}

/// The shortest word in which a doubled letter makes no other one: "masa" and "massa" are two.
const DOUBLED: usize = 7;

/// Whether two words differ only in letters that are doubled ("ketinggalan", "ketingalan").
fn is_doubled(a: &str, b: &str) -> bool {
    let single = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.dedup();
        letters
    };
    a.chars().count().min(b.chars().count()) >= DOUBLED && single(a) == single(b)
}

/// Whether one of two words is the other, mistyped: letters left out, doubled, or swapped with their neighbour.
pub(super) fn is_mistyped(a: &str, b: &str) -> bool {
    let (long, short) = if a.chars().count() >= b.chars().count() { (a, b) } else { (b, a) };
    let (long_count, short_count) = (long.chars().count(), short.chars().count());
    if short_count < 2 || a.chars().next() != b.chars().next() {
        return false;
    }
    // A letter more at the end makes another name ("Fadil", "Fadila").
    if long.starts_with(short) && !is_abbreviated(short) {
        return false;
    }
    let bones = skeleton(long);
    // Only consonants: "nm" for "nama", "dpt" for "dapat".
    if is_abbreviated(short) && bones == short && long_count > short_count {
        return true;
    }
    if short_count + 1 < MENDED {
        return false;
    }
    let left_out = bones == skeleton(short) && bones.chars().count() >= 2 && {
        // Only vowels that one of them lacks, none changed.
        let alike = |c: char| skeleton(&c.to_string());
        let mut rest = long.chars();
        short.chars().all(|c| rest.any(|other| alike(other) == alike(c)))
    };
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let slip =
        || short_count >= MENDED && osa_distance(a, b) == 1 && (long_count != short_count || sorted(a) == sorted(b));
    left_out || slip()
}

impl Word {
    /// Whether it is that word, if mistyped.
    pub(super) fn is(&self, other: &Self) -> bool {
        if self.does_what_is_done_to(other) || other.does_what_is_done_to(self) {
            return false;
        }
        if self.forms().any(|form| other.forms().any(|theirs| form == theirs)) {
            return true;
        }
        // What the FAQ knows was mended already, and two words that it knows are two, but for a letter that is doubled.
        if self.forms().any(|form| other.forms().any(|theirs| is_doubled(form, theirs))) {
            return true;
        }
        let short = is_abbreviated(&self.surface) || is_abbreviated(&other.surface);
        let mistyped = || self.forms().any(|form| other.forms().any(|theirs| is_mistyped(form, theirs)));
        (short || !(self.known && other.known)) && mistyped()
    }

    /// "Penggugat" and "tergugat", "pemilih" and "terpilih": who does it, and to whom it is done.
    fn does_what_is_done_to(&self, other: &Self) -> bool {
        let begins = |word: &Self, prefix: &str| word.surface.starts_with(prefix) && !word.stem.starts_with(prefix);
        self.stem == other.stem && begins(self, "pe") && begins(other, "ter")
    }

    /// All that it may be.
    pub(super) fn forms(&self) -> impl Iterator<Item = &str> {
        [&self.surface, &self.stem].into_iter().chain(&self.others).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_leaves_letters_out_and_changes_none() {
        for (a, b) in
            [("mahasiswa", "mhsswa"), ("jeddah", "jedah"), ("huruf", "hurup"), ("nama", "nm"), ("tidak", "tdiak")]
        {
            assert!(is_mistyped(a, b) && is_mistyped(b, a), "{a} {b}");
        }
        for (a, b) in [("rini", "rina"), ("hendri", "hendra"), ("fadil", "fadila"), ("sukamaju", "sukamulya")] {
            assert!(!is_mistyped(a, b) && !is_mistyped(b, a), "{a} {b}");
        }
    }
}
