//! A reply for several people that holds what may be one person's own is kept back until a moderator says that it is for all.

use crate::desk::event::{Action, Content, ReplyKey};
use crate::desk::ticket::{Held, Ticket};
use crate::desk::{Desk, Effect};

/// A number of so many digits in a reply is likely somebody's own.
const PRIVATE_DIGITS: usize = 6;
/// What stands before somebody's name.
const HONORIFICS: [&str; 10] = ["pak", "bu", "bapak", "ibu", "mas", "mbak", "sdr", "sdri", "saudara", "saudari"];

/// Whether `text` names somebody: what is written large behind "Pak", "Bu" and the like.
pub(in crate::desk) fn names_a_person(text: &str) -> bool {
    text.split_whitespace().collect::<Vec<_>>().windows(2).any(|pair| {
        let honorific = pair[0].trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        HONORIFICS.contains(&honorific.as_str()) && pair[1].starts_with(char::is_uppercase)
    })
}

impl Desk<'_> {
    /// Whether a reply must be looked at once more before it goes to several people: what is somebody's own in it.
    pub(in crate::desk) fn is_for_one(&self, content: &Content) -> bool {
        let text = content.text.as_str();
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).collect();
        let long = digits.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= PRIVATE_DIGITS);
        let named = names_a_person(text);
        let gist = self.knowledge.matcher.gist(text);
        long || named || gist.is_private() || gist.names_somewhere()
    }

    /// Keeps a reply back until a moderator says that it is for all.
    pub(in crate::desk) fn hold(&mut self, mut ticket: Ticket, message: i64, by: Option<&str>, content: &Content) {
        ticket.held.retain(|held| held.message != message);
        ticket.held.push(Held { message, by: by.map(str::to_owned), content: content.clone() });
        let (number, count) = (ticket.number, ticket.askers().count().to_string());
        let text = self.say("held", &[("number", &number.to_string()), ("count", &count)]);
        let button = |label: String, action| (ticket.key.clone(), label, action);
        let actions = vec![
            button(self.say("button_send_all", &[("count", &count)]), Action::SendHeld(message)),
            button(self.say("button_drop_held", &[]), Action::DropHeld(message)),
        ];
        self.keep(ticket);
        self.effects.push(Effect::Line { ticket: number, key: self.known.key.clone(), text, actions });
    }

    /// Sends a reply that was kept back, or lets it be.
    pub(in crate::desk) fn held_pressed(&mut self, mut ticket: Ticket, message: i64, send: bool) {
        let number = ticket.number.to_string();
        let Some(at) = ticket.held.iter().position(|held| held.message == message) else {
            return self.toast("no_such_ticket", &[("number", &number)]);
        };
        let held = ticket.held.remove(at);
        if !send {
            self.keep(ticket);
            return self.toast("held_dropped", &[("number", &number)]);
        }
        let key = ReplyKey::of(ticket.number, message);
        self.deliver(ticket, key, held.by.as_deref(), &held.content, &[]);
        self.toast("sent_again", &[("number", &number)]);
    }
}
