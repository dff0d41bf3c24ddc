//! Menus: /asn, /lapor and /topik, pressed through over real HTTP, on both databases.

use crate::bot::{Database, Stage};

stories! {
    asn_in_two_presses, an_empty_cell_goes_to_a_person_once, a_button_older_than_the_table_is_told,
    a_typed_question_is_answered_by_its_cell, lapor_leads_to_the_entry_that_tells_where, topik_shows_all_entries_in_pages,
}

async fn asn_in_two_presses(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    siti.says("/asn").await;
    let who = siti.hears().await;
    assert_eq!(who.button_texts(), ["PNS", "Honorer"], "{}", who.text());
    siti.presses(&who, "PNS").await;
    let what = siti.hears().await;
    assert!(what.text().contains("PNS"), "{}", what.text());
    assert_eq!(what.button_texts(), ["Like atau komentar", "Foto di bilik", "Jadi KPPS", "Pilih yang lain"]);
    siti.presses(&what, "Like atau komentar").await;
    let answer = siti.hears().await;
    assert!(answer.html().starts_with("<b>Tidak boleh.</b> PNS dilarang"), "{}", answer.html());
    for word in ["Sumber: Naskah uji coba, 2026", "kode uji-asn"] {
        assert!(answer.text().contains(word), "{word} in {}", answer.text());
    }
    let others = ["Jawaban lengkap", "Kapan hasil diumumkan?", "Kapan hari pemungutan suara?"];
    assert_eq!(answer.button_texts()[..3], ["Membantu", "Tidak membantu", "Bagikan"]);
    assert_eq!(answer.button_texts()[3..], others);
    siti.presses(&answer, "Jawaban lengkap").await;
    assert!(siti.hears().await.text().contains("ASN tidak boleh menyukai unggahan kampanye."));
    // Back, and another row of the same menu.
    siti.presses(&what, "Pilih yang lain").await;
    let who = siti.hears().await;
    siti.presses(&who, "Honorer").await;
    let what = siti.hears().await;
    siti.presses(&what, "Like atau komentar").await;
    assert!(siti.hears().await.html().starts_with("<b>Tergantung.</b>"));
    stage.tg.assert_rules_kept();
}

async fn an_empty_cell_goes_to_a_person_once(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("/asn").await;
    let who = siti.hears().await;
    siti.presses(&who, "Honorer").await;
    let what = siti.hears().await;
    siti.presses(&what, "Jadi KPPS").await;
    let told = siti.hears().await;
    assert!(told.text().contains("belum punya jawaban") && told.text().contains("#1"), "{}", told.text());
    let card = budi.hears().await;
    assert!(card.text().contains("Apakah honorer boleh: jadi KPPS?"), "{}", card.text());
    let again = siti.presses(&what, "Jadi KPPS").await;
    assert!(again.answer().await.contains("#1"));
    budi.replies(&card, "Boleh, dengan izin atasan.").await;
    assert!(siti.hears().await.text().contains("izin atasan"));
    stage.tg.assert_rules_kept();
}

async fn a_button_older_than_the_table_is_told(database: Database) {
    let stage = Stage::new(database).await;
    let siti = stage.voter("Siti");
    siti.says("/asn").await;
    let who = siti.hears().await;
    for data in ["w:dosen", "c:pns:sumbang", "c:dosen:like"] {
        siti.forges(&who, data).await;
        let told = siti.hears().await;
        assert!(told.text().contains("sudah tidak ada"), "{data}: {}", told.text());
        assert_eq!(siti.hears().await.button_texts(), ["PNS", "Honorer"]);
    }
    siti.forges(&who, "k:topik-lama:3").await;
    assert!(siti.hears().await.text().contains("sudah tidak ada"));
    assert_eq!(siti.hears().await.button_texts(), ["Uji coba"]);
    stage.tg.assert_rules_kept();
}

async fn a_typed_question_is_answered_by_its_cell(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("aku guru honorer boleh like postingan caleg ga").await;
    let answer = siti.hears().await;
    assert!(
        answer.html().starts_with("<b>Tergantung.</b>") && answer.text().contains("kode uji-asn"),
        "{}",
        answer.text()
    );
    // Another row of the same entry is no second wording of the same question.
    siti.says("kalau pns boleh like postingan caleg ga").await;
    assert!(siti.hears().await.html().starts_with("<b>Tidak boleh.</b> PNS"));
    // What the answer did not settle goes to a person with the question as it was asked.
    siti.presses(&answer, "Tidak membantu").await;
    let offer = siti.hears().await;
    siti.presses(&offer, "tanya petugas").await;
    assert!(siti.hears().await.text().contains("#1"));
    budi.reads("aku guru honorer boleh like").await;
    stage.tg.assert_rules_kept();
}

async fn lapor_leads_to_the_entry_that_tells_where(database: Database) {
    let stage = Stage::new(database).await;
    let (siti, budi) = (stage.voter("Siti"), stage.group.member("Budi"));
    siti.says("/lapor").await;
    let menu = siti.hears().await;
    assert_eq!(menu.button_texts(), ["ASN tidak netral", "Foto di bilik", "Bukan itu, tanya petugas"]);
    siti.presses(&menu, "Foto di bilik").await;
    assert!(siti.hears().await.text().contains("kode uji-foto"));
    siti.presses(&menu, "tanya petugas").await;
    assert!(siti.hears().await.text().contains("Pesan berikutnya"));
    siti.says("kotak suara di kampung saya dibuka malam-malam").await;
    assert!(siti.hears().await.text().contains("#1"));
    budi.reads("kotak suara di kampung saya").await;
    stage.tg.assert_rules_kept();
}

async fn topik_shows_all_entries_in_pages(database: Database) {
    let mut stage = Stage::still(database, crate::telegram::GroupKind::Supergroup).await;
    // A second file without a category, long enough for two pages.
    let entry = |n: usize| {
        let questions: String =
            (0..10).map(|i| format!("berapa harga barang ke {n} nomor {i} di pasar {n}{i}\n")).collect();
        format!(
            "[[entry]]\nid = \"barang-{n}\"\ntitle = \"Berapa harga barang ke {n}?\"\nquestions = '''\n{questions}'''\n\
             answer = '''\nHarganya **{n} ribu**.\n'''\nsources = [\"Naskah uji coba, 2026\"]\nreviewed = \"2026-11-22\"\n\
             related = []\n"
        )
    };
    let entries: String = (1..=10).map(entry).collect();
    std::fs::write(stage.faq().join("zz.toml"), entries).expect("written");
    stage.start().await;
    let siti = stage.voter("Siti");
    siti.says("/topik").await;
    let topics = siti.hears().await;
    assert_eq!(topics.button_texts(), ["Uji coba", "Lain-lain"]);
    siti.presses(&topics, "Uji coba").await;
    let page = siti.hears().await;
    assert_eq!(page.text(), "Uji coba");
    assert!(page.button_texts().contains(&"Jam berapa TPS buka?".to_owned()));
    siti.presses(&topics, "Lain-lain").await;
    let first = siti.hears().await;
    let buttons = first.button_texts();
    assert!(buttons.len() == 10 && buttons[8..] == ["Berikutnya", "Semua topik"], "{buttons:?}");
    siti.presses(&first, "Berikutnya").await;
    let second = siti.hears().await;
    assert!(second.text().contains("halaman 2 dari 2"), "{}", second.text());
    let rest = ["Berapa harga barang ke 9?", "Berapa harga barang ke 10?", "Sebelumnya", "Semua topik"];
    assert_eq!(second.button_texts(), rest);
    siti.presses(&second, "barang ke 10").await;
    assert!(siti.hears().await.text().contains("kode barang-10"));
    siti.presses(&second, "Sebelumnya").await;
    assert!(siti.hears().await.text().contains("halaman 1 dari 2"));
    siti.presses(&second, "Semua topik").await;
    assert_eq!(siti.hears().await.button_texts(), ["Uji coba", "Lain-lain"]);
    stage.tg.assert_rules_kept();
}
