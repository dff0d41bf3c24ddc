//! Dates, numbers, names and marks of elections and entries.

use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::source::Source;

use super::sound::{DATA, ELECTION, blank, report, sound, told};

#[test]
fn what_is_sound_has_nothing_to_report() {
    let mut files = sound();
    blank(&mut files);
    assert_eq!(report(files), "");
    let (faq, report) = Faq::load(&Source::BuiltIn);
    assert!(faq.is_some());
    assert_eq!(report.render(false), "", "the FAQ as shipped");
}

#[test]
fn the_order_of_stages() {
    told(&[
        (
            DATA,
            "start = \"2024-02-11\"\nend = \"2024-02-13\"",
            "start = \"2024-02-15\"\nend = \"2024-02-17\"",
            "salah: Pemungutan suara mulai 14 Februari 2024, padahal Masa tenang baru selesai 17 Februari 2024",
        ),
        (
            DATA,
            "end = \"2024-02-13\"",
            "end = \"2024-02-14\"",
            "salah: Pemungutan suara mulai 14 Februari 2024, padahal Masa tenang baru selesai",
        ),
        (
            DATA,
            "end = \"2024-02-10\"",
            "end = \"2024-02-12\"",
            "salah: Masa tenang mulai 11 Februari 2024, padahal Masa kampanye baru selesai 12 Februari",
        ),
        (
            DATA,
            "end = \"2024-02-10\"",
            "end = \"2024-02-20\"",
            "salah: Pemungutan suara mulai 14 Februari 2024, padahal Masa kampanye",
        ),
        (
            DATA,
            "start = \"2024-02-14\"\nend = \"2024-02-15\"",
            "start = \"2024-02-12\"\nend = \"2024-02-15\"",
            "perhatian: Penghitungan suara mulai 12 Februari 2024, padahal Pemungutan suara baru mulai 14",
        ),
        (
            DATA,
            "start = \"2024-02-14\"\nend = \"2024-02-14\"",
            "start = \"2024-02-21\"\nend = \"2024-02-21\"",
            "perhatian: Penghitungan suara mulai 14 Februari 2024, padahal Pemungutan suara baru mulai 21",
        ),
        (
            DATA,
            "start = \"2024-03-20\"\nend = \"2024-03-20\"",
            "start = \"2024-01-20\"\nend = \"2024-01-20\"",
            "perhatian: Penetapan hasil mulai 20 Januari 2024",
        ),
        (
            DATA,
            "start = \"2024-10-20\"\nend = \"2024-10-20\"",
            "start = \"2024-01-20\"\nend = \"2024-01-20\"",
            "perhatian: Pelantikan mulai 20 Januari 2024",
        ),
        (
            DATA,
            "start = \"2023-11-14\"\nend = \"2023-11-14\"",
            "start = \"2023-12-14\"\nend = \"2023-12-14\"",
            "perhatian: Masa kampanye mulai 28 November 2023, padahal Pengundian nomor urut baru selesai",
        ),
    ]);
}

#[test]
fn years_and_hours() {
    told(&[
        (
            DATA,
            "start = \"2024-10-20\"\nend = \"2024-10-20\"",
            "start = \"2042-10-20\"\nend = \"2042-10-20\"",
            "salah: Pelantikan bertahun 2042, padahal tahapan lain Uji 2024 sekitar tahun 2024",
        ),
        (DATA, "end = \"2024-02-15\"", "end = \"2042-02-15\"", "salah: Penghitungan suara bertahun 2042"),
        (DATA, "start = \"2023-11-28\"", "start = \"2013-11-28\"", "salah: Masa kampanye bertahun 2013"),
        (
            DATA,
            "\"2019-01-02\"\nend = \"2019-01-02\"",
            "\"2042-01-02\"\nend = \"2042-01-02\"",
            "salah: Putusan sebelum pemilu bertahun 2042",
        ),
        (
            DATA,
            "open = \"07.00\"",
            "open = \"17.00\"",
            "salah: Pemungutan suara buka pukul 17.00, padahal tutup pukul 13.00",
        ),
        (
            DATA,
            "close = \"13.00\"",
            "close = \"01.00\"",
            "salah: Pemungutan suara buka pukul 07.00, padahal tutup pukul 01.00",
        ),
        (
            DATA,
            "close = \"13.00\"",
            "close = \"07.00\"",
            "salah: Pemungutan suara buka pukul 07.00, padahal tutup pukul 07.00",
        ),
    ]);
}

#[test]
fn numbers_and_shares() {
    told(&[
        (DATA, "dpt = 204807222", "dpt = -5", "salah: `dpt` kurang dari nol: -5"),
        (DATA, "votes = 4000", "votes = -4000", "salah: `votes` kurang dari nol"),
        (DATA, "share = 60.0", "share = -0.5", "salah: `share` kurang dari nol"),
        (DATA, "share = 60.0", "share = 115.0", "salah: jumlah `share` semua calon 155 persen"),
        (DATA, "share = 60.0", "share = 160.0", "salah: `share` lebih dari 100 persen: 160"),
        (DATA, "partisipasi = 81.78", "partisipasi = 8178", "salah: `partisipasi` lebih dari 100 persen: 8.178"),
        (DATA, "share = 60.0", "share = 50.0", "perhatian: jumlah `share` semua calon 90 persen"),
        (
            DATA,
            "votes = 4000\nshare = 40.0",
            "votes = 5000\nshare = 40.0",
            "perhatian: calon nomor 1: share 40 persen, padahal suaranya 45,45 persen",
        ),
        (DATA, "number = 2\n", "number = 0\n", "salah: nomor urut dimulai dari 1"),
    ]);
}

#[test]
fn elections_of_one_name() {
    for name in ["Uji 2024", "UJI  2024", "uji-2024"] {
        let mut files = sound();
        blank(&mut files);
        files.push(("pemilu/salinan.toml", format!("name = \"{name}\"\n")));
        let text = report(files);
        assert!(text.contains(&format!("salah: dua pemilu bernama \"{name}\"")), "{text}");
    }
}

/// A pair that is entered whole, and no entry for it: who asks for number 3 would be shown another.
#[test]
fn a_pair_without_its_entry() {
    for (number, key) in [(3, "uji2024"), (4, "uji2024"), (3, "pemilu2030")] {
        let mut files = sound();
        blank(&mut files);
        let (at, _) = ELECTION.match_indices("[[candidates]]").nth(1).expect("the second pair");
        let pair = ELECTION[at..].split("\n[figures]").next().expect("the pair");
        let pair = pair
            .replace("number = 2", &format!("number = {number}"))
            .replace("votes = 6000\nshare = 60.0", "votes = 0\nshare = 0.0");
        let pair = pair.replace("Prabowo Subianto", "Surya Kencana").replace("Gibran Rakabuming Raka", "Dewi Lestari");
        for (_, text) in &mut files {
            *text = text.replace("\n[figures]", &format!("\n{pair}\n[figures]")).replace("uji2024", key);
        }
        let name: &'static str = if key == "uji2024" { DATA } else { "pemilu/pemilu2030.toml" };
        files[0].0 = name;
        let text = report(files);
        let wanted = format!("salah: pasangan nomor {number} Uji 2024 belum punya entri `kandidat-nomor-{number}`");
        assert!(text.contains(&wanted) && text.contains(&format!("{name}:")), "{text}");
    }
}

#[test]
fn titles_related_and_sensitive() {
    told(&[
        (
            "jadwal.toml",
            "\"Apa aturannya?\"",
            "\"Kapan hari uji?\"",
            "salah: judul \"Kapan hari uji?\" sama dengan judul entri `jadwal-uji`",
        ),
        ("jadwal.toml", "\"Apa aturannya?\"", "\"kapan hari UJI\"", "salah: judul \"kapan hari UJI\" sama dengan"),
        (
            "kandidat.toml",
            "\"Siapa yang menang?\"",
            "\"Siapa saja calonnya\"",
            "salah: judul \"Siapa saja calonnya\" sama dengan",
        ),
        ("jadwal.toml", "\"asn-sanksi\"]", "\"aturan-uji\"]", "perhatian: `related` menyebut `aturan-uji` dua kali"),
        (
            "jadwal.toml",
            "\"asn-sanksi\"]",
            "\"asn-sanksi\", \"hasil-uji\", \"netral-uji\", \"hoaks-uji\"]",
            "perhatian: `related` menyebut 5 entri; paling banyak 4",
        ),
        (
            "jadwal.toml",
            "sensitive = true",
            "sensitive = false",
            "salah: entri `asn-sanksi` belum diberi sensitive = true",
        ),
        ("kandidat.toml", "\"hasil-uji\"", "\"hasil-lain\"\nsensitive = false", "kunci ini sudah ada"),
        ("hoaks.toml", "sensitive = true", "", "salah: entri `hoaks-uji` belum diberi sensitive = true"),
        (
            "hoaks.toml",
            "\"Bagaimana memeriksa hoaks?\"",
            "\"Benarkah ada hoaks?\"",
            "salah: entri `hoaks-cek` belum diberi sensitive = true",
        ),
        (
            "hoaks.toml",
            "Periksa sumbernya.",
            "**Salah.** Itu bohong.",
            "salah: entri `hoaks-cek` belum diberi sensitive = true",
        ),
    ]);
    for id in ["kandidat-nomor-1", "kandidat-daftar", "hasil-uji", "netral-uji"] {
        let mut files = sound();
        blank(&mut files);
        let (_, text) = files.iter_mut().find(|(name, _)| *name == "kandidat.toml").expect("the candidates");
        let at = text.find(&format!("id = \"{id}\"")).expect("the entry");
        *text = format!("{}{}", &text[..at], text[at..].replacen("sensitive = true", "", 1));
        let told = report(files);
        assert!(told.contains(&format!("salah: entri `{id}` belum diberi sensitive = true")), "{told}");
    }
}
