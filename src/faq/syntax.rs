//! The parser's complaints in the words of a maintainer.

use std::ops::Range;

use super::fault::{Fault, Rank};
use super::near::{key_in_english, nearest};

/// The opening quotes of the first ''' block that runs into the next key or entry, or to the end of the file; what is
/// wrong with them, and what to do.
pub(super) fn unclosed_block(text: &str) -> Option<(Range<usize>, &'static str, &'static str)> {
    let key_of = |line: &str| {
        let key = line.split_once('=').map_or("", |(key, _)| key.trim_end());
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    let looks_like_toml = |line: &str| line.starts_with("[[") || key_of(line) && line.contains(" = ");
    let unclosed =
        |open| Some((open, "blok teks ini tidak ditutup", "tutup dengan tiga tanda kutip ''' di baris sendiri"));
    let mut open: Option<Range<usize>> = None;
    let mut offset = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        if open.is_some() && looks_like_toml(line) {
            return unclosed(open?);
        }
        let value = line.split_once('=').map_or("", |(_, value)| value.trim());
        let runs_on = |next: &&str| !next.trim().is_empty() && !next.starts_with('#') && !looks_like_toml(next);
        if open.is_none() && key_of(line) && ["''", "\"\""].contains(&value) && lines.peek().is_some_and(runs_on) {
            let at = offset + line.rfind(value).unwrap_or_default();
            let hint = "blok teks diawali dan ditutup dengan tiga tanda kutip: '''";
            return Some((at..at + value.len(), "blok teks ini dibuka dengan dua tanda kutip", hint));
        }
        for (at, _) in line.match_indices("'''") {
            open = if open.is_some() { None } else { Some(offset + at..offset + at + 3) };
        }
        offset += line.len();
    }
    open.and_then(unclosed)
}

/// The parser's English message in the words of a maintainer, with the usual cause as the hint.
pub(super) fn syntax_fault(file: &str, text: &str, span: Range<usize>, message: &str) -> Fault {
    let line_start = text[..span.start.min(text.len())].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[line_start..].find('\n').map_or(text.len(), |i| line_start + i);
    let line = &text[line_start..line_end];
    let curly = line.contains(['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}']);
    if let Some((what, hint)) = bare_value(line) {
        let at = line.find('=').map_or(0, |i| i + 1);
        let from = at + (line[at..].len() - line[at..].trim_start().len());
        let span = line_start + from..line_start + line.trim_end().len().max(from);
        return Fault::new(file, span, what).hint(hint).rank(Rank::Syntax);
    }
    let (what, hint) = if curly {
        (
            "tanda kutip ini melengkung",
            "pakai tanda kutip lurus \" atau '; pengolah kata sering menggantinya menjadi kutip melengkung",
        )
    } else if message.starts_with("missing comma") || message.starts_with("unclosed array,") {
        ("daftar ini tidak utuh", "beri koma di antara isi daftar dan tutup dengan ]: [\"satu\", \"dua\"]")
    } else if message.starts_with("string values must be quoted") {
        ("teks ini tidak diapit tanda kutip", "tulis di antara tanda kutip: kunci = \"teks\"")
    } else if message.starts_with("invalid basic string") || message.starts_with("invalid literal string") {
        ("tanda kutip penutup tidak ada", "tutup teks dengan tanda kutip yang sama di baris yang sama")
    } else if message.starts_with("key with no value") && line.contains(':') {
        ("kunci dan isi dipisah titik dua", "pakai tanda sama dengan: kunci = \"isi\"")
    } else if message.starts_with("key with no value") {
        ("kunci ini tidak punya isi", "tulis kunci = \"isi\"")
    } else if message.starts_with("unexpected key or value") {
        (
            "ada yang berlebih di baris ini",
            "satu baris satu kunci; teks yang memuat tanda kutip ' ditulis di antara \" atau dalam blok '''",
        )
    } else if message.starts_with("duplicate key") {
        (
            "kunci ini sudah ada sebelumnya",
            "hapus salah satu, atau mulai yang baru dengan kepalanya: [[entry]], [stages.nama]",
        )
    } else if message.starts_with("unclosed") && line.trim_start().starts_with("[stages") {
        ("kurung siku ini tidak ditutup", "kepala tahapan ditulis [stages.nama] dengan titik dan tanpa spasi")
    } else if message.starts_with("unclosed") {
        ("kurung siku ini tidak ditutup", "kepala entri ditulis [[entry]] dengan dua kurung di kedua sisi")
    } else if message.contains("date") || message.contains("time") || message.contains("day between") {
        ("tanggal ini tidak ada di kalender", "tulis TTTT-BB-HH di antara tanda kutip, misalnya \"2024-02-14\"")
    } else if message.contains("escape") {
        (
            "garis miring terbalik tidak dikenal di sini",
            "pakai blok ''' ... ''': di dalamnya semua tanda ditulis apa adanya",
        )
    } else if line.starts_with('\t') {
        ("baris ini tidak terbaca", "baris ini diawali tab; hapus atau ganti dengan spasi")
    } else {
        ("baris ini tidak terbaca", "periksa tanda kutip, koma, dan tanda sama dengan di baris ini")
    };
    let span =
        if span.is_empty() { span.start.saturating_sub(1).max(line_start)..span.start.max(line_start) } else { span };
    Fault::new(file, span, what).hint(hint).rank(Rank::Syntax)
}

/// What is wrong with a number, or a yes or no, that stands without quotes as people write it.
fn bare_value(line: &str) -> Option<(String, String)> {
    const YES: [&str; 6] = ["ya", "benar", "betul", "yes", "true", "on"];
    const NO: [&str; 6] = ["tidak", "salah", "bukan", "no", "false", "off"];
    let (key, value) = line.split_once('=')?;
    let (key, value) = (key_in_english(key.trim()), value.split('#').next().unwrap_or_default().trim());
    let plain = value.to_lowercase();
    let near = nearest(&plain, ["true", "false"]);
    for (words, right) in [(YES, "true"), (NO, "false")] {
        if (words.contains(&plain.as_str()) || near == Some(right)) && value != right {
            let what = format!("isi `{value}` tidak dikenal; seharusnya true (ya) atau false (tidak)");
            return Some((what, format!("tulis {key} = {right}, huruf kecil tanpa tanda kutip")));
        }
    }
    number_in_words(value).map(|plain| {
        let what = format!("bilangan `{value}` tidak ditulis polos");
        (what, format!("tulis {key} = {plain}: tanpa titik ribuan, pecahan dengan titik, tanpa satuan"))
    })
}

/// A number as Indonesians write it, `204.807.222`, `58,59`, `Rp12.000` or `58,59 persen`, as a plain one. None if it is
/// plain already, or no number.
pub(super) fn number_in_words(value: &str) -> Option<String> {
    const UNITS: [&str; 13] = [
        "%", "persen", "hari", "jam", "menit", "bulan", "tahun", "orang", "pemilih", "suara", "kursi", "tps",
        "provinsi",
    ];
    let lower = value.trim().to_lowercase();
    let unit = UNITS.iter().find_map(|unit| lower.strip_suffix(unit));
    let bare = unit.unwrap_or(&lower).trim().trim_start_matches("rp").trim();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match bare.split_once(',') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (bare, None),
    };
    let mut groups = whole.split(['.', ' ']);
    let first = groups.next()?;
    let sign = first.strip_prefix('-').map_or("", |_| "-");
    let first = first.trim_start_matches('-');
    let rest: Vec<&str> = groups.collect();
    let thousands = rest.iter().all(|group| group.len() == 3 && digits(group)) && (rest.is_empty() || first.len() <= 3);
    let decimal = fraction.is_none() && whole.matches('.').count() == 1 && rest.iter().all(|group| digits(group));
    if !digits(first) || fraction.is_some_and(|f| !digits(f)) {
        return None;
    }
    let plain = match fraction {
        Some(fraction) if thousands => format!("{sign}{first}{}.{fraction}", rest.concat()),
        // "58.59 %": only the unit is too much; "12.345" may be either, and is plain as it stands.
        None if decimal && bare != value.trim() => bare.to_owned(),
        None if thousands && (rest.len() > 1 || whole.contains(' ') || bare != value.trim()) => {
            format!("{sign}{first}{}", rest.concat())
        }
        _ => return None,
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_as_people_write_them() {
        let cases = [
            ("58,59", Some("58.59")),
            ("204.807.222", Some("204807222")),
            ("204 807 222", Some("204807222")),
            ("1.234,5", Some("1234.5")),
            ("58,59 %", Some("58.59")),
            ("58.59%", Some("58.59")),
            ("12 persen", Some("12")),
            ("90 hari", Some("90")),
            ("12 juta", None),
            ("Rp12.000.000", Some("12000000")),
            ("58.59", None),
            ("2029", None),
            ("-5", None),
            ("12,", None),
            ("14 Februari", None),
            ("", None),
            ("07.00-13.00", None),
        ];
        for (value, wanted) in cases {
            assert_eq!(number_in_words(value).as_deref(), wanted, "{value}");
        }
    }

    #[test]
    fn yes_and_no_have_one_right_hint() {
        for line in
            ["sensitive = ya", "sensitive = True", "sensitive=YES # catatan", "sensitif = ya", "sensitive = ture"]
        {
            let (what, hint) = bare_value(line).expect("told");
            assert!(what.contains("true (ya)") && hint.starts_with("tulis sensitive = true"), "{what}: {hint}");
        }
        assert_eq!(bare_value("title = halo"), None);
    }
}
