//! Settings, wording, word lists and small talk.

use super::sound::{edited, told};

#[test]
fn settings() {
    told(&[
        (
            "bot.toml",
            "wrong_share = 0.02",
            "wrong_share = 0.5",
            "salah: `wrong_share` harus bilangan dari 0.0001 sampai 0.1 (bagian dari satu",
        ),
        (
            "bot.toml",
            "wrong_share = 0.02",
            "wrong_share = 0.08",
            "perhatian: `wrong_share` bernilai 0.08: bot akan sering menjawab keliru",
        ),
        ("bot.toml", "wrong_share = 0.02", "wrong_share = 2", "salah: `wrong_share` harus bilangan"),
        (
            "bot.toml",
            "sensitive = 0.01",
            "sensitive = 0.05",
            "perhatian: `wrong_share_sensitive` lebih longgar daripada `wrong_share`",
        ),
        (
            "bot.toml",
            "unknown_share = 0.25",
            "unknown_share = 0.01",
            "perhatian: `unknown_share` bernilai 0.01: bot akan terlalu yakin",
        ),
        (
            "bot.toml",
            "found_share = 0.92",
            "found_share = 0.99",
            "perhatian: `found_share` bernilai 0.99: bot akan terlalu yakin",
        ),
        (
            "bot.toml",
            "retention_days = 90",
            "retention_days = 3000",
            "perhatian: `retention_days` bernilai 3000: tulisan pemilih disimpan",
        ),
        (
            "bot.toml",
            "messages_per_minute = 30",
            "messages_per_minute = 1",
            "perhatian: `messages_per_minute` bernilai 1: pemilih",
        ),
        ("bot.toml", "max_open_tickets = 5", "max_open_tickets = 500", "perhatian: `max_open_tickets` bernilai 500"),
        (
            "bot.toml",
            "review_after_days = 365",
            "review_after_days = 2.5",
            "salah: `review_after_days` harus bilangan bulat dari 1 sampai 3650 (hari)",
        ),
    ]);
}

#[test]
fn wording_within_telegrams_limits() {
    let long = "kata ".repeat(1000);
    let text = edited("teks.id.toml", "forwarded = \"", &format!("forwarded = \"{long}"));
    assert!(text.contains("salah: pesan ini `forwarded` 51"), "{text}");
    let button = "x".repeat(80);
    told(&[
        (
            "teks.id.toml",
            "ask_person = \"Bukan itu, tanya petugas\"",
            &format!("ask_person = \"{button}\""),
            "salah: teks tombol `ask_person` 80 huruf; paling banyak 64",
        ),
        (
            "teks.id.toml",
            "button_take = \"Ambil\"",
            "button_take = \"\"\"Ambil\nini\"\"\"",
            "salah: teks tombol `button_take` lebih dari satu baris",
        ),
        (
            "teks.id.toml",
            "menu_help = \"",
            &format!("menu_help = \"{}", "y".repeat(300)),
            "salah: teks menu `menu_help` 3",
        ),
        (
            "teks.id.toml",
            "thanks = \"",
            &format!("thanks = \"{}", "z".repeat(200)),
            "salah: pemberitahuan tombol `thanks` 2",
        ),
        ("teks.id.toml", "suggest = \"", "suggest = \"**Nah** ", "perhatian: teks `suggest` memuat tanda tebal"),
        (
            "teks.id.toml",
            "suggest = \"",
            "suggest = \"Kata Prabowo: ",
            "salah: teks `suggest` menyebut calon Prabowo Subianto",
        ),
        ("teks.id.toml", "suggest = \"", "suggest = \"Kamu? ", "perhatian: \"Kamu\": menyapa"),
    ]);
}

#[test]
fn word_lists() {
    let spelling = |line: &str| format!("siapa: sp, sapa\n{line}");
    let synonym = |line: &str| format!("asn: pns, pegawai negeri\n{line}");
    let rows = [
        (
            "siapa: sp, sapa",
            spelling("tps: kapan"),
            "salah: \"kapan\" akan dibaca sebagai \"tps\": dua pertanyaan yang berbeda",
        ),
        ("siapa: sp, sapa", spelling("a: b: c"), "salah: ragam \"b: c\" memuat tanda :"),
        ("siapa: sp, sapa", spelling("a: b;c"), "salah: ragam \"b;c\" memuat tanda ;"),
        ("siapa: sp, sapa", spelling("x: x"), "perhatian: ragam \"x\" sama dengan kata bakunya"),
        ("siapa: sp, sapa", spelling("siapa: syapa"), "perhatian: kata baku \"siapa\" punya dua baris"),
        ("siapa: sp, sapa", spelling("berapa: kpn"), "salah: ragam \"kpn\" sudah berarti `kapan`"),
        (
            "asn: pns, pegawai negeri",
            synonym("pegawai: asn"),
            "perhatian: ragam \"asn\" untuk \"pegawai\" adalah kata baku baris lain",
        ),
        (
            "asn: pns, pegawai negeri",
            synonym("pns: asn"),
            "salah: ragam \"asn\" untuk \"pns\" adalah kata baku baris lain; keduanya saling bertukar",
        ),
        ("asn: pns, pegawai negeri", synonym("kapan: siapa"), "salah: \"siapa\" akan dibaca sebagai \"kapan\""),
        ("asn: pns, pegawai negeri", synonym("waktu: kpn"), "salah: \"kpn\" akan dibaca sebagai \"waktu\""),
        ("asn: pns, pegawai negeri", synonym("boleh: tidak"), "salah: \"tidak\" akan dibaca sebagai \"boleh\""),
        ("min, kak", "min, kapan, kak".to_owned(), "salah: \"kapan\" tidak boleh diabaikan"),
        ("min, kak", "min, ga, kak".to_owned(), "salah: \"ga\" tidak boleh diabaikan"),
        ("min, kak", "min, siapa".to_owned(), "salah: \"siapa\" tidak boleh diabaikan"),
    ];
    for (from, to, wanted) in &rows {
        told(&[("leksikon.toml", from, to, wanted)]);
    }
}

#[test]
fn small_talk() {
    told(&[
        ("obrolan.toml", "\"terima-kasih\"", "\"sapaan\"", "salah: obrolan `sapaan` ada dua"),
        ("obrolan.toml", "hai\n", "hai\nhai\n", "perhatian: kalimat \"hai\" tertulis dua kali"),
        ("obrolan.toml", "makasih\n", "Halo!\n", "salah: kalimat \"Halo!\" ada dua kali"),
        (
            "obrolan.toml",
            "hai\n",
            "hai\nkapan nyoblos\n",
            "salah: pertanyaan \"kapan nyoblos\" di obrolan.toml (`sapaan`) ada juga di entri `jadwal-uji`",
        ),
        (
            "obrolan.toml",
            "hai\n",
            "hai\npencoblosan kpn sih kak\n",
            "salah: kalimat obrolan \"pencoblosan kpn sih kak\" adalah pertanyaan entri",
        ),
        ("obrolan.toml", "hai\n", "hai\nsanksi pns kpn min\n", "adalah pertanyaan entri `asn-sanksi`"),
        ("obrolan.toml", "Sama-sama.", "Dukung Prabowo.", "salah: balasan obrolan menyebut calon Prabowo Subianto"),
        // What somebody in need is told takes no side either.
        (
            "obrolan.toml",
            "Sama-sama.'''",
            "Dukung Prabowo.'''\nurgent = true",
            "salah: balasan obrolan menyebut calon Prabowo Subianto",
        ),
        ("obrolan.toml", "Sama-sama.", "Kata anies baswedan.", "salah: balasan obrolan menyebut calon Anies"),
        ("obrolan.toml", "Sama-sama.", "Ayo, nomor 2.", "salah: balasan obrolan menyebut nomor calon: \"nomor 2\""),
        ("obrolan.toml", "Sama-sama.", "Salam 02.", "salah: balasan obrolan menyebut nomor calon: \"02\""),
        ("obrolan.toml", "Sama-sama.", "Anda hebat.", "salah: kata \"hebat\" memihak di balasan obrolan"),
        ("obrolan.toml", "Sama-sama.", "Ada {{ x }} lagi.", "salah: pemilih akan melihat \"{ x }}\""),
        (
            "obrolan.toml",
            "Sama-sama.",
            "<b>Halo</b>",
            "salah: balasan obrolan memuat tanda tebal, tautan, daftar, atau HTML",
        ),
        ("obrolan.toml", "Sama-sama.", "Itu **baik**.", "salah: balasan obrolan memuat tanda tebal"),
        ("obrolan.toml", "Sama-sama.", "Kamu baik!", "perhatian: \"Kamu\": menyapa"),
    ]);
}
