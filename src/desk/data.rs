//! `/data`: what is kept about a voter, as a file. What is of others (a moderator's name, who else asked the same) is left out.

use chrono::DateTime;
use serde_json::{Value, json};

use super::asked::{Asked, Became};
use super::ticket::{Ticket, TicketState};
use super::{Desk, Effect, VoterId};
use crate::faq::election::Zone;
use crate::faq::home_offset;

/// All that is kept about a voter beside the voter's state and reminders.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Records {
    /// What messages asked, oldest first.
    pub asked: Vec<Asked>,
    /// The voter's tickets, oldest first.
    pub tickets: Vec<Ticket>,
    /// The answers that the voter was given, oldest first.
    pub told: Vec<Told>,
    /// The tickets of which the voter's own words are in the public channel.
    pub public: Vec<u64>,
}

/// An answer that a voter was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The entry's id, or the ticket's code for a moderator's words.
    pub code: String,
    /// The version that the entry had; empty for a moderator's words.
    pub version: String,
    /// When (milliseconds since 1970).
    pub at: i64,
}

impl Told {
    /// Its code with its version.
    pub fn whole(&self) -> String {
        if self.version.is_empty() { self.code.clone() } else { format!("{}-{}", self.code, self.version) }
    }
}

/// A time in milliseconds since 1970 as it is written for people and programs.
fn rfc3339(at: i64) -> Option<String> {
    Some(DateTime::from_timestamp_millis(at)?.with_timezone(&home_offset()).to_rfc3339())
}

impl Desk<'_> {
    pub(super) fn data(&mut self, voter: VoterId) {
        let known = self.known;
        let asked: Vec<Value> = known.records.asked.iter().map(|asked| self.asked_told(asked)).collect();
        let tickets: Vec<Value> = known.records.tickets.iter().map(|ticket| self.ticket_told(ticket, voter)).collect();
        let reminders: Vec<Value> = known
            .reminders
            .iter()
            .map(|reminder| json!({"pemilu": reminder.election, "tahapan": reminder.stage, "tanggal": reminder.day}))
            .collect();
        let told: Vec<Value> =
            known.records.told.iter().map(|told| json!({"kode": told.whole(), "diterima": rfc3339(told.at)})).collect();
        let all = json!({
            "nomor_akun": voter,
            "zona_waktu": self.state.zone.map(Zone::label),
            "bahasa": self.language.code(),
            "pertanyaan_ditutup_petugas": self.state.blocked,
            "jawaban_terakhir": self.state.given.as_ref().map(|given| given.entry.clone()),
            "tulisan": asked,
            "diteruskan_ke_petugas": tickets,
            "jawaban_diterima": told,
            "ikut_penghargaan": self.state.takes_part,
            "kata_kata_di_kanal": known.records.public,
            "pengingat": reminders,
            "disimpan_paling_lama_hari": self.knowledge.faq.settings.retention_days,
        });
        let text = serde_json::to_string_pretty(&all).unwrap_or_default();
        let (caption, instead) = (self.say("data_caption", &[]), self.say("file_lost", &[]));
        self.effects.push(Effect::Data { voter, text, caption, instead });
    }

    fn asked_told(&self, asked: &Asked) -> Value {
        let became = match &asked.became {
            Became::Talk => self.say("data_talk", &[]),
            Became::Command => self.say("data_command", &[]),
            Became::Refused => self.say("data_refused", &[]),
            Became::Answered { entry } => self.say("data_answered", &[("id", entry)]),
            Became::Offered { .. } => self.say("data_offered", &[]),
            Became::Checked => self.say("data_checked", &[]),
            Became::Forwarded { ticket } => self.say("data_forwarded", &[("number", &ticket.to_string())]),
        };
        let mut told = json!({"isi": asked.text, "menjadi": became});
        if asked.helped {
            told["dinilai_membantu"] = json!(true);
        }
        told
    }

    fn ticket_told(&self, ticket: &Ticket, voter: VoterId) -> Value {
        // Of a message that many sent on, its first words are another's.
        let own = ticket.voter == voter;
        let texts: Vec<&str> = ticket.texts.iter().filter(|_| own).map(|(_, text)| text.as_str()).collect();
        let open = if ticket.state == TicketState::Open { "data_open" } else { "data_closed" };
        json!({
            "nomor": ticket.number,
            "ditanyakan": ticket.asked.to_rfc3339(),
            "tulisan": texts,
            "keadaan": self.say(open, &[]),
            "jawaban_petugas": ticket.answers.len(),
        })
    }
}
