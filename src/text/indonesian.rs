//! Numbers, lists and dates as Indonesians write them (EYD V, <https://ejaan.kemdikbud.go.id>).

use std::sync::LazyLock;

use chrono::{Datelike, Locale, NaiveDate};
use rustc_hash::FxHashSet;

use super::word_set;

/// "14 Februari 2024".
pub fn date(day: NaiveDate) -> String {
    day.format_localized("%-d %B %Y", Locale::id_ID).to_string()
}

/// "Rabu, 14 Februari 2024".
pub fn weekday_date(day: NaiveDate) -> String {
    day.format_localized("%A, %-d %B %Y", Locale::id_ID).to_string()
}

/// From the first day to the last, without saying twice what both have in common: "11 sampai 13 Februari 2024".
pub fn span(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        return date(last);
    }
    format!("{} sampai {}", first.format_localized(first_of(first, last), Locale::id_ID), date(last))
}

/// How the first day of a span is written: without what it has in common with the last.
pub(super) fn first_of(first: NaiveDate, last: NaiveDate) -> &'static str {
    let same_year = first.year() == last.year();
    match same_year && first.month() == last.month() {
        true => "%-d",
        false if same_year => "%-d %B",
        false => "%-d %B %Y",
    }
}

/// The name of a month, 1 to 12: "Februari"; empty for any other number.
pub fn month(number: u32) -> String {
    let day = NaiveDate::from_ymd_opt(2000, number, 1);
    day.map(|day| day.format_localized("%B", Locale::id_ID).to_string()).unwrap_or_default()
}

/// "Februari 2024".
pub fn month_year(day: NaiveDate) -> String {
    day.format_localized("%B %Y", Locale::id_ID).to_string()
}

/// A whole number with points between thousands: "204.807.222".
pub fn integer(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}

/// A number with a decimal comma, at most two decimals, no trailing zeros: "58,59".
pub fn decimal(number: f64) -> String {
    let text = format!("{number:.2}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.parse::<i64>().map_or_else(|_| whole.to_owned(), integer);
    if fraction.is_empty() { whole } else { format!("{whole},{fraction}") }
}

/// Millions with one decimal: "204,8 juta".
pub fn millions(number: i64) -> String {
    let tenths = (number as f64 / 100_000.0).round() / 10.0;
    format!("{} juta", decimal(tenths))
}

/// "A", "A dan B", "A, B, dan C".
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [a, b] => format!("{a} dan {b}"),
        [head @ .., last] => format!("{}, dan {last}", head.join(", ")),
    }
}

/// A count in words up to ten, in digits above: "dua", "12".
pub fn count(number: i64) -> String {
    const WORDS: [&str; 11] =
        ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"];
    usize::try_from(number).ok().and_then(|n| WORDS.get(n)).map_or_else(|| integer(number), ToString::to_string)
}

/// How far `day` lies ahead of `today`: "hari ini", "besok", "dua hari lagi".
pub fn days_ahead(today: NaiveDate, day: NaiveDate) -> String {
    match (day - today).num_days() {
        0 => "hari ini".to_owned(),
        1 => "besok".to_owned(),
        n => format!("{} hari lagi", count(n)),
    }
}

/// How long something took: "12 menit", "3 jam", "2 hari"; less than a minute is "kurang dari semenit".
pub fn lasting(time: chrono::TimeDelta) -> String {
    let (minutes, hours, days) = (time.num_minutes(), time.num_hours(), time.num_days());
    if minutes < 1 {
        "kurang dari semenit".to_owned()
    } else if hours < 1 {
        format!("{minutes} menit")
    } else if hours < 48 {
        format!("{hours} jam")
    } else {
        format!("{} hari", integer(days))
    }
}

/// Words by which Indonesian is told, as it is typed on phones too. None of them is an English word.
static FUNCTION_WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    word_set(
        "ada adakah adalah agar aja akan akankah aku anda antara apa apakah apaan atau bagaimana bagi bakal baru \
    bgmn bahwa banget bang bapak beda belum berapa bisa bisakah boleh bolehkah bu buat bukan bukankah cara caranya cuma dan dapat dari \
    dengan deh dgn di dia dimana doang dong drpd enggak gak gan gimana gitu gmn gue gw ga hanya harus harusnya hrs ini itu iya \
    jadi jangan jd jika juga jgn kah kak kalau kalo kamu kan kapan kapankah karena kata katanya kayak ke kemana kenapa kepada ketika kita klo \
    klu kok krn ku kudu lagi lah lalu lewat lg loh lu lupa maka makin mana masih mau melalui memang mengapa min mohon mulai nah namun nanti nggak nih \
    ngga nya oleh olehkah orang pada pake pakai para pas pernah perlu sama sampai sampe saya sdh sebagai sebelum sebuah sedang sekarang selama semua sendiri seperti \
    serta sesudah setelah setiap siapa siapakah sih sm sudah sudahkah supaya tanpa tapi tdk telah tentang terus tetap tiap tidak tolong trus tsb tuh ubah udah \
    udh untuk utk waktu wajib ya yaa yang yg yuk",
    )
});

/// Whether `word`, in lower case, is one of them.
pub fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real date")
    }

    #[test]
    fn dates() {
        assert_eq!(weekday_date(day(2024, 2, 14)), "Rabu, 14 Februari 2024");
        assert_eq!(date(day(2023, 11, 28)), "28 November 2023");
        assert_eq!(days_ahead(day(2024, 2, 12), day(2024, 2, 14)), "dua hari lagi");
        assert_eq!(days_ahead(day(2024, 2, 13), day(2024, 2, 14)), "besok");
        assert_eq!(span(day(2024, 2, 14), day(2024, 2, 14)), "14 Februari 2024");
        assert_eq!(span(day(2024, 2, 11), day(2024, 2, 13)), "11 sampai 13 Februari 2024");
        assert_eq!(span(day(2024, 2, 15), day(2024, 3, 20)), "15 Februari sampai 20 Maret 2024");
        assert_eq!(span(day(2023, 11, 28), day(2024, 2, 10)), "28 November 2023 sampai 10 Februari 2024");
        assert_eq!(days_ahead(day(2024, 1, 14), day(2024, 2, 14)), "31 hari lagi");
    }

    #[test]
    fn numbers() {
        assert_eq!(integer(204_807_222), "204.807.222");
        assert_eq!(integer(36), "36");
        assert_eq!(integer(-1_500), "-1.500");
        assert_eq!(decimal(58.59), "58,59");
        assert_eq!(decimal(3.0), "3");
        assert_eq!(decimal(0.8), "0,8");
        assert_eq!(millions(204_807_222), "204,8 juta");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b, dan c");
        let lasts = |seconds| lasting(chrono::TimeDelta::seconds(seconds));
        assert_eq!([59, 60, 3599, 3600].map(lasts), ["kurang dari semenit", "1 menit", "59 menit", "1 jam"]);
        assert_eq!([172_799, 172_800].map(lasts), ["47 jam", "2 hari"]);
    }
}
