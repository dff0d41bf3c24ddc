//! The table of civil servants: what is wrong in it, and which typed questions it answers.

use std::fs;

use crate::common::{KNOWLEDGE, time};
use crate::small_faq;
use tanya_pemilu::desk::Knowledge;
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::faq::{Faq, day_of};
use tanya_pemilu::terminal::chat::Chat;
use tanya_pemilu::terminal::render::Look;

const TODAY: &str = "2026-11-28T09:00:00+07:00";

/// The small FAQ of the tests, with these files in place of its own.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    small_faq::write(folder.path());
    write("bot.toml", &small_faq::project("faq/bot.toml"));
    for (name, text) in files {
        write(name, text);
    }
    folder
}

fn report(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    Faq::load(&Source::Folder(folder.path().to_owned())).1.render(false)
}

/// What is reported on the table with `from` replaced by `to`.
fn spoilt(from: &str, to: &str) -> String {
    let table = small_faq::own("asn-cek.toml");
    assert!(table.contains(from), "{from:?} is not in the table");
    report(&[("asn-cek.toml", &table.replacen(from, to, 1))])
}

#[test]
fn a_sound_table_has_nothing_to_report() {
    assert_eq!(report(&[]), "");
}

/// Each fault with its place and its hint.
#[test]
fn faults_of_the_table() {
    let cases = [
        ("who = \"honorer\"", "who = \"honorel\"", "pelaku `honorel` tidak ada", "maksud Anda `honorer`?"),
        ("what = \"like\"", "what = \"tanam\"", "perbuatan `tanam` tidak ada", "[[what]]"),
        ("what = \"foto\"\n", "what = \"like\"\n", "sel `pns` x `like` ada dua", "hapus salah satu"),
        ("entry = \"uji-asn\"", "entry = \"uji-asm\"", "`entry` menunjuk entri `uji-asm`", "maksud Anda `uji-asn`?"),
        ("sanction = \"uji-hasil\"", "sanction = \"x\"", "`sanction` menunjuk entri `x`", "kode entri yang ada"),
        ("report = \"uji-hari\"", "report = \"x\"", "`report` menunjuk entri `x`", "kode entri yang ada"),
        ("may = \"tidak\"", "may = \"tak\"", "`may` berisi \"tak\"", "\"boleh\", \"tidak\", atau \"tergantung\""),
        ("may = \"tidak\"", "may = \"tergantung\"", "mulai dengan **Tidak boleh.**, padahal", "ubah `says` atau `may`"),
        ("**Tergantung.** Tanyakan", "Tanyakan", "tidak mulai dengan **Tergantung.**", "ditulis **Tergantung.**"),
        ("Tanyakan dulu", "{{ pemilu.name }} dulu", "templat tidak dibaca", "ada di entrinya"),
        ("Tanyakan dulu", "*Tanyakan dulu", "", "asn-cek.toml:"),
        ("id = \"honorer\"", "id = \"pns\"", "pelaku `pns` ada dua", "ganti id-nya"),
        ("id = \"honorer\"", "id = \"honorer-di-sekolah-negeri-kita\"", "paling banyak 24", "asn-cek.toml:"),
        ("guru honorer", "pns", "sebutan \"pns\" sudah milik pelaku `pns`", "hapus salah satu"),
        ("title = \"Honorer\"", "titel = \"Honorer\"", "`titel` tidak dikenal", "maksud Anda `title`?"),
        ("[[cell]]", "[cell]", "kurang satu kurung siku", "tulis [[cell]]"),
        ("[[who]]", "[[siapa]]", "tidak dikenal di berkas ini", "tulis [[who]]"),
    ];
    for (from, to, message, hint) in cases {
        let told = spoilt(from, to);
        assert!(told.contains("salah: ") && told.contains("asn-cek.toml:"), "{to}: {told}");
        assert!(told.contains(message) && told.contains(hint), "{to}: {told}");
    }
}

/// The entry says "Tidak boleh" first where the cell says "boleh".
#[test]
fn an_entry_that_says_the_opposite_is_told_with_both_places() {
    let table = small_faq::own("asn-cek.toml");
    let yes = table.replace("**Tidak boleh.** PNS dilarang menyukai", "**Boleh.** PNS menyukai").replacen(
        "may = \"tidak\"",
        "may = \"boleh\"",
        1,
    );
    let told = report(&[("asn-cek.toml", &yes)]);
    assert!(told.contains("sel `pns` x `like` berkata \"boleh\", padahal jawaban `uji-asn`"), "{told}");
    assert!(told.contains("asn-cek.toml:") && told.contains("uji.toml:"), "{told}");
    // "Tergantung" contradicts neither, as in the cell of the second row.
    assert!(!told.contains("honorer"), "{told}");
}

#[test]
fn a_breach_leads_to_an_entry() {
    let told = report(&[("lapor.toml", "[[breach]]\ntitle = \"ASN\"\nentry = \"uji-asm\"\n")]);
    assert!(told.contains("lapor.toml:3") && told.contains("maksud Anda `uji-asn`?"), "{told}");
}

#[test]
fn a_category_is_checked() {
    let entries = small_faq::own("uji.toml");
    let told =
        report(&[("uji.toml", &entries.replace("Uji coba\"", "Nama topik yang jauh lebih panjang dari tombolnya\""))]);
    assert!(told.contains("nama topik ini") && told.contains("paling banyak 40"), "{told}");
    let told = report(&[("uji.toml", &entries.replace("\"Uji coba\"", "\"?\""))]);
    assert!(told.contains("`category` masih kosong"), "{told}");
}

/// A table that is mended takes effect at the next load, like all files.
#[test]
fn the_table_is_loaded_anew() {
    let dir = folder(&[]);
    let load = || Knowledge::load(&Source::Folder(dir.path().to_owned())).0.expect("a sound FAQ");
    let says = |knowledge: &Knowledge| {
        let mut chat = Chat::new(Look { colour: false });
        chat.line(knowledge, "guru honorer boleh like postingan caleg ga", time(TODAY))
    };
    assert!(says(&load()).starts_with("Tergantung. Tanyakan dulu"));
    let table = small_faq::own("asn-cek.toml").replace("Tanyakan dulu", "Baca dulu");
    fs::write(dir.path().join("asn-cek.toml"), table).expect("written");
    assert!(says(&load()).starts_with("Tergantung. Baca dulu"));
}

/// Which cell of the small table answers a question.
fn cell_of(knowledge: &Knowledge, text: &str) -> Option<(String, String)> {
    let cell = knowledge.matcher.judge(text, day_of(time(TODAY))).cell?;
    let cell = &knowledge.faq.asn_check.cells[cell];
    Some((cell.who.value.clone(), cell.what.value.clone()))
}

#[test]
fn a_typed_question_that_names_one_row_and_one_column_is_answered() {
    let dir = folder(&[]);
    let knowledge = Knowledge::load(&Source::Folder(dir.path().to_owned())).0.expect("a sound FAQ");
    for text in [
        "pns boleh like postingan caleg ga",
        "apakah pns boleh menyukai unggahan kampanye",
        "boleh ga pns komentar di medsos calon",
        "bolehkah pegawai negeri like status caleg?",
        "dilarang ga pns like",
    ] {
        assert_eq!(cell_of(&knowledge, text), Some(("pns".into(), "like".into())), "{text}");
    }
    for text in ["aku guru honorer boleh like postingan caleg ga", "non pns boleh like ga"] {
        assert_eq!(cell_of(&knowledge, text), Some(("honorer".into(), "like".into())), "{text}");
    }
    for text in [
        // Two rows, two columns, none.
        "pns dan honorer boleh like ga",
        "pns boleh like atau foto di bilik ga",
        "boleh like postingan caleg ga",
        "pns boleh apa",
        // Turned round.
        "bukan pns boleh like ga",
        "pensiunan pns boleh like ga",
        "pns ga boleh like kalau ga kampanye ya",
        // Another question.
        "kapan pns boleh like",
        "pns boleh like apa saja",
        "kenapa pns ga boleh like",
        "sanksi pns like apa",
        "pns like postingan caleg",
        // Somebody else.
        "anak pns boleh like ga",
        "istri saya pns boleh like ga",
        // A word beside that nobody accounted for.
        "pns boleh like foto kucing ga",
        "pns boleh like pakai akun istri ga",
        // A cell that nobody wrote.
        "honorer boleh jadi kpps ga",
        // Only with what was said before.
        "terus kalau pns?",
    ] {
        assert_eq!(cell_of(&knowledge, text), None, "{text}");
    }
}

#[test]
fn the_question_of_the_kampung_teacher_is_answered() {
    let mut chat = Chat::new(Look { colour: false });
    let answer = chat.line(&KNOWLEDGE, "aku guru honorer boleh pake kaos partai ga", time(TODAY));
    assert!(
        answer.contains("Sumber:") && answer.contains("kode asn-") && answer.contains("Jawaban lengkap"),
        "{answer}"
    );
}

/// Pressed through in the terminal, by numbers.
#[test]
fn every_cell_of_the_shipped_table_is_reached_by_two_numbers() {
    let table = &KNOWLEDGE.faq.asn_check;
    assert!(table.who.len() >= 6 && table.what.len() >= 10, "{} x {}", table.who.len(), table.what.len());
    for (row, who) in table.who.iter().enumerate() {
        for (column, what) in table.what.iter().enumerate() {
            let Some(cell) = table.cell(&who.id.value, &what.id.value).map(|cell| &table.cells[cell]) else { continue };
            let mut chat = Chat::new(Look { colour: false });
            chat.line(&KNOWLEDGE, "/asn", time(TODAY));
            chat.line(&KNOWLEDGE, &(row + 1).to_string(), time(TODAY));
            let answer = chat.line(&KNOWLEDGE, &(column + 1).to_string(), time(TODAY));
            let head = cell.may.head().trim_matches('*');
            assert!(answer.starts_with(head), "{} x {}: {answer}", who.title, what.title);
            assert!(answer.contains(&format!("kode {}", cell.entry.value)), "{answer}");
        }
    }
}
