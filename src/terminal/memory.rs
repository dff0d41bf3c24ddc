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
        let open = |t: &Ticket| t.state == TicketState::Open;
        let subject = match event {
            Event::Message { voter, .. }
            | Event::Edited { voter, .. }
            | Event::Media { voter, .. }
            | Event::Pick { voter, .. }
            | Event::AskPerson { voter }
            | Event::Rated { voter, .. }
            | Event::Reachable { voter, .. } => Some(*voter),
            _ => None,
        };
        let about = match event {
            Event::Reply { ticket, .. } => Some(*ticket),
            _ => subject.and_then(|v| self.voters.get(&v)).and_then(|s| s.answered).map(|(n, _)| n),
        };
        let tickets: Vec<Ticket> = self
            .tickets
            .iter()
            .filter(|t| about == Some(t.number) || (open(t) && subject == Some(t.voter)))
            .cloned()
            .collect();
        let subject = subject.or_else(|| tickets.first().map(|t| t.voter));
        let voter = subject.and_then(|v| self.voters.get(&v)).cloned().unwrap_or_default();
        Known { voter, tickets, next_ticket: self.opened + 1, ..Known::default() }
    }

    /// Keeps what `effect` changes.
    pub fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::KeepTicket(ticket) => {
                self.opened = self.opened.max(ticket.number);
                self.tickets.retain(|t| t.number != ticket.number);
                self.tickets.push(ticket.clone());
            }
            Effect::Remember { voter, state } => {
                self.voters.insert(*voter, state.clone());
            }
            Effect::Forget { voter } => {
                self.voters.remove(voter);
                self.tickets.retain(|t| t.voter != *voter);
            }
            // The rest is shown, or concerns what a terminal does not have: deliveries, timers, a chat of moderators.
            _ => {}
        }
    }
}
