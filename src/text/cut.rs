//! Long text in parts. Telegram counts UTF-16 code units (<https://core.telegram.org/bots/api#messageentity>).

/// `text` cut after at most `units` UTF-16 code units, at a line end if one is near, and the rest.
pub fn cut(text: &str, units: usize) -> (&str, &str) {
    let mut length = 0;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        length += c.len_utf16();
        if length > units {
            end = at;
            break;
        }
    }
    if end == text.len() {
        return (text, "");
    }
    let near = text[..end].rfind(['\n', ' ']).filter(|at| *at + 200 > end).map_or(end, |at| at + 1);
    text.split_at(near)
}

/// `text` in parts: the first of at most `first` UTF-16 code units, the others of at most `other` (both at least 2). All
/// parts together are the text; there is always a first one.
pub fn parts(text: &str, first: usize, other: usize) -> Vec<String> {
    let (head, mut rest) = cut(text, first);
    let mut parts = vec![head.to_owned()];
    while !rest.is_empty() {
        let (part, tail) = cut(rest, other);
        parts.push(part.to_owned());
        rest = tail;
    }
    parts
}

/// At most `most` characters of `text`, with dots where more followed.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() > most {
        format!("{}...", text.chars().take(most).collect::<String>())
    } else {
        text.to_owned()
    }
}

/// The first line of a text, shortened for a list.
pub fn first_line(text: &str) -> String {
    const LONGEST: usize = 60;
    shortened(text.lines().next().unwrap_or_default(), LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_is_lost_in_cutting(text in "\\PC{0,80}", units in 2_usize..60) {
            let (head, rest) = cut(&text, units);
            prop_assert_eq!(format!("{head}{rest}"), text.clone());
            prop_assert!(head.encode_utf16().count() <= units);
            prop_assert!(text.is_empty() || !head.is_empty());
            let parts = parts(&text, units, 7);
            prop_assert_eq!(parts.concat(), text);
            prop_assert!(parts[1..].iter().all(|p| !p.is_empty() && p.encode_utf16().count() <= 7));
        }
    }
}
