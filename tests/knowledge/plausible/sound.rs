//! A sound FAQ, small and whole, and what is reported on an edit of it.

use std::sync::Arc;

use tanya_pemilu::faq::Faq;
use tanya_pemilu::faq::source::{File, Source};

/// Its election.
pub const ELECTION: &str = r#"name = "Uji 2024"

[stages.undian_nomor]
name = "Pengundian nomor urut"
start = "2023-11-14"
end = "2023-11-14"

[stages.kampanye]
name = "Masa kampanye"
start = "2023-11-28"
end = "2024-02-10"
main = true

[stages.masa_tenang]
name = "Masa tenang"
start = "2024-02-11"
end = "2024-02-13"
main = true

[stages.pemungutan_suara]
name = "Pemungutan suara"
start = "2024-02-14"
end = "2024-02-14"
open = "07.00"
close = "13.00"
zone = "setempat"
main = true

[stages.penghitungan_suara]
name = "Penghitungan suara"
start = "2024-02-14"
end = "2024-02-15"
main = true

[stages.penetapan_hasil]
name = "Penetapan hasil"
start = "2024-03-20"
end = "2024-03-20"
main = true

[stages.pelantikan]
name = "Pelantikan"
start = "2024-10-20"
end = "2024-10-20"
main = true

[stages.putusan]
name = "Putusan sebelum pemilu"
start = "2019-01-02"
end = "2019-01-02"

[[candidates]]
number = 1
president = "Anies Rasyid Baswedan"
vice_president = "Abdul Muhaimin Iskandar"
president_posts = "Gubernur"
vice_president_posts = "Wakil ketua"
parties = ["Partai Satu"]
registered = "2023-10-19"
vision = "Maju dan hebat"
programme = "Delapan"
votes = 4000
share = 40.0

[[candidates]]
number = 2
president = "Prabowo Subianto"
vice_president = "Gibran Rakabuming Raka"
president_posts = "Menteri"
vice_president_posts = "Wali kota"
parties = ["Partai Dua"]
registered = "2023-10-25"
vision = "Bersama"
programme = "Delapan"
votes = 6000
share = 60.0

[figures]
dpt = 204807222
partisipasi = 81.78
"#;

const WORDS: &str = r"spelling = '''
kapan: kpn, kpan
siapa: sp, sapa
tidak: ga, gak
'''
synonyms = '''
coblos: nyoblos, pencoblosan
asn: pns, pegawai negeri
kapan: when, hari apa
'''
protected = '''
kapan, siapa, asn
'''
stop = '''
min, kak, sih, yang
'''
persuasive = '''
hebat, paling hebat, unggul, pilih nomor
'''
";

const TALK: &str = r#"[[small_talk]]
id = "sapaan"
questions = '''
halo
hai
selamat pagi
'''
reply = '''Halo. Silakan tulis pertanyaan Anda tentang pemilu.'''

[[small_talk]]
id = "terima-kasih"
questions = '''
terima kasih
makasih
'''
reply = '''Sama-sama.'''
"#;

const SETTINGS: &str = "review_after_days = 365\nmax_open_tickets = 5\nmessages_per_minute = 30\nretention_days = 90\n\
                        unknown_share = 0.25\nfound_share = 0.92\nwrong_share = 0.02\nwrong_share_sensitive = 0.01\n";

/// A sound entry with ten phrasings that end with `word`.
fn entry(id: &str, title: &str, word: &str, answer: &str, more: &str) -> String {
    let asked = ["kapan", "tanggal", "jadwal", "info", "mau tahu", "jelasin", "bagaimana", "soal", "cek", "tentang"];
    let questions: String = asked.iter().map(|start| format!("{start} {word}\n")).collect();
    format!(
        "[[entry]]\nid = \"{id}\"\ntitle = \"{title}\"\nquestions = '''\n{questions}'''\nanswer = '''\n{answer}\n'''\n\
         sources = [\"PKPU 3/2022\"]\nreviewed = \"2026-11-22\"\n{more}\n"
    )
}

/// The sound FAQ, file by file.
pub fn sound() -> Vec<(&'static str, String)> {
    let pair = |n: u8| {
        let answer = format!(
            "Pasangan {{{{ uji2024.nomor_{n}.number }}}}: **{{{{ uji2024.nomor_{n}.president }}}}**, {{{{ uji2024.nomor_{n}.vision }}}}."
        );
        entry(
            &format!("kandidat-nomor-{n}"),
            &format!("Siapa pasangan nomor {n}?"),
            &format!("paslon {n}"),
            &answer,
            "sensitive = true",
        )
    };
    let all = "Calon:\n\n{{ uji2024.candidates | baris(\"{number}. {president}\") }}\n\nUrutannya menurut undian.";
    let day = "Pemungutan suara berlangsung **{{ uji2024.pemungutan_suara | kapan }}**. JAWAB";
    vec![
        ("pemilu/uji2024.toml", ELECTION.to_owned()),
        ("leksikon.toml", WORDS.to_owned()),
        ("obrolan.toml", TALK.to_owned()),
        ("bot.toml", SETTINGS.to_owned()),
        ("di-luar.toml", "[[topic]]\nname = \"lain\"\nquestions = '''\ncara bikin paspor\n'''\n".to_owned()),
        ("teks.id.toml", include_str!("../../../faq/teks.id.toml").to_owned()),
        (
            "jadwal.toml",
            [
                entry("jadwal-uji", "Kapan hari uji?", "nyoblos", day, "related = [\"aturan-uji\", \"asn-sanksi\"]"),
                entry("aturan-uji", "Apa aturannya?", "aturan kampanye", "Ada aturan tentang kampanye.", ""),
                entry("asn-sanksi", "Apa sanksi ASN?", "sanksi asn", "Ada sanksi.", "sensitive = true"),
            ]
            .join("\n"),
        ),
        (
            "kandidat.toml",
            [
                pair(1),
                pair(2),
                entry("kandidat-daftar", "Siapa saja calonnya?", "para calon", all, "sensitive = true"),
                entry("hasil-uji", "Siapa yang menang?", "hasil akhir", "Hasil ada di kpu.go.id.", "sensitive = true"),
                entry("netral-uji", "Saya pilih siapa?", "pilihan saya", "Pilihan Anda.", "sensitive = true"),
            ]
            .join("\n"),
        ),
        (
            "hoaks.toml",
            [
                entry(
                    "hoaks-uji",
                    "Benarkah pemilu batal?",
                    "pemilu batal",
                    "**Tidak benar.** Pemilu jalan.",
                    "sensitive = true",
                ),
                entry("hoaks-cek", "Bagaimana memeriksa hoaks?", "cek fakta", "Periksa sumbernya.", ""),
            ]
            .join("\n"),
        ),
    ]
}

/// What is reported on these files.
pub fn report(files: Vec<(&'static str, String)>) -> String {
    let file = |(name, text): (&str, String)| File { name: name.to_owned(), bytes: text.into_bytes() };
    let mut files: Vec<File> = files.into_iter().map(file).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let (_, report) = Faq::load(&Source::Kept(Arc::from(files)));
    report.render(false)
}

/// What is reported on the sound FAQ with `from` replaced by `to` in `name`.
pub fn edited(name: &str, from: &str, to: &str) -> String {
    let mut files = sound();
    // Where an answer has a place for it, what stands there otherwise is nothing.
    let (_, text) = files.iter_mut().find(|(file, _)| *file == name).expect("a file of the FAQ");
    assert!(text.contains(from), "{from:?} is not in {name}");
    *text = text.replacen(from, to, 1);
    blank(&mut files);
    report(files)
}

/// Without the places at which an answer may be added to.
pub fn blank(files: &mut [(&'static str, String)]) {
    for (_, text) in files {
        *text = text.replace(" JAWAB", "");
    }
}

/// Each edit brings its message, at its severity.
pub fn told(rows: &[(&str, &str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (name, from, to, wanted) in rows {
        let text = edited(name, from, to);
        if !text.lines().any(|line| line.contains(wanted)) {
            wrong.push(format!("{name}: {from:?} -> {to:?}\nwanted: {wanted}\ngot: {text}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Each sentence in an answer brings its message.
pub fn told_of_answers(rows: &[(&str, &str)]) {
    let rows: Vec<_> = rows.iter().map(|(said, wanted)| ("jadwal.toml", "JAWAB", *said, *wanted)).collect();
    told(&rows);
}

/// Each edit is right, and nothing is said.
pub fn quiet(rows: &[(&str, &str, &str)]) {
    for (name, from, to) in rows {
        let text = edited(name, from, to);
        assert_eq!(text, "", "{name}: {from:?} -> {to:?}");
    }
}

/// The election's file.
pub const DATA: &str = "pemilu/uji2024.toml";
