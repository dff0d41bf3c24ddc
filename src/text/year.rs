//! The years that a text names, and in what part: as its subject, as the end of a term of office, or as that of a law.

use std::collections::BTreeSet;

use super::is_listed;
use super::normalize::words;

/// The years that a text names.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Years {
    /// Years that the text speaks of: "pilpres 2019", "pemilu 29", "Rabu, 14 Februari 2024".
    pub named: BTreeSet<u16>,
    /// Terms of office: "2024-2029". The election is that of the first year.
    pub terms: BTreeSet<(u16, u16)>,
    /// Until when something holds: "menjabat sampai 2029".
    pub until: BTreeSet<u16>,
    /// Years of laws and rulings: "UU 7 Tahun 2017", "PKPU 3/2022".
    pub laws: BTreeSet<u16>,
}

impl Years {
    /// Takes in the years of another text.
    pub fn absorb(&mut self, other: &Self) {
        self.named.extend(&other.named);
        self.terms.extend(&other.terms);
        self.until.extend(&other.until);
        self.laws.extend(&other.laws);
    }
}

/// A span of at least so many years is a term of office, a shorter one two years of one matter ("2023-2024").
const TERM: u16 = 4;
/// What an election is called, and "year": two digits after one are a year ("pemilu 29").
const ELECTIONS: &str = "pemilu pemilihan pilpres pileg pilkada pilgub pilbup pilwalkot pilwali pilwako pilkot pilkades election \
    tahun thn taun tahunn tahunnya th year angkatan";
const MONTHS: &str = "januari februari maret april mei juni juli agustus september oktober november desember jan feb mar apr jun \
    jul agt ags agust sept sep okt nov des";
/// After two digits: they count something ("pemilu 24 partai"); before a month they are its day ("pemilu 14 februari").
const COUNTS: &str = "hari bulan minggu tahun thn jam menit persen partai parpol provinsi \
    orang kali juta ribu";
/// Before a year: it is that of a law.
const LAWS: &str = "uu undang pkpu perppu perpu pp perpres keppres kepres keputusan putusan skb se edaran perbawaslu permen \
    permenpan kuhp pasal inpres";
/// Between a law's name and its year.
const LAW_FILLERS: &str =
    "nomor no tahun thn th tentang kpu mk ma pemilu pilkada asn desa menpan undang mendagri bawaslu";
/// Before a year of somebody's life: it is not asked about ("lahir 14 maret 2007").
const LIFE: &str = "lahir kelahiran lhr born angkatan lulus lulusan nikah menikah pensiun diangkat ultah wisuda";
/// Before "sejak" and a year: somebody's life too ("pns sejak 2015").
const WORK: &str = "pns asn pppk honorer pegawai kerja bekerja guru dosen polisi tni tinggal merantau pindah domisili";
/// Between such a word and the year.
const SINCE: &str = "sejak dari dr semenjak since mulai";
/// With "dari" or "sama" after one of these, a year is only compared with ("naik dari 2019").
const COMPARED: &str = "naik turun beda bedanya berbeda lebih banding dibanding dibandingkan than from meningkat";
/// Directly before a year, which is over then: what comes after it is asked about ("habis 2024 kapan lagi").
const AFTER: &str = "habis abis hbs setelah sesudah sehabis pasca after";
/// Before the end of a span.
const UNTIL: &str = "sampai sampe smp smpe hingga sd until ampe till";
/// How many words before a year may say what it is.
const NEAR: usize = 4;

/// The years that `text` names.
pub fn years(text: &str) -> Years {
    let mut years = Years::default();
    // Most texts name none, and this is asked of every sentence of a FAQ. Without digits it takes "dua ribu".
    if !text.bytes().any(|b| b.is_ascii_digit()) && !text.contains("ibu") && !text.contains("IBU") {
        return years;
    }
    let joined = joined_years(text);
    for &(first, last) in &joined {
        if last - first >= TERM {
            years.terms.insert((first, last));
        } else {
            years.named.extend([first, last]);
        }
    }
    let words = words(text);
    let mut open: Option<(usize, u16)> = None;
    let mut ends: BTreeSet<u16> =
        joined.iter().filter(|(first, last)| last - first >= TERM).map(|span| span.1).collect();
    let mut starts: BTreeSet<u16> =
        joined.iter().filter(|(first, last)| last - first >= TERM).map(|span| span.0).collect();
    let mut at = 0;
    while at < words.len() {
        let Some((year, length)) = year_at(&words, at) else {
            at += 1;
            continue;
        };
        let before = &words[at.saturating_sub(NEAR)..at];
        let until = before.iter().rev().take(3).any(|w| is_listed(UNTIL, w));
        let start = open.filter(|&(place, _)| at - place <= 2 * NEAR).map(|(_, start)| start);
        if starts.remove(&year) || ends.remove(&year) {
            // told as a term already
        } else if is_of_a_law(&words, at) {
            years.laws.insert(year);
        } else if is_of_a_life(before) || is_compared(before) || before.last().is_some_and(|w| is_listed(AFTER, w)) {
            // not what is asked about
        } else if until && start.is_none_or(|start| year.saturating_sub(start) >= TERM) {
            years.until.insert(year);
        } else {
            years.named.insert(year);
        }
        open = Some((at, year));
        at += length;
    }
    years
}

/// The year that stands at `words[at]`, and of how many words it is made.
fn year_at(words: &[String], at: usize) -> Option<(u16, usize)> {
    let word = words[at].as_str();
    let next = words.get(at + 1).map(String::as_str);
    let last = at.checked_sub(1).map(|i| words[i].as_str());
    if let Some(year) = four_digits(word) {
        let counts =
            next.is_some_and(|n| matches!(n, "rupiah" | "suara" | "orang" | "pemilih" | "tps" | "kursi" | "juta"));
        return (!counts && !matches!(last, Some("rp" | "uud" | "pasal"))).then_some((year, 1));
    }
    if word == "dua" && next == Some("ribu") {
        return spelled_out(&words[at + 2..]).map(|(rest, length)| (2000 + rest, 2 + length));
    }
    let is_number = |at: usize| words.get(at).is_some_and(|w| w.bytes().all(|b| b.is_ascii_digit()));
    let short: u16 = (word.len() == 2).then(|| word.parse().ok()).flatten()?;
    let told = last.is_some_and(|w| is_listed(ELECTIONS, w))
        && next.is_none_or(|n| !is_listed(COUNTS, n) && !is_listed(MONTHS, n) || n == "tahun" && is_number(at + 2));
    match short {
        4..50 if told => Some((2000 + short, 1)),
        50.. if told => Some((1900 + short, 1)),
        _ => None,
    }
}

/// "2029", also with letters for digits ("2o29", "2k29").
fn four_digits(word: &str) -> Option<u16> {
    if word.len() != 4 || !word.starts_with(['1', '2']) || word.bytes().filter(u8::is_ascii_digit).count() < 3 {
        return None;
    }
    let digits = word.replace(['o', 'k'], "0").replace(['l', 'i'], "1");
    digits.parse().ok().filter(|year| (1900..2100).contains(year))
}

/// What stands after "dua ribu", with how many words it has: "dua puluh sembilan" is 29, "empat belas" 14, "empat" 4.
fn spelled_out(words: &[String]) -> Option<(u16, usize)> {
    const ONES: [&str; 9] = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];
    let one = |at: usize| ONES.iter().position(|o| words.get(at).is_some_and(|w| w == o)).map(|p| p as u16 + 1);
    let word = |at: usize| words.get(at).map(String::as_str);
    match (word(0)?, word(1)) {
        ("sepuluh", _) => Some((10, 1)),
        ("sebelas", _) => Some((11, 1)),
        (_, Some("belas")) => Some((10 + one(0)?, 2)),
        (_, Some("puluh")) => match one(2) {
            Some(rest) => Some((10 * one(0)? + rest, 3)),
            None => Some((10 * one(0)?, 2)),
        },
        (_, Some("ratus" | "ribu" | "rupiah" | "orang")) => None,
        _ => Some((one(0)?, 1)),
    }
}

/// Pairs of years with only a dash between them.
fn joined_years(text: &str) -> Vec<(u16, u16)> {
    let runs: Vec<(usize, &str)> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .map(|run| (run.as_ptr() as usize - text.as_ptr() as usize, run))
        .collect();
    runs.windows(2)
        .filter_map(|pair| {
            let (first, last) = (four_digits(pair[0].1)?, four_digits(pair[1].1)?);
            let between = text[pair[0].0 + 4..pair[1].0].trim();
            (first < last && matches!(between, "-" | "–" | "—" | "/" | "s/d" | "sd" | "s.d.")).then_some((first, last))
        })
        .collect()
}

/// "uu 7 tahun 2017", "pkpu 3/2022", "uu pemilu 2017".
fn is_of_a_law(words: &[String], at: usize) -> bool {
    let before = &words[at.saturating_sub(NEAR + 2)..at];
    for word in before.iter().rev() {
        if is_listed(LAWS, word) {
            return true;
        }
        let is_number = word.bytes().any(|b| b.is_ascii_digit()) || word.chars().all(|c| "ivxlc".contains(c));
        if !is_number && !is_listed(LAW_FILLERS, word) && !["puu", "phpu", "hum", "p", "jo"].contains(&word.as_str()) {
            return false;
        }
    }
    false
}

fn is_of_a_life(before: &[String]) -> bool {
    let is_date = |w: &str| {
        w.bytes().all(|b| b.is_ascii_digit())
            || is_listed(MONTHS, w)
            || is_listed("tahun thn th pada di tgl tanggal", w)
    };
    let mut before = before.iter().rev().map(String::as_str).skip_while(|w| is_date(w)).peekable();
    let since = before.next_if(|w| is_listed(SINCE, w)).is_some();
    before.next().is_some_and(|w| is_listed(LIFE, w) || since && is_listed(WORK, w))
}

fn is_compared(before: &[String]) -> bool {
    let with =
        before.last().is_some_and(|w| matches!(w.as_str(), "dari" | "daripada" | "dr" | "than" | "from" | "tahun"));
    with && before.iter().any(|w| is_listed(COMPARED, w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn years_and_their_part() {
        for (text, named, rest) in [
            ("siapa pemenang pilpres 2019?", &[2019][..], ""),
            ("pemilu2029 kapan", &[2029], ""),
            ("pemilu 29 tgl brp", &[2029], ""),
            ("pilpres '14, pemilu 99, tahun 55", &[1955, 1999, 2014], ""),
            ("pemilu dua ribu dua puluh sembilan", &[2029], ""),
            ("pilpres dua ribu sembilan belas, dua ribu empat", &[2004, 2019], ""),
            ("pemilu 2o29 2k24", &[2024, 2029], ""),
            ("pemilu 14 februari, pemilu 24 partai, paslon 02", &[], ""),
            ("dua ribu rupiah, rp 2000, 2000 orang, 2000 suara", &[], ""),
            ("kampanye 2023/2024", &[2023, 2024], ""),
            ("DPR 2024-2029", &[], "term 2024-2029"),
            ("presiden 2029 – 2034", &[], "term 2029-2034"),
            ("menjabat sampai 2029", &[], "until 2029"),
            ("20 Oktober 2024 sampai Oktober 2029", &[2024], "until 2029"),
            ("28 November 2023 sampai 10 Februari 2024", &[2023, 2024], ""),
            ("UU 7 Tahun 2017 dan PKPU 3/2022", &[], "law 2017 law 2022"),
            ("putusan mk nomor 90/puu-xxi/2023", &[], "law 2023"),
            ("uu pemilu 2017", &[], "law 2017"),
            ("aturan pemilu 2029", &[2029], ""),
            ("aku lahir tahun 2007 boleh nyoblos ga", &[], ""),
            ("pns sejak 2015 boleh like ga", &[], ""),
            ("lahir 14 maret 2007, umur capres 2029", &[2029], ""),
            ("pindah tps pemilu 2029 sejak pilpres 2019", &[2019, 2029], ""),
            ("honornya naik dari 2019", &[], ""),
            ("abis 2024 kapan lagi, setelah pilpres 2019", &[2019], ""),
            ("beda pemilu 2019 dan 2024", &[2019, 2024], ""),
            ("uud 1945", &[], ""),
            ("3175091701990001", &[], ""),
        ] {
            let found = years(text);
            let spans = found.terms.iter().map(|(first, last)| format!("term {first}-{last}"));
            let until = found.until.iter().map(|year| format!("until {year}"));
            let laws = found.laws.iter().map(|year| format!("law {year}"));
            assert_eq!(found.named.iter().copied().collect::<Vec<_>>(), named, "{text}");
            assert_eq!(spans.chain(until).chain(laws).collect::<Vec<_>>().join(" "), rest, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}|[0-9 /–-]{0,40}|(pemilu|tahun|dua|ribu|belas|puluh| |2024|-|sampai)*") {
            years(&text);
        }
    }
}
