//! One cause, one message: edits of the project's own FAQ as people who don't program make them, and what they read.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::faq_folder;
use serde_json::Value;
use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::fault::Report;
use tanya_pemilu::faq::source::Source;

/// A copy of the project's FAQ, to be spoilt.
struct Copy(tempfile::TempDir);

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        copy(faq_folder(), folder.path());
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), bytes).expect("a file");
        self
    }

    fn remove(&self, name: &str) -> &Self {
        fs::remove_file(self.path(name)).expect("a file");
        self
    }

    fn rename(&self, from: &str, to: &str) -> &Self {
        fs::rename(self.path(from), self.path(to)).expect("a file");
        self
    }

    /// The first `from` in a file becomes `to`.
    fn edit(&self, name: &str, from: &str, to: &str) -> &Self {
        let text = self.text(name);
        assert!(text.contains(from), "{from:?} is not in {name}");
        self.write(name, text.replacen(from, to, 1))
    }

    fn report(&self) -> Report {
        Faq::load(&Source::Folder(self.0.path().to_owned())).1
    }

    /// What is told, one line a fault or warning: "salah file:line: message | hint".
    fn told(&self) -> Vec<String> {
        let row = |line: String| {
            let row: Value = serde_json::from_str(&line).expect("a JSON object a line");
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let severity = if row["severity"] == "fault" { "salah" } else { "perhatian" };
            let place = row["line"].as_u64().map_or_else(String::new, |line| format!(":{line}"));
            format!("{severity} {}{place}: {} | {}", text("file"), text("message"), text("hint"))
        };
        self.report().json_lines().into_iter().map(row).collect()
    }

    /// The one thing that is told must have all of `parts` in it.
    #[track_caller]
    fn tells_only(&self, parts: &[&str]) {
        let told = self.told();
        assert_eq!(told.len(), 1, "{} things told:\n{}", told.len(), told[..told.len().min(8)].join("\n"));
        for part in parts {
            assert!(told[0].contains(part), "{part:?} is not in {}", told[0]);
        }
    }

    /// The line of the first `part` in a file, as a message names it: "file:12:".
    fn at(&self, name: &str, part: &str) -> String {
        let text = self.text(name);
        let at = text.find(part).unwrap_or_else(|| panic!("{part:?} is not in {name}"));
        format!("{name}:{}:", text[..at].matches('\n').count() + 1)
    }
}

fn copy(from: &Path, to: &Path) {
    for item in fs::read_dir(from).expect("a folder") {
        let path = item.expect("a file").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file");
        }
    }
}

const ELECTION: &str = "pemilu/pemilu2024.toml";
const VOTE: &str = "[stages.pemungutan_suara]\nname = \"Pemungutan suara\"\nstart = \"2024-02-14\"";

#[test]
fn the_project_is_sound() {
    assert_eq!(Copy::new().told(), Vec::<String>::new());
}

#[test]
fn a_stage_with_a_fault_is_still_known() {
    for date in ["21-02-2024", "21 Februari 2024", "2024/02/21", "2024-2-21", "2024-02-31", "", "2024", "besok"] {
        let faq = Copy::new();
        faq.edit(ELECTION, VOTE, &VOTE.replace("2024-02-14", date));
        faq.tells_only(&["salah pemilu/pemilu2024.toml:", "TTTT-BB-HH"]);
    }
    // End before start, no name, an hour that is none, a key that is none: each one fault, and no answer is blamed.
    for (from, to, part) in [
        ("start = \"2024-02-14\"", "start = \"2024-02-15\"", "lebih dulu"),
        ("name = \"Pemungutan suara\"\n", "", "kunci `name` belum ada"),
        ("start = \"2024-02-14\"\n", "", "kunci `start` belum ada"),
        ("start = \"2024-02-14\"", "mulai = \"2024-02-14\"", "maksud Anda `start`?"),
    ] {
        let faq = Copy::new();
        faq.edit(ELECTION, VOTE, &VOTE.replace(from, to));
        faq.tells_only(&["salah pemilu/pemilu2024.toml:", part]);
    }
    let faq = Copy::new();
    faq.edit(ELECTION, "same_day_as = \"pemungutan_suara\"", "same_day_as = \"pemungutan\"");
    faq.tells_only(&["tahapan `pemungutan` tidak ada", "hapus atau ganti"]);
}

/// What an answer itself has wrong is told all the same.
#[test]
fn a_fault_in_an_election_hides_no_other() {
    let faq = Copy::new();
    faq.edit(ELECTION, VOTE, &VOTE.replace("2024-02-14", "2024-02-31"));
    faq.edit("jadwal.toml", "pemilu2024.masa_tenang", "pemilu2024.masa_tenan");
    let told = faq.told();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[1].contains("maksud Anda `masa_tenang`?") || told[1].contains("masa_tenang`?"), "{told:#?}");
}

#[test]
fn an_entry_with_a_fault_is_still_known() {
    for (from, to) in [
        ("id = \"pemilih-syarat\"\ntitle =", "id = \"pemilih-syarat\"\njudul ="),
        ("id = \"pemilih-syarat\"\ntitle = \"Siapa yang boleh memilih?\"", "id = \"pemilih-syarat\"\ntitle = 3"),
        ("id = \"pemilih-syarat\"\ntitle = \"Siapa", "id = \"pemilih-syarat\"\ntitle = Siapa"),
    ] {
        let faq = Copy::new();
        faq.edit("memilih.toml", from, to);
        faq.tells_only(&["salah memilih.toml:5:"]);
    }
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
        let close =
            |text: String| if to.starts_with("[[stages") { text.replacen("\"\n\n[[st", "\"\n\n[[st", 1) } else { text };
        // Once, and everywhere.
        for all in [false, true] {
            let faq = Copy::new();
            let text = faq.text(name);
            let mut text = close(if all { text.replace(from, to) } else { text.replacen(from, to, 1) });
            if to.starts_with("[[stages") {
                let lines = text
                    .lines()
                    .map(|line| if line.starts_with(to) { format!("{line}]\n") } else { format!("{line}\n") });
                text = lines.collect();
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
    symlink(faq.0.path(), faq.path("lingkar")).expect("a link");
    assert!(faq.told()[0].contains("menunjuk ke folder yang sudah dibaca"), "{:#?}", faq.told());
    let faq = Copy::new();
    fs::File::create(faq.path("besar.toml")).and_then(|file| file.set_len(3 << 30)).expect("a sparse file");
    assert!(faq.told()[0].contains("lebih besar daripada 8 MB"), "{:#?}", faq.told());
    let faq = Copy::new();
    fs::File::create(faq.path("video.mp4")).and_then(|file| file.set_len(30 << 30)).expect("a sparse file");
    faq.tells_only(&["perhatian video.mp4: berkas ini tidak dibaca"]);
}

#[test]
fn a_hint_never_leads_to_another_topic() {
    let text = Copy::new().text("memilih.toml");
    // An entry is taken out; every `related` to it is told, with what to do.
    let start = text.find("[[entry]]\nid = \"pemilih-pindah\"").expect("the entry");
    let end = text[start + 9..].find("[[entry]]").map_or(text.len(), |i| start + 9 + i);
    let faq = Copy::new();
    faq.write("memilih.toml", format!("{}{}", &text[..start], &text[end..]));
    let told = faq.told();
    assert!(!told.is_empty());
    for one in &told {
        assert!(one.contains("`pemilih-pindah` yang tidak ada | hapus dari `related`, atau ganti"), "{one}");
    }
    for (typed, wanted) in [
        ("pemilih-syarta", "maksud Anda `pemilih-syarat`?"),
        ("pemilih_syarat", "maksud Anda `pemilih-syarat`?"),
        ("kandidat-nomor-4", "hapus dari `related`"),
        ("asn", "hapus dari `related`"),
    ] {
        let faq = Copy::new();
        faq.edit("jadwal.toml", "related = [", &format!("related = [\"{typed}\", "));
        faq.tells_only(&[wanted]);
    }
}

#[test]
fn a_lack_is_told_at_the_party_that_has_it() {
    let party = "[[parties]]\nnumber = 25\nshort = \"Baru\"\nname = \"Partai Baru\"\n\n# ------";
    let faq = Copy::new();
    let text = faq.text(ELECTION);
    let at = text.find("# ---------------------------------------------------------------- Debat").expect("debates");
    faq.write(ELECTION, format!("{}{}{}", &text[..at], party.trim_end_matches("# ------"), &text[at..]));
    let told = faq.told();
    let place = format!("salah {}", faq.at(ELECTION, "[[parties]]\nnumber = 25"));
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].starts_with(&place) && told[0].contains("`share` belum ada pada Partai Baru (nomor 25)"),
        "{told:#?}"
    );
}

#[test]
fn a_pair_that_lacks_keys_has_each_told_once() {
    let faq = Copy::new();
    let text = faq.text(ELECTION);
    let at = text.find("# ---------------------------------------------------------------- Partai").expect("parties");
    let pair = "[[candidates]]\nnumber = 4\npresident = \"Satu\"\nvice_president = \"Dua\"\nparties = [\"Baru\"]\n\n";
    faq.write(ELECTION, format!("{}{pair}{}", &text[..at], &text[at..]));
    let told = faq.told();
    let place = format!("salah {}", faq.at(ELECTION, "[[candidates]]\nnumber = 4"));
    assert!(told.iter().all(|one| one.starts_with(&place)), "{told:#?}");
    for key in ["president_posts", "vision", "programme", "registered", "votes", "share"] {
        let quoted = format!("`{key}`");
        assert!(told.iter().filter(|one| one.contains(&quoted)).count() <= 1, "{key}: {told:#?}");
    }
}

#[test]
fn a_number_or_a_yes_has_one_right_hint_where_it_was_typed() {
    for (from, to, hint) in [
        ("share = 58.59", "share = 58,59", "tulis share = 58.59"),
        ("share = 58.59", "share = \"58,59\"", "tulis 58.59"),
        ("share = 58.59", "share = 58.59%", "tulis share = 58.59"),
        ("share = 58.59", "share = 58,59 persen", "tulis share = 58.59"),
        ("dpt = 204807222", "dpt = \"204.807.222\"", "tulis dpt = 204807222"),
        ("dpt = 204807222", "dpt = \"204807222\"", "tulis dpt = 204807222"),
        ("dpt = 204807222", "dpt = 204.807.222", "tulis dpt = 204807222"),
        ("dpt = 204807222", "dpt = 204 807 222", "tulis dpt = 204807222"),
    ] {
        let faq = Copy::new();
        faq.edit(ELECTION, from, to);
        faq.tells_only(&[&format!("salah {}", faq.at(ELECTION, to)), hint]);
    }
    for word in ["ya", "tidak", "True", "benar", "YES", "no"] {
        let faq = Copy::new();
        faq.edit("asn.toml", "sensitive = true", &format!("sensitive = {word}"));
        faq.tells_only(&["salah asn.toml:", "tanpa tanda kutip", "tulis sensitive = "]);
    }
}

#[test]
fn a_sign_that_nobody_sees_is_named_alone() {
    let entry = "id = \"pemilih-syarat\"\ntitle = ";
    for (from, to, parts) in [
        // In a key, in a code, in a date: the line looks right.
        (entry, "id = \"pemilih-syarat\"\ntitle\u{a0}= ", ["spasi tak terputus (U+00A0)", "sesudah \"title\""]),
        (entry, "id = \"pemilih-syarat\"\nti\u{200b}tle = ", ["spasi tanpa lebar (U+200B)", "sesudah \"ti\""]),
        (entry, "id = \"pemilih\u{2011}syarat\"\ntitle = ", ["tanda hubung tak terputus (U+2011)", "isi `id`"]),
        (entry, "id = \"pemilih-syarat\u{200b}\"\ntitle = ", ["spasi tanpa lebar (U+200B)", "isi `id`"]),
        (entry, "id = \"pemilih\u{ad}-syarat\"\ntitle = ", ["tanda hubung lunak yang tak tampak (U+00AD)", "isi `id`"]),
        ("[[entry]]", "\u{feff}[[entry]]", ["BOM yang tak tampak (U+FEFF)", "di awal baris"]),
        // In an answer.
        ("answer = '''\n", "answer = '''\nItu\u{200b} ", ["spasi tanpa lebar (U+200B)", "isi `answer`"]),
        (
            "answer = '''\n",
            "answer = '''\nItu\u{202e} ",
            ["tanda arah tulisan yang tak tampak (U+202E)", "isi `answer`"],
        ),
        ("answer = '''\n", "answer = '''\n\u{2066}Itu\u{2069} ", ["(U+2066)", "isi `answer`"]),
        ("answer = '''\n", "answer = '''\n\u{f0b7} Itu ", ["butir atau simbol dari Word (U+F0B7)", "\"- \""]),
        ("answer = '''\n", "answer = '''\nItu\u{fffd} ", ["tanda huruf rusak (U+FFFD)", "ketik ulang"]),
        ("answer = '''\n", "answer = '''\nItu\u{7} ", ["tanda kendali yang tak tampak (U+0007)", "isi `answer`"]),
    ] {
        let faq = Copy::new();
        faq.edit("memilih.toml", from, to);
        let told = faq.told();
        let expected = if to.contains('\u{2066}') { 2 } else { 1 };
        assert_eq!(told.len(), expected, "{to:?}: {told:#?}");
        for part in parts.into_iter().chain(["salah memilih.toml:"]) {
            assert!(told[0].contains(part), "{part:?} is not in {}", told[0]);
        }
    }
    let faq = Copy::new();
    faq.edit(ELECTION, VOTE, &VOTE.replace("2024-02-14", "2024\u{2011}02\u{2011}14"));
    faq.tells_only(&["tanda hubung tak terputus (U+2011) di isi `start`", "juga di baris"]);
    let faq = Copy::new();
    faq.edit(ELECTION, VOTE, &VOTE.replace("2024-02-14", "2024\u{2013}02\u{2013}14"));
    faq.tells_only(&["(U+2013), yang hanya mirip tanda biasa", "ketik ulang: \"2024-02-14\""]);
    // In running text a blank is read as what it looks like.
    let faq = Copy::new();
    faq.edit("memilih.toml", "answer = '''\n", "answer = '''\nItu\u{a0}pun ");
    faq.tells_only(&["perhatian memilih.toml:", "spasi tak terputus (U+00A0) di isi `answer`", "tetap dibaca"]);
    let (loaded, _) = Faq::load(&Source::Folder(faq.0.path().to_owned()));
    assert!(loaded.is_some_and(|faq| faq.texts().any(|text| text.contains("Itu pun "))));
}

#[test]
fn the_caret_stands_under_the_sign_that_is_wrong() {
    for (line, wrong) in [
        ("**Tebal** lalu *y", "*y"),
        ("*a* dan *b* dan **c", "**c"),
        ("{{ pemilu2024.name }} **x** lalu *y", "*y"),
        ("{{ pemilu2024.figures.dpt }} dan {{ pemilu2024.name }} *y", "*y"),
    ] {
        let faq = Copy::new();
        faq.edit("memilih.toml", "answer = '''\n", &format!("answer = '''\n{line}\n"));
        let rows = faq.report().json_lines();
        let row: Value = serde_json::from_str(&rows[0]).expect("a JSON object");
        let column = line[..line.rfind(wrong).expect("it is there")].chars().count() as u64 + 1;
        assert_eq!((rows.len(), row["column"].as_u64()), (1, Some(column)), "{line}: {row}");
    }
}

#[test]
fn a_long_answer_has_no_day_that_nobody_named() {
    let faq = Copy::new();
    faq.edit("memilih.toml", "answer = '''\n", &format!("answer = '''\n{}\n", "panjang ".repeat(700)));
    let told = faq.told();
    assert!(told[0].contains("Telegram menerima 4096") && !told[0].contains("1970"), "{told:#?}");
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
