//! A maintainer's tools, with the real program: one entry over time, lists, a file got back, codes, times, one entry's
//! weak phrasings, the wrong folder.

use std::path::Path;

use crate::common::last_review;
use crate::program::{run, run_in, run_with, with_faq};

#[test]
fn lihat_shows_an_entry_before_during_and_after() {
    let shown = run(&["lihat", "jadwal-pemungutan-suara"]).well();
    let parts: Vec<&str> = shown.split("\n--- ").collect();
    assert_eq!(parts.len(), 4, "{shown}");
    assert!(
        parts[0].starts_with("jadwal-pemungutan-suara (jadwal.toml baris ") && parts[0].contains("Kapan hari"),
        "{shown}"
    );
    for (part, when, words) in [
        (parts[1], "Sebelum Pemungutan suara (Pemilu 2024): Rabu, 7 Februari 2024", "akan berlangsung tujuh hari lagi"),
        (parts[2], "Selama Pemungutan suara (Pemilu 2024): Rabu, 14 Februari 2024", "hari ini, Rabu, 14 Februari 2024"),
        (parts[3], "Sesudah Pemungutan suara (Pemilu 2024): Kamis, 15 Februari 2024", "sudah berlangsung pada Rabu"),
    ] {
        assert!(part.starts_with(when) && part.contains(words), "{part}");
        assert!(part.contains("\nSumber: ") && part.contains("kode jadwal-pemungutan-suara"), "{part}");
    }
    assert!(shown.contains("Terkait:\n  jadwal-jam-tps "), "{shown}");
    for part in ["Disebut sebagai terkait oleh: ", "Ditanyakan dengan 30 cara: \"", "perlu ditinjau lagi "] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn lihat_of_a_day_of_a_steady_entry_and_of_all_days() {
    let one = run(&["lihat", "jadwal-pemungutan-suara", "--now", "12 Februari 2024"]).well();
    assert_eq!(one.matches("\n--- ").count(), 1, "{one}");
    assert!(
        one.contains("--- Pada: Senin, 12 Februari 2024, pukul 12.00 ---") && one.contains("dua hari lagi"),
        "{one}"
    );
    let steady = run(&["lihat", "golput"]).well();
    assert!(steady.matches("\n--- ").count() <= 3 && steady.contains("kode golput"), "{steady}");
    let all = run(&["lihat", "jadwal-pemungutan-suara", "--all"]).well();
    assert!(all.matches("\n--- Pada: ").count() > 3, "{all}");
}

/// An entry that follows no stage and names none says the same on any day, and is shown once; outside its dates that is
/// said.
#[test]
fn lihat_of_an_entry_without_a_stage_and_with_dates() {
    let folder = with_faq();
    let path = folder.path().join("faq/memilih.toml");
    let mut text = std::fs::read_to_string(&path).expect("a file");
    let questions: String = (0..10).map(|n| format!("tempat parkir sepeda di balai desa {n}\n")).collect();
    text.push_str(&format!(
        "\n[[entry]]\nid = \"parkir-sepeda\"\ntitle = \"Di mana parkir sepeda?\"\nquestions = '''\n{questions}'''\n\
         answer = \"**Di balai desa.** Datanglah pagi.\"\nsources = [\"Surat Edaran Balai Desa, 1 Mei 2026\"]\n\
         reviewed = \"2026-11-28\"\nvalid_from = \"2026-06-01\"\nvalid_until = \"2026-12-31\"\nsensitive = true\n"
    ));
    std::fs::write(&path, text).expect("a file");
    let shown = run_in(folder.path(), &["lihat", "parkir-sepeda"]).well();
    assert!(shown.contains("--- Kapan saja ---\nDi balai desa. Datanglah pagi."), "{shown}");
    assert_eq!(shown.matches("\n---").count(), 1, "{shown}");
    for part in ["Berlaku mulai 1 Juni 2026", "Berlaku sampai 31 Desember 2026", "Sensitif:"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let late = run_in(folder.path(), &["lihat", "parkir-sepeda", "--now", "2027-01-01"]).well();
    assert!(late.contains("di luar masa berlakunya"), "{late}");
    // By its code it is no answer either once it has expired.
    let asked = |day: &str| run_in(folder.path(), &["ask", "--json", "--now", day, "parkir-sepeda"]).well();
    assert!(asked("2026-12-31").contains("\"entry\":\"parkir-sepeda\""), "{}", asked("2026-12-31"));
    assert!(asked("2027-01-01").contains("\"entry\":null"), "{}", asked("2027-01-01"));
}

#[test]
fn an_id_that_is_not_there_brings_those_near_it() {
    for (written, meant) in [
        (&["lihat", "jadwal-libr"][..], "`jadwal-libur`"),
        (&["lihat", "jam-tps"], "`jadwal-jam-tps`"),
        (&["lihat", "libur nasional"], "`jadwal-libur`"),
        (&["check", "--explain", "JADWAL-LIBRU"], "`jadwal-libur`"),
    ] {
        let shown = run(written);
        assert_eq!(shown.status, Some(2), "{written:?}");
        assert!(
            shown.err.contains("Tidak ada entri") && shown.err.contains("Maksud Anda") && shown.err.contains(meant),
            "{}",
            shown.err
        );
        assert!(shown.out.is_empty() || written[0] == "check", "{}", shown.out);
    }
    let nothing_near = run(&["lihat", "xqzw"]).err;
    assert!(nothing_near.contains("tanya-pemilu daftar") && !nothing_near.contains("Maksud Anda"), "{nothing_near}");
}

#[test]
fn daftar_goes_by_the_day_of_review() {
    let all = run(&["daftar", "--now", &last_review().to_string()]).well();
    assert_eq!(all.lines().filter(|line| line.starts_with("  ")).count(), 179, "{all}");
    assert!(all.ends_with("179 entri: 0 sudah waktunya ditinjau, 0 lagi dalam 30 hari.\n"), "{all}");
    assert!(all.starts_with("Juli 2027: "), "{all}");
    let due = run(&["daftar", "--due", "--now", "1 Agustus 2027"]).well();
    let heads: Vec<&str> = due.lines().filter(|line| line.ends_with(" entri")).collect();
    assert!(
        heads[0].starts_with("Sudah waktunya ditinjau: ")
            && heads[1].starts_with("Dalam 30 hari, sampai 31 Agustus 2027: ")
    );
    assert_eq!(heads.len(), 2, "{due}");
    let of_golput = due.lines().find(|line| line.contains(" golput ")).unwrap_or_default();
    assert!(of_golput.contains(" Agustus 2027 "), "{due}");
    let none = run(&["daftar", "--due", "--days", "3", "--now", &last_review().to_string()]).well();
    assert_eq!(none, "179 entri: 0 sudah waktunya ditinjau, 0 lagi dalam 3 hari.\n");
}

#[test]
fn daftar_goes_by_stage_election_and_source() {
    let group = |shown: &str, head: &str| -> String {
        let from = shown.find(head).unwrap_or_else(|| panic!("{head}: {shown}"));
        shown[from..].split("\n\n").next().unwrap_or_default().to_owned()
    };
    let stages = run(&["daftar", "--stage"]).well();
    let vote = group(&stages, "pemilu2024.pemungutan_suara - Pemungutan suara, Pemilu 2024 (14 Februari 2024): ");
    assert!(vote.contains("  jadwal-pemungutan-suara ") && vote.contains("  jadwal-libur "), "{vote}");
    assert!(group(&stages, "Tanpa tahapan: ").contains("  bot-siapa "), "{stages}");
    let one = run(&["daftar", "--stage", "masa_tenang"]).well();
    assert!(one.contains("jadwal-masa-tenang") && !one.contains("Tanpa tahapan"), "{one}");
    let elections = run(&["daftar", "--election"]).well();
    assert!(group(&elections, "pilkada2024 - ").contains("  jadwal-pilkada "), "{elections}");
    assert!(group(&elections, "pemilu2024 - Pemilu 2024: ").contains("  kandidat-nomor-1 "), "{elections}");
    let law = run(&["daftar", "--source", "keppres 10/2024"]).well();
    assert!(law.starts_with("Keppres 10/2024: ") && law.contains("  jadwal-libur "), "{law}");
    let nothing = run(&["daftar", "--source", "Kitab Antah Berantah"]);
    assert_eq!((nothing.status, nothing.out.as_str()), (Some(2), ""));
    assert!(nothing.err.contains("Tidak ada yang memuat \"Kitab Antah Berantah\""), "{}", nothing.err);
    assert_eq!(run(&["daftar", "--stage", "--source"]).status, Some(2));
}

/// Only what its own entry's other phrasings fail to find, in words that somebody types.
#[test]
fn check_explains_one_entry_in_whole_words() {
    let one = run(&["check", "--explain", "jadwal-libur"]).well();
    assert!(one.starts_with("jadwal-libur: ") && one.contains("-> tambahkan pertanyaan"), "{one}");
    assert!(one.lines().count() < 40 && one.contains("Dapat dipakai."), "{one}");
    assert_eq!(one, run(&["check", "faq", "--explain", "kode jadwal-libur"]).well());
    let all = run(&["check", "--explain", "faq"]).well();
    let mut advised = 0;
    for block in all.split("\n\n").filter(|block| block.contains("\n  -> ")) {
        let (phrasings, hint) = block.split_once("\n  -> ").expect("a hint");
        let Some((_, words)) = hint.split_once("leksikon.toml: ") else { continue };
        let typed = tanya_pemilu::text::normalize::words(phrasings);
        for word in words.trim().split(", ") {
            advised += 1;
            assert!(typed.iter().any(|t| t == word), "\"{word}\" is typed in none of these:\n{phrasings}");
            assert!(!["have", "see", "go", "the", "can", "what", "if", "how"].contains(&word), "{word}: {phrasings}");
            assert!(word.chars().any(char::is_alphabetic), "{word}");
        }
    }
    assert!(advised > 300, "{advised}");
}

#[test]
fn faq_bawaan_writes_files_and_overwrites_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    let said = run_in(place, &["faq-bawaan", "baru"]).well();
    assert!(said.contains("berkas FAQ bawaan ditulis ke baru."), "{said}");
    let checked = run_in(place, &["check", "baru", "--now", &last_review().to_string()]).well();
    assert!(checked.contains("baru: 179 entri, 0 salah, 0 perhatian. Dapat dipakai."), "{checked}");
    // A file that was changed stays as it is, and so does all else.
    std::fs::write(place.join("baru/bot.toml"), "review_after_days = 30\n").expect("a file");
    std::fs::remove_file(place.join("baru/teks.id.toml")).expect("a file");
    let refused = run_in(place, &["faq-bawaan", "baru"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.err.contains("Tidak ada yang ditulis") && refused.err.contains("sudah ada"), "{}", refused.err);
    assert!(!place.join("baru/teks.id.toml").exists());
    assert_eq!(std::fs::read_to_string(place.join("baru/bot.toml")).expect("a file"), "review_after_days = 30\n");
    // The lost one comes back alone, as `check` advises.
    let faulty = run_in(place, &["check", "baru"]);
    assert!(faulty.out.contains("tanya-pemilu faq-bawaan baru teks.id.toml"), "{}", faulty.out);
    run_in(place, &["faq-bawaan", "baru", "teks.id.toml"]).well();
    assert!(place.join("baru/teks.id.toml").exists());
    assert_eq!(run_in(place, &["faq-bawaan", "baru", "teks.id.toml"]).status, Some(1));
    let unknown = run_in(place, &["faq-bawaan", "lain", "jadwall.toml"]);
    assert_eq!(unknown.status, Some(2));
    assert!(unknown.err.contains("jadwal.toml") && !place.join("lain").exists(), "{}", unknown.err);
    run_in(place, &["faq-bawaan", "lain", "pemilu/pemilu2024.toml"]).well();
    assert!(place.join("lain/pemilu/pemilu2024.toml").exists());
    // Where no folder can be made, one sentence says so.
    std::fs::write(place.join("berkas"), "").expect("a file");
    let barred = run_in(place, &["faq-bawaan", "berkas/faq"]);
    assert!(barred.status == Some(1) && barred.err.contains("tidak dapat ditulis"), "{}", barred.err);
}

#[test]
fn ask_and_chat_open_an_entry_by_its_code() {
    let codes =
        "jadwal-libur\n kode jadwal-libur \nKode: Jadwal-Libur.\nDitinjau 22 November 2026 · kode jadwal-libur\n";
    // Words around a code are a question, and "kode" alone is none.
    let questions = "apa itu jadwal-libur\nkodejadwal-libur\nkode\nnomor · jadwal-libur\n";
    let input = format!("{codes}{questions}");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shown = run_with(here, &["ask", "--json", "--explain", "-"], &input);
    let opened = |line: &&str| line.contains("\"entry\":\"jadwal-libur\",\"confidence\":1.0");
    let rows: Vec<&str> = shown.out.lines().collect();
    assert!(rows.len() == 8 && rows[..4].iter().all(opened), "{}", shown.out);
    assert!(!rows[4..].iter().any(opened), "{}", shown.out);
    assert_eq!(shown.err.matches("kode entri jadwal-libur, dibuka langsung").count(), 4, "{}", shown.err);
    // In a conversation each opens the entry, with what is related below it; no ticket is opened.
    let shown = run_with(here, &["chat"], codes).well();
    assert_eq!(shown.matches("· kode jadwal-libur").count(), 4, "{shown}");
    assert!(shown.contains("Terkait:") && !shown.contains("petugas |"), "{shown}");
}

#[test]
fn now_is_read_as_people_write_it() {
    for now in ["12 Februari 2024", "2024-02-12", "2024-02-12 09:00", "2024-02-12T09:00", "2024-02-12T09:00+07:00"] {
        let shown = run(&["lihat", "--now", now, "jadwal-pemungutan-suara"]).well();
        assert!(shown.contains("dua hari lagi, Rabu, 14 Februari 2024"), "{now}: {shown}");
    }
    for command in [&["ask", "x"][..], &["chat"], &["check"], &["daftar"], &["lihat", "golput"], &["export", "--json"]]
    {
        let shown = run(&[command, &["--now", "lusa"]].concat());
        assert_eq!((shown.status, shown.out.as_str()), (Some(2), ""), "{command:?}");
        assert!(
            shown.err.starts_with("--now \"lusa\" tidak terbaca: tulis misalnya \"12 Februari 2024\""),
            "{}",
            shown.err
        );
    }
}

/// Who is in the wrong folder must not take the built-in copy for their own edits.
#[test]
fn the_built_in_copy_is_served_with_a_word() {
    let folder = tempfile::tempdir().expect("a folder");
    for command in [&["ask", "tps buka jam brp"][..], &["chat"], &["check"], &["lihat", "golput"], &["daftar"]] {
        let shown = run_in(folder.path(), command);
        assert_eq!(shown.status, Some(0), "{command:?}: {}", shown.err);
        assert!(shown.err.contains("memakai FAQ bawaan program, bukan suntingan Anda"), "{command:?}: {}", shown.err);
        assert!(shown.err.contains("--faq FOLDER") && shown.err.lines().count() == 1, "{command:?}: {}", shown.err);
    }
    // Who asks for it by name knows.
    let named = run_in(folder.path(), &["check", "--faq", "builtin"]);
    assert_eq!((named.status, named.err.as_str()), (Some(0), ""));
    // Inside the folder itself the advice is another.
    let inside = with_faq();
    let shown = run_in(&inside.path().join("faq"), &["check"]);
    assert!(shown.err.contains("Ini sendiri folder FAQ: pakai --faq . (titik)"), "{}", shown.err);
    assert!(run_in(&inside.path().join("faq"), &["check", "--faq", "."]).err.is_empty());
}

#[test]
fn every_command_explains_itself() {
    let help = run(&["--help"]).well();
    for command in ["run", "chat", "ask", "check", "lihat", "daftar", "faq-bawaan", "export", "eval"] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))), "{command}: {help}");
        let own = run(&[command, "--help"]).well();
        assert!(own.contains("Usage: tanya-pemilu"), "{own}");
    }
}
