//! Questions that stand in two places, or in the wrong one: what a maintainer is told, and who is blamed.

use std::fmt::Write;

use crate::common::{KNOWLEDGE, time};
use crate::copied::Copy;
use chrono::NaiveDate;
use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::day_of;
use tanya_pemilu::matcher::Matcher;
use tanya_pemilu::matcher::collide::Edition;

fn today() -> NaiveDate {
    day_of(time("2026-11-28T12:00:00+07:00"))
}

/// What `check` tells of a copy: every fault and warning with its place in one line.
fn told(copy: &Copy, with_before: bool) -> String {
    let before = with_before.then(|| Edition { faq: &KNOWLEDGE.faq, matcher: &KNOWLEDGE.matcher });
    let (faq, mut report) = Faq::load_after(&copy.source(), before.map(|b| b.faq));
    if let Some(faq) = &faq {
        report.extend(Matcher::new(faq).collisions(faq, before, today()));
    }
    report.sorted().into_iter().fold(String::new(), |mut out, fault| {
        let at = fault.span.clone().and_then(|span| copy.text(&fault.file).get(span).map(str::to_owned));
        let hint = fault.hint.clone().unwrap_or_default();
        let _ = writeln!(
            out,
            "{:?} {} <{}> {} | {hint}",
            fault.severity,
            fault.file,
            at.unwrap_or_default(),
            fault.message
        );
        out
    })
}

fn lines_with<'t>(told: &'t str, part: &str) -> Vec<&'t str> {
    told.lines().filter(|line| line.contains(part)).collect()
}

/// Word for word but for spelling, order or synonyms: a fault, at the line that does not belong.
#[test]
fn the_same_words_in_another_entry_are_a_fault() {
    for (entry, line, owner) in [
        // Chat spelling.
        ("pemilih-syarat", "kpn nyoblos", "jadwal-pemungutan-suara"),
        // Another order of words.
        ("golput", "di tps bolehkah bawa hp ga?", "tps-hp-kamera"),
        // A synonym.
        ("tps-tinta", "pegawai negeri sipil boleh pakai kaos caleg tidak", "asn-atribut"),
    ] {
        let copy = Copy::new();
        copy.add_phrasings(
            owner,
            &match owner {
                "tps-hp-kamera" => vec!["bolehkah di tps bawa hp ga"],
                "asn-atribut" => vec!["pns blh pake kaos caleg ga"],
                _ => vec![],
            },
        );
        copy.add_phrasings(entry, &[line]);
        let told = told(&copy, false);
        let faults = lines_with(&told, "Fault");
        assert_eq!(faults.len(), 1, "{told}");
        assert!(faults[0].contains(&format!("<{line}>")), "{line} is not blamed: {told}");
        assert!(faults[0].contains(owner) && faults[0].contains("hapus salah satu"), "{told}");
    }
}

/// The same in what no entry answers, and in small talk, either way round.
#[test]
fn the_same_words_in_a_list_are_a_fault() {
    for (line, list) in [
        ("kpn pilkades serentak di kabupaten bekasi", "di-luar.toml"),
        ("halo", "obrolan.toml (`sapaan`)"),
        ("ketua osis biasanya kapan pemilihan", "di-luar.toml"),
    ] {
        let copy = Copy::new();
        copy.add_phrasings("tps-lokasi", &[line]);
        let told = told(&copy, false);
        let faults = lines_with(&told, "Fault");
        assert_eq!(faults.len(), 1, "{told}");
        assert!(faults[0].contains(&format!("memilih.toml <{line}>")) && faults[0].contains(list), "{told}");
    }
    for (file, after, line) in [
        ("obrolan.toml", "halo min\n", "kpn nyoblos"),
        ("di-luar.toml", "tes perangkat desa materinya apa saja\n", "nyoblos kapan"),
        ("obrolan.toml", "hai bot\n", "tinta jari hilang berapa hari"),
    ] {
        let copy = Copy::new();
        copy.edit(file, after, &format!("{after}{line}\n"));
        if line.contains("tinta") {
            copy.add_phrasings("tps-tinta", &["tinta jari ilang brp hari"]);
        }
        let told = told(&copy, false);
        let faults = lines_with(&told, "Fault");
        assert_eq!(faults.len(), 1, "{told}");
        assert!(faults[0].contains(&format!("{file} <{line}>")), "{told}");
    }
}

/// With the FAQ of before the newcomer is blamed, wherever it fits better.
#[test]
fn of_two_the_newcomer_is_blamed() {
    let copy = Copy::new();
    // A line that belongs to the schedule stood in another entry first.
    copy.edit("memilih.toml", "am i allowed to vote\n", "am i allowed to vote\nhari pencoblosan itu tanggal berapa\n");
    let old = tanya_pemilu::desk::Knowledge::load(&copy.source()).0.expect("a sound FAQ");
    copy.add_phrasings("jadwal-pemungutan-suara", &["tanggal brp hari pencoblosan itu"]);
    let blamed = |before: Option<&Faq>| {
        let (_, report) = Faq::load_after(&copy.source(), before);
        let faults = report.sorted();
        assert_eq!(faults.len(), 1, "{}", report.render(false));
        faults[0].file.clone()
    };
    assert_eq!(blamed(Some(&old.faq)), "jadwal.toml");
    assert_eq!(blamed(None), "memilih.toml");
}

/// Five wrong phrasings take "kapan nyoblos" away: each of them is named, not their victim.
#[test]
fn phrasings_in_the_wrong_entry_are_blamed_and_not_their_victim() {
    let wrong = [
        "kapan ya nyoblosnya bang",
        "kapan hari pencoblosan gan",
        "nyoblosnya kapan ya min",
        "kapan jadwal nyoblos",
        "hari apa nyoblos itu",
    ];
    let copy = Copy::new();
    copy.add_phrasings("pemilih-syarat", &wrong);
    for before in [false, true] {
        let told = told(&copy, before);
        let named = wrong.iter().filter(|line| told.contains(&format!("memilih.toml <{line}>"))).count();
        assert!(named >= 4, "{told}");
        assert!(told.contains("kini dijawab `pemilih-syarat`"), "{told}");
        assert!(lines_with(&told, " jadwal.toml <").is_empty(), "{told}");
    }
}

/// One plainly foreign phrasing: it is named, with what it takes away.
#[test]
fn one_foreign_phrasing_is_named() {
    for (entry, line, owner) in [
        ("pemilih-syarat", "kapan sih waktunya nyoblos", "jadwal-pemungutan-suara"),
        ("tps-tinta", "boleh ga pns like postingan capres", "asn-like-komentar"),
        ("golput", "tps bukanya dari jam brp", "jadwal-jam-tps"),
    ] {
        let copy = Copy::new();
        copy.add_phrasings(entry, &[line]);
        for before in [false, true] {
            let told = told(&copy, before);
            let named = lines_with(&told, &format!("<{line}>"));
            assert!(named.len() == 1 && named[0].contains(&format!("merebut pertanyaan `{owner}`")), "{line}: {told}");
            assert!(named[0].contains(&format!("kini dijawab `{entry}`")), "{told}");
        }
    }
}

/// A new entry on what another answers already is told so.
#[test]
fn a_new_entry_that_repeats_another_is_told_so() {
    for (id, lines, owner) in [
        ("pemilih-ktp-digital", &KTP[..], "daftar-ikd"),
        ("tps-jam-buka", &HOURS[..], "jadwal-jam-tps"),
        ("asn-jempol", &LIKES[..], "asn-like-komentar"),
    ] {
        let copy = Copy::new();
        copy.add_entry("memilih.toml", id, lines);
        let told = told(&copy, true);
        let named = lines_with(&told, &format!("entri baru `{id}`"));
        assert!(named.len() == 1 && named[0].contains(&format!("sudah dijawab oleh `{owner}`")), "{id}: {told}");
    }
}

const KTP: [&str; 10] = [
    "ktp digital bisa buat nyoblos ga",
    "ikd boleh dipakai di tps",
    "belum punya ktp fisik cuma ikd",
    "nyoblos pake ktp di hp",
    "identitas kependudukan digital sah di tps",
    "ktp elektronik di hp diterima kpps ga",
    "bawa hp aja tanpa ktp fisik ke tps",
    "tps nerima ikd atau harus ktp asli",
    "syarat memilih pakai ktp digital",
    "scan ktp di aplikasi dukcapil buat memilih",
];
const HOURS: [&str; 10] = [
    "tps bukanya dari jam brp sampe jam brp",
    "pagi jam berapa tps udah buka",
    "tps tutupnya jam berapa sih",
    "terakhir bisa nyoblos jam berapa",
    "pencoblosan dimulai dan berakhir pukul berapa",
    "jam operasional tps",
    "dateng jam 1 siang tps masih buka ga",
    "till what time can i come to the polling station",
    "kalau telat jam 12 masih boleh nyoblos ga",
    "antre di tps sampai jam berapa",
];
const LIKES: [&str; 10] = [
    "asn kasih jempol di postingan capres",
    "pns like foto caleg boleh ga",
    "pns komen di ig capres kena sanksi ga",
    "guru negeri ngelike status kampanye",
    "asn boleh share postingan paslon",
    "asn repost konten kampanye di medsos",
    "pegawai negeri nyukai unggahan calon presiden",
    "pns follow akun capres dan komen dukungan",
    "boleh gak asn bagikan konten kampanye di wa",
    "like dan komentar asn di akun caleg",
];

/// What a single phrasing must not be.
#[test]
fn personal_long_and_empty_phrasings_are_named() {
    for (line, severity, part) in [
        ("nik saya 3273014507900003 kok ga ada di dpt", "Fault", "nomor pribadi"),
        ("wa saya 0812-3456-7890 tolong kabari tps saya", "Fault", "nomor pribadi"),
        ("kirim hasil cek ke budi.santoso@gmail.com ya", "Fault", "alamat email"),
        ("apa", "Warning", "tidak menyebut apa yang ditanyakan"),
        ("gimana ya kak", "Warning", "tidak menyebut apa yang ditanyakan"),
        ("how do i", "Warning", "tidak menyebut apa yang ditanyakan"),
        (&"tps saya pindah ke mana ".repeat(17), "Warning", "407 huruf; paling banyak 120"),
    ] {
        let copy = Copy::new();
        copy.add_phrasings("tps-lokasi", &[line]);
        let (_, report) = Faq::load(&copy.source());
        let rows: Vec<String> = report.json_lines();
        assert_eq!(rows.len(), 1, "{line}: {rows:?}");
        assert!(rows[0].contains(part) && rows[0].contains(&severity.to_lowercase()), "{line}: {rows:?}");
        assert!(rows[0].contains(&format!("\"text\":\"{}", &line.trim()[..3])), "{rows:?}");
    }
    // In the lists too; a hotline of an office is nobody's.
    let copy = Copy::new();
    copy.edit("di-luar.toml", "pilkades tahun ini\n", "pilkades tahun ini\nnomor saya 081234567890 hubungi ya\n");
    copy.add_phrasings("lapor-pelanggaran", &["nomor 0800-1-500-046 itu apa"]);
    let (_, report) = Faq::load(&copy.source());
    let rows = report.json_lines();
    assert!(rows.len() == 1 && rows[0].contains("di-luar.toml"), "{rows:?}");
}

/// The shipped FAQ has nothing of all this.
#[test]
fn the_shipped_faq_has_no_collision() {
    let found = KNOWLEDGE.matcher.collisions(&KNOWLEDGE.faq, None, today());
    assert!(found.is_empty(), "{found:#?}");
}
