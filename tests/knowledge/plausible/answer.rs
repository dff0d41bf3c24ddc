//! What stands in an answer: dates and names by hand, praise, signs, manners.

use super::sound::{edited, quiet, told, told_of_answers};

#[test]
fn dates_by_hand_in_any_spelling() {
    let spellings = [
        "14 Februari 2024",
        "14\u{a0}Februari\u{a0}2024",
        "14  Februari  2024",
        "14 Feb 2024",
        "14 FEBRUARI 2024",
        "14/02/2024",
        "14-02-2024",
        "14.2.2024",
        "2024-02-14",
        "14 Pebruari '24",
        "February 14, 2024",
        "**14 Februari** 2024",
    ];
    for written in spellings {
        let text = edited("jadwal.toml", "JAWAB", &format!("Datanglah {written} pagi."));
        assert!(text.contains("ditulis tangan, padahal ada di faq/pemilu/"), "{written}: {text}");
        assert!(text.contains("ganti dengan {{ uji2024.pemungutan_suara | tanggal }}"), "{written}: {text}");
    }
    told_of_answers(&[
        ("Tenang 11-13 Februari 2024.", "salah: \"11-13 Februari 2024\" ditulis tangan"),
        ("Mendaftar 19 Okt 2023.", "salah: \"19 Okt 2023\" ditulis tangan"),
        (
            "Datang 14 Februari pagi.",
            "perhatian: \"14 Februari\" ditulis tangan; di faq/pemilu/ itu hari Pemungutan suara Uji 2024",
        ),
        ("Datang tanggal 14/02 pagi.", "perhatian: \"14/02\" ditulis tangan"),
        ("Hasilnya 20 Mar.", "perhatian: \"20 Mar\" ditulis tangan"),
    ]);
    quiet(&[
        ("jadwal.toml", "JAWAB", "Menurut putusan 16 Oktober 2023 dan UU 14/2024."),
        ("jadwal.toml", "JAWAB", "Ada 14 provinsi, 4 Februari 2024, dan 114 Februari."),
        ("jadwal.toml", "JAWAB", "{{ uji2024.pemungutan_suara | pilih(\"akan\", \"kini\", \"dulu\") }} begitu."),
    ]);
}

#[test]
fn names_by_hand_in_any_spelling() {
    told_of_answers(&[
        ("Calonnya Prabowo Subianto.", "salah: \"Prabowo Subianto\" ditulis tangan"),
        ("Calonnya PRABOWO  SUBIANTO.", "salah: \"PRABOWO SUBIANTO\" ditulis tangan"),
        ("Calonnya Anies\u{a0}Baswedan.", "salah: \"Anies Baswedan\" ditulis tangan"),
        ("Calonnya anies rasyid baswedan.", "salah: \"anies rasyid baswedan\" ditulis tangan"),
        ("Calonnya Muhaimin Iskandar.", "salah: \"Muhaimin Iskandar\" ditulis tangan"),
        ("Menurut survei Pak Prabowo unggul.", "salah: \"Prabowo\" ditulis tangan"),
        ("Kubu gibran menang.", "salah: \"gibran\" ditulis tangan"),
        ("Kata orang, prabowo begitu.", "perhatian: \"prabowo\" mirip nama calon Prabowo Subianto"),
        ("Kata Hakim Abdul Rahman begitu.", "perhatian: \"Abdul\" mirip nama calon"),
    ]);
    told(&[(
        "jadwal.toml",
        "\"Apa aturannya?\"",
        "\"Siapa Prabowo?\"",
        "perhatian: judul menyebut calon Prabowo Subianto",
    )]);
}

#[test]
fn candidates_in_order_and_without_praise() {
    let name = |n: u8| format!("{{{{ uji2024.nomor_{n}.president }}}}");
    let all = "{{ uji2024.candidates | baris";
    let rows = [
        (format!("Ada {} dan {}.", name(2), name(1)), "salah: calon nomor 1 disebut sesudah nomor 2"),
        (format!("- {}\n- {}", name(2), name(1)), "salah: calon nomor 1 disebut sesudah nomor 2"),
        ("Paslon 2 lalu paslon 1.".to_owned(), "salah: calon nomor 1 disebut sesudah nomor 2"),
        (format!("{} unggul.", name(2)), "salah: kata \"unggul\" memihak"),
        ("Semua Paling HEBAT.".to_owned(), "salah: kata \"paling hebat\" memihak"),
    ];
    for (said, wanted) in &rows {
        told(&[("kandidat.toml", "Urutannya menurut undian.", said, wanted)]);
    }
    told(&[
        (
            "kandidat.toml",
            all,
            "{{ uji2024.candidates | urut(\"votes\") | baris",
            "salah: calon diurutkan menurut hasil",
        ),
        ("kandidat.toml", "Hasil ada di kpu.go.id.", "Hasilnya hebat.", "salah: kata \"hebat\" memihak"),
        ("jadwal.toml", "JAWAB", "Saat itu {{ uji2024.nomor_2.president }} unggul.", "salah: kata \"unggul\" memihak"),
    ]);
    let some =
        edited("kandidat.toml", "Calon:\n\n{{ uji2024.candidates | baris(\"{number}. {president}\") }}", &name(1));
    assert!(some.contains("perhatian: entri `kandidat-daftar` menyebut calon nomor 1 saja, dari 2 calon"), "{some}");
    let order = format!("Ada {} dan {}.", name(1), name(2));
    quiet(&[
        ("kandidat.toml", "Urutannya menurut undian.", &order),
        ("jadwal.toml", "JAWAB", "Mutu yang hebat dan unggul."),
    ]);
}

#[test]
fn signs_that_voters_would_see_raw() {
    told_of_answers(&[
        ("Ini _penting_.", "perhatian: pemilih akan melihat \"_penting_\" apa adanya"),
        ("Ini __penting__.", "perhatian: pemilih akan melihat \"__penting__\" apa adanya"),
        ("Ini ~~salah~~ benar.", "perhatian: pemilih akan melihat \"~~salah~~\""),
        ("Ketik `kapan`.", "perhatian: pemilih akan melihat \"`kapan`\""),
        ("\n> kata KPU", "perhatian: pemilih akan melihat \"> k\""),
        ("\n---\n", "perhatian: pemilih akan melihat \"---\""),
        ("\n-satu\n-dua", "perhatian: pemilih akan melihat \"-s\""),
        ("\n1) satu\n2) dua", "perhatian: pemilih akan melihat \"1)\""),
        ("Buka [KPU] (https://kpu.go.id).", "perhatian: pemilih akan melihat \"[KPU] (https://kpu.go.id)\""),
        ("![x](https://kpu.go.id/a.png)", "perhatian: pemilih akan melihat \"![x](https://kpu.go.id/a.png)\""),
        ("Begitu }} ya.", "salah: pemilih akan melihat \"}}\" apa adanya: sisa templat"),
        ("Halo {satu}.", "salah: pemilih akan melihat \"{satu}\""),
        ("Begitu %} ya.", "salah: pemilih akan melihat \"%}\""),
        ("\nnama\tusia\nani\t17", "perhatian: pemilih akan melihat \"\\t\" apa adanya: tab"),
        ("\n\u{f0b7} satu", "salah: ada butir atau simbol dari Word (U+F0B7)"),
        ("\no satu\no dua", "perhatian: pemilih akan melihat \"o\" apa adanya: tanda daftar"),
        (
            "Ini {{ uji2024.stages | ada(\"main\") | baris(\"- {name}\") }}",
            "perhatian: saringan baris di tengah kalimat",
        ),
    ]);
    quiet(&[
        ("jadwal.toml", "JAWAB", "Lihat https://kpu.go.id/a*b_c_d*e dan jdih.kpu.go.id/_x_/a*b."),
        ("jadwal.toml", "JAWAB", "\n\n- satu\n- dua\n\n1. tiga\n2. empat"),
        ("jadwal.toml", "JAWAB", "Buka [KPU](https://kpu.go.id/a_b_), *miring*, **tebal**."),
    ]);
}

/// A sign that shows on one day only is found, and a warning of one day hides no fault of the next.
#[test]
fn every_phase_is_looked_at() {
    told_of_answers(&[
        ("{{ uji2024.kampanye | pilih(\"a\", \"b\", \"_c d_\") }}", "perhatian: pemilih akan melihat \"_c d_\""),
        ("_x y_ {{ uji2024.kampanye | pilih(\"a\", \"b\", \"**c\") }}", "salah: tanda ** tidak ditutup"),
    ]);
}

#[test]
fn manners() {
    told_of_answers(&[
        ("Kamu harus datang.", "perhatian: \"Kamu\": menyapa pembaca"),
        ("Tanya kalian dijawab.", "perhatian: \"kalian\": menyapa"),
        ("Ayo memilih!!!", "perhatian: \"!!!\": tanda seru"),
        ("Buka bit.ly/kpu2024 ya.", "perhatian: \"bit.ly/kpu2024\": alamat pendek"),
        ("Buka [ini](https://s.id/abc).", "perhatian: \"s.id/abc\": alamat pendek"),
        ("NIK saya 3273012504890001.", "salah: \"3273012504890001\" tampak seperti NIK"),
        ("Hubungi Pak Budi 0812-3456-7890.", "perhatian: \"0812-3456-7890\" tampak seperti nomor telepon orang"),
        ("Tulis ke budi@contoh.id.", "perhatian: \"budi@contoh.id\" alamat email"),
        ("Itu pada {{ uji2024.pemungutan_suara | kapan }}.", "perhatian: \"pada\" sebelum saringan kapan"),
        ("Itu pada hari **{{ uji2024.pemungutan_suara | kapan }}**.", "perhatian: \"pada\" sebelum saringan kapan"),
        ("Sejak {{ uji2024.kampanye | kapan }}.", "perhatian: \"sejak\" sebelum saringan kapan"),
    ]);
    for source in ["internet", "Google", "dari berbagai sumber", "grup WA"] {
        told(&[("jadwal.toml", "PKPU 3/2022", source, "tidak menyebut siapa pun")]);
    }
    quiet(&[
        ("jadwal.toml", "JAWAB", "Itu pada {{ uji2024.pemungutan_suara | hari_tanggal }}."),
        ("jadwal.toml", "JAWAB", "Tanya MAFINDO, 0859-2160-0500, atau 1500-046."),
        ("jadwal.toml", "JAWAB", "Ada {{ uji2024.figures.dpt }} pemilih, atau 204.807.222."),
    ]);
}

/// What is open today is not open for ever: it hangs on a stage or on the last day of the entry.
#[test]
fn nothing_ends_silently() {
    told_of_answers(&[
        ("Tanggalnya belum ditetapkan.", "perhatian: \"belum ditetapkan\" ditulis tanpa batas waktu"),
        ("Hukumannya **belum dapat\ndipastikan**.", "perhatian: \"belum dapat dipastikan\" ditulis tanpa batas waktu"),
        ("Soal itu belum diatur, jadi tunggu.", "perhatian: \"belum diatur\" ditulis tanpa batas waktu"),
        ("Untuk 2029 belum ada keputusan.", "perhatian: \"belum ada keputusan\" ditulis tanpa batas waktu"),
    ]);
    quiet(&[
        ("jadwal.toml", "JAWAB", "{{ uji2024.kampanye | kalimat(\"Ada.\", \"Tanggalnya belum ditetapkan.\") }}"),
        ("jadwal.toml", "JAWAB", "Jika calon belum ditetapkan, tunggu. Nama yang belum diketahui ditanyakan."),
        ("jadwal.toml", "JAWAB", "Nama Anda belum ada di daftar? Lapor."),
        ("jadwal.toml", " JAWAB\n'''", " Tanggalnya belum ditetapkan.\n'''\nvalid_until = \"2099-12-31\""),
    ]);
}
