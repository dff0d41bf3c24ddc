//! E-mail addresses, also written so that programs should not see them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::read::Sign;

/// Endings of addresses after which a blank before or in the middle is forgiven: "contoh . co. id".
const ENDINGS: &str = "com|net|org|id|co|go|ac|sch|or|my|web|desa|mil|info|gov|edu|io|me|us|biz|xyz|site|online";
/// Where mailboxes of private people are. With these the ending may be missing.
const PROVIDERS: &str = "gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|icloud|proton|protonmail|mail";

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    let dot = r"\s{0,2}[(\[{<]\s?(?:dot|titik|\.)\s?[)\]}>]\s{0,2}|\s{1,2}(?:dot|titik)\s{1,2}";
    let pattern = format!(
        r"(?xi)
        (?P<local> [\p{{L}}\d._%+'-]+ (?: (?: {dot} | \s\.\s ) [\p{{L}}\d._%+'-]+ )* )
        (?P<at> \s{{0,3}} (?: @ | [(\[{{<]\s?(?:at|et|@)\s?[)\]}}>] ) \s{{0,3}} | \s{{1,3}}at\s{{1,3}} )
        (?P<domain>
            [\p{{L}}\d][\p{{L}}\d-]*
            (?: (?:\.|{dot}) [\p{{L}}\d-]+ )*
            (?: (?:\.|{dot}) \p{{L}}[\p{{L}}\d-]+ | \s{{0,2}}\.\s{{0,2}}(?:{ENDINGS})\b )
            (?: \s{{0,2}}\.\s{{0,2}}(?:{ENDINGS})\b )*
          | (?:{PROVIDERS})\b
        )"
    );
    Regex::new(&pattern).expect("a fixed pattern")
});
static PROVIDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)^(?:{PROVIDERS})\b")).expect("a fixed pattern"));
static KNOWN_ENDING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)(?:^|\W)(?:{ENDINGS})$")).expect("a fixed pattern"));
static BRACKETED_DOT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)[(\[{<\s](?:dot|titik|\.)[)\]}>\s]").expect("a fixed pattern"));
/// Words after which "budi @contoh.id" is an address, not a person and a mention.
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:e-?mail|surel|imel|surat elektronik)\W+(?:\w+\W+)?$").expect("a fixed pattern")
});

/// Where addresses stand in `signs`.
pub(super) fn addresses(signs: &[Sign]) -> Vec<Range<usize>> {
    let may_have = |s: &[Sign]| {
        s[0].plain == '@'
            || s[0].plain.eq_ignore_ascii_case(&'a') && s[1].plain.eq_ignore_ascii_case(&'t')
            || s[0].plain.eq_ignore_ascii_case(&'e') && s[1].plain.eq_ignore_ascii_case(&'t')
    };
    if !signs.windows(2).any(may_have) {
        return Vec::new();
    }
    let text: String = signs.iter().map(|s| s.plain).collect();
    let starts: Vec<usize> = signs
        .iter()
        .scan(0, |at, s| {
            *at += s.plain.len_utf8();
            Some(*at - s.plain.len_utf8())
        })
        .collect();
    let index = |byte: usize| starts.partition_point(|start| *start < byte);
    ADDRESS
        .captures_iter(&text)
        .filter_map(|found| {
            let (local, at, domain) =
                (found.name("local")?, found.name("at")?.as_str(), found.name("domain")?.as_str());
            let is_provider = PROVIDER.is_match(domain);
            let is_address = if at.trim().eq_ignore_ascii_case("at") {
                is_provider || BRACKETED_DOT.is_match(domain)
            } else if at.starts_with(char::is_whitespace) && at.ends_with('@') {
                is_provider || ANNOUNCED.is_match(&text[..local.start()])
            } else {
                // "ketemu @ kantor.Nanti saya ..."
                !at.contains(char::is_whitespace) || !at.contains('@') || is_provider || KNOWN_ENDING.is_match(domain)
            };
            is_address.then(|| index(local.start())..index(found.get(0).map_or(local.end(), |m| m.end())))
        })
        .collect()
}
