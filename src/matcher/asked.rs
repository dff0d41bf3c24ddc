//! What kind of thing a question asks: a time, a person, a place, a reason, a way, whether one may.
//!
//! "Kenapa MK memisahkan pemilu" has nearly all words of "apa isi putusan MK yang memisahkan pemilu" and asks another thing. So
//! the kinds that a question asks are compared with those that an entry's phrasings ask, as one signal beside the others:
//! phrasings, not rules, say what an entry answers.

use crate::text::analyze::Token;
use crate::text::is_listed;

/// The words of each kind, in standard spelling.
const KINDS: [&str; 16] = [
    "kapan tanggal jam hari jadwal pekan bulan when deadline",
    "berapa jumlah banyak persen much many",
    "siapa who whom",
    "dimana mana kemana alamat link situs lokasi kantor where",
    "kenapa alasan sebab penyebab latar why",
    "bagaimana cara prosedur langkah mekanisme proses tahapan how",
    "boleh bisa larang haram sah may can allowed",
    "harus wajib perlu kudu must",
    "sanksi hukum hukuman denda pidana penjara pecat",
    "syarat kriteria requirement requirements",
    "arti maksud pengertian definisi kepanjangan singkatan mean",
    "beda bedanya perbedaan difference",
    "benar betul hoaks asli bohong palsu valid true",
    "contoh daftar nama apa-saja sebutkan list",
    "tugas wewenang fungsi peran kewajiban",
    "hasil menang pemenang unggul kalah terpilih",
];

/// How many kinds there are.
pub const KIND_COUNT: usize = KINDS.len();

/// The kinds that a text asks, by place.
pub type Asked = [bool; KIND_COUNT];

/// The kinds that `tokens` ask.
pub fn asked(tokens: &[Token]) -> Asked {
    let mut asked = [false; KIND_COUNT];
    for token in tokens {
        for (kind, words) in asked.iter_mut().zip(KINDS) {
            *kind |= is_listed(words, &token.surface) || is_listed(words, &token.stem);
        }
    }
    asked
}

/// How often the phrasings of one class ask each kind.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asking {
    with: [u32; KIND_COUNT],
    all: u32,
}

impl Asking {
    /// Counts one more phrasing.
    pub fn add(&mut self, asked: &Asked) {
        self.all += 1;
        for (count, is) in self.with.iter_mut().zip(asked) {
            *count += u32::from(*is);
        }
    }

    /// How usual a question is that asks these kinds: the logarithm of the share of phrasings that ask the rarest of them.
    /// One that asks none says nothing for or against.
    pub fn usual(&self, asked: &Asked) -> f32 {
        const NOTHING_SAID: f32 = 0.5;
        let shares = self.with.iter().zip(asked).filter(|(_, is)| **is);
        let rarest = shares.map(|(count, _)| *count).min();
        rarest.map_or(NOTHING_SAID, |count| (count as f32 + 0.5) / (self.all as f32 + 1.0)).ln()
    }
}
