//! `/data`: what is kept about a voter, as a file. What is of others (a moderator's name, who else asked the same) is left out.

use serde_json::{Value, json};

use super::asked::{Asked, Became};
use super::ticket::{Ticket, TicketState};
use super::{Desk, Effect, VoterId};
use crate::faq::election::Zone;

/// All that is kept about a voter beside the voter's state and reminders.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Records {
    /// What messages asked, oldest first.
    pub asked: Vec<Asked>,
    /// The voter's tickets, oldest first.
    pub tickets: Vec<Ticket>,
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
        let told = json!({
            "nomor_akun": voter,
            "zona_waktu": self.state.zone.map(Zone::label),
            "bahasa": self.language.code(),
            "pertanyaan_ditutup_petugas": self.state.blocked,
            "jawaban_terakhir": self.state.given.as_ref().map(|given| given.entry.clone()),
            "tulisan": asked,
            "diteruskan_ke_petugas": tickets,
            "pengingat": reminders,
            "disimpan_paling_lama_hari": self.knowledge.faq.settings.retention_days,
        });
        let text = serde_json::to_string_pretty(&told).unwrap_or_default();
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
