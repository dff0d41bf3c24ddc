//! Signs that nobody sees and everybody copies: blanks that don't break, hyphens of a word processor, marks that turn
//! the text round. They are named, with where they stand, and taken out, so that nothing else is misread because of them.

use std::ops::Range;

use super::fault::{Fault, Rank};
use crate::text::normalize::is_invisible;

/// What a sign is, and so what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Looks like a blank: read as one.
    Blank,
    /// Looks like a hyphen: read as one.
    Hyphen,
    /// Not seen at all: left out.
    Hidden,
    /// Turns the direction of writing: left out.
    Turning,
    /// A sign of one font only, such as the bullets of a word processor.
    Private,
    /// A letter that was lost when the file was saved or copied.
    Lost,
}

/// Where a sign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a key, in a head, or around them.
    Key,
    /// In a word between quotes: a code, a date.
    Word,
    /// In running text.
    Prose,
    /// In a note, which nobody reads but people.
    Note,
}

/// A sign and where it stands, in the text without such signs.
#[derive(Debug)]
struct Found {
    sign: char,
    kind: Kind,
    place: Place,
    /// The key whose value it stands in.
    key: String,
    /// Where it is shown.
    span: Range<usize>,
    /// The letters of the line that stand before it.
    before: String,
}

/// `text` without signs that can't be seen, and one fault for each kind of them.
pub fn clean(file: &str, text: String) -> (String, Vec<Fault>) {
    if !text.chars().any(|c| kind(c).is_some()) && !text.contains("\\u") && !text.contains("\\U") {
        return (text, Vec::new());
    }
    let (text, found) = sweep(&text);
    let mut faults: Vec<Fault> = Vec::new();
    let mut groups: Vec<(char, bool, Vec<&Found>)> = Vec::new();
    for one in found.iter().filter(|one| one.place != Place::Note) {
        let mild = is_mild(one);
        match groups.iter_mut().find(|(sign, m, _)| *sign == one.sign && *m == mild) {
            Some((_, _, group)) => group.push(one),
            None => groups.push((one.sign, mild, vec![one])),
        }
    }
    for (sign, mild, group) in groups {
        let Some(first) = group.first() else { continue };
        let mut message = format!("ada {} (U+{:04X}){}", name(sign), sign as u32, spot(first));
        let mut lines: Vec<usize> =
            group[1..].iter().map(|one| text[..one.span.start].matches('\n').count() + 1).collect();
        lines.dedup();
        lines.retain(|line| *line != text[..first.span.start].matches('\n').count() + 1);
        if !lines.is_empty() {
            message.push_str(&format!("; juga di {}", in_lines(&lines)));
        }
        let fault = Fault::new(file, first.span.clone(), message).hint(hint(first.kind, mild)).rank(Rank::Syntax);
        faults.push(if mild { fault.warning() } else { fault });
    }
    (text, faults)
}

/// "baris 3, 9, dan 12", the first few of them.
pub(super) fn in_lines(lines: &[usize]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> = lines.iter().take(MOST).map(ToString::to_string).collect();
    let more = lines.len().saturating_sub(MOST);
    if more > 0 {
        format!("baris {}, dan {more} lagi", shown.join(", "))
    } else {
        format!("baris {}", shown.join(", "))
    }
}

/// What looks like a blank or a hyphen does no harm in running text: it is read as one.
fn is_mild(found: &Found) -> bool {
    found.place == Place::Prose && matches!(found.kind, Kind::Blank | Kind::Hyphen)
}

fn spot(found: &Found) -> String {
    let inside = match found.place {
        Place::Key | Place::Note => String::new(),
        _ if found.key.is_empty() => String::new(),
        _ => format!(" di isi `{}`", found.key),
    };
    if found.before.trim().is_empty() {
        format!("{inside}, di awal baris")
    } else {
        format!("{inside}, sesudah \"{}\"", found.before.trim_start())
    }
}

fn hint(kind: Kind, mild: bool) -> &'static str {
    match kind {
        Kind::Blank if mild => "tetap dibaca sebagai spasi biasa; lebih baik hapus, lalu ketik spasi",
        Kind::Hyphen if mild => "tetap dibaca sebagai tanda hubung biasa; lebih baik hapus, lalu ketik -",
        Kind::Blank => "tampak seperti spasi biasa, tetapi lain; hapus, lalu ketik spasi bila perlu",
        Kind::Hyphen => "tampak seperti tanda hubung biasa, tetapi lain; hapus, lalu ketik -",
        Kind::Hidden => "tanda ini tidak tampak dan ikut terbawa saat menyalin; hapus, atau ketik ulang bagian itu",
        Kind::Turning => "tanda ini membalik arah tulisan; hapus, atau ketik ulang bagian itu",
        Kind::Private => "hanya tampak di Word atau fon tertentu; hapus; butir daftar ditulis \"- \" di awal baris",
        Kind::Lost => "satu huruf hilang saat berkas disimpan atau disalin; ketik ulang huruf itu",
    }
}

fn kind(c: char) -> Option<Kind> {
    match c {
        '\n' | '\t' | ' '..='~' => None,
        '\u{a0}'
        | '\u{85}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}'
        | '\u{b}'
        | '\u{c}' => Some(Kind::Blank),
        '\u{2010}' | '\u{2011}' => Some(Kind::Hyphen),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Kind::Turning),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Some(Kind::Private),
        '\u{fffd}' => Some(Kind::Lost),
        _ if is_invisible(c) => Some(Kind::Hidden),
        _ => None,
    }
}

fn name(c: char) -> &'static str {
    match c {
        '\u{a0}' => "spasi tak terputus",
        '\u{202f}' => "spasi sempit tak terputus",
        '\u{85}' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' => "pemisah baris khusus",
        '\u{2010}' => "tanda hubung khusus",
        '\u{2011}' => "tanda hubung tak terputus",
        '\u{ad}' => "tanda hubung lunak yang tak tampak",
        '\u{200b}' => "spasi tanpa lebar",
        '\u{200c}' => "pemisah huruf tanpa lebar",
        '\u{200d}' => "penyambung huruf tanpa lebar",
        '\u{2060}' => "penyambung kata tanpa lebar",
        '\u{feff}' => "tanda BOM yang tak tampak",
        _ => match kind(c) {
            Some(Kind::Blank) => "spasi khusus",
            Some(Kind::Turning) => "tanda arah tulisan yang tak tampak",
            Some(Kind::Private) if ('\u{f000}'..='\u{f0ff}').contains(&c) => "butir atau simbol dari Word",
            Some(Kind::Private) => "tanda dari fon khusus",
            Some(Kind::Lost) => "tanda huruf rusak",
            _ if c.is_control() => "tanda kendali yang tak tampak",
            _ => "tanda yang tak tampak",
        },
    }
}

/// Whether `c` between `before` and `after` makes an emoji of its neighbours, as it should.
fn makes_emoji(c: char, before: Option<char>, after: Option<char>) -> bool {
    let picture = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && c > '\u{2000}');
    match c {
        '\u{200d}' => picture(before) && picture(after),
        '\u{fe0e}' | '\u{fe0f}' => {
            picture(before) || after == Some('\u{20e3}') || before.is_some_and(|b| "©®‼".contains(b))
        }
        '\u{e0020}'..='\u{e007f}' => picture(before),
        _ => false,
    }
}

/// What the letters at one place belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Key,
    Note,
    /// Between these quotes.
    Text(&'static str),
}

/// Goes through the text once, leaves such signs out or replaces them, and notes each.
fn sweep(text: &str) -> (String, Vec<Found>) {
    let mut out = String::with_capacity(text.len());
    let mut found: Vec<Found> = Vec::new();
    let mut state = State::Key;
    let mut key = String::new();
    // Where the text between quotes began, in `out`, and how many signs had been found by then.
    let mut opened = (0, 0);
    let mut rest = text;
    let mut last = None;
    while let Some(c) = rest.chars().next() {
        let after = rest[c.len_utf8()..].chars().next();
        if let Some(kind) = kind(c).filter(|_| !makes_emoji(c, last, after)) {
            let line = out.rfind('\n').map_or(0, |i| i + 1);
            let before = last_letters(&out[line..]);
            let at = out.len();
            match kind {
                Kind::Blank => out.push(' '),
                Kind::Hyphen => out.push('-'),
                Kind::Hidden | Kind::Turning => {}
                Kind::Private | Kind::Lost => out.push(c),
            }
            let place = match state {
                State::Key => Place::Key,
                State::Note => Place::Note,
                State::Text(_) => Place::Prose,
            };
            found.push(Found { sign: c, kind, place, key: key.clone(), span: at..out.len(), before });
            last = Some(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let mut width = c.len_utf8();
        match state {
            State::Key if c == '#' => state = State::Note,
            State::Key => {
                if let Some(quote) = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quote| rest.starts_with(quote)) {
                    let line = out.rfind('\n').map_or(0, |i| i + 1);
                    if let Some((written, _)) = out[line..].split_once('=') {
                        key = written.trim().to_owned();
                    }
                    (state, width) = (State::Text(quote), quote.len());
                    opened = (out.len() + width, found.len());
                }
            }
            State::Note if c == '\n' => state = State::Key,
            State::Note => {}
            State::Text(quote) if rest.starts_with(quote) || quote.len() == 1 && c == '\n' => {
                // A value of one word is a code or a date; there even a blank is out of place.
                if quote.len() == 1 && !out[opened.0.min(out.len())..].trim().contains(' ') {
                    found[opened.1..].iter_mut().for_each(|one| one.place = Place::Word);
                }
                width = if c == '\n' { 1 } else { quote.len() };
                state = State::Key;
            }
            State::Text(quote) if c == '\\' && quote.starts_with('"') => {
                if let Some((sign, kind, length)) = escaped(rest) {
                    let line = out.rfind('\n').map_or(0, |i| i + 1);
                    let before = last_letters(&out[line..]);
                    let span = out.len()..out.len();
                    found.push(Found { sign, kind, place: Place::Prose, key: key.clone(), span, before });
                    rest = &rest[length..];
                    continue;
                }
                if after.is_some_and(|after| self::kind(after).is_none()) {
                    width += after.map_or(0, char::len_utf8);
                }
            }
            State::Text(_) => {}
        }
        out.push_str(&rest[..width]);
        last = rest[..width].chars().next_back();
        rest = &rest[width..];
    }
    for one in found.iter_mut().filter(|one| one.span.is_empty()) {
        one.span = beside(&out, one.span.start);
    }
    (out, found)
}

/// A sign that is written as its number, `\u202e`, and how long that is.
fn escaped(rest: &str) -> Option<(char, Kind, usize)> {
    let length = match rest.get(..2)? {
        "\\u" => 6,
        "\\U" => 10,
        _ => return None,
    };
    let sign = u32::from_str_radix(rest.get(2..length)?, 16).ok().and_then(char::from_u32)?;
    kind(sign).map(|kind| (sign, kind, length))
}

/// The letter at `at`, or the one before it at the end of a line.
fn beside(text: &str, at: usize) -> Range<usize> {
    match text[at..].chars().next().filter(|c| *c != '\n') {
        Some(next) => at..at + next.len_utf8(),
        None => text[..at].chars().next_back().map_or(at..at, |c| at - c.len_utf8()..at),
    }
}

/// The end of a line, enough to find the place by, and nothing of what stands before the last quotes.
fn last_letters(line: &str) -> String {
    const MOST: usize = 12;
    let line = line.rsplit(['"', '\'']).next().unwrap_or_default();
    let count = line.chars().count();
    line.chars().skip(count.saturating_sub(MOST)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::fault::Severity;
    use proptest::prelude::*;

    fn told(text: &str) -> (String, Vec<(Severity, String)>) {
        let (text, faults) = clean("a.toml", text.to_owned());
        (text, faults.into_iter().map(|fault| (fault.severity, fault.message)).collect())
    }

    #[test]
    fn a_sign_is_named_with_its_place_and_taken_out() {
        let cases = [
            ("title\u{a0}= \"x\"", "title = \"x\"", "spasi tak terputus (U+00A0), sesudah \"title\""),
            ("ti\u{200b}tle = \"x\"", "title = \"x\"", "spasi tanpa lebar (U+200B), sesudah \"ti\""),
            (
                "reviewed = \"2026\u{2011}11\u{2011}22\"",
                "reviewed = \"2026-11-22\"",
                "tanda hubung tak terputus (U+2011) di isi `reviewed`, sesudah \"2026\"",
            ),
            ("a = '''\nsatu \u{202e}dua\n'''", "a = '''\nsatu dua\n'''", "(U+202E) di isi `a`, sesudah \"satu \""),
            (
                "a = '''\n\u{f0b7} dua\n'''",
                "a = '''\n\u{f0b7} dua\n'''",
                "dari Word (U+F0B7) di isi `a`, di awal baris",
            ),
            ("a = \"satu \\u202Edua\"", "a = \"satu dua\"", "(U+202E) di isi `a`, sesudah"),
            ("\u{feff}[[entry]]", "[[entry]]", "BOM yang tak tampak (U+FEFF), di awal baris"),
        ];
        for (text, clean, message) in cases {
            let (text, faults) = told(text);
            assert_eq!(text, clean);
            assert!(matches!(&faults[..], [(Severity::Fault, m)] if m.contains(message)), "{faults:?}");
        }
    }

    #[test]
    fn in_running_text_a_blank_is_only_warned_of() {
        for text in ["a = '''\n14\u{a0}Februari\u{a0}2024\n'''", "a = \"PKPU\u{a0}3/2022\"", "a = \"e\u{2011}KTP itu\""]
        {
            let (_, faults) = told(text);
            assert!(matches!(&faults[..], [(Severity::Warning, _)]), "{faults:?}");
        }
        let (_, faults) = told("id = \"a\u{2011}b\"\nb = 'x\u{a0}'");
        assert_eq!(faults.iter().filter(|(severity, _)| *severity == Severity::Fault).count(), 2, "{faults:?}");
    }

    #[test]
    fn notes_and_emoji_are_left_alone() {
        for text in [
            "# a\u{a0}b\u{202e}",
            "a = \"👨\u{200d}👩\u{200d}👧 ❤\u{fe0f} 1\u{fe0f}\u{20e3}\"",
            "a = 'é – “kutip” … •'",
        ] {
            assert!(told(text).1.is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_swept_and_places_lie_inside(text in "[a\"'=#\\\\\n \u{a0}\u{200b}\u{202e}\u{f0b7}é\u{2011}]{0,40}") {
            let (clean, found) = sweep(&text);
            for one in found {
                prop_assert!(clean.get(one.span.clone()).is_some(), "{one:?}");
            }
            prop_assert_eq!(sweep(&clean).0, clean);
        }
    }
}
