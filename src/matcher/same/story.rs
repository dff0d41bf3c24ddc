//! Clauses that only tell how somebody came to ask. Whoever writes at length asks what another asks in a few words, if all of
//! these stand in it, and if nothing of the rest is anything that an answer may hang on.

use super::read::{KIN, TIMES, is_kin, is_somebody};
use super::word::Word;
use super::{Part, find};
use crate::text::is_listed;

/// Words that the shorter text has at least.
const FEWEST: usize = 2;
/// When something was, beside [`TIMES`].
const TOLD: &str = "pertama sebelum setelah awal akhir";
/// What somebody's case may be, so that the answer is another one, beside who it is: papers, where one is listed and lives,
/// health, age, work, what was done to one, and what may be wrong at the polling station.
const CASES: &str = "ktp kk sim paspor undangan dpt dpk dptb nik ijazah surat suara formulir daftar terdaftar rekam cetak coret \
    hilang rusak sobek palsu ganda pindah domisili tinggal rantau luar negeri asing sakit rawat inap opname hamil buta tuli \
    lumpuh difabel stroke gila jiwa pikun lansia tua sepuh umur usia tahun nikah cerai meninggal mati wafat penjara tahan napi \
    hukum pidana pensiun kerja kantor shift lembur kontrak honor gaji pecat mundur ancam paksa intimidasi uang amplop sembako \
    bayar suap sumbang kampanye partai baliho spanduk stiker caleg capres calon kandidat dukung coblos celup tinta bilik kotak \
    segel hitung rekap plano sah batal ulang banjir gempa longsor kebakar listrik padam sidang gugat sengketa lapor panggil \
    tps";

/// What `clauses` ask without those that tell a story beside `asked`; none if `asked` does not stand in them, or nothing could
/// be left out.
pub(super) fn without(clauses: &[Part], asked: &Part) -> Option<Part> {
    let words = asked.levels[0].iter().filter(|word| !word.light).count();
    let whole = joined(clauses.iter());
    if words < FEWEST || !stands(asked, &whole) {
        return None;
    }
    let mut kept: Vec<&Part> = clauses.iter().collect();
    for clause in clauses.iter().filter(|clause| clause.only_tells(asked)) {
        let rest = || kept.iter().copied().filter(|own| !std::ptr::eq(*own, clause));
        if stands(asked, &joined(rest())) {
            kept = rest().collect();
        }
    }
    (kept.len() < clauses.len()).then(|| joined(kept.into_iter()))
}

fn joined<'p>(clauses: impl Iterator<Item = &'p Part>) -> Part {
    let mut all = Part::default();
    clauses.for_each(|clause| all.absorb(clause));
    all
}

/// Whether all that `asked` says is said in `text`, and asked for there.
fn stands(asked: &Part, text: &Part) -> bool {
    let left = |word: &&Word| !word.light && !word.forms().any(|form| text.names_fact(form));
    asked.facts.keys().all(|fact| text.states(fact))
        && asked.asks.iter().all(|own| text.asks.contains(own) || text.may_ask.contains(own))
        && find(asked, text).is_ok_and(|found| !found.left.iter().any(left))
}

impl Part {
    /// Whether nothing in it can bear on an answer to `asked`, but for what that says itself: no number, place or name, nobody
    /// with a part in elections, nothing that may be somebody's case, and nothing else that it asks.
    fn only_tells(&self, asked: &Self) -> bool {
        let told = |fact: &String| asked.states(fact) || [TIMES, TOLD, KIN].iter().any(|list| is_listed(list, fact));
        let tells = |word: &Word| {
            let is_case = word.forms().any(|form| is_listed(CASES, form) || is_somebody(form) && !is_kin(form));
            let said = || asked.levels.iter().flatten().any(|other| word.is(other));
            word.surface != "saya" && is_case && !said()
        };
        self.asks.iter().all(|own| asked.asks.contains(own))
            && self.facts.keys().all(told)
            && !self.levels.iter().flatten().any(tells)
    }
}
