//! `/kode`: whether an answer still holds, told by the code that stands under it. Of a moderator's answer, which goes by its
//! ticket, only who asked and moderators hear anything.

use super::code;
use super::ticket::{Reply, Ticket};
use super::{Desk, Effect, VoterId};
use crate::faq::day_of;
use crate::faq::entry::Entry;
use crate::faq::markup::Document;
use crate::text::cut::shortened;

/// How much of what is no code is repeated, in characters.
const CODE_SHOWN: usize = 60;

impl Desk<'_> {
    /// Tells a voter.
    pub(super) fn tell_validity(&mut self, voter: VoterId, written: &str) {
        let text = Document::plain_text(self.validity(written));
        self.effects.push(Effect::Say { voter, text });
    }

    /// What there is to say of the code that was written.
    pub(super) fn validity(&self, written: &str) -> String {
        let Some(bare) = code::bare(written).filter(|bare| !bare.is_empty()) else {
            return self.say("code_which", &[]);
        };
        if let Some((entry, version)) = self.knowledge.faq.coded(&bare) {
            return self.validity_of_entry(entry, version);
        }
        match (code::ticket(written), &self.known.coded) {
            (Some(number), Some(ticket)) if ticket.number == number => self.validity_of_ticket(ticket),
            _ => self.say("code_unknown", &[("code", &shortened(&bare, CODE_SHOWN))]),
        }
    }

    /// Title, whether it holds, and the lines that stand under its answer today: sources, review date and code.
    fn validity_of_entry(&self, entry: &Entry, version: Option<&str>) -> String {
        let now = self.knowledge.faq.version(entry);
        let retraction = self.knowledge.retraction(&entry.id);
        let holds = match version {
            _ if retraction.is_some() => {
                let reason = retraction.map(|own| own.reason.as_str()).unwrap_or_default();
                self.say("code_retracted", &[("reason", reason)])
            }
            _ if !entry.is_valid(day_of(self.now)) => self.say("code_outside", &[]),
            Some(before) if before != now => self.say("code_changed", &[("before", before), ("now", &now)]),
            _ => self.say("code_valid", &[]),
        };
        format!("{}\n{holds}\n\n{}", entry.title_in(self.language), self.answer_of(entry).footer)
    }

    fn validity_of_ticket(&self, ticket: &Ticket) -> String {
        let standing = || ticket.answers.iter().filter(|reply| reply.stands());
        let key = if ticket.answers.iter().all(|reply| !reply.withdrawn && !reply.stands()) {
            "code_ticket_waits"
        } else if standing().next().is_none() {
            "code_ticket_withdrawn"
        } else if standing().any(|reply| reply.corrected) || ticket.answers.iter().any(|reply: &Reply| reply.withdrawn)
        {
            "code_ticket_corrected"
        } else {
            "code_ticket_stands"
        };
        self.say(key, &[("number", &ticket.number.to_string())])
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::tests::{Table, said};
    use crate::faq::Faq;

    fn code_of(faq: &Faq, id: &str) -> String {
        faq.code(faq.entry(id).expect("an entry"))
    }

    #[test]
    fn a_code_is_told_with_its_version_then_and_now() {
        let mut table = Table::default();
        let now = code_of(&crate::desk::tests::KNOWLEDGE.faq, "uji-jam");
        for written in ["uji-jam", &now, &format!("kode {now}"), &format!("Ditinjau 1 Mei 2026 · kode {now}")] {
            let text = said(&table.says(1, &format!("/kode {written}"), 0));
            assert!(text.contains("Masih berlaku.") && text.contains("Sumber: "), "{text}");
            assert!(text.contains("Ditinjau ") && text.ends_with(&format!("kode {now}")), "{text}");
        }
        let old = said(&table.says(2, "/kode uji-jam-0000", 1));
        assert!(old.contains("Versi 0000 tidak berlaku lagi") && old.ends_with(&now), "{old}");
        let none = said(&table.says(3, "/kode tidak-ada", 2));
        assert_eq!(none, "Tidak ada jawaban dengan kode tidak-ada.");
        assert!(said(&table.says(4, "/kode", 3)).contains("/kode jadwal-libur"));
        table.says(5, "/bahasa english", 4);
        assert!(said(&table.says(6, "/kode uji-jam", 5)).contains("It still holds."));
    }

    #[test]
    fn a_tickets_answer_stands_is_corrected_or_taken_back() {
        let mut table = Table::default();
        table.says(1, "siapa yang urus banjir di kampung saya", 0);
        let told = |table: &mut Table, at| said(&table.says(at, "/kode tiket-1", at));
        assert_eq!(told(&mut table, 30), "Pertanyaan #1 belum dijawab petugas.");
        table.replies(50, "Kelurahan.", 40);
        assert!(told(&mut table, 50).contains("masih berlaku"));
        let key = table.tickets[0].key.clone();
        let edited = crate::desk::Event::ReplyEdited {
            to: crate::desk::Addressee::Ticket(1),
            message: 50,
            by: Some("Budi".to_owned()),
            content: crate::desk::Content::plain("Kecamatan."),
        };
        let now = table.at(60);
        table.comes_of(&edited, None, now);
        assert!(told(&mut table, 70).contains("sudah diralat"));
        let tap = crate::desk::Event::Tap { key, by: None, user: None, action: crate::desk::Action::TakeBack(50) };
        let now = table.at(80);
        table.comes_of(&tap, None, now);
        assert!(told(&mut table, 90).contains("sudah ditarik"));
    }

    #[test]
    fn of_a_ticket_nobody_hears_without_having_asked() {
        let mut table = Table::default();
        assert_eq!(said(&table.says(1, "/kode tiket-1", 0)), "Tidak ada jawaban dengan kode tiket-1.");
    }
}
