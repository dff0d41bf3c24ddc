//! Numbers that look random and hang on content alone: what is drawn for one text is the same whatever else a FAQ holds,
//! and in whatever order. So an edit leaves everything where it was that it doesn't concern.

/// The key of a text: FNV-1a (Fowler, Noll, Vo), mixed; the same on every machine.
pub fn key(text: &str) -> u64 {
    mix(text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
}

/// A number made from another, every bit of which changes half of its bits (the end of SplitMix64: Steele, Lea, Flood 2014).
pub fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One of `ways` by a key.
pub fn one_of(ways: usize, key: u64) -> usize {
    (key % ways.max(1) as u64) as usize
}

/// Whether something that happens with a chance of `share` happens to this key.
pub fn happens(share: f64, key: u64) -> bool {
    share >= 1.0 || key < (share * u64::MAX as f64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_out_as_wanted() {
        let keys: Vec<u64> = (0..10_000).map(|n| key(&format!("pertanyaan {n}"))).collect();
        let drawn = |share: f64| keys.iter().filter(|k| happens(share, **k)).count();
        assert_eq!((drawn(0.0), drawn(1.0)), (0, keys.len()));
        assert!((3_800..4_200).contains(&drawn(0.4)), "{}", drawn(0.4));
        for way in 0..5 {
            let count = keys.iter().filter(|k| one_of(5, **k) == way).count();
            assert!((1_850..2_150).contains(&count), "{count}");
        }
    }
}
