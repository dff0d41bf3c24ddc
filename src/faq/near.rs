//! What somebody may have meant: a known name only where it is near enough and of the same kind.

/// Wrong signs that a name may have at most.
const MOST_WRONG: usize = 2;
/// Letters for each wrong sign: a short name with one wrong letter is often another name.
const LETTERS_PER_WRONG: usize = 4;

/// Keys as people write them who think in Indonesian.
const IN_INDONESIAN: [(&str, &str); 40] = [
    ("kode", "id"),
    ("judul", "title"),
    ("pertanyaan", "questions"),
    ("jawaban", "answer"),
    ("selengkapnya", "more"),
    ("sumber", "sources"),
    ("ditinjau", "reviewed"),
    ("terkait", "related"),
    ("tahapan", "stage"),
    ("sebelum", "before"),
    ("selama", "during"),
    ("sesudah", "after"),
    ("sensitif", "sensitive"),
    ("putusan", "verdict"),
    ("klaim", "claims"),
    ("bagikan", "share"),
    ("nama", "name"),
    ("mulai", "start"),
    ("selesai", "end"),
    ("buka", "open"),
    ("tutup", "close"),
    ("zona", "zone"),
    ("utama", "main"),
    ("nomor", "number"),
    ("suara", "votes"),
    ("kursi", "seats"),
    ("balasan", "reply"),
    ("jenis", "kind"),
    ("jabatan", "office"),
    ("wilayah", "area"),
    ("wakil", "deputy"),
    ("darurat", "urgent"),
    ("nomor_darurat", "emergency"),
    ("topik", "category"),
    ("kategori", "category"),
    ("sebutan", "called"),
    ("boleh", "may"),
    ("kalimat", "says"),
    ("sanksi", "sanction"),
    ("lapor", "report"),
];

/// The known name nearest to `word`, if one is near enough to be meant and no other is as near. Names that differ in
/// their numbers are of two things (`pemilu2024`, `pemilu2029`), unless the same digits stand in another order.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let mut best: Option<(usize, &str)> = None;
    let mut alone = true;
    for name in known {
        let Some(distance) = distance(word, name) else { continue };
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, other)) if distance == least => alone &= other == name,
            _ => (best, alone) = (Some((distance, name)), true),
        }
    }
    best.filter(|_| alone).map(|(_, name)| name)
}

/// The same for keys, which people also write in Indonesian.
pub fn nearest_key<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let plain = fold(word);
    let meant = IN_INDONESIAN.iter().find(|(written, _)| *written == plain).map(|(_, key)| *key);
    meant.and_then(|key| known.iter().copied().find(|k| *k == key)).or_else(|| nearest(word, known.iter().copied()))
}

/// The key that somebody means who writes it in Indonesian; else the key itself.
pub fn key_in_english(key: &str) -> &str {
    IN_INDONESIAN.iter().find(|(written, _)| *written == key).map_or(key, |(_, english)| english)
}

fn distance(word: &str, name: &str) -> Option<usize> {
    let (word, name) = (fold(word), fold(name));
    let digits = |text: &str| {
        let mut digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
        digits.sort_unstable();
        digits
    };
    let longer = word.chars().count().max(name.chars().count());
    let most = MOST_WRONG.min(longer / LETTERS_PER_WRONG);
    let distance = strsim::osa_distance(&word, &name);
    (distance <= most && digits(&word) == digits(&name)).then_some(distance)
}

/// Capitals, blanks and hyphens are no other name.
fn fold(text: &str) -> String {
    text.trim().to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_meant() {
        let ids = ["pemilih-pindah-tps", "jadwal-libur", "kandidat-nomor-1", "kandidat-nomor-2", "asn-sanksi", "dpt"];
        let cases = [
            ("jadwal-libr", Some("jadwal-libur")),
            ("jadwal_libur", Some("jadwal-libur")),
            ("Asn-Sanksi", Some("asn-sanksi")),
            ("DPT", Some("dpt")),
            // Another topic, another number, another short word.
            ("pemilih-pindah", None),
            ("kandidat-nomor-4", None),
            ("dpk", None),
            ("asn", None),
            ("", None),
        ];
        for (word, wanted) in cases {
            assert_eq!(nearest(word, ids), wanted, "{word}");
        }
    }

    #[test]
    fn another_year_is_another_election_but_for_swapped_digits() {
        let names = ["pemilu2024", "pilkada2024"];
        assert_eq!(nearest("pemilu2029", names), None);
        assert_eq!(nearest("pemilu2042", names), Some("pemilu2024"));
        assert_eq!(nearest("pemlu2024", names), Some("pemilu2024"));
    }

    #[test]
    fn of_two_that_are_as_near_none_is_meant() {
        assert_eq!(nearest("tps-lokas", ["tps-lokasi", "tps-lokass"]), None);
        assert_eq!(nearest("tps-lokas", ["tps-lokasi", "tps-lokasi"]), Some("tps-lokasi"));
    }

    #[test]
    fn keys_are_known_in_indonesian() {
        assert_eq!(nearest_key("Jawaban", &["answer", "title"]), Some("answer"));
        assert_eq!(nearest_key("jawaban", &["title"]), None);
        assert_eq!(nearest_key("answr", &["answer", "title"]), Some("answer"));
    }
}
