//! What a text says plainly: the words that tell things apart, read out of a question, a phrasing or an answer.
//!
//! The signals of the index weigh these words like all others; whether an entry agrees with them is judged in
//! [`super::agree`]. Words are compared after chat spelling and synonyms, so lists here hold standard words only.

use std::collections::BTreeSet;

use super::aspect::{Aspect, aspects};
use crate::text::analyze::{Analyzer, Token};
use crate::text::is_listed;
use crate::text::lexicon::PLACE;
use crate::text::normalize::words;
use crate::text::year::{Years, years};

/// A sort of election.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Election {
    /// Pemilu, of which the next two are parts.
    Pemilu,
    /// Of president and vice president.
    Pilpres,
    /// Of parliaments.
    Pileg,
    /// Of governors, regents and mayors.
    Pilkada,
    /// Of village heads.
    Pilkades,
}

/// What may be asked about an election.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// Who won, with how many votes.
    Result,
    /// When it is.
    Time,
    /// Who runs.
    Candidates,
    /// How one goes about it.
    Way,
    /// Who is admitted.
    Terms,
}

/// Where a text names an election.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elections {
    /// By its name.
    pub named: BTreeSet<Election>,
    /// By those who run in it ("capres", "calon bupati").
    pub candidates: BTreeSet<Election>,
    /// By the office ("gubernur").
    pub offices: BTreeSet<Election>,
}

/// What a text says plainly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain {
    /// Years.
    pub years: Years,
    /// Stems of what it excludes: "bukan PNS", "selain paslon 2".
    pub excluded: BTreeSet<String>,
    /// Stems of what somebody no longer is: "pensiunan PNS".
    pub former: BTreeSet<String>,
    /// Stems of what it says to be missing: "tanpa KTP", "tidak punya undangan".
    pub missing: BTreeSet<String>,
    /// Elections.
    pub elections: Elections,
    /// What is asked.
    pub matters: BTreeSet<Matter>,
    /// What is asked about its subject.
    pub aspects: BTreeSet<Aspect>,
    /// Provinces and towns, and what stands where a place is named and is known from nowhere.
    pub places: BTreeSet<String>,
    /// Web addresses.
    pub addresses: BTreeSet<String>,
    /// Whether it is nothing but an address.
    pub is_address: bool,
    /// All words in standard spelling.
    pub words: BTreeSet<String>,
    /// Stems of all words that mean something.
    pub stems: BTreeSet<String>,
}

/// Those whom rules are made for: a rule for one of them does not bind who is none.
pub const GROUPS: &str = "asn pns pppk cpns honorer tni polri purnawirawan kades perangkat lurah camat guru dosen bumn kpps \
    pantarlih wna wni napi lapas menteri bupati gubernur walikota presiden kandidat capres caleg paslon pejabat aparat";
/// What excludes, standing before it.
const EXCLUDES: &str = "bukan selain kecuali non except besides not";
/// What says that somebody was it once.
const FORMER: &str = "mantan eks bekas pensiunan former";
/// "Tidak" and one of these exclude too.
const BELONGS: &str = "termasuk tergolong jadi menjadi sebagai dihitung masuk";
/// Words between "bukan" and what it excludes.
const FILLERS: &str = "anggota seorang orang lagi kerja termasuk golongan tergolong jadi sebagai dari yang para pegawai \
    aparat bagian status keluarga warga cuma hanya";
/// Words that end the search for what is excluded: what comes after is another thing.
const ENDS: &str = "boleh harus apa siapa kapan berapa kenapa bagaimana dimana kemana mana tidak bukan sudah belum masih \
    hoaks penipuan resmi benar salah asli arti maksud";
/// After one of these "tidak" asks whether it is so, and before one of [`FOR_WHOM`].
const MODALS: &str = "boleh bisa harus wajib perlu sah diperbolehkan dibolehkan diizinkan dilarang diwajibkan";
/// See [`MODALS`].
const FOR_WHOM: &str = "untuk bagi kalau waktu pas saat";
/// Words between "tidak" and what is missing.
const HAVING: &str = "ada punya dapat masuk terdaftar dalam di bawa pakai kasih terima sampai lagi";
/// The provinces of Indonesia by names and short names of one word, and what stands before the second word of others.
pub const PROVINCES: &str = "aceh sumut sumbar riau kepri jambi sumsel babel bengkulu lampung banten dki jabar jateng jatim diy \
    bali ntb ntt kalbar kalteng kalsel kaltim kaltara sulut gorontalo sulteng sulbar sulsel sultra maluku malut papua jawa \
    sumatera sumatra kalimantan sulawesi nusa yogyakarta jogja";
/// Before the name of a place.
const PLACED: &str = "di kota kabupaten kab provinsi prov kecamatan kec kelurahan desa daerah wilayah dapil";
/// What ends an address in the web.
const DOMAINS: &str = "id com org net info me co go";

impl Plain {
    /// Reads `text`, whose tokens are `tokens`.
    pub fn of(text: &str, tokens: &[Token], analyzer: &Analyzer) -> Self {
        let mut plain = Self {
            years: years(text),
            elections: elections(tokens),
            aspects: aspects(tokens),
            words: tokens.iter().map(|t| t.surface.clone()).collect(),
            stems: tokens.iter().filter(|t| !t.stop).map(|t| t.stem.clone()).collect(),
            ..Self::default()
        };
        plain.read_addresses(text);
        plain.matters = matters(text, tokens, analyzer);
        for clause in text.split(['.', ',', '?', '!', ';', ':', '(', ')', '\n']) {
            let words = words(clause);
            plain.read_exclusions(&words, analyzer);
            plain.read_places(&words, analyzer);
        }
        plain
    }

    /// Takes in what another text says, but for its years, its addresses, its words and what it asks about its subject.
    pub fn absorb(&mut self, other: Self) {
        self.excluded.extend(other.excluded);
        self.former.extend(other.former);
        self.missing.extend(other.missing);
        self.elections.named.extend(other.elections.named);
        self.elections.candidates.extend(other.elections.candidates);
        self.elections.offices.extend(other.elections.offices);
        self.matters.extend(other.matters);
        self.places.extend(other.places);
    }

    fn read_addresses(&mut self, text: &str) {
        let mut parts = text.split_whitespace();
        self.addresses = parts.clone().filter_map(address).collect();
        self.is_address = !self.addresses.is_empty() && parts.all(|part| address(part).is_some());
    }

    fn read_exclusions(&mut self, words: &[String], analyzer: &Analyzer) {
        let standard: Vec<String> = words.iter().map(|w| spelled(w, analyzer)).collect();
        let at = |i: usize| standard.get(i).map_or("", String::as_str);
        for i in 0..standard.len() {
            let tail = |from: usize| analyzer.tokens(&words[from..words.len().min(from + 7)].join(" "));
            let asked_whether = i > 0 && at(i - 1) == "apa";
            // "bkn" is an agency too, but not before a group.
            let excludes = is_listed(EXCLUDES, at(i)) || words[i] == "bkn";
            if excludes && !asked_whether {
                self.excluded.extend(objects(&tail(i + 1), FILLERS));
            } else if is_listed(FORMER, at(i)) {
                self.former.extend(objects(&tail(i + 1), FILLERS));
            } else if matches!(at(i), "tidak" | "belum") && is_listed(BELONGS, at(i + 1)) {
                self.excluded.extend(objects(&tail(i + 2), FILLERS));
            } else if at(i) == "luar" && matches!(at(i.wrapping_sub(1)), "di" | "") && at(i + 1) != "negeri" {
                self.excluded.extend(objects(&tail(i + 1), FILLERS));
            } else if let Some(rest) = at(i).strip_prefix("non").filter(|rest| rest.len() >= 3) {
                let group = objects(&analyzer.tokens(rest), FILLERS);
                self.excluded.extend(group.into_iter().filter(|stem| is_listed(GROUPS, stem)));
            }
            // "Boleh ga PNS hadir", "aman ga buat ASN" ask whether, and say of nothing that it is missing.
            let asks = at(i) == "tidak" && i > 0 && (is_listed(MODALS, at(i - 1)) || is_listed(FOR_WHOM, at(i + 1)));
            if !asks && matches!(at(i), "tanpa" | "tidak" | "belum" | "hilang" | "lupa" | "ketinggalan") {
                self.missing.extend(objects(&tail(i + 1), HAVING));
            }
        }
    }

    fn read_places(&mut self, words: &[String], analyzer: &Analyzer) {
        const LONGEST_NAME: usize = 4;
        for (i, word) in words.iter().enumerate() {
            let is_place = |name: &[String]| analyzer.lexicon().canonical(name) == [PLACE];
            let longest = (1..=LONGEST_NAME).rev().filter_map(|n| words.get(i..i + n)).find(|name| is_place(name));
            self.places.extend(longest.map(|name| name.join(" ")));
            let unknown_place = || {
                i > 0
                    && is_listed(PLACED, &spelled(&words[i - 1], analyzer))
                    && analyzer.tokens(word).iter().any(|t| !t.known)
            };
            if is_listed(PROVINCES, word) || unknown_place() {
                self.places.insert(word.clone());
            }
        }
    }

    /// The elections that are asked about: by name, or by candidates; offices count where results or candidates are asked,
    /// and there those of a region tell more than "pemilu".
    pub fn elections_asked(&self) -> BTreeSet<Election> {
        let Elections { named, candidates, offices } = &self.elections;
        let people = self.matters.contains(&Matter::Result) || self.matters.contains(&Matter::Candidates);
        let of_people: BTreeSet<Election> =
            candidates.iter().chain(offices.iter().filter(|_| people)).copied().collect();
        let general = named.iter().all(|e| *e == Election::Pemilu);
        if general && !of_people.is_empty() { of_people } else { named.clone() }
    }
}

/// `word` in standard spelling.
fn spelled(word: &str, analyzer: &Analyzer) -> String {
    analyzer.lexicon().spelled(&[word.to_owned()]).join(" ")
}

/// The address that `part` of a text is, without scheme, "www." and a closing slash or stop.
fn address(part: &str) -> Option<String> {
    let lower = part.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let host = bare.split('/').next()?;
    let (rest, last) = host.rsplit_once('.')?;
    let is_host = !rest.is_empty() && rest.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    (is_host && !rest.contains('@') && is_listed(DOMAINS, last)).then(|| bare.to_owned())
}

/// Whether the stop at byte `at` of `text` stands inside an address of the web or between digits.
pub fn is_inside(text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + 1..]);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if digit(before.chars().next_back()) && digit(after.chars().next()) {
        return true;
    }
    let head = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let tail = after.split(char::is_whitespace).next().unwrap_or_default();
    tail.starts_with(char::is_alphanumeric) && address(&format!("{head}.{tail}")).is_some()
}

/// Whether `text` is one sentence written with care: it begins with a capital and ends as a question does. Whoever writes so
/// means each word; what is typed in haste, or told as a story, has words beside the matter.
pub fn is_written_with_care(text: &str) -> bool {
    let text = text.trim();
    let ends =
        text.match_indices(['.', '!', '?', '\n']).filter(|&(at, sign)| sign != "." || !is_inside(text, at)).count();
    text.starts_with(char::is_uppercase) && text.ends_with('?') && ends == 1
}

/// What is excluded by a word that stands before `tokens`: the first word that means something, and what is joined to it by
/// "atau" or "dan"; of groups also the next one without a word between ("selain TNI Polri").
fn objects(tokens: &[Token], fillers: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut joined = true;
    for (i, token) in tokens.iter().enumerate() {
        let surface = token.surface.as_str();
        if matches!(surface, "atau" | "dan" | "maupun" | "ataupun") {
            joined = true;
        } else if is_listed(ENDS, surface)
            || !(joined || is_listed(GROUPS, &token.stem) && found.iter().all(|f| is_listed(GROUPS, f)))
        {
            break;
        } else if !token.stop && !is_listed(fillers, surface) {
            // "nomor 2": the number tells.
            let number = tokens.get(i + 1).filter(|next| surface == "nomor" && is_number(&next.surface));
            found.push(number.map_or(token.stem.clone(), |n| n.surface.clone()));
            joined = false;
            if number.is_some() {
                break;
            }
        }
    }
    found
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn elections(tokens: &[Token]) -> Elections {
    let mut found = Elections::default();
    for (i, token) in tokens.iter().enumerate() {
        let runs = i > 0 && tokens[i - 1].surface == "calon"
            || i > 1 && tokens[i - 1].surface == "wakil" && tokens[i - 2].surface == "calon";
        let office = match token.surface.as_str() {
            "gubernur" | "bupati" | "walikota" => Some(Election::Pilkada),
            "presiden" | "wapres" => Some(Election::Pilpres),
            "dpr" | "dpd" | "dprd" | "legislatif" => Some(Election::Pileg),
            "kades" => Some(Election::Pilkades),
            _ => None,
        };
        match token.surface.as_str() {
            "pemilu" => drop(found.named.insert(Election::Pemilu)),
            "pilpres" => drop(found.named.insert(Election::Pilpres)),
            "pileg" => drop(found.named.insert(Election::Pileg)),
            "pilkada" => drop(found.named.insert(Election::Pilkada)),
            "pilkades" => drop(found.named.insert(Election::Pilkades)),
            "capres" | "cawapres" => drop(found.candidates.insert(Election::Pilpres)),
            "caleg" | "nyaleg" => drop(found.candidates.insert(Election::Pileg)),
            _ if runs => found.candidates.extend(office),
            _ => found.offices.extend(office),
        }
    }
    found
}

/// What `text` asks about. "Cara" and "syarat" must be said: "gimana" is said about anything.
fn matters(text: &str, tokens: &[Token], analyzer: &Analyzer) -> BTreeSet<Matter> {
    let mut found = BTreeSet::new();
    let has = |list: &str| tokens.iter().any(|t| is_listed(list, &t.surface));
    // "C.Hasil" is a form.
    let result = tokens.iter().enumerate().any(|(i, t)| {
        is_listed(RESULTS, &t.surface) && !(t.surface == "hasil" && i > 0 && tokens[i - 1].surface == "c")
    });
    if result {
        found.insert(Matter::Result);
    }
    if has(TIMES) {
        found.insert(Matter::Time);
    }
    if has("paslon capres cawapres kandidat calon pasangan caleg peserta kontestan")
        && has("siapa daftar nama list profil")
    {
        found.insert(Matter::Candidates);
    }
    let said = |list: &str| words(text).iter().any(|w| is_listed(list, &spelled(w, analyzer)));
    if said("cara prosedur langkah how") {
        found.insert(Matter::Way);
    }
    if said("syarat kriteria requirement requirements") {
        found.insert(Matter::Terms);
    }
    found
}

/// Words that ask for a result.
pub const RESULTS: &str = "hasil menang skor score unggul";
/// Words that ask for a time.
pub const TIMES: &str = "kapan jadwal tanggal jam hari tahapan";
