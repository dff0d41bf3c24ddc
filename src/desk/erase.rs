//! `/hapus`: all that is kept of a voter goes, and with it what the bot posted of the voter's words.

use super::state::Expects;
use super::{Desk, Effect, VoterId};

impl Desk<'_> {
    pub(super) fn confirm_erasing(&mut self, voter: VoterId) {
        self.state.expects = Expects::Erase;
        let (text, yes, no) =
            (self.say("erase_confirm", &[]), self.say("button_erase", &[]), self.say("button_keep", &[]));
        self.effects.push(Effect::Confirm { voter, text, yes, no });
    }

    pub(super) fn erase_pressed(&mut self, voter: VoterId, sure: bool) {
        if !self.admit_press() {
            return;
        }
        if sure {
            return self.erase(voter);
        }
        self.state.expects = Expects::Question;
        self.tell(voter, "erase_cancelled", &[]);
    }

    pub(super) fn erase(&mut self, voter: VoterId) {
        self.forgotten = true;
        // What a person may do, and that moderators want no more of one, outlives what is kept of the person.
        self.effects.push(Effect::Outlive { voter, blocked: self.state.blocked, pace: self.state.pace.clone() });
        let own = self.known.tickets.iter().filter(|ticket| ticket.voter == voter);
        let handed_on: Vec<_> = own.filter_map(|ticket| ticket.clone().handed_on()).collect();
        let cards: Vec<_> = self.known.all_tickets.iter().map(|&number| self.withdrawn_card(number)).collect();
        let text = self.say("erased_message", &[]);
        for card in cards {
            // Before the tickets are gone: what was posted of them is looked up.
            let anew = handed_on.iter().any(|ticket| ticket.number == card.number);
            self.effects.push(Effect::Empty { card, text: text.clone(), anew });
        }
        for ticket in &self.known.shared {
            // While the voter is still known: what is posted anew is the first asker's.
            self.update_askers(ticket.clone().without(voter));
        }
        self.erase_posts(voter);
        self.effects.push(Effect::Forget { voter });
        for ticket in handed_on {
            // Others asked the same: it stays theirs, on a card of its own.
            self.remind(&ticket);
            self.post(&ticket);
            self.keep_askers(&ticket);
        }
        self.tell(voter, "erased", &[]);
    }
}
