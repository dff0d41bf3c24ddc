//! What the Telegram store keeps on disk, kept in memory for one conversation.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset};

use crate::desk::hoax::{checked_text, is_same_message};
use crate::desk::{
    Addressee, Asked, Effect, Event, Known, Records, Reminder, Ticket, TicketState, VoterId, VoterState,
};

/// Tickets and voters of one conversation.
#[derive(Debug, Default)]
pub struct Memory {
    voters: HashMap<VoterId, VoterState>,
    tickets: Vec<Ticket>,
    asked: Vec<Asked>,
    reminders: Vec<Reminder>,
    opened: u64,
    events: u64,
}

impl Memory {
    /// What is known for `event`, which belongs to the question with that key if it was a choice.
    pub fn known(&mut self, event: &Event, key: &str, now: DateTime<FixedOffset>) -> Known {
        self.events += 1;
        let about = match event {
            Event::Reply { to: Addressee::Ticket(ticket), .. } => Some(*ticket),
            _ => event.voter().and_then(|v| self.voters.get(&v)).and_then(|s| s.continues).map(|l| l.ticket),
        };
        let open = |t: &Ticket| t.state == TicketState::Open;
        let tickets: Vec<Ticket> = self
            .tickets
            .iter()
            .filter(|t| about == Some(t.number) || (open(t) && event.voter() == Some(t.voter)))
            .cloned()
            .collect();
        let subject = event.voter().or_else(|| tickets.first().map(|t| t.voter));
        let mut known = Known {
            steady: now.timestamp_millis(),
            key: format!("k{}", self.events),
            voter: subject.and_then(|v| self.voters.get(&v)).cloned().unwrap_or_default(),
            all_tickets: self.tickets.iter().map(|t| t.number).collect(),
            next_ticket: self.opened + 1,
            asked: self.asked.iter().find(|a| a.key == key).cloned(),
            answered: self.asked.iter().filter(|a| a.answered.is_some()).max_by_key(|a| a.answered).cloned(),
            last: self.asked.last().cloned(),
            reminders: self.reminders.clone(),
            coded: event.asks_of_ticket().and_then(|n| self.tickets.iter().find(|t| t.number == n)).cloned(),
            records: Records { asked: self.asked.clone(), tickets: self.tickets.clone(), ..Records::default() },
            tickets,
            ..Known::default()
        };
        known.same = checked_text(event, &known).and_then(|text| {
            let mut open = self.tickets.iter().filter(|ticket| ticket.state == TicketState::Open);
            open.find(|ticket| is_same_message(ticket, &text)).cloned()
        });
        known
    }

    /// Keeps what `effect` changes.
    pub fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::KeepTicket(ticket) => {
                self.opened = self.opened.max(ticket.number);
                self.tickets.retain(|t| t.number != ticket.number);
                self.tickets.push(ticket.clone());
            }
            Effect::KeepAsked(asked) => match self.asked.iter_mut().find(|a| a.key == asked.key) {
                Some(own) => *own = asked.clone(),
                None => self.asked.push(asked.clone()),
            },
            Effect::Remember { voter, state } => {
                self.voters.insert(*voter, state.clone());
            }
            Effect::Forget { voter } => {
                self.voters.remove(voter);
                self.tickets.retain(|t| t.voter != *voter);
                self.asked.clear();
                self.reminders.clear();
            }
            Effect::Later { event: Event::Reminder(reminder), name, .. } => {
                self.reminders.retain(|r| r.name() != *name);
                self.reminders.push(reminder.clone());
                self.reminders.sort_by_key(Reminder::name);
            }
            Effect::Never { name } => self.reminders.retain(|r| r.name() != *name),
            // The rest is shown, or concerns what a terminal does not have: deliveries, timers, a chat of moderators.
            _ => {}
        }
    }
}
