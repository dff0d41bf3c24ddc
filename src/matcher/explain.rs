//! Why a question found what it found.

use chrono::NaiveDate;

use super::agree::Contradiction;
use super::aspect::Aspect;
use super::evidence::NAMES;
use super::index::SIGNAL_NAMES;
use super::{Judgement, Matcher, Verdict, phrasings};
use crate::faq::Faq;
use crate::text::indonesian;

/// How many entries [`Matcher::explain`] shows.
const SHOWN: usize = 5;

impl Verdict {
    /// Its name in JSON and in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answer(_) => "answer",
            Self::Suggest(_) => "suggest",
            Self::SmallTalk(_) => "small_talk",
            Self::Forward { .. } => "forward",
        }
    }
}

impl Matcher {
    /// For a maintainer: the words as they were understood, the best entries with the phrasing of each that is nearest,
    /// what each sentence of a longer message says by itself, what speaks against an entry, and the verdict. Below it the
    /// signals and the evidence, for those who work on the matcher.
    pub fn explain(&self, question: &str, faq: &Faq, today: NaiveDate) -> String {
        let id = |entry: usize| faq.entries[entry].id.as_str();
        let tokens = self.analyzer.tokens(question);
        let words: Vec<String> = tokens
            .iter()
            .map(|t| match (t.stop, t.known) {
                (true, _) => format!("({})", t.surface),
                (false, true) if t.surface == t.stem => t.surface.clone(),
                (false, true) => format!("{}={}", t.surface, t.stem),
                (false, false) => format!("{}?", t.surface),
            })
            .collect();
        let mut lines = vec![format!("Dipahami sebagai: {}", words.join(" "))];
        lines.push("  (kata) diabaikan; kata=dasar dicari menurut dasarnya; kata? tidak ada di FAQ".to_owned());
        if tokens.is_empty() {
            return lines.join("\n");
        }
        let judgement = self.judge(question, today);
        if !judgement.ranked.is_empty() {
            lines.push(format!("{:<42} {:>12}  pertanyaan terdekat", "Entri terdekat:", "keyakinan"));
        }
        for &(entry, chance) in judgement.ranked.iter().take(SHOWN) {
            let nearest = self.nearest_phrasing(question, entry, faq).unwrap_or_default();
            lines.push(format!("  {:<40} {:>12}  {nearest}", id(entry), percent(chance)));
        }
        let sentences = self.sentences(question);
        if !sentences.is_empty() {
            lines.push("Kalimat demi kalimat:".to_owned());
        }
        for sentence in sentences {
            let found = sentence.first.map_or("-", id);
            lines.push(format!("  {found:<40} {:>12}  {}", percent(sentence.chance), sentence.text));
        }
        for &(entry, _) in judgement.ranked.iter().take(SHOWN) {
            if let Some(why) = self.contradiction(question, entry, today) {
                lines.push(format!("Bukan {}: {}", id(entry), in_words(&why)));
            }
        }
        if let Some(cell) = judgement.cell.map(|cell| &faq.asn_check.cells[cell]) {
            lines.push(format!("Menurut tabel asn-cek.toml: {} x {}", cell.who.value, cell.what.value));
        }
        let t = self.thresholds();
        lines.push(format!("Keputusan: {}", self.decision(&judgement, faq)));
        lines.push(format!(
            "  dijawab mulai keyakinan {} (entri sensitif {}), ditawarkan mulai {}",
            percent(t.answer),
            percent(t.answer_sensitive),
            percent(t.suggest)
        ));
        lines.push("Untuk pemrogram:".to_owned());
        let (evidence, signals) = self.evidence(&tokens);
        let head: Vec<String> = SIGNAL_NAMES.iter().map(|n| format!("{n:>9}")).collect();
        lines.push(format!("  {:<40} {:>9} {}", "entry", "score", head.join(" ")));
        for &(entry, _) in evidence.ranked.iter().take(SHOWN) {
            let Some((_, own)) = signals.entries.iter().find(|(e, _)| *e == entry) else { continue };
            let values: Vec<String> = own.iter().map(|s| format!("{s:>9.3}")).collect();
            let score = super::evidence::score(own);
            lines.push(format!("  {:<40} {score:>9.3} {}", id(entry), values.join(" ")));
        }
        let row: Vec<String> = NAMES.iter().zip(&evidence.row).map(|(n, v)| format!("{n} {v:.2}")).collect();
        lines.push(format!("  evidence: {}", row.join(", ")));
        lines.push(format!("  confidence: {:.3}", judgement.confidence));
        lines.join("\n")
    }

    /// The verdict in a maintainer's words.
    fn decision(&self, judgement: &Judgement, faq: &Faq) -> String {
        let id = |entry: usize| faq.entries[entry].id.as_str();
        let sure = percent(judgement.confidence);
        match &judgement.verdict {
            Verdict::Answer(entry) => format!("dijawab dengan {}, keyakinan {sure}", id(*entry)),
            Verdict::Suggest(entries) => {
                let ids: Vec<&str> = entries.iter().map(|&e| id(e)).collect();
                format!("ditawarkan: {}; keyakinan {sure}", ids.join(", "))
            }
            Verdict::SmallTalk(Some(kind)) => format!("dibalas sebagai obrolan \"{}\"", faq.small_talk[*kind].id),
            Verdict::SmallTalk(None) => "dibalas: tidak ada kata di dalamnya".to_owned(),
            Verdict::Forward { expired: Some(entry) } => {
                format!("diteruskan ke petugas, karena {} di luar masa berlakunya; keyakinan {sure}", id(*entry))
            }
            Verdict::Forward { expired: None } => format!("diteruskan ke petugas; keyakinan {sure}"),
        }
    }

    fn nearest_phrasing<'f>(&self, question: &str, entry: usize, faq: &'f Faq) -> Option<&'f str> {
        let vector = |text: &str| self.index.vector(&super::features(&self.analyzer.tokens(text)));
        let asked = vector(question);
        let cosine = |text: &str| super::feature::dot(&asked, &vector(text));
        let own = phrasings(faq).filter(|(_, class)| *class == entry).map(|(text, _)| (text, cosine(text)));
        own.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(text, _)| text)
    }
}

/// A chance as a maintainer reads it.
fn percent(chance: f64) -> String {
    format!("{} persen", indonesian::decimal((chance * 1000.0).round() / 10.0))
}

/// What speaks against an entry, in a maintainer's words.
fn in_words(why: &Contradiction) -> String {
    match why {
        Contradiction::Year(year) => format!("entri ini tidak bicara tentang tahun {year}"),
        Contradiction::Excluded(what) => format!("yang ditanyakan justru bukan \"{what}\""),
        Contradiction::Election(_) => "entri ini tentang pemilihan yang lain".to_owned(),
        Contradiction::Matter(..) => "entri ini tentang hal yang lain".to_owned(),
        Contradiction::Place(place) => format!("entri ini tidak bicara tentang {place}"),
        Contradiction::Address(address) => format!("{address} bukan salah satu pertanyaan entri ini"),
        Contradiction::Kind(what) => format!("entri ini tidak menjawab soal \"{what}\""),
        Contradiction::YesOrNo => "jawabannya ya atau tidak, untuk pertanyaan yang lain".to_owned(),
        Contradiction::Aspect(aspect) => {
            format!("tidak ada pertanyaan entri ini yang menanyakan {} tentang hal yang sama", asked(*aspect))
        }
        Contradiction::Sibling => "yang disebut entri saudaranya".to_owned(),
    }
}

/// What a question asks for, in a maintainer's words.
fn asked(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Reason => "mengapa",
        Aspect::Person => "siapa",
        Aspect::Time => "kapan",
        Aspect::Span => "berapa lama",
        Aspect::Place => "di mana",
        Aspect::Terms => "syarat",
        Aspect::Leave => "boleh atau tidak",
        Aspect::Last => "yang terakhir",
        Aspect::Number => "jumlah",
        Aspect::Name => "nama",
        Aspect::List => "daftarnya",
        Aspect::Joining => "cara bergabung",
    }
}
