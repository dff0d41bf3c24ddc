//! `/asn`: may a civil servant, or one like them, do this? Two presses lead to a cell of `asn-cek.toml`; a typed question that
//! names both leads there too. A cell that nobody wrote goes to a person: nothing follows from another.

use super::asked::Asked;
use super::menu::{Choice, rows};
use super::{Desk, VoterId};
use crate::faq::day_of;
use crate::text::normalize::words;

impl Desk<'_> {
    /// Asks who.
    pub(super) fn asn_who(&mut self, voter: VoterId) {
        let table = &self.knowledge.faq.asn_check;
        if table.who.is_empty() || table.what.is_empty() {
            return self.tell(voter, "asn_none", &[]);
        }
        let who = table
            .who
            .iter()
            .map(|who| (who.title_in(self.language).to_owned(), Choice::AsnWhat { who: who.id.value.clone() }));
        self.menu(voter, self.say("asn_who", &[]), rows(who));
    }

    /// Asks what.
    pub(super) fn asn_what(&mut self, voter: VoterId, who: &str) {
        let table = &self.knowledge.faq.asn_check;
        let Some(row) = table.who(who) else { return self.asn_changed(voter) };
        let cell = |what: &str| Choice::AsnCell { who: who.to_owned(), what: what.to_owned() };
        let mut rows =
            rows(table.what.iter().map(|what| (what.title_in(self.language).to_owned(), cell(&what.id.value))));
        rows.push(vec![(self.say("button_back", &[]), Choice::AsnWho)]);
        self.menu(voter, self.say("asn_what", &[("who", row.title_in(self.language))]), rows);
    }

    /// Answers, or asks a person.
    pub(super) fn asn_cell(&mut self, voter: VoterId, who: &str, what: &str) {
        let faq = &self.knowledge.faq;
        let table = &faq.asn_check;
        let (Some(row), Some(column)) = (table.who(who), table.what(what)) else { return self.asn_changed(voter) };
        let asked = self.asked(voter, 0, faq.cell_question(row, column));
        self.state.joins = None;
        let cell = table.cell(who, what).map(|cell| &table.cells[cell]);
        if let Some(answer) = cell.and_then(|cell| faq.cell_answer(cell, self.language, self.now)) {
            return self.give_answer(answer, asked, false);
        }
        let waits = self.open_tickets(voter).into_iter().find(|ticket| ticket.question() == asked.text);
        match waits {
            Some(ticket) => self.toast("already_forwarded", &[("number", &ticket.number.to_string())]),
            // Its entry is outside its dates.
            None => self.forward(asked, None, cell.map(|cell| cell.entry.value.clone())),
        }
    }

    /// The button is older than the table.
    fn asn_changed(&mut self, voter: VoterId) {
        self.tell(voter, "menu_changed", &[]);
        self.asn_who(voter);
    }

    /// A question in words that names a cell.
    pub(super) fn cell_found(&mut self, cell: usize, asked: Asked) {
        let faq = &self.knowledge.faq;
        let Some(answer) = faq.cell_answer(&faq.asn_check.cells[cell], self.language, self.now) else { return };
        self.state.joins = None;
        let same_cell = |text: &str| self.knowledge.matcher.judge(text, day_of(self.now)).cell == Some(cell);
        let again = self.state.given.as_ref().is_some_and(|given| {
            let other = |question: &String| words(question) != words(&asked.text) && same_cell(question);
            given.entry == answer.id && given.question.as_ref().is_some_and(other)
        });
        if again {
            // Asked again in other words: the answer did not help.
            self.offer_next(&answer.id, asked, true);
        } else {
            self.give_answer(answer, asked, true);
        }
    }
}
