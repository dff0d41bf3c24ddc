//! Runs of a keyboard: "asdfghjk", "qweqwe". Fingers on a row make them, not language.

/// The rows of letters of the keyboard that nearly everybody has.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
/// A run has at least so many letters.
const SHORTEST: usize = 5;
/// Words of fewer letters ("di", "dr") are no part of a run.
const SHORTEST_PART: usize = 3;
/// In a run, at most one step in so many may leave its neighbours.
const LEAPS: usize = 5;

/// Whether `words` are runs of a keyboard together: each of letters of one row, nearly every letter beside the one before.
pub fn is_run<'w>(words: impl IntoIterator<Item = &'w str>) -> bool {
    let mut letters = 0;
    for word in words {
        if !is_part(word) {
            return false;
        }
        letters += word.len();
    }
    letters >= SHORTEST
}

/// Whether `word` has hardly a vowel, as no word that can be said has: "hjsdfkjhsdkf".
pub fn is_mashed(word: &str) -> bool {
    /// Chat spelling drops vowels too ("pndftrn"), but not of words as long as this.
    const LONG: usize = 10;
    const LETTERS_A_VOWEL: usize = 6;
    const VOWELS: &str = "aeiou";
    let vowels = word.chars().filter(|c| VOWELS.contains(*c)).count();
    word.len() >= LONG && word.chars().all(|c| c.is_ascii_lowercase()) && vowels * LETTERS_A_VOWEL < word.len()
}

/// `word` without its repetitions: "asd" of "asdasdas".
fn unit(word: &str) -> &str {
    let repeats = |length: &usize| word.bytes().skip(*length).eq(word.bytes().take(word.len() - length));
    let length = (SHORTEST_PART..word.len()).find(repeats).unwrap_or(word.len());
    word.get(..length).unwrap_or(word)
}

fn is_part(word: &str) -> bool {
    let word = unit(word);
    let on_row = |row: &&&str| word.chars().all(|c| row.contains(c));
    let Some(row) = ROWS.iter().find(on_row).filter(|_| word.len() >= SHORTEST_PART) else { return false };
    let places: Vec<usize> = word.chars().filter_map(|c| row.find(c)).collect();
    let leaps = places.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) != 1).count();
    leaps * LEAPS < word.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingers_are_told_from_words() {
        let runs = "asdfghjk/qwerty/asdasdasd/qweqweqweq/lkjhgf/zxcvbnm/asd qwe/asdfasdf/poiuytrewq";
        for run in runs.split('/') {
            assert!(is_run(run.split(' ')), "{run}");
        }
        assert!(is_mashed("hjsdfkjhsdkf") && !is_mashed("syahrul") && !is_mashed("kpu"));
        let words = "asd/putri/tutup/salsa/power/retweet/tps/halo/dr/asdf kpu/yuyut/dasa sada/";
        for word in words.split('/') {
            assert!(!is_run(word.split(' ')), "{word}");
        }
    }
}
