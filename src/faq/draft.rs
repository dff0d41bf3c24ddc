//! All files of a FAQ put together, and what is wrong with them as files: missing, copied, of another kind.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use super::asn_check::{self, AsnCheck};
use super::decode::{decode, rescue};
use super::duplicate::{copied_files, looks_like_copy, same_names, take_doubles};
use super::election::{self, Election};
use super::entry::{Entry, Phrasing};
use super::fault::{Fault, Rank, Report};
use super::head::lines_outside_blocks;
use super::kind::{Kind, SINGLE, mismatch};
use super::list::{self, Likeness, SmallTalk, Words};
use super::outline::{Outline, Written, ids_in};
use super::reader::{Reader, Table};
use super::report::{self as breach, Breach};
use super::review::reference;
use super::setting::{self, Settings};
use super::source::{File, Source};
use super::template::Templates;
use super::wording::{self, Wordings};
use super::{Faq, by_id, called, entry, jsonl, phrasing, review, sign, twin};

/// Reads and checks all of `source`.
pub(super) fn load(source: &Source, before: Option<&Faq>) -> (Option<Faq>, Report) {
    let mut report = Report::default();
    let (files, unread) = source.files();
    let mut draft = Draft::default();
    for fault in unread {
        draft.note_unread(&fault.file);
        report.push(fault);
    }
    draft.written.files.extend(files.iter().map(|file| file.name.clone()));
    for file in &files {
        if source.is_json_lines() {
            draft.read_json_lines(file, &mut report);
        } else {
            draft.read_toml(file, &mut report);
        }
    }
    if source.is_json_lines() {
        draft.borrow_words(&mut report);
        report.extend(take_doubles(&mut draft.entries));
    } else {
        draft.drop_copies(&mut report);
        draft.require_files(source, &mut report);
    }
    if draft.entries.is_empty() && report.is_clean() {
        let hint = "folder FAQ berisi berkas .toml dengan entri [[entry]]";
        let message = format!("{} tidak memuat satu entri pun", source.name());
        report.push(Fault::new(&source.name(), None, message).hint(hint).rank(Rank::Cause));
    }
    if !source.is_json_lines() {
        report.extend(called::fill(&mut draft.entries, &draft.elections));
    }
    let (faq, mut written) = draft.finish();
    report.extend(reference::missing_elections(&faq, &mut written));
    report.extend(review::across(&faq, &written));
    report.extend(phrasing::review(&faq));
    report.extend(twin::review(&faq, before));
    (report.is_clean().then_some(faq), report)
}

/// What has been read so far.
#[derive(Debug, Default)]
struct Draft {
    entries: Vec<Entry>,
    words: Words,
    small_talk: Vec<SmallTalk>,
    urgent: Vec<SmallTalk>,
    outside: Vec<Phrasing>,
    elsewhere: Vec<String>,
    wordings: Wordings,
    settings: Settings,
    elections: Vec<Arc<Election>>,
    /// Names of provinces, regencies and cities.
    places: Vec<String>,
    likeness: Likeness,
    asn_check: AsnCheck,
    breaches: Vec<Breach>,
    written: Written,
    /// Folders in which elections stand that should stand in `pemilu/`.
    misplaced: Vec<String>,
    /// The kinds of which something was read.
    filled: Vec<Kind>,
}

impl Draft {
    fn read_toml(&mut self, file: &File, report: &mut Report) {
        let Some(stem) = file.name.strip_suffix(".toml") else {
            if ![".md", ".jsonl"].iter().any(|end| file.name.ends_with(end)) {
                let fault = Fault::new(&file.name, None, "berkas ini tidak dibaca").warning();
                report.push(fault.hint("hanya berkas .toml yang dibaca; ganti nama atau pindahkan"));
            }
            return;
        };
        let text = match decode(file) {
            Ok((text, warnings)) => {
                report.extend(warnings);
                text
            }
            Err(fault) => {
                report.push(*fault);
                match rescue(file) {
                    Some(text) if Kind::of_name(stem) == Kind::Entries => self.note_ids(&file.name, &text, false),
                    _ => self.note_unread(&file.name),
                }
                return;
            }
        };
        let (text, unseen) = sign::clean(&file.name, text);
        report.extend(unseen);
        report.read(&file.name, &text);
        let kind = Kind::of_name(stem);
        let (mut reader, table) = Reader::parse(&file.name, &text, kind.heads());
        let root = Table::root("berkas ini", &table);
        let mismatch = mismatch(&file.name, kind, &root, |name| self.written.files.contains(name));
        // What can't be read may look like anything.
        let mismatch = mismatch.filter(|_| !reader.is_broken());
        let found = mismatch.as_ref().map_or(kind, |(found, _)| *found);
        if found == Kind::Entries || root.get("entry").is_some() {
            self.note_ids(&file.name, &text, reader.is_broken());
        }
        if let Some((found, fault)) = mismatch {
            let folder = stem.rsplit_once('/').map(|(folder, _)| folder.to_owned());
            let folder = folder.filter(|_| found == Kind::Election && kind == Kind::Entries);
            // A folder of elections under another name is one mistake.
            if folder.as_ref().is_none_or(|folder| !self.misplaced.contains(folder)) {
                report.push(fault);
            }
            self.misplaced.extend(folder);
            self.note_misplaced(stem);
            // What is missing under its own name has been found under another.
            self.filled.push(found);
            return;
        }
        match kind {
            Kind::Words => self.words = list::read_words(&mut reader, &root),
            Kind::SmallTalk => {
                let kinds = list::read_small_talk(&mut reader, &root);
                (self.urgent, self.small_talk) = kinds.into_iter().partition(|kind| kind.urgent);
            }
            Kind::Outside => self.outside = list::read_outside(&mut reader, &root),
            Kind::Settings => self.settings = setting::read(&mut reader, &root),
            Kind::Wording(language) => self.wordings.put(wording::read(&mut reader, &root, language)),
            Kind::Election => self.read_election(&mut reader, &root, stem),
            Kind::Places => self.places = called::read_places(&mut reader, &root),
            Kind::Likeness => self.likeness = list::read_likeness(&mut reader, &root),
            Kind::AsnCheck => self.asn_check = asn_check::read(&mut reader, &root),
            Kind::Breaches => self.breaches = breach::read(&mut reader, &root),
            Kind::Entries => self.entries.extend(entry::read(&mut reader, &root)),
        }
        if !root.keys().is_empty() || !reader.faults.is_empty() {
            self.filled.push(kind);
        }
        report.extend(reader.finish());
    }

    fn read_election<'f>(&mut self, reader: &mut Reader<'f>, root: &Table<'_, 'f>, stem: &str) {
        let key = stem.trim_start_matches("pemilu/");
        if election::is_template_name(key) {
            let read = election::read(reader, root, key);
            self.written.outlines.push(Outline::new(reader, root, key, read.as_ref()));
            self.elections.extend(read.map(Arc::new));
            return;
        }
        reader.faults.clear();
        let better = plain_name(key);
        let taken = self.written.files.contains(&format!("pemilu/{better}.toml"));
        let hint = if election::is_template_name(&better) && !taken && !looks_like_copy(key) {
            format!("ganti namanya menjadi {better}.toml; hanya huruf kecil, angka, dan garis bawah")
        } else {
            "hapus bila salinan; nama berkas hanya huruf kecil, angka, dan garis bawah: pemilu2029.toml".to_owned()
        };
        let message = "nama berkas ini tidak dapat dipakai sebagai nama di dalam jawaban";
        reader.faults.push(Fault::new(reader.file, None, message).hint(hint).rank(Rank::Cause));
        self.note_misplaced(stem);
    }

    /// A file that holds an election's data under a name that no answer can use.
    fn note_misplaced(&mut self, stem: &str) {
        let key = plain_name(stem.rsplit('/').next().unwrap_or_default());
        if !self.written.files.contains(&format!("pemilu/{key}.toml")) {
            self.written.lost.insert(key);
        }
    }

    /// A file of which nothing is known but its name.
    fn note_unread(&mut self, name: &str) {
        match name.strip_suffix(".toml").map(|stem| (stem, Kind::of_name(stem))) {
            Some((stem, Kind::Election)) => {
                let key = stem.rsplit('/').next().unwrap_or_default();
                self.written.outlines.push(Outline::unread(key, name));
            }
            Some((_, Kind::Entries)) | None => self.written.opaque = true,
            Some((_, kind)) => self.filled.push(kind),
        }
    }

    /// Notes which entries are written in a file, and whether more may be: it is broken or empty, or an entry has no
    /// id.
    fn note_ids(&mut self, name: &str, text: &str, broken: bool) {
        let ids = ids_in(text, broken);
        let heads = lines_outside_blocks(text).filter(|(_, line)| line.starts_with('[')).count();
        if broken || heads > ids.len() || ids.is_empty() {
            self.written.broken.insert(name.to_owned());
        }
        self.written.ids.extend(ids.into_iter().map(|id| (id.to_owned(), name.to_owned())));
    }

    fn read_json_lines(&mut self, file: &File, report: &mut Report) {
        match decode(file) {
            Ok((text, warnings)) => {
                report.extend(warnings);
                report.read(&file.name, &text);
                let (entries, outside, faults) = jsonl::read(&file.name, &text);
                self.entries.extend(entries);
                self.outside.extend(outside);
                report.extend(faults);
            }
            Err(fault) => report.push(*fault),
        }
    }

    /// A JSON Lines file brings entries and perhaps negative examples; what else a FAQ needs is that of the built-in one.
    fn borrow_words(&mut self, report: &mut Report) {
        let mut own = Self::default();
        for file in Source::BuiltIn.files().0 {
            let single =
                ["leksikon.toml", "teks.id.toml", "teks.en.toml", "di-luar.toml", "obrolan.toml", "daerah.toml"];
            if single.contains(&file.name.as_str())
                || Kind::of_name(file.name.trim_end_matches(".toml")) == Kind::Election
            {
                own.read_toml(&file, report);
            }
        }
        called::teach(&mut own.words.lexicon, &own.elections, &own.places, &self.entries);
        (self.words, self.wordings) = (own.words, own.wordings);
        if self.outside.is_empty() {
            let asked = own.outside.into_iter().chain(own.small_talk.into_iter().flat_map(|kind| kind.questions));
            self.elsewhere = asked.map(|question| question.text).collect();
        }
    }

    /// A copied file is told once, and what it repeats is left out.
    fn drop_copies(&mut self, report: &mut Report) {
        for copied in copied_files(&self.written) {
            let of = |file: &str| -> HashSet<&str> {
                self.written.ids.iter().filter(|(_, name)| name == file).map(|(id, _)| id.as_str()).collect()
            };
            let original = of(&copied.original);
            self.entries.retain(|entry| entry.file != copied.copy || !original.contains(entry.id.as_str()));
            report.forget(&copied.copy);
            report.push(copied.fault());
        }
        report.extend(take_doubles(&mut self.entries));
        report.extend(same_names(&self.written.outlines));
    }

    /// Files that should be there: without its wording a bot has nothing to say; without the others it does worse.
    fn require_files(&self, source: &Source, report: &mut Report) {
        if self.written.files.is_empty() {
            return;
        }
        for (kind, name, loss) in SINGLE {
            if self.filled.contains(&kind) {
                continue;
            }
            let there = self.written.files.contains(name);
            let what = if there { "kosong" } else { "tidak ada" };
            let message = format!("berkas `{name}` {what}");
            let first = if there { "hapus berkas kosong itu, lalu " } else { "" };
            let command = format!("tanya-pemilu faq-bawaan {} {name}", source.name());
            let hint =
                format!("{loss}; {first}kembalikan dari salinan Anda, atau dari FAQ bawaan dengan \"{command}\"");
            let fault = Fault::new(name, None, message).hint(hint).rank(Rank::Cause);
            match kind {
                Kind::Wording(_) => report.push(fault),
                // Every setting has its default, so an empty file is one way of saying so.
                Kind::Settings if there => {}
                _ => report.push(fault.warning()),
            }
        }
    }

    fn finish(mut self) -> (Faq, Written) {
        called::teach(&mut self.words.lexicon, &self.elections, &self.places, &self.entries);
        // A folder of before has no English of its own. What else is missing has been told; what answers say is judged
        // with the built-in wording.
        let wordings = Arc::new(if self.wordings.are_whole() { self.wordings } else { self.wordings.or(built_in()) });
        let templates = Templates::new(self.elections.clone(), self.settings.in_templates(), Arc::clone(&wordings));
        let faq = Faq {
            by_id: by_id(&self.entries),
            entries: self.entries,
            words: self.words,
            likeness: self.likeness,
            small_talk: self.small_talk,
            urgent: self.urgent,
            outside: self.outside,
            elsewhere: self.elsewhere,
            wordings,
            settings: self.settings,
            asn_check: self.asn_check,
            breaches: self.breaches,
            elections: self.elections,
            templates,
            versions: OnceLock::new(),
        };
        (faq, self.written)
    }
}

/// The wording of the built-in FAQ.
fn built_in() -> Wordings {
    let mut own = Draft::default();
    let is_wording = |file: &&File| matches!(Kind::of_name(file.name.trim_end_matches(".toml")), Kind::Wording(_));
    let files = Source::BuiltIn.files().0;
    files.iter().filter(is_wording).for_each(|file| own.read_toml(file, &mut Report::default()));
    own.wordings
}

/// A file's name as it could stand in a template: small letters and digits.
fn plain_name(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}
