//! Signs that voters would see raw: marks of other programs, lists and links that are not ours, what is left of a template.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::faq::fault::Severity;

/// One stray sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stray {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub what: &'static str,
    /// What to write instead.
    pub hint: &'static str,
    /// A fault where something is missing from what the bot says, a warning where it only looks odd.
    pub severity: Severity,
}

impl Stray {
    /// What a maintainer reads about it.
    pub(super) fn message(&self, written: &str) -> String {
        let shown = if written.trim().is_empty() { written } else { written.trim() };
        format!("pemilih akan melihat \"{}\" apa adanya: {}", shown.escape_debug(), self.what)
    }
}

struct Rule {
    /// The first group is what is stray.
    pattern: Regex,
    what: &'static str,
    hint: &'static str,
    severity: Severity,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let link = "tulis [teks](https://alamat), tanpa spasi di antaranya";
    let list = "awali butir dengan \"- \" (tanda hubung, lalu spasi)";
    let emphasis = "pakai **tebal** atau *miring*";
    let warnings = [
        (
            r"(?:^|[\s(\x22'])(_{1,2}[^\s_](?:[^_\n]*[^\s_])?_{1,2})(?:$|[\s.,:;?!)\x22'])",
            "garis bawah bukan tanda miring di sini",
            emphasis,
        ),
        (r"(~~[^~\n]+~~)", "tanda coret tidak dikenal", "hapus tandanya, atau hapus teksnya"),
        (r"(```|`[^`\n]*`)", "tanda kode tidak dikenal", "pakai tanda kutip \"...\" atau **tebal**"),
        (r"(?m)^\s*(>+[ \t]*\S?)", "tanda kutipan tidak dikenal", "hapus tanda > di awal baris"),
        (
            r"(?m)^\s*((?:-[ \t]*){2,}|(?:_[ \t]*){3,}|={3,})$",
            "garis pemisah tidak dikenal",
            "pisahkan dengan baris kosong saja",
        ),
        (r"(?m)^\s*(-[\p{L}\d*\[])", "tanda daftar tanpa spasi", list),
        (
            r"(?m)^\s*([\u{2013}\u{2014}\u{b7}\u{25aa}\u{25ab}\u{25a0}\u{25cf}\u{25cb}\u{2023}\u{2043}\u{2713}\u{2794}\u{27a2}][ \t]*)\S",
            "tanda daftar dari program lain",
            list,
        ),
        (r"(?m)^\s*([o§+][ \t]+)\S", "tanda daftar dari pengolah kata", list),
        (r"(?m)^\s*(\d{1,2}\))[ \t]*\S", "nomor daftar dengan kurung", "tulis nomor, titik, spasi: \"1. \""),
        (
            r"(!\[[^\]\n]*\]\([^)\n]*\)?)",
            "gambar tidak dapat dimuat di dalam jawaban",
            "hapus; tulis keterangannya dengan kata-kata",
        ),
        (r"(\[[^\]\n]*\][ \t]+\([^)\n]*\))", "tautan ini tidak terbaca", link),
        (r"(\[[^\]\n]+\][ \t]*\[[^\]\n]*\])", "tautan ini tidak terbaca", link),
        (r"(\([^)\n]+\)\[https?://[^\]\n]*\])", "tautan ini terbalik", link),
        (
            r"(<https?://[^>\s]*>)",
            "kurung siku lancip ikut tampil",
            "tulis alamatnya saja, atau [teks](https://alamat)",
        ),
        (r"(&(?:[a-z]{2,8}|#\d{1,5}|#x[0-9a-f]{1,4});)", "kode HTML", "tulis tandanya langsung, misalnya &"),
        (r"(\\[nrt*_\[\]()#`~>.-])", "garis miring terbalik ikut tampil", "hapus tanda \\"),
        (r"(\t)", "tab, seperti dari tabel", "tulis sebagai daftar, satu butir satu baris"),
        (
            r"(?m)^([^|\n]*\S[ \t]*\|[^|\n]*\|[^\n]*)$",
            "tabel tidak dikenal",
            "tulis sebagai daftar, satu butir satu baris",
        ),
        (r"(?i)(\[/?(?:b|i|u|url|img|quote)(?:=[^\]\n]*)?\])", "tanda forum (BBCode) tidak dikenal", emphasis),
    ];
    let faults = [
        (r"(\{[^{}\n]*\}+)", "kurung kurawal ini tidak diisi siapa pun", "tulis {{ nama | saringan }}, atau hapus"),
        (r"(%\}|\}\}|[{}])", "sisa templat", "hapus, atau tulis {{ nama | saringan }} dengan utuh"),
    ];
    let rule = |severity: Severity| {
        move |(pattern, what, hint): (&str, &'static str, &'static str)| Rule {
            pattern: Regex::new(pattern).expect("a pattern of our own"),
            what,
            hint,
            severity,
        }
    };
    faults.into_iter().map(rule(Severity::Fault)).chain(warnings.into_iter().map(rule(Severity::Warning))).collect()
});

/// The stray signs in `text`, a rendered answer before its markup is read; addresses are no signs.
pub(super) fn find(text: &str) -> Vec<Stray> {
    let addresses = addresses(text);
    let mut found: Vec<Stray> = Vec::new();
    for rule in RULES.iter() {
        for captures in rule.pattern.captures_iter(text) {
            let Some(range) = captures.get(1).map(|group| group.range()) else { continue };
            let overlaps = |other: &Range<usize>| other.start < range.end && range.start < other.end;
            // One mistake, one message: what was told by an earlier rule is not told again.
            if addresses.iter().any(|a| a.start <= range.start && range.end <= a.end)
                || found.iter().any(|stray| overlaps(&stray.range))
            {
                continue;
            }
            found.push(Stray { range, what: rule.what, hint: rule.hint, severity: rule.severity });
        }
    }
    found.sort_by_key(|stray| stray.range.start);
    found
}

/// Where web addresses stand, with or without `https://`.
fn addresses(text: &str) -> Vec<Range<usize>> {
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)https?://[^\s<>\x22]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>\x22]*")
            .expect("a pattern of our own")
    });
    ADDRESS.find_iter(text).map(|found| found.range()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_voters_would_see_raw() {
        for (text, wanted) in [
            ("Ini _penting_ sekali", "_penting_"),
            ("Ini __penting sekali__.", "__penting sekali__"),
            ("(_miring_)", "_miring_"),
            ("harga ~~mahal~~ murah", "~~mahal~~"),
            ("ketik `kapan`", "`kapan`"),
            ("```\nkode", "```"),
            ("> kata KPU", "> k"),
            ("satu\n---\ndua", "---"),
            ("satu\n- - -\ndua", "- - -"),
            ("judul\n=====", "====="),
            ("-satu\n- dua", "-s"),
            ("\u{2013} satu", "\u{2013} "),
            ("\u{25cf}\tsatu", "\u{25cf}\t"),
            ("o satu\no dua", "o "),
            ("\u{b7} satu", "\u{b7} "),
            ("1) satu", "1)"),
            ("![bendera](https://a.b/c.png)", "![bendera](https://a.b/c.png)"),
            ("[KPU] (https://kpu.go.id)", "[KPU] (https://kpu.go.id)"),
            ("(KPU)[https://kpu.go.id]", "(KPU)[https://kpu.go.id]"),
            ("[KPU][1]", "[KPU][1]"),
            ("KTP &amp; KK", "&amp;"),
            ("satu\\ndua", "\\n"),
            ("5 \\* 3", "\\*"),
            ("nama\tusia", "\t"),
            ("nama | usia | kota", "nama | usia | kota"),
            ("[b]tebal[/b]", "[b]"),
            ("Halo {satu}.", "{satu}"),
            ("selesai }} di sini", "}}"),
            ("selesai %} di sini", "%}"),
            ("selesai } di sini", "}"),
        ] {
            let found = find(text);
            assert_eq!(found.first().map(|stray| &text[stray.range.clone()]), Some(wanted), "{text:?}: {found:?}");
        }
    }

    #[test]
    fn what_is_right_stays() {
        for text in [
            "- satu\n- dua\n1. tiga\n2. empat",
            "https://kpu.go.id/a_b_c?x=*y*&amp;z={q}",
            "[KPU](https://kpu.go.id/a_b_)",
            "Unduh di jdih.kpu.go.id/_berkas_/satu_dua.",
            "Rp5.000-10.000, pukul 07.00-13.00, -5 derajat",
            "KPU/Bawaslu, 5 > 3, \"kutip\", 'kutip', Jum'at",
            "pemilih (A) [dan lain-lain] orang",
            "orang tua; o, begitu",
            "**tebal** dan *miring*",
            "• satu",
        ] {
            assert_eq!(find(text), [], "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn places_lie_inside_the_text(text in "[_~`>a é1\\-)(\\[\\]{}%\\\\|\t\n]{0,40}|\\PC{0,40}") {
            for stray in find(&text) {
                prop_assert!(text.get(stray.range.clone()).is_some());
            }
        }
    }
}
