//! Slips of people who don't program, in copies of the project's own FAQ: each is told once, where it was typed, with the
//! one hint that helps.

use crate::copied::{Copy, ELECTION};
use serde_json::Value;
use tanya_pemilu::faq::Faq;

const VOTE: &str =
    "[stages.pemungutan_suara]\nname = \"Pemungutan suara\"\nname_en = \"Voting day\"\nstart = \"2024-02-14\"";

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
        ("\nstart = \"2024-02-14\"", "", "kunci `start` belum ada"),
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
        faq.tells_only(&["salah memilih.toml:8:"]);
    }
}

#[test]
fn a_hint_never_leads_to_another_topic() {
    let text = Copy::new().text("memilih.toml");
    // An entry is taken out; every `related` to it is told, with what to do.
    let start = text.find("[[entry]]\nid = \"pemilih-pindah-tps\"").expect("the entry");
    let end = text[start + 9..].find("[[entry]]").map_or(text.len(), |i| start + 9 + i);
    let faq = Copy::new();
    faq.write("memilih.toml", format!("{}{}", &text[..start], &text[end..]));
    let told = faq.told();
    assert!(!told.is_empty());
    for one in &told {
        assert!(one.contains("`pemilih-pindah-tps` yang tidak ada | hapus dari `related`, atau ganti"), "{one}");
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
    let pair = "[[candidates]]\nnumber = 4\npresident = \"Budi Arisandi\"\nvice_president = \"Siti Marlina\"\nparties = [\"Baru\"]\n\n";
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
    faq.tells_only(&["tanda hubung tak terputus (U+2011) di isi `start`", "sesudah \"2024\""]);
    let faq = Copy::new();
    faq.edit(ELECTION, VOTE, &VOTE.replace("2024-02-14", "2024\u{2013}02\u{2013}14"));
    faq.tells_only(&["(U+2013), yang hanya mirip tanda biasa", "ketik ulang: \"2024-02-14\""]);
    // In running text a blank is read as what it looks like.
    let faq = Copy::new();
    faq.edit("memilih.toml", "answer = '''\n", "answer = '''\nItu\u{a0}pun ");
    faq.tells_only(&["perhatian memilih.toml:", "spasi tak terputus (U+00A0) di isi `answer`", "tetap dibaca"]);
    let (loaded, _) = Faq::load(&faq.source());
    assert!(loaded.is_some_and(|faq| faq.texts().any(|text| text.contains("Itu pun "))));
}

#[test]
fn the_caret_stands_under_the_sign_that_is_wrong() {
    for (line, wrong) in [
        ("**Tebal** lalu *y", "*y"),
        ("*a* dan *b* dan **c", "**c"),
        ("{{ pemilu2024.name }} **x** lalu *y", "*y"),
        ("{{ pemilu2024.pemungutan_suara | tanggal }} dan {{ pemilu2024.name }} *y", "*y"),
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

/// More ways in which one slip used to bring many messages.
#[test]
fn one_slip_is_one_message() {
    let slips: [(&str, &str, &str, &[&str]); 17] = [
        ("jadwal.toml", "[[entry]]\n", "", &["kunci `id` dan", "kunci lain", "[[entry]]"]),
        ("jadwal.toml", "questions = '''\n", "questions = ''\n", &["dibuka dengan dua tanda kutip"]),
        ("jadwal.toml", "'''\nstage", "stage", &["blok teks ini tidak ditutup"]),
        ("jadwal.toml", "id = \"", "kode = \"", &["maksud Anda `id`?"]),
        ("jadwal.toml", "id = \"", "id = ", &["tanda kutip"]),
        ("jadwal.toml", "reviewed =", "ditinjau =", &["maksud Anda `reviewed`?"]),
        (ELECTION, "[figures]\n", "", &["kunci `dpt` dan", "baris kepala hilang"]),
        (ELECTION, "name = \"Pemilu 2024\"\n", "", &["kunci `name` belum ada"]),
        (ELECTION, "number = 24\nshort", "number = \"24\"\nshort", &["tulis 24:"]),
        (ELECTION, "dpt = 204807222", "dpt = \"sekitar 204 juta\"", &["salah pemilu/pemilu2024.toml:", "tulis dpt ="]),
        (ELECTION, "votes = 27040878", "votes = 27.040", &["memuat titik ribuan", "tulis 27040:"]),
        (ELECTION, "[stages.kampanye]\n", "", &["kunci ini sudah ada sebelumnya", "[stages.nama]"]),
        (ELECTION, "[stages.kampanye]", "[stages kampanye]", &["[stages.nama] dengan titik"]),
        ("asn.toml", "sensitive = true", "sensitif = ya", &["tulis sensitive = true"]),
        ("asn.toml", "sensitive = true", "sensitive = ture", &["tulis sensitive = true"]),
        ("bot.toml", "retention_days = 90", "retention_days = 90 hari", &["tulis retention_days = 90:"]),
        ("leksikon.toml", "\nspelling =", "\nejaan =", &["kunci `ejaan` tidak dikenal", "spelling, synonyms"]),
    ];
    for (name, from, to, parts) in slips {
        let faq = Copy::new();
        faq.edit(name, from, to);
        faq.tells_only(parts);
    }
    let faq = Copy::new();
    // The file was cut within the phrasings of an entry.
    let text = faq.text("memilih.toml");
    let inside = text.find("id = \"pemilih-undangan\"").expect("an entry");
    let inside = inside + text[inside..].find("questions = '''").expect("phrasings") + 40;
    faq.write("memilih.toml", &text[..text.floor_char_boundary(inside)]);
    faq.tells_only(&["salah memilih.toml:"]);
    let faq = Copy::new();
    faq.write("memilih.toml", "").tells_only(&["salah memilih.toml:1: berkas ini tidak memuat satu entri pun"]);
    let faq = Copy::new();
    faq.rename("pemilu", "Pemilu").tells_only(&["memuat data pemilu", "ganti nama foldernya menjadi pemilu"]);
}

#[test]
fn a_name_in_an_answer_is_hinted_at_only_if_it_exists() {
    for (typed, hint) in [
        ("pemilu2024.kampanyee", "maksud Anda `pemilu2024.kampanye`?"),
        ("pemilu2042.kampanye", "maksud Anda `pemilu2024.kampanye`?"),
        // Another election has such a stage, so this one may be asked for it.
        ("pemilu2024.kasn_berakir", "maksud Anda `pemilu2024.kasn_berakhir`?"),
        ("pemilu2024.hari_hujan", "hapus atau ganti"),
        ("pemilu.kampanyee", "maksud Anda `pemilu.kampanye`?"),
        ("pilkada.figures.kampanyee", "hapus atau ganti"),
        ("pemilu2024.figures.kampanyee", "hapus atau ganti"),
        ("pemilu2024.kampanye.strat", "maksud Anda `pemilu2024.kampanye.start`?"),
        ("pemilu2031.kampanye", "pemilu/pemilu2031.toml tidak ada"),
    ] {
        let faq = Copy::new();
        faq.edit("memilih.toml", "answer = '''\n", &format!("answer = '''\nItu {{{{ {typed} }}}}.\n"));
        faq.tells_only(&["salah memilih.toml:", &format!("nama `{typed}` tidak dikenal"), hint]);
    }
}
