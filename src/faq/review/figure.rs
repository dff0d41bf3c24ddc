//! Whether the numbers of an election can be as they are: signs, shares, sums.

use crate::faq::Faq;
use crate::faq::election::{Datum, Election, Item};
use crate::faq::fault::Fault;
use crate::faq::outline::Written;
use crate::text::indonesian;

/// How far rounded shares may add up to more or less than a hundred.
const ROUNDING: f64 = 0.5;
/// How far a share may be from what the votes say, in points of a hundred.
const SLACK: f64 = 0.1;

/// Faults and warnings on every election.
pub(super) fn check(faq: &Faq, written: &Written, faults: &mut Vec<Fault>) {
    for election in &faq.elections {
        for (list, items) in &election.lists {
            // Hours from UTC may well be below zero.
            for item in items.iter().filter(|_| list != "zones") {
                let path = format!("{list}.{}", number(item).unwrap_or_default());
                signs(election, &path, item, faults);
            }
            // Without one that has a fault the sum is another.
            if !written.hides(&format!("{}.{list}", election.key)) {
                shares(election, list, items, faults);
            }
        }
        signs(election, "figures", &election.figures, faults);
    }
}

fn number(item: &Item) -> Option<i64> {
    match item.get("number") {
        Some(Datum::Integer(number)) => Some(*number),
        _ => None,
    }
}

fn value(datum: &Datum) -> Option<f64> {
    match datum {
        Datum::Integer(number) => Some(*number as f64),
        Datum::Decimal(number) => Some(*number),
        _ => None,
    }
}

/// Whether a key holds a share of a hundred.
fn is_share(key: &str) -> bool {
    key == "share" || ["partisipasi", "persen"].iter().any(|start| key.starts_with(start))
}

fn signs(election: &Election, path: &str, item: &Item, faults: &mut Vec<Fault>) {
    for (key, datum) in item {
        let Some(value) = value(datum) else { continue };
        let place = election.places.get(&format!("{path}.{key}"));
        if value < 0.0 || !value.is_finite() {
            let message = format!("`{key}` kurang dari nol: {value}");
            faults.push(Fault::new(&election.file(), place, message).hint("hapus tanda minus, atau periksa angkanya"));
        } else if key == "number" && value < 1.0 {
            let message = "nomor urut dimulai dari 1";
            faults.push(Fault::new(&election.file(), place, message).hint("periksa nomornya"));
        } else if is_share(key) && value > 100.0 {
            let message = format!("`{key}` lebih dari 100 persen: {}", indonesian::decimal(value));
            let hint = "pakai titik untuk pecahan: 58,59 persen ditulis 58.59";
            faults.push(Fault::new(&election.file(), place, message).hint(hint));
        }
    }
}

/// Shares add up to a hundred, and say the same as the votes.
fn shares(election: &Election, list: &str, items: &[Item], faults: &mut Vec<Fault>) {
    let with_share: Vec<(&Item, f64)> =
        items.iter().filter_map(|item| Some((item, item.get("share").and_then(value)?))).collect();
    if with_share.is_empty() {
        return;
    }
    let what = if list == "candidates" { "calon" } else { "partai" };
    let sum: f64 = with_share.iter().map(|(_, share)| share).sum();
    if (sum - 100.0).abs() > ROUNDING {
        let message = format!("jumlah `share` semua {what} {} persen", indonesian::decimal(sum));
        let fault = Fault::new(&election.file(), election.places.get(list), message);
        let fault = fault.hint("jumlahnya harus 100 persen; periksa angkanya satu per satu");
        // Less may be a list that is not complete; more can't be.
        faults.push(if sum > 100.0 { fault } else { fault.warning() });
        return;
    }
    let votes: Option<Vec<f64>> = with_share.iter().map(|(item, _)| item.get("votes").and_then(value)).collect();
    let Some(votes) = votes else { return };
    let all: f64 = votes.iter().sum();
    for ((item, share), votes) in with_share.iter().zip(&votes) {
        let counted = votes / all * 100.0;
        if all > 0.0 && (counted - share).abs() > SLACK {
            let number = number(item).unwrap_or_default();
            let place = election.places.get(&format!("{list}.{number}.share"));
            let message = format!(
                "{what} nomor {number}: share {} persen, padahal suaranya {} persen dari jumlah suara",
                indonesian::decimal(*share),
                indonesian::decimal(counted)
            );
            faults.push(Fault::new(&election.file(), place, message).warning().hint("periksa votes dan share"));
        }
    }
}
