//! Reads what a question asks into a [`Gist`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::ask::{asks, may_ask};
use super::order::{JOINS, Order};
use super::word::{Word, bare, is_abbreviated, is_mistyped, number, skeleton};
use super::{Gist, Part};
use crate::faq::Faq;
use crate::matcher::index::Example;
use crate::matcher::plain::{GROUPS, PROVINCES};
use crate::text::analyze::{Analyzer, Token};
use crate::text::is_listed;
use crate::text::lexicon::{Group, Lexicon};
use crate::text::mask::{HIDDEN_EMAIL, HIDDEN_NUMBER};
use crate::text::normalize::words;

/// What turns round what follows.
const NEGATIONS: &str = "tidak bukan belum jangan tanpa";
/// How many words that mean something a negation may reach; the first of them it does.
const REACH: usize = 3;
/// After one of these a negation only asks whether: "boleh ga".
const ASKS_WHETHER: &str = "boleh bisa harus perlu sah mau ada benar kena aman jadi termasuk wajib";
/// Before one of these too.
const PARTICLES: &str = "sih ya yah kak min pak bu bang dong kah nih gan mas mbak tuh kalau buat untuk di ke \
    pada saat waktu pas dari dengan oleh";
/// Days, times of a day, colours and sides: both texts name them, or none.
const TELLING: &str = "besok lusa kemarin senin selasa rabu kamis jumat sabtu minggu pagi siang sore malam subuh dini masjid gereja pura vihara kelenteng musala \
    pertama kedua ketiga terakhir awal akhir merah biru kuning hijau putih hitam ungu abu kanan kiri januari februari \
    maret april mei juni juli agustus september oktober november desember maghrib magrib dzuhur zuhur ashar isya lebaran ramadan puasa natal sebelum setelah";
/// Times of which chat tells as well.
pub(super) const TIMES: &str = "kemarin pagi siang sore malam subuh tadi sekarang hari minggu";
/// After what comes the matter that they place.
const MARKS: &str = "sebelum setelah dari ke tanpa";
/// What goes before stands before one of these.
const FIRST: &str = "dulu dahulu didahulukan duluan";
/// Times that "lalu" says are over.
const PAST: &str = "tahun bulan minggu hari pemilu pilkada pilpres pileg periode kemarin waktu malam";
/// Words that end what a negation reaches, and what "boleh" asks of.
const CLAUSES: &str = "tetapi karena kalau padahal terus soalnya lalu sedangkan namun";
/// What may be said of an act: that one may, or that one must.
const MAY: &str = "boleh bisa";
/// See [`MAY`].
const MUST: &str = "harus perlu wajib";
/// How many words behind one of these are what it places.
const PLACED: usize = 3;
/// People and bodies who do something to one another, beside [`GROUPS`].
const ACTORS: &str = "saya suami istri anak bapak ayah ibu adik kakak mertua orang tua paman bibi kakek nenek keponakan \
    sepupu kpu bawaslu partai timses caleg calon saksi pemilih warga rt rw pengawas ketua anggota teman atasan bos tetangga \
    kandidat bupati wakil mahasiswa siswa murid santri guru dosen panitia majikan karyawan buruh relawan pendukung pemantau \
    polisi tentara lurah camat";
/// Whose somebody is: "suami saya" is the husband.
pub(super) const KIN: &str = "suami istri anak bapak ayah ibu adik kakak mertua tua paman bibi kakek nenek keponakan sepupu teman atasan \
    bos tetangga majikan";
/// Whether `who` is somebody who may do something at an election.
pub(super) fn is_somebody(who: &str) -> bool {
    [ACTORS, GROUPS, STAFF].iter().any(|list| is_listed(list, who))
}

/// Whether `who` is one of [`KIN`].
pub(super) fn is_kin(who: &str) -> bool {
    is_listed(KIN, who)
}

/// Who works at an election, beside [`ACTORS`].
const STAFF: &str = "kpps pps ppk panwas linmas pantarlih petugas";
/// What they do to one another.
const ACTS: &str = "lapor bagi ancam paksa kasih bayar suap ganti gugat tuntut usir tuduh hina larang suruh ajak lawan kalah \
    dukung bantu kirim terima pinjam jual beli foto cium tampar pukul pecat tegur tipu ingat damping temani jemput antar \
    tolong goda curi rebut tahan tolak minta";
/// The forms of [`ACTS`], which the stemmer tells from their root only where that begins with no t, p, k or s: each with its
/// root, and whether it is passive.
static FORMS: LazyLock<HashMap<String, (&'static str, bool)>> = LazyLock::new(|| {
    let mut forms = HashMap::new();
    for act in ACTS.split_whitespace() {
        for end in ["", "kan", "i", "nya", "in"] {
            let active = active(act);
            // "Menipu", as it is said: "nipu".
            let said = active.strip_prefix("me").unwrap_or(&active).to_owned();
            forms.insert(format!("{active}{end}"), (act, false));
            forms.insert(format!("{said}{end}"), (act, false));
            forms.insert(format!("di{act}{end}"), (act, true));
        }
    }
    forms
});

/// The active form of a root by the rules of the prefix me- (Tata Bahasa Baku Bahasa Indonesia).
fn active(root: &str) -> String {
    let rest = root.get(1..).unwrap_or_default();
    match root.as_bytes().first() {
        Some(b't') => format!("men{rest}"),
        Some(b'p') => format!("mem{rest}"),
        Some(b'k') => format!("meng{rest}"),
        Some(b's') => format!("meny{rest}"),
        Some(b'b' | b'f' | b'v') => format!("mem{root}"),
        Some(b'c' | b'd' | b'j' | b'z') => format!("men{root}"),
        Some(b'l' | b'r' | b'm' | b'n' | b'w' | b'y') => format!("me{root}"),
        _ => format!("meng{root}"),
    }
}

/// Whether a verb says what is done to what stands before it, by its prefix; none if it is no such form.
fn voice(word: &str) -> Option<bool> {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| word.starts_with(prefix));
    // What "dipasangi" is done to is where "dipasang" is done.
    if word.len() < SHORTEST_VERB || word.ends_with('i') {
        return None;
    }
    if begins(&["di"]) {
        return Some(true);
    }
    begins(&["me", "ng", "ny"]).then_some(false)
}

/// What stands before a name, and words that names are made of though they mean nothing elsewhere.
const NAMED: &str = "rs rsud rsia rsup puskesmas universitas desa kelurahan kecamatan masjid gereja pasar pak bu ustaz ustad kiai kyai habib gus";
/// See [`NAMED`].
const OF_NAMES: &str = "kita bunda ibu bapak anda kami mas bu pak kakak adik";
/// A word that stands in at least so many entries, and in each in at most this share of the phrasings, comes and goes.
const LIGHT: (usize, f64) = (30, 0.3);
/// Ideas of the lexicon that are a topic and several things: a shirt and a cap, a secretary and a hamlet head.
const TOPICS: [&str; 14] = [
    "atribut",
    "difabel",
    "saudara",
    "perangkat desa",
    "fasilitas negara",
    "tempat ibadah",
    "spanduk",
    "guru",
    "sekolah",
    "sembako",
    "hadiah",
    "kampanye hitam",
    "rumah sakit",
    "mobil dinas",
];
/// Anybody who votes: a question that names them asks no more than one that does not.
const ANYBODY: &str = "pemilih orang warga masyarakat voter people";
/// By what something is done, or that it has a colour: what follows tells it.
const BY: &str = "pakai guna warna";
/// Numbers of years that are the age of somebody who votes, or nearly does.
const AGES: Range<u32> = 13..110;
/// The shortest verb that has a prefix.
const SHORTEST_VERB: usize = 5;
/// Verbs without a prefix.
const VERBS: &str = "ikut masuk hadir datang pindah pulang pergi coblos nyoblos milih pilih daftar urus lapor pakai bawa ganti ambil naik \
    turun keluar kembali maju mundur jadi lihat cek tetap langsung ikutan lolos pakai bantu";
/// The shortest unknown word that may be one that means nothing, mistyped, though it has vowels.
const SHORTEST_CRUMB: usize = 3;
/// Stands for what comes and goes.
const ASIDE: &str = "sambilan";

/// A clause of a text.
struct Clause {
    /// Its words as they were written, but for chat spelling.
    written: Vec<String>,
    /// As many, with typing errors mended, and asides taken out.
    told: Vec<String>,
    unknown: Vec<String>,
    /// What somebody becomes: "jadi saksi".
    becomes: Vec<String>,
}

/// By what questions are compared: how words stand in the FAQ, and `padanan.toml`.
#[derive(Debug, Clone)]
pub(in crate::matcher) struct Likeness {
    analyzer: Analyzer,
    alike: Lexicon,
    asides: Lexicon,
    /// Words of chat about how one came to ask.
    chatter: HashSet<String>,
    /// Words that mean nothing, without their vowels.
    crumbs: HashSet<String>,
    /// The same, whole.
    nothing: Vec<String>,
    rarity: HashMap<String, f64>,
    light: HashSet<String>,
    most: f64,
}

impl Likeness {
    /// Over `faq`; `examples` are its phrasings with their classes.
    pub(in crate::matcher) fn new<'e>(
        faq: &Faq,
        analyzer: &Analyzer,
        examples: impl Iterator<Item = &'e Example>,
    ) -> Self {
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
        analyzer.part(&TOPICS);
        let own = &faq.likeness;
        analyzer.name_places(own.abroad.iter().map(String::as_str));
        let groups = own.alike.iter().flat_map(|group| std::iter::once(&group.standard).chain(&group.variants));
        groups.chain(&own.asides).chain(&own.abroad).for_each(|text| analyzer.learn(text));
        let spelt = |text: &String| analyzer.lexicon().spelled(&words(text)).join(" ");
        let nothing = analyzer.lexicon().stop_words().chain(own.asides.iter().map(String::as_str));
        let nothing = nothing.chain(CLAUSES.split_whitespace()).chain(PARTICLES.split_whitespace());
        let nothing: Vec<String> = nothing.filter(|word| !word.contains(' ')).map(str::to_owned).collect();
        let crumbs = nothing.iter().map(|word| skeleton(word)).filter(|bones| is_abbreviated(bones)).collect();
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
            [NEGATIONS, TELLING, MARKS, MAY, MUST, QUESTIONS, OF_NAMES, "tuh ada"]
                .iter()
                .any(|list| is_listed(list, phrase))
                || phrase.split(' ').any(|word| is_listed(FIRST, word))
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
            nothing,
            chatter: own.chatter.iter().cloned().collect(),
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
    pub(super) fn gist(&self, text: &str) -> Gist {
        let private = text.contains(HIDDEN_NUMBER) || text.contains(HIDDEN_EMAIL);
        let mut parts = Vec::new();
        let read: Vec<Clause> = clauses(text).map(|clause| self.read(clause)).collect();
        let tells = read.iter().any(|clause| !self.chats(clause));
        let mut base = 0;
        let mut actor = None;
        for clause in read.into_iter().filter(|clause| !tells || !self.chats(clause)) {
            let Clause { written, told, unknown, becomes } = clause;
            let mut gist = Part::default();
            if !becomes.is_empty() {
                gist.marked.insert("jadi".to_owned(), becomes.into_iter().collect());
            }
            let lexicon = self.analyzer.lexicon();
            let tokens = |words: Vec<String>| self.analyzer.tokens_of(words, &unknown);
            let placed = told.iter().cloned().enumerate().map(|(at, word)| (word, at..at + 1)).collect::<Vec<_>>();
            let alike = self.alike.literal_placed(&placed);
            let spelt = tokens(lexicon.with_names(&alike.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>()));
            let (unified, places): (Vec<String>, Vec<Range<usize>>) =
                lexicon.literal_placed(&alike).into_iter().unzip();
            let unified = tokens(unified);
            // A name is compared as it was written, not as what it might have been meant to be.
            let as_written = |places: &[Range<usize>]| -> Vec<String> {
                let own = |place: &Range<usize>| {
                    if place.len() == 1 { &written[place.start..place.end] } else { &told[place.clone()] }
                };
                places.iter().map(|place| own(place).join(" ")).collect()
            };
            let with_names = lexicon.names_placed(&placed);
            let (named, named_places): (Vec<String>, Vec<Range<usize>>) = with_names.into_iter().unzip();
            let is_name = |word: &str| lexicon.is_name(word);
            let facts = gist.read_facts(&tokens(named), &as_written(&named_places), is_name);
            // "C6" is the invitation: what the list gives another name without a fact in it is a word.
            let is_word = |own: &usize| {
                let over: Vec<&str> = alike
                    .iter()
                    .filter(|(_, place)| place.start < named_places[*own].end && named_places[*own].start < place.end)
                    .map(|(word, _)| word.as_str())
                    .collect();
                over.iter().all(|word| {
                    number(word).is_none()
                        && !told.iter().any(|own| own == word)
                        && !self.is_fact(word)
                        && !is_listed(TELLING, word)
                        && !is_listed(KIN, word)
                })
            };
            for (fact, _) in facts.iter().filter(|(fact, own)| number(fact).is_some() && is_word(own)) {
                gist.facts.remove(fact);
            }
            let mut others = Part::default();
            let renamed = others.read_facts(&unified, &as_written(&places), is_name);
            for (fact, place) in renamed {
                let place = &places[place];
                let at = |own: &usize| named_places[*own].start < place.end && place.start < named_places[*own].end;
                match facts.iter().find(|(_, own)| at(own)) {
                    Some((own, _)) => gist.renamed.entry(own.clone()).or_default().insert(fact),
                    None => gist.facts.entry(fact).or_default().insert(String::new()),
                };
            }
            gist.asks.extend(asks(&told, &unified));
            gist.may_ask
                .extend(may_ask(written.iter().map(String::as_str).chain(unified.iter().map(|t| t.stem.as_str()))));
            let told_tokens = tokens(told.clone());
            let canonical = |word: &str| self.alike.unified(&lexicon.canonical(&[word.to_owned()])).join(" ");
            actor = gist.read_actors(&told_tokens, actor, canonical);
            let each: Vec<Range<usize>> = (0..told.len()).map(|at| at..at + 1).collect();
            gist.orders = [order(&told, &told_tokens, &each), order(&told, &unified, &places)];
            let said = |list: &str| unified.iter().any(|token| is_listed(list, &token.surface));
            gist.modal.0 |= said(MAY);
            gist.modal.1 |= said(MUST);
            gist.read_denials(&told, &unified, &places);
            // What is made of several words is told by the name whole.
            let names: BTreeSet<&str> =
                spelt.iter().filter(|t| t.surface.contains(' ')).flat_map(|t| t.surface.split(' ')).collect();
            let each = self.words_of(&told_tokens);
            let each = each.into_iter().filter(|(_, word)| !names.contains(word.surface.as_str()));
            gist.levels[0].extend(each.map(|(at, word)| Word {
                place: base + at..base + at + 1,
                ..self.as_written(word, written.get(at).map_or("", String::as_str))
            }));
            gist.levels[1].extend(
                self.words_of(&unified)
                    .into_iter()
                    .map(|(at, word)| Word { place: base + places[at].start..base + places[at].end, ..word }),
            );
            base += told.len();
            parts.push(gist);
        }
        let mut whole = Part::default();
        parts.iter().for_each(|part| whole.absorb(part));
        Gist { whole, clauses: if parts.len() > 1 { parts } else { Vec::new() }, private }
    }

    fn read(&self, clause: &str) -> Clause {
        let (written, mut mended): (Vec<String>, Vec<String>) = self.analyzer.each_mended(clause).into_iter().unzip();
        // One letter for another makes another name: "Mahmud" is not "Mahfud".
        for (own, mended) in written.iter().zip(&mut mended) {
            if self.analyzer.lexicon().is_name(mended) && own != mended && !is_mistyped(own, mended) {
                mended.clone_from(own);
            }
        }
        let unknown = mended.iter().filter(|word| !self.analyzer.knows(word)).cloned().collect();
        // What was mended may be a chat spelling itself.
        let spelt = self.analyzer.lexicon().spelled(&mended);
        let written = if spelt.len() == written.len() { written } else { spelt.clone() };
        let spelt = self.with_modals(&spelt);
        Clause { told: self.asides.unified(&spelt), written, unknown, becomes: self.becomes(&words(clause)) }
    }

    /// Who somebody becomes, by stem. The lexicon knows "jadi saksi" as one thing, so this is read as it was written.
    fn becomes(&self, words: &[String]) -> Vec<String> {
        let becomes = words.windows(2).filter(|two| is_listed("jadi jd menjadi", &two[0]));
        let stems = becomes.flat_map(|two| self.analyzer.tokens_of(vec![two[1].clone()], &[])).map(|token| token.stem);
        stems.filter(|stem| is_somebody(stem)).collect()
    }

    /// "Dapat" before a verb says that one can; elsewhere, that one gets something.
    fn with_modals(&self, words: &[String]) -> Vec<String> {
        let is_verb = |word: &String| {
            let affixed = ["di", "me", "ber", "ter"].iter().any(|prefix| word.starts_with(prefix));
            let stem = || self.analyzer.tokens_of(vec![word.clone()], &[]).remove(0).stem;
            is_listed(VERBS, word) || affixed && stem() != *word
        };
        let at = |at: usize| words.get(at).is_some_and(is_verb);
        let can = |(at_word, word): (usize, &String)| {
            if word == "dapat" && at(at_word + 1) { "bisa".to_owned() } else { word.clone() }
        };
        words.iter().enumerate().map(can).collect()
    }

    /// Whether a clause only chats: it says how somebody came to ask, and nothing that an answer may hang on.
    fn chats(&self, clause: &Clause) -> bool {
        let tokens = self.analyzer.tokens_of(clause.told.clone(), &clause.unknown);
        let is_chat = |token: &Token| self.chatter.contains(&token.surface) || self.chatter.contains(&token.stem);
        let lead = |token: &Token| {
            token.stop
                || token.surface == ASIDE
                || [NEGATIONS, TIMES, CLAUSES, "ada bisa"].iter().any(|list| is_listed(list, &token.surface))
        };
        let whole = tokens.iter().all(|token| is_chat(token) || lead(token) && !is_listed(KIN, &token.surface));
        // "Salam dari Kebumen" says where somebody is, and asks nothing of it.
        let greets = matches!(clause.written.as_slice(), [salam, dari, _] | [salam, dari, _, _] if salam == "salam" && dari == "dari");
        greets || whole && tokens.iter().any(is_chat)
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
        let known = self.analyzer.knows(written) || word.light;
        Word { known, surface: written.to_owned(), others, ..word }
    }

    /// Those of `tokens` that mean something and are no facts, each with its place.
    fn words_of(&self, tokens: &[Token]) -> Vec<(usize, Word)> {
        let denials = denials(tokens);
        let (mut left, mut without, mut found) = (0, false, Vec::new());
        for (at, (token, denies)) in tokens.iter().zip(denials).enumerate() {
            let word = token.surface.as_str();
            if denies {
                left = REACH;
            }
            without = denies && word == "tanpa" || without && left > 0;
            if is_listed(CLAUSES, word) || without && is_listed("di ke pada yang", word) {
                left = 0;
            }
            let crumb = !token.known && self.is_crumb(word);
            // "16 tahun" is an age, and so is "16".
            let years =
                word == "tahun" && at > 0 && tokens[at - 1].surface.parse().is_ok_and(|age: u32| AGES.contains(&age));
            let skipped = token.stop
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
                known: token.known || crumb,
                place: at..at + 1,
                light: crumb
                    || years
                    || is_listed(BY, &token.stem)
                    || is_listed(ANYBODY, word)
                    || self.light.contains(&token.stem) && !actor && !is_listed(ACTS, &token.stem),
                denied: (left > 0).then_some(REACH + 1 - left),
                weight: self.weight(&token.stem),
            };
            found.push((at, word));
            left = left.saturating_sub(1);
        }
        found
    }

    /// Whether an unknown word is one that means nothing, mistyped.
    fn is_crumb(&self, word: &str) -> bool {
        is_abbreviated(word) && self.crumbs.contains(word)
            || word.len() >= SHORTEST_CRUMB
                && self.nothing.iter().any(|whole| whole.len() > word.len() && is_mistyped(word, whole))
    }

    fn is_fact(&self, word: &str) -> bool {
        number(word).is_some() || is_listed(PROVINCES, word) || self.analyzer.lexicon().is_name(word)
    }
}

/// Words that ask; see [`super::ask::Asks`].
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

/// Which of the tokens of a clause are negations that deny, rather than ask whether: "boleh ga", "boleh dicopot ga di sini",
/// "boleh apa tidak".
fn denials(tokens: &[Token]) -> Vec<bool> {
    let surface = |at: usize| tokens.get(at).map_or("", |t| t.surface.as_str());
    let before = |at: usize, back: usize| at.checked_sub(back).map_or("", surface);
    (0..tokens.len())
        .map(|at| {
            let word = surface(at);
            if !is_listed(NEGATIONS, word) {
                return false;
            }
            let whether = is_listed(ASKS_WHETHER, before(at, 1))
                || is_listed("apa atau", before(at, 1)) && is_listed(ASKS_WHETHER, before(at, 2))
                || is_listed("sendiri saja", before(at, 1));
            // "Masih boleh masuk gak saksi yang telat": of whom that is asked is said afterwards.
            let since = (0..at).rev().take_while(|before| !is_listed(CLAUSES, surface(*before)));
            let somebody = tokens.get(at + 1).is_some_and(|next| {
                let lists = [ACTORS, GROUPS, STAFF, KIN, ANYBODY, "kami kita dia mereka tahan pasien"];
                lists.iter().any(|list| is_listed(list, &next.surface) || is_listed(list, &next.stem))
            });
            let whether = whether
                || somebody
                    && since
                        .into_iter()
                        .any(|before| is_listed(ASKS_WHETHER, surface(before)) || surface(before) == "masih");
            let asks = !matches!(word, "tanpa" | "jangan")
                && (at + 1 == tokens.len()
                    || is_listed(PARTICLES, surface(at + 1))
                    || surface(at + 1) == ASIDE
                    || whether);
            !asks
        })
        .collect()
}

/// In which order things are named. Each of `tokens` stands for `places` of `told`.
fn order(told: &[String], tokens: &[Token], places: &[Range<usize>]) -> Order {
    let mut order = Order::default();
    for ((token, place), denies) in tokens.iter().zip(places).zip(denials(tokens)) {
        let word = token.surface.as_str();
        let actor = [ACTORS, GROUPS].iter().any(|list| is_listed(list, word) || is_listed(list, &token.stem));
        if denies {
            order.deny();
        }
        if is_listed(CLAUSES, word) {
            order.end_clause();
        }
        if is_listed(JOINS, word) {
            order.join();
        }
        if word == "oleh" {
            order.end_clause();
        }
        if is_listed("di pada dalam", word) {
            order.locate();
        }
        let named = is_listed("sebelum setelah dulu", word);
        let skipped = token.stop && !actor
            || word == ASIDE
            || [NEGATIONS, MAY, MUST, QUESTIONS, CLAUSES].iter().any(|list| is_listed(list, word));
        if skipped && !named {
            continue;
        }
        let act = told[place.clone()].iter().find_map(|said| {
            let form = FORMS.get(said).map(|(_, passive)| *passive).or(is_listed(ACTS, said).then_some(false));
            form.or_else(|| (*said != token.stem).then(|| voice(said)).flatten())
        });
        order.push(&number(word).unwrap_or_else(|| token.stem.clone()), act, actor);
    }
    order.end_clause();
    order
}

impl Part {
    /// Takes in what another clause says.
    pub(super) fn absorb(&mut self, other: &Self) {
        for (own, theirs) in self.levels.iter_mut().zip(&other.levels) {
            own.extend(theirs.iter().cloned());
        }
        let maps =
            [(&mut self.facts, &other.facts), (&mut self.renamed, &other.renamed), (&mut self.marked, &other.marked)];
        for (own, theirs) in maps {
            for (name, values) in theirs {
                own.entry(name.clone()).or_default().extend(values.iter().cloned());
            }
        }
        for (what, who) in &other.bonds {
            self.bonds.entry(what.clone()).or_insert_with(|| who.clone());
        }
        for (act, who) in &other.acts {
            self.acts.entry(act.clone()).or_insert_with(|| who.clone());
        }
        self.asks.extend(&other.asks);
        self.may_ask.extend(&other.may_ask);
        self.orders.iter_mut().zip(&other.orders).for_each(|(own, theirs)| own.absorb(theirs));
        self.modal = (self.modal.0 || other.modal.0, self.modal.1 || other.modal.1);
        self.negations += other.negations;
        self.said_negations += other.said_negations;
        self.names |= other.names;
    }

    /// Reads numbers, names and times of `tokens`, which were `written` so.
    /// Each of those found, with its place among the tokens.
    fn read_facts(
        &mut self,
        tokens: &[Token],
        written: &[String],
        is_name: impl Fn(&str) -> bool,
    ) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        let mut before = String::new();
        let mut last: Vec<String> = Vec::new();
        let mut mark: Option<(&str, usize)> = None;
        let mut named: Option<usize> = None;
        for (at, token) in tokens.iter().enumerate() {
            let word = token.surface.as_str();
            // "Ibu saya", "bapak tuh": somebody is spoken of, not to.
            let spoken_of = is_listed(KIN, word)
                && (tokens.get(at + 1).is_some_and(|next| is_listed("saya tuh itu kami", &next.surface))
                    || at > 0 && tokens[at - 1].surface == "my"
                    || written[at].starts_with("my ")
                    || written[at].ends_with("ku"));
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
                !token.stop
                    && !is_listed(GROUPS, word)
                    && !is_listed(QUESTIONS, word)
                    && ![MAY, MUST, NEGATIONS, VERBS, "tanggal jam hari"].iter().any(|list| is_listed(list, word))
                    && word != ASIDE
                    || count > 0 && is_listed(OF_NAMES, word)
            });
            if (fact || called) && !greets {
                let own = if called && !fact { written[at].clone() } else { own.clone() };
                found.push((own.clone(), at));
                self.facts.entry(own).or_default().insert(before.clone());
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
            // "Pemilu lalu" is no order.
            let after = matches!(word, "lalu" | "kemudian") && !is_listed(PAST, &before);
            if after || is_listed(FIRST, word) {
                let placed = last.iter().rev().take(PLACED).cloned();
                self.marked.entry("dulu".to_owned()).or_default().extend(placed);
            }
            if token.stop && !fact || word == ASIDE || is_listed(QUESTIONS, word) {
                continue;
            }
            // "TPS nomor 3" is "TPS 3".
            if is_listed("nomor urut", word) {
                continue;
            }
            before = if fact { own } else { token.stem.clone() };
            last.push(before.clone());
            if let Some((mark, left)) = mark.as_mut().filter(|(_, left)| *left > 0) {
                self.marked.entry((*mark).to_owned()).or_default().insert(before.clone());
                *left -= 1;
            }
        }
        found
    }

    /// Counts what denies. Where one word stands for several of which one denies ("terlarang", "kepencet"), that only counts
    /// among all.
    fn read_denials(&mut self, told: &[String], unified: &[Token], places: &[Range<usize>]) {
        for (at, _) in denials(unified).iter().enumerate().filter(|(_, denies)| **denies) {
            let place = &places[at];
            let means = |token: &Token| {
                !token.stop && ![NEGATIONS, MAY, MUST, QUESTIONS].iter().any(|list| is_listed(list, &token.surface))
            };
            let bound = unified.iter().zip(places).any(|(token, own)| own == place && means(token));
            let said = told[place.clone()].iter().any(|word| is_listed(NEGATIONS, word));
            self.negations += 1;
            self.said_negations += usize::from(said || !bound);
        }
    }

    /// Reads who is what and who does something: first the one whom the clause before named last, who is given back for the next.
    /// `canonical` gives a word with its synonyms.
    fn read_actors(
        &mut self,
        tokens: &[Token],
        before: Option<String>,
        canonical: impl Fn(&str) -> String,
    ) -> Option<String> {
        // Beside nobody of this clause.
        let mut meant = 2;
        let mut last: Option<(String, usize)> = before.map(|who| (who, 0));
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
            let form = FORMS.get(token.surface.as_str()).map(|(act, passive)| ((*act).to_owned(), *passive));
            let own =
                is_listed(ACTS, &token.surface) || is_listed(ACTS, &token.stem) || voice(&token.surface).is_some();
            let act = || among(ACTS).filter(|_| own);
            let stemmed = || act().map(|act| (token.surface.starts_with("di") && token.surface != act, act));
            if let Some((act, passive)) = form.or_else(|| stemmed().map(|(passive, act)| (act, passive))) {
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
        last.map(|(who, _)| who)
    }
}
