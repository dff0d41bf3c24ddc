//! What the words around a run tell of the numbers in it.

use super::run::{Group, Run};

/// Words that count what stands before them, so that it is an amount.
const UNITS: &str = "suara pemilih orang jiwa kursi lembar surat kotak rupiah rp rb ribu jt juta miliar milyar triliun \
    persen kali jam hari minggu bulan tahun thn menit detik km m meter kg partai dapil provinsi \
    kabupaten kota kecamatan desa kelurahan tps petugas anggota calon caleg anak pasang pasangan \
    wib wita wit dpt peserta warga penduduk saksi usd dolar";
/// Months, as they follow the day.
const MONTHS: &str = "januari februari pebruari maret april mei juni juli agustus september oktober november nopember \
    desember jan feb mar apr jun jul agt agu ags sep sept okt nov nop des";
/// Words that a short number belongs to.
const OWNERS: &str = "tps rt rw kpps tpsln dapil pasal ayat huruf urut paslon capres cawapres caleg halaman lantai blok \
    gang gg kav usia umur jam pukul pkl tanggal tgl";
/// Words beside an amount of money.
const MONEY: &str = "rp idr rupiah usd dolar senilai sebesar";
/// Words that announce a telephone.
const PHONES: &str = "hp nohp hape handphone ponsel wa whatsapp telp tlp telepon telpon tel phone call sms hubungi kontak \
    cp ovo gopay";
/// Words that announce a NIK or KK.
const IDENTITIES: &str = "nik ktp ektp kk nokk nonik kependudukan keluarga identitas";

fn has(words: &str, word: &str) -> bool {
    words.split(' ').any(|w| w == word)
}

impl Run {
    /// Whether the word just before the run is one of `words`.
    fn follows(&self, words: &str) -> bool {
        self.before.first().is_some_and(|w| has(words, w))
    }

    /// Whether the words before the run announce a telephone.
    pub(super) fn is_about_phones(&self) -> bool {
        self.before.iter().any(|w| has(PHONES, w))
    }

    /// Whether they announce a NIK or KK.
    pub(super) fn is_about_identity(&self) -> bool {
        self.before.iter().any(|w| has(IDENTITIES, w))
    }

    /// Whether scores are told.
    pub(super) fn is_about_scores(&self) -> bool {
        self.follows("skor nilai")
    }

    /// Whether an amount of money ends the run.
    pub(super) fn ends_in_money(&self) -> bool {
        has(MONEY, &self.after)
    }

    /// Whether an amount of money stands at the beginning of the run.
    pub(super) fn is_money(&self) -> bool {
        self.follows(MONEY) || self.groups[0].mark == '$'
    }

    /// Whether the last group is counted by the word after it.
    pub(super) fn is_counted(&self) -> bool {
        has(UNITS, &self.after)
    }

    /// Whether `group` belongs to a word beside it or numbers a list: "TPS **5**", "**10** Februari", "**2.** ...".
    pub(super) fn is_bound(&self, group: usize) -> bool {
        let Group { gap, next, .. } = self.groups[group];
        let last = group + 1 == self.groups.len();
        let follows = self.gap(group + 1);
        if self.len(group) > 3 {
            return false;
        }
        let is_owned = group == 0 && self.follows(OWNERS) && (last || follows.core != '-' && follows.core != '.');
        let is_counted =
            last && (gap.blank || group == 0) && next == ' ' && (self.is_counted() || has(MONTHS, &self.after));
        let is_marker = !last
            && self.len(group) <= 2
            && self.of(group)[0] != 0
            && matches!(follows.core, '.' | ')' | ':')
            && follows.blank
            && (self.of(group + 1).starts_with(&[0]) || self.of(group + 1).starts_with(&[6, 2]))
            && self.len(group + 1) >= 3;
        is_owned || is_counted || is_marker
    }
}
