//! What can happen. A step names people, messages and buttons by their place among those that there are ("the 17th button
//! ever shown to her", modulo how many there are), so that it means something whatever was taken out before it: that is what
//! lets a failing history shrink.
//!
//! **A new capability** is added here: a command is a line in [`COMMANDS`] or [`ORDERS`], something to write a line in
//! [`QUESTIONS`]; its buttons are pressed without more, since every button that was ever shown is. What is none of these is
//! one more [`Doing`], with its weight in [`doings`] and its update in `play.rs`.

use proptest::collection::vec;
use proptest::prelude::*;

/// How many steps a history has.
const LENGTHS: std::ops::Range<usize> = 200..600;

/// How many voters there are.
pub const VOTERS: usize = 8;
/// How many moderators.
pub const MODERATORS: usize = 3;

/// Questions, each in several wordings; `{m}` is where the mark stands that tells whose words they are. The first ones are
/// asked most.
pub const QUESTIONS: [&[&str]; 19] = [
    // The same, which is one ticket however many ask.
    &[
        "{m} genset TPS 12 Sukarame mati, gantinya dari siapa",
        "gantinya dari siapa min, gnset tps 12 sukarame mati nih {m}",
        "{m} TPS 12 Sukarame gensetnya mati. Gantinya dari siapa?",
        "min genset TPS 12 Sukarame mati, gantinya dari siapa {m}",
    ],
    // Another number, another thing.
    &["{m} genset TPS 13 Sukarame mati, gantinya dari siapa", "{m} gnset tps 13 sukarame mati, gantinya dari siapa ya"],
    &["{m} lampu di TPS 12 Sukarame padam, mesinnya rusak, minta ke siapa"],
    &[
        "{m} bilik di TPS 7 Kertasari roboh kena angin, siapa yang betulkan",
        "bilik tps 7 kertasari roboh {m} siapa betulkan",
    ],
    // Told by the FAQ.
    &["{m} kapan hari pemungutan suara", "kpn nyoblos {m}", "{m} tanggal pencoblosan"],
    &["{m} tps buka jam brp", "jam buka tps {m}"],
    &["{m} boleh foto surat suara ga", "{m} selfie di bilik suara"],
    &["{m} pns boleh like ga", "{m} honorer boleh komentar ga"],
    // Between two entries.
    &["{m} bawa apa ke tps jam berapa", "{m} ktp tps hari"],
    &["{m} pengumuman tps kapan dibawa"],
    &["{m} when is voting day", "{m} who replaces the broken generator at the station"],
    &["halo {m}", "terima kasih {m}", "{m} dasar bodoh"],
    &["{m} nama saya salah di daftar, NIK 3174012345678901, hp 081234567890, lapor ke siapa"],
    &["{m} saya mau bunuh diri", "{m} pengen mati"],
    &["{m} kabel gensetnya juga putus digigit tikus", "{m} terus bagaimana dengan kabelnya"],
    &["uji-jam", "selengkapnya"],
    // Somebody's long story, and one that is too long.
    &["{m} {long}", "{m} {too long}"],
    &["{m} panitia pemilu menjual jembatan kayu di desa kepada pedagang besi tua"],
    &["{m}"],
];

/// What is sent on.
pub const CLAIMS: [&str; 3] = [
    "{m} Besok semua warung kopi di kota ini wajib tutup sampai penghitungan selesai, dendanya sapi dua",
    "{m} Awas, tinta pemilu tahun ini dicampur getah nangka supaya jari pemilih lengket seminggu penuh",
    "{m} panitia pemilu menjual jembatan kayu di desa kepada pedagang besi tua, uangnya buat pesta",
];

/// Commands of voters; `{t}` is the number of a ticket.
pub const COMMANDS: [&str; 27] = [
    "/status",
    "/data",
    "/hapus",
    "/hapus",
    "/petugas",
    "/petugas {m} tolong jelaskan aturan parkir di TPS",
    "/cek",
    "/cek {m} katanya kotak suara terbuat dari kerupuk udang",
    "/kode uji-jam",
    "/kode tiket-{t}",
    "/bahasa en",
    "/bahasa id",
    "/start",
    "/start uji-jam",
    "/bantuan",
    "/jadwal",
    "/jadwal ics",
    "/kandidat",
    "/asn",
    "/lapor",
    "/topik",
    "/pengingat",
    "/zona WIT",
    "/resmi",
    "/privasi",
    "/banding {m} saya hanya bertanya",
    "/entah",
];

/// Commands of moderators; `{t}` and `{u}` are numbers of tickets.
pub const ORDERS: [&str; 14] = [
    "/gabung {t} {u}",
    "/gabung {t} {u}",
    "/antrean",
    "/statistik 7",
    "/kartu {t}",
    "/kode tiket-{t}",
    "/kode uji-jam",
    "/tarik uji-jam {m} keliru",
    "/tarik tiket-{t} {m} keliru",
    "/tarik uji-hari {m} keliru",
    "/riwayat {t}",
    "/blokir",
    "/bantuan",
    "/tarik",
];

/// What moderators write; media and albums besides.
pub const ANSWERS: [&str; 8] = [
    "{m} Dari kelurahan, sore ini.",
    "{m} Hubungi Pak Karto di posko.",
    "// {m} siapa yang tahu?",
    "uji-jam",
    "{m} Nomornya 021 555 1234.",
    "/salah {m}",
    "uji-foto",
    "{m} {long}",
];

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// A voter writes.
    Asks { who: u8, what: u8, how: u8 },
    /// A voter sends on what somebody else wrote.
    SendsOn { who: u8, claim: u8, picture: bool },
    /// A voter gives a command.
    Commands { who: u8, command: u8, about: u8 },
    /// A voter changes one of the last messages.
    Edits { who: u8, which: u8, what: u8, how: u8 },
    /// A voter replies to one of the bot's messages.
    Replies { who: u8, which: u16, what: u8 },
    /// A voter sends a picture; several of one album if `album`.
    Shows { who: u8, album: bool, worded: bool },
    /// A voter presses a button that was shown to that voter.
    Presses { who: u8, which: u16 },
    /// A voter sends what a button of somebody else carries.
    Forges { who: u8, which: u16 },
    /// A voter writes faster than one may.
    Floods { who: u8 },
    /// A voter blocks the bot, or lets it in again.
    Blocks { who: u8, back: bool },
    /// A moderator replies to one of the bot's messages.
    Answers { by: u8, which: u16, how: u8 },
    /// A moderator changes one of the last replies.
    Retells { by: u8, which: u8, how: u8 },
    /// A moderator presses a button that was shown in the moderator chat.
    Taps { by: u8, which: u16 },
    /// The same of the last message that has buttons: what moderators mostly do.
    TapsLast { by: u8, which: u8 },
    /// A moderator gives a command.
    Orders { by: u8, order: u8, about: u8, other: u8 },
    /// The next messages meet this in Telegram.
    Meets { what: u8 },
    /// Nobody may write in the moderator chat, or may again.
    Shuts { open: bool },
    /// The program is killed, or is killed while a message is on its way.
    Dies { sending: bool },
    /// Time passes.
    Waits { how_long: u8 },
    /// Telegram brings an update again.
    Again { which: u8 },
    /// The FAQ says something else, or what it said before.
    Reloads,
}

/// How far the program comes before the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// All that can be done is done.
    Settles,
    /// What came in is handled; so many calls are made.
    Sends(u8),
    /// What came in is handled, and nothing is sent.
    Works,
    /// Nothing at all: the update waits with Telegram.
    Nothing,
}

/// Something that happens, and what follows at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What happens.
    pub doing: Doing,
    /// What follows.
    pub then: Then,
}

/// The first of a table comes more often than the last, and everybody meets everybody: few things, often.
fn early(count: usize) -> impl Strategy<Value = u8> {
    let count = count as u8;
    prop_oneof![2 => 0..count, 1 => 0..count.div_ceil(4)]
}

fn doings() -> impl Strategy<Value = Doing> {
    let (who, by) = (|| 0..VOTERS as u8, || 0..MODERATORS as u8);
    let what = || early(QUESTIONS.len());
    prop_oneof![
        30 => (who(), what(), any::<u8>()).prop_map(|(who, what, how)| Doing::Asks { who, what, how }),
        5 => (who(), 0..CLAIMS.len() as u8, any::<bool>())
            .prop_map(|(who, claim, picture)| Doing::SendsOn { who, claim, picture }),
        9 => (who(), early(COMMANDS.len()), any::<u8>())
            .prop_map(|(who, command, about)| Doing::Commands { who, command, about }),
        4 => (who(), 0..6_u8, what(), any::<u8>()).prop_map(|(who, which, what, how)| Doing::Edits { who, which, what, how }),
        4 => (who(), any::<u16>(), what()).prop_map(|(who, which, what)| Doing::Replies { who, which, what }),
        2 => (who(), any::<bool>(), any::<bool>()).prop_map(|(who, album, worded)| Doing::Shows { who, album, worded }),
        10 => (who(), any::<u16>()).prop_map(|(who, which)| Doing::Presses { who, which }),
        1 => (who(), any::<u16>()).prop_map(|(who, which)| Doing::Forges { who, which }),
        1 => who().prop_map(|who| Doing::Floods { who }),
        3 => (who(), any::<bool>()).prop_map(|(who, back)| Doing::Blocks { who, back }),
        10 => (by(), any::<u16>(), early(ANSWERS.len() + 2)).prop_map(|(by, which, how)| Doing::Answers { by, which, how }),
        4 => (by(), 0..6_u8, early(ANSWERS.len())).prop_map(|(by, which, how)| Doing::Retells { by, which, how }),
        5 => (by(), any::<u16>()).prop_map(|(by, which)| Doing::Taps { by, which }),
        6 => (by(), any::<u8>()).prop_map(|(by, which)| Doing::TapsLast { by, which }),
        4 => (by(), 0..ORDERS.len() as u8, any::<u8>(), any::<u8>())
            .prop_map(|(by, order, about, other)| Doing::Orders { by, order, about, other }),
        3 => (0..4_u8).prop_map(|what| Doing::Meets { what }),
        1 => any::<bool>().prop_map(|open| Doing::Shuts { open }),
        1 => any::<bool>().prop_map(|sending| Doing::Dies { sending }),
        6 => early(8).prop_map(|how_long| Doing::Waits { how_long }),
        3 => any::<u8>().prop_map(|which| Doing::Again { which }),
        1 => Just(Doing::Reloads),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let then = prop_oneof![
        5 => Just(Then::Settles),
        2 => (0..4_u8).prop_map(Then::Sends),
        1 => Just(Then::Works),
        2 => Just(Then::Nothing),
    ];
    (doings(), then).prop_map(|(doing, then)| Step { doing, then })
}

/// A history.
pub fn histories() -> impl Strategy<Value = Vec<Step>> {
    vec(steps(), LENGTHS)
}
