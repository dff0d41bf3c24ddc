//! Words that tell things apart: which answers are held back, and which are not.

use chrono::NaiveDate;

use crate::common::{KNOWLEDGE, time};
use tanya_pemilu::faq::day_of;
use tanya_pemilu::matcher::Verdict;
use tanya_pemilu::matcher::agree::Contradiction;
use tanya_pemilu::matcher::plain::is_written_with_care;
use tanya_pemilu::text::language::Language;

fn today() -> NaiveDate {
    day_of(time("2026-11-24T12:00:00+07:00"))
}

fn place(id: &str) -> usize {
    KNOWLEDGE.faq.entries.iter().position(|e| e.id == id).unwrap_or_else(|| panic!("no entry {id}"))
}

fn contradiction(question: &str, id: &str) -> Option<Contradiction> {
    KNOWLEDGE.matcher.contradiction(question, place(id), today())
}

fn answered(question: &str) -> Option<&'static str> {
    match KNOWLEDGE.matcher.judge(question, today()).verdict {
        Verdict::Answer(entry) => Some(KNOWLEDGE.faq.entries[entry].id.as_str()),
        _ => None,
    }
}

/// Each question contradicts the entry that its words are nearest to, and is not answered with it.
fn are_held_back(table: &[(&str, &str)]) {
    for (question, id) in table {
        assert!(contradiction(question, id).is_some(), "{question}: {id} agrees");
        // What is asked of a Pilkada has entries of its own; nothing else may answer.
        assert!(answered(question).is_none_or(|found| found.starts_with("pilkada-") && found != *id), "{question}");
    }
}

/// Each question finds its entry, which does not contradict it.
fn agree(table: &[(&str, &str)]) {
    for (question, id) in table {
        assert_eq!(contradiction(question, id), None, "{question}");
        let judgement = KNOWLEDGE.matcher.judge(question, today());
        let among_three = judgement.ranked.iter().take(3).any(|r| r.0 == place(id));
        assert!(among_three, "{question}: {:?}", judgement.ranked.first());
        assert!(answered(question).is_none_or(|found| found == *id), "{question}: {:?}", answered(question));
    }
}

/// Whatever an entry lists as a way of asking it is no contradiction of it, before, during and after the elections. What is
/// known of the next election only later may be missing before.
#[test]
fn no_phrasing_contradicts_its_own_entry() {
    let mut wrong = Vec::new();
    for day in ["2023-06-01", "2024-02-14", "2024-11-27", "2026-11-24", "2031-01-01"] {
        let day: NaiveDate = day.parse().expect("a day");
        for (number, entry) in KNOWLEDGE.faq.entries.iter().enumerate() {
            for phrasing in &entry.questions {
                if let Some(why) = KNOWLEDGE.matcher.contradiction(&phrasing.text, number, day) {
                    wrong.push(format!("{day} {}: {} ({why:?})", entry.id, phrasing.text));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn another_year_is_another_question() {
    are_held_back(&[
        ("hasil pileg 2029", "hasil-pileg"),
        ("kapan pengumuman hasil pemilu 2029", "jadwal-pengumuman-hasil"),
        ("kapan debat capres 2019", "jadwal-debat"),
        ("siapa pemenang pilpres '19", "hasil-pilpres"),
        ("hasil pemilu dua ribu empat belas", "hasil-pileg"),
        ("siapa presiden 2029-2034", "hasil-pilpres"),
        ("partai di dpr periode 2019-2024 apa aja", "hasil-pileg"),
        ("masa tenang pemilu 29 kapan", "jadwal-masa-tenang"),
        ("gaji kpps 2019 berapa", "tps-kpps"),
        ("surat suara pemilu 2034 warnanya apa", "surat-suara-jenis"),
        ("tps buka jam berapa di pemilu 2034", "jadwal-jam-tps"),
        ("kapan presiden terpilih 2029 dilantik", "jadwal-pelantikan"),
    ]);
    assert!(contradiction("tanggal nyoblos presiden tahun 2024", "jadwal-pemilu-berikutnya").is_some());
    agree(&[
        ("pemilu 2029 kapan ya", "jadwal-pemilu-berikutnya"),
        ("apakah tanggal pemilu 29 udah ditetapkan", "jadwal-pemilu-berikutnya"),
        ("aturan apa yang berubah di pemilu 2029", "aturan-berubah"),
        ("partai di dpr 2024-2029 apa aja", "hasil-pileg"),
        ("tinta di jari waktu pemilu 2024 buat apa", "tps-tinta"),
        ("capres 2024 siapa aja", "kandidat-daftar"),
        ("uu no 20 tahun 2023 tentang asn", "asn-dasar-hukum"),
        ("aku lahir 2007 umur 17 udah boleh nyoblos belum", "pemilih-pemula"),
        ("honor kpps naik dari 2019 ya", "tps-kpps"),
    ]);
}

/// The same entry speaks of another year on another day.
#[test]
fn the_text_of_the_day_counts() {
    let said = |question: &str, id: &str, day: &str| {
        KNOWLEDGE.matcher.contradiction(question, place(id), day.parse().expect("a day"))
    };
    let question = "kapan pemilu 2029";
    assert_eq!(said(question, "jadwal-pemungutan-suara", "2026-11-24"), None);
    assert_eq!(said(question, "jadwal-pemungutan-suara", "2024-01-01"), Some(Contradiction::Year(2029)));
}

#[test]
fn who_is_excluded_is_not_meant() {
    are_held_back(&[
        ("kalau bukan pns boleh like ga", "asn-like-komentar"),
        ("saya bukan asn boleh pasang stiker capres?", "asn-atribut"),
        ("selain asn boleh pose dua jari ga", "asn-pose-foto"),
        ("kalau yang bukan anggota polri boleh nyoblos", "asn-tni-polri"),
        ("selain tni polri siapa yg boleh milih", "asn-tni-polri"),
        ("orang swasta non pns boleh follow akun capres", "asn-follow-akun"),
        ("nonasn boleh komen di postingan caleg ga", "asn-like-komentar"),
        ("ane bkn asn boleh nempel stiker caleg", "asn-atribut"),
        ("yang tidak termasuk asn boleh ikut kampanye", "asn-hadir-kampanye"),
        ("di luar asn boleh hadir kampanye ga", "asn-hadir-kampanye"),
        ("pensiunan pns boleh pake kaos partai ga", "asn-atribut"),
        ("bukan kades boleh kampanye ga", "asn-kepala-desa"),
        ("im not a civil servant can i like campaign posts", "asn-like-komentar"),
        ("selain paslon 2 siapa lagi", "kandidat-nomor-2"),
        ("selain prabowo siapa capresnya", "kandidat-nomor-2"),
    ]);
    agree(&[
        ("nyoblos tanpa ktp bisa ga", "pemilih-tanpa-ktp"),
        ("nyoblos tanpa undangan bisa ga", "pemilih-undangan"),
        ("saya ga ada di dpt gimana", "pemilih-belum-terdaftar"),
        ("selain ktp bawa apa lagi ke tps", "tps-dokumen"),
        ("non asn wajib netral ga", "asn-pppk-honorer"),
        ("pegawai bumn itu asn bukan sih", "asn-definisi"),
        ("siapa saja yang bukan asn", "asn-definisi"),
        ("pensiunan tni boleh nyoblos ga", "asn-tni-polri"),
        ("mantan napi boleh nyaleg ga", "caleg-mantan-napi"),
        ("maju pilkada tanpa partai bisa ga", "pilkada-aturan"),
        ("pns ga boleh ngelike postingan capres ya", "asn-like-komentar"),
        ("hasil resmi kapan diumumkan, bukan quick count", "jadwal-pengumuman-hasil"),
    ]);
}

/// A 2 on a word doubles it; one candidate is never picked out of it.
#[test]
fn a_plural_is_no_number() {
    for question in [
        "paslon2nya siapa aja",
        "sebutkan paslon2nya",
        "paslon2 siapa",
        "paslon² itu siapa",
        "paslon 2nya siapa aja",
        "paslon-2nya siapa saja",
        "capres2 nya siapa aja",
        "calon2 presiden siapa saja",
        "caleg2nya siapa aja",
        "partai2nya apa aja",
        "paslon-paslonnya siapa",
        "beda paslon 1 sama paslon 2",
    ] {
        let found = answered(question).unwrap_or_default();
        assert!(!found.starts_with("kandidat-nomor-"), "{question}: {found}");
    }
    agree(&[
        ("paslon2 pilpres 2024 siapa aja", "kandidat-daftar"),
        ("paslon 2", "kandidat-nomor-2"),
        ("siapa nomor2", "kandidat-nomor-2"),
        ("capres no2 siapa", "kandidat-nomor-2"),
        ("paslon 02 siapa", "kandidat-nomor-2"),
        ("paslon 1 siapa", "kandidat-nomor-1"),
        ("paslon 3 siapa", "kandidat-nomor-3"),
    ]);
}

/// Candidates are offered in the order of the ballot, and only those that the question names.
#[test]
fn offers_prefer_no_candidate() {
    for (question, named) in [
        ("beda paslon 3 sama paslon 1 apa sih", &[1, 3][..]),
        ("ganjar atau anies atau prabowo ya", &[1, 2, 3]),
        ("pasangan nomor brp ya yg fotonya di kertas", &[]),
        ("nomor urut mereka siapa dan berapa", &[]),
        ("selain nomor 2 siapa capresnya", &[]),
    ] {
        let Verdict::Suggest(offers) = KNOWLEDGE.matcher.judge(question, today()).verdict else { continue };
        let ids: Vec<&str> = offers.iter().map(|&e| KNOWLEDGE.faq.entries[e].id.as_str()).collect();
        let numbers: Vec<i32> =
            ids.iter().filter_map(|id| id.strip_prefix("kandidat-nomor-")).filter_map(|n| n.parse().ok()).collect();
        assert!(numbers.is_sorted() && numbers.iter().all(|n| named.contains(n)), "{question}: {ids:?}");
    }
}

#[test]
fn another_election_or_matter_is_another_question() {
    are_held_back(&[
        ("siapa pemenang pilgub jakarta", "hasil-pilpres"),
        ("hasil pilwalkot bandung", "jadwal-pilkada"),
        ("gubernur terpilih jawa timur siapa", "hasil-pilpres"),
        ("cagub jateng nomor 1 siapa", "kandidat-nomor-1"),
        ("debat pilgub jabar kapan", "jadwal-debat"),
        ("quick count pilkada jakarta", "quick-count"),
        ("pemenang pilkades desa saya", "hasil-pilpres"),
        ("siapa yang menang debat capres", "jadwal-debat"),
        ("hasil pilpres di jakarta", "hasil-pilpres"),
        ("hasil pileg provinsi bali", "hasil-pileg"),
        ("kapan pilpres", "hasil-pilpres"),
    ]);
    // This one has an entry of its own.
    assert!(contradiction("hasil pilkada jakarta 2024", "jadwal-pilkada").is_some());
    assert_eq!(answered("hasil pilkada jakarta 2024"), Some("pilkada-hasil-2024"));
    for question in ["paslon pilpres 2024 siapa aja", "pasangan calon pilpres 2024 siapa saja", "daftar paslon pilpres"]
    {
        assert!(contradiction(question, "hasil-pilpres").is_some(), "{question}");
    }
    agree(&[
        ("paslon pilpres 2024 siapa aja", "kandidat-daftar"),
        ("kapan pilkada jakarta", "jadwal-pilkada"),
        ("pilgub jatim kapan", "jadwal-pilkada"),
        ("hasil pilpres 2024", "hasil-pilpres"),
        ("pemenang pileg", "hasil-pileg"),
        ("kapan hasil pemilu diumumkan", "jadwal-pengumuman-hasil"),
        ("kapan gubernur hasil pilkada dilantik", "jadwal-pelantikan"),
        ("asn berfoto dengan calon bupati", "asn-pose-foto"),
        ("beda pilpres pileg dan pilkada apa", "pemilu-jenis"),
        ("ktp surabaya tinggal di jakarta bisa nyoblos ga", "pemilih-pindah-tps"),
        ("syarat maju pilkada", "pilkada-aturan"),
    ]);
}

/// Why, who, where, on which terms: an entry of which nobody is expected to ask that is not given for its words alone.
#[test]
fn another_aspect_is_another_question() {
    are_held_back(&[
        ("siapa yang memproduksi tinta pemilu", "tps-tinta"),
        ("tinta pemilu dibeli dimana", "tps-tinta"),
        ("apa saja kandungan tinta pemilu", "tps-tinta"),
        ("kenapa saksi harus bawa surat mandat", "tps-saksi"),
        ("kapan saksi tps digaji", "tps-saksi"),
        ("kapan golput pertama kali muncul", "golput"),
        ("kenapa dkpp tidak mengubah hasil pemilu", "lembaga-dkpp"),
        ("kenapa sumbangan dana kampanye dibatasi", "kampanye-dana"),
    ]);
    agree(&[
        ("kenapa jari dicelup tinta", "tps-tinta"),
        ("siapa yang boleh menyaksikan penghitungan suara", "tps-saksi"),
        ("berapa batas sumbangan dana kampanye", "kampanye-dana"),
    ]);
}

/// In one sentence with its capital and its mark each word is meant. The same in haste may hold words beside the matter.
#[test]
fn a_careful_question_is_told_by_its_build() {
    for careful in ["Berapa warna surat suara?", "Apakah kpu.go.id situs resmi?", " Kapan pemilu berikutnya? "] {
        assert!(is_written_with_care(careful), "{careful}");
    }
    for hasty in
        ["berapa warna surat suara?", "Berapa warna surat suara", "Halo. Berapa warna surat suara?", "Kapan??", ""]
    {
        assert!(!is_written_with_care(hasty), "{hasty}");
    }
    // Sure enough, but for the words that the entry lacks.
    let asked = "Bagaimana sistem proporsional terbuka berjalan di Finlandia?";
    let judgement = KNOWLEDGE.matcher.judge(asked, today());
    assert!(judgement.confidence >= KNOWLEDGE.matcher.thresholds().answer, "{}", judgement.confidence);
    assert!(matches!(judgement.verdict, Verdict::Suggest(_)), "{:?}", judgement.verdict);
}

#[test]
fn an_address_alone_asks_nothing() {
    for address in ["kpu.go.id", "https://www.kpu.go.id/", "bawaslu.go.id", "infopemilu.kpu.go.id"] {
        assert_eq!(answered(address), None, "{address}");
    }
    assert!(contradiction("kpu.go.id", "sirekap-real-count").is_some());
    assert_eq!(contradiction("pemilu2024.kpu.go.id", "sirekap-real-count"), None);
    assert_eq!(contradiction("kpu.go.id ga bisa dibuka", "sirekap-real-count"), None);
}

/// Keywords that were forwarded although an entry fits.
#[test]
fn short_questions_find_their_entry() {
    for (question, id) in
        [("daftar caleg", "caleg-cari"), ("ppp nomor berapa", "partai-daftar"), ("pppk", "asn-pppk-honorer")]
    {
        let judgement = KNOWLEDGE.matcher.judge(question, today());
        let shown = match judgement.verdict {
            Verdict::Answer(entry) => vec![entry],
            Verdict::Suggest(entries) => entries,
            Verdict::SmallTalk(_) | Verdict::Forward { .. } => Vec::new(),
        };
        assert!(shown.contains(&place(id)), "{question}: {shown:?}");
    }
}

/// Who knocks is asked in; who asks in passing is answered.
#[test]
fn a_message_that_only_knocks_opens_no_ticket() {
    for message in [
        "saya mau tanya",
        "boleh tanya ga min",
        "selamat siang pak saya ingin bertanya",
        "tolong",
        "info",
        "pak",
        "bu",
        "permisi bu numpang nanya",
        "tolong dong min",
        "mas admin",
        "saya ingin menanyakan sesuatu",
        "izin konsultasi kak",
        "asdfghjk",
        "qweqweqwe",
        "zxcvbnm pak",
    ] {
        let verdict = KNOWLEDGE.matcher.judge(message, today()).verdict;
        let reply = match verdict {
            Verdict::SmallTalk(Some(kind)) => KNOWLEDGE.faq.small_talk[kind].reply.clone(),
            Verdict::SmallTalk(None) => KNOWLEDGE.faq.wordings.say(Language::Indonesian, "nonsense", &[]),
            other => panic!("{message}: {other:?}"),
        };
        assert!(reply.to_lowercase().contains("silakan"), "{message}: {reply}");
    }
    for question in [
        "tolong info tps saya dimana",
        "mau tanya pak, kapan nyoblos",
        "info kpps dong",
        "minta link cek dpt",
        "boleh nyoblos ga",
        "pak kpps gajinya berapa",
        "asn",
    ] {
        let verdict = KNOWLEDGE.matcher.judge(question, today()).verdict;
        assert!(!matches!(verdict, Verdict::SmallTalk(_)), "{question}: {verdict:?}");
    }
}

/// What a moderator teaches is heard here too.
#[test]
fn a_learnt_phrasing_is_no_contradiction() {
    let question = "hasil pileg 2029";
    let mut matcher = KNOWLEDGE.matcher.clone();
    assert!(matcher.contradiction(question, place("hasil-pileg"), today()).is_some());
    matcher.learn(question, place("hasil-pileg"));
    assert_eq!(matcher.contradiction(question, place("hasil-pileg"), today()), None);
}
