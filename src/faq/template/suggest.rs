//! What somebody may have meant by a name that stands for nothing.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::Templates;
use super::now::current_election;
use crate::faq::election::{Election, Kind, current, item};
use crate::faq::near::nearest;
use crate::text::language::Language;

/// What a stage has.
const OF_A_STAGE: [&str; 7] = ["name", "start", "end", "tanggal", "hari_tanggal", "main", "held"];

impl Templates {
    /// The election for which the beginning of `path`, the parts of a name, stands at `now`, and the parts that follow.
    pub(in crate::faq) fn stands_for<'p, 's>(
        &self,
        path: &'p [&'s str],
        now: NaiveDateTime,
    ) -> Option<(&Arc<Election>, &'p [&'s str])> {
        match path {
            ["kini", "pemilu", rest @ ..] => current_election(&self.elections, now).map(|election| (election, rest)),
            [name, rest @ ..] => current::named(&self.elections, name, now).map(|election| (election, rest)),
            [] => None,
        }
    }

    /// What to do about `written`, which stands for nothing: the nearest name that does stand for something at that place,
    /// or where such names are found.
    pub(super) fn suggest(&self, written: &str, now: NaiveDateTime) -> String {
        let parts: Vec<&str> = written.split('.').collect();
        let mut known: Vec<&str> = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let names = self.names_after(&known, now);
            if names.iter().any(|name| name == part) {
                known.push(part);
                continue;
            }
            if let Some(near) = nearest(part, names.iter().map(String::as_str)) {
                let mut meant = known.clone();
                meant.push(near);
                meant.extend(&parts[at + 1..]);
                let exists = (1..meant.len()).all(|i| self.names_after(&meant[..i], now).iter().any(|n| n == meant[i]));
                if exists {
                    return format!("maksud Anda `{}`?", meant.join("."));
                }
            }
            return match known[..] {
                [] if Kind::of_alias(part).is_some() => {
                    format!("`{part}` belum punya berkas di folder pemilu/; hapus, atau tambahkan berkasnya")
                }
                [] if parts.len() > 1 => format!("berkas pemilu/{part}.toml tidak ada; hapus atau ganti namanya"),
                [root, ..] if self.elections.iter().any(|e| e.key == root) => {
                    format!("hapus atau ganti; nama yang ada tertulis di pemilu/{root}.toml")
                }
                [root, ..] if Kind::of_alias(root).is_some() => {
                    "hapus atau ganti; nama yang ada tertulis di berkas-berkas folder pemilu/".to_owned()
                }
                _ => "hapus atau ganti; nama yang dikenal: nama berkas di faq/pemilu/, lalu titik, lalu nama tahapan atau isian"
                    .to_owned(),
            };
        }
        "hapus atau ganti".to_owned()
    }

    /// The names that may stand behind `known`, as far as they can be listed.
    fn names_after(&self, known: &[&str], now: NaiveDateTime) -> Vec<String> {
        match known {
            [] => self.context(Language::Indonesian, now, true).into_keys().collect(),
            ["bot"] => self.settings.keys().cloned().collect(),
            ["kini"] => own(&["ringkas", "pemilu"]),
            _ => self.stands_for(known, now).map_or_else(Vec::new, |(election, rest)| self.names_in(election, rest)),
        }
    }

    /// The names that may stand behind those of `election`: also what others have, since it may be set there later.
    fn names_in(&self, election: &Election, rest: &[&str]) -> Vec<String> {
        match rest {
            [] => {
                let candidates = election.lists.get("candidates").map_or(0, Vec::len);
                let mut names = own(&["name", "figures", "stages"]);
                names.extend(self.vocabulary.stages().cloned());
                names.extend(election.lists.keys().cloned());
                names.extend((1..=candidates).map(|number| format!("nomor_{number}")));
                names
            }
            ["figures"] => self.vocabulary.figures().cloned().collect(),
            [part] if self.vocabulary.has_stage(part) => own(&OF_A_STAGE),
            [part] if part.starts_with("nomor_") => {
                let mut names = own(&["pasangan"]);
                names.extend(item::keys_of("candidates").map(str::to_owned));
                names
            }
            _ => Vec::new(),
        }
    }
}

fn own(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
