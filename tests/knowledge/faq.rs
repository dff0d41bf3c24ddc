//! The knowledge base itself: complete, sound, and each phrasing finds its own entry.

use std::collections::HashSet;

use crate::common::{KNOWLEDGE, faq_folder, time};
use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::day_of;
use tanya_pemilu::faq::source::Source;
use tanya_pemilu::matcher::measure::{self, Tally};
use tanya_pemilu::matcher::{Matcher, Verdict};

#[test]
fn every_topic_has_its_entry() {
    let missing: Vec<&str> =
        include_str!("../topics.txt").lines().filter(|id| KNOWLEDGE.faq.entry(id).is_none()).collect();
    assert!(missing.is_empty(), "no entry for {missing:?}");
}

#[test]
fn the_faq_and_its_built_in_copy_are_sound_and_alike() {
    let (folder, report) = Faq::load(&Source::Folder(faq_folder().into()));
    assert!(report.is_clean(), "{}", report.render(false));
    let (built_in, report) = Faq::load(&Source::BuiltIn);
    assert!(report.is_clean(), "{}", report.render(false));
    assert_eq!(folder.map(|f| f.entries), built_in.map(|f| f.entries));
}

#[test]
fn each_phrasing_finds_its_own_entry() {
    let collisions = KNOWLEDGE.matcher.collisions(&KNOWLEDGE.faq, None, day_of(time("2026-11-28T12:00:00+07:00")));
    let messages: Vec<&str> = collisions.iter().map(|fault| fault.message.as_str()).collect();
    assert!(messages.is_empty(), "{}", messages.join("\n"));
}

#[test]
fn sensitive_entries_are_marked() {
    let unmarked: Vec<&str> = KNOWLEDGE
        .faq
        .entries
        .iter()
        .filter(|e| ["kandidat-", "hasil-", "netral-", "asn-", "pilkada-"].iter().any(|start| e.id.starts_with(start)))
        .filter(|e| !e.sensitive)
        .map(|e| e.id.as_str())
        .collect();
    assert!(unmarked.is_empty(), "{unmarked:?}");
}

#[test]
fn there_are_enough_negative_examples_and_no_phrasing_among_them() {
    let phrasings: HashSet<&str> =
        KNOWLEDGE.faq.entries.iter().flat_map(|e| &e.questions).map(|q| q.text.as_str()).collect();
    assert!(KNOWLEDGE.faq.outside.len() >= 300);
    let outside = KNOWLEDGE.faq.outside.iter().map(|q| q.text.as_str());
    let both: Vec<&str> = outside.filter(|q| phrasings.contains(q)).collect();
    assert!(both.is_empty(), "{both:?}");
}

/// A floor, not a target: an edit of the FAQ that spoils matching is seen here.
#[test]
fn labelled_questions_stay_above_the_floor() {
    let questions = measure::parse(include_str!("../questions.jsonl")).expect("labelled questions");
    let ids: Vec<&str> = KNOWLEDGE.faq.entries.iter().map(|e| e.id.as_str()).collect();
    let today = day_of(time("2026-11-24T12:00:00+07:00"));
    let mut tally = Tally::default();
    for question in &questions {
        tally.add(question, &KNOWLEDGE.matcher.judge(&question.text, today), &ids);
    }
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    assert_eq!((tally.known, tally.unknown), (238, 60));
    assert!(share(tally.first, tally.known) >= 0.90, "{tally:?}");
    assert!(share(tally.among_three, tally.known) >= 0.95, "{tally:?}");
    assert!(share(tally.answered_right, tally.known) >= 0.55, "{tally:?}");
    assert!(share(tally.answered_wrong, tally.answered) <= 0.03, "{tally:?}");
}

/// The day decides what an answer says; the same entry speaks before, on and after the day.
#[test]
fn answers_follow_the_calendar() {
    let entry = KNOWLEDGE.faq.entry("jadwal-pemungutan-suara").expect("an entry of the project");
    let said = |now: &str| KNOWLEDGE.faq.answer(entry, time(now)).plain();
    assert!(said("2024-02-12T09:00:00+07:00").contains("dua hari lagi, Rabu, 14 Februari 2024"));
    assert!(said("2024-02-14T06:00:00+07:00").contains("hari ini, Rabu, 14 Februari 2024"));
    // Half past eleven at night in London is the next morning in Jakarta.
    assert!(said("2024-02-13T23:30:00+00:00").contains("hari ini, Rabu, 14 Februari 2024"));
    let today = said("2026-11-24T09:00:00+07:00");
    assert!(today.contains("pada Rabu, 14 Februari 2024") && today.contains("waktu setempat"), "{today}");
}

/// Dates come from one place: polling day moved by a week moves every answer.
#[test]
fn one_moved_date_moves_every_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(faq_folder(), folder.path());
    let path = folder.path().join("pemilu/pemilu2024.toml");
    let text = std::fs::read_to_string(&path).expect("the election");
    let day = "[stages.pemungutan_suara]\nname = \"Pemungutan suara\"\nname_en = \"Voting day\"\nstart = \"2024-02-14\"\nend = \"2024-02-14\"";
    assert!(text.contains(day));
    std::fs::write(&path, text.replace(day, &day.replace("2024-02-14", "2024-02-21"))).expect("the election");
    let (faq, report) = Faq::load(&Source::Folder(folder.path().to_owned()));
    let faq = faq.unwrap_or_else(|| panic!("{}", report.render(false)));
    let now = time("2024-02-01T09:00:00+07:00");
    let said = |faq: &Faq, id: &str| faq.answer(faq.entry(id).expect("an entry"), now).body.plain();
    for id in ["jadwal-pemungutan-suara", "jadwal-jam-tps", "jadwal-libur", "tps-dokumen", "quick-count"] {
        assert!(!said(&faq, id).contains("14 Februari"), "{id}: {}", said(&faq, id));
        assert_eq!(said(&KNOWLEDGE.faq, id).contains("14 Februari"), said(&faq, id).contains("21 Februari"), "{id}");
    }
    assert!(said(&faq, "jadwal-pemungutan-suara").contains("20 hari lagi, Rabu, 21 Februari 2024"));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for item in std::fs::read_dir(from).expect("a folder") {
        let path = item.expect("a file").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a file");
        }
    }
}

/// A question buried in a story, and a single keyword, both find their entry.
#[test]
fn long_and_short_messages_find_their_entry() {
    let today = day_of(time("2026-11-24T12:00:00+07:00"));
    for (message, wanted) in [
        (
            "halo min selamat pagi. saya baru pulang dari rumah mertua di solo dan hujan terus. anak saya sakit jadi repot. \
             jadi mau tanya, tps buka jam berapa ya?",
            "jadwal-jam-tps",
        ),
        (
            "kemarin saya beli motor bekas, surat suratnya lengkap. waktu bayar pajak antrinya panjang sekali. kami makan \
             bakso. oh iya, surat suara warna merah itu buat milih apa ya",
            "surat-suara-jenis",
        ),
        ("golput", "golput"),
        ("masa tenang", "jadwal-masa-tenang"),
        ("tinta", "tps-tinta"),
        ("gakkumdu", "gakkumdu"),
    ] {
        let first =
            KNOWLEDGE.matcher.judge(message, today).ranked.first().map(|r| KNOWLEDGE.faq.entries[r.0].id.as_str());
        assert_eq!(first, Some(wanted), "{message}");
    }
}

/// Words that mean nothing find nothing, however many there are.
#[test]
fn stop_words_alone_are_never_answered() {
    let today = day_of(time("2026-11-24T12:00:00+07:00"));
    for message in ["yang itu gimana ya kak", "jadi saya harus gimana dong min", "kalau begitu kapan ya", "apa sih itu"]
    {
        let verdict = KNOWLEDGE.matcher.judge(message, today).verdict;
        assert!(!matches!(verdict, Verdict::Answer(_)), "{message}: {verdict:?}");
    }
}

/// What one sentence says is heard beside the whole: a question is found in its story, and a sentence that means something
/// else by itself does not overrule the message.
#[test]
fn a_story_neither_drowns_its_question_nor_is_left_out() {
    let today = day_of(time("2026-11-24T12:00:00+07:00"));
    let judge = |message: &str| KNOWLEDGE.matcher.judge(message, today);
    let first = |message: &str| KNOWLEDGE.faq.entries[judge(message).ranked[0].0].id.as_str();
    let buried = "Selamat sore. Tetangga saya pelihara ayam banyak sekali dan berisik. Anak saya suka main bola di \
                  lapangan sampai magrib. Jam berapa TPS dibuka dan ditutup? Terima kasih banyak.";
    assert_eq!(first(buried), "jadwal-jam-tps");
    // By itself the second sentence asks for the age at which one may vote here.
    let abroad = "di korea selatan presidennya dipilih rakyat juga ga sih. umur nyoblos di sana berapa";
    assert!(!matches!(judge(abroad).verdict, Verdict::Answer(_)), "{:?}", judge(abroad));
}

/// A phrasing learnt while running is answered at once, and what was known stays known.
#[test]
fn a_learnt_phrasing_takes_effect_at_once() {
    let today = day_of(time("2026-11-24T12:00:00+07:00"));
    let place = |id: &str| KNOWLEDGE.faq.entries.iter().position(|e| e.id == id).expect("an entry");
    let question = "cindelaras kokok beluk teh anget min";
    let before = KNOWLEDGE.matcher.judge(question, today);
    assert!(matches!(before.verdict, Verdict::Forward { .. }), "{before:?}");
    let mut matcher = KNOWLEDGE.matcher.clone();
    matcher.learn(question, place("tps-tinta"));
    assert_eq!(matcher.judge(question, today).verdict, Verdict::Answer(place("tps-tinta")));
    assert_eq!(matcher.judge("tps buka jam brp", today).verdict, Verdict::Answer(place("jadwal-jam-tps")));
}

/// The same FAQ gives the same index, to the bit.
#[test]
fn building_twice_gives_the_same_confidence() {
    let today = day_of(time("2026-11-24T12:00:00+07:00"));
    let again = Matcher::new(&KNOWLEDGE.faq);
    for question in measure::parse(include_str!("../questions.jsonl")).expect("labelled questions") {
        assert_eq!(
            again.judge(&question.text, today),
            KNOWLEDGE.matcher.judge(&question.text, today),
            "{}",
            question.text
        );
    }
}

#[test]
fn somebody_in_need_is_told_from_a_question() {
    let cries = [
        "aku mau mati aja",
        "mau bunuh diri",
        "kak aku pengen mati rasanya udah ga kuat",
        "sy ingin mengakhiri hidup sy",
        "gw udh gak mau hidup lagi",
        "tolong saya dalam bahaya, suami saya mabuk",
        "kpn nyoblos? ah udahlah gue mau bunuh diri aja",
        "ada yg mau membunuh saya di rumah",
        "i just want to kill myself",
    ];
    for cry in cries {
        assert!(KNOWLEDGE.matcher.urgent(cry).is_some(), "not heard: {cry}");
    }
    let others = [
        "mati aja lu bot",
        "lampu mau mati gimana nyoblosnya",
        "kpps meninggal dapat santunan ga",
        "calon mati sebelum hari h gimana",
        "saya diancam kalau tidak pilih nomor 1",
        "nenek saya sudah meninggal masih ada di dpt",
        "bahaya ga kalau golput",
        "pns hidup susah boleh kampanye ga",
    ];
    let labelled = [include_str!("../questions.jsonl"), include_str!("../questions-apart.jsonl")];
    let labelled = labelled.iter().flat_map(|text| measure::parse(text).expect("labelled questions"));
    let texts: Vec<String> = labelled.map(|question| question.text).chain(others.map(str::to_owned)).collect();
    assert!(texts.len() > 400);
    for text in texts {
        assert_eq!(KNOWLEDGE.matcher.urgent(&text), None, "no cry: {text}");
    }
}

/// Rude, friendly, in any tongue: what asks something that an entry answers is never waved away with a polite line. And
/// each label is that of an entry.
#[test]
fn no_real_question_is_taken_for_small_talk() {
    let sets = [
        include_str!("../questions.jsonl"),
        include_str!("../questions-apart.jsonl"),
        include_str!("../strangers.jsonl"),
        include_str!("../strangers-apart.jsonl"),
        include_str!("../registers.jsonl"),
        include_str!("../helpdesk.jsonl"),
    ];
    let labelled = sets.iter().flat_map(|text| measure::parse(text).expect("labelled questions"));
    let mut known = 0;
    for question in labelled {
        let Some(id) = &question.id else { continue };
        known += 1;
        for id in question.also.iter().chain([id]) {
            assert!(KNOWLEDGE.faq.entry(id).is_some(), "{}: no entry {id}", question.text);
        }
        let verdict = KNOWLEDGE.matcher.judge(&question.text, day_of(time("2026-11-28T09:00:00+07:00"))).verdict;
        assert!(!matches!(verdict, Verdict::SmallTalk(_)), "{}", question.text);
    }
    assert!(known > 1_200, "{known}");
}
