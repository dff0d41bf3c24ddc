//! What the Telegram store keeps on disk, kept in memory for one conversation.

use std::collections::HashMap;

use crate::desk::{Effect, Event, Known, Ticket, TicketState, VoterId, VoterState};

/// Tickets and voters of one conversation.
#[derive(Debug, Default)]
pub struct Memory {
    voters: HashMap<VoterId, VoterState>,
    tickets: Vec<Ticket>,
    opened: u64,
}

impl Memory {
    /// What is known for `event`.
    pub fn known(&self, event: &Event) -> Known {
        let open = |t: &&Ticket| t.state == TicketState::Open;
        let (voter, tickets) = match event {
            Event::Message { voter, .. } | Event::Pick { voter, .. } | Event::AskPerson { voter } => {
                let own = self.tickets.iter().filter(open).filter(|t| t.voter == *voter).cloned().collect();
                (self.voters.get(voter).cloned().unwrap_or_default(), own)
            }
            Event::Reply { ticket, .. } => {
                (VoterState::default(), self.tickets.iter().filter(|t| t.number == *ticket).cloned().collect())
            }
        };
        Known { voter, tickets, next_ticket: self.opened + 1 }
    }

    /// Keeps what `effect` changes.
    pub fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::OpenTicket(ticket) => {
                self.opened = self.opened.max(ticket.number);
                self.tickets.push(ticket.clone());
            }
            Effect::CloseTicket { number, state } => {
                self.tickets.iter_mut().filter(|t| t.number == *number).for_each(|t| t.state = *state);
            }
            Effect::Remember { voter, state } => {
                self.voters.insert(*voter, state.clone());
            }
            Effect::Forget { voter } => {
                self.voters.remove(voter);
                self.tickets.retain(|t| t.voter != *voter);
            }
            Effect::Answer { .. }
            | Effect::Suggest { .. }
            | Effect::Say { .. }
            | Effect::ShowCard(_)
            | Effect::Notice(_) => {}
        }
    }
}
