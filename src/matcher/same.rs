//! Whether two questions ask the same, so that one answer is right for both, word for word.
//!
//! Rather two cards than one wrong answer for all: two texts are the same only if nothing that an answer may hang on tells
//! them apart. What is read out of each text is its [`Gist`]:
//!
//! 1. Every number, name, place and day stands in both, and so does every word that the FAQ does not know. A typing error of a
//!    word in the other text is that word: letters left out, doubled or swapped, never one letter for another ("Rini" and
//!    "Rina" are two).
//! 2. Both ask for the same: when, where, who, how many, why; how it is done is not whether one may, and that is not
//!    whether one must.
//! 3. Both deny the same. "Boleh ga" only asks whether.
//! 4. What goes from one to another goes the same way, and who does something to whom, and who is what, is the same: what
//!    stands behind "dari", "ke", "sebelum" stays there, and so does who stands before "lapor" or "PNS".
//! 5. What is left over in either text are words that come and go without changing what is asked: those that the FAQ's own
//!    phrasings use in many entries and hardly ever in most phrasings of one, and those of `padanan.toml`.
//!
//! Words are compared as they are spelt and, if that does not do, with the lexicon's synonyms, which join what is one topic
//! and sometimes more than what is one question. The rules, and which words they name, are the project's own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use strsim::osa_distance;

use super::Matcher;
use super::index::Example;
use super::plain::{GROUPS, PROVINCES};
use crate::faq::Faq;
use crate::text::analyze::{Analyzer, Token};
use crate::text::is_listed;
use crate::text::lexicon::{Group, Lexicon};
use crate::text::mask::{HIDDEN_EMAIL, HIDDEN_NUMBER};
use crate::text::normalize::words;

/// What turns round what follows.
const NEGATIONS: &str = "tidak bukan belum jangan tanpa";
/// How many words that mean something a negation may reach; the first of them it does.
const REACH: usize = 3;
/// After one of these a negation only asks whether: "boleh ga", "apa tidak", "atau belum".
const ASKS_WHETHER: &str = "boleh bisa harus perlu sah mau ada apa atau benar kena aman jadi termasuk wajib";
/// Before one of these too.
const PARTICLES: &str = "sih ya yah kak min pak bu bang dong kah nih gan mas mbak tuh kalau buat untuk";
/// Days, times of a day, colours and sides: both texts name them, or none.
const TELLING: &str = "besok lusa kemarin senin selasa rabu kamis jumat sabtu minggu pagi siang sore malam subuh dini \
    pertama kedua ketiga terakhir awal akhir merah biru kuning hijau putih hitam ungu abu kanan kiri januari februari maret april mei juni juli agustus september oktober november \
    desember maghrib magrib dzuhur zuhur ashar isya lebaran ramadan puasa natal sebelum setelah";
/// After what comes the matter that they place.
const MARKS: &str = "sebelum setelah dari ke tanpa";
/// Words that end what a negation reaches, and what "boleh" asks of.
const CLAUSES: &str = "tetapi karena kalau padahal terus soalnya lalu sedangkan namun";
/// What may be said of an act: that one may, or that one must.
const MAY: &str = "boleh bisa";
/// See [`MAY`].
const MUST: &str = "harus perlu wajib";
/// How many words behind one of these are what it places.
const PLACED: usize = 3;
/// Numbers in words; "satu" is said of anything.
const NUMBERS: [(&str, &str); 13] = [
    ("dua", "2"),
    ("tiga", "3"),
    ("empat", "4"),
    ("lima", "5"),
    ("enam", "6"),
    ("tujuh", "7"),
    ("delapan", "8"),
    ("sembilan", "9"),
    ("sepuluh", "10"),
    ("sebelas", "11"),
    ("ii", "2"),
    ("iii", "3"),
    ("iv", "4"),
];
/// People and bodies who do something to one another, beside [`GROUPS`].
const ACTORS: &str = "saya suami istri anak bapak ayah ibu adik kakak mertua orang tua paman bibi kakek nenek keponakan \
    sepupu kpu bawaslu partai timses caleg calon saksi pemilih warga rt rw pengawas ketua anggota teman atasan bos tetangga \
    kandidat bupati wakil mahasiswa siswa murid santri guru dosen panitia majikan karyawan buruh";
/// Whose somebody is: "suami saya" is the husband.
const KIN: &str = "suami istri anak bapak ayah ibu adik kakak mertua tua paman bibi kakek nenek keponakan sepupu teman atasan \
    bos tetangga majikan";
/// What they do to one another.
const ACTS: &str = "lapor bagi ancam paksa kasih bayar suap ganti gugat tuntut usir tuduh hina larang suruh ajak lawan kalah \
    dukung bantu kirim terima pinjam jual beli foto cium tampar pukul pecat tegur tipu";
/// What stands before a name, and words that names are made of though they mean nothing elsewhere.
const NAMED: &str =
    "rs rsud rsia rsup puskesmas sma smp sd smk universitas desa kelurahan kecamatan masjid gereja pasar pak bu";
/// See [`NAMED`].
const OF_NAMES: &str = "kita bunda ibu bapak anda kami mas bu pak kakak adik";
/// How much of the shorter text's weight must stand in the other.
const SHARED: f64 = 0.6;
/// How many words that mean something must be shared, where there are so many.
const FEWEST: usize = 2;
/// A word that stands in at least so many entries, and in each in at most this share of the phrasings, comes and goes.
const LIGHT: (usize, f64) = (30, 0.3);
/// What may be left over of words that the FAQ knows and that do not come and go, as a share of what is shared.
const SPARE: f64 = 0.0;
/// The shortest word of which a typing error is looked for.
const MENDED: usize = 4;
/// Stands for what comes and goes.
const ASIDE: &str = "sambilan";

/// What a text asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asks {
    When,
    Where,
    Who,
    HowMany,
    Why,
    Way,
}

/// A word that means something.
#[derive(Debug, Clone, PartialEq)]
struct Word {
    /// As it was written, but for chat spelling.
    surface: String,
    stem: String,
    /// The stems of what else it may be: mended, or a word like it.
    others: Vec<String>,
    /// Whether the FAQ, the lexicon or `padanan.toml` has it.
    known: bool,
    /// Whether it may be left out.
    light: bool,
    /// How many words that mean something stand between it and the negation that reaches it, and itself.
    denied: Option<usize>,
    weight: f64,
}

/// What a question asks, to be compared with others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gist {
    /// Words as they are spelt, and with synonyms.
    levels: [Vec<Word>; 2],
    /// Numbers, names and times, each with the words that stand before it.
    facts: BTreeMap<String, BTreeSet<String>>,
    /// What stands behind each of [`MARKS`].
    marked: BTreeMap<String, BTreeSet<String>>,
    /// Who is named right before a word for somebody: who is what ("suami PNS").
    bonds: BTreeMap<String, String>,
    /// What of [`ACTS`] is done, by whoever is named before it, and whether it is done to that one.
    acts: BTreeMap<String, (String, bool)>,
    asks: BTreeSet<Asks>,
    /// Whether it says that one may, and that one must.
    modal: (bool, bool),
    negations: usize,
    /// Whether it names a place or a party.
    names: bool,
    /// It holds what identifies a person: it is nobody else's question.
    private: bool,
}

/// By what questions are compared: how words stand in the FAQ, and `padanan.toml`.
#[derive(Debug, Clone)]
pub(super) struct Likeness {
    analyzer: Analyzer,
    alike: Lexicon,
    asides: Lexicon,
    /// Words that mean nothing, without their vowels.
    crumbs: HashSet<String>,
    rarity: HashMap<String, f64>,
    light: HashSet<String>,
    most: f64,
}

impl Likeness {
    pub(super) fn new<'e>(faq: &Faq, analyzer: &Analyzer, examples: impl Iterator<Item = &'e Example>) -> Self {
        let entries = faq.entries.len();
        let mut phrasings = vec![0.0_f64; entries];
        let mut with: BTreeMap<&str, BTreeMap<usize, f64>> = BTreeMap::new();
        for example in examples.filter(|example| example.class < entries) {
            phrasings[example.class] += 1.0;
            for stem in example.tokens.iter().map(|t| t.stem.as_str()).collect::<BTreeSet<_>>() {
                *with.entry(stem).or_default().entry(example.class).or_default() += 1.0;
            }
        }
        let most = (entries.max(1) as f64).ln().max(1.0);
        let (mut rarity, mut light) = (HashMap::new(), HashSet::new());
        for (stem, classes) in with {
            let share = classes.iter().map(|(class, n)| n / phrasings[*class]).fold(0.0, f64::max);
            if classes.len() >= LIGHT.0 && share <= LIGHT.1 {
                light.insert(stem.to_owned());
            }
            rarity.insert(stem.to_owned(), (entries as f64 / classes.len() as f64).ln().max(0.1));
        }
        let mut analyzer = analyzer.clone();
        let own = &faq.likeness;
        analyzer.name_places(own.abroad.iter().map(String::as_str));
        let groups = own.alike.iter().flat_map(|group| std::iter::once(&group.standard).chain(&group.variants));
        groups.chain(&own.asides).chain(&own.abroad).for_each(|text| analyzer.learn(text));
        let spelt = |text: &String| analyzer.lexicon().spelled(&words(text)).join(" ");
        let nothing = analyzer.lexicon().stop_words().chain(own.asides.iter().map(String::as_str));
        let nothing = nothing.chain(CLAUSES.split_whitespace()).chain(PARTICLES.split_whitespace());
        let crumbs =
            nothing.filter(|word| !word.contains(' ')).map(skeleton).filter(|bones| is_abbreviated(bones)).collect();
        let groups: Vec<Group> = own
            .alike
            .iter()
            .map(|group| Group {
                standard: spelt(&group.standard),
                variants: group.variants.iter().map(spelt).collect(),
            })
            .collect();
        // What denies or places is never an aside, however it is spelt.
        let tells = |phrase: &String| {
            [NEGATIONS, TELLING, MARKS, MAY, MUST, QUESTIONS, OF_NAMES, "tuh"]
                .iter()
                .any(|list| is_listed(list, phrase))
        };
        let mut asides: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for phrase in own.asides.iter().map(spelt).filter(|phrase| !tells(phrase)) {
            asides.entry(phrase.split(' ').count()).or_default().push(phrase);
        }
        // As many words stand in their place, so that all others keep theirs.
        let asides: Vec<Group> = asides
            .into_iter()
            .map(|(count, variants)| Group { standard: vec![ASIDE; count].join(" "), variants })
            .collect();
        Self {
            alike: Lexicon::new(&[], &groups, &[], &[]),
            crumbs,
            asides: Lexicon::new(&[], &asides, &[], &[]),
            analyzer,
            rarity,
            light,
            most,
        }
    }

    fn weight(&self, stem: &str) -> f64 {
        self.rarity.get(stem).copied().unwrap_or(self.most)
    }

    /// Reads `text`.
    fn gist(&self, text: &str) -> Gist {
        let mut gist = Gist { private: text.contains(HIDDEN_NUMBER) || text.contains(HIDDEN_EMAIL), ..Gist::default() };
        for clause in clauses(text) {
            let (written, mended): (Vec<String>, Vec<String>) = self.analyzer.each_mended(clause).into_iter().unzip();
            let known = |word: &String| self.analyzer.knows(word);
            let unknown: Vec<String> = mended.iter().filter(|word| !known(word)).cloned().collect();
            let told = self.asides.unified(&mended);
            let (lexicon, alike) = (self.analyzer.lexicon(), self.alike.unified(&told));
            let tokens = |words: Vec<String>| self.analyzer.tokens_of(words, &unknown);
            let spelt = tokens(lexicon.with_names(&alike));
            gist.read_facts(&tokens(lexicon.with_names(&told)), |word| lexicon.is_name(word));
            let unified = tokens(lexicon.literal(&alike));
            gist.asks.extend(asks(&unified));
            gist.read_actors(&tokens(told.clone()), |word| {
                self.alike.unified(&lexicon.canonical(&[word.to_owned()])).join(" ")
            });
            let said = |list: &str| unified.iter().any(|token| is_listed(list, &token.surface));
            gist.modal.0 |= said(MAY);
            gist.modal.1 |= said(MUST);
            gist.negations += denials(&unified).iter().filter(|denial| **denial).count();
            // What is made of several words is told by the name whole.
            let names: BTreeSet<&str> =
                spelt.iter().filter(|t| t.surface.contains(' ')).flat_map(|t| t.surface.split(' ')).collect();
            let each =
                self.words_of(&tokens(told)).into_iter().filter(|(_, word)| !names.contains(word.surface.as_str()));
            gist.levels[0]
                .extend(each.map(|(at, word)| self.as_written(word, written.get(at).map_or("", String::as_str))));
            gist.levels[1].extend(self.words_of(&unified).into_iter().map(|(_, word)| word));
        }
        gist
    }

    /// `word`, which was `written` before its typing errors were mended, with all that it may be.
    fn as_written(&self, word: Word, written: &str) -> Word {
        let mended = [word.surface.clone()];
        let alike = self.alike.unified(&mended);
        let unified = self.analyzer.lexicon().literal(&alike);
        let single = [alike, unified].into_iter().filter_map(|words| <[String; 1]>::try_from(words).ok());
        let others =
            single.flatten().flat_map(|word| self.analyzer.tokens_of(vec![word], &[])).map(|t| t.stem).collect();
        let mut others: Vec<String> = others;
        others.extend([bare(written), bare(&word.surface)]);
        Word { known: self.analyzer.knows(written), surface: written.to_owned(), others, ..word }
    }

    /// Those of `tokens` that mean something and are no facts, each with its place.
    fn words_of(&self, tokens: &[Token]) -> Vec<(usize, Word)> {
        let denials = denials(tokens);
        let (mut left, mut found) = (0, Vec::new());
        for (at, (token, denies)) in tokens.iter().zip(denials).enumerate() {
            let word = token.surface.as_str();
            if denies {
                left = REACH;
            }
            if is_listed(CLAUSES, word) {
                left = 0;
            }
            let crumb = || !token.known && is_abbreviated(word) && self.crumbs.contains(word);
            let skipped = token.stop
                || crumb()
                || word == ASIDE
                || [NEGATIONS, TELLING, MAY, MUST, QUESTIONS, CLAUSES].iter().any(|list| is_listed(list, word))
                || self.is_fact(word);
            if skipped {
                continue;
            }
            let actor = is_listed(ACTORS, &token.stem) || is_listed(GROUPS, &token.stem);
            let word = Word {
                surface: word.to_owned(),
                stem: token.stem.clone(),
                others: Vec::new(),
                known: token.known,
                light: self.light.contains(&token.stem) && !actor && !is_listed(ACTS, &token.stem),
                denied: (left > 0).then_some(REACH + 1 - left),
                weight: self.weight(&token.stem),
            };
            found.push((at, word));
            left = left.saturating_sub(1);
        }
        found
    }

    fn is_fact(&self, word: &str) -> bool {
        number(word).is_some() || is_listed(PROVINCES, word) || self.analyzer.lexicon().is_name(word)
    }
}

/// Words that ask; see [`Asks`].
const QUESTIONS: &str = "kapan dimana mana kemana darimana siapa berapa kenapa bagaimana cara apa";

/// The clauses of a text, as its signs tell. A sign between digits ends none.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let is_end = move |(at, _): &(usize, &str)| !(digit(at.checked_sub(1)) && digit(Some(at + 1)));
    let signs = text.match_indices(['.', ',', '?', '!', ';', ':', '(', ')', '\n']).filter(is_end);
    let mut ends: Vec<usize> = signs.map(|(at, sign)| at + sign.len()).collect();
    ends.push(text.len());
    let starts: Vec<usize> = std::iter::once(0).chain(ends.iter().copied()).collect();
    starts.into_iter().zip(ends).map(|(start, end)| &text[start..end])
}

/// Which of the tokens of a clause are negations that deny, rather than ask whether.
fn denials(tokens: &[Token]) -> Vec<bool> {
    let surface = |at: usize| tokens.get(at).map_or("", |t| t.surface.as_str());
    let mut modal = false;
    (0..tokens.len())
        .map(|at| {
            let word = surface(at);
            if is_listed(CLAUSES, word) {
                modal = false;
            }
            let asked = modal;
            // "Tidak boleh": nothing is asked.
            modal |= is_listed("boleh bisa apa", word) && !(at > 0 && is_listed(NEGATIONS, surface(at - 1)));
            if !is_listed(NEGATIONS, word) {
                return false;
            }
            let asks = !matches!(word, "tanpa" | "jangan")
                && (std::mem::take(&mut modal) && asked
                    || at + 1 == tokens.len()
                    || is_listed(PARTICLES, surface(at + 1))
                    || surface(at + 1) == ASIDE
                    || at > 0 && is_listed(ASKS_WHETHER, surface(at - 1)));
            !asks
        })
        .collect()
}

fn asks(tokens: &[Token]) -> impl Iterator<Item = Asks> {
    let has = |list: &str| tokens.iter().any(|t| is_listed(list, &t.surface) || is_listed(list, &t.stem));
    // To whom one turns and where one goes is one question.
    let turns_to = has("lapor adu protes urus minta mohon permohonan aju ajuin ngajuin tanya kontak hubung hubungi");
    let kind = move |token: &Token| match token.surface.as_str() {
        "kapan" => Some(Asks::When),
        "siapa" if turns_to => Some(Asks::Where),
        "dimana" | "kemana" | "darimana" => Some(Asks::Where),
        "siapa" => Some(Asks::Who),
        "berapa" => Some(Asks::HowMany),
        "kenapa" => Some(Asks::Why),
        "cara" => Some(Asks::Way),
        _ => None,
    };
    tokens.iter().filter_map(kind).collect::<Vec<_>>().into_iter()
}

fn number(word: &str) -> Option<String> {
    let spelt = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, digits)| (*digits).to_owned());
    spelt.or_else(|| {
        let digits = word.bytes().any(|b| b.is_ascii_digit());
        digits.then(|| word.trim_start_matches('0').to_owned())
    })
}

/// A word without its vowels and doubled letters: people leave vowels out ("mhsswa").
fn skeleton(word: &str) -> String {
    let mut bones = String::new();
    for (at, c) in word.chars().enumerate() {
        // What many say alike they write alike.
        let c = match c {
            'f' | 'v' => 'p',
            'z' => 'j',
            c => c,
        };
        if (at == 0 || !"aiueo".contains(c)) && !bones.ends_with(c) {
            bones.push(c);
        }
    }
    bones
}

/// A word without what is set before and behind words, more roughly than a stemmer does it. "Pe-" alone makes of an act
/// somebody who does it, and stays.
fn bare(word: &str) -> String {
    let whole = |part: &&str| part.chars().count() >= MENDED;
    let cut = |word: &str| -> Option<String> {
        let end = ["nya", "kan", "in", "an", "e", "na", "ne"].iter().find_map(|suffix| word.strip_suffix(suffix));
        end.filter(|end| whole(end)).map(str::to_owned)
    };
    let around = |prefixes: &[&str]| prefixes.iter().find_map(|prefix| word.strip_prefix(prefix)).filter(whole);
    if let Some(end) = around(&["peng", "pem", "pen", "ke"]).and_then(cut) {
        return end;
    }
    let start = around(&["di", "nge", "ng", "meng", "mem", "men", "me", "ber", "ter", "se"]).unwrap_or(word);
    cut(start).unwrap_or_else(|| start.to_owned())
}

/// Whether a word has no vowels.
fn is_abbreviated(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_lowercase() && !"aiueo".contains(c))
}

/// Whether one of two words is the other, mistyped: letters left out, doubled, or swapped with their neighbour.
fn is_mistyped(a: &str, b: &str) -> bool {
    let (long, short) = if a.chars().count() >= b.chars().count() { (a, b) } else { (b, a) };
    let (long_count, short_count) = (long.chars().count(), short.chars().count());
    if short_count < 2 || a.chars().next() != b.chars().next() {
        return false;
    }
    // A letter more at the end makes another name ("Fadil", "Fadila").
    if long.starts_with(short) && !is_abbreviated(short) {
        return false;
    }
    let bones = skeleton(long);
    // Only consonants: "nm" for "nama", "dpt" for "dapat".
    if is_abbreviated(short) && bones == short && long_count > short_count {
        return true;
    }
    if short_count + 1 < MENDED {
        return false;
    }
    let left_out = bones == skeleton(short) && bones.chars().count() >= 2 && {
        // Only vowels that one of them lacks, none changed.
        let alike = |c: char| skeleton(&c.to_string());
        let mut rest = long.chars();
        short.chars().all(|c| rest.any(|other| alike(other) == alike(c)))
    };
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let slip =
        || short_count >= MENDED && osa_distance(a, b) == 1 && (long_count != short_count || sorted(a) == sorted(b));
    left_out || slip()
}

impl Word {
    fn is(&self, other: &Self) -> bool {
        let forms = |word: &Self| -> Vec<String> {
            [&word.surface, &word.stem].into_iter().chain(&word.others).cloned().collect()
        };
        let theirs = forms(other);
        if forms(self).iter().any(|form| theirs.contains(form)) {
            return true;
        }
        // What the FAQ knows was mended already, and two words that it knows are two.
        let short = is_abbreviated(&self.surface) || is_abbreviated(&other.surface);
        let own = forms(self);
        (short || !(self.known && other.known)) && own.iter().any(|form| theirs.iter().any(|t| is_mistyped(form, t)))
    }
}

/// Why two questions are not taken for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Apart {
    /// One of them holds what identifies a person.
    Private,
    /// They ask for different things.
    Asks,
    /// One denies what the other does not.
    Negation(String),
    /// A number, a name, a time or an unknown word stands in one of them only.
    Only(String),
    /// It goes the other way, or is done by the other one.
    Turned(String),
    /// Words are left over.
    Left(Vec<String>),
    /// They share too little.
    Little,
}

impl Matcher {
    /// What `question` asks, to be compared with others.
    pub fn gist(&self, question: &str) -> Gist {
        self.likeness.gist(question)
    }
}

impl Gist {
    fn read_facts(&mut self, tokens: &[Token], is_name: impl Fn(&str) -> bool) {
        let mut before = String::new();
        let mut last: Vec<String> = Vec::new();
        let mut mark: Option<(&str, usize)> = None;
        let mut named: Option<usize> = None;
        for (at, token) in tokens.iter().enumerate() {
            let word = token.surface.as_str();
            // "Ibu saya", "bapak tuh": somebody is spoken of, not to.
            let spoken_of = is_listed(KIN, word)
                && tokens.get(at + 1).is_some_and(|next| is_listed("saya tuh itu kami", &next.surface));
            let greets = at == 0 && is_listed("pagi siang sore malam", word);
            self.names |= is_name(word) || is_listed(PROVINCES, word);
            let digits = number(word);
            let own = digits.clone().unwrap_or_else(|| word.to_owned());
            let fact = digits.is_some()
                || is_name(word)
                || is_listed(PROVINCES, word)
                || is_listed(TELLING, word)
                || spoken_of;
            let called = named.is_some_and(|count| {
                !token.stop && !is_listed(GROUPS, word) && word != ASIDE || count > 0 && is_listed(OF_NAMES, word)
            });
            if (fact || called) && !greets {
                self.facts.entry(own.clone()).or_default().insert(before.clone());
            }
            named = match named {
                _ if is_listed(NAMED, word) || word == "sakit" && before == "rumah" => Some(0),
                Some(0) if called => Some(1),
                _ => None,
            };
            if is_listed(MARKS, word) {
                mark = Some((word, PLACED));
                continue;
            }
            if matches!(word, "dulu" | "dahulu" | "didahulukan" | "duluan") {
                let placed = last.iter().rev().take(PLACED).cloned();
                self.marked.entry("dulu".to_owned()).or_default().extend(placed);
            }
            if token.stop && !fact || word == ASIDE || is_listed(QUESTIONS, word) {
                continue;
            }
            before = if fact { own } else { token.stem.clone() };
            last.push(before.clone());
            if let Some((mark, left)) = mark.as_mut().filter(|(_, left)| *left > 0) {
                self.marked.entry((*mark).to_owned()).or_default().insert(before.clone());
                *left -= 1;
            }
        }
    }

    /// Reads who is what and who does something. `canonical` gives a word with its synonyms.
    fn read_actors(&mut self, tokens: &[Token], canonical: impl Fn(&str) -> String) {
        let mut last: Option<(String, usize)> = None;
        let mut meant = 0;
        for token in tokens {
            let word = canonical(&token.surface);
            let among = |list: &str| {
                let found = [word.as_str(), token.stem.as_str()].into_iter().find(|own| is_listed(list, own));
                found.map(str::to_owned)
            };
            meant += usize::from(!token.stop);
            // "KPU atau partai": neither is the other's.
            if is_listed("atau dan serta apa", &token.surface) {
                last = None;
            }
            if let Some(act) = among(ACTS) {
                let passive = token.surface.starts_with("di") && token.surface != act;
                let who = last.as_ref().map(|(who, _)| who.clone()).unwrap_or_default();
                self.acts.entry(act).or_insert((who, passive));
            } else if let Some(who) = among(ACTORS).or_else(|| among(GROUPS)) {
                // "Suami saya": it is he who is spoken of.
                if who == "saya" && last.as_ref().is_some_and(|(last, at)| is_listed(KIN, last) && *at == meant) {
                    continue;
                }
                if let Some((last, at)) = &last
                    && meant <= at + 1
                {
                    self.bonds.entry(who.clone()).or_insert(last.clone());
                }
                last = Some((who, meant));
            }
        }
    }

    /// Whether it holds what identifies a person.
    pub fn is_private(&self) -> bool {
        self.private
    }

    /// Whether it names a place or a party.
    pub fn names_somewhere(&self) -> bool {
        self.names
    }

    /// The stems by which texts that may ask the same are found.
    pub fn keys(&self) -> BTreeSet<&str> {
        let own = self.levels[1].iter().filter(|word| !word.light).map(|word| word.stem.as_str());
        own.chain(self.facts.keys().map(String::as_str)).collect()
    }

    /// Whether `other` asks the same; if not, why.
    ///
    /// # Errors
    ///
    /// What tells the two apart.
    pub fn compare(&self, other: &Self) -> Result<(), Apart> {
        if self.private || other.private {
            return Err(Apart::Private);
        }
        self.compare_facts(other)?;
        if self.asks != other.asks || self.is_may_and_must(other) {
            return Err(Apart::Asks);
        }
        if (self.negations == 0) != (other.negations == 0) {
            return Err(Apart::Negation(String::new()));
        }
        if let Some(turned) = self.turned(other) {
            return Err(Apart::Turned(turned));
        }
        let [spelt, unified] = [0, 1].map(|level| compare_words((self, other), level));
        spelt.or(unified)
    }

    fn compare_facts(&self, other: &Self) -> Result<(), Apart> {
        for (own, theirs) in [(self, other), (other, self)] {
            if let Some(fact) = own.facts.keys().find(|fact| !theirs.states(fact)) {
                return Err(Apart::Only(fact.clone()));
            }
        }
        // "TPS 3 dapil 2" is not "TPS 2 dapil 3".
        let stands = |gist: &Self, stem: &String| {
            gist.facts.contains_key(stem) || gist.levels.iter().flatten().any(|word| word.stem == *stem)
        };
        for (fact, before) in self.facts.iter().filter(|(fact, _)| number(fact).is_some()) {
            let Some(theirs) = other.facts.get(fact) else { continue };
            let elsewhere = |gist: &Self, before: &BTreeSet<String>| {
                !before.is_empty() && before.iter().all(|stem| stands(gist, stem))
            };
            if before.is_disjoint(theirs) && elsewhere(other, before) && elsewhere(self, theirs) {
                return Err(Apart::Turned(fact.clone()));
            }
        }
        Ok(())
    }

    /// Whether `word` is one of its facts, mistyped.
    fn names_fact(&self, word: &str) -> bool {
        self.facts.keys().any(|fact| number(fact).is_none() && is_mistyped(word, fact))
            || word == "satu" && self.facts.contains_key("1")
    }

    /// Whether it states the fact, if mistyped.
    fn states(&self, fact: &str) -> bool {
        let words = || self.levels[0].iter().map(|word| word.surface.as_str());
        let means = |word: &Word| word.others.iter().any(|other| other == fact);
        self.facts.contains_key(fact)
            || self.levels[0].iter().any(means)
            || fact == "1" && words().any(|word| word == "satu")
            || number(fact).is_none()
                && words().chain(self.facts.keys().map(String::as_str)).any(|word| is_mistyped(word, fact))
    }

    fn is_may_and_must(&self, other: &Self) -> bool {
        let only = |gist: &Self| (gist.modal.0 && !gist.modal.1, gist.modal.1 && !gist.modal.0);
        let (own, theirs) = (only(self), only(other));
        own.0 && theirs.1 || own.1 && theirs.0
    }

    /// What goes the other way, or is done by the other one.
    fn turned(&self, other: &Self) -> Option<String> {
        for (mark, own) in &self.marked {
            // "Dari A ke B" is turned round where the other goes to A or comes from B.
            let theirs = match mark.as_str() {
                "dari" => other.marked.get("ke").filter(|theirs| !theirs.is_disjoint(own)),
                "ke" => other.marked.get("dari").filter(|theirs| !theirs.is_disjoint(own)),
                _ => other.marked.get(mark).filter(|theirs| !theirs.is_subset(own) && !own.is_subset(theirs)),
            };
            if let Some(theirs) = theirs {
                return theirs.first().cloned();
            }
        }
        for (act, (who, passive)) in &self.acts {
            let Some((theirs, turned)) = other.acts.get(act) else { continue };
            let both = !who.is_empty() && !theirs.is_empty();
            // The verb is turned round and those who do it too, or neither.
            if both && (who == theirs) == (passive != turned) || who == theirs && passive != turned {
                return Some(act.clone());
            }
        }
        let bond = self.bonds.iter().find(|(what, who)| {
            let theirs = other.bonds.get(*what).filter(|theirs| theirs != who);
            // Both are named in both.
            theirs.is_some_and(|theirs| other.names_somebody(who) && self.names_somebody(theirs))
        });
        bond.map(|(what, _)| what.clone())
    }

    fn names_somebody(&self, who: &str) -> bool {
        self.bonds.iter().any(|(what, owner)| what == who || owner == who)
            || self.acts.values().any(|(actor, _)| actor == who)
            || self.levels.iter().flatten().any(|word| word.stem == who)
    }
}

/// Whether the words of two texts say the same; if not, why.
fn compare_words(texts: (&Gist, &Gist), level: usize) -> Result<(), Apart> {
    let (own, theirs) = (&texts.0.levels[level], &texts.1.levels[level]);
    let twin = |word: &Word, among: &[Word]| among.iter().find(|other| word.is(other)).cloned();
    let mut shared = 0.0;
    let mut count = BTreeSet::new();
    let mut left: Vec<&Word> = Vec::new();
    for word in own {
        match twin(word, theirs) {
            None => left.push(word),
            Some(twin) if matches!((twin.denied, word.denied), (None, Some(1)) | (Some(1), None)) => {
                return Err(Apart::Negation(word.surface.clone()));
            }
            Some(_) => {
                if count.insert(word.stem.as_str()) {
                    shared += word.weight;
                }
            }
        }
    }
    left.extend(theirs.iter().filter(|word| twin(word, own).is_none()));
    let forms = |word: &Word| word.others.iter().chain([&word.surface]).cloned().collect::<Vec<_>>();
    let is_fact = |word: &Word| forms(word).iter().any(|form| texts.0.names_fact(form) || texts.1.names_fact(form));
    left.retain(|word| !is_fact(word));
    if let Some(word) = left.iter().find(|word| !word.known) {
        return Err(Apart::Only(word.surface.clone()));
    }
    let heavy: Vec<&Word> = left.into_iter().filter(|word| !word.light).collect();
    if heavy.iter().map(|word| word.weight).sum::<f64>() > SPARE * shared {
        return Err(Apart::Left(heavy.iter().map(|word| word.surface.clone()).collect()));
    }
    let whole = |words: &[Word]| words.iter().map(|word| word.weight).sum::<f64>();
    let fewest = FEWEST.min(own.len()).min(theirs.len()).max(1);
    if count.len() < fewest || shared < SHARED * whole(own).min(whole(theirs)) {
        return Err(Apart::Little);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::source::Source;

    fn same(pairs: &[(&str, &str)]) -> Vec<bool> {
        let (faq, _) = Faq::load(&Source::BuiltIn);
        let matcher = Matcher::new(&faq.expect("a sound FAQ"));
        pairs.iter().map(|(a, b)| matcher.gist(a).compare(&matcher.gist(b)).is_ok()).collect()
    }

    #[test]
    fn other_spelling_and_order_is_the_same_question() {
        let pairs = [
            (
                "TPS 12 Sukarame kebanjiran, nyoblosnya pindah ke mana?",
                "tps 12 sukarame kbanjiran nyblosnya pindah kmn ya min",
            ),
            ("boleh ga celup jari kiri aja", "celup jari kiri aja boleh ga ya kak, makasih"),
            (
                "warung saya dipasangi baliho caleg, boleh dicopot?",
                "baliho caleg dipasang di warung saya, boleh dicopot ga",
            ),
            ("kapan honor KPPS cair", "honor kpps cairnya kpn sih"),
        ];
        assert_eq!(same(&pairs), [true; 4]);
    }

    #[test]
    fn what_an_answer_may_hang_on_tells_apart() {
        let pairs = [
            ("TPS 12 Sukarame pindah ke mana", "TPS 13 Sukarame pindah ke mana"),
            ("TPS di Bogor pindah ke mana", "TPS di Depok pindah ke mana"),
            ("ijazah pak Hendri asli ga", "ijazah pak Hendra asli ga"),
            ("RS Harapan Kita ada TPS?", "RS Harapan Bunda ada TPS?"),
            ("KTP saya hilang di pasar", "KK saya hilang di pasar"),
            ("besok boleh konvoi?", "lusa boleh konvoi?"),
            ("boleh konvoi di masa tenang", "ga boleh konvoi di masa tenang"),
            ("pindah dari Gowa ke Makassar", "pindah dari Makassar ke Gowa"),
            ("caleg melaporkan saksi ke Bawaslu", "saksi melaporkan caleg ke Bawaslu"),
            ("suami saya PNS, saya jualan", "saya PNS, suami saya jualan"),
            ("pantarlih kerjanya kapan", "pantarlih kerjanya di mana"),
            ("celup tinta dulu baru nyoblos", "nyoblos dulu baru celup tinta"),
            ("NIK saya [nomor disamarkan] ganda", "NIK saya [nomor disamarkan] ganda"),
        ];
        assert_eq!(same(&pairs), [false; 13]);
    }

    #[test]
    fn a_typing_error_leaves_letters_out_and_changes_none() {
        for (a, b) in
            [("mahasiswa", "mhsswa"), ("jeddah", "jedah"), ("huruf", "hurup"), ("nama", "nm"), ("tidak", "tdiak")]
        {
            assert!(is_mistyped(a, b) && is_mistyped(b, a), "{a} {b}");
        }
        for (a, b) in [("rini", "rina"), ("hendri", "hendra"), ("fadil", "fadila"), ("sukamaju", "sukamulya")] {
            assert!(!is_mistyped(a, b) && !is_mistyped(b, a), "{a} {b}");
        }
    }
}
