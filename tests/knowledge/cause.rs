//! One cause, one message: files that are missing, copied, renamed or of another kind, and heads that are wrong, in copies
//! of the project's own FAQ.

use std::fs;

use crate::copied::{Copy, ELECTION};

#[test]
fn the_project_is_sound() {
    assert_eq!(Copy::new().told(), Vec::<String>::new());
}

#[test]
fn a_missing_file_is_told_once() {
    for name in ["jadwal.toml", "memilih.toml", "hoaks.toml", "lembaga.toml"] {
        let faq = Copy::new();
        faq.remove(name);
        faq.tells_only(&[&format!("salah {name}: berkas `{name}` tidak ada"), "kembalikan"]);
    }
    for name in ["pemilu2024", "pemilu2029", "pilkada2024"] {
        let faq = Copy::new();
        faq.remove(&format!("pemilu/{name}.toml"));
        faq.tells_only(&[&format!("salah pemilu/{name}.toml: berkas"), "tidak ada", "kembalikan"]);
    }
    let faq = Copy::new();
    fs::remove_dir_all(faq.path("pemilu")).expect("a folder");
    faq.tells_only(&["salah pemilu/: folder `pemilu/` tidak ada atau kosong"]);
    let faq = Copy::new();
    faq.remove("teks.id.toml").tells_only(&["salah teks.id.toml: berkas `teks.id.toml` tidak ada", "kata-kata bot"]);
}

#[test]
fn a_file_under_another_name_is_told_once() {
    for (from, to, parts) in [
        ("pemilu/pemilu2024.toml", "pemilu/Pemilu 2024.toml", ["salah pemilu/Pemilu 2024.toml:", "pemilu2024.toml"]),
        (
            "pemilu/pemilu2024.toml",
            "pemilu2024.toml",
            ["salah pemilu2024.toml: berkas ini memuat data pemilu", "folder"],
        ),
        ("teks.id.toml", "teks.toml", ["teks.toml", "kata-kata bot"]),
    ] {
        let faq = Copy::new();
        faq.rename(from, to);
        let told = faq.told();
        assert!(parts.iter().all(|part| told[0].contains(part)), "{told:#?}");
        // That the wording is missing, too, is the second thing that is told.
        assert!(told.len() == 1 || to == "teks.toml" && told.len() == 2, "{told:#?}");
    }
    let faq = Copy::new();
    faq.rename("jadwal.toml", "jadwal.toml.txt");
    let told = faq.told();
    assert!(told[0].contains("ganti nama `jadwal.toml.txt` menjadi `jadwal.toml`"), "{told:#?}");
}

/// Files without which the bot still runs, and is worse.
#[test]
fn a_missing_list_is_a_warning_that_says_what_is_lost() {
    for (name, loss) in [
        ("di-luar.toml", "bukan urusan bot ini"),
        ("obrolan.toml", "salam"),
        ("leksikon.toml", "ejaan chat"),
        ("bot.toml", "angka bawaan"),
    ] {
        let faq = Copy::new();
        faq.remove(name).tells_only(&[&format!("perhatian {name}: berkas `{name}` tidak ada"), loss]);
    }
    for name in ["di-luar.toml", "obrolan.toml", "leksikon.toml"] {
        for rest in ["", "# nanti diisi lagi\n"] {
            let faq = Copy::new();
            faq.write(name, rest).tells_only(&[&format!("perhatian {name}: berkas `{name}` kosong")]);
        }
    }
}

#[test]
fn a_copied_file_is_told_once() {
    for (from, to) in [
        ("memilih.toml", "memilih (salinan).toml"),
        ("memilih.toml", "Copy of memilih.toml"),
        ("jadwal.toml", "lama/jadwal.toml"),
        ("asn.toml", "a-asn.toml"),
    ] {
        let faq = Copy::new();
        fs::create_dir_all(faq.path("lama")).expect("a folder");
        faq.write(to, faq.text(from));
        faq.tells_only(&[&format!("salah {to}: berkas ini mengulang"), &format!("dari `{from}`"), "hapus berkas ini"]);
    }
    // Half of the copy was changed already.
    let faq = Copy::new();
    let text = faq.text("lembaga.toml");
    faq.write("lembaga2.toml", text.replacen("id = \"", "id = \"baru-", 1));
    let told = faq.told();
    assert!(told[0].contains("salah lembaga2.toml: berkas ini mengulang"), "{told:#?}");
    for name in ["leksikon", "obrolan", "di-luar", "bot", "teks.id"] {
        let faq = Copy::new();
        let copy = format!("{name} (salinan).toml");
        faq.write(&copy, faq.text(&format!("{name}.toml")));
        faq.tells_only(&[&format!("salah {copy}: berkas ini memuat"), "hapus bila salinan", &format!("{name}.toml")]);
    }
}

#[test]
fn two_elections_have_not_one_name() {
    for (copy, name) in [("pemilu2030", "\"Pemilu 2024\""), ("a2024", "\"pemilu  2024\"")] {
        let faq = Copy::new();
        faq.write(&format!("pemilu/{copy}.toml"), faq.text(ELECTION).replacen("\"Pemilu 2024\"", name, 1));
        faq.tells_only(&[
            &format!("salah pemilu/{copy}.toml:"),
            "dua pemilu bernama",
            "salinan dari `pemilu/pemilu2024.toml`",
        ]);
    }
    let faq = Copy::new();
    faq.write("pemilu/pemilu2024 (salinan).toml", faq.text(ELECTION));
    faq.tells_only(&["salah pemilu/pemilu2024 (salinan).toml: nama berkas ini", "hapus bila salinan"]);
}

#[test]
fn a_file_in_another_encoding_is_told_once() {
    let text = Copy::new().text("asn.toml");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked: Vec<u8> = [b"\xff\xfe".to_vec(), little.clone()].concat();
    for bytes in [little, big, marked] {
        Copy::new()
            .write("asn.toml", bytes)
            .tells_only(&["salah asn.toml: berkas ini tersimpan dalam UTF-16", "UTF-8"]);
    }
    let old: Vec<u8> = text.replacen("ASN", "caf\u{e9}", 1).chars().map(|c| c as u32 as u8).collect();
    Copy::new().write("asn.toml", old).tells_only(&["salah asn.toml: berkas ini bukan UTF-8 (baris"]);
    Copy::new().write("asn.toml", b"PK\x03\x04\x14").tells_only(&["salah asn.toml:", "pengolah kata"]);
    // An election that can't be read is no fault of the answers that name it.
    let election: Vec<u8> = Copy::new().text(ELECTION).encode_utf16().flat_map(u16::to_le_bytes).collect();
    Copy::new().write(ELECTION, election).tells_only(&["salah pemilu/pemilu2024.toml: berkas ini tersimpan"]);
}

/// As it is read all the same, that is a warning, like line ends of Windows.
#[test]
fn an_old_mac_file_is_read_and_named() {
    for (name, end) in [("asn.toml", "\r"), (ELECTION, "\r"), ("leksikon.toml", "\r"), ("asn.toml", "\r\n")] {
        let faq = Copy::new();
        faq.write(name, faq.text(name).replace('\n', end));
        let cause = if end == "\r" { "Mac lama (CR)" } else { "Windows (CRLF)" };
        faq.tells_only(&[&format!("perhatian {name}:"), cause, "LF"]);
    }
}

#[test]
fn a_head_that_is_wrong_is_told_once() {
    for (name, from, to, right) in [
        ("asn.toml", "[[entry]]", "[entry]", "tulis [[entry]]"),
        ("asn.toml", "[[entry]]", "[[entri]]", "tulis [[entry]]"),
        ("asn.toml", "[[entry]]", "[[Entry]]", "tulis [[entry]]"),
        ("obrolan.toml", "[[small_talk]]", "[small_talk]", "tulis [[small_talk]]"),
        ("obrolan.toml", "[[small_talk]]", "[[obrolan]]", "tulis [[small_talk]]"),
        ("di-luar.toml", "[[topic]]", "[[topik]]", "tulis [[topic]]"),
        (ELECTION, "[[candidates]]", "[candidates]", "tulis [[candidates]]"),
        (ELECTION, "[[parties]]", "[[partai]]", "tulis [[parties]]"),
        (ELECTION, "[stages.", "[[stages.", "tulis [stages."),
        (ELECTION, "[figures]", "[angka]", "tulis [figures]"),
    ] {
        // Once, and everywhere.
        for all in [false, true] {
            let faq = Copy::new();
            let text = faq.text(name);
            let (from, to) = (format!("\n{from}"), format!("\n{to}"));
            let mut text = if all { text.replace(&from, &to) } else { text.replacen(&from, &to, 1) };
            if to.starts_with("\n[[stages") {
                let close = |line: &str| format!("{line}{}\n", if line.starts_with("[[stages") { "]" } else { "" });
                text = text.lines().map(close).collect();
            }
            faq.write(name, text);
            faq.tells_only(&[&format!("salah {name}:"), "kepala `", right]);
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_named_and_never_waited_for() {
    use std::os::unix::fs::symlink;
    let fifo = |faq: &Copy, name: &str| {
        let made = std::process::Command::new("mkfifo").arg(faq.path(name)).status().expect("mkfifo");
        assert!(made.success());
    };
    let faq = Copy::new();
    fifo(&faq, "pipa.toml");
    assert!(faq.told()[0].contains("bukan berkas biasa") && faq.told().len() == 1, "{:#?}", faq.told());
    // Of what is no .toml file only the name is looked at.
    let faq = Copy::new();
    fifo(&faq, "pipa");
    faq.tells_only(&["perhatian pipa: berkas ini tidak dibaca"]);
    let faq = Copy::new();
    symlink("/dev/zero", faq.path("nol.toml")).expect("a link");
    assert!(faq.told()[0].contains("bukan berkas biasa"), "{:#?}", faq.told());
    let faq = Copy::new();
    symlink(faq.folder(), faq.path("lingkar")).expect("a link");
    assert!(faq.told()[0].contains("menunjuk ke folder yang sudah dibaca"), "{:#?}", faq.told());
    let faq = Copy::new();
    fs::File::create(faq.path("besar.toml")).and_then(|file| file.set_len(3 << 30)).expect("a sparse file");
    assert!(faq.told()[0].contains("lebih besar daripada 8 MB"), "{:#?}", faq.told());
    let faq = Copy::new();
    fs::File::create(faq.path("video.mp4")).and_then(|file| file.set_len(30 << 30)).expect("a sparse file");
    faq.tells_only(&["perhatian video.mp4: berkas ini tidak dibaca"]);
}

#[test]
fn what_was_pasted_twice_is_told_once() {
    let faq = Copy::new();
    let text = faq.text("jadwal.toml");
    faq.write("jadwal.toml", format!("{text}\n{text}"));
    faq.tells_only(&["salah jadwal.toml:", "entri di berkas ini tertulis dua kali", "hapus yang kedua"]);
    let faq = Copy::new();
    faq.write("asn.toml", faq.text("asn.toml") + &text);
    faq.tells_only(&["salah asn.toml: berkas ini mengulang", "dari `jadwal.toml`", "hapus darinya entri"]);
    // One entry as a pattern for a new one: the id was left, or nothing but the id was changed.
    let entry = &text[text.find("[[entry]]").expect("an entry")..];
    let entry = &entry[..entry[9..].find("[[entry]]").expect("a second one") + 9];
    let faq = Copy::new();
    faq.write("jadwal.toml", format!("{text}\n{entry}"));
    faq.tells_only(&["salah jadwal.toml:", "dipakai dua kali", "ganti id ini, atau hapus"]);
    let faq = Copy::new();
    faq.write("jadwal.toml", format!("{text}\n{}", entry.replacen("id = \"", "id = \"baru-", 1)));
    faq.tells_only(&["salah jadwal.toml:", "ada di dua entri", "baris lain di tempat yang sama juga begitu"]);
}

#[test]
fn causes_come_first_and_twenty_are_shown() {
    let faq = Copy::new();
    faq.edit("asn.toml", "[[entry]]", "[[entri]]");
    faq.edit("jadwal.toml", "related = [", "related = [\"tidak-ada\", ");
    faq.edit("aturan.toml", "title = \"", "title = \"Judul yang jauh terlalu panjang untuk sebuah tombol ");
    let told = faq.told();
    assert!(told[0].contains("asn.toml") && told.last().is_some_and(|last| last.contains("tidak-ada")), "{told:#?}");
    let many = Copy::new();
    many.write("asn.toml", many.text("asn.toml").replace("sources = [", "sumbernya = ["));
    let report = many.report();
    let (all, some) = (report.render(false), report.render_some(false, 20));
    let count = |text: &str| text.matches("salah:").count();
    assert!(count(&all) > 20 && count(&some) == 20, "{}", count(&all));
    let more = format!("dan {} lagi (lihat semuanya dengan \"check --all\")", count(&all) - 20);
    assert!(some.contains(&more) && !all.contains(" lagi ("), "{some}");
}
