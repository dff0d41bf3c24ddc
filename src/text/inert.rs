//! Names of people who are not the reader, made fit to be shown.

use super::normalize::is_invisible;

/// The longest name that is shown, in characters.
const LONGEST: usize = 32;

/// `name` as it may stand in a message: letters, digits and blanks, so that nothing in it becomes a link, a mention or a
/// command, or turns the text round; at most 32 characters. Empty if nothing is left.
pub fn name(name: &str) -> String {
    let kept = |c: char| {
        let plain =
            c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}') || unicode_normalization::char::is_combining_mark(c);
        if plain && !is_invisible(c) { c } else { ' ' }
    };
    let spaced: String = name.chars().filter(|&c| !is_invisible(c)).map(kept).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn nothing_in_a_name_is_active() {
        for (given, shown) in [
            ("Budi Santoso", "Budi Santoso"),
            ("@mod_satu", "mod satu"),
            ("/cmd", "cmd"),
            ("https://jahat.example/x", "https jahat example x"),
            ("#12 Ani", "12 Ani"),
            ("a\u{202e}b\u{2067}c\u{200b}", "abc"),
            ("Nur'aini 😀", "Nur'aini"),
            ("\u{2069}\u{2069}", ""),
            ("budi@contoh.id", "budi contoh id"),
        ] {
            assert_eq!(name(given), shown, "{given:?}");
        }
        assert_eq!(name(&"x".repeat(500)).chars().count(), 32);
    }
}
